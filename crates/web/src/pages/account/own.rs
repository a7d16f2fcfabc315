//! One's own account: who, sessions, password.

use access::password_rules::{LENGTH_WITH_MFA, LENGTH_WITHOUT_MFA};
use access::{AccountRef, RoleBinding};
use app::accounts::{self, ApiToken, OpenSession};
use axum::http::StatusCode;
use axum::response::Response;
use kernel::error::{Error, ErrorCode};
use kernel::format::vi;
use kernel::moment::Moment;
use kernel::person_number::PersonNumber;

use super::set_cookie;
use crate::failure::{Failure, PageResult, encode, faults, go, show_with, status_of};
use crate::page::account::{AccountPage, CodesView, SessionRow, TokenRow};
use crate::page::parts::{Fault, Link, Tone};
use crate::page::shell::{Area, Lang, Notice, Shell};
use crate::pages::asked::Asked;
use crate::pages::fields::say;
use crate::posted::Posted;
use crate::visit::{SESSION_COOKIE, Visit};

/// `GET /tai-khoan`.
pub(crate) async fn account(asked: Asked, visit: Visit) -> PageResult {
    let lang = visit.lang();
    let done = match asked.text("xong") {
        "mat-khau" => Some(lang.t(
            "Đã đổi mật khẩu. Mọi phiên đăng nhập và mã truy cập khác đã kết thúc.",
            "The password was changed. All other sessions and all tokens have ended.",
        )),
        "phien" => Some(lang.t("Đã kết thúc phiên đăng nhập đó.", "That session has ended.")),
        "bat-ma" => Some(lang.t(
            "Đã bật mã xác thực. Lần đăng nhập sau cần cả mật khẩu và mã; mọi phiên và mã truy cập \
             khác đã kết thúc.",
            "One-time codes are on: the next sign-in asks for both. All other sessions and tokens \
             have ended.",
        )),
        "tat-ma" => Some(lang.t(
            "Đã tắt mã xác thực. Mọi phiên và mã truy cập khác đã kết thúc.",
            "One-time codes are off. All other sessions and tokens have ended.",
        )),
        "ma-truy-cap" => Some(lang.t("Đã kết thúc mã truy cập đó.", "That token has ended.")),
        "tat-ca" => {
            Some(lang.t("Đã kết thúc mọi phiên đăng nhập khác.", "All other sessions have ended."))
        }
        _ => None,
    };
    show_account(&visit, done, Vec::new(), StatusCode::OK).await
}

async fn show_account(
    visit: &Visit,
    done: Option<&str>,
    faults: Vec<Fault>,
    status: StatusCode,
) -> PageResult {
    let account = visit.signed_in()?;
    let (app, ctx) = (visit.app(), &visit.ctx);
    let notice =
        done.map(|text| Notice { tone: Tone::Done, text: text.to_owned(), ..Notice::default() });
    let codes = codes(visit, account, &faults).await?;
    let page = AccountPage {
        ui: Shell { notice, ..visit.ui(Area::Account) },
        name: account.name.clone(),
        username: visit.ok(accounts::own_login(app, ctx).await)?,
        person_number: account.person_number.as_ref().map(half_hidden).unwrap_or_default(),
        roles: ctx.bindings_in_force().map(|binding| role(visit, binding)).collect(),
        work: work(visit),
        runs_system: account.is_officer() && may_run(visit),
        faults,
        password_rule: password_rule(visit.lang(), account.mfa),
        sessions: sessions(visit).await?,
        codes,
        tokens: tokens(visit).await?,
    };
    Ok(show_with(status, &page))
}

/// Where an officer's work is.
fn work(visit: &Visit) -> Vec<Link> {
    let lang = visit.lang();
    let link = |href: &str, vi: &str, en: &str| Link {
        href: href.to_owned(),
        text: lang.t(vi, en).to_owned(),
    };
    let Some(viewer) = visit.ui(Area::Account).viewer.filter(|viewer| viewer.is_officer) else {
        return Vec::new();
    };
    let mut work = Vec::new();
    if viewer.can_list {
        work.push(link("/can-bo", "Danh sách hồ sơ của đơn vị", "Dossiers of the unit"));
    }
    work.extend(viewer.registers);
    if viewer.can_audit {
        work.push(link("/can-bo/nhat-ky", "Nhật ký", "Journal"));
    }
    work
}

