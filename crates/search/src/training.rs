//! From judged questions to a ranker, with an honest estimate of how it does on questions not seen: each
//! question is ranked by a ranker that learned from the others only.

use crate::candidates::{Board, CANDIDATES};
use crate::features::{NAMES, Workspace, features};
use crate::index::Index;
use crate::learning::{Example, Settings, learn};
use crate::lexicon::Lexicon;
use crate::query::Query;
use crate::ranker::{Node, Ranker};

/// A question with the passages that answer it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
pub struct Judged {
    /// The question.
    pub question: String,
    /// Identifiers of the passages.
    pub relevant: Vec<String>,
}

/// A judged question, looked at closely.
#[derive(Clone, Debug)]
pub struct Prepared {
    example: Example,
    /// Passages that answer it, found or not.
    relevant: usize,
}

/// How well questions were answered, each figure an average over questions.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize)]
pub struct Measures {
    /// Questions.
    pub n: usize,
    /// One by the rank of the first right passage among ten.
    pub mrr_at_10: f64,
    /// Share of the right passages that come first.
    pub recall_at_1: f64,
    /// Share among the first ten.
    pub recall_at_10: f64,
    /// Share among the first hundred.
    pub recall_at_100: f64,
}

impl Measures {
    /// Adds a question: which of its ranks hold a right passage (from 0), of how many.
    pub fn add(&mut self, ranks: &[usize], relevant: usize) {
        self.n += 1;
        let first = ranks.iter().min().filter(|rank| **rank < 10);
        self.mrr_at_10 += first.map_or(0.0, |rank| 1.0 / (*rank as f64 + 1.0));
        let within = |most: usize| {
            ranks.iter().filter(|rank| **rank < most).count() as f64 / relevant.max(1) as f64
        };
        self.recall_at_1 += within(1);
        self.recall_at_10 += within(10);
        self.recall_at_100 += within(100);
    }

    /// The averages, once all questions are added.
    #[must_use]
    pub fn averaged(mut self) -> Self {
        let count = self.n.max(1) as f64;
        for sum in [
            &mut self.mrr_at_10,
            &mut self.recall_at_1,
            &mut self.recall_at_10,
            &mut self.recall_at_100,
        ] {
            *sum /= count;
        }
        self
    }
}

/// Looks closely at the candidates of judged questions.
#[must_use]
pub fn prepare(index: &Index, lexicon: &Lexicon, questions: &[Judged]) -> Vec<Prepared> {
    let (mut board, mut work) = (Board::default(), Workspace::default());
    let prepare = |judged: &Judged| {
        let query = Query::new(index, lexicon, &judged.question);
        let candidates = board.best(index, &query, CANDIDATES);
        let features = features(index, &query, &candidates, &mut work);
        let right: Vec<u32> = judged.relevant.iter().filter_map(|id| index.number_of(id)).collect();
        let mut example = Example::default();
        for (place, candidate) in candidates.iter().enumerate() {
            example.rows.extend_from_slice(features.row(place));
            example.is_right.push(right.contains(&candidate.passage));
        }
        Prepared { example, relevant: judged.relevant.len() }
    };
    questions.iter().map(prepare).collect()
}

/// What is learned from: all that is right, the leaders, and some of the rest.
fn thinned(prepared: &Prepared) -> Example {
    const LEADERS: usize = 60;
    let mut example = Example::default();
    let rows = prepared.example.rows.chunks_exact(NAMES.len());
    for (place, (row, is_right)) in rows.zip(&prepared.example.is_right).enumerate() {
        if *is_right || place < LEADERS || place % 4 == 0 {
            example.rows.extend_from_slice(row);
            example.is_right.push(*is_right);
        }
    }
    example
}

/// A ranker that learned from all these questions: the sum of as many as there are seeds.
#[must_use]
pub fn train(prepared: &[&Prepared], settings: &Settings, seeds: u64) -> Ranker {
    let examples: Vec<Example> = prepared.iter().map(|prepared| thinned(prepared)).collect();
    let mut whole = Ranker::default();
    for seed in 0..seeds.max(1) {
        let settings = Settings { seed: settings.seed + seed, ..settings.clone() };
        let learned = learn(&examples, &NAMES, &settings);
        whole.features = learned.features;
        whole.trees.extend(learned.trees);
    }
    for node in whole.trees.iter_mut().flatten() {
        match node {
            Node::Leaf(answer) => *answer /= seeds.max(1) as f32,
            Node::Split { .. } => {}
        }
    }
    whole
}

/// How the first look alone does.
#[must_use]
pub fn first_look(prepared: &[Prepared]) -> Measures {
    let mut measures = Measures::default();
    for prepared in prepared {
        let ranks: Vec<usize> = right_places(&prepared.example);
        measures.add(&ranks, prepared.relevant);
    }
    measures.averaged()
}

fn right_places(example: &Example) -> Vec<usize> {
    let places = example.is_right.iter().enumerate();
    places.filter(|(_, is_right)| **is_right).map(|(place, _)| place).collect()
}

