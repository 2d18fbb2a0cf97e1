//! `entente-relay`: serves, and does what else the operator needs.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use entente_server::config::settings::{self, Flags};
use entente_server::config::{Config, ConfigError};
use entente_server::operator::{Answer, Operator, Request, restore};
use entente_server::{admin, backup, logs, serve};
use rustix::fs::Mode;

/// The Entente relay: orders, judges, stores and forwards signed statements.
#[derive(Parser)]
#[command(name = "entente-relay", version, arg_required_else_help = true, max_term_width = 110)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    flags: Flags,
}

#[derive(Subcommand)]
enum Command {
    /// Serve until SIGTERM
    Serve,
    /// Check the configuration and show what is in force
    CheckConfig {
        /// Print an annotated sample instead
        #[arg(long)]
        sample: bool,
    },
    /// Print an annotated sample configuration
    PrintConfig,
    /// Replay every ledger: signatures, decisions, state (exit code 6 if one is not good)
    Verify {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Write everything, the relay's secret key included, into one file
    Backup {
        /// A file that does not exist yet; - for standard output
        file: PathBuf,
    },
    /// Fill an empty data folder from a backup; the relay then starts recovering, until `resume`
    Restore {
        /// The backup
        file: PathBuf,
    },
    /// End recovering: take new statements again
    Resume,
    /// Show numbers
    Stats {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Make a new link with which one partnership can be founded
    FoundingLink,
}

/// Something was found not to be good.
const EXIT_NOT_GOOD: u8 = 6;

fn main() -> ExitCode {
    // Whatever this process makes, the key in the store above all, is for this account alone.
    rustix::process::umask(Mode::from_raw_mode(0o077));
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("entente-relay: {error:#}");
            let is_usage = error.downcast_ref::<ConfigError>().is_some();
            ExitCode::from(if is_usage { 2 } else { 1 })
        }
    }
}

fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    if matches!(arguments.command, Command::PrintConfig | Command::CheckConfig { sample: true }) {
        print!("{}", settings::sample());
        return Ok(ExitCode::SUCCESS);
    }
    let environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.to_string_lossy().into_owned())));
    let config = Config::load(&arguments.flags.sources(environment))?;
    match arguments.command {
        Command::Serve => {
            logs::begin(&config)?;
            serve::serve(config)?;
        }
        Command::CheckConfig { .. } => check_config(&config)?,
        Command::PrintConfig => {}
        Command::Verify { json } => return verify(&config, json),
        Command::Backup { file } => return back_up(&config, &file),
        Command::Restore { file } => restore_from(&config, &file)?,
        Command::Resume => resume(&config)?,
        Command::Stats { json } => stats(&config, json)?,
        Command::FoundingLink => match ask(&config, Request::FoundingLink)? {
            Answer::FoundingLink(link) => println!("{link}"),
            other => return Err(unexpected(other)),
        },
    }
    Ok(ExitCode::SUCCESS)
}

/// Checks the certificate's files too, and prints the configuration as it is in force.
fn check_config(config: &Config) -> anyhow::Result<()> {
    logs::check(config)?;
    if let (Some(chain), Some(key)) = (&config.tls_certificate, &config.tls_key) {
        entente_server::tls::Certificate::load(chain, key)?;
    }
    print!("{}", toml::to_string(config).context("the configuration cannot be written as TOML")?);
    Ok(())
}

fn verify(config: &Config, json: bool) -> anyhow::Result<ExitCode> {
    let report = match ask(config, Request::Verify)? {
        Answer::Verified(report) => report,
        other => return Err(unexpected(other)),
    };
    match json {
        true => println!("{}", serde_json::to_string_pretty(&report)?),
        false => print!("{report}"),
    }
    Ok(if report.is_good() { ExitCode::SUCCESS } else { ExitCode::from(EXIT_NOT_GOOD) })
}

