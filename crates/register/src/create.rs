//! Writing a new entry.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::format::vi;
use kernel::id::{AccountId, EntryId};
use kernel::moment::Moment;
use kernel::person_number::PersonNumber;
use kernel::problem::{Problem, Problems};
use kernel::unit::UnitCode;
use pack::Content;
use pack::model::Register;
use serde_json::{Map, Value};

use crate::entry::{Entry, Status, Version, Versions};
use crate::numbering::Numbered;
use crate::read::{read_fields, required};

/// Reason of the first version.
const FIRST_REASON: &str = "Đăng ký";

/// What a new entry is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEntry {
    /// Identity in the store.
    pub id: EntryId,
    /// The unit that keeps the book.
    pub unit: UnitCode,
    /// Its place in the books.
    pub numbered: Numbered,
    /// Register field to value, as expressions give it or as typed.
    pub fields: Map<String, Value>,
    /// Personal numbers of those whom it is about; blank ones are passed over.
    pub subjects: Vec<String>,
    /// Day of registration; the entry holds from then on.
    pub registered_on: Date,
    /// When it is written.
    pub known_at: Moment,
    /// Who approved it.
    pub by: AccountId,
    /// Code of the dossier that it comes from, if from one.
    pub dossier: Option<String>,
}

/// A new entry with its first version.
///
/// # Errors
/// Everything that is wrong with fields, subjects and day, all at once.
pub fn create(register: &Register, content: &Content, new: NewEntry) -> Result<Entry, Problems> {
    let (fields, mut problems) = checked_fields(register, content, &new.fields);
    let subjects = read_subjects(&new.subjects, &mut problems);
    problems.extend(check_day(&new));
    if !problems.is_empty() {
        return Err(problems);
    }
    let first = Version {
        n: 1,
        fields,
        valid_from: new.registered_on,
        known_at: new.known_at,
        reason: FIRST_REASON.to_owned(),
        basis_paper: String::new(),
        by: new.by,
        dossier: new.dossier,
    };
    Ok(Entry {
        id: new.id,
        register: register.id.clone(),
        unit: new.unit,
        year: new.numbered.year,
        book: new.numbered.book,
        number: new.numbered.number,
        number_text: new.numbered.number_text,
        book_text: new.numbered.book_text,
        status: Status::Current,
        registered_on: new.registered_on,
        subjects,
        versions: Versions::new(first),
        annotations: Vec::new(),
    })
}

fn check_day(new: &NewEntry) -> Problems {
    let mut problems = Problems::new();
    let mut refuse = |code: &str, message: String| {
        problems.push(Problem::new(code, "registered_on", message));
    };
    let day = vi::date(new.registered_on);
    if new.registered_on > new.known_at.date() {
        let message = format!(
            "Ngày đăng ký {day} sau ngày ghi sổ {}. Hãy kiểm tra lại ngày đăng ký.",
            vi::date(new.known_at.date()),
        );
        refuse("entry.future", message);
    }
    // Books are closed on the last day of the year (Luật Hộ tịch 60/2014/QH13 Điều 58).
    if new.registered_on.year() != new.numbered.year {
        let message = format!(
            "Ngày đăng ký {day} không thuộc năm của sổ ({}). Hãy kiểm tra lại ngày đăng ký.",
            new.numbered.year,
        );
        refuse("entry.other-year", message);
    }
    problems
}

/// Everything that is wrong with the fields of a new entry, in the order of the register.
pub fn validate_fields(
    register: &Register,
    content: &Content,
    fields: &Map<String, Value>,
) -> Problems {
    checked_fields(register, content, fields).1
}

fn checked_fields(
    register: &Register,
    content: &Content,
    given: &Map<String, Value>,
) -> (Map<String, Value>, Problems) {
    let (fields, mut problems) = read_fields(register, content, given);
    let faulty: BTreeSet<String> =
        problems.iter().map(|fault| field_of(fault).to_owned()).collect();
    let missing = register.fields.iter().filter(|field| {
        field.required && !fields.contains_key(&field.id) && !faulty.contains(&field.id)
    });
    problems.extend(missing.map(required));
    let place =
        |fault: &Problem| register.fields.iter().position(|field| field.id == field_of(fault));
    problems.sort_by_key(|fault| place(fault).unwrap_or(usize::MAX));
    (fields, problems)
}

