//! A question as the index sees it: terms with their weights, and what kind of answer it wants.

use crate::analyser::BREAK;
use crate::index::{FIELDS, Index};
use crate::lexicon::Lexicon;
use crate::postings::Term;

/// What a question wants to know; one may want several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wants {
    /// "… là gì?"
    pub definition: bool,
    /// "bao nhiêu", "bao lâu", "mấy"
    pub amount: bool,
    /// "thời hạn", "bao lâu", "khi nào"
    pub time: bool,
    /// "ai", "cơ quan nào", "thẩm quyền"
    pub authority: bool,
    /// "trình tự", "thủ tục", "hồ sơ"
    pub procedure: bool,
    /// "phạt", "xử lý", "vi phạm"
    pub penalty: bool,
    /// "gồm những gì", "các … nào"
    pub list: bool,
    /// "có được … không"
    pub permission: bool,
    /// "được quy định như thế nào": the question is a heading turned round
    pub heading: bool,
}

/// A question made ready.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Known syllables in their order; [`BREAK`] for an unknown one.
    pub syllables: Vec<u32>,
    /// For each syllable: does it belong to what is asked about, not to the way of asking?
    pub is_core: Vec<bool>,
    /// For each syllable: how much it counts, 1 for what was typed.
    pub shares: Vec<f32>,
    /// Distinct terms with their weights.
    pub terms: Vec<(Term, f32)>,
    /// What it wants.
    pub wants: Wants,
}

/// Ways of asking. They tell what is wanted, but hardly where it stands.
const ASKING: [&str; 74] = [
    "được quy định như thế nào",
    "được pháp luật quy định như thế nào",
    "quy định như thế nào",
    "được quy định thế nào",
    "được quy định ra sao",
    "quy định ra sao",
    "được thực hiện như thế nào",
    "được hiểu như thế nào",
    "được hiểu thế nào",
    "được xác định như thế nào",
    "như thế nào",
    "như thế nào là",
    "thế nào là",
    "thế nào",
    "ra sao",
    "là gì",
    "là ai",
    "là bao nhiêu",
    "là bao lâu",
    "bao gồm những gì",
    "gồm những gì",
    "bao gồm những",
    "gồm những",
    "những gì",
    "bao gồm các",
    "gồm các",
    "bao gồm",
    "có những",
    "nào",
    "những",
    "các",
    "gì",
    "ai",
    "bao nhiêu",
    "bao lâu",
    "mấy",
    "khi nào",
    "ở đâu",
    "tại đâu",
    "vì sao",
    "tại sao",
    "được không",
    "hay không",
    "có được",
    "có phải",
    "có bị",
    "có cần",
    "không",
    "có",
    "được",
    "bị",
    "thì",
    "là",
    "cho",
    "của",
    "và",
    "về",
    "theo quy định",
    "theo quy định của pháp luật",
    "theo pháp luật",
    "theo quy định pháp luật",
    "quy định về",
    "pháp luật quy định",
    "quy định",
    "xin hỏi",
    "cho hỏi",
    "cho tôi hỏi",
    "tôi muốn hỏi",
    "hiện nay",
    "hiện hành",
    "mới nhất",
    "ạ",
    "phải",
    "vậy",
];

impl Query {
    /// Makes a question ready for an index.
    #[must_use]
    pub fn new(index: &Index, lexicon: &Lexicon, text: &str) -> Self {
        let expanded = lexicon.expand(text);
        let mut query = Self { wants: wants(&expanded.words), ..Self::default() };
        let is_core = core(&expanded.words);
        query.append(index, &expanded.words, &is_core, 1.0);
        for (words, weight) in &expanded.added {
            query.syllables.push(BREAK);
            query.is_core.push(false);
            query.shares.push(0.0);
            query.append(index, words, &vec![true; words.len()], *weight);
        }
        query
    }

    fn append(&mut self, index: &Index, words: &[String], is_core: &[bool], share: f32) {
        let mut before = BREAK;
        for (word, is_core) in words.iter().zip(is_core) {
            let number = index.vocabulary().get(word).unwrap_or(BREAK);
            self.syllables.push(number);
            self.is_core.push(*is_core);
            self.shares.push(share);
            if number != BREAK {
                self.add(index, Term::one(number), share);
                if before != BREAK {
                    self.add(index, Term::pair(before, number), share);
                }
            }
            before = number;
        }
    }

    fn add(&mut self, index: &Index, term: Term, share: f32) {
        let is_held = FIELDS.iter().any(|field| index.field(*field).passages(term) > 0);
        if is_held && !self.terms.iter().any(|(known, _)| *known == term) {
            self.terms.push((term, share * index.weight(term)));
        }
    }
}

/// Which words belong to what is asked about. If none would be left, all do.
fn core(words: &[String]) -> Vec<bool> {
    let mut is_core = vec![true; words.len()];
    for phrase in ASKING {
        let phrase: Vec<&str> = phrase.split(' ').collect();
        for start in 0..words.len() {
            let here = words.get(start..start + phrase.len());
            if here.is_some_and(|here| here.iter().zip(&phrase).all(|(one, two)| one == two)) {
                for place in is_core.iter_mut().skip(start).take(phrase.len()) {
                    *place = false;
                }
            }
        }
    }
    if is_core.contains(&true) { is_core } else { vec![true; words.len()] }
}

fn wants(words: &[String]) -> Wants {
    let text = format!(" {} ", words.join(" "));
    let has = |phrases: &[&str]| phrases.iter().any(|phrase| text.contains(&format!(" {phrase} ")));
    Wants {
        definition: has(&["là gì", "là ai", "thế nào là", "được hiểu", "khái niệm", "nghĩa là"]),
        amount: has(&["bao nhiêu", "mấy", "mức"]),
        time: has(&["bao lâu", "khi nào", "thời hạn", "thời gian", "lúc nào", "ngày nào"]),
        authority: has(&[
            "ai",
            "cơ quan nào",
            "người nào",
            "thẩm quyền",
            "đơn vị nào",
            "trách nhiệm",
        ]),
        procedure: has(&["trình tự", "thủ tục", "hồ sơ", "giấy tờ", "đăng ký", "cấp"]),
        penalty: has(&["phạt", "xử phạt", "xử lý", "vi phạm", "phạt tù", "tội"]),
        list: has(&["gồm", "bao gồm", "những gì", "những", "các"]),
        permission: has(&["không", "được không", "có được", "có phải"]),
        heading: has(&["như thế nào", "thế nào", "ra sao"]),
    }
}
