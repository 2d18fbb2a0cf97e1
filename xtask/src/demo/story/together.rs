//! Everybody comes back, in the wrong order, and all copies become one again.

use std::collections::BTreeMap;

use anyhow::{Context as _, ensure};
use serde_json::Value;

use super::apart::{JOINED_PARAGRAPH, NOTE};
use super::{Cast, MATRIX, each, items};
use crate::demo::person::Person;
use crate::demo::relay::Relay;
use crate::demo::stage::{DONE, Stage, WAITS};

/// From the first sync to decisions, each explained.
pub fn play(stage: &Stage, cast: &Cast) -> anyhow::Result<()> {
    stage.title(["Together again", "Снова на связи"]);
    reconnect(stage, cast)?;
    look(stage, cast)?;
    decide(stage, cast)?;
    explain(stage, cast)
}

fn reconnect(stage: &Stage, cast: &Cast) -> anyhow::Result<()> {
    let Cast { anna, dana, chris, .. } = cast;
    stage.tell([
        "They come back in the wrong order: Dana, who wrote last, before Anna; Chris after Lee's decision.",
        "Все возвращаются не по порядку: Дана, писавшая последней, раньше Анны; Крис уже после решения Ли.",
    ]);
    stage.types(dana, &["sync"])?;
    let told = stage.types_for(chris, &["sync"], WAITS)?;
    stage.types(anna, &["sync"])?;
    let knows = told.contains("entente why h-");
    stage.check(
        ["Chris is told at once that the note waits", "Крис сразу узнаёт, что примечание ждёт решения"],
        knows,
    )?;
    stage.tell([
        "One more sync brings everybody to the same place: Dana, and the others unseen.",
        "Ещё одна синхронизация, и у всех одно и то же: у Даны и, за кадром, у остальных.",
    ]);
    stage.types(dana, &["sync"])?;
    everybody_syncs(stage, cast)?;
    let paragraph = |person: &Person| -> anyhow::Result<bool> {
        let shown = stage.asks(person, &["doc", "show", MATRIX])?;
        Ok(shown.to_string().contains(JOINED_PARAGRAPH))
    };
    let holds = paragraph(anna)? && paragraph(dana)?;
    stage.check(["the paragraph holds what both wrote", "в абзаце есть то, что написали обе"], holds)
}

/// What merging leaves to people: an overlap, a gap, a field with two values.
fn look(stage: &Stage, cast: &Cast) -> anyhow::Result<()> {
    let (anna, vera) = (&cast.anna, &cast.vera);
    stage.tell([
        "Vera looks at what both teams do and nobody does.",
        "Вера смотрит, что делают обе команды и чего не делает никто.",
    ]);
    stage.types(vera, &["doc", "overlaps", MATRIX])?;
    let overlaps = stage.asks(vera, &["doc", "overlaps", MATRIX])?;
    let both = each(&overlaps["overlaps"], "/label/en")? == ["creative"]
        && overlaps["overlaps"][0]["parties"] == serde_json::json!(["moscow", "newyork"]);
    let gaps = each(&overlaps["gaps"], "/label/en")?;
    let holds = both && gaps.contains(&"influencer relations");
    stage.check(
        ["both do creative, nobody does influencer relations", "креатив ведут обе, блогеров никто"],
        holds,
    )?;
    stage.tell([
        "One field got two values. Neither is lost: who wrote what, and when, by both cities' clocks.",
        "У одного поля два значения. Ни одно не потеряно: кто что написал и когда, по часам обоих городов.",
    ]);
    stage.types(anna, &["doc", "conflicts", MATRIX])?;
    let conflicts = stage.asks(anna, &["doc", "conflicts", MATRIX])?;
    let [field] = items(&conflicts["fields"])? else { anyhow::bail!("one field was expected: {conflicts}") };
    let mut values = items(&field["values"])?
        .iter()
        .map(|value| {
            (
                text(&value["person"]["name"]),
                text(&value["shown"]["label"]["en"]),
                value["written_ms"].is_u64(),
            )
        })
        .collect::<Vec<_>>();
    values.sort_unstable();
    let expected = [(anna.name, "split by market", true), (cast.dana.name, "create together", true)];
    stage.check(
        [
            "both values are there, each with its author and time",
            "оба значения на месте, с автором и временем",
        ],
        values == expected,
    )
}

