//! Reads one TOML table key by key, remembers which keys were asked for, and reports the rest.
//!
//! The reading functions are the only place that knows which keys a file may have. Run in
//! *describing* mode on an empty table, they yield the JSON Schema for editors, so that the schema
//! can never say something else than the loader.

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::civil::Date;
use serde_json::{Map, Value as Json, json};
use toml::de::{DeTable, DeValue};

use super::toml_file::integer_of;
use crate::expr::{self, Expression};
use crate::model::{Label, TimeLimit};
use crate::nearest::did_you_mean;
use crate::problem::{Diagnostics, Document};

pub(crate) struct Reader<'a> {
    pub document: &'a Document<'a>,
    pub diagnostics: &'a Diagnostics,
    table: &'a DeTable<'a>,
    /// Way from the top of the file to this table, empty or ending in a dot.
    prefix: String,
    known: Vec<String>,
    shape: Option<Shape>,
}

/// The JSON Schema of a table while it is being described.
#[derive(Default)]
struct Shape {
    properties: Map<String, Json>,
    required: Vec<Json>,
}

impl<'a> Reader<'a> {
    /// Reads a whole file.
    pub fn read<T>(
        document: &'a Document<'a>,
        diagnostics: &'a Diagnostics,
        table: &'a DeTable<'a>,
        read: impl FnOnce(&mut Reader<'a>) -> T,
    ) -> T {
        let prefix = String::new();
        let mut reader =
            Reader { document, diagnostics, table, prefix, known: Vec::new(), shape: None };
        let value = read(&mut reader);
        reader.finish();
        value
    }

    /// The JSON Schema of what `read` asks for.
    pub fn describe<T>(read: impl Fn(&mut Reader) -> T) -> Json {
        let (document, diagnostics) = (Document::default(), Diagnostics::default());
        let table = DeTable::new();
        let mut reader = Reader {
            document: &document,
            diagnostics: &diagnostics,
            table: &table,
            prefix: String::new(),
            known: Vec::new(),
            shape: Some(Shape::default()),
        };
        read(&mut reader);
        reader.into_schema()
    }

    fn into_schema(self) -> Json {
        let shape = self.shape.unwrap_or_default();
        let mut schema = json!({
            "type": "object",
            "additionalProperties": false,
            "properties": shape.properties,
        });
        if !shape.required.is_empty()
            && let Some(object) = schema.as_object_mut()
        {
            object.insert("required".to_owned(), shape.required.into());
        }
        schema
    }

    /// Are the keys only being described? Then every branch must be read.
    pub fn is_describing(&self) -> bool {
        self.shape.is_some()
    }

    /// Describes keys that only some tables of this kind have: none of them is required.
    pub fn describe_branch<T>(&mut self, read: impl Fn(&mut Reader<'a>) -> T) {
        let required = self.shape.as_ref().map_or(0, |shape| shape.required.len());
        read(self);
        if let Some(shape) = &mut self.shape {
            shape.required.truncate(required);
        }
    }

    /// The way from the top of the file to a key of this table.
    pub fn at(&self, key: &str) -> String {
        format!("{}{key}", self.prefix)
    }

    pub fn error(&self, key: &str, code: &str, message: impl Into<String>) {
        self.diagnostics.error(self.document, &self.at(key), code, message);
    }

    /// Is the key written in the file, well or badly?
    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// The text of a key without asking for it.
    pub fn peek_text(&self, key: &str) -> Option<&'a str> {
        self.table.get(key)?.get_ref().as_str()
    }

    fn take(&mut self, key: &str, schema: impl FnOnce() -> Json) -> Option<&'a DeValue<'a>> {
        self.known.push(key.to_owned());
        if let Some(shape) = &mut self.shape {
            shape.properties.insert(key.to_owned(), schema());
        }
        self.table.get(key).map(|value| value.get_ref())
    }

    /// Reports a required key that is not there. A key that is there but wrong has been reported.
    fn require(&mut self, key: &str, found: bool) {
        if let Some(shape) = &mut self.shape {
            shape.required.push(key.into());
        } else if !found && !self.has(key) {
            self.error(key, "missing-key", format!("Thiếu khóa “{key}”."));
        }
    }

    fn wrong_type(&self, key: &str, wanted: &str) {
        self.error(key, "wrong-type", format!("“{key}” phải là {wanted}."));
    }

    fn string(&mut self, key: &str, schema: Json, wanted: &str) -> Option<&'a str> {
        let value = self.take(key, || schema)?;
        if value.as_str().is_none() {
            self.wrong_type(key, wanted);
        }
        value.as_str()
    }

