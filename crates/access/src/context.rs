//! Who asks, why, and when: the first argument of every use case.

use std::fmt;
use std::net::IpAddr;

use jiff::civil::Date;
use kernel::id::{AccountId, DossierId};
use kernel::moment::Moment;
use kernel::person_number::PersonNumber;
use kernel::unit::UnitCode;
use serde::{Deserialize, Serialize};

/// The circumstances of one operation. It is made once, at the edge, and passed on unchanged.
#[derive(Clone, Debug)]
pub struct OpContext {
    /// Who asks.
    pub actor: Actor,
    /// Identifier of the request in logs, in the journal and on error pages.
    pub request_id: String,
    /// The moment that the whole operation takes for the present.
    pub now: Moment,
    /// Why personal data are read, where that has been stated.
    pub purpose: Option<Purpose>,
    /// Where the request came from, for rate limits.
    pub address: ClientAddress,
    /// The language of the answer.
    pub language: Language,
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Somebody who has not signed in.
    Nobody,
    /// A signed-in account.
    Account(AccountRef),
    /// The program itself: jobs, schedules, the command line.
    System,
}

/// What the rest of the program needs to know of a signed-in account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRef {
    /// The account.
    pub id: AccountId,
    /// What kind of account it is.
    pub kind: AccountKind,
    /// Name of the person or system, for pages and papers; never for logs.
    pub name: String,
    /// The person behind it, if known.
    pub person_number: Option<PersonNumber>,
    /// The offices held, with their days.
    pub roles: Vec<RoleBinding>,
    /// Has this session passed a second factor?
    pub mfa: bool,
}

/// Kinds of account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccountKind {
    /// A citizen or a business.
    Citizen,
    /// Somebody who works for an authority.
    Officer,
    /// Another system, by token.
    Service,
}

/// An office held: a role, in a unit, for a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleBinding {
    /// Role id of the content, such as `civil-status-officer`.
    pub role: String,
    /// The commune or the province where it is held.
    pub unit: UnitCode,
    /// First day.
    pub from: Date,
    /// Last day, included; open if absent.
    pub to: Option<Date>,
}

/// Why personal data are read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// To handle this dossier.
    Dossier(DossierId),
    /// The data are the reader's own.
    OwnData,
    /// For a reason written down, which the person concerned can read.
    Reason(String),
}

/// The language of the answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Vietnamese.
    #[default]
    Vi,
    /// English.
    En,
}

/// The address of a client. It counts requests and is never written raw into a log: neither
/// `Debug` nor anything else shows it.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct ClientAddress(Option<IpAddr>);

impl OpContext {
    /// A context for the program itself.
    #[must_use]
    pub fn system(request_id: impl Into<String>, now: Moment) -> Self {
        Self {
            actor: Actor::System,
            request_id: request_id.into(),
            now,
            purpose: None,
            address: ClientAddress::default(),
            language: Language::Vi,
        }
    }

    /// The signed-in account, if any.
    #[must_use]
    pub fn account(&self) -> Option<&AccountRef> {
        match &self.actor {
            Actor::Account(account) => Some(account),
            Actor::Nobody | Actor::System => None,
        }
    }

    /// The same circumstances with a purpose stated.
    #[must_use]
    pub fn for_purpose(&self, purpose: Purpose) -> Self {
        Self { purpose: Some(purpose), ..self.clone() }
    }

    /// The units where the actor holds `role` today, each once, in order: the scope of a list.
    #[must_use]
    pub fn units_for(&self, role: &str) -> Vec<UnitCode> {
        let mut units: Vec<UnitCode> = self
            .bindings_in_force()
            .filter(|binding| binding.role == role)
            .map(|binding| binding.unit.clone())
            .collect();
        units.sort_unstable();
        units.dedup();
        units
    }

    /// The offices that the actor holds today.
    pub fn bindings_in_force(&self) -> impl Iterator<Item = &RoleBinding> {
        let today = self.now.date();
        self.account()
            .into_iter()
            .flat_map(|account| &account.roles)
            .filter(move |binding| binding.is_in_force_on(today))
    }
}

impl AccountRef {
    /// Is this account an officer's?
    #[must_use]
    pub fn is_officer(&self) -> bool {
        self.kind == AccountKind::Officer
    }
}

impl RoleBinding {
    /// Both the first and the last day count.
    #[must_use]
    pub fn is_in_force_on(&self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|last| day <= last)
    }
}

impl Purpose {
    /// The kind of purpose, as policies know it.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Dossier(_) => "dossier",
            Self::OwnData => "own-data",
            Self::Reason(_) => "reason",
        }
    }
}

impl ClientAddress {
    /// An address as the connection or a trusted proxy gives it.
    #[must_use]
    pub const fn new(address: IpAddr) -> Self {
        Self(Some(address))
    }

    /// What counts as one client: the address, or the /64 network of an IPv6 address, because one
    /// subscriber holds a whole /64. Absent when the address is not known.
    #[must_use]
    pub fn rate_key(self) -> Option<IpAddr> {
        const NETWORK: u128 = !0 << 64;
        self.0.map(|address| match address.to_canonical() {
            IpAddr::V4(four) => IpAddr::V4(four),
            IpAddr::V6(six) => IpAddr::V6((six.to_bits() & NETWORK).into()),
        })
    }
}

impl fmt::Debug for ClientAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.0.is_some() {
            "ClientAddress(…)"
        } else {
            "ClientAddress(unknown)"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::sample::{day, officer, unit};

    fn held(role: &str, place: &str, from: &str, to: Option<&str>) -> RoleBinding {
        RoleBinding { role: role.into(), unit: unit(place), from: day(from), to: to.map(day) }
    }

    #[test]
    fn an_office_counts_from_its_first_day_to_its_last_both_included() {
        let binding = held("leader", "28249", "2026-03-01", Some("2026-03-31"));
        assert!(!binding.is_in_force_on(day("2026-02-28")));
        assert!(binding.is_in_force_on(day("2026-03-01")));
        assert!(binding.is_in_force_on(day("2026-03-31")));
        assert!(!binding.is_in_force_on(day("2026-04-01")));
    }

    #[test]
    fn the_scope_of_a_list_is_each_unit_where_the_role_is_held_today_once() {
        let context = officer(vec![
            held("leader", "28270", "2026-01-01", None),
            held("leader", "28249", "2026-01-01", None),
            held("leader", "28249", "2026-02-01", None),
            held("leader", "28300", "2025-01-01", Some("2025-12-31")),
            held("auditor", "28303", "2026-01-01", None),
        ]);
        assert_eq!(context.units_for("leader"), vec![unit("28249"), unit("28270")]);
    }

    #[test]
    fn somebody_not_signed_in_has_no_units() {
        let mut context = officer(vec![held("leader", "28249", "2026-01-01", None)]);
        context.actor = Actor::Nobody;
        assert!(context.units_for("leader").is_empty());
    }

    #[test]
    fn a_client_address_is_never_shown() {
        let address = ClientAddress::new("203.0.113.7".parse().unwrap());
        assert!(!format!("{address:?}").contains("203"));
    }

    #[test]
    fn one_ipv6_network_is_one_client() {
        let key = |text: &str| ClientAddress::new(text.parse().unwrap()).rate_key();
        assert_eq!(key("2001:db8:1:2::1"), key("2001:db8:1:2:ffff::9"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
        assert_eq!(key("::ffff:203.0.113.7"), key("203.0.113.7"));
    }
}
