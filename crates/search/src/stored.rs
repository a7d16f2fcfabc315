//! An index as bytes: written once after an import, read at once when a process starts.

use crate::analyser::Vocabulary;
use crate::index::{Index, Kept, Parts, Rank};
use crate::postings::{Postings, push_number, take_number};

/// First bytes of a stored index; the last one counts up when the layout changes.
const MAGIC: &[u8; 8] = b"TPSINDX\x04";

impl Index {
    /// The index as bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let parts = &self.parts;
        let mut out = Vec::with_capacity(64 << 20);
        out.extend_from_slice(MAGIC);
        push_number(&mut out, parts.vocabulary.len() as u64);
        for name in parts.vocabulary.names().skip(1) {
            push_text(&mut out, name);
        }
        for field in &parts.fields {
            push_number(&mut out, field.terms.len() as u64);
            let (mut term, mut start) = (0, 0);
            for (next_term, next_start) in field.terms.iter().zip(&field.starts) {
                push_number(&mut out, next_term - term);
                push_number(&mut out, u64::from(next_start - start));
                (term, start) = (*next_term, *next_start);
            }
            push_bytes(&mut out, &field.bytes);
        }
        push_number(&mut out, parts.documents.len() as u64);
        for document in &parts.documents {
            push_text(&mut out, document);
        }
        push_number(&mut out, parts.contexts.len() as u64);
        for context in &parts.contexts {
            push_list(&mut out, context);
        }
        push_number(&mut out, parts.passages.len() as u64);
        for (kept, start) in parts.passages.iter().zip(&parts.starts) {
            push_text(&mut out, &kept.id);
            for number in [kept.document, kept.context, kept.rank as u32, u32::from(kept.year)] {
                push_number(&mut out, u64::from(number));
            }
            push_number(&mut out, u64::from(kept.number));
            for length in kept.lengths {
                push_number(&mut out, u64::from(length));
            }
            for weight in kept.title_weights {
                push_number(&mut out, u64::from(weight.to_bits()));
            }
            push_number(&mut out, u64::from(kept.cited));
            push_list(&mut out, &kept.related);
            push_number(&mut out, u64::from(*start));
        }
        push_bytes(&mut out, &parts.forward);
        out
    }

    /// The index that these bytes hold.
    ///
    /// # Errors
    /// What is wrong with the bytes, in English for the log.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, String> {
        let mut rest = bytes.strip_prefix(MAGIC).ok_or("no search index, or of another version")?;
        let index = read(&mut rest).ok_or("the search index is cut off or damaged")?;
        if rest.is_empty() { Ok(index) } else { Err("bytes after the search index".to_owned()) }
    }
}

fn read(rest: &mut &[u8]) -> Option<Index> {
    let mut vocabulary = Vocabulary::new();
    for _ in 1..take_number(rest)? {
        vocabulary.add(take_text(rest)?);
    }
    let fields =
        [take_postings(rest)?, take_postings(rest)?, take_postings(rest)?, take_postings(rest)?];
    let mut documents = Vec::new();
    for _ in 0..take_number(rest)? {
        documents.push(take_text(rest)?.into());
    }
    let mut contexts = Vec::new();
    for _ in 0..take_number(rest)? {
        contexts.push(take_list(rest)?);
    }
    let mut passages = Vec::new();
    let mut starts = Vec::new();
    for _ in 0..take_number(rest)? {
        let id = take_text(rest)?.into();
        let document = take_small(rest)?;
        let context = take_small(rest)?;
        let rank: Rank = crate::index::rank_of(take_number(rest)?);
        let year = u16::try_from(take_number(rest)?).ok()?;
        let number = u16::try_from(take_number(rest)?).ok()?;
        let lengths = [take_small(rest)?, take_small(rest)?, take_small(rest)?, take_small(rest)?];
        let title_weights = [f32::from_bits(take_small(rest)?), f32::from_bits(take_small(rest)?)];
        let cited = take_small(rest)?;
        let related = take_list(rest)?;
        starts.push(take_small(rest)?);
        passages.push(Kept {
            id,
            document,
            context,
            rank,
            year,
            number,
            lengths,
            title_weights,
            related,
            cited,
        });
    }
    let forward = take_bytes(rest)?.to_vec();
    Some(Index::assemble(Parts {
        vocabulary,
        fields,
        passages,
        documents,
        contexts,
        forward,
        starts,
    }))
}

