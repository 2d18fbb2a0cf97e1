//! How the third team comes: it is proposed, agreed on, and let in.

use entente_client::replica::{CommandError, EditOutcome};

use super::History;
use crate::teams::{self, BERLIN};

/// How often the leads look whether there is something for them to do, when it comes.
const ROUNDS: usize = 12;

impl History {
    /// The third team comes in the middle of every story: who leads gets together. It comes later if
    /// that is cut short.
    pub(super) fn third_team_comes(&mut self) {
        self.world.start_relay();
        for _ in 0..ROUNDS {
            for name in self.devices() {
                self.world.reopen(&name);
                if self.is_lead(&name) {
                    self.world.online(&name);
                }
            }
            for _ in 0..60 {
                self.world.step();
            }
            if self.world.devices.contains_key("greta") {
                return;
            }
            let leads: Vec<String> = self.devices().into_iter().filter(|name| self.is_lead(name)).collect();
            for lead in leads {
                let _ = self.let_in(&lead);
            }
        }
    }

    /// One step of it, by somebody.
    pub(super) fn third_team(&mut self) -> Result<(), CommandError> {
        let (by, _) = self.somebody()?;
        self.let_in(&by)
    }

    fn is_lead(&self, name: &str) -> bool {
        let replica = self.world.device(name).replica.as_ref();
        replica.and_then(|replica| replica.me().ok()).is_some_and(|me| me.is_lead())
    }

    /// What `by` can do for it now: propose the team, approve that, let in its lead, then a colleague.
    fn let_in(&mut self, by: &str) -> Result<(), CommandError> {
        let replica = self.world.replica(by);
        if replica.state()?.contents.parties.contains_key(&BERLIN.into()) {
            let name = if self.world.devices.contains_key("greta") { "karl" } else { "greta" };
            if self.world.devices.contains_key(name) {
                return Ok(());
            }
            let roles: &[&str] = if name == "greta" { &["lead"] } else { &["account-manager"] };
            self.world.invite(by, name, BERLIN, roles)?;
            self.world.online(name);
            return Ok(());
        }
        if let Some(coming) = self.coming {
            if replica.find_hold(&coming).is_ok() {
                return self.world.endorse(by, coming).map(|_| ());
            }
            let is_closed = replica.replicated(replica.charter_id()?)?.origins().get(&coming).is_some();
            if !is_closed {
                // It has not arrived here, or its author still has it.
                return Ok(());
            }
        }
        let outcome = self.world.change(by, vec![teams::added(BERLIN)])?;
        if let EditOutcome::Suggested { statement, .. } = outcome {
            self.coming = Some(statement);
        }
        Ok(())
    }
}
