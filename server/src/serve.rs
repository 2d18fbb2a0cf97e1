//! `entente-relay serve`: opens everything, says where it listens, and stops gracefully.

use std::fs::DirBuilder;
use std::io::Write as _;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use entente_shared::ids::Incarnation;
use entente_store::running::Running;
use entente_store::{Record, SledOptions, SledStore, Store};
use rand::Rng as _;
use rand::rngs::StdRng;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::time::timeout;
use tracing::{info, warn};

use crate::config::Config;
use crate::metrics::Metrics;
use crate::net::{self, Net};
use crate::operator::Operator;
use crate::relay::{Input, Options, Relay};
use crate::shell::{self, Hub};
use crate::tls::Certificate;
use crate::{admin, records};

/// How often the certificate's files are looked at.
const CERTIFICATE_CHECK: Duration = Duration::from_secs(5);
/// File descriptors beside those of connections: the store, the admin socket, the log.
const DESCRIPTORS_BESIDE: u64 = 64;

/// Serves until SIGTERM or SIGINT.
///
/// # Errors
/// Anything that keeps it from starting, in words that say what to do.
pub fn serve(config: Config) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(run(config));
    // A backup that is still being written to an operator who went away must not hold up the end.
    runtime.shutdown_timeout(Duration::from_secs(1));
    served
}

/// Opens the store in the data folder of `config`; makes both if they are missing.
///
/// # Errors
/// The folder cannot be used, or another process has it open.
pub fn open_store(config: &Config) -> anyhow::Result<SledStore> {
    make_private(&config.data)?;
    let limits = &config.limits;
    let options = SledOptions {
        cache_bytes: limits.cache_bytes,
        reserve_bytes: limits.reserve_bytes,
        ..SledOptions::default()
    };
    Ok(SledStore::open(config.store_folder(), options)?)
}

/// Makes the data folder, for this account alone.
fn make_private(folder: &Path) -> anyhow::Result<()> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.with_context(|| format!("cannot make the data folder {}", folder.display()))
}

async fn run(config: Config) -> anyhow::Result<()> {
    allow_connections(config.limits.connections_max as u64);
    let store = Arc::new(open_store(&config)?);
    say_opened(&store);
    let certificate = match (&config.tls_certificate, &config.tls_key) {
        (Some(chain), Some(key)) => Some(Arc::new(Certificate::load(chain, key)?)),
        _ => None,
    };
    let listener = TcpListener::bind(config.listen).await;
    let listener = listener.with_context(|| format!("cannot listen on {}", config.listen))?;
    let address = listener.local_addr()?;
    let metrics = Arc::new(Metrics::default());
    metrics.certificates_loaded.add(u64::from(certificate.is_some()));
    let relay = make_relay(&config, &store, &metrics)?;
    let (hub, has_ended) = shell::start(relay, Arc::clone(&store), Arc::clone(&metrics));
    let operator = Arc::new(Operator::running(config.clone(), Arc::clone(&store), hub.clone(), address));
    let admin = admin::Socket::open(&config.admin_socket())?;
    let (stop, stopping) = watch::channel(false);
    let net = Net::new(config.clone(), address, hub.clone(), store.clone(), certificate.clone());
    let net = Arc::new(net);
    let accepting = tokio::spawn(net::run(listener, net, stopping.clone()));
    let administering = tokio::spawn(admin.serve(Arc::clone(&operator), stopping));
    // Whoever reads the address may ask for the end at once.
    let signals = Signals::catch()?;
    say_where(&operator)?;

    let mut died = has_ended.clone();
    tokio::select! {
        asked = wait_for_end(signals, certificate.as_deref(), &metrics) => asked?,
        // It ends by itself only by a mistake in it; what was acknowledged is on the disk.
        _ = died.wait_for(|has_ended| *has_ended) => anyhow::bail!("the relay stopped by itself: start it again"),
    }
    info!("stopping");
    let _ = stop.send(true);
    end(&config, hub, has_ended, accepting).await;
    let _ = administering.await;
    keep_snapshots(&store);
    info!("stopped");
    Ok(())
}

/// Makes the snapshots durable that no commit has followed. They are a cache: nothing is lost without.
fn keep_snapshots(store: &SledStore) {
    let nothing = Record { key: b"relay/stopped".to_vec(), value: None };
    if let Err(error) = store.commit(Vec::new(), vec![nothing]) {
        warn!(%error, "the last snapshots were not kept");
    }
}

