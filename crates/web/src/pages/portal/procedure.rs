//! The page of a procedure: who, what, how long, how much, where, and one button.

use app::law::browsing;
use app::{drafts, procedures};
use axum::extract::Path;
use axum::http::StatusCode;
use kernel::format::vi;
use pack::model::{Level, Paper, Procedure, Step};

use crate::failure::{Failure, PageResult};
use crate::page::parts::{Link, OptionView};
use crate::page::portal::{LegalBasisView, OfficeView, PaperView, ProcedurePage};
use crate::page::shell::Area;
use crate::pages::asked::Asked;
use crate::pages::describe;
use crate::pages::fields::say;
use crate::visit::Visit;

use super::{office_view, province_office, show_open};

/// `GET /thu-tuc/{slug}`.
pub(crate) async fn procedure(Path(slug): Path<String>, asked: Asked, visit: Visit) -> PageResult {
    show_procedure(&visit, &slug, asked.text("unit"), None).await
}

/// The page, with a unit chosen and what is wrong with the choice.
pub(crate) async fn show_procedure(
    visit: &Visit,
    slug: &str,
    unit: &str,
    unit_error: Option<String>,
) -> PageResult {
    let procedure = visit.ok(procedures::find(visit.app(), &visit.ctx, slug))?;
    let mut page = describe_procedure(visit, &procedure);
    page.drafts = open_drafts(visit, &procedure).await?;
    link_bases(visit, &mut page).await?;
    for option in &mut page.units {
        option.selected = option.value == unit;
    }
    let is_faulty = unit_error.is_some();
    page.unit_error = unit_error;
    let mut response = show_open(visit, &page);
    if is_faulty {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

fn describe_procedure(visit: &Visit, procedure: &Procedure) -> ProcedurePage {
    let (content, lang) = (visit.app().content(), visit.lang());
    let today = visit.ctx.now.date();
    let limit = procedure.time.limit;
    let all = |labels: &[pack::model::Label]| labels.iter().map(|one| say(lang, one)).collect();
    ProcedurePage {
        ui: visit.ui(Area::Other),
        name: say(lang, &procedure.name),
        code: procedure.code.clone(),
        field: describe::field_name(content, procedure, lang),
        summary: say(lang, &procedure.summary),
        audience: all(&procedure.audience),
        papers: procedure.papers.iter().map(|paper| paper_view(visit, procedure, paper)).collect(),
        not_needed: all(&procedure.not_needed),
        time: describe::time(lang, limit),
        time_basis: describe::basis(procedure, &procedure.time.basis),
        due_if_now: Some(describe::due_if_now(&content.calendar, limit, visit.ctx.now)),
        cost_short: describe::cost_in_short(content, procedure, lang, today),
        fees: describe::fees(content, procedure, lang, today),
        results: procedure.results.iter().map(|result| say(lang, &result.name)).collect(),
        offices: offices(visit, procedure),
        units: units(visit, procedure),
        unit_fixed: unit_fixed(visit, procedure),
        unit_error: None,
        steps: steps(visit, procedure),
        legal_bases: procedure
            .legal_bases
            .iter()
            .map(|basis| LegalBasisView {
                document: basis.document.clone(),
                provision: basis.provision.clone(),
                title: basis.title.clone(),
                href: None,
            })
            .collect(),
        start_action: format!("/thu-tuc/{}/bat-dau", procedure.slug),
        drafts: Vec::new(),
        closed: None,
    }
}

fn paper_view(visit: &Visit, procedure: &Procedure, paper: &Paper) -> PaperView {
    let lang = visit.lang();
    PaperView {
        name: say(lang, &paper.name),
        note: say(lang, &paper.note),
        when: say(lang, &paper.when_text),
        basis: describe::basis(procedure, &paper.basis),
    }
}

/// Legal bases that are here can be read.
async fn link_bases(visit: &Visit, page: &mut ProcedurePage) -> Result<(), Failure> {
    let named = page.legal_bases.iter().map(|one| (one.document.clone(), one.provision.clone()));
    let named: Vec<(String, String)> = named.collect();
    let found = browsing::basis_addresses(visit.app().law(), &named).await;
    for (basis, href) in page.legal_bases.iter_mut().zip(visit.ok(found)?) {
        basis.href = href;
    }
    Ok(())
}

/// Forms of this procedure that can be gone on with.
async fn open_drafts(visit: &Visit, procedure: &Procedure) -> Result<Vec<Link>, Failure> {
    if visit.ctx.account().is_none() {
        return Ok(Vec::new());
    }
    let all = visit.ok(drafts::mine(visit.app(), &visit.ctx).await)?;
    let words = visit.lang().t("Bản nháp lưu lúc", "Draft saved at");
    let same = all
        .into_iter()
        .filter(|draft| draft.procedure.code == procedure.code && draft.dossier.is_none());
    Ok(same
        .map(|draft| Link {
            href: format!("/nhap/{}/tiep-tuc", draft.id),
            text: format!("{words} {}", vi::moment(draft.updated_at)),
        })
        .collect())
}

/// Communes of the province that take part, in the order of their names.
fn units(visit: &Visit, procedure: &Procedure) -> Vec<OptionView> {
    if procedure.level == Level::Province {
        return Vec::new();
    }
    let content = visit.app().content();
    let communes = content.units.communes_of(&content.settings.province).iter();
    communes
        .filter(|commune| content.offices.contains_key(commune.code.as_str()))
        .map(|commune| OptionView {
            value: commune.code.to_string(),
            label: commune.name.clone(),
            selected: false,
        })
        .collect()
}

fn unit_fixed(visit: &Visit, procedure: &Procedure) -> String {
    match procedure.level {
        Level::Province => {
            province_office(visit.app()).map(|office| office.name.clone()).unwrap_or_default()
        }
        Level::Commune => String::new(),
    }
}

/// The province's office, or all communes in a word: a hundred addresses help nobody.
fn offices(visit: &Visit, procedure: &Procedure) -> Vec<OfficeView> {
    let (content, lang) = (visit.app().content(), visit.lang());
    if procedure.level == Level::Province {
        let office = province_office(visit.app());
        return office.map(|office| office_view(visit, office)).into_iter().collect();
    }
    let place = content.units.full_name(&content.settings.province).unwrap_or_default();
    let count = units(visit, procedure).len();
    vec![OfficeView {
        name: lang
            .t(
                "Bộ phận Một cửa của Ủy ban nhân dân xã, phường",
                "The one-stop desk of the People’s Committee of a commune or ward",
            )
            .to_owned(),
        address: match lang.is_en() {
            true => format!("{count} communes and wards, {place}"),
            false => format!("{count} xã, phường, {place}"),
        },
        phone: String::new(),
        hours: describe::hours(&content.calendar, visit.ctx.now.date(), lang),
    }]
}

/// What happens after sending: each step and who has it.
fn steps(visit: &Visit, procedure: &Procedure) -> Vec<String> {
    let (content, lang) = (visit.app().content(), visit.lang());
    let words = |step: &Step| {
        let name = say(lang, &step.name);
        match content.roles.get(&step.owner) {
            Some(role) => format!("{name} ({})", say(lang, &role.name)),
            None => name,
        }
    };
    describe::usual_way(&procedure.workflow).into_iter().map(words).collect()
}
