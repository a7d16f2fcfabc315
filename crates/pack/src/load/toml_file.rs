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
        index_value(value.get_ref(), value.span(), format!("{prefix}{}", key.get_ref()), spans);
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
    let what = message.split_once(", expected ").map_or(message, |(what, _)| what);
    let translated = match what {
        "duplicate key" => "khóa này đã có ở trên",
        "string values must be quoted" => "thiếu giá trị, hoặc chữ chưa đặt trong dấu nháy",
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
        _ if what.contains("string") => "chuỗi chưa đóng hoặc có ký tự không hợp lệ",
        _ if what.starts_with("invalid date") => {
            "ngày không có thật hoặc viết sai; viết như 2026-01-31"
        }
        _ if what.starts_with("cannot extend") => "khóa này đã có giá trị ở trên",
        _ if what.starts_with("invalid") => "giá trị không hợp lệ",
        _ if what.starts_with("unexpected") => "chỗ này không đọc được",
        _ => return format!("Sai cú pháp TOML ({message})."),
    };
    format!("Sai cú pháp TOML: {translated}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Parses and expects a piece of the first message.
    fn check(text: &str, piece: &str) {
        let diagnostics = Diagnostics::default();
        TomlFile::parse("a.toml", text, &diagnostics);
        let problems = diagnostics.into_problems();
        let message = problems.first().map_or("", |problem| problem.message.as_str());
        assert!(message.contains(piece) && !message.contains('('), "{text}: {message}");
    }

    #[test]
    fn faults_of_syntax_are_told_in_vietnamese() {
        check("a = ", "thiếu giá trị");
        check("a = x", "chưa đặt trong dấu nháy");
        check("a = \"x", "chuỗi chưa đóng");
        check("a = 'x\nb = 1", "chuỗi chưa đóng");
        check("a = \"\\q\"", "sau dấu \\ không hợp lệ");
        check("a = [1, 2", "chưa đóng");
        check("a = { b = 1", "chưa đóng");
        check("[t", "chưa đóng");
        check("a b = 1", "chưa có giá trị");
        check("= 1", "tên khóa");
        check("a = 2025-02-30", "ngày không có thật");
        check("a = 01", "không bắt đầu bằng 0");
        check("a = tru", "giá trị không hợp lệ");
        check("a = 1 b = 2", "không đọc được");
        check("a = 1\na = 2", "đã có ở trên");
        check("a = 1\na.b = 2", "đã có giá trị ở trên");
        check("[t]\n[t]", "đã có ở trên");
    }
}
