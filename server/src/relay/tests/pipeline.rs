//! The order of entries within a commit: each stands behind what it was judged on.

use entente_shared::ids::*;
use entente_shared::ledger::Position;

use crate::limits::COMMIT_BYTES_MAX;
use crate::relay::BatchId;
use crate::relay::pipeline::{Pipeline, Run};
use crate::relay::recorded::{Item, Recorded};

const CHARTER: DocumentId = DocumentId([0; 16]);

fn position(seq: u64) -> Position {
    Position { seq, hash: EntryHash([seq as u8; 32]) }
}

/// One entry of a document, judged under the charter's entry `charter`; or of the charter.
fn run(document: u8, seq: u64, charter: Option<u64>) -> Run {
    let recorded = Recorded { entry: vec![], leaves: vec![], effective: vec![], beside: vec![] };
    let item = Item {
        position: position(seq),
        time_ms: seq,
        statement: StatementId([document; 32]),
        held: false,
        recorded,
        envelope: vec![],
    };
    Run {
        partnership: PartnershipId([1; 32]),
        document: DocumentId([document; 16]),
        expected_head: seq.checked_sub(1).map(position),
        guard: charter.map(|seq| (CHARTER, position(seq))),
        items: vec![item],
    }
}

fn commit(pipeline: &mut Pipeline) -> Vec<(u8, Vec<u64>)> {
    let (_, appends, _) = pipeline.start().expect("something waits");
    let seqs = |append: &entente_store::Append| append.entries.iter().map(|entry| entry.seq).collect();
    appends.iter().map(|append| (append.document.0[0], seqs(append))).collect()
}

#[test]
fn entries_of_one_document_under_one_charter_go_together() {
    let mut pipeline = Pipeline::default();
    for (document, seq) in [(1, 5), (2, 0), (1, 6), (2, 1), (1, 7)] {
        pipeline.push(run(document, seq, Some(3)));
    }
    assert_eq!(commit(&mut pipeline), [(1, vec![5, 6, 7]), (2, vec![0, 1])]);
}

#[test]
fn charter_entries_stand_before_what_cites_them_and_behind_what_does_not() {
    let mut pipeline = Pipeline::default();
    pipeline.push(run(0, 4, None));
    pipeline.push(run(0, 5, None));
    pipeline.push(run(1, 0, Some(5)));
    pipeline.push(run(0, 6, None));
    pipeline.push(run(1, 1, Some(6)));
    pipeline.push(run(2, 0, Some(6)));
    pipeline.push(run(1, 2, Some(6)));
    assert_eq!(
        commit(&mut pipeline),
        [(0, vec![4, 5]), (1, vec![0]), (0, vec![6]), (1, vec![1, 2]), (2, vec![0])]
    );
}

#[test]
fn a_batch_is_cut_before_it_grows_too_large_and_the_next_waits() {
    let mut pipeline = Pipeline::default();
    let large = |seq| {
        let mut run = run(1, seq, Some(3));
        run.items[0].envelope = vec![0; COMMIT_BYTES_MAX / 2];
        run
    };
    for seq in 0..5 {
        pipeline.push(large(seq));
    }
    assert_eq!(commit(&mut pipeline), [(1, vec![0, 1])]);
    assert!(pipeline.start().is_none(), "one commit at a time");
    assert!(pipeline.end(BatchId(7)).is_none(), "that was not under way");
    assert!(pipeline.end(BatchId(0)).is_some());
    assert_eq!(commit(&mut pipeline), [(1, vec![2, 3])]);
    // Nothing joins a batch that is on its way.
    pipeline.end(BatchId(1));
    assert_eq!(commit(&mut pipeline), [(1, vec![4])]);
    pipeline.push(run(1, 5, Some(3)));
    pipeline.end(BatchId(2));
    assert_eq!(commit(&mut pipeline), [(1, vec![5])]);
    pipeline.end(BatchId(3));
    assert_eq!((pipeline.bytes(), pipeline.len(), pipeline.is_empty()), (0, 0, true));
}
