//! Two cities, eight hours apart in winter and seven in summer, and every other zone by property.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use proptest::prelude::*;

use super::*;

const HOUR_MS: u64 = 3_600_000;
/// New York from 20 Nov 2026: winter, summer 2027, winter, summer 2028, winter.
const NEW_YORK_OFFSETS: &str = "2026-11-01T06:00Z -05:00, 2027-03-14T07:00Z -04:00, \
     2027-11-07T06:00Z -05:00, 2028-03-12T07:00Z -04:00, until 2028-11-05T06:00Z";

fn moscow() -> Calendar {
    let offsets = "2026-11-01T00:00Z +03:00, until 2028-11-01T00:00Z";
    Calendar::parse("Mon-Fri 10:00-19:00", offsets, "2026-12-31..2027-01-08, 2027-02-23").expect("a calendar")
}

fn new_york() -> Calendar {
    Calendar::parse("Mon-Fri 09:00-18:00", NEW_YORK_OFFSETS, "2026-11-26, 2026-12-25").expect("a calendar")
}

/// An instant, as in `2026-11-24 20:05 Europe/Moscow`, by jiff.
fn at(text: &str) -> u64 {
    let (civil, zone) = text.rsplit_once(' ').expect("a time and a zone");
    let civil: jiff::civil::DateTime = civil.parse().expect("a local time");
    civil.in_tz(zone).expect("a zone").timestamp().as_millisecond() as u64
}

fn msk(text: &str) -> u64 {
    at(&format!("{text} Europe/Moscow"))
}

fn ny(text: &str) -> u64 {
    at(&format!("{text} America/New_York"))
}

#[test]
fn opens_and_closes_by_the_partys_own_clock() {
    let moscow = moscow();
    let closed_until = |text| State::Closed { opens_at_ms: msk(text) };
    assert_eq!(moscow.state(msk("2026-11-24 20:05")), closed_until("2026-11-25 10:00"));
    assert_eq!(moscow.state(msk("2026-11-24 09:59:59.999")), closed_until("2026-11-24 10:00"));
    let open = State::Open { closes_at_ms: msk("2026-11-24 19:00") };
    assert_eq!(moscow.state(msk("2026-11-24 10:00")), open);
    assert_eq!(moscow.state(msk("2026-11-24 18:59:59.999")), open);
    assert_eq!(moscow.state(msk("2026-11-24 19:00")), closed_until("2026-11-25 10:00"));
    // Friday evening: the weekend passes. New Year: the holidays and the weekend after them pass.
    assert_eq!(moscow.state(msk("2026-11-27 19:30")), closed_until("2026-11-30 10:00"));
    assert_eq!(moscow.state(msk("2026-12-30 19:00")), closed_until("2027-01-11 10:00"));
}

#[test]
fn new_york_opens_at_nine_on_both_sides_of_each_clock_change() {
    let new_york = new_york();
    for (friday, monday, utc) in
        [("2027-03-12", "2027-03-15", "13:00"), ("2027-11-05", "2027-11-08", "14:00")]
    {
        let opens_at_ms = at(&format!("{monday} {utc} UTC"));
        assert_eq!(opens_at_ms, ny(&format!("{monday} 09:00")));
        let state = new_york.state(ny(&format!("{friday} 18:00")));
        assert_eq!(state, State::Closed { opens_at_ms });
    }
}

#[test]
fn a_skipped_hour_is_not_worked_and_a_repeated_one_twice() {
    let night = Calendar::parse("Sun 00:00-04:00", NEW_YORK_OFFSETS, "").expect("a calendar");
    let worked =
        |day: &str| night.working_ms_between(ny(&format!("{day} 00:00")), ny(&format!("{day} 12:00")));
    assert_eq!(worked("2027-03-14"), Some(3 * HOUR_MS));
    assert_eq!(worked("2027-11-07"), Some(5 * HOUR_MS));
    assert_eq!(worked("2027-11-14"), Some(4 * HOUR_MS));
    // A change of the clock within working hours is no break.
    let open = State::Open { closes_at_ms: ny("2027-03-14 04:00") };
    assert_eq!(night.state(ny("2027-03-14 01:30")), open);
}

