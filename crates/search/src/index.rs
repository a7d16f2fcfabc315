//! The index: what is kept of each passage, and the lists by which passages are found.

use std::collections::HashMap;

use crate::analyser::{BREAK, Vocabulary};
use crate::postings::{Postings, PostingsBuilder, Term, push_number, take_number};

/// A passage to be indexed: an article of a document, with what stands above it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Passage<'a> {
    /// Its identifier, unique in the index.
    pub id: &'a str,
    /// Key of its document (`law::symbol::key`), or empty.
    pub document: &'a str,
    /// Name of its document: "Luật Thanh niên".
    pub document_title: &'a str,
    /// Heading.
    pub title: &'a str,
    /// Headings above it, and its subject.
    pub context: &'a str,
    /// Text, a paragraph a line.
    pub text: &'a str,
    /// Rank of its document, [`Rank`].
    pub rank: Rank,
    /// Year of effect, 0 when unknown.
    pub year: u16,
    /// Number of the article, 0 when it has none.
    pub number: u16,
}

/// Where a document stands among the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Rank {
    /// Hiến pháp, bộ luật, luật.
    Law = 1,
    /// Pháp lệnh, nghị quyết of the National Assembly.
    Ordinance = 2,
    /// Nghị định.
    Decree = 3,
    /// Quyết định of the Prime Minister.
    Decision = 4,
    /// Thông tư.
    Circular = 5,
    /// Documents of a province or commune.
    Local = 6,
    /// Not known.
    #[default]
    Other = 7,
}

impl Rank {
    const ALL: [Self; 7] = [
        Self::Law,
        Self::Ordinance,
        Self::Decree,
        Self::Decision,
        Self::Circular,
        Self::Local,
        Self::Other,
    ];

    fn of(number: u64) -> Self {
        let found = Self::ALL.into_iter().find(|rank| *rank as u64 == number);
        found.unwrap_or(Self::Other)
    }
}

/// The fields that are searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Heading of the passage.
    Title,
    /// Its text.
    Body,
    /// Headings above, subject and name of the document.
    Context,
    /// Words that it defines ("Giải thích từ ngữ").
    Defined,
}

/// All of them, in the order of their lists.
pub const FIELDS: [Field; 4] = [Field::Title, Field::Body, Field::Context, Field::Defined];

/// Syllables of a passage that are kept for comparing it closely; the rest of a long one is only counted.
const KEPT: usize = 3_000;

/// What is kept of a passage.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// Its identifier.
    pub id: Box<str>,
    /// Number of its document in the index.
    pub document: u32,
    /// Number of its context (equal for passages under the same headings).
    pub context: u32,
    /// Rank of its document.
    pub rank: Rank,
    /// Year of effect, or 0.
    pub year: u16,
    /// Number of the article, or 0.
    pub number: u16,
    /// Syllables in each field.
    pub lengths: [u32; 4],
    /// Weight of the heading: of its syllables and of its pairs.
    pub title_weights: [f32; 2],
    /// Passages that an editor linked with this one.
    pub related: Vec<u32>,
    /// How many passages link to this one.
    pub cited: u32,
}

/// Collects passages.
#[derive(Default)]
pub struct IndexBuilder {
    vocabulary: Vocabulary,
    fields: [PostingsBuilder; 4],
    passages: Vec<Kept>,
    documents: HashMap<Box<str>, u32>,
    contexts: HashMap<Vec<u32>, u32>,
    context_list: Vec<Vec<u32>>,
    forward: Vec<u8>,
    starts: Vec<u32>,
    links: Vec<(u32, Box<str>)>,
    ids: HashMap<Box<str>, u32>,
    signs: Signs,
    scratch: Vec<u32>,
}

/// By what definitions are known.
#[derive(Default)]
struct Signs {
    is: u32,
    headings: Vec<Vec<u32>>,
}

