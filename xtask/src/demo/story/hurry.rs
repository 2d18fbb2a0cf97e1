//! It is due in the night: New York approves while Moscow sleeps, and Moscow ratifies in its morning.
//!
//! The story takes a day, so it is played with clocks that are put forward, in a partnership of its own:
//! whoever joins the other one later has the present there.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context as _;
use serde_json::Value;

use crate::demo::person::Person;
use crate::demo::relay::Relay;
use crate::demo::stage::{Said, Stage, WAITS};

const BRIEF: &str = "winter-brief";
const REFUSED: i32 = 5;
const HOUR_MS: u64 = 3_600_000;
const DAY_MS: u64 = 24 * HOUR_MS;

/// The clocks of everybody and of the relay, on a Tuesday that is to come.
struct Clocks<'a> {
    stage: &'a Stage,
    /// That Tuesday, midnight in Moscow (milliseconds since 1970).
    tuesday_ms: u64,
}

impl Clocks<'_> {
    fn new(stage: &Stage) -> Clocks<'_> {
        // Moscow is three hours ahead of UTC all year; the first of January 1970 was a Thursday.
        let today = (now_ms() + 3 * HOUR_MS) / DAY_MS;
        let days = (1 + 7 - (today + 3) % 7) % 7 + 7;
        Clocks { stage, tuesday_ms: (today + days) * DAY_MS - 3 * HOUR_MS }
    }

    /// How far clocks are put forward for an hour of that Tuesday in Moscow, in milliseconds.
    fn at(&self, hour: u64) -> u64 {
        let moved_ms = self.tuesday_ms + hour * HOUR_MS - now_ms();
        self.stage.move_clocks(moved_ms);
        moved_ms
    }
}

#[expect(clippy::disallowed_methods, reason = "the story is told in days that are to come")]
fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// A version is approved by local authority and ratified.
pub fn play(stage: &Stage, folder: &Path) -> anyhow::Result<()> {
    let folder = folder.join("hurry");
    std::fs::create_dir(&folder)?;
    let clocks = Clocks::new(stage);
    let mut relay = Relay::start_at(&stage.programs().relay, &folder, clocks.at(14))?;
    let person = |prompt, name| Person::new(&folder, prompt, name);
    let cast = [person("anna", "Anna Orlova"), person("dana", "Dana Reyes"), person("chris", "Chris Park")];
    let told = tell(stage, &clocks, &mut relay, &cast);
    stage.move_clocks(0);
    told?;
    relay.stop()
}

fn tell(
    stage: &Stage,
    clocks: &Clocks<'_>,
    relay: &mut Relay,
    [anna, dana, chris]: &[Person; 3],
) -> anyhow::Result<()> {
    stage.title(["Due in the night", "Срок наступает ночью"]);
    begin(stage, relay, [anna, dana, chris])?;
    stage.tell([
        "Another campaign, a Tuesday at 14:00 in Moscow. Chris sends a version, and says that it is needed by 22:00 in New York.",
        "Другая кампания, вторник, 14:00 в Москве. Крис отправляет версию и говорит, что ответ нужен к 22:00 по Нью-Йорку.",
    ]);
    stage.types(chris, &["doc", "set", BRIEF, "us/framing/en", "An unhurried winter, one reel."])?;
    stage.types_for(chris, &["doc", "ask", BRIEF, "us", "--by", "22:00"], WAITS)?;
    synced(stage, [chris, anna, dana])?;
    stage.tell([
        "Dana would approve it at once. Moscow is at work, so Moscow decides.",
        "Дана согласовала бы сразу. Но в Москве рабочее время, решает Москва.",
    ]);
    let ask = version(stage, dana)?;
    stage.types_for(dana, &["held", "endorse", &ask, "--local"], REFUSED)?;

    relay.move_clock(clocks.at(27))?;
    synced(stage, [dana])?;
    stage.tell([
        "19:00 or so in New York. Moscow sleeps until after it is due, and had the afternoon to see it.",
        "Около 19:00 в Нью-Йорке. Москва откроется уже после срока, а увидеть его могла весь день.",
    ]);
    stage.types(dana, &["held", "show", &ask])?;
    stage
        .types(dana, &["held", "endorse", &ask, "--local", "--message", "The post goes out at midnight."])?;
    synced(stage, [dana, chris])?;
    let approved = standing(stage, chris)?;
    check(
        stage,
        ["the version is approved, and says how", "версия согласована, и видно как"],
        &approved,
        "approved",
    )?;

    relay.move_clock(clocks.at(34))?;
    synced(stage, [anna])?;
    stage.tell([
        "Wednesday, 10:00 in Moscow. Anna finds it among what waits for her, and ratifies.",
        "Среда, 10:00 в Москве. Анна видит это среди того, что её ждёт, и подтверждает.",
    ]);
    stage.types(anna, &["held", "list"])?;
    stage.types(anna, &["held", "endorse", &ask, "--ratify"])?;
    synced(stage, [anna, dana])?;
    stage.types(dana, &["why", &ask])?;
    let ratified = standing(stage, dana)?;
    let state = ratified["local"]["state"].as_str() == Some("ratified");
    stage.check(
        [
            "Moscow has ratified it, both sides see who and when",
            "Москва подтвердила, обе стороны видят кто и когда",
        ],
        state,
    )
}

/// Two teams under the standard rules with a brief, unseen but for the invitations.
fn begin(stage: &Stage, relay: &Relay, [anna, dana, chris]: [&Person; 3]) -> anyhow::Result<()> {
    let link = relay.founding_link().split_whitespace().last().context("the founding link")?.to_owned();
    stage.does(anna, &["found", &link, "Night launch", "--team", "moscow", "--me", anna.name])?;
    for (by, person, team) in [
        (anna, dana, &["--team", "newyork", "--zone", "America/New_York", "--role", "lead"][..]),
        (dana, chris, &["--role", "account-manager"][..]),
    ] {
        let link = stage.invites(by, &[&["invite", person.name][..], team].concat())?;
        stage.does(person, &["join", &link])?;
    }
    stage.does(dana, &["rules", "sign"])?;
    synced(stage, [dana, anna])?;
    stage.does(anna, &["doc", "new", "brief", "Winter brief"])?;
    synced(stage, [anna, chris, dana])
}

fn synced<'a>(stage: &Stage, people: impl IntoIterator<Item = &'a Person>) -> anyhow::Result<()> {
    people.into_iter().try_for_each(|person| stage.does(person, &["sync"]))
}

/// The version that waits, by its short name.
fn version(stage: &Stage, person: &Person) -> anyhow::Result<String> {
    let held = stage.asks(person, &["held", "list"])?;
    let waiting = held["waiting_for_others"].as_array().context("a list")?;
    let version = waiting.iter().find(|one| one["act"] == "ask").context("a version waits")?;
    Ok(version["id"].as_str().context("a short name")?.to_owned())
}

fn standing(stage: &Stage, person: &Person) -> anyhow::Result<Value> {
    let shown = stage.asks(person, &["doc", "show", BRIEF])?;
    let lines = shown["standing"].as_array().context("where sections stand")?;
    lines.iter().find(|line| line["section"] == "market/us").cloned().context("the section")
}

fn check(stage: &Stage, said: Said<'_>, standing: &Value, state: &str) -> anyhow::Result<()> {
    let is_local = standing["local"]["state"].as_str() == Some("to-ratify");
    stage.check(said, standing["state"] == state && is_local)
}
