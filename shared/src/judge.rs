//! The judge: who may change what, decided in this one place.
//!
//! It is total and pure: from the charter at the cited head, the document's earlier entries, the
//! statement and the relay's time it makes a verdict or a refusal, the same on every replica.
//! Grants add up and their order never matters. What no grant admits is held if somebody may
//! propose it, or could do it when it was written; otherwise it is refused, naming who could.

use std::collections::BTreeSet;

use minicbor::{Decode, Encode};
use serde::Serialize;

use crate::charter::{CharterState, LEAD};
use crate::gate::{Fault, GateError, Step};
use crate::ids::*;
use crate::ledger::Position;
use crate::mutants::Mutant;
use crate::rules::{BoundRole, EditRight, Member, SectionRights, Touched};

mod bands;
mod court;
mod facts;
mod local;

pub use court::DocumentCourt;
pub(crate) use facts::rests_on;
pub use facts::{Facts, Unready};
pub use local::{CLOCKS_APART_MS_MAX, Leave, LocalBar, WEEK_MS, leave};

/// Why a statement does not enter the ledger. Its sender keeps it and is told.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, Serialize, thiserror::Error)]
#[serde(tag = "refusal", rename_all = "kebab-case")]
pub enum Refusal {
    /// The bytes are no well-formed statement of this partnership and document.
    #[n(0)]
    #[error("not a well-formed statement: {detail}")]
    Malformed {
        /// What is wrong.
        #[n(0)]
        detail: String,
    },
    /// The signing device was never enrolled.
    #[n(1)]
    #[error("this device is not enrolled")]
    UnknownDevice,
    /// The signing device was revoked as lost.
    #[n(2)]
    #[error("this device was revoked as lost")]
    LostDevice,
    /// The signing device or its person was revoked; only edits made before can be handed over.
    #[n(3)]
    #[error("this device was revoked")]
    Revoked,
    /// The author has seen entries that this ledger does not have.
    #[n(4)]
    #[error("the ledger ends before what the author had seen")]
    Behind {
        /// The ledger's head.
        #[n(0)]
        head: Option<Position>,
    },
    /// The author's entries are not those of this ledger.
    #[n(5)]
    #[error("the author saw another ledger under the same name")]
    Forked {
        /// The sequence number at which they differ.
        #[n(0)]
        seq: u64,
    },
    /// A change or statement builds on something that is not here (yet); send that first.
    #[n(6)]
    #[error("it builds on something that has not arrived")]
    Dependency {
        /// What is missing.
        #[n(0)]
        detail: String,
    },
    /// A statement on which it builds was closed; take the changes up again on what stands now.
    #[n(7)]
    #[error("it builds on a suggestion that was closed")]
    Orphaned {
        /// The closed statement.
        #[n(0)]
        after: StatementId,
    },
    /// The gate does not let the changes pass.
    #[n(8)]
    #[error("the changes to {section} are not valid: {detail}")]
    Gate {
        /// The section.
        #[n(0)]
        section: SectionId,
        /// What the gate found.
        #[n(1)]
        detail: String,
    },
    /// All of its changes stand already.
    #[n(9)]
    #[error("its changes stand already")]
    AlreadyStands,
    /// An open suggestion uses the same actor; begin a new session.
    #[n(10)]
    #[error("an open suggestion uses the same actor")]
    ActorInUse {
        /// The open suggestion.
        #[n(0)]
        hold: StatementId,
    },
    /// No rule allows it, and none lets the author propose it.
    #[n(11)]
    #[error("no rule lets this person do it")]
    NotAllowed {
        /// The rule that says who could, if there is one.
        #[n(0)]
        rule: Option<RuleId>,
        /// Who could.
        #[n(1)]
        who: Vec<BoundRole>,
    },
    /// The statement that it is about is not open: unknown or closed before.
    #[n(12)]
    #[error("that suggestion is not open")]
    NotOpen {
        /// The statement that it is about.
        #[n(0)]
        target: StatementId,
    },
    /// One's own suggestion needs another person.
    #[n(13)]
    #[error("another person decides one's own suggestion")]
    OwnSuggestion,
    /// The section moved since the author looked at it.
    #[n(14)]
    #[error("{section} changed meanwhile; look again")]
    Stale {
        /// The section.
        #[n(0)]
        section: SectionId,
    },
    /// Too much of this device waits already.
    #[n(15)]
    #[error("too many suggestions of this device wait already")]
    TooManyHolds {
        /// How many wait.
        #[n(0)]
        open: u32,
    },
    /// The document, section, kind or schema is not one that this replica can check.
    #[n(16)]
    #[error("{detail}")]
    Unknown {
        /// What is not known.
        #[n(0)]
        detail: String,
    },
    /// The invitation is unknown, used, expired or was taken back.
    #[n(17)]
    #[error("the invitation does not work: {detail}")]
    Invitation {
        /// Which of these.
        #[n(0)]
        detail: String,
    },
    /// The charter would not be well formed.
    #[n(18)]
    #[error("the ground rules would not be well formed: {detail}")]
    Charter {
        /// What would be wrong.
        #[n(0)]
        detail: String,
    },
    /// This program does not know the partnership's rules version; update it.
    #[n(19)]
    #[error("rules version {version} is newer than this program")]
    RulesVersion {
        /// The version.
        #[n(0)]
        version: u32,
    },
    /// The relay takes nothing for this document now: it recovers, or its disk is nearly full.
    #[n(20)]
    #[error("the relay takes nothing for now: {detail}")]
    ReadOnly {
        /// Why.
        #[n(0)]
        detail: String,
    },
    /// Too many statements or bytes in a short time.
    #[n(21)]
    #[error("too much at once; try again in {retry_after_ms} ms")]
    Limit {
        /// When to try again, in milliseconds from now.
        #[n(0)]
        retry_after_ms: u64,
    },
    /// The section cannot be signed yet.
    #[n(22)]
    #[error("{section} cannot be signed yet")]
    NotReady {
        /// The section.
        #[n(0)]
        section: SectionId,
        /// What is to be settled first; at least one, at most 16 of them.
        #[n(1)]
        reasons: Vec<Unready>,
    },
    /// Approval of a version of the section is asked for already.
    #[n(23)]
    #[error("a version waits already")]
    AlreadyAsked {
        /// The open request.
        #[n(0)]
        target: StatementId,
    },
    /// Local authority does not hold now (rules version 3).
    #[n(30)]
    #[error("local authority does not hold now")]
    NotLocal {
        /// The party that would be replaced.
        #[n(0)]
        party: PartyId,
        /// Who decides instead.
        #[n(1)]
        who: Vec<BoundRole>,
        /// Why.
        #[n(2)]
        bar: LocalBar,
    },
}

