//! Forms: pages of fields, and the rules over them.

use serde::{Deserialize, Serialize};

use super::Label;
use crate::expr::Expression;

/// A form: pages of fields.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Form {
    /// One question group each; one page each on the portal.
    pub sections: Vec<Section>,
    /// Rules over more than one field.
    pub rules: Vec<Rule>,
}

/// A question group, one page on the portal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// Name in addresses.
    pub id: String,
    /// Heading.
    pub title: Label,
    /// A sentence below it.
    pub help: Label,
    /// Shown only when this holds.
    pub visible_when: Option<Expression>,
    /// Its fields, in order.
    pub fields: Vec<Field>,
}

/// One question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// Unique in the form; the key in the answers: letters, digits and `_`.
    pub id: String,
    /// The question.
    pub label: Label,
    /// How to answer, beside the field.
    pub help: Label,
    /// An example, under the label.
    pub example: String,
    /// What kind of answer.
    pub kind: FieldKind,
    /// Must be answered whenever visible.
    pub required: bool,
    /// Must be answered when this holds.
    pub required_when: Option<Expression>,
    /// Asked only when this holds. A hidden field has no answer.
    pub visible_when: Option<Expression>,
    /// The answer is computed, never typed.
    pub compute: Option<Expression>,
    /// Filled from what is known; the person may change it unless `locked`.
    pub prefill: Option<Prefill>,
    /// A filled value may not be changed by hand: the source must be corrected.
    pub locked: bool,
    /// Provision it stands on; empty if it is plain working data.
    pub basis: String,
    /// Shown in lists and found by search.
    pub searchable: bool,
}

/// The kinds of answer. In the answers (JSON): text, choice and the dates are strings, number is an
/// integer, yes-no is a boolean, person and address are objects, file is a list of upload ids,
/// group is a list of objects.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "type")]
pub enum FieldKind {
    /// One line of text.
    Text {
        /// Longest accepted, in characters.
        max_length: u32,
        /// A stricter shape.
        format: TextFormat,
    },
    /// Several lines.
    LongText {
        /// Longest accepted, in characters.
        max_length: u32,
    },
    /// A whole number.
    Number {
        /// Smallest accepted.
        min: Option<i64>,
        /// Largest accepted.
        max: Option<i64>,
        /// Unit shown after the box.
        unit: String,
    },
    /// A whole day, `2026-11-22`.
    Date {
        /// May it lie after the filing day?
        allow_future: bool,
    },
    /// A day, a month or a year: `2026-11-22`, `2026-11`, `2026`.
    PartialDate {
        /// May it lie after the filing day?
        allow_future: bool,
    },
    /// Yes or no.
    YesNo,
    /// One of a list.
    Choice {
        /// The options, or empty when `list` names a shared code list.
        options: Vec<ChoiceOption>,
        /// Shared code list, such as `ethnicity`.
        list: Option<String>,
    },
    /// A person. Which parts are asked, in order; `number`, `name` and `birth_date` are usual.
    Person {
        /// Parts asked and kept.
        parts: Vec<PersonPart>,
        /// Parts among them that may stay empty even when the field is required.
        optional: Vec<PersonPart>,
    },
    /// An address: province, commune, detail; a unit of before July 2025 is accepted and mapped.
    Address {
        /// Is the detail (house number, street, hamlet) required?
        detail_required: bool,
    },
    /// Uploaded files.
    File {
        /// Most files.
        max_files: u32,
        /// Most megabytes (10^6 bytes) each.
        max_megabytes: u32,
        /// Accepted types.
        accept: Vec<FileType>,
    },
    /// A repeated group of plain fields (no group inside a group).
    Group {
        /// The fields of one row.
        fields: Vec<Field>,
        /// Fewest rows when required.
        min: u32,
        /// Most rows.
        max: u32,
        /// What one row is called, such as "người làm chứng".
        row_name: Label,
    },
}

/// A stricter shape of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TextFormat {
    /// Anything printable.
    #[default]
    Plain,
    /// A person's full name: letters and spaces, at least two words.
    PersonName,
    /// Twelve digits of a personal number.
    PersonNumber,
    /// Vietnamese telephone number.
    Phone,
    /// E-mail address.
    Email,
}

/// One option of a choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChoiceOption {
    /// What is stored.
    pub code: String,
    /// What is shown.
    pub label: Label,
}

/// The parts of a person that a form may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonPart {
    /// Số định danh cá nhân, 12 digits.
    Number,
    /// Full name.
    Name,
    /// Day, month or year of birth (a partial date).
    BirthDate,
    /// `male` or `female`.
    Sex,
    /// Code in the list `ethnicity`.
    Ethnicity,
    /// Code in the list `nationality`.
    Nationality,
    /// Place of residence (an address).
    Residence,
    /// Other identity paper when there is no personal number, as text.
    IdentityPaper,
    /// Telephone number.
    Phone,
}

/// File types that may be uploaded; recognised by content, not by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileType {
    /// PDF.
    Pdf,
    /// JPEG image.
    Jpeg,
    /// PNG image.
    Png,
    /// WebP image.
    Webp,
}

impl FileType {
    /// The name that people know it by.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pdf => "PDF",
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::Webp => "WebP",
        }
    }

    /// Its media type, as registered with IANA.
    #[must_use]
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
        }
    }
}

/// Where a field is filled from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Prefill {
    /// The person signed in, from the population data.
    Applicant,
    /// The spouse of the person signed in, from the population data.
    ApplicantSpouse,
    /// The mother of the person signed in.
    ApplicantMother,
    /// The father of the person signed in.
    ApplicantFather,
    /// The person signed in if of this sex, else the spouse. For "mother" and "wife" fields.
    FemaleOfCouple,
    /// The same for "father" and "husband" fields.
    MaleOfCouple,
    /// Residence of the person signed in (address fields).
    ApplicantResidence,
}

/// A rule over several fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// Name of the rule, used as the problem's code.
    pub id: String,
    /// What must hold. A rule over absent answers holds.
    pub holds: Expression,
    /// The rule counts only when this holds.
    pub when: Option<Expression>,
    /// Fields at which the message is shown; the first gets the link.
    pub fields: Vec<String>,
    /// What is wrong and how to mend it.
    pub message: Label,
    /// Provision it stands on.
    pub basis: String,
}
