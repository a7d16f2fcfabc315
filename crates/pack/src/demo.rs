//! What the demonstration pack invents: accounts. Its population is read by the simulator.

use serde::{Deserialize, Serialize};

/// `accounts.toml`: invented people who can sign in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoAccounts {
    /// The accounts, in the order of the file.
    pub accounts: Vec<DemoAccount>,
}

/// One invented account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoAccount {
    /// Name to sign in with.
    pub login: String,
    /// Password, printed on the demonstration's first page.
    pub password: String,
    /// Full name.
    pub name: String,
    /// Who it is.
    pub kind: DemoAccountKind,
    /// Personal number, for citizens; it names a resident.
    pub person_number: Option<String>,
    /// Roles in units, for officers.
    pub roles: Vec<DemoRole>,
}

/// Citizen or officer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DemoAccountKind {
    /// Files dossiers.
    Citizen,
    /// Works on them.
    Officer,
}

/// A role held in a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoRole {
    /// Role id.
    pub role: String,
    /// Unit code: five digits of a commune or two of a province.
    pub unit: String,
}
