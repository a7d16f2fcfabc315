//! Accounts, their roles, their old passwords, their API tokens.

use kernel::error::Result;

use crate::tx::Tx;
use crate::value::Row;

/// An account as stored. `Debug` is left out on purpose: it holds secrets.
#[derive(Clone, PartialEq, Eq)]
pub struct AccountRow {
    /// Identifier.
    pub id: i64,
    /// What the person types to sign in; folded to lower case.
    pub login: String,
    /// `citizen`, `officer` or `service`.
    pub kind: String,
    /// Full name.
    pub name: String,
    /// Personal number, when known.
    pub person_number: Option<String>,
    /// Password hash in PHC form.
    pub password: String,
    /// Sealed TOTP secret.
    pub totp: Option<Vec<u8>>,
    /// Last TOTP step used, against replay.
    pub totp_step: i64,
    /// `active` or `disabled`.
    pub state: String,
    /// Failed sign-ins since the last good one.
    pub failures: i64,
    /// Locked until this moment, microseconds.
    pub locked_until: Option<i64>,
    /// When the password was set, microseconds.
    pub password_at: i64,
    /// Last good sign-in, microseconds.
    pub last_login_at: Option<i64>,
    /// When the account was made, microseconds.
    pub created_at: i64,
}

/// A role held in a unit for a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleRow {
    /// Who holds it.
    pub account: i64,
    /// Role id of the content.
    pub role: String,
    /// Unit code.
    pub unit: String,
    /// First day, ISO.
    pub from_day: String,
    /// Last day, ISO.
    pub to_day: Option<String>,
}

fn account_row(mut row: Row) -> Result<AccountRow> {
    Ok(AccountRow {
        id: row.int(0)?,
        login: row.text(1)?,
        kind: row.text(2)?,
        name: row.text(3)?,
        person_number: row.optional_text(4)?,
        password: row.text(5)?,
        totp: row.optional_blob(6)?,
        totp_step: row.int(7)?,
        state: row.text(8)?,
        failures: row.int(9)?,
        locked_until: row.optional_int(10)?,
        password_at: row.int(11)?,
        last_login_at: row.optional_int(12)?,
        created_at: row.int(13)?,
    })
}

/// Adds an account.
pub fn insert(tx: &mut Tx<'_>, account: &AccountRow) {
    tx.write(
        "INSERT INTO account (id, login, kind, name, person_number, password, totp, totp_step, \
         state, failures, locked_until, password_at, last_login_at, created_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        vec![
            account.id.into(),
            (&account.login).into(),
            (&account.kind).into(),
            (&account.name).into(),
            account.person_number.clone().into(),
            (&account.password).into(),
            account.totp.clone().into(),
            account.totp_step.into(),
            (&account.state).into(),
            account.failures.into(),
            account.locked_until.into(),
            account.password_at.into(),
            account.last_login_at.into(),
            account.created_at.into(),
        ],
    );
}

/// The account with this login.
///
/// # Errors
/// When the database cannot be read.
pub fn by_login(tx: &mut Tx<'_>, login: &str) -> Result<Option<AccountRow>> {
    tx.query_one(
        "SELECT id, login, kind, name, person_number, password, totp, totp_step, state, failures, \
         locked_until, password_at, last_login_at, created_at FROM account WHERE login = ?1",
        vec![login.into()],
    )?
    .map(account_row)
    .transpose()
}

/// The account with this identifier.
///
/// # Errors
/// When the database cannot be read.
pub fn by_id(tx: &mut Tx<'_>, id: i64) -> Result<Option<AccountRow>> {
    tx.query_one(
        "SELECT id, login, kind, name, person_number, password, totp, totp_step, state, failures, \
         locked_until, password_at, last_login_at, created_at FROM account WHERE id = ?1",
        vec![id.into()],
    )?
    .map(account_row)
    .transpose()
}

/// How many accounts there are.
///
/// # Errors
/// When the database cannot be read.
pub fn count(tx: &mut Tx<'_>) -> Result<i64> {
    let row = tx.query_one("SELECT count(*) FROM account", vec![])?;
    row.map_or(Ok(0), |mut row| row.int(0))
}

/// Records the outcome of a sign-in.
pub fn set_login_state(
    tx: &mut Tx<'_>,
    id: i64,
    failures: i64,
    locked_until: Option<i64>,
    totp_step: i64,
    last_login_at: Option<i64>,
) {
    tx.write(
        "UPDATE account SET failures = ?2, locked_until = ?3, totp_step = ?4, last_login_at = ?5 \
         WHERE id = ?1",
        vec![
            id.into(),
            failures.into(),
            locked_until.into(),
            totp_step.into(),
            last_login_at.into(),
        ],
    );
}

