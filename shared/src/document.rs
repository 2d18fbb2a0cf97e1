//! A document's state as its ledger builds it: what stands, what waits, what was closed.
//!
//! [`Document::append`] is the one path by which a statement enters a ledger. The relay calls it to
//! admit, every replica calls it to replay, and both get the same [`Entry`]. It knows nothing of
//! content but what the gate says the changes touch; the [`Court`] decides on rights.

mod admission;
mod candidate;
mod enacting;
mod holds;
mod local;
mod newer;
mod section;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

pub use candidate::{Candidate, Findings};
pub use local::{Asked, LocalAnswer, LocalState, LocalUse};
pub use newer::{NewerDocument, NewerSection};
pub use section::{Agreed, Approved, Base, KnownSection, Section, Signature};

use crate::charter::{CharterLine, CharterState};
use crate::gate::{Checked, Touch};
use crate::ids::*;
use crate::judge::{Need, Refusal, Ruling};
use crate::kinds::Kind;
use crate::ledger::{Entry, Position, Verdict};
use crate::rules::{BoundRole, Member};
use crate::statement::{Act, Capacity, DeclineOutcome, SectionHeads, Statement};
use crate::wire::Redaction;

/// Decides on rights, and keeps what content it needs for that.
pub trait Court {
    /// What `charter` says about `case`, or why it can never be entered.
    fn judge(&self, charter: &CharterState, case: &Case<'_>) -> Result<Ruling, Refusal>;

    /// Takes note that a statement came into effect, before anything else is judged.
    fn enacted(&mut self, case: &Case<'_>);

    /// Refuses what nobody's agreement can bring into effect as things stand.
    fn can_enact(&self, _case: &Case<'_>) -> Result<(), Refusal> {
        Ok(())
    }

    /// For whom `author` signs `section`.
    fn signers(&self, charter: &CharterState, section: &SectionId, author: &Member) -> Vec<SignerId>;

    /// Tells what all have agreed on, if the signatures in `section` are all that are asked for.
    fn agreed(&self, _charter: &CharterState, _name: &SectionId, _section: &KnownSection) -> Option<Agreed> {
        None
    }

    /// Takes away the signatures that do not outlive a change of `section` on which `by` agreed.
    fn keep_signatures(&self, section: &mut KnownSection, by: &[Agreement], time_ms: u64);

    /// Takes note that a part of a statement came into effect to which `by` agreed, beside its
    /// author.
    fn endorsed(
        &self,
        _charter: &CharterState,
        _section: &mut KnownSection,
        _part: &CasePart,
        _by: &[Agreement],
        _at: Signature,
    ) {
    }

    /// Takes note that all have signed the content of `section`, the last of them `at` this.
    fn signed(
        &self,
        _charter: &CharterState,
        _name: &SectionId,
        _section: &mut KnownSection,
        _at: Signature,
    ) {
    }

    /// Takes note of whose signatures stand on the present content of `section`.
    fn signed_by(&mut self, _section: &SectionId, _signers: BTreeSet<SignerId>) {}

    /// Tells whether only an endorsed amendment can change a section now.
    fn locks(&self, _name: &SectionId, section: &KnownSection) -> bool {
        section.agreed.as_ref().is_some_and(|agreed| agreed.locks)
    }

    /// The rules version under which an entry stands that was judged by `charter`.
    fn rules_version(&self, charter: &CharterState) -> u32 {
        charter.rules_version
    }

    /// What the state digest covers beside the sections, if not the charter head.
    fn context(&self) -> Option<Vec<u8>> {
        None
    }
}

/// Somebody who agreed to a change, and by which statement: its author, and who endorsed it.
#[derive(Debug, Clone)]
pub struct Agreement {
    /// Who.
    pub member: Member,
    /// By which statement.
    pub statement: StatementId,
}

/// What the court looks at.
pub struct Case<'a> {
    /// The document as its earlier entries have made it.
    pub document: &'a Document,
    /// The statement.
    pub statement: StatementId,
    /// The device that signed it.
    pub device: DeviceId,
    /// Its author with party and present roles; absent where a key that is no person's signs.
    pub author: Option<&'a Member>,
    /// What is stated.
    pub act: &'a Act,
    /// The sections changed, with what is touched in each.
    pub parts: &'a [CasePart],
    /// The relay's time at which it was entered, in milliseconds since 1970.
    pub time_ms: u64,
    /// The relay's time at which it is judged: later than that, for what waits.
    pub now_ms: u64,
    /// Whether the changes come on top of what their author agrees to by the same statement.
    pub on_top: bool,
}

/// One section of a [`Case`].
#[derive(Debug, Clone)]
pub struct CasePart {
    /// The section.
    pub section: SectionId,
    /// What the gate found; absent where there are only words, or the reader may not read the section.
    pub checked: Option<Arc<Checked>>,
    /// Whether this replica may not read the section.
    pub hidden: bool,
    /// The actor of the changes, where there are any.
    pub actor: Option<ActorKey>,
    /// The raw changes; kept only in the charter, whose judge looks at the merged result.
    pub changes: Vec<Vec<u8>>,
}

impl CasePart {
    /// A section about which there are only words.
    pub(crate) fn words(section: &SectionId) -> Self {
        let section = section.clone();
        Self { section, checked: None, hidden: false, actor: None, changes: Vec::new() }
    }

