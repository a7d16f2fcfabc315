//! Corrections and notes: the entry grows, nothing that stands in it is touched.

use jiff::civil::Date;
use kernel::format::vi;
use kernel::id::AccountId;
use kernel::moment::Moment;
use kernel::problem::{Problem, Problems};
use kernel::text::clean_line;
use pack::Content;
use pack::model::{Register, RegisterField};
use serde_json::{Map, Value};

use crate::display::display_value;
use crate::entry::{Annotation, Entry, Status, Version};
use crate::read::{read_value, required, unknown_fields};

/// A correction (cải chính, bổ sung) of some fields of an entry.
#[derive(Clone, Debug, PartialEq)]
pub struct Amendment {
    /// Register field to new value, as typed or as a value. A blank one empties the field.
    pub changes: Map<String, Value>,
    /// What the note in the margin calls a change: `Thay đổi`; `Cải chính` when empty.
    pub heading: String,
    /// Why.
    pub reason: String,
    /// The paper it stands on; empty when none is named.
    pub basis_paper: String,
    /// First day on which the new values hold; the day of registration for a mistake of then.
    pub valid_from: Date,
    /// When it is written.
    pub known_at: Moment,
    /// Who approved it.
    pub by: AccountId,
    /// Code of the dossier that it comes from, if from one.
    pub dossier: Option<String>,
}

/// The entry with one version more and a note of the correction in the margin.
///
/// Only what changes is checked: an old entry that lacks what is asked today may still be corrected,
/// and so may one that has ended.
///
/// # Errors
/// Everything that is wrong with the correction, all at once: nothing to change, a field unknown or
/// not open to correction, a value of the wrong kind or the same as before, no reason, a day before
/// the registration or after today.
pub fn amend(
    register: &Register,
    content: &Content,
    entry: &Entry,
    amendment: &Amendment,
) -> Result<Entry, Problems> {
    let (changes, mut problems) = read_changes(register, content, entry, amendment);
    problems.extend(check_circumstances(entry, amendment));
    if !problems.is_empty() {
        return Err(problems);
    }
    let current = entry.current();
    // A clock that runs behind never makes a version known before the one that it replaces.
    let known_at = amendment.known_at.max(current.known_at);
    let n = current.n.saturating_add(1);
    let annotation = Annotation {
        at: known_at,
        text: note_of(content, &changes, amendment),
        basis: clean_line(&amendment.basis_paper),
        by: amendment.by,
        kind: String::new(),
        version: Some(n),
    };
    let version = Version {
        n,
        fields: changed_fields(current, changes),
        valid_from: amendment.valid_from,
        known_at,
        reason: clean_line(&amendment.reason),
        basis_paper: clean_line(&amendment.basis_paper),
        by: amendment.by,
        dossier: amendment.dossier.clone(),
    };
    let mut amended = annotate(entry, annotation, false);
    amended.versions.push(version);
    Ok(amended)
}

/// The entry with one note more; with `ends` it no longer holds afterwards. Ended is for good.
#[must_use]
pub fn annotate(entry: &Entry, annotation: Annotation, ends: bool) -> Entry {
    let mut annotated = entry.clone();
    annotated.annotations.push(annotation);
    if ends {
        annotated.status = Status::Ended;
    }
    annotated
}

/// One field from one value to another; nothing before or after when it is empty.
struct Change<'a> {
    field: &'a RegisterField,
    from: Option<Value>,
    to: Option<Value>,
}

/// The changes in the order of the register.
fn read_changes<'a>(
    register: &'a Register,
    content: &Content,
    entry: &Entry,
    amendment: &Amendment,
) -> (Vec<Change<'a>>, Problems) {
    let mut changes = Vec::new();
    let mut problems = Problems::new();
    for field in &register.fields {
        let Some(raw) = amendment.changes.get(&field.id) else {
            continue;
        };
        let from = entry.current().fields.get(&field.id).cloned();
        match read_change(field, content, from, raw) {
            Ok(change) => changes.push(change),
            Err(problem) => problems.push(problem),
        }
    }
    problems.extend(unknown_fields(register, &amendment.changes));
    (changes, problems)
}

fn read_change<'a>(
    field: &'a RegisterField,
    content: &Content,
    from: Option<Value>,
    raw: &Value,
) -> Result<Change<'a>, Problem> {
    let refused = |code: &str, message: String| Problem::new(code, field.id.as_str(), message);
    let label = &field.label.vi;
    if !field.amendable {
        let message = format!(
            "Mục “{label}” không được cải chính theo thủ tục này. \
             Hãy bỏ mục này khỏi nội dung cải chính."
        );
        return Err(refused("amend.not-amendable", message));
    }
    let to = read_value(field, content, raw)?;
    if to.is_none() && field.required {
        return Err(required(field));
    }
    if to == from {
        let message = format!(
            "Mục “{label}” không có gì thay đổi: giá trị mới giống giá trị đang ghi trong sổ. \
             Hãy nhập giá trị mới hoặc bỏ mục này."
        );
        return Err(refused("amend.unchanged", message));
    }
    Ok(Change { field, from, to })
}

