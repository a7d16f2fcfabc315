//! The document as Akoma Ntoso 3.0 (OASIS LegalDocML), and back.
//!
//! Phần, Chương, Mục, Tiểu mục, Điều, Khoản, Điểm are `part`, `chapter`, `section`, `subsection`, `article`,
//! `paragraph`, `point`. What [`write`] gives, [`read`] reads back to the same document, but for: doubts,
//! which are about the reading of another file; white space, which becomes single; control characters,
//! which XML does not allow; the tail of a unit without children, which joins its blocks.

mod read;
mod write;
mod xml;

use jiff::civil::Date;

use crate::model::LegalDocument;
use crate::symbol;

pub use read::read;
pub use write::write;

/// What the addresses inside the file are made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AknIdentity {
    /// The document's key, [`symbol::key`] of its number: `57-2020-qh14`.
    pub key: String,
    /// Day of issue; its year stands in the address.
    pub issued_on: Option<Date>,
    /// Day of the version that the file holds.
    pub version_on: Option<Date>,
}

impl AknIdentity {
    /// The identity of a document as its metadata give it, in its first version.
    #[must_use]
    pub fn of(document: &LegalDocument) -> Self {
        let metadata = &document.metadata;
        // A consolidation takes over the day of effect of the document that it consolidates.
        let is_consolidation = !metadata.consolidates.is_empty();
        let effective_on = metadata.effective_on.filter(|_| !is_consolidation);
        Self {
            key: metadata.number.as_deref().map(symbol::key).unwrap_or_default(),
            issued_on: metadata.issued_on,
            version_on: effective_on.or(metadata.issued_on),
        }
    }

    /// The address of the work: `/akn/vn/act/2020-06-16/57-2020-qh14`.
    #[must_use]
    pub fn work(&self) -> String {
        let key = if self.key.is_empty() { "khong-so" } else { &self.key };
        match self.issued_on {
            Some(day) => format!("/akn/vn/act/{day}/{key}"),
            None => format!("/akn/vn/act/nd/{key}"),
        }
    }

    /// The address of the version in Vietnamese: `/akn/vn/act/2020-06-16/57-2020-qh14/vie@2021-01-01`.
    #[must_use]
    pub fn expression(&self) -> String {
        match self.version_on {
            Some(day) => format!("{}/vie@{day}", self.work()),
            None => format!("{}/vie@", self.work()),
        }
    }
}

#[cfg(test)]
mod tests;
