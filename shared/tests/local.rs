//! Local authority: approving instead of a party that is closed, and what that party says to it.

mod world;

use automerge::ROOT;
use automerge::transaction::Transactable;
use entente_shared::crypto::Key;
use entente_shared::document::{Closure, LocalState};
use entente_shared::ids::*;
use entente_shared::judge::{LocalBar, Refusal};
use entente_shared::rules::BoundRole;
use entente_shared::statement::*;
use entente_shared::views::Standing;
use entente_shared::views::standing::State;
use proptest::prelude::*;
use world::*;

const US: &str = "market/us";
const MINUTE_MS: u64 = 60_000;
const HOUR_MS: u64 = 60 * MINUTE_MS;
const MOSCOW: &str = "2026-11-01T00:00Z +03:00, until 2028-11-01T00:00Z";

const RULES: &str = r#"
    [[rule]]
    id = "local-versions"
    on = "brief:market/{market}"
    chain = { of = "version", over_budget = "tell both, then moscow/director", stages = [
        { role = "moscow/lead", rounds = 2, answer_within = "1 working day" } ] }
    [[rule]]
    id = "evening"
    on = "brief:market/{market}"
    local = { role = "{market}/lead", instead_of = "moscow/lead", when = "moscow closed",
              due_within = "12 hours", due_known_for = "2 working hours of moscow", uses = "3 a week",
              tell = ["moscow/lead"], ratify_within = "1 working day" }
"#;

/// An instant of November 2026 by Moscow's clock; the 24th is a Tuesday.
fn msk(day: u64, hour: u64, minute: u64) -> u64 {
    let since_t0 = (day * 24 * 60 + hour * 60 + minute) as i64 - (24 * 24 * 60 + 20 * 60 + 5);
    T0.saturating_add_signed(since_t0 * MINUTE_MS as i64)
}

/// Anna leads Moscow, Dana New York; Pavel manages accounts in Moscow, Chris in New York.
struct Cast {
    world: World,
    paper: Paper,
    anna: Key,
    dana: Key,
    chris: Key,
    igor: Key,
}

fn cast() -> Cast {
    cast_under(entente_shared::ledger::RULES_VERSION, RULES, MOSCOW)
}

fn cast_under(version: u32, rules: &str, offsets: &str) -> Cast {
    let mut world = World::found_with(version, rules);
    world.invite_dana();
    let (anna, dana) = (world.anna.clone(), world.dana.clone());
    if !offsets.is_empty() {
        let calendar = world.edit(&anna, "calendar/moscow", |doc| {
            let map = container(doc, "calendar");
            doc.put(&map, "offsets", offsets).unwrap();
        });
        assert!(!world.append(calendar).unwrap().entry.verdict.is_held());
    }
    world.sign(&anna).unwrap();
    world.sign(&dana).unwrap();
    let (chris, igor) = (Key::from_secret([4; 32]), Key::from_secret([5; 32]));
    world.join(&dana, &chris, ("newyork", "account-manager", 4));
    world.join(&anna, &igor, ("moscow", "viewer", 5));
    let paper = Paper::create(&mut world, &anna, "brief", &["market/ru", US, "talk", "universal"]);
    Cast { world, paper, anna, dana, chris, igor }
}

impl Cast {
    /// A statement that a device signs when its clock says `clock_ms`.
    fn signed(&self, by: &Key, clock_ms: u64, act: Act) -> Statement {
        let words = Payload { text: Some("please".into()), ..Payload::default() };
        let seen = Seen {
            document: self.paper.follower.document().head(),
            charter: self.world.charter.line().head(),
        };
        let partnership = Some(self.world.partnership);
        let header = Header { clock_ms, ..header(partnership, self.paper.id, seen, act) };
        Statement::sign(by, header, vec![(US.into(), words)])
    }

    /// The relay receives something at `received_ms` that was signed at `clock_ms` by its device.
    fn at(
        &mut self,
        by: &Key,
        (received_ms, clock_ms): (u64, u64),
        act: Act,
    ) -> Result<StatementId, Refusal> {
        let statement = self.signed(by, clock_ms, act);
        let id = statement.id;
        self.world.now = received_ms - 1000;
        self.paper.append(&mut self.world, statement).map(|_| id)
    }

