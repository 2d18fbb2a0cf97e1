//! `entente doc`: documents.

mod agree;
pub(super) mod edit;
mod export;
mod new;
mod record;
mod set;

use super::args::DocCommand;
use super::outcome::{TROUBLE, USAGE};
use super::{Done, Failed, Session};
use crate::args;
use crate::views::{Conflicts, DiffError, DocDiff, DocList, DocLog, DocShow, Keeping, Overlaps, Point};

/// Runs a command about documents.
pub fn run(session: &mut Session<'_>, command: DocCommand) -> Result<Done, Failed> {
    let now_ms = session.shell.now_ms();
    match command {
        DocCommand::New { kind, title, market } => new::run(session, &kind, &title, market.as_deref()),
        DocCommand::Set(args) => set::run(session, &args),
        DocCommand::Edit(args) => edit::run(session, &args),
        DocCommand::Export(args) => export::run(session, &args),
        DocCommand::Record(args) => record::run(session, &args),
        DocCommand::List => {
            let list = DocList::of(session.shell.replica(), now_ms);
            let list = list.map_err(|error| session.command_failed(&error))?;
            Ok(if session.json { Done::json(&list) } else { Done::text(list.text(session.words)) })
        }
        DocCommand::Show { document } => {
            let document = session.document(&document)?;
            let shown = DocShow::of(session.shell.replica(), document, now_ms);
            let shown = shown.map_err(|error| session.command_failed(&error))?;
            Ok(if session.json { Done::json(&shown) } else { Done::text(shown.text(session.words)) })
        }
        DocCommand::Log { document } => {
            let document = session.document(&document)?;
            let log = DocLog::of(session.shell.replica(), document, now_ms);
            let log = log.map_err(|error| session.command_failed(&error))?;
            Ok(if session.json { Done::json(&log) } else { Done::text(log.text(session.words)) })
        }
        DocCommand::Diff { document, from, to } => diff(session, &document, from, to),
        DocCommand::Overlaps { document } => {
            let document = session.document(&document)?;
            let overlaps = Overlaps::of(session.shell.replica(), document, now_ms);
            let overlaps = overlaps.map_err(|error| session.command_failed(&error))?;
            Ok(if session.json { Done::json(&overlaps) } else { Done::text(overlaps.text(session.words)) })
        }
        DocCommand::Ask { document, section, message, by } => {
            agree::ask(session, &document, &section, message, by.as_deref())
        }
        DocCommand::Sign { document, section } => agree::sign(session, &document, &section),
        DocCommand::Conflicts { document, keep } => conflicts(session, &document, keep.as_deref()),
    }
}

fn diff(session: &Session<'_>, document: &str, from: Option<u64>, to: Option<u64>) -> Result<Done, Failed> {
    let document = session.document(document)?;
    let replica = session.shell.replica();
    let kept = session.shell.storage().read(document, 0);
    let kept = kept.map_err(|error| super::outcome::shell_failed(session.words, &error.into()))?;
    let from = Point::Entry(from.unwrap_or(0));
    let to = to.map_or(Point::Head, Point::Entry);
    let diff = DocDiff::of(replica, document, &kept, from, to, session.shell.now_ms());
    let diff = diff.map_err(|error| match error {
        DiffError::Command(error) => session.command_failed(&error),
        DiffError::Point(seq) => Failed::new(USAGE, session.words.say("diff-no-entry", args![seq])),
        DiffError::Divergence(divergence) => {
            let problem = session.words.divergence(&divergence);
            let folder = session.shell.folder().path().display().to_string();
            Failed::new(TROUBLE, session.words.say("store-damaged", args![folder, problem]))
        }
    })?;
    Ok(if session.json { Done::json(&diff) } else { Done::text(diff.text(session.words)) })
}

fn conflicts(session: &mut Session<'_>, document: &str, keep: Option<&str>) -> Result<Done, Failed> {
    let (document, words) = (session.document(document)?, session.words);
    let found = Conflicts::of(session.shell.replica(), document, session.shell.now_ms());
    let found = found.map_err(|error| session.command_failed(&error))?;
    let Some(key) = keep else {
        return Ok(if session.json { Done::json(&found) } else { Done::text(found.text(words)) });
    };
    let Some(Keeping { place, command, shown }) = found.keep(key) else {
        let text = words.say("conflict-key-unknown", args![key, keys = words.list_or(&found.keys())]);
        return Err(Failed::new(USAGE, text));
    };
    let section = place.section.clone();
    let outcome = session.act(|replica, now| replica.edit(now, document, &section, command))?;
    let lang = words.lang();
    let (place, value) = (place.label.get(lang), shown.get(lang));
    let settled = words.say("conflict-settled", args![place, value]);
    match outcome {
        crate::replica::EditOutcome::Saved => {
            Ok(Done::text(format!("{settled} {}", session.pending()).trim_end()))
        }
        outcome => session.edited(document, &section, &outcome),
    }
}
