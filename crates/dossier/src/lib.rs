#![doc = include_str!("../README.md")]

mod apply;
mod command;
mod decide;
mod effects;
mod entry;
mod event;
mod explain;
mod fees;
pub mod findings;
pub mod form;
mod hops;
mod obstacles;
mod offered;
mod state;
mod text;
mod timeline;

pub use apply::{apply, replay};
pub use command::{Actor, Command, DecideContext, Evidence, Submission};
pub use decide::decide;
pub use effects::results_to_sign;
pub use event::{AnnotationToWrite, By, Event, ResultToSign, Submitted};
pub use explain::{DueText, TimeLeft, TimeState, due_text, status_line, step_due, time_left};
pub use fees::{FeeLine, fees};
pub use hops::{Hop, HopResult, Party, hops};
pub use offered::{OfferedAction, offered_actions};
pub use state::{
    APPLICANT, Answers, Channel, DocumentKind, DocumentRef, Dossier, EntryDraft, EntryRef,
    NoteToApplicant, Outcome, Point, Rating, RequestState, Source,
};
pub use timeline::{Audience, TimelineItem, timeline};