/// Uses a one-time code up. False when that step or a later one was used before: of two requests with
/// one code only one goes on.
///
/// # Errors
/// When the database cannot be written.
pub fn use_totp_step(tx: &mut Tx<'_>, id: i64, step: i64) -> Result<bool> {
    let changed = tx.execute(
        "UPDATE account SET totp_step = ?2 WHERE id = ?1 AND totp_step < ?2",
        vec![id.into(), step.into()],
    )?;
    Ok(changed > 0)
}

/// Stores a new hash of the same password, unless the password was changed meanwhile.
///
/// # Errors
/// When the database cannot be written.
pub fn renew_password_hash(tx: &mut Tx<'_>, id: i64, old: &str, new: &str) -> Result<()> {
    tx.execute(
        "UPDATE account SET password = ?3 WHERE id = ?1 AND password = ?2",
        vec![id.into(), old.into(), new.into()],
    )?;
    Ok(())
}

/// Replaces the password and keeps the old one's hash, so that it is not used again.
pub fn set_password(tx: &mut Tx<'_>, id: i64, old: &str, new: &str, at: i64) {
    tx.write(
        "INSERT INTO password_history (account, at, password) VALUES (?1, ?2, ?3)",
        vec![id.into(), at.into(), old.into()],
    );
    tx.write(
        "UPDATE account SET password = ?2, password_at = ?3, failures = 0, locked_until = NULL \
         WHERE id = ?1",
        vec![id.into(), new.into(), at.into()],
    );
}

/// Hashes of earlier passwords, newest first.
///
/// # Errors
/// When the database cannot be read.
pub fn old_passwords(tx: &mut Tx<'_>, id: i64, limit: i64) -> Result<Vec<String>> {
    let rows = tx.query(
        "SELECT password FROM password_history WHERE account = ?1 ORDER BY at DESC LIMIT ?2",
        vec![id.into(), limit.into()],
    )?;
    rows.into_iter().map(|mut row| row.text(0)).collect()
}

/// Binds a role.
pub fn bind_role(tx: &mut Tx<'_>, role: &RoleRow) {
    tx.write(
        "INSERT INTO role_binding (account, role, unit, from_day, to_day) \
         VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
        vec![
            role.account.into(),
            (&role.role).into(),
            (&role.unit).into(),
            (&role.from_day).into(),
            role.to_day.clone().into(),
        ],
    );
}

/// The roles of an account, past and future ones too.
///
/// # Errors
/// When the database cannot be read.
pub fn roles(tx: &mut Tx<'_>, account: i64) -> Result<Vec<RoleRow>> {
    let rows = tx.query(
        "SELECT account, role, unit, from_day, to_day FROM role_binding WHERE account = ?1 \
         ORDER BY role, unit, from_day",
        vec![account.into()],
    )?;
    rows.into_iter().map(role_row).collect()
}

/// Who holds a role in a unit, on any day.
///
/// # Errors
/// When the database cannot be read.
pub fn holders(tx: &mut Tx<'_>, role: &str, unit: &str) -> Result<Vec<RoleRow>> {
    let rows = tx.query(
        "SELECT account, role, unit, from_day, to_day FROM role_binding \
         WHERE role = ?1 AND unit = ?2 ORDER BY account, from_day",
        vec![role.into(), unit.into()],
    )?;
    rows.into_iter().map(role_row).collect()
}

fn role_row(mut row: Row) -> Result<RoleRow> {
    Ok(RoleRow {
        account: row.int(0)?,
        role: row.text(1)?,
        unit: row.text(2)?,
        from_day: row.text(3)?,
        to_day: row.optional_text(4)?,
    })
}

/// Adds an API token by the hash of its secret. `scopes` are separated by spaces.
pub fn insert_token(
    tx: &mut Tx<'_>,
    hash: [u8; 32],
    account: i64,
    name: &str,
    scopes: &str,
    created_at: i64,
    expires_at: i64,
) {
    tx.write(
        "INSERT INTO api_token (hash, account, name, scopes, created_at, expires_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        vec![
            hash.into(),
            account.into(),
            name.into(),
            scopes.into(),
            created_at.into(),
            expires_at.into(),
        ],
    );
}

/// Account and scopes of a token that has not expired.
///
/// # Errors
/// When the database cannot be read.
pub fn token(tx: &mut Tx<'_>, hash: [u8; 32], now: i64) -> Result<Option<(i64, String)>> {
    tx.query_one(
        "SELECT account, scopes FROM api_token WHERE hash = ?1 AND expires_at > ?2",
        vec![hash.into(), now.into()],
    )?
    .map(|mut row| Ok((row.int(0)?, row.text(1)?)))
    .transpose()
}
