//! The Ministry's note under an article of the codified law: "(Điều 1 Luật số … ngày … của Quốc hội, có hiệu
//! lực thi hành kể từ ngày …, có nội dung được sửa đổi bởi Điều 2 …)".

use jiff::civil::Date;
use kernel::text::nfc;
use serde::{Deserialize, Serialize};

use super::Verb;
use super::state::{EffectEvent, EventKind};
use super::words::date;
use crate::citation::{self, DocumentRef};
use crate::symbol;

/// What a note says. Each absent value is not in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CodifiedNote {
    /// The article of the source document: "1", "40a".
    pub article: Option<String>,
    /// Kind of the source document: "Luật".
    pub kind: Option<String>,
    /// Its number and symbol, as printed.
    pub number: Option<String>,
    /// Its name, which only the note of its first article has.
    pub title: Option<String>,
    /// Who issued it, likewise.
    pub issuer: Option<String>,
    /// Its day of issue, likewise.
    pub issued_on: Option<Date>,
    /// First day of effect.
    pub effective_on: Option<Date>,
    /// What other documents did to the article.
    pub amendments: Vec<CodifiedAmendment>,
}

/// What one document did to an article.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CodifiedAmendment {
    /// All that it did: [`Verb::Amend`], [`Verb::Add`], [`Verb::Repeal`] ….
    pub verbs: Vec<Verb>,
    /// Only a part of the article is touched ("có nội dung …").
    pub partly: bool,
    /// Articles of the amending document that do it.
    pub articles: Vec<String>,
    /// Kind of the amending document: "Nghị định".
    pub kind: Option<String>,
    /// Its number and symbol, as printed.
    pub number: Option<String>,
    /// First day of effect of the change.
    pub effective_on: Option<Date>,
}

const KINDS: &[&str] = &[
    "Thông tư liên tịch",
    "Thông tư số liên tịch",
    "Nghị quyết liên tịch",
    "Bộ luật",
    "Hiến pháp",
    "Luật",
    "Pháp lệnh",
    "Nghị quyết",
    "Nghị định",
    "Quyết định",
    "Thông tư",
    "Chỉ thị",
    "Lệnh",
    "Sắc lệnh",
];

/// Reads a note. Every text gives an answer, if an empty one.
#[must_use]
pub fn note_of_codified(source_note: &str) -> CodifiedNote {
    let text = nfc(source_note).replace('Ð', "Đ");
    let text = text.trim().trim_start_matches('(').trim_end_matches(')').trim();
    let (head, rest) = match text.split_once("có hiệu lực") {
        Some((head, rest)) => (head.trim_end_matches([' ', ',']), rest),
        None => (text, ""),
    };
    let source = source(head);
    let after_effect = rest.split_once("ngày").map_or(rest, |(_, after)| after);
    let (effective_on, changes) = match date(after_effect) {
        Some((day, after)) => (Some(day), after),
        None => (None, rest),
    };
    CodifiedNote {
        article: source.articles.first().cloned(),
        kind: source.kind,
        number: source.number,
        title: source.title,
        issuer: source.issuer,
        issued_on: source.issued_on,
        effective_on,
        amendments: amendments(changes),
    }
}

#[derive(Default)]
struct Source {
    articles: Vec<String>,
    kind: Option<String>,
    number: Option<String>,
    title: Option<String>,
    issuer: Option<String>,
    issued_on: Option<Date>,
}

/// "Điều 1, Điều 2 Luật số 57/2020/QH14 Luật Thanh niên ngày 16/06/2020 của Quốc hội".
fn source(head: &str) -> Source {
    let mut source = Source::default();
    let Some((at, kind)) = first_kind(head) else { return source };
    let (places, document) = head.split_at_checked(at).unwrap_or((head, ""));
    source.articles = articles(places);
    source.kind = Some(kind.replace("số liên tịch", "liên tịch"));
    let after_kind = document.get(kind.len()..).unwrap_or_default().trim_start();
    let numbered = after_kind.strip_prefix("số").unwrap_or(after_kind).trim_start();
    let (number, rest) = number(document, numbered);
    source.number = number;
    let (title, rest) = match last_date(rest) {
        Some((title, day, rest)) => {
            source.issued_on = Some(day);
            (title, rest)
        }
        None => (rest, ""),
    };
    let title = title.trim().trim_end_matches(',').trim();
    let title = title.strip_prefix(kind).unwrap_or(title).trim();
    source.title = Some(title.to_owned()).filter(|title| !title.is_empty());
    source.issuer = rest
        .trim_start()
        .strip_prefix("của")
        .map(|issuer| issuer.trim().trim_end_matches([',', '.', ')']).trim().to_owned())
        .filter(|issuer| !issuer.is_empty());
    source
}

