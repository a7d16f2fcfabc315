//! Kinds of documents and who issues them, by the letters of the symbol.

/// The kind of consolidated documents.
pub(crate) const CONSOLIDATION: &str = "Văn bản hợp nhất";

/// Kinds that have no article on effect, and mostly no articles.
pub(crate) const WITHOUT_EFFECT: &[&str] = &[
    "Kế hoạch",
    "Chương trình",
    "Thông báo",
    "Hướng dẫn",
    "Báo cáo",
    "Tờ trình",
    "Đề án",
    "Công điện",
    "Công văn",
    "Chỉ thị",
];

/// Kinds as the head prints them, the longest first where one begins with another.
pub(crate) const KINDS: &[(&str, &str)] = &[
    ("VĂN BẢN HỢP NHẤT", "Văn bản hợp nhất"),
    ("THÔNG TƯ LIÊN TỊCH", "Thông tư liên tịch"),
    ("NGHỊ QUYẾT LIÊN TỊCH", "Nghị quyết liên tịch"),
    ("HIẾN PHÁP", "Hiến pháp"),
    ("BỘ LUẬT", "Bộ luật"),
    ("LUẬT", "Luật"),
    ("PHÁP LỆNH", "Pháp lệnh"),
    ("LỆNH", "Lệnh"),
    ("NGHỊ ĐỊNH", "Nghị định"),
    ("NGHỊ QUYẾT", "Nghị quyết"),
    ("THÔNG TƯ", "Thông tư"),
    ("QUYẾT ĐỊNH", "Quyết định"),
    ("CHỈ THỊ", "Chỉ thị"),
    ("QUY CHẾ", "Quy chế"),
    ("QUY ĐỊNH", "Quy định"),
    ("KẾ HOẠCH", "Kế hoạch"),
    ("CHƯƠNG TRÌNH", "Chương trình"),
    ("THÔNG BÁO", "Thông báo"),
    ("HƯỚNG DẪN", "Hướng dẫn"),
    ("BÁO CÁO", "Báo cáo"),
    ("TỜ TRÌNH", "Tờ trình"),
    ("ĐỀ ÁN", "Đề án"),
    ("CÔNG ĐIỆN", "Công điện"),
];

/// Kind by the first letters of the symbol: "NĐ" of "15/2020/NĐ-CP".
const KIND_LETTERS: &[(&str, &str)] = &[
    ("VBHN", "Văn bản hợp nhất"),
    ("TTLT", "Thông tư liên tịch"),
    ("NQLT", "Nghị quyết liên tịch"),
    ("NĐ", "Nghị định"),
    ("NQ", "Nghị quyết"),
    ("TT", "Thông tư"),
    ("QĐ", "Quyết định"),
    ("CT", "Chỉ thị"),
    ("PL", "Pháp lệnh"),
    ("KH", "Kế hoạch"),
    ("TB", "Thông báo"),
    ("BC", "Báo cáo"),
    ("TTr", "Tờ trình"),
    ("CĐ", "Công điện"),
    ("L", "Lệnh"),
];

/// Who issues, by the last letters of the symbol.
const ISSUERS: &[(&str, &str)] = &[
    ("CP", "Chính phủ"),
    ("TTg", "Thủ tướng Chính phủ"),
    ("CTN", "Chủ tịch nước"),
    ("VPQH", "Văn phòng Quốc hội"),
    ("VPCP", "Văn phòng Chính phủ"),
    ("HĐTP", "Hội đồng Thẩm phán Tòa án nhân dân tối cao"),
    ("TANDTC", "Tòa án nhân dân tối cao"),
    ("VKSNDTC", "Viện kiểm sát nhân dân tối cao"),
    ("KTNN", "Kiểm toán nhà nước"),
    ("TTCP", "Thanh tra Chính phủ"),
    ("NHNN", "Ngân hàng Nhà nước Việt Nam"),
    ("BTP", "Bộ Tư pháp"),
    ("BTC", "Bộ Tài chính"),
    ("BCA", "Bộ Công an"),
    ("BQP", "Bộ Quốc phòng"),
    ("BNG", "Bộ Ngoại giao"),
    ("BNV", "Bộ Nội vụ"),
    ("BYT", "Bộ Y tế"),
    ("BCT", "Bộ Công Thương"),
    ("BXD", "Bộ Xây dựng"),
    ("BGDĐT", "Bộ Giáo dục và Đào tạo"),
    ("BKHCN", "Bộ Khoa học và Công nghệ"),
    ("BVHTTDL", "Bộ Văn hóa, Thể thao và Du lịch"),
    ("BNNMT", "Bộ Nông nghiệp và Môi trường"),
    ("BDTTG", "Bộ Dân tộc và Tôn giáo"),
    ("BKHĐT", "Bộ Kế hoạch và Đầu tư"),
    ("BGTVT", "Bộ Giao thông vận tải"),
    ("BTNMT", "Bộ Tài nguyên và Môi trường"),
    ("BNNPTNT", "Bộ Nông nghiệp và Phát triển nông thôn"),
    ("BTTTT", "Bộ Thông tin và Truyền thông"),
    ("BLĐTBXH", "Bộ Lao động - Thương binh và Xã hội"),
    ("UBDT", "Ủy ban Dân tộc"),
    ("HĐND", "Hội đồng nhân dân"),
    ("CTUBND", "Chủ tịch Ủy ban nhân dân"),
    ("UBND", "Ủy ban nhân dân"),
    ("STP", "Sở Tư pháp"),
];

