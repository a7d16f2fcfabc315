//! Who is competent.

use super::words::{Word, stands};

/// An authority named in a run of words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Authority {
    /// First word.
    pub(super) from: usize,
    /// First word after it.
    pub(super) to: usize,
    /// What kind of body: "ubnd", "sở", "bộ" ….
    pub(super) body: &'static str,
    /// Its chair or head acts, not the body.
    pub(super) is_head: bool,
    /// Level of government, where named.
    pub(super) level: Level,
    /// The words that name it ("tư pháp"), empty where the kind is enough.
    pub(super) name: Vec<String>,
}

/// Level of government.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    /// Not said.
    Unsaid,
    /// Commune, ward, special zone.
    Commune,
    /// District (until 30 June 2025).
    District,
    /// Province.
    Province,
    /// The whole country.
    Nation,
}

/// Phrase, body, has words of a name after it, level.
const BODIES: &[(&str, &str, bool, Level)] = &[
    ("ủy ban nhân dân", "ubnd", false, Level::Unsaid),
    ("ubnd", "ubnd", false, Level::Unsaid),
    ("hội đồng nhân dân", "hđnd", false, Level::Unsaid),
    ("hđnd", "hđnd", false, Level::Unsaid),
    ("tòa án nhân dân", "tòa án", false, Level::Unsaid),
    ("tòa án", "tòa án", false, Level::Unsaid),
    ("viện kiểm sát nhân dân", "viện kiểm sát", false, Level::Unsaid),
    ("viện kiểm sát", "viện kiểm sát", false, Level::Unsaid),
    ("công an", "công an", false, Level::Unsaid),
    ("thủ tướng chính phủ", "thủ tướng", false, Level::Nation),
    ("thủ tướng", "thủ tướng", false, Level::Nation),
    ("ủy ban thường vụ quốc hội", "ủy ban thường vụ quốc hội", false, Level::Nation),
    ("quốc hội", "quốc hội", false, Level::Nation),
    ("chính phủ", "chính phủ", false, Level::Nation),
    ("sở", "sở", true, Level::Province),
    ("phòng", "phòng", true, Level::Unsaid),
    ("bộ trưởng bộ", "bộ", true, Level::Nation),
    ("bộ", "bộ", true, Level::Nation),
    ("chi cục", "chi cục", true, Level::Unsaid),
    ("tổng cục", "tổng cục", true, Level::Nation),
    ("cục", "cục", true, Level::Unsaid),
    ("kho bạc nhà nước", "kho bạc", false, Level::Unsaid),
    ("kho bạc", "kho bạc", false, Level::Unsaid),
    ("văn phòng đăng ký đất đai", "văn phòng đăng ký đất đai", false, Level::Unsaid),
    ("trung tâm", "trung tâm", true, Level::Unsaid),
    ("thanh tra", "thanh tra", true, Level::Unsaid),
    ("ban quản lý", "ban quản lý", true, Level::Unsaid),
    ("bảo hiểm xã hội", "bảo hiểm xã hội", false, Level::Unsaid),
    ("cơ quan đại diện", "cơ quan đại diện", false, Level::Nation),
    ("cơ quan thuế", "cơ quan thuế", false, Level::Unsaid),
    ("cơ quan công an", "công an", false, Level::Unsaid),
    ("cơ quan đăng ký", "cơ quan đăng ký", true, Level::Unsaid),
    ("ngân hàng nhà nước", "ngân hàng nhà nước", false, Level::Nation),
    ("tổ chức hành nghề công chứng", "công chứng", false, Level::Unsaid),
    ("văn phòng công chứng", "công chứng", false, Level::Unsaid),
    ("phòng công chứng", "công chứng", false, Level::Unsaid),
    ("công chứng viên", "công chứng", false, Level::Unsaid),
    ("trưởng thôn", "trưởng thôn", false, Level::Commune),
    ("mặt trận tổ quốc", "mặt trận", false, Level::Unsaid),
];

