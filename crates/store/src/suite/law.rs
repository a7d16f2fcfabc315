//! The rules of legal documents.

use kernel::error::{Error, ErrorCode, Result};

use super::{postgres, sqlite};
use crate::Store;
use crate::law::{self, Counts, DocumentRow, NewDocument, Outcome, ProvisionRow, Put, RelationRow};

both_engines! {
    a_document_comes_back_as_it_was_written
    a_document_that_is_there_word_for_word_is_left_alone
    a_changed_document_takes_the_place_of_the_earlier_one
    two_documents_of_one_number_are_told_apart_by_issuer
    a_document_whose_issuer_is_found_later_stays_one
    what_two_sources_say_stands_side_by_side
    an_anchor_belongs_to_one_document
    a_refused_chunk_of_law_leaves_no_trace
    the_revision_counts_changes_only
    a_removed_document_leaves_nothing_behind
    pages_of_documents_cover_all_once
}

fn provision(id: i64, position: i64, anchor: &str, text: &str) -> ProvisionRow {
    ProvisionRow {
        id,
        position,
        path: format!("dieu-{}", position + 1),
        anchor: anchor.to_owned(),
        label: format!("Điều {}", position + 1),
        title: "Giờ họp chợ".to_owned(),
        context: "Chương I".to_owned(),
        subject: "Chợ".to_owned(),
        valid_from: Some("2026-01-01".to_owned()),
        text: text.to_owned(),
        ..ProvisionRow::default()
    }
}

fn document(id: i64, hash: &str, anchors: &[&str]) -> NewDocument {
    let row = DocumentRow {
        id,
        key: "5-2026-qd-ubnd".to_owned(),
        number: Some("05/2026/QĐ-UBND".to_owned()),
        kind: Some("Quyết định".to_owned()),
        issuer: "Ủy ban nhân dân tỉnh Sông Lam".to_owned(),
        source: "file".to_owned(),
        hash: hash.to_owned(),
        imported_at: 7,
        ..DocumentRow::default()
    };
    let provisions: Vec<ProvisionRow> = anchors
        .iter()
        .zip(0..)
        .map(|(anchor, position)| provision(id * 100 + position, position, anchor, "Chợ họp sớm."))
        .collect();
    let relations = provisions
        .iter()
        .map(|from| RelationRow {
            provision: Some(from.id),
            kind: "related".to_owned(),
            to_anchor: Some("x".to_owned()),
            ..RelationRow::default()
        })
        .collect();
    NewDocument { row, body: Some("{}".to_owned()), provisions, relations }
}

async fn put(store: &Store, document: NewDocument) -> Put {
    let put = store.write(|tx| law::put(tx, vec![document])).await.unwrap();
    put.into_iter().next().unwrap()
}

async fn counts(store: &Store) -> (i64, i64, i64) {
    let Counts { documents, provisions, relations } = store.read(law::counts).await.unwrap();
    (documents, provisions, relations)
}

async fn revision(store: &Store) -> u64 {
    store.read(law::revision).await.unwrap()
}

async fn a_document_comes_back_as_it_was_written(store: Store) {
    let new = document(1, "h", &["a", "b"]);
    let wanted = new.clone();
    assert_eq!(put(&store, new).await.outcome, Outcome::Added);
    let (row, body, provisions, relations) = store
        .read(|tx| {
            Ok((
                law::document(tx, 1)?.unwrap(),
                law::body(tx, 1)?,
                law::provisions_of(tx, 1)?,
                law::relations_of(tx, 1)?,
            ))
        })
        .await
        .unwrap();
    assert_eq!(row, DocumentRow { provisions: 2, ..wanted.row });
    assert_eq!(body, wanted.body);
    let of_one = |one: ProvisionRow| ProvisionRow { document: 1, ..one };
    assert_eq!(provisions, wanted.provisions.into_iter().map(of_one).collect::<Vec<_>>());
    let of_one = |one: RelationRow| RelationRow { document: 1, ..one };
    assert_eq!(relations, wanted.relations.into_iter().map(of_one).collect::<Vec<_>>());
    let (by_anchor, by_path, links) = store
        .read(|tx| {
            Ok((
                law::provision_by_anchor(tx, "b")?.unwrap(),
                law::provision_at(tx, 1, "dieu-2")?.unwrap(),
                law::relations_to_anchor(tx, "x")?,
            ))
        })
        .await
        .unwrap();
    assert_eq!(by_anchor, by_path);
    assert_eq!(links.len(), 2);
}

async fn a_document_that_is_there_word_for_word_is_left_alone(store: Store) {
    put(&store, document(1, "h", &["a", "b"])).await;
    let before = revision(&store).await;
    let again = put(&store, document(2, "h", &["a", "b"])).await;
    assert_eq!(again, Put { outcome: Outcome::Unchanged, id: 1, taken: vec![] });
    assert_eq!(counts(&store).await, (1, 2, 2));
    assert_eq!(revision(&store).await, before);
}

