//! Entries for reading: labels for codes, dates as 05/11/2026, addresses in one line.

use kernel::format::vi;
use kernel::partial_date::PartialDate;
use pack::Content;
use pack::model::{Register, ValueKind};
use serde::Serialize;
use serde_json::{Map, Value};

/// One column of an entry, for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// Register field id.
    pub field: String,
    /// Heading of the column.
    pub label: String,
    /// The value for people; empty when there is none.
    pub text: String,
    /// Of a date also ISO: `2026-11-05`, `2026-11`, `2026`; else empty.
    pub iso: String,
}

/// All columns in the order of the register, the empty ones too.
pub fn display(register: &Register, content: &Content, fields: &Map<String, Value>) -> Vec<Shown> {
    let shown = register.fields.iter().map(|field| {
        let value = fields.get(&field.id).unwrap_or(&Value::Null);
        Shown {
            field: field.id.clone(),
            label: field.label.vi.clone(),
            text: display_value(&field.kind, content, value),
            iso: date(&field.kind, value).map(|date| date.to_string()).unwrap_or_default(),
        }
    });
    shown.collect()
}

/// A value for people; what does not fit its kind is shown as it is, nothing as an empty text.
pub fn display_value(kind: &ValueKind, content: &Content, value: &Value) -> String {
    let text = match kind {
        ValueKind::Text | ValueKind::PersonNumber => None,
        ValueKind::Number => value.as_i64().map(vi::number),
        ValueKind::Date | ValueKind::PartialDate => date(kind, value).map(PartialDate::text),
        ValueKind::YesNo => value.as_bool().map(|yes| if yes { "Có" } else { "Không" }.to_owned()),
        ValueKind::Code(list) => {
            let label = value.as_str().and_then(|code| content.code_label(list, code));
            label.map(|label| label.vi.clone())
        }
        ValueKind::Address => value.is_object().then(|| address(content, value)),
    };
    text.unwrap_or_else(|| plain(value))
}

fn date(kind: &ValueKind, value: &Value) -> Option<PartialDate> {
    match kind {
        ValueKind::Date | ValueKind::PartialDate => value.as_str()?.parse().ok(),
        _ => None,
    }
}

fn address(content: &Content, value: &Value) -> String {
    let part = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
    let today = content.address_text(part("province"), part("commune"), part("detail"));
    match (today.as_str(), part("former")) {
        (_, "") => today,
        ("", former) => former.to_owned(),
        (today, former) => format!("{today} (trước 01/7/2025: {former})"),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(_) | Value::Null | Value::Array(_) | Value::Object(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::{content, fields, map, register};

    #[test]
    fn all_columns_are_shown_in_order_with_words_for_people() {
        let mut fields = fields();
        fields.extend(map(json!({"birth_order": 2, "twin": false})));
        let shown = display(register(), content(), &fields);
        let texts: Vec<(&str, &str, &str)> = shown
            .iter()
            .map(|shown| (shown.label.as_str(), shown.text.as_str(), shown.iso.as_str()))
            .collect();
        assert_eq!(
            texts,
            [
                ("Họ và tên", "Nguyễn Thị Hoà", ""),
                ("Giới tính", "Nữ", ""),
                ("Ngày sinh", "05/11/2026", "2026-11-05"),
                ("Số định danh", "087326000123", ""),
                ("Dân tộc", "Kinh", ""),
                ("Họ và tên mẹ", "Trần Thị Bé Năm", ""),
                ("Năm sinh của mẹ", "1998", "1998"),
                ("Nơi cư trú", "Ấp 1, xã Mỹ Hiệp, tỉnh Đồng Tháp", ""),
                ("Con thứ", "2", ""),
                ("Sinh đôi", "Không", ""),
                ("Số giấy chứng sinh", "", ""),
            ]
        );
        assert_eq!(shown[1].field, "sex");
    }

    #[test]
    fn an_address_names_the_unit_of_before_july_2025_beside_todays() {
        let show = |value: Value| display_value(&ValueKind::Address, content(), &value);
        let former = "Xã Mỹ Xương, huyện Cao Lãnh, tỉnh Đồng Tháp";
        assert_eq!(
            show(json!({"commune": "30001", "former": former})),
            format!("xã Mỹ Hiệp, tỉnh Đồng Tháp (trước 01/7/2025: {former})"),
        );
        assert_eq!(show(json!({"former": former})), former);
    }

    #[test]
    fn a_value_that_does_not_fit_its_kind_is_shown_as_it_is() {
        let show = |kind: ValueKind, value: Value| display_value(&kind, content(), &value);
        assert_eq!(show(ValueKind::Code("sex".to_owned()), json!("other")), "other");
        assert_eq!(show(ValueKind::Code("gone".to_owned()), json!("x")), "x");
        assert_eq!(show(ValueKind::Date, json!("mồng năm")), "mồng năm");
        assert_eq!(show(ValueKind::PartialDate, json!("2026-11")), "11/2026");
        assert_eq!(show(ValueKind::Number, json!(12_500)), "12.500");
        assert_eq!(show(ValueKind::YesNo, json!(true)), "Có");
        assert_eq!(show(ValueKind::Address, json!(null)), "");
        assert_eq!(show(ValueKind::Text, json!(["x"])), "");
    }
}
