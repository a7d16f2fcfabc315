//! The list of one's own drafts and dossiers.

use std::sync::Arc;

use app::App;
use app::dossiers::DossierRow;
use app::drafts::DraftSummary;
use kernel::format::vi;
use kernel::moment::Moment;
use pack::model::{Procedure, StepKind};

use crate::failure::{PageResult, show};
use crate::page::dossier::{DossierRow as RowView, DraftRow, MyDossiersPage};
use crate::page::parts::{Link, StateView};
use crate::page::shell::{Area, Lang};
use crate::pages::asked::Asked;
use crate::pages::describe;
use crate::pages::fields::say;
use crate::pages::views::about_text;
use crate::visit::Visit;

/// Dossiers on one page.
const PAGE: i64 = 50;

/// `GET /ho-so`.
pub(crate) async fn mine(asked: Asked, visit: Visit) -> PageResult {
    visit.signed_in()?;
    let (app, ctx, lang) = (visit.app(), &visit.ctx, visit.lang());
    let before = asked.text("before").parse().ok();
    let drafts = match before {
        None => visit.ok(app::drafts::mine(app, ctx).await)?,
        Some(_) => Vec::new(),
    };
    let rows = visit.ok(app::dossiers::mine(app, ctx, before, PAGE).await)?;
    let last = rows.last().map(|(row, _)| row.id);
    let is_full = i64::try_from(rows.len()) == Ok(PAGE);
    let (mut open, closed): (Vec<_>, Vec<_>) =
        rows.into_iter().partition(|(row, _)| row.finished_at.is_none());
    open.sort_by_key(|(row, _)| !waits_for_me(row));
    let rows = |list: Vec<(DossierRow, Arc<Procedure>)>| {
        list.iter().map(|(row, procedure)| row_view(row, procedure, lang)).collect()
    };
    Ok(show(&MyDossiersPage {
        ui: visit.ui(Area::MyDossiers),
        drafts: drafts.iter().map(|draft| draft_row(app, draft, lang)).collect(),
        open: rows(open),
        closed: rows(closed),
        next_href: last.filter(|_| is_full).map(|id| format!("/ho-so?before={id}")),
    }))
}

fn waits_for_me(row: &DossierRow) -> bool {
    row.state == app::dossiers::state_name(StepKind::WaitingApplicant)
}

fn draft_row(app: &App, draft: &DraftSummary, lang: Lang) -> DraftRow {
    let first = draft.procedure.form.sections.first().map_or("kiem-tra", |section| &section.id);
    let saved = vi::moment(draft.updated_at);
    let detail = match draft.dossier {
        Some(_) => lang.t("Đang bổ sung hồ sơ · lưu lúc", "Answer to a request · saved at"),
        None => lang.t("Chưa nộp · lưu lúc", "Not sent · saved at"),
    };
    let field = describe::field_name(app.content(), &draft.procedure, lang);
    let field = if field.is_empty() { field } else { format!("{field} · ") };
    DraftRow {
        href: format!("/nhap/{}/{first}", draft.id),
        procedure: say(lang, &draft.procedure.name),
        detail: format!("{field}{detail} {saved}"),
        remove_action: format!("/nhap/{}/xoa", draft.id),
    }
}

fn row_view(row: &DossierRow, procedure: &Procedure, lang: Lang) -> RowView {
    let kind = procedure.workflow.step(&row.step).map(|step| step.kind);
    RowView {
        href: format!("/ho-so/{}", row.code),
        code: row.code.clone(),
        procedure: say(lang, &procedure.name),
        about: about_text(&row.about, &row.title),
        state: kind.map_or_else(StateView::default, |kind| describe::state(lang, kind)),
        due: due(row, lang),
        to_do: waits_for_me(row).then(|| Link {
            href: format!("/ho-so/{}", row.code),
            text: lang.t("Xem và bổ sung", "See and answer").to_owned(),
        }),
    }
}

fn due(row: &DossierRow, lang: Lang) -> String {
    if let Some(at) = row.finished_at {
        let day = vi::date(Moment::from_micros(at).date());
        return format!("{} {day}", lang.t("Xong ngày", "Finished on"));
    }
    if row.stopped {
        return lang.t("Thời hạn đang tạm dừng", "The clock stands").to_owned();
    }
    if row.due_at == i64::MAX {
        return String::new();
    }
    let due = vi::moment(Moment::from_micros(row.due_at));
    format!("{} {due}", lang.t("Hẹn trả", "Due"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> DossierRow {
        DossierRow {
            id: 1,
            code: "H20.15-261120-0001".to_owned(),
            unit: "29869".to_owned(),
            procedure_code: "1.001193".to_owned(),
            definition: String::new(),
            step: "received".to_owned(),
            state: "working".to_owned(),
            owner: "one-stop-officer".to_owned(),
            applicant: 2,
            title: String::new(),
            about: String::new(),
            assignee: None,
            submitted_at: 0,
            due_at: i64::MAX,
            stopped: false,
            finished_at: None,
            revision: 1,
        }
    }

    #[test]
    fn a_row_says_when_it_is_due_that_it_stands_or_when_it_ended() {
        let at = |text: &str| text.parse::<Moment>().unwrap().micros();
        let running = DossierRow { due_at: at("2026-11-23T17:00:00+07:00"), ..row() };
        assert_eq!(due(&running, Lang::Vi), "Hẹn trả 17 giờ 00 ngày 23/11/2026");
        let stopped = DossierRow { stopped: true, ..row() };
        assert_eq!(due(&stopped, Lang::Vi), "Thời hạn đang tạm dừng");
        let over = DossierRow { finished_at: Some(at("2026-11-24T09:00:00+07:00")), ..row() };
        assert_eq!(due(&over, Lang::Vi), "Xong ngày 24/11/2026");
        assert_eq!(due(&row(), Lang::Vi), "");
    }
}