    /// A section that this replica may not read.
    pub(crate) fn hidden(section: &SectionId) -> Self {
        Self { hidden: true, ..Self::words(section) }
    }

    /// Tells whether the part carries words alone.
    pub fn changes_nothing(&self) -> bool {
        self.checked.is_none()
    }

    /// What the changes touch; nothing if the section may not be read.
    pub fn touches(&self) -> impl Iterator<Item = &Touch> {
        self.checked.iter().flat_map(|checked| checked.touches())
    }
}

/// A statement that waits for somebody with the right.
#[derive(Debug, Clone)]
pub struct Hold {
    /// The statement.
    pub statement: StatementId,
    /// Where it stands in the ledger.
    pub seq: u64,
    /// The relay's time there, in milliseconds since 1970.
    pub time_ms: u64,
    /// The device that signed it.
    pub device: DeviceId,
    /// Who wrote it.
    pub author: PersonId,
    /// What is stated.
    pub act: Act,
    /// Own statements on whose changes it builds.
    pub after: Vec<StatementId>,
    /// The sections it changes.
    pub parts: Vec<CasePart>,
    /// The rule under which it waits.
    pub rule: RuleId,
    /// The charter under which it was written.
    pub seen_charter: Position,
    /// Bytes of header and payloads.
    pub bytes: usize,
    /// Who has endorsed it so far.
    pub endorsements: Vec<Endorsement>,
}

/// One endorsement of a held statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endorsement {
    /// The `Endorse` statement.
    pub statement: StatementId,
    /// Who endorsed.
    pub person: PersonId,
    /// In what capacity.
    pub capacity: Capacity,
    /// What they had looked at: sections of the target with their heads then.
    pub heads: Vec<SectionHeads>,
    /// When (relay time, milliseconds since 1970).
    pub time_ms: u64,
    /// The stage that it meets by local authority, by who decides it.
    pub stage: Option<Vec<BoundRole>>,
}

/// How a held statement ended. All of these are final.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Closure {
    /// It came into effect.
    Effective {
        /// By this statement.
        by: StatementId,
    },
    /// Somebody who could have endorsed it did not.
    Declined {
        /// By this statement, which carries the reason.
        by: StatementId,
        /// How.
        outcome: DeclineOutcome,
    },
    /// Its author took it back.
    Withdrawn {
        /// By this statement.
        by: StatementId,
    },
    /// What it built on was closed without effect.
    Orphaned {
        /// The statement that it built on.
        of: StatementId,
    },
}