    /// A text; empty when absent.
    pub fn text(&mut self, key: &str) -> String {
        self.optional_text(key).unwrap_or_default()
    }

    pub fn optional_text(&mut self, key: &str) -> Option<String> {
        self.string(key, json!({"type": "string"}), "chữ trong dấu nháy").map(str::to_owned)
    }

    /// A text that must be there and must not be blank.
    pub fn required_text(&mut self, key: &str) -> String {
        let found = self.optional_text(key);
        self.require(key, found.is_some());
        if found.as_deref().is_some_and(|text| text.trim().is_empty()) {
            self.error(key, "blank", format!("“{key}” không được để trống."));
        }
        found.unwrap_or_default()
    }

    /// A label: `name = "…"` and, if wanted, `name_en = "…"`.
    pub fn label(&mut self, key: &str) -> Label {
        Label { vi: self.text(key), en: self.text(&format!("{key}_en")) }
    }

    pub fn required_label(&mut self, key: &str) -> Label {
        Label { vi: self.required_text(key), en: self.text(&format!("{key}_en")) }
    }

    /// Labels: `audience = ["…"]` and, if wanted, `audience_en = ["…"]` of the same length.
    pub fn labels(&mut self, key: &str) -> Vec<Label> {
        let english_key = format!("{key}_en");
        let vietnamese = self.texts(key);
        let english = self.texts(&english_key);
        if !english.is_empty() && english.len() != vietnamese.len() {
            let message = format!("“{english_key}” phải có đúng {} mục.", vietnamese.len());
            self.error(&english_key, "wrong-length", message);
        }
        let mut english = english.into_iter();
        let label = |vi| Label { vi, en: english.next().unwrap_or_default() };
        vietnamese.into_iter().map(label).collect()
    }

    /// A list of texts; empty when absent.
    pub fn texts(&mut self, key: &str) -> Vec<String> {
        let schema = || json!({"type": "array", "items": {"type": "string"}});
        let Some(value) = self.take(key, schema) else {
            return Vec::new();
        };
        let Some(items) = value.as_array() else {
            self.wrong_type(key, "danh sách chữ, như [\"a\", \"b\"]");
            return Vec::new();
        };
        let mut texts = Vec::new();
        for (index, item) in items.iter().enumerate() {
            match item.get_ref().as_str() {
                Some(text) => texts.push(text.to_owned()),
                None => self.wrong_type(&format!("{key}.{index}"), "chữ trong dấu nháy"),
            }
        }
        texts
    }

    /// Lists of texts: `[["a", "b"], …]`.
    pub fn text_groups(&mut self, key: &str) -> Vec<Vec<String>> {
        let item = json!({"type": "array", "items": {"type": "string"}});
        let value = self.take(key, || json!({"type": "array", "items": item}));
        self.require(key, value.is_some());
        let mut groups = Vec::new();
        for (index, group) in value.and_then(DeValue::as_array).into_iter().flatten().enumerate() {
            let words: Option<Vec<String>> = group.get_ref().as_array().and_then(|words| {
                words.iter().map(|word| word.get_ref().as_str().map(str::to_owned)).collect()
            });
            match words {
                Some(words) => groups.push(words),
                None => self.wrong_type(&format!("{key}.{index}"), "danh sách chữ"),
            }
        }
        groups
    }

