//! Five consolidations of one law: the difference of two of them names every amended article and no other.
//!
//! What was amended between two of them was read from their endnotes, which say by which law each marked
//! provision was changed. The texts are not part of the repository; without them the test says so.

#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test fails by panicking and says when it is skipped"
)]

mod shared;

use std::collections::BTreeSet;

use law::difference::{Change, compare};
use law::model::LegalDocument;
use law::outline;

/// The files in the order of time, each with the articles that were amended since the one before it.
const VERSIONS: [(&str, &[&str]); 5] = [
    ("luat-thuy-loi-07-vbhn-vpqh-2020.txt", &[]),
    ("luat-thuy-loi-35-vbhn-vpqh-2020.txt", &["dieu-44", "dieu-58"]),
    ("luat-thuy-loi-07-vbhn-vpqh-2023.txt", &["dieu-35"]),
    ("luat-thuy-loi-43-vbhn-vpqh-2023.txt", &["dieu-27", "dieu-44", "dieu-56"]),
    ("luat-thuy-loi-16-vbhn-vpqh-2025.txt", &["dieu-44"]),
];

#[test]
fn the_difference_of_two_consolidations_names_every_amended_article_and_no_other() {
    let Some(folder) = shared::folder("law/versions") else {
        eprintln!("SKIPPED: the consolidations are not here (shared/law/versions)");
        return;
    };
    let documents: Vec<LegalDocument> = VERSIONS
        .iter()
        .map(|(name, _)| outline::of_text(&std::fs::read_to_string(folder.join(name)).unwrap()))
        .collect();
    let mut faults = Vec::new();
    for (from, old) in documents.iter().enumerate() {
        let mut expected: BTreeSet<&str> = BTreeSet::new();
        for (to, new) in documents.iter().enumerate().skip(from + 1) {
            expected.extend(VERSIONS[to].1);
            let difference = compare(old, new);
            let found: BTreeSet<&str> = difference
                .articles
                .iter()
                .filter(|article| article.change != Change::Unchanged)
                .filter_map(|article| article.new.as_deref().or(article.old.as_deref()))
                .filter(|address| address.starts_with("dieu-"))
                .collect();
            if found != expected {
                faults.push(format!("{} → {}: {found:?}", VERSIONS[from].0, VERSIONS[to].0));
                for article in &difference.articles {
                    let address = article.new.as_deref().or(article.old.as_deref()).unwrap_or("");
                    if found.contains(address) && !expected.contains(address) {
                        faults.push(format!(
                            "    {address}: {:?}",
                            article
                                .pieces
                                .iter()
                                .filter(|p| p.kind != law::difference::PieceKind::Same)
                                .take(6)
                                .collect::<Vec<_>>()
                        ));
                    }
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
