//! Pages as a browser without JavaScript reads them: forms with what they would send, links, text,
//! and what a content policy would have to forbid. A scanner for our own, well-formed pages; not a
//! parser of HTML at large.

/// A piece of a page, in its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A start tag.
    Open {
        /// Name in lower case.
        name: String,
        /// Attributes in their order, values decoded.
        attributes: Vec<(String, String)>,
    },
    /// An end tag.
    Close {
        /// Name in lower case.
        name: String,
    },
    /// Text, decoded.
    Text(String),
}

/// A page taken apart.
#[derive(Clone, Debug, Default)]
pub struct Html {
    pieces: Vec<Piece>,
}

/// A field of a form and what it would send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Text(String),
    File { name: String, bytes: Vec<u8> },
}

/// A button that sends a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    /// Its name; empty if it sends nothing of its own.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Where it sends the form, if elsewhere.
    pub action: String,
}

/// A form, filled as the page shows it.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// Where it is sent; empty for the page itself.
    pub action: String,
    /// `get` or `post`.
    pub method: String,
    /// Is it sent as multipart?
    pub has_files: bool,
    pub(crate) entries: Vec<(String, Value)>,
    /// Names of all its fields, those too that send nothing as they are.
    pub names: Vec<String>,
    /// What may be chosen, where a field offers a choice: name and value.
    pub choices: Vec<(String, String)>,
    /// Its buttons.
    pub buttons: Vec<Button>,
}

/// Elements whose content is text up to their end tag.
const RAW: [&str; 4] = ["script", "style", "textarea", "title"];

impl Html {
    /// Takes a page apart.
    #[must_use]
    pub fn of(page: &str) -> Self {
        let mut pieces = Vec::new();
        let mut rest = page;
        while !rest.is_empty() {
            let Some(start) = rest.find('<') else {
                push_text(&mut pieces, rest);
                break;
            };
            let (text, from_tag) = rest.split_at(start);
            push_text(&mut pieces, text);
            rest = tag(from_tag, &mut pieces);
        }
        Self { pieces }
    }

    /// The pieces in their order.
    #[must_use]
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The pieces outside templates.
    fn shown(&self) -> impl Iterator<Item = &Piece> {
        let mut depth = 0_u32;
        self.pieces.iter().filter(move |piece| match piece {
            Piece::Open { name, .. } if name == "template" => {
                depth += 1;
                false
            }
            Piece::Close { name } if name == "template" => {
                depth = depth.saturating_sub(1);
                false
            }
            _ => depth == 0,
        })
    }

    /// The text that people read, its white space single.
    #[must_use]
    pub fn text(&self) -> String {
        let mut words = Vec::new();
        let mut raw = 0_u32;
        for piece in self.shown() {
            match piece {
                Piece::Open { name, .. } if name == "script" || name == "style" => raw += 1,
                Piece::Close { name } if name == "script" || name == "style" => {
                    raw = raw.saturating_sub(1);
                }
                Piece::Text(text) if raw == 0 => words.extend(text.split_whitespace()),
                _ => {}
            }
        }
        words.join(" ")
    }

    /// The links: address and text.
    #[must_use]
    pub fn links(&self) -> Vec<(String, String)> {
        let mut links: Vec<(String, String)> = Vec::new();
        let mut inside = false;
        for piece in self.shown() {
            match piece {
                Piece::Open { name, attributes } if name == "a" => {
                    if let Some(href) = attribute(attributes, "href") {
                        links.push((href.to_owned(), String::new()));
                        inside = true;
                    }
                }
                Piece::Close { name } if name == "a" => inside = false,
                Piece::Text(text) if inside => {
                    if let Some((_, shown)) = links.last_mut() {
                        shown.push_str(text);
                    }
                }
                _ => {}
            }
        }
        for (_, text) in &mut links {
            *text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        links
    }

    /// The forms, filled as the page shows them.
    #[must_use]
    pub fn forms(&self) -> Vec<Form> {
        let mut forms = Vec::new();
        let mut reader = FormReader::default();
        for piece in self.shown() {
            match piece {
                Piece::Open { name, attributes } if name == "form" => {
                    reader = FormReader::begin(attributes);
                }
                Piece::Close { name } if name == "form" => {
                    forms.extend(std::mem::take(&mut reader).form);
                }
                other => reader.read(other),
            }
        }
        forms
    }

    /// What a page may not hold under our content policy: scripts and styles of its own.
    #[must_use]
    pub fn inline_code(&self) -> Vec<String> {
        let mut found = Vec::new();
        for piece in &self.pieces {
            let Piece::Open { name, attributes } = piece else {
                continue;
            };
            if name == "script" && attribute(attributes, "src").is_none() {
                found.push("<script> without src".to_owned());
            }
            if name == "style" {
                found.push("<style>".to_owned());
            }
            for (key, value) in attributes {
                let runs = key.starts_with("on")
                    || key == "style"
                    || value.trim_start().to_lowercase().starts_with("javascript:");
                if runs {
                    found.push(format!("<{name} {key}={value:?}>"));
                }
            }
        }
        found
    }
}

fn push_text(pieces: &mut Vec<Piece>, text: &str) {
    if !text.is_empty() {
        pieces.push(Piece::Text(decode(text)));
    }
}

/// Reads what begins with `<`; gives what comes after it.
fn tag<'p>(page: &'p str, pieces: &mut Vec<Piece>) -> &'p str {
    if let Some(comment) = page.strip_prefix("<!--") {
        return comment.split_once("-->").map_or("", |(_, rest)| rest);
    }
    if page.starts_with("<!") {
        return page.split_once('>').map_or("", |(_, rest)| rest);
    }
    let end = tag_end(page);
    let (inside, rest) = page.split_at(end);
    let inside = inside.trim_start_matches('<');
    let rest = rest.strip_prefix('>').unwrap_or(rest);
    if let Some(name) = inside.strip_prefix('/') {
        pieces.push(Piece::Close { name: name.trim().to_lowercase() });
        return rest;
    }
    let inside = inside.trim_end_matches('/');
    let name_end = inside.find(char::is_whitespace).unwrap_or(inside.len());
    let (name, attributes) = inside.split_at(name_end);
    let name = name.to_lowercase();
    pieces.push(Piece::Open { name: name.clone(), attributes: read_attributes(attributes) });
    if !RAW.contains(&name.as_str()) {
        return rest;
    }
    let close = format!("</{name}>");
    let (content, after) = rest.split_once(&close).unwrap_or((rest, ""));
    // A textarea's first line break is not part of it.
    let content = content.strip_prefix('\n').filter(|_| name == "textarea").unwrap_or(content);
    push_text(pieces, content);
    pieces.push(Piece::Close { name });
    after
}

