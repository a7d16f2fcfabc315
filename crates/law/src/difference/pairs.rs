//! Which article of one version is which of the other.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::normal::{Word, is_same};

/// Least share of common pairs of words that makes two articles with different numbers one.
const SIMILAR: f64 = 0.5;
/// Least share below which two articles with one number are two articles, if another one fits better.
const STRANGERS: f64 = 0.25;
/// Most articles left over on each side that are compared each with each.
const MOST_LEFT: usize = 400;

/// Indexes of articles that belong together.
pub(super) fn pairs(
    old_keys: &[String],
    old: &[Vec<Word>],
    new_keys: &[String],
    new: &[Vec<Word>],
) -> Vec<(usize, usize)> {
    let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, key) in new_keys.iter().enumerate() {
        places.entry(key).or_default().push(index);
    }
    for list in places.values_mut() {
        list.reverse();
    }
    let old_grams: Vec<_> = old.iter().map(|words| grams(words)).collect();
    let new_grams: Vec<_> = new.iter().map(|words| grams(words)).collect();
    let mut pairs = Vec::new();
    let mut doubtful = Vec::new();
    for (a, key) in old_keys.iter().enumerate() {
        let Some(b) = places.get_mut(key.as_str()).and_then(Vec::pop) else { continue };
        let same = old.get(a).zip(new.get(b)).is_some_and(|(a, b)| is_same(a, b));
        if same || likeness(old_grams.get(a), new_grams.get(b)) >= STRANGERS {
            pairs.push((a, b));
        } else {
            doubtful.push((a, b));
        }
    }
    let used: BTreeSet<usize> = pairs.iter().map(|(a, _)| *a).collect();
    let taken: BTreeSet<usize> = pairs.iter().map(|(_, b)| *b).collect();
    let left: Vec<usize> = (0..old.len()).filter(|a| !used.contains(a)).collect();
    let free: Vec<usize> = (0..new.len()).filter(|b| !taken.contains(b)).collect();
    pairs.extend(by_likeness(&left, &old_grams, &free, &new_grams));
    // One number with little in common, and nothing better on either side: rewritten.
    for (a, b) in doubtful {
        if !pairs.iter().any(|(other_a, other_b)| *other_a == a || *other_b == b) {
            pairs.push((a, b));
        }
    }
    pairs.sort_unstable();
    pairs
}

type Grams = BTreeMap<(u64, u64), u32>;

/// Neighbouring words and how often they occur.
fn grams(words: &[Word]) -> Grams {
    let mut grams = BTreeMap::new();
    for pair in words.windows(2) {
        if let [a, b] = pair {
            *grams.entry((a.key, b.key)).or_insert(0) += 1;
        }
    }
    grams
}

/// Share of what is common, from 0 to 1.
fn likeness(a: Option<&Grams>, b: Option<&Grams>) -> f64 {
    let (Some(a), Some(b)) = (a, b) else { return 0.0 };
    let common: u32 =
        a.iter().filter_map(|(gram, count)| b.get(gram).map(|other| *count.min(other))).sum();
    let all: u32 = a.values().sum::<u32>() + b.values().sum::<u32>();
    if all == 0 { 0.0 } else { 2.0 * f64::from(common) / f64::from(all) }
}

fn by_likeness(
    left: &[usize],
    old: &[Grams],
    free: &[usize],
    new: &[Grams],
) -> Vec<(usize, usize)> {
    let mut candidates = Vec::new();
    for a in left.iter().take(MOST_LEFT) {
        for b in free.iter().take(MOST_LEFT) {
            let share = likeness(old.get(*a), new.get(*b));
            if share >= SIMILAR {
                candidates.push((share, *a, *b));
            }
        }
    }
    candidates.sort_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
    let mut used = BTreeSet::new();
    let mut taken = BTreeSet::new();
    let mut pairs = Vec::new();
    for (_, a, b) in candidates {
        if !used.contains(&a) && !taken.contains(&b) {
            used.insert(a);
            taken.insert(b);
            pairs.push((a, b));
        }
    }
    pairs
}

/// All articles in the order of the new version; what is gone stands after what stood before it.
pub(super) fn in_order(
    pairs: &[(usize, usize)],
    old: usize,
    new: usize,
) -> Vec<(Option<usize>, Option<usize>)> {
    let by_new: HashMap<usize, usize> = pairs.iter().map(|(a, b)| (*b, *a)).collect();
    let matched: BTreeSet<usize> = pairs.iter().map(|(a, _)| *a).collect();
    let mut removed_after: HashMap<Option<usize>, Vec<usize>> = HashMap::new();
    let mut last = None;
    for a in 0..old {
        if matched.contains(&a) {
            last = Some(a);
        } else {
            removed_after.entry(last).or_default().push(a);
        }
    }
    let mut rows = Vec::new();
    let gone = |rows: &mut Vec<_>, list: Option<Vec<usize>>| {
        rows.extend(list.unwrap_or_default().into_iter().map(|a| (Some(a), None)));
    };
    gone(&mut rows, removed_after.remove(&None));
    for b in 0..new {
        let a = by_new.get(&b).copied();
        rows.push((a, Some(b)));
        if a.is_some() {
            gone(&mut rows, removed_after.remove(&a));
        }
    }
    rows
}
