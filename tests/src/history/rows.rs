//! What people do with rows, lists, whole texts, translations and conflicts, among the rest.

use entente_client::replica::CommandError;
use entente_shared::content::{EditCommand, Path, Section, Value, order};
use entente_shared::ids::*;

use super::History;
use crate::places::{added_function, column, function, rewrite};

impl History {
    /// Rows come, move and go, also while others write in them.
    pub(super) fn rows(&mut self) -> Result<(), CommandError> {
        let (by, _) = self.somebody()?;
        let functions: SectionId = "functions".into();
        if self.world.draw(3) == 0 {
            let (id, word) = (self.world.draw_uuid(), self.word(&by));
            return self.write(&by, self.matrix, &functions, &word, added_function(&id, &word));
        }
        let row = self.any_function(&by)?;
        let path = Path::new(["functions", &row]);
        let command = match self.world.draw(3) {
            0 => EditCommand::RemoveRow { path },
            1 => EditCommand::MoveRow { path, order: order::between(None, None) },
            _ => {
                let word = self.whole_word(&by);
                let command = rewrite(&["functions", &row, "label", "en"], &word);
                return self.write(&by, self.matrix, &functions, &word, command);
            }
        };
        self.world.edit(&by, self.matrix, &functions, command).map(|_| ())
    }

    /// A word that shares neither its first nor its last letter with any other: what a new text and
    /// the old one have in common there is not written again.
    fn whole_word(&mut self, by: &str) -> String {
        self.words += 1;
        let own = u32::try_from(self.words).ok().and_then(|number| char::from_u32(0x4e00 + number));
        let by: String = by.chars().filter(char::is_ascii_alphabetic).collect();
        let own = own.unwrap_or_default();
        format!("{own}{by}{own}")
    }

    /// One of the functions that a person sees.
    fn any_function(&mut self, by: &str) -> Result<String, CommandError> {
        let working = self.world.replica(by).working(self.matrix)?;
        let content = working.get(&"functions".into()).map(|section| section.value());
        let rows = content.as_ref().and_then(|content| content.get("functions")).and_then(Value::as_map);
        let ids: Vec<String> = rows.into_iter().flatten().map(|(id, _)| id.clone()).collect();
        let drawn = self.world.draw(ids.len().max(1));
        ids.get(drawn).cloned().ok_or(CommandError::UnknownDocument)
    }

    /// Lists are written in, texts are given new content, translations are declared to fit.
    pub(super) fn lists_and_texts(&mut self) -> Result<(), CommandError> {
        let (by, team) = self.somebody()?;
        let (section, cell) = (column(team.as_str()), function(self.function()));
        let links = Path::new(["cells", &cell, "evidence"]);
        let at = self.world.draw(3) as u32;
        let command = match self.world.draw(4) {
            0 => {
                let item = format!("https://example.org/{}", self.world.draw_uuid());
                EditCommand::ListInsert { path: links, at: 0, item }
            }
            1 => EditCommand::ListRemove { path: links, at },
            2 => EditCommand::MarkTranslated { path: Path::new(["cells", &cell, "note"]) },
            _ => {
                let word = self.whole_word(&by);
                let language = ["ru", "en"][self.world.draw(2)];
                let command = rewrite(&["cells", &cell, "note", language], &word);
                return self.write(&by, self.matrix, &section, &word, command);
            }
        };
        self.world.edit(&by, self.matrix, &section, command).map(|_| ())
    }

    /// Somebody chooses between two values that were written at the same time.
    pub(super) fn settle_conflict(&mut self) -> Result<(), CommandError> {
        let (by, _) = self.somebody()?;
        for document in [self.matrix, self.brief] {
            let working = self.world.replica(&by).working(document)?;
            let conflict = |(name, section): (&SectionId, &&Section)| {
                Some((name.clone(), section.conflicts().into_iter().next()?))
            };
            let Some((section, conflict)) = working.iter().find_map(conflict) else { continue };
            let drawn = self.world.draw(conflict.values.len().max(1));
            let Some(chosen) = conflict.values.get(drawn) else { continue };
            let command = EditCommand::Resolve { path: conflict.path, value: chosen.value.clone() };
            return self.world.edit(&by, document, &section, command).map(|_| ());
        }
        Ok(())
    }
}
