//! Who wrote how much of what stands in a section: edits in effect, not keystrokes.
//!
//! Every character of a text and every value is counted for the team whose device wrote it. What was
//! written and deleted again counts for nobody, and so does bookkeeping (order of rows, marks of
//! translations). What the template brought is counted apart.

use std::collections::BTreeMap;

use automerge::{AutoCommit, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, Value};
use serde::Serialize;

use crate::content::Section;
use crate::ids::*;
use crate::kinds::GENESIS_ACTOR;

/// Keys under which nothing stands that anybody says.
const BOOKKEEPING: [&str; 3] = ["order", "source", "translated_from"];

/// What somebody wrote of a section.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Share {
    /// Characters of texts.
    pub characters: u64,
    /// Values that were chosen or set.
    pub values: u64,
}

impl Share {
    /// Tells whether there is anything.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn add(&mut self, one: Self) {
        self.characters += one.characters;
        self.values += one.values;
    }
}

/// Who wrote how much of a section.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Authorship {
    /// The share of each team that wrote something.
    pub parties: BTreeMap<PartyId, Share>,
    /// What came with the template.
    pub template: Share,
    /// What was written by a device that the ground rules do not know.
    pub unknown: Share,
}

impl Authorship {
    /// Counts a section; `party` says whose an actor is.
    pub fn of(section: &Section, party: impl FnMut(&ActorKey) -> Option<PartyId>) -> Self {
        let mut counter = Counter { doc: section.doc(), party, found: Self::default() };
        counter.object(&ROOT);
        counter.found
    }

    /// Everything that stands in the section.
    pub fn total(&self) -> Share {
        let mut total = self.template;
        total.add(self.unknown);
        self.parties.values().for_each(|share| total.add(*share));
        total
    }

    /// How much of what the teams wrote is one team's, in thousandths of the characters, or of the values
    /// where nobody wrote any text; `None` if nobody wrote anything.
    pub fn permille(&self, party: &PartyId) -> Option<u64> {
        let sum = |of: fn(&Share) -> u64| self.parties.values().map(of).sum::<u64>();
        let own = self.parties.get(party).copied().unwrap_or_default();
        let (part, whole) = match sum(|share| share.characters) {
            0 => (own.values, sum(|share| share.values)),
            characters => (own.characters, characters),
        };
        (part * 1000).checked_div(whole)
    }

    /// The one team that wrote everything; `None` if several did, or nobody.
    pub fn only(&self) -> Option<&PartyId> {
        let mut parties = self.parties.keys();
        parties.next().filter(|_| parties.next().is_none())
    }
}

struct Counter<'a, F> {
    doc: &'a AutoCommit,
    party: F,
    found: Authorship,
}

impl<F: FnMut(&ActorKey) -> Option<PartyId>> Counter<'_, F> {
    fn object(&mut self, object: &ObjId) {
        let doc = self.doc;
        match doc.object_type(object) {
            Ok(ObjType::Text) => {
                for item in doc.list_range(object, ..) {
                    self.count(&item.id(), Share { characters: 1, values: 0 });
                }
            }
            Ok(ObjType::List) => {
                let places = 0..doc.length(object);
                places.for_each(|place| self.place(doc.get(object, place).ok().flatten()));
            }
            Ok(ObjType::Map | ObjType::Table) => {
                let keys = doc.keys(object).filter(|key| !BOOKKEEPING.contains(&key.as_str()));
                keys.for_each(|key| self.place(doc.get(object, key.as_str()).ok().flatten()));
            }
            Err(_) => {}
        }
    }

    fn place(&mut self, found: Option<(Value<'_>, ObjId)>) {
        match found {
            Some((Value::Object(_), id)) => self.object(&id),
            Some((Value::Scalar(value), _)) if matches!(*value, ScalarValue::Null) => {}
            Some((Value::Scalar(_), id)) => self.count(&id, Share { characters: 0, values: 1 }),
            None => {}
        }
    }

    /// Counts what one operation brought.
    fn count(&mut self, operation: &ObjId, share: Share) {
        let ObjId::Id(_, actor, _) = operation else { return };
        let actor: Option<[u8; 16]> = actor.to_bytes().try_into().ok();
        let Some(actor) = actor else { return self.found.unknown.add(share) };
        if actor == GENESIS_ACTOR {
            return self.found.template.add(share);
        }
        match (self.party)(&ActorKey(actor)) {
            Some(party) => self.found.parties.entry(party).or_default().add(share),
            None => self.found.unknown.add(share),
        }
    }
}