/// What a heading or a first sentence says where words are defined.
const DEFINING: [&str; 6] = [
    "giải thích từ ngữ",
    "giải thích thuật ngữ",
    "được hiểu như sau",
    "được hiểu là",
    "thuật ngữ",
    "định nghĩa",
];
/// Syllables of a defined word at most.
const LONGEST_DEFINED: usize = 16;

impl Signs {
    /// Words that a passage defines: "3. Gia đình là …".
    fn defined(&mut self, vocabulary: &mut Vocabulary, title: &[u32], body: &[u32]) -> Vec<u32> {
        if self.headings.is_empty() {
            self.is = vocabulary.add("là");
            let numbers = |text: &str| text.split(' ').map(|word| vocabulary.add(word)).collect();
            self.headings = DEFINING.into_iter().map(numbers).collect();
        }
        let start = body.get(..60.min(body.len())).unwrap_or_default();
        let says =
            |text: &[u32], phrase: &[u32]| text.windows(phrase.len()).any(|here| here == phrase);
        let mut defined = Vec::new();
        if !self.headings.iter().any(|phrase| says(title, phrase) || says(start, phrase)) {
            return defined;
        }
        for paragraph in body.split(|syllable| *syllable == BREAK) {
            // The number of the clause, or the letter of the point.
            let is_mark = |syllable: u32| {
                vocabulary.is_number(syllable) || vocabulary.name(syllable).chars().count() == 1
            };
            let skip = usize::from(paragraph.first().is_some_and(|first| is_mark(*first)));
            let sentence = paragraph.get(skip..).unwrap_or_default();
            let end = sentence.iter().take(LONGEST_DEFINED + 1).position(|here| *here == self.is);
            let Some(word) =
                end.and_then(|end| sentence.get(..end)).filter(|word| !word.is_empty())
            else {
                continue;
            };
            if !defined.is_empty() {
                defined.push(BREAK);
            }
            defined.extend_from_slice(word);
        }
        defined
    }
}

impl IndexBuilder {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self { vocabulary: Vocabulary::new(), ..Self::default() }
    }

    /// Adds a passage, with the identifiers of those that an editor linked with it. One whose identifier is
    /// there already is left out.
    pub fn add<'r>(&mut self, passage: &Passage<'_>, related: impl IntoIterator<Item = &'r str>) {
        let number = u32::try_from(self.passages.len()).unwrap_or(u32::MAX);
        if self.ids.contains_key(passage.id) {
            return;
        }
        self.ids.insert(passage.id.into(), number);
        let next = u32::try_from(self.documents.len()).unwrap_or(u32::MAX);
        let document = *self.documents.entry(passage.document.into()).or_insert(next);
        let mut lengths = [0; 4];
        self.starts.push(u32::try_from(self.forward.len()).unwrap_or(u32::MAX));
        let mut title = Vec::new();
        self.vocabulary.append(passage.title, &mut title);
        let mut body = std::mem::take(&mut self.scratch);
        body.clear();
        self.vocabulary.append(passage.text, &mut body);
        let mut syllables = Vec::new();
        self.vocabulary.append(passage.context, &mut syllables);
        self.vocabulary.append(passage.document_title, &mut syllables);
        let defined = self.signs.defined(&mut self.vocabulary, &title, &body);
        let fields = [&title, &body, &syllables, &defined];
        for ((field, builder), length) in fields.into_iter().zip(&mut self.fields).zip(&mut lengths)
        {
            builder.add(number, field);
            *length = u32::try_from(field.len()).unwrap_or(u32::MAX);
        }
        for field in [&title, &body, &defined] {
            let kept = field.get(..KEPT.min(field.len())).unwrap_or_default();
            push_number(&mut self.forward, kept.len() as u64);
            for syllable in kept {
                push_number(&mut self.forward, u64::from(*syllable));
            }
        }
        self.scratch = body;
        let next = u32::try_from(self.context_list.len()).unwrap_or(u32::MAX);
        let context = match self.contexts.get(&syllables) {
            Some(context) => *context,
            None => {
                self.contexts.insert(syllables.clone(), next);
                self.context_list.push(syllables.clone());
                next
            }
        };
        self.links.extend(related.into_iter().map(|id| (number, id.into())));
        self.passages.push(Kept {
            id: passage.id.into(),
            document,
            context,
            rank: passage.rank,
            year: passage.year,
            number: passage.number,
            lengths,
            title_weights: [0.0; 2],
            related: Vec::new(),
            cited: 0,
        });
    }

    /// The index of all passages added.
    #[must_use]
    pub fn finish(mut self) -> Index {
        for (from, id) in std::mem::take(&mut self.links) {
            let Some(to) = self.ids.get(&id).copied() else { continue };
            if let Some(passage) = self.passages.get_mut(from as usize)
                && !passage.related.contains(&to)
            {
                passage.related.push(to);
            }
            if let Some(passage) = self.passages.get_mut(to as usize) {
                passage.cited += 1;
            }
        }
        let [title, body, context, defined] = self.fields;
        let mut documents = vec![Box::from(""); self.documents.len()];
        for (key, number) in self.documents {
            if let Some(place) = documents.get_mut(number as usize) {
                *place = key;
            }
        }
        let mut index = Index::assemble(Parts {
            vocabulary: self.vocabulary,
            fields: [title.finish(), body.finish(), context.finish(), defined.finish()],
            passages: self.passages,
            documents,
            contexts: self.context_list,
            forward: self.forward,
            starts: self.starts,
        });
        index.weigh_titles();
        index
    }
}

