//! A document as it stands, with marks for what waits and what has two values.

use std::collections::BTreeMap;

use entente_shared::document::NewerDocument;
use entente_shared::ids::*;
use entente_shared::kinds::{Kind, Lang, Words as Label};
use entente_shared::rules::Right;
use entente_shared::views::matrix::{Cell, Function};
use entente_shared::views::outline::{FieldValue, FieldView, RowView, SectionView};
use entente_shared::views::standing::State;
use entente_shared::views::{
    Bilingual, BriefView, Docs, DocumentView, MatrixView, Person, PlaybookView, Translation, outline,
};
use serde::Serialize;

use super::bands::BandLine;
use super::documents::document_title;
use super::ids::Ids;
use super::newer::{ReadOnly, UnknownField, unknown_fields, unknown_text};
use super::overlaps::{function_label, matrix_of};
use super::place::{NOTHING, in_order};
use super::proposal::{Proposal, section_name};
use super::setting::Setting;
use super::standing::StandingLine;
use super::table::Table;
use crate::args;
use crate::replica::{AttestedDocument, CommandError, Replica};
use crate::words::{Words, capitalised, stored_money_text};

/// A document.
#[derive(Clone, Serialize)]
pub struct DocShow {
    /// The document.
    pub document: DocumentId,
    /// Its title.
    pub title: String,
    /// Its kind.
    pub kind: KindId,
    /// Its content, section by section.
    pub content: DocumentView,
    /// The table of functions and teams, if it is a matrix.
    pub matrix: Option<MatrixView>,
    /// What a brief says and lacks, if it is one.
    pub brief: Option<BriefView>,
    /// What a playbook says and lacks, if it is one.
    pub playbook: Option<PlaybookView>,
    /// The suggestions that wait in it.
    pub waiting: Vec<Proposal>,
    /// How far its sections have come, where a rule asks for approval or signatures.
    pub standing: Vec<StandingLine>,
    /// The values that move within a band.
    pub bands: Vec<BandLine>,
    /// Why it can only be read, if it is newer than this program.
    pub read_only: Option<ReadOnly>,
    /// Whether it is shown as the relay tells it, and still being checked: until then it can only be
    /// read, and what waits is not told.
    pub being_checked: bool,
    /// Fields that this program does not know.
    pub unknown: Vec<UnknownField>,
    /// For each section that may not be read here, the roles that can.
    pub hidden: BTreeMap<SectionId, String>,
    #[serde(skip)]
    setting: Setting,
}

impl DocShow {
    /// Shows a document, own changes included.
    ///
    /// # Errors
    ///
    /// There is no such document here.
    pub fn of(replica: &Replica, document: DocumentId, now_ms: u64) -> Result<Self, CommandError> {
        let setting = Setting::of(replica, now_ms)?;
        if let Some(newer) = replica.newer().get(&document) {
            return Ok(Self::newer(newer, setting));
        }
        if let Some(shown) = replica.attested().get(&document) {
            return Ok(Self::attested(document, shown, setting));
        }
        let state = replica.document(document)?;
        let kind = state.kind();
        let working = replica.working(document)?;
        let docs: Docs<'_> = working.iter().map(|(name, section)| (name.clone(), section.doc())).collect();
        let sections: Vec<_> =
            in_order(kind, state.sections().keys().cloned()).into_iter().map(|(id, _)| id).collect();
        let ids = Ids::of(replica);
        let holds = state.open_holds().values();
        let waiting: Result<Vec<_>, _> =
            holds.map(|hold| Proposal::of(replica, &setting, &ids, document, hold)).collect();
        let mut waiting = waiting?;
        waiting.sort_by_key(|one| (one.received_ms.unwrap_or(u64::MAX), one.written_ms));
        let hidden = hidden(kind, &sections, &docs, &setting);
        Ok(Self {
            document,
            title: state.title().to_owned(),
            kind: kind.id.clone(),
            content: outline(kind, &sections, &docs, &setting.labels()),
            matrix: matrix_of(replica, document, &setting)?,
            brief: (kind.id.as_str() == "brief").then(|| BriefView::new(&markets(&sections), &docs)),
            playbook: (kind.id.as_str() == "playbook").then(|| PlaybookView::new(&docs)),
            waiting,
            standing: StandingLine::all(replica, &setting, document)?,
            bands: BandLine::all(replica, &setting, document)?,
            read_only: None,
            being_checked: false,
            unknown: working.iter().flat_map(|(id, one)| unknown_fields(kind, id, &one.value())).collect(),
            hidden,
            setting,
        })
    }