    pub fn integer(&mut self, key: &str) -> Option<i64> {
        let value = self.take(key, || json!({"type": "integer"}))?;
        let number = integer_of(value);
        if number.is_none() {
            self.wrong_type(key, "số nguyên");
        }
        number
    }

    /// A whole number within bounds, or the default when it is absent or wrong.
    pub fn integer_within(&mut self, key: &str, bounds: Range<u32>, default: u32) -> u32 {
        self.optional_integer_within(key, bounds).unwrap_or(default)
    }

    pub fn optional_integer_within(&mut self, key: &str, bounds: Range<u32>) -> Option<u32> {
        let number = self.integer(key)?;
        let within = u32::try_from(number).ok().filter(|number| bounds.contains(number));
        if within.is_none() {
            let last = bounds.end.saturating_sub(1);
            let message = format!("“{key}” phải từ {} đến {last}.", bounds.start);
            self.error(key, "out-of-range", message);
        }
        within
    }

    /// A list of whole numbers.
    pub fn integers(&mut self, key: &str) -> Vec<i64> {
        let schema = || json!({"type": "array", "items": {"type": "integer"}});
        let value = self.take(key, schema);
        self.require(key, value.is_some());
        let items = value.and_then(DeValue::as_array).into_iter().flatten();
        let numbers: Vec<Option<i64>> = items.map(|item| integer_of(item.get_ref())).collect();
        if value.is_some() && (numbers.is_empty() || numbers.contains(&None)) {
            self.wrong_type(key, "danh sách số nguyên");
        }
        numbers.into_iter().flatten().collect()
    }

    /// True or false; false when absent.
    pub fn flag(&mut self, key: &str) -> bool {
        let Some(value) = self.take(key, || json!({"type": "boolean"})) else {
            return false;
        };
        if value.as_bool().is_none() {
            self.wrong_type(key, "true hoặc false");
        }
        value.as_bool().unwrap_or_default()
    }

    /// A day, as a TOML date or as a text: `2026-01-31`.
    pub fn date(&mut self, key: &str) -> Option<Date> {
        let value = self.take(key, || json!({"type": "string", "format": "date"}))?;
        let written = match value {
            DeValue::Datetime(found) if found.time.is_none() => found.to_string(),
            DeValue::String(text) => text.to_string(),
            _ => String::new(),
        };
        let date = written.parse().ok().filter(|_| written.len() == "2026-01-31".len());
        if date.is_none() {
            self.wrong_type(key, "ngày, như 2026-01-31");
        }
        date
    }

    pub fn required_date(&mut self, key: &str) -> Date {
        let date = self.date(key);
        self.require(key, date.is_some());
        date.unwrap_or_default()
    }

    /// One of a closed list of words.
    pub fn one_of<T: Clone>(&mut self, key: &str, words: &[(&str, T)]) -> Option<T> {
        let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let schema = json!({"type": "string", "enum": names});
        let word = self.string(key, schema, "chữ trong dấu nháy")?;
        self.word(key, word, words)
    }

    pub fn required_one_of<T: Clone>(&mut self, key: &str, words: &[(&str, T)]) -> Option<T> {
        let found = self.one_of(key, words);
        self.require(key, found.is_some());
        found
    }

    /// A list of words of a closed list.
    pub fn many_of<T: Clone>(&mut self, key: &str, words: &[(&str, T)]) -> Vec<T> {
        let written = self.texts(key);
        let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        if let Some(items) = self.shape.as_mut().and_then(|shape| shape.properties.get_mut(key)) {
            *items = json!({"type": "array", "items": {"type": "string", "enum": names}});
        }
        let read =
            |(index, word): (usize, &String)| self.word(&format!("{key}.{index}"), word, words);
        written.iter().enumerate().filter_map(read).collect()
    }

