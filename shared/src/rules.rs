//! The rules of a partnership: who may read, edit, suggest and decide what, as data.
//!
//! A rule names sections (`matrix:party/{party}`) and gives rights on them to roles
//! (`{party}/lead`). Rights add up: what one rule gives, no other takes away, and the order of
//! rules never matters. The one restriction is `hold = "edits"`: there only those who decide
//! change directly. The judge asks a [`SectionRights`] table, resolved once for each section.
//!
//! Syntax and meaning are frozen with each rules version. Version 2 added `sign` and `chain`,
//! version 3 `band` and `local`. A rule that uses what its version does not know is
//! refused, never half obeyed.

mod authority;
mod band;
mod error;
mod form;
mod gaps;
mod local;
mod pattern;
mod rights;

use std::collections::{BTreeMap, BTreeSet};

pub use authority::{BoundChain, BoundSigning, BoundStage, Chain, Signing, Stage, Within};
pub use band::{Band, BoundBand, percent};
pub use error::{RuleError, RulesError};
pub use gaps::{Agreeing, Gap, gaps};
pub use local::{BoundLocal, Local};
pub use pattern::{Bindings, FieldPattern, Mark, Placeholder, RolePattern, SectionPattern, Target};
pub use rights::{BoundRole, EditRight, SectionRights, Touched, is_translation};
use serde::{Deserialize, Serialize};

use crate::ids::{KindId, MarketId, PartyId, PersonId, RoleId, RuleId, SectionId};
use crate::kinds::Words;

pub use crate::ledger::RULES_VERSION;

/// One rule: rights on some sections for some roles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The name that statements, verdicts and people refer to.
    pub id: RuleId,
    /// What the rule is called in both languages, if its id does not say it.
    pub name: Option<Words>,
    /// The sections, and fields in them, that the rule is about.
    pub on: Vec<Target>,
    /// Who reads these sections.
    pub read: Vec<RolePattern>,
    /// Who may suggest changes, to be decided by others.
    pub propose: Vec<RolePattern>,
    /// Who changes them directly.
    pub edit: Vec<RolePattern>,
    /// Who decides what others suggest.
    pub endorse: Vec<RolePattern>,
    /// Which changes wait although their authors may edit.
    pub hold: Option<Hold>,
    /// The top-level fields to which `propose`, `edit` and `endorse` are limited; empty: all.
    pub fields: Vec<String>,
    /// The roles that may be given to people under this rule (charter only).
    pub grants: Vec<RoleId>,
    /// Nobody changes or decides their own roles under this rule (charter only).
    pub not_self: bool,
    /// The rule is not shown to creators.
    pub internal: bool,
    /// Who signs the section, and what that does (rules version 2).
    pub sign: Option<Signing>,
    /// Whose approval a version of the section asks for (rules version 2).
    pub chain: Option<Chain>,
    /// How far the fields move without asking (rules version 3).
    pub band: Option<Band>,
    /// Who may approve a version instead of a party that is closed (rules version 3).
    pub local: Option<Local>,
}

/// Which changes wait for a decision although their authors may edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hold {
    /// Every change by others than those who decide.
    Edits,
}

/// What a rule can give.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Right {
    /// To be sent the content of a section.
    Read,
    /// To suggest a change.
    Propose,
    /// To change directly.
    Edit,
    /// To decide what others suggest.
    Endorse,
}

impl Right {
    /// Every right, in the order in which a rule states them.
    pub const ALL: [Self; 4] = [Self::Read, Self::Propose, Self::Edit, Self::Endorse];
}

impl Rule {
    /// The roles to which the rule gives `right`.
    pub fn roles(&self, right: Right) -> &[RolePattern] {
        match right {
            Right::Read => &self.read,
            Right::Propose => &self.propose,
            Right::Edit => &self.edit,
            Right::Endorse => &self.endorse,
        }
    }
}

/// A person as the rules see them: the party they belong to, and the roles they hold in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub person: PersonId,
    /// Their one party.
    pub party: PartyId,
    /// Their roles in that party.
    pub roles: BTreeSet<RoleId>,
}

/// A party as the rules see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Team {
    /// Which party.
    pub party: PartyId,
    /// The market it works in; several parties may share one.
    pub market: MarketId,
}

/// The rules of a partnership, by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules(BTreeMap<RuleId, Rule>);

impl Rules {
    /// Looks up one rule.
    pub fn get(&self, id: &RuleId) -> Option<&Rule> {
        self.0.get(id)
    }

    /// All rules, sorted by id.
    pub fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.0.values()
    }

    /// The number of rules.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Tells whether there is no rule at all: then nobody may do anything.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Resolves what the rules say about one section, for these teams.
    ///
    /// The result depends on nothing else, so the judge keeps it until the charter changes.
    pub fn resolve(&self, kind: &KindId, section: &SectionId, teams: &[Team]) -> SectionRights {
        SectionRights::resolve(self.iter(), kind, section, teams)
    }

    /// The rules that a new partnership starts with, `central` being the party that has the
    /// final say on what is common to all markets: its founder's.
    ///
    /// # Errors
    ///
    /// [`RuleError::Pattern`] if `central` is not a name that a rule can refer to.
    pub fn standard(central: &PartyId) -> Result<Self, RulesError> {
        let text = include_str!("../rules/standard.toml");
        Self::from_toml(&text.replace("CENTRAL", central.as_str()))
    }
}

#[cfg(test)]
mod tests;
