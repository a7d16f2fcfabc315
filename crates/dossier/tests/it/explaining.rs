//! What the applicant and the officers read about where a dossier stands.

use dossier::{
    Audience, Command, HopResult, TimeState, TimelineItem, due_text, hops, status_line, step_due,
    time_left, timeline,
};
use kernel::calendar::{LegalClock, Limit};

use crate::sample::{CHAIR, CITIZEN, CLERK, DESK, Desk, answers, at, birth, content, noted};

fn status(desk: &Desk, now: &str) -> String {
    status_line(content(), birth(), desk.dossier(), at(now))
}

fn left(desk: &Desk, now: &str) -> (TimeState, String) {
    let left = time_left(&content().calendar, desk.dossier(), at(now));
    (left.state, left.text)
}

fn story(desk: &Desk, audience: Audience) -> Vec<TimelineItem> {
    timeline(content(), birth(), &desk.events, audience)
}

fn whats(items: &[TimelineItem]) -> Vec<&str> {
    items.iter().map(|item| item.what.as_str()).collect()
}

#[test]
fn the_control_slip_tells_who_had_the_dossier_and_whether_in_time() {
    let mut desk = Desk::submitted();
    desk.now = at("2026-08-28 10:00");
    desk.ask().unwrap();
    // The applicant may take days: that is nobody's delay.
    desk.now = at("2026-09-07 09:00");
    desk.supply(answers()).unwrap();
    desk.now = at("2026-09-09 16:00");
    desk.act(DESK, "accept").unwrap();
    desk.answer("087326000123").unwrap();
    desk.act(CLERK, "submit").unwrap();
    desk.act(CHAIR, "sign").unwrap();
    let hops = hops(content(), birth(), &desk.events);
    let told: Vec<_> = hops
        .iter()
        .map(|hop| {
            let to = hop.to.as_ref().map(|to| (to.role.as_str(), to.account));
            (hop.from.role.as_str(), to, hop.result)
        })
        .collect();
    let (early, late) = (Some(HopResult::Early), Some(HopResult::Late));
    let (applicant, one_stop) = ("Người nộp hồ sơ", "Cán bộ Bộ phận Một cửa");
    let (clerk, chair) = ("Công chức tư pháp – hộ tịch", "Chủ tịch Ủy ban nhân dân xã");
    assert_eq!(
        told,
        [
            (applicant, Some((one_stop, Some(DESK))), None),
            (one_stop, Some((applicant, Some(CITIZEN))), early),
            (applicant, Some((one_stop, Some(DESK))), None),
            (one_stop, Some((clerk, Some(CLERK))), late),
            (clerk, Some((chair, Some(CHAIR))), early),
            (chair, None, early),
        ]
    );
    assert_eq!(hops[1].at, at("2026-08-28 10:00"));
    assert_eq!((hops[5].what.as_str(), hops[5].step.as_str()), ("Ký", "Có kết quả"));
}

#[test]
fn the_due_moment_comes_with_its_reasons() {
    let desk = Desk::submitted();
    let due = due_text(desk.dossier().clock.as_ref().unwrap());
    assert_eq!(due.due, "17 giờ 00 thứ Sáu 04/09/2026");
    let text = due.lines.join("\n");
    for part in ["Nhận lúc 09 giờ 00 thứ Sáu 28/08/2026", "Quốc khánh", "Hẹn trả: 17 giờ 00"]
    {
        assert!(text.contains(part), "{text}");
    }
}

#[test]
fn time_left_is_told_in_days_and_on_the_last_day_in_hours() {
    let desk = Desk::submitted();
    let told = |now| left(&desk, now);
    assert_eq!(told("2026-08-28 09:00"), (TimeState::Running, "còn 3 ngày làm việc".to_owned()));
    assert_eq!(told("2026-09-03 16:00"), (TimeState::Running, "còn 1 ngày làm việc".to_owned()));
    let hours = "còn 3 giờ 30 phút làm việc".to_owned();
    assert_eq!(told("2026-09-04 11:30"), (TimeState::DueToday, hours));
    assert_eq!(told("2026-09-04 17:00"), (TimeState::DueToday, "đến hạn".to_owned()));
    assert_eq!(told("2026-09-04 17:01"), (TimeState::Late, "quá hạn 1 phút làm việc".to_owned()));
    assert_eq!(told("2026-09-08 09:00"), (TimeState::Late, "quá hạn 2 ngày làm việc".to_owned()));
}