#[test]
fn local_time_names_date_weekday_and_minute() {
    let at_ms = msk("2026-11-24 00:30");
    let moscow = moscow().local_at(at_ms).expect("covered");
    assert_eq!((moscow.date.to_string().as_str(), moscow.weekday()), ("2026-11-24", Weekday::Tue));
    assert_eq!(moscow.minute_of_day, 30);
    let new_york = new_york().local_at(at_ms).expect("covered");
    assert_eq!((new_york.date.to_string().as_str(), new_york.weekday()), ("2026-11-23", Weekday::Mon));
    assert_eq!(new_york.minute_of_day, 16 * 60 + 30);
}

#[test]
fn nothing_is_guessed_beyond_the_table() {
    let moscow = moscow();
    let (first, end) = (at("2026-11-01 00:00 UTC"), at("2028-11-01 00:00 UTC"));
    assert_eq!(moscow.state(first - 1), State::BeyondTable);
    assert!(moscow.local_at(first - 1).is_none() && moscow.local_at(first).is_some());
    assert!(moscow.local_at(end - 1).is_some() && moscow.local_at(end).is_none());
    for beyond in [end, u64::MAX, i64::MAX as u64] {
        assert_eq!(moscow.state(beyond), State::BeyondTable);
        assert_eq!(moscow.add_working_ms(beyond, 0), None);
        assert_eq!(moscow.add_working_days(beyond, 0), None);
    }
    assert_eq!(moscow.working_ms_between(first, end + 1), None);
    assert!(moscow.working_ms_between(first, end).is_some());
    // The table ends on Wednesday at 03:00 in Moscow, before work begins.
    assert_eq!(moscow.state(msk("2028-10-31 19:00")), State::BeyondTable);
    assert_eq!(moscow.add_working_ms(msk("2028-10-31 18:00"), HOUR_MS), Some(msk("2028-10-31 19:00")));
    assert_eq!(moscow.add_working_ms(msk("2028-10-31 18:00"), HOUR_MS + 1), None);
    assert_eq!(moscow.add_working_days(msk("2028-10-30 18:00"), 1), Some(msk("2028-10-31 19:00")));
    assert_eq!(moscow.add_working_days(msk("2028-10-31 18:00"), 1), None);
    assert_eq!(moscow.add_working_days(msk("2028-10-31 18:00"), u32::MAX), None);
}

#[test]
fn a_table_that_ends_within_working_hours_does_not_promise_their_end() {
    let offsets = "2026-11-01T00:00Z +03:00, until 2026-11-24T12:00Z"; // 15:00 in Moscow
    let short = Calendar::parse("Mon-Fri 10:00-19:00", offsets, "").expect("a calendar");
    let closes_at_ms = msk("2026-11-24 15:00");
    assert_eq!(short.state(msk("2026-11-24 12:00")), State::Open { closes_at_ms });
    assert_eq!(short.add_working_days(msk("2026-11-23 12:00"), 1), None);
}

#[test]
fn working_time_is_counted_over_nights_weekends_and_holidays() {
    let moscow = moscow();
    let friday = msk("2026-11-27 18:00");
    assert_eq!(moscow.working_ms_between(friday, msk("2026-11-30 11:00")), Some(2 * HOUR_MS));
    assert_eq!(moscow.add_working_ms(friday, 2 * HOUR_MS), Some(msk("2026-11-30 11:00")));
    assert_eq!(moscow.add_working_ms(friday, HOUR_MS), Some(msk("2026-11-27 19:00")));
    assert_eq!(moscow.working_ms_between(friday, friday), Some(0));
    assert_eq!(moscow.working_ms_between(friday, friday - HOUR_MS), Some(0));
    let (december, january) = (msk("2026-12-30 18:00"), msk("2027-01-11 11:00"));
    assert_eq!(moscow.working_ms_between(december, january), Some(2 * HOUR_MS));
}

