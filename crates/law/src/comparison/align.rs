//! Which sentence of one text speaks of what a sentence of the other speaks of.

use std::collections::HashMap;

use super::Rarity;
use super::sentence::Cut;
use super::words::{Word, hash, weight};

/// What a sentence is about: words and pairs of words with their weights, sorted by key.
#[derive(Clone, Debug, Default)]
pub(super) struct Subject {
    parts: Vec<(u64, f64)>,
    total: f64,
    /// Weight of its own words alone, without what it hangs on.
    own: f64,
}

/// How much of its lead a sentence carries along.
const LEAD_SHARE: f64 = 0.5;
/// A pair of words says more than its words alone.
const PAIR_SHARE: f64 = 0.6;

/// The subjects of all sentences of both texts, words that stand everywhere made lighter.
pub(super) fn subjects(a: &Cut, b: &Cut, rarity: Option<&Rarity>) -> (Vec<Subject>, Vec<Subject>) {
    let raw_a = raw(a, rarity);
    let raw_b = raw(b, rarity);
    let mut seen: HashMap<u64, u32> = HashMap::new();
    for parts in raw_a.iter().chain(&raw_b) {
        for key in parts.keys() {
            *seen.entry(*key).or_default() += 1;
        }
    }
    let all = (raw_a.len() + raw_b.len()).max(1);
    let finish = |cut: &Cut, raw: &[HashMap<u64, f64>]| -> Vec<Subject> {
        let lighter = |key: &u64, weight: f64| -> f64 {
            let often = f64::from(seen.get(key).copied().unwrap_or(1));
            let share = often / all as f64;
            if all < 8 || share < 0.25 { weight } else { weight * (1.0 - 0.6 * share) }
        };
        cut.sentences
            .iter()
            .zip(raw)
            .map(|(sentence, own)| {
                let mut parts: HashMap<u64, f64> =
                    own.iter().map(|(key, weight)| (*key, lighter(key, *weight))).collect();
                let own_total: f64 = parts.values().sum();
                let mut lead = sentence.lead;
                let mut share = LEAD_SHARE;
                for _ in 0..3 {
                    let Some(index) = lead else { break };
                    for (key, weight) in raw.get(index).into_iter().flatten() {
                        let carried = lighter(key, *weight) * share;
                        let entry = parts.entry(*key).or_insert(0.0);
                        *entry = entry.max(carried);
                    }
                    share *= 0.5;
                    lead = cut.sentences.get(index).and_then(|sentence| sentence.lead);
                }
                Subject::of(parts, own_total)
            })
            .collect()
    };
    (finish(a, &raw_a), finish(b, &raw_b))
}

impl Subject {
    fn of(parts: HashMap<u64, f64>, own: f64) -> Self {
        let mut parts: Vec<(u64, f64)> = parts.into_iter().collect();
        parts.sort_unstable_by_key(|(key, _)| *key);
        let total = parts.iter().map(|(_, weight)| weight).sum();
        Self { parts, total, own }
    }

    /// From 0 to 1: how far both are about the same.
    pub(super) fn likeness(&self, other: &Subject) -> f64 {
        let shared = shared(&self.parts, &other.parts);
        let least = self.total.min(other.total);
        if least <= 0.0 {
            return 0.0;
        }
        let dice = 2.0 * shared / (self.total + other.total);
        let within = shared / least;
        let own = self.own.min(other.own);
        let enough = (own / 3.0).clamp(0.55, 1.0);
        (0.55 * dice + 0.45 * within).min(1.0) * enough
    }
}

fn shared(a: &[(u64, f64)], b: &[(u64, f64)]) -> f64 {
    let (mut left, mut right) = (a.iter().peekable(), b.iter().peekable());
    let mut sum = 0.0;
    while let (Some((x, p)), Some((y, q))) = (left.peek(), right.peek()) {
        match x.cmp(y) {
            std::cmp::Ordering::Less => _ = left.next(),
            std::cmp::Ordering::Greater => _ = right.next(),
            std::cmp::Ordering::Equal => {
                sum += p.min(*q);
                left.next();
                right.next();
            }
        }
    }
    sum
}

fn raw(cut: &Cut, rarity: Option<&Rarity>) -> Vec<HashMap<u64, f64>> {
    cut.sentences.iter().map(|sentence| parts(cut.of(sentence), rarity)).collect()
}

/// Words and pairs of neighbouring words of a run, with their weights.
pub(super) fn parts(words: &[Word], rarity: Option<&Rarity>) -> HashMap<u64, f64> {
    let mut found = HashMap::new();
    let mut last: Option<(&Word, f64)> = None;
    for word in words {
        let mut weight =
            if word.kind == super::words::WordKind::Letters { weight(&word.norm) } else { 0.0 };
        if let Some(rarity) = rarity.filter(|_| weight > 0.0) {
            weight *= rarity(&word.norm).clamp(0.2, 2.0);
        }
        if weight > 0.0 {
            found.insert(hash(&[&word.norm]), weight);
            if let Some((before, before_weight)) = last {
                found.insert(
                    hash(&[&before.norm, &word.norm]),
                    (before_weight + weight) * PAIR_SHARE,
                );
            }
        }
        last = (weight > 0.0).then_some((word, weight));
    }
    found
}

