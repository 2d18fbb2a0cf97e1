//! Many documents, each with two clients who write: one partnership for each, so that a statement
//! goes to one other client and not to all.

use std::collections::VecDeque;
use std::path::Path;

use anyhow::{Context as _, Result};
use entente_shared::statement::Statement;
use entente_shared::wire::*;
use entente_tests::process::author::{Author, Writer};
use entente_tests::process::member::Partnership;
use entente_tests::process::relay::Relay;
use entente_tests::process::socket::*;
use tokio::task::JoinSet;

use super::{next_entries, until_answered};
use crate::cores::measured_relay;
use crate::measure::{Samples, now};
use crate::report::Aim::{AtLeast, AtMost};
use crate::report::Report;

/// How long an edit may take to the other client at the rate that is reported, in milliseconds.
const P99_MS: f64 = 50.0;
/// Documents of the small crowd, and statements outstanding where both crowds are compared.
const FEW: usize = 10;
/// Partnerships that are founded at once while the crowd gathers.
const FOUNDING: usize = 16;
/// For how long a client that waits for its turn may be silent, in milliseconds.
const IDLE_MS: u64 = 3_600_000;

/// Measures a crowd on one core: how many statements a second, what they cost, and what a hundred
/// times the connections add.
pub(super) async fn measure(report: &mut Report, program: &Path, quick: bool) -> Result<()> {
    let (documents, count) = if quick { (20, 400) } else { (1_000, 20_000) };
    let few = compared(report, program, FEW, count).await?;
    let mut crowd = Crowd::gather(program, documents).await?;
    let many = crowd.run(FEW, count).await?;
    let name = format!("crowd, {documents} documents × 2 clients");
    let ratio = |few: f64, many: f64| if few > 0.0 { many / few } else { f64::NAN };
    let against = format!("{} connections against {}", 2 * documents, 2 * FEW);
    report.add(&name, format!("relay CPU, {against}"), ratio(few.cpu_s, many.cpu_s), "×", Some(AtMost(1.2)));
    report.add(&name, format!("time, {against}"), ratio(many.rate, few.rate), "×", Some(AtMost(1.2)));
    let mut best: Option<Ran> = None;
    for outstanding in [16, 64, 256].into_iter().filter(|outstanding| *outstanding <= documents) {
        let ran = crowd.run(outstanding, count).await?;
        report.add(&name, format!("statements a second, {outstanding} outstanding"), ran.rate, "/s", None);
        report.add(&name, format!("edit to visible, p99, {outstanding} outstanding"), ran.p99_ms, "ms", None);
        let is_better = best.as_ref().is_none_or(|best| ran.rate > best.rate);
        best = if ran.p99_ms <= P99_MS && is_better { Some(ran) } else { best };
    }
    let best = best.unwrap_or(Ran { rate: 0.0, p99_ms: f64::NAN, cpu_s: f64::NAN });
    report.add(&name, "statements a second at p99 of 50 ms", best.rate, "/s", Some(AtLeast(4_000.0)));
    report.add(&name, "relay CPU for 1,000 statements", best.cpu_s, "s", Some(AtMost(0.25)));
    let floor = |figure: &str| report.value("floor", figure).unwrap_or(0.0);
    let each = floor("signature check, in batches of 8")
        + 3.0 * floor("SHA-256 of 600 bytes")
        + floor("durable append in groups of 16")
        + floor("bare broadcast to 8, each delivery");
    if each > 0.0 {
        report.add(&name, "the same against the summed floor", best.cpu_s * 1000.0 / each, "×", None);
    }
    Ok(())
}

/// The small crowd, on a relay of its own.
async fn compared(report: &mut Report, program: &Path, documents: usize, count: usize) -> Result<Ran> {
    let ran = Crowd::gather(program, documents).await?.run(FEW, count).await?;
    let name = format!("crowd, {documents} documents × 2 clients");
    report.add(&name, "statements a second", ran.rate, "/s", None);
    report.add(&name, "edit to visible, p99", ran.p99_ms, "ms", None);
    report.add(&name, "relay CPU for 1,000 statements", ran.cpu_s, "s", None);
    Ok(ran)
}

/// What one run showed.
struct Ran {
    /// Statements a second.
    rate: f64,
    /// From sending to the other client, in milliseconds.
    p99_ms: f64,
    /// CPU seconds of the relay for 1,000 statements.
    cpu_s: f64,
}

/// Documents with two clients each, connected to one relay.
struct Crowd {
    relay: Relay,
    pairs: Vec<Pair>,
    _data: tempfile::TempDir,
}

