//! The fields that people of the stories write in.

use std::collections::BTreeMap;

use entente_shared::content::{EditCommand, Path, Value, order};
use entente_shared::ids::*;
use entente_shared::kinds;

/// A team's column in the matrix.
pub fn column(team: &str) -> SectionId {
    SectionId::new(format!("party/{team}"))
}

/// A market's part of the brief of a team.
pub fn market_part(team: &str) -> SectionId {
    SectionId::new(format!("market/{}", crate::teams::market(team)))
}

/// The UUID of a function that every matrix has, by its key in the template.
///
/// # Panics
///
/// If the template has no such function.
pub fn function(key: &str) -> String {
    let kind = kinds::newest(&"matrix".into()).expect("the matrix is a known kind");
    let field = kind.section(&"functions".into()).and_then(|section| section.field("functions"));
    let rows = field.and_then(|field| field.rows()).expect("functions are rows");
    let row = rows.template.iter().find(|row| row.key == key).expect("a function of the template");
    row.id.clone()
}

/// Sets after how many working hours the first question of a matrix goes further.
///
/// # Panics
///
/// If the template has no such question.
pub fn after_hours(hours: i64) -> EditCommand {
    let kind = kinds::newest(&"matrix".into()).expect("the matrix is a known kind");
    let field = kind.section(&"escalation".into()).and_then(|section| section.field("steps"));
    let rows = field.and_then(|field| field.rows()).expect("steps are rows");
    let path = Path::new(["steps", rows.template[0].id.as_str(), "after_hours"]);
    EditCommand::SetScalar { path, value: Value::Int(hours) }
}

/// Sets what a team says of a function: `own`, `support`, `none` or `discuss`.
pub fn claim(key: &str, word: &str) -> EditCommand {
    let path = Path::new(["cells", &function(key), "claim"]);
    EditCommand::SetScalar { path, value: Value::string(word) }
}

/// Names who does a function.
pub fn named(key: &str, name: &str) -> EditCommand {
    let path = Path::new(["cells", &function(key), "person"]);
    EditCommand::SetScalar { path, value: Value::string(name) }
}

/// Writes a note at the beginning of a cell's note.
pub fn noted(key: &str, words: &str) -> EditCommand {
    insert(&["cells", &function(key), "note", "en"], words)
}

/// Writes at the beginning of a text.
pub fn insert(path: &[&str], words: &str) -> EditCommand {
    let path = Path::new(path.iter().copied());
    EditCommand::SpliceText { path, at: 0, delete: 0, insert: words.to_owned() }
}

/// Gives a text new content.
pub fn rewrite(path: &[&str], words: &str) -> EditCommand {
    EditCommand::SetText { path: Path::new(path.iter().copied()), new: words.to_owned() }
}

/// Says something in the talk.
pub fn said(id: &str, words: &str) -> EditCommand {
    let fields = BTreeMap::from([("text".to_owned(), Value::Text(words.to_owned()))]);
    let order = order::between(None, None);
    EditCommand::AddRow { path: Path::new(["messages"]), id: id.to_owned(), order, fields }
}

/// Adds a function.
pub fn added_function(id: &str, words: &str) -> EditCommand {
    let label = Value::Map(BTreeMap::from([("en".to_owned(), Value::Text(words.to_owned()))]));
    let fields = BTreeMap::from([("label".to_owned(), label)]);
    let order = order::between(None, None);
    EditCommand::AddRow { path: Path::new(["functions"]), id: id.to_owned(), order, fields }
}