/// What would become of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The verdict.
    pub verdict: Verdict,
    /// Who would have to agree, if it would wait.
    pub needs: Vec<Need>,
}

/// What an entry did.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The entry.
    pub entry: Entry,
    /// Its place.
    pub position: Position,
    /// The leaf of every section whose state changed, ascending.
    pub changed: Vec<(SectionId, LeafHash)>,
    /// The statements that came into effect, in the order in which they did.
    pub effective: Vec<StatementId>,
    /// The statements that were closed without effect.
    pub closed: Vec<StatementId>,
    /// What a statement that was admitted at once changed, section by section, as far as it may be
    /// read here.
    pub parts: Vec<CasePart>,
}

impl Outcome {
    /// What a reader who may not see the sections for which `may_read` is false is told.
    pub fn redaction(&self, may_read: impl Fn(&SectionId) -> bool) -> Redaction {
        let leaves = self.changed.iter().filter(|(section, _)| !may_read(section)).cloned().collect();
        let effective: BTreeSet<_> = self.effective.iter().copied().collect();
        Redaction { leaves, effective: effective.into_iter().collect() }
    }
}

/// What a replica is told beside the statement when it replays an entry.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// The entry as the relay wrote it.
    pub entry: &'a Entry,
    /// What it is told about sections that it may not read.
    pub redaction: Option<&'a Redaction>,
}

/// Why a replayed entry is not the one that the relay showed: it ordered, judged or showed
/// something else than the rules say. The replica stops there and keeps its previous state.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Divergence {
    /// The entry does not follow the last one.
    #[error("entry {seq} does not follow the last one")]
    NotNext {
        /// The entry's sequence number.
        seq: u64,
    },
    /// The entry names another statement, document or partnership.
    #[error("entry {seq} is not about the statement that came with it")]
    OtherStatement {
        /// The entry's sequence number.
        seq: u64,
    },
    /// The statement's signature is not valid.
    #[error("the signature of the statement in entry {seq} is not valid")]
    Signature {
        /// The entry's sequence number.
        seq: u64,
    },
    /// The entry's time or charter is not the one that it must be.
    #[error("entry {seq} has the wrong time or cites the wrong ground rules")]
    Time {
        /// The entry's sequence number.
        seq: u64,
    },
    /// The rules refuse what the relay entered.
    #[error("the rules refuse entry {seq}: {refusal}")]
    Refused {
        /// The entry's sequence number.
        seq: u64,
        /// Why.
        refusal: Box<Refusal>,
    },
    /// The rules lead to another entry.
    #[error("the rules lead to another entry {seq}: {field} differs")]
    OtherEntry {
        /// The entry's sequence number.
        seq: u64,
        /// The first field that differs.
        field: &'static str,
    },
    /// This program is too old for the entry or the document's kind.
    #[error("entry {seq} needs a newer program: {detail}")]
    TooNew {
        /// The entry's sequence number.
        seq: u64,
        /// What is newer.
        detail: String,
    },
    /// The program stopped twice while it worked on this document, which is left alone since.
    #[error("the program stopped twice while it worked on this document")]
    Poison,
}

/// A document's state after its last entry.
#[derive(Clone)]
pub struct Document {
    partnership: PartnershipId,
    id: DocumentId,
    kind: &'static Kind,
    title: String,
    created_ms: u64,
    creator: DeviceId,
    hashes: Vec<EntryHash>,
    time_ms: u64,
    charter: Option<Position>,
    sections: BTreeMap<SectionId, Section>,
    known: HashMap<StatementId, u64>,
    open: BTreeMap<StatementId, Hold>,
    closed: BTreeMap<StatementId, Closure>,
    rounds: BTreeMap<SectionId, Vec<Round>>,
    locals: local::Locals,
    writers: BTreeSet<PartyId>,
}

/// A version that a stage did not approve: one round of that stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// The `Ask`.
    pub ask: StatementId,
    /// The stage, by who decides it.
    pub who: Vec<BoundRole>,
    /// The `Decline`.
    pub by: StatementId,
}