fn may_run(visit: &Visit) -> bool {
    let authorizer = visit.app().authorizer();
    !authorizer.units_where(&visit.ctx, access::Action::SystemView).is_empty()
}

/// "0881••••0102".
fn half_hidden(number: &PersonNumber) -> String {
    let digits = number.as_str();
    let (head, tail) = (digits.get(..4), digits.get(digits.len().saturating_sub(4)..));
    format!("{}••••{}", head.unwrap_or_default(), tail.unwrap_or_default())
}

fn role(visit: &Visit, binding: &RoleBinding) -> String {
    let (content, lang) = (visit.app().content(), visit.lang());
    let role = content.roles.get(&binding.role);
    let name = role.map_or_else(|| binding.role.clone(), |role| say(lang, &role.name));
    let office = content.offices.get(binding.unit.as_str());
    let unit = office.map(|office| office.name.clone()).unwrap_or_default();
    let until = binding.to.map(|day| format!(" {} {}", lang.t("đến", "until"), vi::date(day)));
    let until = until.unwrap_or_default();
    format!("{name}, {unit}, {} {}{until}", lang.t("từ", "since"), vi::date(binding.from))
}

fn password_rule(lang: Lang, has_code: bool) -> String {
    match (lang, has_code) {
        (Lang::Vi, true) => format!(
            "Ít nhất {LENGTH_WITH_MFA} ký tự, không chứa tên của ông/bà, khác 10 mật khẩu gần nhất. \
             Một câu dài là tốt nhất."
        ),
        (Lang::Vi, false) => format!(
            "Ít nhất {LENGTH_WITHOUT_MFA} ký tự, có chữ hoa, chữ thường, chữ số và dấu, không chứa \
             tên của ông/bà, khác 10 mật khẩu gần nhất. Một câu dài là tốt nhất."
        ),
        (Lang::En, true) => format!(
            "At least {LENGTH_WITH_MFA} characters, without your name, none of the last ten. A long \
             sentence is best."
        ),
        (Lang::En, false) => format!(
            "At least {LENGTH_WITHOUT_MFA} characters: capitals, small letters, digits and signs, \
             without your name, none of the last ten. A long sentence is best."
        ),
    }
}

/// What stands about one-time codes: whether they are on, and else how to switch them on.
async fn codes(
    visit: &Visit,
    account: &AccountRef,
    faults: &[Fault],
) -> Result<CodesView, Failure> {
    let open = faults.iter().any(|fault| fault.href.starts_with("#code"));
    let view =
        CodesView { on: account.mfa, required: account.is_officer(), open, ..CodesView::default() };
    let Some(session) = visit.session else {
        return Ok(view);
    };
    let offer = visit.ok(accounts::offer(visit.app(), &visit.ctx, session).await)?;
    Ok(match offer {
        None => view,
        Some(offer) => CodesView {
            secret: Some(offer.secret),
            qr_href: Some(format!("data:image/svg+xml,{}", encode(&offer.qr_svg))),
            uri: Some(offer.uri),
            ..view
        },
    })
}

async fn tokens(visit: &Visit) -> Result<Vec<TokenRow>, Failure> {
    let lang = visit.lang();
    let row = |token: ApiToken| {
        let used = token.used_at.map_or_else(
            || lang.t("chưa dùng lần nào", "never used").to_owned(),
            |at| format!("{} {}", lang.t("dùng gần nhất", "last used"), vi::moment(at)),
        );
        TokenRow {
            detail: format!(
                "{} {}, {} {}, {used}",
                lang.t("Tạo", "Made"),
                vi::moment(token.created_at),
                lang.t("hết hạn", "ends"),
                vi::date(token.expires_at.date()),
            ),
            id: token.id,
            name: token.name,
            scopes: token.scopes.join(", "),
        }
    };
    let tokens = visit.ok(accounts::tokens(visit.app(), &visit.ctx).await)?;
    Ok(tokens.into_iter().map(row).collect())
}

async fn sessions(visit: &Visit) -> Result<Vec<SessionRow>, Failure> {
    let Some(current) = visit.session else {
        return Ok(Vec::new());
    };
    let open = accounts::open_sessions(visit.app(), &visit.ctx, current).await;
    let mut open = visit.ok(open)?;
    open.sort_by_key(|session| (!session.current, std::cmp::Reverse(session.seen_at)));
    let now = visit.ctx.now;
    Ok(open.into_iter().map(|session| session_row(visit.lang(), session, now)).collect())
}