/// How a ranker does on the questions of each part when it learned from the other parts only. `without` names
/// features that it may not see.
#[must_use]
pub fn cross_validate(
    prepared: &[Prepared],
    parts: usize,
    settings: &Settings,
    seeds: u64,
    without: &[&str],
) -> Measures {
    let hidden: Vec<usize> =
        NAMES.iter().enumerate().filter(|(_, n)| without.contains(n)).map(|(at, _)| at).collect();
    let hide = |prepared: &Prepared| {
        let mut prepared = prepared.clone();
        for row in prepared.example.rows.chunks_exact_mut(NAMES.len()) {
            for at in &hidden {
                if let Some(value) = row.get_mut(*at) {
                    *value = 0.0;
                }
            }
        }
        prepared
    };
    let prepared: Vec<Prepared> = prepared.iter().map(hide).collect();
    let in_part = |place: usize, part: usize| place % parts.max(1) == part;
    let run = |part: usize| {
        let others: Vec<&Prepared> = prepared
            .iter()
            .enumerate()
            .filter(|(place, _)| !in_part(*place, part))
            .map(|(_, prepared)| prepared)
            .collect();
        let ranker = train(&others, settings, seeds);
        let own = prepared.iter().enumerate().filter(|(place, _)| in_part(*place, part));
        own.map(|(_, own)| (ranks(&ranker, &own.example), own.relevant)).collect::<Vec<_>>()
    };
    // Two at a time: the parts know nothing of each other.
    let done = std::thread::scope(|scope| {
        let halves: Vec<_> = (0..2)
            .map(|half| {
                let run = &run;
                let of_half = (0..parts.max(1)).filter(move |part| part % 2 == half);
                scope.spawn(move || of_half.flat_map(run).collect::<Vec<_>>())
            })
            .collect();
        halves.into_iter().flat_map(|half| half.join().unwrap_or_default()).collect::<Vec<_>>()
    });
    let mut measures = Measures::default();
    for (ranks, relevant) in done {
        measures.add(&ranks, relevant);
    }
    measures.averaged()
}

/// The ranks that a ranker gives to the right candidates.
fn ranks(ranker: &Ranker, example: &Example) -> Vec<usize> {
    let rows = example.rows.chunks_exact(NAMES.len());
    let scores: Vec<f32> = rows.map(|row| ranker.score(row)).collect();
    let mut order: Vec<usize> = (0..scores.len()).collect();
    let score = |at: usize| scores.get(at).copied().unwrap_or(0.0);
    order.sort_by(|one, two| score(*two).total_cmp(&score(*one)).then(one.cmp(two)));
    let ranked = order.iter().enumerate();
    ranked
        .filter(|(_, at)| example.is_right.get(**at).copied().unwrap_or(false))
        .map(|(rank, _)| rank)
        .collect()
}

/// Ingredients of the ranking, each with the features that stand for it: what leaving one out costs is its
/// share.
pub const INGREDIENTS: [(&str, &[&str]); 9] = [
    (
        "title",
        &[
            "bm25-title-one",
            "bm25-title-pair",
            "title-core",
            "title-core-pairs",
            "title-all-pairs",
            "title-answered",
            "title-answered-pairs",
            "title-run",
            "title-run-share",
            "title-run-start",
            "title-bm25-share",
        ],
    ),
    (
        "headings above, subject, name of the document",
        &[
            "bm25-context-one",
            "bm25-context-pair",
            "context-core",
            "context-core-pairs",
            "title-context-core",
            "title-context-core-pairs",
        ],
    ),
    (
        "pairs of syllables",
        &[
            "bm25-title-pair",
            "bm25-body-pair",
            "bm25-context-pair",
            "title-core-pairs",
            "title-all-pairs",
            "title-answered-pairs",
            "body-core-pairs",
            "body-all-pairs",
            "body-best-paragraph-pairs",
            "context-core-pairs",
            "any-core-pairs",
            "title-context-core-pairs",
            "body-pair-density",
        ],
    ),
    (
        "nearness: runs, windows, paragraphs",
        &[
            "title-run",
            "title-run-share",
            "title-run-start",
            "body-run",
            "body-best-paragraph",
            "body-best-paragraph-pairs",
            "body-first-paragraph",
            "body-window",
        ],
    ),
    (
        "neighbours in the document and under the headings",
        &["document-sum", "document-best", "document-share", "context-sum", "is-best-of-document"],
    ),
    ("cross-references", &["linked-sum", "linked", "cited"]),
    ("rank and day of the document", &["rank-of-document", "year"]),
    (
        "kind of question",
        &[
            "wants-definition",
            "wants-amount",
            "wants-time",
            "wants-authority",
            "wants-procedure",
            "wants-penalty",
            "wants-list",
            "wants-permission",
            "wants-heading",
        ],
    ),
    ("defined words", &["defines", "defined-match", "defined-core"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_are_averages_over_questions() {
        let mut measures = Measures::default();
        measures.add(&[0], 1);
        measures.add(&[3, 40], 2);
        measures.add(&[], 1);
        let measures = measures.averaged();
        assert_eq!(measures.n, 3);
        assert!((measures.mrr_at_10 - (1.0 + 0.25) / 3.0).abs() < 1e-9);
        assert!((measures.recall_at_10 - (1.0 + 0.5) / 3.0).abs() < 1e-9);
        assert!((measures.recall_at_100 - 2.0 / 3.0).abs() < 1e-9);
    }

    #[test]
    fn every_ingredient_names_features_that_there_are() {
        for (ingredient, features) in INGREDIENTS {
            for feature in features {
                assert!(NAMES.contains(feature), "{ingredient}: {feature}");
            }
        }
    }
}