#[test]
fn an_answer_within_a_working_day_is_due_at_the_end_of_the_next_one() {
    let moscow = moscow();
    let due = |from: &str, days| moscow.add_working_days(msk(from), days);
    for tuesday in ["2026-11-24 08:00", "2026-11-24 12:00", "2026-11-24 20:10"] {
        assert_eq!(due(tuesday, 0), Some(msk(tuesday)));
        assert_eq!(due(tuesday, 1), Some(msk("2026-11-25 19:00")));
        assert_eq!(due(tuesday, 2), Some(msk("2026-11-26 19:00")));
    }
    assert_eq!(due("2026-11-28 12:00", 1), Some(msk("2026-11-30 19:00")), "from a Saturday");
    assert_eq!(due("2026-12-30 12:00", 1), Some(msk("2027-01-11 19:00")), "over the holidays");
}

#[test]
fn hours_together_follow_new_yorks_clock() {
    let (moscow, new_york) = (moscow(), new_york());
    let next = |from: u64| overlaps(&moscow, &new_york, from).next().expect("some time together");
    let winter = next(msk("2026-11-24 12:00"));
    assert_eq!((winter.from_ms, winter.until_ms), (msk("2026-11-24 17:00"), msk("2026-11-24 19:00")));
    assert_eq!(winter.until_ms, ny("2026-11-24 11:00"));
    let summer = next(msk("2027-06-01 12:00"));
    assert_eq!((summer.from_ms, summer.until_ms), (msk("2027-06-01 16:00"), msk("2027-06-01 19:00")));
    let within = next(msk("2026-11-24 18:05"));
    assert_eq!((within.from_ms, within.until_ms), (msk("2026-11-24 18:05"), msk("2026-11-24 19:00")));
    // Thanksgiving in New York: the next time together is Friday's.
    assert_eq!(next(msk("2026-11-25 19:00")).from_ms, msk("2026-11-27 17:00"));
}

#[test]
fn hours_together_add_up_over_a_day_and_a_year() {
    let (moscow, new_york) = (moscow(), new_york());
    let together = |from: &str, until: &str| overlaps_ms(&moscow, &new_york, msk(from), msk(until));
    assert_eq!(together("2026-11-24 00:00", "2026-11-25 00:00"), Some(2 * HOUR_MS));
    assert_eq!(together("2027-06-01 00:00", "2027-06-02 00:00"), Some(3 * HOUR_MS));
    assert_eq!(together("2026-11-28 00:00", "2026-11-30 00:00"), Some(0));
    // 2027 has 261 weekdays. Moscow rests on six of them in January (1st, 4th to 8th) and on one in
    // February. Weekdays both work: 44 + 40 with New York on winter time, 170 in summer.
    let year = together("2027-01-01 00:00", "2028-01-01 00:00");
    assert_eq!(year, Some(((44 + 40) * 2 + 170 * 3) * HOUR_MS));
    assert_eq!(together("2026-11-24 00:00", "2028-11-02 00:00"), None);
}

#[test]
fn round_the_clock_work_closes_only_where_the_table_ends() {
    let always = Calendar::parse("Mon-Sun 00:00-24:00", NEW_YORK_OFFSETS, "").expect("a calendar");
    let closes_at_ms = at("2028-11-05 06:00 UTC");
    assert_eq!(always.state(ny("2026-11-24 12:00")), State::Open { closes_at_ms });
}

