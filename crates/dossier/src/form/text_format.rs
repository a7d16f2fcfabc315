//! The stricter shapes of a text: names, numbers of persons, telephone numbers, addresses.

use kernel::person_number::PersonNumber;
use kernel::problem::Problem;
use kernel::text::is_person_name;
use pack::model::TextFormat;

/// The text in its shape, made normal.
///
/// # Errors
/// What is wrong and how to mend it, as the second half of a sentence.
pub(crate) fn shaped(format: TextFormat, text: &str) -> Result<String, Problem> {
    match format {
        TextFormat::Plain => Ok(text.to_owned()),
        TextFormat::PersonName => person_name(text),
        TextFormat::PersonNumber => {
            PersonNumber::parse(text).map(|number| number.as_str().to_owned())
        }
        TextFormat::Phone => phone(text),
        TextFormat::Email => email(text),
    }
}

fn person_name(text: &str) -> Result<String, Problem> {
    if is_person_name(text) {
        return Ok(text.to_owned());
    }
    let message = if text.chars().any(|letter| letter.is_ascii_digit()) {
        "họ và tên không có chữ số. Hãy nhập lại theo giấy tờ."
    } else if text.contains(' ') {
        "họ và tên chỉ gồm chữ và dấu cách. Hãy nhập lại theo giấy tờ."
    } else {
        "hãy nhập đủ họ và tên, ví dụ Nguyễn Văn An."
    };
    Err(Problem::new("name.format", "", message))
}

/// A Vietnamese number in national form: 0 and nine or ten digits.
fn phone(text: &str) -> Result<String, Problem> {
    let spaced = |letter: &char| !matches!(letter, ' ' | '.' | '-' | '(' | ')' | '\u{a0}');
    let compact: String = text.chars().filter(spaced).collect();
    let national = match compact.strip_prefix("+84").or_else(|| compact.strip_prefix("0084")) {
        Some(rest) => format!("0{}", rest.trim_start_matches('0')),
        None => compact,
    };
    let is_number = national.bytes().all(|byte| byte.is_ascii_digit())
        && national.starts_with('0')
        && (10..=11).contains(&national.len());
    if is_number {
        return Ok(national);
    }
    let message = "số điện thoại gồm 10 chữ số, bắt đầu bằng 0, ví dụ 0912 345 678. Hãy nhập lại.";
    Err(Problem::new("phone.format", "", message))
}

/// Enough to catch slips; whether the box exists, only a message to it can tell.
fn email(text: &str) -> Result<String, Problem> {
    let is_address = text.len() <= 254
        && !text.chars().any(|letter| letter.is_whitespace() || letter.is_control())
        && text.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty()
                && !domain.contains('@')
                && domain.contains('.')
                && domain.split('.').all(|label| !label.is_empty())
        });
    if is_address {
        return Ok(text.to_owned());
    }
    let message = "địa chỉ thư điện tử có dạng ten@noi-cung-cap.vn. Hãy nhập lại.";
    Err(Problem::new("email.format", "", message))
}

/// `1.234`, `1 234`, `-5`: whole numbers as people type them.
pub(crate) fn whole_number(typed: &str) -> Option<i64> {
    let typed = typed.trim();
    if typed.len() > 30 {
        return None;
    }
    let (sign, digits) = match typed.strip_prefix('-') {
        Some(digits) => ("-", digits.trim_start()),
        None => ("", typed),
    };
    let groups: Vec<&str> = digits.split(['.', ' ', '\u{a0}']).collect();
    let is_digits = |group: &&str| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit());
    let grouped = match groups.as_slice() {
        [_] => true,
        // "1.5" is no whole number: every group after the first has three digits.
        [first, rest @ ..] => first.len() <= 3 && rest.iter().all(|group| group.len() == 3),
        [] => false,
    };
    if !grouped || !groups.iter().all(is_digits) {
        return None;
    }
    format!("{sign}{}", groups.concat()).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_telephone_number_is_kept_in_national_form() {
        for typed in ["0912 345 678", "+84 912.345.678", "0084912345678", "0912-345-678"] {
            assert_eq!(shaped(TextFormat::Phone, typed).unwrap(), "0912345678", "{typed}");
        }
        for wrong in ["912345678", "09123", "0912 345 67a", "", "0٩12345678"] {
            assert!(shaped(TextFormat::Phone, wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_address_for_mail_has_two_sides_and_a_domain() {
        assert!(shaped(TextFormat::Email, "lan.nguyen@example.vn").is_ok());
        for wrong in ["lan", "@example.vn", "lan@example", "lan@@example.vn", "a@b..vn", "a b@c.vn"]
        {
            assert!(shaped(TextFormat::Email, wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_number_may_have_points_for_thousands_but_no_fraction() {
        let cases = [("12", Some(12)), ("1.234.567", Some(1_234_567)), ("1 234", Some(1234))];
        let wrong = ["1.5", "1,5", "", "-", "1..2", "1.2345", "mười", "99999999999999999999"];
        for (typed, number) in cases.into_iter().chain(wrong.map(|typed| (typed, None))) {
            assert_eq!(whole_number(typed), number, "{typed}");
        }
        assert_eq!(whole_number("-5"), Some(-5));
    }

    #[test]
    fn the_message_for_a_name_says_what_is_wrong_with_it() {
        let message = |text| shaped(TextFormat::PersonName, text).unwrap_err().message;
        assert!(message("Nguyễn Văn 2").contains("chữ số"));
        assert!(message("An").contains("đủ họ và tên"));
        assert!(message("Nguyễn @ An").contains("chỉ gồm chữ"));
    }
}
