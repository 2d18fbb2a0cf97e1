//! Statements as they come in: bounds, limits, signatures.

use entente_shared::crypto;
use entente_shared::ids::*;
use entente_shared::judge::Refusal;
use entente_shared::statement::{Act, Envelope, Statement};
use entente_shared::wire::{Access, Answer, CloseReason, RelayFrame};
use entente_store::Store;
use rand::CryptoRng;

use super::connections::Session;
use super::io::{ConnectionId, Counter};
use super::loading::read_only_reason;
use super::{Relay, Turn};
use crate::limits::{Bucket, Limits, RETRY_AFTER_MS, UNCOMMITTED_BYTES_MAX};

/// Most signatures that are checked as one batch.
const CLAIMS_MAX: usize = 256;

/// A statement that is bounded, and whose signature is still to be checked.
pub(super) struct Submitted {
    pub connection: ConnectionId,
    /// Absent where it founds one.
    pub partnership: Option<PartnershipId>,
    pub token: Option<[u8; 32]>,
    pub statement: Statement,
}

/// What one device may submit in a minute.
pub(super) struct DeviceBuckets {
    statements: Bucket,
    bytes: Bucket,
}

impl DeviceBuckets {
    fn new(limits: &Limits, access: Access, now_ms: u64) -> Self {
        let statements = match access {
            Access::Member => limits.device_statements_per_minute,
            _ => limits.deposit_statements_per_minute,
        };
        Self {
            statements: Bucket::new(statements, now_ms),
            bytes: Bucket::new(limits.device_bytes_per_minute, now_ms),
        }
    }

    pub(super) fn are_full(&self, now_ms: u64) -> bool {
        self.statements.is_full(now_ms) && self.bytes.is_full(now_ms)
    }
}

impl<S: Store> Relay<S> {
    /// Takes statements from a client. Each of them gets one answer.
    pub(super) fn submit(
        &mut self,
        turn: &mut Turn<'_>,
        id: ConnectionId,
        statements: Vec<Envelope>,
    ) -> Result<(), CloseReason> {
        turn.count(Counter::StatementsReceived, statements.len() as u64);
        for envelope in statements {
            let statement = StatementId(sha256(&[&envelope.header]));
            match self.bound(turn.now_ms, id, envelope) {
                Ok(submitted) => {
                    self.intake_bytes += submitted.statement.bytes();
                    self.intake.push(submitted);
                }
                Err(refusal) => self.answer(turn, id, statement, Answer::Refused { refusal }),
            }
        }
        Ok(())
    }

    fn bound(&mut self, now_ms: u64, id: ConnectionId, envelope: Envelope) -> Result<Submitted, Refusal> {
        let Some(session) = self.connections.session(id) else { return Err(Refusal::UnknownDevice) };
        let (partnership, token) = (session.partnership, session.token);
        if self.is_stopping {
            return Err(Refusal::ReadOnly { detail: "it stops".to_owned() });
        }
        if self.intake_bytes + self.looking.bytes() + self.pipeline.bytes() > UNCOMMITTED_BYTES_MAX {
            return Err(Refusal::Limit { retry_after_ms: RETRY_AFTER_MS });
        }
        let malformed = |detail: &dyn ToString| Refusal::Malformed { detail: detail.to_string() };
        let statement = Statement::open(envelope).map_err(|error| malformed(&error))?;
        if statement.is_redacted() {
            return Err(malformed(&"a payload is missing"));
        }
        check_access(session, &statement)?;
        let (device, access) = (session.device, session.access);
        self.take_from_buckets(now_ms, device, access, partnership, statement.bytes() as u64)?;
        Ok(Submitted { connection: id, partnership, token, statement })
    }

    fn take_from_buckets(
        &mut self,
        now_ms: u64,
        device: DeviceId,
        access: Access,
        partnership: Option<PartnershipId>,
        bytes: u64,
    ) -> Result<(), Refusal> {
        let limit = |retry_after_ms| Refusal::Limit { retry_after_ms };
        let limits = &self.options.limits;
        let key = (device, access == Access::Member);
        let own = self.devices.entry(key).or_insert_with(|| DeviceBuckets::new(limits, access, now_ms));
        own.statements.take(1, now_ms).and_then(|()| own.bytes.take(bytes, now_ms)).map_err(limit)?;
        let Some(found) = partnership.and_then(|id| self.partnerships.get_mut(&id)) else { return Ok(()) };
        found.statements.take(1, now_ms).and_then(|()| found.bytes.take(bytes, now_ms)).map_err(limit)
    }

