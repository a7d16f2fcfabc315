//! A draft laid against the law: bases, citations, higher law, form.
//!
//! What comes out are candidates for a named officer to accept, reject or postpone; no verdict. What the
//! law demands of the form of a document is content ([`ReviewContent`]), with its days, its basis and
//! whether somebody checked it.

mod citations;
mod content;
mod form;
mod higher;
mod symbols;
mod units;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use content::{
    Abbreviation, Abbreviations, Check, FormRule, FormRules, IssuerLevel, Layout, LayoutFact, Part,
    ReviewContent, Severity, SymbolPattern, SymbolPatterns, SynonymGroup, Synonyms,
};
pub use form::layout;

use crate::comparison::FindingKind;
use crate::model::LegalDocument;

/// What the corpus knows; the application answers from its store and its index.
pub trait Knowledge {
    /// The day of the review.
    fn today(&self) -> Date;
    /// A document by number and symbol in any spelling, or by kind and name ("Luật Hộ tịch").
    fn document(&self, number_or_title: &str) -> Option<KnownDocument>;
    /// A provision by its address in a document: `dieu-4/khoan-2`.
    fn provision(&self, document: &str, path: &str) -> Option<KnownProvision>;
    /// Names of the laws of the corpus, so that their citations end at the right word.
    fn titles(&self) -> Option<&crate::citation::KnownTitles> {
        None
    }
    /// Provisions of higher law that may rule the same, best first.
    fn candidates(&self, text: &str, limit: usize) -> Vec<Candidate>;
}

/// A document of the corpus.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KnownDocument {
    /// Number and symbol.
    pub number: String,
    /// Name without the kind.
    pub title: String,
    /// Kind: "Luật".
    pub kind: String,
    /// Who issued it.
    pub issuer: String,
    /// Day of issue.
    pub issued_on: Option<Date>,
    /// First day of effect.
    pub effective_on: Option<Date>,
    /// First day on which it is no longer in force.
    pub expires_on: Option<Date>,
    /// What took its place.
    pub replaced_by: Vec<Successor>,
    /// The whole text is in the corpus, so that what is not found in it does not exist.
    pub is_complete: bool,
}

/// What took a document's place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Successor {
    /// Number and symbol.
    pub number: String,
    /// Kind and name.
    pub title: String,
}

/// State of a document on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentState {
    /// Not yet in force.
    NotYet,
    /// In force.
    InForce,
    /// No longer in force.
    Expired,
    /// The day of effect is not known.
    Unknown,
}

impl KnownDocument {
    /// Its state on a day.
    #[must_use]
    pub fn state_on(&self, day: Date) -> DocumentState {
        if self.expires_on.is_some_and(|expires| expires <= day) {
            return DocumentState::Expired;
        }
        match self.effective_on {
            Some(effective) if effective > day => DocumentState::NotYet,
            Some(_) => DocumentState::InForce,
            None => DocumentState::Unknown,
        }
    }

    /// "Luật số 57/2020/QH14 Thanh niên".
    fn named(&self) -> String {
        [self.kind.as_str(), "số", self.number.as_str(), self.title.as_str()]
            .join(" ")
            .trim()
            .to_owned()
    }
}

/// A provision of the corpus.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KnownProvision {
    /// "Khoản 2 Điều 4".
    pub label: String,
    /// Its text.
    pub text: String,
    /// It was repealed before the day of the review; by what, where known.
    pub repealed_by: Option<String>,
}

