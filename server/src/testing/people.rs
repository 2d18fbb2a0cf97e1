//! People with keys, and the statements that they sign on what their replica shows.

use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjType, ROOT, ReadDoc};
use entente_shared::content::Section;
use entente_shared::crypto::{Key, Purpose};
use entente_shared::ids::*;
use entente_shared::kinds;
use entente_shared::ledger::RULES_VERSION;
use entente_shared::rules::Rules;
use entente_shared::statement::*;

use super::mirror::Mirror;

/// When the stories begin, in milliseconds since 1970.
pub const T0: u64 = 1_795_539_900_000;

/// Somebody with one device.
#[derive(Clone)]
pub struct Person {
    /// Their id in the charter.
    pub id: PersonId,
    /// Their team.
    pub party: PartyId,
    /// Their device's key.
    pub key: Key,
}

impl Person {
    /// Person number `number`, with keys that follow from it.
    pub fn new(number: u8, party: &str) -> Self {
        Self { id: PersonId([number; 16]), party: party.into(), key: Key::from_secret([number; 32]) }
    }

    /// Founds a partnership of `moscow` and `newyork` with these rules, and oneself as lead.
    pub fn found(&self, relay: RelayId, charter: DocumentId, rules: &Rules) -> Statement {
        let part = |name: &str, edit: &dyn Fn(&mut AutoCommit)| {
            let section = SectionId::new(name);
            let nonce = self.nonce(name.as_bytes());
            let content = genesis(kinds::CHARTER, &section);
            let payload = self.payload(charter, &section, &content, nonce, |doc| edit(doc));
            (section, payload)
        };
        let parts = vec![
            part("parties", &|doc| {
                team(doc, "moscow", "Morosha", "ru", "Europe/Moscow");
                team(doc, "newyork", "Harlow", "us", "America/New_York");
            }),
            part(&format!("people/{}", self.party), &|doc| {
                row(doc, "people", &self.id.to_hex(), &[("name", "Anna Orlova"), ("roles", "lead")]);
            }),
            part("rules", &|doc| {
                let (_, map) = doc.get(ROOT, "rules").unwrap().unwrap();
                for (id, text) in rules.to_stored() {
                    doc.put(&map, id.as_str(), text).unwrap();
                }
            }),
        ];
        let act = Act::Found {
            rules_version: RULES_VERSION,
            relay,
            party: self.party.clone(),
            person: self.id,
            label: "laptop".into(),
            recovery: Key::from_secret([200 + self.id.0[0] % 50; 32]).device(),
        };
        Statement::sign(&self.key, header(None, charter, Seen::default(), act), parts)
    }

    /// States something without changes.
    pub fn state(&self, mirror: &Mirror, document: DocumentId, act: Act) -> Statement {
        self.state_with(mirror, document, act, Vec::new())
    }

    /// States something with payloads.
    pub fn state_with(
        &self,
        mirror: &Mirror,
        document: DocumentId,
        act: Act,
        parts: Vec<(SectionId, Payload)>,
    ) -> Statement {
        let seen = mirror.seen(document);
        Statement::sign(&self.key, header(Some(mirror.partnership()), document, seen, act), parts)
    }

    /// Edits one section as the replica shows it; `seed` makes the statement differ from others.
    pub fn edit(
        &self,
        mirror: &Mirror,
        document: DocumentId,
        section: &str,
        seed: u64,
        edit: impl FnOnce(&mut AutoCommit),
    ) -> Statement {
        let mut content = mirror.content(document, &SectionId::new(section));
        self.edit_on(&mut content, mirror, document, section, seed, edit)
    }

    /// Edits one section on `content`, which holds own edits that were not entered yet, and takes the
    /// new one too: so edits follow each other without waiting for the relay.
    pub fn edit_on(
        &self,
        content: &mut Section,
        mirror: &Mirror,
        document: DocumentId,
        section: &str,
        seed: u64,
        edit: impl FnOnce(&mut AutoCommit),
    ) -> Statement {
        let section = SectionId::new(section);
        let payload = self.payload(document, &section, content, self.nonce(&seed.to_be_bytes()), edit);
        content.apply(payload.change_bytes()).unwrap();
        let act = Act::Edit { after: Vec::new(), replaces: None };
        self.state_with(mirror, document, act, vec![(section, payload)])
    }

    /// Writes a note into a section: the smallest edit that there is.
    pub fn note(&self, mirror: &Mirror, document: DocumentId, section: &str, seed: u64) -> Statement {
        self.edit(mirror, document, section, seed, |doc| {
            doc.put(ROOT, "note", format!("note {seed}")).unwrap();
        })
    }

