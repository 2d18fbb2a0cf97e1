//! From an edited form to its content.

use std::collections::BTreeSet;

use entente_shared::content::Value;
use entente_shared::content::edit::is_date;
use entente_shared::kinds::{Field, FieldType};
use entente_shared::views::Translation;

use crate::words::read_money;

use super::phrases::{self, FormError, FormProblem, ValueType};
use super::{Content, Contents, Form, FormContext, FormRow, FormSection, line_keys, rows_of, show};

/// Reads an edited form; what stands in `base` and not in the text keeps its content.
pub(super) fn form<'a>(base: &Form<'a>, text: &str) -> Result<Form<'a>, Vec<FormError>> {
    let mut reader = Reader {
        base,
        sections: Vec::new(),
        at: At::Top,
        open: None,
        seen: BTreeSet::new(),
        errors: Vec::new(),
    };
    for (number, line) in text.split('\n').enumerate() {
        reader.line(number + 1, line.trim_end_matches('\r'));
    }
    reader.close();
    match reader.errors.is_empty() {
        true => Ok(Form { context: base.context, sections: reader.sections }),
        false => Err(reader.errors),
    }
}

/// Where the reader is.
#[derive(Debug, Clone, PartialEq)]
enum At {
    /// Before the first section.
    Top,
    /// In the fields of the last section.
    Section,
    /// Below the heading of rows.
    Rows(String),
    /// In the last row of these.
    Row(String),
    /// Below a heading that was not understood; its lines are skipped.
    Lost,
}

/// A field whose lines are being read.
struct Open<'a> {
    field: &'a Field,
    key: String,
    line: usize,
    lines: Vec<String>,
}

struct Reader<'f, 'a> {
    base: &'f Form<'a>,
    sections: Vec<FormSection<'a>>,
    at: At,
    open: Option<Open<'a>>,
    /// What stood in the form so far, to find what stands there twice.
    seen: BTreeSet<String>,
    errors: Vec<FormError>,
}

