//! What people do, as verbs.

use entente_client::replica::{
    CommandError, EditOutcome, Founding, InviteWish, JoinPass, Profile, Replica, Submitted, founding,
};
use entente_shared::content::EditCommand;
use entente_shared::crypto::Key;
use entente_shared::ids::*;
use entente_shared::statement::{DeclineOutcome, RevokeTarget};
use rand::{Rng, RngExt};

use crate::device::Device;
use crate::host::TOKEN;
use crate::teams;
use crate::world::World;

/// For how long links of the stories work: a day, whatever the device's clock says.
const VALID_MS: u64 = 24 * 3_600_000;

impl World {
    /// `name` founds the partnership for `team`, and stays online until it stands.
    pub fn found(&mut self, name: &str, team: &str) {
        let key = Key::from_secret(self.random.random());
        let wish = Founding {
            title: "Morosha and Harlow Street".to_owned(),
            addresses: vec!["wss://relay.example".to_owned()],
            relay: self.host.key.relay(),
            token: TOKEN.to_vec(),
            party: (team.into(), teams::row(team)),
            calendar: teams::calendar(),
            person: name.to_owned(),
            device_label: name.to_owned(),
            recovery: Key::from_secret(self.random.random()).device(),
        };
        let ms = self.now_ms;
        let random = &mut self.random;
        let now = &mut entente_client::replica::Now { ms, random: &mut |bytes| random.fill_bytes(bytes) };
        let (statement, profile) = founding(now, &key, &wish).expect("the founding is well formed");
        let replica = Replica::new(key, profile, Some(statement));
        self.arrive(name, team, replica);
        self.tell(format!("{name} founds the partnership for {team}"));
        self.online(name);
        self.run();
    }

    /// Puts a device into the world.
    pub fn arrive(&mut self, name: &str, team: &str, replica: Replica) {
        let seed = self.random.random();
        self.devices.insert(name.to_owned(), Device::new(name, &team.into(), replica, seed));
        self.perform_all(name);
    }

