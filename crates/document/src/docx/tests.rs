use super::official::{
    Column, Letterhead, Signature, body, closing, heading, letterhead, table, title,
};
use super::*;
use crate::reading::{Format, ReadOptions, Reading, read};

fn of(blocks: Vec<Block>) -> DocxDocument {
    let page = PageSetup::default();
    DocxDocument { title: "Mẫu".to_owned(), size: 14.0, sections: vec![Section { page, blocks }] }
}

fn read_back(document: &DocxDocument) -> Reading {
    let reading = read(&write(document).unwrap(), &ReadOptions::default()).unwrap();
    assert_eq!(reading.format, Format::Docx);
    reading
}

fn paper() -> DocxDocument {
    let page = PageSetup::default();
    let head = Letterhead {
        parent: Some("UBND TỈNH SÔNG LAM"),
        agency: "SỞ TƯ PHÁP",
        symbol: "Số: 12/BC-STP",
        place_and_day: "Sông Lam, ngày 05 tháng 11 năm 2026",
        about: None,
    };
    let mut blocks = vec![letterhead(&head, &page)];
    blocks.extend(title("BÁO CÁO", "Kết quả rà soát văn bản", &page));
    blocks.push(heading(1, "I. KẾT QUẢ"));
    blocks.push(body(vec![
        Run::plain("Đã rà soát "),
        Run::bold("12"),
        Run::plain(" văn bản & phụ lục."),
    ]));
    blocks.push(table(
        &[Column::centred("STT", 15.0), Column::left("Văn bản", 100.0)],
        vec![vec![vec![Run::plain("1")], vec![Run::plain("Nghị quyết <số 2>")]]],
        12.0,
    ));
    let signature =
        Signature { office: &["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"], name: "Lê Thị Mẫu" };
    blocks.push(closing(&["Như trên", "Lưu: VT, XDKT"], &signature, &page));
    of(blocks)
}

#[test]
fn what_is_written_is_read_again() {
    let reading = read_back(&paper());
    let seen: Vec<(&str, bool, bool, bool)> =
        reading.paragraphs.iter().map(|p| (p.text.as_str(), p.bold, p.italic, p.centred)).collect();
    assert_eq!(
        seen,
        [
            ("UBND TỈNH SÔNG LAM", false, false, true),
            ("SỞ TƯ PHÁP", true, false, true),
            ("Số: 12/BC-STP", false, false, true),
            ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", true, false, true),
            ("Độc lập - Tự do - Hạnh phúc", true, false, true),
            ("Sông Lam, ngày 05 tháng 11 năm 2026", false, true, true),
            ("BÁO CÁO", true, false, true),
            ("Kết quả rà soát văn bản", true, false, true),
            ("I. KẾT QUẢ", true, false, false),
            ("Đã rà soát 12 văn bản & phụ lục.", false, false, false),
            ("STT Văn bản 1 Nghị quyết <số 2>", false, false, false),
            ("Nơi nhận:", true, true, false),
            ("- Như trên;", false, false, false),
            ("- Lưu: VT, XDKT.", false, false, false),
            ("KT. GIÁM ĐỐC", true, false, true),
            ("PHÓ GIÁM ĐỐC", true, false, true),
            ("Lê Thị Mẫu", true, false, true),
        ]
    );
    assert!(reading.notices.is_empty() && reading.footnotes.is_empty());
}

#[test]
fn merged_cells_and_breaks_survive() {
    let cell = |text: &str, columns, rows| Cell {
        columns,
        rows,
        ..Cell::of(vec![Paragraph::of(vec![Run::plain(text)])])
    };
    let table = Table {
        columns: vec![20.0, 30.0, 30.0],
        borders: true,
        header_rows: 1,
        rows: vec![
            vec![cell("a", 1, 2), cell("b", 2, 1)],
            vec![cell("c", 1, 1), cell("d\ne", 1, 1)],
            vec![cell("f", 1, 1)],
        ],
    };
    let paragraph = Paragraph::of(vec![Run::plain("một\nhai\tba")]);
    let reading = read_back(&of(vec![Block::Table(table), Block::Paragraph(paragraph)]));
    let rows = &reading.paragraphs[0].table.as_ref().unwrap().rows;
    let shape: Vec<Vec<(&str, u32, u32)>> = rows
        .iter()
        .map(|row| row.iter().map(|c| (c.text.as_str(), c.columns, c.rows)).collect())
        .collect();
    assert_eq!(shape[0], [("a", 1, 2), ("b", 2, 1)]);
    assert_eq!(shape[1], [("c", 1, 1), ("d\ne", 1, 1)]);
    assert_eq!(shape[2], [("f", 1, 1), ("", 1, 1), ("", 1, 1)]);
    assert_eq!(reading.paragraphs[1].text, "một");
    assert_eq!(reading.paragraphs[2].text, "hai ba");
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    assert_eq!(write(&paper()).unwrap(), write(&paper()).unwrap());
}

#[test]
fn an_empty_document_and_strange_characters_are_still_a_document() {
    let empty = DocxDocument { title: String::new(), size: 13.0, sections: Vec::new() };
    assert!(read_back(&empty).paragraphs.is_empty());
    let strange =
        of(vec![Block::Paragraph(Paragraph::of(vec![Run::plain("a\u{0}\u{FFFF}b<&>\"")]))]);
    assert_eq!(read_back(&strange).paragraphs[0].text, "a b<&>\"");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_survives(text in "[a-zA-Zàáảãạăắđêếôơớưứ0-9 .,;:()<>&\"'–-]{1,60}", bold: bool) {
        let run = Run { bold, ..Run::plain(text.clone()) };
        let reading = read_back(&of(vec![Block::Paragraph(Paragraph::of(vec![run]))]));
        let clean = kernel::text::clean_line(&text);
        let read: Vec<String> = reading.paragraphs.iter().map(|p| p.text.clone()).collect();
        let expected: Vec<String> = [clean].into_iter().filter(|text| !text.is_empty()).collect();
        proptest::prop_assert_eq!(read, expected);
    }
}