/// Suggestions and late edits wait, and say for whom; the Moscow lead decides hers.
fn decide(stage: &Stage, cast: &Cast) -> anyhow::Result<()> {
    let Cast { anna, dana, pavel, .. } = cast;
    stage.tell([
        "Dana's suggestions wait for Moscow's leads, Chris's late note for New York's.",
        "Предложения Даны ждут руководителей Москвы, поздняя правка Криса ждёт руководителей Нью-Йорка.",
    ]);
    stage.types(anna, &["held", "list"])?;
    let held = stage.asks(anna, &["held", "list"])?;
    let of = |address: &str| find(&held, "waiting_for_you", address);
    let (logistics, outreach) = (of("moscow/logistics")?, of("moscow/outreach")?);
    let note = find(&held, "waiting_for_others", "newyork/outreach")?;
    let names = |one: &Value| -> anyhow::Result<Vec<String>> {
        let mut names = each(&one["deciders"], "/name")?.into_iter().map(str::to_owned).collect::<Vec<_>>();
        names.sort_unstable();
        Ok(names)
    };
    let are_known = |one: &Value| {
        Ok::<_, anyhow::Error>(items(&one["deciders"])?.iter().all(|who| who["at_work"].is_boolean()))
    };
    let holds = names(logistics)? == [anna.name, pavel.name]
        && names(outreach)? == [anna.name, pavel.name]
        && names(note)? == [dana.name, cast.lee.name]
        && are_known(logistics)?
        && are_known(note)?;
    stage.check(
        [
            "each says who decides, and it is known whether they are at work",
            "у каждого ясно, кто решает и на работе ли он",
        ],
        holds,
    )?;
    let (logistics, outreach) = (text(&logistics["id"]), text(&outreach["id"]));
    stage.tell(["Anna looks at the first, and takes it.", "Анна смотрит первое предложение и соглашается."]);
    stage.types(anna, &["held", "show", logistics])?;
    stage.types(anna, &["held", "endorse", logistics])?;
    stage
        .tell(["The second she does not take, and says why.", "Второе она не принимает и объясняет почему."]);
    let reason = "We keep outreach for Russia. Split by market?";
    stage.types(anna, &["held", "decline", outreach, "--reason", reason])?;
    stage.types(anna, &["sync"])?;
    let told = stage.types(dana, &["sync"])?;
    stage.check(["Dana reads both decisions", "Дана видит оба решения"], told.contains(reason))?;
    check_decided(stage, cast, reason, outreach)
}

fn check_decided(stage: &Stage, cast: &Cast, reason: &str, outreach: &str) -> anyhow::Result<()> {
    let dana = &cast.dana;
    let overlaps = stage.asks(dana, &["doc", "overlaps", MATRIX])?;
    let gaps_end = each(&overlaps["gaps"], "/label/en")? == ["influencer relations"];
    stage.types(dana, &["why", outreach])?;
    let why = stage.asks(dana, &["why", outreach])?;
    let declined = why["state"] == "declined" && why["closed"]["text"] == reason;
    stage.check(
        [
            "logistics is Moscow's now; Dana reads why outreach is not changed",
            "логистика теперь у Москвы; Дана видит, почему контакты остались как были",
        ],
        gaps_end && declined,
    )
}

