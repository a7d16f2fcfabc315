//! What a new password must be.
//!
//! TCVN 14423:2026, level 3: at least 8 characters with a second factor, at least 14 of four
//! classes without; none of the last 10 again. Beyond that: not the person's own names, and nothing
//! that everybody tries first.

use kernel::problem::{Problem, Problems};
use kernel::text::fold;

use crate::password::PasswordHasher;

/// Fewest characters for somebody with a second factor.
pub const LENGTH_WITH_MFA: usize = 8;
/// Fewest characters for somebody without.
pub const LENGTH_WITHOUT_MFA: usize = 14;
/// Earlier passwords that may not come back.
pub const REMEMBERED: usize = 10;
/// Most characters: longer ones cost time and protect nobody better.
pub const LENGTH_MOST: usize = 128;

/// A password about to be set.
#[derive(Clone, Copy)]
pub struct NewPassword<'a> {
    /// The password.
    pub text: &'a str,
    /// Login of the account.
    pub login: &'a str,
    /// Full name of the person.
    pub name: &'a str,
    /// Has the account a second factor?
    pub has_mfa: bool,
    /// Hashes of the present and earlier passwords, newest first.
    pub previous: &'a [String],
}

impl NewPassword<'_> {
    /// Everything that speaks against it, with the path `password`; empty if it will do.
    pub fn faults(&self, hasher: &PasswordHasher) -> Problems {
        let mut faults = Problems::new();
        let mut fault = |code: &str, message: String| {
            faults.push(Problem::new(format!("password.{code}"), "password", message));
        };
        let length = self.text.chars().count();
        let least = if self.has_mfa { LENGTH_WITH_MFA } else { LENGTH_WITHOUT_MFA };
        if length < least {
            let advice = if self.has_mfa {
                String::new()
            } else {
                format!(" Nếu bật xác thực hai lớp thì chỉ cần từ {LENGTH_WITH_MFA} ký tự.")
            };
            fault(
                "short",
                format!("Mật khẩu cần ít nhất {least} ký tự, hiện mới có {length}.{advice}"),
            );
        }
        if length > LENGTH_MOST {
            fault("long", format!("Mật khẩu dài nhất {LENGTH_MOST} ký tự, hiện có {length}."));
            // Hashing and folding megabytes would serve only somebody who wants to tire us.
            return faults;
        }
        let missing = missing_classes(self.text);
        if !self.has_mfa && !missing.is_empty() {
            fault("classes", format!("Mật khẩu còn thiếu {}.", missing.join(", ")));
        }
        if self.contains_names() {
            fault(
                "own-name",
                "Mật khẩu không được chứa tên đăng nhập hoặc họ tên của ông/bà.".to_owned(),
            );
        }
        if is_commonly_tried(self.text) {
            fault(
                "common",
                "Mật khẩu này rất nhiều người dùng nên dễ bị đoán. Ông/bà có thể ghép vài từ không \
                 liên quan với nhau."
                    .to_owned(),
            );
        }
        let remembered = self.previous.get(..REMEMBERED).unwrap_or(self.previous);
        if hasher.is_any_of(self.text, remembered) {
            fault(
                "reused",
                format!(
                    "Mật khẩu này đã dùng trong {REMEMBERED} lần gần đây. Ông/bà chọn mật khẩu khác."
                ),
            );
        }
        faults
    }

    /// Does it hold the login, the whole name or, being little more, the given name? Tones, marks,
    /// case and spaces do not matter.
    fn contains_names(&self) -> bool {
        let password = squeezed(self.text);
        let login = squeezed(self.login.split('@').next().unwrap_or_default());
        let name = squeezed(self.name);
        let given = self.name.split_whitespace().next_back().map(squeezed).unwrap_or_default();
        let holds = |part: &str, least: usize| part.len() >= least && password.contains(part);
        let core: String = password.chars().filter(|letter| letter.is_alphabetic()).collect();
        holds(&login, 4) || holds(&name, 4) || (!given.is_empty() && core == given)
    }
}

