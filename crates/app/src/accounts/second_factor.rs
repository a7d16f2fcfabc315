//! Switching one-time codes on and off for one's own account.
//!
//! The secret that is offered is kept nowhere: it follows from the master key and the session, so it
//! stays the same while the page is open, and a new session is offered a new one.

use access::password::Verdict;
use access::password_rules::NewPassword;
use access::session::{SessionFingerprint, SessionToken};
use access::totp::TotpSecret;
use access::{AccountKind, OpContext};
use kernel::error::{Error, ErrorCode, Result};
use kernel::problem::{Problem, Problems};
use store::accounts::AccountRow;
use store::{Tx, accounts, sessions};

use super::signing_in::{check_code, count_failure, refuse_locked, totp_place};
use super::{kind_of, note, signed_in};
use crate::App;

/// The name under which an authenticator program lists us.
pub(crate) const ISSUER: &str = "Tư pháp số";

/// Bytes of a secret: 160 bits, as RFC 4226 recommends.
const SECRET_BYTES: usize = 20;

/// What an authenticator program needs, shown once codes are about to be switched on.
#[derive(Clone)]
pub struct Offer {
    /// The secret for typing, in groups of four letters.
    pub secret: String,
    /// The address in the QR code.
    pub uri: String,
    /// The QR code, as SVG.
    pub qr_svg: String,
}

/// The secret offered to a session of an account.
fn offered(app: &App, account: i64, session: SessionFingerprint) -> Result<TotpSecret> {
    let session = access::encoding::hex(&session.0);
    let key = app.derived_key(&format!("totp-offer:{account}:{session}"));
    TotpSecret::from_bytes(key.get(..SECRET_BYTES).unwrap_or_default().to_vec())
}

/// What the account page shows to switch codes on; nothing when they are on.
///
/// # Errors
/// `Unauthenticated` when nobody is signed in.
pub async fn offer(
    app: &App,
    ctx: &OpContext,
    session: SessionFingerprint,
) -> Result<Option<Offer>> {
    let row = own_row(app, ctx).await?;
    if row.totp.is_some() {
        return Ok(None);
    }
    let secret = offered(app, row.id, session)?;
    let uri = secret.otpauth_uri(ISSUER, &row.login);
    let qr_svg = document::qr::svg(&uri)?;
    Ok(Some(Offer { secret: in_fours(&secret.to_base32()), uri, qr_svg }))
}

fn in_fours(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}

async fn own_row(app: &App, ctx: &OpContext) -> Result<AccountRow> {
    let id = signed_in(ctx)?.id.raw();
    let row = app.store().read(move |tx| accounts::by_id(tx, id)).await?;
    row.ok_or_else(|| Error::new(ErrorCode::NotFound))
}

/// Switches codes on, once a code of the offered secret proves that the telephone has it. The password
/// is asked too: whoever finds an open session must not lock its owner out. Every other session and
/// every token ends; the session goes on under the token returned.
///
/// # Errors
/// `Invalid` when the password or the code is wrong, `Conflict` when codes are on already, `TooMany`
/// after too many wrong passwords or codes.
pub async fn switch_on(
    app: &App,
    ctx: &OpContext,
    session: SessionFingerprint,
    password: &str,
    code: &str,
) -> Result<SessionToken> {
    let row = own_row(app, ctx).await?;
    if row.totp.is_some() {
        return Err(Error::conflict("Mã xác thực đã được bật. Ông/bà tải lại trang để xem."));
    }
    refuse_locked(&row, ctx.now)?;
    let secret = offered(app, row.id, session)?;
    let step = secret.verify(code.trim(), ctx.now, None);
    let step = step.and_then(|step| i64::try_from(step).ok());
    let (_, password_right) = judge_password(app, &row, password).await?;
    let Some(step) = step.filter(|_| password_right) else {
        return Err(refused(app, ctx, row.id, password_right, step.is_some()).await?);
    };
    let sealed = app.seal_secret(secret.as_bytes(), &totp_place(row.id))?;
    let token = SessionToken::generate()?;
    let (id, fresh, now) = (row.id, token.fingerprint(), ctx.now.micros());
    app.store()
        .write(move |tx| {
            let row = accounts::by_id(tx, id)?.ok_or_else(|| Error::new(ErrorCode::NotFound))?;
            if row.totp.is_some() {
                return Err(Error::new(ErrorCode::Conflict));
            }
            accounts::set_totp(tx, id, Some(sealed), step);
            begin_anew(tx, id, session, fresh, true)?;
            note(tx, id, now, "second-factor-on");
            Ok(())
        })
        .await?;
    app.forget_sessions();
    Ok(token)
}

