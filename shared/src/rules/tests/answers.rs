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
    let text =
        "[[rule]]\nid = 'r'\non = 'matrix:market/{market}'\nedit = ['*/lead']\nendorse = ['{market}/lead']";
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

#[test]
fn marks_matter_as_soon_as_one_rule_asks_for_them() {
    assert!(!rights(COLUMN, "party/moscow").asks_marks());
    let text = format!("{COLUMN}\n[[rule]]\nid = 't'\non = 'matrix:*#**@translation'\nedit = ['translator']");
    assert!(rights(&text, "party/moscow").asks_marks());
}
