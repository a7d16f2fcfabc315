//! The register entry that a dossier is to become: as the form gives it, as it was drafted, as boxes
//! in which an officer mends it.

use std::sync::Arc;

use app::App;
use app::dossiers::DossierView;
use kernel::partial_date::{PartialDate, parse_date_input};
use kernel::problem::Problem;
use pack::Content;
use pack::expr;
use pack::model::{AmendRule, EntryRule, Register, RegisterField, ValueKind};
use register::display_value;
use serde_json::{Map, Value};

use super::compare::verdict;
use crate::page::field::{FieldView, Input, RADIO_LIMIT, TextShape};
use crate::page::parts::OptionView;
use crate::page::workbench::{CompareRow, Verdict};
use crate::pages::views::form_context;

/// Before the names of the boxes.
const PREFIX: &str = "entry.";
/// Longest text that is read whole in a box of one line, in characters.
const ONE_LINE: usize = 28;
/// Longest text in one column, in characters.
const LONGEST: u32 = 2_000;

/// What a dossier is to write into a register.
pub(super) struct EntrySide {
    /// The register.
    pub(super) register: Arc<Register>,
    /// Register field to value, as the answers give it; of an amendment only what changes.
    pub(super) given: Map<String, Value>,
    /// What the entry says before an amendment.
    pub(super) before: Option<Map<String, Value>>,
}

impl EntrySide {
    /// What this dossier writes; none where its procedure writes no register.
    pub(super) fn of(app: &App, view: &DossierView) -> Option<Self> {
        match (&view.procedure.entry, &view.procedure.amend) {
            (Some(rule), _) => Self::entering(app, view, rule),
            (None, Some(rule)) => Self::amending(app, view, rule),
            (None, None) => None,
        }
    }

    fn entering(app: &App, view: &DossierView, rule: &EntryRule) -> Option<Self> {
        let register = app.content().registers.get(&rule.register)?;
        let given = form_context(app, view, |ctx| {
            let facts = ctx.facts(&view.procedure.form, &view.dossier.answers);
            rule.fields
                .iter()
                .map(|(field, expression)| {
                    (field.clone(), expr::eval(expression, &facts).to_json())
                })
                .filter(|(_, value)| !value.is_null())
                .collect()
        });
        Some(Self { register: Arc::clone(register), given, before: None })
    }

    fn amending(app: &App, view: &DossierView, rule: &AmendRule) -> Option<Self> {
        let found = view.found.get(&rule.lookup).and_then(Value::as_object)?;
        let register = found.get("register").and_then(Value::as_str)?;
        let register = app.content().registers.get(register)?;
        let rows = view.dossier.answers.get(&rule.changes).and_then(Value::as_array);
        let changes = rows.into_iter().flatten().filter_map(|row| {
            let field = row.get(&rule.field)?.as_str()?;
            let value = rule.new_value(row, register.field(field)?)?;
            Some((field.to_owned(), value.clone()))
        });
        Some(Self {
            register: Arc::clone(register),
            given: changes.collect(),
            before: Some(found.clone()),
        })
    }

    /// What stands in the draft, or what would be drafted now.
    pub(super) fn draft<'a>(&'a self, view: &'a DossierView) -> &'a Map<String, Value> {
        view.dossier.draft_entry.as_ref().map_or(&self.given, |draft| &draft.fields)
    }

    /// The draft beside the form; of an amendment beside what the register says now.
    pub(super) fn rows(&self, content: &Content, draft: &Map<String, Value>) -> Vec<CompareRow> {
        let fields = self.register.fields.iter();
        let shown = fields.filter(|field| match &self.before {
            Some(_) => draft.contains_key(&field.id) || self.given.contains_key(&field.id),
            None => true,
        });
        shown.map(|field| self.row(content, field, draft)).collect()
    }

    fn row(
        &self,
        content: &Content,
        field: &RegisterField,
        draft: &Map<String, Value>,
    ) -> CompareRow {
        let text = |fields: &Map<String, Value>| {
            display_value(&field.kind, content, fields.get(&field.id).unwrap_or(&Value::Null))
        };
        let answer = text(draft);
        let known = text(self.before.as_ref().unwrap_or(&self.given));
        let verdict = match (answer.is_empty(), known.is_empty()) {
            (true, true) => Verdict::NotHeld,
            (true, false) | (false, true) => Verdict::Differs,
            (false, false) => verdict(&answer, &known),
        };
        CompareRow {
            label: field.label.vi.clone(),
            answer,
            known,
            verdict,
            ..CompareRow::default()
        }
    }

    /// The draft as boxes; what was typed stays, even when wrong.
    pub(super) fn boxes(
        &self,
        content: &Content,
        draft: &Map<String, Value>,
        typed: &[(String, String)],
        problems: &[Problem],
    ) -> Vec<FieldView> {
        let fields = self.register.fields.iter();
        let shown = fields.filter(|field| self.before.is_none() || draft.contains_key(&field.id));
        shown
            .map(|field| {
                let name = format!("{PREFIX}{}", field.id);
                let value = draft.get(&field.id).unwrap_or(&Value::Null);
                let typed = typed.iter().find(|(key, _)| *key == name);
                let text =
                    typed.map_or_else(|| box_text(content, field, value), |(_, text)| text.clone());
                let inside = format!("{name}.");
                let fault = problems
                    .iter()
                    .find(|problem| problem.path == name || problem.path.starts_with(&inside));
                FieldView {
                    id: FieldView::id_of(&name),
                    input: input(content, field, text),
                    label: field.label.vi.clone(),
                    help: help(&field.kind).to_owned(),
                    error: fault.map(|fault| fault.message.clone()),
                    required: field.required,
                    name,
                    ..FieldView::default()
                }
            })
            .collect()
    }

