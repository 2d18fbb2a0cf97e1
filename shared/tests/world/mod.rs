//! A partnership of two teams, without relay, store or clock: the same bytes in every run.
#![allow(dead_code, reason = "each test uses a part of it")]

pub mod banded;

use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjId, ObjType, ROOT, ReadDoc};
use entente_shared::charter::Charter;
use entente_shared::content::Section;
use entente_shared::crypto::{Key, Purpose};
use entente_shared::document::{KnownSection, Outcome, Told};
use entente_shared::follow::Follower;
use entente_shared::ids::*;
use entente_shared::judge::Refusal;
use entente_shared::kinds;
use entente_shared::ledger::RULES_VERSION;
use entente_shared::rules::{Rule, Rules};
use entente_shared::statement::*;

pub const T0: u64 = 1_795_539_900_000;

/// Builds one payload by editing a copy of a section's content.
pub fn payload(
    key: &Key,
    document: DocumentId,
    section: &SectionId,
    base: &Section,
    seed: u8,
    edit: impl FnOnce(&mut AutoCommit),
) -> Payload {
    let nonce = ActorNonce([seed; 16]);
    let mut copy = base.clone();
    let have: Vec<_> = copy.heads().into_iter().map(Into::into).collect();
    copy.set_actor(ActorKey::derive(key.device(), document, section, nonce));
    edit(copy.doc_mut());
    copy.doc_mut().commit();
    let changes = copy.doc_mut().get_changes(&have);
    let changes = changes.iter().map(|change| change.raw_bytes().to_vec().into()).collect();
    Payload { salt: [seed; 16], nonce: Some(nonce), changes, text: None }
}

pub fn genesis(kind: &str, section: &SectionId) -> Section {
    let kind = kinds::newest(&KindId::new(kind)).unwrap();
    Section::from_genesis(&kind.genesis(section).unwrap()).unwrap()
}

pub fn container(doc: &AutoCommit, name: &str) -> ObjId {
    doc.get(ROOT, name).unwrap().unwrap().1
}

pub fn row(doc: &mut AutoCommit, name: &str, key: &str, fields: &[(&str, &str)]) {
    let map = container(doc, name);
    let row = doc.put_object(&map, key, ObjType::Map).unwrap();
    for (field, value) in fields {
        doc.put(&row, *field, *value).unwrap();
    }
}

pub fn team(doc: &mut AutoCommit, id: &str, name: &str, market: &str, zone: &str) {
    let fields = [
        ("name_ru", name),
        ("name_en", name),
        ("market", market),
        ("zone", zone),
        ("work", "Mon-Fri 10:00-19:00"),
        ("language", "en"),
    ];
    row(doc, "parties", id, &fields);
}

pub fn header(partnership: Option<PartnershipId>, document: DocumentId, seen: Seen, act: Act) -> Header {
    let device = DeviceId([0; 32]);
    Header { version: 1, partnership, document, device, seen, clock_ms: T0, act, parts: vec![] }
}

pub struct World {
    pub charter: Charter,
    pub charter_id: DocumentId,
    pub partnership: PartnershipId,
    pub anna: Key,
    pub dana: Key,
    pub entries: Vec<(Statement, Outcome)>,
    pub now: u64,
    seed: u8,
}

impl World {
    pub fn found() -> Self {
        Self::found_with(RULES_VERSION, "")
    }

    /// Founds the partnership under a rules version, with rules beside the standard ones.
    pub fn found_with(rules_version: u32, more: &str) -> Self {
        let anna = Key::from_secret([1; 32]);
        let charter_id = DocumentId::new(T0, [7; 10]);
        let anna_id = PersonId([1; 16]);
        let moscow = PartyId::new("moscow");
        let mut rules = Rules::standard(&moscow).unwrap().to_stored();
        rules.retain(|id, text| Rule::parse(id, text, rules_version).is_ok());
        rules.extend(Rules::from_toml(more).unwrap().to_stored());
        let make = |name: &str, seed, edit: &dyn Fn(&mut AutoCommit)| {
            let id = SectionId::new(name);
            let payload = payload(&anna, charter_id, &id, &genesis("charter", &id), seed, |doc| edit(doc));
            (id, payload)
        };
        let parts = vec![
            make("parties", 1, &|doc| team(doc, "moscow", "Morosha", "ru", "Europe/Moscow")),
            make("people/moscow", 2, &|doc| {
                row(doc, "people", &anna_id.to_hex(), &[("name", "Anna Orlova"), ("roles", "lead")]);
            }),
            make("rules", 3, &|doc| {
                let map = container(doc, "rules");
                for (id, text) in &rules {
                    doc.put(&map, id.as_str(), text.as_str()).unwrap();
                }
            }),
        ];
        let act = Act::Found {
            rules_version,
            relay: Key::from_secret([9; 32]).relay(),
            party: moscow,
            person: anna_id,
            label: "laptop".into(),
            recovery: Key::from_secret([8; 32]).device(),
        };
        let statement = Statement::sign(&anna, header(None, charter_id, Seen::default(), act), parts);
        let (charter, outcome) = Charter::found(&statement, T0).unwrap();
        let partnership = statement.partnership();
        let dana = Key::from_secret([2; 32]);
        let entries = vec![(statement, outcome)];
        Self { charter, charter_id, partnership, anna, dana, entries, now: T0, seed: 10 }
    }

