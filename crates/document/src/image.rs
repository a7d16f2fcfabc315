//! Uploads: what a file really is, and making it harmless. (Pictures and scanned PDFs; the name of
//! the module is that of the most common kind.)

use std::io::Cursor;

use ::image::codecs::jpeg::JpegEncoder;
use ::image::codecs::png::PngEncoder;
use ::image::codecs::webp::WebPEncoder;
use ::image::imageops::FilterType;
use ::image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, ImageResult};
use kernel::{Error, Result};
use serde::{Deserialize, Serialize};

use crate::pdf_upload;

/// Files that citizens and officers may send.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[serde(rename_all = "kebab-case")]
pub enum FileType {
    /// Portable Document Format.
    Pdf,
    /// Photograph.
    Jpeg,
    /// Picture without loss.
    Png,
    /// Picture as browsers save it.
    Webp,
}

impl FileType {
    /// Media type.
    pub const fn mime(self) -> &'static str {
        match self {
            FileType::Pdf => "application/pdf",
            FileType::Jpeg => "image/jpeg",
            FileType::Png => "image/png",
            FileType::Webp => "image/webp",
        }
    }

    /// Usual ending of the name, without dot.
    pub const fn extension(self) -> &'static str {
        match self {
            FileType::Pdf => "pdf",
            FileType::Jpeg => "jpg",
            FileType::Png => "png",
            FileType::Webp => "webp",
        }
    }
}

/// What the first bytes say; neither the name nor the browser is asked.
pub fn file_type(bytes: &[u8]) -> Option<FileType> {
    if bytes.starts_with(b"%PDF-") {
        Some(FileType::Pdf)
    } else if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
        Some(FileType::Jpeg)
    } else if bytes.starts_with(b"\x89PNG\r\n\x1A\n") {
        Some(FileType::Png)
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        Some(FileType::Webp)
    } else {
        None
    }
}

/// How large a picture may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Pixels on a side, as sent.
    pub side: u32,
    /// Pixels altogether, as sent.
    pub pixels: u64,
    /// Pixels on the longer side of what is kept; larger pictures are scaled down.
    pub kept_side: u32,
}

impl Default for Limits {
    /// 40 million pixels, above nearly every telephone of today and below what fills the memory;
    /// 3,000 pixels hold an A4 page at 250 dots an inch.
    fn default() -> Limits {
        Limits { side: 12_000, pixels: 40_000_000, kept_side: 3_000 }
    }
}

/// A file made harmless.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sanitised {
    /// What it is now.
    pub file_type: FileType,
    /// Its bytes now.
    pub bytes: Vec<u8>,
}

/// Quality of photographs written anew: text on a photographed paper stays sharp.
const JPEG_QUALITY: u8 = 85;

/// Makes an upload harmless, or refuses it with the way to mend it.
///
/// A picture is decoded, turned upright, scaled down where it is very large, and written anew in
/// its own format, so that no metadata (place, telephone, preview), no second file behind it and
/// no broken structure survives. A PDF stays byte for byte (it may be signed) once it was looked
/// through for programs, attachments and passwords.
///
/// # Errors
/// `Invalid` for other kinds of files, damaged ones and dangerous PDFs; `TooLarge` for a picture
/// beyond the limits.
pub fn sanitise(bytes: Vec<u8>, limits: &Limits) -> Result<Sanitised> {
    match file_type(&bytes) {
        Some(FileType::Pdf) => {
            pdf_upload::refuse_dangerous(&bytes)?;
            Ok(Sanitised { file_type: FileType::Pdf, bytes })
        }
        Some(FileType::Jpeg) => picture(&bytes, FileType::Jpeg, ImageFormat::Jpeg, limits),
        Some(FileType::Png) => picture(&bytes, FileType::Png, ImageFormat::Png, limits),
        Some(FileType::Webp) => picture(&bytes, FileType::Webp, ImageFormat::WebP, limits),
        None if bytes.is_empty() => Err(Error::invalid("Tệp rỗng. Ông/bà vui lòng chọn lại tệp.")),
        None => Err(Error::invalid(
            "Hệ thống chỉ nhận tệp PDF hoặc ảnh JPEG, PNG, WebP. Tệp này thuộc loại khác dù tên \
             tệp có thể là .pdf hay .jpg; ông/bà vui lòng chọn tệp khác.",
        )),
    }
}