/// Where the `>` of a tag stands, quotes heeded.
fn tag_end(page: &str) -> usize {
    let mut quote = None;
    for (place, letter) in page.char_indices() {
        match (quote, letter) {
            (None, '>') => return place,
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
    }
    page.len()
}

fn read_attributes(text: &str) -> Vec<(String, String)> {
    let mut attributes = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let end = rest.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let (value, after) = match after.trim_start().strip_prefix('=') {
            None => ("", after),
            Some(after) => quoted(after.trim_start()),
        };
        attributes.push((name.to_lowercase(), decode(value)));
        rest = after.trim_start();
    }
    attributes
}

fn quoted(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(inside) = text.strip_prefix(quote) {
            return inside.split_once(quote).unwrap_or((inside, ""));
        }
    }
    text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()))
}

fn attribute<'a>(attributes: &'a [(String, String)], name: &str) -> Option<&'a str> {
    attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        let (before, entity) = rest.split_at(start);
        out.push_str(before);
        let known = entity.find(';').filter(|end| *end <= 10).and_then(|end| {
            let name = entity.get(1..end)?;
            Some((letter(name)?, entity.get(end + 1..)?))
        });
        rest = match known {
            Some((letter, after)) => {
                out.push(letter);
                after
            }
            None => {
                out.push('&');
                entity.get(1..).unwrap_or_default()
            }
        };
    }
    out.push_str(rest);
    out
}

