//! A workbook to bytes (ECMA-376, SpreadsheetML).

use std::collections::HashMap;
use std::fmt::Write;

use kernel::Result;

use super::height;
use super::{
    Alignment, Area, Cell, Look, NumberFormat, Sheet, Value, Workbook, column_name, number_of_day,
};
use crate::package::{DECLARATION, escaped, pack, push_escaped};

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
/// Characters of one cell, of a sheet's name, and what a name may not hold.
const LONGEST_TEXT: usize = 32_767;
const LONGEST_NAME: usize = 31;
const NOT_IN_NAMES: [char; 7] = ['[', ']', ':', '*', '?', '/', '\\'];
/// Our own format: days as they are written in Viet Nam.
const DAY_FORMAT: usize = 164;
const DAY_TIME_FORMAT: usize = 165;

/// Writes a workbook. The same workbook gives the same bytes.
///
/// # Errors
/// `Internal` only when the memory is not enough.
pub fn write(workbook: &Workbook) -> Result<Vec<u8>> {
    let empty = [Sheet { name: "Trang 1".to_owned(), ..Sheet::default() }];
    let sheets = if workbook.sheets.is_empty() { &empty[..] } else { &workbook.sheets };
    let names = names(sheets);
    let mut styles = Styles::default();
    let bodies: Vec<String> =
        sheets.iter().enumerate().map(|(at, one)| sheet(one, at == 0, &mut styles)).collect();
    let paths: Vec<String> =
        (1..=sheets.len()).map(|number| format!("xl/worksheets/sheet{number}.xml")).collect();
    let mut parts = vec![
        ("[Content_Types].xml", content_types(&paths)),
        ("_rels/.rels", root_relations()),
        ("docProps/core.xml", core_properties(&workbook.title)),
        ("xl/workbook.xml", workbook_part(sheets, &names)),
        ("xl/_rels/workbook.xml.rels", relations(sheets.len())),
        ("xl/styles.xml", styles.part()),
    ];
    parts.extend(paths.iter().map(String::as_str).zip(bodies));
    pack(&parts)
}

/// Names that Excel accepts, each once.
fn names(sheets: &[Sheet]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (at, sheet) in sheets.iter().enumerate() {
        let name: String =
            sheet.name.chars().map(|c| if NOT_IN_NAMES.contains(&c) { '-' } else { c }).collect();
        let name = name.trim_matches(['\'', ' ']);
        let mut name: String = name.chars().take(LONGEST_NAME).collect();
        let is_taken = |name: &str| names.iter().any(|n| n.to_lowercase() == name.to_lowercase());
        if name.is_empty() || is_taken(&name) {
            let number = format!(" ({})", at + 1);
            name = name.chars().take(LONGEST_NAME - number.len()).collect();
            name = format!("{}{number}", if name.is_empty() { "Trang" } else { &name });
        }
        names.push(name);
    }
    names
}

fn content_types(paths: &[String]) -> String {
    let mut xml = format!(
        "{DECLARATION}<Types xmlns=\"{PACKAGE}/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>"
    );
    const KIND: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    let mut add = |path: &str, kind: &str| {
        let _ = write!(xml, "<Override PartName=\"/{path}\" ContentType=\"{kind}\"/>");
    };
    add("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml");
    add("xl/workbook.xml", &format!("{KIND}.sheet.main+xml"));
    add("xl/styles.xml", &format!("{KIND}.styles+xml"));
    for path in paths {
        add(path, &format!("{KIND}.worksheet+xml"));
    }
    xml.push_str("</Types>");
    xml
}

fn root_relations() -> String {
    format!(
        "{DECLARATION}<Relationships xmlns=\"{PACKAGE}/relationships\">\
         <Relationship Id=\"rId1\" Type=\"{RELATIONS}/officeDocument\" Target=\"xl/workbook.xml\"/>\
         <Relationship Id=\"rId2\" Type=\"{PACKAGE}/relationships/metadata/core-properties\" \
         Target=\"docProps/core.xml\"/></Relationships>"
    )
}

