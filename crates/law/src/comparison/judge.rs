//! Aligned sentences laid against each other.
//!
//! Each candidate's confidence is the weight of its kind times how sure the alignment is. The weights
//! are rules of thumb, ordered by how seldom such a difference is harmless: a turned command hardly
//! ever, another number seldom, an added paper sometimes, a missing condition often.

use super::align::{self, Pair, Stretch};
use super::authority::{Authority, authorities};
use super::modality::{Force, Modal, clash, modals};
use super::quantity::{Quantity, quantities};
use super::sentence::Cut;
use super::slots;
use super::words::{Word, WordKind};
use super::{Excerpt, Finding, FindingKind, Side, lonely, numbers, reason};

/// First word and first word after it.
type Run = (usize, usize);

/// What is known of the two documents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Standing {
    /// The first stands below the second.
    pub(super) a_is_lower: bool,
    /// The second stands below the first.
    pub(super) b_is_lower: bool,
    /// The first was issued later.
    pub(super) a_is_newer: bool,
    /// The second was issued later.
    pub(super) b_is_newer: bool,
}

impl Standing {
    pub(super) fn of(a: &Side, b: &Side) -> Self {
        let lower = |x: &Side, y: &Side| match (x.rank, y.rank) {
            (Some(x), Some(y)) => x > y,
            _ => x.is_local && !y.is_local,
        };
        let newer = |x: &Side, y: &Side| matches!((x.day, y.day), (Some(x), Some(y)) if x > y);
        Self {
            a_is_lower: lower(a, b),
            b_is_lower: lower(b, a),
            a_is_newer: newer(a, b),
            b_is_newer: newer(b, a),
        }
    }
}

/// A sentence with what was read in it.
pub(super) struct Read<'a> {
    pub(super) cut: &'a Cut<'a>,
    index: usize,
    pub(super) words: &'a [Word],
    pub(super) quantities: Vec<Quantity>,
    pub(super) modals: Vec<Modal>,
    pub(super) authorities: Vec<Authority>,
}

impl<'a> Read<'a> {
    pub(super) fn of(cut: &'a Cut<'a>, index: usize) -> Option<Self> {
        let words = cut.of(cut.sentences.get(index)?);
        Some(Self {
            cut,
            index,
            words,
            quantities: quantities(words),
            modals: modals(words),
            authorities: authorities(words),
        })
    }

    /// Its own words and those of the line that opens its list.
    pub(super) fn in_paper_list(&self) -> bool {
        let sentence = self.cut.sentences.get(self.index);
        let lead = sentence.and_then(|sentence| sentence.lead);
        let lead_asks = lead.and_then(|lead| self.cut.sentences.get(lead)).is_some_and(|lead| {
            slots::asks_for_papers(self.cut.of(lead)) || slots::names_paper(self.cut.of(lead))
        });
        lead_asks || slots::asks_for_papers(self.words)
    }

    pub(super) fn excerpt(&self, marks: &[(usize, usize)]) -> Excerpt {
        let Some(sentence) = self.cut.sentences.get(self.index) else { return Excerpt::default() };
        let span = self.cut.span(sentence.from, sentence.to);
        let marks = marks
            .iter()
            .filter(|(from, to)| from < to)
            .map(|(from, to)| self.cut.span(sentence.from + from, sentence.from + to))
            .collect();
        let text = self.cut.text.get(span.0..span.1).unwrap_or("").to_owned();
        Excerpt { text, span, marks }
    }

