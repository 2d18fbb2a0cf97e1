//! Everybody works without a connection: nothing of it is sent, and nobody sees what the others do.

use serde_json::Value;

use super::{Cast, MATRIX, items};
use crate::demo::stage::{Stage, WAITS};

/// What Anna makes of the paragraph.
const ANNAS_PARAGRAPH: &str = "Moscow and New York plan the launch together, beginning with Russia.";
/// What Dana makes of the same paragraph.
const DANAS_PARAGRAPH: &str = "Moscow and New York plan the winter launch together.";
/// What both make of it together.
pub const JOINED_PARAGRAPH: &str =
    "Moscow and New York plan the winter launch together, beginning with Russia.";
/// What Chris writes.
pub const NOTE: &str = "Twelve creators in Los Angeles want samples before they answer.";

/// Both leads, an account manager and a deputy, each alone.
pub fn play(stage: &Stage, cast: &Cast) -> anyhow::Result<()> {
    stage.title(["Apart", "Без связи"]);
    anna(stage, cast)?;
    dana(stage, cast)?;
    chris(stage, cast)
}

fn anna(stage: &Stage, cast: &Cast) -> anyhow::Result<()> {
    let anna = &cast.anna;
    stage.tell([
        "Anna is on a train, offline. She claims creative, says how to share it, and goes on with the paragraph.",
        "Анна в поезде, без связи. Она берёт креатив, пишет, как его делить, и дописывает абзац.",
    ]);
    stage.types(anna, &["doc", "set", MATRIX, "moscow/creative", "own", "--person", anna.name])?;
    stage.types(anna, &["doc", "set", MATRIX, "split/creative/rule", "split-by-market"])?;
    stage.types(anna, &["doc", "set", MATRIX, "split/creative/text/en", ANNAS_PARAGRAPH])?;
    let status = stage.asks(anna, &["status"])?;
    stage.check(
        ["Anna's changes are on her device only", "правки Анны есть только у неё"],
        unsent(&status) > 0,
    )
}

fn dana(stage: &Stage, cast: &Cast) -> anyhow::Result<()> {
    let dana = &cast.dana;
    stage.tell([
        "So is Dana, on a plane. She claims creative as well, fills in the same field and edits the same paragraph.",
        "Дана в самолёте, тоже без связи. Она тоже берёт креатив, заполняет то же поле и правит тот же абзац.",
    ]);
    stage.types(dana, &["doc", "set", MATRIX, "newyork/creative", "own", "--person", dana.name])?;
    stage.types(dana, &["doc", "set", MATRIX, "split/creative/rule", "create-together"])?;
    stage.types(dana, &["doc", "set", MATRIX, "split/creative/text/en", DANAS_PARAGRAPH])?;
    stage.tell([
        "Moscow's column is not hers to fill. What she would change there becomes suggestions.",
        "Колонку Москвы заполняет Москва. То, что Дана хочет там изменить, становится предложениями.",
    ]);
    let reason = "You have the warehouse; may we count on you for samples?";
    stage.types_for(dana, &["doc", "set", MATRIX, "moscow/logistics", "own", "--message", reason], WAITS)?;
    let reason = "We could write to all creators ourselves.";
    stage.types_for(dana, &["doc", "set", MATRIX, "moscow/outreach", "none", "--message", reason], WAITS)?;
    let status = stage.asks(dana, &["status"])?;
    let holds = unsent(&status) > 0 && status["sync"]["suggestions"] == 2;
    stage.check(
        ["two suggestions wait for Dana's next sync", "два предложения ждут синхронизации у Даны"],
        holds,
    )
}

fn chris(stage: &Stage, cast: &Cast) -> anyhow::Result<()> {
    let Cast { chris, lee, .. } = cast;
    stage.tell([
        "Chris writes a note in New York's column, without a connection.",
        "Крис пишет примечание в колонке Нью-Йорка, без связи.",
    ]);
    stage.types(chris, &["doc", "set", MATRIX, "newyork/outreach", "--note", NOTE])?;
    stage.tell([
        "Meanwhile Lee, Dana's deputy, makes Chris a viewer: the relay knows it, Chris does not.",
        "Тем временем Ли, заместитель Даны, делает Криса наблюдателем: сервер об этом знает, Крис нет.",
    ]);
    stage.types(lee, &["roles", "set", chris.name, "viewer"])?;
    stage.types(lee, &["sync"])?;
    let roles = |person| -> anyhow::Result<bool> {
        let people = stage.asks(person, &["people"])?;
        let teams = items(&people["teams"])?.iter();
        let mut all = teams.flat_map(|team| team["people"].as_array().into_iter().flatten());
        let found = all.find(|one| one["name"] == chris.name);
        Ok(found.is_some_and(|one| one["roles"] == serde_json::json!(["viewer"])))
    };
    let holds = roles(lee)? && !roles(chris)?;
    stage.check(
        ["Lee sees Chris as a viewer, Chris does not yet", "у Ли Крис уже наблюдатель, у Криса ещё нет"],
        holds,
    )
}

/// How many changes are not on the relay.
fn unsent(status: &Value) -> u64 {
    status["sync"]["changes"].as_u64().unwrap_or_default()
}