fn take_postings(rest: &mut &[u8]) -> Option<Postings> {
    let mut postings = Postings::default();
    let (mut term, mut start) = (0_u64, 0_u32);
    for _ in 0..take_number(rest)? {
        term = term.checked_add(take_number(rest)?)?;
        start = start.checked_add(take_small(rest)?)?;
        postings.terms.push(term);
        postings.starts.push(start);
    }
    postings.bytes = take_bytes(rest)?.to_vec();
    Some(postings)
}

fn push_text(out: &mut Vec<u8>, text: &str) {
    push_bytes(out, text.as_bytes());
}

fn push_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    push_number(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

fn push_list(out: &mut Vec<u8>, list: &[u32]) {
    push_number(out, list.len() as u64);
    for number in list {
        push_number(out, u64::from(*number));
    }
}

fn take_small(rest: &mut &[u8]) -> Option<u32> {
    u32::try_from(take_number(rest)?).ok()
}

fn take_bytes<'b>(rest: &mut &'b [u8]) -> Option<&'b [u8]> {
    let length = usize::try_from(take_number(rest)?).ok()?;
    let (bytes, after) = rest.split_at_checked(length)?;
    *rest = after;
    Some(bytes)
}

fn take_text<'b>(rest: &mut &'b [u8]) -> Option<&'b str> {
    std::str::from_utf8(take_bytes(rest)?).ok()
}

fn take_list(rest: &mut &[u8]) -> Option<Vec<u32>> {
    let length = take_number(rest)?;
    (0..length).map(|_| take_small(rest)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::candidates::Board;
    use crate::index::{IndexBuilder, Passage};
    use crate::lexicon::Lexicon;
    use crate::query::Query;
    use proptest::prelude::*;

    fn small() -> Index {
        let mut builder = IndexBuilder::new();
        let passage = |id, title, text| Passage {
            id,
            document: "1-2026-qd-ubnd",
            document_title: "Quyết định về chợ phiên",
            title,
            context: "Chương I\nChợ",
            text,
            year: 2026,
            ..Passage::default()
        };
        builder.add(&passage("a", "Giờ họp chợ", "Chợ họp từ 05 giờ sáng."), ["b"]);
        builder.add(&passage("b", "Phí chỗ ngồi", "Mỗi chỗ ngồi nộp 5.000 đồng một buổi."), []);
        builder.finish()
    }

    #[test]
    fn a_stored_index_answers_as_the_one_it_was_made_from() {
        let index = small();
        let read = Index::from_bytes(&index.to_bytes()).unwrap();
        for question in ["chợ họp lúc mấy giờ", "nộp phí bao nhiêu đồng", "con mèo"]
        {
            let best = |index: &Index| {
                let query = Query::new(index, &Lexicon::default(), question);
                Board::default().best(index, &query, 10)
            };
            assert_eq!(best(&index), best(&read), "{question}");
        }
        assert_eq!(read.passage(0), index.passage(0));
        assert_eq!(read.number_of("b"), Some(1));
    }

    proptest! {
        #[test]
        fn no_damage_panics(at in 0_usize..2_000, byte in any::<u8>(), cut in 0_usize..2_000) {
            let mut bytes = small().to_bytes();
            if let Some(place) = bytes.get_mut(at) {
                *place = byte;
            }
            bytes.truncate(cut);
            let _ = Index::from_bytes(&bytes);
        }
    }
}
