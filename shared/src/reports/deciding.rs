//! Who decides what, over all documents: one table, generated from the rules that are in force.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::charter::CharterState;
use crate::ids::*;
use crate::rules::{BoundRole, Right, Touched};

/// Who decides in one section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Deciding {
    /// The kind of document.
    pub kind: KindId,
    /// The section.
    pub section: SectionId,
    /// Who writes it without asking anybody.
    pub writes: Vec<BoundRole>,
    /// Who decides what others suggest.
    pub decides: Vec<BoundRole>,
    /// Who approves a version of it, one stage after the other.
    pub approves: Vec<Stage>,
    /// For whom a signature is asked.
    pub signs: Vec<BoundRole>,
    /// Of all these roles, those that nobody holds.
    pub unheld: Vec<BoundRole>,
}

/// A stage of approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stage {
    /// One holder of any of these.
    pub who: Vec<BoundRole>,
    /// How many rounds are planned.
    pub rounds: Option<u32>,
    /// How soon an answer is due, as the rules write it.
    pub answer_within: Option<String>,
}

impl Deciding {
    /// Reads the rules on some sections, in their order; a section that no rule lets anybody write, decide or
    /// sign is left out.
    pub fn all<'s>(
        charter: &CharterState,
        sections: impl IntoIterator<Item = &'s (KindId, SectionId)>,
    ) -> Vec<Self> {
        let read = |(kind, section): &(KindId, SectionId)| Self::of(charter, kind, section);
        sections.into_iter().map(read).filter(|one| !one.roles().is_empty()).collect()
    }

    fn of(charter: &CharterState, kind: &KindId, section: &SectionId) -> Self {
        let rights = charter.rights(kind, section);
        let edit = rights.who_can(Right::Edit);
        // Fields of their own, such as translations, have further writers; the section's are those of all of it.
        let whole = |role: &&BoundRole| rights.writes_all(role);
        let writes = match rights.held_edits() {
            Some(_) => Vec::new(),
            None => distinct(edit.into_iter().map(|(_, role)| role).filter(whole)),
        };
        let decides = distinct(rights.deciders(&Touched::SECTION).into_iter().map(|(_, role)| role));
        let stages = rights.chain().map(|chain| chain.stages.as_slice()).unwrap_or_default();
        let stage = |stage: &crate::rules::BoundStage| Stage {
            who: stage.who.clone(),
            rounds: stage.rounds,
            answer_within: stage.answer_within.map(|within| within.to_string()),
        };
        let mut one = Self {
            kind: kind.clone(),
            section: section.clone(),
            writes,
            decides,
            approves: stages.iter().map(stage).collect(),
            signs: rights.signing().map(|signing| signing.all_of.clone()).unwrap_or_default(),
            unheld: Vec::new(),
        };
        one.unheld = one.roles().into_iter().filter(|role| charter.holders(role).is_empty()).collect();
        one
    }

    /// Every role that it names.
    fn roles(&self) -> BTreeSet<BoundRole> {
        let stages = self.approves.iter().flat_map(|stage| &stage.who);
        self.writes.iter().chain(&self.decides).chain(stages).chain(&self.signs).cloned().collect()
    }
}

fn distinct<'r>(roles: impl Iterator<Item = &'r BoundRole>) -> Vec<BoundRole> {
    roles.cloned().collect::<BTreeSet<_>>().into_iter().collect()
}