fn resume(config: &Config) -> anyhow::Result<()> {
    match ask(config, Request::Resume)? {
        Answer::Resumed(true) => println!("The relay takes new statements again."),
        Answer::Resumed(false) => println!("The relay was not recovering."),
        other => return Err(unexpected(other)),
    }
    Ok(())
}

fn stats(config: &Config, json: bool) -> anyhow::Result<()> {
    let stats = match ask(config, Request::Stats)? {
        Answer::Stats(stats) => stats,
        other => return Err(unexpected(other)),
    };
    match json {
        true => println!("{}", serde_json::to_string_pretty(&stats)?),
        false => print!("{stats}"),
    }
    Ok(())
}

fn back_up(config: &Config, file: &Path) -> anyhow::Result<ExitCode> {
    if file == Path::new("-") {
        copy_backup(config, &mut io::stdout().lock())?;
        return Ok(ExitCode::SUCCESS);
    }
    anyhow::ensure!(!file.exists(), "{} exists already: name a new file", file.display());
    let partial = PathBuf::from(format!("{}.partial", file.display()));
    let write = || {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true).mode(0o600);
        let mut out =
            options.open(&partial).with_context(|| format!("cannot write {}", partial.display()))?;
        copy_backup(config, &mut out)?;
        out.sync_all()?;
        // Whoever keeps a backup wants to know that it can be read.
        let contents = backup::read(&mut io::BufReader::new(File::open(&partial)?), |_| Ok(()))?;
        fs::rename(&partial, file)?;
        anyhow::Ok(contents)
    };
    let contents = write().inspect_err(|_| drop(fs::remove_file(&partial)))?;
    println!(
        "{}: {} documents with {} entries, and the relay's secret key. Keep it as safe as the relay.",
        file.display(),
        contents.documents,
        contents.entries
    );
    if contents.damaged > 0 {
        println!(
            "{} documents are damaged and not wholly in it: see `entente-relay verify`.",
            contents.damaged
        );
        return Ok(ExitCode::from(EXIT_NOT_GOOD));
    }
    Ok(ExitCode::SUCCESS)
}

fn copy_backup(config: &Config, out: &mut impl Write) -> anyhow::Result<()> {
    match admin::ask(&config.admin_socket(), Request::Backup)? {
        Some((Answer::BackupFollows, mut bytes)) => drop(io::copy(&mut bytes.by_ref(), out)?),
        Some((other, _)) => return Err(unexpected(other)),
        None => drop(open_alone(config)?.backup(&mut io::BufWriter::new(out))?),
    }
    Ok(())
}

fn restore_from(config: &Config, file: &Path) -> anyhow::Result<()> {
    let contents = restore::restore(file, &serve::open_store(config)?)?;
    println!(
        "Restored {} documents with {} entries into {}.\n\
         `entente-relay serve` now starts recovering: it serves reads, and takes back from clients what was \
         written after the backup. When they have been online, run `entente-relay resume`.",
        contents.documents,
        contents.entries,
        config.data.display()
    );
    Ok(())
}

/// Asks the running relay, or the store itself if none runs.
fn ask(config: &Config, request: Request) -> anyhow::Result<Answer> {
    if let Some((answer, _)) = admin::ask(&config.admin_socket(), request)? {
        return Ok(answer);
    }
    let mut answered = None;
    open_alone(config)?.answer(request, &mut io::sink(), |_, answer| {
        answered = Some(answer.clone());
        Ok(())
    })?;
    answered.context("there was no answer")
}

fn open_alone(config: &Config) -> anyhow::Result<Operator> {
    let folder = config.store_folder();
    anyhow::ensure!(
        folder.is_dir(),
        "{} holds no relay: name its data folder with --data or --config",
        config.data.display()
    );
    Ok(Operator::alone(config.clone(), serve::open_store(config)?))
}

fn unexpected(answer: Answer) -> anyhow::Error {
    match answer {
        Answer::Failed(reason) => anyhow::anyhow!(reason),
        other => anyhow::anyhow!("the running relay answered something else: {other:?}"),
    }
}
