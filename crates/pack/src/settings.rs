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
}
