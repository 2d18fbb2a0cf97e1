//! The state of things at a glance: where everybody is, what waits, what is open.

use entente_shared::calendar::{Span, State, overlaps};
use entente_shared::charter::Phase;
use entente_shared::document::Divergence;
use entente_shared::ids::*;
use entente_shared::kinds;
use serde::Serialize;

use super::conflicts::Conflicts;
use super::documents::document_name;
use super::gaps::GapRef;
use super::held::HeldList;
use super::ids::Ids;
use super::overlaps::Overlaps;
use super::refused::RefusedLine;
use super::setting::{Decider, PersonRef, Setting};
use super::table::Table;
use crate::args;
use crate::replica::{CommandError, LinkState, Replica};
use crate::words::{Clock, Day, Words};

/// So many functions that nobody owns are named; of more only the number is told.
const GAPS_NAMED: usize = 3;

/// What `status` shows.
#[derive(Clone, Serialize)]
pub struct Status {
    /// What the partnership is called.
    pub title: kinds::Words,
    /// Whether the ground rules are in force.
    pub rules: &'static str,
    /// The teams that have not signed them.
    pub unsigned: Vec<PartyId>,
    /// The reader; absent once this device's access has ended.
    pub me: Option<PersonRef>,
    /// The teams, the reader's own first.
    pub teams: Vec<TeamLine>,
    /// When the first two teams are next at work together (milliseconds since 1970): begin, end.
    pub together_ms: Option<(u64, u64)>,
    /// What is on the relay and what is not.
    pub sync: SyncLine,
    /// How many suggestions the reader can decide.
    pub waiting_for_you: usize,
    /// Versions approved by local authority that the reader is to ratify.
    pub to_ratify: usize,
    /// For whom the other suggestions wait.
    pub waiting_for_others: Vec<WaitingLine>,
    /// What is open in each document.
    pub documents: Vec<OpenLine>,
    /// Documents that are newer than this program: they can only be read.
    pub read_only: Vec<String>,
    /// What too few people can do.
    pub gaps: Vec<GapRef>,
    /// Own statements that were refused.
    pub refused: Vec<RefusedLine>,
    #[serde(skip)]
    setting: Setting,
}

/// A team now.
#[derive(Clone, Debug, Serialize)]
pub struct TeamLine {
    /// The team.
    pub party: PartyId,
    /// What people call it.
    pub label: kinds::Words,
    /// Whether it is at work; absent where its calendar does not say.
    pub at_work: Option<bool>,
    /// When that changes (milliseconds since 1970).
    pub changes_at_ms: Option<u64>,
}

/// What is on the relay and what is not.
#[derive(Clone, Debug, Serialize)]
pub struct SyncLine {
    /// Whether this device is connected and has everything.
    pub live: bool,
    /// The relay's last word (its clock, milliseconds since 1970).
    pub last_ms: Option<u64>,
    /// Changes that are not on the relay yet.
    pub changes: usize,
    /// Suggestions that are not on the relay yet.
    pub suggestions: usize,
}

/// For whom suggestions wait.
#[derive(Clone, Debug, Serialize)]
pub struct WaitingLine {
    /// How many.
    pub count: usize,
    /// Everybody who can decide them; empty if nobody can.
    pub deciders: Vec<Decider>,
    #[serde(skip)]
    groups: Vec<Vec<Decider>>,
}

/// What is open in a document.
#[derive(Clone, Serialize)]
pub struct OpenLine {
    /// The document.
    pub document: DocumentId,
    /// The word by which commands take it.
    pub name: String,
    /// Its title; of the ground rules that of the partnership.
    pub title: String,
    /// Its kind.
    pub kind: KindId,
    /// Functions that several teams own, without a settled split.
    pub overlaps: Vec<kinds::Words>,
    /// Functions that nobody owns.
    pub gaps: Vec<kinds::Words>,
    /// Fields with several values.
    pub conflicts: Vec<kinds::Words>,
    /// Why the document is not followed any further, if it is not.
    #[serde(serialize_with = "as_text")]
    pub stopped: Option<Divergence>,
}

