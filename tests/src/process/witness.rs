//! A reader who keeps every entry that it was ever sent, and notices when one is gone.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail, ensure};
use entente_shared::codec;
use entente_shared::crypto::Key;
use entente_shared::ids::*;
use entente_shared::ledger::{Entry, Position, SignedCheckpoint, Verdict};
use entente_shared::limits::HEADER_BYTES_MAX;
use entente_shared::verify::{Evidence, Verifier};
use entente_shared::wire::*;

use super::socket::{Socket, enter, next_frame, send};

/// A reader with all ledgers.
pub struct Witness {
    key: Key,
    partnership: PartnershipId,
    charter: DocumentId,
    relay: RelayId,
    ledgers: BTreeMap<DocumentId, Vec<Evidence>>,
    heads: BTreeMap<DocumentId, Position>,
    entered: BTreeMap<StatementId, Entered>,
}

/// Where a statement stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Entered {
    /// In which ledger.
    pub document: DocumentId,
    /// Where.
    pub position: Position,
    /// The verdict there.
    pub verdict: Verdict,
}

impl Witness {
    /// A reader with the device `key`, who has seen nothing yet.
    pub fn new(key: Key, partnership: PartnershipId, charter: DocumentId, relay: RelayId) -> Self {
        let (ledgers, heads, entered) = Default::default();
        Self { key, partnership, charter, relay, ledgers, heads, entered }
    }

    /// Connects and reads everything new.
    ///
    /// # Errors
    /// As [`Witness::subscribe`].
    pub async fn catch_up(&mut self, address: &str) -> Result<Socket> {
        let mut socket = enter(address, self.partnership, &self.key).await?;
        self.subscribe(&mut socket).await?;
        Ok(socket)
    }

    /// Subscribes and reads everything new, until the relay says its heads. They must be those that
    /// this reader has: an entry that it has seen and the relay has no more is an error.
    ///
    /// # Errors
    /// The relay is gone, or sent or lacks something that it must not.
    pub async fn subscribe(&mut self, socket: &mut Socket) -> Result<()> {
        let heads = self.heads.iter();
        let known = heads.map(|(document, head)| Known { document: *document, head: *head }).collect();
        send(socket, &ClientFrame::Subscribe { known, live: true }).await?;
        loop {
            let frame = next_frame(socket).await?;
            let Some(checkpoints) = self.take(frame)? else { continue };
            let documents: Vec<_> = checkpoints.iter().map(|signed| signed.checkpoint.document).collect();
            let gone = self.heads.keys().find(|document| !documents.contains(document));
            ensure!(gone.is_none(), "document {gone:?} has vanished");
            return Ok(());
        }
    }

    /// Reads one frame.
    ///
    /// # Errors
    /// The relay is gone, or sent or lacks something that it must not.
    pub async fn read(&mut self, socket: &mut Socket) -> Result<()> {
        let frame = next_frame(socket).await?;
        self.take(frame).map(drop)
    }

    /// Reads on until the connection ends.
    ///
    /// # Errors
    /// The relay sent something that it must not. That it is gone is no error.
    pub async fn follow(&mut self, mut socket: Socket) -> Result<()> {
        while let Ok(frame) = next_frame(&mut socket).await {
            self.take(frame)?;
        }
        Ok(())
    }

    /// Takes a frame; gives the heads if it has them.
    fn take(&mut self, frame: RelayFrame) -> Result<Option<Vec<SignedCheckpoint>>> {
        match frame {
            RelayFrame::Entries { document, deliveries, checkpoint } => {
                for delivery in deliveries {
                    self.enter(document, delivery)?;
                }
                self.check(&checkpoint)?;
                Ok(None)
            }
            RelayFrame::Heads { checkpoints } => {
                checkpoints.iter().try_for_each(|checkpoint| self.check(checkpoint))?;
                Ok(Some(checkpoints))
            }
            other => bail!("unexpected: {other:?}"),
        }
    }

    fn enter(&mut self, document: DocumentId, delivery: Delivery) -> Result<()> {
        let entry: Entry = codec::decode("entry", &delivery.entry, HEADER_BYTES_MAX)?;
        let position = entry.position();
        let before = self.heads.insert(document, position);
        ensure!(entry.document == document && entry.partnership == self.partnership, "a foreign entry");
        ensure!(entry.previous == before.map(|head| head.hash), "{position:?} does not follow {before:?}");
        ensure!(entry.seq == before.map_or(0, |head| head.seq + 1), "{position:?} after {before:?}");
        ensure!(entry.statement.0 == sha256(&[&delivery.envelope.header]), "another statement");
        let entered = Entered { document, position, verdict: entry.verdict };
        if let Some(earlier) = self.entered.insert(entry.statement, entered) {
            bail!("{} entered twice: before at {earlier:?}", entry.statement);
        }
        let Delivery { entry, envelope, redaction } = delivery;
        self.ledgers.entry(document).or_default().push(Evidence { entry, envelope, redaction });
        Ok(())
    }

    fn check(&self, signed: &SignedCheckpoint) -> Result<()> {
        let checkpoint = &signed.checkpoint;
        ensure!(signed.is_valid(&self.relay), "a checkpoint of another relay");
        let head = self.heads.get(&checkpoint.document).copied();
        let is_ours = head == Some(checkpoint.head);
        ensure!(is_ours, "the relay says {:?}, its reader has {head:?}", checkpoint.head);
        Ok(())
    }

    /// Where a statement stands, as far as this reader has seen.
    pub fn find(&self, statement: &StatementId) -> Option<&Entered> {
        self.entered.get(statement)
    }

    /// How many entries this reader has seen.
    pub fn entries(&self) -> usize {
        self.entered.len()
    }

    /// The head of each document.
    pub fn heads(&self) -> &BTreeMap<DocumentId, Position> {
        &self.heads
    }

    /// Replays every ledger with every signature, as a client that trusts nobody.
    ///
    /// # Errors
    /// What is wrong with the first ledger that is not good.
    pub fn verify(&self) -> Result<()> {
        let charter = self.ledgers.get(&self.charter).context("no charter has arrived")?;
        let mut verifier = Verifier::new(self.partnership, charter.iter().cloned());
        let others = self.ledgers.iter().filter(|(document, _)| **document != self.charter);
        for (_, ledger) in others {
            verifier.ledger(ledger.iter().cloned());
        }
        for report in verifier.reports() {
            ensure!(report.is_good(), "{report:?}");
            ensure!(report.head.as_ref() == self.heads.get(&report.document), "{report:?} ends early");
        }
        Ok(())
    }
}
