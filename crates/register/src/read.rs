//! Values of a register read from JSON or from what a person typed, into one normal form.
//!
//! Normal form: text cleaned, numbers as integers, dates as ISO text, yes and no as booleans, codes
//! as codes, personal numbers as twelve digits, addresses as objects. Nothing is no value at all.

use kernel::partial_date::{PartialDate, parse_date_input};
use kernel::person_number::PersonNumber;
use kernel::problem::{Problem, Problems};
use kernel::text::{clean_line, fold};
use pack::Content;
use pack::model::{ChoiceOption, Register, RegisterField, ValueKind};
use serde_json::{Map, Value};

/// Longest text of a field, in characters. Far above what forms let through.
const MAX_TEXT_LENGTH: usize = 4_000;
/// Longest text that may be a date, a number or a code, in bytes.
const MAX_WORD_BYTES: usize = 1_000;
/// Longest name of an unknown field in a message, in characters.
const MAX_QUOTED: usize = 60;
/// Unknown fields that are reported one by one.
const MAX_UNKNOWN: usize = 20;

/// The fields in normal form, and everything that is wrong with them except what is missing.
pub(crate) fn read_fields(
    register: &Register,
    content: &Content,
    given: &Map<String, Value>,
) -> (Map<String, Value>, Problems) {
    let mut fields = Map::new();
    let mut problems = Problems::new();
    for field in &register.fields {
        match given.get(&field.id).map(|raw| read_value(field, content, raw)) {
            Some(Ok(Some(value))) => {
                fields.insert(field.id.clone(), value);
            }
            Some(Err(problem)) => problems.push(problem),
            Some(Ok(None)) | None => {}
        }
    }
    problems.extend(unknown_fields(register, given));
    (fields, problems)
}

/// Keys that are no columns of the register.
pub(crate) fn unknown_fields(
    register: &Register,
    given: &Map<String, Value>,
) -> impl Iterator<Item = Problem> {
    let unknown = given.keys().filter(|key| register.field(key).is_none());
    unknown.take(MAX_UNKNOWN).map(|key| {
        let key = quoted(key);
        let message = format!(
            "{} không có mục “{key}”. Hãy tải lại trang để dùng mẫu sổ hiện hành.",
            register.name.vi
        );
        Problem::new("field.unknown", key, message)
    })
}

pub(crate) fn required(field: &RegisterField) -> Problem {
    let message = format!("Hãy nhập mục “{}”: sổ bắt buộc phải có.", field.label.vi);
    Problem::new("field.required", field.id.as_str(), message)
}

/// A value in normal form; `None` when nothing was given.
///
/// # Errors
/// What is wrong with it and how to mend it, at the field's path.
pub(crate) fn read_value(
    field: &RegisterField,
    content: &Content,
    raw: &Value,
) -> Result<Option<Value>, Problem> {
    if is_blank(raw) {
        return Ok(None);
    }
    let value = match &field.kind {
        ValueKind::Text => text(field, raw)?,
        ValueKind::Number => {
            number(raw).ok_or_else(|| wrong_kind(field, "một số nguyên, ví dụ 2"))?.into()
        }
        ValueKind::Date => {
            let typed =
                word(raw).ok_or_else(|| wrong_kind(field, "ngày/tháng/năm, ví dụ 05/11/2026"))?;
            parse_date_input(typed).map_err(|fault| named(field, &fault))?.to_string().into()
        }
        ValueKind::PartialDate => {
            let expected = "ngày/tháng/năm hoặc chỉ năm, ví dụ 05/11/2026, 1950";
            let typed = word(raw).ok_or_else(|| wrong_kind(field, expected))?;
            PartialDate::parse_input(typed)
                .map_err(|fault| named(field, &fault))?
                .to_string()
                .into()
        }
        ValueKind::YesNo => {
            yes_no(raw).ok_or_else(|| wrong_kind(field, "“có” hoặc “không”"))?.into()
        }
        ValueKind::Code(list) => {
            let items = content.code_lists.get(list).map(|list| list.items.as_slice());
            code(field, items.unwrap_or_default(), raw)?.into()
        }
        ValueKind::PersonNumber => {
            let typed = word(raw).ok_or_else(|| wrong_kind(field, "đúng 12 chữ số"))?;
            let number = PersonNumber::parse(typed).map_err(|fault| named(field, &fault))?;
            number.as_str().into()
        }
        ValueKind::Address => return address(field, content, raw),
    };
    Ok(Some(value))
}

fn is_blank(raw: &Value) -> bool {
    match raw {
        Value::Null => true,
        Value::String(text) => clean_line(text).is_empty(),
        Value::Object(parts) => parts.values().all(is_blank),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) => false,
    }
}

/// A text short enough to be a date, a number or a code.
fn word(raw: &Value) -> Option<&str> {
    raw.as_str().filter(|text| text.len() <= MAX_WORD_BYTES)
}

