//! A piece of the draft against higher law.

use super::units::Piece;
use super::{Candidate, DraftPlace, Knowledge, OtherSide, ReviewFinding, ReviewKind};
use crate::comparison::{self, Comparison, Excerpt, Finding, Options, Side};
use crate::model::LegalDocument;

/// Candidates asked for a piece.
const ASKED: usize = 8;
/// Contradictions shown for a piece.
const SHOWN: usize = 3;
/// A shorter piece says too little to be compared.
const LEAST_WORDS: usize = 8;
/// Least confidence of a contradiction.
const LEAST: f64 = 0.45;
/// Overlap from which a piece rules what higher law rules.
const OVERLAP: f64 = 0.75;

/// A shorter piece overlaps with too much by chance.
const LEAST_FOR_OVERLAP: usize = 20;

/// Contradictions, copies and overlaps of a piece, the surest first.
pub(super) fn findings(
    piece: &Piece,
    draft: &LegalDocument,
    knowledge: &dyn Knowledge,
) -> Vec<ReviewFinding> {
    if piece.text.split_whitespace().nth(LEAST_WORDS).is_none() || is_own_effect(&piece.text) {
        return Vec::new();
    }
    let asked = if piece.heading.is_empty() {
        piece.text.clone()
    } else {
        format!("{}\n{}", piece.heading, piece.text)
    };
    let own_key = draft.metadata.number.as_deref().map(crate::symbol::key);
    let mut contradictions: Vec<ReviewFinding> = Vec::new();
    let mut overlaps: Vec<ReviewFinding> = Vec::new();
    for candidate in knowledge.candidates(&asked, ASKED).iter().take(ASKED) {
        if own_key.as_deref().is_some_and(|key| key == crate::symbol::key(&candidate.document)) {
            continue;
        }
        let a = Side {
            text: &piece.text,
            rank: own_rank(candidate),
            day: draft.metadata.issued_on,
            is_local: true,
        };
        let b = Side {
            text: &candidate.text,
            rank: candidate.rank.or(Some(u8::MAX - 1)),
            day: candidate.issued_on,
            is_local: false,
        };
        let compared = comparison::compare_with(&a, &b, &Options::default());
        let best = compared.findings.iter().filter(|finding| finding.kind.is_conflict());
        for finding in best.filter(|finding| finding.confidence >= LEAST).take(2) {
            contradictions.push(contradiction(piece, candidate, finding));
        }
        overlaps.extend(overlap(piece, candidate, &compared));
    }
    contradictions.sort_by(|x, y| y.confidence.total_cmp(&x.confidence));
    contradictions.truncate(SHOWN);
    overlaps.sort_by(|x, y| y.confidence.total_cmp(&x.confidence));
    overlaps.truncate(1);
    contradictions.extend(overlaps);
    contradictions
}

/// A draft stands below what it is laid against; of a decision of a people's committee nobody can say so.
fn own_rank(candidate: &Candidate) -> Option<u8> {
    let key = crate::symbol::key(&candidate.document);
    if key.split('-').any(|part| part == "ubnd") { candidate.rank } else { Some(u8::MAX) }
}

