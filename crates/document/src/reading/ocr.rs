//! Reading pictures of pages with Tesseract and its Vietnamese model.

use std::time::Duration;

use kernel::Result;

use super::layout::{self, Page, Word};
use super::process::{Failure, Folder, Job, Programs, failed, missing};
use super::{Format, Notice, ReadOptions, Reading, pdf};

/// Dots an inch: below 200 the tones are lost, above 300 nothing is won.
const DOTS: f32 = 300.0;
const POINTS: f32 = 72.0;
/// Bytes of words with their places for one page.
const MOST_OUTPUT: u64 = 8 << 20;
/// Bytes of one page as a picture.
const LARGEST_PICTURE: u64 = 200 << 20;
/// One page takes some five seconds.
const LONGEST_PAGE: Duration = Duration::from_secs(90);
/// Confidence, of a hundred, below which a word is dust.
const DUST: f32 = 10.0;
/// Confidence below which a page is worth a second look, on average.
const DOUBTFUL: f32 = 75.0;

/// Reads pages of the PDF in the folder, as many as the options allow.
pub(super) fn read_pages(
    programs: &Programs,
    folder: &Folder,
    numbers: &[u32],
    options: &ReadOptions,
    notices: &mut Vec<Notice>,
) -> Result<Vec<Page>> {
    let drawer =
        programs.find("pdftoppm").ok_or_else(|| missing("đọc bản quét (scan)", "poppler-utils"))?;
    let most = usize::try_from(options.most_ocr_pages).unwrap_or(usize::MAX);
    let mut pages = Vec::new();
    let mut doubtful = Vec::new();
    let mut unread: Vec<u32> = numbers.iter().skip(most).copied().collect();
    for number in numbers.iter().take(most) {
        let page = number.to_string();
        let arguments = [
            "-f",
            &page,
            "-l",
            &page,
            "-r",
            "300",
            "-gray",
            "-scale-to",
            "3600",
            "-singlefile",
            pdf::FILE,
            "page",
        ];
        let drawn = programs.run(&Job {
            program: &drawer,
            arguments: &arguments,
            folder,
            most_output: 1_024,
            longest: LONGEST_PAGE,
            is_memory_limited: true,
        });
        let seen = match drawn {
            Ok(_) => recognise(programs, folder, "page.pgm", *number),
            Err(failure) => Err(Seen::Failed(failure)),
        };
        folder.remove("page.pgm");
        match seen {
            Ok((page, confidence)) => {
                if confidence < DOUBTFUL {
                    doubtful.push(*number);
                }
                pages.push(page);
            }
            Err(Seen::Missing(error)) => return Err(error),
            Err(Seen::Failed(Failure::TooSlow)) if programs.time_left().is_zero() => {
                let from = pages.len();
                unread.extend(numbers.iter().take(most).skip(from));
                break;
            }
            Err(Seen::Failed(_)) => unread.push(*number),
        }
    }
    if pages.is_empty() {
        return Err(failed("ocr", Failure::TooSlow));
    }
    notices.push(Notice::read_by_ocr());
    if !doubtful.is_empty() {
        notices.push(Notice::unclear_pages(&doubtful));
    }
    if !unread.is_empty() {
        unread.sort_unstable();
        notices.push(Notice::pages_not_read(&unread));
    }
    Ok(pages)
}

/// Reads one picture of a page.
pub(super) fn read_picture(bytes: &[u8], name: &str, options: &ReadOptions) -> Result<Reading> {
    let programs = Programs::new(options.program_path.as_deref(), options.patience);
    let folder = Folder::new()?;
    folder.write(name, bytes)?;
    let (page, confidence) = match recognise(&programs, &folder, name, 1) {
        Ok(seen) => seen,
        Err(Seen::Missing(error)) => return Err(error),
        Err(Seen::Failed(Failure::Broken)) => {
            return Err(kernel::Error::invalid(
                "Ảnh bị hỏng nên không đọc được. Ông/bà vui lòng chụp hoặc quét lại rồi gửi lại.",
            )
            .because("ocr: picture"));
        }
        Err(Seen::Failed(failure)) => return Err(failed("ocr", failure)),
    };
    let mut notices = vec![Notice::read_by_ocr()];
    if confidence < DOUBTFUL {
        notices.push(Notice::unclear_pages(&[1]));
    }
    let layout = layout::paragraphs(vec![page]);
    if layout.has_guessed_tables {
        notices.push(Notice::tables_guessed());
    }
    if layout.paragraphs.is_empty() {
        notices.push(Notice::no_text());
    }
    Ok(Reading::of(Format::Picture, layout.paragraphs, notices))
}

