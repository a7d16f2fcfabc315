//! How well questions find the provisions that answer them.

use std::collections::HashSet;
use std::time::Instant;

use kernel::error::Result;
use search::training::Measures;
use serde::Serialize;

use super::{Corpus, on_a_thread};

/// A question with the provisions that answer it, by their anchors.
pub use search::training::Judged as Question;

/// What came of it. Shares are averages over questions; a question none of whose provisions is in the index
/// counts as not answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Evaluation {
    /// Questions.
    pub n: usize,
    /// One over the place of the first right provision among the first ten, or 0.
    pub mrr_at_10: f64,
    /// Share of the right provisions that come first.
    pub recall_at_1: f64,
    /// Share of the right provisions among the first ten.
    pub recall_at_10: f64,
    /// Share of the right provisions among the first hundred.
    pub recall_at_100: f64,
    /// Milliseconds that half of the questions take at most.
    pub p50_ms: f64,
    /// Milliseconds that 99 of 100 questions take at most.
    pub p99_ms: f64,
}

/// Asks every question, one after the other on one thread.
///
/// # Errors
/// When the database or the index cannot be read.
pub async fn evaluate(corpus: &Corpus, questions: Vec<Question>) -> Result<Evaluation> {
    let finder = corpus.finder().await?;
    on_a_thread(move || {
        measure(&questions, |text| {
            finder.find(text, 100, None).into_iter().map(|hit| hit.id).collect()
        })
    })
    .await
}

fn measure(questions: &[Question], mut find: impl FnMut(&str) -> Vec<String>) -> Evaluation {
    let mut measures = Measures::default();
    let mut times = Vec::with_capacity(questions.len());
    for question in questions {
        let start = Instant::now();
        let found = find(&question.question);
        times.push(start.elapsed().as_secs_f64() * 1_000.0);
        let right: HashSet<&str> = question.relevant.iter().map(String::as_str).collect();
        let places = found.iter().enumerate().filter(|(_, id)| right.contains(id.as_str()));
        let ranks: Vec<usize> = places.map(|(place, _)| place).collect();
        measures.add(&ranks, right.len());
    }
    times.sort_by(f64::total_cmp);
    let Measures { n, mrr_at_10, recall_at_1, recall_at_10, recall_at_100 } = measures.averaged();
    let (p50_ms, p99_ms) = (percentile(&times, 0.50), percentile(&times, 0.99));
    Evaluation { n, mrr_at_10, recall_at_1, recall_at_10, recall_at_100, p50_ms, p99_ms }
}

/// The smallest of the sorted values that so great a share does not exceed.
fn percentile(sorted: &[f64], share: f64) -> f64 {
    let place = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(place.saturating_sub(1)).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(text: &str, relevant: &[&str]) -> Question {
        let relevant = relevant.iter().map(|id| (*id).to_owned()).collect();
        Question { question: text.to_owned(), relevant }
    }

    #[test]
    fn figures_are_averages_over_questions() {
        let questions = [
            question("first", &["a"]),
            question("second of two", &["b", "z"]),
            question("not in the index", &["none"]),
            question("eleventh", &["k"]),
        ];
        let all: Vec<String> = "abcdefghijkl".chars().map(String::from).collect();
        let found = measure(&questions, |_| all.clone());
        assert_eq!(found.n, 4);
        assert!((found.mrr_at_10 - (1.0 + 0.5) / 4.0).abs() < 1e-9, "{found:?}");
        assert!((found.recall_at_1 - 0.25).abs() < 1e-9);
        assert!((found.recall_at_10 - (1.0 + 0.5) / 4.0).abs() < 1e-9);
        assert!((found.recall_at_100 - (1.0 + 0.5 + 1.0) / 4.0).abs() < 1e-9);
    }

    #[test]
    fn a_percentile_is_one_of_the_values() {
        let times: Vec<f64> = (1..=200).map(f64::from).collect();
        assert!((percentile(&times, 0.50) - 100.0).abs() < 1e-9);
        assert!((percentile(&times, 0.99) - 198.0).abs() < 1e-9);
        assert!(percentile(&[], 0.99).abs() < 1e-9);
    }
}
