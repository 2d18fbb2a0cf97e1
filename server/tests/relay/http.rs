//! Pages, health and headers.

use std::io::Read as _;
use std::net::TcpStream;

use crate::process::*;

#[test]
fn a_visitor_reads_who_runs_the_relay_and_what_they_can_read() {
    let (_folder, data) = fresh();
    let relay = Relay::start(&data, &["--operator", "Morosha <IT>"]);
    let page = relay.get("/about", &[]);
    assert_eq!(page.status, 200);
    assert!(page.body.contains("Morosha &lt;IT&gt;"), "{}", page.body);
    assert!(page.body.contains("can read what is stored here"), "{}", page.body);
    for header in [
        "content-security-policy: default-src 'none'",
        "x-content-type-options: nosniff",
        "referrer-policy: no-referrer",
        "x-frame-options: deny",
    ] {
        assert!(page.head.contains(header), "{header} is missing in\n{}", page.head);
        assert!(relay.get("/elsewhere", &[]).head.contains(header));
    }
    assert!(!page.head.contains("set-cookie"));
    assert_eq!(relay.get("/elsewhere", &[]).status, 404);
}

#[test]
fn the_web_app_comes_compressed_under_a_strict_policy_or_the_page_says_how_to_build_it() {
    let (_folder, data) = fresh();
    let relay = Relay::start(&data, &[]);
    let page = relay.get("/", &[]);
    assert_eq!(page.status, 200);
    if page.body.contains("cargo xtask web") {
        return;
    }
    assert_eq!(relay.get("/join", &[]).body, page.body);
    for header in [
        "content-security-policy: default-src 'none'; script-src 'self' 'wasm-unsafe-eval'",
        "content-type: text/html; charset=utf-8",
        "cache-control: no-cache",
        "etag: ",
    ] {
        assert!(page.head.contains(header), "{header} is missing in\n{}", page.head);
    }
    let script = page.body.split('"').find(|part| part.starts_with("/assets/") && part.ends_with(".js"));
    let script = script.expect("the page names its script");
    let plain = relay.get(script, &[]);
    assert!(plain.head.contains("cache-control: public, max-age=31536000, immutable"), "{}", plain.head);
    assert!(!plain.head.contains("content-encoding"), "{}", plain.head);
    let tag = page.head.lines().find_map(|line| line.strip_prefix("etag: ")).expect("a tag").trim();
    assert_eq!(relay.get("/", &[&format!("If-None-Match: {tag}")]).status, 304);
}

#[test]
fn monitors_see_that_it_lives_is_ready_and_counts() {
    let (_folder, data) = fresh();
    let relay = Relay::start(&data, &[]);
    assert_eq!(relay.get("/healthz", &[]).status, 200);
    assert_eq!(relay.get("/readyz", &[]).status, 200);
    assert_eq!(relay.metric("entente_recovering"), 0);
    assert_eq!(relay.metric("entente_entries_total"), 0);
    assert_eq!(relay.metric("entente_sockets"), 1);
}

#[test]
fn a_full_disk_makes_the_relay_not_ready() {
    let (_folder, data) = fresh();
    Relay::start(&data, &[]).stop();
    let reserve = (1_u64 << 60).to_string();
    let relay =
        Relay::start(&data, &["--limits-reserve-bytes", &reserve, "--public-urls", "https://r.example"]);
    assert_eq!(relay.get("/readyz", &[]).status, 503);
    assert_eq!(relay.get("/healthz", &[]).status, 200);
}

const UPGRADE: [&str; 4] = [
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
];

#[test]
fn only_the_relays_own_pages_and_programs_without_origin_may_connect() {
    let (_folder, data) = fresh();
    let relay = Relay::start(&data, &["--origins", "https://app.example"]);
    let upgrade = |origin: Option<&str>| {
        let origin = origin.map(|origin| format!("Origin: {origin}"));
        let headers: Vec<_> = UPGRADE.iter().copied().chain(origin.as_deref()).collect();
        relay.get("/ws", &headers).status
    };
    assert_eq!(upgrade(None), 101);
    assert_eq!(upgrade(Some(&relay.url)), 101);
    assert_eq!(upgrade(Some("https://app.example")), 101);
    for foreign in ["https://evil.example", "null", "https://app.example.evil.example", "http://app.example"]
    {
        assert_eq!(upgrade(Some(foreign)), 403, "{foreign}");
    }
    assert_eq!(relay.metric("entente_foreign_origins_total"), 4);
    assert_eq!(relay.get("/ws", &[]).status, 400, "a plain request is no WebSocket");
}

#[test]
fn a_connection_that_sends_no_request_is_closed() {
    let (_folder, data) = fresh();
    let relay = Relay::start(&data, &["--limits-hello-timeout-ms", "200"]);
    let mut stream = TcpStream::connect(&relay.address).unwrap();
    stream.set_read_timeout(Some(SOON)).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    assert_eq!(relay.metric("entente_silent_total"), 1);
}

#[test]
fn too_many_connections_are_turned_away_at_once() {
    let (_folder, data) = fresh();
    let relay = Relay::start(&data, &["--limits-connections-max", "2"]);
    let held: Vec<_> = (0..2).map(|_| TcpStream::connect(&relay.address).unwrap()).collect();
    let mut third = TcpStream::connect(&relay.address).unwrap();
    third.set_read_timeout(Some(SOON)).unwrap();
    let ended = third.read(&mut [0; 16]);
    assert!(
        matches!(ended, Ok(0) | Err(_))
            && !matches!(&ended, Err(e) if e.kind() == std::io::ErrorKind::WouldBlock)
    );
    drop(held);
}
