//! Devices that sign statements without keeping a replica.

use anyhow::{Context as _, Result};
use automerge::transaction::Transactable as _;
use automerge::{AutoCommit, ObjId, ROOT, ReadDoc as _};
use entente_shared::content::Section;
use entente_shared::crypto::Key;
use entente_shared::ids::*;
use entente_shared::kinds;
use entente_shared::ledger::Position;
use entente_shared::statement::*;

use super::member::Member;
use super::{draw, unix_ms};

/// A device that signs for one document.
#[derive(Clone)]
pub struct Author {
    /// The device's key.
    pub key: Key,
    /// The partnership.
    pub partnership: PartnershipId,
    /// The document.
    pub document: DocumentId,
    /// What the device has seen.
    pub seen: Seen,
}

impl Author {
    /// A member's device, with what it has seen of `document` and of the charter.
    ///
    /// # Errors
    /// The member does not have the document.
    pub fn of(member: &Member, document: DocumentId) -> Result<Self> {
        let seen = Seen {
            document: Some(member.head(document)?),
            charter: Some(member.head(member.replica.charter_id()?)?),
        };
        let key = member.replica.key().clone();
        Ok(Self { key, partnership: member.replica.profile().partnership, document, seen })
    }

    /// Signs a statement.
    pub fn sign(&self, act: Act, parts: Vec<(SectionId, Payload)>) -> Statement {
        let header = Header {
            version: HEADER_VERSION,
            partnership: Some(self.partnership),
            document: self.document,
            device: self.key.device(),
            seen: self.seen,
            clock_ms: unix_ms(),
            act,
            parts: Vec::new(),
        };
        Statement::sign(&self.key, header, parts)
    }

    /// Signs an edit of one section with these changes, whatever they are.
    pub fn edit(&self, section: &SectionId, nonce: ActorNonce, changes: Vec<Vec<u8>>) -> Statement {
        let changes = changes.into_iter().map(Into::into).collect();
        let payload = Payload { salt: draw(), nonce: Some(nonce), changes, text: None };
        self.sign(Act::Edit { after: Vec::new(), replaces: None }, vec![(section.clone(), payload)])
    }

    /// The same author in another document, which was created at `created`.
    pub fn moved_to(&self, document: DocumentId, created: Position) -> Self {
        let seen = Seen { document: Some(created), ..self.seen };
        Self { document, seen, ..self.clone() }
    }
}

/// A device that writes changes into one section of a matrix and signs each.
pub struct Writer {
    /// Who signs.
    pub author: Author,
    section: SectionId,
    nonce: ActorNonce,
    doc: AutoCommit,
    row: ObjId,
    count: u64,
}

impl Writer {
    /// A writer of a new session on `content`, or on the section as its template begins it.
    ///
    /// # Errors
    /// The section has no template, or no row.
    pub fn new(author: Author, section: &str, content: Option<Section>) -> Result<Self> {
        let section = SectionId::new(section);
        let mut content = content.or_else(|| template(&section)).context("no such section")?;
        let nonce = ActorNonce(draw());
        content.set_actor(ActorKey::derive(author.key.device(), author.document, &section, nonce));
        let doc = content.into_doc();
        let row = first_row(&doc).context("a section with rows")?;
        Ok(Self { author, section, nonce, doc, row, count: 0 })
    }

    /// Makes the next statement: one value of one cell.
    pub fn sign_next(&mut self) -> Statement {
        self.count += 1;
        self.write(&format!("person {}", self.count))
    }

    /// Makes the next statement with this text in the cell.
    pub fn write(&mut self, text: &str) -> Statement {
        let change = self.change(text);
        self.author.edit(&self.section, self.nonce, vec![change])
    }

    /// Makes the next change without signing it.
    fn change(&mut self, text: &str) -> Vec<u8> {
        self.doc.put(&self.row, "person", text).expect("a map takes a value");
        let hash = self.doc.commit().expect("something was written");
        let mut change = self.doc.get_change_by_hash(&hash).expect("the change is there");
        change.bytes().into_owned()
    }
}

/// A section of a matrix as its template begins it.
fn template(section: &SectionId) -> Option<Section> {
    let kind = kinds::newest(&KindId::new("matrix"))?;
    Section::from_genesis(&kind.genesis(section)?).ok()
}

/// The first map two levels below the root: a row of the template.
fn first_row(doc: &AutoCommit) -> Option<ObjId> {
    let map_at = |map: &ObjId, key: &str| match doc.get(map, key) {
        Ok(Some((automerge::Value::Object(automerge::ObjType::Map), id))) => Some(id),
        _ => None,
    };
    let containers = doc.keys(ROOT).filter_map(|key| map_at(&ROOT, &key));
    containers.into_iter().find_map(|map| doc.keys(&map).find_map(|key| map_at(&map, &key)))
}