    /// Shows a document as the relay attests it.
    fn attested(document: DocumentId, shown: &AttestedDocument, setting: Setting) -> Self {
        let (attested, contents) = (shown.attested(), shown.contents());
        let kind = attested.kind;
        let docs: Docs<'_> = contents.iter().map(|(name, section)| (name.clone(), section.doc())).collect();
        let sections = in_order(kind, attested.sections.keys().cloned());
        let sections: Vec<_> = sections.into_iter().map(|(id, _)| id).collect();
        let is = |name: &str| kind.id.as_str() == name;
        Self {
            document,
            title: attested.title.clone(),
            kind: kind.id.clone(),
            content: outline(kind, &sections, &docs, &setting.labels()),
            matrix: is("matrix").then(|| MatrixView::new(kind, &setting.columns(), &docs)),
            brief: is("brief").then(|| BriefView::new(&markets(&sections), &docs)),
            playbook: is("playbook").then(|| PlaybookView::new(&docs)),
            standing: Vec::new(),
            bands: Vec::new(),
            waiting: Vec::new(),
            read_only: None,
            being_checked: true,
            unknown: contents.iter().flat_map(|(id, one)| unknown_fields(kind, id, &one.value())).collect(),
            hidden: hidden(kind, &sections, &docs, &setting),
            setting,
        }
    }

    /// Shows a document that is newer than this program, as far as it is understood.
    fn newer(newer: &NewerDocument, setting: Setting) -> Self {
        let read = || newer.sections().iter().filter_map(|(id, one)| Some((id.clone(), one.content()?)));
        let docs: Docs<'_> = read().map(|(id, section)| (id, section.doc())).collect();
        let sections: Vec<_> = docs.keys().cloned().collect();
        let kind = newer.known_kind();
        let content = kind.map(|kind| outline(kind, &sections, &docs, &setting.labels()));
        let nothing = || DocumentView { kind: newer.kind_id().clone(), sections: Vec::new() };
        let unknown = |kind| read().flat_map(move |(id, one)| unknown_fields(kind, &id, &one.value()));
        Self {
            document: newer.id(),
            title: newer.title().to_owned(),
            kind: newer.kind_id().clone(),
            content: content.unwrap_or_else(nothing),
            matrix: None,
            brief: None,
            playbook: None,
            waiting: Vec::new(),
            standing: Vec::new(),
            bands: Vec::new(),
            read_only: Some(ReadOnly::of(newer, &setting)),
            being_checked: false,
            unknown: kind.into_iter().flat_map(unknown).collect(),
            hidden: BTreeMap::new(),
            setting,
        }
    }

    /// The document for people.
    pub fn text(&self, words: &Words) -> String {
        let called = words.kind(self.kind.as_str());
        let mut text = format!("{} · {called}\n", document_title(words, Some(&self.kind), &self.title));
        if let Some(read_only) = &self.read_only {
            text += &read_only.head(words, &self.title);
        }
        if self.being_checked {
            text += &format!("{}\n", words.say("doc-being-checked", args![]));
        }
        if let Some(matrix) = &self.matrix {
            text += &self.table(words, matrix);
        }
        for section in &self.content.sections {
            text += &self.section(words, section);
        }
        let kind = entente_shared::kinds::newest(&self.kind);
        let name = |section: &SectionId| section_name(kind, section, &self.setting, words);
        text += &self.standing_text(words, name);
        text += &self.bands_text(words);
        text += &unknown_text(words, &self.unknown, name);
        if let Some(read_only) = &self.read_only {
            text += &read_only.rest(words, &self.setting, name);
        }
        if !self.waiting.is_empty() {
            text += &format!("\n{}\n", words.say("doc-list-waiting", args![]));
            let mut table = Table::default();
            self.waiting.iter().for_each(|one| one.rows(words, &mut table));
            text += &table.text("  ");
        }
        text
    }

    /// How far each section has come that has left the draft.
    fn standing_text(&self, words: &Words, name: impl Fn(&SectionId) -> String) -> String {
        let begun = self.standing.iter().filter(|line| line.standing.state != State::Draft);
        let mut table = Table::default();
        for line in begun {
            table.row([name(&line.standing.section), line.text(words)]);
        }
        let lines = table.text("  ");
        if lines.is_empty() { lines } else { format!("\n{}\n{lines}", words.say("standing-title", args![])) }
    }

