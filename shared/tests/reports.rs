//! What reports read off small ledgers.

mod world;

use automerge::AutoCommit;
use automerge::transaction::Transactable;
use entente_shared::calendar::Calendar;
use entente_shared::content::Section;
use entente_shared::crypto::Key;
use entente_shared::ids::*;
use entente_shared::reports::authorship::{Authorship, Share};
use entente_shared::reports::deciding::Deciding;
use entente_shared::reports::exceptions::exceptions;
use entente_shared::reports::figures::Spread;
use entente_shared::reports::freshness::Freshness;
use entente_shared::reports::negotiation::{Light, Negotiation};
use entente_shared::reports::together::HoursTogether;
use entente_shared::reports::turnaround::{Answer, Asked, Flow, Turnaround};
use entente_shared::reports::waiting::{What, waiting};
use entente_shared::reports::{ClockUsed, DAY_MS, Event, History, Period};
use entente_shared::rules::BoundRole;
use entente_shared::statement::*;
use entente_shared::views::standing::State;
use proptest::prelude::*;
use world::*;

const HOUR: u64 = 3_600_000;
/// Wednesday 25 November 2026, 10:00 in Moscow, 02:00 in New York.
const WEDNESDAY: u64 = 1_795_590_000_000;

const MOSCOW: &str = "2026-11-01T00:00Z +03:00, until 2028-11-01T00:00Z";
const NEW_YORK: &str = "2026-11-01T06:00Z -05:00, 2027-03-14T07:00Z -04:00, 2027-11-07T06:00Z -05:00, \
                        2028-03-12T07:00Z -04:00, until 2028-11-01T00:00Z";

const RULES: &str = r#"
    [[rule]]
    id = "brief-approval"
    on = "brief:universal"
    chain = { of = "version", stages = [
        { role = "moscow/lead", rounds = 5, answer_within = "2 working hours" },
        { role = "newyork/lead", rounds = 2, answer_within = "1 working day" } ] }
    [[rule]]
    id = "brief-signed"
    on = "brief:universal"
    sign = { all_of = ["*/lead"], expires = "90 days" }
"#;

/// Anna leads Moscow, Dana New York; Pavel manages accounts in Moscow.
struct Cast {
    world: World,
    paper: Paper,
    anna: Key,
    dana: Key,
    pavel: Key,
}

fn cast() -> Cast {
    let mut world = World::found_with(entente_shared::ledger::RULES_VERSION, RULES);
    world.invite_dana();
    let (anna, dana) = (world.anna.clone(), world.dana.clone());
    for (key, party, table) in [(&anna, "moscow", MOSCOW), (&dana, "newyork", NEW_YORK)] {
        let table = world.edit(key, &format!("calendar/{party}"), |doc| {
            let calendar = container(doc, "calendar");
            doc.put(&calendar, "offsets", table).unwrap();
        });
        assert!(!world.append(table).unwrap().entry.verdict.is_held());
    }
    world.sign(&anna).unwrap();
    world.sign(&dana).unwrap();
    let pavel = Key::from_secret([4; 32]);
    world.join(&anna, &pavel, ("moscow", "account-manager", 4));
    world.now = WEDNESDAY;
    let paper = Paper::create(&mut world, &anna, "brief", &["market/ru", "market/us", "talk", "universal"]);
    Cast { world, paper, anna, dana, pavel }
}

impl Cast {
    /// Goes on at an instant: the next entry is received then.
    fn at(&mut self, at_ms: u64) -> &mut Self {
        self.world.now = at_ms - 1000;
        self
    }

    fn writes(&mut self, by: &Key, section: &str, value: &str) -> StatementId {
        let statement = self.paper.edit(&self.world, by, section, |doc| {
            doc.put(automerge::ROOT, "objective", value).unwrap();
        });
        let id = statement.id;
        self.paper.append(&mut self.world, statement).unwrap();
        id
    }

    fn asks(&mut self, replaces: Option<StatementId>) -> StatementId {
        let pavel = self.pavel.clone();
        self.paper.ask(&mut self.world, &pavel, "universal", replaces).unwrap()
    }

