//! A signed record: what both teams agreed in a document, with the signatures and what they cover, as
//! one page in both languages that can be printed or e-mailed.
//!
//! The page is for reading; what proves it is the file beside it, which `entente verify` checks on
//! any computer. [`SignedRecord`] is the typed view, [`Page`] the same in words, and [`html`] and [`markdown`]
//! write it. What people wrote is escaped there and nowhere else.

pub mod html;
pub mod markdown;
mod page;

use entente_shared::ids::*;
use entente_shared::kinds;
use entente_shared::ledger::Position;
use entente_shared::reports::seals::Sealed;
use entente_shared::views::outline::SectionView;
use entente_shared::views::standing::State;
use entente_shared::views::{Docs, MatrixView, Standing, outline};
use serde::Serialize;

use super::place::in_order;
use super::setting::Setting;
use crate::replica::{CommandError, Replica};

pub use page::{Block, Page};

/// What both teams agreed in one document.
#[derive(Clone, Serialize)]
pub struct SignedRecord {
    /// The partnership: the fingerprint of its founding, by which everybody knows it.
    pub partnership: PartnershipId,
    /// What it is called.
    pub partnership_title: kinds::Words,
    /// The document.
    pub document: DocumentId,
    /// Its kind.
    pub kind: KindId,
    /// Its title.
    pub title: String,
    /// The last entry of its ledger: the record speaks of what stands after it.
    pub head: Position,
    /// When that entry was received (relay time, milliseconds since 1970).
    pub head_ms: u64,
    /// The last entry of the ground rules.
    pub charter_head: Position,
    /// When the page was made (milliseconds since 1970).
    pub made_ms: u64,
    /// What is signed, section by section, as it stands at the signed heads.
    pub signed: Vec<SignedSection>,
    /// What is not.
    pub unsigned: Vec<UnsignedSection>,
    /// Who owns what and what is shared, if it is a matrix; as it stands, signed or not.
    pub matrix: Option<MatrixView>,
    /// Who settles disputes, if it is a matrix; as it stands, signed or not.
    pub escalation: Option<SectionView>,
    #[serde(skip)]
    setting: Setting,
}

/// A section with its signatures.
#[derive(Clone, Serialize)]
pub struct SignedSection {
    /// What it says.
    pub content: SectionView,
    /// The signatures.
    pub sealed: Sealed,
}

/// A section that nobody has signed.
#[derive(Clone, Serialize)]
pub struct UnsignedSection {
    /// The section.
    pub section: SectionId,
    /// What people call it.
    pub title: kinds::Words,
    /// How far it has come; absent if nobody is asked to approve or sign it, or it may not be read.
    pub state: Option<State>,
    /// Whether it can be read here.
    pub is_readable: bool,
}

impl SignedRecord {
    /// Reads the record of a document at `now_ms` (milliseconds since 1970), as far as the relay has
    /// acknowledged it.
    ///
    /// # Errors
    ///
    /// There is no such document here, or the relay has not entered it yet.
    pub fn of(replica: &Replica, document: DocumentId, now_ms: u64) -> Result<Self, CommandError> {
        let setting = Setting::of(replica, now_ms)?;
        let charter = replica.charter().ok_or(CommandError::NoPartnership)?;
        let replicated = replica.replicated(document)?;
        let state = replicated.ledger().document();
        let (Some(head), Some(charter_head)) = (state.head(), charter.document().head()) else {
            return Err(CommandError::UnknownDocument);
        };
        let effective = replicated.effective();
        let docs: Docs<'_> = effective.iter().map(|(name, section)| (name.clone(), section.doc())).collect();
        let kind = state.kind();
        let sections: Vec<SectionId> =
            in_order(kind, state.sections().keys().cloned()).into_iter().map(|(id, _)| id).collect();
        let view = outline(kind, &sections, &docs, &setting.labels());
        let device = |statement: &StatementId| Some(replicated.origins().get(statement)?.device);
        let is_matrix = kind.id.as_str() == "matrix";
        let (mut signed, mut unsigned, mut escalation) = (Vec::new(), Vec::new(), None);
        for content in view.sections {
            let digest = effective.get(&content.id).map(|section| section.digest());
            let sealed = digest
                .and_then(|digest| Sealed::of(state, charter.now(), (&content.id, digest), device, now_ms));
            if is_matrix && content.id.as_str() == "escalation" {
                escalation = Some(content.clone());
            }
            match sealed {
                Some(sealed) => signed.push(SignedSection { content, sealed }),
                None if content.id.as_str() == "talk" => {}
                None => unsigned.push(UnsignedSection {
                    state: Standing::of(state, charter.now(), &content.id, now_ms).map(|one| one.state),
                    is_readable: content.fields.is_some(),
                    section: content.id,
                    title: content.title,
                }),
            }
        }
        Ok(Self {
            partnership: replica.profile().partnership,
            partnership_title: super::place::both(|lang| setting.title(lang)),
            document,
            kind: kind.id.clone(),
            title: state.title().to_owned(),
            head,
            head_ms: state.time_ms(),
            charter_head,
            made_ms: now_ms,
            signed,
            unsigned,
            matrix: is_matrix.then(|| MatrixView::new(kind, &setting.columns(), &docs)),
            escalation,
            setting,
        })
    }

    /// Tells whether the relay's last words, which the file beside the page carries, cover all that the page
    /// says.
    pub fn is_vouched_for(&self, replica: &Replica) -> bool {
        let covers = |document: &DocumentId, head: Position| {
            let word = replica.checkpoints().get(document);
            word.is_some_and(|word| word.checkpoint.head == head)
        };
        let charter = replica.charter_id();
        covers(&self.document, self.head) && charter.is_ok_and(|id| covers(&id, self.charter_head))
    }
}
