//! The first change of every section: the template's containers and rows, the same bytes everywhere.
//!
//! It is never sent. Every replica builds it from the kind, so two people who create a section
//! offline hold the same objects, and nobody can create them twice.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, AutoCommit, AutomergeError, ObjId, ObjType, ROOT, TextEncoding};
use uuid::Uuid;

use super::{Field, FieldType, Kind, RowType, Rows, SectionKind, Start};
use crate::content::{Section, order, translation_mark};
use crate::gate::SectionIndex;
use crate::ids::SectionId;

/// The actor of every genesis change; no device can derive it.
pub const GENESIS_ACTOR: [u8; 16] = [0; 16];

/// The namespace of template rows: UUID v5 of `entente:kinds` in the URL namespace.
const NAMESPACE: Uuid = Uuid::from_u128(0x6614_c1b6_389e_5b72_8cd9_ab99_84e5_0f55);

/// Derives the UUID of a template row from kind and schema (`matrix/1`), the section's pattern,
/// the field and the row's key.
pub fn row_id(kind: &str, section: &str, field: &str, key: &str) -> String {
    Uuid::new_v5(&NAMESPACE, format!("{kind}/{section}/{field}/{key}").as_bytes()).to_string()
}

/// What the sections of a kind begin with, built already, by the subject that matters: building it
/// takes longer than everything else that a new section costs.
#[derive(Debug, Default)]
pub(super) struct Built(Mutex<BTreeMap<Option<String>, Genesis>>);

/// What a section begins with, in each form in which it is needed.
#[derive(Debug, Clone)]
struct Genesis {
    chunk: Vec<u8>,
    index: SectionIndex,
    content: Section,
}

impl Clone for Built {
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// What was built follows from the rest of the section kind.
impl PartialEq for Built {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl SectionKind {
    /// Tells whether some field begins differently for this subject.
    fn names_subject(&self, subject: &str) -> bool {
        let names = |field: &Field| field.start_for.contains_key(subject);
        let in_rows = |field: &Field| field.rows().is_some_and(|rows| rows.row.fields.iter().any(names));
        self.fields.iter().any(|field| names(field) || in_rows(field))
    }
}

impl Kind {
    /// The genesis change of a section: one uncompressed Automerge change chunk.
    ///
    /// Returns `None` for a section that this kind does not have.
    ///
    /// # Panics
    ///
    /// Never: the operations follow from a checked kind.
    pub fn genesis(&self, section: &SectionId) -> Option<Vec<u8>> {
        self.begun(section, |genesis| genesis.chunk.clone())
    }

    /// The gate's index of a section that nobody has changed; `None` as for [`Self::genesis`].
    pub fn genesis_index(&self, section: &SectionId) -> Option<SectionIndex> {
        self.begun(section, |genesis| genesis.index.clone())
    }

    /// The content of a section that nobody has changed; `None` as for [`Self::genesis`].
    pub fn genesis_content(&self, section: &SectionId) -> Option<Section> {
        self.begun(section, |genesis| genesis.content.clone())
    }

    fn begun<T>(&self, section: &SectionId, take: impl FnOnce(&Genesis) -> T) -> Option<T> {
        let section_kind = self.section(section)?;
        // Only a subject that the file names begins with anything of its own.
        let subject = section.split().1.filter(|subject| section_kind.names_subject(subject));
        let mut built = section_kind.built.0.lock().unwrap_or_else(PoisonError::into_inner);
        let subject_key = subject.map(str::to_owned);
        let genesis = built.entry(subject_key).or_insert_with(|| {
            let chunk = self.build(section_kind, subject);
            let index = SectionIndex::new(&chunk).expect("a genesis passes the gate");
            let content = Section::from_genesis(&chunk).expect("a genesis depends on nothing");
            Genesis { chunk, index, content }
        });
        Some(take(genesis))
    }

    fn build(&self, section: &SectionKind, subject: Option<&str>) -> Vec<u8> {
        let mut doc = AutoCommit::new_with_encoding(TextEncoding::UnicodeCodePoint);
        doc.set_actor(ActorId::from(GENESIS_ACTOR));
        self.write(&mut doc, &section.fields, subject)
            .expect("a checked kind can be written into an empty document");
        doc.commit_with(CommitOptions::default().with_time(0));
        let change = doc.get_last_local_change().expect("a section kind begins with something");
        change.raw_bytes().to_vec()
    }

    fn write(
        &self,
        doc: &mut AutoCommit,
        fields: &[Field],
        subject: Option<&str>,
    ) -> Result<(), AutomergeError> {
        create_fields(doc, &ROOT, fields, subject, &BTreeMap::new())?;
        for field in fields {
            if let FieldType::Rows(rows) = &field.ty {
                self.write_rows(doc, &field.key, rows, subject)?;
            }
        }
        Ok(())
    }

