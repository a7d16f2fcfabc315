//! Effect: what a document does to others, what the Ministry's codification notes about an article, and the
//! state of a provision on a day.

mod instruction;
mod note;
mod state;
mod words;

use serde::{Deserialize, Serialize};

pub use instruction::{Instruction, instructions};
pub use note::{CodifiedAmendment, CodifiedNote, note_of_codified};
pub use state::{EffectEvent, EventKind, State, state, state_within};

/// What one document does to another, or to a provision of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verb {
    /// Sửa đổi, bổ sung: the provision has another text.
    Amend,
    /// Bổ sung: a provision comes to those that are there.
    Add,
    /// Thay thế, bỏ or bổ sung cụm từ: words are changed in places.
    ReplacePhrase,
    /// Bãi bỏ, hủy bỏ, hết hiệu lực: it ends.
    Repeal,
    /// Thay thế: a whole document ends because this one takes its place.
    Replace,
    /// Ngưng hiệu lực: it rests.
    Suspend,
    /// Quy định chi tiết, hướng dẫn thi hành: nothing changes, the other one is put in detail.
    Guide,
    /// Đính chính: a slip of the pen is put right.
    Correct,
}
