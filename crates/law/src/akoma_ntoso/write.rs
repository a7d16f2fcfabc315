//! A document as a file of Akoma Ntoso.

use std::collections::HashMap;
use std::fmt::Write as _;

use jiff::civil::Date;
use kernel::paragraph::Table;
use kernel::text::fold;

use super::AknIdentity;
use super::xml::escaped;
use crate::model::{Annex, Basis, Block, LegalDocument, Metadata, Unit, UnitKind};

/// The file, in UTF-8.
#[must_use]
pub fn write(document: &LegalDocument, identity: &AknIdentity) -> String {
    let mut writer = Writer { out: String::new(), taken: HashMap::new() };
    writer.line("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    writer.line(
        "<akomaNtoso xmlns=\"http://docs.oasis-open.org/legaldocml/ns/akn/3.0\" \
         xmlns:tuphap=\"urn:tuphap:law:1\">",
    );
    let metadata = &document.metadata;
    let kind = metadata.kind.as_deref().unwrap_or("Văn bản");
    let is_consolidated = !metadata.consolidates.is_empty();
    let contains = if is_consolidated { "singleVersion" } else { "originalVersion" };
    writer.open(&format!("act name=\"{}\" contains=\"{contains}\"", slug(kind)));
    writer.meta(document, identity);
    writer.preface(metadata);
    if !document.preamble.is_empty() {
        writer.paragraphs("preamble", &document.preamble);
    }
    writer.open("body");
    writer.units(&document.units, "");
    if document.units.is_empty() {
        writer.line(
            "<hcontainer eId=\"hcontainer_1\" name=\"empty\"><content><p/></content></hcontainer>",
        );
    }
    writer.close("body");
    if !document.closing.is_empty() {
        writer.paragraphs("conclusions", &document.closing);
    }
    if !document.annexes.is_empty() {
        writer.open("attachments");
        for (at, annex) in document.annexes.iter().enumerate() {
            writer.annex(annex, at + 1, identity);
        }
        writer.close("attachments");
    }
    writer.close("act");
    writer.line("</akomaNtoso>");
    writer.out
}

struct Writer {
    out: String,
    /// How often each identifier has been given: each must be its own.
    taken: HashMap<String, usize>,
}

impl Writer {
    fn line(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push('\n');
    }

    fn open(&mut self, element: &str) {
        self.line(&format!("<{element}>"));
    }

    fn close(&mut self, element: &str) {
        self.line(&format!("</{element}>"));
    }

    /// One element with text, on one line.
    fn text(&mut self, name: &str, text: &str) {
        let whole = element(name, text);
        self.line(&whole);
    }

    /// One element with elements in its text, on one line.
    fn mixed(&mut self, name: &str, inner: &str) {
        self.line(&format!("<{name}>{inner}</{name}>"));
    }

    fn value(&mut self, element: &str, value: &str) {
        let _ = writeln!(self.out, "<{element} value=\"{}\"/>", escaped(value));
    }

    fn paragraphs(&mut self, element: &str, paragraphs: &[String]) {
        self.open(element);
        for paragraph in paragraphs {
            self.text("p", paragraph);
        }
        self.close(element);
    }

    fn meta(&mut self, document: &LegalDocument, identity: &AknIdentity) {
        self.open("meta");
        self.identification(identity, "main", &document.metadata);
        self.open("references source=\"#tuphap\"");
        let issuer = document.metadata.issuer.as_deref().unwrap_or("");
        let _ = writeln!(
            self.out,
            "<TLCOrganization eId=\"issuer\" href=\"/akn/ontology/organization/vn/{}\" showAs=\"{}\"/>",
            slug(issuer),
            escaped(issuer)
        );
        self.line(
            "<TLCOrganization eId=\"tuphap\" href=\"/akn/ontology/organization/vn/so-tu-phap\" \
             showAs=\"Sở Tư pháp\"/>",
        );
        self.close("references");
        if !document.notes.is_empty() {
            self.open("notes source=\"#tuphap\"");
            for note in &document.notes {
                let id = self.unique(&format!("note_{}", slug(&note.number)));
                self.open(&format!("note eId=\"{id}\" marker=\"{}\"", escaped(&note.number)));
                for line in note.text.split('\n') {
                    self.text("p", line);
                }
                self.close("note");
            }
            self.close("notes");
        }
        self.proprietary(&document.metadata);
        self.close("meta");
    }

