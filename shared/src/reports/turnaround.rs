//! How long decisions take: per round, per stage and per side, and which steps change anything.
//!
//! A *step* is one answer to something that waited: a stage of a chain that approved or sent back a
//! version, or somebody who decided a suggestion. It lasts from when it was that person's turn to
//! the answer. What a step changed is read off the ledger: a version that was sent back changed
//! something if the next one, or the text now, has other heads; a suggestion, if it was not taken, was
//! sent back, or was approved with changes on top. An approval as it was changed nothing.

use std::collections::BTreeMap;

use serde::Serialize;

use super::figures::Figures;
use super::{ClockUsed, Event, History, Period};
use crate::document::{Closure, Section};
use crate::ids::*;
use crate::statement::{Act, Capacity, DeclineOutcome};

/// The section of conversations.
const TALK: &str = "talk";

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Asked {
    /// The approval of a version.
    Version,
    /// A decision on a suggestion.
    Suggestion,
}

/// How it was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// Approved.
    Approved,
    /// Sent back to be revised.
    SentBack,
    /// Not taken.
    NotTaken,
}

/// One answer to something that waited. Times are milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The document.
    pub document: DocumentId,
    /// The section; the first, where several were asked about at once.
    pub section: SectionId,
    /// What waited.
    pub statement: StatementId,
    /// The answer's statement.
    pub by: StatementId,
    /// What was asked for.
    pub asked: Asked,
    /// Which stage of the chain answered, from 1; 1 for a suggestion.
    pub stage: u32,
    /// Which round of that stage it was, from 1; 1 for a suggestion.
    pub round: u32,
    /// How many rounds the stage has planned.
    pub rounds: Option<u32>,
    /// Who answered.
    pub person: Option<PersonId>,
    /// For which team.
    pub party: Option<PartyId>,
    /// Since when it was this side's turn.
    pub since_ms: u64,
    /// When the answer was given.
    pub answered_ms: u64,
    /// How long that took by the clock on the wall, in milliseconds.
    pub elapsed_ms: u64,
    /// How long in the working hours of whoever answered; absent where no calendar says.
    pub working_ms: Option<u64>,
    /// Until when an answer was due.
    pub due_ms: Option<u64>,
    /// The answer.
    pub answer: Answer,
    /// Whether it changed anything; absent while that is not known.
    pub changed: Option<bool>,
}

impl Step {
    /// Tells whether the answer came after it was due.
    pub fn is_late(&self) -> bool {
        self.due_ms.is_some_and(|due_ms| self.answered_ms > due_ms)
    }
}

/// The answers of one team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Side {
    /// The team.
    pub party: PartyId,
    /// Its answers.
    pub figures: Figures,
}

/// The answers of one stage of a section's chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StageFigures {
    /// The document.
    pub document: DocumentId,
    /// The section.
    pub section: SectionId,
    /// The stage, from 1.
    pub stage: u32,
    /// Whose answers they were; several teams where the stage changed hands.
    pub parties: Vec<PartyId>,
    /// How many rounds it has planned.
    pub rounds: Option<u32>,
    /// Its answers.
    pub figures: Figures,
    /// Whether it answers again and again and has changed nothing yet.
    pub looks_like_ritual: bool,
}

/// The answers of all first rounds, of all second rounds, and so on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RoundFigures {
    /// Which round, from 1.
    pub round: u32,
    /// Its answers.
    pub figures: Figures,
}

/// The way of a section from the first version that was asked about to an approved one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VersionPath {
    /// The document.
    pub document: DocumentId,
    /// The section.
    pub section: SectionId,
    /// Whose version it is.
    pub party: Option<PartyId>,
    /// When the first version was asked about (milliseconds since 1970).
    pub asked_ms: u64,
    /// When one was approved; absent while none is.
    pub approved_ms: Option<u64>,
    /// How many versions there were.
    pub versions: u32,
    /// How long it took, or has taken so far, in milliseconds.
    pub elapsed_ms: u64,
}

/// What became of what one team wrote.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Flow {
    /// Edits and versions that the team put forward, conversations aside.
    pub statements: u32,
    /// Of these, those that waited for somebody.
    pub waited: u32,
    /// Of those that waited: sent back to be revised.
    pub sent_back: u32,
    /// Of those that waited: not taken.
    pub not_taken: u32,
    /// Of those that waited: taken back by their author, or fell with what they built on.
    pub taken_back: u32,
    /// Of those that waited: waiting still.
    pub open: u32,
    /// What the team said in conversations.
    pub messages: u32,
}

/// How long decisions took in some time, and what came of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Turnaround {
    /// By which clock.
    pub clock: ClockUsed,
    /// In which time.
    pub period: Period,
    /// All answers.
    pub all: Figures,
    /// By the team that answered.
    pub sides: Vec<Side>,
    /// By stage of a chain.
    pub stages: Vec<StageFigures>,
    /// By round of a stage.
    pub rounds: Vec<RoundFigures>,
    /// The versions that were approved in this time, and those that are on their way at its end.
    pub paths: Vec<VersionPath>,
    /// What became of what each team wrote.
    pub flows: BTreeMap<PartyId, Flow>,
    /// Every answer, oldest first.
    pub steps: Vec<Step>,
}

