//! Paragraphs of any source become a document: metadata, tree, annexes, notes, doubts.

mod body;
mod flow;
pub(crate) mod line;
mod marker;
mod number;
mod print;
mod quotation;
mod sequence;
mod tree;
mod zone;

use kernel::paragraph::Paragraph;

use crate::metadata;
use crate::model::{Annex, Block, Doubt, LegalDocument, Note, Unit, UnitKind};
use body::Row;
use line::Line;
pub use print::plain_text;

/// Reads a document. Every input gives a document; what is unsure is among its doubts. Takes time in
/// proportion to the text.
#[must_use]
pub fn read(paragraphs: &[Paragraph]) -> LegalDocument {
    let mut lines = line::lines(paragraphs);
    let notes_start = zone::notes_start(&lines);
    let note_lines = lines.split_off(notes_start);
    quotation::mark(&mut lines);

    let annexes_from = tree::first_mark(&lines).unwrap_or_else(|| first_clause(&lines));
    let annex_starts = zone::annex_starts(&lines, annexes_from);
    let main_end = annex_starts.first().copied().unwrap_or(lines.len());
    let main = lines.get(..main_end).unwrap_or(&lines);

    let mut document = LegalDocument::default();
    let (head, body_end) = read_main(main, &mut document);
    document.closing = texts(main.get(body_end..).unwrap_or(&[]));
    document.notes = notes(&note_lines);
    for (at, start) in annex_starts.iter().enumerate() {
        let end = annex_starts.get(at + 1).copied().unwrap_or(lines.len());
        let own = lines.get(*start..end).unwrap_or(&[]);
        document.annexes.push(annex(own, at, &mut document.doubts));
    }
    metadata::fill(&mut document, head);
    document
}

/// Reads a document given as text, one paragraph a line.
#[must_use]
pub fn of_text(text: &str) -> LegalDocument {
    read(&line::paragraphs_of(text))
}

/// Reads the text of one article given alone, one paragraph a line: its own text, its clauses or points,
/// and the text after them.
#[must_use]
pub fn article_body(text: &str) -> (Vec<Block>, Vec<Unit>, Vec<Block>) {
    let lines: Vec<String> =
        text.lines().map(line::clean).filter(|line| !line.is_empty()).collect();
    let texts: Vec<&str> = lines.iter().map(String::as_str).collect();
    let mut rows: Vec<Row<'_>> = texts.iter().copied().map(Row::plain).collect();
    for (start, end) in quotation::spans(&texts) {
        for row in rows.iter_mut().take(end + 1).skip(start + 1) {
            row.is_quoted = true;
        }
    }
    let body = body::read(&rows, "", &mut Vec::new());
    (body.blocks, body.units, body.tail)
}

/// Reads the tree of the document itself; gives the lines of its head, and where its body ends.
fn read_main<'a>(main: &'a [Line], document: &mut LegalDocument) -> (&'a [Line], usize) {
    let starts = tree::starts(main);
    let Some((first, last)) = starts.first().zip(starts.last()) else {
        return read_without_units(main, document);
    };
    let last_article = starts
        .iter()
        .rev()
        .find(|start| start.marker.kind == UnitKind::Article)
        .map_or(last.line, |start| start.line);
    let body_end = zone::closing_start(main, last_article + 1, main.len());
    document.units = tree::build(main, &starts, body_end, "", &mut document.doubts);
    if last_article == last.line && last.marker.kind != UnitKind::Article {
        document.doubts.push(no_articles());
    }
    (main.get(..first.line).unwrap_or(&[]), body_end)
}

/// A directive or a letter: clauses under no article, or text alone.
fn read_without_units<'a>(main: &'a [Line], document: &mut LegalDocument) -> (&'a [Line], usize) {
    let first = first_clause(main);
    let from = if first < main.len() { first } else { 0 };
    let body_end = zone::closing_start(main, (from + 1).min(main.len()), main.len());
    let rows: Vec<Row<'_>> =
        main.get(first..body_end).unwrap_or(&[]).iter().map(Row::from).collect();
    let body = body::read(&rows, "", &mut document.doubts);
    document.units = body.units;
    if !main.is_empty() {
        document.doubts.push(no_articles());
    }
    (main.get(..first.min(body_end)).unwrap_or(&[]), body_end)
}

