//! Every route, once: the router, the OpenAPI document and the test that walks all routes as nobody
//! and as the wrong person are made from this table.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{MethodRouter, delete, get, post};

use crate::pages::{account, audit, dossier, filing, law, portal, register, verify, workbench};
use crate::state::WebState;
use crate::{api, assets, guard, health, law_review, metrics};

/// Who may come to a route. What exactly may be done there the policies say; this is the first gate,
/// and what the walking test expects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Anybody.
    Anyone,
    /// Whoever is signed in.
    SignedIn,
    /// Officers only.
    Officer,
    /// Whoever has an API token.
    Token,
}

/// A route.
pub struct Route {
    /// `GET`, `POST` or `DELETE`.
    pub method: &'static str,
    /// Path with parameters in braces.
    pub path: &'static str,
    /// Who may come.
    pub who: Who,
    handler: MethodRouter<WebState>,
}

fn route(
    method: &'static str,
    path: &'static str,
    who: Who,
    handler: MethodRouter<WebState>,
) -> Route {
    Route { method, path, who, handler }
}

/// All routes.
#[must_use]
pub fn routes() -> Vec<Route> {
    use Who::{Anyone, Officer, SignedIn, Token};
    vec![
        // Portal, open pages.
        route("GET", "/", Anyone, get(portal::home)),
        route("GET", "/tim", Anyone, get(portal::search)),
        route("GET", "/thu-tuc/{slug}", Anyone, get(portal::procedure)),
        route("GET", "/theo-doi", Anyone, get(portal::track)),
        route("GET", "/tro-giup", Anyone, get(portal::help)),
        route("GET", "/tiep-can", Anyone, get(portal::accessibility)),
        route("GET", "/don-vi/{file}", Anyone, get(portal::communes)),
        route("GET", "/ngon-ngu", Anyone, get(portal::language)),
        route("GET", "/co-chu", Anyone, get(portal::text_size)),
        route("GET", "/verify", Anyone, get(verify::verify)),
        route("POST", "/verify", Anyone, post(verify::verify_sent)),
        route("GET", "/verify/keys.json", Anyone, get(verify::keys)),
        route("GET", "/verify/root.pem", Anyone, get(verify::root)),
        // The law.
        route("GET", "/law", Anyone, get(law::search)),
        route("GET", "/law/ask", Anyone, get(law::ask)),
        route("GET", "/law/{document}", Anyone, get(law::document)),
        route("GET", "/law/{document}/{*path}", Anyone, get(law::place)),
        // Account.
        route("GET", "/dang-nhap", Anyone, get(account::sign_in)),
        route("POST", "/dang-nhap", Anyone, post(account::sign_in_sent)),
        route("GET", "/dang-nhap/ma", Anyone, get(account::code)),
        route("POST", "/dang-nhap/ma", Anyone, post(account::code_sent)),
        route("GET", "/dang-nhap/mat-khau", Anyone, get(account::password)),
        route("POST", "/dang-nhap/mat-khau", Anyone, post(account::password_sent)),
        route("POST", "/dang-xuat", SignedIn, post(account::sign_out)),
        route("GET", "/tai-khoan", SignedIn, get(account::account)),
        route("POST", "/tai-khoan", SignedIn, post(account::account_sent)),
        // Filing.
        route("POST", "/thu-tuc/{slug}/bat-dau", SignedIn, post(filing::start)),
        route("GET", "/nhap/{draft}/kiem-tra", SignedIn, get(filing::check)),
        route("GET", "/nhap/{draft}/noi-giai-quyet", SignedIn, get(filing::office)),
        route("POST", "/nhap/{draft}/noi-giai-quyet", SignedIn, post(filing::office_sent)),
        route("POST", "/nhap/{draft}/nop", SignedIn, post(filing::send)),
        route("POST", "/nhap/{draft}/xoa", SignedIn, post(filing::remove)),
        route("POST", "/nhap/{draft}/tu-luu", SignedIn, post(filing::autosave)),
        route("POST", "/nhap/{draft}/tep", SignedIn, post(filing::upload)),
        route("GET", "/nhap/{draft}/tep/{upload}", SignedIn, get(filing::file)),
        route("POST", "/nhap/{draft}/tep/{upload}/xoa", SignedIn, post(filing::remove_file)),
        route("GET", "/nhap/{draft}/{section}", SignedIn, get(filing::section)),
        route("POST", "/nhap/{draft}/{section}", SignedIn, post(filing::section_sent)),
        // One's own dossiers.
        route("GET", "/ho-so", SignedIn, get(dossier::mine)),
        route("GET", "/ho-so/{code}", SignedIn, get(dossier::detail)),
        route("GET", "/ho-so/{code}/bo-sung", SignedIn, get(dossier::supplement)),
        route("POST", "/ho-so/{code}/hanh-dong/{action}", SignedIn, post(dossier::act)),
        route("GET", "/ho-so/{code}/tai-lieu/{document}", SignedIn, get(dossier::document)),
        route("GET", "/ho-so/{code}/tep/{upload}", SignedIn, get(dossier::attachment)),
        route("POST", "/ho-so/{code}/danh-gia", SignedIn, post(dossier::rate)),
        route("GET", "/du-lieu-cua-toi", SignedIn, get(dossier::accesses)),
        // Workbench.
        route("GET", "/can-bo", Officer, get(workbench::worklist)),
        route("GET", "/can-bo/xuat.csv", Officer, get(workbench::export)),
        route("GET", "/can-bo/ho-so/{code}", Officer, get(workbench::dossier)),
        route("GET", "/can-bo/ho-so/{code}/hanh-dong/{action}", Officer, get(workbench::action)),
        route(
            "POST",
            "/can-bo/ho-so/{code}/hanh-dong/{action}",
            Officer,
            post(workbench::action_sent),
        ),
        route("GET", "/can-bo/so/{register}", Officer, get(register::search)),
        route("GET", "/can-bo/so/{register}/{entry}", Officer, get(register::entry)),
        route("GET", "/can-bo/nhat-ky", Officer, get(audit::audit)),
        // Review and systematisation of documents.
        route("GET", "/can-bo/law-reviews", Officer, get(law_review::list)),
        route("POST", "/can-bo/law-reviews", Officer, post(law_review::start)),
        route("GET", "/can-bo/law-reviews/{review}", Officer, get(law_review::open)),
        route("GET", "/can-bo/law-reviews/{review}/report.docx", Officer, get(law_review::docx)),
        route("GET", "/can-bo/law-reviews/{review}/report.pdf", Officer, get(law_review::pdf)),
        route(
            "POST",
            "/can-bo/law-reviews/{review}/findings/{finding}",
            Officer,
            post(law_review::decide),
        ),
        route("GET", "/can-bo/law-lists", Officer, get(law_review::lists::show)),
        route("GET", "/can-bo/law-lists/list.xlsx", Officer, get(law_review::lists::xlsx)),
        route("GET", "/can-bo/law-lists/list.docx", Officer, get(law_review::lists::docx)),
        // JSON API.
        route("GET", "/api/docs", Anyone, get(api::docs::docs)),
        route("GET", "/api/v1/openapi.json", Anyone, get(api::docs::openapi)),
        route("GET", "/api/v1/procedures", Anyone, get(api::procedures::list)),
        route("GET", "/api/v1/procedures/{code}", Anyone, get(api::procedures::detail)),
        route("POST", "/api/v1/tokens", Anyone, post(api::tokens::create)),
        route("GET", "/api/v1/tokens", Token, get(api::tokens::list)),
        route("DELETE", "/api/v1/tokens/{token}", Token, delete(api::tokens::end)),
        route("GET", "/api/v1/dossiers", Token, get(api::dossiers::list)),
        route("POST", "/api/v1/dossiers", Token, post(api::dossiers::create)),
        route("POST", "/api/v1/dossiers/check", Token, post(api::dossiers::check)),
        route("GET", "/api/v1/dossiers/{code}", Token, get(api::dossiers::detail)),
        route("GET", "/api/v1/dossiers/{code}/timeline", Token, get(api::dossiers::timeline)),
        route("POST", "/api/v1/dossiers/{code}/actions/{action}", Token, post(api::dossiers::act)),
        route("POST", "/api/v1/dossiers/{code}/rating", Token, post(api::dossiers::rate)),
        route("POST", "/api/v1/files", Token, post(api::files::upload)),
        route("GET", "/api/v1/documents/{document}", Token, get(api::files::document)),
        route("GET", "/api/v1/tracking/{code}", Anyone, get(api::dossiers::track)),
        route("GET", "/api/v1/registers/{register}/entries", Token, get(api::registers::search)),
        route(
            "GET",
            "/api/v1/registers/{register}/entries/{entry}",
            Token,
            get(api::registers::entry),
        ),
        route("POST", "/api/v1/verifications", Anyone, post(api::verifications::verify)),
        route("GET", "/api/v1/law/search", Anyone, get(api::law::search)),
        route("GET", "/api/v1/law/ask", Anyone, get(api::law::ask)),
        route("GET", "/api/v1/law/documents/{key}", Anyone, get(api::law::document)),
        route(
            "GET",
            "/api/v1/law/documents/{key}/provisions/{*path}",
            Anyone,
            get(api::law::provision),
        ),
        route("GET", "/api/v1/law/documents/{key}/akoma-ntoso", Anyone, get(api::law::akoma_ntoso)),
        route("POST", "/api/v1/law/compare", Anyone, post(api::law::compare)),
        route("GET", "/api/v1/me/accesses", Token, get(api::registers::accesses)),
        // Machinery.
        route("GET", "/assets/{file}", Anyone, get(assets::asset)),
        route("GET", "/healthz", Anyone, get(health::alive)),
        route("GET", "/readyz", Anyone, get(health::ready)),
        route("GET", "/metrics", Anyone, get(metrics::metrics)),
    ]
}

/// Largest body of any request, in bytes: a file a little over the limit must still be answered with
/// a sentence.
const MOST_BYTES: usize = 120_000_000;

/// The router with everything around it.
pub fn router(state: WebState) -> Router {
    let table = routes()
        .into_iter()
        .fold(Router::new(), |router, route| router.route(route.path, route.handler));
    table
        .fallback(portal::nothing_here)
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .layer(middleware::from_fn_with_state(state.clone(), guard::guard))
        .with_state(state)
}
