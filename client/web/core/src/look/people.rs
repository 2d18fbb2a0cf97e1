//! Devices and ground rules.

use std::collections::BTreeMap;

use entente_client::replica::CommandError;
use entente_client::views::{Devices, RulesShow};
use entente_shared::charter::Phase;
use entente_shared::ids::*;
use serde_json::{Value, json};

use crate::answer::{Answer, json, with};
use crate::engine::Engine;

impl Engine {
    pub(super) fn devices(&self, now_ms: u64) -> Answer {
        let failed = |error: CommandError| self.failed(&error, now_ms);
        let own = Devices::of(&self.replica, now_ms).map_err(failed)?;
        let setting = self.setting(now_ms).map_err(failed)?;
        let mut team: BTreeMap<PersonId, Vec<Value>> = BTreeMap::new();
        if let Some(me) = setting.me().filter(|me| me.is_lead()) {
            let this = self.replica.key().device();
            for (id, device) in &setting.state().members.devices {
                let person = setting.state().contents.people.get(&device.person);
                if device.person == me.person || person.is_none_or(|row| row.party != me.party) {
                    continue;
                }
                team.entry(device.person).or_default().push(json!({
                    "device": id,
                    "label": device.label,
                    "enrolled_ms": device.enrolled_ms,
                    "this": *id == this,
                    "ended_ms": device.revoked.as_ref().map(|revoked| revoked.time_ms),
                    "lost": device.revoked.as_ref().is_some_and(|revoked| revoked.lost),
                }));
            }
        }
        let team: Vec<Value> = team
            .into_iter()
            .map(|(person, devices)| json!({ "person": setting.person(person), "devices": devices }))
            .collect();
        with(&own, [("team", Value::Array(team))])
    }

    pub(crate) fn rules(&self, now_ms: u64) -> Answer {
        let failed = |error: CommandError| self.failed(&error, now_ms);
        let shown = RulesShow::of(&self.replica, now_ms).map_err(failed)?;
        let setting = self.setting(now_ms).map_err(failed)?;
        let mut sentences = serde_json::Map::new();
        for line in &shown.rules {
            let each = (0..line.rights.len())
                .map(|number| json(&self.words.of(|words| shown.sentence(words, &line.id, number))));
            sentences.insert(line.id.to_string(), Value::Array(each.collect::<Result<_, _>>()?));
        }
        let stored = setting.state().rules().to_stored().into_iter();
        let form = |text: String| serde_json::from_str(&text).unwrap_or(Value::Null);
        let forms = stored.map(|(id, text)| (id.to_string(), form(text))).collect();
        let has_signed = setting.me().is_some_and(|me| setting.state().signed.contains(&me.party));
        let leads = setting.me().is_some_and(|me| me.is_lead());
        let open = setting.state().phase() != Phase::InForce || !has_signed;
        let more = [
            ("sentences", Value::Object(sentences)),
            ("signed_said", json(&self.words.of(|words| shown.signed_text(words)))?),
            ("gaps_said", self.gaps(&shown.gaps, &setting)?),
            ("may_sign", json!(leads && !has_signed && open)),
            ("has_signed", json!(has_signed)),
            ("toml", json!(setting.state().contents.rules.to_toml(setting.state().rules_version))),
            ("forms", Value::Object(forms)),
        ];
        with(&shown, more)
    }
}
