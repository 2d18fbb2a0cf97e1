//! Carrying commands out.

mod charter;
mod deciding;
mod edits;
mod files;
mod members;

use entente_client::args;
use entente_client::replica::{CommandError, Now, Submitted};
use entente_client::views::Decider;
use entente_shared::content::EditCommand;
use entente_shared::ids::*;
use entente_shared::judge::Need;
use entente_shared::statement::RevokeTarget;
use entente_shared::wire::Attention;
use serde_json::{Value, json};

use crate::answer::{Answer, Failed, json};
use crate::command::{Command, SectionEdits};
use crate::engine::Engine;
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
            Command::Foresee { document, edits } => self.foresee(now, document, edits_of(edits)),
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
            Command::Override { statement, reason } => {
                let submitted = self.replica.override_band(now, statement, reason.trim().to_owned());
                let submitted = self.done(submitted, now.ms)?;
                self.submitted(now, &submitted)
            }
            Command::Revise { statement, message } => self.revise(now, statement, message),
            Command::Ask { document, section, message } => self.ask(now, document, &section, message),
            Command::Sign { document, section, digest } => self.sign(now, document, &section, digest),
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

    /// What became of a statement; it is sent at once.
    fn submitted(&mut self, now: &mut Now<'_>, submitted: &Submitted) -> Answer {
        self.replica.flush(now);
        let waits = submitted.verdict.is_held();
        let charter = self.done(self.replica.charter_id(), now.ms)?;
        let deciders = if waits { self.deciders(charter, &submitted.needs, now.ms)? } else { Vec::new() };
        let said = if waits { self.suggested(&submitted.needs, now.ms)? } else { Value::Null };
        Ok(json!({ "statement": submitted.statement, "waits": waits, "deciders": deciders, "said": said }))
    }
}