enum Seen {
    Missing(kernel::Error),
    Failed(Failure),
}

/// The words of a picture in the folder, and how sure the program is of them, of a hundred.
fn recognise(
    programs: &Programs,
    folder: &Folder,
    name: &str,
    number: u32,
) -> Result<(Page, f32), Seen> {
    let needed =
        || Seen::Missing(missing("đọc bản quét (scan)", "tesseract-ocr, tesseract-ocr-vie"));
    let program = programs.find("tesseract").ok_or_else(needed)?;
    if folder.read(name, LARGEST_PICTURE).is_none() {
        return Err(Seen::Failed(Failure::Broken));
    }
    let output = programs
        .run(&Job {
            program: &program,
            arguments: &[name, "stdout", "-l", "vie", "--dpi", "300", "--psm", "3", "tsv"],
            folder,
            most_output: MOST_OUTPUT,
            longest: LONGEST_PAGE,
            is_memory_limited: true,
        })
        .map_err(Seen::Failed)?;
    if !output.is_success {
        let lacks_model = output.complaints.contains("vie.traineddata");
        return Err(if lacks_model { needed() } else { Seen::Failed(Failure::Broken) });
    }
    Ok(page_of(&String::from_utf8_lossy(&output.bytes), number))
}

/// A page from the table of words: level, page, block, paragraph, line, word, left, top, width,
/// height, confidence, text.
fn page_of(table: &str, number: u32) -> (Page, f32) {
    let mut page = Page { number, width: 595.0, height: 842.0, words: Vec::new() };
    let (mut sum, mut count) = (0.0, 0.0_f32);
    for line in table.lines().skip(1) {
        let fields: Vec<&str> = line.splitn(12, '\t').collect();
        let length = |at: usize| {
            let value = fields.get(at).and_then(|field| field.parse::<f32>().ok())?;
            value.is_finite().then_some(value * POINTS / DOTS)
        };
        let (Some(x), Some(y), Some(width), Some(height)) =
            (length(6), length(7), length(8), length(9))
        else {
            continue;
        };
        if fields.first() == Some(&"1") {
            (page.width, page.height) = (width, height);
        }
        let confidence = fields.get(10).and_then(|field| field.parse::<f32>().ok()).unwrap_or(-1.0);
        let text = fields.get(11).map_or("", |text| text.trim());
        if text.is_empty() || confidence < DUST {
            continue;
        }
        sum += confidence;
        count += 1.0;
        page.words.push(Word {
            x0: x,
            y0: y,
            x1: x + width,
            y1: y + height,
            text: text.to_owned(),
            bold: false,
            italic: false,
        });
    }
    (page, sum / count.max(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_with_their_places_in_points_and_dust_is_left_out() {
        let table = "level\tpage_num\n\
                     1\t1\t0\t0\t0\t0\t0\t0\t2480\t3508\t-1\t\n\
                     5\t1\t1\t1\t1\t1\t300\t600\t150\t50\t90.5\tĐiều\n\
                     5\t1\t1\t1\t1\t2\t460\t600\t30\t50\t3.0\t~\n\
                     broken";
        let (page, confidence) = page_of(table, 7);
        assert_eq!((page.number, page.words.len()), (7, 1));
        let word = &page.words[0];
        assert_eq!((word.x0, word.y0, word.x1, word.y1), (72.0, 144.0, 108.0, 156.0));
        assert!((confidence - 90.5).abs() < 0.01 && (page.width - 595.2).abs() < 0.1);
    }
}
