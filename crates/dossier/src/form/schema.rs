//! The answers of a form as a JSON Schema (the dialect of OpenAPI 3.1, that is 2020-12).

use pack::Content;
use pack::model::{ChoiceOption, Field, FieldKind, Form, PersonPart, TextFormat};
use serde_json::{Map, Value as Json, json};

use super::words::{part_label, part_label_en};

/// Schema of the answers as they are kept and as a client sends them.
///
/// Conditions are not part of it: only what is always required is `required`, and whether an answer
/// is asked at all the check says.
pub fn json_schema(form: &Form, content: &Content) -> Json {
    let always = form.sections.iter().filter(|section| section.visible_when.is_none());
    let always = always.flat_map(|section| &section.fields).filter(|field| is_always_asked(field));
    let required: Vec<&str> = always.map(|field| field.id.as_str()).collect();
    json!({
        "type": "object",
        "properties": properties(form.fields(), content),
        "required": required,
        "additionalProperties": false,
    })
}

fn is_always_asked(field: &Field) -> bool {
    field.required && field.visible_when.is_none() && field.compute.is_none()
}

fn properties<'a>(fields: impl Iterator<Item = &'a Field>, content: &Content) -> Map<String, Json> {
    fields.map(|field| (field.id.clone(), property(field, content))).collect()
}

fn property(field: &Field, content: &Content) -> Json {
    let mut schema = of_kind(&field.kind, content);
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("title".into(), field.label.vi.clone().into());
        let help = &field.help.vi;
        if !help.is_empty() {
            schema.insert("description".into(), help.clone().into());
        }
        if !field.example.is_empty() {
            schema.insert("examples".into(), json!([field.example]));
        }
        if field.compute.is_some() {
            schema.insert("readOnly".into(), true.into());
        }
    }
    schema
}

fn of_kind(kind: &FieldKind, content: &Content) -> Json {
    match kind {
        FieldKind::Text { max_length, format } => text(*max_length, *format),
        FieldKind::LongText { max_length } => json!({ "type": "string", "maxLength": max_length }),
        FieldKind::Number { min, max, .. } => {
            let mut schema = json!({ "type": "integer" });
            set(&mut schema, "minimum", min.map(Json::from));
            set(&mut schema, "maximum", max.map(Json::from));
            schema
        }
        FieldKind::Date { .. } => json!({ "type": "string", "format": "date" }),
        FieldKind::PartialDate { .. } => partial_date(),
        FieldKind::YesNo => json!({ "type": "boolean" }),
        FieldKind::Choice { options, list } => match list {
            Some(list) if options.is_empty() => code_of(list, content),
            _ => one_of(options),
        },
        FieldKind::Person { parts, optional } => person(parts, optional, content),
        FieldKind::Address { detail_required } => address(*detail_required),
        FieldKind::File { max_files, .. } => json!({
            "type": "array",
            "items": { "type": "string", "description": "Mã tệp đã tải lên" },
            "maxItems": max_files,
        }),
        FieldKind::Group { fields, min, max, .. } => {
            let required = fields.iter().filter(|field| is_always_asked(field));
            let required: Vec<&str> = required.map(|field| field.id.as_str()).collect();
            json!({
                "type": "array",
                "minItems": min,
                "maxItems": max,
                "items": {
                    "type": "object",
                    "properties": properties(fields.iter(), content),
                    "required": required,
                    "additionalProperties": false,
                },
            })
        }
    }
}

fn text(max_length: u32, format: TextFormat) -> Json {
    let mut schema = json!({ "type": "string", "maxLength": max_length });
    match format {
        TextFormat::Plain | TextFormat::PersonName => {}
        TextFormat::PersonNumber => set(&mut schema, "pattern", Some("^[0-9]{12}$".into())),
        TextFormat::Phone => set(&mut schema, "pattern", Some("^0[0-9]{9,10}$".into())),
        TextFormat::Email => set(&mut schema, "format", Some("email".into())),
    }
    schema
}

fn partial_date() -> Json {
    json!({ "type": "string", "pattern": "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$" })
}

fn code_of(list: &str, content: &Content) -> Json {
    content.code_lists.get(list).map_or(json!({ "type": "string" }), |list| one_of(&list.items))
}

fn one_of(options: &[ChoiceOption]) -> Json {
    let code = |option: &ChoiceOption| json!({ "const": option.code, "title": option.label.vi });
    json!({ "type": "string", "oneOf": options.iter().map(code).collect::<Vec<_>>() })
}

fn person(parts: &[PersonPart], optional: &[PersonPart], content: &Content) -> Json {
    let property = |part: &PersonPart| {
        let mut schema = person_part(*part, content);
        set(&mut schema, "title", Some(part_label(*part).into()));
        set(&mut schema, "description", Some(part_label_en(*part).into()));
        (part.key().to_owned(), schema)
    };
    let required = parts.iter().filter(|part| !optional.contains(part));
    json!({
        "type": "object",
        "properties": parts.iter().map(property).collect::<Map<String, Json>>(),
        "required": required.map(|part| part.key()).collect::<Vec<_>>(),
        "additionalProperties": false,
    })
}

fn person_part(part: PersonPart, content: &Content) -> Json {
    match part {
        PersonPart::Number => text(12, TextFormat::PersonNumber),
        PersonPart::Name => text(100, TextFormat::PersonName),
        PersonPart::BirthDate => partial_date(),
        // The part is named after its code list.
        PersonPart::Sex | PersonPart::Ethnicity | PersonPart::Nationality => {
            code_of(part.key(), content)
        }
        PersonPart::Residence => address(false),
        PersonPart::IdentityPaper => text(200, TextFormat::Plain),
        PersonPart::Phone => text(11, TextFormat::Phone),
    }
}

/// The current unit, or the names of the units of before July 2025, which the check maps.
fn address(detail_required: bool) -> Json {
    let name = json!({ "type": "string", "maxLength": 100 });
    let detail: &[&str] = if detail_required { &["detail"] } else { &[] };
    json!({
        "type": "object",
        "properties": {
            "province": { "type": "string", "pattern": "^[0-9]{2}$" },
            "commune": { "type": "string", "pattern": "^[0-9]{5}$" },
            "detail": { "type": "string", "maxLength": 200 },
            "former": { "type": "string", "maxLength": 300 },
            "former_province": name,
            "former_district": name,
            "former_ward": name,
        },
        "required": detail,
        "additionalProperties": false,
    })
}

fn set(schema: &mut Json, key: &str, value: Option<Json>) {
    if let (Some(schema), Some(value)) = (schema.as_object_mut(), value) {
        schema.insert(key.to_owned(), value);
    }
}
