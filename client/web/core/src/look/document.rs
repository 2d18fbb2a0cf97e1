//! One document: its content, its texts, who looks at it, and its record.

use std::collections::BTreeMap;

use entente_client::args;
use entente_client::replica::CommandError;
use entente_client::views::{BandLine, DocShow, Naming, SectionAccess, Verified, both_edited, who_decides};
use entente_shared::content::{Path, Value as Content, order, translated_source, value_at};
use entente_shared::ids::*;
use entente_shared::kinds::Lang;
use entente_shared::verify::Verifier;
use entente_shared::views::Bilingual;
use serde_json::{Value, json};

use crate::answer::{Answer, Failed, json, with};
use crate::engine::Engine;

impl Engine {
    pub(super) fn document(&self, document: DocumentId, now_ms: u64) -> Answer {
        let failed = |error: CommandError| self.failed(&error, now_ms);
        let shown = DocShow::of(&self.replica, document, now_ms).map_err(failed)?;
        let setting = self.setting(now_ms).map_err(failed)?;
        let access = SectionAccess::all(&self.replica, document, now_ms).map_err(failed)?;
        let titles: Vec<_> = shown.content.sections.iter().map(|section| section.title.clone()).collect();
        let decides = self.words.of(|words| who_decides(&setting, &access, &titles, words));
        let access: Vec<Value> = access
            .iter()
            .map(|one| {
                let said = json(&self.words.of(|words| one.writers_text(words, &setting)))?;
                with(one, [("writers_said", said)])
            })
            .collect::<Result<_, _>>()?;
        let band = |one: &BandLine| with(one, [("said", json(&self.words.of(|words| one.text(words)))?)]);
        let bands = shown.bands.iter().map(band).collect::<Result<_, Failed>>()?;
        let both = both_edited(&self.replica, document).map_err(failed)?;
        let both: Vec<_> =
            both.iter().map(|(section, path)| json!({ "section": section, "path": path })).collect();
        let stopped = self.replica.stopped().get(&document);
        let stopped = stopped.map(|divergence| self.words.of(|words| words.divergence(divergence)));
        let more = [
            ("access", Value::Array(access)),
            ("standing", Value::Array(self.standing(&shown.standing)?)),
            ("bands", Value::Array(bands)),
            ("decides_said", json(&decides)?),
            ("can_undo", json!(self.undo.can_undo(document))),
            ("can_redo", json!(self.undo.can_redo(document))),
            ("stopped", json(&stopped)?),
            ("both_edited", json(&both)?),
        ];
        with(&shown, more)
    }

    /// Tells texts apart as `markOf` of the interface does: FNV-1a over UTF-16 units, with their count.
    /// `None` if there is no such section here.
    pub fn text_mark(&self, document: DocumentId, section: &SectionId, path: &Path) -> Option<String> {
        let working = self.replica.working(document).ok()?;
        // A text that nobody has begun is empty.
        let text = value_at(working.get(section)?.doc(), path);
        let text = text.as_ref().and_then(Content::as_str).unwrap_or_default();
        let (mut hash, mut count) = (0x811c_9dc5_u32, 0_usize);
        for unit in text.encode_utf16() {
            hash = (hash ^ u32::from(unit)).wrapping_mul(0x0100_0193);
            count += 1;
        }
        Some(format!("{count}-{hash}"))
    }

    pub(super) fn text(&self, document: DocumentId, section: &SectionId, path: &Path, now_ms: u64) -> Answer {
        let working = self.replica.working(document).map_err(|error| self.failed(&error, now_ms))?;
        let content = working
            .get(section)
            .ok_or_else(|| self.failed(&CommandError::UnknownSection(section.clone()), now_ms))?;
        let text = value_at(content.doc(), path);
        Ok(json!({ "text": text.as_ref().and_then(Content::as_str).unwrap_or_default() }))
    }

    /// The people who look at a document, each once, with the section that they are in.
    pub(super) fn presence(&self, document: DocumentId, now_ms: u64) -> Answer {
        let failed = |error: CommandError| self.failed(&error, now_ms);
        let setting = self.setting(now_ms).map_err(failed)?;
        let naming = Naming::new(&setting, self.replica.replicated(document).map_err(failed)?);
        let mut people: BTreeMap<PersonId, Value> = BTreeMap::new();
        for present in self.replica.present(document) {
            let Some(person) = setting.person_of(&present.device).filter(|one| !setting.is_me(&one.id))
            else {
                continue;
            };
            let label =
                |section: &SectionId| self.words.of(|words| naming.section_title(section, words.lang()));
            let section = present.section.as_ref().map(label);
            let known = people.entry(person.id).or_insert(Value::Null);
            if known.is_null() || section.is_some() {
                *known = json!({ "person": person, "section": section });
            }
        }
        Ok(json!({ "people": people.into_values().collect::<Vec<_>>() }))
    }

    /// The source text as it was translated, and as it is now.
    pub(super) fn translated(
        &self,
        document: DocumentId,
        section: &SectionId,
        path: &Path,
        now_ms: u64,
    ) -> Answer {
        let working = self.replica.working(document).map_err(|error| self.failed(&error, now_ms))?;
        let content = working
            .get(section)
            .ok_or_else(|| self.failed(&CommandError::UnknownSection(section.clone()), now_ms))?;
        let value = value_at(content.doc(), path).unwrap_or(Content::Null);
        let text = Bilingual::read(&value);
        let source = text.source.unwrap_or(if text.ru.is_empty() { Lang::En } else { Lang::Ru });
        let then = translated_source(&mut content.doc().clone(), path, source.key());
        Ok(json!({ "source": source, "then": then, "now": text.get(source) }))
    }

    pub(super) fn verified(&self) -> Answer {
        let evidence = |document: &DocumentId| {
            let kept = self.lent.get(document).map(Vec::as_slice).unwrap_or_default();
            kept.iter().filter_map(|one| one.evidence()).collect::<Vec<_>>()
        };
        let Ok(charter) = self.replica.charter_id() else {
            return Err(self.words.problem("usage", "status-never-synced", args![]));
        };
        let mut verifier = Verifier::new(self.replica.profile().partnership, evidence(&charter));
        for document in self.replica.documents().keys() {
            let entries = evidence(document);
            if !entries.is_empty() {
                verifier.ledger(entries);
            }
        }
        let verified = Verified::of(&self.replica, verifier.reports());
        with(&verified, [("said", json(&self.words.of(|words| verified.text(words)))?)])
    }

    pub(super) fn order(
        &self,
        document: DocumentId,
        section: &SectionId,
        path: &Path,
        after: Option<&str>,
    ) -> Result<String, CommandError> {
        let working = self.replica.working(document)?;
        let content = working.get(section).ok_or_else(|| CommandError::UnknownSection(section.clone()))?;
        let rows = value_at(content.doc(), path);
        let rows = rows.as_ref().and_then(Content::as_map);
        let mut keys: Vec<(&str, &str)> = rows
            .into_iter()
            .flatten()
            .filter_map(|(id, row)| Some((row.get("order")?.as_str()?, id.as_str())))
            .collect();
        keys.sort_unstable();
        let place = after.and_then(|after| keys.iter().position(|(_, id)| *id == after));
        let next = place.map_or(0, |place| place + 1);
        let before = place.map(|place| keys[place].0);
        Ok(order::between(before, keys.get(next).map(|(key, _)| *key)))
    }
}
