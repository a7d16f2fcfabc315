//! What expressions mean: one line, one rule.

use std::collections::BTreeMap;

use super::*;

/// A population of names for the tests below.
pub(super) struct Sample;

fn date(text: &str) -> Value {
    Value::Date(text.parse().unwrap())
}

pub(super) fn partial(text: &str) -> Value {
    Value::PartialDate(text.parse().unwrap())
}

fn record(parts: &[(&str, Value)]) -> Value {
    Value::Record(parts.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect())
}

fn sample(name: &str) -> Value {
    match name {
        "filed_on" => date("2026-11-22"),
        "born" => date("2026-09-01"),
        "born_in_year" => partial("2026"),
        "born_in_month" => partial("2026-09"),
        "mother" => record(&[
            ("name", "Trần Thị Mẫu".into()),
            ("birth_date", partial("1998-02-28")),
            ("sex", "female".into()),
        ]),
        "father" => record(&[("name", Value::Absent), ("birth_date", partial("1995"))]),
        "home" => record(&[("province", "82".into()), ("commune", "28270".into())]),
        "kind" => "late".into(),
        "copies" => Value::Int(3),
        "twin" => Value::Bool(true),
        "single" => Value::Bool(false),
        "papers" => Value::List(vec!["a".into(), "b".into()]),
        "no_papers" => Value::List(Vec::new()),
        "witnesses" => Value::List(vec![
            record(&[("name", "An".into()), ("age", Value::Int(30)), ("kind", "late".into())]),
            record(&[("name", "Bình".into()), ("age", Value::Int(17))]),
        ]),
        "children" => {
            Value::List(vec![record(&[("name", "An".into())]), record(&[("name", Value::Absent)])])
        }
        _ => Value::Absent,
    }
}

impl Lookup for Sample {
    fn value(&self, path: &Path) -> Value {
        let root = sample(path.root());
        path.rest().iter().fold(&root, |value, name| value.part(name)).clone()
    }

    fn label(&self, path: &Path, code: &str) -> Option<String> {
        (code == "late").then(|| format!("Quá hạn [{path}]"))
    }

    fn address_text(&self, address: &BTreeMap<String, Value>) -> Option<String> {
        Some(format!("xã {}", address.get("commune")?.as_text()?))
    }
}

pub(super) fn scope() -> Scope {
    let kind = || {
        let codes = ["on-time", "late"].map(str::to_owned).to_vec();
        Type::Choice(Choices { list: String::new(), codes }.into())
    };
    let person = || {
        Type::record([("name", Type::Text), ("birth_date", Type::PartialDate), ("sex", Type::Text)])
    };
    let row = || Type::record([("name", Type::Text), ("age", Type::Int), ("kind", kind())]);
    Scope::new()
        .with("filed_on", Type::Date)
        .with("born", Type::Date)
        .with("unborn", Type::Date)
        .with("born_in_year", Type::PartialDate)
        .with("born_in_month", Type::PartialDate)
        .with("mother", person())
        .with("father", person())
        .with("home", Type::address())
        .with("kind", kind())
        .with("absent_kind", kind())
        .with("copies", Type::Int)
        .with("nothing", Type::Int)
        .with("no_text", Type::Text)
        .with("twin", Type::Bool)
        .with("single", Type::Bool)
        .with("unanswered", Type::Bool)
        .with("papers", Type::list(Type::Text))
        .with("no_papers", Type::list(Type::Text))
        .with("witnesses", Type::list(row()))
        .with("no_rows", Type::list(row()))
        .with("children", Type::list(row()))
}

/// `expect` is the value's JSON, a fault (`!` and a piece of its message), or a type (`: chữ`).
/// What gives a value must also pass the type checker.
fn check_line(source: &str, expect: &str) {
    let typed = parse(source).and_then(|expression| {
        let kind = check(&expression, &scope())?;
        Ok((expression, kind))
    });
    match (typed, expect.strip_prefix('!'), expect.strip_prefix(": ")) {
        (Err(errors), Some(piece), _) => {
            let all: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
            assert!(all.iter().any(|message| message.contains(piece)), "{source}: {all:?}");
        }
        (Ok((_, kind)), None, Some(name)) => assert_eq!(kind.to_string(), name, "{source}"),
        (Ok((expression, _)), None, None) => {
            assert_eq!(eval(&expression, &Sample).to_json().to_string(), expect, "{source}");
        }
        (typed, _, _) => panic!("{source}: expected {expect}, got {typed:?}"),
    }
}

#[test]
fn literals_are_what_they_say() {
    check_line("true", "true");
    check_line("false", "false");
    check_line("42", "42");
    check_line("-42", "-42");
    check_line("'một'", "\"một\"");
    check_line("\"hai \\\"ba\\\"\\n\"", "\"hai \\\"ba\\\"\\n\"");
    check_line("[1, 2, 3]", "[1,2,3]");
    check_line("[]", "[]");
    check_line("date(\"2026-01-31\")", "\"2026-01-31\"");
}

