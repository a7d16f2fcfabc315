//! One-time codes from an authenticator program: RFC 6238 with SHA-1, six digits, 30 seconds, which
//! is what all such programs understand.

use std::fmt;

use hmac::{Hmac, Mac as _};
use kernel::error::{Error, Result};
use kernel::moment::Moment;
use sha1::Sha1;

use crate::encoding::{base32, read_base32};
use crate::secret;

/// Length of a step in seconds.
const STEP_SECONDS: i64 = 30;
/// Steps accepted before and after the present one: clocks of telephones differ.
const TOLERANCE: i64 = 1;
const DIGITS: usize = 6;

/// The secret shared with the authenticator program of one person. It is kept encrypted.
#[derive(Clone, PartialEq, Eq)]
pub struct TotpSecret(Vec<u8>);

impl TotpSecret {
    /// A new secret of 160 bits, as RFC 4226 recommends.
    ///
    /// # Errors
    ///
    /// `Internal` if the system gives no randomness.
    pub fn generate() -> Result<Self> {
        Ok(Self(secret::random::<20>()?.to_vec()))
    }

    /// A secret from its bytes, as kept in the store. At least 128 bits.
    ///
    /// # Errors
    ///
    /// `Internal` if it is shorter.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self> {
        if bytes.len() < 16 {
            return Err(Error::internal("one-time-code secret is too short"));
        }
        Ok(Self(bytes))
    }

    /// A secret from base32.
    pub fn from_base32(text: &str) -> Option<Self> {
        read_base32(text).and_then(|bytes| Self::from_bytes(bytes).ok())
    }

    /// The bytes, to be encrypted and stored.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// For typing in by hand.
    pub fn to_base32(&self) -> String {
        base32(&self.0)
    }

    /// The address inside the QR code that an authenticator program scans.
    pub fn otpauth_uri(&self, issuer: &str, account: &str) -> String {
        format!(
            "otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}&algorithm=SHA1\
             &digits={DIGITS}&period={STEP_SECONDS}",
            issuer = percent_encoded(issuer),
            account = percent_encoded(account),
            secret = self.to_base32(),
        )
    }

    /// The step that the code belongs to, if it is right at `now` and of a later step than the last
    /// one used. The caller stores the step in the same transaction that signs the person in: a
    /// code counts once, even when it is read over a shoulder within its 30 seconds.
    pub fn verify(&self, code: &str, now: Moment, last_used_step: Option<u64>) -> Option<u64> {
        let present = step_at(now);
        let mut accepted = None;
        if code.len() != DIGITS {
            return None;
        }
        // All steps are looked at, so that the time does not tell which one matched.
        for offset in -TOLERANCE..=TOLERANCE {
            let Some(step) = present.checked_add_signed(offset) else {
                continue;
            };
            let matches = secret::equal(self.code_of_step(step).as_bytes(), code.as_bytes());
            let is_new = last_used_step.is_none_or(|last| step > last);
            if matches && is_new {
                accepted = Some(step);
            }
        }
        accepted
    }

    /// The code shown at a moment.
    pub fn code_at(&self, now: Moment) -> String {
        self.code_of_step(step_at(now))
    }

    /// RFC 4226, section 5.3.
    fn code_of_step(&self, step: u64) -> String {
        // HMAC takes a key of any length.
        let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(&self.0) else {
            return String::new();
        };
        mac.update(&step.to_be_bytes());
        let digest = mac.finalize().into_bytes();
        let offset = usize::from(digest.last().copied().unwrap_or(0) & 0x0f);
        let word = digest
            .get(offset..offset + 4)
            .and_then(|four| four.try_into().ok())
            .map_or(0, u32::from_be_bytes)
            & 0x7fff_ffff;
        format!("{:06}", word % 1_000_000)
    }
}

impl fmt::Debug for TotpSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TotpSecret(…)")
    }
}

fn step_at(now: Moment) -> u64 {
    let seconds = now.micros().div_euclid(1_000_000);
    u64::try_from(seconds.div_euclid(STEP_SECONDS)).unwrap_or(0)
}

/// RFC 3986: everything but unreserved characters as `%XX`.
fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte));
            }
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(seconds: i64) -> Moment {
        Moment::from_micros(seconds * 1_000_000)
    }

    fn of_the_rfc() -> TotpSecret {
        TotpSecret::from_bytes(b"12345678901234567890".to_vec()).unwrap()
    }

    #[test]
    fn codes_match_the_vectors_of_rfc_6238() {
        // Appendix B, SHA-1, the last six of eight digits.
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(of_the_rfc().code_at(at(seconds)), code);
        }
    }

    #[test]
    fn codes_match_the_vectors_of_rfc_4226() {
        for (step, code) in [(0, "755224"), (1, "287082"), (5, "254676"), (9, "520489")] {
            assert_eq!(of_the_rfc().code_of_step(step), code);
        }
    }

    #[test]
    fn a_code_counts_one_step_before_and_after_its_own_and_no_longer() {
        let secret = of_the_rfc();
        let code = secret.code_at(at(3_000));
        assert_eq!(secret.verify(&code, at(3_000), None), Some(100));
        assert_eq!(secret.verify(&code, at(3_059), None), Some(100));
        assert_eq!(secret.verify(&code, at(2_970), None), Some(100));
        assert_eq!(secret.verify(&code, at(3_060), None), None);
        assert_eq!(secret.verify(&code, at(2_969), None), None);
    }

    #[test]
    fn a_code_counts_once_and_then_no_earlier_one_counts_either() {
        let secret = of_the_rfc();
        let earlier = secret.code_at(at(2_970));
        let code = secret.code_at(at(3_000));
        let used = secret.verify(&code, at(3_000), None);
        assert_eq!(used, Some(100));
        assert_eq!(secret.verify(&code, at(3_010), used), None);
        assert_eq!(secret.verify(&earlier, at(3_010), used), None);
        assert_eq!(secret.verify(&secret.code_at(at(3_030)), at(3_010), used), Some(101));
    }

    #[test]
    fn anything_but_six_right_digits_is_refused() {
        let secret = of_the_rfc();
        let code = secret.code_at(at(3_000));
        for wrong in ["", "000000", &code[..5], &format!("{code}0"), &format!(" {code}")] {
            assert_eq!(secret.verify(wrong, at(3_000), None), None, "{wrong}");
        }
    }

    #[test]
    fn the_address_for_the_qr_code_is_escaped() {
        let uri = of_the_rfc().otpauth_uri("Tư pháp số", "trang@example.vn");
        assert_eq!(
            uri,
            "otpauth://totp/T%C6%B0%20ph%C3%A1p%20s%E1%BB%91:trang%40example.vn?secret=\
             GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=T%C6%B0%20ph%C3%A1p%20s%E1%BB%91\
             &algorithm=SHA1&digits=6&period=30"
        );
    }

    #[test]
    fn a_secret_is_long_new_each_time_and_never_shown() {
        let (one, two) = (TotpSecret::generate().unwrap(), TotpSecret::generate().unwrap());
        assert_ne!(one, two);
        assert_eq!(one.as_bytes().len(), 20);
        assert_eq!(format!("{one:?}"), "TotpSecret(…)");
        assert_eq!(TotpSecret::from_base32(&one.to_base32()), Some(one));
        assert!(TotpSecret::from_bytes(vec![1; 15]).is_err());
    }

    proptest! {
        #[test]
        fn any_code_at_any_time_is_judged_without_harm(code: String, micros: i64, last: Option<u64>) {
            let _ = of_the_rfc().verify(&code, Moment::from_micros(micros), last);
        }
    }
}
