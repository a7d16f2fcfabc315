//! A ranker: many small decision trees, each correcting those before it.

use serde::{Deserialize, Serialize};

use crate::features::Features;

/// One node of a tree: a question about a feature, or an answer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "StoredNode", into = "StoredNode")]
pub enum Node {
    /// Goes to `left` when the feature is at most `limit`, else to the node after `left`.
    Split {
        /// Number of the feature.
        feature: u8,
        /// The limit.
        limit: f32,
        /// Place of the left node in its tree.
        left: u16,
    },
    /// The answer.
    Leaf(f32),
}

/// A node as it is written down: `[answer]` or `[feature, limit, left]`.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum StoredNode {
    Split(u8, f32, u16),
    Leaf([f32; 1]),
}

impl From<StoredNode> for Node {
    fn from(stored: StoredNode) -> Self {
        match stored {
            StoredNode::Split(feature, limit, left) => Self::Split { feature, limit, left },
            StoredNode::Leaf([answer]) => Self::Leaf(answer),
        }
    }
}

impl From<Node> for StoredNode {
    fn from(node: Node) -> Self {
        match node {
            Node::Split { feature, limit, left } => Self::Split(feature, limit, left),
            Node::Leaf(answer) => Self::Leaf([answer]),
        }
    }
}

/// A sum of trees.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Ranker {
    /// Names of the features that it was trained on, in order.
    pub features: Vec<String>,
    /// Trees; the first node of each is its root.
    pub trees: Vec<Vec<Node>>,
}

impl Ranker {
    /// The score of a row of features; only the order matters.
    #[must_use]
    pub fn score(&self, row: &[f32]) -> f32 {
        self.trees.iter().map(|tree| answer(tree, row)).sum()
    }

    /// The scores of many rows: tree by tree, since a tree stays at hand and all of them do not.
    #[must_use]
    pub fn scores(&self, rows: &Features) -> Vec<f32> {
        let mut scores = vec![0.0; rows.len()];
        for tree in &self.trees {
            for (place, score) in scores.iter_mut().enumerate() {
                *score += answer(tree, rows.row(place));
            }
        }
        scores
    }
}

fn answer(tree: &[Node], row: &[f32]) -> f32 {
    let mut at = 0_usize;
    // A tree has no more levels than nodes, so this ends for any tree.
    for _ in 0..tree.len() {
        match tree.get(at) {
            Some(Node::Split { feature, limit, left }) => {
                let value = row.get(usize::from(*feature)).copied().unwrap_or(0.0);
                at = usize::from(*left) + usize::from(value > *limit);
            }
            Some(Node::Leaf(answer)) => return *answer,
            None => return 0.0,
        }
    }
    0.0
}