    /// What the relay would say to that.
    fn would(&self, by: &Key, (received_ms, clock_ms): (u64, u64), act: Act) -> Result<(), Refusal> {
        let statement = self.signed(by, clock_ms, act);
        let mut follower = self.paper.follower.clone();
        follower.append(self.world.charter.line(), &statement, received_ms).map(drop)
    }

    /// The same with both clocks right.
    fn then(&mut self, by: &Key, at_ms: u64, act: Act) -> Result<StatementId, Refusal> {
        self.at(by, (at_ms, at_ms), act)
    }

    fn writes(&mut self, text: &str) {
        let chris = self.chris.clone();
        let edit = self.paper.edit(&self.world, &chris, US, |doc| doc.put(ROOT, "note", text).unwrap());
        assert!(!self.paper.append(&mut self.world, edit).unwrap().entry.verdict.is_held());
    }

    fn asks(&mut self, at_ms: u64, due_ms: Option<u64>, replaces: Option<StatementId>) -> StatementId {
        let chris = self.chris.clone();
        let act = Act::Ask { version: self.paper.version(US), replaces, due_ms };
        self.then(&chris, at_ms, act).unwrap()
    }

    /// Chris asks on Wednesday at 16:00 in Moscow, with an answer needed by Thursday 6:00.
    fn asked(&mut self) -> StatementId {
        self.world.now = msk(25, 15, 0);
        self.writes("Two reels");
        self.asks(msk(25, 16, 0), Some(msk(26, 6, 0)), None)
    }

    fn local(&self, target: StatementId) -> Act {
        let heads = vec![self.paper.follower.document().asked_about(&target).unwrap().version.clone()];
        Act::Endorse { target, capacity: Capacity::Local, heads }
    }

    fn is_approved(&self, ask: StatementId) -> bool {
        self.paper.section(US).approved.as_ref().is_some_and(|approved| approved.ask == ask)
    }

    fn bar(&mut self, by: &Key, clocks: (u64, u64), target: StatementId) -> LocalBar {
        let act = self.local(target);
        match self.at(by, clocks, act) {
            Err(Refusal::NotLocal { party, who, bar }) => {
                assert_eq!((party.as_str(), &who[..]), ("moscow", &[role("moscow", "lead")][..]));
                assert!(!self.is_approved(target));
                bar
            }
            other => panic!("{other:?}"),
        }
    }

    fn state(&self, now_ms: u64) -> Vec<LocalState> {
        self.paper.follower.document().local_uses().iter().map(|used| used.state(now_ms)).collect()
    }

    fn standing(&self, now_ms: u64) -> Standing {
        let document = self.paper.follower.document();
        Standing::of(document, self.world.charter.now(), &US.into(), now_ms).unwrap()
    }
}

fn role(party: &str, role: &str) -> BoundRole {
    BoundRole::Party(party.into(), role.into())
}

fn ratify(target: StatementId) -> Act {
    Act::Endorse { target, capacity: Capacity::Ratify, heads: vec![] }
}

fn object(target: StatementId) -> Act {
    Act::Decline { target, outcome: DeclineOutcome::Objected }
}

