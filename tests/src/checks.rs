//! What must hold once everything has healed, whatever happened before.

use std::collections::BTreeSet;

use entente_client::replica::{Event, OutgoingState, Replica, Replicated};
use entente_shared::charter::CharterState;
use entente_shared::codec;
use entente_shared::content::Section;
use entente_shared::document::Document;
use entente_shared::ids::*;
use entente_shared::statement::{Act, Statement};
use entente_shared::verify::Verifier;
use entente_shared::wire::{Access, CloseReason};
use entente_store::Store;

use crate::device::Device;
use crate::disk::contains;
use crate::oracle::{Oracle, all_entries, entries_of, evidence};
use crate::world::World;

/// How a section is called, with its content, in two places that must agree.
type Content<'a> = (&'a SectionId, &'a Section);

impl World {
    /// Checks everything that must hold after [`World::heal`].
    ///
    /// # Panics
    ///
    /// If something does not; the story is printed.
    pub fn check(&self) {
        if let Err(fault) = self.faults() {
            panic!("{fault}");
        }
    }

    /// The first thing that does not hold, in words.
    ///
    /// # Errors
    ///
    /// That thing.
    pub fn faults(&self) -> Result<(), String> {
        self.nobody_was_deceived()?;
        let oracle = Oracle::read(&*self.host.store)?;
        crate::referee::check(&oracle)?;
        self.replicas_agree(&oracle)?;
        self.no_statement_is_missing(&oracle)?;
        self.no_word_is_missing()?;
        self.secrets_are_kept()
    }

    /// The relay kept to the rules and to its word, and everybody saw that.
    fn nobody_was_deceived(&self) -> Result<(), String> {
        if let Some(report) = self.host.reports.iter().find(|report| {
            matches!(
                report,
                entente_server::relay::Event::Quarantined { .. }
                    | entente_server::relay::Event::CommitFailed { .. }
            )
        }) {
            return Err(format!("the relay reports {report:?}"));
        }
        for device in self.devices.values() {
            let bad = device.told.iter().find(|event| match event {
                Event::Diverged { .. } | Event::Forked { .. } | Event::OtherRelay { .. } => true,
                Event::NotAttested { .. } | Event::Contradicted { .. } => true,
                Event::Refused { relay_at_fault, .. } => *relay_at_fault,
                // Time may pass between a connection and the first word on it.
                Event::Closed(CloseReason::Protocol { detail }) => detail != "no `Hello` in time",
                Event::Closed(CloseReason::Version { .. } | CloseReason::Signature) => true,
                _ => false,
            });
            if let Some(event) = bad {
                return Err(format!("{} was told {event:?}", device.name));
            }
        }
        Ok(())
    }

    fn replicas_agree(&self, oracle: &Oracle) -> Result<(), String> {
        let Some(charter) = &oracle.charter else { return Ok(()) };
        for device in self.members(charter.now()) {
            let replica = device.replica.as_ref().ok_or_else(|| format!("{} is not running", device.name))?;
            if replica.access() != Some(Access::Member) {
                return Err(format!("{} is a member and has the access {:?}", device.name, replica.access()));
            }
            device_agrees(oracle, replica, charter.now())
                .map_err(|fault| format!("{}: {fault}", device.name))?;
        }
        Ok(())
    }

    /// The devices of people who are there.
    pub fn members<'a>(&'a self, charter: &'a CharterState) -> impl Iterator<Item = &'a Device> {
        self.devices.values().filter(|device| charter.member_of(&device.key.device()).is_some())
    }

