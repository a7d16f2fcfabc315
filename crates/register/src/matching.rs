//! When two values are the same for one who looks for an entry.

use kernel::partial_date::{PartialDate, parse_date_input};
use kernel::person_number::PersonNumber;
use kernel::text::fold;
use pack::model::{Register, ValueKind};
use serde_json::Value;

use crate::entry::Entry;
use crate::read::{number, yes_no};

/// Does the entry say this now? `field` is a register field, or `number`, `book`, `year`, `unit`,
/// `subject`.
///
/// Names and other texts are compared without case and tones, everything else exactly. An absent
/// value matches nothing, and a month is not one of its days.
pub fn matches(register: &Register, entry: &Entry, field: &str, value: &Value) -> bool {
    let is_number = |own: i64| number(value) == Some(own);
    match field {
        "number" => is_number(entry.number.into()),
        "book" => is_number(entry.book.into()),
        "year" => is_number(entry.year.into()),
        "unit" => value.as_str().is_some_and(|unit| unit.trim() == entry.unit.as_str()),
        "subject" => comparable(&ValueKind::PersonNumber, value)
            .is_some_and(|subject| entry.subjects.contains(&subject)),
        name => {
            let Some(field) = register.field(name) else {
                return false;
            };
            let Some(stored) = entry.current().fields.get(name) else {
                return false;
            };
            let asked = comparable(&field.kind, value);
            asked.is_some() && asked == comparable(&field.kind, stored)
        }
    }
}

/// A text that is the same for values that count as the same; `None` for nothing, or for what is no
/// value of this kind.
pub(crate) fn comparable(kind: &ValueKind, value: &Value) -> Option<String> {
    let text = value.as_str().unwrap_or_default();
    let comparable = match kind {
        ValueKind::Text => fold(text),
        ValueKind::Code(_) => text.trim().to_owned(),
        ValueKind::Number => number(value)?.to_string(),
        ValueKind::YesNo => yes_no(value)?.to_string(),
        ValueKind::Date => parse_date_input(text).ok()?.to_string(),
        ValueKind::PartialDate => PartialDate::parse_input(text).ok()?.to_string(),
        ValueKind::PersonNumber => PersonNumber::parse(text).ok()?.as_str().to_owned(),
        ValueKind::Address => {
            let part = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
            let commune = Some(part("commune")).filter(|commune| !commune.is_empty())?;
            format!("{commune} {}", fold(part("detail")))
        }
    };
    Some(comparable).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::{CHILD, amended, entry, register};

    fn says(field: &str, value: impl Into<Value>) -> bool {
        matches(register(), &entry(), field, &value.into())
    }

    #[test]
    fn names_and_texts_match_without_case_and_tones_but_whole() {
        assert!(says("name", json!("NGUYEN thị  Hòa")));
        assert!(!says("name", json!("Nguyễn Hoà")));
        assert!(!says("name", json!("Hoà Nguyễn Thị")));
    }

    #[test]
    fn dates_numbers_codes_and_personal_numbers_match_exactly() {
        assert!(says("born_on", json!("2026-11-05")));
        assert!(says("born_on", json!("5/11/2026")));
        assert!(!says("born_on", json!("2026-11-06")));
        assert!(says("mother_born", json!("1998")));
        assert!(!says("mother_born", json!("1998-06")));
        assert!(says("person_number", json!("087.326.000.123")));
        assert!(!says("person_number", json!("087326000124")));
        assert!(says("sex", json!("female")));
        assert!(!says("sex", json!("Nữ")));
    }

    #[test]
    fn a_vaguer_date_is_another_date() {
        assert!(!says("born_on", json!("2026-11")));
        assert!(!says("born_on", json!("2026")));
    }

    #[test]
    fn an_address_matches_by_commune_and_detail() {
        assert!(says("home", json!({"province": "82", "commune": "30001", "detail": "ấp 1"})));
        assert!(!says("home", json!({"province": "82", "commune": "30002", "detail": "ấp 1"})));
        assert!(!says("home", json!({"province": "82"})));
    }

    #[test]
    fn an_address_without_a_commune_matches_none() {
        let home = json!({"home": {"province": "82"}});
        let entry = amended(&entry(), home.clone(), "2026-11-22", "2027-01-04");
        assert!(!matches(register(), &entry, "home", &home["home"]));
    }

    #[test]
    fn nothing_matches_nothing() {
        for absent in [json!(null), json!(""), json!(" "), json!([]), json!({})] {
            for field in [
                "name",
                "paper",
                "birth_order",
                "twin",
                "home",
                "born_on",
                "unit",
                "subject",
                "colour",
            ] {
                assert!(!says(field, absent.clone()), "{field} {absent}");
            }
        }
    }

    #[test]
    fn the_place_in_the_books_and_the_subjects_can_be_matched() {
        assert!(says("number", json!("125")) && says("number", json!(125)));
        assert!(!says("number", json!(126)));
        assert!(says("year", json!(2026)) && says("book", json!(1)));
        assert!(says("unit", json!("30001")) && !says("unit", json!("30002")));
        assert!(says("subject", json!("087 326 000 123")));
        assert!(!says("subject", json!("087326000124")));
    }

    #[test]
    fn only_what_holds_now_matches() {
        let changes =
            json!({"name": "Nguyễn An", "birth_order": 3, "twin": true, "paper": "Số 15/GCS"});
        let entry = amended(&entry(), changes, "2026-11-22", "2027-01-04");
        let says = |field: &str, value: Value| matches(register(), &entry, field, &value);
        assert!(says("name", json!("nguyen an")));
        assert!(!says("name", json!("Nguyễn Thị Hoà")));
        assert!(
            says("birth_order", json!(3))
                && says("twin", json!(true))
                && says("paper", json!("so 15/gcs"))
        );
        assert!(!says("birth_order", json!(4)) && !says("twin", json!(false)));
        assert!(says("subject", json!(CHILD)));
    }
}
