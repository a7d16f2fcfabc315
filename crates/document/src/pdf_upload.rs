//! Looking through an uploaded PDF for what a paper never needs: programs, attachments, passwords.
//!
//! The bytes are not changed, since the document may be signed. Names of actions are searched in the
//! whole file as it lies, so that nothing hides behind a disagreement over its structure, and in
//! every object stream after unpacking. This is no virus scanner; `clamav` is.

use kernel::{Error, Result};
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

/// Where the end marks must lie, from the end: some scanners write padding behind them.
const TAIL: usize = 2_048;
/// Bytes of a stream dictionary that are looked at.
const LONGEST_DICTIONARY: usize = 4_096;
/// All object streams unpacked: they hold dictionaries only, beyond this it is an attack.
const LONGEST_OBJECT_STREAMS: usize = 32 << 20;
/// The keyword `stream` or `endstream` in one file; a scan of 1,000 pages has some 6,000.
const MOST_KEYWORDS: usize = 20_000;
const KEYWORD: &[u8] = b"stream";

/// Refuses a PDF that is cut short, locked, or holds programs or attachments.
pub(crate) fn refuse_dangerous(bytes: &[u8]) -> Result<()> {
    let tail = bytes.get(bytes.len().saturating_sub(TAIL)..).unwrap_or_default();
    if find(tail, b"%%EOF", 0).is_none() || find(tail, b"startxref", 0).is_none() {
        return Err(damaged("no end"));
    }
    refuse_names(bytes, is_dangerous)?;
    let mut budget = LONGEST_OBJECT_STREAMS;
    let (mut from, mut in_stream, mut keywords) = (0, false, 0);
    while let Some(at) = find(bytes, KEYWORD, from) {
        keywords += 1;
        if keywords > MOST_KEYWORDS {
            return Err(damaged("too many streams"));
        }
        let is_end = at.checked_sub(3).and_then(|start| bytes.get(start..at)) == Some(b"end");
        if !(in_stream && is_end) {
            refuse_names(bytes.get(from..at).unwrap_or_default(), is_dangerous_and_short)?;
        }
        if !is_end && let Some(unpacked) = object_stream(bytes, at, budget).map_err(damaged)? {
            refuse_names(&unpacked, is_dangerous)?;
            refuse_names(&unpacked, is_dangerous_and_short)?;
            budget = budget.saturating_sub(unpacked.len());
        }
        in_stream = !is_end;
        from = at + KEYWORD.len();
    }
    refuse_names(bytes.get(from..).unwrap_or_default(), is_dangerous_and_short)
}

fn damaged(cause: &str) -> Error {
    Error::invalid(
        "Tệp PDF bị hỏng hoặc chưa tải lên đủ. Ông/bà vui lòng mở thử tệp trên máy, rồi lưu lại và gửi lại.",
    )
    .because(format!("pdf upload: {cause}"))
}

/// The content of an object stream whose keyword `stream` lies here; `None` for other streams.
fn object_stream(bytes: &[u8], at: usize, budget: usize) -> Result<Option<Vec<u8>>, &'static str> {
    let before = bytes.get(at.saturating_sub(LONGEST_DICTIONARY)..at).unwrap_or_default();
    let start = last(before, b"endobj").max(last(before, b"endstream")).unwrap_or(0);
    let names: Vec<_> = Names(before.get(start..).unwrap_or_default()).collect();
    let has = |name: &[u8]| names.iter().any(|known| known == name);
    let is_object_stream = has(b"ObjStm") || (has(b"N") && has(b"First"));
    if !is_object_stream {
        return Ok(None);
    }
    let content = bytes.get(at + KEYWORD.len()..).unwrap_or_default();
    let content = content.strip_prefix(b"\r").unwrap_or(content);
    let content = content.strip_prefix(b"\n").unwrap_or(content);
    let is_plain = !has(b"Filter") && !has(b"F");
    if is_plain {
        // Searched already, with the file as a whole.
        return Ok(None);
    }
    let other_filters: [&[u8]; 5] =
        [b"ASCIIHexDecode", b"ASCII85Decode", b"LZWDecode", b"RunLengthDecode", b"Crypt"];
    if !(has(b"FlateDecode") || has(b"Fl")) || other_filters.iter().any(|filter| has(filter)) {
        return Err("an object stream that cannot be looked into");
    }
    decompress_to_vec_zlib_with_limit(content, budget)
        .map(Some)
        .map_err(|_| "an object stream that does not unpack")
}

