//! Corpora of questions and answers: an array of documents, each with numbered articles
//! (`legal_corpus.json` of Zalo 2021, `law.json` of ALQAC).

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::path::Path;

use law::model::UnitKind;
use law::symbol;
use serde::de::{Deserializer, SeqAccess, Visitor};
use serde_json::Value;
use store::law::{DocumentRow, ProvisionRow};

use super::codified::distinct;
use super::draft::{CORPUS, Desk, Draft, LONGEST_ANCHOR};
use super::source::{Meter, open, unreadable};

/// Reads one file. `None` when nobody listens any more.
pub(super) fn read(path: &Path, meter: &Meter, desk: &mut Desk<'_>) -> Option<()> {
    let mut file = match open(path, meter) {
        Ok(file) => file,
        Err(error) => {
            desk.complain(path, 0, "unreadable", unreadable(&error));
            return Some(());
        }
    };
    let mut bytes = serde_json::Deserializer::from_reader(&mut *file);
    let mut elements = Elements { path, desk, keys: HashSet::new(), count: 0, is_heard: true };
    let outcome = bytes.deserialize_seq(&mut elements);
    let (count, is_heard) = (elements.count, elements.is_heard);
    if !is_heard {
        return None;
    }
    if let Err(error) = outcome.and_then(|()| bytes.end()) {
        let message = format!(
            "Tệp hỏng hoặc bị cắt sau văn bản thứ {count} ({error}); các văn bản trước đó đã nhập đủ."
        );
        desk.complain(path, count + 1, "broken-file", message);
    }
    desk.hand_over()
}

/// Takes one document after the other out of the array.
struct Elements<'e, 's> {
    path: &'e Path,
    desk: &'e mut Desk<'s>,
    keys: HashSet<String>,
    count: u64,
    is_heard: bool,
}

impl<'de> Visitor<'de> for &mut Elements<'_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an array of documents")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<(), A::Error> {
        while let Some(element) = sequence.next_element::<Value>()? {
            self.count += 1;
            if self.element(&element).is_none() {
                self.is_heard = false;
                return Ok(());
            }
        }
        Ok(())
    }
}

impl Elements<'_, '_> {
    fn element(&mut self, element: &Value) -> Option<()> {
        let number = ["law_id", "id"].into_iter().find_map(|name| text(element.get(name)));
        let (Some(number), Some(Value::Array(articles))) = (number, element.get("articles")) else {
            let message = "Văn bản không có law_id (hoặc id) và articles.".to_owned();
            self.desk.complain(self.path, self.count, "bad-element", message);
            return Some(());
        };
        let mut draft = Draft {
            row: DocumentRow {
                key: self.distinct_key(&number),
                number: Some(number.clone()),
                source: CORPUS.to_owned(),
                ..DocumentRow::default()
            },
            ..Draft::default()
        };
        let mut paths = HashMap::new();
        for article in articles {
            match self.article(&number, article, &mut paths) {
                Ok(provision) => draft.provisions.push((provision, Vec::new())),
                Err((code, message)) => self.desk.complain(self.path, self.count, code, message),
            }
        }
        if draft.provisions.is_empty() { Some(()) } else { self.desk.take(draft) }
    }

    /// Corpora hold a document twice, under two spellings of its number: each stays.
    fn distinct_key(&mut self, number: &str) -> String {
        let plain = symbol::key(number);
        let mut key = plain.clone();
        for count in 2_u32.. {
            if self.keys.insert(key.clone()) {
                break;
            }
            key = format!("{plain}~{count}");
        }
        key
    }

    fn article(
        &mut self,
        law: &str,
        article: &Value,
        paths: &mut HashMap<String, u32>,
    ) -> Result<ProvisionRow, (&'static str, String)> {
        let number = ["article_id", "id"].into_iter().find_map(|name| text(article.get(name)));
        let (Some(number), Some(body)) = (number, text(article.get("text"))) else {
            return Err(("bad-element", format!("{law}: có điều không có mã hoặc nội dung.")));
        };
        let anchor = format!("{law}#{number}");
        if anchor.len() > LONGEST_ANCHOR {
            return Err(("bad-element", format!("{law}: mã của một điều quá dài.")));
        }
        if !self.desk.is_first(&anchor) {
            let message = format!("Mã {anchor} đã có ở trên; chỉ giữ điều xuất hiện trước.");
            return Err(("anchor-twice", message));
        }
        let (title, body) = titled(text(article.get("title")), &body);
        Ok(ProvisionRow {
            path: distinct(UnitKind::Article.step(&number), paths),
            anchor,
            label: format!("Điều {number}"),
            title,
            text: body,
            ..ProvisionRow::default()
        })
    }
}

/// A text, or a number written as one.
fn text(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The heading, where it has a field of its own or stands above an empty line.
fn titled(title: Option<String>, body: &str) -> (String, String) {
    if let Some(title) = title {
        return (title, body.to_owned());
    }
    match body.split_once("\n\n") {
        Some((title, rest)) if !title.contains('\n') => {
            (title.trim().to_owned(), rest.trim().to_owned())
        }
        _ => (String::new(), body.to_owned()),
    }
}
