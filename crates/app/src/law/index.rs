//! The search index: made of the rows, kept as a file beside the database, read once by each process.
//!
//! The database says of which revision there is an index; the file bears that number. A new one is written
//! beside the old one and named at the end, so that whoever searches meanwhile has the old one whole.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError};

use jiff::civil::Date;
use kernel::error::{Error, Result};
use search::{Hit, Index, IndexBuilder, Kept, Passage, Rank, Searcher};
use store::law::{DocumentRow, ProvisionRow, RelationRow};

use super::{Corpus, dates, on_a_thread};

/// Documents that are read together.
const PAGE: i64 = 40;
/// First bytes of the file; the last one counts up when the layout changes.
const MAGIC: &[u8; 8] = b"TPLAWIX\x01";

/// A search index with the days of its provisions.
pub struct Finder {
    revision: u64,
    searcher: Searcher,
    days: Days,
}

/// First day of effect and first day without, by the passage's number, as yyyymmdd; 0 and `NEVER` where not
/// known.
#[derive(Default)]
struct Days {
    spans: Vec<(u32, u32)>,
    /// Passages that end some day: few, so that most are judged by their year alone.
    ending: HashSet<Box<str>>,
}

const NEVER: u32 = u32::MAX;

fn number(day: Date) -> u32 {
    let part = |value: i16| u32::from(value.unsigned_abs());
    part(day.year()) * 10_000 + part(day.month().into()) * 100 + part(day.day().into())
}

impl Finder {
    /// The searcher.
    #[must_use]
    pub fn searcher(&self) -> &Searcher {
        &self.searcher
    }

    /// The best provisions for a question or a few words; only those in force on a day, if one is given.
    #[must_use]
    pub fn find(&self, text: &str, limit: usize, at: Option<Date>) -> Vec<Hit> {
        match at {
            Some(day) => self.searcher.search(text, limit, |kept| self.is_in_force(kept, day)),
            None => self.searcher.search(text, limit, |_| true),
        }
    }

    fn is_in_force(&self, kept: &Kept, day: Date) -> bool {
        let year = day.year().unsigned_abs();
        if kept.year > year {
            return false;
        }
        if kept.year < year && !self.days.ending.contains(&kept.id) {
            return true;
        }
        let passage = self.searcher.index().number_of(&kept.id);
        let span = passage.and_then(|passage| self.days.spans.get(passage as usize));
        let (from, to) = span.copied().unwrap_or((0, NEVER));
        from <= number(day) && number(day) < to
    }
}

/// The index of the database's revision, made anew if need be; how many provisions it has.
pub(super) async fn refresh(
    corpus: &Corpus,
    progress: &mut (dyn FnMut(u64, u64) + Send),
) -> Result<u64> {
    let store = corpus.store();
    let read = store.read(|tx| Ok((store::law::revision(tx)?, store::law::indexed(tx)?)));
    let (revision, indexed) = read.await?;
    let is_there = indexed == Some(revision) && file(corpus.folder(), revision).is_file();
    let finder = if is_there { current(corpus).await? } else { make(corpus, progress).await? };
    Ok(finder.searcher.index().len() as u64)
}

/// The index that the database names: from memory, else from its file, else made.
pub(super) async fn current(corpus: &Corpus) -> Result<Arc<Finder>> {
    let indexed = corpus.store().read(store::law::indexed).await?;
    if let Some(kept) = kept(corpus).filter(|kept| Some(kept.revision) == indexed) {
        return Ok(kept);
    }
    // One loads it; whoever asks meanwhile waits and has the same.
    let _mine = corpus.inner.loading.lock().await;
    let indexed = corpus.store().read(store::law::indexed).await?;
    let Some(revision) = indexed else { return make(corpus, &mut |_, _| {}).await };
    if let Some(kept) = kept(corpus).filter(|kept| kept.revision == revision) {
        return Ok(kept);
    }
    let path = file(corpus.folder(), revision);
    let guides = corpus.guides().clone();
    let loaded = on_a_thread(move || {
        let bytes = std::fs::read(&path).map_err(|error| error.to_string())?;
        let (index, days) = read(&bytes)?;
        Ok::<_, String>((Searcher::new(index, guides.lexicon, guides.ranker), days))
    });
    match loaded.await? {
        Ok((searcher, days)) => Ok(keep(corpus, Finder { revision, searcher, days })),
        Err(cause) => {
            tracing::warn!(%cause, "the search index is made anew");
            make(corpus, &mut |_, _| {}).await
        }
    }
}

