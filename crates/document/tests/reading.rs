//! Reading through the public door: files made by other programs, scans, and anything at all.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking, and says what it skips"
)]

#[path = "../examples/shared/office.rs"]
mod samples;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use document::docx;
use document::reading::{Format, ReadOptions, Reading, read};
use kernel::ErrorCode;
use kernel::paragraph::Paragraph;
use proptest::prelude::*;

/// A folder for one test, gone afterwards.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Folder {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name =
            format!("reading-test-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path).unwrap();
        Folder(path)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Are these programs installed? Says so loudly when not.
fn has(programs: &[&str]) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found =
        |name: &&str| std::env::split_paths(&path).any(|folder| folder.join(name).is_file());
    let missing: Vec<&&str> = programs.iter().filter(|name| !found(name)).collect();
    if !missing.is_empty() {
        println!("SKIPPED: not installed: {missing:?}");
    }
    missing.is_empty()
}

/// Turns a file to another kind with LibreOffice.
fn convert(folder: &Folder, name: &str, to: &str) -> Vec<u8> {
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.0.display());
    let status = Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", to, "--outdir", "out", name])
        .current_dir(&folder.0)
        .output()
        .unwrap();
    assert!(status.status.success(), "soffice");
    let extension = to.split(':').next().unwrap();
    let stem = Path::new(name).file_stem().unwrap().to_str().unwrap();
    std::fs::read(folder.file("out").join(format!("{stem}.{extension}"))).unwrap()
}

fn options() -> ReadOptions {
    ReadOptions::default()
}

fn paper() -> Vec<u8> {
    docx::write(&samples::paper()).unwrap()
}

/// The texts, with tables left out where the formats differ.
fn texts(paragraphs: &[Paragraph]) -> Vec<&str> {
    paragraphs.iter().filter(|p| p.table.is_none()).map(|p| p.text.as_str()).collect()
}

fn has_notice(reading: &Reading, code: &str) -> bool {
    reading.notices.iter().any(|notice| notice.code == code)
}

#[test]
fn a_pdf_gives_the_paragraphs_of_the_docx_that_it_was_made_of() {
    if !has(&["soffice", "pdftotext", "pdftohtml"]) {
        return;
    }
    let folder = Folder::new();
    std::fs::write(folder.file("paper.docx"), paper()).unwrap();
    let pdf = convert(&folder, "paper.docx", "pdf");
    let from_docx = read(&paper(), &options()).unwrap();
    let from_pdf = read(&pdf, &options()).unwrap();
    assert_eq!(from_pdf.format, Format::Pdf);
    let (wanted, got) = (texts(&from_docx.paragraphs), texts(&from_pdf.paragraphs));
    // All but the title in two lines, which is one paragraph on paper when it fills its line.
    for text in &wanted {
        assert!(got.contains(text), "{text} is not in {got:#?}");
    }
    assert_eq!(got.len(), wanted.len(), "{got:#?}");
    for paragraph in from_pdf.paragraphs.iter().filter(|p| p.text.starts_with("Điều ")) {
        assert!(paragraph.bold && !paragraph.centred, "{}", paragraph.text);
    }
    let tables = from_pdf.paragraphs.iter().filter(|p| p.table.is_some()).count();
    assert!(tables >= 2 && has_notice(&from_pdf, "tables-guessed"));
    let first = from_pdf.paragraphs.first().unwrap();
    assert_eq!(first.page, Some(1));
}

#[test]
fn an_old_word_file_is_read_by_way_of_libreoffice() {
    if !has(&["soffice"]) {
        return;
    }
    let folder = Folder::new();
    std::fs::write(folder.file("paper.docx"), paper()).unwrap();
    let wanted = read(&paper(), &options()).unwrap();
    for kind in ["doc", "rtf", "odt"] {
        let reading = read(&convert(&folder, "paper.docx", kind), &options()).unwrap();
        assert_eq!(reading.format, Format::OldWord, "{kind}");
        assert_eq!(texts(&reading.paragraphs), texts(&wanted.paragraphs), "{kind}");
        assert!(has_notice(&reading, "converted-format"));
    }
}

#[test]
fn a_docx_rewritten_by_libreoffice_reads_the_same() {
    if !has(&["soffice"]) {
        return;
    }
    let folder = Folder::new();
    std::fs::write(folder.file("paper.docx"), paper()).unwrap();
    let rewritten = convert(&folder, "paper.docx", "docx");
    let (wanted, got) =
        (read(&paper(), &options()).unwrap(), read(&rewritten, &options()).unwrap());
    assert_eq!(got.paragraphs, wanted.paragraphs);
}

