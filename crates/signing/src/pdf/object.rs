//! PDF objects: reading and writing them (ISO 32000-1, 7.3).

use super::Refusal;

/// Deeper nesting than this is not a document but an attack.
const DEEPEST: usize = 48;

/// An object. Numbers with a fraction keep the digits that they were written with.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Object {
    Null,
    Boolean(bool),
    Integer(i64),
    Real(Vec<u8>),
    Name(Vec<u8>),
    String(Vec<u8>),
    Array(Vec<Object>),
    Dictionary(Dictionary),
    Reference(u32, u16),
}

/// Keys and values in the order in which they were written.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Dictionary(Vec<(Vec<u8>, Object)>);

impl Dictionary {
    pub fn get(&self, key: &str) -> Option<&Object> {
        self.0.iter().find(|(name, _)| name == key.as_bytes()).map(|(_, value)| value)
    }

    pub fn set(&mut self, key: &str, value: Object) {
        match self.0.iter_mut().find(|(name, _)| name == key.as_bytes()) {
            Some((_, old)) => *old = value,
            None => self.0.push((key.as_bytes().to_vec(), value)),
        }
    }

    pub fn with(mut self, key: &str, value: Object) -> Dictionary {
        self.set(key, value);
        self
    }

    pub fn is_of_type(&self, name: &str) -> bool {
        self.get("Type").is_some_and(|value| *value == Object::name(name))
    }
}

impl Object {
    pub fn name(text: &str) -> Object {
        Object::Name(text.as_bytes().to_vec())
    }

    /// A text for people: UTF-16 with a byte order mark, which every reader knows.
    pub fn text(text: &str) -> Object {
        let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
        Object::String(units.flat_map(u16::to_be_bytes).collect())
    }

    /// A text string back as text: UTF-16 or UTF-8 with mark, otherwise Latin-1, which
    /// PDFDocEncoding nearly is.
    pub fn to_text(&self) -> Option<String> {
        let Object::String(bytes) = self else {
            return None;
        };
        if let Some(rest) = bytes.strip_prefix(&[0xFE, 0xFF]) {
            let units = rest.chunks_exact(2).filter_map(|pair| pair.try_into().ok());
            let units: Vec<u16> = units.map(u16::from_be_bytes).collect();
            return Some(String::from_utf16_lossy(&units));
        }
        if let Some(rest) = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]) {
            return Some(String::from_utf8_lossy(rest).into_owned());
        }
        Some(bytes.iter().map(|byte| char::from(*byte)).collect())
    }

    pub fn as_dictionary(&self) -> Option<&Dictionary> {
        match self {
            Object::Dictionary(dictionary) => Some(dictionary),
            _ => None,
        }
    }

    pub fn as_array(&self) -> Option<&[Object]> {
        match self {
            Object::Array(items) => Some(items),
            _ => None,
        }
    }

    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Object::Integer(number) => Some(*number),
            _ => None,
        }
    }

    /// Writes it so that [`Parser::object`] reads the same.
    pub fn write(&self, out: &mut Vec<u8>) {
        match self {
            Object::Null => out.extend(b"null"),
            Object::Boolean(value) => out.extend(value.to_string().as_bytes()),
            Object::Integer(number) => out.extend(number.to_string().as_bytes()),
            Object::Real(digits) => out.extend(digits),
            Object::Name(name) => write_name(name, out),
            Object::String(bytes) => write_string(bytes, out),
            Object::Array(items) => {
                out.push(b'[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push(b' ');
                    }
                    item.write(out);
                }
                out.push(b']');
            }
            Object::Dictionary(dictionary) => {
                out.extend(b"<<");
                for (key, value) in &dictionary.0 {
                    write_name(key, out);
                    out.push(b' ');
                    value.write(out);
                    out.push(b'\n');
                }
                out.extend(b">>");
            }
            Object::Reference(number, generation) => {
                out.extend(format!("{number} {generation} R").as_bytes());
            }
        }
    }
}

