//! The small named values beside the ledgers: where this replica belongs, its journal, its outbox,
//! and the relay's last words.

use entente_shared::codec;
use entente_shared::content::EditCommand;
use entente_shared::ids::*;
use entente_shared::judge::Refusal;
use entente_shared::ledger::SignedCheckpoint;
use entente_shared::statement::{Envelope, Statement};
use minicbor::{Decode, Encode};

use super::outbox::{Outgoing, OutgoingState};
use super::stops::Stop;

/// Most bytes of one record.
const RECORD_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Where a replica belongs.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Profile {
    /// The partnership.
    #[n(0)]
    pub partnership: PartnershipId,
    /// The relay's key; absent until the charter or the founding link names it.
    #[n(1)]
    pub relay: Option<RelayId>,
    /// The relay's addresses, each tried in turn.
    #[n(2)]
    pub addresses: Vec<String>,
    /// How this device gets in while it is not enrolled.
    #[n(3)]
    pub entry: Option<super::JoinPass>,
    /// Who runs the relay, as it said.
    #[n(4)]
    pub operator: String,
}

impl Profile {
    /// A replica that knows of its partnership what a link says, and gets in by `entry`.
    pub fn by_link(partnership: PartnershipId, address: String, entry: Option<super::JoinPass>) -> Self {
        Self { partnership, relay: None, addresses: vec![address], entry, operator: String::new() }
    }
}

/// A record that is not what this program writes; the folder is damaged or from a newer version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the record {name} cannot be read: {detail}")]
pub struct RecordError {
    /// The record's name.
    pub name: String,
    /// What is wrong.
    pub detail: String,
}

/// A record as it is read back.
pub(super) enum Record {
    Profile(Profile),
    Journal(DocumentId, super::journal::Journaled),
    Outgoing(Box<Outgoing>),
    Checkpoint(SignedCheckpoint),
    /// The relay's clock minus this device's, in milliseconds.
    Clock(i64),
    /// How often attested views were asked for on a device that has not caught up yet.
    Attested(u64),
    Stop(DocumentId, Stop),
}

#[derive(Encode, Decode)]
struct JournalRecord {
    #[n(0)]
    section: SectionId,
    #[n(1)]
    command: EditCommand,
    #[n(2)]
    time_ms: u64,
}

#[derive(Encode, Decode)]
struct OutgoingRecord {
    #[n(0)]
    envelope: Envelope,
    #[n(1)]
    suggestion: bool,
    #[n(2)]
    refused: Option<Refusal>,
}

/// The name of the profile's record.
pub(super) const PROFILE: &[u8] = b"profile";
/// The name of the record that keeps how far the relay's clock is ahead.
pub(super) const CLOCK: &[u8] = b"clock";
/// The name of the record that counts how often attested views were asked for.
pub(super) const ATTESTED: &[u8] = b"attested";
const JOURNAL: &[u8] = b"journal/";
const OUTBOX: &[u8] = b"outbox/";
const CHECKPOINT: &[u8] = b"checkpoint/";
const STOP: &[u8] = b"stop/";

pub(super) fn journal_key(document: DocumentId, number: u64) -> Vec<u8> {
    [JOURNAL, &document.0, &number.to_be_bytes()].concat()
}

pub(super) fn outbox_key(number: u64) -> Vec<u8> {
    [OUTBOX, &number.to_be_bytes()].concat()
}

pub(super) fn checkpoint_key(document: DocumentId) -> Vec<u8> {
    [CHECKPOINT, &document.0].concat()
}

pub(super) fn stop_key(document: DocumentId) -> Vec<u8> {
    [STOP, &document.0].concat()
}

pub(super) fn stop_value(stop: &Stop) -> Vec<u8> {
    codec::encode(stop)
}

pub(super) fn journal_value(entry: &super::journal::Journaled) -> Vec<u8> {
    let (section, command) = (entry.section.clone(), entry.command.clone());
    codec::encode(&JournalRecord { section, command, time_ms: entry.time_ms })
}

pub(super) fn outgoing_value(outgoing: &Outgoing) -> Vec<u8> {
    let refused = match &outgoing.state {
        OutgoingState::Refused(refusal) => Some(refusal.clone()),
        OutgoingState::Waiting => None,
    };
    let envelope = outgoing.statement.envelope.clone();
    codec::encode(&OutgoingRecord { envelope, suggestion: outgoing.suggestion, refused })
}

/// Reads one record; `None` for records of the shell.
pub(super) fn read(key: &[u8], value: &[u8]) -> Result<Option<Record>, RecordError> {
    let name = || String::from_utf8_lossy(key.split(|byte| *byte == b'/').next().unwrap_or(key)).into_owned();
    let wrong = |detail: String| RecordError { name: name(), detail };
    let decoded = |error: codec::CodecError| wrong(error.to_string());
    if key == PROFILE {
        let profile = codec::decode("profile", value, RECORD_BYTES_MAX).map_err(decoded)?;
        return Ok(Some(Record::Profile(profile)));
    }
    if key == CLOCK {
        let ahead_ms = codec::decode("clock", value, RECORD_BYTES_MAX).map_err(decoded)?;
        return Ok(Some(Record::Clock(ahead_ms)));
    }
    if key == ATTESTED {
        let tries = codec::decode("attested", value, RECORD_BYTES_MAX).map_err(decoded)?;
        return Ok(Some(Record::Attested(tries)));
    }
    if let Some(rest) = key.strip_prefix(JOURNAL) {
        let (document, number) = rest.split_at_checked(16).ok_or_else(|| wrong("its name".into()))?;
        let document = DocumentId(document.try_into().map_err(|_| wrong("its name".into()))?);
        let number = u64::from_be_bytes(number.try_into().map_err(|_| wrong("its name".into()))?);
        let record: JournalRecord = codec::decode("journal", value, RECORD_BYTES_MAX).map_err(decoded)?;
        let JournalRecord { section, command, time_ms } = record;
        let entry = super::journal::Journaled { number, section, command, time_ms };
        return Ok(Some(Record::Journal(document, entry)));
    }
    if let Some(number) = key.strip_prefix(OUTBOX) {
        let number = u64::from_be_bytes(number.try_into().map_err(|_| wrong("its name".into()))?);
        let record: OutgoingRecord = codec::decode("outbox", value, RECORD_BYTES_MAX).map_err(decoded)?;
        let statement = Statement::open(record.envelope).map_err(|error| wrong(error.to_string()))?;
        let state = record.refused.map_or(OutgoingState::Waiting, OutgoingState::Refused);
        let outgoing = Outgoing { number, statement, suggestion: record.suggestion, state };
        return Ok(Some(Record::Outgoing(Box::new(outgoing))));
    }
    if let Some(document) = key.strip_prefix(STOP) {
        let document = DocumentId(document.try_into().map_err(|_| wrong("its name".into()))?);
        let stop = codec::decode("stop", value, RECORD_BYTES_MAX).map_err(decoded)?;
        return Ok(Some(Record::Stop(document, stop)));
    }
    if key.starts_with(CHECKPOINT) {
        let checkpoint = codec::decode("checkpoint", value, RECORD_BYTES_MAX).map_err(decoded)?;
        return Ok(Some(Record::Checkpoint(checkpoint)));
    }
    Ok(None)
}
