//! Rules of form, as the content gives them.

use jiff::civil::Date;
use kernel::text::fold;

use super::citations::vietnamese;
use super::content::{
    Check, FormRule, IssuerLevel, Layout, LayoutFact, Part, ReviewContent, Severity, holds,
};
use super::units::{Piece, articles, pieces};
use super::{DraftPlace, ReviewFinding, ReviewKind};
use crate::citation::{self, DocumentRef};
use crate::model::{LegalDocument, Unit, UnitKind};

/// What the rules of form find in a draft.
pub(super) fn findings(
    draft: &LegalDocument,
    today: Date,
    content: &ReviewContent,
) -> Vec<ReviewFinding> {
    let day = draft.metadata.issued_on.unwrap_or(today);
    let level = level_of(draft);
    let pieces = pieces(draft);
    let kind = draft.metadata.kind.as_deref().map(fold).unwrap_or_default();
    content
        .form
        .rules
        .iter()
        .filter(|rule| holds(rule.from, rule.to, day))
        .filter(|rule| rule.level.is_none() || level.is_none() || rule.level == level)
        .filter(|rule| rule.kinds.is_empty() || rule.kinds.iter().any(|of| fold(of) == kind))
        .flat_map(|rule| {
            let mut found = apply(rule, draft, &pieces);
            for finding in &mut found {
                finding.basis = Some(rule.basis.clone());
                finding.is_unverified = !rule.verified;
                if rule.severity == Severity::Should {
                    finding.confidence *= 0.7;
                }
                if !rule.verified {
                    finding.confidence *= 0.8;
                }
            }
            found
        })
        .collect()
}

/// Central or local, from the issuer and the symbol.
pub(super) fn level_of(draft: &LegalDocument) -> Option<IssuerLevel> {
    let issuer = draft.metadata.issuer.as_deref().map(fold).unwrap_or_default();
    let number = draft.metadata.number.as_deref().map(fold).unwrap_or_default();
    let local =
        ["uy ban nhan dan", "hoi dong nhan dan", "chu tich uy ban nhan dan", "ubnd", "hdnd"];
    if local.iter().any(|body| issuer.starts_with(body)) {
        return Some(IssuerLevel::Local);
    }
    if ["ubnd", "hdnd"].iter().any(|body| number.contains(body)) {
        return Some(IssuerLevel::Local);
    }
    (!issuer.is_empty()).then_some(IssuerLevel::Central)
}

fn finding(
    rule: &FormRule,
    kind: ReviewKind,
    address: &str,
    text: &str,
    says: &[(&str, &str)],
) -> ReviewFinding {
    let mut reason = rule.message.clone();
    for (name, value) in says {
        reason = reason.replace(&format!("{{{name}}}"), value);
    }
    ReviewFinding::new(kind, address, text, reason, &rule.advice)
}

fn apply(rule: &FormRule, draft: &LegalDocument, pieces: &[Piece]) -> Vec<ReviewFinding> {
    match &rule.check {
        Check::PartPresent { part } => part_missing(rule, draft, *part).into_iter().collect(),
        Check::EffectClause => effect_missing(rule, draft, pieces).into_iter().collect(),
        Check::EffectDayNamed => effect_vague(rule, pieces).into_iter().collect(),
        Check::EffectNotBeforeIssue => {
            effect_early(rule, draft, 0, &[], pieces).into_iter().collect()
        }
        Check::EffectDelay { days, unless } => {
            effect_early(rule, draft, *days, unless, pieces).into_iter().collect()
        }
        Check::Headings { units } => headings(rule, draft, units),
        Check::ArticlesInOrder => in_order(rule, draft),
        Check::RomanNumbers { units } => roman(rule, draft, units),
        Check::OneIdeaPerPoint => dashes(rule, draft),
        Check::Phrases { phrases } => words(rule, pieces, phrases),
        Check::TimeInFigures => spelled_times(rule, pieces),
        Check::LawCitedWithYear => laws_without_year(rule, pieces),
        Check::BasesBegin { words } => bases_begin(rule, draft, words),
        Check::Layout { .. } => Vec::new(),
    }
}