#[test]
fn moscow_sleeps_new_york_approves_and_moscow_ratifies_in_the_morning() {
    let mut cast = cast();
    let (anna, dana) = (cast.anna.clone(), cast.dana.clone());
    let ask = cast.asked();
    let standing = cast.standing(msk(25, 16, 0));
    assert_eq!(standing.review.unwrap().due_ms, Some(msk(26, 6, 0)), "needed before the answer is due");
    let act = cast.local(ask);
    let by = cast.then(&dana, msk(25, 20, 10), act).unwrap();
    assert!(cast.is_approved(ask));
    let used = cast.paper.follower.document().local_uses()[0].clone();
    assert_eq!((used.statement, used.person, used.rule.as_str()), (by, PersonId([2; 16]), "evening"));
    assert_eq!(used.ratify_by_ms, Some(msk(26, 19, 0)));
    assert_eq!(cast.state(msk(25, 20, 11)), [LocalState::ToRatify]);
    assert_eq!(cast.standing(msk(25, 20, 11)).local, Some(used));

    let refused = cast.then(&dana, msk(26, 10, 0), ratify(ask));
    assert!(matches!(refused, Err(Refusal::NotAllowed { .. })), "Moscow answers: {refused:?}");
    cast.then(&anna, msk(26, 10, 5), ratify(ask)).unwrap();
    assert_eq!(cast.state(msk(30, 10, 0)), [LocalState::Ratified]);
    assert!(cast.is_approved(ask));
    let again = cast.then(&anna, msk(26, 10, 6), object(ask));
    assert_eq!(again, Err(Refusal::NotOpen { target: ask }), "an answer is final");
    cast.paper.replays(&cast.world);
}

#[test]
fn both_clocks_must_say_that_moscow_is_closed() {
    let mut cast = cast();
    let dana = cast.dana.clone();
    let ask = cast.asked();
    let evening = msk(25, 20, 10);
    let five_hours = 5 * HOUR_MS;
    // At work still; by one clock or the other.
    let open = LocalBar::Open { closes_at_ms: msk(25, 19, 0) };
    assert_eq!(cast.bar(&dana, (msk(25, 18, 30), msk(25, 18, 30)), ask), open);
    assert_eq!(cast.bar(&dana, (msk(25, 19, 2), msk(25, 18, 58)), ask), open);
    assert_eq!(cast.bar(&dana, (msk(25, 18, 59), msk(25, 19, 1)), ask), open);
    // The device's clock runs ahead, or the approval was signed offline and comes late.
    let clocks = LocalBar::Clocks { apart_ms: five_hours };
    assert_eq!(cast.bar(&dana, (msk(25, 18, 40), msk(25, 23, 40)), ask), clocks);
    assert_eq!(cast.bar(&dana, (evening + five_hours, evening), ask), clocks);
    // The relay's clock is six hours ahead.
    let six_hours = 6 * HOUR_MS;
    let clocks = LocalBar::Clocks { apart_ms: six_hours };
    assert_eq!(cast.bar(&dana, (msk(25, 16, 30) + six_hours, msk(25, 16, 30)), ask), clocks);
    // It went back: the ledger's time goes on from where it was.
    let ahead = msk(26, 2, 0);
    cast.world.now = ahead;
    cast.writes("Three reels");
    let act = cast.local(ask);
    let late = cast.at(&dana, (ahead + 2000, evening), act);
    assert!(matches!(late, Err(Refusal::NotLocal { bar: LocalBar::Clocks { .. }, .. })), "{late:?}");
    // Ten minutes are let pass.
    let act = cast.local(ask);
    let ten = (msk(26, 2, 10), msk(26, 2, 0));
    cast.at(&dana, ten, act).unwrap();
    cast.paper.replays(&cast.world);
}

