//! The three teams of the stories, as the ground rules describe them.

use entente_shared::content::{EditCommand, Path, Value};
use entente_shared::ids::*;
use entente_shared::rules::Rules;

/// The founder's team, on the Russian market.
pub const MOSCOW: &str = "moscow";
/// The second team, on the American market.
pub const NEWYORK: &str = "newyork";
/// The team that joins later, on the German market.
pub const BERLIN: &str = "berlin";

/// The market of a team.
pub fn market(team: &str) -> &'static str {
    match team {
        MOSCOW => "ru",
        NEWYORK => "us",
        _ => "de",
    }
}

/// The row of a team in `parties`.
pub fn row(team: &str) -> Vec<(&'static str, String)> {
    let (name_ru, name_en, zone, language) = match team {
        MOSCOW => ("Мороша", "Morosha", "Europe/Moscow", "ru"),
        NEWYORK => ("Харлоу-стрит", "Harlow Street", "America/New_York", "en"),
        _ => ("Линден", "Linden", "Europe/Berlin", "en"),
    };
    let fields = [
        ("name_ru", name_ru),
        ("name_en", name_en),
        ("market", market(team)),
        ("zone", zone),
        ("work", "Mon-Fri 10:00-19:00"),
        ("language", language),
    ];
    fields.into_iter().map(|(key, text)| (key, text.to_owned())).collect()
}

/// The founder's calendar.
pub fn calendar() -> Vec<(&'static str, String)> {
    vec![("offsets", "2026-11-01T00:00Z +03:00, until 2028-11-01T00:00Z".to_owned())]
}

/// Adds a team to the ground rules.
pub fn added(team: &str) -> (SectionId, Vec<EditCommand>) {
    let row = row(team).into_iter().map(|(key, text)| (key.to_owned(), Value::String(text)));
    let value = Value::Map(row.collect());
    ("parties".into(), vec![EditCommand::SetScalar { path: Path::new(["parties", team]), value }])
}

/// Where the stories differ from the standard rules: what a market's part of the brief says is
/// read by that market's teams alone, a coordinator suggests nothing, and all teams sign what
/// escalates.
const OWN: &str = r#"
judge_version = 3
[[rule]]
id      = "open-book"
on      = ["matrix:*", "brief:universal", "brief:talk", "playbook:*"]
read    = ["*/lead", "*/account-manager", "coordinator", "translator", "*/legal", "*/viewer"]
propose = ["*/lead", "*/account-manager", "*/legal", "*/viewer"]

[[rule]]
id      = "private"
on      = "brief:market/{market}"
read    = ["{market}/lead", "{market}/account-manager", "{market}/viewer"]
propose = ["{market}/viewer"]

[[rule]]
id   = "escalation"
on   = "matrix:escalation"
sign = { all_of = ["*/lead"], locks = true }
"#;

/// The edits that make the standard rules those of the stories.
pub fn own_rules() -> (SectionId, Vec<EditCommand>) {
    ("rules".into(), set_rules(OWN))
}

/// The edits that set the rules in a text.
///
/// # Panics
///
/// If the text is not rules.
pub fn set_rules(text: &str) -> Vec<EditCommand> {
    let rules = Rules::from_toml(text).expect("the rules of the story");
    let set = |(id, text): (RuleId, String)| EditCommand::SetScalar {
        path: Path::new(["rules", id.as_str()]),
        value: Value::String(text),
    };
    rules.to_stored().into_iter().map(set).collect()
}

/// Gives a person roles, in place of those that they have.
pub fn roles(person: &PersonId, roles: &str) -> EditCommand {
    let path = Path::new(["people".to_owned(), person.to_hex(), "roles".to_owned()]);
    EditCommand::SetScalar { path, value: Value::String(roles.to_owned()) }
}
