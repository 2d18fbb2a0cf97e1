//! Changing the ground rules.

use entente_client::args;
use entente_client::replica::Now;
use entente_client::team::{NewTeam, calendar, calendar_fields};
use entente_shared::content::{EditCommand, Path, Value as Content};
use entente_shared::ids::*;
use entente_shared::ledger::RULES_VERSION;
use entente_shared::rules::{Rule, Rules};
use serde_json::{Map, Value, json};

use super::Edits;
use crate::answer::{Answer, Failed};
use crate::command::TeamWish;
use crate::engine::{Engine, team_failed};

impl Engine {
    pub(super) fn change_charter(
        &mut self,
        now: &mut Now<'_>,
        edits: Edits,
        message: Option<String>,
    ) -> Answer {
        let outcome = self.replica.change_charter(now, edits, message);
        let outcome = self.done(outcome, now.ms)?;
        self.replica.flush(now);
        let charter = self.done(self.replica.charter_id(), now.ms)?;
        self.edited(now, charter, &outcome)
    }

    /// Proposes the rules in which a text differs from those that stand.
    pub(super) fn propose_rules(&mut self, now: &mut Now<'_>, toml: &str, message: Option<String>) -> Answer {
        let edited = Rules::from_toml(toml).map_err(|error| {
            self.words.problem("usage", "refused-charter", args![problem = error.to_string()])
        })?;
        let (edited, base) =
            (edited.to_stored(), self.done(self.replica.state(), now.ms)?.contents.rules.to_stored());
        let changed = edited.iter().filter(|(id, text)| base.get(*id) != Some(text));
        let changed = changed.map(|(id, text)| (id, Content::string(text)));
        let removed = base.keys().filter(|id| !edited.contains_key(*id)).map(|id| (id, Content::Null));
        let commands: Vec<_> = changed
            .chain(removed)
            .map(|(id, value)| EditCommand::SetScalar { path: Path::new(["rules", id.as_str()]), value })
            .collect();
        if commands.is_empty() {
            return Ok(json!({ "became": "nothing" }));
        }
        self.change_charter(now, vec![(SectionId::new("rules"), commands)], message)
    }

    /// Proposes one rule, or that it goes.
    pub(super) fn change_rule(
        &mut self,
        now: &mut Now<'_>,
        id: RuleId,
        form: Option<Map<String, Value>>,
        message: Option<String>,
    ) -> Answer {
        let value = match form {
            Some(form) => Content::string(self.rule_of(id.clone(), form)?.to_stored()),
            None => Content::Null,
        };
        let path = Path::new(["rules", id.as_str()]);
        let command = EditCommand::SetScalar { path, value };
        self.change_charter(now, vec![(SectionId::new("rules"), vec![command])], message)
    }

    /// Reads a rule as an interface puts it together.
    pub(crate) fn rule_of(&self, id: RuleId, form: Map<String, Value>) -> Result<Rule, Failed> {
        let version = self.replica.state().map_or(RULES_VERSION, |state| state.rules_version);
        Rule::from_members(id, form, version).map_err(|error| {
            self.words.problem("usage", "refused-charter", args![problem = error.to_string()])
        })
    }

    pub(super) fn add_team(&mut self, now: &mut Now<'_>, wish: &TeamWish, message: Option<String>) -> Answer {
        let state = self.done(self.replica.state(), now.ms)?;
        let taken: Vec<_> = state.contents.parties.keys().cloned().collect();
        let team = NewTeam::named(&wish.about(), &taken, now.ms);
        let team = team.map_err(|error| team_failed(&self.words, &error))?;
        let mut answer = self.change_charter(now, vec![team.edit()], message)?;
        answer["party"] = json!(team.id);
        Ok(answer)
    }

    pub(super) fn set_roles(
        &mut self,
        now: &mut Now<'_>,
        person: PersonId,
        roles: &[RoleId],
        message: Option<String>,
    ) -> Answer {
        let row = self.done(self.replica.state(), now.ms)?.contents.people.get(&person);
        let party = row.map(|row| row.party.clone());
        let party = party
            .ok_or_else(|| self.words.problem("usage", "unknown-person", args![name = person.to_hex()]))?;
        let text = roles.iter().map(RoleId::as_str).collect::<Vec<_>>().join(" ");
        let path = Path::new(["people", &person.to_hex(), "roles"]);
        let command = EditCommand::SetScalar { path, value: Content::string(text) };
        let section = SectionId::new(format!("people/{party}"));
        self.change_charter(now, vec![(section, vec![command])], message)
    }

    pub(super) fn set_calendar(
        &mut self,
        now: &mut Now<'_>,
        party: &PartyId,
        work: Option<String>,
        holidays: Option<String>,
        message: Option<String>,
    ) -> Answer {
        let row = self.done(self.replica.state(), now.ms)?.contents.parties.get(party).cloned();
        let row =
            row.ok_or_else(|| self.words.problem("usage", "unknown-party", args![name = party.as_str()]))?;
        let kept = row.calendar.as_ref().map(|calendar| calendar.to_text().holidays).unwrap_or_default();
        let hours = work.clone().unwrap_or_else(|| row.work.clone());
        let written = calendar(&row.zone, &hours, &holidays.unwrap_or(kept), now.ms);
        let written = written.map_err(|error| team_failed(&self.words, &error))?;
        let set = |path: Path, text: String| EditCommand::SetScalar { path, value: Content::string(text) };
        let fields = calendar_fields(&written).into_iter();
        let fields = fields.map(|(key, text)| set(Path::new(["calendar", key]), text)).collect();
        let mut edits = vec![(SectionId::new(format!("calendar/{party}")), fields)];
        if let Some(work) = work.filter(|work| *work != row.work) {
            let path = Path::new(["parties", party.as_str(), "work"]);
            edits.push((SectionId::new("parties"), vec![set(path, work)]));
        }
        self.change_charter(now, edits, message)
    }
}