/// What an index is made of, and stored as.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) vocabulary: Vocabulary,
    pub(crate) fields: [Postings; 4],
    pub(crate) passages: Vec<Kept>,
    pub(crate) documents: Vec<Box<str>>,
    pub(crate) contexts: Vec<Vec<u32>>,
    pub(crate) forward: Vec<u8>,
    pub(crate) starts: Vec<u32>,
}

/// An index ready to be asked.
#[derive(Debug)]
pub struct Index {
    pub(crate) parts: Parts,
    /// By field: length of each passage against the middle one, as BM25 wants it.
    pub(crate) stretch: [Vec<f32>; 4],
    /// By syllable: its weight.
    weights: Vec<f32>,
    ids: HashMap<Box<str>, u32>,
}

/// How soon another occurrence of a term counts no more (k1 of BM25), by field.
const SATURATION: [f32; 4] = [1.2, 1.2, 0.8, 0.8];
/// How much length counts (b of BM25), by field.
const LENGTH: [f32; 4] = [0.5, 0.75, 0.5, 0.1];

impl Index {
    pub(crate) fn assemble(parts: Parts) -> Self {
        let count = parts.passages.len().max(1) as f32;
        let stretch = [0, 1, 2, 3].map(|field: usize| {
            let length = |kept: &Kept| kept.lengths.get(field).copied().unwrap_or(0) as f32;
            let mean = parts.passages.iter().map(length).sum::<f32>() / count;
            let (k, b) = (
                SATURATION.get(field).copied().unwrap_or(1.2),
                LENGTH.get(field).copied().unwrap_or(0.75),
            );
            let stretch = |kept: &Kept| k * (1.0 - b + b * length(kept) / mean.max(1.0));
            parts.passages.iter().map(stretch).collect()
        });
        let ids = parts.passages.iter().zip(0..).map(|(kept, place)| (kept.id.clone(), place));
        let ids = ids.collect();
        let mut index = Self { parts, stretch, weights: Vec::new(), ids };
        let syllables = u32::try_from(index.parts.vocabulary.len()).unwrap_or(u32::MAX);
        index.weights = (0..syllables).map(|one| index.weight(Term::one(one))).collect();
        index
    }

