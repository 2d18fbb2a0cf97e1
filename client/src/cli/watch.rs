//! `entente sync --watch`: stays connected, and runs the commands of other processes meanwhile.

use std::future::pending;
use std::io::Write as _;
use std::pin::Pin;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{Interval, MissedTickBehavior, interval, timeout};

use super::{Done, Failed, Session, block_on, outcome, run_request, sync};
use crate::args;
use crate::native::local::{Asked, Local};
use crate::native::net::{NetError, Socket};
use crate::native::shell::Shell;
use crate::native::sync::{SyncError, connect};
use crate::replica::{Event, is_final};
use crate::words::Words;

/// The relay says something every 30 s; after this long it is gone.
const SILENCE_MAX: Duration = Duration::from_secs(90);
/// How often what may be sent again is sent.
const TICK: Duration = Duration::from_secs(5);
/// The first and the longest pause before connecting again.
const PAUSE: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));

type Connecting = Pin<Box<dyn Future<Output = Result<(String, Socket), SyncError>>>>;

/// How the connection to the relay stands.
enum Relay {
    Connecting(Connecting),
    Connected(Box<Socket>),
    Waiting(Interval),
}

/// What the relay's side of the loop hears.
enum Heard {
    Connected(Box<Result<(String, Socket), SyncError>>),
    Frame(Result<Vec<u8>, NetError>),
    TryAgain,
}

impl Relay {
    async fn next(&mut self) -> Heard {
        match self {
            Self::Connecting(connecting) => Heard::Connected(Box::new(connecting.await)),
            Self::Connected(socket) => {
                let frame = timeout(SILENCE_MAX, socket.receive()).await;
                Heard::Frame(frame.unwrap_or(Err(NetError::Silent)))
            }
            Self::Waiting(pause) => {
                pause.tick().await;
                Heard::TryAgain
            }
        }
    }
}

struct Watch<'a> {
    words: &'a Words,
    shell: &'a mut Shell,
    relay: Relay,
    pause: Duration,
}

/// Watches until Ctrl-C.
pub fn run(words: &Words, shell: &mut Shell) -> Result<Done, Failed> {
    block_on(async {
        let local = Local::listen(&shell.folder().socket()).map_err(|error| {
            let (file, problem) = (shell.folder().socket().display().to_string(), words.file_problem(&error));
            Failed::new(outcome::TROUBLE, words.say("file-unwritable", args![file, problem]))
        })?;
        let relay = Relay::Connecting(connecting(shell));
        Watch { words, shell, relay, pause: PAUSE.0 }.run(local).await
    })
}

fn connecting(shell: &Shell) -> Connecting {
    let addresses = shell.replica().profile().addresses.clone();
    let ca = shell.folder().ca();
    Box::pin(async move { connect(addresses, ca?).await })
}

impl Watch<'_> {
    async fn run(mut self, mut local: Local) -> Result<Done, Failed> {
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut terminated = signal(SignalKind::terminate()).ok();
        loop {
            let terminated = async {
                match &mut terminated {
                    Some(signal) => signal.recv().await,
                    None => pending().await,
                }
            };
            tokio::select! {
                _ = tokio::signal::ctrl_c() => break,
                _ = terminated => break,
                asked = local.next() => self.serve(asked).await?,
                heard = self.relay.next() => self.hear(heard)?,
                _ = tick.tick() => self.act(|replica, now| replica.flush(now))?,
            }
            self.send().await?;
            self.tell()?;
        }
        self.act(|replica, _| replica.disconnected())?;
        if let Relay::Connected(socket) = self.relay {
            socket.close().await;
        }
        Ok(Done::text(""))
    }

    fn act(
        &mut self,
        act: impl FnOnce(&mut crate::replica::Replica, &mut crate::replica::Now<'_>),
    ) -> Result<(), Failed> {
        self.shell.act(act).map_err(|error| outcome::shell_failed(self.words, &error))
    }

    /// Runs a command of another process, and hands what it changed to the relay at once.
    async fn serve(&mut self, asked: Asked) -> Result<(), Failed> {
        let answer = run_request(self.shell, &asked.request);
        self.act(|replica, now| replica.flush(now))?;
        asked.answer(&answer).await;
        Ok(())
    }

    fn hear(&mut self, heard: Heard) -> Result<(), Failed> {
        match heard {
            Heard::Connected(connected) => self.connected(*connected),
            Heard::Frame(Ok(frame)) => self.act(|replica, now| replica.receive(now, &frame)),
            Heard::Frame(Err(_)) => self.lost(),
            Heard::TryAgain => {
                self.relay = Relay::Connecting(connecting(self.shell));
                Ok(())
            }
        }
    }

    fn connected(&mut self, connected: Result<(String, Socket), SyncError>) -> Result<(), Failed> {
        match connected {
            Ok((address, socket)) => {
                self.print(&self.words.say("sync-watching", args![relay = address]));
                self.relay = Relay::Connected(Box::new(socket));
                self.act(|replica, _| {
                    replica.show_attested(true);
                    replica.connected(true);
                })
            }
            Err(SyncError::Shell(error)) => Err(outcome::shell_failed(self.words, &error)),
            Err(_) => self.lost(),
        }
    }

    /// The connection is gone, or did not come about: again after a pause, which grows.
    fn lost(&mut self) -> Result<(), Failed> {
        self.act(|replica, _| replica.disconnected())?;
        let duration = self.words.duration(self.pause.as_millis() as u64);
        self.print(&self.words.say("sync-reconnecting", args![duration]));
        let mut pause = interval(self.pause);
        pause.reset();
        self.relay = Relay::Waiting(pause);
        self.pause = (self.pause * 2).min(PAUSE.1);
        Ok(())
    }

    /// Sends what is due; closes where the replica says so.
    async fn send(&mut self) -> Result<(), Failed> {
        let frames = self.shell.take_frames();
        let is_closing = self.shell.take_closing();
        let Relay::Connected(socket) = &mut self.relay else { return Ok(()) };
        let sent = socket.send(frames).await;
        // The founding and enrolling sessions end when they have done what they are for.
        if self.shell.replica().is_session_over() {
            self.relay = Relay::Connecting(connecting(self.shell));
            return self.act(|replica, _| replica.disconnected());
        }
        if sent.is_err() || is_closing {
            return self.lost();
        }
        Ok(())
    }

    /// Says what happened. What trying again does not change ends the watch.
    fn tell(&mut self) -> Result<(), Failed> {
        let address = self.shell.replica().profile().addresses.first().cloned().unwrap_or_default();
        for event in self.shell.take_events() {
            match event {
                Event::UpToDate => self.pause = PAUSE.0,
                Event::Arrived { entries, .. } => {
                    self.print(&self.words.say("sync-received", args![received = entries]));
                }
                Event::Closed(reason) if is_final(&reason) => {
                    let error = SyncError::Closed { address, reason };
                    return Err(outcome::sync_failed(self.words, &error));
                }
                Event::OtherRelay { .. } => {
                    return Err(outcome::sync_failed(self.words, &SyncError::OtherRelay { address }));
                }
                event => {
                    let session = Session::new(self.words, self.shell);
                    if let Ok((Some(line), _)) = sync::said(&session, &event) {
                        self.print(&line);
                    }
                }
            }
        }
        Ok(())
    }

    fn print(&self, line: &str) {
        let _ = writeln!(std::io::stdout(), "{line}");
    }
}
