//! What comes with a request for a page: who asks, in which session, in which language.

use access::session::{SessionFingerprint, SessionToken};
use access::{Actor, Language, OpContext, Purpose};
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header;
use axum::http::request::Parts;
use kernel::error::{Error, ErrorCode, Result};
use kernel::moment::Moment;

use crate::failure::{Failure, encode};
use crate::guard::{Client, RequestId};
use crate::page::parts::Link;
use crate::page::shell::{Area, Lang, Shell, Viewer};
use crate::state::WebState;

/// Cookie of the session.
pub(crate) const SESSION_COOKIE: &str = "phien";
/// Cookie with the seed of form tokens for somebody who has not signed in.
pub(crate) const SEED_COOKIE: &str = "hat";
/// Cookie of the language: `vi` or `en`.
pub(crate) const LANGUAGE_COOKIE: &str = "ngon_ngu";
/// Cookie of the text size: `lon` or `thuong`.
pub(crate) const TEXT_SIZE_COOKIE: &str = "co_chu";
/// Name of the form whose tokens are shown to somebody who has not signed in.
pub(crate) const OPEN_FORM: &str = "open";
/// How long such a token holds, in minutes.
pub(crate) const OPEN_FORM_MINUTES: u32 = 12 * 60;

/// A request for a page.
#[derive(Clone)]
pub(crate) struct Visit {
    /// The program.
    pub(crate) state: WebState,
    /// Who, why, when.
    pub(crate) ctx: OpContext,
    /// The session, also one that still awaits its code.
    pub(crate) session: Option<SessionFingerprint>,
    /// The password was right but the code is missing.
    pub(crate) code_needed: bool,
    /// The password must be changed before anything else.
    pub(crate) password_due: bool,
    /// A cookie came whose session is over.
    pub(crate) session_over: bool,
    /// Seed of form tokens for somebody who has not signed in.
    pub(crate) seed: String,
    /// The seed is new: its cookie is yet to be set.
    pub(crate) seed_is_new: bool,
    /// Kind of browser, for the list of sessions.
    pub(crate) browser: String,
    shell: Shell,
}

impl Visit {
    /// The application.
    pub(crate) fn app(&self) -> &app::App {
        self.state.app()
    }

    /// What stands around the page, for an entry of the navigation. The workbench speaks Vietnamese.
    pub(crate) fn ui(&self, area: Area) -> Shell {
        let lang = match area {
            Area::Worklist | Area::Registers | Area::Audit | Area::LawReview | Area::LawLists => {
                Lang::Vi
            }
            _ => self.shell.lang,
        };
        Shell { area, lang, ..self.shell.clone() }
    }

    /// The account that asks; without one, the way to the sign-in page.
    pub(crate) fn signed_in(&self) -> Result<&access::AccountRef, Failure> {
        self.ctx.account().ok_or_else(|| self.fail(Error::new(ErrorCode::Unauthenticated)))
    }

    /// An officer; citizens have no workbench.
    pub(crate) fn officer(&self) -> Result<&access::AccountRef, Failure> {
        let account = self.signed_in()?;
        if account.is_officer() {
            return Ok(account);
        }
        Err(self.fail(Error::forbidden(
            "Trang này dành cho cán bộ, công chức. Ông/bà xem hồ sơ của mình tại mục Hồ sơ của tôi.",
        )))
    }

    /// An error within this page's surroundings.
    pub(crate) fn fail(&self, error: Error) -> Failure {
        Failure::from(error).within(&self.shell)
    }

    /// The result of a use case, its error within this page's surroundings.
    pub(crate) fn ok<T>(&self, result: Result<T>) -> Result<T, Failure> {
        result.map_err(|error| self.fail(error))
    }

    /// Is the interface in English?
    pub(crate) fn lang(&self) -> Lang {
        self.shell.lang
    }

    /// A `Set-Cookie` value: not readable by scripts, sent to this site only.
    pub(crate) fn cookie(&self, name: &str, value: &str, seconds: Option<u32>) -> String {
        let secure = if self.app().settings().is_https() { "; Secure" } else { "" };
        let age = seconds.map_or_else(String::new, |seconds| format!("; Max-Age={seconds}"));
        format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}")
    }

    /// Checks the token of a form.
    pub(crate) fn check_token(&self, token: &str) -> Result<()> {
        let forms = self.state.forms();
        match self.session {
            Some(session) => forms.check_session(&session, token),
            None => forms
                .check_seed(&self.seed, OPEN_FORM, token, self.ctx.now, OPEN_FORM_MINUTES)
                .map_err(Error::from),
        }
    }
}

