//! Statements written by hand: what a program of somebody else, or of somebody hostile, would sign.

use std::collections::BTreeMap;

use automerge::AutoCommit;
use entente_client::replica::Kept;
use entente_shared::codec;
use entente_shared::content::{EditCommand, Section, apply_edit};
use entente_shared::crypto::Key;
use entente_shared::ids::*;
use entente_shared::kinds::Kind;
use entente_shared::ledger::Position;
use entente_shared::statement::*;
use rand::RngExt;

use crate::world::World;

/// A hand that writes in one document with a device's key, on what that device has.
pub struct Hand {
    key: Key,
    document: DocumentId,
    partnership: PartnershipId,
    kind: &'static Kind,
    seen: Seen,
    nonce: ActorNonce,
    contents: BTreeMap<SectionId, Section>,
    salt: u8,
}

impl Hand {
    /// A hand on what the device `name` has of a document.
    ///
    /// # Panics
    ///
    /// If it does not have it.
    pub fn of(world: &mut World, name: &str, document: DocumentId) -> Self {
        let nonce = ActorNonce(world.random.random());
        let replica = world.replica(name);
        let here = replica.replicated(document).expect("the device has the document");
        let charter = replica.charter().expect("the device has the charter");
        let seen = Seen { document: here.ledger().document().head(), charter: charter.document().head() };
        let contents = here.effective().into_iter().map(|(name, content)| (name, content.clone()));
        Self {
            key: world.device(name).key.clone(),
            document,
            partnership: replica.profile().partnership,
            kind: here.ledger().document().kind(),
            seen,
            nonce,
            contents: contents.collect(),
            salt: 0,
        }
    }

    /// The actor with which it writes in a section.
    pub fn actor(&self, section: &SectionId) -> ActorKey {
        ActorKey::derive(self.key.device(), self.document, section, self.nonce)
    }

    /// Takes another nonce, and so other actors.
    pub fn with_nonce(mut self, nonce: ActorNonce) -> Self {
        self.nonce = nonce;
        self
    }

    /// The nonce from which its actors follow.
    pub fn nonce(&self) -> ActorNonce {
        self.nonce
    }

    /// Writes edits, all or none, on top of what it has written.
    pub fn edit(&mut self, after: &[StatementId], edits: &[(&str, EditCommand)]) -> Statement {
        let mut by_section: BTreeMap<SectionId, Vec<&EditCommand>> = BTreeMap::new();
        for (section, command) in edits {
            by_section.entry(SectionId::from(*section)).or_default().push(command);
        }
        let kind = self.kind;
        let mut parts = Vec::new();
        for (section, commands) in by_section {
            let actor = self.actor(&section);
            let payload = self.change(&section, actor, |doc| {
                for command in commands {
                    apply_edit(doc, kind, &section, command).expect("the edit fits");
                }
            });
            parts.push((section.clone(), payload));
        }
        let mut after = after.to_vec();
        after.sort();
        self.sign(Act::Edit { after, replaces: None }, parts)
    }

    /// Makes one change in a section, with any actor.
    pub fn change(
        &mut self,
        section: &SectionId,
        actor: ActorKey,
        write: impl FnOnce(&mut AutoCommit),
    ) -> Payload {
        let kind = self.kind;
        let content = self.contents.entry(section.clone()).or_insert_with(|| {
            let genesis = kind.genesis(section).expect("a section of the kind");
            Section::from_genesis(&genesis).expect("a template")
        });
        content.set_actor(actor);
        let doc = content.doc_mut();
        write(doc);
        let hash = doc.commit().expect("something was written");
        let change = doc.get_change_by_hash(&hash).expect("it was just made").raw_bytes().to_vec();
        self.salt += 1;
        Payload { salt: [self.salt; 16], nonce: Some(self.nonce), changes: vec![change.into()], text: None }
    }

    /// Signs an act.
    pub fn sign(&self, act: Act, parts: Vec<(SectionId, Payload)>) -> Statement {
        Statement::sign(&self.key, self.header(act), parts)
    }

    /// The header of an act, before it is signed.
    pub fn header(&self, act: Act) -> Header {
        Header {
            version: HEADER_VERSION,
            partnership: Some(self.partnership),
            document: self.document,
            device: self.key.device(),
            seen: self.seen,
            clock_ms: crate::world::BEGINNING_MS,
            act,
            parts: Vec::new(),
        }
    }
}

impl World {
    /// A device hands a statement in that its program did not write.
    pub fn hand_in(&mut self, name: &str, statement: &Statement) {
        let kept = Kept {
            position: Position { seq: 0, hash: EntryHash([0; 32]) },
            time_ms: 0,
            statement: statement.id,
            entry: Vec::new(),
            envelope: codec::encode(&statement.envelope),
            redaction: None,
        };
        let now_ms = self.now_ms;
        let device = self.device_mut(name);
        device.act(now_ms, |replica, _| replica.salvage(&[kept]));
        device.is_unsent = true;
        self.tell(format!("{name} hands in {}", statement.id.short()));
    }
}
