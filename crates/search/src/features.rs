//! The second look: what a close comparison of a question with each candidate tells, in numbers that a
//! ranker learns from.

mod look;

use look::{Asked, Seen, answered, best_defined, bm25, has, look, share};

use crate::analyser::BREAK;
use crate::candidates::Scored;
use crate::index::{Field, Index, saturation};
use crate::query::Query;

/// Names of the features, in the order of [`Features::row`].
pub const NAMES: [&str; COUNT] = [
    "first-score",
    "first-share",
    "first-rank",
    "bm25-title-one",
    "bm25-title-pair",
    "bm25-body-one",
    "bm25-body-pair",
    "bm25-context-one",
    "bm25-context-pair",
    "title-core",
    "title-core-pairs",
    "title-all-pairs",
    "title-answered",
    "title-answered-pairs",
    "title-run",
    "title-run-share",
    "body-core",
    "body-core-pairs",
    "body-all-pairs",
    "body-run",
    "body-best-paragraph",
    "body-best-paragraph-pairs",
    "body-first-paragraph",
    "body-window",
    "context-core",
    "context-core-pairs",
    "any-core",
    "any-core-pairs",
    "title-context-core",
    "title-context-core-pairs",
    "heaviest-missing",
    "defines",
    "document-sum",
    "document-best",
    "document-share",
    "context-sum",
    "is-best-of-document",
    "linked-sum",
    "rank-of-document",
    "year",
    "article",
    "title-length",
    "body-length",
    "linked",
    "cited",
    "query-length",
    "query-core-weight",
    "wants-definition",
    "wants-amount",
    "wants-time",
    "wants-authority",
    "wants-procedure",
    "wants-penalty",
    "wants-list",
    "wants-permission",
    "wants-heading",
    "has-amounts",
    "has-prohibition",
    "title-is-generic",
    "title-run-start",
    "body-pair-density",
    "title-bm25-share",
    "body-bm25-share",
    "defined-match",
    "defined-core",
    "added-weight",
];
/// How many there are.
pub const COUNT: usize = 66;

/// Features of all candidates of a question, a row each.
#[derive(Clone, Debug, Default)]
pub struct Features {
    values: Vec<f32>,
}

impl Features {
    /// The row of the n-th candidate.
    #[must_use]
    pub fn row(&self, place: usize) -> &[f32] {
        self.values.get(place * COUNT..(place + 1) * COUNT).unwrap_or_default()
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len() / COUNT
    }

