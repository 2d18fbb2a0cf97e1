//! Every setting, once: its key in the file, its name in the environment, its flag and its help.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command};
use toml::{Table, Value};

use super::Config;

/// What every name in the environment begins with.
const ENV_PREFIX: &str = "ENTENTE_RELAY_";
/// The name in the environment for the configuration file; the only one that is no setting.
const ENV_FILE: &str = "ENTENTE_RELAY_CONFIG";

/// One thing that the operator can set.
pub struct Setting {
    /// Its key in the file, such as `limits.connections_max`.
    pub key: &'static str,
    shape: Shape,
    /// What stands in the sample where there is no default.
    example: &'static str,
    /// What it is, for the sample and `--help`.
    pub help: &'static str,
}

#[derive(Clone, Copy, PartialEq)]
enum Shape {
    Text,
    List,
    Flag,
    Number,
}

const fn text(key: &'static str, example: &'static str, help: &'static str) -> Setting {
    Setting { key, shape: Shape::Text, example, help }
}

const fn list(key: &'static str, example: &'static str, help: &'static str) -> Setting {
    Setting { key, shape: Shape::List, example, help }
}

const fn number(key: &'static str, help: &'static str) -> Setting {
    Setting { key, shape: Shape::Number, example: "", help }
}

/// All settings, in the order of the sample; those of `[limits]` last.
pub const SETTINGS: &[Setting] = &[
    text(
        "operator",
        "Morosha Ltd, it@morosha.example",
        "Who runs this relay. People read it before they join: the operator can read what is stored here",
    ),
    text("data", "", "The folder of the ledgers, the relay's key and the admin socket; made with mode 0700"),
    text("listen", "", "The address and port to listen on; port 0 takes a free one"),
    list(
        "public_urls",
        "https://relay.example",
        "The addresses under which people reach the relay, the preferred one first; links begin with it",
    ),
    text("admin_socket", "/run/entente/admin.sock", "The admin socket, if not admin.sock in the data folder"),
    text(
        "tls_certificate",
        "/etc/entente/certificate.pem",
        "The certificate chain (PEM). It and the key are read again when the files change",
    ),
    text("tls_key", "/etc/entente/key.pem", "The certificate's private key (PEM)"),
    list(
        "trusted_proxy",
        "10.0.0.0/8",
        "Proxies that end TLS, by address or network: plain http is taken from them alone, and \
         X-Forwarded-For believed",
    ),
    list(
        "origins",
        "https://app.example",
        "Origins of web pages that may connect, beside the public addresses; programs send none",
    ),
    Setting {
        key: "open_founding",
        shape: Shape::Flag,
        example: "",
        help: "Let anybody found a partnership here, without a founding link",
    },
    text("log_format", "", "text or json"),
    text("log_filter", "", "What is logged: error, warn, info, debug, or by module as in RUST_LOG"),
    number("limits.connections_max", "Most connections at once"),
    number(
        "limits.greetings_per_address_max",
        "Most connections at once from one address (IPv6: one /64) whose device has not said hello",
    ),
    number(
        "limits.connections_per_device_max",
        "Most connections of one device; each browser tab may have one",
    ),
    number("limits.device_statements_per_minute", "Most statements of one device in a minute"),
    number("limits.device_bytes_per_minute", "Most bytes of one device's statements in a minute"),
    number("limits.partnership_statements_per_minute", "Most statements of one partnership in a minute"),
    number("limits.partnership_bytes_per_minute", "Most bytes of one partnership's statements in a minute"),
    number(
        "limits.partnership_bytes",
        "Most bytes that one partnership stores; beyond them only devices and people are revoked. 0: no bound",
    ),
    number(
        "limits.deposit_statements_per_minute",
        "Most statements in a minute that a device may hand over after it was revoked",
    ),
    number("limits.requests_per_minute", "Most other frames of one connection in a minute"),
    number("limits.documents_in_memory", "Most documents kept in memory"),
    number("limits.hello_timeout_ms", "Time for TLS, for the request and for the device's hello, each"),
    number("limits.ping_interval_ms", "Pause between pings to a connection"),
    number(
        "limits.idle_timeout_ms",
        "Silence, not even an answer to a ping, after which a connection is closed",
    ),
    number("limits.stop_timeout_ms", "Time for a graceful stop"),
    number("limits.cache_bytes", "Page cache of the store"),
    number("limits.reserve_bytes", "Free disk space below which nothing more is written"),
];

