//! The text of a document as WordprocessingML.

use std::fmt::Write;

use super::parts::{HEADINGS, MAIN, RELATIONS, half_points};
use super::{A4, Alignment, Block, Cell, Colour, DocxDocument, PageSetup, Paragraph, Run, Table};
use crate::package::{DECLARATION, push_escaped};

pub(super) fn document(document: &DocxDocument) -> String {
    let mut xml =
        format!("{DECLARATION}<w:document xmlns:w=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><w:body>");
    let last = document.sections.len().saturating_sub(1);
    for (at, section) in document.sections.iter().enumerate() {
        for block in &section.blocks {
            push_block(&mut xml, block);
        }
        // Word wants a paragraph behind a table at the end of a section.
        let ends_with_table = matches!(section.blocks.last(), Some(Block::Table(_)) | None);
        let setup = page_setup(&section.page, at == 0);
        if at < last {
            let _ = write!(xml, "<w:p><w:pPr>{TINY}{setup}</w:pPr></w:p>");
        } else {
            if ends_with_table {
                let _ = write!(xml, "<w:p><w:pPr>{TINY}</w:pPr></w:p>");
            }
            xml.push_str(&setup);
        }
    }
    if document.sections.is_empty() {
        let _ = write!(xml, "<w:p/>{}", page_setup(&PageSetup::default(), true));
    }
    xml.push_str("</w:body></w:document>");
    xml
}

/// Spacing of a paragraph that is only there because Word wants one: it takes no room.
const TINY: &str = "<w:spacing w:before=\"0\" w:after=\"0\" w:line=\"20\" w:lineRule=\"exact\"/>";

/// Twentieths of a point, as Word counts lengths.
fn twips(millimetres: f32) -> i32 {
    (millimetres.clamp(-2_000.0, 2_000.0) * 1440.0 / 25.4).round() as i32
}

fn twips_of_points(points: f32) -> i32 {
    (points.clamp(0.0, 1_500.0) * 20.0).round() as i32
}

fn page_setup(page: &PageSetup, is_first: bool) -> String {
    let mut xml = String::from("<w:sectPr><w:headerReference w:type=\"default\" r:id=\"rId3\"/>");
    if is_first {
        xml.push_str("<w:headerReference w:type=\"first\" r:id=\"rId4\"/>");
    }
    let (width, height) = if page.landscape { (A4.1, A4.0) } else { A4 };
    let orientation = if page.landscape { " w:orient=\"landscape\"" } else { "" };
    let _ = write!(
        xml,
        "<w:type w:val=\"nextPage\"/><w:pgSz w:w=\"{}\" w:h=\"{}\"{orientation}/>\
         <w:pgMar w:top=\"{}\" w:right=\"{}\" w:bottom=\"{}\" w:left=\"{}\" w:header=\"567\" \
         w:footer=\"567\" w:gutter=\"0\"/>",
        twips(width),
        twips(height),
        twips(page.top),
        twips(page.right),
        twips(page.bottom),
        twips(page.left)
    );
    if is_first {
        xml.push_str("<w:titlePg/>");
    }
    xml.push_str("</w:sectPr>");
    xml
}

fn push_block(xml: &mut String, block: &Block) {
    match block {
        Block::Paragraph(paragraph) => push_paragraph(xml, paragraph),
        Block::Table(table) => push_table(xml, table),
        Block::PageBreak => xml.push_str("<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>"),
    }
}

fn push_paragraph(xml: &mut String, paragraph: &Paragraph) {
    xml.push_str("<w:p><w:pPr>");
    if let Some(rank) = paragraph.heading {
        let _ = write!(xml, "<w:pStyle w:val=\"Heading{}\"/>", rank.clamp(1, HEADINGS));
    }
    if paragraph.keep_with_next {
        xml.push_str("<w:keepNext/>");
    }
    if paragraph.rule {
        xml.push_str(
            "<w:pBdr><w:bottom w:val=\"single\" w:sz=\"6\" w:space=\"0\" w:color=\"000000\"/></w:pBdr>",
        );
    }
    let _ = write!(
        xml,
        "<w:spacing w:before=\"{}\" w:after=\"{}\" w:line=\"{}\" w:lineRule=\"auto\"/>",
        twips_of_points(paragraph.before),
        twips_of_points(paragraph.after),
        (paragraph.spacing.clamp(0.1, 10.0) * 240.0).round() as i32
    );
    push_indent(xml, paragraph);
    let alignment = match paragraph.alignment {
        Alignment::Left => "left",
        Alignment::Centre => "center",
        Alignment::Right => "right",
        Alignment::Justified => "both",
    };
    let _ = write!(xml, "<w:jc w:val=\"{alignment}\"/></w:pPr>");
    for run in &paragraph.runs {
        push_run(xml, run);
    }
    xml.push_str("</w:p>");
}

fn push_indent(xml: &mut String, paragraph: &Paragraph) {
    if paragraph.left == 0.0 && paragraph.right == 0.0 && paragraph.first_line == 0.0 {
        return;
    }
    let _ = write!(
        xml,
        "<w:ind w:left=\"{}\" w:right=\"{}\"",
        twips(paragraph.left),
        twips(paragraph.right)
    );
    if paragraph.first_line > 0.0 {
        let _ = write!(xml, " w:firstLine=\"{}\"", twips(paragraph.first_line));
    } else if paragraph.first_line < 0.0 {
        let _ = write!(xml, " w:hanging=\"{}\"", twips(-paragraph.first_line));
    }
    xml.push_str("/>");
}

