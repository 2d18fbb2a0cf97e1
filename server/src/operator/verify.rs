//! `entente-relay verify`: replays every ledger with every signature, as a client would.

use std::fmt;

use entente_shared::charter::Charter;
use entente_shared::codec;
use entente_shared::document::Told;
use entente_shared::follow::Follower;
use entente_shared::ids::*;
use entente_shared::ledger::{Entry, Position};
use entente_shared::limits::STATEMENT_BYTES_MAX;
use entente_shared::statement::Statement;
use entente_store::{Store, StoredEntry};
use serde::{Deserialize, Serialize};

use crate::relay::recorded::Recorded;

const PAGE_ENTRIES: usize = 1024;
const PAGE_BYTES: usize = 4 << 20;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// One for each ledger, by partnership, the ground rules first.
    pub ledgers: Vec<Ledger>,
}

/// What one ledger was found to be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ledger {
    /// The partnership.
    pub partnership: PartnershipId,
    /// The document.
    pub document: String,
    /// Its kind; absent if that could not be read.
    pub kind: Option<KindId>,
    /// Entries that were replayed.
    pub entries: u64,
    /// The last of them.
    pub head: Option<EntryHash>,
    /// What is wrong with the next one.
    pub problem: Option<String>,
}

/// Replays every ledger in `store`.
///
/// # Errors
/// The store's index cannot be read. What is wrong with a ledger is in the report.
pub fn verify(store: &impl Store) -> anyhow::Result<Report> {
    let mut ledgers = Vec::new();
    for partnership in store.partnerships() {
        let charter_id = store.find(StatementId(partnership.0))?.map(|(document, _)| document);
        let mut documents = store.documents(partnership);
        // A charter that grows during the check must not end before what cites it: documents' ends
        // are noted first, as for a backup.
        let heads: Vec<_> = documents.iter().map(|document| store.head(*document)).collect();
        let mut charter = Replayed::default();
        if let Some(id) = charter_id {
            let head = store.head(id);
            let mut found = row(partnership, id);
            charter.run(store, id, head, &mut found, Replayed::charter_entry);
            ledgers.push(found);
        }
        for (document, head) in documents.drain(..).zip(heads) {
            if Some(document) == charter_id {
                continue;
            }
            let mut found = row(partnership, document);
            match &charter.charter {
                None => found.problem = Some("its ground rules cannot be read".to_owned()),
                Some(charter) => {
                    let mut replayed = Replayed::default();
                    replayed.run(store, document, head, &mut found, |replayed, statement, told| {
                        replayed.document_entry(charter, statement, told)
                    });
                }
            }
            ledgers.push(found);
        }
    }
    Ok(Report { ledgers })
}

fn row(partnership: PartnershipId, document: DocumentId) -> Ledger {
    let document = document.uuid().to_string();
    Ledger { partnership, document, kind: None, entries: 0, head: None, problem: None }
}

/// One ledger as far as it was replayed.
#[derive(Default)]
struct Replayed {
    charter: Option<Charter>,
    document: Option<Follower>,
}

