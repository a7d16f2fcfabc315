//! What became of a document and its provisions, and so their state on a day.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kernel::error::Result;
use law::citation::{Citation, Here, resolve};
use law::effect::{EffectEvent, EventKind, State, Verb, instructions, state, state_within};
use law::model::LegalDocument;
use store::Tx;
use store::law::{DocumentRow, ProvisionRow, RelationRow};

use super::names::Names;
use super::{Change, Reference, place_words};
use crate::law::dates;

/// Acting documents that are read, at most: a law amended more often than this is told apart by its notes.
const MOST_ACTING: usize = 20;

/// What another document does to this one.
pub(super) struct Deed {
    pub(super) verb: Verb,
    /// Where: empty for the whole.
    pub(super) path: String,
    partly: bool,
    day: Option<Date>,
    by: String,
}

/// What the documents that were read whole do to this one.
pub(super) fn deeds(tx: &mut Tx<'_>, names: &Names, document: &DocumentRow) -> Result<Vec<Deed>> {
    let relations = store::law::relations_to_document(tx, &document.key)?;
    let acting: BTreeSet<i64> = relations
        .iter()
        .filter(|relation| is_deed(&relation.kind) && relation.document != document.id)
        .map(|relation| relation.document)
        .collect();
    let mut deeds = Vec::new();
    for id in acting.into_iter().take(MOST_ACTING) {
        let Some(by) = names.by_id(id) else { continue };
        let Some(body) = store::law::body(tx, id)? else { continue };
        // A body that cannot be read any more tells nothing about others.
        let Ok(acting) = serde_json::from_str::<LegalDocument>(&body) else { continue };
        let begins = by.effective_on.as_deref().and_then(dates::day);
        for instruction in instructions(&acting) {
            let citation =
                Citation { start: 0, end: 0, phrase: (0, 0), target: instruction.target.clone() };
            if names.key_of(&citation.target.document) != Some(document.key.as_str()) {
                continue;
            }
            let Some(address) = resolve(&citation, &Here::default()) else { continue };
            deeds.push(Deed {
                verb: instruction.verb,
                path: address.path,
                partly: instruction.partly,
                day: instruction.effective_on.or(begins),
                by: by.key.clone(),
            });
        }
    }
    Ok(deeds)
}

fn is_deed(kind: &str) -> bool {
    matches!(
        kind,
        "amends" | "adds-to" | "partly-repeals" | "repeals" | "replaces" | "suspends" | "corrects"
    )
}

impl Deed {
    fn event(&self, is_whole: bool) -> Option<EffectEvent> {
        let kind = match self.verb {
            Verb::Guide => return None,
            Verb::Repeal | Verb::Replace if is_whole && !self.partly => EventKind::Repealed,
            Verb::Repeal | Verb::Replace => EventKind::PartlyRepealed,
            Verb::Suspend if is_whole => EventKind::Suspended { until: None },
            _ => EventKind::Amended,
        };
        Some(EffectEvent { day: self.day?, kind, by: Some(self.by.clone()) })
    }

    /// Does it touch this provision, and if so, the whole of it?
    fn touches(&self, path: &str) -> Option<bool> {
        if self.path == path {
            return Some(true);
        }
        // "Điều 5" of a regulation that is issued along with a decision.
        let (_, own) = path.rsplit_once('/').unwrap_or(("", path));
        let rest = self.path.strip_prefix(path).or_else(|| self.path.strip_prefix(own))?;
        (rest.is_empty() || rest.starts_with('/')).then_some(rest.is_empty())
    }

    fn change(&self, names: &Names) -> Change {
        Change {
            verb: words(self.verb).to_owned(),
            place: place_words(&self.path),
            by: document_reference(names, &self.by, ""),
            day: self.day,
        }
    }
}

/// A document as something that may be opened.
pub(super) fn document_reference(names: &Names, key: &str, otherwise: &str) -> Reference {
    match names.first(key) {
        Some(row) => {
            let view = names.view(row);
            let detail = view.title.clone().unwrap_or_default();
            Reference { href: Some(view.href()), text: view.name(), detail }
        }
        None if otherwise.is_empty() => Reference {
            href: None,
            text: format!("văn bản số {}", key.to_uppercase()),
            detail: String::new(),
        },
        None => Reference { href: None, text: otherwise.to_owned(), detail: String::new() },
    }
}

fn words(verb: Verb) -> &'static str {
    match verb {
        Verb::Amend => "Sửa đổi, bổ sung",
        Verb::Add => "Bổ sung",
        Verb::ReplacePhrase => "Thay cụm từ",
        Verb::Repeal => "Bãi bỏ",
        Verb::Replace => "Thay thế",
        Verb::Suspend => "Ngưng hiệu lực",
        Verb::Guide => "Hướng dẫn",
        Verb::Correct => "Đính chính",
    }
}

