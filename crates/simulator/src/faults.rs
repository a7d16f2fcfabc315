//! What can be made to go wrong while it runs.

use std::time::Duration;

use exchange::ExchangeError;
use serde::{Deserialize, Serialize};

/// Faults of the line and of the other side. All off by default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Faults {
    /// Nothing answers, and nothing arrives.
    pub down: bool,
    /// Every answer takes so many milliseconds.
    pub delay_ms: u64,
    /// Every call is refused with this sentence.
    pub refuse: Option<String>,
    /// Calls arrive and are carried out, but the answers are lost on the way back.
    pub lose_answers: bool,
    /// Every change arrives twice, as from a network that repeats what was not acknowledged.
    pub deliver_twice: bool,
}

impl Faults {
    /// What stops a call before it arrives.
    pub(crate) fn before(&self) -> Result<(), ExchangeError> {
        if self.delay_ms > 0 {
            std::thread::sleep(Duration::from_millis(self.delay_ms));
        }
        if self.down {
            return Err(ExchangeError::Unavailable("simulated: the line is down".to_owned()));
        }
        match &self.refuse {
            Some(reason) => Err(ExchangeError::Refused(reason.clone())),
            None => Ok(()),
        }
    }

    /// What happens to the answer on its way back.
    pub(crate) fn after<T>(&self, answer: T) -> Result<T, ExchangeError> {
        if self.lose_answers {
            return Err(ExchangeError::Unavailable("simulated: the answer was lost".to_owned()));
        }
        Ok(answer)
    }

    pub(crate) fn deliveries(&self) -> usize {
        if self.deliver_twice { 2 } else { 1 }
    }
}
