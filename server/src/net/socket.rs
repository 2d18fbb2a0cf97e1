//! One WebSocket: reading and writing in one task, neither waiting for the other.

use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use bytes::Bytes;
use entente_shared::codec;
use entente_shared::wire::{CloseReason, FRAME_BYTES_MAX, RelayFrame};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{Sink, SinkExt as _, Stream, StreamExt as _};
use tokio::time::{MissedTickBehavior, timeout};
use tracing::debug;

use super::Net;
use crate::limits::DRAIN_REPORT_BYTES;
use crate::relay::{ConnectionId, Input};
use crate::shell::{Entrance, Hub, LetGo, Outbox, Outgoing};

/// How long a closing connection may take to read the last frames and to say goodbye.
const CLOSE_WAIT: Duration = Duration::from_secs(2);

/// How a connection came to its end.
#[derive(Debug)]
enum End {
    /// The other side went, or the relay did.
    Gone,
    /// The relay closed it.
    Closed(CloseReason),
    /// The other side broke the protocol below the relay's frames.
    Violation(u16, String),
    /// Nothing came, or nothing could be sent, for too long.
    Silent(String),
}

/// Carries frames between a WebSocket and the relay until one of them ends it.
pub(super) async fn serve(socket: WebSocket, net: &Net, address: IpAddr) {
    let Ok((entrance, outbox, let_go)) = net.hub.open(address).await else { return };
    let connection = entrance.connection;
    let (mut sink, mut stream) = socket.split();
    let heard = AtomicU64::new(0);
    let end = tokio::select! {
        end = read(&mut stream, net, &entrance, &heard) => end,
        end = write(&mut sink, net, connection, outbox, &heard) => end,
        () = wait_for_last_frames(let_go) => End::Gone,
    };
    debug!(connection = connection.0, ?end, "a connection ends");
    let _ = net.hub.tell(Input::Disconnected { connection }).await;
    if matches!(end, End::Silent(_)) {
        net.hub.metrics().silent.one();
    }
    let _ = timeout(CLOSE_WAIT, say_goodbye(sink, stream, end)).await;
}

/// Waits until the relay has let go of the connection, and then a while for who still reads: who
/// does not would keep what was sent before, and the goodbye behind it, from going out.
async fn wait_for_last_frames(let_go: LetGo) {
    let _ = let_go.await;
    let _ = timeout(CLOSE_WAIT, std::future::pending::<()>()).await;
}

async fn read(stream: &mut SplitStream<WebSocket>, net: &Net, entrance: &Entrance, heard: &AtomicU64) -> End {
    let wait = net.config.limits.hello_timeout();
    let Ok(first) = timeout(wait, next_frame(stream, heard)).await else {
        return End::Silent(format!("no hello within {} ms", wait.as_millis()));
    };
    let mut next = first;
    loop {
        match next {
            Ok(frame) => {
                if net.hub.received(entrance, frame).await.is_err() {
                    // The relay has said goodbye already: the writer hears of it.
                    std::future::pending::<()>().await;
                }
            }
            Err(end) => return end,
        }
        next = next_frame(stream, heard).await;
    }
}

/// The next binary frame; pings and pongs are heard and passed over.
async fn next_frame(
    stream: &mut (impl Stream<Item = Result<Message, axum::Error>> + Unpin),
    heard: &AtomicU64,
) -> Result<Bytes, End> {
    loop {
        let message = stream.next().await;
        heard.fetch_add(1, Relaxed);
        match message {
            Some(Ok(Message::Binary(frame))) => return Ok(frame),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(Message::Text(_))) => {
                let detail = "frames are binary, this one was text".to_owned();
                return Err(End::Violation(close_code::UNSUPPORTED, detail));
            }
            None | Some(Ok(Message::Close(_))) => return Err(End::Gone),
            Some(Err(error)) if is_too_long(&error) => {
                let detail = format!("a frame has at most {FRAME_BYTES_MAX} bytes");
                return Err(End::Violation(close_code::SIZE, detail));
            }
            Some(Err(error)) => {
                debug!(%error, "a connection broke");
                return Err(End::Gone);
            }
        }
    }
}

