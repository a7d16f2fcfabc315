//! Opening a document or a place of it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;
use kernel::error::Result;
use kernel::text::nfc;
use store::Tx;
use store::law::{DocumentRow, ProvisionRow, RelationRow};

use super::body::{LONGEST, Linker};
use super::effects::{self, Deed};
use super::names::Names;
use super::{Article, Change, DocumentView, Heading, Reading, Reference, place_words};
use crate::law::Corpus;

/// How a document is asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The day whose state is shown.
    pub day: Date,
    /// Was the day chosen? Then the links keep it.
    pub day_is_chosen: bool,
    /// The first provision to show; from the beginning when absent.
    pub from: Option<String>,
    /// A long text is not cut.
    pub is_whole: bool,
}

/// What an address leads to.
pub enum Opened {
    /// Nothing.
    Nothing,
    /// Several documents of one number.
    Several(Vec<DocumentView>),
    /// A document, or a place of it.
    Reading(Box<Reading>),
}

/// Related provisions that are told.
const MOST_RELATED: usize = 40;
/// Bytes of text on the page of a whole document, which may be as long as a book.
const PAGE_BYTES: usize = 60_000;
/// Provisions read together.
const PAGE: i64 = 40;

/// Opens a document by its address, at a place such as `dieu-4/khoan-2`; the whole when it is empty.
///
/// # Errors
/// When the database cannot be read.
pub async fn open(corpus: &Corpus, address: &str, place: &str, asked: Asked) -> Result<Opened> {
    let names = super::names(corpus).await?;
    let rows = names.at(address);
    let document = match rows.as_slice() {
        [] => return Ok(Opened::Nothing),
        [only] => (*only).clone(),
        several => {
            return Ok(Opened::Several(several.iter().map(|row| names.view(row)).collect()));
        }
    };
    let place = nfc(place).trim_matches('/').to_lowercase();
    let read =
        corpus.store().read(move |tx| Desk::new(tx, names, document, asked)?.read(tx, &place));
    Ok(read.await?.map_or(Opened::Nothing, |reading| Opened::Reading(Box::new(reading))))
}

/// Opens the provision that others know by this identifier.
///
/// # Errors
/// When the database cannot be read.
pub async fn open_anchor(corpus: &Corpus, anchor: &str, asked: Asked) -> Result<Option<Reading>> {
    let names = super::names(corpus).await?;
    let anchor = anchor.to_owned();
    let read = corpus.store().read(move |tx| {
        let Some(provision) = store::law::provision_by_anchor(tx, &anchor)? else {
            return Ok(None);
        };
        let Some(document) = names.by_id(provision.document).cloned() else { return Ok(None) };
        Desk::new(tx, names, document, asked)?.read(tx, &provision.path)
    });
    read.await
}

struct Desk {
    names: Arc<Names>,
    document: DocumentRow,
    asked: Asked,
    deeds: Vec<Deed>,
    headings: Vec<ProvisionRow>,
}

impl Desk {
    fn new(
        tx: &mut Tx<'_>,
        names: Arc<Names>,
        document: DocumentRow,
        asked: Asked,
    ) -> Result<Self> {
        let deeds = effects::deeds(tx, &names, &document)?;
        let headings = store::law::headings_of(tx, document.id)?;
        Ok(Self { names, document, asked, deeds, headings })
    }

    fn suffix(&self) -> String {
        if self.asked.day_is_chosen { format!("?at={}", self.asked.day) } else { String::new() }
    }

