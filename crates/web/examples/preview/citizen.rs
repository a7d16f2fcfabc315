//! The citizen's pages: signing in, filling, checking.

use web::page::account::{
    AccountPage, CarriedForm, CodePage, CodesView, DemoAccount, LoginPage, ResumePage, SessionRow,
};
use web::page::field::{
    AddressView, FieldView, FilesView, GroupRow, GroupView, Input, TextShape, UploadView,
};
use web::page::filing::{
    CheckPage, DraftView, PointView, SectionPage, StepLink, StepState, SupplementView,
};
use web::page::parts::{AnswerItem, AnswerSection, FeeView, FileLink};
use web::page::shell::{Area, Shell};

use crate::open::due;
use crate::{Pages, add, citizen_shell, english, fault, option, shell};

const POPULATION: &str = "Lấy từ Cơ sở dữ liệu quốc gia về dân cư";

pub fn draw(pages: &mut Pages) -> askama::Result<()> {
    account(pages)?;
    filing(pages)
}

fn account(pages: &mut Pages) -> askama::Result<()> {
    let demo = |role: &str, name: &str, user: &str, hint: &str| DemoAccount {
        role: role.into(),
        name: name.into(),
        username: user.into(),
        password: "Mot-cau-du-dai-2026".into(),
        code_hint: hint.into(),
    };
    let page = LoginPage {
        ui: shell(Area::Account),
        next: "/ho-so".into(),
        username: "lan".into(),
        faults: vec![fault(
            "#password",
            "Tên đăng nhập hoặc mật khẩu chưa đúng. Còn 3 lần thử trước khi tạm khóa 15 phút.",
        )],
        reason: Some("Phiên làm việc đã hết. Xin đăng nhập lại.".into()),
        demo_accounts: vec![
            demo("Công dân", "Nguyễn Thị Lan", "lan", ""),
            demo("Cán bộ một cửa", "Phạm Văn Tâm", "tam", "mã hiện ở bước sau"),
            demo("Công chức hộ tịch", "Lê Thị Hạnh", "hanh", "mã hiện ở bước sau"),
            demo("Chủ tịch", "Trần Văn Lộc", "loc", "mã hiện ở bước sau"),
        ],
        carried: Some(CarriedForm {
            action: "/nhap/1/child".into(),
            fields: vec![("child_name".into(), "An \"<b>".into())],
        }),
    };
    add(pages, "login-fault", &page)?;
    let page =
        LoginPage { ui: english(shell(Area::Account)), next: "/".into(), ..LoginPage::default() };
    add(pages, "login-en", &page)?;
    let page = CodePage {
        ui: shell(Area::Account),
        demo_code: Some("492 018".into()),
        ..CodePage::default()
    };
    add(pages, "code", &page)?;
    let carried =
        CarriedForm { action: "/nhap/1/child".into(), fields: vec![("a".into(), "b".into())] };
    add(pages, "resume", &ResumePage { ui: citizen_shell(Area::Other), carried })?;
    let session = |id: &str, device: &str, detail: &str, current: bool| SessionRow {
        id: id.into(),
        device: device.into(),
        detail: detail.into(),
        current,
    };
    let page = AccountPage {
        ui: citizen_shell(Area::Account),
        name: "Nguyễn Thị Lan".into(),
        username: "lan".into(),
        person_number: "0871••••1234".into(),
        faults: vec![fault("#new", "Mật khẩu mới cần ít nhất 14 ký tự. Hãy dùng một câu dài.")],
        password_rule:
            "Ít nhất 14 ký tự, có chữ hoa, chữ thường, chữ số và dấu. Một câu dài là tốt \
                        nhất."
                .into(),
        sessions: vec![
            session("1", "Chrome trên Android", "Đăng nhập 08 giờ 01 ngày 22/11/2026", true),
            session("2", "Firefox trên Windows", "Đăng nhập 20 giờ 10 ngày 20/11/2026", false),
        ],
        codes: CodesView {
            secret: Some("JBSW Y3DP EHPK 3PXP".into()),
            qr_href: Some("assets/icon.svg".into()),
            ..CodesView::default()
        },
        ..AccountPage::default()
    };
    add(pages, "account", &page)
}

