//! The replica: one device's copy of a partnership, as a pure state machine.
//!
//! Commands of a person and frames of the relay go in, [`Effect`]s come out; time and random bytes
//! are arguments. Shells (command line, browser) perform the effects in their order and contain no
//! decisions. A command changes the *working* content at once. What is signed is persisted before
//! it is sent, and never altered; what is not signed yet stands in the durable journal.
//!
//! For each section there are two contents: *effective*, which everybody has, and *working*, which
//! adds one's own changes that the relay has not acknowledged and that the judge is expected to
//! admit. Suggestions are never in either: they wait as statements.

mod act;
mod agreeing;
mod ahead;
mod attested;
mod branch;
mod bundle;
mod catching_up;
mod edit;
mod journal;
mod ledger;
mod link;
mod local;
mod meetings;
mod newer;
mod opening;
mod origins;
mod outbox;
mod records;
mod replicated;
mod revising;
mod stops;

use std::collections::{BTreeMap, BTreeSet};

use entente_shared::charter::{Charter, CharterState};
use entente_shared::content::Section;
use entente_shared::crypto::Key;
use entente_shared::document::{Divergence, Document, Hold, NewerDocument};
use entente_shared::ids::*;
use entente_shared::judge::{Need, Refusal};
use entente_shared::kinds::Kind;
use entente_shared::ledger::{Position, SignedCheckpoint};
use entente_shared::rules::Member;
use entente_shared::statement::Statement;
use entente_shared::wire::{Attention, ClientFrame, CloseReason};

pub use act::{Founding, InviteWish, Invited, Submitted, founding};
pub use agreeing::Signable;
pub use attested::AttestedDocument;
pub use bundle::{BUNDLE_BYTES_MAX, BUNDLE_VERSION, Bundle, BundleError, BundleLedger, Imported};
pub use edit::{EditOutcome, Foreseen};
pub use ledger::{Kept, Ledger};
pub use link::{JoinPass, LinkState, is_final};
pub use meetings::{Meeting, Meetings, TextEdit};
pub use opening::{OpenError, Stored};
pub use origins::{Origin, Origins, actors};
pub use outbox::{Outgoing, OutgoingState};
pub use records::{Profile, RecordError};
pub use replicated::Replicated;
pub use revising::Returned;
pub use stops::{Marker, Place};

/// The shell's clock and random source, for one call.
pub struct Now<'a> {
    /// Milliseconds since 1970.
    pub ms: u64,
    /// Fills a buffer with unpredictable bytes.
    pub random: &'a mut dyn FnMut(&mut [u8]),
}

impl Now<'_> {
    /// Draws `N` random bytes.
    pub fn draw<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.random)(&mut bytes);
        bytes
    }
}

/// What the shell performs, in this order. Everything before a `Send` is durable before it is sent.
/// `Write`s that follow each other are durable together or not at all; an edit that is signed leaves
/// the journal as its statement enters the outbox.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Appends verified entries to the local ledger of a document.
    Keep {
        /// The document.
        document: DocumentId,
        /// The entries, in order.
        entries: Vec<Kept>,
    },
    /// Puts the local ledger of a document aside: it is sent anew.
    SetAside {
        /// The document.
        document: DocumentId,
    },
    /// Writes or deletes a small named value.
    Write {
        /// Its name.
        key: Vec<u8>,
        /// Its value; `None` deletes it.
        value: Option<Vec<u8>>,
    },
    /// Keeps the relay's last word on a head outside the store, where a restored store shows.
    Witness(SignedCheckpoint),
    /// Sends a frame to the relay.
    Send(ClientFrame),
    /// Reads the local entries of a document after a position and hands them to
    /// [`Replica::refill`]: the relay has lost them, or this replica needs them all.
    Refill {
        /// The document.
        document: DocumentId,
        /// The last entry that is not needed.
        from: Option<Position>,
    },
    /// Reads all local entries of a document, before they are put aside, and hands them to
    /// [`Replica::salvage`]. The replica is opened anew afterwards.
    Salvage {
        /// The document.
        document: DocumentId,
    },
    /// Closes the connection.
    Close,
    /// Tells the person.
    Tell(Event),
}

