//! `entente doc`: documents.

mod new;
mod set;

use super::args::DocCommand;
use super::{Done, Failed, Session};

/// Runs a command about documents.
pub fn run(session: &mut Session<'_>, command: DocCommand) -> Result<Done, Failed> {
    match command {
        DocCommand::New { kind, title } => new::run(session, &kind, &title),
        DocCommand::Set(args) => set::run(session, &args),
    }
}