    /// Every statement that was ever signed is in a ledger, where it is in effect, waits, or was
    /// closed with a reason; or it is still with its author, who was told why.
    fn no_statement_is_missing(&self, oracle: &Oracle) -> Result<(), String> {
        let entered: BTreeSet<StatementId> = oracle.entries.iter().map(|one| one.entry.statement).collect();
        for (statement, author) in &self.watch.signed {
            let explained = self.devices.values().any(|device| is_explained(device, statement));
            if !entered.contains(statement) && !explained {
                return Err(format!("the statement {} of {author} is missing", statement.short()));
            }
        }
        for entry in oracle.entries.iter().map(|one| &one.entry) {
            let document = match oracle.documents.get(&entry.document) {
                Some(replayed) => &replayed.document,
                None => oracle.charter.as_ref().ok_or("no charter")?.document(),
            };
            let id = &entry.statement;
            let states = [
                document.is_effective(id),
                document.open_holds().contains_key(id),
                !document.is_effective(id) && document.closures().contains_key(id),
            ];
            if states.iter().filter(|state| **state).count() != 1 {
                return Err(format!("{} is in effect, waits, is closed: {states:?}", id.short()));
            }
        }
        Ok(())
    }

    /// Every word that was durable on somebody's device stands in a statement.
    fn no_word_is_missing(&self) -> Result<(), String> {
        let entries = all_entries(&*self.host.store);
        for (word, author) in &self.watch.written {
            let is_entered = entries.iter().any(|entry| contains(&entry.envelope, word.as_bytes()));
            let is_kept = || self.devices.values().any(|device| device.disk.records_contain(word.as_bytes()));
            if !is_entered && !is_kept() {
                return Err(format!("{word:?}, which {author} wrote, is missing"));
            }
        }
        Ok(())
    }

    /// No byte of a team's own texts was sent to, or is kept by, anybody else.
    fn secrets_are_kept(&self) -> Result<(), String> {
        if let Some(leak) = self.watch.leaks.first() {
            return Err(leak.clone());
        }
        for (team, secret) in &self.watch.secrets {
            let mut others = self.devices.values().filter(|device| device.team != *team);
            if let Some(device) = others.find(|device| device.disk.contains(secret.as_bytes())) {
                return Err(format!("{} keeps what only {team} may read", device.name));
            }
        }
        Ok(())
    }

    /// Verifies every ledger of the relay, signatures included.
    ///
    /// # Errors
    ///
    /// What is wrong with the first bad one.
    pub fn verify(&self) -> Result<(), String> {
        let store = &*self.host.store;
        for partnership in store.partnerships() {
            let found = store.find(StatementId(partnership.0)).map_err(|error| error.to_string())?;
            let charter = found.ok_or("the founding is not found")?.0;
            let mut verifier = Verifier::new(partnership, entries_of(store, charter).iter().map(evidence));
            for document in store.documents(partnership).into_iter().filter(|document| *document != charter) {
                verifier.ledger(entries_of(store, document).iter().map(evidence));
            }
            if let Some(bad) = verifier.reports().iter().find(|report| !report.is_good()) {
                return Err(format!("{bad:?}"));
            }
        }
        Ok(())
    }
}

/// Tells whether a statement is still with this device for a reason that its person was told.
fn is_explained(device: &Device, statement: &StatementId) -> bool {
    let stands =
        |event: &Event| matches!(event, Event::AlreadyThere { statement: one, .. } if one == statement);
    if device.told.iter().any(stands) {
        return true;
    }
    if is_newcomer_forgotten(device, statement) {
        return true;
    }
    let Some(replica) = &device.replica else { return false };
    let Some(outgoing) = replica.outgoing().find(|one| one.statement.id == *statement) else { return false };
    let was_shut_out = device.told.iter().any(|event| {
        matches!(
            event,
            Event::Closed(CloseReason::Revoked | CloseReason::UnknownDevice | CloseReason::Invitation)
        )
    });
    matches!(outgoing.state, OutgoingState::Refused(_)) || was_shut_out
}

