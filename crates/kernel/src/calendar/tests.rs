use jiff::civil::{date, time};

use super::*;

fn hours(weekday: i8, start: (i8, i8), end: (i8, i8)) -> Hours {
    Hours { weekday, start: time(start.0, start.1, 0, 0), end: time(end.0, end.1, 0, 0) }
}

fn holiday(month: i8, day: i8, name: &str) -> Holiday {
    Holiday { date: date(2026, month, day), name: name.to_owned(), basis: String::new() }
}

fn swap(day: (i8, i8), instead_of: (i8, i8)) -> Swap {
    Swap {
        date: date(2026, day.0, day.1),
        instead_of: Some(date(2026, instead_of.0, instead_of.1)),
        note: String::new(),
    }
}

/// 2026 as announced, with Saturdays 10/1 and 22/8 made up.
pub(super) fn data_2026() -> CalendarData {
    let mut data = CalendarData {
        hours: Vec::new(),
        holidays: vec![
            holiday(1, 1, "Tết Dương lịch"),
            holiday(1, 2, "Tết Dương lịch"),
            holiday(4, 27, "bù Giỗ Tổ Hùng Vương"),
            holiday(4, 30, "Ngày Chiến thắng"),
            holiday(5, 1, "Quốc tế lao động"),
            holiday(8, 31, "Quốc khánh"),
            holiday(9, 1, "Quốc khánh"),
            holiday(9, 2, "Quốc khánh"),
        ],
        swaps: vec![swap((1, 10), (1, 2)), swap((8, 22), (8, 31))],
        cut_off: time(15, 0, 0, 0),
        years: vec![2026],
    };
    data.holidays.extend((16..=20).map(|day| holiday(2, day, "Tết Bính Ngọ")));
    for weekday in 1..=5 {
        data.hours.push(hours(weekday, (13, 30), (17, 0)));
        data.hours.push(hours(weekday, (7, 30), (11, 30)));
    }
    data
}

pub(super) fn calendar() -> WorkCalendar {
    WorkCalendar::new(&data_2026()).unwrap()
}

/// `at("28/8 15:40")` in 2026.
pub(super) fn at(text: &str) -> Moment {
    let (day, clock) = text.split_once(' ').unwrap();
    let (day, month) = day.split_once('/').unwrap();
    let (hour, minute) = clock.split_once(':').unwrap();
    let number = |text: &str| text.parse::<i8>().unwrap();
    let date = date(2026, number(month), number(day));
    Moment::at(date, time(number(hour), number(minute), 0, 0))
}

#[track_caller]
fn check_due(received: &str, limit: Limit, due: &str) {
    let clock = LegalClock::start(&calendar(), limit, at(received));
    assert_eq!(clock.due, at(due), "{:#?}", clock.derivation);
}

fn texts(clock: &LegalClock) -> Vec<&str> {
    clock.derivation.iter().map(|step| step.text.as_str()).collect()
}

#[test]
fn a_day_received_after_the_cut_off_counts_from_the_next_working_day() {
    check_due("24/8 15:00", Limit::SameDay, "24/8 17:00");
    check_due("24/8 15:01", Limit::SameDay, "25/8 17:00");
    let calendar = calendar();
    let (counted_from, notes) = calendar.receive(at("24/8 15:40"));
    assert_eq!(counted_from, at("25/8 7:30"));
    assert_eq!(notes, [ClockNote::AfterCutOff(time(15, 0, 0, 0))]);
}

#[test]
fn seconds_do_not_count_in_legal_time() {
    let calendar = calendar();
    assert_eq!(calendar.receive(at("24/8 15:00").plus_seconds(59)).0, at("24/8 15:00"));
    let clock =
        LegalClock::start(&calendar, Limit::WorkingHours(1), at("24/8 9:00").plus_seconds(5));
    assert_eq!(clock.due, at("24/8 10:00"));
    assert!(!clock.is_late(clock.due.plus_seconds(59)));
    assert!(clock.is_late(clock.due.plus_seconds(60)));
}

#[test]
fn before_opening_and_in_the_break_counting_waits_for_the_office() {
    let calendar = calendar();
    for (received, counted_from, note) in [
        ("24/8 6:00", "24/8 7:30", ClockNote::BeforeOpening(time(7, 30, 0, 0))),
        ("24/8 12:00", "24/8 13:30", ClockNote::DuringBreak(time(13, 30, 0, 0))),
        ("29/8 9:00", "3/9 7:30", ClockNote::DayOff(DayKind::Weekend)),
        ("2/9 9:00", "3/9 7:30", ClockNote::DayOff(DayKind::Holiday("Quốc khánh".into()))),
    ] {
        assert_eq!(calendar.receive(at(received)), (at(counted_from), vec![note]), "{received}");
    }
    assert_eq!(calendar.receive(at("24/8 11:30")), (at("24/8 11:30"), vec![]));
}

