//! Carrying commands out.

use std::collections::BTreeMap;

use entente_client::args;
use entente_client::joining;
use entente_client::links::{JoinLink, RecoveryLink};
use entente_client::replica::{
    Bundle, CommandError, EditOutcome, Foreseen, InviteWish, JoinPass, Now, Submitted,
};
use entente_client::team::{NewTeam, calendar, calendar_fields};
use entente_client::toward::toward;
use entente_client::undo::Noted;
use entente_client::views::{Decider, HeldShow, Point, Proposal, Saying, saying};
use entente_shared::content::{EditCommand, Path, Value as Content};
use entente_shared::crypto::Key;
use entente_shared::ids::*;
use entente_shared::judge::Need;
use entente_shared::kinds::Lang;
use entente_shared::ledger::RULES_VERSION;
use entente_shared::limits::INVITE_VALID_MS_MAX;
use entente_shared::rules::{Rule, Rules};
use entente_shared::statement::{DeclineOutcome, RevokeTarget};
use entente_shared::wire::Attention;
use serde_json::{Map, Value, json};

use crate::answer::{Answer, Failed, json};
use crate::command::{Command, SectionEdits, TeamWish};
use crate::engine::{Engine, device_label, recovery_key, team_failed};
use crate::look::all_documents;

type Edits = Vec<(SectionId, Vec<EditCommand>)>;

fn edits_of(edits: Vec<SectionEdits>) -> Edits {
    edits.into_iter().map(|one| (one.section, one.commands)).collect()
}

impl Command {
    /// The documents whose stored entries this needs.
    pub fn needs(&self, engine: &Engine) -> Vec<DocumentId> {
        match self {
            Self::Restore { document, .. } => vec![*document],
            Self::Export { documents } => {
                let charter = engine.replica.charter_id().ok();
                let chosen =
                    |id: &DocumentId| documents.is_empty() || Some(*id) == charter || documents.contains(id);
                all_documents(&engine.replica).into_iter().filter(chosen).collect()
            }
            _ => Vec::new(),
        }
    }
}

impl Engine {
    /// Carries a command out.
    ///
    /// # Errors
    ///
    /// It cannot be; then nothing was changed.
    pub fn command(&mut self, now: &mut Now<'_>, command: Command) -> Answer {
        match command {
            Command::Join { device } => self.join(now, device.as_deref()),
            Command::Dismiss { notice } => {
                self.notices.retain(|(id, _)| *id != notice);
                Ok(json!({}))
            }
            Command::Remember { key, value } => {
                let effect = self.memory.keep(&key, value);
                self.effects.push(effect);
                Ok(json!({}))
            }
            Command::Create { kind, title } => {
                let created = self.replica.create(now, &kind, title.trim());
                let (document, _) = self.done(created, now.ms)?;
                self.replica.flush(now);
                Ok(json!({ "document": document }))
            }
            Command::Edit { document, edits, message, remember } => {
                let answer = self.edit(now, document, edits_of(edits), message)?;
                let kept = remember.map(|one| self.memory.keep(&one.key, one.value));
                self.effects.extend(kept);
                Ok(answer)
            }
            Command::Attend { document, section } => {
                let attention = document.map(|document| Attention { document, section, shown: true });
                self.replica.attend(attention);
                Ok(json!({}))
            }
            Command::Say { document, saying, lang } => self.say(now, document, &saying, lang),
            Command::Foresee { document, edits } => self.foresee(now, document, &edits_of(edits)),
            Command::Commit {} => {
                self.tick(now);
                Ok(json!({}))
            }
            Command::Undo { document } => {
                let undone = self.undo.undo(&mut self.replica, now, document);
                Ok(json!({ "done": self.done(undone, now.ms)? }))
            }
            Command::Redo { document } => {
                let redone = self.undo.redo(&mut self.replica, now, document);
                Ok(json!({ "done": self.done(redone, now.ms)? }))
            }
            Command::Restore { document, section, path, to, message } => {
                self.restore(now, document, section, &path, to.into(), message)
            }
            Command::Endorse { statement, message, restate } => {
                let proposal = self.open_proposal(&statement, now.ms)?;
                let submitted = self.replica.endorse(now, statement, message);
                let submitted = self.done(submitted, now.ms)?;
                if restate {
                    self.set_again(now, &proposal)?;
                }
                self.submitted(now, &submitted)
            }
            Command::Decline { statement, reason, send_back } => {
                self.decline(now, statement, reason, send_back)
            }
            Command::Withdraw { statement } => {
                let submitted = self.replica.withdraw(now, statement);
                let submitted = self.done(submitted, now.ms)?;
                self.submitted(now, &submitted)
            }
            Command::SignRules {} => {
                let submitted = self.replica.sign_rules(now);
                let submitted = self.done(submitted, now.ms)?;
                self.submitted(now, &submitted)
            }
            Command::ProposeRules { toml, message } => self.propose_rules(now, &toml, message),
            Command::ChangeRule { id, form, message } => self.change_rule(now, id, form, message),
            Command::ChangeCharter { edits, message } => self.change_charter(now, edits_of(edits), message),
            Command::AddTeam { team, message } => self.add_team(now, &team, message),
            Command::SetRoles { person, roles, message } => self.set_roles(now, person, &roles, message),
            Command::SetCalendar { party, work, holidays, message } => {
                self.set_calendar(now, &party, work, holidays, message)
            }
            Command::Invite { party, name, roles, device, person } => {
                self.invite(now, party, name, roles, device, person)
            }
            Command::RemovePerson { person } => self.revoke(now, RevokeTarget::Person { person }),
            Command::EndDevice { device, lost } => self.revoke(now, RevokeTarget::Device { device, lost }),
            Command::Export { documents } => self.export(now, &documents),
        }
    }