    /// Creates a matrix of both teams.
    pub fn create_matrix(&self, mirror: &Mirror, document: DocumentId) -> Statement {
        let names = ["escalation", "functions", "party/moscow", "party/newyork", "split", "talk"];
        let sections = names.map(SectionId::new).to_vec();
        let act = Act::Create { kind: "matrix".into(), schema: 1, title: "Who does what".into(), sections };
        self.state(mirror, document, act)
    }

    /// Invites a new person with these roles; the link holds `invite`.
    pub fn invite(&self, mirror: &Mirror, guest: &Person, roles: &str, invite: &Key) -> Statement {
        let section = SectionId::new(format!("people/{}", guest.party));
        let charter = mirror.charter_id();
        let content = mirror.content(charter, &section);
        let nonce = self.nonce(&invite.public());
        let payload = self.payload(charter, &section, &content, nonce, |doc| {
            row(doc, "people", &guest.id.to_hex(), &[("name", "Somebody"), ("roles", roles)]);
        });
        let act = Act::Invite {
            invite: invite.invite(),
            party: guest.party.clone(),
            person: guest.id,
            expires_ms: mirror.time_ms() + 3_600_000,
        };
        self.state_with(mirror, charter, act, vec![(section, payload)])
    }

    /// Uses an invitation with this device.
    pub fn enrol(&self, mirror: &Mirror, invite: &Key) -> Statement {
        let consent = invite.sign(Purpose::Enrol, &[&mirror.partnership().0, &self.key.device().0]);
        let label = "phone".to_owned();
        let act = Act::Enrol { invite: invite.invite(), label, consent, recovery: None };
        self.state(mirror, mirror.charter_id(), act)
    }

    /// Signs the ground rules as they stand.
    pub fn sign_rules(&self, mirror: &Mirror) -> Statement {
        let charter = mirror.charter_id();
        let items = ["parties", "rules"].map(|name| {
            let section = SectionId::new(name);
            let mut content = mirror.content(charter, &section);
            SignedContent { section, heads: content.heads(), digest: content.digest() }
        });
        self.state(mirror, charter, Act::Sign { items: items.to_vec() })
    }

    fn payload(
        &self,
        document: DocumentId,
        section: &SectionId,
        base: &Section,
        nonce: ActorNonce,
        edit: impl FnOnce(&mut AutoCommit),
    ) -> Payload {
        let mut copy = base.clone();
        let have: Vec<_> = copy.heads().into_iter().map(Into::into).collect();
        copy.set_actor(ActorKey::derive(self.key.device(), document, section, nonce));
        edit(copy.doc_mut());
        copy.doc_mut().commit();
        let changes = copy.doc_mut().get_changes(&have);
        let changes = changes.iter().map(|change| change.raw_bytes().to_vec().into()).collect();
        Payload { salt: nonce.0, nonce: Some(nonce), changes, text: None }
    }

    fn nonce(&self, seed: &[u8]) -> ActorNonce {
        let mut nonce = [0; 16];
        nonce.copy_from_slice(&sha256(&[&self.key.public(), seed])[..16]);
        ActorNonce(nonce)
    }
}

/// The standard rules, and a role that reads nothing but the talk of the matrix.
pub fn rules_with_guests(central: &str) -> Rules {
    let text = Rules::standard(&central.into()).unwrap().to_toml(RULES_VERSION);
    let text = text.replacen("grants = [", "grants = [\"guest\", ", 1);
    let guests = "\n[[rule]]\nid = \"guests\"\non = \"matrix:talk\"\nread = [\"*/guest\"]\n";
    Rules::from_toml(&format!("{text}{guests}")).unwrap()
}

pub(super) fn genesis(kind: &str, section: &SectionId) -> Section {
    let kind = kinds::newest(&KindId::new(kind)).unwrap();
    Section::from_genesis(&kind.genesis(section).unwrap()).unwrap()
}

fn header(partnership: Option<PartnershipId>, document: DocumentId, seen: Seen, act: Act) -> Header {
    let device = DeviceId([0; 32]);
    Header { version: HEADER_VERSION, partnership, document, device, seen, clock_ms: T0, act, parts: vec![] }
}

fn row(doc: &mut AutoCommit, name: &str, key: &str, fields: &[(&str, &str)]) {
    let (_, map) = doc.get(ROOT, name).unwrap().unwrap();
    let row = doc.put_object(&map, key, ObjType::Map).unwrap();
    for (field, value) in fields {
        doc.put(&row, *field, *value).unwrap();
    }
}

fn team(doc: &mut AutoCommit, id: &str, name: &str, market: &str, zone: &str) {
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