#[test]
fn the_bar_fills_as_time_is_used() {
    let desk = Desk::submitted();
    let used = |now| time_left(&content().calendar, desk.dossier(), at(now)).used_percent;
    let row = ["2026-08-28 09:00", "2026-09-03 09:00", "2026-09-04 16:00", "2026-09-09 09:00"];
    let row = row.map(used);
    assert!(row.is_sorted() && row[0] == 0 && row[3] == 100, "{row:?}");
}

#[test]
fn a_dossier_without_a_clock_has_nothing_to_tell_of_time() {
    let mut desk = Desk::submitted();
    desk.state.as_mut().unwrap().clock = None;
    assert_eq!(left(&desk, "2026-08-28 09:00"), (TimeState::NoClock, String::new()));
    assert_eq!(
        status(&desk, "2026-08-28 09:00"),
        "Bộ phận Một cửa đang kiểm tra hồ sơ của ông/bà."
    );
}

#[test]
fn the_applicant_reads_who_has_it_and_how_long() {
    let mut desk = Desk::submitted();
    assert_eq!(
        status(&desk, "2026-08-28 09:00"),
        "Bộ phận Một cửa đang kiểm tra hồ sơ của ông/bà, còn 3 ngày làm việc."
    );
    assert_eq!(
        status(&desk, "2026-09-07 09:00"),
        "Bộ phận Một cửa đang kiểm tra hồ sơ của ông/bà, đã quá hạn 1 ngày làm việc. \
         Cơ quan xin lỗi ông/bà vì sự chậm trễ này."
    );
    desk.ask().unwrap();
    assert_eq!(
        status(&desk, "2026-09-07 09:00"),
        "Hồ sơ cần ông/bà bổ sung; thời hạn giải quyết đang tạm dừng."
    );
    let (state, text) = left(&desk, "2026-09-07 09:00");
    assert_eq!(state, TimeState::Stopped);
    assert!(text.starts_with("tạm dừng, còn "), "{text}");
}

#[test]
fn the_end_is_told_with_its_day() {
    let mut desk = Desk::signing();
    desk.now = at("2026-09-03 10:00");
    desk.act(CHAIR, "sign").unwrap();
    assert_eq!(
        status(&desk, "2026-10-01 09:00"),
        "Giấy khai sinh đã ký, xong ngày 03/09/2026, đúng hạn."
    );
    assert_eq!(left(&desk, "2026-10-01 09:00"), (TimeState::FinishedOnTime, "đúng hạn".to_owned()));
    let mut desk = Desk::submitted();
    desk.act(CITIZEN, "withdraw").unwrap();
    assert_eq!(status(&desk, "2026-10-01 09:00"), "Ông/bà đã rút hồ sơ, kết thúc ngày 28/08/2026.");
}

#[test]
fn a_step_without_words_of_its_own_names_its_owner() {
    let mut procedure = birth().clone();
    for step in &mut procedure.workflow.steps {
        step.citizen_text.vi.clear();
    }
    let mut desk = Desk::submitted();
    let line =
        |desk: &Desk| status_line(content(), &procedure, desk.dossier(), at("2026-09-04 14:00"));
    assert_eq!(line(&desk), "Đang chờ cán bộ Bộ phận Một cửa xem xét, còn 3 giờ làm việc.");
    desk.ask().unwrap();
    assert!(line(&desk).starts_with("Đang chờ ông/bà bổ sung;"), "{}", line(&desk));
}

#[test]
fn each_step_has_its_own_due_moment() {
    let desk = Desk::submitted();
    let due = |desk: &Desk| step_due(&content().calendar, birth(), desk.dossier());
    assert_eq!(due(&desk), Some(at("2026-08-28 11:00")));
    let mut desk = desk;
    desk.now = at("2026-08-28 15:30");
    desk.act(DESK, "accept").unwrap();
    assert_eq!(due(&desk), Some(at("2026-09-01 11:30")), "after the cut-off, after the holiday");
    desk.act(CITIZEN, "withdraw").unwrap();
    assert_eq!(due(&desk), None);
}

