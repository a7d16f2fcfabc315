//! Finding a commune while somebody types.

use super::name::{UnitName, folded_words};
use super::{Commune, UnitDirectory};
use crate::text::nfc;

/// What search compares of one commune, made once.
#[derive(Clone, Debug)]
pub(super) struct SearchKey {
    pub name: UnitName,
    /// Folded words of the whole name, kind included.
    words: String,
    /// Folded words of the province's name.
    province_words: String,
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
    words: String,
    marked: String,
}

impl SearchKey {
    pub fn new(name: &str, province: &str) -> SearchKey {
        SearchKey {
            name: UnitName::read(name),
            words: folded_words(name),
            province_words: folded_words(province),
            marked: nfc(name).to_lowercase(),
        }
    }

    /// Every word of the query must begin a word of the name or of the province, the first one a
    /// word of the name.
    fn rank(&self, query: &Query) -> Option<Rank> {
        let begins =
            |words: &str, asked: &str| words.split(' ').any(|word| word.starts_with(asked));
        let mut asked = query.words.split(' ');
        let fits = asked.next().is_some_and(|first| begins(&self.words, first))
            && asked.all(|next| begins(&self.words, next) || begins(&self.province_words, next));
        if !fits {
            return None;
        }
        let fit = query.name.readings().map(|reading| self.fit(reading)).min()?;
        Some(Rank { fit, marks_differ: !self.marked.contains(&query.marked) })
    }

    /// The bare name, and nothing behind it but words of the province.
    fn is_whole_name(&self, reading: &str) -> bool {
        reading.strip_prefix(self.name.bare()).is_some_and(|rest| {
            rest.is_empty()
                || rest.starts_with(' ')
                    && rest.split_whitespace().all(|word| begins(&self.province_words, word))
        })
    }

    fn fit(&self, reading: &str) -> Fit {
        let bare = self.name.bare();
        match reading {
            "" => Fit::WordsBegin,
            _ if self.is_whole_name(reading) => Fit::WholeName,
            _ if bare.starts_with(reading) => Fit::NameBegins,
            _ => Fit::WordsBegin,
        }
    }
}

/// Does one of the words begin like this?
fn begins(words: &str, asked: &str) -> bool {
    words.split(' ').any(|word| word.starts_with(asked))
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
            words: folded_words(query),
            marked: nfc(query.trim()).to_lowercase(),
        };
        if query.words.is_empty() {
            return Vec::new();
        }
        let ranked = self.communes.iter().zip(&self.search_keys);
        let mut found: Vec<(Rank, &Commune)> = ranked
            .filter_map(|(commune, key)| key.rank(&query).map(|rank| (rank, commune)))
            .collect();
        found.sort_by_key(|(rank, _)| *rank);
        found.into_iter().take(limit).map(|(_, commune)| commune).collect()
    }
}
