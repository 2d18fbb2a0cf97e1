//! Verifying whole ledgers: every signature, every verdict, every state digest, from the first
//! entry on. The relay, the clients and whoever is given a file run the same.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::charter::{Charter, CharterLine};
use crate::codec;
use crate::crypto;
use crate::document::{Divergence, Document, NewerDocument, Told};
use crate::follow::Follower;
use crate::ids::*;
use crate::ledger::{Entry, Position};
use crate::limits;
use crate::statement::{Envelope, Statement, StatementError};
use crate::wire::Redaction;

/// One entry with its statement, as it was stored or came in a file.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// The entry's bytes.
    pub entry: Vec<u8>,
    /// The statement, as far as its reader may see it.
    pub envelope: Envelope,
    /// What the reader was told about sections that it may not see.
    pub redaction: Option<Redaction>,
}

/// What verifying one ledger found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LedgerReport {
    /// The document.
    pub document: DocumentId,
    /// Its kind, as far as it is known.
    pub kind: Option<KindId>,
    /// Its title; empty for the ground rules.
    pub title: String,
    /// Entries whose signature, rights and content were all replayed.
    pub verified: u64,
    /// Entries of which header and signature were checked, because the content may not be read or
    /// the document is newer than this program.
    pub attested: u64,
    /// Whether the document's kind or schema is newer than this program, so that nothing of it can
    /// be judged here.
    pub newer: bool,
    /// Entries after the first that does not follow.
    pub missing: u64,
    /// The last entry that is good.
    pub head: Option<Position>,
    /// What is wrong with the entry after it.
    pub fault: Option<String>,
    /// The same as a value, where the rules lead to something else than what was stored.
    #[serde(skip)]
    pub divergence: Option<Divergence>,
}

impl LedgerReport {
    /// Tells whether the whole ledger is as the rules say.
    pub fn is_good(&self) -> bool {
        self.fault.is_none()
    }
}

/// Verifies the ledgers of one partnership: the charter first, then any others.
pub struct Verifier {
    charter: Option<Charter>,
    /// The time of every entry seen, with its document: no two may be equal.
    times: BTreeMap<u64, DocumentId>,
    reports: Vec<LedgerReport>,
}

impl Verifier {
    /// Begins with the charter's ledger; `partnership` is the id of its first statement.
    pub fn new(partnership: PartnershipId, charter: impl IntoIterator<Item = Evidence>) -> Self {
        let mut verifier = Self { charter: None, times: BTreeMap::new(), reports: Vec::new() };
        let mut run = Run::default();
        run.take_all(&mut verifier.times, charter, |statement, told| {
            let Some(charter) = &mut verifier.charter else {
                if statement.partnership() != partnership {
                    return Err(Divergence::OtherStatement { seq: told.entry.seq });
                }
                let (charter, outcome) = Charter::replay_found(statement, told)?;
                verifier.charter = Some(charter);
                return Ok(Replayed { position: outcome.position, judged: true });
            };
            let outcome = charter.replay(statement, told)?;
            Ok(Replayed { position: outcome.position, judged: true })
        });
        let charter = verifier.charter.as_ref().map(|charter| charter.document());
        verifier.reports.push(run.report(charter.map(named), false));
        verifier
    }

    /// The charter as verified.
    pub fn charter(&self) -> Option<&Charter> {
        self.charter.as_ref()
    }

    /// Verifies the ledger of one document.
    pub fn ledger(&mut self, entries: impl IntoIterator<Item = Evidence>) -> &LedgerReport {
        let mut run = Run::default();
        let mut subject: Option<Subject> = None;
        let charter = self.charter.as_ref();
        run.take_all(&mut self.times, entries, |statement, told| {
            let seq = told.entry.seq;
            let line = charter.map(Charter::line).ok_or(Divergence::Time { seq })?;
            let cited = told.entry.charter.ok_or(Divergence::Time { seq })?;
            if !line.is_newest_at(cited, told.entry.time_ms) {
                return Err(Divergence::Time { seq });
            }
            let subject = match &mut subject {
                Some(subject) => subject,
                None => subject.insert(Subject::begin(statement, seq)?),
            };
            subject.replay(line, statement, told)
        });
        let newer = matches!(subject, Some(Subject::Newer(_)));
        self.reports.push(run.report(subject.as_ref().map(Subject::named), newer));
        &self.reports[self.reports.len() - 1]
    }

    /// What was found, the charter first.
    pub fn reports(&self) -> &[LedgerReport] {
        &self.reports
    }

    /// Tells whether all ledgers are as the rules say.
    pub fn is_good(&self) -> bool {
        self.reports.iter().all(LedgerReport::is_good)
    }
}

/// What a ledger is replayed into.
enum Subject {
    /// A document that the judge knows.
    Judged(Box<Follower>),
    /// One that is newer than this program.
    Newer(NewerDocument),
}

impl Subject {
    fn begin(statement: &Statement, seq: u64) -> Result<Self, Divergence> {
        if let Some(newer) = NewerDocument::begin(statement) {
            return Ok(Self::Newer(newer));
        }
        let begun = Follower::begin(statement).map(Box::new);
        begun.map(Self::Judged).map_err(|refusal| Divergence::Refused { seq, refusal: Box::new(refusal) })
    }

