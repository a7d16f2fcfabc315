//! The system's clock.

use kernel::clock::Clock;
use kernel::moment::Moment;

/// The one place where the program reads the time.
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Moment {
        Moment::from_micros(jiff::Timestamp::now().as_microsecond())
    }
}