#[test]
fn texts_survive_a_round_trip_in_their_canonical_form() {
    for (work, canonical) in [
        ("Mon-Fri 10:00-19:00", "Mon-Fri 10:00-19:00"),
        (
            "mon-thu 14:00-18:00 09:00-13:00,Fri 09:00-16:00",
            "Mon-Thu 09:00-13:00 14:00-18:00, Fri 09:00-16:00",
        ),
        ("Sun-Thu 08:00-12:00, Sun-Thu 12:00-24:00", "Mon-Thu 08:00-24:00, Sun 08:00-24:00"),
        ("Mon Wed 00:00-06:30", "Mon 00:00-06:30, Wed 00:00-06:30"),
    ] {
        let week: WorkWeek = work.parse().expect("hours");
        assert_eq!(week.to_string(), canonical);
        assert_eq!(canonical.parse(), Ok(week));
    }
    let calendar = new_york();
    let text = calendar.to_text();
    assert_eq!(text.offsets, NEW_YORK_OFFSETS);
    assert_eq!(text.holidays, "2026-11-26, 2026-12-25");
    assert_eq!(moscow().to_text().holidays, "2026-12-31..2027-01-08, 2027-02-23");
    assert_eq!(Calendar::try_from(text), Ok(calendar.clone()));
    let json = serde_json::to_string(&calendar).expect("JSON");
    assert_eq!(serde_json::from_str::<Calendar>(&json).expect("a calendar"), calendar);
    let odd = "1970-01-01T00:00:30Z -00:44:30, until 1972-05-01T00:44:30Z"; // Liberia
    assert_eq!(odd.parse::<Offsets>().expect("offsets").to_string(), odd);
}

#[test]
fn wrong_texts_say_what_is_wrong() {
    let work = |text: &str| text.parse::<WorkWeek>().expect_err(text).to_string();
    for (text, part) in [
        ("", "empty"),
        ("Mon-Fri", "\"Mon-Fri\" gives no hours"),
        ("10:00-19:00", "names no weekday"),
        ("Mon-Fry 10:00-19:00", "\"Fry\" is not one of Mon"),
        ("Mon 10:00-19:00 Tue 10:00-19:00", "a comma is missing before \"Tue\""),
        ("Mon 10-19", "\"10-19\" is not a span"),
        ("Mon 10:00-25:00", "is not a span"),
        ("Mon 10:00-24:01", "is not a span"),
        ("Mon 22:00-06:00", "passes midnight"),
        ("Mon 10:00-12:00 11:00-13:00", "Mon 11:00 is given twice"),
        ("Mon-Fri 10:00-19:00,", "empty"),
    ] {
        let message = work(text);
        assert!(message.contains(part) && message.contains("Mon-Fri 10:00-19:00"), "{text}: {message}");
    }
    let offsets = |text: &str| text.parse::<Offsets>().expect_err(text).to_string();
    for (text, part) in [
        ("", "not an instant and an offset"),
        ("2026-11-01T00:00Z +03:00", "\"until …\") is missing"),
        ("until 2026-11-01T00:00Z", "no row"),
        ("2026-11-01 +03:00, until 2028-11-01T00:00Z", "not an instant"),
        ("2026-02-30T00:00Z +03:00, until 2028-11-01T00:00Z", "not an instant"),
        ("2026-11-01T24:00Z +03:00, until 2028-11-01T00:00Z", "not an instant"),
        ("2026-11-01T00:00Z 03:00, until 2028-11-01T00:00Z", "not an offset"),
        ("2026-11-01T00:00Z é3:00, until 2028-11-01T00:00Z", "not an offset"),
        ("2026-11-01T00:00Z +19:00, until 2028-11-01T00:00Z", "more than 18 hours"),
        ("2026-11-01T00:00Z +03:00, until 2026-11-01T00:00Z", "before its last row"),
        ("2026-11-01T00:00Z +03:00, until 2036-12-01T00:00Z", "more than ten years"),
        ("1969-11-01T00:00Z +03:00, until 1971-12-01T00:00Z", "before 1970"),
        ("2027-01-01T00:00Z +03:00, 2026-01-01T00:00Z +03:00, until 2028-01-01T00:00Z", "order"),
        ("until 2028-01-01T00:00Z, 2027-01-01T00:00Z +03:00", "after the end"),
    ] {
        assert!(offsets(text).contains(part), "{text}: {}", offsets(text));
    }
    let holidays = |text: &str| parse_holidays(text).expect_err(text).to_string();
    assert!(holidays("2027-02-29").contains("\"2027-02-29\" is not a date"));
    assert!(holidays("2027-01-08..2027-01-01").contains("ends before it begins"));
    assert!(holidays("2027-01-01..9999-12-31").contains("more than 1000"));
    assert!(holidays("2027-01-01,").contains("\"\" is not a date"));
    assert!(parse_holidays(" ").expect("none").is_empty());
}