#[test]
fn arithmetic_follows_the_usual_precedence() {
    check_line("1 + 2 * 3", "7");
    check_line("(1 + 2) * 3", "9");
    check_line("10 - 3 - 2", "5");
    check_line("7 / 2", "3");
    check_line("7 % 3", "1");
    check_line("-copies + 1", "-2");
    check_line("8000 * copies", "24000");
    check_line("1 + 2 == 3 && !false || false", "true");
}

#[test]
fn arithmetic_that_cannot_be_done_is_absent() {
    check_line("1 / 0", "null");
    check_line("1 % 0", "null");
    check_line("9223372036854775807 + 1", "null");
    check_line("9223372036854775807 * 2", "null");
    check_line("-9223372036854775807 - 2", "null");
    check_line("nothing + 1", "null");
    check_line("-nothing", "null");
    check_line("'a' + no_text", "null");
}

#[test]
fn plus_joins_texts() {
    check_line("'a' + 'b'", "\"ab\"");
    check_line("'Số ' + text(copies)", "\"Số 3\"");
    check_line("'a' + 1", "!dùng text(x)");
}

#[test]
fn comparisons_with_absent_are_false() {
    check_line("nothing == 1", "false");
    check_line("nothing != 1", "false");
    check_line("nothing < 1", "false");
    check_line("nothing >= 1", "false");
    check_line("absent_kind in ['late']", "false");
    check_line("!(nothing == 1)", "true");
    check_line("unborn <= filed_on", "false");
}

#[test]
fn an_unanswered_yes_or_no_counts_as_no() {
    check_line("!unanswered", "true");
    check_line("unanswered && twin", "false");
    check_line("unanswered || twin", "true");
    check_line("unanswered ? 1 : 2", "2");
    check_line("unanswered == false", "false");
}

#[test]
fn conditions_choose() {
    check_line("twin ? 'đôi' : 'một'", "\"đôi\"");
    check_line("single ? 1 : twin ? 2 : 3", "2");
    check_line("(twin ? mother : father).name", "\"Trần Thị Mẫu\"");
    check_line("twin ? 1 : 'a'", "!Hai nhánh khác kiểu");
    check_line("copies ? 1 : 2", "!phải là điều kiện");
}

#[test]
fn membership_looks_in_lists() {
    check_line("kind in ['late', 'on-time']", "true");
    check_line("copies in [1, 2]", "false");
    check_line("'a' in papers", "true");
    check_line("'c' in papers", "false");
    check_line("kind in ['late', 'lte']", "!Có phải ý là “late”");
    check_line("copies in ['a']", "!phải là danh sách");
    check_line("copies in copies", "!phải là danh sách");
}

#[test]
fn dates_compare_by_day() {
    check_line("born < filed_on", "true");
    check_line("born == date('2026-09-01')", "true");
    check_line("born > date('2026-09-01')", "false");
    check_line("born < copies", "!chỉ so hai số hoặc hai ngày");
    check_line("'a' < 'b'", "!chỉ so hai số hoặc hai ngày");
}

#[test]
fn partial_dates_compare_only_when_certain() {
    check_line("born_in_year < date('2027-01-01')", "true");
    check_line("born_in_year >= date('2027-01-01')", "false");
    check_line("born_in_year <= filed_on", "false");
    check_line("born_in_year > filed_on", "false");
    check_line("born_in_month <= filed_on", "true");
    check_line("born_in_month == born_in_month", "true");
    check_line("born_in_month == born_in_year", "false");
    check_line("born_in_month != born_in_year", "false");
    check_line("born_in_month != date('2026-10-01')", "true");
}

#[test]
fn years_between_gives_the_fewest_full_years() {
    check_line("years_between(date('2006-11-22'), filed_on)", "20");
    check_line("years_between(date('2006-11-23'), filed_on)", "19");
    check_line("years_between(mother.birth_date, filed_on)", "28");
    check_line("years_between(father.birth_date, filed_on)", "30");
    check_line("years_between(date('2024-02-29'), date('2025-02-28'))", "0");
    check_line("years_between(date('2024-02-29'), date('2025-03-01'))", "1");
    check_line("years_between(filed_on, born)", "-1");
    check_line("years_between(unborn, filed_on)", "null");
}

#[test]
fn days_between_counts_from_the_latest_to_the_earliest_day() {
    check_line("days_between(born, filed_on)", "82");
    check_line("days_between(born, filed_on) > 60", "true");
    check_line("days_between(born_in_month, filed_on)", "53");
    check_line("days_between(born_in_year, filed_on)", "-39");
    check_line("days_between(filed_on, filed_on)", "0");
    check_line("days_between(born, copies)", "!cần hai ngày");
    check_line("days_between(born)", "!cần hai ngày");
}

