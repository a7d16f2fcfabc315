//! Sentences without a partner.

use super::align::{self, Pair};
use super::judge::{Read, Standing, ramp};
use super::modality::Force;
use super::sentence::Cut;
use super::{Excerpt, Finding, FindingKind, reason, slots};

/// Sentences without a partner, between texts that otherwise rule the same: papers and steps that only
/// one side asks for.
pub(super) fn findings(
    a: &Cut,
    b: &Cut,
    partners: &[Vec<Pair>],
    best_of_b: &[f64],
    overlap: f64,
    standing: Standing,
    found: &mut Vec<Finding>,
) {
    let best_of_a: Vec<f64> =
        partners.iter().map(|pairs| pairs.first().map_or(0.0, |pair| pair.likeness)).collect();
    let from_a = if standing.b_is_lower { 0.75 } else { 1.0 };
    let from_b = if standing.a_is_lower { 0.6 } else { 0.9 };
    for (read, confidence) in alone(a, b, &best_of_a, best_of_b, overlap) {
        push_lonely(&read, true, confidence * from_a, found);
    }
    for (read, confidence) in requirements(a, b, &best_of_a, overlap) {
        push_lonely(&read, true, confidence * from_a, found);
    }
    for (read, confidence) in alone(b, a, best_of_b, &best_of_a, overlap) {
        push_lonely(&read, false, confidence * from_b, found);
    }
}

fn push_lonely(read: &Read, is_first: bool, confidence: f64, found: &mut Vec<Finding>) {
    let excerpt = read.excerpt(&[(0, read.words.len())]);
    let kind = if read.in_paper_list() && slots::names_paper(read.words) {
        FindingKind::AddedPaper
    } else {
        FindingKind::AddedStep
    };
    let said = read.said(0, read.words.len());
    let (a, b, reason) = if is_first {
        (excerpt, Excerpt::default(), reason::difference(kind, &said, ""))
    } else {
        (Excerpt::default(), excerpt, reason::difference(kind, "", &said))
    };
    found.push(Finding { kind, a, b, reason, confidence });
}

fn alone<'a>(
    here: &'a Cut<'a>,
    there: &Cut,
    best: &[f64],
    best_there: &[f64],
    overlap: f64,
) -> Vec<(Read<'a>, f64)> {
    if overlap < 0.45 {
        return Vec::new();
    }
    let whole = align::parts(&there.words, None);
    let mut found = Vec::new();
    let without = best.iter().filter(|best| **best < 0.55).count();
    if without > 2 && without * 4 > best.len() {
        return found;
    }
    for (index, sentence) in here.sentences.iter().enumerate() {
        if best.get(index).is_none_or(|best| *best >= 0.62) || sentence.depth == 0 || sentence.opens
        {
            continue;
        }
        let Some(read) = Read::of(here, index) else { continue };
        let own = align::parts(read.words, None);
        let total: f64 = own.values().sum();
        let known: f64 =
            own.iter().filter(|(key, _)| whole.contains_key(key)).map(|(_, w)| w).sum();
        if total <= 1.5 || known / total > 0.6 {
            continue;
        }
        // Its neighbours in the list must have partners: otherwise the lists are of different things.
        let lead = sentence.lead;
        let siblings: Vec<f64> = here
            .sentences
            .iter()
            .zip(best)
            .enumerate()
            .filter(|(other, (it, _))| *other != index && (it.lead == lead || Some(*other) == lead))
            .map(|(_, (_, best))| *best)
            .collect();
        let matched = siblings.iter().filter(|best| **best >= 0.6).count();
        let share = if siblings.is_empty() { 0.0 } else { matched as f64 / siblings.len() as f64 };
        let all_matched = best.iter().filter(|best| **best >= 0.75).count();
        let all_share = 0.95 * all_matched as f64 / best.len().max(1) as f64;
        let there_matched = best_there.iter().filter(|best| **best >= 0.6).count();
        let there_share = there_matched as f64 / best_there.len().max(1) as f64;
        let setting = share.max(all_share).min(there_share.max(0.3));
        let is_paper = read.in_paper_list() && slots::names_paper(read.words);
        let has_duty = read.modals.iter().any(|modal| modal.force == Force::Duty && !modal.is_weak);
        let base = if is_paper {
            0.8
        } else if slots::begins_with_paper(read.words) {
            0.66
        } else if has_duty && slots::names_added_step(read.words) {
            0.64
        } else if has_duty || slots::names_added_step(read.words) {
            0.42
        } else {
            continue;
        };
        let confidence = base * ramp(setting, 0.3, 0.75) * ramp(overlap, 0.4, 0.7);
        if confidence >= 0.2 {
            found.push((read, confidence));
        }
    }
    found
}

/// Longest first text, in sentences, of which each demand is looked at by itself.
const SHORT: usize = 4;

/// Demands of a short first text, on a subject of the second, for which the second has no words: "phải có
/// hộ khẩu thường trú", "phải được … xác nhận".
fn requirements<'a>(
    here: &'a Cut<'a>,
    there: &Cut,
    best: &[f64],
    overlap: f64,
) -> Vec<(Read<'a>, f64)> {
    if here.sentences.len() > SHORT {
        return Vec::new();
    }
    let whole = align::parts(&there.words, None);
    let mut found = Vec::new();
    for (index, likeness) in best.iter().enumerate().filter(|(_, best)| **best < 0.62) {
        let Some(read) = Read::of(here, index) else { continue };
        let demands = read.modals.iter().any(|modal| modal.force == Force::Duty && !modal.is_weak);
        if !demands || !slots::names_added_step(read.words) {
            continue;
        }
        let own = align::parts(read.words, None);
        let total: f64 = own.values().sum();
        let known: f64 =
            own.iter().filter(|(key, _)| whole.contains_key(key)).map(|(_, w)| w).sum();
        let unknown = 1.0 - known / total.max(0.1);
        let subject = overlap.max(*likeness);
        let confidence = 0.58 * ramp(subject, 0.15, 0.25) * ramp(unknown, 0.2, 0.4);
        if confidence >= 0.2 {
            found.push((read, confidence));
        }
    }
    found
}