fn part_missing(rule: &FormRule, draft: &LegalDocument, part: Part) -> Option<ReviewFinding> {
    let metadata = &draft.metadata;
    let has =
        |value: &Option<String>| value.as_deref().is_some_and(|value| !value.trim().is_empty());
    let (address, is_there) = match part {
        Part::Number => ("number", has(&metadata.number)),
        Part::Issuer => ("issuer", has(&metadata.issuer)),
        Part::Place => ("place", has(&metadata.place)),
        Part::IssuedOn => ("issued_on", metadata.issued_on.is_some()),
        Part::Kind => ("kind", has(&metadata.kind)),
        Part::Title => ("title", has(&metadata.title)),
        Part::Bases => ("bases", !metadata.bases.is_empty()),
        Part::Articles => ("articles", !articles(&draft.units).is_empty()),
        Part::Signer => ("signer", has(&metadata.signer) || has(&metadata.signer_title)),
        Part::Recipients => {
            ("recipients", draft.closing.iter().any(|line| fold(line).contains("noi nhan")))
        }
    };
    (!is_there).then(|| finding(rule, ReviewKind::PartMissing, address, "", &[]))
}

/// The piece that says when the draft takes effect.
fn effect_piece<'a, 'b>(pieces: &'b [Piece<'a>]) -> Option<(&'b Piece<'a>, (usize, usize))> {
    pieces.iter().rev().filter(|piece| piece.annex.is_none()).find_map(|piece| {
        let own = [
            "này có hiệu lực",
            "này có hiệu lực thi hành",
            "có hiệu lực thi hành",
            "có hiệu lực kể từ",
            "có hiệu lực từ",
        ];
        let text = kernel::text::nfc(&piece.text).to_lowercase();
        own.iter().find_map(|phrase| {
            let at = text.find(phrase)?;
            // Lower case may change the length: fall back to the whole piece then.
            let from = if text.len() == piece.text.len() { at } else { 0 };
            let rest = piece.text.get(from..)?;
            let end = rest.find(['\n', ';']).map_or(piece.text.len(), |end| from + end);
            Some((piece, (from, end)))
        })
    })
}

fn effect_missing(
    rule: &FormRule,
    draft: &LegalDocument,
    pieces: &[Piece],
) -> Option<ReviewFinding> {
    let is_there = draft.metadata.effective_on.is_some() || effect_piece(pieces).is_some();
    (!is_there && !pieces.is_empty())
        .then(|| finding(rule, ReviewKind::EffectMissing, "effective_on", "", &[]))
}

/// "có hiệu lực kể từ ngày ký" names no day.
fn effect_vague(rule: &FormRule, pieces: &[Piece]) -> Option<ReviewFinding> {
    let (piece, (from, to)) = effect_piece(pieces)?;
    let text = piece.text.get(from..to)?;
    if crate::comparison::names_day(text) {
        return None;
    }
    let mut found = finding(rule, ReviewKind::EffectVague, &piece.address, text, &[("text", text)]);
    found.place = DraftPlace { address: piece.address.clone(), span: (from, to) };
    Some(found)
}

fn effect_early(
    rule: &FormRule,
    draft: &LegalDocument,
    days: i32,
    unless: &[String],
    pieces: &[Piece],
) -> Option<ReviewFinding> {
    let (issued, effective) = (draft.metadata.issued_on?, draft.metadata.effective_on?);
    let apart = issued.until(effective).ok()?.get_days();
    let is_before = effective < issued;
    let kind = if days == 0 { ReviewKind::EffectBeforeIssue } else { ReviewKind::EffectTooEarly };
    if (days == 0 && !is_before) || (days > 0 && (is_before || apart >= days)) {
        return None;
    }
    let says_so = |words: &String| {
        let folded = fold(words);
        draft.preamble.iter().any(|line| fold(line).contains(&folded))
            || pieces.iter().any(|piece| fold(&piece.text).contains(&folded))
    };
    if unless.iter().any(says_so) {
        return None;
    }
    let (address, text) = effect_piece(pieces)
        .and_then(|(piece, (from, to))| {
            Some((piece.address.clone(), piece.text.get(from..to)?.to_owned()))
        })
        .unwrap_or_else(|| ("effective_on".to_owned(), vietnamese(effective)));
    let says = [
        ("issued", vietnamese(issued)),
        ("effective", vietnamese(effective)),
        ("apart", apart.to_string()),
        ("days", days.to_string()),
    ];
    let says: Vec<(&str, &str)> =
        says.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Some(finding(rule, kind, &address, &text, &says).sure(0.9))
}

