use super::*;

fn rules(text: &str) -> Rules {
    Rules::from_toml(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn team(party: &str, market: &str) -> Team {
    Team { party: party.into(), market: market.into() }
}

fn teams() -> Vec<Team> {
    vec![team("moscow", "ru"), team("newyork", "us"), team("boston", "us")]
}

fn member(number: u8, party: &str, roles: &[&str]) -> Member {
    let roles = roles.iter().map(|role| RoleId::from(*role)).collect();
    Member { person: PersonId([number; 16]), party: party.into(), roles }
}

fn rights(text: &str, section: &str) -> SectionRights {
    rules(text).resolve(&"matrix".into(), &section.into(), &teams())
}

fn show(right: EditRight<'_>) -> String {
    match right {
        EditRight::Direct(rule) => format!("direct {rule}"),
        EditRight::Held(rule) => format!("held {rule}"),
        EditRight::Missing => "missing".to_owned(),
    }
}

fn list(items: Vec<(&RuleId, &BoundRole)>) -> Vec<String> {
    items.into_iter().map(|(rule, role)| format!("{rule}: {role}")).collect()
}

mod patterns {
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
    fn field_patterns_cover_what_they_name_with_all_below_and_overlap_what_contains_it() {
        // pattern, path, is a translation, covers, overlaps alone, overlaps with all below
        let table: &[(&str, &str, bool, bool, bool, bool)] = &[
            ("rate", "", false, false, false, true),
            ("rate", "rate", false, true, true, true),
            ("rate", "rate/amount", false, true, true, true),
            ("rate", "rates", false, false, false, false),
            ("rate", "other/rate", false, false, false, false),
            ("cells/*/note", "cells", false, false, false, true),
            ("cells/*/note", "cells/a", false, false, false, true),
            ("cells/*/note", "cells/a/note", false, true, true, true),
            ("cells/*/note", "cells/a/note/ru", false, true, true, true),
            ("cells/*/note", "cells/a/mark", false, false, false, false),
            ("cells/*/note", "rows/a/note", false, false, false, false),
            ("cells/**", "cells", false, false, false, true),
            ("cells/**", "cells/a", false, true, true, true),
            ("cells/**", "cells/a/note", false, true, true, true),
            ("cells/**", "rows/a", false, false, false, false),
            ("**", "", false, false, false, true),
            ("**", "a", false, true, true, true),
            ("**", "a/b/c", false, true, true, true),
            ("**@translation", "title/en", true, true, true, true),
            ("**@translation", "title/ru", false, false, false, true),
            ("**@translation", "title", false, false, false, true),
            ("cells/**@translation", "title/en", true, false, false, false),
        ];
        for (text, path, translation, covers, alone, below) in table {
            let pattern = Target::parse(&format!("matrix:split#{text}")).expect(text).field.expect("a field");
            let keys: Vec<&str> = path.split('/').filter(|key| !key.is_empty()).collect();
            assert_eq!(pattern.covers(&keys, *translation), *covers, "{text} covers {path}");
            assert_eq!(pattern.overlaps(&keys, false, *translation), *alone, "{text} overlaps {path}");
            assert_eq!(pattern.overlaps(&keys, true, *translation), *below, "{text} overlaps all of {path}");
        }
    }

    #[test]
    fn a_translation_is_a_language_of_a_bilingual_field_other_than_its_source() {
        let source_of = |field: &[&str]| (field == ["rows", "1", "title"]).then_some("ru");
        let table = [
            (&["rows", "1", "title", "en"][..], true),
            (&["rows", "1", "title", "translated_from"], true),
            (&["rows", "1", "title", "ru"], false),
            (&["rows", "1", "title", "source"], false),
            (&["rows", "1", "title", "eng"], false),
            (&["rows", "1", "title", "e1"], false),
            (&["rows", "1", "title"], false),
            (&["rows", "1", "en"], false),
            (&[], false),
        ];
        for (path, expected) in table {
            assert_eq!(is_translation(path, source_of), expected, "{path:?}");
        }
    }

    #[test]
    fn patterns_are_written_back_as_they_were_read() {
        for text in [
            "matrix:*",
            "matrix:party/{party}",
            "terms:offer#rate",
            "brief:*#**@translation",
            "a:b/c#d/*/e/**",
        ] {
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
        for text in [
            "",
            "*",
            "/lead",
            "moscow/",
            "moscow/*",
            "{city}/lead",
            "{party}",
            "a/b/c",
            "Lead",
            "{person}/lead",
        ] {
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
            let text = format!(
                "[[rule]]\nid = 'r'\non = 'matrix:{{party}}/{{market}}/{{person}}'\nedit = ['{role}']"
            );
            let rights = rights(&text, &section);
            let held = people.each_ref().map(|who| rights.may(Right::Edit, who, &Touched::SECTION).is_some());
            assert_eq!(held, expected, "{role}");
        }
    }
}

mod answers {
    use super::*;

    const COLUMN: &str = "
        [[rule]]
        id = 'open-book'
        on = 'matrix:*'
        read = ['*/lead', 'viewer']
        propose = ['*/lead']
        [[rule]]
        id = 'own-column'
        on = 'matrix:party/{party}'
        edit = ['{party}/lead', '{party}/account-manager']
        endorse = ['{party}/lead']";

    #[test]
    fn owners_edit_others_suggest_and_who_may_not_even_suggest_is_told() {
        let rights = rights(COLUMN, "party/moscow");
        let edit = |who: &Member| show(rights.edit(who, &Touched::field(&["cells", "1", "mark"])));
        assert_eq!(edit(&member(1, "moscow", &["lead"])), "direct own-column");
        assert_eq!(edit(&member(2, "moscow", &["account-manager"])), "direct own-column");
        assert_eq!(edit(&member(3, "newyork", &["lead"])), "held own-column");
        assert_eq!(edit(&member(4, "newyork", &["account-manager"])), "missing");
        assert_eq!(edit(&member(5, "moscow", &["viewer"])), "missing");
        assert_eq!(edit(&member(6, "moscow", &[])), "missing");
    }

    #[test]
    fn other_kinds_and_sections_are_not_touched_by_a_rule() {
        let rules = rules(COLUMN);
        let lead = member(1, "moscow", &["lead"]);
        let edit = |kind: &str, section: &str| {
            let rights = rules.resolve(&kind.into(), &section.into(), &teams());
            show(rights.edit(&lead, &Touched::SECTION))
        };
        assert_eq!(edit("matrix", "party/moscow"), "direct own-column");
        assert_eq!(edit("matrix", "split"), "held open-book");
        assert_eq!(edit("brief", "party/moscow"), "missing");
    }

    #[test]
    fn reading_is_a_right_of_its_own() {
        let rights = rights(COLUMN, "party/moscow");
        let reads = |who: &Member| rights.may_read(who).map(RuleId::as_str);
        assert_eq!(reads(&member(1, "newyork", &["lead"])), Some("open-book"));
        assert_eq!(reads(&member(2, "newyork", &["viewer"])), Some("open-book"));
        assert_eq!(reads(&member(3, "moscow", &["account-manager"])), None, "editing is not reading");
    }

    #[test]
    fn endorsers_decide_and_where_none_is_named_editors_do() {
        let with = rights(COLUMN, "party/moscow");
        let touched = Touched::field(&["cells"]);
        assert_eq!(list(with.deciders(&touched)), ["own-column: moscow/lead"]);
        assert!(with.decides(&member(1, "moscow", &["lead"]), &touched).is_some());
        assert!(with.decides(&member(2, "moscow", &["account-manager"]), &touched).is_none());

        let without = rights(&COLUMN.replace("endorse = ['{party}/lead']", ""), "party/moscow");
        assert_eq!(
            list(without.deciders(&touched)),
            ["own-column: moscow/lead", "own-column: moscow/account-manager"]
        );
        assert!(without.decides(&member(2, "moscow", &["account-manager"]), &touched).is_some());
        assert!(without.decides(&member(3, "newyork", &["lead"]), &touched).is_none());
    }

    #[test]
    fn a_market_without_parties_leaves_no_decider_rather_than_the_editors() {
        let text = "[[rule]]\nid = 'r'\non = 'matrix:market/{market}'\nedit = ['*/lead']\nendorse = ['{market}/lead']";
        let lead = member(1, "moscow", &["lead"]);
        assert!(rights(text, "market/de").decides(&lead, &Touched::SECTION).is_none());
        assert!(rights(text, "market/ru").decides(&lead, &Touched::SECTION).is_some());
    }

    #[test]
    fn who_can_lists_every_role_once() {
        let rights = rights(COLUMN, "party/moscow");
        assert_eq!(
            list(rights.who_can(Right::Edit)),
            ["own-column: moscow/lead", "own-column: moscow/account-manager"]
        );
        assert_eq!(list(rights.who_can(Right::Read)), ["open-book: */lead", "open-book: */viewer"]);
        assert_eq!(list(rights.who_can(Right::Endorse)), ["own-column: moscow/lead"]);
        let twice = "[[rule]]\nid = 'r'\non = ['matrix:*', 'matrix:split']\nedit = ['lead', '*/lead']";
        assert_eq!(list(super::rights(twice, "split").who_can(Right::Edit)), ["r: */lead"]);
    }

    #[test]
    fn a_rule_for_fields_gives_rights_on_them_only() {
        let text = "
            [[rule]]
            id = 'rate'
            on = 'matrix:split#rate'
            edit = ['lead']
            [[rule]]
            id = 'answers'
            on = 'matrix:split'
            read = ['viewer']
            edit = ['viewer']
            fields = ['framing', 'note']";
        let rights = rights(text, "split");
        let (lead, viewer) = (member(1, "moscow", &["lead"]), member(2, "moscow", &["viewer"]));
        let edit = |who: &Member, path: &[&str]| show(rights.edit(who, &Touched::subtree(path)));
        assert_eq!(edit(&lead, &["rate"]), "direct rate");
        assert_eq!(edit(&lead, &["note"]), "missing");
        assert_eq!(edit(&lead, &[]), "missing");
        assert_eq!(edit(&viewer, &["note", "ru"]), "direct answers");
        assert_eq!(edit(&viewer, &["framing"]), "direct answers");
        assert_eq!(edit(&viewer, &["rate"]), "missing");
        assert_eq!(edit(&viewer, &[]), "missing");
        assert!(rights.may_read(&viewer).is_some(), "fields limit writing, not reading");
        assert!(!rights.asks_marks());
    }

    #[test]
    fn the_translator_writes_translations_and_nothing_else() {
        let text = "[[rule]]\nid = 't'\non = 'matrix:*#**@translation'\nedit = ['translator']";
        let rights = rights(text, "split");
        let who = member(1, "newyork", &["translator"]);
        let edit = |translation, subtree| {
            show(rights.edit(&who, &Touched { translation, subtree, ..Touched::field(&["title", "en"]) }))
        };
        assert!(rights.asks_marks());
        assert!(rights.edit_asks_marks(&who, &Touched::field(&["title", "en"])));
        assert!(!rights.edit_asks_marks(&member(2, "newyork", &["lead"]), &Touched::field(&["title", "en"])));
        assert_eq!(edit(true, false), "direct t");
        assert_eq!(edit(true, true), "direct t");
        assert_eq!(edit(false, false), "missing");
        assert_eq!(edit(false, true), "missing");
    }

    const HELD: &str = "
        [[rule]]
        id = 'central'
        on = 'matrix:split'
        hold = 'edits'
        endorse = ['moscow/lead']
        [[rule]]
        id = 'edits'
        on = 'matrix:*'
        edit = ['*/lead', '*/account-manager']
        [[rule]]
        id = 'suggests'
        on = 'matrix:*'
        propose = ['viewer']";

    #[test]
    fn where_edits_are_held_only_deciders_change_directly() {
        let rights = rights(HELD, "split");
        let edit = |who: &Member| show(rights.edit(who, &Touched::field(&["text"])));
        assert_eq!(edit(&member(1, "moscow", &["lead"])), "direct central");
        assert_eq!(edit(&member(2, "moscow", &["account-manager"])), "held central");
        assert_eq!(edit(&member(3, "newyork", &["lead"])), "held central");
        assert_eq!(edit(&member(4, "newyork", &["viewer"])), "held central");
        assert_eq!(edit(&member(5, "newyork", &["legal"])), "missing");
        assert_eq!(list(rights.deciders(&Touched::SECTION)), ["central: moscow/lead"]);
        assert_eq!(
            show(super::rights(HELD, "talk").edit(&member(3, "newyork", &["lead"]), &Touched::SECTION)),
            "direct edits"
        );
    }

    #[test]
    fn deciders_of_a_held_section_add_up_over_rules() {
        let text = format!("{HELD}\n[[rule]]\nid = 'also'\non = 'matrix:*'\nendorse = ['newyork/lead']");
        let rights = rights(&text, "split");
        assert_eq!(show(rights.edit(&member(1, "newyork", &["lead"]), &Touched::SECTION)), "direct also");
        assert_eq!(show(rights.edit(&member(1, "boston", &["lead"]), &Touched::SECTION)), "held central");
    }

    #[test]
    fn a_hold_on_one_field_holds_whatever_would_carry_it_away() {
        let rights = rights(&HELD.replace("matrix:split", "matrix:split#terms/rate"), "split");
        let (moscow, newyork) = (member(1, "moscow", &["lead"]), member(2, "newyork", &["lead"]));
        let edit = |who: &Member, touched: Touched<'_>| show(rights.edit(who, &touched));
        assert_eq!(edit(&newyork, Touched::field(&["terms", "rate"])), "held central");
        assert_eq!(edit(&newyork, Touched::subtree(&["terms"])), "held central");
        assert_eq!(edit(&newyork, Touched::SECTION), "held central");
        assert_eq!(edit(&newyork, Touched::field(&["terms"])), "direct edits");
        assert_eq!(edit(&newyork, Touched::subtree(&["terms", "note"])), "direct edits");
        // Moscow decides the rate, and edits the rest.
        assert_eq!(edit(&moscow, Touched::field(&["terms", "rate"])), "direct central");
        assert_eq!(edit(&moscow, Touched::subtree(&["terms"])), "direct edits");
        let legal = member(3, "moscow", &["legal"]);
        assert!(rights.decides(&legal, &Touched::subtree(&["terms"])).is_none());
        assert!(
            rights.decides(&newyork, &Touched::subtree(&["terms"])).is_none(),
            "the rate is not theirs to decide"
        );
        assert_eq!(
            list(rights.deciders(&Touched::subtree(&["terms"]))).len(),
            2,
            "leads and account managers edit"
        );
    }

    const PEOPLE: &str = "
        [[rule]]
        id = 'people'
        on = 'charter:people/{party}'
        propose = ['*/lead', '*/viewer']
        edit = ['{party}/lead']
        endorse = ['{party}/lead']
        grants = ['viewer', 'lead']
        not_self = true";

    #[test]
    fn leads_change_their_people_but_not_themselves_and_give_only_what_the_rule_grants() {
        let rights = rules(PEOPLE).resolve(&"charter".into(), &"people/moscow".into(), &teams());
        let (lead, other) = (member(1, "moscow", &["lead"]), member(2, "moscow", &["lead"]));
        let [viewer, director] = ["viewer", "director"].map(RoleId::from);
        let give = |who: &Member, subject: &Member, granted: &[RoleId]| {
            let touched = Touched { subject: Some(subject.person), granted, ..Touched::field(&["people"]) };
            (show(rights.edit(who, &touched)), rights.decides(who, &touched).is_some())
        };
        let direct = ("direct people".to_owned(), true);
        let held = ("held people".to_owned(), false);
        let missing = ("missing".to_owned(), false);
        assert_eq!(give(&lead, &other, &[]), direct);
        assert_eq!(give(&lead, &other, std::slice::from_ref(&viewer)), direct);
        assert_eq!(give(&lead, &lead, std::slice::from_ref(&viewer)), held);
        assert_eq!(give(&lead, &other, &[viewer.clone(), director]), missing);
        assert_eq!(give(&member(3, "newyork", &["lead"]), &other, std::slice::from_ref(&viewer)), held);
        let free = rules(&PEOPLE.replace("not_self = true", ""));
        let free = free.resolve(&"charter".into(), &"people/moscow".into(), &teams());
        let touched = Touched { subject: Some(lead.person), ..Touched::SECTION };
        assert_eq!(show(free.edit(&lead, &touched)), "direct people");
    }
}

mod forms {
    use super::*;

    fn error(text: &str) -> String {
        Rules::from_toml(text).expect_err(text).to_string()
    }

    #[test]
    fn forms_of_later_versions_and_unknown_keys_are_named() {
        let rule =
            |line: &str| format!("[[rule]]\nid = 'split'\non = 'matrix:split'\nedit = ['*/lead']\n{line}");
        for key in ["sign", "chain", "local", "band"] {
            let error = Rules::from_toml(&rule(&format!("{key} = {{ x = 1 }}"))).expect_err(key);
            let expected =
                RulesError::Rule { id: "split".to_owned(), error: RuleError::Later(key.to_owned()) };
            assert_eq!(error, expected);
        }
        let error = Rules::from_toml(&rule("edits = ['*/lead']")).expect_err("unknown key");
        assert!(
            matches!(error, RulesError::Rule { error: RuleError::UnknownKey(key), .. } if key == "edits")
        );
    }

    #[test]
    fn what_does_not_fit_is_refused_with_the_reason() {
        let table = [
            ("on = []\nedit = ['lead']", "names no section"),
            ("on = 'matrix:split'", "gives nobody any right"),
            ("on = 'matrix:split'\nedit = 'lead'", "invalid type"),
            ("on = 3\nedit = ['lead']", "`on` is a text"),
            ("edit = ['lead']", "missing field `on`"),
            ("on = 'matrix:split'\nedit = ['lead']\nhold = 'edits'", "`hold` needs `endorse`"),
            ("on = 'matrix:split'\nendorse = ['lead']\nhold = 'all'", "unknown variant `all`"),
            ("on = 'matrix:split#a'\nread = ['lead']", "whole sections"),
            ("on = 'matrix:split#a'\nedit = ['lead']\nfields = ['b']", "not by both"),
            ("on = 'matrix:split'\nedit = ['lead']\nfields = ['a/b']", "top-level"),
            ("on = 'matrix:split'\nedit = ['lead']\nfields = ['*']", "top-level"),
            ("on = 'matrix:split'\nedit = ['lead']\nnot_self = true", "charter"),
            ("on = 'matrix:split'\nedit = ['lead']\ngrants = ['lead']", "charter"),
            ("on = 'charter:rules'\nedit = ['lead']\ngrants = ['a/b']", "without a team"),
            (
                "on = ['matrix:{party}', 'matrix:split']\nedit = ['{party}/lead']",
                "`matrix:split` has no {party}",
            ),
            ("on = 'matrix:{party}'\nedit = ['{market}/lead']", "has no {market}"),
            ("on = 'matrix:{party}'\nedit = ['{person}']", "has no {person}"),
            ("on = 'matrix:split'\nedit = ['lead', 'lead']", "`edit` lists `lead` twice"),
            ("on = ['matrix:a', 'matrix:a']\nedit = ['lead']", "`on` lists `matrix:a` twice"),
            ("on = 'matrix:split'\nedit = ['lead']\nfields = ['a', 'a']", "`fields` lists `a` twice"),
            ("on = 'matrix:split'\nedit = ['lead']\nname = { ru = 'а', en = '' }", "one line of text"),
            ("on = 'matrix:split'\nedit = ['lead']\nname = { ru = \"а\\n\", en = 'a' }", "one line of text"),
            (
                "on = 'matrix:split'\nedit = ['lead']\nname = { ru = 'а', en = 'a', de = 'a' }",
                "unknown field `de`",
            ),
        ];
        for (lines, expected) in table {
            let error = error(&format!("[[rule]]\nid = 'r'\n{lines}"));
            assert!(error.starts_with("rule `r`: ") && error.contains(expected), "{lines}\n{error}");
        }
    }

    #[test]
    fn a_file_has_rules_of_this_version_with_an_id_each() {
        let rule = "[[rule]]\nid = 'r'\non = 'matrix:split'\nedit = ['lead']\n";
        assert_eq!(rules(&format!("judge_version = 1\n{rule}")).len(), 1);
        assert_eq!(Rules::from_toml("judge_version = 2"), Err(RulesError::Version(2)));
        assert_eq!(Rules::from_toml(&rule.repeat(2)), Err(RulesError::SameId("r".into())));
        assert!(error(&rule.replace("id = 'r'\n", "")).starts_with("rule `number 1`: it has no `id`"));
        assert!(error(&rule.replace("'r'", "'own column'")).contains("an id has"));
        assert!(error(&rule.replace("'r'", "'a/b'")).contains("an id has"));
        assert!(matches!(Rules::from_toml("party = 1"), Err(RulesError::Text(_))));
    }

    #[test]
    fn bounds_are_exact() {
        use crate::limits::{RULE_BYTES_MAX, RULE_LIST_MAX, RULES_MAX};
        let many = |count: usize| -> String {
            (0..count).map(|at| format!("[[rule]]\nid='r{at}'\non='matrix:split'\nedit=['lead']\n")).collect()
        };
        assert_eq!(rules(&many(RULES_MAX)).len(), RULES_MAX);
        assert_eq!(Rules::from_toml(&many(RULES_MAX + 1)), Err(RulesError::TooMany));
        let mut stored = rules(&many(RULES_MAX)).to_stored();
        stored.insert("one-more".into(), stored[&RuleId::from("r0")].clone());
        assert_eq!(Rules::parse(&stored), Err(RulesError::TooMany));

        let listing = |count: usize| {
            let roles: Vec<String> = (0..count).map(|at| format!("'r{at}'")).collect();
            Rules::from_toml(&format!("[[rule]]\nid='r'\non='matrix:split'\nedit=[{}]", roles.join(",")))
        };
        assert!(listing(RULE_LIST_MAX).is_ok());
        assert!(listing(RULE_LIST_MAX + 1).is_err());

        let long = |bytes: usize| {
            let rule =
                |name: &str| format!(r#"{{"name":{{"ru":"{name}","en":"a"}},"on":["a:b"],"edit":["c"]}}"#);
            let text = rule(&"a".repeat(bytes - rule("").len()));
            assert_eq!(text.len(), bytes);
            Rule::parse(&"r".into(), &text)
        };
        assert!(long(RULE_BYTES_MAX).is_ok());
        assert!(matches!(long(RULE_BYTES_MAX + 1), Err(RuleError::TooMuch { .. })));
    }

    #[test]
    fn the_stored_form_has_one_spelling() {
        let parse = |text: &str| Rule::parse(&"r".into(), text);
        let good = r#"{"on":["matrix:split"],"edit":["*/lead"]}"#;
        assert_eq!(parse(good).expect("canonical").to_stored(), good);
        for other in [
            r#"{"on":"matrix:split","edit":["*/lead"]}"#,
            r#"{"edit":["*/lead"],"on":["matrix:split"]}"#,
            r#"{"on": ["matrix:split"],"edit":["*/lead"]}"#,
            r#"{"on":["matrix:split"],"edit":["*/lead"],"read":[]}"#,
            r#"{"on":["matrix:split"],"edit":["*/lead"],"not_self":false}"#,
            r#"{"on":["matrix:split"],"edit":["viewer"],"edit":["*/lead"]}"#,
            r#"{"on":["matrix:split"],"edit":["*/lea\u0064"]}"#,
        ] {
            assert_eq!(parse(other), Err(RuleError::NotCanonical), "{other}");
        }
        for broken in ["", "[]", "null", "{", &format!("{good}x")] {
            assert!(parse(broken).is_err(), "{broken}");
        }
        assert!(matches!(
            parse(r#"{"id":"r","on":["matrix:split"],"edit":["a"]}"#),
            Err(RuleError::UnknownKey(_))
        ));
        assert!(matches!(parse(r#"{"on":["matrix:split"],"sign":{}}"#), Err(RuleError::Later(_))));
    }

    #[test]
    fn both_forms_keep_every_member() {
        let text = r#"
            [[rule]]
            id = "all"
            name = { ru = "всё «сразу»", en = "all \"at once\"" }
            on = ["charter:people/{party}", "charter:x/{party}"]
            read = ["a"]
            propose = ["b"]
            edit = ["c", "{party}/c"]
            endorse = ["d"]
            hold = "edits"
            fields = ["e"]
            grants = ["f"]
            not_self = true
            internal = true"#;
        let rules = rules(text);
        assert_eq!(Rules::from_toml(&rules.to_toml()), Ok(rules.clone()), "{}", rules.to_toml());
        assert_eq!(Rules::parse(&rules.to_stored()), Ok(rules.clone()));
        let expected = concat!(
            r#"{"name":{"ru":"всё «сразу»","en":"all \"at once\""},"on":["charter:people/{party}","charter:x/{party}"],"#,
            r#""read":["a"],"propose":["b"],"edit":["c","{party}/c"],"endorse":["d"],"hold":"edits","fields":["e"],"#,
            r#""grants":["f"],"not_self":true,"internal":true}"#
        );
        assert_eq!(rules.to_stored()[&RuleId::from("all")], expected);
    }
}

mod standard {
    use super::*;

    fn standard() -> Rules {
        Rules::standard(&"moscow".into()).expect("the standard rules")
    }

    #[test]
    fn the_stored_form_of_the_standard_rules_is_frozen() {
        let stored: String =
            standard().to_stored().iter().map(|(id, text)| format!("{id} {text}\n")).collect();
        let golden = include_str!("../../rules/standard.golden");
        assert!(stored == golden, "if this change of the standard rules is meant, store this:\n{stored}");
    }
}
