//! An entry of a register: versions that are only ever added to, and notes in the margin.

use std::iter::{Chain, Once, once};
use std::slice;

use jiff::civil::Date;
use kernel::id::{AccountId, EntryId};
use kernel::moment::Moment;
use kernel::unit::UnitCode;
use pack::model::Register;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One entry (việc đã đăng ký) with all that it ever said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Identity in the store.
    pub id: EntryId,
    /// Register id.
    pub register: String,
    /// The unit that keeps the book.
    pub unit: UnitCode,
    /// Year of the book.
    pub year: i16,
    /// Book within the year, from 1.
    pub book: u32,
    /// Running number within the year, from 1.
    pub number: u32,
    /// Number as written, such as `125/2026`.
    pub number_text: String,
    /// Book as written, such as `01/2026`.
    pub book_text: String,
    /// Does it still hold?
    pub status: Status,
    /// Day of registration.
    pub registered_on: Date,
    /// Personal numbers of those whom it is about.
    pub subjects: Vec<String>,
    /// What it says and said, oldest first.
    pub versions: Versions,
    /// Notes in the margin (ghi chú), oldest first.
    pub annotations: Vec<Annotation>,
}

/// Does an entry still hold?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It holds.
    Current,
    /// What it registered is over, such as a marriage by a death. It stays in the book.
    Ended,
}

impl Status {
    /// As JSON and the store write it: `current`, `ended`.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Current => "current",
            Status::Ended => "ended",
        }
    }
}

/// What an entry says from a day on, as known from a moment on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Version {
    /// From 1, without gaps.
    pub n: u32,
    /// Register field to value, in normal form; what is not known has no key.
    pub fields: Map<String, Value>,
    /// First day on which it holds (when it was true).
    pub valid_from: Date,
    /// When it was written into the register (when we knew it).
    pub known_at: Moment,
    /// Why it was written.
    pub reason: String,
    /// The paper it stands on; empty when none is named.
    pub basis_paper: String,
    /// Who approved it.
    pub by: AccountId,
    /// Code of the dossier that it came from, if it came from one.
    pub dossier: Option<String>,
}

/// A note in the margin. It changes nothing that the entry says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Annotation {
    /// When it was written.
    pub at: Moment,
    /// The note.
    pub text: String,
    /// The paper it stands on; empty when none is named.
    pub basis: String,
    /// Who approved it.
    pub by: AccountId,
    /// Which kind of note, by the register; empty for a correction and for notes from before there
    /// were kinds.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// The version that came with it, if it tells of a correction.
    #[serde(default)]
    pub version: Option<u32>,
}

impl Entry {
    /// What it says now.
    pub fn current(&self) -> &Version {
        self.versions.last()
    }

    /// Does it still hold: has no annotation ended it?
    pub fn is_in_force(&self) -> bool {
        self.status == Status::Current
    }

    /// What lists call it, such as the child's name; the number when there is no such name.
    pub fn title(&self, register: &Register) -> String {
        let named = self.current().fields.get(&register.title_field);
        match named {
            Some(Value::String(name)) => name.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => self.number_text.clone(),
        }
    }

    /// The entry as expressions and templates see it: the fields of the current version and
    /// `register`, `number`, `book`, `year`, `unit`, `number_text`, `registered_on`, `in_force` (the
    /// shape that `pack::facts` describes), and `id` and `version`.
    pub fn to_facts(&self) -> Map<String, Value> {
        let mut facts = self.current().fields.clone();
        let own: [(&str, Value); 10] = [
            ("id", self.id.to_string().into()),
            ("version", self.current().n.into()),
            ("register", self.register.clone().into()),
            ("number", self.number.into()),
            ("book", self.book.into()),
            ("year", self.year.into()),
            ("unit", self.unit.as_str().into()),
            ("number_text", self.number_text.clone().into()),
            ("registered_on", self.registered_on.to_string().into()),
            ("in_force", self.is_in_force().into()),
        ];
        facts.extend(own.map(|(name, value)| (name.to_owned(), value)));
        facts
    }

