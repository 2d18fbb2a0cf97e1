//! What a browser or a monitor is shown beside the app: no cookies, no scripts.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{self, HeaderValue};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};

use super::{Net, app};

/// What is shown instead of the app where the relay was built without it.
const NO_APP: &str = "<p>This relay was built without the web app. To have it here: \
    <code>cargo xtask web</code>, then build the relay again.</p>\n";

/// What this is, who runs it and what they can read.
pub(super) async fn about(State(net): State<Arc<Net>>) -> Html<String> {
    let operator = escape(net.config.operator_name());
    let note = if app::is_here() { "" } else { NO_APP };
    Html(format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>Entente relay</title>\n\
         <h1>Entente relay</h1>\n\
         <p>This is a relay of Entente: it passes changes between partner teams who keep their \
         agreements in shared documents, and records who changed what.</p>\n\
         <p>It is run by <strong>{operator}</strong>, who can read what is stored here, but cannot \
         write in anybody's name or against the teams' ground rules.</p>\n\
         <p>If you were sent a link to this place, give the whole link to the program: \
         <code>entente join '…'</code>, or <code>entente found '…'</code> to begin a partnership.</p>\n{note}\
         <hr>\n<p lang=\"ru\">Это ретранслятор Entente: он передаёт правки между командами-партнёрами \
         и хранит историю. Его держит <strong>{operator}</strong>: этот оператор может читать то, что здесь \
         хранится, но не может писать от чужого имени или в обход правил партнёрства. Если вам прислали ссылку, \
         передайте её программе целиком: <code>entente join '…'</code>.</p>\n</html>\n"
    ))
}

/// Alive: the process answers.
pub(super) async fn health() -> &'static str {
    "alive\n"
}

/// Ready: the store takes writes and the relay is not recovering.
pub(super) async fn readiness(State(net): State<Arc<Net>>) -> Response {
    if net.hub.metrics().recovering.get() != 0 {
        let text = "recovering after a restore: reads and refills only, until `entente-relay resume`\n";
        return (StatusCode::SERVICE_UNAVAILABLE, text).into_response();
    }
    let store = Arc::clone(&net.store);
    match tokio::task::spawn_blocking(move || store.writable()).await {
        Ok(Ok(())) => "ready\n".into_response(),
        Ok(Err(error)) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the store takes no writes; the log says why\n").into_response()
        }
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer\n").into_response(),
    }
}

/// Counters for Prometheus.
pub(super) async fn metrics(State(net): State<Arc<Net>>) -> Response {
    let text = net.hub.metrics().exposition();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}

/// Everything else.
pub(super) async fn nothing_here() -> Response {
    (StatusCode::NOT_FOUND, "nothing here; the relay speaks at /ws\n").into_response()
}

const SECURITY: [(header::HeaderName, &str); 7] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (header::CACHE_CONTROL, "no-store"),
];

/// Puts the security headers on every response.
pub(super) async fn secure(State(net): State<Arc<Net>>, mut response: Response) -> Response {
    let headers: &mut HeaderMap = response.headers_mut();
    for (name, value) in SECURITY {
        // The app has a policy of its own, and says how long its files may be kept.
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if net.certificate.is_some() {
        let year = HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    response
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_operators_name_cannot_be_markup() {
        assert_eq!(super::escape("A & B <b>"), "A &amp; B &lt;b&gt;");
    }
}
