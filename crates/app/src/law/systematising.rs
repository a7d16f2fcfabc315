//! Lists of documents (hệ thống hóa): in force, expired, expired in part, not yet in force on a day; and what
//! is touched when a document is amended or replaced.

mod sheets;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use kernel::error::Result;
use kernel::format::vi;
use kernel::text::tokens;
use law::symbol;
use pack::model::Procedure;
use store::law::{DocumentRow, Ending, RelationRow};

use super::{Corpus, dates};

pub use sheets::{docx, xlsx};

/// Where a document stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// In force as a whole.
    InForce,
    /// Parts of it are no longer in force, or were changed.
    Partly,
    /// No longer in force.
    Expired,
    /// Not yet in force.
    NotYet,
}

impl State {
    /// All, in the order of the lists.
    pub const ALL: [Self; 4] = [Self::InForce, Self::Partly, Self::Expired, Self::NotYet];

    /// The name in addresses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::InForce => "con-hieu-luc",
            Self::Partly => "het-mot-phan",
            Self::Expired => "het-hieu-luc",
            Self::NotYet => "chua-hieu-luc",
        }
    }

    /// The state of this name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// In a few words.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::InForce => "Còn hiệu lực",
            Self::Partly => "Hết hiệu lực một phần",
            Self::Expired => "Hết hiệu lực toàn bộ",
            Self::NotYet => "Chưa có hiệu lực",
        }
    }
}

/// Which documents are wanted; what is empty wants all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListFilter {
    /// Words of the issuer's name.
    pub issuer: String,
    /// Kind: "Quyết định".
    pub kind: String,
    /// Words of the field.
    pub field: String,
}

/// A document in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListedDocument {
    /// Number and symbol as they are compared, its part of an address.
    pub key: String,
    /// Number and symbol as printed.
    pub number: String,
    /// Kind; empty where it is not known.
    pub kind: String,
    /// Name.
    pub title: String,
    /// Who issued it; empty where it is not known.
    pub issuer: String,
    /// Field; empty where it is not known.
    pub field: String,
    /// Day of issue.
    pub issued_on: Option<Date>,
    /// First day of effect.
    pub effective_on: Option<Date>,
    /// First day on which it, or the first part of it, is no longer in force.
    pub ended_on: Option<Date>,
    /// Why it or a part of it ended, in sentences.
    pub reason: String,
}

impl ListedDocument {
    /// "12/2026/QĐ-UBND ngày 05/03/2026".
    #[must_use]
    pub fn number_and_day(&self) -> String {
        match self.issued_on {
            Some(day) => format!("{} ngày {}", self.number, vi::date(day)),
            None => self.number.clone(),
        }
    }
}

/// The lists of a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lists {
    /// By state, each in order of kind, then day of issue, newest first.
    pub by_state: BTreeMap<State, Vec<ListedDocument>>,
    /// Kinds that occur, for the form.
    pub kinds: BTreeSet<String>,
    /// Issuers that occur, for the form.
    pub issuers: BTreeSet<String>,
}