    /// What held on a day, as far as it was known at a moment; `None` when there was no entry.
    ///
    /// Each version brings its changes from its own first day on. So a correction back to the
    /// beginning does not bring along an earlier written change that held only later: the version
    /// given is the last one that counts, its fields are those of that day.
    pub fn as_of(&self, valid: Date, known: Moment) -> Option<Version> {
        let counts = |version: &Version| version.valid_from <= valid && version.known_at <= known;
        let mut versions = self.versions.iter();
        let mut before = versions.next()?;
        let mut standing = Some(before).filter(|first| counts(first))?.clone();
        for version in versions {
            if counts(version) {
                let mut fields = standing.fields;
                carry_changes(&mut fields, &before.fields, &version.fields);
                standing = Version { fields, ..version.clone() };
            }
            before = version;
        }
        Some(standing)
    }
}

/// Makes the changes from `before` to `after` in other fields too.
fn carry_changes(
    fields: &mut Map<String, Value>,
    before: &Map<String, Value>,
    after: &Map<String, Value>,
) {
    fields.retain(|name, _| after.contains_key(name) || !before.contains_key(name));
    for (name, value) in after {
        if before.get(name) != Some(value) {
            fields.insert(name.clone(), value.clone());
        }
    }
}

/// The versions of an entry: at least one, oldest first, only ever added to. In JSON a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Version>", into = "Vec<Version>")]
pub struct Versions {
    first: Version,
    later: Vec<Version>,
}

impl Versions {
    pub(crate) fn new(first: Version) -> Versions {
        Versions { first, later: Vec::new() }
    }

    pub(crate) fn push(&mut self, version: Version) {
        self.later.push(version);
    }

    /// What was registered.
    pub fn first(&self) -> &Version {
        &self.first
    }

    /// What holds now.
    pub fn last(&self) -> &Version {
        self.later.last().unwrap_or(&self.first)
    }

    /// The version of this number.
    pub fn get(&self, n: u32) -> Option<&Version> {
        self.iter().find(|version| version.n == n)
    }

    /// How many; never none.
    #[expect(clippy::len_without_is_empty, reason = "there is always one")]
    pub fn len(&self) -> usize {
        self.later.len() + 1
    }

    /// All, oldest first.
    pub fn iter(&self) -> Chain<Once<&Version>, slice::Iter<'_, Version>> {
        once(&self.first).chain(&self.later)
    }
}

impl<'a> IntoIterator for &'a Versions {
    type Item = &'a Version;
    type IntoIter = Chain<Once<&'a Version>, slice::Iter<'a, Version>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// An entry without any version is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EmptyHistory;

impl std::fmt::Display for EmptyHistory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an entry has at least one version")
    }
}

impl std::error::Error for EmptyHistory {}

impl TryFrom<Vec<Version>> for Versions {
    type Error = EmptyHistory;

    fn try_from(versions: Vec<Version>) -> Result<Versions, EmptyHistory> {
        let mut versions = versions.into_iter();
        let first = versions.next().ok_or(EmptyHistory)?;
        Ok(Versions { first, later: versions.collect() })
    }
}

impl From<Versions> for Vec<Version> {
    fn from(versions: Versions) -> Vec<Version> {
        once(versions.first).chain(versions.later).collect()
    }
}

#[cfg(test)]
mod tests {
    use pack::model::Form;
    use pack::{Facts, expr};
    use serde_json::json;

    use super::*;
    use crate::testing::{amended, at, content, day, entry, map, register};

    #[test]
    fn an_entry_reads_back_from_its_json() {
        let entry =
            amended(&entry(), json!({"name": "Nguyễn Thị Hòa An"}), "2026-11-22", "2027-01-04");
        let json = serde_json::to_value(&entry).unwrap();
        assert_eq!(json["status"], "current");
        assert_eq!(json["versions"][1]["n"], 2);
        assert_eq!(json["id"], "7");
        assert_eq!(serde_json::from_value::<Entry>(json).unwrap(), entry);
    }

    #[test]
    fn an_entry_without_a_version_is_none() {
        let mut json = serde_json::to_value(entry()).unwrap();
        json["versions"] = json!([]);
        assert!(serde_json::from_value::<Entry>(json).is_err());
    }

