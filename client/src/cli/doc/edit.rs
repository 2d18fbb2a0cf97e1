//! `entente doc edit`: a document as text in an editor, and the difference as edits.
//!
//! It takes two steps, so that nothing is locked while somebody writes: `--prepare` puts the form
//! into a file and what it was made from beside it; `--from` reads the edited form, finds what was
//! changed, and joins it with what others wrote meanwhile.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use automerge::AutoCommit;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use entente_shared::content::{ENCODING, EditCommand, Section, apply_edit, value_at};
use entente_shared::ids::{DocumentId, SectionId};
use entente_shared::kinds::{self, Kind};

use crate::args;
use crate::cli::args::EditArgs;
use crate::cli::outcome::{REFUSED, TROUBLE, USAGE};
use crate::cli::{Done, Failed, Session};
use crate::form::{Form, FormContext};
use crate::native::shell::random;
use crate::views::slug;

/// Prepares a form, or takes in an edited one.
pub fn run(session: &mut Session<'_>, args: &EditArgs) -> Result<Done, Failed> {
    let document = session.document(&args.document)?;
    match (&args.prepare, &args.from) {
        (Some(file), _) => prepare(session, document, args.section.as_deref(), &session.path(file)),
        (None, Some(file)) => take_in(session, document, args, file),
        (None, None) => Ok(Done::text(form_text(session, document)?)),
    }
}

/// The saved content of sections, in base64.
type Base = BTreeMap<SectionId, String>;

/// What a form was made from stands beside it.
pub fn base_file(form: &Path) -> PathBuf {
    form.with_extension("base")
}

struct Surroundings {
    kind: &'static Kind,
    names: BTreeMap<String, kinds::Words>,
    people: BTreeMap<entente_shared::ids::PersonId, String>,
    lang: crate::words::Lang,
}

impl Surroundings {
    fn of(session: &Session<'_>, document: DocumentId) -> Result<Self, Failed> {
        let people = &session.state()?.contents.people;
        Ok(Self {
            kind: session.kind(document)?,
            names: session.setting()?.labels(),
            people: people.iter().map(|(id, row)| (*id, row.name.clone())).collect(),
            lang: session.words.lang(),
        })
    }

    fn form(&self, docs: &BTreeMap<SectionId, &AutoCommit>) -> Form<'_> {
        let Self { kind, names, people, lang } = self;
        Form::new(FormContext { kind, lang: *lang, names, people }, docs)
    }
}

/// The form of a whole document.
pub fn form_text(session: &Session<'_>, document: DocumentId) -> Result<String, Failed> {
    Ok(Surroundings::of(session, document)?.form(&session.content(document)?).text())
}

fn prepare(
    session: &Session<'_>,
    document: DocumentId,
    section: Option<&str>,
    file: &Path,
) -> Result<Done, Failed> {
    let mut content = session.content(document)?;
    if let Some(typed) = section {
        let kind = session.kind(document)?;
        let wanted = super::set::resolve(session, document, kind, typed)?.section;
        content.retain(|name, _| *name == wanted);
    }
    let text = Surroundings::of(session, document)?.form(&content).text();
    let mut base = Base::new();
    for (name, doc) in &content {
        base.insert(name.clone(), STANDARD.encode((*doc).clone().save()));
    }
    let base = serde_json::to_vec(&base).unwrap_or_default();
    write(session, file, text.as_bytes())?;
    write(session, &base_file(file), &base)?;
    Ok(Done::text(""))
}

fn write(session: &Session<'_>, file: &Path, bytes: &[u8]) -> Result<(), Failed> {
    crate::native::folder::replace(file, bytes)
        .map_err(|error| crate::cli::outcome::shell_failed(session.words, &error))
}