#[test]
fn functions_do_what_they_are_named_for() {
    check_line("has(copies)", "true");
    check_line("has(nothing)", "false");
    check_line("has(no_papers)", "false");
    check_line("has(mother)", "true");
    check_line("has(father.name)", "false");
    check_line("size(papers)", "2");
    check_line("size(no_papers)", "0");
    check_line("size(no_text)", "0");
    check_line("size('Mẫu')", "3");
    check_line("year(born)", "2026");
    check_line("year(born_in_year)", "2026");
    check_line("lower('ĐĂNG KÝ')", "\"đăng ký\"");
    check_line("fold('Đăng  KÝ')", "\"dang ky\"");
    check_line("text(born)", "\"01/09/2026\"");
    check_line("text(born_in_month)", "\"09/2026\"");
    check_line("text(twin)", "\"có\"");
    check_line("text(nothing)", "null");
    check_line("text(papers)", "!cần chữ, số, ngày");
    check_line("join(papers, ', ')", "\"a, b\"");
    check_line("label(kind)", "\"Quá hạn [kind]\"");
    check_line("label(absent_kind)", "null");
    check_line("label(mother.name)", "!cần một trường lựa chọn");
    check_line("label('late')", "!cần đúng một tên trường");
    check_line("address_text(home)", "\"xã 28270\"");
    check_line("address_text(mother)", "!cần một địa chỉ");
    check_line("min(3, 1, 2)", "1");
    check_line("max(born, filed_on)", "\"2026-11-22\"");
    check_line("max([1, 5, 2])", "5");
    check_line("max(1, nothing)", "null");
    check_line("min(1)", "!từ hai số trở lên");
    check_line("min(1, born)", "!từ hai số trở lên");
}

#[test]
fn list_macros_look_at_every_row() {
    check_line("witnesses.exists(w, w.age < 18)", "true");
    check_line("witnesses.all(w, w.age >= 18)", "false");
    check_line("witnesses.all(w, has(w.name))", "true");
    check_line("no_rows.exists(w, true)", "false");
    check_line("no_rows.all(w, false)", "true");
    check_line("children.all(c, witnesses.exists(w, w.name == c.name))", "false");
    check_line("children.exists(c, witnesses.exists(w, w.name == c.name))", "true");
    check_line("witnesses.exists(w, label(w.kind) == 'Quá hạn [witnesses.kind]')", "true");
    check_line("papers.exists(p, p == 'b')", "true");
    check_line("witnesses.exist(w, true)", "!Có phải ý là “exists”");
    check_line("witnesses.exists(w, w.age)", "!phải là điều kiện");
    check_line("copies.exists(c, true)", "!cần danh sách");
    check_line("papers.all(a, papers.all(b, papers.all(c, true)))", "!lồng nhau tối đa 2");
    check_line("papers.all(a, papers.all(a, true))", "!chọn tên khác");
    check_line("papers.all(a, true) && papers.all(a, true)", "true");
}

#[test]
fn types_are_told_apart() {
    check_line("kind", ": lựa chọn");
    check_line("twin ? kind : 'x'", ": chữ");
    check_line("twin ? born : born_in_year", ": ngày, tháng hoặc năm");
    check_line("[kind]", ": danh sách (lựa chọn)");
    check_line("mother", ": nhóm thông tin");
    check_line("1 && true", "!phải là điều kiện");
    check_line("!1", "!cần điều kiện");
    check_line("-'a'", "!cần số nguyên");
    check_line("copies == 'a'", "!Không so sánh được");
    check_line("mother == father", "!Không so sánh được");
    check_line("papers == papers", "!Không so sánh được");
    check_line("[1, 'a']", "!phải cùng một kiểu");
    check_line("1 < 2 < 3", "!chỉ so hai số");
}

#[test]
fn unknown_names_are_reported_with_the_nearest_known() {
    check_line("mothr.name", "!Có phải ý là “mother”");
    check_line("mother.nme", "!Có phải ý là “name”");
    check_line("mother.phone", "!Không có phần “phone”");
    check_line("kind.code", "!không có phần nào bên trong");
    check_line("kind == 'lat'", "!Có phải ý là “late”");
    check_line("'lat' == kind", "!Có phải ý là “late”");
    check_line("sise(papers)", "!Có phải ý là “size”");
    check_line("has(nothng)", "!Có phải ý là “nothing”");
    check_line("no_text == ''", "!viết has(x)");
}

