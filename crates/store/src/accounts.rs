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
    /// `active`, `disabled` by somebody, or `unused` for so long that the program disabled it.
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
    /// Must the password be changed at the next sign-in, since somebody else has seen it?
    pub password_due: bool,
}

/// An API token as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRow {
    /// SHA-256 of the secret.
    pub hash: [u8; 32],
    /// For whom it stands.
    pub account: i64,
    /// What its owner calls it.
    pub name: String,
    /// What it may be used for, separated by spaces.
    pub scopes: String,
    /// When it was made, microseconds.
    pub created_at: i64,
    /// When it ends by itself, microseconds.
    pub expires_at: i64,
    /// Last use, microseconds; written at most once an hour.
    pub used_at: Option<i64>,
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
        password_due: row.optional_int(14)? == Some(1),
    })
}

/// Adds an account.
pub fn insert(tx: &mut Tx<'_>, account: &AccountRow) {
    tx.write(
        "INSERT INTO account (id, login, kind, name, person_number, password, totp, totp_step, \
         state, failures, locked_until, password_at, last_login_at, created_at, password_due) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
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
            account.password_due.into(),
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
         locked_until, password_at, last_login_at, created_at, password_due FROM account WHERE login = ?1",
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
         locked_until, password_at, last_login_at, created_at, password_due FROM account WHERE id = ?1",
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

/// Replaces the password and keeps the old one's hash, so that it is not used again. False when the
/// password is not `old` any more: of two changes at once only one goes on. `due` says that the owner
/// must change it at the next sign-in.
///
/// # Errors
/// When the database cannot be written.
pub fn set_password(
    tx: &mut Tx<'_>,
    id: i64,
    old: &str,
    new: &str,
    at: i64,
    due: bool,
) -> Result<bool> {
    let changed = tx.execute(
        "UPDATE account SET password = ?3, password_at = ?4, password_due = ?5, failures = 0, \
         locked_until = NULL WHERE id = ?1 AND password = ?2",
        vec![id.into(), old.into(), new.into(), at.into(), due.into()],
    )?;
    if changed == 0 {
        return Ok(false);
    }
    tx.write(
        "INSERT INTO password_history (account, at, password) VALUES (?1, ?2, ?3)",
        vec![id.into(), at.into(), old.into()],
    );
    Ok(true)
}

/// Sets the sealed secret of the one-time codes, or takes it away.
pub fn set_totp(tx: &mut Tx<'_>, id: i64, sealed: Option<Vec<u8>>, step: i64) {
    tx.write(
        "UPDATE account SET totp = ?2, totp_step = ?3 WHERE id = ?1",
        vec![id.into(), sealed.into(), step.into()],
    );
}

/// Opens or closes an account: `active`, `disabled` or `unused`.
pub fn set_state(tx: &mut Tx<'_>, id: i64, state: &str) {
    tx.write("UPDATE account SET state = ?2 WHERE id = ?1", vec![id.into(), state.into()]);
}

/// Active accounts of citizens, or of all others, that nobody has used since a moment: no sign-in, no
/// new password, no request with a token.
///
/// # Errors
/// When the database cannot be read.
pub fn unused(tx: &mut Tx<'_>, citizens: bool, since: i64) -> Result<Vec<i64>> {
    const CITIZENS: &str = "SELECT id FROM account WHERE state = 'active' AND kind = 'citizen' \
         AND created_at <= ?1 AND password_at <= ?1 \
         AND (last_login_at IS NULL OR last_login_at <= ?1) AND NOT EXISTS (SELECT 1 FROM api_token \
         WHERE api_token.account = account.id AND api_token.used_at > ?1) ORDER BY id";
    const OTHERS: &str = "SELECT id FROM account WHERE state = 'active' AND kind <> 'citizen' \
         AND created_at <= ?1 AND password_at <= ?1 \
         AND (last_login_at IS NULL OR last_login_at <= ?1) AND NOT EXISTS (SELECT 1 FROM api_token \
         WHERE api_token.account = account.id AND api_token.used_at > ?1) ORDER BY id";
    let rows = tx.query(if citizens { CITIZENS } else { OTHERS }, vec![since.into()])?;
    rows.into_iter().map(|mut row| row.int(0)).collect()
}

/// All accounts but those of citizens, by login: what a review looks at.
///
/// # Errors
/// When the database cannot be read.
pub fn of_offices(tx: &mut Tx<'_>) -> Result<Vec<AccountRow>> {
    let rows = tx.query(
        "SELECT id, login, kind, name, person_number, password, totp, totp_step, state, failures, \
         locked_until, password_at, last_login_at, created_at, password_due FROM account \
         WHERE kind <> 'citizen' ORDER BY login",
        vec![],
    )?;
    rows.into_iter().map(account_row).collect()
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

/// Adds an API token.
pub fn insert_token(tx: &mut Tx<'_>, token: &TokenRow) {
    tx.write(
        "INSERT INTO api_token (hash, account, name, scopes, created_at, expires_at, used_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        vec![
            token.hash.into(),
            token.account.into(),
            (&token.name).into(),
            (&token.scopes).into(),
            token.created_at.into(),
            token.expires_at.into(),
            token.used_at.into(),
        ],
    );
}

/// The token with this hash, unless its time is over.
///
/// # Errors
/// When the database cannot be read.
pub fn token(tx: &mut Tx<'_>, hash: [u8; 32], now: i64) -> Result<Option<TokenRow>> {
    tx.query_one(
        "SELECT hash, account, name, scopes, created_at, expires_at, used_at FROM api_token \
         WHERE hash = ?1 AND expires_at > ?2",
        vec![hash.into(), now.into()],
    )?
    .map(token_row)
    .transpose()
}

/// The tokens of an account whose time is not over, newest first.
///
/// # Errors
/// When the database cannot be read.
pub fn tokens_of(tx: &mut Tx<'_>, account: i64, now: i64) -> Result<Vec<TokenRow>> {
    let rows = tx.query(
        "SELECT hash, account, name, scopes, created_at, expires_at, used_at FROM api_token \
         WHERE account = ?1 AND expires_at > ?2 ORDER BY created_at DESC, hash",
        vec![account.into(), now.into()],
    )?;
    rows.into_iter().map(token_row).collect()
}

fn token_row(mut row: Row) -> Result<TokenRow> {
    Ok(TokenRow {
        hash: row.blob(0)?.try_into().unwrap_or([0; 32]),
        account: row.int(1)?,
        name: row.text(2)?,
        scopes: row.text(3)?,
        created_at: row.int(4)?,
        expires_at: row.int(5)?,
        used_at: row.optional_int(6)?,
    })
}

/// Notes that a token was used.
pub fn touch_token(tx: &mut Tx<'_>, hash: [u8; 32], used_at: i64) {
    tx.write(
        "UPDATE api_token SET used_at = ?2 WHERE hash = ?1",
        vec![hash.into(), used_at.into()],
    );
}

/// Ends a token.
pub fn delete_token(tx: &mut Tx<'_>, hash: [u8; 32]) {
    tx.write("DELETE FROM api_token WHERE hash = ?1", vec![hash.into()]);
}

/// Ends all tokens of an account, as after a change of password.
pub fn delete_tokens(tx: &mut Tx<'_>, account: i64) {
    tx.write("DELETE FROM api_token WHERE account = ?1", vec![account.into()]);
}

/// Removes tokens past their end.
pub fn delete_expired_tokens(tx: &mut Tx<'_>, now: i64) {
    tx.write("DELETE FROM api_token WHERE expires_at < ?1", vec![now.into()]);
}