fn picture(
    bytes: &[u8],
    file_type: FileType,
    format: ImageFormat,
    limits: &Limits,
) -> Result<Sanitised> {
    let picture = decode(bytes, format, limits)?;
    let longer = picture.width().max(picture.height());
    let picture = if longer > limits.kept_side {
        picture.resize(limits.kept_side, limits.kept_side, FilterType::Triangle)
    } else {
        picture
    };
    let bytes = encode(&eight_bits(picture, format), format)
        .map_err(|cause| Error::internal(format!("writing a picture: {cause}")))?;
    Ok(Sanitised { file_type, bytes })
}

/// Colours as every viewer shows them: grey stays grey, 16 bits become 8; JPEG has no transparency
/// and WebP no grey.
fn eight_bits(picture: DynamicImage, format: ImageFormat) -> DynamicImage {
    let colour = picture.color();
    if colour.has_alpha() && format != ImageFormat::Jpeg {
        picture.into_rgba8().into()
    } else if colour.has_color() || format == ImageFormat::WebP {
        picture.into_rgb8().into()
    } else {
        picture.into_luma8().into()
    }
}

fn encode(picture: &DynamicImage, format: ImageFormat) -> ImageResult<Vec<u8>> {
    let mut out = Vec::new();
    match format {
        ImageFormat::Jpeg => {
            picture.write_with_encoder(JpegEncoder::new_with_quality(&mut out, JPEG_QUALITY))?;
        }
        ImageFormat::WebP => picture.write_with_encoder(WebPEncoder::new_lossless(&mut out))?,
        _ => picture.write_with_encoder(PngEncoder::new(&mut out))?,
    }
    Ok(out)
}

fn decode(bytes: &[u8], format: ImageFormat, limits: &Limits) -> Result<DynamicImage> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut bounds = ::image::Limits::default();
    bounds.max_image_width = Some(limits.side);
    bounds.max_image_height = Some(limits.side);
    // Eight bytes a pixel: 16-bit colour with transparency.
    bounds.max_alloc = Some(limits.pixels.saturating_mul(8));
    reader.limits(bounds);
    let mut decoder = reader.into_decoder().map_err(refusal)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > limits.pixels {
        return Err(too_many_pixels());
    }
    let orientation = decoder.orientation();
    let mut picture = DynamicImage::from_decoder(decoder).map_err(refusal)?;
    if let Ok(orientation) = orientation {
        picture.apply_orientation(orientation);
    }
    Ok(picture)
}

fn refusal(cause: ImageError) -> Error {
    if matches!(cause, ImageError::Limits(_)) {
        return too_many_pixels();
    }
    Error::invalid(
        "Không đọc được ảnh này, có thể tệp bị hỏng khi gửi. Ông/bà vui lòng chụp lại hoặc chọn ảnh khác.",
    )
    .because(cause)
}

fn too_many_pixels() -> Error {
    Error::too_large("Ảnh có quá nhiều điểm ảnh. Ông/bà vui lòng chụp lại ở độ phân giải thấp hơn.")
}

#[cfg(test)]
mod tests {
    use ::image::{GrayImage, Rgb, RgbImage, Rgba, RgbaImage};
    use proptest::prelude::*;
    use proptest::sample::Index;

    use super::*;