fn write_name(name: &[u8], out: &mut Vec<u8>) {
    out.push(b'/');
    for byte in name {
        if byte.is_ascii_graphic() && !is_delimiter(*byte) && *byte != b'#' {
            out.push(*byte);
        } else {
            out.extend(format!("#{byte:02X}").as_bytes());
        }
    }
}

fn write_string(bytes: &[u8], out: &mut Vec<u8>) {
    let is_plain =
        |byte: &u8| (*byte == b' ' || byte.is_ascii_graphic()) && !b"()\\".contains(byte);
    if bytes.iter().all(is_plain) {
        out.push(b'(');
        out.extend(bytes);
        out.push(b')');
    } else {
        out.push(b'<');
        bytes.iter().for_each(|byte| out.extend(format!("{byte:02X}").as_bytes()));
        out.push(b'>');
    }
}

/// Reads objects from a place in a file.
pub(crate) struct Parser<'a> {
    bytes: &'a [u8],
    position: usize,
}

impl<'a> Parser<'a> {
    pub fn at(bytes: &'a [u8], position: usize) -> Parser<'a> {
        Parser { bytes, position }
    }

    pub fn position(&self) -> usize {
        self.position
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.position).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.position += 1;
        Some(byte)
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.position..).unwrap_or_default()
    }

    /// White space and comments.
    pub fn skip_space(&mut self) {
        while let Some(byte) = self.peek() {
            if byte == b'%' {
                while self.peek().is_some_and(|byte| byte != b'\n' && byte != b'\r') {
                    self.position += 1;
                }
            } else if is_space(byte) {
                self.position += 1;
            } else {
                return;
            }
        }
    }

    /// Is this word next? Then it is passed over.
    pub fn keyword(&mut self, word: &str) -> bool {
        self.skip_space();
        let Some(after) = self.rest().strip_prefix(word.as_bytes()) else {
            return false;
        };
        if after.first().is_some_and(|byte| !is_space(*byte) && !is_delimiter(*byte)) {
            return false;
        }
        self.position += word.len();
        true
    }

    /// A whole number without sign.
    pub fn unsigned(&mut self) -> Option<u64> {
        self.skip_space();
        let digits: Vec<u8> =
            self.rest().iter().copied().take_while(u8::is_ascii_digit).take(20).collect();
        let number = std::str::from_utf8(&digits).ok()?.parse().ok()?;
        self.position += digits.len();
        Some(number)
    }

    /// `12 0 obj`: number and generation.
    pub fn object_header(&mut self) -> Option<(u32, u16)> {
        let number = u32::try_from(self.unsigned()?).ok()?;
        let generation = u16::try_from(self.unsigned()?).ok()?;
        self.keyword("obj").then_some((number, generation))
    }

    pub fn object(&mut self) -> Result<Object, Refusal> {
        self.nested(0)
    }

    fn nested(&mut self, depth: usize) -> Result<Object, Refusal> {
        if depth > DEEPEST {
            return Err("objects nested too deep");
        }
        self.skip_space();
        match self.peek().ok_or("file ends within an object")? {
            b'/' => self.name().map(Object::Name),
            b'(' => self.literal_string().map(Object::String),
            b'<' if self.rest().starts_with(b"<<") => self.dictionary(depth),
            b'<' => self.hex_string().map(Object::String),
            b'[' => self.array(depth),
            b'+' | b'-' | b'.' | b'0'..=b'9' => self.number_or_reference(),
            _ if self.keyword("null") => Ok(Object::Null),
            _ if self.keyword("true") => Ok(Object::Boolean(true)),
            _ if self.keyword("false") => Ok(Object::Boolean(false)),
            _ => Err("not an object"),
        }
    }

    fn dictionary(&mut self, depth: usize) -> Result<Object, Refusal> {
        self.position += 2;
        let mut dictionary = Dictionary::default();
        loop {
            self.skip_space();
            if self.rest().starts_with(b">>") {
                self.position += 2;
                return Ok(Object::Dictionary(dictionary));
            }
            if self.peek() != Some(b'/') {
                return Err("a dictionary key is not a name");
            }
            let key = self.name()?;
            let value = self.nested(depth + 1)?;
            // What a key given twice means differs from reader to reader: such a file is refused.
            if dictionary.0.iter().any(|(known, _)| *known == key) {
                return Err("a dictionary key is there twice");
            }
            dictionary.0.push((key, value));
        }
    }

    fn array(&mut self, depth: usize) -> Result<Object, Refusal> {
        self.position += 1;
        let mut items = Vec::new();
        loop {
            self.skip_space();
            if self.peek() == Some(b']') {
                self.position += 1;
                return Ok(Object::Array(items));
            }
            items.push(self.nested(depth + 1)?);
        }
    }

    fn name(&mut self) -> Result<Vec<u8>, Refusal> {
        self.position += 1;
        let mut name = Vec::new();
        while let Some(byte) = self.peek().filter(|byte| !is_space(*byte) && !is_delimiter(*byte)) {
            self.position += 1;
            name.push(if byte == b'#' { self.two_hex_digits()? } else { byte });
        }
        Ok(name)
    }

    fn two_hex_digits(&mut self) -> Result<u8, Refusal> {
        let mut digit = || self.next().and_then(hex_digit).ok_or("a bad escape in a name");
        Ok(digit()? << 4 | digit()?)
    }

    fn hex_string(&mut self) -> Result<Vec<u8>, Refusal> {
        self.position += 1;
        let mut digits = Vec::new();
        loop {
            match self.next().ok_or("file ends within a string")? {
                b'>' => break,
                byte if is_space(byte) => {}
                byte => digits.push(hex_digit(byte).ok_or("a bad digit in a string")?),
            }
        }
        // An odd last digit counts as if 0 followed.
        Ok(digits
            .chunks(2)
            .map(|pair| {
                pair.iter().fold(0, |sum, d| sum << 4 | d) << if pair.len() == 1 { 4 } else { 0 }
            })
            .collect())
    }

    fn literal_string(&mut self) -> Result<Vec<u8>, Refusal> {
        self.position += 1;
        let mut open = 1;
        let mut string = Vec::new();
        loop {
            match self.next().ok_or("file ends within a string")? {
                b'(' => {
                    open += 1;
                    string.push(b'(');
                }
                b')' => {
                    open -= 1;
                    if open == 0 {
                        return Ok(string);
                    }
                    string.push(b')');
                }
                b'\\' => self.escape(&mut string)?,
                byte => string.push(byte),
            }
        }
    }

    fn escape(&mut self, string: &mut Vec<u8>) -> Result<(), Refusal> {
        match self.next().ok_or("file ends within a string")? {
            b'n' => string.push(b'\n'),
            b'r' => string.push(b'\r'),
            b't' => string.push(b'\t'),
            b'b' => string.push(8),
            b'f' => string.push(12),
            b'\r' => {
                if self.peek() == Some(b'\n') {
                    self.position += 1;
                }
            }
            b'\n' => {}
            first @ b'0'..=b'7' => {
                let mut code = u32::from(first - b'0');
                for _ in 0..2 {
                    let Some(digit @ b'0'..=b'7') = self.peek() else {
                        break;
                    };
                    code = code * 8 + u32::from(digit - b'0');
                    self.position += 1;
                }
                string.push((code & 0xFF) as u8);
            }
            other => string.push(other),
        }
        Ok(())
    }

    fn number_or_reference(&mut self) -> Result<Object, Refusal> {
        let start = self.position;
        if let Some(reference) = self.reference() {
            return Ok(reference);
        }
        self.position = start;
        let is_part = |byte: &u8| matches!(byte, b'+' | b'-' | b'.' | b'0'..=b'9');
        let digits: Vec<u8> = self.rest().iter().copied().take_while(is_part).collect();
        self.position += digits.len();
        let text = std::str::from_utf8(&digits).map_err(|_| "a bad number")?;
        if let Ok(number) = text.parse() {
            return Ok(Object::Integer(number));
        }
        text.parse::<f64>().map_err(|_| "a bad number")?;
        Ok(Object::Real(digits))
    }

    fn reference(&mut self) -> Option<Object> {
        let number = u32::try_from(self.unsigned()?).ok()?;
        if !self.peek().is_some_and(is_space) {
            return None;
        }
        let generation = u16::try_from(self.unsigned()?).ok()?;
        self.keyword("R").then_some(Object::Reference(number, generation))
    }
}

pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

fn is_delimiter(byte: u8) -> bool {
    b"()<>[]{}/%".contains(&byte)
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(text: &str) -> Result<Object, Refusal> {
        Parser::at(text.as_bytes(), 0).object()
    }

    #[test]
    fn every_kind_of_object_is_read() {
        let read = parse(
            "<</A 1/B -2.50 /C[true null 3 0 R 4 5]/D(a\\(b\\)\\101\\n(c))\n%note\n/E<4a4B5>/F#20 /G>>",
        )
        .unwrap();
        let read = read.as_dictionary().unwrap();
        assert_eq!(read.get("A").unwrap().as_integer(), Some(1));
        assert_eq!(read.get("B"), Some(&Object::Real(b"-2.50".to_vec())));
        assert_eq!(
            read.get("C").unwrap().as_array().unwrap(),
            [
                Object::Boolean(true),
                Object::Null,
                Object::Reference(3, 0),
                Object::Integer(4),
                Object::Integer(5)
            ]
        );
        assert_eq!(read.get("D"), Some(&Object::String(b"a(b)A\n(c)".to_vec())));
        assert_eq!(read.get("E"), Some(&Object::String(b"JKP".to_vec())));
        assert_eq!(read.get("F "), Some(&Object::name("G")));
    }

    #[test]
    fn what_is_cut_short_or_ambiguous_is_refused() {
        for wrong in ["", "<<", "<</A 1", "[1", "(a", "<4", "<</A 1/A 2>>", "<<1 2>>", "foo", "--1"]
        {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
        assert!(parse(&"[".repeat(100_000)).is_err());
    }

    #[test]
    fn vietnamese_text_survives() {
        let text = Object::text("Ủy ban nhân dân xã Mỹ Hòa");
        let mut written = Vec::new();
        text.write(&mut written);
        let read = Parser::at(&written, 0).object().unwrap();
        assert_eq!(read.to_text().unwrap(), "Ủy ban nhân dân xã Mỹ Hòa");
        assert_eq!(Object::String(b"plain".to_vec()).to_text().unwrap(), "plain");
    }

    fn any_object() -> impl Strategy<Value = Object> {
        let leaf = prop_oneof![
            Just(Object::Null),
            any::<bool>().prop_map(Object::Boolean),
            any::<i64>().prop_map(Object::Integer),
            any::<Vec<u8>>().prop_map(Object::Name),
            any::<Vec<u8>>().prop_map(Object::String),
            (any::<u32>(), any::<u16>()).prop_map(|(n, g)| Object::Reference(n, g)),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..6).prop_map(Object::Array),
                proptest::collection::btree_map(any::<Vec<u8>>(), inner, 0..6)
                    .prop_map(|map| Object::Dictionary(Dictionary(map.into_iter().collect()))),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_reads_the_same(object in any_object()) {
            let mut written = Vec::new();
            object.write(&mut written);
            let mut parser = Parser::at(&written, 0);
            prop_assert_eq!(parser.object().unwrap(), object);
            prop_assert_eq!(parser.position(), written.len());
        }

        #[test]
        fn any_bytes_are_parsed_without_a_panic(bytes in any::<Vec<u8>>()) {
            let _ = Parser::at(&bytes, 0).object();
        }
    }
}
