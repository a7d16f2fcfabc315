//! Answers for reading: the page before sending, the print, the officer's view.

use std::collections::BTreeMap;

use kernel::format::vi;
use kernel::partial_date::PartialDate;
use pack::model::{ChoiceOption, Field, FieldKind, Form, PersonPart};
use serde::Serialize;
use serde_json::Value as Json;

use super::words::part_label;
use super::{FormContext, check};
use crate::state::{Answers, Source};

/// A question group with its answers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DisplaySection {
    /// Section id, for the link back.
    pub id: String,
    /// Heading.
    pub title: String,
    /// Its answered fields.
    pub items: Vec<DisplayItem>,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DisplayItem {
    /// Field id.
    pub field: String,
    /// The question.
    pub label: String,
    /// The answer in one line (several for a long text); empty when not answered.
    pub text: String,
    /// The same taken apart: the parts of a person, the rows of a group.
    pub parts: Vec<DisplayPart>,
    /// Where it was filled from, if it was and was not changed since.
    pub source: Option<Source>,
}

/// A part of an answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DisplayPart {
    /// Name of the part, such as "Ngày, tháng, năm sinh" or "Người làm chứng thứ 1".
    pub label: String,
    /// Its text.
    pub text: String,
}

/// The visible sections with their visible fields, answered or not, in the order of the form.
pub fn display(
    form: &Form,
    answers: &Answers,
    sources: &BTreeMap<String, Source>,
    ctx: &FormContext<'_>,
) -> Vec<DisplaySection> {
    let checked = check(form, answers, ctx, false);
    let sections = form.sections.iter().filter(|section| checked.visible.contains(&section.id));
    sections
        .map(|section| {
            let asked = section.fields.iter().filter(|field| checked.visible.contains(&field.id));
            let items = asked.map(|field| {
                let value = checked.answers.get(&field.id).unwrap_or(&Json::Null);
                item(field, value, sources, ctx)
            });
            DisplaySection {
                id: section.id.clone(),
                title: section.title.vi.clone(),
                items: items.collect(),
            }
        })
        .collect()
}

fn item(
    field: &Field,
    value: &Json,
    sources: &BTreeMap<String, Source>,
    ctx: &FormContext<'_>,
) -> DisplayItem {
    DisplayItem {
        field: field.id.clone(),
        label: field.label.vi.clone(),
        text: display_value(&field.kind, value, ctx),
        parts: parts(&field.kind, value, ctx),
        source: sources.get(&field.id).filter(|_| !value.is_null()).cloned(),
    }
}

/// One answer as text: labels for codes, dates as 05/11/2026, addresses in one line.
pub fn display_value(kind: &FieldKind, value: &Json, ctx: &FormContext<'_>) -> String {
    match kind {
        FieldKind::Text { .. } | FieldKind::LongText { .. } => plain(value),
        FieldKind::Number { unit, .. } => number(value, unit),
        FieldKind::Date { .. } | FieldKind::PartialDate { .. } => date(value),
        FieldKind::YesNo => match value.as_bool() {
            Some(true) => "Có".to_owned(),
            Some(false) => "Không".to_owned(),
            None => plain(value),
        },
        FieldKind::Choice { options, list } => match list {
            Some(list) if options.is_empty() => option_text(ctx.list(list), value),
            _ => option_text(Some(options), value),
        },
        FieldKind::Person { .. } => {
            let parts = parts(kind, value, ctx);
            let texts: Vec<String> = parts.into_iter().map(|part| part.text).collect();
            texts.join(", ")
        }
        FieldKind::Address { .. } => address_text(value, ctx),
        FieldKind::File { .. } => {
            let ids = value.as_array().map(Vec::as_slice).unwrap_or_default();
            let names = ids.iter().filter_map(Json::as_str).filter_map(|id| (ctx.uploads)(id));
            names.map(|file| file.name).collect::<Vec<_>>().join(", ")
        }
        FieldKind::Group { .. } => {
            let rows = parts(kind, value, ctx);
            rows.into_iter().map(|row| row.text).collect::<Vec<_>>().join("; ")
        }
    }
}

fn parts(kind: &FieldKind, value: &Json, ctx: &FormContext<'_>) -> Vec<DisplayPart> {
    match kind {
        FieldKind::Person { parts, .. } => {
            let given = parts.iter().filter_map(|part| {
                let value = value.get(part.key())?;
                let text = person_part(*part, value, ctx);
                Some(DisplayPart { label: part_label(*part).to_owned(), text })
            });
            given.filter(|part| !part.text.is_empty()).collect()
        }
        FieldKind::Group { fields, row_name, .. } => {
            let rows = value.as_array().map(Vec::as_slice).unwrap_or_default();
            let numbered = rows.iter().zip(1..);
            numbered
                .map(|(row, number)| DisplayPart {
                    label: vi::capitalised(&format!("{} thứ {number}", row_name.vi)),
                    text: row_text(fields, row, ctx),
                })
                .collect()
        }
        _ => Vec::new(),
    }
}

fn row_text(fields: &[Field], row: &Json, ctx: &FormContext<'_>) -> String {
    let given = fields.iter().filter_map(|field| {
        let text = display_value(&field.kind, row.get(&field.id)?, ctx);
        (!text.is_empty()).then(|| format!("{}: {text}", field.label.vi))
    });
    given.collect::<Vec<_>>().join(", ")
}

fn person_part(part: PersonPart, value: &Json, ctx: &FormContext<'_>) -> String {
    match part {
        PersonPart::BirthDate => date(value),
        PersonPart::Sex | PersonPart::Ethnicity | PersonPart::Nationality => {
            option_text(ctx.list(part.key()), value)
        }
        PersonPart::Residence => address_text(value, ctx),
        PersonPart::Number | PersonPart::Name | PersonPart::IdentityPaper | PersonPart::Phone => {
            plain(value)
        }
    }
}

/// What is incomplete reads as far as it goes, so that a draft can be shown.
fn address_text(value: &Json, ctx: &FormContext<'_>) -> String {
    let part = |key: &str| value.get(key).and_then(Json::as_str).unwrap_or_default();
    let known = ctx.content.address_text(part("province"), part("commune"), part("detail"));
    let unmapped = ["former_ward", "former_district", "former_province"].map(part);
    let typed: Vec<&str> = unmapped.into_iter().filter(|name| !name.is_empty()).collect();
    match (part("former"), typed.as_slice()) {
        ("", []) => known,
        ("", typed) if known.is_empty() => typed.join(", "),
        ("", typed) => format!("{known}, {}", typed.join(", ")),
        (former, _) => format!("{known} (trước 01/7/2025: {former})"),
    }
}

fn option_text(options: Option<&[ChoiceOption]>, value: &Json) -> String {
    let code = value.as_str().unwrap_or_default();
    let option = options.and_then(|options| options.iter().find(|option| option.code == code));
    option.map_or_else(|| plain(value), |option| option.label.vi.clone())
}

fn date(value: &Json) -> String {
    let date: Option<PartialDate> = value.as_str().and_then(|text| text.parse().ok());
    date.map_or_else(|| plain(value), PartialDate::text)
}

fn number(value: &Json, unit: &str) -> String {
    let Some(number) = value.as_i64() else {
        return plain(value);
    };
    match unit.trim() {
        "" => vi::number(number),
        unit => format!("{} {unit}", vi::number(number)),
    }
}

/// What has no other form: a text, or what a draft kept as it was typed.
fn plain(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Number(number) => number.to_string(),
        _ => String::new(),
    }
}
