//! What people read, whole, in both languages, from real replicas with a fixed clock.
//!
//! The texts stand in `tests/texts.en.txt` and `tests/texts.ru.txt`. After a change on purpose, run the tests
//! with `UPDATE_TEXTS=1` and read the difference.

mod newer;
mod poison;
mod record;
mod report;
mod returned;
mod talk;
mod texts;
mod versions;
pub(crate) mod world;

use std::collections::BTreeMap;

use entente_shared::content::{EditCommand, Path};
use entente_shared::ids::*;
use entente_shared::kinds::{self, Lang};
use entente_shared::statement::DeclineOutcome;

use super::*;
use crate::words::Words;
use world::{Device, MINUTE, World};

const HOUR: u64 = 60 * MINUTE;

/// A function of the matrix, by its template's word.
fn function(key: &str) -> String {
    let kind = kinds::newest(&KindId::new("matrix")).expect("the matrix");
    let field = kind.section(&"functions".into()).and_then(|section| section.field("functions"));
    let rows = field.and_then(|field| field.rows()).expect("the functions");
    rows.template.iter().find(|row| row.key == key).expect("a function").id.clone()
}

fn claim(device: &mut Device, now_ms: u64, document: DocumentId, team: &str, key: &str, word: &str) {
    let path = format!("cells/{}/claim", function(key));
    device.set(now_ms, document, &format!("party/{team}"), &path, word);
}

/// The evening of the story: both leads and an account manager work offline; meanwhile another
/// lead makes the account manager a viewer. Then they connect one after the other.
struct Evening {
    world: World,
    matrix: DocumentId,
    /// Dana's suggestion for logistics, that for outreach, and Chris's late note.
    held: [StatementId; 3],
}

fn evening() -> Evening {
    let mut world = World::in_force();
    world.now_ms += 10 * MINUTE;
    let matrix = world.create("matrix", "Who does what");
    for device in [&mut world.anna, &mut world.dana, &mut world.lee, &mut world.chris] {
        device.replica.disconnected();
    }
    let start = world.now_ms;
    anna_writes(&mut world.anna, start + 20 * MINUTE, matrix);
    let note = Path::from(format!("cells/{}/note/en", function("outreach")).as_str());
    let note = EditCommand::SetText { path: note, new: "We know the creators in Brooklyn.".into() };
    let column = SectionId::new("party/newyork");
    let (chris, at_ms) = (&mut world.chris, start + HOUR);
    chris.at(at_ms, |replica, now| replica.edit(now, matrix, &column, note)).expect("the own column");
    world.now_ms = start + HOUR + 20 * MINUTE;
    make_viewer(&mut world, "Chris Park");
    dana_writes(&mut world.dana, start + 2 * HOUR, matrix);

    world.now_ms = start + 2 * HOUR + 10 * MINUTE;
    let now_ms = world.now_ms;
    let World { relay, anna, dana, chris, .. } = &mut world;
    [anna, dana, chris].into_iter().for_each(|device| relay.sync(device, now_ms));
    world.sync_all();
    let list = HeldList::of(&world.anna.replica, now_ms).expect("a list");
    let all: Vec<_> = list.waiting_for_you.iter().chain(&list.waiting_for_others).collect();
    let of = |name: &str, address: &str| {
        let fits = |one: &&&Proposal| {
            one.author.name.as_deref() == Some(name)
                && one.changes.iter().any(|change| change.place.address.starts_with(address))
        };
        all.iter().find(fits).expect("a suggestion").statement
    };
    let held = [
        of("Dana Reyes", "moscow/logistics"),
        of("Dana Reyes", "moscow/outreach"),
        of("Chris Park", "newyork/outreach"),
    ];
    Evening { world, matrix, held }
}

fn anna_writes(anna: &mut Device, at_ms: u64, matrix: DocumentId) {
    let person = anna.replica.me().expect("a member").person.to_hex();
    claim(anna, at_ms, matrix, "moscow", "creative", "own");
    anna.set(at_ms, matrix, "party/moscow", &format!("cells/{}/person", function("creative")), &person);
    let rule = format!("agreements/{}/rule", function("creative"));
    anna.set(at_ms + MINUTE, matrix, "split", &rule, "split-by-market");
    claim(anna, at_ms + 2 * MINUTE, matrix, "moscow", "outreach", "own");
}

