//! What a person should know before trusting what was read.

use std::fmt::Write;

use super::legacy::Legacy;

/// A remark on what was read, for a person to see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Stable name of the kind of remark: `converted-encoding`, `read-by-ocr` ….
    pub code: &'static str,
    /// A Vietnamese sentence: what was done, and what to check.
    pub message: String,
}

impl Notice {
    fn new(code: &'static str, message: impl Into<String>) -> Notice {
        Notice { code, message: message.into() }
    }

    pub(super) fn converted_encoding(legacy: Legacy) -> Notice {
        let name = match legacy {
            Legacy::Tcvn3 => "TCVN3 (ABC)",
            Legacy::Vni => "VNI-Windows",
        };
        Notice::new(
            "converted-encoding",
            format!(
                "Văn bản dùng bảng mã {name} đã được chuyển sang Unicode. Ông/bà vui lòng xem lại \
                 chữ in hoa và dấu."
            ),
        )
    }

    pub(super) fn windows_1258() -> Notice {
        Notice::new(
            "converted-encoding",
            "Văn bản dùng bảng mã Windows-1258 đã được chuyển sang Unicode.",
        )
    }

    pub(super) fn unknown_encoding() -> Notice {
        Notice::new(
            "unknown-encoding",
            "Không nhận ra bảng mã của văn bản nên chữ có thể sai. Ông/bà vui lòng lưu tệp với mã \
             UTF-8 rồi gửi lại.",
        )
    }

    pub(super) fn damaged_characters() -> Notice {
        Notice::new(
            "damaged-characters",
            "Một số ký tự trong tệp bị hỏng, được thay bằng “�”. Ông/bà vui lòng đối chiếu với bản \
             gốc.",
        )
    }

    pub(super) fn read_by_ocr() -> Notice {
        Notice::new(
            "read-by-ocr",
            "Văn bản là bản quét, được máy nhận dạng chữ nên có thể sai. Ông/bà vui lòng đối chiếu \
             với bản gốc, nhất là số, ngày và tên riêng.",
        )
    }

    pub(super) fn unclear_pages(pages: &[u32]) -> Notice {
        Notice::new(
            "unclear-pages",
            format!("Nhận dạng chữ chưa chắc chắn ở trang {}.", list(pages)),
        )
    }

    pub(super) fn pages_not_read(pages: &[u32]) -> Notice {
        Notice::new(
            "pages-not-read",
            format!(
                "Chưa đọc được trang {}. Ông/bà vui lòng tách các trang này thành tệp riêng rồi gửi \
                 lại.",
                list(pages)
            ),
        )
    }

    pub(super) fn pages_without_text(pages: &[u32]) -> Notice {
        Notice::new(
            "pages-without-text",
            format!(
                "Trang {} không có chữ (trang trống hoặc chỉ có hình) nên không đọc.",
                list(pages)
            ),
        )
    }

    pub(super) fn tables_guessed() -> Notice {
        Notice::new(
            "tables-guessed",
            "Bảng biểu được dựng lại theo vị trí chữ trên trang. Ông/bà vui lòng kiểm tra các bảng.",
        )
    }

    pub(super) fn no_text() -> Notice {
        Notice::new("no-text", "Không tìm thấy chữ trong tệp. Ông/bà vui lòng kiểm tra lại tệp.")
    }

    pub(super) fn pictures_not_read() -> Notice {
        Notice::new(
            "pictures-not-read",
            "Tệp có hình ảnh; chữ trong hình không được đọc. Nếu văn bản là ảnh quét, ông/bà vui \
             lòng gửi tệp PDF hoặc ảnh.",
        )
    }

    pub(super) fn tracked_changes() -> Notice {
        Notice::new(
            "tracked-changes",
            "Tệp có đánh dấu sửa đổi (Track Changes): phần thêm được giữ, phần xóa được bỏ.",
        )
    }

    pub(super) fn content_left_out() -> Notice {
        Notice::new(
            "content-left-out",
            "Tệp có phần nội dung nhúng từ tệp khác không đọc được. Ông/bà vui lòng mở bằng Word, \
             lưu lại rồi gửi lại.",
        )
    }

    pub(super) fn converted_by_office() -> Notice {
        Notice::new(
            "converted-format",
            "Tệp định dạng cũ được chuyển sang .docx để đọc. Ông/bà vui lòng xem lại bảng và số thứ \
             tự.",
        )
    }
}

/// Page numbers in short: "1–3, 7".
fn list(pages: &[u32]) -> String {
    let mut text = String::new();
    let mut rest = pages.iter().copied().peekable();
    while let Some(from) = rest.next() {
        let mut to = from;
        while rest.next_if(|next| *next == to + 1).is_some() {
            to += 1;
        }
        let separator = if text.is_empty() { "" } else { ", " };
        let _ = if from == to {
            write!(text, "{separator}{from}")
        } else {
            write!(text, "{separator}{from}–{to}")
        };
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_listed_in_short() {
        assert_eq!(list(&[1, 2, 3, 7, 9, 10]), "1–3, 7, 9–10");
        assert_eq!(list(&[]), "");
    }
}
