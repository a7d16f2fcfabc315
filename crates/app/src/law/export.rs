//! The whole law as lines of JSON, one document each, which [`super::import()`] reads again.

use std::collections::HashMap;
use std::io::Write;

use kernel::error::{Error, Result};
use store::law::{DocumentRow, ProvisionRow, RelationRow};

use super::Corpus;
use super::import::{Exported, ExportedProvision};

/// Documents that are read together.
const PAGE: i64 = 50;

/// Writes all documents; how many.
///
/// # Errors
/// When the database cannot be read or `out` not written.
pub async fn export(corpus: &Corpus, out: &mut (dyn Write + Send)) -> Result<u64> {
    let mut after = 0;
    let mut count = 0;
    loop {
        let page = corpus.store().read_at_length(move |tx| {
            let documents = store::law::documents_after(tx, after, PAGE)?;
            let mut page = Vec::with_capacity(documents.len());
            for document in documents {
                let provisions = store::law::provisions_of(tx, document.id)?;
                let relations = store::law::relations_of(tx, document.id)?;
                let body = store::law::body(tx, document.id)?;
                page.push((document, provisions, relations, body));
            }
            Ok(page)
        });
        let page = page.await?;
        let Some((last, ..)) = page.last() else { return Ok(count) };
        after = last.id;
        for (document, provisions, relations, body) in page {
            let line = exported(document, provisions, relations, body)?;
            serde_json::to_writer(&mut *out, &line).map_err(Error::internal)?;
            out.write_all(b"\n").map_err(Error::internal)?;
            count += 1;
        }
    }
}

fn exported(
    document: DocumentRow,
    provisions: Vec<ProvisionRow>,
    relations: Vec<RelationRow>,
    body: Option<String>,
) -> Result<Exported> {
    let mut of_provision: HashMap<i64, Vec<RelationRow>> = HashMap::new();
    let mut own = Vec::new();
    for relation in relations {
        match relation.provision {
            Some(provision) => of_provision.entry(provision).or_default().push(relation),
            None => own.push(relation),
        }
    }
    let provisions = provisions
        .into_iter()
        .map(|provision| ExportedProvision {
            relations: of_provision.remove(&provision.id).unwrap_or_default(),
            provision,
        })
        .collect();
    let body = body.map(|body| serde_json::from_str(&body)).transpose().map_err(Error::internal)?;
    Ok(Exported { document, provisions, relations: own, body })
}
