//! A WebSocket to the relay: binary frames over TCP or TLS.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use entente_shared::wire::FRAME_BYTES_MAX;
use futures_util::{SinkExt as _, StreamExt as _};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{Connector, MaybeTlsStream, WebSocketStream, client_async_tls_with_config};

use crate::links::socket_url;

/// How long a connection may take to come about.
const CONNECT_WAIT: Duration = Duration::from_secs(10);
/// How long a relay may take to say goodbye.
const CLOSE_WAIT: Duration = Duration::from_secs(1);

/// Why the relay cannot be reached, or no longer.
#[derive(Debug, thiserror::Error)]
pub enum NetError {
    /// The address leads nowhere.
    #[error("this is not an address of a relay")]
    Address,
    /// Nothing answered in time.
    #[error("no answer within {} s", CONNECT_WAIT.as_secs())]
    Silent,
    /// The file of certificates cannot be used.
    #[error("the certificates for the relay cannot be used: {0}")]
    Certificates(String),
    /// The network's word.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The WebSocket's word.
    #[error("{0}")]
    Socket(Box<tungstenite::Error>),
    /// The relay closed the connection.
    #[error("the connection was closed")]
    Gone,
}

impl From<tungstenite::Error> for NetError {
    fn from(error: tungstenite::Error) -> Self {
        match error {
            tungstenite::Error::Io(error) => Self::Io(error),
            error => Self::Socket(Box::new(error)),
        }
    }
}

/// A connection to a relay.
pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    /// Connects to a relay by its address; `ca` holds further certificates to trust, as PEM.
    ///
    /// # Errors
    ///
    /// It cannot be reached, or proves to be somebody else.
    pub async fn connect(address: &str, ca: Option<&[u8]>) -> Result<Self, NetError> {
        let url = socket_url(address).ok_or(NetError::Address)?;
        let request = url.into_client_request()?;
        let uri = request.uri();
        let is_tls = uri.scheme_str() == Some("wss");
        let host = uri.host().ok_or(NetError::Address)?.trim_matches(['[', ']']).to_owned();
        let port = uri.port_u16().unwrap_or(if is_tls { 443 } else { 80 });
        let connector = if is_tls { Connector::Rustls(Arc::new(tls(ca)?)) } else { Connector::Plain };
        let connecting = async {
            let stream = TcpStream::connect((host.as_str(), port)).await?;
            stream.set_nodelay(true)?;
            let config = WebSocketConfig::default()
                .max_message_size(Some(FRAME_BYTES_MAX))
                .max_frame_size(Some(FRAME_BYTES_MAX));
            let (socket, _) =
                client_async_tls_with_config(request, stream, Some(config), Some(connector)).await?;
            Ok(Self(socket))
        };
        timeout(CONNECT_WAIT, connecting).await.unwrap_or(Err(NetError::Silent))
    }

    /// Sends frames, each in a message of its own.
    ///
    /// # Errors
    ///
    /// The connection is gone.
    pub async fn send(&mut self, frames: Vec<Vec<u8>>) -> Result<(), NetError> {
        for frame in frames {
            self.0.feed(Message::Binary(frame.into())).await?;
        }
        Ok(self.0.flush().await?)
    }

    /// The next frame. Can be dropped half-way without loss.
    ///
    /// # Errors
    ///
    /// The connection is gone.
    pub async fn receive(&mut self) -> Result<Vec<u8>, NetError> {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Binary(frame))) => return Ok(frame.into()),
                Some(Ok(Message::Close(_))) | None => return Err(NetError::Gone),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(error.into()),
            }
        }
    }

    /// Says goodbye, and waits a moment for the answer.
    pub async fn close(mut self) {
        let _ = timeout(CLOSE_WAIT, self.0.close(None)).await;
    }
}

/// Trusts the usual authorities, and those in `ca`.
fn tls(ca: Option<&[u8]>) -> Result<rustls::ClientConfig, NetError> {
    let wrong = |error: &dyn std::fmt::Display| NetError::Certificates(error.to_string());
    let mut roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for certificate in CertificateDer::pem_slice_iter(ca.unwrap_or_default()) {
        roots.add(certificate.map_err(|error| wrong(&error))?).map_err(|error| wrong(&error))?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    Ok(config.map_err(|error| wrong(&error))?.with_root_certificates(roots).with_no_client_auth())
}