fn check_circumstances(entry: &Entry, amendment: &Amendment) -> Problems {
    let mut problems = Problems::new();
    let mut refuse = |code: &str, path: &str, message: String| {
        problems.push(Problem::new(code, path, message));
    };
    if amendment.changes.is_empty() {
        let message = "Chưa có mục nào được cải chính. Hãy nhập ít nhất một mục và giá trị mới.";
        refuse("amend.nothing", "", message.to_owned());
    }
    if clean_line(&amendment.reason).is_empty() {
        let message = "Hãy ghi lý do cải chính, bổ sung.";
        refuse("amend.no-reason", "reason", message.to_owned());
    }
    let first_day = entry.versions.first().valid_from;
    if amendment.valid_from < first_day {
        let message = format!(
            "Ngày có hiệu lực {} trước ngày đăng ký {}. Hãy chọn từ ngày đăng ký trở đi.",
            vi::date(amendment.valid_from),
            vi::date(first_day),
        );
        refuse("amend.before-registration", "valid_from", message);
    }
    let today = amendment.known_at.max(entry.current().known_at).date();
    if amendment.valid_from > today {
        let message = format!(
            "Ngày có hiệu lực {} sau ngày ghi sổ {}. Hãy ghi khi đến ngày đó.",
            vi::date(amendment.valid_from),
            vi::date(today),
        );
        refuse("amend.future", "valid_from", message);
    }
    problems
}

fn changed_fields(current: &Version, changes: Vec<Change<'_>>) -> Map<String, Value> {
    let mut fields = current.fields.clone();
    for change in changes {
        match change.to {
            Some(value) => fields.insert(change.field.id.clone(), value),
            None => fields.remove(&change.field.id),
        };
    }
    fields
}