fn whole_story() -> Desk {
    let mut desk = Desk::submitted();
    desk.ask().unwrap();
    desk.supply(answers()).unwrap();
    desk.act(DESK, "accept").unwrap();
    desk.answer("087326000123").unwrap();
    desk.act_with_note(CLERK, "back", "Chữ ký trên giấy chứng sinh lạ.").unwrap();
    desk.act(DESK, "accept").unwrap();
    desk.run(DESK, Command::Assign { to: Some(CLERK) }).unwrap();
    desk.act(CLERK, "submit").unwrap();
    desk.act(CHAIR, "sign").unwrap();
    desk.record_entry().unwrap();
    desk.act(DESK, "deliver").unwrap();
    desk.run(CITIZEN, Command::Rate { score: 5, comment: String::new() }).unwrap();
    desk
}

#[test]
fn the_applicant_is_told_the_story_without_what_stays_inside() {
    let desk = whole_story();
    let items = story(&desk, Audience::Applicant);
    assert_eq!(
        whats(&items),
        [
            "Nộp hồ sơ (nộp trực tuyến)",
            "Bắt đầu tính thời hạn, hẹn trả kết quả 17 giờ 00 thứ Sáu 04/09/2026",
            "Lập Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
            "Tạm dừng tính thời hạn: yêu cầu bổ sung",
            "Lập Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ",
            "Yêu cầu bổ sung",
            "Tiếp tục tính thời hạn, hẹn trả kết quả 17 giờ 00 thứ Sáu 04/09/2026",
            "Gửi bổ sung",
            "Chuyển thẩm tra",
            "Bộ phận Một cửa đang kiểm tra hồ sơ của ông/bà",
            "Chuyển thẩm tra",
            "Hồ sơ đang chờ ký",
            "Ký",
            "Hồ sơ đã giải quyết xong, đúng hạn",
            "Ghi vào sổ, số 125/2026",
            "Trả kết quả",
            "Người nộp đánh giá: 5/5",
        ]
    );
    assert!(items.iter().all(|item| item.note.is_none()), "the note stays inside");
    assert_eq!(items[0].who, "Ông/bà");
    assert_eq!(items[0].when, "09 giờ 00 ngày 28/08/2026");
    assert_eq!(items[5].who, "Cán bộ Bộ phận Một cửa");
    assert_eq!(items[5].points, [("Giấy chứng sinh".to_owned(), "Chụp lại cho rõ.".to_owned())]);
}

#[test]
fn officers_are_told_everything() {
    let desk = whole_story();
    let items = story(&desk, Audience::Officer);
    let told = whats(&items);
    for part in [
        "Gửi yêu cầu: Số định danh cá nhân cho trẻ",
        "Nhận trả lời: Số định danh cá nhân cho trẻ",
        "Trả lại một cửa → Tiếp nhận",
        "Dự thảo nội dung ghi sổ",
        "Duyệt nội dung ghi sổ",
        "Duyệt ký kết quả",
        "Kết thúc tính thời hạn, đúng hạn",
        "Phân công xử lý",
    ] {
        assert!(told.contains(&part), "{part}: {told:#?}");
    }
    let back = items.iter().find(|item| item.what.starts_with("Trả lại một cửa")).unwrap();
    assert_eq!(back.note.as_deref(), Some("Chữ ký trên giấy chứng sinh lạ."));
    assert_eq!(items[0].who, "Người nộp hồ sơ");
}

#[test]
fn a_refusal_is_told_with_its_reason() {
    let mut desk = Desk::submitted();
    desk.run(DESK, noted("refuse", "Không thuộc thẩm quyền.")).unwrap();
    let items = story(&desk, Audience::Applicant);
    let refusal = items.iter().find(|item| item.what == "Từ chối").unwrap();
    assert_eq!(refusal.note.as_deref(), Some("Không thuộc thẩm quyền."));
    assert_eq!(items.last().unwrap().what, "Hồ sơ bị từ chối giải quyết");
}

#[test]
fn any_clock_at_any_moment_has_words() {
    let mut desk = Desk::submitted();
    for limit in [Limit::SameDay, Limit::WorkingHours(4), Limit::Days(30), Limit::WorkingDays(0)] {
        for received in ["2026-08-28 03:00", "2026-08-30 12:00", "2030-01-01 23:59"] {
            let clock = LegalClock::start(&content().calendar, limit, at(received));
            desk.state.as_mut().unwrap().clock = Some(clock);
            for now in ["1990-01-01 00:00", "2026-08-28 09:00", "2040-01-01 00:00"] {
                let (state, text) = left(&desk, now);
                assert!(!text.is_empty(), "{limit:?} {received} {now} {state:?}");
            }
        }
    }
}
