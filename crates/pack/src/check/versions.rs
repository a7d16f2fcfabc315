//! Versions of procedures: one code, one slug, no day with two versions.

use std::collections::BTreeMap;

use jiff::civil::Date;

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
        check_course(shelf, diagnostics, versions);
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

/// The versions of one code, one after the other: no day has two, and none is left out unnoticed.
fn check_course(shelf: &Shelf, diagnostics: &Diagnostics, mut versions: Vec<&Placed<Procedure>>) {
    versions.sort_by_key(|placed| placed.value.valid_from);
    for (index, placed) in versions.iter().enumerate() {
        let subject = Subject { shelf, diagnostics, place: &placed.place };
        let next = versions.get(index + 1).map(|next| next.value.valid_from);
        check_successor(&subject, &placed.value, next);
        check_bases_in_effect(&subject, &placed.value, next);
    }
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

/// Who files after the last day must find the next version, unless the procedure is abolished.
fn check_successor(subject: &Subject, procedure: &Procedure, next: Option<Date>) {
    let ends = |last: &Date| procedure.abolished_by.is_empty() && *last >= procedure.valid_from;
    let Some(last) = procedure.valid_to.filter(ends) else {
        return;
    };
    let wanted = last.tomorrow().ok();
    if next.is_some_and(|next| Some(next) <= wanted) {
        return;
    }
    let message = format!(
        "Sau ngày {last} không có phiên bản nào nhận hồ sơ. Hãy soạn phiên bản kế tiếp, hoặc ghi \
         “abolished_by” là căn cứ bãi bỏ thủ tục.",
    );
    subject.warning("valid_to", "no-successor", message);
}

/// A provision that ceases while dossiers are still received under it: the law has changed, and the
/// next version is to be written.
fn check_bases_in_effect(subject: &Subject, procedure: &Procedure, next: Option<Date>) {
    let open_until = procedure.valid_to.or_else(|| next.and_then(|next| next.yesterday().ok()));
    let mut told: Vec<Date> = Vec::new();
    for (index, basis) in procedure.legal_bases.iter().enumerate() {
        let Some(last) = basis.valid_to.filter(|last| open_until.is_none_or(|open| *last < open))
        else {
            continue;
        };
        if told.contains(&last) {
            continue;
        }
        told.push(last);
        let next = last.tomorrow().unwrap_or(last);
        let message = format!(
            "{} hết hiệu lực sau ngày {last} mà phiên bản này vẫn nhận hồ sơ. Hãy soạn \
             procedure-{next}.toml và ghi “valid_to = {last}” ở phiên bản này; hồ sơ đã nhận vẫn theo \
             phiên bản cũ.",
            basis.document,
        );
        subject.warning(&format!("legal_basis.{index}.valid_to"), "basis-ends", message);
    }
}