/// The classes of characters that are missing, as people call them. A letter with marks counts as
/// a letter of its case; everything that is neither letter nor digit is a sign.
fn missing_classes(password: &str) -> Vec<&'static str> {
    let has = |test: fn(char) -> bool| password.chars().any(test);
    [
        (has(char::is_lowercase), "chữ thường"),
        (has(char::is_uppercase), "chữ hoa"),
        (has(char::is_numeric), "chữ số"),
        (has(|letter| !letter.is_alphanumeric()), "ký tự đặc biệt (như ! @ # % hoặc dấu cách)"),
    ]
    .into_iter()
    .filter_map(|(present, class)| (!present).then_some(class))
    .collect()
}

/// Words that guessing programs start with, folded, in Vietnamese and English.
const COMMON_WORDS: &[&str] = &[
    "abc",
    "abcd",
    "admin",
    "administrator",
    "anhyeuem",
    "asdfghjkl",
    "canbo",
    "congchuc",
    "default",
    "emyeuanh",
    "football",
    "hello",
    "hotich",
    "iloveyou",
    "khongbiet",
    "letmein",
    "login",
    "master",
    "matkhau",
    "matkhaumoi",
    "matma",
    "monkey",
    "motcua",
    "pass",
    "passw",
    "passwd",
    "password",
    "quantri",
    "quantrivien",
    "qwerty",
    "qwertyuiop",
    "root",
    "secret",
    "sotuphap",
    "sunshine",
    "system",
    "test",
    "tuphap",
    "tuphapso",
    "ubnd",
    "user",
    "vietnam",
    "vietnamvodich",
    "welcome",
    "xinchao",
    "yeuem",
    "zxcvbnm",
];

/// Is it a common word dressed up with digits and signs, a run on the keyboard, or one piece
/// repeated?
fn is_commonly_tried(password: &str) -> bool {
    let squeezed = squeezed(password);
    let plain: String = squeezed.chars().filter(|letter| letter.is_alphabetic()).collect();
    let undressed = undisguised(squeezed.trim_matches(|letter: char| letter.is_ascii_digit()));
    COMMON_WORDS.contains(&plain.as_str())
        || COMMON_WORDS.contains(&undressed.as_str())
        || is_run(&squeezed)
        || is_repetition(&squeezed)
}

/// Folded, without white space and signs, so that "Mật-khẩu 1" and "matkhau1" are one.
fn squeezed(text: &str) -> String {
    fold(text).chars().filter(|letter| letter.is_alphanumeric()).collect()
}

/// Digits read as the letters that they stand for in "P4ssw0rd".
fn undisguised(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            '0' => 'o',
            '1' => 'i',
            '3' => 'e',
            '4' => 'a',
            '5' => 's',
            '7' => 't',
            other => other,
        })
        .collect()
}

/// Nothing but steps of one: "12345678", "87654321", "abcdefgh", or the row of a keyboard.
fn is_run(text: &str) -> bool {
    const ROWS: [&str; 4] = ["qwertyuiop", "asdfghjkl", "zxcvbnm", "01234567890"];
    let letters: Vec<u32> = text.chars().map(u32::from).collect();
    let steps = |step: i64| {
        letters.windows(2).all(|pair| match pair {
            [first, second] => i64::from(*second) - i64::from(*first) == step,
            _ => false,
        })
    };
    letters.len() >= 4 && (steps(1) || steps(-1) || ROWS.iter().any(|row| row.contains(text)))
}

