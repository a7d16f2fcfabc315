use std::path::{Path, PathBuf};

use kernel::paragraph::{Cell, Paragraph, Table};
use proptest::prelude::*;

use super::*;

/// "điều 1: 1(ab) 2" for each article: its clauses, and their points in brackets.
fn shape(units: &[Unit]) -> Vec<String> {
    let mut all = Vec::new();
    for unit in units {
        if unit.kind == UnitKind::Article {
            let below: Vec<String> = unit.children.iter().map(short).collect();
            all.push(format!("{}: {}", unit.number, below.join(" ")).trim_end().to_owned());
        } else {
            all.extend(shape(&unit.children));
        }
    }
    all
}

fn short(unit: &Unit) -> String {
    let points: Vec<&str> = unit.children.iter().map(|point| point.number.as_str()).collect();
    if points.is_empty() {
        unit.number.clone()
    } else {
        format!("{}({})", unit.number, points.join(""))
    }
}

fn texts_of(blocks: &[Block]) -> Vec<&str> {
    blocks
        .iter()
        .map(|block| match block {
            Block::Text(text) => text.as_str(),
            Block::Table(_) => "<table>",
        })
        .collect()
}

const REGULATION: &str = "\
QUYẾT ĐỊNH
Ban hành Quy chế tiếp công dân của tỉnh Sông Lam
Căn cứ Luật Tiếp công dân số 42/2013/QH13;
Điều 1. Ban hành kèm theo Quyết định này Quy chế tiếp công dân.
Điều 2. Quyết định này có hiệu lực từ ngày 01 tháng 7 năm 2026.
Điều 3. Chánh Văn phòng chịu trách nhiệm thi hành./.
Nơi nhận:
- Như Điều 3;
TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
Trần Văn Bình
QUY CHẾ
TIẾP CÔNG DÂN CỦA TỈNH SÔNG LAM
(Ban hành kèm theo Quyết định số 12/2026/QĐ-UBND)
Chương I
QUY ĐỊNH CHUNG
Điều 1. Phạm vi điều chỉnh
Quy chế này quy định việc tiếp công dân.
Điều 2. Nguyên tắc
1. Công khai;
2. Đúng hạn:
a) Trong giờ làm việc;
b) Ngoài giờ làm việc khi cần.
PHỤ LỤC I
DANH MỤC BIỂU MẪU
Mẫu số 01: Phiếu tiếp";

#[test]
fn a_regulation_issued_with_a_decision_is_an_annex_with_its_own_tree() {
    let document = of_text(REGULATION);
    assert_eq!(shape(&document.units), ["1:", "2:", "3:"]);
    assert_eq!(document.closing.first().map(String::as_str), Some("Nơi nhận:"));
    let labels: Vec<&str> = document.annexes.iter().map(|annex| annex.label.as_str()).collect();
    assert_eq!(labels, ["Quy chế", "Phụ lục I"]);
    assert_eq!(document.annexes[0].heading, "TIẾP CÔNG DÂN CỦA TỈNH SÔNG LAM");
    assert_eq!(shape(&document.annexes[0].units), ["1:", "2: 1 2(ab)"]);
    assert_eq!(document.annexes[1].heading, "DANH MỤC BIỂU MẪU");
}

#[test]
fn headings_may_stand_on_the_same_or_on_the_next_lines() {
    for head in [
        "Chương I\nQUY ĐỊNH CHUNG\nVÀ NGUYÊN TẮC",
        "CHƯƠNG I. QUY ĐỊNH CHUNG VÀ NGUYÊN TẮC",
        "Chương I QUY ĐỊNH CHUNG\nVÀ NGUYÊN TẮC",
    ] {
        let document =
            of_text(&format!("{head}\nĐiều 1. Phạm vi\nNội dung.\nĐiều 2. Đối tượng\nNội dung."));
        assert_eq!(document.units.len(), 1, "{head}");
        assert_eq!(document.units[0].heading, "QUY ĐỊNH CHUNG VÀ NGUYÊN TẮC");
        assert_eq!(shape(&document.units), ["1:", "2:"]);
    }
}

