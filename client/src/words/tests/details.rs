//! What shared and the relay say in English is read back and said in Russian.

use std::collections::BTreeMap;

use entente_shared::calendar::{Calendar, WorkWeek, parse_holidays};
use entente_shared::charter::Contents;
use entente_shared::content::{EditCommand, Path, Value, apply_edit};
use entente_shared::ids::*;
use entente_shared::kinds;
use entente_shared::rules::Rules;

use super::*;

/// Rules with one mistake each.
const WRONG_RULES: [&str; 22] = [
    "rule = 3",
    "[[rule",
    "[[rule]]\non = \"matrix:talk\"\nedit = [\"lead\"]",
    "[[rule]]\nid = \"A B\"\non = \"matrix:talk\"\nedit = [\"lead\"]",
    "[[rule]]\nid = \"one\"\non = \"matrix:talk\"",
    "[[rule]]\nid = \"one\"\non = []\nedit = [\"lead\"]",
    "[[rule]]\nid = \"one\"\non = \"matrix:talk\"\nedit = [\"lead\"]\ncolour = \"red\"",
    "[[rule]]\nid = \"one\"\non = \"matrix\"\nedit = [\"lead\"]",
    "[[rule]]\nid = \"one\"\non = \"Matrix:talk\"\nedit = [\"lead\"]",
    "[[rule]]\nid = \"one\"\non = \"matrix:*/talk\"\nedit = [\"lead\"]",
    "[[rule]]\nid = \"one\"\non = \"matrix:{party}/{party}\"\nedit = [\"lead\"]",
    "[[rule]]\nid = \"one\"\non = \"matrix:TALK\"\nedit = [\"lead\"]",
    "[[rule]]\nid = \"one\"\non = \"matrix:talk#a//b\"\nedit = [\"lead\"]",
    "[[rule]]\nid = \"one\"\non = \"matrix:talk#a@mood\"\nedit = [\"lead\"]",
    "[[rule]]\nid = \"one\"\non = \"matrix:talk\"\nedit = [\"Lead!\"]",
    "[[rule]]\nid = \"one\"\non = \"matrix:talk\"\nedit = [\"{team}/lead\"]",
    "[[rule]]\nid = \"one\"\non = \"matrix:talk\"\nedit = [\"{party}/lead\"]",
    "[[rule]]\nid = \"one\"\non = \"matrix:talk\"\nedit = [\"lead\", \"lead\"]",
    "[[rule]]\nid = \"one\"\non = \"matrix:talk\"\nedit = [\"lead\"]\nhold = \"edits\"",
    "[[rule]]\nid = \"one\"\non = \"matrix:talk\"\nedit = [\"lead\"]\ngrants = [\"lead\"]",
    "[[rule]]\nid = \"one\"\non = \"matrix:talk#text\"\nread = [\"lead\"]",
    "[[rule]]\nid = \"one\"\non = \"matrix:talk\"\nedit = [\"lead\"]\n\
     [[rule]]\nid = \"one\"\non = \"matrix:talk\"\nedit = [\"lead\"]",
];

const WRONG_HOURS: [&str; 7] = [
    "",
    "Mon",
    "10:00-12:00",
    "Mon 10-12",
    "Mon 12:00-10:00",
    "Moon 10:00-12:00",
    "Mon 10:00-12:00 11:00-13:00",
];

const WRONG_OFFSETS: [&str; 6] = [
    "until 2028-01-01T00:00Z",
    "2026-01-01T00:00Z +03:00",
    "2026-01-01T00:00Z",
    "2026-13-01T00:00Z +03:00, until 2028-01-01T00:00Z",
    "2026-01-01T00:00Z three, until 2028-01-01T00:00Z",
    "2026-01-01T00:00Z +03:00, until 2048-01-01T00:00Z",
];

const WRONG_HOLIDAYS: [&str; 3] = ["Easter", "2027-01-08..2027-01-01", "2020-01-01..2027-01-01"];

fn wrong_calendars() -> Vec<String> {
    let offsets = "2026-01-01T00:00Z +03:00, until 2028-01-01T00:00Z";
    let hours = WRONG_HOURS.iter().filter_map(|text| text.parse::<WorkWeek>().err());
    let tables = WRONG_OFFSETS.iter().filter_map(|text| Calendar::parse("Mon 10:00-12:00", text, "").err());
    let holidays = WRONG_HOLIDAYS.iter().filter_map(|text| parse_holidays(text).err());
    let whole = Calendar::parse("Mon 10:00-12:00", offsets, "2027-01-01");
    assert!(whole.is_ok(), "{whole:?}");
    hours.chain(tables).chain(holidays).map(|error| error.to_string()).collect()
}

