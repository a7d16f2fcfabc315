//! What is reported back after an entry has been written.

use jiff::civil::Date;
use kernel::person_number::PersonNumber;
use kernel::unit::UnitCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Something that happened to an entry of a register here and concerns persons whom the population
/// database keeps.
///
/// It carries the entry's fields under the names of the register's content, since those follow the
/// shared data of QĐ 3458/QĐ-BTP; what they mean for its own records the other side knows. So a new
/// register is reported without a change here.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct PopulationEvent {
    /// What happened to the entry.
    pub kind: PopulationEventKind,
    /// The entry.
    pub entry: Registration,
    /// The persons whom it is about, in the order of the entry.
    pub subjects: Vec<PersonNumber>,
    /// The fields of the entry as they now stand.
    pub fields: Map<String, Value>,
}

/// What happened to an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PopulationEventKind {
    /// It was written.
    Entered,
    /// It was given a new version.
    Amended,
    /// It ended, as a marriage does by divorce.
    Ended,
}

/// Where an entry stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// Register id, such as `birth`.
    pub register: String,
    /// Number as written, such as `125/2026`.
    pub number: String,
    /// The unit whose register it is.
    pub unit: UnitCode,
    /// The day when it happened to the entry.
    pub on: Date,
}

impl PopulationEvent {
    /// A field of the entry, if it is a text that is not empty.
    pub fn text(&self, field: &str) -> Option<&str> {
        self.fields.get(field)?.as_str().filter(|text| !text.is_empty())
    }
}

impl std::fmt::Debug for PopulationEvent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PopulationEvent")
            .field("kind", &self.kind)
            .field("entry", &self.entry)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn death() -> PopulationEvent {
        serde_json::from_value(json!({
            "kind": "entered",
            "entry": {"register": "death", "number": "12/2026", "unit": "29869", "on": "2026-11-20"},
            "subjects": ["082190000007"],
            "fields": {"deceased_number": "082190000007", "died_on": "2026-11-18", "died_time": ""},
        }))
        .unwrap()
    }

    #[test]
    fn an_event_reads_back_what_it_writes() {
        let written = serde_json::to_string(&death()).unwrap();
        assert_eq!(serde_json::from_str::<PopulationEvent>(&written).unwrap(), death());
    }

    #[test]
    fn an_empty_field_is_no_field() {
        assert_eq!(death().text("died_on"), Some("2026-11-18"));
        assert_eq!(death().text("died_time"), None);
        assert_eq!(death().text("died_place"), None);
    }

    #[test]
    fn a_log_shows_the_entry_and_not_its_content() {
        let shown = format!("{:?}", death());
        assert!(shown.contains("12/2026") && !shown.contains("2026-11-18"), "{shown}");
    }
}
