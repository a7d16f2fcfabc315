//! What ends documents, wholly or in part, for lists of what is in force.

use kernel::error::Result;

use crate::tx::Tx;

/// A document that changes or ends another one, seen from either side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ending {
    /// Identifier of the document that says so.
    pub document: i64,
    /// It says so of one of its own provisions.
    pub is_of_provision: bool,
    /// `repeals`, `repealed-by`, `amends` ….
    pub kind: String,
    /// The other document says it of one provision.
    pub is_to_provision: bool,
    /// Key of the other document; absent where it is named otherwise.
    pub other: Option<String>,
    /// First day on which it counts, ISO.
    pub day: Option<String>,
    /// Words that belong to it.
    pub note: Option<String>,
}

/// All that ends or changes documents.
///
/// # Errors
/// When the database cannot be read.
pub fn endings(tx: &mut Tx<'_>) -> Result<Vec<Ending>> {
    let rows = tx.query(
        "SELECT document, provision, kind, to_anchor, to_document, day, note FROM law_relation \
         WHERE kind IN ('repeals', 'replaces', 'partly-repeals', 'amends', 'adds-to', 'suspends', \
         'repealed-by', 'replaced-by', 'partly-repealed-by', 'amended-by', 'added-by', \
         'suspended-by') ORDER BY document",
        vec![],
    )?;
    rows.into_iter()
        .map(|mut row| {
            Ok(Ending {
                document: row.int(0)?,
                is_of_provision: row.optional_int(1)?.is_some(),
                kind: row.text(2)?,
                is_to_provision: row.optional_text(3)?.is_some(),
                other: row.optional_text(4)?,
                day: row.optional_text(5)?,
                note: row.optional_text(6)?,
            })
        })
        .collect()
}
