//! The keys under which an entry is found.
//!
//! A key narrows a search down; [`crate::matches`] has the last word.

use std::collections::BTreeSet;

use kernel::text::tokens;
use pack::model::{IndexKind, Register, RegisterField, ValueKind};
use serde_json::Value;

use crate::entry::Entry;
use crate::matching::comparable;

/// The field name under which personal numbers of those concerned are kept. No register field can
/// be called so.
pub const SUBJECT_KEY: &str = "#subject";

/// Longest key, in characters: database indexes do not take texts of any length.
const MAX_KEY_LENGTH: usize = 200;

/// All keys (field, key) of an entry: words of names without tones, exact values, and the personal
/// numbers of those concerned. Every version counts, so that an entry is found by an earlier name.
pub fn index_keys(register: &Register, entry: &Entry) -> BTreeSet<(String, String)> {
    let subjects = entry.subjects.iter().map(|number| (SUBJECT_KEY.to_owned(), number.clone()));
    let mut keys: BTreeSet<(String, String)> = subjects.collect();
    for version in &entry.versions {
        for field in &register.fields {
            if let Some(value) = version.fields.get(&field.id) {
                keys.extend(keys_of(field, value));
            }
        }
    }
    keys
}

/// The keys (field, key) that an entry must have, all of them, to match a value in a lookup. `field`
/// is a register field or `subject`. None for a field that is not indexed, or for no value.
pub fn lookup_keys(register: &Register, field: &str, value: &Value) -> Vec<(String, String)> {
    if field == "subject" {
        let subject = comparable(&ValueKind::PersonNumber, value);
        return subject.map(|number| (SUBJECT_KEY.to_owned(), number)).into_iter().collect();
    }
    register.field(field).map(|field| keys_of(field, value)).unwrap_or_default()
}

/// The fields that hold names of persons: where the words of a search box are looked for.
pub fn name_fields(register: &Register) -> impl Iterator<Item = &str> {
    let named = register.fields.iter().filter(|field| field.index == IndexKind::Name);
    named.map(|field| field.id.as_str())
}

