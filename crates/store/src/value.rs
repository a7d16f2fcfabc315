//! Values that go into and come out of the database, the same for both engines.

use kernel::error::{Error, Result};

/// One bound parameter or one column of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// NULL.
    Null,
    /// INTEGER or BIGINT.
    Int(i64),
    /// TEXT.
    Text(String),
    /// BLOB or BYTEA.
    Blob(Vec<u8>),
}

macro_rules! from {
    ($($kind:ty => $variant:ident, $into:expr;)*) => {
        $(impl From<$kind> for Value {
            fn from(value: $kind) -> Self {
                let into: fn($kind) -> _ = $into;
                Self::$variant(into(value))
            }
        })*
    };
}

from! {
    i64 => Int, |value| value;
    u32 => Int, i64::from;
    bool => Int, i64::from;
    String => Text, |value| value;
    &str => Text, str::to_owned;
    &String => Text, String::clone;
    Vec<u8> => Blob, |value| value;
    &[u8] => Blob, <[u8]>::to_vec;
    [u8; 32] => Blob, |value| value.to_vec();
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A row: its columns are taken out once, from left to right or by place.
#[derive(Debug)]
pub struct Row(pub(crate) Vec<Value>);

impl Row {
    fn take(&mut self, column: usize) -> Result<Value> {
        match self.0.get_mut(column) {
            Some(value) => Ok(std::mem::replace(value, Value::Null)),
            None => Err(Error::internal(format!("row has no column {column}"))),
        }
    }

    /// An integer that is never NULL.
    pub fn int(&mut self, column: usize) -> Result<i64> {
        match self.take(column)? {
            Value::Int(value) => Ok(value),
            other => Err(unexpected(column, "integer", &other)),
        }
    }

    /// An integer or NULL.
    pub fn optional_int(&mut self, column: usize) -> Result<Option<i64>> {
        match self.take(column)? {
            Value::Int(value) => Ok(Some(value)),
            Value::Null => Ok(None),
            other => Err(unexpected(column, "integer", &other)),
        }
    }

    /// A truth value stored as 0 or 1.
    pub fn boolean(&mut self, column: usize) -> Result<bool> {
        Ok(self.int(column)? != 0)
    }

    /// A text that is never NULL.
    pub fn text(&mut self, column: usize) -> Result<String> {
        match self.take(column)? {
            Value::Text(value) => Ok(value),
            other => Err(unexpected(column, "text", &other)),
        }
    }

    /// A text or NULL.
    pub fn optional_text(&mut self, column: usize) -> Result<Option<String>> {
        match self.take(column)? {
            Value::Text(value) => Ok(Some(value)),
            Value::Null => Ok(None),
            other => Err(unexpected(column, "text", &other)),
        }
    }

    /// Bytes that are never NULL.
    pub fn blob(&mut self, column: usize) -> Result<Vec<u8>> {
        match self.take(column)? {
            Value::Blob(value) => Ok(value),
            other => Err(unexpected(column, "bytes", &other)),
        }
    }

    /// Bytes or NULL.
    pub fn optional_blob(&mut self, column: usize) -> Result<Option<Vec<u8>>> {
        match self.take(column)? {
            Value::Blob(value) => Ok(Some(value)),
            Value::Null => Ok(None),
            other => Err(unexpected(column, "bytes", &other)),
        }
    }
}

/// Says what kind was found, never the value: it may be personal.
fn unexpected(column: usize, wanted: &str, found: &Value) -> Error {
    let found = match found {
        Value::Null => "null",
        Value::Int(_) => "integer",
        Value::Text(_) => "text",
        Value::Blob(_) => "bytes",
    };
    Error::internal(format!("column {column}: expected {wanted}, found {found}"))
}
