//! The relay's program is killed with SIGKILL again and again, under load and while it starts: no
//! acknowledged statement is lost, no entry that a reader has seen vanishes, every reopening works.
//!
//! `cargo xtask torture --kills 1000 --seed 7` runs it longer, on other moments.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use entente_shared::ids::*;
use entente_tests::process::author::{Author, Writer};
use entente_tests::process::lane::{Acknowledged, Lane, Style};
use entente_tests::process::member::Partnership;
use entente_tests::process::relay::{Relay, Setup, program};
use entente_tests::process::witness::Witness;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::timeout;

const KILLS: u64 = 50;
const SEED: u64 = 0x5eed;
/// Documents that are written to at once; older ones are left when new ones are there.
const DOCUMENTS: usize = 3;
/// Invitations in one life: the charter moves under the documents, and stays small.
const INVITATIONS: usize = 8;
/// How long one life of the relay may take until it has acknowledged what it must.
const LIFE_MAX: Duration = Duration::from_secs(120);
/// A start is killed within this time, in microseconds: about what it takes.
const START_US: u64 = 150_000;
/// Most acknowledgements of a life under load before its end.
const ACKNOWLEDGED_MAX: usize = 300;
/// Every so many kills all ledgers are replayed with all signatures, and at the end.
const VERIFY_EVERY: u64 = 200;

/// At which moment a relay is killed.
#[derive(Debug)]
enum Moment {
    /// After this time, or as soon as it listens if that is earlier.
    Starting(Duration),
    /// Under load, after so many acknowledgements; with none, as soon as everybody comes back.
    Acknowledged(usize),
}

impl Moment {
    fn draw(random: &mut ChaCha8Rng) -> Self {
        match random.random_range(0..10) {
            0 | 1 => Self::Starting(Duration::from_micros(random.random_range(0..START_US))),
            2 => Self::Acknowledged(0),
            _ => Self::Acknowledged(random.random_range(1..=ACKNOWLEDGED_MAX)),
        }
    }
}

fn from_environment(name: &str, default: u64) -> u64 {
    let value = std::env::var(name).ok();
    value.map_or(default, |value| value.parse().unwrap_or_else(|_| panic!("{name}: {value} is no number")))
}

#[tokio::test]
async fn nothing_acknowledged_is_lost_when_the_relay_is_killed() {
    let kills = from_environment("ENTENTE_TORTURE_KILLS", KILLS);
    let seed = from_environment("ENTENTE_TORTURE_SEED", SEED);
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut torture = Torture::begin().await.expect("a partnership with documents");
    for kill in 1..=kills {
        let moment = Moment::draw(&mut random);
        let life = torture.live_and_die(&moment, kill.is_multiple_of(VERIFY_EVERY)).await;
        life.unwrap_or_else(|error| panic!("seed {seed}, kill {kill} of {kills}, {moment:?}: {error:#}"));
        if kill.is_multiple_of(VERIFY_EVERY) {
            println!("{kill} kills, {} acknowledged statements, none lost", torture.acknowledged_count);
        }
    }
    torture.end().await.unwrap_or_else(|error| panic!("seed {seed}, after {kills} kills: {error:#}"));
    println!("{kills} kills, {} acknowledged statements, none lost", torture.acknowledged_count);
    assert!(torture.acknowledged_count as u64 > 10 * kills, "there was a load");
}

/// A relay's folder, those who write, and a reader who forgets nothing.
struct Torture {
    setup: Setup,
    witness: Witness,
    /// Who writes, and in which document; the oldest document first.
    lanes: Vec<(DocumentId, Lane)>,
    /// The documents that are written to, the oldest first.
    documents: Vec<DocumentId>,
    /// Statements that were made in documents that were left.
    made_before: usize,
    /// Entries before the load.
    entries_before: usize,
    /// What was acknowledged since the reader last caught up.
    acknowledged: Vec<Acknowledged>,
    acknowledged_count: usize,
    anna: Author,
    dana: Author,
    _folder: tempfile::TempDir,
}

