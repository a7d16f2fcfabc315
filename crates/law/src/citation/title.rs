//! Names of laws that the caller knows, so that a name is cut at the right word.

use std::collections::BTreeMap;

use kernel::text;

/// A document of a known name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownTitle {
    /// Its number and symbol as a key.
    pub key: String,
    /// Year of issue, where known.
    pub year: Option<i16>,
}

/// Known names ("Luật Hộ tịch"), folded, each with the documents that have it.
#[derive(Clone, Debug, Default)]
pub struct KnownTitles {
    titles: BTreeMap<String, Vec<KnownTitle>>,
    /// Words of the longest.
    longest: usize,
}

impl KnownTitles {
    /// Adds a document: its kind and name together ("Luật Hộ tịch"), its number and symbol. The year is
    /// read from the number.
    pub fn insert(&mut self, title: &str, number: &str) {
        let folded = fold(title);
        let words = folded.split(' ').count();
        if words < 2 {
            return;
        }
        self.longest = self.longest.max(words);
        let key = crate::symbol::key(number);
        let year = key.split('-').nth(1).and_then(|year| year.parse().ok());
        let known = KnownTitle { key, year };
        let documents = self.titles.entry(folded).or_default();
        if !documents.contains(&known) {
            documents.push(known);
        }
    }

    /// The documents of a name, those of the year alone where one is given.
    #[must_use]
    pub fn named(&self, kind: &str, name: &str, year: Option<i16>) -> Vec<&KnownTitle> {
        let title = fold(&format!("{kind} {name}"));
        let documents = self.titles.get(&title).map(Vec::as_slice).unwrap_or_default();
        documents.iter().filter(|known| year.is_none() || known.year == year).collect()
    }

    /// How many of the words make the longest known name; none where none does.
    pub(super) fn longest<'w>(&self, words: impl Iterator<Item = &'w str>) -> Option<usize> {
        let mut title = String::new();
        let mut best = None;
        for (count, word) in words.take(self.longest).enumerate() {
            if count > 0 {
                title.push(' ');
            }
            title.push_str(&text::fold(word));
            // A name that goes on with another syllable is a neighbour in this order.
            let next = self.titles.range(title.clone()..).next();
            match next {
                Some((known, _)) if *known == title => best = Some(count + 1),
                Some((known, _)) if known.starts_with(&title) => {}
                _ => break,
            }
        }
        best
    }
}

fn fold(title: &str) -> String {
    text::tokens(title).join(" ")
}