/// What a relation of the codification says was done.
fn suffered(relation: &RelationRow) -> Option<(Verb, bool)> {
    Some(match relation.kind.as_str() {
        "amended-by" => (Verb::Amend, false),
        "added-by" => (Verb::Add, false),
        "repealed-by" => (Verb::Repeal, false),
        "partly-repealed-by" => (Verb::Repeal, true),
        "replaced-by" => (Verb::Replace, false),
        "suspended-by" => (Verb::Suspend, false),
        "corrected-by" => (Verb::Correct, false),
        _ => return None,
    })
}

fn deed_of(relation: &RelationRow) -> Option<Deed> {
    let (verb, partly) = suffered(relation)?;
    Some(Deed {
        verb,
        path: String::new(),
        partly,
        day: relation.day.as_deref().and_then(dates::day),
        by: relation.to_document.clone().unwrap_or_default(),
    })
}

/// State of the whole document on a day; `relations` are those of its provisions.
pub(super) fn of_document(
    document: &DocumentRow,
    deeds: &[Deed],
    relations: &[RelationRow],
    day: Date,
) -> State {
    let mut events = life(document.effective_on.as_deref(), document.expires_on.as_deref());
    events.extend(deeds.iter().filter_map(|deed| deed.event(deed.path.is_empty())));
    let parts = relations.iter().filter(|relation| relation.provision.is_some());
    events.extend(parts.filter_map(deed_of).filter_map(|deed| deed.event(false)));
    state(&events, day)
}

/// First and last day, as events.
fn life(from: Option<&str>, to: Option<&str>) -> Vec<EffectEvent> {
    let event = |day: Option<&str>, kind| {
        Some(EffectEvent { day: day.and_then(dates::day)?, kind, by: None })
    };
    [event(from, EventKind::Starts), event(to, EventKind::Repealed)].into_iter().flatten().collect()
}

/// State of a provision on a day; `own` are its relations.
pub(super) fn of_provision(
    document: &DocumentRow,
    provision: &ProvisionRow,
    deeds: &[Deed],
    own: &[RelationRow],
    day: Date,
) -> State {
    let mut whole = life(document.effective_on.as_deref(), document.expires_on.as_deref());
    let of_all = deeds.iter().filter(|deed| deed.path.is_empty());
    // That something in the whole was amended says nothing about this part.
    whole.extend(
        of_all.filter_map(|deed| deed.event(true)).filter(|event| {
            matches!(event.kind, EventKind::Repealed | EventKind::Suspended { .. })
        }),
    );
    let from = provision.valid_from.as_deref();
    let mut events = life(from, provision.valid_to.as_deref());
    // The codification says "bổ sung" of an article that came later: it begins with that day.
    let noted = own.iter().filter_map(deed_of);
    events.extend(noted.filter_map(|deed| deed.event(true)).filter(|event| {
        !(event.kind == EventKind::Amended && Some(event.day) == from.and_then(dates::day))
    }));
    for deed in deeds.iter().filter(|deed| !deed.path.is_empty()) {
        if let Some(is_whole) = deed.touches(&provision.path) {
            events.extend(deed.event(is_whole));
        }
    }
    state_within(&state(&whole, day), &events, day)
}

/// What was done to the document, each once.
pub(super) fn changes_of_document(
    names: &Names,
    deeds: &[Deed],
    relations: &[RelationRow],
) -> Vec<Change> {
    let mut changes: Vec<Change> = deeds.iter().map(|deed| deed.change(names)).collect();
    changes.extend(relations.iter().filter_map(deed_of).map(|deed| deed.change(names)));
    tidy(changes)
}

/// What was done to a provision, each once.
pub(super) fn changes_of_provision(
    names: &Names,
    path: &str,
    deeds: &[Deed],
    own: &[RelationRow],
) -> Vec<Change> {
    let touching =
        deeds.iter().filter(|deed| !deed.path.is_empty() && deed.touches(path).is_some());
    let mut changes: Vec<Change> = touching.map(|deed| deed.change(names)).collect();
    changes.extend(own.iter().filter_map(deed_of).map(|deed| deed.change(names)));
    tidy(changes)
}

fn tidy(mut changes: Vec<Change>) -> Vec<Change> {
    changes.sort_by(|a, b| {
        b.day.cmp(&a.day).then_with(|| a.by.text.cmp(&b.by.text)).then_with(|| a.verb.cmp(&b.verb))
    });
    changes.dedup();
    changes.truncate(60);
    changes
}
