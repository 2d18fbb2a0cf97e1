//! What people read, in their language: every sentence of the command line and the web.
//!
//! The sentences stand in `messages/en.ftl` and `messages/ru.ftl` (Fluent) under one id each;
//! [`Words::say`] fills them in. Content of documents has its own languages and is not here.
//!
//! ```
//! use entente_client::args;
//! use entente_client::words::{Lang, Words};
//!
//! let words = Words::new(Lang::Ru);
//! let person = "Анна Орлова";
//! assert_eq!(words.say("held-for", args![deciders = person]), "ждёт решения: Анна Орлова");
//! assert_eq!(words.say("count-changes", args![count = 22]), "22 изменения");
//! ```

mod commands;
mod details;
mod money;
mod near;
mod outcomes;
mod problems;
mod roles;
mod sentences;
mod times;

pub use entente_shared::kinds::Lang;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use crate::zones;

pub use money::{money_text, read_money, stored_money_text};
pub use near::near;
pub use outcomes::RefusedAbout;
pub use roles::{RoleForm, role_is_plural};
pub use sentences::{About, Holders, Place, TeamLabel, Whose, capitalised};
pub use times::{Clock, Day};

/// Reads a locale such as `ru_RU.UTF-8`; English for every language but Russian.
pub fn lang_of_locale(locale: &str) -> Lang {
    let language = locale.split(['_', '-', '.', '@']).next().unwrap_or_default();
    if language.eq_ignore_ascii_case("ru") { Lang::Ru } else { Lang::En }
}

/// Chooses the language as POSIX does: by the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is
/// set and not empty; `setting` looks one of them up.
pub fn lang_of_environment(setting: impl Fn(&str) -> Option<String>) -> Lang {
    let mut set = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(setting);
    set.find(|locale| !locale.is_empty()).map_or(Lang::En, |locale| lang_of_locale(&locale))
}

fn catalogue(lang: Lang) -> &'static str {
    match lang {
        Lang::En => include_str!("../messages/en.ftl"),
        Lang::Ru => include_str!("../messages/ru.ftl"),
    }
}

fn identifier(lang: Lang) -> LanguageIdentifier {
    lang.key().parse().expect("a language's key is its identifier")
}

/// Collects the values that a sentence needs: `args![person = name, count = 3]`, or `args![person]`
/// for a variable of that name.
#[macro_export]
macro_rules! args {
    () => { $crate::words::Args::new() };
    ($($name:ident $(= $value:expr)?),+ $(,)?) => {{
        let mut args = $crate::words::Args::new();
        $( $crate::args!(@set args, $name $(, $value)?); )+
        args
    }};
    (@set $args:ident, $name:ident) => { $args.set(stringify!($name), $name) };
    (@set $args:ident, $name:ident, $value:expr) => { $args.set(stringify!($name), $value) };
}

/// The values of a sentence, by name; [`args!`](crate::args) makes them.
pub type Args<'a> = FluentArgs<'a>;

/// All sentences of one language.
pub struct Words {
    lang: Lang,
    bundle: FluentBundle<FluentResource>,
    is_app: bool,
}

impl Words {
    /// Loads the sentences of a language.
    pub fn new(lang: Lang) -> Self {
        Self::of_catalogue(lang, catalogue(lang).to_owned(), false)
    }

    /// Loads the sentences as an interface with buttons says them: without what to type at a command
    /// line, and where a message has an attribute `.app`, by that.
    pub fn for_app(lang: Lang) -> Self {
        Self::of_catalogue(lang, commands::without(catalogue(lang)), true)
    }

    fn of_catalogue(lang: Lang, text: String, is_app: bool) -> Self {
        let mut bundle = FluentBundle::new_concurrent(vec![identifier(lang)]);
        // Terminals and scripts would show the marks that isolate directions of writing.
        bundle.set_use_isolating(false);
        bundle.add_function("GENITIVE", genitive).expect("the bundle is new");
        let resource = FluentResource::try_new(text);
        let resource = resource.expect("a test parses every catalogue");
        bundle.add_resource(resource).expect("a test finds ids that stand twice");
        Self { lang, bundle, is_app }
    }

    /// The language spoken.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// Says a sentence. An id that does not exist gives itself, a missing value its name in braces;
    /// tests find both in the source code.
    pub fn say(&self, id: &str, args: Args<'_>) -> String {
        let own = if self.is_app { self.say_part(id, Some("app"), &args) } else { None };
        own.or_else(|| self.say_part(id, None, &args)).unwrap_or_else(|| id.to_owned())
    }

    /// Tells whether a sentence of this id exists.
    pub fn has(&self, id: &str) -> bool {
        self.bundle.has_message(id)
    }

    /// Joins the items of a list: `a, b and c`; nothing for an empty list.
    pub fn list<S: AsRef<str>>(&self, items: &[S]) -> String {
        self.joined("list-and", items)
    }

    /// Joins items of which one is enough: `a, b or c`.
    pub fn list_or<S: AsRef<str>>(&self, items: &[S]) -> String {
        self.joined("list-or", items)
    }

    fn joined<S: AsRef<str>>(&self, id: &str, items: &[S]) -> String {
        let Some((last, others)) = items.split_last() else { return String::new() };
        let join = |id: &str, first: String, last: &str| self.say(id, args![first, last]);
        let first = others.iter().map(|item| item.as_ref().to_owned());
        match first.reduce(|all, next| join("list-comma", all, &next)) {
            Some(first) => join(id, first, last.as_ref()),
            None => last.as_ref().to_owned(),
        }
    }

    /// Names teams as people call them: by their city where no other team shares it, else by name.
    /// Takes each team's time zone and its name in this language; answers in the same order.
    pub fn team_labels(&self, teams: &[(&str, &str)]) -> Vec<String> {
        let city = |zone: &str| zones::city(zone, self.lang);
        let label = |(zone, name): &(&str, &str)| {
            let shared = teams.iter().filter(|(other, _)| city(other) == city(zone)).count() > 1;
            if shared { (*name).to_owned() } else { city(zone) }
        };
        teams.iter().map(label).collect()
    }

    /// Says a sentence, or one of its further forms.
    fn say_part(&self, id: &str, attribute: Option<&str>, args: &Args<'_>) -> Option<String> {
        let message = self.bundle.get_message(id)?;
        let pattern = match attribute {
            Some(name) => message.get_attribute(name)?.value(),
            None => message.value()?,
        };
        let mut errors = Vec::new();
        Some(self.bundle.format_pattern(pattern, Some(args), &mut errors).into_owned())
    }
}

/// The Fluent function `GENITIVE($party)`: a team's label in the Russian genitive.
fn genitive<'a>(values: &[FluentValue<'a>], _: &FluentArgs<'_>) -> FluentValue<'a> {
    match values {
        [FluentValue::String(label)] => zones::russian_genitive(label).into(),
        _ => FluentValue::Error,
    }
}

/// Lists the ids of all sentences, in the order of the catalogue.
pub fn ids() -> impl Iterator<Item = &'static str> {
    // Ids alone stand at the begin of a line; a test compares this with Fluent's own parser.
    let lines = catalogue(Lang::En).lines();
    lines.filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase())).filter_map(|line| {
        let (id, _) = line.split_once('=')?;
        Some(id.trim_end())
    })
}

#[cfg(test)]
mod tests;
