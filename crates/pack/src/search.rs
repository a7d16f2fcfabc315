//! Finding a procedure by what people type.

use std::collections::{BTreeMap, BTreeSet};

use kernel::text;

use crate::model::Procedure;
use crate::nearest::edit_distance;

/// Shortest word in which a mistyped letter is forgiven: below, too many words are alike.
const SHORTEST_FORGIVEN: usize = 4;
/// Share of the query that must be found for a procedure to be offered.
const LEAST_COVERAGE: f64 = 0.5;
/// Weights of where the words are found: the name over the other names over the summary.
const NAME: f64 = 3.0;
const ALIAS: f64 = 2.0;
const SUMMARY: f64 = 1.0;

/// An index over the latest version of each procedure.
#[derive(Debug, Default)]
pub(crate) struct Finder {
    synonyms: Synonyms,
    entries: Vec<Entry>,
    /// In how many procedures each word occurs.
    frequency: BTreeMap<String, usize>,
}

#[derive(Debug)]
struct Entry {
    index: usize,
    rank: u32,
    texts: Vec<(f64, Vec<String>)>,
}

impl Finder {
    /// Builds the index. `procedures` come version by version, the later after the earlier.
    pub fn new<'a>(
        procedures: impl Iterator<Item = &'a Procedure>,
        synonyms: &[Vec<String>],
    ) -> Self {
        let synonyms = Synonyms::new(synonyms);
        let mut latest: BTreeMap<&str, (usize, &Procedure)> = BTreeMap::new();
        for (index, procedure) in procedures.enumerate() {
            latest.insert(&procedure.slug, (index, procedure));
        }
        let entry = |(index, procedure): (usize, &Procedure)| {
            let mut texts = vec![(NAME, synonyms.canonical(&procedure.name.vi))];
            let other_names = procedure.aliases.iter().chain([&procedure.name.en, &procedure.code]);
            texts.extend(other_names.map(|name| (ALIAS, synonyms.canonical(name))));
            texts.push((SUMMARY, synonyms.canonical(&procedure.summary.vi)));
            Entry { index, rank: procedure.common_rank.unwrap_or(u32::MAX), texts }
        };
        let entries: Vec<Entry> = latest.into_values().map(entry).collect();
        let mut frequency = BTreeMap::new();
        for entry in &entries {
            let words: BTreeSet<&String> = entry.texts.iter().flat_map(|(_, text)| text).collect();
            for word in words {
                *frequency.entry(word.clone()).or_insert(0) += 1;
            }
        }
        Finder { synonyms, entries, frequency }
    }

    /// Positions of the procedures, best first.
    pub fn search(&self, query: &str, limit: usize) -> Vec<usize> {
        let words = self.synonyms.canonical(query);
        let query = self.weigh(&words);
        if query.is_empty() {
            return Vec::new();
        }
        let mut scored: Vec<(f64, &Entry)> = self
            .entries
            .iter()
            .map(|entry| (score(entry, &query), entry))
            .filter(|(score, _)| *score > 0.0)
            .collect();
        scored.sort_by(|(one, left), (other, right)| {
            other.total_cmp(one).then(left.rank.cmp(&right.rank)).then(left.index.cmp(&right.index))
        });
        scored.into_iter().take(limit).map(|(_, entry)| entry.index).collect()
    }

    /// Each word of the query with the words it may stand for and its weight: rare words say more.
    fn weigh(&self, words: &[String]) -> Vec<Term> {
        let last = words.len().saturating_sub(1);
        let term = |(position, word): (usize, &String)| {
            let meanings = self.meanings(word, position == last);
            let exact = meanings.iter().filter(|(_, likeness)| **likeness >= 1.0);
            let frequency = exact.filter_map(|(word, _)| self.frequency.get(word)).max();
            let (all, known) = (self.entries.len(), frequency.copied().unwrap_or(1));
            // Counts are small; the conversion is exact.
            let ratio = count(all) / count(known.max(1));
            Term { meanings, weight: (1.0 + ratio).ln() }
        };
        words.iter().enumerate().map(term).collect()
    }

    /// The known words that a typed word may stand for, with how sure that is.
    fn meanings(&self, word: &str, unfinished: bool) -> BTreeMap<String, f64> {
        let mut meanings = BTreeMap::new();
        if self.frequency.contains_key(word) {
            meanings.insert(word.to_owned(), 1.0);
        }
        if unfinished || meanings.is_empty() {
            let longer = self.frequency.range(word.to_owned()..);
            for (known, _) in longer.take_while(|(known, _)| known.starts_with(word)) {
                meanings.entry(known.clone()).or_insert(0.8);
            }
        }
        if meanings.is_empty() && word.chars().count() >= SHORTEST_FORGIVEN {
            for known in self.frequency.keys() {
                if edit_distance(word, known, 1).is_some() {
                    meanings.insert(known.clone(), 0.5);
                }
            }
        }
        meanings
    }
}

/// A word of the query.
struct Term {
    meanings: BTreeMap<String, f64>,
    weight: f64,
}

