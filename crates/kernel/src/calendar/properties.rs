//! What holds for every calendar, limit and moment: days of 2026 and 2027 with random holidays and
//! made-up Saturdays.

use jiff::civil::date;
use proptest::prelude::*;

use super::tests::{at, calendar, data_2026};
use super::*;

fn any_calendar() -> impl Strategy<Value = WorkCalendar> {
    let holidays = prop::collection::btree_set(0_i32..730, 0..60);
    let saturdays = prop::collection::btree_set(0_i32..104, 0..10);
    (holidays, saturdays).prop_map(|(holidays, saturdays)| {
        let first = date(2026, 1, 1);
        let later = |days: i32| first.checked_add(jiff::Span::new().days(days)).unwrap();
        let mut data = data_2026();
        data.holidays.clear();
        data.swaps.clear();
        for day in holidays {
            data.holidays.push(Holiday {
                date: later(day),
                name: "nghỉ".into(),
                basis: String::new(),
            });
        }
        for week in saturdays {
            let date = later(2 + 7 * week);
            if data.holidays.iter().all(|holiday| holiday.date != date) {
                data.swaps.push(Swap { date, instead_of: None, note: String::new() });
            }
        }
        WorkCalendar::new(&data).unwrap()
    })
}

fn any_limit() -> impl Strategy<Value = Limit> {
    prop_oneof![
        Just(Limit::SameDay),
        (0_u32..100).prop_map(Limit::WorkingHours),
        (0_u32..40).prop_map(Limit::WorkingDays),
        (0_u32..90).prop_map(Limit::Days),
    ]
}

/// Any second of 2026.
fn any_moment() -> impl Strategy<Value = Moment> {
    (0_i64..365 * 86_400).prop_map(|seconds| at("1/1 0:00").plus_seconds(seconds))
}

/// Working minutes the slow way: looks at every minute.
fn minutes_one_by_one(calendar: &WorkCalendar, from: Moment, to: Moment) -> i64 {
    let mut minutes = 0;
    let mut moment = from;
    while moment < to {
        let next = moment.plus_minutes(1);
        if calendar.is_working_time(moment) && calendar.is_working_time(next) {
            minutes += 1;
        }
        moment = next;
    }
    minutes
}

fn with_more(limit: Limit) -> Limit {
    match limit {
        Limit::SameDay => Limit::WorkingDays(1),
        Limit::WorkingHours(hours) => Limit::WorkingHours(hours + 1),
        Limit::WorkingDays(days) => Limit::WorkingDays(days + 1),
        Limit::Days(days) => Limit::Days(days + 1),
    }
}

