use automerge::ActorId;

use super::outline::{FieldValue, FieldView, RowView};
use super::*;
use crate::content::{EditCommand, Path, Section, apply_edit};
use crate::ids::PartyId;
use crate::kinds::{Kind, Words, all, newest, row_id};

/// A document in the making: its sections, edited by one actor.
struct Document {
    kind: &'static Kind,
    sections: BTreeMap<SectionId, AutoCommit>,
}

impl Document {
    fn new(kind: &str, sections: &[&str]) -> Self {
        let kind = newest(&kind.into()).unwrap();
        let section = |name: &&str| {
            let id = SectionId::new(*name);
            let doc = Section::from_genesis(&kind.genesis(&id).unwrap()).unwrap().into_doc();
            (id, doc.with_actor(ActorId::from([7; 16])))
        };
        Self { kind, sections: sections.iter().map(section).collect() }
    }

    fn matrix(parties: &[&str]) -> Self {
        let columns: Vec<String> = parties.iter().map(|party| format!("party/{party}")).collect();
        let fixed = ["functions", "split", "escalation"].into_iter();
        Self::new("matrix", &fixed.chain(columns.iter().map(String::as_str)).collect::<Vec<_>>())
    }

    fn edit(&mut self, section: &str, command: &EditCommand) {
        let id = SectionId::new(section);
        apply_edit(self.sections.get_mut(&id).unwrap(), self.kind, &id, command).unwrap();
    }

    fn set(&mut self, section: &str, path: &str, value: &str) {
        let value = Value::string(value);
        self.edit(section, &EditCommand::SetScalar { path: Path::from(path), value });
    }

    fn write(&mut self, section: &str, path: &str, text: &str) {
        self.edit(section, &EditCommand::SetText { path: Path::from(path), new: text.into() });
    }

    /// Sets a team's claim to a function.
    fn claim(&mut self, party: &str, function: &str, claim: &str) {
        let path = format!("cells/{}/claim", function_id(function));
        self.set(&format!("party/{party}"), &path, claim);
    }

    fn docs(&self) -> Docs<'_> {
        self.sections.iter().map(|(id, doc)| (id.clone(), doc)).collect()
    }

    fn view(&self, parties: &[&str]) -> MatrixView {
        let parties: Vec<PartyId> = parties.iter().map(|party| PartyId::new(*party)).collect();
        MatrixView::new(self.kind, &parties, &self.docs())
    }
}

fn function_id(key: &str) -> String {
    row_id("matrix/1", "functions", "functions", key)
}

const FUNCTIONS: [&str; 9] = [
    "creative",
    "influencer-relations",
    "brief-writing",
    "performance-analysis",
    "campaign-management",
    "us-market",
    "russian-market",
    "outreach",
    "logistics",
];

fn names<'a>(labels: impl IntoIterator<Item = &'a Bilingual>) -> Vec<&'a str> {
    labels.into_iter().map(|label| label.en.as_str()).collect()
}

#[test]
fn a_new_matrix_has_nine_functions_to_discuss_and_nobody_owns_any() {
    let view = Document::matrix(&["moscow", "newyork"]).view(&["moscow", "newyork"]);
    assert_eq!(names(view.functions.iter().map(|function| &function.label)).len(), 9);
    assert_eq!((view.gaps.len(), view.to_discuss.len(), view.overlaps.len()), (9, 18, 0));
    assert_eq!(view.gaps[0].undecided, ["moscow".into(), "newyork".into()]);
    assert!(!view.ready_to_sign && view.unreadable.is_empty());
}

#[test]
fn overlaps_and_gaps_follow_from_the_columns_of_any_number_of_teams() {
    let mut matrix = Document::matrix(&["moscow", "newyork", "paris"]);
    for function in FUNCTIONS {
        for party in ["moscow", "newyork", "paris"] {
            matrix.claim(party, function, "none");
        }
    }
    for (party, function, claim) in [
        ("moscow", "creative", "own"),
        ("newyork", "creative", "own"),
        ("paris", "creative", "own"),
        ("paris", "logistics", "own"),
        ("moscow", "outreach", "support"),
    ] {
        matrix.claim(party, function, claim);
    }
    let view = matrix.view(&["moscow", "newyork", "paris"]);
    assert_eq!(names(view.overlaps.iter().map(|overlap| &overlap.label)), ["Creative"]);
    assert_eq!(view.overlaps[0].parties.len(), 3);
    let words: Vec<&str> = view.overlaps[0].choices.iter().map(|choice| choice.word.as_str()).collect();
    assert_eq!(words, ["split-by-market", "create-together", "one-side"]);
    assert_eq!(view.gaps.len(), 7);
    assert_eq!(
        view.gaps.iter().find(|gap| gap.label.en == "Outreach").unwrap().supporters,
        ["moscow".into()]
    );
    assert_eq!(view.to_discuss, []);

    let two = matrix.view(&["moscow", "paris"]);
    assert_eq!(two.overlaps[0].parties, ["moscow".into(), "paris".into()], "parties are a parameter");
}

