//! Where a device keeps what belongs to one partnership.
//!
//! | file | what it is |
//! |---|---|
//! | `<home>/<profile>/device.key` | the device's secret key in hexadecimal digits, mode 0600 |
//! | `<home>/<profile>/store/` | ledgers and records |
//! | `<home>/<profile>/running` | there while a program has the store open: how its last run ended |
//! | `<home>/<profile>/relay-ca.pem` | further certificates by which the relay may prove itself |
//! | `<home>/<profile>/watch.sock` | where a running `sync --watch` takes commands, mode 0600 |
//! | `<home>/<profile>.heads` | the relay's last words, outside the folder: an older copy of it shows |

use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use entente_shared::codec;
use entente_shared::crypto::Key;
use entente_shared::ids::{hex, unhex};
use entente_shared::ledger::SignedCheckpoint;

use super::ShellError;

/// The profile that is meant if none is named.
pub const DEFAULT_PROFILE: &str = "default";
/// Most bytes of the file of the relay's last words.
const HEADS_BYTES_MAX: usize = 64 << 20;

/// The files of one partnership on this device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    path: PathBuf,
    heads: PathBuf,
}

impl Folder {
    /// The folder of a profile below `home`.
    pub fn new(home: &Path, profile: &str) -> Self {
        Self { path: home.join(profile), heads: home.join(format!("{profile}.heads")) }
    }

    /// Finds the folder that holds all profiles: `given`, else `$XDG_DATA_HOME/entente`, else
    /// `~/.local/share/entente`; `setting` looks up a variable of the environment.
    pub fn home(given: Option<PathBuf>, setting: impl Fn(&str) -> Option<OsString>) -> PathBuf {
        let set = |name: &str| setting(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let data = || set("XDG_DATA_HOME").filter(|path| path.is_absolute());
        let home = || set("HOME").unwrap_or_else(|| PathBuf::from(".")).join(".local/share");
        given.unwrap_or_else(|| data().unwrap_or_else(home).join("entente"))
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A folder for a short while, beside this one.
    pub fn beside(&self, name: &str) -> Self {
        Self {
            path: self.path.with_extension(name),
            heads: self.path.with_extension(format!("{name}.heads")),
        }
    }

    /// Where the store is.
    pub fn store(&self) -> PathBuf {
        self.path.join("store")
    }

    /// Where a running `sync --watch` listens.
    pub fn socket(&self) -> PathBuf {
        self.path.join("watch.sock")
    }

    /// The note of a run, there while it lasts.
    pub fn running(&self) -> PathBuf {
        self.path.join("running")
    }

    fn key_file(&self) -> PathBuf {
        self.path.join("device.key")
    }

    fn ca_file(&self) -> PathBuf {
        self.path.join("relay-ca.pem")
    }

    /// The device's key; `None` if nothing was founded or joined here.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or holds no key.
    pub fn key(&self) -> Result<Option<Key>, ShellError> {
        let file = self.key_file();
        match fs::read_to_string(&file) {
            Ok(text) => match unhex(text.trim()) {
                Some(secret) => Ok(Some(Key::from_secret(secret))),
                None => Err(ShellError::Damaged(file)),
            },
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(ShellError::io(file)(error)),
        }
    }

    /// Makes the folder, readable by its owner alone, and keeps the device's key in it.
    ///
    /// # Errors
    ///
    /// The folder or file cannot be written.
    pub fn create(&self, key: &Key) -> Result<(), ShellError> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.path)
            .map_err(ShellError::io(&self.path))?;
        replace(&self.key_file(), format!("{}\n", hex(&key.secret())).as_bytes())
    }

    /// Takes back [`Self::create`] and what was begun after it: a founding or joining that failed
    /// before anything was stored.
    pub fn remove(&self) {
        let _ = fs::remove_dir_all(&self.path);
        let _ = fs::remove_file(&self.heads);
    }

    /// Further certificates by which the relay may prove itself, as PEM.
    ///
    /// # Errors
    ///
    /// The file is there and cannot be read.
    pub fn ca(&self) -> Result<Option<Vec<u8>>, ShellError> {
        match fs::read(self.ca_file()) {
            Ok(pem) => Ok(Some(pem)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(ShellError::io(self.ca_file())(error)),
        }
    }

    /// Keeps further certificates for the relay.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn keep_ca(&self, pem: &[u8]) -> Result<(), ShellError> {
        replace(&self.ca_file(), pem)
    }

    /// The relay's last words, as kept outside the folder; none if there is no such file.
    ///
    /// # Errors
    ///
    /// The file cannot be read.
    pub fn heads(&self) -> Result<Vec<SignedCheckpoint>, ShellError> {
        let bytes = match fs::read(&self.heads) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(ShellError::io(&self.heads)(error)),
        };
        let heads = codec::decode("heads", &bytes, HEADS_BYTES_MAX);
        heads.map_err(|_| ShellError::Damaged(self.heads.clone()))
    }

    /// Replaces the relay's last words.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn keep_heads(&self, heads: &[&SignedCheckpoint]) -> Result<(), ShellError> {
        replace(&self.heads, &codec::encode(&heads))
    }
}

/// Writes a file that only its owner may read, durably and all or nothing.
///
/// # Errors
///
/// It cannot be written; what stood there before stands there still.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), ShellError> {
    let beside = path.with_extension("new");
    let write = || -> std::io::Result<()> {
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&beside, path)?;
        match path.parent() {
            Some(folder) => File::open(folder)?.sync_all(),
            None => Ok(()),
        }
    };
    write().map_err(ShellError::io(path))
}