    /// Left half red, right half blue.
    fn two_colours(width: u32, height: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, _| {
            if x < width / 2 { Rgb([200, 0, 0]) } else { Rgb([0, 0, 200]) }
        })
    }

    fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    /// A JPEG with an EXIF block: a place in the text and orientation 6 (turn right to stand up).
    fn photograph_with_metadata() -> Vec<u8> {
        let plain = encoded(&two_colours(64, 32).into(), ImageFormat::Jpeg);
        let mut exif = b"Exif\0\0MM\0\x2A\0\0\0\x08\0\x01".to_vec();
        exif.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0]);
        exif.extend([0; 4]);
        exif.extend(b"10.4938N 105.6882E");
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        [&plain[..2], &[0xFF, 0xE1], &length, &exif, &plain[2..]].concat()
    }

    #[test]
    fn the_bytes_say_what_a_file_is_not_its_name() {
        assert_eq!(file_type(b"%PDF-1.7\n"), Some(FileType::Pdf));
        assert_eq!(
            file_type(&encoded(&two_colours(2, 2).into(), ImageFormat::Png)),
            Some(FileType::Png)
        );
        assert_eq!(file_type(&photograph_with_metadata()), Some(FileType::Jpeg));
        assert_eq!(
            file_type(&encoded(&two_colours(2, 2).into(), ImageFormat::WebP)),
            Some(FileType::Webp)
        );
        for other in [
            &b"MZ\x90\0 this program"[..],
            b"",
            b"PK\x03\x04",
            b"<svg>",
            b" %PDF-1.7",
            b"RIFF1234WAVE",
        ] {
            assert_eq!(file_type(other), None);
        }
    }

    #[test]
    fn a_program_that_is_named_pdf_is_refused() {
        let program = [&b"MZ\x90\0"[..], &[0; 500], b"%PDF-1.7 trailer startxref 0 %%EOF"].concat();
        let error = sanitise(program, &Limits::default()).unwrap_err();
        assert!(error.message.contains("thuộc loại khác"), "{}", error.message);
    }

    #[test]
    fn a_photograph_stands_upright_and_says_nothing_of_where_it_was_taken() {
        let sent = photograph_with_metadata();
        let clean = sanitise(sent.clone(), &Limits::default()).unwrap();
        assert_eq!(clean.file_type, FileType::Jpeg);
        for secret in [&b"Exif"[..], b"105.6882E"] {
            assert!(sent.windows(secret.len()).any(|window| window == secret));
            assert!(!clean.bytes.windows(secret.len()).any(|window| window == secret));
        }
        let picture = ::image::load_from_memory(&clean.bytes).unwrap().into_rgb8();
        assert_eq!(picture.dimensions(), (32, 64));
        assert!(picture.get_pixel(16, 4)[0] > 150, "what was left is now on top");
        assert!(picture.get_pixel(16, 60)[2] > 150);
    }

    #[test]
    fn what_hides_behind_a_picture_is_gone() {
        let mut sent = encoded(&two_colours(8, 8).into(), ImageFormat::Png);
        sent.extend(b"PK\x03\x04 a second file");
        let clean = sanitise(sent, &Limits::default()).unwrap();
        assert!(!clean.bytes.windows(4).any(|window| window == b"PK\x03\x04"));
        assert_eq!(file_type(&clean.bytes), Some(FileType::Png));
    }

    #[test]
    fn every_picture_keeps_its_kind_and_its_transparency() {
        let glass = RgbaImage::from_pixel(8, 8, Rgba([1, 2, 3, 100]));
        for format in [ImageFormat::Png, ImageFormat::WebP] {
            let kind = file_type(&encoded(&glass.clone().into(), format));
            for (picture, has_alpha) in
                [(glass.clone().into(), true), (two_colours(8, 8).into(), false)]
            {
                let clean = sanitise(encoded(&picture, format), &Limits::default()).unwrap();
                assert_eq!(Some(clean.file_type), kind);
                assert_eq!(file_type(&clean.bytes), kind);
                let read = ::image::load_from_memory(&clean.bytes).unwrap();
                assert_eq!(read.color().has_alpha(), has_alpha);
            }
        }
    }

    #[test]
    fn a_very_large_picture_is_scaled_down_in_its_proportions() {
        let limits = Limits { kept_side: 100, ..Limits::default() };
        let clean = sanitise(encoded(&two_colours(400, 200).into(), ImageFormat::Png), &limits);
        let read = ::image::load_from_memory(&clean.unwrap().bytes).unwrap();
        assert_eq!((read.width(), read.height()), (100, 50));
    }

    #[test]
    fn a_grey_scan_stays_grey() {
        let grey = GrayImage::from_pixel(40, 40, ::image::Luma([90]));
        for format in [ImageFormat::Png, ImageFormat::Jpeg] {
            let clean =
                sanitise(encoded(&grey.clone().into(), format), &Limits::default()).unwrap();
            let read = ::image::load_from_memory(&clean.bytes).unwrap();
            assert_eq!(read.color(), ::image::ColorType::L8);
        }
    }

    #[test]
    fn too_many_pixels_are_refused_before_memory_is_filled() {
        let picture = encoded(&two_colours(100, 100).into(), ImageFormat::Png);
        for limits in [
            Limits { side: 99, ..Limits::default() },
            Limits { pixels: 9_999, ..Limits::default() },
        ] {
            let error = sanitise(picture.clone(), &limits).unwrap_err();
            assert_eq!(error.code, kernel::ErrorCode::TooLarge, "{limits:?}");
        }
        // A header that claims 60,000 × 60,000 pixels in a hundred bytes.
        let mut bomb = picture;
        bomb[16..24].copy_from_slice(&[0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60]);
        assert!(sanitise(bomb, &Limits::default()).is_err());
    }

    #[test]
    fn a_picture_cut_short_is_refused_with_a_next_step() {
        for format in [ImageFormat::Png, ImageFormat::WebP] {
            let picture = encoded(&two_colours(64, 64).into(), format);
            let error =
                sanitise(picture[..picture.len() / 2].to_vec(), &Limits::default()).unwrap_err();
            assert!(error.message.contains("chụp lại"), "{}", error.message);
        }
        assert!(sanitise(vec![], &Limits::default()).is_err());
        assert!(sanitise(vec![0xFF, 0xD8, 0xFF], &Limits::default()).is_err());
    }

    /// Anything, and anything behind a good beginning or with one bite taken out of a good file.
    fn uploads() -> impl Strategy<Value = Vec<u8>> {
        let good = [
            encoded(&two_colours(9, 7).into(), ImageFormat::Png),
            encoded(&two_colours(9, 7).into(), ImageFormat::Jpeg),
            encoded(&two_colours(9, 7).into(), ImageFormat::WebP),
            b"%PDF-1.7\n1 0 obj<</Type/ObjStm/Filter/FlateDecode>>stream\nx\nendstream\nstartxref\n9\n%%EOF"
                .to_vec(),
        ];
        let bytes = || proptest::collection::vec(any::<u8>(), 0..200);
        let bitten =
            (proptest::sample::select(good.to_vec()), any::<Index>(), any::<Index>(), bytes());
        let bitten = bitten.prop_map(|(mut file, from, length, with)| {
            let from = from.index(file.len());
            let end = from + length.index(file.len() - from);
            file.splice(from..end, with);
            file
        });
        let begun = (proptest::sample::select(good.to_vec()), bytes())
            .prop_map(|(file, rest)| [&file[..16], &rest].concat());
        prop_oneof![bytes(), bitten, begun]
    }

    proptest! {
        #[test]
        fn no_upload_makes_us_panic_and_what_is_kept_is_what_it_says(bytes in uploads()) {
            if let Ok(clean) = sanitise(bytes.clone(), &Limits::default()) {
                prop_assert_eq!(Some(clean.file_type), file_type(&bytes));
                prop_assert_eq!(Some(clean.file_type), file_type(&clean.bytes));
            }
        }
    }
}
