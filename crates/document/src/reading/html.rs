//! HTML pages: blocks to paragraphs, tables, lists; no program runs and nothing is fetched.

use kernel::paragraph::Paragraph;

use super::docx::numbering::number_in;
use super::encoding::{self, clean};
use super::grid::{self, RawCell, Row};
use super::piece::Piece;
use super::{Format, Notice, Reading, text};

mod entity;
mod token;

use self::token::{Tag, Token, Tokens};

/// Elements within each other; deeper ones are read as if they were not nested.
const DEEPEST: usize = 256;
/// Tables within each other.
const MOST_TABLES: usize = 16;
/// Names by which a page is known.
const KNOWN: [&str; 19] = [
    "html",
    "head",
    "body",
    "meta",
    "div",
    "p",
    "table",
    "span",
    "br",
    "h1",
    "h2",
    "h3",
    "center",
    "font",
    "tr",
    "td",
    "ul",
    "ol",
    "akomantoso",
];

/// Does the start of a text look like HTML or XML?
pub(super) fn looks_like_markup(start: &str) -> bool {
    let start = start.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
    let name = |rest: &str| -> String {
        let name = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == ':');
        let name = name.collect::<String>().to_ascii_lowercase();
        name.rsplit(':').next().unwrap_or_default().to_owned()
    };
    let is_first =
        |rest: &str| rest.starts_with(['!', '?']) || KNOWN.contains(&name(rest).as_str());
    if start.strip_prefix('<').is_some_and(is_first) {
        return true;
    }
    let tags = start.match_indices('<').filter(|(at, _)| {
        start.get(at + 1..).is_some_and(|rest| KNOWN.contains(&name(rest).as_str()))
    });
    tags.take(3).count() == 3
}

/// Is the first element of the file an Akoma Ntoso document?
pub(super) fn is_akoma_ntoso(text: &str) -> bool {
    Tokens::new(text)
        .take(8)
        .find_map(|token| match token {
            Token::Open(tag) => Some(tag.name),
            _ => None,
        })
        .is_some_and(|name| name.rsplit(':').next() == Some("akomantoso"))
}

/// The page as text: by its mark, else by what it says about itself, else by what makes sense.
pub(super) fn decode(bytes: &[u8]) -> (String, Vec<Notice>) {
    let head = bytes.get(..bytes.len().min(2_048)).unwrap_or_default();
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let label = ["charset=", "encoding="].iter().find_map(|key| {
        let value = head.split_once(key)?.1.trim_start_matches(['"', '\'', ' ']);
        let end = value.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'))?;
        value.get(..end)
    });
    let has_mark = bytes.starts_with(b"\xEF\xBB\xBF") || bytes.starts_with(b"\xFF\xFE");
    let (text, encoding) = match label.filter(|_| !has_mark) {
        Some(label) => encoding::decode_labelled(bytes, label),
        None => encoding::decode(bytes),
    };
    let notices = text::of_encoding(encoding, &text);
    (text, notices)
}

/// Reads a page.
pub(super) fn read(text: &str, mut notices: Vec<Notice>) -> Reading {
    let mut page = Page::default();
    for token in Tokens::new(text) {
        match token {
            Token::Text(text) => page.text(&text),
            Token::Open(tag) => page.open(&tag),
            Token::Close(name) => page.close(&name),
        }
    }
    while !page.tables.is_empty() {
        page.end_table();
    }
    page.flush();
    if page.paragraphs.is_empty() {
        notices.push(Notice::no_text());
    }
    Reading::of(Format::Html, page.paragraphs, notices)
}

/// An element that is open, with the looks of what it holds.
#[derive(Clone, Default)]
struct Open {
    name: String,
    bold: bool,
    italic: bool,
    centred: bool,
    hidden: bool,
    is_heading: bool,
    keeps_lines: bool,
    list: Option<List>,
}

/// A list and its next number.
#[derive(Clone)]
struct List {
    format: Option<&'static str>,
    next: u32,
}

#[derive(Default)]
struct TableInWork {
    rows: Vec<Row>,
    /// Columns and rows of the open cell, and its paragraphs.
    cell: Option<RawCell>,
    /// Elements open when it began: a closing tag never reaches beyond.
    floor: usize,
}

