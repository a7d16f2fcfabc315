//! Learning to rank from questions whose answers are known: LambdaMART.
//!
//! After Burges, "From RankNet to LambdaRank to LambdaMART: An Overview" (Microsoft Research, 2010): the
//! slope of each candidate is the sum over pairs of how much swapping the two would cost, and each tree is
//! fitted to those slopes by histograms of binned features.

use crate::ranker::{Node, Ranker};

/// Candidates of one question: rows of features, and which are right.
#[derive(Clone, Debug, Default)]
pub struct Example {
    /// Features of all candidates, one after the other.
    pub rows: Vec<f32>,
    /// Is the candidate an answer?
    pub is_right: Vec<bool>,
}

/// How to learn.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Trees.
    pub trees: usize,
    /// Leaves of a tree.
    pub leaves: usize,
    /// How much of each tree's answer is taken.
    pub rate: f32,
    /// Candidates in a leaf at least.
    pub smallest_leaf: u32,
    /// Weight that pulls answers to nought.
    pub calm: f32,
    /// Share of the features that each tree may look at.
    pub feature_share: f32,
    /// Share of the questions that each tree learns from.
    pub question_share: f32,
    /// Seed of the choice of both.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            trees: 200,
            leaves: 16,
            rate: 0.06,
            smallest_leaf: 60,
            calm: 1.0,
            feature_share: 0.5,
            question_share: 0.7,
            seed: 7,
        }
    }
}

const BINS: usize = 64;

/// Numbers that look random and are the same each time (xorshift64*).
struct Dice(u64);

impl Dice {
    fn share(&mut self) -> f32 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let mixed = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D);
        (mixed >> 40) as f32 / (1_u64 << 24) as f32
    }
}

/// The examples in bins.
struct Binned {
    width: usize,
    /// Bin of each feature of each row.
    bins: Vec<u8>,
    /// Upper limits of the bins of each feature.
    limits: Vec<Vec<f32>>,
    /// First row of each question, and one past the last.
    starts: Vec<usize>,
    is_right: Vec<bool>,
}

impl Binned {
    fn new(examples: &[Example], width: usize) -> Self {
        let mut starts = vec![0];
        let mut is_right = Vec::new();
        for example in examples {
            is_right.extend_from_slice(&example.is_right);
            starts.push(is_right.len());
        }
        let rows = || examples.iter().flat_map(|example| example.rows.chunks_exact(width));
        let mut limits = Vec::with_capacity(width);
        for feature in 0..width {
            let mut values: Vec<f32> = rows().filter_map(|row| row.get(feature).copied()).collect();
            values.sort_unstable_by(f32::total_cmp);
            // The rarest high values tell right from wrong most often: some bins are kept for them.
            let rare = [500, 200, 100].map(|part| values.len() - values.len() / part);
            let highest = values.last().copied().unwrap_or(0.0);
            let below = values.partition_point(|value| *value < highest).saturating_sub(1);
            let places = (1..BINS).map(|bin| bin * values.len() / BINS).chain(rare).chain([below]);
            let mut of_feature: Vec<f32> =
                places.filter_map(|at| limit_after(&values, at)).collect();
            of_feature.sort_unstable_by(f32::total_cmp);
            of_feature.dedup();
            limits.push(of_feature);
        }
        let mut bins = Vec::with_capacity(is_right.len() * width);
        for row in rows() {
            for (value, limits) in row.iter().zip(&limits) {
                let bin = limits.partition_point(|limit| limit < value);
                bins.push(u8::try_from(bin).unwrap_or(u8::MAX));
            }
        }
        Self { width, bins, limits, starts, is_right }
    }

    fn row(&self, row: usize) -> &[u8] {
        self.bins.get(row * self.width..(row + 1) * self.width).unwrap_or_default()
    }
}

/// Half-way between a value and the next greater one.
fn limit_after(values: &[f32], at: usize) -> Option<f32> {
    let value = *values.get(at)?;
    let next = values.get(values.partition_point(|other| *other <= value))?;
    Some(value + (next - value) / 2.0)
}