fn is_too_long(error: &axum::Error) -> bool {
    use tokio_tungstenite::tungstenite::Error;
    let source = std::error::Error::source(error).and_then(|source| source.downcast_ref::<Error>());
    matches!(source, Some(Error::Capacity(_)))
}

async fn write(
    sink: &mut SplitSink<WebSocket, Message>,
    net: &Net,
    connection: ConnectionId,
    mut outbox: Outbox,
    heard: &AtomicU64,
) -> End {
    let limits = &net.config.limits;
    let mut ping = tokio::time::interval(limits.ping_interval());
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ping.tick().await;
    let quiet_pings_max = limits.idle_timeout_ms.div_ceil(limits.ping_interval_ms);
    let (mut heard_before, mut quiet_pings) = (0, 0);
    let mut unreported = 0;
    loop {
        let outgoing = tokio::select! {
            outgoing = outbox.recv() => outgoing,
            _ = ping.tick() => {
                let heard_now = heard.load(Relaxed);
                quiet_pings = if heard_now == heard_before { quiet_pings + 1 } else { 0 };
                heard_before = heard_now;
                if quiet_pings >= quiet_pings_max {
                    return End::Silent(format!("nothing came for {} ms", limits.idle_timeout_ms));
                }
                match timeout(limits.idle_timeout(), sink.send(Message::Ping(Bytes::new()))).await {
                    Ok(Ok(())) => continue,
                    _ => return End::Gone,
                }
            }
        };
        let sent = send_all(sink, &mut outbox, outgoing, &net.hub);
        match timeout(limits.idle_timeout(), sent).await {
            Ok(Ok(bytes)) => unreported += bytes,
            Ok(Err(end)) => return end,
            Err(_) => return End::Silent(format!("nothing could be sent for {} ms", limits.idle_timeout_ms)),
        }
        if unreported >= DRAIN_REPORT_BYTES {
            let drained = Input::Drained { connection, bytes: std::mem::take(&mut unreported) };
            let _ = net.hub.tell(drained).await;
        }
    }
}

/// Sends `first` and what else waits, with one flush for all, up to a report's worth; tells how
/// many bytes of frames went out.
async fn send_all(
    sink: &mut (impl Sink<Message, Error = axum::Error> + Unpin),
    outbox: &mut Outbox,
    first: Option<Outgoing>,
    hub: &Hub,
) -> Result<usize, End> {
    let mut bytes = 0;
    let mut next = first.ok_or(End::Gone)?;
    loop {
        let message = match next {
            Outgoing::Frame(frame) => {
                bytes += frame.len();
                hub.metrics().frames_sent.one();
                hub.metrics().bytes_sent.add(frame.len() as u64);
                Message::Binary(frame)
            }
            Outgoing::Close(reason) => {
                sink.flush().await.map_err(|_| End::Gone)?;
                return Err(End::Closed(reason));
            }
        };
        sink.feed(message).await.map_err(|_| End::Gone)?;
        if bytes >= DRAIN_REPORT_BYTES {
            break;
        }
        let Ok(more) = outbox.try_recv() else { break };
        next = more;
    }
    sink.flush().await.map_err(|_| End::Gone)?;
    Ok(bytes)
}

/// Says why, closes, and reads on until the other side has closed too: closing a socket with
/// something unread in it would make the system throw away what the other side has not read.
async fn say_goodbye(mut sink: SplitSink<WebSocket, Message>, mut stream: SplitStream<WebSocket>, end: End) {
    let (code, words) = match end {
        End::Gone => (close_code::NORMAL, None),
        End::Closed(CloseReason::Stopping) => (close_code::RESTART, None),
        End::Closed(_) => (close_code::POLICY, None),
        End::Violation(code, detail) => (code, Some(detail)),
        End::Silent(detail) => (close_code::POLICY, Some(detail)),
    };
    if let Some(detail) = words {
        let reason = CloseReason::Protocol { detail };
        let closing = codec::encode(&RelayFrame::Closing { reason });
        let _ = sink.send(Message::Binary(closing.into())).await;
    }
    let close = CloseFrame { code, reason: "".into() };
    let _ = sink.send(Message::Close(Some(close))).await;
    while let Some(Ok(_)) = stream.next().await {}
}