/// `Cải chính: Quê quán từ “A” thành “B”; Nơi sinh từ “C” thành “D”. Bổ sung: Giờ sinh “07 giờ 30”.
/// Lý do: …`
fn note_of(content: &Content, changes: &[Change<'_>], amendment: &Amendment) -> String {
    let mut corrected = Vec::new();
    let mut added = Vec::new();
    for Change { field, from, to } in changes {
        let label = &field.label.vi;
        let shown = |value: &Value| display_value(&field.kind, content, value);
        match (from.as_ref().map(shown), to.as_ref().map(shown)) {
            (Some(from), Some(to)) => corrected.push(format!("{label} từ “{from}” thành “{to}”")),
            (Some(from), None) => corrected.push(format!("{label} bỏ “{from}”")),
            (None, Some(to)) => added.push(format!("{label} “{to}”")),
            (None, None) => {}
        }
    }
    let part = |heading: &str, items: &[String]| {
        Some(format!("{heading}: {}.", items.join("; "))).filter(|_| !items.is_empty())
    };
    let reason = clean_line(&amendment.reason);
    let heading = match clean_line(&amendment.heading) {
        none if none.is_empty() => "Cải chính".to_owned(),
        given => given,
    };
    let reason = format!("Lý do: {}.", reason.trim_end_matches('.'));
    let parts = [part(&heading, &corrected), part("Bổ sung", &added), Some(reason)];
    parts.into_iter().flatten().collect::<Vec<String>>().join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::testing::{amended, amendment, at, content, day, entry, faults, register};

    fn refused(amendment: &Amendment) -> Vec<(String, String)> {
        let problems = amend(register(), content(), &entry(), amendment).unwrap_err();
        let faults = faults(&problems).into_iter();
        faults.map(|(code, path)| (code.to_owned(), path.to_owned())).collect()
    }

    fn refused_change(changes: Value) -> Vec<(String, String)> {
        refused(&amendment(changes, "2026-11-22", "2027-01-04"))
    }

    fn pair(code: &str, path: &str) -> (String, String) {
        (code.to_owned(), path.to_owned())
    }

    #[test]
    fn a_correction_adds_a_version_and_leaves_the_first_as_it_was() {
        let entry = entry();
        let after = amended(&entry, json!({"born_on": "6/11/2026"}), "2026-11-22", "2027-01-04");
        assert_eq!(after.versions.first(), entry.current());
        let version = after.current();
        assert_eq!((version.n, version.known_at), (2, at("2027-01-04")));
        assert_eq!(version.fields["born_on"], "2026-11-06");
        assert_eq!(version.fields["name"], entry.current().fields["name"]);
        assert_eq!(version.reason, "Ghi nhầm khi đăng ký");
        assert_eq!(version.basis_paper, "Giấy chứng sinh số 15");
    }

    #[test]
    fn the_note_in_the_margin_says_what_was_and_what_is_in_words_for_people() {
        let changes = json!({
            "ethnicity": "Hoa", "born_on": "06/11/2026", "birth_order": 2, "mother_born": null,
            "twin": "có",
        });
        let after = amended(&entry(), changes, "2026-11-22", "2027-01-04");
        let [note] = after.annotations.as_slice() else { panic!("one note") };
        assert_eq!(
            note.text,
            "Cải chính: Ngày sinh từ “05/11/2026” thành “06/11/2026”; Dân tộc từ “Kinh” thành “Hoa”; \
             Năm sinh của mẹ bỏ “1998”. Bổ sung: Con thứ “2”; Sinh đôi “Có”. \
             Lý do: Ghi nhầm khi đăng ký."
        );
        assert_eq!((note.version, note.at), (Some(2), at("2027-01-04")));
        assert_eq!(note.basis, "Giấy chứng sinh số 15");
    }

    #[test]
    fn a_change_on_a_wish_is_not_called_a_correction() {
        let change = Amendment {
            heading: "Thay đổi".to_owned(),
            ..amendment(json!({"name": "Nguyễn An"}), "2027-01-04", "2027-01-04")
        };
        let after = amend(register(), content(), &entry(), &change).unwrap();
        let text = &after.annotations[0].text;
        assert!(text.starts_with("Thay đổi: ") && !text.contains("Cải chính"), "{text}");
    }

    #[test]
    fn a_field_that_is_not_open_to_correction_stays() {
        let refused = refused_change(json!({"person_number": "087326000999"}));
        assert_eq!(refused, [pair("amend.not-amendable", "person_number")]);
    }

    #[test]
    fn a_correction_that_changes_nothing_is_refused() {
        let same = refused_change(json!({"sex": "Nữ", "born_on": "05-11-2026", "paper": ""}));
        let unchanged = ["sex", "born_on", "paper"].map(|path| pair("amend.unchanged", path));
        assert_eq!(same, unchanged);
        assert_eq!(refused_change(json!({})), [pair("amend.nothing", "")]);
    }

    #[test]
    fn a_name_in_other_capitals_or_tones_is_a_change() {
        let after =
            amended(&entry(), json!({"name": "Nguyễn thị Hoà"}), "2026-11-22", "2027-01-04");
        assert_eq!(after.current().fields["name"], "Nguyễn thị Hoà");
    }

    #[test]
    fn everything_wrong_with_a_correction_is_said_at_once() {
        let mut wrong = amendment(
            json!({"name": "", "sex": "khác", "person_number": "1", "born_on": "hôm qua", "colour": "xanh"}),
            "2026-11-21",
            "2027-01-04",
        );
        wrong.reason = " ".to_owned();
        assert_eq!(
            refused(&wrong),
            [
                pair("field.required", "name"),
                pair("code.unknown", "sex"),
                pair("date.format", "born_on"),
                pair("amend.not-amendable", "person_number"),
                pair("field.unknown", "colour"),
                pair("amend.no-reason", "reason"),
                pair("amend.before-registration", "valid_from"),
            ]
        );
    }

    #[test]
    fn a_correction_holds_from_today_at_the_latest() {
        let today = amendment(json!({"sex": "Nam"}), "2027-01-04", "2027-01-04");
        assert!(amend(register(), content(), &entry(), &today).is_ok());
        let tomorrow = Amendment { valid_from: day("2027-01-05"), ..today };
        assert_eq!(refused(&tomorrow), [pair("amend.future", "valid_from")]);
    }

    #[test]
    fn an_old_entry_that_lacks_what_is_asked_today_may_be_corrected() {
        let mut stricter = register().clone();
        for field in &mut stricter.fields {
            field.required = true;
        }
        let change = amendment(json!({"sex": "Nam"}), "2026-11-22", "2027-01-04");
        assert!(amend(&stricter, content(), &entry(), &change).is_ok());
    }

    #[test]
    fn a_clock_that_runs_behind_makes_no_version_known_before_the_one_it_replaces() {
        let change = amendment(json!({"sex": "Nam"}), "2026-11-22", "2026-11-20");
        let after = amend(register(), content(), &entry(), &change).unwrap();
        assert_eq!(after.current().known_at, entry().current().known_at);
    }

    #[test]
    fn an_annotation_may_end_an_entry_but_changes_nothing_that_it_says() {
        let entry = entry();
        let note = Annotation {
            at: at("2027-01-04"),
            text: "Đã đăng ký khai tử số 3/2027".to_owned(),
            basis: String::new(),
            by: amendment(json!({}), "2027-01-04", "2027-01-04").by,
            kind: "death".to_owned(),
            version: None,
        };
        let noted = annotate(&entry, note.clone(), false);
        assert_eq!((noted.status, &noted.versions), (Status::Current, &entry.versions));
        let ended = annotate(&noted, note.clone(), true);
        assert_eq!((ended.status, &ended.versions), (Status::Ended, &entry.versions));
        assert_eq!(ended.annotations, [note.clone(), note.clone()]);
        let again = annotate(&ended, note, false);
        assert_eq!(again.status, Status::Ended, "a later note brings nothing back");
    }

    /// One field, a new value and on which days: some are refused, which is as good.
    fn any_amendment() -> impl Strategy<Value = Amendment> {
        let change = prop_oneof![
            "[A-Zđươ]{0,3} [a-z]{1,3}".prop_map(|text| json!({"name": text})),
            prop_oneof![Just("Nam"), Just("Nữ"), Just("khác")]
                .prop_map(|text| json!({"sex": text})),
            (0_i64..5).prop_map(|count| json!({"birth_order": count, "twin": count == 2})),
            Just(json!({"birth_order": "", "ethnicity": ""})),
            (1_i8..29).prop_map(|day| json!({"born_on": format!("{day}/10/2026")})),
            Just(json!({"person_number": "087326000999"})),
        ];
        (change, -2_i64..60, 0_i64..60).prop_map(|(changes, valid, written)| {
            let start = day("2026-11-22");
            let later = |days: i64| start.saturating_add(jiff::Span::new().days(days)).to_string();
            amendment(changes, &later(valid), &later(written))
        })
    }

    fn history(amendments: &[Amendment]) -> Vec<Entry> {
        let mut entries = vec![entry()];
        for amendment in amendments {
            let last = entries.last().unwrap();
            if let Ok(next) = amend(register(), content(), last, amendment) {
                entries.push(next);
            }
        }
        entries
    }

    proptest! {
        #[test]
        fn corrections_never_touch_what_stands(
            amendments in proptest::collection::vec(any_amendment(), 0..12),
        ) {
            let entries = history(&amendments);
            for pair in entries.windows(2) {
                let (before, after) = (&pair[0], &pair[1]);
                let versions: Vec<Version> = after.versions.clone().into();
                let (last, earlier) = versions.split_last().unwrap();
                prop_assert!(before.versions.iter().eq(earlier));
                prop_assert_eq!(last.n, before.current().n + 1);
                prop_assert!(last.known_at >= before.current().known_at);
                prop_assert_eq!(&before.annotations[..], &after.annotations[..before.annotations.len()]);
                prop_assert_eq!(after.annotations.len(), before.annotations.len() + 1);
                prop_assert_eq!(
                    (after.number, after.book, after.registered_on, after.id),
                    (before.number, before.book, before.registered_on, before.id)
                );
            }
        }

        #[test]
        fn knowing_more_never_leads_back_to_an_older_version(
            amendments in proptest::collection::vec(any_amendment(), 0..12),
            valid in -2_i64..70,
            known in -2_i64..70,
            more in 0_i64..20,
        ) {
            let entry = history(&amendments).pop().unwrap();
            let start = day("2026-11-22");
            let valid = start.saturating_add(jiff::Span::new().days(valid));
            let known = at("2026-11-22").plus_days(known);
            let earlier = entry.as_of(valid, known).map(|version| version.n);
            let later = entry.as_of(valid, known.plus_days(more)).map(|version| version.n);
            prop_assert!(earlier <= later);
        }

        #[test]
        fn what_was_known_at_a_moment_is_never_rewritten(
            amendments in proptest::collection::vec(any_amendment(), 0..12),
            valid in 0_i64..70,
        ) {
            let entries = history(&amendments);
            let valid = day("2026-11-22").saturating_add(jiff::Span::new().days(valid));
            let last = entries.last().unwrap();
            for entry in &entries {
                let next = last.versions.get(entry.current().n + 1);
                // Known until just before the next version was written.
                let until = next.map_or(kernel::Moment::MAX, |next| next.known_at.plus_micros(-1));
                prop_assert_eq!(last.as_of(valid, until), entry.as_of(valid, until));
            }
        }

        #[test]
        fn on_the_last_day_the_current_version_holds_whole(
            amendments in proptest::collection::vec(any_amendment(), 0..12),
        ) {
            let entry = history(&amendments).pop().unwrap();
            let standing = entry.as_of(day("2999-01-01"), at("2999-01-01"));
            prop_assert_eq!(standing.as_ref(), Some(entry.current()));
        }
    }
}
