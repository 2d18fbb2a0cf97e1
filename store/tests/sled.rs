//! The sled store keeps the contract.

use std::path::PathBuf;

use entente_store::conformance::Subject;
use entente_store::{SledOptions, SledStore, Store};
use tempfile::TempDir;

/// A store in a folder of its own, without ballast, so that the disk has less to write.
struct InFolder {
    store: Option<SledStore>,
    folder: TempDir,
}

fn options() -> SledOptions {
    SledOptions { ballast_bytes: 0, ..SledOptions::default() }
}

fn fresh() -> InFolder {
    let folder = TempDir::new().expect("a temporary folder");
    InFolder { store: Some(open(folder.path().join("store"))), folder }
}

fn open(path: PathBuf) -> SledStore {
    SledStore::open(path, options()).expect("the store opens")
}

impl Subject for InFolder {
    fn store(&self) -> &dyn Store {
        self.store.as_ref().expect("open")
    }

    fn reopen(&mut self) {
        self.store = None;
        self.store = Some(open(self.folder.path().join("store")));
    }
}

mod conforms {
    entente_store::conformance!(super::fresh());
}
