//! Failed sign-ins, growing locks, and accounts that nobody uses.
//!
//! The same judgement is made for a login that does not exist: the caller keeps attempts by login,
//! not by account, and checks a decoy hash, so that neither answer nor time tells which logins are
//! real.

use kernel::error::Error;
use kernel::format::vi;
use kernel::moment::Moment;
use serde::{Deserialize, Serialize};

/// How failures are answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LockoutRules {
    /// Failures in a row until the login is locked. TCVN 14423:2026, level 3: 5 for business
    /// software with important data.
    pub failures: u32,
    /// Minutes of the first lock; every further failure doubles it.
    pub first_lock_minutes: u32,
    /// Minutes of the longest lock.
    pub longest_lock_minutes: u32,
}

/// What is known of the failures of one login.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempts {
    /// Failures since the last success.
    pub failures: u32,
    /// Nobody gets in by this login before then.
    pub locked_until: Option<Moment>,
}

/// May a sign-in be tried?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockState {
    /// Yes.
    Open,
    /// Not before this moment. The password is not even looked at.
    LockedUntil(Moment),
}

impl Default for LockoutRules {
    fn default() -> Self {
        Self { failures: 5, first_lock_minutes: 15, longest_lock_minutes: 24 * 60 }
    }
}

impl Attempts {
    /// May a sign-in be tried now?
    pub fn judge(&self, now: Moment) -> LockState {
        match self.locked_until {
            Some(until) if now < until => LockState::LockedUntil(until),
            _ => LockState::Open,
        }
    }

    /// After one more failure. An attempt while locked is no failure: it was not looked at, and
    /// counting it would let anybody keep somebody else locked out for days.
    #[must_use]
    pub fn after_failure(&self, rules: &LockoutRules, now: Moment) -> Self {
        if self.judge(now) != LockState::Open {
            return *self;
        }
        let failures = self.failures.saturating_add(1);
        let locked_until = failures.checked_sub(rules.failures).map(|beyond| {
            let doubled = rules.first_lock_minutes.checked_shl(beyond).filter(|minutes| {
                // Bits shifted out at the top would make the lock short again.
                minutes >> beyond == rules.first_lock_minutes
            });
            let minutes = doubled.map_or(rules.longest_lock_minutes, |minutes| {
                minutes.min(rules.longest_lock_minutes)
            });
            now.plus_minutes(i64::from(minutes))
        });
        Self { failures, locked_until }
    }

    /// After a success: forgotten.
    #[must_use]
    pub const fn after_success() -> Self {
        Self { failures: 0, locked_until: None }
    }

    /// How many more failures are left before a lock.
    pub const fn left(&self, rules: &LockoutRules) -> u32 {
        rules.failures.saturating_sub(self.failures)
    }
}

impl LockState {
    /// The error for the person, if locked. It says the same whether or not the login exists.
    pub fn error(self) -> Option<Error> {
        match self {
            Self::Open => None,
            Self::LockedUntil(until) => Some(
                Error::too_many(format!(
                    "Đăng nhập sai nhiều lần nên tên đăng nhập này tạm khóa đến {}. Nếu quên mật \
                     khẩu, ông/bà đề nghị quản trị viên của đơn vị cấp lại.",
                    vi::moment(until)
                ))
                .because("login locked"),
            ),
        }
    }
}

/// Are so many days over since the moment? With 0 days, never: the rule is switched off. For
/// accounts that nobody uses (an account never used counts from the day it was made) and for the age
/// of passwords.
pub fn are_days_over(days: u32, since: Moment, now: Moment) -> bool {
    days > 0 && now >= since.plus_days(i64::from(days))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::policy::sample::moment;

    fn now() -> Moment {
        moment("2026-11-20T08:00:00+07:00")
    }

    fn failed(times: u32) -> Attempts {
        let rules = LockoutRules::default();
        let mut at = now();
        let mut attempts = Attempts::default();
        for _ in 0..times {
            if let LockState::LockedUntil(until) = attempts.judge(at) {
                at = until;
            }
            attempts = attempts.after_failure(&rules, at);
        }
        // As if the last failure were now.
        let shift = now().micros_since(at);
        let locked_until = attempts.locked_until.map(|until| until.plus_micros(shift));
        Attempts { locked_until, ..attempts }
    }

    #[test]
    fn the_fifth_failure_in_a_row_locks_for_fifteen_minutes() {
        assert_eq!(failed(4).judge(now()), LockState::Open);
        assert_eq!(failed(4).left(&LockoutRules::default()), 1);
        let attempts = failed(5);
        assert_eq!(attempts.judge(now()), LockState::LockedUntil(now().plus_minutes(15)));
        assert_eq!(attempts.judge(now().plus_minutes(15)), LockState::Open);
    }

    #[test]
    fn each_further_failure_doubles_the_lock_up_to_a_day() {
        for (failures, minutes) in
            [(6, 30), (7, 60), (8, 120), (11, 960), (12, 1_440), (13, 1_440), (60, 1_440)]
        {
            assert_eq!(failed(failures).locked_until, Some(now().plus_minutes(minutes)));
        }
    }

    #[test]
    fn attempts_during_a_lock_do_not_lengthen_it() {
        let rules = LockoutRules::default();
        let locked = failed(5);
        assert_eq!(locked.after_failure(&rules, now().plus_minutes(14)), locked);
    }

    #[test]
    fn a_success_forgets_all_failures() {
        assert_eq!(Attempts::after_success(), Attempts::default());
    }

    #[test]
    fn the_message_says_until_when_and_what_to_do() {
        let error = failed(5).judge(now()).error().unwrap();
        assert!(
            error.message.contains("8 giờ 15") || error.message.contains("08 giờ 15"),
            "{}",
            error.message
        );
        assert!(error.message.contains("quản trị viên"));
        assert!(LockState::Open.error().is_none());
    }

    #[test]
    fn an_account_unused_for_forty_five_days_is_to_be_disabled() {
        assert!(!are_days_over(45, now(), now().plus_days(45).plus_seconds(-1)));
        assert!(are_days_over(45, now(), now().plus_days(45)));
    }

    #[test]
    fn a_rule_of_no_days_is_switched_off() {
        assert!(!are_days_over(0, now(), now().plus_days(10_000)));
    }

    proptest! {
        #[test]
        fn a_lock_never_gets_shorter_by_failing_more(
            failures in 0_u32..200, first in 1_u32..100_000, threshold in 1_u32..10,
        ) {
            let rules = LockoutRules {
                failures: threshold, first_lock_minutes: first,
                longest_lock_minutes: 1_000_000,
            };
            let after = |failures: u32| {
                Attempts { failures, locked_until: None }.after_failure(&rules, now()).locked_until
            };
            prop_assert!(after(failures) <= after(failures + 1));
            prop_assert!(after(failures) <= Some(now().plus_minutes(1_000_000)));
        }
    }
}
