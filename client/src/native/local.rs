//! The way to a `sync --watch` that runs already: one request and one answer, each a line of JSON,
//! over a Unix socket that only its owner may open.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixListener;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{interval, timeout};

/// Most bytes of a request: the arguments of a command line.
const REQUEST_BYTES_MAX: u64 = 4 << 20;
/// Most bytes of an answer.
const ANSWER_BYTES_MAX: u64 = 256 << 20;
/// Most requests that wait to be taken up.
const REQUESTS_MAX: usize = 16;
/// How long the other side may take to write or read a line.
const LINE_WAIT: Duration = Duration::from_secs(5);
/// How long a command may wait for its answer.
const ANSWER_WAIT: Duration = Duration::from_secs(120);

/// How long to wait when the system gives no more connections.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// A command to be run elsewhere, with what it depends on beside its arguments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The arguments, the program's name first.
    pub args: Vec<String>,
    /// Where file names begin.
    pub folder: PathBuf,
    /// The language, as `en` or `ru`.
    pub lang: String,
}

/// How the command ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Whether it did what was asked; decides between the two outputs.
    pub done: bool,
    /// What people read.
    pub text: String,
    /// The exit code.
    pub code: u8,
}

/// Asks a running `sync --watch` to run a command; `None` if none runs.
///
/// # Errors
///
/// It runs, but does not answer.
pub fn ask(socket: &Path, request: &Request) -> Option<std::io::Result<Answer>> {
    let stream = UnixStream::connect(socket).ok()?;
    Some(exchange(stream, request))
}

fn exchange(mut stream: UnixStream, request: &Request) -> std::io::Result<Answer> {
    stream.set_write_timeout(Some(LINE_WAIT))?;
    stream.set_read_timeout(Some(ANSWER_WAIT))?;
    let mut line = serde_json::to_vec(request)?;
    line.push(b'\n');
    stream.write_all(&line)?;
    let mut answer = String::new();
    BufReader::new(stream.take(ANSWER_BYTES_MAX)).read_line(&mut answer)?;
    Ok(serde_json::from_str(&answer)?)
}

/// Takes requests of other processes, as long as it lives.
pub struct Local {
    asked: mpsc::Receiver<Asked>,
    taking: JoinHandle<()>,
    path: PathBuf,
}

/// A request that waits for its answer.
pub struct Asked {
    /// What is asked.
    pub request: Request,
    stream: tokio::net::UnixStream,
}

impl Local {
    /// Listens. Whoever has the store's lock is the only one here, so a socket that is left over
    /// belongs to nobody.
    ///
    /// # Errors
    ///
    /// The socket cannot be made.
    pub fn listen(path: &Path) -> std::io::Result<Self> {
        let _ = std::fs::remove_file(path);
        let listener = UnixListener::bind(path)?;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
        let (asks, asked) = mpsc::channel(REQUESTS_MAX);
        let taking = tokio::spawn(take(listener, asks));
        Ok(Self { asked, taking, path: path.to_owned() })
    }

    /// The next request. A request is never half taken: this can be dropped at any time.
    pub async fn next(&mut self) -> Asked {
        match self.asked.recv().await {
            Some(asked) => asked,
            None => std::future::pending().await,
        }
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        self.taking.abort();
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Takes requests one after the other; one that cannot be read is passed over.
async fn take(listener: UnixListener, asks: mpsc::Sender<Asked>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Without file descriptors nothing can be taken; whoever asks waits.
            let mut pause = interval(ACCEPT_PAUSE);
            pause.tick().await;
            pause.tick().await;
            continue;
        };
        if let Ok(Some(asked)) = timeout(LINE_WAIT, read(stream)).await
            && asks.send(asked).await.is_err()
        {
            return;
        }
    }
}

async fn read(mut stream: tokio::net::UnixStream) -> Option<Asked> {
    let mut line = String::new();
    let (half, _) = stream.split();
    tokio::io::BufReader::new(half.take(REQUEST_BYTES_MAX)).read_line(&mut line).await.ok()?;
    Some(Asked { request: serde_json::from_str(&line).ok()?, stream })
}

impl Asked {
    /// Answers; whoever asked may be gone.
    pub async fn answer(mut self, answer: &Answer) {
        let Ok(mut line) = serde_json::to_vec(answer) else { return };
        line.push(b'\n');
        let _ = timeout(LINE_WAIT, self.stream.write_all(&line)).await;
        let _ = timeout(LINE_WAIT, self.stream.shutdown()).await;
    }
}
