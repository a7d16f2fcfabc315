//! What an action is asked about.

use kernel::id::{AccountId, DocumentId, DossierId, DraftId, EntryId};
use kernel::person_number::PersonNumber;
use kernel::unit::UnitCode;

/// The thing asked about, with just those facts of it on which a policy may depend. It borrows from
/// the row that was looked up for the action.
#[derive(Clone, Copy, Debug)]
pub enum Resource<'a> {
    /// A dossier.
    Dossier {
        /// Which.
        id: DossierId,
        /// The unit that handles it.
        unit: &'a UnitCode,
        /// Code of the procedure.
        procedure: &'a str,
        /// The account that filed it.
        applicant: AccountId,
        /// Persons whom it is about, as far as their numbers are known, the applicant included.
        subjects: &'a [PersonNumber],
        /// Who prepared the draft of the entry.
        prepared_by: Option<AccountId>,
        /// The role that has it now.
        owner_role: Option<&'a str>,
    },
    /// A form not yet sent.
    Draft {
        /// Which.
        id: DraftId,
        /// Whose.
        owner: AccountId,
    },
    /// A register entry.
    Entry {
        /// Which.
        id: EntryId,
        /// The unit whose register it is in.
        unit: &'a UnitCode,
        /// Register id.
        register: &'a str,
        /// The persons whom it is about.
        subjects: &'a [PersonNumber],
    },
    /// A stored file.
    Document {
        /// Which.
        id: DocumentId,
        /// The unit that keeps it.
        unit: &'a UnitCode,
        /// What it is.
        kind: DocumentKind,
        /// The account that sent it, or that it was issued to.
        owner: Option<AccountId>,
        /// The persons whom it is about.
        subjects: &'a [PersonNumber],
    },
    /// An account, for what its holder does with it.
    Account(AccountId),
    /// A commune or the province, for what concerns all that is in it.
    Unit(&'a UnitCode),
    /// The installation.
    System,
}

/// What a stored file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentKind {
    /// A paper attached by somebody.
    Upload,
    /// A slip of the one-stop desk.
    Slip,
    /// A signed result.
    Result,
}

impl DocumentKind {
    /// The kind as policies know it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Upload => "upload",
            Self::Slip => "slip",
            Self::Result => "result",
        }
    }
}

impl<'a> Resource<'a> {
    /// The unit in which the thing is, if it is in one.
    #[must_use]
    pub const fn unit(&self) -> Option<&'a UnitCode> {
        match self {
            Self::Dossier { unit, .. }
            | Self::Entry { unit, .. }
            | Self::Document { unit, .. }
            | Self::Unit(unit) => Some(unit),
            Self::Draft { .. } | Self::Account(_) | Self::System => None,
        }
    }
}
