//! Details that the shared crate and the relay tell in English, in the reader's language.
//!
//! Such details are part of what is signed or sent, so their words stay as they are there. The
//! English catalogue has each of them under an id that begins with `detail-`, with values where
//! something is filled in; what a detail says is read back by that sentence and said by the one of the
//! same id in the reader's language. `$rest` is a detail itself, `$word` has no spaces.

use std::sync::OnceLock;

use super::{Lang, Words, ids};
use crate::args;

/// Marks the places of values in an English sentence; no sentence holds it.
const MARK: char = '\u{1}';
/// How deep a detail may stand in another.
const DEPTH_MAX: usize = 6;

/// An English sentence taken apart: texts and the names of the values between them, in turn.
struct Template {
    id: &'static str,
    pieces: Vec<String>,
}

impl Template {
    fn letters(&self) -> usize {
        self.pieces.iter().step_by(2).map(String::len).sum()
    }

    /// The values in `detail`, if it is this sentence.
    fn read<'a>(&self, detail: &'a str) -> Option<Vec<(&str, &'a str)>> {
        let (first, rest) = self.pieces.split_first()?;
        let mut left = detail.strip_prefix(first.as_str())?;
        let mut values = Vec::new();
        let mut pairs = rest.chunks_exact(2).peekable();
        while let Some([name, text]) = pairs.next() {
            let is_last = pairs.peek().is_none();
            let end = match is_last {
                true => left.strip_suffix(text.as_str())?.len(),
                false => left.find(text.as_str())?,
            };
            let value = &left[..end];
            if value.is_empty() || (name == "word" && value.contains(' ')) {
                return None;
            }
            values.push((name.as_str(), value));
            left = &left[end + text.len()..];
        }
        left.is_empty().then_some(values)
    }
}

/// All English details, the most particular first.
fn templates() -> &'static [Template] {
    static TEMPLATES: OnceLock<Vec<Template>> = OnceLock::new();
    TEMPLATES.get_or_init(|| {
        let english = Words::new(Lang::En);
        let template = |id: &'static str| {
            let mut values = args![];
            for name in ["a", "b", "c", "word", "rest"] {
                values.set(name, format!("{MARK}{name}{MARK}"));
            }
            let said = english.say(id, values);
            Template { id, pieces: said.split(MARK).map(str::to_owned).collect() }
        };
        let mut all: Vec<_> = ids().filter(|id| id.starts_with("detail-")).map(template).collect();
        all.sort_by_key(|template| std::cmp::Reverse(template.letters()));
        all
    })
}

impl Words {
    /// Says a detail that was told in English; one that is not known stays as it is, marked as such.
    pub fn detail(&self, detail: &str) -> String {
        if self.lang() == Lang::En {
            return detail.to_owned();
        }
        // What is below quotes the text that was read.
        let first = detail.lines().next().unwrap_or_default();
        let known = self.known_detail(first, DEPTH_MAX);
        known.unwrap_or_else(|| self.say("details-in-english", args![detail]))
    }

    fn known_detail(&self, detail: &str, depth: usize) -> Option<String> {
        let depth = depth.checked_sub(1)?;
        templates().iter().find_map(|template| {
            let mut values = args![];
            for (name, value) in template.read(detail)? {
                match name {
                    "rest" => values.set(name.to_owned(), self.known_detail(value, depth)?),
                    _ => values.set(name.to_owned(), value.to_owned()),
                }
            }
            Some(self.say(template.id, values))
        })
    }
}