/// Something that happened, for people.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The relay let this device in.
    Welcomed {
        /// Who runs the relay and can read what is stored there.
        operator: String,
        /// The relay's clock minus this device's, in milliseconds.
        clock_ahead_ms: i64,
    },
    /// The relay closed the connection.
    Closed(CloseReason),
    /// The relay is not the one that this partnership is bound to.
    OtherRelay {
        /// The key that it showed.
        shown: RelayId,
    },
    /// Everything that the relay had has arrived, and everything of ours is answered.
    UpToDate,
    /// Everything that the relay had has arrived, and some of ours is still only here: the relay
    /// takes it later.
    StillHere {
        /// How many statements.
        count: usize,
        /// Why the first of them was not taken now.
        refusal: Refusal,
    },
    /// One's own edit carried changes that stand already; what was new in it goes on by itself.
    AlreadyThere {
        /// The document.
        document: DocumentId,
        /// The edit.
        statement: StatementId,
        /// The entries in which its changes stand, ascending.
        entries: Vec<u64>,
    },
    /// New entries stand in a document.
    Arrived {
        /// The document.
        document: DocumentId,
        /// How many.
        entries: usize,
    },
    /// One's own edit waits, though this device expected it to be admitted.
    NowWaits {
        /// The document.
        document: DocumentId,
        /// The statement.
        statement: StatementId,
    },
    /// The relay refused one's own statement; it is kept here with the reason.
    Refused {
        /// The statement.
        statement: StatementId,
        /// Why.
        refusal: Refusal,
        /// Whether this device's own judge would have admitted it: then the relay is at fault.
        relay_at_fault: bool,
    },
    /// The relay showed something else than the rules say; the document stays as it was.
    Diverged {
        /// The document.
        document: DocumentId,
        /// What differs.
        divergence: Divergence,
    },
    /// The relay contradicts its own signed word: proof of a fork.
    Forked {
        /// The document.
        document: DocumentId,
        /// The sequence number for which it gave two hashes.
        seq: u64,
    },
    /// The relay showed a document before it was checked, in a way that does not fit together: it is
    /// shown once it has been checked.
    NotAttested {
        /// What does not fit.
        problem: String,
    },
    /// What the relay showed of a document before it was checked is not what its ledger says.
    Contradicted {
        /// The document.
        document: DocumentId,
        /// Its title, as it was shown.
        title: String,
    },
    /// The relay was restored from a backup and lacks entries that it had; leads are told.
    Rewound {
        /// The document.
        document: DocumentId,
        /// Its head as this device knows it.
        had: Position,
        /// Its head as the relay shows it now; absent if it has none.
        has: Option<Position>,
    },
}

/// Why a command could not be carried out; nothing was changed then.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CommandError {
    /// There is no partnership on this device yet, or the relay has not answered the founding.
    #[error("there is no partnership on this device yet")]
    NoPartnership,
    /// This device is not enrolled, or no longer.
    #[error("this device is not enrolled")]
    NotEnrolled,
    /// No document with this id is on this device.
    #[error("no such document on this device")]
    UnknownDocument,
    /// The document's kind or schema is newer than this program.
    #[error("this document needs a newer program; it is shown as it is")]
    TooNew,
    /// The document is shown as the relay attests it and is still being checked.
    #[error("this document is still being checked")]
    BeingChecked,
    /// The relay showed something else than the rules say: the document is not followed any further,
    /// and so not written either.
    #[error("this document has stopped: {0}")]
    Stopped(Divergence),
    /// The section may not be read by this person, or does not exist.
    #[error("no section {0} that you may read")]
    UnknownSection(SectionId),
    /// The edit does not fit the document.
    #[error(transparent)]
    Edit(#[from] entente_shared::content::EditError),
    /// The rules would refuse it.
    #[error("{0}")]
    Refused(Refusal),
    /// The ground rules would not be well formed.
    #[error("{0}")]
    Charter(String),
    /// There is no such suggestion, or it was decided.
    #[error("that suggestion is not open")]
    NotOpen,
}

