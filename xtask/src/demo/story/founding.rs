//! The founding, the invitations, and ground rules that both teams sign.

use super::{Cast, each};
use crate::demo::person::Person;
use crate::demo::relay::Relay;
use crate::demo::stage::Stage;

/// From the founding link to rules in force.
pub fn play(stage: &Stage, relay: &Relay, cast: &Cast) -> anyhow::Result<()> {
    stage.title(["Two teams found a partnership", "Две команды основывают партнёрство"]);
    found(stage, relay, cast)?;
    sign(stage, cast)
}

fn found(stage: &Stage, relay: &Relay, cast: &Cast) -> anyhow::Result<()> {
    let Cast { anna, pavel, vera, dana, .. } = cast;
    stage.tell([
        "Anna leads a brand's team in Moscow. She founds the partnership with the link that the relay printed.",
        "Анна руководит командой бренда в Москве. Она основывает партнёрство по ссылке, которую показал сервер.",
    ]);
    let link = relay.founding_link();
    stage.types(anna, &["found", link, "Winter launch", "--team", "moscow", "--me", anna.name])?;
    stage.tell([
        "She invites Dana, who leads the agency's team in New York, and of her own team a deputy and a coordinator.",
        "Она приглашает Дану, руководителя агентства в Нью-Йорке, а из своей команды заместителя и координатора.",
    ]);
    let new_york = ["--team", "newyork", "--zone", "America/New_York"];
    let invitation = [&["invite", dana.name][..], &new_york, &["--role", "lead"]].concat();
    let to_dana = stage.invites(anna, &invitation)?;
    let to_pavel = stage.invites(anna, &["invite", pavel.name, "--role", "lead"])?;
    let to_vera = stage.invites(anna, &["invite", vera.name, "--role", "coordinator"])?;
    stage.tell([
        "Each joins with the link, on a device of their own.",
        "Каждый входит по ссылке на своём устройстве.",
    ]);
    for (person, link) in [(dana, &to_dana), (pavel, &to_pavel), (vera, &to_vera)] {
        stage.types(person, &["join", link])?;
    }
    Ok(())
}

fn sign(stage: &Stage, cast: &Cast) -> anyhow::Result<()> {
    let Cast { anna, dana, lee, chris, .. } = cast;
    stage.tell([
        "Dana reads the ground rules, as sentences. They bind nobody before a lead of each team has signed them.",
        "Дана читает правила партнёрства: обычные предложения. Они не действуют, пока не подписали обе команды.",
    ]);
    stage.types(dana, &["rules"])?;
    let rules = stage.asks(dana, &["rules"])?;
    let is_proposed = rules["in_force"] == false && rules["unsigned"] == serde_json::json!(["newyork"]);
    stage.check(
        ["only New York's signature is missing", "не хватает только подписи Нью-Йорка"],
        is_proposed,
    )?;
    stage.types(dana, &["rules", "sign"])?;
    stage.types(dana, &["sync"])?;
    stage.tell([
        "Now she invites her deputy, who may do what she may, and an account manager.",
        "Теперь она приглашает заместителя, с теми же правами, и менеджера.",
    ]);
    let to_lee = stage.invites(dana, &["invite", lee.name, "--role", "lead"])?;
    let to_chris = stage.invites(dana, &["invite", chris.name, "--role", "account-manager"])?;
    stage.types(lee, &["join", &to_lee])?;
    stage.types(chris, &["join", &to_chris])?;
    stage.types(anna, &["sync"])?;
    let are_in_force = |person: &Person| -> anyhow::Result<bool> {
        let rules = stage.asks(person, &["rules"])?;
        let signers = each(&rules["signatures"], "/person/name")?;
        Ok(rules["in_force"] == true && signers.contains(&anna.name) && signers.contains(&dana.name))
    };
    let holds = are_in_force(anna)? && are_in_force(chris)?;
    stage.check(
        ["the rules are in force, on Anna's device and on Chris's", "правила действуют: и у Анны, и у Криса"],
        holds,
    )
}
