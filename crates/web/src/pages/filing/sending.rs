//! All answers on one page, and the button that sends them.

use app::dossiers;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use dossier::form::{Checked, DisplayItem, DisplayPart, DisplaySection, part_label, part_label_en};
use kernel::error::ErrorCode;
use kernel::problem::Problem;
use pack::model::{Field, FieldKind};

use super::frame::{Filing, draft_id};
use super::starting::FAULTY;
use crate::failure::{PageResult, go, show_with};
use crate::page::field::UploadView;
use crate::page::filing::CheckPage;
use crate::page::parts::{AnswerItem, AnswerSection, DueView, Fault, FeeView, FileLink};
use crate::page::shell::{Area, Lang};
use crate::pages::describe;
use crate::pages::fields::{root_of, say, source_text};
use crate::posted::Posted;
use crate::visit::Visit;

/// `GET /nhap/{draft}/kiem-tra`.
pub(crate) async fn check(Path(id): Path<String>, visit: Visit) -> PageResult {
    let filing = Filing::open(&visit, &id).await?;
    let checked = filing.draft.check(visit.app(), visit.ctx.now.date(), true);
    Ok(show_check(&visit, &filing, &checked, &checked.problems, StatusCode::OK))
}

/// `POST /nhap/{draft}/nop`. Sent twice it finds the same dossier.
pub(crate) async fn send(Path(id): Path<String>, posted: Posted) -> PageResult {
    let visit = posted.visit;
    visit.signed_in()?;
    let id = draft_id(&visit, &id)?;
    let (app, ctx) = (visit.app(), &visit.ctx);
    let error = match dossiers::submit_draft(app, ctx, id).await {
        Ok(done) => return Ok(go(&format!("/ho-so/{}?da-nop=1", done.code))),
        Err(error) if error.code == ErrorCode::Invalid => error,
        Err(error) => return Err(visit.fail(error)),
    };
    let filing = visit.ok(Filing::load(app, ctx, id).await)?;
    let checked = filing.draft.check(app, ctx.now.date(), true);
    let problems = match error.problems.as_slice() {
        [] => vec![Problem::new("send.refused", "", error.message)],
        _ => error.problems,
    };
    Ok(show_check(&visit, &filing, &checked, &problems, FAULTY))
}

fn show_check(
    visit: &Visit,
    filing: &Filing,
    checked: &Checked,
    problems: &[Problem],
    status: StatusCode,
) -> Response {
    let (app, lang, now) = (visit.app(), visit.lang(), visit.ctx.now);
    let shown = filing.draft.display(app, now.date());
    let asked = shown.iter().filter(|section| !section.items.is_empty());
    let sections = asked.map(|section| answers(filing, section, problems, lang)).collect();
    let page = CheckPage {
        ui: visit.ui(Area::MyDossiers),
        draft: filing.frame(visit, None),
        sections,
        faults: faults(filing, problems.iter().filter(|problem| problem.is_error())),
        warnings: faults(filing, problems.iter().filter(|problem| !problem.is_error())),
        fees: fees(visit, filing, checked),
        due_if_now: Some(due_if_now(visit, filing)),
        submit_key: filing.draft.id.to_string(),
        back_href: filing.page_before(None, checked),
    };
    show_with(status, &page)
}

/// What it costs; everything that may be charged while the answers do not decide it yet.
fn fees(visit: &Visit, filing: &Filing, checked: &Checked) -> Vec<FeeView> {
    let (app, lang, today) = (visit.app(), visit.lang(), visit.ctx.now.date());
    let procedure = &filing.draft.procedure;
    let lines =
        filing.with_context(app, today, |ctx| dossier::fees(procedure, &checked.answers, &ctx));
    if lines.is_empty() && !checked.is_acceptable() {
        return describe::fees(app.content(), procedure, lang, today);
    }
    describe::bill(lang, procedure, &lines)
}

/// Each fault once, with a link to its page and box.
fn faults<'p>(filing: &Filing, problems: impl Iterator<Item = &'p Problem>) -> Vec<Fault> {
    let mut faults: Vec<Fault> = Vec::new();
    for problem in problems {
        if faults.iter().all(|fault| fault.message != problem.message) {
            let href = filing.place(&problem.path).unwrap_or_default();
            faults.push(Fault { href, message: problem.message.clone() });
        }
    }
    faults
}

/// A request answered lets the clock go on; a new dossier starts one.
fn due_if_now(visit: &Visit, filing: &Filing) -> DueView {
    let (calendar, now) = (&visit.app().content().calendar, visit.ctx.now);
    let clock = filing.request.as_ref().and_then(|dossier| dossier.clock.as_ref());
    match clock {
        Some(clock) => describe::due(&clock.resume(calendar, now)),
        None => describe::due_if_now(calendar, filing.draft.procedure.time.limit, now),
    }
}

fn answers(
    filing: &Filing,
    section: &DisplaySection,
    problems: &[Problem],
    lang: Lang,
) -> AnswerSection {
    let titled = filing.form().sections.iter().find(|one| one.id == section.id);
    AnswerSection {
        title: titled.map_or_else(|| section.title.clone(), |one| say(lang, &one.title)),
        change_href: Some(filing.page(&section.id)),
        items: section.items.iter().map(|item| answer(filing, item, problems, lang)).collect(),
    }
}

fn answer(filing: &Filing, item: &DisplayItem, problems: &[Problem], lang: Lang) -> AnswerItem {
    let field = filing.form().field(&item.field);
    let files = field.map(|field| filing.files_of(field)).unwrap_or_default();
    let here: Vec<&Problem> = problems
        .iter()
        .filter(|problem| problem.is_error() && root_of(&problem.path) == item.field)
        .collect();
    let messages: Vec<&str> = here.iter().map(|problem| problem.message.as_str()).collect();
    let first = here.first().map_or(item.field.as_str(), |problem| problem.path.as_str());
    AnswerItem {
        label: field.map_or_else(|| item.label.clone(), |field| say(lang, &field.label)),
        text: if files.is_empty() { text(item, field, lang) } else { String::new() },
        source: item.source.as_ref().map(|source| source_text(lang, source)),
        files: files.into_iter().map(link).collect(),
        problem: (!messages.is_empty()).then(|| messages.join(" ")),
        change_href: filing.place(first),
    }
}

/// A person's parts and a group's rows stand on lines of their own.
fn text(item: &DisplayItem, field: Option<&Field>, lang: Lang) -> String {
    if item.parts.is_empty() {
        return item.text.clone();
    }
    let label = |part: &DisplayPart| match field.map(|field| &field.kind) {
        Some(FieldKind::Person { parts, .. }) if lang.is_en() => {
            let same = parts.iter().find(|known| part_label(**known) == part.label);
            same.map_or_else(|| part.label.clone(), |known| part_label_en(*known).to_owned())
        }
        _ => part.label.clone(),
    };
    let lines = item.parts.iter().map(|part| format!("{}: {}", label(part), part.text));
    lines.collect::<Vec<_>>().join("\n")
}

fn link(upload: UploadView) -> FileLink {
    FileLink {
        preview_href: (!upload.detail.starts_with("PDF")).then(|| upload.href.clone()),
        href: upload.href,
        name: upload.name,
        detail: upload.detail,
    }
}
