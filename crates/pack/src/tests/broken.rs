//! Broken packs: each broken rule is refused, at the right file and line, and nothing else is
//! blamed.


use super::common::{PROCEDURE, edited, extended, lines, sample, text};
use crate::{PackProblem, Source, load};

const REGISTER: &str = "base/registers/birth.toml";
const CALENDAR: &str = "base/calendar.toml";

/// The places of the problems, as `file:line code`.
fn places(problems: &[PackProblem]) -> Vec<String> {
    problems
        .iter()
        .map(|p| format!("{}:{} {}", p.file, p.line, p.code))
        .collect()
}

/// Loads and expects exactly these problems: code, and a piece of the line it is in.
fn check_source(source: &Source, expect: &[(&str, &str, &str)]) {
    let (content, problems) = load(source);
    let mut wanted: Vec<String> = expect
        .iter()
        .map(|(path, marker, code)| {
            let text = text(source, path);
            let offset = text
                .find(marker)
                .unwrap_or_else(|| panic!("no {marker} in {path}"));
            let line = text.get(..offset).unwrap().matches('\n').count() + 1;
            format!("{path}:{line} {code}")
        })
        .collect();
    let mut found = places(&problems);
    wanted.sort();
    found.sort();
    assert_eq!(found, wanted, "{}", lines(&problems));
    assert_eq!(
        content.is_none(),
        problems.iter().any(PackProblem::is_error)
    );
}

/// Replaces `from` by `to` in the procedure and expects one problem in the line of `marker`.
fn check(from: &str, to: &str, marker: &str, code: &str) {
    check_source(
        &edited(sample(), PROCEDURE, from, to),
        &[(PROCEDURE, marker, code)],
    );
}

/// The same with a piece of the message.
fn check_message(from: &str, to: &str, piece: &str) {
    let (_, problems) = load(&edited(sample(), PROCEDURE, from, to));
    assert!(
        problems.iter().any(|p| p.message.contains(piece)),
        "{piece}{}",
        lines(&problems)
    );
}

#[test]
fn an_unknown_key_is_refused_with_a_guess() {
    check(
        "common_rank = 1",
        "comon_rank = 1",
        "comon_rank",
        "unknown-key",
    );
    check(
        r#"format = "person-name""#,
        r#"fromat = "person-name""#,
        "fromat",
        "unknown-key",
    );
    check("[time]", "[time]\nlimits = 1", "limits", "unknown-key");
}