fn dana_writes(dana: &mut Device, at_ms: u64, matrix: DocumentId) {
    claim(dana, at_ms, matrix, "newyork", "creative", "own");
    let rule = format!("agreements/{}/rule", function("creative"));
    dana.set(at_ms + MINUTE, matrix, "split", &rule, "create-together");
    claim(dana, at_ms + 2 * MINUTE, matrix, "moscow", "logistics", "own");
    claim(dana, at_ms + 4 * MINUTE, matrix, "moscow", "outreach", "none");
}

/// Lee makes somebody a viewer, online.
fn make_viewer(world: &mut World, name: &str) {
    let (lee, now_ms) = (&mut world.lee, world.now_ms);
    let state = lee.replica.state().expect("the ground rules");
    let row = state.contents.people.iter().find(|(_, row)| row.name == name);
    let path = Path::new(["people".to_owned(), row.expect("a person").0.to_hex(), "roles".to_owned()]);
    let value = entente_shared::content::Value::string("viewer");
    let edits = vec![("people/newyork".into(), vec![EditCommand::SetScalar { path, value }])];
    lee.at(now_ms, |replica, now| replica.change_charter(now, edits, None)).expect("a lead's right");
    world.relay.sync(&mut world.lee, now_ms);
    world.lee.replica.disconnected();
}

/// Texts by name, as one language has them.
struct Texts<'a> {
    words: &'a Words,
    texts: BTreeMap<String, String>,
    /// Short names of statements, which stand for hashes, with what is written instead.
    names: Vec<(String, String)>,
}

impl Texts<'_> {
    fn add(&mut self, name: &str, say: impl FnOnce(&Words) -> String) {
        let mut text = say(self.words);
        for (short, instead) in &self.names {
            text = text.replace(short.as_str(), instead);
        }
        assert!(self.texts.insert(name.to_owned(), text).is_none(), "{name} stands twice");
    }

    /// Writes other names of the same length for statements, so that no hash stands in the texts.
    fn rename(&mut self, ids: &Ids, statements: &[StatementId]) {
        for (number, statement) in statements.iter().enumerate() {
            let short = ids.short(statement);
            let instead = format!("{}{number}", "h-zzzzzzzz".get(..short.len() - 1).expect("a short name"));
            self.names.push((short, instead));
        }
    }
}

fn story_in(lang: Lang) -> BTreeMap<String, String> {
    let words = Words::new(lang);
    let mut texts = Texts { words: &words, texts: BTreeMap::new(), names: Vec::new() };
    let proposed = World::proposed();
    let at_ms = proposed.now_ms;
    texts.add("rules, proposed", |words| {
        RulesShow::of(&proposed.dana.replica, at_ms).expect("rules").signed_text(words)
    });
    texts.add("status, before signing", |words| {
        Status::of(&proposed.dana.replica, at_ms).expect("a status").text(words)
    });
    let Evening { mut world, matrix, held } = evening();
    texts.rename(&Ids::of(&world.anna.replica), &held);
    undecided(&mut texts, &world, matrix, held);
    decide(&mut world, held);
    decided(&mut texts, &world, matrix, held);
    report::texts(&mut texts);
    texts.texts
}

fn undecided(texts: &mut Texts<'_>, world: &World, matrix: DocumentId, held: [StatementId; 3]) {
    let now_ms = world.now_ms;
    for (name, device) in [("Anna", &world.anna), ("Dana", &world.dana)] {
        let replica = &device.replica;
        texts.add(&format!("status, {name}"), |words| Status::of(replica, now_ms).expect("one").text(words));
        texts.add(&format!("held, {name}"), |words| HeldList::of(replica, now_ms).expect("one").text(words));
    }
    let anna = &world.anna.replica;
    for (name, statement) in ["logistics", "outreach", "late note"].into_iter().zip(held) {
        let show = HeldShow::of(anna, &statement, now_ms).expect("open");
        texts.add(&format!("held show, {name}"), |words| show.text(words));
        let why = Why::of(&world.dana.replica, &statement, now_ms).expect("known");
        texts.add(&format!("why, {name}, waiting"), |words| why.text(words));
    }
    texts.add("doc list", |words| DocList::of(anna, now_ms).expect("one").text(words));
    texts.add("doc show", |words| DocShow::of(anna, matrix, now_ms).expect("one").text(words));
    texts.add("overlaps", |words| Overlaps::of(anna, matrix, now_ms).expect("one").text(words));
    texts.add("conflicts", |words| Conflicts::of(anna, matrix, now_ms).expect("one").text(words));
    let diff = DocDiff::of(anna, matrix, &world.anna.kept[&matrix], Point::Entry(0), Point::Head, now_ms);
    texts.add("diff", |words| diff.expect("whole entries").text(words));
    texts.add("rules", |words| RulesShow::of(anna, now_ms).expect("one").text(words));
    texts.add("people", |words| People::of(anna, now_ms).expect("one").text(words));
    texts.add("roles", |words| Roles::of(anna, now_ms).expect("one").text(words));
}

