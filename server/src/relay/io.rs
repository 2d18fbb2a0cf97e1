//! What goes into the relay and what comes out: the whole surface between it and its shell.

use std::net::IpAddr;

use bytes::Bytes;
use entente_shared::ids::DocumentId;
use entente_shared::wire::CloseReason;
use entente_store::{Append, Appended, Record, StoreError};

use super::materialise::{Made, MaterialiseError, Task, TaskId};

/// One connection, as the shell numbers it; a number is never used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u64);

/// One commit, as the relay numbers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BatchId(pub u64);

/// What happens to the relay.
#[derive(Debug)]
pub enum Input {
    /// A socket was opened. The relay answers with its challenge.
    Connected {
        /// The connection.
        connection: ConnectionId,
        /// From where; connections are counted by it.
        address: IpAddr,
        /// The challenge's nonce, unpredictable.
        random: [u8; 16],
    },
    /// One binary message came in.
    Received {
        /// The connection.
        connection: ConnectionId,
        /// The message.
        frame: Bytes,
    },
    /// The socket is gone, whoever closed it. After it the shell names the connection no more.
    Disconnected {
        /// The connection.
        connection: ConnectionId,
    },
    /// The socket has taken `bytes` more of what the relay sent. The shell reports whenever
    /// [`crate::limits::DRAIN_REPORT_BYTES`] have gone out since the last report, not each frame.
    Drained {
        /// The connection.
        connection: ConnectionId,
        /// Bytes of frames handed to the socket since the last report.
        bytes: usize,
    },
    /// The answer to [`Action::Commit`].
    Committed {
        /// The batch.
        batch: BatchId,
        /// What [`entente_store::Store::commit`] returned.
        result: Result<Vec<Appended>, StoreError>,
    },
    /// The answer to [`Action::Materialise`].
    Materialised {
        /// The task.
        task: TaskId,
        /// What [`super::materialise::perform`] returned.
        result: Result<Made, MaterialiseError>,
    },
    /// Time passed; expected every [`crate::limits::TICK_MS`].
    Tick,
    /// The operator ends the recovering mode: what clients did not refill stays lost.
    Resume,
    /// The relay shall stop: it takes nothing more, commits what it took, says goodbye, and ends with
    /// [`Action::Stopped`].
    Stop,
}

/// What the shell does for the relay, in this order.
#[derive(Debug, PartialEq)]
pub enum Action {
    /// Sends one binary message. Readers of one class share its bytes.
    Send {
        /// The connection.
        connection: ConnectionId,
        /// The message.
        frame: Bytes,
    },
    /// Closes the socket once everything sent before has gone out, or after a short while.
    Close {
        /// The connection.
        connection: ConnectionId,
        /// Why; the client was told with a frame already.
        reason: CloseReason,
    },
    /// Hands the batch to [`entente_store::Store::commit`] on a thread for blocking work and
    /// answers with [`Input::Committed`]. At most one commit is under way.
    Commit {
        /// The batch.
        batch: BatchId,
        /// Entries to append.
        appends: Vec<Append>,
        /// Records to write.
        records: Vec<Record>,
    },
    /// Hands the task to [`super::materialise::perform`] on a thread for blocking work, other than
    /// that of commits, and answers with [`Input::Materialised`]. At most one is under way.
    Materialise(Task),
    /// Something for logs and metrics.
    Report(Event),
    /// Everything is committed and every connection closed; the process may end.
    Stopped,
}

/// What logs and metrics are told: no people and no content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A counter grows.
    Count {
        /// Which.
        counter: Counter,
        /// By how much.
        by: u64,
    },
    /// A ledger does not replay or cannot be read; it is read-only, others are served.
    Quarantined {
        /// The document.
        document: DocumentId,
        /// What was found.
        detail: String,
    },
    /// A commit failed; what it held was refused and nothing acknowledged is lost.
    CommitFailed {
        /// What the store said.
        detail: String,
    },
    /// A document's snapshots could not be made; it is served from its entries alone.
    NotMaterialised {
        /// The document.
        document: DocumentId,
        /// What was found.
        detail: String,
    },
    /// A client proved that this relay has lost entries; the document is read-only until they are back.
    Missing {
        /// The document.
        document: DocumentId,
        /// The first sequence number that is missing.
        from_seq: u64,
        /// The greatest one that is known to have existed.
        to_seq: u64,
    },
    /// All entries that a client could prove are here again.
    Refilled {
        /// The document.
        document: DocumentId,
        /// How many entries came back.
        entries: u64,
    },
    /// A client showed a checkpoint of another run for entries that this relay has otherwise: its own
    /// chain stands, and clients submit again what the other branch held.
    OtherBranch {
        /// The document.
        document: DocumentId,
        /// The sequence number at which they differ.
        seq: u64,
    },
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Counter {
    /// Connections opened.
    ConnectionsOpened,
    /// Connections that authenticated.
    ConnectionsWelcomed,
    /// Connections closed by the relay, by the name of the reason.
    ConnectionsClosed(&'static str),
    /// Statements that came in.
    StatementsReceived,
    /// Statements entered as in effect, once durable.
    StatementsAdmitted,
    /// Statements entered as waiting, once durable.
    StatementsHeld,
    /// Statements refused, by the name of the refusal.
    StatementsRefused(&'static str),
    /// Entries made durable.
    Entries,
    /// Bytes of entries and statements made durable.
    EntryBytes,
    /// Commits.
    Commits,
    /// Commits that failed.
    CommitsFailed,
    /// Documents replayed from the store.
    DocumentsLoaded,
    /// Documents dropped from memory because others were used later.
    DocumentsEvicted,
    /// Documents whose snapshots are up to date with what they were when it began.
    DocumentsMaterialised,
    /// Readers that stopped reading and were left to catch up later.
    ReadersLagging,
}

impl Counter {
    /// The metric's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::ConnectionsOpened => "connections_opened",
            Self::ConnectionsWelcomed => "connections_welcomed",
            Self::ConnectionsClosed(_) => "connections_closed",
            Self::StatementsReceived => "statements_received",
            Self::StatementsAdmitted => "statements_admitted",
            Self::StatementsHeld => "statements_held",
            Self::StatementsRefused(_) => "statements_refused",
            Self::Entries => "entries",
            Self::EntryBytes => "entry_bytes",
            Self::Commits => "commits",
            Self::CommitsFailed => "commits_failed",
            Self::DocumentsLoaded => "documents_loaded",
            Self::DocumentsEvicted => "documents_evicted",
            Self::DocumentsMaterialised => "documents_materialised",
            Self::ReadersLagging => "readers_lagging",
        }
    }

    /// The reason by which the counter is split, if it is.
    pub fn reason(self) -> Option<&'static str> {
        match self {
            Self::ConnectionsClosed(reason) | Self::StatementsRefused(reason) => Some(reason),
            _ => None,
        }
    }
}

/// How much of everything there is now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Gauges {
    /// Connections, authenticated or not.
    pub connections: usize,
    /// Partnerships in memory.
    pub partnerships: usize,
    /// Documents in memory, charters not counted.
    pub documents: usize,
    /// Documents that are read-only because they do not replay or cannot be read.
    pub quarantined: usize,
    /// Documents that wait for lost entries.
    pub missing: usize,
    /// Statements that wait for a commit.
    pub uncommitted: usize,
    /// Bytes of the entries of the partnership in memory that has most.
    pub partnership_bytes_most: u64,
}
