//! Phrases: places joined to their larger units and documents, enumerations, ranges.

use std::collections::HashMap;

use super::document::{Named, is_foreign, kind_at, named};
use super::place::{self, Level, Value};
use super::token::{Sort, Token};
use super::{Citation, Context, DocumentRef, Place, Target};

/// One element of an enumeration.
#[derive(Clone, Debug)]
struct Item {
    /// First token, and the token after the last.
    from: usize,
    to: usize,
    place: Place,
    this: Option<Level>,
    document: Option<DocumentRef>,
    /// Belongs to something that is no law known here.
    foreign: bool,
    /// Goes on from the element before: "đến khoản 3".
    ends_range: bool,
    /// The last place, of a range.
    range_to: Option<Place>,
    /// All its numbers can be nothing else.
    certain: bool,
    /// The rank that a number without its word has after this element.
    listed: Option<Level>,
}

pub(super) struct Scanner<'a, 't> {
    tokens: &'a [Token<'t>],
    context: &'a Context<'a>,
    /// Documents that the text has named in full, by kind and bare number: "Quyết định số 86" means the one
    /// with that number, if there is only one.
    named: HashMap<(String, &'t str), Option<DocumentRef>>,
}

impl<'a, 't> Scanner<'a, 't> {
    pub(super) fn new(tokens: &'a [Token<'t>], context: &'a Context<'a>) -> Self {
        Self { tokens, context, named: HashMap::new() }
    }

    pub(super) fn scan(&mut self) -> Vec<Citation> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            let next = match self.phrase(at, &mut found) {
                Some(next) if next > at => next,
                _ => at + 1,
            };
            self.remember(at, next);
            at = next;
        }
        found
    }

    /// Remembers the documents named in full between two positions.
    fn remember(&mut self, from: usize, to: usize) {
        for at in from..to {
            let Some(token) = self.tokens.get(at).filter(|token| token.sort == Sort::Symbol) else {
                continue;
            };
            let digits = token.text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(0);
            let Some(number) = token.text.get(..digits) else { continue };
            let is_word = |at: usize| self.tokens.get(at).is_some_and(|token| token.is("số"));
            let end = if at > 0 && is_word(at - 1) { at - 1 } else { at };
            let kind = (1..=4_usize).rev().find_map(|length| {
                let (kind, next) = kind_at(self.tokens, end.checked_sub(length)?)?;
                (next == end).then_some(kind)
            });
            let Some(kind) = kind else { continue };
            let document = DocumentRef::Number {
                key: crate::symbol::key(token.text),
                text: token.text.to_owned(),
                kind: Some(kind.clone()),
                name: None,
            };
            self.named
                .entry((kind, number))
                .and_modify(|known| {
                    if known.as_ref() != Some(&document) {
                        *known = None;
                    }
                })
                .or_insert(Some(document));
        }
    }

    /// The document named at a position, in full or by its bare number.
    fn document(&self, at: usize, after_place: bool) -> Option<Named> {
        if let Some(found) = named(self.tokens, at, self.context, after_place) {
            return Some(found);
        }
        if !self.tokens.get(at)?.is_capital() {
            return None;
        }
        let (kind, mut next) = kind_at(self.tokens, at)?;
        if self.tokens.get(next)?.is("số") {
            next += 1;
        }
        let number = self.tokens.get(next).filter(|token| token.sort == Sort::Number)?;
        if self.tokens.get(next + 1).is_some_and(|token| token.is_mark(&['/', '-'])) {
            return None;
        }
        let document = self.named.get(&(kind, number.text))?.clone()?;
        Some(Named { document, next: next + 1 })
    }

    /// Reads what begins at a token; the position after it.
    fn phrase(&self, at: usize, found: &mut Vec<Citation>) -> Option<usize> {
        let token = self.tokens.get(at)?;
        if matches!(token.sort, Sort::Mark | Sort::Break | Sort::Number) {
            return None;
        }
        if place::word(self.tokens, at).is_some()
            && let Some(next) = self.places(at, found)
        {
            return Some(next);
        }
        let Named { document, next } = self.document(at, false)?;
        let start = token.start;
        let end = self.end_of(next)?;
        let target = Target { document, ..Target::default() };
        found.push(Citation { start, end, phrase: (start, end), target });
        Some(next)
    }

    /// An enumeration of places with their documents.
    fn places(&self, at: usize, found: &mut Vec<Citation>) -> Option<usize> {
        let mut items: Vec<Item> = Vec::new();
        let mut next = at;
        let mut listed = None;
        let mut ends_range = false;
        while let Some(mut item) = self.item(next, listed) {
            item.ends_range = ends_range && !items.is_empty();
            listed = item.listed;
            next = item.to;
            items.push(item);
            if let Some(after) = self.range_word(next) {
                ends_range = true;
                next = after;
                continue;
            }
            ends_range = false;
            match self.separator(next) {
                Some(after) => next = after,
                None => break,
            }
        }
        let end = items.last()?.to;
        if self.is_heading(at, &items) {
            return Some(end);
        }
        hand_down(&mut items);
        let items = join_ranges(items);
        let kept: Vec<&Item> = items.iter().filter(|item| self.is_citation(item)).collect();
        let (Some(first), Some(last)) = (kept.first(), kept.last()) else { return Some(end) };
        let phrase_start = self.tokens.get(first.from)?.start;
        let phrase_end = self.end_of(last.to)?;
        for item in kept {
            found.push(Citation {
                start: self.tokens.get(item.from)?.start,
                end: self.end_of(item.to)?,
                phrase: (phrase_start, phrase_end),
                target: Target {
                    document: item.document.clone().unwrap_or_default(),
                    place: item.place.clone(),
                    this: item.this.and_then(Level::unit),
                    to: item.range_to.clone(),
                },
            });
        }
        Some(end)
    }

    fn end_of(&self, next: usize) -> Option<usize> {
        self.tokens.get(next.checked_sub(1)?).map(Token::end)
    }

    /// One element: a number with or without its word, joined to larger units and to a document.
    fn item(&self, at: usize, listed: Option<Level>) -> Option<Item> {
        let (level, value, worded) = match place::word(self.tokens, at) {
            Some((level, length)) => {
                let mut number = at + length;
                // "các khoản từ 1 đến 5".
                if self.tokens.get(number).is_some_and(|token| token.is("từ")) {
                    number += 1;
                }
                (level, self.value(number, level)?, true)
            }
            None => {
                let level = listed?;
                let value = self.value(at, level).filter(|value| value.text != "này")?;
                if !place::may_follow(self.tokens, value.next) {
                    return None;
                }
                (level, value, false)
            }
        };
        let mut item = Item {
            from: at,
            to: value.next,
            place: Place::default(),
            this: None,
            document: None,
            foreign: false,
            ends_range: false,
            range_to: None,
            certain: value.certain,
            listed: Some(level),
        };
        // "khoản tiền này" is no clause: "này" needs a capital, a preposition or a smaller unit before it.
        if value.text == "này" {
            if worded && !self.may_be_this(at, level) {
                return None;
            }
            item.this = Some(level);
            return Some(item);
        }
        *item.place.slot(level) = Some(value.text);
        self.join_larger(&mut item, level);
        if item.this.is_none() {
            self.join_document(&mut item);
        }
        Some(item)
    }

    /// A number, or "này".
    fn value(&self, at: usize, level: Level) -> Option<Value> {
        if self.tokens.get(at)?.is("này") && level.unit().is_some() {
            return Some(Value { text: "này".to_owned(), next: at + 1, certain: true });
        }
        place::value(self.tokens, at, level)
    }

    fn may_be_this(&self, at: usize, level: Level) -> bool {
        if self.tokens.get(at).is_some_and(Token::is_capital) {
            return true;
        }
        if level == Level::Part {
            return false;
        }
        at.checked_sub(1).and_then(|before| self.tokens.get(before)).is_some_and(|before| {
            before.is_any(&["tại", "theo", "của", "trong", "ở", "và", "hoặc", "thuộc", "vi"])
        })
    }

    /// Adds the larger units that follow: "điểm a" + "khoản 2" + "Điều 5".
    fn join_larger(&self, item: &mut Item, first: Level) {
        let mut level = first;
        loop {
            let mut at = item.to;
            let mut has_comma = false;
            if let Some(token) = self.tokens.get(at) {
                if token.is_any(&["của", "thuộc", "tại", "trong", "ở", "vào"]) {
                    at += 1;
                } else if token.is_mark(&[',']) {
                    at += 1;
                    has_comma = true;
                } else if token.is_mark(&['('])
                    && let Some(close) = self.closing(at).filter(|close| *close < at + 8)
                {
                    // "điểm đ (nếu có) khoản 1".
                    at = close + 1;
                }
            }
            let Some((larger, length)) = place::word(self.tokens, at) else { return };
            let descends = larger > level && level == Level::Article && larger == Level::Clause;
            if descends && !has_comma && at == item.to {
                // "Điều 5 khoản 2": the other order, where nothing larger follows the clause.
                let Some(value) = self.value(at + length, larger) else { return };
                let goes_on = place::word(self.tokens, value.next).is_some();
                if value.text == "này" || goes_on || item.place.clause.is_some() {
                    return;
                }
                *item.place.slot(larger) = Some(value.text);
                item.to = value.next;
                item.listed = Some(larger);
                continue;
            }
            if larger >= level || (has_comma && !follows_comma(level, larger)) {
                return;
            }
            let Some(value) = self.value(at + length, larger) else { return };
            item.to = value.next;
            item.listed = Some(larger);
            if value.text == "này" {
                item.this = Some(larger);
                return;
            }
            *item.place.slot(larger) = Some(value.text);
            item.certain = true;
            level = larger;
        }
    }

    /// Adds the document that follows: "của Luật Hộ tịch", "ban hành kèm theo Thông tư này".
    fn join_document(&self, item: &mut Item) {
        let mut at = item.to;
        // "khoản 4 Điều 3 (đối với …) của Thông tư này": the document is known, but stands apart.
        let mut apart = false;
        if self.tokens.get(at).is_some_and(|token| token.is_mark(&['(']))
            && let Some(close) = self.closing(at)
        {
            at = close + 1;
            apart = true;
        }
        let joined = self.joining_words(at);
        at = joined;
        if let Some(Named { document, next }) = self.document(at, true) {
            item.document = Some(document);
            if !apart {
                item.to = next;
            }
            return;
        }
        if apart || self.tokens.get(item.to).is_some_and(|token| token.is_mark(&[','])) {
            return;
        }
        item.foreign = is_foreign(self.tokens, at) && !self.is_own_kind(at);
    }

    /// "Điều 7 Nghị định.": the document itself, where the word "này" was forgotten.
    fn is_own_kind(&self, at: usize) -> bool {
        let Some(kind) = self.context.kind else { return false };
        let words: Vec<&str> = kind.split(' ').collect();
        words.iter().enumerate().all(|(i, word)| {
            self.tokens.get(at + i).is_some_and(|token| token.is(&word.to_lowercase()))
        })
    }

    fn closing(&self, open: usize) -> Option<usize> {
        (open..open + 30)
            .take_while(|at| self.tokens.get(*at).is_some_and(|token| token.sort != Sort::Break))
            .find(|at| self.tokens.get(*at).is_some_and(|token| token.is_mark(&[')'])))
    }

    /// Position after "của", "ban hành kèm theo" and the like.
    fn joining_words(&self, at: usize) -> usize {
        const JOINING: &[&[&str]] = &[
            &["được", "ban", "hành", "kèm", "theo"],
            &["ban", "hành", "kèm", "theo"],
            &["ban", "hành", "kèm"],
            &["ban", "hành", "theo"],
            &["ban", "hành", "tại"],
            &["kèm", "theo"],
            &["của"],
            &["thuộc"],
            &["tại"],
            &["trong"],
            &["ở"],
        ];
        let at = at + usize::from(self.tokens.get(at).is_some_and(|token| token.is_mark(&[','])));
        let fits = |words: &&&[&str]| {
            words
                .iter()
                .enumerate()
                .all(|(i, word)| self.tokens.get(at + i).is_some_and(|token| token.is(word)))
        };
        at + JOINING.iter().find(fits).map_or(0, |words| words.len())
    }

    /// Position after "đến", "đến hết", "–" where a range goes on.
    fn range_word(&self, at: usize) -> Option<usize> {
        let token = self.tokens.get(at)?;
        let mut next = at + 1;
        if token.is_any(&["đến", "tới"]) {
            if self.tokens.get(next).is_some_and(|token| token.is_any(&["hết", "các"])) {
                next += 1;
            }
            return Some(next);
        }
        token.is_mark(&['-', '–']).then_some(next)
    }

    /// Position after "," "và", "hoặc", "và tại các" where an enumeration may go on.
    fn separator(&self, at: usize) -> Option<usize> {
        let mut next = at;
        if self.tokens.get(next)?.is_mark(&[',', ';', '/']) {
            next += 1;
        }
        if self.tokens.get(next).is_some_and(|token| token.is_any(&["và", "hoặc", "hay", "cùng"]))
        {
            next += 1;
            if self.tokens.get(next).is_some_and(|token| token.is_mark(&['/'])) {
                next += 2;
            }
        }
        if next == at {
            return None;
        }
        for word in ["tại", "quy", "định", "tại", "theo", "các", "từ"] {
            if self.tokens.get(next).is_some_and(|token| token.is(word)) {
                next += 1;
            }
        }
        Some(next)
    }

    /// "Điều 5. Tên điều" and "Chương II" at the beginning of a line are no citations.
    fn is_heading(&self, at: usize, items: &[Item]) -> bool {
        let before = at.checked_sub(1).and_then(|before| self.tokens.get(before));
        let opens = before.is_none_or(|before| {
            before.sort == Sort::Break || before.is_mark(&['“', '"', '”', '«', '‘', '\''])
        });
        let [only] = items else { return false };
        if !opens || only.document.is_some() || only.this.is_some() {
            return false;
        }
        let after = self.tokens.get(only.to);
        match only.place.bottom() {
            Some(Level::Article) => after.is_none_or(|after| {
                after.sort == Sort::Break || after.is_mark(&['.', ':', '”', '"'])
            }),
            Some(Level::Clause | Level::Point) => {
                only.place.top() == only.place.bottom()
                    && after.is_some_and(|after| after.is_mark(&['.', ':', ')']))
            }
            _ => true,
        }
    }

    /// Whether an element is sure enough to be linked.
    fn is_citation(&self, item: &Item) -> bool {
        if item.foreign {
            return false;
        }
        if item.this.is_some() || item.document.is_some() {
            return true;
        }
        let (Some(top), Some(bottom)) = (item.place.top(), item.place.bottom()) else {
            return false;
        };
        let Some(first) = self.tokens.get(item.from) else { return false };
        match top {
            Level::Subpoint => false,
            Level::Point | Level::Clause => item.certain,
            Level::Article | Level::Annex => bottom != Level::Subpoint || top < bottom,
            Level::Part | Level::Chapter | Level::Section | Level::Subsection => {
                first.is_capital() || top < bottom || self.is_roman(item.from)
            }
        }
    }

    fn is_roman(&self, from: usize) -> bool {
        self.tokens
            .get(from + 1)
            .is_some_and(|token| token.text.bytes().all(|letter| b"IVXL".contains(&letter)))
    }
}