    fn identification(&mut self, identity: &AknIdentity, component: &str, metadata: &Metadata) {
        let work = identity.work();
        let expression = identity.expression();
        let day = identity.issued_on.map_or_else(|| "1900-01-01".to_owned(), |day| day.to_string());
        let version = identity.version_on.map_or_else(|| day.clone(), |day| day.to_string());
        self.open("identification source=\"#tuphap\"");
        self.open("FRBRWork");
        self.value("FRBRthis", &format!("{work}/!{component}"));
        self.value("FRBRuri", &work);
        self.core(&day, "generation", "#issuer");
        self.value("FRBRcountry", "vn");
        if let Some(number) = &metadata.number {
            self.value("FRBRnumber", number);
        }
        if let Some(title) = &metadata.title {
            self.value("FRBRname", title);
        }
        self.close("FRBRWork");
        self.open("FRBRExpression");
        self.value("FRBRthis", &format!("{expression}/!{component}"));
        self.value("FRBRuri", &expression);
        self.core(&version, "version", "#issuer");
        self.line("<FRBRlanguage language=\"vie\"/>");
        self.close("FRBRExpression");
        self.open("FRBRManifestation");
        self.value("FRBRthis", &format!("{expression}/!{component}.xml"));
        self.value("FRBRuri", &format!("{expression}.akn"));
        self.core(&version, "markup", "#tuphap");
        self.close("FRBRManifestation");
        self.close("identification");
    }

    fn core(&mut self, day: &str, name: &str, author: &str) {
        let _ = writeln!(self.out, "<FRBRdate date=\"{day}\" name=\"{name}\"/>");
        let _ = writeln!(self.out, "<FRBRauthor href=\"{author}\"/>");
    }

    /// The metadata word for word: Akoma Ntoso has no place for some of them.
    fn proprietary(&mut self, metadata: &Metadata) {
        self.open("proprietary source=\"#tuphap\"");
        let texts = [
            ("kind", &metadata.kind),
            ("number", &metadata.number),
            ("title", &metadata.title),
            ("issuer", &metadata.issuer),
            ("place", &metadata.place),
            ("signer", &metadata.signer),
            ("signerTitle", &metadata.signer_title),
        ];
        for (name, value) in texts {
            if let Some(value) = value {
                self.text(&format!("tuphap:{name}"), value);
            }
        }
        let days = [
            ("issuedOn", metadata.issued_on),
            ("effectiveOn", metadata.effective_on),
            ("expiresOn", metadata.expires_on),
        ];
        for (name, day) in days {
            if let Some(day) = day {
                self.text(&format!("tuphap:{name}"), &day.to_string());
            }
        }
        for basis in &metadata.bases {
            self.basis("basis", basis);
        }
        for basis in &metadata.consolidates {
            self.basis("consolidates", basis);
        }
        self.close("proprietary");
    }

    fn basis(&mut self, name: &str, basis: &Basis) {
        let mut element = format!("tuphap:{name}");
        if let Some(number) = &basis.number {
            let _ = write!(element, " number=\"{}\"", escaped(number));
        }
        if let Some(day) = basis.issued_on {
            let _ = write!(element, " issuedOn=\"{day}\"");
        }
        self.text(&element, &basis.text);
    }

    fn preface(&mut self, metadata: &Metadata) {
        self.open("preface");
        let number = metadata.number.as_deref().unwrap_or("");
        self.mixed("p", &format!("Số: {}", element("docNumber", number)));
        if let Some(day) = metadata.issued_on {
            let place = metadata.place.as_deref().map(|place| format!("{place}, "));
            let place = escaped(&place.unwrap_or_default());
            let date = element(&format!("docDate date=\"{day}\""), &spoken(day));
            self.mixed("p", &format!("{place}{date}"));
        }
        self.mixed("p", &element("docType", metadata.kind.as_deref().unwrap_or("")));
        self.mixed("p", &element("docTitle", metadata.title.as_deref().unwrap_or("")));
        self.close("preface");
    }

    fn units(&mut self, units: &[Unit], parent: &str) {
        for unit in units {
            self.unit(unit, parent);
        }
    }

