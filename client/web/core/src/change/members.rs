//! Joining, inviting, ending access.

use entente_client::args;
use entente_client::joining;
use entente_client::links::{JoinLink, RecoveryLink};
use entente_client::replica::{InviteWish, JoinPass, Now};
use entente_shared::crypto::Key;
use entente_shared::ids::*;
use entente_shared::limits::INVITE_VALID_MS_MAX;
use entente_shared::statement::RevokeTarget;
use serde_json::json;

use crate::answer::{Answer, json};
use crate::engine::{Engine, device_label, recovery_key};

impl Engine {
    pub(super) fn join(&mut self, now: &mut Now<'_>, device: Option<&str>) -> Answer {
        let Some(JoinPass::Invited { secret }) = self.replica.profile().entry.clone() else {
            return Err(self.words.problem("usage", "refused-invitation", args![problem = "", ask = ""]));
        };
        let invite = Key::from_secret(secret).invite();
        let found = joining::invitation(&self.replica, &invite, now.ms);
        let inviter = || self.words.say("someone-unknown", args![]).en;
        let found =
            found.ok_or_else(|| self.words.problem("refused", "join-unknown", args![inviter = inviter()]))?;
        let recovery = found.is_first.then(|| Key::from_secret(now.draw()));
        let public = recovery.as_ref().map(Key::device);
        let enrolled = self.replica.enrol(now, &device_label(device), public);
        self.done(enrolled, now.ms)?;
        self.turned_away = None;
        self.plan_calendar();
        self.replica.flush(now);
        let profile = self.replica.profile();
        let address = profile.addresses.first().cloned().unwrap_or_default();
        let link = RecoveryLink { address, partnership: profile.partnership };
        let setting = self.setting(now.ms).map_err(|error| self.failed(&error, now.ms))?;
        let party = json(&self.words.of(|words| setting.label(&found.party, words.lang())))?;
        Ok(json!({ "recovery": recovery.map(|key| recovery_key(&key, &link, party)) }))
    }

    pub(super) fn invite(
        &mut self,
        now: &mut Now<'_>,
        party: Option<PartyId>,
        name: Option<String>,
        roles: Vec<RoleId>,
        device: bool,
        person: Option<PersonId>,
    ) -> Answer {
        let me = self.done(self.replica.me(), now.ms)?;
        let state = self.done(self.replica.state(), now.ms)?;
        let valid_ms = INVITE_VALID_MS_MAX;
        let known = if device { Some(me.person) } else { person };
        let wish = match known {
            Some(person) => {
                let row = state.contents.people.get(&person);
                let party = row.map_or_else(|| me.party.clone(), |row| row.party.clone());
                InviteWish { party, row: None, person: Some(person), valid_ms }
            }
            None => {
                let name = name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
                let name = name.ok_or_else(|| self.words.problem("usage", "name-needed", args![]))?;
                let roles = if roles.is_empty() { vec![RoleId::new("viewer")] } else { roles };
                let party = party.unwrap_or_else(|| me.party.clone());
                InviteWish { party, row: Some((name, roles)), person: None, valid_ms }
            }
        };
        let invited = self.replica.invite(now, &wish);
        let invited = self.done(invited, now.ms)?;
        let signed = joining::sign_anew(&mut self.replica, now);
        self.done(signed, now.ms)?;
        let profile = self.replica.profile();
        let address = profile.addresses.first().cloned().unwrap_or_default();
        let link =
            JoinLink { address, partnership: profile.partnership, key: invited.key.clone() }.to_string();
        let setting = self.done(self.setting(now.ms), now.ms)?;
        let message = self.words.of(|words| {
            let until = setting.time(words, invited.expires_ms);
            let inviter = setting.name(words, &setting.person(me.person));
            let title = setting.title(words.lang());
            let said = words.say("invite-message", args![title, inviter, until]);
            format!("{said}\n{link}")
        });
        let mut answer = self.submitted(now, &invited.submitted)?;
        answer["link"] = json!(link);
        answer["person"] = json!(invited.person);
        answer["expires_ms"] = json!(invited.expires_ms);
        answer["message"] = json(&message)?;
        Ok(answer)
    }

    pub(super) fn revoke(&mut self, now: &mut Now<'_>, target: RevokeTarget) -> Answer {
        let submitted = self.replica.revoke(now, target);
        let submitted = self.done(submitted, now.ms)?;
        self.submitted(now, &submitted)
    }
}
