//! Local authority as people see it: what the reader may approve now, and what was approved so.

use entente_shared::document::{Hold, LocalAnswer, LocalState, LocalUse};
use entente_shared::ids::*;
use entente_shared::judge::LocalBar;
use entente_shared::rules::BoundRole;
use serde::Serialize;

use super::ids::Ids;
use super::setting::{Decider, PersonRef, Setting};
use crate::args;
use crate::replica::{CommandError, Replica};
use crate::words::Words;

/// What the reader may approve now instead of a team that is closed. Times are in milliseconds since
/// 1970.
#[derive(Clone, Debug, Serialize)]
pub struct LocalOffer {
    /// The rule that allows it.
    pub rule: RuleId,
    /// The team that is closed.
    pub party: PartyId,
    /// When it opens.
    pub opens_at_ms: u64,
    /// When the version is due.
    pub due_ms: u64,
    /// Until when the reader may: the team opens, or it is due.
    pub until_ms: u64,
    /// How often it can still be used in these seven days.
    pub uses_left: u32,
    /// Until when it is to be ratified; absent beyond the team's calendar.
    pub ratify_by_ms: Option<u64>,
    /// Who ratifies.
    pub ratifiers: Vec<Decider>,
}

impl LocalOffer {
    /// What the judge would let the reader approve at the setting's time.
    pub fn of(replica: &Replica, setting: &Setting, document: DocumentId, ask: &Hold) -> Option<Self> {
        let (local, leave) = replica.local_leave(document, ask, setting.now_ms())?;
        Some(Self {
            rule: local.rule,
            party: local.party,
            opens_at_ms: leave.opens_at_ms,
            due_ms: leave.due_ms,
            until_ms: leave.until_ms,
            uses_left: leave.uses_left,
            ratify_by_ms: leave.ratify_by_ms,
            ratifiers: deciders(setting, &local.instead_of),
        })
    }

    /// `Moscow opens at 10:00, after it is due. You may approve here; Anna Orlova ratifies by …`.
    pub fn text(&self, words: &Words, setting: &Setting) -> String {
        let (party, time) = (setting.label(&self.party, words.lang()), |at_ms| setting.time(words, at_ms));
        let (opens, due) = (time(self.opens_at_ms), time(self.due_ms));
        let closed = match self.opens_at_ms >= self.due_ms {
            true => words.say("local-offer-after", args![party, opens, due]),
            false => words.say("local-offer-before", args![party, opens, due]),
        };
        format!("{closed} {}", self.ratified_text(words, setting))
    }

    /// Who ratifies, and until when.
    fn ratified_text(&self, words: &Words, setting: &Setting) -> String {
        let people = named(words, setting, &self.ratifiers, &[]);
        match self.ratify_by_ms {
            Some(until_ms) => {
                let when = setting.time_of(words, until_ms, None);
                words.say("local-offer-ratify", args![people, when])
            }
            None => words.say("local-offer-ratify-some-time", args![people]),
        }
    }
}

/// One use of local authority, with the people that it speaks of.
#[derive(Clone, Serialize)]
pub struct LocalLine {
    /// The use itself.
    #[serde(flatten)]
    pub used: LocalUse,
    /// The short name of the version.
    pub id: String,
    /// The document.
    pub document: DocumentId,
    /// Its title.
    pub title: String,
    /// Its kind.
    pub kind: KindId,
    /// Where it stands now.
    pub state: LocalState,
    /// Who approved.
    pub approved_by: PersonRef,
    /// Who answered, if somebody did.
    pub answered_by: Option<PersonRef>,
    /// The reason of an objection, if it may be read here.
    pub reason: Option<String>,
    /// Who can answer it, while nobody has.
    pub answerers: Vec<Decider>,
    /// Whether the reader can.
    pub yours: bool,
    /// Whether the rule wants the reader told.
    pub told: bool,
    #[serde(skip)]
    setting: Setting,
}

impl LocalLine {
    /// Every use of local authority, document by document, oldest first.
    ///
    /// # Errors
    ///
    /// There is no partnership here yet.
    pub fn all(replica: &Replica, setting: &Setting) -> Result<Vec<Self>, CommandError> {
        let ids = Ids::of(replica);
        let mut lines = Vec::new();
        for document in replica.documents().keys() {
            let uses = replica.document(*document)?.local_uses();
            for used in uses {
                lines.push(Self::of(replica, setting, &ids, *document, used)?);
            }
        }
        lines.sort_by_key(|line| (line.used.at_ms, line.used.statement));
        Ok(lines)
    }

