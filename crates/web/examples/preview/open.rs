//! The open pages: start, search, procedure, tracking, checking, help, errors, API.

use web::page::api_docs::{ApiDocsPage, ApiGroup, ApiOperation, ApiParameter, ApiResponse};
use web::page::error::ErrorPage;
use web::page::parts::{DueView, FeeView, Phase, TimelineItem, Tone};
use web::page::portal::{
    AccessibilityPage, HelpPage, HomePage, JobView, LegalBasisView, OfficeView, PaperView,
    ProcedurePage, SearchPage, TrackPage, TrackView, WaitingView,
};
use web::page::shell::{Area, Notice};
use web::page::verify::{CheckLine, VerifyOutcome, VerifyPage};

use crate::{Pages, add, citizen_shell, english, fact, fault, link, option, shell, state, texts};

pub fn draw(pages: &mut Pages) -> askama::Result<()> {
    let home = HomePage { ui: shell(Area::Other), jobs: jobs(), waiting: vec![] };
    add(pages, "home", &home)?;
    let waiting = vec![WaitingView {
        href: "/ho-so/x/bo-sung".into(),
        text: "Bổ sung hồ sơ đăng ký khai sinh".into(),
        detail: "UBND xã Mỹ Hiệp yêu cầu lúc 10 giờ 05 ngày 23/11/2026".into(),
    }];
    let mut ui = citizen_shell(Area::Other);
    ui.notice =
        Some(Notice { tone: Tone::Done, text: "Ông/bà đã đăng nhập.".into(), undo: None });
    add(pages, "home-signed-in", &HomePage { ui, jobs: jobs(), waiting })?;
    let mut ui = english(shell(Area::Other));
    ui.large_text = true;
    add(pages, "home-en-large", &HomePage { ui, jobs: jobs(), waiting: vec![] })?;

    let mut ui = shell(Area::Other);
    ui.query = "khai sanh".into();
    let hits = jobs().into_iter().take(3).collect();
    add(pages, "search", &SearchPage { ui, hits, suggestion: None, common: vec![] })?;
    let mut ui = shell(Area::Other);
    ui.query = "khai sihn con".into();
    let suggestion = Some(link("/tim?q=khai+sinh", "khai sinh"));
    add(pages, "search-empty", &SearchPage { ui, hits: vec![], suggestion, common: jobs() })?;

    add(pages, "procedure", &procedure())?;
    let page = ProcedurePage {
        ui: english(citizen_shell(Area::Other)),
        drafts: vec![link("/nhap/1/child", "Bản nháp lưu lúc 15 giờ 30 ngày 22/11/2026")],
        unit_error: Some("Hãy chọn xã, phường nơi ông/bà muốn nộp hồ sơ.".into()),
        ..procedure()
    };
    add(pages, "procedure-en", &page)?;

    track(pages)?;
    verify(pages)?;

    let ui = shell(Area::Help);
    add(pages, "help", &HelpPage { ui, offices: vec![office()] })?;
    let checked_on = "22/11/2026".into();
    add(pages, "accessibility", &AccessibilityPage { ui: shell(Area::Other), checked_on })?;
    let page = ErrorPage {
        ui: shell(Area::Other),
        status: 404,
        heading: "Không tìm thấy trang này".into(),
        text: "Địa chỉ có thể gõ nhầm hoặc trang đã chuyển chỗ. Ông/bà có thể tìm thủ tục, \
               hoặc xem hồ sơ của mình."
            .into(),
        ways: vec![link("/", "Về trang đầu"), link("/ho-so", "Hồ sơ của tôi")],
        request_id: "7F3A-29C1".into(),
        ..ErrorPage::default()
    };
    add(pages, "error", &page)?;
    add(pages, "api-docs", &api_docs())
}

fn track(pages: &mut Pages) -> askama::Result<()> {
    let code = "H20.15-261122-0001".to_owned();
    let found = TrackView {
        code: code.clone(),
        procedure: "Đăng ký khai sinh".into(),
        unit: "UBND xã Mỹ Hiệp".into(),
        state: state(Tone::Busy, "Đang xử lý"),
        awaiting: "Đang chờ Chủ tịch UBND xã Mỹ Hiệp ký. Ông/bà không cần làm gì.".into(),
        due: Some(due()),
        timeline: timeline(),
    };
    let ui = shell(Area::Track);
    add(pages, "track", &TrackPage { ui, code, error: None, found: Some(found) })?;
    let page = TrackPage {
        ui: shell(Area::Track),
        code: "H20.15-2611".into(),
        error: Some(
            "Mã hồ sơ chưa đủ. Mã có dạng H20.15-261122-0001, ghi ở đầu giấy tiếp nhận.".into(),
        ),
        found: None,
    };
    add(pages, "track-fault", &page)
}