#[test]
fn a_page_of_html_from_libreoffice_reads_the_same() {
    if !has(&["soffice"]) {
        return;
    }
    let folder = Folder::new();
    std::fs::write(folder.file("paper.docx"), paper()).unwrap();
    let reading = read(&convert(&folder, "paper.docx", "html"), &options()).unwrap();
    let wanted = read(&paper(), &options()).unwrap();
    assert_eq!(reading.format, Format::Html);
    assert_eq!(texts(&reading.paragraphs), texts(&wanted.paragraphs));
}

#[test]
fn a_spreadsheet_rewritten_by_libreoffice_reads_the_same() {
    if !has(&["soffice"]) {
        return;
    }
    let folder = Folder::new();
    let bytes = document::xlsx::write(&samples::list()).unwrap();
    std::fs::write(folder.file("list.xlsx"), &bytes).unwrap();
    let rewritten = convert(&folder, "list.xlsx", "xlsx");
    let (wanted, got) =
        (document::xlsx::read(&bytes).unwrap(), document::xlsx::read(&rewritten).unwrap());
    assert_eq!(got, wanted);
    let reading = read(&rewritten, &options()).unwrap();
    assert_eq!((reading.format, reading.paragraphs.len()), (Format::Xlsx, 1));
}

#[test]
fn a_scan_is_read_by_ocr_and_says_so() {
    if !has(&["soffice", "pdftoppm", "pdftotext", "tesseract"]) {
        return;
    }
    let folder = Folder::new();
    std::fs::write(folder.file("paper.docx"), paper()).unwrap();
    std::fs::write(folder.file("paper.pdf"), convert(&folder, "paper.docx", "pdf")).unwrap();
    let drawn = Command::new("pdftoppm")
        .args([
            "-r",
            "200",
            "-gray",
            "-png",
            "-f",
            "1",
            "-l",
            "1",
            "-singlefile",
            "paper.pdf",
            "page",
        ])
        .current_dir(&folder.0)
        .status()
        .unwrap();
    assert!(drawn.success());
    let picture = std::fs::read(folder.file("page.png")).unwrap();
    let reading = read(&picture, &options()).unwrap();
    assert_eq!(reading.format, Format::Picture);
    assert!(has_notice(&reading, "read-by-ocr"));
    let all = reading.paragraphs.iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join("\n");
    for part in ["Độc lập - Tự do - Hạnh phúc", "Điều 1. Trách nhiệm", "hướng dẫn người dân"]
    {
        assert!(all.contains(part), "{part} is not in:\n{all}");
    }
}

/// A PDF of one page that holds nothing but a picture of 1654 × 2339 points of light.
fn scanned_pdf(jpeg: &[u8]) -> Vec<u8> {
    let content = b"q 595 0 0 842 0 0 cm /I Do Q";
    let objects: [Vec<u8>; 5] = [
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</I 5 0 R>>>>/Contents 4 0 R>>".to_vec(),
        [format!("<</Length {}>>stream\n", content.len()).as_bytes(), content, b"\nendstream"].concat(),
        [
            format!(
                "<</Type/XObject/Subtype/Image/Width 1654/Height 2339/ColorSpace/DeviceRGB\
                 /BitsPerComponent 8/Filter/DCTDecode/Length {}>>stream\n",
                jpeg.len()
            )
            .as_bytes(),
            jpeg,
            b"\nendstream",
        ]
        .concat(),
    ];
    let mut pdf = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        places.push(pdf.len());
        pdf.extend(format!("{} 0 obj\n", at + 1).as_bytes());
        pdf.extend(object);
        pdf.extend(b"\nendobj\n");
    }
    let start = pdf.len();
    pdf.extend(b"xref\n0 6\n0000000000 65535 f \n");
    for place in places {
        pdf.extend(format!("{place:010} 00000 n \n").as_bytes());
    }
    pdf.extend(format!("trailer<</Size 6/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").as_bytes());
    pdf
}

#[test]
fn a_scanned_pdf_is_read_by_ocr_page_by_page_within_its_limits() {
    if !has(&["soffice", "pdftoppm", "pdftotext", "tesseract"]) {
        return;
    }
    let folder = Folder::new();
    std::fs::write(folder.file("paper.docx"), paper()).unwrap();
    std::fs::write(folder.file("paper.pdf"), convert(&folder, "paper.docx", "pdf")).unwrap();
    let arguments = ["-jpeg", "-scale-to-x", "1654", "-scale-to-y", "2339", "-l", "1"];
    let drawn = Command::new("pdftoppm")
        .args(arguments)
        .args(["-singlefile", "paper.pdf", "page"])
        .current_dir(&folder.0)
        .status()
        .unwrap();
    assert!(drawn.success());
    let pdf = scanned_pdf(&std::fs::read(folder.file("page.jpg")).unwrap());
    let reading = read(&pdf, &options()).unwrap();
    assert!(reading.format == Format::Pdf && has_notice(&reading, "read-by-ocr"));
    let texts = texts(&reading.paragraphs);
    for text in ["Điều 1. Trách nhiệm của cơ quan số 1", "a) Tờ khai theo mẫu;", "Chương I"]
    {
        assert!(texts.contains(&text), "{text} is not in {texts:#?}");
    }
    let none = ReadOptions { most_ocr_pages: 0, ..options() };
    assert_eq!(read(&pdf, &none).unwrap_err().code, ErrorCode::TooLarge);
}

