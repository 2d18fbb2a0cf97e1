//! Sessions follow the charter: who is revoked goes, who is enrolled is raised, and who may read
//! more is sent what was hidden from them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use entente_shared::charter::{CharterState, Standing};
use entente_shared::ids::*;
use entente_shared::rules::Member;
use entente_shared::wire::{Access, CloseReason};
use entente_store::Store;

use super::connections::Session;
use super::io::ConnectionId;
use super::partnership::{Partnership, Slot, reads_any};
use super::{Relay, Turn};

impl<S: Store> Relay<S> {
    /// Makes a session a member's, once its founding is durable.
    pub(super) fn raise(&mut self, connection: ConnectionId, id: PartnershipId) {
        let Some(partnership) = self.partnerships.get_mut(&id) else { return };
        let Some(charter) = partnership.durable.clone() else { return };
        let Some(session) = self.connections.session_mut(connection) else { return };
        if charter.member_of(&session.device).is_some() {
            session.raise(&charter);
            partnership.sessions.insert(connection);
        }
    }

    /// Follows a charter that has durably changed: closes who was revoked, raises who was enrolled,
    /// and sends whole documents to those who may read something of them for the first time.
    pub(super) fn charter_moved(&mut self, turn: &mut Turn<'_>, id: PartnershipId) {
        let Some(partnership) = self.partnerships.get_mut(&id) else { return };
        let head = partnership.slots.get(&partnership.charter_id).and_then(|slot| slot.durable);
        let after = partnership.charter.line().state_at(head);
        let before = partnership.durable.replace(Arc::clone(&after));
        let rules_moved = before
            .as_ref()
            .is_none_or(|before| before.rules() != after.rules() || before.teams() != after.teams());
        let mut gained: BTreeMap<PersonId, BTreeSet<DocumentId>> = BTreeMap::new();
        for reader in partnership.sessions.clone() {
            let Some(session) = self.connections.session_mut(reader) else { continue };
            let was = session.member.clone();
            if let Some(reason) = follow(session, &after) {
                self.close(turn, reader, reason);
                continue;
            }
            let Some(member) = session.member.clone() else { continue };
            if !rules_moved && was.as_ref() == Some(&member) {
                continue;
            }
            let Some(partnership) = self.partnerships.get(&id) else { return };
            let documents = gained.entry(member.person).or_insert_with(|| {
                newly_readable(partnership, before.as_deref(), was.as_deref(), &after, &member)
            });
            let charter = partnership.charter_id;
            if let Some(subscription) = self.connections.session_mut(reader).and_then(Session::live)
                && !subscription.withheld.contains_key(&charter)
            {
                subscription.lagging.extend(documents.iter().map(|document| (*document, 0)));
            }
            self.pump(turn, reader);
        }
    }
}

/// Lets a session follow the charter; the reason to close it if it has no ground any more.
fn follow(session: &mut Session, charter: &CharterState) -> Option<CloseReason> {
    match (session.access, charter.standing(&session.device)) {
        (Access::Founding, _) => None,
        (Access::Member, Ok(Standing::Member { live: true, .. })) => {
            session.member = charter.member_of(&session.device).map(Arc::new);
            None
        }
        (Access::Invited, Ok(Standing::Member { live: true, .. })) => {
            session.raise(charter);
            None
        }
        (Access::Deposit, Ok(_)) | (Access::Invited, Ok(Standing::Recovery(_))) => None,
        (Access::Invited, Err(_)) => {
            let invite = session.invite.and_then(|invite| charter.members.invitations.get(&invite));
            let is_open = invite.is_some_and(|found| found.used.is_none() && !found.revoked);
            (!is_open).then_some(CloseReason::Invitation)
        }
        _ => Some(CloseReason::Revoked),
    }
}

/// The documents of which `member` may read something now, and could read nothing before.
fn newly_readable(
    partnership: &Partnership,
    before: Option<&CharterState>,
    was: Option<&Member>,
    after: &CharterState,
    member: &Member,
) -> BTreeSet<DocumentId> {
    let could = |slot: &Slot| match (before, was) {
        (Some(before), Some(was)) => reads_any(before, &slot.shape, was),
        _ => false,
    };
    let slots = partnership.slots.iter().filter(|(id, _)| **id != partnership.charter_id);
    slots
        .filter(|(_, slot)| reads_any(after, &slot.shape, member) && !could(slot))
        .map(|(document, _)| *document)
        .collect()
}
