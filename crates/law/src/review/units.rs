//! The draft as pieces with addresses, and the set of addresses that it has.

use std::collections::HashSet;

use crate::model::{Block, LegalDocument, Unit, UnitKind};

/// A clause with its points, or an article without clauses, or an article's own words.
#[derive(Clone, Debug)]
pub(super) struct Piece<'a> {
    /// `dieu-4/khoan-2`.
    pub(super) address: String,
    /// Heading of the article.
    pub(super) heading: &'a str,
    /// The words, one paragraph a line, points with their labels.
    pub(super) text: String,
    /// Units from the article down.
    pub(super) path: Vec<(UnitKind, &'a str)>,
    /// The annex in which it stands.
    pub(super) annex: Option<usize>,
}

/// Addresses of the document's own tree and of each annex's.
#[derive(Clone, Debug, Default)]
pub(super) struct Paths {
    own: HashSet<String>,
    annexes: Vec<HashSet<String>>,
}

impl Paths {
    /// The tree in which a piece stands, and that of the document itself, have no such place.
    pub(super) fn lack(&self, piece: &Piece, path: &str) -> bool {
        let here = match piece.annex {
            Some(annex) => self.annexes.get(annex),
            None => Some(&self.own),
        };
        !self.own.contains(path) && here.is_none_or(|here| !here.contains(path))
    }
}

/// All addresses of a draft, chapters included.
pub(super) fn paths(draft: &LegalDocument) -> Paths {
    let annexes = draft.annexes.iter().map(|annex| tree_paths(&annex.units)).collect();
    Paths { own: tree_paths(&draft.units), annexes }
}

fn tree_paths(units: &[Unit]) -> HashSet<String> {
    let mut found = HashSet::new();
    let mut open: Vec<(&Unit, String)> = units.iter().map(|unit| (unit, String::new())).collect();
    while let Some((unit, above)) = open.pop() {
        let step = unit.kind.step(&unit.number);
        // Articles are numbered through the document: nothing stands above them.
        let path = if above.is_empty() || unit.kind == UnitKind::Article {
            step
        } else {
            format!("{above}/{step}")
        };
        open.extend(unit.children.iter().map(|child| (child, path.clone())));
        found.insert(path);
    }
    found
}

/// The pieces of a draft in order.
pub(super) fn pieces(draft: &LegalDocument) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    for article in articles(&draft.units) {
        of_article(article, None, &mut found);
    }
    for (index, annex) in draft.annexes.iter().enumerate() {
        for article in articles(&annex.units) {
            of_article(article, Some(index), &mut found);
        }
    }
    found
}

/// All articles of a tree in order.
pub(super) fn articles(units: &[Unit]) -> Vec<&Unit> {
    let mut found = Vec::new();
    let mut open: Vec<&Unit> = units.iter().rev().collect();
    while let Some(unit) = open.pop() {
        if unit.kind == UnitKind::Article {
            found.push(unit);
        } else {
            open.extend(unit.children.iter().rev());
        }
    }
    found
}

fn of_article<'a>(article: &'a Unit, annex: Option<usize>, found: &mut Vec<Piece<'a>>) {
    let above = annex.map_or(String::new(), |annex| format!("phu-luc-{}/", annex + 1));
    let address = format!("{above}{}", article.kind.step(&article.number));
    let top = (UnitKind::Article, article.number.as_str());
    let has_clauses = article.children.iter().any(|child| child.kind == UnitKind::Clause);
    let mut own = lines(&article.blocks);
    if !has_clauses {
        for child in &article.children {
            own.extend(whole(child));
        }
    }
    own.extend(lines(&article.tail));
    if !own.is_empty() {
        let text = own.join("\n");
        found.push(Piece {
            address: address.clone(),
            heading: &article.heading,
            text,
            path: vec![top],
            annex,
        });
    }
    for clause in article.children.iter().filter(|_| has_clauses) {
        let text = whole(clause).join("\n");
        let path = vec![top, (clause.kind, clause.number.as_str())];
        let address = format!("{address}/{}", clause.kind.step(&clause.number));
        found.push(Piece { address, heading: &article.heading, text, path, annex });
    }
}

/// The paragraphs of blocks; tables are left out.
pub(super) fn lines(blocks: &[Block]) -> Vec<String> {
    blocks
        .iter()
        .filter_map(|block| match block {
            Block::Text(text) => Some(text.clone()),
            Block::Table(_) => None,
        })
        .collect()
}

/// A unit with what stands below it; points keep their labels.
fn whole(unit: &Unit) -> Vec<String> {
    let mut found = lines(&unit.blocks);
    if unit.kind == UnitKind::Point {
        let label = format!("{}) ", unit.number);
        match found.first_mut() {
            Some(first) => first.insert_str(0, &label),
            None => found.push(label),
        }
    }
    for child in &unit.children {
        found.extend(whole(child));
    }
    found.extend(lines(&unit.tail));
    found
}
