//! What the relay keeps in memory: for an idle connection, for a document.

use std::path::Path;

use anyhow::{Context as _, Result};
use automerge::transaction::Transactable as _;
use automerge::{AutoCommit, ObjId, ROOT, ReadDoc as _};
use entente_shared::document::Document;
use entente_shared::gate::SectionIndex;
use entente_shared::ids::*;
use entente_shared::kinds;
use entente_shared::statement::Statement;
use entente_shared::wire::*;
use entente_tests::process::author::Author;
use entente_tests::process::draw;
use entente_tests::process::socket::*;

use super::{Stage, until_answered};
use crate::cores::measured_relay;
use crate::report::Aim::AtMost;
use crate::report::Report;

/// Changes of each document.
const CHANGES: usize = 200;
/// Copies of a document from which its size is told.
const COPIES: usize = 400;

/// Memory of idle connections.
pub(super) async fn idle(report: &mut Report, program: &Path, quick: bool) -> Result<()> {
    let count = if quick { 100 } else { 2000 };
    let stage = Stage::set(program, 0).await?;
    let id = stage.partnership.anna.replica.profile().partnership;
    let key = stage.partnership.anna.replica.key().clone();
    let before = stage.relay.memory_bytes();
    let mut sockets = Vec::new();
    for _ in 0..count {
        let mut socket = enter(&stage.relay.address, id, &key).await?;
        subscribe(&mut socket, stage.partnership.anna.known()).await?;
        sockets.push(socket);
    }
    let each = (stage.relay.memory_bytes() - before) / count as f64 / 1024.0;
    report.add(format!("idle, {count} connections"), "memory each", each, "KiB", Some(AtMost(12.0)));
    drop(sockets);
    Ok(())
}

/// Memory of documents of 200 ordinary changes: known to the relay, and open for writing.
pub(super) async fn open_documents(report: &mut Report, program: &Path, quick: bool) -> Result<()> {
    let count = if quick { 60 } else { 400 };
    let name = format!("open documents, {count} of {CHANGES} changes");
    let Stage { relay, mut partnership, document, writers, _data, .. } = Stage::set(program, 0).await?;
    drop(writers);
    let anna = &mut partnership.anna;
    let mut socket = enter(&relay.address, anna.replica.profile().partnership, anna.replica.key()).await?;
    let mut first = Ordinary::new(Author::of(anna, document)?)?;
    first.submit(&mut socket, CHANGES).await?;
    anna.sync().await?;
    parts(report, &name, anna.replica.document(document)?, &first)?;

    let mut others = Vec::new();
    for number in 0..count {
        let title = format!("document {number}");
        let kind = KindId::new("matrix");
        others.push(anna.command(|replica, now| replica.create(now, &kind, &title))?.0);
    }
    anna.sync().await?;
    let mut authors = Vec::new();
    for document in others {
        let mut ordinary = Ordinary::new(Author::of(anna, document)?)?;
        ordinary.submit(&mut socket, CHANGES - 1).await?;
        authors.push(ordinary);
    }

    relay.stop()?;

    let mut grown = [0.0; 2];
    for (grown, in_memory) in grown.iter_mut().zip([1, 2 * count]) {
        let setup = measured_relay(program, _data.path()).with("limits.documents_in_memory", in_memory);
        let relay = setup.serve().await?;
        let id = anna.replica.profile().partnership;
        let mut socket = enter(&relay.address, id, anna.replica.key()).await?;
        // What is loaded once is not counted as the documents'.
        first.submit(&mut socket, 1).await?;
        let before = relay.memory_bytes();
        for ordinary in &mut authors {
            ordinary.submit(&mut socket, 1).await?;
        }
        *grown = (relay.memory_bytes() - before) / count as f64 / 1024.0;
        relay.stop()?;
    }
    let [store, all] = grown;
    report.add(&name, "floor: the store's pages, with one document in memory", store, "KiB", None);
    // What was needed for a moment counts in both; the sum of the parts is the better figure.
    report.add(&name, "the same with all of them in memory", all, "KiB", None);
    Ok(())
}

