//! One dossier of one's own, and what can be done with it.

use app::dossiers::{Act, DossierView, IdempotencyKey};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use dossier::{APPLICANT, Audience, Event, Outcome};
use kernel::error::{Error, ErrorCode};
use kernel::format::vi;
use pack::model::{Action, Effect, NoteRule, StepKind};

use crate::failure::{Failure, PageResult, faults, go, show_with, status_of};
use crate::page::dossier::{CitizenAction, DossierPage, RatingView, RequestView, SentView};
use crate::page::filing::PointView;
use crate::page::parts::{Phase, StateView, TimelineItem, Tone};
use crate::page::shell::{Area, Lang, Notice};
use crate::pages::asked::Asked;
use crate::pages::describe;
use crate::pages::fields::{root_of, say};
use crate::pages::views;
use crate::posted::Posted;
use crate::visit::Visit;

/// Reads of one's data looked through for those of this dossier.
const MOST_READS: i64 = 200;

/// `GET /ho-so/{code}`. An officer of the unit is sent to the workbench.
pub(crate) async fn detail(Path(code): Path<String>, asked: Asked, visit: Visit) -> PageResult {
    visit.signed_in()?;
    let view = visit.ok(app::dossiers::view(visit.app(), &visit.ctx, &code).await)?;
    if !view.roles.contains(APPLICANT) {
        return Ok(go(&format!("/can-bo/ho-so/{}", view.dossier.code)));
    }
    let mut page = fill(&visit, &view).await?;
    if asked.has("da-nop") {
        page.sent = Some(sent(&visit, &view, &page.timeline));
    }
    let said = match asked.text("xong") {
        "danh-gia" => visit.lang().t("Đã ghi nhận đánh giá. Cảm ơn ông/bà.", "Thank you."),
        "" => "",
        _ => visit.lang().t("Đã thực hiện.", "Done."),
    };
    if !said.is_empty() {
        page.ui.notice = Some(Notice { tone: Tone::Done, text: said.to_owned(), undo: None });
    }
    Ok(show_with(StatusCode::OK, &page))
}

async fn fill(visit: &Visit, view: &DossierView) -> Result<DossierPage, Failure> {
    let (app, lang, now) = (visit.app(), visit.lang(), visit.ctx.now);
    let (content, dossier) = (app.content(), &view.dossier);
    let step = view.procedure.workflow.step(&dossier.step);
    let awaiting = match (step, lang) {
        (Some(step), _) if step.kind == StepKind::WaitingApplicant => say(lang, &step.citizen_text),
        (Some(step), Lang::En) => say(lang, &step.citizen_text),
        _ => dossier::status_line(content, &view.procedure, dossier, now),
    };
    Ok(DossierPage {
        ui: visit.ui(Area::MyDossiers),
        code: dossier.code.clone(),
        procedure: say(lang, &view.procedure.name),
        state: step.map_or_else(StateView::default, |step| describe::state(lang, step.kind)),
        holder: views::holder(content, view, lang),
        awaiting,
        sent: None,
        due: views::due_view(content, view, now),
        request: request(visit, view),
        refusal: refusal(view),
        timeline: views::story(content, view, Audience::Applicant, lang),
        documents: visit.ok(views::documents(app, view, lang).await)?,
        messages: views::messages(content, view, Audience::Applicant, lang),
        fees: views::fees(app, view, lang),
        answers: views::answers(app, view, lang),
        actions: actions(visit, view),
        revision: dossier.revision,
        rating: rating(view),
        faults: Vec::new(),
        access: access(visit, &dossier.code).await?,
    })
}

