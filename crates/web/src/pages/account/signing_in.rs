//! Password, one-time code, and back to where one was.

use access::rate_limit::RetryAfter;
use access::session::SessionToken;
use app::accounts::{self, Recognised, SignIn};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::error::{Error, ErrorCode};
use pack::demo::{DemoAccount as Invented, DemoAccountKind};

use super::{set_cookie, set_seed};
use crate::failure::{Failure, PageResult, encode, faults, go, show_with, status_of};
use crate::page::account::{
    CarriedForm, CodePage, DemoAccount, LoginPage, PasswordPage, ResumePage,
};
use crate::page::parts::Fault;
use crate::page::shell::{Area, Lang, Shell, Viewer};
use crate::pages::asked::Asked;
use crate::pages::fields::say;
use crate::pages::filing;
use crate::posted::{Fields, Posted};
use crate::visit::{SESSION_COOKIE, Visit, safe_next};

/// In the address of the sign-in page: the code did not come in time.
const CODE_LATE: &str = "het-gio";
/// Before the names of the fields of a form that is carried along.
const CARRIED: &str = "_f.";

/// `GET /dang-nhap?next=`.
pub(crate) async fn sign_in(asked: Asked, visit: Visit) -> Response {
    let next = asked.text("next");
    if visit.password_due {
        return go(&password_page(next));
    }
    if let Some(account) = visit.ctx.account() {
        return go(&landing(next, account.is_officer()));
    }
    let reason = reason(&visit, &asked).map(str::to_owned);
    let page = LoginPage { next: next.to_owned(), reason, ..LoginPage::default() };
    show_login(&visit, page, StatusCode::OK)
}

/// Why one must sign in; none when one comes by oneself.
fn reason(visit: &Visit, asked: &Asked) -> Option<&'static str> {
    let lang = visit.lang();
    if visit.session_over {
        Some(lang.t(
            "Phiên làm việc đã kết thúc vì lâu không thao tác. Ông/bà vui lòng đăng nhập lại.",
            "Your session has ended because nothing was done for a while. Please sign in again.",
        ))
    } else if asked.has(CODE_LATE) {
        Some(lang.t(
            "Đã quá thời gian nhập mã. Ông/bà vui lòng đăng nhập lại.",
            "The time for the code is over. Please sign in again.",
        ))
    } else if asked.has("next") {
        Some(lang.t("Ông/bà cần đăng nhập để xem trang này.", "Please sign in to see this page."))
    } else {
        None
    }
}

/// The sign-in page before a form is begun; the choice goes along.
pub(crate) fn sign_in_first(visit: &Visit, fields: &Fields) -> Response {
    let action = visit.ui(Area::Other).path;
    let reason = visit.lang().t(
        "Ông/bà đăng nhập để bắt đầu; tờ khai sẽ mở ngay sau đó.",
        "Please sign in to begin; the form opens right after.",
    );
    let page = LoginPage {
        next: action.clone(),
        reason: Some(reason.to_owned()),
        carried: Some(CarriedForm { action, fields: fields.pairs().to_vec() }),
        ..LoginPage::default()
    };
    show_login(visit, page, status_of(ErrorCode::Unauthenticated))
}

fn show_login(visit: &Visit, page: LoginPage, status: StatusCode) -> Response {
    let page =
        LoginPage { ui: visit.ui(Area::Account), demo_accounts: demo_accounts(visit), ..page };
    let mut response = show_with(status, &page);
    set_seed(visit, &mut response);
    response
}

/// Everybody who may sign in, in a demonstration only.
fn demo_accounts(visit: &Visit) -> Vec<DemoAccount> {
    if !visit.app().settings().demo {
        return Vec::new();
    }
    let accounts = &visit.app().content().demo_accounts.accounts;
    accounts.iter().map(|account| demo_account(visit, account)).collect()
}

fn demo_account(visit: &Visit, account: &Invented) -> DemoAccount {
    let (content, lang) = (visit.app().content(), visit.lang());
    let role = account.roles.first().and_then(|bound| {
        let name = say(lang, &content.roles.get(&bound.role)?.name);
        let unit = content.units.name(&bound.unit).unwrap_or_default();
        Some(format!("{name}, {unit}"))
    });
    let is_officer = account.kind == DemoAccountKind::Officer;
    let words = lang.t("mã một lần hiện ở bước sau", "the one-time code is shown on the next page");
    DemoAccount {
        role: role.unwrap_or_else(|| lang.t("Công dân", "Citizen").to_owned()),
        name: account.name.clone(),
        username: account.login.clone(),
        password: account.password.clone(),
        code_hint: if is_officer { words.to_owned() } else { String::new() },
    }
}