fn letter(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        _ => {
            let digits = name.strip_prefix('#')?;
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => digits.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

/// Reads the fields of a form as they come.
#[derive(Default)]
struct FormReader {
    form: Option<Form>,
    /// The drop-down list that is open, with its first and its chosen option.
    list: Option<DropDown>,
    /// The box of several lines that is open.
    lines: Option<String>,
}

struct DropDown {
    name: String,
    first: Option<String>,
    chosen: Option<String>,
}

impl FormReader {
    fn begin(attributes: &[(String, String)]) -> Self {
        let of = |name: &str| attribute(attributes, name).unwrap_or_default();
        let form = Form {
            action: of("action").to_owned(),
            method: if of("method").eq_ignore_ascii_case("post") { "post" } else { "get" }
                .to_owned(),
            has_files: of("enctype") == "multipart/form-data",
            ..Form::default()
        };
        Self { form: Some(form), ..Self::default() }
    }

    fn read(&mut self, piece: &Piece) {
        let Some(form) = &mut self.form else { return };
        match piece {
            Piece::Open { name, attributes } => match name.as_str() {
                "input" => input(form, attributes),
                "button" => button(form, attributes),
                "select" => {
                    let name = attribute(attributes, "name").unwrap_or_default().to_owned();
                    form.names.push(name.clone());
                    self.list = Some(DropDown { name, first: None, chosen: None });
                }
                "option" => {
                    let value = attribute(attributes, "value").unwrap_or_default().to_owned();
                    if let Some(list) = &mut self.list {
                        form.choices.push((list.name.clone(), value.clone()));
                        if attribute(attributes, "selected").is_some() {
                            list.chosen = Some(value.clone());
                        }
                        list.first.get_or_insert(value);
                    }
                }
                "textarea" => {
                    let name = attribute(attributes, "name").unwrap_or_default().to_owned();
                    form.names.push(name.clone());
                    form.entries.push((name.clone(), Value::Text(String::new())));
                    self.lines = Some(name);
                }
                _ => {}
            },
            Piece::Close { name } if name == "select" => {
                if let Some(list) = self.list.take() {
                    let value = list.chosen.or(list.first).unwrap_or_default();
                    form.entries.push((list.name, Value::Text(value)));
                }
            }
            Piece::Close { name } if name == "textarea" => self.lines = None,
            Piece::Text(text) if self.lines.is_some() => {
                if let Some((_, value)) = form.entries.last_mut() {
                    *value = Value::Text(text.clone());
                }
            }
            Piece::Close { .. } | Piece::Text(_) => {}
        }
    }
}

fn input(form: &mut Form, attributes: &[(String, String)]) {
    let of = |name: &str| attribute(attributes, name).unwrap_or_default();
    if attribute(attributes, "disabled").is_some() {
        return;
    }
    let (name, value) = (of("name").to_owned(), of("value").to_owned());
    form.names.push(name.clone());
    match of("type") {
        "radio" | "checkbox" => {
            form.choices.push((name.clone(), value.clone()));
            if attribute(attributes, "checked").is_some() {
                form.entries.push((name, Value::Text(value)));
            }
        }
        "file" => form.entries.push((name, Value::File { name: String::new(), bytes: Vec::new() })),
        "submit" | "button" | "reset" | "image" => {}
        _ => form.entries.push((name, Value::Text(value))),
    }
}

fn button(form: &mut Form, attributes: &[(String, String)]) {
    let of = |name: &str| attribute(attributes, name).unwrap_or_default().to_owned();
    if of("type") != "button" && attribute(attributes, "disabled").is_none() {
        form.buttons.push(Button {
            name: of("name"),
            value: of("value"),
            action: of("formaction"),
        });
    }
}

impl Form {
    /// What a field would send; `None` when it would send nothing.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        self.entries.iter().find_map(|(key, value)| match value {
            Value::Text(text) if key == name => Some(text.as_str()),
            _ => None,
        })
    }

    /// Can the field be filled with this? Where it offers a choice, it must offer this one.
    #[must_use]
    pub fn takes(&self, name: &str, value: &str) -> bool {
        let mut offered = self.choices.iter().filter(|(key, _)| key == name).peekable();
        let is_choice = offered.peek().is_some();
        self.names.iter().any(|known| known == name)
            && (!is_choice || offered.any(|(_, offer)| offer == value))
    }

    /// Fills a field, or chooses a radio button.
    ///
    /// # Panics
    /// When the form has no such field, or it does not offer this choice.
    #[must_use]
    #[track_caller]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        assert!(
            self.takes(name, value),
            "the form to {:?} does not take {name}={value}: {:?} {:?}",
            self.action,
            self.names,
            self.choices
        );
        self.entries.retain(|(key, _)| key != name);
        self.entries.push((name.to_owned(), Value::Text(value.to_owned())));
        self
    }

    /// Chooses a file.
    ///
    /// # Panics
    /// When the form has no such field.
    #[must_use]
    #[track_caller]
    pub fn with_file(mut self, field: &str, name: &str, bytes: Vec<u8>) -> Self {
        let place = self.entries.iter_mut().find(|(key, _)| key == field);
        let (_, value) = place.unwrap_or_else(|| panic!("no field {field} in {:?}", self.names));
        *value = Value::File { name: name.to_owned(), bytes };
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_sends_what_a_browser_without_script_would() {
        let page = Html::of(
            r#"<!doctype html><form action="/a?b=1&amp;c" method=post><input type=hidden name=csrf
            value="x&quot;y"><input name="ten" value='Nguyễn &#x110;an'><input type=radio name=gioi
            value=nam><input type=radio name=gioi value=nu checked><select name=tinh><option
            value="">-</option><option value=82 selected>Đồng Tháp</option></select><textarea
            name="loi">
dòng &lt;1&gt;</textarea><template><input name="khong" value="1"></template>
            <button name=luu value=1>Lưu</button><button type=button>x</button></form>"#,
        );
        let form = page.forms().remove(0);
        assert_eq!((form.action.as_str(), form.method.as_str()), ("/a?b=1&c", "post"));
        let sent: Vec<(&str, Option<&str>)> = ["csrf", "ten", "gioi", "tinh", "loi", "khong"]
            .into_iter()
            .map(|name| (name, form.value(name)))
            .collect();
        assert_eq!(
            sent,
            [
                ("csrf", Some("x\"y")),
                ("ten", Some("Nguyễn Đan")),
                ("gioi", Some("nu")),
                ("tinh", Some("82")),
                ("loi", Some("dòng <1>")),
                ("khong", None),
            ]
        );
        assert_eq!(form.buttons.len(), 1);
    }

    #[test]
    fn code_within_a_page_is_found() {
        let bad = r#"<p onclick="x()">a</p><script>1</script><b style="a:b">c</b><a href=" JavaScript:x">d</a><style></style>"#;
        assert_eq!(Html::of(bad).inline_code().len(), 5);
        let good = r#"<script src="/a.js" defer></script><p>onclick="x"</p>"#;
        assert_eq!(Html::of(good).inline_code(), Vec::<String>::new());
    }
}