    #[test]
    fn a_version_is_found_by_its_number() {
        let entry = amended(&entry(), json!({"sex": "Nam"}), "2026-11-22", "2027-01-04");
        assert_eq!(entry.versions.len(), 2);
        assert_eq!(entry.versions.get(1).unwrap().fields["sex"], "female");
        assert_eq!(entry.versions.get(2), Some(entry.current()));
        assert_eq!(entry.versions.get(3), None);
    }

    #[test]
    fn the_title_is_the_current_name_or_else_the_number() {
        let entry = amended(&entry(), json!({"name": "Nguyễn An"}), "2026-11-22", "2027-01-04");
        assert_eq!(entry.title(register()), "Nguyễn An");
        let other = Register { title_field: "paper".to_owned(), ..register().clone() };
        assert_eq!(entry.title(&other), "125/2026");
    }

    #[test]
    fn expressions_see_the_fields_with_their_kinds_and_the_place_in_the_books() {
        let entry = entry();
        let extra = map(json!({"found": {"birth": entry.to_facts()}}));
        let answers = Map::new();
        let facts = Facts {
            content: content(),
            form: &Form::default(),
            answers: &answers,
            row: None,
            filed_on: day("2026-12-01"),
            applicant: None,
            extra: &extra,
        };
        for text in [
            "found.birth.exists",
            "found.birth.born_on == date(\"2026-11-05\")",
            "found.birth.year == 2026 && found.birth.book == 1",
            "found.birth.number_text == \"125/2026\" && found.birth.unit == \"30001\"",
            "found.birth.registered_on == date(\"2026-11-22\")",
            "label(found.birth.sex) == \"Nữ\"",
            "year(found.birth.mother_born) == 1998",
        ] {
            let expression = expr::parse(text).unwrap();
            assert!(expr::is_true(&expression, &facts), "{text}");
        }
    }

    #[test]
    fn templates_see_which_entry_and_which_version_they_show() {
        let entry = amended(&entry(), json!({"sex": "Nam"}), "2026-11-22", "2027-01-04");
        let facts = entry.to_facts();
        assert_eq!((&facts["id"], &facts["version"]), (&json!("7"), &json!(2)));
        assert_eq!(facts["sex"], "male");
    }

    #[test]
    fn nothing_held_before_the_registration_or_before_it_was_written() {
        let entry = entry();
        assert_eq!(entry.as_of(day("2026-11-21"), at("2027-01-01")), None);
        assert_eq!(entry.as_of(day("2026-11-22"), at("2026-11-21")), None);
        assert_eq!(
            entry.as_of(day("2026-11-22"), at("2026-11-22")).as_ref(),
            Some(entry.current())
        );
    }

    #[test]
    fn a_correction_of_the_beginning_holds_from_the_beginning_once_known() {
        let entry = amended(&entry(), json!({"sex": "Nam"}), "2026-11-22", "2027-01-04");
        let sex =
            |known: &str| entry.as_of(day("2026-12-01"), at(known)).unwrap().fields["sex"].clone();
        assert_eq!(sex("2027-01-03"), "female");
        assert_eq!(sex("2027-01-04"), "male");
    }

    #[test]
    fn a_later_correction_of_the_beginning_leaves_a_change_of_meanwhile_to_its_days() {
        let renamed = amended(&entry(), json!({"name": "Nguyễn An"}), "2027-03-01", "2027-03-01");
        let entry =
            amended(&renamed, json!({"sex": "Nam", "ethnicity": ""}), "2026-11-22", "2027-05-01");
        let known = at("2027-06-01");
        let before = entry.as_of(day("2027-02-01"), known).unwrap();
        assert_eq!(before.n, 3);
        assert_eq!(before.fields["name"], "Nguyễn Thị Hoà");
        assert_eq!(before.fields["sex"], "male");
        assert!(!before.fields.contains_key("ethnicity"));
        assert_eq!(entry.as_of(day("2027-03-01"), known).as_ref(), Some(entry.current()));
        let as_known_then = entry.as_of(day("2027-03-01"), at("2027-04-01")).unwrap();
        assert_eq!(Some(&as_known_then), entry.versions.get(2));
    }
}