#[derive(Default)]
struct Page {
    paragraphs: Vec<Paragraph>,
    open: Vec<Open>,
    tables: Vec<TableInWork>,
    piece: Piece,
    number: Option<String>,
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "ul"
            | "ol"
            | "li"
            | "dl"
            | "dt"
            | "dd"
            | "blockquote"
            | "pre"
            | "section"
            | "article"
            | "header"
            | "footer"
            | "main"
            | "aside"
            | "nav"
            | "address"
            | "center"
            | "form"
            | "fieldset"
            | "figure"
            | "figcaption"
            | "hr"
            | "body"
            | "html"
            | "head"
            | "caption"
            | "table"
            | "tr"
            | "td"
            | "th"
            | "thead"
            | "tbody"
            | "tfoot"
            | "option"
            | "button"
    )
}

fn has_no_end(name: &str) -> bool {
    matches!(
        name,
        "br" | "hr"
            | "img"
            | "meta"
            | "link"
            | "input"
            | "col"
            | "base"
            | "area"
            | "wbr"
            | "embed"
            | "source"
            | "track"
            | "param"
    )
}

impl Page {
    fn state(&self) -> Open {
        self.open.last().cloned().unwrap_or_default()
    }

    fn text(&mut self, text: &str) {
        let Some(state) = self.open.last() else {
            return self.piece.push(text, false, false);
        };
        if state.hidden {
            return;
        }
        let (bold, italic) = (state.bold, state.italic);
        if !state.keeps_lines {
            return self.piece.push(text, bold, italic);
        }
        for (at, line) in text.split('\n').enumerate() {
            if at > 0 {
                self.flush();
            }
            self.piece.push(line, bold, italic);
        }
    }

    fn open(&mut self, tag: &Tag) {
        let name = tag.name.as_str();
        match name {
            "br" if self.open.last().is_some_and(|state| state.is_heading) => {
                return self.text(" ");
            }
            "br" | "hr" => return self.flush(),
            _ if has_no_end(name) => return,
            _ => {}
        }
        self.close_implied(name);
        if is_block(name) {
            self.flush();
        }
        match name {
            "table" => self.begin_table(),
            "tr" => {
                self.end_cell();
                if let Some(table) = self.tables.last_mut() {
                    table.rows.push(Row::default());
                }
            }
            "td" | "th" => self.begin_cell(tag),
            "li" => self.begin_item(tag),
            _ => {}
        }
        if self.open.len() < DEEPEST {
            let state = looks(self.state(), tag);
            self.open.push(state);
        }
    }

    /// Elements that the opening of another one ends.
    fn close_implied(&mut self, name: &str) {
        let floor = self.tables.last().map_or(0, |table| table.floor);
        let (closed, stops): (&[&str], &[&str]) = match name {
            "li" => (&["li"], &["ul", "ol"]),
            "td" | "th" => (&["td", "th"], &["tr"]),
            "tr" => (&["tr"], &[]),
            "dt" | "dd" => (&["dt", "dd"], &["dl"]),
            "option" => (&["option"], &[]),
            _ if is_block(name) => (&["p"], &["td", "th", "li", "div", "body"]),
            _ => return,
        };
        for at in (floor..self.open.len()).rev() {
            let Some(open) = self.open.get(at).map(|open| open.name.as_str()) else { return };
            if stops.contains(&open) {
                return;
            }
            if closed.contains(&open) {
                self.flush();
                self.open.truncate(at);
                return;
            }
        }
    }

    fn close(&mut self, name: &str) {
        if name == "p" || is_block(name) {
            self.flush();
        }
        match name {
            "table" => return self.end_table(),
            "td" | "th" | "tr" => self.end_cell(),
            // A number never goes beyond its item.
            "li" => self.number = None,
            _ => {}
        }
        let floor = self.tables.last().map_or(0, |table| table.floor);
        let found = self.open.iter().rposition(|open| open.name == name);
        if let Some(at) = found.filter(|at| *at >= floor) {
            self.open.truncate(at);
        }
    }

