//! A citizen's own dossiers.

mod detail;
mod list;

pub(crate) use detail::{act, detail, rate};
pub(crate) use list::mine;

use app::privacy::Access;
use axum::extract::Path;
use kernel::error::Error;
use kernel::format::vi;

use super::fields::section_of;
use super::views::{inline_file, office_name, role_name};
use crate::failure::{PageResult, go, show};
use crate::page::dossier::{AccessPage, AccessRow};
use crate::page::shell::Area;
use crate::visit::Visit;

/// Most reads of one's data that are shown.
const MOST_READS: i64 = 200;

/// `GET /ho-so/{code}/bo-sung`: opens the form again where the first point is answered.
pub(crate) async fn supplement(Path(code): Path<String>, visit: Visit) -> PageResult {
    visit.signed_in()?;
    let (app, ctx) = (visit.app(), &visit.ctx);
    let draft = visit.ok(app::dossiers::start_supplement(app, ctx, &code).await)?;
    let opened = visit.ok(app::drafts::load(app, ctx, draft).await)?;
    let note = match opened.dossier {
        Some(id) => visit.ok(app::dossiers::own(app, ctx, id).await)?.last_note,
        None => None,
    };
    let form = &opened.procedure.form;
    let wanted = note.iter().flat_map(|note| &note.points).find_map(|point| {
        let section = form.sections.iter().find(|section| section.id == point.field);
        section.or_else(|| section_of(form, &point.field))
    });
    let section = wanted.or(form.sections.first()).map_or("kiem-tra", |section| &section.id);
    Ok(go(&format!("/nhap/{draft}/{section}")))
}

/// `GET /ho-so/{code}/tai-lieu/{document}`: a paper as PDF.
pub(crate) async fn document(Path((_, id)): Path<(String, String)>, visit: Visit) -> PageResult {
    visit.signed_in()?;
    let id = id.parse().map_err(|_| visit.fail(no_file()))?;
    let file = app::documents::download(visit.app(), &visit.ctx, id).await;
    visit.ok(file).map(inline_file)
}

/// `GET /ho-so/{code}/tep/{upload}`: a file that was attached.
pub(crate) async fn attachment(
    Path((code, id)): Path<(String, String)>,
    visit: Visit,
) -> PageResult {
    visit.signed_in()?;
    let id = id.parse().map_err(|_| visit.fail(no_file()))?;
    let file = app::documents::attachment(visit.app(), &visit.ctx, &code, id).await;
    visit.ok(file).map(inline_file)
}

fn no_file() -> Error {
    Error::not_found("Không tìm thấy giấy tờ này. Ông/bà xem lại danh sách giấy tờ của hồ sơ.")
}

/// `GET /du-lieu-cua-toi`: who looked at my data.
pub(crate) async fn accesses(visit: Visit) -> PageResult {
    visit.signed_in()?;
    let reads = app::privacy::reads_about_me(visit.app(), &visit.ctx, MOST_READS).await;
    let mut rows: Vec<AccessRow> =
        visit.ok(reads)?.iter().map(|read| access_row(&visit, read)).collect();
    // Somebody who turns pages within one minute has looked once.
    rows.dedup_by(|one, other| {
        (&one.at, &one.who, &one.what, &one.purpose)
            == (&other.at, &other.who, &other.what, &other.purpose)
    });
    Ok(show(&AccessPage { ui: visit.ui(Area::Other), rows, next_href: None }))
}

fn access_row(visit: &Visit, read: &Access) -> AccessRow {
    let (content, lang) = (visit.app().content(), visit.lang());
    let office = read.offices.first();
    let role = office.map(|(role, _)| role_name(content, role, lang)).unwrap_or_default();
    let own = read.dossier_code.as_ref().filter(|_| read.own_dossier);
    let what = match (read.record.as_str(), &read.dossier_code) {
        ("dossier", Some(code)) => format!("{} {code}", lang.t("Hồ sơ", "Dossier")),
        ("entry", _) => lang.t("Việc ghi trong sổ hộ tịch", "An entry of a register").to_owned(),
        ("population", _) => lang.t("Dữ liệu dân cư", "Population data").to_owned(),
        _ => lang.t("Giấy tờ", "A paper").to_owned(),
    };
    AccessRow {
        at: vi::moment(read.at),
        who: if role.is_empty() { read.who.clone() } else { format!("{}, {role}", read.who) },
        unit: office.map(|(_, unit)| office_name(content, unit)).unwrap_or_default(),
        what,
        purpose: match &read.dossier_code {
            Some(code) if read.purpose == *code => {
                format!("{} {code}", lang.t("Giải quyết hồ sơ", "Handling dossier"))
            }
            _ => read.purpose.clone(),
        },
        href: own.map(|code| format!("/ho-so/{code}")),
    }
}