fn core_properties(title: &str) -> String {
    format!(
        "{DECLARATION}<cp:coreProperties xmlns:cp=\"{PACKAGE}/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>{}</dc:title>\
         <dc:language>vi-VN</dc:language></cp:coreProperties>",
        escaped(title)
    )
}

fn workbook_part(sheets: &[Sheet], names: &[String]) -> String {
    let mut xml =
        format!("{DECLARATION}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><sheets>");
    for (at, name) in names.iter().enumerate() {
        let number = at + 1;
        let name = escaped(name);
        let _ = write!(xml, "<sheet name=\"{name}\" sheetId=\"{number}\" r:id=\"rId{number}\"/>");
    }
    xml.push_str("</sheets>");
    let mut defined = String::new();
    for (at, (sheet, name)) in sheets.iter().zip(names).enumerate() {
        let name = escaped(&name.replace('\'', "''"));
        if let Some(area) = sheet.filter {
            let _ = write!(
                defined,
                "<definedName name=\"_xlnm._FilterDatabase\" localSheetId=\"{at}\" hidden=\"1\">\
                 '{name}'!{}</definedName>",
                reference(area, "$")
            );
        }
        if let Some((first, last)) = sheet.repeated_rows {
            let _ = write!(
                defined,
                "<definedName name=\"_xlnm.Print_Titles\" localSheetId=\"{at}\">\
                 '{name}'!${}:${}</definedName>",
                first.saturating_add(1),
                last.saturating_add(1)
            );
        }
    }
    if !defined.is_empty() {
        let _ = write!(xml, "<definedNames>{defined}</definedNames>");
    }
    xml.push_str("</workbook>");
    xml
}

fn relations(sheets: usize) -> String {
    let mut xml = format!("{DECLARATION}<Relationships xmlns=\"{PACKAGE}/relationships\">");
    for number in 1..=sheets {
        let _ = write!(
            xml,
            "<Relationship Id=\"rId{number}\" Type=\"{RELATIONS}/worksheet\" \
             Target=\"worksheets/sheet{number}.xml\"/>"
        );
    }
    let _ = write!(
        xml,
        "<Relationship Id=\"rId{}\" Type=\"{RELATIONS}/styles\" Target=\"styles.xml\"/>\
         </Relationships>",
        sheets + 1
    );
    xml
}

/// `A1:C3`, with a mark in front of each part.
fn reference(area: Area, mark: &str) -> String {
    let last_column = area.column.saturating_add(area.columns.max(1) - 1);
    let last_row = area.row.saturating_add(area.rows.max(1));
    format!(
        "{mark}{}{mark}{}:{mark}{}{mark}{last_row}",
        column_name(area.column),
        area.row.saturating_add(1),
        column_name(last_column)
    )
}

fn sheet(sheet: &Sheet, is_first: bool, styles: &mut Styles) -> String {
    let mut xml = format!(
        "{DECLARATION}<worksheet xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\">\
         <sheetPr><pageSetUpPr fitToPage=\"1\"/></sheetPr>"
    );
    push_view(&mut xml, sheet, is_first);
    xml.push_str("<sheetFormatPr defaultRowHeight=\"16\"/>");
    if !sheet.columns.is_empty() {
        xml.push_str("<cols>");
        for (at, width) in sheet.columns.iter().enumerate() {
            let (number, width) = (at + 1, width.clamp(0.0, 255.0));
            let _ = write!(
                xml,
                "<col min=\"{number}\" max=\"{number}\" width=\"{width:.2}\" customWidth=\"1\"/>"
            );
        }
        xml.push_str("</cols>");
    }
    xml.push_str("<sheetData>");
    for (at, row) in sheet.rows.iter().enumerate() {
        let number = at + 1;
        let _ = write!(xml, "<row r=\"{number}\"");
        let _ = match row.height {
            Some(height) => write!(xml, " ht=\"{height:.2}\" customHeight=\"1\""),
            None => write!(xml, " ht=\"{:.2}\"", height::of(sheet, at, row)),
        };
        xml.push('>');
        for (column, cell) in (0..).zip(&row.cells) {
            push_cell(&mut xml, cell, &format!("{}{number}", column_name(column)), styles);
        }
        xml.push_str("</row>");
    }
    xml.push_str("</sheetData>");
    if let Some(area) = sheet.filter {
        let _ = write!(xml, "<autoFilter ref=\"{}\"/>", reference(area, ""));
    }
    let merged: Vec<&Area> = sheet.merged.iter().filter(|a| a.rows > 1 || a.columns > 1).collect();
    if !merged.is_empty() {
        let _ = write!(xml, "<mergeCells count=\"{}\">", merged.len());
        for area in merged {
            let _ = write!(xml, "<mergeCell ref=\"{}\"/>", reference(*area, ""));
        }
        xml.push_str("</mergeCells>");
    }
    let orientation = if sheet.is_portrait { "portrait" } else { "landscape" };
    // Margins in inches: 20 mm above and below, 25 left, 15 right.
    let _ = write!(
        xml,
        "<printOptions horizontalCentered=\"1\"/>\
         <pageMargins left=\"0.98\" right=\"0.59\" top=\"0.79\" bottom=\"0.79\" header=\"0.4\" footer=\"0.4\"/>\
         <pageSetup paperSize=\"9\" orientation=\"{orientation}\" fitToWidth=\"1\" fitToHeight=\"0\"/>\
         <headerFooter><oddFooter>&amp;C&amp;\"Times New Roman,Regular\"&amp;11&amp;P/&amp;N</oddFooter>\
         </headerFooter></worksheet>"
    );
    xml
}

