//! Every fault has a page that says what happened and offers the way on.

use askama::Template;

use super::parts::{Fault, Link};
use super::shell::Shell;

/// An error page, whatever the status.
#[derive(Clone, Default, Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    /// Around the page. When the database is away: an empty one with `place` and `department`.
    pub ui: Shell,
    /// HTTP status.
    pub status: u16,
    /// What happened: "Không tìm thấy trang này".
    pub heading: String,
    /// What it means in English, on an English page; empty on a Vietnamese one.
    pub summary: String,
    /// What it means and what to do next, in Vietnamese.
    pub text: String,
    /// Single problems, if any.
    pub faults: Vec<Fault>,
    /// What is missing is law: it can be searched for here.
    pub is_law: bool,
    /// Ways on, the best first.
    pub ways: Vec<Link>,
    /// Number to tell the help desk; empty for none.
    pub request_id: String,
}
