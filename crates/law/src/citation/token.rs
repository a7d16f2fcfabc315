//! Words, numbers, document numbers and marks of a text.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// Letters, then letters and digits: "Điều", "a1", "III".
    Word,
    /// Digits, perhaps in groups, perhaps with one letter: "5", "41a", "1.000.000", "1.2".
    Number,
    /// Number and symbol of a document: "57/2020/QH14".
    Symbol,
    /// Any other character.
    Mark,
    /// End of a line.
    Break,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'t> {
    pub sort: Sort,
    pub text: &'t str,
    pub start: usize,
}

impl Token<'_> {
    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Whether it is this word, which is given in small letters.
    pub(super) fn is(&self, word: &str) -> bool {
        let mut wanted = word.chars();
        self.text.chars().all(|letter| wanted.next() == Some(small(letter)))
            && wanted.next().is_none()
    }

    pub(super) fn is_any(&self, words: &[&str]) -> bool {
        self.sort == Sort::Word && words.iter().any(|word| self.is(word))
    }

    pub(super) fn is_mark(&self, marks: &[char]) -> bool {
        self.sort == Sort::Mark && self.text.chars().all(|mark| marks.contains(&mark))
    }

    /// Begins with a capital letter.
    pub(super) fn is_capital(&self) -> bool {
        self.text.chars().next().is_some_and(|letter| small(letter) != letter)
    }
}

/// The small letter; the Icelandic eth, which old converters wrote for đ, is one.
fn small(letter: char) -> char {
    match letter {
        'A'..='Z' => letter.to_ascii_lowercase(),
        'a'..='z' | '0'..='9' => letter,
        'Ð' | 'ð' => 'đ',
        _ => letter.to_lowercase().next().unwrap_or(letter),
    }
}

/// The tokens of a text in form C, in order. White space is none, but the end of a line is.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens: Vec<Token<'_>> = Vec::with_capacity(text.len() / 5);
    let mut at = 0;
    let mut glued = false;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(first) = rest.chars().next() else { break };
        let (sort, length) = if first == '\n' {
            (Sort::Break, 1)
        } else if first.is_whitespace() || is_invisible(first) {
            at += first.len_utf8();
            glued = false;
            continue;
        } else if first.is_ascii_digit() {
            match symbol(rest).filter(|_| !glued) {
                Some(length) => (Sort::Symbol, length),
                None => (Sort::Number, number(rest)),
            }
        } else if first.is_alphabetic() {
            (Sort::Word, word(rest))
        } else {
            (Sort::Mark, first.len_utf8())
        };
        let word = rest.get(..length).unwrap_or(rest);
        tokens.push(Token { sort, text: word, start: at });
        // A number after a slash or a full stop is a part of what stands before it.
        glued = matches!(first, '/' | '.' | ',') && tokens.len() > 1 && is_after_number(&tokens);
        at += word.len().max(1);
    }
    tokens
}

fn is_after_number(tokens: &[Token<'_>]) -> bool {
    let mut last = tokens.iter().rev();
    let mark = last.next();
    let before = last.next();
    match (mark, before) {
        (Some(mark), Some(before)) => before.sort == Sort::Number && before.end() == mark.start,
        _ => false,
    }
}

fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{FEFF}' | '\u{2060}')
}

fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.char_indices().find(|(_, letter)| !belongs(*letter)).map_or(text.len(), |(at, _)| at)
}

/// Letters and digits. Words glued together are cut apart: "số25/2021", "tạiĐiều", "thuếngày"; "a1" and
/// "QH14" are one.
fn word(text: &str) -> usize {
    let letters = run(text, char::is_alphabetic);
    let Some(word) = text.get(..letters) else { return letters };
    if word.is_ascii() && letters <= 2 {
        return run(text, char::is_alphanumeric);
    }
    let mut before_is_small = false;
    for (at, letter) in word.char_indices() {
        if before_is_small && letter.is_uppercase() {
            return at;
        }
        before_is_small = letter.is_lowercase();
    }
    match word.strip_suffix("ngày").map_or(0, str::len) {
        0 if word.is_ascii() => run(text, char::is_alphanumeric),
        0 => letters,
        cut => cut,
    }
}

fn digits(text: &str) -> usize {
    run(text, |letter| letter.is_ascii_digit())
}