/// A provision of higher law that may rule the same as the draft.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Candidate {
    /// Stable address in the corpus.
    pub address: String,
    /// "Khoản 2 Điều 4".
    pub label: String,
    /// Its text.
    pub text: String,
    /// The document: number and symbol.
    pub document: String,
    /// Kind and name of the document.
    pub title: String,
    /// Rank of the document: 1 the Constitution; larger is lower.
    pub rank: Option<u8>,
    /// Day of issue of the document.
    pub issued_on: Option<Date>,
}

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReviewKind {
    /// A legal basis is no longer in force.
    BasisExpired,
    /// A legal basis was replaced.
    BasisReplaced,
    /// A legal basis is not yet in force when the draft will be.
    BasisNotYet,
    /// A legal basis is not in the corpus.
    BasisUnknown,
    /// A document named in the text is not in the corpus.
    DocumentUnknown,
    /// A document named in the text is no longer in force.
    DocumentExpired,
    /// An article, clause or point named in the text does not exist.
    PlaceUnknown,
    /// A provision named in the text was repealed.
    PlaceRepealed,
    /// May contradict higher law.
    Contradiction,
    /// Rules what higher law rules.
    Overlap,
    /// Copies higher law.
    Copy,
    /// No clause on taking effect.
    EffectMissing,
    /// The day of effect is not named as a day.
    EffectVague,
    /// Takes effect before it is signed.
    EffectBeforeIssue,
    /// Takes effect too early.
    EffectTooEarly,
    /// Number and symbol do not follow the pattern of kind and issuer.
    Symbol,
    /// A part of the document is missing.
    PartMissing,
    /// Another rule of form.
    Form,
}

/// Where in the draft.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftPlace {
    /// Address in the tree (`dieu-4/khoan-2`), `can-cu-3` for a basis, or a field: `number`.
    pub address: String,
    /// First byte and first byte after it, in the text of that place.
    pub span: (usize, usize),
}

/// What the draft is laid against.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherSide {
    /// Number and symbol of the document.
    pub document: String,
    /// Address in the corpus, where it is a provision.
    pub address: String,
    /// How it is called: "Khoản 2 Điều 4 Luật Thanh niên".
    pub label: String,
    /// Its words.
    pub text: String,
    /// Spans of the words that differ, in bytes of `text`.
    pub marks: Vec<(usize, usize)>,
}

/// A candidate for the officer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReviewFinding {
    /// What it is about.
    pub kind: ReviewKind,
    /// Of a contradiction, in what.
    pub difference: Option<FindingKind>,
    /// Where in the draft.
    pub place: DraftPlace,
    /// The words of the draft.
    pub text: String,
    /// Spans of the words that differ, in bytes of `text`.
    pub marks: Vec<(usize, usize)>,
    /// What it is laid against.
    pub other: Option<OtherSide>,
    /// A Vietnamese sentence: why it is shown.
    pub reason: String,
    /// A Vietnamese sentence: what to do.
    pub advice: String,
    /// How sure, from 0 to 1.
    pub confidence: f64,
    /// Legal basis of the rule, where a rule of content found it.
    pub basis: Option<String>,
    /// Nobody has checked that rule against its source yet.
    pub is_unverified: bool,
}

impl ReviewFinding {
    fn new(kind: ReviewKind, address: &str, text: &str, reason: String, advice: &str) -> Self {
        Self {
            kind,
            difference: None,
            place: DraftPlace { address: address.to_owned(), span: (0, text.len()) },
            text: text.to_owned(),
            marks: Vec::new(),
            other: None,
            reason,
            advice: advice.to_owned(),
            confidence: 0.8,
            basis: None,
            is_unverified: false,
        }
    }

    fn sure(mut self, confidence: f64) -> Self {
        self.confidence = confidence;
        self
    }
}

/// Everything worth an officer's look, in the order of the draft: form, bases, then provision by provision.
#[must_use]
pub fn review(
    draft: &LegalDocument,
    knowledge: &dyn Knowledge,
    content: &ReviewContent,
) -> Vec<ReviewFinding> {
    let mut found = form::findings(draft, knowledge.today(), content);
    found.extend(symbols::findings(draft, knowledge.today(), content));
    found.extend(citations::of_bases(draft, knowledge));
    let pieces = units::pieces(draft);
    let own = units::paths(draft);
    for piece in &pieces {
        found.extend(citations::of_piece(piece, &own, draft, knowledge));
        found.extend(higher::findings(piece, draft, knowledge));
    }
    found
}

#[cfg(test)]
mod tests;
