use jiff::civil::date;

use crate::model::{LegalDocument, Metadata};
use crate::outline::of_text;

fn decision() -> LegalDocument {
    of_text(
        "ỦY BAN NHÂN DÂN\nTỈNH SÔNG LAM\n-------\nSố: 12/2026/QĐ-UBND\n\
         CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n---------------\n\
         Sông Lam, ngày 05 tháng 6 năm 2026\n\
         QUYẾT ĐỊNH\nQuy định mức hỗ trợ hòa giải viên\nở cơ sở trên địa bàn tỉnh Sông Lam\n\
         Căn cứ Luật Tổ chức chính quyền địa phương số 72/2025/QH15 ngày 16 tháng 6 năm 2025;\n\
         Căn cứ Nghị định số 15/2014/NĐ-CP ngày 27 tháng 02 năm 2014 của Chính phủ;\n\
         Theo đề nghị của Giám đốc Sở Tư pháp;\n\
         Ủy ban nhân dân tỉnh Sông Lam ban hành Quyết định quy định mức hỗ trợ.\n\
         Điều 1. Phạm vi điều chỉnh\nQuyết định này quy định mức hỗ trợ.\n\
         Điều 2. Hiệu lực thi hành\n\
         1. Quyết định này có hiệu lực thi hành từ ngày 20 tháng 6 năm 2026.\n\
         2. Giám đốc Sở Tư pháp chịu trách nhiệm thi hành Quyết định này./.\n\
         Nơi nhận:\n- Như Điều 2;\n- Lưu: VT.\nTM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\nTrần Văn Bình",
    )
}

#[test]
fn the_head_of_a_decision_is_read_whole() {
    let document = decision();
    let Metadata { bases, .. } = &document.metadata;
    let metadata = &document.metadata;
    assert_eq!(metadata.kind.as_deref(), Some("Quyết định"));
    assert_eq!(metadata.number.as_deref(), Some("12/2026/QĐ-UBND"));
    assert_eq!(
        metadata.title.as_deref(),
        Some("Quy định mức hỗ trợ hòa giải viên ở cơ sở trên địa bàn tỉnh Sông Lam")
    );
    assert_eq!(metadata.issuer.as_deref(), Some("Ủy ban nhân dân tỉnh Sông Lam"));
    assert_eq!(metadata.place.as_deref(), Some("Sông Lam"));
    assert_eq!(metadata.issued_on, Some(date(2026, 6, 5)));
    assert_eq!(metadata.effective_on, Some(date(2026, 6, 20)));
    assert_eq!(metadata.signer.as_deref(), Some("Trần Văn Bình"));
    assert_eq!(metadata.signer_title.as_deref(), Some("Phó Chủ tịch"));
    assert_eq!(bases.len(), 2);
    assert_eq!(bases[0].number.as_deref(), Some("72/2025/QH15"));
    assert_eq!(bases[1].issued_on, Some(date(2014, 2, 27)));
    assert_eq!(document.preamble.len(), 4);
    assert!(document.doubts.is_empty(), "{:?}", document.doubts);
}

#[test]
fn a_law_has_its_number_under_its_name() {
    let document = of_text(
        "QUỐC HỘI\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n\
         Luật số: 99/2026/QH16\nHà Nội, ngày 20 tháng 6 năm 2026\nLUẬT\nBẢO VỆ BẾN NƯỚC\n\
         Căn cứ Hiến pháp nước Cộng hòa xã hội chủ nghĩa Việt Nam;\n\
         Quốc hội ban hành Luật Bảo vệ bến nước.\nĐiều 1. Phạm vi điều chỉnh\nLuật này quy định về bến nước.",
    );
    let metadata = &document.metadata;
    assert_eq!(metadata.number.as_deref(), Some("99/2026/QH16"));
    assert_eq!(metadata.kind.as_deref(), Some("Luật"));
    assert_eq!(metadata.title.as_deref(), Some("Bảo vệ bến nước"));
    assert_eq!(metadata.issuer.as_deref(), Some("Quốc hội"));
}

