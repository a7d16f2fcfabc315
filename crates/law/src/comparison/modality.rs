//! Must, may, must not, need not.

use super::words::{Word, stands};

/// What a sentence does to somebody's freedom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Force {
    /// Must.
    Duty,
    /// May.
    Leave,
    /// Must not.
    Ban,
    /// Need not.
    Release,
    /// Does (no marker): a plain "không" stands against it.
    Not,
}

/// A marker in a run of words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Modal {
    /// First word of the marker.
    pub(super) from: usize,
    /// First word after the marker: here begins what is commanded.
    pub(super) to: usize,
    /// Its force.
    pub(super) force: Force,
    /// "được" alone may be a mere passive.
    pub(super) is_weak: bool,
    /// "được", "phải được": what follows may be done to the subject.
    pub(super) is_passive: bool,
}

/// Longest first within one beginning.
const MARKERS: &[(&str, Force, bool)] = &[
    ("không có trách nhiệm", Force::Release, false),
    ("không có nghĩa vụ", Force::Release, false),
    ("không có quyền", Force::Ban, false),
    ("không được quyền", Force::Ban, false),
    ("không được phép", Force::Ban, false),
    ("không được miễn", Force::Duty, false),
    ("không được", Force::Ban, false),
    ("không bắt buộc", Force::Release, false),
    ("không nhất thiết phải", Force::Release, false),
    ("không cần thiết phải", Force::Release, false),
    ("không cần phải", Force::Release, false),
    ("không yêu cầu", Force::Release, false),
    ("không cần", Force::Release, false),
    ("không phải là", Force::Not, true),
    ("không phải", Force::Release, false),
    ("không thể", Force::Ban, true),
    ("không buộc", Force::Release, false),
    ("nghiêm cấm", Force::Ban, false),
    ("bị nghiêm cấm", Force::Ban, false),
    ("bị cấm", Force::Ban, false),
    ("cấm", Force::Ban, false),
    ("bắt buộc phải", Force::Duty, false),
    ("bắt buộc", Force::Duty, false),
    ("có trách nhiệm", Force::Duty, false),
    ("có nghĩa vụ", Force::Duty, false),
    ("chịu trách nhiệm", Force::Duty, true),
    ("cần phải", Force::Duty, false),
    ("phải được", Force::Duty, false),
    ("phải", Force::Duty, false),
    ("có quyền", Force::Leave, false),
    ("được quyền", Force::Leave, false),
    ("được phép", Force::Leave, false),
    ("được miễn", Force::Release, false),
    ("miễn", Force::Release, true),
    ("có thể", Force::Leave, true),
    ("được", Force::Leave, true),
    ("không", Force::Not, true),
    ("chưa", Force::Not, true),
];

/// The markers of a run of words, places counted from its start.
pub(super) fn modals(words: &[Word]) -> Vec<Modal> {
    let mut found = Vec::new();
    let mut place = 0;
    while let Some(word) = words.get(place) {
        let starts = matches!(
            word.norm.as_str(),
            "không"
                | "nghiêm"
                | "bị"
                | "cấm"
                | "bắt"
                | "có"
                | "chịu"
                | "cần"
                | "phải"
                | "được"
                | "miễn"
                | "chưa"
        );
        let marker = starts
            .then(|| {
                MARKERS.iter().find_map(|(phrase, force, weak)| {
                    stands(words, place, phrase).map(|to| (to, *force, *weak))
                })
            })
            .flatten();
        let Some((to, force, is_weak)) = marker else {
            place += 1;
            continue;
        };
        // "trái phải", "không quá", "không dưới", "không ít hơn" bound numbers; "phải không".
        let bounds_number = word.is("không")
            && words.get(to).is_some_and(|next| {
                [
                    "quá", "dưới", "ít", "vượt", "thấp", "cao", "hơn", "nhỏ", "lớn", "kể", "gian",
                    "khí",
                ]
                .contains(&next.norm.as_str())
            });
        let bounds_age =
            word.is("chưa") && words.get(to).is_some_and(|next| next.is("đủ") || next.is("đến"));
        if !(bounds_number || bounds_age) {
            let is_passive = words.get(to.wrapping_sub(1)).is_some_and(|last| last.is("được"));
            found.push(Modal { from: place, to, force, is_weak, is_passive });
        }
        place = to.max(place + 1);
    }
    found
}

/// The two cannot both hold of one act; how sure the words are of it, from 0 to 1.
pub(super) fn clash(a: &Modal, b: &Modal) -> f64 {
    let sure = match (a.force, b.force) {
        (Force::Duty, Force::Ban) | (Force::Ban, Force::Duty) => 0.95,
        (Force::Leave, Force::Ban) | (Force::Ban, Force::Leave) => 0.95,
        (Force::Duty, Force::Release) | (Force::Release, Force::Duty) => 0.9,
        (Force::Duty, Force::Leave) | (Force::Leave, Force::Duty) => {
            if a.is_weak || b.is_weak {
                0.72
            } else {
                0.85
            }
        }
        (Force::Duty, Force::Not) | (Force::Not, Force::Duty) => 0.7,
        (Force::Leave, Force::Not) | (Force::Not, Force::Leave) => 0.7,
        (Force::Release, Force::Ban) | (Force::Ban, Force::Release) => 0.6,
        _ => 0.0,
    };
    // "được" beside "phải được" is a passive, no leave.
    if sure == 0.0
        || (a.is_passive && b.is_passive && a.force != Force::Ban && b.force != Force::Ban)
    {
        return 0.0;
    }
    let passive = |modal: &Modal| modal.is_passive && modal.force == Force::Leave;
    if (passive(a) || passive(b)) && (a.force == Force::Duty || b.force == Force::Duty) {
        return 0.62;
    }
    sure
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::comparison::words::words;

    fn forces(text: &str) -> Vec<Force> {
        modals(&words(text)).iter().map(|modal| modal.force).collect()
    }

    #[test]
    fn the_longest_marker_is_read() {
        assert_eq!(forces("Người dân không được phép nộp"), [Force::Ban]);
        assert_eq!(forces("Cơ quan không phải thu, phải trả"), [Force::Release, Force::Duty]);
        assert_eq!(forces("Nghiêm cấm thu phí; có quyền từ chối"), [Force::Ban, Force::Leave]);
        assert_eq!(forces("không quá 05 ngày"), []);
    }

    #[test]
    fn a_duty_and_a_ban_clash_and_two_duties_do_not() {
        let modals = |text: &str| modals(&words(text)).remove(0);
        assert!(clash(&modals("phải nộp"), &modals("không được nộp")) > 0.9);
        assert!(clash(&modals("phải nộp"), &modals("có trách nhiệm nộp")) < 0.01);
    }
}
