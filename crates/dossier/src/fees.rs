//! What a dossier costs.

use kernel::money::Dong;
use pack::expr;
use pack::model::{Fee, Procedure};
use serde::Serialize;

use crate::form::FormContext;
use crate::state::Answers;

/// One line of the bill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FeeLine {
    /// Name, such as "Lệ phí đăng ký khai sinh".
    pub name: String,
    /// Amount; never negative.
    pub amount: Dong,
    /// Why this amount, such as "Đăng ký đúng hạn: miễn lệ phí".
    pub text: String,
    /// Provision it stands on.
    pub basis: String,
}

/// The fee lines: for each name the first fee whose condition holds.
///
/// A fee whose amount does not follow from the answers yet (a draft) has no line.
pub fn fees(procedure: &Procedure, answers: &Answers, ctx: &FormContext<'_>) -> Vec<FeeLine> {
    let facts = ctx.facts(&procedure.form, answers);
    let mut decided: Vec<&str> = Vec::new();
    let mut lines = Vec::new();
    for fee in &procedure.fees {
        let name = fee.name.vi.as_str();
        let is_due = fee.when.as_ref().is_none_or(|when| expr::is_true(when, &facts));
        if decided.contains(&name) || !is_due {
            continue;
        }
        decided.push(name);
        if let Some(amount) = expr::eval(&fee.amount, &facts).as_int() {
            lines.push(line(fee, amount));
        }
    }
    lines
}

fn line(fee: &Fee, amount: i64) -> FeeLine {
    FeeLine {
        name: fee.name.vi.clone(),
        amount: Dong::new(amount.max(0)),
        text: fee.text.vi.clone(),
        basis: fee.basis.clone(),
    }
}
