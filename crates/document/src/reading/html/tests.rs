use proptest::prelude::*;

use super::*;
use crate::reading::{ReadOptions, read};

fn page(text: &str) -> Reading {
    super::read(text, Vec::new())
}

fn texts(text: &str) -> Vec<String> {
    page(text).paragraphs.into_iter().map(|p| p.text).collect()
}

#[test]
fn blocks_and_line_breaks_make_paragraphs() {
    assert_eq!(
        texts(
            "<html><head><title>no</title><style>p{}</style></head><body>\n<p>Điều 1.\n Tên\
               <p>Khoản<br>Hai<div>ba&nbsp;<b>bốn</b></div>năm<script>x()</script><h2>a<br>b</h2></body>"
        ),
        ["Điều 1. Tên", "Khoản", "Hai", "ba bốn", "năm", "a b"]
    );
}

#[test]
fn looks_come_from_tags_attributes_and_styles() {
    let page = page(
        "<p align=center><b>QUYẾT</b> <strong>ĐỊNH</strong></p><p style='text-align: center; \
         font-style:italic'>nghiêng</p><p><b>một</b> hai</p><center><span style='font-weight:700'>x\
         </span></center><p hidden>ẩn</p><div style='display:none'><p>ẩn</p></div>",
    );
    let looks: Vec<(&str, bool, bool, bool)> =
        page.paragraphs.iter().map(|p| (p.text.as_str(), p.bold, p.italic, p.centred)).collect();
    assert_eq!(
        looks,
        [
            ("QUYẾT ĐỊNH", true, false, true),
            ("nghiêng", false, true, true),
            ("một hai", false, false, false),
            ("x", true, false, true),
        ]
    );
}

#[test]
fn lists_are_numbered() {
    let page = page(
        "<ol start=3><li>ba<li>bốn<ul><li>gạch</ul><li value=9>chín</ol><ol type=a><li>a</ol><p>hết",
    );
    let numbers: Vec<(&str, &str)> = page
        .paragraphs
        .iter()
        .map(|p| (p.list_number.as_deref().unwrap_or(""), p.text.as_str()))
        .collect();
    assert_eq!(
        numbers,
        [("3.", "ba"), ("4.", "bốn"), ("-", "gạch"), ("9.", "chín"), ("a.", "a"), ("", "hết")]
    );
}

#[test]
fn tables_keep_their_cells_and_spans() {
    let page = page(
        "<table><tr><th rowspan=2>STT<th colspan=2>Mức thu<tr><td>a<td><p>b<p>c</table><p>sau</p>",
    );
    let table = page.paragraphs[0].table.as_ref().unwrap();
    let shape: Vec<Vec<(&str, u32, u32)>> = table
        .rows
        .iter()
        .map(|row| row.iter().map(|c| (c.text.as_str(), c.columns, c.rows)).collect())
        .collect();
    assert_eq!(shape[0], [("STT", 1, 2), ("Mức thu", 2, 1)]);
    assert_eq!(shape[1], [("a", 1, 1), ("b\nc", 1, 1)]);
    assert_eq!(page.paragraphs[1].text, "sau");
}

#[test]
fn a_table_that_only_sets_the_page_becomes_its_paragraphs() {
    let head = "<table><tr><td><p>ỦY BAN NHÂN DÂN<br>TỈNH SÔNG LAM</p></td><td><b>CỘNG HÒA XÃ HỘI \
                CHỦ NGHĨA VIỆT NAM</b></td></tr><tr><td>Số: 1/QĐ-UBND<td><i>ngày 1</i></tr></table>";
    assert_eq!(
        texts(head),
        [
            "ỦY BAN NHÂN DÂN",
            "TỈNH SÔNG LAM",
            "Số: 1/QĐ-UBND",
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "ngày 1"
        ]
    );
    assert_eq!(texts("<table><tr><td><p>a<p>b</table>"), ["a", "b"]);
}

#[test]
fn the_bytes_are_read_as_the_page_says() {
    let options = ReadOptions::default();
    let read = |bytes: &[u8]| read(bytes, &options).unwrap();
    let old = read(b"<html><meta charset=windows-1258><p>\xD0i\xEA\xCCu 1");
    assert_eq!(old.paragraphs[0].text, "Điều 1");
    let tcvn3 = read(
        b"<html><meta content='text/html; charset=iso-8859-1'><p>\xA7i\xD2u 1. Ph\xB9m vi \xAEi\xD2u ch\xD8nh quy\xD5t \xAE\xDEnh",
    );
    assert_eq!(tcvn3.paragraphs[0].text, "Điều 1. Phạm vi điều chỉnh quyết định");
    assert_eq!(tcvn3.notices[0].code, "converted-encoding");
    let entities = read("<HTML><P>&#272;i&#7873;u 2</HTML>".as_bytes());
    assert_eq!(entities.paragraphs[0].text, "Điều 2");
}

#[test]
fn akoma_ntoso_is_handed_on() {
    let xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<an:akomaNtoso xmlns:an=\"x\"><an:act/></an:akomaNtoso>";
    let reading = read(xml.as_bytes(), &ReadOptions::default()).unwrap();
    assert_eq!(reading.format, Format::AkomaNtoso { xml: xml.to_owned() });
    assert!(reading.paragraphs.is_empty());
}

#[test]
fn text_that_merely_holds_a_sign_is_no_page() {
    assert!(!looks_like_markup("Nếu a < b thì p > c"));
    assert!(!looks_like_markup("<Ghi chú> tên"));
    assert!(looks_like_markup("\u{FEFF} <P>x"));
    assert!(looks_like_markup("Mở đầu <p>x</p><br><div>"));
}

proptest! {
    #[test]
    fn no_page_panics(text in "(<[/!?]?(p|td|tr|table|li|ol|b|a|h1|script|br)?[ a-z='\"&#;0-9]{0,6}>?|.|&#?x?[0-9a-z]{0,4};?){0,60}") {
        let _ = page(&text);
    }
}