    fn word<T: Clone>(&self, key: &str, word: &str, words: &[(&str, T)]) -> Option<T> {
        let found = words.iter().find(|(known, _)| *known == word).map(|(_, value)| value.clone());
        if found.is_none() {
            let names = || words.iter().map(|(known, _)| *known);
            let all = names().collect::<Vec<_>>().join(", ");
            let hint = did_you_mean(word, names());
            let message = format!("“{word}” không có trong: {all}.{hint}");
            self.error(key, "unknown-word", message);
        }
        found
    }

    /// A legal time: `same-day`, `3 working-days`, `8 working-hours`, `30 days`.
    pub fn limit(&mut self, key: &str) -> Option<TimeLimit> {
        let pattern = "^(same-day|[1-9][0-9]* (working-days?|working-hours?|days?))$";
        let schema = json!({"type": "string", "pattern": pattern});
        let written = self.string(key, schema, "chữ, như \"3 working-days\"")?;
        let limit = parse_limit(written);
        if limit.is_none() {
            let message = format!(
                "“{written}” không phải thời hạn; viết same-day, 3 working-days, 8 working-hours hoặc 30 days."
            );
            self.error(key, "bad-limit", message);
        }
        limit
    }

    pub fn required_limit(&mut self, key: &str) -> Option<TimeLimit> {
        let limit = self.limit(key);
        self.require(key, limit.is_some());
        limit
    }

    /// An expression of the pack language. One with a syntax error is reported and stands as one
    /// that fits everywhere.
    pub fn expression(&mut self, key: &str) -> Option<Expression> {
        let schema = json!({"type": "string", "description": "biểu thức"});
        let source = self.string(key, schema, "biểu thức trong dấu nháy")?;
        Some(self.parse_expression(key, source))
    }

    pub fn required_expression(&mut self, key: &str) -> Expression {
        let found = self.expression(key);
        self.require(key, found.is_some());
        found.unwrap_or_else(|| Expression::invalid(""))
    }

    fn parse_expression(&self, key: &str, source: &str) -> Expression {
        expr::parse(source).unwrap_or_else(|errors| {
            let at = self.at(key);
            for error in errors {
                let (document, offset) = (self.document, error.offset);
                self.diagnostics.error_inside(document, &at, offset, "expression", error.message);
            }
            Expression::invalid(source)
        })
    }

    /// A list of expressions.
    pub fn expressions(&mut self, key: &str) -> Vec<Expression> {
        let sources = self.texts(key);
        let read = |(index, source): (usize, &String)| {
            self.parse_expression(&format!("{key}.{index}"), source)
        };
        sources.iter().enumerate().map(read).collect()
    }

    /// A table of name = expression.
    pub fn expression_table(&mut self, key: &str) -> BTreeMap<String, Expression> {
        let schema = || json!({"type": "object", "additionalProperties": {"type": "string"}});
        let Some(value) = self.take(key, schema) else {
            return BTreeMap::new();
        };
        let Some(table) = value.as_table() else {
            self.wrong_type(key, "bảng tên = biểu thức");
            return BTreeMap::new();
        };
        let mut expressions = BTreeMap::new();
        for (name, value) in table.iter() {
            let name: &str = name.get_ref();
            let inner = format!("{key}.{name}");
            match value.get_ref().as_str() {
                Some(source) => {
                    expressions.insert(name.to_owned(), self.parse_expression(&inner, source));
                }
                None => self.wrong_type(&inner, "biểu thức trong dấu nháy"),
            }
        }
        expressions
    }

