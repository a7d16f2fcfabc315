//! Settings of an installation, from its configuration file; every one has a safe default.

use access::lockout::LockoutRules;
use access::session::SessionRules;
use serde::{Deserialize, Serialize};

/// What an installation may set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// A demonstration: everyone is invented, codes are shown on the sign-in page.
    pub demo: bool,
    /// Address under which people reach the program, such as `https://dichvucong.example.vn`; put
    /// into QR codes.
    pub public_address: String,
    /// How long sessions live.
    pub sessions: SessionRules,
    /// How failed sign-ins are answered.
    pub lockout: LockoutRules,
    /// Does a signature ask for the one-time code again?
    pub code_at_signing: bool,
    /// Largest file that may be uploaded, in megabytes (10^6 bytes).
    pub upload_megabytes: u32,
    /// `host:port` or socket path of a ClamAV daemon; files are not scanned when empty.
    pub clamav: String,
    /// Address of an RFC 3161 time-stamp authority; signatures are B-B when empty, else B-T.
    pub timestamp_authority: String,
    /// Threads of this process that run jobs; 0 leaves them to other processes.
    pub job_workers: u32,
    /// Requests a minute that one client address may make.
    pub requests_per_minute: u32,
    /// Sign-ins a minute that one client address may try.
    pub sign_ins_per_minute: u32,
    /// Address of a reverse proxy whose `X-Forwarded-For` is believed; empty for none.
    pub trusted_proxy: String,
    /// Secret with which programs of other machines may read `/metrics`, as a bearer token; empty lets
    /// nobody but programs of this machine. `TUPHAP_METRICS_TOKEN` takes its place.
    pub metrics_token: String,
    /// Is the program reached through HTTPS? Cookies are then marked `Secure`.
    pub https: bool,
}

impl Settings {
    /// Do people reach the program through HTTPS? Said by `https`, or by the address that they use.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.https || self.public_address.starts_with("https://")
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            demo: false,
            public_address: "http://127.0.0.1:8080".to_owned(),
            sessions: SessionRules::default(),
            lockout: LockoutRules::default(),
            code_at_signing: false,
            upload_megabytes: 20,
            clamav: String::new(),
            timestamp_authority: String::new(),
            job_workers: 1,
            requests_per_minute: 1_200,
            sign_ins_per_minute: 30,
            trusted_proxy: String::new(),
            metrics_token: String::new(),
            https: false,
        }
    }
}
