//! How a section differs from what was sent and signed before, and what a signature would be on.

use entente_shared::content::{Value, content_at};
use entente_shared::ids::*;
use entente_shared::judge::{Refusal, Unready};
use entente_shared::statement::Act;
use serde::Serialize;

use super::changes::{ChangeLine, changes};
use super::place::Naming;
use super::setting::{PersonRef, Setting};
use super::versions::{Mark, sent, signed_before};
use crate::replica::{CommandError, Replica};

/// A section beside what was sent and signed before.
#[derive(Clone, Serialize)]
pub struct Compared {
    /// The document.
    pub document: DocumentId,
    /// The section.
    pub section: SectionId,
    /// What the version that waits changes on the one before it; absent if it is the first, or none
    /// waits.
    pub waiting: Option<Since>,
    /// What has changed since the last version was sent.
    pub since_sent: Option<Since>,
    /// What has changed since somebody last signed.
    pub since_signed: Option<Since>,
    /// What a signature would be on, and what stands against it; absent if no rule asks for any.
    pub signing: Option<SigningLine>,
}

/// What differs from an earlier state.
#[derive(Clone, Serialize)]
pub struct Since {
    /// Whose act marks that state.
    pub person: Option<PersonRef>,
    /// When (milliseconds since 1970).
    pub at_ms: u64,
    /// The fields that differ.
    pub changes: Vec<ChangeLine>,
}

/// What a signature would be on.
#[derive(Clone, Serialize)]
pub struct SigningLine {
    /// The digest of the content in all languages.
    pub digest: ContentDigest,
    /// Whether the reader can sign now.
    pub may_sign: bool,
    /// What is to be settled first.
    pub unready: Vec<Unready>,
    /// Whether the text changes only with everybody who signed, once all have.
    pub locks: bool,
    /// After how many milliseconds the signatures lapse.
    pub expires_ms: Option<u64>,
}

impl Compared {
    /// Compares one section at `now_ms` (milliseconds since 1970). It reads the section's history, so
    /// it is for when somebody looks.
    ///
    /// # Errors
    ///
    /// There is no such section here.
    pub fn of(
        replica: &Replica,
        document: DocumentId,
        section: &SectionId,
        now_ms: u64,
    ) -> Result<Self, CommandError> {
        let setting = Setting::of(replica, now_ms)?;
        let replicated = replica.replicated(document)?;
        let working = replicated.working();
        let content = working.get(section).ok_or_else(|| CommandError::UnknownSection(section.clone()))?;
        let naming = Naming::new(&setting, replicated);
        let since = |mark: &Mark, now: Option<&Value>| {
            let then = content_at(content.doc(), &mark.heads)?;
            let changes = changes(&naming, section, Some(&then), now);
            Some(Since { person: mark.person.clone(), at_ms: mark.at_ms, changes })
        };
        let present = content.value();
        let sent = sent(&setting, replicated, section);
        let asked = replicated.ahead_or_ledger().document().asked(section);
        let waiting = asked.and_then(|ask| {
            let before = sent.iter().rev().find(|mark| mark.statement != ask.statement)?;
            let Act::Ask { version, .. } = &ask.act else { return None };
            since(before, content_at(content.doc(), &version.heads).as_ref())
        });
        let signed = signed_before(&setting, replicated, section);
        Ok(Self {
            document,
            section: section.clone(),
            waiting,
            since_sent: sent.last().and_then(|mark| since(mark, Some(&present))),
            since_signed: signed.and_then(|mark| since(&mark, Some(&present))),
            signing: signing(replica, &setting, document, section)?,
        })
    }
}

fn signing(
    replica: &Replica,
    setting: &Setting,
    document: DocumentId,
    section: &SectionId,
) -> Result<Option<SigningLine>, CommandError> {
    let kind = replica.document(document)?.kind().id.clone();
    let rights = setting.state().rights(&kind, section);
    let Some(terms) = rights.signing().filter(|_| setting.state().rules_version >= 2) else {
        return Ok(None);
    };
    let signable = replica.signable(document, section, setting.now_ms())?;
    let unready = match &signable.refusal {
        Some(Refusal::NotReady { reasons, .. }) => reasons.clone(),
        _ => Vec::new(),
    };
    Ok(Some(SigningLine {
        digest: signable.digest,
        may_sign: signable.refusal.is_none(),
        unready,
        locks: terms.locks,
        expires_ms: terms.expires_ms,
    }))
}
