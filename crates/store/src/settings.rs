//! Settings kept in the database, such as which key signs.

use kernel::error::Result;

use crate::tx::Tx;

/// The value of a setting.
///
/// # Errors
/// When the database cannot be read.
pub fn get(tx: &mut Tx<'_>, name: &str) -> Result<Option<String>> {
    tx.query_one("SELECT value FROM setting WHERE name = ?1", vec![name.into()])?
        .map(|mut row| row.text(0))
        .transpose()
}

/// Sets a setting.
pub fn set(tx: &mut Tx<'_>, name: &str, value: &str) {
    tx.write(
        "INSERT INTO setting (name, value) VALUES (?1, ?2) \
         ON CONFLICT (name) DO UPDATE SET value = ?2",
        vec![name.into(), value.into()],
    );
}

/// Answers whether the database can be read at all.
///
/// # Errors
/// When it cannot.
pub fn ping(tx: &mut Tx<'_>) -> Result<()> {
    tx.query_one("SELECT 1", vec![]).map(|_| ())
}
