//! Backups: everything in a store in one file, with a checksum. The format is told in
//! `docs/operations.md`.
//!
//! A backup is taken while the relay serves. Ledgers only grow, so it is consistent if nothing in it
//! speaks of what is not in it: the ends of all documents are noted before the end of the
//! ground rules that they cite, and records last, so that no founding token comes back to life.

use std::io::{Read, Write};

use anyhow::Context as _;
use entente_shared::codec;
use entente_shared::ids::*;
use entente_shared::ledger::Position;
use entente_store::{Store, StoredEntry};
use minicbor::{Decode, Encode};
use sha2::{Digest as _, Sha256};

/// What a backup begins with; the number is the format.
pub const MAGIC: &[u8; 17] = b"ENTENTE BACKUP 1\n";
/// Most bytes of one item: an entry with a statement of 2 MiB is far smaller.
const ITEM_BYTES_MAX: usize = 16 << 20;
const PAGE_ENTRIES: usize = 1024;
const PAGE_BYTES: usize = 4 << 20;

/// One item of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Item {
    /// The first: whose backup this is, and of when.
    #[n(0)]
    Begin {
        /// The relay's public key.
        #[n(0)]
        relay: RelayId,
        /// When it was begun, in milliseconds since 1970.
        #[n(1)]
        time_ms: u64,
        /// The version of the program that wrote it.
        #[n(2)]
        version: String,
    },
    /// A document, whose entries follow.
    #[n(1)]
    Ledger {
        /// Its partnership.
        #[n(0)]
        partnership: PartnershipId,
        /// The document.
        #[n(1)]
        document: DocumentId,
        /// Its last entry in this backup.
        #[n(2)]
        head: Position,
    },
    /// The next entry of that document.
    #[n(2)]
    Entry {
        /// Its hash.
        #[n(0)]
        hash: EntryHash,
        /// Relay time, in milliseconds since 1970.
        #[n(1)]
        time_ms: u64,
        /// Its statement.
        #[n(2)]
        statement: StatementId,
        /// The stored entry.
        #[n(3)]
        #[cbor(with = "minicbor::bytes")]
        entry: Vec<u8>,
        /// The stored statement.
        #[n(4)]
        #[cbor(with = "minicbor::bytes")]
        envelope: Vec<u8>,
    },
    /// A document that could not be read and is not in this backup.
    #[n(3)]
    Damaged {
        /// The document.
        #[n(0)]
        document: DocumentId,
    },
    /// A record beside the ledgers; the relay's secret key is one.
    #[n(4)]
    Record {
        /// Its name.
        #[n(0)]
        #[cbor(with = "minicbor::bytes")]
        key: Vec<u8>,
        /// Its value.
        #[n(1)]
        #[cbor(with = "minicbor::bytes")]
        value: Vec<u8>,
    },
    /// The last.
    #[n(5)]
    End(#[n(0)] Contents),
}

/// How much is in a backup.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Contents {
    /// Documents.
    #[n(0)]
    pub documents: u64,
    /// Entries of all documents.
    #[n(1)]
    pub entries: u64,
    /// Records.
    #[n(2)]
    pub records: u64,
    /// Documents that could not be read.
    #[n(3)]
    pub damaged: u64,
}

/// Writes a backup of `store`.
///
/// # Errors
/// The store cannot be read (a damaged document is left out and counted), or `out` not written.
pub fn write(
    store: &impl Store,
    relay: RelayId,
    time_ms: u64,
    out: &mut dyn Write,
) -> anyhow::Result<Contents> {
    let mut writer = Writer { out, hash: Sha256::new(), contents: Contents::default() };
    writer.bytes(MAGIC)?;
    writer.item(&Item::Begin { relay, time_ms, version: env!("CARGO_PKG_VERSION").to_owned() })?;
    for partnership in store.partnerships() {
        for (document, head) in ends(store, partnership)? {
            match head {
                Ok(head) => writer.ledger(store, partnership, document, head)?,
                Err(()) => writer.damaged(document)?,
            }
        }
    }
    for (key, value) in store.records(b"")? {
        writer.contents.records += 1;
        writer.item(&Item::Record { key, value })?;
    }
    writer.item(&Item::End(writer.contents))?;
    let checksum = writer.hash.finalize();
    writer.out.write_all(&checksum)?;
    writer.out.flush()?;
    Ok(writer.contents)
}

type End = (DocumentId, Result<Position, ()>);

