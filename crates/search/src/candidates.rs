//! The first look: the passages that share most with a question, by BM25 over all fields.

use crate::index::{Field, Index, Kept};
use crate::query::Query;

/// Passages that are looked at closely. With 300 the right one is among them in .978 of questions, with 200 in
/// .975.
pub const CANDIDATES: usize = 250;

/// A passage and how well it does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scored {
    /// Its number.
    pub passage: u32,
    /// Its score; only the order matters.
    pub score: f32,
}

/// What a field counts for, single syllables and pairs.
pub type Worth = [(Field, f32, f32); 4];

/// As found on the questions of the development set.
pub const WORTH: Worth = [
    (Field::Title, 0.45, 1.8),
    (Field::Body, 2.0, 1.0),
    (Field::Context, 0.35, 0.1),
    (Field::Defined, 0.5, 1.0),
];

/// Syllables of less weight than this, those that two passages in five hold, are not looked for in long
/// fields: they take half of the time and say nothing.
const LEAST: f32 = 0.9;
/// If a question has a term of this weight, one that a passage in seven holds at most.
const TELLING: f32 = 2.0;

/// Scores of all passages, kept from one question to the next so that nothing is allocated.
#[derive(Debug, Default)]
pub struct Board {
    scores: Vec<f32>,
}

impl Board {
    /// The best passages for a question, best first.
    pub fn best(&mut self, index: &Index, query: &Query, most: usize) -> Vec<Scored> {
        self.best_by(index, query, most, &WORTH)
    }

    /// The best of those passages that may be found.
    pub fn best_where(
        &mut self,
        index: &Index,
        query: &Query,
        most: usize,
        may: impl Fn(&Kept) -> bool,
    ) -> Vec<Scored> {
        self.count(index, query, &WORTH);
        for (score, kept) in self.scores.iter_mut().zip(&index.parts.passages) {
            if *score > 0.0 && !may(kept) {
                *score = 0.0;
            }
        }
        self.top(most)
    }

    /// The same with other weights of the fields.
    pub fn best_by(
        &mut self,
        index: &Index,
        query: &Query,
        most: usize,
        worth: &Worth,
    ) -> Vec<Scored> {
        self.count(index, query, worth);
        self.top(most)
    }

    fn count(&mut self, index: &Index, query: &Query, worth: &Worth) {
        self.scores.clear();
        self.scores.resize(index.len(), 0.0);
        let is_told = query.terms.iter().any(|(_, weight)| *weight >= TELLING);
        for (place, (field, one, pair)) in worth.iter().copied().enumerate() {
            let postings = index.field(field);
            let stretch = index.stretch.get(place).map_or(&[][..], Vec::as_slice);
            let saturation = crate::index::saturation(field);
            for (term, weight) in &query.terms {
                if is_told && *weight < LEAST && !term.is_pair() && field != Field::Title {
                    continue;
                }
                let Some(list) = postings.list(*term) else { continue };
                let worth = if term.is_pair() { pair } else { one };
                let weight = worth * weight * (saturation + 1.0);
                for (passage, count) in list {
                    let count = count as f32;
                    let at = passage as usize;
                    if let (Some(score), Some(stretch)) = (self.scores.get_mut(at), stretch.get(at))
                    {
                        *score += weight * count / (count + stretch);
                    }
                }
            }
        }
    }

    fn top(&self, most: usize) -> Vec<Scored> {
        let scored = self.scores.iter().zip(0..);
        let mut best: Vec<Scored> = scored
            .filter(|(score, _)| **score > 0.0)
            .map(|(score, passage)| Scored { passage, score: *score })
            .collect();
        let order = |one: &Scored, two: &Scored| {
            two.score.total_cmp(&one.score).then(one.passage.cmp(&two.passage))
        };
        if best.len() > most {
            best.select_nth_unstable_by(most, order);
            best.truncate(most);
        }
        best.sort_unstable_by(order);
        best
    }
}
