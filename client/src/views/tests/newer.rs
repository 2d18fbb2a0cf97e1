//! A document that a newer program made: followed, shown as far as it is understood, never written.

use automerge::transaction::Transactable;
use automerge::{AutoCommit, ROOT, ReadDoc};
use entente_shared::content::Section;
use entente_shared::crypto::Key;
use entente_shared::document::Divergence;
use entente_shared::kinds::Kind;
use entente_shared::ledger::{RULES_VERSION, Verdict};
use entente_shared::statement::{Act, HEADER_VERSION, Header, Payload, Seen, Statement};

use super::*;
use crate::replica::{CommandError, Effect, Event, Replica, Stored};

/// The matrix as the next version of this program might have it: with one more section.
fn next_matrix() -> Kind {
    let file = include_str!("../../../../shared/kinds/matrix.toml").replacen("schema = 1", "schema = 2", 1);
    let budget = r#"
[[sections]]
name = "budget"
label = { ru = "Бюджет", en = "Budget" }
[[sections.fields]]
key = "note"
type = "text"
label = { ru = "Примечание", en = "Note" }
"#;
    Kind::parse(&(file + budget)).expect("a kind")
}

/// A newer program on Anna's or Dana's device.
struct Newer {
    kind: Kind,
    document: DocumentId,
    world: World,
    made: u8,
}

impl Newer {
    fn created() -> Self {
        let world = World::in_force();
        let document = DocumentId::new(world.now_ms, [5; 10]);
        let mut newer = Self { kind: next_matrix(), document, world, made: 0 };
        let sections = ["budget", "functions", "talk"].map(SectionId::new).to_vec();
        let act = Act::Create { kind: "matrix".into(), schema: 2, title: "Next year".into(), sections };
        let created = newer.sign(1, act, Vec::new());
        newer.enter(created, false);
        newer
    }

    fn sign(&self, secret: u8, act: Act, parts: Vec<(SectionId, Payload)>) -> Statement {
        let charter = self.world.anna.replica.charter().and_then(|charter| charter.document().head());
        let key = Key::from_secret([secret; 32]);
        let header = Header {
            version: HEADER_VERSION,
            partnership: Some(self.world.anna.replica.profile().partnership),
            document: self.document,
            device: key.device(),
            seen: Seen { document: None, charter },
            clock_ms: self.world.now_ms,
            act,
            parts: Vec::new(),
        };
        Statement::sign(&key, header, parts)
    }

    /// A change of a section, built on what it begins with in the newer schema.
    fn change(&mut self, secret: u8, section: &str, write: impl FnOnce(&mut AutoCommit)) -> Statement {
        self.made += 1;
        let (section, nonce) = (SectionId::new(section), ActorNonce([self.made; 16]));
        let genesis = self.kind.genesis(&section).expect("a section of the newer kind");
        let mut content = Section::from_genesis(&genesis).expect("a genesis");
        let device = Key::from_secret([secret; 32]).device();
        content.set_actor(ActorKey::derive(device, self.document, &section, nonce));
        write(content.doc_mut());
        let hash = content.doc_mut().commit().expect("a change");
        let change = content.doc_mut().get_change_by_hash(&hash).expect("it").bytes().into_owned();
        let payload =
            Payload { salt: [self.made; 16], nonce: Some(nonce), changes: vec![change.into()], text: None };
        self.sign(secret, Act::Edit { after: Vec::new(), replaces: None }, vec![(section, payload)])
    }

    fn enter(&mut self, statement: Statement, held: bool) {
        let rule = RuleId::new("talk");
        let verdict = if held { Verdict::Held { rule } } else { Verdict::Admitted { rule } };
        self.world.relay.enter_newer(statement, verdict);
    }

