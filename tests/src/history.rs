//! Random histories: what people, networks, clocks and disks do, as a seed has it.

mod agreeing;
mod rows;
mod third;

use std::cell::RefCell;
use std::collections::BTreeMap;

use entente_client::replica::{CommandError, EditOutcome};
use entente_shared::content::EditCommand;
use entente_shared::ids::*;
use entente_shared::statement::{DeclineOutcome, RevokeTarget};
use entente_store::memory::Image;
use rand::RngExt;

use crate::disk::Disk;
use crate::host::Fate;
use crate::places::{added_function, claim, column, insert, market_part, named, noted, said};
use crate::teams::{self, BERLIN, MOSCOW, NEWYORK};
use crate::world::World;

/// How many beginnings there are: the same people and documents, put together in different orders.
const BEGINNINGS: u64 = 4;
/// The greatest error of a clock, in milliseconds: five hours.
const CLOCK_OFF_MAX_MS: i64 = 5 * 3_600_000;

/// A world in which everything can happen.
pub struct History {
    /// The world.
    pub world: World,
    matrix: DocumentId,
    brief: DocumentId,
    words: u64,
    disks: BTreeMap<String, Disk>,
    image: Option<Image>,
    /// The change of the ground rules by which the third team comes.
    coming: Option<StatementId>,
}

/// Two teams with five people and rules in force, a matrix and a brief; everybody is offline.
pub struct Beginning {
    /// The world.
    pub world: World,
    /// The matrix.
    pub matrix: DocumentId,
    /// The brief.
    pub brief: DocumentId,
}

/// What may happen next, with how often it does.
type Happening = (u32, fn(&mut History) -> Result<(), CommandError>);

const HAPPENINGS: [Happening; 32] = [
    (12, History::own_column),
    (7, History::other_column),
    (5, History::functions),
    (7, History::talk),
    (8, History::own_market),
    (4, History::several_sections),
    (7, History::rows),
    (6, History::lists_and_texts),
    (3, History::settle_conflict),
    (8, History::endorse),
    (3, History::decline),
    (2, History::withdraw),
    (3, History::change_roles),
    (1, History::revoke_person),
    (2, History::revoke_device),
    (2, History::change_rules),
    (2, History::further_device),
    (2, History::third_team),
    (3, History::sign),
    (4, History::ask),
    (4, History::sign_section),
    (4, History::amend),
    (5, History::offline),
    (9, History::online),
    (4, History::cut),
    (5, History::crash),
    (7, History::reopen),
    (3, History::crash_relay),
    (2, History::restore_device),
    (2, History::restore_relay),
    (2, History::clocks),
    (4, History::time_passes),
];

thread_local! {
    static BEGUN: RefCell<BTreeMap<u64, Beginning>> = const { RefCell::new(BTreeMap::new()) };
}

/// Plays the history of a seed to its end, and checks what must hold then.
///
/// # Panics
///
/// With the story, if something does not hold.
pub fn play(seed: u64) {
    let mut history = History::begin(seed);
    history.go_on();
    history.world.heal();
    history.world.check();
}

/// Two teams with their people, rules in force, a matrix and a brief.
///
/// # Panics
///
/// If one of these steps does not work.
pub fn beginning(seed: u64) -> Beginning {
    let mut world = World::new(seed);
    world.found("anna", MOSCOW);
    world.change("anna", vec![teams::added(NEWYORK), teams::own_rules()]).expect("the founder sets up");
    let invitations: [(&str, &str, &str, &[&str]); 5] = [
        ("anna", "mila", MOSCOW, &["lead", "account-manager"]),
        ("anna", "ivan", MOSCOW, &["account-manager"]),
        ("anna", "dana", NEWYORK, &["lead"]),
        ("dana", "sam", NEWYORK, &["account-manager"]),
        ("dana", "ruth", NEWYORK, &["viewer"]),
    ];
    for (by, name, team, roles) in invitations {
        world.invite(by, name, team, roles).expect("a lead invites");
        if seed.is_multiple_of(2) || name == "dana" {
            world.run();
        }
        world.online(name);
        world.run();
    }
    for lead in ["anna", "dana"] {
        world.sign(lead).expect("a lead signs");
        world.run();
    }
    let matrix = world.create("anna", "matrix", "Who does what").expect("a lead creates");
    let brief = world.create("dana", "brief", "Autumn").expect("a lead creates");
    world.heal();
    for name in world.devices.keys().cloned().collect::<Vec<_>>() {
        world.offline(&name);
    }
    world.run();
    for team in [MOSCOW, NEWYORK, BERLIN] {
        world.watch.secrets.insert(team.into(), format!("¤only-{team}"));
    }
    Beginning { world, matrix, brief }
}

