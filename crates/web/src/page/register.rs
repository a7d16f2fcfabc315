//! Searching the registers, and one entry with its versions.

use askama::Template;

use super::parts::{DocumentView, Fact, Fault, Link, OptionView, StateView};
use super::shell::Shell;
use super::workbench::ViewLink;

/// `GET /can-bo/so/{register}?q=&muc-dich=`: search by number, personal number or name.
#[derive(Clone, Default, Template)]
#[template(path = "bench/register_search.html")]
pub struct RegisterSearchPage {
    /// Around the page.
    pub ui: Shell,
    /// The registers, as tabs.
    pub registers: Vec<ViewLink>,
    /// Where the form goes: `/can-bo/so/{register}`.
    pub action: String,
    /// "Sổ đăng ký khai sinh".
    pub title: String,
    /// What is sought (`q`).
    pub q: String,
    /// Reasons to choose from (`muc-dich`), the first being "Chọn mục đích" with an empty value.
    pub purposes: Vec<OptionView>,
    /// The reason in own words (`ly-do`).
    pub reason: String,
    /// Faults, such as a missing purpose.
    pub faults: Vec<Fault>,
    /// What was found; none before a search.
    pub rows: Option<Vec<EntryRow>>,
    /// More.
    pub next_href: Option<String>,
}

impl RegisterSearchPage {
    /// The fault of a field, by its id.
    fn fault(&self, id: &str) -> Option<&str> {
        Fault::of(&self.faults, id)
    }
}

/// An entry in the list.
#[derive(Clone, Default)]
pub struct EntryRow {
    /// `/can-bo/so/{register}/{entry}` with the purpose kept.
    pub href: String,
    /// "102/2026, quyển 01".
    pub number: String,
    /// Whom it is about.
    pub title: String,
    /// More to tell namesakes apart: "sinh 12/11/2026, mẹ: Nguyễn Thị Lan".
    pub detail: String,
    /// When registered.
    pub registered: String,
    /// Unit.
    pub unit: String,
    /// Current or ended.
    pub state: StateView,
}

/// `GET /can-bo/so/{register}/{entry}`: one entry.
#[derive(Clone, Default, Template)]
#[template(path = "bench/entry.html")]
pub struct EntryPage {
    /// Around the page.
    pub ui: Shell,
    /// The registers, as tabs.
    pub registers: Vec<ViewLink>,
    /// "Sổ đăng ký khai sinh".
    pub register: String,
    /// "102/2026, quyển 01".
    pub number: String,
    /// Whom it is about.
    pub title: String,
    /// Current or ended.
    pub state: StateView,
    /// "Đăng ký ngày 22/11/2026 tại UBND xã Mỹ Hiệp".
    pub registered: String,
    /// What it says today.
    pub facts: Vec<Fact>,
    /// Versions, newest first.
    pub versions: Vec<VersionView>,
    /// Annotations, newest first.
    pub annotations: Vec<AnnotationView>,
    /// Papers issued on it.
    pub documents: Vec<DocumentView>,
    /// Other entries bound to it, such as the parents' marriage.
    pub related: Vec<Link>,
    /// Procedures by which it can be corrected.
    pub corrections: Vec<Link>,
    /// "Lượt xem này được ghi lại: hồ sơ …".
    pub access: String,
    /// Back to the search.
    pub back_href: String,
}

/// A version of an entry.
#[derive(Clone, Default)]
pub struct VersionView {
    /// "Bản 2".
    pub name: String,
    /// Is it the current one?
    pub current: bool,
    /// When it is true: "từ ngày 12/11/2026".
    pub valid: String,
    /// When it was written, and by whom.
    pub known: String,
    /// Why, and the paper it stands on; empty for the first.
    pub reason: String,
    /// What it changed; empty for the first.
    pub changes: Vec<ChangeView>,
    /// The dossier behind it.
    pub dossier: Option<Link>,
}

/// A changed column.
#[derive(Clone, Default)]
pub struct ChangeView {
    /// Heading.
    pub label: String,
    /// Before.
    pub before: String,
    /// After.
    pub after: String,
}

/// An annotation (ghi chú).
#[derive(Clone, Default)]
pub struct AnnotationView {
    /// When.
    pub at: String,
    /// What.
    pub text: String,
    /// By whom and on which paper.
    pub by: String,
}
