//! Learning the order of answers from questions whose answers are known, as a province may do with its own.

use kernel::error::Result;
use search::Ranker;
use search::learning::Settings;
use search::training::{INGREDIENTS, Judged, Measures, cross_validate, first_look, prepare, train};
use serde::Serialize;

use super::{Corpus, on_a_thread};

/// Parts into which the questions are dealt for the estimate.
const PARTS: usize = 5;
/// Rankers whose answers are averaged: two do no better than one, and take twice the time.
const SEEDS: u64 = 1;

/// What was learned, and how well it does on questions that it has not seen.
#[derive(Clone, Debug, Serialize)]
pub struct Learned {
    /// The ranker, learned from all questions.
    #[serde(skip)]
    pub ranker: Ranker,
    /// How the first look alone does.
    pub first_look: Measures,
    /// How rankers do on questions kept from them.
    pub unseen: Measures,
    /// The same without one ingredient each, if that was asked for.
    pub without: Vec<(String, Measures)>,
}

/// Learns from judged questions; `leave_out` also tells what each ingredient is worth.
///
/// # Errors
/// When the database or the index cannot be read.
pub async fn learn(corpus: &Corpus, questions: Vec<Judged>, leave_out: bool) -> Result<Learned> {
    let finder = corpus.finder().await?;
    on_a_thread(move || {
        let searcher = finder.searcher();
        let prepared = prepare(searcher.index(), searcher.lexicon(), &questions);
        let settings = Settings::default();
        let unseen = cross_validate(&prepared, PARTS, &settings, SEEDS, &[]);
        let ingredients = INGREDIENTS.iter().filter(|_| leave_out);
        let without = ingredients
            .map(|(name, features)| {
                let measures = cross_validate(&prepared, PARTS, &settings, SEEDS, features);
                ((*name).to_owned(), measures)
            })
            .collect();
        let all: Vec<_> = prepared.iter().collect();
        let ranker = train(&all, &settings, SEEDS);
        Learned { ranker, first_look: first_look(&prepared), unseen, without }
    })
    .await
}
