//! Adding a revision at the end of a file (ISO 32000-1, 7.5.6): new and changed objects, a
//! cross-reference table of these, a trailer that points back. Not a byte before it changes.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::Refusal;
use super::file::PdfFile;
use super::object::Object;

/// A revision being written.
pub(crate) struct Update<'a> {
    file: &'a PdfFile<'a>,
    out: Vec<u8>,
    offsets: BTreeMap<u32, (usize, u16)>,
    next: u32,
}

impl<'a> Update<'a> {
    pub fn new(file: &'a PdfFile<'a>) -> Result<Update<'a>, Refusal> {
        let mut out = file.bytes().to_vec();
        if out.last() != Some(&b'\n') {
            out.push(b'\n');
        }
        Ok(Update { file, out, offsets: BTreeMap::new(), next: file.next_number()? })
    }

    /// A number for a new object.
    pub fn reserve(&mut self) -> u32 {
        let number = self.next;
        self.next += 1;
        number
    }

    /// Writes an object under a reserved number, or the new state of an old one.
    pub fn put(&mut self, number: u32, generation: u16, object: &Object) {
        let mut body = Vec::new();
        object.write(&mut body);
        self.put_raw(number, generation, &body);
    }

    /// The same with the body as it is to stand; answers where the body starts in the file.
    pub fn put_raw(&mut self, number: u32, generation: u16, body: &[u8]) -> usize {
        self.offsets.insert(number, (self.out.len(), generation));
        self.out.extend(format!("{number} {generation} obj\n").as_bytes());
        let start = self.out.len();
        self.out.extend(body);
        self.out.extend(b"\nendobj\n");
        start
    }

    /// Writes table and trailer; the whole file.
    pub fn finish(mut self) -> Vec<u8> {
        let table = self.out.len();
        self.out.extend(b"xref\n");
        for (number, (offset, generation)) in &self.offsets {
            // One section for each object: rarely more than five, and never wrong.
            let entry = format!("{number} 1\n{offset:010} {generation:05} n \n");
            self.out.extend(entry.as_bytes());
        }
        let mut trailer = self.file.trailer().clone();
        trailer.set("Size", Object::Integer(self.next.into()));
        let previous = i64::try_from(self.file.newest_table()).unwrap_or(i64::MAX);
        trailer.set("Prev", Object::Integer(previous));
        // The first identifier names the document, the second the revision.
        let first = trailer.get("ID").and_then(Object::as_array).and_then(<[_]>::first).cloned();
        let revision = Sha256::digest(&self.out).iter().take(16).copied().collect();
        let revision = Object::String(revision);
        let first = first.unwrap_or_else(|| revision.clone());
        trailer.set("ID", Object::Array(vec![first, revision]));
        self.out.extend(b"trailer\n");
        Object::Dictionary(trailer).write(&mut self.out);
        self.out.extend(format!("\nstartxref\n{table}\n%%EOF\n").as_bytes());
        self.out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::Dictionary;
    use crate::testing;

    #[test]
    fn a_revision_leaves_every_earlier_byte_as_it_was() {
        let bytes = testing::pdf();
        let file = PdfFile::read(&bytes).unwrap();
        let mut update = Update::new(&file).unwrap();
        let number = update.reserve();
        update.put(number, 0, &Object::Integer(42));
        let changed = Dictionary::default().with("Type", Object::name("Catalog"));
        update.put(1, 0, &Object::Dictionary(changed.clone()));
        let out = update.finish();

        assert!(out.starts_with(&bytes));
        let file = PdfFile::read(&out).unwrap();
        assert_eq!(file.resolve(&Object::Reference(number, 0)).unwrap(), Object::Integer(42));
        assert_eq!(file.dictionary(&Object::Reference(1, 0)).unwrap(), changed);
        assert!(file.dictionary(&Object::Reference(2, 0)).unwrap().is_of_type("Pages"));
        assert_eq!(file.next_number().unwrap(), number + 1);
    }
}