    fn approves(&mut self, by: &Key, target: StatementId) {
        self.paper.endorse(&mut self.world, by, target, "universal").unwrap();
    }

    fn declines(&mut self, by: &Key, target: StatementId, outcome: DeclineOutcome) {
        self.paper.state(&mut self.world, by, Act::Decline { target, outcome }).unwrap();
    }

    fn signs(&mut self, by: &Key) {
        self.paper.sign(&mut self.world, by, "universal").unwrap();
    }

    fn history(&self) -> History<'_> {
        let line = self.world.charter.line();
        let entries = self.paper.entries.iter();
        let events = entries.map(|(statement, outcome)| Event::of(statement, &outcome.entry, line.now()));
        History::new(self.paper.follower.document(), line, events.collect())
    }

    fn turnaround(&self, period: Period) -> Turnaround {
        Turnaround::of(&[self.history()], period, ClockUsed::Relay)
    }

    /// Two rounds in Moscow and one in New York: sent back after two hours, revised, approved after one
    /// hour, approved by New York six hours later, when it is at work.
    fn goes_through(&mut self) -> [StatementId; 2] {
        let (anna, dana, pavel) = (self.anna.clone(), self.dana.clone(), self.pavel.clone());
        self.at(WEDNESDAY + HOUR).writes(&pavel, "universal", "awareness");
        let first = self.at(WEDNESDAY + 2 * HOUR).asks(None);
        self.at(WEDNESDAY + 5 * HOUR).declines(&anna, first, DeclineOutcome::Returned);
        self.at(WEDNESDAY + 6 * HOUR).writes(&pavel, "universal", "conversion");
        let second = self.at(WEDNESDAY + 6 * HOUR + 1000).asks(Some(first));
        self.at(WEDNESDAY + 7 * HOUR + 1000).approves(&anna, second);
        self.at(WEDNESDAY + 13 * HOUR + 1000).approves(&dana, second);
        [first, second]
    }
}

fn always() -> Period {
    Period { from_ms: None, until_ms: u64::MAX }
}

#[test]
fn each_stage_and_round_is_timed_by_the_clock_and_in_the_hours_of_who_answered() {
    let mut cast = cast();
    let [first, second] = cast.goes_through();
    let found = cast.turnaround(always());
    let told: Vec<_> = found
        .steps
        .iter()
        .map(|step| {
            let hours = (step.elapsed_ms / HOUR, step.working_ms.map(|ms| ms / HOUR));
            let party = step.party.as_ref().map(PartyId::as_str).unwrap_or_default();
            (step.statement, party, step.stage, step.round, step.rounds, hours, step.answer, step.changed)
        })
        .collect();
    assert_eq!(
        told,
        [
            (first, "moscow", 1, 1, Some(5), (3, Some(3)), Answer::SentBack, Some(true)),
            (second, "moscow", 1, 2, Some(5), (1, Some(1)), Answer::Approved, Some(false)),
            // From 17:00 to 23:00 in Moscow; New York is at work from 10:00, which is 18:00 there.
            (second, "newyork", 2, 1, Some(2), (6, Some(5)), Answer::Approved, Some(false)),
        ]
    );
    let late: Vec<_> = found.steps.iter().map(|step| step.is_late()).collect();
    assert_eq!(late, [true, false, false], "two working hours; the end of the next working day");
    assert!(found.steps.iter().all(|step| step.asked == Asked::Version));
    let spread = |party: &str| {
        let side = found.sides.iter().find(|side| side.party.as_str() == party).expect("a side");
        side.figures.elapsed.map(|spread| (spread.median_ms / HOUR, spread.p90_ms / HOUR))
    };
    assert_eq!((spread("moscow"), spread("newyork")), (Some((1, 3)), Some((6, 6))));
    assert_eq!((found.all.answers, found.all.sent_back, found.all.changed, found.all.late), (3, 1, 1, 1));
    let [path] = found.paths.as_slice() else { panic!("one way: {:?}", found.paths) };
    assert_eq!((path.versions, path.elapsed_ms, path.approved_ms.is_some()), (2, 11 * HOUR + 1000, true));
    let rounds: Vec<_> = found.rounds.iter().map(|round| (round.round, round.figures.answers)).collect();
    assert_eq!(rounds, [(1, 2), (2, 1)]);
}

