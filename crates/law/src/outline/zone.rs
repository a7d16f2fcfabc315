//! The parts of a file: the document, its closing, what is annexed to it, the endnotes.

use kernel::text::fold;

use super::line::Line;
use super::marker::{self, is_capitals};
use super::number::Rank;
use crate::model::UnitKind;

/// First line of the endnotes, or the number of lines. The number in brackets stood in the text before, or
/// what it opens says that it is a note.
pub(super) fn notes_start(lines: &[Line]) -> usize {
    let last_second = lines.iter().rposition(|line| line.text.starts_with("[2]"));
    let mut is_signed = false;
    let mut is_called = false;
    for (at, line) in lines.iter().enumerate() {
        let text = line.text.as_str();
        if let Some(rest) = text.strip_prefix("[1]") {
            let has_second = last_second.is_some_and(|second| second > at);
            let is_note = is_called || is_signed && (has_second || at + 1 == lines.len());
            if is_note && !rest.trim().is_empty() {
                return at;
            }
        }
        is_called |= text.contains("[1]");
        is_signed |= text.ends_with("./.") || text.contains("XÁC THỰC VĂN BẢN HỢP NHẤT");
    }
    lines.len()
}

/// The first line in `from..to` that belongs to the closing, or `to`.
pub(super) fn closing_start(lines: &[Line], from: usize, to: usize) -> usize {
    for at in from..to {
        let Some(line) = lines.get(at).filter(|line| !line.is_quoted) else { continue };
        if is_closing(&line.text) {
            return at;
        }
        if line.table.is_none() && line.text.trim_end().ends_with("./.") {
            return (at + 1).min(to);
        }
    }
    to
}

/// Recipients, or the head of a signature.
pub(super) fn is_closing(text: &str) -> bool {
    is_end(text) || is_office(text) || is_adoption(text)
}

/// What ends a document without doubt.
fn is_end(text: &str) -> bool {
    ["Nơi nhận", "TM. ", "TM.", "KT. ", "TUQ. ", "T/M ", "TL. "]
        .iter()
        .any(|start| text.starts_with(start))
        && text.len() < 400
        && (text.starts_with("Nơi nhận") || is_capitals(text.get(..40).unwrap_or(text)))
        || text.starts_with("XÁC THỰC VĂN BẢN HỢP NHẤT")
        || text.starts_with("NƠI NHẬN")
}

/// "CHỦ TỊCH QUỐC HỘI" alone on its line.
fn is_office(text: &str) -> bool {
    text.len() < 80
        && is_capitals(text)
        && OFFICES.iter().any(|office| text.starts_with(office))
        && !text.contains(['.', ';', ':'])
}

const OFFICES: &[&str] = &[
    "CHỦ TỊCH",
    "PHÓ CHỦ TỊCH",
    "BỘ TRƯỞNG",
    "THỨ TRƯỞNG",
    "THỦ TƯỚNG",
    "PHÓ THỦ TƯỚNG",
    "GIÁM ĐỐC",
    "PHÓ GIÁM ĐỐC",
    "TỔNG GIÁM ĐỐC",
    "CHÁNH ÁN",
    "VIỆN TRƯỞNG",
    "TỔNG KIỂM TOÁN",
    "THỐNG ĐỐC",
    "PHÓ THỐNG ĐỐC",
    "CHỦ NHIỆM",
    "TỔNG THANH TRA",
    "CHÁNH VĂN PHÒNG",
    "TRƯỞNG BAN",
    "CỤC TRƯỞNG",
];

/// "Luật này được Quốc hội … thông qua ngày …".
fn is_adoption(text: &str) -> bool {
    ["Luật này", "Bộ luật này", "Nghị quyết này", "Pháp lệnh này", "Hiến pháp này"]
        .iter()
        .filter_map(|start| text.strip_prefix(start))
        .any(|rest| {
            let rest = rest.trim_start();
            let rest = rest.strip_prefix("đã ").unwrap_or(rest);
            rest.starts_with("được ")
                && rest.contains("thông qua")
                && (rest.contains("Quốc hội") || rest.contains("Hội đồng nhân dân"))
        })
}

/// First lines of the annexes. None starts before line `from`, where the first unit stands.
pub(super) fn annex_starts(lines: &[Line], from: usize) -> Vec<usize> {
    let mut starts: Vec<usize> = Vec::new();
    let mut is_ended = false;
    let mut floor = from;
    for (at, line) in lines.iter().enumerate().skip(from) {
        if line.is_quoted || line.table.is_some() {
            continue;
        }
        let text = line.text.as_str();
        if is_issued_with(text) {
            let start = title_start(lines, floor, at);
            let is_new = starts.last().is_none_or(|last| start > *last);
            if start < at && is_new && start > from {
                starts.push(start);
            }
            floor = at + 1;
        } else if is_annex_title(text)
            && (is_ended || line.is_centred || is_capitals(text))
            && at > from
        {
            let is_known = starts.last().is_some_and(|last| *last + 1 >= at);
            if !is_known && (is_ended || is_followed_by_issue(lines, at)) {
                starts.push(at);
                floor = at;
            }
        } else if starts.is_empty() && is_ended && restarts(lines, from, at) {
            let start = title_start(lines, floor, at);
            starts.push(start);
            floor = at + 1;
        }
        if text.trim_end().ends_with("./.") || is_end(text) {
            is_ended = true;
            floor = floor.max(at + 1);
        }
    }
    drop_inner(lines, starts)
}

