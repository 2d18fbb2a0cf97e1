//! Views as an interface asks for them; `contract.ts` describes the same.

use std::collections::BTreeMap;

use entente_client::args;
use entente_client::joining::{InvitationStanding as Standing, invitation};
use entente_client::replica::{CommandError, JoinPass, Replica};
use entente_client::views::{
    Conflicts, Devices, Directory, DocDiff, DocList, DocLog, DocShow, GapRef, HITS_USUAL, HeldList, HeldShow,
    KindSchema, Overlaps, People, Point, Roles, RulesShow, Search, SectionAccess, Setting, Status, Verified,
    Why, command_text, role_names, who_decides,
};
use entente_client::zones;
use entente_shared::charter::Phase;
use entente_shared::content::{Path, Value as Content, order, value_at};
use entente_shared::crypto::Key;
use entente_shared::document::Divergence;
use entente_shared::ids::*;
use entente_shared::verify::Verifier;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answer::{Answer, Both, Failed, json, with};
use crate::command::PointWish;
use crate::engine::Engine;

/// A view: its name with what it takes.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Look {
    /// How far this browser is, and its connection.
    App {},
    /// The invitation that is open.
    Invitation {},
    /// Cities to choose a time zone by.
    Cities {},
    /// Kinds of documents.
    Kinds {},
    /// Teams and people.
    Setting {},
    /// The state of things.
    Status {},
    /// The documents.
    Documents {},
    /// A document.
    Document {
        /// Which.
        document: DocumentId,
    },
    /// One text.
    Text {
        /// In which document.
        document: DocumentId,
        /// In which section.
        section: SectionId,
        /// Where.
        path: Path,
    },
    /// Fields with several values.
    Conflicts {
        /// In which document.
        document: DocumentId,
    },
    /// What both do and what nobody does.
    Overlaps {
        /// In which document.
        document: DocumentId,
    },
    /// Suggestions that wait.
    Held {},
    /// One suggestion.
    Proposal {
        /// Which.
        statement: StatementId,
    },
    /// What happened in a document.
    Log {
        /// Which.
        document: DocumentId,
    },
    /// What changed between two moments.
    Diff {
        /// In which document.
        document: DocumentId,
        /// The earlier one.
        from: PointWish,
        /// The later one.
        to: PointWish,
    },
    /// People by team.
    People {},
    /// Roles by team.
    Roles {},
    /// Devices.
    Devices {},
    /// The ground rules.
    Rules {},
    /// Why a statement is what it is.
    Why {
        /// Which.
        statement: StatementId,
    },
    /// The whole record, checked.
    Verified {},
    /// Search.
    Search {
        /// For what.
        text: String,
        /// How many hits at most.
        #[serde(default)]
        limit: Option<usize>,
    },
    /// The order of a row between two others.
    Order {
        /// In which document.
        document: DocumentId,
        /// In which section.
        section: SectionId,
        /// The field that holds the rows.
        path: Path,
        /// After which row; none for the first place.
        after: Option<String>,
    },
    /// What the interface keeps for itself.
    Memory {
        /// Under which name.
        key: String,
    },
}

impl Look {
    /// The documents whose stored entries this needs, if there are such.
    pub fn needs(&self, replica: &Replica) -> Vec<DocumentId> {
        match self {
            Self::Diff { document, .. } => vec![*document],
            Self::Verified {} => all_documents(replica),
            _ => Vec::new(),
        }
    }
}

/// The ground rules and every document.
pub fn all_documents(replica: &Replica) -> Vec<DocumentId> {
    replica.charter_id().into_iter().chain(replica.documents().keys().copied()).collect()
}

