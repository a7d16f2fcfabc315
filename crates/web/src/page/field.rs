//! One question of a form, whatever its kind, and how it is drawn.

use askama::Template;
use askama::filters::HtmlSafe;

use super::parts::OptionView;
use super::shell::{Lang, Shell};

/// One question: a field of a form, a part of a person, or a field in a row of a group.
#[derive(Clone, Default)]
pub struct FieldView {
    /// Id in the page, unique in it: the name with `.` replaced by `-`; see [`FieldView::id_of`].
    pub id: String,
    /// Name sent: `child_name`, `mother.number`, `changes.0.value`.
    pub name: String,
    /// What is asked and what was answered.
    pub input: Input,
    /// The question.
    pub label: String,
    /// How to answer; may be empty.
    pub help: String,
    /// An example; may be empty.
    pub example: String,
    /// What is wrong and how to mend it.
    pub error: Option<String>,
    /// Where the value was taken from: "Lấy từ Cơ sở dữ liệu quốc gia về dân cư".
    pub source: Option<String>,
    /// Not asked now, because of other answers. It stays in the page so that it can appear.
    pub hidden: bool,
    /// Must be answered. A field that need not is marked "không bắt buộc".
    pub required: bool,
    /// Computed, or taken from a source that only its owner may correct: shown as text and not
    /// sent. `text` is what is shown.
    pub fixed: bool,
    /// The answer as people read it; used where `fixed`, and kept up to date by autosave.
    pub text: String,
    /// What to do when a fixed value is wrong; may be empty.
    pub fixed_help: String,
    /// Other questions or computed values depend on this answer: the script saves at once when it
    /// changes, and without script a button "Cập nhật câu hỏi" stands below.
    pub steers: bool,
}

/// What is asked and what was answered. Values are what the person typed, even when wrong.
#[derive(Clone)]
pub enum Input {
    /// One line of text.
    Text {
        /// What was typed.
        value: String,
        /// Which keyboard and autocompletion helps.
        shape: TextShape,
        /// Longest accepted, in characters.
        max_length: u32,
    },
    /// Several lines.
    LongText {
        /// What was typed.
        value: String,
        /// Longest accepted, in characters.
        max_length: u32,
    },
    /// A whole number.
    Number {
        /// What was typed.
        value: String,
        /// Unit after the box; may be empty.
        unit: String,
    },
    /// A day, typed as day/month/year.
    Date {
        /// What was typed, else `05/11/2026`.
        value: String,
        /// May it be only a month or a year?
        partial: bool,
    },
    /// Yes or no; sent as `true` or `false`.
    YesNo {
        /// The answer, if any.
        value: Option<bool>,
    },
    /// One of a list. Up to six are shown as radio buttons, more as a drop-down list.
    Choice {
        /// The options, at most one selected.
        options: Vec<OptionView>,
    },
    /// A person: the parts asked, each a field named `{field}.{part}`.
    Person {
        /// The parts, in order.
        parts: Vec<FieldView>,
    },
    /// An address: `{name}.province`, `{name}.commune`, `{name}.detail`, and for a unit of before
    /// July 2025 `{name}.former_province`, `{name}.former_district`, `{name}.former_ward`.
    Address(AddressView),
    /// Uploaded files.
    Files(FilesView),
    /// A repeated group.
    Group(GroupView),
}

impl Default for Input {
    fn default() -> Self {
        Input::Text { value: String::new(), shape: TextShape::Plain, max_length: 200 }
    }
}

/// Which keyboard and autocompletion helps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TextShape {
    /// Anything.
    #[default]
    Plain,
    /// A person's full name.
    PersonName,
    /// Twelve digits.
    PersonNumber,
    /// Telephone number.
    Phone,
    /// E-mail address.
    Email,
}

impl TextShape {
    /// Attributes of the box, fixed text.
    fn attributes(self) -> Attributes {
        Attributes(match self {
            TextShape::Plain => r#" type="text""#,
            TextShape::PersonName => {
                r#" type="text" autocapitalize="words" spellcheck="false" autocomplete="off""#
            }
            TextShape::PersonNumber => {
                r#" type="text" inputmode="numeric" class="w-m" autocomplete="off" data-digits="12""#
            }
            TextShape::Phone => r#" type="tel" class="w-m" autocomplete="tel""#,
            TextShape::Email => r#" type="email" autocomplete="email" spellcheck="false""#,
        })
    }
}

/// Attributes written in this file, never taken from data.
struct Attributes(&'static str);

impl std::fmt::Display for Attributes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}
impl HtmlSafe for Attributes {}

/// An address field.
#[derive(Clone, Default)]
pub struct AddressView {
    /// All provinces, the chosen one selected.
    pub provinces: Vec<OptionView>,
    /// Communes of the chosen province (empty before one is chosen), the chosen one selected.
    pub communes: Vec<OptionView>,
    /// House number, street, hamlet.
    pub detail: String,
    /// Must the detail be given?
    pub detail_required: bool,
    /// Province as an old paper says.
    pub former_province: String,
    /// District as an old paper says.
    pub former_district: String,
    /// Ward as an old paper says.
    pub former_ward: String,
    /// What the old unit became: "Xã Bình Hàng Trung (cũ) nay là Xã Mỹ Hiệp"; empty if not used.
    pub former_result: String,
    /// Fault of the province, beside it.
    pub province_error: Option<String>,
    /// Fault of the commune, beside it.
    pub commune_error: Option<String>,
    /// Fault of the detail, beside it.
    pub detail_error: Option<String>,
}

