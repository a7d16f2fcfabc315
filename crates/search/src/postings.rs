//! Which passages hold a term, and how often: one list of a field for each term, in a single block of bytes.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A term: a syllable, or two that stand side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Term(u64);

impl Term {
    /// A syllable.
    #[must_use]
    pub const fn one(syllable: u32) -> Self {
        Self((syllable as u64) << 32)
    }

    /// Two neighbours.
    #[must_use]
    pub const fn pair(first: u32, second: u32) -> Self {
        Self(((first as u64) << 32) | (second as u64))
    }

    /// Its syllables; the second is [`crate::analyser::BREAK`] where there is one only.
    #[must_use]
    pub const fn parts(self) -> (u32, u32) {
        ((self.0 >> 32) as u32, (self.0 & 0xFFFF_FFFF) as u32)
    }

    /// Is it a pair?
    #[must_use]
    pub const fn is_pair(self) -> bool {
        self.0 & 0xFFFF_FFFF != 0
    }
}

/// Hashes terms: they are numbers already, so one multiplication spreads them.
#[derive(Default)]
pub struct TermHasher(u64);

impl Hasher for TermHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn write_u64(&mut self, value: u64) {
        let mixed = (value ^ (value >> 29)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = mixed ^ (mixed >> 32);
    }
}

/// A map from terms.
pub type TermMap<T> = HashMap<Term, T, BuildHasherDefault<TermHasher>>;

/// Collects the lists of one field, passage by passage.
#[derive(Default)]
pub(crate) struct PostingsBuilder {
    lists: TermMap<List>,
    counts: TermMap<u32>,
}

#[derive(Default)]
struct List {
    bytes: Vec<u8>,
    passages: u32,
    last: u32,
}

impl PostingsBuilder {
    /// Adds the terms of a passage. Passages come in growing order.
    pub(crate) fn add(&mut self, passage: u32, syllables: &[u32]) {
        self.counts.clear();
        let mut before = crate::analyser::BREAK;
        for syllable in syllables {
            if *syllable != crate::analyser::BREAK {
                *self.counts.entry(Term::one(*syllable)).or_default() += 1;
                if before != crate::analyser::BREAK {
                    *self.counts.entry(Term::pair(before, *syllable)).or_default() += 1;
                }
            }
            before = *syllable;
        }
        for (term, count) in self.counts.drain() {
            let list = self.lists.entry(term).or_default();
            let gap = if list.passages == 0 { passage } else { passage - list.last };
            // The count rides along in the low bits: most are 1 or 2.
            let low = count.min(4) - 1;
            push_number(&mut list.bytes, u64::from(gap) << 2 | u64::from(low));
            if count >= 4 {
                push_number(&mut list.bytes, u64::from(count - 4));
            }
            list.passages += 1;
            list.last = passage;
        }
    }

    pub(crate) fn finish(self) -> Postings {
        let mut lists: Vec<(Term, List)> = self.lists.into_iter().collect();
        lists.sort_unstable_by_key(|(term, _)| *term);
        let mut postings = Postings::default();
        for (term, list) in lists {
            postings.terms.push(term.0);
            postings.starts.push(u32::try_from(postings.bytes.len()).unwrap_or(u32::MAX));
            push_number(&mut postings.bytes, u64::from(list.passages));
            postings.bytes.extend_from_slice(&list.bytes);
        }
        postings
    }
}

/// The lists of one field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Postings {
    pub(crate) terms: Vec<u64>,
    pub(crate) starts: Vec<u32>,
    pub(crate) bytes: Vec<u8>,
}

impl Postings {
    /// How many passages hold a term.
    #[must_use]
    pub fn passages(&self, term: Term) -> u32 {
        self.list(term).map_or(0, |list| list.remaining)
    }

    /// The list of a term.
    #[must_use]
    pub fn list(&self, term: Term) -> Option<PostingsList<'_>> {
        let place = self.terms.binary_search(&term.0).ok()?;
        let start = *self.starts.get(place)? as usize;
        let mut list = PostingsList {
            bytes: self.bytes.get(start..)?,
            passage: 0,
            remaining: 0,
            is_first: true,
        };
        list.remaining = u32::try_from(list.number()?).ok()?;
        Some(list)
    }

    /// All terms with the number of passages that hold them, in order.
    pub fn terms(&self) -> impl Iterator<Item = (Term, u32)> {
        self.terms.iter().map(|term| (Term(*term), self.passages(Term(*term))))
    }

    /// The pairs that begin with a syllable: the second syllable and the number of passages.
    pub fn pairs_of(&self, first: u32) -> impl Iterator<Item = (u32, u32)> {
        let from = self.terms.partition_point(|term| *term <= Term::one(first).0);
        let pairs = self.terms.get(from..).unwrap_or_default().iter();
        pairs
            .take_while(move |term| **term >> 32 == u64::from(first))
            .map(|term| ((*term & 0xFFFF_FFFF) as u32, self.passages(Term(*term))))
    }
}

/// Passages that hold a term, with how often each does.
#[derive(Clone, Debug)]
pub struct PostingsList<'a> {
    bytes: &'a [u8],
    passage: u32,
    remaining: u32,
    is_first: bool,
}

impl PostingsList<'_> {
    fn number(&mut self) -> Option<u64> {
        take_number(&mut self.bytes)
    }

    /// How many passages are left.
    #[must_use]
    pub const fn remaining(&self) -> u32 {
        self.remaining
    }
}

impl Iterator for PostingsList<'_> {
    type Item = (u32, u32);

    fn next(&mut self) -> Option<(u32, u32)> {
        self.remaining = self.remaining.checked_sub(1)?;
        let number = self.number()?;
        let gap = u32::try_from(number >> 2).ok()?;
        self.passage = if self.is_first { gap } else { self.passage.wrapping_add(gap) };
        self.is_first = false;
        let low = (number & 3) as u32 + 1;
        let count = if low == 4 { 4 + u32::try_from(self.number()?).ok()? } else { low };
        Some((self.passage, count))
    }
}

/// Seven bits a byte, the lowest first.
pub(crate) fn push_number(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push((number & 0x7F) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

pub(crate) fn take_number(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    let mut shift = 0_u32;
    loop {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7F).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(number);
        }
        shift += 7;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_gives_back_the_passages_and_counts_put_in() {
        let mut builder = PostingsBuilder::default();
        builder.add(3, &[1, 2, 1, 2, 1]);
        builder.add(4, &[2]);
        builder.add(900, &[2, 0, 2, 2, 2, 2, 2]);
        let postings = builder.finish();
        let list = |term| postings.list(term).map(Iterator::collect::<Vec<_>>);
        assert_eq!(list(Term::one(1)), Some(vec![(3, 3)]));
        assert_eq!(list(Term::one(2)), Some(vec![(3, 2), (4, 1), (900, 6)]));
        assert_eq!(list(Term::pair(1, 2)), Some(vec![(3, 2)]));
        assert_eq!(list(Term::pair(2, 2)), Some(vec![(900, 4)]));
        assert_eq!(list(Term::one(7)), None);
        assert_eq!(postings.pairs_of(2).collect::<Vec<_>>(), [(1, 1), (2, 1)]);
    }

    #[test]
    fn the_first_passage_may_be_the_one_numbered_nought() {
        let mut builder = PostingsBuilder::default();
        builder.add(0, &[5]);
        builder.add(1, &[5]);
        let list: Option<Vec<_>> = builder.finish().list(Term::one(5)).map(Iterator::collect);
        assert_eq!(list, Some(vec![(0, 1), (1, 1)]));
    }
}
