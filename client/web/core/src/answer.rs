//! What a call answers: a value, or why nothing was done, in both languages.

use entente_client::words::{Args, Lang, Words};
use entente_shared::kinds;
use serde::Serialize;
use serde_json::Value;

/// The sentences of both languages.
pub struct Both([Words; 2]);

/// A value as JSON, or why there is none.
pub type Answer = Result<Value, Failed>;

/// Why something was not done. Boxed: most calls succeed.
pub type Failed = Box<Problem>;

/// Why something was not done: what happened, and what to try or whom to ask.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// For programs: `refused`, `usage`, `closed`, `offline`, `damaged`.
    pub code: &'static str,
    /// For people.
    pub said: kinds::Words,
}

impl Both {
    /// Loads the sentences.
    pub fn new() -> Self {
        Self(Lang::ALL.map(Words::for_app))
    }

    /// The sentences of each language.
    pub fn all(&self) -> &[Words] {
        &self.0
    }

    /// Says something in both languages.
    pub fn of(&self, say: impl Fn(&Words) -> String) -> kinds::Words {
        let [ru, en] = &self.0;
        kinds::Words { ru: say(ru), en: say(en) }
    }

    /// Says a sentence in both languages.
    pub fn say(&self, id: &str, args: Args<'_>) -> kinds::Words {
        let copy = || args.iter().map(|(name, value)| (name.to_owned(), value.clone())).collect();
        self.of(|words| words.say(id, copy()))
    }

    /// A problem in the words of a sentence.
    pub fn problem(&self, code: &'static str, id: &str, args: Args<'_>) -> Failed {
        Box::new(Problem { code, said: self.say(id, args) })
    }

    /// A problem of the program or of what called it, which no sentence describes.
    pub fn internal(&self, problem: &str) -> Failed {
        self.problem("usage", "internal", entente_client::args![problem])
    }
}

impl Default for Both {
    fn default() -> Self {
        Self::new()
    }
}

/// Writes a value as JSON.
pub fn json(value: &impl Serialize) -> Answer {
    serde_json::to_value(value).map_err(|error| {
        let text = error.to_string();
        Box::new(Problem { code: "usage", said: kinds::Words { ru: text.clone(), en: text } })
    })
}

/// Writes a value as JSON with further fields.
pub fn with(value: &impl Serialize, more: impl IntoIterator<Item = (&'static str, Value)>) -> Answer {
    let mut whole = json(value)?;
    if let Value::Object(fields) = &mut whole {
        fields.extend(more.into_iter().map(|(key, value)| (key.to_owned(), value)));
    }
    Ok(whole)
}
