//! One dossier in full, for officers.

use app::dossiers::DossierView;
use axum::extract::Path;
use dossier::{APPLICANT, Audience, RequestState};
use kernel::format::vi;
use pack::model::{FieldKind, StepKind};

use super::compare::{self, entry_href};
use super::entry::EntrySide;
use super::listing::{Listed, Listing};
use super::worklist::side;
use crate::failure::{Failure, PageResult, show};
use crate::page::parts::{Link, StateView, Tone};
use crate::page::shell::{Area, Lang, Notice};
use crate::page::workbench::{
    ActionLink, BenchDossierPage, EntryDraftView, ExchangeView, PaperFiles,
};
use crate::pages::asked::Asked;
use crate::pages::views;
use crate::visit::Visit;

/// Rows of the list looked through for the neighbours of a dossier.
const NEIGHBOURHOOD: usize = 200;

/// `GET /can-bo/ho-so/{code}`.
pub(crate) async fn dossier(Path(code): Path<String>, asked: Asked, visit: Visit) -> PageResult {
    visit.officer()?;
    let (app, now) = (visit.app(), visit.ctx.now);
    let view = visit.ok(app::dossiers::view(app, &visit.ctx, &code).await)?;
    let listing = Listing::of(&asked);
    let (content, dossier) = (app.content(), &view.dossier);
    let (previous_href, next_href) = neighbours(&visit, &listing, &view).await?;
    let entry = EntrySide::of(app, &view);
    let channel = vi::capitalised(dossier.channel.text());
    Ok(show(&BenchDossierPage {
        ui: ui(&visit, &view, asked.text("xong")),
        views: side(&visit, listing.view).await?,
        code: dossier.code.clone(),
        procedure: view.procedure.name.vi.clone(),
        applicant: dossier.applicant_name.clone(),
        about: views::about_text(&view.row.about, &dossier.applicant_name),
        step: views::officer_state(view.procedure.workflow.step(&dossier.step)),
        assignee: assignee(&view),
        filed: format!("{channel} lúc {}", vi::moment(dossier.submitted_at)),
        due: views::due_view(content, &view, now),
        actions: actions(&visit, &listing, &view),
        // A dossier that is over would be compared with its own entry.
        checks: match dossier.is_finished() {
            true => Vec::new(),
            false => compare::checks(&visit, &view),
        },
        sections: compare::sections(app, &view),
        papers: papers(&view),
        requests: requests(&view),
        // Once it stands in the register, the register is what counts.
        entry: entry
            .as_ref()
            .filter(|_| dossier.entry.is_none())
            .and_then(|entry| draft(&visit, &view, entry)),
        registered: dossier.entry.as_ref().filter(|_| views::may_read_registers(&visit)).map(
            |entry| Link {
                href: entry_href(&entry.register, &entry.entry.to_string(), &dossier.code),
                text: registered_text(&visit, &entry.register, &entry.number),
            },
        ),
        documents: visit.ok(views::documents(app, &view, Lang::Vi).await)?,
        messages: views::messages(content, &view, Audience::Officer, Lang::Vi),
        fees: views::fees(app, &view, Lang::Vi),
        timeline: views::story(content, &view, Audience::Officer, Lang::Vi),
        previous_href,
        next_href,
        list_href: listing.href(None),
    }))
}

/// What stands around the page, with a word about what was just done.
fn ui(visit: &Visit, view: &DossierView, done: &str) -> crate::page::shell::Shell {
    let mut ui = visit.ui(Area::Worklist);
    if let Some(action) = view.procedure.workflow.action(done) {
        ui.notice = Some(Notice {
            tone: Tone::Done,
            text: format!("Đã thực hiện: {}.", action.label.vi),
            undo: None,
        });
    }
    ui
}

fn registered_text(visit: &Visit, register: &str, number: &str) -> String {
    let register = visit.app().content().registers.get(register);
    let name = register.map(|register| register.name.vi.clone()).unwrap_or_default();
    format!("{name}, số {number}")
}

/// Who is in charge: a name known from what happened.
fn assignee(view: &DossierView) -> String {
    let Some(account) = view.dossier.assigned_to else {
        return String::new();
    };
    let known = view.events.iter().find(|recorded| recorded.actor == Some(account));
    known.map_or_else(|| "Đã phân công".to_owned(), |recorded| recorded.actor_name.clone())
}

/// The dossiers before and after this one in the list that one came from. Where this one has left the
/// list, the one that would follow it.
async fn neighbours(
    visit: &Visit,
    listing: &Listing,
    view: &DossierView,
) -> Result<(Option<String>, Option<String>), Failure> {
    let page = listing.page(visit.app(), &visit.ctx, None, NEIGHBOURHOOD).await;
    let rows = visit.ok(page)?.rows;
    let here = (view.row.due_at, view.row.id);
    let place = |(row, _): &&Listed| (row.due_at, row.id);
    let href = |(row, _): &Listed| listing.carried_by(&format!("/can-bo/ho-so/{}", row.code));
    let before = rows.iter().rfind(|listed| place(listed) < here);
    let after = rows.iter().find(|listed| place(listed) > here);
    Ok((before.map(href), after.map(href)))
}

