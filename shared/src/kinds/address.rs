//! Finds the place that a person names: `moscow/creative`, `split · креатив · правило`.

use std::collections::BTreeMap;
use std::fmt;

use automerge::AutoCommit;

use super::{Field, FieldType, Kind, Lang, Rows, SectionKind, Slot};
use crate::content::{Path, Value, order, value_at};
use crate::ids::SectionId;

/// A place in a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Address<'a> {
    /// The section.
    pub section: SectionId,
    /// The way through the section.
    pub path: Path,
    /// What the kind says about it.
    pub slot: Slot<'a>,
}

/// What a person may name things by.
#[derive(Debug, Clone, Copy)]
pub struct Around<'a> {
    /// The sections that can be read here.
    pub sections: &'a BTreeMap<SectionId, &'a AutoCommit>,
    /// Further names of subjects: `moscow` is also `Москва`, `Moscow`, `Morosha`.
    pub names: &'a BTreeMap<String, Vec<String>>,
}

/// Why a name leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AddressError {
    /// Nothing is called so.
    Nothing {
        /// The part of the path that leads nowhere.
        typed: String,
        /// The part before it, which was found.
        within: String,
        /// What it might have meant; else what is there.
        near: Vec<String>,
        /// Whether `near` only lists what is there.
        all: bool,
    },
    /// Several things are called so.
    Ambiguous {
        /// The part of the path.
        typed: String,
        /// The things, by full name.
        meant: Vec<String>,
    },
}

impl std::error::Error for AddressError {}

impl fmt::Display for AddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing { typed, within, near, all } => {
                write!(f, "there is no {typed:?} in {within}")?;
                match (near.is_empty(), all) {
                    (true, _) => Ok(()),
                    (false, false) => write!(f, "; did you mean {}?", near.join(" or ")),
                    (false, true) => write!(f, "; there is: {}", near.join(", ")),
                }
            }
            Self::Ambiguous { typed, meant } => {
                write!(f, "{typed:?} may be {}; write which", meant.join(" or "))
            }
        }
    }
}

impl<'a> Address<'a> {
    /// Goes on to the field that is meant when only a row was named (a cell's claim).
    pub fn main(self, kind: &'a Kind) -> Self {
        match self.slot {
            Slot::Row(Rows { row, .. }) => match &row.main {
                Some(main) => self.below(kind, main),
                None => self,
            },
            _ => self,
        }
    }

    /// Goes on to one language, if the place is a bilingual field.
    pub fn in_language(self, kind: &'a Kind, lang: Lang) -> Self {
        match self.slot {
            Slot::Field(Field { ty: FieldType::Bilingual, .. }) => self.below(kind, lang.key()),
            _ => self,
        }
    }

    fn below(self, kind: &'a Kind, key: &str) -> Self {
        let path = self.path.join(key);
        match kind.slot(&self.section, &path) {
            Some(slot) => Self { path, slot, ..self },
            None => self,
        }
    }
}

/// One thing that a part of the path may name.
struct Candidate {
    key: String,
    /// The first name is shown to people.
    names: Vec<String>,
}

impl Kind {
    /// Finds the place that `typed` names, by keys or by labels in either language.
    ///
    /// Parts are separated by `/` or `·`; case, hyphens and underscores do not matter. A section's main rows need
    /// not be named (`moscow/creative`), nor the family of a section with a subject.
    ///
    /// # Errors
    ///
    /// Names what is near, or what else it may mean.
    pub fn resolve(&self, typed: &str, around: Around<'_>) -> Result<Address<'_>, AddressError> {
        let parts: Vec<&str> =
            typed.split(['/', '·']).map(str::trim).filter(|part| !part.is_empty()).collect();
        let (section, rest) = self.resolve_section(&parts, around)?;
        let within = parts[..parts.len() - rest.len()].join("/");
        let walk = Walk { kind: self, around, section: &section };
        let path = walk.fields(rest, &within)?;
        match self.slot(&section, &path) {
            Some(slot) => Ok(Address { section, path, slot }),
            None => Err(nothing(rest.last().unwrap_or(&typed), &within, &[])),
        }
    }

    fn resolve_section<'p>(
        &self,
        parts: &'p [&'p str],
        around: Around<'_>,
    ) -> Result<(SectionId, &'p [&'p str]), AddressError> {
        let candidates = self.section_candidates(around);
        let [first, rest @ ..] = parts else {
            return Err(nothing("", self.label.get(Lang::En), &candidates));
        };
        if let [second, rest @ ..] = rest {
            let whole = format!("{first}/{second}");
            let same: Vec<&Candidate> = candidates.iter().filter(|c| same(&c.key, &whole)).collect();
            if let [found] = same[..] {
                return Ok((SectionId::new(found.key.as_str()), rest));
            }
        }
        let found = choose(first, self.label.get(Lang::En), &candidates)?;
        Ok((SectionId::new(found), rest))
    }

    fn section_candidates(&self, around: Around<'_>) -> Vec<Candidate> {
        let fixed = self.sections.iter().filter(|section| section.pattern.variable.is_none());
        let mut ids: Vec<SectionId> =
            fixed.map(|section| SectionId::new(section.pattern.family.as_str())).collect();
        ids.extend(around.sections.keys().filter(|id| id.split().1.is_some()).cloned());
        ids.iter().filter_map(|id| Some(section_candidate(self.section(id)?, id, around))).collect()
    }
}