    /// What the boxes say differently from the answers: only this is sent on, so that what the answers
    /// give stays bound to them.
    pub(super) fn changes(
        &self,
        content: &Content,
        typed: &[(String, String)],
    ) -> Map<String, Value> {
        let mut changes = Map::new();
        for field in &self.register.fields {
            let name = format!("{PREFIX}{}", field.id);
            let Some((_, text)) = typed.iter().find(|(key, _)| *key == name) else {
                continue;
            };
            let given = self.given.get(&field.id).unwrap_or(&Value::Null);
            if text.trim() != box_text(content, field, given).trim() {
                changes.insert(field.id.clone(), value_of(field, text));
            }
        }
        changes
    }
}

fn help(kind: &ValueKind) -> &'static str {
    match kind {
        ValueKind::Address => "Ghi đủ số nhà hoặc ấp, tên xã, tên tỉnh hiện nay",
        _ => "",
    }
}

/// What a box shows: codes as codes, all else as people read it.
fn box_text(content: &Content, field: &RegisterField, value: &Value) -> String {
    match (&field.kind, value) {
        (ValueKind::Code(_), Value::String(code)) => code.clone(),
        (ValueKind::YesNo, Value::Bool(yes)) => yes.to_string(),
        _ => display_value(&field.kind, content, value),
    }
}

fn input(content: &Content, field: &RegisterField, value: String) -> Input {
    let line = |value, shape| Input::Text { value, shape, max_length: LONGEST };
    match &field.kind {
        ValueKind::Text | ValueKind::Address if value.chars().count() > ONE_LINE => {
            Input::LongText { value, max_length: LONGEST }
        }
        ValueKind::Text | ValueKind::Address => line(value, TextShape::Plain),
        ValueKind::PersonNumber => line(value, TextShape::PersonNumber),
        ValueKind::Number => Input::Number { value, unit: String::new() },
        ValueKind::Date => Input::Date { value, partial: false },
        ValueKind::PartialDate => Input::Date { value, partial: true },
        ValueKind::YesNo => Input::YesNo { value: value.parse().ok() },
        ValueKind::Code(list) => {
            let items = content.code_lists.get(list).map(|list| list.items.as_slice());
            // A drop-down list has a blank line of its own.
            let is_short = items.is_some_and(|items| items.len() < RADIO_LIMIT);
            let blank = (!field.required && is_short).then_some(("", "Không ghi"));
            let items = items.into_iter().flatten();
            let items = items.map(|item| (item.code.as_str(), item.label.vi.as_str()));
            let options = blank.into_iter().chain(items).map(|(code, label)| OptionView {
                value: code.to_owned(),
                label: label.to_owned(),
                selected: code == value,
            });
            Input::Choice { options: options.collect() }
        }
    }
}

/// What was typed as a value of this column; what does not read as one stays text, and the register
/// says what is wrong with it.
fn value_of(field: &RegisterField, typed: &str) -> Value {
    let typed = typed.trim();
    if typed.is_empty() {
        return Value::Null;
    }
    let read = match &field.kind {
        ValueKind::Number => typed.parse::<i64>().ok().map(Value::from),
        ValueKind::YesNo => typed.parse::<bool>().ok().map(Value::from),
        ValueKind::Date => parse_date_input(typed).ok().map(|day| day.to_string().into()),
        ValueKind::PartialDate => {
            PartialDate::parse_input(typed).ok().map(|day| day.to_string().into())
        }
        ValueKind::Text | ValueKind::Code(_) | ValueKind::PersonNumber | ValueKind::Address => None,
    };
    read.unwrap_or_else(|| typed.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use pack::model::{IndexKind, Label};
    use serde_json::json;

    fn field(id: &str, kind: ValueKind) -> RegisterField {
        RegisterField {
            id: id.to_owned(),
            label: Label { vi: id.to_owned(), en: String::new() },
            kind,
            required: false,
            index: IndexKind::None,
            amendable: true,
        }
    }

    #[test]
    fn what_is_typed_becomes_a_value_of_its_column() {
        let read = |kind, typed: &str| value_of(&field("x", kind), typed);
        assert_eq!(read(ValueKind::Date, "5/11/2026"), json!("2026-11-05"));
        assert_eq!(read(ValueKind::PartialDate, "11/1998"), json!("1998-11"));
        assert_eq!(read(ValueKind::Number, " 3 "), json!(3));
        assert_eq!(read(ValueKind::YesNo, "true"), json!(true));
        assert_eq!(read(ValueKind::Text, "  "), Value::Null);
    }

    #[test]
    fn what_cannot_be_read_is_kept_as_typed_for_the_register_to_refuse() {
        assert_eq!(value_of(&field("x", ValueKind::Date), "31/02/2026"), json!("31/02/2026"));
        assert_eq!(value_of(&field("x", ValueKind::Number), "ba"), json!("ba"));
    }
}
