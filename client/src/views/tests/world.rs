//! A small world: devices with real replicas, and a relay that enters what it is sent.

use std::collections::BTreeMap;
use std::collections::btree_map;

use entente_shared::charter::Charter;
use entente_shared::codec;
use entente_shared::content::{EditCommand, Path, Value};
use entente_shared::crypto::{Key, Purpose};
use entente_shared::document::Outcome;
use entente_shared::follow::Follower;
use entente_shared::ids::*;
use entente_shared::judge::Refusal;
use entente_shared::ledger::{Checkpoint, Entry, Position, RULES_VERSION, SignedCheckpoint, Verdict};
use entente_shared::statement::{Act, Statement};
use entente_shared::verify::{Evidence, LedgerReport, Verifier};
use entente_shared::wire::*;

use crate::replica::{Effect, Founding, InviteWish, JoinPass, Kept, Now, Profile, Replica, founding};
use crate::zones;

pub const MINUTE: u64 = 60_000;
/// Tuesday 24 November 2026, 17:30 in Moscow, 09:30 in New York.
pub const TUESDAY: u64 = 1_795_530_600_000;

/// Bytes that never repeat and are the same in every run.
pub struct Dice(u64);

impl Dice {
    fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            self.0 += 1;
            let drawn = sha256(&[&self.0.to_be_bytes()]);
            chunk.copy_from_slice(&drawn[..chunk.len()]);
        }
    }
}

/// One person's device.
pub struct Device {
    pub replica: Replica,
    pub kept: BTreeMap<DocumentId, Vec<Kept>>,
    pub records: BTreeMap<Vec<u8>, Vec<u8>>,
    dice: Dice,
}

impl Device {
    /// Does something at a time.
    pub fn at<T>(&mut self, now_ms: u64, act: impl FnOnce(&mut Replica, &mut Now<'_>) -> T) -> T {
        let dice = &mut self.dice;
        let mut random = |bytes: &mut [u8]| dice.fill(bytes);
        act(&mut self.replica, &mut Now { ms: now_ms, random: &mut random })
    }

    /// Sets a field.
    pub fn set(&mut self, now_ms: u64, document: DocumentId, section: &str, path: &str, value: &str) {
        let path = Path::from(path);
        let command = EditCommand::SetScalar { path, value: Value::string(value) };
        let section = SectionId::new(section);
        self.at(now_ms, |replica, now| replica.edit(now, document, &section, command))
            .expect("an edit that somebody may suggest");
    }
}

/// The relay: enters in the order in which it is sent.
pub struct Relay {
    key: Key,
    charter: Option<Charter>,
    documents: BTreeMap<DocumentId, Follower>,
    entries: BTreeMap<DocumentId, Vec<Delivery>>,
    /// Heads of documents that only a newer program can judge.
    newer: BTreeMap<DocumentId, Position>,
    time_ms: u64,
}

impl Relay {
    pub fn new() -> Self {
        Self {
            key: Key::from_secret([0x4e; 32]),
            charter: None,
            documents: BTreeMap::new(),
            entries: BTreeMap::new(),
            newer: BTreeMap::new(),
            time_ms: 0,
        }
    }

    pub fn id(&self) -> RelayId {
        RelayId(self.key.device().0)
    }

    fn head(&self, document: DocumentId) -> Option<Position> {
        match &self.charter {
            Some(charter) if charter.document().id() == document => charter.document().head(),
            _ => match self.newer.get(&document) {
                Some(head) => Some(*head),
                None => self.documents.get(&document)?.document().head(),
            },
        }
    }

    fn checkpoint(&self, document: DocumentId) -> Option<SignedCheckpoint> {
        let partnership = self.charter.as_ref()?.document().partnership();
        let checkpoint = Checkpoint {
            partnership,
            document,
            head: self.head(document)?,
            time_ms: self.time_ms,
            incarnation: Incarnation([1; 16]),
        };
        Some(SignedCheckpoint::sign(&self.key, checkpoint))
    }

    fn enter(&mut self, statement: &Statement) -> Result<Outcome, Refusal> {
        let (document, time_ms) = (statement.header.document, self.time_ms);
        if matches!(statement.header.act, Act::Found { .. }) {
            let (charter, outcome) = Charter::found(statement, time_ms)?;
            self.charter = Some(charter);
            return Ok(outcome);
        }
        let charter = self.charter.as_mut().ok_or(Refusal::UnknownDevice)?;
        if charter.document().id() == document {
            return charter.append(statement, time_ms, None);
        }
        let line = charter.line();
        let follower = match self.documents.entry(document) {
            btree_map::Entry::Occupied(found) => found.into_mut(),
            btree_map::Entry::Vacant(free) => free.insert(Follower::begin(statement)?),
        };
        follower.append(line, statement, time_ms)
    }

