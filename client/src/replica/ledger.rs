//! A ledger as it is replayed here, and its entries as they are kept.

use entente_shared::charter::{Charter, CharterLine, CharterState};
use entente_shared::codec;
use entente_shared::content::Section;
use entente_shared::document::{Candidate, Divergence, Document, Hold, Outcome, Preview, Told};
use entente_shared::ids::*;
use entente_shared::judge::{DocumentCourt, Need, Refusal};
use entente_shared::ledger::{Entry, Position};
use entente_shared::limits;
use entente_shared::statement::{Act, Statement};
use entente_shared::verify::Evidence;
use entente_shared::wire::Redaction;
use minicbor::{Decode, Encode};

/// A verified entry with its statement, as the shell stores it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Kept {
    /// Where it stands.
    #[n(0)]
    pub position: Position,
    /// The relay's time, in milliseconds since 1970.
    #[n(1)]
    pub time_ms: u64,
    /// The statement.
    #[n(2)]
    pub statement: StatementId,
    /// The entry's bytes.
    #[n(3)]
    #[cbor(with = "minicbor::bytes")]
    pub entry: Vec<u8>,
    /// The envelope's bytes, as far as this person may read it.
    #[n(4)]
    #[cbor(with = "minicbor::bytes")]
    pub envelope: Vec<u8>,
    /// What this device was told about sections that it may not read.
    #[n(5)]
    pub redaction: Option<Redaction>,
}

/// Most bytes of a kept entry: a statement, its entry and what redacts it.
const KEPT_BYTES_MAX: usize = 4 * limits::STATEMENT_BYTES_MAX;

impl Kept {
    /// Writes it for a shell whose store knows no fields.
    pub fn to_bytes(&self) -> Vec<u8> {
        codec::encode(self)
    }

    /// Reads it back; `None` if the bytes are damaged.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        codec::decode("entry", bytes, KEPT_BYTES_MAX).ok()
    }

    /// The evidence that a check of the whole record replays; `None` if it is damaged.
    pub fn evidence(&self) -> Option<Evidence> {
        let envelope = codec::decode("envelope", &self.envelope, 2 * limits::STATEMENT_BYTES_MAX).ok()?;
        Some(Evidence { entry: self.entry.clone(), envelope, redaction: self.redaction.clone() })
    }
}

/// The charter or another document, replayed.
#[derive(Clone)]
#[expect(clippy::large_enum_variant, reason = "there is one charter; documents live in maps")]
pub enum Ledger {
    /// The charter, which judges itself.
    Charter(Charter),
    /// Any other document with its court.
    Document(Document, DocumentCourt),
}

impl Ledger {
    /// The document.
    pub fn document(&self) -> &Document {
        match self {
            Self::Charter(charter) => charter.document(),
            Self::Document(document, _) => document,
        }
    }

    /// The charter, if this is it.
    pub fn charter(&self) -> Option<&Charter> {
        match self {
            Self::Charter(charter) => Some(charter),
            Self::Document(..) => None,
        }
    }

    /// Lets the court look at the content on which the verdict on `act` rests.
    pub(super) fn look(&mut self, act: &Act, content: impl FnMut(&SectionId) -> Option<Section>) {
        if let Self::Document(document, court) = self {
            court.look(document, act, content);
        }
    }

    /// Who must still agree to an open suggestion.
    pub fn needs(&self, state: &CharterState, hold: &Hold) -> Vec<Need> {
        match self {
            Self::Charter(charter) => charter.document().needs(charter.court(), state, hold),
            Self::Document(document, court) => document.needs(court, state, hold),
        }
    }

    /// Enters a statement as the relay would.
    ///
    /// # Errors
    ///
    /// A refusal; nothing changed then.
    pub fn append(
        &mut self,
        line: Option<&CharterLine>,
        candidate: Candidate<'_>,
        time_ms: u64,
    ) -> Result<Outcome, Refusal> {
        match (self, line) {
            (Self::Charter(charter), _) => charter.append(candidate, time_ms, None),
            (Self::Document(document, court), Some(line)) => {
                document.append(court, line, line.head(), candidate, time_ms, None)
            }
            (Self::Document(..), None) => Err(Refusal::UnknownDevice),
        }
    }

    /// Tells what the relay would say; `content` gives a section as it stands there.
    ///
    /// # Errors
    ///
    /// A refusal.
    pub fn preview(
        &self,
        line: Option<&CharterLine>,
        candidate: Candidate<'_>,
        time_ms: u64,
        content: impl FnMut(&SectionId) -> Option<Section>,
    ) -> Result<Preview, Refusal> {
        match (self, line) {
            (Self::Charter(charter), _) => charter.preview(candidate, time_ms),
            (Self::Document(document, court), Some(line)) => {
                let mut court = court.clone();
                court.look(document, &candidate.statement.header.act, content);
                document.preview(&court, line, line.head(), candidate, time_ms)
            }
            (Self::Document(..), None) => Err(Refusal::UnknownDevice),
        }
    }

    /// Replays an entry of the relay.
    ///
    /// # Errors
    ///
    /// A divergence.
    pub fn replay(
        &mut self,
        line: Option<&CharterLine>,
        candidate: Candidate<'_>,
        told: Told<'_>,
    ) -> Result<Outcome, Divergence> {
        match (self, line) {
            (Self::Charter(charter), _) => charter.replay(candidate, told),
            (Self::Document(document, court), Some(line)) => {
                let seq = told.entry.seq;
                let cited = told.entry.charter.ok_or(Divergence::Time { seq })?;
                if !line.is_newest_at(cited, told.entry.time_ms) {
                    return Err(Divergence::Time { seq });
                }
                document.replay(court, line, candidate, told)
            }
            (Self::Document(..), None) => Err(Divergence::Time { seq: told.entry.seq }),
        }
    }

    /// Begins a ledger with its first entry.
    ///
    /// # Errors
    ///
    /// A divergence.
    pub fn begin(
        line: Option<&CharterLine>,
        statement: &Statement,
        told: Told<'_>,
    ) -> Result<(Self, Outcome), Divergence> {
        let seq = told.entry.seq;
        if matches!(statement.header.act, Act::Found { .. }) {
            let (charter, outcome) = Charter::replay_found(statement, told)?;
            return Ok((Self::Charter(charter), outcome));
        }
        let document = Document::begin(statement).map_err(|refusal| match refusal {
            Refusal::Unknown { detail } => Divergence::TooNew { seq, detail },
            refusal => Divergence::Refused { seq, refusal: Box::new(refusal) },
        })?;
        let court = DocumentCourt::new(document.kind().id.clone());
        let mut ledger = Self::Document(document, court);
        let outcome = ledger.replay(line, statement.into(), told)?;
        Ok((ledger, outcome))
    }
}

/// Reads an entry's bytes.
pub(super) fn read_entry(bytes: &[u8]) -> Option<Entry> {
    codec::decode("entry", bytes, limits::HEADER_BYTES_MAX).ok()
}