impl<'a> Reader<'_, 'a> {
    fn line(&mut self, number: usize, line: &str) {
        if line.starts_with("//") {
            return;
        }
        if let Some(open) = &mut self.open
            && belongs(&open.field.ty, line)
        {
            open.lines.push(line.to_owned());
            return;
        }
        if line.trim().is_empty() {
            return;
        }
        self.close();
        if let Some(key) = line.strip_prefix("### ") {
            self.row(number, key);
        } else if let Some(key) = line.strip_prefix("## ") {
            self.rows(number, first_word(key));
        } else if let Some(name) = line.strip_prefix("# ") {
            self.section(number, first_word(name));
        } else if self.at != At::Lost {
            self.field(number, line);
        }
    }

    fn fail(&mut self, line: usize, problem: FormProblem) {
        self.errors.push(FormError { line, problem });
    }

    /// Notes that something stands here; tells whether it is there for the first time.
    fn first(&mut self, number: usize, what: &str, name: &str) -> bool {
        let first = self.seen.insert(what.to_owned());
        if !first {
            self.fail(number, FormProblem::Twice(name.to_owned()));
            self.at = At::Lost;
        }
        first
    }

    fn section(&mut self, number: usize, name: &str) {
        self.at = At::Lost;
        let Some(base) = self.base.sections.iter().find(|section| section.id.as_str() == name) else {
            return self.fail(number, FormProblem::NoSection(name.to_owned()));
        };
        if self.first(number, &format!("# {name}"), name) {
            self.sections.push(base.clone());
            self.at = At::Section;
        }
    }

    fn rows(&mut self, number: usize, key: &str) {
        let known = self.sections.last().is_some_and(|section| section.rows.contains_key(key));
        if self.at == At::Top || (self.at != At::Lost && !known) {
            self.at = At::Lost;
            return self.fail(number, FormProblem::NoRows(key.to_owned()));
        }
        let Some(section) = self.sections.last_mut().filter(|_| known) else { return };
        let place = format!("# {} ## {key}", section.id);
        // Rows that belong to others cannot be removed here, so they stay until they are named.
        let field = section.fields.iter().find(|field| field.key == key);
        let own = field.and_then(Field::rows).is_some_and(|rows| rows.of.is_none());
        if own && !self.seen.contains(&place) {
            section.rows.insert(key.to_owned(), Vec::new());
        }
        if self.first(number, &place, key) {
            self.at = At::Rows(key.to_owned());
        }
    }

    fn row(&mut self, number: usize, heading: &str) {
        let (At::Rows(rows) | At::Row(rows)) = self.at.clone() else {
            if self.at != At::Lost {
                self.fail(number, FormProblem::Stray(heading.to_owned()));
            }
            self.at = At::Lost;
            return;
        };
        // After a mistake in one row, the next one is read again.
        self.at = At::Row(rows.clone());
        let key =
            heading.trim().strip_prefix('[').and_then(|rest| rest.split_once(']')).map(|(key, _)| key.trim());
        let Some(key) = key else {
            return self.lost_row(number, FormProblem::NoRow(heading.trim().to_owned()));
        };
        let Some(section) = self.sections.last() else { return };
        let of = section.fields.iter().find(|field| field.key == rows).and_then(Field::rows);
        let of = of.and_then(|rows| rows.of.as_ref()).map(|(section, _)| section.clone());
        let id = section.id.clone();
        let base = self.base.sections.iter().find(|base| base.id == id).and_then(|base| base.rows.get(&rows));
        let found = base.into_iter().flatten().find(|row| row.key == key).cloned();
        let row = match (found, key, of) {
            (Some(row), _, _) => row,
            (None, "new", None) => FormRow::new(),
            (None, "new", Some(section)) => return self.lost_row(number, FormProblem::RowsComeFrom(section)),
            (None, _, _) => return self.lost_row(number, FormProblem::NoRow(key.to_owned())),
        };
        let count = self.sections.last().and_then(|section| section.rows.get(&rows)).map_or(0, Vec::len);
        let unique = if row.id.is_some() { key.to_owned() } else { format!("new {count}") };
        if !self.first(number, &format!("# {id} ## {rows} ### {unique}"), key) {
            self.at = At::Row(rows);
            return self.skip_row();
        }
        self.put_row(&rows, row);
    }

    /// Puts a row behind those read so far; a row that belongs to another stays in its place.
    fn put_row(&mut self, rows: &str, row: FormRow) {
        let Some(found) = self.sections.last_mut().and_then(|section| section.rows.get_mut(rows)) else {
            return;
        };
        found.retain(|other| other.id.is_none() || other.id != row.id);
        found.push(row);
    }

    fn lost_row(&mut self, number: usize, problem: FormProblem) {
        self.fail(number, problem);
        self.skip_row();
    }

    /// Takes the lines of a row that was not understood, so that they raise no further errors.
    fn skip_row(&mut self) {
        if let At::Row(rows) = self.at.clone() {
            self.put_row(&rows, FormRow::new());
        }
    }

    fn fields(&self) -> &'a [Field] {
        let Some(section) = self.sections.last() else { return &[] };
        match &self.at {
            At::Row(rows) => {
                let field = section.fields.iter().find(|field| field.key == *rows);
                field.and_then(rows_of).map_or(&[], |(_, row)| &row.fields)
            }
            At::Section => section.fields,
            _ => &[],
        }
    }

    fn field(&mut self, number: usize, line: &str) {
        let key = line.split(['·', ':']).next().unwrap_or_default().trim();
        let Some((_, rest)) = line.split_once(':').filter(|_| key.len() < line.len() && !key.contains(' '))
        else {
            return self.fail(number, FormProblem::Stray(line.trim().to_owned()));
        };
        let fields = self.fields();
        let Some(field) = fields.iter().find(|field| line_keys(field).iter().any(|known| known == key))
        else {
            let known =
                fields.iter().flat_map(line_keys).filter(|key| !key.ends_with(".translation")).collect();
            return self.fail(number, FormProblem::NoField(key.to_owned(), known));
        };
        let place = format!("{} {key}", self.place());
        if !self.seen.insert(place) {
            return self.fail(number, FormProblem::Twice(key.to_owned()));
        }
        let rest = rest.trim();
        let is_block = match field.ty {
            FieldType::Bilingual => !key.ends_with(".translation"),
            FieldType::Text | FieldType::Links | FieldType::Texts => true,
            _ => false,
        };
        if is_block && !rest.is_empty() {
            let problem = match field.ty {
                FieldType::Links => FormProblem::NotA(ValueType::Link, rest.to_owned()),
                _ => FormProblem::NotAText(key.to_owned()),
            };
            return self.fail(number, problem);
        }
        if is_block {
            self.open = Some(Open { field, key: key.to_owned(), line: number, lines: Vec::new() });
            return;
        }
        let context = &self.base.context;
        match scalar(context, field, key, rest) {
            // A line that nobody changed keeps its value, also where its words have two meanings.
            _ if self.shows(field, key) == Some(rest.to_owned()) => {}
            Ok(content) => self.put(key, content),
            Err(problem) => self.fail(number, problem),
        }
    }

    /// A name for the place where the reader is, different for every row.
    fn place(&self) -> String {
        let Some(section) = self.sections.last() else { return String::new() };
        match &self.at {
            At::Row(rows) => {
                let number = self.seen.iter().filter(|seen| seen.contains("###")).count();
                let key = section.rows.get(rows).and_then(|rows| rows.last()).map(|row| row.key.clone());
                format!("{} {rows} {} {number}", section.id, key.unwrap_or_default())
            }
            _ => section.id.to_string(),
        }
    }

    fn contents(&mut self) -> Option<&mut Contents> {
        let section = self.sections.last_mut()?;
        match &self.at {
            At::Row(rows) => Some(&mut section.rows.get_mut(rows)?.last_mut()?.contents),
            At::Section => Some(&mut section.contents),
            _ => None,
        }
    }

    /// What the line of a field showed before it was edited.
    fn shows(&mut self, field: &Field, key: &str) -> Option<String> {
        let context = self.base.context;
        match self.contents()?.get(key)? {
            Content::Scalar(value) => Some(show::scalar(&context, field, value)),
            Content::Translation(Translation::Outdated, _) => Some("outdated".to_owned()),
            _ => None,
        }
    }

    fn put(&mut self, key: &str, content: Content) {
        if let Some(contents) = self.contents() {
            // What the form did not show is not set by it either.
            if contents.get(key) != Some(&Content::Hidden) {
                contents.insert(key.to_owned(), content);
            }
        }
    }

    /// Ends the field whose lines were read.
    fn close(&mut self) {
        let Some(Open { field, key, line, mut lines }) = self.open.take() else { return };
        lines.retain(|line| !line.is_empty());
        let content = match field.ty {
            FieldType::Links | FieldType::Texts => Content::Items(items(&lines)),
            _ => Content::Text(lines.iter().map(|line| quoted(line)).collect::<Vec<_>>().join("\n")),
        };
        let is_link = |item: &&String| item.starts_with("https://") || item.starts_with("http://");
        if let (FieldType::Links, Content::Items(items)) = (&field.ty, &content)
            && let Some(bad) = items.iter().find(|item| !is_link(item) || item.contains(char::is_whitespace))
        {
            return self.fail(line, FormProblem::NotA(ValueType::Link, bad.clone()));
        }
        self.put(&key, content);
    }
}

