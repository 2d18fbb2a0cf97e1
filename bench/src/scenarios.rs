//! What is measured, each on a relay of its own.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use entente_shared::content::{EditCommand, Path as FieldPath, Value};
use entente_shared::ids::*;
use entente_shared::wire::*;
use entente_tests::process::author::{Author, Writer};
use entente_tests::process::member::{Member, Partnership};
use entente_tests::process::relay::Relay;
use entente_tests::process::socket::*;

use crate::cores::{measured_relay, pin_load};
use crate::measure::{Samples, median, now};
use crate::report::Aim::{AtLeast, AtMost};
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
            latency(report, program, readers, quick).await.context("latency")?;
        }
        if wanted("throughput") {
            throughput(report, program, readers, 0, quick).await.context("throughput")?;
        }
    }
    if wanted("history") {
        throughput(report, program, 8, 10_000, quick).await.context("history")?;
    }
    if wanted("idle") {
        idle(report, program, quick).await.context("idle")?;
    }
    if wanted("offline") {
        offline(report, program, quick).await.context("offline")?;
    }
    if wanted("new device") {
        new_device(report, program, quick).await.context("new device")?;
    }
    if wanted("start") {
        start(report, program, quick).await.context("start")?;
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

/// Two writers, one statement outstanding each: from sending to arrival at each reader.
async fn latency(report: &mut Report, program: &Path, readers: usize, quick: bool) -> Result<()> {
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
async fn throughput(
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
async fn flood(writers: &mut [(Writer, Socket)], count: usize) -> Result<()> {
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

/// Memory of idle connections.
async fn idle(report: &mut Report, program: &Path, quick: bool) -> Result<()> {
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

/// Two people edit offline, then meet.
async fn offline(report: &mut Report, program: &Path, quick: bool) -> Result<()> {
    let edits = if quick { 500 } else { 10_000 };
    let name = format!("offline, 2 people, {edits} edits each");
    let mut stage = Stage::set(program, 0).await?;
    stage.writers.clear();
    let document = stage.document;
    let Partnership { anna, dana, .. } = &mut stage.partnership;
    for (member, party) in [(&mut *anna, "moscow"), (&mut *dana, "newyork")] {
        write_offline(member, document, party, edits)?;
    }
    let before = stage.relay.cpu_s();
    let (traffic_anna, begin) = (anna.traffic.0, now());
    anna.sync().await?;
    dana.sync().await?;
    anna.sync().await?;
    report.add(&name, "until both converge", elapsed_ms(begin), "ms", Some(AtMost(60.0)));
    let bytes = (anna.traffic.0 - traffic_anna) as f64 / 1024.0;
    report.add(&name, "bytes up per client", bytes, "KiB", Some(AtMost(40.0)));
    let cpu_ms = (stage.relay.cpu_s() - before) * 1000.0;
    report.add(&name, "relay CPU (10 ms ticks)", cpu_ms, "ms", Some(AtMost(20.0)));
    let digests = |member: &Member| -> Result<BTreeMap<SectionId, ContentDigest>> {
        let working = member.replica.working(document)?;
        Ok(working.iter().map(|(name, content)| (name.clone(), content.digest())).collect())
    };
    anyhow::ensure!(digests(anna)? == digests(dana)?, "they do not converge");
    Ok(())
}

fn write_offline(member: &mut Member, document: DocumentId, party: &str, edits: usize) -> Result<()> {
    let section = SectionId::new(format!("party/{party}"));
    let working = member.replica.working(document)?;
    let value = working.get(&section).context("the column")?.value();
    let cells: Vec<FieldPath> = rows_of(&value);
    let texts = cells.first().context("a row")?.join("note").join("en");
    let mut commands = Vec::with_capacity(edits);
    for count in 0..edits {
        commands.push(match count % 3 {
            0 => {
                let at = (count / 3) as u32;
                EditCommand::SpliceText { path: texts.clone(), at, delete: 0, insert: "a".into() }
            }
            _ => {
                let path = cells[count % cells.len()].join("person");
                EditCommand::SetScalar { path, value: Value::string(format!("person {count}")) }
            }
        });
    }
    member.command(|replica, now| replica.edit_all(now, document, vec![(section, commands)], None))?;
    Ok(())
}

/// The paths of all rows of a section: maps two levels below the root.
fn rows_of(value: &Value) -> Vec<FieldPath> {
    let containers = value.as_map().into_iter().flatten();
    let mut rows = Vec::new();
    for (container, content) in containers {
        for (row, _) in content.as_map().into_iter().flatten().filter(|(_, row)| row.as_map().is_some()) {
            rows.push(FieldPath::new([container.as_str(), row.as_str()]));
        }
    }
    rows
}

/// A relay that was just started, and a device that has nothing.
async fn new_device(report: &mut Report, program: &Path, quick: bool) -> Result<()> {
    let (documents, statements) = if quick { (10, 4) } else { (500, 4) };
    let name = format!("new device, {documents} documents of {statements} statements");
    let Stage { relay, mut partnership, _data, .. } = Stage::set(program, 0).await?;
    for number in 0..documents {
        let kind = KindId::new("matrix");
        let title = format!("document {number}");
        let (document, _) = partnership.anna.command(|replica, now| replica.create(now, &kind, &title))?;
        for _ in 0..statements {
            write_offline(&mut partnership.anna, document, "moscow", 50)?;
            partnership.anna.command(|replica, now| replica.commit(now));
        }
    }
    partnership.anna.sync().await?;
    let relay = relay.restart().await?;
    let key = partnership.dana.replica.key().clone();
    let mut profile = partnership.dana.replica.profile().clone();
    profile.addresses = vec![relay.address.clone()];
    let mut fresh = Member::new(key, profile, None, &relay.address);
    let begin = now();
    fresh.sync().await?;
    report.add(&name, "until everything is verified", elapsed_ms(begin), "ms", Some(AtMost(2000.0)));
    let mib = fresh.traffic.1 as f64 / 1024.0 / 1024.0;
    report.add(&name, "bytes down", mib, "MiB", None);
    Ok(())
}

/// From starting the process until it listens, with many stored entries.
async fn start(report: &mut Report, program: &Path, quick: bool) -> Result<()> {
    let entries = if quick { 2_000 } else { 200_000 };
    let mut stage = Stage::set(program, 0).await?;
    flood(&mut stage.writers, entries / 2).await?;
    let Stage { relay, _data, writers, partnership, .. } = stage;
    drop((writers, partnership));
    let begin = now();
    let relay = relay.restart().await?;
    let name = format!("start, {entries} stored entries");
    report.add(name, "until it serves (stopping included)", elapsed_ms(begin), "ms", Some(AtMost(1000.0)));
    drop(relay);
    Ok(())
}

fn elapsed_ms(begin: Instant) -> f64 {
    begin.elapsed().as_secs_f64() * 1000.0
}