impl Refusal {
    /// Tells whether the same bytes may be taken later.
    pub fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::Dependency { .. } | Self::Behind { .. } | Self::ReadOnly { .. } | Self::Limit { .. }
        )
    }
}

/// Somebody who must agree before a held statement comes into effect.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Need {
    /// The section on whose account.
    pub section: SectionId,
    /// The rule that says so.
    pub rule: RuleId,
    /// One holder of any of these.
    pub who: Vec<BoundRole>,
    /// What is touched, where the rules on the section decide who of them it may be.
    #[serde(skip)]
    pub touched: Option<OwnedTouch>,
    /// Whether the agreement is a signature under a signed section, and so given on what stands.
    #[serde(skip)]
    pub signs: bool,
    /// Whether the author may meet it, because the rule names the author's role.
    #[serde(skip)]
    pub of_author: bool,
    /// The stage of a chain, by who decides it, where somebody else does for once.
    #[serde(skip)]
    pub stage: Option<Vec<BoundRole>>,
    /// Who may go beyond a band instead, also with a change of their own, on their own
    /// responsibility and with a reason.
    #[serde(skip)]
    pub overrides: Vec<BoundRole>,
}

/// A [`Touched`] that outlives the change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct OwnedTouch {
    path: Vec<String>,
    subtree: bool,
    translation: bool,
    subject: Option<PersonId>,
    granted: Vec<RoleId>,
}

impl Need {
    /// A need for one holder of any of `who`.
    pub fn of_roles(section: SectionId, rule: RuleId, who: Vec<BoundRole>) -> Self {
        Self {
            section,
            rule,
            who,
            touched: None,
            signs: false,
            of_author: false,
            stage: None,
            overrides: Vec::new(),
        }
    }

    /// Tells whether `member` can meet it on their own responsibility.
    pub fn is_overridden_by(&self, member: &Member) -> bool {
        let anybody = Mutant::OverrideByAnybody.is_on() && !self.overrides.is_empty();
        anybody || self.overrides.iter().any(|role| role.is_held_by(member))
    }