    /// Enters a statement as a relay of a newer version would, which can judge it.
    pub fn enter_newer(&mut self, statement: Statement, verdict: Verdict) {
        self.time_ms += MINUTE;
        let charter = self.charter.as_ref().expect("a partnership");
        let document = statement.header.document;
        let last = self.newer.get(&document);
        let entry = Entry {
            partnership: charter.document().partnership(),
            document,
            seq: last.map_or(0, |last| last.seq + 1),
            previous: last.map(|last| last.hash),
            charter: charter.line().head(),
            time_ms: self.time_ms,
            statement: statement.id,
            verdict,
            sections: statement.header.parts.iter().map(|part| part.section.clone()).collect(),
            state: StateDigest([7; 32]),
            rules_version: RULES_VERSION,
        };
        self.newer.insert(document, entry.position());
        let delivery =
            Delivery { entry: codec::encode(&entry), envelope: statement.envelope, redaction: None };
        self.entries.entry(document).or_default().push(delivery);
    }

    /// Alters the last entry of a document.
    pub fn alter_last(&mut self, document: DocumentId, alter: impl FnOnce(&mut Entry)) {
        let last = self.entries.get_mut(&document).and_then(|entries| entries.last_mut()).expect("an entry");
        let mut entry: Entry = codec::decode("entry", &last.entry, 1 << 20).expect("an entry");
        alter(&mut entry);
        last.entry = codec::encode(&entry);
        self.newer.insert(document, entry.position());
    }

    /// The entries after what a device knows, the charter first.
    fn entries_after(&self, known: &BTreeMap<DocumentId, u64>) -> Vec<RelayFrame> {
        let Some(charter) = &self.charter else { return Vec::new() };
        let first = charter.document().id();
        let mut order: Vec<_> = self.entries.keys().copied().collect();
        order.sort_by_key(|document| *document != first);
        let frame = |document: DocumentId| {
            let from = known.get(&document).map_or(0, |seq| *seq as usize + 1);
            let deliveries = self.entries[&document].get(from..)?.to_vec();
            let checkpoint = self.checkpoint(document)?;
            (!deliveries.is_empty()).then_some(RelayFrame::Entries { document, deliveries, checkpoint })
        };
        order.into_iter().filter_map(frame).collect()
    }

    fn answer(&mut self, frame: ClientFrame, known: &mut BTreeMap<DocumentId, u64>) -> Vec<RelayFrame> {
        match frame {
            ClientFrame::Subscribe { known: told, .. } => {
                known.extend(told.iter().map(|one| (one.document, one.head.seq)));
                let mut frames = self.entries_after(known);
                let all = self.entries.keys().filter_map(|document| self.checkpoint(*document));
                frames.push(RelayFrame::Heads { checkpoints: all.collect() });
                frames
            }
            ClientFrame::Submit { statements } => {
                let mut answers = Vec::new();
                for envelope in statements {
                    let statement = Statement::open_verified(envelope.clone()).expect("well signed");
                    self.time_ms += 1;
                    let answer = match self.enter(&statement) {
                        Err(refusal) => Answer::Refused { refusal },
                        Ok(outcome) => {
                            let entry = codec::encode(&outcome.entry);
                            let delivery = Delivery { entry, envelope, redaction: None };
                            self.entries.entry(statement.header.document).or_default().push(delivery);
                            Answer::Entered { position: outcome.position, verdict: outcome.entry.verdict }
                        }
                    };
                    answers.push(RelayFrame::Answer { statement: statement.id, answer });
                }
                let mut frames = self.entries_after(known);
                frames.extend(answers);
                frames
            }
            _ => Vec::new(),
        }
    }

