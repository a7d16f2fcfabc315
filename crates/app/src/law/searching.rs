//! Finding provisions.

use jiff::civil::Date;
use kernel::error::Result;
use serde::Serialize;
use store::law::{DocumentRow, ProvisionRow};

use super::{Corpus, on_a_thread, snippet};

/// What a search is narrowed to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only provisions in force on this day.
    pub at: Option<Date>,
}

/// A provision found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FoundProvision {
    /// The provision.
    #[serde(skip)]
    pub provision: ProvisionRow,
    /// Its document.
    #[serde(skip)]
    pub document: DocumentRow,
    /// The sentence of it that fits best.
    pub snippet: String,
    /// How well it fits, from 0 to 1.
    pub score: f32,
}

impl FoundProvision {
    /// Number and symbol of the document, or its name where it has none.
    #[must_use]
    pub fn document_name(&self) -> String {
        name(&self.document)
    }
}

/// Number and symbol of a document, or its name where it has none.
pub(super) fn name(document: &DocumentRow) -> String {
    let title = || [document.kind.as_deref(), document.title.as_deref()];
    match &document.number {
        Some(number) if !number.is_empty() => number.clone(),
        _ => title().into_iter().flatten().collect::<Vec<_>>().join(" "),
    }
}

/// The provisions that fit a question or a few words best, best first.
///
/// # Errors
/// When the database or the index cannot be read.
pub async fn search(
    corpus: &Corpus,
    text: &str,
    limit: usize,
    filter: Filter,
) -> Result<Vec<FoundProvision>> {
    let finder = corpus.finder().await?;
    let question = text.to_owned();
    let hits = on_a_thread({
        let question = question.clone();
        move || finder.find(&question, limit, filter.at)
    });
    let hits = hits.await?;
    let read = corpus.store().read(move |tx| {
        let mut found = Vec::with_capacity(hits.len());
        for hit in hits {
            // A provision that went since the index was made is left out.
            let Some(provision) = store::law::provision_by_anchor(tx, &hit.id)? else { continue };
            let Some(document) = store::law::document(tx, provision.document)? else { continue };
            found.push((provision, document, hit.score));
        }
        Ok(found)
    });
    let found = read.await?.into_iter().map(|(provision, document, score)| FoundProvision {
        snippet: snippet::best(&provision.text, &question),
        provision,
        document,
        score,
    });
    Ok(found.collect())
}
