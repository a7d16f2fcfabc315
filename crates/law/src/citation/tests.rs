use proptest::prelude::*;

use super::*;

/// Each citation as `text → address of the place (document)`.
fn found(text: &str) -> Vec<(String, String)> {
    found_in(text, &Context::default())
}

fn found_in(text: &str, context: &Context<'_>) -> Vec<(String, String)> {
    let path = [(UnitKind::Chapter, "II"), (UnitKind::Article, "9"), (UnitKind::Clause, "3")];
    let here = Here { document: "here", path: &path };
    find_in(text, context)
        .iter()
        .map(|citation| {
            let span = text[citation.start..citation.end].to_owned();
            let address = resolve(citation, &here).map_or_else(
                || "?".to_owned(),
                |address| {
                    let document = match address.document {
                        DocumentRef::Number { key, .. } => key,
                        DocumentRef::Name { kind, name, year, issued_on } => {
                            let year = year.map(|year| format!(" {year}")).unwrap_or_default();
                            let day = issued_on.map(|day| format!(" {day}")).unwrap_or_default();
                            format!("{kind} {name}{year}{day}")
                        }
                        other => format!("{other:?}"),
                    };
                    let to = address.to.map(|to| format!("..{to}")).unwrap_or_default();
                    format!("{document}#{}{to}", address.path)
                },
            );
            (span, address)
        })
        .collect()
}

