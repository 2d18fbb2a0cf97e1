//! Agreeing on a section: asking for the approval of a version, and signing.

use std::sync::Arc;

use entente_shared::document::Findings;
use entente_shared::ids::*;
use entente_shared::judge::Refusal;
use entente_shared::statement::*;

use super::act::Submitted;
use super::replicated::Base;
use super::{CommandError, Now, Replica};

/// What a signature under a section would be on, and what the judge would say to it now.
#[derive(Debug, Clone, PartialEq)]
pub struct Signable {
    /// The digest of the content in all languages, with one's own signed changes and without what is
    /// only journaled.
    pub digest: ContentDigest,
    /// Why it would be refused, if it would.
    pub refusal: Option<Refusal>,
}

impl Replica {
    /// Asks for the approval of the present version of a section, with a message. A version that was
    /// sent back or taken back last is named as the one that this takes up again.
    ///
    /// # Errors
    ///
    /// No rule says who approves it, somebody else writes it, or a version waits already.
    pub fn ask(
        &mut self,
        now: &mut Now<'_>,
        document: DocumentId,
        section: &SectionId,
        message: Option<String>,
    ) -> Result<Submitted, CommandError> {
        self.ask_by(now, document, section, message, None)
    }

    /// The same with the time at which an answer is needed at the latest (milliseconds since 1970).
    ///
    /// # Errors
    ///
    /// As [`Self::ask`]; before rules version 3 there is no such time.
    pub fn ask_by(
        &mut self,
        now: &mut Now<'_>,
        document: DocumentId,
        section: &SectionId,
        message: Option<String>,
        due_ms: Option<u64>,
    ) -> Result<Submitted, CommandError> {
        self.commit_document(now, document);
        let state = self.replicated(document)?.ahead_or_ledger().document();
        let known = state.sections().get(section).and_then(|section| section.known());
        let known = known.ok_or_else(|| CommandError::UnknownSection(section.clone()))?;
        let version = SectionHeads { section: section.clone(), heads: known.index.heads().to_vec() };
        let replaces = state.rounds(section).last().map(|round| round.ask);
        let payload = Payload { salt: now.draw(), text: message, ..Payload::default() };
        self.submit(now, document, Act::Ask { version, replaces, due_ms }, vec![(section.clone(), payload)])
    }

    /// Signs sections as they stand with what is signed here and not on the relay yet.
    ///
    /// # Errors
    ///
    /// The rules would refuse it, naming what is open.
    pub fn sign_sections(
        &mut self,
        now: &mut Now<'_>,
        document: DocumentId,
        sections: &[SectionId],
    ) -> Result<Submitted, CommandError> {
        self.commit_document(now, document);
        let items = sections.iter().map(|section| self.signed_content(document, section));
        let mut items = items.collect::<Result<Vec<_>, _>>()?;
        items.sort_by(|a, b| a.section.cmp(&b.section));
        self.submit(now, document, Act::Sign { items }, Vec::new())
    }

    /// Tells what signing a section as it stands would come to, and signs nothing for good.
    ///
    /// # Errors
    ///
    /// There is no such section here.
    pub fn signable(
        &self,
        document: DocumentId,
        section: &SectionId,
        now_ms: u64,
    ) -> Result<Signable, CommandError> {
        let item = self.signed_content(document, section)?;
        let digest = item.digest;
        // Nothing is drawn: there are no payloads.
        let mut random = |_: &mut [u8]| {};
        let mut now = Now { ms: now_ms, random: &mut random };
        let statement = self.sign(&mut now, document, Act::Sign { items: vec![item] }, Vec::new());
        let findings = Arc::new(Findings::of(&statement));
        let preview = self.preview(document, (&statement, &*findings).into(), now_ms);
        Ok(Signable { digest, refusal: preview.err() })
    }

    fn signed_content(
        &self,
        document: DocumentId,
        section: &SectionId,
    ) -> Result<SignedContent, CommandError> {
        let content = self.replicated(document)?.copy_of(section, Base::Signed);
        let mut content = content.ok_or_else(|| CommandError::UnknownSection(section.clone()))?;
        let (heads, digest) = (content.heads(), content.digest());
        Ok(SignedContent { section: section.clone(), heads, digest })
    }
}
