//! Names of units: the kind in front (`Xã`, `TP.`) and the bare name behind it.

use crate::text::{fold, nfc};

/// Kinds of units, short forms included, with and without tones; the longer first.
const KINDS: [(&str, &str, Kind); 24] = [
    ("thành phố", "thanh pho", Kind::City),
    ("thủ đô", "thu do", Kind::City),
    ("t.p.", "t.p.", Kind::City),
    ("tp.", "tp.", Kind::City),
    ("tp", "tp", Kind::City),
    ("tỉnh", "tinh", Kind::Province),
    ("thị xã", "thi xa", Kind::Town),
    ("tx.", "tx.", Kind::Town),
    ("tx", "tx", Kind::Town),
    ("thị trấn", "thi tran", Kind::Township),
    ("tt.", "tt.", Kind::Township),
    ("tt", "tt", Kind::Township),
    ("đặc khu", "dac khu", Kind::SpecialZone),
    ("quận", "quan", Kind::UrbanDistrict),
    ("q.", "q.", Kind::UrbanDistrict),
    ("q", "q", Kind::UrbanDistrict),
    ("huyện", "huyen", Kind::RuralDistrict),
    ("h.", "h.", Kind::RuralDistrict),
    ("phường", "phuong", Kind::Ward),
    ("p.", "p.", Kind::Ward),
    ("p", "p", Kind::Ward),
    ("xã", "xa", Kind::Rural),
    ("x.", "x.", Kind::Rural),
    ("t.", "t.", Kind::Province),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    City,
    Province,
    Town,
    Township,
    SpecialZone,
    UrbanDistrict,
    RuralDistrict,
    Ward,
    Rural,
}

/// A name taken apart.
#[derive(Clone, Debug)]
pub(super) struct UnitName {
    written: String,
    /// Where the bare name begins in `written`.
    bare_at: usize,
    kind: Option<Kind>,
    /// The folded bare name.
    bare: String,
    /// The folded whole name, when it was typed without tones and what looks like a kind may be
    /// part of the name: "xa bang" is Xã Bàng or Xà Bang.
    whole: Option<String>,
}

impl UnitName {
    pub fn read(name: &str) -> UnitName {
        let written = nfc(name.trim());
        let lower = written.to_lowercase();
        let typed_without_tones = lower.is_ascii();
        let found = KINDS.iter().find_map(|(marked, folded, kind)| {
            let prefix = if typed_without_tones { folded } else { marked };
            let rest = lower.strip_prefix(prefix)?;
            ends_kind(prefix, rest).then_some((prefix.len(), *kind))
        });
        // Lower case may be longer than what was written; then the name is no Vietnamese one.
        let (bare_at, kind) = match found {
            Some((length, kind)) if written.is_char_boundary(length) => (length, Some(kind)),
            _ => (0, None),
        };
        let bare = folded_words(written.get(bare_at..).unwrap_or_default());
        let whole = (kind.is_some() && typed_without_tones).then(|| folded_words(&written));
        UnitName { written, bare_at, kind, bare, whole }
    }

    pub fn is_empty(&self) -> bool {
        self.bare.is_empty()
    }

    /// The folded bare name.
    pub fn bare(&self) -> &str {
        &self.bare
    }

    pub fn written(&self) -> &str {
        &self.written
    }

    /// The bare name as written.
    pub fn bare_written(&self) -> &str {
        self.written.get(self.bare_at..).unwrap_or_default().trim_start_matches(['.', ' '])
    }

    /// All bare names that this may mean.
    pub fn readings(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.bare()).chain(self.whole.as_deref())
    }

    /// Does this, as asked by a person, mean that unit? A kind that was not asked for does not
    /// matter.
    pub fn matches(&self, unit: &UnitName) -> bool {
        let same_kind = self.kind.is_none() || self.kind == unit.kind;
        (same_kind && self.bare == unit.bare) || self.whole.as_deref() == Some(unit.bare())
    }

    /// The same, but the kind never matters: districts changed kind often.
    pub fn may_be(&self, unit: &UnitName) -> bool {
        unit.is_empty() || self.readings().any(|reading| reading == unit.bare())
    }
}

/// Is the prefix a kind here, and not the beginning of a name? A word ends at a space; a short form
/// also at a digit ("P5"); one with a point ends there.
fn ends_kind(prefix: &str, rest: &str) -> bool {
    let is_short = prefix.len() <= 2 && prefix.is_ascii();
    prefix.ends_with('.')
        || rest.starts_with(' ')
        || (is_short && rest.starts_with(|next: char| next.is_ascii_digit()))
}

/// Words and numbers only; "Phường 01" is "Phường 1".
pub(super) fn folded_words(name: &str) -> String {
    let folded = fold(name);
    let mut words = String::with_capacity(folded.len());
    for word in
        folded.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty())
    {
        if !words.is_empty() {
            words.push(' ');
        }
        let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
        words.push_str(if is_number { word.trim_start_matches('0') } else { word });
    }
    words
}

/// `Tỉnh Đồng Tháp` inside a sentence is `tỉnh Đồng Tháp`. A kind before a number stays capital, as in
/// `Phường 1 Bảo Lộc` (Decree 30/2020, appendix II).
pub fn in_sentence(name: &str) -> String {
    let is_numbered = name
        .split_whitespace()
        .nth(1)
        .is_some_and(|word| word.starts_with(|letter: char| letter.is_ascii_digit()));
    let mut letters = name.chars();
    match letters.next() {
        Some(first) if !is_numbered && UnitName::read(name).kind.is_some() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn same(asked: &str, unit: &str) {
        assert!(UnitName::read(asked).matches(&UnitName::read(unit)), "{asked:?} is {unit:?}");
    }

    #[track_caller]
    fn differ(asked: &str, unit: &str) {
        assert!(!UnitName::read(asked).matches(&UnitName::read(unit)), "{asked:?} is not {unit:?}");
    }

    #[test]
    fn kinds_may_be_short_or_left_out() {
        same("P. Mỹ Tho", "Phường Mỹ Tho");
        same("mỹ tho", "Phường Mỹ Tho");
        same("phuong my tho", "Phường Mỹ Tho");
        same("P5", "Phường 5");
        same("phường 05", "Phường 5");
        same("TP.HCM", "Thành phố HCM");
        same("tp Hồ Chí Minh", "Thành phố Hồ Chí Minh");
        same("Bà Rịa-Vũng Tàu", "Tỉnh Bà Rịa - Vũng Tàu");
        same("xã Ea H’leo", "Xã Ea H'leo");
        same("xã Bắc Sơn", "Xã Bắc Sơn");
    }

    #[test]
    fn kinds_that_were_asked_for_must_agree() {
        differ("Xã Tân An", "Phường Tân An");
        differ("Thị trấn Tân An", "Thị xã Tân An");
    }

    #[test]
    fn a_name_that_begins_like_a_kind_is_still_found() {
        same("Xà Bang", "Xã Xà Bang");
        same("xa bang", "Xã Xà Bang");
        same("Phương Bình", "Xã Phương Bình");
        differ("Xà Bang", "Xã Bang");
    }

    #[test]
    fn a_province_inside_a_sentence_has_a_small_kind() {
        assert_eq!(in_sentence("Thành phố Huế"), "thành phố Huế");
        assert_eq!(in_sentence("Huế"), "Huế");
        assert_eq!(in_sentence("Phường 1 Bảo Lộc"), "Phường 1 Bảo Lộc");
        assert_eq!(
            in_sentence("Đặc khu Phú Quốc, tỉnh An Giang"),
            "đặc khu Phú Quốc, tỉnh An Giang"
        );
    }
}