impl Turnaround {
    /// Adds up what some documents' ledgers say about a time.
    pub fn of(histories: &[History<'_>], period: Period, clock: ClockUsed) -> Self {
        let in_period = |step: &Step| period.contains(step.answered_ms);
        let mut steps: Vec<Step> =
            histories.iter().flat_map(|history| steps(history, clock)).filter(in_period).collect();
        steps.sort_by_key(|step| (step.answered_ms, step.by));
        let paths = histories.iter().flat_map(|history| paths(history, period, clock)).collect();
        let mut flows = BTreeMap::new();
        histories.iter().for_each(|history| add_flows(history, period, clock, &mut flows));
        Self {
            clock,
            period,
            all: Figures::of(&steps),
            sides: grouped(&steps, |step| step.party.clone())
                .into_iter()
                .map(|(party, steps)| Side { party, figures: Figures::of(steps) })
                .collect(),
            stages: stages(&steps),
            rounds: grouped(&steps, |step| (step.asked == Asked::Version).then_some(step.round))
                .into_iter()
                .map(|(round, steps)| RoundFigures { round, figures: Figures::of(steps) })
                .collect(),
            paths,
            flows,
            steps,
        }
    }

    /// How much shorter or longer the median answer took than in `before`, in thousandths of that;
    /// negative if it took less. `None` where one of them has no answers, or the earlier took no time.
    pub fn change_permille(&self, before: &Self) -> Option<i64> {
        let (then, now) = (before.all.elapsed?.median_ms, self.all.elapsed?.median_ms);
        let (then, now) = (i128::from(then), i128::from(now));
        i64::try_from(((now - then) * 1000).checked_div(then)?).ok()
    }
}

/// Groups steps by what `key` says of them, in its order; those of which it says nothing are left out.
fn grouped<K: Ord>(steps: &[Step], key: impl Fn(&Step) -> Option<K>) -> BTreeMap<K, Vec<&Step>> {
    let mut groups: BTreeMap<K, Vec<&Step>> = BTreeMap::new();
    for step in steps {
        if let Some(key) = key(step) {
            groups.entry(key).or_default().push(step);
        }
    }
    groups
}

fn stages(steps: &[Step]) -> Vec<StageFigures> {
    let key = |step: &Step| {
        let is_version = step.asked == Asked::Version;
        is_version.then(|| (step.document, step.section.clone(), step.stage))
    };
    let stage = |((document, section, stage), steps): ((DocumentId, SectionId, u32), Vec<&Step>)| {
        let mut parties: Vec<_> = steps.iter().filter_map(|step| step.party.clone()).collect();
        parties.sort();
        parties.dedup();
        let rounds = steps.last().and_then(|step| step.rounds);
        let figures = Figures::of(steps);
        let looks_like_ritual = figures.looks_like_ritual();
        StageFigures { document, section, stage, parties, rounds, figures, looks_like_ritual }
    };
    grouped(steps, key).into_iter().map(stage).collect()
}

/// Something that waits while a ledger is read.
struct Pending {
    since_ms: u64,
    stage: u32,
}

/// Every answer in a ledger, in its order.
fn steps(history: &History<'_>, clock: ClockUsed) -> Vec<Step> {
    let mut pending: BTreeMap<StatementId, Pending> = BTreeMap::new();
    let mut sent_back: BTreeMap<(SectionId, u32), u32> = BTreeMap::new();
    let mut steps = Vec::new();
    for event in history.events() {
        if event.held {
            pending.insert(event.statement, Pending { since_ms: event.at_ms(clock), stage: 1 });
        }
        let (target, answer) = match event.act {
            // What the other side says later about a local approval is no stage of its own.
            Act::Endorse { capacity: Capacity::Ratify, .. }
            | Act::Decline { outcome: DeclineOutcome::Objected, .. } => continue,
            Act::Endorse { target, .. } => (target, Answer::Approved),
            Act::Decline { target, outcome: DeclineOutcome::Returned } => (target, Answer::SentBack),
            Act::Decline { target, .. } => (target, Answer::NotTaken),
            _ => continue,
        };
        let (Some(asked), Some(waits)) = (history.find(target), pending.get_mut(target)) else { continue };
        let stage = if is_version(asked) { waits.stage } else { 1 };
        let Some(section) = section_of(asked) else { continue };
        let earlier = sent_back.entry((section.clone(), stage)).or_default();
        let step = step(history, clock, (asked, event), (waits.since_ms, stage, *earlier + 1), answer);
        if is_version(asked) {
            // It is the next stage's turn from now on.
            (waits.since_ms, waits.stage) = (event.at_ms(clock), stage + 1);
            *earlier += u32::from(answer != Answer::Approved);
            if history.document.closures().get(target) == Some(&Closure::Effective { by: event.statement }) {
                sent_back.retain(|(of, _), _| *of != section);
            }
        }
        steps.push(step);
    }
    steps
}

fn is_version(event: &Event<'_>) -> bool {
    matches!(event.act, Act::Ask { .. })
}

fn section_of(event: &Event<'_>) -> Option<SectionId> {
    match event.act {
        Act::Ask { version, .. } => Some(version.section.clone()),
        _ => event.sections.first().cloned(),
    }
}

fn step(
    history: &History<'_>,
    clock: ClockUsed,
    (asked, by): (&Event<'_>, &Event<'_>),
    (since_ms, stage, round): (u64, u32, u32),
    answer: Answer,
) -> Step {
    let section = section_of(asked).unwrap_or_else(|| SectionId::new(TALK));
    let answered_ms = by.at_ms(clock);
    let parties = &history.charter().contents.parties;
    let calendar = by.party.as_ref().and_then(|party| parties.get(party)?.calendar.as_ref());
    let version = is_version(asked);
    let rights = history.line.state_at(by.charter).rights(&history.document.kind().id, &section);
    let at = usize::try_from(stage).unwrap_or(usize::MAX).saturating_sub(1);
    let planned = rights.chain().filter(|_| version).and_then(|chain| chain.stages.get(at));
    Step {
        document: history.document.id(),
        statement: asked.statement,
        by: by.statement,
        asked: if version { Asked::Version } else { Asked::Suggestion },
        stage,
        round: if version { round } else { 1 },
        rounds: planned.and_then(|stage| stage.rounds),
        person: by.person,
        party: by.party.clone(),
        since_ms,
        answered_ms,
        elapsed_ms: answered_ms.saturating_sub(since_ms),
        working_ms: calendar.and_then(|calendar| calendar.working_ms_between(since_ms, answered_ms)),
        due_ms: planned.and_then(|stage| stage.answer_within?.due_ms(calendar, since_ms)),
        answer,
        changed: match (version, answer) {
            (true, Answer::Approved) => Some(false),
            (true, _) => was_revised(history, asked, &section),
            (false, Answer::Approved) => by.changes,
            (false, _) => Some(true),
        },
        section,
    }
}

/// Tells whether a version that came back was followed by another text; `None` if none follows yet.
fn was_revised(history: &History<'_>, asked: &Event<'_>, section: &SectionId) -> Option<bool> {
    let Act::Ask { version, .. } = asked.act else { return None };
    let next = history.events().iter().filter(|event| event.seq > asked.seq).find_map(|event| {
        let Act::Ask { version, .. } = event.act else { return None };
        (version.section == *section).then_some(version)
    });
    if let Some(next) = next {
        return Some(next.heads != version.heads);
    }
    let now = history.document.sections().get(section).and_then(Section::known)?;
    (now.index.heads() != version.heads).then_some(true)
}

fn paths(history: &History<'_>, period: Period, clock: ClockUsed) -> Vec<VersionPath> {
    let mut open: BTreeMap<SectionId, VersionPath> = BTreeMap::new();
    let mut done = Vec::new();
    let asks = history.events().iter().filter(|event| is_version(event));
    for ask in asks.filter(|ask| ask.at_ms(clock) < period.until_ms) {
        let Some(section) = section_of(ask) else { continue };
        let path = open.entry(section.clone()).or_insert_with(|| VersionPath {
            document: history.document.id(),
            section: section.clone(),
            party: ask.party.clone(),
            asked_ms: ask.at_ms(clock),
            approved_ms: None,
            versions: 0,
            elapsed_ms: 0,
        });
        path.versions += 1;
        let approved_ms = history.effective_ms(ask, clock).filter(|at_ms| *at_ms < period.until_ms);
        path.elapsed_ms = approved_ms.unwrap_or(period.until_ms).saturating_sub(path.asked_ms);
        path.approved_ms = approved_ms;
        if approved_ms.is_some() {
            done.extend(open.remove(&section));
        }
    }
    done.retain(|path| path.approved_ms.is_some_and(|at_ms| period.contains(at_ms)));
    done.extend(open.into_values());
    done
}

fn add_flows(history: &History<'_>, period: Period, clock: ClockUsed, flows: &mut BTreeMap<PartyId, Flow>) {
    for event in history.events().iter().filter(|event| period.contains(event.at_ms(clock))) {
        let Some(party) = event.party.clone() else { continue };
        if !matches!(event.act, Act::Edit { .. } | Act::Ask { .. }) {
            continue;
        }
        let flow = flows.entry(party).or_default();
        if event.sections.iter().any(|section| section.as_str() == TALK) {
            flow.messages += 1;
            continue;
        }
        flow.statements += 1;
        if !event.held {
            continue;
        }
        flow.waited += 1;
        match history.document.closures().get(&event.statement) {
            None => flow.open += 1,
            Some(Closure::Effective { .. }) => {}
            Some(Closure::Declined { outcome: DeclineOutcome::Returned, .. }) => flow.sent_back += 1,
            Some(Closure::Declined { .. }) => flow.not_taken += 1,
            Some(Closure::Withdrawn { .. } | Closure::Orphaned { .. }) => flow.taken_back += 1,
        }
    }
}
