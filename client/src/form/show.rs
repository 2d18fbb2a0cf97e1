//! From a document to its form.

use std::collections::BTreeMap;

use entente_shared::content::{Value, read};
use entente_shared::ids::SectionId;
use entente_shared::kinds::{Field, FieldType, Lang, RowType, Rows, SectionKind, Start, Words};
use entente_shared::money::Amount;
use entente_shared::views::{Bilingual, Docs, Person, Translation};

use crate::words::stored_money_text;

use super::phrases::{self, phrase};
use super::{Content, Contents, Form, FormContext, FormRow, FormSection, rows_of, shown, translation_key};

pub(super) fn sections<'a>(context: &FormContext<'a>, docs: &Docs<'_>) -> Vec<FormSection<'a>> {
    let values: BTreeMap<&SectionId, Value> =
        docs.iter().map(|(id, doc)| (id, read(doc, &automerge::ROOT))).collect();
    let reader = Reader { context: *context, values: &values };
    let mut found = Vec::new();
    for kind in &context.kind.sections {
        for (id, value) in values.iter().filter(|(id, _)| kind.pattern.matches(id)) {
            found.push(reader.section(id, kind, value));
        }
    }
    found
}

struct Reader<'a, 'v> {
    context: FormContext<'a>,
    values: &'v BTreeMap<&'v SectionId, Value>,
}

impl<'a> Reader<'a, '_> {
    fn section(&self, id: &SectionId, kind: &'a SectionKind, value: &Value) -> FormSection<'a> {
        let rows = kind
            .fields
            .iter()
            .filter_map(|field| Some((field.key.clone(), self.rows(field, rows_of(field)?.0, value))))
            .collect();
        FormSection { id: id.clone(), fields: &kind.fields, contents: contents(&kind.fields, value), rows }
    }

    fn rows(&self, field: &Field, rows: &Rows, value: &Value) -> Vec<FormRow> {
        let own = value.get(&field.key).and_then(Value::as_map).cloned().unwrap_or_default();
        let mut found: Vec<FormRow> = own
            .iter()
            .filter(|(id, _)| uuid::Uuid::parse_str(id).is_ok())
            .map(|(id, row)| FormRow {
                id: Some(id.clone()),
                key: String::new(),
                order: row.get("order").and_then(Value::as_str).map(str::to_owned),
                name: name_of(&rows.row, row, self.context.lang),
                contents: contents(&rows.row.fields, row),
            })
            .collect();
        found.sort_by(|a, b| (&a.order, &a.id).cmp(&(&b.order, &b.id)));
        let templates = match &rows.of {
            None => rows.template.iter().map(|row| (row.id.clone(), row.key.clone())).collect(),
            Some((section, of)) => self.take_owners(section, of, &rows.row, &mut found),
        };
        name_keys(&mut found, &templates);
        found
    }

    /// Gives rows that belong to others the order and the names of their owners, and adds those
    /// that nobody filled in yet. Returns the template keys of the owners.
    fn take_owners(
        &self,
        section: &str,
        field: &str,
        row_type: &RowType,
        found: &mut Vec<FormRow>,
    ) -> BTreeMap<String, String> {
        let section = SectionId::new(section);
        let owner_rows =
            self.context.kind.section(&section).and_then(|kind| kind.field(field)).and_then(rows_of);
        let Some((owners, owner_type)) = owner_rows else { return BTreeMap::new() };
        let there = self.values.get(&section).and_then(|value| value.get(field)).and_then(Value::as_map);
        for (id, owner) in there.into_iter().flatten().filter(|(id, _)| uuid::Uuid::parse_str(id).is_ok()) {
            let order = owner.get("order").and_then(Value::as_str).map(str::to_owned);
            let name = name_of(owner_type, owner, self.context.lang);
            match found.iter_mut().find(|row| row.id.as_deref() == Some(id)) {
                Some(row) => (row.order, row.name) = (order, name),
                None => {
                    let contents = contents(&row_type.fields, &unwritten(row_type));
                    found.push(FormRow { id: Some(id.clone()), key: String::new(), order, name, contents });
                }
            }
        }
        // Rows without an owner come last.
        found.sort_by(|a, b| (a.order.is_none(), &a.order, &a.id).cmp(&(b.order.is_none(), &b.order, &b.id)));
        owners.template.iter().map(|row| (row.id.clone(), row.key.clone())).collect()
    }
}

/// What a row holds before its first edit creates it.
fn unwritten(row_type: &RowType) -> Value {
    let start = |field: &Field| match &field.start {
        Some(Start::Scalar(value)) => Some((field.key.clone(), value.clone())),
        _ => None,
    };
    Value::Map(row_type.fields.iter().filter_map(start).collect())
}

