//! The engine without a browser: what it stores, says and understands.

use entente_client::replica::{Effect, Now, Stored as StoredLedgers};
use entente_shared::crypto::Key;
use serde_json::{Value, json};

use crate::{Command, Engine, Look, Started};

const NOW_MS: u64 = 1_795_000_000_000;

/// A founding link whose token and relay key are bytes of one.
fn founding_link() -> String {
    format!("http://127.0.0.1:4040/#found-{}", "AQEB".repeat(16))
}

fn wish(link: &str, me: &str) -> Value {
    json!({
        "link": link,
        "teams": [
            { "name": "Мороша", "zone": "Europe/Moscow" },
            { "name": "Harbor", "zone": "America/New_York" },
        ],
        "me": me,
    })
}

fn found(wish: Value) -> Result<Started, crate::Failed> {
    let mut count = 0_u8;
    let mut random = |bytes: &mut [u8]| {
        count = count.wrapping_add(1);
        bytes.fill(count);
    };
    let mut now = Now { ms: NOW_MS, random: &mut random };
    Engine::found(&mut now, &serde_json::from_value(wish).expect("a wish"))
}

fn effects(engine: &mut Engine) -> Vec<Effect> {
    let mut random = |bytes: &mut [u8]| bytes.fill(9);
    engine.take_effects(&mut Now { ms: NOW_MS, random: &mut random })
}

#[test]
fn a_founding_is_stored_before_anything_is_sent_and_is_found_again() {
    let started = found(wish(&founding_link(), "Анна Орлова")).expect("a founding");
    let mut engine = started.engine;
    let secret = engine.replica().key().secret();
    let mut records = Vec::new();
    for effect in effects(&mut engine) {
        let Effect::Write { key, value: Some(value) } = effect else {
            panic!("before a connection there is nothing but writing: {effect:?}");
        };
        records.push((key, value));
    }
    let stored = StoredLedgers { records, ..StoredLedgers::default() };
    let again = Engine::open(Key::from_secret(secret), stored, NOW_MS + 1).expect("what was founded");
    assert_eq!(again.replica().profile(), engine.replica().profile());
    let waiting =
        |engine: &Engine| engine.replica().outgoing().map(|one| one.statement.id).collect::<Vec<_>>();
    assert_eq!(waiting(&again), waiting(&engine));
    assert_eq!(waiting(&again).len(), 1);
    let planned = again.memory.planned().expect("the other team is still to be added");
    assert_eq!(planned.teams.iter().map(|team| team.name.as_str()).collect::<Vec<_>>(), ["Harbor"]);
    assert_eq!(started.answer["profile"], again.replica().profile().partnership.to_hex());
}

#[test]
fn what_does_not_fit_is_said_in_both_languages() {
    for (wish, part) in [
        (wish("https://relay.example/join#AAAA", "Anna"), "link"),
        (wish(&founding_link(), "  "), "who you are"),
        (
            json!({ "link": founding_link(), "me": "Anna", "teams": [{ "name": "A", "zone": "Mars/Olympus" }] }),
            "Mars/Olympus",
        ),
        (json!({ "link": founding_link(), "me": "Anna", "teams": [] }), "team"),
    ] {
        let problem = found(wish).err().expect("something does not fit");
        assert_eq!(problem.code, "usage");
        assert!(problem.said.en.contains(part), "{}", problem.said.en);
        assert!(problem.said.ru.chars().any(|letter| matches!(letter, 'а'..='я')), "{}", problem.said.ru);
    }
}

#[test]
fn what_the_interface_keeps_is_there_after_a_restart_and_can_be_forgotten() {
    let mut engine = found(wish(&founding_link(), "Anna")).expect("a founding").engine;
    let mut random = |bytes: &mut [u8]| bytes.fill(7);
    let mut now = Now { ms: NOW_MS, random: &mut random };
    for (key, value) in [("lang", Some("ru")), ("tray", Some("[1]")), ("tray", None)] {
        let command = json!({ "remember": { "key": key, "value": value } });
        let command: Command = serde_json::from_value(command).expect("a command");
        engine.command(&mut now, command).expect("it is kept");
    }
    let mut records = std::collections::BTreeMap::new();
    for effect in effects(&mut engine) {
        if let Effect::Write { key, value } = effect {
            match value {
                Some(value) => records.insert(key, value),
                None => records.remove(&key),
            };
        }
    }
    let stored = StoredLedgers { records: records.into_iter().collect(), ..StoredLedgers::default() };
    let key = Key::from_secret(engine.replica().key().secret());
    let again = Engine::open(key, stored, NOW_MS).expect("what was founded");
    assert_eq!(again.memory.kept("lang"), Some("ru"));
    assert_eq!(again.memory.kept("tray"), None);
}

#[test]
fn a_text_of_a_document_that_is_not_here_has_no_mark() {
    let engine = found(wish(&founding_link(), "Anna")).expect("a founding").engine;
    let (document, section) =
        (entente_shared::ids::DocumentId([7; 16]), entente_shared::ids::SectionId::new("split"));
    assert_eq!(engine.text_mark(document, &section, &entente_shared::content::Path::default()), None);
}

/// As `contract.ts` writes them.
#[test]
fn commands_and_views_are_read_as_the_contract_writes_them() {
    let document = "0".repeat(32);
    let edits = json!([{ "section": "party/moscow", "commands": [
        { "set_scalar": { "path": ["functions", "a", "claim"], "value": { "string": "own" } } },
        { "set_scalar": { "path": ["functions", "a", "person"], "value": "null" } },
        { "splice_text": { "path": ["functions", "a", "note", "en"], "at": 0, "delete": 1, "insert": "ё" } },
    ] }]);
    for command in [
        json!({ "join": { "device": null } }),
        json!({ "edit": { "document": document, "edits": edits, "message": null } }),
        json!({ "foresee": { "document": document, "edits": edits } }),
        json!({ "commit": {} }),
        json!({ "sign-rules": {} }),
        json!({ "decline": { "statement": "1".repeat(64), "reason": "later", "send_back": true } }),
        json!({ "invite": { "device": true } }),
        json!({ "restore": { "document": document, "section": "s", "path": [], "to": { "time_ms": 5 } } }),
        json!({ "export": {} }),
    ] {
        let read = serde_json::from_value::<Command>(command.clone());
        assert!(read.is_ok(), "{command}: {:?}", read.err());
    }
    for look in [
        json!({ "app": {} }),
        json!({ "status": {} }),
        json!({ "document": { "document": document } }),
        json!({ "text": { "document": document, "section": "s", "path": ["a", "ru"] } }),
    ] {
        let read = serde_json::from_value::<Look>(look.clone());
        assert!(read.is_ok(), "{look}: {:?}", read.err());
    }
}
