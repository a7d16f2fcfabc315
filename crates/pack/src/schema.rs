//! JSON Schema of the packs' files, for editors.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use crate::load::{
    Reader, read_accounts, read_calendar, read_code_list, read_fees, read_manifest, read_offices,
    read_procedure, read_register, read_roles, read_settings, read_slips, read_synonyms,
};

/// JSON Schema 2020-12 of each kind of file, by the name under which it is written to
/// `content/schema/<name>.json`. It is drawn from the reading functions themselves.
pub fn json_schema() -> BTreeMap<&'static str, Json> {
    let described = [
        ("accounts", Reader::describe(|reader| drop(read_accounts(reader)))),
        ("calendar", Reader::describe(|reader| drop(read_calendar(reader)))),
        ("codes", Reader::describe(|reader| drop(read_code_list(reader)))),
        ("fees", Reader::describe(|reader| drop(read_fees(reader)))),
        ("offices", Reader::describe(|reader| drop(read_offices(reader)))),
        ("pack", Reader::describe(|reader| drop(read_manifest(reader)))),
        ("procedure", Reader::describe(|reader| drop(read_procedure(reader, &[])))),
        ("register", Reader::describe(|reader| drop(read_register(reader)))),
        ("roles", Reader::describe(|reader| drop(read_roles(reader)))),
        ("settings", Reader::describe(|reader| drop(read_settings(reader)))),
        ("slips", Reader::describe(|reader| drop(read_slips(reader)))),
        ("synonyms", Reader::describe(|reader| drop(read_synonyms(reader)))),
    ];
    described.into_iter().map(|(name, schema)| (name, with_head(name, schema))).collect()
}

fn with_head(name: &str, mut schema: Json) -> Json {
    if let Some(object) = schema.as_object_mut() {
        let dialect = "https://json-schema.org/draft/2020-12/schema";
        object.insert("$schema".to_owned(), json!(dialect));
        object.insert("title".to_owned(), json!(format!("{name}.toml")));
    }
    schema
}
