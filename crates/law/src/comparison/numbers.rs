//! Numbers of two aligned sentences laid against each other.

use std::collections::HashMap;

use super::align;
use super::judge::{Read, ramp};
use super::quantity::{Against, Measure, Quantity};
use super::words::Word;
use super::{Finding, FindingKind, reason};

/// Numbers of one measure that stand in like surroundings and differ.
pub(super) fn findings(
    a: &Read,
    b: &Read,
    likeness: f64,
    case: f64,
    others: &[&Read],
    found: &mut Vec<Finding>,
) {
    const MOST: usize = 24;
    let around = |read: &Read, q: &Quantity| near(read.words, q);
    let left: Vec<_> = a.quantities.iter().take(MOST).map(|q| (q, around(a, q))).collect();
    let right: Vec<_> = b.quantities.iter().take(MOST).map(|q| (q, around(b, q))).collect();
    let mut matches: Vec<(f64, f64, usize, usize)> = Vec::new();
    for (i, (x, near_x)) in left.iter().enumerate() {
        for (j, (y, near_y)) in right.iter().enumerate() {
            let same_count =
                matches!((x.measure, y.measure), (Measure::Count(p), Measure::Count(q)) if p == q);
            if !(x.is_comparable(y) || same_count) {
                continue;
            }
            let agreement = align::agreement(near_x, near_y);
            // Where each sentence has one number of the kind only, they hardly mean different things.
            let share = if is_only(x, &left) && is_only(y, &right) { 0.35 } else { 0.55 };
            let sure = (0.55 * agreement + 0.45 * likeness)
                .max(share * agreement + (1.0 - share) * likeness);
            let order = if i == j && left.len() == right.len() { 0.04 } else { 0.0 };
            let same = if x.same_amount(y) { 0.12 } else { 0.0 };
            matches.push((sure + order + same, sure, i, j));
        }
    }
    matches.sort_by(|x, y| y.0.total_cmp(&x.0));
    let all = matches.clone();
    let (mut used_a, mut used_b) = (vec![false; left.len()], vec![false; right.len()]);
    for (_, sure, place, j) in matches {
        let i = place;
        let (Some((x, here)), Some((y, _))) = (left.get(i), right.get(j)) else { continue };
        let (Some(i), Some(j)) = (used_a.get_mut(i), used_b.get_mut(j)) else { continue };
        if *i || *j || sure < 0.34 {
            continue;
        }
        (*i, *j) = (true, true);
        let (mut y, mut against) = (*y, x.against(y));
        if matches!(against, Against::Within | Against::Around) {
            // Within one bound of the other side, perhaps beyond its second bound.
            let beyond = all
                .iter()
                .filter(|(_, other_sure, other, _)| *other == place && *other_sure >= 0.45);
            let beyond = beyond
                .filter_map(|(_, _, _, other)| right.get(*other))
                .find(|(z, _)| matches!(x.against(z), Against::Smaller | Against::Larger));
            if let Some((z, _)) = beyond {
                (y, against) = (*z, x.against(z));
            }
        }
        let base = number_weight(x.measure, against);
        let elsewhere = likeness < 0.8
            && others.iter().any(|other| {
                other.quantities.iter().any(|z| {
                    z.measure == x.measure && z.same_amount(x) && {
                        let there = near(other.words, z);
                        align::agreement(here, &there) > 0.25
                    }
                })
            });
        let confidence = base * ramp(sure, 0.25, 0.58) * case * if elsewhere { 0.4 } else { 1.0 };
        if confidence < 0.2 {
            continue;
        }
        let kind = number_kind(x, a);
        found.push(Finding {
            kind,
            a: a.excerpt(&[(x.from, x.to)]),
            b: b.excerpt(&[(y.from, y.to)]),
            reason: reason::number(kind, against, &a.said(x.from, x.to), &b.said(y.from, y.to)),
            confidence,
        });
    }
}

fn number_weight(measure: Measure, against: Against) -> f64 {
    let kind: f64 = match measure {
        Measure::Time | Measure::Age | Measure::Share | Measure::Money => 0.93,
        Measure::Surface | Measure::Length | Measure::Weight | Measure::Times => 0.9,
        Measure::Day | Measure::Every => 0.75,
        Measure::Count(_) => 0.88,
    };
    match against {
        Against::Same => 0.0,
        Against::Within | Against::Around => 0.35,
        Against::OtherUnit => 0.7,
        Against::Turned | Against::Smaller | Against::Larger => kind,
    }
}

fn number_kind(quantity: &Quantity, read: &Read) -> FindingKind {
    match quantity.measure {
        Measure::Time | Measure::Every => FindingKind::Deadline,
        Measure::Day => FindingKind::Date,
        Measure::Age => FindingKind::Age,
        Measure::Share => FindingKind::Percentage,
        Measure::Money => {
            let is_fee = read.words.iter().any(|word| word.is("phí"));
            if is_fee { FindingKind::Fee } else { FindingKind::Amount }
        }
        _ => FindingKind::Number,
    }
}

/// No other number of its measure stands in the sentence.
fn is_only(quantity: &Quantity, all: &[(&Quantity, HashMap<u64, f64>)]) -> bool {
    all.iter().filter(|(other, _)| other.measure == quantity.measure).count() == 1
}

/// The words around a number: seven before it and four after it, more after it where few stand before.
fn near(words: &[Word], quantity: &Quantity) -> HashMap<u64, f64> {
    let before = words
        .get(..quantity.from)
        .unwrap_or(&[])
        .iter()
        .filter(|word| align::is_telling(word))
        .count();
    align::surroundings(words, quantity.from, quantity.to, 7, 4 + 7_usize.saturating_sub(before))
}
