//! `registers/<id>.toml`: one register.

use super::reader::Reader;
use crate::model::{AnnotationKind, IndexKind, Register, RegisterField, ValueKind};
use crate::nearest::did_you_mean;

pub(crate) fn read_register(reader: &mut Reader) -> Register {
    Register {
        id: reader.required_text("id"),
        valid_from: reader.required_date("valid_from"),
        name: reader.required_label("name"),
        entry_name: reader.required_label("entry_name"),
        number_format: reader.required_text("number_format"),
        book_format: reader.required_text("book_format"),
        book_size: reader.optional_integer_within("book_size", 1..1_000_000),
        master: reader.required_text("master"),
        basis: reader.required_text("basis"),
        fields: reader.required_tables("field", read_register_field),
        title_field: reader.required_text("title_field"),
        retention: reader.required_label("retention"),
        annotations: reader.tables("annotation", read_annotation_kind),
    }
}

fn read_annotation_kind(reader: &mut Reader) -> AnnotationKind {
    AnnotationKind {
        id: reader.required_text("id"),
        label: reader.required_label("label"),
        ends: reader.flag("ends"),
        basis: reader.required_text("basis"),
    }
}

fn read_register_field(reader: &mut Reader) -> RegisterField {
    const INDEXES: [(&str, IndexKind); 3] =
        [("none", IndexKind::None), ("name", IndexKind::Name), ("exact", IndexKind::Exact)];
    RegisterField {
        id: reader.required_text("id"),
        label: reader.required_label("label"),
        kind: read_value_kind(reader),
        required: reader.flag("required"),
        index: reader.one_of("index", &INDEXES).unwrap_or_default(),
        amendable: reader.flag("amendable"),
    }
}

/// `type = "date"`, or `type = "code:ethnicity"` for the codes of a shared list.
fn read_value_kind(reader: &mut Reader) -> ValueKind {
    const KINDS: [(&str, ValueKind); 7] = [
        ("text", ValueKind::Text),
        ("number", ValueKind::Number),
        ("date", ValueKind::Date),
        ("partial-date", ValueKind::PartialDate),
        ("yes-no", ValueKind::YesNo),
        ("person-number", ValueKind::PersonNumber),
        ("address", ValueKind::Address),
    ];
    let written = reader.required_text("type");
    if let Some(list) = written.strip_prefix("code:") {
        return ValueKind::Code(list.to_owned());
    }
    let found = KINDS.into_iter().find(|(word, _)| *word == written);
    if found.is_none() && !written.is_empty() {
        let words = KINDS.iter().map(|(word, _)| *word);
        let hint = did_you_mean(&written, words.chain(["code:"]));
        let message = format!("Không có kiểu “{written}”.{hint}");
        reader.error("type", "unknown-word", message);
    }
    found.map_or(ValueKind::Text, |(_, kind)| kind)
}
