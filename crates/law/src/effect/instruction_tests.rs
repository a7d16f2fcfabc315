use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::citation::{Citation, Here, resolve};
use crate::outline;

/// Each instruction as `place: verb target`.
fn read(text: &str) -> Vec<String> {
    instructions(&outline::of_text(text))
        .iter()
        .map(|instruction| {
            let citation =
                Citation { start: 0, end: 0, phrase: (0, 0), target: instruction.target.clone() };
            let address = resolve(&citation, &Here::default()).expect("a target has an address");
            let document = match address.document {
                DocumentRef::Number { key, .. } => key,
                DocumentRef::Name { kind, name, .. } => format!("{kind} {name}"),
                other => format!("{other:?}"),
            };
            format!("{}: {:?} {document}#{}", instruction.place, instruction.verb, address.path)
        })
        .collect()
}

const AMENDING: &str = "\
CHÍNH PHỦ
Số: 20/2031/NĐ-CP
NGHỊ ĐỊNH
Sửa đổi, bổ sung một số điều của Nghị định số 10/2030/NĐ-CP ngày 05 tháng 3 năm 2030 của Chính phủ về quản lý bến đò
Điều 1. Sửa đổi, bổ sung một số điều của Nghị định số 10/2030/NĐ-CP ngày 05 tháng 3 năm 2030 của Chính phủ về quản lý bến đò
1. Sửa đổi, bổ sung khoản 2 Điều 5 như sau:
“2. Chủ bến đò phải niêm yết giá vé tại bến theo quy định tại Điều 9 Nghị định này.”.
2. Bổ sung Điều 5a vào sau Điều 5 như sau:
“Điều 5a. Sổ theo dõi
Chủ bến đò lập sổ theo dõi khách qua sông.”.
3. Sửa đổi, bổ sung một số khoản của Điều 7 như sau:
a) Sửa đổi, bổ sung khoản 1 như sau:
“1. Đò phải có đủ áo phao.”;
b) Bãi bỏ khoản 3.
4. Thay thế cụm từ “huyện” bằng cụm từ “xã” tại khoản 1 Điều 8, Điều 9.
5. Bãi bỏ Điều 11 và Điều 12.
Điều 2. Điều khoản thi hành
1. Nghị định này có hiệu lực thi hành kể từ ngày 01 tháng 7 năm 2031.
2. Nghị định số 08/2029/NĐ-CP ngày 01 tháng 01 năm 2029 của Chính phủ sửa đổi, bổ sung một số điều của Nghị định số 07/2028/NĐ-CP hết hiệu lực kể từ ngày Nghị định này có hiệu lực thi hành.
3. Nghị định này thay thế Nghị định số 03/2027/NĐ-CP và Nghị định số 04/2027/NĐ-CP, trừ Điều 2 Nghị định số 05/2027/NĐ-CP.
";

#[test]
fn an_amending_decree_is_read_unit_by_unit() {
    assert_eq!(
        read(AMENDING),
        [
            "dieu-1/khoan-1: Amend 10-2030-nd-cp#dieu-5/khoan-2",
            "dieu-1/khoan-2: Add 10-2030-nd-cp#dieu-5a",
            "dieu-1/khoan-3/diem-a: Amend 10-2030-nd-cp#dieu-7/khoan-1",
            "dieu-1/khoan-3/diem-b: Repeal 10-2030-nd-cp#dieu-7/khoan-3",
            "dieu-1/khoan-4: ReplacePhrase 10-2030-nd-cp#dieu-8/khoan-1",
            "dieu-1/khoan-4: ReplacePhrase 10-2030-nd-cp#dieu-9",
            "dieu-1/khoan-5: Repeal 10-2030-nd-cp#dieu-11",
            "dieu-1/khoan-5: Repeal 10-2030-nd-cp#dieu-12",
            "dieu-2/khoan-2: Repeal 8-2029-nd-cp#",
            "dieu-2/khoan-3: Replace 3-2027-nd-cp#",
            "dieu-2/khoan-3: Replace 4-2027-nd-cp#",
        ]
    );
}

#[test]
fn the_new_text_the_words_and_the_day_are_kept() {
    let found = instructions(&outline::of_text(AMENDING));
    assert!(found.iter().all(|one| one.effective_on == Some(date(2031, 7, 1))));
    assert!(found[0].new_text.as_deref().is_some_and(|text| text.starts_with("2. Chủ bến đò")));
    assert!(found[1].new_text.as_deref().is_some_and(|text| text.contains("lập sổ theo dõi")));
    assert_eq!(found[1].after.as_ref().and_then(|place| place.article.as_deref()), Some("5"));
    assert_eq!(found[4].words, Some(("huyện".to_owned(), "xã".to_owned())));
}

