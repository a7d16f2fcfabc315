//! Kinship of words: each syllable and each frequent pair of syllables is a small vector, trained so that a
//! heading points the way its own text does, and linked passages the same way.
//!
//! Static embeddings trained by contrast within a batch (InfoNCE, van den Oord and others, 2018) on the
//! corpus's own pairs: no text from elsewhere, a minute on two cores.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::analyser::BREAK;
use crate::index::Index;
use crate::postings::Term;

/// Numbers in a vector.
pub const WIDTH: usize = 64;

/// A direction.
pub type Vector = [f32; WIDTH];

/// Trained vectors of syllables and pairs, by their spelling, so that they serve any index.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Kinship {
    units: HashMap<String, Vec<i8>>,
}

/// How vectors are trained.
#[derive(Clone, Debug)]
pub struct Training {
    /// Times that every pair is seen.
    pub rounds: usize,
    /// Pairs of syllables in fewer passages than this get no vector.
    pub fewest: u32,
    /// Units at most, the most frequent first.
    pub most: usize,
    /// Length of a step.
    pub step: f32,
    /// Sharpness of the contrast.
    pub sharpness: f32,
}

impl Default for Training {
    fn default() -> Self {
        Self { rounds: 6, fewest: 12, most: 60_000, step: 0.05, sharpness: 12.0 }
    }
}

/// Units of an index: numbers for terms that have a vector.
struct Units {
    numbers: crate::postings::TermMap<u32>,
    terms: Vec<Term>,
    weights: Vec<f32>,
}

impl Units {
    fn choose(index: &Index, training: &Training) -> Self {
        let body = index.field(crate::Field::Body);
        let most = (index.len() / 8).max(50) as u32;
        let mut frequent: Vec<(u32, Term)> = body
            .terms()
            .filter(|(term, passages)| {
                *passages >= training.fewest && (*passages <= most || !term.is_pair())
            })
            .map(|(term, passages)| (passages, term))
            .collect();
        frequent.sort_unstable_by(|one, two| two.cmp(one));
        frequent.truncate(training.most);
        let terms: Vec<Term> = frequent.into_iter().map(|(_, term)| term).collect();
        let numbers = terms.iter().zip(0_u32..).map(|(term, number)| (*term, number)).collect();
        let weights = terms.iter().map(|term| weight(index, *term)).collect();
        Self { numbers, terms, weights }
    }

    /// The units of a text, each once.
    fn of(&self, syllables: &[u32], out: &mut Vec<u32>) {
        out.clear();
        let mut before = BREAK;
        for syllable in syllables {
            if *syllable != BREAK {
                out.extend(self.numbers.get(&Term::one(*syllable)));
                if before != BREAK {
                    out.extend(self.numbers.get(&Term::pair(before, *syllable)));
                }
            }
            before = *syllable;
        }
        out.sort_unstable();
        out.dedup();
    }
}

fn weight(index: &Index, term: Term) -> f32 {
    let weight = index.weight(term);
    // Single syllables mean little by themselves.
    if term.is_pair() { weight } else { weight * 0.6 }
}

struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, most: usize) -> usize {
        (self.next() >> 33) as usize % most.max(1)
    }
}

const BATCH: usize = 64;

