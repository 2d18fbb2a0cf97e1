//! `entente doc export`: a document as a file, for people or programs.

use crate::args;
use crate::cli::args::{ExportArgs, ExportFormat};
use crate::cli::outcome::{TROUBLE, USAGE};
use crate::cli::{Done, Failed, Session};
use crate::views::DocShow;

/// Writes a document to a file, or to standard output.
pub fn run(session: &Session<'_>, args: &ExportArgs) -> Result<Done, Failed> {
    let words = session.words;
    let document = session.document(&args.document)?;
    let shown = DocShow::of(session.shell.replica(), document, session.shell.now_ms());
    let shown = shown.map_err(|error| session.command_failed(&error))?;
    let text = match args.format {
        ExportFormat::Text => shown.text(words),
        ExportFormat::Form => super::edit::form_text(session, document)?,
        ExportFormat::Json => {
            let content = session.content(document)?;
            let content = content
                .iter()
                .map(|(name, doc)| (name.to_string(), entente_shared::content::read(doc, &automerge::ROOT)));
            let content: std::collections::BTreeMap<_, _> = content.collect();
            serde_json::to_string_pretty(&content).unwrap_or_default() + "\n"
        }
    };
    let Some(file) = &args.output else { return Ok(Done::text(text)) };
    let path = session.path(file);
    let name = file.display().to_string();
    if path.exists() && !args.force {
        return Err(Failed::new(USAGE, words.say("doc-export-exists", args![file = name])));
    }
    match std::fs::write(&path, text) {
        Ok(()) => Ok(Done::text(words.say("doc-export-done", args![file = name]))),
        Err(error) => {
            let problem = words.file_problem(&error);
            Err(Failed::new(TROUBLE, words.say("file-unwritable", args![file = name, problem])))
        }
    }
}
