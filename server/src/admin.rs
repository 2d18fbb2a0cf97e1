//! The admin socket: how the operator's commands reach a running relay.
//!
//! A Unix socket with mode 0600: whoever may open it is the operator. One request a connection: a
//! line of JSON in, a line of JSON out, and the bytes of a backup after it.

use std::fs;
use std::io::{BufRead as _, BufReader, BufWriter, ErrorKind, Read as _, Write};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tokio::net::UnixListener;
use tokio::sync::watch;
use tracing::warn;

use crate::operator::{Answer, Operator, Request};

/// How long the other side may take to send its request, or to take some bytes of a backup.
const PATIENCE: Duration = Duration::from_secs(30);
/// Most bytes of a request.
const REQUEST_BYTES_MAX: u64 = 4096;

/// The open socket; its file goes with it.
pub struct Socket {
    listener: UnixListener,
    path: PathBuf,
}

impl Socket {
    /// Opens the socket at `path`. One that a killed relay left there is replaced: this process has
    /// the store open, so no other relay serves this folder.
    ///
    /// # Errors
    /// The path is too long for a socket (about 100 bytes), or its folder cannot be written.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let what = || format!("cannot open the admin socket {} (admin_socket names another)", path.display());
        match fs::remove_file(path) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error).with_context(what),
            _ => {}
        }
        let listener = UnixListener::bind(path).with_context(what)?;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).with_context(what)?;
        Ok(Self { listener, path: path.to_owned() })
    }

    /// Answers requests until `stopping` says true.
    pub async fn serve(self, operator: Arc<Operator>, mut stopping: watch::Receiver<bool>) {
        loop {
            let accepted = tokio::select! {
                _ = stopping.wait_for(|is_stopping| *is_stopping) => return,
                accepted = self.listener.accept() => accepted,
            };
            let stream = accepted.and_then(|(stream, _)| stream.into_std());
            let operator = Arc::clone(&operator);
            match stream {
                Ok(stream) => drop(tokio::task::spawn_blocking(move || {
                    if let Err(error) = answer(stream, &operator) {
                        warn!("the operator's request failed: {error:#}");
                    }
                })),
                Err(error) => warn!(%error, "cannot take a request of the operator"),
            }
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        // If it is gone already, so much the better.
        let _ = fs::remove_file(&self.path);
    }
}

fn answer(stream: UnixStream, operator: &Operator) -> anyhow::Result<()> {
    stream.set_nonblocking(false)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut line = String::new();
    BufReader::new((&stream).take(REQUEST_BYTES_MAX)).read_line(&mut line)?;
    let mut out = BufWriter::with_capacity(1 << 18, &stream);
    match serde_json::from_str::<Request>(&line) {
        Ok(request) => operator.answer(request, &mut out, send)?,
        Err(_) => send(&mut out, &Answer::Failed("this relay does not know that request".to_owned()))?,
    }
    out.flush()?;
    Ok(())
}

fn send(out: &mut dyn Write, answer: &Answer) -> anyhow::Result<()> {
    let mut line = serde_json::to_vec(answer)?;
    line.push(b'\n');
    out.write_all(&line)?;
    Ok(())
}

/// Asks the relay that serves `path`; `None` if none does. The bytes of a backup can be read from
/// the stream that comes with the answer.
///
/// # Errors
/// The socket may not be opened, or the relay's answer is not understood.
pub fn ask(path: &Path, request: Request) -> anyhow::Result<Option<(Answer, BufReader<UnixStream>)>> {
    let mut stream = match UnixStream::connect(path) {
        Ok(stream) => stream,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::ConnectionRefused) => {
            return Ok(None);
        }
        Err(error) => {
            return Err(error).with_context(|| format!("cannot reach the relay at {}", path.display()));
        }
    };
    let mut line = serde_json::to_string(&request)?;
    line.push('\n');
    stream.write_all(line.as_bytes()).context("cannot ask the running relay")?;
    let mut stream = BufReader::with_capacity(1 << 18, stream);
    let mut line = String::new();
    stream.read_line(&mut line).context("the running relay did not answer")?;
    let answer = serde_json::from_str(&line).context("the running relay has another version: restart it")?;
    Ok(Some((answer, stream)))
}