#[test]
fn parts_chapters_sections_and_articles_nest() {
    let document = of_text(
        "Phần thứ nhất\nNHỮNG QUY ĐỊNH CHUNG\nChương I\nPHẠM VI\nMục 1. MỘT\nTiểu mục 1. HAI\nĐiều 1. A\nX.\n\
         Mục 2. BA\nĐiều 2. B\nX.\nPhần thứ hai\nTHI HÀNH\nĐiều 3. C\nX.",
    );
    let part = &document.units[0];
    assert_eq!((part.number.as_str(), part.children[0].kind), ("thứ nhất", UnitKind::Chapter));
    assert_eq!(part.children[0].children.len(), 2);
    assert_eq!(part.children[0].children[0].children[0].kind, UnitKind::Subsection);
    assert_eq!(document.units[1].children[0].number, "3");
}

#[test]
fn quoted_provisions_belong_to_the_clause_that_amends() {
    let document = of_text(
        "Điều 1. Sửa đổi, bổ sung một số điều của Quyết định số 10/2024/QĐ-UBND\n\
         1. Sửa đổi Điều 5 như sau:\n“Điều 5. Thời hạn\n1. Thời hạn là 10 ngày:\na) Ngày làm việc;\n\
         2. Không gia hạn.”.\n2. Bổ sung khoản 3 Điều 6 như sau:\n“3. Được gia hạn.”.\n\
         Điều 2. Hiệu lực\n1. Từ ngày ký.\n2. Không hồi tố.",
    );
    assert_eq!(shape(&document.units), ["1: 1 2", "2: 1 2"]);
    assert_eq!(texts_of(&document.units[0].children[0].blocks).len(), 5);
}

#[test]
fn unquoted_amending_text_does_not_break_the_numbering() {
    let document = of_text(
        "Điều 1. Sửa đổi Quyết định số 10/2024/QĐ-UBND\nSửa đổi Điều 15 như sau:\nĐiều 15. Thời hạn\n\
         1. Mười ngày.\nĐiều 2. Hiệu lực\nTừ ngày ký.",
    );
    assert_eq!(shape(&document.units), ["1: 1", "2:"]);
}

#[test]
fn a_list_inside_a_point_is_text_of_the_point() {
    let (_, units, _) = article_body(
        "1. Hồ sơ gồm:\na) Đơn;\nb) Bản kê:\n1. Họ tên;\n2. Nơi ở;\nc) Ảnh.\n2. Nộp tại bộ phận một cửa.\n3. Trả kết quả.",
    );
    let shapes: Vec<String> = units.iter().map(short).collect();
    assert_eq!(shapes, ["1(abc)", "2", "3"]);
    assert_eq!(texts_of(&units[0].children[1].blocks), ["Bản kê:", "1. Họ tên;", "2. Nơi ở;"]);
}

#[test]
fn numbers_put_in_between_and_numbers_left_out_are_kept_as_printed() {
    let document = of_text(
        "Điều 1. A\n1. Một.\n1a. Một a.\n2. Hai:\na) x;\na1) y;\nb) z;\nd) t;\nđ) u.\nĐiều 1a. B\nX.\nĐiều 4. C\n1. Một.\n3. Ba.",
    );
    assert_eq!(shape(&document.units), ["1: 1 1a 2(aa1bdđ)", "1a:", "4: 1 3"]);
    let jumps: Vec<&str> = document
        .doubts
        .iter()
        .filter(|doubt| doubt.code == "number-jumps")
        .map(|doubt| doubt.place.as_str())
        .collect();
    assert_eq!(jumps, ["dieu-1/khoan-2/diem-d", "dieu-4", "dieu-4/khoan-3"]);
}

#[test]
fn points_restart_under_each_sub_clause() {
    let (_, units, _) = article_body(
        "1. Mức chi:\n1.1. Cấp tỉnh:\na) Một;\nb) Hai.\n1.2. Cấp xã:\na) Ba;\nb) Bốn.\n2. Nguồn chi.",
    );
    let shapes: Vec<String> = units.iter().map(short).collect();
    assert_eq!(shapes, ["1(abab)", "2"]);
}

#[test]
fn text_after_the_points_that_speaks_of_all_of_them_is_the_tail() {
    let (_, units, _) =
        article_body("1. Người nào:\na) Làm;\nb) Giúp,\nthì bị phạt tiền.\n2. Tái phạm thì xử lý.");
    assert_eq!(texts_of(&units[0].tail), ["thì bị phạt tiền."]);
    assert_eq!(units[0].children.len(), 2);
}

