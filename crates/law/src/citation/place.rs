//! Words and numbers of places: "khoản 2", "Mục I", "Phần thứ nhất".

use super::Place;
use super::token::{Sort, Token};
use crate::model::UnitKind;

/// Ranks of a place, from the largest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Annex,
    Part,
    Chapter,
    Section,
    Subsection,
    Article,
    Clause,
    Point,
    Subpoint,
}

impl Level {
    pub(super) const ALL: [Self; 9] = [
        Self::Annex,
        Self::Part,
        Self::Chapter,
        Self::Section,
        Self::Subsection,
        Self::Article,
        Self::Clause,
        Self::Point,
        Self::Subpoint,
    ];

    pub(super) fn unit(self) -> Option<UnitKind> {
        Some(match self {
            Self::Annex | Self::Subpoint => return None,
            Self::Part => UnitKind::Part,
            Self::Chapter => UnitKind::Chapter,
            Self::Section => UnitKind::Section,
            Self::Subsection => UnitKind::Subsection,
            Self::Article => UnitKind::Article,
            Self::Clause => UnitKind::Clause,
            Self::Point => UnitKind::Point,
        })
    }
}

impl Place {
    pub(super) fn slot(&mut self, level: Level) -> &mut Option<String> {
        match level {
            Level::Annex => &mut self.annex,
            Level::Part => &mut self.part,
            Level::Chapter => &mut self.chapter,
            Level::Section => &mut self.section,
            Level::Subsection => &mut self.subsection,
            Level::Article => &mut self.article,
            Level::Clause => &mut self.clause,
            Level::Point => &mut self.point,
            Level::Subpoint => &mut self.subpoint,
        }
    }

    pub(super) fn get(&self, level: Level) -> Option<&String> {
        match level {
            Level::Annex => self.annex.as_ref(),
            Level::Part => self.part.as_ref(),
            Level::Chapter => self.chapter.as_ref(),
            Level::Section => self.section.as_ref(),
            Level::Subsection => self.subsection.as_ref(),
            Level::Article => self.article.as_ref(),
            Level::Clause => self.clause.as_ref(),
            Level::Point => self.point.as_ref(),
            Level::Subpoint => self.subpoint.as_ref(),
        }
    }

    /// The largest rank that it names.
    pub(super) fn top(&self) -> Option<Level> {
        Level::ALL.into_iter().find(|level| self.get(*level).is_some())
    }

    /// The smallest.
    pub(super) fn bottom(&self) -> Option<Level> {
        Level::ALL.into_iter().rev().find(|level| self.get(*level).is_some())
    }
}

/// Words before which a word for a place is another word: "tài khoản 1", "danh mục 2", "địa điểm a".
const BOUND: &[(Level, &[&str])] = &[
    (Level::Point, &["địa", "thời", "quan", "đặc", "trọng", "cao", "thí", "ưu", "nhược", "số"]),
    (Level::Clause, &["tài", "điều", "ngân", "bồi"]),
    (Level::Section, &["danh", "hạng", "đề", "chuyên", "biên", "thư"]),
    (Level::Part, &["cổ", "học", "thành", "một", "góp", "tỷ", "hợp", "nội", "bộ", "dự"]),
];

/// The word for a place at a position, and how many tokens it takes.
pub(super) fn word(tokens: &[Token<'_>], at: usize) -> Option<(Level, usize)> {
    let token = tokens.get(at).filter(|token| token.sort == Sort::Word)?;
    let next_is = |word: &str| tokens.get(at + 1).is_some_and(|next| next.is(word));
    let (level, length) = if token.is("điều") {
        (Level::Article, 1)
    } else if token.is_any(&["khoản", "khỏan"]) {
        (Level::Clause, 1)
    } else if token.is("điểm") {
        (Level::Point, 1)
    } else if token.is("mục") {
        (Level::Section, 1)
    } else if token.is("chương") {
        (Level::Chapter, 1)
    } else if token.is("tiểu") && next_is("mục") {
        (Level::Subsection, 2)
    } else if token.is("phần") {
        (Level::Part, 1)
    } else if token.is("phụ") && next_is("lục") {
        (Level::Annex, 2)
    } else if token.is("tiết") {
        (Level::Subpoint, 1)
    } else {
        return None;
    };
    let bound = BOUND.iter().find(|(bound, _)| *bound == level).map_or(&[][..], |(_, words)| words);
    let before = at.checked_sub(1).and_then(|before| tokens.get(before));
    if !token.is_capital() && before.is_some_and(|before| before.is_any(bound)) {
        return None;
    }
    Some((level, length))
}

/// A number of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Value {
    pub text: String,
    /// Position after it.
    pub next: usize,
    /// Cannot be anything else: "a", "5", "III"; not "A" or "1.2", which need a larger unit beside them.
    pub certain: bool,
}