    fn read(self, tx: &mut Tx<'_>, place: &str) -> Result<Option<Reading>> {
        let found = self.provision(place);
        if !place.is_empty() && found.is_none() {
            return Ok(None);
        }
        let relations = store::law::relations_of(tx, self.document.id)?;
        let mut of_provision: HashMap<i64, Vec<RelationRow>> = HashMap::new();
        for relation in &relations {
            if let Some(provision) = relation.provision {
                of_provision.entry(provision).or_default().push(relation.clone());
            }
        }
        let paths: HashSet<String> = self.headings.iter().map(|row| row.path.clone()).collect();
        let mut linker = Linker::new(&self.names, &self.document, paths, &self.suffix());
        let rows = match found {
            Some(row) => store::law::provisions_from(tx, self.document.id, row.position, 1)?,
            None => self.page(tx)?,
        };
        let mut articles = Vec::with_capacity(rows.len());
        for row in &rows {
            let own = of_provision.remove(&row.id).unwrap_or_default();
            let (lines, is_cut) = linker.lines(tx, row, place, self.asked.is_whole)?;
            let mut article = self.article(row, &own);
            article.lines = lines;
            article.is_cut = is_cut;
            if found.is_some() {
                article.related = self.related(tx, &own)?;
                article.cited_by = self.citing(tx, row)?;
            }
            articles.push(article);
        }
        let place_is_missing = found.is_some_and(|row| row.path != place)
            && !articles.iter().any(|article| article.lines.iter().any(|line| line.is_asked));
        let last = rows.last().map_or(-1, |row| row.position);
        let next = self.headings.iter().find(|row| found.is_none() && row.position > last);
        let document = self.names.view(&self.document);
        let words = place_words(place);
        let citation = [words.as_str(), &document.name()].join(" ").trim().to_owned();
        Ok(Some(Reading {
            others: self.others(),
            day: self.asked.day,
            state: effects::of_document(&self.document, &self.deeds, &relations, self.asked.day),
            next: next.map(heading),
            contents: self.contents(),
            articles,
            place: place.to_owned(),
            place_is_missing,
            citation,
            bases: self.bases(&relations),
            changes: self.changes(found.is_none(), &relations),
            used_by: self.used_by(tx, found.is_none())?,
            document,
        }))
    }

    /// The provision that a place is in: the longest beginning of it that is one.
    fn provision(&self, place: &str) -> Option<&ProvisionRow> {
        let mut part = place;
        while !part.is_empty() {
            if let Some(row) = self.headings.iter().find(|row| row.path == part) {
                return Some(row);
            }
            part = part.rsplit_once('/')?.0;
        }
        None
    }

    /// As many provisions as find room on a page.
    fn page(&self, tx: &mut Tx<'_>) -> Result<Vec<ProvisionRow>> {
        let from = self.asked.from.as_deref().and_then(|from| self.provision(from));
        let mut position = from.map_or(0, |row| row.position);
        let mut rows: Vec<ProvisionRow> = Vec::new();
        let mut bytes = 0;
        loop {
            let more = store::law::provisions_from(tx, self.document.id, position, PAGE)?;
            let Some(last) = more.last() else { return Ok(rows) };
            position = last.position + 1;
            for row in more {
                bytes += row.text.len().min(LONGEST);
                if bytes > PAGE_BYTES && !rows.is_empty() {
                    return Ok(rows);
                }
                rows.push(row);
            }
        }
    }

    fn article(&self, row: &ProvisionRow, own: &[RelationRow]) -> Article {
        let words = place_words(row.path.rsplit('/').next().unwrap_or_default());
        let label = if row.path.contains("dieu-") { words } else { row.label.clone() };
        Article {
            anchor: row.anchor.clone(),
            path: row.path.clone(),
            code: Some(row.label.clone()).filter(|code| *code != label && code.contains('.')),
            label,
            title: row.title.clone(),
            context: row.context.lines().map(str::to_owned).collect(),
            subject: row.subject.clone(),
            state: effects::of_provision(&self.document, row, &self.deeds, own, self.asked.day),
            lines: Vec::new(),
            is_cut: false,
            note: row.note.clone(),
            related: Vec::new(),
            cited_by: Vec::new(),
            changes: effects::changes_of_provision(&self.names, &row.path, &self.deeds, own),
        }
    }

