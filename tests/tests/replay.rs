//! Admission is replay: whoever is given the entries of the ledgers, interleaved in any way that
//! keeps each ledger's order and brings what is cited first, reaches the same states; and content
//! is the same in whatever causal order its changes are applied.

use std::collections::BTreeMap;

use entente_client::replica::Bundle;
use entente_shared::charter::Charter;
use entente_shared::content::Section;
use entente_shared::document::Told;
use entente_shared::follow::Follower;
use entente_shared::ids::*;
use entente_shared::verify::{Evidence, Verifier};
use entente_tests::history::History;
use entente_tests::oracle::{Entered, Oracle};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

const HISTORIES: u64 = 24;
const SHUFFLES: usize = 3;

/// One replica that is given entries.
#[derive(Default)]
struct Reader {
    charter: Option<Charter>,
    documents: BTreeMap<DocumentId, Follower>,
}

impl Reader {
    /// Tells whether what an entry cites is here.
    fn can_take(&self, entered: &Entered) -> bool {
        match (&self.charter, entered.entry.charter) {
            (None, cited) => cited.is_none(),
            (Some(_), None) => false,
            (Some(charter), Some(cited)) => charter.line().check(cited).is_ok(),
        }
    }

    fn take(&mut self, entered: &Entered) {
        let Entered { entry, statement, .. } = entered;
        let told = Told { entry, redaction: None };
        let Some(charter) = &mut self.charter else {
            self.charter = Some(Charter::replay_found(statement, told).expect("the founding replays").0);
            return;
        };
        if charter.document().id() == entry.document {
            charter.replay(statement, told).expect("the charter replays");
            return;
        }
        let begin = || Follower::begin(statement).expect("it begins with its creation");
        let follower = self.documents.entry(entry.document).or_insert_with(begin);
        follower.replay(charter.line(), statement, told).expect("the document replays");
    }
}

fn ended(seed: u64) -> Oracle {
    let mut history = History::begin(seed);
    history.go_on();
    history.world.heal();
    Oracle::read(&*history.world.host.store).expect("the relay's ledgers replay")
}

#[test]
fn ledgers_replay_to_the_same_states_in_every_interleaving() {
    for seed in 0..HISTORIES {
        let oracle = ended(seed);
        for shuffle in 0..SHUFFLES {
            let mut random = ChaCha8Rng::seed_from_u64(seed << 8 | shuffle as u64);
            let mut queues: BTreeMap<DocumentId, Vec<&Entered>> = BTreeMap::new();
            for entered in oracle.entries.iter().rev() {
                queues.entry(entered.entry.document).or_default().push(entered);
            }
            let mut reader = Reader::default();
            loop {
                let ready: Vec<DocumentId> = queues
                    .iter()
                    .filter(|(_, queue)| queue.last().is_some_and(|next| reader.can_take(next)))
                    .map(|(document, _)| *document)
                    .collect();
                if ready.is_empty() {
                    break;
                }
                let document = ready[random.random_range(0..ready.len())];
                if let Some(next) = queues.get_mut(&document).and_then(Vec::pop) {
                    reader.take(next);
                }
            }
            assert!(queues.values().all(Vec::is_empty), "seed {seed}: every entry finds its place");
            for (id, replayed) in &oracle.documents {
                assert_eq!(reader.documents[id].document().head(), replayed.document.head(), "seed {seed}");
            }
        }
    }
}

#[test]
fn content_is_the_same_in_whatever_causal_order_its_changes_come() {
    for seed in 0..HISTORIES {
        let oracle = ended(seed);
        for replayed in oracle.documents.values() {
            for (name, content) in &replayed.contents {
                let genesis = replayed.document.kind().genesis(name).expect("a section of the kind");
                let mut content = content.clone();
                let heads = content.heads();
                let changes = content.doc_mut().get_changes(&[]);
                let mut left: Vec<Vec<u8>> =
                    changes.iter().map(|change| change.raw_bytes().to_vec()).collect();
                left.retain(|change| *change != genesis);
                let mut random = ChaCha8Rng::seed_from_u64(seed);
                let mut other = Section::from_genesis(&genesis).expect("a template");
                while !left.is_empty() {
                    let before = left.len();
                    let from = random.random_range(0..left.len());
                    left.rotate_left(from);
                    left.retain(|change| other.apply([change]).is_err());
                    assert!(left.len() < before, "seed {seed}: some change can always be applied");
                }
                assert_eq!(other.heads(), heads, "seed {seed}: {name}");
                assert_eq!(other.value(), content.value(), "seed {seed}: {name}");
            }
        }
    }
}

/// A partnership under rules version 1, as a program that knew no other kept it: the story of the
/// demo, with suggestions approved, declined and waiting, and a role changed in between.
#[test]
fn the_golden_ledgers_of_version_one_replay_as_they_did() {
    let ledgers = [(16, "63f7cf"), (15, "c74c41")];
    replays_as_it_did(include_bytes!("../golden/winter-launch-v1.entente"), 1, &ledgers);
}

/// A partnership under rules version 2, as a program that knew no newer one kept it: a version sent
/// back and approved, a split signed by both, amended by agreement, with another amendment waiting.
#[test]
fn the_golden_ledgers_of_version_two_replay_as_they_did() {
    let ledgers = [(16, "2d7e9b"), (22, "f04598"), (7, "0472f6")];
    replays_as_it_did(include_bytes!("../golden/winter-launch-v2.entente"), 2, &ledgers);
}

fn replays_as_it_did(file: &[u8], rules_version: u32, expected: &[(u64, &str)]) {
    let bundle = Bundle::from_bytes(file).expect("a file for a partner");
    let mut ledgers = bundle.ledgers.into_iter().map(|ledger| {
        ledger.deliveries.into_iter().map(|delivery| Evidence {
            entry: delivery.entry,
            envelope: delivery.envelope,
            redaction: delivery.redaction,
        })
    });
    let charter = ledgers.next().expect("the ground rules come first");
    let mut verifier = Verifier::new(bundle.partnership, charter);
    for ledger in ledgers {
        verifier.ledger(ledger);
    }
    let found: Vec<_> = verifier
        .reports()
        .iter()
        .map(|report| {
            assert_eq!(report.fault, None);
            (report.verified, report.head.map(|head| head.hash.to_hex()[..6].to_owned()).unwrap_or_default())
        })
        .collect();
    let expected: Vec<_> = expected.iter().map(|(count, head)| (*count, (*head).to_owned())).collect();
    assert_eq!(found, expected);
    assert_eq!(verifier.charter().map(|charter| charter.now().rules_version), Some(rules_version));
}
