//! `fees.toml`: what a province's people's council has set, laid over the fees of procedures.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;

use super::procedure::read_legal_basis;
use super::reader::Reader;
use crate::expr::Expression;
use crate::model::{Fee, Label, LegalBasis, Procedure};

/// The fees that a province sets.
#[derive(Debug, Default)]
pub(crate) struct ProvinceFees {
    /// The resolutions that they stand on.
    pub legal_bases: Vec<LegalBasis>,
    pub fees: Vec<ProvinceFee>,
}

/// A fee of a procedure as the province sets it.
#[derive(Debug)]
pub(crate) struct ProvinceFee {
    /// Slug of the procedure.
    pub procedure: String,
    /// Id of the fee there.
    pub fee: String,
    pub amount: Expression,
    pub when: Option<Expression>,
    pub text: Label,
    pub basis: String,
    /// First and last day on which dossiers are received at this fee.
    pub valid_from: Option<Date>,
    pub valid_to: Option<Date>,
}

pub(crate) fn read_fees(reader: &mut Reader) -> ProvinceFees {
    ProvinceFees {
        legal_bases: reader.required_tables("legal_basis", read_legal_basis),
        fees: reader.required_tables("fee", read_province_fee),
    }
}

fn read_province_fee(reader: &mut Reader) -> ProvinceFee {
    ProvinceFee {
        procedure: reader.required_text("procedure"),
        fee: reader.required_text("fee"),
        amount: reader.required_expression("amount"),
        when: reader.expression("when"),
        text: reader.required_label("text"),
        basis: reader.required_text("basis"),
        valid_from: reader.date("valid_from"),
        valid_to: reader.date("valid_to"),
    }
}

impl ProvinceFee {
    fn counts_on(&self, day: Date) -> bool {
        self.valid_from.is_none_or(|first| first <= day)
            && self.valid_to.is_none_or(|last| day <= last)
    }
}

impl ProvinceFees {
    /// The procedure with the fees of the province. Where they begin or end within its days it falls
    /// into several versions, each with its own days: a dossier keeps the fee of the day on which it
    /// was received, as it keeps everything else.
    pub fn laid_over(&self, procedure: Procedure) -> Vec<Procedure> {
        let set: Vec<&ProvinceFee> =
            self.fees.iter().filter(|fee| fee.procedure == procedure.slug).collect();
        if set.is_empty() {
            return vec![procedure];
        }
        let firsts = first_days(&procedure, &set);
        let lasts = firsts.iter().skip(1).map(|first| first.yesterday().ok());
        let lasts = lasts.chain([procedure.valid_to]);
        let version = |(first, last): (&Date, Option<Date>)| Procedure {
            valid_from: *first,
            valid_to: last,
            ..self.on(*first, &set, procedure.clone())
        };
        firsts.iter().zip(lasts).map(version).collect()
    }

    /// The procedure with the fees that count on a day.
    fn on(&self, day: Date, set: &[&ProvinceFee], mut procedure: Procedure) -> Procedure {
        let counting = || set.iter().filter(|fee| fee.counts_on(day));
        let mut fees = Vec::new();
        let mut used = BTreeSet::new();
        for national in &procedure.fees {
            let mut own = counting().filter(|fee| fee.fee == national.id).peekable();
            if national.id.is_empty() || own.peek().is_none() {
                fees.push(national.clone());
                continue;
            }
            for fee in own {
                used.insert(fee.basis.as_str());
                fees.push(Fee {
                    id: national.id.clone(),
                    name: national.name.clone(),
                    amount: fee.amount.clone(),
                    when: both(national.when.as_ref(), fee.when.as_ref()),
                    text: fee.text.clone(),
                    basis: province_basis(&fee.basis),
                });
            }
        }
        let bases = self.legal_bases.iter().filter(|basis| used.contains(basis.id.as_str()));
        let bases =
            bases.map(|basis| LegalBasis { id: province_basis(&basis.id), ..basis.clone() });
        procedure.legal_bases.extend(bases);
        procedure.fees = fees;
        procedure
    }
}

/// No id of a file has a colon, so that those of the province never meet those of the procedure.
fn province_basis(id: &str) -> String {
    format!("fees:{id}")
}

/// The province says how much, the procedure when: its condition still counts.
fn both(national: Option<&Expression>, own: Option<&Expression>) -> Option<Expression> {
    match (national, own) {
        (Some(national), Some(own)) => {
            let joined = format!("({}) && ({})", national.source(), own.source());
            // Both were parsed before, so that together they only fail by being too long or too deep.
            Some(crate::expr::parse(&joined).unwrap_or_else(|_| national.clone()))
        }
        (one, other) => one.or(other).cloned(),
    }
}

/// The first days of the versions into which the procedure falls.
fn first_days(procedure: &Procedure, set: &[&ProvinceFee]) -> BTreeSet<Date> {
    let begins = set.iter().filter_map(|fee| fee.valid_from);
    let after_ends = set.iter().filter_map(|fee| fee.valid_to?.checked_add(1.day()).ok());
    let inside = |day: &Date| {
        procedure.valid_from < *day && procedure.valid_to.is_none_or(|last| *day <= last)
    };
    begins.chain(after_ends).filter(inside).chain([procedure.valid_from]).collect()
}