/// Anna decides Dana's suggestions; Dana and Lee both approve the late note, and Lee is first.
fn decide(world: &mut World, held: [StatementId; 3]) {
    world.now_ms += MINUTE;
    let now_ms = world.now_ms;
    let reason = Some("We keep outreach for Russia. Split by market?".to_owned());
    let World { anna, dana, lee, .. } = world;
    anna.at(now_ms, |replica, now| replica.endorse(now, held[0], None)).expect("Anna decides");
    anna.at(now_ms, |replica, now| replica.decline(now, held[1], DeclineOutcome::Declined, reason))
        .expect("Anna decides");
    for device in [dana, lee] {
        device.replica.disconnected();
        device.at(now_ms, |replica, now| replica.endorse(now, held[2], None)).expect("New York decides");
    }
    world.relay.sync(&mut world.lee, now_ms);
    world.sync_all();
}

fn decided(texts: &mut Texts<'_>, world: &World, matrix: DocumentId, held: [StatementId; 3]) {
    let now_ms = world.now_ms;
    let dana = &world.dana.replica;
    let own = dana.outgoing().map(|one| one.statement.id).collect::<Vec<_>>();
    let ids = Ids::of(dana);
    texts.names.extend(own.iter().map(|one| (ids.short(one), "e-own".to_owned())));
    texts.add("status, with something refused", |words| Status::of(dana, now_ms).expect("one").text(words));
    for (name, statement) in ["logistics", "outreach", "late note"].into_iter().zip(held) {
        let why = Why::of(dana, &statement, now_ms).expect("known");
        texts.add(&format!("why, {name}, decided"), |words| why.text(words));
    }
    let refused = Why::of(dana, own.first().expect("refused"), now_ms).expect("known");
    texts.add("why, refused", |words| refused.text(words));
    texts.add("log", |words| DocLog::of(dana, matrix, now_ms).expect("one").text(words));
    let charter = dana.charter_id().expect("a charter");
    texts.add("log of the ground rules", |words| DocLog::of(dana, charter, now_ms).expect("one").text(words));
}

/// Compares the texts with those that were read and found good.
fn compare(lang: Lang) {
    let texts = story_in(lang);
    let file = format!("src/views/tests/texts.{}.txt", lang.key());
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let written: String = texts.iter().map(|(name, text)| format!("=== {name}\n{text}\n")).collect();
    if std::env::var_os("UPDATE_TEXTS").is_some() {
        std::fs::write(&file, &written).expect("a writable file");
    }
    let good = std::fs::read_to_string(&file).expect("the texts");
    for (shown, expected) in written.split("=== ").zip(good.split("=== ")) {
        assert_eq!(shown, expected);
    }
    assert_eq!(written, good);
}

#[test]
fn the_story_reads_as_it_should_in_english() {
    compare(Lang::En);
}

#[test]
fn the_story_reads_as_it_should_in_russian() {
    compare(Lang::Ru);
}

#[test]
fn a_check_finds_what_was_altered_and_says_it_in_both_languages() {
    let mut world = World::in_force();
    let matrix = world.create("matrix", "Who does what");
    claim(&mut world.anna, world.now_ms, matrix, "moscow", "creative", "own");
    world.sync_all();
    let (en, ru) = (Words::new(Lang::En), Words::new(Lang::Ru));
    let good = Verified::of(&world.anna.replica, &World::verify(&world.anna));
    assert!(good.good && good.ledgers.iter().all(|ledger| ledger.relay == "same"));
    assert!(en_ends(&good, &en, "the relay has the same heads.\n"), "{}", good.text(&en));

    let kept = world.anna.kept.get_mut(&matrix).expect("entries");
    let last = kept.pop().expect("an entry");
    kept.push(last.clone());
    kept.push(last);
    let bad = Verified::of(&world.anna.replica, &World::verify(&world.anna));
    assert!(!bad.good);
    let (said, said_ru) = (bad.text(&en), bad.text(&ru));
    assert!(said.contains("NOT good") && said.contains("\"Who does what\" does not check out"), "{said}");
    assert!(said_ru.contains("НЕ в порядке") && said_ru.contains("не сходится"), "{said_ru}");
}