    pub(super) fn said(&self, from: usize, to: usize) -> String {
        let Some(sentence) = self.cut.sentences.get(self.index) else { return String::new() };
        let (start, end) = self.cut.span(sentence.from + from, sentence.from + to);
        let text = self.cut.text.get(start..end).unwrap_or("");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// All candidates of two texts.
pub(super) fn findings(
    a: &Cut,
    b: &Cut,
    partners: &[Vec<Pair>],
    overlap: f64,
    standing: Standing,
) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut best_of_b: Vec<f64> = vec![0.0; b.sentences.len()];
    for pair in partners.iter().flatten() {
        if let Some(best) = best_of_b.get_mut(pair.b) {
            *best = best.max(pair.likeness);
        }
    }
    for (index, candidates) in partners.iter().enumerate() {
        let Some(left) = Read::of(a, index) else { continue };
        let reads: Vec<(Pair, Read)> =
            candidates.iter().filter_map(|pair| Some((*pair, Read::of(b, pair.b)?))).collect();
        let Some((first, _)) = reads.first() else { continue };
        let top = first.likeness;
        for (rank, (pair, right)) in reads.iter().enumerate() {
            let is_mutual = best_of_b.get(pair.b).is_none_or(|best| pair.likeness >= best - 0.02);
            if rank > 0 && (pair.likeness < 0.85 * top || !is_mutual) {
                // The number that the best partner lacks may stand in the sentence after it.
                let judged = reads.iter().take(rank).map(|(_, read)| read);
                if pair.likeness >= 0.35 && lacks_measure(&left, judged) {
                    numbers::findings(&left, right, pair.likeness, 0.85, &[], &mut found);
                }
                continue;
            }
            let others: Vec<&Read> = reads
                .iter()
                .filter(|(other, _)| other.b != pair.b && other.likeness >= 0.75 * pair.likeness)
                .map(|(_, read)| read)
                .collect();
            let weight = if is_mutual { 1.0 } else { 0.8 } * if rank == 0 { 1.0 } else { 0.7 };
            judge(&left, right, pair.likeness, weight, &others, &mut found);
        }
    }
    lonely::findings(a, b, partners, &best_of_b, overlap, standing, &mut found);
    for finding in &mut found {
        settle(finding, standing);
    }
    found.retain(|finding| finding.confidence >= 0.2);
    found
}

/// None of these sentences has a number of the kind that this one has.
fn lacks_measure<'a>(read: &Read, mut others: impl Iterator<Item = &'a Read<'a>>) -> bool {
    let measures: Vec<_> = read.quantities.iter().map(|quantity| quantity.measure).collect();
    !measures.is_empty()
        && others
            .all(|other| other.quantities.iter().all(|there| !measures.contains(&there.measure)))
}

/// What is known of the documents makes a candidate a little surer, and its reason clearer.
fn settle(finding: &mut Finding, standing: Standing) {
    if finding.kind.is_conflict() {
        if standing.a_is_lower || standing.b_is_lower {
            finding.confidence += (1.0 - finding.confidence) * 0.1;
        }
        finding.reason.push_str(reason::standing(standing));
    }
    finding.confidence = (finding.confidence.clamp(0.0, 0.97) * 1000.0).round() / 1000.0;
}

/// 0 below `low`, 1 above `high`, straight between.
pub(super) fn ramp(value: f64, low: f64, high: f64) -> f64 {
    ((value - low) / (high - low)).clamp(0.0, 1.0)
}

fn judge(
    a: &Read,
    b: &Read,
    likeness: f64,
    weight: f64,
    others: &[&Read],
    found: &mut Vec<Finding>,
) {
    let stretches = if likeness >= 0.35 { align::stretches(a.words, b.words) } else { None };
    let stretches = stretches.as_deref();
    if let Some([]) = stretches {
        if slots::telling(a.words) >= 6 {
            found.push(Finding {
                kind: FindingKind::Copy,
                a: a.excerpt(&[]),
                b: b.excerpt(&[]),
                reason: reason::copy(),
                confidence: likeness,
            });
        }
        return;
    }
    let case = weight * same_case(a, b, likeness, stretches.unwrap_or(&[]));
    numbers::findings(a, b, likeness, case, others, found);
    commands(a, b, likeness, case, stretches.unwrap_or(&[]), found);
    competences(a, b, likeness, case, stretches.unwrap_or(&[]), found);
    if let Some(stretches) = stretches.filter(|_| likeness >= 0.58) {
        differences(a, b, likeness, case, stretches, found);
    }
}

