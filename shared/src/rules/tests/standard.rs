use super::*;

fn standard() -> Rules {
    Rules::standard(&"moscow".into()).expect("the standard rules")
}

/// One person of each role in Moscow, and a lead in New York and in Boston.
fn people() -> Vec<Member> {
    let roles = ["lead", "account-manager", "coordinator", "translator", "legal", "viewer"];
    let mut people: Vec<Member> =
        (1..).zip(roles).map(|(number, role)| member(number, "moscow", &[role])).collect();
    people.push(member(11, "newyork", &["lead"]));
    people.push(member(12, "newyork", &["account-manager"]));
    people.push(member(13, "boston", &["lead"]));
    people
}

/// What becomes of everybody's edit of a plain field: `d`irect, `h`eld or missing (`-`).
fn edits(kind: &str, section: &str) -> String {
    let rights = standard().resolve(&kind.into(), &section.into(), &teams());
    let letter = |who: &Member| match rights.edit(who, &Touched::field(&["note", "ru"])) {
        EditRight::Direct(_) => 'd',
        EditRight::Held(_) => 'h',
        EditRight::Missing => '-',
    };
    people().iter().map(letter).collect()
}

#[test]
fn the_stored_form_of_the_standard_rules_is_frozen() {
    let stored: String = standard().to_stored().iter().map(|(id, text)| format!("{id} {text}\n")).collect();
    let golden = include_str!("../../../rules/standard.golden");
    assert!(stored == golden, "if this change of the standard rules is meant, store this:\n{stored}");
}

#[test]
fn a_new_partnership_starts_with_eighteen_rules_with_a_name_each() {
    assert_eq!(standard().len(), 18);
    assert!(standard().iter().all(|rule| rule.name.is_some()));
    assert!(Rules::standard(&"a b".into()).is_err());
    assert!(Rules::standard(&"a/b".into()).is_err());
}

#[test]
fn the_standard_rules_let_everybody_do_their_part() {
    // Columns: Moscow's lead, account manager, coordinator, translator, legal and viewer; then
    // New York's lead and account manager, and Boston's lead.
    let table = [
        ("charter", "rules", "hhhhhhhhh"),
        ("charter", "parties", "hhhhhhhhh"),
        ("charter", "people/moscow", "dhh---hhh"),
        ("charter", "calendar/newyork", "hhh---dhh"),
        ("matrix", "functions", "dhhhhhdhd"),
        ("matrix", "party/moscow", "ddhhhhhhh"),
        ("matrix", "party/newyork", "hhhhhhddh"),
        ("matrix", "split", "dhhhhhdhd"),
        ("matrix", "escalation", "dhhhhhdhd"),
        ("matrix", "talk", "ddddddddd"),
        ("brief", "universal", "ddhhhhhhh"),
        ("brief", "market/us", "hhhhhhddd"),
        ("brief", "market/ru", "ddhhhhhhh"),
        ("brief", "talk", "ddddddddd"),
        ("playbook", "decisions", "dhhhhhhhh"),
        ("playbook", "chain", "dhhhhhdhd"),
        ("playbook", "talk", "ddddddddd"),
        ("terms", "offer/ru", "ddhhhhhhh"),
        ("terms", "offer/us", "hhhhhhddd"),
        ("terms", "standard/us", "hhhhhhdhd"),
        ("terms", "contract/us", "dhhhhhhhh"),
        ("terms", "talk", "ddddddddd"),
        ("retrospective", "findings", "---------"),
    ];
    for (kind, section, expected) in table {
        assert_eq!(edits(kind, section), expected, "{kind}:{section}");
    }
}

#[test]
fn every_standard_section_is_read_by_every_standard_role_and_decided_by_somebody() {
    let sections = [
        "charter:parties",
        "charter:roles",
        "charter:rules",
        "charter:people/boston",
        "charter:calendar/moscow",
        "matrix:functions",
        "matrix:party/boston",
        "matrix:split",
        "matrix:escalation",
        "matrix:talk",
        "brief:universal",
        "brief:market/us",
        "brief:talk",
        "playbook:decisions",
        "playbook:timeline",
        "playbook:who",
        "playbook:chain",
        "playbook:talk",
        "terms:offer/ru",
        "terms:standard/us",
        "terms:contract/us",
        "terms:talk",
    ];
    for name in sections {
        let (kind, section) = name.split_once(':').expect("kind:section");
        let rights = standard().resolve(&kind.into(), &section.into(), &teams());
        assert!(people().iter().all(|who| rights.may_read(who).is_some()), "{name} is read");
        let decides = |who: &Member| rights.decides(who, &Touched::SECTION).is_some();
        assert!(people().iter().any(decides), "{name} is decided");
    }
}

#[test]
fn the_translator_writes_translations_where_others_hold_the_pen() {
    for (kind, section) in [("brief", "universal"), ("playbook", "chain"), ("matrix", "party/newyork")] {
        let rights = standard().resolve(&kind.into(), &section.into(), &teams());
        let translator = member(4, "moscow", &["translator"]);
        let translation = Touched { translation: true, ..Touched::field(&["note", "ru"]) };
        assert_eq!(show(rights.edit(&translator, &translation)), "direct translator", "{kind}:{section}");
    }
    let rights = standard().resolve(&"playbook".into(), &"decisions".into(), &teams());
    let translation = Touched { translation: true, ..Touched::field(&["note", "ru"]) };
    let translator = member(4, "moscow", &["translator"]);
    assert_eq!(
        show(rights.edit(&translator, &translation)),
        "held central",
        "central texts wait, translated too"
    );
}

#[test]
fn a_viewer_suggests_and_the_verdict_names_the_rule_of_those_who_decide() {
    let rights = standard().resolve(&"matrix".into(), &"party/newyork".into(), &teams());
    let touched = Touched::field(&["cells", "1", "note"]);
    assert_eq!(show(rights.edit(&member(9, "newyork", &["viewer"]), &touched)), "held own-column");
    assert_eq!(list(rights.deciders(&touched)), ["own-column: newyork/lead"]);
}
