//! A file as a legal document.

use document::reading::{Format, Notice, ReadOptions, Reading, read};
use kernel::error::{Error, Result};
use kernel::paragraph::Paragraph;
use law::model::{Doubt, LegalDocument};

/// Reads a file of any format. What the reader of the file noticed is among the document's doubts, with
/// `tep` as their place.
///
/// # Errors
/// `Invalid` when it is damaged, locked or of an unknown kind, `TooLarge` beyond the limits; each says how to
/// go on.
pub fn read_file(bytes: &[u8]) -> Result<LegalDocument> {
    read_within(bytes, &ReadOptions::default())
}

/// The same within other limits.
pub(super) fn read_within(bytes: &[u8], options: &ReadOptions) -> Result<LegalDocument> {
    let reading = read(bytes, options)?;
    let Reading { paragraphs, format, notices, footnotes } = reading;
    let mut document = match format {
        Format::AkomaNtoso { xml } => law::akoma_ntoso::read(&xml).map_err(|problems| {
            let first = problems.first().map(|problem| problem.message.clone());
            Error::invalid(first.unwrap_or_else(|| "Tệp Akoma Ntoso chưa đúng.".to_owned()))
        })?,
        _ => law::outline::read(&with_notes(paragraphs, &footnotes)),
    };
    document.doubts.extend(notices.into_iter().map(doubt));
    Ok(document)
}

/// Footnotes stand at the end, as in documents that have them in their text.
fn with_notes(
    mut paragraphs: Vec<Paragraph>,
    footnotes: &[document::reading::Footnote],
) -> Vec<Paragraph> {
    let notes = footnotes.iter().map(|note| format!("[{}] {}", note.number, note.text));
    paragraphs.extend(notes.map(Paragraph::plain));
    paragraphs
}

fn doubt(notice: Notice) -> Doubt {
    Doubt { code: notice.code.to_owned(), place: "tep".to_owned(), message: notice.message }
}