#[test]
fn a_half_day_counts_from_the_next_day_once_the_office_has_closed() {
    let mut data = data_2026();
    data.hours.push(hours(6, (7, 30), (11, 30)));
    data.swaps.clear();
    let calendar = WorkCalendar::new(&data).unwrap();
    let (counted_from, notes) = calendar.receive(at("29/8 12:00"));
    assert_eq!(counted_from, at("3/9 7:30"));
    assert_eq!(notes, [ClockNote::AfterClosing(time(11, 30, 0, 0))]);
    assert_eq!(calendar.add(at("28/8 9:00"), Limit::WorkingDays(1)), at("29/8 11:30"));
}

#[test]
fn friday_afternoon_before_national_day_is_due_after_it() {
    let clock = LegalClock::start(&calendar(), Limit::SameDay, at("28/8 15:40"));
    assert_eq!(
        texts(&clock),
        [
            "Nhận lúc 15 giờ 40 thứ Sáu 28/08/2026, sau 15 giờ 00 nên tính từ ngày làm việc tiếp theo",
            "Thứ Bảy 29/08/2026 và Chủ nhật 30/08/2026: nghỉ cuối tuần",
            "Thứ Hai 31/08/2026: nghỉ Quốc khánh",
            "Thứ Ba 01/09/2026: nghỉ Quốc khánh",
            "Thứ Tư 02/09/2026: nghỉ Quốc khánh",
            "Bắt đầu tính từ 07 giờ 30 thứ Năm 03/09/2026",
            "Thời hạn giải quyết: trong ngày",
            "Hẹn trả: 17 giờ 00 thứ Năm 03/09/2026",
        ]
    );
}

#[test]
fn the_first_day_is_not_counted_and_the_last_ends_with_the_office() {
    check_due("24/8 9:15", Limit::WorkingDays(3), "27/8 17:00");
    check_due("24/8 7:30", Limit::WorkingDays(1), "25/8 17:00");
    check_due("24/8 9:15", Limit::Days(3), "27/8 17:00");
    check_due("24/8 9:15", Limit::WorkingDays(0), "24/8 17:00");
    check_due("24/8 9:15", Limit::Days(0), "24/8 17:00");
}

#[test]
fn calendar_days_run_through_holidays_and_only_the_last_day_moves() {
    check_due("10/2 9:00", Limit::Days(15), "25/2 17:00");
    check_due("10/2 9:00", Limit::Days(7), "23/2 17:00");
    let clock = LegalClock::start(&calendar(), Limit::Days(7), at("10/2 9:00"));
    let off: Vec<&str> = texts(&clock).into_iter().filter(|text| text.contains(": nghỉ")).collect();
    assert_eq!(off.first(), Some(&"Thứ Ba 17/02/2026: nghỉ Tết Bính Ngọ"));
    assert_eq!(off.len(), 5, "{off:?}");
}

#[test]
fn tet_2026_does_not_count() {
    check_due("13/2 9:00", Limit::WorkingDays(1), "23/2 17:00");
    check_due("13/2 15:40", Limit::SameDay, "23/2 17:00");
    check_due("13/2 14:00", Limit::WorkingHours(8), "23/2 14:30");
}

#[test]
fn the_days_of_hung_kings_victory_and_labour_do_not_count() {
    check_due("24/4 9:00", Limit::WorkingDays(1), "28/4 17:00");
    check_due("29/4 9:00", Limit::WorkingDays(1), "4/5 17:00");
    check_due("24/4 9:00", Limit::WorkingDays(4), "5/5 17:00");
}

#[test]
fn a_made_up_saturday_works() {
    let calendar = calendar();
    let saturday = date(2026, 8, 22);
    assert_eq!(calendar.is_working_day(saturday), DayKind::SwapDay(String::new()));
    assert!(calendar.works_on(saturday) && !calendar.works_on(date(2026, 8, 29)));
    check_due("21/8 9:00", Limit::WorkingDays(1), "22/8 17:00");
    check_due("21/8 16:00", Limit::SameDay, "22/8 17:00");
    check_due("22/8 9:00", Limit::SameDay, "22/8 17:00");
    let clock = LegalClock::start(&calendar, Limit::WorkingDays(2), at("21/8 9:00"));
    assert!(texts(&clock).contains(&"Thứ Bảy 22/08/2026: ngày làm bù"), "{:#?}", texts(&clock));
}

