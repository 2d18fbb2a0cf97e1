//! `entente verify`: every signature and every decision, checked again from the first entry on.

use std::path::Path;

use entente_shared::verify::{Evidence, LedgerReport, Verifier};

use super::outcome::{self, UNVERIFIED};
use super::{Done, Failed, Session, bundle};
use crate::native::ShellError;
use crate::replica::Kept;
use crate::views::Verified;

/// Checks what is kept here, or what a file for a partner holds.
pub fn run(session: &mut Session<'_>, file: Option<&Path>) -> Result<Done, Failed> {
    match file {
        Some(file) => bundle::verify(session, file),
        None => check(session),
    }
}

fn check(session: &mut Session<'_>) -> Result<Done, Failed> {
    // The relay's heads as they are now, if it can be reached.
    let asked = session.reach().is_ok();
    let mut reports = stored(session).map_err(|error| outcome::shell_failed(session.words, &error))?;
    reports.retain(|report| report.head.is_some() || report.fault.is_some());
    let mut verified = Verified::of(session.shell.replica(), &reports);
    verified.relay_asked = asked;
    let code = if verified.good { outcome::OK } else { UNVERIFIED };
    let done = if session.json { Done::json(&verified) } else { Done::text(verified.text(session.words)) };
    Ok(done.code(code))
}

fn stored(session: &Session<'_>) -> Result<Vec<LedgerReport>, ShellError> {
    let (shell, replica) = (&session.shell, session.shell.replica());
    let Ok(charter) = replica.charter_id() else { return Ok(Vec::new()) };
    let read = |document| -> Result<Vec<Evidence>, ShellError> {
        Ok(shell.storage().read(document, 0)?.iter().filter_map(Kept::evidence).collect())
    };
    let mut verifier = Verifier::new(replica.profile().partnership, read(charter)?);
    for document in replica.documents().keys().chain(replica.newer().keys()) {
        let entries = read(*document)?;
        if !entries.is_empty() {
            verifier.ledger(entries);
        }
    }
    Ok(verifier.reports().to_vec())
}
