//! The parts of an official paper, as Decree 30/2020/NĐ-CP (annex I) sets them.
//!
//! Sizes and looks are the decree's: the name of the state 12–13 bold capitals, the motto 13–14
//! bold, the agency 12–13, number and place 13–14, the body 13–14 justified with the first line
//! standing in 10–12.7 mm, recipients 12 and 11.

use super::{Alignment, Block, Cell, Colour, PageSetup, Paragraph, Run, Table};

/// How far the first line of a paragraph stands in, in millimetres.
const FIRST_LINE: f32 = 12.7;
/// Space between paragraphs in points, at least 6.
const BETWEEN: f32 = 6.0;
/// Distance of lines, between 1 and 1.5.
const SPACING: f32 = 1.15;
/// Light grey-blue behind the head of a table.
const HEAD_FILL: Colour = [0xE7, 0xEC, 0xF2];

/// What stands at the top of a paper.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letterhead<'a> {
    /// The agency above, in capitals; none for the highest.
    pub parent: Option<&'a str>,
    /// The agency that issues the paper, in capitals; `\n` where it should break.
    pub agency: &'a str,
    /// Number and symbol: `Số: 12/BC-STP`.
    pub symbol: &'a str,
    /// Place and day: `Sông Lam, ngày 05 tháng 11 năm 2026`.
    pub place_and_day: &'a str,
    /// What a letter is about, under its number: `V/v …`.
    pub about: Option<&'a str>,
}

fn centred(runs: Vec<Run>) -> Paragraph {
    Paragraph::of(runs).aligned(Alignment::Centre)
}

/// A line as wide as asked for in the middle of a place of some width, in millimetres.
fn rule(length: f32, within: f32) -> Paragraph {
    let side = ((within - length) / 2.0).max(0.0);
    Paragraph {
        left: side,
        right: side,
        rule: true,
        spacing: 0.2,
        runs: vec![Run::plain(" ").sized(2.0)],
        ..Paragraph::default()
    }
}

/// The head in two columns: agency and number left; state, motto, place and day right.
#[must_use]
pub fn letterhead(head: &Letterhead<'_>, page: &PageSetup) -> Block {
    // Inner margins of the cells, both sides.
    const INNER: f32 = 3.0;
    const MOTTO: f32 = 59.0;
    let left = page.text_width() * 0.415;
    let right = page.text_width() - left;
    let mut agency = Vec::new();
    if let Some(parent) = head.parent {
        agency.push(centred(vec![Run::plain(parent).sized(12.0)]));
    }
    for line in head.agency.lines() {
        agency.push(centred(vec![Run::bold(line).sized(12.0)]));
    }
    agency.push(rule(left * 0.33, left - INNER));
    let state = vec![
        centred(vec![Run::bold("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM").sized(12.0)]),
        centred(vec![Run::bold("Độc lập - Tự do - Hạnh phúc").sized(13.0)]),
        rule(MOTTO, right - INNER),
    ];
    let above = |runs: Vec<Run>| Paragraph { before: BETWEEN, ..centred(runs) };
    let mut number = vec![above(vec![Run::plain(head.symbol).sized(13.0)])];
    if let Some(about) = head.about {
        number.push(above(vec![Run::plain(about).sized(12.0)]));
    }
    let day = vec![above(vec![Run::italic(head.place_and_day).sized(13.0)])];
    Block::Table(Table {
        columns: vec![left, right],
        rows: vec![vec![Cell::of(agency), Cell::of(state)], vec![Cell::of(number), Cell::of(day)]],
        ..Table::default()
    })
}

/// Kind and subject of a paper, in the middle, with a line below.
#[must_use]
pub fn title(kind: &str, subject: &str, page: &PageSetup) -> Vec<Block> {
    let kind = Paragraph {
        before: 18.0,
        keep_with_next: true,
        ..centred(vec![Run::bold(kind).sized(14.0)])
    };
    let mut lines: Vec<Paragraph> = vec![kind];
    lines.extend(subject.lines().map(|line| Paragraph {
        keep_with_next: true,
        ..centred(vec![Run::bold(line).sized(14.0)])
    }));
    let width = page.text_width();
    lines.push(Paragraph { after: 12.0, ..rule(width * 0.3, width) });
    lines.into_iter().map(Block::Paragraph).collect()
}

/// A paragraph of the body.
#[must_use]
pub fn body(runs: Vec<Run>) -> Block {
    Block::Paragraph(Paragraph {
        alignment: Alignment::Justified,
        first_line: FIRST_LINE,
        before: BETWEEN,
        spacing: SPACING,
        ..Paragraph::of(runs)
    })
}

