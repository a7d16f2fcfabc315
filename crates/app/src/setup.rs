//! First set-up: accounts, offices held, keys.

use access::AccountKind;
use access::totp::TotpSecret;
use jiff::civil::Date;
use kernel::error::{Error, Result};
use kernel::id::AccountId;
use kernel::moment::Moment;
use pack::demo::{DemoAccount, DemoAccountKind};
use signing::ca::Subject;
use store::accounts::{self, AccountRow, RoleRow};

use crate::accounts::totp_place;
use crate::{App, keys};

/// A new account.
#[derive(Clone)]
pub struct NewAccount {
    /// What the person types to sign in.
    pub login: String,
    /// Password; not judged here.
    pub password: String,
    /// Full name.
    pub name: String,
    /// Kind.
    pub kind: AccountKind,
    /// Personal number, when known.
    pub person_number: Option<String>,
    /// Offices held from today: role id and unit code.
    pub roles: Vec<(String, String)>,
    /// Last day of the offices; none when they have no end.
    pub until: Option<Date>,
    /// Must the password be changed at the first sign-in, since somebody else has seen it?
    pub password_due: bool,
}

/// Makes an account. An officer's gets a second factor, whose secret is returned once.
///
/// # Errors
/// `Conflict` when the login is taken.
pub async fn add_account(
    app: &App,
    new: NewAccount,
    now: Moment,
) -> Result<(AccountId, Option<TotpSecret>)> {
    let id = app.next_id();
    let typed = new.password.clone();
    let password = app.with_hasher(move |hasher| hasher.hash(&typed)).await??;
    let secret = match new.kind {
        AccountKind::Officer => Some(TotpSecret::generate()?),
        AccountKind::Citizen | AccountKind::Service => None,
    };
    let sealed = match &secret {
        Some(secret) => Some(app.seal_secret(secret.as_bytes(), &totp_place(id))?),
        None => None,
    };
    let row = AccountRow {
        id,
        login: new.login.trim().to_lowercase(),
        kind: match new.kind {
            AccountKind::Citizen => "citizen",
            AccountKind::Officer => "officer",
            AccountKind::Service => "service",
        }
        .to_owned(),
        name: new.name,
        person_number: new.person_number,
        password,
        totp: sealed,
        totp_step: 0,
        state: "active".to_owned(),
        failures: 0,
        locked_until: None,
        password_at: now.micros(),
        last_login_at: None,
        created_at: now.micros(),
        password_due: new.password_due,
    };
    let until = new.until.map(|day| day.to_string());
    let roles: Vec<RoleRow> = new
        .roles
        .into_iter()
        .map(|(role, unit)| RoleRow {
            account: id,
            role,
            unit,
            from_day: now.date().to_string(),
            to_day: until.clone(),
        })
        .collect();
    app.store()
        .write(move |tx| {
            accounts::insert(tx, &row);
            for role in &roles {
                accounts::bind_role(tx, role);
            }
            Ok(())
        })
        .await?;
    Ok((AccountId::from_raw(id), secret))
}

/// Makes what every installation needs before anybody works with it: keys and a certificate authority.
/// Doing it again changes nothing, whichever process is first.
///
/// # Errors
/// When the database cannot be written.
pub async fn prepare(app: &App) -> Result<()> {
    let department = app.content().settings.department.clone();
    if keys::make_authority(app, "tự lập", &department, app.now()).await? {
        tracing::warn!(
            "no keys were there: made a certificate authority and a key for codes on papers of our \
             own; nobody outside trusts them until keys of a recognised authority take their place"
        );
    }
    Ok(())
}

/// Lays out the demonstration: certificate authority, invented accounts with their offices and keys.
/// Doing it again changes nothing.
///
/// # Errors
/// When the database cannot be written.
pub async fn demonstration(app: &App) -> Result<()> {
    let now = app.now();
    let department = app.content().settings.department.clone();
    keys::make_authority(app, "trình diễn", &department, now).await?;
    add_demo_entries(app, now).await?;
    for demo in &app.content().demo_accounts.accounts {
        let login = demo.login.trim().to_lowercase();
        if app.store().read(move |tx| accounts::by_login(tx, &login)).await?.is_none() {
            add_demo_account(app, demo, now).await?;
        }
    }
    Ok(())
}