fn push_run(xml: &mut String, run: &Run) {
    xml.push_str("<w:r><w:rPr>");
    if run.bold {
        xml.push_str("<w:b/><w:bCs/>");
    }
    if run.italic {
        xml.push_str("<w:i/><w:iCs/>");
    }
    if run.strike {
        xml.push_str("<w:strike/>");
    }
    if let Some(colour) = run.colour {
        let _ = write!(xml, "<w:color w:val=\"{}\"/>", hexadecimal(colour));
    }
    if let Some(size) = run.size.map(half_points) {
        let _ = write!(xml, "<w:sz w:val=\"{size}\"/><w:szCs w:val=\"{size}\"/>");
    }
    if run.underline {
        xml.push_str("<w:u w:val=\"single\"/>");
    }
    if let Some(colour) = run.highlight {
        let _ = write!(
            xml,
            "<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"{}\"/>",
            hexadecimal(colour)
        );
    }
    xml.push_str("</w:rPr>");
    for (at, line) in run.text.split('\n').enumerate() {
        if at > 0 {
            xml.push_str("<w:br/>");
        }
        for (at, part) in line.split('\t').enumerate() {
            if at > 0 {
                xml.push_str("<w:tab/>");
            }
            if !part.is_empty() {
                xml.push_str("<w:t xml:space=\"preserve\">");
                push_escaped(xml, part);
                xml.push_str("</w:t>");
            }
        }
    }
    xml.push_str("</w:r>");
}

fn hexadecimal([red, green, blue]: Colour) -> String {
    format!("{red:02X}{green:02X}{blue:02X}")
}

fn push_table(xml: &mut String, table: &Table) {
    let width: f32 = table.columns.iter().sum();
    let _ = write!(
        xml,
        "<w:tbl><w:tblPr><w:tblW w:w=\"{}\" w:type=\"dxa\"/><w:jc w:val=\"center\"/>",
        twips(width)
    );
    if table.borders {
        xml.push_str("<w:tblBorders>");
        for side in ["top", "left", "bottom", "right", "insideH", "insideV"] {
            let _ = write!(
                xml,
                "<w:{side} w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"000000\"/>"
            );
        }
        xml.push_str("</w:tblBorders>");
    }
    xml.push_str("<w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid>");
    for column in &table.columns {
        let _ = write!(xml, "<w:gridCol w:w=\"{}\"/>", twips(*column));
    }
    xml.push_str("</w:tblGrid>");
    // For each column, the cell from above that still covers it: rows left, and its columns.
    let mut covered: Vec<(usize, usize)> = vec![(0, 1); table.columns.len()];
    for (at, row) in table.rows.iter().enumerate() {
        xml.push_str("<w:tr>");
        // A row stays on one page unless it is higher than one.
        let repeated = if at < table.header_rows { "<w:tblHeader/>" } else { "" };
        let _ = write!(xml, "<w:trPr><w:cantSplit/>{repeated}</w:trPr>");
        push_row(xml, table, row, &mut covered);
        xml.push_str("</w:tr>");
    }
    xml.push_str("</w:tbl>");
}

fn push_row(xml: &mut String, table: &Table, row: &[Cell], covered: &mut [(usize, usize)]) {
    let mut cells = row.iter();
    let mut column = 0;
    while let Some((left, columns)) = covered.get(column).copied() {
        if left > 0 {
            push_cell_start(xml, table, column, columns, None, Some("continue"));
            xml.push_str("<w:p/></w:tc>");
            if let Some(place) = covered.get_mut(column) {
                place.0 -= 1;
            }
            column += columns;
            continue;
        }
        let Some(cell) = cells.next() else {
            push_cell_start(xml, table, column, 1, None, None);
            xml.push_str("<w:p/></w:tc>");
            column += 1;
            continue;
        };
        let columns = cell.columns.clamp(1, covered.len() - column);
        if let Some(place) = covered.get_mut(column) {
            *place = (cell.rows.saturating_sub(1), columns);
        }
        let merge = (cell.rows > 1).then_some("restart");
        push_cell_start(xml, table, column, columns, Some(cell), merge);
        for paragraph in &cell.paragraphs {
            push_paragraph(xml, paragraph);
        }
        if cell.paragraphs.is_empty() {
            xml.push_str("<w:p/>");
        }
        xml.push_str("</w:tc>");
        column += columns;
    }
}

fn push_cell_start(
    xml: &mut String,
    table: &Table,
    column: usize,
    columns: usize,
    cell: Option<&Cell>,
    merge: Option<&str>,
) {
    let width: f32 = table.columns.iter().skip(column).take(columns).sum();
    let _ = write!(xml, "<w:tc><w:tcPr><w:tcW w:w=\"{}\" w:type=\"dxa\"/>", twips(width));
    if columns > 1 {
        let _ = write!(xml, "<w:gridSpan w:val=\"{columns}\"/>");
    }
    if let Some(merge) = merge {
        let _ = write!(xml, "<w:vMerge w:val=\"{merge}\"/>");
    }
    if let Some(fill) = cell.and_then(|cell| cell.fill) {
        let _ = write!(
            xml,
            "<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"{}\"/>",
            hexadecimal(fill)
        );
    }
    if cell.is_some_and(|cell| cell.is_middle) {
        xml.push_str("<w:vAlign w:val=\"center\"/>");
    }
    xml.push_str("</w:tcPr>");
}