fn en_ends(verified: &Verified, words: &Words, end: &str) -> bool {
    verified.text(words).ends_with(end)
}

#[test]
fn a_short_name_is_as_long_as_it_must_be_and_leads_back() {
    let Evening { world, held, .. } = evening();
    let ids = Ids::of(&world.anna.replica);
    for statement in held {
        let short = ids.short(&statement);
        assert!(short.starts_with("h-") && short.len() >= 5, "{short}");
        assert_eq!(ids.find(&short).map(|(_, found)| found), Ok(statement));
        assert_eq!(ids.find(&statement.to_hex()).map(|(_, found)| found), Ok(statement));
    }
    for nothing in ["", "h-", "h-zzz", "12", "h-000000000000"] {
        assert_eq!(ids.find(nothing), Err(IdError::Unknown), "{nothing}");
    }
}

#[test]
fn keeping_a_value_of_a_conflict_settles_it() {
    let Evening { mut world, matrix, .. } = evening();
    let now_ms = world.now_ms;
    let conflicts = Conflicts::of(&world.anna.replica, matrix, now_ms).expect("a list");
    let names: Vec<_> = conflicts.fields[0]
        .values
        .iter()
        .map(|value| {
            (value.shown.label.en.as_str(), value.person.as_ref().and_then(|one| one.name.as_deref()))
        })
        .collect();
    assert_eq!(names.len(), 2);
    assert!(names.contains(&("split by market", Some("Anna Orlova"))), "{names:?}");
    assert!(names.contains(&("create together", Some("Dana Reyes"))), "{names:?}");
    assert!(conflicts.keep("9z").is_none());
    let Keeping { place, command, .. } = conflicts.keep("1a").expect("a value");
    let section = place.section.clone();
    let edit = world.anna.at(now_ms, |replica, now| replica.edit(now, matrix, &section, command));
    edit.expect("a lead's right");
    world.sync_all();
    for device in [&world.anna, &world.dana] {
        assert!(Conflicts::of(&device.replica, matrix, now_ms).expect("a list").fields.is_empty());
    }
}

#[test]
fn what_is_not_on_the_relay_yet_says_so_and_waits() {
    let mut world = World::in_force();
    let matrix = world.create("matrix", "Who does what");
    world.dana.replica.disconnected();
    let now_ms = world.now_ms + MINUTE;
    claim(&mut world.dana, now_ms, matrix, "newyork", "creative", "own");
    claim(&mut world.dana, now_ms, matrix, "moscow", "logistics", "own");
    let status = Status::of(&world.dana.replica, now_ms).expect("a status");
    assert_eq!((status.sync.live, status.sync.changes, status.sync.suggestions), (false, 1, 1));
    let words = Words::new(Lang::En);
    let said = status.sync_text(&words);
    assert!(said.ends_with("Not yet on the relay: 1 change, 1 suggestion."), "{said}");
    let held = HeldList::of(&world.dana.replica, now_ms).expect("a list").waiting_for_others;
    assert_eq!(held.len(), 1);
    assert_eq!((held[0].received_ms, held[0].own), (None, true));
    assert_eq!(held[0].changes[0].values_text(&words), "to discuss → own");
    let why = Why::of(&world.dana.replica, &held[0].statement, now_ms).expect("known");
    assert_eq!(why.state, "unsent");
}

#[test]
fn a_proposed_rule_is_read_as_a_sentence_in_both_languages() {
    let mut world = World::in_force();
    let toml = "[[rule]]\nid = \"split\"\non = \"matrix:split\"\nedit = [\"newyork/account-manager\"]\n";
    let stored = entente_shared::rules::Rules::from_toml(toml).expect("a rule").to_stored();
    let (id, text) = stored.first_key_value().expect("one rule");
    let path = Path::new(["rules", id.as_str()]);
    let edit = EditCommand::SetScalar { path, value: entente_shared::content::Value::string(text) };
    let edits = vec![(SectionId::new("rules"), vec![edit])];
    let now_ms = world.now_ms;
    world.anna.at(now_ms, |replica, now| replica.change_charter(now, edits, None)).expect("a proposal");
    let list = HeldList::of(&world.anna.replica, now_ms).expect("a list");
    let said = &list.waiting_for_others[0].changes[0].after.label;
    assert_eq!(said.en, "New York's account managers write the agreed split");
    assert_eq!(said.ru, "Согласованное разделение ведут менеджеры Нью-Йорка");
}
