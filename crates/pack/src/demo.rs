//! What the demonstration pack invents: accounts and the seed of a population.

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

/// `residents.toml`: how an invented population is made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoResidents {
    /// Seed of the generator: the same seed makes the same people.
    pub seed: u64,
    /// How many people.
    pub count: u32,
    /// Family names.
    pub family_names: Vec<WeightedName>,
    /// Middle names of men.
    pub male_middle: Vec<WeightedName>,
    /// Given names of men.
    pub male_given: Vec<WeightedName>,
    /// Middle names of women.
    pub female_middle: Vec<WeightedName>,
    /// Given names of women.
    pub female_given: Vec<WeightedName>,
}

/// A name and how often it comes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeightedName {
    /// The name.
    pub name: String,
    /// Its share; one where the file gives none.
    pub weight: u32,
}