#[test]
fn before_and_after_a_day_are_told_apart_and_add_up() {
    let mut cast = cast();
    cast.goes_through();
    let split_ms = WEDNESDAY + 6 * HOUR;
    let [before, after] = always().split(split_ms).map(|period| cast.turnaround(period));
    assert_eq!((before.all.answers, after.all.answers), (1, 2));
    assert_eq!(after.change_permille(&before), Some(-666), "one hour instead of three");
    let nothing = cast.turnaround(Period { from_ms: None, until_ms: 0 });
    assert_eq!(before.change_permille(&nothing), None);
    // A version on its way at the end of a time is in it with what it has taken so far.
    assert_eq!(before.paths.len(), 1);
    assert_eq!((before.paths[0].approved_ms, before.paths[0].elapsed_ms), (None, 4 * HOUR));
}

#[test]
fn a_stage_that_approves_everything_as_it_is_looks_like_a_ritual() {
    let mut cast = cast();
    let (anna, dana) = (cast.anna.clone(), cast.dana.clone());
    for (number, value) in ["a", "b", "c"].into_iter().enumerate() {
        let begin = WEDNESDAY + number as u64 * 10 * HOUR;
        cast.at(begin + HOUR).writes(&anna, "universal", value);
        let ask = cast.at(begin + 2 * HOUR).asks(None);
        cast.at(begin + 3 * HOUR).approves(&anna, ask);
        if number == 1 {
            // Sent back, and asked again as it was.
            cast.at(begin + 4 * HOUR).declines(&dana, ask, DeclineOutcome::Returned);
            let again = cast.at(begin + 5 * HOUR).asks(Some(ask));
            cast.at(begin + 6 * HOUR).approves(&anna, again);
            cast.at(begin + 7 * HOUR).approves(&dana, again);
        } else {
            cast.at(begin + 4 * HOUR).approves(&dana, ask);
        }
    }
    let found = cast.turnaround(always());
    let rituals: Vec<_> = found.stages.iter().map(|stage| (stage.stage, stage.looks_like_ritual)).collect();
    assert_eq!(rituals, [(1, true), (2, true)], "{:?}", found.stages);
    assert_eq!(found.rounds.last().map(|round| round.round), Some(2));
}

#[test]
fn suggestions_count_for_who_wrote_them_and_for_who_decided() {
    let mut cast = cast();
    let (anna, dana) = (cast.anna.clone(), cast.dana.clone());
    let taken = cast.at(WEDNESDAY + HOUR).writes(&dana, "universal", "awareness");
    cast.at(WEDNESDAY + 2 * HOUR).approves(&anna, taken);
    let not = cast.at(WEDNESDAY + 3 * HOUR).writes(&dana, "universal", "retention");
    cast.at(WEDNESDAY + 7 * HOUR).declines(&anna, not, DeclineOutcome::Declined);
    let waits = cast.at(WEDNESDAY + 8 * HOUR).writes(&dana, "universal", "conversion");
    cast.writes(&dana, "talk", "hello");
    let found = cast.turnaround(always());
    let flow = |party: &str| found.flows.get(&PartyId::new(party)).cloned().unwrap_or_default();
    let expected = Flow { statements: 3, waited: 3, not_taken: 1, open: 1, messages: 1, ..Flow::default() };
    assert_eq!((flow("newyork"), flow("moscow")), (expected, Flow::default()));
    let changed: Vec<_> = found.steps.iter().map(|step| (step.elapsed_ms / HOUR, step.changed)).collect();
    assert_eq!(changed, [(1, Some(false)), (4, Some(true))]);

    // On whom it waits: Anna, whose team is closed by then.
    let now_ms = WEDNESDAY + 10 * HOUR;
    let (document, charter) = (cast.paper.follower.document(), cast.world.charter.now());
    let list = waiting(document, charter, |hold| cast.paper.follower.needs(charter, hold), now_ms);
    let [one] = list.as_slice() else { panic!("one suggestion: {list:?}") };
    assert_eq!(
        (one.what, one.statement, one.since_ms),
        (What::Suggestion, Some(waits), WEDNESDAY + 8 * HOUR)
    );
    assert_eq!(one.who, [BoundRole::Party("moscow".into(), "lead".into())]);
    let [team] = one.teams.as_slice() else { panic!("one team: {:?}", one.teams) };
    assert_eq!((team.at_work, team.changes_at_ms), (Some(false), Some(WEDNESDAY + 24 * HOUR)));
}