    fn contents(&self) -> Vec<Heading> {
        let mut group = "";
        let mut contents = Vec::with_capacity(self.headings.len());
        for row in &self.headings {
            let own = row.context.lines().last().unwrap_or_default();
            let mut line = heading(row);
            if own != group {
                group = own;
                line.group = Some(own.to_owned()).filter(|own| !own.is_empty());
            }
            contents.push(line);
        }
        contents
    }

    fn others(&self) -> Vec<DocumentView> {
        let same = self.names.by_key(&self.document.key).into_iter();
        same.filter(|row| row.id != self.document.id).map(|row| self.names.view(row)).collect()
    }

    fn bases(&self, relations: &[RelationRow]) -> Vec<Reference> {
        let named = relations.iter().filter(|one| matches!(&*one.kind, "basis" | "consolidates"));
        named
            .map(|one| {
                let key = one.to_document.as_deref().unwrap_or_default();
                let words = one.note.clone().unwrap_or_else(|| key.to_uppercase());
                let href = self.names.first(key).map(|row| self.names.view(row).href());
                Reference { href, text: words, detail: String::new() }
            })
            .collect()
    }

    fn changes(&self, is_document: bool, relations: &[RelationRow]) -> Vec<Change> {
        if !is_document {
            return Vec::new();
        }
        effects::changes_of_document(&self.names, &self.deeds, relations)
    }

    fn used_by(&self, tx: &mut Tx<'_>, is_document: bool) -> Result<Vec<Reference>> {
        if !is_document {
            return Ok(Vec::new());
        }
        let mut seen = HashSet::new();
        let mut found = Vec::new();
        for relation in store::law::relations_to_document(tx, &self.document.key)? {
            let is_use = matches!(&*relation.kind, "basis" | "guides" | "consolidates");
            let Some(row) = self.names.by_id(relation.document).filter(|_| is_use) else {
                continue;
            };
            if row.id != self.document.id && seen.insert(row.id) && found.len() < MOST_RELATED {
                found.push(effects::document_reference(&self.names, &row.key, ""));
            }
        }
        Ok(found)
    }

    fn related(&self, tx: &mut Tx<'_>, own: &[RelationRow]) -> Result<Vec<Reference>> {
        let mut found = Vec::new();
        let related = own.iter().filter(|relation| relation.kind == "related");
        for relation in related.take(MOST_RELATED) {
            let Some(anchor) = &relation.to_anchor else { continue };
            if let Some(row) = store::law::provision_by_anchor(tx, anchor)? {
                found.extend(self.reference(&row));
            }
        }
        Ok(found)
    }

    fn citing(&self, tx: &mut Tx<'_>, row: &ProvisionRow) -> Result<Vec<Reference>> {
        let mut found = Vec::new();
        let mut seen = HashSet::new();
        for relation in store::law::relations_to_anchor(tx, &row.anchor)? {
            let Some(from) = relation.provision.filter(|from| seen.insert(*from)) else { continue };
            if found.len() >= MOST_RELATED {
                break;
            }
            if let Some(row) = store::law::provision_by_id(tx, from)? {
                found.extend(self.reference(&row));
            }
        }
        Ok(found)
    }

    fn reference(&self, row: &ProvisionRow) -> Option<Reference> {
        let document = self.names.view(self.names.by_id(row.document)?);
        let words = place_words(&row.path);
        Some(Reference {
            href: Some(format!("{}/{}{}", document.href(), row.path, self.suffix())),
            text: format!("{words} {}", document.name()),
            detail: row.title.clone(),
        })
    }
}

fn heading(row: &ProvisionRow) -> Heading {
    let words = place_words(row.path.rsplit('/').next().unwrap_or_default());
    let label = if row.path.contains("dieu-") { words } else { row.label.clone() };
    Heading { path: row.path.clone(), label, title: row.title.clone(), group: None }
}