fn check(text: &str, expected: &[(&str, &str)]) {
    let found = found(text);
    let found: Vec<(&str, &str)> = found.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn a_point_of_a_numbered_law_is_one_citation() {
    check(
        "theo điểm a khoản 2 Điều 5 của Luật số 57/2020/QH14 thì",
        &[("điểm a khoản 2 Điều 5 của Luật số 57/2020/QH14", "57-2020-qh14#dieu-5/khoan-2/diem-a")],
    );
    check(
        "tại điểm đ, khoản 1, Điều 12a Nghị định 15/2020/NĐ-CP.",
        &[(
            "điểm đ, khoản 1, Điều 12a Nghị định 15/2020/NĐ-CP",
            "15-2020-nd-cp#dieu-12a/khoan-1/diem-dd",
        )],
    );
}

#[test]
fn each_element_of_an_enumeration_is_a_citation_of_its_own() {
    check(
        "quy định tại các điểm a, b và d khoản 1, khoản 2 và khoản 3 Điều 7.",
        &[
            ("điểm a", "here#dieu-7/khoan-1/diem-a"),
            ("b", "here#dieu-7/khoan-1/diem-b"),
            ("d khoản 1", "here#dieu-7/khoan-1/diem-d"),
            ("khoản 2", "here#dieu-7/khoan-2"),
            ("khoản 3 Điều 7", "here#dieu-7/khoan-3"),
        ],
    );
    check(
        "các khoản 2, 3 và 4 Điều này",
        &[
            ("khoản 2", "here#dieu-9/khoan-2"),
            ("3", "here#dieu-9/khoan-3"),
            ("4 Điều này", "here#dieu-9/khoan-4"),
        ],
    );
    check(
        "Điều 12, Điều 13 và Điều 15 của Nghị định số 15/2020/NĐ-CP ngày 03 tháng 02 năm 2020",
        &[
            ("Điều 12", "15-2020-nd-cp#dieu-12"),
            ("Điều 13", "15-2020-nd-cp#dieu-13"),
            ("Điều 15 của Nghị định số 15/2020/NĐ-CP", "15-2020-nd-cp#dieu-15"),
        ],
    );
}

#[test]
fn an_element_takes_from_the_next_one_only_what_it_lacks() {
    check(
        "khoản 3 và khoản 4 Điều 73, Điều 74 Luật Hộ tịch",
        &[
            ("khoản 3", "luật Hộ tịch#dieu-73/khoan-3"),
            ("khoản 4 Điều 73", "luật Hộ tịch#dieu-73/khoan-4"),
            ("Điều 74 Luật Hộ tịch", "luật Hộ tịch#dieu-74"),
        ],
    );
    check(
        "khoản 2 Điều này và Điều 7 Luật Hộ tịch",
        &[
            ("khoản 2 Điều này", "here#dieu-9/khoan-2"),
            ("Điều 7 Luật Hộ tịch", "luật Hộ tịch#dieu-7"),
        ],
    );
    check(
        "khoản 1 và Điều 5 của Luật này",
        &[("khoản 1", "here#dieu-9/khoan-1"), ("Điều 5 của Luật này", "here#dieu-5")],
    );
}

#[test]
fn a_range_is_one_citation() {
    check("Điều 5 đến Điều 9", &[("Điều 5 đến Điều 9", "here#dieu-5..dieu-9")]);
    check(
        "từ Điều 10 đến Điều 15 Luật này",
        &[("Điều 10 đến Điều 15 Luật này", "here#dieu-10..dieu-15")],
    );
    check(
        "từ điểm a đến điểm c khoản 2 Điều 8",
        &[(
            "điểm a đến điểm c khoản 2 Điều 8",
            "here#dieu-8/khoan-2/diem-a..dieu-8/khoan-2/diem-c",
        )],
    );
}

#[test]
fn this_unit_is_the_one_where_the_words_stand() {
    check("tại Điều này", &[("Điều này", "here#dieu-9")]);
    check("điểm b khoản này", &[("điểm b khoản này", "here#dieu-9/khoan-3/diem-b")]);
    check("tại khoản này", &[("khoản này", "here#dieu-9/khoan-3")]);
    check(
        "theo điểm c khoản 1 Điều này",
        &[("điểm c khoản 1 Điều này", "here#dieu-9/khoan-1/diem-c")],
    );
    check("Nghị định này áp dụng", &[("Nghị định này", "here#")]);
    check("quy định tại khoản 1", &[("khoản 1", "here#dieu-9/khoan-1")]);
    check(
        "Mục 2 Chương III của Luật này",
        &[("Mục 2 Chương III của Luật này", "here#chuong-iii/muc-2")],
    );
}

#[test]
fn laws_are_known_by_name_year_and_day() {
    check("theo Luật Hộ tịch và", &[("Luật Hộ tịch", "luật Hộ tịch#")]);
    check("Luật Đất đai năm 2024.", &[("Luật Đất đai năm 2024", "luật Đất đai 2024#")]);
    check("tội quy định trong Bộ luật Hình sự thì", &[("Bộ luật Hình sự", "bộ luật Hình sự#")]);
    check(
        "Luật Thanh niên ngày 16 tháng 6 năm 2020",
        &[("Luật Thanh niên ngày 16 tháng 6 năm 2020", "luật Thanh niên 2020-06-16#")],
    );
    check(
        "Luật Phòng, chống tham nhũng;",
        &[("Luật Phòng, chống tham nhũng", "luật Phòng, chống tham nhũng#")],
    );
    check(
        "2. Pháp lệnh bến đò số 21/2034/UBTVQH17 hết hiệu lực",
        &[("Pháp lệnh bến đò số 21/2034/UBTVQH17", "21-2034-ubtvqh17#")],
    );
    check("Điều 357 BLTTDS;", &[("Điều 357 BLTTDS", "bộ luật Tố tụng dân sự#dieu-357")]);
}

#[test]
fn a_known_title_is_cut_at_the_right_word() {
    let mut titles = KnownTitles::default();
    titles.insert("Luật Hôn nhân và gia đình", "52/2014/QH13");
    let context = Context { titles: Some(&titles), kind: None };
    assert_eq!(
        found_in("theo Luật Hôn nhân và gia đình và Luật Hộ tịch.", &context),
        [
            ("Luật Hôn nhân và gia đình".to_owned(), "luật Hôn nhân và gia đình#".to_owned()),
            ("Luật Hộ tịch".to_owned(), "luật Hộ tịch#".to_owned()),
        ]
    );
}

#[test]
fn numbers_stand_alone_and_in_lists() {
    check(
        "các Nghị định số 01/2020/NĐ-CP, số 02/2021/NĐ-CP",
        &[("Nghị định số 01/2020/NĐ-CP", "1-2020-nd-cp#"), ("02/2021/NĐ-CP", "2-2021-nd-cp#")],
    );
    check(
        "Thông tư liên tịch số 01/2016/TTLT-BCA-BQP",
        &[("Thông tư liên tịch số 01/2016/TTLT-BCA-BQP", "1-2016-ttlt-bca-bqp#")],
    );
    check("Nghị định số 63/2010/NÐ-CP", &[("Nghị định số 63/2010/NÐ-CP", "63-2010-nd-cp#")]);
}

#[test]
fn a_bare_number_means_the_document_named_in_full_before_it() {
    check(
        "Quyết định số 86/2035/QĐ-BXD; khoản 1 Điều 2 Quyết định số 86; Quyết định số 15",
        &[
            ("Quyết định số 86/2035/QĐ-BXD", "86-2035-qd-bxd#"),
            ("khoản 1 Điều 2 Quyết định số 86", "86-2035-qd-bxd#dieu-2/khoan-1"),
        ],
    );
    let two = "Nghị định số 8/2035/NĐ-CP, Nghị định số 8/2036/NĐ-CP và Nghị định số 8";
    assert_eq!(found(two).len(), 2, "nobody knows which one");
}

#[test]
fn what_stands_between_a_point_and_its_clause_does_not_part_them() {
    check(
        "điểm đ (nếu có) khoản 1 Điều 4",
        &[("điểm đ (nếu có) khoản 1 Điều 4", "here#dieu-4/khoan-1/diem-dd")],
    );
    check(
        "bổ sung điểm o vào khoản 1 Điều 16",
        &[("điểm o vào khoản 1 Điều 16", "here#dieu-16/khoan-1/diem-o")],
    );
    check(
        "điểm a.4 khoản 3 Điều 2",
        &[("điểm a.4 khoản 3 Điều 2", "here#dieu-2/khoan-3/diem-a-4")],
    );
}

#[test]
fn what_only_looks_like_a_citation_is_none() {
    for text in [
        "Điều 5 Điều lệ công ty",
        "Điều khoản 5 của hợp đồng",
        "theo mẫu số 01/2020",
        "ngày 15/3/2020, điện thoại 024/3822.1234",
        "số 12 Điều dưỡng",
        "mở tài khoản 1 tại ngân hàng",
        "hỗ trợ khoản 2 triệu đồng",
        "các luật sư và Luật sư công",
        "tại thời điểm này",
        "danh mục 2",
        "Điều 5. Phạm vi điều chỉnh",
        "Điều 3 Hiệp định vay vốn",
        "một khoản này khác",
    ] {
        check(text, &[]);
    }
}

#[test]
fn a_decision_that_a_decree_speaks_of_is_no_citation() {
    let context = Context { titles: None, kind: Some("Nghị định") };
    assert!(found_in("Quyết định này được gửi cho đương sự.", &context).is_empty());
    assert_eq!(found_in("Nghị định này", &context).len(), 1);
}

#[test]
fn offsets_are_those_of_the_given_text_whatever_its_form() {
    let composed = "Điểm a khoản 2 Điều 5 Luật Hộ tịch";
    let decomposed: String =
        composed.replace('ể', "e\u{302}\u{309}").replace('ậ', "a\u{323}\u{302}");
    let found = find(&decomposed);
    assert_eq!(found.len(), 1);
    assert_eq!(&decomposed[found[0].start..found[0].end], decomposed);
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_fault(text: String) {
        check_spans(&text);
    }

    #[test]
    fn any_mixture_of_the_words_of_citations_is_read_without_a_fault(
        words in prop::collection::vec(prop::sample::select(vec![
            "Điều", "khoản", "điểm", "này", "5", "a", "đ", "và", ",", "đến", "các", "Luật", "số", "57/2020/QH14",
            "Hộ", "tịch", "của", "Mục", "II", "\n", "(", ")", "Phụ", "lục", "ngày", "1/2/2020", "e\u{302}", "từ",
            "Nghị", "định", "sửa", "đổi", "Phần", "thứ", "nhất", "-", "Bộ", "Hiến", "pháp", "năm", "2013", ";",
        ]), 0..60)
    ) {
        check_spans(&words.join(" "));
    }
}

fn check_spans(text: &str) {
    let mut end = 0;
    for citation in find(text) {
        assert!(citation.start >= end && citation.end > citation.start);
        assert!(text.get(citation.start..citation.end).is_some());
        assert!(citation.phrase.0 <= citation.start && citation.end <= citation.phrase.1);
        end = citation.end;
        let _ = resolve(&citation, &Here::default());
    }
}
