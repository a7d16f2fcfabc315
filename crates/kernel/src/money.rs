//! Money: whole đồng, never fractions, never floats.

use std::fmt;
use std::iter::Sum;

use serde::{Deserialize, Serialize};

use crate::format::vi;

/// An amount in Vietnamese đồng; in JSON and in the database an integer.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Dong(i64);

impl Dong {
    /// No money.
    pub const ZERO: Dong = Dong(0);

    /// So many đồng.
    pub const fn new(dong: i64) -> Dong {
        Dong(dong)
    }

    /// The number of đồng.
    pub const fn amount(self) -> i64 {
        self.0
    }

    /// The sum, unless it is beyond what can be written.
    pub fn checked_add(self, other: Dong) -> Option<Dong> {
        self.0.checked_add(other.0).map(Dong)
    }

    /// The difference, unless it is beyond what can be written.
    pub fn checked_sub(self, other: Dong) -> Option<Dong> {
        self.0.checked_sub(other.0).map(Dong)
    }

    /// So many times the amount, unless it is beyond what can be written.
    pub fn checked_mul(self, times: i64) -> Option<Dong> {
        self.0.checked_mul(times).map(Dong)
    }

    /// `Tám nghìn đồng`, as receipts say it after "Bằng chữ:".
    pub fn in_words(self) -> String {
        vi::capitalised(&format!("{} đồng", vi::number_in_words(self.0)))
    }
}

impl fmt::Display for Dong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} đồng", vi::number(self.0))
    }
}

/// Adds all up, or `None` as soon as it is beyond what can be written.
impl Sum<Dong> for Option<Dong> {
    fn sum<I: Iterator<Item = Dong>>(mut amounts: I) -> Option<Dong> {
        amounts.try_fold(Dong::ZERO, Dong::checked_add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_reads_in_digits_and_in_words() {
        assert_eq!(Dong::new(8_000).to_string(), "8.000 đồng");
        assert_eq!(Dong::new(8_000).in_words(), "Tám nghìn đồng");
        assert_eq!(Dong::ZERO.in_words(), "Không đồng");
        assert_eq!(serde_json::to_string(&Dong::new(-5)).unwrap(), "-5");
    }

    #[test]
    fn money_never_overflows_silently() {
        let most = Dong::new(i64::MAX);
        assert_eq!(most.checked_add(Dong::new(1)), None);
        assert_eq!(Dong::new(i64::MIN).checked_sub(Dong::new(1)), None);
        assert_eq!(most.checked_mul(2), None);
        assert_eq!([most, most].into_iter().sum::<Option<Dong>>(), None);
        let lines = [Dong::new(2_000), Dong::new(1_000)];
        assert_eq!(lines.into_iter().sum::<Option<Dong>>(), Some(Dong::new(3_000)));
    }
}
