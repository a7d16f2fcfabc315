//! Accounts of other people: added, disabled and enabled from the command line by whoever runs the
//! program, disabled by the program itself when nobody uses them.

use access::AccountKind;
use access::password;
use jiff::civil::Date;
use kernel::error::{Error, ErrorCode, Result};
use kernel::moment::Moment;
use kernel::person_number::PersonNumber;
use kernel::problem::{Problem, Problems};
use store::accounts::{AccountRow, RoleRow};
use store::{Tx, accounts, sessions};

use super::note_by;
use super::second_factor::ISSUER;
use crate::App;
use crate::setup::{self, NewAccount};

/// Somebody who is to get an account.
#[derive(Clone, Debug, Default)]
pub struct NewPerson {
    /// What the person will type to sign in.
    pub login: String,
    /// Full name.
    pub name: String,
    /// Role id of the content and unit code; a citizen has none.
    pub role: Option<(String, String)>,
    /// Last day of the role.
    pub until: Option<Date>,
    /// Personal number, when known.
    pub person_number: Option<String>,
}

/// What its owner is told once, in person.
#[derive(Clone)]
pub struct Made {
    /// What to type to sign in.
    pub login: String,
    /// The password for the first sign-in, at which it must be changed.
    pub password: String,
    /// For officers: the secret of the one-time codes, for typing.
    pub totp_secret: Option<String>,
    /// The same as the address that authenticator programs read.
    pub totp_uri: Option<String>,
}

/// An account in the list for reviews.
#[derive(Clone, Debug)]
pub struct Listed {
    /// What is typed to sign in.
    pub login: String,
    /// Full name.
    pub name: String,
    /// `active`, `disabled`, or `unused`.
    pub state: String,
    /// Roles: id, unit, first and last day.
    pub roles: Vec<(String, String, String, Option<String>)>,
    /// Last sign-in.
    pub last_login_at: Option<Moment>,
}

/// Makes an account with a one-time password; an officer's with one-time codes, and with a key where
/// the role signs.
///
/// # Errors
/// `Invalid` with everything that is wrong; `Conflict` when the login is taken.
pub async fn add(app: &App, person: NewPerson) -> Result<Made> {
    let now = app.now();
    let problems = faults(app, &person, now.date());
    if !problems.is_empty() {
        return Err(problems.into());
    }
    let login = person.login.trim().to_lowercase();
    let wanted = login.clone();
    if app.store().read(move |tx| accounts::by_login(tx, &wanted)).await?.is_some() {
        return Err(Error::conflict(format!("Tên đăng nhập {login} đã có người dùng.")));
    }
    setup::prepare(app).await?;
    let password = password::one_time()?;
    let new = NewAccount {
        login: login.clone(),
        password: password.clone(),
        name: person.name.trim().to_owned(),
        kind: if person.role.is_some() { AccountKind::Officer } else { AccountKind::Citizen },
        person_number: person.person_number.filter(|number| !number.is_empty()),
        roles: person.role.clone().into_iter().collect(),
        until: person.until,
        password_due: true,
    };
    let (id, secret) = setup::add_account(app, new, now).await?;
    setup::issue_key(app, id, person.name.trim(), person.role.as_slice(), now).await?;
    app.store()
        .write(move |tx| Ok(note_by(tx, id.raw(), None, now.micros(), "account-made")))
        .await?;
    Ok(Made {
        totp_secret: secret.as_ref().map(access::totp::TotpSecret::to_base32),
        totp_uri: secret.as_ref().map(|secret| secret.otpauth_uri(ISSUER, &login)),
        login,
        password,
    })
}

fn faults(app: &App, person: &NewPerson, today: Date) -> Problems {
    let content = app.content();
    let mut problems = Problems::new();
    let mut fault = |path: &str, message: String| {
        problems.push(Problem::new(format!("account.{path}"), path, message));
    };
    let login = person.login.trim();
    let is_sound = |letter: char| letter.is_ascii_alphanumeric() || ".-_@".contains(letter);
    if !(2..=64).contains(&login.len()) || !login.chars().all(is_sound) {
        let rule = "Tên đăng nhập gồm 2 đến 64 chữ cái không dấu, chữ số hoặc các dấu . - _ @.";
        fault("login", rule.to_owned());
    }
    if !kernel::text::is_person_name(person.name.trim()) {
        fault("name", "Họ và tên chưa đúng; hãy ghi đầy đủ, có dấu.".to_owned());
    }
    if let Some((role, unit)) = &person.role {
        if !content.roles.contains_key(role) {
            let known: Vec<&str> = content.roles.keys().map(String::as_str).collect();
            fault("role", format!("Không có vai trò {role}. Các vai trò: {}.", known.join(", ")));
        }
        if !content.offices.contains_key(unit) {
            fault(
                "unit",
                format!("Không có cơ quan với mã đơn vị {unit} trong nội dung (content)."),
            );
        }
    }
    if person.until.is_some_and(|until| until < today) {
        fault("until", "Ngày hết hạn đã qua.".to_owned());
    }
    if person.until.is_some() && person.role.is_none() {
        fault("until", "Ngày hết hạn chỉ dùng cùng vai trò.".to_owned());
    }
    if let Some(number) = person.person_number.as_deref().filter(|number| !number.is_empty())
        && let Err(problem) = number.parse::<PersonNumber>()
    {
        fault("person_number", problem.message);
    }
    problems
}

