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
    /// Role whose holders are administrators.
    pub administrator_role: &'static str,
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
            administrator_role: "administrator",
        }
    }
}