    /// One inner table: `[time]`.
    pub fn table<T>(&mut self, key: &str, read: impl Fn(&mut Reader<'a>) -> T) -> Option<T> {
        if self.is_describing() {
            let described = self.describe_inner(&read);
            self.take(key, || described);
            return None;
        }
        let value = self.take(key, || Json::Null)?;
        let Some(table) = value.as_table() else {
            self.wrong_type(key, &format!("một bảng [{key}]"));
            return None;
        };
        Some(self.inner(table, key, &read))
    }

    pub fn required_table<T>(
        &mut self,
        key: &str,
        read: impl Fn(&mut Reader<'a>) -> T,
    ) -> Option<T> {
        let found = self.table(key, read);
        self.require(key, found.is_some());
        found
    }

    /// Inner tables: `[[paper]]`, or a list of inline tables.
    pub fn tables<T>(&mut self, key: &str, read: impl Fn(&mut Reader<'a>) -> T) -> Vec<T> {
        if self.is_describing() {
            let described = json!({"type": "array", "items": self.describe_inner(&read)});
            self.take(key, || described);
            return Vec::new();
        }
        let Some(value) = self.take(key, || Json::Null) else {
            return Vec::new();
        };
        let Some(items) = value.as_array() else {
            self.wrong_type(key, &format!("danh sách bảng [[{key}]]"));
            return Vec::new();
        };
        let mut values = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let inner = format!("{key}.{index}");
            match item.get_ref().as_table() {
                Some(table) => values.push(self.inner(table, &inner, &read)),
                None => self.wrong_type(&inner, "một bảng"),
            }
        }
        values
    }

    /// Inner tables of which there must be one at least.
    pub fn required_tables<T>(&mut self, key: &str, read: impl Fn(&mut Reader<'a>) -> T) -> Vec<T> {
        let found = self.tables(key, read);
        self.require(key, !found.is_empty());
        let written = self.table.get(key).and_then(|value| value.get_ref().as_array());
        if written.is_some_and(|items| items.is_empty()) {
            self.error(key, "blank", format!("“{key}” cần ít nhất một mục."));
        }
        found
    }

    fn inner<T>(
        &self,
        table: &'a DeTable<'a>,
        key: &str,
        read: &impl Fn(&mut Reader<'a>) -> T,
    ) -> T {
        let prefix = format!("{}.", self.at(key));
        let mut reader = Reader { table, prefix, known: Vec::new(), shape: None, ..*self };
        let value = read(&mut reader);
        reader.finish();
        value
    }

    fn describe_inner<T>(&self, read: &impl Fn(&mut Reader<'a>) -> T) -> Json {
        let (prefix, shape) = (String::new(), Some(Shape::default()));
        let mut reader = Reader { prefix, known: Vec::new(), shape, ..*self };
        read(&mut reader);
        reader.into_schema()
    }

    /// Reports the keys that nobody asked for.
    fn finish(&self) {
        for (key, _) in self.table.iter() {
            let written: &str = key.get_ref();
            if self.known.iter().any(|known| known == written) {
                continue;
            }
            let hint = did_you_mean(written, self.known.iter().map(String::as_str));
            let message = format!("Không có khóa “{written}” ở đây.{hint}");
            let offset = key.span().start;
            self.diagnostics.error_at(self.document, offset, "unknown-key", message);
        }
    }
}

fn parse_limit(written: &str) -> Option<TimeLimit> {
    let limit: TimeLimit = written.parse().ok()?;
    let length = match limit {
        TimeLimit::SameDay => return Some(limit),
        TimeLimit::WorkingHours(length)
        | TimeLimit::WorkingDays(length)
        | TimeLimit::Days(length) => length,
    };
    // A length of ten years is a slip of the keyboard, not a limit.
    (1..=3650).contains(&length).then_some(limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_a_number_and_a_unit() {
        assert_eq!(parse_limit("same-day"), Some(TimeLimit::SameDay));
        assert_eq!(parse_limit("3 working-days"), Some(TimeLimit::WorkingDays(3)));
        assert_eq!(parse_limit("1 working-hour"), Some(TimeLimit::WorkingHours(1)));
        assert_eq!(parse_limit("30 days"), Some(TimeLimit::Days(30)));
        for wrong in ["", "3", "0 days", "-1 days", "3  days", "3 weeks", "working-days 3"] {
            assert_eq!(parse_limit(wrong), None, "{wrong}");
        }
    }
}
