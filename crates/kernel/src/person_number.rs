//! The personal identification number (số định danh cá nhân): twelve digits.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::problem::Problem;

/// Twelve digits `PPP G YY RRRRRR`: place of birth registration, century and sex, year, random.
///
/// It has no check digit, and the place keeps the code of its day, so nothing more than the shape
/// can be checked. Century and sex are hints only: a legal change of sex leaves the number as it is.
/// The program never makes such numbers, it only asks the population database for them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonNumber([u8; 12]);

/// Sex as the number hints at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sex {
    /// Nam.
    Male,
    /// Nữ.
    Female,
}

impl PersonNumber {
    /// Reads what a person typed; spaces, dots and hyphens between the digits are let pass.
    pub fn parse(text: &str) -> Result<PersonNumber, Problem> {
        let mut digits = [0_u8; 12];
        let mut count = 0_usize;
        for letter in text.chars() {
            match letter {
                '0'..='9' => {
                    if let (Some(place), Ok(digit)) = (digits.get_mut(count), u8::try_from(letter))
                    {
                        *place = digit;
                    }
                    count += 1;
                }
                '.' | '-' => {}
                _ if letter.is_whitespace() => {}
                _ => return Err(not_digits()),
            }
        }
        if count == digits.len() { Ok(PersonNumber(digits)) } else { Err(wrong_count(count)) }
    }

    /// The twelve digits. For papers and protocols, not for logs.
    pub fn as_str(&self) -> &str {
        // Always ASCII digits, see `parse`.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The sex that the number was given for. Not proof.
    pub fn sex_hint(&self) -> Sex {
        if self.digit(3) % 2 == 0 { Sex::Male } else { Sex::Female }
    }

    /// The year of birth that the number was given for. Not proof.
    pub fn birth_year_hint(&self) -> i16 {
        let century = 1900 + 100 * (self.digit(3) / 2);
        century + 10 * self.digit(4) + self.digit(5)
    }

    /// `********1234`: enough for a person to know their own, too little for a stranger.
    pub fn masked(&self) -> String {
        format!("********{}", self.last_four())
    }

    fn last_four(&self) -> &str {
        self.as_str().get(8..).unwrap_or_default()
    }

    fn digit(&self, index: usize) -> i16 {
        self.0.get(index).map_or(0, |digit| i16::from(digit - b'0'))
    }
}

fn not_digits() -> Problem {
    Problem::new(
        "person-number.not-digits",
        "",
        "Số định danh cá nhân chỉ gồm chữ số. Hãy nhập đúng 12 chữ số in trên thẻ căn cước.",
    )
}

fn wrong_count(count: usize) -> Problem {
    let message = match count {
        0 => "Hãy nhập số định danh cá nhân: 12 chữ số in trên thẻ căn cước.".to_owned(),
        9 => "Số vừa nhập có 9 chữ số, là số chứng minh nhân dân cũ. \
              Hãy nhập số định danh cá nhân gồm 12 chữ số, có trên thẻ căn cước hoặc ứng dụng VNeID."
            .to_owned(),
        _ => format!(
            "Số định danh cá nhân có đúng 12 chữ số, số vừa nhập có {count} chữ số. \
             Hãy đối chiếu với thẻ căn cước rồi nhập lại."
        ),
    };
    Problem::new("person-number.length", "", message)
}

impl FromStr for PersonNumber {
    type Err = Problem;

    fn from_str(text: &str) -> Result<PersonNumber, Problem> {
        PersonNumber::parse(text)
    }
}

/// The whole number: for papers and protocols, not for logs.
impl fmt::Display for PersonNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for PersonNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PersonNumber(…{})", self.last_four())
    }
}

impl Serialize for PersonNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for PersonNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<PersonNumber, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        // The code, not the message: this may end in a log.
        PersonNumber::parse(&text).map_err(|problem| de::Error::custom(problem.code))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn message(text: &str) -> String {
        PersonNumber::parse(text).unwrap_err().message
    }

    #[test]
    fn the_message_says_how_many_digits_were_given() {
        assert!(message("07918500123").contains("11 chữ số"));
        assert!(message("0791850012345").contains("13 chữ số"));
        assert!(message("123456789").contains("chứng minh nhân dân cũ"));
        assert!(message(" ").starts_with("Hãy nhập"));
        assert!(message("07918500123O").contains("chỉ gồm chữ số"));
        assert!(message("٠٧٩١٨٥٠٠١٢٣٤").contains("chỉ gồm chữ số"));
    }

    #[test]
    fn spaces_between_the_digits_are_let_pass() {
        let number = PersonNumber::parse(" 079 185.001-234\u{a0}").unwrap();
        assert_eq!(number.to_string(), "079185001234");
    }

    #[test]
    fn century_and_sex_can_be_read() {
        for (text, sex, year) in [
            ("079085001234", Sex::Male, 1985),
            ("079185001234", Sex::Female, 1985),
            ("082226001234", Sex::Male, 2026),
            ("082300001234", Sex::Female, 2000),
            ("082900001234", Sex::Female, 2300),
        ] {
            let number = PersonNumber::parse(text).unwrap();
            assert_eq!((number.sex_hint(), number.birth_year_hint()), (sex, year), "{text}");
        }
    }

    #[test]
    fn a_log_never_shows_the_number() {
        let number = PersonNumber::parse("079185001234").unwrap();
        assert_eq!(format!("{number:?}"), "PersonNumber(…1234)");
        assert_eq!(number.masked(), "********1234");
        let error = serde_json::from_str::<PersonNumber>("\"07918500\"").unwrap_err().to_string();
        assert!(!error.contains("07918500"), "{error}");
    }

    #[test]
    fn a_number_is_a_string_in_json() {
        let number: PersonNumber = serde_json::from_str("\"079185001234\"").unwrap();
        assert_eq!(serde_json::to_string(&number).unwrap(), "\"079185001234\"");
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text: String) {
            let _ = PersonNumber::parse(&text);
        }

        #[test]
        fn twelve_digits_read_back(text in "[0-9]{12}") {
            prop_assert_eq!(PersonNumber::parse(&text).unwrap().to_string(), text);
        }
    }
}