/// The kind of document that is named first.
fn first_kind(text: &str) -> Option<(usize, &'static str)> {
    KINDS
        .iter()
        .filter_map(|kind| text.find(kind).map(|at| (at, *kind)))
        .min_by_key(|(at, kind)| (*at, usize::MAX - kind.len()))
}

/// The number and symbol, and what stands after it. Old numbers without a known symbol ("60 TC/TCT") reach
/// to the next word.
fn number<'t>(document: &'t str, numbered: &'t str) -> (Option<String>, &'t str) {
    let cited = citation::find(document).into_iter().next();
    if let Some(first) = cited
        && let DocumentRef::Number { text, .. } = first.target.document
        && document.get(..first.end).is_some_and(|span| span.ends_with(&text))
    {
        let rest = document.get(first.end..).unwrap_or_default();
        return (Some(text), rest);
    }
    let end = numbered.find([' ', ',']).unwrap_or(numbered.len());
    let word = numbered.get(..end).unwrap_or_default();
    if word.starts_with(|letter: char| letter.is_ascii_digit()) {
        (Some(word.to_owned()), numbered.get(end..).unwrap_or_default())
    } else {
        (None, numbered)
    }
}

/// The last "ngày dd/mm/yyyy": what stands before, the day, what stands after.
fn last_date(text: &str) -> Option<(&str, Date, &str)> {
    let mut end = text.len();
    while let Some(at) = text.get(..end)?.rfind("ngày") {
        if let Some((day, rest)) = date(text.get(at + "ngày".len()..)?) {
            return Some((text.get(..at)?, day, rest));
        }
        end = at;
    }
    None
}

/// Numbers of the articles named in a short text: "Điều 1, Điều 2", "Điều 1, 2".
fn articles(text: &str) -> Vec<String> {
    text.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| word.starts_with(|letter: char| letter.is_ascii_digit()))
        .map(str::to_owned)
        .collect()
}

/// ", có nội dung được sửa đổi, có nội dung bị bãi bỏ bởi Điều 1 … có hiệu lực … ngày …; Điều 2 …".
fn amendments(text: &str) -> Vec<CodifiedAmendment> {
    let mut amendments = Vec::new();
    let mut verbs: Vec<Verb> = Vec::new();
    let mut partly = false;
    for piece in text.split(';') {
        let by = match piece.split_once(" bởi ") {
            Some((said, by)) => {
                verbs = verbs_of(said);
                partly = said.contains("nội dung");
                by
            }
            None => piece,
        };
        let (document, effect) = by.split_once("có hiệu lực").unwrap_or((by, ""));
        let found = source(document.trim().trim_end_matches(','));
        if verbs.is_empty() || (found.number.is_none() && found.articles.is_empty()) {
            continue;
        }
        amendments.push(CodifiedAmendment {
            verbs: verbs.clone(),
            partly,
            articles: found.articles,
            kind: found.kind,
            number: found.number,
            effective_on: effect
                .split_once("ngày")
                .and_then(|(_, day)| date(day))
                .map(|(day, _)| day),
        });
    }
    amendments
}

fn verbs_of(said: &str) -> Vec<Verb> {
    let said = said.to_lowercase();
    let amends = said.contains("sửa đổi") || said.contains("thay thế");
    let adds = said.contains("bổ sung");
    let repeals =
        ["bãi bỏ", "hủy bỏ", "huỷ bỏ", "hết hiệu lực"].iter().any(|word| said.contains(word));
    let all = [
        (Verb::Amend, amends),
        (Verb::Add, adds),
        (Verb::Repeal, repeals),
        (Verb::Suspend, said.contains("ngưng")),
        (Verb::Correct, said.contains("đính chính")),
    ];
    all.into_iter().filter(|(_, said)| *said).map(|(verb, _)| verb).collect()
}

