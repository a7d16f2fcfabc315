//! Reading what a person typed: each kind of answer made normal, every fault found.
//!
//! A reader never refuses to go on: what cannot be read stays as it was typed (within limits), so
//! that a draft loses nothing, and a problem says how to mend it.

use kernel::partial_date::{PartialDate, parse_date_input};
use kernel::problem::Problem;
use kernel::text::clean_line;
use pack::model::{ChoiceOption, Field, FieldKind, FileType, TextFormat};
use serde_json::Value as Json;

use super::FormContext;
use super::spot::Spot;
use super::text_format;
use super::words::Deed;
use crate::text::clean_lines;

/// Longest text that is looked at, in bytes, whatever the pack allows.
const MAX_TEXT_BYTES: usize = 100_000;
/// Longest upload id.
const MAX_ID_LENGTH: usize = 100;

/// Where a problem belongs, so that the problems of hidden fields can be dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    /// Place of the field in the form.
    pub(crate) field: usize,
    /// Row and place of the field in the row, for a group.
    pub(crate) inner: Option<(usize, usize)>,
}

/// Reads the answers of one form.
pub(crate) struct Reader<'a> {
    pub(crate) ctx: &'a FormContext<'a>,
    /// Are missing parts faults?
    pub(crate) complete: bool,
    /// What the next problems belong to.
    pub(crate) origin: Origin,
    pub(crate) problems: Vec<(Origin, Problem)>,
}

