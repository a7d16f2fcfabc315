//! As much XML as a data file needs: elements, attributes, text. No document types, no entities but the
//! five of the standard, nothing from outside, and limits on depth and number.

use std::fmt::Write as _;

/// Elements inside one another at most.
const DEEPEST: usize = 100;
/// Elements in one file at most.
const MOST: usize = 4_000_000;

/// An element. Names are without their prefix.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub children: Vec<Node>,
}

/// What stands in an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    Element(Element),
    Text(String),
}

/// Why a text is no XML that is read here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It breaks off, or its marks do not match.
    Malformed,
    /// It declares a document type or uses an entity of its own.
    Declares,
    /// Too deep or too many elements.
    TooLarge,
}

impl Element {
    pub(super) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.elements().find(|element| element.name == name)
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The first element of that name anywhere below.
    pub(super) fn descendant(&self, name: &str) -> Option<&Element> {
        self.elements().find_map(|element| {
            if element.name == name { Some(element) } else { element.descendant(name) }
        })
    }

    /// All text below.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        self.add_text(&mut text);
        text
    }

    fn add_text(&self, text: &mut String) {
        for node in &self.children {
            match node {
                Node::Text(own) => text.push_str(own),
                Node::Element(element) if element.name == "br" || element.name == "eol" => {
                    text.push(' ')
                }
                Node::Element(element) => element.add_text(text),
            }
        }
    }
}

/// The root element of the text.
pub(super) fn parse(text: &str) -> Result<Element, Fault> {
    let mut rest = text.trim_start_matches('\u{feff}');
    let mut open: Vec<Element> = Vec::new();
    let mut root: Option<Element> = None;
    let mut count = 0_usize;
    while let Some(at) = rest.find('<') {
        add_text(rest.get(..at).unwrap_or(""), &mut open)?;
        rest = rest.get(at..).unwrap_or("");
        if let Some(after) = rest.strip_prefix("<!--") {
            rest = after.split_once("-->").ok_or(Fault::Malformed)?.1;
        } else if let Some(after) = rest.strip_prefix("<![CDATA[") {
            let (own, after) = after.split_once("]]>").ok_or(Fault::Malformed)?;
            push_text(own, &mut open)?;
            rest = after;
        } else if rest.starts_with("<!") {
            return Err(Fault::Declares);
        } else if let Some(after) = rest.strip_prefix("<?") {
            rest = after.split_once("?>").ok_or(Fault::Malformed)?.1;
        } else if let Some(after) = rest.strip_prefix("</") {
            let (name, after) = after.split_once('>').ok_or(Fault::Malformed)?;
            let element = open.pop().ok_or(Fault::Malformed)?;
            if local(name.trim()) != element.name {
                return Err(Fault::Malformed);
            }
            put(element, &mut open, &mut root)?;
            rest = after;
        } else {
            count += 1;
            let (element, is_empty, after) = start(rest)?;
            if open.len() >= DEEPEST || count > MOST {
                return Err(Fault::TooLarge);
            }
            if is_empty {
                put(element, &mut open, &mut root)?;
            } else {
                open.push(element);
            }
            rest = after;
        }
    }
    if !open.is_empty() || !rest.trim().is_empty() {
        return Err(Fault::Malformed);
    }
    root.ok_or(Fault::Malformed)
}

fn put(element: Element, open: &mut [Element], root: &mut Option<Element>) -> Result<(), Fault> {
    match open.last_mut() {
        Some(parent) => parent.children.push(Node::Element(element)),
        None if root.is_none() => *root = Some(element),
        None => return Err(Fault::Malformed),
    }
    Ok(())
}

fn add_text(raw: &str, open: &mut [Element]) -> Result<(), Fault> {
    if raw.is_empty() {
        return Ok(());
    }
    push_text(&unescape(raw)?, open)
}

fn push_text(text: &str, open: &mut [Element]) -> Result<(), Fault> {
    match open.last_mut() {
        Some(parent) => match parent.children.last_mut() {
            Some(Node::Text(before)) => before.push_str(text),
            _ => parent.children.push(Node::Text(text.to_owned())),
        },
        None if text.trim().is_empty() => {}
        None => return Err(Fault::Malformed),
    }
    Ok(())
}