/// Cleaned line by line, so that a text of several lines keeps them.
fn text(field: &RegisterField, raw: &Value) -> Result<Value, Problem> {
    let typed = raw.as_str().ok_or_else(|| wrong_kind(field, "bằng chữ"))?;
    let length = typed.chars().count();
    if length > MAX_TEXT_LENGTH {
        let message = format!(
            "{} dài {length} ký tự, nhiều nhất là {MAX_TEXT_LENGTH}. Hãy viết gọn lại.",
            field.label.vi
        );
        return Err(Problem::new("text.too-long", field.id.as_str(), message));
    }
    let lines: Vec<String> = typed.lines().map(clean_line).collect();
    Ok(lines.join("\n").trim().into())
}

/// An integer, or one as people type it: `12`, `1.234`, `-5`. `1.5` is none.
pub(crate) fn number(raw: &Value) -> Option<i64> {
    let Some(typed) = raw.as_str() else {
        return raw.as_i64();
    };
    let typed = typed.trim();
    let (sign, digits) = typed.strip_prefix('-').map_or(("", typed), |rest| ("-", rest));
    let groups: Vec<&str> = digits.split(['.', ' ', '\u{a0}']).collect();
    let is_digits = |group: &&str| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit());
    let is_grouped = match groups.as_slice() {
        [_] | [] => true,
        [first, rest @ ..] => first.len() <= 3 && rest.iter().all(|group| group.len() == 3),
    };
    if typed.len() > MAX_WORD_BYTES || !is_grouped || !groups.iter().all(is_digits) {
        return None;
    }
    format!("{sign}{}", groups.concat()).parse().ok()
}

pub(crate) fn yes_no(raw: &Value) -> Option<bool> {
    let Some(typed) = raw.as_str() else {
        return raw.as_bool();
    };
    match typed.trim().to_lowercase().as_str() {
        "true" | "có" | "co" => Some(true),
        "false" | "không" | "khong" => Some(false),
        _ => None,
    }
}

/// A code, or the label of one with or without tones as long as it means only one.
fn code(field: &RegisterField, items: &[ChoiceOption], raw: &Value) -> Result<String, Problem> {
    let typed = word(raw).ok_or_else(|| unknown_code(field, items, ""))?.trim();
    if let Some(item) = items.iter().find(|item| item.code == typed) {
        return Ok(item.code.clone());
    }
    let clean = clean_line(typed).to_lowercase();
    let folded = fold(typed);
    let as_written = |item: &&ChoiceOption| item.label.vi.to_lowercase() == clean;
    let as_folded =
        |item: &&ChoiceOption| fold(&item.label.vi) == folded || fold(&item.label.en) == folded;
    let found =
        only(items.iter().filter(as_written)).or_else(|| only(items.iter().filter(as_folded)));
    found.map(|item| item.code.clone()).ok_or_else(|| unknown_code(field, items, typed))
}

fn only<T>(mut items: impl Iterator<Item = T>) -> Option<T> {
    let first = items.next()?;
    items.next().is_none().then_some(first)
}

fn unknown_code(field: &RegisterField, items: &[ChoiceOption], typed: &str) -> Problem {
    let example =
        items.first().map_or(String::new(), |item| format!(", ví dụ “{}”", item.label.vi));
    let message = format!(
        "{} chưa đúng: danh mục không có “{}”. Hãy ghi đúng một mục trong danh mục{example}.",
        field.label.vi,
        quoted(typed),
    );
    Problem::new("code.unknown", field.id.as_str(), message)
}

/// An address of today's units. The names of a unit of before July 2025, kept in `former`, stay.
fn address(
    field: &RegisterField,
    content: &Content,
    raw: &Value,
) -> Result<Option<Value>, Problem> {
    let expected = "số nhà, đường hoặc ấp, rồi xã, phường và tỉnh, cách nhau bằng dấu phẩy";
    let mut parts = match raw {
        Value::Object(parts) => address_parts(parts).ok_or_else(|| wrong_kind(field, expected))?,
        Value::String(typed) => {
            typed_address(content, typed).ok_or_else(|| unknown_place(field, "commune"))?
        }
        _ => return Err(wrong_kind(field, expected)),
    };
    let units = &content.units;
    let part = |name: &str| parts.get(name).and_then(Value::as_str).map(str::to_owned);
    match (part("commune"), part("province")) {
        (Some(commune), province) => {
            let known = units.commune(&commune).ok_or_else(|| unknown_place(field, "commune"))?;
            let of = known.province.as_str();
            if province.is_some_and(|province| province != of) {
                return Err(unknown_place(field, "commune"));
            }
            parts.insert("province".to_owned(), of.into());
        }
        (None, Some(province)) if units.province(&province).is_none() => {
            return Err(unknown_place(field, "province"));
        }
        (None, _) => {}
    }
    Ok(Some(Value::Object(parts)))
}

