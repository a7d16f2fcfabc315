//! The citizen's own dossiers, and who looked at the citizen's data.

use web::page::dossier::{
    AccessPage, AccessRow, CitizenAction, DossierPage, DossierRow, DraftRow, MyDossiersPage,
    RatingView, RequestView, SentView,
};
use web::page::filing::PointView;
use web::page::parts::{DocumentView, MessageView, Phase, TimelineItem, Tone};
use web::page::shell::Area;

use crate::citizen::{answers, fees};
use crate::open::{due, timeline};
use crate::{Pages, add, citizen_shell, english, fault, link, state, texts};

pub fn draw(pages: &mut Pages) -> askama::Result<()> {
    add(pages, "dossiers", &list())?;
    let page = MyDossiersPage {
        ui: english(citizen_shell(Area::MyDossiers)),
        ..MyDossiersPage::default()
    };
    add(pages, "dossiers-empty-en", &page)?;
    add(pages, "dossier-request", &with_request())?;
    let page = DossierPage {
        sent: Some(SentView {
            supplement: false,
            receipt_href: Some("/ho-so/x/tai-lieu/1".into()),
            next: texts(&[
                "Bộ phận một cửa xem hồ sơ. Nếu thiếu, ông/bà nhận một yêu cầu bổ sung tại đây.",
                "Công chức đối chiếu, Chủ tịch ký số.",
                "Ông/bà nhận tin và tải giấy khai sinh tại trang này.",
            ]),
        }),
        state: state(Tone::Busy, "Mới nộp"),
        ..base()
    };
    add(pages, "dossier-sent", &page)?;
    add(pages, "dossier-done", &done())?;
    let page = DossierPage {
        ui: english(citizen_shell(Area::MyDossiers)),
        state: state(Tone::Late, "Refused"),
        refusal: Some("The child was already registered in Sổ đăng ký khai sinh 98/2026.".into()),
        due: None,
        ..base()
    };
    add(pages, "dossier-refused-en", &page)?;
    let read = |at: &str, who: &str, what: &str, purpose: &str, href: Option<&str>| AccessRow {
        at: at.into(),
        who: who.into(),
        unit: "UBND xã Mỹ Hiệp".into(),
        what: what.into(),
        purpose: purpose.into(),
        href: href.map(Into::into),
    };
    let page = AccessPage {
        ui: citizen_shell(Area::Other),
        rows: vec![
            read(
                "09 giờ 02 ngày 23/11/2026",
                "Lê Thị Hạnh, công chức tư pháp – hộ tịch",
                "Hồ sơ đăng ký khai sinh và dữ liệu dân cư",
                "Giải quyết hồ sơ H20.15-261122-0001",
                Some("/ho-so/x"),
            ),
            read(
                "07 giờ 42 ngày 23/11/2026",
                "Phạm Văn Tâm, cán bộ một cửa",
                "Hồ sơ đăng ký khai sinh",
                "Tiếp nhận hồ sơ H20.15-261122-0001",
                Some("/ho-so/x"),
            ),
            read(
                "14 giờ 20 ngày 02/10/2026",
                "Phạm Văn Tâm, cán bộ một cửa",
                "Sổ đăng ký kết hôn 45/2019",
                "Công dân đề nghị tra cứu tại quầy",
                None,
            ),
        ],
        next_href: Some("?after=1".into()),
    };
    add(pages, "access", &page)
}

fn base() -> DossierPage {
    DossierPage {
        ui: citizen_shell(Area::MyDossiers),
        code: "H20.15-261122-0001".into(),
        procedure: "Đăng ký khai sinh".into(),
        due: Some(due()),
        timeline: timeline(),
        fees: fees(),
        answers: answers(false),
        actions: vec![CitizenAction {
            action: "/ho-so/x/hanh-dong/withdraw".into(),
            label: "Rút hồ sơ".into(),
            confirm: "Hồ sơ dừng lại và không được giải quyết. Muốn làm lại, ông/bà nộp hồ sơ mới."
                .into(),
            note_label: Some("Lý do rút".into()),
            note_required: false,
            destructive: true,
        }],
        revision: 3,
        access: "Cán bộ đã xem hồ sơ này 2 lần.".into(),
        ..DossierPage::default()
    }
}