    /// Checks the signatures of everything that came in, as one batch, and lets the judge see it.
    pub(super) fn take_in(&mut self, turn: &mut Turn<'_>, random: &mut impl CryptoRng) {
        let intake = std::mem::take(&mut self.intake);
        if intake.is_empty() {
            return;
        }
        self.intake_bytes = 0;
        // During a commit the store would let this wait until the disk is done.
        if !self.pipeline.is_committing() {
            self.read_only = self.store.writable().err().map(|error| read_only_reason(&error));
        }
        let statements: Vec<_> = intake.iter().map(|submitted| &submitted.statement).collect();
        let valid = check_signatures(&statements, random);
        for (submitted, is_valid) in intake.into_iter().zip(valid) {
            self.enter(turn, submitted, is_valid);
        }
        self.evict(turn);
    }

    /// Answers one statement now.
    pub(super) fn answer(
        &mut self,
        turn: &mut Turn<'_>,
        id: ConnectionId,
        statement: StatementId,
        answer: Answer,
    ) {
        if let Answer::Refused { refusal } = &answer {
            turn.count(Counter::StatementsRefused(refusal_name(refusal)), 1);
        }
        self.connections.send_frame(turn, id, &RelayFrame::Answer { statement, answer });
    }
}

/// What a session may submit at all. A member may hand over what others have signed: after a
/// restore the whole lost branch comes back from whoever has it.
fn check_access(session: &Session, statement: &Statement) -> Result<(), Refusal> {
    let header = &statement.header;
    let is_own = header.device == session.device;
    let fits = match session.access {
        Access::Member => !matches!(header.act, Act::Found { .. }),
        Access::Invited => is_own && matches!(header.act, Act::Enrol { .. } | Act::Invite { .. }),
        Access::Founding => is_own && matches!(header.act, Act::Found { .. }),
        Access::Deposit => is_own,
    };
    if !fits {
        let detail = "this session may not submit such a statement".to_owned();
        return Err(Refusal::Malformed { detail });
    }
    if session.partnership.is_some_and(|id| id != statement.partnership()) {
        return Err(Refusal::Malformed { detail: "another partnership".to_owned() });
    }
    Ok(())
}

/// Tells for each statement whether its signature is valid: all at once, and one by one where a
/// batch has a bad one. ZIP-215 makes both agree.
pub(super) fn check_signatures(statements: &[&Statement], random: &mut impl CryptoRng) -> Vec<bool> {
    let mut valid = Vec::with_capacity(statements.len());
    for batch in statements.chunks(CLAIMS_MAX) {
        let claims: Vec<_> = batch.iter().map(|statement| statement.claim()).collect();
        if crypto::verify_all(&claims, &mut *random) {
            valid.extend(batch.iter().map(|_| true));
        } else {
            valid.extend(batch.iter().map(|statement| statement.signature_is_valid()));
        }
    }
    valid
}

fn refusal_name(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::Malformed { .. } => "malformed",
        Refusal::UnknownDevice => "unknown-device",
        Refusal::LostDevice => "lost-device",
        Refusal::Revoked => "revoked",
        Refusal::Behind { .. } => "behind",
        Refusal::Forked { .. } => "forked",
        Refusal::Dependency { .. } => "dependency",
        Refusal::Orphaned { .. } => "orphaned",
        Refusal::Gate { .. } => "gate",
        Refusal::AlreadyStands => "already-stands",
        Refusal::ActorInUse { .. } => "actor-in-use",
        Refusal::NotAllowed { .. } => "not-allowed",
        Refusal::NotOpen { .. } => "not-open",
        Refusal::OwnSuggestion => "own-suggestion",
        Refusal::Stale { .. } => "stale",
        Refusal::TooManyHolds { .. } => "too-many-holds",
        Refusal::Unknown { .. } => "unknown",
        Refusal::Invitation { .. } => "invitation",
        Refusal::Charter { .. } => "charter",
        Refusal::RulesVersion { .. } => "rules-version",
        Refusal::ReadOnly { .. } => "read-only",
        Refusal::NotReady { .. } => "not-ready",
        Refusal::AlreadyAsked { .. } => "already-asked",
        Refusal::NotLocal { .. } => "not-local",
        Refusal::Limit { .. } => "limit",
    }
}