    /// Lets somebody do something with the program, if it is running.
    pub fn act<T>(
        &mut self,
        name: &str,
        act: impl FnOnce(&mut Replica, &mut entente_client::replica::Now<'_>) -> Result<T, CommandError>,
    ) -> Result<T, CommandError> {
        let now_ms = self.now_ms;
        let device = self.device_mut(name);
        let done = device.act(now_ms, act).unwrap_or(Err(CommandError::NoPartnership));
        device.is_unsent |= done.is_ok();
        done
    }

    /// `by` invites somebody into `team` with `roles`; their device stands ready to join.
    ///
    /// # Errors
    ///
    /// The rules would refuse it.
    pub fn invite(&mut self, by: &str, name: &str, team: &str, roles: &[&str]) -> Result<(), CommandError> {
        let roles: Vec<RoleId> = roles.iter().map(|role| RoleId::from(*role)).collect();
        let row = Some((name.to_owned(), roles));
        let wish = InviteWish { party: team.into(), row, person: None, valid_ms: VALID_MS };
        self.send_link(by, name, team, &wish)
    }

    /// The person of the device `by` gets a further one, `name`.
    ///
    /// # Errors
    ///
    /// The rules would refuse it.
    pub fn further_device(&mut self, by: &str, name: &str) -> Result<(), CommandError> {
        let me = self.device(by).replica.as_ref().ok_or(CommandError::NoPartnership)?.me()?;
        let team = me.party.to_string();
        let wish = InviteWish { party: me.party, row: None, person: Some(me.person), valid_ms: VALID_MS };
        self.send_link(by, name, &team, &wish)
    }

    fn send_link(&mut self, by: &str, name: &str, team: &str, wish: &InviteWish) -> Result<(), CommandError> {
        let invited = self.act(by, |replica, now| replica.invite(now, wish))?;
        self.tell(format!("{by} invites {name} into {team}"));
        self.arrive_with(by, name, team, invited.key.secret());
        Ok(())
    }

    /// A new device with the secret of a link that `by` sent.
    pub fn arrive_with(&mut self, by: &str, name: &str, team: &str, secret: [u8; 32]) {
        let key = Key::from_secret(self.random.random());
        let inviter = self.device(by).replica.as_ref().map(|replica| replica.profile().clone());
        let Some(inviter) = inviter else { return };
        let profile = Profile {
            partnership: inviter.partnership,
            relay: inviter.relay,
            addresses: inviter.addresses,
            entry: Some(JoinPass::Invited { secret }),
            operator: String::new(),
        };
        self.arrive(name, team, Replica::new(key, profile, None));
    }

    /// `by` changes the ground rules.
    ///
    /// # Errors
    ///
    /// The rules would refuse it.
    pub fn change(
        &mut self,
        by: &str,
        edits: Vec<(SectionId, Vec<EditCommand>)>,
    ) -> Result<EditOutcome, CommandError> {
        let outcome = self.act(by, |replica, now| replica.change_charter(now, edits, None))?;
        self.tell(format!("{by} changes the ground rules: {}", in_words(&outcome)));
        Ok(outcome)
    }

    /// `by` signs the ground rules.
    ///
    /// # Errors
    ///
    /// The rules would refuse it.
    pub fn sign(&mut self, by: &str) -> Result<Submitted, CommandError> {
        self.tell(format!("{by} signs the ground rules"));
        self.act(by, |replica, now| replica.sign_rules(now))
    }

    /// `by` creates a document.
    ///
    /// # Errors
    ///
    /// The rules would refuse it.
    pub fn create(&mut self, by: &str, kind: &str, title: &str) -> Result<DocumentId, CommandError> {
        self.tell(format!("{by} creates the {kind} {title:?}"));
        self.act(by, |replica, now| replica.create(now, &kind.into(), title)).map(|(document, _)| document)
    }

    /// `by` edits a section, at once or as a suggestion.
    ///
    /// # Errors
    ///
    /// The rules would refuse it.
    pub fn edit(
        &mut self,
        by: &str,
        document: DocumentId,
        section: &SectionId,
        command: EditCommand,
    ) -> Result<EditOutcome, CommandError> {
        let path = command.path().clone();
        let outcome = self.act(by, |replica, now| replica.edit(now, document, section, command))?;
        self.tell(format!("{by} edits {section}#{path}: {}", in_words(&outcome)));
        Ok(outcome)
    }

    /// `by` writes `word` somewhere, and it may never be lost.
    ///
    /// # Errors
    ///
    /// The rules would refuse it.
    pub fn write(
        &mut self,
        by: &str,
        document: DocumentId,
        section: &SectionId,
        word: &str,
        command: EditCommand,
    ) -> Result<EditOutcome, CommandError> {
        let outcome = self.edit(by, document, section, command)?;
        if outcome != EditOutcome::Nothing {
            self.watch.writing.push((by.to_owned(), word.to_owned()));
        }
        Ok(outcome)
    }

    /// `by` approves a suggestion.
    ///
    /// # Errors
    ///
    /// It is not open, or somebody else decides.
    pub fn endorse(&mut self, by: &str, target: StatementId) -> Result<Submitted, CommandError> {
        let done = self.act(by, |replica, now| replica.endorse(now, target, None))?;
        self.tell(format!("{by} approves {}", target.short()));
        Ok(done)
    }

    /// `by` declines a suggestion, or sends it back.
    ///
    /// # Errors
    ///
    /// It is not open, or somebody else decides.
    pub fn decline(
        &mut self,
        by: &str,
        target: StatementId,
        outcome: DeclineOutcome,
    ) -> Result<Submitted, CommandError> {
        let reason = Some("not this quarter".to_owned());
        let done = self.act(by, |replica, now| replica.decline(now, target, outcome, reason))?;
        self.tell(format!("{by} declines {}", target.short()));
        Ok(done)
    }

    /// `by` takes a suggestion back.
    ///
    /// # Errors
    ///
    /// It is not open, or somebody else's.
    pub fn withdraw(&mut self, by: &str, target: StatementId) -> Result<Submitted, CommandError> {
        let done = self.act(by, |replica, now| replica.withdraw(now, target))?;
        self.tell(format!("{by} takes {} back", target.short()));
        Ok(done)
    }

    /// `by` revokes a person, a device or a link.
    ///
    /// # Errors
    ///
    /// The rules would refuse it.
    pub fn revoke(&mut self, by: &str, target: RevokeTarget) -> Result<Submitted, CommandError> {
        let what = format!("{target:?}");
        let done = self.act(by, |replica, now| replica.revoke(now, target))?;
        self.tell(format!("{by} revokes {what}"));
        Ok(done)
    }

    /// The person behind a device, if it is enrolled as far as it knows.
    pub fn person(&self, name: &str) -> Option<PersonId> {
        self.devices.get(name)?.replica.as_ref()?.me().ok().map(|me| me.person)
    }

    /// The program on a device.
    ///
    /// # Panics
    ///
    /// If it is not running.
    pub fn replica(&self, name: &str) -> &Replica {
        self.device(name).replica.as_ref().unwrap_or_else(|| panic!("{name}'s program is not running"))
    }

    /// Everybody comes back, everything that waits is sent, and all comes to rest.
    pub fn heal(&mut self) {
        self.tell("everything heals");
        self.start_relay();
        let names: Vec<String> = self.devices.keys().cloned().collect();
        let (mut before, mut quiet) = (None, 0);
        for _ in 0..60 {
            for name in &names {
                self.reopen(name);
                self.online(name);
                self.device_mut(name).is_unsent = true;
            }
            self.run();
            self.pass(31_000);
            self.run();
            let now = Some(self.fingerprint());
            quiet = if before == now { quiet + 1 } else { 0 };
            before = now;
            let Some(relay) = self.host.relay() else { continue };
            match quiet {
                0 | 1 => {}
                _ if relay.is_recovering() => self.resume_relay(),
                // Nobody brings back what is missing: the relay gives up after ten minutes.
                _ if relay.gauges().missing > 0 => self.pass(601_000),
                _ => return,
            }
        }
        panic!("it does not settle");
    }

    /// What changes as long as anything goes on.
    fn fingerprint(&self) -> Vec<(usize, usize, usize)> {
        let entries = crate::oracle::all_entries(&*self.host.store).len();
        let devices = self.devices.values().map(|device| {
            let replica = device.replica.as_ref();
            let (changes, suggestions) = replica.map_or((0, 0), Replica::not_on_relay);
            let heads = replica.iter().flat_map(|replica| replica.documents().values());
            let kept: u64 = heads.map(|one| one.ledger().document().len()).sum();
            (changes, suggestions, kept as usize)
        });
        std::iter::once((entries, 0, 0)).chain(devices).collect()
    }
}

fn in_words(outcome: &EditOutcome) -> String {
    match outcome {
        EditOutcome::Saved => "saved".to_owned(),
        EditOutcome::Suggested { statement, .. } => format!("suggestion {}", statement.short()),
        EditOutcome::Nothing => "nothing new".to_owned(),
    }
}
