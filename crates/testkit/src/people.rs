//! Who signs in: the invented accounts of the demo pack, by what they are to a story.

use pack::demo::DemoAccount;

use crate::content;

/// Somebody of the demo pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Person {
    /// What they type to sign in.
    pub login: &'static str,
    /// Personal number; empty for officers.
    pub number: &'static str,
}

const fn citizen(login: &'static str, number: &'static str) -> Person {
    Person { login, number }
}

const fn officer(login: &'static str) -> Person {
    Person { login, number: "" }
}

/// A mother who registers her second child.
pub const MOTHER: Person = citizen("me", "088195000102");
/// Her husband.
pub const FATHER: Person = citizen("chong", "088093000101");
/// A man who marries.
pub const GROOM: Person = citizen("chu-re", "088098000104");
/// The daughter of an old couple, who registers a death.
pub const DAUGHTER: Person = citizen("con-gai", "088178000108");
/// A citizen of another commune, who has nothing to do with the others.
pub const STRANGER: Person = citizen("cai-chinh", "088099000109");
/// The one-stop officer of phường Cao Lãnh.
pub const DESK: Person = officer("mot-cua");
/// The civil-status officer of phường Cao Lãnh.
pub const CLERK: Person = officer("ho-tich");
/// The chair of phường Cao Lãnh.
pub const CHAIR: Person = officer("chu-tich");
/// The civil-status officer of phường Sa Đéc.
pub const OTHER_CLERK: Person = officer("ho-tich-sa-dec");
/// The chair of phường Sa Đéc.
pub const OTHER_CHAIR: Person = officer("chu-tich-sa-dec");
/// The one-stop officer of phường Sa Đéc.
pub const OTHER_DESK: Person = officer("mot-cua-sa-dec");
/// The province's officer who reviews drafts.
pub const LEGAL_OFFICER: Person = officer("van-ban");
/// The province's auditor.
pub const AUDITOR: Person = officer("kiem-tra");
/// The province's administrator.
pub const ADMINISTRATOR: Person = officer("quan-tri-vien");

/// Phường Cao Lãnh.
pub const COMMUNE: &str = "29869";
/// Phường Sa Đéc.
pub const OTHER_COMMUNE: &str = "29905";

impl Person {
    /// What the demo pack says of them.
    #[must_use]
    pub fn account(&self) -> DemoAccount {
        let content = content::content();
        let mut accounts = content.demo_accounts.accounts.iter();
        let found = accounts.find(|account| account.login == self.login);
        found.unwrap_or_else(|| panic!("no demo account {}", self.login)).clone()
    }

    /// Full name.
    #[must_use]
    pub fn name(&self) -> String {
        self.account().name
    }

    /// Password.
    #[must_use]
    pub fn password(&self) -> String {
        self.account().password
    }
}
