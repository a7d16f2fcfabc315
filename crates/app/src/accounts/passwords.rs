//! Changing one's own password.

use access::OpContext;
use access::password::Verdict;
use access::password_rules::{NewPassword, REMEMBERED};
use access::session::{SessionFingerprint, SessionToken};
use kernel::error::{Error, ErrorCode, Result};
use kernel::moment::Moment;
use kernel::problem::{Problem, Problems};
use store::accounts::AccountRow;
use store::{accounts, sessions};

use super::signing_in::{count_failure, refuse_locked};
use super::{note, signed_in};
use crate::App;

/// Changes one's own password. Every other session and every token ends, and the session goes on
/// under a new token, which is returned.
///
/// # Errors
/// `Invalid` with everything that speaks against the new password, or when the present one is wrong;
/// `TooMany` when the present one was wrong too often: that counts like a failed sign-in.
pub async fn change_password(
    app: &App,
    ctx: &OpContext,
    session: SessionFingerprint,
    present: &str,
    new: &str,
    again: &str,
) -> Result<SessionToken> {
    let id = signed_in(ctx)?.id.raw();
    let typed = Typed { present: Some(present.to_owned()), new: new.into(), again: again.into() };
    change(app, ctx, id, session, typed).await
}

/// Changes the password of whoever must do so before anything else. The present one was given a
/// moment ago, at the sign-in that opened the session.
///
/// # Errors
/// `Expired` when the session is over; `Invalid` with everything that speaks against the password.
pub async fn change_due_password(
    app: &App,
    ctx: &OpContext,
    session: SessionFingerprint,
    new: &str,
    again: &str,
) -> Result<SessionToken> {
    let found = app.store().read(move |tx| sessions::by_hash(tx, session.0)).await?;
    let open = found.filter(|open| open.expires_at > ctx.now.micros()).ok_or_else(session_over)?;
    let typed = Typed { present: None, new: new.to_owned(), again: again.to_owned() };
    change(app, ctx, open.account, session, typed).await
}

fn session_over() -> Error {
    Error::expired("Phiên làm việc đã kết thúc. Ông/bà vui lòng đăng nhập lại.")
}

/// What was typed.
struct Typed {
    present: Option<String>,
    new: String,
    again: String,
}

/// What the check of a new password finds.
struct Judged {
    problems: Problems,
    present_wrong: bool,
    /// The hash to store, when nothing speaks against it.
    hash: Option<String>,
}

async fn change(
    app: &App,
    ctx: &OpContext,
    id: i64,
    session: SessionFingerprint,
    typed: Typed,
) -> Result<SessionToken> {
    let found = app
        .store()
        .read(move |tx| {
            let old = accounts::old_passwords(tx, id, REMEMBERED as i64)?;
            Ok(accounts::by_id(tx, id)?.map(|row| (row, old)))
        })
        .await?;
    let (row, old) = found.ok_or_else(|| Error::new(ErrorCode::NotFound))?;
    refuse_locked(&row, ctx.now)?;
    let stored = row.password.clone();
    let judged = app.with_hasher(move |hasher| judge(hasher, &row, old, &typed)).await??;
    if judged.present_wrong
        && let Some(locked) = count_failure(app, ctx, id).await?
    {
        return Err(locked);
    }
    let hash = judged.hash.ok_or_else(|| Error::from(judged.problems))?;
    let token = write(app, id, session, stored, hash, ctx.now).await?;
    app.forget_sessions();
    Ok(token)
}

fn judge(
    hasher: &access::password::PasswordHasher,
    row: &AccountRow,
    old: Vec<String>,
    typed: &Typed,
) -> Result<Judged> {
    let mut problems = Vec::new();
    let present = typed.present.as_deref();
    let present_wrong =
        present.is_some_and(|present| hasher.verify(present, &row.password) == Verdict::Wrong);
    if present_wrong {
        let message = "Mật khẩu hiện tại chưa đúng. Ông/bà vui lòng nhập lại.";
        problems.push(Problem::new("password.present", "current", message));
    }
    let mut previous = vec![row.password.clone()];
    previous.extend(old);
    let candidate = NewPassword {
        text: &typed.new,
        login: &row.login,
        name: &row.name,
        has_mfa: row.totp.is_some(),
        previous: &previous,
    };
    problems.extend(candidate.faults(hasher).into_iter().map(|mut problem| {
        "new".clone_into(&mut problem.path);
        problem
    }));
    if typed.new != typed.again {
        let message = "Hai lần nhập mật khẩu mới chưa giống nhau. Ông/bà vui lòng nhập lại.";
        problems.push(Problem::new("password.again", "again", message));
    }
    let hash = if problems.is_empty() { Some(hasher.hash(&typed.new)?) } else { None };
    Ok(Judged { problems, present_wrong, hash })
}

async fn write(
    app: &App,
    id: i64,
    session: SessionFingerprint,
    old: String,
    new: String,
    now: Moment,
) -> Result<SessionToken> {
    let token = SessionToken::generate()?;
    let (fresh, now) = (token.fingerprint(), now.micros());
    app.store()
        .write(move |tx| {
            let open = sessions::by_hash(tx, session.0)?.ok_or_else(session_over)?;
            if open.account != id || !accounts::set_password(tx, id, &old, &new, now, false)? {
                return Err(Error::conflict(
                    "Mật khẩu vừa được đổi ở nơi khác. Ông/bà đăng nhập lại bằng mật khẩu mới.",
                ));
            }
            sessions::renew(tx, session.0, fresh.0, open.mfa)?;
            sessions::delete_others(tx, id, fresh.0);
            accounts::delete_tokens(tx, id);
            note(tx, id, now, "password-changed");
            Ok(())
        })
        .await?;
    Ok(token)
}
