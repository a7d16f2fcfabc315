//! A new-born child for whom a personal number is asked.

use std::str::FromStr;

use jiff::civil::Date;
use kernel::person_number::{PersonNumber, Sex};
use kernel::problem::{Problem, Problems};
use kernel::unit::UnitCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What the population database needs to know to give a child its number.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChildIdentity {
    /// Full name.
    pub name: String,
    /// Day of birth.
    pub birth_date: Date,
    /// Sex.
    pub sex: Sex,
    /// Code in the list `ethnicity`.
    #[serde(default)]
    pub ethnicity: String,
    /// Code in the list `nationality`.
    #[serde(default)]
    pub nationality: String,
    /// Nơi sinh, as text.
    #[serde(default)]
    pub birth_place: String,
    /// Quê quán, as text.
    #[serde(default)]
    pub hometown: String,
    /// The mother's number, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mother_number: Option<PersonNumber>,
    /// The father's number, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub father_number: Option<PersonNumber>,
    /// The commune that registers the birth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitCode>,
}

impl ChildIdentity {
    /// Names of the parameters of the service `population.personal-number`, as a procedure's
    /// `[request.parameters]` gives them. `name`, `birth_date` and `sex` are needed.
    pub const PARAMETERS: [&'static str; 10] = [
        "name",
        "birth_date",
        "sex",
        "ethnicity",
        "nationality",
        "birth_place",
        "hometown",
        "mother_number",
        "father_number",
        "unit",
    ];

    /// Reads the parameters. Empty texts count as absent. The unit may be added by the caller.
    ///
    /// # Errors
    ///
    /// Everything that is missing or not understood, at the parameter's name.
    pub fn from_parameters(parameters: &Map<String, Value>) -> Result<Self, Problems> {
        let mut reader = Reader { parameters, problems: Problems::new() };
        let name = reader.needed::<String>("name");
        let birth_date = reader.needed::<Date>("birth_date");
        let sex = reader.needed::<SexCode>("sex");
        let words = |name: &str| reader.text(name).unwrap_or_default();
        let (ethnicity, nationality) = (words("ethnicity"), words("nationality"));
        let (birth_place, hometown) = (words("birth_place"), words("hometown"));
        let mother_number = reader.optional::<PersonNumber>("mother_number");
        let father_number = reader.optional::<PersonNumber>("father_number");
        let unit = reader.optional::<UnitCode>("unit");
        match (name, birth_date, sex) {
            (Some(name), Some(birth_date), Some(SexCode(sex))) if reader.problems.is_empty() => {
                Ok(Self {
                    name,
                    birth_date,
                    sex,
                    ethnicity,
                    nationality,
                    birth_place,
                    hometown,
                    mother_number,
                    father_number,
                    unit,
                })
            }
            _ => Err(reader.problems),
        }
    }
}

struct Reader<'a> {
    parameters: &'a Map<String, Value>,
    problems: Problems,
}

impl Reader<'_> {
    fn needed<T: FromStr>(&mut self, name: &str) -> Option<T> {
        if self.text(name).is_none() {
            self.fault("missing", name, "Còn thiếu thông tin để đề nghị cấp số định danh");
            return None;
        }
        self.optional(name)
    }

    fn optional<T: FromStr>(&mut self, name: &str) -> Option<T> {
        let text = self.text(name)?;
        let read = text.parse().ok();
        if read.is_none() {
            self.fault("format", name, "Thông tin để đề nghị cấp số định danh chưa đúng dạng");
        }
        read
    }

    fn text(&self, name: &str) -> Option<String> {
        let text = self.parameters.get(name)?.as_str()?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn fault(&mut self, code: &str, name: &str, message: &str) {
        let message = format!("{message}: {}.", Self::label(name));
        self.problems.push(Problem::new(format!("personal-number.{code}"), name, message));
    }

    fn label(name: &str) -> &'static str {
        match name {
            "name" => "họ, chữ đệm, tên của trẻ",
            "birth_date" => "ngày, tháng, năm sinh của trẻ",
            "sex" => "giới tính của trẻ",
            "mother_number" => "số định danh của mẹ",
            "father_number" => "số định danh của cha",
            "unit" => "nơi đăng ký khai sinh",
            _ => "thông tin khác của trẻ",
        }
    }
}

/// `male` or `female`.
struct SexCode(Sex);

impl FromStr for SexCode {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "male" => Ok(Self(Sex::Male)),
            "female" => Ok(Self(Sex::Female)),
            _ => Err(()),
        }
    }
}

impl std::fmt::Debug for ChildIdentity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChildIdentity").field("unit", &self.unit).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parameters(value: Value) -> Map<String, Value> {
        match value {
            Value::Object(map) => map,
            other => panic!("{other}"),
        }
    }

    #[test]
    fn the_parameters_of_a_procedure_become_a_child() {
        let child = ChildIdentity::from_parameters(&parameters(json!({
            "name": "Nguyễn Ví Dụ", "birth_date": "2026-11-01", "sex": "male",
            "ethnicity": "01", "mother_number": "082190000007", "father_number": "", "unit": "29869",
        })))
        .unwrap();
        assert_eq!(child.sex, Sex::Male);
        assert_eq!(child.father_number, None);
        assert_eq!(child.mother_number.unwrap().as_str(), "082190000007");
        let written = serde_json::to_string(&child).unwrap();
        assert_eq!(serde_json::from_str::<ChildIdentity>(&written).unwrap(), child);
    }

    #[test]
    fn everything_missing_or_wrong_is_told_at_once() {
        let problems = ChildIdentity::from_parameters(&parameters(json!({
            "name": " ", "birth_date": "2026-02-30", "mother_number": "12",
        })))
        .unwrap_err();
        let found: Vec<(&str, &str)> =
            problems.iter().map(|p| (p.code.as_str(), p.path.as_str())).collect();
        assert_eq!(
            found,
            [
                ("personal-number.missing", "name"),
                ("personal-number.format", "birth_date"),
                ("personal-number.missing", "sex"),
                ("personal-number.format", "mother_number"),
            ]
        );
    }

    #[test]
    fn a_log_shows_no_personal_data() {
        let child = ChildIdentity::from_parameters(&parameters(json!({
            "name": "Nguyễn Ví Dụ", "birth_date": "2026-11-01", "sex": "male",
        })))
        .unwrap();
        assert!(!format!("{child:?}").contains("Ví Dụ"));
    }
}
