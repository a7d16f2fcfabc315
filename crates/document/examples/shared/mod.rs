//! The national pack and invented people, for the examples and the tests.

use std::collections::BTreeMap;
use std::fs;
use std::io::Result;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

fn pack() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content/national")
}

/// The fonts of the national pack.
pub fn fonts() -> Result<Vec<Vec<u8>>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(pack().join("fonts"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "ttf") {
            paths.push(path);
        }
    }
    paths.sort();
    paths.iter().map(fs::read).collect()
}

/// The templates of the national pack, by their path in it.
pub fn templates() -> Result<BTreeMap<String, String>> {
    let mut templates = BTreeMap::new();
    collect(&pack(), &pack(), &mut templates)?;
    Ok(templates)
}

fn collect(root: &Path, folder: &Path, templates: &mut BTreeMap<String, String>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, templates)?;
        } else if path.extension().is_some_and(|end| end == "typ") {
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
            templates.insert(name, fs::read_to_string(&path)?);
        }
    }
    Ok(())
}

/// Every paper of the pack: template, data. The shape is that of `app::paper_data`.
#[allow(dead_code)]
pub fn papers() -> Vec<(&'static str, Value)> {
    vec![
        ("procedures/birth-registration/birth-certificate.typ", birth(7)),
        ("templates/birth-certificate-copy.typ", annotated(birth(7))),
        ("procedures/marriage-registration/marriage-certificate.typ", marriage()),
        ("templates/marriage-extract.typ", annotated(marriage())),
        ("procedures/death-registration/death-extract.typ", death()),
        ("templates/death-extract-copy.typ", annotated(death())),
        ("procedures/civil-status-correction/correction-extract.typ", correction()),
        ("templates/receipt.typ", slip("Giấy tiếp nhận hồ sơ và hẹn trả kết quả", "Mẫu số 01")),
        (
            "templates/supplement-request.typ",
            slip("Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ", "Mẫu số 02"),
        ),
        ("templates/refusal.typ", slip("Phiếu từ chối tiếp nhận giải quyết hồ sơ", "Mẫu số 03")),
        (
            "templates/apology-extension.typ",
            slip("Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết", "Mẫu số 04"),
        ),
        ("templates/stop.typ", slip("Thông báo dừng giải quyết hồ sơ", "Mẫu số 05")),
        (
            "templates/control-slip.typ",
            slip("Phiếu kiểm soát quá trình giải quyết hồ sơ", "Mẫu số 06"),
        ),
    ]
}

/// A link as a signed paper carries it: of usual length, in mixed letters, each time another.
#[allow(dead_code, reason = "each example uses a part of this")]
pub fn link(number: u32) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut state = u64::from(number) + 1;
    let letters = (0..220).map(|_| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let index = usize::try_from(state >> 58).unwrap_or_default();
        char::from(LETTERS.get(index).copied().unwrap_or(b'A'))
    });
    format!("https://mau.example.vn/verify#{}", letters.collect::<String>())
}