/// The two clients of a document.
struct Pair {
    writers: [Writer; 2],
    sockets: Option<[Socket; 2]>,
}

impl Crowd {
    async fn gather(program: &Path, documents: usize) -> Result<Self> {
        let data = tempfile::tempdir()?;
        let relay = measured_relay(program, data.path())
            .with("open_founding", true)
            .with("limits.documents_in_memory", 2 * documents)
            .with("limits.idle_timeout_ms", IDLE_MS)
            .serve()
            .await?;
        let link = relay.founding.clone().context("no founding link")?;
        let (mut founding, mut pairs) = (JoinSet::new(), Vec::with_capacity(documents));
        for _ in 0..documents {
            if founding.len() == FOUNDING {
                pairs.extend(founding.join_next().await.transpose()?.transpose()?);
            }
            let (address, link) = (relay.address.clone(), link.clone());
            founding.spawn(async move { Pair::join(&address, &link).await });
        }
        while let Some(pair) = founding.join_next().await {
            pairs.push(pair??);
        }
        Ok(Self { relay, pairs, _data: data })
    }

    /// Lets the clients write `count` statements, with so many on the way at once, each in another
    /// document.
    async fn run(&mut self, outstanding: usize, count: usize) -> Result<Ran> {
        let each = count.div_ceil(self.pairs.len()).max(2);
        let mut lanes: Vec<Vec<Lane>> = (0..outstanding).map(|_| Vec::new()).collect();
        for (number, pair) in self.pairs.iter_mut().enumerate() {
            lanes[number % outstanding].push(pair.prepare(number, each)?);
        }
        let (before, begin) = (self.relay.cpu_s(), now());
        let mut running = JoinSet::new();
        lanes.into_iter().for_each(|lanes| _ = running.spawn(drive(lanes)));
        let mut visible = Samples::default();
        while let Some(done) = running.join_next().await {
            let (lanes, samples) = done??;
            visible.extend(samples);
            lanes.into_iter().for_each(|lane| self.pairs[lane.number].sockets = Some(lane.sockets));
        }
        let total = (each * self.pairs.len()) as f64;
        Ok(Ran {
            rate: total / begin.elapsed().as_secs_f64(),
            p99_ms: visible.percentile_ms(0.99),
            cpu_s: (self.relay.cpu_s() - before) * 1000.0 / total,
        })
    }
}

impl Pair {
    async fn join(address: &str, link: &str) -> Result<Self> {
        let mut partnership = Partnership::found(address, link).await?;
        let document = partnership.matrix("bench").await?;
        let id = partnership.id();
        let Partnership { anna, dana } = &partnership;
        let writer = |member, section| Writer::new(Author::of(member, document)?, section, None);
        let writers = [writer(anna, "party/moscow")?, writer(dana, "party/newyork")?];
        let mut sockets = Vec::new();
        for member in [anna, dana] {
            let mut socket = enter(address, id, member.replica.key()).await?;
            subscribe(&mut socket, member.known()).await?;
            sockets.push(socket);
        }
        Ok(Self { writers, sockets: sockets.try_into().ok() })
    }

    /// Signs what is to be sent, so that the load's own work is not measured.
    fn prepare(&mut self, number: usize, count: usize) -> Result<Lane> {
        let sockets = self.sockets.take().context("two connections")?;
        let statements = (0..count).map(|turn| self.writers[turn % 2].sign_next()).collect();
        Ok(Lane { number, sockets, statements })
    }
}

/// One document's share of a run.
struct Lane {
    number: usize,
    sockets: [Socket; 2],
    statements: VecDeque<Statement>,
}

/// Sends what the lanes have, one statement at a time, and waits until each is visible.
async fn drive(mut lanes: Vec<Lane>) -> Result<(Vec<Lane>, Samples)> {
    let mut visible = Samples::default();
    let turns = lanes.first().map_or(0, |lane| lane.statements.len());
    for turn in 0..turns {
        for lane in &mut lanes {
            let Some(statement) = lane.statements.pop_front() else { continue };
            let [first, second] = &mut lane.sockets;
            let (own, other) = if turn % 2 == 0 { (first, second) } else { (second, first) };
            let (id, begin) = (statement.id, now());
            send(own, &ClientFrame::Submit { statements: vec![statement.envelope] }).await?;
            next_entries(other, 1).await?;
            visible.push(begin.elapsed());
            until_answered(own, &id).await?;
        }
    }
    Ok((lanes, visible))
}