impl Reader<'_> {
    /// The normal form of an answer; `None` when nothing was answered.
    pub(crate) fn read(&mut self, kind: &FieldKind, raw: &Json, spot: &Spot<'_>) -> Option<Json> {
        if is_blank(raw) {
            return None;
        }
        match kind {
            FieldKind::Text { max_length, format } => {
                self.text(raw, spot, *max_length, |reader, text, spot| {
                    reader.formatted(*format, text, spot)
                })
            }
            FieldKind::LongText { max_length } => self.long_text(raw, spot, *max_length),
            FieldKind::Number { min, max, .. } => self.number(raw, spot, *min, *max),
            FieldKind::Date { allow_future } => self.date(raw, spot, *allow_future),
            FieldKind::PartialDate { allow_future } => self.partial_date(raw, spot, *allow_future),
            FieldKind::YesNo => self.yes_no(raw, spot),
            FieldKind::Choice { options, list } => {
                let options = match list {
                    Some(list) if options.is_empty() => self.ctx.list(list).unwrap_or_default(),
                    _ => options,
                };
                self.choice(raw, spot, options)
            }
            FieldKind::Person { parts, optional } => self.person(raw, spot, parts, optional),
            FieldKind::Address { detail_required } => self.address(raw, spot, *detail_required),
            FieldKind::File { max_files, max_megabytes, accept } => {
                self.files(raw, spot, *max_files, *max_megabytes, accept)
            }
            FieldKind::Group { fields, max, row_name, .. } => {
                self.rows(raw, spot, fields, *max, &row_name.vi)
            }
        }
    }

    pub(crate) fn report(&mut self, code: &str, spot: &Spot<'_>, message: String) {
        let problem = Problem::new(code, spot.path.to_string(), message);
        self.problems.push((self.origin, problem));
    }

    pub(crate) fn warn(&mut self, code: &str, spot: &Spot<'_>, message: String) {
        let problem = Problem::warning(code, spot.path.to_string(), message);
        self.problems.push((self.origin, problem));
    }

    /// An answer that must be given and was not.
    pub(crate) fn report_missing(&mut self, deed: Deed, spot: &Spot<'_>) {
        self.report("field.required", spot, deed.asked_for(&spot.name));
    }

    fn wrong_type(&mut self, raw: &Json, spot: &Spot<'_>, expected: &str) -> Option<Json> {
        let message = format!("{} chưa đúng dạng. Hãy nhập {expected}.", spot.name.at_start());
        self.report("field.type", spot, message);
        kept_as_typed(raw)
    }

    /// A text, cleaned, within its length; `shape` has the last word.
    pub(crate) fn text(
        &mut self,
        raw: &Json,
        spot: &Spot<'_>,
        max_length: u32,
        shape: impl FnOnce(&mut Self, String, &Spot<'_>) -> String,
    ) -> Option<Json> {
        let Some(typed) = raw.as_str() else {
            return self.wrong_type(raw, spot, "bằng chữ");
        };
        if typed.len() > MAX_TEXT_BYTES {
            self.too_long(typed, spot, max_length);
            return None;
        }
        let cleaned = clean_line(typed);
        if cleaned.is_empty() {
            return None;
        }
        if self.is_too_long(&cleaned, spot, max_length) {
            return Some(Json::String(cleaned));
        }
        Some(Json::String(shape(self, cleaned, spot)))
    }

    fn long_text(&mut self, raw: &Json, spot: &Spot<'_>, max_length: u32) -> Option<Json> {
        let Some(typed) = raw.as_str() else {
            return self.wrong_type(raw, spot, "bằng chữ");
        };
        if typed.len() > MAX_TEXT_BYTES {
            self.too_long(typed, spot, max_length);
            return None;
        }
        let cleaned = clean_lines(typed);
        if cleaned.is_empty() {
            return None;
        }
        self.is_too_long(&cleaned, spot, max_length);
        Some(Json::String(cleaned))
    }

    fn is_too_long(&mut self, text: &str, spot: &Spot<'_>, max_length: u32) -> bool {
        let most = usize::try_from(max_length).unwrap_or(usize::MAX);
        // Counting letters is only needed when the bytes leave it open.
        let is_too_long = text.len() > most && text.chars().count() > most;
        if is_too_long {
            self.too_long(text, spot, max_length);
        }
        is_too_long
    }

    fn too_long(&mut self, text: &str, spot: &Spot<'_>, max_length: u32) {
        let message = format!(
            "{} dài {} ký tự, nhiều nhất là {max_length}. Hãy viết gọn lại.",
            spot.name.at_start(),
            text.chars().count(),
        );
        self.report("text.too-long", spot, message);
    }

    /// The text in its stricter shape; as typed when it does not fit, with a problem.
    pub(crate) fn formatted(
        &mut self,
        format: TextFormat,
        text: String,
        spot: &Spot<'_>,
    ) -> String {
        match text_format::shaped(format, &text) {
            Ok(shaped) => shaped,
            Err(fault) => {
                let message = named(&spot.name.at_start(), &fault.message);
                self.report(&fault.code, spot, message);
                text
            }
        }
    }

    fn number(
        &mut self,
        raw: &Json,
        spot: &Spot<'_>,
        min: Option<i64>,
        max: Option<i64>,
    ) -> Option<Json> {
        let read = match raw {
            Json::String(typed) => text_format::whole_number(typed),
            other => other.as_i64(),
        };
        let Some(number) = read else {
            return self.wrong_type(raw, spot, "một số nguyên, ví dụ 12");
        };
        let name = spot.name.at_start();
        if let Some(min) = min.filter(|min| number < *min) {
            let message = format!("{name} chưa đúng: phải từ {min} trở lên. Hãy nhập lại.");
            self.report("number.too-small", spot, message);
        }
        if let Some(max) = max.filter(|max| number > *max) {
            let message = format!("{name} chưa đúng: nhiều nhất là {max}. Hãy nhập lại.");
            self.report("number.too-large", spot, message);
        }
        Some(number.into())
    }

    fn yes_no(&mut self, raw: &Json, spot: &Spot<'_>) -> Option<Json> {
        let read = match raw {
            Json::Bool(truth) => Some(*truth),
            Json::String(typed) => match typed.trim().to_lowercase().as_str() {
                "true" | "yes" | "on" | "1" | "có" => Some(true),
                "false" | "no" | "off" | "0" | "không" => Some(false),
                _ => None,
            },
            _ => None,
        };
        match read {
            Some(truth) => Some(Json::Bool(truth)),
            None => self.wrong_type(raw, spot, "“có” hoặc “không”"),
        }
    }

    /// The code of an option.
    pub(crate) fn choice(
        &mut self,
        raw: &Json,
        spot: &Spot<'_>,
        options: &[ChoiceOption],
    ) -> Option<Json> {
        let typed = raw.as_str().map(str::trim);
        if let Some(option) = options.iter().find(|option| Some(option.code.as_str()) == typed) {
            return Some(Json::String(option.code.clone()));
        }
        let name = spot.name.at_start();
        let message = format!("{name} chưa đúng. Hãy chọn một mục trong danh sách.");
        self.report("choice.unknown", spot, message);
        kept_as_typed(raw)
    }

    fn date(&mut self, raw: &Json, spot: &Spot<'_>, allow_future: bool) -> Option<Json> {
        let Some(typed) = raw.as_str().filter(|typed| typed.len() <= MAX_ID_LENGTH) else {
            return self.wrong_type(raw, spot, "ngày/tháng/năm, ví dụ 05/11/2026");
        };
        match parse_date_input(typed) {
            Ok(date) => {
                self.not_in_the_future(date.into(), spot, allow_future);
                Some(Json::String(date.to_string()))
            }
            Err(fault) => self.bad_date(&fault, raw, spot),
        }
    }

    pub(crate) fn partial_date(
        &mut self,
        raw: &Json,
        spot: &Spot<'_>,
        allow_future: bool,
    ) -> Option<Json> {
        let Some(typed) = raw.as_str().filter(|typed| typed.len() <= MAX_ID_LENGTH) else {
            return self.wrong_type(
                raw,
                spot,
                "ngày/tháng/năm hoặc chỉ năm, ví dụ 05/11/2026, 1950",
            );
        };
        match PartialDate::parse_input(typed) {
            Ok(date) => {
                self.not_in_the_future(date, spot, allow_future);
                Some(Json::String(date.to_string()))
            }
            Err(fault) => self.bad_date(&fault, raw, spot),
        }
    }

    fn bad_date(&mut self, fault: &Problem, raw: &Json, spot: &Spot<'_>) -> Option<Json> {
        let message = named(&spot.name.at_start(), &fault.message);
        self.report(&fault.code, spot, message);
        kept_as_typed(raw)
    }

    fn not_in_the_future(&mut self, date: PartialDate, spot: &Spot<'_>, allow_future: bool) {
        if allow_future || date.earliest() <= self.ctx.today {
            return;
        }
        let message = format!(
            "{} chưa đúng: {} là sau ngày hôm nay ({}). Hãy kiểm tra lại ngày, tháng, năm.",
            spot.name.at_start(),
            date.text(),
            PartialDate::Day(self.ctx.today).text(),
        );
        self.report("date.future", spot, message);
    }

    fn files(
        &mut self,
        raw: &Json,
        spot: &Spot<'_>,
        max_files: u32,
        max_megabytes: u32,
        accept: &[FileType],
    ) -> Option<Json> {
        let given = match raw {
            Json::Array(items) => items.as_slice(),
            single => std::slice::from_ref(single),
        };
        let most = usize::try_from(max_files).unwrap_or(usize::MAX);
        if given.len() > most {
            let message = format!(
                "{} có {} tệp, nhiều nhất là {max_files}. Hãy bỏ bớt hoặc gộp các trang vào một tệp.",
                spot.name.at_start(),
                given.len(),
            );
            self.report("file.too-many", spot, message);
        }
        let mut ids: Vec<Json> = Vec::new();
        for item in given.iter().take(most) {
            let Some(id) = item.as_str().filter(|id| id.len() <= MAX_ID_LENGTH) else {
                self.wrong_type(item, spot, "bằng cách đính kèm tệp");
                continue;
            };
            if !id.is_empty() && !ids.contains(item) {
                self.file(id, spot, max_megabytes, accept);
                ids.push(item.clone());
            }
        }
        if ids.is_empty() { None } else { Some(Json::Array(ids)) }
    }

    fn file(&mut self, id: &str, spot: &Spot<'_>, max_megabytes: u32, accept: &[FileType]) {
        let Some(file) = (self.ctx.uploads)(id) else {
            let name = spot.name.inside();
            let message = format!("Không còn thấy tệp đã gửi. Hãy đính kèm lại {name}.");
            self.report("file.unknown", spot, message);
            return;
        };
        if file.bytes > u64::from(max_megabytes).saturating_mul(1_000_000) {
            let message = format!(
                "Tệp “{}” lớn hơn {max_megabytes} MB. Hãy chụp hoặc quét lại ở độ phân giải thấp hơn rồi đính kèm.",
                file.name,
            );
            self.report("file.too-large", spot, message);
        }
        if !accept.iter().any(|kind| mime(*kind) == file.mime) {
            let names: Vec<&str> = accept.iter().map(|kind| file_type_name(*kind)).collect();
            let message = format!(
                "Tệp “{}” không đúng loại. Hãy đính kèm tệp loại {}.",
                file.name,
                names.join(", "),
            );
            self.report("file.type", spot, message);
        }
    }

    fn rows(
        &mut self,
        raw: &Json,
        spot: &Spot<'_>,
        fields: &[Field],
        max: u32,
        row_name: &str,
    ) -> Option<Json> {
        let Some(given) = raw.as_array() else {
            return self.wrong_type(raw, spot, "theo từng dòng");
        };
        let most = usize::try_from(max).unwrap_or(usize::MAX);
        if given.iter().filter(|row| !is_blank(row)).count() > most {
            let message = format!("{} có nhiều nhất {max} dòng. Hãy bỏ bớt.", spot.name.at_start());
            self.report("group.too-many", spot, message);
        }
        let group = self.origin;
        let mut rows = Vec::new();
        for row in given.iter().filter(|row| !is_blank(row)).take(most) {
            let place = spot.row(rows.len(), row_name);
            if let Some(row) = self.row(row, &place, fields, rows.len()) {
                rows.push(row);
            }
            self.origin = group;
        }
        if rows.is_empty() { None } else { Some(Json::Array(rows)) }
    }

    fn row(&mut self, raw: &Json, spot: &Spot<'_>, fields: &[Field], index: usize) -> Option<Json> {
        let Some(given) = raw.as_object() else {
            return self.wrong_type(raw, spot, "đủ các mục của dòng");
        };
        self.unknown_keys(given.keys(), spot, |key| fields.iter().any(|field| field.id == key));
        let mut row = serde_json::Map::new();
        for (place, field) in fields.iter().enumerate() {
            self.origin.inner = Some((index, place));
            let below = spot.part(&field.id, &field.label.vi);
            let raw = given.get(&field.id).filter(|_| field.compute.is_none());
            if let Some(value) = raw.and_then(|raw| self.read(&field.kind, raw, &below)) {
                row.insert(field.id.clone(), value);
            }
        }
        Some(Json::Object(row))
    }

    /// Keys that the form does not have.
    pub(crate) fn unknown_keys<'k>(
        &mut self,
        keys: impl Iterator<Item = &'k String>,
        spot: &Spot<'_>,
        is_known: impl Fn(&str) -> bool,
    ) {
        for key in keys.filter(|key| !is_known(key)).take(MAX_UNKNOWN_KEYS) {
            let key = shortened(key);
            let place = spot.part(&key, &key);
            let message = format!(
                "{} không có mục “{key}”. Hãy tải lại trang để dùng mẫu tờ khai hiện hành.",
                spot.name.at_start(),
            );
            self.report("field.unknown", &place, message);
        }
    }
}