    pub fn statement(&self, key: &Key, act: Act, parts: Vec<(SectionId, Payload)>) -> Statement {
        let head = self.charter.line().head();
        let seen = Seen { document: head, charter: head };
        Statement::sign(key, header(Some(self.partnership), self.charter_id, seen, act), parts)
    }

    pub fn append(&mut self, statement: Statement) -> Result<Outcome, Refusal> {
        self.now += 1000;
        let outcome = self.charter.append(&statement, self.now, None)?;
        self.entries.push((statement, outcome.clone()));
        Ok(outcome)
    }

    pub fn edit(&mut self, key: &Key, section: &str, edit: impl FnOnce(&mut AutoCommit)) -> Statement {
        self.seed += 1;
        let id = SectionId::new(section);
        let sections = self.charter.court().sections();
        let base = sections.get(&id).cloned().unwrap_or_else(|| genesis("charter", &id));
        let payload = payload(key, self.charter_id, &id, &base, self.seed, edit);
        self.statement(key, Act::Edit { after: vec![], replaces: None }, vec![(id, payload)])
    }

    pub fn sign(&mut self, key: &Key) -> Result<Outcome, Refusal> {
        let items = ["parties", "rules"].map(|name| {
            let section = SectionId::new(name);
            let mut content = self.charter.court().sections()[&section].clone();
            SignedContent { section, heads: content.heads(), digest: content.digest() }
        });
        let statement = self.statement(key, Act::Sign { items: items.to_vec() }, vec![]);
        self.append(statement)
    }

    /// Lets `by` invite somebody, who joins with `key`.
    pub fn join(&mut self, by: &Key, key: &Key, (party, role, id): (&str, &str, u8)) -> Act {
        let invite = Key::from_secret([100 + id; 32]);
        let section = SectionId::new(format!("people/{party}"));
        let person = PersonId([id; 16]);
        let sections = self.charter.court().sections();
        let content = sections.get(&section).cloned().unwrap_or_else(|| genesis("charter", &section));
        let added = payload(by, self.charter_id, &section, &content, 100 + id, |doc| {
            row(doc, "people", &person.to_hex(), &[("name", "Somebody"), ("roles", role)]);
        });
        let expires_ms = self.now + 3_600_000;
        let act = Act::Invite { invite: invite.invite(), party: party.into(), person, expires_ms };
        let statement = self.statement(by, act, vec![(section, added)]);
        assert!(!self.append(statement).unwrap().entry.verdict.is_held());
        let consent = invite.sign(Purpose::Enrol, &[&self.partnership.0, &key.device().0]);
        let act = Act::Enrol { invite: invite.invite(), label: "phone".into(), consent, recovery: None };
        let statement = self.statement(key, act.clone(), vec![]);
        assert!(!self.append(statement).unwrap().entry.verdict.is_held());
        act
    }

    pub fn invite_dana(&mut self) {
        let (anna, dana) = (self.anna.clone(), self.dana.clone());
        let statement =
            self.edit(&anna, "parties", |doc| team(doc, "newyork", "Harlow", "us", "America/New_York"));
        assert!(!self.append(statement).unwrap().entry.verdict.is_held());
        let act = self.join(&anna, &dana, ("newyork", "lead", 2));
        let again = self.statement(&Key::from_secret([66; 32]), act, vec![]);
        assert!(matches!(self.append(again), Err(Refusal::Invitation { .. })));
    }
}

/// A document of a partnership, with every statement that entered it.
pub struct Paper {
    pub id: DocumentId,
    pub follower: Follower,
    pub entries: Vec<(Statement, Outcome)>,
    seed: u8,
}

