//! The rules of reviews of drafts.

use super::{postgres, sqlite};
use crate::Store;
use crate::law::reviewing::{self, Decided, FindingRow, ReviewRow, Tally};

both_engines! {
    a_review_comes_back_as_it_was_written
    a_review_is_done_when_everything_in_it_is_decided
    a_finding_of_another_review_is_not_decided
    decisions_are_counted_by_kind_over_all_reviews
    reviews_of_a_unit_are_listed_newest_first
}

fn review(id: i64, unit: &str) -> ReviewRow {
    ReviewRow {
        id,
        title: "Quyết định về giờ họp chợ".to_owned(),
        file_name: "du-thao.docx".to_owned(),
        blob: "ab".to_owned(),
        outline: "{}".to_owned(),
        unit: unit.to_owned(),
        created_by: 7,
        created_at: 70,
        day: "2026-08-28".to_owned(),
        state: "open".to_owned(),
    }
}

fn finding(id: i64, review: i64, ordinal: i64, kind: &str) -> FindingRow {
    FindingRow {
        id,
        review,
        ordinal,
        kind: kind.to_owned(),
        body: "{\"reason\":\"có thể đã hết hiệu lực\"}".to_owned(),
        confidence: 920,
        decision: "none".to_owned(),
        ..FindingRow::default()
    }
}

async fn add(store: &Store, review: ReviewRow, findings: Vec<FindingRow>) {
    let added = store.write(move |tx| {
        reviewing::insert(tx, &review, &findings);
        Ok(())
    });
    added.await.unwrap();
}

async fn decide(store: &Store, review: i64, finding: i64, decision: &'static str) -> bool {
    let decided = move |tx: &mut crate::Tx<'_>| {
        let decided =
            Decided { review, finding, decision, reason: "đã đối chiếu", by: 8, at: 80 };
        reviewing::decide(tx, &decided)
    };
    store.write(decided).await.unwrap()
}

async fn a_review_comes_back_as_it_was_written(store: Store) {
    let found = vec![finding(11, 1, 1, "copy"), finding(12, 1, 2, "overlap")];
    add(&store, review(1, "82"), found.clone()).await;
    let kept = store.read(|tx| reviewing::by_id(tx, 1)).await.unwrap();
    assert_eq!(kept, Some(review(1, "82")));
    assert_eq!(store.read(|tx| reviewing::findings(tx, 1)).await.unwrap(), found);
    assert_eq!(store.read(|tx| reviewing::by_id(tx, 2)).await.unwrap(), None);
}

async fn a_review_is_done_when_everything_in_it_is_decided(store: Store) {
    add(&store, review(1, "82"), vec![finding(11, 1, 1, "copy"), finding(12, 1, 2, "copy")]).await;
    let state =
        || async { store.read(|tx| reviewing::by_id(tx, 1)).await.unwrap().map(|row| row.state) };
    assert!(decide(&store, 1, 11, "accepted").await);
    assert!(decide(&store, 1, 12, "postponed").await);
    assert_eq!(state().await.as_deref(), Some("open"));
    assert!(decide(&store, 1, 12, "rejected").await);
    assert_eq!(state().await.as_deref(), Some("done"));
    let rows = store.read(|tx| reviewing::findings(tx, 1)).await.unwrap();
    assert_eq!((rows[1].decision.as_str(), rows[1].decided_by), ("rejected", Some(8)));
    assert_eq!((rows[1].reason.as_str(), rows[1].decided_at), ("đã đối chiếu", Some(80)));
}

async fn a_finding_of_another_review_is_not_decided(store: Store) {
    add(&store, review(1, "82"), vec![finding(11, 1, 1, "copy")]).await;
    add(&store, review(2, "82"), vec![finding(21, 2, 1, "copy")]).await;
    assert!(!decide(&store, 1, 21, "accepted").await);
    let rows = store.read(|tx| reviewing::findings(tx, 2)).await.unwrap();
    assert_eq!(rows[0].decision, "none");
}

async fn decisions_are_counted_by_kind_over_all_reviews(store: Store) {
    add(&store, review(1, "82"), vec![finding(11, 1, 1, "copy"), finding(12, 1, 2, "form")]).await;
    add(&store, review(2, "29869"), vec![finding(21, 2, 1, "copy")]).await;
    assert!(decide(&store, 1, 11, "accepted").await);
    assert!(decide(&store, 1, 12, "postponed").await);
    assert!(decide(&store, 2, 21, "rejected").await);
    let tallies = store.read(reviewing::tallies).await.unwrap();
    assert_eq!(tallies, [Tally { kind: "copy".to_owned(), accepted: 1, rejected: 1 }]);
}

async fn reviews_of_a_unit_are_listed_newest_first(store: Store) {
    add(&store, review(1, "82"), vec![finding(11, 1, 1, "copy"), finding(12, 1, 2, "form")]).await;
    add(&store, review(2, "82"), vec![]).await;
    add(&store, review(3, "29869"), vec![]).await;
    assert!(decide(&store, 1, 11, "accepted").await);
    let lines = store.read(|tx| reviewing::of_unit(tx, "82", i64::MAX, 10)).await.unwrap();
    let ids: Vec<i64> = lines.iter().map(|line| line.review.id).collect();
    assert_eq!(ids, [2, 1]);
    assert_eq!((lines[1].findings, lines[1].open, lines[1].accepted), (2, 1, 1));
    let rest = store.read(|tx| reviewing::of_unit(tx, "82", 2, 10)).await.unwrap();
    assert_eq!(rest.len(), 1);
}