fn keys_of(field: &RegisterField, value: &Value) -> Vec<(String, String)> {
    let keys = match field.index {
        IndexKind::None => Vec::new(),
        IndexKind::Name => tokens(value.as_str().unwrap_or_default()),
        IndexKind::Exact => comparable(&field.kind, value).into_iter().collect(),
    };
    let shortened = |key: String| key.chars().take(MAX_KEY_LENGTH).collect();
    keys.into_iter().map(|key| (field.id.clone(), shortened(key))).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::query::{self, Query};
    use crate::testing::{CHILD, amended, content, entry, fields, new_entry, register};

    fn has_key(keys: &BTreeSet<(String, String)>, field: &str, key: &str) -> bool {
        keys.contains(&(field.to_owned(), key.to_owned()))
    }

    /// As the search box finds: all words in one name field.
    fn is_found_by(keys: &BTreeSet<(String, String)>, typed: &str) -> bool {
        let Query::Name(words) = query::parse(typed) else {
            return false;
        };
        name_fields(register()).any(|field| words.iter().all(|word| has_key(keys, field, word)))
    }

    #[test]
    fn names_are_found_by_word_exact_fields_by_value_and_persons_by_number() {
        let keys = index_keys(register(), &entry());
        let expected = [
            ("#subject", CHILD),
            ("born_on", "2026-11-05"),
            ("mother_name", "be"),
            ("mother_name", "nam"),
            ("mother_name", "thi"),
            ("mother_name", "tran"),
            ("name", "hoa"),
            ("name", "nguyen"),
            ("name", "thi"),
            ("person_number", CHILD),
        ];
        let expected = expected.map(|(field, key)| (field.to_owned(), key.to_owned()));
        assert_eq!(keys, BTreeSet::from(expected));
    }

    #[test]
    fn an_entry_is_found_by_its_earlier_name_too() {
        let entry = amended(&entry(), json!({"name": "Lê Văn Quý"}), "2026-11-22", "2027-01-04");
        let keys = index_keys(register(), &entry);
        assert!(is_found_by(&keys, "quy le van"));
        assert!(is_found_by(&keys, "NGUYỄN THỊ HÒA"));
        assert!(!is_found_by(&keys, "Lê Thị Hòa Bình"));
    }

    #[test]
    fn a_lookup_asks_for_the_keys_that_the_entry_has() {
        let entry = entry();
        let keys = index_keys(register(), &entry);
        for (field, value) in [
            ("name", json!("nguyen THỊ hòa")),
            ("born_on", json!("2026-11-05")),
            ("person_number", json!("087 326 000 123")),
            ("subject", json!(CHILD)),
        ] {
            let asked = lookup_keys(register(), field, &value);
            assert!(!asked.is_empty(), "{field}");
            assert!(asked.iter().all(|key| keys.contains(key)), "{field}: {asked:?}");
        }
        for (field, value) in [
            ("sex", json!("female")),
            ("year", json!(2026)),
            ("name", json!(null)),
            ("person_number", json!("12")),
            ("colour", json!("xanh")),
        ] {
            assert_eq!(lookup_keys(register(), field, &value), [], "{field}");
        }
    }

    #[test]
    fn a_key_of_any_text_fits_into_a_database_index() {
        let mut long = fields();
        long.insert("paper".to_owned(), "ỡ giấy ".repeat(500).into());
        long.insert("name".to_owned(), format!("An {}", "x".repeat(3_000)).into());
        let entry = crate::create(register(), content(), new_entry(long.clone())).unwrap();
        let keys = index_keys(register(), &entry);
        assert!(keys.iter().all(|(_, key)| key.chars().count() <= MAX_KEY_LENGTH));
        let asked = lookup_keys(register(), "paper", &long["paper"]);
        assert!(asked.iter().all(|key| keys.contains(key)) && asked.len() == 1);
    }

    proptest! {
        #[test]
        fn a_name_is_found_by_its_words_in_any_order_without_tones(
            words in proptest::sample::subsequence(
                vec!["Nguyễn", "Đặng", "Thị", "Hoàng", "Ngọc", "Ưu", "Quý", "Y", "H’Đok", "Ỷ"], 2..7,
            ).prop_shuffle(),
            seed: proptest::sample::Index,
        ) {
            let mut fields = fields();
            fields.insert("name".to_owned(), words.join(" ").into());
            let entry = crate::create(register(), content(), new_entry(fields)).unwrap();
            let keys = index_keys(register(), &entry);
            let mut turned = words.clone();
            turned.rotate_left(seed.index(words.len()));
            turned.reverse();
            let typed = turned.join("  ");
            prop_assert!(is_found_by(&keys, &typed));
            prop_assert!(is_found_by(&keys, &kernel::text::fold(&typed)));
            prop_assert!(is_found_by(&keys, &typed.to_uppercase()));
            let with_a_strange_word = format!("{typed} Khác");
            prop_assert!(!is_found_by(&keys, &with_a_strange_word));
        }

        #[test]
        fn what_matches_is_under_the_keys_asked_for(name in "[A-Za-zÀ-ỹ’ -]{1,30}", asked in "[A-Za-zÀ-ỹ’ -]{1,30}") {
            let mut fields = fields();
            fields.insert("name".to_owned(), format!("x{name}").into());
            let entry = crate::create(register(), content(), new_entry(fields)).unwrap();
            let keys = index_keys(register(), &entry);
            for value in [format!("X{name}"), asked] {
                let value = Value::from(value);
                if crate::matches(register(), &entry, "name", &value) {
                    let asked = lookup_keys(register(), "name", &value);
                    prop_assert!(!asked.is_empty() && asked.iter().all(|key| keys.contains(key)));
                }
            }
        }
    }
}
