//! TLS by certificate files, which are read again when they change.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};
use std::time::SystemTime;

use anyhow::Context as _;
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// The certificate that is served now, and the files that it came from.
pub struct Certificate {
    chain: PathBuf,
    key: PathBuf,
    serving: RwLock<Serving>,
}

struct Serving {
    config: Arc<ServerConfig>,
    /// When the files were changed that `config`, or the last failure, came from.
    changed: Option<(SystemTime, SystemTime)>,
}

impl Certificate {
    /// Reads the files.
    ///
    /// # Errors
    /// One cannot be read, or the two do not fit together.
    pub fn load(chain: &Path, key: &Path) -> anyhow::Result<Self> {
        let changed = changed(chain, key);
        let serving = RwLock::new(Serving { config: Arc::new(read(chain, key)?), changed });
        Ok(Self { chain: chain.to_owned(), key: key.to_owned(), serving })
    }

    /// What to serve to a new connection.
    pub fn config(&self) -> Arc<ServerConfig> {
        let serving = self.serving.read().expect("nothing panics while it holds this lock");
        Arc::clone(&serving.config)
    }

    /// Reads the files again if they changed since the last time, or in any case if `is_forced`;
    /// tells whether a new certificate is served.
    ///
    /// # Errors
    /// As for [`Self::load`]; the certificate before is served on, and the same files are not
    /// tried again unless forced.
    pub fn reload(&self, is_forced: bool) -> anyhow::Result<bool> {
        let changed = changed(&self.chain, &self.key);
        let mut serving = self.serving.write().expect("nothing panics while it holds this lock");
        if !is_forced && (serving.changed == changed || changed.is_none()) {
            return Ok(false);
        }
        serving.changed = changed;
        serving.config = Arc::new(read(&self.chain, &self.key)?);
        Ok(true)
    }
}

/// When the files were last changed; `None` while one is missing, as in the midst of a renewal.
fn changed(chain: &Path, key: &Path) -> Option<(SystemTime, SystemTime)> {
    let modified = |path| fs::metadata(path).and_then(|found| found.modified()).ok();
    Some((modified(chain)?, modified(key)?))
}

fn read(chain: &Path, key: &Path) -> anyhow::Result<ServerConfig> {
    let certificates = CertificateDer::pem_file_iter(chain)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .with_context(|| format!("cannot read the certificate {}", chain.display()))?;
    anyhow::ensure!(!certificates.is_empty(), "{} holds no certificate in PEM form", chain.display());
    let private_key = PrivateKeyDer::from_pem_file(key)
        .with_context(|| format!("cannot read the private key {}", key.display()))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .context("the TLS library refuses its own defaults")?
        .with_no_client_auth()
        .with_single_cert(certificates, private_key)
        .with_context(|| {
            format!("the key {} does not fit the certificate {}", key.display(), chain.display())
        })?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}
