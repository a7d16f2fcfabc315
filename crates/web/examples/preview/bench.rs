//! The officer's pages: the list of work, a dossier, an action.

use web::page::field::TextShape;
use web::page::parts::{DocumentView, DueView, FileLink, Link, Tone};
use web::page::shell::{Area, Notice};
use web::page::workbench::{
    ActionLink, ActionPage, BenchDossierPage, CheckView, CompareRow, CompareSection,
    EntryDraftView, ExchangeView, FilterView, PaperFiles, PointRow, Verdict, ViewLink, WorkRow,
    WorklistPage,
};

use crate::citizen::{fees, field, text};
use crate::open::{due, timeline};
use crate::{Pages, add, fault, link, officer_shell, option, state, texts};

pub fn draw(pages: &mut Pages) -> askama::Result<()> {
    add(pages, "bench-worklist", &worklist())?;
    let page = WorklistPage {
        rows: vec![],
        title: "Đến hạn hôm nay".into(),
        total: "0 hồ sơ".into(),
        empty: "Không còn hồ sơ nào đến hạn hôm nay.".into(),
        empty_link: Some(link("/can-bo?xem=cho-ky", "Xem hồ sơ chờ ký (3)")),
        ..worklist()
    };
    add(pages, "bench-worklist-empty", &page)?;
    add(pages, "bench-dossier", &dossier())?;
    add(pages, "bench-action-request", &request_action())?;
    add(pages, "bench-action-sign", &sign_action())
}

fn views() -> Vec<ViewLink> {
    let view = |label: &str, count: u64, tone: Tone, current: bool| ViewLink {
        href: "/can-bo?xem=x".into(),
        label: label.into(),
        count: Some(count),
        tone,
        current,
    };
    vec![
        view("Đến hạn hôm nay", 12, Tone::Attention, true),
        view("Quá hạn", 2, Tone::Late, false),
        view("Chờ bổ sung", 7, Tone::Plain, false),
        view("Chờ ký", 3, Tone::Plain, false),
        view("Của tôi", 18, Tone::Plain, false),
        view("Tất cả", 214, Tone::Plain, false),
    ]
}

fn worklist() -> WorklistPage {
    let row = |n: u32, name: &str, left: &str, tone: Tone, used: u8, step: (Tone, &str)| WorkRow {
        href: "/can-bo/ho-so/x".into(),
        code: format!("H20.15-261122-{n:04}"),
        applicant: name.into(),
        about: String::new(),
        procedure: "Đăng ký khai sinh".into(),
        step: state(step.0, step.1),
        assignee: "Lê Thị Hạnh".into(),
        left: left.into(),
        tone,
        used_percent: used,
        due: "17:00 22/11".into(),
    };
    let busy = (Tone::Busy, "Thẩm tra");
    let names = ["Đặng Thị Út", "Huỳnh Văn Ba", "Võ Thị Kim Ngân", "Lâm Quốc Khánh"];
    let mut rows = vec![
        WorkRow {
            about: "Trẻ: Trần Gia Hân".into(),
            ..row(7, "Trần Thị Mỹ Duyên", "quá hạn 2 giờ", Tone::Late, 100, busy)
        },
        WorkRow {
            assignee: String::new(),
            ..row(9, "Phạm Ngọc Thảo", "còn 45 phút", Tone::Attention, 92, (Tone::Plain, "Mới nộp"))
        },
        WorkRow {
            about: "Trẻ: Nguyễn Minh An".into(),
            ..row(1, "Nguyễn Thị Lan", "còn 3 giờ", Tone::Busy, 60, busy)
        },
        row(4, "Bùi Hữu Nghĩa", "tạm dừng", Tone::Plain, 50, (Tone::Attention, "Chờ bổ sung")),
    ];
    for (name, n) in names.iter().zip(11..) {
        rows.push(WorkRow {
            procedure: "Cấp bản sao trích lục hộ tịch".into(),
            ..row(n, name, "còn 6 giờ", Tone::Busy, 20, (Tone::Busy, "Chờ ký"))
        });
    }
    let mut ui = officer_shell(Area::Worklist);
    ui.notice = Some(Notice {
        tone: Tone::Done,
        text: "Đã nhận 2 hồ sơ về cho Lê Thị Hạnh.".into(),
        undo: Some(link("/can-bo/hoan-tac/1", "Hoàn tác")),
    });
    WorklistPage {
        ui,
        views: views(),
        title: "Đến hạn hôm nay".into(),
        filter: FilterView {
            view: "han-hom-nay".into(),
            procedures: vec![
                option("", "Mọi thủ tục", true),
                option("1.001193", "Khai sinh", false),
            ],
            steps: vec![option("", "Mọi bước", true)],
            assignees: vec![option("", "Mọi người", true), option("1", "Lê Thị Hạnh", false)],
            clear_href: Some("/can-bo".into()),
            ..FilterView::default()
        },
        rows,
        total: "12 hồ sơ".into(),
        next_href: Some("?after=x".into()),
        export_href: "/can-bo.csv".into(),
        ..WorklistPage::default()
    }
}