#[test]
fn a_decree_that_puts_a_law_in_detail_guides_it() {
    let text = "\
Điều 1. Phạm vi điều chỉnh
Nghị định này quy định chi tiết khoản 2 Điều 5 và Điều 7 của Luật Bến đò.
Điều 2. Trách nhiệm
Bộ trưởng Bộ Xây dựng hướng dẫn thi hành Luật Đường sông.
";
    assert_eq!(
        read(text),
        ["dieu-1: Guide luật Bến đò#dieu-5/khoan-2", "dieu-1: Guide luật Bến đò#dieu-7",]
    );
}

#[test]
fn a_list_under_a_verb_has_the_verb_in_each_line() {
    let text = "\
Điều 9. Hiệu lực thi hành
1. Thông tư này có hiệu lực thi hành kể từ ngày 15/8/2031.
2. Các văn bản sau đây hết hiệu lực kể từ ngày 01/9/2031:
a) Thông tư số 01/2027/TT-BXD ngày 02/01/2027 của Bộ trưởng Bộ Xây dựng;
b) Khoản 2 Điều 4 Thông tư số 02/2028/TT-BXD;
c) Điều 3 Thông tư số 03/2028/TT-BXD ngày 05/02/2028 sửa đổi một số quy định của Luật Bến đò.
";
    assert_eq!(
        read(text),
        [
            "dieu-9/khoan-2/diem-a: Repeal 1-2027-tt-bxd#",
            "dieu-9/khoan-2/diem-b: Repeal 2-2028-tt-bxd#dieu-4/khoan-2",
            "dieu-9/khoan-2/diem-c: Repeal 3-2028-tt-bxd#dieu-3",
        ]
    );
}

#[test]
fn a_part_without_a_number_is_not_the_whole_document() {
    let text = "\
Điều 9. Hiệu lực thi hành
1. Các quy định về giá vé của Luật Bến đò số 05/2027/QH16 hết hiệu lực kể từ ngày Luật này có hiệu lực.
2. Thông tư này thay thế Thông tư số 01/2027/TT-BXD hướng dẫn Luật Bến đò và Nghị định số 10/2030/NĐ-CP.
3. Bãi bỏ Thông tư số 05/2027/TT-BXD ngày 01/02/2027 quy định về phí và Thông tư số 06/2027/TT-BXD.
";
    let found = instructions(&outline::of_text(text));
    let partly: Vec<bool> = found.iter().map(|one| one.partly).collect();
    assert_eq!(partly, [true, false, false, false], "{found:?}");
}

#[test]
fn a_verb_behind_a_list_belongs_to_all_of_it() {
    let text = "\
Điều 9. Hiệu lực thi hành
Điều 4 Thông tư số 01/2027/TT-BXD ngày 02/01/2027; điểm 2, Mục I, Phần A Thông tư số 02/2028/TT-BXD; Thông tư số 03/2028/TT-BXD hết hiệu lực kể từ ngày Thông tư này có hiệu lực.
";
    assert_eq!(
        read(text),
        [
            "dieu-9: Repeal 1-2027-tt-bxd#dieu-4",
            "dieu-9: Repeal 2-2028-tt-bxd#phan-a/muc-i/diem-2",
            "dieu-9: Repeal 3-2028-tt-bxd#",
        ]
    );
}

#[test]
fn words_in_passing_change_nothing() {
    let text = "\
Điều 3. Áp dụng
Trường hợp văn bản dẫn chiếu tại Thông tư này được sửa đổi, bổ sung hoặc thay thế thì áp dụng văn bản mới.
Hồ sơ theo Nghị định số 10/2030/NĐ-CP đã được sửa đổi, bổ sung bởi Nghị định số 20/2031/NĐ-CP được giữ nguyên.
Nghị định số 10/2030/NĐ-CP tiếp tục có hiệu lực cho đến khi được bãi bỏ, thay thế.
Giấy phép cấp theo Nghị định số 10/2030/NĐ-CP hết hiệu lực sau 45 ngày.
Trước khi Giấy phép hết hiệu lực 45 ngày, chủ bến nộp hồ sơ theo Điều 2 Nghị định số 10/2030/NĐ-CP.
";
    assert_eq!(read(text), Vec::<String>::new());
}

proptest! {
    #[test]
    fn any_mutilated_decree_is_read_without_a_fault(from in 0_usize..900, to in 0_usize..900) {
        let letters: Vec<char> = AMENDING.chars().collect();
        let kept: String = letters.iter().take(from).chain(letters.iter().skip(to)).collect();
        let _ = instructions(&outline::of_text(&kept));
    }
}