fn section_candidate(kind: &SectionKind, id: &SectionId, around: Around<'_>) -> Candidate {
    let (_, subject) = id.split();
    let mut names = vec![subject.unwrap_or(id.as_str()).to_owned()];
    let called = subject.and_then(|subject| around.names.get(subject)).cloned().unwrap_or_default();
    for lang in Lang::ALL {
        names.push(kind.title(lang, subject, names.first().map_or("", String::as_str)));
        names.extend(called.iter().map(|name| kind.title(lang, subject, name)));
    }
    names.extend(called);
    Candidate { key: id.as_str().to_owned(), names }
}

/// The walk through one section.
struct Walk<'a> {
    kind: &'a Kind,
    around: Around<'a>,
    section: &'a SectionId,
}

impl Walk<'_> {
    fn fields(&self, parts: &[&str], within: &str) -> Result<Path, AddressError> {
        let Some(section) = self.kind.section(self.section) else { return Ok(Path::default()) };
        let [first, rest @ ..] = parts else { return Ok(Path::default()) };
        let fields: Vec<Candidate> = section.fields.iter().map(field_candidate).collect();
        let main = section.main.as_ref().and_then(|main| section.field(main));
        if let Some((main, rows)) = main.and_then(|main| Some((main, main.rows()?)))
            && !fields.iter().any(|field| field.is(first))
        {
            let mut candidates = self.row_candidates(main, rows);
            candidates.extend(fields);
            let found = choose(first, within, &candidates)?;
            let within = format!("{within}/{first}");
            return self.row(rows, Path::new([main.key.as_str(), found.as_str()]), rest, &within);
        }
        let key = choose(first, within, &fields)?;
        let within = format!("{within}/{first}");
        let path = Path::new([key.as_str()]);
        match section.field(&key) {
            Some(field) => self.below(field, path, rest, &within),
            None => Ok(path),
        }
    }

    fn below(&self, field: &Field, path: Path, parts: &[&str], within: &str) -> Result<Path, AddressError> {
        let [first, rest @ ..] = parts else { return Ok(path) };
        match &field.ty {
            FieldType::Rows(rows) => {
                let found = choose(first, within, &self.row_candidates(field, rows))?;
                self.row(rows, path.join(found), rest, &format!("{within}/{first}"))
            }
            FieldType::Map => Ok(Path::new(path.0.into_iter().chain(parts.iter().map(|p| (*p).to_owned())))),
            FieldType::Bilingual => Ok(path.join(choose(first, within, &languages())?)),
            // People count items from one.
            FieldType::Links | FieldType::Texts => match first.parse::<usize>() {
                Ok(number) if number > 0 => Ok(path.join((number - 1).to_string())),
                _ => Err(nothing(first, within, &[])),
            },
            _ => Err(nothing(first, within, &[])),
        }
    }

    fn row(&self, rows: &Rows, path: Path, parts: &[&str], within: &str) -> Result<Path, AddressError> {
        let [first, rest @ ..] = parts else { return Ok(path) };
        let fields: Vec<Candidate> = rows.row.fields.iter().map(field_candidate).collect();
        // `moscow/note/en` may leave out the field that is meant by the row itself.
        if let Some(main) = rows.row.main.as_ref().and_then(|main| rows.row.field(main))
            && main.ty == FieldType::Bilingual
            && languages().iter().any(|language| language.is(first))
        {
            return self.below(main, path.join(&main.key), parts, within);
        }
        let key = choose(first, within, &fields)?;
        match rows.row.field(&key) {
            Some(field) => self.below(field, path.join(&key), rest, &format!("{within}/{first}")),
            None => Ok(path.join(key)),
        }
    }

    /// The rows of a field, each by its UUID, template key, label in both languages, and number.
    fn row_candidates(&self, field: &Field, rows: &Rows) -> Vec<Candidate> {
        let (section, key, rows) = match &rows.of {
            None => (self.section.clone(), field.key.as_str(), rows),
            Some((section, key)) => {
                let section = SectionId::new(section.as_str());
                match self.kind.section(&section).and_then(|kind| kind.field(key)).and_then(Field::rows) {
                    Some(rows) => (section, key.as_str(), rows),
                    None => return Vec::new(),
                }
            }
        };
        let there = self.around.sections.get(&section).and_then(|doc| value_at(doc, &Path::new([key])));
        let mut candidates: Vec<(String, Candidate)> = Vec::new();
        for (id, row) in there.as_ref().and_then(Value::as_map).into_iter().flatten() {
            let place = row.get("order").and_then(Value::as_str).unwrap_or_default().to_owned();
            candidates.push((place, row_candidate(rows, id, Some(row))));
        }
        if there.is_none() {
            let template = rows.template.iter().zip(order::spread(rows.template.len()));
            candidates.extend(template.map(|(row, place)| (place, row_candidate(rows, &row.id, None))));
        }
        candidates.sort_by(|a, b| (&a.0, &a.1.key).cmp(&(&b.0, &b.1.key)));
        for (number, (_, candidate)) in candidates.iter_mut().enumerate() {
            candidate.names.push((number + 1).to_string());
        }
        candidates.into_iter().map(|(_, candidate)| candidate).collect()
    }
}

