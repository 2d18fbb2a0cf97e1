//! Local authority: approving a version instead of a team that is closed, and answering that.

use entente_shared::document::{Asked, Hold};
use entente_shared::ids::*;
use entente_shared::judge::{self, Leave};
use entente_shared::rules::BoundLocal;
use entente_shared::statement::*;

use super::act::Submitted;
use super::{CommandError, Now, Replica};

impl Replica {
    /// The document in which the approval of a version was asked for, and the version.
    ///
    /// # Errors
    ///
    /// [`CommandError::NotOpen`].
    pub fn find_asked(&self, ask: &StatementId) -> Result<(DocumentId, &Asked), CommandError> {
        let found = self.all().find_map(|replicated| {
            let asked = replicated.ahead_or_ledger().document().asked_about(ask)?;
            Some((replicated.id(), asked))
        });
        found.ok_or(CommandError::NotOpen)
    }

    /// Approves a version by local authority, or ratifies that somebody did.
    ///
    /// # Errors
    ///
    /// The rules would refuse it as things stand, saying why.
    pub fn endorse_version(
        &mut self,
        now: &mut Now<'_>,
        target: StatementId,
        capacity: Capacity,
        message: Option<String>,
    ) -> Result<Submitted, CommandError> {
        let (document, asked) = self.find_asked(&target)?;
        let version = asked.version.clone();
        let parts = words_on(now, &version.section, message);
        self.submit(now, document, Act::Endorse { target, capacity, heads: vec![version] }, parts)
    }

    /// Objects to a version that was approved by local authority, with the reason.
    ///
    /// # Errors
    ///
    /// Somebody else answers it, or nothing is to be answered.
    pub fn object(
        &mut self,
        now: &mut Now<'_>,
        target: StatementId,
        reason: String,
    ) -> Result<Submitted, CommandError> {
        let (document, asked) = self.find_asked(&target)?;
        let section = asked.version.section.clone();
        let parts = words_on(now, &section, Some(reason));
        let act = Act::Decline { target, outcome: DeclineOutcome::Objected };
        self.submit(now, document, act, parts)
    }

    /// The local authority by which the reader could approve the present stage of a version now, by
    /// this device's clock and the relay's as far as it is known here.
    pub fn local_leave(&self, document: DocumentId, ask: &Hold, now_ms: u64) -> Option<(BoundLocal, Leave)> {
        let (me, state) = (self.me().ok()?, self.state().ok()?);
        let ledger = self.replicated(document).ok()?.ahead_or_ledger().document();
        let Act::Ask { version, .. } = &ask.act else { return None };
        let needs = self.needs(document, ask);
        let need = needs.first()?;
        let rights = state.rights(&ledger.kind().id, &version.section);
        let relay_ms = now_ms.saturating_add_signed(self.clock_ahead_ms).max(ledger.time_ms() + 1);
        let held = |roles: &[entente_shared::rules::BoundRole]| roles.iter().any(|role| role.is_held_by(&me));
        let mut fitting = rights
            .locals()
            .iter()
            .filter(|local| held(&local.role) && local.instead_of.iter().any(|role| need.who.contains(role)));
        // Who decides the stage anyway has no use for it.
        let local = fitting.next().filter(|_| !held(&need.who))?;
        let leave = judge::leave(state, ledger, local, ask.statement, (relay_ms, now_ms)).ok()?;
        Some((local.clone(), leave))
    }
}

fn words_on(now: &mut Now<'_>, section: &SectionId, words: Option<String>) -> Vec<(SectionId, Payload)> {
    let payload = words.map(|text| Payload { salt: now.draw(), text: Some(text), ..Payload::default() });
    payload.into_iter().map(|payload| (section.clone(), payload)).collect()
}
