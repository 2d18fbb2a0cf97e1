//! The time-zone database of the machine that the shell runs on: a browser has one and answers what
//! the offset is at an instant.

use std::sync::OnceLock;

/// Answers a zone's offset from UTC at an instant (both in seconds, the instant since 1970); `None`
/// if it has no such zone.
pub type AskOffset = fn(&str, i64) -> Option<i32>;

/// No zone changes its offset twice within this time, in seconds.
const STEP_S: i64 = 86_400;

static ASK: OnceLock<AskOffset> = OnceLock::new();

/// Says whom to ask, once, before anything else here is used.
pub fn ask_for_offsets(ask: AskOffset) {
    // The first one stays: there is one machine.
    let _ = ASK.set(ask);
}

fn offset(zone: &str, at_s: i64) -> Option<i32> {
    ASK.get().and_then(|ask| ask(zone, at_s))
}

/// A zone's name as it was given; `None` if there is no such zone.
pub fn canonical_name(zone: &str) -> Option<String> {
    offset(zone, 0).map(|_| zone.to_owned())
}

/// The offset at `from_s` and every later one before `until_s` (seconds since 1970), each with when it
/// begins; `None` if there is no such zone.
pub fn offsets(zone: &str, from_s: i64, until_s: i64) -> Option<Vec<(i64, i32)>> {
    let mut last = (from_s, offset(zone, from_s)?);
    let mut found = vec![last];
    let mut at_s = from_s;
    while at_s < until_s {
        let next_s = (at_s + STEP_S).min(until_s);
        if offset(zone, next_s)? != last.1 {
            let begins_s = change_between(zone, at_s, next_s, last.1)?;
            last = (begins_s, offset(zone, begins_s)?);
            if begins_s < until_s {
                found.push(last);
            }
        }
        at_s = next_s;
    }
    Some(found)
}

/// The first second after `before_s`, at most `after_s`, at which the offset is another than `old`.
fn change_between(zone: &str, mut before_s: i64, mut after_s: i64, old: i32) -> Option<i64> {
    while after_s - before_s > 1 {
        let middle_s = before_s + (after_s - before_s) / 2;
        match offset(zone, middle_s)? == old {
            true => before_s = middle_s,
            false => after_s = middle_s,
        }
    }
    Some(after_s)
}

/// The names of zones are not known; cities are offered instead.
pub fn names() -> Vec<String> {
    Vec::new()
}