#[test]
fn faults_of_syntax_are_named() {
    check_line("", "!đang trống");
    check_line("   ", "!đang trống");
    check_line("1 +", "!dừng giữa chừng");
    check_line("(1", "!Thiếu dấu “)”");
    check_line("[1, 2", "!Thiếu dấu phẩy hoặc dấu “]”");
    check_line("1 2", "!Thừa từ chỗ này");
    check_line("a = 1", "!Dùng ==");
    check_line("1.5", "!không dùng số thập phân");
    check_line("12abc", "!không phải số nguyên");
    check_line("99999999999999999999", "!không phải số nguyên");
    check_line("'abc", "!chưa có dấu đóng");
    check_line("“abc”", "!dấu nháy thẳng");
    check_line("a & b", "!Viết &&");
    check_line("tuổi", "!không dấu");
    check_line("mother.", "!Sau dấu chấm");
    check_line("date('2026-02-30')", "!không phải ngày");
    check_line("date(born)", "!Viết ngày như");
    check_line("true ? 1", "!Thiếu “:”");
    check_line("in [1]", "!Thiếu giá trị trước");
    check_line("'\\q'", "!Sau dấu \\");
}

#[test]
fn offsets_point_at_the_fault() {
    let offset = |source: &str| {
        let errors = parse(source).and_then(|e| check(&e, &scope())).unwrap_err();
        errors.first().unwrap().offset
    };
    assert_eq!(offset("has(copies) && mothr.name == 'a'"), 15);
    assert_eq!(offset("copies == 1 &&"), 14);
    assert_eq!(offset("kind == 'lat'"), 8);
    assert_eq!(offset("copies + twin"), 7);
}

#[test]
fn all_type_errors_of_an_expression_are_reported_together() {
    let errors = check(&parse("nme == 1 && copies == 'a' && kind == 'x'").unwrap(), &scope());
    assert_eq!(errors.unwrap_err().len(), 3);
}

#[test]
fn an_expression_has_a_greatest_length_and_depth() {
    check_line(&"1 + ".repeat(1_500), "!tối đa 4000");
    check_line(&format!("{}1{}", "(".repeat(60), ")".repeat(60)), "1");
    check_line(&format!("{}1{}", "(".repeat(70), ")".repeat(70)), "!quá 64 tầng");
    check_line(&format!("{}true", "!".repeat(70)), "!quá 64 tầng");
    check_line(&format!("{}1", "1 + ".repeat(100)), "!quá 64 tầng");
    check_line(&format!("{}1", "1 + ".repeat(50)), "51");
    check_line(&format!("home{}", ".a".repeat(1_000)), "!Không có phần");
}

#[test]
fn a_rule_is_broken_only_by_what_is_certain() {
    let rule = |source: &str| holds(&parse(source).unwrap(), &Sample);
    assert!(rule("born <= filed_on"));
    assert!(!rule("born > filed_on"));
    // Absent answers leave it open.
    assert!(rule("nothing == 1"));
    assert!(rule("nothing != 1"));
    assert!(rule("!(nothing == 1)"));
    assert!(rule("unborn <= filed_on && nothing > 3"));
    assert!(rule("unanswered"));
    assert!(rule("nothing > 3 ? false : false"));
    assert!(rule("no_rows.exists(w, w.age > 1)"));
    // What is false whatever the absent turns out to be is broken.
    assert!(!rule("nothing == 1 && single"));
    assert!(!rule("has(nothing) || has(unborn)"));
    assert!(!rule("single"));
    assert!(!rule("!twin"));
    // A partial date that leaves it open does not break it.
    assert!(rule("born_in_year <= filed_on"));
    assert!(!rule("born_in_year > date('2027-01-01')"));
    assert!(rule("witnesses.all(w, w.kind == 'late')"));
    assert!(!rule("witnesses.all(w, w.age > 18)"));
}

#[test]
fn references_are_the_paths_read() {
    let paths = |source: &str| {
        let found = references(&parse(source).unwrap());
        found.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(paths("mother.name == father.name && has(kind)"), "father.name kind mother.name");
    assert_eq!(paths("witnesses.exists(w, w.age > copies)"), "copies witnesses");
    assert_eq!(paths("label(kind) + 'a'"), "kind");
    assert_eq!(paths("1 + 2"), "");
}

#[test]
fn an_expression_is_kept_as_its_source() {
    let expression = parse("copies > 1").unwrap();
    let json = serde_json::to_string(&expression).unwrap();
    assert_eq!(json, "\"copies > 1\"");
    assert_eq!(serde_json::from_str::<Expression>(&json).unwrap(), expression);
    assert!(serde_json::from_str::<Expression>("\"1 +\"").is_err());
    assert_eq!(Expression::text_literal("a\"b\\").source(), "\"a\\\"b\\\\\"");
    assert_eq!(parse("\"a\\\"b\\\\\"").unwrap().as_text_literal(), Some("a\"b\\"));
}