fn push_view(xml: &mut String, sheet: &Sheet, is_first: bool) {
    let selected = if is_first { " tabSelected=\"1\"" } else { "" };
    let _ = write!(xml, "<sheetViews><sheetView{selected} workbookViewId=\"0\"");
    let (rows, columns) = (sheet.frozen_rows, sheet.frozen_columns);
    if rows == 0 && columns == 0 {
        xml.push_str("/></sheetViews>");
        return;
    }
    let pane = match (rows, columns) {
        (_, 0) => "bottomLeft",
        (0, _) => "topRight",
        _ => "bottomRight",
    };
    xml.push_str("><pane");
    if columns > 0 {
        let _ = write!(xml, " xSplit=\"{columns}\"");
    }
    if rows > 0 {
        let _ = write!(xml, " ySplit=\"{rows}\"");
    }
    let _ = write!(
        xml,
        " topLeftCell=\"{}{}\" activePane=\"{pane}\" state=\"frozen\"/>\
         <selection pane=\"{pane}\"/></sheetView></sheetViews>",
        column_name(columns),
        rows.saturating_add(1)
    );
}

fn push_cell(xml: &mut String, cell: &Cell, place: &str, styles: &mut Styles) {
    let number = match &cell.value {
        Value::Date(day) => number_of_day(*day).map(f64::from),
        Value::DateTime(at) => number_of_day(at.date()).map(|day| {
            let seconds = f64::from(at.hour()) * 3_600.0
                + f64::from(at.minute()) * 60.0
                + f64::from(at.second());
            f64::from(day) + seconds / 86_400.0
        }),
        Value::Number(number) if number.is_finite() => Some(*number),
        _ => None,
    };
    let kind = match &cell.value {
        Value::Date(_) => Kind::Day,
        Value::DateTime(_) => Kind::DayAndTime,
        _ => Kind::Plain,
    };
    let style = styles.of(cell.look, kind);
    let _ = write!(xml, "<c r=\"{place}\" s=\"{style}\"");
    match (&cell.value, number) {
        (Value::Empty, _) => xml.push_str("/>"),
        (Value::Boolean(value), _) => {
            let _ = write!(xml, " t=\"b\"><v>{}</v></c>", u8::from(*value));
        }
        (_, Some(number)) => {
            let _ = write!(xml, "><v>{number}</v></c>");
        }
        (value, None) => {
            let text: String = value.display().chars().take(LONGEST_TEXT).collect();
            xml.push_str(" t=\"inlineStr\"><is><t xml:space=\"preserve\">");
            push_escaped(xml, &text);
            xml.push_str("</t></is></c>");
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Plain,
    Day,
    DayAndTime,
}

/// The looks in use, each once.
#[derive(Default)]
struct Styles {
    known: HashMap<(Look, Kind), usize>,
    in_order: Vec<(Look, Kind)>,
}

impl Styles {
    /// The number of a style; 0 is the default of the workbook.
    fn of(&mut self, look: Look, kind: Kind) -> usize {
        let next = self.in_order.len() + 1;
        let number = *self.known.entry((look, kind)).or_insert(next);
        if number == next {
            self.in_order.push((look, kind));
        }
        number
    }

    fn part(&self) -> String {
        let (mut fonts, mut fills, mut formats) = (String::new(), String::new(), String::new());
        for (at, (look, kind)) in self.in_order.iter().enumerate() {
            push_font(&mut fonts, look);
            push_fill(&mut fills, look);
            push_format(&mut formats, look, *kind, at);
        }
        let count = self.in_order.len();
        let mut default = String::new();
        push_font(&mut default, &Look::default());
        format!(
            "{DECLARATION}<styleSheet xmlns=\"{MAIN}\"><numFmts count=\"2\">\
             <numFmt numFmtId=\"{DAY_FORMAT}\" formatCode=\"dd/mm/yyyy\"/>\
             <numFmt numFmtId=\"{DAY_TIME_FORMAT}\" formatCode=\"dd/mm/yyyy\\ hh:mm\"/></numFmts>\
             <fonts count=\"{}\">{default}{fonts}</fonts>\
             <fills count=\"{}\"><fill><patternFill patternType=\"none\"/></fill>\
             <fill><patternFill patternType=\"gray125\"/></fill>{fills}</fills>\
             <borders count=\"2\"><border><left/><right/><top/><bottom/><diagonal/></border>\
             <border><left style=\"thin\"/><right style=\"thin\"/><top style=\"thin\"/>\
             <bottom style=\"thin\"/><diagonal/></border></borders>\
             <cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/>\
             </cellStyleXfs><cellXfs count=\"{}\">\
             <xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>{formats}</cellXfs>\
             <cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles>\
             </styleSheet>",
            count + 1,
            count + 2,
            count + 1
        )
    }
}

fn push_font(xml: &mut String, look: &Look) {
    xml.push_str("<font>");
    if look.bold {
        xml.push_str("<b/>");
    }
    if look.italic {
        xml.push_str("<i/>");
    }
    let _ = write!(
        xml,
        "<sz val=\"{}\"/><name val=\"Times New Roman\"/><family val=\"1\"/></font>",
        look.size.max(1)
    );
}

fn push_fill(xml: &mut String, look: &Look) {
    let _ = match look.fill {
        Some([red, green, blue]) => write!(
            xml,
            "<fill><patternFill patternType=\"solid\"><fgColor rgb=\"FF{red:02X}{green:02X}{blue:02X}\"/>\
             </patternFill></fill>"
        ),
        None => write!(xml, "<fill><patternFill patternType=\"none\"/></fill>"),
    };
}

fn push_format(xml: &mut String, look: &Look, kind: Kind, at: usize) {
    let number = match (kind, look.format) {
        (Kind::Day, _) => DAY_FORMAT,
        (Kind::DayAndTime, _) => DAY_TIME_FORMAT,
        (Kind::Plain, NumberFormat::General) => 0,
        (Kind::Plain, NumberFormat::Whole) => 3,
        (Kind::Plain, NumberFormat::Decimal) => 4,
        (Kind::Plain, NumberFormat::Percent) => 10,
    };
    let horizontal = match look.alignment {
        Alignment::General => "general",
        Alignment::Left => "left",
        Alignment::Centre => "center",
        Alignment::Right => "right",
    };
    let _ = write!(
        xml,
        "<xf numFmtId=\"{number}\" fontId=\"{}\" fillId=\"{}\" borderId=\"{}\" xfId=\"0\" \
         applyNumberFormat=\"1\" applyFont=\"1\" applyFill=\"1\" applyBorder=\"1\" applyAlignment=\"1\">\
         <alignment horizontal=\"{horizontal}\" vertical=\"center\"{}/></xf>",
        at + 1,
        at + 2,
        u8::from(look.border),
        if look.wrap { " wrapText=\"1\"" } else { "" }
    );
}
