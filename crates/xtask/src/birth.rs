//! A full birth dossier, different for every number.

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};

/// The procedure that is filed.
pub(crate) const PROCEDURE: &str = "birth-registration";
/// The unit of the demonstration whose officers have accounts.
pub(crate) const UNIT: &str = "29869";
/// The citizen who files: the mother.
pub(crate) const CITIZEN: &str = "me";
/// Officers by what they do.
pub(crate) const DESK: &str = "mot-cua";
pub(crate) const CLERK: &str = "ho-tich";
pub(crate) const CHAIR: &str = "chu-tich";
/// Personal numbers of the invented parents.
pub(crate) const MOTHER: &str = "088195000102";
pub(crate) const FATHER: &str = "088093000101";

/// The action by which the one-stop desk passes a dossier on.
pub(crate) const ACCEPT: &str = "accept";

const SYLLABLES: [&str; 32] = [
    "An", "Bảo", "Cát", "Chi", "Diệp", "Duy", "Đan", "Gia", "Giang", "Hà", "Hân", "Hiếu", "Hoài",
    "Huy", "Khang", "Khánh", "Khoa", "Kim", "Lam", "Linh", "Mai", "Minh", "Nam", "Ngân", "Ngọc",
    "Nhật", "Phúc", "Quân", "Tâm", "Thảo", "Vân", "Yến",
];

/// A name that no other number has, up to 33 million.
pub(crate) fn child_name(number: u64) -> String {
    let mut name = "Huỳnh".to_owned();
    for place in 0..5 {
        let index = usize::try_from(number >> (5 * place) & 31).unwrap_or(0);
        name.push(' ');
        name.push_str(SYLLABLES.get(index).copied().unwrap_or_default());
    }
    name
}

/// All answers of an ordinary birth: 23 fields, four of them persons or groups of parts; 45 values.
pub(crate) fn answers(number: u64, today: Date) -> Value {
    let days = i64::try_from(number % 50).unwrap_or(0) + 1;
    let birth_date = today.checked_sub(days.days()).unwrap_or(today);
    let home = json!({
        "province": "82", "commune": UNIT, "detail": "Số 24, đường Lý Thường Kiệt",
    });
    json!({
        "registrant": {
            "number": MOTHER,
            "name": "Trần Thị Ngọc Diễm",
            "birth_date": "1995-09-02",
            "residence": home,
            "identity_paper": "Thẻ căn cước, Bộ Công an cấp ngày 05/03/2024",
        },
        "registrant_relation": "mother",
        "contact_phone": "0900000102",
        "contact_email": format!("gia-dinh-{number}@vidu.vn"),
        "child_case": "ordinary",
        "child_name": child_name(number),
        "child_sex": if number.is_multiple_of(2) { "female" } else { "male" },
        "child_birth_date": birth_date.to_string(),
        "child_birth_time": "07 giờ 30",
        "birth_evidence": "certificate",
        "birth_certificate_number": format!("{number:07}/2026"),
        "born_at": "facility",
        "birth_facility": "Trung tâm Y tế khu vực Cao Lãnh",
        "birth_address": { "province": "82", "commune": UNIT },
        "child_hometown": { "province": "82", "commune": UNIT },
        "child_ethnicity": "01",
        "child_nationality": "VN",
        "mother": {
            "number": MOTHER,
            "name": "Trần Thị Ngọc Diễm",
            "birth_date": "1995-09-02",
            "ethnicity": "01",
            "nationality": "VN",
            "residence": home,
        },
        "parents_married": true,
        "father": {
            "number": FATHER,
            "name": "Huỳnh Minh Khoa",
            "birth_date": "1993-04-18",
            "ethnicity": "01",
            "nationality": "VN",
            "residence": home,
        },
        "copies": 2,
        "receive_way": "post",
        "delivery_address": home,
        "declaration": true,
    })
}

/// The body of the request that files it.
pub(crate) fn filing(number: u64, today: Date) -> String {
    json!({ "procedure": PROCEDURE, "unit": UNIT, "answers": answers(number, today) }).to_string()
}

/// Today in Viet Nam.
pub(crate) fn today() -> Date {
    now().date()
}

/// The present moment.
pub(crate) fn now() -> kernel::moment::Moment {
    kernel::moment::Moment::from_micros(jiff::Timestamp::now().as_microsecond())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_numbers_share_a_name() {
        let names: BTreeSet<String> = (0..100_000).map(child_name).collect();
        assert_eq!(names.len(), 100_000);
    }

    #[test]
    fn every_birth_lies_within_sixty_days() {
        let today: Date = "2026-11-22".parse().unwrap();
        for number in 0..100 {
            let date = answers(number, today)["child_birth_date"].as_str().unwrap().to_owned();
            let date: Date = date.parse().unwrap();
            assert!(date < today && (today - date).get_days() <= 60);
        }
    }
}