impl AddressView {
    /// Was a unit of before July 2025 given?
    pub fn has_former(&self) -> bool {
        !self.former_province.is_empty()
            || !self.former_district.is_empty()
            || !self.former_ward.is_empty()
    }
}

/// A file field. Files are sent as `tep.{name}` with the page's form (multipart), to
/// `/nhap/{draft}/tep` by the button "Tải lên", or by the script one at a time with progress.
#[derive(Clone, Default)]
pub struct FilesView {
    /// Files already there.
    pub files: Vec<UploadView>,
    /// Where to send a file: `/nhap/{draft}/tep`.
    pub upload_action: String,
    /// `accept` attribute: `application/pdf,image/jpeg,image/png,image/webp`.
    pub accept: String,
    /// The same for people: "PDF, JPEG, PNG hoặc WebP".
    pub accept_text: String,
    /// Most files.
    pub max_files: u32,
    /// Most megabytes each.
    pub max_megabytes: u32,
}

impl FilesView {
    /// Can another file be added?
    pub fn has_room(&self) -> bool {
        u32::try_from(self.files.len()).is_ok_and(|count| count < self.max_files)
    }

    /// The files as HTML.
    pub fn list(&self, lang: &Lang) -> FileListHtml<'_> {
        FileListHtml { lang: *lang, files: &self.files }
    }
}

/// A file already uploaded.
#[derive(Clone, Default)]
pub struct UploadView {
    /// Id of the upload.
    pub id: String,
    /// Name of the file.
    pub name: String,
    /// Kind and size: "PDF, 312 KB".
    pub detail: String,
    /// Where it can be read; empty where it cannot.
    pub href: String,
    /// Where it is removed by POST: `/nhap/{draft}/tep/{upload}/xoa`.
    pub remove_action: String,
}

/// A repeated group.
#[derive(Clone, Default)]
pub struct GroupView {
    /// The rows; the names of their fields are `{name}.{index}.{field}`.
    pub rows: Vec<GroupRow>,
    /// A row with no answers whose index is written `__`, for the script to copy.
    pub blank: Vec<FieldView>,
    /// What one row is called: "người làm chứng".
    pub row_name: String,
    /// Fewest rows.
    pub min: u32,
    /// Most rows.
    pub max: u32,
}

impl GroupView {
    /// Can another row be added?
    pub fn has_room(&self) -> bool {
        u32::try_from(self.rows.len()).is_ok_and(|count| count < self.max)
    }
}

/// A row of a repeated group.
#[derive(Clone, Default)]
pub struct GroupRow {
    /// Its place, from 0, as in the names of its fields.
    pub index: u32,
    /// Its fields.
    pub fields: Vec<FieldView>,
}

impl FieldView {
    /// The id in the page that belongs to a name or to the path of a problem.
    pub fn id_of(name: &str) -> String {
        name.replace('.', "-")
    }

    /// Several boxes under one question: drawn as a group with a legend.
    pub fn is_composite(&self) -> bool {
        match &self.input {
            Input::YesNo { .. } | Input::Person { .. } | Input::Address(_) | Input::Group(_) => {
                true
            }
            Input::Choice { options } => options.len() <= RADIO_LIMIT,
            _ => false,
        }
    }

    /// Answered by radio buttons: the first of them carries the id, else the group does.
    pub fn is_choice(&self) -> bool {
        matches!(self.input, Input::YesNo { .. } | Input::Choice { .. })
    }

    /// Does the group carry the id?
    pub fn is_anchor(&self) -> bool {
        !self.is_choice()
    }

    /// Is it a whole person, address or group, whose heading is larger?
    pub fn is_block(&self) -> bool {
        matches!(self.input, Input::Person { .. } | Input::Group(_))
    }

    /// Ids of the texts that describe the box, for `aria-describedby`.
    pub fn described_by(&self) -> String {
        let mut ids = Vec::new();
        if !self.help.is_empty() || !self.example.is_empty() {
            ids.push(format!("{}-help", self.id));
        }
        if matches!(self.input, Input::Date { .. } | Input::Files(_)) {
            ids.push(format!("{}-hint", self.id));
        }
        if self.source.is_some() {
            ids.push(format!("{}-source", self.id));
        }
        if self.error.is_some() {
            ids.push(format!("{}-error", self.id));
        }
        ids.join(" ")
    }

    /// The field as HTML.
    pub fn html(&self, lang: &Lang) -> FieldHtml<'_> {
        FieldHtml { lang: *lang, field: self }
    }
}

/// Most options shown as radio buttons.
pub const RADIO_LIMIT: usize = 6;

/// A field as HTML. A person's parts and a group's rows are fields in turn.
#[derive(Template)]
#[template(path = "parts/field.html")]
pub struct FieldHtml<'a> {
    /// Language of the page.
    pub lang: Lang,
    /// The field.
    pub field: &'a FieldView,
}
impl HtmlSafe for FieldHtml<'_> {}

/// The files of one field as HTML, also for [`super::filing::UploadReply`].
#[derive(Template)]
#[template(path = "parts/file_list.html")]
pub struct FileListHtml<'a> {
    /// Language of the page.
    pub lang: Lang,
    /// The files.
    pub files: &'a [UploadView],
}
impl HtmlSafe for FileListHtml<'_> {}

impl Shell {
    /// A field as HTML in the language of the page.
    pub fn field<'a>(&self, field: &'a FieldView) -> FieldHtml<'a> {
        FieldHtml { lang: self.lang, field }
    }
}
