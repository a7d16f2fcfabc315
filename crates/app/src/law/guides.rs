//! What the content says about finding and reviewing law: words that mean the same, the trained order of
//! answers, rules of form.

use std::path::Path;

use kernel::error::{Error, Result};
use law::review::ReviewContent;
use search::lexicon::Lexicon;
use search::ranker::Ranker;
use serde::de::DeserializeOwned;

/// The content that searching and reviewing go by; everything may be absent.
#[derive(Clone, Debug, Default)]
pub struct Guides {
    /// Abbreviations and everyday words.
    pub lexicon: Lexicon,
    /// The order of answers, learned from questions.
    pub ranker: Ranker,
    /// Rules of form and of symbols.
    pub review: ReviewContent,
}

#[derive(Default, serde::Deserialize)]
struct Abbreviations {
    #[serde(default, rename = "abbreviation")]
    list: Vec<search::lexicon::Abbreviation>,
}

#[derive(Default, serde::Deserialize)]
struct Synonyms {
    #[serde(default, rename = "group")]
    list: Vec<search::lexicon::Group>,
}

impl Guides {
    /// Reads the folder `law` of a content pack.
    ///
    /// # Errors
    /// `Invalid` with file and reason when a file is there and cannot be understood.
    pub fn read(folder: &Path) -> Result<Self> {
        let abbreviations: Abbreviations = toml_file(&folder.join("abbreviations.toml"))?;
        let synonyms: Synonyms = toml_file(&folder.join("synonyms.toml"))?;
        let ranker = folder.join("ranker.json");
        let ranker = match text(&ranker)? {
            Some(text) => serde_json::from_str(&text).map_err(|error| wrong(&ranker, &error))?,
            None => Ranker::default(),
        };
        Ok(Self {
            lexicon: Lexicon::new(&abbreviations.list, &synonyms.list),
            ranker,
            review: ReviewContent {
                form: toml_file(&folder.join("form-rules.toml"))?,
                symbols: toml_file(&folder.join("symbols.toml"))?,
            },
        })
    }
}

fn toml_file<T: DeserializeOwned + Default>(path: &Path) -> Result<T> {
    match text(path)? {
        Some(text) => toml::from_str(&text).map_err(|error| wrong(path, &error)),
        None => Ok(T::default()),
    }
}

fn text(path: &Path) -> Result<Option<String>> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::internal(format!("{}: {error}", path.display()))),
    }
}

fn wrong(path: &Path, error: &dyn std::fmt::Display) -> Error {
    Error::invalid(format!("Tệp nội dung {} chưa đúng: {error}", path.display()))
}
