//! The structure of a file: cross-reference tables and trailers (ISO 32000-1, 7.5).

use std::collections::{BTreeMap, BTreeSet};

use super::Refusal;
use super::object::{Dictionary, Object, Parser};

/// Where `startxref` must lie, from the end.
const TAIL: usize = 1_024;
/// No document of ours comes near; an attack would.
const MOST_OBJECTS: usize = 1_000_000;

/// A file with classic cross-reference tables, its newest revision on top.
pub(crate) struct PdfFile<'a> {
    bytes: &'a [u8],
    /// Offset of each object in use; `None` for one that was freed.
    offsets: BTreeMap<u32, Option<(u64, u16)>>,
    trailer: Dictionary,
    newest_table: u64,
}

impl<'a> PdfFile<'a> {
    pub fn read(bytes: &'a [u8]) -> Result<PdfFile<'a>, Refusal> {
        if !bytes.starts_with(b"%PDF-") {
            return Err("not a pdf");
        }
        let newest_table = start_of_table(bytes)?;
        let mut file = PdfFile {
            bytes,
            offsets: BTreeMap::new(),
            trailer: Dictionary::default(),
            newest_table,
        };
        let mut next = Some(newest_table);
        let mut seen = BTreeSet::new();
        while let Some(offset) = next {
            if !seen.insert(offset) {
                return Err("cross-reference tables in a ring");
            }
            let trailer = file.read_table(offset)?;
            next = match trailer.get("Prev") {
                None => None,
                Some(previous) => Some(unsigned(previous).ok_or("a bad /Prev")?),
            };
            if seen.len() == 1 {
                file.trailer = trailer;
            }
        }
        if file.trailer.get("Root").is_none() {
            return Err("no /Root");
        }
        Ok(file)
    }

    /// Reads one table; what a newer one said stays.
    fn read_table(&mut self, offset: u64) -> Result<Dictionary, Refusal> {
        let offset = usize::try_from(offset).map_err(|_| "a bad offset")?;
        let mut parser = Parser::at(self.bytes, offset);
        if !parser.keyword("xref") {
            return Err("no cross-reference table (a cross-reference stream?)");
        }
        while !parser.keyword("trailer") {
            let first = parser.unsigned().ok_or("a bad cross-reference section")?;
            let count = parser.unsigned().ok_or("a bad cross-reference section")?;
            for index in 0..count {
                let offset = parser.unsigned().ok_or("a bad cross-reference entry")?;
                let generation = parser.unsigned().ok_or("a bad cross-reference entry")?;
                let generation = u16::try_from(generation).map_err(|_| "a bad generation")?;
                let entry = if parser.keyword("n") {
                    Some((offset, generation))
                } else if parser.keyword("f") {
                    None
                } else {
                    return Err("a bad cross-reference entry");
                };
                let number = first.checked_add(index).and_then(|n| u32::try_from(n).ok());
                self.offsets.entry(number.ok_or("a bad object number")?).or_insert(entry);
                if self.offsets.len() > MOST_OBJECTS {
                    return Err("too many objects");
                }
            }
        }
        let Object::Dictionary(trailer) = parser.object()? else {
            return Err("a bad trailer");
        };
        if trailer.get("Encrypt").is_some() {
            return Err("encrypted");
        }
        if trailer.get("XRefStm").is_some() {
            return Err("a hybrid file with cross-reference streams");
        }
        Ok(trailer)
    }

    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    pub fn trailer(&self) -> &Dictionary {
        &self.trailer
    }

    /// Offset of the newest cross-reference table.
    pub fn newest_table(&self) -> u64 {
        self.newest_table
    }

    /// The first object number that no object has.
    pub fn next_number(&self) -> Result<u32, Refusal> {
        let size = self.trailer.get("Size").and_then(unsigned).ok_or("no /Size")?;
        let highest = self.offsets.keys().next_back().map_or(0, |number| u64::from(*number) + 1);
        u32::try_from(size.max(highest)).ok().filter(|n| *n < 8_388_607).ok_or("a bad /Size")
    }

    /// The object that a reference leads to; anything else is itself.
    pub fn resolve(&self, object: &Object) -> Result<Object, Refusal> {
        let Object::Reference(number, generation) = *object else {
            return Ok(object.clone());
        };
        let Some(Some((offset, known))) = self.offsets.get(&number) else {
            return Ok(Object::Null);
        };
        let offset = usize::try_from(*offset).map_err(|_| "a bad offset")?;
        let mut parser = Parser::at(self.bytes, offset);
        if parser.object_header() != Some((number, generation)) || *known != generation {
            return Err("an object is not where the table says");
        }
        let object = parser.object()?;
        if matches!(object, Object::Reference(..)) {
            return Err("a reference to a reference");
        }
        Ok(object)
    }

    pub fn dictionary(&self, object: &Object) -> Result<Dictionary, Refusal> {
        match self.resolve(object)? {
            Object::Dictionary(dictionary) => Ok(dictionary),
            _ => Err("not a dictionary"),
        }
    }
}

fn start_of_table(bytes: &[u8]) -> Result<u64, Refusal> {
    const WORD: &[u8] = b"startxref";
    let tail_start = bytes.len().saturating_sub(TAIL);
    let tail = bytes.get(tail_start..).unwrap_or_default();
    let at = tail.windows(WORD.len()).rposition(|w| w == WORD).ok_or("no startxref")?;
    let mut parser = Parser::at(bytes, tail_start + at + WORD.len());
    let offset = parser.unsigned().ok_or("a bad startxref")?;
    if !bytes.get(parser.position()..).unwrap_or_default().trim_ascii_start().starts_with(b"%%EOF")
    {
        return Err("no %%EOF");
    }
    Ok(offset)
}

fn unsigned(object: &Object) -> Option<u64> {
    object.as_integer().and_then(|number| u64::try_from(number).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing;

    #[test]
    fn objects_are_found_through_the_table() {
        let bytes = testing::pdf();
        let file = PdfFile::read(&bytes).unwrap();
        let catalog = file.dictionary(file.trailer().get("Root").unwrap()).unwrap();
        assert!(catalog.is_of_type("Catalog"));
        assert_eq!(file.next_number().unwrap(), 5);
        assert_eq!(file.resolve(&Object::Reference(99, 0)).unwrap(), Object::Null);
    }

    #[test]
    fn forms_that_we_do_not_write_are_refused_not_guessed() {
        let text = String::from_utf8(testing::pdf()).unwrap();
        for (from, to) in [
            ("%PDF-1.7", "PDF-1.7"),
            ("/Root 1 0 R", "/Root 1 0 R/Encrypt 4 0 R"),
            ("/Root 1 0 R", "/Root 1 0 R/XRefStm 10"),
            ("/Root 1 0 R", ""),
            ("xref\n0 5", "5 0 obj\n0 5"),
            ("%%EOF", ""),
            ("startxref", "startxxxx"),
        ] {
            let changed = text.replacen(from, to, 1);
            assert_ne!(changed, text);
            assert!(PdfFile::read(changed.as_bytes()).is_err(), "{from} -> {to}");
        }
    }

    #[test]
    fn a_ring_of_tables_ends() {
        let text = String::from_utf8(testing::pdf()).unwrap();
        let table = text.rfind("xref\n0 5").unwrap();
        let ring = text.replacen("/Root 1 0 R", &format!("/Root 1 0 R/Prev {table}"), 1);
        assert_eq!(PdfFile::read(ring.as_bytes()).err(), Some("cross-reference tables in a ring"));
    }

    proptest! {
        #[test]
        fn a_damaged_file_is_read_without_a_panic(at in 0..1000usize, byte in any::<u8>()) {
            let mut bytes = testing::pdf();
            let at = at % bytes.len();
            bytes[at] = byte;
            if let Ok(file) = PdfFile::read(&bytes) {
                let _ = file.resolve(&Object::Reference(1, 0));
            }
        }
    }
}
