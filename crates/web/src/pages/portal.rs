//! The portal's open pages.

mod following;
mod procedure;

pub(crate) use following::track;
pub(crate) use procedure::{procedure, show_procedure};

use app::{App, dossiers, drafts, procedures};
use axum::Json;
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use kernel::error::Error;
use kernel::format::vi;

use crate::failure::{ApiFailure, Failure, PageResult, encode, go, show};
use crate::page::filing::CommuneOption;
use crate::page::parts::Link;
use crate::page::portal::{
    AccessibilityPage, HelpPage, HomePage, JobView, OfficeView, SearchPage, WaitingView,
};
use crate::page::shell::{Area, Shell};
use crate::pages::account::set_seed;
use crate::pages::asked::Asked;
use crate::pages::describe;
use crate::pages::fields::say;
use crate::visit::{LANGUAGE_COOKIE, TEXT_SIZE_COOKIE, Visit, safe_next};

/// Jobs on the first page.
const COMMON_JOBS: usize = 6;
/// Most procedures that a search shows.
const MOST_HITS: usize = 20;
/// How long the choice of language and text size is kept, in seconds: a year.
const CHOICE_SECONDS: u32 = 365 * 24 * 3600;
/// Of one's own dossiers so many are looked through for one that waits for the applicant.
const RECENT: i64 = 50;

/// `GET /`.
pub(crate) async fn home(visit: Visit) -> PageResult {
    let page = HomePage {
        ui: visit.ui(Area::Other),
        jobs: common(&visit),
        waiting: waiting(&visit).await?,
    };
    Ok(show(&page))
}

/// The commonest jobs.
fn common(visit: &Visit) -> Vec<JobView> {
    let list = procedures::in_force(visit.app(), &visit.ctx);
    let common = list.iter().filter(|procedure| procedure.common_rank.is_some());
    common.take(COMMON_JOBS).map(|procedure| job(visit, procedure)).collect()
}

fn job(visit: &Visit, procedure: &pack::model::Procedure) -> JobView {
    describe::job(visit.app(), procedure, visit.lang(), visit.ctx.now.date())
}

/// What waits for the citizen who is signed in: requests for more papers, then forms not sent.
async fn waiting(visit: &Visit) -> Result<Vec<WaitingView>, Failure> {
    let Some(account) = visit.ctx.account() else {
        return Ok(Vec::new());
    };
    if account.is_officer() {
        return Ok(Vec::new());
    }
    let (app, ctx, lang) = (visit.app(), &visit.ctx, visit.lang());
    let mine = visit.ok(dossiers::mine(app, ctx, None, RECENT).await)?;
    let asked = mine.iter().filter(|(row, _)| row.state == "waiting-applicant");
    let mut waiting: Vec<WaitingView> = asked
        .map(|(row, procedure)| WaitingView {
            href: format!("/ho-so/{}", row.code),
            text: format!(
                "{}: {}",
                lang.t("Bổ sung hồ sơ", "Send what is missing"),
                say(lang, &procedure.name)
            ),
            detail: row.code.clone(),
        })
        .collect();
    let open = visit.ok(drafts::mine(app, ctx).await)?;
    waiting.extend(open.iter().filter(|draft| draft.dossier.is_none()).map(|draft| WaitingView {
        href: format!("/nhap/{}/tiep-tuc", draft.id),
        text: format!(
            "{}: {}",
            lang.t("Làm tiếp bản nháp", "Go on with the draft"),
            say(lang, &draft.procedure.name)
        ),
        detail: format!("{} {}", lang.t("lưu lúc", "saved"), vi::moment(draft.updated_at)),
    }));
    Ok(waiting)
}

/// `GET /tim?q=`.
pub(crate) async fn search(asked: Asked, visit: Visit) -> PageResult {
    let words: String = asked.text("q").chars().take(200).collect();
    let hits = found(&visit, &words);
    let suggestion = if hits.is_empty() { suggestion(&visit, &words) } else { None };
    let page = SearchPage {
        common: if hits.is_empty() { common(&visit) } else { Vec::new() },
        ui: Shell { query: words, ..visit.ui(Area::Other) },
        hits,
        suggestion,
    };
    Ok(show(&page))
}

