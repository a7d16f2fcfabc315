//! A question beside one text: what of it the text holds, how near together, and in which order.

use crate::analyser::BREAK;
use crate::index::{Index, Kept};
use crate::postings::Term;
use crate::query::Query;

/// A distinct syllable of the question.
pub(super) struct One {
    pub(super) syllable: u32,
    pub(super) weight: f32,
    pub(super) is_core: bool,
}

/// A distinct pair of neighbours of the question.
pub(super) struct Pair {
    pub(super) first: u8,
    pub(super) second: u8,
    pub(super) weight: f32,
    pub(super) is_core: bool,
}

pub(super) struct Asked {
    pub(super) ones: Vec<One>,
    pub(super) pairs: Vec<Pair>,
    /// The question's syllables as places among `ones`; `u8::MAX` for an unknown one.
    pub(super) order: Vec<u8>,
    /// Where in `order` each of `ones` stands.
    pub(super) places: Vec<Vec<u8>>,
    /// By pair of places among `ones`: the pair's place among `pairs`, or `u8::MAX`.
    pub(super) table: Vec<u8>,
    pub(super) core_weight: f32,
    pub(super) core_pair_weight: f32,
    pub(super) all_pair_weight: f32,
}

/// Syllables of a question that are looked at; longer ones are cut.
pub(super) const LONGEST: usize = 96;

impl Asked {
    pub(super) fn new(index: &Index, query: &Query) -> Self {
        let mut asked = Self {
            ones: Vec::new(),
            pairs: Vec::new(),
            order: Vec::new(),
            places: Vec::new(),
            table: Vec::new(),
            core_weight: 0.0,
            core_pair_weight: 0.0,
            all_pair_weight: 0.0,
        };
        let mut before: Option<(u8, bool)> = None;
        let syllables = query.syllables.iter().zip(&query.is_core).zip(&query.shares);
        for ((syllable, is_core), share) in syllables.take(LONGEST) {
            if *syllable == BREAK {
                asked.order.push(u8::MAX);
                before = None;
                continue;
            }
            let known = asked.ones.iter().position(|one| one.syllable == *syllable);
            let place = known.unwrap_or_else(|| {
                let weight = share * index.weight_of_one(*syllable);
                asked.ones.push(One { syllable: *syllable, weight, is_core: false });
                asked.ones.len() - 1
            });
            if let Some(one) = asked.ones.get_mut(place) {
                one.is_core |= is_core;
            }
            let place = u8::try_from(place).unwrap_or(u8::MAX);
            asked.order.push(place);
            if let Some((first, first_is_core)) = before {
                let is_core = first_is_core && *is_core;
                let known = asked.pairs.iter_mut().find(|p| p.first == first && p.second == place);
                match known {
                    Some(pair) => pair.is_core |= is_core,
                    None => {
                        let syllable_of = |place: u8| {
                            asked.ones.get(usize::from(place)).map_or(0, |one| one.syllable)
                        };
                        let weight = share
                            * index.weight(Term::pair(syllable_of(first), syllable_of(place)));
                        asked.pairs.push(Pair { first, second: place, weight, is_core });
                    }
                }
            }
            before = Some((place, *is_core));
        }
        asked.places = vec![Vec::new(); asked.ones.len()];
        for (at, place) in asked.order.iter().zip(0_u8..).map(|(place, at)| (at, *place)) {
            if let Some(places) = asked.places.get_mut(usize::from(place)) {
                places.push(at);
            }
        }
        asked.table = vec![u8::MAX; LONGEST * LONGEST];
        for (pair, at) in asked.pairs.iter().zip(0_u8..) {
            let place = usize::from(pair.first) * LONGEST + usize::from(pair.second);
            if let Some(entry) = asked.table.get_mut(place) {
                *entry = at;
            }
        }
        asked.core_weight = asked.ones.iter().filter(|o| o.is_core).map(|o| o.weight).sum();
        asked.core_pair_weight = asked.pairs.iter().filter(|p| p.is_core).map(|p| p.weight).sum();
        asked.all_pair_weight = asked.pairs.iter().map(|p| p.weight).sum();
        asked
    }

    pub(super) fn pair(&self, first: u8, second: u8) -> Option<usize> {
        let at = self.table.get(usize::from(first) * LONGEST + usize::from(second)).copied()?;
        (at != u8::MAX).then_some(usize::from(at))
    }
}

/// What of a question a text holds.
#[derive(Clone, Copy, Default)]
pub(super) struct Found {
    pub(super) ones: u128,
    pub(super) pairs: u128,
}

impl Found {
    pub(super) fn add(&mut self, other: Self) {
        self.ones |= other.ones;
        self.pairs |= other.pairs;
    }

