//! TOML text to a table with places, and its faults in Vietnamese.

use std::collections::HashMap;
use std::ops::Range;

use toml::de::{DeTable, DeValue};

use crate::problem::{Diagnostics, Document};

/// A file that has been parsed as far as it can be.
pub(crate) struct TomlFile<'s> {
    pub document: Document<'s>,
    pub table: DeTable<'s>,
}

impl<'s> TomlFile<'s> {
    /// Parses what can be parsed and reports the rest.
    pub fn parse(path: &'s str, text: &'s str, diagnostics: &Diagnostics) -> Self {
        let (root, errors) = DeTable::parse_recoverable(text);
        let mut spans = HashMap::new();
        let table = root.into_inner();
        index_table(&table, "", &mut spans);
        let document = Document { path, text, spans };
        for error in errors {
            let offset = error.span().map_or(text.len(), |span| span.start);
            diagnostics.syntax_error(&document, offset, vietnamese(error.message()));
        }
        TomlFile { document, table }
    }
}

/// The whole number that a TOML value holds.
pub(crate) fn integer_of(value: &DeValue) -> Option<i64> {
    let number = value.as_integer()?;
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}

fn index_table(table: &DeTable, prefix: &str, spans: &mut HashMap<String, Range<usize>>) {
    for (key, value) in table.iter() {
        index_value(
            value.get_ref(),
            value.span(),
            format!("{prefix}{}", key.get_ref()),
            spans,
        );
    }
}

fn index_value(
    value: &DeValue,
    span: Range<usize>,
    at: String,
    spans: &mut HashMap<String, Range<usize>>,
) {
    match value {
        DeValue::Table(inner) => index_table(inner, &format!("{at}."), spans),
        DeValue::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                index_value(item.get_ref(), item.span(), format!("{at}.{index}"), spans);
            }
        }
        _ => {}
    }
    spans.insert(at, span);
}

/// The parser speaks English; pack authors read Vietnamese.
fn vietnamese(message: &str) -> String {
    let (what, expected) = message.split_once(", expected ").unwrap_or((message, ""));
    let translated = match what {
        "duplicate key" => "khóa này đã có ở trên",
        "string values must be quoted" => "chữ phải đặt trong dấu nháy",
        "extra `=`" | "unexpected `=` in array" => "thừa dấu =",
        "key with no value" | "missing value for key" | "missing value" => "khóa chưa có giá trị",
        "invalid value" => "giá trị không hợp lệ",
        "invalid key-value pair" | "missing assignment between key-value pairs" => {
            "phải viết theo dạng: khóa = giá trị"
        }
        "invalid unquoted key" | "unquoted keys cannot be empty" => {
            "tên khóa chỉ gồm chữ không dấu, số, dấu - và _"
        }
        "unclosed array" | "missing array opening" => "danh sách [ ] chưa đóng hoặc chưa mở",
        "unclosed inline table" | "missing inline table opening" => {
            "bảng { } chưa đóng hoặc chưa mở"
        }
        "unclosed table" | "unclosed array table" | "missing table open" => {
            "tên bảng [ ] hoặc [[ ]] chưa đóng"
        }
        "missing comma between array elements" | "missing comma between key-value pairs" => {
            "thiếu dấu phẩy"
        }
        "extra comma in array" | "extra comma in inline table" => "thừa dấu phẩy",
        "missing opening quote" => "thiếu dấu nháy",
        "unexpected leading zero" => "số không bắt đầu bằng 0",
        "missing escaped value" | "too few unicode value digits" => "ký tự sau dấu \\ không hợp lệ",
        "cannot recurse further; max recursion depth met" | "recursion limit" => "lồng quá sâu",
        _ if what.starts_with("invalid") && expected.contains("string") => {
            "chuỗi chưa đóng hoặc có ký tự không hợp lệ"
        }
        _ if what.starts_with("unexpected") => "chỗ này không đọc được",
        _ => return format!("Sai cú pháp TOML ({message})."),
    };
    format!("Sai cú pháp TOML: {translated}.")
}