#[test]
fn it_must_be_due_soon_and_moscow_must_have_known() {
    let mut cast = cast();
    let dana = cast.dana.clone();
    cast.world.now = msk(25, 9, 0);
    cast.writes("Two reels");
    let evening = (msk(25, 20, 10), msk(25, 20, 10));
    let withdraw = |cast: &mut Cast, target, at_ms| {
        let chris = cast.chris.clone();
        cast.then(&chris, at_ms, Act::Withdraw { target }).unwrap();
    };
    let ask = cast.asks(msk(25, 10, 0), None, None);
    assert_eq!(cast.bar(&dana, evening, ask), LocalBar::NoDue);
    withdraw(&mut cast, ask, msk(25, 20, 20));

    let ask = cast.asks(msk(25, 20, 30), Some(msk(26, 19, 0)), None);
    let at = (msk(25, 20, 40), msk(25, 20, 40));
    assert_eq!(cast.bar(&dana, at, ask), LocalBar::NotDueYet { from_ms: msk(26, 7, 0) });
    // Late in the evening somebody finds that it is urgent: Moscow could not know.
    let early = (msk(26, 8, 0), msk(26, 8, 0));
    let never = LocalBar::NotKnown { known_ms: 0, needed_ms: 2 * HOUR_MS };
    assert_eq!(cast.bar(&dana, early, ask), never);
    // An hour and a half of the next day is not enough either.
    withdraw(&mut cast, ask, msk(26, 17, 0));
    let ask = cast.asks(msk(26, 17, 30), Some(msk(27, 6, 0)), Some(ask));
    let at = (msk(26, 20, 0), msk(26, 20, 0));
    let half = LocalBar::NotKnown { known_ms: 90 * MINUTE_MS, needed_ms: 2 * HOUR_MS };
    assert_eq!(cast.bar(&dana, at, ask), half);
    let after = (msk(27, 6, 30), msk(27, 6, 30));
    assert_eq!(cast.bar(&dana, after, ask), LocalBar::Overdue { due_ms: msk(27, 6, 0) });
}

#[test]
fn a_revision_with_the_same_due_time_has_been_known_since_the_first() {
    let mut cast = cast();
    let (anna, dana) = (cast.anna.clone(), cast.dana.clone());
    let first = cast.asked();
    let back = Act::Decline { target: first, outcome: DeclineOutcome::Returned };
    cast.then(&anna, msk(25, 18, 55), back).unwrap();
    cast.writes("One reel");
    let second = cast.asks(msk(25, 20, 0), Some(msk(26, 6, 0)), Some(first));
    let act = cast.local(second);
    cast.then(&dana, msk(25, 20, 10), act).unwrap();
    assert!(cast.is_approved(second));
    cast.paper.replays(&cast.world);
}

#[test]
fn three_times_in_seven_days_and_not_a_fourth() {
    let mut cast = cast();
    let (dana, chris) = (cast.dana.clone(), cast.chris.clone());
    for (number, day) in [24, 25, 26].into_iter().enumerate() {
        cast.world.now = msk(day, 21, 0);
        cast.writes(&format!("Version {number}"));
        let ask = cast.asks(msk(day, 21, 5), Some(msk(day + 2, 6, 0)), None);
        let act = cast.local(ask);
        cast.then(&dana, msk(day + 1, 20, 10), act).unwrap();
        assert!(cast.is_approved(ask));
    }
    cast.writes("Version 3");
    let ask = cast.asks(msk(27, 20, 30), Some(msk(30, 20, 0)), None);
    let night = (msk(30, 9, 0), msk(30, 9, 0));
    assert!(matches!(cast.bar(&dana, night, ask), LocalBar::NotKnown { .. }), "the weekend is no time");
    cast.then(&chris, msk(30, 9, 5), Act::Withdraw { target: ask }).unwrap();
    let ask = cast.asks(msk(30, 10, 0), Some(msk(31, 6, 0)), None);
    let again_ms = msk(25, 20, 10) + 7 * 24 * HOUR_MS;
    let evening = (msk(30, 20, 10), msk(30, 20, 10));
    assert_eq!(cast.bar(&dana, evening, ask), LocalBar::UsedUp { uses: 3, again_ms });
    cast.then(&chris, msk(30, 20, 20), Act::Withdraw { target: ask }).unwrap();
    let ask = cast.asks(msk(31, 10, 0), Some(msk(33, 6, 0)), None);
    let act = cast.local(ask);
    cast.then(&dana, again_ms, act).unwrap();
    cast.paper.replays(&cast.world);
}

#[test]
fn without_a_calendar_that_says_so_it_is_never_night() {
    for offsets in ["", "2026-11-01T00:00Z +03:00, until 2026-11-25T17:00Z"] {
        let mut cast = cast_under(3, RULES, offsets);
        let dana = cast.dana.clone();
        let ask = cast.asked();
        assert_eq!(cast.bar(&dana, (msk(25, 20, 10), msk(25, 20, 10)), ask), LocalBar::NoCalendar);
    }
}

