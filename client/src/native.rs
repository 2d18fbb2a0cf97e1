//! The shell on native machines: files, the store, the network, and the loop between them.
//!
//! It performs the replica's effects in their order and decides nothing.

pub mod folder;
pub mod local;
pub mod net;
pub mod shell;
pub mod storage;
pub mod sync;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use entente_store::StoreError;

use crate::replica::OpenError;

/// Why the data of this device cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ShellError {
    /// Nothing was founded or joined in this folder.
    #[error("there is no partnership in {}", .0.display())]
    Empty(PathBuf),
    /// The store cannot be opened, read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What is stored does not make a replica.
    #[error("{}: {source}", folder.display())]
    Open {
        /// The folder.
        folder: PathBuf,
        /// What is wrong.
        source: OpenError,
    },
    /// A file beside the store cannot be used.
    #[error("cannot use {}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// A file beside the store does not hold what this program writes there.
    #[error("{} is damaged", .0.display())]
    Damaged(PathBuf),
}

impl ShellError {
    fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, source }
    }
}
