//! One section's part of the document's state.

use std::collections::BTreeMap;

use crate::gate::SectionIndex;
use crate::ids::*;
use crate::ledger::Leaf;

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
    /// Who signed the present heads: by party, the `Sign` statement.
    pub signatures: BTreeMap<PartyId, StatementId>,
    /// Whether only an endorsed amendment can change it.
    pub locked: bool,
    leaf: LeafHash,
}

impl KnownSection {
    /// A section with its genesis alone.
    pub fn new(name: &SectionId, index: SectionIndex) -> Self {
        let mut section = Self {
            generation: 0,
            index,
            holds: Vec::new(),
            signatures: BTreeMap::new(),
            locked: false,
            leaf: LeafHash([0; 32]),
        };
        section.refresh(name);
        section
    }

    /// Computes the leaf anew after a change.
    pub fn refresh(&mut self, name: &SectionId) {
        let signatures: Vec<_> = self.signatures.iter().map(|(party, id)| (party.clone(), *id)).collect();
        let leaf = Leaf {
            section: name,
            generation: self.generation,
            heads: self.index.heads(),
            holds: &self.holds,
            signatures: &signatures,
            locked: self.locked,
        };
        self.leaf = leaf.hash();
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