    /// Are there none?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}

/// Memory used again from one question to the next.
#[derive(Debug, Default)]
pub struct Workspace {
    /// By syllable: its place among the question's distinct syllables, plus one.
    marks: Vec<u8>,
    fields: [Vec<u32>; 3],
}

/// Headings that thousands of articles share.
const GENERIC: [&str; 12] = [
    "phạm vi điều chỉnh",
    "đối tượng áp dụng",
    "phạm vi điều chỉnh và đối tượng áp dụng",
    "giải thích từ ngữ",
    "hiệu lực thi hành",
    "tổ chức thực hiện",
    "trách nhiệm thi hành",
    "điều khoản thi hành",
    "điều khoản chuyển tiếp",
    "quy định chuyển tiếp",
    "nguyên tắc",
    "hồ sơ trình tự thủ tục",
];

/// Looks closely at the candidates of a question.
#[must_use]
pub fn features(
    index: &Index,
    query: &Query,
    candidates: &[Scored],
    work: &mut Workspace,
) -> Features {
    let asked = Asked::new(index, query);
    let vocabulary = index.vocabulary();
    work.marks.resize(vocabulary.len(), 0);
    for (one, place) in asked.ones.iter().zip(1_u8..) {
        if let Some(mark) = work.marks.get_mut(one.syllable as usize) {
            *mark = place;
        }
    }
    let is_word = vocabulary.get("là").unwrap_or(BREAK);
    let forbidden = [vocabulary.get("cấm").unwrap_or(BREAK)];
    let top = candidates.first().map_or(1.0, |best| best.score.max(1e-6));
    let mut rows: Vec<[f32; COUNT]> = Vec::with_capacity(candidates.len());
    let mut generic: Vec<Vec<u32>> = Vec::new();
    for title in GENERIC {
        generic.push(title.split(' ').filter_map(|word| vocabulary.get(word)).collect());
    }
    for (order, candidate) in candidates.iter().enumerate() {
        let mut row = [0.0_f32; COUNT];
        let Some(kept) = index.passage(candidate.passage) else {
            rows.push(row);
            continue;
        };
        index.syllables(candidate.passage, &mut work.fields);
        let [title, body, defined] = &work.fields;
        let context = index.context(candidate.passage);
        let in_title = look(&work.marks, &asked, title, false, is_word);
        let in_body = look(&work.marks, &asked, body, true, is_word);
        let in_context = look(&work.marks, &asked, context, false, is_word);
        let stretch = |field: usize| {
            let of_field = index.stretch.get(field);
            of_field.and_then(|all| all.get(candidate.passage as usize)).copied().unwrap_or(1.0)
        };
        let ones = || asked.ones.iter().map(|one| one.weight);
        let pairs = || asked.pairs.iter().map(|pair| pair.weight);
        let score = |seen: &Seen, field: Field| {
            let k = saturation(field);
            (
                bm25(&seen.one_counts, ones(), stretch(field as usize), k),
                bm25(&seen.pair_counts, pairs(), stretch(field as usize), k),
            )
        };
        let (title_one, title_pair) = score(&in_title, Field::Title);
        let (body_one, body_pair) = score(&in_body, Field::Body);
        let (context_one, context_pair) = score(&in_context, Field::Context);
        let mut any = in_title.found;
        any.add(in_body.found);
        any.add(in_context.found);
        let mut above = in_title.found;
        above.add(in_context.found);
        let (answered, answered_pairs) = answered(kept, &work.marks, &asked, title);
        let missing = asked
            .ones
            .iter()
            .zip(0_u32..)
            .filter(|(one, at)| one.is_core && !has(any.ones, *at))
            .map(|(one, _)| one.weight)
            .fold(0.0, f32::max);
        let digits = body.iter().filter(|syllable| vocabulary.is_number(**syllable));
        let generic = generic.iter().any(|known| known == title);
        let mut at = 0;
        let mut put = |value: f32| {
            if let Some(place) = row.get_mut(at) {
                *place = value;
            }
            at += 1;
        };
        put(candidate.score);
        put(candidate.score / top);
        put(order as f32);
        put(title_one);
        put(title_pair);
        put(body_one);
        put(body_pair);
        put(context_one);
        put(context_pair);
        put(in_title.found.core(&asked));
        put(in_title.found.core_pairs(&asked));
        put(in_title.found.all_pairs(&asked));
        put(answered);
        put(answered_pairs);
        put(in_title.run_weight);
        put(share(in_title.run_length, title.len() as f32));
        put(in_body.found.core(&asked));
        put(in_body.found.core_pairs(&asked));
        put(in_body.found.all_pairs(&asked));
        put(in_body.run_weight);
        put(in_body.best_paragraph);
        put(in_body.best_paragraph_pairs);
        put(in_body.first_paragraph);
        put(share(in_body.window, asked.core_weight));
        put(in_context.found.core(&asked));
        put(in_context.found.core_pairs(&asked));
        put(any.core(&asked));
        put(any.core_pairs(&asked));
        put(above.core(&asked));
        put(above.core_pairs(&asked));
        put(missing);
        put(in_body.defines);
        // Filled in below, once all candidates are seen.
        for _ in 0..6 {
            put(0.0);
        }
        put(f32::from(kept.rank as u8));
        put(f32::from(kept.year));
        put(f32::from(kept.number));
        put(title.len() as f32);
        put(body.len() as f32);
        put(kept.related.len() as f32);
        put(kept.cited as f32);
        put(asked.order.len() as f32);
        put(asked.core_weight);
        for wanted in [
            query.wants.definition,
            query.wants.amount,
            query.wants.time,
            query.wants.authority,
            query.wants.procedure,
            query.wants.penalty,
            query.wants.list,
            query.wants.permission,
            query.wants.heading,
        ] {
            put(f32::from(u8::from(wanted)));
        }
        put(share(digits.count() as f32, body.len() as f32));
        put(f32::from(u8::from(body.iter().any(|syllable| forbidden.contains(syllable)))));
        put(f32::from(u8::from(generic)));
        put(in_title.run_start);
        put(share(
            in_body.pair_counts.iter().map(|count| f32::from(*count)).sum(),
            body.len() as f32,
        ));
        put(title_one + title_pair);
        put(body_one + body_pair);
        let (matched, core) = best_defined(index, &work.marks, &asked, defined);
        put(matched);
        put(core);
        put(query.shares.iter().filter(|share| **share < 1.0).sum());
        rows.push(row);
    }
    for one in &asked.ones {
        if let Some(mark) = work.marks.get_mut(one.syllable as usize) {
            *mark = 0;
        }
    }
    neighbours(index, candidates, &mut rows);
    shares(&mut rows);
    Features { values: rows.into_iter().flatten().collect() }
}

/// What the other candidates say of one: those of the same document, under the same headings, linked with it.
fn neighbours(index: &Index, candidates: &[Scored], rows: &mut [[f32; COUNT]]) {
    use std::collections::HashMap;
    const FIRST: usize = 32;
    let mut documents: HashMap<u32, (f32, f32)> = HashMap::new();
    let mut contexts: HashMap<u32, f32> = HashMap::new();
    let mut scores: HashMap<u32, f32> = HashMap::new();
    let top = candidates.first().map_or(1.0, |best| best.score.max(1e-6));
    let mut all = 0.0;
    for candidate in candidates.iter().take(60) {
        let Some(kept) = index.passage(candidate.passage) else { continue };
        // Sharpened: the leaders count, the long tail hardly does.
        let score = (candidate.score / top).powi(4);
        all += score;
        let document = documents.entry(kept.document).or_default();
        document.0 += score;
        document.1 = document.1.max(candidate.score / top);
        *contexts.entry(kept.context).or_default() += score;
        scores.insert(candidate.passage, score);
    }
    let mut linked: HashMap<u32, f32> = HashMap::new();
    for candidate in candidates.iter().take(60) {
        let Some(kept) = index.passage(candidate.passage) else { continue };
        let own = scores.get(&candidate.passage).copied().unwrap_or(0.0);
        for other in &kept.related {
            if let Some(score) = scores.get(other) {
                *linked.entry(candidate.passage).or_default() += score;
            }
            *linked.entry(*other).or_default() += own;
        }
    }
    for (candidate, row) in candidates.iter().zip(rows) {
        let Some(kept) = index.passage(candidate.passage) else { continue };
        let (sum, best) = documents.get(&kept.document).copied().unwrap_or_default();
        let values = [
            sum,
            best,
            share(sum, all),
            contexts.get(&kept.context).copied().unwrap_or(0.0),
            f32::from(u8::from(candidate.score / top >= best)),
            linked.get(&candidate.passage).copied().unwrap_or(0.0),
        ];
        for (place, value) in row.iter_mut().skip(FIRST).zip(values) {
            *place = value;
        }
    }
}

/// The last two hold the BM25 of title and body so far; what counts is their share of the best.
fn shares(rows: &mut [[f32; COUNT]]) {
    for place in [61, 62] {
        let best = rows.iter().filter_map(|row| row.get(place).copied()).fold(1e-6, f32::max);
        for row in rows.iter_mut() {
            if let Some(value) = row.get_mut(place) {
                *value /= best;
            }
        }
    }
}