proptest! {
    #[test]
    fn due_is_inside_working_time_and_never_before_counting_begins(
        calendar in any_calendar(), limit in any_limit(), received in any_moment(),
    ) {
        let clock = LegalClock::start(&calendar, limit, received);
        prop_assert!(clock.received <= clock.counted_from && clock.counted_from <= clock.due);
        prop_assert!(calendar.is_working_time(clock.counted_from));
        prop_assert!(calendar.is_working_time(clock.due));
        prop_assert_eq!(clock.due, clock.due.whole_minute());
    }

    #[test]
    fn more_limit_never_gives_an_earlier_due_moment(
        calendar in any_calendar(), limit in any_limit(), received in any_moment(),
    ) {
        let due = |limit| LegalClock::start(&calendar, limit, received).due;
        prop_assert!(due(limit) <= due(with_more(limit)));
        prop_assert!(due(Limit::Days(7)) <= due(Limit::WorkingDays(7)));
    }

    #[test]
    fn later_receipt_never_gives_an_earlier_due_moment(
        calendar in any_calendar(), limit in any_limit(), received in any_moment(), minutes in 0_i64..5_000,
    ) {
        let due = |received| LegalClock::start(&calendar, limit, received).due;
        prop_assert!(due(received) <= due(received.plus_minutes(minutes)));
    }

    #[test]
    fn the_last_step_of_the_derivation_is_the_due_moment(
        calendar in any_calendar(), limit in any_limit(), received in any_moment(),
        stop_after in 0_i64..20_000, resume_after in 0_i64..20_000, more in any_limit(),
    ) {
        let started = LegalClock::start(&calendar, limit, received);
        let stop_at = received.plus_minutes(stop_after);
        let resumed = started
            .stop(&calendar, stop_at, "chờ bổ sung")
            .resume(&calendar, stop_at.plus_minutes(resume_after));
        let extended = resumed.extend(&calendar, more, stop_at);
        for clock in [&started, &resumed, &extended] {
            let last = clock.derivation.last().unwrap();
            prop_assert_eq!((last.kind, last.at), (StepKind::Due, clock.due));
        }
        prop_assert!(started.due <= resumed.due && resumed.due <= extended.due);
    }

    #[test]
    fn an_extension_gives_the_same_to_a_stopped_clock(
        calendar in any_calendar(), limit in any_limit(), received in any_moment(),
        stop_after in 0_i64..20_000, extend_after in 0_i64..20_000, more in any_limit(),
    ) {
        let clock = LegalClock::start(&calendar, limit, received);
        let stop_at = received.plus_minutes(stop_after);
        let extended = clock
            .stop(&calendar, stop_at, "…")
            .extend(&calendar, more, stop_at.plus_minutes(extend_after));
        prop_assert_eq!(extended.derivation.last().unwrap().kind, StepKind::Extended);
        let resumed = extended.resume(&calendar, stop_at);
        prop_assert_eq!(resumed.due, clock.extend(&calendar, more, stop_at).due);
    }

    #[test]
    fn stopping_and_resuming_at_one_moment_changes_nothing(
        calendar in any_calendar(), limit in any_limit(), received in any_moment(),
        after in 0_i64..50_000, later in 0_i64..50_000,
    ) {
        let clock = LegalClock::start(&calendar, limit, received);
        let moment = received.plus_minutes(after);
        let resumed = clock.stop(&calendar, moment, "…").resume(&calendar, moment);
        prop_assert_eq!(resumed.due, clock.due);
        prop_assert_eq!(&resumed.stopped, &None);
        let now = moment.plus_minutes(later);
        prop_assert_eq!(resumed.minutes_left(&calendar, now), clock.minutes_left(&calendar, now));
        prop_assert_eq!(resumed.is_late(now), clock.is_late(now));
    }

    #[test]
    fn a_stop_takes_no_time_away_and_gives_none_beyond_its_length(
        calendar in any_calendar(), received in any_moment(), after in 0_i64..3_000, pause in 1_i64..20_000,
    ) {
        let clock = LegalClock::start(&calendar, Limit::WorkingDays(5), received);
        let stop_at = received.plus_minutes(after);
        let resume_at = stop_at.plus_minutes(pause);
        let left = clock.minutes_left(&calendar, stop_at);
        let resumed = clock.stop(&calendar, stop_at, "…").resume(&calendar, resume_at);
        let (counted_from, _) = calendar.receive(resume_at);
        prop_assert_eq!(calendar.working_minutes_between(counted_from, resumed.due), left);
    }

    #[test]
    fn adding_and_measuring_agree(
        calendar in any_calendar(), start in any_moment(), minutes in 0_i64..50_000,
    ) {
        let end = calendar.add_working_minutes(start, minutes);
        prop_assert_eq!(calendar.working_minutes_between(start, end), minutes);
        prop_assert_eq!(calendar.working_minutes_between(end, start), -minutes);
        prop_assert!(calendar.is_working_time(end));
    }

    #[test]
    fn measuring_agrees_with_looking_at_every_minute(
        calendar in any_calendar(), start in any_moment(), length in 0_i64..6_000,
    ) {
        let start = start.whole_minute();
        let end = start.plus_minutes(length);
        let expected = minutes_one_by_one(&calendar, start, end);
        prop_assert_eq!(calendar.working_minutes_between(start, end), expected);
    }

    #[test]
    fn measured_pieces_add_up(
        calendar in any_calendar(), one in any_moment(), two in any_moment(), three in any_moment(),
    ) {
        let mut moments = [one, two, three].map(Moment::whole_minute);
        moments.sort();
        let [one, two, three] = moments;
        let between = |from, to| calendar.working_minutes_between(from, to);
        prop_assert_eq!(between(one, two) + between(two, three), between(one, three));
    }
}

proptest! {
    // Few, since moments a hundred years apart are searched day by day.
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_moment_at_all_is_answered(from: i64, to: i64, limit in any_limit()) {
        let calendar = calendar();
        let (from, to) = (Moment::from_micros(from), Moment::from_micros(to));
        let clock = LegalClock::start(&calendar, limit, from);
        let clock = clock.stop(&calendar, to, "…").resume(&calendar, from).extend(&calendar, limit, to);
        let _ = clock.minutes_left(&calendar, to);
        let _ = calendar.working_minutes_between(from, to);
    }
}