fn found(visit: &Visit, words: &str) -> Vec<JobView> {
    if words.is_empty() {
        return Vec::new();
    }
    let found = procedures::search(visit.app(), &visit.ctx, words, MOST_HITS);
    found.iter().map(|procedure| job(visit, procedure)).collect()
}

/// Fewer of the words, where all together find nothing.
fn suggestion(visit: &Visit, words: &str) -> Option<Link> {
    let words: Vec<&str> = words.split_whitespace().take(12).collect();
    let shorter = (1..words.len()).rev().flat_map(|length| words.windows(length));
    let finds = |query: &String| !found(visit, query).is_empty();
    let query = shorter.map(|words| words.join(" ")).find(finds)?;
    Some(Link { href: format!("/tim?q={}", encode(&query)), text: query })
}

/// `GET /tro-giup`.
pub(crate) async fn help(visit: Visit) -> PageResult {
    let office = province_office(visit.app());
    let offices = office.map(|office| office_view(&visit, office)).into_iter().collect();
    Ok(show(&HelpPage { ui: visit.ui(Area::Help), offices }))
}

fn province_office(app: &App) -> Option<&pack::model::Office> {
    app.content().offices.get(&app.content().settings.province)
}

/// An office for people.
fn office_view(visit: &Visit, office: &pack::model::Office) -> OfficeView {
    let calendar = &visit.app().content().calendar;
    OfficeView {
        name: office.name.clone(),
        address: office.address.clone(),
        phone: office.phone.clone(),
        hours: describe::hours(calendar, visit.ctx.now.date(), visit.lang()),
    }
}

/// `GET /tiep-can`.
pub(crate) async fn accessibility(visit: Visit) -> PageResult {
    Ok(show(&AccessibilityPage { ui: visit.ui(Area::Help), checked_on: String::new() }))
}

/// `GET /don-vi/{province}.json`: the communes of a province.
pub(crate) async fn communes(
    Path(file): Path<String>,
    visit: Visit,
) -> Result<Response, ApiFailure> {
    let units = &visit.app().content().units;
    let province = file.strip_suffix(".json").and_then(|code| units.province(code));
    let province = province.ok_or_else(|| Error::not_found("Không có tỉnh, thành phố này."))?;
    let option = |commune: &kernel::unit::Commune| CommuneOption {
        code: commune.code.to_string(),
        name: commune.name.clone(),
    };
    let list: Vec<CommuneOption> =
        units.communes_of(province.code.as_str()).iter().map(option).collect();
    let mut response = Json(list).into_response();
    let keep = HeaderValue::from_static("public, max-age=86400");
    response.headers_mut().insert(header::CACHE_CONTROL, keep);
    Ok(response)
}

/// `GET /ngon-ngu?chon=vi|en&next=`.
pub(crate) async fn language(asked: Asked, visit: Visit) -> Response {
    let chosen = if asked.text("chon") == "en" { "en" } else { "vi" };
    choose(&visit, &asked, LANGUAGE_COOKIE, chosen)
}

/// `GET /co-chu?chon=lon|thuong&next=`.
pub(crate) async fn text_size(asked: Asked, visit: Visit) -> Response {
    let chosen = if asked.text("chon") == "lon" { "lon" } else { "thuong" };
    choose(&visit, &asked, TEXT_SIZE_COOKIE, chosen)
}

fn choose(visit: &Visit, asked: &Asked, cookie: &str, value: &str) -> Response {
    let mut response = go(safe_next(asked.text("next")));
    if let Ok(value) = visit.cookie(cookie, value, Some(CHOICE_SECONDS)).parse() {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// Every address that is none of ours.
pub(crate) async fn nothing_here(visit: Visit) -> Response {
    let error = Error::not_found(
        "Không có trang nào ở địa chỉ này. Có thể địa chỉ gõ chưa đúng hoặc trang đã được chuyển; \
         ông/bà tìm từ trang đầu giúp.",
    );
    let ui = visit.ui(Area::Other);
    if ui.path.starts_with("/api/") {
        return ApiFailure(error).into_response();
    }
    visit.fail(error).into_response()
}

/// A page with a form that is shown to whoever has not signed in.
fn show_open(visit: &Visit, page: &impl askama::Template) -> Response {
    let mut response = show(page);
    set_seed(visit, &mut response);
    response
}
