//! Figures about answers: how many, how long, how many changed anything.

use serde::Serialize;

use super::turnaround::{Answer, Step};

/// So many answers without any effect on the text make a step that looks like a ritual.
pub const RITUAL_ANSWERS_MIN: u32 = 3;

/// The middle and the slow end of some lengths of time, in milliseconds. Both are lengths that
/// occurred (nearest rank), so nothing is interpolated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Spread {
    /// Half took no longer.
    pub median_ms: u64,
    /// Nine of ten took no longer.
    pub p90_ms: u64,
}

impl Spread {
    /// Of some lengths in any order; `None` of none.
    pub fn of(lengths_ms: impl IntoIterator<Item = u64>) -> Option<Self> {
        let mut lengths: Vec<u64> = lengths_ms.into_iter().collect();
        lengths.sort_unstable();
        let rank = |percent: usize| lengths.get((lengths.len() * percent).div_ceil(100).checked_sub(1)?);
        Some(Self { median_ms: *rank(50)?, p90_ms: *rank(90)? })
    }
}

/// What some answers have in common.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// How many answers there were.
    pub answers: u32,
    /// How long they took by the clock on the wall.
    pub elapsed: Option<Spread>,
    /// How long they took in the working hours of whoever answered.
    pub working: Option<Spread>,
    /// Answers whose working hours no calendar says.
    pub working_unknown: u32,
    /// Answers that sent something back to be revised.
    pub sent_back: u32,
    /// Answers that did not take it.
    pub not_taken: u32,
    /// Answers that had a due time.
    pub with_due: u32,
    /// Of these, answers that came later.
    pub late: u32,
    /// Answers of which it is known whether they changed anything.
    pub known: u32,
    /// Of these, answers after which something stood otherwise than it was asked for.
    pub changed: u32,
}

impl Figures {
    /// Adds up some answers.
    pub fn of<'s>(steps: impl IntoIterator<Item = &'s Step>) -> Self {
        let steps: Vec<&Step> = steps.into_iter().collect();
        let count = |test: &dyn Fn(&Step) -> bool| steps.iter().filter(|step| test(step)).count() as u32;
        Self {
            answers: steps.len() as u32,
            elapsed: Spread::of(steps.iter().map(|step| step.elapsed_ms)),
            working: Spread::of(steps.iter().filter_map(|step| step.working_ms)),
            working_unknown: count(&|step| step.working_ms.is_none()),
            sent_back: count(&|step| step.answer == Answer::SentBack),
            not_taken: count(&|step| step.answer == Answer::NotTaken),
            with_due: count(&|step| step.due_ms.is_some()),
            late: count(&|step| step.is_late()),
            known: count(&|step| step.changed.is_some()),
            changed: count(&|step| step.changed == Some(true)),
        }
    }

    /// Tells whether answers are given here again and again, and none has changed anything.
    pub fn looks_like_ritual(&self) -> bool {
        self.known >= RITUAL_ANSWERS_MIN && self.changed == 0
    }
}
