//! Beginning a form, and throwing one away.

use app::{App, drafts, procedures};
use axum::extract::Path;
use axum::http::StatusCode;
use kernel::error::{Error, ErrorCode, Result};
use kernel::unit::UnitCode;
use pack::model::Level;

use super::frame::{Filing, draft_id};
use crate::failure::{PageResult, go};
use crate::pages::account;
use crate::pages::portal;
use crate::posted::{Fields, Posted};

/// `POST /thu-tuc/{slug}/bat-dau`. Whoever is not signed in does that first, and then lands on the
/// first page of the form.
pub(crate) async fn start(Path(slug): Path<String>, posted: Posted) -> PageResult {
    let Posted { visit, fields, .. } = posted;
    if visit.ctx.account().is_none() {
        return Ok(account::sign_in_first(&visit, &fields));
    }
    match begin(visit.app(), &visit.ctx, &slug, &fields).await {
        Ok(first) => Ok(go(&first)),
        Err(error) if is_about_unit(&error) => {
            let message = Some(error.message);
            portal::show_procedure(&visit, &slug, fields.text("unit"), message).await
        }
        Err(error) => Err(visit.fail(error)),
    }
}

fn is_about_unit(error: &Error) -> bool {
    error.code == ErrorCode::Invalid && error.problems.iter().any(|problem| problem.path == "unit")
}

/// The slug in the address to which a start form is sent.
pub(crate) fn start_of(action: &str) -> Option<&str> {
    let slug = action.strip_prefix("/thu-tuc/")?.strip_suffix("/bat-dau")?;
    (!slug.contains('/')).then_some(slug)
}

/// Begins a form; answers the address of its first page.
pub(crate) async fn begin(
    app: &App,
    ctx: &access::OpContext,
    slug: &str,
    fields: &Fields,
) -> Result<String> {
    let procedure = procedures::find(app, ctx, slug)?;
    let unit = match (procedure.level, fields.text("unit")) {
        (Level::Province, _) => Some(unit(&app.content().settings.province)?),
        (Level::Commune, "") => None,
        (Level::Commune, code) => Some(unit(code)?),
    };
    let id = drafts::start(app, ctx, slug, unit).await?;
    let filing = Filing::load(app, ctx, id).await?;
    Ok(filing.first_page(app, ctx.now.date()))
}

pub(super) fn unit(code: &str) -> Result<UnitCode> {
    code.parse().map_err(|_| {
        let message = match code {
            "" => "Ông/bà chưa chọn nơi giải quyết. Hãy chọn xã, phường sẽ nhận hồ sơ.",
            _ => "Đơn vị này không có trong danh sách. Ông/bà vui lòng chọn lại.",
        };
        let problem = kernel::problem::Problem::new("unit.unknown", "unit", message);
        Error::invalid(message).with_problems(vec![problem])
    })
}

/// `POST /nhap/{draft}/xoa`.
pub(crate) async fn remove(Path(id): Path<String>, posted: Posted) -> PageResult {
    let visit = posted.visit;
    visit.signed_in()?;
    let id = draft_id(&visit, &id)?;
    visit.ok(drafts::remove(visit.app(), &visit.ctx, id).await)?;
    Ok(go("/ho-so"))
}

/// The status of a page that shows what is wrong.
pub(super) const FAULTY: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;
