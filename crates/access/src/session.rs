//! Signed-in sessions: their tokens and how long they live.

use std::fmt;

use jiff::civil::Date;
use kernel::error::Result;
use kernel::moment::Moment;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::context::{AccountKind, AccountRef};
use crate::encoding::{base64url, read_base64url};
use crate::secret;

/// What a browser holds: 256 random bits. The store keeps only its fingerprint, so a stolen
/// database opens no session.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken([u8; 32]);

/// SHA-256 of a token: the key under which the store finds the session. A plain hash is enough for
/// 256 random bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SessionFingerprint(pub [u8; 32]);

impl SessionToken {
    /// A new token. One is made at every sign-in, whatever the browser held before, and whenever
    /// what the session may do has changed: a token planted or read earlier is then worth nothing.
    ///
    /// # Errors
    ///
    /// `Internal` if the system gives no randomness.
    pub fn generate() -> Result<Self> {
        secret::random().map(Self)
    }

    /// Reads the text of a cookie; absent if it is no token.
    pub fn parse(text: &str) -> Option<Self> {
        // 32 bytes are 43 letters; anything longer is refused before it is decoded.
        if text.len() != 43 {
            return None;
        }
        read_base64url(text)?.try_into().ok().map(Self)
    }

    /// The text for the cookie. The one place where the secret leaves.
    pub fn expose(&self) -> String {
        base64url(&self.0)
    }

    /// What the store keeps.
    pub fn fingerprint(&self) -> SessionFingerprint {
        SessionFingerprint(Sha256::digest(self.0).into())
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SessionToken(…)")
    }
}

/// How long sessions live, in minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SessionRules {
    /// Without a request, for officers. TCVN 14423:2026, level 3: 15.
    pub officer_idle: u32,
    /// Without a request, for whoever administers. TCVN 14423:2026, level 3: 5.
    pub administrator_idle: u32,
    /// Without a request, for citizens.
    pub citizen_idle: u32,
    /// From sign-in, for officers: one working day with its break.
    pub officer_longest: u32,
    /// From sign-in, for citizens.
    pub citizen_longest: u32,
}

/// When a session was begun and last used, and its limits. Limits are written into the row when it
/// is made, so a change of settings does not lengthen sessions that exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionTimes {
    /// The sign-in.
    pub created: Moment,
    /// The last request, as far as it was written down (see [`SessionState::Live`]).
    pub last_seen: Moment,
    /// Minutes without a request until it ends.
    pub idle_minutes: u32,
    /// Minutes from the sign-in until it ends.
    pub longest_minutes: u32,
}

/// What has become of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionState {
    /// It may be used.
    Live {
        /// `last_seen` is old enough to be worth writing: not every request writes a row.
        touch: bool,
    },
    /// Not used for too long.
    Idle,
    /// Signed in too long ago.
    TooOld,
}

/// Why a session may need a new token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionChange {
    /// Somebody signed in.
    SignedIn,
    /// A second factor was passed.
    MfaPassed,
    /// The password or the second factor was changed.
    CredentialsChanged,
    /// Offices were given or taken, or began or ended.
    AuthorityChanged,
    /// Nothing that bears on what the session may do.
    Other,
}

impl Default for SessionRules {
    fn default() -> Self {
        Self {
            officer_idle: 15,
            administrator_idle: 5,
            citizen_idle: 30,
            officer_longest: 10 * 60,
            citizen_longest: 8 * 60,
        }
    }
}

impl SessionRules {
    /// The times of a session that begins now. `administers` says whether the account may manage
    /// accounts, exchanges or content anywhere; the policies know.
    pub fn begin(&self, kind: AccountKind, administers: bool, now: Moment) -> SessionTimes {
        let (idle_minutes, longest_minutes) = match kind {
            AccountKind::Citizen => (self.citizen_idle, self.citizen_longest),
            AccountKind::Officer | AccountKind::Service if administers => {
                (self.administrator_idle, self.officer_longest)
            }
            AccountKind::Officer | AccountKind::Service => {
                (self.officer_idle, self.officer_longest)
            }
        };
        SessionTimes { created: now, last_seen: now, idle_minutes, longest_minutes }
    }
}