impl History {
    /// Begins the history of a seed.
    pub fn begin(seed: u64) -> Self {
        let which = seed % BEGINNINGS;
        let fork = |begun: &Beginning| Self {
            world: begun.world.fork(seed),
            matrix: begun.matrix,
            brief: begun.brief,
            words: 0,
            disks: BTreeMap::new(),
            image: None,
            coming: None,
        };
        let mut history =
            BEGUN.with_borrow_mut(|all| fork(all.entry(which).or_insert_with(|| beginning(which))));
        history.world.tell(format!("seed {seed}"));
        for name in history.devices() {
            if history.world.random.random_bool(0.8) {
                history.world.online(&name);
            }
        }
        history
    }

    /// Lets everything happen.
    pub fn go_on(&mut self) {
        let happenings = self.world.random.random_range(12..40);
        // The third team comes in the middle of every story, as soon as somebody can let it in.
        let joins = self.world.random.random_range(0..happenings);
        for number in 0..happenings {
            self.happen();
            if number == joins {
                self.third_team_comes();
            }
            let steps = self.world.random.random_range(0..40);
            for _ in 0..steps {
                self.world.step();
            }
        }
    }

    /// Lets one thing happen; what the rules do not allow does not.
    fn happen(&mut self) {
        let total: u32 = HAPPENINGS.iter().map(|(weight, _)| weight).sum();
        let mut drawn = self.world.random.random_range(0..total);
        for (weight, happening) in HAPPENINGS {
            if drawn < weight {
                let _ = happening(self);
                return;
            }
            drawn -= weight;
        }
    }

    fn devices(&self) -> Vec<String> {
        self.world.devices.keys().cloned().collect()
    }

    fn any_device(&mut self) -> String {
        let names = self.devices();
        let drawn = self.world.draw(names.len());
        names[drawn].clone()
    }

    /// A device whose program is running and whose person is a member.
    fn somebody(&mut self) -> Result<(String, PartyId), CommandError> {
        let name = self.any_device();
        let replica = self.world.device(&name).replica.as_ref().ok_or(CommandError::NoPartnership)?;
        let team = replica.me()?.party;
        Ok((name, team))
    }

    /// A word that nobody has written before.
    fn word(&mut self, by: &str) -> String {
        self.words += 1;
        format!("[{by} {}] ", self.words)
    }

