//! Runs the person's editor between the two steps of `doc edit` and `rules edit`.

use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::doc::edit::base_file;
use super::outcome::{TROUBLE, USAGE};
use super::{Done, Failed};
use crate::args;
use crate::native::folder::Folder;
use crate::views::slug;
use crate::words::Words;

/// A command in two steps: one that writes a file, and one that takes it in.
pub struct Steps<'a> {
    /// What the file is about, for its name.
    pub name: &'a str,
    /// How the file's name ends.
    pub extension: &'a str,
    /// The arguments that write it, given its path.
    pub prepare: &'a dyn Fn(&str) -> Vec<String>,
    /// The arguments that take it in.
    pub take_in: &'a dyn Fn(&str) -> Vec<String>,
}

/// Writes the file, runs the editor, takes the file in. A file that could not be taken in is kept.
pub fn run(
    words: &Words,
    folder: &Folder,
    steps: &Steps<'_>,
    execute: &dyn Fn(Vec<String>) -> Result<Done, Failed>,
) -> Result<Done, Failed> {
    let editor = ["VISUAL", "EDITOR"].iter().find_map(|name| std::env::var(name).ok());
    let editor = editor.filter(|editor| !editor.trim().is_empty());
    let editor = editor.ok_or_else(|| Failed::new(USAGE, words.say("doc-editor-missing", args![])))?;
    let file = new_file(words, folder, steps)?;
    let path = file.display().to_string();
    execute((steps.prepare)(&path))?;
    let before = std::fs::read(&file).ok();
    // As git does: the setting may carry arguments of the editor.
    let status = Command::new("sh").arg("-c").arg(format!("{editor} \"$1\"")).arg("sh").arg(&file).status();
    if !status.is_ok_and(|status| status.success()) {
        return Err(Failed::new(TROUBLE, words.say("doc-edit-kept", args![file = path])));
    }
    if std::fs::read(&file).ok() == before {
        remove(&file);
        return Ok(Done::text(words.say("doc-unchanged", args![])));
    }
    let done = execute((steps.take_in)(&path))?;
    remove(&file);
    Ok(done)
}

fn new_file(words: &Words, folder: &Folder, steps: &Steps<'_>) -> Result<PathBuf, Failed> {
    let edits = folder.path().join("edits");
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&edits);
    made.map_err(|error| {
        let (file, problem) = (edits.display().to_string(), words.file_problem(&error));
        Failed::new(TROUBLE, words.say("file-unwritable", args![file, problem]))
    })?;
    let name = format!("{}-{}.{}", slug(steps.name), std::process::id(), steps.extension);
    let file = edits.join(name);
    Ok(std::path::absolute(&file).unwrap_or(file))
}

fn remove(file: &Path) {
    let _ = std::fs::remove_file(file);
    let _ = std::fs::remove_file(base_file(file));
}
