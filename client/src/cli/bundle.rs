//! `entente bundle`: changes as a file, for a partner whom the relay does not reach.

use std::path::Path;

use entente_shared::ids::DocumentId;
use serde::Serialize;

use super::args::BundleCommand;
use super::outcome::{self, OK, REFUSED, TROUBLE, UNVERIFIED, USAGE};
use super::{Done, Failed, Session};
use crate::args;
use crate::native::folder::replace;
use crate::replica::{Bundle, BundleError, Kept};
use crate::views::VerifiedFile;
use crate::words::Words;

/// Writes, shows or takes in a file.
pub fn run(session: &mut Session<'_>, command: BundleCommand) -> Result<Done, Failed> {
    match command {
        BundleCommand::Create { file, documents, force } => create(session, &file, &documents, force),
        BundleCommand::Inspect { file } => inspect(session, &file),
        BundleCommand::Import { file } => import(session, &file),
    }
}

fn create(session: &mut Session<'_>, file: &Path, documents: &[String], force: bool) -> Result<Done, Failed> {
    let words = session.words;
    let path = session.path(file);
    let name = file.display().to_string();
    if path.exists() && !force {
        return Err(Failed::new(USAGE, words.say("doc-export-exists", args![file = name])));
    }
    session.act(|replica, now| {
        replica.commit(now);
        Ok(())
    })?;
    let chosen = documents.iter().map(|typed| session.document(typed)).collect::<Result<Vec<_>, _>>()?;
    let replica = session.shell.replica();
    let charter = replica.charter_id().map_err(|error| session.command_failed(&error))?;
    let documents = replica.documents().keys().chain(replica.newer().keys()).copied();
    let all = [charter].into_iter().chain(documents);
    let all = all.filter(|id| chosen.is_empty() || *id == charter || chosen.contains(id));
    let mut bundle = gather(session, all)?;
    bundle.unsent.retain(|envelope| chosen.is_empty() || is_about(envelope, &chosen));
    let count: usize =
        bundle.ledgers.iter().map(|one| one.deliveries.len()).sum::<usize>() + bundle.unsent.len();
    replace(&path, &bundle.to_bytes()).map_err(|error| outcome::shell_failed(words, &error))?;
    let setting = session.setting()?;
    let own = setting.me().map(|me| me.party.clone());
    let others = setting.state().contents.parties.keys().filter(|party| Some(*party) != own.as_ref());
    let others: Vec<_> = others.map(|party| setting.label(party, words.lang())).collect();
    let written = words.say("bundle-created", args![file = name, count, party = words.list(&others)]);
    Ok(Done::text(format!("{written}\n{}", words.say("bundle-created-note", args![]))))
}

/// What a file holds of some documents.
pub(super) fn gather(
    session: &Session<'_>,
    documents: impl Iterator<Item = DocumentId>,
) -> Result<Bundle, Failed> {
    let read = |id: DocumentId| -> Result<(DocumentId, Vec<Kept>), Failed> {
        let kept = session.shell.storage().read(id, 0);
        Ok((id, kept.map_err(|error| outcome::shell_failed(session.words, &error.into()))?))
    };
    let ledgers = documents.map(read).collect::<Result<Vec<_>, _>>()?;
    Ok(session.shell.replica().bundle(session.shell.now_ms(), ledgers))
}

fn is_about(envelope: &entente_shared::statement::Envelope, chosen: &[DocumentId]) -> bool {
    let statement = entente_shared::statement::Statement::open(envelope.clone());
    statement.is_ok_and(|statement| chosen.contains(&statement.header.document))
}

fn read(session: &Session<'_>, file: &Path) -> Result<Bundle, Failed> {
    read_file(session.words, &session.path(file), &file.display().to_string())
}

fn read_file(words: &Words, path: &Path, name: &str) -> Result<Bundle, Failed> {
    let bytes = std::fs::read(path).map_err(|error| {
        let problem = words.file_problem(&error);
        Failed::new(TROUBLE, words.say("file-unreadable", args![file = name, problem]))
    })?;
    Bundle::from_bytes(&bytes).map_err(|error| not_taken(words, name, &error, ""))
}

fn not_taken(words: &Words, file: &str, error: &BundleError, title: &str) -> Failed {
    let text = match error {
        BundleError::Other => words.say("bundle-unreadable", args![file]),
        BundleError::Partnership => words.say("bundle-other-partnership", args![title]),
        error => {
            let problem = match error {
                BundleError::Version(_) => "bundle-problem-newer",
                BundleError::Unsigned(_) => "bundle-problem-unsigned",
                BundleError::OtherBranch(_) => "bundle-problem-branch",
                _ => "bundle-problem-checksum",
            };
            let (problem, person) = (words.say(problem, args![]), words.say("someone-unknown", args![]));
            words.say("bundle-damaged", args![file, problem, person])
        }
    };
    let code = if matches!(error, BundleError::Unsigned(_)) { UNVERIFIED } else { REFUSED };
    Failed::new(code, text)
}