fn number(text: &str) -> usize {
    let mut end = digits(text);
    loop {
        let rest = text.get(end..).unwrap_or_default();
        let Some(after) = rest.strip_prefix('.') else { break };
        let more = digits(after);
        if more == 0 {
            break;
        }
        end += 1 + more;
    }
    // One small letter belongs to the number: "41a"; more letters are a word of their own.
    let rest = text.get(end..).unwrap_or_default();
    let letters = run(rest, char::is_alphanumeric);
    let single = rest.get(..letters).filter(|tail| {
        let mut signs = tail.chars();
        signs
            .next()
            .is_some_and(|letter| letter.is_ascii_lowercase() || matches!(letter, 'đ' | 'ð'))
            && signs.next().is_none()
    });
    end + single.map_or(0, str::len)
}

/// Length of the number and symbol at the beginning of a text: `57/2020/QH14`, `01/2016/TTLT-BCA-BQP`,
/// `831/QĐ-BYT`, `05-NQ/TW`, with a space here and there as careless typists leave it.
fn symbol(text: &str) -> Option<usize> {
    let count = digits(text);
    if count == 0 || count > 5 {
        return None;
    }
    let mut at = count;
    let letter = text.get(at..)?.chars().next()?;
    if letter.is_ascii_alphabetic() {
        at += 1;
    }
    at = separator(text, at)?;
    let year = digits(text.get(at..)?);
    if year == 4 && text.get(at..)?.starts_with(['1', '2']) {
        at = separator(text, at + 4)?;
    } else if year > 0 {
        return None;
    }
    let first = part(text.get(at..)?)?;
    at += first;
    // Some years stand behind the kind: "831/QĐ/2017-BYT" does not occur; "12/QH14/2017" neither.
    while let Some(next) = separator(text, at) {
        match part(text.get(next..).unwrap_or_default()) {
            Some(length) => at = next + length,
            None => break,
        }
    }
    Some(at)
}

/// After a slash or dash with at most one space on one side of it.
fn separator(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let trimmed = rest.strip_prefix([' ', '\u{A0}']).unwrap_or(rest);
    let spaced = trimmed.len() != rest.len();
    // "BNN&PTNT" is one ministry.
    if let Some(after) = rest.strip_prefix('&') {
        return Some(text.len() - after.len());
    }
    let after = trimmed.strip_prefix(['/', '-', '–', '‑', '−'])?;
    let unspaced = after.strip_prefix([' ', '\u{A0}']).unwrap_or(after);
    if spaced && unspaced.len() != after.len() {
        // "QĐ - BYT": after a kind, before the capitals of an issuer.
        let kind = text.get(..at)?.rsplit(['/', ' ']).next()?;
        let issuer = unspaced.chars().take_while(|letter| letter.is_uppercase()).count();
        if !["QĐ", "TT", "NĐ", "NQ", "CT", "TTLT"].contains(&kind) || issuer < 2 {
            return None;
        }
    }
    Some(text.len() - unspaced.len())
}

/// A part of a symbol: capitals and digits ("TTg" has a small letter at its end).
fn part(text: &str) -> Option<usize> {
    let length = run(text, char::is_alphanumeric);
    let word = text.get(..length)?;
    // What is glued to it does not belong to it: "NĐ-CPcủa", "QĐ-TTgngày".
    let length = match word.get(..3) {
        Some("TTg" | "Ttg") => 3,
        _ => word.find(char::is_lowercase).unwrap_or(length),
    };
    let word = word.get(..length)?;
    let mut letters = word.chars();
    let is_capital = |letter: char| letter.is_uppercase() || letter == 'Ð';
    if !letters.next().is_some_and(is_capital) {
        return None;
    }
    match letters.next() {
        Some(second) if !is_capital(second) && !second.is_ascii_digit() && word != "Ttg" => None,
        _ => Some(length),
    }
}

/// Whether a symbol is one of documents that make law, so that it is known without the word before it.
pub(super) fn is_law(symbol: &str) -> bool {
    const KINDS: &[&str] = &[
        "nd", "nq", "qd", "tt", "ttlt", "ttlb", "ct", "pl", "l", "lct", "vbhn", "hdbt", "cp",
        "ttg", "hdnn", "nqlt", "sl",
    ];
    let key = crate::symbol::key(symbol);
    key.split('-').skip(1).any(|part| {
        KINDS.contains(&part)
            || ["qh", "ubtvqh"].iter().any(|kind| {
                part.strip_prefix(kind).is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()))
            })
    })
}
