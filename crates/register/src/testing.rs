//! A small content pack and entries for the tests. Nobody named here is real.

use std::sync::LazyLock;

use jiff::civil::Date;
use kernel::id::{AccountId, EntryId};
use kernel::moment::Moment;
use pack::model::Register;
use pack::{Content, Source};
use serde_json::{Map, Value, json};

use crate::entry::Entry;
use crate::{Amendment, NewEntry, amend, create, numbering};

const REGISTER: &str = r#"
id = "birth"
valid_from = 2016-01-01
name = "Sổ thử"
entry_name = "Việc thử"
number_format = "{number}/{year}"
book_format = "{book}/{year}"
master = "this-system"
basis = "Điều 14"
title_field = "name"
retention = "Vĩnh viễn"
field = [
  { id = "name", label = "Họ và tên", type = "text", required = true, index = "name", amendable = true },
  { id = "sex", label = "Giới tính", type = "code:sex", required = true, amendable = true },
  { id = "born_on", label = "Ngày sinh", type = "date", required = true, index = "exact", amendable = true },
  { id = "person_number", label = "Số định danh", type = "person-number", index = "exact" },
  { id = "ethnicity", label = "Dân tộc", type = "code:ethnicity", amendable = true },
  { id = "mother_name", label = "Họ và tên mẹ", type = "text", index = "name", amendable = true },
  { id = "mother_born", label = "Năm sinh của mẹ", type = "partial-date", amendable = true },
  { id = "home", label = "Nơi cư trú", type = "address", amendable = true },
  { id = "birth_order", label = "Con thứ", type = "number", amendable = true },
  { id = "twin", label = "Sinh đôi", type = "yes-no", amendable = true },
  { id = "paper", label = "Số giấy chứng sinh", type = "text", index = "exact", amendable = true },
]
"#;

/// The person number of the child in [`entry`].
pub(crate) const CHILD: &str = "087326000123";

static CONTENT: LazyLock<Content> = LazyLock::new(|| {
    let source = Source::new()
        .with("thu/pack.toml", "id = \"thu\"\nname = \"Thử\"\nversion = \"1\"\nrequires = []\n")
        .with(
            "thu/calendar.toml",
            "years = [2026]\ncut_off = \"15:00\"\n\
             [[hours]]\nweekday = 1\nstart = \"07:30\"\nend = \"11:30\"\n",
        )
        .with(
            "thu/units.csv",
            "province_code,province_name,commune_code,commune_name\n\
             82,Tỉnh Đồng Tháp,30001,Xã Mỹ Hiệp\n\
             82,Tỉnh Đồng Tháp,30002,Phường Mỹ Tho\n\
             82,Tỉnh Đồng Tháp,30003,Phường Mỹ Hiệp\n\
             92,Thành phố Cần Thơ,31001,Phường Ninh Kiều\n",
        )
        .with(
            "thu/codes/sex.toml",
            "id = \"sex\"\nsource = \"Thử\"\nitem = [\n\
             { code = \"male\", vi = \"Nam\", en = \"Male\" },\n\
             { code = \"female\", vi = \"Nữ\", en = \"Female\" },\n]\n",
        )
        .with(
            "thu/codes/ethnicity.toml",
            "id = \"ethnicity\"\nsource = \"Thử\"\nitem = [\n\
             { code = \"kinh\", vi = \"Kinh\" },\n\
             { code = \"hoa\", vi = \"Hoa\" },\n\
             { code = \"co\", vi = \"Co\" },\n\
             { code = \"cho-co\", vi = \"Cờ\" },\n]\n",
        )
        .with("thu/registers/birth.toml", REGISTER);
    let (content, problems) = pack::load(&source);
    content.unwrap_or_else(|| panic!("{problems:#?}"))
});

pub(crate) fn content() -> &'static Content {
    &CONTENT
}

pub(crate) fn register() -> &'static Register {
    &CONTENT.registers["birth"]
}

pub(crate) fn map(fields: impl Into<Value>) -> Map<String, Value> {
    match fields.into() {
        Value::Object(fields) => fields,
        other => panic!("not fields: {other}"),
    }
}

pub(crate) fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// Nine o'clock of a day.
pub(crate) fn at(text: &str) -> Moment {
    Moment::start_of(day(text)).plus_hours(9)
}

pub(crate) fn fields() -> Map<String, Value> {
    map(json!({
        "name": "Nguyễn Thị Hoà",
        "sex": "female",
        "born_on": "2026-11-05",
        "person_number": CHILD,
        "ethnicity": "kinh",
        "mother_name": "Trần Thị Bé Năm",
        "mother_born": "1998",
        "home": {"province": "82", "commune": "30001", "detail": "Ấp 1"},
    }))
}

pub(crate) fn new_entry(fields: Map<String, Value>) -> NewEntry {
    NewEntry {
        id: EntryId::from_raw(7),
        unit: "30001".parse().unwrap(),
        numbered: numbering::at(register(), 1, 125, 2026),
        fields,
        subjects: vec![CHILD.to_owned()],
        registered_on: day("2026-11-22"),
        known_at: at("2026-11-22"),
        by: AccountId::from_raw(3),
        dossier: Some("H20.15-261122-0001".to_owned()),
    }
}

/// Entry 125/2026, registered on 22/11/2026.
pub(crate) fn entry() -> Entry {
    create(register(), content(), new_entry(fields())).unwrap()
}

/// Changes written on a day and valid from a day.
pub(crate) fn amendment(changes: Value, valid_from: &str, written: &str) -> Amendment {
    Amendment {
        changes: map(changes),
        heading: String::new(),
        reason: "Ghi nhầm khi đăng ký".to_owned(),
        basis_paper: "Giấy chứng sinh số 15".to_owned(),
        valid_from: day(valid_from),
        known_at: at(written),
        by: AccountId::from_raw(4),
        dossier: None,
    }
}

pub(crate) fn amended(entry: &Entry, changes: Value, valid_from: &str, written: &str) -> Entry {
    amend(register(), content(), entry, &amendment(changes, valid_from, written)).unwrap()
}

/// (code, path) of each problem.
pub(crate) fn faults(problems: &[kernel::Problem]) -> Vec<(&str, &str)> {
    problems.iter().map(|problem| (problem.code.as_str(), problem.path.as_str())).collect()
}