fn first_clause(lines: &[Line]) -> usize {
    let is_first = |line: &Line| {
        line.table.is_none()
            && !line.is_quoted
            && marker::clause(&line.text)
                .is_some_and(|marker| marker.is_strong && marker.rank == number::Rank::new(1))
    };
    lines.iter().position(is_first).unwrap_or(lines.len())
}

fn no_articles() -> Doubt {
    Doubt {
        code: "no-articles".to_owned(),
        place: String::new(),
        message: "Không tìm thấy Điều nào trong văn bản; đề nghị kiểm tra lại bố cục.".to_owned(),
    }
}

fn texts(lines: &[Line]) -> Vec<String> {
    lines.iter().map(|line| line.text.clone()).collect()
}

/// Endnotes: "[3] Khoản này …", each with the lines up to the next.
fn notes(lines: &[Line]) -> Vec<Note> {
    let mut notes: Vec<Note> = Vec::new();
    for line in lines {
        let opened = line.text.strip_prefix('[').and_then(|text| text.split_once(']'));
        let number = opened.filter(|(number, _)| {
            !number.is_empty()
                && number.len() <= 4
                && number.bytes().all(|byte| byte.is_ascii_digit())
        });
        if let Some((number, text)) = number {
            notes.push(Note { number: number.to_owned(), text: text.trim_start().to_owned() });
        } else if let Some(last) = notes.last_mut() {
            if !last.text.is_empty() {
                last.text.push('\n');
            }
            last.text.push_str(&line.text);
        }
    }
    notes
}

/// One annex: its label, its title, and its own tree if it has one.
fn annex(lines: &[Line], place: usize, doubts: &mut Vec<Doubt>) -> Annex {
    let mut annex = Annex::default();
    let mut title: Vec<&str> = Vec::new();
    let mut taken = 0;
    if let Some(first) = lines.first() {
        let (label, rest) = zone::annex_label(&first.text).unwrap_or((&first.text, ""));
        annex.label = sentence_case(label);
        title.extend((!rest.is_empty()).then_some(rest));
        taken = 1;
    }
    for line in lines.iter().skip(1).take(6) {
        let is_title = line.table.is_none()
            && (marker::is_capitals(&line.text) || line.is_centred && line.is_bold)
            && !line.text.starts_with('(')
            && marker::structure(&line.text).is_none()
            && marker::roman_section(&line.text).is_none();
        if !is_title {
            break;
        }
        title.push(&line.text);
        taken += 1;
    }
    annex.heading = title.join(" ");
    let rest = lines.get(taken..).unwrap_or(&[]);
    let starts = if has_tree(rest) { tree::starts(rest) } else { Vec::new() };
    let Some((first, last)) = starts.first().zip(starts.last()) else {
        annex.blocks = tree::blocks(rest);
        return annex;
    };
    let end = zone::closing_start(rest, last.line + 1, rest.len());
    annex.blocks = tree::blocks(rest.get(..first.line).unwrap_or(&[]));
    let prefix = format!("phu-luc-{}", place + 1);
    annex.units = tree::build(rest, &starts, end, &prefix, doubts);
    annex.blocks.extend(tree::blocks(rest.get(end..).unwrap_or(&[])));
    annex
}

/// Forms and lists print "Điều 1" too, often several times: only one numbering from 1 is a tree.
fn has_tree(lines: &[Line]) -> bool {
    let mut firsts = 0_usize;
    let mut seconds = 0_usize;
    for line in lines.iter().filter(|line| !line.is_quoted && line.table.is_none()) {
        if let Some(marker) = marker::structure(&line.text)
            && marker.kind == UnitKind::Article
        {
            firsts += usize::from(marker.rank == number::Rank::new(1));
            seconds += usize::from(marker.rank == number::Rank::new(2));
        }
    }
    firsts == 1 && seconds >= 1
}

/// "PHỤ LỤC II" → "Phụ lục II", "QUY CHẾ" → "Quy chế"; longer ones stay as printed.
fn sentence_case(label: &str) -> String {
    if !marker::is_capitals(label) || label.chars().count() > 24 {
        return label.to_owned();
    }
    let words = label.split(' ').enumerate().map(|(at, word)| {
        let is_number = at > 0 && (number::roman(word).is_some() || word.len() == 1);
        if is_number {
            word.to_owned()
        } else if at == 0 {
            let mut letters = word.chars();
            let first: String = letters.next().into_iter().collect();
            first + &letters.as_str().to_lowercase()
        } else {
            word.to_lowercase()
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