    fn write_rows(
        &self,
        doc: &mut AutoCommit,
        key: &str,
        rows: &Rows,
        subject: Option<&str>,
    ) -> Result<(), AutomergeError> {
        use automerge::ReadDoc as _;
        let Some((_, map)) = doc.get(ROOT, key)? else { return Ok(()) };
        if let Some((section, field)) = &rows.of {
            for id in self.template_ids(section, field) {
                let row = doc.put_object(&map, id, ObjType::Map)?;
                create_fields(doc, &row, &rows.row.fields, subject, &BTreeMap::new())?;
            }
            return Ok(());
        }
        let orders = order::spread(rows.template.len());
        for (template, order) in rows.template.iter().zip(orders) {
            create_row(doc, &map, &template.id, &order, &rows.row, subject, &template.start)?;
        }
        Ok(())
    }

    fn template_ids(&self, section: &str, field: &str) -> Vec<&str> {
        self.section(&SectionId::new(section))
            .and_then(|section| section.field(field))
            .and_then(Field::rows)
            .map(|rows| rows.template.iter().map(|row| row.id.as_str()).collect())
            .unwrap_or_default()
    }
}

fn create_row(
    doc: &mut AutoCommit,
    map: &ObjId,
    id: &str,
    order: &str,
    row_type: &RowType,
    subject: Option<&str>,
    starts: &BTreeMap<String, Start>,
) -> Result<(), AutomergeError> {
    let row = doc.put_object(map, id, ObjType::Map)?;
    doc.put(&row, "order", order)?;
    create_fields(doc, &row, &row_type.fields, subject, starts)
}

/// Creates the containers and first values of `fields` in `object`, in the kind's order.
///
/// `starts` goes before what the kind says for `subject`, and that before the kind's general start.
///
/// # Errors
///
/// Only if `object` is not a map of this document.
pub fn create_fields(
    doc: &mut AutoCommit,
    object: &ObjId,
    fields: &[Field],
    subject: Option<&str>,
    starts: &BTreeMap<String, Start>,
) -> Result<(), AutomergeError> {
    for field in fields {
        let start = starts
            .get(&field.key)
            .or_else(|| subject.and_then(|subject| field.start_for.get(subject)))
            .or(field.start.as_ref());
        create_field(doc, object, field, start)?;
    }
    Ok(())
}

fn create_field(
    doc: &mut AutoCommit,
    object: &ObjId,
    field: &Field,
    start: Option<&Start>,
) -> Result<(), AutomergeError> {
    let key = field.key.as_str();
    match (&field.ty, start) {
        (FieldType::Text, start) => {
            let text = doc.put_object(object, key, ObjType::Text)?;
            if let Some(Start::Text(content)) = start {
                doc.splice_text(&text, 0, 0, content)?;
            }
        }
        (FieldType::Bilingual, start) => create_bilingual(doc, object, key, start)?,
        (FieldType::Links | FieldType::Texts, start) => {
            let list = doc.put_object(object, key, ObjType::List)?;
            if let Some(Start::Items(items)) = start {
                create_items(doc, &list, &field.ty, items)?;
            }
        }
        (FieldType::Map | FieldType::Rows(_), _) => {
            doc.put_object(object, key, ObjType::Map)?;
        }
        (_, Some(Start::Scalar(value))) => {
            if let Some(scalar) = value.to_scalar() {
                doc.put(object, key, scalar)?;
            }
        }
        _ => {}
    }
    Ok(())
}

fn create_items(
    doc: &mut AutoCommit,
    list: &ObjId,
    ty: &FieldType,
    items: &[String],
) -> Result<(), AutomergeError> {
    for (index, item) in items.iter().enumerate() {
        if *ty == FieldType::Texts {
            let text = doc.insert_object(list, index, ObjType::Text)?;
            doc.splice_text(&text, 0, 0, item)?;
        } else {
            doc.insert(list, index, item.as_str())?;
        }
    }
    Ok(())
}

fn create_bilingual(
    doc: &mut AutoCommit,
    object: &ObjId,
    key: &str,
    start: Option<&Start>,
) -> Result<(), AutomergeError> {
    let map = doc.put_object(object, key, ObjType::Map)?;
    let ru = doc.put_object(&map, "ru", ObjType::Text)?;
    let en = doc.put_object(&map, "en", ObjType::Text)?;
    if let Some(Start::Bilingual(words, source)) = start {
        doc.splice_text(&ru, 0, 0, &words.ru)?;
        doc.splice_text(&en, 0, 0, &words.en)?;
        doc.put(&map, "source", source.key())?;
        if !words.get(source.other()).is_empty() {
            doc.put(&map, "translated_from", translation_mark(words.get(*source)))?;
        }
    }
    Ok(())
}
