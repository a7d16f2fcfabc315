//! `accounts.toml` and `residents.toml` of the demonstration pack.

use super::reader::Reader;
use crate::demo::{
    DemoAccount, DemoAccountKind, DemoAccounts, DemoResidents, DemoRole, WeightedName,
};

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

pub(crate) fn read_residents(reader: &mut Reader) -> DemoResidents {
    DemoResidents {
        seed: u64::from(reader.integer_within("seed", 0..u32::MAX, 1)),
        count: reader.integer_within("count", 1..10_000_001, 1_000),
        family_names: read_names(reader, "family_names"),
        male_middle: read_names(reader, "male_middle"),
        male_given: read_names(reader, "male_given"),
        female_middle: read_names(reader, "female_middle"),
        female_given: read_names(reader, "female_given"),
    }
}

/// Names as plain texts, or as `"name:weight"` where one comes more often than another.
fn read_names(reader: &mut Reader, key: &str) -> Vec<WeightedName> {
    let written = reader.texts(key);
    if written.is_empty() && !reader.is_describing() {
        reader.error(key, "missing-key", format!("“{key}” cần ít nhất một tên."));
    }
    let read = |(index, text): (usize, &String)| {
        let (name, weight) = text.split_once(':').unwrap_or((text, "1"));
        let weight = weight.trim().parse().ok().filter(|weight| (1..=1_000_000).contains(weight));
        if weight.is_none() {
            let message = "Sau dấu “:” là trọng số, số nguyên từ 1.";
            reader.error(&format!("{key}.{index}"), "wrong-type", message);
        }
        WeightedName { name: name.trim().to_owned(), weight: weight.unwrap_or(1) }
    };
    written.iter().enumerate().map(read).collect()
}