/// `POST /dang-nhap`.
pub(crate) async fn sign_in_sent(posted: Posted) -> PageResult {
    let Posted { visit, fields, .. } = posted;
    let username = fields.text("username").to_owned();
    // A password is taken as it was typed: spaces may belong to it.
    let password = fields.get("password").unwrap_or_default();
    let page = LoginPage {
        next: fields.text("next").to_owned(),
        username: username.clone(),
        carried: carried(&fields),
        ..LoginPage::default()
    };
    if let Err(wait) = take_turn(&visit) {
        let mut response = show_refused_login(&visit, page, &Error::from(wait));
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.seconds));
        return Ok(response);
    }
    let empty = empty_boxes(visit.lang(), &username, password);
    if !empty.is_empty() {
        let page = LoginPage { faults: empty, ..page };
        return Ok(show_login(&visit, page, status_of(ErrorCode::Invalid)));
    }
    let (app, ctx) = (visit.app(), &visit.ctx);
    match accounts::sign_in(app, ctx, &username, password, &visit.browser).await {
        Ok(SignIn::Done(token)) => finish(&visit, &token, &page.next, page.carried).await,
        Ok(SignIn::CodeNeeded(token)) => {
            ask_for_code(&visit, &token, &page.next, page.carried).await
        }
        Err(error) if is_refusal(error.code) => Ok(show_refused_login(&visit, page, &error)),
        Err(error) => Err(visit.fail(error)),
    }
}

fn is_refusal(code: ErrorCode) -> bool {
    matches!(code, ErrorCode::Unauthenticated | ErrorCode::TooMany | ErrorCode::Forbidden)
}

/// So many sign-ins a minute from one address.
fn take_turn(visit: &Visit) -> Result<(), RetryAfter> {
    let Some(address) = visit.ctx.address.rate_key() else {
        return Ok(());
    };
    visit.state.sign_ins().take(&address, visit.ctx.now)
}

fn empty_boxes(lang: Lang, username: &str, password: &str) -> Vec<Fault> {
    let fault =
        |id: &str, message: &str| Fault { href: format!("#{id}"), message: message.to_owned() };
    let mut faults = Vec::new();
    if username.is_empty() {
        faults.push(fault("username", lang.t("Hãy nhập tên đăng nhập.", "Enter the user name.")));
    }
    if password.is_empty() {
        faults.push(fault("password", lang.t("Hãy nhập mật khẩu.", "Enter the password.")));
    }
    faults
}

fn show_refused_login(visit: &Visit, page: LoginPage, error: &Error) -> Response {
    let page = LoginPage { faults: faults_of(error), ..page };
    show_login(visit, page, status_of(error.code))
}

/// The problems of an error; its sentence where it has none.
fn faults_of(error: &Error) -> Vec<Fault> {
    match faults(error) {
        list if list.is_empty() => {
            vec![Fault { href: String::new(), message: error.message.clone() }]
        }
        list => list,
    }
}

/// Who a new token stands for; the session that the browser had before ends.
async fn recognise(visit: &Visit, token: &SessionToken) -> Result<Recognised, Failure> {
    let (app, ctx) = (visit.app(), &visit.ctx);
    if let Some(old) = visit.session {
        visit.ok(accounts::sign_out(app, ctx, old).await)?;
    }
    let known = visit.ok(accounts::recognise_session(app, token, ctx.now).await)?;
    known.ok_or_else(|| visit.fail(Error::internal("a session just opened is not there")))
}

fn put_session(visit: &Visit, token: &SessionToken, response: &mut Response) {
    set_cookie(response, &visit.cookie(SESSION_COOKIE, &token.expose(), None));
}

/// The password was right: on to the page for the code.
async fn ask_for_code(
    visit: &Visit,
    token: &SessionToken,
    next: &str,
    carried: Option<CarriedForm>,
) -> PageResult {
    let mut response = match carried {
        None => go(&format!("/dang-nhap/ma?next={}", encode(next))),
        // A form does not fit into an address: the page is shown at once.
        Some(form) => {
            let fingerprint = token.fingerprint();
            let ui = Shell {
                csrf: visit.state.forms().for_session(&fingerprint),
                ..visit.ui(Area::Account)
            };
            let demo_code = demo_code(visit, fingerprint).await?;
            let next = next.to_owned();
            let page = CodePage { ui, next, demo_code, carried: Some(form), ..CodePage::default() };
            show_with(StatusCode::OK, &page)
        }
    };
    put_session(visit, token, &mut response);
    Ok(response)
}