#[test]
fn a_consolidation_whose_head_was_run_together_is_taken_apart() {
    let document = of_text(
        "VĂN PHÒNG QUỐC HỘI --------\n\
         CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc ---------------\n\
         Số:\n16/VBHN-VPQH\n\
         Hà Nội, ngày 26 tháng 02 năm 2025 LUẬT BẾN NƯỚC Luật Bến nước số 98/2017/QH14 ngày 19 tháng 6 năm \
         2017 của Quốc hội, có hiệu lực kể từ ngày 01 tháng 7 năm 2018, được sửa đổi, bổ sung bởi:\n\
         1. Luật số 97/2018/QH14 ngày 20 tháng 11 năm 2018 của Quốc hội, có hiệu lực kể từ ngày 01 tháng 01 \
         năm 2019;\n\
         Căn cứ Hiến pháp nước Cộng hòa xã hội chủ nghĩa Việt Nam;\nQuốc hội ban hành Luật Bến nước[1].\n\
         Điều 1. Phạm vi điều chỉnh\nLuật này quy định về bến nước.",
    );
    let metadata = &document.metadata;
    assert_eq!(metadata.kind.as_deref(), Some("Văn bản hợp nhất"));
    assert_eq!(metadata.number.as_deref(), Some("16/VBHN-VPQH"));
    assert_eq!(metadata.title.as_deref(), Some("Luật Bến nước"));
    assert_eq!(metadata.issued_on, Some(date(2025, 2, 26)));
    assert_eq!(metadata.issuer.as_deref(), Some("Văn phòng Quốc hội"));
    let numbers: Vec<_> =
        metadata.consolidates.iter().filter_map(|basis| basis.number.as_deref()).collect();
    assert_eq!(numbers, ["98/2017/QH14", "97/2018/QH14"]);
    assert_eq!(metadata.consolidates[0].issued_on, Some(date(2017, 6, 19)));
}

#[test]
fn blanks_to_be_filled_in_are_doubts() {
    let document = of_text(
        "UBND TỈNH SÔNG LAM\nSỞ TƯ PHÁP\nSố:      /KH-STP\nSông Lam, ngày     tháng     năm 2026\n\
         KẾ HOẠCH\nPhổ biến, giáo dục pháp luật năm 2026\nI. MỤC ĐÍCH, YÊU CẦU\n1. Mục đích\n2. Yêu cầu",
    );
    let codes: Vec<&str> = document.doubts.iter().map(|doubt| doubt.code.as_str()).collect();
    assert!(codes.contains(&"number-blank") && codes.contains(&"date-blank"), "{codes:?}");
    assert_eq!(document.metadata.number, None);
    assert_eq!(document.metadata.issuer.as_deref(), Some("Sở Tư pháp tỉnh Sông Lam"));
    assert_eq!(document.metadata.title.as_deref(), Some("Phổ biến, giáo dục pháp luật năm 2026"));
}

#[test]
fn what_only_the_symbol_says_is_a_guess() {
    let document = of_text("Số: 15/2026/NĐ-CP\nĐiều 1. Phạm vi\nNội dung.");
    assert_eq!(document.metadata.kind.as_deref(), Some("Nghị định"));
    assert_eq!(document.metadata.issuer.as_deref(), Some("Chính phủ"));
    let codes: Vec<&str> = document.doubts.iter().map(|doubt| doubt.code.as_str()).collect();
    assert!(codes.contains(&"kind-guessed") && codes.contains(&"issuer-guessed"), "{codes:?}");
}

#[test]
fn a_law_without_a_dated_head_is_dated_by_its_adoption() {
    let document = of_text(
        "LUẬT\nBẾN NƯỚC\nCăn cứ Hiến pháp;\nQuốc hội ban hành Luật Bến nước.\n\
         Điều 1. Phạm vi\nLuật này quy định về bến nước.\n\
         Luật này được Quốc hội khóa XVI thông qua ngày 20 tháng 6 năm 2026.\nCHỦ TỊCH QUỐC HỘI\nVõ Văn Giang",
    );
    assert_eq!(document.metadata.issued_on, Some(date(2026, 6, 20)));
    assert_eq!(document.metadata.issuer.as_deref(), Some("Quốc hội"));
    assert_eq!(document.metadata.signer_title.as_deref(), Some("Chủ tịch Quốc hội"));
    assert!(document.doubts.iter().any(|doubt| doubt.code == "date-guessed"));
}

#[test]
fn a_letter_is_known_by_its_subject() {
    let document = of_text(
        "UBND TỈNH SÔNG LAM\nSỞ TƯ PHÁP\nSố: 123/STP-PBGDPL\nV/v hướng dẫn tổ chức Ngày Pháp luật\n\
         Sông Lam, ngày 12 tháng 9 năm 2026\nKính gửi: Ủy ban nhân dân các xã, phường\n1. Nội dung\n2. Kinh phí",
    );
    assert_eq!(document.metadata.kind.as_deref(), Some("Công văn"));
    assert_eq!(document.metadata.title.as_deref(), Some("Hướng dẫn tổ chức Ngày Pháp luật"));
    let codes: Vec<&str> = document.doubts.iter().map(|doubt| doubt.code.as_str()).collect();
    assert_eq!(codes, ["kind-guessed"]);
}
