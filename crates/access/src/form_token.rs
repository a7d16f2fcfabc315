//! Proof that a form was sent from a page of ours, by the browser that was shown it.
//!
//! Beside `SameSite` cookies, every form carries a token. Signed in, it is bound to the session;
//! before sign-in, to a random seed in a cookie, to the form's name and to the time.

use hmac::{Hmac, Mac};
use kernel::error::{Error, Result};
use kernel::moment::Moment;
use sha2::Sha256;

use crate::encoding::{base64url, read_base64url};
use crate::secret;
use crate::session::SessionFingerprint;

/// Makes and checks the tokens of forms with a key that all processes of an installation share.
pub struct FormTokens {
    /// Padded with zeros to the block of the hash, as HMAC itself would: this way nothing can fail.
    key: [u8; 64],
}

/// What is wrong with the token of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormTokenFault {
    /// Not one of ours, of another form, or of another browser.
    Wrong,
    /// Ours, but the page was opened too long ago.
    Expired,
}

impl FormTokens {
    /// Tokens under this key.
    pub const fn new(key: [u8; 32]) -> Self {
        let mut block = [0; 64];
        let (start, _) = block.split_at_mut(32);
        start.copy_from_slice(&key);
        Self { key: block }
    }

    /// A key for a new installation.
    ///
    /// # Errors
    ///
    /// `Internal` if the system gives no randomness.
    pub fn generate_key() -> Result<[u8; 32]> {
        secret::random()
    }

    /// The token of every form in a session.
    pub fn for_session(&self, session: &SessionFingerprint) -> String {
        base64url(&self.code(&[b"session", &session.0]))
    }

    /// Is it the token of this session? Constant time.
    ///
    /// # Errors
    ///
    /// `Forbidden` with a sentence for the person.
    pub fn check_session(&self, session: &SessionFingerprint, token: &str) -> Result<()> {
        let expected = self.for_session(session);
        if secret::equal(expected.as_bytes(), token.as_bytes()) {
            return Ok(());
        }
        Err(FormTokenFault::Wrong.into())
    }

    /// A seed for the cookie of a browser that has no session.
    ///
    /// # Errors
    ///
    /// `Internal` if the system gives no randomness.
    pub fn seed() -> Result<String> {
        Ok(base64url(&secret::random::<16>()?))
    }

    /// The token for one form (such as `sign-in`) shown to the browser with this seed.
    pub fn for_seed(&self, seed: &str, form: &str, now: Moment) -> String {
        let issued = now.micros().to_be_bytes();
        let mut token = issued.to_vec();
        token.extend(self.code(&[b"seed", seed.as_bytes(), form.as_bytes(), &issued]));
        base64url(&token)
    }

    /// Was this token made for this form and this browser, at most `minutes` ago? Constant time.
    ///
    /// # Errors
    ///
    /// What is wrong with it. It turns into a kernel error with a sentence for the person.
    pub fn check_seed(
        &self,
        seed: &str,
        form: &str,
        token: &str,
        now: Moment,
        minutes: u32,
    ) -> Result<(), FormTokenFault> {
        let bytes = read_base64url(token).ok_or(FormTokenFault::Wrong)?;
        let (issued, code) = bytes.split_first_chunk::<8>().ok_or(FormTokenFault::Wrong)?;
        let expected = self.code(&[b"seed", seed.as_bytes(), form.as_bytes(), issued]);
        if seed.is_empty() || !secret::equal(&expected, code) {
            return Err(FormTokenFault::Wrong);
        }
        let age = now.micros_since(Moment::from_micros(i64::from_be_bytes(*issued)));
        if age > i64::from(minutes) * 60_000_000 {
            return Err(FormTokenFault::Expired);
        }
        Ok(())
    }