#[test]
fn endnotes_are_notes_and_their_articles_are_not_counted() {
    let document = of_text(
        "Điều 1. Phạm vi[1]\n1. Một.\n2.[2] Hai.\nĐiều 2. Hiệu lực\nTừ ngày ký./.\n\
         XÁC THỰC VĂN BẢN HỢP NHẤT CHỦ NHIỆM Trần Văn Bình [1] Điều này được sửa đổi như sau:\n\
         “Điều 3. Thi hành\n1. Từ ngày ký.”.\n[2] Khoản này được bổ sung.",
    );
    assert_eq!(shape(&document.units), ["1: 1 2", "2:"]);
    assert_eq!(document.notes.len(), 2);
    assert_eq!(document.notes[0].text.lines().count(), 3);
    assert_eq!(document.closing, ["XÁC THỰC VĂN BẢN HỢP NHẤT CHỦ NHIỆM Trần Văn Bình"]);
    assert_eq!(document.units[0].heading, "Phạm vi[1]");
}

#[test]
fn a_table_of_contents_is_not_the_text() {
    let document = of_text(
        "MỤC LỤC\nChương I\nQUY ĐỊNH CHUNG\nĐiều 1. Phạm vi 2\nĐiều 2. Đối tượng 3\nChương I\nQUY ĐỊNH CHUNG\n\
         Điều 1. Phạm vi\nNội dung một.\nĐiều 2. Đối tượng\nNội dung hai.",
    );
    assert_eq!(shape(&document.units), ["1:", "2:"]);
    assert_eq!(texts_of(&document.units[0].children[0].blocks), ["Nội dung một."]);
}

#[test]
fn tables_stay_where_they_stand_and_layout_tables_are_opened() {
    let cell = |text: &str| Cell { text: text.to_owned(), columns: 1, rows: 1 };
    let table =
        |rows: Vec<Vec<Cell>>| Paragraph { table: Some(Table { rows }), ..Paragraph::default() };
    let document = read(&[
        table(vec![vec![
            cell("ỦY BAN NHÂN DÂN\nTỈNH SÔNG LAM\nSố: 12/2026/QĐ-UBND"),
            cell(
                "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nSông Lam, ngày 05 tháng 6 năm 2026",
            ),
        ]]),
        Paragraph::plain("QUYẾT ĐỊNH"),
        Paragraph::plain("Quy định mức chi"),
        Paragraph::plain("Điều 1. Mức chi"),
        Paragraph { list_number: Some("1.".to_owned()), ..Paragraph::plain("Mức chi như sau:") },
        table(vec![
            vec![cell("Nội dung"), cell("Mức")],
            vec![cell("Hòa giải"), cell("200.000 đồng")],
        ]),
        Paragraph { list_number: Some("2.".to_owned()), ..Paragraph::plain("Nguồn chi.") },
    ]);
    assert_eq!(shape(&document.units), ["1: 1 2"]);
    assert_eq!(texts_of(&document.units[0].children[0].blocks), ["Mức chi như sau:", "<table>"]);
    assert_eq!(document.metadata.number.as_deref(), Some("12/2026/QĐ-UBND"));
    assert_eq!(document.metadata.issuer.as_deref(), Some("Ủy ban nhân dân tỉnh Sông Lam"));
    assert_eq!(document.metadata.place.as_deref(), Some("Sông Lam"));
}

#[test]
fn a_document_without_articles_is_read_by_its_sections_and_clauses() {
    let document = of_text(
        "KẾ HOẠCH\nPhổ biến pháp luật năm 2026\nI. MỤC ĐÍCH, YÊU CẦU\n1. Mục đích\nNâng cao.\n2. Yêu cầu\n\
         a) Kịp thời;\nb) Thiết thực.\nII. NỘI DUNG\n1. Tuyên truyền\nNơi nhận:\n- Lưu: VT.",
    );
    let sections: Vec<&str> = document.units.iter().map(|unit| unit.heading.as_str()).collect();
    assert_eq!(sections, ["MỤC ĐÍCH, YÊU CẦU", "NỘI DUNG"]);
    assert_eq!(document.units[0].children[1].children.len(), 2);
    assert_eq!(document.closing.len(), 2);
}

