//! Steps of founding and joining that every shell takes in the same order.

use entente_shared::charter::Phase;
use entente_shared::content::EditCommand;
use entente_shared::ids::{InviteId, PartyId, PersonId, SectionId};

use crate::replica::{CommandError, Now, Replica};
use crate::team::calendar_edit;

/// What an invitation is, as the ground rules say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Whether it lets anybody in.
    pub standing: InvitationStanding,
    /// Who invited; absent if nobody knows.
    pub inviter: Option<PersonId>,
    /// Who is invited.
    pub person: PersonId,
    /// Into which team.
    pub party: PartyId,
    /// Until when (milliseconds since 1970).
    pub expires_ms: u64,
    /// Whether this is the first lead of the team, who makes its recovery key.
    pub is_first: bool,
    /// Whether the person has a device already.
    pub is_device: bool,
}

/// Whether an invitation lets anybody in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvitationStanding {
    /// It does.
    Open,
    /// Somebody has joined with it.
    Used,
    /// It was withdrawn.
    Withdrawn,
    /// Its time is over.
    Expired,
}

/// Looks an invitation up; `None` if the ground rules on this device do not know it.
pub fn invitation(replica: &Replica, invite: &InviteId, now_ms: u64) -> Option<Invitation> {
    let state = replica.charter()?.now();
    let members = &state.members;
    let found = members.invitations.get(invite)?;
    let standing = match found {
        found if found.used.is_some() => InvitationStanding::Used,
        found if found.revoked => InvitationStanding::Withdrawn,
        found if found.expires_ms < now_ms => InvitationStanding::Expired,
        _ => InvitationStanding::Open,
    };
    let leads = state.member(&found.person).is_some_and(|member| member.is_lead());
    Some(Invitation {
        standing,
        inviter: members.devices.get(&found.by).map(|device| device.person),
        person: found.person,
        party: found.party.clone(),
        expires_ms: found.expires_ms,
        is_first: leads && !members.recovery.contains_key(&found.party),
        is_device: members.devices.values().any(|device| device.person == found.person),
    })
}

/// The calendar that this person has to write: a team's calendar is written by its first lead,
/// because nobody else's hours are anybody else's to set. `None` if it is there, or not theirs.
pub fn calendar_due(replica: &Replica, now_ms: u64) -> Option<(SectionId, Vec<EditCommand>)> {
    let (me, state) = (replica.me().ok()?, replica.state().ok()?);
    let party = state.contents.parties.get(&me.party)?;
    if party.calendar.is_some() || !me.is_lead() {
        return None;
    }
    calendar_edit(state, &me.party, None, now_ms).ok()
}

/// Who set the rules up stands by them: a lead's signature goes with the invitation of another
/// team, on the list of teams as it is now.
///
/// # Errors
///
/// The rules would refuse the signature.
pub fn sign_anew(replica: &mut Replica, now: &mut Now<'_>) -> Result<(), CommandError> {
    let me = replica.me()?;
    let state = replica.state()?;
    let is_due = me.is_lead()
        && state.phase() != Phase::InForce
        && state.contents.parties.len() > 1
        && me.party == state.founding_party
        && !state.signed.contains(&me.party);
    if is_due {
        replica.sign_rules(now)?;
    }
    Ok(())
}
