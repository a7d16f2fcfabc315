//! Paragraphs of any source made ready for reading: clean text, one thing a line, layout tables opened.

use std::borrow::Cow;

use kernel::paragraph::{Paragraph, Table};
use kernel::text::{clean_line, fold};

use super::flow;
use super::marker;
use super::number;

/// One line of the document.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Line {
    pub text: String,
    pub is_bold: bool,
    pub is_centred: bool,
    pub table: Option<Table>,
    /// It stands inside a quotation that began on an earlier line: text of another document.
    pub is_quoted: bool,
}

impl Line {
    fn new(text: String) -> Self {
        Self { text, ..Self::default() }
    }
}

/// Are its letters capitals, single slips aside?
pub(crate) fn is_capitals(text: &str) -> bool {
    marker::is_capitals(text)
}

/// Does it open a clause: "1. …"?
pub(crate) fn is_clause(text: &str) -> bool {
    marker::clause(text).is_some()
}

/// The text on one line in NFC, with the Vietnamese Đ for the Icelandic one that some copies have.
pub(crate) fn clean(text: &str) -> String {
    let clean = clean_line(text);
    if clean.contains(['Ð', 'ð']) { clean.replace('Ð', "Đ").replace('ð', "đ") } else { clean }
}

/// All lines of the document, without empty ones and drawn rules.
pub(crate) fn lines(paragraphs: &[Paragraph]) -> Vec<Line> {
    let mut all = Vec::with_capacity(paragraphs.len());
    for paragraph in paragraphs {
        match &paragraph.table {
            Some(table) if is_layout(table) => open_table(table, &mut all),
            Some(table) => all.push(Line {
                text: clean(&paragraph.text),
                table: Some(clean_table(table)),
                ..Line::default()
            }),
            None => add_paragraph(paragraph, &mut all),
        }
    }
    drop_running_titles(&mut all);
    flow::unwrapped(all)
}

fn add_paragraph(paragraph: &Paragraph, all: &mut Vec<Line>) {
    for (at, part) in paragraph.text.lines().enumerate() {
        let text = undecorated(clean(part));
        let text = match &paragraph.list_number {
            Some(number) if at == 0 && !number.trim().is_empty() => {
                clean(&format!("{} {text}", number.trim()))
            }
            _ => text,
        };
        if text.is_empty() || is_rule(&text) {
            continue;
        }
        for piece in pieces(&text).iter().flat_map(|piece| flow::pieces(piece)) {
            all.push(Line {
                is_bold: paragraph.bold,
                is_centred: paragraph.centred,
                ..Line::new(piece.trim().to_owned())
            });
        }
    }
}

/// Without the signs of Markdown: "## Điều 1", "**PHỤ LỤC**", "*Nơi nhận:*".
fn undecorated(text: String) -> String {
    let is_decorated = text.starts_with(['#', '*', '_']) || text.contains("**");
    if !is_decorated {
        return text;
    }
    let inner = text.trim_start_matches('#').trim_start().replace("**", "");
    let inner = inner.trim();
    let inner = inner.strip_prefix('*').and_then(|inner| inner.strip_suffix('*')).unwrap_or(inner);
    inner.trim().to_owned()
}

/// A line drawn with signs: "-----", "*****".
fn is_rule(text: &str) -> bool {
    text.len() >= 2
        && text.chars().all(|sign| matches!(sign, '-' | '_' | '=' | '*' | '–' | '—' | ' '))
}

/// Is the table there only to set the head or the signature in two columns?
fn is_layout(table: &Table) -> bool {
    if table.rows.len() > 6 || table.rows.iter().any(|row| row.len() > 3) {
        return false;
    }
    let length: usize = table.rows.iter().flatten().map(|cell| cell.text.len()).sum();
    if length > 4_000 {
        return false;
    }
    let cells = table.rows.iter().flatten();
    cells.map(|cell| fold(&cell.text)).any(|text| {
        text.contains("cong hoa xa hoi chu nghia")
            || text.contains("doc lap - tu do")
            || text.starts_with("noi nhan")
            || text.starts_with("tm. ")
            || text.starts_with("kt. ")
            || text.starts_with("xac thuc van ban hop nhat")
    })
}

fn open_table(table: &Table, all: &mut Vec<Line>) {
    for cell in table.rows.iter().flatten() {
        for part in cell.text.lines() {
            let text = clean(part);
            if !text.is_empty() && !is_rule(&text) {
                all.extend(
                    pieces(&text).into_iter().map(|piece| Line::new(piece.trim().to_owned())),
                );
            }
        }
    }
}

fn clean_table(table: &Table) -> Table {
    let mut table = table.clone();
    for cell in table.rows.iter_mut().flatten() {
        cell.text = cell.text.lines().map(clean).collect::<Vec<_>>().join("\n");
    }
    table
}

/// Some copies run several things together on one line: the parts, each on its own.
fn pieces(text: &str) -> Vec<Cow<'_, str>> {
    let mut cuts = Vec::new();
    for (at, _) in text.match_indices(' ') {
        let rest = text.get(at + 1..text.floor_char_boundary(at + 1 + NEAR)).unwrap_or("");
        let before = text.get(text.floor_char_boundary(at.saturating_sub(NEAR))..at).unwrap_or("");
        if starts_something(before, rest) {
            cuts.push(at);
        }
    }
    let mut all = Vec::with_capacity(cuts.len() + 1);
    let mut start = 0;
    for cut in cuts {
        all.push(Cow::Borrowed(text.get(start..cut).unwrap_or("")));
        start = cut + 1;
    }
    all.push(Cow::Borrowed(text.get(start..).unwrap_or("")));
    all.retain(|piece| !piece.trim().is_empty() && !is_rule(piece));
    all
}