async fn a_changed_document_takes_the_place_of_the_earlier_one(store: Store) {
    put(&store, document(1, "h", &["a", "b"])).await;
    let changed = put(&store, document(2, "other", &["a", "c", "d"])).await;
    assert_eq!(changed, Put { outcome: Outcome::Replaced, id: 1, taken: vec![] });
    assert_eq!(counts(&store).await, (1, 3, 3));
    let gone = store.read(|tx| law::provision_by_anchor(tx, "b")).await.unwrap();
    assert_eq!(gone, None);
}

async fn two_documents_of_one_number_are_told_apart_by_issuer(store: Store) {
    put(&store, document(1, "h", &["a"])).await;
    let mut other = document(2, "h", &["b"]);
    other.row.issuer = "Ủy ban nhân dân tỉnh Sông Đà Bắc".to_owned();
    assert_eq!(put(&store, other).await.outcome, Outcome::Added);
    let found = store.read(|tx| law::documents_by_key(tx, "5-2026-qd-ubnd")).await.unwrap();
    assert_eq!(found.len(), 2);
}

async fn a_document_whose_issuer_is_found_later_stays_one(store: Store) {
    let mut without = document(1, "h", &["a"]);
    without.row.issuer = String::new();
    put(&store, without).await;
    assert_eq!(put(&store, document(2, "better", &["a"])).await.outcome, Outcome::Replaced);
    assert_eq!(counts(&store).await, (1, 1, 1));
    let row = store.read(|tx| law::document(tx, 1)).await.unwrap().unwrap();
    assert_eq!(row.issuer, "Ủy ban nhân dân tỉnh Sông Lam");
}

async fn what_two_sources_say_stands_side_by_side(store: Store) {
    put(&store, document(1, "h", &["a"])).await;
    let mut corpus = document(2, "other", &["05/2026/qđ-ubnd#1"]);
    (corpus.row.source, corpus.row.issuer) = ("corpus".to_owned(), String::new());
    assert_eq!(put(&store, corpus).await.outcome, Outcome::Added);
    assert_eq!(counts(&store).await, (2, 2, 2));
}

async fn an_anchor_belongs_to_one_document(store: Store) {
    put(&store, document(1, "h", &["a", "b"])).await;
    let mut other = document(2, "h", &["b", "c"]);
    other.row.key = "6-2026-qd-ubnd".to_owned();
    let second = put(&store, other).await;
    assert_eq!(second, Put { outcome: Outcome::Added, id: 2, taken: vec!["b".to_owned()] });
    assert_eq!(counts(&store).await, (2, 3, 3), "the relation of what was left out is left out");
    let owner = store.read(|tx| law::provision_by_anchor(tx, "b")).await.unwrap().unwrap();
    assert_eq!(owner.document, 1);
    let row = store.read(|tx| law::document(tx, 2)).await.unwrap().unwrap();
    assert_eq!(row.provisions, 1);
}

async fn a_refused_chunk_of_law_leaves_no_trace(store: Store) {
    let refused = store
        .write(|tx| -> Result<()> {
            law::put(tx, vec![document(1, "h", &["a", "b"])])?;
            Err(Error::new(ErrorCode::Invalid))
        })
        .await;
    assert!(refused.is_err());
    assert_eq!(counts(&store).await, (0, 0, 0));
    assert_eq!(revision(&store).await, 0);
}

async fn the_revision_counts_changes_only(store: Store) {
    assert_eq!(store.read(law::indexed).await.unwrap(), None);
    put(&store, document(1, "h", &["a"])).await;
    assert_eq!(revision(&store).await, 1);
    put(&store, document(1, "h", &["a"])).await;
    assert_eq!(revision(&store).await, 1);
    put(&store, document(1, "i", &["a"])).await;
    assert_eq!(revision(&store).await, 2);
    store.write(|tx| Ok(law::set_indexed(tx, 2))).await.unwrap();
    assert_eq!(store.read(law::indexed).await.unwrap(), Some(2));
}

async fn a_removed_document_leaves_nothing_behind(store: Store) {
    put(&store, document(1, "h", &["a", "b"])).await;
    store.write(|tx| law::remove(tx, 1)).await.unwrap();
    assert_eq!(counts(&store).await, (0, 0, 0));
    assert_eq!(revision(&store).await, 2);
}

async fn pages_of_documents_cover_all_once(store: Store) {
    for id in 1..=23 {
        let mut one = document(id, "h", &[]);
        one.row.key = format!("{id}-2026-qd-ubnd");
        put(&store, one).await;
    }
    let mut seen = Vec::new();
    loop {
        let after = seen.last().copied().unwrap_or(0);
        let page = store.read(move |tx| law::documents_after(tx, after, 5)).await.unwrap();
        if page.is_empty() {
            break;
        }
        seen.extend(page.into_iter().map(|row| row.id));
    }
    assert_eq!(seen, (1..=23).collect::<Vec<_>>());
}
