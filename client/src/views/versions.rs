//! One section on its way to an agreement: its versions with what became of them, and who is asked one
//! after the other.

use entente_shared::charter::CharterState;
use entente_shared::document::{Closure, Document, Hold};
use entente_shared::ids::*;
use entente_shared::rules::{BoundChain, BoundRole, BoundStage};
use entente_shared::statement::Act;
use entente_shared::views::Standing;
use entente_shared::views::standing::{Review, due_ms};
use serde::Serialize;

use super::log::outcome_name;
use super::setting::{Decider, PersonRef, Setting};
use crate::replica::{CommandError, Origin, Replica, Replicated};
use crate::words::Words;

/// A section's versions and stages.
#[derive(Clone, Serialize)]
pub struct Versions {
    /// The document.
    pub document: DocumentId,
    /// The section.
    pub section: SectionId,
    /// Every version that was sent for approval, oldest first.
    pub versions: Vec<VersionLine>,
    /// Who is asked for approval, in turn.
    pub stages: Vec<StageLine>,
    #[serde(skip)]
    setting: Setting,
}

/// A version that was sent for approval.
#[derive(Clone, Serialize)]
pub struct VersionLine {
    /// The request.
    pub statement: StatementId,
    /// Who sent it.
    pub author: Option<PersonRef>,
    /// When the relay received it, or when it was sent here (milliseconds since 1970).
    pub asked_ms: u64,
    /// Its author's words.
    pub message: Option<String>,
    /// `waiting`, `approved`, `returned`, `declined` or `withdrawn`.
    pub outcome: &'static str,
    /// Who answered last.
    pub by: Option<PersonRef>,
    /// When (relay time, milliseconds since 1970).
    pub answered_ms: Option<u64>,
    /// Their words.
    pub reason: Option<String>,
}

/// One stage of a chain.
#[derive(Clone, Serialize)]
pub struct StageLine {
    /// `passed`, `asked` or `to-come`.
    pub state: &'static str,
    /// The roles of which one holder decides: those of the stage, or those that it goes to once its
    /// rounds are used up.
    pub who: Vec<BoundRole>,
    /// The people who do.
    pub people: Vec<Decider>,
    /// Which round it is, or would be, from 1.
    pub round: u32,
    /// How many rounds were planned.
    pub rounds: Option<u32>,
    /// Whether they are used up.
    pub is_over_budget: bool,
    /// Since when it is asked (milliseconds since 1970).
    pub since_ms: Option<u64>,
    /// Until when an answer is due, if it is asked now or would be at once.
    pub due_ms: Option<u64>,
    /// Who approved it, and when (milliseconds since 1970).
    pub approved: Option<(PersonRef, u64)>,
}

impl Versions {
    /// Looks at one section at `now_ms` (milliseconds since 1970).
    ///
    /// # Errors
    ///
    /// There is no such document here.
    pub fn of(
        replica: &Replica,
        document: DocumentId,
        section: &SectionId,
        now_ms: u64,
    ) -> Result<Self, CommandError> {
        let setting = Setting::of(replica, now_ms)?;
        let replicated = replica.replicated(document)?;
        Ok(Self {
            document,
            section: section.clone(),
            versions: versions(replica, &setting, replicated, section),
            stages: stages(replica, &setting, replicated, section),
            setting,
        })
    }

    /// Who decides a stage, by role: `Moscow's lead`.
    pub fn stage_text(&self, words: &Words, stage: &StageLine) -> String {
        self.setting.roles(words, &stage.who)
    }
}

/// A state of a section that somebody's act names.
pub(super) struct Mark {
    pub(super) statement: StatementId,
    pub(super) heads: Vec<ChangeId>,
    pub(super) person: Option<PersonRef>,
    pub(super) at_ms: u64,
}

fn mark(setting: &Setting, origin: &Origin, heads: &[ChangeId]) -> Mark {
    Mark {
        statement: origin.statement,
        heads: heads.to_vec(),
        person: setting.person_of(&origin.device),
        at_ms: origin.time_ms,
    }
}

/// The versions that were sent, oldest first, one's own that waits to be sent included.
pub(super) fn sent(setting: &Setting, replicated: &Replicated, section: &SectionId) -> Vec<Mark> {
    let asks = replicated.origins().iter().filter_map(|origin| match &origin.act {
        Act::Ask { version, .. } if version.section == *section => {
            Some(mark(setting, origin, &version.heads))
        }
        _ => None,
    });
    let mut all: Vec<_> = asks.collect();
    let asked = replicated.ahead_or_ledger().document().asked(section);
    if let Some(ask) = asked.filter(|ask| !all.iter().any(|mark| mark.statement == ask.statement))
        && let Act::Ask { version, .. } = &ask.act
    {
        let (heads, person) = (version.heads.clone(), Some(setting.person(ask.author)));
        all.push(Mark { statement: ask.statement, heads, person, at_ms: ask.time_ms });
    }
    all
}

/// What somebody signed last in a section.
pub(super) fn signed_before(setting: &Setting, replicated: &Replicated, section: &SectionId) -> Option<Mark> {
    replicated.origins().iter().rev().find_map(|origin| {
        let Act::Sign { items } = &origin.act else { return None };
        let item = items.iter().find(|item| item.section == *section)?;
        Some(mark(setting, origin, &item.heads))
    })
}

