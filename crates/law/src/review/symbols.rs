//! Number and symbol against the patterns of the content.

use jiff::civil::Date;
use kernel::text::fold;

use super::content::{ReviewContent, SymbolPattern, holds};
use super::{ReviewFinding, ReviewKind};
use crate::model::LegalDocument;

/// The symbol of the draft, where it follows no pattern of its kind and issuer.
pub(super) fn findings(
    draft: &LegalDocument,
    today: Date,
    content: &ReviewContent,
) -> Vec<ReviewFinding> {
    let metadata = &draft.metadata;
    let (Some(number), Some(kind)) = (&metadata.number, &metadata.kind) else { return Vec::new() };
    let issuer = metadata.issuer.as_deref().map(fold).unwrap_or_default();
    let day = metadata.issued_on.unwrap_or(today);
    let of_kind: Vec<&SymbolPattern> = content
        .symbols
        .symbols
        .iter()
        .filter(|pattern| holds(pattern.from, pattern.to, day) && fold(&pattern.kind) == fold(kind))
        .filter(|pattern| issuer.is_empty() || issuer.starts_with(&fold(&pattern.issuer)))
        .collect();
    let (Some(first), false) =
        (of_kind.first(), of_kind.iter().any(|pattern| follows(number, &pattern.pattern)))
    else {
        return year_differs(draft, number).into_iter().collect();
    };
    let example = first
        .pattern
        .replace("{number}", "01")
        .replace("{year}", &day.year().to_string())
        .replace("{term}", "16");
    let mut found = ReviewFinding::new(
        ReviewKind::Symbol,
        "number",
        number,
        format!("Số, ký hiệu “{number}” có thể chưa đúng mẫu của {} do {} ban hành (ví dụ: {example}).", kind.to_lowercase(), first.issuer),
        "Sửa số, ký hiệu theo thứ tự: số thứ tự, năm ban hành, tên loại văn bản viết tắt, tên cơ quan ban hành viết tắt.",
    )
    .sure(if first.verified { 0.85 } else { 0.65 });
    found.basis = Some(first.basis.clone());
    found.is_unverified = !first.verified;
    vec![found]
}

/// The year of the symbol is not that of the day of issue.
fn year_differs(draft: &LegalDocument, number: &str) -> Option<ReviewFinding> {
    let issued = draft.metadata.issued_on?;
    let year: i16 = number.split('/').nth(1).filter(|part| part.len() == 4)?.parse().ok()?;
    (year != issued.year()).then(|| {
        ReviewFinding::new(
            ReviewKind::Symbol,
            "number",
            number,
            format!(
                "Năm trong số, ký hiệu ({year}) có thể không khớp với năm ban hành ({}).",
                issued.year()
            ),
            "Đối chiếu năm trong số, ký hiệu với ngày ban hành.",
        )
        .sure(0.85)
    })
}

/// The symbol follows the pattern. Letters are compared without regard to case and tones.
pub(super) fn follows(symbol: &str, pattern: &str) -> bool {
    let symbol: String = fold(symbol).split_whitespace().collect();
    let pattern: String = fold(pattern).split_whitespace().collect();
    let mut rest = symbol.as_str();
    let mut wanted = pattern.as_str();
    while let Some((literal, after)) = wanted.split_once('{') {
        let Some((name, next)) = after.split_once('}') else { return false };
        let Some(stripped) = rest.strip_prefix(literal) else { return false };
        let length = stripped.chars().take_while(char::is_ascii_digit).count();
        let fits = match name {
            "year" => length == 4,
            "term" => (1..=2).contains(&length),
            // A draft has no number yet.
            _ => length <= 5,
        };
        if !fits {
            return false;
        }
        rest = stripped.get(length..).unwrap_or("");
        wanted = next;
    }
    rest == wanted
}

#[cfg(test)]
mod tests {
    use super::follows;

    #[test]
    fn a_symbol_follows_its_pattern_whatever_the_case() {
        assert!(follows("12/2026/QĐ-UBND", "{number}/{year}/QĐ-UBND"));
        assert!(follows("57/2020/qh14", "{number}/{year}/QH{term}"));
        assert!(follows("/2026/QĐ-UBND", "{number}/{year}/QĐ-UBND"));
        assert!(!follows("12/QĐ-UBND", "{number}/{year}/QĐ-UBND"));
        assert!(!follows("12/2026/UBND-QĐ", "{number}/{year}/QĐ-UBND"));
        assert!(!follows("", "{number}/{year}/QĐ-UBND"));
    }
}