const PROGRAM: &str = "Tệp PDF có chứa mã lệnh hoặc biểu mẫu động nên không nhận được vì lý do an \
     toàn. Ông/bà vui lòng in ra tệp PDF mới (chọn “In”, rồi “Lưu thành PDF”) và gửi lại.";
const ATTACHMENT: &str = "Tệp PDF có đính kèm tệp khác bên trong nên không nhận được vì lý do an \
     toàn. Ông/bà vui lòng gửi riêng từng tệp, hoặc in ra tệp PDF mới và gửi lại.";
const LOCKED: &str = "Tệp PDF có đặt mật khẩu hoặc hạn chế quyền nên cơ quan không mở được. Ông/bà \
     vui lòng bỏ mật khẩu rồi gửi lại.";

/// Names long enough never to appear by chance in packed data: searched everywhere.
fn is_dangerous(name: &[u8]) -> Option<&'static str> {
    match name {
        b"JavaScript" | b"Launch" | b"RichMedia" | b"Rendition" => Some(PROGRAM),
        b"EmbeddedFile" | b"EmbeddedFiles" => Some(ATTACHMENT),
        b"Encrypt" => Some(LOCKED),
        _ => None,
    }
}

/// Names so short that packed data hold them by chance: searched outside streams only.
fn is_dangerous_and_short(name: &[u8]) -> Option<&'static str> {
    matches!(name, b"JS" | b"XFA").then_some(PROGRAM)
}

fn refuse_names(bytes: &[u8], message_for: fn(&[u8]) -> Option<&'static str>) -> Result<()> {
    for name in Names(bytes) {
        if let Some(message) = message_for(&name) {
            let name = String::from_utf8_lossy(&name).into_owned();
            return Err(Error::invalid(message).because(format!("pdf upload: /{name}")));
        }
    }
    Ok(())
}

/// Every PDF name in some bytes, with `#41` escapes undone.
struct Names<'a>(&'a [u8]);

impl Iterator for Names<'_> {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        let start = self.0.iter().position(|byte| *byte == b'/')? + 1;
        self.0 = self.0.get(start..)?;
        let end = self.0.iter().position(|byte| !is_regular(*byte)).unwrap_or(self.0.len());
        let (name, rest) = self.0.split_at(end);
        self.0 = rest;
        let mut plain = Vec::with_capacity(name.len());
        let mut left = name;
        while let Some((first, rest)) = left.split_first() {
            left = rest;
            match (first, escaped(rest)) {
                (b'#', Some(byte)) => {
                    plain.push(byte);
                    left = rest.get(2..).unwrap_or_default();
                }
                _ => plain.push(*first),
            }
        }
        Some(plain)
    }
}

fn escaped(digits: &[u8]) -> Option<u8> {
    let [high, low, ..] = *digits else {
        return None;
    };
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(high)? << 4 | digit(low)?).ok()
}

/// Neither white space nor a delimiter.
fn is_regular(byte: u8) -> bool {
    !matches!(byte, 0 | 9 | 10 | 12 | 13 | 32) && !b"()<>[]{}/%".contains(&byte)
}

fn find(bytes: &[u8], what: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let first = *what.first()?;
    let mut skipped = 0;
    loop {
        skipped += rest.get(skipped..)?.iter().position(|byte| *byte == first)?;
        if rest.get(skipped..)?.starts_with(what) {
            return Some(from + skipped);
        }
        skipped += 1;
    }
}

/// Behind the last occurrence.
fn last(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).rposition(|window| window == what).map(|at| at + what.len())
}

#[cfg(test)]
mod tests {
    use miniz_oxide::deflate::compress_to_vec_zlib;

    use super::*;
    use crate::image::{FileType, Limits, sanitise};

