//! A file for a partner: ledgers up to a word of the relay, and statements that it has not seen.
//!
//! Entries carry no signature of the relay, its checkpoints do. So a bundle holds each ledger only
//! as far as a checkpoint vouches for it, and an import takes in nothing beyond.

use entente_shared::codec::{self, CodecError};
use entente_shared::ids::*;
use entente_shared::kinds;
use entente_shared::ledger::{Entry, SignedCheckpoint};
use entente_shared::statement::{Act, Envelope, Statement};
use entente_shared::wire::Delivery;
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::ledger::read_entry;
use super::opening::read_envelope;
use super::{Effect, Kept, Now, Replica, records};

/// The version of the file format.
pub const BUNDLE_VERSION: u32 = 1;
/// Most bytes of a file.
pub const BUNDLE_BYTES_MAX: usize = 256 << 20;
const KIND: &str = "entente-bundle";

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Bundle {
    /// The partnership.
    #[n(0)]
    pub partnership: PartnershipId,
    /// What it is called.
    #[n(1)]
    pub title: String,
    /// The device that made the file.
    #[n(2)]
    pub device: DeviceId,
    /// When, by that device's clock (milliseconds since 1970).
    #[n(3)]
    pub made_ms: u64,
    /// Ledgers, the ground rules first.
    #[n(4)]
    pub ledgers: Vec<BundleLedger>,
    /// Signed statements that are in no ledger yet, oldest first.
    #[n(5)]
    pub unsent: Vec<Envelope>,
}

/// A ledger from its first entry to the relay's last word on it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct BundleLedger {
    /// The document.
    #[n(0)]
    pub document: DocumentId,
    /// Its entries, as far as the maker may read them.
    #[n(1)]
    pub deliveries: Vec<Delivery>,
    /// The relay's word on the last of them.
    #[n(2)]
    pub checkpoint: SignedCheckpoint,
}

#[derive(Encode, Decode)]
struct BundleFile {
    #[n(0)]
    kind: String,
    #[n(1)]
    version: u32,
    #[n(2)]
    body: ByteVec,
    #[n(3)]
    #[cbor(with = "minicbor::bytes")]
    checksum: [u8; 32],
}

/// Why a file is not taken in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// It is no such file.
    #[error("this is not a file for a partner")]
    Other,
    /// It was made by a newer program.
    #[error("it has the format {0}, which is newer than this program")]
    Version(u32),
    /// It was cut short or changed on its way.
    #[error("its checksum is not right")]
    Checksum,
    /// Its content cannot be read.
    #[error(transparent)]
    Content(#[from] CodecError),
    /// It belongs to another partnership.
    #[error("it belongs to another partnership")]
    Partnership,
    /// A ledger is not what the relay's word in it vouches for.
    #[error("the relay's signature does not cover the record of document {}", .0.uuid())]
    Unsigned(DocumentId),
    /// A ledger is another one than this device's under the same name.
    #[error("it holds another branch of document {} than this device", .0.uuid())]
    OtherBranch(DocumentId),
}

/// What an import did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Imported {
    /// Entries that were taken into ledgers.
    pub entries: u64,
    /// Statements that wait to be handed to the relay.
    pub statements: usize,
    /// Entries and statements that were here already.
    pub known: u64,
}

impl Bundle {
    /// Writes the file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let body = codec::encode(self);
        let checksum = sha256(&[&body]);
        codec::encode(&BundleFile { kind: KIND.into(), version: BUNDLE_VERSION, body: body.into(), checksum })
    }

    /// Reads a file.
    ///
    /// # Errors
    ///
    /// It is none, damaged, or from a newer program.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BundleError> {
        let file: BundleFile =
            codec::decode("bundle", bytes, BUNDLE_BYTES_MAX).map_err(|_| BundleError::Other)?;
        match file.kind.as_str() {
            KIND if file.version > BUNDLE_VERSION => return Err(BundleError::Version(file.version)),
            KIND => {}
            _ => return Err(BundleError::Other),
        }
        if sha256(&[&file.body]) != file.checksum {
            return Err(BundleError::Checksum);
        }
        Ok(codec::decode("bundle", &file.body, BUNDLE_BYTES_MAX)?)
    }
}

impl BundleLedger {
    /// Tells whether these are the entries, each the next of the one before, whose last one the
    /// relay signed.
    pub fn is_vouched_for(&self, partnership: PartnershipId, relay: &RelayId) -> bool {
        let word = &self.checkpoint.checkpoint;
        if word.partnership != partnership
            || word.document != self.document
            || !self.checkpoint.is_valid(relay)
        {
            return false;
        }
        let mut last: Option<Entry> = None;
        for (delivery, seq) in self.deliveries.iter().zip(0..) {
            let Some(entry) = read_entry(&delivery.entry) else { return false };
            let previous = last.as_ref().map(Entry::hash);
            if entry.seq != seq || entry.previous != previous || entry.document != self.document {
                return false;
            }
            last = Some(entry);
        }
        last.is_some_and(|last| last.position() == word.head)
    }
}

impl Replica {
    /// Gathers ledgers and unsent statements for a file; `ledgers` are stored entries from the
    /// first on. A document without a word of the relay on entries that are here is left out.
    pub fn bundle(&self, now_ms: u64, ledgers: impl IntoIterator<Item = (DocumentId, Vec<Kept>)>) -> Bundle {
        let gathered = ledgers.into_iter().filter_map(|(document, kept)| self.vouched(document, kept));
        let mut gathered: Vec<_> = gathered.collect();
        gathered.sort_by_key(|ledger| self.charter_id() != Ok(ledger.document));
        let waiting = self.outbox.iter().filter(|outgoing| outgoing.is_waiting());
        Bundle {
            partnership: self.profile.partnership,
            title: self.charter().map(|charter| charter.document().title().to_owned()).unwrap_or_default(),
            device: self.key.device(),
            made_ms: now_ms,
            ledgers: gathered,
            unsent: waiting.map(|outgoing| outgoing.statement.envelope.clone()).collect(),
        }
    }

