//! Deciding suggestions and versions, asking for approval, signing.

use entente_client::args;
use entente_client::replica::{CommandError, Now};
use entente_client::views::{HeldShow, Proposal};
use entente_shared::ids::*;
use entente_shared::judge::Refusal;
use entente_shared::statement::DeclineOutcome;

use crate::answer::{Answer, Failed};
use crate::engine::Engine;

impl Engine {
    pub(super) fn open_proposal(&self, statement: &StatementId, now_ms: u64) -> Result<Proposal, Failed> {
        let shown = HeldShow::of(&self.replica, statement, now_ms);
        Ok(self.done(shown, now_ms)?.proposal)
    }

    /// Writes the values of a suggestion once more, over later ones.
    pub(super) fn set_again(&mut self, now: &mut Now<'_>, proposal: &Proposal) -> Result<(), Failed> {
        let edits = proposal.restated();
        let outcome = self.replica.edit_all(now, proposal.document, edits, None);
        self.done(outcome, now.ms).map(drop)
    }

    pub(super) fn decline(
        &mut self,
        now: &mut Now<'_>,
        statement: StatementId,
        reason: String,
        send_back: bool,
    ) -> Answer {
        let proposal = self.open_proposal(&statement, now.ms)?;
        if reason.trim().is_empty() {
            let person = proposal.author.name.clone().unwrap_or_default();
            return Err(self.words.problem("usage", "held-reason-missing", args![person]));
        }
        let outcome = if send_back { DeclineOutcome::Returned } else { DeclineOutcome::Declined };
        let submitted = self.replica.decline(now, statement, outcome, Some(reason));
        let submitted = self.done(submitted, now.ms)?;
        self.submitted(now, &submitted)
    }

    pub(super) fn revise(
        &mut self,
        now: &mut Now<'_>,
        statement: StatementId,
        message: Option<String>,
    ) -> Answer {
        let revised = self.replica.revise(now, statement, message);
        match self.done(revised, now.ms)? {
            Some(submitted) => self.submitted(now, &submitted),
            None => Err(self.words.problem("usage", "held-revise-nothing", args![])),
        }
    }

    pub(super) fn ask(
        &mut self,
        now: &mut Now<'_>,
        document: DocumentId,
        section: &SectionId,
        message: Option<String>,
    ) -> Answer {
        let message = message.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let asked = self.replica.ask(now, document, section, message);
        let submitted = self.done(asked, now.ms)?;
        self.submitted(now, &submitted)
    }

    /// Signs what the person was shown, and nothing else: what changed meanwhile has to be looked at.
    pub(super) fn sign(
        &mut self,
        now: &mut Now<'_>,
        document: DocumentId,
        section: &SectionId,
        digest: ContentDigest,
    ) -> Answer {
        self.replica.commit(now);
        let signable = self.replica.signable(document, section, now.ms);
        if self.done(signable, now.ms)?.digest != digest {
            let stale = Refusal::Stale { section: section.clone() };
            return Err(self.failed(&CommandError::Refused(stale), now.ms));
        }
        let signed = self.replica.sign_sections(now, document, std::slice::from_ref(section));
        let submitted = self.done(signed, now.ms)?;
        self.submitted(now, &submitted)
    }
}
