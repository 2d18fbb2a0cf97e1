//! A brief goes through its rounds, and the split is signed once nothing in it is open.

use anyhow::Context as _;
use serde_json::Value;

use super::{Cast, MATRIX};
use crate::demo::person::Person;
use crate::demo::stage::{Stage, WAITS};

/// The brief, as commands take it.
const BRIEF: &str = "winter-brief";
/// Exit code of what the rules do not let through.
const REFUSED: i32 = 5;

/// A version sent back and approved; a signature that has to wait.
pub fn play(stage: &Stage, cast: &Cast) -> anyhow::Result<()> {
    let Cast { anna, dana, lee, .. } = cast;
    stage.title(["Two rounds, one brief", "Один бриф, два круга"]);
    stage.tell([
        "A brief for both markets. Lee writes what it means in the US, and sends a version: Moscow approves it.",
        "Один бриф на оба рынка. Ли пишет, что он значит для США, и отправляет версию: согласует Москва.",
    ]);
    stage.types(anna, &["doc", "new", "brief", "Winter brief"])?;
    stage.does(anna, &["sync"])?;
    stage.does(lee, &["sync"])?;
    stage.types(lee, &["doc", "set", BRIEF, "us/framing/en", "An unhurried winter, two reels."])?;
    let asked = ["doc", "ask", BRIEF, "us", "--message", "Two reels, #ad in the first line."];
    stage.types_for(lee, &asked, WAITS)?;
    stage.types(lee, &["sync"])?;
    stage.tell([
        "Anna sees round 1 of 2 with its due time in both cities, and sends it back with a word.",
        "Анна видит круг 1 из 2 и срок по времени обоих городов, и возвращает с замечанием.",
    ]);
    stage.types(anna, &["sync"])?;
    stage.types(anna, &["held", "list"])?;
    let first = version(stage, anna)?;
    let reason = "One reel instead of two, please.";
    stage.types(anna, &["held", "decline", &first, "--return", "--reason", reason])?;
    stage.does(anna, &["sync"])?;
    stage.tell([
        "Lee shortens it and sends the next version: round 2 of 2.",
        "Ли сокращает и отправляет следующую версию: круг 2 из 2.",
    ]);
    stage.does(lee, &["sync"])?;
    stage.types(lee, &["doc", "set", BRIEF, "us/framing/en", "An unhurried winter, one reel."])?;
    stage.types_for(lee, &["doc", "ask", BRIEF, "us"], WAITS)?;
    stage.does(lee, &["sync"])?;
    stage.does(anna, &["sync"])?;
    let second = version(stage, anna)?;
    stage.types(anna, &["held", "endorse", &second])?;
    stage.does(anna, &["sync"])?;
    stage.does(lee, &["sync"])?;
    stage.types(lee, &["doc", "show", BRIEF])?;
    let shown = stage.asks(lee, &["doc", "show", BRIEF])?;
    let approved = standing(&shown, "market/us").is_some_and(|standing| standing["state"] == "approved");
    stage.check(["the version is approved as it stands", "версия согласована как есть"], approved)?;
    stage.tell([
        "Dana wants to sign the split. Not yet: what is open is listed, nothing is signed by the way.",
        "Дана хочет подписать разделение. Ещё рано: всё открытое перечислено, подписать мимоходом нельзя.",
    ]);
    stage.does(dana, &["sync"])?;
    let told = stage.types_for(dana, &["doc", "sign", MATRIX, "split"], REFUSED)?;
    let holds = told.lines().count() > 1;
    for person in cast.all() {
        stage.does(person, &["sync"])?;
    }
    stage.check(["each open point has its line", "у каждого открытого вопроса своя строка"], holds)
}

/// The version that waits for somebody, by its short name.
fn version(stage: &Stage, person: &Person) -> anyhow::Result<String> {
    let held = stage.asks(person, &["held", "list"])?;
    let waiting = held["waiting_for_you"].as_array().context("a list")?;
    let version = waiting.iter().find(|one| one["act"] == "ask").context("a version waits")?;
    Ok(version["id"].as_str().context("a short name")?.to_owned())
}

fn standing<'a>(shown: &'a Value, section: &str) -> Option<&'a Value> {
    shown["standing"].as_array()?.iter().find(|line| line["section"] == section)
}
