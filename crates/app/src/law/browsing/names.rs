//! All documents by number and name, in memory, made again when the law has changed.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

use kernel::error::Result;
use kernel::text::tokens;
use law::citation::{DocumentRef, KnownTitles};
use law::symbol;
use store::law::DocumentRow;

use super::DocumentView;
use crate::law::Corpus;

/// All documents by number and name.
pub struct Names {
    revision: u64,
    documents: Vec<DocumentRow>,
    by_key: HashMap<String, Vec<usize>>,
    by_id: HashMap<i64, usize>,
    pub(super) titles: KnownTitles,
}

pub(super) async fn current(corpus: &Corpus) -> Result<Arc<Names>> {
    let revision = corpus.store().read(store::law::revision).await?;
    let kept = corpus.inner.names.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some(kept) = kept.filter(|kept| kept.revision == revision) {
        return Ok(kept);
    }
    let documents = corpus.store().read_at_length(store::law::all_documents).await?;
    let names = Arc::new(Names::of(revision, documents));
    *corpus.inner.names.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&names));
    Ok(names)
}

/// What was read whole comes before what was codified, and that before a corpus of questions.
fn preference(document: &DocumentRow) -> u8 {
    match document.source.as_str() {
        "file" => 0,
        "codified" => 1,
        _ => 2,
    }
}

impl Names {
    fn of(revision: u64, mut documents: Vec<DocumentRow>) -> Self {
        documents.sort_by(|a, b| {
            preference(a).cmp(&preference(b)).then_with(|| b.issued_on.cmp(&a.issued_on))
        });
        let mut titles = KnownTitles::default();
        let mut by_key: HashMap<String, Vec<usize>> = HashMap::new();
        let mut by_id = HashMap::new();
        for (place, row) in documents.iter().enumerate() {
            by_key.entry(row.key.clone()).or_default().push(place);
            by_id.insert(row.id, place);
            let (Some(kind), Some(title)) = (&row.kind, &row.title) else { continue };
            if ["Luật", "Bộ luật", "Pháp lệnh", "Hiến pháp"].contains(&kind.as_str()) {
                titles.insert(&format!("{kind} {title}"), &row.key);
            }
        }
        Self { revision, documents, by_key, by_id, titles }
    }

    /// How many documents there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.documents.len()
    }

    /// How many provisions there are.
    #[must_use]
    pub fn provisions(&self) -> i64 {
        self.documents.iter().map(|row| row.provisions).sum()
    }

    /// The kinds of documents, the commonest first.
    #[must_use]
    pub fn kinds(&self) -> Vec<String> {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for kind in self.documents.iter().filter_map(|row| row.kind.as_deref()) {
            *counts.entry(kind).or_default() += 1;
        }
        let mut kinds: Vec<(&str, usize)> = counts.into_iter().collect();
        kinds.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        kinds.into_iter().take(30).map(|(kind, _)| kind.to_owned()).collect()
    }

    /// The documents issued last.
    #[must_use]
    pub fn latest(&self, limit: usize) -> Vec<DocumentView> {
        let mut rows: Vec<&DocumentRow> = self.documents.iter().collect();
        rows.sort_by(|a, b| b.issued_on.cmp(&a.issued_on).then_with(|| a.key.cmp(&b.key)));
        rows.into_iter().take(limit).map(|row| self.view(row)).collect()
    }

    /// The document as it is shown.
    pub(super) fn view(&self, row: &DocumentRow) -> DocumentView {
        DocumentView::of(row, self.address(row))
    }

    pub(super) fn by_id(&self, id: i64) -> Option<&DocumentRow> {
        self.by_id.get(&id).and_then(|place| self.documents.get(*place))
    }

    pub(super) fn by_key(&self, key: &str) -> Vec<&DocumentRow> {
        let places = self.by_key.get(key).map(Vec::as_slice).unwrap_or_default();
        places.iter().filter_map(|place| self.documents.get(*place)).collect()
    }

    /// The document of a key that is meant where nothing else is said.
    pub(super) fn first(&self, key: &str) -> Option<&DocumentRow> {
        self.by_key(key).into_iter().next()
    }

    /// The key that a citation names, if there is such a document.
    pub(super) fn key_of<'n>(&'n self, named: &'n DocumentRef) -> Option<&'n str> {
        match named {
            DocumentRef::Number { key, .. } => self.first(key).map(|row| row.key.as_str()),
            DocumentRef::Name { kind, name, year, .. } => {
                match self.titles.named(kind, name, *year).as_slice() {
                    [only] => Some(only.key.as_str()),
                    // A name that passed from law to law is nobody's for sure.
                    _ => None,
                }
            }
            DocumentRef::Here | DocumentRef::This { .. } => None,
        }
    }

    /// What the address of a document is: the key, with the issuer where several have it.
    fn address(&self, row: &DocumentRow) -> String {
        let same = self.by_key(&row.key);
        if same.first().is_none_or(|first| first.id == row.id) && !is_contested(&same) {
            return row.key.clone();
        }
        let issuer = tokens(&row.issuer).join("-");
        let is_alone = same.iter().filter(|other| other.issuer == row.issuer).count() == 1;
        if is_alone && !issuer.is_empty() {
            format!("{}--{issuer}", row.key)
        } else {
            format!("{}--{}", row.key, [issuer.as_str(), &row.source].join("-").trim_matches('-'))
        }
    }

    /// The documents that an address may mean: none, one, or several to choose from.
    pub(super) fn at(&self, address: &str) -> Vec<&DocumentRow> {
        let (number, rest) = address.split_once("--").unwrap_or((address, ""));
        let same = self.by_key(&symbol::key(number));
        if rest.is_empty() {
            if is_contested(&same) {
                return same;
            }
            return same.into_iter().take(1).collect();
        }
        same.into_iter().filter(|row| self.address(row) == address).take(1).collect()
    }
}

/// Do documents of different issuers have this number?
fn is_contested(same: &[&DocumentRow]) -> bool {
    let mut issuers: Vec<&str> =
        same.iter().map(|row| row.issuer.as_str()).filter(|issuer| !issuer.is_empty()).collect();
    issuers.sort_unstable();
    issuers.dedup();
    issuers.len() > 1
}
