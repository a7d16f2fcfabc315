//! What is found, as it is shown: with the words marked, the state on a day, the way to read on.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use kernel::error::Result;
use kernel::text::{fold, tokens};
use law::citation::{Citation, Context, DocumentRef, Here, find_in, resolve};
use law::effect::State;
use law::symbol;
use serde::Serialize;

use super::effects::{self, Deed};
use super::names::Names;
use super::{DocumentView, place_words};
use crate::law::{Corpus, Filter, search};

/// Some words of a text: found, or between what was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// The words.
    pub text: String,
    /// They are words of the question.
    pub is_found: bool,
}

/// A provision found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Found {
    /// Its document.
    pub document: DocumentView,
    /// The identifier by which others know it.
    pub id: String,
    /// Its address.
    pub href: String,
    /// "Điều 4".
    pub label: String,
    /// Heading.
    pub title: String,
    /// The sentence that fits best.
    pub snippet: String,
    /// How well it fits, from 0 to 1.
    pub score: f32,
    /// State on the day.
    pub state: State,
}

/// What is looked for.
#[derive(Clone, Debug)]
pub struct Looked<'a> {
    /// Words or a question.
    pub text: &'a str,
    /// Most provisions.
    pub limit: usize,
    /// Only documents of this kind; any when empty.
    pub kind: &'a str,
    /// Only what is in force on this day.
    pub at: Option<Date>,
    /// The day whose state is told.
    pub day: Date,
}

/// Provisions that are looked through for those of one kind.
const MOST_SIFTED: usize = 200;

/// The provisions that fit best, best first.
///
/// # Errors
/// When the database or the index cannot be read.
pub async fn look_up(corpus: &Corpus, looked: Looked<'_>) -> Result<Vec<Found>> {
    let sifted = if looked.kind.is_empty() { looked.limit } else { MOST_SIFTED };
    let hits = search(corpus, looked.text, sifted, Filter { at: looked.at }).await?;
    let names = super::names(corpus).await?;
    let is_asked =
        |kind: Option<&str>| looked.kind.is_empty() || kind.is_some_and(|own| own == looked.kind);
    let hits: Vec<_> = hits
        .into_iter()
        .filter(|hit| is_asked(hit.document.kind.as_deref()))
        .take(looked.limit)
        .collect();
    let day = looked.day;
    let read = corpus.store().read(move |tx| {
        let mut deeds: HashMap<i64, Vec<Deed>> = HashMap::new();
        let mut found = Vec::with_capacity(hits.len());
        for hit in hits {
            let (row, document) = (&hit.provision, &hit.document);
            let done = match deeds.entry(document.id) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(place) => place.insert(effects::deeds(tx, &names, document)?),
            };
            let own = store::law::relations_of_provision(tx, document.id, row.id)?;
            let view = names.view(document);
            let words = place_words(&row.path);
            found.push(Found {
                id: row.anchor.clone(),
                href: format!("{}/{}", view.href(), row.path),
                label: if row.path.contains("dieu-") { words } else { row.label.clone() },
                title: row.title.clone(),
                state: effects::of_provision(document, row, done, &own, day),
                snippet: hit.snippet,
                score: hit.score,
                document: view,
            });
        }
        Ok(found)
    });
    read.await
}

/// The address that the words name and nothing else: a number in any spelling, "khoản 2 Điều 4 Luật Thanh
/// niên". None where they are words to look for.
///
/// # Errors
/// When the database cannot be read.
pub async fn direct(corpus: &Corpus, text: &str) -> Result<Option<String>> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > 200 {
        return Ok(None);
    }
    let names = super::names(corpus).await?;
    let is_number = text.chars().any(|letter| letter.is_ascii_digit());
    let key = symbol::key(text.trim_start_matches("số ").trim_start_matches("Số "));
    if is_number && !key.is_empty() && names.first(&key).is_some() {
        return Ok(Some(format!("/law/{key}")));
    }
    let context = Context { titles: Some(&names.titles), kind: None };
    let citations = find_in(text, &context);
    let [only] = citations.as_slice() else { return Ok(None) };
    let is_all = only.start == 0 && text.get(only.end..).is_some_and(|rest| rest.len() < 2);
    if !is_all {
        return Ok(None);
    }
    Ok(address(corpus, &names, only).await?.filter(|(_, is_sure)| *is_sure).map(|(href, _)| href))
}