/// The reason with both sides called what they are here.
fn in_words(reason: &str) -> String {
    let words = [
        ("bên thứ nhất", "dự thảo"),
        ("Bên thứ nhất", "Dự thảo"),
        ("Văn bản thứ nhất", "Dự thảo"),
        ("bên thứ hai", "văn bản đối chiếu"),
        ("Bên thứ hai", "Văn bản đối chiếu"),
        ("Văn bản thứ hai", "Văn bản đối chiếu"),
    ];
    words.iter().fold(reason.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// Every document says of itself from when it holds: that differs by nature.
fn is_own_effect(text: &str) -> bool {
    kernel::text::fold(text).contains("nay co hieu luc")
}

fn contradiction(piece: &Piece, candidate: &Candidate, finding: &Finding) -> ReviewFinding {
    let mut found = ReviewFinding::new(
        ReviewKind::Contradiction,
        &piece.address,
        &finding.a.text,
        in_words(&finding.reason),
        "Đối chiếu hai quy định; nếu trái với văn bản có hiệu lực pháp lý cao hơn thì sửa dự thảo cho phù hợp, nếu không thì ghi lý do.",
    )
    .sure(finding.confidence);
    found.difference = Some(finding.kind);
    found.place = DraftPlace { address: piece.address.clone(), span: finding.a.span };
    found.marks = within(&finding.a);
    found.other = Some(other(candidate, &finding.b));
    if let Some(other) = found.other.as_mut().filter(|other| other.text.is_empty()) {
        other.text.clone_from(&candidate.text);
    }
    found
}

/// The marks of an excerpt counted from its own start.
fn within(excerpt: &Excerpt) -> Vec<(usize, usize)> {
    let start = excerpt.span.0;
    excerpt
        .marks
        .iter()
        .map(|(from, to)| (from.saturating_sub(start), to.saturating_sub(start)))
        .collect()
}

fn other(candidate: &Candidate, excerpt: &Excerpt) -> OtherSide {
    OtherSide {
        document: candidate.document.clone(),
        address: candidate.address.clone(),
        label: [candidate.label.as_str(), candidate.title.as_str()].join(" ").trim().to_owned(),
        text: excerpt.text.clone(),
        marks: within(excerpt),
    }
}

fn overlap(piece: &Piece, candidate: &Candidate, compared: &Comparison) -> Option<ReviewFinding> {
    let copies: Vec<&Finding> =
        compared.findings.iter().filter(|finding| !finding.kind.is_conflict()).collect();
    let copied: usize = copies.iter().map(|finding| finding.a.text.len()).sum();
    let is_copy = copied * 2 >= piece.text.len();
    let is_long = piece.text.split_whitespace().nth(LEAST_FOR_OVERLAP).is_some();
    if compared.conflict || (!is_copy && (compared.overlap < OVERLAP || !is_long)) {
        return None;
    }
    let (kind, reason, advice) = if is_copy {
        (
            ReviewKind::Copy,
            "Nội dung có thể chép lại gần như nguyên văn quy định của văn bản có hiệu lực pháp lý cao hơn.",
            "Không quy định lại nội dung đã có ở văn bản khác; viện dẫn quy định đó hoặc chỉ giữ phần cụ thể hóa.",
        )
    } else {
        (
            ReviewKind::Overlap,
            "Nội dung có thể chồng lấn với quy định của văn bản có hiệu lực pháp lý cao hơn.",
            "Xem lại xem nội dung này có được giao quy định chi tiết không; bỏ phần trùng.",
        )
    };
    let excerpt = copies.first().map(|finding| finding.b.clone());
    let shown =
        excerpt.unwrap_or_else(|| Excerpt { text: candidate.text.clone(), ..Excerpt::default() });
    let sure = if is_copy { 0.85 } else { compared.overlap * 0.7 };
    let mut found =
        ReviewFinding::new(kind, &piece.address, &piece.text, reason.to_owned(), advice).sure(sure);
    found.other = Some(other(candidate, &shown));
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_of_a_committee_is_not_called_higher_than_a_draft() {
        let of = |document: &str| Candidate {
            document: document.to_owned(),
            rank: Some(6),
            ..Candidate::default()
        };
        assert_eq!(own_rank(&of("12/2026/QĐ-UBND")), Some(6));
        assert_eq!(own_rank(&of("08/2025/NQ-HĐND")), Some(u8::MAX));
        assert_eq!(own_rank(&of("60/2014/QH13")), Some(u8::MAX));
    }

    #[test]
    fn the_clause_on_a_documents_own_effect_is_known() {
        assert!(is_own_effect("Quyết định này có hiệu lực từ ngày 01 tháng 6 năm 2026."));
        assert!(!is_own_effect("Giấy phép có hiệu lực 05 năm kể từ ngày cấp."));
    }

    #[test]
    fn a_reason_names_the_draft_and_what_it_is_laid_against() {
        let reason = "Thời hạn có thể khác nhau: bên thứ nhất “05 ngày”, bên thứ hai “03 ngày”.";
        let said = in_words(reason);
        assert!(said.contains("dự thảo “05 ngày”, văn bản đối chiếu “03 ngày”"), "{said}");
    }
}
