//! Finding a commune while somebody types.

use super::{Commune, UnitDirectory, UnitName};
use crate::text::{nfc, tokens};

/// What search compares of one commune, made once.
#[derive(Clone, Debug)]
pub(super) struct SearchKey {
    /// The folded bare name.
    bare: String,
    /// Folded words of the whole name, kind included.
    words: Vec<String>,
    /// Folded words of the province's name.
    province_words: Vec<String>,
    /// The name in lower case with its marks, for those who type them.
    marked: String,
}

/// How well a commune answers; smaller is better.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    fit: Fit,
    marks_differ: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    WholeName,
    NameBegins,
    WordsBegin,
}

/// A query taken apart once.
struct Query {
    name: UnitName,
    words: Vec<String>,
    marked: String,
}

impl SearchKey {
    pub fn new(name: &str, province: &str) -> SearchKey {
        SearchKey {
            bare: UnitName::read(name).bare().to_owned(),
            words: tokens(name),
            province_words: tokens(province),
            marked: nfc(name).to_lowercase(),
        }
    }

    /// Every word of the query must begin a word of the name or of the province, the first one a
    /// word of the name.
    fn rank(&self, query: &Query) -> Option<Rank> {
        let begins = |words: &[String], asked: &str| words.iter().any(|word| word.starts_with(asked));
        let (first, others) = query.words.split_first()?;
        let fits = begins(&self.words, first)
            && others
                .iter()
                .all(|asked| begins(&self.words, asked) || begins(&self.province_words, asked));
        if !fits {
            return None;
        }
        let fit = query.name.readings().map(|reading| self.fit(reading)).min()?;
        Some(Rank { fit, marks_differ: !self.marked.contains(&query.marked) })
    }

    fn fit(&self, reading: &str) -> Fit {
        if reading.is_empty() {
            Fit::WordsBegin
        } else if self.bare == reading {
            Fit::WholeName
        } else if self.bare.starts_with(reading) {
            Fit::NameBegins
        } else {
            Fit::WordsBegin
        }
    }
}

impl UnitDirectory {
    /// Communes that a person may mean by what is typed so far, best first: by name, by the
    /// beginnings of words in any order, with or without kind, tones and province
    /// (`my tho`, `p. mỹ tho đồng tháp`), or by code.
    pub fn search_communes(&self, query: &str, limit: usize) -> Vec<&Commune> {
        if let Some(commune) = self.commune(query.trim()) {
            return std::iter::once(commune).take(limit).collect();
        }
        let query = Query {
            name: UnitName::read(query),
            words: tokens(query),
            marked: nfc(query.trim()).to_lowercase(),
        };
        let ranked = self.communes.iter().zip(&self.search_keys);
        let mut found: Vec<(Rank, &Commune)> = ranked
            .filter_map(|(commune, key)| key.rank(&query).map(|rank| (rank, commune)))
            .collect();
        found.sort_by_key(|(rank, _)| *rank);
        found.into_iter().take(limit).map(|(_, commune)| commune).collect()
    }
}