fn verify(pages: &mut Pages) -> askama::Result<()> {
    let page = VerifyPage { ui: shell(Area::Verify), ..VerifyPage::default() };
    add(pages, "verify", &page)?;
    let outcome = VerifyOutcome {
        tone: Tone::Attention,
        heading: "Giấy tờ thật, nhưng nội dung đã được cải chính".into(),
        text: "Giấy này do UBND xã Mỹ Hiệp cấp. Ngày 01/12/2026 nội dung trong sổ đã thay đổi. \
               Hãy dùng bản mới, hoặc xin trích lục."
            .into(),
        paper: "Giấy khai sinh số 102/2026".into(),
        facts: vec![
            fact("Họ và tên", "NGUYỄN MINH AN"),
            fact("Ngày sinh", "12/11/2026"),
            fact("Số định danh cá nhân", "087226001234"),
            fact("Nơi đăng ký", "UBND xã Mỹ Hiệp, tỉnh Đồng Tháp"),
        ],
        checks: vec![
            CheckLine {
                tone: Tone::Done, text: "Chữ ký số hợp lệ, tệp không bị sửa.".into()
            },
            CheckLine {
                tone: Tone::Done,
                text: "Người ký: Trần Văn Lộc, Chủ tịch UBND xã Mỹ Hiệp.".into(),
            },
            CheckLine {
                tone: Tone::Attention,
                text: "Sổ đăng ký khai sinh đã có bản 2 từ ngày 01/12/2026.".into(),
            },
        ],
        signed: "Ký lúc 16 giờ 20 ngày 22/11/2026".into(),
    };
    let ui = shell(Area::Verify);
    add(
        pages,
        "verify-outdated",
        &VerifyPage { ui, outcome: Some(outcome), ..VerifyPage::default() },
    )?;
    let outcome = VerifyOutcome {
        tone: Tone::Late,
        heading: "Not a paper of ours".into(),
        text: "The signature does not match. Do not rely on this paper; show it to the one-stop \
               desk of any commune."
            .into(),
        ..VerifyOutcome::default()
    };
    let ui = english(shell(Area::Verify));
    add(
        pages,
        "verify-false-en",
        &VerifyPage { ui, outcome: Some(outcome), ..VerifyPage::default() },
    )?;
    let faults = vec![fault(
        "#payload",
        "Nội dung mã QR chưa đủ. Hãy quét lại và dán toàn bộ, bắt đầu bằng “TP1:”.",
    )];
    let ui = shell(Area::Verify);
    add(
        pages,
        "verify-fault",
        &VerifyPage { ui, faults, payload: "TP1:abc".into(), ..VerifyPage::default() },
    )
}

fn jobs() -> Vec<JobView> {
    let job = |slug: &str, name: &str, summary: &str, facts: &str| JobView {
        href: format!("/thu-tuc/{slug}"),
        name: name.into(),
        summary: summary.into(),
        facts: facts.into(),
        field: "Hộ tịch".into(),
    };
    vec![
        job(
            "birth-registration",
            "Đăng ký khai sinh",
            "Cho trẻ mới sinh, trong vòng 60 ngày.",
            "Trong ngày · Miễn lệ phí nếu đúng hạn",
        ),
        job(
            "marriage-registration",
            "Đăng ký kết hôn",
            "Cho hai người cùng đến nhận giấy chứng nhận.",
            "Trong ngày · Miễn lệ phí",
        ),
        job(
            "death-registration",
            "Đăng ký khai tử",
            "Do người thân báo, trong vòng 15 ngày.",
            "Trong ngày · Miễn lệ phí nếu đúng hạn",
        ),
        job(
            "extract-copy",
            "Cấp bản sao trích lục hộ tịch",
            "Bản sao giấy khai sinh, kết hôn, khai tử.",
            "Trong ngày · 8.000 đồng một bản",
        ),
        job(
            "marital-status",
            "Cấp giấy xác nhận tình trạng hôn nhân",
            "Để kết hôn, vay vốn, mua bán nhà đất.",
            "3 ngày làm việc · 15.000 đồng",
        ),
        job(
            "correction",
            "Thay đổi, cải chính hộ tịch",
            "Sửa thông tin sai trong giấy tờ hộ tịch.",
            "3 ngày làm việc · 28.000 đồng",
        ),
    ]
}

