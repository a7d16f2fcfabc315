//! Reading files of any usual format into paragraphs.
//!
//! What a file is, its bytes say; no name is asked. Formats that this room does not read itself go
//! through other programs of Debian (Poppler for PDF, Tesseract for pictures, LibreOffice for files
//! of older Word): they run as children without a shell, in a private folder, with limits of time,
//! memory and output, and where one is not installed the person reads which package is missing.
//!
//! How a docx becomes paragraphs: a line break within a paragraph begins a new paragraph, because
//! in official papers it stands between the lines of a head or a title; only in a paragraph of a
//! heading style it becomes a space. Inserted text stays and deleted text goes. The contents list,
//! page heads and feet are left out. A borderless table that only sets the head or the foot of a
//! paper in two columns becomes its paragraphs, the left column first.

use std::ffi::OsString;
use std::time::Duration;

use kernel::paragraph::{Paragraph, Table};
use kernel::{Error, Result};

mod archive;
mod docx;
mod encoding;
mod grid;
mod html;
mod layout;
mod legacy;
mod notice;
mod ocr;
mod office;
mod pdf;
mod piece;
mod process;
mod sheet;
mod syllable;
mod text;
pub(crate) mod xml;

pub(crate) use self::archive::{Archive, damaged};
pub use self::notice::Notice;

/// What a file turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Format {
    /// Word since 2007.
    Docx,
    /// Word before 2007, RTF or ODT, by way of LibreOffice.
    OldWord,
    /// Excel since 2007; each sheet is its name and a table.
    Xlsx,
    /// PDF with text, or scanned.
    Pdf,
    /// A picture of a page.
    Picture,
    /// HTML.
    Html,
    /// Plain text.
    Text,
    /// Akoma Ntoso: structured already, so the paragraphs are empty and the text of the file is
    /// handed on.
    AkomaNtoso {
        /// The whole file in UTF-8.
        xml: String,
    },
}

/// Limits, and where programs are found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadOptions {
    /// Bytes of a file.
    pub most_bytes: u64,
    /// Bytes of an office file, unpacked.
    pub most_unpacked: u64,
    /// Pages that are read by OCR; the others are named in a notice.
    pub most_ocr_pages: u32,
    /// Time for all other programs together.
    pub patience: Duration,
    /// Folders in which programs are looked for, as in `PATH`; `None`: the `PATH` of this process.
    pub program_path: Option<OsString>,
}

impl Default for ReadOptions {
    /// 100 MB, 200 MB unpacked, 100 scanned pages, ten minutes.
    fn default() -> ReadOptions {
        ReadOptions {
            most_bytes: 100 << 20,
            most_unpacked: 200 << 20,
            most_ocr_pages: 100,
            patience: Duration::from_secs(600),
            program_path: None,
        }
    }
}

/// What was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// In reading order; none is empty.
    pub paragraphs: Vec<Paragraph>,
    /// What the file was.
    pub format: Format,
    /// What a person should know before trusting it.
    pub notices: Vec<Notice>,
    /// Footnotes and endnotes; the text marks them as `[1]`.
    pub footnotes: Vec<Footnote>,
}

/// A footnote or endnote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Footnote {
    /// Its number in the text, without brackets.
    pub number: String,
    /// Its text in one line.
    pub text: String,
}

impl Reading {
    fn of(format: Format, paragraphs: Vec<Paragraph>, notices: Vec<Notice>) -> Reading {
        Reading { paragraphs, format, notices, footnotes: Vec::new() }
    }
}