fn kept(corpus: &Corpus) -> Option<Arc<Finder>> {
    corpus.inner.finder.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

fn keep(corpus: &Corpus, finder: Finder) -> Arc<Finder> {
    let finder = Arc::new(finder);
    let mut kept = corpus.inner.finder.lock().unwrap_or_else(PoisonError::into_inner);
    *kept = Some(Arc::clone(&finder));
    finder
}

fn file(folder: &Path, revision: u64) -> PathBuf {
    folder.join(format!("index-{revision}.bin"))
}

/// A document with all that belongs to it.
type Whole = (DocumentRow, Vec<ProvisionRow>, Vec<RelationRow>);

/// Makes the index of what the database holds, writes it, and takes it into use.
async fn make(corpus: &Corpus, progress: &mut (dyn FnMut(u64, u64) + Send)) -> Result<Arc<Finder>> {
    let store = corpus.store();
    let read = store.read(|tx| Ok((store::law::revision(tx)?, store::law::counts(tx)?)));
    let (revision, counts) = read.await?;
    let total = counts.provisions.unsigned_abs();
    let mut builder = IndexBuilder::new();
    let mut days = Days::default();
    let mut page = read_page(corpus, 0).await?;
    while let Some((last, ..)) = page.last() {
        // The next page is read while this one is taken in.
        let next = read_page(corpus, last.id);
        let taken = on_a_thread(move || {
            for whole in &page {
                add(&mut builder, &mut days, whole);
            }
            (builder, days)
        });
        let (next, taken) = tokio::join!(next, taken);
        (builder, days) = taken?;
        page = next?;
        progress(days.spans.len() as u64, total);
    }
    let (folder, guides) = (corpus.folder().to_owned(), corpus.guides().clone());
    let finder = on_a_thread(move || {
        let index = builder.finish();
        write(&folder, revision, &index, &days)?;
        let searcher = Searcher::new(index, guides.lexicon, guides.ranker);
        Ok::<_, Error>(Finder { revision, searcher, days })
    });
    let finder = finder.await??;
    store.write(move |tx| Ok(store::law::set_indexed(tx, revision))).await?;
    remove_others(corpus.folder(), revision);
    Ok(keep(corpus, finder))
}

async fn read_page(corpus: &Corpus, after: i64) -> Result<Vec<Whole>> {
    let read = corpus.store().read_at_length(move |tx| {
        let documents = store::law::documents_after(tx, after, PAGE)?;
        let mut page = Vec::with_capacity(documents.len());
        for document in documents {
            let provisions = store::law::provisions_of(tx, document.id)?;
            let relations = store::law::relations_of(tx, document.id)?;
            page.push((document, provisions, relations));
        }
        Ok(page)
    });
    read.await
}

fn add(builder: &mut IndexBuilder, days: &mut Days, (document, provisions, relations): &Whole) {
    let mut related: HashMap<i64, Vec<&str>> = HashMap::new();
    for relation in relations.iter().filter(|relation| relation.kind == "related") {
        if let (Some(from), Some(to)) = (relation.provision, &relation.to_anchor) {
            related.entry(from).or_default().push(to);
        }
    }
    let parts = [document.kind.as_deref(), document.title.as_deref()];
    let document_title = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let rank = rank(document);
    for provision in provisions {
        let context = format!("{}\n{}", provision.context, provision.subject);
        let from = provision.valid_from.as_deref().or(document.effective_on.as_deref());
        let to = provision.valid_to.as_deref().or(document.expires_on.as_deref());
        let (from, to) = (from.and_then(dates::day), to.and_then(dates::day));
        let passage = Passage {
            id: &provision.anchor,
            document: &document.key,
            document_title: &document_title,
            title: &provision.title,
            context: context.trim(),
            text: &provision.text,
            rank,
            year: from.map_or(0, |day| day.year().unsigned_abs()),
            number: article_number(&provision.path),
        };
        let links = related.remove(&provision.id).unwrap_or_default();
        builder.add(&passage, links);
        days.push(&provision.anchor, from, to);
    }
}

impl Days {
    fn push(&mut self, id: &str, from: Option<Date>, to: Option<Date>) {
        let (from, to) = (from.map_or(0, number), to.map_or(NEVER, number));
        self.spans.push((from, to));
        if to != NEVER {
            self.ending.insert(id.into());
        }
    }
}

/// The number of an article by its address: 4 of `dieu-4` and `dieu-4a`; 0 where it has none.
fn article_number(path: &str) -> u16 {
    let after = path.rsplit("dieu-").next().filter(|after| after.len() < path.len());
    let digits: String =
        after.unwrap_or_default().chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(0)
}

/// Where a document stands among the others, by its kind or else by its symbol.
pub(super) fn rank(document: &DocumentRow) -> Rank {
    let key = format!("-{}-", document.key);
    let has = |part: &str| key.contains(&format!("-{part}-"));
    if has("ubnd") || has("hdnd") {
        return Rank::Local;
    }
    match document.kind.as_deref().unwrap_or_default() {
        "Hiến pháp" | "Bộ luật" | "Luật" => return Rank::Law,
        "Pháp lệnh" | "Nghị quyết" | "Lệnh" => return Rank::Ordinance,
        "Nghị định" => return Rank::Decree,
        "Quyết định" => return Rank::Decision,
        "Thông tư" | "Thông tư liên tịch" => return Rank::Circular,
        _ => {}
    }
    let last = document.key.rsplit('-').next().unwrap_or_default();
    if has("nd") {
        Rank::Decree
    } else if has("tt") || has("ttlt") {
        Rank::Circular
    } else if has("qd") {
        Rank::Decision
    } else if has("pl") || has("nq") || last.starts_with("ubtvqh") {
        Rank::Ordinance
    } else if last.starts_with("qh") {
        Rank::Law
    } else {
        Rank::Other
    }
}

/// Writes the index beside the old one and gives it its name at the end.
fn write(folder: &Path, revision: u64, index: &Index, days: &Days) -> Result<()> {
    use std::io::Write;
    let fault = |error: std::io::Error| Error::internal(format!("{}: {error}", folder.display()));
    std::fs::create_dir_all(folder).map_err(fault)?;
    let half = folder.join(format!("index-{revision}.{}.half", std::process::id()));
    // The lock says that somebody is writing it, and ends with whoever holds it.
    let made = std::fs::File::create(&half).and_then(|file| file.lock().map(|()| file));
    let written = made.and_then(|mut file| {
        file.write_all(MAGIC)?;
        let count = u32::try_from(days.spans.len()).unwrap_or(u32::MAX);
        let mut spans = Vec::with_capacity(4 + days.spans.len() * 8);
        spans.extend_from_slice(&count.to_le_bytes());
        for (from, to) in &days.spans {
            spans.extend_from_slice(&from.to_le_bytes());
            spans.extend_from_slice(&to.to_le_bytes());
        }
        file.write_all(&spans)?;
        file.write_all(&index.to_bytes())?;
        file.sync_all()
    });
    let named = written.and_then(|()| std::fs::rename(&half, file(folder, revision)));
    named.map_err(|error| {
        // What is left of it would only take room.
        let _ = std::fs::remove_file(&half);
        fault(error)
    })
}

fn read(bytes: &[u8]) -> std::result::Result<(Index, Days), String> {
    let cut = || "the index file is cut off".to_owned();
    let rest = bytes.strip_prefix(MAGIC).ok_or("no index file, or of another version")?;
    let (count, rest) = take_number(rest).ok_or_else(cut)?;
    let length = (count as usize).checked_mul(8).ok_or_else(cut)?;
    let (spans, rest) = rest.split_at_checked(length).ok_or_else(cut)?;
    let index = Index::from_bytes(rest)?;
    let mut days = Days::default();
    for (pair, passage) in spans.chunks_exact(8).zip(0..) {
        let (from, to) = take_number(pair)
            .and_then(|(from, rest)| Some((from, take_number(rest)?.0)))
            .ok_or_else(cut)?;
        days.spans.push((from, to));
        if to != NEVER
            && let Some(kept) = index.passage(passage)
        {
            days.ending.insert(kept.id.clone());
        }
    }
    Ok((index, days))
}

fn take_number(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (number, rest) = bytes.split_first_chunk::<4>()?;
    Some((u32::from_le_bytes(*number), rest))
}

/// Older indexes, and what a process that was ended left half written. A process that still reads an older
/// one has it in memory.
fn remove_others(folder: &Path, revision: u64) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some(name) = name.strip_prefix("index-") else { continue };
        let is_over = match name.strip_suffix(".bin") {
            Some(number) => number.parse::<u64>().is_ok_and(|number| number < revision),
            None => name.ends_with(".half") && is_abandoned(&entry.path()),
        };
        if is_over && let Err(error) = std::fs::remove_file(entry.path()) {
            tracing::warn!(cause = %error, "an old search index could not be removed");
        }
    }
}

