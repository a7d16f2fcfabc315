//! Files that people attach, made on the spot.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};

/// A small photograph as JPEG. Photographs of different numbers differ.
#[must_use]
pub fn photograph(number: u8) -> Vec<u8> {
    let picture = RgbImage::from_fn(64, 48, |x, y| {
        let shade = u8::try_from((x * 3 + y) % 200).unwrap_or(0);
        Rgb([shade, number, 255 - shade])
    });
    let mut bytes = Vec::new();
    picture.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Jpeg).expect("a picture");
    bytes
}

/// The beginning of a Windows program, whatever it is called.
#[must_use]
pub fn program() -> Vec<u8> {
    let mut bytes = b"MZ\x90\x00\x03\x00\x00\x00".to_vec();
    bytes.resize(4_096, 0);
    bytes
}

/// So many megabytes that begin like a PDF.
#[must_use]
pub fn huge_pdf(megabytes: usize) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    bytes.resize(megabytes * 1_000_000, b' ');
    bytes
}