/// A sentence of the first text and one of the second that speak of the same.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    /// Index of the sentence in the second text.
    pub(super) b: usize,
    /// How far they speak of the same, from 0 to 1.
    pub(super) likeness: f64,
}

/// Partners kept for each sentence.
const PARTNERS: usize = 3;
/// Least likeness of partners.
pub(super) const LEAST: f64 = 0.28;
/// Most places looked at for the partners of one sentence.
const MOST_VISITED: usize = 1_000;

/// The partners of each sentence of the first text, best first.
pub(super) fn pairs(a: &[Subject], b: &[Subject]) -> Vec<Vec<Pair>> {
    let is_small = a.len().saturating_mul(b.len()) <= 20_000;
    let mut postings: HashMap<u64, Vec<usize>> = HashMap::new();
    if !is_small {
        for (index, subject) in b.iter().enumerate() {
            for (key, _) in &subject.parts {
                postings.entry(*key).or_default().push(index);
            }
        }
    }
    a.iter()
        .map(|subject| {
            let candidates: Vec<usize> =
                if is_small { (0..b.len()).collect() } else { candidates(subject, &postings) };
            let mut found: Vec<Pair> = candidates
                .into_iter()
                .filter_map(|candidate| {
                    let likeness = subject.likeness(b.get(candidate)?);
                    (likeness >= LEAST).then_some(Pair { b: candidate, likeness })
                })
                .collect();
            found.sort_by(|x, y| y.likeness.total_cmp(&x.likeness).then(x.b.cmp(&y.b)));
            found.truncate(PARTNERS);
            found
        })
        .collect()
}

/// The sentences that share most with this one by their rarest words.
fn candidates(subject: &Subject, postings: &HashMap<u64, Vec<usize>>) -> Vec<usize> {
    let mut lists: Vec<(&Vec<usize>, f64)> = subject
        .parts
        .iter()
        .filter_map(|(key, weight)| Some((postings.get(key)?, *weight)))
        .collect();
    lists.sort_by_key(|(list, _)| list.len());
    let mut scores: HashMap<usize, f64> = HashMap::new();
    let mut visited = 0;
    for (list, weight) in lists {
        visited += list.len();
        if visited > MOST_VISITED && !scores.is_empty() {
            break;
        }
        for index in list.iter().take(MOST_VISITED) {
            *scores.entry(*index).or_default() += weight;
        }
    }
    let mut ranked: Vec<(usize, f64)> = scores.into_iter().collect();
    ranked.sort_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0)));
    ranked.into_iter().take(12).map(|(index, _)| index).collect()
}

/// How much of the text with less to say is found in the other, from 0 to 1.
pub(super) fn overlap(a: &Cut, b: &Cut, rarity: Option<&Rarity>) -> f64 {
    let whole = |cut: &Cut| -> Vec<(u64, f64)> {
        let mut all: HashMap<u64, f64> = HashMap::new();
        for sentence in &cut.sentences {
            all.extend(parts(cut.of(sentence), rarity));
        }
        let mut all: Vec<(u64, f64)> = all.into_iter().collect();
        all.sort_unstable_by_key(|(key, _)| *key);
        all
    };
    let (a, b) = (whole(a), whole(b));
    let total = |parts: &[(u64, f64)]| parts.iter().map(|(_, weight)| weight).sum::<f64>();
    let least = total(&a).min(total(&b));
    if least <= 0.0 { 0.0 } else { (shared(&a, &b) / least).clamp(0.0, 1.0) }
}

/// Words around a place, nearer ones heavier.
pub(super) fn surroundings(
    words: &[Word],
    from: usize,
    to: usize,
    left: usize,
    right: usize,
) -> HashMap<u64, f64> {
    let mut found: HashMap<u64, f64> = HashMap::new();
    let mut add = |word: &Word, step: usize| {
        let weight = near_weight(&word.norm) * 0.92_f64.powi(i32::try_from(step).unwrap_or(50));
        let entry = found.entry(hash(&[&word.norm])).or_insert(0.0);
        *entry = entry.max(weight);
    };
    let before = words.get(..from).unwrap_or(&[]).iter().rev();
    for (step, word) in before.filter(|word| is_telling(word)).take(left).enumerate() {
        add(word, step);
    }
    let after = words.get(to..).unwrap_or(&[]).iter();
    for (step, word) in after.filter(|word| is_telling(word)).take(right).enumerate() {
        add(word, step);
    }
    found
}

/// Near a number even common words tell something.
fn near_weight(norm: &str) -> f64 {
    let weight = weight(norm);
    if weight == 0.0 { 0.15 } else { weight.max(0.5) }
}

/// It tells of what stands beside it.
pub(super) fn is_telling(word: &Word) -> bool {
    word.kind == super::words::WordKind::Letters
        && (weight(&word.norm) > 0.0
            || matches!(word.norm.as_str(), "phạt" | "hạn" | "mức" | "tuổi"))
}