impl Setting {
    /// Its name in the environment.
    pub fn env(&self) -> String {
        format!("{ENV_PREFIX}{}", self.key.replace('.', "_").to_uppercase())
    }

    fn flag(&self) -> String {
        self.key.replace(['.', '_'], "-")
    }

    /// Reads a value as flags and the environment give it.
    fn parse(&self, text: &str, from: &str) -> Result<Value, String> {
        let wrong = |expected: &str| format!("{from}: \"{text}\" is not {expected}");
        Ok(match self.shape {
            Shape::Text => Value::String(text.to_owned()),
            Shape::List => {
                let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
                Value::Array(items.map(|item| Value::String(item.to_owned())).collect())
            }
            Shape::Flag => Value::Boolean(text.parse().map_err(|_| wrong("true or false"))?),
            Shape::Number => Value::Integer(text.parse().map_err(|_| wrong("a number"))?),
        })
    }
}

/// Where a configuration comes from; later ones win: file, environment, flags.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The file.
    pub file: Option<PathBuf>,
    /// All of the environment that begins with `ENTENTE_RELAY_`, by name.
    pub environment: BTreeMap<String, String>,
    /// Flags, by key.
    pub flags: BTreeMap<String, String>,
}

impl Sources {
    /// Lays the sources over each other, and notes what is wrong with them.
    pub fn merge(&self, problems: &mut Vec<String>) -> Table {
        let mut merged = Table::new();
        if let Some(path) = &self.file {
            match super::read_file(path) {
                Ok(table) => {
                    check_keys(&table, "", &path.display().to_string(), problems);
                    merged = table;
                }
                Err(problem) => problems.push(problem),
            }
        }
        for (name, value) in &self.environment {
            match SETTINGS.iter().find(|setting| setting.env() == *name) {
                Some(setting) => put(&mut merged, setting, value, name, problems),
                None if name == ENV_FILE => {}
                None => {
                    let names = SETTINGS.iter().map(Setting::env);
                    problems.push(format!("the environment: unknown setting {name}{}", near(name, names)));
                }
            }
        }
        for (key, value) in &self.flags {
            let setting = SETTINGS.iter().find(|setting| setting.key == key);
            let setting = setting.expect("flags are made from the settings");
            put(&mut merged, setting, value, &format!("--{}", setting.flag()), problems);
        }
        merged
    }
}

fn put(merged: &mut Table, setting: &Setting, text: &str, from: &str, problems: &mut Vec<String>) {
    let value = match setting.parse(text, from) {
        Ok(value) => value,
        Err(problem) => return problems.push(problem),
    };
    match setting.key.split_once('.') {
        None => drop(merged.insert(setting.key.to_owned(), value)),
        Some((table, key)) => {
            let table = merged.entry(table).or_insert_with(|| Value::Table(Table::new()));
            if let Some(table) = table.as_table_mut() {
                table.insert(key.to_owned(), value);
            }
        }
    }
}

/// Notes every key that is no setting, with the nearest ones.
fn check_keys(table: &Table, prefix: &str, file: &str, problems: &mut Vec<String>) {
    for (key, value) in table {
        let path = format!("{prefix}{key}");
        let below = format!("{path}.");
        let is_group = SETTINGS.iter().any(|setting| setting.key.starts_with(&below));
        match value {
            Value::Table(table) if is_group => check_keys(table, &below, file, problems),
            _ if SETTINGS.iter().any(|setting| setting.key == path) || is_group => {}
            _ => {
                let keys = SETTINGS.iter().map(|setting| setting.key.to_owned());
                problems.push(format!("{file}: unknown setting {path}{}", near(&path, keys)));
            }
        }
    }
}