/// How far around a place one looks, in bytes: enough for a heading, and the same work for a line of any
/// length.
const NEAR: usize = 400;

/// Does something new begin in the middle of a line?
fn starts_something(before: &str, rest: &str) -> bool {
    match rest.chars().next() {
        // "… ban hành. Chương I NHỮNG QUY ĐỊNH CHUNG", "QUY ĐỊNH CHUNG Điều 1. Phạm vi".
        Some('C' | 'M' | 'P' | 'T' | 'Đ') => {
            if rest.starts_with("CỘNG HÒA XÃ HỘI") || rest.starts_with("CỘNG HOÀ XÃ HỘI")
            {
                return true;
            }
            let ends = before.ends_with(['.', ')', ']', ';', '/', ':']);
            let Some(last) = last_word(before) else { return false };
            let is_high = is_capitals(last);
            let in_sentence = !ends && !is_high;
            if in_sentence || !may_open(rest) {
                return false;
            }
            marker::structure(rest).is_some_and(|marker| {
                marker.is_strong
                    && !marker.rest.is_empty()
                    && (is_capitals(first_words(marker.rest))
                        || (is_high && is_heading_line(before) && marker.mark == marker::Mark::Dot))
            })
        }
        Some('X') if rest.starts_with("XÁC THỰC VĂN BẢN HỢP NHẤT") => true,
        // "XÁC THỰC VĂN BẢN HỢP NHẤT CHỦ NHIỆM Trần Văn A [1] Luật số …".
        Some('[') => rest.starts_with("[1] ") && before.contains("XÁC THỰC VĂN BẢN HỢP NHẤT"),
        // "c)[11] (được bãi bỏ) d)[12] (được bãi bỏ)".
        Some('a'..='y' | 'đ' | '0'..='9') => {
            before.ends_with(')')
                && REPEALED.iter().any(|remark| before.ends_with(remark))
                && (number::letter(rest).is_some_and(|(_, _, after)| after.starts_with(')'))
                    || marker::clause(rest).is_some())
        }
        _ => false,
    }
}

const REPEALED: &[&str] = &["(được bãi bỏ)", "(bãi bỏ)", "(đã bãi bỏ)", "(hết hiệu lực)"];

fn may_open(rest: &str) -> bool {
    [
        "Chương ",
        "CHƯƠNG ",
        "Mục ",
        "MỤC ",
        "Phần ",
        "PHẦN ",
        "Tiểu mục ",
        "TIỂU MỤC ",
        "Điều ",
        "ĐIỀU ",
    ]
    .iter()
    .any(|word| rest.starts_with(word))
}

fn last_word(text: &str) -> Option<&str> {
    text.rsplit(' ').next()
}

/// The first words of a heading, enough to see whether it is in capitals.
fn first_words(text: &str) -> &str {
    let end = text.match_indices(' ').nth(1).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or(text)
}

/// "Chương I NHỮNG QUY ĐỊNH CHUNG".
fn is_heading_line(text: &str) -> bool {
    text.len() < NEAR && (marker::structure(text).is_some() || text.contains(". Chương "))
}

/// Some copies repeat the document's title before each chapter: what repeats the first line goes.
fn drop_running_titles(all: &mut Vec<Line>) {
    let Some(title) = all.first().map(|line| line.text.trim_end_matches('.').to_owned()) else {
        return;
    };
    if title.len() < 20 {
        return;
    }
    // Where the copy broke the line inside the heading ("… ban hành. Mục" / "2. VẬN HÀNH …"), its word goes
    // back to it.
    let mut broken: Option<String> = None;
    for line in all.iter_mut().skip(1) {
        if let Some(word) = broken.take() {
            line.text = format!("{word} {}", line.text);
        }
        let rest = line.text.strip_prefix(&title).map(|rest| rest.trim_matches(['.', ' ']));
        if let Some(word @ ("Phần" | "Chương" | "Mục" | "Tiểu mục")) = rest {
            broken = Some(word.to_owned());
            line.text.clone_from(&title);
        }
    }
    let mut is_first = true;
    all.retain(|line| {
        let keep = is_first || line.text.trim_end_matches('.') != title;
        is_first = false;
        keep
    });
}

/// A text as paragraphs, one a line.
pub(crate) fn paragraphs_of(text: &str) -> Vec<Paragraph> {
    text.lines().filter(|line| !line.trim().is_empty()).map(Paragraph::plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<String> {
        pieces(text).iter().map(|piece| piece.trim().to_owned()).collect()
    }

    #[test]
    fn what_a_copy_has_run_together_is_taken_apart() {
        assert_eq!(
            split("Luật Thủy lợi. Chương I NHỮNG QUY ĐỊNH CHUNG"),
            ["Luật Thủy lợi.", "Chương I NHỮNG QUY ĐỊNH CHUNG"]
        );
        assert_eq!(
            split("c)[11] (được bãi bỏ) d)[12] (được bãi bỏ)"),
            ["c)[11] (được bãi bỏ)", "d)[12] (được bãi bỏ)"]
        );
        assert_eq!(
            split("Chương I QUY ĐỊNH CHUNG Điều 1. Phạm vi điều chỉnh"),
            ["Chương I QUY ĐỊNH CHUNG", "Điều 1. Phạm vi điều chỉnh"]
        );
    }

    #[test]
    fn a_sentence_that_cites_a_chapter_stays_whole() {
        for text in [
            "theo quy định tại Điều 5. Trường hợp khác theo Chương II Luật này.",
            "Quy định này. Chương II của Luật số 57/2020/QH14",
            "(được bãi bỏ) theo quy định",
        ] {
            assert_eq!(split(text).len(), 1, "{text}");
        }
    }
}