/// The address of a citation; whether the very place is there, or only its document.
async fn address(
    corpus: &Corpus,
    names: &Names,
    citation: &Citation,
) -> Result<Option<(String, bool)>> {
    let Some(key) = names.key_of(&citation.target.document) else { return Ok(None) };
    let Some(target) = resolve(citation, &Here::default()) else { return Ok(None) };
    if target.path.is_empty() {
        return Ok(Some((format!("/law/{key}"), true)));
    }
    let article = target.path.split('/').next().unwrap_or_default().to_owned();
    let ids: Vec<i64> = names.by_key(key).into_iter().map(|row| row.id).collect();
    let read = corpus.store().read(move |tx| {
        for id in ids {
            if store::law::provision_at(tx, id, &article)?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    });
    Ok(Some(if read.await? {
        (format!("/law/{key}/{}", target.path), true)
    } else {
        (format!("/law/{key}"), false)
    }))
}

/// Where legal bases can be read, each given as document and provision: "Luật Hộ tịch số 60/2014/QH13",
/// "Điều 14". None for what is not here.
///
/// # Errors
/// When the database cannot be read.
pub async fn basis_addresses(
    corpus: &Corpus,
    bases: &[(String, String)],
) -> Result<Vec<Option<String>>> {
    let mut found = vec![None; bases.len()];
    if super::is_empty(corpus).await? {
        return Ok(found);
    }
    let names = super::names(corpus).await?;
    for ((document, provision), place) in bases.iter().zip(&mut found) {
        // The provision is said of the document: together they are one citation, if they are one at all.
        let text = format!("{provision} {document}");
        let context = Context { titles: Some(&names.titles), kind: None };
        let citations = find_in(&text, &context);
        let is_named = |one: &&Citation| {
            !matches!(one.target.document, DocumentRef::Here | DocumentRef::This { .. })
        };
        let Some(first) = citations.iter().find(is_named) else { continue };
        *place = address(corpus, &names, first).await?.map(|(href, _)| href);
    }
    Ok(found)
}

/// Words that stand everywhere and are not worth a mark.
const EVERYWHERE: [&str; 24] = [
    "là", "của", "và", "có", "được", "gì", "các", "những", "cho", "trong", "theo", "bao", "nhiêu",
    "nào", "thì", "hay", "hoặc", "về", "với", "tại", "khi", "do", "này", "một",
];

/// A text cut at the words of a question, which are found with or without tones.
#[must_use]
pub fn marked(text: &str, question: &str) -> Vec<Piece> {
    let all = tokens(question);
    let wanted: HashSet<&str> = all.iter().map(String::as_str).collect();
    let mut pieces: Vec<Piece> = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_word = first.is_alphanumeric();
        let end = rest
            .char_indices()
            .find(|(_, letter)| letter.is_alphanumeric() != is_word)
            .map_or(rest.len(), |(at, _)| at);
        let (run, after) = rest.split_at(end);
        rest = after;
        let is_found = is_word && wanted.contains(fold(run).as_str()) && !is_everywhere(run);
        add(&mut pieces, run, is_found);
    }
    pieces
}

/// "cho" says nothing, "chỗ" and "chợ" do: the text has the tones that the question may lack.
fn is_everywhere(word: &str) -> bool {
    EVERYWHERE.contains(&word.to_lowercase().as_str())
}

fn add(pieces: &mut Vec<Piece>, run: &str, is_found: bool) {
    // Found words side by side are one mark: the blank between them is taken back into it.
    if is_found
        && let [.., before, blank] = pieces.as_mut_slice()
        && before.is_found
        && !blank.is_found
        && blank.text == " "
    {
        before.text.push(' ');
        before.text.push_str(run);
        pieces.pop();
        return;
    }
    match pieces.last_mut() {
        Some(last) if !last.is_found && !is_found => last.text.push_str(run),
        _ => pieces.push(Piece { text: run.to_owned(), is_found }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, question: &str) -> String {
        let mark = |piece: &Piece| {
            if piece.is_found { format!("[{}]", piece.text) } else { piece.text.clone() }
        };
        marked(text, question).iter().map(mark).collect()
    }

    #[test]
    fn words_of_the_question_are_marked_with_or_without_tones() {
        let text = "Ban quản lý chợ thu phí chỗ ngồi, mỗi buổi.";
        assert_eq!(shown(text, "phi cho ngoi"), "Ban quản lý [chợ] thu [phí chỗ ngồi], mỗi buổi.");
        assert_eq!(shown(text, "của và"), text);
        assert_eq!(shown("", "phí"), "");
    }
}