    /// Tells whether `member` can meet it. Nobody decides about themselves where a rule says so.
    pub fn is_met_by(&self, charter: &CharterState, kind: &KindId, member: &Member) -> bool {
        let holds = self.who.iter().any(|role| role.is_held_by(member));
        let Some(touch) = &self.touched else { return holds };
        let path: Vec<&str> = touch.path.iter().map(String::as_str).collect();
        let touched = Touched {
            path: &path,
            subtree: touch.subtree,
            translation: touch.translation,
            subject: touch.subject,
            granted: &touch.granted,
        };
        let rights = charter.rights(kind, &self.section);
        holds && (rights.decides(member, &touched).is_some() || rights.deciders(&touched).is_empty())
    }
}

/// What the rules say about an edit by one author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruling {
    /// The rule that decides: the first that makes it wait, or else the first that admits it.
    pub rule: RuleId,
    /// Who must agree; empty if the edit is admitted.
    pub needs: Vec<Need>,
    /// Whether the author may at least propose all of it.
    pub may_propose: bool,
}

impl Ruling {
    /// A ruling that admits under `rule`.
    pub fn admitted(rule: impl Into<RuleId>) -> Self {
        Self { rule: rule.into(), needs: Vec::new(), may_propose: true }
    }

    /// A ruling under which `needs` must agree.
    pub fn held(rule: RuleId, needs: Vec<Need>) -> Self {
        Self { rule, needs, may_propose: true }
    }

    /// Joins rulings on the parts of one statement: admitted if all are, all or none.
    pub fn all(parts: impl IntoIterator<Item = Ruling>) -> Self {
        let mut joined: Option<Ruling> = None;
        for part in parts {
            joined = Some(match joined {
                None => part,
                Some(mut whole) => {
                    if whole.needs.is_empty() && !part.needs.is_empty() {
                        whole.rule = part.rule;
                    }
                    whole.needs.extend(part.needs);
                    whole.may_propose &= part.may_propose;
                    whole
                }
            });
        }
        let mut whole = joined.unwrap_or_else(|| Self::admitted("empty"));
        whole.needs.sort();
        whole.needs.dedup();
        whole
    }

    /// Everybody who could agree, for a refusal.
    pub fn who(&self) -> Vec<BoundRole> {
        let all: BTreeSet<_> = self.needs.iter().flat_map(|need| need.who.iter().cloned()).collect();
        all.into_iter().collect()
    }
}

/// What `rights` say about a change of `touched` by `author`; nobody's present roles if absent.
///
/// Where no rule names anybody who decides, a lead of any party does: nothing waits for ever.
pub(crate) fn rule_on(
    rights: &SectionRights,
    author: Option<&Member>,
    section: &SectionId,
    touched: &Touched<'_>,
) -> Ruling {
    let right = author.map_or(EditRight::Missing, |author| rights.edit(author, touched));
    if let EditRight::Direct(rule) = right {
        return Ruling::admitted(rule.clone());
    }
    let deciders = rights.deciders(touched);
    let first = deciders.first().map(|(rule, _)| (*rule).clone());
    let mut who: Vec<BoundRole> = deciders.into_iter().map(|(_, role)| role.clone()).collect();
    who.sort();
    who.dedup();
    if who.is_empty() {
        who.push(BoundRole::AnyParty(LEAD.into()));
    }
    let (rule, may_propose) = match right {
        EditRight::Held(rule) => (rule.clone(), true),
        _ => (first.unwrap_or_else(|| RuleId::new("no-rule")), false),
    };
    let touch = OwnedTouch {
        path: touched.path.iter().map(|key| (*key).to_owned()).collect(),
        subtree: touched.subtree,
        translation: touched.translation,
        subject: touched.subject,
        granted: touched.granted.to_vec(),
    };
    let need = Need::of_roles(section.clone(), rule.clone(), who);
    let need = Need { touched: Some(touch), ..need };
    Ruling { rule, needs: vec![need], may_propose }
}

/// Says what the gate found, as a refusal.
pub(crate) fn from_gate(section: &SectionId, error: GateError) -> Refusal {
    match error.fault {
        Fault::UnknownDependency(change) => Refusal::Dependency { detail: format!("change {change}") },
        Fault::DuplicateChange(_) => Refusal::AlreadyStands,
        _ => Refusal::Gate { section: section.clone(), detail: error.to_string() },
    }
}

/// The keys of a path; places in lists are all alike to a rule.
pub(crate) fn keys(path: &[Step]) -> Vec<&str> {
    fn key(step: &Step) -> &str {
        match step {
            Step::Key(key) => key,
            Step::Item => Touched::ITEM,
        }
    }
    path.iter().map(key).collect()
}