impl Replayed {
    fn run(
        &mut self,
        store: &impl Store,
        document: DocumentId,
        head: Result<Option<Position>, entente_store::StoreError>,
        found: &mut Ledger,
        mut replay: impl FnMut(&mut Self, &Statement, Told<'_>) -> Result<(), String>,
    ) {
        let replayed = head.map_err(|error| error.to_string()).and_then(|head| {
            let Some(head) = head else { return Ok(()) };
            while found.entries <= head.seq {
                let page = store.entries(document, found.entries, PAGE_ENTRIES, PAGE_BYTES);
                let page = page.map_err(|error| error.to_string())?;
                if page.is_empty() {
                    return Err(format!("entry {} is missing", found.entries));
                }
                for stored in page.iter().take_while(|stored| stored.seq <= head.seq) {
                    let (entry, statement) = open(stored)?;
                    replay(self, &statement, Told { entry: &entry, redaction: None })?;
                    found.entries += 1;
                    found.head = Some(stored.hash);
                }
            }
            if found.head == Some(head.hash) { Ok(()) } else { Err("it ends in another entry".to_owned()) }
        });
        found.problem = replayed.err();
        let document = self.charter.as_ref().map(Charter::document);
        let document = document.or(self.document.as_ref().map(Follower::document));
        found.kind = document.map(|document| document.kind().id.clone());
    }

    fn charter_entry(&mut self, statement: &Statement, told: Told<'_>) -> Result<(), String> {
        match &mut self.charter {
            None => {
                let (charter, _) =
                    Charter::replay_found(statement, told).map_err(|error| error.to_string())?;
                self.charter = Some(charter);
            }
            Some(charter) => drop(charter.replay(statement, told).map_err(|error| error.to_string())?),
        }
        Ok(())
    }

    fn document_entry(
        &mut self,
        charter: &Charter,
        statement: &Statement,
        told: Told<'_>,
    ) -> Result<(), String> {
        let (seq, line) = (told.entry.seq, charter.line());
        let cited = told.entry.charter.ok_or_else(|| format!("entry {seq} cites no ground rules"))?;
        if !line.is_newest_at(cited, told.entry.time_ms) {
            return Err(format!("entry {seq} cites ground rules that were not the newest"));
        }
        let follower = match &mut self.document {
            Some(follower) => follower,
            None => self.document.insert(Follower::begin(statement).map_err(|error| error.to_string())?),
        };
        follower.replay(line, statement, told).map_err(|error| error.to_string())?;
        Ok(())
    }
}

/// Reads a stored entry and checks its hash and its statement's signature.
fn open(stored: &StoredEntry) -> Result<(Entry, Statement), String> {
    let seq = stored.seq;
    let unreadable = |error: &dyn fmt::Display| format!("entry {seq} cannot be read: {error}");
    let recorded: Recorded = codec::decode("stored entry", &stored.entry, stored.entry.len())
        .map_err(|error| unreadable(&error))?;
    let entry = recorded.entry().map_err(|error| unreadable(&error))?;
    if entry.hash() != stored.hash {
        return Err(format!("entry {seq} has another hash than it was stored under"));
    }
    let envelope = codec::decode("statement", &stored.envelope, 2 * STATEMENT_BYTES_MAX)
        .map_err(|error| unreadable(&error))?;
    let statement = Statement::open_verified(envelope).map_err(|error| unreadable(&error))?;
    Ok((entry, statement))
}

impl Report {
    /// Tells whether every ledger is good.
    pub fn is_good(&self) -> bool {
        self.ledgers.iter().all(|ledger| ledger.problem.is_none())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut last = None;
        for ledger in &self.ledgers {
            if last != Some(ledger.partnership) {
                last = Some(ledger.partnership);
                writeln!(f, "partnership {}", ledger.partnership.short())?;
            }
            let kind = ledger.kind.as_ref().map_or("unknown", |kind| kind.as_str());
            let verdict = if ledger.problem.is_none() { "good" } else { "BAD" };
            let head = ledger.head.map_or_else(|| "none".to_owned(), |head| head.short());
            let (document, entries) = (&ledger.document, ledger.entries);
            writeln!(f, "  {kind:<9} {document}  {entries:>8} entries  {verdict:<4}  head {head}")?;
            if let Some(problem) = &ledger.problem {
                writeln!(f, "            {problem}")?;
            }
        }
        match self.ledgers.iter().filter(|ledger| ledger.problem.is_some()).count() {
            0 if self.ledgers.is_empty() => writeln!(f, "There is no ledger yet."),
            0 => writeln!(f, "Every signature is valid and every decision followed the rules then in force."),
            1 => writeln!(f, "1 ledger is not good."),
            bad => writeln!(f, "{bad} ledgers are not good."),
        }
    }
}