fn draft(current: usize) -> DraftView {
    let titles = ["Trẻ được khai sinh", "Người mẹ", "Người cha", "Người đi khai sinh", "Giấy tờ"];
    let mut steps: Vec<StepLink> = titles
        .iter()
        .enumerate()
        .map(|(index, title)| StepLink {
            href: format!("/nhap/1/s{index}"),
            title: (*title).into(),
            state: match index {
                _ if index == current => StepState::Current,
                0 => StepState::Fault,
                _ if index < current => StepState::Done,
                _ => StepState::Todo,
            },
        })
        .collect();
    steps.push(StepLink {
        href: "/nhap/1/kiem-tra".into(),
        title: "Kiểm tra và nộp".into(),
        state: if current == 5 { StepState::Current } else { StepState::Todo },
    });
    DraftView {
        id: "1".into(),
        procedure: "Đăng ký khai sinh".into(),
        unit: "UBND xã Mỹ Hiệp".into(),
        steps,
        saved: "Đã lưu lúc 15 giờ 30".into(),
        supplement: None,
        office_href: "/nhap/1/noi-giai-quyet".into(),
        kept_until: "Bản nháp được giữ đến 22/12/2026.".into(),
    }
}

/// A field with the commonest parts.
pub fn field(name: &str, label: &str, input: Input) -> FieldView {
    FieldView {
        id: FieldView::id_of(name),
        name: name.into(),
        label: label.into(),
        input,
        required: true,
        ..FieldView::default()
    }
}

/// A line of text.
pub fn text(value: &str, shape: TextShape) -> Input {
    Input::Text { value: value.into(), shape, max_length: 120 }
}

fn date(value: &str, partial: bool) -> Input {
    Input::Date { value: value.into(), partial }
}

fn address(name: &str, label: &str) -> FieldView {
    let view = AddressView {
        provinces: vec![
            option("87", "Tỉnh Đồng Tháp", true),
            option("79", "Thành phố Hồ Chí Minh", false),
        ],
        communes: vec![option("30130", "Xã Mỹ Hiệp", true), option("30133", "Xã Mỹ Thọ", false)],
        detail: "Số 12, ấp 2".into(),
        ..AddressView::default()
    };
    field(name, label, Input::Address(view))
}

fn filing(pages: &mut Pages) -> askama::Result<()> {
    add(pages, "section-child", &child_section(citizen_shell(Area::Other)))?;
    add(pages, "section-child-en", &child_section(english(citizen_shell(Area::Other))))?;
    add(pages, "section-mother", &mother_section())?;
    add(pages, "section-papers", &papers_section())?;
    let mut page = CheckPage {
        ui: citizen_shell(Area::Other),
        draft: draft(5),
        sections: answers(true),
        faults: vec![fault(
            "/nhap/1/s1#mother-number",
            "Số định danh của mẹ có 11 chữ số, cần 12.",
        )],
        warnings: vec![fault(
            "/nhap/1/s1",
            "Dân cư ghi mẹ đang ở xã Mỹ Thọ, khác nơi cư trú ông/bà khai.",
        )],
        fees: fees(),
        due_if_now: Some(due()),
        submit_key: "k1".into(),
        back_href: "/nhap/1/s4".into(),
    };
    add(pages, "check-fault", &page)?;
    page.ui = english(page.ui);
    page.sections = answers(false);
    page.faults.clear();
    page.warnings.clear();
    add(pages, "check-en", &page)
}

