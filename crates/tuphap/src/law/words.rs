//! The same for people to read.

use std::fmt::Write;

use app::law::{Answer, Decision, Evaluation, FoundProvision, Learned};
use law::comparison::Comparison;
use law::difference::{Change, DocumentDifference, PieceKind};
use law::model::{Doubt, LegalDocument, Unit, UnitKind};
use law::review::ReviewFinding;

use super::files::own_text;

/// Writing to a string cannot fail.
macro_rules! line {
    ($text:expr, $($words:tt)*) => {{
        let _ = writeln!($text, $($words)*);
    }};
}

fn finished(mut text: String) -> String {
    text.truncate(text.trim_end().len());
    text
}

pub(super) fn hits(found: &[FoundProvision]) -> String {
    if found.is_empty() {
        return "Không tìm thấy điều nào. Ông/bà thử ít từ hơn, hoặc từ khác.".to_owned();
    }
    let mut text = String::new();
    for (hit, place) in found.iter().zip(1..) {
        let provision = &hit.provision;
        line!(text, "{place}. {} – {} ({})", provision.label, provision.title, hit.document_name());
        line!(text, "   {}", hit.snippet);
        line!(text, "   mã {}", provision.anchor);
    }
    finished(text)
}

pub(super) fn answer(answer: &Answer) -> String {
    let mut text = String::new();
    if answer.decision == Decision::Abstain {
        line!(text, "{}", answer.reason.as_deref().unwrap_or("Chưa đủ căn cứ để trả lời."));
    }
    for sentence in &answer.answer {
        line!(text, "“{}”", sentence.text);
        line!(text, "   {}, {} (mã {})", sentence.label, sentence.document, sentence.id);
    }
    finished(text)
}

pub(super) fn evaluation(found: &Evaluation) -> String {
    let decimal = |value: f64| format!("{value:.4}").replace('.', ",");
    let mut text = String::new();
    line!(text, "Số câu hỏi        {}", found.n);
    line!(text, "MRR@10            {}", decimal(found.mrr_at_10));
    line!(text, "Tìm thấy đầu tiên {}", decimal(found.recall_at_1));
    line!(text, "Trong 10          {}", decimal(found.recall_at_10));
    line!(text, "Trong 100         {}", decimal(found.recall_at_100));
    line!(
        text,
        "Thời gian         p50 {} ms, p99 {} ms",
        decimal(found.p50_ms),
        decimal(found.p99_ms)
    );
    finished(text)
}

pub(super) fn learned(learned: &Learned) -> String {
    let decimal = |value: f64| format!("{value:.3}").replace('.', ",");
    let mut text = String::new();
    let mut measures = |name: &str, found: &search::training::Measures| {
        line!(
            text,
            "{:<52} MRR@10 {}  R@1 {}  R@10 {}  R@100 {}",
            name,
            decimal(found.mrr_at_10),
            decimal(found.recall_at_1),
            decimal(found.recall_at_10),
            decimal(found.recall_at_100)
        );
    };
    measures("Chỉ lượt tìm đầu (BM25)", &learned.first_look);
    measures("Trên câu hỏi chưa từng học", &learned.unseen);
    for (ingredient, found) in &learned.without {
        measures(&format!("  khi bỏ: {ingredient}"), found);
    }
    finished(text)
}

pub(super) fn outline(document: &LegalDocument) -> String {
    let mut text = String::new();
    let known = &document.metadata;
    let date = |day: Option<jiff::civil::Date>| day.map(kernel::format::vi::date);
    for (name, value) in [
        ("Loại", known.kind.clone()),
        ("Số, ký hiệu", known.number.clone()),
        ("Tên", known.title.clone()),
        ("Cơ quan ban hành", known.issuer.clone()),
        ("Ngày ban hành", date(known.issued_on)),
        ("Ngày có hiệu lực", date(known.effective_on)),
        ("Người ký", known.signer.clone()),
    ] {
        line!(text, "{name}: {}", value.as_deref().unwrap_or("(không tìm thấy)"));
    }
    for basis in &known.bases {
        line!(text, "- {}", basis.text);
    }
    for unit in &document.units {
        outline_unit(unit, 0, &mut text);
    }
    for annex in &document.annexes {
        line!(text, "{} {}", annex.label, annex.heading);
        for unit in &annex.units {
            outline_unit(unit, 1, &mut text);
        }
    }
    doubts(&document.doubts, &mut text);
    finished(text)
}

fn outline_unit(unit: &Unit, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    let heading = if unit.heading.is_empty() {
        own_text(&unit.blocks).lines().next().unwrap_or_default().chars().take(80).collect()
    } else {
        unit.heading.clone()
    };
    line!(text, "{indent}{} {} {heading}", unit.kind.word(), unit.number);
    // Clauses and points would bury the articles.
    for child in unit.children.iter().filter(|child| child.kind <= UnitKind::Article) {
        outline_unit(child, depth + 1, text);
    }
}

fn doubts(list: &[Doubt], text: &mut String) {
    for doubt in list {
        line!(text, "Cần kiểm tra {}: {}", doubt.place, doubt.message);
    }
}

pub(super) fn comparison(found: &Comparison) -> String {
    let mut text = String::new();
    let verdict =
        if found.conflict { "Có thể mâu thuẫn" } else { "Chưa thấy mâu thuẫn" };
    let decimal = |value: f64| format!("{value:.2}").replace('.', ",");
    line!(
        text,
        "{verdict} (điểm {}); trùng nội dung {}.",
        decimal(found.score),
        decimal(found.overlap)
    );
    for finding in &found.findings {
        line!(text, "- {}", finding.reason);
        line!(text, "  A: {}", finding.a.text);
        line!(text, "  B: {}", finding.b.text);
    }
    finished(text)
}

pub(super) fn difference(found: &DocumentDifference) -> String {
    let mut text = String::new();
    for article in &found.articles {
        let what = match article.change {
            Change::Added => "Thêm",
            Change::Removed => "Bỏ",
            Change::Changed => "Sửa",
            Change::Unchanged => continue,
        };
        line!(text, "{what}: {}", article.label);
        for piece in &article.pieces {
            match piece.kind {
                PieceKind::Same => {}
                PieceKind::Deleted => line!(text, "  - {}", piece.text.trim()),
                PieceKind::Inserted => line!(text, "  + {}", piece.text.trim()),
            }
        }
    }
    line!(
        text,
        "Thêm {}, bỏ {}, sửa {}, giữ nguyên {}.",
        found.added,
        found.removed,
        found.changed,
        found.unchanged
    );
    finished(text)
}

pub(super) fn review(findings: &[ReviewFinding], unsure: &[Doubt]) -> String {
    let mut text = String::new();
    for (finding, place) in findings.iter().zip(1..) {
        line!(text, "{place}. {}: {}", finding.place.address, finding.reason);
        if let Some(other) = &finding.other {
            line!(text, "   Đối chiếu: {} – {}", other.label, other.document);
        }
        line!(text, "   Đề nghị: {}", finding.advice);
        if finding.is_unverified {
            line!(text, "   (Quy tắc này chưa được đối chiếu với nguồn.)");
        }
    }
    doubts(unsure, &mut text);
    line!(text, "Có {} điểm để người rà soát xem; phần mềm không kết luận thay.", findings.len());
    finished(text)
}
