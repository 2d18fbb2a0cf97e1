//! `entente doc ask` and `entente doc sign`: agreeing on a section.

use entente_shared::ids::{DocumentId, SectionId};
use entente_shared::judge::Refusal;

use crate::args;
use crate::cli::outcome::{self, REFUSED, USAGE, WAITS};
use crate::cli::{Done, Failed, Session};
use crate::replica::{CommandError, Submitted};
use crate::views::{StandingLine, section_text, unready_texts};

/// Asks for the approval of the present version of a section.
pub fn ask(
    session: &mut Session<'_>,
    document: &str,
    section: &str,
    message: Option<String>,
    by: Option<&str>,
) -> Result<Done, Failed> {
    let (document, section) = find(session, document, section)?;
    let due_ms = by.map(|by| due(session, by)).transpose()?;
    let asked = session.shell.act(|replica, now| replica.ask_by(now, document, &section, message, due_ms));
    submitted(session, document, &section, asked)?;
    let place = section_text(session.shell.replica(), document, &section, session.words);
    let state = standing(session, document, &section)?;
    let text = session.words.say("ask-sent", args![place, state]);
    Ok(Done::text(format!("{text} {}", session.pending()).trim_end()).code(WAITS))
}

/// Signs a section as it stands.
pub fn sign(session: &mut Session<'_>, document: &str, section: &str) -> Result<Done, Failed> {
    let (document, section) = find(session, document, section)?;
    let sections = [section.clone()];
    let signed = session.shell.act(|replica, now| replica.sign_sections(now, document, &sections));
    submitted(session, document, &section, signed)?;
    let place = section_text(session.shell.replica(), document, &section, session.words);
    let state = standing(session, document, &section)?;
    let text = session.words.say("sign-done", args![place, state]);
    Ok(Done::text(format!("{text} {}", session.pending()).trim_end()))
}

/// Reads a time by the clock of the reader's team: today's or tomorrow's, or one with its date.
fn due(session: &Session<'_>, text: &str) -> Result<u64, Failed> {
    let setting = session.setting()?;
    let found = setting.instant(text);
    found.ok_or_else(|| Failed::new(USAGE, session.words.say("ask-by-unclear", args![text])))
}

fn find(session: &Session<'_>, document: &str, section: &str) -> Result<(DocumentId, SectionId), Failed> {
    let document = session.document(document)?;
    let kind = session.kind(document)?;
    Ok((document, super::set::resolve(session, document, kind, section)?.section))
}

fn standing(session: &Session<'_>, document: DocumentId, section: &SectionId) -> Result<String, Failed> {
    let (replica, now_ms) = (session.shell.replica(), session.shell.now_ms());
    let line = StandingLine::of(replica, document, section, now_ms);
    let line = line.map_err(|error| session.command_failed(&error))?;
    Ok(line.map(|line| line.text(session.words)).unwrap_or_default())
}

/// What the rules do not let through says what is to be settled, or who can.
fn submitted(
    session: &Session<'_>,
    document: DocumentId,
    section: &SectionId,
    done: Result<Result<Submitted, CommandError>, crate::native::ShellError>,
) -> Result<Submitted, Failed> {
    let done = done.map_err(|error| outcome::shell_failed(session.words, &error))?;
    let words = session.words;
    let place = || section_text(session.shell.replica(), document, section, words);
    let has_no_agreements = session.state()?.rules_version < 2;
    done.map_err(|error| match &error {
        CommandError::Refused(Refusal::Unknown { .. }) if has_no_agreements => {
            Failed::new(REFUSED, words.say("agree-old-rules", args![]))
        }
        CommandError::Refused(Refusal::NotReady { reasons, .. }) => {
            let reasons = unready_texts(session.shell.replica(), document, section, reasons, words);
            let lines: Vec<_> = reasons.iter().map(|reason| format!("\n  - {reason}")).collect();
            Failed::new(REFUSED, words.say("sign-not-ready", args![place = place()]) + &lines.concat())
        }
        CommandError::Refused(Refusal::NotAllowed { rule: None, who }) if who.is_empty() => {
            Failed::new(REFUSED, words.say("agree-no-rule", args![place = place()]))
        }
        CommandError::Refused(Refusal::AlreadyAsked { .. }) => {
            Failed::new(REFUSED, words.say("refused-already-asked", args![place = place()]))
        }
        _ => session.command_failed(&error),
    })
}
