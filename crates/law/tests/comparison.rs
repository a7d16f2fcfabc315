//! How well contradictions are told from agreement, on pairs written for it.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "helpers of tests fail a test by panicking and print what they measured"
)]

use std::collections::BTreeMap;

use law::comparison::{FindingKind, Options, Side, compare, compare_with};
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct Pairs {
    pair: Vec<Pair>,
}

#[derive(Deserialize)]
struct Pair {
    kind: String,
    conflict: bool,
    a: String,
    b: String,
}

fn pairs() -> Vec<Pair> {
    let file: Pairs = toml::from_str(include_str!("comparison_pairs.toml")).unwrap();
    file.pair
}

/// Mean of the F1 of both answers.
fn macro_f1(answers: &[(bool, bool)]) -> f64 {
    let f1 = |of: bool| {
        let count =
            |said: bool, is: bool| answers.iter().filter(|x| **x == (said, is)).count() as f64;
        let right = count(of, of);
        2.0 * right / (2.0 * right + count(of, !of) + count(!of, of))
    };
    f64::midpoint(f1(true), f1(false))
}

fn measure(half: usize) -> f64 {
    let mut answers = Vec::new();
    let mut by_kind: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for pair in pairs().iter().skip(half).step_by(2) {
        let said = compare(&pair.a, &pair.b).conflict;
        answers.push((said, pair.conflict));
        let entry = by_kind.entry(pair.kind.clone()).or_default();
        entry.0 += usize::from(said == pair.conflict);
        entry.1 += 1;
    }
    println!("{by_kind:?}");
    macro_f1(&answers)
}

#[test]
fn contradictions_are_told_from_agreement_on_pairs_never_tuned_on() {
    let found = measure(1);
    println!("macro-F1 on the untouched half: {found:.3}");
    assert!(found >= 0.85, "macro-F1 {found:.3}");
}

#[test]
fn contradictions_are_told_from_agreement_on_the_tuning_half() {
    let found = measure(0);
    println!("macro-F1 on the tuning half: {found:.3}");
    assert!(found >= 0.9, "macro-F1 {found:.3}");
}

#[test]
fn a_text_does_not_contradict_itself() {
    for pair in pairs() {
        let found = compare(&pair.a, &pair.a);
        assert!(!found.conflict, "{}", pair.a);
        assert!(found.overlap > 0.99, "{}", pair.a);
    }
}

#[test]
fn the_differing_words_are_marked_on_both_sides() {
    let a = "Lệ phí đăng ký khai sinh quá hạn là 20.000 đồng/trường hợp.";
    let b = "Lệ phí đăng ký khai sinh quá hạn là 8.000 đồng/trường hợp.";
    let found = compare(a, b);
    let finding = &found.findings[0];
    assert_eq!(finding.kind, FindingKind::Fee);
    let marked = |text: &str, marks: &[(usize, usize)]| text[marks[0].0..marks[0].1].to_owned();
    assert_eq!(marked(a, &finding.a.marks), "20.000 đồng");
    assert_eq!(marked(b, &finding.b.marks), "8.000 đồng");
    assert!(finding.reason.contains("cao hơn") && finding.reason.contains("có thể"));
}

#[test]
fn a_paper_added_by_the_lower_document_is_surer_than_one_that_it_leaves_out() {
    let more =
        "Hồ sơ gồm:\na) Tờ khai theo mẫu;\nb) Giấy chứng sinh;\nc) Giấy xác nhận của trưởng thôn.";
    let less = "Hồ sơ gồm:\na) Tờ khai theo mẫu;\nb) Giấy chứng sinh.";
    let score = |lower: &str, higher: &str| {
        let a = Side { text: lower, rank: Some(11), is_local: true, day: None };
        let b = Side { text: higher, rank: Some(2), is_local: false, day: None };
        compare_with(&a, &b, &Options::default()).score
    };
    assert!(score(more, less) > score(less, more));
}

#[test]
fn the_json_has_the_promised_fields() {
    let found = compare("Phí là 10.000 đồng cho một hồ sơ.", "Phí là 20.000 đồng cho một hồ sơ.");
    let json = serde_json::to_value(&found).unwrap();
    for field in ["conflict", "overlap", "score"] {
        assert!(json.get(field).is_some(), "{field}");
    }
    for field in ["type", "a", "b", "reason", "confidence"] {
        assert!(json["findings"][0].get(field).is_some(), "{field}");
    }
}

#[test]
fn a_text_of_sixty_thousand_syllables_is_compared_at_once() {
    let clause = |n: usize| {
        format!(
            "{n}. Thời hạn giải quyết thủ tục số {n} về lĩnh vực thứ {n} là {} ngày làm việc;\n",
            n % 40 + 1
        )
    };
    let long: String = (1..4_000).map(clause).collect();
    let one_line = "nội dung quản lý ".repeat(20_000);
    let found = compare(&long, &format!("{long}{one_line}"));
    assert!(!found.findings.is_empty());
    assert!((0.0..=1.0).contains(&found.score));
}

fn is_sound(a: &str, b: &str) {
    let found = compare(a, b);
    assert!((0.0..=1.0).contains(&found.score) && (0.0..=1.0).contains(&found.overlap));
    for finding in &found.findings {
        for (text, excerpt) in [(a, &finding.a), (b, &finding.b)] {
            assert_eq!(text.get(excerpt.span.0..excerpt.span.1), Some(excerpt.text.as_str()));
            for (from, to) in &excerpt.marks {
                assert!(text.get(*from..*to).is_some());
                assert!(excerpt.span.0 <= *from && *to <= excerpt.span.1);
            }
        }
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(a: String, b: String) {
        is_sound(&a, &b);
    }

    #[test]
    fn no_mutation_of_a_provision_makes_it_panic(index in 0_usize..150, at in 0_usize..400, insert: String, cut in 0_usize..40) {
        let pairs = pairs();
        let pair = &pairs[index % pairs.len()];
        let letters: Vec<char> = pair.a.chars().collect();
        let at = at.min(letters.len());
        let mutated: String = letters[..at].iter().copied()
            .chain(insert.chars())
            .chain(letters[at..].iter().copied().skip(cut))
            .collect();
        is_sound(&mutated, &pair.b);
        is_sound(&pair.b, &mutated);
    }
}