const HEADS: &[&str] = &[
    "phó chủ tịch",
    "chủ tịch",
    "phó giám đốc",
    "giám đốc",
    "trưởng",
    "cục trưởng",
    "chi cục trưởng",
    "chánh án",
    "viện trưởng",
    "tổng cục trưởng",
    "chánh",
    "thường trực",
];

/// Departments and ministries begin with one of these; "bộ" and "sở" are often other words.
const FIELDS: &[&str] = &[
    "tư", "tài", "nội", "xây", "công", "nông", "y", "giáo", "văn", "khoa", "thông", "giao", "lao",
    "kế", "quốc", "ngoại", "du", "dân", "tôn", "kinh", "quản", "quy", "đăng", "thuế", "hải",
    "chăn", "thú", "thi", "kiểm", "trợ", "phục", "dịch", "môi", "đất", "thủy", "tiêu", "bảo",
    "phát", "hành", "hộ", "cư", "xuất", "trồng", "bưu", "lưu", "thống", "chính", "tổ", "hạ", "an",
];

/// The authorities in a run of words, places counted from its start.
pub(super) fn authorities(words: &[Word]) -> Vec<Authority> {
    let mut found: Vec<Authority> = Vec::new();
    let mut place = 0;
    while place < words.len() {
        match authority(words, place) {
            Some(authority) => {
                place = authority.to;
                found.push(authority);
            }
            None => place += 1,
        }
    }
    found
}

fn authority(words: &[Word], place: usize) -> Option<Authority> {
    let head = HEADS.iter().filter_map(|head| stands(words, place, head)).max();
    let start = head.unwrap_or(place);
    let (after, body, named, level) = BODIES
        .iter()
        .filter_map(|(phrase, body, named, level)| {
            stands(words, start, phrase).map(|after| (after, *body, *named, *level))
        })
        .max_by_key(|(after, ..)| *after)?;
    let capital = words.get(start).is_some_and(|word| word.capital);
    let mut to = after;
    let mut name = Vec::new();
    if named {
        let begins = words.get(after).is_some_and(|word| {
            FIELDS.contains(&word.norm.as_str())
                && (word.capital || capital || body == "cơ quan đăng ký")
        });
        let is_department = matches!(body, "sở" | "bộ" | "phòng" | "cục");
        if is_department && !(capital && begins) {
            return None;
        }
        if begins {
            (to, name) = name_of(words, after);
        }
    }
    let (to, said) = level_at(words, to, body);
    let level = if said == Level::Unsaid { level } else { said };
    let is_head = head.is_some() || stands(words, start, "bộ trưởng").is_some();
    Some(Authority { from: place, to, body, is_head, level, name })
}

/// The words of the name: up to four, the small "và" between two parts included when a capital follows.
fn name_of(words: &[Word], from: usize) -> (usize, Vec<String>) {
    let mut name = Vec::new();
    let mut to = from;
    while let Some(word) = words.get(to) {
        let next = words.get(to + 1);
        let joins = (word.is("và") || word.is("-") || word.is(","))
            && next.is_some_and(|next| next.capital && FIELDS.contains(&next.norm.as_str()));
        let breaks = !word.is_word()
            || super::words::weight(&word.norm) == 0.0
                && !word.is("tư")
                && !word.is("thông")
                && !word.is("vụ");
        let is_verb = [
            "cấp", "ban", "quyết", "có", "tiếp", "thẩm", "phê", "nơi", "tỉnh", "huyện", "xã",
            "thành", "chủ", "trình", "tổ", "xem", "thực",
        ]
        .contains(&word.norm.as_str());
        if (breaks || is_verb) && !joins || name.len() >= 6 {
            break;
        }
        let limit = name.len() >= 2
            && !joins
            && !word.capital
            && !name.iter().any(|part: &String| part == "và");
        if limit {
            break;
        }
        name.push(word.norm.clone());
        to += 1;
    }
    (to, name)
}