impl Engine {
    /// Computes a view.
    ///
    /// # Errors
    ///
    /// There is nothing to show: no such document, or no partnership yet.
    pub fn look(&self, look: &Look, now_ms: u64) -> Answer {
        let replica = &self.replica;
        let failed = |error: CommandError| self.failed(&error, now_ms);
        match look {
            Look::App {} => Ok(self.app()),
            Look::Invitation {} => Ok(self.invitation(now_ms)),
            Look::Cities {} | Look::Kinds {} => bare(look),
            Look::Setting {} => json(&Directory::of(replica, self.words.all(), now_ms).map_err(failed)?),
            Look::Status {} => self.status(now_ms),
            Look::Documents {} => json(&DocList::of(replica, now_ms).map_err(failed)?),
            Look::Document { document } => self.document(*document, now_ms),
            Look::Text { document, section, path } => self.text(*document, section, path, now_ms),
            Look::Conflicts { document } => json(&Conflicts::of(replica, *document, now_ms).map_err(failed)?),
            Look::Overlaps { document } => json(&Overlaps::of(replica, *document, now_ms).map_err(failed)?),
            Look::Held {} => json(&HeldList::of(replica, now_ms).map_err(failed)?),
            Look::Proposal { statement } => {
                let shown = HeldShow::of(replica, statement, now_ms).map_err(failed)?;
                with(&shown, [("said", json(&self.words.of(|words| shown.text(words)))?)])
            }
            Look::Log { document } => {
                let log = DocLog::of(replica, *document, now_ms).map_err(failed)?;
                let said = (0..log.entries.len())
                    .map(|line| json(&self.words.of(|words| log.line_text(words, line))));
                with(&log, [("said", Value::Array(said.collect::<Result<_, _>>()?))])
            }
            Look::Diff { document, from, to } => {
                let kept = self.lent.get(document).map(Vec::as_slice).unwrap_or_default();
                let (from, to): (Point, Point) = ((*from).into(), (*to).into());
                let diff = DocDiff::of(replica, *document, kept, from, to, now_ms);
                json(&diff.map_err(|error| self.words.internal(&error.to_string()))?)
            }
            Look::People {} => json(&People::of(replica, now_ms).map_err(failed)?),
            Look::Roles {} => {
                let (roles, setting) =
                    (Roles::of(replica, now_ms).map_err(failed)?, self.setting(now_ms).map_err(failed)?);
                let labels = json(&role_names(&setting, self.words.all()))?;
                with(&roles, [("labels", labels), ("gaps_said", self.gaps(&roles.gaps, &setting)?)])
            }
            Look::Devices {} => self.devices(now_ms),
            Look::Rules {} => self.rules(now_ms),
            Look::Why { statement } => {
                let why = Why::of(replica, statement, now_ms).map_err(failed)?;
                with(&why, [("said", json(&self.words.of(|words| why.text(words)))?)])
            }
            Look::Verified {} => self.verified(),
            Look::Search { text, limit } => {
                json(&Search::of(replica, text, limit.unwrap_or(HITS_USUAL), now_ms).map_err(failed)?)
            }
            Look::Order { document, section, path, after } => {
                let order = self.order(*document, section, path, after.as_deref()).map_err(failed)?;
                Ok(json!({ "order": order }))
            }
            Look::Memory { key } => Ok(json!({ "value": self.memory.kept(key) })),
        }
    }

    /// Says why a command could not be carried out.
    pub(crate) fn failed(&self, error: &CommandError, now_ms: u64) -> Failed {
        let code = match error {
            CommandError::Refused(_) | CommandError::Charter(_) | CommandError::BeingChecked => "refused",
            CommandError::NotEnrolled => "closed",
            CommandError::TooNew => "newer",
            CommandError::Stopped(Divergence::Poison) => "set-aside",
            _ => "usage",
        };
        let said = self.words.of(|words| command_text(&self.replica, words, error, now_ms));
        Box::new(crate::answer::Problem { code, said })
    }

    pub(crate) fn setting(&self, now_ms: u64) -> Result<Setting, CommandError> {
        Setting::of(&self.replica, now_ms)
    }

