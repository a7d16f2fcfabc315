//! `accounts.toml` and `residents.toml` of the demonstration pack.

use std::collections::BTreeSet;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::reader::Reader;
use crate::demo::{DemoAccount, DemoAccountKind, DemoAccounts, DemoRole};

pub(crate) fn read_accounts(reader: &mut Reader) -> DemoAccounts {
    DemoAccounts { accounts: reader.required_tables("account", read_account) }
}

fn read_account(reader: &mut Reader) -> DemoAccount {
    const KINDS: [(&str, DemoAccountKind); 2] =
        [("citizen", DemoAccountKind::Citizen), ("officer", DemoAccountKind::Officer)];
    let account = DemoAccount {
        login: reader.required_text("login"),
        password: reader.required_text("password"),
        name: reader.required_text("name"),
        kind: reader.required_one_of("kind", &KINDS).unwrap_or(DemoAccountKind::Citizen),
        person_number: reader.optional_text("person_number"),
        roles: reader.tables("roles", read_role),
    };
    let is_officer = account.kind == DemoAccountKind::Officer;
    if is_officer && account.roles.is_empty() && !reader.is_describing() {
        reader.error("roles", "missing-key", "Công chức cần ít nhất một vai trò trong “roles”.");
    }
    account
}

fn read_role(reader: &mut Reader) -> DemoRole {
    DemoRole { role: reader.required_text("role"), unit: reader.required_text("unit") }
}

/// The personal numbers of the invented residents. Everything else in `residents.toml` is the
/// simulator's, which reads and checks it.
pub(crate) fn resident_numbers(table: &DeTable) -> BTreeSet<String> {
    let residents = table.get("resident").and_then(|value| value.get_ref().as_array());
    let number = |resident: &Spanned<DeValue>| {
        Some(resident.get_ref().get("number")?.get_ref().as_str()?.to_owned())
    };
    residents.into_iter().flatten().filter_map(number).collect()
}
