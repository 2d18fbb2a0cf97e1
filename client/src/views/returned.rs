//! Suggestions of the reader's that came back, to be taken up again.

use entente_shared::document::Closure;
use entente_shared::ids::*;
use serde::Serialize;

use super::changes::{ChangeLine, changes};
use super::ids::Ids;
use super::place::Naming;
use super::setting::{PersonRef, Setting};
use super::table::Table;
use crate::args;
use crate::replica::{CommandError, Replica, Returned};
use crate::words::Words;

/// One suggestion that came back.
#[derive(Clone, Serialize)]
pub struct SentBack {
    /// Its short name.
    pub id: String,
    /// Its id.
    pub statement: StatementId,
    /// The document.
    pub document: DocumentId,
    /// The document's title; empty for the ground rules.
    pub title: String,
    /// Why: `returned` with notes, or `orphaned` with what it built on.
    pub outcome: &'static str,
    /// Who decided so.
    pub by: Option<PersonRef>,
    /// When the relay received that (milliseconds since 1970).
    pub time_ms: u64,
    /// Their notes.
    pub reason: Option<String>,
    /// What it would change on what stands now; nothing if all of it stands.
    pub changes: Vec<ChangeLine>,
    #[serde(skip)]
    setting: Setting,
}

impl SentBack {
    /// Everything of the reader's that came back, oldest first.
    ///
    /// # Errors
    ///
    /// There is no partnership here yet.
    pub fn all(replica: &Replica, setting: &Setting, ids: &Ids) -> Result<Vec<Self>, CommandError> {
        let returned = replica.returned().into_iter();
        let all = returned.map(|(document, one)| Self::of(replica, setting, ids, document, one));
        let mut all = all.collect::<Result<Vec<_>, _>>()?;
        all.sort_by_key(|one| (one.time_ms, one.statement));
        Ok(all)
    }

    fn of(
        replica: &Replica,
        setting: &Setting,
        ids: &Ids,
        document: DocumentId,
        returned: &Returned,
    ) -> Result<Self, CommandError> {
        let replicated = replica.replicated(document)?;
        let state = replicated.ledger().document();
        let statement = returned.statement.id;
        // An orphan has the notes that came to what it built on.
        let mut closure = state.closures().get(&statement);
        let outcome = if matches!(closure, Some(Closure::Orphaned { .. })) { "orphaned" } else { "returned" };
        while let Some(Closure::Orphaned { of }) = closure {
            closure = state.closures().get(of);
        }
        let by = match closure {
            Some(Closure::Declined { by, .. } | Closure::Withdrawn { by }) => replicated.origins().get(by),
            _ => None,
        };
        let naming = Naming::new(setting, replicated);
        let (effective, (_, edits)) = (replicated.effective(), replica.revision(&statement)?);
        let mut lines = Vec::new();
        for (section, wanted) in replicated.with_edits(&edits) {
            let now = effective.get(&section).map(|content| content.value());
            lines.extend(changes(&naming, &section, now.as_ref(), Some(&wanted.value())));
        }
        Ok(Self {
            id: ids.short(&statement),
            statement,
            document,
            title: state.title().to_owned(),
            outcome,
            by: by.and_then(|origin| setting.person_of(&origin.device)),
            time_ms: by.map_or(0, |origin| origin.time_ms),
            reason: by.and_then(|origin| origin.text.clone()),
            changes: lines,
            setting: setting.clone(),
        })
    }

    /// Adds its lines to a table: name, place, change, who and when.
    pub(super) fn rows(&self, words: &Words, table: &mut Table) {
        let by = self.by.as_ref().map(|person| self.setting.name(words, person));
        let by = by.unwrap_or_else(|| words.say("someone-unknown", args![]));
        let time =
            self.setting.time_of(words, self.time_ms, self.by.as_ref().and_then(|by| by.party.as_ref()));
        let by = format!("{by}, {time}");
        let mut lines: Vec<(String, String)> = (self.changes.iter())
            .map(|change| (change.place_text(words.lang()).to_owned(), change.values_text(words)))
            .collect();
        if lines.is_empty() {
            lines.push((words.say("held-revise-nothing", args![]), String::new()));
        }
        for (number, (place, values)) in lines.into_iter().enumerate() {
            let first = |text: &str| if number == 0 { text.to_owned() } else { String::new() };
            table.row([first(&self.id), place, values, first(&by)]);
        }
        let mut over = |line: String| {
            table.row_over([String::new(), line]);
        };
        if self.outcome == "orphaned" {
            over(words.say("held-orphaned-note", args![]));
        }
        if let Some(reason) = &self.reason {
            over(words.say("quoted", args![text = reason.as_str()]));
        }
        if !self.changes.is_empty() {
            over(words.say("held-revise-hint", args![id = self.id.as_str()]));
        }
    }
}
