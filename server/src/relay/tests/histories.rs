//! Random histories: whatever fails in whatever order, readers verify the same ledgers, and what
//! was acknowledged stands.

use std::collections::BTreeMap;

use entente_shared::ids::*;
use entente_shared::ledger::Position;
use entente_shared::statement::Statement;
use entente_shared::wire::{Answer, RelayFrame};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::story_with_guests;
use crate::relay::{Input, Options};
use crate::testing::{Bench, Mirror, Person};

struct Player {
    name: &'static str,
    person: Person,
    mirror: Mirror,
    is_connected: bool,
    unanswered: BTreeMap<StatementId, Statement>,
}

struct History {
    bench: Bench,
    players: Vec<Player>,
    partnership: PartnershipId,
    matrix: DocumentId,
    entered: BTreeMap<StatementId, Position>,
    random: StdRng,
    run: u8,
    next: u64,
}

impl History {
    fn new(seed: u64) -> Self {
        let mut story = story_with_guests();
        let guest = Person::new(3, "moscow");
        story.admit("guest", &guest, "guest");
        let partnership = story.annas.partnership();
        let player = |name, person, mirror| Player {
            name,
            person,
            mirror,
            is_connected: true,
            unanswered: BTreeMap::new(),
        };
        let players = vec![
            player("anna", story.anna, story.annas),
            player("dana", story.dana, story.danas),
            player("guest", guest, Mirror::default()),
        ];
        let mut history = Self {
            bench: story.bench,
            players,
            partnership,
            matrix: story.matrix,
            entered: BTreeMap::new(),
            random: StdRng::seed_from_u64(seed),
            run: 1,
            next: 0,
        };
        history.bench.subscribe("guest", &Mirror::default());
        history.follow();
        // What was said about the charter is of no interest here.
        history.entered.clear();
        history
    }

    fn step(&mut self) {
        self.bench.now_ms += self.random.random_range(0..3_000);
        let who = self.random.random_range(0..self.players.len());
        match self.random.random_range(0..100) {
            0..45 => self.edit(who),
            45..70 => drop(self.bench.commit()),
            70..76 => self.disconnect(who),
            76..84 => self.reconnect(who),
            84..87 => self.bench.store.set_disk_full(true),
            87..93 => self.bench.store.set_disk_full(false),
            93..95 => self.bench.now_ms -= self.random.random_range(0..100_000),
            95..97 => drop(self.bench.tick(1_000)),
            97..98 => self.restart(),
            _ => self.resubmit(who),
        }
        self.follow();
    }

    fn edit(&mut self, who: usize) {
        let section = ["party/moscow", "party/newyork", "talk"][self.random.random_range(0..3)];
        let player = &mut self.players[who];
        // Guests read; what they would write is refused.
        if !player.is_connected || player.mirror.head(self.matrix).is_none() || player.name == "guest" {
            return;
        }
        self.next += 1;
        let note = player.person.note(&player.mirror, self.matrix, section, self.next);
        player.unanswered.insert(note.id, note.clone());
        self.bench.submit(player.name, &[&note]);
    }

    fn resubmit(&mut self, who: usize) {
        let player = &self.players[who];
        let statements: Vec<_> = player.unanswered.values().collect();
        if player.is_connected && !statements.is_empty() {
            self.bench.submit(player.name, &statements);
        }
    }

    fn disconnect(&mut self, who: usize) {
        if std::mem::take(&mut self.players[who].is_connected) {
            let connection = self.bench.connection(self.players[who].name);
            self.bench.input(Input::Disconnected { connection });
        }
    }

    fn reconnect(&mut self, who: usize) {
        let player = &mut self.players[who];
        if !std::mem::replace(&mut player.is_connected, true) {
            self.bench.join(player.name, &player.person, self.partnership, &mut player.mirror);
            self.resubmit(who);
        }
    }

    fn restart(&mut self) {
        self.run += 1;
        let run = self.run;
        let bench = std::mem::replace(&mut self.bench, Bench::new(Options::default()));
        self.bench = bench.restarted(Options { documents_in_memory: 0, ..Options::default() }, run);
        self.bench.commits_at_once = false;
        self.players.iter_mut().for_each(|player| player.is_connected = false);
        (0..self.players.len()).for_each(|who| self.reconnect(who));
    }

    /// Lets everybody take what they were sent, and takes note of what was acknowledged.
    fn follow(&mut self) {
        for player in self.players.iter_mut().filter(|player| player.is_connected) {
            let frames = self.bench.follow(player.name, &mut player.mirror).expect("the rules hold");
            for frame in frames {
                let RelayFrame::Answer { statement, answer } = frame else { continue };
                match answer {
                    Answer::Entered { position, .. } => {
                        player.unanswered.remove(&statement);
                        let before = self.entered.insert(statement, position);
                        assert!(before.is_none_or(|before| before == position), "it moved");
                    }
                    Answer::Refused { refusal } => {
                        assert!(refusal.is_transient(), "{refusal}");
                    }
                }
            }
        }
    }

    fn end(mut self) -> usize {
        self.bench.store.set_disk_full(false);
        self.bench.commits_at_once = true;
        while !self.bench.commit().is_empty() {}
        (0..self.players.len()).for_each(|who| self.reconnect(who));
        for _ in 0..3 {
            (0..self.players.len()).for_each(|who| self.resubmit(who));
            self.follow();
        }
        let heads: Vec<_> = self.players.iter().map(|player| player.mirror.head(self.matrix)).collect();
        assert!(heads.iter().all(|head| head.is_some() && *head == heads[0]), "{heads:?}");
        for player in &self.players {
            assert!(player.unanswered.is_empty(), "{} waits for answers", player.name);
            let document = &player.mirror.document(self.matrix).unwrap().document;
            for (statement, position) in &self.entered {
                assert_eq!(document.position_of(statement), Some(*position), "{}", player.name);
            }
        }
        self.entered.len()
    }
}

#[test]
fn everybody_verifies_the_same_ledger_and_what_was_acknowledged_stands() {
    let mut entered = 0;
    for seed in 0..30 {
        let mut history = History::new(seed);
        history.bench.commits_at_once = false;
        (0..120).for_each(|_| history.step());
        entered += history.end();
    }
    assert!(entered > 500, "{entered} statements were entered");
}