fn session_row(lang: Lang, session: OpenSession, now: Moment) -> SessionRow {
    let opened = vi::moment(session.created_at);
    let detail = format!(
        "{} {opened}, {}",
        lang.t("Đăng nhập", "Signed in"),
        seen(lang, session.seen_at, now)
    );
    SessionRow { id: session.id, device: session.label, detail, current: session.current }
}

/// "hoạt động 5 phút trước".
fn seen(lang: Lang, at: Moment, now: Moment) -> String {
    let minutes = now.micros_since(at).max(0) / 60_000_000;
    match (minutes, lang) {
        (0..2, Lang::Vi) => "vừa hoạt động".to_owned(),
        (0..2, Lang::En) => "active just now".to_owned(),
        (_, Lang::Vi) => format!("hoạt động {} trước", vi::minutes(minutes)),
        (_, Lang::En) => format!("active {minutes} minutes ago"),
    }
}

/// `POST /tai-khoan`.
pub(crate) async fn account_sent(posted: Posted) -> PageResult {
    let Posted { visit, fields, .. } = posted;
    visit.signed_in()?;
    let (app, ctx) = (visit.app(), &visit.ctx);
    let Some(session) = visit.session else {
        return Err(visit.fail(Error::new(ErrorCode::Unauthenticated)));
    };
    let box_of = |name: &str| fields.get(name).unwrap_or_default();
    let (result, done) = match fields.text("viec") {
        "doi-mat-khau" => {
            let (present, new, again) = (box_of("current"), box_of("new"), box_of("again"));
            let result = accounts::change_password(app, ctx, session, present, new, again).await;
            (result.map(Some), "mat-khau")
        }
        "bat-ma" => {
            let (password, code) = (box_of("code-password"), digits(box_of("code")));
            let result = accounts::switch_on(app, ctx, session, password, &code).await;
            (result.map(Some), "bat-ma")
        }
        "tat-ma" => {
            let (password, code) = (box_of("code-password"), digits(box_of("code")));
            let result = accounts::switch_off(app, ctx, session, password, &code).await;
            (result.map(Some), "tat-ma")
        }
        "ket-thuc-ma-truy-cap" => {
            let result = accounts::end_token(app, ctx, fields.text("token")).await;
            (result.map(|()| None), "ma-truy-cap")
        }
        "ket-thuc-phien" => {
            let id = Some(fields.text("session").to_owned());
            let result = accounts::end_sessions(app, ctx, session, id).await;
            (result.map(|()| None), "phien")
        }
        "ket-thuc-tat-ca" => {
            let result = accounts::end_sessions(app, ctx, session, None).await;
            (result.map(|()| None), "tat-ca")
        }
        _ => (Err(Error::invalid("Trang này không có việc vừa chọn.")), ""),
    };
    match result {
        Ok(renewed) => {
            let mut response = go(&format!("/tai-khoan?xong={done}"));
            if let Some(token) = renewed {
                let cookie = visit.cookie(SESSION_COOKIE, &token.expose(), None);
                set_cookie(&mut response, &cookie);
            }
            Ok(response)
        }
        Err(error) if error.code == ErrorCode::Invalid => refused(&visit, &error).await,
        Err(error) => Err(visit.fail(error)),
    }
}

fn digits(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_digit).collect()
}

async fn refused(visit: &Visit, error: &Error) -> Result<Response, Failure> {
    let mut list = faults(error);
    if list.is_empty() {
        list.push(Fault { href: String::new(), message: error.message.clone() });
    }
    show_account(visit, None, list, status_of(error.code)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_a_personal_number_is_hidden() {
        let number: PersonNumber = "088195000102".parse().unwrap();
        assert_eq!(half_hidden(&number), "0881••••0102");
    }

    #[test]
    fn the_last_use_of_a_session_is_told_in_minutes_and_hours() {
        let now = Moment::from_micros(0).plus_hours(5);
        assert_eq!(seen(Lang::Vi, now, now), "vừa hoạt động");
        assert_eq!(seen(Lang::Vi, now.plus_minutes(-5), now), "hoạt động 5 phút trước");
        assert_eq!(seen(Lang::Vi, now.plus_minutes(-65), now), "hoạt động 1 giờ 5 phút trước");
    }
}