/// The parts that are given, cleaned; `None` when one of them is no text or too long.
fn address_parts(parts: &Map<String, Value>) -> Option<Map<String, Value>> {
    let given = parts.iter().filter(|(_, part)| !is_blank(part));
    given.map(|(name, part)| Some((name.clone(), clean_line(word(part)?).into()))).collect()
}

/// `12 đường Trần Phú, Phường Mỹ Tho, tỉnh Đồng Tháp`, when it names one commune.
fn typed_address(content: &Content, typed: &str) -> Option<Map<String, Value>> {
    let typed = clean_line(Some(typed).filter(|text| text.len() <= MAX_WORD_BYTES)?);
    let (rest, province) = typed.rsplit_once(',')?;
    let (detail, commune) = rest.rsplit_once(',').unwrap_or(("", rest));
    let province = content.units.find_province(province)?.code.as_str();
    let communes = content.units.find_communes(province, commune);
    let [commune] = communes.as_slice() else {
        return None;
    };
    let mut parts = Map::new();
    parts.insert("province".to_owned(), province.into());
    parts.insert("commune".to_owned(), commune.code.as_str().into());
    if !detail.trim().is_empty() {
        parts.insert("detail".to_owned(), detail.trim().into());
    }
    Some(parts)
}

fn unknown_place(field: &RegisterField, part: &str) -> Problem {
    let message = format!(
        "{} chưa đúng: không tìm thấy xã, phường, đặc khu hoặc tỉnh này. Hãy ghi theo tên hiện nay, \
         đủ tên xã và tên tỉnh, hoặc chọn trong danh sách.",
        field.label.vi
    );
    Problem::new("address.unknown", format!("{}.{part}", field.id), message)
}

fn wrong_kind(field: &RegisterField, expected: &str) -> Problem {
    let message = format!("{} chưa đúng dạng. Hãy nhập {expected}.", field.label.vi);
    Problem::new("field.type", field.id.as_str(), message)
}

/// A parser's fault, said of this field.
fn named(field: &RegisterField, fault: &Problem) -> Problem {
    let mut letters = fault.message.chars();
    let first = letters.next().into_iter().flat_map(char::to_lowercase);
    let message: String = first.chain(letters).collect();
    let message = format!("{}: {message}", field.label.vi);
    Problem::new(fault.code.as_str(), field.id.as_str(), message)
}

fn quoted(text: &str) -> String {
    text.chars().take(MAX_QUOTED).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::testing::{content, register};

    #[test]
    fn a_number_may_have_points_for_thousands_but_no_fraction() {
        for (typed, read) in [("12", 12), (" 1.234 ", 1_234), ("-5", -5), ("1 234 567", 1_234_567)]
        {
            assert_eq!(number(&json!(typed)), Some(read), "{typed}");
        }
        for typed in
            ["1.5", "1,5", ".500", "--1", "+1", "", "1.2345", "12a", "99999999999999999999"]
        {
            assert_eq!(number(&json!(typed)), None, "{typed}");
        }
        assert_eq!(number(&json!(1.5)), None);
    }

    #[test]
    fn a_text_of_several_lines_keeps_them() {
        let field = register().field("paper").unwrap();
        let read = read_value(field, content(), &json!(" một \r\n\r\n hai\u{200b}  ba\n")).unwrap();
        assert_eq!(read, Some(json!("một\n\nhai ba")));
    }

    #[test]
    fn a_fault_of_a_part_names_the_field() {
        let field = register().field("born_on").unwrap();
        let fault = read_value(field, content(), &json!("31/02/2026")).unwrap_err();
        assert_eq!(
            fault.message,
            "Ngày sinh: ngày chưa đúng: tháng 2 năm 2026 không có ngày 31. \
             Hãy nhập lại theo giấy tờ."
        );
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            ".*".prop_map(Value::from),
            "[0-9/. -]{0,14}".prop_map(Value::from),
            proptest::sample::select(vec![
                "Nam",
                "Kinh",
                "có",
                "30001",
                "82",
                "Phường Mỹ Tho, Đồng Tháp"
            ])
            .prop_map(Value::from),
        ];
        leaf.prop_recursive(2, 8, 4, |inner| {
            let keys =
                proptest::sample::select(vec!["province", "commune", "detail", "former", "x"]);
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                proptest::collection::btree_map(keys.prop_map(str::to_owned), inner, 0..4)
                    .prop_map(|parts| Value::Object(parts.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_value_is_read_or_refused_and_normal_form_stays(raw in any_json()) {
            for field in &register().fields {
                if let Ok(Some(value)) = read_value(field, content(), &raw) {
                    prop_assert_eq!(read_value(field, content(), &value), Ok(Some(value)));
                }
            }
        }
    }
}
