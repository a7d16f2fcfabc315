//! What can be asked for.

use std::fmt;

/// Declares the actions together with their names in the policies, so that neither list can be
/// longer than the other.
macro_rules! actions {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)+) => {
        /// An action named in the policies. What a use case does is one of these, never two.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action {
            $($(#[$doc])* $variant,)+
        }

        impl Action {
            /// Every action, in the order of the schema.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name in the policies and in the journal, such as `dossier.view`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }
    };
}

actions! {
    /// File a dossier for oneself. Resource: the unit that will receive it.
    DossierFile = "dossier.file",
    /// Receive a dossier at the desk, filled in for somebody. Resource: the unit.
    DossierReceive = "dossier.receive",
    /// See the lists of dossiers of a unit. Resource: the unit.
    DossierList = "dossier.list",
    /// Read a dossier.
    DossierView = "dossier.view",
    /// Take an action of the workflow that neither signs nor enters a register.
    DossierAct = "dossier.act",
    /// Take an action that signs results or writes a register (`sign-results`, `enter-register`,
    /// `amend-register`).
    DossierApprove = "dossier.approve",
    /// Hand a dossier to a colleague.
    DossierAssign = "dossier.assign",
    /// Rate how a dossier was handled.
    DossierRate = "dossier.rate",
    /// Read and write a form that has not been sent.
    DraftEdit = "draft.edit",
    /// Search the registers of a unit. Resource: the unit.
    EntrySearch = "entry.search",
    /// Bring entries of old books in. Resource: the unit.
    EntryImport = "entry.import",
    /// Read a register entry.
    EntryView = "entry.view",
    /// Read a file.
    DocumentDownload = "document.download",
    /// Lay drafts against the law, decide what was found, make lists of documents. Resource: the unit.
    LawReview = "law.review",
    /// Ask the population database about somebody else. Resource: the unit of the officer.
    PopulationLookUp = "population.look-up",
    /// See the figures of a unit.
    StatisticsView = "statistics.view",
    /// Read the journal of a unit.
    AuditView = "audit.view",
    /// Create, change and lock accounts of a unit.
    AccountManage = "account.manage",
    /// See and change one's own account, sessions and log of accesses. Resource: the account.
    AccountOwn = "account.own",
    /// Prove the journal unbroken. Resource: the system.
    AuditVerify = "audit.verify",
    /// See and repeat messages to other systems. Resource: the system.
    ExchangeManage = "exchange.manage",
    /// Publish content packs. Resource: the system.
    ContentManage = "content.manage",
    /// See health and measurements. Resource: the system.
    SystemView = "system.view",
}

impl fmt::Display for Action {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_actions_share_a_name() {
        let mut names: Vec<_> = Action::ALL.iter().map(|action| action.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Action::ALL.len());
    }
}