impl Document {
    /// Its id.
    pub fn id(&self) -> DocumentId {
        self.id
    }

    /// The partnership it belongs to.
    pub fn partnership(&self) -> PartnershipId {
        self.partnership
    }

    /// Its kind.
    pub fn kind(&self) -> &'static Kind {
        self.kind
    }

    /// Its title, as given at creation.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// When it was created (relay time, milliseconds since 1970).
    pub fn created_ms(&self) -> u64 {
        self.created_ms
    }

    /// The device that created it.
    pub fn creator(&self) -> DeviceId {
        self.creator
    }

    /// How many entries its ledger has.
    pub fn len(&self) -> u64 {
        self.hashes.len() as u64
    }

    /// False: a document begins with the entry that creates it.
    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    /// The last entry's place.
    pub fn head(&self) -> Option<Position> {
        self.hashes.last().map(|hash| Position { seq: self.len() - 1, hash: *hash })
    }

    /// The last entry's time, in milliseconds since 1970.
    pub fn time_ms(&self) -> u64 {
        self.time_ms
    }

    /// The hash of the entry at `seq`.
    pub fn hash_at(&self, seq: u64) -> Option<EntryHash> {
        self.hashes.get(usize::try_from(seq).ok()?).copied()
    }

    /// The sections, by name.
    pub fn sections(&self) -> &BTreeMap<SectionId, Section> {
        &self.sections
    }

    /// Where a statement stands in the ledger.
    pub fn position_of(&self, statement: &StatementId) -> Option<Position> {
        let seq = *self.known.get(statement)?;
        Some(Position { seq, hash: self.hash_at(seq)? })
    }

    /// The statements that wait, by id.
    pub fn open_holds(&self) -> &BTreeMap<StatementId, Hold> {
        &self.open
    }

    /// How each statement ended that once waited.
    pub fn closures(&self) -> &BTreeMap<StatementId, Closure> {
        &self.closed
    }

    /// The versions of a section that were sent back or not taken since one was approved.
    pub fn rounds(&self, section: &SectionId) -> &[Round] {
        self.rounds.get(section).map(Vec::as_slice).unwrap_or_default()
    }

    /// In which round a version of a section is at the stage that `who` decides: 1 until one was sent
    /// back or not taken there.
    pub fn round_of(&self, section: &SectionId, who: &[BoundRole]) -> u32 {
        self.rounds(section).iter().filter(|round| round.who == who).count() as u32 + 1
    }

    /// The open request to approve a version of a section.
    pub fn asked(&self, section: &SectionId) -> Option<&Hold> {
        let about =
            |hold: &&Hold| matches!(&hold.act, Act::Ask { version, .. } if version.section == *section);
        self.open.values().find(about)
    }

    /// The parties of which somebody's edit is in effect, conversations aside.
    pub fn writers(&self) -> &BTreeSet<PartyId> {
        &self.writers
    }

    /// Tells whether a statement is in effect.
    pub fn is_effective(&self, statement: &StatementId) -> bool {
        self.known.contains_key(statement)
            && !self.open.contains_key(statement)
            && matches!(self.closed.get(statement), None | Some(Closure::Effective { .. }))
    }

    /// Who must still agree before `hold` comes into effect, under `charter`.
    ///
    /// Of a version that was asked about, whoever decides its present stage.
    pub fn needs(&self, court: &impl Court, charter: &CharterState, hold: &Hold) -> Vec<Need> {
        self.unmet(court, charter, hold, self.time_ms).map(|ruling| ruling.needs).unwrap_or_default()
    }

    /// Who must still agree to a version that was asked about, one stage after the other.
    pub fn stages_left(&self, court: &impl Court, charter: &CharterState, ask: &Hold) -> Vec<Need> {
        self.left(court, charter, ask, self.time_ms).map(|ruling| ruling.needs).unwrap_or_default()
    }

    /// Tells what [`Self::append`] would say, and changes nothing.
    ///
    /// # Errors
    ///
    /// A refusal.
    pub fn preview<'a>(
        &self,
        court: &impl Court,
        line: &CharterLine,
        charter: Option<Position>,
        candidate: impl Into<Candidate<'a>>,
        time_ms: u64,
    ) -> Result<Preview, Refusal> {
        let admission = self.decide(court, line, charter, candidate.into(), time_ms, None)?;
        Ok(admission.preview(self, court, &line.state_at(charter)))
    }

    /// Enters a statement: judges it at this place and takes it into the state.
    ///
    /// `line` holds the charter's states, `charter` names the one under which this entry stands.
    /// A replica passes what it was `told`; the relay passes `None`.
    ///
    /// # Errors
    ///
    /// A refusal; the state is unchanged then.
    pub fn append<'a>(
        &mut self,
        court: &mut impl Court,
        line: &CharterLine,
        charter: Option<Position>,
        candidate: impl Into<Candidate<'a>>,
        time_ms: u64,
        told: Option<Told<'_>>,
    ) -> Result<Outcome, Refusal> {
        let candidate = candidate.into();
        let admission = self.decide(court, line, charter, candidate, time_ms, told)?;
        Ok(self.enact(court, line, charter, candidate.statement, time_ms, told, admission))
    }

    /// Replays an entry: appends its statement and compares the result.
    ///
    /// # Errors
    ///
    /// A divergence. After [`Divergence::OtherEntry`] the state includes the statement and must be
    /// rebuilt; after the others it is unchanged.
    pub fn replay<'a>(
        &mut self,
        court: &mut impl Court,
        line: &CharterLine,
        candidate: impl Into<Candidate<'a>>,
        told: Told<'_>,
    ) -> Result<Outcome, Divergence> {
        let candidate = candidate.into();
        let entry = told.entry;
        let seq = entry.seq;
        if seq != self.len() || entry.previous != self.head().map(|head| head.hash) {
            return Err(Divergence::NotNext { seq });
        }
        check_entry(entry, candidate.statement, self.partnership, self.id)?;
        if entry.time_ms <= self.time_ms {
            return Err(Divergence::Time { seq });
        }
        let outcome = self
            .append(court, line, entry.charter, candidate, entry.time_ms, Some(told))
            .map_err(|refusal| Divergence::Refused { seq, refusal: Box::new(refusal) })?;
        compare(entry, &outcome.entry)?;
        Ok(outcome)
    }
}