fn check(tone: Tone, verdict: &str, label: &str, text: &str, link: Option<Link>) -> CheckView {
    CheckView {
        label: label.into(),
        tone,
        verdict: verdict.into(),
        text: text.into(),
        link,
        source: "Hỏi lúc 08 giờ 12 ngày 22/11/2026".into(),
    }
}

fn row(label: &str, answer: &str, known: &str, source: &str, verdict: Verdict) -> CompareRow {
    CompareRow {
        label: label.into(),
        answer: answer.into(),
        known: known.into(),
        source: source.into(),
        verdict,
        files: vec![],
    }
}

fn checks() -> Vec<CheckView> {
    vec![
        check(
            Tone::Attention,
            "Khác",
            "Nơi cư trú của mẹ",
            "Tờ khai ghi xã Mỹ Hiệp; dân cư ghi xã Mỹ Thọ.",
            None,
        ),
        check(
            Tone::Done,
            "Khớp",
            "Hôn nhân của cha mẹ",
            "Cha mẹ đăng ký kết hôn ngày 20/10/2019.",
            Some(link("/can-bo/so/marriage/1", "Sổ kết hôn 45/2019")),
        ),
        check(
            Tone::Done,
            "Khớp",
            "Trẻ chưa được khai sinh",
            "Không có mục nào trùng tên, ngày sinh và mẹ.",
            None,
        ),
    ]
}

fn dossier() -> BenchDossierPage {
    let action = |label: &str, primary: bool, destructive: bool, why: Option<&str>| ActionLink {
        href: "/can-bo/ho-so/x/hanh-dong/y".into(),
        label: label.into(),
        primary,
        destructive,
        why_not: why.map(Into::into),
    };
    let file = FileLink {
        href: "/can-bo/tep/1".into(),
        name: "giay-chung-sinh.jpg".into(),
        detail: "JPEG, 1,2 MB".into(),
        preview_href: Some("assets/icon.svg".into()),
    };
    let person = |name: &str| {
        vec![
            row("Họ và tên", name, name, "Dân cư", Verdict::Same),
            row("Số định danh", "087195001234", "087195001234", "Dân cư", Verdict::Same),
            row("Nơi cư trú", "Xã Mỹ Hiệp", "Xã Mỹ Thọ", "Dân cư", Verdict::Differs),
            row("Dân tộc", "Kinh", "", "Dân cư", Verdict::Unknown),
        ]
    };
    BenchDossierPage {
        ui: officer_shell(Area::Worklist),
        views: views(),
        code: "H20.15-261122-0001".into(),
        procedure: "Đăng ký khai sinh".into(),
        applicant: "Nguyễn Thị Lan".into(),
        about: "Trẻ: Nguyễn Minh An".into(),
        step: state(Tone::Busy, "Thẩm tra"),
        assignee: "Lê Thị Hạnh".into(),
        filed: "Nộp trực tuyến lúc 08 giờ 12 ngày 22/11/2026".into(),
        due: Some(DueView { tone: Tone::Attention, left: "còn 45 phút".into(), ..due() }),
        actions: vec![
            action("Trình ký", true, false, None),
            action("Yêu cầu bổ sung", false, false, None),
            action("Từ chối", false, true, None),
            action("Gia hạn", false, false, Some("đã gia hạn một lần")),
        ],
        checks: checks(),
        sections: vec![
            CompareSection {
                title: "Trẻ được khai sinh".into(),
                rows: vec![
                    row("Họ và tên", "Nguyễn Minh An", "", "", Verdict::NotHeld),
                    row("Ngày sinh", "12/11/2026", "", "", Verdict::NotHeld),
                    CompareRow {
                        files: vec![file.clone()],
                        ..row("Giấy chứng sinh", "", "", "", Verdict::NotHeld)
                    },
                ],
            },
            CompareSection { title: "Người mẹ".into(), rows: person("Nguyễn Thị Lan") },
        ],
        papers: vec![PaperFiles { label: "Giấy chứng sinh".into(), files: vec![file] }],
        requests: vec![ExchangeView {
            label: "Số định danh cá nhân của trẻ".into(),
            state: state(Tone::Done, "Đã trả lời"),
            text: "087226001234, lúc 09 giờ 02".into(),
        }],
        entry: Some(EntryDraftView {
            amends: Default::default(),
            register: "Sổ đăng ký khai sinh".into(),
            rows: vec![
                row("Họ và tên", "NGUYỄN MINH AN", "Nguyễn Minh An", "", Verdict::Same),
                row("Quê quán", "Xã Mỹ Hiệp, tỉnh Đồng Tháp", "Xã Mỹ Hiệp", "", Verdict::Differs),
            ],
            prepared: "Lê Thị Hạnh, 10 giờ 12 ngày 22/11/2026".into(),
        }),
        registered: Some(link("/can-bo/so/birth/1", "Sổ đăng ký khai sinh 102/2026")),
        documents: vec![DocumentView {
            href: "/x".into(),
            name: "Giấy tiếp nhận hồ sơ và hẹn trả kết quả".into(),
            detail: "Mẫu 01 · PDF · 84 KB".into(),
            issued: "08 giờ 13 ngày 22/11/2026".into(),
            ..DocumentView::default()
        }],
        fees: fees(),
        timeline: timeline(),
        previous_href: Some("/can-bo/ho-so/w".into()),
        next_href: Some("/can-bo/ho-so/y".into()),
        list_href: "/can-bo".into(),
        ..BenchDossierPage::default()
    }
}

