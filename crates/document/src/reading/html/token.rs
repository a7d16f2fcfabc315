//! Tags and text of HTML, as it comes: nothing is an error.

use super::entity;

/// A piece of a page.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// Text with its entities as characters.
    Text(String),
    /// A tag that opens.
    Open(Tag),
    /// A tag that closes, by its name in small letters.
    Close(String),
}

/// A tag that opens.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tag {
    /// Name in small letters.
    pub(super) name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    /// The value of an attribute; an attribute without value has an empty one.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// What stands within these is no text of the page.
const SKIPPED: [&str; 9] =
    ["script", "style", "title", "textarea", "template", "svg", "iframe", "noembed", "select"];
/// Attributes of one tag that are kept.
const MOST_ATTRIBUTES: usize = 32;

/// Walks through a page.
pub(super) struct Tokens<'a> {
    rest: &'a str,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str) -> Tokens<'a> {
        Tokens { rest: text }
    }

    /// Goes on behind this place of what is left.
    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }

    fn skip_past(&mut self, mark: &str) {
        let end = self.rest.find(mark).map_or(self.rest.len(), |at| at + mark.len());
        self.skip(end);
    }

    fn text(&mut self) -> Token {
        // The first character may be a `<` that opens nothing.
        let from = self.rest.chars().next().map_or(0, char::len_utf8);
        let tail = self.rest.get(from..).unwrap_or_default();
        let end = tail.find('<').map_or(self.rest.len(), |at| at + from);
        let text = self.rest.get(..end).unwrap_or_default();
        let token = Token::Text(entity::decode(text));
        self.skip(end);
        token
    }

    fn close(&mut self) -> Token {
        self.skip(2);
        let name = self.name();
        self.skip_past(">");
        Token::Close(name)
    }

    fn name(&mut self) -> String {
        let end = self
            .rest
            .find(|c: char| c.is_whitespace() || matches!(c, '>' | '/' | '<'))
            .unwrap_or(self.rest.len());
        let name = self.rest.get(..end).unwrap_or_default().to_ascii_lowercase();
        self.skip(end);
        name
    }

    fn open(&mut self) -> Tag {
        self.skip(1);
        let name = self.name();
        let mut attributes = Vec::new();
        loop {
            self.rest = self.rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
            match self.rest.chars().next() {
                None | Some('<') => break,
                Some('>') => {
                    self.skip(1);
                    break;
                }
                Some(_) => {
                    let attribute = self.attribute();
                    if attributes.len() < MOST_ATTRIBUTES {
                        attributes.push(attribute);
                    }
                }
            }
        }
        if SKIPPED.contains(&name.as_str()) {
            self.skip_element(&name);
        }
        Tag { name, attributes }
    }

    fn attribute(&mut self) -> (String, String) {
        let end = self
            .rest
            .char_indices()
            .skip(1)
            .find(|(_, c)| c.is_whitespace() || matches!(c, '=' | '>' | '/'))
            .map_or(self.rest.len(), |(at, _)| at);
        let key = self.rest.get(..end).unwrap_or_default().to_ascii_lowercase();
        self.skip(end);
        self.rest = self.rest.trim_start();
        let Some(value) = self.rest.strip_prefix('=') else { return (key, String::new()) };
        self.rest = value.trim_start();
        let quote = self.rest.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, after) = match quote {
            Some(quote) => {
                let inner = self.rest.get(1..).unwrap_or_default();
                inner.split_once(quote).unwrap_or((inner, ""))
            }
            None => {
                let end = self.rest.find(|c: char| c.is_whitespace() || c == '>');
                self.rest.split_at(end.unwrap_or(self.rest.len()))
            }
        };
        self.rest = after;
        (key, entity::decode(value))
    }

    /// Goes to the closing tag, which comes as the next token; without one, to the end.
    fn skip_element(&mut self, name: &str) {
        let mut from = 0;
        while let Some(at) = self.rest.get(from..).and_then(|rest| rest.find("</")) {
            let start = from + at + 2;
            let found = self.rest.get(start..start + name.len());
            if found.is_some_and(|found| found.eq_ignore_ascii_case(name)) {
                self.skip(from + at);
                return;
            }
            from = start;
        }
        self.rest = "";
    }
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        loop {
            let mut start = self.rest.chars();
            let (first, second) = (start.next()?, start.next());
            return Some(match (first, second) {
                ('<', Some('/')) => self.close(),
                ('<', Some('!')) if self.rest.starts_with("<!--") => {
                    self.skip_past("-->");
                    continue;
                }
                ('<', Some('!' | '?')) => {
                    self.skip_past(">");
                    continue;
                }
                ('<', Some(c)) if c.is_ascii_alphabetic() => Token::Open(self.open()),
                _ => self.text(),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> String {
        let show = |token| match token {
            Token::Text(text) => format!("'{text}'"),
            Token::Open(tag) => format!("<{}{:?}>", tag.name, tag.attributes),
            Token::Close(name) => format!("</{name}>"),
        };
        Tokens::new(text).map(show).collect::<Vec<_>>().join("").replace("[]", "")
    }

    #[test]
    fn tags_text_and_entities_come_apart() {
        assert_eq!(
            tokens("<!DOCTYPE html><P Align=center class='a b'>1 &lt; 2<br/>x</P><!-- <b> -->y"),
            "<p[(\"align\", \"center\"), (\"class\", \"a b\")]>'1 < 2'<br>'x'</p>'y'"
        );
    }

    #[test]
    fn scripts_and_styles_are_no_text() {
        assert_eq!(
            tokens("a<script>if (a</b) '<p>'</SCRIPT>b<style>x"),
            "'a'<script></script>'b'<style>"
        );
    }

    #[test]
    fn broken_tags_are_text_or_end() {
        assert_eq!(tokens("1 < 2 <"), "'1 ''< 2 ''<'");
        assert_eq!(tokens("<a href=\"x"), "<a[(\"href\", \"x\")]>");
        assert_eq!(tokens("<b<i>x"), "<b><i>'x'");
        assert_eq!(tokens("<!--"), "");
    }
}