impl FormRow {
    fn new() -> Self {
        let (key, name) = ("new".to_owned(), String::new());
        Self { id: None, key, order: None, name, contents: Contents::new() }
    }
}

/// Tells whether a line belongs to the block of an open field.
fn belongs(ty: &FieldType, line: &str) -> bool {
    match ty {
        FieldType::Links => line.starts_with('-') || line.is_empty(),
        FieldType::Texts => line.starts_with('-') || line.starts_with("  ") || line.is_empty(),
        _ => line.starts_with('>'),
    }
}

fn quoted(line: &str) -> String {
    let rest = line.strip_prefix('>').unwrap_or_default();
    rest.strip_prefix(' ').unwrap_or(rest).to_owned()
}

fn items(lines: &[String]) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    for line in lines {
        match (line.strip_prefix('-'), items.last_mut()) {
            (Some(item), _) => items.push(item.strip_prefix(' ').unwrap_or(item).to_owned()),
            (None, Some(item)) => {
                item.push('\n');
                item.push_str(line.strip_prefix("  ").unwrap_or_default());
            }
            (None, None) => {}
        }
    }
    items
}

fn first_word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or_default()
}

fn scalar(context: &FormContext<'_>, field: &Field, key: &str, text: &str) -> Result<Content, FormProblem> {
    let wrong = |wanted| FormProblem::NotA(wanted, text.to_owned());
    if key.ends_with(".translation") && field.ty == FieldType::Bilingual {
        return match text {
            "current" => Ok(Content::MarkCurrent),
            "outdated" => Ok(Content::Translation(Translation::Outdated, None)),
            _ => Err(FormProblem::NotATranslation(text.to_owned())),
        };
    }
    if text.is_empty() {
        return Ok(Content::Scalar(Value::Null));
    }
    Ok(Content::Scalar(match &field.ty {
        FieldType::Choice(choices) => {
            let same = |name: &str| name.to_lowercase() == text.to_lowercase();
            let named = choices.iter().find(|c| same(&c.word) || same(&c.label.ru) || same(&c.label.en));
            let words = || choices.iter().map(|choice| choice.word.clone()).collect();
            let choice = named.ok_or_else(|| FormProblem::NotAChoice(text.to_owned(), words()))?;
            Value::String(choice.word.clone())
        }
        FieldType::Person => {
            let member = phrases::member(context.people, text);
            Value::String(member.map_or_else(|| text.to_owned(), |id| id.to_hex()))
        }
        FieldType::Number => Value::Int(text.parse().map_err(|_| wrong(ValueType::Number))?),
        FieldType::Money => {
            let amount = read_money(text).ok_or_else(|| wrong(ValueType::Money))?;
            Value::string(amount.to_string())
        }
        FieldType::Date if is_date(text) => Value::string(text),
        FieldType::Date => return Err(wrong(ValueType::Date)),
        FieldType::Time => {
            let moment: jiff::Timestamp = text.parse().map_err(|_| wrong(ValueType::Time))?;
            Value::Timestamp(moment.as_millisecond())
        }
        FieldType::Flag => Value::Bool(phrases::read_flag(text).ok_or_else(|| wrong(ValueType::Flag))?),
        _ => Value::string(text),
    }))
}
