//! Two texts word by word.
//!
//! What both begin and end with is set aside; words that occur once in both are anchors (patience), and what
//! lies between two anchors is compared by Myers' shortest edit script with a bounded number of steps. Where
//! the bound is reached, the stretch is told as replaced: right, if not as short as it could be.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::normal::{self, Word};

/// A stretch of text that both versions have, or only one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// Who has it.
    pub kind: PieceKind,
    /// The text. Between two pieces stands a space, unless the second begins with a line break.
    pub text: String,
}

/// Who has a stretch of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PieceKind {
    /// Both.
    Same,
    /// The old version only.
    Deleted,
    /// The new version only.
    Inserted,
}

/// Most edits that Myers' search follows in one stretch: its time is this times the length.
const MOST_EDITS: usize = 400;

/// Compares two texts word by word.
#[must_use]
pub fn pieces(old: &str, new: &str) -> Vec<Piece> {
    let words = |text: &str| normal::words(&[text.to_owned()]);
    between(&words(old), &words(new))
}

pub(super) fn between(old: &[Word], new: &[Word]) -> Vec<Piece> {
    let mut edits = Edits::default();
    edits.compare(old, new, 0);
    edits.pieces()
}

#[derive(Default)]
struct Edits<'w> {
    steps: Vec<(PieceKind, &'w Word)>,
}

impl<'w> Edits<'w> {
    fn all(&mut self, kind: PieceKind, words: &'w [Word]) {
        self.steps.extend(words.iter().map(|word| (kind, word)));
    }

    fn compare(&mut self, old: &'w [Word], new: &'w [Word], depth: usize) {
        let same = |(a, b): &(&Word, &Word)| a.key == b.key;
        let head = old.iter().zip(new).take_while(same).count();
        let (_, old) = old.split_at_checked(head).unwrap_or((old, &[]));
        let (common, new) = new.split_at_checked(head).unwrap_or((new, &[]));
        self.all(PieceKind::Same, common);
        let tail = old.iter().rev().zip(new.iter().rev()).take_while(same).count();
        let (old, _) = old.split_at_checked(old.len() - tail).unwrap_or((old, &[]));
        let (new, common) = new.split_at_checked(new.len() - tail).unwrap_or((new, &[]));
        self.middle(old, new, depth);
        self.all(PieceKind::Same, common);
    }

    fn middle(&mut self, old: &'w [Word], new: &'w [Word], depth: usize) {
        if old.is_empty() || new.is_empty() {
            self.all(PieceKind::Deleted, old);
            self.all(PieceKind::Inserted, new);
            return;
        }
        if let Some(path) = shortest(old, new) {
            self.follow(old, new, &path);
            return;
        }
        let anchors = if depth < 16 { anchors(old, new) } else { Vec::new() };
        if anchors.is_empty() {
            self.all(PieceKind::Deleted, old);
            self.all(PieceKind::Inserted, new);
            return;
        }
        let (mut a, mut b) = (0, 0);
        for (next_a, next_b) in anchors.into_iter().chain([(old.len(), new.len())]) {
            let gap_old = old.get(a..next_a).unwrap_or_default();
            let gap_new = new.get(b..next_b).unwrap_or_default();
            self.compare(gap_old, gap_new, depth + 1);
            if let Some(word) = new.get(next_b) {
                self.steps.push((PieceKind::Same, word));
            }
            (a, b) = (next_a + 1, next_b + 1);
        }
    }

    /// Walks along a list of common words.
    fn follow(&mut self, old: &'w [Word], new: &'w [Word], common: &[(usize, usize)]) {
        let (mut a, mut b) = (0, 0);
        for (next_a, next_b) in common.iter().copied().chain([(old.len(), new.len())]) {
            self.all(PieceKind::Deleted, old.get(a..next_a).unwrap_or_default());
            self.all(PieceKind::Inserted, new.get(b..next_b).unwrap_or_default());
            if let Some(word) = new.get(next_b) {
                self.steps.push((PieceKind::Same, word));
            }
            (a, b) = (next_a + 1, next_b + 1);
        }
    }

    /// Steps of one kind become one piece.
    fn pieces(self) -> Vec<Piece> {
        let mut pieces: Vec<Piece> = Vec::new();
        for (kind, word) in self.steps {
            match pieces.last_mut().filter(|last| last.kind == kind) {
                Some(last) => {
                    last.text.push(if word.opens_line { '\n' } else { ' ' });
                    last.text.push_str(&word.text);
                }
                None => {
                    let text = word.text.clone();
                    let line = word.opens_line && !pieces.is_empty();
                    let text = if line { format!("\n{text}") } else { text };
                    pieces.push(Piece { kind, text });
                }
            }
        }
        pieces
    }
}

