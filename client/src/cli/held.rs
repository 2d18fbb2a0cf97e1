//! `entente held`: suggestions that wait, and what people decide about them.

mod local;

use entente_shared::ids::{DocumentId, StatementId};
use entente_shared::statement::DeclineOutcome;

use super::args::HeldCommand;
use super::outcome::{self, REFUSED, USAGE, WAITS};
use super::{Done, Failed, Session};
use crate::args;
use crate::replica::Submitted;
use crate::views::{HeldList, HeldShow, IdError, Ids, Proposal, Setting};

/// Runs a command about suggestions.
pub fn run(session: &mut Session<'_>, command: HeldCommand) -> Result<Done, Failed> {
    match command {
        HeldCommand::List => list(session),
        HeldCommand::Show { id } => show(session, &id),
        HeldCommand::Endorse { id, message, beyond: true, .. } => go_beyond(session, &id, message),
        HeldCommand::Endorse { id, message, local: true, .. } => local::endorse(session, &id, message),
        HeldCommand::Endorse { id, message, ratify: true, .. } => local::ratify(session, &id, message),
        HeldCommand::Endorse { id, message, restate, .. } => endorse(session, &id, message, restate),
        HeldCommand::Decline { id, reason, object: true, .. } => local::object(session, &id, reason),
        HeldCommand::Decline { id, reason, send_back, .. } => decline(session, &id, reason, send_back),
        HeldCommand::Withdraw { id } => withdraw(session, &id),
        HeldCommand::Revise { id, message } => revise(session, &id, message),
    }
}

fn list(session: &Session<'_>) -> Result<Done, Failed> {
    let list = HeldList::of(session.shell.replica(), session.shell.now_ms());
    let list = list.map_err(|error| session.command_failed(&error))?;
    Ok(if session.json { Done::json(&list) } else { Done::text(list.text(session.words)) })
}

fn show(session: &Session<'_>, id: &str) -> Result<Done, Failed> {
    let (_, statement) = session.statement(id)?;
    let shown = HeldShow::of(session.shell.replica(), &statement, session.shell.now_ms());
    let shown = shown.map_err(|_| session.not_open(id, &statement))?;
    Ok(if session.json { Done::json(&shown) } else { Done::text(shown.text(session.words)) })
}

fn endorse(
    session: &mut Session<'_>,
    id: &str,
    message: Option<String>,
    restate: bool,
) -> Result<Done, Failed> {
    let (_, statement) = session.statement(id)?;
    let proposal = session.open_proposal(id, &statement)?;
    check_yours(session, &proposal)?;
    let submitted = session.act(|replica, now| replica.endorse(now, statement, message))?;
    if restate {
        set_again(session, &proposal)?;
    }
    approved(session, &proposal, &submitted)
}

/// Lets a value go beyond its band on the reader's own responsibility.
fn go_beyond(session: &mut Session<'_>, id: &str, reason: Option<String>) -> Result<Done, Failed> {
    let (_, statement) = session.statement(id)?;
    let proposal = session.open_proposal(id, &statement)?;
    if !proposal.yours_to_override {
        let who = proposal.overriders(session.words);
        return Err(Failed::new(REFUSED, session.words.say("held-override-not-yours", args![id, who])));
    }
    let reason = reason.filter(|reason| !reason.trim().is_empty());
    let missing = || Failed::new(USAGE, session.words.say("held-override-why", args![id]));
    let reason = reason.ok_or_else(missing)?;
    let submitted = session.act(|replica, now| replica.override_band(now, statement, reason))?;
    approved(session, &proposal, &submitted)
}

/// Writes the values of a suggestion once more, over later ones.
fn set_again(session: &mut Session<'_>, proposal: &Proposal) -> Result<(), Failed> {
    let (document, edits) = (proposal.document, proposal.restated());
    session.act(|replica, now| replica.edit_all(now, document, edits, None)).map(drop)
}

fn approved(session: &Session<'_>, proposal: &Proposal, submitted: &Submitted) -> Result<Done, Failed> {
    let words = session.words;
    let replica = session.shell.replica();
    let is_open = replica.find_hold(&proposal.statement).is_ok();
    if is_open || submitted.verdict.is_held() {
        let needs =
            replica.find_hold(&proposal.statement).map(|(document, hold)| replica.needs(document, hold));
        let deciders = session.setting()?.who_decides(words, &needs.unwrap_or_default()).deciders;
        let text = words.say("held-approved-more", args![deciders]);
        return Ok(Done::text(with_pending(session, text)).code(WAITS));
    }
    let text = match proposal.changes.as_slice() {
        [] if proposal.review.is_some() => {
            let place = proposal.place_text(words);
            words.say("held-approved-version", args![place])
        }
        [only] => {
            let (place, value) = (only.place_text(words.lang()), only.after.label.get(words.lang()));
            words.say("held-approved", args![place, value])
        }
        several => words.say("held-approved-several", args![count = several.len().max(1)]),
    };
    Ok(Done::text(with_pending(session, text)))
}

fn decline(
    session: &mut Session<'_>,
    id: &str,
    reason: Option<String>,
    send_back: bool,
) -> Result<Done, Failed> {
    let (_, statement) = session.statement(id)?;
    let proposal = session.open_proposal(id, &statement)?;
    check_yours(session, &proposal)?;
    let person = session.author(&proposal);
    let reason = reason.filter(|reason| !reason.trim().is_empty());
    if reason.is_none() {
        return Err(Failed::new(USAGE, session.words.say("held-reason-missing", args![person])));
    }
    let outcome = if send_back { DeclineOutcome::Returned } else { DeclineOutcome::Declined };
    session.act(|replica, now| replica.decline(now, statement, outcome, reason))?;
    let said = if send_back { "held-returned" } else { "held-declined" };
    Ok(Done::text(with_pending(session, session.words.say(said, args![person]))))
}