async fn demo_code(
    visit: &Visit,
    session: access::session::SessionFingerprint,
) -> Result<Option<String>, Failure> {
    let (app, ctx) = (visit.app(), &visit.ctx);
    match visit.ok(accounts::awaiting_account(app, session).await)? {
        Some(account) => visit.ok(accounts::demo_code(app, ctx, account).await),
        None => Ok(None),
    }
}

/// `GET /dang-nhap/ma?next=`.
pub(crate) async fn code(asked: Asked, visit: Visit) -> PageResult {
    let Some(session) = visit.session.filter(|_| visit.code_needed) else {
        return Ok(go(&format!("/dang-nhap?next={}", encode(asked.text("next")))));
    };
    let page = CodePage {
        ui: visit.ui(Area::Account),
        next: asked.text("next").to_owned(),
        demo_code: demo_code(&visit, session).await?,
        ..CodePage::default()
    };
    Ok(show_with(StatusCode::OK, &page))
}

/// `POST /dang-nhap/ma`.
pub(crate) async fn code_sent(posted: Posted) -> PageResult {
    let Posted { visit, fields, .. } = posted;
    let next = fields.text("next");
    let Some(session) = visit.session.filter(|_| visit.code_needed) else {
        return Ok(go(&format!("/dang-nhap?next={}", encode(next))));
    };
    let typed: String = fields.text("code").chars().filter(char::is_ascii_digit).collect();
    let given = match take_turn(&visit) {
        Ok(()) => accounts::give_code(visit.app(), &visit.ctx, session, &typed).await,
        Err(wait) => Err(Error::from(wait)),
    };
    match given {
        Ok(token) => finish(&visit, &token, next, carried(&fields)).await,
        Err(error) if error.code == ErrorCode::Expired => {
            Ok(go(&format!("/dang-nhap?{CODE_LATE}=1&next={}", encode(next))))
        }
        Err(error) if is_refusal(error.code) => {
            let page = CodePage {
                ui: visit.ui(Area::Account),
                next: next.to_owned(),
                faults: faults_of(&error),
                demo_code: demo_code(&visit, session).await?,
                carried: carried(&fields),
            };
            Ok(show_with(status_of(error.code), &page))
        }
        Err(error) => Err(visit.fail(error)),
    }
}

/// Signed in: on to where one was going, or to the form that was carried along.
async fn finish(
    visit: &Visit,
    token: &SessionToken,
    next: &str,
    carried: Option<CarriedForm>,
) -> PageResult {
    let known = recognise(visit, token).await?;
    if known.password_due {
        let mut response = ask_for_password(visit, token, next, carried);
        put_session(visit, token, &mut response);
        return Ok(response);
    }
    let access::Actor::Account(account) = known.actor.clone() else {
        return Err(visit.fail(Error::internal("a session just opened is nobody's")));
    };
    let mut response = match carried {
        None => go(&landing(next, account.is_officer())),
        Some(form) => resume(visit, token, account, form).await?,
    };
    put_session(visit, token, &mut response);
    Ok(response)
}

fn password_page(next: &str) -> String {
    format!("/dang-nhap/mat-khau?next={}", encode(next))
}

/// Signed in, but the password must be changed first. A form that is carried along does not fit into
/// an address: then the page is shown at once.
fn ask_for_password(
    visit: &Visit,
    token: &SessionToken,
    next: &str,
    carried: Option<CarriedForm>,
) -> Response {
    if carried.is_none() {
        return go(&password_page(next));
    }
    let csrf = visit.state.forms().for_session(&token.fingerprint());
    let ui = Shell { csrf, ..visit.ui(Area::Account) };
    let page = PasswordPage { ui, next: next.to_owned(), carried, ..PasswordPage::default() };
    show_with(StatusCode::OK, &page)
}

/// `GET /dang-nhap/mat-khau?next=`.
pub(crate) async fn password(asked: Asked, visit: Visit) -> PageResult {
    if !visit.password_due {
        return Ok(go(&format!("/dang-nhap?next={}", encode(asked.text("next")))));
    }
    let page = PasswordPage {
        ui: visit.ui(Area::Account),
        next: asked.text("next").to_owned(),
        ..PasswordPage::default()
    };
    Ok(show_with(StatusCode::OK, &page))
}

