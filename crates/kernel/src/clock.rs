//! Where "now" comes from: always handed in, so that tests and legal time agree.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::moment::Moment;

/// The one source of the present moment. The real one lives where the program is wired together,
/// since reading the machine's clock is I/O.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Moment;
}

impl<T: Clock + ?Sized> Clock for Arc<T> {
    fn now(&self) -> Moment {
        (**self).now()
    }
}

/// A clock that stands still until it is set. Clones show the same time, so that a test keeps one
/// hand on the clock that the program looks at.
#[derive(Clone, Debug)]
pub struct FixedClock(Arc<AtomicI64>);

impl FixedClock {
    /// A clock standing at this moment.
    pub fn new(moment: Moment) -> FixedClock {
        FixedClock(Arc::new(AtomicI64::new(moment.micros())))
    }

    /// Sets it, forwards or backwards.
    pub fn set(&self, moment: Moment) {
        self.0.store(moment.micros(), Ordering::SeqCst);
    }

    /// Moves it forwards, or backwards when negative.
    pub fn advance_minutes(&self, minutes: i64) {
        self.set(self.now().plus_minutes(minutes));
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Moment {
        Moment::from_micros(self.0.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_of_a_fixed_clock_show_the_same_time() {
        let clock = FixedClock::new(Moment::from_micros(0));
        let seen_by_the_program: Arc<dyn Clock> = Arc::new(clock.clone());
        clock.advance_minutes(5);
        assert_eq!(seen_by_the_program.now().micros(), 300_000_000);
    }
}
