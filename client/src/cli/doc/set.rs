//! `entente doc set`: one field, by the name that people give it. Made for scripts.

use entente_shared::content::{EditCommand, Path, Value};
use entente_shared::ids::DocumentId;
use entente_shared::kinds::{Address, AddressError, Around, Field, FieldType, Kind, Lang, Slot};

use crate::args;
use crate::cli::args::SetArgs;
use crate::cli::outcome::USAGE;
use crate::cli::place::plain;
use crate::cli::{Done, Failed, Session};
use crate::views::Naming;
use crate::words::read_money;

/// Sets a field, and what was said beside it.
pub fn run(session: &mut Session<'_>, args: &SetArgs) -> Result<Done, Failed> {
    let document = session.document(&args.document)?;
    let (section, commands) = {
        let kind = session.kind(document)?;
        let address = resolve(session, document, kind, &args.place)?;
        let mut commands = Vec::new();
        if let Some(value) = &args.value {
            let place = address.clone().main(kind).in_language(kind, session.words.lang());
            commands.push(command(session, document, &place, value)?);
        }
        if let Some(person) = &args.person {
            let beside = beside(session, kind, &address, "person")?;
            commands.push(command(session, document, &beside, person)?);
        }
        if let Some(note) = &args.note {
            let beside = beside(session, kind, &address, "note")?;
            let beside = beside.in_language(kind, session.words.lang());
            commands.push(command(session, document, &beside, note)?);
        }
        (address.section, commands)
    };
    if commands.is_empty() {
        let problem = format!("{}: VALUE, --person, --note", args.place);
        return Err(Failed::new(USAGE, session.words.say("usage", args![problem, command = "doc set"])));
    }
    let edits = vec![(section.clone(), commands)];
    let message = args.message.clone();
    let outcome = session.act(|replica, now| replica.edit_all(now, document, edits, message))?;
    session.edited(document, &section, &outcome)
}

impl Session<'_> {
    /// The kind of a document.
    pub fn kind(&self, document: DocumentId) -> Result<&'static Kind, Failed> {
        let found = self.shell.replica().document(document);
        found.map(|document| document.kind()).map_err(|error| self.command_failed(&error))
    }
}

/// Finds the place that somebody typed.
pub fn resolve<'k>(
    session: &Session<'_>,
    document: DocumentId,
    kind: &'k Kind,
    typed: &str,
) -> Result<Address<'k>, Failed> {
    let (content, subjects) = (session.content(document)?, session.setting()?.subjects());
    let around = Around { sections: &content, names: &subjects };
    kind.resolve(typed, around).map_err(|error| unknown_place(session, document, error))
}

fn unknown_place(session: &Session<'_>, document: DocumentId, error: AddressError) -> Failed {
    let words = session.words;
    let title = session.shell.replica().document(document).map(|document| document.title().to_owned());
    match error {
        AddressError::Nothing { typed, near, .. } => {
            let document = title.unwrap_or_default();
            Failed::usage(words, &words.say("unknown-field", args![document, name = typed]), &near)
        }
        AddressError::Ambiguous { typed, meant } => {
            let candidates = words.list(&meant);
            Failed::usage(words, &words.say("ambiguous-name", args![name = typed, candidates]), &[])
        }
    }
}

/// A further field of the same row.
fn beside<'k>(
    session: &Session<'_>,
    kind: &'k Kind,
    address: &Address<'k>,
    field: &str,
) -> Result<Address<'k>, Failed> {
    let path = Path::new(address.path.0.iter().take(2).cloned().chain([field.to_owned()]));
    match kind.slot(&address.section, &path) {
        Some(slot) => Ok(Address { section: address.section.clone(), path, slot }),
        None => {
            let (document, name) = (kind.label.get(session.words.lang()), field);
            let problem = session.words.say("unknown-field", args![document, name]);
            Err(Failed::usage(session.words, &problem, &[]))
        }
    }
}