/// What a document's memory is made of, told from many of them in this process. Copies share the
/// gate's indexes, so these are built anew.
fn parts(report: &mut Report, name: &str, document: &Document, written: &Ordinary) -> Result<()> {
    let ids = (3 * 32 * CHANGES) as f64 / 1024.0;
    report.add(name, "floor: ids of changes, statements and entries in full", ids, "KiB", None);
    let (state, index) = (copied(|| Ok(document.clone()))?, copied(|| written.index(CHANGES))?);
    report.add(name, "an open document", state + index, "KiB", Some(AtMost(8.0)));
    report.add(name, "of that the ledger and the statements that it holds", state, "KiB", None);
    report.add(name, "of that the gate's index of the section that was written", index, "KiB", None);
    let template = copied(|| written.index(1))?;
    report.add(name, "of the index what the template begins with", template, "KiB", None);
    Ok(())
}

/// The memory of one copy, in KiB.
fn copied<T>(copy: impl Fn() -> Result<T>) -> Result<f64> {
    let before = resident_bytes();
    let copies = (0..COPIES).map(|_| copy()).collect::<Result<Vec<T>>>()?;
    let grown = resident_bytes() - before;
    // Kept to the end: room that is given back would be taken again by the next, and not show.
    std::mem::forget(copies);
    Ok(grown / COPIES as f64 / 1024.0)
}

/// Resident memory of this process.
fn resident_bytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or("");
    let kib = line.split_whitespace().nth(1).and_then(|text| text.parse::<f64>().ok());
    kib.unwrap_or(0.0) * 1024.0
}

fn section() -> SectionId {
    SectionId::new("party/moscow")
}

/// Somebody who fills in a column as people do: choices, names, and notes typed in words.
struct Ordinary {
    author: Author,
    nonce: ActorNonce,
    doc: AutoCommit,
    rows: Vec<ObjId>,
    /// Every change made so far.
    made: Vec<Vec<u8>>,
}

impl Ordinary {
    fn new(author: Author) -> Result<Self> {
        let section = section();
        let kind = kinds::newest(&KindId::new("matrix")).context("the matrix")?;
        let mut content = kind.genesis_content(&section).context("a column")?;
        let nonce = ActorNonce(draw());
        content.set_actor(ActorKey::derive(author.key.device(), author.document, &section, nonce));
        let doc = content.into_doc();
        let cells = doc.get(ROOT, "cells")?.context("the cells")?.1;
        let rows = doc.keys(&cells).map(|key| Ok(doc.get(&cells, key)?.context("a row")?.1));
        let rows = rows.collect::<Result<Vec<_>>>()?;
        Ok(Self { author, nonce, doc, rows, made: Vec::new() })
    }

    fn next(&mut self) -> Result<Statement> {
        let count = self.made.len();
        let row = &self.rows[count % self.rows.len()];
        match count % 4 {
            // Each row comes by again after 36 changes, with the next claim.
            0 => self.doc.put(row, "claim", ["own", "support", "none"][count / 36 % 3])?,
            1 => self.doc.put(row, "person", format!("person {count}"))?,
            _ => {
                let note = self.doc.get(row, "note")?.context("a note")?.1;
                let text = self.doc.get(&note, "en")?.context("a text")?.1;
                let end = self.doc.length(&text);
                self.doc.splice_text(&text, end, 0, "a few words ")?;
            }
        }
        let hash = self.doc.commit().context("something was written")?;
        let change = self.doc.get_change_by_hash(&hash).context("the change")?.bytes().into_owned();
        self.made.push(change.clone());
        Ok(self.author.edit(&section(), self.nonce, vec![change]))
    }

    /// The gate's index after the first `count` changes.
    fn index(&self, count: usize) -> Result<SectionIndex> {
        let kind = kinds::newest(&KindId::new("matrix")).context("the matrix")?;
        let mut index = kind.genesis_index(&section()).context("a column")?;
        let device = self.author.key.device();
        let actor = ActorKey::derive(device, self.author.document, &section(), self.nonce);
        for change in self.made.iter().take(count) {
            let checked = index.check(&[], actor, std::slice::from_ref(change))?;
            index.apply(&checked)?;
        }
        Ok(index)
    }

    async fn submit(&mut self, socket: &mut Socket, count: usize) -> Result<()> {
        let statements = (0..count).map(|_| self.next()).collect::<Result<Vec<_>>>()?;
        let Some(last) = statements.last().map(|last| last.id) else { return Ok(()) };
        let envelopes = statements.into_iter().map(|statement| statement.envelope);
        send(socket, &ClientFrame::Submit { statements: envelopes.collect() }).await?;
        until_answered(socket, &last).await
    }
}
