use jiff::civil::date;

use super::*;
use crate::model::{Basis, Block, Metadata, Unit, UnitKind};

/// A made-up corpus.
struct Corpus;

impl Knowledge for Corpus {
    fn today(&self) -> Date {
        date(2026, 11, 22)
    }

    fn document(&self, name: &str) -> Option<KnownDocument> {
        let law = KnownDocument {
            number: "91/2025/QH15".into(),
            title: "Hòa giải ở thôn".into(),
            kind: "Luật".into(),
            issuer: "Quốc hội".into(),
            issued_on: Some(date(2025, 6, 1)),
            effective_on: Some(date(2025, 9, 1)),
            is_complete: true,
            ..KnownDocument::default()
        };
        match crate::symbol::key(name).as_str() {
            "91-2025-qh15" => Some(law),
            "luat-hoa-giai" => Some(law),
            "7-2010-nd-cp" => Some(KnownDocument {
                number: "7/2010/NĐ-CP".into(),
                kind: "Nghị định".into(),
                effective_on: Some(date(2010, 3, 1)),
                expires_on: Some(date(2025, 9, 1)),
                replaced_by: vec![Successor {
                    number: "99/2025/NĐ-CP".into(),
                    title: String::new(),
                }],
                ..law
            }),
            "5-2026-qh16" => Some(KnownDocument {
                number: "5/2026/QH16".into(),
                effective_on: Some(date(2027, 7, 1)),
                ..law
            }),
            _ => None,
        }
    }

    fn provision(&self, _: &str, path: &str) -> Option<KnownProvision> {
        match path {
            "dieu-5" => {
                Some(KnownProvision { label: "Điều 5".into(), ..KnownProvision::default() })
            }
            "dieu-6" => Some(KnownProvision {
                label: "Điều 6".into(),
                repealed_by: Some("Luật số 5/2026/QH16".into()),
                ..KnownProvision::default()
            }),
            _ => None,
        }
    }

    fn candidates(&self, text: &str, _: usize) -> Vec<Candidate> {
        if !text.contains("hòa giải viên") {
            return Vec::new();
        }
        vec![Candidate {
            address: "91-2025-qh15/dieu-8/khoan-1".into(),
            label: "Khoản 1 Điều 8".into(),
            text: "Người được bầu làm hòa giải viên phải từ đủ 18 tuổi trở lên, có uy tín trong cộng đồng dân cư.".into(),
            document: "91/2025/QH15".into(),
            title: "Luật Hòa giải ở thôn".into(),
            rank: Some(2),
            issued_on: Some(date(2025, 6, 1)),
        }]
    }
}

fn content() -> ReviewContent {
    ReviewContent {
        form: toml::from_str(include_str!("../../../../content/national/law/form-rules.toml"))
            .unwrap(),
        symbols: toml::from_str(include_str!("../../../../content/national/law/symbols.toml"))
            .unwrap(),
    }
}

fn article(number: &str, heading: &str, text: &str) -> Unit {
    Unit {
        kind: UnitKind::Article,
        number: number.into(),
        heading: heading.into(),
        blocks: vec![Block::Text(text.into())],
        children: Vec::new(),
        tail: Vec::new(),
    }
}

fn draft() -> LegalDocument {
    LegalDocument {
        metadata: Metadata {
            kind: Some("Quyết định".into()),
            number: Some("12/2026/QĐ-UBND".into()),
            title: Some("Quy định về hòa giải viên trên địa bàn tỉnh Sông Lam".into()),
            issuer: Some("Ủy ban nhân dân tỉnh Sông Lam".into()),
            place: Some("Sông Lam".into()),
            issued_on: Some(date(2026, 11, 2)),
            effective_on: Some(date(2026, 11, 20)),
            signer_title: Some("Chủ tịch".into()),
            bases: vec![Basis {
                text: "Căn cứ Luật Hòa giải ở thôn số 91/2025/QH15 ngày 01 tháng 6 năm 2025".into(),
                number: Some("91/2025/QH15".into()),
                issued_on: Some(date(2025, 6, 1)),
            }],
            ..Metadata::default()
        },
        units: vec![
            article("1", "Phạm vi điều chỉnh", "Quyết định này quy định về hòa giải viên."),
            article(
                "2",
                "Hiệu lực thi hành",
                "Quyết định này có hiệu lực thi hành kể từ ngày 20 tháng 11 năm 2026.",
            ),
        ],
        closing: vec!["Nơi nhận:".into()],
        ..LegalDocument::default()
    }
}