#[test]
fn an_overlap_is_settled_by_a_complete_rule_without_conflict() {
    let mut matrix = Document::matrix(&["moscow", "newyork"]);
    for function in FUNCTIONS {
        matrix.claim("moscow", function, "own");
        matrix.claim("newyork", function, "none");
    }
    matrix.claim("newyork", "creative", "own");
    let rule = format!("agreements/{}/rule", function_id("creative"));
    let side = format!("agreements/{}/side", function_id("creative"));
    assert!(!matrix.view(&["moscow", "newyork"]).overlaps[0].settled);
    matrix.set("split", &rule, "one-side");
    assert!(!matrix.view(&["moscow", "newyork"]).overlaps[0].settled, "which side?");
    matrix.set("split", &side, "paris");
    assert!(!matrix.view(&["moscow", "newyork"]).overlaps[0].settled, "Paris does not own it");
    matrix.set("split", &side, "newyork");
    let view = matrix.view(&["moscow", "newyork"]);
    assert!(view.overlaps[0].settled && view.ready_to_sign);

    let split = SectionId::new("split");
    let base = matrix.sections.get_mut(&split).unwrap();
    base.commit();
    let mut other = base.clone().with_actor(ActorId::from([8; 16]));
    let command =
        |word: &str| EditCommand::SetScalar { path: Path::from(rule.as_str()), value: Value::string(word) };
    apply_edit(&mut other, matrix.kind, &split, &command("create-together")).unwrap();
    apply_edit(base, matrix.kind, &split, &command("split-by-market")).unwrap();
    base.merge(&mut other).unwrap();
    let view = matrix.view(&["moscow", "newyork"]);
    let agreed = view.overlaps[0].agreed.clone().unwrap();
    assert_eq!(agreed.competing_rules, ["create-together", "split-by-market"]);
    assert!(!view.overlaps[0].settled && !view.ready_to_sign);
}

#[test]
fn a_column_that_cannot_be_read_hides_gaps_and_is_named() {
    let mut matrix = Document::matrix(&["moscow"]);
    matrix.claim("moscow", "creative", "own");
    let view = matrix.view(&["moscow", "newyork"]);
    assert_eq!(view.unreadable, ["party/newyork".into()]);
    assert!(!view.columns[1].readable && view.functions[0].cells[1].is_none());
    assert!(view.gaps.is_empty(), "New York may own any of them");
    assert_eq!(view.to_discuss.len(), 8);
    assert!(matrix.view(&["moscow"]).unreadable.is_empty());
    let nothing = MatrixView::new(matrix.kind, &["moscow".into()], &Docs::new());
    assert_eq!(nothing.unreadable.len(), 3);
    assert!(!nothing.ready_to_sign);
}

#[test]
fn a_translation_is_current_until_its_source_changes() {
    let mut matrix = Document::matrix(&["moscow"]);
    let state = |matrix: &Document| matrix.view(&["moscow"]).columns[0].unique.translation;
    assert_eq!(state(&matrix), Translation::Empty);
    matrix.write("party/moscow", "unique/ru", "Связи");
    assert_eq!(state(&matrix), Translation::Missing);
    matrix.write("party/moscow", "unique/en", "Contacts");
    assert_eq!(state(&matrix), Translation::Current);
    matrix.write("party/moscow", "unique/ru", "Связи и опыт");
    assert_eq!(state(&matrix), Translation::Outdated);
    matrix.edit("party/moscow", &EditCommand::MarkTranslated { path: "unique".into() });
    assert_eq!(state(&matrix), Translation::Current);

    let listed = translations(matrix.kind, &matrix.docs());
    let unique = listed.iter().find(|state| state.path == Path::from("unique")).unwrap();
    assert_eq!((unique.source, unique.translation), (Some(Lang::Ru), Translation::Current));
    let functions = listed.iter().filter(|state| state.section.as_str() == "functions");
    assert_eq!(functions.filter(|state| state.translation == Translation::Current).count(), 18);
}

