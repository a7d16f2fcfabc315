//! Many at the same time: numbers without gaps, each once.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::json;
use testkit::people::{CHAIR, MOTHER};
use testkit::{TestApp, both_engines, forms, work};

both_engines! {
    sixty_four_dossiers_at_once_get_sixty_four_codes_in_a_row
    eight_signatures_at_once_get_eight_numbers_in_a_row
}

const LETTERS: [&str; 8] = ["An", "Bình", "Châu", "Dung", "Giang", "Hà", "Khôi", "Linh"];

async fn file_all(app: &Arc<TestApp>, count: usize) -> Vec<String> {
    let mut tasks = Vec::new();
    for index in 0..count {
        let app = Arc::clone(app);
        tasks.push(tokio::spawn(async move {
            let name = format!("Huỳnh {} {}", LETTERS[index / 8], LETTERS[index % 8]);
            let answers = forms::birth(&name, "2026-08-20");
            work::file(&app, MOTHER, forms::BIRTH, &answers).await
        }));
    }
    let mut codes = Vec::new();
    for task in tasks {
        codes.push(task.await.unwrap());
    }
    codes
}

async fn sixty_four_dossiers_at_once_get_sixty_four_codes_in_a_row(app: TestApp) {
    let app = Arc::new(app);
    let codes: BTreeSet<String> = file_all(&app, 64).await.into_iter().collect();
    let wanted: BTreeSet<String> =
        (1..=64).map(|number| format!("H20.158-260828-{number:04}")).collect();
    assert_eq!(codes, wanted);
    let verdict = app.audit().await;
    assert!(verdict.ok, "{verdict:?}");
}

async fn eight_signatures_at_once_get_eight_numbers_in_a_row(app: TestApp) {
    let app = Arc::new(app);
    let codes = file_all(&app, 8).await;
    for code in &codes {
        work::bring_birth_to_signing(&app, code).await;
    }
    let mut tasks = Vec::new();
    for code in codes.clone() {
        let app = Arc::clone(&app);
        tasks.push(tokio::spawn(async move {
            work::act(&app, CHAIR, &code, "sign", &json!({})).await;
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let mut numbers = BTreeSet::new();
    for code in &codes {
        let entry = work::entry_of(&app, code).await;
        numbers.insert(entry["number"].as_i64().unwrap());
        // The number on the paper is the number in the register.
        let printed = work::code_on(&app, code, "birth-certificate").await;
        let keys = app::verification::trusted_paper_keys(app.app()).await.unwrap();
        let payload = signing::qr::decode_verify(&printed, &keys).unwrap();
        assert_eq!(i64::from(payload.number), entry["number"].as_i64().unwrap());
    }
    assert_eq!(numbers, (1..=8).collect());
    assert!(app.audit().await.ok);
}
