//! Names of offices and documents in the case in which a sentence writes them.

/// The same words in the text in the case in which the text writes them, or `None`.
pub(crate) fn found_in<'a>(text: &'a str, words: &str) -> Option<&'a str> {
    let needle: Vec<char> = words.chars().flat_map(char::to_lowercase).collect();
    let first = needle.first()?;
    let limit = text.len().min(40_000);
    let starts = text.char_indices().take_while(|(at, _)| *at < limit);
    for (start, letter) in starts {
        if letter.to_lowercase().next() != Some(*first) {
            continue;
        }
        if let Some(end) = match_end(text.get(start..)?, &needle) {
            let found = text.get(start..start + end)?;
            if found.chars().any(char::is_lowercase) {
                return Some(found);
            }
        }
    }
    None
}

fn match_end(text: &str, needle: &[char]) -> Option<usize> {
    let mut wanted = needle.iter();
    for (at, letter) in text.char_indices() {
        let Some(next) = wanted.next() else { return Some(at) };
        if letter.to_lowercase().next() != Some(*next) {
            return None;
        }
    }
    wanted.next().is_none().then_some(text.len())
}

/// "ỦY BAN NHÂN DÂN TỈNH SÔNG LAM" → "Ủy ban nhân dân tỉnh Sông Lam". Names of places keep their capitals,
/// ministries those that they are written with.
pub(crate) fn office(capitals: &str) -> String {
    let lower = capitals.to_lowercase();
    let words: Vec<&str> = lower.split(' ').filter(|word| !word.is_empty()).collect();
    let mut all: Vec<String> = Vec::with_capacity(words.len());
    let mut is_named = false;
    for (at, word) in words.iter().enumerate() {
        let is_unit = matches!(*word, "tỉnh" | "xã" | "phường" | "huyện" | "quận")
            || *word == "phố" && at > 0 && words.get(at - 1) == Some(&"thành")
            || *word == "khu" && at > 0 && words.get(at - 1) == Some(&"đặc");
        let before = at.checked_sub(1).and_then(|at| words.get(at).copied()).unwrap_or("");
        let is_first =
            matches!(before, "bộ" | "sở" | "và" | "-" | "–" | "phòng" | "ban" | "cục" | "thanh")
                || before.ends_with(',');
        let in_body = is_body_word(&words, at);
        let in_name = is_named && *word != "và" && *word != "-";
        let is_high = at == 0 || in_name || is_first && !in_body || is_proper(word, before);
        is_named |= is_unit;
        all.push(if is_high && !is_unit { capitalised(word) } else { (*word).to_owned() });
    }
    all.join(" ")
        .replace("Công thương", "Công Thương")
        .replace("chính phủ", "Chính phủ")
        .replace("quốc hội", "Quốc hội")
        .replace("thủ tướng", "Thủ tướng")
        .replace("chủ tịch", "Chủ tịch")
        .replace("bộ trưởng", "Bộ trưởng")
        .replace("nhà nước", "Nhà nước")
        .replace("việt nam", "Việt Nam")
}

/// The words of "Ủy ban nhân dân", "Hội đồng nhân dân", "Văn phòng Quốc hội".
fn is_body_word(words: &[&str], at: usize) -> bool {
    let word = words.get(at).copied().unwrap_or("");
    let before = at.checked_sub(1).and_then(|at| words.get(at).copied()).unwrap_or("");
    before == "ban" && matches!(word, "nhân" | "thường")
        || before == "phòng" && words.first() == Some(&"văn") && word != "tư"
}

fn is_proper(word: &str, before: &str) -> bool {
    matches!(
        (before, word),
        ("trưởng" | "phó", "bộ" | "sở") | ("phó", "chủ" | "giám" | "thủ" | "thống")
    )
}

/// "PHÓ CHỦ TỊCH" → "Phó Chủ tịch".
pub(crate) fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    first + letters.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offices_are_written_as_in_a_sentence() {
        for (capitals, written) in [
            ("ỦY BAN NHÂN DÂN TỈNH SÔNG LAM", "Ủy ban nhân dân tỉnh Sông Lam"),
            ("HỘI ĐỒNG NHÂN DÂN XÃ PHÚ AN", "Hội đồng nhân dân xã Phú An"),
            ("BỘ TƯ PHÁP", "Bộ Tư pháp"),
            ("BỘ CÔNG THƯƠNG", "Bộ Công Thương"),
            ("BỘ VĂN HÓA, THỂ THAO VÀ DU LỊCH", "Bộ Văn hóa, Thể thao và Du lịch"),
            ("SỞ TƯ PHÁP TỈNH SÔNG LAM", "Sở Tư pháp tỉnh Sông Lam"),
            ("VĂN PHÒNG QUỐC HỘI", "Văn phòng Quốc hội"),
            ("THỦ TƯỚNG CHÍNH PHỦ", "Thủ tướng Chính phủ"),
            ("PHÓ CHỦ TỊCH", "Phó Chủ tịch"),
            ("CHỦ TỊCH QUỐC HỘI", "Chủ tịch Quốc hội"),
        ] {
            assert_eq!(office(capitals), written);
        }
    }

    #[test]
    fn a_name_in_capitals_is_found_as_the_sentence_writes_it() {
        let text = "Quốc hội ban hành Luật Thanh niên.";
        assert_eq!(found_in(text, "LUẬT THANH NIÊN"), Some("Luật Thanh niên"));
        assert_eq!(found_in(text, "LUẬT NHÀ Ở"), None);
    }
}
