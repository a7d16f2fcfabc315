//! The form part of a procedure file: sections, fields, rules.

use super::reader::Reader;
use crate::model::{
    ChoiceOption, Field, FieldKind, FileType, Form, Label, PersonPart, Prefill, Rule, Section,
    TextFormat,
};

/// Longest text that any field may ask for, in characters.
const LONGEST_TEXT: u32 = 10_000;

pub(crate) fn read_form(reader: &mut Reader) -> Form {
    Form {
        sections: reader.required_tables("section", read_section),
        rules: reader.tables("rule", read_rule),
    }
}

fn read_section(reader: &mut Reader) -> Section {
    Section {
        id: reader.required_text("id"),
        title: reader.required_label("title"),
        help: reader.label("help"),
        visible_when: reader.expression("visible_when"),
        fields: reader.required_tables("field", |inner| read_field(inner, true)),
    }
}

fn read_rule(reader: &mut Reader) -> Rule {
    let fields = reader.texts("fields");
    if fields.is_empty() {
        reader.error(
            "fields",
            "missing-key",
            "Quy tắc phải chỉ ra ít nhất một trường trong “fields”.",
        );
    }
    Rule {
        id: reader.required_text("id"),
        holds: reader.required_expression("holds"),
        when: reader.expression("when"),
        fields,
        message: reader.required_label("message"),
        basis: reader.text("basis"),
    }
}

fn read_field(reader: &mut Reader, groups_allowed: bool) -> Field {
    Field {
        id: reader.required_text("id"),
        label: reader.required_label("label"),
        help: reader.label("help"),
        example: reader.text("example"),
        kind: read_kind(reader, groups_allowed),
        required: reader.flag("required"),
        required_when: reader.expression("required_when"),
        visible_when: reader.expression("visible_when"),
        compute: reader.expression("compute"),
        prefill: reader.one_of("prefill", &PREFILLS),
        locked: reader.flag("locked"),
        basis: reader.text("basis"),
        searchable: reader.flag("searchable"),
    }
}

type KindReader = fn(&mut Reader) -> FieldKind;

const KINDS: [(&str, KindReader); 11] = [
    ("text", read_text),
    ("long-text", read_long_text),
    ("number", read_number),
    ("date", read_date),
    ("partial-date", read_partial_date),
    ("yes-no", |_| FieldKind::YesNo),
    ("choice", read_choice),
    ("person", read_person),
    ("address", read_address),
    ("file", read_file),
    ("group", read_group),
];

fn read_kind(reader: &mut Reader, groups_allowed: bool) -> FieldKind {
    let words: Vec<(&str, KindReader)> =
        KINDS.into_iter().filter(|(word, _)| groups_allowed || *word != "group").collect();
    let read = reader.required_one_of("type", &words);
    if reader.is_describing() {
        words.iter().for_each(|(_, branch)| reader.describe_branch(branch));
    }
    // The type has been reported; the other keys are then read leniently as those of a text.
    read.map_or_else(unreadable_kind, |read| read(reader))
}

fn unreadable_kind() -> FieldKind {
    FieldKind::Text { max_length: LONGEST_TEXT, format: TextFormat::Plain }
}

fn read_text(reader: &mut Reader) -> FieldKind {
    const FORMATS: [(&str, TextFormat); 5] = [
        ("plain", TextFormat::Plain),
        ("person-name", TextFormat::PersonName),
        ("person-number", TextFormat::PersonNumber),
        ("phone", TextFormat::Phone),
        ("email", TextFormat::Email),
    ];
    FieldKind::Text {
        max_length: reader.integer_within("max_length", 1..LONGEST_TEXT + 1, 200),
        format: reader.one_of("format", &FORMATS).unwrap_or_default(),
    }
}

fn read_long_text(reader: &mut Reader) -> FieldKind {
    FieldKind::LongText {
        max_length: reader.integer_within("max_length", 1..LONGEST_TEXT + 1, 2_000),
    }
}

fn read_number(reader: &mut Reader) -> FieldKind {
    let (min, max) = (reader.integer("min"), reader.integer("max"));
    if min.zip(max).is_some_and(|(min, max)| min > max) {
        reader.error("min", "out-of-range", "“min” lớn hơn “max”.");
    }
    FieldKind::Number { min, max, unit: reader.text("unit") }
}

fn read_date(reader: &mut Reader) -> FieldKind {
    FieldKind::Date { allow_future: reader.flag("allow_future") }
}

fn read_partial_date(reader: &mut Reader) -> FieldKind {
    FieldKind::PartialDate { allow_future: reader.flag("allow_future") }
}

fn read_choice(reader: &mut Reader) -> FieldKind {
    let options = reader.tables("options", read_option);
    let list = reader.optional_text("list");
    if !reader.is_describing() && options.is_empty() == list.is_none() {
        let message = "Trường lựa chọn cần “options” hoặc “list”, đúng một trong hai.";
        reader.error("type", "choice-options", message);
    }
    FieldKind::Choice { options, list }
}

/// One option or one item of a code list: `{ code = "…", vi = "…", en = "…" }`.
pub(crate) fn read_option(reader: &mut Reader) -> ChoiceOption {
    ChoiceOption {
        code: reader.required_text("code"),
        label: Label { vi: reader.required_text("vi"), en: reader.text("en") },
    }
}

fn read_person(reader: &mut Reader) -> FieldKind {
    let words = PersonPart::ALL.map(|part| (part.key(), part));
    let parts = reader.many_of("parts", &words);
    if parts.is_empty() && !reader.is_describing() {
        reader.error(
            "parts",
            "missing-key",
            "Trường “person” phải nêu “parts”, như [\"number\", \"name\"].",
        );
    }
    FieldKind::Person { parts, optional: reader.many_of("optional", &words) }
}

fn read_address(reader: &mut Reader) -> FieldKind {
    FieldKind::Address { detail_required: reader.flag("detail_required") }
}

fn read_file(reader: &mut Reader) -> FieldKind {
    const TYPES: [(&str, FileType); 4] = [
        ("pdf", FileType::Pdf),
        ("jpeg", FileType::Jpeg),
        ("png", FileType::Png),
        ("webp", FileType::Webp),
    ];
    let mut accept = reader.many_of("accept", &TYPES);
    if accept.is_empty() {
        accept = vec![FileType::Pdf, FileType::Jpeg, FileType::Png];
    }
    FieldKind::File {
        max_files: reader.integer_within("max_files", 1..51, 5),
        max_megabytes: reader.integer_within("max_megabytes", 1..51, 10),
        accept,
    }
}

fn read_group(reader: &mut Reader) -> FieldKind {
    let (min, max) =
        (reader.integer_within("min", 0..101, 1), reader.integer_within("max", 1..101, 20));
    if min > max {
        reader.error("min", "out-of-range", "“min” lớn hơn “max”.");
    }
    FieldKind::Group {
        fields: reader.required_tables("field", |inner| read_field(inner, false)),
        min,
        max,
        row_name: reader.required_label("row_name"),
    }
}

const PREFILLS: [(&str, Prefill); 7] = [
    ("applicant", Prefill::Applicant),
    ("applicant-spouse", Prefill::ApplicantSpouse),
    ("applicant-mother", Prefill::ApplicantMother),
    ("applicant-father", Prefill::ApplicantFather),
    ("female-of-couple", Prefill::FemaleOfCouple),
    ("male-of-couple", Prefill::MaleOfCouple),
    ("applicant-residence", Prefill::ApplicantResidence),
];
