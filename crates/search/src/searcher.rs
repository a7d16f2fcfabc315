//! Asking an index: candidates by BM25, then the ranker's order of them.

use std::sync::Mutex;

use crate::candidates::{Board, Scored};
use crate::features::{Workspace, features};
use crate::index::{Index, Kept};
use crate::lexicon::Lexicon;
use crate::query::Query;
use crate::ranker::Ranker;

/// Candidates that the ranker orders.
const CANDIDATES: usize = 200;

/// A passage found.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Its identifier.
    pub id: String,
    /// How well it answers, 0 to 1; comparable between passages of one question.
    pub score: f32,
}

/// An index with its ranker, shared by all who ask.
#[derive(Debug)]
pub struct Searcher {
    index: Index,
    lexicon: Lexicon,
    ranker: Ranker,
    memory: Mutex<Vec<Memory>>,
}

#[derive(Debug, Default)]
struct Memory {
    board: Board,
    work: Workspace,
}

impl Searcher {
    /// A searcher. Without trees the ranker changes nothing of the order of the first look.
    #[must_use]
    pub fn new(index: Index, lexicon: Lexicon, ranker: Ranker) -> Self {
        Self { index, lexicon, ranker, memory: Mutex::new(Vec::new()) }
    }

    /// The index.
    #[must_use]
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// Abbreviations and everyday words.
    #[must_use]
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// The best passages for a question or a few words, best first; `may` says which passages count.
    #[must_use]
    pub fn search(&self, text: &str, limit: usize, may: impl Fn(&Kept) -> bool) -> Vec<Hit> {
        let query = Query::new(&self.index, &self.lexicon, text);
        let mut memory = self.lock().pop().unwrap_or_default();
        let first = memory.board.best_where(&self.index, &query, CANDIDATES.max(limit), may);
        let ranked = self.ranked(&query, first, &mut memory.work);
        self.lock().push(memory);
        let hit = |scored: Scored| {
            let id = self.index.passage(scored.passage)?.id.to_string();
            Some(Hit { id, score: 1.0 / (1.0 + (-scored.score).exp()) })
        };
        ranked.into_iter().take(limit).filter_map(hit).collect()
    }

    fn ranked(&self, query: &Query, mut first: Vec<Scored>, work: &mut Workspace) -> Vec<Scored> {
        if self.ranker.trees.is_empty() {
            let best = first.first().map_or(1.0, |best| best.score.max(1e-6));
            for scored in &mut first {
                scored.score /= best;
            }
            return first;
        }
        let looked_at = first.get(..CANDIDATES.min(first.len())).unwrap_or_default();
        let features = features(&self.index, query, looked_at, work);
        let mut ranked: Vec<Scored> = looked_at
            .iter()
            .enumerate()
            .map(|(place, scored)| Scored {
                passage: scored.passage,
                score: self.ranker.score(features.row(place)),
            })
            .collect();
        ranked.sort_by(|one, two| two.score.total_cmp(&one.score));
        let last = ranked.last().map_or(0.0, |last| last.score);
        let rest = first.iter().skip(CANDIDATES).zip(1_u16..);
        ranked
            .extend(rest.map(|(s, after)| Scored { score: last - f32::from(after) * 0.01, ..*s }));
        ranked
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Memory>> {
        self.memory.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