/// Slope and curvature of the cost of each row.
fn slopes(binned: &Binned, scores: &[f32], chosen: &[bool], out: &mut Vec<(f32, f32)>) {
    out.clear();
    out.resize(scores.len(), (0.0, 0.0));
    let gain = |rank: usize| 1.0 / ((rank + 2) as f32).log2();
    for (question, chosen) in binned.starts.windows(2).zip(chosen) {
        let &[start, end] = question else { continue };
        if !chosen {
            continue;
        }
        let Some(of_question) = scores.get(start..end) else { continue };
        let mut order: Vec<usize> = (0..of_question.len()).collect();
        let score = |at: usize| of_question.get(at).copied().unwrap_or(0.0);
        order.sort_unstable_by(|one, two| score(*two).total_cmp(&score(*one)).then(one.cmp(two)));
        let mut ranks = vec![0; order.len()];
        for (rank, at) in order.iter().enumerate() {
            if let Some(place) = ranks.get_mut(*at) {
                *place = rank;
            }
        }
        let is_right = |at: usize| binned.is_right.get(start + at).copied().unwrap_or(false);
        let right: Vec<usize> = (0..of_question.len()).filter(|at| is_right(*at)).collect();
        let ideal: f32 = (0..right.len()).map(gain).sum();
        for good in right {
            for bad in (0..of_question.len()).filter(|at| !is_right(*at)) {
                let rank_of = |at: usize| gain(ranks.get(at).copied().unwrap_or(0));
                let worth = (rank_of(good) - rank_of(bad)).abs() / ideal.max(1e-6);
                let unsure = 1.0 / (1.0 + (score(good) - score(bad)).exp());
                let slope = worth * unsure;
                let curve = worth * unsure * (1.0 - unsure);
                if let Some(place) = out.get_mut(start + good) {
                    place.0 += slope;
                    place.1 += curve;
                }
                if let Some(place) = out.get_mut(start + bad) {
                    place.0 -= slope;
                    place.1 += curve;
                }
            }
        }
    }
}

struct Leaf {
    rows: Vec<u32>,
    node: usize,
    best: Option<Cut>,
    slope: f32,
    curve: f32,
}

#[derive(Clone, Copy)]
struct Cut {
    gain: f32,
    feature: usize,
    bin: u8,
}

struct Growing<'a> {
    binned: &'a Binned,
    slopes: &'a [(f32, f32)],
    features: Vec<usize>,
    settings: &'a Settings,
}

impl Growing<'_> {
    fn leaf(&self, rows: Vec<u32>, node: usize) -> Leaf {
        let (mut slope, mut curve) = (0.0, 0.0);
        for row in &rows {
            let (one, two) = self.slopes.get(*row as usize).copied().unwrap_or_default();
            slope += one;
            curve += two;
        }
        let mut leaf = Leaf { rows, node, best: None, slope, curve };
        leaf.best = self.best_cut(&leaf);
        leaf
    }

    fn best_cut(&self, leaf: &Leaf) -> Option<Cut> {
        if (leaf.rows.len() as u64) < u64::from(self.settings.smallest_leaf) * 2 {
            return None;
        }
        let width = self.binned.width;
        let mut histogram = vec![(0.0_f32, 0.0_f32, 0_u32); width * 128];
        for row in &leaf.rows {
            let (slope, curve) = self.slopes.get(*row as usize).copied().unwrap_or_default();
            let bins = self.binned.row(*row as usize);
            for feature in &self.features {
                let bin = bins.get(*feature).copied().unwrap_or(0);
                if let Some(place) = histogram.get_mut(feature * 128 + usize::from(bin & 127)) {
                    place.0 += slope;
                    place.1 += curve;
                    place.2 += 1;
                }
            }
        }
        let calm = self.settings.calm;
        let worth = |slope: f32, curve: f32| slope * slope / (curve + calm);
        let whole = worth(leaf.slope, leaf.curve);
        let all = leaf.rows.len() as u32;
        let mut best: Option<Cut> = None;
        for feature in &self.features {
            let (mut slope, mut curve, mut count) = (0.0, 0.0, 0);
            let bins = self.binned.limits.get(*feature).map_or(0, Vec::len);
            for bin in 0..bins.min(127) {
                let Some(place) = histogram.get(feature * 128 + bin) else { break };
                slope += place.0;
                curve += place.1;
                count += place.2;
                if count < self.settings.smallest_leaf || all - count < self.settings.smallest_leaf
                {
                    continue;
                }
                let gain =
                    worth(slope, curve) + worth(leaf.slope - slope, leaf.curve - curve) - whole;
                if gain > best.map_or(1e-6, |best| best.gain) {
                    best = Some(Cut { gain, feature: *feature, bin: bin as u8 });
                }
            }
        }
        best
    }

    fn answer(&self, leaf: &Leaf) -> f32 {
        self.settings.rate * leaf.slope / (leaf.curve + self.settings.calm)
    }

    fn tree(&self, rows: Vec<u32>) -> Vec<Node> {
        let mut nodes = vec![Node::Leaf(0.0)];
        let mut leaves = vec![self.leaf(rows, 0)];
        while leaves.len() < self.settings.leaves {
            let gain = |leaf: &Leaf| leaf.best.map_or(0.0, |cut| cut.gain);
            let widest = leaves
                .iter()
                .enumerate()
                .filter(|(_, leaf)| leaf.best.is_some())
                .max_by(|(_, one), (_, two)| gain(one).total_cmp(&gain(two)));
            let Some((place, _)) = widest else { break };
            let leaf = leaves.swap_remove(place);
            let Some(cut) = leaf.best else { break };
            let limit =
                self.binned.limits.get(cut.feature).and_then(|l| l.get(usize::from(cut.bin)));
            let left = nodes.len();
            if let Some(node) = nodes.get_mut(leaf.node) {
                *node = Node::Split {
                    feature: cut.feature as u8,
                    limit: limit.copied().unwrap_or(0.0),
                    left: left as u16,
                };
            }
            nodes.push(Node::Leaf(0.0));
            nodes.push(Node::Leaf(0.0));
            let is_left = |row: &u32| {
                self.binned.row(*row as usize).get(cut.feature).is_some_and(|bin| *bin <= cut.bin)
            };
            let (one, two): (Vec<u32>, Vec<u32>) = leaf.rows.into_iter().partition(is_left);
            leaves.push(self.leaf(one, left));
            leaves.push(self.leaf(two, left + 1));
        }
        for leaf in &leaves {
            if let Some(node) = nodes.get_mut(leaf.node) {
                *node = Node::Leaf(self.answer(leaf));
            }
        }
        nodes
    }
}

