//! `entente rules`: the ground rules as sentences, as text, and how they are agreed and changed.

use std::path::Path as FilePath;

use entente_shared::charter::{Phase, VERSION};
use entente_shared::content::{EditCommand, Path, Value};
use entente_shared::ids::SectionId;
use entente_shared::rules::Rules;

use super::args::{RulesArgs, RulesCommand};
use super::doc::edit::base_file;
use super::outcome::{REFUSED, TROUBLE, USAGE, WAITS};
use super::{Done, Failed, Session};
use crate::args;
use crate::replica::EditOutcome;
use crate::views::RulesShow;

/// Shows, signs or changes the ground rules.
pub fn run(session: &mut Session<'_>, args: RulesArgs) -> Result<Done, Failed> {
    match args.command {
        None => show(session),
        Some(RulesCommand::Show { toml: false }) => show(session),
        Some(RulesCommand::Show { toml: true }) => Ok(Done::text(as_toml(session)?)),
        Some(RulesCommand::Sign) => sign(session),
        Some(RulesCommand::Edit { prepare: Some(file), .. }) => prepare(session, &file),
        Some(RulesCommand::Edit { file: Some(file), message, .. }) => edit(session, &file, message),
        Some(RulesCommand::Edit { .. }) => Ok(Done::text(as_toml(session)?)),
    }
}

fn as_toml(session: &Session<'_>) -> Result<String, Failed> {
    let state = session.state()?;
    Ok(state.contents.rules.to_toml(state.rules_version))
}

fn shown(session: &Session<'_>) -> Result<RulesShow, Failed> {
    let shown = RulesShow::of(session.shell.replica(), session.shell.now_ms());
    shown.map_err(|error| session.command_failed(&error))
}

fn show(session: &Session<'_>) -> Result<Done, Failed> {
    let shown = shown(session)?;
    Ok(if session.json { Done::json(&shown) } else { Done::text(shown.text(session.words)) })
}

fn sign(session: &mut Session<'_>) -> Result<Done, Failed> {
    let words = session.words;
    let me = session.me()?;
    if session.state()?.signed.contains(&me.party) {
        let shown = shown(session)?;
        let own = shown.signatures.iter().find(|signature| signature.party == me.party);
        let when = session.setting()?.time(words, own.map_or(session.shell.now_ms(), |own| own.time_ms));
        return Ok(Done::text(words.say("rules-signed-already", args![when])));
    }
    if !me.is_lead() {
        let signers = session.setting()?.ask(words);
        return Err(Failed::new(REFUSED, words.say("rules-sign-not-yours", args![signers])));
    }
    let submitted = session.act(|replica, now| replica.sign_rules(now))?;
    let signed = shown(session)?.signed_text(words);
    let mut text = signed.trim_end().to_owned();
    let setting = session.setting()?;
    let in_force = words.say("rules-in-force", args![count = setting.state().signed.len()]);
    if setting.state().phase() == Phase::InForce && !text.contains(&in_force) {
        text = format!("{text} {in_force}");
    }
    if setting.state().phase() != Phase::InForce {
        let parties = setting.state().contents.parties.keys();
        let missing = parties.filter(|party| !setting.state().signed.contains(*party));
        let signers: Vec<_> = missing.map(|party| setting.label(party, words.lang())).collect();
        if !text.contains(&words.list(&signers)) {
            let agree = if signers.len() == 1 { "singular" } else { "plural" };
            let still = words.say("rules-not-yet-in-force", args![signers = words.list(&signers), agree]);
            text = format!("{text} {still}");
        }
    }
    let code = if submitted.verdict.is_held() { WAITS } else { 0 };
    Ok(Done::text(format!("{text} {}", session.pending()).trim_end()).code(code))
}

fn prepare(session: &Session<'_>, file: &FilePath) -> Result<Done, Failed> {
    let text = as_toml(session)?;
    for file in [session.path(file), base_file(&session.path(file))] {
        let written = crate::native::folder::replace(&file, text.as_bytes());
        written.map_err(|error| super::outcome::shell_failed(session.words, &error))?;
    }
    Ok(Done::text(""))
}

/// Proposes the rules in which a file differs from what it was made from.
fn edit(session: &mut Session<'_>, file: &FilePath, message: Option<String>) -> Result<Done, Failed> {
    let words = session.words;
    let path = session.path(file);
    let name = path.display().to_string();
    let text = std::fs::read_to_string(&path).map_err(|error| {
        let problem = words.file_problem(&error);
        Failed::new(TROUBLE, words.say("file-unreadable", args![file = name.as_str(), problem]))
    })?;
    let invalid = |problem: String| {
        Failed::new(USAGE, words.say("rules-edit-invalid", args![problem, file = name.as_str()]))
    };
    let edited =
        Rules::from_toml(&text).map_err(|error| invalid(words.detail(&error.to_string())))?.to_stored();
    let base = std::fs::read_to_string(base_file(&path)).ok().and_then(|text| Rules::from_toml(&text).ok());
    let base =
        base.unwrap_or_else(|| session.state().map(|state| state.contents.rules.clone()).unwrap_or_default());
    let base = base.to_stored();
    let changed = edited.iter().filter(|(id, text)| base.get(*id) != Some(text));
    let changed = changed.map(|(id, text)| (id, Value::string(text)));
    let removed = base.keys().filter(|id| !edited.contains_key(*id)).map(|id| (id, Value::Null));
    let edits = changed
        .chain(removed)
        .map(|(id, value)| EditCommand::SetScalar { path: Path::new(["rules", id.as_str()]), value });
    let version = Rules::version_in_toml(&text).map_err(|error| invalid(error.to_string()))?;
    let raised = (version != session.state()?.rules_version).then(|| EditCommand::SetScalar {
        path: Path::new([VERSION]),
        value: Value::Int(i64::from(version)),
    });
    let commands: Vec<_> = edits.chain(raised).collect();
    if commands.is_empty() {
        return Ok(Done::text(words.say("rules-edit-unchanged", args![])));
    }
    let edits = vec![(SectionId::new("rules"), commands)];
    match session.act(|replica, now| replica.change_charter(now, edits, message))? {
        EditOutcome::Nothing => Ok(Done::text(words.say("rules-edit-unchanged", args![]))),
        EditOutcome::Saved => {
            let text = words.say("saved-here", args![]);
            Ok(Done::text(format!("{text} {}", session.pending()).trim_end()))
        }
        EditOutcome::Suggested { needs, .. } => {
            let deciders = session.setting()?.who_decides(words, &needs).deciders;
            let text = words.say("rules-edit-saved", args![deciders]);
            Ok(Done::text(format!("{text} {}", session.pending()).trim_end()).code(WAITS))
        }
    }
}
