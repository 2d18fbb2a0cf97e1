//! `entente status`: who I am here, what waits, and what is not on the relay yet.

use super::{Done, Failed, Session};
use crate::views::Status;

/// Shows the state of this device.
pub fn run(session: &Session<'_>) -> Result<Done, Failed> {
    let status = status(session)?;
    Ok(if session.json { Done::json(&status) } else { Done::text(status.text(session.words)) })
}

/// The state of this device.
pub fn status(session: &Session<'_>) -> Result<Status, Failed> {
    let status = Status::of(session.shell.replica(), session.shell.now_ms());
    status.map_err(|error| session.command_failed(&error))
}