    /// Connects a device, exchanges everything, and leaves it connected.
    pub fn sync(&mut self, device: &mut Device, now_ms: u64) {
        self.time_ms = self.time_ms.max(now_ms);
        device.replica.connected(true);
        let challenge = RelayFrame::Challenge { version: PROTOCOL_VERSION, nonce: [9; 16], relay: self.id() };
        let mut frames = vec![challenge];
        let mut known = BTreeMap::new();
        while !frames.is_empty() {
            for frame in std::mem::take(&mut frames) {
                let bytes = codec::encode(&frame);
                device.at(now_ms, |replica, now| replica.receive(now, &bytes));
            }
            device.at(now_ms, |replica, now| replica.flush(now));
            for effect in device.replica.take_effects() {
                match effect {
                    Effect::Send(ClientFrame::Hello(hello)) => frames.push(self.welcome(&hello)),
                    Effect::Send(frame) => frames.extend(self.answer(frame, &mut known)),
                    Effect::Keep { document, entries } => {
                        known.extend(entries.last().map(|last| (document, last.position.seq)));
                        device.kept.entry(document).or_default().extend(entries);
                    }
                    Effect::Write { key, value: Some(value) } => drop(device.records.insert(key, value)),
                    Effect::Write { key, value: None } => drop(device.records.remove(&key)),
                    Effect::Close => panic!("the connection was closed"),
                    _ => {}
                }
            }
        }
    }

    fn welcome(&self, hello: &Hello) -> RelayFrame {
        let message = hello_message(&[9; 16], &hello.nonce, &hello.partnership, &self.id());
        let access = match hello.pass {
            Pass::Member => Access::Member,
            Pass::Invited { .. } => Access::Invited,
            Pass::Founding { .. } => Access::Founding,
        };
        RelayFrame::Welcome {
            signature: self.key.sign(Purpose::Welcome, &[&message]),
            incarnation: Incarnation([1; 16]),
            time_ms: self.time_ms,
            operator: "Morosha".into(),
            access,
        }
    }
}

fn device(number: u8, profile: Profile, first: Option<Statement>, dice: Dice) -> Device {
    let key = Key::from_secret([number; 32]);
    Device {
        replica: Replica::new(key, profile, first),
        kept: BTreeMap::new(),
        records: BTreeMap::new(),
        dice,
    }
}

fn calendar(zone: &str) -> Vec<(&'static str, String)> {
    let offsets = zones::offsets(zone, TUESDAY, TUESDAY).expect("a zone");
    vec![("offsets", offsets.to_string())]
}

fn party(name: (&str, &str), market: &str, zone: &str, work: &str) -> Vec<(&'static str, String)> {
    let fields = [
        ("name_ru", name.0),
        ("name_en", name.1),
        ("market", market),
        ("zone", zone),
        ("work", work),
        ("language", if market == "ru" { "ru" } else { "en" }),
    ];
    fields.into_iter().map(|(key, text)| (key, text.to_owned())).collect()
}

/// The partnership of the story: Anna founds it, Dana, Lee and Chris join from New York.
pub struct World {
    pub relay: Relay,
    pub anna: Device,
    pub dana: Device,
    pub lee: Device,
    pub chris: Device,
    /// The time by which everybody is there and the rules are in force.
    pub now_ms: u64,
}

impl World {
    /// Founds the partnership and lets everybody join; both leads have signed.
    pub fn in_force() -> Self {
        let mut world = Self::proposed();
        world.now_ms += MINUTE;
        let now_ms = world.now_ms;
        for device in [&mut world.anna, &mut world.dana] {
            world.relay.sync(device, now_ms);
            device.at(now_ms, |replica, now| replica.sign_rules(now)).expect("a lead signs");
            world.relay.sync(device, now_ms);
        }
        world.sync_all();
        world
    }

    /// The same before anybody has signed.
    pub fn proposed() -> Self {
        let mut relay = Relay::new();
        let mut dice = Dice(1000);
        let key = Key::from_secret([1; 32]);
        let wish = Founding {
            addresses: vec!["https://relay.example".into()],
            relay: relay.id(),
            token: b"token".to_vec(),
            party: (
                "moscow".into(),
                party(("Мороша", "Morosha"), "ru", "Europe/Moscow", "Mon-Fri 10:00-19:00"),
            ),
            calendar: calendar("Europe/Moscow"),
            title: "Winter launch".into(),
            person: "Anna Orlova".into(),
            device_label: "Anna's laptop".into(),
            recovery: Key::from_secret([77; 32]).device(),
        };
        let mut random = |bytes: &mut [u8]| dice.fill(bytes);
        let mut now = Now { ms: TUESDAY, random: &mut random };
        let (statement, profile) = founding(&mut now, &key, &wish).expect("a founding");
        let mut anna = device(1, profile, Some(statement), Dice(10_000));
        relay.sync(&mut anna, TUESDAY);
        relay.sync(&mut anna, TUESDAY);
        add_new_york(&mut anna, TUESDAY + MINUTE);
        relay.sync(&mut anna, TUESDAY + MINUTE);
        let mut dana = join(&mut relay, &mut anna, 2, "Dana Reyes", "lead", TUESDAY + 2 * MINUTE);
        write_calendar(&mut dana, TUESDAY + 3 * MINUTE);
        relay.sync(&mut dana, TUESDAY + 3 * MINUTE);
        let lee = join(&mut relay, &mut dana, 3, "Lee Wong", "lead", TUESDAY + 4 * MINUTE);
        let chris = join(&mut relay, &mut dana, 4, "Chris Park", "account-manager", TUESDAY + 6 * MINUTE);
        let mut world = Self { relay, anna, dana, lee, chris, now_ms: TUESDAY + 10 * MINUTE };
        world.sync_all();
        world
    }