/// Trains vectors on an index.
#[must_use]
pub fn train(index: &Index, training: &Training) -> Kinship {
    let units = Units::choose(index, training);
    let mut dice = Dice(0x5EED_1234_5678_9ABD);
    let mut vectors: Vec<Vector> = (0..units.terms.len())
        .map(|_| {
            let mut vector = [0.0; WIDTH];
            for value in &mut vector {
                *value = ((dice.next() >> 40) as f32 / (1_u64 << 24) as f32 - 0.5) * 0.2;
            }
            vector
        })
        .collect();
    let mut squares = vec![1e-3_f32; vectors.len()];
    let count = u32::try_from(index.len()).unwrap_or(u32::MAX);
    let mut pairs: Vec<(u32, u32)> = (0..count).map(|number| (number, number)).collect();
    for number in 0..count {
        let related = index.passage(number).map_or(&[][..], |kept| kept.related.as_slice());
        pairs.extend(related.iter().map(|other| (number, *other)));
    }
    let mut fields = [Vec::new(), Vec::new(), Vec::new()];
    let mut scratch = Vec::new();
    let mut steps: HashMap<u32, Vector> = HashMap::new();
    for round in 0..training.rounds {
        for at in (1..pairs.len()).rev() {
            pairs.swap(at, dice.below(at + 1));
        }
        let step = training.step * (1.0 - 0.8 * round as f32 / training.rounds as f32);
        for batch in pairs.chunks(BATCH) {
            let mut left: Vec<Vec<u32>> = Vec::with_capacity(BATCH);
            let mut right: Vec<Vec<u32>> = Vec::with_capacity(BATCH);
            for (one, two) in batch {
                index.syllables(*one, &mut fields);
                let [title, body, _] = &fields;
                // A linked passage is asked for by heading or text; a text by its heading, or, where there is
                // none, by a piece of itself.
                let heading = if title.len() >= 3 && (one == two || dice.below(2) == 0) {
                    title.clone()
                } else {
                    piece(body, 24, &mut dice)
                };
                units.of(&heading, &mut scratch);
                left.push(scratch.clone());
                index.syllables(*two, &mut fields);
                let [title, body, _] = &fields;
                let text = if one == two { piece(body, 80, &mut dice) } else {
                    let mut text = title.clone();
                    text.push(BREAK);
                    text.extend(piece(body, 60, &mut dice));
                    text
                };
                units.of(&text, &mut scratch);
                right.push(scratch.clone());
            }
            learn(&units, &mut vectors, &left, &right, training.sharpness, &mut steps);
            for (unit, slope) in steps.drain() {
                let at = unit as usize;
                let (Some(vector), Some(square)) = (vectors.get_mut(at), squares.get_mut(at)) else {
                    continue;
                };
                *square += slope.iter().map(|value| value * value).sum::<f32>() / WIDTH as f32;
                let rate = step / square.sqrt();
                for (value, slope) in vector.iter_mut().zip(slope) {
                    *value -= rate * slope;
                }
            }
        }
    }
    let vocabulary = index.vocabulary();
    let units = units.terms.iter().zip(&vectors).map(|(term, vector)| {
        let (first, second) = term.parts();
        let name = match second {
            BREAK => vocabulary.name(first).to_owned(),
            second => format!("{} {}", vocabulary.name(first), vocabulary.name(second)),
        };
        let scaled = vector.map(|value| (value * 64.0).round().clamp(-127.0, 127.0) as i8);
        (name, scaled.to_vec())
    });
    Kinship { units: units.collect() }
}

fn piece(body: &[u32], most: usize, dice: &mut Dice) -> Vec<u32> {
    let start = if body.len() > most { dice.below(body.len() - most) } else { 0 };
    body.get(start..(start + most).min(body.len())).unwrap_or_default().to_vec()
}

fn sum(units: &Units, vectors: &[Vector], of: &[u32]) -> Vector {
    let mut sum = [0.0; WIDTH];
    for unit in of {
        let weight = units.weights.get(*unit as usize).copied().unwrap_or(0.0);
        if let Some(vector) = vectors.get(*unit as usize) {
            for (sum, value) in sum.iter_mut().zip(vector) {
                *sum += weight * value;
            }
        }
    }
    sum
}

fn length(vector: &Vector) -> f32 {
    vector.iter().map(|value| value * value).sum::<f32>().sqrt().max(1e-6)
}

fn dot(one: &Vector, two: &Vector) -> f32 {
    one.iter().zip(two).map(|(one, two)| one * two).sum()
}