fn as_text<S: serde::Serializer>(stopped: &Option<Divergence>, serializer: S) -> Result<S::Ok, S::Error> {
    stopped.as_ref().map(ToString::to_string).serialize(serializer)
}

impl Status {
    /// The state of things at `now_ms` (milliseconds since 1970).
    ///
    /// # Errors
    ///
    /// There is no partnership here yet.
    pub fn of(replica: &Replica, now_ms: u64) -> Result<Self, CommandError> {
        let setting = Setting::of(replica, now_ms)?;
        let held = HeldList::of(replica, now_ms)?;
        let mut waiting: Vec<WaitingLine> = Vec::new();
        for one in &held.waiting_for_others {
            let groups = one.groups();
            match waiting.iter_mut().find(|line| line.groups == groups) {
                Some(line) => line.count += 1,
                None => waiting.push(WaitingLine { count: 1, deciders: one.deciders.clone(), groups }),
            }
        }
        let state = setting.state();
        let unsigned = state.contents.parties.keys().filter(|party| !state.signed.contains(*party));
        let charter = replica.charter_id()?;
        let all = [charter].into_iter().chain(replica.documents().keys().copied());
        let documents: Result<Vec<_>, _> = all.map(|id| OpenLine::of(replica, id, now_ms)).collect();
        let (changes, suggestions) = replica.not_on_relay();
        Ok(Self {
            title: super::place::both(|lang| setting.title(lang)),
            rules: match state.phase() {
                Phase::Founding => "founding",
                Phase::Proposed => "proposed",
                Phase::InForce => "in-force",
            },
            unsigned: unsigned.cloned().collect(),
            me: setting.me().map(|me| setting.person(me.person)),
            teams: setting.parties().iter().map(|(party, _)| TeamLine::of(&setting, party)).collect(),
            together_ms: together(&setting).map(|span| (span.from_ms, span.until_ms)),
            sync: SyncLine {
                live: *replica.link() == LinkState::Live,
                last_ms: replica.checkpoints().values().map(|one| one.checkpoint.time_ms).max(),
                changes,
                suggestions,
            },
            waiting_for_you: held.waiting_for_you.len(),
            to_ratify: held.to_ratify.iter().filter(|line| line.yours).count(),
            waiting_for_others: waiting,
            documents: documents?,
            read_only: replica.newer().values().map(|newer| newer.title().to_owned()).collect(),
            gaps: GapRef::all(&setting),
            refused: RefusedLine::all(replica, &setting, &Ids::of(replica)),
            setting,
        })
    }

    /// The state of things for people.
    pub fn text(&self, words: &Words) -> String {
        let mut text = self.head(words);
        text += &self.teams_text(words);
        text += &(self.sync_text(words) + "\n");
        text += &self.open_text(words);
        text + &GapRef::summary(&self.gaps, words, &self.setting)
    }

    /// What waits and what is open, as it also stands below a sync.
    pub fn open_text(&self, words: &Words) -> String {
        let mut table = Table::default();
        self.waiting_rows(words, &mut table);
        for document in &self.documents {
            document.rows(words, &mut table);
        }
        let mut text = table.text("  ");
        for document in &self.documents {
            if let Some(divergence) = &document.stopped {
                let title = super::documents::document_title(words, Some(&document.kind), &document.title);
                let problem = words.divergence(divergence);
                text += &(words.say("doc-stopped", args![title, problem]) + "\n");
            }
        }
        for title in &self.read_only {
            text += &(words.say("doc-read-only-newer", args![title = title.as_str()]) + "\n");
        }
        for refused in &self.refused {
            text += &format!("{}  {}\n", refused.id, refused.text(words));
        }
        text
    }

