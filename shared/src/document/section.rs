//! One section's part of the document's state.

use std::collections::BTreeMap;

use crate::gate::SectionIndex;
use crate::ids::*;
use crate::ledger::{Leaf, LeafBase};
use crate::money::Amount;
use crate::rules::BoundRole;

/// A section as this replica knows it.
#[derive(Clone)]
pub enum Section {
    /// A section whose content this replica may read.
    Known(Box<KnownSection>),
    /// A section of which only the leaf of the state digest is known.
    Hidden(LeafHash),
}

/// The state of a section that may be read.
#[derive(Clone)]
pub struct KnownSection {
    /// How often it was restarted after an erasure; 0 in rules version 1.
    pub generation: u32,
    /// The effective changes.
    pub index: SectionIndex,
    /// The open holds that touch it, ascending.
    pub holds: Vec<StatementId>,
    /// Who signed the present heads.
    pub signatures: BTreeMap<SignerId, Signature>,
    /// What all who must sign have agreed on, since the last of them did.
    pub agreed: Option<Agreed>,
    /// The version that was approved last, which may not be the present one any more.
    pub approved: Option<Approved>,
    /// From what its fields with a band are measured, ascending by field.
    pub bases: Vec<Base>,
    /// Whether only an endorsed amendment can change it.
    pub locked: bool,
    leaf: LeafHash,
}

/// A signature under the present heads of a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature {
    /// The statement by which it was given: a `Sign`, or what agreed to an amendment.
    pub statement: StatementId,
    /// When that entered the ledger (relay time, milliseconds since 1970).
    pub at_ms: u64,
}

/// From what a field with a band is measured: the amount agreed on last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base {
    /// The field, its keys between slashes.
    pub field: String,
    /// The amount.
    pub amount: Amount,
    /// The statement that wrote it with agreement, or the signature that completed those under it.
    pub statement: StatementId,
    /// When it was agreed on (relay time, milliseconds since 1970).
    pub at_ms: u64,
}

/// The terms on which a section was signed by all, as its rule had them then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreed {
    /// The rule.
    pub rule: RuleId,
    /// Whose signatures there are.
    pub required: Vec<BoundRole>,
    /// Whether they lock the section.
    pub locks: bool,
    /// After how many milliseconds a signature lapses, if it does.
    pub expires_ms: Option<u64>,
}

/// A version of a section that every stage of its chain approved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approved {
    /// The `Ask`.
    pub ask: StatementId,
    /// Its heads.
    pub heads: Vec<ChangeId>,
    /// When the last stage approved (relay time, milliseconds since 1970).
    pub at_ms: u64,
}

impl KnownSection {
    /// A section with its genesis alone.
    pub fn new(name: &SectionId, index: SectionIndex) -> Self {
        let mut section = Self {
            generation: 0,
            index,
            holds: Vec::new(),
            signatures: BTreeMap::new(),
            agreed: None,
            approved: None,
            bases: Vec::new(),
            locked: false,
            leaf: LeafHash([0; 32]),
        };
        section.refresh(name);
        section
    }

    /// Computes the leaf anew after a change.
    pub fn refresh(&mut self, name: &SectionId) {
        let signatures = self.signatures();
        let bases = self.leaf_bases();
        let leaf = Leaf {
            section: name,
            generation: self.generation,
            heads: self.index.heads(),
            holds: &self.holds,
            signatures: &signatures,
            locked: self.locked,
            approved: self.approved(),
            bases: bases.as_deref(),
        };
        self.leaf = leaf.hash();
    }

    /// Who signed the present heads, as the leaf has it: for whom, and by which statement.
    pub(crate) fn signatures(&self) -> Vec<(SignerId, StatementId)> {
        let signatures = self.signatures.iter();
        signatures.map(|(signer, signed)| (signer.clone(), signed.statement)).collect()
    }

    /// From what its fields with a band are measured, as the leaf has it.
    pub(crate) fn leaf_bases(&self) -> Option<Vec<LeafBase>> {
        let base = |base: &Base| LeafBase {
            field: base.field.clone(),
            amount: base.amount.to_string(),
            statement: base.statement,
        };
        (!self.bases.is_empty()).then(|| self.bases.iter().map(base).collect())
    }

    /// The `Ask` that was approved for the present heads.
    pub(crate) fn approved(&self) -> Option<StatementId> {
        let approved = self.approved.as_ref().filter(|approved| approved.heads == self.index.heads());
        approved.map(|approved| approved.ask)
    }

    /// When the signatures on the present heads lapse (milliseconds since 1970), if they do.
    pub fn lapses_ms(&self) -> Option<u64> {
        let first = self.signatures.values().map(|signature| signature.at_ms).min()?;
        Some(first.saturating_add(self.agreed.as_ref()?.expires_ms?))
    }

    /// What all have agreed on, while their signatures last.
    pub fn agreed_at(&self, time_ms: u64) -> Option<&Agreed> {
        let lapsed = self.lapses_ms().is_some_and(|lapses_ms| lapses_ms <= time_ms);
        self.agreed.as_ref().filter(|_| !lapsed)
    }
}

impl Agreed {
    /// The name under which a role's signature stands.
    pub fn signer(role: &BoundRole) -> SignerId {
        SignerId::new(role.to_string())
    }
}

impl Section {
    /// The leaf of the state digest.
    pub fn leaf(&self) -> LeafHash {
        match self {
            Self::Known(known) => known.leaf,
            Self::Hidden(leaf) => *leaf,
        }
    }

    /// The state, if the section may be read.
    pub fn known(&self) -> Option<&KnownSection> {
        match self {
            Self::Known(known) => Some(known),
            Self::Hidden(_) => None,
        }
    }

    /// The state for changing, if the section may be read.
    pub fn known_mut(&mut self) -> Option<&mut KnownSection> {
        match self {
            Self::Known(known) => Some(known),
            Self::Hidden(_) => None,
        }
    }
}
