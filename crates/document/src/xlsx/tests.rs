use jiff::civil::date;
use proptest::prelude::*;

use super::*;

fn workbook() -> Workbook {
    let head = |text: &str| Cell::text(text, Look::head());
    let rows = vec![
        Row {
            cells: vec![Cell::text("DANH MỤC", Look { bold: true, size: 14, ..Look::default() })],
            height: Some(24.0),
        },
        Row::of(vec![head("STT"), head("Tên văn bản"), head("Ngày ban hành"), head("Mức thu")]),
        Row::of(vec![
            Cell::number(1.0, Look::table()),
            Cell::text("Quyết định \"A & B\" <số 1>", Look::table()),
            Cell::date(date(2026, 11, 5), Look::table()),
            Cell::number(1_234_567.5, Look { format: NumberFormat::Decimal, ..Look::table() }),
        ]),
        Row::default(),
        Row::of(vec![
            Cell::default(),
            Cell {
                value: Value::DateTime(date(2026, 2, 28).at(15, 30, 0, 0)),
                look: Look::table(),
            },
            Cell { value: Value::Boolean(true), look: Look::default() },
        ]),
    ];
    let sheet = Sheet {
        name: "Danh mục".to_owned(),
        columns: vec![6.0, 50.0, 15.0, 15.0],
        rows,
        merged: vec![Area { row: 0, column: 0, rows: 1, columns: 4 }],
        frozen_rows: 2,
        repeated_rows: Some((1, 1)),
        filter: Some(Area { row: 1, column: 0, rows: 2, columns: 4 }),
        ..Sheet::default()
    };
    Workbook { title: "Danh mục".to_owned(), sheets: vec![sheet] }
}

#[test]
fn what_is_written_is_read_again() {
    let sheets = read(&write(&workbook()).unwrap()).unwrap();
    assert_eq!(sheets[0].name, "Danh mục");
    let rows = &sheets[0].rows;
    assert_eq!(rows.len(), 5);
    assert_eq!(rows[1][1], Value::Text("Tên văn bản".to_owned()));
    assert_eq!(
        rows[2],
        [
            Value::Number(1.0),
            Value::Text("Quyết định \"A & B\" <số 1>".to_owned()),
            Value::Date(date(2026, 11, 5)),
            Value::Number(1_234_567.5),
        ]
    );
    assert!(rows[3].is_empty());
    assert_eq!(
        rows[4],
        [Value::Empty, Value::DateTime(date(2026, 2, 28).at(15, 30, 0, 0)), Value::Boolean(true),]
    );
}

#[test]
fn the_same_workbook_gives_the_same_bytes() {
    assert_eq!(write(&workbook()).unwrap(), write(&workbook()).unwrap());
}

#[test]
fn names_of_sheets_are_made_such_as_excel_accepts() {
    let sheet = |name: &str| Sheet { name: name.to_owned(), ..Sheet::default() };
    let long = "Danh mục văn bản quy phạm pháp luật hết hiệu lực";
    let sheets = vec![sheet("a/b"), sheet("A-B"), sheet(""), sheet(long), sheet(long)];
    let written = write(&Workbook { title: String::new(), sheets }).unwrap();
    let names: Vec<String> = read(&written).unwrap().into_iter().map(|s| s.name).collect();
    assert_eq!(names[..3], ["a-b", "A-B (2)", "Trang (3)"]);
    assert!(names.iter().all(|name| name.chars().count() <= 31));
    assert_ne!(names[3], names[4]);
    assert!(read(&write(&Workbook::default()).unwrap()).unwrap().len() == 1);
}

#[test]
fn days_are_numbers_as_excel_counts_them() {
    assert_eq!(number_of_day(date(1900, 3, 1)), Some(61));
    assert_eq!(number_of_day(date(2026, 11, 5)), Some(46_331));
    assert_eq!(number_of_day(date(1899, 1, 1)), None);
    assert_eq!(day_of_number(46_331.0, false), Some(Value::Date(date(2026, 11, 5))));
    assert_eq!(day_of_number(44_869.0, true), Some(Value::Date(date(2026, 11, 5))));
    assert_eq!(day_of_number(f64::MAX, false), None);
}

#[test]
fn columns_have_letters() {
    for (column, name) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")] {
        assert_eq!(column_name(column), name);
        assert_eq!(place_of(&format!("{name}7")), Some((column, 6)));
    }
    assert_eq!(place_of("7"), None);
    assert_eq!(place_of("A0"), None);
    assert_eq!(place_of("ZZZZZZZZZZ1"), None);
}

#[test]
fn values_are_shown_as_a_vietnamese_reader_writes_them() {
    assert_eq!(Value::Number(12.5).display(), "12,5");
    assert_eq!(Value::Date(date(2026, 1, 5)).display(), "05/01/2026");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_mutated_workbook_never_panics(at in 0_usize..4_000, byte: u8, cut in 0_usize..4_000) {
        let mut bytes = write(&workbook()).unwrap();
        let length = bytes.len();
        bytes[at % length] = byte;
        let _ = read(&bytes);
        bytes.truncate(cut.min(length));
        let _ = read(&bytes);
    }

    #[test]
    fn any_text_survives(text in "[^\u{0}-\u{1F}\u{FFFE}\u{FFFF}]{1,40}") {
        let row = Row::of(vec![Cell::text(text.clone(), Look::default())]);
        let sheet = Sheet { name: text.clone(), rows: vec![row], ..Sheet::default() };
        let bytes = write(&Workbook { title: text.clone(), sheets: vec![sheet] }).unwrap();
        prop_assert_eq!(read(&bytes).unwrap()[0].rows[0][0].clone(), Value::Text(text));
    }
}
