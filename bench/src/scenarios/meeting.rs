//! People who come together: after weeks without a network, or on a new device.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use entente_client::replica::{Kept, Replica, Stored};
use entente_client::views::DocList;
use entente_shared::codec;
use entente_shared::content::{EditCommand, Path as FieldPath, Value, order};
use entente_shared::ids::*;
use entente_tests::process::member::{Member, Partnership};
use entente_tests::process::relay::Relay;
use entente_tests::process::socket::*;
use entente_tests::process::{draw, unix_ms};

use super::{Stage, elapsed_ms};
use crate::measure::now;
use crate::report::Aim::AtMost;
use crate::report::Report;

/// Keys that both write.
const KEYS: usize = 500;
/// Characters that each types.
const CHARACTERS: usize = 3_000;

/// Two people edit the same section offline, then meet.
pub(super) async fn offline(report: &mut Report, program: &Path, quick: bool) -> Result<()> {
    let edits = if quick { 500 } else { 10_000 };
    let name = format!("offline, 2 people, {edits} edits each");
    let mut stage = Stage::set(program, 0).await?;
    stage.writers.clear();
    let document = stage.document;
    let Partnership { anna, dana } = &mut stage.partnership;
    let rows = add_rows(anna, document, KEYS.min(edits))?;
    for member in [&mut *anna, &mut *dana] {
        member.sync().await?;
    }
    let talk = SectionId::new("talk");
    for (member, who) in [(&mut *anna, "Anna"), (&mut *dana, "Dana")] {
        let commands = talk_edits(&rows, who, edits);
        let written = vec![(talk.clone(), commands)];
        member.command(|replica, now| replica.edit_all(now, document, written, None))?;
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

/// Adds so many messages to the talk of a document; returns their ids.
fn add_rows(member: &mut Member, document: DocumentId, count: usize) -> Result<Vec<String>> {
    let rows: Vec<String> = (0..count).map(|_| uuid(draw())).collect();
    let add = |(id, order): (&String, String)| {
        let (path, fields) = (FieldPath::new(["messages"]), BTreeMap::new());
        EditCommand::AddRow { path, id: id.clone(), order, fields }
    };
    let commands = rows.iter().zip(order::spread(count)).map(add).collect();
    let edits = vec![(SectionId::new("talk"), commands)];
    member.command(|replica, now| replica.edit_all(now, document, edits, None))?;
    Ok(rows)
}

/// Writes bytes as a UUID.
fn uuid(bytes: [u8; 16]) -> String {
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// Edits of the same keys and the same text.
fn talk_edits(rows: &[String], who: &str, edits: usize) -> Vec<EditCommand> {
    let message = |row: &String, field: &str| FieldPath::new(["messages", row.as_str(), field]);
    let typed = CHARACTERS.min(edits / 3);
    let edit = |count: usize| match count < typed {
        true => {
            let path = message(&rows[0], "text");
            EditCommand::SpliceText { path, at: count as u32, delete: 0, insert: "a".into() }
        }
        false => {
            let path = message(&rows[count % rows.len()], "about");
            EditCommand::SetScalar { path, value: Value::string(format!("{who} {count}")) }
        }
    };
    (0..edits).map(edit).collect()
}

/// A relay that was just started, and a device that has nothing.
pub(super) async fn new_device(report: &mut Report, program: &Path, quick: bool) -> Result<()> {
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
    until_packed(&relay, documents + 1).await?;
    let relay = relay.restart().await?;
    let key = partnership.dana.replica.key().clone();
    let mut profile = partnership.dana.replica.profile().clone();
    profile.addresses = vec![relay.address.clone()];
    let mut fresh = Member::new(key.clone(), profile.clone(), None, &relay.address);
    let (before, begin) = (relay.cpu_s(), now());
    let mut socket = first_view(&mut fresh, documents + 1).await?;
    // What people see first: every document by its title, kind and date. Content is built when it is
    // looked at.
    let list = DocList::of(&fresh.replica, unix_ms())?;
    anyhow::ensure!(list.documents.len() == documents + 1, "all documents");
    report.add(
        &name,
        "until all documents are listed (attested)",
        elapsed_ms(begin),
        "ms",
        Some(AtMost(300.0)),
    );
    let mib = |member: &Member| member.traffic.1 as f64 / 1024.0 / 1024.0;
    report.add(&name, "bytes down until then", mib(&fresh), "MiB", Some(AtMost(1.2)));
    report.add(&name, "of that relay CPU (10 ms ticks)", (relay.cpu_s() - before) * 1000.0, "ms", None);
    while !fresh.replica.is_settled() {
        fresh.step(&mut socket).await?;
    }
    report.add(&name, "until everything is verified", elapsed_ms(begin), "ms", Some(AtMost(2000.0)));
    report.add(&name, "bytes down in all", mib(&fresh), "MiB", None);
    fresh.replica.disconnected();
    open_attested(report, &name, Member::new(key.clone(), profile, None, &relay.address), documents + 1)
        .await?;
    let entries: usize = fresh.kept.values().map(Vec::len).sum();
    let check_us = report.value("floor", "signature check, singly").unwrap_or(0.0);
    report.add(&name, "floor: signature checks", check_us * entries as f64 / 1000.0, "ms", None);
    let begin = now();
    let mut socket = enter(&relay.address, fresh.replica.profile().partnership, &key).await?;
    subscribe(&mut socket, Vec::new()).await?;
    report.add(&name, "floor: the same bytes without a replica", elapsed_ms(begin), "ms", None);
    let (begin, replica) = replayed(&fresh)?;
    report.add(&name, "replay from the device's own store", elapsed_ms(begin), "ms", None);
    anyhow::ensure!(replica.documents().len() == fresh.replica.documents().len(), "all documents");
    Ok(())
}

/// Waits until the relay has made snapshots of all documents, which it does once they are at rest.
async fn until_packed(relay: &Relay, documents: usize) -> Result<()> {
    let mut tick = tokio::time::interval(Duration::from_millis(200));
    for _ in 0..600 {
        tick.tick().await;
        let metrics = relay.page("/metrics")?;
        let line =
            metrics.lines().find_map(|line| line.strip_prefix("entente_documents_materialised_total "));
        if line.and_then(|count| count.parse::<usize>().ok()).is_some_and(|count| count >= documents) {
            return Ok(());
        }
    }
    anyhow::bail!("the relay makes no snapshots")
}

/// Connects a device that has nothing, until it is shown every document.
async fn first_view(fresh: &mut Member, documents: usize) -> Result<Socket> {
    fresh.replica.show_attested(true);
    let mut socket = fresh.connect().await?;
    while fresh.replica.attested().len() < documents {
        anyhow::ensure!(!fresh.replica.is_settled(), "not every document was shown before it was checked");
        fresh.step(&mut socket).await?;
    }
    Ok(socket)
}

/// How long it takes to look into documents that are shown as the relay attests them.
async fn open_attested(report: &mut Report, name: &str, mut fresh: Member, documents: usize) -> Result<()> {
    let _socket = first_view(&mut fresh, documents).await?;
    let begin = now();
    for (count, shown) in fresh.replica.attested().values().enumerate() {
        let contents = shown.contents();
        anyhow::ensure!(contents.len() == shown.attested().sections.len(), "everything may be read");
        if count == 0 {
            report.add(name, "building the content of one document", elapsed_ms(begin), "ms", None);
        }
    }
    report.add(name, "building the content of all documents", elapsed_ms(begin), "ms", None);
    Ok(())
}

/// Opens a replica on what a member has kept; tells when it began.
fn replayed(member: &Member) -> Result<(Instant, Replica)> {
    let ledgers: BTreeMap<DocumentId, Vec<Kept>> = member.kept.clone();
    let records = vec![(b"profile".to_vec(), codec::encode(member.replica.profile()))];
    let stored = Stored { ledgers, records, ..Stored::default() };
    let begin = now();
    Ok((begin, Replica::open(member.replica.key().clone(), stored, unix_ms())?))
}

fn write_offline(member: &mut Member, document: DocumentId, party: &str, edits: usize) -> Result<()> {
    let section = SectionId::new(format!("party/{party}"));
    let working = member.replica.working(document)?;
    let value = working.get(&section).context("the column")?.value();
    let cells: Vec<FieldPath> = rows_of(&value);
    let texts = cells.first().context("a row")?.join("note").join("en");
    let edit = |count: usize| match count % 3 {
        0 => EditCommand::SpliceText {
            path: texts.clone(),
            at: (count / 3) as u32,
            delete: 0,
            insert: "a".into(),
        },
        _ => {
            let path = cells[count % cells.len()].join("person");
            EditCommand::SetScalar { path, value: Value::string(format!("person {count}")) }
        }
    };
    let commands = (0..edits).map(edit).collect();
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
