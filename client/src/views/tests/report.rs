//! The coordination report of a week in which a brief went through its rounds.

use entente_shared::reports::turnaround::Answer;
use entente_shared::reports::{ClockUsed, DAY_MS, Period};

use super::*;

const US: &str = "market/us";

/// A brief whose section for the US was sent back once, revised and approved; a suggestion and a second
/// version wait.
struct Week {
    world: World,
    brief: DocumentId,
    /// When the first version was sent back.
    sent_back_ms: u64,
}

fn later(world: &mut World, ms: u64) -> u64 {
    world.now_ms += ms;
    world.now_ms
}

fn writes(world: &mut World, brief: DocumentId, value: &str) {
    let now_ms = later(world, HOUR);
    let section = SectionId::new(US);
    let command = EditCommand::SetText { path: Path::from("framing/en"), new: value.to_owned() };
    world
        .chris
        .at(now_ms, |replica, now| replica.edit(now, brief, &section, command))
        .expect("the own market");
    world.sync_all();
}

fn asks(world: &mut World, brief: DocumentId) -> StatementId {
    let now_ms = later(world, MINUTE);
    let section = SectionId::new(US);
    let asked = world.chris.at(now_ms, |replica, now| replica.ask(now, brief, &section, None));
    let asked = asked.expect("the own section").statement;
    world.sync_all();
    asked
}

fn week() -> Week {
    let mut world = World::in_force();
    let brief = world.create("brief", "Winter launch");
    writes(&mut world, brief, "Two reels");
    let first = asks(&mut world, brief);
    let sent_back_ms = later(&mut world, 3 * HOUR);
    let reason = Some("Shorter, please.".to_owned());
    world
        .anna
        .at(sent_back_ms, |replica, now| replica.decline(now, first, DeclineOutcome::Returned, reason))
        .expect("Moscow decides");
    world.sync_all();
    writes(&mut world, brief, "One reel");
    let second = asks(&mut world, brief);
    let now_ms = later(&mut world, HOUR);
    world.anna.at(now_ms, |replica, now| replica.endorse(now, second, None)).expect("Moscow decides");
    world.sync_all();
    writes(&mut world, brief, "One reel, one story");
    asks(&mut world, brief);
    let now_ms = later(&mut world, 10 * MINUTE);
    world.chris.set(now_ms, brief, "universal", "objective", "awareness");
    world.sync_all();
    Week { world, brief, sent_back_ms }
}

fn wish(split_ms: Option<u64>) -> ReportWish {
    ReportWish { period: Period { from_ms: None, until_ms: u64::MAX }, split_ms, clock: ClockUsed::Relay }
}

/// The report as Anna reads it.
pub(super) fn texts(texts: &mut Texts<'_>) {
    let Week { world, sent_back_ms, .. } = week();
    let now_ms = world.now_ms;
    let wish = wish(Some(sent_back_ms + MINUTE));
    let report = Report::of(&world.anna.replica, &wish, now_ms).expect("a report");
    texts.add("report", |words| report.text(words));
}

#[test]
fn everybody_reads_the_same_figures_off_the_same_ledgers() {
    let Week { world, brief, .. } = week();
    let read = |device: &Device| Report::of(&device.replica, &wish(None), world.now_ms).expect("a report");
    let (anna, chris) = (read(&world.anna), read(&world.chris));
    let figures = |report: &Report| serde_json::to_string(&report.turnaround).expect("JSON");
    assert_eq!(figures(&anna), figures(&chris));
    let answers: Vec<_> = anna.turnaround.steps.iter().map(|step| (step.answer, step.changed)).collect();
    assert_eq!(answers, [(Answer::SentBack, Some(true)), (Answer::Approved, Some(false))]);
    assert_eq!(anna.waiting.len(), 2, "a version and a suggestion");
    assert!(anna.unread.is_empty());
    // Fields of the brief that only New York has written.
    let us = anna.authors.iter().find(|one| one.section.as_str() == US).expect("authors");
    assert_eq!((us.document, us.only.as_ref().map(PartyId::as_str)), (brief, Some("newyork")));
}

#[test]
fn the_report_speaks_of_its_time_alone() {
    let Week { world, sent_back_ms, .. } = week();
    let period = Period { from_ms: Some(sent_back_ms + MINUTE), until_ms: world.now_ms + DAY_MS };
    let wish = ReportWish { period, ..wish(None) };
    let report = Report::of(&world.dana.replica, &wish, world.now_ms).expect("a report");
    assert_eq!(report.turnaround.all.answers, 1);
    let said = report.part_text(&Words::new(Lang::En), ReportPart::Turnaround);
    assert!(said.contains("1 answer") && said.contains("since"), "{said}");
}
