//! Who decides: chosen when the form begins without it, and changed at any time before sending.

use app::{App, drafts};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::error::ErrorCode;

use super::frame::{Filing, OFFICE};
use super::starting::{FAULTY, unit};
use crate::failure::{PageResult, faults, go, show_with};
use crate::page::filing::OfficePage;
use crate::page::parts::{Fault, OptionView};
use crate::page::shell::Area;
use crate::posted::Posted;
use crate::visit::Visit;

/// `GET /nhap/{draft}/noi-giai-quyet`.
pub(crate) async fn office(Path(id): Path<String>, visit: Visit) -> PageResult {
    let filing = Filing::open(&visit, &id).await?;
    if !filing.draft.has_choice_of_office() {
        return Ok(go(&filing.first_page(visit.app(), visit.ctx.now.date())));
    }
    let chosen = filing.draft.unit.as_ref().map(ToString::to_string).unwrap_or_default();
    Ok(show_office(&visit, &filing, &chosen, Vec::new()))
}

/// `POST /nhap/{draft}/noi-giai-quyet`: saves, and goes on to the questions.
pub(crate) async fn office_sent(Path(id): Path<String>, posted: Posted) -> PageResult {
    let Posted { visit, fields, .. } = posted;
    let filing = Filing::open(&visit, &id).await?;
    let (app, ctx) = (visit.app(), &visit.ctx);
    let code = fields.text(drafts::OFFICE);
    let saved = match unit(code) {
        Ok(unit) => {
            let nothing = dossier::Answers::new();
            drafts::save(app, ctx, filing.draft.id, nothing, Some(unit)).await.map(|_| ())
        }
        Err(error) => Err(error),
    };
    match saved {
        Ok(()) if fields.has("luu-sau") => Ok(go("/ho-so")),
        Ok(()) => Ok(go(&filing.first_section(app, ctx.now.date()))),
        Err(error) if error.code == ErrorCode::Invalid => {
            Ok(show_office(&visit, &filing, code, faults(&error)))
        }
        Err(error) => Err(visit.fail(error)),
    }
}

fn show_office(visit: &Visit, filing: &Filing, chosen: &str, faults: Vec<Fault>) -> Response {
    let status = if faults.is_empty() { StatusCode::OK } else { FAULTY };
    let page = OfficePage {
        ui: visit.ui(Area::MyDossiers),
        draft: filing.frame(visit, Some(OFFICE)),
        units: communes(visit.app(), chosen),
        faults,
        back_href: format!("/thu-tuc/{}", filing.draft.procedure.slug),
    };
    show_with(status, &page)
}

/// Communes of the province that take part, in the order of their names.
fn communes(app: &App, chosen: &str) -> Vec<OptionView> {
    let content = app.content();
    let communes = content.units.communes_of(&content.settings.province).iter();
    communes
        .filter(|commune| content.offices.contains_key(commune.code.as_str()))
        .map(|commune| OptionView {
            value: commune.code.to_string(),
            label: commune.name.clone(),
            selected: commune.code.as_str() == chosen,
        })
        .collect()
}