/// Learns a ranker.
#[must_use]
pub fn learn(examples: &[Example], names: &[&str], settings: &Settings) -> Ranker {
    let width = names.len();
    let binned = Binned::new(examples, width);
    let rows = binned.is_right.len();
    let mut scores = vec![0.0_f32; rows];
    let mut dice = Dice(settings.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let mut trees = Vec::with_capacity(settings.trees);
    let mut slope = Vec::new();
    for _ in 0..settings.trees {
        let chosen: Vec<bool> =
            examples.iter().map(|_| dice.share() < settings.question_share).collect();
        slopes(&binned, &scores, &chosen, &mut slope);
        let features: Vec<usize> =
            (0..width).filter(|_| dice.share() < settings.feature_share).collect();
        let mut in_tree = Vec::new();
        for (question, _) in binned.starts.windows(2).zip(&chosen).filter(|(_, chosen)| **chosen) {
            let &[start, end] = question else { continue };
            in_tree.extend((start..end).map(|row| row as u32));
        }
        let growing = Growing { binned: &binned, slopes: &slope, features, settings };
        let tree = growing.tree(in_tree);
        for (row, score) in scores.iter_mut().enumerate() {
            *score += answer(&tree, &binned, row);
        }
        trees.push(tree);
    }
    Ranker { features: names.iter().map(|name| (*name).to_owned()).collect(), trees }
}

/// What a tree answers for a row in bins.
fn answer(tree: &[Node], binned: &Binned, row: usize) -> f32 {
    let bins = binned.row(row);
    let mut at = 0;
    for _ in 0..tree.len() {
        match tree.get(at) {
            Some(Node::Split { feature, limit, left }) => {
                let feature = usize::from(*feature);
                let limits = binned.limits.get(feature).map_or(&[][..], Vec::as_slice);
                let cut = limits.partition_point(|known| known < limit);
                let bin = bins.get(feature).copied().unwrap_or(0);
                at = usize::from(*left) + usize::from(usize::from(bin) > cut);
            }
            Some(Node::Leaf(answer)) => return *answer,
            None => return 0.0,
        }
    }
    0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Candidates of which the right one has the highest second feature; the first is noise.
    fn example(seed: u64) -> Example {
        let mut dice = Dice(seed | 1);
        let mut example = Example::default();
        let right = (seed % 20) as usize;
        for at in 0..20 {
            let noise = dice.share();
            let signal = if at == right { 2.0 } else { dice.share() };
            example.rows.extend([noise, signal]);
            example.is_right.push(at == right);
        }
        example
    }

    #[test]
    fn what_tells_the_right_one_is_learned_from_examples() {
        let examples: Vec<Example> = (1..60).map(|seed| example(seed * 7_919)).collect();
        let settings = Settings {
            trees: 20,
            smallest_leaf: 5,
            feature_share: 1.0,
            question_share: 1.0,
            ..Settings::default()
        };
        let ranker = learn(&examples, &["noise", "signal"], &settings);
        for seed in 1_000..1_040 {
            let unseen = example(seed);
            let best = unseen
                .rows
                .chunks_exact(2)
                .enumerate()
                .max_by(|(_, one), (_, two)| ranker.score(one).total_cmp(&ranker.score(two)))
                .map(|(at, _)| at);
            assert_eq!(best.map(|at| unseen.is_right[at]), Some(true));
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_ranker() {
        let examples: Vec<Example> = (1..20).map(|seed| example(seed * 31)).collect();
        let settings = Settings { trees: 5, ..Settings::default() };
        let learned = || learn(&examples, &["noise", "signal"], &settings);
        assert_eq!(learned(), learned());
    }
}