    /// Anna wrote the budget and a message with a field that this program does not know, and Dana
    /// suggested a function.
    fn written() -> Self {
        let mut newer = Self::created();
        let budget = newer.change(1, "budget", |doc| {
            let (_, note) = doc.get(ROOT, "note").expect("a field").expect("a text");
            doc.splice_text(&note, 0, 0, "120000 RUB").expect("a text");
        });
        newer.enter(budget, false);
        let message = newer.change(2, "talk", |doc| {
            let (_, rows) = doc.get(ROOT, "messages").expect("a field").expect("rows");
            let row = doc.put_object(&rows, "0190d1f2-0000-7000-8000-000000000001", automerge::ObjType::Map);
            let row = row.expect("a row");
            doc.put(&row, "order", "a0").expect("an order");
            let text = doc.put_object(&row, "text", automerge::ObjType::Text).expect("a text");
            doc.splice_text(&text, 0, 0, "Shall we plan the spring, too?").expect("a text");
            doc.put(&row, "mood", "curious").expect("a field of the newer schema");
        });
        newer.enter(message, false);
        let suggested = newer.change(2, "functions", |doc| {
            doc.put(ROOT, "year", 2027).expect("a field of the newer schema");
        });
        newer.enter(suggested, true);
        newer.world.sync_all();
        newer
    }

    fn shown(&self, replica: &Replica) -> DocShow {
        DocShow::of(replica, self.document, self.world.now_ms).expect("a document that is here")
    }
}

fn reopened(device: &Device, now_ms: u64) -> Replica {
    let mut open = device.replica.clone();
    let key = open.key().clone();
    open.take_effects();
    let profile = entente_shared::codec::encode(open.profile());
    let records = vec![(b"profile".to_vec(), profile)];
    let stored = Stored { ledgers: device.kept.clone(), records, ..Stored::default() };
    Replica::open(key, stored, now_ms).expect("a folder that opens")
}

#[test]
fn a_document_of_a_newer_schema_is_listed_and_shown_as_far_as_it_is_understood() {
    let newer = Newer::written();
    let replica = &newer.world.anna.replica;
    assert!(replica.stopped().is_empty(), "{:?}", replica.stopped());
    let list = DocList::of(replica, newer.world.now_ms).expect("a list");
    let line = list.documents.iter().find(|line| line.document == newer.document).expect("its line");
    assert_eq!((line.read_only, line.waiting, line.stopped.as_ref()), (true, 1, None));
    let shown = newer.shown(replica);
    let read_only = shown.read_only.as_ref().expect("read-only");
    assert_eq!((read_only.schema, read_only.known_schema, read_only.entries), (2, Some(1), 4));
    let unread: Vec<_> = read_only.sections.iter().map(|one| (one.section.as_str(), one.changes)).collect();
    assert_eq!(unread, [("budget", 1), ("functions", 0)]);
    let unknown: Vec<_> = shown.unknown.iter().map(|one| (one.field.as_str(), one.count)).collect();
    assert_eq!(unknown, [("messages.mood", 1)]);
    let json = serde_json::to_value(&shown).expect("JSON");
    assert_eq!(json["read_only"]["sections"][0]["person"]["name"], "Anna Orlova");
    assert_eq!(json["content"]["sections"][0]["id"], "talk");
    for lang in [Lang::En, Lang::Ru] {
        let words = Words::new(lang);
        let text = shown.text(&words);
        let status = Status::of(replica, newer.world.now_ms).expect("a status").text(&words);
        for said in [&text, &list.text(&words), &status] {
            assert!(said.contains("Next year") && said.contains("Entente"), "{said}");
        }
        assert!(text.contains("Shall we plan the spring, too?") && text.contains("mood"), "{text}");
        assert!(!text.contains("120000"), "what is not understood is not guessed: {text}");
    }
}

#[test]
fn nothing_is_written_into_a_document_of_a_newer_schema() {
    let mut newer = Newer::written();
    let (document, now_ms) = (newer.document, newer.world.now_ms);
    newer.world.anna.replica.take_effects();
    let path = Path::new(["messages", "0190d1f2-0000-7000-8000-000000000001", "order"]);
    let command = EditCommand::SetScalar { path, value: entente_shared::content::Value::string("a1") };
    let edited = newer
        .world
        .anna
        .at(now_ms, |replica, now| replica.edit(now, document, &SectionId::new("talk"), command));
    assert_eq!(edited, Err(CommandError::TooNew));
    assert_eq!(newer.world.anna.replica.take_effects(), []);
    assert_eq!(newer.world.anna.replica.not_on_relay(), (0, 0));
}