/// One piece of at most four characters again and again: "aaaaaaaa", "12121212", "abcabcabc".
fn is_repetition(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    (1..=4).any(|size| {
        letters.len() >= size * 2
            && letters.iter().zip(letters.iter().skip(size)).all(|(a, b)| a == b)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::password::Cost;

    fn codes(text: &str, has_mfa: bool, previous: &[String]) -> Vec<String> {
        let hasher = PasswordHasher::new(Cost::FOR_TESTS).unwrap();
        let candidate = NewPassword {
            text,
            login: "nttrang.hotich@example.vn",
            name: "Nguyễn Thị Thu Trang",
            has_mfa,
            previous,
        };
        candidate.faults(&hasher).into_iter().map(|problem| problem.code).collect()
    }

    #[test]
    fn without_a_second_factor_fourteen_characters_of_four_classes_are_needed() {
        assert_eq!(codes("Con cò bay lả 7", false, &[]), Vec::<String>::new());
        assert_eq!(codes("Con cò bay 77", false, &[]), ["password.short"]);
        assert_eq!(codes("con cò bay lả bay la", false, &[]), ["password.classes"]);
    }

    #[test]
    fn with_a_second_factor_eight_characters_are_enough() {
        assert_eq!(codes("concobay", true, &[]), Vec::<String>::new());
        assert_eq!(codes("conco77", true, &[]), ["password.short"]);
    }

    #[test]
    fn all_faults_are_told_at_once_and_say_what_is_missing() {
        let hasher = PasswordHasher::new(Cost::FOR_TESTS).unwrap();
        let previous = [hasher.hash("matkhau").unwrap()];
        assert_eq!(
            codes("matkhau", false, &previous),
            ["password.short", "password.classes", "password.common", "password.reused"]
        );
        let candidate =
            NewPassword { text: "matkhau", login: "x", name: "Y", has_mfa: false, previous: &[] };
        let faults = candidate.faults(&hasher);
        assert_eq!(
            faults[0].message,
            "Mật khẩu cần ít nhất 14 ký tự, hiện mới có 7. Nếu bật xác thực hai lớp thì chỉ cần từ 8 ký tự."
        );
        assert_eq!(
            faults[1].message,
            "Mật khẩu còn thiếu chữ hoa, chữ số, ký tự đặc biệt (như ! @ # % hoặc dấu cách)."
        );
    }

    #[test]
    fn the_login_and_the_name_are_no_passwords_with_or_without_tones() {
        for own in [
            "Nttrang.hotich@2026",
            "NguyenThiThuTrang@1",
            "Nguyễn Thị Thu Trang 1!",
            "Trang@12345678",
        ] {
            assert!(codes(own, false, &[]).contains(&"password.own-name".to_owned()), "{own}");
        }
        // A given name among other words is no clue.
        assert_eq!(codes("Trang sách cũ 1975!", false, &[]), Vec::<String>::new());
    }

    #[test]
    fn common_words_do_not_get_better_by_digits_and_signs() {
        for common in [
            "Matkhau@123456789",
            "P4ssw0rd!!!!!2026",
            "Mật khẩu 2026 @@@",
            "Administrator@123",
            "Vietnam@123456789",
        ] {
            assert_eq!(codes(common, false, &[]), ["password.common"], "{common}");
        }
        for run in ["12345678", "87654321", "abcdefgh", "qwertyui", "11111111", "abcabcabc"] {
            assert_eq!(codes(run, true, &[]), ["password.common"], "{run}");
        }
    }

    #[test]
    fn the_last_ten_passwords_may_not_come_back_but_the_eleventh_may() {
        let hasher = PasswordHasher::new(Cost::FOR_TESTS).unwrap();
        let previous: Vec<String> =
            (0..11).map(|index| hasher.hash(&format!("Con cò bay lả {index}")).unwrap()).collect();
        assert_eq!(codes("Con cò bay lả 9", false, &previous), ["password.reused"]);
        assert_eq!(codes("Con cò bay lả 10", false, &previous), Vec::<String>::new());
    }

    #[test]
    fn an_endless_password_is_refused_before_any_work_is_done() {
        let endless = "Aa1!".repeat(1_000_000);
        assert_eq!(codes(&endless, false, &[]), ["password.long"]);
    }

    #[test]
    fn no_message_repeats_the_password() {
        let hasher = PasswordHasher::new(Cost::FOR_TESTS).unwrap();
        let candidate =
            NewPassword { text: "zzqqzz", login: "x", name: "Y", has_mfa: false, previous: &[] };
        for fault in candidate.faults(&hasher) {
            assert!(!fault.message.contains("zzqqzz"));
        }
    }
}