#[test]
fn only_the_role_that_the_rule_names_and_only_since_version_3() {
    let mut cast = cast();
    let ask = cast.asked();
    let evening = msk(25, 20, 10);
    for other in [cast.chris.clone(), cast.igor.clone()] {
        let act = cast.local(ask);
        let refused = cast.then(&other, evening, act);
        assert!(matches!(refused, Err(Refusal::NotAllowed { .. })), "{refused:?}");
    }
    let (local, _) = RULES.rsplit_once("[[rule]]").unwrap();
    let mut cast = cast_under(2, local, MOSCOW);
    let (dana, chris) = (cast.dana.clone(), cast.chris.clone());
    cast.world.now = msk(25, 15, 0);
    cast.writes("Two reels");
    let act = Act::Ask { version: cast.paper.version(US), replaces: None, due_ms: Some(msk(26, 6, 0)) };
    assert!(matches!(cast.then(&chris, msk(25, 16, 0), act), Err(Refusal::Unknown { .. })));
    let ask = cast.asks(msk(25, 16, 0), None, None);
    for act in [cast.local(ask), ratify(ask), object(ask)] {
        let refused = cast.then(&dana, evening, act);
        assert!(matches!(refused, Err(Refusal::Unknown { .. })), "{refused:?}");
    }
}

#[test]
fn an_objection_takes_the_approval_away_and_counts_as_a_round() {
    let mut cast = cast();
    let (anna, dana) = (cast.anna.clone(), cast.dana.clone());
    let ask = cast.asked();
    let act = cast.local(ask);
    cast.then(&dana, msk(25, 20, 10), act).unwrap();
    cast.then(&anna, msk(26, 10, 5), object(ask)).unwrap();
    assert!(!cast.is_approved(ask));
    assert_eq!(cast.state(msk(26, 10, 6)), [LocalState::Objected]);
    let standing = cast.standing(msk(26, 10, 6));
    assert_eq!(standing.state, State::Draft);
    assert_eq!(standing.local.unwrap().state(msk(26, 10, 6)), LocalState::Objected);
    cast.writes("One reel");
    let second = cast.asks(msk(26, 11, 0), None, Some(ask));
    assert_eq!(cast.standing(msk(26, 11, 1)).review.unwrap().round, 2);
    let heads = vec![cast.paper.version(US)];
    let act = Act::Endorse { target: second, capacity: Capacity::Decider, heads };
    cast.then(&anna, msk(26, 12, 0), act).unwrap();
    assert!(cast.is_approved(second));
    assert_eq!(cast.standing(msk(26, 12, 1)).local, None);
    cast.paper.replays(&cast.world);
}

#[test]
fn what_nobody_answers_in_time_is_escalated() {
    let mut cast = cast();
    let (anna, dana, igor) = (cast.anna.clone(), cast.dana.clone(), cast.igor.clone());
    let ask = cast.asked();
    let act = cast.local(ask);
    cast.then(&dana, msk(25, 20, 10), act).unwrap();
    let grant = cast.world.edit(&anna, "rules", |doc| {
        use automerge::ReadDoc;
        let rules = container(doc, "rules");
        let (people, _) = doc.get(&rules, "people").unwrap().unwrap();
        let more = people.as_str().unwrap().replace("\"viewer\"]", "\"viewer\",\"director\"]");
        doc.put(&rules, "people", more).unwrap();
    });
    let target = grant.id;
    cast.world.append(grant).unwrap();
    let act = Act::Endorse { target, capacity: Capacity::Decider, heads: vec![] };
    let agreed = cast.world.statement(&dana, act, vec![]);
    cast.world.append(agreed).unwrap();
    let direct = cast.world.edit(&anna, "people/moscow", |doc| {
        use automerge::ReadDoc;
        let people = container(doc, "people");
        let (_, igor) = doc.get(&people, PersonId([5; 16]).to_hex()).unwrap().unwrap();
        doc.put(&igor, "roles", "director").unwrap();
    });
    assert!(!cast.world.append(direct).unwrap().entry.verdict.is_held());

    let in_time = cast.then(&igor, msk(26, 18, 0), ratify(ask));
    assert!(matches!(in_time, Err(Refusal::NotAllowed { .. })), "the lead has the day: {in_time:?}");
    assert_eq!(cast.state(msk(26, 19, 1)), [LocalState::Escalated]);
    assert!(cast.is_approved(ask), "nothing is blocked, and nothing is silently taken away");
    cast.then(&igor, msk(27, 10, 0), ratify(ask)).unwrap();
    assert_eq!(cast.state(msk(27, 10, 1)), [LocalState::Ratified]);
    cast.paper.replays(&cast.world);
}

