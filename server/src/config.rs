//! What the operator can set: one TOML file, under the environment, under flags.
//!
//! [`settings`] lists every setting once, with its help; the file's keys, the environment's names, the
//! flags and the annotated sample all come from that list. A setting that is not in it is an
//! error that names what is near.

pub mod cidr;
pub mod settings;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use cidr::Network;
pub use settings::Sources;

/// The configuration of a relay, complete and checked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Who runs the relay, as people read it before they join.
    pub operator: String,
    /// The folder of the store and the admin socket.
    pub data: PathBuf,
    /// The address and port to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The addresses under which people reach the relay, the preferred one first.
    pub public_urls: Vec<String>,
    /// The admin socket, if it is not `admin.sock` in the data folder.
    pub admin_socket: Option<PathBuf>,
    /// The certificate chain, PEM.
    pub tls_certificate: Option<PathBuf>,
    /// The certificate's private key, PEM.
    pub tls_key: Option<PathBuf>,
    /// The networks of the proxies that end TLS before the relay.
    pub trusted_proxy: Vec<Network>,
    /// The origins of web pages that may connect, beside the relay's own.
    pub origins: Vec<String>,
    /// Whether anybody may found a partnership, without the operator's link.
    pub open_founding: bool,
    /// How log lines are written.
    pub log_format: LogFormat,
    /// What is logged, in the syntax of `RUST_LOG`.
    pub log_filter: String,
    /// Bounds.
    pub limits: Limits,
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// The bounds that the operator may set. What they protect is told at [`crate::limits::Limits`];
/// bounds of the rules are fixed in `entente_shared::limits`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Most connections at once.
    pub connections_max: usize,
    /// Most connections at once from one address (IPv6: one /64) that have not said hello.
    pub greetings_per_address_max: usize,
    /// Most connections of one device.
    pub connections_per_device_max: usize,
    /// Most statements of one device in a minute.
    pub device_statements_per_minute: u64,
    /// Most statement bytes of one device in a minute.
    pub device_bytes_per_minute: u64,
    /// Most statements of one partnership in a minute.
    pub partnership_statements_per_minute: u64,
    /// Most statement bytes of one partnership in a minute.
    pub partnership_bytes_per_minute: u64,
    /// Most bytes of all entries of one partnership; 0 for no bound.
    pub partnership_bytes: u64,
    /// Most statements in a minute that a revoked device may hand over.
    pub deposit_statements_per_minute: u64,
    /// Most other frames of one connection in a minute.
    pub requests_per_minute: u64,
    /// Most documents kept in memory.
    pub documents_in_memory: usize,
    /// Time for TLS, for the request and for the device's hello, each, in milliseconds.
    pub hello_timeout_ms: u64,
    /// Pause between two pings to a connection, in milliseconds.
    pub ping_interval_ms: u64,
    /// Silence after which a connection is closed, in milliseconds.
    pub idle_timeout_ms: u64,
    /// Time for a graceful stop, in milliseconds.
    pub stop_timeout_ms: u64,
    /// Page cache of the store, in bytes.
    pub cache_bytes: u64,
    /// Free disk space below which nothing is written, in bytes.
    pub reserve_bytes: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            operator: String::new(),
            data: PathBuf::from("entente-data"),
            listen: SocketAddr::from(([127, 0, 0, 1], 8440)),
            public_urls: Vec::new(),
            admin_socket: None,
            tls_certificate: None,
            tls_key: None,
            trusted_proxy: Vec::new(),
            origins: Vec::new(),
            open_founding: false,
            log_format: LogFormat::Text,
            log_filter: "info".to_owned(),
            limits: Limits::default(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        let relay = crate::limits::Limits::default();
        Self {
            connections_max: relay.connections_max,
            greetings_per_address_max: relay.greetings_per_address_max,
            connections_per_device_max: relay.connections_per_device_max,
            device_statements_per_minute: relay.device_statements_per_minute,
            device_bytes_per_minute: relay.device_bytes_per_minute,
            partnership_statements_per_minute: relay.partnership_statements_per_minute,
            partnership_bytes_per_minute: relay.partnership_bytes_per_minute,
            partnership_bytes: relay.partnership_bytes,
            deposit_statements_per_minute: relay.deposit_statements_per_minute,
            requests_per_minute: relay.requests_per_minute,
            documents_in_memory: crate::relay::Options::default().documents_in_memory,
            hello_timeout_ms: crate::limits::HELLO_WAIT_MS,
            ping_interval_ms: 30_000,
            idle_timeout_ms: 90_000,
            stop_timeout_ms: 5_000,
            cache_bytes: 64 << 20,
            reserve_bytes: 64 << 20,
        }
    }
}

/// Why a configuration cannot be used; one line for each problem, each saying what to do.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{}", .0.join("\n"))]
pub struct ConfigError(pub Vec<String>);

