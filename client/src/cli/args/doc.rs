//! What can be typed about documents.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `entente doc`
#[derive(Debug, Subcommand)]
pub enum DocCommand {
    /// Creates a document.
    New {
        /// Its kind: matrix, brief, playbook or terms.
        kind: String,
        /// Its title.
        title: String,
        /// With the sections of this market alone, such as us.
        #[arg(long, value_name = "MARKET")]
        market: Option<String>,
    },
    /// Lists them.
    List,
    /// Shows one.
    Show {
        /// The document, by its title or id.
        document: String,
    },
    /// Sets one field.
    Set(SetArgs),
    /// Edits one in an editor.
    Edit(EditArgs),
    /// Shows the record.
    Log {
        /// The document.
        document: String,
    },
    /// Compares two points of the record.
    Diff {
        /// The document.
        document: String,
        /// After which entry to begin; 0 if left out.
        from: Option<u64>,
        /// After which entry to end; now if left out.
        to: Option<u64>,
    },
    /// Writes it to a file.
    Export(ExportArgs),
    /// Writes a record of what is signed: a page to read, and a file that proves it.
    Record(RecordArgs),
    /// What both do, and nobody.
    Overlaps {
        /// The document.
        document: String,
    },
    /// Asks for the approval of a section's present version.
    Ask {
        /// The document.
        document: String,
        /// The section, such as universal or us.
        section: String,
        /// Says what to look at, to those who decide.
        #[arg(long, value_name = "TEXT")]
        message: Option<String>,
        /// When an answer is needed at the latest, by your team's clock: 22:00, or 2026-11-25 06:00.
        #[arg(long, value_name = "TIME")]
        by: Option<String>,
    },
    /// Signs a section as it stands.
    Sign {
        /// The document.
        document: String,
        /// The section, such as split.
        section: String,
    },
    /// Fields with two values.
    Conflicts {
        /// The document.
        document: String,
        /// The value to keep, by its key in the list.
        #[arg(long, value_name = "KEY")]
        keep: Option<String>,
    },
}

/// `entente doc edit`
#[derive(Debug, Args)]
pub struct EditArgs {
    /// The document.
    pub document: String,
    /// One section only, such as moscow.
    pub section: Option<String>,
    /// Takes in an edited file instead of opening an editor.
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,
    /// Writes the file to be edited, and what it was made from beside it.
    #[arg(long, value_name = "FILE", hide = true)]
    pub prepare: Option<PathBuf>,
    /// Says why, to those who decide.
    #[arg(long, value_name = "TEXT")]
    pub message: Option<String>,
}

impl EditArgs {
    /// The same command with one more option.
    pub fn to_args(&self, option: &str, value: &str) -> Vec<String> {
        let mut args: Vec<String> = ["entente", "doc", "edit"].map(str::to_owned).into();
        args.push(format!("{option}={value}"));
        args.extend(self.message.iter().map(|message| format!("--message={message}")));
        args.push("--".to_owned());
        args.push(self.document.clone());
        args.extend(self.section.clone());
        args
    }
}

/// `entente doc export`
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// The document.
    pub document: String,
    /// The file; standard output if left out.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// In which form.
    #[arg(long, value_enum, default_value_t = ExportFormat::Text)]
    pub format: ExportFormat,
    /// Replaces a file that is there.
    #[arg(long)]
    pub force: bool,
}

/// `entente doc record`
#[derive(Debug, Args)]
pub struct RecordArgs {
    /// The document.
    pub document: String,
    /// The name of the files, without what follows the last dot; the document's own if left out.
    #[arg(long, short, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Replaces files that are there.
    #[arg(long)]
    pub force: bool,
}

/// A form in which a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ExportFormat {
    /// As `doc show` does.
    Text,
    /// As `doc edit` does.
    Form,
    /// The value trees of its sections.
    Json,
}

/// `entente doc set`
#[derive(Debug, Args)]
pub struct SetArgs {
    /// The document, by its title or id.
    pub document: String,
    /// The place, such as moscow/creative.
    pub place: String,
    /// The value.
    pub value: Option<String>,
    /// Names a person beside it.
    #[arg(long, value_name = "NAME")]
    pub person: Option<String>,
    /// Writes a note beside it, in your language.
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    /// Says why, to those who decide.
    #[arg(long, value_name = "TEXT")]
    pub message: Option<String>,
}