const TWO_STAGES: &str = r#"
    [[rule]]
    id = "local-versions"
    on = "brief:market/{market}"
    chain = { of = "version", stages = [{ role = "moscow/lead" }, { role = "newyork/lead" }] }
    [[rule]]
    id = "evening"
    on = "brief:market/{market}"
    local = { role = "{market}/lead", instead_of = "moscow/lead", when = "moscow closed",
              due_within = "12 hours", due_known_for = "2 working hours of moscow", uses = "3 a week",
              ratify_within = "1 working day" }
"#;

#[test]
fn a_local_approval_is_one_stage_and_an_objection_ends_the_version() {
    let mut cast = cast_under(3, TWO_STAGES, MOSCOW);
    let (anna, dana) = (cast.anna.clone(), cast.dana.clone());
    let ask = cast.asked();
    let act = cast.local(ask);
    cast.then(&dana, msk(25, 20, 10), act).unwrap();
    assert!(!cast.is_approved(ask), "New York's own stage is still to come");
    let act = cast.local(ask);
    let again = cast.then(&dana, msk(25, 20, 20), act);
    assert!(matches!(again, Err(Refusal::NotAllowed { .. })), "Moscow's stage is done: {again:?}");
    cast.then(&anna, msk(26, 10, 5), object(ask)).unwrap();
    let closure = cast.paper.follower.document().closures()[&ask].clone();
    assert!(matches!(closure, Closure::Declined { outcome: DeclineOutcome::Objected, .. }));

    let ask = cast.asks(msk(26, 11, 0), Some(msk(27, 6, 0)), Some(ask));
    let act = cast.local(ask);
    cast.then(&dana, msk(26, 20, 10), act).unwrap();
    let heads = vec![cast.paper.version(US)];
    let act = Act::Endorse { target: ask, capacity: Capacity::Decider, heads };
    cast.then(&dana, msk(26, 20, 11), act).unwrap();
    assert!(cast.is_approved(ask));
    cast.paper.replays(&cast.world);
}

#[test]
fn two_time_zone_databases_give_equal_verdicts() {
    // One client's library knows of a change of the clocks that the other has not heard of, and keeps
    // a row that changes nothing. Whichever of them writes the charter, the verdicts are the same.
    let more_rows = "2026-10-01T00:00Z +03:00, 2026-11-20T00:00Z +03:00, 2027-03-28T01:00Z +04:00, \
                     until 2028-11-01T00:00Z";
    let verdicts = [MOSCOW, more_rows].map(|offsets| {
        let mut cast = cast_under(3, RULES, offsets);
        let dana = cast.dana.clone();
        let ask = cast.asked();
        let minutes = (0..16 * 60).step_by(7).map(|minute| msk(25, 18, 0) + minute * MINUTE_MS);
        minutes.map(|at_ms| cast.would(&dana, (at_ms, at_ms), cast.local(ask))).collect::<Vec<_>>()
    });
    assert_eq!(verdicts[0], verdicts[1]);
    assert!(verdicts[0].iter().any(Result::is_ok) && verdicts[0].iter().any(Result::is_err));
}

/// One thing that somebody tries: who, what, how many minutes later, and how wrong their clock is.
type Try = (usize, u8, u64, i64);