/// When somebody last signed a section, and who.
pub(super) fn last_signed(
    setting: &Setting,
    replicated: &Replicated,
    section: &SectionId,
) -> Option<(PersonRef, u64)> {
    let mark = signed_before(setting, replicated, section)?;
    Some((mark.person?, mark.at_ms))
}

/// The version of a section that was sent last, with how many were.
pub(super) fn last_version(
    replica: &Replica,
    setting: &Setting,
    replicated: &Replicated,
    section: &SectionId,
) -> (usize, Option<VersionLine>) {
    let mut versions = versions(replica, setting, replicated, section);
    (versions.len(), versions.pop())
}

fn versions(
    replica: &Replica,
    setting: &Setting,
    replicated: &Replicated,
    section: &SectionId,
) -> Vec<VersionLine> {
    let state = replicated.ledger().document();
    let line = |mark: Mark| {
        let statement = mark.statement;
        let origin = replicated.origins().get(&statement);
        let closure = state.closures().get(&statement);
        let by = match closure {
            Some(Closure::Effective { by } | Closure::Declined { by, .. } | Closure::Withdrawn { by }) => {
                replicated.origins().get(by)
            }
            _ => None,
        };
        let held = || {
            let held = replica.held_statement(replicated.id(), &statement)?;
            held.payloads.iter().flatten().find_map(|payload| payload.text.clone())
        };
        VersionLine {
            statement,
            author: mark.person,
            asked_ms: mark.at_ms,
            message: origin.and_then(|origin| origin.text.clone()).or_else(held),
            outcome: outcome_name(closure),
            by: by.and_then(|by| setting.person_of(&by.device)),
            answered_ms: by.map(|by| by.time_ms),
            reason: by.and_then(|by| by.text.clone()),
        }
    };
    sent(setting, replicated, section).into_iter().map(line).collect()
}

fn stages(
    replica: &Replica,
    setting: &Setting,
    replicated: &Replicated,
    section: &SectionId,
) -> Vec<StageLine> {
    let (state, charter) = (replicated.ahead_or_ledger().document(), setting.state());
    let rights = charter.rights(&state.kind().id, section);
    let Some(chain) = rights.chain() else { return Vec::new() };
    let standing = Standing::of(state, charter, section, setting.now_ms());
    let review = standing.and_then(|standing| standing.review);
    let ask = state.asked(section);
    let numbered = chain.stages.iter().zip(1..);
    numbered
        .map(|(stage, number)| {
            let at = Stage { stage, number, chain, review: review.as_ref(), ask };
            at.line(replica, setting, state, section)
        })
        .collect()
}

/// One stage, with where the version that waits is.
struct Stage<'a> {
    stage: &'a BoundStage,
    number: usize,
    chain: &'a BoundChain,
    review: Option<&'a Review>,
    ask: Option<&'a Hold>,
}

impl Stage<'_> {
    fn line(&self, replica: &Replica, setting: &Setting, state: &Document, section: &SectionId) -> StageLine {
        let charter = setting.state();
        let round = state.round_of(section, &self.stage.who);
        let is_over_budget = self.stage.rounds.is_some_and(|rounds| round > rounds);
        let asked = self.review.filter(|review| review.stage == self.number);
        let who = match asked {
            Some(review) => review.who.clone(),
            None => self.who(charter, is_over_budget),
        };
        let needs = self.ask.filter(|_| asked.is_some()).map(|ask| replica.needs(state.id(), ask));
        let people = match needs {
            Some(needs) => setting.deciders(&state.kind().id, &needs, None),
            None => {
                let holders = who.iter().flat_map(|role| charter.holders(role));
                let mut people: Vec<_> = holders.map(|person| setting.decider(person)).collect();
                people.sort();
                people.dedup();
                people
            }
        };
        let would_be_next = self.review.is_none() && self.number == 1;
        let due = || due_ms(charter, self.stage, &who, setting.now_ms());
        StageLine {
            state: match self.review {
                Some(review) if self.number < review.stage => "passed",
                Some(review) if self.number == review.stage => "asked",
                _ => "to-come",
            },
            since_ms: asked.map(|review| review.since_ms),
            due_ms: asked.map_or_else(|| due().filter(|_| would_be_next), |review| review.due_ms),
            approved: self.approved(setting),
            people,
            round,
            rounds: self.stage.rounds,
            is_over_budget,
            who,
        }
    }

    fn who(&self, charter: &CharterState, is_over_budget: bool) -> Vec<BoundRole> {
        let goes_on =
            is_over_budget && self.chain.over_budget.iter().any(|role| !charter.holders(role).is_empty());
        if goes_on { self.chain.over_budget.clone() } else { self.stage.who.clone() }
    }

    /// Who approved this stage of the version that waits.
    fn approved(&self, setting: &Setting) -> Option<(PersonRef, u64)> {
        self.review.filter(|review| self.number < review.stage)?;
        let endorsements = self.ask?.endorsements.iter();
        let mut of_stage = endorsements.filter(|one| {
            let member = setting.state().member(&one.person);
            member.is_some_and(|member| self.stage.who.iter().any(|role| role.is_held_by(&member)))
        });
        of_stage.next().map(|one| (setting.person(one.person), one.time_ms))
    }
}
