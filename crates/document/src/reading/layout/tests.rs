use super::*;

/// Words of a line from `x0` on, six points a letter.
fn put(page: &mut Page, x0: f32, y: f32, text: &str) -> f32 {
    let mut x = x0;
    for text in text.split(' ') {
        let width = 6.0 * text.chars().count() as f32;
        let text = text.to_owned();
        page.words.push(Word {
            x0: x,
            y0: y,
            x1: x + width,
            y1: y + 12.0,
            text,
            bold: false,
            italic: false,
        });
        x += width + 4.0;
    }
    x - 4.0
}

fn page(number: u32) -> Page {
    Page { number, width: 595.0, height: 842.0, words: Vec::new() }
}

fn texts(pages: Vec<Page>) -> Vec<String> {
    paragraphs(pages).paragraphs.into_iter().map(|p| p.text).collect()
}

const FULL: &str = "aaaaaaaaaa bbbbbbbbbb cccccccccc dddddddddd eeeeeeeeee ffffffffff gggggggg";

#[test]
fn a_paragraph_goes_on_until_a_line_ends_short_or_the_next_stands_in() {
    let mut one = page(1);
    put(
        &mut one,
        113.0,
        100.0,
        "1. Một aaaaaaaaaa bbbbbbbbbb cccccccccc dddddddddd eeeeeeeeee xxxxxxx",
    );
    put(&mut one, 85.0, 116.0, FULL);
    put(&mut one, 85.0, 132.0, "hết.");
    put(
        &mut one,
        113.0,
        148.0,
        "2. Hai aaaaaaaaaa bbbbbbbbbb cccccccccc dddddddddd eeeeeeeeee xxxxxxx",
    );
    put(&mut one, 85.0, 164.0, FULL);
    put(
        &mut one,
        113.0,
        180.0,
        "3. Ba aaaaaaaaaa bbbbbbbbbb cccccccccc dddddddddd eeeeeeeeee xxxxxxxx",
    );
    put(&mut one, 85.0, 196.0, "xong.");
    let texts = texts(vec![one]);
    assert_eq!(texts.len(), 3, "{texts:#?}");
    assert!(texts[0].starts_with("1.") && texts[0].ends_with("hết."));
    assert!(texts[2].ends_with("xong."));
}

#[test]
fn a_paragraph_whose_last_line_is_full_ends_where_the_next_stands_in() {
    let first = "Căn cứ a aaaaaaaaaa bbbbbbbbbb cccccccccc dddddddddd eeeeeeeeee xxxxx;";
    let mut one = page(1);
    for at in 0..3 {
        put(&mut one, 113.0, 100.0 + 48.0 * at as f32, first);
        put(&mut one, 113.0, 116.0 + 48.0 * at as f32, first);
        put(&mut one, 85.0, 132.0 + 48.0 * at as f32, FULL);
    }
    assert_eq!(texts(vec![one]).len(), 6);
}

#[test]
fn a_paragraph_goes_on_over_the_page_and_page_numbers_are_dropped() {
    let mut pages = Vec::new();
    for number in 1..=3 {
        let mut one = page(number);
        put(&mut one, 290.0, 40.0, &number.to_string());
        put(&mut one, 85.0, 60.0, "CÔNG BÁO/Số 12");
        for line in 0..5 {
            put(&mut one, 85.0, 100.0 + 16.0 * line as f32, FULL);
        }
        pages.push(one);
    }
    let read = paragraphs(pages);
    assert_eq!(read.paragraphs.len(), 1);
    assert_eq!(read.paragraphs[0].page, Some(1));
    assert!(!read.paragraphs[0].text.contains("CÔNG BÁO"));
}

#[test]
fn the_head_in_two_columns_is_read_left_then_right() {
    let mut one = page(1);
    put(&mut one, 100.0, 60.0, "ỦY BAN NHÂN DÂN");
    put(&mut one, 290.0, 60.0, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM");
    put(&mut one, 110.0, 76.0, "TỈNH SÔNG LAM");
    put(&mut one, 312.0, 76.0, "Độc lập - Tự do - Hạnh phúc");
    put(&mut one, 100.0, 108.0, "Số: 12/QĐ-UBND");
    put(&mut one, 288.0, 108.0, "Sông Lam, ngày 05 tháng 11 năm 2026");
    put(&mut one, 272.0, 150.0, "QUYẾT ĐỊNH");
    put(&mut one, 85.0, 190.0, FULL);
    put(&mut one, 85.0, 206.0, FULL);
    let read = paragraphs(vec![one]);
    let texts: Vec<&str> = read.paragraphs.iter().map(|p| p.text.as_str()).collect();
    assert_eq!(
        texts[..7],
        [
            "ỦY BAN NHÂN DÂN",
            "TỈNH SÔNG LAM",
            "Số: 12/QĐ-UBND",
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "Độc lập - Tự do - Hạnh phúc",
            "Sông Lam, ngày 05 tháng 11 năm 2026",
            "QUYẾT ĐỊNH",
        ]
    );
    assert!(read.paragraphs[..7].iter().all(|p| p.centred) && !read.has_guessed_tables);
}

#[test]
fn lines_in_columns_become_a_table() {
    let mut one = page(1);
    put(&mut one, 85.0, 100.0, FULL);
    for (at, (name, price)) in
        [("Nội dung", "Mức"), ("Phí a", "10"), ("Phí b", "20")].iter().enumerate()
    {
        let y = 130.0 + 16.0 * at as f32;
        put(&mut one, 90.0, y, &at.to_string());
        put(&mut one, 140.0, y, name);
        put(&mut one, 400.0, y, price);
    }
    put(&mut one, 140.0, 178.0, "tiếp");
    put(&mut one, 85.0, 230.0, FULL);
    let read = paragraphs(vec![one]);
    assert_eq!(read.paragraphs.len(), 3);
    let rows = &read.paragraphs[1].table.as_ref().unwrap().rows;
    let texts: Vec<Vec<&str>> =
        rows.iter().map(|row| row.iter().map(|cell| cell.text.as_str()).collect()).collect();
    assert_eq!(texts, [["0", "Nội dung", "Mức"], ["1", "Phí a", "10"], ["2", "Phí b tiếp", "20"]]);
    assert!(read.has_guessed_tables);
}

#[test]
fn numbers_in_front_are_known() {
    for text in [
        "Điều 4. Tên",
        "12. Khoản",
        "a) Điểm",
        "đ) Điểm",
        "IV. Mục",
        "1.2. Ý",
        "- Gạch",
        "Chương II",
    ] {
        assert!(starts_with_number(text), "{text}");
    }
    for text in ["Điều kiện", "2026 là năm", "ngày 1. x", "", "(a) x", "Luật."] {
        assert!(!starts_with_number(text), "{text}");
    }
}

proptest::proptest! {
    #[test]
    fn no_page_panics(words in proptest::collection::vec((-50.0_f32..700.0, -50.0_f32..900.0, -5.0_f32..90.0, -5.0_f32..40.0, "[a-z0-9.() ]{0,5}"), 0..60)) {
        let mut one = page(1);
        for (x0, y0, width, height, text) in words {
            one.words.push(Word { x0, y0, x1: x0 + width, y1: y0 + height, text, bold: false, italic: false });
        }
        let _ = paragraphs(vec![one.clone(), one]);
    }
}