/// The edit that gives a place this value.
fn command(
    session: &Session<'_>,
    document: DocumentId,
    address: &Address<'_>,
    typed: &str,
) -> Result<EditCommand, Failed> {
    let path = address.path.clone();
    let set = |value| EditCommand::SetScalar { path: path.clone(), value };
    let text = || typed.to_owned();
    Ok(match &address.slot {
        Slot::Field(field) => match &field.ty {
            _ if typed.is_empty()
                && !matches!(field.ty, FieldType::Text | FieldType::Links | FieldType::Texts) =>
            {
                set(Value::Null)
            }
            FieldType::Text => EditCommand::SetText { path, new: text() },
            FieldType::Links | FieldType::Texts => {
                let at = length(session, document, address)?;
                EditCommand::ListInsert { path, at, item: text() }
            }
            _ => set(scalar(session, document, field, address, typed)?),
        },
        Slot::Language(..) | Slot::Item(..) => EditCommand::SetText { path, new: text() },
        _ => set(Value::string(typed)),
    })
}

fn length(session: &Session<'_>, document: DocumentId, address: &Address<'_>) -> Result<u32, Failed> {
    let content = session.content(document)?;
    let list = content.get(&address.section);
    let list = list.and_then(|doc| entente_shared::content::value_at(doc, &address.path));
    let length = list.and_then(|list| list.as_list().map(|items| items.len())).unwrap_or_default();
    Ok(u32::try_from(length).unwrap_or(u32::MAX))
}

fn scalar(
    session: &Session<'_>,
    document: DocumentId,
    field: &Field,
    address: &Address<'_>,
    typed: &str,
) -> Result<Value, Failed> {
    let misfit = |values: &[String]| {
        let (place, values) = (place_text(session, document, address), session.words.list_or(values));
        let text = session.words.say("unknown-value", args![value = typed, place, values]);
        Failed::new(USAGE, text)
    };
    Ok(match &field.ty {
        FieldType::Choice(choices) => {
            let fits = |choice: &&entente_shared::kinds::Choice| {
                let labels = Lang::ALL.map(|lang| plain(choice.label.get(lang)));
                plain(&choice.word) == plain(typed) || labels.contains(&plain(typed))
            };
            let found = choices.iter().find(fits);
            let found = found.or_else(|| only_prefix(choices, typed));
            match found {
                Some(choice) => Value::string(&choice.word),
                None => return Err(misfit(&choices.iter().map(|one| one.word.clone()).collect::<Vec<_>>())),
            }
        }
        FieldType::Person => match session.person(typed) {
            Ok(person) => Value::string(person.to_hex()),
            // Somebody outside the partnership goes by name, unless a member was nearly named.
            Err(failed) if failed.text.contains('?') => return Err(failed),
            Err(_) => Value::string(typed),
        },
        FieldType::Number => Value::Int(typed.parse().map_err(|_| misfit(&["1".into(), "2".into()]))?),
        FieldType::Time => Value::Timestamp(typed.parse().map_err(|_| misfit(&["1795539900000".into()]))?),
        FieldType::Money => {
            let amount =
                read_money(typed).ok_or_else(|| misfit(&["120 000 ₽".into(), "$1,200.50".into()]))?;
            Value::string(amount.to_string())
        }
        FieldType::Flag => match plain(typed).as_str() {
            "yes" | "true" | "да" => Value::Bool(true),
            "no" | "false" | "нет" => Value::Bool(false),
            _ => return Err(misfit(&["yes".into(), "no".into()])),
        },
        _ => Value::string(typed),
    })
}

/// A place as people call it.
fn place_text(session: &Session<'_>, document: DocumentId, address: &Address<'_>) -> String {
    let named = session.setting().ok().and_then(|setting| {
        let replicated = session.shell.replica().replicated(document).ok()?;
        let place = Naming::new(&setting, replicated).place(&address.section, &address.path);
        Some(place.label.get(session.words.lang()).to_owned())
    });
    named.unwrap_or_else(|| address.path.to_string())
}

/// The one choice whose word begins with, or contains, what was typed.
fn only_prefix<'c>(
    choices: &'c [entente_shared::kinds::Choice],
    typed: &str,
) -> Option<&'c entente_shared::kinds::Choice> {
    let wanted = plain(typed);
    let mut fitting =
        choices.iter().filter(|choice| wanted.len() >= 3 && plain(&choice.word).contains(&wanted));
    fitting.next().filter(|_| fitting.next().is_none())
}
