//! Views as an interface asks for them; `src/core/contract` describes the same.

mod agreeing;
mod app;
mod document;
mod people;

use entente_client::args;
use entente_client::replica::{CommandError, Replica};
use entente_client::views::{
    Conflicts, Directory, DocDiff, DocList, DocLog, HITS_USUAL, HeldList, HeldShow, KindSchema, Naming,
    Overlaps, People, Point, Questions, Roles, Search, Setting, Talk, Why, command_text, role_names,
};
use entente_client::zones;
use entente_shared::content::Path;
use entente_shared::document::Divergence;
use entente_shared::ids::*;
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
    /// A section beside what was sent and signed before, and what a signature would be on.
    Compared {
        /// In which document.
        document: DocumentId,
        /// Which section.
        section: SectionId,
    },
    /// A section's versions, and who approves them in turn.
    Versions {
        /// In which document.
        document: DocumentId,
        /// Which section.
        section: SectionId,
    },
    /// What needs the reader beside suggestions.
    Inbox {},
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
            Look::Versions { document, section } => self.versions(*document, section, now_ms),
            Look::Compared { document, section } => self.compared(*document, section, now_ms),
            Look::Inbox {} => self.inbox(now_ms),
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
