//! What a province sets for itself.

use serde::{Deserialize, Serialize};

/// `settings.toml` of a province pack.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Code of the province, two digits.
    pub province: String,
    /// The department, such as `Sở Tư pháp tỉnh Đồng Tháp`.
    pub department: String,
    /// First part of the agencies' electronic identifiers and so of dossier codes, such as `H20`.
    pub dossier_prefix: String,
    /// Days without use after which an officer's or a program's account is disabled; 0 for never.
    pub unused_account_days: u32,
    /// The same for a citizen's account.
    pub unused_citizen_account_days: u32,
    /// Days after which whoever manages accounts must change the password; 0 for never.
    pub administrator_password_days: u32,
    /// Days for which a form that was not sent is kept after it was last saved.
    pub draft_days: u32,
}