/// The panel after sending.
fn sent(visit: &Visit, view: &DossierView, timeline: &[TimelineItem]) -> SentView {
    let lang = visit.lang();
    let answered = view.procedure.workflow.actions.iter().any(|action| {
        action.by == APPLICANT
            && action.effects.contains(&Effect::EditAnswers)
            && view.dossier.action_counts.contains_key(&action.id)
    });
    let receipt = view.procedure.workflow.on_submit.iter().find_map(|effect| match effect {
        Effect::Issue(slip) => view.documents.iter().find(|paper| paper.kind == *slip),
        _ => None,
    });
    let coming = timeline.iter().filter(|item| item.phase != Phase::Past);
    let mut next: Vec<String> = coming
        .map(|item| match item.who.as_str() {
            "" => item.title.clone(),
            who => format!("{}: {who}", item.title),
        })
        .collect();
    next.push(
        lang.t(
            "Khi cần ông/bà bổ sung hoặc khi có kết quả, tin báo hiện ở mục Hồ sơ của tôi.",
            "When something is missing, or the result is there, My dossiers says so.",
        )
        .to_owned(),
    );
    SentView {
        supplement: answered,
        receipt_href: receipt.map(|paper| views::paper_href(&view.dossier.code, paper.id)),
        next,
    }
}

/// The request that waits for an answer.
fn request(visit: &Visit, view: &DossierView) -> Option<RequestView> {
    let (dossier, procedure) = (&view.dossier, &view.procedure);
    let step = procedure.workflow.step(&dossier.step)?;
    let note = dossier.last_note.as_ref();
    let note = note.filter(|_| step.kind == StepKind::WaitingApplicant)?;
    let points = note.points.iter().map(|point| PointView {
        label: point_label(view, &point.field, visit.lang()),
        text: point.text.clone(),
        href: None,
    });
    let action = procedure.workflow.action(&note.action);
    let slip = action.iter().flat_map(|action| &action.effects).find_map(|effect| match effect {
        Effect::Issue(slip) => view.documents.iter().rfind(|paper| paper.kind == *slip),
        _ => None,
    });
    let office = views::office_name(visit.app().content(), dossier.unit.as_str());
    Some(RequestView {
        text: note.text.clone(),
        points: points.collect(),
        asked: format!("{office}, {}", vi::moment(note.at)),
        answer_href: format!("/ho-so/{}/bo-sung", dossier.code),
        slip_href: slip.map(|paper| views::paper_href(&dossier.code, paper.id)),
    })
}

/// What a point is about: the label of its field or section.
fn point_label(view: &DossierView, path: &str, lang: Lang) -> String {
    let form = &view.procedure.form;
    let section = form.sections.iter().find(|section| section.id == path);
    let field = form.field(root_of(path)).map(|field| &field.label);
    let label = field.or(section.map(|section| &section.title));
    label.map(|label| say(lang, label)).unwrap_or_default()
}

/// Why it was refused or stopped: the note that came with the last move, unless the applicant's own.
fn refusal(view: &DossierView) -> Option<String> {
    matches!(view.dossier.outcome, Some(Outcome::Refused | Outcome::Stopped)).then_some(())?;
    let events = view.events.iter().flat_map(|recorded| &recorded.events);
    let mut last = events.filter_map(|event| match event {
        Event::Moved { by, note, .. } => Some((by, note)),
        _ => None,
    });
    let (by, note) = last.next_back()?;
    note.clone().filter(|_| by.role != APPLICANT)
}

/// What the applicant may do now; answering a request has its own button.
fn actions(visit: &Visit, view: &DossierView) -> Vec<CitizenAction> {
    let offers = views::offers(visit, view);
    let open = offers.iter().filter(|offer| {
        offer.why_not.is_none()
            && offer.action.by == APPLICANT
            && !offer.action.effects.contains(&Effect::EditAnswers)
    });
    open.map(|offer| citizen_action(&offer.action, view, visit.lang())).collect()
}

fn citizen_action(action: &Action, view: &DossierView, lang: Lang) -> CitizenAction {
    let to = view.procedure.workflow.step(&action.to).map(|step| step.kind);
    CitizenAction {
        action: format!("/ho-so/{}/hanh-dong/{}", view.dossier.code, action.id),
        label: say(lang, &action.label),
        confirm: say(lang, &action.confirm),
        note_label: (action.note != NoteRule::None).then(|| say(lang, &action.note_label)),
        note_required: action.note == NoteRule::Required,
        destructive: matches!(to, Some(StepKind::Stopped | StepKind::Refused)),
    }
}