/// Level words right after a body: "cấp xã", "xã, phường, thị trấn", "tỉnh Sông Lam".
fn level_at(words: &[Word], at: usize, body: &str) -> (usize, Level) {
    const WORDS: &[(&str, Level)] = &[
        ("cấp xã", Level::Commune),
        ("cấp huyện", Level::District),
        ("cấp tỉnh", Level::Province),
        ("tối cao", Level::Nation),
        ("khu vực", Level::District),
        ("xã", Level::Commune),
        ("phường", Level::Commune),
        ("thị trấn", Level::Commune),
        ("đặc khu", Level::Commune),
        ("huyện", Level::District),
        ("quận", Level::District),
        ("thị xã", Level::District),
        ("thành phố thuộc tỉnh", Level::District),
        ("tỉnh", Level::Province),
        ("thành phố trực thuộc trung ương", Level::Province),
        ("thành phố", Level::Province),
        ("các cấp", Level::Unsaid),
    ];
    if matches!(body, "thủ tướng" | "chính phủ" | "quốc hội" | "sở" | "bộ") {
        return (at, Level::Unsaid);
    }
    let found = WORDS
        .iter()
        .filter_map(|(phrase, level)| stands(words, at, phrase).map(|to| (to, *level)))
        .max_by_key(|(to, _)| *to);
    let Some((mut to, level)) = found else { return (at, Level::Unsaid) };
    // "xã, phường, thị trấn", "tỉnh, thành phố trực thuộc trung ương" and the proper name after it.
    loop {
        let next = if words.get(to).is_some_and(|word| word.is(",") || word.is("và")) {
            to + 1
        } else {
            break;
        };
        let more = WORDS
            .iter()
            .filter(|(phrase, _)| !phrase.starts_with("cấp"))
            .filter_map(|(phrase, _)| stands(words, next, phrase))
            .max();
        match more {
            Some(end) => to = end,
            None => break,
        }
    }
    while words.get(to).is_some_and(|word| word.capital && word.is_word()) && to < at + 8 {
        let starts_body = BODIES.iter().any(|(phrase, ..)| stands(words, to, phrase).is_some());
        if starts_body {
            break;
        }
        to += 1;
    }
    (to, level)
}

impl Authority {
    /// May be one and the same.
    pub(super) fn may_be(&self, other: &Authority) -> bool {
        if self.body != other.body {
            return false;
        }
        let levels = self.level == other.level
            || self.level == Level::Unsaid
            || other.level == Level::Unsaid;
        let names = self.name.is_empty()
            || other.name.is_empty()
            || self
                .name
                .iter()
                .any(|word| word.len() > 1 && other.name.contains(word) && word != "và");
        levels && names
    }

    /// The body and its chair are two authorities.
    pub(super) fn other_person(&self, other: &Authority) -> bool {
        self.is_head != other.is_head && matches!(self.body, "ubnd" | "hđnd")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::comparison::words::words;

    fn read(text: &str) -> Vec<(&'static str, bool, Level, String)> {
        authorities(&words(text))
            .into_iter()
            .map(|found| (found.body, found.is_head, found.level, found.name.join(" ")))
            .collect()
    }

    #[test]
    fn bodies_are_read_with_level_and_name() {
        assert_eq!(
            read("Chủ tịch Ủy ban nhân dân cấp xã quyết định"),
            [("ubnd", true, Level::Commune, String::new())]
        );
        assert_eq!(
            read("UBND xã, phường, thị trấn nơi cư trú"),
            [("ubnd", false, Level::Commune, String::new())]
        );
        assert_eq!(
            read("Giám đốc Sở Tư pháp cấp giấy phép"),
            [("sở", true, Level::Province, "tư pháp".to_owned())]
        );
        assert_eq!(read("cơ sở vật chất và toàn bộ hồ sơ"), []);
    }

    #[test]
    fn a_province_by_name_is_the_provincial_level() {
        let found =
            authorities(&words("Ủy ban nhân dân tỉnh Sông Lam ban hành; Ủy ban nhân dân cấp tỉnh"));
        assert_eq!(found.len(), 2);
        assert!(found[0].may_be(&found[1]));
    }
}