    fn vouched(&self, document: DocumentId, kept: Vec<Kept>) -> Option<BundleLedger> {
        let checkpoint = self.checkpoints.get(&document)?.clone();
        let head = checkpoint.checkpoint.head;
        if self.ledger_hash(document, head.seq) != Some(head.hash) {
            return None;
        }
        let kept = kept.into_iter().filter(|one| one.position.seq <= head.seq);
        let deliveries = kept.map(|one| {
            let envelope = read_envelope(&one)?;
            Some(Delivery { entry: one.entry, envelope, redaction: one.redaction })
        });
        Some(BundleLedger { document, deliveries: deliveries.collect::<Option<_>>()?, checkpoint })
    }

    /// Takes in a file: its entries as if the relay had sent them, with every check, and statements
    /// that no ledger has into the outbox, to be handed on.
    ///
    /// # Errors
    ///
    /// It is not of this partnership, or the relay does not vouch for it; nothing is taken in then.
    pub fn import(&mut self, now: &mut Now<'_>, bundle: Bundle) -> Result<Imported, BundleError> {
        let partnership = self.profile.partnership;
        if bundle.partnership != partnership {
            return Err(BundleError::Partnership);
        }
        let Some(relay) = self.profile.relay else { return Err(BundleError::Partnership) };
        let unsigned = bundle.ledgers.iter().find(|ledger| !ledger.is_vouched_for(partnership, &relay));
        if let Some(ledger) = unsigned {
            return Err(BundleError::Unsigned(ledger.document));
        }
        if let Some(ledger) = bundle.ledgers.iter().find(|ledger| !self.is_continued_by(ledger)) {
            return Err(BundleError::OtherBranch(ledger.document));
        }
        let mut imported = Imported::default();
        for BundleLedger { document, mut deliveries, checkpoint } in bundle.ledgers {
            let all = deliveries.len() as u64;
            let before = self.ledger_length(document);
            deliveries.truncate(self.whole_for_me(document, &deliveries));
            if deliveries.len() as u64 <= before {
                // An old file says nothing about the relay of today.
                imported.known += all.min(before);
                continue;
            }
            self.take_entries(now, document, deliveries, checkpoint);
            let new = self.ledger_length(document).saturating_sub(before);
            imported.entries += new;
            imported.known += all.min(before);
        }
        for envelope in bundle.unsent {
            match self.take_over(now, envelope) {
                true => imported.statements += 1,
                false => imported.known += 1,
            }
        }
        Ok(imported)
    }

    /// Tells whether a ledger from a file and this device's are one, the one longer than the other.
    fn is_continued_by(&self, ledger: &BundleLedger) -> bool {
        let shown = ledger.checkpoint.checkpoint.head;
        if let Some(hash) = self.ledger_hash(ledger.document, shown.seq) {
            return hash == shown.hash;
        }
        let Some(head) = self.ledger_head(ledger.document) else { return true };
        let delivery = usize::try_from(head.seq).ok().and_then(|seq| ledger.deliveries.get(seq));
        delivery.is_some_and(|delivery| EntryHash(sha256(&[&delivery.entry])) == head.hash)
    }

    /// How many entries, from the first on, leave out nothing that this person may read. What its
    /// maker could not read comes from the relay.
    fn whole_for_me(&self, document: DocumentId, deliveries: &[Delivery]) -> usize {
        let first = deliveries.first().and_then(|first| Statement::open(first.envelope.clone()).ok());
        let kind = match first.map(|first| first.header.act) {
            Some(Act::Create { kind, .. }) => kind,
            _ => KindId::new(kinds::CHARTER),
        };
        let is_whole = |delivery: &Delivery| {
            let Ok(statement) = Statement::open(delivery.envelope.clone()) else { return true };
            let leaves = delivery.redaction.iter().flat_map(|redaction| &redaction.leaves);
            let payloads = statement.parts().filter(|(_, payload)| payload.is_none());
            let mut left_out = leaves.map(|(section, _)| section).chain(payloads.map(|(section, _)| section));
            !left_out.any(|section| kind.as_str() == kinds::CHARTER || self.is_sent(&kind, section))
        };
        let have = usize::try_from(self.ledger_length(document)).unwrap_or(usize::MAX);
        let gap = deliveries.iter().skip(have).position(|delivery| !is_whole(delivery));
        gap.map_or(deliveries.len(), |gap| have + gap)
    }

    /// Takes somebody's statement into the outbox, to hand it to the relay; false if it is known.
    fn take_over(&mut self, now: &Now<'_>, envelope: Envelope) -> bool {
        let Ok(statement) = Statement::open_verified(envelope) else { return false };
        let document = statement.header.document;
        let stands = self.replicated(document).ok();
        let stands = stands.and_then(|one| one.ledger().document().position_of(&statement.id)).is_some();
        let ours = statement.partnership() == self.profile.partnership && !statement.is_redacted();
        if stands || !ours || self.outbox.find(&statement.id).is_some() {
            return false;
        }
        let outgoing = self.outbox.push(statement, false);
        let (key, value) = (records::outbox_key(outgoing.number), records::outgoing_value(outgoing));
        self.effects.push(Effect::Write { key, value: Some(value) });
        self.begin_own_documents();
        self.look_ahead(document, now.ms);
        true
    }
}
