//! The officer's registers and the audit.

use web::page::parts::{DocumentView, Tone};
use web::page::register::{
    AnnotationView, ChangeView, EntryPage, EntryRow, RegisterSearchPage, VersionView,
};
use web::page::shell::Area;
use web::page::workbench::{AuditPage, AuditRow, ViewLink};

use crate::{Pages, add, fact, fault, link, officer_shell, option, state};

pub fn draw(pages: &mut Pages) -> askama::Result<()> {
    registers(pages)?;
    add(pages, "bench-audit", &audit())
}

fn registers(pages: &mut Pages) -> askama::Result<()> {
    let view = |label: &str, current: bool| ViewLink {
        href: "/can-bo/so/x".into(),
        label: label.into(),
        current,
        ..ViewLink::default()
    };
    let tabs = vec![
        view("Sổ đăng ký khai sinh", true),
        view("Sổ đăng ký kết hôn", false),
        view("Sổ đăng ký khai tử", false),
    ];
    let found = |title: &str, detail: &str, number: &str| EntryRow {
        href: "/can-bo/so/birth/1".into(),
        number: number.into(),
        title: title.into(),
        detail: detail.into(),
        registered: "22/11/2026".into(),
        unit: "UBND xã Mỹ Hiệp".into(),
        state: state(Tone::Done, "Hiện hành"),
    };
    let page = RegisterSearchPage {
        ui: officer_shell(Area::Registers),
        registers: tabs.clone(),
        action: "/can-bo/so/birth".into(),
        title: "Sổ đăng ký khai sinh".into(),
        q: "nguyen minh an".into(),
        purposes: vec![
            option("", "Chọn mục đích", false),
            option("dossier", "Giải quyết hồ sơ", true),
        ],
        reason: "H20.15-261122-0001".into(),
        rows: Some(vec![
            found("Nguyễn Minh An", "sinh 12/11/2026, mẹ: Nguyễn Thị Lan", "102/2026"),
            found("Nguyễn Thị Minh An", "sinh 03/02/2026, mẹ: Cao Thị Bé", "017/2026"),
        ]),
        next_href: Some("?after=x".into()),
        ..RegisterSearchPage::default()
    };
    add(pages, "bench-register", &page)?;
    let page = RegisterSearchPage {
        faults: vec![fault(
            "#muc-dich",
            "Hãy chọn mục đích xem: dữ liệu cá nhân chỉ xem khi có việc.",
        )],
        rows: Some(vec![]),
        ..page
    };
    add(pages, "bench-register-fault", &page)?;
    let page = EntryPage {
        corrections: Default::default(),
        ui: officer_shell(Area::Registers),
        registers: tabs,
        register: "Sổ đăng ký khai sinh".into(),
        number: "102/2026".into(),
        title: "Nguyễn Minh An".into(),
        state: state(Tone::Done, "Hiện hành"),
        registered: "Đăng ký ngày 22/11/2026 tại UBND xã Mỹ Hiệp, quyển 01".into(),
        facts: vec![
            fact("Họ và tên", "Nguyễn Minh An"),
            fact("Ngày sinh", "12/11/2026"),
            fact("Mẹ", "Nguyễn Thị Lan, 087195001234"),
            fact("Quê quán", ""),
        ],
        versions: vec![
            VersionView {
                name: "Bản 2".into(),
                current: true,
                valid: "từ ngày 12/11/2026".into(),
                known: "Ghi 01/12/2026, Lê Thị Hạnh".into(),
                reason: "Cải chính chữ đệm theo Quyết định 15/QĐ-UBND ngày 01/12/2026.".into(),
                changes: vec![ChangeView {
                    label: "Họ và tên".into(),
                    before: "Nguyễn Ming An".into(),
                    after: "Nguyễn Minh An".into(),
                }],
                dossier: Some(link("/can-bo/ho-so/x", "Hồ sơ H20.15-261201-0003")),
            },
            VersionView {
                name: "Bản 1".into(),
                valid: "từ ngày 12/11/2026".into(),
                known: "Ghi 22/11/2026, Lê Thị Hạnh".into(),
                dossier: Some(link("/can-bo/ho-so/x", "Hồ sơ H20.15-261122-0001")),
                ..VersionView::default()
            },
        ],
        annotations: vec![AnnotationView {
            at: "01/12/2026".into(),
            text: "Đã cấp 1 bản sao trích lục.".into(),
            by: "Lê Thị Hạnh".into(),
        }],
        documents: vec![DocumentView {
            href: "/x".into(),
            name: "Giấy khai sinh 102/2026".into(),
            detail: "PDF ký số · 121 KB".into(),
            issued: "22/11/2026".into(),
            signed_by: Some("Ký số: Trần Văn Lộc".into()),
            is_result: true,
            outdated: Some("Nội dung đã cải chính ngày 01/12/2026".into()),
            verify_href: Some("/verify".into()),
        }],
        related: vec![link("/can-bo/so/marriage/1", "Kết hôn của cha mẹ: 45/2019")],
        access: "Lượt xem này được ghi: hồ sơ H20.15-261122-0001.".into(),
        back_href: "/can-bo/so/birth?q=nguyen".into(),
    };
    add(pages, "bench-entry", &page)
}

fn audit() -> AuditPage {
    let row = |number: &str, who: &str, what: &str, object: &str, purpose: &str| AuditRow {
        number: number.into(),
        at: "22/11/2026 09:02:11".into(),
        who: who.into(),
        office: String::new(),
        what: what.into(),
        object: object.into(),
        object_href: Some("/can-bo/ho-so/x".into()),
        purpose: purpose.into(),
        hash: "9f2c41ab".into(),
    };
    AuditPage {
        ui: officer_shell(Area::Audit),
        chain: state(Tone::Done, "Chuỗi nguyên vẹn: 12.345 sự kiện, kiểm tra lúc 09 giờ 00"),
        kinds: vec![option("", "Mọi loại", true), option("read", "Xem dữ liệu", false)],
        from: "01/11/2026".into(),
        rows: vec![
            row(
                "12.345",
                "Lê Thị Hạnh, UBND xã Mỹ Hiệp",
                "Xem hồ sơ",
                "H20.15-261122-0001",
                "Giải quyết hồ sơ",
            ),
            row("12.344", "Nguyễn Thị Lan", "Nộp hồ sơ", "H20.15-261122-0001", "Việc của mình"),
            row(
                "12.343",
                "Trần Văn Lộc, UBND xã Mỹ Hiệp",
                "Ký số",
                "Sổ khai sinh 101/2026",
                "Hồ sơ H20.15-261121-0020",
            ),
        ],
        next_href: Some("?after=x".into()),
        export_href: "/can-bo/nhat-ky.csv".into(),
        ..AuditPage::default()
    }
}
