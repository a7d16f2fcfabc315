//! Two versions of a document: which articles changed, and how, word by word.

mod normal;
mod pairs;
mod words;

use serde::{Deserialize, Serialize};

use crate::model::{Annex, Block, LegalDocument, Unit, UnitKind};

pub use words::{Piece, PieceKind, pieces};

/// What changed between two versions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentDifference {
    /// Articles in the order of the new version; removed ones stand where they stood.
    pub articles: Vec<ArticleDifference>,
    /// How many are new.
    pub added: usize,
    /// How many are gone.
    pub removed: usize,
    /// How many say something else.
    pub changed: usize,
    /// How many say the same.
    pub unchanged: usize,
}

/// What became of one article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleDifference {
    /// What became of it.
    pub change: Change,
    /// Its address in the old version: `dieu-5`.
    pub old: Option<String>,
    /// Its address in the new version; another one where it was renumbered or moved.
    pub new: Option<String>,
    /// Its number and heading, of the new version where there is one.
    pub label: String,
    /// Its text, cut where the versions differ; empty for unchanged articles.
    pub pieces: Vec<Piece>,
}

/// What may become of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// Only the new version has it.
    Added,
    /// Only the old version has it.
    Removed,
    /// Both have it, with different words.
    Changed,
    /// Both have it with the same words, perhaps under another number.
    Unchanged,
}

/// One article, or another unit with text outside articles, as the comparison sees it.
struct Article {
    address: String,
    label: String,
    lines: Vec<String>,
}

/// Compares two versions article by article. What is not law does not count: Unicode form, white space,
/// marks of footnotes, placement of tones, shape of quotation marks, dashes.
#[must_use]
pub fn compare(old: &LegalDocument, new: &LegalDocument) -> DocumentDifference {
    let old = articles(old);
    let new = articles(new);
    let old_words: Vec<_> = old.iter().map(|article| normal::words(&article.lines)).collect();
    let new_words: Vec<_> = new.iter().map(|article| normal::words(&article.lines)).collect();
    let key = |article: &Article| article.address.clone();
    let old_keys: Vec<String> = old.iter().map(key).collect();
    let new_keys: Vec<String> = new.iter().map(key).collect();
    let matched = pairs::pairs(&old_keys, &old_words, &new_keys, &new_words);

    let mut difference = DocumentDifference::default();
    for (a, b) in pairs::in_order(&matched, old.len(), new.len()) {
        let before = a.and_then(|a| Some((old.get(a)?, old_words.get(a)?)));
        let after = b.and_then(|b| Some((new.get(b)?, new_words.get(b)?)));
        difference.push(before, after);
    }
    difference
}

type Side<'a> = Option<(&'a Article, &'a Vec<normal::Word>)>;

impl DocumentDifference {
    fn push(&mut self, before: Side<'_>, after: Side<'_>) {
        let none = Vec::new();
        let old_words = before.map_or(&none, |(_, words)| words);
        let new_words = after.map_or(&none, |(_, words)| words);
        let change = match (before, after) {
            (Some(_), Some(_)) if normal::is_same(old_words, new_words) => Change::Unchanged,
            (Some(_), Some(_)) => Change::Changed,
            (Some(_), None) => Change::Removed,
            (None, _) => Change::Added,
        };
        match change {
            Change::Added => self.added += 1,
            Change::Removed => self.removed += 1,
            Change::Changed => self.changed += 1,
            Change::Unchanged => self.unchanged += 1,
        }
        let Some((named, _)) = after.or(before) else { return };
        self.articles.push(ArticleDifference {
            change,
            old: before.map(|(article, _)| article.address.clone()),
            new: after.map(|(article, _)| article.address.clone()),
            label: named.label.clone(),
            pieces: match change {
                Change::Unchanged => Vec::new(),
                _ => words::between(old_words, new_words),
            },
        });
    }
}

/// All articles of a document and its annexes, and what has text outside of them.
fn articles(document: &LegalDocument) -> Vec<Article> {
    let mut articles = Vec::new();
    for unit in &document.units {
        collect(unit, "", &mut articles);
    }
    for (index, annex) in document.annexes.iter().enumerate() {
        annex_articles(annex, index, &mut articles);
    }
    articles
}

fn annex_articles(annex: &Annex, index: usize, articles: &mut Vec<Article>) {
    let label = kernel::text::tokens(&annex.label).join("-");
    let address = if label.is_empty() { format!("phu-luc-{}", index + 1) } else { label };
    let mut lines = vec![annex.heading.clone()];
    lines.extend(annex.blocks.iter().map(block_text));
    articles.push(Article { address: address.clone(), label: annex.label.clone(), lines });
    for unit in &annex.units {
        collect(unit, &address, articles);
    }
}

fn collect(unit: &Unit, above: &str, articles: &mut Vec<Article>) {
    let step = unit.kind.step(&unit.number);
    let address = if above.is_empty() { step } else { format!("{above}/{step}") };
    if unit.kind >= UnitKind::Article {
        let mut lines = vec![unit.heading.clone()];
        own_lines(unit, &mut lines);
        let label = format!("{} {}", unit.kind.word(), unit.number);
        let label =
            if unit.heading.is_empty() { label } else { format!("{label}. {}", unit.heading) };
        articles.push(Article { address, label, lines });
        return;
    }
    // Articles are numbered through the whole document; the chapter is no part of their address.
    let outside: Vec<String> = unit.blocks.iter().chain(&unit.tail).map(block_text).collect();
    if !outside.is_empty() {
        let label = format!("{} {}", unit.kind.word(), unit.number);
        articles.push(Article { address: address.clone(), label, lines: outside });
    }
    for child in &unit.children {
        let own =
            if child.kind >= UnitKind::Article { annex_part(above) } else { address.as_str() };
        collect(child, own, articles);
    }
}

/// Of an address the part that names an annex.
fn annex_part(address: &str) -> &str {
    match address.split_once('/') {
        Some((first, _)) if !is_unit(first) => first,
        None if !is_unit(address) => address,
        _ => "",
    }
}

fn is_unit(step: &str) -> bool {
    ["phan-", "chuong-", "muc-", "tieu-muc-"].iter().any(|unit| step.starts_with(unit))
}

fn own_lines(unit: &Unit, lines: &mut Vec<String>) {
    lines.extend(unit.blocks.iter().map(block_text));
    for child in &unit.children {
        let number = match child.kind {
            UnitKind::Point => format!("{})", child.number),
            _ => format!("{}.", child.number),
        };
        let from = lines.len();
        if !child.heading.is_empty() {
            lines.push(child.heading.clone());
        }
        own_lines(child, lines);
        match lines.get_mut(from) {
            Some(first) => *first = format!("{number} {first}"),
            None => lines.push(number),
        }
    }
    lines.extend(unit.tail.iter().map(block_text));
}

fn block_text(block: &Block) -> String {
    match block {
        Block::Text(text) => text.clone(),
        Block::Table(table) => {
            let rows = table.rows.iter().map(|row| {
                row.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>().join(" | ")
            });
            rows.collect::<Vec<_>>().join("\n")
        }
    }
}

#[cfg(test)]
mod tests;
