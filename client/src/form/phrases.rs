//! What the form says, in both languages.

use std::collections::BTreeMap;
use std::fmt;

use entente_shared::ids::PersonId;
use entente_shared::kinds::Lang;

/// A phrase in Russian and in English.
pub(super) type Phrase = (&'static str, &'static str);

pub(super) const HOW_TO: Phrase = (
    "Строки с // в начале ничего не меняют. Каждая строка текста начинается с «>».\n\
     Что убрать из формы, останется в документе как есть; только строка таблицы (###) удаляется.",
    "Lines that begin with // change nothing. Each line of a text begins with >.\n\
     What you take out of this form stays in the document as it is; only a row (###) is removed.",
);
pub(super) const NEW_ROW: Phrase =
    ("новая строка: ### [new], ниже её поля", "a new row: ### [new], and its fields below");
pub(super) const NO_FORM: Phrase =
    ("этот раздел меняется другой командой", "this is changed by another command");
pub(super) const HIDDEN: Phrase = (
    "здесь значение, которое форма не может показать; оно останется как есть",
    "holds a value that a form cannot show; it stays as it is",
);
pub(super) const OUTDATED: Phrase = (
    "исходный текст изменился после перевода; если перевод по-прежнему верен, напишите current",
    "the source text changed after the translation; if it still holds, write current",
);
pub(super) const IN_RUSSIAN: Phrase = ("по-русски", "in Russian");
pub(super) const IN_ENGLISH: Phrase = ("по-английски", "in English");
pub(super) const TRANSLATION: Phrase = ("перевод", "translation");

pub(super) fn phrase(lang: Lang, phrase: &Phrase) -> &'static str {
    match lang {
        Lang::Ru => phrase.0,
        Lang::En => phrase.1,
    }
}

/// The word for yes or no.
pub(super) fn flag(lang: Lang, flag: bool) -> &'static str {
    phrase(lang, if flag { &("да", "yes") } else { &("нет", "no") })
}

/// Reads yes or no in either language.
pub(super) fn read_flag(word: &str) -> Option<bool> {
    match word.to_lowercase().as_str() {
        "да" | "yes" => Some(true),
        "нет" | "no" => Some(false),
        _ => None,
    }
}

/// A moment as `2026-11-24T17:30:00Z`; `None` outside the years that can be written so.
pub(super) fn moment(ms: i64) -> Option<String> {
    jiff::Timestamp::from_millisecond(ms).ok().map(|moment| moment.to_string())
}

/// The one member of this name.
pub(super) fn member(people: &BTreeMap<PersonId, String>, name: &str) -> Option<PersonId> {
    let mut found = people.iter().filter(|(_, called)| called.as_str() == name).map(|(id, _)| *id);
    found.next().filter(|_| found.next().is_none())
}

/// A line of an edited form that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub problem: FormProblem,
}

/// What can be wrong with a line of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormProblem {
    /// No section of this name is in the form.
    NoSection(String),
    /// The section has no such rows.
    NoRows(String),
    /// No row of this key is in the form.
    NoRow(String),
    /// Rows of this kind come from another section and cannot be added here.
    RowsComeFrom(String),
    /// There is no such field here; those that are.
    NoField(String, Vec<String>),
    /// The section, row or field stands in the form twice.
    Twice(String),
    /// A line that belongs to no field.
    Stray(String),
    /// A text's line without `>`.
    NotAText(String),
    /// None of the words that are possible.
    NotAChoice(String, Vec<String>),
    /// Not a value of this type.
    NotA(ValueType, String),
    /// The translation's line says something else than `current` or `outdated`.
    NotATranslation(String),
}

/// The types whose values can be misspelt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueType {
    /// A whole number.
    Number,
    /// An amount of money.
    Money,
    /// A day.
    Date,
    /// A moment.
    Time,
    /// Yes or no.
    Flag,
    /// A link.
    Link,
}

impl FormError {
    /// Says in one language what is wrong, and what to do.
    pub fn in_words(&self, lang: Lang) -> String {
        let line = phrase(lang, &("строка", "line"));
        format!("{line} {}: {}", self.line, self.problem.in_words(lang))
    }
}

impl fmt::Display for FormError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_words(Lang::En))
    }
}

impl std::error::Error for FormError {}

impl FormProblem {
    /// Says the problem alone in one language.
    pub fn in_words(&self, lang: Lang) -> String {
        let ru = lang == Lang::Ru;
        match self {
            Self::NoSection(name) if ru => format!("раздела «{name}» в форме нет; верните его имя"),
            Self::NoSection(name) => format!("there is no section {name:?} in this form; put its name back"),
            Self::NoRows(name) if ru => format!("таблицы «{name}» в этом разделе нет"),
            Self::NoRows(name) => format!("this section has no rows {name:?}"),
            Self::NoRow(key) if ru => {
                format!("строки [{key}] нет; чтобы добавить строку, напишите ### [new]")
            }
            Self::NoRow(key) => format!("there is no row [{key}]; to add one, write ### [new]"),
            Self::RowsComeFrom(section) if ru => format!("эти строки добавляются в разделе «{section}»"),
            Self::RowsComeFrom(section) => format!("rows are added in the section {section:?}"),
            Self::NoField(key, known) if ru => format!("поля «{key}» здесь нет; есть: {}", known.join(", ")),
            Self::NoField(key, known) => {
                format!("there is no field {key:?} here; there is: {}", known.join(", "))
            }
            Self::Twice(key) if ru => format!("«{key}» уже есть выше; оставьте одно"),
            Self::Twice(key) => format!("{key:?} stands further up already; keep one"),
            Self::Stray(text) if ru => {
                format!("«{text}» не относится ни к одному полю; начните строку с // или уберите")
            }
            Self::Stray(text) => {
                format!("{text:?} belongs to no field; begin the line with // or take it out")
            }
            Self::NotAText(key) if ru => {
                format!("текст поля «{key}» пишется ниже, каждая строка начинается с «>»")
            }
            Self::NotAText(key) => format!("the text of {key:?} goes below, each line beginning with >"),
            Self::NotAChoice(word, words) if ru => {
                format!("«{word}» выбрать нельзя; можно: {}", words.join(", "))
            }
            Self::NotAChoice(word, words) => {
                format!("{word:?} is not a choice; choose one of {}", words.join(", "))
            }
            Self::NotA(wanted, text) if ru => format!("«{text}»: нужно {}", wanted.in_words(lang)),
            Self::NotA(wanted, text) => format!("{text:?} is not {}", wanted.in_words(lang)),
            Self::NotATranslation(text) if ru => {
                format!("«{text}»: напишите current, если перевод верен, или outdated")
            }
            Self::NotATranslation(text) => {
                format!("{text:?}: write current if the translation holds, or outdated")
            }
        }
    }
}

impl ValueType {
    fn in_words(self, lang: Lang) -> &'static str {
        let words: Phrase = match self {
            Self::Number => ("целое число", "a whole number"),
            Self::Money => {
                ("сумма с валютой, например 120 000 ₽", "an amount with its currency, such as $1,200.50")
            }
            Self::Date => ("день, например 2026-11-24", "a day, such as 2026-11-24"),
            Self::Time => ("время, например 2026-11-24T17:30:00Z", "a moment, such as 2026-11-24T17:30:00Z"),
            Self::Flag => ("да или нет", "yes or no"),
            Self::Link => ("ссылка, начиная с https://", "a link beginning with https://"),
        };
        phrase(lang, &words)
    }
}