#[test]
fn a_day_given_up_is_off_even_if_nobody_listed_it() {
    let mut data = data_2026();
    data.holidays.retain(|holiday| holiday.date != date(2026, 8, 31));
    let calendar = WorkCalendar::new(&data).unwrap();
    let expected = DayKind::Holiday("hoán đổi với thứ Bảy 22/08/2026".to_owned());
    assert_eq!(calendar.is_working_day(date(2026, 8, 31)), expected);
}

#[test]
fn working_hours_run_over_the_break_and_the_night() {
    check_due("24/8 9:00", Limit::WorkingHours(2), "24/8 11:00");
    check_due("24/8 10:30", Limit::WorkingHours(2), "24/8 14:30");
    check_due("24/8 14:30", Limit::WorkingHours(4), "25/8 9:00");
    // Ends with the day rather than at the opening of the next.
    check_due("24/8 13:30", Limit::WorkingHours(0), "24/8 13:30");
    check_due("24/8 7:30", Limit::WorkingHours(4), "24/8 11:30");
}

#[test]
fn a_year_without_known_holidays_is_said_so() {
    let calendar = calendar();
    let received = Moment::at(date(2027, 3, 1), time(9, 0, 0, 0));
    assert_eq!(calendar.receive(received).1, [ClockNote::Uncovered(2027)]);
    let clock = LegalClock::start(&calendar, Limit::WorkingDays(5), at("30/12 9:00"));
    let said = "Lịch nghỉ năm 2027 chưa được cập nhật, tạm tính theo tuần làm việc bình thường";
    assert!(texts(&clock).contains(&said), "{:#?}", texts(&clock));
    assert_eq!(clock.derivation.last().unwrap().at, clock.due);
}

#[test]
fn a_stop_keeps_what_is_left_and_resuming_counts_it_from_the_receipt() {
    let calendar = calendar();
    let clock = LegalClock::start(&calendar, Limit::WorkingDays(2), at("24/8 9:00"));
    let stopped = clock.stop(&calendar, at("25/8 10:00"), "chờ bổ sung giấy chứng sinh");
    assert_eq!(stopped.stopped.as_ref().unwrap().remaining_minutes, 90 + 210 + 450);
    assert_eq!(stopped.minutes_left(&calendar, at("9/9 9:00")), 750);
    assert!(!stopped.is_late(at("9/9 9:00")));
    assert_eq!(
        texts(&stopped).last().unwrap(),
        &"Tạm dừng từ 10 giờ 00 thứ Ba 25/08/2026: \
        chờ bổ sung giấy chứng sinh; còn lại 12 giờ 30 phút làm việc"
    );
    // Handed in after the cut-off: counts from the next day.
    let resumed = stopped.resume(&calendar, at("27/8 16:00"));
    assert_eq!(resumed.due, at("3/9 14:30"));
    assert_eq!(resumed.stopped, None);
    assert_eq!(texts(&resumed).last().unwrap(), &"Hẹn trả: 14 giờ 30 thứ Năm 03/09/2026");
}

#[test]
fn a_clock_that_was_late_stays_late_after_a_stop() {
    let calendar = calendar();
    let clock = LegalClock::start(&calendar, Limit::SameDay, at("24/8 9:00"));
    let stopped = clock.stop(&calendar, at("25/8 10:00"), "…");
    assert!(stopped.is_late(at("25/8 10:00")));
    assert!(stopped.minutes_left(&calendar, at("26/8 10:00")) < 0);
    let resumed = stopped.resume(&calendar, at("27/8 9:00"));
    assert_eq!(resumed.due, clock.due);
    assert!(resumed.is_late(at("27/8 9:00")));
}

