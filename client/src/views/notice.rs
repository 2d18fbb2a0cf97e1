//! What happened that people should hear of without asking.

use entente_shared::ids::*;
use serde::Serialize;

use super::held::HeldShow;
use super::ids::Ids;
use super::setting::Setting;
use crate::args;
use crate::replica::{Event, Replica};
use crate::views::refusal_text;
use crate::words::Words;

/// The relay's clock may differ by this much before people hear of it, in milliseconds.
const CLOCK_MS: u64 = 120_000;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// `refused`, `still-here`, `already-there`, `now-waits`, `diverged`, `forked`, `not-attested`,
    /// `contradicted`, `rewound` or `clock`.
    pub what: &'static str,
    /// The document that it is about.
    pub document: Option<DocumentId>,
    /// The statement that it is about.
    pub statement: Option<StatementId>,
    /// Whether it must not go unnoticed.
    pub wrong: bool,
}

impl Notice {
    /// What an event is for people; `None` if they need not hear of it.
    pub fn of(event: &Event) -> Option<Self> {
        let about = |what, document: &DocumentId, wrong| {
            Some(Self { what, document: Some(*document), statement: None, wrong })
        };
        match event {
            Event::Refused { statement, .. } => {
                Some(Self { what: "refused", document: None, statement: Some(*statement), wrong: true })
            }
            Event::StillHere { .. } => {
                Some(Self { what: "still-here", document: None, statement: None, wrong: false })
            }
            Event::AlreadyThere { document, .. } => about("already-there", document, false),
            Event::NowWaits { document, statement } => {
                let (document, statement) = (Some(*document), Some(*statement));
                Some(Self { what: "now-waits", document, statement, wrong: false })
            }
            Event::Diverged { document, .. } => about("diverged", document, true),
            Event::Forked { document, .. } => about("forked", document, true),
            Event::NotAttested { .. } => {
                Some(Self { what: "not-attested", document: None, statement: None, wrong: true })
            }
            Event::Contradicted { document, .. } => about("contradicted", document, true),
            Event::Rewound { document, .. } => about("rewound", document, true),
            Event::Welcomed { clock_ahead_ms, .. } if clock_ahead_ms.unsigned_abs() > CLOCK_MS => {
                Some(Self { what: "clock", document: None, statement: None, wrong: false })
            }
            _ => None,
        }
    }

    /// Says an event.
    pub fn text(event: &Event, replica: &Replica, words: &Words, now_ms: u64) -> String {
        let ids = Ids::of(replica);
        let title = |document: &DocumentId| {
            let title = replica.document(*document).map(|document| document.title().to_owned());
            title.unwrap_or_else(|_| document.uuid().to_string())
        };
        match event {
            Event::Refused { statement, relay_at_fault: true, .. } => {
                words.say("refused-unexpected", args![id = ids.short(statement)])
            }
            Event::Refused { statement, refusal, .. } => {
                let kept = words.say("sync-refused", args![count = 1, id = ids.short(statement)]);
                format!("{kept}\n  {}", refusal_text(replica, words, refusal, now_ms))
            }
            Event::StillHere { count, refusal } => {
                let problem = refusal_text(replica, words, refusal, now_ms);
                words.say("sync-still-here", args![count, problem])
            }
            Event::AlreadyThere { document, entries, .. } => {
                let entries: Vec<_> = entries.iter().map(u64::to_string).collect();
                let (document, entries) = (title(document), words.list(&entries));
                words.say("sync-already-there", args![document, entries])
            }
            Event::NowWaits { statement, .. } => {
                now_waits(replica, words, statement, now_ms).unwrap_or_default()
            }
            Event::Diverged { document, divergence } => {
                let seq = replica.document(*document).map_or(0, |document| document.len());
                let problem = words.divergence(divergence);
                words.say("verify-failed", args![document = title(document), seq, problem])
            }
            Event::Forked { document, seq } => words.say("forked", args![document = title(document), seq]),
            Event::NotAttested { problem } => words.say("attested-unfit", args![problem = problem.as_str()]),
            Event::Contradicted { title, .. } => {
                words.say("attested-contradicted", args![document = title.as_str()])
            }
            Event::Rewound { document, had, has } => {
                let when = Setting::of(replica, now_ms).map(|setting| setting.time(words, now_ms));
                let (from, to) = (had.seq, has.map_or(0, |has| has.seq));
                let (when, document) = (when.unwrap_or_default(), title(document));
                words.say("rewind-notice", args![when, from, to, document])
            }
            Event::Welcomed { clock_ahead_ms, .. } => {
                words.say("relay-clock", args![duration = words.duration(clock_ahead_ms.unsigned_abs())])
            }
            _ => String::new(),
        }
    }
}

/// Somebody who wrote without a connection did not know that it would have to wait.
fn now_waits(replica: &Replica, words: &Words, statement: &StatementId, now_ms: u64) -> Option<String> {
    let proposal = HeldShow::of(replica, statement, now_ms).ok()?.proposal;
    let deciders = match proposal.deciders.is_empty() {
        true => words.say("none", args![]),
        false => proposal.one_of_each(words),
    };
    let (place, id) = (proposal.place_text(words), proposal.id.as_str());
    Some(words.say("sync-now-waits", args![place, deciders, id]))
}
