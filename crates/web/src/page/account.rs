//! Signing in, the one-time code, and the person's own account.

use askama::Template;

use super::parts::{Fault, Link};
use super::shell::Shell;

/// `GET|POST /dang-nhap`. Fields: `username`, `password`, `next`.
#[derive(Clone, Default, Template)]
#[template(path = "account/login.html")]
pub struct LoginPage {
    /// Around the page.
    pub ui: Shell,
    /// Where to go afterwards.
    pub next: String,
    /// What was typed as user name.
    pub username: String,
    /// Faults, such as a wrong password or a locked account.
    pub faults: Vec<Fault>,
    /// Why one must sign in, such as an ended session; none when asked for by oneself.
    pub reason: Option<String>,
    /// Invented accounts of the demonstration; empty otherwise.
    pub demo_accounts: Vec<DemoAccount>,
    /// A form that met an ended session, kept so that nothing is lost.
    pub carried: Option<CarriedForm>,
}

/// An invented account.
#[derive(Clone, Default)]
pub struct DemoAccount {
    /// What the account shows: "Công dân (người mẹ)".
    pub role: String,
    /// Full name.
    pub name: String,
    /// User name.
    pub username: String,
    /// Password.
    pub password: String,
    /// How to get the one-time code; empty when none is asked.
    pub code_hint: String,
}

/// A form that met an ended session. Its fields go along as hidden fields `_f.{name}` (repeated in
/// order), its address as `_action`.
#[derive(Clone, Default)]
pub struct CarriedForm {
    /// Where it was to be sent: a path on this site.
    pub action: String,
    /// Names and values, without `csrf`.
    pub fields: Vec<(String, String)>,
}

/// `GET|POST /dang-nhap/ma`: the one-time code. Fields: `code`, `next`.
#[derive(Clone, Default, Template)]
#[template(path = "account/code.html")]
pub struct CodePage {
    /// Around the page.
    pub ui: Shell,
    /// Where to go afterwards.
    pub next: String,
    /// Faults.
    pub faults: Vec<Fault>,
    /// In a demonstration: the code valid now; none otherwise.
    pub demo_code: Option<String>,
    /// A form that met an ended session.
    pub carried: Option<CarriedForm>,
}

/// `GET|POST /dang-nhap/mat-khau`: a new password before anything else. Fields: `new`, `again`, `next`.
#[derive(Clone, Default, Template)]
#[template(path = "account/password.html")]
pub struct PasswordPage {
    /// Around the page.
    pub ui: Shell,
    /// Where to go afterwards.
    pub next: String,
    /// What speaks against the password.
    pub faults: Vec<Fault>,
    /// A form that met an ended session.
    pub carried: Option<CarriedForm>,
}

impl PasswordPage {
    /// The fault of a field, by its id.
    pub fn fault(&self, id: &str) -> Option<&str> {
        fault_of(&self.faults, id)
    }
}

fn fault_of<'f>(faults: &'f [Fault], id: &str) -> Option<&'f str> {
    let found = faults.iter().find(|fault| fault.href.strip_prefix('#') == Some(id));
    found.map(|fault| fault.message.as_str())
}

/// Shown after signing in again when a form was carried along: one button sends it.
#[derive(Clone, Default, Template)]
#[template(path = "account/resume.html")]
pub struct ResumePage {
    /// Around the page; its `csrf` is the new one.
    pub ui: Shell,
    /// The form.
    pub carried: CarriedForm,
}

/// `GET|POST /tai-khoan`. Forms carry `viec`: `doi-mat-khau` (`current`, `new`, `again`),
/// `ket-thuc-phien` (`session`), `ket-thuc-tat-ca`, `bat-ma` and `tat-ma` (`code-password`, `code`),
/// `ket-thuc-ma-truy-cap` (`token`).
#[derive(Clone, Default, Template)]
#[template(path = "account/account.html")]
pub struct AccountPage {
    /// Around the page.
    pub ui: Shell,
    /// Full name.
    pub name: String,
    /// User name.
    pub username: String,
    /// Personal number with the middle hidden: "0870••••4567"; empty for none.
    pub person_number: String,
    /// Roles with unit and period, one a line.
    pub roles: Vec<String>,
    /// What an officer may do here: where it leads; empty for citizens.
    pub work: Vec<Link>,
    /// Does the person run the system, which is done beside the server, not here?
    pub runs_system: bool,
    /// Faults of the form just sent.
    pub faults: Vec<Fault>,
    /// The rule for passwords in a sentence.
    pub password_rule: String,
    /// Sessions, the current one first.
    pub sessions: Vec<SessionRow>,
    /// One-time codes.
    pub codes: CodesView,
    /// API tokens, the newest first.
    pub tokens: Vec<TokenRow>,
}

/// An API token.
#[derive(Clone, Default)]
pub struct TokenRow {
    /// Sent as `token` to end it.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// "Tạo 08 giờ 01 ngày 22/11/2026, hết hạn 22/12/2026, chưa dùng".
    pub detail: String,
    /// What it may be used for: "dossiers:read, dossiers:write".
    pub scopes: String,
}

impl AccountPage {
    /// The fault of a field, by its id.
    pub fn fault(&self, id: &str) -> Option<&str> {
        fault_of(&self.faults, id)
    }
}

/// A session.
#[derive(Clone, Default)]
pub struct SessionRow {
    /// Sent as `session` to end it.
    pub id: String,
    /// "Chrome trên Android".
    pub device: String,
    /// "Đăng nhập 08 giờ 01 ngày 22/11/2026, hoạt động 2 phút trước".
    pub detail: String,
    /// Is it this one?
    pub current: bool,
}

/// One-time codes of an account.
#[derive(Clone, Default)]
pub struct CodesView {
    /// Are they on?
    pub on: bool,
    /// Must they be (officers)?
    pub required: bool,
    /// Is the form open, since something in it was wrong?
    pub open: bool,
    /// To switch them on: the secret in groups of four, for typing.
    pub secret: Option<String>,
    /// To switch them on: the address inside the QR code, for a telephone that shows this page.
    pub uri: Option<String>,
    /// To switch them on: an image of the QR code (an address that answers SVG or PNG).
    pub qr_href: Option<String>,
}