/// The best of the texts counts; the others only tell equals apart.
fn score(entry: &Entry, query: &[Term]) -> f64 {
    let mut best = 0.0_f64;
    let mut all = 0.0_f64;
    for (weight, text) in &entry.texts {
        let score = weight * likeness(text, query);
        best = best.max(score);
        all += score;
    }
    best + all / 100.0
}

/// How well a text answers the query: the share of the query found, more when its words stand side
/// by side, more when the text says little or nothing else. Zero below the least share.
fn likeness(text: &[String], query: &[Term]) -> f64 {
    let total: f64 = query.iter().map(|term| term.weight).sum();
    let places: Vec<Option<(usize, f64)>> = query.iter().map(|term| place(text, term)).collect();
    let weights = query.iter().map(|term| term.weight);
    let found: f64 = places
        .iter()
        .zip(weights)
        .map(|(place, weight)| place.map_or(0.0, |(_, likeness)| likeness * weight))
        .sum();
    let coverage = if total > 0.0 { found / total } else { 0.0 };
    if coverage < LEAST_COVERAGE {
        return 0.0;
    }
    let pairs = query.windows(2).filter(|pair| side_by_side(text, pair)).count();
    let neighbours = count(pairs) / count(query.len().saturating_sub(1).max(1));
    let matched: BTreeSet<usize> = places.iter().flatten().map(|(position, _)| *position).collect();
    let said = count(matched.len()) / count(text.len().max(1));
    // Somebody who types exactly one of its names means this one, although another's longer name
    // may hold the same words.
    let exact = f64::from(u8::from(coverage >= 1.0 && said >= 1.0));
    coverage + 0.5 * neighbours + 0.3 * said + exact
}

fn place(text: &[String], term: &Term) -> Option<(usize, f64)> {
    let likeness = |word: &String| term.meanings.get(word).copied();
    let found =
        text.iter().enumerate().filter_map(|(position, word)| Some((position, likeness(word)?)));
    found.max_by(|(left, one), (right, other)| one.total_cmp(other).then(right.cmp(left)))
}

fn side_by_side(text: &[String], pair: &[Term]) -> bool {
    let [first, second] = pair else { return false };
    text.windows(2).any(|words| match words {
        [left, right] => first.meanings.contains_key(left) && second.meanings.contains_key(right),
        _ => false,
    })
}

/// Words are few; the conversion loses nothing.
fn count(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::MAX, f64::from)
}

/// Groups of words that stand for one another. Texts and queries are written in the first word of
/// each group, so that they meet.
#[derive(Debug, Default)]
struct Synonyms {
    /// From the words of a phrase to the words that stand for it.
    phrases: BTreeMap<Vec<String>, Vec<String>>,
    longest: usize,
}

impl Synonyms {
    fn new(groups: &[Vec<String>]) -> Self {
        let mut synonyms = Synonyms::default();
        // Single words first: phrases are then written in them on both sides.
        for single in [true, false] {
            let words = synonyms.phrases.clone();
            for group in groups {
                synonyms.add_group(group, single, &words);
            }
        }
        synonyms
    }

    fn add_group(
        &mut self,
        group: &[String],
        single: bool,
        words: &BTreeMap<Vec<String>, Vec<String>>,
    ) {
        let phrases: Vec<Vec<String>> = group.iter().map(|phrase| text::tokens(phrase)).collect();
        if phrases.iter().all(|phrase| phrase.len() == 1) != single {
            return;
        }
        let spell = |phrase: &Vec<String>| {
            let spelled = phrase.iter().flat_map(|word| {
                words.get(std::slice::from_ref(word)).cloned().unwrap_or_else(|| vec![word.clone()])
            });
            spelled.collect::<Vec<String>>()
        };
        let Some(first) = phrases.first().map(spell) else {
            return;
        };
        for phrase in &phrases {
            let spelled = spell(phrase);
            self.longest = self.longest.max(spelled.len());
            // A phrase in two groups stays with the first.
            self.phrases.entry(spelled).or_insert_with(|| first.clone());
        }
    }

    /// The words of a text, folded, phrases replaced by what stands for them, the longest first.
    fn canonical(&self, text: &str) -> Vec<String> {
        let folded = text::tokens(text);
        let single = |word: &String| {
            let known = self.phrases.get(std::slice::from_ref(word));
            known.filter(|words| words.len() == 1).cloned().unwrap_or_else(|| vec![word.clone()])
        };
        let words: Vec<String> = folded.iter().flat_map(single).collect();
        let mut canonical = Vec::new();
        let mut rest = words.as_slice();
        while let Some((first, after)) = rest.split_first() {
            let longest = self.longest.min(rest.len());
            let phrase = (1..=longest).rev().find_map(|length| {
                let (phrase, after) = rest.split_at_checked(length)?;
                Some((self.phrases.get(phrase)?, after))
            });
            rest = match phrase {
                Some((words, after)) => {
                    canonical.extend(words.iter().cloned());
                    after
                }
                None => {
                    canonical.push(first.clone());
                    after
                }
            };
        }
        canonical
    }
}
