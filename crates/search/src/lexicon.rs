//! Words that people say and words that the law uses: abbreviations and everyday speech.

use std::collections::HashMap;

use serde::Deserialize;

use crate::analyser::syllables;

/// A short form: "BHYT".
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Abbreviation {
    /// The short form.
    pub short: String,
    /// What it may stand for, the most frequent first.
    pub full: Vec<String>,
    /// Does it stand for one thing only?
    pub sure: bool,
}

/// What people say, and what the law says for it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Everyday words.
    pub said: Vec<String>,
    /// Words of the law.
    pub law: Vec<String>,
    /// Does the law's word also lead to the everyday one?
    #[serde(default)]
    pub both_ways: bool,
    /// How much the added words count against those typed, 0 to 1.
    pub weight: f32,
}

/// Words in place of a phrase.
#[derive(Clone, Debug)]
struct Added {
    phrase: Vec<String>,
    words: Vec<Vec<String>>,
    weight: f32,
    replaces: bool,
}

/// Phrases by their first word.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    by_first: HashMap<String, Vec<Added>>,
}

/// A question's words with what the lexicon adds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expanded {
    /// The question's own words, sure abbreviations written out.
    pub words: Vec<String>,
    /// What is added: words and their weight.
    pub added: Vec<(Vec<String>, f32)>,
}

impl Lexicon {
    /// A lexicon of these.
    #[must_use]
    pub fn new(abbreviations: &[Abbreviation], groups: &[Group]) -> Self {
        let mut lexicon = Self::default();
        for short in abbreviations {
            let full: Vec<Vec<String>> = short.full.iter().map(|full| syllables(full)).collect();
            lexicon.add(&short.short, full, if short.sure { 1.0 } else { 0.6 }, short.sure);
        }
        for group in groups {
            let words =
                |texts: &[String]| texts.iter().map(|text| syllables(text)).collect::<Vec<_>>();
            for said in &group.said {
                lexicon.add(said, words(&group.law), group.weight, false);
            }
            for law in group.law.iter().filter(|_| group.both_ways) {
                lexicon.add(law, words(&group.said), group.weight * 0.5, false);
            }
        }
        // The longest phrase first: "bằng lái xe" before "bằng lái".
        for phrases in lexicon.by_first.values_mut() {
            phrases.sort_by_key(|added| std::cmp::Reverse(added.phrase.len()));
        }
        lexicon
    }

    fn add(&mut self, phrase: &str, words: Vec<Vec<String>>, weight: f32, replaces: bool) {
        let phrase = syllables(phrase);
        let Some(first) = phrase.first().cloned() else { return };
        self.by_first.entry(first).or_default().push(Added { phrase, words, weight, replaces });
    }

    /// The words of a question with what this adds.
    #[must_use]
    pub fn expand(&self, text: &str) -> Expanded {
        let words = syllables(text);
        let mut expanded = Expanded::default();
        let mut at = 0;
        while let Some(word) = words.get(at) {
            let here = words.get(at..).unwrap_or_default();
            let found = self
                .by_first
                .get(word)
                .and_then(|known| known.iter().find(|added| here.starts_with(&added.phrase)));
            let Some(found) = found else {
                expanded.words.push(word.clone());
                at += 1;
                continue;
            };
            match found.words.first().filter(|_| found.replaces) {
                Some(full) => expanded.words.extend(full.iter().cloned()),
                None => expanded.words.extend(found.phrase.iter().cloned()),
            }
            let rest = found.words.iter().skip(usize::from(found.replaces)).take(3);
            expanded.added.extend(rest.map(|words| (words.clone(), found.weight)));
            if found.replaces {
                expanded.added.push((found.phrase.clone(), 0.3));
            }
            at += found.phrase.len();
        }
        expanded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lexicon() -> Lexicon {
        let short = Abbreviation {
            short: "BHYT".to_owned(),
            full: vec!["bảo hiểm y tế".to_owned()],
            sure: true,
        };
        let group = Group {
            said: vec!["sổ đỏ".to_owned()],
            law: vec!["giấy chứng nhận quyền sử dụng đất".to_owned()],
            both_ways: false,
            weight: 0.9,
        };
        Lexicon::new(&[short], &[group])
    }

    #[test]
    fn a_sure_abbreviation_is_written_out_where_it_stands() {
        let expanded = lexicon().expand("thẻ BHYT của tôi");
        assert_eq!(expanded.words.join(" "), "thẻ bảo hiểm y tế của tôi");
        assert_eq!(expanded.added, [(vec!["bhyt".to_owned()], 0.3)]);
    }

    #[test]
    fn everyday_words_bring_the_words_of_the_law_along() {
        let expanded = lexicon().expand("làm sổ đỏ ở đâu");
        assert_eq!(expanded.words.join(" "), "làm sổ đỏ ở đâu");
        assert_eq!(expanded.added.len(), 1);
        assert_eq!(lexicon().expand("đỏ").added, []);
    }
}