/// One batch: slopes of the units by the cost of telling each left side's own right side from the others.
fn learn(
    units: &Units,
    vectors: &[Vector],
    left: &[Vec<u32>],
    right: &[Vec<u32>],
    sharpness: f32,
    steps: &mut HashMap<u32, Vector>,
) {
    let side = |lists: &[Vec<u32>]| -> Vec<(Vector, f32)> {
        let unit = |list: &Vec<u32>| {
            let whole = sum(units, vectors, list);
            let long = length(&whole);
            (whole.map(|value| value / long), long)
        };
        lists.iter().map(unit).collect()
    };
    let (one, two) = (side(left), side(right));
    let mut slope_one = vec![[0.0_f32; WIDTH]; one.len()];
    let mut slope_two = vec![[0.0_f32; WIDTH]; two.len()];
    for (row, (asked, _)) in one.iter().enumerate() {
        let scores: Vec<f32> = two.iter().map(|(text, _)| sharpness * dot(asked, text)).collect();
        let highest = scores.iter().copied().fold(f32::MIN, f32::max);
        let shares: Vec<f32> = scores.iter().map(|score| (score - highest).exp()).collect();
        let whole: f32 = shares.iter().sum();
        for (column, share) in shares.iter().enumerate() {
            let error = (share / whole - f32::from(u8::from(row == column))) * sharpness;
            let Some((text, _)) = two.get(column) else { continue };
            if let Some(slope) = slope_one.get_mut(row) {
                for (slope, value) in slope.iter_mut().zip(text) {
                    *slope += error * value;
                }
            }
            if let Some(slope) = slope_two.get_mut(column) {
                for (slope, value) in slope.iter_mut().zip(asked) {
                    *slope += error * value;
                }
            }
        }
    }
    for (lists, unit, slopes) in [(left, &one, &slope_one), (right, &two, &slope_two)] {
        for ((list, (direction, long)), slope) in lists.iter().zip(unit).zip(slopes) {
            // Through the scaling to length 1: only what is across the direction counts.
            let along = dot(slope, direction);
            let mut across = *slope;
            for (value, direction) in across.iter_mut().zip(direction) {
                *value = (*value - along * direction) / long;
            }
            for unit in list {
                let weight = units.weights.get(*unit as usize).copied().unwrap_or(0.0);
                let step = steps.entry(*unit).or_insert([0.0; WIDTH]);
                for (step, value) in step.iter_mut().zip(&across) {
                    *step += weight * value;
                }
            }
        }
    }
}

/// Vectors of an index's terms and passages.
#[derive(Clone, Debug, Default)]
pub struct Directions {
    units: crate::postings::TermMap<(Box<[i8; WIDTH]>, f32)>,
    /// Directions of heading and text of each passage, scaled to 127.
    titles: Vec<[i8; WIDTH]>,
    texts: Vec<[i8; WIDTH]>,
}

impl Directions {
    /// The directions of all passages.
    #[must_use]
    pub fn new(index: &Index, kinship: &Kinship) -> Self {
        let vocabulary = index.vocabulary();
        let mut directions = Self::default();
        for (name, vector) in &kinship.units {
            let mut syllables = name.split(' ').map(|one| vocabulary.get(one));
            let term = match (syllables.next().flatten(), syllables.next()) {
                (Some(one), None) => Term::one(one),
                (Some(one), Some(Some(two))) => Term::pair(one, two),
                _ => continue,
            };
            let Ok(vector) = <[i8; WIDTH]>::try_from(vector.as_slice()) else { continue };
            directions.units.insert(term, (Box::new(vector), weight(index, term)));
        }
        let mut fields = [Vec::new(), Vec::new(), Vec::new()];
        for number in 0..u32::try_from(index.len()).unwrap_or(u32::MAX) {
            index.syllables(number, &mut fields);
            let [title, body, _] = &fields;
            let start = body.get(..body.len().min(400)).unwrap_or_default();
            directions.titles.push(small(&directions.of(title, None)));
            directions.texts.push(small(&directions.of(start, None)));
        }
        directions
    }

    /// The direction of a text, of length 1 or nought.
    #[must_use]
    pub fn of(&self, syllables: &[u32], shares: Option<&[f32]>) -> Vector {
        let mut sum = [0.0; WIDTH];
        let mut before = BREAK;
        for (at, syllable) in syllables.iter().enumerate() {
            if *syllable != BREAK {
                let share = shares.and_then(|shares| shares.get(at)).copied().unwrap_or(1.0);
                let one = self.units.get(&Term::one(*syllable));
                let pair = (before != BREAK).then(|| self.units.get(&Term::pair(before, *syllable)));
                for (vector, weight) in one.into_iter().chain(pair.flatten()) {
                    for (sum, value) in sum.iter_mut().zip(vector.iter()) {
                        *sum += share * weight * f32::from(*value);
                    }
                }
            }
            before = *syllable;
        }
        let long = length(&sum);
        sum.map(|value| value / long)
    }

    /// How near a direction comes to heading and text of a passage, -1 to 1.
    #[must_use]
    pub fn near(&self, direction: &Vector, passage: u32) -> (f32, f32) {
        let near = |of: &[[i8; WIDTH]]| {
            let vector = of.get(passage as usize)?;
            let products = direction.iter().zip(vector).map(|(one, two)| one * f32::from(*two));
            Some(products.sum::<f32>() / 127.0)
        };
        (near(&self.titles).unwrap_or(0.0), near(&self.texts).unwrap_or(0.0))
    }
}

fn small(vector: &Vector) -> [i8; WIDTH] {
    vector.map(|value| (value * 127.0).round().clamp(-127.0, 127.0) as i8)
}