    /// Everybody exchanges everything.
    pub fn sync_all(&mut self) {
        for _ in 0..2 {
            for device in [&mut self.anna, &mut self.dana, &mut self.lee, &mut self.chris] {
                self.relay.sync(device, self.now_ms);
            }
        }
    }

    /// Anna creates a document, and everybody gets it.
    pub fn create(&mut self, kind: &str, title: &str) -> DocumentId {
        let kind = KindId::new(kind);
        let created = self.anna.at(self.now_ms, |replica, now| replica.create(now, &kind, title));
        let (document, _) = created.expect("a document");
        self.sync_all();
        document
    }

    /// What checking everything on a device finds.
    pub fn verify(device: &Device) -> Vec<LedgerReport> {
        let evidence = |kept: &Vec<Kept>| {
            let one = |one: &Kept| Evidence {
                entry: one.entry.clone(),
                envelope: codec::decode("envelope", &one.envelope, 1 << 20).expect("an envelope"),
                redaction: one.redaction.clone(),
            };
            kept.iter().map(one).collect::<Vec<_>>()
        };
        let charter = device.replica.charter_id().expect("a charter");
        let mut verifier =
            Verifier::new(device.replica.profile().partnership, evidence(&device.kept[&charter]));
        for (document, kept) in &device.kept {
            if *document != charter {
                verifier.ledger(evidence(kept));
            }
        }
        verifier.reports().to_vec()
    }
}

fn add_new_york(anna: &mut Device, now_ms: u64) {
    let row = party(("Харлоу-стрит", "Harlow Street"), "us", "America/New_York", "Mon-Fri 09:00-18:00");
    let row = row.into_iter().map(|(key, text)| (key.to_owned(), Value::String(text)));
    let set = |path: Path, value| EditCommand::SetScalar { path, value };
    let parties = vec![set(Path::new(["parties", "newyork"]), Value::Map(row.collect()))];
    let edits = vec![("parties".into(), parties)];
    anna.at(now_ms, |replica, now| replica.change_charter(now, edits, None)).expect("one more team");
}

/// A team's calendar is written by its first lead.
fn write_calendar(lead: &mut Device, now_ms: u64) {
    let texts = calendar("America/New_York").into_iter();
    let commands = texts.map(|(key, text)| EditCommand::SetScalar {
        path: Path::new(["calendar", key]),
        value: Value::String(text),
    });
    let edits = vec![("calendar/newyork".into(), commands.collect())];
    lead.at(now_ms, |replica, now| replica.change_charter(now, edits, None)).expect("one's own calendar");
}

fn join(relay: &mut Relay, host: &mut Device, number: u8, name: &str, role: &str, now_ms: u64) -> Device {
    let wish = InviteWish {
        party: "newyork".into(),
        row: Some((name.to_owned(), vec![RoleId::new(role)])),
        person: None,
        valid_ms: 72 * 60 * MINUTE,
    };
    relay.sync(host, now_ms);
    let invited = host.at(now_ms, |replica, now| replica.invite(now, &wish)).expect("an invitation");
    relay.sync(host, now_ms);
    let pass = JoinPass::Invited { secret: invited.key.secret() };
    let partnership = host.replica.profile().partnership;
    let profile = Profile::by_link(partnership, "https://relay.example".into(), Some(pass));
    let mut guest = device(number, profile, None, Dice(u64::from(number) * 100_000));
    relay.sync(&mut guest, now_ms + MINUTE);
    let label = format!("{}'s phone", name.split(' ').next().unwrap_or(name));
    let recovery = Some(Key::from_secret([78; 32]).device());
    guest.at(now_ms + MINUTE, |replica, now| replica.enrol(now, &label, recovery)).expect("a way in");
    relay.sync(&mut guest, now_ms + MINUTE);
    relay.sync(host, now_ms + MINUTE);
    guest
}