/// Reads `<name a="b">`: the element, whether it closes itself, and what follows.
fn start(text: &str) -> Result<(Element, bool, &str), Fault> {
    let mut rest = text.get(1..).unwrap_or("");
    let end = rest.find(|sign: char| sign.is_whitespace() || matches!(sign, '>' | '/'));
    let end = end.ok_or(Fault::Malformed)?;
    let name = local(rest.get(..end).unwrap_or(""));
    if name.is_empty() || !name.starts_with(|first: char| first.is_alphabetic() || first == '_') {
        return Err(Fault::Malformed);
    }
    let mut element = Element { name: name.to_owned(), ..Element::default() };
    rest = rest.get(end..).unwrap_or("");
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix("/>") {
            return Ok((element, true, after));
        }
        if let Some(after) = rest.strip_prefix('>') {
            return Ok((element, false, after));
        }
        let (key, after) = rest.split_once('=').ok_or(Fault::Malformed)?;
        let key = key.trim();
        let after = after.trim_start();
        let quote = after.chars().next().filter(|sign| matches!(sign, '"' | '\''));
        let quote = quote.ok_or(Fault::Malformed)?;
        let (value, after) =
            after.get(1..).and_then(|inner| inner.split_once(quote)).ok_or(Fault::Malformed)?;
        if key.is_empty() || key.contains(|sign: char| sign.is_whitespace() || sign == '<') {
            return Err(Fault::Malformed);
        }
        if element.attributes.len() > 200 || value.contains('<') {
            return Err(Fault::Malformed);
        }
        element.attributes.push((local(key).to_owned(), unescape(value)?));
        rest = after;
    }
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

fn unescape(raw: &str) -> Result<String, Fault> {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('&') {
        text.push_str(rest.get(..at).unwrap_or(""));
        let after = rest.get(at + 1..).unwrap_or("");
        let end = after.bytes().take(12).position(|byte| byte == b';').ok_or(Fault::Malformed)?;
        text.push(character(after.get(..end).unwrap_or(""))?);
        rest = after.get(end + 1..).unwrap_or("");
    }
    text.push_str(rest);
    Ok(text)
}

fn character(name: &str) -> Result<char, Fault> {
    let code = match name {
        "amp" => return Ok('&'),
        "lt" => return Ok('<'),
        "gt" => return Ok('>'),
        "quot" => return Ok('"'),
        "apos" => return Ok('\''),
        _ => name.strip_prefix('#').ok_or(Fault::Declares)?,
    };
    let value = match code.strip_prefix('x') {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
        None => code.parse(),
    };
    value.ok().and_then(char::from_u32).ok_or(Fault::Malformed)
}

/// The text with the signs of XML written as entities, and without characters that XML does not allow.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\r' | '\t' => {
                let _ = write!(out, "&#{};", u32::from(letter));
            }
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            _ => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_attributes_and_text_are_read() {
        let root =
            parse("<?xml version=\"1.0\"?><a:b x='1 &amp; 2'>c<d/>&#x110;<![CDATA[<]]></a:b>")
                .unwrap();
        assert_eq!(root.name, "b");
        assert_eq!(root.attribute("x"), Some("1 & 2"));
        assert_eq!(root.text(), "cĐ<");
    }

    #[test]
    fn declarations_depth_and_broken_marks_are_refused() {
        assert_eq!(parse("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>"), Err(Fault::Declares));
        assert_eq!(parse("<a>&b;</a>"), Err(Fault::Declares));
        for text in
            ["", "<a>", "<a></b>", "</a>", "<a/><b/>", "<a b=c/>", "x<a/>", "<a b=\"<\"/>", "<"]
        {
            assert_eq!(parse(text), Err(Fault::Malformed), "{text}");
        }
        assert_eq!(parse(&"<a>".repeat(1000)), Err(Fault::TooLarge));
    }
}