#[test]
fn dates_equal_jiffs_over_the_whole_range() {
    for days in (-719_162..=2_932_896).step_by(97) {
        let date = Date::from_days(days);
        let (year, month, day) = date.year_month_day();
        let theirs = jiff::civil::date(1970, 1, 1) + jiff::Span::new().days(days);
        assert_eq!((year, month, day), (theirs.year().into(), theirs.month() as u32, theirs.day() as u32));
        assert_eq!(date.weekday().index(), theirs.weekday().to_monday_zero_offset() as usize);
        assert_eq!(Date::new(year, month, day), Some(date));
        assert_eq!(date.to_string().parse(), Ok(date));
    }
    assert_eq!(Date::new(2100, 2, 29), None);
    assert!(Date::new(2000, 2, 29).is_some());
}

/// The table of a zone over 2026 to 2028, by jiff.
fn offsets_of(zone: &TimeZone) -> Offsets {
    let start = Timestamp::from_second(1_767_225_600).expect("1 January 2026");
    let until_s = start.as_second() + 3 * 365 * 86_400;
    let first = OffsetRow { from_s: start.as_second(), offset_s: zone.to_offset(start).seconds() };
    let changes = zone.following(start).take_while(|change| change.timestamp().as_second() < until_s);
    let rows =
        changes.map(|c| OffsetRow { from_s: c.timestamp().as_second(), offset_s: c.offset().seconds() });
    Offsets::new([first].into_iter().chain(rows).collect(), until_s).expect("a table")
}

fn any_zone() -> impl Strategy<Value = TimeZone> {
    const NAMES: [&str; 10] = [
        "Europe/Moscow",
        "America/New_York",
        "Europe/Berlin",
        "Asia/Kolkata",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "America/St_Johns",
        "Pacific/Chatham",
        "Pacific/Kiritimati",
    ];
    proptest::sample::select(NAMES.as_slice()).prop_map(|name| TimeZone::get(name).expect("a bundled zone"))
}

fn any_instant_ms() -> impl Strategy<Value = u64> {
    (1_767_225_600_000u64..1_767_225_600_000 + 1090 * 86_400_000).prop_map(|ms| ms)
}

fn any_work() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(
        &[
            "Mon-Fri 10:00-19:00",
            "Mon-Sat 09:00-13:00 14:00-18:00",
            "Sun-Thu 00:00-24:00",
            "Mon 00:00-06:00 22:00-24:00, Sun 01:30-02:30",
        ][..],
    )
}

