//! What a province sets: each fee is one that the procedure leaves to it.

use super::procedure::scopes;
use super::subject::Subject;
use crate::expr::Type;
use crate::load::{Placed, ProvinceFee, Shelf};
use crate::model::{Certainty, Procedure};
use crate::problem::Diagnostics;

pub(super) fn check_fees(shelf: &Shelf, diagnostics: &Diagnostics) {
    check_left_to_the_province(shelf, diagnostics);
    let Some(placed) = &shelf.fees else {
        return;
    };
    let subject = Subject { shelf, diagnostics, place: &placed.place };
    let bases = placed.value.legal_bases.iter().enumerate();
    let ids = bases.map(|(index, basis)| (basis.id.as_str(), format!("legal_basis.{index}.id")));
    subject.unique("Căn cứ", ids);
    for (index, fee) in placed.value.fees.iter().enumerate() {
        let at = |key: &str| format!("fee.{index}.{key}");
        let bases = placed.value.legal_bases.iter().map(|basis| basis.id.as_str());
        subject.reference(&at("basis"), "căn cứ", &fee.basis, bases);
        if let (Some(first), Some(last)) = (fee.valid_from, fee.valid_to)
            && last < first
        {
            subject.error(&at("valid_to"), "wrong-dates", "“valid_to” trước “valid_from”.");
        }
        check_fee(&subject, fee, &at);
    }
}

fn check_fee(subject: &Subject, fee: &ProvinceFee, at: &dyn Fn(&str) -> String) {
    let all = &subject.shelf.procedures;
    let slugs = all.iter().map(|placed| placed.value.slug.as_str());
    if !subject.reference(&at("procedure"), "thủ tục", &fee.procedure, slugs) {
        return;
    }
    let versions = || all.iter().filter(|placed| placed.value.slug == fee.procedure);
    let ids = versions().flat_map(|placed| &placed.value.fees).map(|fee| fee.id.as_str());
    let left = ids.filter(|id| !id.is_empty());
    if !subject.reference(&at("fee"), "khoản phí do tỉnh đặt", &fee.fee, left) {
        return;
    }
    // Every version that leaves this fee to the province must understand the expressions.
    let leaves = |placed: &&Placed<Procedure>| {
        placed.value.fees.iter().any(|national| national.id == fee.fee)
    };
    for placed in versions().filter(leaves) {
        let of = Subject { place: &placed.place, ..*subject };
        let scope = scopes(&of, &placed.value).full;
        subject.expression(&at("amount"), &fee.amount, &scope, &Type::Int);
        subject.condition(&at("when"), fee.when.as_ref(), &scope);
    }
}

/// A fee that stands on no known resolution is one that the province must set.
fn check_left_to_the_province(shelf: &Shelf, diagnostics: &Diagnostics) {
    if shelf.settings.is_none() {
        return;
    }
    let set = |slug: &str, id: &str| {
        let fees = shelf.fees.iter().flat_map(|placed| &placed.value.fees);
        fees.into_iter().any(|fee| fee.procedure == slug && fee.fee == id)
    };
    for placed in &shelf.procedures {
        let subject = Subject { shelf, diagnostics, place: &placed.place };
        let procedure = &placed.value;
        for (index, fee) in procedure.fees.iter().enumerate().filter(|(_, fee)| !fee.id.is_empty())
        {
            let basis = procedure.legal_bases.iter().find(|basis| basis.id == fee.basis);
            let unsure = basis.is_some_and(|basis| basis.certainty == Certainty::Unverified);
            if unsure && !set(&procedure.slug, &fee.id) {
                let message = format!(
                    "Mức của khoản “{}” do Hội đồng nhân dân tỉnh quyết định; gói của tỉnh chưa đặt \
                     trong fees.toml.",
                    fee.id
                );
                subject.warning(&format!("fee.{index}.id"), "fee-not-set", message);
            }
        }
    }
}