/// The kind in capitals at the start of a line, and what follows on it.
pub(crate) fn kind_in_capitals(line: &str) -> Option<(&'static str, &str)> {
    KINDS.iter().find_map(|(capitals, kind)| {
        let rest = line.strip_prefix(capitals)?;
        let ends = rest.is_empty() || rest.starts_with([' ', ':', '[', '(']);
        ends.then(|| (*kind, rest.trim_start_matches([' ', ':'])))
    })
}

/// The kind at the start of a sentence: "Nghị định số …", "Luật Thanh niên".
pub(crate) fn kind_in_sentence(text: &str) -> Option<(&'static str, &str)> {
    KINDS.iter().find_map(|(_, kind)| {
        let rest = text.strip_prefix(kind)?;
        rest.starts_with(' ').then(|| (*kind, rest.trim_start()))
    })
}

/// The kind that the symbol names.
pub(crate) fn kind_of(symbol: &str) -> Option<&'static str> {
    let letters = letters_of(symbol)?;
    if letters.starts_with("QH") {
        return None;
    }
    let first = letters.split('-').next()?;
    KIND_LETTERS.iter().find(|(key, _)| first == *key).map(|(_, kind)| *kind)
}

/// The issuer that the symbol names. A circular is the minister's.
pub(crate) fn issuer_of(symbol: &str) -> Option<String> {
    let letters = letters_of(symbol)?;
    if letters.starts_with("UBTVQH") || letters.contains("-UBTVQH") {
        return Some("Ủy ban Thường vụ Quốc hội".to_owned());
    }
    if letters.strip_prefix("QH").is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
    {
        return Some("Quốc hội".to_owned());
    }
    let last = letters.rsplit('-').next()?;
    let issuer = ISSUERS.iter().find(|(key, _)| last == *key).map(|(_, issuer)| *issuer)?;
    let is_minister = letters.starts_with("TT-") || letters.starts_with("QĐ-");
    match issuer.strip_prefix("Bộ ") {
        Some(_) if is_minister => Some(format!("Bộ trưởng {issuer}")),
        _ => Some(issuer.to_owned()),
    }
}

/// "NĐ-CP" of "15/2020/NĐ-CP".
fn letters_of(symbol: &str) -> Option<&str> {
    symbol.rsplit('/').next().filter(|letters| letters.starts_with(char::is_alphabetic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_symbol_names_kind_and_issuer() {
        for (symbol, kind, issuer) in [
            ("57/2020/QH14", None, "Quốc hội"),
            ("15/2020/NĐ-CP", Some("Nghị định"), "Chính phủ"),
            ("06/2026/QĐ-TTg", Some("Quyết định"), "Thủ tướng Chính phủ"),
            ("01/2026/TT-BTP", Some("Thông tư"), "Bộ trưởng Bộ Tư pháp"),
            ("12/2026/QĐ-UBND", Some("Quyết định"), "Ủy ban nhân dân"),
            ("1211/2016/UBTVQH13", None, "Ủy ban Thường vụ Quốc hội"),
            ("16/VBHN-VPQH", Some("Văn bản hợp nhất"), "Văn phòng Quốc hội"),
        ] {
            assert_eq!(kind_of(symbol), kind, "{symbol}");
            assert_eq!(issuer_of(symbol).as_deref(), Some(issuer), "{symbol}");
        }
    }
}