impl CodifiedNote {
    /// What the note says about the article's life, for [`super::state`]. A change without a day has no
    /// place in time and is left out.
    #[must_use]
    pub fn events(&self) -> Vec<EffectEvent> {
        let mut events = Vec::new();
        // An article that was added later begins with the document that added it.
        let added = self.amendments.iter().find(|change| {
            change.verbs == [Verb::Add]
                && !change.partly
                && change.effective_on >= self.effective_on
        });
        let start = added.and_then(|change| change.effective_on).or(self.effective_on);
        if let Some(day) = start {
            let by = added.and_then(|change| change.number.as_deref()).map(symbol::key);
            events.push(EffectEvent { day, kind: EventKind::Starts, by });
        }
        for change in self.amendments.iter().filter(|change| Some(*change) != added) {
            let Some(day) = change.effective_on else { continue };
            let by = change.number.as_deref().map(symbol::key);
            for verb in &change.verbs {
                let kind = match verb {
                    Verb::Repeal if change.partly => EventKind::PartlyRepealed,
                    Verb::Repeal => EventKind::Repealed,
                    Verb::Suspend => EventKind::Suspended { until: None },
                    _ => EventKind::Amended,
                };
                events.push(EffectEvent { day, kind, by: by.clone() });
            }
        }
        events.dedup();
        events
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date as day;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_note_of_a_first_article_names_its_document_whole() {
        let note = note_of_codified(
            "(Điều 1 Luật số 12/2031/QH17 Luật Bến đò ngày 16/06/2031 của Quốc hội, có hiệu lực thi hành kể từ ngày 01/01/2032)",
        );
        assert_eq!(note.article.as_deref(), Some("1"));
        assert_eq!(note.kind.as_deref(), Some("Luật"));
        assert_eq!(note.number.as_deref(), Some("12/2031/QH17"));
        assert_eq!(note.title.as_deref(), Some("Bến đò"));
        assert_eq!(note.issuer.as_deref(), Some("Quốc hội"));
        assert_eq!(note.issued_on, Some(day(2031, 6, 16)));
        assert_eq!(note.effective_on, Some(day(2032, 1, 1)));
        assert!(note.amendments.is_empty());
    }

    #[test]
    fn each_amending_document_is_one_amendment() {
        let note = note_of_codified(
            "(Điều 11 Thông tư số 19/2031/TT-BGTVT, có hiệu lực thi hành kể từ ngày 1/8/2031, có nội dung được sửa đổi, có nội dung bị bãi bỏ bởi Điều 1, Điều 2 Thông tư số 09/2032/TT-BGTVT có hiệu lực thi hành kể từ ngày 15/06/2032; Điều 1 Thông tư số 32/2033/TT-BGTVT có hiệu lực thi hành kể từ ngày 02/02/2033)",
        );
        assert_eq!(note.effective_on, Some(day(2031, 8, 1)));
        let [first, second] = note.amendments.as_slice() else { panic!("{note:?}") };
        assert_eq!(first.verbs, [Verb::Amend, Verb::Repeal]);
        assert_eq!(first.articles, ["1", "2"]);
        assert_eq!(first.number.as_deref(), Some("09/2032/TT-BGTVT"));
        assert_eq!(second.effective_on, Some(day(2033, 2, 2)));
        assert!(first.partly && second.partly);
    }

    #[test]
    fn an_added_article_begins_with_the_document_that_added_it() {
        let note = note_of_codified(
            "(Điều 6a Thông tư số 08/2031/TT-BVHTTDL, có hiệu lực thi hành kể từ ngày 15/11/2031, được bổ sung bởi Điều 1 Thông tư số 03/2033/TT-BVHTTDL có hiệu lực thi hành kể từ ngày 01/08/2033)",
        );
        let events = note.events();
        assert_eq!(events.len(), 1);
        assert_eq!((events[0].day, events[0].kind), (day(2033, 8, 1), EventKind::Starts));
    }

    proptest! {
        #[test]
        fn any_note_is_read_without_a_fault(text: String) {
            let _ = note_of_codified(&text).events();
        }

        #[test]
        fn any_mixture_of_its_words_is_read_without_a_fault(
            words in prop::collection::vec(prop::sample::select(vec![
                "(", ")", "Điều", "1", "Luật", "số", "57/2020/QH14", "ngày", "16/06/2020", "của", "Quốc hội", ",",
                "có hiệu lực thi hành kể từ ngày", "có nội dung", "được sửa đổi", "bởi", ";", "bị bãi bỏ", "31/02/2020",
            ]), 0..40)
        ) {
            let _ = note_of_codified(&words.join(" ")).events();
        }
    }
}
