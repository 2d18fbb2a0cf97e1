//! Devices, invitations and revocations: folded from statements, in ledger order.

use std::collections::BTreeMap;

use minicbor::Encode;

use crate::ids::*;
use crate::statement::{Act, RevokeTarget};

/// Who can sign, and who can no longer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode)]
pub struct Members {
    /// Every device that was ever enrolled.
    #[n(0)]
    pub devices: BTreeMap<DeviceId, Device>,
    /// Every invitation.
    #[n(1)]
    pub invitations: BTreeMap<InviteId, Invitation>,
    /// The people who were revoked with all their devices.
    #[n(2)]
    pub revoked_people: BTreeMap<PersonId, Revocation>,
    /// Each party's recovery key.
    #[n(3)]
    pub recovery: BTreeMap<PartyId, DeviceId>,
}

/// An enrolled device.
#[derive(Debug, Clone, PartialEq, Eq, Encode)]
pub struct Device {
    /// Whose it is.
    #[n(0)]
    pub person: PersonId,
    /// What they call it.
    #[n(1)]
    pub label: String,
    /// When it was enrolled (relay time, milliseconds since 1970).
    #[n(2)]
    pub enrolled_ms: u64,
    /// Its revocation.
    #[n(3)]
    pub revoked: Option<Revocation>,
}

/// A revocation of a device or person.
#[derive(Debug, Clone, PartialEq, Eq, Encode)]
pub struct Revocation {
    /// By which device.
    #[n(0)]
    pub by: DeviceId,
    /// When (relay time, milliseconds since 1970).
    #[n(1)]
    pub time_ms: u64,
    /// Whether nothing more of the device is taken, not even what it had not sent.
    #[n(2)]
    pub lost: bool,
}

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq, Encode)]
pub struct Invitation {
    /// Into which party.
    #[n(0)]
    pub party: PartyId,
    /// Who is invited.
    #[n(1)]
    pub person: PersonId,
    /// By which device.
    #[n(2)]
    pub by: DeviceId,
    /// Until when it works (relay time, milliseconds since 1970).
    #[n(3)]
    pub expires_ms: u64,
    /// The device that used it.
    #[n(4)]
    pub used: Option<DeviceId>,
    /// Whether it was taken back.
    #[n(5)]
    pub revoked: bool,
}

impl Members {
    /// Takes note of a statement that came into effect.
    pub(super) fn fold(&mut self, device: DeviceId, act: &Act, time_ms: u64) {
        match act {
            Act::Found { party, person, label, recovery, .. } => {
                self.enrol(device, *person, label, time_ms);
                self.recovery.insert(party.clone(), *recovery);
            }
            Act::Invite { invite, party, person, expires_ms } => {
                let invitation = Invitation {
                    party: party.clone(),
                    person: *person,
                    by: device,
                    expires_ms: *expires_ms,
                    used: None,
                    revoked: false,
                };
                self.invitations.insert(*invite, invitation);
            }
            Act::Enrol { invite, label, recovery, .. } => {
                let Some(invitation) = self.invitations.get_mut(invite) else { return };
                invitation.used = Some(device);
                let (person, party) = (invitation.person, invitation.party.clone());
                // A lead who invites somebody again takes their revocation back.
                self.revoked_people.remove(&person);
                self.enrol(device, person, label, time_ms);
                if let Some(recovery) = recovery {
                    self.recovery.entry(party).or_insert(*recovery);
                }
            }
            Act::Revoke { target } => self.revoke(device, target, time_ms),
            _ => {}
        }
    }

    fn enrol(&mut self, device: DeviceId, person: PersonId, label: &str, time_ms: u64) {
        let enrolled = Device { person, label: label.to_owned(), enrolled_ms: time_ms, revoked: None };
        self.devices.insert(device, enrolled);
    }

    fn revoke(&mut self, by: DeviceId, target: &RevokeTarget, time_ms: u64) {
        match target {
            RevokeTarget::Device { device, lost } => {
                if let Some(found) = self.devices.get_mut(device) {
                    let lost = *lost || found.revoked.as_ref().is_some_and(|earlier| earlier.lost);
                    found.revoked = Some(Revocation { by, time_ms, lost });
                }
                // Whoever found the device may have made themselves another one.
                for invitation in self.invitations.values_mut().filter(|invite| *lost && invite.by == *device)
                {
                    invitation.revoked |= invitation.used.is_none();
                }
            }
            RevokeTarget::Person { person } => {
                self.revoked_people.insert(*person, Revocation { by, time_ms, lost: false });
                for invitation in self.invitations.values_mut().filter(|invite| invite.person == *person) {
                    invitation.revoked |= invitation.used.is_none();
                }
                // If they are invited again, it is with a new device.
                for device in self.devices.values_mut().filter(|device| device.person == *person) {
                    device.revoked.get_or_insert(Revocation { by, time_ms, lost: false });
                }
            }
            RevokeTarget::Invite { invite } => {
                if let Some(invitation) = self.invitations.get_mut(invite) {
                    invitation.revoked = true;
                }
            }
        }
    }

    /// The invitation that `invite` names, if it still works at `time_ms`.
    pub fn open_invitation(&self, invite: &InviteId, time_ms: u64) -> Result<&Invitation, &'static str> {
        match self.invitations.get(invite) {
            None => Err("unknown"),
            Some(found) if found.used.is_some() => Err("used"),
            Some(found) if found.revoked => Err("taken back"),
            Some(found) if found.expires_ms < time_ms => Err("expired"),
            Some(found) => Ok(found),
        }
    }
}
