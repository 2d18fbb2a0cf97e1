//! The story: two teams agree on who does what, lose sight of each other, and meet again.

mod agreed;
mod apart;
mod founding;
mod hurry;
mod signed;
mod together;

use std::path::Path;

use anyhow::Context as _;
use serde_json::Value;

use super::person::Person;
use super::relay::Relay;
use super::stage::Stage;

/// The matrix, as commands take it.
const MATRIX: &str = "who-does-what";

/// Everybody who plays.
pub struct Cast {
    /// Leads the brand's team in Moscow; founds.
    pub anna: Person,
    /// Her deputy, lead as well.
    pub pavel: Person,
    /// Coordinates, from Moscow.
    pub vera: Person,
    /// Leads the agency's team in New York.
    pub dana: Person,
    /// Her deputy, lead as well.
    pub lee: Person,
    /// Account manager in New York.
    pub chris: Person,
}

impl Cast {
    fn new(folder: &Path) -> Self {
        let person = |prompt, name| Person::new(folder, prompt, name);
        Self {
            anna: person("anna", "Anna Orlova"),
            pavel: person("pavel", "Pavel Sokolov"),
            vera: person("vera", "Vera Lind"),
            dana: person("dana", "Dana Reyes"),
            lee: person("lee", "Lee Wong"),
            chris: person("chris", "Chris Park"),
        }
    }

    fn all(&self) -> [&Person; 6] {
        [&self.anna, &self.pavel, &self.vera, &self.dana, &self.lee, &self.chris]
    }
}

/// Plays it from the founding to the check of every copy; gives who can invite one more.
///
/// # Errors
/// Something happened otherwise than told.
pub fn play(stage: &Stage, relay: &mut Relay, folder: &Path) -> anyhow::Result<Person> {
    let cast = Cast::new(folder);
    founding::play(stage, relay, &cast)?;
    agreed::play(stage, &cast)?;
    apart::play(stage, &cast)?;
    together::play(stage, &cast)?;
    signed::play(stage, &cast)?;
    together::check_copies(stage, relay, &cast)?;
    relay.check_running()?;
    hurry::play(stage, folder)?;
    Ok(cast.anna)
}

/// The items of a list in what a program answered.
fn items(value: &Value) -> anyhow::Result<&[Value]> {
    value.as_array().map(Vec::as_slice).with_context(|| format!("a list was expected: {value}"))
}

/// The texts at `key` in each item of a list, such as the names of people.
fn each<'a>(list: &'a Value, pointer: &str) -> anyhow::Result<Vec<&'a str>> {
    let texts = items(list)?.iter().map(|item| item.pointer(pointer).and_then(Value::as_str));
    texts.map(|text| text.with_context(|| format!("no {pointer} in {list}"))).collect()
}