#[test]
fn the_printed_text_is_read_again_to_the_same_tree() {
    let document = of_text(REGULATION);
    let again = of_text(&plain_text(&document));
    assert_eq!(again.units, document.units);
    assert_eq!(again.annexes[0].units, document.annexes[0].units);
    assert_eq!(again.closing, document.closing);
}

/// The folder of data that is not part of the repository, where there is one.
fn shared() -> Option<PathBuf> {
    let start = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = start.ancestors().map(|folder| folder.join("shared/law/versions"));
    folders.find(|folder| folder.is_dir())
}

#[test]
fn five_consolidations_of_one_law_have_exactly_their_sixty_articles() {
    let Some(folder) = shared() else {
        eprintln!("SKIPPED: no folder shared/law/versions beside the repository");
        return;
    };
    let expected: Vec<String> = (1..=60).map(|number| number.to_string()).collect();
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let document = of_text(&std::fs::read_to_string(&path).unwrap());
        let shapes = shape(&document.units);
        let numbers: Vec<String> =
            shapes.iter().filter_map(|shape| shape.split(':').next()).map(str::to_owned).collect();
        assert_eq!(numbers, expected, "{}", path.display());
        assert!(document.notes.len() >= 7 && document.annexes.is_empty(), "{}", path.display());
        assert!(document.metadata.consolidates.len() >= 3, "{}", path.display());
        count += 1;
    }
    assert_eq!(count, 5);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_text_gives_a_document(text in "(\\PC|\n){0,300}") {
        let _ = of_text(&text);
        let _ = article_body(&text);
    }

    #[test]
    fn pieces_of_law_in_any_order_give_a_document(
        pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..60)
    ) {
        let text = pieces.concat();
        let document = of_text(&text);
        let _ = plain_text(&document);
        let _ = article_body(&text);
    }

    #[test]
    fn a_good_document_cut_anywhere_gives_a_document(
        from in 0..REGULATION.len(), length in 0..200_usize, insert in "\\PC{0,8}"
    ) {
        let start = REGULATION.floor_char_boundary(from);
        let end = REGULATION.floor_char_boundary((from + length).min(REGULATION.len()));
        let _ = of_text(&format!("{}{insert}{}", &REGULATION[..start], &REGULATION[end..]));
    }

    #[test]
    fn every_article_of_a_plain_document_is_found(
        clauses in proptest::collection::vec(0..6_usize, 1..40), is_spaced: bool
    ) {
        let mut text = String::new();
        for (at, count) in clauses.iter().enumerate() {
            let number = at + 1;
            let gap = if is_spaced { "  " } else { " " };
            text.push_str(&format!("Điều{gap}{number}. Nội dung thứ {number}\nTrường hợp quy định tại\nĐiều 2 Luật này:\n"));
            for clause in 1..=*count {
                text.push_str(&format!("{clause}. Theo khoản 1 Điều 3;\n"));
            }
        }
        let expected: Vec<String> = clauses
            .iter()
            .enumerate()
            .map(|(at, count)| {
                let below: Vec<String> = (1..=*count).map(|clause| clause.to_string()).collect();
                format!("{}: {}", at + 1, below.join(" ")).trim_end().to_owned()
            })
            .collect();
        prop_assert_eq!(shape(&of_text(&text).units), expected);
    }
}

const PIECES: &[&str] = &[
    "\n",
    " ",
    "Điều 1.",
    "Điều 2. Phạm vi",
    "Điều 41a",
    "Chương I",
    "QUY ĐỊNH CHUNG",
    "Mục 1.",
    "1. ",
    "2. Tổ chức",
    "1a.",
    "a) ",
    "đ) x",
    "aa)",
    "“",
    "”",
    "\"",
    "như sau:",
    "./.",
    "Nơi nhận:",
    "[1]",
    "[2] ",
    "PHỤ LỤC",
    "(Ban hành kèm theo",
    "thì ",
    "XÁC THỰC VĂN BẢN HỢP NHẤT",
    "Số: ",
    "12/2026/QĐ-UBND",
    "ngày 05 tháng 6 năm 2026",
    "Căn cứ ",
    "QUYẾT ĐỊNH",
    "I. MỤC ĐÍCH",
    "có hiệu lực từ ngày ",
    "Luật này ",
    "; ",
    "KT. CHỦ TỊCH",
    "Trần Văn Bình",
];
