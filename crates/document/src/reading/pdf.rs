//! PDF files: words and their places from `pdftotext`, bold and italic from `pdftohtml` (both of
//! Poppler), and OCR for pages that are pictures.

use std::time::Duration;

use kernel::{Error, Result};

use super::layout::{self, Page, Word};
use super::legacy::{self, Legacy};
use super::process::{Folder, Job, Output, Programs, failed, missing};
use super::xml::{Element, Node, walk};
use super::{Format, Notice, ReadOptions, Reading, ocr};

/// Output of one call; words with their places are some twenty times the text.
const MOST_OUTPUT: u64 = 300 << 20;
/// Words on one page.
const MOST_WORDS: usize = 20_000;
/// Letters that a page of text has at least; a scan has a stamp or nothing.
const FEW_LETTERS: usize = 20;
const LONGEST: Duration = Duration::from_secs(120);
/// The only name under which a file from outside lies in the folder.
pub(super) const FILE: &str = "in.pdf";

pub(super) fn read(bytes: &[u8], options: &ReadOptions) -> Result<Reading> {
    let programs = Programs::new(options.program_path.as_deref(), options.patience);
    let folder = Folder::new()?;
    folder.write(FILE, bytes)?;
    let mut pages = words(&programs, &folder)?;
    let mut notices = Vec::new();
    let scanned: Vec<u32> =
        pages.iter().filter(|page| letters(page) < FEW_LETTERS).map(|page| page.number).collect();
    let is_scan = scanned.len() * 2 > pages.len() || scanned.len() == pages.len();
    if is_scan && !scanned.is_empty() {
        let seen = ocr::read_pages(&programs, &folder, &scanned, options, &mut notices)?;
        for page in seen {
            if let Some(place) = pages.iter_mut().find(|known| known.number == page.number) {
                *place = page;
            }
        }
    } else if !scanned.is_empty() {
        notices.push(Notice::pages_without_text(&scanned));
    }
    if !is_scan {
        mark_looks(&programs, &folder, &mut pages);
    }
    if let Some(legacy) = convert_old_fonts(&mut pages) {
        notices.push(Notice::converted_encoding(legacy));
    }
    let layout = layout::paragraphs(pages);
    if layout.has_guessed_tables {
        notices.push(Notice::tables_guessed());
    }
    if layout.paragraphs.is_empty() {
        notices.push(Notice::no_text());
    }
    Ok(Reading::of(Format::Pdf, layout.paragraphs, notices))
}

/// PDF files set in the old fonts give the Latin letters of their bytes.
fn convert_old_fonts(pages: &mut [Page]) -> Option<Legacy> {
    const SAMPLE: usize = 8_000;
    let words = || pages.iter().flat_map(|page| &page.words).take(SAMPLE);
    let sample: Vec<&str> = words().map(|word| word.text.as_str()).collect();
    let legacy = legacy::suspected(&sample.join(" "), 5)?;
    for word in pages.iter_mut().flat_map(|page| &mut page.words) {
        if !legacy::has_vietnamese_letters(&word.text) {
            word.text = legacy.convert(&word.text);
        }
    }
    Some(legacy)
}

fn letters(page: &Page) -> usize {
    page.words.iter().flat_map(|word| word.text.chars()).filter(|c| c.is_alphabetic()).count()
}

fn words(programs: &Programs, folder: &Folder) -> Result<Vec<Page>> {
    let program =
        programs.find("pdftotext").ok_or_else(|| missing("đọc tệp PDF", "poppler-utils"))?;
    let output = programs
        .run(&Job {
            program: &program,
            arguments: &["-bbox", "-enc", "UTF-8", FILE, "-"],
            folder,
            most_output: MOST_OUTPUT,
            longest: LONGEST,
            is_memory_limited: true,
        })
        .map_err(|failure| failed("pdftotext", failure))?;
    if !output.is_success {
        return Err(refusal(&output));
    }
    let mut pages = Vec::new();
    let text = printable(&output.bytes);
    walk(&text, 3, |_, element| {
        let number = u32::try_from(pages.len() + 1).unwrap_or(u32::MAX);
        pages.push(page(&element, number));
        Ok(())
    })
    .map_err(|error| error.because("pdftotext"))?;
    if pages.is_empty() {
        return Err(damaged("no pages"));
    }
    Ok(pages)
}

/// Control characters of broken fonts are no XML.
fn printable(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.chars().map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).collect()
}

fn refusal(output: &Output) -> Error {
    let complaints = output.complaints.to_lowercase();
    if complaints.contains("incorrect password") || complaints.contains("encrypt") {
        return Error::invalid(
            "Tệp PDF có đặt mật khẩu nên không đọc được. Ông/bà vui lòng bỏ mật khẩu rồi gửi lại.",
        )
        .because("pdf: password");
    }
    damaged("not readable")
}

