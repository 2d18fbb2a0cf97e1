//! Search in everything that this person may read here, offline.

use entente_shared::content::{Path, Value};
use entente_shared::ids::*;
use entente_shared::kinds::{Lang, Slot};
use serde::Serialize;

use super::place::{Naming, PlaceRef};
use super::setting::Setting;
use crate::replica::{CommandError, Replica};

/// Most hits that are listed unless more are asked for.
pub const HITS_USUAL: usize = 50;
/// Letters shown before and after a hit.
const AROUND_CHARS: usize = 40;

/// Where a text was found.
#[derive(Clone, Debug, Serialize)]
pub struct Search {
    /// What was looked for: in small letters, `ё` as `е`.
    pub text: String,
    /// Where it was found.
    pub hits: Vec<SearchHit>,
    /// Whether there are more.
    pub more: bool,
}

/// One place where it was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SearchHit {
    /// The document.
    pub document: DocumentId,
    /// The document's title.
    pub title: String,
    /// Its kind.
    pub kind: KindId,
    /// The field; absent if the title fits.
    pub place: Option<PlaceRef>,
    /// The language, in a field that has both.
    pub lang: Option<Lang>,
    /// What stands before it.
    pub before: String,
    /// What fits, as it is written there.
    pub hit: String,
    /// What stands after it.
    pub after: String,
}

impl Search {
    /// Looks in titles and in the working content of all documents.
    ///
    /// Every word must occur in a field, in any order; the first is shown. Capital letters, `ё` and
    /// accents of combining marks make no difference.
    ///
    /// # Errors
    ///
    /// There is no partnership here yet.
    pub fn of(replica: &Replica, text: &str, limit: usize, now_ms: u64) -> Result<Self, CommandError> {
        let setting = Setting::of(replica, now_ms)?;
        let folded = fold(text);
        let wanted: Vec<String> = folded.split_whitespace().map(str::to_owned).collect();
        let mut found = Self { text: wanted.join(" "), hits: Vec::new(), more: false };
        if wanted.is_empty() {
            return Ok(found);
        }
        for (document, replicated) in replica.documents() {
            let state = replica.document(*document)?;
            let blank = |place, lang| SearchHit {
                document: *document,
                title: state.title().to_owned(),
                kind: state.kind().id.clone(),
                place,
                lang,
                before: String::new(),
                hit: String::new(),
                after: String::new(),
            };
            found.take(limit, state.title(), &wanted, || blank(None, None));
            let naming = Naming::new(&setting, replicated);
            for (section, content) in replica.working(*document)? {
                let mut texts = Vec::new();
                collect(&naming, &section, &Path::default(), &content.value(), &mut texts);
                for (path, lang, text) in texts {
                    // A bilingual field is one place, whatever the language.
                    let field = if lang.is_some() { path.split_last().map(|(field, _)| field) } else { None };
                    let place = || Some(naming.place(&section, field.as_ref().unwrap_or(&path)));
                    found.take(limit, &text, &wanted, || blank(place(), lang));
                }
            }
        }
        Ok(found)
    }

    fn take(&mut self, limit: usize, text: &str, wanted: &[String], hit: impl FnOnce() -> SearchHit) {
        let Some((from, until)) = find(text, wanted) else { return };
        if self.hits.len() >= limit {
            self.more = true;
            return;
        }
        let letters: Vec<char> = text.chars().collect();
        let mut hit = hit();
        let begin = from.saturating_sub(AROUND_CHARS);
        let end = (until + AROUND_CHARS).min(letters.len());
        let read = |from: usize, until: usize| letters[from..until].iter().collect::<String>();
        hit.before = if begin > 0 { format!("…{}", read(begin, from)) } else { read(begin, from) };
        hit.hit = read(from, until);
        hit.after = if end < letters.len() { format!("{}…", read(until, end)) } else { read(until, end) };
        self.hits.push(hit);
    }
}

/// The texts of a section that people read: texts and strings, names of people, labels of choices.
fn collect(
    naming: &Naming<'_>,
    section: &SectionId,
    path: &Path,
    value: &Value,
    found: &mut Vec<(Path, Option<Lang>, String)>,
) {
    match value {
        Value::Map(entries) => {
            entries.iter().for_each(|(key, value)| collect(naming, section, &path.join(key), value, found));
        }
        Value::List(items) => items
            .iter()
            .enumerate()
            .for_each(|(at, item)| collect(naming, section, &path.join(at.to_string()), item, found)),
        Value::Text(_) | Value::String(_) => match naming.kind().slot(section, path) {
            Some(Slot::Language(_, lang)) => {
                found.push((path.clone(), Some(lang), value.as_str().unwrap_or_default().to_owned()));
            }
            Some(Slot::Field(_) | Slot::Item(..)) => {
                let shown = naming.whole(section, path, value);
                let both = [shown.en, shown.ru];
                let labels = if both[0] == both[1] { &both[..1] } else { &both[..] };
                found.extend(labels.iter().map(|label| (path.clone(), None, label.clone())));
            }
            _ => {}
        },
        _ => {}
    }
}

/// Where the first of `wanted` stands in a text that has all of them, in letters: begin and end.
fn find(text: &str, wanted: &[String]) -> Option<(usize, usize)> {
    let mut folded = String::with_capacity(text.len());
    // For each folded byte the letter that it comes from.
    let mut origins: Vec<usize> = Vec::with_capacity(text.len());
    for (number, letter) in text.chars().enumerate() {
        let before = folded.len();
        folded_letter(letter, &mut folded);
        origins.extend(std::iter::repeat_n(number, folded.len() - before));
    }
    let first = wanted.first()?;
    let at = folded.find(first.as_str())?;
    if !wanted.iter().all(|word| folded.contains(word.as_str())) {
        return None;
    }
    Some((*origins.get(at)?, origins.get(at + first.len() - 1)? + 1))
}

/// A text as it is looked for: small letters, `ё` as `е`, without combining marks.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    text.chars().for_each(|letter| folded_letter(letter, &mut folded));
    folded
}

fn folded_letter(letter: char, folded: &mut String) {
    match letter {
        'ё' | 'Ё' => folded.push('е'),
        letter => folded.extend(letter.to_lowercase().filter(|letter| !is_mark(*letter))),
    }
}

/// Tells a combining mark that makes no other letter: the stress mark over a Russian vowel, the
/// diaeresis of a decomposed ё, the dot of a small İ; but not the breve of a decomposed й.
fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{305}' | '\u{307}'..='\u{36f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, wanted: &str) -> Option<String> {
        let folded = fold(wanted);
        let wanted: Vec<String> = folded.split_whitespace().map(str::to_owned).collect();
        let (from, until) = find(text, &wanted)?;
        Some(text.chars().skip(from).take(until - from).collect())
    }

    #[test]
    fn capitals_and_yo_make_no_difference() {
        assert_eq!(found("Ёлка и подарки", "елк").as_deref(), Some("Ёлк"));
        assert_eq!(found("все елки", "ЁЛКИ").as_deref(), Some("елки"));
        assert_eq!(found("An Unhurried Winter", "unhurried").as_deref(), Some("Unhurried"));
        assert_eq!(found("е\u{308}лка", "ёлка").as_deref(), Some("е\u{308}лка"));
        assert_eq!(found("Straße İstanbul", "istanbul"), Some("İstanbul".to_owned()));
    }

    #[test]
    fn every_word_must_occur_in_any_order() {
        assert_eq!(found("winter launch in Moscow", "moscow winter").as_deref(), Some("Moscow"));
        assert_eq!(found("winter launch", "winter summer"), None);
        assert_eq!(found("", "a"), None);
    }
}