/// 1 when both sentences speak of one case; less when words of the subject were exchanged, so that each
/// may rule its own case ("cấp mới" and "cấp lại").
fn same_case(a: &Read, b: &Read, likeness: f64, stretches: &[Stretch]) -> f64 {
    if likeness < 0.45 {
        return 1.0;
    }
    let mut factor = same_subject(a, b);
    if slots::names_other_case(a.words, b.words) {
        factor *= 0.45;
    }
    for stretch in stretches {
        let (left, right) = (plain(a, stretch.a), plain(b, stretch.b));
        if left.is_empty() || right.is_empty() {
            continue;
        }
        let is_other = [(0, 0), (1, 0), (0, 1)].iter().any(|(before, after)| {
            let wider = |range: (usize, usize)| (range.0.saturating_sub(*before), range.1 + after);
            slots::is_other_case(words_of(a, wider(stretch.a)), words_of(b, wider(stretch.b)))
        });
        if is_other {
            factor *= 0.4;
        } else if !slots::is_opposite(&left, &right) {
            let (x, y) = (slots::telling(&left), slots::telling(&right));
            let are_names =
                left.iter().chain(&right).all(|word| super::words::weight(&word.norm) >= 1.0);
            if (1..=3).contains(&x) && (1..=3).contains(&y) && likeness >= 0.6 {
                factor *= if are_names && likeness >= 0.7 { 0.5 } else { 0.72 };
            }
        }
    }
    factor.max(0.25)
}

/// Less than 1 when each sentence begins with somebody or something of whom the other does not speak.
fn same_subject(a: &Read, b: &Read) -> f64 {
    match (known_subject(a, b), known_subject(b, a)) {
        (Some(x), Some(y)) if x < 0.2 && y < 0.2 => 0.45,
        (Some(x), Some(y)) if x.max(y) < 0.34 => 0.7,
        _ => 1.0,
    }
}

/// How much of what stands before the first command or number also stands in the other sentence.
fn known_subject(read: &Read, other: &Read) -> Option<f64> {
    let marks = read.modals.iter().map(|modal| modal.from);
    let end = marks.chain(read.quantities.iter().map(|quantity| quantity.from)).min()?;
    let subject = telling(read.words.get(..end)?);
    let there = telling(other.words);
    if subject.len() < 2 {
        return None;
    }
    let known =
        subject.windows(2).filter(|pair| there.windows(2).any(|found| found == *pair)).count();
    Some(known as f64 / (subject.len() - 1) as f64)
}

/// The words that tell of a subject.
fn telling(words: &[Word]) -> Vec<&str> {
    words
        .iter()
        .filter(|word| word.kind == WordKind::Letters && super::words::weight(&word.norm) > 0.0)
        .map(|word| word.norm.as_str())
        .collect()
}

/// The words of a stretch that are no number, command or authority.
fn plain(read: &Read, (from, to): (usize, usize)) -> Vec<Word> {
    let taken = |place: usize| {
        read.quantities.iter().any(|q| (q.from..q.to).contains(&place))
            || read.modals.iter().any(|m| (m.from..m.to).contains(&place))
            || read.authorities.iter().any(|x| (x.from..x.to).contains(&place))
    };
    (from..to)
        .filter(|place| !taken(*place))
        .filter_map(|place| read.words.get(place))
        .filter(|word| word.kind == WordKind::Letters)
        .cloned()
        .collect()
}

fn commands(
    a: &Read,
    b: &Read,
    likeness: f64,
    case: f64,
    stretches: &[Stretch],
    found: &mut Vec<Finding>,
) {
    let mut best: Option<(f64, Run, Run)> = None;
    let mut keep = |sure: f64, x: Run, y: Run| {
        if best.as_ref().is_none_or(|(known, ..)| sure > *known) {
            best = Some((sure, x, y));
        }
    };
    for x in &a.modals {
        for y in &b.modals {
            let base = clash(x, y);
            if base == 0.0 {
                continue;
            }
            if faces(stretches, (x.from, x.to), (y.from, y.to)) && likeness >= 0.55 {
                keep(base.max(0.7) * ramp(likeness, 0.4, 0.7), (x.from, x.to), (y.from, y.to));
            }
            let is_weak = x.is_weak || y.is_weak;
            if (is_weak && likeness < 0.62) || has_partner(x, b, a) || has_partner(y, a, b) {
                continue;
            }
            let act = agreement_of_acts(a, x, b, y);
            let who = align::agreement(
                &align::surroundings(a.words, x.from, x.to, 6, 0),
                &align::surroundings(b.words, y.from, y.to, 6, 0),
            );
            let sure = 0.5 * act + 0.2 * who + 0.3 * likeness;
            if act >= 0.4 {
                keep(base * ramp(sure, 0.35, 0.68), (x.from, x.to), (y.from, y.to));
            }
        }
    }
    // A "không" that came or went in otherwise equal words.
    for stretch in stretches.iter().filter(|_| likeness >= 0.5) {
        let (x, y) = (modal_just(a, stretch.a), modal_just(b, stretch.b));
        let is_not =
            |modal: &&Modal| matches!(modal.force, Force::Not | Force::Ban | Force::Release);
        if let (Some(x), true) = (x.filter(is_not), stretch.b.0 == stretch.b.1) {
            keep(0.85 * ramp(likeness, 0.55, 0.8), (x.from, x.to), stretch.b);
        } else if let (Some(y), true) = (y.filter(is_not), stretch.a.0 == stretch.a.1) {
            keep(0.85 * ramp(likeness, 0.55, 0.8), stretch.a, (y.from, y.to));
        }
    }
    if let Some((sure, x, y)) = best {
        let confidence = sure * case.max(0.5);
        if confidence >= 0.2 {
            found.push(Finding {
                kind: FindingKind::Modality,
                a: a.excerpt(&[x]),
                b: b.excerpt(&[y]),
                reason: reason::modality(&a.said(x.0, x.1), &b.said(y.0, y.1)),
                confidence,
            });
        }
    }
}

