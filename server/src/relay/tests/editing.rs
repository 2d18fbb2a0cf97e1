use entente_shared::ids::*;
use entente_shared::statement::{Act, Capacity, DeclineOutcome, Statement};
use entente_shared::wire::{ClientFrame, Pass};

use super::{none, story};
use crate::limits::{INTAKE_STATEMENTS, Limits};
use crate::relay::{Counter, Options};
use crate::testing::{Bench, Mirror, Person, T0, rules_with_guests};

#[test]
fn an_edit_is_durable_before_anybody_sees_it_and_before_it_is_answered() {
    let mut story = story();
    story.bench.commits_at_once = false;
    let note = story.anna.note(&story.annas, story.matrix, "party/moscow", 1);
    assert_eq!(story.bench.submit("anna", &[&note]), ["commit matrix 1"]);
    assert_eq!(
        story.bench.commit(),
        ["anna < entries matrix 1", "dana < entries matrix 1", "anna < entered 1 admitted by own-column"]
    );
    assert_eq!(story.bench.counts[&Counter::StatementsAdmitted], 7);
}

#[test]
fn an_edit_of_the_other_team_waits_and_is_decided() {
    let mut story = story();
    let note = story.dana.note(&story.danas, story.matrix, "party/moscow", 1);
    assert_eq!(
        story.submit("dana", &note),
        [
            "commit matrix 1",
            "anna < entries matrix 1",
            "dana < entries matrix 1",
            "dana < entered 1 held by own-column"
        ]
    );
    let act = Act::Endorse { target: note.id, capacity: Capacity::Decider, heads: vec![] };
    let endorse = story.anna.state(&story.annas, story.matrix, act);
    let lines = story.submit("anna", &endorse);
    assert_eq!(lines[3], "anna < entered 2 admitted by own-column");
    let copy = story.danas.document(story.matrix).unwrap();
    assert!(copy.document.is_effective(&note.id));
    assert_eq!(story.bench.counts[&Counter::StatementsHeld], 1);
}

#[test]
fn what_no_rule_allows_is_refused_and_nobody_else_hears_of_it() {
    let mut story = story();
    let act = Act::Decline { target: StatementId([1; 32]), outcome: DeclineOutcome::Declined };
    let decline = story.anna.state(&story.annas, story.matrix, act);
    assert_eq!(story.submit("anna", &decline), ["anna < refused: that suggestion is not open"]);
    assert_eq!(story.bench.counts[&Counter::StatementsRefused("not-open")], 1);
    let unknown = DocumentId::new(T0, [99; 10]);
    let act = Act::Withdraw { target: StatementId([1; 32]) };
    let lost = story.anna.state(&story.annas, unknown, act);
    assert_eq!(story.submit("anna", &lost), ["anna < refused: it builds on something that has not arrived"]);
}

#[test]
fn a_statement_that_came_before_is_answered_with_its_place() {
    let mut story = story();
    story.bench.commits_at_once = false;
    let note = story.anna.note(&story.annas, story.matrix, "party/moscow", 1);
    story.bench.submit("anna", &[&note]);
    assert_eq!(story.bench.submit("dana", &[&note]), none(), "it is not durable yet");
    assert_eq!(
        story.bench.commit(),
        [
            "anna < entries matrix 1",
            "dana < entries matrix 1",
            "anna < entered 1 admitted by own-column",
            "dana < entered 1 admitted by own-column",
        ]
    );
    story.bench.commits_at_once = true;
    assert_eq!(story.bench.submit("dana", &[&note]), ["dana < entered 1 admitted by own-column"]);
    let mut forged = note.clone();
    forged.envelope.signature = Signature([1; 64]);
    assert_eq!(story.bench.submit("dana", &[&forged]), ["dana < entered 1 admitted by own-column"]);
}

#[test]
fn one_bad_signature_in_a_frame_costs_nobody_else_anything() {
    let mut story = story();
    let notes: Vec<_> =
        (0..3).map(|n| story.anna.note(&story.annas, story.matrix, "party/moscow", n)).collect();
    let mut forged = notes[1].clone();
    forged.envelope.signature = notes[0].envelope.signature;
    assert_eq!(
        story.bench.submit("anna", &[&notes[0], &forged, &notes[2]]),
        [
            "commit matrix 1 2",
            "anna < entries matrix 1 2",
            "dana < entries matrix 1 2",
            "anna < entered 1 admitted by own-column",
            "anna < refused: not a well-formed statement: the signature is not valid",
            "anna < entered 2 admitted by own-column",
        ]
    );
}