#[derive(Serialize)]
struct Inspected {
    partnership: entente_shared::ids::PartnershipId,
    title: String,
    made_by: Option<String>,
    made_ms: u64,
    ledgers: Vec<InspectedLedger>,
    unsent: usize,
}

#[derive(Serialize)]
struct InspectedLedger {
    document: DocumentId,
    title: String,
    entries: usize,
    new_here: usize,
}

fn inspect(session: &Session<'_>, file: &Path) -> Result<Done, Failed> {
    let bundle = read(session, file)?;
    let (words, replica) = (session.words, session.shell.replica());
    let setting = session.setting()?;
    let ledger = |one: &crate::replica::BundleLedger| {
        let have = replica.replicated(one.document).map_or(0, |own| own.ledger().document().len());
        let entries = one.deliveries.len();
        let title = document_title(session, one);
        let new_here = entries.saturating_sub(usize::try_from(have).unwrap_or(usize::MAX));
        InspectedLedger { document: one.document, title, entries, new_here }
    };
    let inspected = Inspected {
        partnership: bundle.partnership,
        title: bundle.title.clone(),
        made_by: setting.person_of(&bundle.device).and_then(|person| person.name),
        made_ms: bundle.made_ms,
        ledgers: bundle.ledgers.iter().map(ledger).collect(),
        unsent: bundle.unsent.len(),
    };
    if session.json {
        return Ok(Done::json(&inspected));
    }
    let unknown = || words.say("someone-unknown", args![]);
    let (person, when) = (inspected.made_by.unwrap_or_else(unknown), setting.time(words, inspected.made_ms));
    let (file, title) = (file.display().to_string(), inspected.title);
    let mut lines = vec![words.say("bundle-inspect-title", args![file, title, person, when])];
    for one in &inspected.ledgers {
        let entries = words.say("count-entries", args![count = one.entries]);
        let changes = words.say("count-changes", args![count = one.new_here]);
        let document = one.title.as_str();
        lines.push(format!("  {}", words.say("bundle-inspect-line", args![document, entries, changes])));
    }
    if inspected.unsent > 0 {
        let what = words.say("count-changes", args![count = inspected.unsent]);
        lines.push(format!("  {}", words.say("pending", args![what])));
    }
    Ok(Done::text(lines.join("\n")))
}

/// A document's title, from the file itself where the document is not here yet.
fn document_title(session: &Session<'_>, ledger: &crate::replica::BundleLedger) -> String {
    if session.shell.replica().charter_id() == Ok(ledger.document) {
        return session.words.kind("charter");
    }
    let first = ledger.deliveries.first().map(|first| first.envelope.clone());
    let first = first.and_then(|envelope| entente_shared::statement::Statement::open(envelope).ok());
    match first.map(|statement| statement.header.act) {
        Some(entente_shared::statement::Act::Create { title, .. }) => title,
        _ => ledger.document.uuid().to_string(),
    }
}

fn import(session: &mut Session<'_>, file: &Path) -> Result<Done, Failed> {
    let (words, name) = (session.words, file.display().to_string());
    let bundle = read(session, file)?;
    let title = bundle.title.clone();
    let imported = session.shell.act(|replica, now| replica.import(now, bundle));
    let imported = imported.map_err(|error| outcome::shell_failed(words, &error))?;
    let imported = imported.map_err(|error| not_taken(words, &name, &error, &title))?;
    let (count, known) = (imported.entries + imported.statements as u64, imported.known);
    let mut text = words.say("bundle-imported", args![count, known]);
    if imported.statements > 0 {
        text = format!("{text}\n{}", words.say("bundle-import-pending", args![]));
    }
    let (lines, is_wrong) = super::sync::said_all(session)?;
    for line in lines {
        text = format!("{text}\n{line}");
    }
    Ok(Done::text(text).code(if is_wrong { REFUSED } else { OK }))
}

/// Checks what a file holds, from the first entry on.
pub fn verify(session: &Session<'_>, file: &Path) -> Result<Done, Failed> {
    let bundle = read(session, file)?;
    let known = Some(session.shell.replica());
    let verified = VerifiedFile::of(&bundle, known, session.shell.now_ms());
    Ok(checked(session.words, session.json, &verified))
}

/// Checks a file where there is no partnership: by what stands in it alone.
pub fn verify_alone(words: &Words, file: &Path, json: bool, now_ms: u64) -> Result<Done, Failed> {
    let bundle = read_file(words, file, &file.display().to_string())?;
    Ok(checked(words, json, &VerifiedFile::of(&bundle, None, now_ms)))
}

fn checked(words: &Words, json: bool, verified: &VerifiedFile) -> Done {
    let code = if verified.verified.good { OK } else { UNVERIFIED };
    let done = if json { Done::json(verified) } else { Done::text(verified.text(words)) };
    done.code(code)
}
