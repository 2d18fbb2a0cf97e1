//! What went wrong beside the documents, in words: files, and edits that do not fit.

use std::io;

use entente_shared::content::EditError;

use super::Words;
use crate::args;

impl Words {
    /// Says why a file cannot be used, for sentences that end in a reason.
    pub fn file_problem(&self, error: &io::Error) -> String {
        match error.kind() {
            io::ErrorKind::NotFound => self.say("file-problem-missing", args![]),
            io::ErrorKind::PermissionDenied => self.say("file-problem-permission", args![]),
            io::ErrorKind::IsADirectory => self.say("file-problem-folder", args![]),
            io::ErrorKind::InvalidData => self.say("file-problem-text", args![]),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                self.say("file-problem-full", args![])
            }
            _ => self.say("file-problem-other", args![code = error.raw_os_error().unwrap_or(0)]),
        }
    }

    /// Says why an edit does not fit.
    pub fn edit_problem(&self, error: &EditError) -> String {
        match error {
            EditError::UnknownSection(section) => {
                self.say("edit-problem-section", args![section = section.as_str()])
            }
            EditError::UnknownField { path, known } => {
                self.say("edit-problem-field", args![path = path.as_str(), known = known.join(", ")])
            }
            EditError::NoRow(row) => self.say("edit-problem-no-row", args![row = row.as_str()]),
            EditError::RowThere(row) => self.say("edit-problem-row-there", args![row = row.as_str()]),
            EditError::WrongType { path, .. } => self.say("edit-problem-type", args![path = path.as_str()]),
            EditError::NotAChoice { path, word, choices } => {
                let (path, word, choices) = (path.as_str(), word.as_str(), self.list_or(choices));
                self.say("edit-problem-choice", args![path, word, choices])
            }
            EditError::TooLong { path, bytes_max, .. } => {
                self.say("edit-problem-long", args![path = path.as_str(), limit = bytes_max])
            }
            EditError::OutOfRange { path, length, .. } => {
                self.say("edit-problem-range", args![path = path.as_str(), length])
            }
            EditError::BadKey(key) => self.say("edit-problem-key", args![key = key.as_str()]),
            EditError::Damaged(_) => self.say("edit-problem-damaged", args![]),
        }
    }
}