fn office() -> OfficeView {
    OfficeView {
        name: "Bộ phận một cửa UBND xã Mỹ Hiệp".into(),
        address: "Ấp 2, xã Mỹ Hiệp, tỉnh Đồng Tháp".into(),
        phone: "0277 3600 115".into(),
        hours: "7 giờ 30–11 giờ 30, 13 giờ 30–17 giờ 00, thứ Hai đến thứ Sáu".into(),
    }
}

/// A due moment with a long derivation.
pub fn due() -> DueView {
    DueView {
        moment: "17 giờ 00 thứ Năm 03/09/2026".into(),
        left: "còn 6 giờ làm việc".into(),
        tone: Tone::Busy,
        used_percent: 40,
        derivation: texts(&[
            "Nhận lúc 15 giờ 40 thứ Sáu 28/08/2026, sau 15 giờ 00 nên tính từ ngày làm việc tiếp theo",
            "Thứ Bảy 29/08, Chủ Nhật 30/08/2026: nghỉ cuối tuần",
            "Thứ Hai 31/08/2026: nghỉ bù Quốc khánh",
            "Thứ Ba 01/09, thứ Tư 02/09/2026: nghỉ Quốc khánh",
            "Giải quyết trong ngày thứ Năm 03/09/2026",
            "Hẹn trả: 17 giờ 00 thứ Năm 03/09/2026",
        ]),
    }
}

/// What has happened and what comes.
pub fn timeline() -> Vec<TimelineItem> {
    let item = |at: &str, title: &str, text: &str, who: &str, phase: Phase| TimelineItem {
        at: at.into(),
        title: title.into(),
        text: text.into(),
        who: who.into(),
        phase,
        tone: Tone::Plain,
    };
    vec![
        item("15 giờ 40 ngày 28/08/2026", "Đã nộp", "", "Nộp trực tuyến", Phase::Past),
        item(
            "07 giờ 42 ngày 03/09/2026",
            "Đã tiếp nhận",
            "Hồ sơ đủ thành phần.",
            "Bộ phận một cửa UBND xã Mỹ Hiệp",
            Phase::Past,
        ),
        item(
            "09 giờ 10 ngày 03/09/2026",
            "Đang trình ký",
            "Công chức tư pháp – hộ tịch đã đối chiếu và lập dự thảo giấy khai sinh.",
            "Chủ tịch UBND xã Mỹ Hiệp",
            Phase::Now,
        ),
        item("", "Vào sổ và ký số", "", "", Phase::Next),
        item("", "Trả kết quả", "Ông/bà tải giấy khai sinh tại đây.", "", Phase::Next),
    ]
}