#[test]
fn more_time_is_given_once_and_counts_from_the_old_due_moment() {
    let calendar = calendar();
    let clock = LegalClock::start(&calendar, Limit::WorkingDays(2), at("24/8 9:00"));
    let extended = clock.extend(&calendar, Limit::WorkingDays(1), at("25/8 9:00"));
    assert_eq!(extended.due, at("27/8 17:00"));
    assert_eq!(extended.extended.unwrap().old_due, at("26/8 17:00"));
    assert_eq!(extended.extend(&calendar, Limit::WorkingDays(9), at("25/8 9:00")), extended);
    // Given late, it counts from the day that it is given.
    let late = clock.extend(&calendar, Limit::WorkingDays(1), at("27/8 9:00"));
    assert_eq!(late.due, at("28/8 17:00"));
    // A stopped clock stays stopped with more left.
    let stopped = clock.stop(&calendar, at("25/8 10:00"), "…");
    let both = stopped.extend(&calendar, Limit::WorkingDays(1), at("25/8 11:00"));
    assert_eq!(both.stopped.as_ref().unwrap().remaining_minutes, 750 + 450);
    assert_eq!(both.resume(&calendar, at("25/8 10:00")).due, at("27/8 17:00"));
}

#[test]
fn a_finished_clock_stands_still() {
    let calendar = calendar();
    let clock = LegalClock::start(&calendar, Limit::SameDay, at("24/8 9:00"));
    let finished = clock.finish(at("24/8 16:30")).finish(at("28/8 9:00"));
    assert_eq!(finished.finished, Some(at("24/8 16:30")));
    assert_eq!(finished.minutes_left(&calendar, at("28/8 9:00")), 30);
    assert!(!finished.is_late(at("28/8 9:00")));
    assert_eq!(finished.stop(&calendar, at("28/8 9:00"), "…"), finished);
    assert_eq!(finished.extend(&calendar, Limit::Days(1), at("28/8 9:00")), finished);
}

#[test]
fn what_makes_no_sense_changes_nothing() {
    let calendar = calendar();
    let clock = LegalClock::start(&calendar, Limit::Days(3), at("24/8 9:00"));
    assert_eq!(clock.resume(&calendar, at("25/8 9:00")), clock);
    let stopped = clock.stop(&calendar, at("25/8 9:00"), "một");
    assert_eq!(stopped.stop(&calendar, at("26/8 9:00"), "hai"), stopped);
}

#[test]
fn wrong_data_are_refused_with_all_faults() {
    let mut data = data_2026();
    data.hours.push(hours(8, (8, 0), (9, 0)));
    data.hours.push(hours(1, (17, 0), (8, 0)));
    data.hours.push(hours(2, (11, 0), (12, 0)));
    data.holidays.push(holiday(9, 2, "Quốc khánh"));
    data.swaps.push(swap((8, 24), (8, 31)));
    data.swaps.push(swap((8, 29), (8, 30)));
    let problems = WorkCalendar::new(&data).unwrap_err();
    let found: Vec<(&str, &str)> =
        problems.iter().map(|problem| (problem.code.as_str(), problem.path.as_str())).collect();
    assert_eq!(
        found,
        [
            ("calendar.weekday", "hours.10.weekday"),
            ("calendar.hours-order", "hours.11.end"),
            ("calendar.hours-overlap", "hours.12.start"),
            ("calendar.holiday-twice", "holidays.13.date"),
            ("calendar.swap-working", "swaps.2.date"),
            ("calendar.swap-hours", "swaps.3.date"),
        ]
    );
    assert!(WorkCalendar::new(&CalendarData::default()).is_err());
}

#[test]
fn data_read_the_way_packs_write_them() {
    let json = r#"{
        "hours": [{"weekday": 1, "start": "07:30", "end": "11:30"}],
        "holiday": [{"date": "2026-09-02", "name": "Quốc khánh"}],
        "swap": [{"date": "2026-08-22", "instead_of": "2026-08-31", "note": "làm bù"}],
        "cut_off": "15:00", "years": [2026]
    }"#;
    let data: CalendarData = serde_json::from_str(json).unwrap();
    let calendar = WorkCalendar::new(&data).unwrap();
    assert_eq!(calendar.is_working_day(date(2026, 8, 22)), DayKind::SwapDay("làm bù".into()));
    assert_eq!(calendar.opening(date(2026, 8, 22)), Some(at("22/8 7:30")));
}

#[test]
fn an_absurd_limit_ends_within_a_hundred_years() {
    let calendar = calendar();
    for limit in
        [Limit::WorkingHours(u32::MAX), Limit::WorkingDays(u32::MAX), Limit::Days(u32::MAX)]
    {
        let clock = LegalClock::start(&calendar, limit, at("24/8 9:00"));
        assert!(clock.due.date().year() >= 2125 && clock.due.date().year() <= 2127, "{limit:?}");
        assert!(clock.derivation.len() < 80);
    }
}
