//! `entente rules`: the ground rules.

use entente_shared::charter::Phase;

use super::args::{RulesArgs, RulesCommand};
use super::names::agree;
use super::outcome::WAITS;
use super::{Done, Failed, Session};
use crate::args;

/// Shows, signs or changes the ground rules.
pub fn run(session: &mut Session<'_>, args: RulesArgs) -> Result<Done, Failed> {
    match args.command {
        None | Some(RulesCommand::Show { toml: false }) => Ok(Done::text("")),
        Some(RulesCommand::Show { toml: true }) => Ok(Done::text(session.state()?.contents.rules.to_toml())),
        Some(RulesCommand::Sign) => sign(session),
    }
}

fn sign(session: &mut Session<'_>) -> Result<Done, Failed> {
    let words = session.words;
    let me = session.me()?;
    if session.state()?.signed.contains(&me.party) {
        let when = session.names()?.time(session.shell.now_ms());
        return Ok(Done::text(words.say("rules-signed-already", args![when])));
    }
    let submitted = session.act(|replica, now| replica.sign_rules(now))?;
    let names = session.names()?;
    let parties = &names.state.contents.parties;
    let mut lines = Vec::new();
    if names.state.phase() == Phase::InForce {
        lines.push(words.say("rules-in-force", args![count = names.state.signed.len()]));
    } else {
        let missing = parties.keys().filter(|party| !names.state.signed.contains(*party));
        let signers: Vec<_> = missing
            .map(|party| {
                let (party, roles) = (names.party(party), names.role(&"lead".into()));
                words.say("who-team", args![party, roles])
            })
            .collect();
        let count =
            words.say("rules-signed-count", args![done = names.state.signed.len(), needed = parties.len()]);
        let agree = agree(&signers);
        let still = words.say("rules-not-yet-in-force", args![signers = words.list(&signers), agree]);
        lines.push(format!("{count} {still}"));
    }
    lines.push(session.pending());
    let code = if submitted.verdict.is_held() { WAITS } else { 0 };
    Ok(Done::text(lines.join("\n").trim_end()).code(code))
}
