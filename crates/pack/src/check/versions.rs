//! Versions of procedures: one code, one slug, no day with two versions.

use std::collections::BTreeMap;

use super::subject::Subject;
use crate::load::{Placed, Shelf};
use crate::model::Procedure;
use crate::problem::Diagnostics;

pub(super) fn check_versions(shelf: &Shelf, diagnostics: &Diagnostics) {
    let mut by_code: BTreeMap<&str, Vec<&Placed<Procedure>>> = BTreeMap::new();
    let mut codes: BTreeMap<&str, &str> = BTreeMap::new();
    for placed in &shelf.procedures {
        let Procedure { code, slug, .. } = &placed.value;
        let subject = Subject { shelf, diagnostics, place: &placed.place };
        check_own(&subject, &placed.value);
        if code.is_empty() || slug.is_empty() {
            continue;
        }
        by_code.entry(code).or_default().push(placed);
        let known = codes.entry(slug).or_insert(code);
        if known != code {
            let message = format!("Thư mục “{slug}” đã dùng cho mã {known}.");
            subject.error("code", "two-codes", message);
        }
    }
    for versions in by_code.into_values() {
        check_overlap(shelf, diagnostics, versions);
    }
}

fn check_own(subject: &Subject, procedure: &Procedure) {
    let folder = subject.folder();
    if procedure.slug != folder && !procedure.slug.is_empty() {
        subject.error("slug", "wrong-id", format!("“slug” phải là tên thư mục: “{folder}”."));
    }
    subject.slug("slug", &procedure.slug);
    if procedure.valid_to.is_some_and(|last| last < procedure.valid_from) {
        subject.error("valid_to", "wrong-dates", "“valid_to” trước “valid_from”.");
    }
}

fn check_overlap(shelf: &Shelf, diagnostics: &Diagnostics, mut versions: Vec<&Placed<Procedure>>) {
    versions.sort_by_key(|placed| placed.value.valid_from);
    for pair in versions.windows(2) {
        let [earlier, later] = pair else { continue };
        let subject = Subject { shelf, diagnostics, place: &later.place };
        if earlier.value.slug != later.value.slug {
            let message = format!("Mã này đã có ở thư mục “{}”.", earlier.value.slug);
            subject.error("code", "two-slugs", message);
        }
        let path = earlier.place.document.path;
        if earlier.value.valid_to.is_none_or(|last| last >= later.value.valid_from) {
            let message = format!(
                "Trùng thời gian hiệu lực với {path}; ghi “valid_to” ở phiên bản trước, là ngày liền trước {}.",
                later.value.valid_from
            );
            subject.error("valid_from", "overlapping-versions", message);
        }
    }
}
