//! Who signed, out of the closing.

use kernel::text::is_person_name;

use super::name;
use crate::outline::line::is_capitals;

/// Signer and office.
pub(super) fn read(closing: &[String]) -> (Option<String>, Option<String>) {
    let mut office: Option<String> = None;
    let mut signer: Option<String> = None;
    for line in closing {
        let line = line.trim();
        if line.starts_with(['-', '+', '(']) || line.starts_with("Nơi nhận") {
            continue;
        }
        let (high, low) = split_capitals(line);
        if !high.is_empty() && is_office(high) {
            office = Some(high.to_owned());
            signer = None;
        }
        let candidate = if high.is_empty() { line } else { low };
        if is_name(candidate) && office.is_some() && signer.is_none() {
            signer = Some(candidate.to_owned());
        }
    }
    let title = office.as_deref().map(title).filter(|title| !title.is_empty());
    (signer, title)
}

/// The words in capitals at the start, and the rest: "CHỦ NHIỆM Trần Văn An".
fn split_capitals(line: &str) -> (&str, &str) {
    let mut end = 0;
    for word in line.split_inclusive(' ') {
        let bare = word.trim();
        let is_high = is_capitals(bare) || matches!(bare, "KT." | "TM." | "-") || bare.is_empty();
        if !is_high {
            break;
        }
        end += word.len();
    }
    let high = line.get(..end).unwrap_or("").trim();
    (high, line.get(end..).unwrap_or("").trim())
}

fn is_office(text: &str) -> bool {
    WORDS.iter().any(|word| text.contains(word))
}

const WORDS: &[&str] = &[
    "CHỦ TỊCH",
    "BỘ TRƯỞNG",
    "THỨ TRƯỞNG",
    "THỦ TƯỚNG",
    "GIÁM ĐỐC",
    "CHÁNH ÁN",
    "VIỆN TRƯỞNG",
    "CHỦ NHIỆM",
    "TỔNG KIỂM TOÁN",
    "THỐNG ĐỐC",
    "TỔNG THANH TRA",
    "CHÁNH VĂN PHÒNG",
    "TRƯỞNG BAN",
    "CỤC TRƯỞNG",
    "TRƯỞNG PHÒNG",
    "CHÁNH THANH TRA",
    "TỔNG CỤC TRƯỞNG",
];

/// The last office named, without for whom it signs: "KT. CHỦ TỊCH PHÓ CHỦ TỊCH" → "Phó Chủ tịch".
fn title(office: &str) -> String {
    let start = WORDS.iter().filter_map(|word| office.rfind(word)).max().unwrap_or(0);
    let before = office.get(..start).unwrap_or("").trim_end();
    let own = office.get(start..).unwrap_or(office);
    if before.ends_with("PHÓ") { name::office(&format!("PHÓ {own}")) } else { name::office(own) }
}

fn is_name(text: &str) -> bool {
    let words = text.split(' ').count();
    (2..=6).contains(&words)
        && text.split(' ').all(|word| word.starts_with(char::is_uppercase))
        && is_person_name(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(lines: &[&str]) -> (Option<String>, Option<String>) {
        read(&lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn the_signer_stands_under_the_office() {
        let lines = [
            "Nơi nhận:",
            "- Như Điều 3;",
            "TM. ỦY BAN NHÂN DÂN",
            "KT. CHỦ TỊCH",
            "PHÓ CHỦ TỊCH",
            "Trần Văn Bình",
        ];
        assert_eq!(signed(&lines), (Some("Trần Văn Bình".into()), Some("Phó Chủ tịch".into())));
        let lines = ["XÁC THỰC VĂN BẢN HỢP NHẤT CHỦ NHIỆM Trần Văn Bình"];
        assert_eq!(signed(&lines), (Some("Trần Văn Bình".into()), Some("Chủ nhiệm".into())));
    }

    #[test]
    fn an_unsigned_closing_has_no_signer() {
        assert_eq!(signed(&["Nơi nhận:", "- Ban Tư Pháp;"]), (None, None));
    }
}