fn rating(view: &DossierView) -> Option<RatingView> {
    view.dossier.is_finished().then(|| match &view.dossier.rating {
        Some(given) => {
            RatingView { score: Some(given.score), comment: given.comment.clone(), error: None }
        }
        None => RatingView::default(),
    })
}

/// How often officials read this dossier, in a sentence.
async fn access(visit: &Visit, code: &str) -> Result<String, Failure> {
    let reads = app::privacy::reads_about_me(visit.app(), &visit.ctx, MOST_READS).await;
    let reads = visit.ok(reads)?;
    let count = reads.iter().filter(|read| read.dossier_code.as_deref() == Some(code)).count();
    let lang = visit.lang();
    Ok(match (count, lang) {
        (0, _) => lang.t("Chưa có cán bộ nào xem hồ sơ này.", "No official has read this dossier."),
        (_, Lang::Vi) => return Ok(format!("Cán bộ đã xem hồ sơ này {count} lần.")),
        (_, Lang::En) => return Ok(format!("Officials have read this dossier {count} times.")),
    }
    .to_owned())
}

/// `POST /ho-so/{code}/hanh-dong/{action}`.
pub(crate) async fn act(
    Path((code, action)): Path<(String, String)>,
    posted: Posted,
) -> PageResult {
    let Posted { visit, fields, .. } = posted;
    visit.signed_in()?;
    let revision = fields.text("revision").to_owned();
    let note = Some(fields.text("note").to_owned()).filter(|note| !note.is_empty());
    // Sent twice by a double click it is the same request: of one revision, with one note.
    let path = format!("/ho-so/{code}/hanh-dong/{action}");
    let body = note.clone().unwrap_or_default();
    let key = IdempotencyKey::new(&format!("{path}:{revision}"), &path, body.as_bytes());
    let input =
        Act { action: action.clone(), note, revision: revision.parse().ok(), ..Act::default() };
    match app::dossiers::act(visit.app(), &visit.ctx, &code, input, Some(key)).await {
        Ok(done) => Ok(go(&format!("/ho-so/{}?xong={action}", done.code))),
        Err(error) if error.code == ErrorCode::Invalid => again(&visit, &code, &error).await,
        Err(error) => Err(visit.fail(error)),
    }
}

/// The page with what was wrong.
async fn again(visit: &Visit, code: &str, error: &Error) -> Result<Response, Failure> {
    let view = visit.ok(app::dossiers::view(visit.app(), &visit.ctx, code).await)?;
    let mut page = fill(visit, &view).await?;
    page.faults = faults(error);
    if page.faults.is_empty() {
        let fault =
            crate::page::parts::Fault { message: error.message.clone(), ..Default::default() };
        page.faults.push(fault);
    }
    Ok(show_with(status_of(ErrorCode::Invalid), &page))
}

/// `POST /ho-so/{code}/danh-gia`.
pub(crate) async fn rate(Path(code): Path<String>, posted: Posted) -> PageResult {
    let Posted { visit, fields, .. } = posted;
    visit.signed_in()?;
    let (app, ctx) = (visit.app(), &visit.ctx);
    let comment = fields.text("comment");
    let Some(score) = fields.text("score").parse().ok().filter(|score| (1..=5).contains(score))
    else {
        let view = visit.ok(app::dossiers::view(app, ctx, &code).await)?;
        let mut page = fill(&visit, &view).await?;
        let message = visit.lang().t("Hãy chọn một mức từ 1 đến 5.", "Please choose 1 to 5.");
        page.rating = Some(RatingView {
            score: None,
            comment: comment.to_owned(),
            error: Some(message.to_owned()),
        });
        page.faults = vec![crate::page::parts::Fault {
            href: "#score-1".to_owned(),
            message: message.to_owned(),
        }];
        return Ok(show_with(status_of(ErrorCode::Invalid), &page));
    };
    match app::dossiers::rate(app, ctx, &code, score, comment, None).await {
        Ok(()) => Ok(go(&format!("/ho-so/{code}?xong=danh-gia"))),
        Err(error) if error.code == ErrorCode::Invalid => again(&visit, &code, &error).await,
        Err(error) => Err(visit.fail(error)),
    }
}