/// "điểm a, khoản 1, Điều 5": careless commas between a unit and the next larger one.
fn follows_comma(level: Level, larger: Level) -> bool {
    matches!(
        (level, larger),
        (Level::Point, Level::Clause | Level::Article | Level::Section)
            | (Level::Clause, Level::Article | Level::Section)
            | (Level::Section | Level::Chapter, Level::Part)
            | (Level::Section, Level::Chapter)
            | (Level::Subpoint, Level::Point)
    )
}

/// Gives each element what it shares with the one after it: "khoản 1 và khoản 2 Điều 5 Luật này".
fn hand_down(items: &mut [Item]) {
    let mut right: Option<Item> = None;
    for item in items.iter_mut().rev() {
        if let Some(right) = &right {
            inherit(item, right);
        }
        right = Some(item.clone());
    }
}

fn inherit(item: &mut Item, right: &Item) {
    let settled = item.document.is_some() || item.foreign;
    let (Some(top), false) = (item.place.top(), settled) else { return };
    if item.this.is_some() {
        return;
    }
    let right_bottom = right.place.bottom().max(right.this.filter(|_| right.place.is_empty()));
    let Some(right_bottom) = right_bottom else { return };
    let shares_units = right_bottom >= top;
    if top > Level::Article && !shares_units {
        return;
    }
    if shares_units {
        for level in Level::ALL.into_iter().filter(|level| *level < top) {
            if let Some(number) = right.place.get(level) {
                *item.place.slot(level) = Some(number.clone());
                item.certain = true;
            }
        }
        if right.this.is_some_and(|this| this < top) {
            item.this = right.this;
        }
    }
    item.document.clone_from(&right.document);
    item.foreign = right.foreign;
}

/// Makes one element of the two ends of a range.
fn join_ranges(items: Vec<Item>) -> Vec<Item> {
    let mut joined: Vec<Item> = Vec::with_capacity(items.len());
    for item in items {
        match joined.last_mut().filter(|before| item.ends_range && before.range_to.is_none()) {
            Some(first) => {
                first.to = item.to;
                first.range_to = Some(item.place);
            }
            None => joined.push(item),
        }
    }
    joined
}
