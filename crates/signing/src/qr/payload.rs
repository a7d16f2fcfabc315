//! What the code on a paper says, and its bytes.

use jiff::Span;
use jiff::civil::Date;
use kernel::{Error, Result};
use serde::Serialize;

use super::QrError;
use crate::key::KeyId;

const VERSION: u8 = 1;
const EPOCH: Date = jiff::civil::date(1970, 1, 1);
/// One text in a code is never longer than this, in bytes.
const LONGEST_TEXT: usize = 1_000;
const MOST_FIELDS: u64 = 40;

/// What the code on a paper says. Everything in it may be seen by whoever holds the paper.
#[derive(Serialize, Clone, Debug, PartialEq, Eq)]
pub struct Payload {
    /// Id of the document; never negative.
    pub document: i64,
    /// Id of the register, or empty.
    pub register: String,
    /// Number in the register.
    pub number: u32,
    /// Book of the register; 0 where it has none.
    pub book: u32,
    /// Year of the number.
    pub year: u16,
    /// Code of the unit that issued it.
    pub unit: String,
    /// Version of the register entry that the paper shows.
    pub entry_version: u32,
    /// Day of issue, not before 1970.
    pub issued_on: Date,
    /// Ids and texts of the fields that it shows, in order.
    pub fields: Vec<(String, String)>,
}

impl Payload {
    /// One payload has one form: numbers in the shortest way, texts as given, fields in order.
    pub(super) fn to_bytes(&self, key: KeyId) -> Result<Vec<u8>> {
        let wrong = |what: &str| Error::internal(format!("a code on paper with {what}"));
        let days = EPOCH.until(self.issued_on).map_err(Error::internal)?.get_days();
        let mut bytes = vec![VERSION];
        bytes.extend(key.0);
        let document = u64::try_from(self.document).map_err(|_| wrong("a negative document id"))?;
        put_number(&mut bytes, document);
        put_text(&mut bytes, &self.register)?;
        put_number(&mut bytes, self.number.into());
        put_number(&mut bytes, self.book.into());
        put_number(&mut bytes, self.year.into());
        put_text(&mut bytes, &self.unit)?;
        put_number(&mut bytes, self.entry_version.into());
        put_number(&mut bytes, u64::try_from(days).map_err(|_| wrong("a day before 1970"))?);
        let count = u64::try_from(self.fields.len()).unwrap_or(u64::MAX);
        if count > MOST_FIELDS {
            return Err(wrong("too many fields"));
        }
        put_number(&mut bytes, count);
        for (id, text) in &self.fields {
            put_text(&mut bytes, id)?;
            put_text(&mut bytes, text)?;
        }
        Ok(bytes)
    }

    /// The reverse; nothing may be left over.
    pub(super) fn from_bytes(bytes: &[u8]) -> Result<(KeyId, Payload), QrError> {
        match bytes.first() {
            Some(&VERSION) => {}
            Some(version) => return Err(QrError::UnknownVersion(*version)),
            None => return Err(QrError::Malformed),
        }
        let mut reader = Reader(bytes.get(1..).unwrap_or_default());
        reader.payload().filter(|_| reader.0.is_empty()).ok_or(QrError::Malformed)
    }
}