fn kinds(draft: &LegalDocument) -> Vec<ReviewKind> {
    review(draft, &Corpus, &content()).into_iter().map(|finding| finding.kind).collect()
}

#[test]
fn a_sound_draft_raises_nothing() {
    assert_eq!(kinds(&draft()), []);
}

#[test]
fn a_replaced_basis_names_its_successor() {
    let mut draft = draft();
    draft.metadata.bases.push(Basis {
        text: "Căn cứ Nghị định số 07/2010/NĐ-CP".into(),
        number: Some("07/2010/NĐ-CP".into()),
        issued_on: None,
    });
    let found = review(&draft, &Corpus, &content());
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].kind, ReviewKind::BasisReplaced);
    assert_eq!(found[0].place.address, "can-cu-2");
    assert!(found[0].advice.contains("99/2025/NĐ-CP"));
}

#[test]
fn a_law_named_with_its_day_leads_to_the_newer_law_of_that_name() {
    let mut draft = draft();
    let basis = |day: &str, issued_on| Basis {
        text: format!("Căn cứ Luật Hòa giải {day}"),
        number: None,
        issued_on: Some(issued_on),
    };
    draft.metadata.bases = vec![basis("ngày 01 tháng 6 năm 2025", date(2025, 6, 1))];
    assert_eq!(kinds(&draft), []);
    draft.metadata.bases = vec![basis("ngày 20 tháng 6 năm 2013", date(2013, 6, 20))];
    assert_eq!(kinds(&draft), [ReviewKind::BasisReplaced]);
    draft.metadata.bases = vec![basis("năm 2025", date(2025, 6, 1))];
    assert_eq!(kinds(&draft), []);
}

#[test]
fn a_basis_must_be_in_force_when_the_draft_is() {
    let mut draft = draft();
    draft.metadata.bases.push(Basis {
        text: "Căn cứ Luật số 5/2026/QH16".into(),
        number: Some("5/2026/QH16".into()),
        issued_on: None,
    });
    assert_eq!(kinds(&draft), [ReviewKind::BasisNotYet]);
    draft.metadata.bases[1].number = Some("77/2024/QH15".into());
    assert_eq!(kinds(&draft), [ReviewKind::BasisUnknown]);
}

#[test]
fn a_citation_to_what_does_not_exist_or_was_repealed_is_shown() {
    let mut draft = draft();
    draft.units.insert(
        1,
        article(
            "1a",
            "Viện dẫn",
            "Thực hiện theo Điều 5, Điều 6 và Điều 99 của Luật số 91/2025/QH15.",
        ),
    );
    let found = review(&draft, &Corpus, &content());
    let told: Vec<(ReviewKind, &str)> =
        found.iter().map(|one| (one.kind, one.text.as_str())).collect();
    assert!(
        told.iter().any(|(kind, text)| *kind == ReviewKind::PlaceRepealed && text.contains('6')),
        "{told:?}"
    );
    assert!(
        told.iter().any(|(kind, text)| *kind == ReviewKind::PlaceUnknown && text.contains("99")),
        "{told:?}"
    );
    assert_eq!(told.len(), 2, "{told:?}");
}

#[test]
fn a_place_of_the_draft_itself_must_exist() {
    let mut draft = draft();
    draft.units[0].blocks =
        vec![Block::Text("Thực hiện theo quy định tại Điều 9 Quyết định này.".into())];
    assert_eq!(kinds(&draft), [ReviewKind::PlaceUnknown]);
}

