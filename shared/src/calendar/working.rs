//! Working time: when it is, how much of it lies between two instants, when some of it has passed.

use super::offsets::OffsetRow;
use super::{Calendar, DAY_MS, Date, MINUTE_MS, to_i64};

/// A stretch of time without a break, from `from_ms` until just before `until_ms`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Its begin, in milliseconds since 1970.
    pub from_ms: u64,
    /// The first instant after it, in milliseconds since 1970.
    pub until_ms: u64,
}

impl Span {
    /// Its length in milliseconds.
    pub fn length_ms(&self) -> u64 {
        self.until_ms - self.from_ms
    }

    /// What of it lies before an instant, if anything does.
    fn before(self, until_ms: u64) -> Option<Span> {
        (self.from_ms < until_ms).then(|| Span { until_ms: self.until_ms.min(until_ms), ..self })
    }
}

impl Calendar {
    /// Lists the working time from an instant to the end of the table, in order, the first span
    /// cut at that instant; spans that touch are one.
    pub fn working_spans(&self, from_ms: u64) -> impl Iterator<Item = Span> + '_ {
        let mut pieces = self.pieces(from_ms).peekable();
        std::iter::from_fn(move || {
            let mut span = pieces.next()?;
            while let Some(next) = pieces.next_if(|next| next.from_ms == span.until_ms) {
                span.until_ms = next.until_ms;
            }
            Some(span)
        })
    }

    /// Adds up the working time between two instants, in milliseconds; nothing if `until_ms` is
    /// the earlier one, `None` if the table does not cover both.
    pub fn working_ms_between(&self, from_ms: u64, until_ms: u64) -> Option<u64> {
        let covered = self.covers(from_ms) && until_ms <= self.offsets.until_ms();
        covered.then(|| sum_before(self.working_spans(from_ms), until_ms))
    }

    /// Finds the instant at which `amount_ms` of working time have passed since `from_ms`; `None`
    /// if the table does not reach it.
    pub fn add_working_ms(&self, from_ms: u64, amount_ms: u64) -> Option<u64> {
        self.covers(from_ms).then_some(())?;
        let mut left_ms = amount_ms;
        if left_ms == 0 {
            return Some(from_ms);
        }
        for span in self.working_spans(from_ms) {
            if left_ms <= span.length_ms() {
                return Some(span.from_ms + left_ms);
            }
            left_ms -= span.length_ms();
        }
        None
    }

    /// Finds the end of working hours on the `days`-th working day after the local date of
    /// `from_ms`; for 0 days `from_ms` itself, `None` if the table does not reach it.
    pub fn add_working_days(&self, from_ms: u64, days: u32) -> Option<u64> {
        let today = self.local_at(from_ms)?.date;
        let Some(skipped) = days.checked_sub(1) else { return Some(from_ms) };
        let last = self.local_at(self.offsets.until_ms() - 1)?.date;
        let later = (today.plus_days(1).days()..=last.days()).map(Date::from_days);
        later.filter_map(|date| self.end_of_work(date)).nth(usize::try_from(skipped).ok()?)
    }

    /// The end of working hours on a local date, if there are any and the table covers them.
    fn end_of_work(&self, date: Date) -> Option<u64> {
        let pieces = self.offsets.segments().flat_map(|segment| self.pieces_on(date, segment, 0));
        let end_ms = pieces.last()?.until_ms;
        let (row, until_s) = self.offsets.segments().last()?;
        let wanted_ms = at_minute(row, date, self.hours_on(date).last()?.until());
        (wanted_ms <= until_s * 1000).then_some(end_ms)
    }

    /// The working time from an instant on, cut at midnight and at clock changes.
    fn pieces(&self, from_ms: u64) -> impl Iterator<Item = Span> + '_ {
        let from_ms = to_i64(from_ms);
        let later = self.offsets.segments().filter(move |(_, until_s)| until_s * 1000 > from_ms);
        later.flat_map(move |(row, until_s)| {
            let day = |at_ms: i64| (at_ms + row.offset_ms()).div_euclid(DAY_MS) as i32;
            let days = day((row.from_s * 1000).max(from_ms))..=day(until_s * 1000 - 1);
            days.flat_map(move |day| self.pieces_on(Date::from_days(day), (row, until_s), from_ms))
        })
    }

    /// The working time on a local date while one offset is in force, from an instant on.
    fn pieces_on(
        &self,
        date: Date,
        (row, until_s): (OffsetRow, i64),
        from_ms: i64,
    ) -> impl Iterator<Item = Span> + '_ {
        let (begin_ms, end_ms) = ((row.from_s * 1000).max(from_ms), until_s * 1000);
        self.hours_on(date).iter().filter_map(move |minutes| {
            let from_ms = at_minute(row, date, minutes.from()).max(begin_ms);
            let until_ms = at_minute(row, date, minutes.until()).min(end_ms);
            let span = Span { from_ms: from_ms as u64, until_ms: until_ms as u64 };
            (from_ms < until_ms).then_some(span)
        })
    }
}

/// The instant of a local minute while one offset is in force, in milliseconds since 1970.
fn at_minute(row: OffsetRow, date: Date, minute: u16) -> i64 {
    i64::from(date.days()) * DAY_MS + i64::from(minute) * MINUTE_MS - row.offset_ms()
}

/// Lists when both parties work, from an instant until one of the tables ends.
pub fn overlaps<'a>(a: &'a Calendar, b: &'a Calendar, from_ms: u64) -> impl Iterator<Item = Span> + 'a {
    let mut ours = a.working_spans(from_ms).peekable();
    let mut theirs = b.working_spans(from_ms).peekable();
    std::iter::from_fn(move || {
        loop {
            let (one, two) = (*ours.peek()?, *theirs.peek()?);
            // The span that ends first can meet no later one.
            if one.until_ms <= two.until_ms {
                ours.next();
            } else {
                theirs.next();
            }
            let from_ms = one.from_ms.max(two.from_ms);
            let until_ms = one.until_ms.min(two.until_ms);
            if from_ms < until_ms {
                return Some(Span { from_ms, until_ms });
            }
        }
    })
}

/// Adds up the time between two instants in which both parties work, in milliseconds; `None` if
/// one of the tables does not cover both instants.
pub fn overlaps_ms(a: &Calendar, b: &Calendar, from_ms: u64, until_ms: u64) -> Option<u64> {
    let covered = [a, b].iter().all(|c| c.covers(from_ms) && until_ms <= c.offsets().until_ms());
    covered.then(|| sum_before(overlaps(a, b, from_ms), until_ms))
}

fn sum_before(spans: impl Iterator<Item = Span>, until_ms: u64) -> u64 {
    spans.map_while(|span| span.before(until_ms)).map(|span| span.length_ms()).sum()
}
