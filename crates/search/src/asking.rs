//! Answering in the law's own words: which sentences of the passages found say it, and whether to answer
//! at all.
//!
//! Nothing is made up: every sentence stands so in its passage. When what was asked is a verdict on one's
//! own case, or the passages do not speak of it, there is no answer, and the reason says where to turn.

use crate::analyser::syllables;
use crate::index::Index;
use crate::lexicon::Lexicon;
use crate::postings::Term;
use crate::query::{Query, Wants};

/// A passage found, with its text.
#[derive(Clone, Copy, Debug)]
pub struct Material<'a> {
    /// Heading.
    pub title: &'a str,
    /// Text, a paragraph a line.
    pub text: &'a str,
    /// How well the passage answers, as the searcher says.
    pub score: f32,
}

/// A sentence of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Which of the materials it stands in.
    pub material: usize,
    /// Its words, as they stand there.
    pub text: String,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    /// It asks for certainty about one's own case, which only who knows the case can give.
    OwnCase,
    /// The passages do not say it.
    NoEvidence,
}

/// What a question gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Sentences, the most telling one first.
    Sentences(Vec<Sentence>),
    /// None, and why.
    None(Silence),
}

/// Sentences of an answer at most.
const MOST: usize = 8;

/// An answer made of these materials, best first.
#[must_use]
pub fn answer(
    index: &Index,
    lexicon: &Lexicon,
    question: &str,
    materials: &[Material<'_>],
) -> Answer {
    if asks_for_verdict(question) {
        return Answer::None(Silence::OwnCase);
    }
    let query = Query::new(index, lexicon, question);
    let asked = Asked::new(index, lexicon, question);
    let Some(best) = materials.first() else {
        return Answer::None(Silence::NoEvidence);
    };
    if asked.is_strange() || asked.held(best) < LEAST_HELD {
        return Answer::None(Silence::NoEvidence);
    }
    let mut chosen: Vec<(f32, Sentence)> = Vec::new();
    for (place, material) in materials.iter().enumerate().take(3) {
        // Passages far behind the first one only dilute the answer.
        if place > 0 && material.score < best.score * 0.6 {
            break;
        }
        let standing = 1.0 / (1.0 + place as f32);
        for (score, text) in telling(&asked, query.wants, material) {
            chosen.push((score * standing, Sentence { material: place, text }));
        }
    }
    chosen.sort_by(|one, two| two.0.total_cmp(&one.0));
    chosen.truncate(MOST);
    let sentences: Vec<Sentence> = chosen.into_iter().map(|(_, sentence)| sentence).collect();
    if sentences.is_empty() {
        Answer::None(Silence::NoEvidence)
    } else {
        Answer::Sentences(sentences)
    }
}

/// How much of what is asked about the best passage must speak of.
const LEAST_HELD: f32 = 0.34;

/// Words by which one's own case is meant.
const OWN: [&str; 14] = [
    "tôi",
    "của tôi",
    "chúng tôi",
    "em",
    "của em",
    "mình",
    "của mình",
    "nhà tôi",
    "công ty tôi",
    "con tôi",
    "vợ tôi",
    "chồng tôi",
    "gia đình tôi",
    "cháu",
];
/// Words that ask for certainty.
const CERTAIN: [&str; 6] = [
    "tuyệt đối",
    "cam kết",
    "đảm bảo thắng",
    "bảo đảm thắng",
    "đúng bao nhiêu",
    "cụ thể bao nhiêu",
];
/// Words that ask something.
const ASKING: [&str; 9] = ["bao", "nào", "gì", "đâu", "ai", "mấy", "những", "hiện", "sao"];
/// Words that ask what it comes to.
const AMOUNT: [&str; 8] = [
    "bao nhiêu tiền",
    "bao nhiêu năm tù",
    "bao nhiêu năm",
    "được bao nhiêu",
    "nhận bao nhiêu",
    "nộp bao nhiêu",
    "mất bao nhiêu",
    "phạt bao nhiêu",
];
/// Words that ask how one's own case ends.
const OUTCOME: [&str; 14] = [
    "có thắng",
    "có bị phạt",
    "có bị đi tù",
    "có phải đi tù",
    "có bị khởi tố",
    "có kiện được",
    "có được bồi thường",
    "cụ thể của",
    "trường hợp của",
    "vụ của",
    "vụ án của",
    "hồ sơ của",
    "nên làm gì",
    "mọi tài liệu",
];

/// Does the question ask for what no text of the law says: how one's own case ends, or the exact sum?
#[must_use]
pub fn asks_for_verdict(question: &str) -> bool {
    let words = syllables(question);
    let text = format!(" {} ", words.join(" "));
    let has = |phrases: &[&str]| phrases.iter().any(|phrase| text.contains(&format!(" {phrase} ")));
    has(&CERTAIN)
        || asks_for_certainty(&words)
        || asks_exactly(&words)
        || (has(&OWN) && (has(&AMOUNT) || has(&OUTCOME)))
}

/// "có chắc …", "chắc chắn …", but not "vững chắc".
fn asks_for_certainty(words: &[String]) -> bool {
    let before = std::iter::once("").chain(words.iter().map(String::as_str));
    words.iter().zip(before).any(|(word, before)| word == "chắc" && before != "vững")
}

/// "chính xác bao nhiêu", "chính xác những giấy tờ nào", but not "khai chính xác, trung thực".
fn asks_exactly(words: &[String]) -> bool {
    let starts = words.windows(2).zip(2..).filter(|(pair, _)| *pair == ["chính", "xác"]);
    starts.into_iter().any(|(_, next)| {
        let following = words.iter().skip(next).take(4);
        following.into_iter().any(|word| ASKING.contains(&word.as_str()))
    })
}

/// What is asked about, for comparing with sentences.
struct Asked {
    ones: Vec<(String, f32)>,
    pairs: Vec<(String, String, f32)>,
    unknown: f32,
}

impl Asked {
    fn new(index: &Index, lexicon: &Lexicon, question: &str) -> Self {
        let query = Query::new(index, lexicon, question);
        let vocabulary = index.vocabulary();
        let mut asked = Self { ones: Vec::new(), pairs: Vec::new(), unknown: 0.0 };
        let mut before: Option<u32> = None;
        let mut unknown = 0;
        let mut typed = 0;
        for ((syllable, is_core), share) in
            query.syllables.iter().zip(&query.is_core).zip(&query.shares)
        {
            typed += usize::from(*share >= 1.0 && *is_core);
            if *syllable == crate::analyser::BREAK {
                unknown += usize::from(*share >= 1.0 && *is_core);
                before = None;
                continue;
            }
            let name = vocabulary.name(*syllable).to_owned();
            if *is_core && !asked.ones.iter().any(|(known, _)| *known == name) {
                asked.ones.push((name.clone(), share * index.weight_of_one(*syllable)));
            }
            if let Some(first) = before.filter(|_| *is_core) {
                let weight = share * index.weight(Term::pair(first, *syllable));
                asked.pairs.push((vocabulary.name(first).to_owned(), name, weight));
            }
            before = is_core.then_some(*syllable);
        }
        asked.unknown = unknown as f32 / typed.max(1) as f32;
        asked
    }

    /// Does it speak of things that the law does not know?
    fn is_strange(&self) -> bool {
        self.ones.is_empty() || self.unknown > 0.4
    }

    /// How much of what is asked about a text speaks of, 0 to 1.
    fn share(&self, text: &[String]) -> f32 {
        let holds = |word: &String| text.contains(word);
        let ones: f32 =
            self.ones.iter().filter(|(word, _)| holds(word)).map(|(_, weight)| weight).sum();
        let all_ones: f32 = self.ones.iter().map(|(_, weight)| weight).sum();
        let beside = |one: &String, two: &String| {
            text.windows(2)
                .any(|pair| matches!(pair, [first, second] if first == one && second == two))
        };
        let pairs: f32 = self
            .pairs
            .iter()
            .filter(|(one, two, _)| beside(one, two))
            .map(|(_, _, weight)| weight)
            .sum();
        let all_pairs: f32 = self.pairs.iter().map(|(_, _, weight)| weight).sum();
        if all_pairs > 0.0 {
            0.4 * ones / all_ones.max(1e-6) + 0.6 * pairs / all_pairs
        } else {
            ones / all_ones.max(1e-6)
        }
    }

    fn held(&self, material: &Material<'_>) -> f32 {
        let mut text = syllables(material.title);
        text.extend(syllables(material.text));
        self.share(&text)
    }
}

/// The sentences of a passage that tell most: the best one with what belongs to it.
fn telling(asked: &Asked, wants: Wants, material: &Material<'_>) -> Vec<(f32, String)> {
    let title = asked.share(&syllables(material.title));
    let paragraphs: Vec<&str> =
        material.text.split('\n').map(str::trim).filter(|line| !line.is_empty()).collect();
    let mut scored: Vec<(usize, f32, &str)> = Vec::new();
    for (at, paragraph) in paragraphs.iter().enumerate() {
        for sentence in sentences(paragraph) {
            let own = syllables(sentence);
            if own.len() < 3 {
                continue;
            }
            // A sentence under a heading that answers need not repeat the heading.
            let early = 0.12 / (1.0 + at as f32);
            let mut score =
                asked.share(&own).max(title * 0.5) + early + suits(wants, sentence, &own);
            // A sentence that only points elsewhere tells little.
            if own.len() < 6 {
                score -= 0.1;
            }
            scored.push((at, score, sentence));
        }
    }
    let best = scored.iter().max_by(|one, two| one.1.total_cmp(&two.1)).copied();
    let Some((best_at, best_score, best_text)) = best else { return Vec::new() };
    let mut chosen = vec![(best_score, best_text.to_owned())];
    if opens_list(best_text) {
        // The list that follows belongs to it, in its order.
        let items = paragraphs.iter().skip(best_at + 1).take(MOST - 1);
        let ends_list = |line: &&&str| is_clause(best_text) && is_clause(line);
        for (order, item) in items.take_while(|line| !ends_list(line)).enumerate() {
            chosen.push((best_score - 0.001 * (order + 1) as f32, (*item).to_owned()));
        }
    } else {
        let mut others: Vec<_> = scored
            .iter()
            .filter(|(_, score, text)| *text != best_text && *score > best_score * 0.75)
            .collect();
        others.sort_by(|one, two| two.1.total_cmp(&one.1));
        chosen.extend(
            others.into_iter().take(2).map(|(_, score, text)| (*score, (*text).to_owned())),
        );
    }
    chosen
}

/// What a sentence gains by being of the kind that is wanted.
fn suits(wants: Wants, sentence: &str, own: &[String]) -> f32 {
    let has = |word: &str| own.iter().any(|here| here == word);
    let has_digit = sentence.chars().any(|letter| letter.is_ascii_digit() || letter == '%');
    let mut gain = 0.0;
    if wants.definition && own.iter().take(14).any(|word| word == "là") {
        gain += 0.2;
    }
    if (wants.amount || wants.time) && has_digit {
        gain += 0.1;
    }
    if wants.time && ["ngày", "tháng", "năm", "giờ", "hạn"].iter().any(|unit| has(unit)) {
        gain += 0.1;
    }
    if wants.list && opens_list(sentence) {
        gain += 0.12;
    }
    if wants.penalty && (has("phạt") || has("tù")) {
        gain += 0.1;
    }
    gain
}

fn opens_list(sentence: &str) -> bool {
    sentence.trim_end().ends_with(':')
}

/// Does the line begin a clause ("2. …"), not a point?
fn is_clause(line: &str) -> bool {
    let digits = line.chars().take_while(char::is_ascii_digit).count();
    digits > 0 && line.chars().nth(digits) == Some('.')
}

/// The sentences of a paragraph. A full stop ends one when a capital follows and it is no number's.
fn sentences(paragraph: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    let letters: Vec<(usize, char)> = paragraph.char_indices().collect();
    for (place, (at, letter)) in letters.iter().enumerate() {
        if !matches!(letter, '.' | ';') {
            continue;
        }
        let before =
            place.checked_sub(1).and_then(|place| letters.get(place)).map(|(_, letter)| *letter);
        let space = letters.get(place + 1).map(|(_, letter)| *letter);
        let next = letters.get(place + 2).map(|(_, letter)| *letter);
        let is_mark = place < 4 && before.is_some_and(|letter| letter.is_ascii_digit());
        if space == Some(' ') && next.is_some_and(char::is_uppercase) && !is_mark {
            found.extend(paragraph.get(start..=*at));
            start = at + 2;
        }
    }
    found.extend(paragraph.get(start..));
    found.into_iter().map(str::trim).filter(|sentence| !sentence.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::{IndexBuilder, Passage};

    const HOURS: &str = "1. Chợ họp từ 05 giờ đến 11 giờ hằng ngày. Ngày lễ chợ họp đến 12 giờ.\n2. Ban quản lý chợ niêm yết giờ họp tại cổng chính.";
    const FEES: &str = "Người bán hàng nộp các khoản sau:\na) Phí chỗ ngồi;\nb) Phí vệ sinh.";

    fn index() -> Index {
        let mut builder = IndexBuilder::new();
        for (id, title, text) in [("a", "Giờ họp chợ", HOURS), ("b", "Các khoản phải nộp", FEES)]
        {
            builder.add(&Passage { id, title, text, ..Passage::default() }, []);
        }
        builder.finish()
    }

    fn ask(question: &str, title: &str, text: &str) -> Answer {
        answer(&index(), &Lexicon::default(), question, &[Material { title, text, score: 0.9 }])
    }

    #[test]
    fn the_most_telling_sentence_comes_first_and_stands_so_in_the_law() {
        let Answer::Sentences(sentences) = ask("Chợ họp từ mấy giờ?", "Giờ họp chợ", HOURS)
        else {
            panic!("no answer");
        };
        assert_eq!(sentences[0].text, "1. Chợ họp từ 05 giờ đến 11 giờ hằng ngày.");
        assert!(sentences.iter().all(|sentence| HOURS.contains(&sentence.text)));
    }

    #[test]
    fn a_list_comes_whole_after_the_sentence_that_opens_it() {
        let Answer::Sentences(sentences) =
            ask("Người bán hàng nộp những khoản gì?", "Các khoản phải nộp", FEES)
        else {
            panic!("no answer");
        };
        let texts: Vec<&str> = sentences.iter().map(|sentence| sentence.text.as_str()).collect();
        assert_eq!(
            texts,
            ["Người bán hàng nộp các khoản sau:", "a) Phí chỗ ngồi;", "b) Phí vệ sinh."]
        );
    }

    #[test]
    fn what_the_passages_do_not_speak_of_is_not_answered() {
        let silent = Answer::None(Silence::NoEvidence);
        assert_eq!(ask("Con mèo ăn cỏ xanh tươi không?", "Giờ họp chợ", HOURS), silent);
        assert_eq!(answer(&index(), &Lexicon::default(), "Chợ họp lúc nào?", &[]), silent);
    }

    #[test]
    fn a_verdict_on_ones_own_case_is_not_given() {
        for question in [
            "Tôi bán hàng ở chợ thì có chắc được miễn phí không?",
            "Phí chỗ ngồi của tôi chính xác là bao nhiêu tiền?",
            "Hộ của tôi phải nộp bao nhiêu tiền?",
        ] {
            assert_eq!(ask(question, "Giờ họp chợ", HOURS), Answer::None(Silence::OwnCase));
        }
        assert!(!asks_for_verdict("Người nộp thuế có phải khai chính xác, trung thực không?"));
    }
}
