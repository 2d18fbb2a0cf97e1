//! Instants and durations in writing.

use entente_shared::calendar::{Calendar, overlaps};

use super::*;

const MINUTE_MS: u64 = 60_000;
const HOUR_MS: u64 = 60 * MINUTE_MS;
/// Tue 24 Nov 2026 17:30 in Moscow.
const TUESDAY_MS: u64 = 1_795_530_600_000;

fn calendars() -> (Calendar, Calendar) {
    let offsets = |zone| zones::offsets(zone, TUESDAY_MS, TUESDAY_MS).expect("a zone").to_string();
    let of = |work, zone| Calendar::parse(work, &offsets(zone), "").expect("a calendar");
    (of("Mon-Fri 10:00-19:00", "Europe/Moscow"), of("Mon-Fri 09:00-18:00", "America/New_York"))
}

fn clocks(calendars: &(Calendar, Calendar)) -> [Clock<'_>; 2] {
    [
        Clock { calendar: &calendars.0, zone: "Europe/Moscow" },
        Clock { calendar: &calendars.1, zone: "America/New_York" },
    ]
}

#[test]
fn an_instant_is_written_in_both_cities_time() {
    let calendars = calendars();
    let clocks = clocks(&calendars);
    let (en, ru) = (en(), ru());
    assert_eq!(en.time(TUESDAY_MS, &clocks, Day::None), "17:30 MSK / 09:30 NY");
    assert_eq!(en.time(TUESDAY_MS, &clocks, Day::Weekday), "Tue 17:30 MSK / 09:30 NY");
    assert_eq!(en.time(TUESDAY_MS, &clocks, Day::Date), "Tue 24 Nov 17:30 MSK / 09:30 NY");
    assert_eq!(en.time(TUESDAY_MS, &clocks, Day::Year), "Tue 24 Nov 2026 17:30 MSK / 09:30 NY");
    assert_eq!(ru.time(TUESDAY_MS, &clocks, Day::Date), "вт 24 ноя 17:30 МСК / 09:30 Нью-Йорк");
    let reversed = [clocks[1], clocks[0]];
    assert_eq!(en.time(TUESDAY_MS, &reversed, Day::Weekday), "Tue 09:30 NY / 17:30 MSK");
}

#[test]
fn where_the_cities_have_different_days_each_has_its_own() {
    let calendars = calendars();
    let clocks = clocks(&calendars);
    let night_ms = TUESDAY_MS + 12 * HOUR_MS + 30 * MINUTE_MS;
    assert_eq!(en().time(night_ms, &clocks, Day::Weekday), "Wed 06:00 MSK / Tue 22:00 NY");
    assert_eq!(en().time(night_ms, &clocks, Day::Date), "Wed 25 Nov 06:00 MSK / Tue 22:00 NY");
    assert_eq!(en().time(night_ms, &clocks, Day::None), "06:00 MSK / 22:00 NY");
}

#[test]
fn the_day_is_as_long_as_the_distance_asks() {
    let calendars = calendars();
    let clocks = clocks(&calendars);
    let near = |at_ms| en().time(at_ms, &clocks[..1], Day::Near(TUESDAY_MS));
    assert_eq!(near(TUESDAY_MS + HOUR_MS), "18:30 MSK");
    assert_eq!(near(TUESDAY_MS + 24 * HOUR_MS), "Wed 17:30 MSK");
    assert_eq!(near(TUESDAY_MS + 7 * 24 * HOUR_MS), "Tue 1 Dec 17:30 MSK");
    assert_eq!(near(TUESDAY_MS + 200 * 24 * HOUR_MS), "Sat 12 Jun 2027 17:30 MSK");
}

#[test]
fn beyond_the_calendars_and_without_any_time_is_utc() {
    let calendars = calendars();
    let clocks = clocks(&calendars);
    let early_ms = TUESDAY_MS - 72 * HOUR_MS;
    assert_eq!(en().time(early_ms, &clocks, Day::Date), "Sat 21 Nov 14:30 UTC");
    assert_eq!(en().time(TUESDAY_MS, &[], Day::None), "14:30 UTC");
    assert_eq!(en().time(TUESDAY_MS, &[clocks[0], clocks[0]], Day::None), "17:30 MSK");
    assert!(en().time(u64::MAX, &clocks, Day::Near(0)).ends_with("UTC"));
}

#[test]
fn durations_have_two_units_at_most() {
    for (length_ms, written_en, written_ru) in [
        (0, "less than a minute", "меньше минуты"),
        (59_999, "less than a minute", "меньше минуты"),
        (MINUTE_MS, "1 min", "1 мин"),
        (HOUR_MS, "1 h", "1 ч"),
        (13 * HOUR_MS + 55 * MINUTE_MS, "13 h 55 min", "13 ч 55 мин"),
        (47 * HOUR_MS, "47 h", "47 ч"),
        (62 * HOUR_MS + 30 * MINUTE_MS, "2 d 14 h", "2 дн. 14 ч"),
        (72 * HOUR_MS, "3 d", "3 дн."),
    ] {
        assert_eq!(
            (en().duration(length_ms), ru().duration(length_ms)),
            (written_en.into(), written_ru.into())
        );
    }
}

#[test]
fn presence_says_at_work_or_when_they_open() {
    let calendars = calendars();
    let evening_ms = TUESDAY_MS + 2 * HOUR_MS + 35 * MINUTE_MS; // 20:05 in Moscow
    assert_eq!(en().presence(&calendars.0, TUESDAY_MS), "at work now");
    assert_eq!(ru().presence(&calendars.1, TUESDAY_MS), "сейчас на работе");
    assert_eq!(en().team_presence("Moscow", &calendars.0, evening_ms), "Moscow closed, opens in 13 h 55 min");
    assert_eq!(
        ru().team_presence("Москва", &calendars.0, evening_ms),
        "Москва: рабочий день начнётся через 13 ч 55 мин"
    );
    assert_eq!(en().presence(&calendars.0, 0), "working hours not known");
}

#[test]
fn time_together_is_said_now_next_or_never() {
    let calendars = calendars();
    let clocks = clocks(&calendars);
    let say = |now_ms| {
        let span = overlaps(&calendars.0, &calendars.1, now_ms).next();
        en().together(span, now_ms, &clocks)
    };
    assert_eq!(say(TUESDAY_MS), "together until 19:00 MSK / 11:00 NY");
    assert_eq!(say(TUESDAY_MS + 3 * HOUR_MS), "next together Wed 17:00 MSK / 09:00 NY, for 2 h");
    assert_eq!(en().together(None, TUESDAY_MS, &clocks), "no hours together in the calendar");
}