    fn unit(&mut self, unit: &Unit, parent: &str) {
        let (element, short) = names(unit.kind);
        let own = format!("{short}_{}", slug(&unit.number));
        // Articles are numbered through the whole document, so the divisions above do not name them.
        let is_free =
            parent.is_empty() || unit.kind == UnitKind::Article && !parent.starts_with("att_");
        let id = self.unique(&if is_free { own } else { format!("{parent}__{own}") });
        self.open(&format!("{element} eId=\"{id}\""));
        self.text("num", &printed(unit));
        if !unit.heading.is_empty() {
            self.text("heading", &unit.heading);
        }
        if unit.children.is_empty() {
            self.open("content");
            self.blocks(&unit.blocks);
            self.blocks(&unit.tail);
            if unit.blocks.is_empty() && unit.tail.is_empty() {
                self.line("<p/>");
            }
            self.close("content");
        } else {
            if !unit.blocks.is_empty() {
                self.open("intro");
                self.blocks(&unit.blocks);
                self.close("intro");
            }
            self.units(&unit.children, &id);
            if !unit.tail.is_empty() {
                self.open("wrapUp");
                self.blocks(&unit.tail);
                self.close("wrapUp");
            }
        }
        self.close(element);
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            match block {
                Block::Text(text) => self.text("p", text),
                Block::Table(table) => self.table(table),
            }
        }
    }

    fn table(&mut self, table: &Table) {
        self.open("table");
        for row in &table.rows {
            self.out.push_str("<tr>");
            for cell in row {
                self.out.push_str("<td");
                if cell.columns != 1 {
                    let _ = write!(self.out, " colspan=\"{}\"", cell.columns);
                }
                if cell.rows != 1 {
                    let _ = write!(self.out, " rowspan=\"{}\"", cell.rows);
                }
                self.out.push('>');
                for line in cell.text.split('\n') {
                    self.out.push_str(&element("p", line));
                }
                self.out.push_str("</td>");
            }
            self.out.push_str("</tr>\n");
        }
        self.close("table");
    }

    fn annex(&mut self, annex: &Annex, number: usize, identity: &AknIdentity) {
        let id = self.unique(&format!("att_{number}"));
        self.open(&format!("attachment eId=\"{id}\""));
        self.text("heading", &annex.label);
        if !annex.heading.is_empty() {
            self.text("subheading", &annex.heading);
        }
        self.open("doc name=\"annex\"");
        self.open("meta");
        self.identification(identity, &format!("annex_{number}"), &Metadata::default());
        self.close("meta");
        self.open("mainBody");
        self.blocks(&annex.blocks);
        self.units(&annex.units, &id);
        if annex.blocks.is_empty() && annex.units.is_empty() {
            self.line("<p/>");
        }
        self.close("mainBody");
        self.close("doc");
        self.close("attachment");
    }

    fn unique(&mut self, id: &str) -> String {
        let count = self.taken.entry(id.to_owned()).or_insert(0);
        *count += 1;
        if *count == 1 {
            return id.to_owned();
        }
        let other = format!("{id}_{count}");
        self.unique(&other)
    }
}

/// An element with its text; `start` may have attributes.
fn element(start: &str, text: &str) -> String {
    let name = start.split(' ').next().unwrap_or(start);
    format!("<{start}>{}</{name}>", escaped(text))
}

/// Name of the element, and its part of an identifier.
const fn names(kind: UnitKind) -> (&'static str, &'static str) {
    match kind {
        UnitKind::Part => ("part", "part"),
        UnitKind::Chapter => ("chapter", "chp"),
        UnitKind::Section => ("section", "sec"),
        UnitKind::Subsection => ("subsection", "subsec"),
        UnitKind::Article => ("article", "art"),
        UnitKind::Clause => ("paragraph", "para"),
        UnitKind::Point => ("point", "point"),
    }
}

/// "Điều 5.", "1.", "a)".
fn printed(unit: &Unit) -> String {
    match unit.kind {
        UnitKind::Clause => format!("{}.", unit.number),
        UnitKind::Point => format!("{})", unit.number),
        UnitKind::Article => format!("Điều {}.", unit.number),
        kind => format!("{} {}", kind.word(), unit.number),
    }
}

/// Letters without marks and figures, for an identifier. `đ` is `dd`: it must differ from `d`.
fn slug(text: &str) -> String {
    let doubled = text.replace(['đ', 'Đ'], "dd");
    let folded = fold(&doubled);
    let words: Vec<&str> = folded
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    if words.is_empty() { "x".to_owned() } else { words.join("-") }
}

fn spoken(day: Date) -> String {
    format!("ngày {:02} tháng {:02} năm {}", day.day(), day.month(), day.year())
}
