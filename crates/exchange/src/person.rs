//! A person as the population database gives them.

use kernel::partial_date::PartialDate;
use kernel::person_number::{PersonNumber, Sex};
use kernel::unit::UnitCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A person. Of the 26 fields of Luật Căn cước 2023 Điều 9, those that justice procedures need.
///
/// `Debug` shows no more than the end of the number: values like this end in logs by accident.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRecord {
    /// Số định danh cá nhân.
    pub number: PersonNumber,
    /// Full name.
    pub name: String,
    /// Birth; of some old people only the year is known.
    pub birth_date: PartialDate,
    /// Sex.
    pub sex: Sex,
    /// Code in the list `ethnicity`.
    pub ethnicity: String,
    /// Code in the list `nationality`.
    pub nationality: String,
    /// Nơi thường trú.
    pub residence: Address,
    /// An older identity paper, as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity_paper: Option<String>,
    /// Telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Is the person alive, as far as the database knows?
    pub alive: bool,
    /// Day of death, if dead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub death_date: Option<PartialDate>,
    /// Tình trạng hôn nhân.
    pub marital_status: MaritalStatus,
    /// The father, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub father: Option<Relative>,
    /// The mother, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mother: Option<Relative>,
    /// The present spouse, if married.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spouse: Option<Relative>,
    /// The children, eldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<Relative>,
}

/// A relative, as far as the record of the person names them. Not everybody has a number: parents
/// who died early or live abroad have none.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relative {
    /// Số định danh cá nhân, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<PersonNumber>,
    /// Full name.
    pub name: String,
    /// Code in the list `nationality`.
    pub nationality: String,
}

/// An address, in the form that answers have.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// Province, two digits.
    pub province: UnitCode,
    /// Commune, five digits.
    pub commune: UnitCode,
    /// House number, street, hamlet.
    #[serde(default)]
    pub detail: String,
}

/// Tình trạng hôn nhân. The names are the codes of the list `marital-status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MaritalStatus {
    /// Chưa từng kết hôn.
    NeverMarried,
    /// Đang có vợ hoặc chồng.
    Married,
    /// Đã ly hôn, chưa kết hôn lại.
    Divorced,
    /// Vợ hoặc chồng đã chết, chưa kết hôn lại.
    Widowed,
    /// The database does not know.
    Unknown,
}

impl PersonRecord {
    /// The person as the answer to a person field: every part that a form may ask for and the
    /// database knows.
    pub fn to_answer(&self) -> Map<String, Value> {
        let mut answer = Map::new();
        let mut put = |part: &str, value: Value| {
            answer.insert(part.to_owned(), value);
        };
        put("number", self.number.as_str().into());
        put("name", self.name.as_str().into());
        put("birth_date", self.birth_date.to_string().into());
        let sex = if self.sex == Sex::Male { "male" } else { "female" };
        put("sex", sex.into());
        put("ethnicity", self.ethnicity.as_str().into());
        put("nationality", self.nationality.as_str().into());
        put("residence", self.residence.to_answer());
        if let Some(paper) = &self.identity_paper {
            put("identity_paper", paper.as_str().into());
        }
        if let Some(phone) = &self.phone {
            put("phone", phone.as_str().into());
        }
        answer
    }
}

impl Address {
    /// The address as the answer to an address field.
    pub fn to_answer(&self) -> Value {
        let mut answer = Map::new();
        answer.insert("province".to_owned(), self.province.to_string().into());
        answer.insert("commune".to_owned(), self.commune.to_string().into());
        answer.insert("detail".to_owned(), self.detail.as_str().into());
        Value::Object(answer)
    }
}

impl std::fmt::Debug for PersonRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PersonRecord").field("number", &self.number).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Relative {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Relative").field("number", &self.number).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Address").field("commune", &self.commune).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn record() -> PersonRecord {
        serde_json::from_value(json!({
            "number": "082190000007",
            "name": "Lê Thị Ví Dụ",
            "birth_date": "1990-03-05",
            "sex": "female",
            "ethnicity": "01",
            "nationality": "VN",
            "residence": {"province": "82", "commune": "29869", "detail": "Ấp 3"},
            "phone": "0900000007",
            "alive": true,
            "marital_status": "never-married",
            "mother": {"name": "Trần Thị Mẫu", "nationality": "VN"},
        }))
        .unwrap()
    }

    #[test]
    fn a_record_reads_back_what_it_writes() {
        let written = serde_json::to_string(&record()).unwrap();
        assert_eq!(serde_json::from_str::<PersonRecord>(&written).unwrap(), record());
    }

    #[test]
    fn a_record_goes_into_a_form_as_it_is() {
        assert_eq!(
            Value::Object(record().to_answer()),
            json!({
                "number": "082190000007",
                "name": "Lê Thị Ví Dụ",
                "birth_date": "1990-03-05",
                "sex": "female",
                "ethnicity": "01",
                "nationality": "VN",
                "residence": {"province": "82", "commune": "29869", "detail": "Ấp 3"},
                "phone": "0900000007",
            })
        );
    }

    #[test]
    fn a_log_shows_no_personal_data() {
        let shown = format!("{:?} {:?} {:?}", record(), record().residence, record().mother);
        for personal in ["Ví Dụ", "Mẫu", "1990", "Ấp", "0821900"] {
            assert!(!shown.contains(personal), "{shown}");
        }
    }
}