impl Lists {
    /// The documents of a state.
    #[must_use]
    pub fn of(&self, state: State) -> &[ListedDocument] {
        self.by_state.get(&state).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Puts the documents of the corpus in lists by their state on a day.
///
/// # Errors
/// When the database cannot be read.
pub async fn lists(corpus: &Corpus, day: Date, filter: &ListFilter) -> Result<Lists> {
    let read = corpus
        .store()
        .read_at_length(|tx| Ok((store::law::all_documents(tx)?, store::law::endings(tx)?)));
    let (documents, endings) = read.await?;
    let filter = filter.clone();
    super::on_a_thread(move || sorted(documents, &endings, day, &filter)).await
}

/// What is read whole comes before what was codified, and that before a corpus of questions.
fn preference(document: &DocumentRow) -> u8 {
    match document.source.as_str() {
        "file" => 0,
        "codified" => 1,
        _ => 2,
    }
}

/// Something that ended a document, or a part of it, on a day.
struct End {
    day: Option<Date>,
    by: String,
    verb: &'static str,
    is_whole: bool,
}

fn sorted(
    mut documents: Vec<DocumentRow>,
    endings: &[Ending],
    day: Date,
    filter: &ListFilter,
) -> Lists {
    let ends = ends(&documents, endings);
    // One document that several sources know is listed once.
    documents.sort_by_key(preference);
    let mut seen: BTreeSet<(String, String)> = BTreeSet::new();
    documents.retain(|row| {
        let is_known = seen.contains(&(row.key.clone(), String::new()))
            || seen.contains(&(row.key.clone(), row.issuer.clone()))
            || (row.issuer.is_empty() && seen.iter().any(|(key, _)| *key == row.key));
        seen.insert((row.key.clone(), row.issuer.clone()));
        !is_known
    });
    let mut lists = Lists::default();
    let mut by_state: BTreeMap<State, Vec<(u8, ListedDocument)>> = BTreeMap::new();
    for row in &documents {
        lists.kinds.extend(row.kind.clone());
        if !row.issuer.is_empty() {
            lists.issuers.insert(row.issuer.clone());
        }
        if !is_wanted(row, filter) {
            continue;
        }
        let own = ends.get(&row.key).map(Vec::as_slice).unwrap_or_default();
        let (state, listed) = listed(row, own, day);
        by_state.entry(state).or_default().push((super::index::rank(row) as u8, listed));
    }
    for (state, mut list) in by_state {
        list.sort_by(|(a_rank, a), (b_rank, b)| {
            let by_rank = a_rank.cmp(b_rank).then_with(|| a.kind.cmp(&b.kind));
            by_rank.then_with(|| b.issued_on.cmp(&a.issued_on)).then_with(|| a.key.cmp(&b.key))
        });
        lists.by_state.insert(state, list.into_iter().map(|(_, one)| one).collect());
    }
    lists
}

fn is_wanted(row: &DocumentRow, filter: &ListFilter) -> bool {
    let has = |own: &str, wanted: &str| {
        let own = tokens(own);
        tokens(wanted).iter().all(|word| own.contains(word))
    };
    has(&row.issuer, &filter.issuer)
        && (filter.kind.is_empty() || row.kind.as_deref() == Some(filter.kind.as_str()))
        && has(row.field.as_deref().unwrap_or_default(), &filter.field)
}

/// By key, what ended each document or parts of it.
fn ends(documents: &[DocumentRow], endings: &[Ending]) -> BTreeMap<String, Vec<End>> {
    let by_id: BTreeMap<i64, &DocumentRow> = documents.iter().map(|row| (row.id, row)).collect();
    let by_key: BTreeMap<&str, &DocumentRow> =
        documents.iter().map(|row| (row.key.as_str(), row)).collect();
    let mut found: BTreeMap<String, Vec<End>> = BTreeMap::new();
    for ending in endings {
        let Some(teller) = by_id.get(&ending.document) else { continue };
        let day = |by: Option<&&DocumentRow>| {
            let own = ending.day.as_deref().and_then(dates::day);
            own.or_else(|| by?.effective_on.as_deref().and_then(dates::day))
        };
        let Some((verb, is_whole_verb, is_suffered)) = meaning(&ending.kind) else { continue };
        let (of, by, is_whole, day) = if is_suffered {
            let other = ending.other.as_deref().and_then(|key| by_key.get(key));
            let by = other.map(|row| named(row)).or_else(|| ending.other.clone());
            (teller.key.clone(), by, is_whole_verb && !ending.is_of_provision, day(other))
        } else {
            let Some(of) = ending.other.clone() else { continue };
            let is_whole = is_whole_verb && !ending.is_to_provision;
            (of, Some(named(teller)), is_whole, day(Some(teller)))
        };
        let by = by.unwrap_or_default();
        found.entry(of).or_default().push(End { day, by, verb, is_whole });
    }
    found
}

/// What a relation does: in words, whether to the whole, and whether it is told by the one to which it is done.
fn meaning(kind: &str) -> Option<(&'static str, bool, bool)> {
    Some(match kind {
        "repeals" => ("bãi bỏ", true, false),
        "replaces" => ("thay thế", true, false),
        "partly-repeals" => ("bãi bỏ một phần", false, false),
        "amends" => ("sửa đổi", false, false),
        "adds-to" => ("bổ sung", false, false),
        "suspends" => ("ngưng hiệu lực", false, false),
        "repealed-by" => ("bãi bỏ", true, true),
        "replaced-by" => ("thay thế", true, true),
        "partly-repealed-by" => ("bãi bỏ một phần", false, true),
        "amended-by" => ("sửa đổi", false, true),
        "added-by" => ("bổ sung", false, true),
        "suspended-by" => ("ngưng hiệu lực", false, true),
        _ => return None,
    })
}

fn named(row: &DocumentRow) -> String {
    let number = row.number.as_deref().unwrap_or(&row.key);
    match &row.kind {
        Some(kind) => format!("{kind} số {number}"),
        None => number.to_owned(),
    }
}

fn listed(row: &DocumentRow, ends: &[End], day: Date) -> (State, ListedDocument) {
    let date = |text: &Option<String>| text.as_deref().and_then(dates::day);
    let (effective, expires) = (date(&row.effective_on), date(&row.expires_on));
    // What has no day of its own has happened: the text that says so is in the corpus.
    let past: Vec<&End> = ends.iter().filter(|end| end.day.is_none_or(|at| at <= day)).collect();
    let whole: Vec<&&End> = past.iter().filter(|end| end.is_whole).collect();
    let is_over = expires.is_some_and(|at| at <= day);
    let (state, ended_on, reason) = if is_over || !whole.is_empty() {
        let ended = whole.iter().filter_map(|end| end.day).min();
        let ended = expires.filter(|_| is_over).into_iter().chain(ended).min();
        let reason = match whole.is_empty() {
            true => "Hết thời hạn có hiệu lực quy định trong văn bản.".to_owned(),
            false => reasons(whole.iter().map(|end| **end)),
        };
        (State::Expired, ended, reason)
    } else if effective.is_some_and(|at| at > day) {
        (State::NotYet, None, String::new())
    } else if !past.is_empty() {
        let ended = past.iter().filter_map(|end| end.day).min();
        (State::Partly, ended, reasons(past.iter().copied()))
    } else {
        let reason = match effective {
            None => "Chưa xác định được ngày có hiệu lực trong dữ liệu; cần kiểm tra.",
            Some(_) => "",
        };
        (State::InForce, None, reason.to_owned())
    };
    let listed = ListedDocument {
        key: row.key.clone(),
        number: row.number.clone().unwrap_or_else(|| row.key.clone()),
        kind: row.kind.clone().unwrap_or_default(),
        title: row.title.clone().unwrap_or_default(),
        issuer: row.issuer.clone(),
        field: row.field.clone().unwrap_or_default(),
        issued_on: date(&row.issued_on),
        effective_on: effective,
        ended_on,
        reason,
    };
    (state, listed)
}

/// "Được sửa đổi, bổ sung bởi Quyết định số …; bị bãi bỏ một phần bởi …".
fn reasons<'e>(ends: impl Iterator<Item = &'e End>) -> String {
    let mut verbs: Vec<(&str, Vec<&'static str>)> = Vec::new();
    for end in ends {
        match verbs.iter_mut().find(|(by, _)| *by == end.by) {
            Some((_, own)) if own.contains(&end.verb) => {}
            Some((_, own)) => own.push(end.verb),
            None => verbs.push((&end.by, vec![end.verb])),
        }
    }
    let sentences: Vec<String> = verbs
        .into_iter()
        .map(|(by, verbs)| {
            let is_harsh =
                verbs.iter().any(|verb| verb.starts_with("bãi bỏ") || verb.starts_with("ngưng"));
            let start = if is_harsh { "bị" } else { "được" };
            let by = if by.is_empty() { "văn bản khác" } else { by };
            format!("{start} {} bởi {by}", verbs.join(", "))
        })
        .collect();
    vi::capitalised(&sentences.join("; "))
}

/// A document touched when another one changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TouchedDocument {
    /// The document.
    pub document: ListedDocument,
    /// Its state on the day.
    pub state: Option<State>,
    /// Issued by a province or commune.
    pub is_local: bool,
    /// How it hangs on the one that changes: "căn cứ ban hành", "dẫn chiếu" ….
    pub ties: BTreeSet<&'static str>,
}

/// A procedure of the content touched when a document changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TouchedProcedure {
    /// Its name in addresses.
    pub slug: String,
    /// National code.
    pub code: String,
    /// Name.
    pub name: String,
    /// The provisions on which it stands, with what they rule.
    pub provisions: Vec<(String, String)>,
}