    pub(super) fn core(self, asked: &Asked) -> f32 {
        let held =
            asked.ones.iter().zip(0_u32..).filter(|(one, at)| one.is_core && has(self.ones, *at));
        share(held.map(|(one, _)| one.weight).sum(), asked.core_weight)
    }

    pub(super) fn core_pairs(self, asked: &Asked) -> f32 {
        let held = asked
            .pairs
            .iter()
            .zip(0_u32..)
            .filter(|(pair, at)| pair.is_core && has(self.pairs, *at));
        share(held.map(|(pair, _)| pair.weight).sum(), asked.core_pair_weight)
    }

    pub(super) fn all_pairs(self, asked: &Asked) -> f32 {
        let held = asked.pairs.iter().zip(0_u32..).filter(|(_, at)| has(self.pairs, *at));
        share(held.map(|(pair, _)| pair.weight).sum(), asked.all_pair_weight)
    }
}

pub(super) fn has(bits: u128, at: u32) -> bool {
    bits.checked_shr(at).unwrap_or(0) & 1 == 1
}

pub(super) fn bit(at: usize) -> u128 {
    u32::try_from(at).ok().and_then(|at| 1_u128.checked_shl(at)).unwrap_or(0)
}

pub(super) fn share(part: f32, whole: f32) -> f32 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// What a close look at one field tells.
pub(super) struct Seen {
    pub(super) found: Found,
    pub(super) one_counts: [u16; LONGEST],
    pub(super) pair_counts: [u16; LONGEST],
    /// Weight of the longest stretch that runs as in the question, and its syllables.
    pub(super) run_weight: f32,
    pub(super) run_length: f32,
    pub(super) run_start: f32,
    pub(super) best_paragraph: f32,
    pub(super) best_paragraph_pairs: f32,
    pub(super) first_paragraph: f32,
    pub(super) window: f32,
    pub(super) defines: f32,
}

impl Seen {
    pub(super) const fn new() -> Self {
        Self {
            found: Found { ones: 0, pairs: 0 },
            one_counts: [0; LONGEST],
            pair_counts: [0; LONGEST],
            run_weight: 0.0,
            run_length: 0.0,
            run_start: 0.0,
            best_paragraph: 0.0,
            best_paragraph_pairs: 0.0,
            first_paragraph: 0.0,
            window: 0.0,
            defines: 0.0,
        }
    }
}

/// Syllables that a close look takes together.
const WINDOW: usize = 40;

pub(super) fn look(marks: &[u8], asked: &Asked, text: &[u32], closely: bool, is_word: u32) -> Seen {
    let mut seen = Seen::new();
    let mut paragraph = Found::default();
    let mut paragraphs = 0;
    let mut before = u8::MAX;
    // The run that ends here: its last place in the question, its length and weight. Of several that
    // could go on the longest is kept.
    let mut runs: Vec<(u8, u8, f32)> = Vec::new();
    let mut longer: Vec<(u8, u8, f32)> = Vec::new();
    let core: Vec<u8> = core_phrase(asked);
    let mut core_at = 0;
    let mut window_counts = [0_u8; LONGEST];
    let mut window_weight = 0.0_f32;
    let mut end_paragraph = |paragraph: &mut Found, seen: &mut Seen| {
        if closely {
            let core = paragraph.core(asked);
            seen.best_paragraph = seen.best_paragraph.max(core);
            seen.best_paragraph_pairs = seen.best_paragraph_pairs.max(paragraph.core_pairs(asked));
            if paragraphs == 0 {
                seen.first_paragraph = core;
            }
        }
        paragraphs += 1;
        seen.found.add(*paragraph);
        *paragraph = Found::default();
    };
    for (at, syllable) in text.iter().enumerate() {
        if *syllable == BREAK {
            end_paragraph(&mut paragraph, &mut seen);
            before = u8::MAX;
            core_at = 0;
            runs.clear();
            continue;
        }
        let mark = marks.get(*syllable as usize).copied().unwrap_or(0);
        // A definition: "X là …".
        if closely && core_at == core.len() && core_at > 0 && *syllable == is_word {
            seen.defines = 1.0;
        }
        let place = mark.wrapping_sub(1);
        core_at = match core.get(core_at) {
            Some(wanted) if mark != 0 && *wanted == place => core_at + 1,
            _ if mark != 0 && core.first() == Some(&place) => 1,
            _ => 0,
        };
        if closely {
            if let (true, Some(count), Some(one)) = (
                mark != 0,
                window_counts.get_mut(usize::from(place)),
                asked.ones.get(usize::from(place)),
            ) {
                *count += 1;
                if *count == 1 && one.is_core {
                    window_weight += one.weight;
                    seen.window = seen.window.max(window_weight);
                }
            }
            let gone = at.checked_sub(WINDOW).and_then(|gone| text.get(gone));
            let gone = gone.and_then(|gone| marks.get(*gone as usize)).copied().unwrap_or(0);
            if let Some(gone) = gone.checked_sub(1).map(usize::from)
                && let (Some(count), Some(one)) =
                    (window_counts.get_mut(gone), asked.ones.get(gone))
            {
                *count = count.saturating_sub(1);
                if *count == 0 && one.is_core {
                    window_weight -= one.weight;
                }
            }
        }
        if mark == 0 {
            before = u8::MAX;
            runs.clear();
            continue;
        }
        let at_place = usize::from(place);
        paragraph.ones |= bit(at_place);
        if let Some(count) = seen.one_counts.get_mut(at_place) {
            *count = count.saturating_add(1);
        }
        if before != u8::MAX
            && let Some(pair) = asked.pair(before, place)
        {
            paragraph.pairs |= bit(pair);
            if let Some(count) = seen.pair_counts.get_mut(pair) {
                *count = count.saturating_add(1);
            }
        }
        let weight = asked.ones.get(at_place).map_or(0.0, |one| one.weight);
        longer.clear();
        for asked_at in asked.places.get(at_place).map_or(&[][..], Vec::as_slice) {
            let so_far = runs.iter().find(|(last, ..)| last.wrapping_add(1) == *asked_at);
            let (length, carried) =
                so_far.map_or((0, 0.0), |(_, length, carried)| (*length, *carried));
            let run = (*asked_at, length + 1, carried + weight);
            if run.2 > seen.run_weight {
                seen.run_weight = run.2;
                seen.run_length = f32::from(run.1);
                seen.run_start = (at + 1) as f32 - f32::from(run.1);
            }
            longer.push(run);
        }
        std::mem::swap(&mut runs, &mut longer);
        before = place;
    }
    end_paragraph(&mut paragraph, &mut seen);
    seen
}