/// How far two surroundings agree, from 0 to 1.
pub(super) fn agreement(a: &HashMap<u64, f64>, b: &HashMap<u64, f64>) -> f64 {
    let total_a: f64 = a.values().sum();
    let total_b: f64 = b.values().sum();
    if total_a <= 0.0 || total_b <= 0.0 {
        return if total_a == total_b { 0.5 } else { 0.3 };
    }
    let shared: f64 = a.iter().filter_map(|(key, weight)| Some(weight.min(*b.get(key)?))).sum();
    0.5 * (2.0 * shared / (total_a + total_b)) + 0.5 * (shared / total_a.min(total_b))
}

/// A stretch where two sentences differ; places counted from the sentence's start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    /// First and after-last word in the first sentence.
    pub(super) a: (usize, usize),
    /// First and after-last word in the second sentence.
    pub(super) b: (usize, usize),
}

/// Most cells of the table of common words.
const MOST_CELLS: usize = 60_000;

/// Where two runs of words differ; nothing when they are too long to tell cheaply.
pub(super) fn stretches(a: &[Word], b: &[Word]) -> Option<Vec<Stretch>> {
    let left: Vec<(usize, &str)> = spoken(a);
    let right: Vec<(usize, &str)> = spoken(b);
    let same_start = left.iter().zip(&right).take_while(|(x, y)| x.1 == y.1).count();
    let rest_a = left.get(same_start..).unwrap_or(&[]);
    let rest_b = right.get(same_start..).unwrap_or(&[]);
    let same_end =
        rest_a.iter().rev().zip(rest_b.iter().rev()).take_while(|(x, y)| x.1 == y.1).count();
    let core_a = rest_a.get(..rest_a.len() - same_end).unwrap_or(&[]);
    let core_b = rest_b.get(..rest_b.len() - same_end).unwrap_or(&[]);
    if core_a.len().saturating_mul(core_b.len()) > MOST_CELLS {
        return None;
    }
    let end_a = |index: usize| rest_a.get(index).map_or(a.len(), |(place, _)| *place);
    let end_b = |index: usize| rest_b.get(index).map_or(b.len(), |(place, _)| *place);
    let mut found: Vec<Stretch> = Vec::new();
    let mut open: Option<(usize, usize)> = None;
    let common = common(core_a, core_b);
    let (mut i, mut j) = (0, 0);
    let mut close = |open: &mut Option<(usize, usize)>, i: usize, j: usize| {
        if let Some((x, y)) = open.take() {
            let bound = |from: usize, to: usize, end: &dyn Fn(usize) -> usize| {
                if from == to { (end(from), end(from)) } else { (end(from), end(to - 1) + 1) }
            };
            found.push(Stretch { a: bound(x, i, &end_a), b: bound(y, j, &end_b) });
        }
    };
    for (x, y) in common.into_iter().chain([(core_a.len(), core_b.len())]) {
        if x > i || y > j {
            open = open.or(Some((i, j)));
        }
        close(&mut open, x, y);
        (i, j) = (x + 1, y + 1);
    }
    Some(found)
}

fn spoken(words: &[Word]) -> Vec<(usize, &str)> {
    words
        .iter()
        .enumerate()
        .filter(|(_, word)| word.is_word() || word.is("%"))
        .map(|(place, word)| (place, word.norm.as_str()))
        .collect()
}

/// The longest common run of two lists, as pairs of places.
fn common(a: &[(usize, &str)], b: &[(usize, &str)]) -> Vec<(usize, usize)> {
    let width = b.len() + 1;
    let mut table = vec![0_u16; (a.len() + 1) * width];
    let get = |table: &[u16], i: usize, j: usize| table.get(i * width + j).copied().unwrap_or(0);
    for (i, (_, x)) in a.iter().enumerate().rev() {
        for (j, (_, y)) in b.iter().enumerate().rev() {
            let value = if x == y {
                get(&table, i + 1, j + 1) + 1
            } else {
                get(&table, i + 1, j).max(get(&table, i, j + 1))
            };
            if let Some(cell) = table.get_mut(i * width + j) {
                *cell = value;
            }
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut found = Vec::new();
    while let (Some((_, x)), Some((_, y))) = (a.get(i), b.get(j)) {
        if x == y {
            found.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if get(&table, i + 1, j) >= get(&table, i, j + 1) {
            i += 1;
        } else {
            j += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::comparison::words::words;

    #[test]
    fn stretches_name_what_differs() {
        let a = words("nộp trong 05 ngày tại xã");
        let b = words("nộp trong 10 ngày làm việc tại xã");
        let found = stretches(&a, &b).unwrap();
        let text = |words: &[Word], (from, to): (usize, usize)| -> String {
            words[from..to].iter().map(|word| word.norm.as_str()).collect::<Vec<_>>().join(" ")
        };
        let told: Vec<(String, String)> =
            found.iter().map(|stretch| (text(&a, stretch.a), text(&b, stretch.b))).collect();
        assert_eq!(told, [("05".into(), "10".into()), (String::new(), "làm việc".into())]);
    }
}
