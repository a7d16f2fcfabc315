//! The words of the form: names of the parts of a person and of an address, and the way a field is
//! named inside a sentence.

use std::fmt::Write as _;

use kernel::format::vi::capitalised;
use pack::model::{FieldKind, PersonPart};

use crate::text::lower_first;

/// Vietnamese name of a part of a person, as the prescribed forms write it.
pub fn part_label(part: PersonPart) -> &'static str {
    match part {
        PersonPart::Number => "Số định danh cá nhân",
        PersonPart::Name => "Họ, chữ đệm, tên",
        PersonPart::BirthDate => "Ngày, tháng, năm sinh",
        PersonPart::Sex => "Giới tính",
        PersonPart::Ethnicity => "Dân tộc",
        PersonPart::Nationality => "Quốc tịch",
        PersonPart::Residence => "Nơi cư trú",
        PersonPart::IdentityPaper => "Giấy tờ tùy thân",
        PersonPart::Phone => "Số điện thoại",
    }
}

/// English name of a part of a person.
pub fn part_label_en(part: PersonPart) -> &'static str {
    match part {
        PersonPart::Number => "Personal identification number",
        PersonPart::Name => "Full name",
        PersonPart::BirthDate => "Date of birth",
        PersonPart::Sex => "Sex",
        PersonPart::Ethnicity => "Ethnicity",
        PersonPart::Nationality => "Nationality",
        PersonPart::Residence => "Place of residence",
        PersonPart::IdentityPaper => "Identity paper",
        PersonPart::Phone => "Telephone number",
    }
}

/// How a place of the form is called in a sentence, as a chain of borrowed labels.
#[derive(Clone, Copy)]
pub(crate) enum Name<'a> {
    /// A field by its label.
    Label(&'a str),
    /// A part of something: "Ngày sinh của người mẹ".
    PartOf(&'a str, &'a Name<'a>),
    /// A row, counted from 1: "người làm chứng thứ 2".
    Row(&'a str, usize),
}

impl Name<'_> {
    /// The name as it stands at the start of a sentence.
    pub(crate) fn at_start(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        capitalised(&text)
    }

    /// The name as it stands inside a sentence.
    pub(crate) fn inside(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        lower_first(&text)
    }

    fn write(&self, out: &mut String) {
        match self {
            Name::Label(label) => out.push_str(label.trim()),
            Name::PartOf(part, whole) => {
                out.push_str(part.trim());
                let whole = whole.inside();
                // A question does not read as "of something".
                if whole.ends_with('?') {
                    let _ = write!(out, " (mục “{whole}”)");
                } else {
                    let _ = write!(out, " của {}", without_heading(&whole));
                }
            }
            Name::Row(row_name, number) => {
                let _ = write!(out, "{} thứ {number}", row_name.trim());
            }
        }
    }
}

/// What a person does to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    Enter,
    Choose,
    Confirm,
    Attach,
}

impl Deed {
    /// How a field of this kind is answered.
    pub(crate) fn of(kind: &FieldKind) -> Deed {
        match kind {
            FieldKind::Choice { .. } => Deed::Choose,
            FieldKind::YesNo => Deed::Confirm,
            FieldKind::File { .. } => Deed::Attach,
            _ => Deed::Enter,
        }
    }

    /// How a part of a person is answered.
    pub(crate) fn of_part(part: PersonPart) -> Deed {
        if part.code_list().is_some() { Deed::Choose } else { Deed::Enter }
    }

    /// "Hãy nhập ngày sinh." and its like: what to do for a missing answer.
    pub(crate) fn asked_for(self, name: &Name<'_>) -> String {
        let inside = name.inside();
        if inside.ends_with('?') {
            return format!("Hãy trả lời câu hỏi “{}”", name.at_start());
        }
        match self {
            Deed::Enter => format!("Hãy nhập {inside}."),
            Deed::Choose => format!("Hãy chọn {inside}."),
            Deed::Confirm => format!("Hãy xác nhận: “{}”", name.at_start()),
            Deed::Attach => format!("Hãy đính kèm {inside}."),
        }
    }
}

/// "Thông tin người mẹ" is a heading; a part belongs to the mother.
fn without_heading(whole: &str) -> &str {
    let bare = whole.strip_prefix("thông tin về ").or_else(|| whole.strip_prefix("thông tin "));
    bare.unwrap_or(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_named_after_what_it_belongs_to() {
        let mother = Name::Label("Người mẹ");
        assert_eq!(Name::PartOf("Ngày sinh", &mother).at_start(), "Ngày sinh của người mẹ");
        let heading = Name::Label("Thông tin về người mẹ");
        assert_eq!(Name::PartOf("Ngày sinh", &heading).at_start(), "Ngày sinh của người mẹ");
        let row = Name::Row("người làm chứng", 2);
        assert_eq!(Name::PartOf("Họ tên", &row).inside(), "họ tên của người làm chứng thứ 2");
    }

    #[test]
    fn a_question_is_answered_not_typed() {
        let asked = |label| Deed::of(&FieldKind::YesNo).asked_for(&Name::Label(label));
        assert_eq!(asked("Trẻ đã có tên chưa?"), "Hãy trả lời câu hỏi “Trẻ đã có tên chưa?”");
        assert_eq!(asked("Tôi cam đoan khai đúng"), "Hãy xác nhận: “Tôi cam đoan khai đúng”");
        assert_eq!(
            Deed::Attach.asked_for(&Name::Label("Giấy chứng sinh")),
            "Hãy đính kèm giấy chứng sinh."
        );
    }
}
