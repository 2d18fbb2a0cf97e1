//! Suggestions that wait: for the reader, and for others.

use entente_shared::ids::StatementId;
use serde::Serialize;

use super::ids::Ids;
use super::local::LocalLine;
use super::proposal::Proposal;
use super::returned::SentBack;
use super::setting::Setting;
use super::table::Table;
use crate::args;
use crate::replica::{CommandError, Replica};
use crate::words::Words;

/// Every open suggestion.
#[derive(Clone, Serialize)]
pub struct HeldList {
    /// Those that the reader can decide, oldest first.
    pub waiting_for_you: Vec<Proposal>,
    /// The others, oldest first.
    pub waiting_for_others: Vec<Proposal>,
    /// Versions that were approved instead of a team that was closed, and that it has not answered yet:
    /// those that the reader answers first.
    pub to_ratify: Vec<LocalLine>,
    /// The reader's that came back and were not taken up again, oldest first.
    pub sent_back: Vec<SentBack>,
}

/// One suggestion in full.
#[derive(Clone, Serialize)]
#[serde(transparent)]
pub struct HeldShow {
    /// The suggestion.
    pub proposal: Proposal,
}

impl HeldList {
    /// Lists what is open at `now_ms` (milliseconds since 1970).
    ///
    /// # Errors
    ///
    /// There is no partnership here yet.
    pub fn of(replica: &Replica, now_ms: u64) -> Result<Self, CommandError> {
        let setting = Setting::of(replica, now_ms)?;
        let ids = Ids::of(replica);
        let charter = replica.charter_id()?;
        let mut all = Vec::new();
        for document in [charter].into_iter().chain(replica.documents().keys().copied()) {
            for hold in replica.document(document)?.open_holds().values() {
                all.push(Proposal::of(replica, &setting, &ids, document, hold)?);
            }
        }
        all.sort_by_key(|one| (one.received_ms.unwrap_or(u64::MAX), one.written_ms, one.statement));
        let (waiting_for_you, waiting_for_others) = all.into_iter().partition(|one| one.yours);
        let sent_back = SentBack::all(replica, &setting, &ids)?;
        let mut to_ratify = LocalLine::all(replica, &setting)?;
        to_ratify.retain(|line| line.used.answer.is_none());
        to_ratify.sort_by_key(|line| !line.yours);
        Ok(Self { waiting_for_you, waiting_for_others, to_ratify, sent_back })
    }

    /// The lists for people.
    pub fn text(&self, words: &Words) -> String {
        let mut text = String::new();
        if self.waiting_for_you.is_empty() {
            text += &(words.say("held-none", args![]) + "\n");
        } else {
            text += &(words.say("status-waiting-you", args![]) + "\n");
            let mut table = Table::default();
            self.waiting_for_you.iter().for_each(|one| one.rows(words, &mut table));
            text += &table.text("  ");
        }
        if !self.to_ratify.is_empty() {
            text += &(words.say("held-to-ratify", args![]) + "\n");
            let mut table = Table::default();
            for line in &self.to_ratify {
                table.row([line.id.clone(), format!("{} · {}", line.title, line.text(words))]);
                if line.yours {
                    let id = line.id.as_str();
                    table.row_over([String::new(), words.say("held-ratify-hint", args![id])]);
                }
            }
            text += &table.text("  ");
        }
        if !self.waiting_for_others.is_empty() {
            text += &(words.say("status-waiting-others", args![]) + "\n");
            let mut table = Table::default();
            for one in &self.waiting_for_others {
                one.rows(words, &mut table);
                table.row_over([String::new(), one.deciders_text(words)]);
            }
            text += &table.text("  ");
        }
        if !self.sent_back.is_empty() {
            text += &(words.say("held-sent-back", args![]) + "\n");
            let mut table = Table::default();
            self.sent_back.iter().for_each(|one| one.rows(words, &mut table));
            text += &table.text("  ");
        }
        text
    }
}

impl HeldShow {
    /// Looks at one open suggestion.
    ///
    /// # Errors
    ///
    /// It is not open, or there is no partnership here yet.
    pub fn of(replica: &Replica, statement: &StatementId, now_ms: u64) -> Result<Self, CommandError> {
        let setting = Setting::of(replica, now_ms)?;
        let (document, hold) = replica.find_hold(statement)?;
        let proposal = Proposal::of(replica, &setting, &Ids::of(replica), document, hold)?;
        Ok(Self { proposal })
    }

    /// The suggestion for people.
    pub fn text(&self, words: &Words) -> String {
        self.proposal.text(words)
    }
}