/// Units of a tree from the article up, with their addresses.
fn upper(units: &[Unit]) -> Vec<&Unit> {
    let mut found = Vec::new();
    let mut open: Vec<&Unit> = units.iter().rev().collect();
    while let Some(unit) = open.pop() {
        if unit.kind <= UnitKind::Article {
            found.push(unit);
        }
        if unit.kind < UnitKind::Article {
            open.extend(unit.children.iter().rev());
        }
    }
    found
}

/// Most findings of one rule: a document without any heading is told once or thrice, not sixty times.
const MOST: usize = 5;

fn headings(rule: &FormRule, draft: &LegalDocument, units: &[String]) -> Vec<ReviewFinding> {
    upper(&draft.units)
        .into_iter()
        .filter(|unit| units.iter().any(|slug| slug == unit.kind.slug()))
        .filter(|unit| unit.heading.trim().is_empty())
        .take(MOST)
        .map(|unit| {
            let name = format!("{} {}", unit.kind.word(), unit.number);
            finding(
                rule,
                ReviewKind::Form,
                &unit.kind.step(&unit.number),
                &name,
                &[("unit", &name)],
            )
        })
        .collect()
}

fn in_order(rule: &FormRule, draft: &LegalDocument) -> Vec<ReviewFinding> {
    let mut expected: u32 = 1;
    let mut found = Vec::new();
    for article in articles(&draft.units) {
        let digits: String = article.number.chars().take_while(char::is_ascii_digit).collect();
        let Ok(number) = digits.parse::<u32>() else { continue };
        if digits.len() == article.number.len() && number != expected {
            let name = format!("Điều {}", article.number);
            let wanted = format!("Điều {expected}");
            let says = [("unit", name.as_str()), ("expected", wanted.as_str())];
            found.push(finding(
                rule,
                ReviewKind::Form,
                &article.kind.step(&article.number),
                &name,
                &says,
            ));
        }
        expected = number.saturating_add(1);
    }
    found.truncate(MOST);
    found
}

fn roman(rule: &FormRule, draft: &LegalDocument, units: &[String]) -> Vec<ReviewFinding> {
    upper(&draft.units)
        .into_iter()
        .filter(|unit| units.iter().any(|slug| slug == unit.kind.slug()))
        .filter(|unit| unit.number.chars().any(|letter| letter.is_ascii_digit()))
        .take(MOST)
        .map(|unit| {
            let name = format!("{} {}", unit.kind.word(), unit.number);
            finding(
                rule,
                ReviewKind::Form,
                &unit.kind.step(&unit.number),
                &name,
                &[("unit", &name)],
            )
        })
        .collect()
}

/// Dashes inside points.
fn dashes(rule: &FormRule, draft: &LegalDocument) -> Vec<ReviewFinding> {
    let mut found = Vec::new();
    for article in articles(&draft.units) {
        let mut open: Vec<(&Unit, String)> = vec![(article, article.kind.step(&article.number))];
        while let Some((unit, address)) = open.pop() {
            let lines = super::units::lines(&unit.blocks);
            let dash = lines
                .iter()
                .skip(1)
                .find(|line| line.trim_start().starts_with(['-', '–', '+', '•']));
            if let Some(line) = dash.filter(|_| unit.kind == UnitKind::Point) {
                let says = [("text", line.as_str())];
                found.push(finding(rule, ReviewKind::Form, &address, line, &says));
            }
            for child in &unit.children {
                open.push((child, format!("{address}/{}", child.kind.step(&child.number))));
            }
        }
    }
    found.truncate(MOST);
    found
}

