//! Answering in the law's own words; which words, and whether at all, is decided by `search::asking`.

use jiff::civil::Date;
use kernel::error::Result;
use search::asking::{self, Material, Silence};
use serde::Serialize;

use super::searching::{Filter, FoundProvision, search};
use super::{Corpus, on_a_thread};

/// Whether the law answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// It does.
    Answer,
    /// It does not, or not for sure.
    Abstain,
}

/// A sentence of the law with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sentence {
    /// The sentence, word for word.
    pub text: String,
    /// Anchor of the provision.
    pub id: String,
    /// Label of the provision.
    pub label: String,
    /// Number and symbol of the document.
    pub document: String,
}

/// What the law says to a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// Whether it answers.
    pub decision: Decision,
    /// Its sentences, the most telling first; none when it does not answer.
    pub answer: Vec<Sentence>,
    /// Why it does not answer, in a Vietnamese sentence.
    pub reason: Option<String>,
}

/// Provisions that an answer may be made of.
const LOOKED_AT: usize = 5;

/// Answers a question from provisions in force on a day.
///
/// # Errors
/// When the database or the index cannot be read.
pub async fn ask(corpus: &Corpus, question: &str, at: Option<Date>) -> Result<Answer> {
    let found = search(corpus, question, LOOKED_AT, Filter { at }).await?;
    let finder = corpus.finder().await?;
    let (question, lexicon) = (question.to_owned(), corpus.guides().lexicon.clone());
    on_a_thread(move || {
        let materials: Vec<Material<'_>> = found
            .iter()
            .map(|hit| Material {
                title: &hit.provision.title,
                text: &hit.provision.text,
                score: hit.score,
            })
            .collect();
        let index = finder.searcher().index();
        match asking::answer(index, &lexicon, &question, &materials) {
            asking::Answer::Sentences(sentences) => of_sentences(sentences, &found),
            asking::Answer::None(silence) => Answer::abstain(silence),
        }
    })
    .await
}

fn of_sentences(sentences: Vec<asking::Sentence>, found: &[FoundProvision]) -> Answer {
    let sentence = |said: asking::Sentence| {
        let hit = found.get(said.material)?;
        Some(Sentence {
            text: said.text,
            id: hit.provision.anchor.clone(),
            label: hit.provision.label.clone(),
            document: hit.document_name(),
        })
    };
    let answer = sentences.into_iter().filter_map(sentence).collect();
    Answer { decision: Decision::Answer, answer, reason: None }
}

impl Answer {
    fn abstain(silence: Silence) -> Self {
        let reason = match silence {
            Silence::OwnCase => {
                "Câu hỏi cần xem xét hồ sơ cụ thể của ông/bà. Ông/bà vui lòng gửi câu hỏi cho công chức \
                 tư pháp hoặc đề nghị trợ giúp pháp lý."
            }
            Silence::NoEvidence => {
                "Các văn bản hiện có không trả lời rõ câu hỏi này. Ông/bà có thể hỏi bằng từ khác, gửi câu \
                 hỏi cho công chức tư pháp hoặc đề nghị trợ giúp pháp lý."
            }
        };
        Self { decision: Decision::Abstain, answer: Vec::new(), reason: Some(reason.to_owned()) }
    }
}
