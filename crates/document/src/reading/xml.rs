//! XML of office files: elements by local name, within limits, without entities of their own.

use kernel::Result;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::archive::damaged;

/// Elements within each other; Word nests some forty.
const DEEPEST: usize = 200;

/// An element. Names are without their prefix.
#[derive(Debug, Default)]
pub(crate) struct Element {
    /// Local name: `p` of `w:p`.
    pub(crate) name: Box<str>,
    attributes: Vec<(Box<str>, Box<str>)>,
    /// What it holds, in order.
    pub(crate) nodes: Vec<Node>,
}

/// What an element holds.
#[derive(Debug)]
pub(crate) enum Node {
    /// Another element.
    Element(Element),
    /// Characters.
    Text(String),
}

impl Element {
    /// The value of an attribute by local name: `val` of `w:val`.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| &**key == name).map(|(_, value)| &**value)
    }

    /// The elements directly below.
    pub(crate) fn children(&self) -> impl Iterator<Item = &Element> {
        self.nodes.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The first element of this name directly below.
    pub(crate) fn child(&self, name: &str) -> Option<&Element> {
        self.children().find(|child| &*child.name == name)
    }

    /// The attribute `val` of the first element of this name directly below.
    pub(crate) fn value_of(&self, name: &str) -> Option<&str> {
        self.child(name)?.attribute("val")
    }

    /// Is a switch such as `<w:b/>` on? `None` when it is not there.
    pub(crate) fn switch(&self, name: &str) -> Option<bool> {
        let child = self.child(name)?;
        Some(!matches!(child.attribute("val"), Some("0" | "false" | "off" | "none")))
    }

    /// All characters within.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        self.push_text(&mut text);
        text
    }

    fn push_text(&self, text: &mut String) {
        for node in &self.nodes {
            match node {
                Node::Text(part) => text.push_str(part),
                Node::Element(element) => element.push_text(text),
            }
        }
    }
}

/// Reads a whole small part.
///
/// # Errors
/// `Invalid` when it is not well formed.
pub(crate) fn parse(text: &str) -> Result<Element> {
    let mut root = Element::default();
    walk(text, 0, |_, element| {
        root = element;
        Ok(())
    })?;
    Ok(root)
}

/// Reads a large part piece by piece: each element `depth` levels below the root is handed over with
/// the name of its parent, and forgotten.
///
/// # Errors
/// `Invalid` when it is not well formed, and what `take` answers.
pub(crate) fn walk(
    text: &str,
    depth: usize,
    mut take: impl FnMut(&str, Element) -> Result<()>,
) -> Result<()> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().allow_dangling_amp = true;
    let mut open: Vec<Element> = Vec::new();
    let mut has_root = false;
    loop {
        match reader.read_event().map_err(|cause| damaged(&cause))? {
            Event::Start(start) => {
                if open.len() >= DEEPEST {
                    return Err(damaged(&"xml: too deep"));
                }
                open.push(element(&start));
                has_root = true;
            }
            Event::Empty(start) => {
                open.push(element(&start));
                has_root = true;
                close(&mut open, depth, &mut take)?;
            }
            Event::End(_) => close(&mut open, depth, &mut take)?,
            Event::Text(text) => push_text(&mut open, depth, &text.xml10_content()),
            Event::CData(text) => push_text(&mut open, depth, &text.xml10_content()),
            Event::GeneralRef(reference) => {
                if let Ok(Some(character)) = reference.resolve_char_ref() {
                    push_text(&mut open, depth, character.encode_utf8(&mut [0; 4]));
                } else {
                    push_text(&mut open, depth, predefined(&reference.xml10_content()));
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    if !open.is_empty() || !has_root {
        return Err(damaged(&"xml: ends too early"));
    }
    Ok(())
}

/// The five entities that every XML has; those that a file makes up itself are nothing.
fn predefined(name: &str) -> &'static str {
    match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => "",
    }
}

fn element(start: &BytesStart<'_>) -> Element {
    let attributes = start
        .attributes()
        .with_checks(false)
        .flatten()
        .map(|attribute| {
            let name = local(attribute.key.as_ref());
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            (name.into(), value.unwrap_or_default().into())
        })
        .collect();
    Element { name: local(start.name().as_ref()).into(), attributes, nodes: Vec::new() }
}

fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

fn close(
    open: &mut Vec<Element>,
    depth: usize,
    take: &mut impl FnMut(&str, Element) -> Result<()>,
) -> Result<()> {
    let Some(element) = open.pop() else { return Ok(()) };
    if open.len() == depth {
        let parent = open.last().map_or("", |parent| &parent.name);
        return take(parent, element);
    }
    if open.len() > depth
        && let Some(parent) = open.last_mut()
    {
        parent.nodes.push(Node::Element(element));
    }
    Ok(())
}

fn push_text(open: &mut [Element], depth: usize, text: &str) {
    if open.len() <= depth || text.is_empty() {
        return;
    }
    let Some(parent) = open.last_mut() else { return };
    if let Some(Node::Text(before)) = parent.nodes.last_mut() {
        before.push_str(text);
    } else {
        parent.nodes.push(Node::Text(text.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_known_by_local_name_and_entities_are_characters() {
        let root = parse("<?xml version=\"1.0\"?><w:a><w:b w:val=\"x &amp; y\"/>1 &lt;&#x110;&zzz; 2<![CDATA[<]]></w:a>").unwrap();
        assert_eq!(&*root.name, "a");
        assert_eq!(root.value_of("b"), Some("x & y"));
        assert_eq!(root.text(), "1 <Đ 2<");
    }

    #[test]
    fn a_large_part_is_handed_over_in_pieces() {
        let mut seen = Vec::new();
        walk("<d><x/><b>no<p>1</p><p>2<q/></p></b></d>", 2, |parent, element| {
            seen.push(format!("{parent}/{}={}", element.name, element.text()));
            Ok(())
        })
        .unwrap();
        assert_eq!(seen, ["b/p=1", "b/p=2"]);
    }

    #[test]
    fn what_is_cut_short_or_too_deep_is_an_error() {
        assert!(parse("<a><b>").is_err());
        assert!(parse("").is_err());
        assert!(parse(&"<a>".repeat(100_000)).is_err());
    }

    #[test]
    fn entities_of_a_file_are_never_expanded() {
        let text = "<!DOCTYPE a [<!ENTITY b \"bbbb\">]><a>1&b;2</a>";
        assert_eq!(parse(text).unwrap().text(), "12");
    }
}