#[test]
fn a_pdf_with_a_password_is_refused_with_the_way_to_mend_it() {
    if !has(&["soffice", "pdftotext"]) {
        return;
    }
    let folder = Folder::new();
    std::fs::write(folder.file("paper.docx"), paper()).unwrap();
    let locked = "pdf:writer_pdf_Export:{\"EncryptFile\":{\"type\":\"boolean\",\"value\":\"true\"},\
                  \"DocumentOpenPassword\":{\"type\":\"string\",\"value\":\"mật\"}}";
    let error = read(&convert(&folder, "paper.docx", locked), &options()).unwrap_err();
    assert_eq!(error.code, ErrorCode::Invalid);
    assert!(error.message.contains("bỏ mật khẩu"), "{}", error.message);
}

#[test]
fn without_the_programs_a_person_reads_which_package_is_missing() {
    let options = ReadOptions { program_path: Some("".into()), ..options() };
    let picture = b"\x89PNG\r\n\x1A\n nothing".as_slice();
    for (bytes, package) in
        [(b"%PDF-1.7 x".as_slice(), "poppler-utils"), (picture, "tesseract-ocr-vie")]
    {
        let error = read(bytes, &options).unwrap_err();
        assert_eq!(error.code, ErrorCode::Unavailable);
        assert!(error.message.contains(package), "{}", error.message);
    }
}

#[test]
fn a_damaged_pdf_says_how_to_mend_it() {
    if !has(&["pdftotext"]) {
        return;
    }
    let error = read(b"%PDF-1.7\nnothing at all", &options()).unwrap_err();
    assert_eq!(error.code, ErrorCode::Invalid);
    assert!(error.message.contains("Lưu thành PDF"));
}

#[test]
fn what_is_no_document_is_refused_with_the_way_on() {
    for bytes in
        [b"".as_slice(), b" \n", &[0, 1, 2, 3, 4, 5, 6, 7, 8, 14, 15, 16], b"PK\x05\x06abc"]
    {
        let error = read(bytes, &options()).unwrap_err();
        assert_eq!(error.code, ErrorCode::Invalid);
        assert!(error.message.contains("Ông/bà vui lòng"), "{}", error.message);
    }
    let small = ReadOptions { most_bytes: 4, ..options() };
    assert_eq!(read(b"12345", &small).unwrap_err().code, ErrorCode::TooLarge);
}

/// No children are started: what they would say is no property of ours.
fn alone() -> ReadOptions {
    ReadOptions { program_path: Some("".into()), ..options() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn anything_at_all_is_read_or_refused(bytes: Vec<u8>) {
        let _ = read(&bytes, &alone());
    }

    #[test]
    fn anything_behind_a_known_beginning_is_read_or_refused(
        start in prop::sample::select(vec![
            b"PK\x03\x04".as_slice(), b"%PDF-1.4", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", b"<html>",
            b"\xFF\xFE", b"{\\rtf", b"\xEF\xBB\xBF", b"<?xml", b"\xFF\xD8\xFF",
        ]),
        bytes: Vec<u8>,
    ) {
        let _ = read(&[start, &bytes].concat(), &alone());
    }

    #[test]
    fn a_mutated_docx_is_read_or_refused(
        changes in prop::collection::vec((0_usize..20_000, any::<u8>()), 1..8), cut in 0_usize..20_000,
    ) {
        let mut bytes = paper();
        let length = bytes.len();
        for (at, byte) in changes {
            bytes[at % length] = byte;
        }
        let _ = read(&bytes, &alone());
        bytes.truncate(cut.min(length));
        let _ = read(&bytes, &alone());
    }

    #[test]
    fn any_text_is_read_in_nfc_without_empty_paragraphs(text: String) {
        if let Ok(reading) = read(text.as_bytes(), &alone()) {
            for paragraph in reading.paragraphs {
                prop_assert!(!paragraph.text.is_empty());
                prop_assert_eq!(kernel::text::nfc(&paragraph.text), paragraph.text);
            }
        }
    }
}