impl Config {
    /// Reads and checks the configuration from its sources.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn load(sources: &Sources) -> Result<Self, ConfigError> {
        let mut problems = Vec::new();
        let merged = sources.merge(&mut problems);
        if !problems.is_empty() {
            return Err(ConfigError(problems));
        }
        let config: Self = merged.try_into().map_err(|error: toml::de::Error| {
            ConfigError(vec![format!("the configuration is not valid: {}", error.to_string().trim())])
        })?;
        config.check()?;
        Ok(config)
    }

    /// Checks what the types do not.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub fn check(&self) -> Result<(), ConfigError> {
        let mut problems = Vec::new();
        match (&self.tls_certificate, &self.tls_key) {
            (Some(_), None) => problems.push("tls_certificate needs tls_key beside it".to_owned()),
            (None, Some(_)) => problems.push("tls_key needs tls_certificate beside it".to_owned()),
            _ => {}
        }
        if !self.has_tls() && !self.listen.ip().is_loopback() && self.trusted_proxy.is_empty() {
            problems.push(format!(
                "listen = \"{}\" would serve plain http beyond this machine: set tls_certificate and tls_key, \
                 or name the proxy that ends TLS in trusted_proxy, or listen on 127.0.0.1",
                self.listen
            ));
        }
        problems.extend(self.public_urls.iter().filter_map(|url| check_url("public_urls", url)));
        problems.extend(self.origins.iter().filter_map(|origin| check_origin(origin)));
        if self.operator.len() > 200 {
            problems.push("operator has more than 200 bytes: a name is enough".to_owned());
        }
        self.limits.check(&mut problems);
        if problems.is_empty() { Ok(()) } else { Err(ConfigError(problems)) }
    }

    /// Tells whether the relay ends TLS itself.
    pub fn has_tls(&self) -> bool {
        self.tls_certificate.is_some()
    }

    /// The folder of the store.
    pub fn store_folder(&self) -> PathBuf {
        self.data.join("store")
    }

    /// The path of the admin socket.
    pub fn admin_socket(&self) -> PathBuf {
        self.admin_socket.clone().unwrap_or_else(|| self.data.join("admin.sock"))
    }

    /// Who runs the relay, in words even if the operator did not say.
    pub fn operator_name(&self) -> &str {
        if self.operator.is_empty() { "an operator who gave no name" } else { &self.operator }
    }

    /// The address that people use, for a relay that listens on `actual`; without a slash at its end.
    pub fn public_url(&self, actual: SocketAddr) -> String {
        let own = || format!("{}://{actual}", if self.has_tls() { "https" } else { "http" });
        self.public_urls.first().map_or_else(own, |url| url.trim_end_matches('/').to_owned())
    }
}

impl Limits {
    fn check(&self, problems: &mut Vec<String>) {
        let numbers = [
            ("connections_max", self.connections_max as u64),
            ("greetings_per_address_max", self.greetings_per_address_max as u64),
            ("connections_per_device_max", self.connections_per_device_max as u64),
            ("device_statements_per_minute", self.device_statements_per_minute),
            ("device_bytes_per_minute", self.device_bytes_per_minute),
            ("partnership_statements_per_minute", self.partnership_statements_per_minute),
            ("partnership_bytes_per_minute", self.partnership_bytes_per_minute),
            ("requests_per_minute", self.requests_per_minute),
            ("documents_in_memory", self.documents_in_memory as u64),
            ("hello_timeout_ms", self.hello_timeout_ms),
            ("ping_interval_ms", self.ping_interval_ms),
        ];
        let zero = numbers.iter().filter(|(_, value)| *value == 0);
        problems.extend(zero.map(|(key, _)| format!("limits.{key} is 0: nobody could work")));
        if self.idle_timeout_ms <= self.ping_interval_ms {
            problems.push(
                "limits.idle_timeout_ms must be longer than limits.ping_interval_ms, \
                 or every quiet connection is closed"
                    .to_owned(),
            );
        }
    }

    /// What the relay itself is to enforce.
    pub fn of_relay(&self) -> crate::limits::Limits {
        crate::limits::Limits {
            connections_max: self.connections_max,
            greetings_per_address_max: self.greetings_per_address_max,
            connections_per_device_max: self.connections_per_device_max,
            device_statements_per_minute: self.device_statements_per_minute,
            device_bytes_per_minute: self.device_bytes_per_minute,
            partnership_statements_per_minute: self.partnership_statements_per_minute,
            partnership_bytes_per_minute: self.partnership_bytes_per_minute,
            partnership_bytes: self.partnership_bytes,
            deposit_statements_per_minute: self.deposit_statements_per_minute,
            requests_per_minute: self.requests_per_minute,
        }
    }

    /// [`Self::hello_timeout_ms`].
    pub fn hello_timeout(&self) -> Duration {
        Duration::from_millis(self.hello_timeout_ms)
    }

    /// [`Self::ping_interval_ms`].
    pub fn ping_interval(&self) -> Duration {
        Duration::from_millis(self.ping_interval_ms)
    }

    /// [`Self::idle_timeout_ms`].
    pub fn idle_timeout(&self) -> Duration {
        Duration::from_millis(self.idle_timeout_ms)
    }

    /// [`Self::stop_timeout_ms`].
    pub fn stop_timeout(&self) -> Duration {
        Duration::from_millis(self.stop_timeout_ms)
    }
}

/// Checks that `url` is `http(s)://host[:port][/path]` without query or fragment.
fn check_url(key: &str, url: &str) -> Option<String> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let is_good = rest.is_some_and(|rest| {
        let host = rest.split('/').next().unwrap_or_default();
        !host.is_empty() && !rest.contains(['?', '#', '@']) && !rest.contains(char::is_whitespace)
    });
    (!is_good).then(|| format!("{key}: \"{url}\" is not an address such as \"https://relay.example\""))
}

/// Checks that `origin` is what a browser sends: scheme, host, port, and no path.
fn check_origin(origin: &str) -> Option<String> {
    let path = origin.split("://").nth(1).is_some_and(|rest| rest.contains('/'));
    let path = path.then(|| {
        format!(
            "origins: \"{origin}\" has a path; an origin ends after host or port: \"https://app.example\""
        )
    });
    path.or_else(|| check_url("origins", origin))
}

/// Reads a configuration file.
///
/// # Errors
/// It cannot be read, or is no TOML.
pub fn read_file(path: &Path) -> Result<toml::Table, String> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("cannot read the configuration {}: {error}", path.display()))?;
    toml::from_str(&text).map_err(|error| format!("{}: {}", path.display(), error.to_string().trim()))
}

#[cfg(test)]
mod tests;
