//! A timestamp authority of our own: for demonstration, tests and the simulator.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use der::asn1::{GeneralizedTime, Int, ObjectIdentifier};
use der::{Any, Decode, Encode, Sequence};
use kernel::clock::Clock;
use kernel::{Error, Moment, Result};
use sha2::{Digest, Sha256};

use super::{Imprint, TIMESTAMP_INFO, TimestampSource, asked, request, token_in};
use crate::certificate::date_time_of;
use crate::cms::{self, ToSign};
use crate::key::SigningKey;
use crate::keystore::random;

/// A policy identifier under the enterprise number for examples (RFC 5612).
const POLICY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.3161");

/// Stamps time in this process, with a key of its own. A demonstration: the word of a third party
/// is what makes a timestamp worth anything.
pub struct LocalTimestamps {
    key: SigningKey,
    clock: Arc<dyn Clock>,
    stamped: AtomicU64,
}

impl LocalTimestamps {
    /// With a key from [`crate::ca::Authority::issue_timestamping`].
    pub fn new(key: SigningKey, clock: Arc<dyn Clock>) -> LocalTimestamps {
        LocalTimestamps { key, clock, stamped: AtomicU64::new(0) }
    }
}

impl TimestampSource for LocalTimestamps {
    fn timestamp(&self, sha256: &[u8; 32]) -> Result<Vec<u8>> {
        let now = self.clock.now();
        // Never the same number twice: the time, then a count of those within this process.
        let count = self.stamped.fetch_add(1, Ordering::Relaxed);
        let serial = now.micros().unsigned_abs().saturating_add(count);
        let request = request(sha256, random()?)?;
        let response = answer(&request, &self.key, now, serial)?;
        token_in(&response, &request).ok_or_else(|| Error::internal("own timestamp is unreadable"))
    }
}

/// Answers a TimeStampReq (`application/timestamp-query`) with a TimeStampResp
/// (`application/timestamp-reply`) that says `at`.
pub fn answer(request: &[u8], key: &SigningKey, at: Moment, serial: u64) -> Result<Vec<u8>> {
    let (digest, nonce) = asked(request)
        .ok_or_else(|| Error::invalid("Yêu cầu dấu thời gian không đúng định dạng RFC 3161."))?;
    let digest: [u8; 32] = digest.try_into().map_err(Error::internal)?;
    let time = date_time_of(at)?;
    let info = Info {
        version: 1,
        policy: POLICY,
        imprint: Imprint::new(&digest)?,
        serial,
        at: GeneralizedTime::from_date_time(time),
        nonce: nonce.map(Int::new).transpose().map_err(Error::internal)?,
    };
    let content = info.to_der().map_err(Error::internal)?;
    let what = ToSign {
        content_type: TIMESTAMP_INFO,
        inside: Some(&content),
        sha256: Sha256::digest(&content).into(),
    };
    let token = cms::sign(key, &what, None)?;
    let token = Any::from_der(&token).map_err(Error::internal)?;
    Response { status: Status { granted: 0 }, token }.to_der().map_err(Error::internal)
}

#[derive(Sequence)]
struct Info {
    version: u8,
    policy: ObjectIdentifier,
    imprint: Imprint,
    serial: u64,
    at: GeneralizedTime,
    nonce: Option<Int>,
}

#[derive(Sequence)]
struct Response {
    status: Status,
    token: Any,
}

#[derive(Sequence)]
struct Status {
    granted: u8,
}