fn child_section(ui: Shell) -> SectionPage {
    let late = field(
        "late_reason",
        "Lý do đăng ký quá 60 ngày",
        Input::LongText { value: String::new(), max_length: 500 },
    );
    let place = Input::Choice {
        options: vec![
            option("hospital", "Tại cơ sở y tế", false),
            option("home", "Ngoài cơ sở y tế", true),
            option("unknown", "Không rõ", false),
        ],
    };
    SectionPage {
        ui,
        draft: draft(0),
        section: "child".into(),
        title: "Trẻ được khai sinh".into(),
        help: "Ghi đúng như giấy chứng sinh.".into(),
        faults: vec![
            fault("#child_name", "Họ và tên cần ít nhất hai chữ. Hãy ghi cả họ."),
            fault(
                "#birth_date",
                "Ngày sinh chưa đúng: tháng 2 không có ngày 31. Hãy nhập lại theo giấy chứng sinh.",
            ),
            fault("#birth_place", "Hãy chọn nơi sinh."),
            fault("#origin-commune", "Hãy chọn xã, phường."),
        ],
        fields: vec![
            FieldView {
                error: Some("Họ và tên cần ít nhất hai chữ. Hãy ghi cả họ.".into()),
                help: "Họ, chữ đệm và tên, viết có dấu.".into(),
                example: "Nguyễn Minh An".into(),
                ..field("child_name", "Họ và tên của trẻ", text("An", TextShape::PersonName))
            },
            FieldView {
                steers: true,
                error: Some(
                    "Ngày sinh chưa đúng: tháng 2 không có ngày 31. Hãy nhập lại theo giấy chứng \
                     sinh."
                        .into(),
                ),
                ..field("birth_date", "Ngày sinh", date("31/02/2026", false))
            },
            field(
                "sex",
                "Giới tính",
                Input::Choice {
                    options: vec![option("male", "Nam", true), option("female", "Nữ", false)],
                },
            ),
            FieldView {
                error: Some("Hãy chọn nơi sinh.".into()),
                steers: true,
                ..field("birth_place", "Trẻ sinh ở đâu?", place)
            },
            FieldView { hidden: true, ..late },
            FieldView {
                help: "Theo cha hoặc theo mẹ, do cha mẹ thỏa thuận.".into(),
                ..field(
                    "ethnicity",
                    "Dân tộc",
                    Input::Choice {
                        options: ["Kinh", "Khmer", "Hoa", "Chăm", "Tày", "Thái", "Mường"]
                            .iter()
                            .map(|name| option(name, name, *name == "Kinh"))
                            .collect(),
                    },
                )
            },
            FieldView {
                required: false,
                ..field(
                    "weight",
                    "Cân nặng lúc sinh",
                    Input::Number { value: "3200".into(), unit: "gam".into() },
                )
            },
            origin(),
            FieldView {
                fixed: true,
                text: "Đúng hạn (trong 60 ngày)".into(),
                ..field("kind", "Loại đăng ký", Input::default())
            },
            field(
                "wants_paper",
                "Ông/bà có muốn nhận thêm bản giấy?",
                Input::YesNo { value: Some(false) },
            ),
        ],
        back_href: "/thu-tuc/birth-registration".into(),
        has_files: false,
    }
}

fn origin() -> FieldView {
    let mut origin = address("origin", "Quê quán");
    origin.help = "Theo quê của cha hoặc mẹ.".into();
    if let Input::Address(view) = &mut origin.input {
        view.communes.iter_mut().for_each(|option| option.selected = false);
        view.commune_error = Some("Hãy chọn xã, phường.".into());
        view.former_district = "Huyện Cao Lãnh".into();
        view.former_ward = "Xã Bình Hàng Trung".into();
        view.former_result = "Xã Bình Hàng Trung (cũ) nay là Xã Mỹ Hiệp.".into();
    }
    origin
}

fn mother_section() -> SectionPage {
    let parts = vec![
        FieldView {
            fixed: true,
            text: "087195001234".into(),
            fixed_help: "Nếu sai, ông/bà đề nghị Công an xã, phường sửa dữ liệu dân cư.".into(),
            ..field("mother.number", "Số định danh cá nhân", Input::default())
        },
        field("mother.name", "Họ và tên", text("Nguyễn Thị Lan", TextShape::PersonName)),
        field("mother.birth_date", "Ngày sinh", date("1995", true)),
        FieldView {
            required: false,
            ..field("mother.phone", "Điện thoại", text("", TextShape::Phone))
        },
        address("mother.residence", "Nơi cư trú"),
    ];
    SectionPage {
        ui: citizen_shell(Area::Other),
        draft: DraftView {
            supplement: Some(SupplementView {
                code: "H20.15-261122-0001".into(),
                text: "Xin ông/bà chụp lại giấy chứng sinh cho rõ số.".into(),
                points: vec![PointView {
                    label: "Giấy chứng sinh".into(),
                    text: "Ảnh mờ ở góc phải, không đọc được số.".into(),
                    href: Some("/nhap/1/s4#birth_notice".into()),
                }],
            }),
            ..draft(1)
        },
        section: "mother".into(),
        title: "Người mẹ".into(),
        fields: vec![
            FieldView {
                source: Some(POPULATION.into()),
                help: "Đã điền sẵn. Ông/bà xem lại giúp.".into(),
                ..field("mother", "Thông tin người mẹ", Input::Person { parts })
            },
            FieldView {
                source: Some(POPULATION.into()),
                ..field("email", "Thư điện tử nhận tin", text("lan@example.vn", TextShape::Email))
            },
        ],
        back_href: "/nhap/1/s0".into(),
        ..SectionPage::default()
    }
}

