//! The zip container of office files, unpacked within limits.

use std::io::{Cursor, Read};

use kernel::{Error, Result};
use zip::ZipArchive;
use zip::result::ZipError;

/// Entries in one container; a Word file has some twenty.
const MOST_ENTRIES: usize = 10_000;
/// Entries whose unpacked size is below this are never taken for a bomb.
const HARMLESS: u64 = 16 << 20;
/// How many times larger than packed a large entry may be. Dense tables reach 60.
const HIGHEST_RATIO: u64 = 250;

/// An open container with what may still be unpacked of it.
pub(crate) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    budget: u64,
}

impl<'a> Archive<'a> {
    /// Reads the directory of the container.
    ///
    /// # Errors
    /// `Invalid` when it is damaged, `TooLarge` when it has too many entries.
    pub(crate) fn open(bytes: &'a [u8], most_unpacked: u64) -> Result<Archive<'a>> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|cause| damaged(&cause))?;
        if zip.len() > MOST_ENTRIES {
            return Err(too_large("zip: too many entries"));
        }
        Ok(Archive { zip, budget: most_unpacked })
    }

    /// Has it an entry of this name?
    pub(crate) fn has(&self, name: &str) -> bool {
        self.zip.index_for_name(name).is_some()
    }

    /// Is there an entry whose name begins so?
    pub(crate) fn has_folder(&self, prefix: &str) -> bool {
        self.zip.file_names().any(|name| name.is_ok_and(|name| name.starts_with(prefix)))
    }

    /// An entry as text in UTF-8; `None` when there is no such entry.
    ///
    /// # Errors
    /// `Invalid` when it is damaged or locked, `TooLarge` when it goes beyond the limits.
    pub(crate) fn text(&mut self, name: &str) -> Result<Option<String>> {
        Ok(self.bytes(name)?.map(|bytes| super::encoding::xml_text(&bytes)))
    }

    fn bytes(&mut self, name: &str) -> Result<Option<Vec<u8>>> {
        let entry = match self.zip.by_name(name) {
            Ok(entry) => entry,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(cause) => return Err(damaged(&cause)),
        };
        let (packed, unpacked) = (entry.compressed_size(), entry.size());
        if unpacked > self.budget || is_bomb(packed, unpacked) {
            return Err(too_large("zip: unpacks to too much"));
        }
        // The size that the directory claims may be a lie: what is read is counted.
        let mut bytes = Vec::new();
        let read = entry.take(self.budget.saturating_add(1)).read_to_end(&mut bytes);
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if length > self.budget || is_bomb(packed, length) {
            return Err(too_large("zip: unpacks to too much"));
        }
        read.map_err(|cause| damaged(&cause))?;
        self.budget -= length;
        Ok(Some(bytes))
    }
}

fn is_bomb(packed: u64, unpacked: u64) -> bool {
    unpacked > HARMLESS && unpacked / packed.max(1) > HIGHEST_RATIO
}

/// The error for an office file that cannot be opened.
pub(crate) fn damaged(cause: &dyn std::fmt::Display) -> Error {
    Error::invalid(
        "Tệp bị hỏng hoặc chưa tải lên đủ nên không đọc được. Ông/bà vui lòng mở tệp bằng Word \
         (hoặc Excel, LibreOffice), chọn “Lưu thành” một tệp mới rồi gửi lại.",
    )
    .because(format!("office file: {cause}"))
}

fn too_large(cause: &str) -> Error {
    Error::too_large(
        "Nội dung bên trong tệp lớn hơn mức hệ thống đọc được. Ông/bà vui lòng tách thành nhiều \
         tệp nhỏ, hoặc bỏ bớt hình ảnh rồi gửi lại.",
    )
    .because(cause)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use kernel::ErrorCode;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn packed(entries: &[(&str, Vec<u8>)]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in entries {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn an_entry_is_found_by_name_and_read_as_text() {
        let bytes = packed(&[("a/b.xml", "đủ".into())]);
        let mut archive = Archive::open(&bytes, 100).unwrap();
        assert!(archive.has("a/b.xml") && archive.has_folder("a/") && !archive.has("b.xml"));
        assert_eq!(archive.text("a/b.xml").unwrap().as_deref(), Some("đủ"));
        assert_eq!(archive.text("c").unwrap(), None);
    }

    #[test]
    fn all_entries_together_stay_below_the_limit() {
        let bytes = packed(&[("a", vec![b'x'; 60]), ("b", vec![b'x'; 60])]);
        let mut archive = Archive::open(&bytes, 100).unwrap();
        archive.text("a").unwrap();
        assert_eq!(archive.text("b").unwrap_err().code, ErrorCode::TooLarge);
    }

    #[test]
    fn what_unpacks_to_a_thousand_times_its_size_is_refused() {
        let bytes = packed(&[("a", vec![0; 32 << 20])]);
        assert!(bytes.len() < 64 << 10);
        let mut archive = Archive::open(&bytes, 200 << 20).unwrap();
        assert_eq!(archive.text("a").unwrap_err().code, ErrorCode::TooLarge);
    }

    #[test]
    fn a_container_cut_short_is_damaged_and_says_how_to_mend_it() {
        let bytes = packed(&[("a", vec![b'x'; 60])]);
        let error = Archive::open(&bytes[..bytes.len() - 10], 100).err().unwrap();
        assert_eq!(error.code, ErrorCode::Invalid);
        assert!(error.message.contains("Lưu thành"));
    }
}