    fn begin_item(&mut self, tag: &Tag) {
        let given = tag.attribute("value").and_then(|value| value.parse::<u32>().ok());
        let Some(list) = self.open.iter_mut().rev().find_map(|open| open.list.as_mut()) else {
            return;
        };
        let Some(format) = list.format else {
            self.number = Some("-".to_owned());
            return;
        };
        let number = given.unwrap_or(list.next);
        list.next = number.saturating_add(1);
        self.number = Some(format!("{}.", number_in(format, number)));
    }

    fn begin_table(&mut self) {
        if self.tables.len() < MOST_TABLES {
            self.tables.push(TableInWork { floor: self.open.len(), ..TableInWork::default() });
        }
    }

    fn begin_cell(&mut self, tag: &Tag) {
        self.end_cell();
        let span = |name: &str| tag.attribute(name).and_then(|value| value.trim().parse().ok());
        let columns = span("colspan").unwrap_or(1_u32);
        let rows = span("rowspan").unwrap_or(1);
        if let Some(table) = self.tables.last_mut() {
            let columns = usize::try_from(columns).unwrap_or(1);
            table.cell = Some(RawCell { columns, rows, ..RawCell::default() });
        }
    }

    fn end_cell(&mut self) {
        self.flush();
        let Some(table) = self.tables.last_mut() else { return };
        let Some(cell) = table.cell.take() else { return };
        if table.rows.is_empty() {
            table.rows.push(Row::default());
        }
        if let Some(row) = table.rows.last_mut() {
            row.push(cell);
        }
    }

    fn end_table(&mut self) {
        self.end_cell();
        let Some(table) = self.tables.pop() else { return };
        self.open.truncate(table.floor);
        let paragraphs = grid::paragraphs(table.rows);
        match self.tables.last_mut().and_then(|outer| outer.cell.as_mut()) {
            Some(cell) => cell.paragraphs.extend(paragraphs),
            None => self.paragraphs.extend(paragraphs),
        }
    }

    /// Ends the paragraph in work.
    fn flush(&mut self) {
        let piece = std::mem::take(&mut self.piece);
        let text = clean(&piece.text);
        if text.is_empty() {
            return;
        }
        let paragraph = Paragraph {
            bold: piece.bold(),
            italic: piece.italic(),
            centred: self.open.last().is_some_and(|state| state.centred),
            list_number: self.number.take(),
            ..Paragraph::plain(text)
        };
        match self.tables.last_mut().and_then(|table| table.cell.as_mut()) {
            Some(cell) => cell.paragraphs.push(paragraph),
            None => self.paragraphs.push(paragraph),
        }
    }
}

/// The looks within an element, from those around it.
fn looks(around: Open, tag: &Tag) -> Open {
    let mut state = Open { name: tag.name.clone(), list: None, ..around };
    match tag.name.as_str() {
        "b" | "strong" | "th" => state.bold = true,
        "i" | "em" | "cite" | "var" => state.italic = true,
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => (state.bold, state.is_heading) = (true, true),
        "center" => state.centred = true,
        "pre" => state.keeps_lines = true,
        "td" | "table" => state.centred = false,
        "ul" => state.list = Some(List { format: None, next: 1 }),
        "ol" => {
            let format = match tag.attribute("type") {
                Some("a") => "lowerLetter",
                Some("A") => "upperLetter",
                Some("i") => "lowerRoman",
                Some("I") => "upperRoman",
                _ => "decimal",
            };
            let start = tag.attribute("start").and_then(|start| start.trim().parse().ok());
            state.list = Some(List { format: Some(format), next: start.unwrap_or(1) });
        }
        _ => {}
    }
    if let Some(align) = tag.attribute("align") {
        state.centred = align.eq_ignore_ascii_case("center");
    }
    state.hidden |= tag.attribute("hidden").is_some();
    for rule in tag.attribute("style").unwrap_or_default().split(';') {
        let Some((key, value)) = rule.split_once(':') else { continue };
        let value = value.trim().to_ascii_lowercase();
        match key.trim().to_ascii_lowercase().as_str() {
            "font-weight" => {
                state.bold =
                    value.starts_with("bold") || value.parse().is_ok_and(|w: u32| w >= 600);
            }
            "font-style" => state.italic = value.starts_with("italic"),
            "text-align" => state.centred = value.starts_with("center"),
            "display" => state.hidden |= value.starts_with("none"),
            _ => {}
        }
    }
    state
}

#[cfg(test)]
mod tests;