fn withdraw(session: &mut Session<'_>, id: &str) -> Result<Done, Failed> {
    let (_, statement) = session.statement(id)?;
    let proposal = session.open_proposal(id, &statement)?;
    if !proposal.own {
        let (id, person) = (proposal.id.as_str(), session.author(&proposal));
        return Err(session.refuse(session.words.say("held-withdraw-not-yours", args![id, person])));
    }
    session.act(|replica, now| replica.withdraw(now, statement))?;
    Ok(Done::text(with_pending(session, session.words.say("held-withdrawn", args![]))))
}

/// Suggests anew what came back, on what stands now.
fn revise(session: &mut Session<'_>, id: &str, message: Option<String>) -> Result<Done, Failed> {
    let (_, statement) = session.statement(id)?;
    if session.shell.replica().revision(&statement).is_err() {
        return Err(session.refuse(session.words.say("held-revise-not-yours", args![id])));
    }
    let Some(submitted) = session.act(|replica, now| replica.revise(now, statement, message))? else {
        return Ok(Done::text(session.words.say("held-revise-nothing", args![])));
    };
    if !submitted.verdict.is_held() {
        return Ok(Done::text(with_pending(session, session.words.say("held-revised-saved", args![]))));
    }
    let id = Ids::of(session.shell.replica()).short(&submitted.statement);
    let deciders = session.setting()?.who_decides(session.words, &submitted.needs).deciders;
    let text = session.words.say("held-revised", args![id, deciders]);
    Ok(Done::text(with_pending(session, text)).code(WAITS))
}

/// Somebody else's word is no failure of theirs: say who has it.
fn check_yours(session: &Session<'_>, proposal: &Proposal) -> Result<(), Failed> {
    if proposal.yours {
        return Ok(());
    }
    let said = if proposal.own { "held-own" } else { "held-not-yours" };
    let deciders = proposal.one_of_each(session.words);
    Err(Failed::new(REFUSED, session.words.say(said, args![id = proposal.id.as_str(), deciders])))
}

fn with_pending(session: &Session<'_>, text: String) -> String {
    format!("{text} {}", session.pending()).trim_end().to_owned()
}

impl Session<'_> {
    /// What views name things with.
    pub fn setting(&self) -> Result<Setting, Failed> {
        let setting = Setting::of(self.shell.replica(), self.shell.now_ms());
        setting.map_err(|error| self.command_failed(&error))
    }

    /// Finds the statement that a short name means.
    pub fn statement(&self, id: &str) -> Result<(DocumentId, StatementId), Failed> {
        Ids::of(self.shell.replica()).find(id).map_err(|error| match error {
            IdError::Unknown => Failed::new(USAGE, self.words.say("held-unknown", args![id])),
            IdError::Ambiguous(candidates) => {
                let candidates = self.words.list(&candidates);
                Failed::new(USAGE, self.words.say("ambiguous-name", args![name = id, candidates]))
            }
        })
    }

    fn open_proposal(&self, id: &str, statement: &StatementId) -> Result<Proposal, Failed> {
        let shown = HeldShow::of(self.shell.replica(), statement, self.shell.now_ms());
        shown.map(|shown| shown.proposal).map_err(|_| self.not_open(id, statement))
    }

    /// Says how a suggestion ended that somebody takes for open.
    fn not_open(&self, id: &str, statement: &StatementId) -> Failed {
        let replica = self.shell.replica();
        let closure = Ids::of(replica)
            .find(&statement.to_hex())
            .ok()
            .and_then(|(document, _)| replica.document(document).ok()?.closures().get(statement).cloned());
        let text = match closure {
            Some(closure) => {
                let (outcome, by) = (self.words.closure(&closure), closed_by(&closure));
                let decided = replica.replicated(self.document_of(statement)).ok();
                let decided = decided.and_then(|replicated| replicated.origins().get(&by).cloned());
                match (decided, self.setting()) {
                    (Some(origin), Ok(setting)) => {
                        let person = setting.name_of(self.words, &origin.device);
                        let when = setting.time(self.words, origin.time_ms);
                        self.words.say("held-closed", args![id, outcome, person, when])
                    }
                    _ => self.words.say("refused-not-open", args![]),
                }
            }
            None => self.words.say("refused-not-open", args![]),
        };
        Failed::new(outcome::REFUSED, text)
    }

    fn document_of(&self, statement: &StatementId) -> DocumentId {
        let found = Ids::of(self.shell.replica()).find(&statement.to_hex());
        found.map_or(DocumentId([0; 16]), |(document, _)| document)
    }

    fn author(&self, proposal: &Proposal) -> String {
        let unknown = || self.words.say("someone-unknown", args![]);
        proposal.author.name.clone().unwrap_or_else(unknown)
    }
}

fn closed_by(closure: &entente_shared::document::Closure) -> StatementId {
    use entente_shared::document::Closure;
    match closure {
        Closure::Effective { by } | Closure::Declined { by, .. } | Closure::Withdrawn { by } => *by,
        Closure::Orphaned { of } => *of,
    }
}
