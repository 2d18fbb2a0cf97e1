//! The browser app, as it was built into the relay: every file with its compressed form.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{self, HeaderValue};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};

use super::{Net, pages};

/// A file of the app.
pub struct File {
    /// Where it is asked for, as in `/assets/app-….js`.
    path: &'static str,
    /// What a browser is told that it is.
    kind: &'static str,
    /// Its version, quoted.
    tag: &'static str,
    bytes: &'static [u8],
    /// The same, compressed with brotli.
    packed: Option<&'static [u8]>,
}

include!(concat!(env!("OUT_DIR"), "/app.rs"));

/// Addresses of links that people are sent. What stands behind `#` decides what the app does, and is
/// sent to nobody.
const PAGES: [&str; 3] = ["/", "/join", "/recover"];
/// Files whose name says what is in them.
const ASSETS: &str = "/assets/";

/// Whether the app was built into this relay.
pub(super) fn is_here() -> bool {
    find("/").is_some()
}

/// A file of the app, its page for the addresses of links, or nothing.
pub(super) async fn serve(
    State(net): State<Arc<Net>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let reads = method == Method::GET || method == Method::HEAD;
    let Some(file) = find(uri.path()).filter(|_| reads) else { return pages::nothing_here().await };
    let forever = file.path.starts_with(ASSETS);
    let cache = if forever { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut response = if asks_for(&headers, header::IF_NONE_MATCH, file.tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        body(file, &headers)
    };
    let answer = response.headers_mut();
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    answer.insert(header::ETAG, HeaderValue::from_static(file.tag));
    answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(policy) = HeaderValue::from_str(&net.app_policy) {
        answer.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

fn find(path: &str) -> Option<&'static File> {
    let path = if PAGES.contains(&path) { "/index.html" } else { path };
    FILES.iter().find(|file| file.path == path)
}

fn body(file: &'static File, headers: &HeaderMap) -> Response {
    let kind = (header::CONTENT_TYPE, HeaderValue::from_static(file.kind));
    match file.packed.filter(|_| asks_for(headers, header::ACCEPT_ENCODING, "br")) {
        Some(packed) => {
            ([kind, (header::CONTENT_ENCODING, HeaderValue::from_static("br"))], packed).into_response()
        }
        None => ([kind], file.bytes).into_response(),
    }
}

/// Tells whether a header lists `wanted`, without the weight nought.
fn asks_for(headers: &HeaderMap, name: header::HeaderName, wanted: &str) -> bool {
    let lists = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    lists.flat_map(|list| list.split(',')).any(|item| {
        let mut parts = item.trim().split(';');
        let is_it = parts.next().is_some_and(|name| name.trim_start_matches("W/") == wanted);
        is_it && !parts.any(|weight| matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

/// What the app may do: run its own scripts and styles, and talk to this relay at any of its addresses.
pub(super) fn policy<'a>(origins: impl Iterator<Item = &'a String>) -> String {
    let sockets: Vec<_> =
        origins.filter_map(|origin| Some(format!("ws{}", origin.strip_prefix("http")?))).collect();
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self' {}; \
         img-src 'self' data: blob:; font-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default",
        sockets.join(" ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_is_used_where_it_is_asked_for() {
        let asks = |text: &'static str| {
            let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(text))]);
            asks_for(&headers, header::ACCEPT_ENCODING, "br")
        };
        assert!(asks("gzip, deflate, br") && asks("br;q=0.5") && asks("zstd,br"));
        assert!(!asks("gzip") && !asks("br;q=0") && !asks("brotli") && !asks(""));
    }

    #[test]
    fn the_app_talks_to_its_relay_and_nobody_else() {
        let policy = policy(["https://r.example".to_owned(), "http://127.0.0.1:1".to_owned()].iter());
        assert!(policy.contains("connect-src 'self' wss://r.example ws://127.0.0.1:1;"), "{policy}");
        assert!(policy.starts_with("default-src 'none'"), "{policy}");
    }
}