    /// One of them.
    ///
    /// # Errors
    ///
    /// There is no such document here.
    pub fn of(
        replica: &Replica,
        setting: &Setting,
        ids: &Ids,
        document: DocumentId,
        used: &LocalUse,
    ) -> Result<Self, CommandError> {
        let state = replica.document(document)?;
        let now_ms = setting.now_ms();
        let answer = used.answer.as_ref();
        let origins = replica.replicated(document)?.origins();
        let objected = answer.filter(|answer| !answer.ratified);
        let answerers = match answer {
            None => deciders(setting, &used.answerers(now_ms)),
            Some(_) => Vec::new(),
        };
        Ok(Self {
            id: ids.short(&used.ask),
            document,
            title: state.title().to_owned(),
            kind: state.kind().id.clone(),
            state: used.state(now_ms),
            approved_by: setting.person(used.person),
            answered_by: answer.map(|answer| setting.person(answer.person)),
            reason: objected.and_then(|answer| origins.get(&answer.by)?.text.clone()),
            yours: setting.me().is_some_and(|me| used.is_answered_by(me, now_ms)),
            told: setting.me().is_some_and(|me| used.tell.iter().any(|role| role.is_held_by(me))),
            answerers: answerers.into_iter().filter(|one| one.person.id != used.person).collect(),
            used: used.clone(),
            setting: setting.clone(),
        })
    }

    /// Where it stands, in words: `approved … by Dana Reyes instead of Moscow; to ratify until …`.
    pub fn text(&self, words: &Words) -> String {
        let (setting, used) = (&self.setting, &self.used);
        let time = |at_ms: u64| setting.time(words, at_ms);
        let person = setting.name(words, &self.approved_by);
        let party = setting.label(&used.party, words.lang());
        let when = time(used.at_ms);
        let by = self.answered_by.as_ref().map(|by| setting.name(words, by)).unwrap_or_default();
        let people = named(words, setting, &self.answerers, &used.answerers(setting.now_ms()));
        match (self.state, used.ratify_by_ms) {
            (LocalState::ToRatify, Some(until_ms)) => {
                let until = setting.time_of(words, until_ms, None);
                words.say("local-to-ratify", args![person, party, when, until, people])
            }
            (LocalState::ToRatify | LocalState::Escalated, _) => {
                words.say("local-escalated", args![person, party, when, people])
            }
            (LocalState::Ratified, _) => words.say("local-ratified", args![person, party, when, by]),
            (LocalState::Objected, _) => {
                let answered_ms = used.answer.as_ref().map_or(used.at_ms, |LocalAnswer { at_ms, .. }| *at_ms);
                let objected =
                    words.say("local-objected", args![person, party, by, when = time(answered_ms)]);
                match &self.reason {
                    Some(text) => format!("{objected} {}", words.say("quoted", args![text = text.as_str()])),
                    None => objected,
                }
            }
        }
    }
}

/// Says why local authority does not hold now, and who decides instead.
pub(super) fn bar_text(
    words: &Words,
    setting: &Setting,
    party: &PartyId,
    who: &[BoundRole],
    bar: &LocalBar,
) -> String {
    let time = |at_ms: &u64| setting.time_of(words, *at_ms, None);
    let party = setting.label(party, words.lang());
    let why = match bar {
        LocalBar::Clocks { apart_ms } => {
            words.say("local-bar-clocks", args![duration = words.duration(*apart_ms)])
        }
        LocalBar::Open { closes_at_ms } => {
            words.say("local-bar-open", args![party, when = time(closes_at_ms)])
        }
        LocalBar::NoCalendar => words.say("local-bar-calendar", args![party]),
        LocalBar::NoDue => words.say("local-bar-no-due", args![]),
        LocalBar::NotDueYet { from_ms } => words.say("local-bar-not-due", args![when = time(from_ms)]),
        LocalBar::Overdue { due_ms } => words.say("local-bar-overdue", args![when = time(due_ms)]),
        LocalBar::NotKnown { known_ms, needed_ms } => {
            let (known, needed) = (words.duration(*known_ms), words.duration(*needed_ms));
            words.say("local-bar-not-known", args![party, known, needed])
        }
        LocalBar::UsedUp { uses: count, again_ms } => {
            words.say("local-bar-used-up", args![count, when = time(again_ms)])
        }
    };
    let people = named(words, setting, &deciders(setting, who), who);
    format!("{why} {}", words.say("local-instead", args![people]))
}

fn deciders(setting: &Setting, roles: &[BoundRole]) -> Vec<Decider> {
    let mut people: Vec<PersonId> = roles.iter().flat_map(|role| setting.state().holders(role)).collect();
    people.sort();
    people.dedup();
    people.into_iter().map(|person| setting.decider(person)).collect()
}

fn named(words: &Words, setting: &Setting, people: &[Decider], roles: &[BoundRole]) -> String {
    match people.is_empty() {
        true if !roles.is_empty() => setting.roles(words, roles),
        true => words.say("none", args![]),
        false => setting.one_of(words, people),
    }
}