/// Seven bits a byte, the lowest first; the top bit says that more follow (LEB128).
fn put_number(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push((number & 0x7F) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn put_text(bytes: &mut Vec<u8>, text: &str) -> Result<()> {
    if text.len() > LONGEST_TEXT {
        return Err(Error::internal("a code on paper with too long a text"));
    }
    put_number(bytes, text.len() as u64);
    bytes.extend(text.as_bytes());
    Ok(())
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn payload(&mut self) -> Option<(KeyId, Payload)> {
        let (key, rest) = self.0.split_first_chunk::<4>()?;
        let key = KeyId(*key);
        self.0 = rest;
        let mut payload = Payload {
            document: self.number()?.try_into().ok()?,
            register: self.text()?,
            number: self.number()?.try_into().ok()?,
            book: self.number()?.try_into().ok()?,
            year: self.number()?.try_into().ok()?,
            unit: self.text()?,
            entry_version: self.number()?.try_into().ok()?,
            issued_on: self.day()?,
            fields: Vec::new(),
        };
        let count = self.number().filter(|count| *count <= MOST_FIELDS)?;
        for _ in 0..count {
            payload.fields.push((self.text()?, self.text()?));
        }
        Some((key, payload))
    }

    fn number(&mut self) -> Option<u64> {
        let mut number: u64 = 0;
        for shift in (0..64).step_by(7) {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            let bits = u64::from(byte & 0x7F);
            if bits << shift >> shift != bits {
                return None;
            }
            number |= bits << shift;
            if byte < 0x80 {
                // A last byte of zero could have been left out: a second way to write the number.
                return (byte != 0 || shift == 0).then_some(number);
            }
        }
        None
    }

    fn text(&mut self) -> Option<String> {
        let length = usize::try_from(self.number()?).ok().filter(|n| *n <= LONGEST_TEXT)?;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        std::str::from_utf8(text).ok().map(str::to_owned)
    }

    fn day(&mut self) -> Option<Date> {
        let days: i32 = self.number()?.try_into().ok()?;
        let span: Span = Span::new().try_days(days).ok()?;
        EPOCH.checked_add(span).ok()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    const KEY: KeyId = KeyId([1, 2, 3, 4]);

    fn any_payload() -> impl Strategy<Value = Payload> {
        (
            (0..=i64::MAX, "[a-z-]{0,12}", any::<u32>(), any::<u32>(), any::<u16>()),
            ("[0-9]{0,5}", any::<u32>(), 0..60_000i32),
            proptest::collection::vec(("[a-z_.]{1,12}", "\\PC{0,40}"), 0..10),
        )
            .prop_map(
                |((document, register, number, book, year), (unit, version, day), fields)| {
                    Payload {
                        document,
                        register,
                        number,
                        book,
                        year,
                        unit,
                        entry_version: version,
                        issued_on: EPOCH.checked_add(Span::new().days(day)).unwrap(),
                        fields,
                    }
                },
            )
    }

    proptest! {
        #[test]
        fn a_payload_comes_back_as_it_was(payload in any_payload()) {
            let bytes = payload.to_bytes(KEY).unwrap();
            prop_assert_eq!(Payload::from_bytes(&bytes), Ok((KEY, payload)));
        }

        #[test]
        fn bytes_that_are_read_are_the_only_form_of_their_payload(
            mut bytes in proptest::collection::vec(any::<u8>(), 0..60)
        ) {
            if let Some(first) = bytes.first_mut() {
                *first = VERSION;
            }
            if let Ok((key, payload)) = Payload::from_bytes(&bytes) {
                prop_assert_eq!(payload.to_bytes(key).unwrap(), bytes);
            }
        }
    }

    #[test]
    fn nothing_may_be_left_over_or_missing() {
        let payload = crate::qr::tests::birth();
        let mut bytes = payload.to_bytes(KEY).unwrap();
        for length in 0..bytes.len() {
            assert!(Payload::from_bytes(&bytes[..length]).is_err(), "cut at {length}");
        }
        bytes.push(0);
        assert_eq!(Payload::from_bytes(&bytes), Err(QrError::Malformed));
        bytes[0] = 9;
        assert_eq!(Payload::from_bytes(&bytes), Err(QrError::UnknownVersion(9)));
    }

    #[test]
    fn what_a_code_cannot_hold_is_an_error() {
        let good = crate::qr::tests::birth();
        let field = |text: &str| ("a".to_owned(), text.to_owned());
        for wrong in [
            Payload { document: -1, ..good.clone() },
            Payload { issued_on: date(1969, 12, 31), ..good.clone() },
            Payload { fields: vec![field(&"x".repeat(1_001))], ..good.clone() },
            Payload { fields: vec![field("x"); 41], ..good.clone() },
        ] {
            assert!(wrong.to_bytes(KEY).is_err());
        }
    }
}
