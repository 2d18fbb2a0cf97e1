//! Local authority: approving a version instead of a team that is closed, and answering that.

use entente_shared::document::LocalUse;
use entente_shared::ids::{DocumentId, StatementId};
use entente_shared::statement::Capacity;

use super::with_pending;
use crate::args;
use crate::cli::outcome::{REFUSED, USAGE, WAITS};
use crate::cli::{Done, Failed, Session};
use crate::views::{LocalLine, section_text};

/// Approves a version instead of the team that decides it.
pub fn endorse(session: &mut Session<'_>, id: &str, message: Option<String>) -> Result<Done, Failed> {
    let (document, ask) = version(session, id)?;
    session.act(|replica, now| replica.endorse_version(now, ask, Capacity::Local, message))?;
    let words = session.words;
    let used = last_use(session, document, ask)?;
    let state = match &used {
        Some(line) => line.text(words),
        None => words.say("none", args![]),
    };
    let text = words.say("held-approved-locally", args![place = place(session, document, ask), state]);
    let is_open = session.shell.replica().find_hold(&ask).is_ok();
    let done = Done::text(with_pending(session, text));
    Ok(if is_open { done.code(WAITS) } else { done })
}

/// Ratifies what was approved so.
pub fn ratify(session: &mut Session<'_>, id: &str, message: Option<String>) -> Result<Done, Failed> {
    let (document, ask) = version(session, id)?;
    check_open(session, id, document, ask)?;
    session.act(|replica, now| replica.endorse_version(now, ask, Capacity::Ratify, message))?;
    let text = session.words.say("held-ratified", args![place = place(session, document, ask)]);
    Ok(Done::text(with_pending(session, text)))
}

/// Objects to what was approved so.
pub fn object(session: &mut Session<'_>, id: &str, reason: Option<String>) -> Result<Done, Failed> {
    let (document, ask) = version(session, id)?;
    check_open(session, id, document, ask)?;
    let used = last_use(session, document, ask)?;
    let setting = session.setting()?;
    let person = used.map(|line| setting.name(session.words, &line.approved_by)).unwrap_or_default();
    let Some(reason) = reason.filter(|reason| !reason.trim().is_empty()) else {
        return Err(Failed::new(USAGE, session.words.say("held-reason-missing", args![person])));
    };
    session.act(|replica, now| replica.object(now, ask, reason))?;
    let text = session.words.say("held-objected", args![place = place(session, document, ask), person]);
    Ok(Done::text(with_pending(session, text)))
}

/// The version that a short name means.
fn version(session: &Session<'_>, id: &str) -> Result<(DocumentId, StatementId), Failed> {
    let (document, statement) = session.statement(id)?;
    match session.shell.replica().find_asked(&statement) {
        Ok(_) => Ok((document, statement)),
        Err(_) => Err(Failed::new(USAGE, session.words.say("held-no-version", args![id]))),
    }
}

/// What is answered was approved locally, and nobody has answered it.
fn check_open(session: &Session<'_>, id: &str, document: DocumentId, ask: StatementId) -> Result<(), Failed> {
    let state = session.shell.replica().document(document);
    let state = state.map_err(|error| session.command_failed(&error))?;
    let is_open = |used: &LocalUse| used.answer.is_none();
    match state.local_uses_of(ask).any(is_open) {
        true => Ok(()),
        false => Err(Failed::new(REFUSED, session.words.say("held-nothing-to-ratify", args![id]))),
    }
}

fn last_use(
    session: &Session<'_>,
    document: DocumentId,
    ask: StatementId,
) -> Result<Option<LocalLine>, Failed> {
    let lines = LocalLine::all(session.shell.replica(), &session.setting()?);
    let lines = lines.map_err(|error| session.command_failed(&error))?;
    Ok(lines.into_iter().rfind(|line| line.document == document && line.used.ask == ask))
}

fn place(session: &Session<'_>, document: DocumentId, ask: StatementId) -> String {
    let replica = session.shell.replica();
    let section = replica.find_asked(&ask).map(|(_, asked)| asked.version.section.clone());
    section.map(|section| section_text(replica, document, &section, session.words)).unwrap_or_default()
}
