//! Asking an index: candidates by BM25, then the ranker's order of them.

use std::sync::Mutex;

use crate::candidates::{Board, CANDIDATES, Scored};
use crate::features::{Workspace, features};
use crate::index::{Index, Kept};
use crate::lexicon::Lexicon;
use crate::query::Query;
use crate::ranker::Ranker;
use crate::spelling::Spellings;

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
    spellings: Spellings,
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
        let spellings = Spellings::new(&index);
        Self { index, lexicon, ranker, spellings, memory: Mutex::new(Vec::new()) }
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

    /// What was perhaps meant, where a word of the question is unknown.
    #[must_use]
    pub fn did_you_mean(&self, text: &str) -> Option<String> {
        self.spellings.mended(&self.index, text)
    }

    /// The best passages for a question or a few words, best first; `may` says which passages count.
    #[must_use]
    pub fn search(&self, text: &str, limit: usize, may: impl Fn(&Kept) -> bool) -> Vec<Hit> {
        let toned = self.spellings.with_tones(&self.index, text);
        let query = Query::new(&self.index, &self.lexicon, toned.as_deref().unwrap_or(text));
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
            .zip(self.ranker.scores(&features))
            .map(|(scored, score)| Scored { passage: scored.passage, score })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::{IndexBuilder, Passage};

    fn searcher() -> Searcher {
        let mut builder = IndexBuilder::new();
        for (id, document, title, text) in [
            ("a", "7-2026-qd-ubnd", "Giờ họp chợ phiên", "Chợ phiên họp từ 05 giờ đến 11 giờ."),
            ("b", "7-2026-qd-ubnd", "Phí chỗ ngồi", "Mỗi chỗ ngồi nộp 5.000 đồng một buổi chợ."),
            ("c", "9-2026-qd-ubnd", "Hòa giải ở thôn", "Tổ hòa giải họp khi có việc cần hoà giải."),
        ] {
            builder.add(&Passage { id, document, title, text, ..Passage::default() }, []);
        }
        Searcher::new(builder.finish(), Lexicon::default(), Ranker::default())
    }

    fn found(text: &str) -> Vec<String> {
        searcher().search(text, 10, |_| true).into_iter().map(|hit| hit.id).collect()
    }

    #[test]
    fn words_without_tones_find_what_words_with_tones_find() {
        assert_eq!(found("giờ họp chợ phiên").first().map(String::as_str), Some("a"));
        assert_eq!(found("gio hop cho phien").first().map(String::as_str), Some("a"));
        assert_eq!(found("phi cho ngoi bao nhieu").first().map(String::as_str), Some("b"));
    }

    #[test]
    fn both_ways_to_place_a_tone_find_the_same() {
        assert_eq!(found("hoà giải"), found("hòa giải"));
        assert_eq!(found("HOÀ GIẢI").first().map(String::as_str), Some("c"));
    }

    #[test]
    fn passages_that_may_not_be_found_are_not() {
        let searcher = searcher();
        let hits = searcher.search("chợ phiên", 10, |kept| &*kept.id != "a");
        assert!(hits.iter().all(|hit| hit.id != "a"), "{hits:?}");
        assert!(!hits.is_empty());
    }

    #[test]
    fn nothing_is_found_for_what_no_passage_says() {
        assert!(found("xyzq").is_empty());
        assert!(found("").is_empty());
        assert!(found("…!?").is_empty());
    }
}
