//! Two provisions side by side: where they speak of the same, and what they may say differently.
//!
//! Sentences are aligned by subject; in aligned sentences numbers, commands, authorities, papers and
//! steps are laid against each other. What comes out are candidates for a person to look at, with a
//! measure of confidence and the differing words; never a verdict. Repeated text is overlap, not
//! conflict. Weights and their reasons: `comparison/judge.rs`.

mod align;
mod authority;
mod calendar;
mod figures;
mod judge;
mod lonely;
mod modality;
mod numbers;
mod quantity;
mod reason;
mod sentence;
mod slots;
mod words;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How much rarer than usual a syllable is: 1 as usual, 0.2 everywhere, 2 hardly anywhere.
pub type Rarity<'a> = dyn Fn(&str) -> f64 + 'a;

/// What was found between two texts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The score reaches the threshold: the two may contradict each other.
    pub conflict: bool,
    /// How much of the shorter text is about what the longer is about, from 0 to 1.
    pub overlap: f64,
    /// How likely a contradiction is, from 0 to 1.
    pub score: f64,
    /// Candidates, the surest first.
    pub findings: Vec<Finding>,
}

/// One candidate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What kind of difference, or copy.
    #[serde(rename = "type")]
    pub kind: FindingKind,
    /// The sentence of the first text.
    pub a: Excerpt,
    /// The sentence of the second text.
    pub b: Excerpt,
    /// A Vietnamese sentence that says what differs.
    pub reason: String,
    /// How sure, from 0 to 1.
    pub confidence: f64,
}

/// A piece of a text, with its place and the words in it that differ from the other side.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excerpt {
    /// The words; empty where this side says nothing.
    pub text: String,
    /// First byte in the text and first byte after it.
    pub span: (usize, usize),
    /// Spans of the words that differ, in bytes of the text, in order.
    #[serde(default)]
    pub marks: Vec<(usize, usize)>,
}

/// Kinds of candidates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FindingKind {
    /// A time limit or a length of time.
    Deadline,
    /// A day of the calendar.
    Date,
    /// An age.
    Age,
    /// A fee.
    Fee,
    /// Another amount of money.
    Amount,
    /// A share.
    Percentage,
    /// Another number.
    Number,
    /// Must, may, must not turned round.
    Modality,
    /// Another competent authority.
    Authority,
    /// A paper that only one side asks for.
    AddedPaper,
    /// A step or duty that only one side asks for.
    AddedStep,
    /// A condition or exception that only one side has, or that is turned round.
    Condition,
    /// The same words on both sides: overlap, no conflict.
    Copy,
}

impl FindingKind {
    /// It speaks for a contradiction; a copy does not.
    #[must_use]
    pub const fn is_conflict(self) -> bool {
        !matches!(self, Self::Copy)
    }
}

/// One side, with what is known of its document.
#[derive(Clone, Copy, Debug, Default)]
pub struct Side<'a> {
    /// The provision.
    pub text: &'a str,
    /// Rank of the document: 1 the Constitution, 2 laws … larger is lower.
    pub rank: Option<u8>,
    /// Day of issue.
    pub day: Option<Date>,
    /// Issued by a province or commune.
    pub is_local: bool,
}

/// How to compare.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// Score from which two texts count as contradicting.
    pub threshold: f64,
    /// Most findings given back.
    pub most_findings: usize,
    /// How rare each syllable is, where the caller knows.
    pub rarity: Option<&'a Rarity<'a>>,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self { threshold: THRESHOLD, most_findings: 20, rarity: None }
    }
}

/// Score from which two texts count as contradicting; found on the tuning half of the own pairs.
pub const THRESHOLD: f64 = 0.5;

/// Compares two texts of which nothing else is known.
#[must_use]
pub fn compare(a: &str, b: &str) -> Comparison {
    let side = |text| Side { text, ..Side::default() };
    compare_with(&side(a), &side(b), &Options::default())
}

/// Compares two texts whose documents are known.
#[must_use]
pub fn compare_with(a: &Side, b: &Side, options: &Options) -> Comparison {
    let (cut_a, cut_b) = (sentence::cut(a.text), sentence::cut(b.text));
    let (subjects_a, subjects_b) = align::subjects(&cut_a, &cut_b, options.rarity);
    let partners = align::pairs(&subjects_a, &subjects_b);
    let overlap = align::overlap(&cut_a, &cut_b, options.rarity);
    let standing = judge::Standing::of(a, b);
    let mut findings = judge::findings(&cut_a, &cut_b, &partners, overlap, standing);
    findings.sort_by(|x, y| y.confidence.total_cmp(&x.confidence));
    let score = score(&findings);
    findings.truncate(options.most_findings);
    Comparison {
        conflict: score >= options.threshold,
        overlap: round(overlap),
        score: round(score),
        findings,
    }
}

/// The surest candidate counts whole; each further one takes a fifth of what is left.
fn score(findings: &[Finding]) -> f64 {
    let mut score = 0.0;
    for finding in findings.iter().filter(|finding| finding.kind.is_conflict()).take(6) {
        if score == 0.0 {
            score = finding.confidence;
        } else if finding.confidence >= 0.3 {
            score += (1.0 - score) * 0.2 * finding.confidence;
        }
    }
    score.clamp(0.0, 0.99)
}

/// A day of the calendar with its year is named in the text.
pub(crate) fn names_day(text: &str) -> bool {
    let words = words::words(text);
    quantity::quantities(&words).iter().any(|found| {
        found.measure == quantity::Measure::Day && found.low >= 10_000.0 && found.low % 100.0 > 0.0
    })
}

/// Spans of lengths of time that are written in words only: "mười lăm ngày".
pub(crate) fn spelled_times(text: &str) -> Vec<(usize, usize)> {
    let words = words::words(text);
    quantity::quantities(&words)
        .iter()
        .filter(|found| found.measure == quantity::Measure::Time && !found.has_figures(&words))
        .filter_map(|found| {
            let last = words.get(found.to.checked_sub(1)?)?;
            Some((words.get(found.from)?.start, last.end))
        })
        .collect()
}

fn round(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}
