//! What a review asks the corpus.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;
use kernel::error::Result;
use kernel::text::tokens;
use law::model::LegalDocument;
use law::review::{Candidate, Knowledge, KnownDocument, KnownProvision, ReviewFinding, Successor};
use law::symbol;
use search::Rank;
use store::law::{DocumentRow, RelationRow};
use tokio::runtime::Handle;

use super::index::{Finder, rank};
use super::{Corpus, dates, on_a_thread};

/// Documents that are read together.
const PAGE: i64 = 1_000;

/// Lays a draft against the law of a day.
///
/// # Errors
/// When the database or the index cannot be read.
pub async fn review(
    corpus: &Corpus,
    draft: LegalDocument,
    today: Date,
) -> Result<Vec<ReviewFinding>> {
    let library = Library::open(corpus, today).await?;
    let content = corpus.guides().review.clone();
    on_a_thread(move || law::review::review(&draft, &library, &content)).await
}

/// The corpus as a review sees it.
struct Library {
    corpus: Corpus,
    finder: Arc<Finder>,
    today: Date,
    documents: Vec<DocumentRow>,
    by_key: HashMap<String, usize>,
    by_name: HashMap<String, usize>,
    runtime: Handle,
}

/// What is read whole is preferred to what was codified, and that to a corpus of questions.
fn preference(document: &DocumentRow) -> u8 {
    match document.source.as_str() {
        "file" => 0,
        "codified" => 1,
        _ => 2,
    }
}

fn folded(text: &str) -> String {
    tokens(text).join(" ")
}

impl Library {
    async fn open(corpus: &Corpus, today: Date) -> Result<Self> {
        let read = corpus.store().read_at_length(|tx| {
            let mut documents = Vec::new();
            loop {
                let after = documents.last().map_or(0, |row: &DocumentRow| row.id);
                let page = store::law::documents_after(tx, after, PAGE)?;
                if page.is_empty() {
                    return Ok(documents);
                }
                documents.extend(page);
            }
        });
        let mut documents = read.await?;
        documents.sort_by_key(preference);
        let (mut by_key, mut by_name) = (HashMap::new(), HashMap::<String, usize>::new());
        for (place, document) in documents.iter().enumerate() {
            by_key.entry(document.key.clone()).or_insert(place);
            if let (Some(kind), Some(title)) = (&document.kind, &document.title) {
                let name = folded(&format!("{kind} {title}"));
                // A name passes on to the latest law that bears it.
                let place_now = by_name.entry(name).or_insert(place);
                let kept = documents.get(*place_now);
                if kept.is_some_and(|kept| kept.issued_on < document.issued_on) {
                    *place_now = place;
                }
            }
        }
        let finder = corpus.finder().await?;
        let (corpus, runtime) = (corpus.clone(), Handle::current());
        Ok(Self { corpus, finder, today, documents, by_key, by_name, runtime })
    }

    fn row(&self, number_or_title: &str) -> Option<&DocumentRow> {
        let place = self.by_key.get(&symbol::key(number_or_title));
        let place = place.or_else(|| self.by_name.get(&folded(number_or_title)))?;
        self.documents.get(*place)
    }

    /// A question to the database; one that fails is as if nothing were there, and is logged.
    fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut store::Tx<'_>) -> Result<Option<T>> + Send + 'static,
    ) -> Option<T> {
        let answer = self.runtime.block_on(self.corpus.store().read_at_length(work));
        answer.unwrap_or_else(|error| {
            tracing::warn!(cause = %error, "a review could not ask the corpus");
            None
        })
    }
}

impl Knowledge for Library {
    fn today(&self) -> Date {
        self.today
    }

    fn document(&self, number_or_title: &str) -> Option<KnownDocument> {
        let row = self.row(number_or_title)?;
        let day = |text: &Option<String>| text.as_deref().and_then(dates::day);
        let key = row.key.clone();
        let relations = self.ask(move |tx| store::law::relations_to_document(tx, &key).map(Some));
        let mut ended = None;
        let mut replaced_by = Vec::new();
        for relation in relations.unwrap_or_default() {
            // What names a provision ends that provision only.
            if !ends(&relation) || relation.to_anchor.is_some() {
                continue;
            }
            let other = self.documents.iter().find(|other| other.id == relation.document);
            let Some(other) = other else { continue };
            ended = ended.or_else(|| day(&relation.day).or_else(|| day(&other.effective_on)));
            replaced_by.push(Successor {
                number: other.number.clone().unwrap_or_default(),
                title: other.title.clone().unwrap_or_default(),
            });
        }
        Some(KnownDocument {
            number: row.number.clone().unwrap_or_default(),
            title: row.title.clone().unwrap_or_default(),
            kind: row.kind.clone().unwrap_or_default(),
            issuer: row.issuer.clone(),
            issued_on: day(&row.issued_on),
            effective_on: day(&row.effective_on),
            expires_on: day(&row.expires_on).or(ended),
            replaced_by,
            // The codification leaves out articles without lasting content.
            is_complete: row.source == "file",
        })
    }