/// Chris's note: what became of it, asked in New York and, in the other language, in Moscow.
fn explain(stage: &Stage, cast: &Cast) -> anyhow::Result<()> {
    let Cast { anna, dana, chris, .. } = cast;
    stage.tell([
        "Dana asks about Chris's note: why does it wait?",
        "Дана спрашивает о примечании Криса: почему оно ждёт?",
    ]);
    let held = stage.asks(dana, &["held", "list"])?;
    let note = find(&held, "waiting_for_you", "newyork/outreach")?;
    let id = text(&note["id"]);
    stage.types(dana, &["why", id])?;
    stage.tell(["Anna asks the same, in Russian.", "Анна спрашивает то же по-английски."]);
    stage.types_in(stage.other_lang(), anna, &["why", id], DONE)?;
    let why = stage.asks(dana, &["why", id])?;
    let holds = why["state"] == "waiting"
        && why["author"]["name"] == chris.name
        && why["roles_then"] == serde_json::json!(["account-manager"])
        && why["roles_now"] == serde_json::json!(["viewer"])
        && why["role_change"]["by"]["name"] == cast.lee.name
        && why["written_ms"].as_u64() < why["role_change"]["time_ms"].as_u64()
        && note.to_string().contains(NOTE);
    stage.check(
        [
            "written as an account manager, received from a viewer, kept in full",
            "написано менеджером, получено от наблюдателя, текст цел",
        ],
        holds,
    )?;
    stage.tell(["She takes it over: what Chris wrote was right.", "Она соглашается: Крис написал верно."]);
    stage.types(dana, &["held", "endorse", id])?;
    stage
        .tell(["And she settles the field with two values.", "И выбирает значение поля, у которого их два."]);
    let conflicts = stage.asks(dana, &["doc", "conflicts", MATRIX])?;
    let values = items(&conflicts["fields"][0]["values"])?;
    let annas = values.iter().find(|value| value["person"]["name"] == anna.name).context("Anna's value")?;
    stage.types(dana, &["doc", "conflicts", MATRIX, "--keep", text(&annas["key"])])?;
    stage.types(dana, &["sync"])?;
    stage
        .tell(["Chris learns of it with the next sync.", "Крис узнаёт об этом при следующей синхронизации."]);
    stage.types(chris, &["sync"])?;
    everybody_syncs(stage, cast)
}

/// Every copy and the relay replay everything, and end in the same heads.
pub fn check_copies(stage: &Stage, relay: &Relay, cast: &Cast) -> anyhow::Result<()> {
    stage.title(["Every copy is the same", "Все копии одинаковы"]);
    stage.tell([
        "Each device and the relay replay the whole record: every signature, every decision by the rules.",
        "Каждое устройство и сервер проверяют всю историю заново: все подписи и все решения по правилам.",
    ]);
    let mut heads = Vec::new();
    for person in cast.all() {
        stage.types(person, &["verify"])?;
        let verified = stage.asks(person, &["verify"])?;
        ensure!(verified["good"] == true, "{}'s copy is not good: {verified}", person.name);
        let same = items(&verified["ledgers"])?.iter().all(|ledger| ledger["relay"] == "same");
        ensure!(same, "the relay shows {} other heads: {verified}", person.name);
        heads.push(heads_of(&verified["ledgers"], "/head/hash")?);
        let status = stage.asks(person, &["status"])?;
        let none_left = status["sync"]["changes"] == 0 && status["sync"]["suggestions"] == 0;
        ensure!(
            none_left && items(&status["refused"])?.is_empty(),
            "{} is left with something: {status}",
            person.name
        );
    }
    println!("operator$ entente-relay verify --data {}", relay.data().display());
    print!("{}", relay.answers(&["verify"])?);
    let report: Value = serde_json::from_str(&relay.answers(&["verify", "--json"])?)?;
    let is_good = items(&report["ledgers"])?.iter().all(|ledger| ledger["problem"].is_null());
    heads.push(heads_of(&report["ledgers"], "/head")?);
    let is_same = heads.iter().all(|other| other == &heads[0]) && heads[0].len() == 3;
    stage.check(
        [
            "six devices and the relay: nothing wrong anywhere, the same three heads",
            "шесть устройств и сервер: всё верно, вершины всех трёх историй совпадают",
        ],
        is_good && is_same,
    )
}

/// The head of each ledger, by document.
fn heads_of(ledgers: &Value, pointer: &str) -> anyhow::Result<BTreeMap<String, String>> {
    let documents = each(ledgers, "/document")?.into_iter().map(|document| document.replace('-', ""));
    Ok(documents.zip(each(ledgers, pointer)?.into_iter().map(str::to_owned)).collect())
}

fn everybody_syncs(stage: &Stage, cast: &Cast) -> anyhow::Result<()> {
    cast.all().into_iter().try_for_each(|person| stage.does(person, &["sync"]))
}

/// The suggestion about a place in a list of suggestions.
fn find<'a>(held: &'a Value, list: &str, address: &str) -> anyhow::Result<&'a Value> {
    let is_about = |one: &&Value| {
        let addresses = each(&one["changes"], "/place/address").unwrap_or_default();
        addresses.iter().any(|found| *found == address || found.starts_with(&format!("{address}/")))
    };
    let found = items(&held[list])?.iter().find(is_about);
    found.with_context(|| format!("no suggestion about {address} in {list}: {held}"))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