fn name_of(row_type: &RowType, row: &Value, lang: Lang) -> String {
    let main = row_type.main.as_ref().and_then(|main| row_type.field(main));
    let Some(value) = main.and_then(|main| row.get(&main.key)) else { return String::new() };
    let text = match main.map(|main| &main.ty) {
        Some(FieldType::Bilingual) => Bilingual::read(value).prefer(lang).to_owned(),
        Some(FieldType::Choice(_)) => String::new(),
        _ => value.as_str().unwrap_or_default().to_owned(),
    };
    let line = text.lines().next().unwrap_or_default();
    line.chars().filter(|c| !c.is_control()).take(60).collect()
}

/// Gives every row the shortest key that stays the same: its template key, or the end of its UUID.
fn name_keys(rows: &mut [FormRow], templates: &BTreeMap<String, String>) {
    let ids: Vec<String> = rows.iter().filter_map(|row| row.id.clone()).collect();
    for row in rows {
        let Some(id) = &row.id else { continue };
        let end = id.get(id.len().saturating_sub(8)..).unwrap_or(id);
        let unique = ids.iter().filter(|other| other.ends_with(end)).count() == 1;
        row.key = match templates.get(id) {
            Some(key) => key.clone(),
            None if unique && end.bytes().all(|byte| byte.is_ascii_hexdigit()) => end.to_owned(),
            None => id.clone(),
        };
    }
}

fn contents(fields: &[Field], value: &Value) -> Contents {
    let mut contents = Contents::new();
    for field in fields {
        match &field.ty {
            FieldType::Bilingual => bilingual_contents(field, value.get(&field.key), &mut contents),
            FieldType::Rows(_) | FieldType::Map => {}
            _ => {
                contents.insert(field.key.clone(), content(field, value.get(&field.key)));
            }
        }
    }
    contents
}

fn bilingual_contents(field: &Field, value: Option<&Value>, contents: &mut Contents) {
    let text = value.map(Bilingual::read).unwrap_or_default();
    for lang in Lang::ALL {
        let content = Content::Text(text.get(lang).to_owned());
        contents.insert(format!("{}.{}", field.key, lang.key()), content);
    }
    contents.insert(translation_key(field), Content::Translation(text.translation, text.source));
}

/// What a field holds, if a form can show it so that it reads back as the same.
fn content(field: &Field, value: Option<&Value>) -> Content {
    let one_line =
        |text: &str| !text.chars().any(char::is_control) && text.trim() == text && !text.is_empty();
    match (&field.ty, value) {
        (FieldType::Text, None) => Content::Text(String::new()),
        (FieldType::Text, Some(Value::Text(text))) => Content::Text(text.clone()),
        (FieldType::Links | FieldType::Texts, None) => Content::Items(Vec::new()),
        (FieldType::Links | FieldType::Texts, Some(Value::List(items))) => {
            let texts: Option<Vec<String>> =
                items.iter().map(|item| item.as_str().map(str::to_owned)).collect();
            let links = field.ty == FieldType::Links;
            match texts {
                Some(items) if !links || items.iter().all(|item| one_line(item)) => Content::Items(items),
                _ => Content::Hidden,
            }
        }
        (FieldType::String | FieldType::Person, Some(Value::String(text))) if text.is_empty() => {
            Content::Scalar(Value::Null)
        }
        (_, None | Some(Value::Null)) => Content::Scalar(Value::Null),
        (FieldType::Choice(_), Some(Value::String(word))) if field.choice(word).is_none() => Content::Hidden,
        (
            FieldType::Choice(_) | FieldType::Person | FieldType::String | FieldType::Date,
            Some(value @ Value::String(text)),
        ) if one_line(text) => Content::Scalar(value.clone()),
        (FieldType::Money, Some(value @ Value::String(text))) if Amount::parse(text).is_some() => {
            Content::Scalar(value.clone())
        }
        (FieldType::Number, Some(value @ Value::Int(_))) => Content::Scalar(value.clone()),
        (FieldType::Time, Some(value @ Value::Timestamp(ms))) if phrases::moment(*ms).is_some() => {
            Content::Scalar(value.clone())
        }
        (FieldType::Flag, Some(value @ Value::Bool(_))) => Content::Scalar(value.clone()),
        _ => Content::Hidden,
    }
}

pub(super) fn text(form: &Form<'_>) -> String {
    let mut writer = Writer { context: form.context, out: String::new() };
    for line in phrase(form.context.lang, &phrases::HOW_TO).lines() {
        writer.note(line);
    }
    for section in &form.sections {
        writer.section(section);
    }
    writer.out
}

struct Writer<'a> {
    context: FormContext<'a>,
    out: String,
}

