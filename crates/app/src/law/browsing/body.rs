//! The text of a provision, paragraph by paragraph, each citation with where it leads.

use std::collections::{HashMap, HashSet};

use kernel::error::Result;
use kernel::text::fold;
use law::citation::{Citation, Context, DocumentRef, Here, find_in, resolve};
use law::model::{Block, Unit, UnitKind};
use store::Tx;
use store::law::{DocumentRow, ProvisionRow};

use super::names::Names;
use super::{Line, Span};

/// Bytes of one provision that are shown, unless the whole is asked for.
pub(super) const LONGEST: usize = 100_000;
/// Provisions of other documents that are looked for on one page.
const MOST_LOOKED_FOR: usize = 300;

/// Finds out where citations of a document lead. A link is made only where its end is there.
pub(super) struct Linker<'n> {
    names: &'n Names,
    document: &'n DocumentRow,
    address: String,
    paths: HashSet<String>,
    /// Is there such a provision, by key and address?
    known: HashMap<(String, String), bool>,
    /// What is put behind each address: the day.
    suffix: String,
}

/// Where a text stands.
struct Spot<'s> {
    /// Headings above the article in an address: `quy-dinh/`, or nothing.
    prefix: &'s str,
    units: Vec<(UnitKind, String)>,
    /// Commas opened and not closed: the words belong to another document.
    quotes: i32,
    /// What is named without a document is a part of the document that is amended.
    is_amending: bool,
}

impl<'n> Linker<'n> {
    pub(super) fn new(
        names: &'n Names,
        document: &'n DocumentRow,
        paths: HashSet<String>,
        suffix: &str,
    ) -> Self {
        let address = names.view(document).address;
        let suffix = suffix.to_owned();
        Self { names, document, address, paths, known: HashMap::new(), suffix }
    }

    /// The lines of a provision; `asked` is the place to be pointed out. Also whether the text was cut.
    pub(super) fn lines(
        &mut self,
        tx: &mut Tx<'_>,
        provision: &ProvisionRow,
        asked: &str,
        is_whole: bool,
    ) -> Result<(Vec<Line>, bool)> {
        let mut text = provision.text.as_str();
        let is_cut = !is_whole && text.len() > LONGEST;
        if is_cut {
            let end = text.floor_char_boundary(LONGEST);
            let start = text.get(..end).unwrap_or(text);
            text = start.rfind('\n').and_then(|line| start.get(..line)).unwrap_or(start);
        }
        let (blocks, units, tail) = law::outline::article_body(text);
        let (prefix, article) = match provision.path.rfind("dieu-") {
            Some(at) => provision.path.split_at(at),
            None => (provision.path.as_str(), ""),
        };
        let number = article.trim_start_matches("dieu-").split('~').next().unwrap_or_default();
        let mut spot = Spot { prefix, units: Vec::new(), quotes: 0, is_amending: false };
        if !number.is_empty() {
            spot.units.push((UnitKind::Article, number.replace("dd", "đ")));
        }
        let first = text.lines().next().unwrap_or_default();
        spot.is_amending = is_amending(&provision.title) || is_amending(first);
        let mut lines = Vec::new();
        self.blocks(tx, &blocks, 0, &mut spot, &mut lines)?;
        for unit in &units {
            self.unit(tx, unit, &provision.path, &mut spot, &mut lines)?;
        }
        self.blocks(tx, &tail, 0, &mut spot, &mut lines)?;
        point_out(&mut lines, asked);
        Ok((lines, is_cut))
    }

    fn unit(
        &mut self,
        tx: &mut Tx<'_>,
        unit: &Unit,
        above: &str,
        spot: &mut Spot<'_>,
        lines: &mut Vec<Line>,
    ) -> Result<()> {
        let path = format!("{above}/{}", unit.kind.step(&unit.number));
        let depth = if unit.kind == UnitKind::Point { 2 } else { 1 };
        let start = lines.len();
        spot.units.push((unit.kind, unit.number.clone()));
        self.blocks(tx, &unit.blocks, depth, spot, lines)?;
        if lines.len() == start {
            let spans = Vec::new();
            let (path, number) = (String::new(), String::new());
            lines.push(Line { path, number, depth, is_asked: false, spans });
        }
        if let Some(first) = lines.get_mut(start) {
            let mark = if unit.kind == UnitKind::Point { ")" } else { "." };
            first.number = format!("{}{mark}", unit.number);
            first.path.clone_from(&path);
        }
        for child in &unit.children {
            self.unit(tx, child, &path, spot, lines)?;
        }
        self.blocks(tx, &unit.tail, depth, spot, lines)?;
        spot.units.pop();
        Ok(())
    }

    fn blocks(
        &mut self,
        tx: &mut Tx<'_>,
        blocks: &[Block],
        depth: u8,
        spot: &mut Spot<'_>,
        lines: &mut Vec<Line>,
    ) -> Result<()> {
        for block in blocks {
            // Texts of provisions are kept without tables.
            let Block::Text(text) = block else { continue };
            let spans = self.spans(tx, text, spot)?;
            let (path, number) = (String::new(), String::new());
            lines.push(Line { path, number, depth, is_asked: false, spans });
        }
        Ok(())
    }

