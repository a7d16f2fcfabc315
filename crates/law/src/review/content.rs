//! Rules of form, symbols, abbreviations and synonyms as content: the application reads them from TOML.

use jiff::civil::Date;
use serde::Deserialize;

/// What a review reads from the content pack.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ReviewContent {
    /// `law/form-rules.toml`.
    pub form: FormRules,
    /// `law/symbols.toml`.
    pub symbols: SymbolPatterns,
}

/// The file `form-rules.toml`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormRules {
    /// The rules.
    #[serde(default, rename = "rule")]
    pub rules: Vec<FormRule>,
}

/// A rule of form.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct FormRule {
    /// Stable name.
    pub id: String,
    /// What is checked.
    #[serde(flatten)]
    pub check: Check,
    /// Only documents of this level; all where absent.
    #[serde(default)]
    pub level: Option<IssuerLevel>,
    /// Only these kinds; all where empty.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// First day of the rule.
    pub from: Date,
    /// First day on which the rule no longer holds.
    #[serde(default)]
    pub to: Option<Date>,
    /// Provision that it stands on.
    pub basis: String,
    /// Somebody read the provision.
    pub verified: bool,
    /// How grave.
    #[serde(default)]
    pub severity: Severity,
    /// What is wrong, in a Vietnamese sentence; `{…}` are filled in.
    pub message: String,
    /// What to do, in a Vietnamese sentence.
    pub advice: String,
}

/// How grave a breach is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Must be mended.
    #[default]
    Must,
    /// Should be mended.
    Should,
}

/// Who issues.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IssuerLevel {
    /// Bodies of the whole country.
    Central,
    /// Province and commune.
    Local,
}

/// What is checked.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "check", rename_all = "kebab-case")]
pub enum Check {
    /// A part of the document must be there.
    PartPresent {
        /// Which.
        part: Part,
    },
    /// There is a clause on taking effect.
    EffectClause,
    /// The day of effect is named as a day of the calendar.
    EffectDayNamed,
    /// The day of effect is not before the day of issue.
    EffectNotBeforeIssue,
    /// At least so many days lie between issue and effect.
    EffectDelay {
        /// Days.
        days: i32,
        /// Words that show that the shortened procedure was used: then the rule does not hold.
        #[serde(default)]
        unless: Vec<String>,
    },
    /// These units have a heading.
    Headings {
        /// Slugs: `chuong`, `dieu`.
        units: Vec<String>,
    },
    /// Articles are numbered 1, 2, 3 ….
    ArticlesInOrder,
    /// These units are numbered in Roman figures.
    RomanNumbers {
        /// Slugs.
        units: Vec<String>,
    },
    /// A point says one thing: no dashes in it.
    OneIdeaPerPoint,
    /// Words that should not stand in the text.
    Phrases {
        /// The words; compared without regard to tones and case.
        phrases: Vec<String>,
    },
    /// Length of time in figures.
    TimeInFigures,
    /// A law is cited with its year or number.
    LawCitedWithYear,
    /// Each basis stands in its own line and begins with these words.
    BasesBegin {
        /// "Căn cứ".
        words: String,
    },
    /// A fact of the page, checked by [`super::layout`].
    Layout {
        /// Which.
        fact: Layout,
        /// Least value.
        #[serde(default)]
        least: Option<f64>,
        /// Largest value.
        #[serde(default)]
        most: Option<f64>,
        /// The one text allowed, such as a font.
        #[serde(default)]
        equals: Option<String>,
    },
}

/// Parts of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Number and symbol.
    Number,
    /// Issuing body.
    Issuer,
    /// Place of issue.
    Place,
    /// Day of issue.
    IssuedOn,
    /// Kind.
    Kind,
    /// Title.
    Title,
    /// Legal bases.
    Bases,
    /// Articles.
    Articles,
    /// Signer and office.
    Signer,
    /// Recipients ("Nơi nhận").
    Recipients,
}

/// Facts of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layout {
    /// Font of the text.
    Font,
    /// Size of the text in points.
    TextSize,
    /// Upper margin in millimetres.
    MarginTop,
    /// Lower margin in millimetres.
    MarginBottom,
    /// Left margin in millimetres.
    MarginLeft,
    /// Right margin in millimetres.
    MarginRight,
    /// Width of the page in millimetres.
    PageWidth,
    /// Height of the page in millimetres.
    PageHeight,
}

/// A fact of the page as it was read from the file.
#[derive(Clone, Debug, PartialEq)]
pub struct LayoutFact {
    /// Which.
    pub fact: Layout,
    /// Value, for a measure.
    pub value: Option<f64>,
    /// Text, for a font.
    pub text: Option<String>,
}

/// The file `symbols.toml`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SymbolPatterns {
    /// The patterns.
    #[serde(default, rename = "symbol")]
    pub symbols: Vec<SymbolPattern>,
}

/// How number and symbol look for a kind and an issuer.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SymbolPattern {
    /// Kind: "Quyết định".
    pub kind: String,
    /// Beginning of the issuer's name: "Ủy ban nhân dân".
    pub issuer: String,
    /// Pattern: `{number}/{year}/QĐ-UBND`; `{term}` is a number of a National Assembly.
    pub pattern: String,
    /// Level of the issuer.
    pub level: IssuerLevel,
    /// It is a legal normative document.
    #[serde(default = "yes")]
    pub normative: bool,
    /// Rank in the hierarchy, 1 the Constitution.
    #[serde(default)]
    pub rank: Option<u8>,
    /// First day.
    pub from: Date,
    /// First day on which it no longer holds.
    #[serde(default)]
    pub to: Option<Date>,
    /// Provision that it stands on.
    pub basis: String,
    /// Somebody read the provision.
    pub verified: bool,
}

/// The file `abbreviations.toml`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Abbreviations {
    /// The abbreviations.
    #[serde(default, rename = "abbreviation")]
    pub abbreviations: Vec<Abbreviation>,
}

/// An abbreviation.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Abbreviation {
    /// "BLDS".
    pub short: String,
    /// What it stands for, the usual one first.
    pub full: Vec<String>,
    /// It stands for nothing else, so that a search may put the full form in its place.
    pub sure: bool,
}

/// The file `synonyms.toml`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Synonyms {
    /// The groups.
    #[serde(default, rename = "group")]
    pub groups: Vec<SynonymGroup>,
}

/// Words of plain language and the words of the law for them.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SynonymGroup {
    /// What people say.
    pub said: Vec<String>,
    /// What the law says.
    pub law: Vec<String>,
    /// The words of the law also lead to those that people say.
    #[serde(default)]
    pub both_ways: bool,
    /// Weight beside the words typed, from 0 to 1.
    #[serde(default = "half")]
    pub weight: f64,
}

fn half() -> f64 {
    0.6
}

fn yes() -> bool {
    true
}

/// It holds on this day.
pub(super) fn holds(from: Date, to: Option<Date>, day: Date) -> bool {
    from <= day && to.is_none_or(|to| day < to)
}
