//! Which of the lines that look like the start of a unit are one: numbers go on, quotations and lists
//! inside a provision do not.

use std::collections::HashMap;

use super::number::{Count, Rank};

/// A line that may open a unit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub rank: Rank,
    /// It looks like nothing else, and is written as the others are.
    pub is_strong: bool,
    /// The line before announces other text ("… như sau:").
    pub is_announced: bool,
    /// It opens a second list of the same provision: "a)" after text of the provision itself.
    pub is_second_list: bool,
}

/// What a candidate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Text,
    Unit,
    /// A unit, though its number does not follow the one before.
    Jump,
    /// A unit that bears a number of one before.
    Repeat,
}

impl Verdict {
    pub(super) fn is_unit(self) -> bool {
        self != Self::Text
    }
}

/// How numbers of one kind of unit go on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Habit {
    pub count: Count,
    /// How many numbers may be missing in one place.
    pub gap: u32,
    /// May a number stand twice in a row by mistake?
    pub may_repeat: bool,
}

/// Judges the candidates of one scope, in their order. Takes time in proportion to their number.
pub(super) fn judge(candidates: &[Candidate], habit: Habit) -> Vec<Verdict> {
    let mut last = HashMap::with_capacity(candidates.len());
    for (at, candidate) in candidates.iter().enumerate().filter(|(_, one)| one.is_strong) {
        last.insert(candidate.rank, at);
    }
    let mut judge = Judge { candidates, habit, last, previous: None, inner: None };
    candidates.iter().enumerate().map(|(at, candidate)| judge.next(at, candidate)).collect()
}

/// What is known on the way through the candidates.
struct Judge<'a> {
    candidates: &'a [Candidate],
    habit: Habit,
    /// Where each number stands last, strong candidates only.
    last: HashMap<Rank, usize>,
    /// The last unit.
    previous: Option<Rank>,
    /// The last number of a list inside a unit, while one runs.
    inner: Option<Rank>,
}

impl Judge<'_> {
    fn next(&mut self, at: usize, candidate: &Candidate) -> Verdict {
        let verdict = self.verdict(at, candidate);
        match verdict {
            Verdict::Unit | Verdict::Jump => self.previous = Some(candidate.rank),
            Verdict::Repeat if candidate.is_second_list => self.previous = Some(candidate.rank),
            Verdict::Repeat if self.fills_a_gap(at, candidate) => {
                self.previous = self.previous.map(|before| Rank::new(before.major + 1));
            }
            Verdict::Repeat => self.previous = self.previous.max(Some(candidate.rank)),
            Verdict::Text
                if self.opens_inside(candidate)
                    || self.goes_on_inside(candidate)
                    || candidate.is_announced =>
            {
                self.inner = Some(candidate.rank);
            }
            Verdict::Text => {}
        }
        if verdict.is_unit() {
            self.inner = None;
        }
        verdict
    }

    fn verdict(&self, at: usize, candidate: &Candidate) -> Verdict {
        if candidate.is_second_list && self.previous.is_some() {
            return Verdict::Repeat;
        }
        let inside = self.goes_on_inside(candidate);
        if self.habit.count.follows(self.previous, candidate.rank) {
            let again = self.comes_later(candidate.rank, at);
            let is_text = again && (inside || candidate.is_announced || !candidate.is_strong)
                || inside && !candidate.is_strong;
            return if is_text { Verdict::Text } else { Verdict::Unit };
        }
        if inside || self.opens_inside(candidate) {
            return Verdict::Text;
        }
        if self.may_jump(candidate) && !self.expected_later(at) {
            return Verdict::Jump;
        }
        if self.fills_a_gap(at, candidate) || self.is_slip(candidate) {
            return Verdict::Repeat;
        }
        if self.is_loose(candidate) {
            let is_forward = self.previous.is_none_or(|before| candidate.rank > before);
            return if is_forward { Verdict::Jump } else { Verdict::Repeat };
        }
        Verdict::Text
    }

    fn comes_later(&self, rank: Rank, at: usize) -> bool {
        self.last.get(&rank).is_some_and(|later| *later > at)
    }

    /// Does the number that must come next stand further down?
    fn expected_later(&self, at: usize) -> bool {
        let expected = self.habit.count.expected(self.previous);
        expected.into_iter().any(|rank| self.comes_later(rank, at))
    }

    fn goes_on_inside(&self, candidate: &Candidate) -> bool {
        self.inner.is_some() && self.habit.count.follows(self.inner, candidate.rank)
    }

    /// A list inside a unit begins at 1 again.
    fn opens_inside(&self, candidate: &Candidate) -> bool {
        self.previous.is_some() && candidate.rank == Rank::new(1)
    }

    fn may_jump(&self, candidate: &Candidate) -> bool {
        let before = self.previous.map_or(0, |rank| rank.major);
        let rank = candidate.rank;
        candidate.is_strong
            && self.previous.is_none_or(|previous| rank > previous)
            && rank.major > before
            && rank.major - before - 1 <= self.habit.gap
    }

    /// A number printed twice, the second time where the next one must stand: 3, 3, 5.
    fn fills_a_gap(&self, at: usize, candidate: &Candidate) -> bool {
        let (Some(before), Some(next)) = (self.previous, self.candidates.get(at + 1)) else {
            return false;
        };
        let own = Rank::new(before.major + 1);
        candidate.is_strong
            && next.is_strong
            && candidate.rank == before
            && next.rank.minor == 0
            && self.habit.count.follows(Some(own), next.rank)
    }

    /// A number printed twice in a row, with nothing that would make the second one quoted: 5, 6, 6, 7.
    fn is_slip(&self, candidate: &Candidate) -> bool {
        self.habit.may_repeat
            && candidate.is_strong
            && !candidate.is_announced
            && self.previous == Some(candidate.rank)
    }

    /// Marks like "a)" are written for nothing but units: one out of order is a slip of the pen.
    fn is_loose(&self, candidate: &Candidate) -> bool {
        self.habit.count == Count::Letters
            && candidate.is_strong
            && !candidate.is_announced
            && self.inner.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARTICLES: Habit = Habit { count: Count::Numbers, gap: 500, may_repeat: false };

    fn units(numbers: &[u32]) -> Vec<bool> {
        let candidates: Vec<Candidate> = numbers
            .iter()
            .map(|number| Candidate {
                rank: Rank::new(*number),
                is_strong: true,
                is_announced: false,
                is_second_list: false,
            })
            .collect();
        judge(&candidates, ARTICLES).iter().map(|verdict| verdict.is_unit()).collect()
    }

    #[test]
    fn what_interrupts_the_numbering_is_text_when_the_numbering_goes_on_behind_it() {
        assert_eq!(units(&[1, 2, 55, 56, 3]), [true, true, false, false, true]);
        assert_eq!(units(&[1, 2, 1, 2, 3, 3]), [true, true, false, false, false, true]);
    }

    #[test]
    fn a_number_left_out_or_printed_twice_is_kept() {
        assert_eq!(units(&[1, 2, 5, 6]), [true; 4]);
        assert_eq!(units(&[1, 2, 2, 4]), [true; 4]);
    }
}