/// A form printed inside an article has a title too: where the articles go on behind it, no annex begins.
fn drop_inner(lines: &[Line], starts: Vec<usize>) -> Vec<usize> {
    if starts.is_empty() {
        return starts;
    }
    let articles: Vec<(usize, Rank)> = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| !line.is_quoted && line.table.is_none())
        .filter_map(|(at, line)| Some((at, marker::structure(&line.text)?)))
        .filter(|(_, marker)| marker.kind == UnitKind::Article && marker.rank.minor == 0)
        .map(|(at, marker)| (at, marker.rank))
        .collect();
    let goes_on = |start: usize| {
        let cut = articles.partition_point(|(at, _)| *at < start);
        let last = articles.get(..cut).and_then(|before| before.last());
        let next = articles.get(cut);
        last.zip(next).is_some_and(|((_, last), (_, next))| next.major == last.major + 1)
    };
    starts.into_iter().filter(|start| !goes_on(*start)).collect()
}

/// "(Ban hành kèm theo Quyết định số …)".
fn is_issued_with(text: &str) -> bool {
    if !text.starts_with(['(', 'B', 'K', 'b', 'k']) || text.len() > 600 {
        return false;
    }
    let start: String = text.chars().take(24).collect();
    let start = fold(&start);
    let in_brackets = start.starts_with("(ban hanh kem") || start.starts_with("(kem theo");
    in_brackets || start.starts_with("ban hanh kem theo") && text.len() < 200
}

/// Goes up from a line over the capitals of a title.
fn title_start(lines: &[Line], floor: usize, at: usize) -> usize {
    let mut start = at;
    while start > floor && at - start < 8 {
        let Some(line) = lines.get(start - 1) else { break };
        let is_title = line.table.is_none()
            && (is_capitals(&line.text)
                || line.is_centred
                || is_annex_title(&line.text)
                || marker::structure(&line.text)
                    .is_some_and(|marker| marker.kind < UnitKind::Article))
            && !is_closing(&line.text);
        if !is_title {
            break;
        }
        start -= 1;
    }
    start
}

/// "PHỤ LỤC", "Phụ lục II", "PHỤ LỤC 1. DANH MỤC …", "Mẫu số 01".
fn is_annex_title(text: &str) -> bool {
    annex_label(text).is_some_and(|(_, rest)| rest.is_empty() || is_capitals(rest))
}

/// "PHỤ LỤC II" of a line, and what follows.
pub(super) fn annex_label(text: &str) -> Option<(&str, &str)> {
    let word = ["PHỤ LỤC", "Phụ lục"].iter().find(|word| text.starts_with(**word))?;
    let after = text.get(word.len()..)?;
    if after.starts_with(char::is_alphanumeric) {
        return None;
    }
    let mut end = word.len();
    for (count, part) in after.split_inclusive(' ').enumerate() {
        let bare = part.trim().trim_end_matches(['.', ':', '-', '–']);
        let is_word = fold(bare) == "so";
        let is_number = !bare.is_empty()
            && bare.len() <= 6
            && (bare.starts_with(|first: char| first.is_ascii_digit())
                || bare.bytes().all(|byte| b"IVXLC".contains(&byte))
                || bare.len() == 1);
        if bare.is_empty() || is_word {
            end += part.len();
        } else if is_number && count <= 3 {
            end += part.len();
            break;
        } else {
            break;
        }
    }
    let label = text.get(..end)?.trim().trim_end_matches(['.', ':', '-', '–', ' ']);
    let rest = text.get(end..)?.trim_start_matches(['.', ':', '-', '–', ' ']);
    Some((label, rest))
}

fn is_followed_by_issue(lines: &[Line], at: usize) -> bool {
    lines.iter().skip(at + 1).take(6).any(|line| is_issued_with(&line.text))
}

/// Does a second numbering of articles begin here, after the document has ended?
fn restarts(lines: &[Line], from: usize, at: usize) -> bool {
    at > from
        && lines.get(at).and_then(|line| marker::structure(&line.text)).is_some_and(|marker| {
            marker.kind == UnitKind::Article && marker.rank == Rank::new(1) && marker.is_strong
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_label_of_an_annex_is_told_from_its_title() {
        assert_eq!(annex_label("PHỤ LỤC II"), Some(("PHỤ LỤC II", "")));
        assert_eq!(annex_label("Phụ lục số 01. DANH MỤC"), Some(("Phụ lục số 01", "DANH MỤC")));
        assert_eq!(annex_label("PHỤ LỤC DANH MỤC"), Some(("PHỤ LỤC", "DANH MỤC")));
        assert!(!is_annex_title("Phụ lục II của Nghị định này"));
    }

    #[test]
    fn signatures_and_recipients_close_a_document() {
        for text in ["Nơi nhận:", "TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "CHỦ TỊCH QUỐC HỘI"]
        {
            assert!(is_closing(text), "{text}");
        }
        assert!(is_closing(
            "Luật này được Quốc hội nước … khóa XV thông qua ngày 01 tháng 6 năm 2026."
        ));
        for text in ["Chủ tịch Ủy ban nhân dân tỉnh có trách nhiệm:", "Nghị quyết này có hiệu lực"]
        {
            assert!(!is_closing(text), "{text}");
        }
    }
}
