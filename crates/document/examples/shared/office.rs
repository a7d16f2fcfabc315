//! An official paper and a list of a made-up province, for the samples and for the tests that read
//! them back.

use document::docx::official::{
    Column, Letterhead, Signature, body, centred_heading, closing, gap, heading, letterhead, table,
    title,
};
use document::docx::{Block, DocxDocument, PageSetup, Run, Section};
use document::xlsx::{Alignment, Area, Cell, Look, NumberFormat, Row, Sheet, Workbook};
use jiff::civil::date;

/// Sentences that fill more than a line.
const LONG: &str = "Ủy ban nhân dân cấp xã có trách nhiệm tiếp nhận hồ sơ, hướng dẫn người dân hoàn \
     thiện giấy tờ còn thiếu, nhập thông tin vào hệ thống và trả kết quả đúng thời hạn quy định tại \
     Điều này; trường hợp không đúng thời hạn phải có văn bản xin lỗi và nêu rõ lý do.";

/// A decision with chapters, articles, clauses, points, a table and an annex on a lying page.
pub fn paper() -> DocxDocument {
    let page = PageSetup::default();
    let mut blocks = vec![letterhead(
        &Letterhead {
            parent: None,
            agency: "ỦY BAN NHÂN DÂN\nTỈNH SÔNG LAM",
            symbol: "Số: 12/2026/QĐ-UBND",
            place_and_day: "Sông Lam, ngày 05 tháng 11 năm 2026",
            about: None,
        },
        &page,
    )];
    blocks.extend(title(
        "QUYẾT ĐỊNH",
        "Ban hành Quy định về tiếp nhận hồ sơ tư pháp\ntrên địa bàn tỉnh Sông Lam",
        &page,
    ));
    for basis in [
        "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;",
        "Theo đề nghị của Giám đốc Sở Tư pháp tại Tờ trình số 45/TTr-STP ngày 20 tháng 10 năm 2026;",
        "Ủy ban nhân dân ban hành Quyết định quy định về tiếp nhận hồ sơ tư pháp.",
    ] {
        blocks.push(body(vec![Run::italic(basis)]));
    }
    let mut article = 0;
    for (number, name) in [("I", "QUY ĐỊNH CHUNG"), ("II", "TIẾP NHẬN HỒ SƠ")] {
        blocks.extend(centred_heading(1, &[&format!("Chương {number}"), name]));
        for _ in 0..3 {
            article += 1;
            blocks
                .push(heading(2, &format!("Điều {article}. Trách nhiệm của cơ quan số {article}")));
            blocks.push(body(vec![Run::plain(format!("1. {LONG}"))]));
            blocks.push(body(vec![Run::plain("2. Hồ sơ gồm các giấy tờ sau đây:")]));
            blocks.push(body(vec![Run::plain("a) Tờ khai theo mẫu;")]));
            blocks.push(body(vec![Run::plain("đ) Bản sao giấy tờ chứng minh nơi cư trú.")]));
        }
    }
    blocks.push(heading(2, "Điều 7. Mức thu"));
    blocks.push(body(vec![Run::plain("Mức thu lệ phí như sau:")]));
    blocks.push(fees());
    blocks.push(body(vec![
        Run::plain("Phần "),
        Run { strike: true, colour: Some([0xB0, 0x20, 0x20]), ..Run::plain("bỏ đi") },
        Run::plain(" và phần "),
        Run { underline: true, highlight: Some([0xFF, 0xF2, 0xB0]), ..Run::plain("thêm vào") },
        Run::plain("."),
    ]));
    blocks.push(gap());
    let signature = Signature {
        office: &["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"],
        name: "Trần Văn Mẫu",
    };
    let recipients = ["Như Điều 7", "Sở Tư pháp", "Lưu: VT, NC"];
    blocks.push(closing(&recipients, &signature, &page));
    let annex = Section { page: PageSetup::landscape(), blocks: annex() };
    DocxDocument {
        title: "Quyết định mẫu".to_owned(),
        size: 14.0,
        sections: vec![Section { page, blocks }, annex],
    }
}

fn fees() -> Block {
    let rows = [("1", "Đăng ký khai sinh đúng hạn", "0"), ("2", "Cấp bản sao trích lục", "8.000")];
    let rows = rows.iter().map(|(number, name, price)| {
        [number, name, price].iter().map(|text| vec![Run::plain(**text)]).collect()
    });
    let columns = [
        Column::centred("STT", 15.0),
        Column::left("Nội dung", 105.0),
        Column::right("Mức thu (đồng)", 40.0),
    ];
    table(&columns, rows.collect(), 13.0)
}

fn annex() -> Vec<Block> {
    let mut blocks = centred_heading(1, &["Phụ lục", "DANH MỤC VĂN BẢN HẾT HIỆU LỰC"]);
    blocks.push(gap());
    let rows = (1..=24).map(|number: u32| {
        [
            number.to_string(),
            format!("Quyết định số {number}/2019/QĐ-UBND"),
            "Quy định về quản lý, sử dụng hồ sơ tư pháp trên địa bàn tỉnh và phân công trách nhiệm \
             của các cơ quan có liên quan"
                .to_owned(),
            "Được thay thế".to_owned(),
            "01/01/2026".to_owned(),
        ]
        .into_iter()
        .map(|text| vec![Run::plain(text)])
        .collect()
    });
    let columns = [
        Column::centred("STT", 15.0),
        Column::left("Số, ký hiệu", 65.0),
        Column::left("Trích yếu", 105.0),
        Column::left("Lý do", 40.0),
        Column::centred("Ngày hết hiệu lực", 32.0),
    ];
    blocks.push(table(&columns, rows.collect(), 12.0));
    blocks
}

/// A list with a title over all columns, a repeated head, days and numbers.
pub fn list() -> Workbook {
    let title = Look { bold: true, size: 14, alignment: Alignment::Centre, ..Look::default() };
    let head = ["STT", "Số, ký hiệu", "Trích yếu", "Ngày ban hành", "Mức thu", "Ghi chú"];
    let mut rows = vec![
        Row {
            cells: vec![Cell::text("DANH MỤC VĂN BẢN CÒN HIỆU LỰC CỦA TỈNH SÔNG LAM", title)],
            height: Some(28.0),
        },
        Row::of(head.iter().map(|text| Cell::text(*text, Look::head())).collect()),
    ];
    let centre = Look { alignment: Alignment::Centre, ..Look::table() };
    for number in 1..=60_i16 {
        rows.push(Row::of(vec![
            Cell::number(f64::from(number), centre),
            Cell::text(format!("{number}/2026/QĐ-UBND"), Look::table()),
            Cell::text(LONG, Look::table()),
            Cell::date(date(2026, 1, 5).saturating_add(jiff::Span::new().days(number)), centre),
            Cell::number(
                8_000.0 * f64::from(number),
                Look { format: NumberFormat::Whole, ..Look::table() },
            ),
            Cell::text("", Look::table()),
        ]));
    }
    let sheet = Sheet {
        name: "Còn hiệu lực".to_owned(),
        columns: vec![6.0, 22.0, 60.0, 14.0, 14.0, 16.0],
        rows,
        merged: vec![Area { row: 0, column: 0, rows: 1, columns: 6 }],
        frozen_rows: 2,
        repeated_rows: Some((1, 1)),
        filter: Some(Area { row: 1, column: 0, rows: 61, columns: 6 }),
        ..Sheet::default()
    };
    Workbook { title: "Danh mục mẫu".to_owned(), sheets: vec![sheet] }
}
