//! The relay on the network: TCP, TLS, HTTP, and WebSockets to the [`Hub`].

mod accept;
mod app;
mod pages;
mod peer;
mod socket;

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{Extension, State, WebSocketUpgrade};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use entente_shared::wire::FRAME_BYTES_MAX;
use entente_store::Store;

pub use accept::run;

use crate::config::Config;
use crate::shell::Hub;
use crate::tls::Certificate;
use peer::Peer;

/// Read buffer of a WebSocket, in bytes: it is there from the beginning, also on idle ones.
const READ_BUFFER_BYTES: usize = 4 << 10;
/// Bytes that are gathered before they are written to the socket.
const WRITE_BUFFER_BYTES: usize = 32 << 10;
/// Most bytes in the write buffer: one frame on top of what had gathered.
const WRITE_BUFFER_BYTES_MAX: usize = WRITE_BUFFER_BYTES + FRAME_BYTES_MAX + (1 << 10);

/// What every request sees.
pub struct Net {
    /// The configuration.
    pub config: Config,
    /// The address that the relay listens on.
    pub address: SocketAddr,
    /// The way to the relay.
    pub hub: Hub,
    /// For the question whether it takes writes.
    pub store: Arc<dyn Store>,
    /// The certificate, if the relay ends TLS itself.
    pub certificate: Option<Arc<Certificate>>,
    origins: BTreeSet<String>,
    /// What the browser app may do.
    app_policy: String,
}

impl Net {
    /// A relay that is reached at `address`.
    pub fn new(
        config: Config,
        address: SocketAddr,
        hub: Hub,
        store: Arc<dyn Store>,
        certificate: Option<Arc<Certificate>>,
    ) -> Self {
        let mut origins: BTreeSet<_> = config.origins.iter().map(|origin| origin_of(origin)).collect();
        origins.extend(config.public_urls.iter().map(|url| origin_of(url)));
        let scheme = if config.has_tls() { "https" } else { "http" };
        origins.insert(format!("{scheme}://{address}"));
        if address.ip().is_loopback() {
            origins.insert(format!("{scheme}://localhost:{}", address.port()));
        }
        let app_policy = app::policy(origins.iter());
        Self { config, address, hub, store, certificate, origins, app_policy }
    }

    /// Tells whether a web page of this origin may connect. Programs send no origin, and are no
    /// danger: nobody can make them connect from another's machine.
    fn takes_origin(&self, headers: &HeaderMap) -> bool {
        let mut origins = headers.get_all(header::ORIGIN).iter();
        origins
            .all(|origin| origin.to_str().is_ok_and(|origin| self.origins.contains(&origin.to_lowercase())))
    }
}

/// Scheme, host and port of a checked address, as browsers write them.
fn origin_of(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("https", url));
    let host = rest.split('/').next().unwrap_or(rest);
    let default = if scheme == "https" { ":443" } else { ":80" };
    format!("{scheme}://{}", host.strip_suffix(default).unwrap_or(host)).to_lowercase()
}

fn router(net: Arc<Net>) -> Router {
    let routes = Router::new()
        .route("/about", get(pages::about))
        .route("/healthz", get(pages::health))
        .route("/readyz", get(pages::readiness))
        .route("/metrics", get(pages::metrics))
        .route("/ws", get(websocket))
        .fallback(app::serve);
    let routes = if app::is_here() { routes } else { routes.route("/", get(pages::about)) };
    routes.layer(axum::middleware::map_response_with_state(Arc::clone(&net), pages::secure)).with_state(net)
}

async fn websocket(
    State(net): State<Arc<Net>>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    if !net.takes_origin(&headers) {
        net.hub.metrics().foreign_origins.one();
        let text = "this web page may not connect to this relay; its operator can add it to `origins`\n";
        return (StatusCode::FORBIDDEN, text).into_response();
    }
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade,
        Err(rejection) => return rejection.into_response(),
    };
    let address = peer.address(&net.config.trusted_proxy, &headers);
    upgrade
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(WRITE_BUFFER_BYTES)
        .max_write_buffer_size(WRITE_BUFFER_BYTES_MAX)
        .max_message_size(FRAME_BYTES_MAX)
        .max_frame_size(FRAME_BYTES_MAX)
        .on_upgrade(async move |socket| {
            // Held until the socket is closed, so that it counts as a connection.
            let _peer = peer;
            socket::serve(socket, &net, address).await;
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_an_address_without_path_and_default_port() {
        assert_eq!(origin_of("https://Relay.example:443/team"), "https://relay.example");
        assert_eq!(origin_of("http://127.0.0.1:8440"), "http://127.0.0.1:8440");
    }
}
