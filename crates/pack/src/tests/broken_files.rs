//! Broken shared files, and files beside each other: each broken rule is refused, at the right file and line, and nothing else is
//! blamed.

use super::common::{
    PROCEDURE, check, check_message, check_source, edited, extended, lines, places, sample,
};
use crate::{Source, load};

const REGISTER: &str = "base/registers/birth.toml";
const CALENDAR: &str = "base/calendar.toml";

#[test]
fn shared_files_are_checked_too() {
    let source =
        edited(sample(), REGISTER, "title_field = \"child_name\"", "title_field = \"name\"");
    check_source(&source, &[(REGISTER, "title_field", "unknown-reference")]);
    let source = edited(sample(), REGISTER, "code:sex", "code:sx");
    check_source(&source, &[(REGISTER, "code:sx", "unknown-reference")]);
    let source = edited(sample(), REGISTER, "{number}/{year}", "{numbr}/{year}");
    check_source(
        &source,
        &[(REGISTER, "{numbr}", "bad-format"), (REGISTER, "{numbr}", "bad-format")],
    );
    let source = edited(sample(), REGISTER, "id = \"home\"", "id = \"exists\"");
    let (_, problems) = load(&source);
    assert!(places(&problems).iter().any(|place| place.ends_with("bad-id")));
    let source = edited(sample(), "base/codes/sex.toml", "code = \"female\"", "code = \"male\"");
    check_source(&source, &[("base/codes/sex.toml", "code = \"male\"\nvi = \"Nữ", "duplicate-id")]);
    let source = edited(sample(), "base/roles.toml", "id = \"clerk\"", "id = \"desk\"");
    let (_, problems) = load(&source);
    assert!(places(&problems).contains(&"base/roles.toml:6 duplicate-id".to_owned()));
    let source = edited(sample(), "base/slips.toml", "receipt.typ", "recept.typ");
    check_source(&source, &[("base/slips.toml", "recept.typ", "missing-template")]);
    let source = edited(sample(), "base/codes/sex.toml", "id = \"sex\"", "id = \"gender\"");
    let (_, problems) = load(&source);
    assert!(places(&problems).contains(&"base/codes/sex.toml:1 wrong-id".to_owned()));
}

#[test]
fn the_calendar_and_the_units_are_checked_by_the_kernel_at_the_right_line() {
    let source = edited(
        sample(),
        CALENDAR,
        r#"{ weekday = 2, start = "07:30", end = "17:00" }"#,
        r#"{ weekday = 2, start = "17:30", end = "17:00" }"#,
    );
    check_source(&source, &[(CALENDAR, "17:30", "calendar.hours-order")]);
    let source = edited(sample(), CALENDAR, "15:00", "3 giờ");
    check_source(&source, &[(CALENDAR, "3 giờ", "wrong-type")]);
    let source = extended(sample(), CALENDAR, "[[holiday]]\ndate = 2026-01-01\nname = \"Hai lần\"");
    check_source(
        &source,
        &[(CALENDAR, "date = 2026-01-01\nname = \"Hai", "calendar.holiday-twice")],
    );
    let units = "base/units.csv";
    let source = extended(sample(), units, "82,Tỉnh Khác,28262,Xã Mẫu");
    check_source(&source, &[(units, "82,Tỉnh Khác", "two-names")]);
    let source = extended(sample(), units, "82,Tỉnh Đồng Tháp,282,Xã Mẫu");
    check_source(&source, &[(units, ",282,", "unit-code")]);
    let source = edited(sample(), units, "commune_code", "code");
    let (_, problems) = load(&source);
    assert!(places(&problems).contains(&"base/units.csv:1 missing-column".to_owned()));
}

#[test]
fn packs_require_each_other_in_order() {
    let manifest = "base/pack.toml";
    let source = extended(sample(), manifest, "requires = [\"other\"]");
    check_source(&source, &[(manifest, "other", "unknown-pack")]);
    let other = "id = \"other\"\nname = \"Khác\"\nversion = \"1\"\nrequires = [\"base\"]";
    let around = source.with("other/pack.toml", other);
    check_source(
        &around,
        &[(manifest, "requires", "cyclic-packs"), ("other/pack.toml", "requires", "cyclic-packs")],
    );
    let (content, problems) = load(&Source::new());
    assert!(content.is_none());
    assert_eq!(problems.len(), 1, "{}", lines(&problems));
}

#[test]
fn a_demonstration_account_names_known_roles_and_units() {
    let accounts = "base/accounts.toml";
    let source = sample().with(
        accounts,
        r#"
[[account]]
login = "canbo"
password = "demo"
name = "Lê Văn Mẫu"
kind = "officer"
roles = [{ role = "desk", unit = "28249" }, { role = "dsk", unit = "28249" }]

[[account]]
login = "canbo"
password = "demo"
name = "Trần Thị Mẫu"
kind = "citizen"
person_number = "0123"
"#,
    );
    check_source(
        &source,
        &[
            (accounts, "roles", "unknown-reference"),
            (accounts, "login = \"canbo\"\npassword = \"demo\"\nname = \"Trần", "duplicate-id"),
            (accounts, "person_number", "person-number.length"),
        ],
    );
}

#[test]
fn a_syntax_error_does_not_hide_the_problems_elsewhere() {
    let source = edited(sample(), PROCEDURE, "common_rank = 1", "common_rank = ");
    let source = edited(source, PROCEDURE, "basis = \"law\"", "basis = \"lw\"");
    let source = edited(source, REGISTER, "index = \"name\"", "index = \"nme\"");
    let source = edited(source, "base/roles.toml", "signature_title", "signature_tite");
    check_source(
        &source,
        &[
            (PROCEDURE, "common_rank", "syntax"),
            (PROCEDURE, "\"lw\"", "unknown-reference"),
            (REGISTER, "\"nme\"", "unknown-word"),
            ("base/roles.toml", "signature_tite", "unknown-key"),
        ],
    );
}

#[test]
fn a_duplicate_key_is_a_syntax_error_in_vietnamese() {
    check("common_rank = 1", "common_rank = 1\ncommon_rank = 2", "common_rank = 2", "syntax");
    check_message("common_rank = 1", "common_rank = 1\ncommon_rank = 2", "khóa này đã có ở trên");
}

#[test]
fn a_file_that_no_one_reads_is_a_warning() {
    let source = sample().with("base/procedure.toml", "").with("base/README.md", "# Mẫu");
    let (content, problems) = load(&source);
    assert!(content.is_some());
    assert_eq!(places(&problems), ["base/procedure.toml:1 unused-file"]);
}

#[test]
fn a_file_that_is_no_text_is_refused() {
    let source = sample().with("base/settings.toml", [0xff, 0xfe]);
    assert_eq!(places(&load(&source).1), ["base/settings.toml:1 not-utf8"]);
}