impl Torture {
    /// A partnership with its first documents.
    async fn begin() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let setup = Setup::new(program()?, folder.path().join("data")).without_limits();
        let relay = setup.serve().await?;
        let link = relay.founding.clone().context("a founding link")?;
        let mut partnership = Partnership::found(&relay.address, &link).await?;
        for number in 0..DOCUMENTS {
            partnership.matrix(&format!("The first {number}")).await?;
        }
        let Partnership { anna, dana } = &partnership;
        let charter = anna.replica.charter_id()?;
        let relay_id = anna.replica.profile().relay.context("a relay")?;
        let mut witness = Witness::new(dana.replica.key().clone(), partnership.id(), charter, relay_id);
        drop(witness.catch_up(&relay.address).await?);
        relay.stop()?;
        let me = anna.replica.me()?;
        let (anna, dana) = (Author::of(anna, charter)?, Author::of(dana, charter)?);
        let (party, person) = (me.party, me.person);
        let invitations = Style::Invitations { author: anna.clone(), party, person, open: None };
        let lanes = vec![Style::Documents(anna.clone()), invitations];
        let mut torture = Self {
            setup,
            entries_before: witness.entries(),
            lanes: lanes.into_iter().map(|style| (charter, Lane::new(style))).collect(),
            documents: Vec::new(),
            witness,
            made_before: 0,
            acknowledged: Vec::new(),
            acknowledged_count: 0,
            anna,
            dana,
            _folder: folder,
        };
        let documents: Vec<_> = torture.witness.heads().keys().copied().collect();
        let matrices = documents.into_iter().filter(|document| *document != charter);
        matrices.into_iter().try_for_each(|document| torture.write_in(document))?;
        Ok(torture)
    }

    /// Begins to write in a document, and leaves the oldest.
    fn write_in(&mut self, document: DocumentId) -> Result<()> {
        let head = *self.witness.heads().get(&document).context("the document has arrived")?;
        let (anna, dana) = (self.anna.moved_to(document, head), self.dana.moved_to(document, head));
        let suggestions =
            Style::Suggestions { author: dana.clone(), section: "party/moscow".to_owned(), open: None };
        let column = |author, section| Writer::new(author, section, None).map(Box::new).map(Style::Column);
        let styles = [column(anna, "party/moscow")?, column(dana, "party/newyork")?, suggestions];
        self.lanes.extend(styles.map(|style| (document, Lane::new(style))));
        self.documents.push(document);
        if self.documents.len() > DOCUMENTS {
            self.documents.remove(0);
        }
        Ok(())
    }

    /// Starts the relay, checks what it still has, and kills it at the `moment`.
    async fn live_and_die(&mut self, moment: &Moment, verify: bool) -> Result<()> {
        let starting = self.setup.start()?;
        let target = match moment {
            // Whether it listens or is still starting, what is dropped here is killed.
            Moment::Starting(after) => {
                let killed = timeout(*after, starting.ready()).await;
                return killed.map_or(Ok(()), |relay| relay.map(drop));
            }
            Moment::Acknowledged(target) => *target,
        };
        let life = async {
            let relay = starting.ready().await?;
            let socket = self.witness.catch_up(&relay.address).await?;
            self.check_acknowledged()?;
            if verify {
                self.witness.verify()?;
            }
            self.give_budgets();
            let (witness, lanes) = (&mut self.witness, std::mem::take(&mut self.lanes));
            let writing = write_until(lanes, relay, Some(target), &mut self.acknowledged);
            let ((), lanes) = tokio::try_join!(witness.follow(socket), writing)?;
            self.lanes = lanes;
            Ok(())
        };
        timeout(LIFE_MAX, life).await.context("the relay answers no more")?
    }

    /// Everybody gets the last answers; then each statement stands once, all ledgers are good as
    /// their reader has them, and the relay's own check finds the same.
    async fn end(&mut self) -> Result<()> {
        let relay = self.setup.serve().await?;
        drop(self.witness.catch_up(&relay.address).await?);
        self.check_acknowledged()?;
        self.lanes.iter_mut().for_each(|(_, lane)| lane.budget = 0);
        let lanes = std::mem::take(&mut self.lanes);
        self.lanes = write_until(lanes, relay, None, &mut self.acknowledged).await?;
        let relay = self.setup.serve().await?;
        drop(self.witness.catch_up(&relay.address).await?);
        self.check_acknowledged()?;
        let made = self.made_before + self.lanes.iter().map(|(_, lane)| lane.made).sum::<usize>();
        let entered = self.witness.entries() - self.entries_before;
        ensure!(self.lanes.iter().all(|(_, lane)| lane.is_done()), "something was never answered");
        ensure!(made == entered, "{made} statements were made, {entered} stand");
        ensure!(made == self.acknowledged_count, "{made} were made, {} answered", self.acknowledged_count);
        self.witness.verify()?;
        ensure!(!relay.log().contains("panicked"), "{}", relay.log());
        relay.stop()?;
        let checked = self.setup.command("verify").arg("--json").output()?;
        ensure!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
        let report: serde_json::Value = serde_json::from_slice(&checked.stdout)?;
        let entries = report["ledgers"].as_array().context("ledgers")?.iter();
        let entries: u64 = entries.filter_map(|ledger| ledger["entries"].as_u64()).sum();
        ensure!(entries == self.witness.entries() as u64, "the relay verified {entries} entries");
        Ok(())
    }

    /// Everything acknowledged stands where it was said to stand. New documents are written in.
    fn check_acknowledged(&mut self) -> Result<()> {
        for (statement, entered) in std::mem::take(&mut self.acknowledged) {
            let found = self.witness.find(&statement);
            ensure!(found == Some(&entered), "{statement}: acknowledged {entered:?}, stands at {found:?}");
            self.acknowledged_count += 1;
            if entered.position.seq == 0 {
                self.write_in(entered.document)?;
            }
        }
        Ok(())
    }

    /// Says how much is written in the next life: in documents that were left, nothing new.
    fn give_budgets(&mut self) {
        let (documents, mut left) = (&self.documents, 0);
        self.lanes.retain_mut(|(document, lane)| {
            lane.budget = match lane.style() {
                Style::Documents(_) => 1,
                Style::Invitations { .. } => INVITATIONS,
                _ if documents.contains(document) => usize::MAX,
                _ => 0,
            };
            let stays = lane.budget > 0 || !lane.is_done();
            left += if stays { 0 } else { lane.made };
            stays
        });
        self.made_before += left;
    }
}

/// Lets everybody write until `target` statements are acknowledged, or until nobody has anything
/// left to say; then kills the relay. What it had sent before is read to the end.
async fn write_until(
    lanes: Vec<(DocumentId, Lane)>,
    relay: Relay,
    target: Option<usize>,
    acknowledged: &mut Vec<Acknowledged>,
) -> Result<Vec<(DocumentId, Lane)>> {
    let (reports, mut reported) = mpsc::unbounded_channel();
    let mut running = JoinSet::new();
    for (document, lane) in lanes {
        let run = lane.run(relay.address.clone(), reports.clone());
        running.spawn(async move { (document, run.await) });
    }
    drop(reports);
    let mut relay = Some(relay);
    let mut count = 0;
    loop {
        if target == Some(count) {
            drop(relay.take());
        }
        let Some(report) = reported.recv().await else { break };
        acknowledged.push(report?);
        count += 1;
    }
    ensure!(target.is_none_or(|target| count >= target), "the writers ended by themselves");
    Ok(running.join_all().await)
}
