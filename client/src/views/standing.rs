//! How far sections have come towards an agreement: in review, approved, signed.

use entente_shared::ids::*;
use entente_shared::rules::BoundRole;
use entente_shared::views::Standing;
use entente_shared::views::standing::{Review, Signer, State};
use serde::Serialize;

use super::ids::Ids;
use super::local::LocalLine;
use super::place::in_order;
use super::setting::{Decider, PersonRef, Setting};
use super::versions::{VersionLine, last_signed, last_version};
use crate::args;
use crate::replica::{CommandError, Replica};
use crate::words::Words;

/// One section's standing, with the people that it speaks of.
#[derive(Clone, Serialize)]
pub struct StandingLine {
    /// Where the section stands.
    #[serde(flatten)]
    pub standing: Standing,
    /// Who can answer the version that waits.
    pub deciders: Vec<Decider>,
    /// Who has signed, by role.
    pub signed_by: Vec<PersonRef>,
    /// The last use of local authority on the version that waits or was approved last.
    pub local: Option<LocalLine>,
    /// Whether the reader's signature is asked for and missing.
    pub yours_to_sign: bool,
    /// Who signed last, whatever became of that, and when (relay time, milliseconds since 1970).
    pub last_signed: Option<(PersonRef, u64)>,
    /// How many versions were sent for approval.
    pub versions: usize,
    /// The last version, if it came back and none was sent since.
    pub came_back: Option<VersionLine>,
    #[serde(skip)]
    setting: Setting,
}

impl StandingLine {
    /// Looks at one section, own statements that are not on the relay yet included; `None` if no
    /// rule asks for approval or signatures there.
    ///
    /// # Errors
    ///
    /// There is no such document here.
    pub fn of(
        replica: &Replica,
        document: DocumentId,
        section: &SectionId,
        now_ms: u64,
    ) -> Result<Option<Self>, CommandError> {
        let setting = Setting::of(replica, now_ms)?;
        Self::in_setting(replica, &setting, document, section)
    }

    /// Looks at every section of a document, in reading order.
    ///
    /// # Errors
    ///
    /// There is no such document here.
    pub fn all(
        replica: &Replica,
        setting: &Setting,
        document: DocumentId,
    ) -> Result<Vec<Self>, CommandError> {
        let state = replica.document(document)?;
        let sections = in_order(state.kind(), state.sections().keys().cloned());
        let lines = sections.into_iter().map(|(id, _)| Self::in_setting(replica, setting, document, &id));
        lines.filter_map(Result::transpose).collect()
    }

    fn in_setting(
        replica: &Replica,
        setting: &Setting,
        document: DocumentId,
        section: &SectionId,
    ) -> Result<Option<Self>, CommandError> {
        let replicated = replica.replicated(document)?;
        let state = replicated.ahead_or_ledger().document();
        let Some(standing) = Standing::of(state, setting.state(), section, setting.now_ms()) else {
            return Ok(None);
        };
        let asked = state.asked(section);
        let needs = asked.map(|ask| replica.needs(document, ask)).unwrap_or_default();
        let deciders = setting.deciders(&state.kind().id, &needs, None);
        let person = |statement: &StatementId| setting.person_of(&replica.origin(document, statement)?.0);
        let signers: Vec<Signer> =
            standing.signing.iter().flat_map(|signing| signing.signers.iter().cloned()).collect();
        let signed_by = signers.iter().filter_map(|signer| person(signer.statement.as_ref()?)).collect();
        let mine = |role: &BoundRole| setting.me().is_some_and(|me| role.is_held_by(me));
        let yours_to_sign = signers.iter().any(|signer| signer.statement.is_none() && mine(&signer.role));
        let local = match &standing.local {
            Some(used) => Some(LocalLine::of(replica, setting, &Ids::of(replica), document, used)?),
            None => None,
        };
        let (versions, last) = last_version(replica, setting, replicated, section);
        let came_back = |version: &VersionLine| matches!(version.outcome, "returned" | "declined");
        Ok(Some(Self {
            local,
            came_back: last.filter(|version| asked.is_none() && came_back(version)),
            last_signed: last_signed(setting, replicated, section),
            standing,
            deciders,
            signed_by,
            yours_to_sign,
            versions,
            setting: setting.clone(),
        }))
    }

    /// Whether somebody has signed and somebody else has still to.
    pub fn has_begun(&self) -> bool {
        let signed = self.standing.signing.as_ref().map_or(0, |signing| signing.signed());
        signed > 0 && self.standing.state == State::PartlySigned
    }

    /// Where the section stands, in words: `in review, round 2 of 5: Anna Orlova, due Wed 18:00 …`.
    pub fn text(&self, words: &Words) -> String {
        match &self.local {
            Some(local) => format!("{}; {}", self.plain_text(words), local.text(words)),
            None => self.plain_text(words),
        }
    }

    fn plain_text(&self, words: &Words) -> String {
        let time = |at_ms: u64| self.setting.time(words, at_ms);
        let standing = &self.standing;
        let approved = standing.approved.as_ref().map(|approved| time(approved.at_ms));
        match (standing.state, &standing.review) {
            (State::InReview, Some(review)) => self.review_text(words, review),
            (State::Approved, _) => {
                words.say("standing-approved", args![when = approved.unwrap_or_default()])
            }
            (State::Changed, _) => words.say("standing-changed", args![when = approved.unwrap_or_default()]),
            (State::PartlySigned | State::Signed | State::Lapsed, _) => self.signing_text(words),
            _ => words.say("standing-draft", args![]),
        }
    }

    fn signing_text(&self, words: &Words) -> String {
        let Some(signing) = &self.standing.signing else { return String::new() };
        let (done, needed) = (signing.signed(), signing.signers.len());
        let people: Vec<_> = self.signed_by.iter().map(|person| self.setting.name(words, person)).collect();
        let people = words.list(&people);
        let lapses = signing.lapses_ms.map(|at_ms| self.setting.time(words, at_ms));
        match (self.standing.state, lapses) {
            (State::Lapsed, Some(when)) => words.say("standing-lapsed", args![when]),
            (State::Signed, Some(when)) => {
                words.say("standing-signed-until", args![done, needed, people, when])
            }
            _ => words.say("standing-signed", args![done, needed, people]),
        }
    }

    /// What waits for whom, in which round and until when.
    pub fn review_text(&self, words: &Words, review: &Review) -> String {
        let people = match self.deciders.is_empty() {
            true => self.setting.roles(words, &review.who),
            false => self.setting.one_of(words, &self.deciders),
        };
        let round = round_text(words, review);
        let mut text = words.say("standing-review", args![round, people]);
        if review.stages > 1 {
            let (stage, stages) = (review.stage, review.stages);
            text = format!("{text}, {}", words.say("standing-stage", args![stage, stages]));
        }
        if let Some(due_ms) = review.due_ms {
            let when = self.setting.time_of(words, due_ms, None);
            let id = if due_ms < self.setting.now_ms() { "standing-overdue" } else { "standing-due" };
            text = format!("{text}, {}", words.say(id, args![when]));
        }
        if review.changed_since {
            text = format!("{text}; {}", words.say("standing-moved", args![]));
        }
        text
    }
}

/// `round 2 of 5`, or `round 3, where 2 were planned`.
pub(super) fn round_text(words: &Words, review: &Review) -> String {
    let round = review.round;
    match review.rounds {
        Some(rounds) if review.is_over_budget() => words.say("standing-round-over", args![round, rounds]),
        Some(rounds) => words.say("standing-round-of", args![round, rounds]),
        None => words.say("standing-round", args![round]),
    }
}