fn papers_section() -> SectionPage {
    let files = |count: usize, most: u32| {
        Input::Files(FilesView {
            files: (0..count)
                .map(|index| UploadView {
                    id: index.to_string(),
                    name: format!("giay-chung-sinh-{index}.jpg"),
                    detail: "JPEG, 1,2 MB".into(),
                    href: "/nhap/1/tep/1".into(),
                    remove_action: "/nhap/1/tep/1/xoa".into(),
                })
                .collect(),
            upload_action: "/nhap/1/tep".into(),
            accept: "application/pdf,image/jpeg,image/png,image/webp".into(),
            accept_text: "PDF, JPEG, PNG hoặc WebP".into(),
            max_files: most,
            max_megabytes: 10,
        })
    };
    let row = |index: &str| {
        vec![
            field(&format!("witnesses.{index}.name"), "Họ và tên", text("", TextShape::PersonName)),
            field(
                &format!("witnesses.{index}.number"),
                "Số định danh cá nhân",
                text("", TextShape::PersonNumber),
            ),
        ]
    };
    SectionPage {
        ui: citizen_shell(Area::Other),
        draft: draft(4),
        section: "papers".into(),
        title: "Giấy tờ".into(),
        fields: vec![
            field("birth_notice", "Giấy chứng sinh", files(2, 3)),
            FieldView {
                error: Some(
                    "Tệp giay-to.pdf không phải PDF. Hãy chụp ảnh giấy rồi tải ảnh lên.".into(),
                ),
                required: false,
                ..field("authority", "Văn bản ủy quyền", files(0, 1))
            },
            FieldView {
                required: false,
                help: "Người biết việc sinh, khi không có giấy chứng sinh.".into(),
                ..field(
                    "witnesses",
                    "Người làm chứng",
                    Input::Group(GroupView {
                        rows: vec![GroupRow { index: 0, fields: row("0") }],
                        blank: row("__"),
                        row_name: "người làm chứng".into(),
                        min: 0,
                        max: 3,
                    }),
                )
            },
        ],
        back_href: "/nhap/1/s3".into(),
        has_files: true,
        ..SectionPage::default()
    }
}

fn item(label: &str, text: &str) -> AnswerItem {
    AnswerItem { label: label.into(), text: text.into(), ..AnswerItem::default() }
}

/// All answers, some wrong.
pub fn answers(wrong: bool) -> Vec<AnswerSection> {
    vec![
        AnswerSection {
            title: "Trẻ được khai sinh".into(),
            change_href: Some("/nhap/1/s0".into()),
            items: vec![
                item("Họ và tên của trẻ", "Nguyễn Minh An"),
                item("Ngày sinh", "12/11/2026"),
                item("Giới tính", "Nam"),
                item("Nơi sinh", "Bệnh viện đa khoa Đồng Tháp\nPhường Mỹ Ngãi, tỉnh Đồng Tháp"),
                item("Lý do đăng ký quá hạn", ""),
            ],
        },
        AnswerSection {
            title: "Người mẹ".into(),
            change_href: Some("/nhap/1/s1".into()),
            items: vec![
                AnswerItem {
                    source: Some(POPULATION.into()),
                    ..item("Họ và tên", "Nguyễn Thị Lan")
                },
                AnswerItem {
                    problem: wrong
                        .then(|| "Có 11 chữ số, cần 12. Hãy nhập lại theo căn cước.".into()),
                    change_href: Some("/nhap/1/s1#mother-number".into()),
                    ..item("Số định danh cá nhân", "08719500123")
                },
            ],
        },
        AnswerSection {
            title: "Giấy tờ".into(),
            change_href: Some("/nhap/1/s4".into()),
            items: vec![AnswerItem {
                files: vec![FileLink {
                    href: "/nhap/1/tep/1".into(),
                    name: "giay-chung-sinh.jpg".into(),
                    detail: "JPEG, 1,2 MB".into(),
                    preview_href: None,
                }],
                ..item("Giấy chứng sinh", "")
            }],
        },
    ]
}

/// A line of fees.
pub fn fees() -> Vec<FeeView> {
    vec![FeeView {
        name: "Lệ phí đăng ký khai sinh".into(),
        amount: "Miễn".into(),
        text: "đăng ký đúng hạn".into(),
        basis: String::new(),
    }]
}