fn damaged(cause: &str) -> Error {
    Error::invalid(
        "Tệp PDF bị hỏng hoặc chưa tải lên đủ nên không đọc được. Ông/bà vui lòng mở thử tệp trên \
         máy, chọn “In”, rồi “Lưu thành PDF” và gửi tệp mới.",
    )
    .because(format!("pdf: {cause}"))
}

fn page(element: &Element, number: u32) -> Page {
    let words = element
        .children()
        .filter(|child| &*child.name == "word")
        .take(MOST_WORDS)
        .filter_map(|word| {
            Some(Word {
                x0: length(word, "xMin")?,
                y0: length(word, "yMin")?,
                x1: length(word, "xMax")?,
                y1: length(word, "yMax")?,
                text: word.text(),
                bold: false,
                italic: false,
            })
        })
        .collect();
    Page {
        number,
        width: length(element, "width").unwrap_or(595.0),
        height: length(element, "height").unwrap_or(842.0),
        words,
    }
}

fn length(element: &Element, name: &str) -> Option<f32> {
    let value: f32 = element.attribute(name)?.parse().ok()?;
    value.is_finite().then(|| value.clamp(-20_000.0, 20_000.0))
}

/// A stretch of text and which of its letters are bold and italic.
struct Stretch {
    x0: f32,
    x1: f32,
    y0: f32,
    y1: f32,
    looks: Vec<(bool, bool)>,
}

/// Sets bold and italic of the words. Without the program, or when it fails, they stay plain: the
/// looks only help to tell headings.
fn mark_looks(programs: &Programs, folder: &Folder, pages: &mut [Page]) {
    let Some(program) = programs.find("pdftohtml") else { return };
    let output = programs.run(&Job {
        program: &program,
        arguments: &["-xml", "-i", "-q", "-stdout", "-zoom", "1", "-enc", "UTF-8", FILE],
        folder,
        most_output: MOST_OUTPUT,
        longest: LONGEST,
        is_memory_limited: true,
    });
    let Ok(output) = output else { return };
    let text = printable(&output.bytes);
    // A broken tail leaves the pages before it marked.
    let _ = walk(&text, 1, |_, element| {
        let number = element.attribute("number").and_then(|number| number.parse::<u32>().ok());
        if let Some(page) = pages.iter_mut().find(|page| Some(page.number) == number) {
            mark_page(page, &element);
        }
        Ok(())
    });
}

fn mark_page(page: &mut Page, element: &Element) {
    const STEP: f32 = 16.0;
    let mut by_height: std::collections::HashMap<i32, Vec<Stretch>> =
        std::collections::HashMap::new();
    for text in element.children().filter(|child| &*child.name == "text").take(MOST_WORDS) {
        let (Some(x0), Some(y0)) = (length(text, "left"), length(text, "top")) else { continue };
        let (Some(width), Some(height)) = (length(text, "width"), length(text, "height")) else {
            continue;
        };
        let mut looks = Vec::new();
        push_looks(text, (false, false), &mut looks);
        if looks.iter().any(|(bold, italic)| *bold || *italic) {
            let stretch = Stretch { x0, x1: x0 + width, y0, y1: y0 + height, looks };
            let key = (f32::midpoint(stretch.y0, stretch.y1) / STEP) as i32;
            by_height.entry(key).or_default().push(stretch);
        }
    }
    for word in &mut page.words {
        let (x, y) = (f32::midpoint(word.x0, word.x1), f32::midpoint(word.y0, word.y1));
        let key = (y / STEP) as i32;
        let found = (key - 1..=key + 1)
            .filter_map(|key| by_height.get(&key))
            .flatten()
            .find(|s| s.y0 - 1.0 <= y && y <= s.y1 + 1.0 && s.x0 - 1.0 <= x && x <= s.x1 + 1.0);
        if let Some(stretch) = found {
            let share = (x - stretch.x0) / (stretch.x1 - stretch.x0).max(1.0);
            let at = (share * stretch.looks.len() as f32) as usize;
            let last = stretch.looks.len().saturating_sub(1);
            (word.bold, word.italic) = stretch.looks.get(at.min(last)).copied().unwrap_or_default();
        }
    }
}

fn push_looks(element: &Element, (bold, italic): (bool, bool), looks: &mut Vec<(bool, bool)>) {
    for node in &element.nodes {
        match node {
            Node::Text(text) => looks.extend(text.chars().map(|_| (bold, italic))),
            Node::Element(child) => {
                let own = (bold || &*child.name == "b", italic || &*child.name == "i");
                push_looks(child, own, looks);
            }
        }
    }
}