/// Reads a file.
///
/// # Errors
/// `Invalid` when it is damaged, locked or of an unknown kind; `TooLarge` beyond the limits;
/// `Unavailable` when a program that it needs is not installed. Each says how to go on.
pub fn read(bytes: &[u8], options: &ReadOptions) -> Result<Reading> {
    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if length > options.most_bytes {
        return Err(Error::too_large(format!(
            "Tệp lớn hơn mức {} MB. Ông/bà vui lòng tách thành nhiều tệp nhỏ rồi gửi lại.",
            options.most_bytes >> 20
        )));
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Error::invalid("Tệp rỗng. Ông/bà vui lòng chọn lại tệp.").because("empty file"));
    }
    match kind(bytes) {
        Kind::Zip => read_zip(bytes, options),
        Kind::Container => office::read_container(bytes, options),
        Kind::Rtf => office::convert(bytes, "in.rtf", options),
        Kind::Pdf(start) => pdf::read(bytes.get(start..).unwrap_or_default(), options),
        Kind::Picture(name) => ocr::read_picture(bytes, name, options),
        Kind::Markup => Ok(read_markup(bytes)),
        Kind::Text => Ok(text::read(bytes)),
        Kind::Unknown => Err(Error::invalid(
            "Hệ thống không nhận ra định dạng của tệp. Ông/bà vui lòng gửi văn bản ở định dạng \
             .docx, .pdf, .html hoặc .txt.",
        )
        .because("unknown format")),
    }
}

enum Kind {
    Zip,
    Container,
    Rtf,
    Pdf(usize),
    Picture(&'static str),
    Markup,
    Text,
    Unknown,
}

fn kind(bytes: &[u8]) -> Kind {
    /// Some programs write a line of their own in front of a PDF.
    const PDF_WITHIN: usize = 1_024;
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Kind::Zip;
    }
    if office::is_container(bytes) {
        return Kind::Container;
    }
    if bytes.starts_with(b"{\\rtf") {
        return Kind::Rtf;
    }
    match crate::image::file_type(bytes) {
        Some(crate::image::FileType::Jpeg) => return Kind::Picture("in.jpg"),
        Some(crate::image::FileType::Png) => return Kind::Picture("in.png"),
        Some(crate::image::FileType::Webp) => return Kind::Picture("in.webp"),
        Some(crate::image::FileType::Pdf) | None => {}
    }
    if bytes.starts_with(b"II*\0") || bytes.starts_with(b"MM\0*") {
        return Kind::Picture("in.tif");
    }
    let head = bytes.get(..bytes.len().min(PDF_WITHIN)).unwrap_or_default();
    if let Some(start) = head.windows(5).position(|window| window == b"%PDF-") {
        return Kind::Pdf(start);
    }
    let (start, _) = encoding::decode(bytes.get(..bytes.len().min(4_096)).unwrap_or_default());
    if html::looks_like_markup(&start) {
        return Kind::Markup;
    }
    let strange = start.chars().filter(|c| c.is_control() && !c.is_whitespace()).count();
    if strange * 50 > start.chars().count() { Kind::Unknown } else { Kind::Text }
}

fn read_zip(bytes: &[u8], options: &ReadOptions) -> Result<Reading> {
    let mut archive = Archive::open(bytes, options.most_unpacked)?;
    if archive.has_folder("word/") {
        return docx::read(bytes, options);
    }
    if archive.has_folder("xl/") {
        return sheet::read(bytes, options);
    }
    let mime = if archive.has("mimetype") { archive.text("mimetype")? } else { None };
    if mime.is_some_and(|mime| mime.starts_with("application/vnd.oasis.opendocument.text")) {
        return office::convert(bytes, "in.odt", options);
    }
    if archive.has("[Content_Types].xml") {
        return docx::read(bytes, options);
    }
    Err(Error::invalid(
        "Đây là tệp nén, không phải văn bản. Ông/bà vui lòng giải nén rồi gửi từng văn bản ở định \
         dạng .docx, .pdf, .html hoặc .txt.",
    )
    .because("zip without document"))
}

fn read_markup(bytes: &[u8]) -> Reading {
    let (text, notices) = html::decode(bytes);
    if html::is_akoma_ntoso(&text) {
        return Reading::of(Format::AkomaNtoso { xml: text }, Vec::new(), Vec::new());
    }
    html::read(&text, notices)
}

/// A table as a paragraph: its text is the text of its cells, read line by line.
fn table_paragraph(table: Table, page: Option<u32>) -> Paragraph {
    let cells = table.rows.iter().flatten().map(|cell| cell.text.as_str());
    let text: Vec<&str> = cells.filter(|text| !text.is_empty()).collect();
    let text = encoding::clean(&text.join(" "));
    Paragraph { page, table: Some(table), ..Paragraph::plain(text) }
}