impl SessionTimes {
    /// What has become of the session by now. A clock that went back does no harm: the session
    /// then is as if just used.
    pub fn judge(&self, now: Moment) -> SessionState {
        let quiet = now.micros_since(self.last_seen);
        if now.micros_since(self.created) >= minutes(self.longest_minutes) {
            SessionState::TooOld
        } else if quiet >= minutes(self.idle_minutes) {
            SessionState::Idle
        } else {
            // A tenth of the limit: a session ends at most that much too early.
            SessionState::Live { touch: quiet >= minutes(self.idle_minutes) / 10 }
        }
    }

    /// The moment at which it ends unless it is used again, for the warning on the page.
    pub fn ends_at(&self) -> Moment {
        let idle = self.last_seen.plus_minutes(i64::from(self.idle_minutes));
        idle.min(self.created.plus_minutes(i64::from(self.longest_minutes)))
    }
}

impl SessionChange {
    /// Must the browser be given a new token, and the old one be forgotten?
    pub const fn needs_new_token(self) -> bool {
        match self {
            Self::SignedIn
            | Self::MfaPassed
            | Self::CredentialsChanged
            | Self::AuthorityChanged => true,
            Self::Other => false,
        }
    }
}

/// What a session may do, in 16 bytes as text: kept with the session, compared at each request.
/// When it differs, offices have changed since (or began or ended today), and the session needs a
/// new token ([`SessionChange::AuthorityChanged`]).
pub fn authority_stamp(account: &AccountRef, today: Date) -> String {
    let mut offices: Vec<String> = account
        .roles
        .iter()
        .filter(|binding| binding.is_in_force_on(today))
        .map(|binding| format!("{}@{}", binding.role, binding.unit))
        .collect();
    offices.sort_unstable();
    offices.dedup();
    let mut hash = Sha256::new();
    hash.update(format!("{:?} {}", account.kind, account.mfa));
    for office in offices {
        hash.update([0]);
        hash.update(office);
    }
    let digest = hash.finalize();
    base64url(digest.get(..16).unwrap_or_default())
}

