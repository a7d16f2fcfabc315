//! Walking through DER that somebody else wrote.
//!
//! Reading with typed structures would re-encode (and re-sort) what was signed; a signature holds
//! over the bytes as they came, so reading works on slices of the original.

/// One element: its tag, its content, and both with the header.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Element<'a> {
    pub tag: u8,
    pub content: &'a [u8],
    pub whole: &'a [u8],
}

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const OID: u8 = 0x06;
pub(crate) const GENERALIZED_TIME: u8 = 0x18;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;
pub(crate) const CONTEXT_0: u8 = 0xA0;
pub(crate) const CONTEXT_1: u8 = 0xA1;

/// The elements that lie one after the other in some bytes. Ends at the first malformed one.
#[derive(Clone, Copy)]
pub(crate) struct Elements<'a>(&'a [u8]);

impl<'a> Elements<'a> {
    pub fn of(bytes: &'a [u8]) -> Elements<'a> {
        Elements(bytes)
    }

    /// The next element if it has this tag; otherwise nothing is consumed.
    pub fn next_if(&mut self, tag: u8) -> Option<Element<'a>> {
        let (element, rest) = split(self.0)?;
        if element.tag != tag {
            return None;
        }
        self.0 = rest;
        Some(element)
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = Element<'a>;

    fn next(&mut self) -> Option<Element<'a>> {
        let (element, rest) = split(self.0)?;
        self.0 = rest;
        Some(element)
    }
}

impl<'a> Element<'a> {
    /// The first element of some bytes; what follows it (padding) is left out.
    pub fn first(bytes: &'a [u8]) -> Option<Element<'a>> {
        split(bytes).map(|(element, _)| element)
    }

    /// The elements inside.
    pub fn children(&self) -> Elements<'a> {
        Elements(self.content)
    }
}

/// Reads one element with a one-byte tag and a definite length of at most four bytes.
fn split(bytes: &[u8]) -> Option<(Element<'_>, &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    if tag & 0x1F == 0x1F {
        return None;
    }
    let (&first, mut rest) = rest.split_first()?;
    let mut length = usize::from(first);
    if first >= 0x80 {
        let count = usize::from(first & 0x7F);
        if count == 0 || count > 4 {
            return None;
        }
        let (digits, after) = rest.split_at_checked(count)?;
        length = digits.iter().fold(0, |sum, digit| (sum << 8) | usize::from(*digit));
        rest = after;
    }
    let (content, after) = rest.split_at_checked(length)?;
    let whole = bytes.get(..bytes.len() - after.len())?;
    Some((Element { tag, content, whole }, after))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_lies_behind_an_element_is_not_part_of_it() {
        let element = Element::first(&[0x30, 0x03, 0x02, 0x01, 0x05, 0x00, 0x00]).unwrap();
        assert_eq!(element.whole.len(), 5);
        let inner: Vec<_> = element.children().collect();
        assert_eq!((inner.len(), inner[0].tag, inner[0].content), (1, INTEGER, &[5u8][..]));
    }

    #[test]
    fn a_length_beyond_the_end_is_refused() {
        assert!(Element::first(&[0x04, 0x05, 1, 2]).is_none());
        assert!(Element::first(&[0x30, 0x80, 0, 0]).is_none(), "indefinite length");
        assert!(Element::first(&[0x04, 0x84, 0xFF, 0xFF, 0xFF, 0xFF, 1]).is_none());
    }

    proptest! {
        #[test]
        fn any_bytes_are_walked_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            for element in Elements::of(&bytes) {
                prop_assert!(element.children().count() <= bytes.len());
            }
        }
    }
}