/// Nobody holds the lock of a file that is being written.
fn is_abandoned(half: &Path) -> bool {
    std::fs::File::open(half).is_ok_and(|file| file.try_lock().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_an_article_is_read_from_its_address() {
        assert_eq!(article_number("dieu-4"), 4);
        assert_eq!(article_number("phu-luc-1/dieu-41a"), 41);
        assert_eq!(article_number("phu-luc-1"), 0);
        assert_eq!(article_number("dieu-99999999"), 0);
    }

    #[test]
    fn a_document_without_a_kind_is_ranked_by_its_symbol() {
        let of = |key: &str| rank(&DocumentRow { key: key.to_owned(), ..DocumentRow::default() });
        assert_eq!(of("57-2020-qh14"), Rank::Law);
        assert_eq!(of("15-2020-nd-cp"), Rank::Decree);
        assert_eq!(of("4-2020-tt-btp"), Rank::Circular);
        assert_eq!(of("4-2026-qd-ubnd"), Rank::Local);
        assert_eq!(of("2-2016-ubtvqh13"), Rank::Ordinance);
        assert_eq!(of(""), Rank::Other);
    }

    #[test]
    fn a_damaged_index_file_is_told_not_used() {
        for bytes in [&b""[..], b"TPLAWIX", b"TPLAWIX\x01", b"TPLAWIX\x01\xff\xff\xff\xff1234"] {
            assert!(read(bytes).is_err());
        }
    }
}