/// Most unknown keys reported at one place; one is enough to refuse.
pub(crate) const MAX_UNKNOWN_KEYS: usize = 5;

/// A key from outside, cut to a length that a message can bear.
pub(crate) fn shortened(key: &str) -> String {
    key.chars().filter(|letter| !letter.is_control()).take(40).collect()
}

/// Nothing was answered: null, blank, or a list or object of nothing.
pub(crate) fn is_blank(raw: &Json) -> bool {
    match raw {
        Json::Null => true,
        Json::String(text) => is_blank_text(text),
        Json::Array(items) => items.iter().all(is_blank),
        Json::Object(parts) => parts.values().all(is_blank),
        Json::Bool(_) | Json::Number(_) => false,
    }
}

/// Nothing that anybody sees. Nearly every text shows at its first letter that it is more.
fn is_blank_text(text: &str) -> bool {
    !text.starts_with(char::is_alphanumeric) && clean_line(text).is_empty()
}

/// What could not be read, if it is small and flat enough to be kept in a draft.
fn kept_as_typed(raw: &Json) -> Option<Json> {
    match raw {
        Json::String(text) if text.len() <= 1_000 => Some(raw.clone()),
        Json::Number(_) | Json::Bool(_) => Some(raw.clone()),
        _ => None,
    }
}

/// "Ngày sinh chưa đúng: tháng 2 …" out of a message that does not know the field.
fn named(name: &str, message: &str) -> String {
    for opening in ["Ngày chưa đúng: ", "Tháng chưa đúng: "] {
        if let Some(fault) = message.strip_prefix(opening) {
            return format!("{name} chưa đúng: {fault}");
        }
    }
    let is_sentence = message.starts_with(char::is_uppercase);
    let joint = if is_sentence { ". " } else { ": " };
    format!("{name} chưa đúng{joint}{message}")
}

fn mime(kind: FileType) -> &'static str {
    match kind {
        FileType::Pdf => "application/pdf",
        FileType::Jpeg => "image/jpeg",
        FileType::Png => "image/png",
        FileType::Webp => "image/webp",
    }
}

fn file_type_name(kind: FileType) -> &'static str {
    match kind {
        FileType::Pdf => "PDF",
        FileType::Jpeg => "ảnh JPEG",
        FileType::Png => "ảnh PNG",
        FileType::Webp => "ảnh WebP",
    }
}
