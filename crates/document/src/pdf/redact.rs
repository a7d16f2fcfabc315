//! Keeping the data out of error messages: Typst quotes values, and the data of a paper are personal.

use std::collections::HashSet;

use serde_json::Value;

/// What stands for something hidden.
const HIDDEN: &str = "…";

/// Knows the words of one paper's data.
pub(super) struct Redactor<F> {
    /// Lower-case words of all texts and numbers in the data.
    words: HashSet<String>,
    /// Does a template say this itself?
    is_said: F,
}

impl<F: Fn(&str) -> bool> Redactor<F> {
    pub fn new(data: &Value, is_said: F) -> Redactor<F> {
        let mut words = HashSet::new();
        collect(data, &mut words);
        Redactor { words, is_said }
    }

    /// The message without quotations that no template says itself, without words of the data, and
    /// without long numbers.
    pub fn redact(&self, message: &str) -> String {
        let mut out = String::new();
        let mut rest = message;
        while let Some((before, quote, inside, after)) = next_quotation(rest) {
            self.push_words(&mut out, before);
            let shown = if (self.is_said)(inside) { inside } else { HIDDEN };
            out.push(quote);
            out.push_str(shown);
            out.push(quote);
            rest = after;
        }
        self.push_words(&mut out, rest);
        out
    }

    fn push_words(&self, out: &mut String, text: &str) {
        for word in text.split_inclusive(|letter: char| !letter.is_alphanumeric()) {
            let bare = word.trim_end_matches(|letter: char| !letter.is_alphanumeric());
            let digits = bare.chars().filter(char::is_ascii_digit).count();
            let is_code_point = out.ends_with("U+");
            if self.words.contains(&bare.to_lowercase()) || (digits > 4 && !is_code_point) {
                out.push_str(HIDDEN);
                out.push_str(word.get(bare.len()..).unwrap_or_default());
            } else {
                out.push_str(word);
            }
        }
    }
}

/// Text before the next quotation, its mark, what it holds, what follows.
fn next_quotation(text: &str) -> Option<(&str, char, &str, &str)> {
    let (start, quote) = text.char_indices().find(|(_, letter)| matches!(letter, '"' | '`'))?;
    let (before, from) = (text.get(..start)?, text.get(start + 1..)?);
    // A quotation that does not end is hidden to the end of the message. Quotation marks within
    // one are escaped by Typst.
    let mut escaped = false;
    let end = from.find(|letter| {
        let ends = letter == quote && !escaped;
        escaped = letter == '\\' && !escaped;
        ends
    });
    let end = end.unwrap_or(from.len());
    Some((before, quote, from.get(..end)?, from.get(end + 1..).unwrap_or_default()))
}

fn collect(data: &Value, words: &mut HashSet<String>) {
    match data {
        Value::Array(values) => values.iter().for_each(|value| collect(value, words)),
        Value::Object(fields) => fields.values().for_each(|value| collect(value, words)),
        Value::String(text) => {
            let found = text.split(|letter: char| !letter.is_alphanumeric());
            words.extend(found.filter(|word| word.chars().count() > 1).map(str::to_lowercase));
        }
        Value::Number(number) => {
            words.insert(number.to_string());
        }
        Value::Null | Value::Bool(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn redact(message: &str) -> String {
        let data = json!({ "name": "Đỗ Thị Bưởi", "of": [{ "number": "087196000001" }], "n": 17 });
        Redactor::new(&data, |text| "#data.child_name".contains(text)).redact(message)
    }

    #[test]
    fn quotations_stay_only_where_a_template_says_the_same() {
        let message = "dictionary does not contain key \"child_name\"";
        assert_eq!(redact(message), message);
        assert_eq!(redact("panicked with: \"họ \\\"Lê\\\" sai\" x"), "panicked with: \"…\" x");
        assert_eq!(redact("label `<secret>` is missing"), "label `…` is missing");
        assert_eq!(redact("open \"without end"), "open \"…\"");
    }

    #[test]
    fn words_of_the_data_are_hidden_in_every_case_of_letters() {
        assert_eq!(redact("assertion failed: ĐỖ thị BƯỞI"), "assertion failed: … … …");
        assert_eq!(redact("bad number 17, not 18"), "bad number …, not 18");
    }

    #[test]
    fn long_numbers_are_hidden_whoever_said_them() {
        assert_eq!(redact("087196000001/2026"), "…/2026");
        assert_eq!(redact("no U+20BB7 here"), "no U+20BB7 here");
    }
}
