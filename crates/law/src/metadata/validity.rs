//! From when to when, as the closing article says.

use jiff::ToSpan;
use jiff::civil::Date;

use super::date;
use crate::model::{Block, Doubt, Unit, UnitKind};

/// What the text says about its own time.
#[derive(Debug, Default)]
pub(super) struct Validity {
    pub effective_on: Option<Date>,
    pub expires_on: Option<Date>,
    pub doubts: Vec<Doubt>,
}

/// Reads the articles on effect, and the closing. `issued_on` is needed where effect counts from signing.
pub(super) fn read(units: &[Unit], closing: &[String], issued_on: Option<Date>) -> Validity {
    let mut validity = Validity::default();
    let mut sentences = Vec::new();
    collect(units, &mut sentences);
    sentences.extend(closing.iter().map(String::as_str));
    let mut others = false;
    for sentence in sentences.iter().filter(|text| text.contains("hiệu lực")) {
        let Some(subject) = own_subject(sentence) else {
            others |= is_about_a_part(sentence);
            continue;
        };
        if validity.effective_on.is_none() && !subject.starts_with("hết hiệu lực") {
            begin(subject, issued_on, &mut validity);
        }
        if validity.expires_on.is_none() {
            validity.expires_on = end(subject);
        }
        others |= subject.contains("trừ ") && subject.contains("quy định tại");
    }
    if others && validity.effective_on.is_some() {
        validity.doubts.push(doubt(
            "effective-differs",
            "Một số quy định có ngày hiệu lực riêng; đề nghị kiểm tra từng điều, khoản.",
        ));
    }
    validity
}

/// Paragraphs of all articles, without those quoted from other documents.
fn collect<'a>(units: &'a [Unit], sentences: &mut Vec<&'a str>) {
    for unit in units {
        if unit.kind == UnitKind::Article && unit.heading.contains("bãi bỏ") {
            continue;
        }
        let mut is_quoted = false;
        for block in unit.blocks.iter().chain(&unit.tail) {
            if let Block::Text(text) = block {
                is_quoted |= text.starts_with(['“', '"']);
                if !is_quoted {
                    sentences.push(text);
                }
                is_quoted &= !text.trim_end_matches(['.', ';', ',']).ends_with(['”', '"']);
            }
        }
        collect(&unit.children, sentences);
    }
}

/// What follows "Nghị định này", where the sentence is about the document itself.
fn own_subject(sentence: &str) -> Option<&str> {
    let at = sentence.find(" này ")?;
    let before = sentence.get(..at)?;
    let words = before.split_whitespace().count();
    let is_document = DOCUMENTS.iter().any(|document| before.ends_with(document));
    let is_start = words <= 4 || before.contains("hiệu lực") && words <= 8;
    if !is_document || !is_start || before.contains("Điều") || before.contains("hoản") {
        return None;
    }
    let subject = sentence.get(at + " này ".len()..)?;
    let start: Vec<&str> = subject.split_whitespace().take(6).collect();
    start.join(" ").contains("hiệu lực").then_some(subject)
}

const DOCUMENTS: &[&str] = &[
    "uật",
    "Nghị định",
    "Nghị quyết",
    "Thông tư",
    "Thông tư liên tịch",
    "Quyết định",
    "Pháp lệnh",
    "Chỉ thị",
    "Quy chế",
    "Quy định",
    "Văn bản",
    "Hiến pháp",
    "Lệnh",
];

fn is_about_a_part(sentence: &str) -> bool {
    let start: String = sentence.chars().take(60).collect();
    (start.contains("Điều ") || start.contains("hoản ") || start.contains("iểm "))
        && sentence.contains("có hiệu lực")
        && sentence.contains(" này ")
        && date::first(sentence).is_some()
}