/// `POST /dang-nhap/mat-khau`.
pub(crate) async fn password_sent(posted: Posted) -> PageResult {
    let Posted { visit, fields, .. } = posted;
    let next = fields.text("next");
    let Some(session) = visit.session.filter(|_| visit.password_due) else {
        return Ok(go(&format!("/dang-nhap?next={}", encode(next))));
    };
    let box_of = |name: &str| fields.get(name).unwrap_or_default();
    let (app, ctx) = (visit.app(), &visit.ctx);
    let (new, again) = (box_of("new"), box_of("again"));
    match accounts::change_due_password(app, ctx, session, new, again).await {
        Ok(token) => finish(&visit, &token, next, carried(&fields)).await,
        Err(error) if error.code == ErrorCode::Invalid => {
            let page = PasswordPage {
                ui: visit.ui(Area::Account),
                next: next.to_owned(),
                faults: faults_of(&error),
                carried: carried(&fields),
            };
            Ok(show_with(status_of(error.code), &page))
        }
        Err(error) => Err(visit.fail(error)),
    }
}

/// A form that was begun opens at once; any other is sent again by one button.
async fn resume(
    visit: &Visit,
    token: &SessionToken,
    account: access::AccountRef,
    form: CarriedForm,
) -> PageResult {
    let viewer = Viewer {
        name: account.name.clone(),
        is_officer: account.is_officer(),
        ..Viewer::default()
    };
    if let Some(slug) = filing::start_of(&form.action) {
        let ctx = access::OpContext { actor: access::Actor::Account(account), ..visit.ctx.clone() };
        let fields = Fields::from_pairs(form.fields);
        return Ok(match filing::begin(visit.app(), &ctx, slug, &fields).await {
            Ok(first) => go(&first),
            // The page of the procedure says what is wrong.
            Err(_) => go(&format!("/thu-tuc/{slug}")),
        });
    }
    let csrf = visit.state.forms().for_session(&token.fingerprint());
    let ui = Shell { csrf, viewer: Some(viewer), ..visit.ui(Area::Other) };
    Ok(show_with(StatusCode::OK, &ResumePage { ui, carried: form }))
}

/// Where one goes after signing in: back, or to one's own beginning.
fn landing(next: &str, is_officer: bool) -> String {
    let home = if is_officer { "/can-bo" } else { "/ho-so" };
    match safe_next(next) {
        "/" => home.to_owned(),
        path if path.starts_with("/dang-nhap") => home.to_owned(),
        path => path.to_owned(),
    }
}

/// The form that is carried through the sign-in, if there is one and it goes to this site.
fn carried(fields: &Fields) -> Option<CarriedForm> {
    let action = fields.text("_action");
    if action.is_empty() || safe_next(action) != action {
        return None;
    }
    let pairs = fields.pairs().iter();
    let carried = pairs
        .filter_map(|(name, value)| Some((name.strip_prefix(CARRIED)?.to_owned(), value.clone())));
    Some(CarriedForm { action: action.to_owned(), fields: carried.collect() })
}

/// `POST /dang-xuat`.
pub(crate) async fn sign_out(posted: Posted) -> PageResult {
    let visit = posted.visit;
    if let Some(session) = visit.session {
        visit.ok(accounts::sign_out(visit.app(), &visit.ctx, session).await)?;
    }
    let mut response = go("/").into_response();
    set_cookie(&mut response, &visit.cookie(SESSION_COOKIE, "", Some(0)));
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Fields::from_pairs(pairs.iter().map(own).collect())
    }

    #[test]
    fn after_signing_in_one_lands_where_one_was_going_or_at_ones_own_beginning() {
        assert_eq!(landing("", false), "/ho-so");
        assert_eq!(landing("/", true), "/can-bo");
        assert_eq!(landing("/ho-so/H20.15-261122-0001", false), "/ho-so/H20.15-261122-0001");
        assert_eq!(landing("https://khac.example.vn", false), "/ho-so");
        assert_eq!(landing("//khac.example.vn", true), "/can-bo");
        assert_eq!(landing("/dang-nhap/ma", false), "/ho-so");
    }

    #[test]
    fn a_carried_form_keeps_its_fields_in_order_and_goes_nowhere_else() {
        let found = carried(&fields(&[
            ("username", "me"),
            ("_action", "/nhap/1/child-part"),
            ("_f.child_name", "An"),
            ("_f.chon", "1"),
            ("_f.chon", "2"),
        ]))
        .unwrap();
        assert_eq!(found.action, "/nhap/1/child-part");
        let names: Vec<&str> = found.fields.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["child_name", "chon", "chon"]);
        assert!(carried(&fields(&[("_action", "https://khac.example.vn")])).is_none());
        assert!(carried(&fields(&[("_f.a", "1")])).is_none());
    }

    #[test]
    fn a_form_about_to_begin_is_known_by_its_address() {
        assert_eq!(
            filing::start_of("/thu-tuc/birth-registration/bat-dau"),
            Some("birth-registration")
        );
        assert_eq!(filing::start_of("/thu-tuc/a/b/bat-dau"), None);
        assert_eq!(filing::start_of("/nhap/1/child-part"), None);
    }
}
