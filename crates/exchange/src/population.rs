//! What is asked of the national population database.

use kernel::person_number::PersonNumber;
use serde::{Deserialize, Serialize};

use crate::child::ChildIdentity;
use crate::error::ExchangeError;
use crate::event::PopulationEvent;
use crate::person::PersonRecord;

/// The national population database (CSDL quốc gia về dân cư).
///
/// Calls block, some for seconds: make them on a blocking thread, and never inside a database
/// transaction.
pub trait PopulationDatabase: Send + Sync {
    /// The person with this number; absent if there is none.
    ///
    /// # Errors
    ///
    /// `Unavailable`, `Refused` (the purpose is not accepted) or `Protocol`.
    fn find(
        &self,
        number: &PersonNumber,
        purpose: &ExchangePurpose,
    ) -> Result<Option<PersonRecord>, ExchangeError>;

    /// A personal number for a new-born child whose birth is being registered. `key` names this
    /// request (the outbox message's id will do): with the same key the same child gets the same
    /// number again. A child that the database knows already, by name, day and parents, gets its
    /// number under any key: no child has two.
    ///
    /// # Errors
    ///
    /// `Unavailable`; `Refused` when the details contradict what the database knows, or when the
    /// key was used for another child; `Protocol`.
    fn request_personal_number(
        &self,
        key: &str,
        child: &ChildIdentity,
    ) -> Result<PersonNumber, ExchangeError>;

    /// Reports what has been entered in a register. `key` names this report: the same report under
    /// the same key counts once.
    ///
    /// # Errors
    ///
    /// `Unavailable`; `Refused` when it contradicts what the database knows, or when the key was
    /// used for another report; `Protocol`.
    fn report_event(&self, key: &str, event: &PopulationEvent) -> Result<(), ExchangeError>;
}

/// Why somebody's data are asked for: sent along, and kept on both sides.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExchangePurpose {
    /// Code of the dossier that needs the data, if one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dossier: Option<String>,
    /// The reason, as a sentence or a fixed word such as `sign-in`.
    pub reason: String,
    /// Identifier of the request that asked.
    pub request_id: String,
}

impl ExchangePurpose {
    /// For a dossier.
    pub fn dossier(code: impl Into<String>, request_id: impl Into<String>) -> Self {
        Self {
            dossier: Some(code.into()),
            reason: "dossier".to_owned(),
            request_id: request_id.into(),
        }
    }

    /// For another reason.
    pub fn reason(reason: impl Into<String>, request_id: impl Into<String>) -> Self {
        Self { dossier: None, reason: reason.into(), request_id: request_id.into() }
    }
}