    fn head(&self, words: &Words) -> String {
        let lang = words.lang();
        let (title, setting) = (self.title.get(lang), &self.setting);
        let mut text = match (setting.me(), &self.me) {
            (Some(member), Some(me)) => {
                let person = setting.name(words, me);
                let role = setting.role_names(words, &member.roles);
                let party = setting.label(&member.party, lang);
                words.say("status-title", args![title, person, role, party])
            }
            _ => format!("{title} · {}", words.say("refused-device-ended", args![])),
        };
        text.push('\n');
        if self.rules == "proposed" {
            let signers: Vec<_> = self.unsigned.iter().map(|party| setting.label(party, lang)).collect();
            let agree = if signers.len() == 1 { "singular" } else { "plural" };
            let signers = words.list(&signers);
            text += &(words.say("rules-not-yet-in-force", args![signers, agree]) + "\n");
        }
        if self.rules == "founding" && setting.state().present().len() == 1 {
            text += &(words.say("status-alone", args![]) + "\n");
        }
        text
    }

    fn teams_text(&self, words: &Words) -> String {
        let mut table = Table::default();
        for team in &self.teams {
            let time = self.setting.local_time(words, &team.party, self.setting.now_ms());
            let presence = match (team.at_work, team.changes_at_ms) {
                (Some(true), Some(until_ms)) => {
                    let time = self.setting.local_time(words, &team.party, until_ms);
                    words.say("presence-open-until", args![time])
                }
                (Some(false), Some(opens_ms)) => {
                    let duration = words.duration(opens_ms.saturating_sub(self.setting.now_ms()));
                    words.say("presence-closed", args![duration])
                }
                _ => words.say("presence-unknown", args![]),
            };
            table.row([team.label.get(words.lang()).to_owned(), time, presence]);
        }
        let mut text = table.text("  ");
        if self.together_ms.is_some() && self.teams.len() > 1 {
            text += &format!("  {}\n", self.together_text(words));
        }
        text
    }

    /// When the first two teams are next at work together, in words.
    pub fn together_text(&self, words: &Words) -> String {
        let parties = self.setting.parties();
        let clocks: Vec<_> = parties
            .iter()
            .filter_map(|(_, party)| Some(Clock { calendar: party.calendar.as_ref()?, zone: &party.zone }))
            .collect();
        let span = self.together_ms.map(|(from_ms, until_ms)| Span { from_ms, until_ms });
        words.together(span, self.setting.now_ms(), &clocks)
    }

    /// Whether everything is on the relay, and what is not.
    pub fn sync_text(&self, words: &Words) -> String {
        let mut lines = vec![match (self.sync.live, self.sync.last_ms) {
            (true, _) => {
                let time = self.setting.time(words, self.setting.now_ms());
                words.say("status-up-to-date", args![time])
            }
            (false, Some(last_ms)) => {
                words.say("status-last-synced", args![when = self.setting.time(words, last_ms)])
            }
            (false, None) => words.say("status-never-synced", args![]),
        }];
        lines.extend(pending_text(words, self.sync.changes, self.sync.suggestions));
        lines.join(" ")
    }

    fn waiting_rows(&self, words: &Words, table: &mut Table) {
        match self.waiting_for_you {
            0 => table.row_over([words.say("status-nothing-waits", args![])]),
            count => table.row([
                words.say("status-waiting-you", args![]),
                words.say("count-suggestions", args![count]),
                words.say("status-look", args![command = "entente held list"]),
            ]),
        };
        if self.to_ratify > 0 {
            table.row([
                words.say("status-to-ratify", args![]),
                words.say("count-versions", args![count = self.to_ratify]),
                words.say("status-look", args![command = "entente held list"]),
            ]);
        }
        for (number, line) in self.waiting_for_others.iter().enumerate() {
            let title = if number == 0 { words.say("status-waiting-others", args![]) } else { String::new() };
            let count = line.count;
            let what = match line.deciders.first() {
                Some(first) => {
                    let presence = match &first.person.party {
                        Some(party) => self.setting.team_presence(words, party),
                        None => self.setting.presence(words, first),
                    };
                    let person = self.setting.one_of_each(words, &line.groups);
                    words.say("status-waiting-others-line", args![count, person, presence])
                }
                None => words.say("status-waiting-nobody", args![count]),
            };
            table.row_over([title, what]);
        }
    }
}