    fn spans(&mut self, tx: &mut Tx<'_>, text: &str, spot: &mut Spot<'_>) -> Result<Vec<Span>> {
        let context =
            Context { titles: Some(&self.names.titles), kind: self.document.kind.as_deref() };
        let mut spans = Vec::new();
        let mut done = 0;
        for citation in find_in(text, &context) {
            let before = text.get(done..citation.start).unwrap_or_default();
            spot.quotes += quotes(before);
            let named = text.get(citation.start..citation.end).unwrap_or_default();
            let Some(href) = self.href(tx, &citation, spot)? else {
                push(&mut spans, before);
                push(&mut spans, named);
                done = citation.end;
                continue;
            };
            push(&mut spans, before);
            spans.push(Span { text: named.to_owned(), href: Some(href) });
            done = citation.end;
        }
        let rest = text.get(done..).unwrap_or_default();
        spot.quotes = (spot.quotes + quotes(rest)).max(0);
        push(&mut spans, rest);
        Ok(spans)
    }

    fn href(
        &mut self,
        tx: &mut Tx<'_>,
        citation: &Citation,
        spot: &Spot<'_>,
    ) -> Result<Option<String>> {
        let target = &citation.target;
        let is_own = matches!(target.document, DocumentRef::Here | DocumentRef::This { .. });
        if is_own && (spot.quotes > 0 || (spot.is_amending && target.this.is_none())) {
            return Ok(None);
        }
        let units: Vec<(UnitKind, &str)> =
            spot.units.iter().map(|(kind, number)| (*kind, number.as_str())).collect();
        let here = Here { document: &self.document.key, path: &units };
        let Some(address) = resolve(citation, &here) else { return Ok(None) };
        if is_own {
            let path = match (address.path.as_str(), spot.prefix) {
                ("", "") => return Ok(Some(self.to(&self.address, ""))),
                ("", _) => return Ok(None),
                (path, prefix) if path.starts_with("dieu-") => format!("{prefix}{path}"),
                (path, _) => path.to_owned(),
            };
            let is_there = article_of(&path).is_some_and(|article| self.paths.contains(article));
            return Ok(is_there.then(|| self.to(&self.address, &path)));
        }
        let Some(key) = self.names.key_of(&target.document) else { return Ok(None) };
        let key = key.to_owned();
        if address.path.is_empty() {
            return Ok(Some(self.to(&key, "")));
        }
        let Some(article) = article_of(&address.path) else { return Ok(None) };
        Ok(self.is_there(tx, &key, article)?.then(|| self.to(&key, &address.path)))
    }

    fn to(&self, document: &str, path: &str) -> String {
        let slash = if path.is_empty() { "" } else { "/" };
        format!("/law/{document}{slash}{path}{}", self.suffix)
    }

    fn is_there(&mut self, tx: &mut Tx<'_>, key: &str, article: &str) -> Result<bool> {
        let place = (key.to_owned(), article.to_owned());
        if let Some(known) = self.known.get(&place) {
            return Ok(*known);
        }
        if self.known.len() >= MOST_LOOKED_FOR {
            return Ok(false);
        }
        let mut found = false;
        for row in self.names.by_key(key) {
            found = found || store::law::provision_at(tx, row.id, article)?.is_some();
        }
        self.known.insert(place, found);
        Ok(found)
    }
}

/// `dieu-5` of `dieu-5/khoan-2`, `quy-dinh/dieu-5` of `quy-dinh/dieu-5/khoan-2`, an annex by itself.
fn article_of(path: &str) -> Option<&str> {
    let Some(at) = path.find("dieu-") else {
        return path.starts_with("phu-luc").then_some(path);
    };
    let end = path.get(at..)?.find('/').map_or(path.len(), |slash| at + slash);
    path.get(..end)
}

fn is_amending(text: &str) -> bool {
    let start: String = fold(text).chars().take(160).collect();
    ["sua doi", "bo sung", "bai bo", "thay the", "dinh chinh"]
        .iter()
        .any(|word| start.contains(word))
}

fn quotes(text: &str) -> i32 {
    text.chars().fold(0, |depth, letter| match letter {
        '“' => depth + 1,
        '”' => depth - 1,
        _ => depth,
    })
}

fn push(spans: &mut Vec<Span>, text: &str) {
    if text.is_empty() {
        return;
    }
    match spans.last_mut() {
        Some(Span { text: last, href: None }) => last.push_str(text),
        _ => spans.push(Span { text: text.to_owned(), href: None }),
    }
}

/// Marks the lines of a clause or point, to its end.
fn point_out(lines: &mut [Line], asked: &str) {
    let is_part = asked.contains('/') && !asked.is_empty();
    let mut inside = false;
    for line in lines.iter_mut().filter(|_| is_part) {
        if !line.path.is_empty() {
            let below = line.path.strip_prefix(asked);
            inside = below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        }
        line.is_asked = inside;
    }
}