async fn add_demo_account(app: &App, demo: &DemoAccount, now: Moment) -> Result<()> {
    let new = NewAccount {
        login: demo.login.clone(),
        password: demo.password.clone(),
        name: demo.name.clone(),
        kind: match demo.kind {
            DemoAccountKind::Citizen => AccountKind::Citizen,
            DemoAccountKind::Officer => AccountKind::Officer,
        },
        person_number: demo.person_number.clone(),
        roles: demo.roles.iter().map(|role| (role.role.clone(), role.unit.clone())).collect(),
        until: None,
        password_due: false,
    };
    let roles = new.roles.clone();
    let (id, _) = add_account(app, new, now).await?;
    issue_key(app, id, &demo.name, &roles, now).await
}

/// Gives whoever holds an office that signs a key and a certificate of our own authority.
pub(crate) async fn issue_key(
    app: &App,
    id: AccountId,
    name: &str,
    roles: &[(String, String)],
    now: Moment,
) -> Result<()> {
    let signing = roles.iter().find_map(|(role, unit)| {
        let role = app.content().roles.get(role)?;
        (!role.signature_title.is_empty()).then_some((role, unit))
    });
    let Some((role, unit)) = signing else {
        return Ok(());
    };
    let office = app.content().offices.get(unit);
    let department = &app.content().settings.department;
    let subject = Subject {
        common_name: name.to_owned(),
        title: role.name.vi.clone(),
        organisation: office.map_or_else(|| department.clone(), |office| office.name.clone()),
        locality: app
            .content()
            .units
            .province(&app.content().settings.province)
            .map(|province| province.name.clone())
            .unwrap_or_default(),
        number: id.to_string(),
        ..Subject::default()
    };
    keys::issue(app, id, &subject, now).await
}

/// Makes an API token for the account with this login.
///
/// # Errors
/// `NotFound` when there is no such account.
pub async fn token_for(app: &App, login: &str, scopes: &str, days: i64) -> Result<String> {
    let wanted = login.trim().to_lowercase();
    let row = app.store().read(move |tx| accounts::by_login(tx, &wanted)).await?;
    let row = row.ok_or_else(|| Error::not_found("Không có tài khoản này."))?;
    let id = AccountId::from_raw(row.id);
    crate::accounts::make_token(app, id, "command line", scopes, app.now(), days).await
}

/// Entries that the demonstration begins with.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct DemoEntries {
    #[serde(default)]
    entry: Vec<DemoEntry>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct DemoEntry {
    register: String,
    unit: String,
    registered_on: toml::value::Datetime,
    subjects: Vec<String>,
    fields: serde_json::Map<String, serde_json::Value>,
}

/// Writes the entries that the demonstration begins with, unless the registers hold any.
async fn add_demo_entries(app: &App, now: Moment) -> Result<()> {
    let text = app.content().demo_entries.clone();
    let demo: DemoEntries =
        toml::from_str(&text).map_err(|error| Error::invalid(format!("entries.toml: {error}")))?;
    let app = app.clone();
    let store = app.store().clone();
    store
        .write(move |tx| {
            for entry in demo.entry {
                add_demo_entry(&app, tx, entry, now)?;
            }
            Ok(())
        })
        .await
}

fn add_demo_entry(app: &App, tx: &mut store::Tx<'_>, demo: DemoEntry, now: Moment) -> Result<()> {
    let register = crate::registers::find(app, &demo.register)?;
    let day: jiff::civil::Date = demo.registered_on.to_string().parse().map_err(Error::internal)?;
    let year = day.year();
    let last = store::registers::last_number(tx, &register.id, &demo.unit, i64::from(year))?;
    if last.is_some() {
        return Ok(());
    }
    let new = register::NewEntry {
        id: kernel::id::EntryId::from_raw(app.next_id()),
        unit: demo.unit.parse().map_err(|_| Error::internal("entries.toml: unit"))?,
        numbered: register::numbering::next(&register, None, year),
        fields: demo.fields,
        subjects: demo.subjects,
        registered_on: day,
        known_at: now,
        by: AccountId::from_raw(1),
        dossier: None,
    };
    let entry = register::create(&register, app.content(), new)?;
    store::registers::insert(tx, &crate::approval::entry_row(&register, &entry)?);
    crate::approval::add_keys(tx, &register, &entry);
    Ok(())
}
