//! Broken forms and references: each broken rule is refused, at the right file and line, and nothing else is
//! blamed.

use super::common::{
    PROCEDURE, check, check_message, check_source, edited, extended, lines, sample, text,
};
use crate::load;

#[test]
fn an_unknown_key_is_refused_with_a_guess() {
    check("common_rank = 1", "comon_rank = 1", "comon_rank", "unknown-key");
    check(r#"format = "person-name""#, r#"fromat = "person-name""#, "fromat", "unknown-key");
    check("[time]", "[time]\nlimits = 1", "limits", "unknown-key");
}

#[test]
fn a_guess_names_the_nearest_known_word() {
    check_message("common_rank = 1", "comon_rank = 1", "Có phải ý là “common_rank”");
    check_message(r#"basis = "law""#, r#"basis = "lw""#, "Có phải ý là “law”");
    check_message(r#"to = "done""#, r#"to = "doen""#, "Có phải ý là “done”");
    check_message(r#""sign-results""#, r#""sign-result""#, "Có phải ý là “sign-results”");
}

#[test]
fn missing_keys_wrong_types_and_wrong_words_are_refused() {
    check("code = \"1.001193\"\n", "", "slug =", "missing-key");
    check("common_rank = 1", r#"common_rank = "1""#, "common_rank", "wrong-type");
    check("common_rank = 1", "common_rank = 0", "common_rank", "out-of-range");
    check(r#"level = "commune""#, r#"level = "comune""#, "level", "unknown-word");
    check(r#"limit = "same-day""#, r#"limit = "3 weeks""#, "3 weeks", "bad-limit");
    check("valid_from = 2025-07-01", "valid_from = 2025-02-30", "valid_from", "syntax");
    check("valid_from = 2025-07-01", r#"valid_from = "01/07/2025""#, "valid_from", "wrong-type");
    check(r#"title = "Trẻ em""#, r#"title = "  ""#, r#"title = "  ""#, "blank");
    check(r#"audience = ["Cha, mẹ của trẻ."]"#, r#"audience = ["a", 1]"#, "audience", "wrong-type");
    check("required = true", r#"required = "yes""#, r#"required = "yes""#, "wrong-type");
    check(r#"type = "file""#, r#"type = "fle""#, r#"type = "fle""#, "unknown-word");
    check("portal_state = 2", "portal_state = 12", "portal_state = 12", "out-of-range");
    check("min = 0", "min = 30", "min = 30", "out-of-range");
}

#[test]
fn a_field_of_unknown_type_is_blamed_once() {
    check(r#"type = "date""#, r#"type = "dat""#, r#"type = "dat""#, "unknown-word");
    check(r#"list = "sex""#, r#"list = "sx""#, r#"list = "sx""#, "unknown-reference");
    check(r#"parts = ["number","#, r#"parts = ["numbr","#, "parts", "unknown-word");
}

#[test]
fn faults_of_expressions_are_refused_where_they_stand() {
    check(r#"amount = "8000 * copies""#, r#"amount = "8000 * copis""#, "copis", "expression");
    check(r#"amount = "8000 * copies""#, r#"amount = "8000 *""#, r#""8000 *""#, "expression");
    check(r#"when = "copies > 0""#, r#"when = "copies > 'a'""#, "copies > 'a'", "expression");
    check(
        r#"when = "copies > 0""#,
        r#"when = "copies""#,
        r#"when = "copies""#,
        "wrong-expression-type",
    );
    check(r#"amount = "8000 * copies""#, r#"amount = "late""#, "amount", "wrong-expression-type");
    check(
        r#"compute = "days_between"#,
        r#"compute = "'a' + days_between"#,
        "compute",
        "expression",
    );
    check("first.child_sex != child_sex", "first.sex != child_sex", "first.sex", "expression");
    check(
        "person.name == mother.name",
        "person.name == mother.phone",
        "mother.phone",
        "expression",
    );
    check("has(answer.personal_number)", "has(answer.number)", "answer.number", "expression");
    check(r#"child_sex = "child_sex""#, r#"child_sex = "'woman'""#, "woman", "expression");
    check(
        r#"birth_date = "child_birth_date""#,
        r#"birth_date = "born""#,
        r#""born""#,
        "expression",
    );
}

#[test]
fn a_case_with_another_time_has_a_condition_and_a_basis() {
    let time = "[time]\n";
    let case = |when: &str, basis: &str| {
        let case =
            format!("[[time.case]]\nwhen = \"{when}\"\nlimit = \"30 days\"\nbasis = \"{basis}\"\n");
        edited(sample(), PROCEDURE, "[[fee]]\n", &format!("{case}\n[[fee]]\n"))
    };
    assert!(text(&sample(), PROCEDURE).contains(time));
    check_source(&case("late", "law"), &[]);
    check_source(&case("late", "lw"), &[(PROCEDURE, "basis = \"lw\"", "unknown-reference")]);
    let number = [(PROCEDURE, "when = \"copies\"", "wrong-expression-type")];
    check_source(&case("copies", "law"), &number);
}

#[test]
fn the_column_points_into_the_expression() {
    let source = edited(sample(), PROCEDURE, r#""8000 * copies""#, r#""8000 * copis""#);
    let (_, problems) = load(&source);
    assert_eq!(problems.first().map(|p| p.column), Some(r#"amount = "8000 * "#.len() + 1));
}

#[test]
fn rows_see_their_own_fields_and_others_do_not() {
    check(
        r#"visible_when = "late""#,
        r#"visible_when = "has(full_name)""#,
        r#""has(full_name)"#,
        "expression",
    );
    let outer = edited(sample(), PROCEDURE, r#""has(full_name)""#, r#""has(full_name) && late""#);
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
        problems.iter().any(|p| p.message.contains("late → late_reason → late")),
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
    check(r#""has(full_name)""#, r#""has(relation)""#, "has(relation)", "cycle");
}

#[test]
fn every_name_must_be_known() {
    check(r#"basis = "law""#, r#"basis = "lw""#, r#""lw""#, "unknown-reference");
    check(r#"field = "civil-status""#, r#"field = "civil""#, r#""civil""#, "unknown-reference");
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
    check(r#"shows = "entry""#, r#"shows = "amended""#, "shows", "unknown-reference");
    check(
        r#"qr_fields = ["child_name","#,
        r#"qr_fields = ["childname","#,
        "qr_fields",
        "unknown-reference",
    );
    check(
        "register = \"birth\"\nlabel",
        "register = \"brith\"\nlabel",
        "register = \"brith\"",
        "unknown-reference",
    );
    check(r#""issue:receipt""#, r#""issue:recept""#, "issue:recept", "unknown-reference");
    check(
        r#""request:personal_number""#,
        r#""request:number""#,
        "request:number",
        "unknown-reference",
    );
    check(r#"by = "clerk""#, r#"by = "clrk""#, r#"by = "clrk""#, "unknown-reference");
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
fn an_annotation_is_of_a_kind_that_the_register_knows() {
    let note = "\n[[entry.annotate]]\nlookup = \"earlier\"\nkind = \"death\"\ntext = \"'x'\"\n";
    let annotated =
        edited(sample(), PROCEDURE, "\n[entry.fields]", &format!("{note}\n[entry.fields]"));
    check_source(&annotated, &[(PROCEDURE, "kind = \"death\"", "unknown-reference")]);
    let register = "base/registers/birth.toml";
    let kinds = "\n[[annotation]]\nid = \"death\"\nlabel = \"Đã khai tử\"\nbasis = \"Luật\"\n";
    check_source(&extended(annotated, register, kinds), &[]);
}

#[test]
fn only_a_register_can_be_asked_for_entries_in_force() {
    check(
        "population = \"mother\"",
        "population = \"mother\"\nin_force = true",
        "in_force",
        "check-source",
    );
    let first = "first.child_sex != child_sex";
    check_source(&edited(sample(), PROCEDURE, first, "first.in_force"), &[]);
}

#[test]
fn ids_are_unique_and_well_shaped() {
    check(r#"id = "late_reason""#, r#"id = "late""#, "\"late\"\nlabel = \"Lý do", "duplicate-id");
    check(
        "id = \"relation\"\n",
        "id = \"full_name\"\n",
        "id = \"full_name\"\nlabel = \"Quan hệ",
        "duplicate-id",
    );
    check(r#"id = "parents""#, r#"id = "child""#, "\"child\"\ntitle = \"Cha mẹ", "duplicate-id");
    check(r#"id = "return""#, r#"id = "sign""#, "\"sign\"\nlabel = \"Trả lại", "duplicate-id");
    check(r#"id = "not-in-future""#, r#"id = "Not in future""#, "Not in future", "bad-id");
    check(r#"id = "witnesses""#, r#"id = "count""#, r#""count""#, "bad-id");
    check(r#"id = "witnesses""#, r#"id = "Người""#, r#""Người""#, "bad-id");
    check(r#"id = "earlier""#, r#"id = "earlier-entry""#, "earlier-entry", "bad-id");
}

#[test]
fn versions_of_a_code_may_not_overlap() {
    let newer = "base/procedures/birth/procedure-2027-03-01.toml";
    let later = text(&sample(), PROCEDURE).replacen("2025-07-01", "2027-03-01", 1);
    let open = sample().with(newer, later.clone());
    check_source(&open, &[(newer, "valid_from", "overlapping-versions")]);
    let from = "valid_from = 2025-07-01";
    let closed =
        |last: &str| edited(open.clone(), PROCEDURE, from, &format!("{from}\nvalid_to = {last}"));
    check_source(&closed("2027-02-28"), &[]);
    let gap = [(PROCEDURE, "valid_to", "no-successor")];
    check_source(&closed("2027-02-27"), &gap);
    check_source(&closed("2027-03-01"), &[(newer, "valid_from", "overlapping-versions")]);
    let other_code = later.replacen("1.001193", "1.001194", 1);
    let two_codes = closed("2027-02-28").with(newer, other_code);
    let codes = (newer, "code", "two-codes");
    check_source(&two_codes, &[codes, (PROCEDURE, "valid_to", "no-successor")]);
    let dates = "valid_from = 2025-07-01\nvalid_to = 2025-06-30";
    check(from, dates, "valid_to", "wrong-dates");
}

#[test]
fn a_last_day_without_a_successor_is_told_before_people_are_turned_away() {
    let from = "valid_from = 2025-07-01";
    let closed = format!("{from}\nvalid_to = 2027-02-28");
    check(from, &closed, "valid_to", "no-successor");
    let abolished = format!("{closed}\nabolished_by = \"law\"");
    check_source(&edited(sample(), PROCEDURE, from, &abolished), &[]);
    let unknown = format!("{closed}\nabolished_by = \"lw\"");
    check(from, &unknown, "abolished_by", "unknown-reference");
}

#[test]
fn a_provision_that_ceases_asks_for_the_next_version() {
    let basis = "certainty = \"secondary\"";
    let ceasing = edited(sample(), PROCEDURE, basis, &format!("{basis}\nvalid_to = 2027-02-28"));
    check_source(&ceasing, &[(PROCEDURE, "valid_to", "basis-ends")]);
    let (content, problems) = load(&ceasing);
    assert!(content.is_some(), "a warning stops nobody");
    let message = &problems[0].message;
    assert!(message.contains("procedure-2027-03-01.toml"), "{message}");
    let newer = "base/procedures/birth/procedure-2027-03-01.toml";
    let later = text(&sample(), PROCEDURE).replacen("2025-07-01", "2027-03-01", 1);
    let from = "valid_from = 2025-07-01";
    let followed = edited(ceasing, PROCEDURE, from, &format!("{from}\nvalid_to = 2027-02-28"));
    check_source(&followed.with(newer, later), &[]);
}

#[test]
fn a_procedure_lies_in_the_folder_of_its_slug() {
    check(r#"slug = "birth""#, r#"slug = "births""#, "births", "wrong-id");
}
