//! Kinds of findings, places and confidence in the words of officers.

use law::review::ReviewKind;

use super::Choice;

/// The name of a kind in the database.
pub(super) fn kind_name(kind: ReviewKind) -> String {
    let value = serde_json::to_value(kind).ok();
    value.and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// What a finding is about, in a few words.
#[must_use]
pub const fn kind_text(kind: ReviewKind) -> &'static str {
    match kind {
        ReviewKind::BasisExpired => "Căn cứ đã hết hiệu lực",
        ReviewKind::BasisReplaced => "Căn cứ đã được thay thế",
        ReviewKind::BasisNotYet => "Căn cứ chưa có hiệu lực",
        ReviewKind::BasisUnknown => "Căn cứ cần đối chiếu",
        ReviewKind::DocumentUnknown => "Văn bản viện dẫn chưa tìm thấy",
        ReviewKind::DocumentExpired => "Văn bản viện dẫn đã hết hiệu lực",
        ReviewKind::PlaceUnknown => "Điều, khoản, điểm viện dẫn không có",
        ReviewKind::PlaceRepealed => "Quy định viện dẫn đã bị bãi bỏ",
        ReviewKind::Contradiction => "Có thể trái với văn bản khác",
        ReviewKind::Overlap => "Có thể chồng lấn với văn bản khác",
        ReviewKind::Copy => "Chép lại quy định của văn bản khác",
        ReviewKind::EffectMissing => "Thiếu điều khoản về hiệu lực",
        ReviewKind::EffectVague => "Ngày có hiệu lực chưa rõ",
        ReviewKind::EffectBeforeIssue => "Có hiệu lực trước ngày ban hành",
        ReviewKind::EffectTooEarly => "Có hiệu lực sớm hơn thời hạn luật định",
        ReviewKind::Symbol => "Số, ký hiệu chưa đúng mẫu",
        ReviewKind::PartMissing => "Thiếu thành phần thể thức",
        ReviewKind::Form => "Thể thức, kỹ thuật trình bày",
    }
}

/// The heading under which a report counts it.
#[must_use]
pub const fn kind_group(kind: ReviewKind) -> &'static str {
    match kind {
        ReviewKind::BasisExpired
        | ReviewKind::BasisReplaced
        | ReviewKind::BasisNotYet
        | ReviewKind::BasisUnknown => "Căn cứ ban hành",
        ReviewKind::DocumentUnknown
        | ReviewKind::DocumentExpired
        | ReviewKind::PlaceUnknown
        | ReviewKind::PlaceRepealed => "Viện dẫn văn bản",
        ReviewKind::Contradiction | ReviewKind::Overlap | ReviewKind::Copy => {
            "Sự phù hợp với văn bản khác"
        }
        ReviewKind::EffectMissing
        | ReviewKind::EffectVague
        | ReviewKind::EffectBeforeIssue
        | ReviewKind::EffectTooEarly => "Hiệu lực của văn bản",
        ReviewKind::Symbol | ReviewKind::PartMissing | ReviewKind::Form => {
            "Thể thức, kỹ thuật trình bày"
        }
    }
}

/// How sure, in a word.
#[must_use]
pub fn confidence_word(confidence: f64) -> &'static str {
    match confidence {
        sure if sure >= 0.8 => "cao",
        sure if sure >= 0.6 => "vừa",
        _ => "thấp",
    }
}

/// What was decided, in a few words.
#[must_use]
pub const fn decision_text(choice: Choice) -> &'static str {
    match choice {
        Choice::None => "Chưa quyết định",
        Choice::Postponed => "Để sau",
        Choice::Accepted => "Chấp nhận",
        Choice::Rejected => "Không chấp nhận",
    }
}

/// An address of the draft as people say it: `dieu-4/khoan-2` → "khoản 2 Điều 4", `can-cu-3` → "căn cứ thứ 3".
#[must_use]
pub fn place_text(address: &str) -> String {
    let field = match address {
        "number" => "số, ký hiệu",
        "issuer" => "tên cơ quan ban hành",
        "place" => "địa danh",
        "issued_on" => "ngày ban hành",
        "kind" => "tên loại văn bản",
        "title" => "trích yếu",
        "bases" => "căn cứ ban hành",
        "articles" => "các điều",
        "signer" => "chữ ký",
        "recipients" => "nơi nhận",
        "effective_on" => "ngày có hiệu lực",
        "font" => "phông chữ",
        "text-size" => "cỡ chữ",
        "margin-top" | "margin-bottom" | "margin-left" | "margin-right" => "lề trang",
        "page-width" | "page-height" => "khổ giấy",
        "" | "tep" => "toàn văn bản",
        _ => "",
    };
    if !field.is_empty() {
        return field.to_owned();
    }
    if let Some(number) = address.strip_prefix("can-cu-") {
        return format!("căn cứ thứ {number}");
    }
    let said: Vec<String> = address.rsplit('/').map(step_text).collect();
    said.join(" ")
}

fn step_text(step: &str) -> String {
    let words = [
        ("tieu-muc-", "Tiểu mục"),
        ("phu-luc-", "Phụ lục"),
        ("chuong-", "Chương"),
        ("khoan-", "khoản"),
        ("phan-", "Phần"),
        ("diem-", "điểm"),
        ("dieu-", "Điều"),
        ("muc-", "Mục"),
    ];
    let known = words.iter().find_map(|(slug, word)| Some((*word, step.strip_prefix(slug)?)));
    match known {
        Some(("điểm", "dd")) => "điểm đ".to_owned(),
        Some((word @ ("Chương" | "Phần" | "Phụ lục"), number)) => {
            format!("{word} {}", number.to_uppercase())
        }
        Some((word, number)) => format!("{word} {number}"),
        None => step.replace('-', " "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_said_from_the_smallest_unit_up() {
        for (address, said) in [
            ("dieu-4", "Điều 4"),
            ("dieu-4/khoan-2", "khoản 2 Điều 4"),
            ("dieu-4/khoan-2/diem-dd", "điểm đ khoản 2 Điều 4"),
            ("can-cu-3", "căn cứ thứ 3"),
            ("chuong-ii", "Chương II"),
            ("number", "số, ký hiệu"),
            ("", "toàn văn bản"),
        ] {
            assert_eq!(place_text(address), said);
        }
    }

    #[test]
    fn every_kind_has_a_name_that_is_stored() {
        assert_eq!(kind_name(ReviewKind::BasisExpired), "basis-expired");
        assert_eq!(kind_name(ReviewKind::Symbol), "symbol");
    }
}