/// Tells whether a team is closed by a plain reading of its hours: 10 to 19 from Monday to Friday.
fn is_closed(at_ms: u64, offset_hours: i64) -> bool {
    let local_s = at_ms as i64 / 1000 + offset_hours * 3600;
    let (day, hour) = (local_s.div_euclid(86_400), local_s.rem_euclid(86_400) / 3600);
    let is_weekend = (day + 3).rem_euclid(7) > 4;
    is_weekend || !(10..19).contains(&hour)
}

/// Lets people try things on one version, and checks that it is approved when each stage has approved
/// it, one after the other, and never before.
fn try_all(stages: &[&str], offset_hours: i64, tries: &[Try]) {
    let chain: Vec<_> = stages.iter().map(|role| format!("{{ role = \"{role}\" }}")).collect();
    let (_, local) = TWO_STAGES.rsplit_once("[[rule]]").unwrap();
    let rules = format!(
        "[[rule]]\nid = \"chain\"\non = \"brief:market/{{market}}\"\nchain = {{ of = \"version\", stages = [{}] }}\n[[rule]]\n{local}",
        chain.join(", ")
    );
    let offsets = format!("2026-11-01T00:00Z {offset_hours:+03}:00, until 2028-11-01T00:00Z");
    let mut cast = cast_under(3, &rules, &offsets);
    let people = [
        (cast.anna.clone(), "moscow/lead"),
        (cast.dana.clone(), "newyork/lead"),
        (cast.chris.clone(), "newyork/account-manager"),
        (cast.igor.clone(), "moscow/viewer"),
    ];
    cast.world.now = msk(25, 0, 0);
    cast.writes("Two reels");
    let due_ms = msk(26, 12, 0);
    let ask = cast.asks(msk(25, 1, 0), Some(due_ms), None);
    let (mut stage, mut now_ms) = (0, msk(25, 1, 0));
    for (who, what, minutes, wrong) in tries {
        now_ms += 1000 + minutes * MINUTE_MS;
        let (key, role) = &people[who % people.len()];
        let clock_ms = now_ms.saturating_add_signed(wrong * MINUTE_MS as i64);
        let heads = vec![cast.paper.version(US)];
        let act = match what {
            0 => Act::Endorse { target: ask, capacity: Capacity::Decider, heads },
            1 => cast.local(ask),
            2 => ratify(ask),
            _ => object(ask),
        };
        let is_open = cast.paper.follower.document().open_holds().contains_key(&ask);
        if cast.at(key, (now_ms, clock_ms), act).is_err() {
            continue;
        }
        match what {
            0 => {
                assert_eq!(stages[stage], *role, "by whom the stage names");
                stage += 1;
            }
            1 => {
                assert_eq!((stages[stage], *role), ("moscow/lead", "newyork/lead"));
                for at_ms in [now_ms, clock_ms] {
                    assert!(
                        is_closed(at_ms, offset_hours) && at_ms < due_ms && due_ms - at_ms <= 12 * HOUR_MS
                    );
                }
                assert!(now_ms.abs_diff(clock_ms) <= 10 * MINUTE_MS);
                stage += 1;
            }
            2 => assert_eq!(*role, "moscow/lead"),
            _ => {
                assert_eq!(*role, "moscow/lead");
                assert!(!cast.is_approved(ask));
                if is_open {
                    assert!(cast.paper.follower.document().closures().contains_key(&ask));
                }
                break;
            }
        }
        assert_eq!(cast.is_approved(ask), stage == stages.len());
    }
    cast.paper.replays(&cast.world);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_chain_never_ends_with_a_stage_missing(
        stages in prop::collection::vec(
            prop::sample::select(vec!["moscow/lead", "newyork/lead", "newyork/account-manager"]), 1..4),
        offset_hours in -12_i64..=14,
        tries in prop::collection::vec(
            (0_usize..4, prop::sample::select(vec![0_u8, 0, 1, 1, 1, 2, 3]), 0_u64..240,
             prop::sample::select(vec![0_i64, 0, 0, 9, -9, 11, -300, 360])), 1..24),
    ) {
        try_all(&stages, offset_hours, &tries);
    }
}