#[test]
fn another_age_than_that_of_the_law_is_shown_with_both_texts() {
    let mut draft = draft();
    draft.units[0].blocks = vec![Block::Text(
        "Người được bầu làm hòa giải viên trên địa bàn tỉnh phải từ đủ 25 tuổi trở lên.".into(),
    )];
    let found = review(&draft, &Corpus, &content());
    let finding = found.iter().find(|one| one.kind == ReviewKind::Contradiction).unwrap();
    assert_eq!(finding.difference, Some(FindingKind::Age));
    assert_eq!(finding.place.address, "dieu-1");
    let other = finding.other.as_ref().unwrap();
    let (from, to) = other.marks[0];
    assert!(other.text[from..to].contains("18 tuổi"));
    let (from, to) = finding.marks[0];
    assert!(finding.text[from..to].contains("25 tuổi"));
    assert!(finding.reason.contains("có thể") && finding.reason.contains("dự thảo"));
}

#[test]
fn words_copied_from_the_law_are_a_copy_and_no_contradiction() {
    let mut draft = draft();
    draft.units[0].blocks = vec![Block::Text(
        "Người được bầu làm hòa giải viên phải từ đủ 18 tuổi trở lên, có uy tín trong cộng đồng dân cư.".into(),
    )];
    assert_eq!(kinds(&draft), [ReviewKind::Copy]);
}

#[test]
fn a_local_document_takes_effect_ten_days_after_it_is_signed_at_the_earliest() {
    let mut draft = draft();
    draft.metadata.effective_on = Some(date(2026, 11, 11));
    assert_eq!(kinds(&draft), [ReviewKind::EffectTooEarly]);
    draft.metadata.effective_on = Some(date(2026, 11, 12));
    assert_eq!(kinds(&draft), []);
    draft.metadata.effective_on = Some(date(2026, 11, 1));
    assert_eq!(kinds(&draft), [ReviewKind::EffectBeforeIssue]);
    draft.metadata.effective_on = Some(date(2026, 11, 3));
    draft.preamble.push("Quyết định này được ban hành theo trình tự, thủ tục rút gọn.".into());
    assert_eq!(kinds(&draft), []);
}

#[test]
fn the_day_of_effect_is_a_day_of_the_calendar() {
    let mut draft = draft();
    draft.units[1].blocks =
        vec![Block::Text("Quyết định này có hiệu lực kể từ ngày ký ban hành.".into())];
    assert_eq!(kinds(&draft), [ReviewKind::EffectVague]);
    draft.units.pop();
    draft.metadata.effective_on = None;
    assert_eq!(kinds(&draft), [ReviewKind::EffectMissing]);
}

#[test]
fn a_symbol_that_follows_no_pattern_is_shown_with_an_example() {
    let mut draft = draft();
    draft.metadata.number = Some("12/UBND-QĐ".into());
    let found = review(&draft, &Corpus, &content());
    assert_eq!(found.len(), 1);
    assert!(found[0].reason.contains("01/2026/QĐ-UBND"), "{}", found[0].reason);
    draft.metadata.number = Some("12/2025/QĐ-UBND".into());
    assert_eq!(kinds(&draft), [ReviewKind::Symbol]);
}

#[test]
fn rules_of_form_are_content_and_carry_their_basis() {
    let mut draft = draft();
    draft.metadata.place = None;
    draft.units[0].heading.clear();
    draft.units[1].number = "3".into();
    draft.units[0].blocks.push(Block::Text("Giải quyết trong mười lăm ngày.".into()));
    let found = review(&draft, &Corpus, &content());
    let kinds: Vec<ReviewKind> = found.iter().map(|one| one.kind).collect();
    assert_eq!(
        kinds,
        [ReviewKind::PartMissing, ReviewKind::Form, ReviewKind::Form, ReviewKind::Form]
    );
    assert!(
        found.iter().all(|one| one.basis.as_deref().is_some_and(|basis| basis.contains("Điều")))
    );
    // A rule does not hold before its first day.
    draft.metadata.issued_on = Some(date(2024, 11, 2));
    draft.metadata.number = None;
    assert!(review(&draft, &Corpus, &content()).iter().all(|one| one.basis.is_none()));
}