async fn known(app: &App, login: &str) -> Result<AccountRow> {
    let wanted = login.trim().to_lowercase();
    let row = app.store().read(move |tx| accounts::by_login(tx, &wanted)).await?;
    row.ok_or_else(|| Error::not_found("Không có tài khoản này."))
}

/// Disables an account: nobody signs in by it, and its sessions and tokens end.
///
/// # Errors
/// `NotFound` when there is no such account.
pub async fn disable(app: &App, login: &str) -> Result<()> {
    let (id, now) = (known(app, login).await?.id, app.now().micros());
    app.store()
        .write(move |tx| {
            close(tx, id, "disabled");
            accounts::delete_tokens(tx, id);
            note_by(tx, id, None, now, "account-disabled");
            Ok(())
        })
        .await?;
    app.forget_sessions();
    Ok(())
}

/// Opens a disabled, unused or locked account again, with a new one-time password. The secret of its
/// one-time codes stays, unless `new_codes` says that the telephone is lost.
///
/// # Errors
/// `NotFound` when there is no such account.
pub async fn enable(app: &App, login: &str, new_codes: bool) -> Result<Made> {
    let row = known(app, login).await?;
    let typed = password::one_time()?;
    let (id, login, now) = (row.id, row.login.clone(), app.now().micros());
    let for_hash = typed.clone();
    let hash = app.with_hasher(move |hasher| hasher.hash(&for_hash)).await??;
    let secret = match row.totp.is_some() && new_codes {
        true => Some(access::totp::TotpSecret::generate()?),
        false => None,
    };
    let sealed = match &secret {
        Some(secret) => Some(app.seal_secret(secret.as_bytes(), &super::totp_place(id))?),
        None => None,
    };
    app.store()
        .write(move |tx| {
            let row = accounts::by_id(tx, id)?.ok_or_else(|| Error::new(ErrorCode::NotFound))?;
            accounts::set_password(tx, id, &row.password, &hash, now, true)?;
            accounts::set_state(tx, id, "active");
            if sealed.is_some() {
                accounts::set_totp(tx, id, sealed, row.totp_step);
            }
            sessions::delete_all(tx, id);
            accounts::delete_tokens(tx, id);
            note_by(tx, id, None, now, "account-enabled");
            Ok(())
        })
        .await?;
    app.forget_sessions();
    Ok(Made {
        totp_secret: secret.as_ref().map(access::totp::TotpSecret::to_base32),
        totp_uri: secret.as_ref().map(|secret| secret.otpauth_uri(ISSUER, &login)),
        login,
        password: typed,
    })
}

/// Every account but those of citizens, for the review that is due every six months.
///
/// # Errors
/// When the database cannot be read.
pub async fn list(app: &App) -> Result<Vec<Listed>> {
    let role = |role: RoleRow| (role.role, role.unit, role.from_day, role.to_day);
    app.store()
        .read(move |tx| {
            let mut listed = Vec::new();
            for row in accounts::of_offices(tx)? {
                let roles = accounts::roles(tx, row.id)?;
                listed.push(Listed {
                    login: row.login,
                    name: row.name,
                    state: row.state,
                    roles: roles.into_iter().map(role).collect(),
                    last_login_at: row.last_login_at.map(Moment::from_micros),
                });
            }
            Ok(listed)
        })
        .await
}

fn close(tx: &mut Tx<'_>, id: i64, state: &str) {
    accounts::set_state(tx, id, state);
    sessions::delete_all(tx, id);
}

/// Disables an account that nobody has used for too long. Its tokens stay, worth nothing, until the
/// account is opened again.
pub(super) fn close_unused(tx: &mut Tx<'_>, id: i64, now: i64) {
    close(tx, id, "unused");
    note_by(tx, id, None, now, "account-unused");
}

/// Days without use after which an account of this kind is disabled; 0 for never.
pub(super) fn unused_days(app: &App, kind: &str) -> u32 {
    let settings = &app.content().settings;
    match super::kind_of(kind) {
        AccountKind::Citizen => settings.unused_citizen_account_days,
        AccountKind::Officer | AccountKind::Service => settings.unused_account_days,
    }
}

/// Disables the accounts that nobody has used for as long as the content says; answers how many. Not
/// in a demonstration, whose people come and go.
///
/// # Errors
/// When the database is away.
pub(crate) async fn disable_unused(app: &App) -> Result<usize> {
    if app.settings().demo {
        return Ok(0);
    }
    let settings = &app.content().settings;
    let limits =
        [(true, settings.unused_citizen_account_days), (false, settings.unused_account_days)];
    let now = app.now();
    let closed = app
        .store()
        .write(move |tx| {
            let mut closed = 0;
            for (citizens, days) in limits.into_iter().filter(|(_, days)| *days > 0) {
                let since = now.plus_days(-i64::from(days)).micros();
                for id in accounts::unused(tx, citizens, since)? {
                    close_unused(tx, id, now.micros());
                    closed += 1;
                }
            }
            Ok(closed)
        })
        .await?;
    if closed > 0 {
        app.forget_sessions();
        tracing::info!(accounts = closed, "unused accounts disabled");
    }
    Ok(closed)
}
