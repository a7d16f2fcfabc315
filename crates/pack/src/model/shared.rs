//! What procedures share: roles, code lists, offices.

use serde::{Deserialize, Serialize};

use super::{ChoiceOption, Label};

/// A role that an officer may hold in a unit for a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// Name, such as `civil-status-officer`.
    pub id: String,
    /// Title for people.
    pub name: Label,
    /// Signs results, and with which words before the name, such as "CHỦ TỊCH".
    pub signature_title: String,
}

/// A shared code list (ethnicities, nationalities, …).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeList {
    /// Name.
    pub id: String,
    /// Source and certainty, for administrators.
    pub source: String,
    /// The codes, in the order shown.
    pub items: Vec<ChoiceOption>,
}

/// An authority (cơ quan) that a province pack describes: which commune, its names and hours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Office {
    /// Commune code (five digits) or province code (two digits).
    pub unit: String,
    /// Electronic identifier used in dossier codes, such as `H20.15`.
    pub identifier: String,
    /// Full name, such as "Ủy ban nhân dân xã Mỹ Hiệp".
    pub name: String,
    /// Address for people.
    pub address: String,
    /// Telephone for people.
    pub phone: String,
}