#[test]
fn a_document_of_a_newer_schema_is_kept_whole_and_goes_on_after_opening_again() {
    let mut newer = Newer::written();
    let before = newer.shown(&newer.world.anna.replica).text(&Words::new(Lang::En));
    let again = reopened(&newer.world.anna, newer.world.now_ms);
    assert_eq!(newer.shown(&again).text(&Words::new(Lang::En)), before);
    newer.world.anna.replica = again;
    let more = newer.change(1, "budget", |doc| doc.put(ROOT, "currency", "RUB").expect("a field"));
    newer.enter(more, false);
    newer.world.sync_all();
    let shown = newer.shown(&newer.world.anna.replica);
    assert_eq!(shown.read_only.as_ref().map(|one| one.entries), Some(5));
    let reports = World::verify(&newer.world.anna);
    let report = reports.iter().find(|report| report.document == newer.document).expect("its report");
    assert_eq!((report.attested, report.verified, report.newer, report.is_good()), (5, 0, true, true));
    let verified = Verified::of(&newer.world.anna.replica, &reports).text(&Words::new(Lang::En));
    assert!(verified.contains("a newer version of this program"), "{verified}");
}

#[test]
fn what_is_altered_in_a_document_of_a_newer_schema_is_not_taken() {
    let mut newer = Newer::written();
    let before = newer.shown(&newer.world.anna.replica).text(&Words::new(Lang::En));
    let more = newer.change(1, "budget", |doc| doc.put(ROOT, "currency", "RUB").expect("a field"));
    newer.enter(more, false);
    newer.world.relay.alter_last(newer.document, |entry| entry.previous = Some(EntryHash([9; 32])));
    newer.world.sync_all();
    let replica = &newer.world.anna.replica;
    assert!(matches!(replica.stopped().get(&newer.document), Some(Divergence::NotNext { seq: 4 })));
    assert_eq!(newer.shown(replica).text(&Words::new(Lang::En)), before);
    assert_eq!(newer.world.anna.kept[&newer.document].len(), 4);
}

#[test]
fn a_newer_rules_version_is_said_at_opening_before_anybody_connects() {
    let mut newer = Newer::written();
    let more = newer.change(1, "budget", |doc| doc.put(ROOT, "currency", "RUB").expect("a field"));
    newer.enter(more, false);
    newer.world.relay.alter_last(newer.document, |entry| entry.rules_version = RULES_VERSION + 1);
    newer.world.sync_all();
    let is_too_new = |replica: &Replica| {
        matches!(replica.stopped().get(&newer.document), Some(Divergence::TooNew { seq: 4, .. }))
    };
    let anna = &newer.world.anna;
    assert!(is_too_new(&anna.replica), "{:?}", anna.replica.stopped());
    let open = |records: Vec<(Vec<u8>, Vec<u8>)>| {
        let stored = Stored { ledgers: anna.kept.clone(), records, ..Stored::default() };
        Replica::open(anna.replica.key().clone(), stored, newer.world.now_ms).expect("a folder that opens")
    };
    let records: Vec<_> = anna.records.clone().into_iter().collect();
    let mut again = open(records.clone());
    assert!(is_too_new(&again), "{:?}", again.stopped());
    let said = again.take_effects().into_iter().any(|effect| {
        matches!(effect, Effect::Tell(Event::Diverged { document, .. }) if document == newer.document)
    });
    assert!(said, "it is said at once");
    // Without what was kept, nothing would show before the next sync.
    let forgotten: Vec<_> = records.into_iter().filter(|(key, _)| !key.starts_with(b"stop/")).collect();
    assert!(open(forgotten).stopped().is_empty());
}