/// One device's copy of a partnership. A clone shares its key: two programs on one profile.
#[derive(Clone)]
pub struct Replica {
    key: Key,
    profile: Profile,
    charter: Option<Replicated>,
    documents: BTreeMap<DocumentId, Replicated>,
    /// Documents whose kind or schema this program is too old for.
    newer: BTreeMap<DocumentId, NewerDocument>,
    /// Documents whose entries this program is too old for, or whose relay diverged.
    stopped: BTreeMap<DocumentId, Divergence>,
    outbox: outbox::Outbox,
    link: link::Link,
    checkpoints: BTreeMap<DocumentId, SignedCheckpoint>,
    /// Documents that have taken an entry in memory that is not the relay's: they are replayed anew
    /// from what is stored.
    rebuilding: BTreeSet<DocumentId>,
    /// Documents at which the program stopped before, with their kinds and titles: left alone.
    poison: BTreeMap<DocumentId, (KindId, String)>,
    /// What the person looks at.
    attention: Option<Attention>,
    /// Is told which document is worked on.
    at_work: Option<fn(DocumentId)>,
    /// Documents as the relay attests them, until they are replayed.
    attested: BTreeMap<DocumentId, AttestedDocument>,
    /// Whether the shell shows documents meanwhile.
    shows_attested: bool,
    /// How often views were asked for since a catch-up came to its end on a new device.
    attested_tries: u64,
    /// The relay's clock minus this device's when they last met, in milliseconds.
    clock_ahead_ms: i64,
    /// Whether the next connection says that the founding has gone through.
    knocks_as_member: bool,
    /// Entries of which the program has died: nothing is taken in from there on.
    deadly: BTreeMap<DocumentId, u64>,
    /// Who is told which entry is taken in.
    marker: Marker,
    effects: Vec<Effect>,
}

impl Replica {
    /// Takes the effects that are due.
    pub fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// The device's key.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// Where this replica belongs.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The charter as verified here.
    pub fn charter(&self) -> Option<&Charter> {
        self.charter.as_ref().and_then(|replicated| replicated.ledger.charter())
    }

    /// The charter with one's own unacknowledged statements.
    pub fn charter_ahead(&self) -> Option<&Charter> {
        self.charter.as_ref().and_then(|replicated| replicated.ahead_or_ledger().charter())
    }

    /// What the charter says, own unacknowledged statements included.
    ///
    /// # Errors
    ///
    /// [`CommandError::NoPartnership`].
    pub fn state(&self) -> Result<&CharterState, CommandError> {
        self.charter_ahead().map(|charter| &**charter.now()).ok_or(CommandError::NoPartnership)
    }

    /// The person whose device this is.
    ///
    /// # Errors
    ///
    /// [`CommandError::NotEnrolled`].
    pub fn me(&self) -> Result<Member, CommandError> {
        let device = self.key.device();
        self.state()?.member_of(&device).ok_or(CommandError::NotEnrolled)
    }

    /// The documents that are here, the charter not among them.
    pub fn documents(&self) -> &BTreeMap<DocumentId, Replicated> {
        &self.documents
    }

    /// Documents that are not followed any further, and why.
    pub fn stopped(&self) -> &BTreeMap<DocumentId, Divergence> {
        &self.stopped
    }

    /// Documents that are left alone because the program stopped at them, with kind and title.
    pub fn poison(&self) -> &BTreeMap<DocumentId, (KindId, String)> {
        &self.poison
    }

    fn works_on(&self, document: DocumentId) {
        if let Some(at_work) = self.at_work {
            at_work(document);
        }
    }

    /// A document or the charter, with one's own unacknowledged statements.
    ///
    /// # Errors
    ///
    /// [`CommandError::UnknownDocument`], [`CommandError::TooNew`], [`CommandError::BeingChecked`],
    /// [`CommandError::Stopped`].
    pub fn replicated(&self, document: DocumentId) -> Result<&Replicated, CommandError> {
        self.works_on(document);
        let charter = self.charter.as_ref().filter(|charter| charter.id() == document);
        let missing = || match (self.newer.contains_key(&document), self.stopped.get(&document)) {
            (true, _) => CommandError::TooNew,
            (false, Some(Divergence::Poison)) => CommandError::Stopped(Divergence::Poison),
            (false, _) if self.attested.contains_key(&document) => CommandError::BeingChecked,
            (false, _) => CommandError::UnknownDocument,
        };
        charter.or_else(|| self.documents.get(&document)).ok_or_else(missing)
    }