/// Where each document ends, the ground rules' end noted last.
fn ends(store: &impl Store, partnership: PartnershipId) -> anyhow::Result<Vec<End>> {
    // A partnership's id is the id of the statement that founded it, which stands in its ground rules.
    let charter = store.find(StatementId(partnership.0))?.map(|(document, _)| document);
    let (rules, others): (Vec<_>, Vec<_>) =
        store.documents(partnership).into_iter().partition(|document| Some(*document) == charter);
    let mut found = Vec::new();
    for document in others.into_iter().chain(rules) {
        match store.head(document) {
            Ok(Some(head)) => found.push((document, Ok(head))),
            Ok(None) => {}
            Err(_) => found.push((document, Err(()))),
        }
    }
    Ok(found)
}

struct Writer<'a> {
    out: &'a mut dyn Write,
    hash: Sha256,
    contents: Contents,
}

impl Writer<'_> {
    fn bytes(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        self.hash.update(bytes);
        self.out.write_all(bytes).context("cannot write the backup")
    }

    fn item(&mut self, item: &Item) -> anyhow::Result<()> {
        let bytes = codec::encode(item);
        let length = u32::try_from(bytes.len()).context("an item is too long")?;
        self.bytes(&length.to_be_bytes())?;
        self.bytes(&bytes)
    }

    fn damaged(&mut self, document: DocumentId) -> anyhow::Result<()> {
        self.contents.damaged += 1;
        self.item(&Item::Damaged { document })
    }

    /// Writes the entries up to `head`; of a ledger that turns out to be damaged, those before.
    fn ledger(
        &mut self,
        store: &impl Store,
        partnership: PartnershipId,
        document: DocumentId,
        head: Position,
    ) -> anyhow::Result<()> {
        self.item(&Item::Ledger { partnership, document, head })?;
        self.contents.documents += 1;
        let mut from_seq = 0;
        while from_seq <= head.seq {
            let Ok(page) = store.entries(document, from_seq, PAGE_ENTRIES, PAGE_BYTES) else {
                return self.damaged(document);
            };
            anyhow::ensure!(!page.is_empty(), "document {} ends before its head", document.uuid());
            for stored in page.into_iter().filter(|stored| stored.seq <= head.seq) {
                let StoredEntry { seq, hash, time_ms, statement, entry, envelope } = stored;
                self.item(&Item::Entry { hash, time_ms, statement, entry, envelope })?;
                self.contents.entries += 1;
                from_seq = seq + 1;
            }
        }
        Ok(())
    }
}

/// Reads a backup from its beginning, hands each item to `take`, and checks the checksum at its end.
///
/// # Errors
/// It is no backup, or is damaged or cut short; or `take` failed.
pub fn read(
    from: &mut impl Read,
    mut take: impl FnMut(Item) -> anyhow::Result<()>,
) -> anyhow::Result<Contents> {
    let mut reader = Reader { from, hash: Sha256::new() };
    let mut magic = [0; MAGIC.len()];
    reader.fill(&mut magic)?;
    anyhow::ensure!(magic[..15] == MAGIC[..15], "this is no backup of an Entente relay");
    anyhow::ensure!(
        &magic == MAGIC,
        "this backup has another format: use the program that wrote it, or a later one"
    );
    loop {
        let mut length = [0; 4];
        reader.fill(&mut length)?;
        let length = u32::from_be_bytes(length) as usize;
        anyhow::ensure!(length <= ITEM_BYTES_MAX, "the backup is damaged: an item of {length} bytes");
        let mut bytes = vec![0; length];
        reader.fill(&mut bytes)?;
        let item: Item = codec::decode("backup", &bytes, ITEM_BYTES_MAX).context("the backup is damaged")?;
        if let Item::End(contents) = item {
            let mut checksum = [0; 32];
            let computed: [u8; 32] = reader.hash.clone().finalize().into();
            reader.fill(&mut checksum)?;
            anyhow::ensure!(checksum == computed, "the backup is damaged: its checksum differs");
            return Ok(contents);
        }
        take(item)?;
    }
}

struct Reader<'a, R> {
    from: &'a mut R,
    hash: Sha256,
}

impl<R: Read> Reader<'_, R> {
    fn fill(&mut self, bytes: &mut [u8]) -> anyhow::Result<()> {
        self.from.read_exact(bytes).map_err(|error| match error.kind() {
            std::io::ErrorKind::UnexpectedEof => anyhow::anyhow!("the backup is damaged: it is cut short"),
            _ => anyhow::Error::new(error).context("cannot read the backup"),
        })?;
        self.hash.update(&*bytes);
        Ok(())
    }
}
