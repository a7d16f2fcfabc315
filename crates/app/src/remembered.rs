//! Short memories that spare the database: who a session is, and failures of unknown logins.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};

use access::lockout::{Attempts, LockoutRules};
use access::session::SessionFingerprint;
use kernel::moment::Moment;

use crate::accounts::Recognised;

/// A session is looked up again after this long, so a session ended by another process lives on for
/// at most this many microseconds. Within one process it ends at once.
const SESSION_MEMORY_MICROS: i64 = 2_000_000;
const MOST_SESSIONS: usize = 4_096;
const MOST_LOGINS: usize = 4_096;

/// Sessions recognised a moment ago.
#[derive(Default)]
pub(crate) struct Sessions {
    known: Mutex<HashMap<SessionFingerprint, (Moment, Recognised)>>,
}

impl Sessions {
    pub(crate) fn get(&self, key: SessionFingerprint, now: Moment) -> Option<Recognised> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known
            .get(&key)
            .filter(|(at, _)| (0..SESSION_MEMORY_MICROS).contains(&now.micros_since(*at)))
            .map(|(_, recognised)| recognised.clone())
    }

    pub(crate) fn put(&self, key: SessionFingerprint, recognised: Recognised, now: Moment) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST_SESSIONS {
            known.clear();
        }
        known.insert(key, (now, recognised));
    }

    pub(crate) fn forget(&self, key: SessionFingerprint) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).remove(&key);
    }

    pub(crate) fn clear(&self) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// Failures of logins that do not exist: they are locked like real ones, so that a lock does not
/// tell which logins are real.
///
/// Only hashes of what was typed are kept, under a random seed: people type passwords into the wrong
/// box. Memory is bounded by two generations: when the young one is full it becomes the old one, and
/// the old one is forgotten; a login that is being guessed moves back to the young one.
#[derive(Default)]
pub struct UnknownLogins {
    seed: RandomState,
    attempts: Mutex<Generations>,
}

#[derive(Default)]
struct Generations {
    young: HashMap<u64, Attempts>,
    old: HashMap<u64, Attempts>,
}

impl UnknownLogins {
    /// What is known of a login.
    pub(crate) fn attempts(&self, login: &str) -> Attempts {
        let key = self.seed.hash_one(login);
        let attempts = self.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        let found = attempts.young.get(&key).or_else(|| attempts.old.get(&key));
        found.copied().unwrap_or_default()
    }

    /// Counts a failure of a login; answers what was known before and after.
    pub(crate) fn fail(
        &self,
        login: &str,
        rules: &LockoutRules,
        now: Moment,
    ) -> (Attempts, Attempts) {
        let key = self.seed.hash_one(login);
        let mut attempts = self.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        if !attempts.young.contains_key(&key) && attempts.young.len() >= MOST_LOGINS {
            attempts.old = std::mem::take(&mut attempts.young);
        }
        let remembered = attempts.old.remove(&key).unwrap_or_default();
        let known = attempts.young.entry(key).or_insert(remembered);
        let before = *known;
        *known = before.after_failure(rules, now);
        (before, *known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fail(logins: &UnknownLogins, login: &str) -> Attempts {
        logins.fail(login, &LockoutRules::default(), Moment::from_micros(0)).1
    }

    #[test]
    fn failures_of_a_login_that_does_not_exist_are_counted_however_long_it_is() {
        let logins = UnknownLogins::default();
        let (long, longer) = ("x".repeat(200), "x".repeat(201));
        fail(&logins, &long);
        fail(&logins, &long);
        assert_eq!(logins.attempts(&long).failures, 2);
        assert_eq!(logins.attempts(&longer).failures, 0);
    }

    #[test]
    fn many_strangers_do_not_unlock_a_login_that_is_being_guessed() {
        let logins = UnknownLogins::default();
        for _ in 0..5 {
            fail(&logins, "khong-co-ai");
        }
        for stranger in 0..MOST_LOGINS {
            fail(&logins, &format!("stranger-{stranger}"));
        }
        assert!(logins.attempts("khong-co-ai").locked_until.is_some());
    }

    #[test]
    fn memory_for_logins_that_do_not_exist_is_bounded() {
        let logins = UnknownLogins::default();
        for stranger in 0..5 * MOST_LOGINS {
            fail(&logins, &format!("stranger-{stranger}"));
        }
        let attempts = logins.attempts.lock().unwrap();
        assert!(attempts.young.len() + attempts.old.len() <= 2 * MOST_LOGINS);
    }
}
