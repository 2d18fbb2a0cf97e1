//! `entente sync`: hands over what waits and fetches what is new.

use super::outcome::{self, OFFLINE, REFUSED, WAITS};
use super::{Done, Failed, Session, status};
use crate::args;
use crate::native::sync::Synced;
use crate::replica::Event;
use crate::views::{HeldList, Notice, Proposal, Why};

/// Syncs once.
pub fn run(session: &mut Session<'_>) -> Result<Done, Failed> {
    let own = own_suggestions(session);
    match session.reach().map_err(|error| outcome::sync_failed(session.words, &error))? {
        Some(synced) => report(session, &synced, &own),
        None => Ok(Done::text(session.words.say("sync-watching-already", args![]))),
    }
}

/// What a sync did, and what waits now.
fn report(session: &Session<'_>, synced: &Synced, own: &[Proposal]) -> Result<Done, Failed> {
    let words = session.words;
    let (sent, received) = (synced.sent, synced.received);
    let moved = match (sent, received) {
        (0, 0) => words.say("sync-nothing-new", args![]),
        (_, 0) => words.say("sync-sent", args![sent]),
        (0, _) => words.say("sync-received", args![received]),
        _ => words.say("sync-sent-received", args![sent, received]),
    };
    let setting = session.setting()?;
    let time = words.time(session.shell.now_ms(), &setting.clocks(), crate::words::Day::None);
    let is_all = !synced.events.iter().any(|event| matches!(event, Event::StillHere { .. }));
    let level = is_all.then(|| words.say("status-up-to-date", args![time]));
    let mut lines = vec![[Some(moved), level].into_iter().flatten().collect::<Vec<_>>().join(" ")];
    let mut code = outcome::OK;
    for event in &synced.events {
        let (line, wrong) = said(session, event)?;
        lines.extend(line);
        code = more_urgent(code, if wrong { REFUSED } else { code_of(event) });
    }
    lines.extend(own.iter().filter_map(|proposal| decided(session, proposal)));
    let open = status::status(session)?.open_text(words);
    Ok(Done::text(lines.join("\n") + "\n" + &open).code(code))
}

/// The exit code that an event calls for.
fn code_of(event: &Event) -> u8 {
    match event {
        Event::NowWaits { .. } => WAITS,
        Event::StillHere { .. } => OFFLINE,
        _ => outcome::OK,
    }
}

/// Of two exit codes the one that must not go unnoticed: refused, still here, waiting, done.
fn more_urgent(one: u8, other: u8) -> u8 {
    let urgency = |code: &u8| [WAITS, OFFLINE, REFUSED].iter().position(|known| known == code);
    [one, other].into_iter().max_by_key(urgency).unwrap_or(one)
}

/// What people read about an event, and whether it is one that must not go unnoticed.
pub fn said(session: &Session<'_>, event: &Event) -> Result<(Option<String>, bool), Failed> {
    let Some(notice) = Notice::of(event) else { return Ok((None, false)) };
    let text = Notice::text(event, session.shell.replica(), session.words, session.shell.now_ms());
    Ok((Some(text).filter(|text| !text.is_empty()), notice.wrong))
}

/// One's own suggestions that wait, to tell afterwards what became of them.
fn own_suggestions(session: &Session<'_>) -> Vec<Proposal> {
    let held = HeldList::of(session.shell.replica(), session.shell.now_ms());
    let waiting = held.map(|held| held.waiting_for_others).unwrap_or_default();
    waiting.into_iter().filter(|proposal| proposal.own).collect()
}

/// What somebody decided about a suggestion of one's own; nothing while it waits.
fn decided(session: &Session<'_>, proposal: &Proposal) -> Option<String> {
    let (words, setting) = (session.words, session.setting().ok()?);
    let why = Why::of(session.shell.replica(), &proposal.statement, session.shell.now_ms()).ok()?;
    let (id, decision) = match why.state {
        "approved" => ("notice-approved", why.endorsed.last()?),
        "declined" => ("notice-declined", why.closed.as_ref()?),
        "returned" => ("notice-returned", why.closed.as_ref()?),
        _ => return None,
    };
    let person = decision.person.as_ref().map(|person| setting.name(words, person))?;
    let (place, reason) = (proposal.place_text(words), decision.text.clone().unwrap_or_default());
    Some(words.say(id, args![person, place, reason]))
}

/// What people read about everything that happened since it was last said.
pub fn said_all(session: &mut Session<'_>) -> Result<(Vec<String>, bool), Failed> {
    let (mut lines, mut is_wrong) = (Vec::new(), false);
    for event in session.shell.take_events() {
        let (line, wrong) = said(session, &event)?;
        lines.extend(line);
        is_wrong |= wrong;
    }
    Ok((lines, is_wrong))
}

#[cfg(test)]
mod tests {
    use entente_shared::ids::{DocumentId, StatementId};
    use entente_shared::judge::Refusal;

    use super::*;

    #[test]
    fn what_waits_or_is_still_here_shows_in_the_exit_code_and_a_refusal_before_all() {
        let (document, statement) = (DocumentId([1; 16]), StatementId([2; 32]));
        assert_eq!(code_of(&Event::UpToDate), outcome::OK);
        assert_eq!(code_of(&Event::NowWaits { document, statement }), WAITS);
        let refusal = Refusal::ReadOnly { detail: String::new() };
        assert_eq!(code_of(&Event::StillHere { count: 1, refusal }), OFFLINE);
        assert_eq!([WAITS, OFFLINE, outcome::OK].into_iter().fold(outcome::OK, more_urgent), OFFLINE);
        assert_eq!([WAITS, REFUSED, OFFLINE].into_iter().fold(outcome::OK, more_urgent), REFUSED);
    }
}