fn say_opened(store: &SledStore) {
    let opened = store.opened();
    info!(?opened, "store opened");
    if opened.commits_lost > 0 {
        let lost = opened.commits_lost;
        warn!(
            lost,
            "the store lost durable commits: it was cut short or is an older copy; clients are asked for them"
        );
    }
    for document in store.damaged() {
        warn!(document = %document.uuid(), "this ledger is damaged and is not served");
    }
}

fn make_relay(
    config: &Config,
    store: &Arc<SledStore>,
    metrics: &Metrics,
) -> anyhow::Result<Relay<SledStore>> {
    anyhow::ensure!(
        !records::is_restoring(&**store)?,
        "{} holds a restore that did not finish: remove the folder and restore again",
        config.data.display()
    );
    let mut random: StdRng = rand::make_rng();
    let key = records::key(&**store, &mut random)?;
    let mut incarnation = [0; 16];
    random.fill_bytes(&mut incarnation);
    let recovering = records::is_recovering(&**store)?;
    metrics.recovering.set(u64::from(recovering));
    if recovering {
        warn!("recovering after a restore: reads and refills only, until `entente-relay resume`");
    }
    let running = Running::begin(&config.data.join("running"))?;
    if let Some((document, _)) = running.poisoned() {
        warn!(document = %document.uuid(), "the relay died while it read this ledger: it is not read again");
    }
    let options = Options {
        operator: config.operator.clone(),
        founding_is_open: config.open_founding,
        recovering,
        documents_in_memory: config.limits.documents_in_memory,
        running: Some(Arc::new(running)),
        limits: config.limits.of_relay(),
    };
    Ok(Relay::new(Arc::clone(store), key, Incarnation(incarnation), options))
}

/// Says on standard output where the relay listens and, while it has no partnership, how to found
/// one; in one write, so that a program that reads the first line can read all.
fn say_where(operator: &Operator) -> anyhow::Result<()> {
    let mut text = format!("listening on {}\n", operator.own_url());
    if operator.has_no_partnership() {
        match operator.founding_link() {
            Ok(link) => {
                text += "founding link (works once; give it to whoever founds the partnership):\n";
                text += &format!("{link}\n");
            }
            Err(error) => warn!("no founding link could be made: {error:#}"),
        }
    }
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}

/// The signals that the program answers to, caught from then on.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
}

impl Signals {
    fn catch() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }
}

/// Waits for SIGTERM or SIGINT; reads the certificate again on SIGHUP and when its files change.
async fn wait_for_end(
    signals: Signals,
    certificate: Option<&Certificate>,
    metrics: &Metrics,
) -> anyhow::Result<()> {
    let Signals { mut terminate, mut interrupt, mut hang_up } = signals;
    let mut check = tokio::time::interval(CERTIFICATE_CHECK);
    loop {
        let is_forced = tokio::select! {
            _ = terminate.recv() => return Ok(()),
            _ = interrupt.recv() => return Ok(()),
            _ = hang_up.recv() => true,
            _ = check.tick() => false,
        };
        match certificate.map(|certificate| certificate.reload(is_forced)) {
            Some(Ok(true)) => {
                metrics.certificates_loaded.one();
                info!("certificate loaded");
            }
            Some(Err(error)) => {
                metrics.certificate_failures.one();
                warn!("the certificate before is served on: {error:#}");
            }
            Some(Ok(false)) | None => {}
        }
    }
}

/// Lets the relay commit what it took and say goodbye, then waits until every connection is closed.
async fn end(
    config: &Config,
    hub: Hub,
    mut has_ended: watch::Receiver<bool>,
    accepting: tokio::task::JoinHandle<()>,
) {
    let stopped = async {
        let _ = hub.tell(Input::Stop).await;
        let _ = has_ended.wait_for(|has_ended| *has_ended).await;
        let _ = accepting.await;
    };
    if timeout(config.limits.stop_timeout(), stopped).await.is_err() {
        warn!("some connections did not close in time; nothing acknowledged is lost");
    }
}

/// Raises the number of file descriptors, which often is 1,024, as far as connections need it.
fn allow_connections(connections_max: u64) {
    let wanted = connections_max + DESCRIPTORS_BESIDE;
    let limit = getrlimit(Resource::Nofile);
    let Some(current) = limit.current.filter(|current| *current < wanted) else { return };
    let raised = limit.maximum.map_or(wanted, |maximum| wanted.min(maximum));
    let set = setrlimit(Resource::Nofile, Rlimit { current: Some(raised), maximum: limit.maximum });
    if set.is_err() || raised < wanted {
        let descriptors = if set.is_ok() { raised } else { current };
        warn!(descriptors, connections_max, "fewer file descriptors than connections: raise LimitNOFILE");
    }
}