#[test]
fn the_page_is_held_against_the_rules_of_layout() {
    let facts = [
        LayoutFact { fact: Layout::Font, value: None, text: Some("Arial".into()) },
        LayoutFact { fact: Layout::MarginLeft, value: Some(30.0), text: None },
        LayoutFact { fact: Layout::TextSize, value: Some(12.0), text: None },
    ];
    let found = layout(&facts, &content(), date(2026, 11, 2));
    let places: Vec<&str> = found.iter().map(|one| one.place.address.as_str()).collect();
    assert_eq!(places, ["font", "text-size"]);
}

#[test]
fn abbreviations_and_synonyms_of_the_content_are_sound() {
    let abbreviations: Abbreviations =
        toml::from_str(include_str!("../../../../content/national/law/abbreviations.toml"))
            .unwrap();
    let mut seen = std::collections::HashSet::new();
    for one in &abbreviations.abbreviations {
        assert!(seen.insert(&one.short), "{} stands twice", one.short);
        assert!(
            !one.full.is_empty() && one.full.iter().all(|full| full.len() > one.short.len() / 2)
        );
    }
    assert!(abbreviations.abbreviations.len() >= 120);
    let synonyms: Synonyms =
        toml::from_str(include_str!("../../../../content/national/law/synonyms.toml")).unwrap();
    assert!(synonyms.groups.len() >= 150);
    for group in &synonyms.groups {
        assert!(!group.said.is_empty() && !group.law.is_empty());
        assert!((0.0..=1.0).contains(&group.weight));
    }
}

const WHOLE: &str = "ỦY BAN NHÂN DÂN\nTỈNH SÔNG LAM\nSố: 12/2026/QĐ-UBND\nSông Lam, ngày 02 tháng 11 năm 2026\nQUYẾT ĐỊNH\nQuy định về hòa giải viên\nCăn cứ Luật Hòa giải ở thôn số 91/2025/QH15 ngày 01 tháng 6 năm 2025;\nỦY BAN NHÂN DÂN BAN HÀNH QUYẾT ĐỊNH:\nĐiều 1. Tiêu chuẩn\n1. Người được bầu làm hòa giải viên phải từ đủ 25 tuổi trở lên theo Điều 9 Quyết định này.\na) Có uy tín;\nb) Tự nguyện.\n2. Thực hiện theo điểm a khoản 7 Điều này và Điều 99 Luật số 91/2025/QH15.\nĐiều 2. Hiệu lực\nQuyết định này có hiệu lực từ ngày ký.\nNơi nhận: Lưu: VT.";

proptest::proptest! {
    #[test]
    fn no_draft_makes_the_review_panic(at in 0_usize..700, insert: String, cut in 0_usize..60) {
        let letters: Vec<char> = WHOLE.chars().collect();
        let at = at.min(letters.len());
        let text: String = letters[..at].iter().copied()
            .chain(insert.chars())
            .chain(letters[at..].iter().copied().skip(cut))
            .collect();
        for finding in review(&crate::outline::of_text(&text), &Corpus, &content()) {
            assert!((0.0..=1.0).contains(&finding.confidence));
            for (from, to) in &finding.marks {
                assert!(finding.text.get(*from..*to).is_some());
            }
            if let Some(other) = &finding.other {
                for (from, to) in &other.marks {
                    assert!(other.text.get(*from..*to).is_some());
                }
            }
        }
    }
}

#[test]
fn a_whole_draft_is_reviewed_from_its_text() {
    let found = review(&crate::outline::of_text(WHOLE), &Corpus, &content());
    let kinds: Vec<ReviewKind> = found.iter().map(|one| one.kind).collect();
    for wanted in [ReviewKind::EffectVague, ReviewKind::PlaceUnknown, ReviewKind::Contradiction] {
        assert!(kinds.contains(&wanted), "{wanted:?} in {kinds:?}");
    }
}
