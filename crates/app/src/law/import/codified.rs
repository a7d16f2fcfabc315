//! Codified law: one article a line, the articles of a document scattered over the file.
//!
//! The files are read twice: first to learn which line is the last of each document (and whether the files
//! are whole at all), then to take the articles. A document is handed over at its last line, so that only a
//! few are open at a time.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use kernel::text::nfc;
use law::effect::{CodifiedNote, EventKind, Verb, note_of_codified};
use law::model::UnitKind;
use law::symbol;
use serde::Deserialize;
use store::law::{DocumentRow, ProvisionRow, RelationRow};

use super::draft::{CODIFIED, Desk, Draft, LONGEST_ANCHOR};
use super::source::{Meter, next_line, open, unreadable};
use crate::law::dates;

#[derive(Deserialize)]
struct Line {
    anchor: String,
    #[serde(default)]
    label: Option<String>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    chapter: Option<String>,
    #[serde(default)]
    demuc: Option<String>,
    #[serde(default)]
    source_doc: Option<String>,
    #[serde(default)]
    source_note: Option<String>,
    #[serde(default)]
    effective: Option<String>,
    #[serde(default)]
    related: Vec<(Option<String>, Option<String>)>,
}

/// What tells to which document a line belongs.
#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    demuc: Option<String>,
    #[serde(default)]
    source_doc: Option<String>,
    #[serde(default)]
    source_note: Option<String>,
}

impl Head {
    fn key(&self) -> String {
        let number = self.source_doc.as_deref().map(symbol::key).filter(|key| !key.is_empty());
        number.unwrap_or_else(|| {
            let note = note_of_codified(self.source_note.as_deref().unwrap_or_default());
            key_of(&note, self.demuc.as_deref().unwrap_or_default())
        })
    }
}

/// The key of a document without a number that can be read: its kind and name, or its subject.
fn key_of(note: &CodifiedNote, subject: &str) -> String {
    let number = note.number.as_deref().map(symbol::key).filter(|key| !key.is_empty());
    number.unwrap_or_else(|| {
        let kind = note.kind.as_deref().unwrap_or("văn bản");
        let name = note.title.as_deref().unwrap_or(subject);
        symbol::key(&format!("{kind} không số {name}"))
    })
}

/// Which document each line belongs to, and the last line of each.
#[derive(Default)]
struct Plan {
    numbers: HashMap<String, u32>,
    lines: Vec<u32>,
    /// By document: its key, and its last line.
    keys: Vec<String>,
    last: Vec<usize>,
}

/// A line that belongs to no document.
const NONE: u32 = u32::MAX;

/// Reads the files as one. `None` when nobody listens any more.
pub(super) fn read(paths: &[PathBuf], meter: &Meter, desk: &mut Desk<'_>) -> Option<()> {
    let mut plan = Plan::default();
    let mut sound = Vec::new();
    for path in paths {
        let before = plan.lines.len();
        match plan.learn(path, meter) {
            Ok(()) => sound.push(path),
            Err(error) => {
                plan.forget(before);
                desk.complain(path, 0, "unreadable", unreadable(&error));
            }
        }
    }
    plan.note_last();
    let mut open_drafts: HashMap<u32, Vec<Article>> = HashMap::new();
    let mut at = 0;
    for path in sound {
        let outcome = plan.take(path, meter, desk, &mut open_drafts, &mut at);
        match outcome {
            Ok(goes_on) => goes_on?,
            Err(error) => {
                // It was whole a moment ago: documents that are not are not written.
                desk.complain(path, 0, "unreadable", unreadable(&error));
                return Some(());
            }
        }
    }
    desk.hand_over()
}

impl Plan {
    fn learn(&mut self, path: &Path, meter: &Meter) -> io::Result<()> {
        let mut file = open(path, meter)?;
        let mut line = Vec::new();
        while let Some(is_whole) = next_line(&mut *file, &mut line)? {
            let head = serde_json::from_slice::<Head>(&line).ok().filter(|_| is_whole);
            let number = head.map_or(NONE, |head| {
                let next = u32::try_from(self.numbers.len()).unwrap_or(NONE);
                *self.numbers.entry(head.key()).or_insert(next)
            });
            self.lines.push(number);
        }
        Ok(())
    }