/// Says what is not on the relay yet; `None` if everything is.
pub fn pending_text(words: &Words, changes: usize, suggestions: usize) -> Option<String> {
    let mut what = Vec::new();
    if changes > 0 {
        what.push(words.say("count-changes", args![count = changes]));
    }
    if suggestions > 0 {
        what.push(words.say("count-suggestions", args![count = suggestions]));
    }
    (!what.is_empty()).then(|| words.say("pending", args![what = what.join(", ")]))
}

impl TeamLine {
    fn of(setting: &Setting, party: &PartyId) -> Self {
        let row = setting.state().contents.parties.get(party);
        let state =
            row.and_then(|row| row.calendar.as_ref()).map(|calendar| calendar.state(setting.now_ms()));
        let (at_work, changes_at_ms) = match state {
            Some(State::Open { closes_at_ms }) => (Some(true), Some(closes_at_ms)),
            Some(State::Closed { opens_at_ms }) => (Some(false), Some(opens_at_ms)),
            Some(State::BeyondTable) | None => (None, None),
        };
        let label = super::place::both(|lang| setting.label(party, lang));
        Self { party: party.clone(), label, at_work, changes_at_ms }
    }
}

fn together(setting: &Setting) -> Option<Span> {
    let parties = setting.parties();
    let mut calendars = parties.iter().filter_map(|(_, party)| party.calendar.as_ref());
    let (first, second) = (calendars.next()?, calendars.next()?);
    overlaps(first, second, setting.now_ms()).next()
}

impl OpenLine {
    fn of(replica: &Replica, document: DocumentId, now_ms: u64) -> Result<Self, CommandError> {
        let overlaps = Overlaps::of(replica, document, now_ms)?;
        let conflicts = Conflicts::of(replica, document, now_ms)?;
        let unsettled = overlaps.overlaps.iter().filter(|overlap| !overlap.settled);
        let named = |overlap: &super::overlaps::OverlapLine| overlaps.named(overlap);
        Ok(Self {
            document,
            name: document_name(replica, document),
            title: overlaps.title.clone(),
            kind: replica.document(document)?.kind().id.clone(),
            overlaps: unsettled.map(named).collect(),
            gaps: overlaps.gaps.iter().map(|gap| gap.label.clone()).collect(),
            conflicts: conflicts.fields.into_iter().map(|field| field.place.label).collect(),
            stopped: replica.stopped().get(&document).cloned(),
        })
    }

    fn rows(&self, words: &Words, table: &mut Table) {
        let name = self.name.as_str();
        let list = |items: &[kinds::Words]| {
            let items: Vec<_> = items.iter().map(|item| item.get(words.lang())).collect();
            items.join(", ")
        };
        if !self.overlaps.is_empty() {
            let command = format!("entente doc overlaps {name}");
            let choices = words.say("status-choices", args![command]);
            table.row([words.say("status-overlap", args![]), list(&self.overlaps), choices]);
        }
        match self.gaps.len() {
            0 => {}
            1..=GAPS_NAMED => {
                table.row_over([words.say("status-gap", args![]), list(&self.gaps)]);
            }
            count => {
                let count = words.say("count-functions", args![count]);
                let look = words.say("status-look", args![command = format!("entente doc overlaps {name}")]);
                table.row([words.say("status-gap", args![]), count, look]);
            }
        }
        if !self.conflicts.is_empty() {
            let command = format!("entente doc conflicts {name}");
            let choose = words.say("status-choose", args![command]);
            table.row([words.say("status-conflict", args![]), list(&self.conflicts), choose]);
        }
    }
}

/// Writes the present in every team's time, as the lines after a sync do.
pub fn now_text(words: &Words, setting: &Setting) -> String {
    words.time(setting.now_ms(), &setting.clocks(), Day::None)
}
