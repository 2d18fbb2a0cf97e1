//! What cannot be avoided: one signature check, one hash, one durable append, one bare broadcast.

use anyhow::Result;
use entente_shared::codec;
use entente_shared::crypto::{Claim, Key, Purpose, verify, verify_all};
use entente_shared::ids::*;
use entente_store::{Append, SledOptions, SledStore, Store, StoredEntry};
use entente_tests::process::draw;
use futures_util::{SinkExt as _, StreamExt as _};
use rand::SeedableRng as _;
use rand::rngs::ChaCha12Rng;
use tokio_tungstenite::tungstenite::Message;

use crate::measure::now;
use crate::report::Report;

/// Measures the floors, each in microseconds of one core.
pub async fn measure(report: &mut Report, quick: bool) -> Result<()> {
    let rounds = if quick { 200 } else { 2000 };
    signatures(report, rounds);
    hashing(report, rounds);
    durable_append(report, if quick { 50 } else { 400 })?;
    for readers in [8, 200] {
        broadcast(report, readers, if quick { 200 } else { 2000 }).await?;
    }
    Ok(())
}

fn signatures(report: &mut Report, rounds: usize) {
    let key = Key::from_secret(draw());
    let message = [7; 300];
    let signature = key.sign(Purpose::Statement, &[&message]);
    let begin = now();
    for _ in 0..rounds {
        assert!(verify(Purpose::Statement, &key.public(), &[&message], &signature));
    }
    let each = begin.elapsed().as_secs_f64() * 1e6 / rounds as f64;
    report.add("floor", "signature check, singly", each, "µs", None);
    for size in [8, 64] {
        let begin = now();
        let batches = (rounds / size).max(1);
        for _ in 0..batches {
            let claim =
                || Claim { purpose: Purpose::Statement, public: key.public(), message: &message, signature };
            let claims: Vec<_> = (0..size).map(|_| claim()).collect();
            let random = ChaCha12Rng::from_seed(draw());
            assert!(verify_all(&claims, random));
        }
        let each = begin.elapsed().as_secs_f64() * 1e6 / (batches * size) as f64;
        report.add("floor", format!("signature check, in batches of {size}"), each, "µs", None);
    }
}

fn hashing(report: &mut Report, rounds: usize) {
    let bytes = [9; 600];
    let begin = now();
    for _ in 0..rounds {
        std::hint::black_box(sha256(&[std::hint::black_box(&bytes)]));
    }
    let each = begin.elapsed().as_secs_f64() * 1e6 / rounds as f64;
    report.add("floor", "SHA-256 of 600 bytes", each, "µs", None);
}

fn durable_append(report: &mut Report, rounds: usize) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let store = SledStore::open(folder.path(), SledOptions::default())?;
    let document = DocumentId(draw());
    let mut head = None;
    let mut seq = 0;
    for group in [1, 16, 256] {
        let groups = (rounds / group).max(10);
        let begin = now();
        for _ in 0..groups {
            let entries: Vec<_> = (0..group)
                .map(|_| {
                    let entry = codec::encode(&draw::<32>().to_vec());
                    let hash = EntryHash(sha256(&[&entry]));
                    seq += 1;
                    let statement = StatementId(draw());
                    StoredEntry { seq: seq - 1, hash, time_ms: seq, statement, entry, envelope: vec![3; 400] }
                })
                .collect();
            let last = entries.last().map(StoredEntry::position);
            let partnership = PartnershipId([1; 32]);
            let append = Append { partnership, document, expected_head: head, charter_guard: None, entries };
            store.commit(vec![append], Vec::new())?;
            head = last;
        }
        let each = begin.elapsed().as_secs_f64() * 1e6 / (groups * group) as f64;
        report.add("floor", format!("durable append in groups of {group}"), each, "µs", None);
    }
    Ok(())
}

/// One frame to many sockets of this process, without anything else: send and receive together.
async fn broadcast(report: &mut Report, readers: usize, frames: usize) -> Result<()> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("ws://{}", listener.local_addr()?);
    let mut senders = Vec::new();
    let mut receivers = Vec::new();
    for _ in 0..readers {
        let (client, server) = tokio::join!(tokio_tungstenite::connect_async(&address), async {
            let (stream, _) = listener.accept().await?;
            anyhow::Ok(tokio_tungstenite::accept_async(stream).await?)
        });
        receivers.push(client?.0);
        senders.push(server?);
    }
    let frame = tokio_tungstenite::tungstenite::Bytes::from(vec![5; 900]);
    let begin = now();
    for _ in 0..frames.div_ceil(readers).max(20) {
        for sender in &mut senders {
            sender.send(Message::Binary(frame.clone())).await?;
        }
        for receiver in &mut receivers {
            receiver.next().await;
        }
    }
    let sent = frames.div_ceil(readers).max(20) * readers;
    let each = begin.elapsed().as_secs_f64() * 1e6 / sent as f64;
    report.add("floor", format!("bare broadcast to {readers}, each delivery"), each, "µs", None);
    Ok(())
}
