//! What a verdict costs: one edit under many rules and people, and a signature that rests on much
//! content while others write elsewhere.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use entente_client::replica::{EditOutcome, Kept};
use entente_shared::charter::Charter;
use entente_shared::codec;
use entente_shared::content::{EditCommand, Path as Place, Section, Value};
use entente_shared::crypto::Key;
use entente_shared::document::{Document, Told};
use entente_shared::ids::*;
use entente_shared::judge::{DocumentCourt, Refusal};
use entente_shared::kinds;
use entente_shared::ledger::Entry;
use entente_shared::limits::{HEADER_BYTES_MAX, STATEMENT_BYTES_MAX};
use entente_shared::rules::Rules;
use entente_shared::statement::{Act, Header, SignedContent, Statement};
use entente_shared::wire::*;
use entente_tests::process::author::{Author, Writer};
use entente_tests::process::draw;
use entente_tests::process::member::Partnership;
use entente_tests::process::socket::*;

use super::load::flood;
use super::{Stage, until_answered};
use crate::cores::measured_relay;
use crate::measure::{Samples, median, now};
use crate::report::Aim::AtMost;
use crate::report::Report;

const RULES: usize = 200;
const PEOPLE: usize = 300;

/// One edit, judged under the ground rules of two teams and under very large ones.
pub(super) async fn edit(report: &mut Report, program: &Path, quick: bool) -> Result<()> {
    let data = tempfile::tempdir()?;
    let relay = measured_relay(program, data.path()).serve().await?;
    let link = relay.founding.clone().context("no founding link")?;
    let mut partnership = Partnership::found(&relay.address, &link).await?;
    let document = partnership.matrix("bench").await?;
    let small = judged(&partnership, document, quick)?;
    enlarge(&mut partnership).await?;
    let large = judged(&partnership, document, quick)?;
    let name = format!("judging, {RULES} rules and {PEOPLE} people");
    report.add(&name, "gate and verdict of one edit", large, "µs", Some(AtMost(10.0)));
    report.add(&name, "the same under the standard rules", small, "µs", None);
    Ok(())
}

/// Adds rules, half of which speak of the section that is edited, and people.
async fn enlarge(partnership: &mut Partnership) -> Result<()> {
    let Partnership { anna, dana } = partnership;
    let row = |number: usize| {
        let fields = [("name", format!("Person {number}")), ("roles", "account-manager".to_owned())];
        let fields = fields.into_iter().map(|(key, text)| (key.to_owned(), Value::String(text)));
        let path = Place::new(["people".to_owned(), PersonId(draw()).to_hex()]);
        EditCommand::SetScalar { path, value: Value::Map(fields.collect()) }
    };
    let people = (0..PEOPLE).map(row).collect();
    anna.command(|replica, now| replica.change_charter(now, vec![("people/moscow".into(), people)], None))?;
    let mut text = String::new();
    for number in 0..RULES {
        let on = if number % 2 == 0 { "matrix:party/{party}" } else { "brief:market/{market}" };
        let who = if number % 2 == 0 { "{party}/legal" } else { "{market}/legal" };
        text += &format!(
            "[[rule]]\nid = \"more-{number}\"\non = \"{on}\"\npropose = [\"{who}\", \"guest-{number}\"]\n"
        );
    }
    let rules = Rules::from_toml(&text)?.to_stored().into_iter().map(|(id, text)| EditCommand::SetScalar {
        path: Place::new(["rules", id.as_str()]),
        value: Value::String(text),
    });
    let edits = vec![("rules".into(), rules.collect())];
    let outcome = anna.command(|replica, now| replica.change_charter(now, edits, None))?;
    let EditOutcome::Suggested { statement, .. } = outcome else { bail!("new rules wait: {outcome:?}") };
    anna.sync().await?;
    dana.sync().await?;
    dana.command(|replica, now| replica.endorse(now, statement, None))?;
    dana.sync().await?;
    anna.sync().await
}

/// Microseconds for gate and verdict of one edit of a section, as it would be appended.
fn judged(partnership: &Partnership, document: DocumentId, quick: bool) -> Result<f64> {
    let anna = &partnership.anna;
    let charter = replayed(&anna.kept[&anna.replica.charter_id()?])?;
    let mut court = DocumentCourt::new("matrix".into());
    let mut entries = anna.kept[&document].iter().map(read);
    let (create, _) = entries.next().context("no entry")??;
    let mut state = Document::begin(&create)?;
    for kept in &anna.kept[&document] {
        let (statement, entry) = read(kept)?;
        let told = Told { entry: &entry, redaction: kept.redaction.as_ref() };
        state.replay(&mut court, charter.line(), &statement, told)?;
    }
    let mut writer = Writer::new(Author::of(anna, document)?, "party/moscow", None)?;
    let edit = writer.sign_next();
    let at = charter.line().head();
    let time_ms = charter.document().time_ms().max(state.time_ms()) + 1;
    let judge = || state.preview(&court, charter.line(), at, &edit, time_ms);
    ensure!(judge()?.needs.is_empty(), "a lead writes in the own column");
    let rounds = if quick { 2_000 } else { 50_000 };
    let runs = (0..5).map(|_| {
        let begin = now();
        for _ in 0..rounds {
            std::hint::black_box(judge()).expect("it was admitted before");
        }
        begin.elapsed().as_secs_f64() * 1e6 / rounds as f64
    });
    Ok(median(runs.collect()))
}

