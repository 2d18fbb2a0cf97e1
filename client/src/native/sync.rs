//! One sync: connect, catch up, hand over what waits, go.

use std::collections::BTreeSet;
use std::time::Duration;

use entente_shared::ids::StatementId;
use entente_shared::wire::{Access, CloseReason};
use tokio::time::timeout;

use super::ShellError;
use super::net::{NetError, Socket};
use super::shell::Shell;
use crate::replica::{Event, JoinPass};

/// How long the relay may say nothing.
const SILENCE_MAX: Duration = Duration::from_secs(20);
/// How long one sync may take.
const SYNC_MAX: Duration = Duration::from_secs(300);
/// How often a sync connects: to found or enrol, as a member, and after a branch was put aside.
const CONNECTIONS_MAX: usize = 5;

/// Why a sync did not come to its end; what was made durable stays.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// None of the relay's addresses answers.
    #[error("the relay {address} does not answer: {problem}")]
    Unreachable {
        /// The address that was tried last.
        address: String,
        /// What went wrong there.
        problem: NetError,
    },
    /// The relay let the device not in, or sent it away.
    #[error("the relay closed the connection")]
    Closed {
        /// The address.
        address: String,
        /// Why.
        reason: CloseReason,
    },
    /// Another relay answers at this address than the one that the partnership is bound to.
    #[error("another relay answers at {address}")]
    OtherRelay {
        /// The address.
        address: String,
    },
    /// This device's data cannot be used.
    #[error(transparent)]
    Shell(#[from] ShellError),
}

/// What a sync did.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Synced {
    /// How many of one's own statements are in a ledger now.
    pub sent: usize,
    /// How many entries of others arrived.
    pub received: usize,
    /// What happened, for people.
    pub events: Vec<Event>,
}

/// Connects, fetches what is new, hands over what waits, and disconnects.
///
/// A device that founds or enrols does so first and then connects as a member.
///
/// # Errors
///
/// The relay cannot be reached or did not let this device in, or the store failed.
pub async fn sync(shell: &mut Shell) -> Result<Synced, SyncError> {
    shell.act(|replica, now| replica.commit(now))?;
    let mut course = Course { sent: BTreeSet::new(), entries: 0, events: Vec::new() };
    course.sent = waiting(shell);
    for _ in 0..CONNECTIONS_MAX {
        let access = connect_once(shell, &mut course).await?;
        match (access, &shell.replica().profile().entry) {
            (Some(Access::Member | Access::Deposit), _) => break,
            // An invited device has the ground rules now; enrolling is the person's word.
            (_, Some(JoinPass::Invited { .. })) => break,
            // A recovery key reads the ground rules and invites, and is no member afterwards.
            (Some(Access::Invited), None) if shell.replica().me().is_err() => break,
            _ => {}
        }
    }
    let left = waiting(shell);
    let refused = course.events.iter().filter(|event| matches!(event, Event::Refused { .. })).count();
    let sent = course.sent.difference(&left).count().saturating_sub(refused);
    Ok(Synced { sent, received: course.entries.saturating_sub(sent), events: course.events })
}

struct Course {
    sent: BTreeSet<StatementId>,
    entries: usize,
    events: Vec<Event>,
}

impl Course {
    /// Takes note of what happened; why the relay closed the connection, if it did.
    fn take(&mut self, shell: &mut Shell, address: &str) -> Result<(), SyncError> {
        let mut end = Ok(());
        for event in shell.take_events() {
            let address = address.to_owned();
            match event {
                Event::Closed(reason) => end = Err(SyncError::Closed { address, reason }),
                Event::OtherRelay { .. } => end = Err(SyncError::OtherRelay { address }),
                Event::Arrived { entries, .. } => self.entries += entries,
                event => self.events.push(event),
            }
        }
        end
    }
}

fn waiting(shell: &Shell) -> BTreeSet<StatementId> {
    let waiting = shell.replica().outgoing().filter(|outgoing| outgoing.is_waiting());
    waiting.map(|outgoing| outgoing.statement.id).collect()
}

/// Connects to the first address that answers; `ca` holds further certificates, as PEM.
///
/// # Errors
///
/// None answers.
pub async fn connect(addresses: Vec<String>, ca: Option<Vec<u8>>) -> Result<(String, Socket), SyncError> {
    let mut failure = SyncError::Unreachable { address: String::new(), problem: NetError::Address };
    for address in addresses {
        match Socket::connect(&address, ca.as_deref()).await {
            Ok(socket) => return Ok((address, socket)),
            Err(problem) => failure = SyncError::Unreachable { address, problem },
        }
    }
    Err(failure)
}

async fn connect_once(shell: &mut Shell, course: &mut Course) -> Result<Option<Access>, SyncError> {
    let (addresses, ca) = (shell.replica().profile().addresses.clone(), shell.folder().ca()?);
    let (address, mut socket) = connect(addresses, ca).await?;
    // Live, because one's own statements come back as entries before they are answered.
    shell.act(|replica, _| replica.connected(true))?;
    let exchanged = timeout(SYNC_MAX, exchange(shell, &mut socket, &address, course)).await;
    let exchanged = exchanged.unwrap_or(Err(SyncError::Unreachable { address, problem: NetError::Silent }));
    let access = shell.replica().access();
    shell.act(|replica, _| replica.disconnected())?;
    socket.close().await;
    exchanged.map(|()| access)
}

async fn exchange(
    shell: &mut Shell,
    socket: &mut Socket,
    address: &str,
    course: &mut Course,
) -> Result<(), SyncError> {
    let lost = |problem: NetError| SyncError::Unreachable { address: address.to_owned(), problem };
    loop {
        socket.send(shell.take_frames()).await.map_err(lost)?;
        course.take(shell, address)?;
        if shell.take_closing() || shell.replica().is_settled() {
            return Ok(());
        }
        let frame = timeout(SILENCE_MAX, socket.receive()).await.unwrap_or(Err(NetError::Silent));
        let frame = frame.map_err(lost)?;
        shell.act(|replica, now| replica.receive(now, &frame))?;
    }
}