fn take_in(
    session: &mut Session<'_>,
    document: DocumentId,
    args: &EditArgs,
    file: &Path,
) -> Result<Done, Failed> {
    let words = session.words;
    let path = session.path(file);
    let edited = std::fs::read_to_string(&path).map_err(|error| {
        let (file, problem) = (path.display().to_string(), words.file_problem(&error));
        Failed::new(TROUBLE, words.say("file-unreadable", args![file, problem]))
    })?;
    let base = read_base(session, document, &path)?;
    let around = Surroundings::of(session, document)?;
    let docs = base.iter().map(|(name, section)| (name.clone(), section.doc())).collect();
    let mut new_id = || {
        let mut bytes = [0; 16];
        random(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
    };
    let edits = around.form(&docs).edits(&edited, &mut new_id).map_err(|errors| {
        let [first, others @ ..] = errors.as_slice() else { return Failed::new(USAGE, "") };
        let (line, problem) = (first.line, first.problem.in_words(words.lang()));
        let (file, document) = (path.display().to_string(), slug(&args.document));
        let mut lines = vec![words.say("doc-edit-invalid", args![line, problem, file, document])];
        lines.extend(others.iter().map(|error| format!("  {}", error.in_words(words.lang()))));
        Failed::new(USAGE, lines.join("\n"))
    })?;
    if edits.is_empty() {
        return Ok(Done::text(words.say("doc-unchanged", args![])));
    }
    let (edits, moved) = joined(session, document, around.kind, base, edits)?;
    apply(session, document, args, edits, moved)
}

/// What the form was made from; the present content if that is not known any more.
fn read_base(
    session: &Session<'_>,
    document: DocumentId,
    form: &Path,
) -> Result<BTreeMap<SectionId, Section>, Failed> {
    let stored = std::fs::read(base_file(form)).ok();
    let stored: Option<Base> = stored.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let Some(stored) = stored else {
        let content = session.content(document)?;
        let copies = content.into_iter().map(|(name, doc)| (name, Section::from_doc(doc.clone())));
        return Ok(copies.collect());
    };
    let mut base = BTreeMap::new();
    for (name, saved) in stored {
        let bytes = STANDARD.decode(saved).unwrap_or_default();
        let options = automerge::LoadOptions::new().text_encoding(ENCODING);
        if let Ok(doc) = AutoCommit::load_with_options(&bytes, options) {
            base.insert(name, Section::from_doc(doc));
        }
    }
    Ok(base)
}

/// The edits as they are on what stands now: a text that others changed meanwhile keeps their words
/// and gets the person's. The second value tells whether there was any such text.
fn joined(
    session: &Session<'_>,
    document: DocumentId,
    kind: &Kind,
    mut base: BTreeMap<SectionId, Section>,
    edits: Vec<(SectionId, EditCommand)>,
) -> Result<(Vec<(SectionId, EditCommand)>, bool), Failed> {
    let content = session.content(document)?;
    let mut moved = false;
    for (name, section) in &mut base {
        let Some(now) = content.get(name) else { continue };
        let mut now: AutoCommit = (*now).clone();
        if now.get_heads() == section.doc_mut().get_heads() {
            continue;
        }
        moved = true;
        for (_, command) in edits.iter().filter(|(section, _)| section == name) {
            // What does not fit the form's own base is said when it is applied below.
            let _ = apply_edit(section.doc_mut(), kind, name, command);
        }
        let _ = section.doc_mut().merge(&mut now);
    }
    let edits = edits.into_iter().map(|(name, command)| match command {
        EditCommand::SetText { path, new } if moved => {
            let both = base.get(&name).and_then(|section| value_at(section.doc(), &path));
            let new = both.and_then(|text| text.as_str().map(str::to_owned)).unwrap_or(new);
            (name, EditCommand::SetText { path, new })
        }
        command => (name, command),
    });
    Ok((edits.collect(), moved))
}

/// Applies the edits, one section after the other: what waits in one does not hold up another.
fn apply(
    session: &mut Session<'_>,
    document: DocumentId,
    args: &EditArgs,
    edits: Vec<(SectionId, EditCommand)>,
    moved: bool,
) -> Result<Done, Failed> {
    let mut by_section: BTreeMap<SectionId, Vec<EditCommand>> = BTreeMap::new();
    for (section, command) in edits {
        by_section.entry(section).or_default().push(command);
    }
    let mut done = Done::text("");
    if moved {
        let title = session.shell.replica().document(document).map(|one| one.title().to_owned());
        let title = title.unwrap_or_default();
        done.text = session.words.say("doc-edit-moved", args![title]) + "\n";
    }
    for (section, commands) in by_section {
        let edits = vec![(section.clone(), commands)];
        let message = args.message.clone();
        let outcome = session.act(|replica, now| replica.edit_all(now, document, edits, message));
        match outcome.and_then(|outcome| session.edited(document, &section, &outcome)) {
            Ok(one) => {
                done.text.push_str(&one.text);
                done.code = done.code.max(one.code);
            }
            Err(failed) => {
                done.text.push_str(&failed.text);
                done.code = REFUSED;
            }
        }
    }
    Ok(done)
}