/// The procedures whose legal basis names a document, those received on a day.
#[must_use]
pub fn touched_procedures(
    procedures: &[Arc<Procedure>],
    number: &str,
    day: Date,
) -> Vec<TouchedProcedure> {
    let key = symbol::key(number);
    if key.is_empty() {
        return Vec::new();
    }
    let in_force = procedures
        .iter()
        .filter(|one| one.valid_from <= day && one.valid_to.is_none_or(|last| last >= day));
    let mut found: Vec<TouchedProcedure> = in_force
        .filter_map(|procedure| {
            let bases = procedure.legal_bases.iter();
            let provisions: Vec<(String, String)> = bases
                .filter(|basis| symbol::key(&basis.document) == key)
                .map(|basis| (basis.provision.clone(), basis.title.clone()))
                .collect();
            (!provisions.is_empty()).then(|| TouchedProcedure {
                slug: procedure.slug.clone(),
                code: procedure.code.clone(),
                name: procedure.name.vi.clone(),
                provisions,
            })
        })
        .collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

/// The documents that hang on a document, the local ones first; those no longer in force are left out.
///
/// # Errors
/// When the database cannot be read.
pub async fn touched_documents(
    corpus: &Corpus,
    number: &str,
    day: Date,
) -> Result<Vec<TouchedDocument>> {
    let key = symbol::key(number);
    if key.is_empty() {
        return Ok(Vec::new());
    }
    let asked = key.clone();
    let read = corpus.store().read_at_length(move |tx| {
        let relations = store::law::relations_to_document(tx, &asked)?;
        Ok((relations, store::law::all_documents(tx)?, store::law::endings(tx)?))
    });
    let (relations, documents, endings) = read.await?;
    Ok(touched(&key, &relations, &documents, &endings, day))
}

fn touched(
    key: &str,
    relations: &[RelationRow],
    documents: &[DocumentRow],
    endings: &[Ending],
    day: Date,
) -> Vec<TouchedDocument> {
    let ends = ends(documents, endings);
    let by_id: BTreeMap<i64, &DocumentRow> = documents.iter().map(|row| (row.id, row)).collect();
    let mut found: BTreeMap<String, TouchedDocument> = BTreeMap::new();
    for relation in relations {
        let Some(row) = by_id.get(&relation.document).filter(|row| row.key != key) else {
            continue;
        };
        let Some(tie) = tie(&relation.kind) else { continue };
        let own = ends.get(&row.key).map(Vec::as_slice).unwrap_or_default();
        let (state, document) = listed(row, own, day);
        if state == State::Expired {
            continue;
        }
        let is_local = is_local(&row.issuer, &row.key);
        let entry = found.entry(row.key.clone()).or_insert_with(|| TouchedDocument {
            document,
            state: Some(state),
            is_local,
            ties: BTreeSet::new(),
        });
        entry.ties.insert(tie);
    }
    let mut found: Vec<TouchedDocument> = found.into_values().collect();
    found.sort_by(|a, b| {
        b.is_local.cmp(&a.is_local).then_with(|| b.document.issued_on.cmp(&a.document.issued_on))
    });
    found
}

fn tie(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "basis" => "căn cứ ban hành",
        "guides" => "quy định chi tiết, hướng dẫn",
        "amends" | "adds-to" => "sửa đổi, bổ sung",
        "consolidates" => "hợp nhất",
        "related" | "cites" => "dẫn chiếu",
        _ => return None,
    })
}

/// Issued by a council or committee of a province or commune.
fn is_local(issuer: &str, key: &str) -> bool {
    let issuer = tokens(issuer).join(" ");
    ["uy ban nhan dan", "hoi dong nhan dan"].iter().any(|start| issuer.contains(start))
        || ["ubnd", "hdnd"].iter().any(|end| key.split('-').any(|part| part == *end))
}

#[cfg(test)]
mod tests;