    /// How far the values move without asking, and what waits because it goes further.
    fn bands_text(&self, words: &Words) -> String {
        let mut lines = String::new();
        for band in &self.bands {
            lines += &format!("  {}\n", band.text(words));
            for one in &self.waiting {
                lines.extend(band.waiting_text(words, one).map(|line| format!("    {line}\n")));
            }
        }
        if lines.is_empty() { lines } else { format!("\n{}\n{lines}", words.say("bands-title", args![])) }
    }

    fn table(&self, words: &Words, matrix: &MatrixView) -> String {
        let lang = words.lang();
        let mut table = Table::default();
        let label = |party: &PartyId| self.setting.label(party, lang);
        let heads = matrix.columns.iter().map(|column| label(&column.party));
        table.row([String::new()].into_iter().chain(heads));
        for function in &matrix.functions {
            let cells = matrix.columns.iter().zip(&function.cells);
            let cells = cells.map(|(column, cell)| self.cell(words, &column.party, function, cell.as_ref()));
            let name = function_label(&function.label).get(lang).to_owned();
            table.row([name].into_iter().chain(cells));
        }
        format!("\n{}", table.text("  "))
    }

    /// `own (Anna Orlova)`, with what waits and whether two values compete.
    fn cell(&self, words: &Words, party: &PartyId, function: &Function, cell: Option<&Cell>) -> String {
        let Some(cell) = cell else { return words.say("doc-cell-hidden", args![]) };
        let mut text = self.claim(words, &cell.claim);
        if let Some(person) = &cell.person {
            text = format!("{text} ({})", self.person(person));
        }
        if cell.conflicted {
            text = format!("{text}, {}", words.say("doc-mark-two-values", args![]));
        }
        for one in &self.waiting {
            let here = one.changes.iter().find(|change| {
                let place = &change.place;
                place.section.split() == ("party", Some(party.as_str()))
                    && place.path.0.get(1) == Some(&function.id)
            });
            if let Some(change) = here {
                let is_claim = change.place.path.0.get(2).is_none_or(|key| key == "claim");
                text = match is_claim {
                    true => format!("{text} → {} [{}]", change.after.label.get(words.lang()), one.id),
                    false => format!("{text} [{}]", one.id),
                };
            }
        }
        text
    }

    fn claim(&self, words: &Words, word: &str) -> String {
        use entente_shared::content::Path;
        use entente_shared::kinds::{Slot, newest};
        let kind = newest(&self.kind);
        let slot = kind
            .and_then(|kind| kind.slot(&SectionId::new("party/any"), &Path::new(["cells", "any", "claim"])));
        match slot {
            Some(Slot::Field(field)) => {
                let choice = field.choice(word);
                choice.map_or_else(|| word.to_owned(), |choice| choice.label.get(words.lang()).to_owned())
            }
            _ => word.to_owned(),
        }
    }

    fn section(&self, words: &Words, section: &SectionView) -> String {
        let lang = words.lang();
        let title = section.title.get(lang);
        let Some(fields) = &section.fields else {
            let people = self.readers(words, &section.id);
            return format!("\n{title}\n  {}\n", words.say("doc-section-hidden", args![people]));
        };
        let in_table = |key: &str| self.matrix.is_some() && matches!(key, "functions" | "cells");
        let shown = fields.iter().filter(|field| !in_table(&field.key));
        let lines: String = shown.map(|field| self.field(words, field, "  ")).collect();
        match (lines.is_empty(), self.matrix.is_some()) {
            (true, true) => String::new(),
            (true, false) => format!("\n{title}\n  {}\n", words.say("doc-empty-field", args![])),
            (false, _) => format!("\n{title}\n{lines}"),
        }
    }

    fn readers(&self, words: &Words, section: &SectionId) -> String {
        let rights = self.setting.state().rights(&self.kind, section);
        let roles: Vec<_> = rights.who_can(Right::Read).into_iter().map(|(_, role)| role.clone()).collect();
        self.setting.roles(words, &roles)
    }