#[test]
fn a_version_waits_for_the_stage_whose_turn_it_is_until_its_due_time() {
    let mut cast = cast();
    let (anna, pavel) = (cast.anna.clone(), cast.pavel.clone());
    cast.at(WEDNESDAY + HOUR).writes(&pavel, "universal", "awareness");
    let ask = cast.at(WEDNESDAY + 2 * HOUR).asks(None);
    cast.at(WEDNESDAY + 3 * HOUR).approves(&anna, ask);
    let now_ms = WEDNESDAY + 4 * HOUR;
    let (document, charter) = (cast.paper.follower.document(), cast.world.charter.now());
    let list = waiting(document, charter, |hold| cast.paper.follower.needs(charter, hold), now_ms);
    let [one] = list.as_slice() else { panic!("one version: {list:?}") };
    assert_eq!((one.what, one.since_ms, one.is_late), (What::Version, WEDNESDAY + 3 * HOUR, false));
    assert_eq!(one.who, [BoundRole::Party("newyork".into(), "lead".into())]);
    // The next working day of New York is Thursday there; it ends at 19:00, Friday 03:00 in Moscow.
    assert_eq!(one.due_ms, Some(WEDNESDAY + 41 * HOUR));
    assert_eq!(one.teams[0].changes_at_ms, Some(WEDNESDAY + 8 * HOUR), "New York opens at 10:00");
}

#[test]
fn freshness_says_how_old_a_signature_is_and_what_came_after() {
    let mut cast = cast();
    let (anna, dana) = (cast.anna.clone(), cast.dana.clone());
    cast.at(WEDNESDAY + HOUR).writes(&dana, "market/us", "awareness");
    let all = Freshness::all(&cast.history(), WEDNESDAY + 2 * HOUR);
    let of = |all: &[Freshness]| all.iter().find(|one| one.section.as_str() == "universal").cloned().unwrap();
    assert_eq!((of(&all).signed, of(&all).state, of(&all).changes), (None, State::Draft, 0));
    cast.at(WEDNESDAY + 2 * HOUR).writes(&anna, "universal", "awareness");
    cast.at(WEDNESDAY + 3 * HOUR).signs(&anna);
    cast.at(WEDNESDAY + 4 * HOUR).signs(&dana);
    let signed = of(&Freshness::all(&cast.history(), WEDNESDAY + 5 * HOUR));
    assert_eq!((signed.state, signed.changes, signed.has_drifted()), (State::Signed, 0, false));
    assert_eq!(signed.signed.as_ref().map(|mark| mark.at_ms), Some(WEDNESDAY + 4 * HOUR));
    assert_eq!(signed.lapses_ms, Some(WEDNESDAY + 3 * HOUR + 90 * DAY_MS));
    cast.at(WEDNESDAY + 30 * HOUR).writes(&anna, "universal", "conversion");
    let drifted = of(&Freshness::all(&cast.history(), WEDNESDAY + 31 * HOUR));
    assert_eq!((drifted.changes, drifted.has_drifted(), drifted.is_due), (1, true, false));
    assert_eq!(drifted.changed_by, [PersonId([1; 16])]);
    assert!(of(&Freshness::all(&cast.history(), WEDNESDAY + 95 * DAY_MS)).is_due);
}