    /// Lines of a file that turned out not to be whole.
    fn forget(&mut self, from: usize) {
        self.lines.truncate(from);
    }

    fn note_last(&mut self) {
        self.last = vec![0; self.numbers.len()];
        for (line, number) in self.lines.iter().enumerate() {
            if let Some(last) = self.last.get_mut(*number as usize) {
                *last = line;
            }
        }
        self.keys = vec![String::new(); self.numbers.len()];
        for (key, number) in std::mem::take(&mut self.numbers) {
            if let Some(place) = self.keys.get_mut(number as usize) {
                *place = key;
            }
        }
    }

    fn take(
        &self,
        path: &Path,
        meter: &Meter,
        desk: &mut Desk<'_>,
        drafts: &mut HashMap<u32, Vec<Article>>,
        at: &mut usize,
    ) -> io::Result<Option<()>> {
        let mut file = open(path, meter)?;
        let mut bytes = Vec::new();
        let mut number_of_line = 0;
        while let Some(is_whole) = next_line(&mut *file, &mut bytes)? {
            number_of_line += 1;
            let number = self.lines.get(*at).copied().unwrap_or(NONE);
            let is_last = self.last.get(number as usize) == Some(at);
            *at += 1;
            match article(&bytes, is_whole) {
                Ok(Some(article)) if !desk.is_first(&article.line.anchor) => {
                    let message = format!(
                        "Mã {} đã có ở trên; chỉ giữ điều xuất hiện trước.",
                        article.line.anchor
                    );
                    desk.complain(path, number_of_line, "anchor-twice", message);
                }
                Ok(Some(article)) => drafts.entry(number).or_default().push(article),
                Ok(None) => {}
                Err(message) => desk.complain(path, number_of_line, "bad-line", message),
            }
            if is_last
                && let Some(articles) = drafts.remove(&number)
                && let Some(key) = self.keys.get(number as usize)
                && desk.take(draft(key, articles)).is_none()
            {
                return Ok(None);
            }
        }
        Ok(Some(()))
    }
}

struct Article {
    line: Line,
    note: CodifiedNote,
}

/// The article of a line; none of an empty line; else a sentence that says what is wrong.
fn article(bytes: &[u8], is_whole: bool) -> Result<Option<Article>, String> {
    if !is_whole {
        return Err("Dòng quá dài nên đã bỏ qua.".to_owned());
    }
    if bytes.trim_ascii().is_empty() {
        return Ok(None);
    }
    let line: Line = serde_json::from_slice(bytes)
        .map_err(|error| format!("Dòng không đúng định dạng JSON của bản pháp điển ({error})."))?;
    let anchor = line.anchor.trim();
    if anchor.is_empty() || anchor.len() > LONGEST_ANCHOR {
        return Err("Điều không có mã (anchor), hoặc mã quá dài.".to_owned());
    }
    let note = note_of_codified(line.source_note.as_deref().unwrap_or_default());
    Ok(Some(Article { line, note }))
}

/// Old converters wrote the Icelandic eth for the letter đ.
fn composed(text: &str) -> String {
    let text = nfc(text);
    if text.contains(['Ð', 'ð']) {
        text.replace('Ð', "Đ").replace('ð', "đ")
    } else {
        text.to_string()
    }
}

fn draft(key: &str, mut articles: Vec<Article>) -> Draft {
    let row = document(key, &articles);
    articles.sort_by_cached_key(|article| order(article.note.article.as_deref()));
    let mut draft = Draft { row, ..Draft::default() };
    let mut paths = HashMap::new();
    for article in articles {
        draft.provisions.push(provision(article, &mut paths));
    }
    draft
}

/// "4" before "4a" before "10"; what has no number comes last, in the order of the file.
fn order(number: Option<&str>) -> (u32, String) {
    let number = number.unwrap_or_default();
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    let (figure, rest) = number.split_at(digits);
    (figure.parse().unwrap_or(u32::MAX), rest.to_owned())
}

