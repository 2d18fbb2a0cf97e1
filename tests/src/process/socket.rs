//! Devices that speak the relay's protocol and keep nothing.

use anyhow::{Context as _, Result, bail};
use entente_shared::codec;
use entente_shared::crypto::{Key, Purpose};
use entente_shared::ids::*;
use entente_shared::wire::*;
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::draw;

/// A connection to the relay.
pub type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Opens a connection.
///
/// # Errors
/// The relay does not answer.
pub async fn connect(address: &str) -> Result<Socket> {
    Ok(connect_async(address).await.context("the relay does not answer")?.0)
}

/// Takes the next binary message.
///
/// # Errors
/// The connection ended.
pub async fn next_bytes(socket: &mut Socket) -> Result<Vec<u8>> {
    loop {
        match socket.next().await.context("the relay is gone")?? {
            Message::Binary(bytes) => return Ok(bytes.to_vec()),
            Message::Close(_) => bail!("the relay closed the connection"),
            _ => {}
        }
    }
}

/// Takes the next frame.
///
/// # Errors
/// The connection ended, or the frame does not decode.
pub async fn next_frame(socket: &mut Socket) -> Result<RelayFrame> {
    Ok(RelayFrame::decode(&next_bytes(socket).await?)?)
}

/// Sends a frame.
///
/// # Errors
/// The connection ended.
pub async fn send(socket: &mut Socket, frame: &ClientFrame) -> Result<()> {
    send_bytes(socket, codec::encode(frame)).await
}

/// Sends a binary message, whatever it holds.
///
/// # Errors
/// The connection ended.
pub async fn send_bytes(socket: &mut Socket, bytes: Vec<u8>) -> Result<()> {
    Ok(socket.send(Message::Binary(bytes.into())).await?)
}

/// The answer of a device to the relay's challenge.
pub fn hello(
    key: &Key,
    partnership: PartnershipId,
    pass: Pass,
    (nonce, relay): (&[u8; 16], RelayId),
) -> Hello {
    let own = draw();
    let message = hello_message(nonce, &own, &partnership, &relay);
    let signature = key.sign(Purpose::Connect, &[&message]);
    Hello { version: PROTOCOL_VERSION, nonce: own, partnership, device: key.device(), pass, signature }
}

/// Waits for the relay's challenge: its nonce and key.
///
/// # Errors
/// The connection ended, or the relay said something else.
pub async fn challenge(socket: &mut Socket) -> Result<([u8; 16], RelayId)> {
    match next_frame(socket).await? {
        RelayFrame::Challenge { nonce, relay, .. } => Ok((nonce, relay)),
        other => bail!("the relay speaks first, and said {other:?}"),
    }
}

/// Answers the challenge, and gives the relay's answer.
///
/// # Errors
/// The connection ended.
pub async fn greet(
    socket: &mut Socket,
    key: &Key,
    partnership: PartnershipId,
    pass: Pass,
) -> Result<RelayFrame> {
    let (nonce, relay) = challenge(socket).await?;
    send(socket, &ClientFrame::Hello(hello(key, partnership, pass, (&nonce, relay)))).await?;
    next_frame(socket).await
}

/// Opens a connection as an enrolled device.
///
/// # Errors
/// The relay does not answer, or does not let the device in.
pub async fn enter(address: &str, partnership: PartnershipId, key: &Key) -> Result<Socket> {
    let mut socket = connect(address).await?;
    match greet(&mut socket, key, partnership, Pass::Member).await? {
        RelayFrame::Welcome { .. } => Ok(socket),
        other => bail!("not let in: {other:?}"),
    }
}

/// Subscribes to what comes after `known` and passes over what is sent until the catch-up ends.
///
/// # Errors
/// The connection ended.
pub async fn subscribe(socket: &mut Socket, known: Vec<Known>) -> Result<()> {
    send(socket, &ClientFrame::Subscribe { known, live: true }).await?;
    while !matches!(next_frame(socket).await?, RelayFrame::Heads { .. }) {}
    Ok(())
}

/// Waits for the answer to one statement.
///
/// # Errors
/// The connection ended.
pub async fn answer_to(socket: &mut Socket, wanted: StatementId) -> Result<Answer> {
    loop {
        match next_frame(socket).await? {
            RelayFrame::Answer { statement, answer } if statement == wanted => return Ok(answer),
            RelayFrame::Closing { reason } => bail!("the relay closed the connection: {reason:?}"),
            _ => {}
        }
    }
}