impl Paper {
    /// Creates a document of `kind`.
    pub fn create(world: &mut World, by: &Key, kind: &str, sections: &[&str]) -> Self {
        let id = DocumentId::new(T0, [9; 10]);
        let sections = sections.iter().map(|name| SectionId::new(*name)).collect();
        let act = Act::Create { kind: kind.into(), schema: 1, title: "Winter".into(), sections };
        let seen = Seen { document: None, charter: world.charter.line().head() };
        let statement = Statement::sign(by, header(Some(world.partnership), id, seen, act), vec![]);
        let follower = Follower::begin(&statement).unwrap();
        let mut paper = Self { id, follower, entries: Vec::new(), seed: 0 };
        paper.append(world, statement).unwrap();
        paper
    }

    /// A number that no payload was made with.
    pub fn next_seed(&mut self) -> u8 {
        self.seed += 1;
        self.seed
    }

    /// Signs a statement that has seen everything.
    pub fn statement(
        &self,
        world: &World,
        by: &Key,
        act: Act,
        parts: Vec<(SectionId, Payload)>,
    ) -> Statement {
        let seen = Seen { document: self.follower.document().head(), charter: world.charter.line().head() };
        Statement::sign(by, header(Some(world.partnership), self.id, seen, act), parts)
    }

    /// Enters a statement a second after the last one.
    pub fn append(&mut self, world: &mut World, statement: Statement) -> Result<Outcome, Refusal> {
        world.now += 1000;
        let outcome = self.follower.append(world.charter.line(), &statement, world.now)?;
        self.entries.push((statement, outcome.clone()));
        Ok(outcome)
    }

    /// States something without changes.
    pub fn state(&mut self, world: &mut World, by: &Key, act: Act) -> Result<Outcome, Refusal> {
        let statement = self.statement(world, by, act, vec![]);
        self.append(world, statement)
    }

    /// Writes an edit on everything that is in effect; it is not entered yet.
    pub fn edit(
        &mut self,
        world: &World,
        by: &Key,
        section: &str,
        edit: impl FnOnce(&mut AutoCommit),
    ) -> Statement {
        let base = self.content(section);
        self.edit_on(world, by, section, &base, edit)
    }

    /// Writes an edit on some content.
    pub fn edit_on(
        &mut self,
        world: &World,
        by: &Key,
        section: &str,
        base: &Section,
        edit: impl FnOnce(&mut AutoCommit),
    ) -> Statement {
        self.seed += 1;
        let section = SectionId::new(section);
        let payload = payload(by, self.id, &section, base, self.seed, edit);
        self.statement(world, by, Act::Edit { after: vec![], replaces: None }, vec![(section, payload)])
    }

    /// The effective content of a section.
    pub fn content(&mut self, section: &str) -> Section {
        self.follower.content(&SectionId::new(section)).unwrap()
    }

    /// The state of a section.
    pub fn section(&self, section: &str) -> &KnownSection {
        self.follower.document().sections()[&SectionId::new(section)].known().unwrap()
    }

    /// The present version of a section.
    pub fn version(&self, section: &str) -> SectionHeads {
        SectionHeads { section: section.into(), heads: self.section(section).index.heads().to_vec() }
    }

    /// Asks for the approval of the present version of a section.
    pub fn ask(
        &mut self,
        world: &mut World,
        by: &Key,
        section: &str,
        replaces: Option<StatementId>,
    ) -> Result<StatementId, Refusal> {
        self.seed += 1;
        let words = Payload { salt: [self.seed; 16], text: Some("please".into()), ..Payload::default() };
        let act = Act::Ask { version: self.version(section), replaces, due_ms: None };
        let statement = self.statement(world, by, act, vec![(section.into(), words)]);
        let id = statement.id;
        let outcome = self.append(world, statement)?;
        assert!(outcome.entry.verdict.is_held());
        Ok(id)
    }

    /// Endorses what waits, on the present heads of a section.
    pub fn endorse(
        &mut self,
        world: &mut World,
        by: &Key,
        target: StatementId,
        section: &str,
    ) -> Result<Outcome, Refusal> {
        let heads = vec![self.version(section)];
        self.state(world, by, Act::Endorse { target, capacity: Capacity::Decider, heads })
    }

    /// Signs the content of a section as it stands.
    pub fn sign(&mut self, world: &mut World, by: &Key, section: &str) -> Result<Outcome, Refusal> {
        let mut content = self.content(section);
        let item =
            SignedContent { section: section.into(), heads: content.heads(), digest: content.digest() };
        self.state(world, by, Act::Sign { items: vec![item] })
    }

    /// Checks that whoever replays the entries reaches the same.
    pub fn replays(&self, world: &World) {
        let mut replica = Follower::begin(&self.entries[0].0).unwrap();
        for (statement, outcome) in &self.entries {
            let told = Told { entry: &outcome.entry, redaction: None };
            replica.replay(world.charter.line(), statement, told).unwrap();
        }
        assert_eq!(replica.document().head(), self.follower.document().head());
    }
}
