//! Editing documents, and speaking about them.

use entente_client::replica::{CommandError, EditOutcome, Foreseen, Now};
use entente_client::toward::toward;
use entente_client::undo::Noted;
use entente_client::views::{Point, Saying, saying};
use entente_client::words::read_money;
use entente_shared::content::{EditCommand, Path, Value};
use entente_shared::ids::*;
use entente_shared::kinds::{Field, FieldType, Lang, Slot};
use entente_shared::money::Amount;
use serde_json::json;

use super::Edits;
use crate::answer::Answer;
use crate::engine::Engine;

impl Engine {
    pub(super) fn edit(
        &mut self,
        now: &mut Now<'_>,
        document: DocumentId,
        edits: Edits,
        message: Option<String>,
    ) -> Answer {
        let edits = self.as_stored(document, edits);
        let noted = Noted::of(&self.replica, document, &edits);
        let outcome = self.replica.edit_all(now, document, edits, message);
        let outcome = self.done(outcome, now.ms)?;
        if outcome == EditOutcome::Saved {
            self.undo.take(&self.replica, noted, now.ms);
        }
        self.edited(now, document, &outcome)
    }

    pub(super) fn edited(
        &mut self,
        now: &mut Now<'_>,
        document: DocumentId,
        outcome: &EditOutcome,
    ) -> Answer {
        match outcome {
            EditOutcome::Saved => Ok(json!({ "became": "saved" })),
            EditOutcome::Nothing => Ok(json!({ "became": "nothing" })),
            EditOutcome::Suggested { statement, needs } => {
                self.replica.flush(now);
                let deciders = self.deciders(document, needs, now.ms)?;
                let said = self.suggested(needs, now.ms)?;
                Ok(
                    json!({ "became": "suggested", "statement": statement, "deciders": deciders, "said": said }),
                )
            }
        }
    }

    /// Says something in the talk. A decision also stands where decisions stand, if the reader may
    /// write there; otherwise its thread alone carries it.
    pub(super) fn say(
        &mut self,
        now: &mut Now<'_>,
        document: DocumentId,
        what: &Saying,
        lang: Lang,
    ) -> Answer {
        let edits = saying(&self.replica, now, document, what, lang);
        let mut edits = self.done(edits, now.ms)?;
        if edits.len() > 1 && !matches!(self.replica.foresee(now, document, &edits), Ok(Foreseen::Saved)) {
            edits.truncate(1);
        }
        self.edit(now, document, edits, None)
    }

    /// Amounts of money as documents hold them, where people typed them as they read them.
    fn as_stored(&self, document: DocumentId, mut edits: Edits) -> Edits {
        let Ok(kind) = self.replica.document(document).map(|document| document.kind()) else { return edits };
        for (section, commands) in &mut edits {
            for command in commands {
                let EditCommand::SetScalar { path, value: Value::String(text) } = command else { continue };
                let slot = kind.slot(section, path);
                let is_money = matches!(slot, Some(Slot::Field(Field { ty: FieldType::Money, .. })));
                if let Some(amount) = read_money(text).filter(|_| is_money && Amount::parse(text).is_none()) {
                    *text = amount.to_string();
                }
            }
        }
        edits
    }

    pub(super) fn foresee(&self, now: &mut Now<'_>, document: DocumentId, edits: Edits) -> Answer {
        match self.replica.foresee(now, document, &self.as_stored(document, edits)) {
            Ok(Foreseen::Saved) => Ok(json!({ "would": "save" })),
            Ok(Foreseen::Nothing) => Ok(json!({ "would": "nothing" })),
            Ok(Foreseen::Suggested { needs }) => {
                let deciders = self.deciders(document, &needs, now.ms)?;
                let said = self.suggested(&needs, now.ms)?;
                Ok(json!({ "would": "suggest", "deciders": deciders, "said": said }))
            }
            Err(error @ CommandError::Refused(_)) => {
                Ok(json!({ "would": "refuse", "said": self.failed(&error, now.ms).said }))
            }
            Err(error) => Err(self.failed(&error, now.ms)),
        }
    }

    /// Writes a place of a section as it was, as a new edit.
    pub(super) fn restore(
        &mut self,
        now: &mut Now<'_>,
        document: DocumentId,
        section: SectionId,
        path: &Path,
        to: Point,
        message: Option<String>,
    ) -> Answer {
        let kept = self.lent.get(&document).cloned().unwrap_or_default();
        let seq = match to {
            Point::Entry(seq) => seq,
            Point::Time(at_ms) => {
                let before = kept.iter().rev().find(|one| one.time_ms <= at_ms);
                before.or(kept.first()).map_or(0, |one| one.position.seq)
            }
            Point::Head => u64::MAX,
        };
        let then = self.replica.content_at(&kept, seq);
        let then = then.map_err(|error| self.words.internal(&error.to_string()))?;
        let unknown = || self.failed(&CommandError::UnknownSection(section.clone()), now.ms);
        let wanted = then.get(&section).ok_or_else(unknown)?.value();
        let working = self.done(self.replica.working(document), now.ms)?;
        let present = working.get(&section).ok_or_else(unknown)?.value();
        let kind = self.done(self.replica.document(document), now.ms)?.kind();
        let commands = toward(kind, &section, path, present.at(path), wanted.at(path));
        if commands.is_empty() {
            return Ok(json!({ "became": "nothing" }));
        }
        self.edit(now, document, vec![(section, commands)], message)
    }
}
