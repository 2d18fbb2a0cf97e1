//! TLS by certificate files.

use std::path::Path;
use std::sync::Arc;

use entente_server::tls::Certificate;
use entente_shared::wire::RelayFrame;
use rustix::process::Signal;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::process::*;
use crate::world::next_frame;

/// Writes a new certificate and its key into `folder`.
fn issue(folder: &Path) -> CertificateDer<'static> {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    std::fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).unwrap();
    std::fs::write(folder.join("certificate.pem"), made.cert.pem()).unwrap();
    made.cert.der().clone()
}

async fn connect(
    relay: &Relay,
    trusted: &[CertificateDer<'static>],
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    trusted.iter().for_each(|certificate| roots.add(certificate.clone()).unwrap());
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(&relay.address).await?;
    TlsConnector::from(Arc::new(config)).connect(ServerName::try_from("localhost").unwrap(), stream).await
}

fn flags(folder: &Path) -> [String; 4] {
    let path = |name| folder.join(name).to_str().unwrap().to_owned();
    ["--tls-certificate".into(), path("certificate.pem"), "--tls-key".into(), path("key.pem")]
}

#[tokio::test]
async fn a_websocket_runs_over_tls_and_a_renewed_certificate_is_served_without_a_restart() {
    let (folder, data) = fresh();
    let first = issue(folder.path());
    let flags = flags(folder.path());
    let relay = Relay::start(&data, &flags.each_ref().map(String::as_str));
    assert!(relay.url.starts_with("https://"));
    let stream = connect(&relay, std::slice::from_ref(&first)).await.unwrap();
    let (mut socket, response) = tokio_tungstenite::client_async("wss://localhost/ws", stream).await.unwrap();
    assert!(response.headers().contains_key("strict-transport-security"));
    assert!(matches!(next_frame(&mut socket).await, RelayFrame::Challenge { .. }));

    let second = issue(folder.path());
    let both = [first.clone(), second.clone()];
    relay.signal(Signal::HUP);
    let renewed = async {
        loop {
            let stream = connect(&relay, &both).await.unwrap();
            if stream.get_ref().1.peer_certificates().unwrap()[0] == second {
                return;
            }
        }
    };
    tokio::time::timeout(SOON, renewed).await.expect("the new certificate is served");
    assert!(connect(&relay, &[first]).await.is_err(), "the old one is gone");

    // A file that is broken changes nothing.
    std::fs::write(folder.path().join("key.pem"), "nonsense").unwrap();
    relay.signal(Signal::HUP);
    connect(&relay, &[second]).await.unwrap();
}

#[test]
fn files_are_read_again_only_when_they_changed() {
    let (folder, _) = fresh();
    issue(folder.path());
    let (chain, key) = (folder.path().join("certificate.pem"), folder.path().join("key.pem"));
    let certificate = Certificate::load(&chain, &key).unwrap();
    assert!(!certificate.reload(false).unwrap());
    issue(folder.path());
    assert!(certificate.reload(false).unwrap());
    assert!(!certificate.reload(false).unwrap());
    std::fs::remove_file(&key).unwrap();
    assert!(!certificate.reload(false).unwrap(), "in the midst of a renewal nothing happens");
    std::fs::write(&key, "nonsense").unwrap();
    assert!(certificate.reload(false).is_err());
    assert!(!certificate.reload(false).unwrap(), "a failure is told once");
}

#[test]
fn a_certificate_that_cannot_be_used_is_named_before_serving() {
    let (folder, data) = fresh();
    issue(folder.path());
    std::fs::write(folder.path().join("certificate.pem"), "").unwrap();
    let flags = flags(folder.path());
    let mut arguments = vec!["check-config", "--data", flag(&data)];
    arguments.extend(flags.iter().map(String::as_str));
    let (code, error) = fail(&arguments);
    assert_eq!(code, 1);
    assert!(error.contains("certificate.pem"), "{error}");
}