/// Who joined shortly before the relay lost that, unseen by everybody else, is unknown to it and has
/// to be invited again (docs/operations.md).
fn is_newcomer_forgotten(device: &Device, statement: &StatementId) -> bool {
    let is_unknown = |event: &Event| matches!(event, Event::Closed(CloseReason::UnknownDevice));
    let charter = device.replica.as_ref().and_then(|replica| replica.charter_id().ok());
    let kept = charter.into_iter().flat_map(|charter| device.disk.ledger(charter));
    let enrolled = kept.filter(|kept| kept.statement == *statement).any(|kept| {
        let envelope = codec::decode("statement", &kept.envelope, kept.envelope.len()).ok();
        let own = envelope.and_then(|envelope| Statement::open(envelope).ok());
        own.is_some_and(|own| {
            own.header.device == device.key.device() && matches!(own.header.act, Act::Enrol { .. })
        })
    });
    enrolled && device.told.iter().any(is_unknown)
}

fn device_agrees(oracle: &Oracle, replica: &Replica, charter: &CharterState) -> Result<(), String> {
    if let Some((document, divergence)) = replica.stopped().iter().next() {
        return Err(format!("{document:?} is stopped: {divergence}"));
    }
    if replica.not_on_relay() != (0, 0) {
        let waiting = replica.outgoing().filter(|one| one.is_waiting());
        let acts: Vec<_> = waiting.map(|one| format!("{:?}", one.statement.header.act)).collect();
        return Err(format!(
            "{:?} changes and suggestions are not on the relay: {acts:?}",
            replica.not_on_relay()
        ));
    }
    let own = oracle.charter.as_ref().ok_or("no charter")?;
    let id = own.document().id();
    let here = replica.replicated(id).map_err(|_| "it has no charter")?;
    same_ledger(own.document(), here.ledger().document())?;
    same_content(own.court().sections().iter().collect(), here)?;
    let me = replica.me().map_err(|error| error.to_string())?;
    for (id, replayed) in &oracle.documents {
        let kind = &replayed.document.kind().id;
        let may_read = |section: &SectionId| charter.may_read(kind, section, &me);
        let readable: Vec<Content<'_>> =
            replayed.contents.iter().filter(|(section, _)| may_read(section)).collect();
        let Ok(here) = replica.replicated(*id) else {
            if readable.is_empty() {
                continue;
            }
            return Err(format!("it has no document {id:?}"));
        };
        if readable.is_empty() {
            continue;
        }
        same_ledger(&replayed.document, here.ledger().document())?;
        same_content(readable, here)?;
    }
    let more = replica.documents().keys().find(|id| !oracle.documents.contains_key(id));
    more.map_or(Ok(()), |id| match replica.outgoing().any(|one| one.statement.header.document == *id) {
        true => Ok(()),
        false => Err(format!("it has a document {id:?} that the relay has not")),
    })
}

/// One head is one chain of entries: the same statements, verdicts, times and state digests.
fn same_ledger(relay: &Document, here: &Document) -> Result<(), String> {
    let title = relay.title();
    if relay.head() != here.head() {
        return Err(format!("{title:?} has {} entries on the relay and {} here", relay.len(), here.len()));
    }
    if !relay.open_holds().keys().eq(here.open_holds().keys()) {
        return Err(format!("{title:?}: other suggestions wait here"));
    }
    if relay.closures() != here.closures() {
        return Err(format!("{title:?}: suggestions ended otherwise here"));
    }
    for (name, section) in relay.sections() {
        let Some(found) = here.sections().get(name) else { return Err(format!("{title:?} has no {name}")) };
        if found.leaf() != section.leaf() {
            return Err(format!("{title:?}: another state of {name}"));
        }
    }
    Ok(())
}

fn same_content(relay: Vec<Content<'_>>, here: &Replicated) -> Result<(), String> {
    let (effective, working) = (here.effective(), here.working());
    for (name, content) in relay {
        let found = effective.get(name).ok_or_else(|| format!("{name} is not shown"))?;
        if found.value() != content.value() {
            return Err(format!("other content in {name}"));
        }
        let mut heads = [(*found).clone(), content.clone()];
        let [ours, theirs] = &mut heads;
        if ours.heads() != theirs.heads() {
            return Err(format!("other heads of {name}"));
        }
        if working.get(name).is_none_or(|working| working.value() != content.value()) {
            return Err(format!("the working content of {name} is not what everybody has"));
        }
    }
    Ok(())
}
