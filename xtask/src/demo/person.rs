//! Somebody of the story: a name at the prompt, and a device with a data folder of its own.

use std::path::{Path, PathBuf};

/// A person with a device.
pub struct Person {
    /// What stands before `$`.
    pub prompt: &'static str,
    /// The name by which the others know them.
    pub name: &'static str,
    /// Where their device keeps its data.
    pub home: PathBuf,
}

impl Person {
    /// A person whose device has no data yet.
    pub fn new(folder: &Path, prompt: &'static str, name: &'static str) -> Self {
        Self { prompt, name, home: folder.join(prompt) }
    }
}