    fn replay(
        &mut self,
        line: &CharterLine,
        statement: &Statement,
        told: Told<'_>,
    ) -> Result<Replayed, Divergence> {
        match self {
            Self::Judged(follower) => {
                let outcome = follower.replay(line, statement, told)?;
                Ok(Replayed { position: outcome.position, judged: true })
            }
            Self::Newer(document) => {
                Ok(Replayed { position: document.replay(line, statement, told)?, judged: false })
            }
        }
    }

    fn named(&self) -> (KindId, String) {
        match self {
            Self::Judged(follower) => named(follower.document()),
            Self::Newer(document) => (document.kind_id().clone(), document.title().to_owned()),
        }
    }
}

fn named(document: &Document) -> (KindId, String) {
    (document.kind().id.clone(), document.title().to_owned())
}

/// An entry that came out as it was stored.
struct Replayed {
    position: Position,
    /// Whether the judge decided on it, too.
    judged: bool,
}

/// The running count over one ledger.
#[derive(Default)]
struct Run {
    document: Option<DocumentId>,
    verified: u64,
    attested: u64,
    missing: u64,
    head: Option<Position>,
    fault: Option<Fault>,
}

/// Entries that are read before their signatures are checked together.
const READ_ENTRIES: usize = 256;

/// An entry that was read.
struct Read {
    entry: Result<Entry, String>,
    statement: Result<Statement, StatementError>,
    redaction: Option<Redaction>,
}

impl Read {
    fn of(evidence: Evidence) -> Self {
        let entry = codec::decode("entry", &evidence.entry, limits::HEADER_BYTES_MAX);
        Self {
            entry: entry.map_err(|error| error.to_string()),
            statement: Statement::open(evidence.envelope),
            redaction: evidence.redaction,
        }
    }
}

/// Puts the fault in the place of statements whose signature is not valid.
fn with_checked_signatures(mut read: Vec<Read>) -> Vec<Read> {
    let statements = read.iter().filter_map(|one| one.statement.as_ref().ok());
    let valid = crypto::verify_each(&statements.map(Statement::claim).collect::<Vec<_>>());
    for (one, is_valid) in read.iter_mut().filter(|one| one.statement.is_ok()).zip(valid) {
        if !is_valid {
            one.statement = Err(StatementError::Signature);
        }
    }
    read
}

/// What is wrong with an entry.
enum Fault {
    /// It is not what the rules lead to.
    Divergence(Divergence),
    /// It cannot be read, or has a time that another entry has.
    Other(String),
}

impl Run {
    /// Takes entries until one does not follow; the signatures of many at once.
    fn take_all(
        &mut self,
        times: &mut BTreeMap<u64, DocumentId>,
        entries: impl IntoIterator<Item = Evidence>,
        mut replay: impl FnMut(&Statement, Told<'_>) -> Result<Replayed, Divergence>,
    ) {
        let mut entries = entries.into_iter();
        while self.fault.is_none() {
            let read: Vec<Read> = entries.by_ref().take(READ_ENTRIES).map(Read::of).collect();
            if read.is_empty() {
                return;
            }
            for one in with_checked_signatures(read) {
                self.take(times, one, &mut replay);
            }
        }
        self.missing += entries.count() as u64;
    }

    fn take(
        &mut self,
        times: &mut BTreeMap<u64, DocumentId>,
        read: Read,
        replay: impl FnOnce(&Statement, Told<'_>) -> Result<Replayed, Divergence>,
    ) {
        if self.fault.is_some() {
            self.missing += 1;
            return;
        }
        match self.check(times, read, replay) {
            Ok((position, true)) => {
                self.attested += 1;
                self.head = Some(position);
            }
            Ok((position, false)) => {
                self.verified += 1;
                self.head = Some(position);
            }
            Err(fault) => {
                self.missing += 1;
                self.fault = Some(fault);
            }
        }
    }

    fn check(
        &mut self,
        times: &mut BTreeMap<u64, DocumentId>,
        read: Read,
        replay: impl FnOnce(&Statement, Told<'_>) -> Result<Replayed, Divergence>,
    ) -> Result<(Position, bool), Fault> {
        let entry = read.entry.map_err(Fault::Other)?;
        self.document.get_or_insert(entry.document);
        if let Some(other) = times.insert(entry.time_ms, entry.document) {
            let detail = format!("entry {} has the time of an entry of document {}", entry.seq, other.uuid());
            return Err(Fault::Other(detail));
        }
        let seq = entry.seq;
        let statement = read.statement.map_err(|error| match error {
            StatementError::Signature => Fault::Divergence(Divergence::Signature { seq }),
            other => Fault::Other(other.to_string()),
        })?;
        let told = Told { entry: &entry, redaction: read.redaction.as_ref() };
        let replayed = replay(&statement, told).map_err(Fault::Divergence)?;
        let attested = !replayed.judged || statement.is_redacted() || read.redaction.is_some();
        Ok((replayed.position, attested))
    }

    fn report(self, named: Option<(KindId, String)>, newer: bool) -> LedgerReport {
        let (fault, divergence) = match self.fault {
            None => (None, None),
            Some(Fault::Other(detail)) => (Some(detail), None),
            Some(Fault::Divergence(divergence)) => (Some(divergence.to_string()), Some(divergence)),
        };
        let (kind, title) = named.unzip();
        LedgerReport {
            document: self.document.unwrap_or(DocumentId([0; 16])),
            kind,
            title: title.unwrap_or_default(),
            newer,
            verified: self.verified,
            attested: self.attested,
            missing: self.missing,
            head: self.head,
            fault,
            divergence,
        }
    }
}
