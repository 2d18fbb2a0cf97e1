//! Files with a copy of the record.

use std::collections::BTreeMap;

use entente_client::args;
use entente_client::replica::{Bundle, Now};
use entente_shared::ids::*;
use serde_json::json;

use crate::answer::Answer;
use crate::engine::Engine;

impl Engine {
    /// Makes a file of ledgers and unsent statements; its bytes as base64 would be a third more, so
    /// [`Engine::exported`] has them.
    pub(super) fn export(&mut self, now: &mut Now<'_>, documents: &[DocumentId]) -> Answer {
        self.replica.commit(now);
        let ledgers: BTreeMap<_, _> = std::mem::take(&mut self.lent);
        let mut bundle = self.replica.bundle(now.ms, ledgers);
        bundle.unsent.retain(|envelope| {
            let statement = entente_shared::statement::Statement::open(envelope.clone());
            documents.is_empty() || statement.is_ok_and(|one| documents.contains(&one.header.document))
        });
        let setting = self.done(self.setting(now.ms), now.ms)?;
        let title = self.words.of(|words| setting.title(words.lang())).en;
        let plain = |letter: char| if letter.is_alphanumeric() { letter } else { '-' };
        let name: String = title.to_lowercase().chars().map(plain).collect();
        let name = name.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
        self.exported = Some(bundle.to_bytes());
        Ok(json!({ "name": format!("{name}.entente") }))
    }

    /// Takes a file in.
    ///
    /// # Errors
    ///
    /// It is none, damaged, or of another partnership; nothing is taken in then.
    pub fn import(&mut self, now: &mut Now<'_>, bytes: &[u8]) -> Answer {
        let damaged = |engine: &Self, problem: String| {
            let person = engine.words.say("someone-unknown", args![]).en;
            engine.words.problem("damaged", "bundle-damaged", args![file = "", problem, person])
        };
        let bundle = Bundle::from_bytes(bytes).map_err(|error| damaged(self, error.to_string()))?;
        let imported = self.replica.import(now, bundle).map_err(|error| damaged(self, error.to_string()))?;
        self.replica.flush(now);
        let count = imported.entries + imported.statements as u64;
        let said = self.words.say("bundle-imported", args![count, known = imported.known]);
        Ok(json!({
            "entries": imported.entries,
            "statements": imported.statements,
            "known": imported.known,
            "said": said,
        }))
    }

    /// The file that the last [`Command::Export`](crate::command::Command::Export) made.
    pub fn exported(&mut self) -> Vec<u8> {
        self.exported.take().unwrap_or_default()
    }
}