/// What is asked about, as one phrase: the core syllables that stand together first.
fn core_phrase(asked: &Asked) -> Vec<u8> {
    let is_core = |place: &u8| asked.ones.get(usize::from(*place)).is_some_and(|one| one.is_core);
    let start = asked.order.iter().position(is_core).unwrap_or(asked.order.len());
    asked.order.iter().skip(start).copied().take_while(is_core).collect()
}

pub(super) fn bm25(
    counts: &[u16],
    weights: impl Iterator<Item = f32>,
    stretch: f32,
    k: f32,
) -> f32 {
    let of = |(count, weight): (&u16, f32)| {
        let count = f32::from(*count);
        weight * count * (k + 1.0) / (count + stretch)
    };
    counts.iter().zip(weights).map(of).sum()
}

/// How much of a heading the question speaks of: single syllables and pairs.
pub(super) fn answered(kept: &Kept, marks: &[u8], asked: &Asked, title: &[u32]) -> (f32, f32) {
    let (mut ones, mut pairs) = (0.0, 0.0);
    let mut before = u8::MAX;
    for syllable in title {
        let mark = marks.get(*syllable as usize).copied().unwrap_or(0);
        let Some(place) = mark.checked_sub(1) else {
            before = u8::MAX;
            continue;
        };
        ones += asked.ones.get(usize::from(place)).map_or(0.0, |one| one.weight);
        if before != u8::MAX {
            let pair = asked.pair(before, place).and_then(|pair| asked.pairs.get(pair));
            pairs += pair.map_or(0.0, |pair| pair.weight);
        }
        before = place;
    }
    let [all_ones, all_pairs] = kept.title_weights;
    (share(ones, all_ones), share(pairs, all_pairs))
}

/// How well the best of the words that a passage defines is what is asked about: both ways, and how much of
/// what is asked about it covers.
pub(super) fn best_defined(
    index: &Index,
    marks: &[u8],
    asked: &Asked,
    defined: &[u32],
) -> (f32, f32) {
    let mut best = (0.0_f32, 0.0_f32);
    for word in defined.split(|syllable| *syllable == BREAK) {
        let (mut held, mut whole, mut seen) = (0.0, 0.0, 0_u128);
        for syllable in word {
            let mark = marks.get(*syllable as usize).copied().unwrap_or(0);
            let known = mark.checked_sub(1).and_then(|at| asked.ones.get(usize::from(at)));
            whole += known.map_or_else(|| index.weight_of_one(*syllable), |one| one.weight);
            if let Some(one) = known.filter(|one| one.is_core && !has(seen, u32::from(mark))) {
                held += one.weight;
                seen |= bit(usize::from(mark));
            }
        }
        let (of_word, of_core) = (share(held, whole), share(held, asked.core_weight));
        let both = share(2.0 * of_word * of_core, of_word + of_core);
        if both > best.0 {
            best = (both, of_core);
        }
    }
    best
}
