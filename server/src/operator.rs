//! What the operator does beside serving: look, check, back up, restore, resume, give out links.
//!
//! Each works on the store, in the relay's own process while it runs (through [`crate::admin`]),
//! else in the command's.

pub mod restore;
mod stats;
pub mod verify;

use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entente_store::{SledStore, Store as _};
use rand::Rng as _;
use rand::rngs::StdRng;
use serde::{Deserialize, Serialize};

pub use stats::Stats;

use crate::backup::{self, Contents};
use crate::config::Config;
use crate::records;
use crate::relay::Input;
use crate::relay::founding::FoundingToken;
use crate::shell::{Hub, now_ms};

/// Bytes of the secret in a founding link.
const TOKEN_BYTES: usize = 16;

/// One thing that the operator asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Request {
    /// Numbers.
    Stats,
    /// Replay every ledger.
    Verify,
    /// A backup; its bytes follow the answer.
    Backup,
    /// End recovering.
    Resume,
    /// A new founding link.
    FoundingLink,
}

/// What the operator is answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// Numbers.
    Stats(Stats),
    /// What each ledger was found to be.
    Verified(verify::Report),
    /// The bytes of a backup follow.
    BackupFollows,
    /// Whether it had been recovering.
    Resumed(bool),
    /// The link.
    FoundingLink(String),
    /// It could not be done.
    Failed(String),
}

/// The store, and the relay if it runs in this process.
pub struct Operator {
    config: Config,
    store: Arc<SledStore>,
    running: Option<(Hub, SocketAddr)>,
}

impl Operator {
    /// For the process that serves.
    pub fn running(config: Config, store: Arc<SledStore>, hub: Hub, address: SocketAddr) -> Self {
        Self { config, store, running: Some((hub, address)) }
    }

    /// For a command while no relay runs.
    pub fn alone(config: Config, store: SledStore) -> Self {
        Self { config, store: Arc::new(store), running: None }
    }

    /// Does what is asked; the bytes of a backup go to `out` after the answer was `announced`.
    ///
    /// # Errors
    /// `out` does not take the bytes, or `announced` failed.
    pub fn answer(
        &self,
        request: Request,
        out: &mut impl Write,
        announced: impl FnOnce(&mut dyn Write, &Answer) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let answer = match request {
            Request::Stats => self.stats().map(Answer::Stats),
            Request::Verify => verify::verify(&*self.store).map(Answer::Verified),
            Request::Backup => self.backup_key().map(|_| Answer::BackupFollows),
            Request::Resume => self.resume().map(Answer::Resumed),
            Request::FoundingLink => self.founding_link().map(Answer::FoundingLink),
        };
        let answer = answer.unwrap_or_else(|error| Answer::Failed(format!("{error:#}")));
        announced(out, &answer)?;
        if answer == Answer::BackupFollows {
            self.backup(out)?;
        }
        Ok(())
    }

    /// Writes a backup.
    ///
    /// # Errors
    /// The store cannot be read, or `out` not written.
    pub fn backup(&self, out: &mut dyn Write) -> anyhow::Result<Contents> {
        backup::write(&*self.store, self.backup_key()?.relay(), now_ms(), out)
    }

    fn backup_key(&self) -> anyhow::Result<entente_shared::crypto::Key> {
        let key = records::existing_key(&*self.store)?;
        key.ok_or_else(|| anyhow::anyhow!("{} holds no relay yet", self.config.data.display()))
    }

    /// Ends recovering; tells whether the relay had been.
    ///
    /// # Errors
    /// The store's, or that the relay is stopping.
    pub fn resume(&self) -> anyhow::Result<bool> {
        let was_recovering = records::is_recovering(&*self.store)?;
        self.store.commit(Vec::new(), vec![records::recovering(false)])?;
        if let Some((hub, _)) = &self.running {
            tokio::runtime::Handle::current().block_on(hub.tell(Input::Resume))?;
            hub.metrics().recovering.set(0);
        }
        Ok(was_recovering)
    }

    /// Makes a founding link that works once, and keeps the hash of its token.
    ///
    /// # Errors
    /// The store's.
    pub fn founding_link(&self) -> anyhow::Result<String> {
        let mut random: StdRng = rand::make_rng();
        let key = records::key(&*self.store, &mut random)?;
        let mut token = [0; TOKEN_BYTES];
        random.fill_bytes(&mut token);
        let record = FoundingToken::new(&token, Some(1), None).record();
        self.store.commit(Vec::new(), vec![record])?;
        let secret = URL_SAFE_NO_PAD.encode([&token[..], &key.relay().0].concat());
        Ok(format!("{}/#found-{secret}", self.config.public_url(self.address())))
    }

    /// The address that this relay listens on, as a URL.
    pub fn own_url(&self) -> String {
        let scheme = if self.config.has_tls() { "https" } else { "http" };
        format!("{scheme}://{}", self.address())
    }

    /// Tells whether nobody has founded a partnership here yet.
    pub fn has_no_partnership(&self) -> bool {
        self.store.partnerships().is_empty()
    }

    fn address(&self) -> SocketAddr {
        self.running.as_ref().map_or(self.config.listen, |(_, address)| *address)
    }

    fn stats(&self) -> anyhow::Result<Stats> {
        let most = self.config.limits.partnership_bytes;
        Stats::gather(&*self.store, most, self.running.as_ref().map(|(hub, _)| hub.metrics()))
    }
}