    fn weigh_titles(&mut self) {
        let mut fields = [Vec::new(), Vec::new(), Vec::new()];
        let count = u32::try_from(self.len()).unwrap_or(u32::MAX);
        for number in 0..count {
            self.syllables(number, &mut fields);
            let [title, ..] = &fields;
            let ones =
                title.iter().filter(|one| **one != BREAK).map(|one| self.weight_of_one(*one));
            let pairs = title.windows(2).filter_map(|pair| match pair {
                [first, second] if *first != BREAK && *second != BREAK => {
                    Some(self.weight(Term::pair(*first, *second)))
                }
                _ => None,
            });
            let weights = [ones.sum(), pairs.sum()];
            if let Some(kept) = self.parts.passages.get_mut(number as usize) {
                kept.title_weights = weights;
            }
        }
    }

    /// The weight of a syllable.
    #[must_use]
    pub fn weight_of_one(&self, syllable: u32) -> f32 {
        self.weights.get(syllable as usize).copied().unwrap_or(0.0)
    }

    /// How many passages it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.parts.passages.len()
    }

    /// Does it hold none?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts.passages.is_empty()
    }

    /// The number of a passage by its identifier.
    #[must_use]
    pub fn number_of(&self, id: &str) -> Option<u32> {
        self.ids.get(id).copied()
    }

    /// What is kept of a passage.
    #[must_use]
    pub fn passage(&self, number: u32) -> Option<&Kept> {
        self.parts.passages.get(number as usize)
    }

    /// Key of a document by its number.
    #[must_use]
    pub fn document(&self, number: u32) -> &str {
        self.parts.documents.get(number as usize).map_or("", AsRef::as_ref)
    }

    /// The syllables that the corpus knows.
    #[must_use]
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.parts.vocabulary
    }

    /// The lists of a field.
    #[must_use]
    pub fn field(&self, field: Field) -> &Postings {
        let [title, body, context, defined] = &self.parts.fields;
        match field {
            Field::Title => title,
            Field::Body => body,
            Field::Context => context,
            Field::Defined => defined,
        }
    }

    /// How telling a term is: the logarithm of how rarely a passage's text or heading holds it.
    #[must_use]
    pub fn weight(&self, term: Term) -> f32 {
        let [title, body, ..] = &self.parts.fields;
        let passages = body.passages(term).max(title.passages(term));
        self.weight_of(passages)
    }

    pub(crate) fn weight_of(&self, passages: u32) -> f32 {
        let all = self.parts.passages.len() as f32;
        let holding = passages as f32;
        (1.0 + (all - holding + 0.5).max(0.0) / (holding + 0.5)).ln()
    }

    /// Syllables of title, text and defined words, in order, with [`BREAK`] between paragraphs.
    pub fn syllables(&self, number: u32, fields: &mut [Vec<u32>; 3]) {
        fields.iter_mut().for_each(Vec::clear);
        let start =
            self.parts.starts.get(number as usize).map_or(usize::MAX, |start| *start as usize);
        let Some(mut bytes) = self.parts.forward.get(start..) else { return };
        for field in fields {
            let Some(count) = take_number(&mut bytes) else { return };
            for _ in 0..count {
                let Some(syllable) = take_number(&mut bytes) else { return };
                field.push(u32::try_from(syllable).unwrap_or(BREAK));
            }
        }
    }

    /// Syllables of the headings above a passage, its subject and its document's name.
    #[must_use]
    pub fn context(&self, number: u32) -> &[u32] {
        let context = self.passage(number).map_or(u32::MAX, |kept| kept.context);
        self.parts.contexts.get(context as usize).map_or(&[], Vec::as_slice)
    }
}

pub(crate) fn saturation(field: Field) -> f32 {
    SATURATION.get(field as usize).copied().unwrap_or(1.2)
}

pub(crate) fn rank_of(number: u64) -> Rank {
    Rank::of(number)
}
