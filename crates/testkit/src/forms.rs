//! Answers to the forms of the shipped procedures: right ones, which a test then spoils where it
//! wants to.

use serde_json::{Value, json};

use crate::people::{COMMUNE, DAUGHTER, FATHER, GROOM, MOTHER, OTHER_COMMUNE};

/// Birth registration.
pub const BIRTH: &str = "birth-registration";
/// Marriage registration.
pub const MARRIAGE: &str = "marriage-registration";
/// Death registration.
pub const DEATH: &str = "death-registration";
/// Correction of an entry.
pub const CORRECTION: &str = "civil-status-correction";
/// Copies from a register.
pub const EXTRACT: &str = "civil-status-extract";

/// The bride of [`marriage`], who lives in another commune.
pub const BRIDE: &str = "088300000105";
/// The man of whose death [`death`] tells.
pub const OLD_MAN: &str = "088048000106";
/// His wife.
pub const OLD_WOMAN: &str = "088152000107";

/// Phường Cao Lãnh, with a house.
#[must_use]
pub fn home() -> Value {
    json!({ "province": "82", "commune": COMMUNE, "detail": "Số 24, đường Lý Thường Kiệt" })
}

fn place() -> Value {
    json!({ "province": "82", "commune": COMMUNE })
}

/// A child born in a hospital to a married couple, filed in time by the mother with the number of
/// the birth notice.
#[must_use]
pub fn birth(child: &str, born_on: &str) -> Value {
    json!({
        "registrant": {
            "number": MOTHER.number, "name": MOTHER.name(), "birth_date": "1995-09-02",
            "residence": home(),
        },
        "registrant_relation": "mother",
        "contact_phone": "0912 345 678",
        "child_case": "ordinary",
        "child_name": child,
        "child_sex": "male",
        "child_birth_date": born_on,
        "birth_evidence": "certificate",
        "birth_certificate_number": "00125/2026",
        "born_at": "facility",
        "birth_facility": "Trung tâm Y tế khu vực Cao Lãnh",
        "birth_address": place(),
        "child_hometown": place(),
        "child_ethnicity": "01",
        "child_nationality": "VN",
        "mother": {
            "number": MOTHER.number, "name": MOTHER.name(), "birth_date": "1995-09-02",
            "ethnicity": "01", "nationality": "VN", "residence": home(),
        },
        "parents_married": true,
        "father": {
            "number": FATHER.number, "name": FATHER.name(), "birth_date": "1993-04-18",
            "ethnicity": "01", "nationality": "VN", "residence": home(),
        },
        "copies": 0,
        "receive_way": "electronic",
        "declaration": true,
    })
}

/// Two who never married before.
#[must_use]
pub fn marriage() -> Value {
    json!({
        "wife": {
            "number": BRIDE, "name": "Phạm Thảo Vy", "birth_date": "2000-06-30",
            "ethnicity": "01", "nationality": "VN",
            "residence": { "province": "82", "commune": OTHER_COMMUNE, "detail": "Số 112, đường Nguyễn Huệ" },
        },
        "wife_status": "never-married",
        "wife_marriage_count": 1,
        "husband": {
            "number": GROOM.number, "name": GROOM.name(), "birth_date": "1998-12-25",
            "ethnicity": "01", "nationality": "VN",
            "residence": { "province": "82", "commune": COMMUNE, "detail": "Số 7, khóm Mỹ Phú" },
        },
        "husband_status": "never-married",
        "husband_marriage_count": 1,
        "voluntary": true,
        "capable": true,
        "not_related": true,
        "appointment_on": "2026-09-10",
        "appointment_time": "morning",
        "contact_phone": "0912 345 678",
        "copies": 0,
        "declaration": true,
    })
}

/// Somebody who died at home, filed by the daughter; `notice` is the uploaded death notice.
#[must_use]
pub fn death(number: &str, name: &str, birth_date: &str, sex: &str, notice: &str) -> Value {
    json!({
        "registrant": {
            "number": DAUGHTER.number, "name": DAUGHTER.name(),
            "residence": { "province": "82", "commune": COMMUNE, "detail": "Số 3, khóm 2" },
        },
        "registrant_relation": "child",
        "contact_phone": "0912 345 678",
        "deceased": {
            "number": number, "name": name, "birth_date": birth_date, "sex": sex,
            "ethnicity": "01", "nationality": "VN",
            "residence": { "province": "82", "commune": COMMUNE, "detail": "Số 3, khóm 2" },
        },
        "died_on": "2026-08-25",
        "died_at": "home",
        "died_address": place(),
        "died_cause": "Bệnh già",
        "notice_kind": "commune",
        "notice_number": "12/GBT",
        "notice_date": "2026-08-26",
        "notice_issuer": "Ủy ban nhân dân phường Cao Lãnh",
        "death_notice": [notice],
        "copies": 0,
        "receive_way": "electronic",
        "declaration": true,
    })
}

/// A parent asks to mend one field of a child's birth entry; `paper` is the uploaded ground.
#[must_use]
pub fn birth_correction(
    child: &str,
    number: &str,
    born_on: &str,
    change: &Value,
    paper: &str,
) -> Value {
    json!({
        "requester": {
            "number": MOTHER.number, "name": MOTHER.name(), "residence": home(),
        },
        "requester_relation": "mother",
        "contact_phone": "0912 345 678",
        "event": "birth",
        "subject_name": child,
        "find_by": "person",
        "subject_number": number,
        "subject_birth_date": born_on,
        "change_kind": "correction",
        "changes": [change],
        "reason": "Cán bộ ghi nhầm so với giấy chứng sinh.",
        "basis_paper": "Giấy chứng sinh số 00125/2026 ngày 20/8/2026",
        "basis_file": [paper],
        "fee_exemption": "none",
        "receive_way": "electronic",
        "declaration": true,
    })
}

/// The mother asks for two copies of an entry about herself.
#[must_use]
pub fn extract(event: &str) -> Value {
    json!({
        "event": event,
        "subject_name": MOTHER.name(),
        "find_by": "person",
        "subject_number": MOTHER.number,
        "requester": { "number": MOTHER.number, "name": MOTHER.name(), "residence": home() },
        "requester_relation": "self",
        "contact_phone": "0912 345 678",
        "copies": 2,
        "receive_way": "electronic",
        "declaration": true,
    })
}