/// The two names most like `name`, in words, if they are like it at all.
fn near(name: &str, names: impl Iterator<Item = String>) -> String {
    let last = |name: &str| name.rsplit('.').next().unwrap_or_default().to_owned();
    let likeness =
        |other: &str| strsim::jaro_winkler(name, other).max(strsim::jaro_winkler(&last(name), &last(other)));
    let mut found: Vec<_> =
        names.map(|other| (likeness(&other), other)).filter(|(like, _)| *like > 0.8).collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let best = found.first().map_or(0.0, |(like, _)| *like);
    let found = found.into_iter().take(2).filter(|(like, _)| *like > best - 0.05);
    let found: Vec<_> = found.map(|(_, other)| other).collect();
    match found.is_empty() {
        true => "; `entente-relay print-config` lists all".to_owned(),
        false => format!("; did you mean {}?", found.join(" or ")),
    }
}

/// The annotated sample: every setting with its default, or with an example, commented out.
pub fn sample() -> String {
    let defaults = Table::try_from(Config::default()).expect("the defaults are valid TOML");
    let mut text = "# The configuration of an Entente relay. Every line is optional; these are the defaults,\n\
                    # or examples where there is none. Each can also be given as a flag (--listen) or in the\n\
                    # environment (ENTENTE_RELAY_LISTEN, ENTENTE_RELAY_LIMITS_CONNECTIONS_MAX); flags win.\n"
        .to_owned();
    let mut group = "";
    for setting in SETTINGS {
        let (in_group, key) = setting.key.split_once('.').unwrap_or(("", setting.key));
        if in_group != group {
            text += &format!("\n[{in_group}]\n");
            group = in_group;
        }
        text += &format!("\n{}# {key} = {}\n", comment(setting.help), sample_value(setting, &defaults));
    }
    text
}

fn sample_value(setting: &Setting, defaults: &Table) -> Value {
    let example = || setting.parse(setting.example, setting.key).expect("the examples are valid");
    let default = match setting.key.split_once('.') {
        None => defaults.get(setting.key),
        Some((group, key)) => defaults.get(group).and_then(|group| group.get(key)),
    };
    if setting.example.is_empty() { default.cloned().unwrap_or_else(example) } else { example() }
}

fn comment(help: &str) -> String {
    let mut lines = String::new();
    let mut line = "#".to_owned();
    for word in help.split(' ') {
        if line.len() + 1 + word.len() > 100 {
            lines += &line;
            lines.push('\n');
            line = "#".to_owned();
        }
        line += " ";
        line += word;
    }
    lines + &line + ".\n"
}

/// The flags of all settings, for every command.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    file: Option<PathBuf>,
    given: BTreeMap<String, String>,
}

impl Flags {
    /// The sources that these flags and the environment of the process make.
    pub fn sources(&self, environment: impl Iterator<Item = (String, String)>) -> Sources {
        let environment = environment.filter(|(name, _)| name.starts_with(ENV_PREFIX)).collect();
        Sources { file: self.file.clone(), environment, flags: self.given.clone() }
    }
}

impl clap::Args for Flags {
    fn augment_args(command: Command) -> Command {
        let file = Arg::new("config")
            .long("config")
            .env(ENV_FILE)
            .value_name("FILE")
            .value_parser(clap::value_parser!(PathBuf))
            .global(true)
            .help("The configuration file (TOML)");
        let arguments = SETTINGS.iter().map(|setting| {
            let is_limit = setting.key.starts_with("limits.");
            let argument = Arg::new(setting.key)
                .long(setting.flag())
                .global(true)
                .hide_short_help(is_limit)
                .help_heading(if is_limit { "Limits" } else { "Settings" })
                .help(format!("{} [{}]", setting.help, setting.env()));
            match setting.shape {
                Shape::Flag => argument.num_args(0..=1).default_missing_value("true").value_name("BOOL"),
                Shape::List => argument.action(ArgAction::Append).value_name("LIST"),
                Shape::Number => argument.value_name("NUMBER"),
                Shape::Text => argument.value_name("VALUE"),
            }
        });
        command.arg(file).args(arguments)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl clap::FromArgMatches for Flags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut given = BTreeMap::new();
        for setting in SETTINGS {
            if matches.value_source(setting.key) == Some(ValueSource::CommandLine) {
                let values = matches.get_many::<String>(setting.key).into_iter().flatten();
                let values: Vec<_> = values.map(String::as_str).collect();
                given.insert(setting.key.to_owned(), values.join(","));
            }
        }
        Ok(Self { file: matches.get_one::<PathBuf>("config").cloned(), given })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