/// What the ground rules say to one value in a section that they do not take.
fn wrong_charter(section: &str, path: &[&str], value: Value) -> String {
    let (kind, section) =
        (kinds::newest(&KindId::new("charter")).expect("the charter"), SectionId::new(section));
    let mut content = kind.genesis_content(&section).expect("a section");
    let command = EditCommand::SetScalar { path: Path::new(path.iter().copied()), value };
    apply_edit(content.doc_mut(), kind, &section, &command).expect("a map takes everything");
    content.heads();
    Contents::read(&BTreeMap::from([(section, content)]), 1).expect_err("not well formed")
}

fn wrong_charters() -> Vec<String> {
    let text = |text: &str| Value::string(text);
    let row = |fields: &[(&str, &str)]| {
        Value::Map(fields.iter().map(|(key, value)| ((*key).to_owned(), text(value))).collect())
    };
    let team = [
        ("name_ru", "Мороша"),
        ("name_en", "Morosha"),
        ("market", "ru"),
        ("zone", "Europe/Moscow"),
        ("work", "Mon 10:00-12:00"),
        ("language", "ru"),
    ];
    let other = |key: &str, value: &'static str| {
        let fields: Vec<_> = team.iter().map(|(k, v)| (*k, if *k == key { value } else { *v })).collect();
        row(&fields)
    };
    vec![
        wrong_charter("parties", &["parties", "moscow"], text("a team")),
        wrong_charter("parties", &["parties", "moscow"], row(&team[..5])),
        wrong_charter("parties", &["parties", "MOSCOW"], row(&team)),
        wrong_charter("parties", &["parties", "moscow"], other("language", "fr")),
        wrong_charter("parties", &["parties", "moscow"], other("work", "always")),
        wrong_charter("parties", &["parties", "moscow"], other("market", "r u")),
        wrong_charter("people/moscow", &["people", "anna"], row(&[("name", "Anna"), ("roles", "lead")])),
        wrong_charter("people/moscow", &["people", &"01".repeat(16)], row(&[("name", "A"), ("roles", "L!")])),
        wrong_charter(
            "people/moscow",
            &["people", &"01".repeat(16)],
            row(&[("name", "A"), ("roles", "lead")]),
        ),
        wrong_charter("people/moscow", &["people", &"01".repeat(16)], row(&[("nick", "A")])),
        wrong_charter("calendar/moscow", &["calendar", "offsets"], text("none")),
        wrong_charter("roles", &["roles", "editor"], row(&[("ru", "редактор")])),
        wrong_charter("rules", &["rules", "one"], text("[]")),
    ]
}

/// Latin words that are not quoted, and so would be read as English.
fn english(said: &str) -> Vec<String> {
    let mut outside = String::new();
    let mut inside = false;
    for letter in said.chars() {
        match letter {
            '`' | '"' => inside = !inside,
            _ if !inside => outside.push(letter),
            _ => {}
        }
    }
    let words = outside.split(|letter: char| !letter.is_ascii_alphabetic());
    words.filter(|word| word.len() > 3).map(str::to_owned).collect()
}

#[test]
fn mistakes_in_rules_and_calendars_are_told_in_russian() {
    let ru = ru();
    let rules = WRONG_RULES.iter().map(|text| Rules::from_toml(text).expect_err(text).to_string());
    for detail in rules.chain(wrong_calendars()) {
        let said = ru.detail(&detail);
        assert!(!said.starts_with("подробности по-английски"), "{detail}");
        assert_eq!(english(&said), [""; 0], "{detail}: {said}");
        assert_eq!(en().detail(&detail), detail, "English stays as it is");
    }
}

#[test]
fn mistakes_in_the_ground_rules_are_told_in_russian() {
    let ru = ru();
    let names =
        ["MOSCOW", "parties", "people", "moscow", "calendar", "roles", "rules", "market", "language", "nick"];
    for detail in wrong_charters() {
        let said = ru.detail(&detail);
        if detail.contains("invalid type") {
            continue;
        }
        assert!(!said.starts_with("подробности по-английски"), "{detail}");
        let left: Vec<_> =
            english(&said).into_iter().filter(|word| !names.contains(&word.as_str())).collect();
        assert_eq!(left, [""; 0], "{detail}: {said}");
    }
}

#[test]
fn what_the_relay_says_is_told_in_russian_with_whom_to_ask() {
    let full = "its operator (Morosha Ltd) lets this partnership store 20 GiB, and it has";
    assert_eq!(
        ru().detail(full),
        "место для этого партнёрства кончилось: 20 GiB. Больше может дать тот, кто ведёт сервер: Morosha Ltd"
    );
    assert_eq!(ru().detail("its disk is nearly full"), "его диск почти полон");
    let unknown = "a reason that comes with a later version";
    assert_eq!(ru().detail(unknown), format!("подробности по-английски: {unknown}"));
    let refusal =
        entente_shared::judge::Refusal::Gate { section: "talk".into(), detail: "change 0: x".into() };
    let about = RefusedAbout { place: "Разговор", people: &[], ask: "Анна" };
    let said = ru().refusal(&refusal, about);
    assert!(said.contains("повреждена") && english(&said) == ["Entente"], "{said}");
}