    fn provision(&self, document: &str, path: &str) -> Option<KnownProvision> {
        let row = self.row(document)?;
        let (id, article) = (row.id, path.split('/').next().unwrap_or_default().to_owned());
        let found = self.ask(move |tx| store::law::provision_at(tx, id, &article))?;
        let text = part(&found.text, path)?;
        let ended = found.valid_to.as_deref().and_then(dates::day);
        let is_over = ended.is_some_and(|day| day <= self.today);
        let by = if is_over { self.ended_by(found.document, found.id) } else { None };
        let by = by.or_else(|| is_over.then(String::new)).or_else(|| self.repealed(&row.key, path));
        Some(KnownProvision { label: found.label, text, repealed_by: by })
    }

    fn candidates(&self, text: &str, limit: usize) -> Vec<Candidate> {
        let hits = self.finder.find(text, limit, Some(self.today));
        let read = hits.into_iter().filter_map(|hit| {
            self.ask(move |tx| {
                let Some(found) = store::law::provision_by_anchor(tx, &hit.id)? else {
                    return Ok(None);
                };
                let document = store::law::document(tx, found.document)?;
                Ok(document.map(|document| (found, document)))
            })
        });
        read.map(|(found, document)| {
            let parts = [document.kind.as_deref(), document.title.as_deref()];
            Candidate {
                address: found.anchor,
                label: found.label,
                text: found.text,
                title: parts.into_iter().flatten().collect::<Vec<_>>().join(" "),
                rank: standing(rank(&document)),
                issued_on: document.issued_on.as_deref().and_then(dates::day),
                document: document.number.unwrap_or(document.key),
            }
        })
        .collect()
    }
}

/// Place in the order of Article 4 of the law on legal documents, the Constitution first.
fn standing(rank: Rank) -> Option<u8> {
    match rank {
        Rank::Law => Some(2),
        Rank::Ordinance => Some(3),
        Rank::Decree => Some(5),
        Rank::Decision => Some(6),
        Rank::Circular => Some(8),
        Rank::Local => Some(10),
        Rank::Other => None,
    }
}

/// Does the relation end what it leads to?
fn ends(relation: &RelationRow) -> bool {
    matches!(relation.kind.as_str(), "replaces" | "repeals")
}

impl Library {
    /// The document that says of a provision, or of the article around it, that it ends by the day of the
    /// review.
    fn repealed(&self, key: &str, path: &str) -> Option<String> {
        let mut reached = key.to_owned();
        for step in path.split('/') {
            reached = format!("{reached}/{step}");
            let anchor = reached.clone();
            let relations =
                self.ask(move |tx| store::law::relations_to_anchor(tx, &anchor).map(Some));
            for relation in relations?.iter().filter(|relation| ends(relation)) {
                let other = self.documents.iter().find(|other| other.id == relation.document)?;
                let day = relation.day.as_deref().or(other.effective_on.as_deref());
                if day.and_then(dates::day).is_some_and(|day| day <= self.today) {
                    return Some(other.number.clone().unwrap_or_else(|| other.key.clone()));
                }
            }
        }
        None
    }

    /// The document that ended a provision, by number.
    fn ended_by(&self, document: i64, provision: i64) -> Option<String> {
        let relations = self.ask(move |tx| store::law::relations_of(tx, document).map(Some))?;
        let by = relations.into_iter().find(|relation| {
            relation.provision == Some(provision) && relation.kind == "repealed-by"
        })?;
        let key = by.to_document?;
        let number = self.row(&key).and_then(|row| row.number.clone());
        Some(number.unwrap_or(key))
    }
}

/// The text of a clause or point of an article; the whole where only the article is named.
fn part(article: &str, path: &str) -> Option<String> {
    let mut steps = path.split('/').skip(1).peekable();
    if steps.peek().is_none() {
        return Some(article.to_owned());
    }
    let (_, mut units, _) = law::outline::article_body(article);
    let mut found = None;
    for step in steps {
        let at = units.iter().position(|unit| unit.kind.step(&unit.number) == step)?;
        let unit = units.swap_remove(at);
        units.clone_from(&unit.children);
        found = Some(unit);
    }
    found.map(|unit| crate::law::import::text_of(&unit))
}