/// Switches codes off, by password and code. Officers cannot. Every other session and every token
/// ends; the session goes on under the token returned.
///
/// # Errors
/// `Forbidden` to officers; `Invalid` when the password or the code is wrong, or the password is too
/// short to stand alone; `TooMany` after too many wrong ones.
pub async fn switch_off(
    app: &App,
    ctx: &OpContext,
    session: SessionFingerprint,
    password: &str,
    code: &str,
) -> Result<SessionToken> {
    let row = own_row(app, ctx).await?;
    if kind_of(&row.kind) != AccountKind::Citizen {
        return Err(Error::forbidden(
            "Vai trò của ông/bà bắt buộc dùng mã xác thực nên không tắt được. Nếu đổi điện thoại, \
             ông/bà đề nghị quản trị viên của đơn vị cấp lại.",
        ));
    }
    if row.totp.is_none() {
        return Err(Error::conflict("Mã xác thực đã được tắt. Ông/bà tải lại trang để xem."));
    }
    refuse_locked(&row, ctx.now)?;
    let step = check_code(app, &row, code, ctx.now)?;
    let (weak, password_right) = judge_password(app, &row, password).await?;
    let Some(step) = step.filter(|_| password_right) else {
        return Err(refused(app, ctx, row.id, password_right, step.is_some()).await?);
    };
    if !weak.is_empty() {
        let message = "Mật khẩu hiện nay chỉ đủ mạnh khi dùng cùng mã xác thực. Ông/bà đổi mật khẩu \
                       dài hơn trước, rồi tắt mã.";
        return Err(fault("second-factor.weak-password", PASSWORD, message));
    }
    let token = SessionToken::generate()?;
    let (id, fresh, now) = (row.id, token.fingerprint(), ctx.now.micros());
    let is_first = app
        .store()
        .write(move |tx| {
            if !accounts::use_totp_step(tx, id, step)? {
                return Ok(false);
            }
            accounts::set_totp(tx, id, None, step);
            begin_anew(tx, id, session, fresh, false)?;
            note(tx, id, now, "second-factor-off");
            Ok(true)
        })
        .await?;
    app.forget_sessions();
    if is_first { Ok(token) } else { Err(refused(app, ctx, id, true, false).await?) }
}

/// The session goes on under a new token; whoever else is signed in, or has a token, is not.
fn begin_anew(
    tx: &mut Tx<'_>,
    account: i64,
    session: SessionFingerprint,
    fresh: SessionFingerprint,
    mfa: bool,
) -> Result<()> {
    if !sessions::renew(tx, session.0, fresh.0, mfa)? {
        return Err(Error::new(ErrorCode::Unauthenticated));
    }
    sessions::delete_others(tx, account, fresh.0);
    accounts::delete_tokens(tx, account);
    Ok(())
}

/// Name of the box for the password.
const PASSWORD: &str = "code-password";

/// What speaks against the password where no code stands beside it, and whether it is right.
async fn judge_password(app: &App, row: &AccountRow, typed: &str) -> Result<(Problems, bool)> {
    let (row, typed) = (row.clone(), typed.to_owned());
    app.with_hasher(move |hasher| {
        let alone = NewPassword {
            text: &typed,
            login: &row.login,
            name: &row.name,
            has_mfa: false,
            previous: &[],
        };
        (alone.faults(hasher), hasher.verify(&typed, &row.password) != Verdict::Wrong)
    })
    .await
}

fn fault(code: &str, path: &str, message: &str) -> Error {
    Error::invalid(message).with_problems(vec![Problem::new(code, path, message)])
}

/// Counts a failure; what is wrong, or that the account is locked now.
async fn refused(
    app: &App,
    ctx: &OpContext,
    account: i64,
    password_right: bool,
    code_right: bool,
) -> Result<Error> {
    if let Some(locked) = count_failure(app, ctx, account).await? {
        return Ok(locked);
    }
    let mut problems = Problems::new();
    if !password_right {
        let message = "Mật khẩu chưa đúng. Ông/bà vui lòng nhập lại.";
        problems.push(Problem::new("password.present", PASSWORD, message));
    }
    if !code_right {
        let message = "Mã chưa đúng hoặc đã dùng. Ông/bà nhập sáu chữ số đang hiện trên ứng dụng; \
                       nếu vẫn chưa được, xem lại giờ của điện thoại.";
        problems.push(Problem::new("sign-in.code", "code", message));
    }
    Ok(Error::from(problems))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_shown_in_groups_of_four() {
        assert_eq!(in_fours("ABCDEFGHIJ"), "ABCD EFGH IJ");
    }
}