fn begin(subject: &str, issued_on: Option<Date>, validity: &mut Validity) {
    let Some(at) = subject.find("hiệu lực") else { return };
    let rest = subject.get(at + "hiệu lực".len()..).unwrap_or("");
    let rest = rest.trim_start().trim_start_matches("thi hành").trim_start();
    let rest = rest.trim_start_matches("kể").trim_start().trim_start_matches("từ").trim_start();
    if let Some(found) = date::at_start(rest) {
        validity.effective_on = Some(found.date);
        return;
    }
    let is_from_signing = ["ngày ký", "ngày ban hành", "ngày được thông qua", "ngày thông qua"]
        .iter()
        .any(|start| rest.starts_with(start));
    if is_from_signing {
        validity.effective_on = issued_on;
        if issued_on.is_none() {
            validity.doubts.push(doubt("effective-unknown", NO_DAY));
        }
        return;
    }
    if let Some(days) = days_after(rest) {
        let is_signing = rest.contains("ngày ký")
            || rest.contains("ngày ban hành")
            || rest.contains("thông qua");
        let counted = issued_on.filter(|_| is_signing && !rest.contains("làm việc"));
        validity.effective_on = counted.and_then(|day| day.checked_add(days.days()).ok());
        validity.doubts.push(match validity.effective_on {
            Some(_) => doubt(
                "effective-counted",
                "Ngày có hiệu lực được tính từ ngày ký; đề nghị kiểm tra lại cách tính.",
            ),
            None => doubt("effective-unknown", NO_DAY),
        });
        return;
    }
    if let Some(found) = date::first(rest) {
        validity.effective_on = Some(found.date);
        validity.doubts.push(doubt(
            "effective-guessed",
            "Ngày có hiệu lực được suy từ câu chữ; đề nghị đối chiếu với điều khoản thi hành.",
        ));
    }
}

const NO_DAY: &str =
    "Văn bản nêu cách tính ngày có hiệu lực nhưng thiếu ngày làm mốc; đề nghị nhập ngày.";

/// "sau 45 ngày kể từ ngày ký", "sau mười lăm ngày": the number in figures.
fn days_after(text: &str) -> Option<i32> {
    let rest = text.strip_prefix("sau")?.trim_start();
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let days: i32 = rest.get(..digits)?.parse().ok()?;
    let rest = rest.get(digits..)?.trim_start();
    let rest = match rest.strip_prefix('(') {
        Some(words) => words.split_once(')')?.1.trim_start(),
        None => rest,
    };
    (rest.starts_with("ngày") && days < 400).then_some(days)
}

/// "… đến hết ngày 31 tháng 12 năm 2027", "hết hiệu lực từ ngày 01 tháng 01 năm 2028".
fn end(subject: &str) -> Option<Date> {
    if let Some(at) = subject.find("đến hết ngày") {
        let rest = subject.get(at + "đến hết ".len()..)?;
        return date::at_start(rest)?.date.tomorrow().ok();
    }
    let at = subject.find("hết hiệu lực")?;
    if at > 12 {
        return None;
    }
    date::first(subject.get(at..)?).map(|found| found.date)
}

fn doubt(code: &str, message: &str) -> Doubt {
    Doubt { code: code.to_owned(), place: "effective_on".to_owned(), message: message.to_owned() }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn validity_of(text: &str) -> Validity {
        read(&[], &[text.to_owned()], Some(date(2026, 6, 5)))
    }

    #[test]
    fn the_first_day_of_effect_is_read_or_counted() {
        for (text, day) in [
            ("Nghị định này có hiệu lực thi hành từ ngày 01 tháng 7 năm 2026.", date(2026, 7, 1)),
            ("Luật này có hiệu lực từ ngày 01/7/2026.", date(2026, 7, 1)),
            ("Quyết định này có hiệu lực kể từ ngày ký ban hành.", date(2026, 6, 5)),
            ("Quyết định này có hiệu lực thi hành sau 10 ngày kể từ ngày ký.", date(2026, 6, 15)),
        ] {
            assert_eq!(validity_of(text).effective_on, Some(day), "{text}");
        }
        let other = "Nghị định số 15/2020/NĐ-CP hết hiệu lực kể từ ngày Nghị định này có hiệu lực.";
        assert_eq!(validity_of(other).effective_on, None);
    }

    #[test]
    fn the_last_day_is_the_day_before_the_first_without_effect() {
        let text = "Nghị quyết này có hiệu lực từ ngày 01/7/2026 đến hết ngày 31/12/2027.";
        assert_eq!(validity_of(text).expires_on, Some(date(2028, 1, 1)));
    }

    #[test]
    fn different_days_for_different_provisions_are_a_doubt() {
        let closing = [
            "Luật này có hiệu lực từ ngày 01/7/2026, trừ trường hợp quy định tại khoản 2 Điều này."
                .to_owned(),
            "Điều 5 của Luật này có hiệu lực từ ngày 01/01/2027.".to_owned(),
        ];
        let validity = read(&[], &closing, None);
        assert_eq!(validity.effective_on, Some(date(2026, 7, 1)));
        assert!(validity.doubts.iter().any(|doubt| doubt.code == "effective-differs"));
    }
}
