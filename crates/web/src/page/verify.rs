//! Checking a paper: its QR code or its file.

use askama::Template;

use super::parts::{Fact, Fault, Tone};
use super::shell::Shell;

/// `GET|POST /verify`: is this paper real, and still current?
///
/// The form posts `payload` (the text of the QR code) or `file` (the signed PDF), multipart. With
/// script, a QR is checked in the browser first, with the keys given here, asking no server.
#[derive(Clone, Default, Template)]
#[template(path = "verify/verify.html")]
pub struct VerifyPage {
    /// Around the page.
    pub ui: Shell,
    /// Text of the QR code, as typed or scanned.
    pub payload: String,
    /// Faults of what was sent.
    pub faults: Vec<Fault>,
    /// The answer.
    pub outcome: Option<VerifyOutcome>,
    /// Public keys for the check in the browser, as a JSON text: `signing::qr::TrustedKeys::to_json`.
    pub keys_json: String,
    /// Names for the check in the browser, as a JSON text: for each register its paper (`_`) and
    /// its fields, `{"birth":{"_":"Giấy khai sinh","child_name":"Họ và tên"}}`; may be empty.
    pub labels_json: String,
}

impl VerifyPage {
    /// Has this box a fault?
    fn wrong(&self, id: &str) -> bool {
        self.faults.iter().any(|fault| fault.href.strip_prefix('#') == Some(id))
    }
}

/// What a check found.
#[derive(Clone, Default)]
pub struct VerifyOutcome {
    /// `Done` real and current, `Attention` real but out of date, `Late` not to be trusted.
    pub tone: Tone,
    /// "Giấy tờ thật, còn giá trị", "Giấy tờ thật, nhưng nội dung đã được cải chính", …
    pub heading: String,
    /// What that means and what to do next.
    pub text: String,
    /// What the paper is: "Giấy khai sinh số 102/2026".
    pub paper: String,
    /// What the paper says, to be compared with what is printed.
    pub facts: Vec<Fact>,
    /// Single checks: the signature, the signer's certificate, the register.
    pub checks: Vec<CheckLine>,
    /// "Ký lúc 09 giờ 12 ngày 22/11/2026"; may be empty.
    pub signed: String,
}

/// A single check.
#[derive(Clone, Default)]
pub struct CheckLine {
    /// How it came out.
    pub tone: Tone,
    /// What was checked and what came out, in a sentence.
    pub text: String,
}