fn row_candidate(rows: &Rows, id: &str, row: Option<&Value>) -> Candidate {
    let mut names = Vec::new();
    if let Some(template) = rows.template.iter().find(|template| template.id == id) {
        names.push(template.key.clone());
    }
    let label = rows.row.main.as_ref().and_then(|main| row?.get(main));
    for text in label.into_iter().flat_map(|label| [Some(label), label.get("ru"), label.get("en")]) {
        names.extend(text.and_then(Value::as_str).filter(|name| !name.is_empty()).map(str::to_owned));
    }
    names.push(id.to_owned());
    Candidate { key: id.to_owned(), names }
}

fn field_candidate(field: &Field) -> Candidate {
    let names = vec![field.key.clone(), field.label.ru.clone(), field.label.en.clone()];
    Candidate { key: field.key.clone(), names }
}

fn languages() -> Vec<Candidate> {
    let language = |key: &str, names: [&str; 3]| Candidate {
        key: key.to_owned(),
        names: names.iter().map(|name| (*name).to_owned()).collect(),
    };
    vec![language("ru", ["ru", "русский", "Russian"]), language("en", ["en", "английский", "English"])]
}

impl Candidate {
    fn is(&self, typed: &str) -> bool {
        self.names.iter().any(|name| same(name, typed))
    }
}

fn choose(typed: &str, within: &str, candidates: &[Candidate]) -> Result<String, AddressError> {
    let found: Vec<&Candidate> = candidates.iter().filter(|candidate| candidate.is(typed)).collect();
    match found[..] {
        [one] => Ok(one.key.clone()),
        [] => Err(nothing(typed, within, candidates)),
        _ => Err(AddressError::Ambiguous {
            typed: typed.to_owned(),
            meant: found.iter().map(|candidate| candidate.key.clone()).collect(),
        }),
    }
}

fn nothing(typed: &str, within: &str, candidates: &[Candidate]) -> AddressError {
    let mut near: Vec<(usize, &str)> = candidates
        .iter()
        .filter_map(|candidate| {
            let near = candidate.names.iter().map(|name| (distance(name, typed), name.as_str()));
            near.min_by_key(|(distance, _)| *distance)
        })
        .filter(|(distance, _)| *distance <= 1 + typed.chars().count() / 4)
        .collect();
    near.sort_unstable();
    let all = near.is_empty();
    let first = |candidate: &Candidate| candidate.names.first().cloned().unwrap_or_default();
    let near = match all {
        true => candidates.iter().map(first).take(12).collect(),
        false => near.into_iter().take(3).map(|(_, name)| name.to_owned()).collect(),
    };
    AddressError::Nothing { typed: typed.to_owned(), within: within.to_owned(), near, all }
}

fn same(name: &str, typed: &str) -> bool {
    plain(name) == plain(typed)
}

/// Lower case, with one space for hyphens, underscores and spaces, and `е` for `ё`.
fn plain(text: &str) -> String {
    let spaced: String = text
        .to_lowercase()
        .chars()
        .map(|c| match c {
            '-' | '_' => ' ',
            'ё' => 'е',
            other => other,
        })
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How many letters must be added, removed or changed to make one name of the other.
fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (plain(a), plain(b));
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let changed = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests;
