//! Taking connections: TCP, then TLS if the relay ends it, then HTTP.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::{Request, StatusCode};
use axum::response::IntoResponse as _;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tracing::{debug, warn};

use super::peer::{Peer, Place};
use super::{Net, router};
use crate::config::Network;

/// How long to wait when the system gives no more connections, as without file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// Most bytes of a request's line and headers.
const REQUEST_BYTES_MAX: usize = 16 << 10;
/// Most connections that can be asked for; more than any machine has descriptors.
const CONNECTIONS_MAX: usize = 1 << 24;
/// Most headers of a request.
const HEADERS_MAX: usize = 64;

/// Takes connections until `stopping` says true; then closes the listener, and returns when every
/// connection has ended.
pub async fn run(listener: TcpListener, net: Arc<Net>, mut stopping: watch::Receiver<bool>) {
    let router = router(Arc::clone(&net));
    let connections_max = net.config.limits.connections_max.min(CONNECTIONS_MAX);
    let places = Arc::new(Semaphore::new(connections_max));
    let mut pause = tokio::time::interval(ACCEPT_PAUSE);
    loop {
        let accepted = tokio::select! {
            () = stopped(&mut stopping) => break,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                warn!(%error, "cannot take a connection");
                pause.reset();
                pause.tick().await;
                continue;
            }
        };
        let metrics = net.hub.metrics_handle();
        let Ok(permit) = Arc::clone(&places).try_acquire_owned() else {
            metrics.turned_away.one();
            continue;
        };
        metrics.connections.rise();
        let place = Arc::new(Place { _permit: permit, metrics });
        let peer = Peer { address: peer.ip(), _place: place };
        let connection = connection(stream, peer, Arc::clone(&net), router.clone(), stopping.clone());
        tokio::spawn(connection);
    }
    drop(listener);
    let _ = places.acquire_many(connections_max as u32).await;
}

async fn connection(
    stream: TcpStream,
    peer: Peer,
    net: Arc<Net>,
    router: Router,
    stopping: watch::Receiver<bool>,
) {
    // Answers are single small frames: waiting to fill a packet would only delay them.
    let _ = stream.set_nodelay(true);
    let Some(certificate) = &net.certificate else {
        return http(stream, peer, &net, router, stopping).await;
    };
    let handshake = TlsAcceptor::from(certificate.config()).accept(stream);
    match timeout(net.config.limits.hello_timeout(), handshake).await {
        Ok(Ok(stream)) => http(stream, peer, &net, router, stopping).await,
        Ok(Err(error)) => debug!(%error, "no TLS connection came about"),
        Err(_) => net.hub.metrics().silent.one(),
    }
}

async fn http(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    peer: Peer,
    net: &Net,
    router: Router,
    mut stopping: watch::Receiver<bool>,
) {
    let is_beside_proxy =
        !may_speak_plainly(net.certificate.is_some(), &net.config.trusted_proxy, peer.address);
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer.clone());
        let router = router.clone();
        async move {
            if is_beside_proxy {
                let text = "this relay is reached through its proxy\n";
                return Ok((StatusCode::FORBIDDEN, text).into_response());
            }
            router.call(request).await
        }
    });
    if is_beside_proxy {
        net.hub.metrics().turned_away.one();
    }
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(net.config.limits.hello_timeout())
        .max_buf_size(REQUEST_BYTES_MAX)
        .max_headers(HEADERS_MAX)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = std::pin::pin!(connection);
    let served = tokio::select! {
        served = connection.as_mut() => served,
        () = stopped(&mut stopping) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = served {
        if error.is_timeout() {
            net.hub.metrics().silent.one();
        }
        debug!(%error, "an HTTP connection ended");
    }
}

async fn stopped(stopping: &mut watch::Receiver<bool>) {
    let _ = stopping.wait_for(|is_stopping| *is_stopping).await;
}

/// Where plain http leaves this machine it is taken from the trusted proxies alone.
fn may_speak_plainly(has_tls: bool, trusted: &[Network], peer: IpAddr) -> bool {
    has_tls || peer.to_canonical().is_loopback() || trusted.iter().any(|network| network.contains(peer))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_taken_from_this_machine_and_the_trusted_proxies_alone() {
        let trusted = ["10.0.0.2".parse().unwrap()];
        let may = |has_tls, peer: &str| may_speak_plainly(has_tls, &trusted, peer.parse().unwrap());
        assert!(may(false, "127.0.0.1") && may(false, "::1") && may(false, "::ffff:127.0.0.1"));
        assert!(may(false, "10.0.0.2") && may(true, "203.0.113.5"));
        assert!(!may(false, "203.0.113.5") && !may(false, "10.0.0.3"));
    }
}