fn common() -> Map<String, Value> {
    let data = json!({
        "office": {
            "name": "Ủy ban nhân dân xã Mỹ Thọ",
            "parent_name": "Tỉnh Đồng Tháp",
            "address": "Số 12, đường Mẫu, xã Mỹ Thọ, tỉnh Đồng Tháp",
            "phone": "0277 000 0000",
        },
        "dossier": {
            "code": "H20.29869-261105-0017",
            "procedure_name": "Đăng ký khai sinh",
            "procedure_code": "1.001193",
            "applicant": {
                "name": "Nguyễn Văn Mẫu",
                "number_masked": "0870••••0001",
                "address": "Số 12, Ấp 3, xã Mỹ Thọ, tỉnh Đồng Tháp",
                "phone": "0900 000 000",
            },
            "received_text": "15 giờ 40 thứ Sáu 28/08/2026",
            "due_text": "17 giờ 00 thứ Năm 03/09/2026",
            "derivation": [
                "Nhận lúc 15 giờ 40 thứ Sáu 28/08/2026, sau 15 giờ 00 nên tính từ ngày làm việc tiếp theo",
                "Thứ Hai 31/08/2026 và thứ Ba 01/09/2026, thứ Tư 02/09/2026: nghỉ Quốc khánh",
                "Hẹn trả: 17 giờ 00 thứ Năm 03/09/2026",
            ],
            "fees": [
                {
                    "name": "Lệ phí đăng ký khai sinh", "amount_text": "8.000 đồng", "text": "8.000 đồng",
                    "basis_text": "Điều 2, 10/2026/NQ-HĐND",
                },
                {
                    "name": "Phí cấp bản sao trích lục", "amount_text": "16.000 đồng", "text": "8.000 đồng",
                    "basis_text": "Điều 4, 281/2016/TT-BTC",
                },
            ],
            "partners": ["Cơ quan quản lý Cơ sở dữ liệu quốc gia về dân cư"],
            "papers": [
                { "name": "Giấy chứng sinh", "count": 1 },
                { "name": "Văn bản ủy quyền (trường hợp ủy quyền đăng ký khai sinh)", "count": 2 },
            ],
            "channel_text": "Nộp trực tuyến",
        },
        "form": {},
        "clock": {
            "limit_text": "03 ngày làm việc",
            "due_text": "17 giờ 00 thứ Năm 03/09/2026",
            "stopped": false,
            "old_due_text": "17 giờ 00 thứ Hai 31/08/2026",
            "new_due_text": "17 giờ 00 thứ Năm 03/09/2026",
        },
        "note": {
            "text": "Ông/bà chụp lại giấy chứng sinh cho rõ cả bốn góc, không lóa.",
            "points": [
                { "label": "Giấy chứng sinh", "text": "Ảnh bị mờ ở phần ngày sinh." },
                { "label": "Nơi cư trú của mẹ", "text": "Chưa khớp với Cơ sở dữ liệu quốc gia về dân cư." },
            ],
        },
    });
    match data {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

fn slip(name: &str, form_number: &str) -> Value {
    let mut data = common();
    let document = json!({
        "name": name,
        "form_number": form_number,
        "number": "01",
        "issued_place": "Mỹ Thọ",
        "issued_on_text": "ngày 28 tháng 8 năm 2026",
        "issued_moment_text": "15 giờ 41 ngày 28/08/2026",
    });
    data.insert("document".to_owned(), document);
    data.insert("qr".to_owned(), true.into());
    // The receipt of what was sent online has nobody behind it.
    if form_number != "Mẫu số 01" {
        let title = if form_number == "Mẫu số 04" {
            "Công chức tư pháp – hộ tịch"
        } else {
            "NGƯỜI TIẾP NHẬN HỒ SƠ"
        };
        let signer = json!({ "title": title, "name": "Phan Thị Mẫu Ngọc" });
        data.insert("signer".to_owned(), signer);
    }
    data.insert("timeline".to_owned(), timeline());
    Value::Object(data)
}

fn timeline() -> Value {
    let (desk, clerk) = ("Cán bộ Bộ phận Một cửa", "Công chức tư pháp – hộ tịch");
    let (applicant, chair) = ("Người nộp hồ sơ", "Chủ tịch Ủy ban nhân dân cấp xã");
    json!([
        { "from": applicant, "from_name": "Nguyễn Văn Mẫu", "to": desk, "to_name": "Phan Thị Mẫu Ngọc",
          "at_text": "15 giờ 40 ngày 28/08/2026", "step": "Kiểm tra, tiếp nhận", "result": null,
          "note": "Nộp hồ sơ (nộp trực tuyến)" },
        { "from": desk, "from_name": "Phan Thị Mẫu Ngọc", "to": clerk, "to_name": "Võ Mẫu Thành",
          "at_text": "08 giờ 10 ngày 03/09/2026", "step": "Thẩm tra", "result": "Trước hạn",
          "note": "Chuyển công chức hộ tịch" },
        { "from": clerk, "from_name": "Võ Mẫu Thành", "to": chair, "to_name": "Trần Thị Mẫu Đơn",
          "at_text": "15 giờ 20 ngày 03/09/2026", "step": "Chờ ký", "result": "Quá hạn",
          "note": "Trình ký" },
        { "from": chair, "from_name": "Trần Thị Mẫu Đơn", "to": null, "to_name": null,
          "at_text": "15 giờ 55 ngày 03/09/2026", "step": "Đã có kết quả", "result": "Trước hạn",
          "note": "Ký Giấy khai sinh" },
    ])
}

fn result(name: &str, number: u32, fields: &Value) -> Value {
    let mut data = common();
    let document = json!({
        "name": name,
        "copies": 1,
        "issued_place": "Mỹ Thọ",
        "issued_on_text": "ngày 05 tháng 11 năm 2026",
        "issued_moment_text": "15 giờ 30 ngày 05/11/2026",
    });
    let entry = json!({
        "number_text": format!("{number}/2026"),
        "book_text": "01/2026",
        "register_name": "Sổ đăng ký",
        "registered_on_text": "05/11/2026",
        "registered_on_long": "ngày 05 tháng 11 năm 2026",
        "fields": fields,
        "annotations": [],
        "version": 1,
        "is_current": true,
    });
    let signer = json!({ "title": "PHÓ CHỦ TỊCH", "name": "Trần Thị Mẫu Đơn" });
    data.insert("document".to_owned(), document);
    data.insert("entry".to_owned(), entry);
    data.insert("signer".to_owned(), signer);
    let signed = "Ký số bởi Trần Thị Mẫu Đơn, 15 giờ 30 ngày 05/11/2026";
    data.insert("signed_text".to_owned(), signed.into());
    data.insert("qr".to_owned(), true.into());
    Value::Object(data)
}

fn annotated(mut data: Value) -> Value {
    let note = "Thay đổi, cải chính theo hồ sơ H20.29869-261101-0003: nơi sinh từ “Trạm y tế xã Mẫu” thành \
                “Bệnh viện Đa khoa Mẫu”.";
    if let Some(notes) = data.pointer_mut("/entry/annotations") {
        *notes = json!([{ "text": note, "at_text": "01/11/2026" }]);
    }
    data
}

fn field(text: &str) -> Value {
    json!({ "label": "", "text": text, "iso": "" })
}

fn day(text: &str, iso: &str) -> Value {
    json!({ "label": "", "text": text, "iso": iso })
}

/// The same paper with names and addresses as long as they come.
#[allow(dead_code, reason = "each example uses a part of this")]
pub fn lengthened(data: &Value) -> Value {
    const NAME: &str = "Công Tằng Tôn Nữ Nguyễn Phúc Hoàng Huyền Trân Mỹ Duyên Phương Thảo";
    const PLACE: &str = "Số nhà 1234/56/78A, hẻm 123, đường Cách Mạng Tháng Tám nối dài, tổ dân phố số 15, khóm \
                         Mỹ Phước Trung Hòa, phường Mỹ Phước Tây, tỉnh Đồng Tháp";
    const PAPER: &str = "Giấy chứng nhận căn cước số 087096000001, cấp ngày 01/7/2024 tại Cục Cảnh sát quản lý hành \
                         chính về trật tự xã hội";
    fn long(key: &str, value: &Value) -> Value {
        match value {
            Value::Object(parts) => {
                let inner = |(name, part): (&String, &Value)| {
                    let key = if name == "text" { key } else { name.as_str() };
                    (name.clone(), long(key, part))
                };
                Value::Object(parts.iter().map(inner).collect())
            }
            Value::Array(items) => items.iter().map(|item| long(key, item)).collect(),
            Value::String(text) if text.is_empty() => value.clone(),
            Value::String(_) => match key {
                "from_name" | "to_name" => NAME.into(),
                _ if key.ends_with("_name")
                    && !key.contains("register")
                    && key != "procedure_name"
                    && key != "parent_name" =>
                {
                    NAME.into()
                }
                _ if key.ends_with("_residence")
                    || (key.ends_with("_place") && key != "issued_place")
                    || key == "address"
                    || key.ends_with("hometown") =>
                {
                    PLACE.into()
                }
                _ if key.ends_with("_paper") => PAPER.into(),
                _ => value.clone(),
            },
            other => other.clone(),
        }
    }
    let mut data = long("", data);
    for pointer in ["/dossier/applicant/name", "/signer/name"] {
        if let Some(name) = data.pointer_mut(pointer) {
            *name = NAME.into();
        }
    }
    if let Some(name) = data.pointer_mut("/dossier/procedure_name") {
        *name =
            "Đăng ký thay đổi, cải chính, bổ sung thông tin hộ tịch, xác định lại dân tộc".into();
    }
    if let Some(name) = data.pointer_mut("/office/name") {
        *name = "Ủy ban nhân dân phường Mỹ Phước Tây".into();
    }
    data
}

/// A birth certificate; names and numbers differ from one to the next.
pub fn birth(number: u32) -> Value {
    const GIVEN: [&str; 7] =
        ["Minh Khuê", "Gia Bảo", "Thảo Nguyên", "Đức Thịnh", "Ngọc Ánh", "Quốc Việt", "Thùy Dương"];
    let given = GIVEN.get(number as usize % GIVEN.len()).copied().unwrap_or_default();
    let residence = "Số 12, Ấp 3, xã Mỹ Thọ, tỉnh Đồng Tháp";
    let fields = json!({
        "child_name": field(&format!("Nguyễn {given}")),
        "child_birth_date": day("05/11/2026", "2026-11-05"),
        "child_birth_time": field("04 giờ 15"),
        "child_sex": field(if number.is_multiple_of(2) { "Nữ" } else { "Nam" }),
        "child_birth_place": field("Bệnh viện Đa khoa Mẫu, phường Cao Lãnh, tỉnh Đồng Tháp"),
        "child_ethnicity": field("Kinh"),
        "child_nationality": field("Việt Nam"),
        "child_hometown": field("xã Mỹ Thọ, tỉnh Đồng Tháp"),
        "child_number": field(&format!("0873260{number:05}")),
        "mother_name": field("Lê Thị Mẫu Đơn"),
        "mother_birth_date": day("12/03/1998", "1998-03-12"),
        "mother_ethnicity": field("Kinh"),
        "mother_nationality": field("Việt Nam"),
        "mother_residence": field(residence),
        "mother_number": field("087198000002"),
        "father_name": field("Nguyễn Văn Mẫu"),
        "father_birth_date": day("1996", "1996"),
        "father_ethnicity": field("Kinh"),
        "father_nationality": field("Việt Nam"),
        "father_residence": field(residence),
        "father_number": field("087096000001"),
        "registrant_name": field("Nguyễn Văn Mẫu"),
        "registrant_relation": field("Cha"),
        "registrant_paper": field("Căn cước số 087096000001"),
        "registration_kind": field("Đăng ký đúng hạn"),
    });
    result("Giấy khai sinh", number, &fields)
}

fn marriage() -> Value {
    let fields = json!({
        "husband_name": field("Nguyễn Văn Mẫu"),
        "husband_birth_date": day("20/05/1996", "1996-05-20"),
        "husband_ethnicity": field("Kinh"),
        "husband_nationality": field("Việt Nam"),
        "husband_residence": field("Số 12, Ấp 3, xã Mỹ Thọ, tỉnh Đồng Tháp"),
        "husband_number": field("087096000001"),
        "husband_paper": field("Căn cước số 087096000001"),
        "husband_marriage_count": field("1"),
        "wife_name": field("Lê Thị Mẫu Đơn"),
        "wife_birth_date": day("12/03/1998", "1998-03-12"),
        "wife_ethnicity": field("Khmer"),
        "wife_nationality": field("Việt Nam"),
        "wife_residence": field("Tổ 5, khóm Mỹ Phú, phường Cao Lãnh, tỉnh Đồng Tháp"),
        "wife_number": field("087198000002"),
        "wife_paper": field("Căn cước số 087198000002"),
        "wife_marriage_count": field("1"),
        "established_on": day("", ""),
        "registration_kind": field("Đăng ký mới"),
    });
    result("Giấy chứng nhận kết hôn", 31, &fields)
}

fn death() -> Value {
    let fields = json!({
        "deceased_name": field("Nguyễn Thị Mẫu Xưa"),
        "deceased_birth_date": day("1941", "1941"),
        "deceased_sex": field("Nữ"),
        "deceased_ethnicity": field("Kinh"),
        "deceased_nationality": field("Việt Nam"),
        "deceased_number": field("087141000003"),
        "deceased_paper": field("Căn cước số 087141000003"),
        "deceased_residence": field("Số 12, Ấp 3, xã Mỹ Thọ, tỉnh Đồng Tháp"),
        "died_on": day("02/11/2026", "2026-11-02"),
        "died_time": field("23 giờ 10"),
        "died_place": field("Số 12, Ấp 3, xã Mỹ Thọ, tỉnh Đồng Tháp"),
        "died_cause": field("Tuổi già"),
        "notice_kind": field("Giấy báo tử"),
        "notice_number": field("17/GBT"),
        "notice_date": day("03/11/2026", "2026-11-03"),
        "notice_issuer": field("Trạm y tế xã Mỹ Thọ"),
        "registrant_name": field("Nguyễn Văn Mẫu"),
        "registrant_relation": field("Cháu"),
        "registrant_paper": field("Căn cước số 087096000001"),
        "registration_kind": field("Đăng ký đúng hạn"),
    });
    result("Trích lục khai tử", 9, &fields)
}

fn correction() -> Value {
    let mut data = annotated(result("Trích lục cải chính hộ tịch", 17, &json!({})));
    let item = |label: &str, text: &str| json!({ "label": label, "text": text, "parts": [] });
    let form = json!({
        "subject_name": item("Họ, chữ đệm, tên", "Nguyễn Minh Khuê"),
        "subject_birth_date": item("Ngày sinh", "05/11/2026"),
        "subject_number": item("Số định danh cá nhân", "087326000007"),
        "event": item("Việc hộ tịch", "Khai sinh"),
        "change_kind": item("Nội dung đăng ký", "Cải chính"),
        "changes": item("Nội dung đề nghị", "Nơi sinh: Bệnh viện Đa khoa Mẫu"),
        "reason": item("Lý do", "Ghi nhầm nơi sinh khi đăng ký"),
        "basis_paper": item("Giấy tờ làm căn cứ", "Giấy chứng sinh số 17"),
    });
    if let Some(fields) = data.as_object_mut() {
        fields.insert("form".to_owned(), form);
    }
    data
}