fn procedure() -> ProcedurePage {
    let paper = |name: &str, note: &str, when: &str, basis: &str| PaperView {
        name: name.into(),
        note: note.into(),
        when: when.into(),
        basis: basis.into(),
    };
    let basis = |document: &str, provision: &str, title: &str| LegalBasisView {
        document: document.into(),
        provision: provision.into(),
        title: title.into(),
        href: None,
    };
    ProcedurePage {
        ui: shell(Area::Other),
        name: "Đăng ký khai sinh".into(),
        code: "1.001193".into(),
        field: "Hộ tịch".into(),
        summary: "Cha, mẹ, ông, bà hoặc người thân đăng ký khai sinh cho trẻ trong vòng 60 ngày \
                  kể từ ngày sinh."
            .into(),
        audience: texts(&[
            "Cha hoặc mẹ của trẻ.",
            "Ông, bà hoặc người thân thích khác, khi cha mẹ không thể đi đăng ký.",
            "Cá nhân, tổ chức đang nuôi dưỡng trẻ em.",
        ]),
        papers: vec![
            paper(
                "Giấy chứng sinh",
                "Ảnh chụp hoặc PDF bản chính do cơ sở y tế cấp.",
                "",
                "khoản 1 Điều 16 Luật Hộ tịch",
            ),
            paper(
                "Văn bản của người làm chứng hoặc giấy cam đoan",
                "Khi không có giấy chứng sinh.",
                "Sinh ngoài cơ sở y tế",
                "khoản 1 Điều 16 Luật Hộ tịch",
            ),
            paper(
                "Văn bản ủy quyền",
                "Không cần chứng thực nếu là ông, bà, cha, mẹ, vợ, chồng, anh, chị, em ruột.",
                "Người khác đi đăng ký thay",
                "",
            ),
        ],
        not_needed: texts(&[
            "Căn cước của cha, mẹ: lấy từ Cơ sở dữ liệu quốc gia về dân cư.",
            "Giấy chứng nhận kết hôn: lấy từ sổ đăng ký kết hôn điện tử.",
        ]),
        time: "Trong ngày làm việc".into(),
        time_basis: "khoản 2 Điều 16 Luật Hộ tịch".into(),
        due_if_now: Some(due()),
        cost_short: "Miễn lệ phí nếu đúng hạn".into(),
        fees: vec![FeeView {
            name: "Lệ phí đăng ký khai sinh".into(),
            amount: String::new(),
            text: "Đăng ký trong vòng 60 ngày: miễn. Quá hạn: 8.000 đồng".into(),
            basis: "Điều 11 Luật Hộ tịch".into(),
        }],
        results: texts(&["Giấy khai sinh (bản điện tử ký số)", "Số định danh cá nhân của trẻ"]),
        offices: vec![office()],
        units: vec![
            option("30130", "Xã Mỹ Hiệp", true),
            option("30133", "Xã Mỹ Thọ", false),
            option("29869", "Phường Cao Lãnh", false),
        ],
        steps: texts(&[
            "Ông/bà nhận mã hồ sơ và giấy tiếp nhận ngay sau khi nộp.",
            "Bộ phận một cửa kiểm tra; nếu thiếu, yêu cầu bổ sung một lần.",
            "Công chức tư pháp – hộ tịch đối chiếu, Chủ tịch ký số.",
            "Ông/bà tải giấy khai sinh, hoặc đến nhận bản giấy.",
        ]),
        legal_bases: vec![
            basis("Luật Hộ tịch số 60/2014/QH13", "Điều 13 đến Điều 16", "Đăng ký khai sinh"),
            basis("Nghị định 123/2015/NĐ-CP", "Điều 4, Điều 9", ""),
            basis("Nghị định 118/2025/NĐ-CP", "Điều 17", "Tiếp nhận hồ sơ"),
        ],
        start_action: "/thu-tuc/birth-registration/bat-dau".into(),
        ..ProcedurePage::default()
    }
}

fn api_docs() -> ApiDocsPage {
    let operation = ApiOperation {
        id: "create_dossier".into(),
        method: "POST".into(),
        path: "/api/v1/dossiers".into(),
        summary: "Nộp một hồ sơ".into(),
        description: "Kiểm tra câu trả lời, tính thời hạn, cấp mã hồ sơ.".into(),
        scope: "dossiers:write".into(),
        parameters: vec![ApiParameter {
            name: "Idempotency-Key".into(),
            place: "header".into(),
            kind: "string".into(),
            required: true,
            text: "Khóa do bên gọi chọn; gửi lại cùng khóa trả lời như lần đầu.".into(),
        }],
        request_sample:
            "{\n  \"procedure\": \"1.001193\",\n  \"unit\": \"30130\",\n  \"answers\": { \
                         \"child_name\": \"Nguyễn Minh An\" }\n}"
                .into(),
        responses: vec![
            ApiResponse {
                status: "201".into(),
                text: "Đã nhận".into(),
                sample: "{\n  \"code\": \"H20.15-261122-0001\",\n  \"due\": \
                         \"2026-11-23T17:00:00+07:00\"\n}"
                    .into(),
            },
            ApiResponse {
                status: "422".into(),
                text: "Câu trả lời có chỗ cần sửa (problem+json)".into(),
                sample: String::new(),
            },
        ],
    };
    let read = ApiOperation {
        id: "list_procedures".into(),
        method: "GET".into(),
        path: "/api/v1/procedures?q=".into(),
        summary: "Tìm thủ tục".into(),
        responses: vec![ApiResponse {
            status: "200".into(),
            text: "Danh sách".into(),
            sample:
                "{\n  \"items\": [{ \"code\": \"1.001193\", \"name\": \"Đăng ký khai sinh\" }]\n}"
                    .into(),
        }],
        ..ApiOperation::default()
    };
    ApiDocsPage {
        ui: shell(Area::Other),
        version: "v1".into(),
        intro: texts(&[
            "Mọi việc làm được trên trang này đều làm được qua API, cùng quy tắc, cùng nhật ký.",
            "Gửi thẻ truy cập trong tiêu đề Authorization. Lỗi trả theo problem+json.",
        ]),
        openapi_href: "/api/v1/openapi.json".into(),
        groups: vec![
            ApiGroup {
                id: "procedures".into(), title: "Thủ tục".into(), operations: vec![read]
            },
            ApiGroup {
                id: "dossiers".into(), title: "Hồ sơ".into(), operations: vec![operation]
            },
        ],
    }
}