    fn app(&self) -> Value {
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

    fn invitation(&self, now_ms: u64) -> Value {
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

    fn status(&self, now_ms: u64) -> Answer {
        let status = Status::of(&self.replica, now_ms).map_err(|error| self.failed(&error, now_ms))?;
        let setting = self.setting(now_ms).map_err(|error| self.failed(&error, now_ms))?;
        let together = status.together_ms.is_some() && status.teams.len() > 1;
        let refused = status.refused.iter().map(|line| json(&self.words.of(|words| line.reason_text(words))));
        let refused = refused.collect::<Result<Vec<_>, _>>()?;
        let more = [
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

    fn gaps(&self, gaps: &[GapRef], setting: &Setting) -> Answer {
        let each = gaps.iter().map(|gap| json(&self.words.of(|words| gap.text(words, setting))));
        Ok(Value::Array(each.collect::<Result<_, _>>()?))
    }

    fn document(&self, document: DocumentId, now_ms: u64) -> Answer {
        let failed = |error: CommandError| self.failed(&error, now_ms);
        let shown = DocShow::of(&self.replica, document, now_ms).map_err(failed)?;
        let setting = self.setting(now_ms).map_err(failed)?;
        let access = SectionAccess::all(&self.replica, document, now_ms).map_err(failed)?;
        let titles: Vec<_> = shown.content.sections.iter().map(|section| section.title.clone()).collect();
        let decides = self.words.of(|words| who_decides(&setting, &access, &titles, words));
        let access: Vec<Value> = access
            .iter()
            .map(|one| {
                let said = json(&self.words.of(|words| one.writers_text(words, &setting)))?;
                with(one, [("writers_said", said)])
            })
            .collect::<Result<_, _>>()?;
        let stopped = self.replica.stopped().get(&document);
        let stopped = stopped.map(|divergence| self.words.of(|words| words.divergence(divergence)));
        let more = [
            ("access", Value::Array(access)),
            ("decides_said", json(&decides)?),
            ("can_undo", json!(self.undo.can_undo(document))),
            ("can_redo", json!(self.undo.can_redo(document))),
            ("stopped", json(&stopped)?),
        ];
        with(&shown, more)
    }

    fn text(&self, document: DocumentId, section: &SectionId, path: &Path, now_ms: u64) -> Answer {
        let working = self.replica.working(document).map_err(|error| self.failed(&error, now_ms))?;
        let content = working
            .get(section)
            .ok_or_else(|| self.failed(&CommandError::UnknownSection(section.clone()), now_ms))?;
        let text = value_at(content.doc(), path);
        Ok(json!({ "text": text.as_ref().and_then(Content::as_str).unwrap_or_default() }))
    }

    fn devices(&self, now_ms: u64) -> Answer {
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
        ];
        with(&shown, more)
    }

    fn verified(&self) -> Answer {
        let evidence = |document: &DocumentId| {
            let kept = self.lent.get(document).map(Vec::as_slice).unwrap_or_default();
            kept.iter().filter_map(|one| one.evidence()).collect::<Vec<_>>()
        };
        let Ok(charter) = self.replica.charter_id() else {
            return Err(self.words.problem("usage", "status-never-synced", args![]));
        };
        let mut verifier = Verifier::new(self.replica.profile().partnership, evidence(&charter));
        for document in self.replica.documents().keys() {
            let entries = evidence(document);
            if !entries.is_empty() {
                verifier.ledger(entries);
            }
        }
        let verified = Verified::of(&self.replica, verifier.reports());
        with(&verified, [("said", json(&self.words.of(|words| verified.text(words)))?)])
    }

    fn order(
        &self,
        document: DocumentId,
        section: &SectionId,
        path: &Path,
        after: Option<&str>,
    ) -> Result<String, CommandError> {
        let working = self.replica.working(document)?;
        let content = working.get(section).ok_or_else(|| CommandError::UnknownSection(section.clone()))?;
        let rows = value_at(content.doc(), path);
        let rows = rows.as_ref().and_then(Content::as_map);
        let mut keys: Vec<(&str, &str)> = rows
            .into_iter()
            .flatten()
            .filter_map(|(id, row)| Some((row.get("order")?.as_str()?, id.as_str())))
            .collect();
        keys.sort_unstable();
        let place = after.and_then(|after| keys.iter().position(|(_, id)| *id == after));
        let next = place.map_or(0, |place| place + 1);
        let before = place.map(|place| keys[place].0);
        Ok(order::between(before, keys.get(next).map(|(key, _)| *key)))
    }
}

/// Computes a view that needs no partnership.
///
/// # Errors
///
/// It needs one.
pub fn bare(look: &Look) -> Answer {
    match look {
        Look::Cities {} => {
            let cities = zones::cities();
            let city =
                |(zone, ru, en): (&str, &str, &str)| json!({ "zone": zone, "label": { "ru": ru, "en": en } });
            Ok(json!({ "cities": cities.map(city).collect::<Vec<_>>() }))
        }
        Look::Kinds {} => Ok(json!({ "kinds": json(&KindSchema::all())? })),
        _ => Err(Both::new().problem("usage", "status-never-synced", args![])),
    }
}
