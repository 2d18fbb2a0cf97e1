//! What can go wrong with a store, in words that say what to do.

use entente_shared::ids::DocumentId;

/// Why a store could not do what was asked. Expected outcomes are values: see [`Appended`](crate::Appended).
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Too little room: nothing was written, reading goes on.
    #[error(
        "{place} has {free_bytes} bytes of free space and at least {needed_bytes} are needed: \
         nothing is written until some files on that disk are removed"
    )]
    DiskFull {
        /// The folder of the store.
        place: String,
        /// Free space on its disk, in bytes.
        free_bytes: u64,
        /// Free space below which the store is read-only, in bytes.
        needed_bytes: u64,
    },
    /// Entries of this document are missing or differ; other documents are not concerned.
    #[error("the ledger of document {document} is damaged: {detail}; set it aside and fetch it again")]
    Damaged {
        /// The document.
        document: DocumentId,
        /// What was found.
        detail: String,
    },
    /// Another process has the folder open.
    #[error(
        "{folder} is in use by another Entente process: stop it, or use that one \
         (one process at a time can open a store)"
    )]
    InUse {
        /// The folder of the store.
        folder: String,
    },
    /// Something that is not a ledger could not be read back.
    #[error("{what} in {place} is damaged: restore it from a backup")]
    Unreadable {
        /// What could not be read.
        what: String,
        /// The folder of the store.
        place: String,
    },
    /// The store was written by a later version of Entente; nothing was touched.
    #[error(
        "{place} was written in format {found}; this version knows format {known}: install a later version"
    )]
    NewerFormat {
        /// The folder of the store.
        place: String,
        /// The format found.
        found: u32,
        /// The latest format that this version knows.
        known: u32,
    },
    /// A write failed half-way: whether the batch is durable is unknown. Open the store again.
    #[error("writing to {place} failed ({detail}): the store takes nothing more until it is opened again")]
    Failed {
        /// The folder of the store.
        place: String,
        /// What the operating system or sled said.
        detail: String,
    },
    /// The caller broke a rule of [`Store`](crate::Store); nothing was written.
    #[error("misuse of the store: {0}")]
    Misuse(&'static str),
    /// A file of the store could not be used.
    #[error("cannot use {path}: {source}")]
    Io {
        /// The file or folder.
        path: String,
        /// What the operating system said.
        source: std::io::Error,
    },
}
