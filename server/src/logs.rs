//! Log lines: to standard error, for people or as JSON.
//!
//! Spans and fields carry ids (connection, document, device); content, names and secrets never
//! reach a log.

use anyhow::Context as _;
use tracing_subscriber::EnvFilter;

use crate::config::{Config, LogFormat};

/// Begins logging as configured.
///
/// # Errors
/// The filter is not valid.
pub fn begin(config: &Config) -> anyhow::Result<()> {
    let filter = check(config)?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // `try_init` fails only if somebody began before; then theirs is used.
    let _ = match config.log_format {
        LogFormat::Text => builder.with_ansi(false).with_target(false).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    Ok(())
}

/// Reads the filter.
///
/// # Errors
/// It is not valid.
pub fn check(config: &Config) -> anyhow::Result<EnvFilter> {
    EnvFilter::try_new(&config.log_filter)
        .with_context(|| format!("log_filter = \"{}\" is not valid", config.log_filter))
}
