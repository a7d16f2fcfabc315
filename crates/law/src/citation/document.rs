//! Documents as a text names them: by number, by name, or as "this one".

use jiff::civil::Date;

use super::token::{Sort, Token, is_law};
use super::{Context, DocumentRef};
use crate::symbol;

/// A document and the position after it.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub document: DocumentRef,
    pub next: usize,
}

/// Words for kinds of documents, the longer before those that they begin with, and whether such documents
/// are known by name.
const KINDS: &[(&[&str], bool)] = &[
    (&["văn", "bản", "hợp", "nhất"], false),
    (&["thông", "tư", "liên", "tịch"], false),
    (&["thông", "tư", "liên", "bộ"], false),
    (&["nghị", "quyết", "liên", "tịch"], false),
    (&["bộ", "luật"], true),
    (&["hiến", "pháp"], true),
    (&["pháp", "lệnh"], true),
    (&["nghị", "quyết"], false),
    (&["nghị", "định"], false),
    (&["quyết", "định"], false),
    (&["thông", "tư"], false),
    (&["chỉ", "thị"], false),
    (&["sắc", "lệnh"], false),
    (&["luật"], true),
    (&["lệnh"], false),
];

/// What is issued along with a document and is called "this" inside.
const ISSUED_ALONG: &[&[&str]] = &[
    &["quy", "chế"],
    &["quy", "định"],
    &["quy", "trình"],
    &["quy", "tắc"],
    &["quy", "chuẩn"],
    &["điều", "lệ"],
    &["nội", "quy"],
    &["thể", "lệ"],
    &["hướng", "dẫn"],
    &["chương", "trình"],
];

/// Documents that a place may belong to and that this program does not keep: treaties, statutes of
/// companies, contracts, forms.
const FOREIGN: &[&[&str]] = &[
    &["hiệp", "định"],
    &["hiệp", "ước"],
    &["công", "ước"],
    &["nghị", "định", "thư"],
    &["thỏa", "thuận"],
    &["thoả", "thuận"],
    &["hợp", "đồng"],
    &["tiêu", "chuẩn"],
    &["quy", "chế"],
    &["quy", "định"],
    &["quy", "chuẩn"],
    &["quy", "trình"],
    &["quy", "tắc"],
    &["điều", "lệ"],
    &["nội", "quy"],
    &["hướng", "dẫn"],
    &["chương", "trình"],
    &["đề", "án"],
    &["phương", "án"],
    &["mẫu"],
    &["biểu"],
    &["danh", "mục"],
    &["bản"],
    &["phụ", "lục"],
    &["tờ", "khai"],
    &["công", "văn"],
    &["kế", "hoạch"],
    &["chiến", "lược"],
    &["luật", "mẫu"],
    &["bộ", "quy", "tắc"],
];

/// Common short names of codes.
const SHORT: &[(&str, &str)] = &[
    ("BLDS", "Dân sự"),
    ("BLHS", "Hình sự"),
    ("BLTTDS", "Tố tụng dân sự"),
    ("BLTTHS", "Tố tụng hình sự"),
    ("BLLĐ", "Lao động"),
    ("BLHH", "Hàng hải Việt Nam"),
];