#[test]
fn a_guess_names_the_nearest_known_word() {
    check_message(
        "common_rank = 1",
        "comon_rank = 1",
        "Có phải ý là “common_rank”",
    );
    check_message(r#"basis = "law""#, r#"basis = "lw""#, "Có phải ý là “law”");
    check_message(r#"to = "done""#, r#"to = "doen""#, "Có phải ý là “done”");
    check_message(
        r#""sign-results""#,
        r#""sign-result""#,
        "Có phải ý là “sign-results”",
    );
}

#[test]
fn missing_keys_wrong_types_and_wrong_words_are_refused() {
    check("code = \"1.001193\"\n", "", "slug =", "missing-key");
    check(
        "common_rank = 1",
        r#"common_rank = "1""#,
        "common_rank",
        "wrong-type",
    );
    check(
        "common_rank = 1",
        "common_rank = 0",
        "common_rank",
        "out-of-range",
    );
    check(
        r#"level = "commune""#,
        r#"level = "comune""#,
        "level",
        "unknown-word",
    );
    check(
        r#"limit = "same-day""#,
        r#"limit = "3 weeks""#,
        "3 weeks",
        "bad-limit",
    );
    check(
        "valid_from = 2025-07-01",
        "valid_from = 2025-02-30",
        "valid_from",
        "syntax",
    );
    check(
        "valid_from = 2025-07-01",
        r#"valid_from = "01/07/2025""#,
        "valid_from",
        "wrong-type",
    );
    check(
        r#"title = "Trẻ em""#,
        r#"title = "  ""#,
        r#"title = "  ""#,
        "blank",
    );
    check(
        r#"audience = ["Cha, mẹ của trẻ."]"#,
        r#"audience = ["a", 1]"#,
        "audience",
        "wrong-type",
    );
    check(
        "required = true",
        r#"required = "yes""#,
        r#"required = "yes""#,
        "wrong-type",
    );
    check(
        r#"type = "file""#,
        r#"type = "fle""#,
        r#"type = "fle""#,
        "unknown-word",
    );
    check(
        "portal_state = 2",
        "portal_state = 12",
        "portal_state = 12",
        "out-of-range",
    );
    check("min = 0", "min = 30", "min = 30", "out-of-range");
}

#[test]
fn a_field_of_unknown_type_is_blamed_once() {
    check(
        r#"type = "date""#,
        r#"type = "dat""#,
        r#"type = "dat""#,
        "unknown-word",
    );
    check(
        r#"list = "sex""#,
        r#"list = "sx""#,
        r#"list = "sx""#,
        "unknown-reference",
    );
    check(
        r#"parts = ["number","#,
        r#"parts = ["numbr","#,
        "parts",
        "unknown-word",
    );
}

#[test]
fn faults_of_expressions_are_refused_where_they_stand() {
    check(
        r#"amount = "8000 * copies""#,
        r#"amount = "8000 * copis""#,
        "copis",
        "expression",
    );
    check(
        r#"amount = "8000 * copies""#,
        r#"amount = "8000 *""#,
        r#""8000 *""#,
        "expression",
    );
    check(
        r#"when = "copies > 0""#,
        r#"when = "copies > 'a'""#,
        "copies > 'a'",
        "expression",
    );
    check(
        r#"when = "copies > 0""#,
        r#"when = "copies""#,
        r#"when = "copies""#,
        "wrong-expression-type",
    );
    check(
        r#"amount = "8000 * copies""#,
        r#"amount = "late""#,
        "amount",
        "wrong-expression-type",
    );
    check(
        r#"compute = "days_between"#,
        r#"compute = "'a' + days_between"#,
        "compute",
        "expression",
    );
    check(
        "first.child_sex != child_sex",
        "first.sex != child_sex",
        "first.sex",
        "expression",
    );
    check(
        "person.name == mother.name",
        "person.name == mother.phone",
        "mother.phone",
        "expression",
    );
    check(
        "has(answer.personal_number)",
        "has(answer.number)",
        "answer.number",
        "expression",
    );
    check(
        r#"child_sex = "child_sex""#,
        r#"child_sex = "'woman'""#,
        "woman",
        "expression",
    );
    check(
        r#"birth_date = "child_birth_date""#,
        r#"birth_date = "born""#,
        r#""born""#,
        "expression",
    );
}

#[test]
fn the_column_points_into_the_expression() {
    let source = edited(
        sample(),
        PROCEDURE,
        r#""8000 * copies""#,
        r#""8000 * copis""#,
    );
    let (_, problems) = load(&source);
    assert_eq!(
        problems.first().map(|p| p.column),
        Some(r#"amount = "8000 * "#.len() + 1)
    );
}

#[test]
fn rows_see_their_own_fields_and_others_do_not() {
    check(
        r#"visible_when = "late""#,
        r#"visible_when = "has(full_name)""#,
        r#""has(full_name)"#,
        "expression",
    );
    let outer = edited(
        sample(),
        PROCEDURE,
        r#""has(full_name)""#,
        r#""has(full_name) && late""#,
    );
    check_source(&outer, &[]);
}

#[test]
fn a_lookup_sees_neither_answers_nor_what_is_found() {
    let from = "[lookup.matches]\nchild_name = \"child_name\"";
    check(
        from,
        "[lookup.matches]\nchild_name = \"answer.personal_number\"",
        "\"answer.personal_number\"\nchild",
        "expression",
    );
    check(
        from,
        "[lookup.matches]\nchild_name = \"found.earlier.child_name\"",
        "found.earlier",
        "expression",
    );
}

#[test]
fn conditions_and_computations_may_not_go_in_circles() {
    check(
        r#"visible_when = "late""#,
        r#"visible_when = "has(late_reason)""#,
        "has(late_reason)",
        "cycle",
    );
    let around = edited(
        sample(),
        PROCEDURE,
        "days_between(child_birth_date, filed_on) > 60",
        "has(late_reason)",
    );
    check_source(&around, &[(PROCEDURE, "has(late_reason)", "cycle")]);
    let (_, problems) = load(&around);
    assert!(
        problems
            .iter()
            .any(|p| p.message.contains("late → late_reason → late")),
        "{}",
        lines(&problems)
    );
    // A section may not hang on its own fields, nor a row on itself.
    check(
        r#"title = "Cha mẹ""#,
        "title = \"Cha mẹ\"\nvisible_when = \"has(mother)\"",
        r#"visible_when = "has(mother)"#,
        "cycle",
    );
    check(
        r#""has(full_name)""#,
        r#""has(relation)""#,
        "has(relation)",
        "cycle",
    );
}

#[test]
fn every_name_must_be_known() {
    check(
        r#"basis = "law""#,
        r#"basis = "lw""#,
        r#""lw""#,
        "unknown-reference",
    );
    check(
        r#"field = "civil-status""#,
        r#"field = "civil""#,
        r#""civil""#,
        "unknown-reference",
    );
    check(
        r#"field = "notice""#,
        r#"field = "child_name""#,
        r#"field = "child_name""#,
        "unknown-reference",
    );
    check(
        r#"fields = ["child_birth_date"]"#,
        r#"fields = ["born"]"#,
        r#""born""#,
        "unknown-reference",
    );
    check(
        r#"fields = ["mother.name"]"#,
        r#"fields = ["mother.phone"]"#,
        "mother.phone",
        "unknown-reference",
    );
    check(
        r#"population = "mother""#,
        r#"population = "child_name""#,
        "population",
        "unknown-reference",
    );
    check(
        r#"service = "population.personal-number""#,
        r#"service = "population""#,
        "service",
        "unknown-reference",
    );
    check(
        r#"shows = "entry""#,
        r#"shows = "amended""#,
        "shows",
        "unknown-reference",
    );
    check(
        r#"qr_fields = ["child_name","#,
        r#"qr_fields = ["childname","#,
        "qr_fields",
        "unknown-reference",
    );
    check(
        r#""issue:receipt""#,
        r#""issue:recept""#,
        "issue:recept",
        "unknown-reference",
    );
    check(
        r#""request:personal_number""#,
        r#""request:number""#,
        "request:number",
        "unknown-reference",
    );
    check(
        r#"by = "clerk""#,
        r#"by = "clrk""#,
        r#"by = "clrk""#,
        "unknown-reference",
    );
    check(
        r#"template = "certificate.typ""#,
        r#"template = "certificat.typ""#,
        "template",
        "missing-template",
    );
    check(
        "[lookup.matches]\nchild_name =",
        "[lookup.matches]\nname =",
        "name = \"child_name\"\nchild_birth",
        "unknown-reference",
    );
}

#[test]
fn the_entry_fits_its_register() {
    check(
        "child_sex = \"child_sex\"\n",
        "",
        "register = \"birth\"\nsubjects",
        "missing-entry-fields",
    );
    check(
        r#"home = "mother.residence""#,
        r#"home = "address_text(mother.residence)""#,
        "home =",
        "wrong-expression-type",
    );
    check(
        r#"mother_birth_date = "mother.birth_date""#,
        r#"mother_birth = "mother.birth_date""#,
        "mother_birth =",
        "unknown-reference",
    );
    check(
        "child_birth_date = \"child_birth_date\"\nmother",
        "child_birth_date = \"mother.birth_date\"\nmother",
        r#"child_birth_date = "mother"#,
        "wrong-expression-type",
    );
    check(
        r#"child_sex = "child_sex""#,
        r#"child_sex = "mother.ethnicity""#,
        r#"child_sex = "mother"#,
        "wrong-expression-type",
    );
    check(
        "register = \"birth\"\nsubjects",
        "register = \"births\"\nsubjects",
        r#""births""#,
        "unknown-reference",
    );
    check(
        r#"subjects = ["answer.personal_number"]"#,
        r#"subjects = ["copies"]"#,
        "subjects",
        "wrong-expression-type",
    );
    check(
        r#"subjects = ["answer.personal_number"]"#,
        "",
        "register = \"birth\"\n\n\n[entry.fields]",
        "no-subjects",
    );
}

#[test]
fn ids_are_unique_and_well_shaped() {
    check(
        r#"id = "late_reason""#,
        r#"id = "late""#,
        "\"late\"\nlabel = \"Lý do",
        "duplicate-id",
    );
    check(
        "id = \"relation\"\n",
        "id = \"full_name\"\n",
        "id = \"full_name\"\nlabel = \"Quan hệ",
        "duplicate-id",
    );
    check(
        r#"id = "parents""#,
        r#"id = "child""#,
        "\"child\"\ntitle = \"Cha mẹ",
        "duplicate-id",
    );
    check(
        r#"id = "return""#,
        r#"id = "sign""#,
        "\"sign\"\nlabel = \"Trả lại",
        "duplicate-id",
    );
    check(
        r#"id = "not-in-future""#,
        r#"id = "Not in future""#,
        "Not in future",
        "bad-id",
    );
    check(
        r#"id = "witnesses""#,
        r#"id = "count""#,
        r#""count""#,
        "bad-id",
    );
    check(
        r#"id = "witnesses""#,
        r#"id = "Người""#,
        r#""Người""#,
        "bad-id",
    );
    check(
        r#"id = "earlier""#,
        r#"id = "earlier-entry""#,
        "earlier-entry",
        "bad-id",
    );
}

#[test]
fn versions_of_a_code_may_not_overlap() {
    let newer = "base/procedures/birth/procedure-2027-03-01.toml";
    let later = text(&sample(), PROCEDURE).replacen("2025-07-01", "2027-03-01", 1);
    let open = sample().with(newer, later.clone());
    check_source(&open, &[(newer, "valid_from", "overlapping-versions")]);
    let from = "valid_from = 2025-07-01";
    let closed = |last: &str| {
        edited(
            open.clone(),
            PROCEDURE,
            from,
            &format!("{from}\nvalid_to = {last}"),
        )
    };
    check_source(&closed("2027-02-28"), &[]);
    check_source(
        &closed("2027-03-01"),
        &[(newer, "valid_from", "overlapping-versions")],
    );
    let other_code = later.replacen("1.001193", "1.001194", 1);
    let two_codes = closed("2027-02-28").with(newer, other_code);
    check_source(&two_codes, &[(newer, "code", "two-codes")]);
    let dates = "valid_from = 2025-07-01\nvalid_to = 2025-06-30";
    check(from, dates, "valid_to", "wrong-dates");
}

#[test]
fn a_procedure_lies_in_the_folder_of_its_slug() {
    check(
        r#"slug = "birth""#,
        r#"slug = "births""#,
        "births",
        "wrong-id",
    );
}

#[test]
fn every_step_has_an_owner_a_deadline_and_a_legal_basis() {
    let received = |line: &str| {
        let step = "owner = \"desk\"\nlimit = \"2 working-hours\"\nbasis = \"law\"\n";
        edited(
            sample(),
            PROCEDURE,
            step,
            &step.replace(&format!("{line}\n"), ""),
        )
    };
    let step = "[[step]]\nid = \"received\"";
    check_source(
        &received("owner = \"desk\""),
        &[(PROCEDURE, step, "step-without-owner")],
    );
    check_source(
        &received("limit = \"2 working-hours\""),
        &[(PROCEDURE, step, "step-without-limit")],
    );
    check_source(
        &received("basis = \"law\""),
        &[(PROCEDURE, step, "step-without-basis")],
    );
    check(
        "owner = \"none\"\nportal_state = 9",
        "owner = \"chair\"\nportal_state = 9",
        "owner = \"chair\"\nportal_state = 9",
        "final-with-owner",
    );
    check(
        "owner = \"applicant\"",
        "owner = \"desk\"",
        "owner = \"desk\"\nlimit = \"7",
        "wrong-owner",
    );
}

#[test]
fn the_owner_of_a_step_can_do_something() {
    check(
        "to = \"signing\"\nby = \"clerk\"",
        "to = \"signing\"\nby = \"desk\"",
        "owner = \"clerk\"",
        "owner-cannot-act",
    );
}

#[test]
fn nobody_signs_what_they_prepared() {
    let source = edited(
        sample(),
        PROCEDURE,
        "to = \"done\"\nby = \"chair\"",
        "to = \"done\"\nby = \"clerk\"",
    );
    check_source(
        &source,
        &[(
            PROCEDURE,
            "by = \"clerk\"\neffects = [\"enter",
            "same-role-signs",
        )],
    );
}

#[test]
fn every_step_can_be_reached_and_left() {
    let idle = r#"
[[step]]
id = "idle"
name = "Không ai đến"
citizen_text = "…"
owner = "desk"
limit = "1 working-days"
basis = "law"
portal_state = 4
kind = "working"

[[action]]
id = "leave"
label = "Đi tiếp"
from = ["idle"]
to = "examining"
by = "desk"
"#;
    let dead = extended(sample(), PROCEDURE, idle);
    check_source(&dead, &[(PROCEDURE, r#"id = "idle""#, "unreachable-step")]);
    let trap = idle.replace("to = \"examining\"", "to = \"idle\"");
    let trap = extended(sample(), PROCEDURE, &trap);
    let trap = edited(trap, PROCEDURE, r#"to = "examining""#, r#"to = "idle""#);
    let (_, problems) = load(&trap);
    let found = places(&problems);
    assert!(
        found.iter().any(|place| place.ends_with("endless-step")),
        "{found:?}"
    );
    assert!(
        found.iter().any(|place| place.ends_with("no-result-step")),
        "{found:?}"
    );
}

#[test]
fn an_end_stays_an_end() {
    check(
        "from = [\"signing\"]\nto = \"examining\"",
        "from = [\"signing\", \"refused\"]\nto = \"examining\"",
        "to = \"examining\"\nby = \"chair\"",
        "final-step-left",
    );
}

#[test]
fn the_clock_is_stopped_resumed_and_finished() {
    check(
        r#""resume-clock""#,
        r#""stop-clock""#,
        "\"stop-clock\"]\n\n[[action]]\nid = \"refuse",
        "clock",
    );
}

#[test]
fn the_entry_is_prepared_entered_and_signed_in_order() {
    let effects = r#"["enter-register", "sign-results", "finish-clock"]"#;
    check(
        effects,
        r#"["sign-results", "enter-register", "finish-clock"]"#,
        "sign-results",
        "signed-before-entered",
    );
    check(
        effects,
        r#"["sign-results", "finish-clock"]"#,
        "sign-results",
        "signed-before-entered",
    );
}

#[test]
fn shared_files_are_checked_too() {
    let source = edited(
        sample(),
        REGISTER,
        "title_field = \"child_name\"",
        "title_field = \"name\"",
    );
    check_source(&source, &[(REGISTER, "title_field", "unknown-reference")]);
    let source = edited(sample(), REGISTER, "code:sex", "code:sx");
    check_source(&source, &[(REGISTER, "code:sx", "unknown-reference")]);
    let source = edited(sample(), REGISTER, "{number}/{year}", "{numbr}/{year}");
    check_source(
        &source,
        &[
            (REGISTER, "{numbr}", "bad-format"),
            (REGISTER, "{numbr}", "bad-format"),
        ],
    );
    let source = edited(sample(), REGISTER, "id = \"home\"", "id = \"exists\"");
    let (_, problems) = load(&source);
    assert!(
        places(&problems)
            .iter()
            .any(|place| place.ends_with("bad-id"))
    );
    let source = edited(
        sample(),
        "base/codes/sex.toml",
        "code = \"female\"",
        "code = \"male\"",
    );
    check_source(
        &source,
        &[(
            "base/codes/sex.toml",
            "code = \"male\"\nvi = \"Nữ",
            "duplicate-id",
        )],
    );
    let source = edited(
        sample(),
        "base/roles.toml",
        "id = \"clerk\"",
        "id = \"desk\"",
    );
    let (_, problems) = load(&source);
    assert!(places(&problems).contains(&"base/roles.toml:6 duplicate-id".to_owned()));
    let source = edited(sample(), "base/slips.toml", "receipt.typ", "recept.typ");
    check_source(
        &source,
        &[("base/slips.toml", "recept.typ", "missing-template")],
    );
    let source = edited(
        sample(),
        "base/codes/sex.toml",
        "id = \"sex\"",
        "id = \"gender\"",
    );
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
    let source = extended(
        sample(),
        CALENDAR,
        "[[holiday]]\ndate = 2026-01-01\nname = \"Hai lần\"",
    );
    check_source(
        &source,
        &[(
            CALENDAR,
            "date = 2026-01-01\nname = \"Hai",
            "calendar.holiday-twice",
        )],
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
        &[
            (manifest, "requires", "cyclic-packs"),
            ("other/pack.toml", "requires", "cyclic-packs"),
        ],
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
            (
                accounts,
                "login = \"canbo\"\npassword = \"demo\"\nname = \"Trần",
                "duplicate-id",
            ),
            (accounts, "person_number", "person-number.length"),
        ],
    );
}

#[test]
fn a_syntax_error_does_not_hide_the_problems_elsewhere() {
    let source = edited(sample(), PROCEDURE, "common_rank = 1", "common_rank = ");
    let source = edited(source, PROCEDURE, "basis = \"law\"", "basis = \"lw\"");
    let source = edited(source, REGISTER, "index = \"name\"", "index = \"nme\"");
    let source = edited(
        source,
        "base/roles.toml",
        "signature_title",
        "signature_tite",
    );
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
    check(
        "common_rank = 1",
        "common_rank = 1\ncommon_rank = 2",
        "common_rank = 2",
        "syntax",
    );
    check_message(
        "common_rank = 1",
        "common_rank = 1\ncommon_rank = 2",
        "khóa này đã có ở trên",
    );
}

#[test]
fn a_file_that_no_one_reads_is_a_warning() {
    let source = sample()
        .with("base/procedure.toml", "")
        .with("base/README.md", "# Mẫu");
    let (content, problems) = load(&source);
    assert!(content.is_some());
    assert_eq!(places(&problems), ["base/procedure.toml:1 unused-file"]);
}

#[test]
fn a_file_that_is_no_text_is_refused() {
    let source = sample().with("base/settings.toml", [0xff, 0xfe]);
    assert_eq!(places(&load(&source).1), ["base/settings.toml:1 not-utf8"]);
}