    /// A field with its label; nothing for an empty one.
    fn field(&self, words: &Words, field: &FieldView, indent: &str) -> String {
        let label = field.label.get(words.lang());
        let mark = match field.conflicted {
            true => format!(" ({})", words.say("doc-mark-two-values", args![])),
            false => String::new(),
        };
        if let FieldValue::Rows(rows) = &field.value {
            let lines = rows.iter().map(|row| self.row(words, row, &format!("{indent}  ")));
            let lines: String = lines.collect();
            return if lines.is_empty() { lines } else { format!("{indent}{label}{mark}\n{lines}") };
        }
        match self.value(words, &field.value) {
            Some(value) => format!("{indent}{label}{mark}: {value}\n"),
            None => String::new(),
        }
    }

    /// A row: its name or main field first, the other fields below.
    fn row(&self, words: &Words, row: &RowView, indent: &str) -> String {
        let lang = words.lang();
        let mut fields = row.fields.iter();
        let name = match &row.of {
            Some(of) => of.prefer(lang).to_owned(),
            None => {
                let first = fields.next().and_then(|field| self.value(words, &field.value));
                first.unwrap_or_else(|| NOTHING.to_owned())
            }
        };
        let below = fields.map(|field| self.field(words, field, &format!("{indent}  ")));
        let below: String = below.collect();
        if row.of.is_some() && below.is_empty() {
            return String::new();
        }
        format!("{indent}- {name}\n{below}")
    }

    fn value(&self, words: &Words, value: &FieldValue) -> Option<String> {
        let lang = words.lang();
        let text = match value {
            FieldValue::Empty | FieldValue::Rows(_) => return None,
            FieldValue::Choice { word, label } => {
                label.as_ref().map_or(word.as_str(), |label| label.get(lang)).to_owned()
            }
            FieldValue::Person(person) => self.person(person),
            FieldValue::Text(text) | FieldValue::Date(text) => text.clone(),
            FieldValue::Money(text) => stored_money_text(text, lang),
            FieldValue::Bilingual(text) => bilingual(words, text),
            FieldValue::Items(items) => items.join(", "),
            FieldValue::Number(number) => number.to_string(),
            FieldValue::Time(at_ms) => self.setting.time(words, u64::try_from(*at_ms).ok()?),
            FieldValue::Flag(flag) => yes_no(*flag).get(lang).to_owned(),
            FieldValue::Other(value) => serde_json::to_string(value).ok()?,
        };
        (!text.trim().is_empty()).then_some(text)
    }

    fn person(&self, person: &Person) -> String {
        match person {
            Person::Member(id) => self.setting.person(*id).name.unwrap_or_else(|| id.short()),
            Person::Named(name) => name.clone(),
        }
    }
}

/// The markets that a document has sections for.
fn markets(sections: &[SectionId]) -> Vec<PartyId> {
    let names = sections.iter().filter(|section| section.split().0 == "market");
    names.filter_map(|section| section.split().1.map(PartyId::new)).collect()
}

/// For each section that may not be read here, the roles that can.
fn hidden(
    kind: &Kind,
    sections: &[SectionId],
    docs: &Docs<'_>,
    setting: &Setting,
) -> BTreeMap<SectionId, String> {
    let readers = |section: &SectionId| {
        let rights = setting.state().rights(&kind.id, section);
        let roles = rights.who_can(Right::Read).into_iter().map(|(_, role)| role.to_string());
        (section.clone(), roles.collect::<Vec<_>>().join(", "))
    };
    sections.iter().filter(|section| !docs.contains_key(*section)).map(readers).collect()
}

fn yes_no(flag: bool) -> Label {
    match flag {
        true => Label { ru: "да".into(), en: "yes".into() },
        false => Label { ru: "нет".into(), en: "no".into() },
    }
}

/// A text in the language spoken, and whether its translation is behind.
fn bilingual(words: &Words, text: &Bilingual) -> String {
    let shown = text.prefer(words.lang()).to_owned();
    let source = text.source.unwrap_or(Lang::Ru);
    match text.translation {
        Translation::Outdated if source != words.lang() => {
            let id = match source {
                Lang::Ru => "doc-language-ru",
                Lang::En => "doc-language-en",
            };
            let language = words.say(id, args![]);
            format!("{shown} ({})", words.say("doc-translation-older", args![language]))
        }
        _ => shown,
    }
}

impl DocShow {
    /// What a document of this kind is called at the begin of a line.
    pub fn kind_text(&self, words: &Words) -> String {
        capitalised(&words.kind(self.kind.as_str()))
    }
}