#[test]
fn a_brief_says_what_is_missing() {
    let mut brief = Document::new("brief", &["universal", "market/ru", "market/us"]);
    let markets: [PartyId; 3] = ["ru".into(), "us".into(), "eu".into()];
    let view = BriefView::new(&markets, &brief.docs());
    let missing = |view: &BriefView| -> Vec<String> {
        view.missing.iter().map(|m| format!("{}#{}", m.section, m.path)).collect()
    };
    assert!(missing(&view).contains(&"universal#goal".to_owned()));
    assert!(view.markets[2].content.is_none(), "no section for the third market yet");
    let us = view.markets[1].content.as_ref().unwrap();
    assert!(us.terms.en.contains("Net-30") && us.market_style.ru.contains("договоры"));
    let ru = view.markets[0].content.as_ref().unwrap();
    assert!(ru.terms.en.contains("50% upfront"));
    assert_eq!(view.universal.as_ref().unwrap().kpis[0].markets.len(), 3);

    brief.write("universal", "goal/ru", "Зима без спешки");
    let view = BriefView::new(&markets, &brief.docs());
    let goal = view.missing.iter().find(|missing| missing.path == Path::from("goal")).unwrap();
    assert_eq!(goal.what, brief::Lack::Language(Lang::En));
    brief.write("universal", "goal/en", "An unhurried winter");
    for (path, id) in [("pillars", "heritage"), ("pillars", "innovation")] {
        let path = Path::from(path).join(row_id("brief/1", "universal", "pillars", id));
        brief.edit("universal", &EditCommand::RemoveRow { path });
    }
    let view = BriefView::new(&markets, &brief.docs());
    assert!(!missing(&view).contains(&"universal#goal".to_owned()));
    let pillars = view.missing.iter().find(|missing| missing.path == Path::from("pillars")).unwrap();
    assert_eq!(pillars.what, brief::Lack::PillarCount(1));
}

#[test]
fn a_playbook_names_the_topics_that_nobody_decides() {
    let mut playbook = Document::new("playbook", &["decisions", "timeline", "who", "chain"]);
    let view = PlaybookView::new(&playbook.docs());
    let topics = &view.decisions.as_ref().unwrap().topics;
    assert_eq!(view.undecided.len(), topics.len());
    assert_eq!(topics[2].place.as_deref(), Some("central"));
    let sides: Vec<_> = view.chain.as_ref().unwrap().sides.iter().map(|side| side.rounds).collect();
    assert_eq!(sides, [Some(5), Some(2)]);
    assert_eq!((view.incomplete_sides.len(), view.unheld.len()), (2, 5));

    let brand = row_id("playbook/2", "decisions", "topics", "brand");
    playbook.set("decisions", &format!("topics/{brand}/decider"), "Anna Orlova");
    playbook.sections.remove(&SectionId::new("who"));
    let view = PlaybookView::new(&playbook.docs());
    assert_eq!(view.undecided.len(), topics_but_one(&view));
    assert!(view.who.is_none() && view.unheld.is_empty());
}

fn topics_but_one(view: &PlaybookView) -> usize {
    view.decisions.as_ref().map_or(0, |decisions| decisions.topics.len() - 1)
}

#[test]
fn every_kind_has_an_outline_in_which_each_field_fits_its_type() {
    for kind in all() {
        let subjects = ["party", "market"].map(|variable| (variable.to_owned(), vec!["us".to_owned()]));
        let ids = kind.sections_for(&subjects.into());
        let names: Vec<&str> = ids.iter().map(SectionId::as_str).collect();
        let document = Document::new(kind.id.as_str(), &names);
        let view = outline(kind, &ids, &document.docs(), &BTreeMap::new());
        assert_eq!(view.sections.len(), ids.len());
        for section in &view.sections {
            check_fields(section.fields.as_ref().unwrap());
        }
        let hidden = outline(kind, &ids, &Docs::new(), &BTreeMap::new());
        assert!(hidden.sections.iter().all(|section| section.fields.is_none()));
        assert!(serde_json::to_string(&view).is_ok());
    }
}

fn check_fields(fields: &[FieldView]) {
    for field in fields {
        match &field.value {
            FieldValue::Other(value) => assert_eq!(*value, Value::Map(BTreeMap::new()), "{}", field.key),
            FieldValue::Choice { label, .. } => assert!(label.is_some(), "{}", field.key),
            FieldValue::Rows(rows) => rows.iter().for_each(|row| check_fields(&row.fields)),
            _ => {}
        }
        assert!(!field.conflicted);
    }
}

#[test]
fn cells_stand_in_the_order_of_their_functions_under_the_titles_of_teams() {
    let mut matrix = Document::matrix(&["moscow"]);
    let creative = Path::from("functions").join(function_id("creative"));
    matrix.edit("functions", &EditCommand::MoveRow { path: creative, order: "b00".into() });
    let ids = ["party/moscow".into(), "functions".into()];
    let moscow = Words { ru: "Москва".into(), en: "Moscow".into() };
    let view = outline(matrix.kind, &ids, &matrix.docs(), &BTreeMap::from([("moscow".to_owned(), moscow)]));
    assert_eq!(view.sections[1].title, Words { ru: "Колонка: Москва".into(), en: "Column of Moscow".into() });
    let FieldValue::Rows(cells) = &view.sections[1].fields.as_ref().unwrap()[0].value else {
        panic!("no rows")
    };
    let of = |cell: &RowView| cell.of.as_ref().map(|of| of.en.clone());
    assert_eq!(cells.last().and_then(of).as_deref(), Some("Creative"));
    assert_eq!(cells.first().and_then(of).as_deref(), Some("Influencer relations"));
}
