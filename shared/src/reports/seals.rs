//! The signatures under a document as they stand: who signed for whom, when, what they cover.

use serde::Serialize;

use crate::charter::CharterState;
use crate::document::{Agreed, Document};
use crate::ids::*;
use crate::ledger::Position;
use crate::rules::BoundRole;

/// A signature under the present content of a section. Times are the relay's, in milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Seal {
    /// The role for which it was given.
    pub role: BoundRole,
    /// Who gave it; absent where the ground rules do not know the device.
    pub person: Option<PersonId>,
    /// The statement by which it was given: a `Sign`, or an agreement to an amendment.
    pub statement: StatementId,
    /// The entry in which that statement stands.
    pub entry: Position,
    /// Since when it counts.
    pub at_ms: u64,
    /// Until when it holds, if the rule says so.
    pub until_ms: Option<u64>,
}

/// The signatures under one section, and whose are missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sealed {
    /// The section.
    pub section: SectionId,
    /// The digest of its content in all languages, which the signatures cover.
    pub digest: ContentDigest,
    /// The signatures.
    pub seals: Vec<Seal>,
    /// For whom one is asked that is not there.
    pub missing: Vec<BoundRole>,
    /// Whether the first of them has lapsed.
    pub has_lapsed: bool,
}

impl Sealed {
    /// Reads the signatures under a section at `now_ms` (milliseconds since 1970); `None` if there are none,
    /// or the section may not be read here. `digest` is that of its effective content, `device` says
    /// which device made a statement.
    pub fn of(
        document: &Document,
        charter: &CharterState,
        (section, digest): (&SectionId, ContentDigest),
        device: impl Fn(&StatementId) -> Option<DeviceId>,
        now_ms: u64,
    ) -> Option<Self> {
        let known = document.sections().get(section)?.known()?;
        let rights = charter.rights(&document.kind().id, section);
        let (required, expires_ms) = match (&known.agreed, rights.signing()) {
            (Some(agreed), _) => (agreed.required.as_slice(), agreed.expires_ms),
            (None, Some(signing)) => (signing.all_of.as_slice(), signing.expires_ms),
            (None, None) => return None,
        };
        let seal = |role: &BoundRole| {
            let signature = known.signatures.get(&Agreed::signer(role))?;
            Some(Seal {
                role: role.clone(),
                person: device(&signature.statement).and_then(|device| super::author(charter, &device).0),
                statement: signature.statement,
                entry: document.position_of(&signature.statement)?,
                at_ms: signature.at_ms,
                until_ms: expires_ms.map(|expires_ms| signature.at_ms + expires_ms),
            })
        };
        let seals: Vec<Seal> = required.iter().filter_map(seal).collect();
        let missing =
            required.iter().filter(|role| seals.iter().all(|seal| seal.role != **role)).cloned().collect();
        let has_lapsed = seals.iter().filter_map(|seal| seal.until_ms).any(|until_ms| until_ms <= now_ms);
        let section = section.clone();
        (!seals.is_empty()).then_some(Self { section, digest, seals, missing, has_lapsed })
    }

    /// Tells whether everybody has signed, and it holds.
    pub fn is_whole(&self) -> bool {
        self.missing.is_empty() && !self.has_lapsed
    }
}
