//! From the pairs that a browser sends to a change of the answers.

use std::collections::BTreeMap;

use dossier::Answers;
use kernel::unit::UnitDirectory;
use pack::model::{Field, FieldKind, PersonPart, Section};
use serde_json::{Map, Value as Json};

use super::is_blank;

/// Most rows of a group that are read.
const MOST_ROWS: usize = 200;
/// Parts of an address that are sent. `former`, the note of a mapped unit, is not.
const ADDRESS_KEYS: [&str; 6] =
    ["province", "commune", "detail", "former_province", "former_district", "former_ward"];

/// What the form of one section says: field id to value, null for an answer taken away. Fields that
/// were not sent (radio buttons never touched, fixed values) are left as they are, except that rows
/// which are not sent are gone. Files come and go by themselves; computed answers are never sent.
pub(crate) fn patch(
    section: &Section,
    pairs: &[(String, String)],
    before: &Answers,
    units: &UnitDirectory,
) -> Answers {
    let sent = Sent::of(pairs, units);
    let mut patch = Answers::new();
    for field in section.fields.iter().filter(|field| field.compute.is_none()) {
        let known = before.get(&field.id).unwrap_or(&Json::Null);
        if let Some(value) = sent.value(field, &field.id, known) {
            patch.insert(field.id.clone(), value);
        }
    }
    patch
}

/// The pairs without one row of a group: `changes.1` takes out all of `changes.1.…`.
pub(crate) fn without_row(pairs: &[(String, String)], row: &str) -> Vec<(String, String)> {
    let prefix = format!("{row}.");
    pairs.iter().filter(|(name, _)| !name.starts_with(&prefix)).cloned().collect()
}

struct Sent<'a> {
    by_name: BTreeMap<&'a str, &'a str>,
    units: &'a UnitDirectory,
}

impl<'a> Sent<'a> {
    fn of(pairs: &'a [(String, String)], units: &'a UnitDirectory) -> Self {
        let mut by_name = BTreeMap::new();
        for (name, value) in pairs {
            by_name.entry(name.as_str()).or_insert(value.as_str());
        }
        Self { by_name, units }
    }

    fn text(&self, name: &str) -> Option<&'a str> {
        self.by_name.get(name).copied()
    }

    /// The value of a field; none when nothing of it was sent.
    fn value(&self, field: &Field, name: &str, before: &Json) -> Option<Json> {
        match &field.kind {
            FieldKind::File { .. } => None,
            FieldKind::YesNo => self.text(name).map(yes_no),
            FieldKind::Number { .. } => self.text(name).map(number),
            FieldKind::Person { parts, .. } => self.person(parts, name, before),
            FieldKind::Address { .. } => self.address(name, before),
            FieldKind::Group { fields, .. } => Some(self.rows(fields, name)),
            FieldKind::Text { .. }
            | FieldKind::LongText { .. }
            | FieldKind::Date { .. }
            | FieldKind::PartialDate { .. }
            | FieldKind::Choice { .. } => self.text(name).map(text),
        }
    }

    fn person(&self, parts: &[PersonPart], name: &str, before: &Json) -> Option<Json> {
        let mut person = before.as_object().cloned().unwrap_or_default();
        let mut is_sent = false;
        for part in parts {
            let below = format!("{name}.{}", part.key());
            let value = match part {
                PersonPart::Residence => {
                    self.address(&below, person.get(part.key()).unwrap_or(&Json::Null))
                }
                _ => self.text(&below).map(text),
            };
            let Some(value) = value else { continue };
            is_sent = true;
            put(&mut person, part.key(), value);
        }
        is_sent.then(|| object(person))
    }

    fn address(&self, name: &str, before: &Json) -> Option<Json> {
        let sent = |key: &str| self.text(&format!("{name}.{key}"));
        if ADDRESS_KEYS.iter().all(|key| sent(key).is_none()) {
            return None;
        }
        let known = |key: &str| before.get(key).and_then(Json::as_str).unwrap_or_default();
        let now = |key: &str| sent(key).map_or(known(key), str::trim);
        let same_commune = now("commune") == known("commune");
        let mut address = Map::new();
        for key in ADDRESS_KEYS {
            put(&mut address, key, text(now(key)));
        }
        if same_commune
            && (self.has_moved_away(now("province"), now("commune"))
                || is_new(now("former_ward"), known("former_ward")))
        {
            address.remove("commune");
        } else if same_commune {
            put(&mut address, "former", text(known("former")));
        }
        Some(object(address))
    }

    /// The province was changed, the list of communes still shows that of the old one: without
    /// script it cannot follow.
    fn has_moved_away(&self, province: &str, commune: &str) -> bool {
        let of = self.units.commune(commune).map(|commune| commune.province.as_str());
        of.is_some_and(|of| of != province)
    }

    fn rows(&self, fields: &[Field], name: &str) -> Json {
        let prefix = format!("{name}.");
        let after = self.by_name.keys().filter_map(|key| key.strip_prefix(&prefix));
        let mut places: Vec<usize> =
            after.filter_map(|rest| rest.split('.').next()?.parse().ok()).collect();
        places.sort_unstable();
        places.dedup();
        let row = |place: usize| {
            let mut row = Map::new();
            for field in fields.iter().filter(|field| field.compute.is_none()) {
                let below = format!("{name}.{place}.{}", field.id);
                if let Some(value) = self.value(field, &below, &Json::Null) {
                    put(&mut row, &field.id, value);
                }
            }
            Json::Object(row)
        };
        let rows: Vec<Json> = places.into_iter().take(MOST_ROWS).map(row).collect();
        if rows.is_empty() { Json::Null } else { Json::Array(rows) }
    }
}

/// A name of a former unit that was just typed.
fn is_new(now: &str, known: &str) -> bool {
    !now.is_empty() && now != known
}

fn put(object: &mut Map<String, Json>, key: &str, value: Json) {
    if is_blank(&value) {
        object.remove(key);
    } else {
        object.insert(key.to_owned(), value);
    }
}

fn object(parts: Map<String, Json>) -> Json {
    if parts.is_empty() { Json::Null } else { Json::Object(parts) }
}

fn text(typed: &str) -> Json {
    if typed.trim().is_empty() { Json::Null } else { Json::String(typed.to_owned()) }
}

fn yes_no(typed: &str) -> Json {
    match typed.trim() {
        "true" => Json::Bool(true),
        "false" => Json::Bool(false),
        other => text(other),
    }
}

/// An integer where it reads as one, else the text as typed: the check says what is wrong with it.
fn number(typed: &str) -> Json {
    typed.trim().parse::<i64>().map_or_else(|_| text(typed), Json::from)
}
