//! `cargo xtask demo`: the whole story on this machine, with a real relay and a real client for each person.
//!
//! Nothing is only printed: what the story shows is asked of the programs again, as JSON and as exit
//! codes, and the demo fails where the answer is another one.

mod person;
mod programs;
mod relay;
mod stage;
mod stop;
mod story;

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use clap::{Args, ValueEnum};

use person::Person;
use programs::Programs;
use relay::Relay;
use stage::Stage;
use stop::Stop;

use crate::web;

/// How often the relay is looked at while it serves whoever joins.
const LOOK_INTERVAL: Duration = Duration::from_millis(500);

/// What whoever joins may try.
const COMMANDS_TO_TRY: [&str; 4] =
    ["status", "doc show who-does-what", "doc set who-does-what moscow/logistics --note \"…\"", "sync"];

/// Play the whole story with a real relay and real clients, then leave the relay running to be joined.
#[derive(Args)]
pub struct Demo {
    /// End when the story has ended
    #[arg(long)]
    once: bool,
    /// The language of the story; one command in it is given in the other language too
    #[arg(long, value_enum, default_value = "en")]
    lang: Lang,
    /// Make no pauses for reading (there are none either where the output is no terminal)
    #[arg(long)]
    fast: bool,
    /// Keep the folder with everybody's data
    #[arg(long)]
    keep: bool,
}

/// A language that the programs speak.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    /// English
    En,
    /// Russian
    Ru,
}

impl Lang {
    /// The locale by which a program is told to speak it.
    fn locale(self) -> &'static str {
        match self {
            Self::En => "en_US.UTF-8",
            Self::Ru => "ru_RU.UTF-8",
        }
    }

    fn other(self) -> Self {
        match self {
            Self::En => Self::Ru,
            Self::Ru => Self::En,
        }
    }
}

/// Builds the programs, plays the story in a fresh folder, and clears up behind it.
pub fn run(demo: &Demo) -> anyhow::Result<()> {
    let has_app = !demo.once && build_app()?;
    let programs = Programs::build()?;
    let folder = tempfile::Builder::new().prefix("entente-demo-").tempdir();
    let mut folder = folder.context("no folder for the demo's data")?;
    folder.disable_cleanup(demo.keep);
    let played = play(demo, &programs, folder.path(), has_app);
    if demo.keep {
        println!("\nEverybody's data is kept in {}", folder.path().display());
    }
    played
}

fn play(demo: &Demo, programs: &Programs, folder: &Path, has_app: bool) -> anyhow::Result<()> {
    let stage = Stage::new(demo.lang, demo.fast, Stop::listen()?, programs.clone());
    let mut relay = Relay::start(&programs.relay, folder)?;
    let told = story::play(&stage, &mut relay, folder);
    let left = told.and_then(|host| match demo.once {
        true => Ok(()),
        false => open(&stage, &mut relay, &host, folder, has_app),
    });
    let log = relay.log_tail();
    let stopped = relay.stop();
    left.map_err(|error| anyhow!("{error:#}\n\nThe relay's log ends with\n{log}"))?;
    stopped
}

/// Builds the web app, which the relay embeds, unless it is built; whether it is there. Without
/// Node.js the story is played on the command line alone.
fn build_app() -> anyhow::Result<bool> {
    if let Some(missing) = web::missing() {
        println!("The story is played without the web app: {missing}");
        return Ok(false);
    }
    web::build_where_needed()?;
    Ok(true)
}

/// Gives each lead a link to open in a browser: one more device of theirs. A browser keeps what belongs
/// to one address apart from another, so that two windows of one browser are two people.
fn browsers(stage: &Stage, host: &Person, folder: &Path) -> anyhow::Result<()> {
    stage.title(["In the browser", "В браузере"]);
    stage.tell([
        "Anna and Dana each add a browser window to their devices. Open each link in a window of its own.",
        "Анна и Дана добавляют к своим устройствам по окну браузера. Откройте каждую ссылку в своём окне.",
    ]);
    let dana = Person::new(folder, "dana", "Dana Reyes");
    let anna = stage.invites(host, &["invite", "--device"])?;
    let dana = stage.invites(&dana, &["invite", "--device"])?.replacen("127.0.0.1", "localhost", 1);
    println!("\n  Anna Orlova, Moscow:    {anna}\n  Dana Reyes, New York:   {dana}");
    Ok(())
}

/// Says how to join from a browser and from another terminal, and serves until Ctrl-C.
fn open(stage: &Stage, relay: &mut Relay, host: &Person, folder: &Path, has_app: bool) -> anyhow::Result<()> {
    if has_app {
        browsers(stage, host, folder)?;
    }
    stage.title(["Your turn", "Теперь вы"]);
    stage.tell([
        "The relay goes on running. Anna invites one more account manager of her team: you.",
        "Сервер продолжает работать. Анна приглашает в свою команду ещё одного менеджера: вас.",
    ]);
    let link = stage.invites(host, &["invite", "You", "--role", "account-manager"])?;
    let client = stage.programs().client.display().to_string();
    let home = folder.join("you").display().to_string();
    stage.tell([
        "In another terminal (this data goes with the demo; leave ENTENTE_HOME out to use your usual folder):",
        "В другом терминале (эти данные исчезнут вместе с показом; без ENTENTE_HOME будет ваша обычная папка):",
    ]);
    println!("\n  export ENTENTE_HOME='{home}'");
    println!("  alias entente='{client}'");
    println!("  entente join '{link}'");
    for command in COMMANDS_TO_TRY {
        println!("  entente {command}");
    }
    stage.tell(["Ctrl-C here ends it and removes everything.", "Ctrl-C здесь закончит показ и всё уберёт."]);
    while !stage.stop().within(LOOK_INTERVAL) {
        relay.check_running()?;
    }
    println!();
    Ok(())
}
