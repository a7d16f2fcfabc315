//! The rules of drafts and of the files that belong to them.

use super::{postgres, sqlite};
use crate::Store;
use crate::drafts::{self, DraftRow, UploadRow};

both_engines! {
    a_draft_not_saved_for_long_is_found_and_its_files_go_with_it
    files_that_belong_nowhere_go_after_a_time
    bytes_that_a_file_needs_are_known_as_needed
}

fn draft(id: i64, updated_at: i64) -> DraftRow {
    DraftRow {
        id,
        account: 7,
        procedure_code: "1.000".to_owned(),
        definition: "hash".to_owned(),
        unit: String::new(),
        dossier: None,
        answers: "{}".to_owned(),
        sources: "{}".to_owned(),
        revision: 1,
        created_at: 0,
        updated_at,
    }
}

fn upload(id: i64, draft: Option<i64>, dossier: Option<i64>, created_at: i64) -> UploadRow {
    UploadRow {
        id,
        account: 7,
        draft,
        dossier,
        field: "paper".to_owned(),
        name: "a.pdf".to_owned(),
        mime: "application/pdf".to_owned(),
        bytes: 1,
        blob: format!("blob-{id}"),
        created_at,
    }
}

async fn a_draft_not_saved_for_long_is_found_and_its_files_go_with_it(store: Store) {
    store
        .write(|tx| {
            for (id, at) in [(1, 10), (2, 5), (3, 50)] {
                drafts::insert(tx, &draft(id, at));
            }
            drafts::insert_upload(tx, &upload(11, Some(1), None, 1));
            drafts::insert_upload(tx, &upload(12, Some(1), Some(9), 1));
            drafts::insert_upload(tx, &upload(13, Some(3), None, 1));
            Ok(())
        })
        .await
        .unwrap();
    let old = store.read(|tx| drafts::saved_before(tx, 20, 10)).await.unwrap();
    assert_eq!(old, [2, 1]);
    let removed = store.write(|tx| drafts::delete_uploads_of_draft(tx, 1)).await.unwrap();
    assert_eq!(removed, ["blob-11"], "a file that a dossier holds stays with the dossier");
    let left = store.read(|tx| drafts::uploads_of_dossier(tx, 9)).await.unwrap();
    assert_eq!(left.len(), 1);
}

async fn files_that_belong_nowhere_go_after_a_time(store: Store) {
    store
        .write(|tx| {
            drafts::insert(tx, &draft(1, 10));
            drafts::insert_upload(tx, &upload(11, Some(1), None, 1));
            drafts::insert_upload(tx, &upload(12, Some(99), None, 1));
            drafts::insert_upload(tx, &upload(13, None, None, 1));
            drafts::insert_upload(tx, &upload(14, None, None, 30));
            drafts::insert_upload(tx, &upload(15, None, Some(9), 1));
            Ok(())
        })
        .await
        .unwrap();
    let mut removed = store.write(|tx| drafts::delete_loose_uploads(tx, 20)).await.unwrap();
    removed.sort();
    assert_eq!(removed, ["blob-12", "blob-13"]);
}

async fn bytes_that_a_file_needs_are_known_as_needed(store: Store) {
    store.write(|tx| Ok(drafts::insert_upload(tx, &upload(1, None, None, 1)))).await.unwrap();
    let asked = ["blob-1".to_owned(), "blob-2".to_owned()];
    let used = store.read(move |tx| drafts::blobs_in_use(tx, &asked)).await.unwrap();
    assert_eq!(used, ["blob-1"]);
}