fn document(key: &str, articles: &[Article]) -> DocumentRow {
    let first = |of: fn(&CodifiedNote) -> Option<String>| {
        articles.iter().find_map(|article| of(&article.note))
    };
    let line = articles.first().map(|article| &article.line);
    let said = line.and_then(|line| line.source_doc.clone()).map(|number| composed(&number));
    let number = first(|note| note.number.clone()).or(said);
    let subject = line.and_then(|line| line.demuc.as_deref()).map(composed);
    let starts = articles.iter().filter_map(|article| start(article).0);
    DocumentRow {
        key: key.to_owned(),
        number,
        kind: first(|note| note.kind.clone()),
        title: first(|note| note.title.clone()),
        issuer: first(|note| note.issuer.clone()).unwrap_or_default(),
        issued_on: first(|note| note.issued_on.map(|day| day.to_string())),
        effective_on: starts.min().map(|day| day.to_string()),
        field: subject,
        source: CODIFIED.to_owned(),
        ..DocumentRow::default()
    }
}

/// First day of effect, and first day without.
fn start(article: &Article) -> (Option<Date>, Option<Date>) {
    let events = article.note.events();
    let day =
        |wanted: EventKind| events.iter().find(|event| event.kind == wanted).map(|event| event.day);
    let said = || article.line.effective.as_deref().and_then(dates::day);
    (day(EventKind::Starts).or_else(said), day(EventKind::Repealed))
}

fn provision(
    article: Article,
    paths: &mut HashMap<String, u32>,
) -> (ProvisionRow, Vec<RelationRow>) {
    let (from, to) = start(&article);
    let Article { line, note } = article;
    let label = composed(line.label.as_deref().unwrap_or_default());
    let number = note.article.clone();
    let number = number.unwrap_or_else(|| label.rsplit('.').next().unwrap_or_default().to_owned());
    let text = |text: Option<String>| composed(text.unwrap_or_default().trim());
    let row = ProvisionRow {
        path: distinct(UnitKind::Article.step(&number), paths),
        anchor: line.anchor.trim().to_owned(),
        label,
        title: text(line.title),
        context: text(line.chapter),
        subject: text(line.demuc),
        valid_from: from.map(|day| day.to_string()),
        valid_to: to.map(|day| day.to_string()),
        note: Some(text(line.source_note)).filter(|note| !note.is_empty()),
        text: text(line.text),
        ..ProvisionRow::default()
    };
    let mut relations: Vec<RelationRow> = line.related.into_iter().filter_map(related).collect();
    relations.extend(amendments(&note));
    (row, relations)
}

/// Some articles stand in the codification in several pieces.
pub(super) fn distinct(path: String, paths: &mut HashMap<String, u32>) -> String {
    let count = paths.entry(path.clone()).or_default();
    *count += 1;
    if *count == 1 { path } else { format!("{path}~{count}") }
}

fn related((anchor, label): (Option<String>, Option<String>)) -> Option<RelationRow> {
    Some(RelationRow {
        kind: "related".to_owned(),
        to_anchor: Some(anchor?),
        note: label.map(|label| composed(&label)),
        ..RelationRow::default()
    })
}

fn amendments(note: &CodifiedNote) -> impl Iterator<Item = RelationRow> + '_ {
    note.amendments.iter().flat_map(|change| {
        let by = change.number.as_deref().map(symbol::key);
        let places: Vec<String> = change.articles.iter().map(|one| format!("Điều {one}")).collect();
        change.verbs.iter().map(move |verb| RelationRow {
            kind: suffered(*verb, change.partly).to_owned(),
            to_document: by.clone(),
            day: change.effective_on.map(|day| day.to_string()),
            note: Some(places.join(", ")).filter(|places| !places.is_empty()),
            ..RelationRow::default()
        })
    })
}

/// What was done to a provision by another document.
fn suffered(verb: Verb, partly: bool) -> &'static str {
    match verb {
        Verb::Add => "added-by",
        Verb::Amend | Verb::ReplacePhrase => "amended-by",
        Verb::Repeal if partly => "partly-repealed-by",
        Verb::Repeal => "repealed-by",
        Verb::Replace => "replaced-by",
        Verb::Suspend => "suspended-by",
        Verb::Correct => "corrected-by",
        Verb::Guide => "guided-by",
    }
}
