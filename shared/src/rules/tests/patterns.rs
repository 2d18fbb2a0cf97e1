use super::*;

#[test]
fn section_patterns_match_and_bind() {
    let person = PersonId([7; 16]);
    let response = format!("response/{person}");
    let none = Bindings::default();
    let table: &[(&str, &str, Option<Bindings<'_>>)] = &[
        ("split", "split", Some(none)),
        ("split", "splits", None),
        ("split", "split/a", None),
        ("party/moscow", "party", None),
        ("party/moscow", "party/moscow", Some(none)),
        ("party/moscow", "party/newyork", None),
        ("*", "split", Some(none)),
        ("*", "party/moscow", Some(none)),
        ("*", "", None),
        ("party/*", "party/moscow", Some(none)),
        ("party/*", "party/a/b", Some(none)),
        ("party/*", "party", None),
        ("party/*", "market/us", None),
        ("party/{party}", "party/moscow", Some(Bindings { party: Some("moscow"), ..none })),
        ("party/{party}", "party/a/b", None),
        ("party/{party}", "market/us", None),
        ("market/{market}", "market/us", Some(Bindings { market: Some("us"), ..none })),
        ("{party}/{market}", "a/us", Some(Bindings { party: Some("a"), market: Some("us"), ..none })),
        ("response/{person}", &response, Some(Bindings { person: Some(person), ..none })),
        ("response/{person}", "response/anna", None),
        ("note/{party}/*", "note/a/b/c", Some(Bindings { party: Some("a"), ..none })),
    ];
    for (pattern, section, expected) in table {
        let target = Target::parse(&format!("matrix:{pattern}")).expect(pattern);
        let section = SectionId::new(*section);
        assert_eq!(target.section.bind(&section), *expected, "{pattern} on {section}");
    }
}

#[test]
fn field_patterns_cover_what_they_name_with_all_below() {
    // pattern, path, is a translation, covers
    let table: &[(&str, &str, bool, bool)] = &[
        ("rate", "", false, false),
        ("rate", "rate", false, true),
        ("rate", "rate/amount", false, true),
        ("rate", "rates", false, false),
        ("rate", "other/rate", false, false),
        ("cells/*/note", "cells", false, false),
        ("cells/*/note", "cells/a", false, false),
        ("cells/*/note", "cells/a/note", false, true),
        ("cells/*/note", "cells/a/note/ru", false, true),
        ("cells/*/note", "cells/a/mark", false, false),
        ("cells/*/note", "rows/a/note", false, false),
        ("cells/*", "cells/*", false, true),
        ("cells/**", "cells", false, false),
        ("cells/**", "cells/a", false, true),
        ("cells/**", "cells/a/note", false, true),
        ("cells/**", "rows/a", false, false),
        ("**", "", false, false),
        ("**", "a", false, true),
        ("**", "a/b/c", false, true),
        ("**@translation", "title/en", true, true),
        ("**@translation", "title/ru", false, false),
        ("cells/**@translation", "title/en", true, false),
    ];
    for (text, path, translation, covers) in table {
        let pattern = Target::parse(&format!("matrix:split#{text}")).expect(text).field.expect("a field");
        let keys: Vec<&str> = path.split('/').filter(|key| !key.is_empty()).collect();
        assert_eq!(pattern.covers(&keys, *translation), *covers, "{text} covers {path}");
    }
}

#[test]
fn a_translation_is_a_language_of_a_bilingual_field_other_than_its_source() {
    let source_of = |field: &[&str]| (field.last() == Some(&"title")).then_some("ru");
    let table = [
        (&["rows", "1", "title", "en"][..], true),
        (&["rows", "1", "title", "translated_from"], true),
        (&["rows", "1", "title", "ru"], false),
        (&["rows", "1", "title", "source"], false),
        (&["rows", "1", "title", "eng"], false),
        (&["rows", "1", "title", "e1"], false),
        (&["rows", "1", "title"], false),
        (&["rows", "1", "en"], false),
        (&["rows", Touched::ITEM, "title", "en"], false),
        (&[], false),
    ];
    for (path, expected) in table {
        assert_eq!(is_translation(path, source_of), expected, "{path:?}");
    }
}

#[test]
fn patterns_are_written_back_as_they_were_read() {
    for text in
        ["matrix:*", "matrix:party/{party}", "terms:offer#rate", "brief:*#**@translation", "a:b/c#d/*/e/**"]
    {
        assert_eq!(Target::parse(text).expect(text).to_string(), text);
    }
    for text in ["coordinator", "*/lead", "moscow/lead", "{party}/lead", "{market}/lead", "{person}"] {
        assert_eq!(RolePattern::parse(text).expect(text).to_string(), text);
    }
}

#[test]
fn patterns_that_could_be_misread_are_refused() {
    for text in [
        "matrix",
        ":split",
        "matrix:",
        "Matrix:split",
        "a/b:split",
        "*:split",
        "matrix:*/a",
        "matrix:a*",
        "matrix:{city}",
        "matrix:{party}/{party}",
        "matrix:a//b",
        "matrix:split#",
        "matrix:split#a//b",
        "matrix:split#**/a",
        "matrix:split#a*",
        "matrix:split#{party}",
        "matrix:split#a#b",
        "matrix:split#**@source",
        "matrix:split#@translation",
    ] {
        assert!(matches!(Target::parse(text), Err(RuleError::Pattern { .. })), "{text}");
    }
    for text in
        ["", "*", "/lead", "moscow/", "moscow/*", "{city}/lead", "{party}", "a/b/c", "Lead", "{person}/lead"]
    {
        assert!(matches!(RolePattern::parse(text), Err(RuleError::Pattern { .. })), "{text}");
    }
}

#[test]
fn roles_are_held_in_the_party_that_the_pattern_names() {
    // pattern, held by: Moscow lead, New York lead, Boston lead, Moscow viewer
    let table = [
        ("lead", [true, true, true, false]),
        ("*/lead", [true, true, true, false]),
        ("moscow/lead", [true, false, false, false]),
        ("{party}/lead", [false, true, false, false]),
        ("{market}/lead", [false, true, true, false]),
        ("{person}", [false, false, true, false]),
        ("moscow/viewer", [false, false, false, true]),
    ];
    let people = [
        member(1, "moscow", &["lead"]),
        member(2, "newyork", &["legal", "lead"]),
        member(3, "boston", &["lead"]),
        member(4, "moscow", &["viewer"]),
    ];
    let section = format!("newyork/us/{}", people[2].person);
    for (role, expected) in table {
        let text =
            format!("[[rule]]\nid = 'r'\non = 'matrix:{{party}}/{{market}}/{{person}}'\nedit = ['{role}']");
        let rights = rights(&text, &section);
        let held = people.each_ref().map(|who| rights.may(Right::Edit, who, &Touched::SECTION).is_some());
        assert_eq!(held, expected, "{role}");
    }
}