#[test]
fn statements_that_come_during_a_commit_share_the_next() {
    let mut story = story();
    story.bench.commits_at_once = false;
    let note = |n| story.anna.note(&story.annas, story.matrix, "party/moscow", n);
    let notes: Vec<_> = (0..4).map(note).collect();
    let theirs = story.dana.note(&story.danas, story.matrix, "party/newyork", 9);
    assert_eq!(story.bench.submit("anna", &[&notes[0]]), ["commit matrix 1"]);
    for note in &notes[1..] {
        assert_eq!(story.bench.submit("anna", &[note]), none());
    }
    assert_eq!(story.bench.submit("dana", &[&theirs]), none());
    let lines = story.bench.commit();
    assert_eq!(lines.last().unwrap(), "commit matrix 2 3 4 5");
    assert_eq!(
        story.bench.commit(),
        [
            "anna < entries matrix 2 3 4 5",
            "dana < entries matrix 2 3 4 5",
            "anna < entered 2 admitted by own-column",
            "anna < entered 3 admitted by own-column",
            "anna < entered 4 admitted by own-column",
            "dana < entered 5 admitted by own-column",
        ]
    );
}

#[test]
fn a_long_intake_is_judged_while_the_disk_is_busy() {
    let mut story = story();
    story.bench.commits_at_once = false;
    let note = |n| story.anna.note(&story.annas, story.matrix, "party/moscow", n);
    let notes: Vec<Statement> = (0..=INTAKE_STATEMENTS as u64).map(note).collect();
    story.bench.submit("anna", &[&notes[0]]);
    let rest: Vec<_> = notes[1..].iter().collect();
    story.bench.submit("anna", &rest);
    assert_eq!(story.bench.relay.gauges().uncommitted, notes.len());
    let again: Vec<_> = notes.iter().collect();
    story.bench.submit("dana", &again);
    story.bench.commit();
    let lines = story.bench.commit();
    let answers =
        |name: &str| lines.iter().filter(|line| line.starts_with(&format!("{name} < entered"))).count();
    assert_eq!((answers("anna"), answers("dana")), (INTAKE_STATEMENTS, INTAKE_STATEMENTS));
}

#[test]
fn a_refusal_that_rests_on_an_entry_waits_for_the_disk_with_it() {
    let mut story = story();
    let note = story.dana.note(&story.danas, story.matrix, "party/moscow", 1);
    story.submit("dana", &note);
    story.bench.commits_at_once = false;
    let withdraw = story.dana.state(&story.danas, story.matrix, Act::Withdraw { target: note.id });
    let act = Act::Endorse { target: note.id, capacity: Capacity::Decider, heads: vec![] };
    let endorse = story.anna.state(&story.annas, story.matrix, act);
    let statements = [&withdraw, &endorse].map(|statement| statement.envelope.clone()).to_vec();
    let lines = story.bench.send("anna", &ClientFrame::Submit { statements });
    assert_eq!(lines, ["commit matrix 2"]);
    assert_eq!(
        story.bench.commit(),
        [
            "anna < entries matrix 2",
            "dana < entries matrix 2",
            "anna < entered 2 admitted by own-suggestion",
            "anna < refused: that suggestion is not open",
        ]
    );
}

#[test]
fn time_goes_on_whatever_the_clock_does() {
    let mut story = story();
    story.bench.now_ms = T0 - 1_000_000;
    for n in 0..3 {
        let note = story.anna.note(&story.annas, story.matrix, "party/moscow", n);
        let before = story.annas.time_ms();
        story.bench.submit("anna", &[&note]);
        story.follow();
        assert_eq!(story.annas.time_ms(), before + 1);
    }
}

#[test]
fn a_device_that_sends_too_much_is_told_when_to_go_on() {
    let limits = Limits { device_statements_per_minute: 6, ..Limits::default() };
    let mut story = Bench::story(Options { limits, ..Options::default() }, &rules_with_guests("moscow"));
    let note = |n| story.dana.note(&story.danas, story.matrix, "party/newyork", n);
    let notes: Vec<_> = (0..7).map(note).collect();
    let lines = story.bench.submit("dana", &notes.iter().collect::<Vec<_>>());
    assert_eq!(lines[0], "dana < refused: too much at once; try again in 10000 ms");
}

#[test]
fn one_partnership_cannot_take_the_document_of_another() {
    let mut story = story();
    let eve = Person::new(9, "moscow");
    let bench = &mut story.bench;
    let pass = Pass::Founding { token: vec![].into() };
    bench.hello("eve", &eve.key, PartnershipId([0; 32]), pass);
    let rules = rules_with_guests("moscow");
    let charter = DocumentId::new(T0, [55; 10]);
    bench.submit("eve", &[&eve.found(Bench::relay_id(), charter, &rules)]);
    bench.send("eve", &ClientFrame::Subscribe { known: vec![], live: true });
    let mut mirror = Mirror::default();
    bench.follow("eve", &mut mirror).unwrap();
    let create = eve.create_matrix(&mirror, story.matrix);
    let lines = bench.submit("eve", &[&create]);
    assert_eq!(lines, ["eve < refused: not a well-formed statement: that document's id is taken"]);
    let foreign = story.anna.note(&story.annas, story.matrix, "party/moscow", 1);
    let lines = bench.submit("eve", &[&foreign]);
    assert_eq!(lines, ["eve < refused: not a well-formed statement: another partnership"]);
}