/// The number that stands at a position after the word of a rank, or in a list of that rank.
pub(super) fn value(tokens: &[Token<'_>], at: usize, level: Level) -> Option<Value> {
    let token = tokens.get(at)?;
    let one = |certain: bool| Some(Value { text: plain(token.text), next: at + 1, certain });
    match token.sort {
        Sort::Number => {
            if is_quantity(tokens, at) {
                return None;
            }
            let dots = token.text.matches('.').count();
            let short = token.text.split('.').all(|group| group.len() <= 3);
            if !short || (dots > 0 && token.text.ends_with(char::is_alphabetic)) {
                return None;
            }
            match level {
                Level::Article if dots > 0 => None,
                Level::Point => one(false),
                _ => one(dots == 0),
            }
        }
        Sort::Word => {
            if level == Level::Annex && token.is("số") {
                let mut numbered = value(tokens, at + 1, level)?;
                numbered.certain = true;
                return Some(numbered);
            }
            if token.is("thứ") && level == Level::Part {
                return ordinal(tokens, at);
            }
            match level {
                Level::Point | Level::Subpoint if is_letter(token.text) => {
                    Some(dotted(tokens, at).unwrap_or(Value {
                        text: plain(token.text),
                        next: at + 1,
                        certain: true,
                    }))
                }
                Level::Point | Level::Subpoint if is_letter(&token.text.to_lowercase()) => {
                    one(false)
                }
                Level::Annex
                | Level::Part
                | Level::Chapter
                | Level::Section
                | Level::Subsection
                    if is_roman(token.text) =>
                {
                    one(true)
                }
                Level::Annex | Level::Part | Level::Section if is_capital_letter(token.text) => {
                    one(level == Level::Annex)
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// "a.4": a letter with a number below it.
fn dotted(tokens: &[Token<'_>], at: usize) -> Option<Value> {
    let (letter, dot, number) = (tokens.get(at)?, tokens.get(at + 1)?, tokens.get(at + 2)?);
    let is_one = dot.is_mark(&['.'])
        && number.sort == Sort::Number
        && letter.end() == dot.start
        && dot.end() == number.start;
    let text = format!("{}.{}", plain(letter.text), number.text);
    is_one.then_some(Value { text, next: at + 3, certain: true })
}

/// As printed, with the Icelandic eth of old converters put right.
fn plain(text: &str) -> String {
    text.replace('ð', "đ").replace('Ð', "Đ")
}

/// "thứ nhất", "thứ mười một".
fn ordinal(tokens: &[Token<'_>], at: usize) -> Option<Value> {
    const WORDS: &[&str] = &[
        "nhất", "hai", "ba", "tư", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười", "mốt", "một",
    ];
    let mut next = at + 1;
    let mut words = vec!["thứ".to_owned()];
    while let Some(token) = tokens.get(next).filter(|token| token.is_any(WORDS)) {
        words.push(token.text.to_lowercase());
        next += 1;
        if words.len() > 3 {
            break;
        }
    }
    (words.len() > 1).then(|| Value { text: words.join(" "), next, certain: true })
}

/// "a", "đ", "a1": one small letter without tone, perhaps with a digit.
fn is_letter(text: &str) -> bool {
    let mut signs = text.chars();
    let is_first = signs.next().is_some_and(|first| {
        first.is_ascii_lowercase() || matches!(first, 'đ' | 'ð' | 'ê' | 'ô' | 'ơ' | 'ư')
    });
    let rest = signs.as_str();
    is_first && rest.len() <= 2 && rest.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_capital_letter(text: &str) -> bool {
    let mut signs = text.chars();
    signs.next().is_some_and(|first| first.is_ascii_uppercase())
        && signs.as_str().bytes().all(|byte| byte.is_ascii_digit())
}

/// "III", "IVa".
fn is_roman(text: &str) -> bool {
    let numerals = text.trim_end_matches(['a', 'b', 'c', 'd', 'A', 'B', 'E']);
    !numerals.is_empty()
        && text.len() - numerals.len() <= 1
        && numerals.len() <= 8
        && numerals.bytes().all(|letter| b"IVXL".contains(&letter))
}

/// "khoản 2 triệu đồng", "Điều 5 %".
fn is_quantity(tokens: &[Token<'_>], at: usize) -> bool {
    tokens.get(at + 1).is_some_and(|next| {
        next.is_any(&["triệu", "tỷ", "đồng", "nghìn", "ngàn", "trăm", "tháng", "ngày", "tuổi"])
            || next.is_mark(&['%'])
    })
}

/// After a number without its word ("các khoản 2, 3"): what may follow if it is one of the list.
pub(super) fn may_follow(tokens: &[Token<'_>], at: usize) -> bool {
    const WORDS: &[&str] = &[
        "và", "hoặc", "hay", "đến", "tới", "của", "này", "tại", "thuộc", "ở", "trong", "nêu",
        "nói", "trên", "được", "thì", "không", "phải", "có", "theo", "quy", "ban", "kèm", "nếu",
        "mà", "do", "với", "cùng", "như", "đối", "bị", "là", "từ", "cho", "để", "phụ", "luật",
        "bộ", "nghị", "thông", "pháp", "quyết", "hiến", "chỉ", "các", "dưới", "sau", "trừ", "đã",
        "sẽ", "còn", "về", "quy", "điều", "khoản", "điểm", "mục", "chương", "phần", "tiểu", "tiết",
        "khi", "bằng", "nhưng", "trước", "gồm", "bao", "nghĩa",
    ];
    match tokens.get(at) {
        None => true,
        Some(token) => match token.sort {
            Sort::Word => token.is_any(WORDS) || is_letter(token.text),
            Sort::Mark => !token.is_mark(&['%', '°', '+', '=', '/', 'º', '²', '³']),
            Sort::Break => true,
            Sort::Number | Sort::Symbol => false,
        },
    }
}
