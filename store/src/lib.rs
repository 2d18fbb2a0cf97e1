//! Durable ledgers: one trait, kept by memory (for simulations) and by sled (for the relay and
//! the native client), and one conformance suite for both.
//!
//! [`Store`] states the guarantee. [`MemoryStore`] keeps it without a disk and can be made to
//! fail, crash and go back in time; [`SledStore`] keeps it in a folder; [`mod@conformance`] is what
//! every further backend (PostgreSQL, for several relays) has to pass.
//!
//! # The folder of a `SledStore`
//!
//! | file | what it is |
//! |---|---|
//! | `lock` | an advisory lock on it says that a process has this folder open; one line of text in it says that the store was created completely, so an empty `db` beside it is damage |
//! | `db`, `conf`, `snap.*`, `blobs/` | sled 0.34.7; `blobs/` stays empty, because sled never syncs it; `snap.*` can be rebuilt from `db` |
//! | `watermark` | the number of durable commits (`u64`), written after each, never synced: if the database has fewer, it has lost some |
//! | `ballast` | incompressible bytes, given up when the disk is full, so that opening has room to recover in |
//!
//! # Keys and values
//!
//! Everything is in sled's default tree, so that one batch, which is atomic within a tree, is one
//! commit. The first byte of a key says what it is. Numbers are big-endian, so keys sort by them.
//!
//! | key | value |
//! |---|---|
//! | `m` `format` | format of this table: `u32`, now 1 |
//! | `m` `commits` | number of commits so far: `u64` |
//! | `h` document (16) | the head record, 77 bytes: partnership (32), generation (`u32`), `0` or `1` for "has entries", last seq (`u64`), hash of the last entry (32) |
//! | `p` partnership (32) document (16) | empty: the document is listed, even if its head record is lost |
//! | `e` document (16) generation (`u32`) seq (`u64`) | a *long value*: entry hash (32), time in ms (`u64`), statement id (32), length of the entry (`u32`), entry, envelope |
//! | `s` statement id (32) | document (16), generation (`u32`), seq (`u64`) |
//! | `r` name | a long value: a record |
//! | `n` document (16) generation (`u32`) section name | a long value: seq (`u64`) and hash (32) of the position, then the snapshot |
//! | `~` length of the key (`u16`) key chunk number (`u16`) | one further chunk of the long value of that key |
//!
//! A **long value** begins, under its own key, with its whole length (`u32`) and up to 4,092
//! bytes; each further chunk holds up to 4,096. So no value is longer than 4 KiB and no sled page
//! ever grows past the size at which sled would move it into `blobs/`. A chunk that is missing or
//! has the wrong length is damage, never a shorter value.
//!
//! The **generation** of a document counts how often its ledger was set aside. The entries,
//! statement ids and snapshots of older generations stay where they are and are not looked at:
//! setting a damaged ledger aside reads and moves nothing that may be damaged.
//!
//! # What is checked, and when
//!
//! Opening reads the head records and, for each document, the key and first chunk of the last
//! entry: both must agree, and no entry may stand without a head record. That is a few pages for
//! each document, however long its ledger. Reading a range checks that no seq is missing within
//! it. A file that was cut short opens as an older state without an error from sled; the number of
//! commits in `watermark` tells ([`sled_store::Opened::commits_lost`]). That a whole folder is an
//! older copy, only [`Store::verify_against`] a checkpoint from elsewhere can tell.

mod contract;
mod error;
mod plan;

pub mod conformance;
pub mod memory;
#[cfg(unix)]
pub mod running;
pub mod sled_store;

pub use contract::{Against, Append, Appended, NamedValue, Position, Record, Snapshot, Store, StoredEntry};
pub use error::StoreError;
pub use memory::MemoryStore;
pub use sled_store::{SledOptions, SledStore};
