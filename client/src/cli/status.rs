//! `entente status`: who I am here, what waits, and what is not on the relay yet.

use super::found::title;
use super::{Done, Failed, Session};
use crate::args;

/// Shows the state of this device.
pub fn run(session: &mut Session<'_>) -> Result<Done, Failed> {
    let (words, names) = (session.words, session.names()?);
    let me = session.me()?;
    let (title, person) = (title(session.shell).unwrap_or_default(), names.person(&me.person));
    let (role, party) = (names.roles(&me.roles), names.party(&me.party));
    let mut lines = vec![words.say("status-title", args![title, person, role, party])];
    lines.extend(waiting_lines(session)?);
    let pending = session.pending();
    if !pending.is_empty() {
        lines.push(pending);
    }
    Ok(Done::text(lines.join("\n")))
}

/// What waits for the reader and for others.
pub fn waiting_lines(_session: &Session<'_>) -> Result<Vec<String>, Failed> {
    Ok(Vec::new())
}