/// Checks what an entry says of itself against the statement that came with it.
pub(crate) fn check_entry(
    entry: &Entry,
    statement: &Statement,
    partnership: PartnershipId,
    document: DocumentId,
) -> Result<(), Divergence> {
    let seq = entry.seq;
    let fits = entry.statement == statement.id
        && entry.partnership == partnership
        && entry.document == document
        && statement.header.document == document
        && statement.partnership() == partnership;
    if !fits {
        return Err(Divergence::OtherStatement { seq });
    }
    if entry.rules_version > crate::ledger::RULES_VERSION {
        let detail = format!("rules version {}", entry.rules_version);
        return Err(Divergence::TooNew { seq, detail });
    }
    Ok(())
}

/// Compares the relay's entry with the replayed one and names the first field that differs.
pub(crate) fn compare(shown: &Entry, replayed: &Entry) -> Result<(), Divergence> {
    let fields = [
        ("charter", shown.charter == replayed.charter),
        ("time", shown.time_ms == replayed.time_ms),
        ("verdict", shown.verdict == replayed.verdict),
        ("sections", shown.sections == replayed.sections),
        ("state digest", shown.state == replayed.state),
        ("rules version", shown.rules_version == replayed.rules_version),
        ("chain", shown == replayed),
    ];
    match fields.iter().find(|(_, same)| !same) {
        None => Ok(()),
        Some((field, _)) => Err(Divergence::OtherEntry { seq: shown.seq, field }),
    }
}