fn actions(visit: &Visit, listing: &Listing, view: &DossierView) -> Vec<ActionLink> {
    let offers = views::offers(visit, view);
    let mut actions: Vec<ActionLink> = offers
        .into_iter()
        .filter(|offer| offer.action.by != APPLICANT)
        .map(|offer| {
            let to = view.procedure.workflow.step(&offer.action.to).map(|step| step.kind);
            let path = format!("/can-bo/ho-so/{}/hanh-dong/{}", view.dossier.code, offer.action.id);
            ActionLink {
                href: listing.carried_by(&path),
                label: offer.action.label.vi,
                primary: offer.action.primary,
                destructive: is_destructive(to),
                why_not: offer.why_not,
            }
        })
        .collect();
    lead(&mut actions);
    actions
}

/// The commonest action leads; where it cannot be taken now, the first that can.
fn lead(actions: &mut [ActionLink]) {
    if actions.iter().any(|action| action.primary && action.why_not.is_none()) {
        return;
    }
    let can = |action: &&mut ActionLink| action.why_not.is_none() && !action.destructive;
    if let Some(first) = actions.iter_mut().find(can) {
        first.primary = true;
    }
}

/// Does this step end a dossier without a result?
pub(super) fn is_destructive(to: Option<StepKind>) -> bool {
    matches!(to, Some(StepKind::Refused | StepKind::Stopped))
}

/// The papers attached, by the field that takes them.
fn papers(view: &DossierView) -> Vec<PaperFiles> {
    let form = &view.procedure.form;
    let fields = form.sections.iter().flat_map(|section| &section.fields);
    fields
        .filter(|field| matches!(field.kind, FieldKind::File { .. }))
        .map(|field| {
            let paper = view.procedure.papers.iter().find(|paper| paper.field == field.id);
            PaperFiles {
                label: paper.map_or_else(|| field.label.vi.clone(), |paper| paper.name.vi.clone()),
                files: views::files_of(view, &field.id),
            }
        })
        .filter(|paper| !paper.files.is_empty())
        .collect()
}

fn requests(view: &DossierView) -> Vec<ExchangeView> {
    let known = view.procedure.requests.iter();
    known
        .map(|request| {
            let (state, tone, text) = match view.dossier.requests.get(&request.id) {
                None => ("Chưa gửi", Tone::Plain, String::new()),
                Some(RequestState::Pending) => (
                    "Đang chờ",
                    Tone::Busy,
                    "Đã gửi. Tải lại trang sau ít phút để xem trả lời.".to_owned(),
                ),
                Some(RequestState::Answered(answer)) => ("Đã trả lời", Tone::Done, answer.clone()),
                Some(RequestState::Failed(why)) => (
                    "Chưa thành công",
                    Tone::Late,
                    views::sentences(&[why.clone(), "Có thể gửi lại yêu cầu".to_owned()]),
                ),
            };
            ExchangeView {
                label: request.label.vi.clone(),
                state: StateView { text: state.to_owned(), tone },
                text,
            }
        })
        .collect()
}

/// The entry as drafted; of an amendment also what would be drafted, since that is what it is about.
fn draft(visit: &Visit, view: &DossierView, entry: &EntrySide) -> Option<EntryDraftView> {
    let drafted = view.dossier.draft_entry.as_ref();
    let prepared = match drafted {
        Some(draft) => {
            let by = view.events.iter().find(|recorded| recorded.actor == Some(draft.prepared_by));
            let name = by.map(|recorded| recorded.actor_name.clone()).unwrap_or_default();
            format!("{name}, {}", vi::moment(draft.at))
        }
        None => {
            entry.before.as_ref()?;
            "theo tờ khai".to_owned()
        }
    };
    Some(EntryDraftView {
        register: entry.register.name.vi.clone(),
        rows: entry.rows(visit.app().content(), entry.draft(view)),
        amends: entry.before.is_some(),
        prepared,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn action(primary: bool, destructive: bool, can: bool) -> ActionLink {
        let why_not = (!can).then(|| "Chưa đủ.".to_owned());
        ActionLink { primary, destructive, why_not, ..ActionLink::default() }
    }

    #[test]
    fn when_the_commonest_action_cannot_be_taken_the_next_one_leads_but_never_a_refusal() {
        let mut actions =
            [action(true, false, false), action(false, true, true), action(false, false, true)];
        lead(&mut actions);
        assert_eq!(actions.each_ref().map(|action| action.primary), [true, false, true]);
        let mut actions = [action(true, false, true), action(false, false, true)];
        lead(&mut actions);
        assert_eq!(actions.each_ref().map(|action| action.primary), [true, false]);
    }
}