impl Writer<'_> {
    fn line(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push('\n');
    }

    fn note(&mut self, note: &str) {
        self.line(&format!("// {note}"));
    }

    fn words<'w>(&self, words: &'w Words) -> &'w str {
        words.get(self.context.lang)
    }

    fn section(&mut self, section: &FormSection<'_>) {
        let lang = self.context.lang;
        let Some(kind) = self.context.kind.section(&section.id) else { return };
        let (_, subject) = section.id.split();
        let called = subject.map(|subject| self.context.names.get(subject).map_or(subject, |n| n.get(lang)));
        self.line("");
        self.line(&format!("# {}  {}", section.id, kind.title(lang, subject, called.unwrap_or_default())));
        if let Some(help) = &kind.help {
            self.note(self.words(help));
        }
        for field in section.fields.iter().filter(|field| rows_of(field).is_none()) {
            self.help(field);
            self.field(field, &section.contents);
        }
        for field in section.fields {
            if let Some((rows, row_type)) = rows_of(field) {
                self.rows(field, rows, row_type, section.rows.get(&field.key).map_or(&[], Vec::as_slice));
            }
        }
    }

    fn rows(&mut self, field: &Field, rows: &Rows, row_type: &RowType, found: &[FormRow]) {
        self.line("");
        self.line(&format!("## {}  {}", field.key, self.words(&field.label)));
        if let Some(help) = &field.help {
            self.note(self.words(help));
        }
        row_type.fields.iter().for_each(|field| self.help(field));
        if rows.of.is_none() {
            self.note(phrase(self.context.lang, &phrases::NEW_ROW));
        }
        for row in found {
            self.line("");
            self.line(format!("### [{}]  {}", row.key, row.name).trim_end());
            row_type.fields.iter().for_each(|field| self.field(field, &row.contents));
        }
    }

    /// Says what may be written into a field, where its label does not say it.
    fn help(&mut self, field: &Field) {
        let lang = self.context.lang;
        let help = field.help.as_ref().map(|help| format!("{}: {}", field.key, help.get(lang)));
        help.iter().for_each(|help| self.note(help));
        if let FieldType::Choice(choices) = &field.ty {
            let word = |choice: &entente_shared::kinds::Choice| match choice.label.get(lang) {
                label if label == choice.word => label.to_owned(),
                label => format!("{} ({label})", choice.word),
            };
            let words: Vec<String> = choices.iter().map(word).collect();
            self.note(&format!("{} = {}", field.key, words.join(" | ")));
        }
        if field.ty == FieldType::Map {
            self.note(&format!("{}: {}", field.key, phrase(lang, &phrases::NO_FORM)));
        }
    }

    fn field(&mut self, field: &Field, contents: &Contents) {
        for key in super::line_keys(field) {
            let Some(content) = contents.get(&key) else { continue };
            let label = self.label(field, &key);
            match content {
                Content::Scalar(value) => {
                    let value = scalar(&self.context, field, value);
                    self.line(format!("{key} · {label}: {value}").trim_end());
                }
                Content::Text(text) => {
                    self.line(&format!("{key} · {label}:"));
                    for line in shown(text).split('\n') {
                        self.line(&if line.is_empty() { ">".to_owned() } else { format!("> {line}") });
                    }
                }
                Content::Items(items) => {
                    self.line(&format!("{key} · {label}:"));
                    items.iter().for_each(|item| self.item(item));
                }
                Content::Translation(Translation::Outdated, _) => {
                    self.note(phrase(self.context.lang, &phrases::OUTDATED));
                    self.line(&format!("{key} · {label}: outdated"));
                }
                Content::Translation(..) | Content::MarkCurrent => {}
                Content::Hidden => {
                    self.note(&format!("{key} · {label}: {}", phrase(self.context.lang, &phrases::HIDDEN)));
                }
            }
        }
    }

    fn item(&mut self, item: &str) {
        for (number, line) in shown(item).split('\n').enumerate() {
            let lead = if number == 0 { "-" } else { " " };
            self.line(&format!("{lead} {line}"));
        }
    }

    fn label(&self, field: &Field, key: &str) -> String {
        let lang = self.context.lang;
        let label = self.words(&field.label).replace(':', ",");
        match key.strip_prefix(&field.key).unwrap_or_default() {
            ".ru" => format!("{label}, {}", phrase(lang, &phrases::IN_RUSSIAN)),
            ".en" => format!("{label}, {}", phrase(lang, &phrases::IN_ENGLISH)),
            ".translation" => format!("{label}, {}", phrase(lang, &phrases::TRANSLATION)),
            _ => label,
        }
    }
}

/// One value as its line shows it.
pub(super) fn scalar(context: &FormContext<'_>, field: &Field, value: &Value) -> String {
    match value {
        Value::String(name) if field.ty == FieldType::Person => person(context, name),
        Value::String(text) if field.ty == FieldType::Money => stored_money_text(text, context.lang),
        Value::String(text) => text.clone(),
        Value::Int(number) => number.to_string(),
        Value::Timestamp(ms) => phrases::moment(*ms).unwrap_or_default(),
        Value::Bool(flag) => phrases::flag(context.lang, *flag).to_owned(),
        _ => String::new(),
    }
}

/// A member by name, unless another one has the same name.
fn person(context: &FormContext<'_>, name: &str) -> String {
    let Person::Member(id) = Person::read(name) else { return name.to_owned() };
    match context.people.get(&id) {
        Some(called) if phrases::member(context.people, called) == Some(id) => called.clone(),
        _ => name.to_owned(),
    }
}