/// Words that should not stand in the text, found without regard to tones and case.
fn words(rule: &FormRule, pieces: &[Piece], phrases: &[String]) -> Vec<ReviewFinding> {
    let phrases: Vec<(String, &String)> =
        phrases.iter().map(|words| (fold(words), words)).collect();
    let mut found = Vec::new();
    for piece in pieces {
        for line in piece.text.lines() {
            let folded = format!(" {} ", fold(line));
            let hit = phrases
                .iter()
                .find(|(phrase, _)| !phrase.is_empty() && folded.contains(phrase.as_str()));
            if let Some((_, phrase)) = hit {
                let says = [("text", phrase.as_str())];
                found.push(finding(rule, ReviewKind::Form, &piece.address, line, &says).sure(0.7));
            }
        }
    }
    found.truncate(MOST);
    found
}

fn spelled_times(rule: &FormRule, pieces: &[Piece]) -> Vec<ReviewFinding> {
    let mut found = Vec::new();
    for piece in pieces {
        for (from, to) in crate::comparison::spelled_times(&piece.text) {
            let text = piece.text.get(from..to).unwrap_or("");
            let mut one = finding(rule, ReviewKind::Form, &piece.address, text, &[("text", text)]);
            one.place = DraftPlace { address: piece.address.clone(), span: (from, to) };
            found.push(one);
        }
    }
    found.truncate(MOST);
    found
}

fn laws_without_year(rule: &FormRule, pieces: &[Piece]) -> Vec<ReviewFinding> {
    let mut found = Vec::new();
    let mut told: Vec<String> = Vec::new();
    for piece in pieces {
        for cited in citation::find(&piece.text) {
            let DocumentRef::Name { kind, name, year: None, issued_on: None } =
                &cited.target.document
            else {
                continue;
            };
            if name.is_empty() || told.contains(name) {
                continue;
            }
            told.push(name.clone());
            let said = format!("{kind} {name}");
            let text = piece.text.get(cited.start..cited.end).unwrap_or("");
            let mut one = finding(rule, ReviewKind::Form, &piece.address, text, &[("text", &said)]);
            one.place =
                DraftPlace { address: piece.address.clone(), span: (cited.start, cited.end) };
            found.push(one.sure(0.6));
        }
    }
    found.truncate(MOST);
    found
}

fn bases_begin(rule: &FormRule, draft: &LegalDocument, words: &str) -> Vec<ReviewFinding> {
    let wanted = fold(words);
    draft
        .metadata
        .bases
        .iter()
        .enumerate()
        .filter(|(_, basis)| !fold(&basis.text).starts_with(&wanted))
        .map(|(index, basis)| {
            let address = format!("can-cu-{}", index + 1);
            finding(rule, ReviewKind::Form, &address, &basis.text, &[("text", &basis.text)])
        })
        .take(MOST)
        .collect()
}

/// The rules on the page, against what was read from the file.
#[must_use]
pub fn layout(facts: &[LayoutFact], content: &ReviewContent, day: Date) -> Vec<ReviewFinding> {
    let mut found = Vec::new();
    for rule in content.form.rules.iter().filter(|rule| holds(rule.from, rule.to, day)) {
        let Check::Layout { fact, least, most, equals } = &rule.check else { continue };
        for read in facts.iter().filter(|read| read.fact == *fact) {
            let too_small = least.zip(read.value).is_some_and(|(least, value)| value < least - 0.5);
            let too_large = most.zip(read.value).is_some_and(|(most, value)| value > most + 0.5);
            let other =
                equals.as_ref().zip(read.text.as_ref()).is_some_and(|(x, y)| fold(x) != fold(y));
            if too_small || too_large || other {
                let said = read.text.clone().or_else(|| read.value.map(number)).unwrap_or_default();
                let mut one =
                    finding(rule, ReviewKind::Form, address_of(*fact), &said, &[("text", &said)]);
                one.basis = Some(rule.basis.clone());
                one.is_unverified = !rule.verified;
                found.push(one);
            }
        }
    }
    found
}

/// "12,5".
fn number(value: f64) -> String {
    format!("{:.1}", value).trim_end_matches('0').trim_end_matches('.').replace('.', ",")
}

const fn address_of(fact: Layout) -> &'static str {
    match fact {
        Layout::Font => "font",
        Layout::TextSize => "text-size",
        Layout::MarginTop => "margin-top",
        Layout::MarginBottom => "margin-bottom",
        Layout::MarginLeft => "margin-left",
        Layout::MarginRight => "margin-right",
        Layout::PageWidth => "page-width",
        Layout::PageHeight => "page-height",
    }
}