fn words_at(tokens: &[Token<'_>], at: usize, words: &[&str]) -> bool {
    words.iter().enumerate().all(|(i, word)| tokens.get(at + i).is_some_and(|token| token.is(word)))
}

/// The document named at a position. `after_place`: a place stands before it, which makes small letters
/// and sentence beginnings harmless.
pub(super) fn named(
    tokens: &[Token<'_>],
    at: usize,
    context: &Context<'_>,
    after_place: bool,
) -> Option<Named> {
    let first = tokens.get(at)?;
    if first.sort == Sort::Symbol {
        return (is_law(first.text) && !is_other_paper(tokens, at))
            .then(|| numbered(first, None, None, at + 1));
    }
    if first.sort != Sort::Word {
        return None;
    }
    if let Some((_, name)) = SHORT.iter().find(|(short, _)| *short == first.text) {
        let (year, next) = year(tokens, at + 1);
        let document = DocumentRef::Name {
            kind: "bộ luật".to_owned(),
            name: (*name).to_owned(),
            year,
            issued_on: None,
        };
        return Some(Named { document, next });
    }
    if let Some(words) = ISSUED_ALONG.iter().find(|words| words_at(tokens, at, words)) {
        let is_capital = first.is_capital() && (after_place || !opens_sentence(tokens, at));
        return (is_capital && tokens.get(at + words.len())?.is("này")).then(|| Named {
            document: DocumentRef::This { kind: words.join(" ") },
            next: at + words.len() + 1,
        });
    }
    let (words, has_name) = KINDS.iter().find(|(words, _)| words_at(tokens, at, words))?;
    let kind = words.join(" ");
    let after = at + words.len();
    if tokens.get(after).is_some_and(|token| token.is("này")) {
        return this(tokens, at, after, kind, context, after_place);
    }
    let may_have_issuer = first.is_capital();
    if let Some(found) = by_number(tokens, after, &kind, may_have_issuer) {
        return Some(found);
    }
    if !has_name || !first.is_capital() {
        return None;
    }
    by_name(tokens, at, after, &kind, context)
}

/// The word for a kind of documents at a position, and the position after it.
pub(super) fn kind_at(tokens: &[Token<'_>], at: usize) -> Option<(String, usize)> {
    let (words, _) = KINDS.iter().find(|(words, _)| words_at(tokens, at, words))?;
    Some((words.join(" "), at + words.len()))
}

/// Whether a place before this position belongs to something that is no law known here.
pub(super) fn is_foreign(tokens: &[Token<'_>], at: usize) -> bool {
    let Some(first) = tokens.get(at).filter(|token| token.sort == Sort::Word) else { return false };
    let is_standard =
        first.text.starts_with("QCVN") || first.text.starts_with("TCVN") || first.text == "QCXDVN";
    is_standard
        || first.is_capital()
            && (FOREIGN.iter().any(|words| words_at(tokens, at, words))
                || KINDS.iter().any(|(words, _)| words_at(tokens, at, words)))
}

fn this(
    tokens: &[Token<'_>],
    at: usize,
    after: usize,
    kind: String,
    context: &Context<'_>,
    after_place: bool,
) -> Option<Named> {
    let first = tokens.get(at)?;
    // "quyết định này", "lệnh này" in small letters are acts that the text speaks of.
    let is_act = ["quyết định", "lệnh", "chỉ thị", "nghị quyết"].contains(&kind.as_str());
    let fits = match context.kind {
        Some(known) => {
            let known = known.to_lowercase();
            known.starts_with(&kind) || known == "văn bản hợp nhất"
        }
        None => !is_act || after_place || !opens_sentence(tokens, at),
    };
    if !fits || (is_act && !first.is_capital()) {
        return None;
    }
    Some(Named { document: DocumentRef::This { kind }, next: after + 1 })
}

/// "[của Chính phủ] số 15/2020/NĐ-CP", "15/2020/NĐ-CP".
fn by_number(
    tokens: &[Token<'_>],
    after: usize,
    kind: &str,
    may_have_issuer: bool,
) -> Option<Named> {
    let mut at = after;
    if may_have_issuer && tokens.get(at).is_some_and(|token| token.is("của")) {
        // The issuer stands between the kind and the number: a few capital words.
        let end = (at..at + 10).find(|i| tokens.get(*i).is_some_and(|token| token.is("số")))?;
        if !tokens.get(at + 1)?.is_capital() {
            return None;
        }
        at = end;
    }
    number_at(tokens, at).map(|(token, next)| numbered(token, Some(kind), None, next))
}

/// "số 57/2020/QH14", "số: 57/2020/QH14", "57/2020/QH14".
fn number_at<'a, 't>(tokens: &'a [Token<'t>], mut at: usize) -> Option<(&'a Token<'t>, usize)> {
    if tokens.get(at).is_some_and(|token| token.is("số")) {
        at += 1;
        if tokens.get(at).is_some_and(|token| token.is_mark(&[':', '.'])) {
            at += 1;
        }
    }
    let token = tokens.get(at).filter(|token| token.sort == Sort::Symbol)?;
    Some((token, at + 1))
}

fn numbered(token: &Token<'_>, kind: Option<&str>, name: Option<String>, next: usize) -> Named {
    let document = DocumentRef::Number {
        key: symbol::key(token.text),
        text: token.text.to_owned(),
        kind: kind.map(str::to_owned),
        name,
    };
    Named { document, next }
}

/// "mẫu số 01/2020/TT-BTP", "công văn số 12/TT-BTP".
fn is_other_paper(tokens: &[Token<'_>], at: usize) -> bool {
    let mut before = at;
    for _ in 0..2 {
        let Some(index) = before.checked_sub(1) else { return false };
        before = index;
        let Some(token) = tokens.get(index) else { return false };
        if token.is_any(&["mẫu", "văn", "hiệu", "biểu"]) {
            return true;
        }
        if !token.is("số") {
            return false;
        }
    }
    false
}

/// Words after "Luật" that begin no name.
const NO_NAME: &[&str] = &[
    "sư", "gia", "này", "đó", "khác", "số", "có", "của", "và", "hoặc", "hay", "được", "do", "đã",
    "quy", "hiện", "là", "cũng", "thì", "phải", "không", "theo", "tại", "trong", "để", "nêu",
    "nói", "trên", "pháp", "quốc", "tục", "lệ", "mới", "cũ", "chuyên", "sẽ", "chưa", "khi", "nếu",
    "từ", "năm", "ngày", "kể", "nhằm", "thuộc", "định", "nào", "gốc", "ban", "như", "bị", "với",
    "đối", "mà", "nước", "áp", "phạt", "cho", "thông", "đang", "cấm", "vẫn", "bắt", "nhân", "chỉ",
    "bóng", "trình", "bằng", "giao",
];

/// Words that end a name of which nothing is known.
const END: &[&str] = &[
    "và", "hoặc", "hay", "quy", "được", "này", "đó", "ngày", "năm", "số", "hiện", "có", "thì",
    "phải", "là", "của", "để", "khi", "đã", "không", "theo", "trong", "cho", "tại", "đối", "với",
    "mà", "do", "trên", "từ", "như", "nếu", "bị", "đang", "sẽ", "nhưng", "bằng", "hướng", "nêu",
    "nói", "vào", "tới", "đến", "nhằm", "gồm", "bao", "cần", "trừ", "áp", "thông", "sửa", "chưa",
    "kể", "khác", "thay", "còn", "về", "cùng", "liên", "ra", "ở", "hết", "vì", "trước", "sau",
    "giữa", "giao", "nào", "các", "những", "mới", "cũng", "chỉ", "ban", "điều", "khoản", "điểm",
    "thuộc", "ngay", "trong",
];

fn by_name(
    tokens: &[Token<'_>],
    at: usize,
    after: usize,
    kind: &str,
    context: &Context<'_>,
) -> Option<Named> {
    let before = at.checked_sub(1).and_then(|before| tokens.get(before));
    if before.is_some_and(|word| {
        word.is_any(&["học", "viện", "khoa", "trường", "ty", "ngành", "phòng", "pháp", "ước"])
    }) {
        return None;
    }
    if kind == "hiến pháp" {
        let (year, next) = year(tokens, after);
        let (issued_on, next) =
            date(tokens, next).map_or((None, next), |(day, next)| (Some(day), next));
        let document =
            DocumentRef::Name { kind: kind.to_owned(), name: String::new(), year, issued_on };
        return Some(Named { document, next });
    }
    let next = match amending(tokens, after, context) {
        Some(next) => next,
        None => name_end(tokens, at, after, context)?,
    };
    let name = tokens
        .get(after..next)?
        .iter()
        .fold((String::new(), 0), |(mut name, end), token| {
            if !name.is_empty() && token.start > end {
                name.push(' ');
            }
            name.push_str(token.text);
            (name, token.end())
        })
        .0;
    // "Luật Hộ tịch số 60/2014/QH13", "Bộ luật Hình sự (số 100/2015/QH13)", "Luật Đất đai năm 2024 số …".
    let (year, after_year) = year(tokens, next);
    let opening = tokens.get(after_year).filter(|token| token.is_mark(&['(', ',']));
    let number_from = after_year + usize::from(opening.is_some());
    let has_word = opening.is_none() || tokens.get(number_from).is_some_and(|token| token.is("số"));
    if let Some((token, end)) = number_at(tokens, number_from).filter(|_| has_word) {
        return Some(numbered(token, Some(kind), Some(name), end));
    }
    let (issued_on, next) =
        date(tokens, after_year).map_or((None, after_year), |(day, next)| (Some(day), next));
    Some(Named {
        document: DocumentRef::Name { kind: kind.to_owned(), name, year, issued_on },
        next,
    })
}

/// "Luật sửa đổi, bổ sung một số điều của Luật Luật sư": the end of the name that it amends.
fn amending(tokens: &[Token<'_>], after: usize, context: &Context<'_>) -> Option<usize> {
    let is_amending =
        words_at(tokens, after, &["sửa", "đổi"]) || words_at(tokens, after, &["bổ", "sung"]);
    if !is_amending {
        return None;
    }
    let of = (after..after + 14).find(|i| words_at(tokens, *i, &["của"]))?;
    let line = tokens.get(after..of)?;
    if line.iter().any(|token| token.sort == Sort::Break || token.is_mark(&['.', ';'])) {
        return None;
    }
    let (words, _) = KINDS.iter().find(|(words, _)| words_at(tokens, of + 1, words))?;
    name_end(tokens, of + 1, of + 1 + words.len(), context)
}

fn name_end(tokens: &[Token<'_>], at: usize, after: usize, context: &Context<'_>) -> Option<usize> {
    let first = tokens.get(after).filter(|token| token.sort == Sort::Word)?;
    if let Some(end) = context.titles.and_then(|titles| known_end(tokens, at, after, titles)) {
        return Some(end);
    }
    let is_name = words_at(tokens, after, &["ban", "hành", "văn", "bản"]);
    if first.is_any(NO_NAME) && !first.is_capital() && !is_name {
        return None;
    }
    // Rules of games, codes of international organisations and what amends nobody knows what.
    let is_code = words_at(tokens, at, &["bộ"]);
    let no_names: &[&[&str]] =
        &[&["việt", "nam"], &["hà", "nội"], &["thi", "đấu"], &["sửa", "đổi"]];
    let is_international =
        is_code && first.text.len() > 2 && first.text.bytes().all(|b| b.is_ascii_uppercase());
    if is_international || no_names.iter().any(|words| words_at(tokens, after, words)) {
        return None;
    }
    // At the beginning of a sentence small letters are no name, unless a number or a day shows that they are.
    let end = unknown_end(tokens, after);
    let is_said = number_at(tokens, end).is_some()
        || year(tokens, end).0.is_some()
        || date(tokens, end).is_some();
    if !first.is_capital() && !is_code && !is_said && opens_sentence(tokens, at) {
        return None;
    }
    Some(end)
}

/// Words on both sides of a comma or of "và" inside names: "Thi đua, khen thưởng", "Hôn nhân và gia đình".
const INSIDE: &[(&str, &str)] = &[
    ("phòng", "chống"),
    ("kiệm", "chống"),
    ("lý", "sử"),
    ("đua", "khen"),
    ("bộ", "công"),
    ("nại", "tố"),
    ("dục", "thể"),
    ("toàn", "vệ"),
    ("mua", "trưng"),
    ("cảnh", "nhập"),
    ("cảnh", "xuất"),
    ("cảnh", "quá"),
    ("cảnh", "cư"),
    ("giải", "đối"),
    ("phẩm", "hàng"),
    ("vệ", "chăm"),
    ("nhân", "gia"),
    ("phí", "lệ"),
    ("nhỏ", "vừa"),
    ("chuẩn", "quy"),
    ("đạc", "bản"),
    ("vệ", "phát"),
    ("vệ", "kiểm"),
    ("học", "công"),
    ("cháy", "chữa"),
    ("sóc", "giáo"),
    ("khẩu", "thuế"),
    ("nghiệp", "công"),
    ("khí", "vật"),
    ("nổ", "công"),
    ("hành", "chống"),
    ("xuất", "kinh"),
    ("định", "định"),
    ("bệnh", "chữa"),
    ("chức", "hoạt"),
];

/// Words that end a name, but not before these.
const NO_END: &[(&str, &str)] = &[
    ("quy", "phạm"),
    ("quy", "hoạch"),
    ("có", "công"),
    ("vào", "sản"),
    ("ở", "nước"),
    ("ở", "cơ"),
    ("đối", "ngoại"),
];

/// Words that end a name only together.
const END_PAIRS: &[(&str, &str)] =
    &[("thực", "hiện"), ("tiếp", "tục"), ("nộp", "kèm"), ("kèm", "theo"), ("xác", "định")];

/// The end of a name of which nothing is known.
fn unknown_end(tokens: &[Token<'_>], after: usize) -> usize {
    const LONGEST: usize = 20;
    let ends = |at: usize| {
        let is_pair = |pairs: &[(&str, &str)]| {
            pairs.iter().any(|(first, second)| words_at(tokens, at, &[first, second]))
        };
        if is_pair(NO_END) {
            return false;
        }
        is_pair(END_PAIRS)
            || tokens.get(at).is_none_or(|token| {
                token.sort != Sort::Word
                    || token.is_any(END)
                    || (token.is_capital()
                        && KINDS.iter().any(|(words, _)| words_at(tokens, at, words)))
            })
    };
    // "Luật Nhà ở".
    let mut end = after + 1 + usize::from(words_at(tokens, after, &["nhà", "ở"]));
    while end - after < LONGEST {
        if !ends(end) {
            end += 1;
            continue;
        }
        let goes_on = match (tokens.get(end - 1), tokens.get(end), tokens.get(end + 1)) {
            (Some(before), Some(border), Some(next)) => {
                (border.is("và") || border.is_mark(&[',']))
                    && INSIDE.iter().any(|(a, b)| before.is(a) && next.is(b))
            }
            _ => false,
        };
        if !goes_on {
            break;
        }
        end += 2;
    }
    // A number right after a few more words shows that they belong to the name.
    let number = (end..end + 8)
        .take_while(|at| {
            tokens.get(*at).is_some_and(|token| {
                (token.sort == Sort::Word || token.is_mark(&[',']))
                    && !token.is_any(&["ngày", "năm", "của", "theo", "tại"])
                    && !KINDS.iter().any(|(words, _)| words_at(tokens, *at, words))
            })
        })
        .find(|at| tokens.get(*at).is_some_and(|token| token.is("số")));
    match number {
        Some(number) if tokens.get(number + 1).is_some_and(|next| next.sort == Sort::Symbol) => {
            let is_comma = tokens.get(number - 1).is_some_and(|token| token.is_mark(&[',']));
            if is_comma { end } else { number }
        }
        _ => end,
    }
}

/// The end of the longest known name that stands here.
fn known_end(
    tokens: &[Token<'_>],
    at: usize,
    after: usize,
    titles: &super::KnownTitles,
) -> Option<usize> {
    let words: Vec<(usize, &str)> = tokens
        .iter()
        .enumerate()
        .skip(at)
        .take(60)
        .take_while(|(_, token)| token.sort != Sort::Break)
        .filter(|(_, token)| !token.is_mark(&[',', '-', '–', '/']))
        .take_while(|(_, token)| token.sort != Sort::Mark)
        .map(|(index, token)| (index, token.text))
        .collect();
    let count = titles.longest(words.iter().map(|(_, word)| *word))?;
    let (last, _) = words.get(count.checked_sub(1)?)?;
    (*last >= after).then_some(last + 1)
}

/// "năm 2015", "2015".
fn year(tokens: &[Token<'_>], at: usize) -> (Option<i16>, usize) {
    let number = at + usize::from(tokens.get(at).is_some_and(|token| token.is("năm")));
    let year = tokens
        .get(number)
        .filter(|token| token.sort == Sort::Number && token.text.len() == 4)
        .and_then(|token| token.text.parse().ok())
        .filter(|year| (1945..2100).contains(year));
    match year {
        Some(year) => (Some(year), number + 1),
        None => (None, at),
    }
}

/// "ngày 16 tháng 6 năm 2020", "ngày 16/6/2020".
pub(super) fn date(tokens: &[Token<'_>], at: usize) -> Option<(Date, usize)> {
    if !tokens.get(at)?.is("ngày") {
        return None;
    }
    let number = |i: usize| tokens.get(i).and_then(|token| token.text.parse::<i16>().ok());
    let is_long = tokens.get(at + 2)?.is("tháng") && tokens.get(at + 4)?.is("năm");
    let is_short = tokens.get(at + 2)?.is_mark(&['/', '-', '.']);
    if !is_long && !is_short {
        return None;
    }
    let (day, month, year) = (number(at + 1)?, number(at + 3)?, number(at + 5)?);
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    Some((date, at + 6))
}

/// Whether a sentence or a numbered paragraph begins here.
fn opens_sentence(tokens: &[Token<'_>], at: usize) -> bool {
    match at.checked_sub(1).and_then(|before| tokens.get(before)) {
        None => true,
        Some(before) => {
            before.sort == Sort::Break || before.is_mark(&['.', ':', ';', ')', '“', '"', '-', '–'])
        }
    }
}