fn request_action() -> ActionPage {
    let point = |index: u32, text: &str, error: Option<&str>| PointRow {
        index,
        fields: vec![
            option("", "Chọn mục", index > 0),
            option("birth_notice", "Giấy chứng sinh", index == 0),
        ],
        text: text.into(),
        error: error.map(Into::into),
    };
    ActionPage {
        ui: officer_shell(Area::Worklist),
        action: "/can-bo/ho-so/x/hanh-dong/request-more".into(),
        code: "H20.15-261122-0001".into(),
        procedure: "Đăng ký khai sinh".into(),
        applicant: "Nguyễn Thị Lan".into(),
        label: "Yêu cầu bổ sung".into(),
        confirm: "Gửi bà Nguyễn Thị Lan một yêu cầu bổ sung. Mỗi hồ sơ chỉ yêu cầu một lần.".into(),
        effects: texts(&[
            "Đồng hồ tạm dừng, còn 3 giờ làm việc.",
            "Lập Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ (Mẫu 02).",
            "Bà Nguyễn Thị Lan nhận tin nhắn kèm các điểm trên.",
        ]),
        note_label: Some("Lời nhắn cho người nộp".into()),
        note_required: true,
        note_error: Some("Hãy ghi lời nhắn: người nộp cần biết vì sao phải bổ sung.".into()),
        phrases: texts(&["Ảnh chụp mờ, xin chụp lại đủ bốn góc.", "Thiếu chữ ký của người cha."]),
        points: vec![
            point(0, "Ảnh mờ ở góc phải, không đọc được số. Xin chụp lại.", None),
            point(1, "", Some("Hãy ghi cần bổ sung gì, hoặc bỏ mục này.")),
        ],
        revision: 3,
        submit_key: "k".into(),
        faults: vec![fault("#note", "Hãy ghi lời nhắn: người nộp cần biết vì sao phải bổ sung.")],
        back_href: "/can-bo/ho-so/x".into(),
        ..ActionPage::default()
    }
}

fn sign_action() -> ActionPage {
    let value = |name: &str, label: &str, value: &str| {
        field(&format!("entry.{name}"), label, text(value, TextShape::Plain))
    };
    ActionPage {
        label: "Ký và vào sổ".into(),
        confirm:
            "Ký số giấy khai sinh của Nguyễn Minh An và ghi vào Sổ đăng ký khai sinh. Sau khi \
                  ký không thể rút lại; muốn sửa phải cải chính."
                .into(),
        effects: texts(&[
            "Ghi Sổ đăng ký khai sinh, số kế tiếp của năm 2026.",
            "Ký số Giấy khai sinh bằng chữ ký của Trần Văn Lộc.",
            "Báo cho bà Nguyễn Thị Lan.",
        ]),
        note_label: None,
        note_error: None,
        phrases: vec![],
        points: vec![],
        faults: vec![],
        checks: checks(),
        compare: vec![
            row("Họ và tên", "NGUYỄN MINH AN", "Nguyễn Minh An", "", Verdict::Same),
            row("Ngày sinh", "12/11/2026", "12/11/2026", "", Verdict::Same),
            row("Quê quán", "Xã Mỹ Hiệp, tỉnh Đồng Tháp", "Xã Mỹ Hiệp", "", Verdict::Differs),
        ],
        entry: vec![
            value("child_name", "Họ và tên", "NGUYỄN MINH AN"),
            value("origin", "Quê quán", "Xã Mỹ Hiệp, tỉnh Đồng Tháp"),
        ],
        entry_title: "Nội dung ghi vào Sổ đăng ký khai sinh".into(),
        asks_code: true,
        demo_code: Some("492018".into()),
        ..request_action()
    }
}
