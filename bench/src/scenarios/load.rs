//! Two writers in one document, and its readers.

use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use entente_shared::wire::*;
use entente_tests::process::author::Writer;
use entente_tests::process::socket::*;

use super::{Stage, drain, next_entries, until_answered};
use crate::measure::{Samples, median, now};
use crate::report::Aim::{AtLeast, AtMost};
use crate::report::Report;

/// Two writers, one statement outstanding each: from sending to arrival at each reader.
pub(super) async fn latency(report: &mut Report, program: &Path, readers: usize, quick: bool) -> Result<()> {
    let name = format!("latency, 2 writers, {readers} readers");
    let mut stage = Stage::set(program, readers).await?;
    let rounds = if quick { 50 } else { 1000 };
    let mut visible = Samples::default();
    for round in 0..rounds {
        let (writer, socket) = &mut stage.writers[round % 2];
        let statement = writer.sign_next();
        let frame = ClientFrame::Submit { statements: vec![statement.envelope.clone()] };
        let begin = now();
        send(socket, &frame).await?;
        for reader in &mut stage.readers {
            next_entries(reader, 1).await?;
            visible.push(begin.elapsed());
        }
        until_answered(socket, &statement.id).await?;
        let other = &mut stage.writers[(round + 1) % 2].1;
        next_entries(other, 1).await?;
    }
    let aims = if readers == 8 { (0.4, 1.0) } else { (1.3, 3.0) };
    report.add(&name, "edit to visible, p50", visible.percentile_ms(0.5), "ms", Some(AtMost(aims.0)));
    report.add(&name, "edit to visible, p99", visible.percentile_ms(0.99), "ms", Some(AtMost(aims.1)));
    paced(report, &name, &mut stage, readers, if quick { 40 } else { 400 }).await
}

/// The same at 20 statements a second: CPU of the relay against the summed floor.
async fn paced(
    report: &mut Report,
    name: &str,
    stage: &mut Stage,
    readers: usize,
    count: usize,
) -> Result<()> {
    let mut tick = tokio::time::interval(Duration::from_millis(50));
    let before = stage.relay.cpu_s();
    for round in 0..count {
        tick.tick().await;
        let (writer, socket) = &mut stage.writers[round % 2];
        let statement = writer.sign_next();
        send(socket, &ClientFrame::Submit { statements: vec![statement.envelope.clone()] }).await?;
        until_answered(socket, &statement.id).await?;
        next_entries(&mut stage.writers[(round + 1) % 2].1, 1).await?;
        for reader in &mut stage.readers {
            next_entries(reader, 1).await?;
        }
    }
    let cpu_s = (stage.relay.cpu_s() - before) * 1000.0 / count as f64;
    report.add(name, "relay CPU for 1,000 statements at 20 a second", cpu_s, "s", None);
    let floor = |figure: &str| report.value("floor", figure).unwrap_or(0.0);
    let delivery = floor(&format!("bare broadcast to {readers}, each delivery")) / 2.0;
    let each = floor("signature check, singly")
        + 3.0 * floor("SHA-256 of 600 bytes")
        + floor("durable append in groups of 1")
        + delivery * readers as f64;
    if each > 0.0 {
        let ratio = cpu_s * 1000.0 / each;
        report.add(name, "the same against the summed floor", ratio, "×", Some(AtMost(1.3)));
    }
    Ok(())
}

/// As many statements as the relay takes, 16 outstanding for each of two writers.
pub(super) async fn throughput(
    report: &mut Report,
    program: &Path,
    readers: usize,
    history: usize,
    quick: bool,
) -> Result<()> {
    let label = if history > 0 { format!(", {history} statements before") } else { String::new() };
    let name = format!("throughput, 2 writers, {readers} readers{label}");
    let stage = Stage::set(program, readers).await?;
    let Stage { relay, mut writers, readers: sockets, partnership, document, _data } = stage;
    let drains: Vec<_> = sockets.into_iter().map(|socket| tokio::spawn(drain(socket))).collect();
    if history > 0 {
        flood(&mut writers, history / 2).await?;
    }
    let per_writer = if quick { 500 } else { 10_000 };
    let mut rates = Vec::new();
    let before = relay.cpu_s();
    let runs = if quick { 1 } else { 3 };
    for _ in 0..runs {
        let begin = now();
        flood(&mut writers, per_writer).await?;
        rates.push(2.0 * per_writer as f64 / begin.elapsed().as_secs_f64());
    }
    let cpu_s = (relay.cpu_s() - before) * 1000.0 / (2 * per_writer * runs) as f64;
    let rate = median(rates);
    let aim = if readers == 200 { 9_000.0 } else { 12_000.0 };
    report.add(&name, "statements a second", rate, "/s", Some(AtLeast(aim)));
    report.add(&name, "relay CPU for 1,000 statements", cpu_s, "s", None);
    if history > 0
        && let Some(empty) = report.value("throughput, 2 writers, 8 readers", "statements a second")
    {
        report.add(&name, "an empty document against this", empty / rate, "×", Some(AtMost(1.2)));
    }
    drains.into_iter().for_each(|drain| drain.abort());
    drop((partnership, document));
    Ok(())
}

/// Both writers send `count` statements each, with at most 16 unanswered.
pub(super) async fn flood(writers: &mut [(Writer, Socket)], count: usize) -> Result<()> {
    let [first, second] = writers else { anyhow::bail!("two writers") };
    tokio::try_join!(flood_one(first, count), flood_one(second, count))?;
    Ok(())
}

async fn flood_one((writer, socket): &mut (Writer, Socket), count: usize) -> Result<()> {
    const OUTSTANDING: usize = 16;
    let (mut sent, mut answered) = (0, 0);
    while answered < count {
        while sent < count && sent - answered < OUTSTANDING {
            let burst = (count - sent).min(OUTSTANDING - (sent - answered));
            let statements: Vec<_> = (0..burst).map(|_| writer.sign_next().envelope).collect();
            sent += statements.len();
            send(socket, &ClientFrame::Submit { statements }).await?;
        }
        if let RelayFrame::Answer { answer, .. } = next_frame(socket).await? {
            anyhow::ensure!(matches!(answer, Answer::Entered { .. }), "refused: {answer:?}");
            answered += 1;
        }
    }
    Ok(())
}