    fn replicated_mut(&mut self, document: DocumentId) -> Option<&mut Replicated> {
        self.works_on(document);
        match &mut self.charter {
            Some(charter) if charter.id() == document => Some(charter),
            _ => self.documents.get_mut(&document),
        }
    }

    /// A document's state with one's own unacknowledged statements.
    ///
    /// # Errors
    ///
    /// [`CommandError::UnknownDocument`].
    pub fn document(&self, document: DocumentId) -> Result<&Document, CommandError> {
        Ok(self.replicated(document)?.ahead_or_ledger().document())
    }

    /// The working content of a document's sections that this person may read.
    ///
    /// # Errors
    ///
    /// [`CommandError::UnknownDocument`].
    pub fn working(&self, document: DocumentId) -> Result<BTreeMap<SectionId, &Section>, CommandError> {
        Ok(self.replicated(document)?.working())
    }

    /// Who must still agree before an open suggestion comes into effect.
    pub fn needs(&self, document: DocumentId, hold: &Hold) -> Vec<Need> {
        let (Ok(replicated), Ok(state)) = (self.replicated(document), self.state()) else {
            return Vec::new();
        };
        replicated.ahead_or_ledger().needs(state, hold)
    }

    /// Which device signed a statement of a document, and when (milliseconds since 1970): by the
    /// relay's clock once it is entered, by the device's while it is on its way.
    pub fn origin(&self, document: DocumentId, statement: &StatementId) -> Option<(DeviceId, u64)> {
        let origins = self.replicated(document).ok().map(Replicated::origins);
        let entered = origins.and_then(|origins| origins.get(statement));
        let own = || {
            let header = &self.outgoing().find(|one| one.statement.id == *statement)?.statement.header;
            Some((header.device, header.clock_ms))
        };
        entered.map(|origin| (origin.device, origin.time_ms)).or_else(own)
    }

    /// Statements of this device that are not in a ledger yet, oldest first.
    pub fn outgoing(&self) -> impl Iterator<Item = &Outgoing> {
        self.outbox.iter()
    }

    /// How many changes and suggestions are not on the relay yet, journal and outbox together: what
    /// is journaled counts as the statements that it will be, one for each section.
    pub fn not_on_relay(&self) -> (usize, usize) {
        let journaled: usize = self.all().map(Replicated::journaled_sections).sum();
        let waiting = self.outbox.iter().filter(|outgoing| outgoing.is_waiting());
        let suggestions = waiting.clone().filter(|outgoing| outgoing.suggestion).count();
        (journaled + waiting.count() - suggestions, suggestions)
    }

    /// The relay's last word on each document.
    pub fn checkpoints(&self) -> &BTreeMap<DocumentId, SignedCheckpoint> {
        &self.checkpoints
    }

    /// The connection to the relay.
    pub fn link(&self) -> &LinkState {
        self.link.state()
    }

    fn all(&self) -> impl Iterator<Item = &Replicated> {
        self.charter.iter().chain(self.documents.values())
    }

    fn kind_of(&self, document: DocumentId) -> Result<&'static Kind, CommandError> {
        Ok(self.document(document)?.kind())
    }

    /// Tells whether the relay has to send this device a section, by the verified charter.
    fn is_sent(&self, kind: &KindId, section: &SectionId) -> bool {
        let Some(state) = self.charter().map(|charter| charter.now()) else { return false };
        let me = state.member_of(&self.key.device());
        me.is_some_and(|me| state.may_read(kind, section, &me))
    }

    fn statement_in(&self, document: DocumentId, statement: &StatementId) -> Option<&Statement> {
        let replicated = self.replicated(document).ok()?;
        replicated.held.get(statement)
    }

    /// A held statement with its payloads, as far as this person may read them.
    pub fn held_statement(&self, document: DocumentId, statement: &StatementId) -> Option<&Statement> {
        let own = self.outbox.iter().find(|outgoing| outgoing.statement.id == *statement);
        self.statement_in(document, statement).or(own.map(|outgoing| &outgoing.statement))
    }
}
