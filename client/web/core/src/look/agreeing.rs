//! How far sections have come towards an agreement, and what needs the reader for it.

use entente_client::replica::CommandError;
use entente_client::views::{Compared, Inbox, SignLine, StandingLine, Versions, unready_texts};
use entente_shared::ids::*;
use entente_shared::judge::Unready;
use serde_json::{Value, json};

use crate::answer::{Answer, Failed, json, with};
use crate::engine::Engine;

impl Engine {
    /// A section's versions and its stages.
    pub(super) fn versions(&self, document: DocumentId, section: &SectionId, now_ms: u64) -> Answer {
        let failed = |error: CommandError| self.failed(&error, now_ms);
        let versions = Versions::of(&self.replica, document, section, now_ms).map_err(failed)?;
        let stage =
            |one| with(one, [("who_said", json(&self.words.of(|words| versions.stage_text(words, one)))?)]);
        let stages = versions.stages.iter().map(stage).collect::<Result<_, _>>()?;
        with(&versions, [("stages", Value::Array(stages))])
    }

    /// A section beside what was sent and signed before, and what a signature would be on.
    pub(super) fn compared(&self, document: DocumentId, section: &SectionId, now_ms: u64) -> Answer {
        let failed = |error: CommandError| self.failed(&error, now_ms);
        let compared = Compared::of(&self.replica, document, section, now_ms).map_err(failed)?;
        let signing = match &compared.signing {
            Some(signing) => {
                with(signing, [("unready", self.unready(document, section, &signing.unready)?)])?
            }
            None => Value::Null,
        };
        with(&compared, [("signing", signing)])
    }

    fn unready(&self, document: DocumentId, section: &SectionId, reasons: &[Unready]) -> Answer {
        let mut lines = reasons.iter().map(json).collect::<Result<Vec<_>, _>>()?;
        let said = self.words.all().iter().map(|words| {
            (words.lang().key(), unready_texts(&self.replica, document, section, reasons, words))
        });
        for (lang, texts) in said {
            for (line, text) in lines.iter_mut().zip(texts) {
                line["said"][lang] = json!(text);
            }
        }
        Ok(Value::Array(lines))
    }

    /// Where sections stand, each in words.
    pub(super) fn standing(&self, lines: &[StandingLine]) -> Result<Vec<Value>, Failed> {
        let said =
            |line: &StandingLine| with(line, [("said", json(&self.words.of(|words| line.text(words)))?)]);
        lines.iter().map(said).collect()
    }

    pub(super) fn inbox(&self, now_ms: u64) -> Answer {
        let inbox = Inbox::of(&self.replica, now_ms).map_err(|error| self.failed(&error, now_ms))?;
        let line = |one: &SignLine| {
            let mut standing = self.standing(std::slice::from_ref(&one.standing))?;
            with(one, [("standing", standing.pop().unwrap_or_default())])
        };
        let to_sign = inbox.to_sign.iter().map(line).collect::<Result<_, _>>()?;
        with(&inbox, [("to_sign", Value::Array(to_sign))])
    }
}
