use std::collections::BTreeMap;

use super::settings::{SETTINGS, sample};
use super::*;

fn file(text: &str) -> (tempfile::TempDir, Sources) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("relay.toml");
    std::fs::write(&path, text).unwrap();
    (folder, Sources { file: Some(path), ..Sources::default() })
}

fn problems(text: &str) -> String {
    let (_folder, sources) = file(text);
    Config::load(&sources).unwrap_err().to_string()
}

#[test]
fn nothing_set_gives_the_defaults() {
    assert_eq!(Config::load(&Sources::default()), Ok(Config::default()));
}

#[test]
fn flags_win_over_the_environment_and_that_over_the_file() {
    let (_folder, mut sources) = file(
        "operator = \"file\"\nlisten = \"127.0.0.1:1\"\n[limits]\nconnections_max = 1\nping_interval_ms = 7\n",
    );
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    sources.environment = BTreeMap::from([
        pair("ENTENTE_RELAY_LISTEN", "127.0.0.1:2"),
        pair("ENTENTE_RELAY_LIMITS_CONNECTIONS_MAX", "2"),
        pair("ENTENTE_RELAY_OPEN_FOUNDING", "true"),
    ]);
    sources.flags = BTreeMap::from([
        pair("limits.connections_max", "3"),
        pair("trusted_proxy", "10.0.0.1, 192.168.0.0/16"),
    ]);
    let config = Config::load(&sources).unwrap();
    assert_eq!(config.operator, "file");
    assert_eq!(config.listen.port(), 2);
    assert_eq!((config.limits.connections_max, config.limits.ping_interval_ms), (3, 7));
    assert!(config.open_founding);
    assert_eq!(config.trusted_proxy.len(), 2);
}

#[test]
fn an_unknown_setting_is_named_with_what_is_near() {
    let text = problems("lisen = \"127.0.0.1:1\"\n[limits]\nconection_max = 1\n[extra]\na = 1\n");
    assert!(text.contains("unknown setting lisen; did you mean listen"), "{text}");
    assert!(
        text.contains("unknown setting limits.conection_max; did you mean limits.connections_max"),
        "{text}"
    );
    assert!(text.contains("unknown setting extra; `entente-relay print-config` lists all"), "{text}");
    let environment = BTreeMap::from([("ENTENTE_RELAY_LISTE".to_owned(), "x".to_owned())]);
    let error = Config::load(&Sources { environment, ..Sources::default() }).unwrap_err().to_string();
    assert!(
        error.contains("unknown setting ENTENTE_RELAY_LISTE; did you mean ENTENTE_RELAY_LISTEN"),
        "{error}"
    );
}

#[test]
fn plain_http_beyond_this_machine_needs_a_certificate_or_a_proxy() {
    let text = problems("listen = \"0.0.0.0:8440\"");
    assert!(text.contains("would serve plain http beyond this machine"), "{text}");
    let (_folder, sources) = file("listen = \"0.0.0.0:8440\"\ntrusted_proxy = [\"10.0.0.2\"]");
    Config::load(&sources).unwrap();
    let (_folder, sources) = file("listen = \"[::]:443\"\ntls_certificate = \"c.pem\"\ntls_key = \"k.pem\"");
    Config::load(&sources).unwrap();
}

#[test]
fn every_problem_is_named_at_once() {
    let text = problems(
        "tls_key = \"k.pem\"\npublic_urls = [\"relay.example\"]\norigins = [\"https://app.example/page\"]\n\
         [limits]\nping_interval_ms = 90000\nconnections_max = 0",
    );
    let expected = ["tls_key needs", "relay.example", "has a path", "idle_timeout_ms", "is 0"];
    for part in expected {
        assert!(text.contains(part), "{part} is missing in:\n{text}");
    }
    assert_eq!(text.lines().count(), expected.len(), "{text}");
    assert!(problems("listen = 5").contains("listen"));
    assert!(problems("trusted_proxy = [\"nowhere\"]").contains("no address or network"));
}

#[test]
fn the_sample_names_every_setting_and_holds_when_it_is_used() {
    let sample = sample();
    for setting in SETTINGS {
        let key = setting.key.rsplit('.').next().unwrap();
        assert!(sample.contains(&format!("\n# {key} = ")), "{key}");
    }
    let (_folder, sources) = file(&sample);
    assert_eq!(Config::load(&sources).unwrap(), Config::default());
    let used = sample.replace("\n# ", "\n");
    let settings: String = used
        .lines()
        .filter(|line| line.contains(" = ") || line.starts_with('['))
        .map(|line| line.to_owned() + "\n")
        .collect();
    let (_folder, sources) = file(&settings);
    let config = Config::load(&sources).unwrap();
    assert_eq!(config.limits, Limits::default());
    assert!(config.has_tls() && !config.origins.is_empty() && !config.operator.is_empty());
}