fn minutes(count: u32) -> i64 {
    i64::from(count) * 60_000_000
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;
    use crate::context::{Actor, RoleBinding};
    use crate::policy::sample::{day, moment, officer, unit};

    fn of_an_officer() -> SessionTimes {
        SessionRules::default().begin(
            AccountKind::Officer,
            false,
            moment("2026-11-20T08:00:00+07:00"),
        )
    }

    #[test]
    fn tokens_never_repeat_and_read_back() {
        let tokens: HashSet<String> =
            (0..1_000).map(|_| SessionToken::generate().unwrap().expose()).collect();
        assert_eq!(tokens.len(), 1_000);
        for text in tokens {
            assert_eq!(SessionToken::parse(&text).unwrap().expose(), text);
        }
    }

    #[test]
    fn the_store_and_the_log_never_see_a_token() {
        let token = SessionToken::generate().unwrap();
        assert_ne!(token.fingerprint().0, token.0);
        assert_eq!(format!("{token:?}"), "SessionToken(…)");
    }

    #[test]
    fn the_fingerprint_is_the_sha_256_of_the_bytes() {
        let token = SessionToken::parse(&"A".repeat(43)).unwrap();
        assert_eq!(
            crate::encoding::hex(&token.fingerprint().0),
            "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925"
        );
    }

    #[test]
    fn an_officer_is_signed_out_after_fifteen_quiet_minutes() {
        let mut times = of_an_officer();
        assert_eq!(
            times.judge(times.created.plus_seconds(899)),
            SessionState::Live { touch: true }
        );
        assert_eq!(times.judge(times.created.plus_minutes(15)), SessionState::Idle);
        times.last_seen = times.created.plus_minutes(10);
        assert_eq!(times.judge(times.created.plus_minutes(20)), SessionState::Live { touch: true });
    }

    #[test]
    fn administrators_have_five_minutes_and_citizens_what_is_set() {
        let rules = SessionRules { citizen_idle: 45, ..SessionRules::default() };
        let now = moment("2026-11-20T08:00:00+07:00");
        assert_eq!(rules.begin(AccountKind::Officer, true, now).idle_minutes, 5);
        assert_eq!(rules.begin(AccountKind::Citizen, false, now).idle_minutes, 45);
    }

    #[test]
    fn no_use_keeps_a_session_alive_past_its_longest_time() {
        let mut times = of_an_officer();
        times.last_seen = times.created.plus_minutes(599);
        assert!(matches!(times.judge(times.created.plus_minutes(599)), SessionState::Live { .. }));
        assert_eq!(times.judge(times.created.plus_minutes(600)), SessionState::TooOld);
        assert_eq!(times.ends_at(), times.created.plus_minutes(600));
    }

    #[test]
    fn not_every_request_writes_a_row() {
        let times = of_an_officer();
        assert_eq!(
            times.judge(times.created.plus_seconds(89)),
            SessionState::Live { touch: false }
        );
        assert_eq!(times.judge(times.created.plus_seconds(90)), SessionState::Live { touch: true });
    }

    #[test]
    fn a_clock_that_goes_back_signs_nobody_out() {
        let times = of_an_officer();
        assert_eq!(
            times.judge(times.created.plus_minutes(-60)),
            SessionState::Live { touch: false }
        );
    }

    #[test]
    fn whatever_bears_on_authority_needs_a_new_token() {
        assert!(SessionChange::SignedIn.needs_new_token());
        assert!(SessionChange::MfaPassed.needs_new_token());
        assert!(SessionChange::CredentialsChanged.needs_new_token());
        assert!(SessionChange::AuthorityChanged.needs_new_token());
        assert!(!SessionChange::Other.needs_new_token());
    }

    #[test]
    fn the_stamp_changes_when_an_office_begins_or_ends_and_not_by_order() {
        let office = |role: &str, from: &str, to: Option<&str>| RoleBinding {
            role: role.into(),
            unit: unit("28249"),
            from: day(from),
            to: to.map(day),
        };
        let account = |roles: Vec<RoleBinding>| match officer(roles).actor {
            Actor::Account(account) => account,
            other => panic!("{other:?}"),
        };
        let leader = office("leader", "2026-01-01", Some("2026-06-30"));
        let desk = office("one-stop-officer", "2026-01-01", None);
        let both = account(vec![leader.clone(), desk.clone()]);
        let in_june = authority_stamp(&both, day("2026-06-30"));
        assert_eq!(in_june, authority_stamp(&account(vec![desk, leader]), day("2026-06-30")));
        assert_ne!(in_june, authority_stamp(&both, day("2026-07-01")));
        let mut with_mfa = both;
        with_mfa.mfa = !with_mfa.mfa;
        assert_ne!(in_june, authority_stamp(&with_mfa, day("2026-06-30")));
    }

    proptest! {
        #[test]
        fn any_cookie_is_read_or_refused_without_harm(text: String) {
            if let Some(token) = SessionToken::parse(&text) {
                prop_assert_eq!(token.expose(), text);
            }
        }

        #[test]
        fn a_session_once_ended_stays_ended(seen in 0_i64..1_000, now in 0_i64..2_000, later in 0_i64..2_000) {
            let mut times = of_an_officer();
            times.last_seen = times.created.plus_minutes(seen);
            let ended = |at: i64| !matches!(
                times.judge(times.created.plus_minutes(at)), SessionState::Live { .. });
            prop_assert!(!ended(now) || ended(now + later));
        }
    }
}
