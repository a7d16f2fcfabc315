//! The pages of reviews and lists, filled by the handlers.

use askama::Template;

use crate::page::parts::{Fault, OptionView, StateView};
use crate::page::shell::Shell;
use crate::page::workbench::ViewLink;

/// `GET /can-bo/law-reviews`.
#[derive(Clone, Default, Template)]
#[template(path = "bench/law_reviews.html")]
pub(super) struct ReviewsPage {
    /// Around the page.
    pub(super) ui: Shell,
    /// The reviews, newest first.
    pub(super) lines: Vec<LineView>,
    /// There are older ones.
    pub(super) has_more: bool,
    /// Something is filtered.
    pub(super) is_filtered: bool,
    /// Words sought (`q`).
    pub(super) words: String,
    /// States (`state`).
    pub(super) states: Vec<OptionView>,
    /// Name of the draft as typed (`ten`).
    pub(super) title: String,
    /// Day as typed (`ngay`).
    pub(super) day: String,
    /// Largest file.
    pub(super) megabytes: u32,
    /// Faults of the upload form.
    pub(super) faults: Vec<Fault>,
}

impl ReviewsPage {
    /// The fault of a field, by its id.
    fn fault(&self, id: &str) -> Option<&str> {
        Fault::of(&self.faults, id)
    }
}

/// A review in the list.
#[derive(Clone, Default)]
pub(super) struct LineView {
    pub(super) href: String,
    pub(super) title: String,
    pub(super) file_name: String,
    pub(super) office: String,
    pub(super) at: String,
    pub(super) day: String,
    pub(super) findings: usize,
    pub(super) accepted: usize,
    pub(super) state: StateView,
}

/// `GET /can-bo/law-reviews/{review}`.
#[derive(Clone, Default, Template)]
#[template(path = "bench/law_review.html")]
pub(super) struct ReviewPage {
    /// Around the page.
    pub(super) ui: Shell,
    /// How the draft is called.
    pub(super) title: String,
    /// Its file.
    pub(super) file_name: String,
    /// Whose review it is.
    pub(super) office: String,
    /// Who asked for it, and when.
    pub(super) made: String,
    /// The law of this day.
    pub(super) day: String,
    /// What the reader was unsure of: where, and what to check.
    pub(super) doubts: Vec<(String, String)>,
    /// All findings.
    pub(super) total: usize,
    /// Of them undecided.
    pub(super) open: usize,
    /// Findings by what was decided.
    pub(super) groups: Vec<GroupView>,
    /// The report as a Word file.
    pub(super) docx_href: String,
    /// The report as PDF.
    pub(super) pdf_href: String,
    /// What was wrong with a decision.
    pub(super) faults: Vec<Fault>,
}

/// Findings of one decision.
#[derive(Clone, Default)]
pub(super) struct GroupView {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) findings: Vec<FindingView>,
}

/// A piece of a text.
#[derive(Clone, Default)]
pub(super) struct PieceView {
    pub(super) is_marked: bool,
    pub(super) text: String,
}

/// What a draft is laid against.
#[derive(Clone, Default)]
pub(super) struct SideView {
    pub(super) label: String,
    pub(super) href: String,
    pub(super) pieces: Vec<PieceView>,
}

/// A finding.
#[derive(Clone, Default)]
pub(super) struct FindingView {
    pub(super) id: String,
    pub(super) action: String,
    pub(super) title: &'static str,
    pub(super) place: String,
    pub(super) sure: StateView,
    pub(super) draft: Vec<PieceView>,
    pub(super) other: Option<SideView>,
    pub(super) reason: String,
    pub(super) advice: String,
    pub(super) basis: String,
    pub(super) is_unverified: bool,
    pub(super) is_decided: bool,
    pub(super) box_id: String,
    pub(super) typed: String,
    pub(super) fault: Option<String>,
    /// Newest first.
    pub(super) decisions: Vec<String>,
}

/// `GET /can-bo/law-lists`.
#[derive(Clone, Default, Template)]
#[template(path = "bench/law_lists.html")]
pub(super) struct ListsPage {
    /// Around the page.
    pub(super) ui: Shell,
    /// Day as typed (`day`).
    pub(super) day: String,
    /// Issuer (`issuer`).
    pub(super) issuer: String,
    /// Issuers that occur.
    pub(super) issuers: Vec<String>,
    /// Kinds (`kind`).
    pub(super) kinds: Vec<OptionView>,
    /// Field (`field`).
    pub(super) field: String,
    /// The state shown (`state`).
    pub(super) state: &'static str,
    /// The lists, with their counts.
    pub(super) views: Vec<ViewLink>,
    /// Name of the list shown.
    pub(super) title: &'static str,
    /// How its fifth column is called.
    pub(super) ended: bool,
    /// Its documents on this page.
    pub(super) rows: Vec<ListedView>,
    /// "1.204 văn bản".
    pub(super) total: String,
    /// The page before.
    pub(super) previous_href: Option<String>,
    /// The page after.
    pub(super) next_href: Option<String>,
    /// The same as a workbook.
    pub(super) xlsx_href: String,
    /// The same as a Word file.
    pub(super) docx_href: String,
    /// There is no law at all.
    pub(super) is_empty: bool,
    /// The document whose change is asked about (`changed`).
    pub(super) changed: String,
    /// What its change touches; none before it is asked.
    pub(super) touched: Option<TouchedView>,
    /// What was typed wrongly.
    pub(super) faults: Vec<Fault>,
}

impl ListsPage {
    /// The fault of a field, by its id.
    fn fault(&self, id: &str) -> Option<&str> {
        Fault::of(&self.faults, id)
    }
}

/// A document in a list.
#[derive(Clone, Default)]
pub(super) struct ListedView {
    pub(super) href: String,
    pub(super) number: String,
    pub(super) kind: String,
    pub(super) title: String,
    pub(super) issuer: String,
    pub(super) day: String,
    pub(super) note: String,
}

/// What the change of a document touches.
#[derive(Clone, Default)]
pub(super) struct TouchedView {
    pub(super) documents: Vec<TouchedRow>,
    pub(super) procedures: Vec<TouchedProcedureView>,
    /// Documents left out because there are too many.
    pub(super) more: usize,
}

/// A document touched.
#[derive(Clone, Default)]
pub(super) struct TouchedRow {
    pub(super) document: ListedView,
    pub(super) state: String,
    pub(super) ties: String,
    pub(super) is_local: bool,
}

/// A procedure touched.
#[derive(Clone, Default)]
pub(super) struct TouchedProcedureView {
    pub(super) href: String,
    pub(super) name: String,
    pub(super) code: String,
    pub(super) provisions: Vec<(String, String)>,
}
