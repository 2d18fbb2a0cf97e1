//! Views as an interface asks for them; `contract.ts` describes the same.

use std::collections::BTreeMap;

use entente_client::args;
use entente_client::joining::{InvitationStanding as Standing, invitation};
use entente_client::replica::{CommandError, JoinPass, Replica};
use entente_client::views::{
    Conflicts, Devices, Directory, DocDiff, DocList, DocLog, DocShow, GapRef, HITS_USUAL, HeldList, HeldShow,
    KindSchema, Naming, Overlaps, People, Point, Questions, Roles, RulesShow, Search, SectionAccess, Setting,
    Status, Talk, Verified, Why, both_edited, command_text, role_names, who_decides,
};
use entente_client::zones;
use entente_shared::charter::Phase;
use entente_shared::content::{Path, Value as Content, order, translated_source, value_at};
use entente_shared::crypto::Key;
use entente_shared::document::Divergence;
use entente_shared::ids::*;
use entente_shared::kinds::Lang;
use entente_shared::verify::Verifier;
use entente_shared::views::Bilingual;
use serde::Deserialize;
use serde_json::{Map, Value, json};

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
    /// The source text from which a translation was made.
    Translated {
        /// In which document.
        document: DocumentId,
        /// In which section.
        section: SectionId,
        /// The bilingual field.
        path: Path,
    },
    /// Who else looks at a document now, and in which section.
    Presence {
        /// Which document.
        document: DocumentId,
    },
    /// What people call a place.
    Place {
        /// In which document.
        document: DocumentId,
        /// In which section.
        section: SectionId,
        /// Where.
        path: Path,
    },
    /// The talk beside a document, in threads.
    Talk {
        /// Which document.
        document: DocumentId,
    },
    /// Questions that were put to the reader, or by them, and have no answer yet.
    Questions {},
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
    /// What a rule would say, as an interface puts it together.
    RuleSaid {
        /// Its id.
        id: RuleId,
        /// Its members as they are stored.
        form: Map<String, Value>,
    },
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
            Look::Translated { document, section, path } => self.translated(*document, section, path, now_ms),
            Look::Presence { document } => self.presence(*document, now_ms),
            Look::Place { document, section, path } => {
                let setting = self.setting(now_ms).map_err(failed)?;
                let replicated = replica.replicated(*document).map_err(failed)?;
                json(&Naming::new(&setting, replicated).place(section, path))
            }
            Look::Talk { document } => json(&Talk::of(replica, *document, now_ms).map_err(failed)?),
            Look::Questions {} => json(&Questions::of(replica, now_ms).map_err(failed)?),
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
            Look::People {} => {
                let people = People::of(replica, now_ms).map_err(failed)?;
                let work = |work: &str| json(&self.words.of(|words| words.work_week(work)));
                let said = people.teams.iter().map(|team| Ok((team.party.to_string(), work(&team.work)?)));
                with(&people, [("work_said", Value::Object(said.collect::<Result<_, Failed>>()?))])
            }
            Look::Roles {} => {
                let (roles, setting) =
                    (Roles::of(replica, now_ms).map_err(failed)?, self.setting(now_ms).map_err(failed)?);
                let labels = json(&role_names(&setting, self.words.all()))?;
                with(&roles, [("labels", labels), ("gaps_said", self.gaps(&roles.gaps, &setting)?)])
            }
            Look::Devices {} => self.devices(now_ms),
            Look::Rules {} => self.rules(now_ms),
            Look::RuleSaid { id, form } => {
                let rule = self.rule_of(id.clone(), form.clone())?;
                let setting = self.setting(now_ms).map_err(failed)?;
                let said = self.words.all().iter().map(|words| {
                    let teams = setting.team_labels(words.lang());
                    let all = words.rule_sentences(&rule, &teams, None);
                    (words.lang().key().to_owned(), json!(all))
                });
                Ok(Value::Object(said.collect()))
            }
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
        let both = both_edited(&self.replica, document).map_err(failed)?;
        let both: Vec<_> =
            both.iter().map(|(section, path)| json!({ "section": section, "path": path })).collect();
        let stopped = self.replica.stopped().get(&document);
        let stopped = stopped.map(|divergence| self.words.of(|words| words.divergence(divergence)));
        let more = [
            ("access", Value::Array(access)),
            ("decides_said", json(&decides)?),
            ("can_undo", json!(self.undo.can_undo(document))),
            ("can_redo", json!(self.undo.can_redo(document))),
            ("stopped", json(&stopped)?),
            ("both_edited", json(&both)?),
        ];
        with(&shown, more)
    }

    /// Tells texts apart as `markOf` of the interface does: FNV-1a over UTF-16 units, with their count.
    /// `None` if there is no such section here.
    pub fn text_mark(&self, document: DocumentId, section: &SectionId, path: &Path) -> Option<String> {
        let working = self.replica.working(document).ok()?;
        // A text that nobody has begun is empty.
        let text = value_at(working.get(section)?.doc(), path);
        let text = text.as_ref().and_then(Content::as_str).unwrap_or_default();
        let (mut hash, mut count) = (0x811c_9dc5_u32, 0_usize);
        for unit in text.encode_utf16() {
            hash = (hash ^ u32::from(unit)).wrapping_mul(0x0100_0193);
            count += 1;
        }
        Some(format!("{count}-{hash}"))
    }

    fn text(&self, document: DocumentId, section: &SectionId, path: &Path, now_ms: u64) -> Answer {
        let working = self.replica.working(document).map_err(|error| self.failed(&error, now_ms))?;
        let content = working
            .get(section)
            .ok_or_else(|| self.failed(&CommandError::UnknownSection(section.clone()), now_ms))?;
        let text = value_at(content.doc(), path);
        Ok(json!({ "text": text.as_ref().and_then(Content::as_str).unwrap_or_default() }))
    }

    /// The people who look at a document, each once, with the section that they are in.
    fn presence(&self, document: DocumentId, now_ms: u64) -> Answer {
        let failed = |error: CommandError| self.failed(&error, now_ms);
        let setting = self.setting(now_ms).map_err(failed)?;
        let naming = Naming::new(&setting, self.replica.replicated(document).map_err(failed)?);
        let mut people: BTreeMap<PersonId, Value> = BTreeMap::new();
        for present in self.replica.present(document) {
            let Some(person) = setting.person_of(&present.device).filter(|one| !setting.is_me(&one.id))
            else {
                continue;
            };
            let label =
                |section: &SectionId| self.words.of(|words| naming.section_title(section, words.lang()));
            let section = present.section.as_ref().map(label);
            let known = people.entry(person.id).or_insert(Value::Null);
            if known.is_null() || section.is_some() {
                *known = json!({ "person": person, "section": section });
            }
        }
        Ok(json!({ "people": people.into_values().collect::<Vec<_>>() }))
    }

    /// The source text as it was translated, and as it is now.
    fn translated(&self, document: DocumentId, section: &SectionId, path: &Path, now_ms: u64) -> Answer {
        let working = self.replica.working(document).map_err(|error| self.failed(&error, now_ms))?;
        let content = working
            .get(section)
            .ok_or_else(|| self.failed(&CommandError::UnknownSection(section.clone()), now_ms))?;
        let value = value_at(content.doc(), path).unwrap_or(Content::Null);
        let text = Bilingual::read(&value);
        let source = text.source.unwrap_or(if text.ru.is_empty() { Lang::En } else { Lang::Ru });
        let then = translated_source(&mut content.doc().clone(), path, source.key());
        Ok(json!({ "source": source, "then": then, "now": text.get(source) }))
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
