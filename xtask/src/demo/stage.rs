//! Where the story is played: says what happens, lets people type, and checks what came of it.

use std::cell::Cell;
use std::io::IsTerminal as _;
use std::process::Output;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use serde_json::Value;

use super::Lang;
use super::person::Person;
use super::programs::{Programs, output, program};
use super::stop::Stop;
use crate::tool::quoted;

/// Exit code of a command that did what it was asked.
pub const DONE: i32 = 0;
/// Exit code of a command whose effect waits for somebody.
pub const WAITS: i32 = 4;

/// A sentence in English and in Russian.
pub type Said<'a> = [&'a str; 2];

/// The time that most people need to read a letter.
const READING_PER_LETTER: Duration = Duration::from_millis(25);
/// No pause is longer, however much was written.
const READING_MAX: Duration = Duration::from_secs(8);

/// The stage.
pub struct Stage {
    lang: Lang,
    has_pauses: bool,
    has_colours: bool,
    stop: Stop,
    programs: Programs,
    /// By how much everybody's clocks are put forward, in milliseconds.
    moved_ms: Cell<u64>,
}

impl Stage {
    /// A stage in this language, with pauses for reading unless there is nobody to read.
    pub fn new(lang: Lang, is_fast: bool, stop: Stop, programs: Programs) -> Self {
        let is_read = std::io::stdout().is_terminal();
        let has_colours = is_read && std::env::var_os("NO_COLOR").is_none();
        let has_pauses = is_read && !is_fast;
        Self { lang, has_pauses, has_colours, stop, programs, moved_ms: Cell::new(0) }
    }

    /// The programs that are played with.
    pub fn programs(&self) -> &Programs {
        &self.programs
    }

    /// Whether somebody asked for the end.
    pub fn stop(&self) -> &Stop {
        &self.stop
    }

    /// The language that the story is not told in.
    pub fn other_lang(&self) -> Lang {
        self.lang.other()
    }

    /// Puts everybody's clocks forward by so many milliseconds.
    pub fn move_clocks(&self, moved_ms: u64) {
        self.moved_ms.set(moved_ms);
    }

    /// Begins a part of the story.
    pub fn title(&self, said: Said<'_>) {
        let title = self.said(said);
        println!("\n{}", self.coloured("1;36", &format!("── {title} ──")));
    }

    /// Says what happens next.
    pub fn tell(&self, said: Said<'_>) {
        println!("\n{}", self.coloured("36", &format!("# {}", self.said(said))));
    }

    /// Checks what was just shown, and says that it holds.
    ///
    /// # Errors
    /// It does not hold.
    pub fn check(&self, said: Said<'_>, holds: bool) -> anyhow::Result<()> {
        ensure!(holds, "this should hold and does not: {}", self.said(said));
        println!("{}", self.coloured("32", &format!("  ✓ {}", self.said(said))));
        Ok(())
    }

    /// Lets somebody give a command that does what it says.
    ///
    /// # Errors
    /// It ends with another exit code than 0, or somebody asked for the end.
    pub fn types(&self, person: &Person, arguments: &[&str]) -> anyhow::Result<String> {
        self.types_for(person, arguments, DONE)
    }

    /// Lets somebody give a command that ends with this exit code.
    ///
    /// # Errors
    /// It ends with another one, or somebody asked for the end.
    pub fn types_for(&self, person: &Person, arguments: &[&str], code: i32) -> anyhow::Result<String> {
        self.types_in(self.lang, person, arguments, code)
    }

    /// Lets somebody give a command in a language.
    ///
    /// # Errors
    /// As `types_for`.
    pub fn types_in(
        &self,
        lang: Lang,
        person: &Person,
        arguments: &[&str],
        code: i32,
    ) -> anyhow::Result<String> {
        let words = arguments.iter().map(|word| quoted(word.as_ref())).collect::<Vec<_>>().join(" ");
        let spoken = if lang == self.lang { String::new() } else { format!("LANG={} ", lang.locale()) };
        let line = format!("{}$ {spoken}entente {words}", person.prompt);
        println!("{}", self.coloured("1", &line));
        let output = self.run(lang, person, arguments)?;
        let text = [&output.stdout[..], &output.stderr].concat();
        let text = String::from_utf8(text).with_context(|| format!("the output of {line}"))?;
        print!("{text}");
        self.expect(&line, &output, code)?;
        self.pause(&text)?;
        Ok(text)
    }

    /// Asks a device something, unseen.
    ///
    /// # Errors
    /// It cannot answer.
    pub fn asks(&self, person: &Person, arguments: &[&str]) -> anyhow::Result<Value> {
        let line = format!("{}$ entente --json {}", person.prompt, arguments.join(" "));
        let output = self.run(self.lang, person, &[&["--json"], arguments].concat())?;
        self.expect(&format!("{line}\n{}", String::from_utf8_lossy(&output.stderr)), &output, DONE)?;
        serde_json::from_slice(&output.stdout).with_context(|| format!("{line} printed no JSON"))
    }

    /// Gives a command for somebody, unseen.
    ///
    /// # Errors
    /// It ends with another exit code than 0.
    pub fn does(&self, person: &Person, arguments: &[&str]) -> anyhow::Result<()> {
        let line = format!("{}$ entente {}", person.prompt, arguments.join(" "));
        self.expect(&line, &self.run(self.lang, person, arguments)?, DONE)
    }

    /// Lets somebody invite, and takes the link from what is printed.
    ///
    /// # Errors
    /// As `types`, or there is no link.
    pub fn invites(&self, person: &Person, arguments: &[&str]) -> anyhow::Result<String> {
        let text = self.types(person, arguments)?;
        let link = text.split_whitespace().find(|word| word.contains("/join#"));
        link.map(str::to_owned).context("the invitation has no link")
    }

    fn run(&self, lang: Lang, person: &Person, arguments: &[&str]) -> anyhow::Result<Output> {
        let mut command = program(&self.programs.client);
        command.args(arguments).env("ENTENTE_HOME", &person.home);
        command.env("ENTENTE_CLOCK_MOVED_MS", self.moved_ms.get().to_string());
        command.env_remove("LC_ALL").env_remove("LC_MESSAGES").env("LANG", lang.locale());
        output(command)
    }

    fn expect(&self, line: &str, output: &Output, code: i32) -> anyhow::Result<()> {
        if output.status.code() == Some(code) {
            return Ok(());
        }
        if self.stop.within(Duration::ZERO) {
            bail!("stopped");
        }
        bail!("this ended with {} instead of exit code {code}: {line}", output.status)
    }

    fn pause(&self, text: &str) -> anyhow::Result<()> {
        let letters = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        let reading = READING_PER_LETTER.saturating_mul(letters).min(READING_MAX);
        if self.stop.within(if self.has_pauses { reading } else { Duration::ZERO }) {
            bail!("stopped");
        }
        Ok(())
    }

    fn said<'a>(&self, [en, ru]: Said<'a>) -> &'a str {
        match self.lang {
            Lang::En => en,
            Lang::Ru => ru,
        }
    }

    fn coloured(&self, colour: &str, text: &str) -> String {
        if self.has_colours { format!("\x1b[{colour}m{text}\x1b[0m") } else { text.to_owned() }
    }
}
