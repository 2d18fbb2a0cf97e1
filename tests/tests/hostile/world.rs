//! A relay with a partnership, and the check that it goes on.

use std::collections::BTreeMap;
use std::future::Future;
use std::time::Duration;

use entente_shared::ids::*;
use entente_shared::judge::Refusal;
use entente_shared::ledger::{Position, Verdict};
use entente_shared::statement::{Envelope, Statement};
use entente_shared::wire::*;
use entente_tests::process::author::{Author, Writer};
use entente_tests::process::member::{Member, Partnership};
use entente_tests::process::relay::{Relay, Setup, program};
use entente_tests::process::socket::*;
use entente_tests::process::witness::Witness;
use tokio::time::timeout;

/// How long a test waits for something that should happen at once.
const SOON: Duration = Duration::from_secs(30);
/// What hostile input may add to the relay's memory, in bytes, whatever it claims.
pub const GROWTH_BYTES_MAX: f64 = 32.0 * 1024.0 * 1024.0;

/// Waits for something that should happen at once.
pub async fn soon<T>(what: impl Future<Output = T>) -> T {
    timeout(SOON, what).await.expect("the relay answers in time")
}

/// A relay, the leads of two parties, and a matrix.
pub struct World {
    pub relay: Relay,
    pub partnership: Partnership,
    pub document: DocumentId,
    /// A writer for the check that honest people are served.
    honest: Writer,
    setup: Setup,
    _folder: tempfile::TempDir,
}

impl World {
    /// A relay without limits on how much is sent.
    pub async fn new() -> Self {
        Self::with(&[]).await
    }

    /// The same with some settings.
    pub async fn with(settings: &[(&str, u64)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let setup = Setup::new(program().unwrap(), folder.path().join("data")).without_limits();
        let setup = settings.iter().fold(setup, |setup, (key, value)| setup.with(key, value));
        let relay = soon(setup.serve()).await.unwrap();
        let link = relay.founding.clone().unwrap();
        let mut partnership = soon(Partnership::found(&relay.address, &link)).await.unwrap();
        let document = soon(partnership.matrix("Under attack")).await.unwrap();
        let dana = Author::of(&partnership.dana, document).unwrap();
        let honest = Writer::new(dana, "party/newyork", None).unwrap();
        Self { relay, partnership, document, honest, setup, _folder: folder }
    }

    /// A connection of a member's device.
    pub async fn enter(&self, member: &Member) -> Socket {
        soon(enter(&self.relay.address, self.partnership.id(), member.replica.key())).await.unwrap()
    }

    /// Anna's device as the author of statements in the matrix.
    pub fn anna(&self) -> Author {
        Author::of(&self.partnership.anna, self.document).unwrap()
    }

    /// Anna's device as a writer in her team's column.
    pub fn writer(&self) -> Writer {
        Writer::new(self.anna(), "party/moscow", None).unwrap()
    }

    /// A reader who has seen nothing yet.
    pub fn witness(&self) -> Witness {
        let dana = &self.partnership.dana.replica;
        let relay = dana.profile().relay.unwrap();
        Witness::new(dana.key().clone(), self.partnership.id(), dana.charter_id().unwrap(), relay)
    }

    /// The relay serves on: an honest statement enters, all ledgers are good, nothing panicked.
    pub async fn goes_on(&mut self) -> Witness {
        let mut socket = self.enter(&self.partnership.dana).await;
        let statement = self.honest.sign_next();
        entered(&mut socket, &statement).await;
        let mut witness = self.witness();
        soon(witness.catch_up(&self.relay.address)).await.unwrap();
        assert!(witness.find(&statement.id).is_some());
        witness.verify().unwrap();
        assert!(!self.relay.log().contains("panicked"), "{}", self.relay.log());
        witness
    }

    /// The relay serves on, stops well, and what it leaves is good.
    pub async fn ends_well(mut self) {
        self.goes_on().await;
        self.relay.stop().unwrap();
        let checked = self.setup.command("verify").output().unwrap();
        assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
    }
}

/// Submits envelopes in one frame.
pub async fn submit(socket: &mut Socket, statements: Vec<Envelope>) {
    soon(send(socket, &ClientFrame::Submit { statements })).await.unwrap();
}

/// Reads `count` answers, in whatever order: refusals do not wait for the disk.
pub async fn answers(socket: &mut Socket, count: usize) -> BTreeMap<StatementId, Answer> {
    let mut answers = BTreeMap::new();
    while answers.len() < count {
        match soon(next_frame(socket)).await.unwrap() {
            RelayFrame::Answer { statement, answer } => drop(answers.insert(statement, answer)),
            other => panic!("{other:?}"),
        }
    }
    answers
}

/// Submits a statement and gives the answer.
pub async fn answered(socket: &mut Socket, statement: &Statement) -> Answer {
    submit(socket, vec![statement.envelope.clone()]).await;
    soon(answer_to(socket, statement.id)).await.unwrap()
}

/// Submits a statement that enters.
pub async fn entered(socket: &mut Socket, statement: &Statement) -> (Position, Verdict) {
    match answered(socket, statement).await {
        Answer::Entered { position, verdict } => (position, verdict),
        Answer::Refused { refusal } => panic!("refused: {refusal}"),
    }
}

/// Submits a statement that is refused.
pub async fn refused(socket: &mut Socket, statement: &Statement) -> Refusal {
    match answered(socket, statement).await {
        Answer::Refused { refusal } => refusal,
        Answer::Entered { position, .. } => panic!("entered at {position:?}"),
    }
}

/// Reads until the relay says why it closes, and then to the end of the connection.
pub async fn closing(socket: &mut Socket) -> CloseReason {
    let mut said = None;
    while let Ok(frame) = soon(next_frame(socket)).await {
        if let RelayFrame::Closing { reason } = frame {
            said = Some(reason);
        }
    }
    said.expect("the relay says why it closes")
}

/// The words of a breach of the protocol.
pub fn protocol(reason: CloseReason) -> String {
    match reason {
        CloseReason::Protocol { detail } => detail,
        other => panic!("{other:?}"),
    }
}
