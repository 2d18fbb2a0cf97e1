//! What is measured, each on a relay of its own.

mod crowd;
mod judging;
mod load;
mod meeting;
mod memory;
mod start;

use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, Result};
use entente_shared::ids::*;
use entente_shared::wire::*;
use entente_tests::process::author::{Author, Writer};
use entente_tests::process::member::Partnership;
use entente_tests::process::relay::Relay;
use entente_tests::process::socket::*;

use crate::cores::{measured_relay, pin_load};
use crate::report::Report;

/// Runs the scenarios whose name is wanted.
pub async fn run(
    report: &mut Report,
    program: &Path,
    quick: bool,
    wanted: &impl Fn(&str) -> bool,
) -> Result<()> {
    pin_load();
    for readers in [8, 200] {
        if wanted("latency") {
            load::latency(report, program, readers, quick).await.context("latency")?;
        }
        if wanted("throughput") {
            load::throughput(report, program, readers, 0, quick).await.context("throughput")?;
        }
    }
    if wanted("history") {
        load::throughput(report, program, 8, 10_000, quick).await.context("history")?;
    }
    if wanted("crowd") {
        crowd::measure(report, program, quick).await.context("crowd")?;
    }
    if wanted("idle") {
        memory::idle(report, program, quick).await.context("idle")?;
    }
    if wanted("open documents") {
        memory::open_documents(report, program, quick).await.context("open documents")?;
    }
    if wanted("offline") {
        meeting::offline(report, program, quick).await.context("offline")?;
    }
    if wanted("new device") {
        meeting::new_device(report, program, quick).await.context("new device")?;
    }
    if wanted("judging") {
        judging::edit(report, program, quick).await.context("judging")?;
    }
    if wanted("signing") {
        judging::sign(report, program, quick).await.context("signing")?;
    }
    if wanted("start") {
        start::start(report, program, quick).await.context("start")?;
    }
    Ok(())
}

/// A relay with one partnership and one matrix, and two writers in its columns.
struct Stage {
    relay: Relay,
    partnership: Partnership,
    document: DocumentId,
    writers: Vec<(Writer, Socket)>,
    readers: Vec<Socket>,
    _data: tempfile::TempDir,
}

impl Stage {
    async fn set(program: &Path, readers: usize) -> Result<Self> {
        let data = tempfile::tempdir()?;
        let relay = measured_relay(program, data.path()).serve().await?;
        let link = relay.founding.clone().context("no founding link")?;
        let mut partnership = Partnership::found(&relay.address, &link).await?;
        let document = partnership.matrix("bench").await?;
        let (anna, dana) = (&partnership.anna, &partnership.dana);
        let id = anna.replica.profile().partnership;
        let mut writers = Vec::new();
        for (member, section) in [(anna, "party/moscow"), (dana, "party/newyork")] {
            let key = member.replica.key().clone();
            let mut socket = enter(&relay.address, id, &key).await?;
            subscribe(&mut socket, member.known()).await?;
            writers.push((Writer::new(Author::of(member, document)?, section, None)?, socket));
        }
        let mut sockets = Vec::new();
        for _ in 0..readers {
            let mut socket = enter(&relay.address, id, anna.replica.key()).await?;
            subscribe(&mut socket, anna.known()).await?;
            sockets.push(socket);
        }
        Ok(Self { relay, partnership, document, writers, readers: sockets, _data: data })
    }
}

async fn drain(mut socket: Socket) {
    while next_frame(&mut socket).await.is_ok() {}
}

async fn next_entries(socket: &mut Socket, wanted: usize) -> Result<()> {
    let mut seen = 0;
    while seen < wanted {
        if let RelayFrame::Entries { deliveries, .. } = next_frame(socket).await? {
            seen += deliveries.len();
        }
    }
    Ok(())
}

async fn until_answered(socket: &mut Socket, wanted: &StatementId) -> Result<()> {
    loop {
        if let RelayFrame::Answer { statement, answer } = next_frame(socket).await?
            && statement == *wanted
        {
            anyhow::ensure!(matches!(answer, Answer::Entered { .. }), "refused: {answer:?}");
            return Ok(());
        }
    }
}

fn elapsed_ms(begin: Instant) -> f64 {
    begin.elapsed().as_secs_f64() * 1000.0
}
