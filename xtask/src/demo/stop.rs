//! Ctrl-C and SIGTERM, so that everything started is stopped and everything written removed.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use anyhow::Context as _;
use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};

/// Tells when somebody asked for the end.
pub struct Stop(Receiver<()>);

impl Stop {
    /// Takes both signals over, for as long as this process lives.
    pub fn listen() -> anyhow::Result<Self> {
        let (sender, receiver) = channel();
        let (ready, is_ready) = channel();
        std::thread::spawn(move || {
            let listened = listen(&sender, &ready);
            listened.inspect_err(|error| drop(ready.send(Err(error.to_string()))))
        });
        is_ready.recv().context("no signals")?.map_err(anyhow::Error::msg)?;
        Ok(Self(receiver))
    }

    /// Waits for the end, at most this long; whether it was asked for.
    pub fn within(&self, time: Duration) -> bool {
        !matches!(self.0.recv_timeout(time), Err(RecvTimeoutError::Timeout))
    }
}

fn listen(sender: &Sender<()>, ready: &Sender<Result<(), String>>) -> std::io::Result<()> {
    let runtime = Builder::new_current_thread().enable_io().build()?;
    runtime.block_on(async {
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let _ = ready.send(Ok(()));
        loop {
            tokio::select! {
                _ = interrupt.recv() => (),
                _ = terminate.recv() => (),
            }
            if sender.send(()).is_err() {
                return Ok(());
            }
        }
    })
}