/// Both runs lie in one stretch where the sentences differ.
fn faces(stretches: &[Stretch], x: (usize, usize), y: (usize, usize)) -> bool {
    let meets = |a: (usize, usize), b: (usize, usize)| a.0 < b.1 && b.0 < a.1;
    let short = |range: (usize, usize)| range.1 - range.0 <= 8;
    stretches.iter().any(|stretch| {
        let touches_a = meets(stretch.a, x)
            || (stretch.a.0 == stretch.a.1 && (x.0..=x.1).contains(&stretch.a.0));
        let touches_b = meets(stretch.b, y)
            || (stretch.b.0 == stretch.b.1 && (y.0..=y.1).contains(&stretch.b.0));
        touches_a && touches_b && short(stretch.a) && short(stretch.b)
    })
}

/// The other sentence holds a marker of the same force before the same act.
fn has_partner(modal: &Modal, there: &Read, here: &Read) -> bool {
    there.modals.iter().any(|other| {
        clash(modal, other) == 0.0
            && (other.force == modal.force)
            && agreement_of_acts(here, modal, there, other) >= 0.6
    })
}

/// How far the words commanded agree.
fn agreement_of_acts(a: &Read, x: &Modal, b: &Read, y: &Modal) -> f64 {
    align::agreement(
        &align::surroundings(a.words, 0, x.to, 0, 5),
        &align::surroundings(b.words, 0, y.to, 0, 5),
    )
}

/// The marker that makes up just this stretch.
fn modal_just<'a>(read: &'a Read, (from, to): (usize, usize)) -> Option<&'a Modal> {
    if from == to {
        return None;
    }
    let only_not = to - from == 1
        && read.words.get(from).is_some_and(|word| word.is("không") || word.is("chưa"));
    read.modals.iter().find(|modal| modal.from == from && (only_not || modal.to == to))
}

fn words_of<'a>(read: &Read<'a>, (from, to): (usize, usize)) -> &'a [Word] {
    read.words.get(from..to).unwrap_or(&[])
}

