//! Short memories that spare the database: who a session is, and failures of unknown logins.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use access::lockout::Attempts;
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
#[derive(Default)]
pub struct UnknownLogins {
    attempts: Mutex<HashMap<String, Attempts>>,
}

impl UnknownLogins {
    pub(crate) fn attempts(&self, login: &str) -> Attempts {
        let attempts = self.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        attempts.get(&login_key(login)).copied().unwrap_or_default()
    }

    pub(crate) fn set(&self, login: &str, after: Attempts) {
        let mut attempts = self.attempts.lock().unwrap_or_else(PoisonError::into_inner);
        if attempts.len() >= MOST_LOGINS {
            attempts.clear();
        }
        attempts.insert(login_key(login), after);
    }
}

/// A login as it is remembered: cut, so that long ones do not fill the memory.
fn login_key(login: &str) -> String {
    login.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_of_a_long_login_that_does_not_exist_are_counted_too() {
        let logins = UnknownLogins::default();
        let long = "x".repeat(200);
        let after = Attempts { failures: 3, locked_until: None };
        logins.set(&long, after);
        assert_eq!(logins.attempts(&long).failures, 3);
    }
}