proptest! {
    #[test]
    fn local_time_equals_jiffs(zone in any_zone(), at_ms in any_instant_ms()) {
        let calendar = Calendar::new("Mon 10:00-11:00".parse()?, offsets_of(&zone), BTreeSet::new());
        let ours = calendar.local_at(at_ms).expect("covered");
        let theirs = Zoned::new(Timestamp::from_millisecond(at_ms as i64)?, zone);
        prop_assert_eq!(ours.date.to_string(), theirs.date().to_string());
        prop_assert_eq!(i64::from(ours.minute_of_day), i64::from(theirs.hour()) * 60 + i64::from(theirs.minute()));
        prop_assert_eq!(ours.weekday().index(), theirs.weekday().to_monday_zero_offset() as usize);
    }

    #[test]
    fn state_agrees_with_the_wall_clock(zone in any_zone(), work in any_work(), at_ms in any_instant_ms()) {
        let holidays = parse_holidays("2026-07-01..2026-07-14, 2027-01-01")?;
        let calendar = Calendar::new(work.parse()?, offsets_of(&zone), holidays.clone());
        let works_at = |at_ms: u64| {
            let local = Zoned::new(Timestamp::from_millisecond(at_ms as i64).expect("in range"), zone.clone());
            let minute = local.hour() as u16 * 60 + local.minute() as u16;
            let date: Date = local.date().to_string().parse().expect("a date");
            let spans = calendar.work().on(date.weekday());
            !holidays.contains(&date) && spans.iter().any(|s| (s.from()..s.until()).contains(&minute))
        };
        match calendar.state(at_ms) {
            State::Open { closes_at_ms } => {
                prop_assert!(works_at(at_ms) && works_at(closes_at_ms - 1) && !works_at(closes_at_ms));
            }
            State::Closed { opens_at_ms } => {
                prop_assert!(!works_at(at_ms) && !works_at(opens_at_ms - 1) && works_at(opens_at_ms));
            }
            State::BeyondTable => prop_assert!(false, "within the table"),
        }
    }

    #[test]
    fn adding_working_time_undoes_measuring_it(
        zone in any_zone(), work in any_work(), a in any_instant_ms(), b in any_instant_ms(),
    ) {
        let calendar = Calendar::new(work.parse()?, offsets_of(&zone), BTreeSet::new());
        let (from_ms, until_ms) = (a.min(b), a.max(b));
        let worked_ms = calendar.working_ms_between(from_ms, until_ms).expect("covered");
        let reached_ms = calendar.add_working_ms(from_ms, worked_ms).expect("covered");
        prop_assert!(reached_ms <= until_ms);
        prop_assert_eq!(calendar.working_ms_between(from_ms, reached_ms), Some(worked_ms));
        prop_assert_eq!(calendar.working_ms_between(reached_ms, until_ms), Some(0));
    }

    #[test]
    fn time_together_is_the_same_from_either_side(
        one in any_zone(), other in any_zone(), work in any_work(), at_ms in any_instant_ms(),
    ) {
        let ours = Calendar::new(work.parse()?, offsets_of(&one), BTreeSet::new());
        let theirs = Calendar::new("Mon-Fri 09:00-18:00".parse()?, offsets_of(&other), BTreeSet::new());
        let until_ms = at_ms + 40 * 86_400_000;
        prop_assume!(until_ms <= ours.offsets().until_ms());
        let together_ms = overlaps_ms(&ours, &theirs, at_ms, until_ms).expect("covered");
        prop_assert_eq!(overlaps_ms(&theirs, &ours, at_ms, until_ms), Some(together_ms));
        let alone_ms = overlaps_ms(&ours, &ours, at_ms, until_ms);
        prop_assert_eq!(alone_ms, ours.working_ms_between(at_ms, until_ms));
        for span in overlaps(&ours, &theirs, at_ms).take_while(|span| span.from_ms < until_ms) {
            let open = |c: &Calendar| matches!(c.state(span.from_ms), State::Open { closes_at_ms } if closes_at_ms >= span.until_ms);
            prop_assert!(open(&ours) && open(&theirs));
        }
    }

    #[test]
    fn any_text_is_read_or_answered(text in "\\PC{0,60}") {
        let _ = text.parse::<WorkWeek>();
        let _ = text.parse::<Offsets>();
        let _ = parse_holidays(&text);
        let _ = Calendar::parse("Mon 10:00-11:00", &format!("{text} +03:00, until {text}"), "");
    }
}
