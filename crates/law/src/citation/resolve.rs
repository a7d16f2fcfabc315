//! From what a citation names to an address of the corpus.

use serde::{Deserialize, Serialize};

use super::place::Level;
use super::{Citation, DocumentRef, Place};
use crate::model::UnitKind;

/// Where a citation stands.
#[derive(Clone, Copy, Debug, Default)]
pub struct Here<'a> {
    /// Key of the document ([`crate::symbol::key`]).
    pub document: &'a str,
    /// The unit, from the largest to the one that has the text: `[(Article, "5"), (Clause, "2")]`.
    pub path: &'a [(UnitKind, &'a str)],
}

/// What a citation leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// The document; never `Here` or `This`.
    pub document: DocumentRef,
    /// The place in it: `dieu-5/khoan-2/diem-a`; empty for the document as a whole.
    pub path: String,
    /// The last place of a range.
    pub to: Option<String>,
}

/// The address of a citation; `None` where the place cannot be known, such as "khoản 2" outside any article.
#[must_use]
pub fn resolve(citation: &Citation, here: &Here<'_>) -> Option<Address> {
    let target = &citation.target;
    let is_own = matches!(target.document, DocumentRef::Here | DocumentRef::This { .. });
    let document = if is_own {
        DocumentRef::Number {
            key: here.document.to_owned(),
            text: String::new(),
            kind: None,
            name: None,
        }
    } else {
        target.document.clone()
    };
    let path = |place: &Place| {
        if is_own { own_path(place, target.this, here) } else { Some(path_of(place)) }
    };
    let to = match &target.to {
        Some(place) => Some(path(place)?),
        None => None,
    };
    Some(Address { document, path: path(&target.place)?, to })
}

/// The place, with what is left out taken from where the citation stands.
fn own_path(place: &Place, this: Option<UnitKind>, here: &Here<'_>) -> Option<String> {
    let mut whole = place.clone();
    if whole.annex.is_some() {
        return Some(path_of(&whole));
    }
    let take = |kind: UnitKind| {
        here.path.iter().find(|(unit, _)| *unit == kind).map(|(_, number)| (*number).to_owned())
    };
    let top = whole.top();
    if let Some(this) = this {
        let level = Level::ALL.into_iter().find(|level| level.unit() == Some(this))?;
        *whole.slot(level) = Some(take(this)?);
    }
    let highest = this.map_or(top, |this| Level::ALL.into_iter().find(|l| l.unit() == Some(this)));
    match highest {
        None => return Some(String::new()),
        Some(Level::Clause) => whole.article = Some(take(UnitKind::Article)?),
        Some(Level::Point | Level::Subpoint) => {
            whole.article = Some(take(UnitKind::Article)?);
            // Some articles have points without clauses.
            whole.clause = take(UnitKind::Clause);
            if highest == Some(Level::Subpoint) {
                whole.point = take(UnitKind::Point);
            }
        }
        Some(Level::Section) => {
            whole.chapter = take(UnitKind::Chapter);
            if whole.chapter.is_none() {
                whole.part = take(UnitKind::Part);
            }
        }
        Some(Level::Subsection) => {
            whole.chapter = take(UnitKind::Chapter);
            whole.section = take(UnitKind::Section);
        }
        Some(Level::Annex | Level::Part | Level::Chapter | Level::Article) => {}
    }
    Some(path_of(&whole))
}

/// Articles are numbered through a whole document, so nothing stands above them in an address.
fn path_of(place: &Place) -> String {
    let mut steps = Vec::new();
    let from = if place.article.is_some() { Level::Article } else { Level::Part };
    if let Some(annex) = &place.annex {
        let number = kernel::text::tokens(annex).join("-");
        steps.push(format!("phu-luc-{number}"));
    }
    for level in Level::ALL.into_iter().filter(|level| *level >= from || place.annex.is_some()) {
        if let (Some(unit), Some(number)) = (level.unit(), place.get(level)) {
            steps.push(unit.step(number));
        }
    }
    steps.join("/")
}
