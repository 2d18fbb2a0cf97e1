//! `entente why`: what decided about a statement, and who can decide now.

use super::outcome::USAGE;
use super::{Done, Failed, Session};
use crate::args;
use crate::views::{IdError, Ids, Why};

/// Explains one statement.
pub fn run(session: &Session<'_>, id: &str) -> Result<Done, Failed> {
    let words = session.words;
    let found = Ids::of(session.shell.replica()).find(id);
    let (_, statement) = found.map_err(|error| match error {
        IdError::Unknown => Failed::new(USAGE, words.say("why-unknown", args![id])),
        IdError::Ambiguous(candidates) => {
            let candidates = words.list(&candidates);
            Failed::new(USAGE, words.say("ambiguous-name", args![name = id, candidates]))
        }
    })?;
    let why = Why::of(session.shell.replica(), &statement, session.shell.now_ms());
    let why = why.map_err(|error| session.command_failed(&error))?;
    Ok(if session.json { Done::json(&why) } else { Done::text(why.text(words)) })
}
