//! `entente doc record`: what is signed, as a page in both languages and a file that proves it.

use std::path::{Path, PathBuf};

use crate::args;
use crate::cli::args::RecordArgs;
use crate::cli::outcome::{self, OFFLINE, USAGE};
use crate::cli::{Done, Failed, Session, bundle};
use crate::native::folder::replace;
use crate::views::{SignedRecord, html, markdown, slug};

/// Writes the three files beside each other.
pub fn run(session: &Session<'_>, args: &RecordArgs) -> Result<Done, Failed> {
    let words = session.words;
    let document = session.document(&args.document)?;
    let replica = session.shell.replica();
    let record = SignedRecord::of(replica, document, session.shell.now_ms());
    let record = record.map_err(|error| session.command_failed(&error))?;
    if !record.is_vouched_for(replica) {
        let title = record.title.as_str();
        return Err(Failed::new(OFFLINE, words.say("record-not-vouched", args![title])));
    }
    let charter = replica.charter_id().map_err(|error| session.command_failed(&error))?;
    let mut proof = bundle::gather(session, [charter, document].into_iter())?;
    proof.unsent.clear();
    let page = record.page();
    let base = args.out.clone().unwrap_or_else(|| PathBuf::from(format!("{}-record", slug(&record.title))));
    let files = [
        (with_ending(&base, "html"), html::write(&page).into_bytes()),
        (with_ending(&base, "md"), markdown::write(&page).into_bytes()),
        (with_ending(&base, "entente"), proof.to_bytes()),
    ];
    let there = files.iter().find(|(file, _)| !args.force && session.path(file).exists());
    if let Some((file, _)) = there {
        return Err(Failed::new(
            USAGE,
            words.say("doc-export-exists", args![file = file.display().to_string()]),
        ));
    }
    for (file, bytes) in &files {
        replace(&session.path(file), bytes).map_err(|error| outcome::shell_failed(words, &error))?;
    }
    if session.json {
        return Ok(Done::json(&record));
    }
    let [page, text, proof] = files.map(|(file, _)| file.display().to_string());
    let (signed, unsigned) = (record.signed.len(), record.unsigned.len());
    let lines = [
        words.say("record-written", args![page, markdown = text, file = proof.as_str()]),
        words.say("record-counts", args![signed, unsigned]),
        words.say("record-check-with", args![file = proof]),
    ];
    Ok(Done::text(lines.join("\n")))
}

/// The name with another ending, if it ends like one of the files; else with this one after it.
fn with_ending(base: &Path, ending: &str) -> PathBuf {
    let known = base.extension().is_some_and(|own| ["html", "md", "entente"].iter().any(|one| own == *one));
    match known {
        true => base.with_extension(ending),
        false => {
            let mut name = base.as_os_str().to_owned();
            name.push(format!(".{ending}"));
            name.into()
        }
    }
}