#[test]
fn the_table_of_who_decides_is_the_rules_own() {
    let cast = cast();
    let kind = KindId::new("brief");
    let sections = ["universal", "market/us"].map(|name| (kind.clone(), SectionId::new(name)));
    let table = Deciding::all(cast.world.charter.now(), &sections);
    let roles = |roles: &[BoundRole]| roles.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let [universal, us] = table.as_slice() else { panic!("two sections: {table:?}") };
    assert_eq!(roles(&universal.writes), "moscow/account-manager moscow/lead");
    assert_eq!(roles(&universal.decides), "moscow/lead");
    assert_eq!(roles(&universal.signs), "moscow/lead newyork/lead");
    let stages: Vec<_> = universal.approves.iter().map(|stage| (roles(&stage.who), stage.rounds)).collect();
    assert_eq!(stages, [("moscow/lead".to_owned(), Some(5)), ("newyork/lead".to_owned(), Some(2))]);
    assert_eq!(roles(&us.writes), "newyork/account-manager newyork/lead");
    assert_eq!(roles(&us.unheld), "newyork/account-manager", "nobody is account manager there");
}

#[test]
fn a_negotiation_turns_amber_on_day_8_and_red_on_day_21_and_stops_when_all_have_signed() {
    let mut cast = cast();
    let began_ms = cast.history().document.created_ms();
    assert!(Negotiation::of(&cast.history(), began_ms).is_none(), "a brief is not negotiated");
    let light = |cast: &Cast, days: u64| Negotiation::of_any(&cast.history(), began_ms + days * DAY_MS).light;
    let lights = [0, 7, 8, 20, 21].map(|days| light(&cast, days));
    assert_eq!(lights, [Light::Green, Light::Green, Light::Amber, Light::Amber, Light::Red]);
    let (anna, dana) = (cast.anna.clone(), cast.dana.clone());
    cast.writes(&dana, "market/us", "awareness");
    cast.writes(&anna, "universal", "awareness");
    cast.signs(&anna);
    cast.at(began_ms + 9 * DAY_MS).signs(&dana);
    let ended = Negotiation::of_any(&cast.history(), began_ms + 30 * DAY_MS);
    assert_eq!((ended.days, ended.light, ended.ended_ms), (9, Light::Amber, Some(began_ms + 9 * DAY_MS)));
    assert!(exceptions(&cast.history(), always()).is_empty());
}

#[test]
fn hours_together_are_those_of_a_time_zone_database_in_both_regimes() {
    let year = |zone: &str, month: i8| {
        let date = jiff::civil::date(2027, month, 1).to_zoned(jiff::tz::TimeZone::get(zone).unwrap());
        u64::try_from(date.unwrap().timestamp().as_millisecond()).unwrap()
    };
    let moscow = Calendar::parse("Mon-Fri 10:00-19:00", MOSCOW, "2027-05-03, 2027-05-10").unwrap();
    let newyork = Calendar::parse("Mon-Fri 09:00-18:00", NEW_YORK, "2027-07-05").unwrap();
    let (from_ms, until_ms) = (year("UTC", 1), year("UTC", 12));
    let (one, other) = (PartyId::new("moscow"), PartyId::new("newyork"));
    let found = HoursTogether::of((&one, &moscow), (&other, &newyork), from_ms, until_ms).unwrap();
    let apart: Vec<_> = found.seasons.iter().map(|season| season.ahead_min / 60).collect();
    assert_eq!(apart, [8, 7, 8], "winter, summer, winter");
    let usual: Vec<_> = found.seasons.iter().map(|season| season.usual.unwrap().length_ms / HOUR).collect();
    assert_eq!(usual, [2, 3, 2]);

    let at_work =
        |zone: &jiff::tz::TimeZone, at: jiff::Timestamp, hours: std::ops::Range<i8>, off: &[&str]| {
            let local = at.to_zoned(zone.clone());
            let is_weekday = local.weekday().to_monday_zero_offset() < 5;
            is_weekday && hours.contains(&local.hour()) && !off.contains(&local.date().to_string().as_str())
        };
    let zones = ["Europe/Moscow", "America/New_York"].map(|zone| jiff::tz::TimeZone::get(zone).unwrap());
    let mut expected_ms = 0;
    for at_ms in (from_ms..until_ms).step_by(1_800_000) {
        let at = jiff::Timestamp::from_millisecond(i64::try_from(at_ms).unwrap()).unwrap();
        let both = at_work(&zones[0], at, 10..19, &["2027-05-03", "2027-05-10"])
            && at_work(&zones[1], at, 9..18, &["2027-07-05"]);
        expected_ms += if both { 1_800_000 } else { 0 };
    }
    assert_eq!(found.total_ms, expected_ms);
    assert_eq!(found.seasons.iter().map(|season| season.total_ms).sum::<u64>(), expected_ms);
    assert!(HoursTogether::of((&one, &moscow), (&other, &newyork), u64::MAX - 1, u64::MAX).is_none());
}