    /// HMAC-SHA-256 over the parts, each with its length before it, so that no two lists of parts
    /// are one text.
    fn code(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new(&self.key.into());
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

impl From<FormTokenFault> for Error {
    fn from(fault: FormTokenFault) -> Self {
        match fault {
            FormTokenFault::Wrong => Self::forbidden(
                "Biểu mẫu này không còn khớp với phiên làm việc. Ông/bà mở lại trang rồi gửi lại; \
                 nội dung đã lưu vẫn còn.",
            )
            .because("form token does not match"),
            FormTokenFault::Expired => {
                Self::expired("Trang này mở đã lâu. Ông/bà mở lại trang rồi gửi lại.")
                    .because("form token expired")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::error::ErrorCode;
    use proptest::prelude::*;

    use super::*;
    use crate::policy::sample::moment;
    use crate::session::SessionToken;

    const TOKENS: FormTokens = FormTokens::new([7; 32]);

    fn now() -> Moment {
        moment("2026-11-20T08:00:00+07:00")
    }

    #[test]
    fn a_form_of_another_session_is_refused() {
        let mine = SessionToken::generate().unwrap().fingerprint();
        let theirs = SessionToken::generate().unwrap().fingerprint();
        let token = TOKENS.for_session(&mine);
        assert!(TOKENS.check_session(&mine, &token).is_ok());
        for wrong in [TOKENS.for_session(&theirs), String::new(), format!("{token}A")] {
            let error = TOKENS.check_session(&mine, &wrong).unwrap_err();
            assert_eq!(error.code, ErrorCode::Forbidden);
        }
    }

    #[test]
    fn a_new_token_of_the_session_ends_the_forms_of_the_old_one() {
        let before = SessionToken::generate().unwrap();
        let after = SessionToken::generate().unwrap();
        let form = TOKENS.for_session(&before.fingerprint());
        assert!(TOKENS.check_session(&after.fingerprint(), &form).is_err());
    }

    #[test]
    fn a_key_of_another_installation_makes_other_tokens() {
        let session = SessionToken::generate().unwrap().fingerprint();
        let other = FormTokens::new([8; 32]);
        assert!(TOKENS.check_session(&session, &other.for_session(&session)).is_err());
    }

    #[test]
    fn before_sign_in_a_form_is_bound_to_browser_name_and_time() {
        let token = TOKENS.for_seed("seed", "sign-in", now());
        let check = |seed: &str, form: &str, minutes: i64| {
            TOKENS.check_seed(seed, form, &token, now().plus_minutes(minutes), 60)
        };
        assert_eq!(check("seed", "sign-in", 60), Ok(()));
        assert_eq!(check("other", "sign-in", 0), Err(FormTokenFault::Wrong));
        assert_eq!(check("seed", "sign-up", 0), Err(FormTokenFault::Wrong));
        assert_eq!(check("seed", "sign-in", 61), Err(FormTokenFault::Expired));
    }

    #[test]
    fn a_browser_without_a_seed_has_no_valid_form() {
        let token = TOKENS.for_seed("", "sign-in", now());
        assert_eq!(TOKENS.check_seed("", "sign-in", &token, now(), 60), Err(FormTokenFault::Wrong));
    }

    #[test]
    fn the_code_is_the_hmac_under_the_key_itself() {
        let mut plain = Hmac::<Sha256>::new_from_slice(&[7; 32]).unwrap();
        plain.update(&3_u64.to_be_bytes());
        plain.update(b"abc");
        assert_eq!(TOKENS.code(&[b"abc"]).as_slice(), plain.finalize().into_bytes().as_slice());
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        let token = TOKENS.for_seed("ab", "c", now());
        assert_eq!(TOKENS.check_seed("a", "bc", &token, now(), 60), Err(FormTokenFault::Wrong));
    }

    proptest! {
        #[test]
        fn no_other_text_passes_for_a_token(text: String, at: usize, bit in 0_u8..8) {
            prop_assert!(TOKENS.check_seed("seed", "form", &text, now(), 60).is_err());
            let mut bytes = read_base64url(&TOKENS.for_seed("seed", "form", now())).unwrap();
            let at = at % bytes.len();
            bytes[at] ^= 1 << bit;
            prop_assert!(TOKENS.check_seed("seed", "form", &base64url(&bytes), now(), 60).is_err());
        }
    }
}