fn competences(
    a: &Read,
    b: &Read,
    likeness: f64,
    case: f64,
    stretches: &[Stretch],
    found: &mut Vec<Finding>,
) {
    let mut best: Option<(f64, &Authority, &Authority)> = None;
    for x in &a.authorities {
        for y in b.authorities.iter().filter(|y| !x.may_be(y) || x.other_person(y)) {
            let is_moved = likeness < 0.85 && b.authorities.iter().any(|z| x.may_be(z));
            if likeness >= 0.6 && !is_moved && faces(stretches, (x.from, x.to), (y.from, y.to)) {
                let base = if x.may_be(y) { 0.62 } else { 0.85 };
                let confidence = base * ramp(likeness, 0.45, 0.75) * case.max(0.6);
                if best.as_ref().is_none_or(|(known, ..)| confidence > *known) {
                    best = Some((confidence, x, y));
                }
            }
        }
        if b.authorities.iter().any(|y| x.may_be(y) && !x.other_person(y)) {
            continue;
        }
        for y in &b.authorities {
            if a.authorities.iter().any(|z| z.may_be(y) && !z.other_person(y)) {
                continue;
            }
            let near = align::agreement(
                &align::surroundings(a.words, x.from, x.to, 4, 5),
                &align::surroundings(b.words, y.from, y.to, 4, 5),
            );
            let base = if x.may_be(y) { 0.55 } else { 0.88 };
            let sure = 0.5 * near + 0.5 * likeness;
            let confidence = base * ramp(sure, 0.3, 0.62) * case.max(0.5);
            if best.as_ref().is_none_or(|(known, ..)| confidence > *known) {
                best = Some((confidence, x, y));
            }
        }
    }
    let Some((confidence, x, y)) = best.filter(|(confidence, ..)| *confidence >= 0.2) else {
        return;
    };
    found.push(Finding {
        kind: FindingKind::Authority,
        a: a.excerpt(&[(x.from, x.to)]),
        b: b.excerpt(&[(y.from, y.to)]),
        reason: reason::authority(&a.said(x.from, x.to), &b.said(y.from, y.to)),
        confidence,
    });
}

/// Words that came, went or turned round: papers, steps, conditions, opposites.
fn differences(
    a: &Read,
    b: &Read,
    likeness: f64,
    case: f64,
    stretches: &[Stretch],
    found: &mut Vec<Finding>,
) {
    let sure = ramp(likeness, 0.5, 0.82);
    for stretch in stretches {
        let (left, right) = (words_of(a, stretch.a), words_of(b, stretch.b));
        let opposite = slots::is_opposite(&plain_or_all(a, stretch.a), &plain_or_all(b, stretch.b));
        let (kind, base) = if opposite {
            (FindingKind::Condition, 0.72)
        } else if let Some(found) = added(a, left, right, b) {
            found
        } else if let Some(found) = added(b, right, left, a) {
            (found.0, found.1 * 0.92)
        } else {
            continue;
        };
        let confidence = base * sure * case.max(0.6);
        if confidence < 0.2 {
            continue;
        }
        let (x, y) = (a.said(stretch.a.0, stretch.a.1), b.said(stretch.b.0, stretch.b.1));
        found.push(Finding {
            kind,
            a: a.excerpt(&[stretch.a]),
            b: b.excerpt(&[stretch.b]),
            reason: reason::difference(kind, &x, &y),
            confidence,
        });
    }
}

fn plain_or_all(read: &Read, range: (usize, usize)) -> Vec<Word> {
    words_of(read, range).iter().filter(|word| word.kind == WordKind::Letters).cloned().collect()
}

/// What was added on this side, where the other has (nearly) nothing.
fn added(read: &Read, here: &[Word], there: &[Word], other: &Read) -> Option<(FindingKind, f64)> {
    let (more, less) = (slots::telling(here), slots::telling(there));
    if more < 2 || is_known(here, other) {
        return None;
    }
    if more >= 3
        && less >= 2
        && slots::names_paper(here)
        && slots::names_paper(there)
        && read.in_paper_list()
    {
        return Some((FindingKind::AddedPaper, 0.62));
    }
    if less * 3 > more {
        return None;
    }
    if slots::names_paper(here) && read.in_paper_list() {
        return Some((FindingKind::AddedPaper, 0.78));
    }
    let has_duty = modals(here).iter().any(|modal| modal.force == Force::Duty);
    if slots::names_added_step(here) || (has_duty && slots::names_step(here)) {
        return Some((FindingKind::AddedStep, if has_duty { 0.75 } else { 0.6 }));
    }
    if slots::names_condition(here) {
        return Some((FindingKind::Condition, 0.6));
    }
    (more >= 4 && has_duty).then_some((FindingKind::AddedStep, 0.55))
}

/// Most of these words stand somewhere in the other sentence: they were moved, not added.
fn is_known(words: &[Word], other: &Read) -> bool {
    let telling: Vec<&Word> = words
        .iter()
        .filter(|word| super::words::weight(&word.norm) > 0.0 && word.kind == WordKind::Letters)
        .collect();
    let known = telling
        .iter()
        .filter(|word| other.words.iter().any(|there| there.norm == word.norm))
        .count();
    known * 2 > telling.len()
}