fn with_request() -> DossierPage {
    let mut timeline = timeline();
    if let Some(now) = timeline.get_mut(2) {
        *now = TimelineItem {
            at: "10 giờ 05 ngày 03/09/2026".into(),
            title: "Chờ ông/bà bổ sung".into(),
            text: "Thời gian giải quyết tạm dừng.".into(),
            who: "Ông/bà".into(),
            phase: Phase::Now,
            tone: Tone::Attention,
        };
    }
    let message = |at: &str, from: &str, text: &str, mine: bool| MessageView {
        at: at.into(),
        from: from.into(),
        text: text.into(),
        mine,
    };
    DossierPage {
        state: state(Tone::Attention, "Chờ bổ sung"),
        holder: "Đang ở phía ông/bà".into(),
        awaiting: "UBND xã Mỹ Hiệp đang chờ ông/bà bổ sung giấy tờ.".into(),
        request: Some(RequestView {
            text: "Xin ông/bà bổ sung một lần các điểm sau:".into(),
            points: vec![
                PointView {
                    label: "Giấy chứng sinh".into(),
                    text: "Ảnh mờ ở góc phải, không đọc được số. Xin chụp lại.".into(),
                    href: None,
                },
                PointView {
                    label: "Nơi sinh".into(),
                    text: "Ghi tên cơ sở y tế như trên giấy chứng sinh.".into(),
                    href: None,
                },
            ],
            asked: "UBND xã Mỹ Hiệp, 10 giờ 05 ngày 03/09/2026".into(),
            answer_href: "/ho-so/x/bo-sung".into(),
            slip_href: Some("/ho-so/x/tai-lieu/2".into()),
        }),
        timeline,
        documents: vec![DocumentView {
            href: "/ho-so/x/tai-lieu/1".into(),
            name: "Giấy tiếp nhận hồ sơ và hẹn trả kết quả".into(),
            detail: "Mẫu 01 · PDF · 84 KB".into(),
            issued: "15 giờ 41 ngày 28/08/2026".into(),
            ..DocumentView::default()
        }],
        messages: vec![
            message("10 giờ 05 ngày 03/09/2026", "UBND xã Mỹ Hiệp", "Xin bổ sung giấy tờ.", false),
            message("10 giờ 40 ngày 03/09/2026", "Ông/bà", "Tôi đang chụp lại.", true),
        ],
        ..base()
    }
}

fn done() -> DossierPage {
    DossierPage {
        state: state(Tone::Done, "Đã trả kết quả"),
        awaiting: "Giấy khai sinh của trẻ đã có. Ông/bà tải về bên dưới.".into(),
        documents: vec![
            DocumentView {
                href: "/ho-so/x/tai-lieu/3".into(),
                name: "Giấy khai sinh của Nguyễn Minh An".into(),
                detail: "PDF ký số · 121 KB".into(),
                issued: "16 giờ 20 ngày 03/09/2026".into(),
                signed_by: Some("Ký số: Trần Văn Lộc, Chủ tịch UBND xã Mỹ Hiệp".into()),
                is_result: true,
                outdated: None,
                verify_href: Some("/verify".into()),
            },
            DocumentView {
                href: "/ho-so/x/tai-lieu/1".into(),
                name: "Giấy tiếp nhận hồ sơ và hẹn trả kết quả".into(),
                detail: "Mẫu 01 · PDF · 84 KB".into(),
                issued: "15 giờ 41 ngày 28/08/2026".into(),
                outdated: Some("Đã có bản mới sau khi bổ sung".into()),
                ..DocumentView::default()
            },
        ],
        rating: Some(RatingView {
            error: Some("Hãy chọn một mức.".into()),
            ..RatingView::default()
        }),
        faults: vec![fault("#score-1", "Hãy chọn một mức.")],
        actions: vec![],
        ..base()
    }
}

fn list() -> MyDossiersPage {
    let row = |tone: Tone, word: &str, procedure: &str, about: &str, due: &str| DossierRow {
        href: "/ho-so/x".into(),
        code: "H20.15-261122-0001".into(),
        procedure: procedure.into(),
        about: about.into(),
        state: state(tone, word),
        due: due.into(),
        to_do: None,
    };
    MyDossiersPage {
        ui: citizen_shell(Area::MyDossiers),
        drafts: vec![DraftRow {
            href: "/nhap/1/s1".into(),
            procedure: "Cấp bản sao trích lục hộ tịch".into(),
            detail: "Đang ở bước 2/4: Người yêu cầu · lưu lúc 15 giờ 30 ngày 22/11/2026".into(),
            remove_action: "/nhap/1/xoa".into(),
        }],
        open: vec![
            DossierRow {
                to_do: Some(link("/ho-so/x/bo-sung", "Bổ sung hồ sơ")),
                ..row(
                    Tone::Attention,
                    "Chờ bổ sung",
                    "Đăng ký khai sinh",
                    "Trẻ: Nguyễn Minh An",
                    "đồng hồ tạm dừng",
                )
            },
            row(
                Tone::Busy,
                "Đang xử lý",
                "Đăng ký kết hôn",
                "",
                "hẹn trả 17 giờ 00 ngày 25/11/2026",
            ),
        ],
        closed: vec![row(
            Tone::Done,
            "Đã trả kết quả",
            "Đăng ký khai tử",
            "Ông Nguyễn Văn Bảy",
            "đã trả ngày 02/03/2026",
        )],
        next_href: Some("?after=1".into()),
    }
}
