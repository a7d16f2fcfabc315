//! Writing office files: parts of XML in a zip container, the same input the same bytes.

use std::io::{Cursor, Write};

use kernel::{Error, Result};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// What every part begins with.
pub(crate) const DECLARATION: &str =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// Packs parts, in this order, without any time of day.
///
/// # Errors
/// Only when the memory is not enough for the container.
pub(crate) fn pack(parts: &[(&str, String)]) -> Result<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, options).map_err(Error::internal)?;
        zip.write_all(text.as_bytes()).map_err(Error::internal)?;
    }
    Ok(zip.finish().map_err(Error::internal)?.into_inner())
}

/// Adds text as XML; characters that XML does not have become spaces.
pub(crate) fn push_escaped(xml: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' => xml.push_str("&quot;"),
            '\t' | '\n' | '\r' => xml.push(character),
            '\0'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => xml.push(' '),
            _ => xml.push(character),
        }
    }
}

/// Text as XML.
pub(crate) fn escaped(text: &str) -> String {
    let mut xml = String::with_capacity(text.len());
    push_escaped(&mut xml, text);
    xml
}
