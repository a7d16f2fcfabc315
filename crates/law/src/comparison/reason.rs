//! The sentence that says why something is shown. It proposes; it never decides.

use super::FindingKind;
use super::judge::Standing;
use super::quantity::Against;

pub(super) fn copy() -> String {
    "Hai quy định có nội dung trùng nhau gần như nguyên văn; có thể không cần nhắc lại, chỉ cần viện dẫn.".to_owned()
}

pub(super) fn number(kind: FindingKind, against: Against, a: &str, b: &str) -> String {
    let what = match kind {
        FindingKind::Deadline => "Thời hạn, chu kỳ",
        FindingKind::Date => "Mốc thời gian",
        FindingKind::Age => "Độ tuổi",
        FindingKind::Fee => "Mức phí, lệ phí",
        FindingKind::Amount => "Mức tiền",
        FindingKind::Percentage => "Tỷ lệ",
        _ => "Số lượng, định mức",
    };
    let how = match (against, kind) {
        (Against::Smaller, FindingKind::Deadline) => "bên thứ nhất ngắn hơn",
        (Against::Larger, FindingKind::Deadline) => "bên thứ nhất dài hơn",
        (Against::Smaller, FindingKind::Date) => "bên thứ nhất sớm hơn",
        (Against::Larger, FindingKind::Date) => "bên thứ nhất muộn hơn",
        (Against::Smaller, _) => "bên thứ nhất thấp hơn",
        (Against::Larger, _) => "bên thứ nhất cao hơn",
        (Against::Turned, _) => "một bên là mức tối đa, một bên là mức tối thiểu",
        (Against::OtherUnit, _) => "cách tính ngày khác nhau (ngày và ngày làm việc)",
        (Against::Within, _) => "bên thứ nhất nằm trong khung của bên thứ hai",
        (Against::Around, _) => "bên thứ nhất rộng hơn bên thứ hai",
        (Against::Same, _) => "như nhau",
    };
    format!("{what} có thể khác nhau: bên thứ nhất “{a}”, bên thứ hai “{b}” ({how}); cần xem lại.")
}

pub(super) fn modality(a: &str, b: &str) -> String {
    match (a.is_empty(), b.is_empty()) {
        (false, false) => format!(
            "Tính bắt buộc có thể trái nhau: bên thứ nhất “{a}”, bên thứ hai “{b}” đối với cùng một việc; cần xem lại."
        ),
        (false, true) => format!(
            "Bên thứ nhất có từ “{a}” mà bên thứ hai không có đối với cùng một việc; nội dung có thể trái nhau, cần xem lại."
        ),
        _ => format!(
            "Bên thứ hai có từ “{b}” mà bên thứ nhất không có đối với cùng một việc; nội dung có thể trái nhau, cần xem lại."
        ),
    }
}

pub(super) fn authority(a: &str, b: &str) -> String {
    format!(
        "Cơ quan có thẩm quyền có thể khác nhau: bên thứ nhất “{a}”, bên thứ hai “{b}”; cần xem lại."
    )
}

pub(super) fn difference(kind: FindingKind, a: &str, b: &str) -> String {
    let what = match kind {
        FindingKind::AddedPaper => "giấy tờ",
        FindingKind::AddedStep => "bước hoặc yêu cầu",
        _ => "điều kiện, ngoại lệ hoặc phạm vi",
    };
    match (a.is_empty(), b.is_empty()) {
        (false, true) => format!(
            "Bên thứ nhất có thêm {what} mà bên thứ hai không có: “{}”; cần xem lại căn cứ.",
            short(a)
        ),
        (true, false) => format!(
            "Bên thứ hai có {what} mà bên thứ nhất không có: “{}”; cần xem lại căn cứ.",
            short(b)
        ),
        _ => format!(
            "Có thể khác nhau về {what}: bên thứ nhất “{}”, bên thứ hai “{}”; cần xem lại.",
            short(a),
            short(b)
        ),
    }
}

/// What the standing of the documents adds.
pub(super) fn standing(standing: Standing) -> &'static str {
    if standing.a_is_lower {
        " Văn bản thứ hai có hiệu lực pháp lý cao hơn."
    } else if standing.b_is_lower {
        " Văn bản thứ nhất có hiệu lực pháp lý cao hơn."
    } else if standing.b_is_newer {
        " Văn bản thứ hai ban hành sau."
    } else if standing.a_is_newer {
        " Văn bản thứ nhất ban hành sau."
    } else {
        ""
    }
}

/// The first words of a long text.
fn short(text: &str) -> String {
    const MOST: usize = 160;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    let cut: String = text.chars().take(MOST).collect();
    let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |(whole, _)| whole);
    format!("{whole} …")
}