/// A heading of the body with its number: `I. KẾT QUẢ`, `Điều 1. Phạm vi`. Rank from 1.
#[must_use]
pub fn heading(rank: u8, text: &str) -> Block {
    Block::Paragraph(Paragraph {
        alignment: Alignment::Justified,
        first_line: FIRST_LINE,
        before: if rank == 1 { 2.0 * BETWEEN } else { BETWEEN },
        spacing: SPACING,
        keep_with_next: true,
        heading: Some(rank),
        ..Paragraph::of(vec![Run::bold(text)])
    })
}

/// A heading in the middle, one paragraph a line: `Chương I`, below it its name in capitals.
#[must_use]
pub fn centred_heading(rank: u8, lines: &[&str]) -> Vec<Block> {
    let line = |(at, text): (usize, &&str)| {
        Block::Paragraph(Paragraph {
            before: if at == 0 { 2.0 * BETWEEN } else { 0.0 },
            keep_with_next: true,
            heading: Some(rank),
            ..centred(vec![Run::bold(*text)])
        })
    };
    lines.iter().enumerate().map(line).collect()
}

/// A column of a table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Column<'a> {
    /// What stands in the head.
    pub head: &'a str,
    /// Width in millimetres.
    pub width: f32,
    /// Place of the text in its cells.
    pub alignment: Alignment,
}

impl<'a> Column<'a> {
    /// Text from the left.
    #[must_use]
    pub fn left(head: &'a str, width: f32) -> Column<'a> {
        Column { head, width, alignment: Alignment::Left }
    }

    /// Numbers and days in the middle.
    #[must_use]
    pub fn centred(head: &'a str, width: f32) -> Column<'a> {
        Column { head, width, alignment: Alignment::Centre }
    }

    /// Amounts from the right.
    #[must_use]
    pub fn right(head: &'a str, width: f32) -> Column<'a> {
        Column { head, width, alignment: Alignment::Right }
    }
}

/// A table with a head that is repeated on every page; its text has `size` points.
#[must_use]
pub fn table(columns: &[Column<'_>], rows: Vec<Vec<Vec<Run>>>, size: f32) -> Block {
    let sized = |runs: Vec<Run>| -> Vec<Run> {
        runs.into_iter().map(|run| Run { size: run.size.or(Some(size)), ..run }).collect()
    };
    let padded = |paragraph: Paragraph| Paragraph { before: 2.0, after: 2.0, ..paragraph };
    let head = columns.iter().map(|column| Cell {
        fill: Some(HEAD_FILL),
        is_middle: true,
        ..Cell::of(vec![padded(centred(sized(vec![Run::bold(column.head)])))])
    });
    let mut all: Vec<Vec<Cell>> = vec![head.collect()];
    all.extend(rows.into_iter().map(|row| {
        let cell = |(column, runs): (&Column<'_>, Vec<Run>)| {
            Cell::of(vec![padded(Paragraph::of(sized(runs)).aligned(column.alignment))])
        };
        columns.iter().zip(row).map(cell).collect()
    }));
    let columns = columns.iter().map(|column| column.width).collect();
    Block::Table(Table { columns, header_rows: 1, borders: true, rows: all })
}

/// Who signs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signature<'a> {
    /// Authority and office in capitals, a line each: `KT. GIÁM ĐỐC`, `PHÓ GIÁM ĐỐC`.
    pub office: &'a [&'a str],
    /// First and last names; empty to leave the place for pen or digital signature.
    pub name: &'a str,
}

/// The foot: recipients on the left (`Như trên;`, `Lưu: VT, …`), the signature on the right.
#[must_use]
pub fn closing(recipients: &[&str], signature: &Signature<'_>, page: &PageSetup) -> Block {
    /// Room for seal and signature, in points.
    const ROOM: f32 = 72.0;
    let half = page.text_width() / 2.0;
    let mut left = Vec::new();
    if !recipients.is_empty() {
        let runs = vec![Run { bold: true, italic: true, ..Run::plain("Nơi nhận:").sized(12.0) }];
        left.push(Paragraph::of(runs));
    }
    for (at, recipient) in recipients.iter().enumerate() {
        let end = if at + 1 == recipients.len() { '.' } else { ';' };
        let recipient = recipient.trim_end_matches(['.', ';']);
        left.push(Paragraph::of(vec![Run::plain(format!("- {recipient}{end}")).sized(11.0)]));
    }
    let mut right: Vec<Paragraph> =
        signature.office.iter().map(|line| centred(vec![Run::bold(*line)])).collect();
    let name = vec![Run::bold(signature.name)];
    right.push(Paragraph { before: ROOM, ..centred(name) });
    for paragraph in left.iter_mut().chain(&mut right) {
        paragraph.keep_with_next = true;
    }
    Block::Table(Table {
        columns: vec![half, half],
        rows: vec![vec![Cell::of(left), Cell::of(right)]],
        ..Table::default()
    })
}

/// A little room between body and foot.
#[must_use]
pub fn gap() -> Block {
    Block::Paragraph(Paragraph { before: BETWEEN, keep_with_next: true, ..Paragraph::default() })
}