    fn pdf(inside: &[u8]) -> Vec<u8> {
        [&b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\n"[..], inside, b"\nstartxref\n9\n%%EOF\n"]
            .concat()
    }

    fn refused(inside: &[u8]) -> String {
        sanitise(pdf(inside), &Limits::default()).unwrap_err().message
    }

    #[test]
    fn a_plain_pdf_stays_byte_for_byte() {
        let sent = pdf(b"2 0 obj\n<</Length 3>>\nstream\nabc\nendstream\nendobj");
        let clean = sanitise(sent.clone(), &Limits::default()).unwrap();
        assert_eq!((clean.file_type, clean.bytes), (FileType::Pdf, sent));
    }

    #[test]
    fn programs_attachments_and_passwords_are_refused_with_the_way_to_mend_it() {
        assert!(refused(b"<</S/JavaScript/JS(app.alert)>>").contains("Lưu thành PDF"));
        assert!(refused(b"<</S/Launch/F(cmd.exe)>>").contains("mã lệnh"));
        assert!(refused(b"<</OpenAction<</JS 5 0 R>>>>").contains("mã lệnh"));
        assert!(refused(b"<</AcroForm<</XFA[]>>>>").contains("mã lệnh"));
        assert!(refused(b"<</Type/EmbeddedFile>>").contains("đính kèm"));
        assert!(refused(b"trailer<</Encrypt 5 0 R>>").contains("mật khẩu"));
    }

    #[test]
    fn a_name_written_with_escapes_is_the_same_name() {
        assert!(refused(b"<</S/J#61va#53cript>>").contains("mã lệnh"));
        assert!(refused(b"<</S /#4caunch>>").contains("mã lệnh"));
    }

    #[test]
    fn longer_names_and_text_are_not_mistaken() {
        for harmless in
            [&b"<</JavaScripts 1>>"[..], b"(JavaScript)", b"<</Launcher true>>", b"/Encrypted"]
        {
            assert!(sanitise(pdf(harmless), &Limits::default()).is_ok());
        }
    }

    #[test]
    fn two_letters_within_the_data_of_a_picture_are_chance() {
        let picture = b"2 0 obj<</Length 9>>stream\n\x01/JS \x02/XFA \nendstream endobj";
        assert!(sanitise(pdf(picture), &Limits::default()).is_ok());
        let behind = [&picture[..], b"3 0 obj<</JS(x)>>endobj"].concat();
        assert!(refused(&behind).contains("mã lệnh"));
    }

    #[test]
    fn a_file_made_to_keep_the_reader_busy_is_refused() {
        assert!(refused(&b"stream ".repeat(MOST_KEYWORDS + 1)).contains("lưu lại"));
    }

    fn packed(dictionary: &str, content: &[u8]) -> Vec<u8> {
        let content = compress_to_vec_zlib(content, 6);
        let head = format!("2 0 obj\n<<{dictionary}/Length {}>>\nstream\r\n", content.len());
        [head.as_bytes(), &content, b"\nendstream\nendobj\n"].concat()
    }

    #[test]
    fn what_hides_in_an_object_stream_is_found() {
        let evil = b"3 0 <</S/JavaScript/JS(x)>>";
        for dictionary in [
            "/Type/ObjStm/N 1/First 4/Filter/FlateDecode",
            "/N 1/First 4/Filter[/FlateDecode]",
            "/Type/Obj#53tm/Filter/Fl",
        ] {
            assert!(refused(&packed(dictionary, evil)).contains("mã lệnh"), "{dictionary}");
        }
        let harmless = packed("/Type/ObjStm/N 1/First 4/Filter/FlateDecode", b"3 0 <</Type/Page>>");
        assert!(sanitise(pdf(&harmless), &Limits::default()).is_ok());
    }

    #[test]
    fn an_object_stream_that_cannot_be_looked_into_is_refused() {
        let twice = packed("/Type/ObjStm/N 1/First 4/Filter[/ASCIIHexDecode/FlateDecode]", b"x");
        assert!(refused(&twice).contains("lưu lại"));
        let broken =
            b"2 0 obj<</Type/ObjStm/Filter/FlateDecode>>stream\nnot zlib\nendstream endobj";
        assert!(refused(broken).contains("lưu lại"));
        let bomb = packed("/Type/ObjStm/Filter/FlateDecode", &vec![0; LONGEST_OBJECT_STREAMS + 1]);
        assert!(refused(&bomb).contains("lưu lại"));
    }

    #[test]
    fn a_pdf_cut_short_is_refused() {
        let whole = pdf(&[b' '; 5_000]);
        let cut = &whole[..whole.len() - 30];
        assert!(
            sanitise(cut.to_vec(), &Limits::default())
                .unwrap_err()
                .message
                .contains("chưa tải lên đủ")
        );
    }
}
