//! The app as a whole: how far this browser is, the invitation that is open, the state of things.

use entente_client::args;
use entente_client::joining::{InvitationStanding as Standing, invitation};
use entente_client::replica::JoinPass;
use entente_client::views::{GapRef, Inbox, Setting, Status};
use entente_shared::crypto::Key;
use entente_shared::ids::*;
use serde_json::{Value, json};

use crate::answer::{Answer, json, with};
use crate::engine::Engine;

impl Engine {
    pub(super) fn app(&self) -> Value {
        let profile = self.replica.profile();
        let setting = self.setting(0).ok();
        json!({
            "stage": self.stage(),
            "profile": profile.partnership.to_hex(),
            "title": setting.map(|setting| self.words.of(|words| setting.title(words.lang()))),
            "relay": {
                "address": profile.addresses.first(),
                "addresses": profile.addresses,
                "operator": profile.operator,
            },
            "link": self.link_state(),
            "problem": self.ended.as_ref().or(self.turned_away.as_ref()),
            "notices": self.notices(),
        })
    }

    pub(super) fn invitation(&self, now_ms: u64) -> Value {
        let operator = &self.replica.profile().operator;
        let problem = self.ended.as_ref().or(self.turned_away.as_ref());
        let blank = |state: &str, problem: Value| {
            json!({
                "state": state, "title": null, "operator": operator, "inviter": null, "person": null,
                "party": null, "party_label": null, "roles": [], "roles_said": null, "expires_ms": null,
                "is_first": false, "is_device": false, "rules": null, "problem": problem,
            })
        };
        let Some(JoinPass::Invited { secret }) = &self.replica.profile().entry else {
            return blank("used", Value::Null);
        };
        let (Ok(setting), Some(found)) =
            (self.setting(now_ms), invitation(&self.replica, &Key::from_secret(*secret).invite(), now_ms))
        else {
            let state = if problem.is_some() { "unknown" } else { "arriving" };
            return blank(state, json(&problem).unwrap_or_default());
        };
        let row = setting.state().contents.people.get(&found.person);
        let roles: Vec<RoleId> = row.map(|row| row.roles.iter().cloned().collect()).unwrap_or_default();
        let inviter = found.inviter.map(|person| setting.person(person));
        let (state, sentence) = match found.standing {
            Standing::Open => ("open", None),
            Standing::Used => ("used", Some("join-used")),
            Standing::Withdrawn => ("withdrawn", Some("join-withdrawn")),
            Standing::Expired => ("expired", Some("join-expired")),
        };
        let why = sentence.map(|id| {
            let said = self.words.of(|words| {
                let inviter =
                    inviter.as_ref().map(|inviter| setting.name(words, inviter)).unwrap_or_default();
                words.say(id, args![inviter, when = setting.time(words, found.expires_ms)])
            });
            json!({ "code": "refused", "said": said })
        });
        let known = problem.map(|problem| json(problem).unwrap_or_default());
        json!({
            "state": state,
            "title": self.words.of(|words| setting.title(words.lang())),
            "operator": operator,
            "inviter": inviter,
            "person": setting.person(found.person),
            "party": found.party,
            "party_label": self.words.of(|words| setting.label(&found.party, words.lang())),
            "roles_said": self.words.of(|words| setting.role_names(words, &roles)),
            "roles": roles,
            "expires_ms": found.expires_ms,
            "is_first": found.is_first,
            "is_device": found.is_device,
            "rules": self.rules(now_ms).ok(),
            "problem": why.or(known),
        })
    }

    pub(super) fn status(&self, now_ms: u64) -> Answer {
        let status = Status::of(&self.replica, now_ms).map_err(|error| self.failed(&error, now_ms))?;
        let setting = self.setting(now_ms).map_err(|error| self.failed(&error, now_ms))?;
        let together = status.together_ms.is_some() && status.teams.len() > 1;
        let refused = status.refused.iter().map(|line| json(&self.words.of(|words| line.reason_text(words))));
        let refused = refused.collect::<Result<Vec<_>, _>>()?;
        let to_sign = Inbox::signatures_asked(&self.replica, now_ms);
        let to_sign = to_sign.map_err(|error| self.failed(&error, now_ms))?;
        let more = [
            ("to_sign", json!(to_sign)),
            ("sync_said", json(&self.words.of(|words| status.sync_text(words)))?),
            (
                "together_said",
                if together {
                    json(&self.words.of(|words| status.together_text(words)))?
                } else {
                    Value::Null
                },
            ),
            ("gaps_said", self.gaps(&status.gaps, &setting)?),
            ("refused_said", Value::Array(refused)),
        ];
        with(&status, more)
    }

    pub(super) fn gaps(&self, gaps: &[GapRef], setting: &Setting) -> Answer {
        let each = gaps.iter().map(|gap| json(&self.words.of(|words| gap.text(words, setting))));
        Ok(Value::Array(each.collect::<Result<_, _>>()?))
    }
}