/// Words that occur once in each text, in the longest order that both share.
fn anchors(old: &[Word], new: &[Word]) -> Vec<(usize, usize)> {
    let once = |words: &[Word]| {
        let mut places: HashMap<u64, Option<usize>> = HashMap::new();
        for (index, word) in words.iter().enumerate() {
            places.entry(word.key).and_modify(|place| *place = None).or_insert(Some(index));
        }
        places
    };
    let in_new = once(new);
    let mut pairs: Vec<(usize, usize)> = once(old)
        .into_iter()
        .filter_map(|(key, a)| Some((a?, in_new.get(&key).copied().flatten()?)))
        .collect();
    pairs.sort_unstable();
    rising(&pairs)
}

/// The longest rising run of the second numbers.
fn rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    let second = |index: &usize| pairs.get(*index).map_or(0, |pair| pair.1);
    for (index, pair) in pairs.iter().enumerate() {
        let place = ends.partition_point(|end| second(end) < pair.1);
        before.push(place.checked_sub(1).and_then(|place| ends.get(place).copied()));
        match ends.get_mut(place) {
            Some(end) => *end = index,
            None => ends.push(index),
        }
    }
    let mut run = Vec::with_capacity(ends.len());
    let mut at = ends.last().copied();
    while let Some(index) = at {
        run.extend(pairs.get(index).copied());
        at = before.get(index).copied().flatten();
    }
    run.reverse();
    run
}

/// The common words of a shortest edit script (Myers 1986); none where it needs too many edits.
fn shortest(old: &[Word], new: &[Word]) -> Option<Vec<(usize, usize)>> {
    let limit = MOST_EDITS.min(old.len() + new.len());
    // Furthest old word reached on each diagonal, diagonal 0 in the middle.
    let mut furthest: Vec<usize> = vec![0; 2 * limit + 3];
    let mut rounds: Vec<Vec<usize>> = Vec::new();
    let middle = limit + 1;
    let is_same = |a: usize, b: usize| match (old.get(a), new.get(b)) {
        (Some(a), Some(b)) => a.key == b.key,
        _ => false,
    };
    for edits in 0..=limit {
        // Only the diagonals that this round can touch are kept for the way back.
        rounds.push(furthest.get(middle - edits..=middle + edits)?.to_vec());
        let mut slot = middle - edits;
        while slot <= middle + edits {
            let below = furthest.get(slot - 1).copied().unwrap_or(0);
            let above = furthest.get(slot + 1).copied().unwrap_or(0);
            let down = slot == middle - edits || (slot != middle + edits && below < above);
            let mut a = if down { above } else { below + 1 };
            let Some(mut b) = (a + middle).checked_sub(slot) else {
                slot += 2;
                continue;
            };
            while is_same(a, b) {
                a += 1;
                b += 1;
            }
            *furthest.get_mut(slot)? = a;
            if a >= old.len() && b >= new.len() {
                return Some(way_back(&rounds, edits, middle, (a, b)));
            }
            slot += 2;
        }
    }
    None
}

fn way_back(
    rounds: &[Vec<usize>],
    edits: usize,
    middle: usize,
    end: (usize, usize),
) -> Vec<(usize, usize)> {
    let (mut a, mut b) = end;
    let mut common = Vec::new();
    for edit in (1..=edits).rev() {
        let at = |slot: usize| {
            let round = rounds.get(edit)?;
            round.get((slot + edit).checked_sub(middle)?).copied()
        };
        let slot = (a + middle).saturating_sub(b);
        let below = at(slot.saturating_sub(1)).unwrap_or(0);
        let above = at(slot + 1).unwrap_or(0);
        let down = slot == middle - edit || (slot != middle + edit && below < above);
        let (from, from_slot) =
            if down { (above, slot + 1) } else { (below, slot.saturating_sub(1)) };
        let from_b = (from + middle).saturating_sub(from_slot);
        let start = if down { from } else { from + 1 };
        while a > start && b > 0 {
            a -= 1;
            b -= 1;
            common.push((a, b));
        }
        (a, b) = (from, from_b);
    }
    while a > 0 && b > 0 {
        a -= 1;
        b -= 1;
        common.push((a, b));
    }
    common.reverse();
    common
}