fn replayed(kept: &[Kept]) -> Result<Charter> {
    let mut kept = kept.iter();
    let first = kept.next().context("no ground rules")?;
    let (statement, entry) = read(first)?;
    let (mut charter, _) = Charter::replay_found(&statement, Told { entry: &entry, redaction: None })?;
    for kept in kept {
        let (statement, entry) = read(kept)?;
        charter.replay(&statement, Told { entry: &entry, redaction: kept.redaction.as_ref() })?;
    }
    Ok(charter)
}

fn read(kept: &Kept) -> Result<(Statement, Entry)> {
    let envelope = codec::decode("statement", &kept.envelope, 2 * STATEMENT_BYTES_MAX)?;
    Ok((Statement::open(envelope)?, codec::decode("entry", &kept.entry, HEADER_BYTES_MAX)?))
}

/// A signature that rests on a section of many changes: from sending to the answer, and what it does
/// to somebody who writes in another document meanwhile.
pub(super) async fn sign(report: &mut Report, program: &Path, quick: bool) -> Result<()> {
    let history = if quick { 1_000 } else { 10_000 };
    let mut stage = Stage::set(program, 0).await?;
    let name = format!("signing over {history} changes");
    flood(&mut stage.writers, history / 2).await?;
    let elsewhere = stage.partnership.matrix("elsewhere").await?;
    let anna = &stage.partnership.anna;
    let (id, key) = (anna.replica.profile().partnership, anna.replica.key().clone());
    let mut socket = enter(&stage.relay.address, id, &key).await?;
    subscribe(&mut socket, anna.known()).await?;
    let mut writer = Writer::new(Author::of(anna, elsewhere)?, "party/moscow", None)?;

    let count = if quick { 100 } else { 1_000 };
    let alone = elsewhere_ms(&mut writer, &mut socket, count).await?;
    let signer = Author::of(anna, stage.document)?;
    let mut other = enter(&stage.relay.address, id, &key).await?;
    subscribe(&mut other, anna.known()).await?;
    report.add(&name, "answer, first time", answered_ms(&signer, &mut other).await?, "ms", None);
    snapshots(&stage, id, &key).await?;
    let mut samples = Vec::new();
    for _ in 0..if quick { 5 } else { 40 } {
        samples.push(answered_ms(&signer, &mut other).await?);
    }
    report.add(&name, "answer, with snapshots there", median(samples), "ms", Some(AtMost(50.0)));

    let signing = tokio::spawn(async move {
        let mut tick = tokio::time::interval(Duration::from_millis(20));
        loop {
            tick.tick().await;
            if let Err(error) = answered_ms(&signer, &mut other).await {
                return error;
            }
        }
    });
    let beside = elsewhere_ms(&mut writer, &mut socket, count).await?;
    ensure!(!signing.is_finished(), "it could not sign: {}", signing.await?);
    signing.abort();
    report.add(&name, "edit elsewhere, p50, nobody signs", alone, "ms", None);
    report.add(&name, "edit elsewhere, p50, against that", beside / alone, "×", Some(AtMost(1.2)));
    Ok(())
}

/// From sending a signature until it is answered. What it covers is not ready to be signed, which
/// only its content tells: so the document stays as it is, and everything is read each time.
async fn answered_ms(signer: &Author, socket: &mut Socket) -> Result<f64> {
    let section = SectionId::new("split");
    let kind = kinds::newest(&KindId::new("matrix")).context("the kind")?;
    let mut content = Section::from_genesis(&kind.genesis(&section).context("the section")?)?;
    let item = SignedContent { section, heads: content.heads(), digest: content.digest() };
    let statement = signer.sign(Act::Sign { items: vec![item] }, Vec::new());
    let begin = now();
    send(socket, &ClientFrame::Submit { statements: vec![statement.envelope.clone()] }).await?;
    match answer_to(socket, statement.id).await? {
        Answer::Refused { refusal: Refusal::NotReady { .. } } => Ok(super::elapsed_ms(begin)),
        other => bail!("it is not ready: {other:?}"),
    }
}

/// Waits until the relay has snapshots: it makes them for a device that has nothing yet, and shows
/// the document from them to the next one.
async fn snapshots(stage: &Stage, id: PartnershipId, key: &Key) -> Result<()> {
    for _ in 0..100 {
        let mut socket = enter(&stage.relay.address, id, key).await?;
        send(&mut socket, &ClientFrame::AskAttested).await?;
        send(&mut socket, &ClientFrame::Subscribe { known: Vec::new(), live: false }).await?;
        loop {
            match next_frame(&mut socket).await? {
                RelayFrame::Attested { views } => {
                    for view in views {
                        let header: Header = codec::decode("header", &view.create, HEADER_BYTES_MAX)?;
                        if header.document == stage.document {
                            return Ok(());
                        }
                    }
                }
                RelayFrame::Heads { .. } => break,
                _ => {}
            }
        }
    }
    bail!("no view came")
}

/// From sending one edit until it is answered, the median, one after the other.
async fn elsewhere_ms(writer: &mut Writer, socket: &mut Socket, count: usize) -> Result<f64> {
    let mut samples = Samples::default();
    for _ in 0..count {
        let statement = writer.sign_next();
        let begin = now();
        send(socket, &ClientFrame::Submit { statements: vec![statement.envelope.clone()] }).await?;
        until_answered(socket, &statement.id).await?;
        samples.push(begin.elapsed());
    }
    Ok(samples.percentile_ms(0.5))
}
