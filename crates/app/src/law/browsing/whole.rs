//! A whole document in a form for machines.

use kernel::error::{Error, Result};
use law::akoma_ntoso::{AknIdentity, write};
use law::model::{LegalDocument, Metadata, Unit, UnitKind};
use store::law::{DocumentRow, ProvisionRow};

use super::{DocumentView, place_words};
use crate::law::Corpus;

/// The document at an address as Akoma Ntoso 3.0; none where nothing, or more than one, is there. What was
/// codified is put together from its articles.
///
/// # Errors
/// When the database cannot be read.
pub async fn akoma_ntoso(corpus: &Corpus, address: &str) -> Result<Option<String>> {
    let names = super::names(corpus).await?;
    let rows = names.at(address);
    let [row] = rows.as_slice() else { return Ok(None) };
    let row = (*row).clone();
    let id = row.id;
    let read = corpus.store().read_at_length(move |tx| {
        let body = store::law::body(tx, id)?;
        let provisions =
            if body.is_some() { Vec::new() } else { store::law::provisions_of(tx, id)? };
        Ok((body, provisions))
    });
    let (body, provisions) = read.await?;
    let written = crate::law::on_a_thread(move || {
        let document = match body {
            Some(body) => serde_json::from_str(&body).map_err(Error::internal)?,
            None => of_rows(&row, &provisions),
        };
        Ok::<_, Error>(write(&document, &AknIdentity::of(&document)))
    });
    written.await?.map(Some)
}

fn of_rows(row: &DocumentRow, provisions: &[ProvisionRow]) -> LegalDocument {
    let view = DocumentView::of(row, row.key.clone());
    let metadata = Metadata {
        kind: view.kind,
        number: view.number,
        title: view.title,
        issuer: Some(view.issuer).filter(|issuer| !issuer.is_empty()),
        issued_on: view.issued_on,
        effective_on: view.effective_on,
        expires_on: view.expires_on,
        ..Metadata::default()
    };
    let unit = |row: &ProvisionRow| {
        let (blocks, children, tail) = law::outline::article_body(&row.text);
        let words = place_words(&row.path);
        let number = words.strip_prefix("Điều ").unwrap_or(&row.label).to_owned();
        let heading = row.title.clone();
        Unit { kind: UnitKind::Article, number, heading, blocks, children, tail }
    };
    let units = provisions.iter().map(unit).collect();
    LegalDocument { metadata, units, ..LegalDocument::default() }
}