    /// Turns a replica's answer into one for people.
    fn done<T>(&self, done: Result<T, CommandError>, now_ms: u64) -> Result<T, Failed> {
        done.map_err(|error| self.failed(&error, now_ms))
    }

    fn join(&mut self, now: &mut Now<'_>, device: Option<&str>) -> Answer {
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

    fn edit(
        &mut self,
        now: &mut Now<'_>,
        document: DocumentId,
        edits: Edits,
        message: Option<String>,
    ) -> Answer {
        let noted = Noted::of(&self.replica, document, &edits);
        let outcome = self.replica.edit_all(now, document, edits, message);
        let outcome = self.done(outcome, now.ms)?;
        if outcome == EditOutcome::Saved {
            self.undo.take(&self.replica, noted, now.ms);
        }
        self.edited(now, document, &outcome)
    }

    fn edited(&mut self, now: &mut Now<'_>, document: DocumentId, outcome: &EditOutcome) -> Answer {
        match outcome {
            EditOutcome::Saved => Ok(json!({ "became": "saved" })),
            EditOutcome::Nothing => Ok(json!({ "became": "nothing" })),
            EditOutcome::Suggested { statement, needs } => {
                self.replica.flush(now);
                let deciders = self.deciders(document, needs, now.ms)?;
                let said = self.suggested(needs, now.ms)?;
                Ok(
                    json!({ "became": "suggested", "statement": statement, "deciders": deciders, "said": said }),
                )
            }
        }
    }

    fn deciders(&self, document: DocumentId, needs: &[Need], now_ms: u64) -> Result<Vec<Decider>, Failed> {
        let setting = self.done(self.setting(now_ms), now_ms)?;
        let kind = self.done(self.replica.document(document), now_ms)?.kind().id.clone();
        Ok(setting.deciders(&kind, needs, setting.me().map(|me| me.person)))
    }

    fn suggested(&self, needs: &[Need], now_ms: u64) -> Answer {
        let setting = self.done(self.setting(now_ms), now_ms)?;
        json(&self.words.of(|words| {
            words.say("suggestion-saved-for", args![deciders = setting.who_decides(words, needs).deciders])
        }))
    }

    /// Says something in the talk. A decision also stands where decisions stand, if the reader may
    /// write there; otherwise its thread alone carries it.
    fn say(&mut self, now: &mut Now<'_>, document: DocumentId, what: &Saying, lang: Lang) -> Answer {
        let edits = saying(&self.replica, now, document, what, lang);
        let mut edits = self.done(edits, now.ms)?;
        if edits.len() > 1 && !matches!(self.replica.foresee(now, document, &edits), Ok(Foreseen::Saved)) {
            edits.truncate(1);
        }
        self.edit(now, document, edits, None)
    }

    fn foresee(&self, now: &mut Now<'_>, document: DocumentId, edits: &Edits) -> Answer {
        match self.replica.foresee(now, document, edits) {
            Ok(Foreseen::Saved) => Ok(json!({ "would": "save" })),
            Ok(Foreseen::Nothing) => Ok(json!({ "would": "nothing" })),
            Ok(Foreseen::Suggested { needs }) => {
                let deciders = self.deciders(document, &needs, now.ms)?;
                let said = self.suggested(&needs, now.ms)?;
                Ok(json!({ "would": "suggest", "deciders": deciders, "said": said }))
            }
            Err(error @ CommandError::Refused(_)) => {
                Ok(json!({ "would": "refuse", "said": self.failed(&error, now.ms).said }))
            }
            Err(error) => Err(self.failed(&error, now.ms)),
        }
    }

    /// Writes a place of a section as it was, as a new edit.
    fn restore(
        &mut self,
        now: &mut Now<'_>,
        document: DocumentId,
        section: SectionId,
        path: &Path,
        to: Point,
        message: Option<String>,
    ) -> Answer {
        let kept = self.lent.get(&document).cloned().unwrap_or_default();
        let seq = match to {
            Point::Entry(seq) => seq,
            Point::Time(at_ms) => {
                let before = kept.iter().rev().find(|one| one.time_ms <= at_ms);
                before.or(kept.first()).map_or(0, |one| one.position.seq)
            }
            Point::Head => u64::MAX,
        };
        let then = self.replica.content_at(&kept, seq);
        let then = then.map_err(|error| self.words.internal(&error.to_string()))?;
        let unknown = || self.failed(&CommandError::UnknownSection(section.clone()), now.ms);
        let wanted = then.get(&section).ok_or_else(unknown)?.value();
        let working = self.done(self.replica.working(document), now.ms)?;
        let present = working.get(&section).ok_or_else(unknown)?.value();
        let kind = self.done(self.replica.document(document), now.ms)?.kind();
        let commands = toward(kind, &section, path, present.at(path), wanted.at(path));
        if commands.is_empty() {
            return Ok(json!({ "became": "nothing" }));
        }
        self.edit(now, document, vec![(section, commands)], message)
    }

    fn open_proposal(&self, statement: &StatementId, now_ms: u64) -> Result<Proposal, Failed> {
        let shown = HeldShow::of(&self.replica, statement, now_ms);
        Ok(self.done(shown, now_ms)?.proposal)
    }

    /// Writes the values of a suggestion once more, over later ones.
    fn set_again(&mut self, now: &mut Now<'_>, proposal: &Proposal) -> Result<(), Failed> {
        let edits = proposal.restated();
        let outcome = self.replica.edit_all(now, proposal.document, edits, None);
        self.done(outcome, now.ms).map(drop)
    }

    fn decline(
        &mut self,
        now: &mut Now<'_>,
        statement: StatementId,
        reason: String,
        send_back: bool,
    ) -> Answer {
        let proposal = self.open_proposal(&statement, now.ms)?;
        if reason.trim().is_empty() {
            let person = proposal.author.name.clone().unwrap_or_default();
            return Err(self.words.problem("usage", "held-reason-missing", args![person]));
        }
        let outcome = if send_back { DeclineOutcome::Returned } else { DeclineOutcome::Declined };
        let submitted = self.replica.decline(now, statement, outcome, Some(reason));
        let submitted = self.done(submitted, now.ms)?;
        self.submitted(now, &submitted)
    }

    /// What became of a statement; it is sent at once.
    fn submitted(&mut self, now: &mut Now<'_>, submitted: &Submitted) -> Answer {
        self.replica.flush(now);
        let waits = submitted.verdict.is_held();
        let charter = self.done(self.replica.charter_id(), now.ms)?;
        let deciders = if waits { self.deciders(charter, &submitted.needs, now.ms)? } else { Vec::new() };
        let said = if waits { self.suggested(&submitted.needs, now.ms)? } else { Value::Null };
        Ok(json!({ "statement": submitted.statement, "waits": waits, "deciders": deciders, "said": said }))
    }

    fn change_charter(&mut self, now: &mut Now<'_>, edits: Edits, message: Option<String>) -> Answer {
        let outcome = self.replica.change_charter(now, edits, message);
        let outcome = self.done(outcome, now.ms)?;
        self.replica.flush(now);
        let charter = self.done(self.replica.charter_id(), now.ms)?;
        self.edited(now, charter, &outcome)
    }

    /// Proposes the rules in which a text differs from those that stand.
    fn propose_rules(&mut self, now: &mut Now<'_>, toml: &str, message: Option<String>) -> Answer {
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
    fn change_rule(
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

    fn add_team(&mut self, now: &mut Now<'_>, wish: &TeamWish, message: Option<String>) -> Answer {
        let state = self.done(self.replica.state(), now.ms)?;
        let taken: Vec<_> = state.contents.parties.keys().cloned().collect();
        let team = NewTeam::named(&wish.about(), &taken, now.ms);
        let team = team.map_err(|error| team_failed(&self.words, &error))?;
        let mut answer = self.change_charter(now, vec![team.edit()], message)?;
        answer["party"] = json!(team.id);
        Ok(answer)
    }

    fn set_roles(
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

    fn set_calendar(
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

    fn invite(
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

    fn revoke(&mut self, now: &mut Now<'_>, target: RevokeTarget) -> Answer {
        let submitted = self.replica.revoke(now, target);
        let submitted = self.done(submitted, now.ms)?;
        self.submitted(now, &submitted)
    }

    /// Makes a file of ledgers and unsent statements; its bytes as base64 would be a third more, so
    /// [`Engine::exported`] has them.
    fn export(&mut self, now: &mut Now<'_>, documents: &[DocumentId]) -> Answer {
        self.replica.commit(now);
        let ledgers: BTreeMap<_, _> = std::mem::take(&mut self.lent);
        let mut bundle = self.replica.bundle(now.ms, ledgers);
        bundle.unsent.retain(|envelope| {
            let statement = entente_shared::statement::Statement::open(envelope.clone());
            documents.is_empty() || statement.is_ok_and(|one| documents.contains(&one.header.document))
        });
        let setting = self.done(self.setting(now.ms), now.ms)?;
        let title = self.words.of(|words| setting.title(words.lang())).en;
        let plain = |letter: char| if letter.is_alphanumeric() { letter } else { '-' };
        let name: String = title.to_lowercase().chars().map(plain).collect();
        let name = name.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
        self.exported = Some(bundle.to_bytes());
        Ok(json!({ "name": format!("{name}.entente") }))
    }

    /// Takes a file in.
    ///
    /// # Errors
    ///
    /// It is none, damaged, or of another partnership; nothing is taken in then.
    pub fn import(&mut self, now: &mut Now<'_>, bytes: &[u8]) -> Answer {
        let damaged = |engine: &Self, problem: String| {
            let person = engine.words.say("someone-unknown", args![]).en;
            engine.words.problem("damaged", "bundle-damaged", args![file = "", problem, person])
        };
        let bundle = Bundle::from_bytes(bytes).map_err(|error| damaged(self, error.to_string()))?;
        let imported = self.replica.import(now, bundle).map_err(|error| damaged(self, error.to_string()))?;
        self.replica.flush(now);
        let count = imported.entries + imported.statements as u64;
        let said = self.words.say("bundle-imported", args![count, known = imported.known]);
        Ok(json!({
            "entries": imported.entries,
            "statements": imported.statements,
            "known": imported.known,
            "said": said,
        }))
    }

    /// The file that the last [`Command::Export`] made.
    pub fn exported(&mut self) -> Vec<u8> {
        self.exported.take().unwrap_or_default()
    }
}