/// The field that a fault is about: `residence` of `residence.commune`.
fn field_of(fault: &Problem) -> &str {
    fault.path.split('.').next().unwrap_or_default()
}

/// Each number once, in the order given.
fn read_subjects(given: &[String], problems: &mut Problems) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut subjects = Vec::new();
    for text in given.iter().filter(|text| !text.trim().is_empty()) {
        match PersonNumber::parse(text) {
            Ok(number) if seen.insert(number) => subjects.push(number.as_str().to_owned()),
            Ok(_) => {}
            Err(fault) => problems.push(fault.at("subjects")),
        }
    }
    subjects
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::{CHILD, content, day, faults, fields, map, new_entry, register};

    fn changed(changes: Value) -> Map<String, Value> {
        let mut fields = fields();
        fields.extend(map(changes));
        fields
    }

    #[test]
    fn a_new_entry_has_one_version_that_holds_from_the_registration() {
        let entry = create(register(), content(), new_entry(fields())).unwrap();
        assert_eq!(entry.status, Status::Current);
        assert_eq!(entry.versions.len(), 1);
        assert_eq!(entry.current().fields, fields());
        assert_eq!((entry.current().n, entry.current().valid_from), (1, entry.registered_on));
        assert_eq!((entry.number_text.as_str(), entry.book_text.as_str()), ("125/2026", "01/2026"));
        assert!(entry.annotations.is_empty());
    }

    #[test]
    fn typed_values_are_stored_in_normal_form() {
        let typed = changed(json!({
            "name": "  Nguye\u{302}\u{303}n   Thị Hoà ",
            "sex": "Nữ",
            "born_on": "5/11/2026",
            "person_number": "087 326 000 123",
            "mother_born": "6/1998",
            "birth_order": "2",
            "twin": "không",
            "paper": " ",
            "ethnicity": null,
            "home": {"commune": "30001", "detail": " Ấp  1 ", "former": ""},
        }));
        let entry = create(register(), content(), new_entry(typed)).unwrap();
        let expected = json!({
            "name": "Nguyễn Thị Hoà",
            "sex": "female",
            "born_on": "2026-11-05",
            "person_number": CHILD,
            "mother_name": "Trần Thị Bé Năm",
            "mother_born": "1998-06",
            "birth_order": 2,
            "twin": false,
            "home": {"province": "82", "commune": "30001", "detail": "Ấp 1"},
        });
        assert_eq!(Value::Object(entry.current().fields.clone()), expected);
    }

    #[test]
    fn everything_wrong_is_said_at_once_in_the_order_of_the_register() {
        let wrong = map(json!({
            "name": " ",
            "sex": "khác",
            "born_on": "31/02/2026",
            "person_number": "12345",
            "ethnicity": 4,
            "mother_name": ["Bé"],
            "mother_born": "13/2026",
            "home": {"commune": "99999"},
            "birth_order": "1.5",
            "twin": "có lẽ",
            "paper": "x".repeat(4_001),
            "colour": "xanh",
        }));
        let problems = validate_fields(register(), content(), &wrong);
        assert_eq!(
            faults(&problems),
            [
                ("field.required", "name"),
                ("code.unknown", "sex"),
                ("date.no-such-day", "born_on"),
                ("person-number.length", "person_number"),
                ("code.unknown", "ethnicity"),
                ("field.type", "mother_name"),
                ("date.no-such-month", "mother_born"),
                ("address.unknown", "home.commune"),
                ("field.type", "birth_order"),
                ("field.type", "twin"),
                ("text.too-long", "paper"),
                ("field.unknown", "colour"),
            ]
        );
        for problem in &problems {
            assert!(problem.message.contains("Hãy"), "no way on: {}", problem.message);
        }
        assert!(create(register(), content(), new_entry(wrong)).is_err());
    }

    #[test]
    fn sound_fields_have_no_problems_and_optional_ones_may_be_missing() {
        assert_eq!(validate_fields(register(), content(), &fields()), []);
        let least = map(json!({"name": "An", "sex": "male", "born_on": "2026-11-05"}));
        assert_eq!(validate_fields(register(), content(), &least), []);
    }

    #[test]
    fn a_required_field_with_a_fault_is_reported_once() {
        let mut required_home = register().clone();
        for field in &mut required_home.fields {
            field.required = field.id == "home";
        }
        let fields = map(json!({"home": {"commune": "99999"}}));
        let problems = validate_fields(&required_home, content(), &fields);
        assert_eq!(faults(&problems), [("address.unknown", "home.commune")]);
    }

    #[test]
    fn an_address_lies_in_its_province() {
        let home = |home: Value| {
            let problems = validate_fields(register(), content(), &changed(json!({"home": home})));
            problems.into_iter().map(|problem| problem.path).collect::<Vec<String>>()
        };
        assert_eq!(home(json!({"province": "92", "commune": "30001"})), ["home.commune"]);
        assert_eq!(home(json!({"province": "77"})), ["home.province"]);
        assert_eq!(home(json!({"province": "92"})), Vec::<String>::new());
        assert_eq!(home(json!({"commune": 30001})), ["home"]);
        assert_eq!(home(json!(5)), ["home"]);
    }

    #[test]
    fn an_address_may_be_typed_in_one_line() {
        let read = |typed: &str| {
            let fields = changed(json!({"home": typed}));
            let entry = create(register(), content(), new_entry(fields));
            entry.map(|entry| entry.current().fields["home"].clone())
        };
        assert_eq!(
            read("12 Trần Phú, ấp 3, xã mỹ hiệp, đồng tháp").unwrap(),
            json!({"province": "82", "commune": "30001", "detail": "12 Trần Phú, ấp 3"}),
        );
        assert_eq!(
            read("Phường Mỹ Tho, Tỉnh Đồng Tháp").unwrap(),
            json!({"province": "82", "commune": "30002"}),
        );
        assert!(read("Ấp 1, Xã Ở Đâu, Tỉnh Đồng Tháp").is_err());
        assert!(read("Ấp 1").is_err());
        assert!(read("Mỹ Hiệp, Đồng Tháp").is_err(), "a Xã and a Phường are called so");
    }

    #[test]
    fn a_code_may_be_typed_by_its_label_if_it_means_only_one() {
        let read = |typed: &str| {
            let fields = changed(json!({"ethnicity": typed}));
            let entry = create(register(), content(), new_entry(fields));
            entry.ok().map(|entry| entry.current().fields["ethnicity"].clone())
        };
        assert_eq!(read("HOA"), Some(json!("hoa")));
        assert_eq!(read("cờ"), Some(json!("cho-co")));
        assert_eq!(read("Co"), Some(json!("co")));
        assert_eq!(read("Cô"), None, "both “Co” and “Cờ” without marks");
    }

    #[test]
    fn subjects_are_personal_numbers_each_once() {
        let mut new = new_entry(fields());
        new.subjects = ["087 326 000 123", " ", CHILD, "087198000456"].map(str::to_owned).into();
        let entry = create(register(), content(), new.clone()).unwrap();
        assert_eq!(entry.subjects, [CHILD, "087198000456"]);
        new.subjects.push("12".to_owned());
        let problems = create(register(), content(), new).unwrap_err();
        assert_eq!(faults(&problems), [("person-number.length", "subjects")]);
    }

    #[test]
    fn an_entry_stands_in_a_book_of_the_year_of_its_registration() {
        let mut new = new_entry(fields());
        new.registered_on = day("2025-12-31");
        let problems = create(register(), content(), new).unwrap_err();
        assert_eq!(faults(&problems), [("entry.other-year", "registered_on")]);
    }

    #[test]
    fn nothing_is_registered_on_a_day_to_come() {
        let mut new = new_entry(fields());
        new.registered_on = day("2026-11-23");
        let problems = create(register(), content(), new).unwrap_err();
        assert_eq!(faults(&problems), [("entry.future", "registered_on")]);
    }
}