/// A section in which some people wrote, one after the other.
fn written(edits: &[(u8, usize, String)]) -> Section {
    let mut section = genesis("matrix", &SectionId::new("escalation"));
    for (writer, at, text) in edits {
        section.set_actor(ActorKey([*writer; 16]));
        let doc: &mut AutoCommit = section.doc_mut();
        let (_, object) = match automerge::ReadDoc::get(doc, automerge::ROOT, "said").unwrap() {
            Some(found) => found,
            None => {
                let made = doc.put_object(automerge::ROOT, "said", automerge::ObjType::Text).unwrap();
                (automerge::Value::Object(automerge::ObjType::Text), made)
            }
        };
        let length = automerge::ReadDoc::length(doc, &object);
        let at = at % (length + 1);
        // It takes the place of one character, where there is one.
        doc.splice_text(&object, at, isize::from(at < length), text).unwrap();
        doc.commit();
    }
    section
}

fn team_of(actor: &ActorKey) -> Option<PartyId> {
    match actor.0[0] {
        1 | 2 => Some("moscow".into()),
        3 => Some("newyork".into()),
        _ => None,
    }
}

#[test]
fn what_stands_counts_for_who_wrote_it_and_what_was_deleted_for_nobody() {
    let edits = [(1, 0, "Winter".to_owned()), (3, 6, " without haste".to_owned()), (2, 0, "w".to_owned())];
    let found = Authorship::of(&written(&edits), team_of);
    let share = |party: &str| found.parties.get(&PartyId::new(party)).copied().unwrap_or_default();
    // Pavel replaced Anna's first letter; both are of Moscow.
    assert_eq!(share("moscow"), Share { characters: 6, values: 0 });
    assert_eq!(share("newyork"), Share { characters: 14, values: 0 });
    assert_eq!(found.permille(&"newyork".into()), Some(700));
    assert!(found.only().is_none() && !found.template.is_empty());
    let alone = Authorship::of(&written(&edits[..1]), team_of);
    assert_eq!(alone.only().map(PartyId::as_str), Some("moscow"));
    assert_eq!(Authorship::of(&written(&[]), team_of).permille(&"moscow".into()), None);
}

proptest! {
    #[test]
    fn shares_add_up_to_all_that_stands(
        edits in proptest::collection::vec((1_u8..6, 0_usize..40, "[a-zа-я]{0,6}"), 0..12),
    ) {
        let section = written(&edits);
        let found = Authorship::of(&section, team_of);
        let standing = match section.value().get("said") {
            Some(value) => value.as_str().unwrap_or_default().chars().count() as u64,
            None => 0,
        };
        let empty = Authorship::of(&written(&[]), team_of).total().characters;
        prop_assert_eq!(found.total().characters, standing + empty);
        let shares: u64 = found.parties.keys().filter_map(|party| found.permille(party)).sum();
        prop_assert!(shares <= 1000 && (found.parties.is_empty() || shares > 1000 - found.parties.len() as u64));
    }

    #[test]
    fn median_and_slow_end_are_lengths_that_occurred_in_order(
        lengths in proptest::collection::vec(0_u64..1_000_000, 0..40),
    ) {
        let Some(spread) = Spread::of(lengths.clone()) else {
            return { prop_assert!(lengths.is_empty()); Ok(()) };
        };
        prop_assert!(lengths.contains(&spread.median_ms) && lengths.contains(&spread.p90_ms));
        prop_assert!(spread.median_ms <= spread.p90_ms);
        let not_longer = |than: u64| lengths.iter().filter(|one| **one <= than).count();
        prop_assert!(not_longer(spread.median_ms) * 2 >= lengths.len());
        prop_assert!(not_longer(spread.p90_ms) * 10 >= lengths.len() * 9);
        let longer = lengths.iter().filter(|one| **one >= spread.median_ms).count();
        prop_assert!(longer * 2 >= lengths.len());
    }
}