impl FromRequestParts<WebState> for Visit {
    type Rejection = Failure;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &WebState,
    ) -> Result<Self, Self::Rejection> {
        let app = state.app();
        let now = app.now();
        let request_id = parts
            .extensions
            .get::<RequestId>()
            .map_or_else(String::new, |RequestId(id)| id.clone());
        let address = parts.extensions.get::<Client>().map(|client| client.0).unwrap_or_default();
        let headers = &parts.headers;
        let lang = match cookie(headers, LANGUAGE_COOKIE) {
            Some("en") => Lang::En,
            _ => Lang::Vi,
        };
        let path = parts.uri.path_and_query().map_or_else(String::new, ToString::to_string);
        let large_text = cookie(headers, TEXT_SIZE_COOKIE) == Some("lon");
        let other = if lang.is_en() { "vi" } else { "en" };
        let size = if large_text { "thuong" } else { "lon" };
        let shell = Shell {
            lang_href: format!("/ngon-ngu?chon={other}&next={}", encode(&path)),
            text_size_href: format!("/co-chu?chon={size}&next={}", encode(&path)),
            path,
            large_text,
            request_id: request_id.clone(),
            ..state.shell(lang)
        };
        let token = cookie(headers, SESSION_COOKIE).and_then(SessionToken::parse);
        let recognised = match &token {
            Some(token) => app::accounts::recognise_session(app, token, now)
                .await
                .map_err(|error| Failure::from(error).within(&shell))?,
            None => None,
        };
        let session_over = token.is_some() && recognised.is_none();
        let (seed, seed_is_new) = match cookie(headers, SEED_COOKIE) {
            Some(seed) if seed.len() >= 16 => (seed.to_owned(), false),
            _ => (access::form_token::FormTokens::seed()?, true),
        };
        let session = recognised.as_ref().and_then(|known| known.session);
        let actor = recognised.as_ref().map_or(Actor::Nobody, |known| known.actor.clone());
        let ctx = OpContext {
            actor,
            request_id,
            now,
            purpose: None,
            address,
            language: if lang.is_en() { Language::En } else { Language::Vi },
        };
        let csrf = match &session {
            Some(session) => state.forms().for_session(session),
            None => state.forms().for_seed(&seed, OPEN_FORM, now),
        };
        let shell = Shell {
            csrf,
            viewer: viewer(app, &ctx),
            session_seconds: recognised
                .as_ref()
                .and_then(|known| known.ends_at)
                .map(|end| seconds_until(end, now)),
            ..shell
        };
        let browser = headers
            .get(header::USER_AGENT)
            .and_then(|value| value.to_str().ok())
            .map_or_else(String::new, browser_name);
        Ok(Self {
            state: state.clone(),
            code_needed: recognised.as_ref().is_some_and(|known| known.code_needed),
            password_due: recognised.as_ref().is_some_and(|known| known.password_due),
            session,
            session_over,
            seed,
            seed_is_new,
            browser,
            ctx,
            shell,
        })
    }
}

/// The value of a cookie.
pub(crate) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

fn seconds_until(end: Moment, now: Moment) -> u32 {
    u32::try_from(end.micros_since(now) / 1_000_000).unwrap_or(0)
}

fn viewer(app: &app::App, ctx: &OpContext) -> Option<Viewer> {
    let account = ctx.account()?;
    let content = app.content();
    let binding = ctx.bindings_in_force().next();
    let role = binding.and_then(|binding| content.roles.get(&binding.role));
    let unit = binding.and_then(|binding| content.offices.get(binding.unit.as_str()));
    // Whether the menu offers it; the reason is asked, and judged, on the page itself.
    let with_reason =
        OpContext { purpose: Some(Purpose::Reason("menu".to_owned())), ..ctx.clone() };
    let may = |action| !app.authorizer().units_where(&with_reason, action).is_empty();
    let is_officer = account.is_officer();
    let registers = if is_officer && may(access::Action::EntrySearch) {
        content
            .registers
            .values()
            .map(|register| Link {
                href: format!("/can-bo/so/{}", register.id),
                text: register.name.vi.clone(),
            })
            .collect()
    } else {
        Vec::new()
    };
    Some(Viewer {
        name: account.name.clone(),
        role: role.map(|role| role.name.vi.clone()).unwrap_or_default(),
        unit: unit.map(|office| office.name.clone()).unwrap_or_default(),
        is_officer,
        registers,
        can_list: is_officer && may(access::Action::DossierList),
        can_audit: is_officer && may(access::Action::AuditView),
        can_review: is_officer && may(access::Action::LawReview),
    })
}

/// "Chrome trên Android": enough to know one's own sessions, no more.
fn browser_name(agent: &str) -> String {
    let find = |names: &[(&str, &str)]| {
        names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| (*name).to_owned())
    };
    let browser = find(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = find(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} trên {system}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => "Trình duyệt khác".to_owned(),
    }
}

/// Only a path of this site may be gone back to.
pub(crate) fn safe_next(next: &str) -> &str {
    let fine = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains(['\\', '\r', '\n'])
        && next.len() < 500;
    if fine { next } else { "/" }
}
