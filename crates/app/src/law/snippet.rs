//! The sentence of a provision that fits a question best.

use std::collections::HashSet;

use kernel::text::tokens;

/// Longest snippet, in characters.
const LONGEST: usize = 300;
/// Bytes of a provision that are looked at.
const LOOKED_AT: usize = 200_000;

/// The best sentence as plain text of at most 300 characters; the first one where none holds a word of the
/// question.
pub(super) fn best(text: &str, question: &str) -> String {
    let words = tokens(question);
    let wanted: HashSet<&str> = words.iter().map(String::as_str).collect();
    let pairs: HashSet<(&str, &str)> =
        words.iter().zip(words.iter().skip(1)).map(|(one, two)| (&**one, &**two)).collect();
    let looked_at = text.get(..text.floor_char_boundary(LOOKED_AT)).unwrap_or(text);
    let mut best: (usize, &str) = (0, "");
    for sentence in sentences(looked_at) {
        let own = tokens(sentence);
        let single: HashSet<&str> =
            own.iter().map(String::as_str).filter(|word| wanted.contains(word)).collect();
        let double: HashSet<(&str, &str)> = own
            .iter()
            .zip(own.iter().skip(1))
            .map(|(one, two)| (&**one, &**two))
            .filter(|pair| pairs.contains(pair))
            .collect();
        let score = single.len() + 2 * double.len();
        if score > best.0 || best.1.is_empty() {
            best = (score, sentence);
        }
    }
    cut(best.1, &wanted)
}

/// Sentences: a paragraph, or a part of it that ends with a full stop or semicolon before a blank.
pub(super) fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(in_line).map(str::trim).filter(|sentence| !sentence.is_empty())
}

fn in_line(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, mark) in line.match_indices(['.', ';']) {
        let end = at + mark.len();
        let before = line.get(start..at).unwrap_or_default();
        let after = line.get(end..).unwrap_or_default();
        // "1. Người …" and "a. …" are numbers, no sentences.
        let is_number = before.trim().chars().count() <= 3;
        if !is_number && after.starts_with(' ') {
            found.push(line.get(start..end).unwrap_or_default());
            start = end;
        }
    }
    found.push(line.get(start..).unwrap_or_default());
    found
}

/// A long sentence is cut around its first wanted word, at blanks.
fn cut(sentence: &str, wanted: &HashSet<&str>) -> String {
    let length = sentence.chars().count();
    if length <= LONGEST {
        return sentence.to_owned();
    }
    let words: Vec<&str> = sentence.split_whitespace().collect();
    let first = words
        .iter()
        .position(|word| tokens(word).iter().any(|token| wanted.contains(token.as_str())))
        .unwrap_or(0);
    let from = first.saturating_sub(8);
    let mut text = String::from(if from > 0 { "… " } else { "" });
    let mut count = text.chars().count();
    for word in words.iter().skip(from) {
        let longer = count + word.chars().count() + 1;
        if longer > LONGEST - 1 {
            text.truncate(text.trim_end().len());
            text.push('…');
            break;
        }
        text.push_str(word);
        text.push(' ');
        count = longer;
    }
    text.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_with_most_words_of_the_question_is_shown() {
        let text = "1. Chợ họp từ 05 giờ. Người bán hàng nộp phí chỗ ngồi; trẻ em không phải nộp.\n2. \
                    Ban quản lý chợ thu phí chỗ ngồi mỗi buổi.";
        let shown = "2. Ban quản lý chợ thu phí chỗ ngồi mỗi buổi.";
        assert_eq!(best(text, "ai thu phi cho ngoi"), shown, "without tones, too");
        assert_eq!(best(text, "con mèo"), "1. Chợ họp từ 05 giờ.", "none fits: the first");
        assert_eq!(best("", "con mèo"), "");
    }

    #[test]
    fn a_long_sentence_is_cut_to_three_hundred_characters_around_the_words() {
        let text =
            format!("{}thu phí chỗ ngồi {}", "người bán hàng ".repeat(60), "và ".repeat(300));
        let shown = best(&text, "thu phí");
        assert!(shown.chars().count() <= LONGEST, "{}", shown.chars().count());
        assert!(
            shown.contains("thu phí chỗ ngồi") && shown.starts_with('…') && shown.ends_with('…')
        );
        let one_word = "a".repeat(5_000);
        assert!(best(&one_word, "x").chars().count() <= LONGEST);
    }
}