    fn function(&mut self) -> &'static str {
        const KEYS: [&str; 4] = ["creative", "influencer-relations", "outreach", "logistics"];
        KEYS[self.world.draw(KEYS.len())]
    }

    fn write(
        &mut self,
        by: &str,
        document: DocumentId,
        section: &SectionId,
        word: &str,
        command: EditCommand,
    ) -> Result<(), CommandError> {
        self.world.write(by, document, section, word, command).map(|_| ())
    }

    fn fill(&mut self, by: &str, team: &PartyId) -> Result<(), CommandError> {
        let (key, section, word) = (self.function(), column(team.as_str()), self.word(by));
        let command = match self.world.draw(4) {
            0 => {
                let word = ["own", "support", "none", "discuss"][self.world.draw(4)];
                return self.world.edit(by, self.matrix, &section, claim(key, word)).map(|_| ());
            }
            1 => named(key, &word),
            2 => noted(key, &word),
            _ => insert(&["unique", "en"], &word),
        };
        self.write(by, self.matrix, &section, &word, command)
    }

    fn own_column(&mut self) -> Result<(), CommandError> {
        let (by, team) = self.somebody()?;
        self.fill(&by, &team)
    }

    fn other_column(&mut self) -> Result<(), CommandError> {
        let (by, own) = self.somebody()?;
        let teams: Vec<PartyId> = self
            .world
            .replica(&by)
            .state()?
            .contents
            .parties
            .keys()
            .filter(|team| **team != own)
            .cloned()
            .collect();
        let drawn = self.world.draw(teams.len().max(1));
        let team = teams.get(drawn).cloned().ok_or(CommandError::NotEnrolled)?;
        self.fill(&by, &team)
    }

    fn functions(&mut self) -> Result<(), CommandError> {
        let (by, _) = self.somebody()?;
        let (id, word) = (self.world.draw_uuid(), self.word(&by));
        let command = match self.world.draw(2) {
            0 => added_function(&id, &word),
            _ => {
                let function = crate::places::function(self.function());
                insert(&["functions", &function, "scope", "en"], &word)
            }
        };
        self.write(&by, self.matrix, &"functions".into(), &word, command)
    }

    fn talk(&mut self) -> Result<(), CommandError> {
        let (by, _) = self.somebody()?;
        let (id, word) = (self.world.draw_uuid(), self.word(&by));
        let document = [self.matrix, self.brief][self.world.draw(2)];
        self.write(&by, document, &"talk".into(), &word, said(&id, &word))
    }

    fn own_market(&mut self) -> Result<(), CommandError> {
        let (by, team) = self.somebody()?;
        let section = market_part(team.as_str());
        let word = self.word(&by);
        let secret = self.world.watch.secrets.get(&team).cloned().unwrap_or_default();
        let field = ["framing", "market_style"][self.world.draw(2)];
        let command = insert(&[field, "en"], &format!("{secret} {word}"));
        self.write(&by, self.brief, &section, &word, command)
    }

    /// One intention in several sections: all or none.
    fn several_sections(&mut self) -> Result<(), CommandError> {
        let (by, team) = self.somebody()?;
        let (key, first, second) = (self.function(), self.word(&by), self.word(&by));
        let id = self.world.draw_uuid();
        let edits = vec![
            (column(team.as_str()), vec![noted(key, &first)]),
            ("functions".into(), vec![added_function(&id, &second)]),
        ];
        let matrix = self.matrix;
        let message = Some(format!("{first} and {second}"));
        let outcome = self.world.act(&by, |replica, now| replica.edit_all(now, matrix, edits, message))?;
        self.world.tell(format!("{by} edits a column and the functions"));
        if outcome != EditOutcome::Nothing {
            self.world.watch.writing.extend([(by.clone(), first), (by, second)]);
        }
        Ok(())
    }

    /// A suggestion that waits, as somebody sees it.
    fn waiting(&mut self) -> Result<(String, StatementId), CommandError> {
        let (by, _) = self.somebody()?;
        let replica = self.world.replica(&by);
        let mut documents: Vec<DocumentId> = replica.documents().keys().copied().collect();
        documents.push(replica.charter_id()?);
        let mut open = Vec::new();
        for document in documents {
            open.extend(replica.document(document)?.open_holds().keys().copied());
        }
        let drawn = self.world.draw(open.len().max(1));
        Ok((by, *open.get(drawn).ok_or(CommandError::NotOpen)?))
    }

    fn endorse(&mut self) -> Result<(), CommandError> {
        let (by, target) = self.waiting()?;
        self.world.endorse(&by, target).map(|_| ())
    }

    fn decline(&mut self) -> Result<(), CommandError> {
        let (by, target) = self.waiting()?;
        let outcome = [DeclineOutcome::Declined, DeclineOutcome::Returned][self.world.draw(2)];
        self.world.decline(&by, target, outcome).map(|_| ())
    }

    fn withdraw(&mut self) -> Result<(), CommandError> {
        let (by, target) = self.waiting()?;
        self.world.withdraw(&by, target).map(|_| ())
    }

    fn colleague(&mut self, by: &str) -> Result<PersonId, CommandError> {
        let state = self.world.replica(by).state()?.clone();
        let me = self.world.replica(by).me()?;
        let people = state.contents.people.iter();
        let others: Vec<PersonId> = people
            .filter(|(id, row)| row.party == me.party && **id != me.person)
            .map(|(id, _)| *id)
            .collect();
        let drawn = self.world.draw(others.len().max(1));
        others.get(drawn).copied().ok_or(CommandError::NotEnrolled)
    }

    fn change_roles(&mut self) -> Result<(), CommandError> {
        let (by, team) = self.somebody()?;
        let colleague = self.colleague(&by)?;
        let roles = ["account-manager", "viewer", "lead", "coordinator viewer"][self.world.draw(4)];
        let section = SectionId::new(format!("people/{team}"));
        self.world.change(&by, vec![(section, vec![teams::roles(&colleague, roles)])]).map(|_| ())
    }

    fn revoke_person(&mut self) -> Result<(), CommandError> {
        let (by, _) = self.somebody()?;
        let person = self.colleague(&by)?;
        self.world.revoke(&by, RevokeTarget::Person { person }).map(|_| ())
    }

    fn revoke_device(&mut self) -> Result<(), CommandError> {
        let (by, _) = self.somebody()?;
        let state = self.world.replica(&by).state()?.clone();
        let devices: Vec<DeviceId> = state.members.devices.keys().copied().collect();
        let device = devices[self.world.draw(devices.len())];
        let lost = self.world.draw(3) == 0;
        self.world.revoke(&by, RevokeTarget::Device { device, lost }).map(|_| ())
    }

    fn change_rules(&mut self) -> Result<(), CommandError> {
        const CHANGES: [&str; 3] = [
            "[[rule]]\nid = \"own-column\"\non = \"matrix:party/{party}\"\nhold = \"edits\"\n\
             edit = [\"{party}/account-manager\"]\nendorse = [\"{party}/lead\"]",
            "[[rule]]\nid = \"own-column\"\non = \"matrix:party/{party}\"\n\
             edit = [\"{party}/lead\", \"{party}/account-manager\"]\nendorse = [\"{party}/lead\"]",
            "[[rule]]\nid = \"common\"\non = [\"matrix:functions\", \"matrix:split\"]\n\
             edit = [\"*/lead\", \"*/account-manager\"]",
        ];
        let (by, _) = self.somebody()?;
        let text = CHANGES[self.world.draw(CHANGES.len())];
        self.world.change(&by, vec![("rules".into(), teams::set_rules(text))]).map(|_| ())
    }

    fn further_device(&mut self) -> Result<(), CommandError> {
        let (by, _) = self.somebody()?;
        let name = format!("{by}/{}", self.world.devices.len());
        if self.world.devices.len() > 12 {
            return Ok(());
        }
        self.world.further_device(&by, &name)?;
        self.world.online(&name);
        Ok(())
    }

    fn sign(&mut self) -> Result<(), CommandError> {
        let (by, _) = self.somebody()?;
        self.world.sign(&by).map(|_| ())
    }

    fn offline(&mut self) -> Result<(), CommandError> {
        let name = self.any_device();
        self.world.tell(format!("{name} goes offline"));
        self.world.offline(&name);
        Ok(())
    }

    fn online(&mut self) -> Result<(), CommandError> {
        let name = self.any_device();
        self.world.tell(format!("{name} comes online"));
        self.world.online(&name);
        Ok(())
    }

    fn cut(&mut self) -> Result<(), CommandError> {
        let name = self.any_device();
        self.world.tell(format!("{name}'s connection is cut"));
        self.world.cut(&name);
        Ok(())
    }

    fn crash(&mut self) -> Result<(), CommandError> {
        let name = self.any_device();
        self.world.tell(format!("{name}'s program crashes"));
        self.world.crash(&name);
        Ok(())
    }

    fn reopen(&mut self) -> Result<(), CommandError> {
        for name in self.devices() {
            self.world.reopen(&name);
        }
        self.world.start_relay();
        Ok(())
    }

    fn crash_relay(&mut self) -> Result<(), CommandError> {
        let fate = match self.world.draw(4) {
            0 | 1 => Fate::Lost,
            2 => Fate::Stored,
            _ => Fate::Torn(self.world.draw(3)),
        };
        self.world.tell(format!("the relay crashes; what it was writing: {fate:?}"));
        self.world.crash_relay(fate);
        if self.world.draw(3) > 0 {
            self.world.start_relay();
        }
        Ok(())
    }

    /// A device's backup is made, and later put back.
    fn restore_device(&mut self) -> Result<(), CommandError> {
        let name = self.any_device();
        if let Some(disk) = self.disks.remove(&name) {
            self.world.tell(format!("{name} goes back to a backup"));
            self.world.restore(&name, disk);
            return Ok(());
        }
        let disk = self.world.device(&name).disk.clone();
        self.disks.insert(name, disk);
        Ok(())
    }

    /// The relay's backup is made, and later put back: as docs/operations.md says, so that the relay
    /// starts recovering, or by copying files under it, so that it does not know of it.
    fn restore_relay(&mut self) -> Result<(), CommandError> {
        let Some(image) = self.image.take() else {
            self.image = Some(self.world.host.backup());
            return Ok(());
        };
        let is_recovering = self.world.draw(2) == 0;
        self.world.tell(format!("the relay goes back to a backup (recovering: {is_recovering})"));
        self.world.restore_relay(image, is_recovering);
        Ok(())
    }

    fn clocks(&mut self) -> Result<(), CommandError> {
        let name = self.any_device();
        let off_ms = self.world.random.random_range(-CLOCK_OFF_MAX_MS..CLOCK_OFF_MAX_MS);
        match self.world.draw(3) {
            0 => {
                self.world.tell(format!("the relay's clock is off by {off_ms} ms"));
                self.world.host.clock_off_ms = off_ms;
            }
            _ => {
                self.world.tell(format!("{name}'s clock is off by {off_ms} ms"));
                self.world.device_mut(&name).clock_off_ms = off_ms;
            }
        }
        Ok(())
    }

    fn time_passes(&mut self) -> Result<(), CommandError> {
        let minutes = self.world.random.random_range(1..40);
        self.world.tell(format!("{minutes} minutes pass"));
        self.world.pass(minutes * 60_000);
        for name in self.devices() {
            let now_ms = self.world.now_ms;
            self.world.device_mut(&name).act(now_ms, |replica, now| replica.commit_old(now));
        }
        Ok(())
    }
}

/// Plays many histories on all cores; the first fault ends it with the seed and the story.
///
/// # Panics
///
/// If something does not hold.
pub fn play_many(first_seed: u64, runs: u64) {
    let threads = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    std::thread::scope(|scope| {
        for thread in 0..threads {
            scope.spawn(move || {
                (first_seed..first_seed + runs).filter(|seed| seed % threads == thread).for_each(play)
            });
        }
    });
}
