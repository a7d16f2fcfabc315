//! One action on a dossier: what will happen, what is asked, and the button.

use app::dossiers::{Act, DossierView, IdempotencyKey};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use dossier::{Point, form};
use kernel::error::{Error, ErrorCode};
use kernel::problem::Problem;
use pack::model::{Action, Effect, NoteRule};

use super::compare;
use super::dossier::is_destructive;
use super::entry::EntrySide;
use super::listing::Listing;
use crate::failure::{Failure, PageResult, faults, go, show_with, status_of};
use crate::page::parts::{Fault, OptionView, Tone};
use crate::page::shell::Area;
use crate::page::workbench::{ActionPage, PointRow};
use crate::pages::asked::Asked;
use crate::pages::views;
use crate::posted::{Fields, Posted};
use crate::visit::Visit;

/// Most points of one request; the dossier says so exactly.
const MOST_POINTS: usize = 30;

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Typed {
    note: String,
    points: Vec<Point>,
    pairs: Vec<(String, String)>,
    problems: Vec<Problem>,
    faults: Vec<Fault>,
}

/// `GET /can-bo/ho-so/{code}/hanh-dong/{action}`.
pub(crate) async fn action(
    Path((code, action)): Path<(String, String)>,
    asked: Asked,
    visit: Visit,
) -> PageResult {
    visit.officer()?;
    let view = visit.ok(app::dossiers::view(visit.app(), &visit.ctx, &code).await)?;
    let action = visit.ok(offered(&visit, &view, &action))?;
    let listing = Listing::of(&asked);
    let typed = Typed { points: vec![blank()], ..Typed::default() };
    let page = fill(&visit, &view, &action, &listing, typed).await?;
    Ok(show_with(StatusCode::OK, &page))
}

/// The action, if it is the officer's to take now.
fn offered(visit: &Visit, view: &DossierView, id: &str) -> Result<Action, Error> {
    let offer = views::offers(visit, view).into_iter().find(|offer| offer.action.id == id);
    let Some(offer) = offer else {
        return Err(Error::conflict(
            "Việc này không còn làm được ở bước hiện tại của hồ sơ, hoặc thuộc người khác. Ông/bà mở \
             lại hồ sơ để xem việc cần làm.",
        ));
    };
    match offer.why_not {
        Some(why) => Err(Error::forbidden(why)),
        None => Ok(offer.action),
    }
}

fn blank() -> Point {
    Point { field: String::new(), text: String::new() }
}

/// `POST /can-bo/ho-so/{code}/hanh-dong/{action}`. What is wrong comes back with all that was typed;
/// a form sent twice is carried out once.
pub(crate) async fn action_sent(
    Path((code, action)): Path<(String, String)>,
    asked: Asked,
    posted: Posted,
) -> PageResult {
    let Posted { visit, fields, .. } = posted;
    visit.officer()?;
    let listing = Listing::of(&asked);
    if fields.has("them-dong") {
        let mut typed = typed(&fields);
        typed.points.push(blank());
        return again(&visit, &code, &action, &listing, typed, StatusCode::OK).await;
    }
    let input = input(&visit, &code, &action, &fields).await?;
    let key = key(&code, &action, &fields);
    match app::dossiers::act(visit.app(), &visit.ctx, &code, input, key).await {
        Ok(done) => {
            let href = listing.carried_by(&format!("/can-bo/ho-so/{}", done.code));
            Ok(go(&format!("{href}&xong={action}")))
        }
        Err(error) if shows_form(&error) => {
            let status = match error.code {
                ErrorCode::Conflict => status_of(ErrorCode::Conflict),
                _ => status_of(ErrorCode::Invalid),
            };
            let mut typed = typed(&fields);
            typed.faults = faults_of(&error);
            typed.problems = error.problems;
            again(&visit, &code, &action, &listing, typed, status).await
        }
        Err(error) => Err(visit.fail(error)),
    }
}

/// Errors that the person can mend on the same page: faults in what was typed, a wrong code, a dossier
/// that moved on meanwhile.
fn shows_form(error: &Error) -> bool {
    match error.code {
        ErrorCode::Invalid | ErrorCode::Conflict => true,
        ErrorCode::Unauthenticated => !error.problems.is_empty(),
        _ => false,
    }
}

fn faults_of(error: &Error) -> Vec<Fault> {
    let mut listed = faults(error);
    for fault in listed.iter_mut().filter(|fault| fault.href == "#points") {
        "#points-0-text".clone_into(&mut fault.href);
    }
    if listed.is_empty() {
        return vec![Fault { href: String::new(), message: error.message.clone() }];
    }
    listed
}

fn typed(fields: &Fields) -> Typed {
    let mut points = points(fields);
    if points.is_empty() {
        points.push(blank());
    }
    Typed {
        note: fields.get("note").unwrap_or_default().to_owned(),
        points,
        pairs: fields.pairs().to_vec(),
        ..Typed::default()
    }
}

/// The points that were filled in, in their order; blank ones are left out.
fn points(fields: &Fields) -> Vec<Point> {
    let point = |index: usize| Point {
        field: fields.text(&format!("points.{index}.field")).to_owned(),
        text: fields.text(&format!("points.{index}.text")).to_owned(),
    };
    let points = (0..MOST_POINTS).map(point);
    points.filter(|point| !(point.field.is_empty() && point.text.is_empty())).collect()
}

async fn input(visit: &Visit, code: &str, action: &str, fields: &Fields) -> Result<Act, Failure> {
    let has_entry = fields.pairs().iter().any(|(name, _)| name.starts_with("entry."));
    let entry = if has_entry {
        let view = visit.ok(app::dossiers::view(visit.app(), &visit.ctx, code).await)?;
        let side = EntrySide::of(visit.app(), &view);
        side.map(|side| side.changes(visit.app().content(), fields.pairs()))
    } else {
        None
    };
    Ok(Act {
        action: action.to_owned(),
        note: Some(fields.text("note").to_owned()).filter(|note| !note.is_empty()),
        points: points(fields),
        answers: None,
        entry,
        revision: fields.text("revision").parse().ok(),
        code: Some(fields.text("code").to_owned()).filter(|code| !code.is_empty()),
    })
}

/// The key of the page, bound to all that was sent with it.
fn key(code: &str, action: &str, fields: &Fields) -> Option<IdempotencyKey> {
    let key = Some(fields.text("khoa")).filter(|key| !key.is_empty())?;
    let path = format!("/can-bo/ho-so/{code}/hanh-dong/{action}");
    let mut body = String::new();
    for (name, value) in fields.pairs() {
        body.push_str(&format!("{}:{name}{}:{value}", name.len(), value.len()));
    }
    Some(IdempotencyKey::new(key, &path, body.as_bytes()))
}

/// The page once more, with what was typed and what is wrong. Where the action can no longer be
/// taken, the error page says so.
async fn again(
    visit: &Visit,
    code: &str,
    action: &str,
    listing: &Listing,
    typed: Typed,
    status: StatusCode,
) -> Result<Response, Failure> {
    let view = visit.ok(app::dossiers::view(visit.app(), &visit.ctx, code).await)?;
    let action = visit.ok(offered(visit, &view, action))?;
    let page = fill(visit, &view, &action, listing, typed).await?;
    Ok(show_with(status, &page))
}

async fn fill(
    visit: &Visit,
    view: &DossierView,
    action: &Action,
    listing: &Listing,
    typed: Typed,
) -> Result<ActionPage, Failure> {
    let (app, dossier) = (visit.app(), &view.dossier);
    let content = app.content();
    let side = EntrySide::of(app, view);
    let (decides, prepares) = (decides(action), action.effects.contains(&Effect::PrepareEntry));
    let to = view.procedure.workflow.step(&action.to).map(|step| step.kind);
    let path = format!("/can-bo/ho-so/{}", dossier.code);
    let mut checks = if decides || prepares { compare::checks(visit, view) } else { Vec::new() };
    checks.retain(|check| check.tone != Tone::Done);
    let asks_code = decides && app.settings().code_at_signing;
    let side = side.as_ref();
    let error_at = |path: &str| {
        let found = typed.problems.iter().find(|problem| problem.path == path);
        found.map(|problem| problem.message.clone())
    };
    Ok(ActionPage {
        ui: visit.ui(Area::Worklist),
        action: listing.carried_by(&format!("{path}/hanh-dong/{}", action.id)),
        code: dossier.code.clone(),
        procedure: view.procedure.name.vi.clone(),
        applicant: dossier.applicant_name.clone(),
        about: views::about_text(&view.row.about, &dossier.applicant_name),
        label: action.label.vi.clone(),
        confirm: action.confirm.vi.clone(),
        effects: effects(visit, view, action, side),
        destructive: is_destructive(to),
        note_label: (action.note != NoteRule::None).then(|| note_label(action)),
        note_required: action.note == NoteRule::Required,
        note_error: error_at("note"),
        phrases: if action.points { Vec::new() } else { phrases(view, action) },
        points: if action.points { point_rows(visit, view, &typed) } else { Vec::new() },
        compare: side
            .filter(|_| decides)
            .map(|side| side.rows(content, side.draft(view)))
            .unwrap_or_default(),
        amends: side.is_some_and(|side| side.before.is_some()),
        entry: side
            .filter(|_| prepares)
            .map(|side| side.boxes(content, side.draft(view), &typed.pairs, &typed.problems))
            .unwrap_or_default(),
        entry_title: side
            .map(|side| format!("Nội dung ghi vào {}", side.register.name.vi))
            .unwrap_or_default(),
        checks,
        asks_code,
        demo_code: match visit.ctx.account().filter(|_| asks_code) {
            Some(account) => {
                visit.ok(app::accounts::demo_code(app, &visit.ctx, account.id).await)?
            }
            None => None,
        },
        code_error: error_at("code"),
        revision: dossier.revision,
        submit_key: visit.ok(access::form_token::FormTokens::seed())?,
        faults: typed.faults,
        back_href: listing.carried_by(&path),
        note: typed.note,
    })
}

/// Does this action decide the matter: write a register or sign?
fn decides(action: &Action) -> bool {
    action.effects.iter().any(|effect| {
        matches!(effect, Effect::EnterRegister | Effect::AmendRegister | Effect::SignResults)
    })
}

fn note_label(action: &Action) -> String {
    match action.note_label.vi.trim() {
        "" => "Ghi chú".to_owned(),
        label => label.to_owned(),
    }
}

/// What the action will do, a line each.
fn effects(
    visit: &Visit,
    view: &DossierView,
    action: &Action,
    side: Option<&EntrySide>,
) -> Vec<String> {
    let mut lines: Vec<String> =
        action.effects.iter().filter_map(|effect| effect_text(visit, view, effect, side)).collect();
    let workflow = &view.procedure.workflow;
    if let Some(step) = workflow.step(&action.to).filter(|step| step.id != view.dossier.step) {
        lines.push(format!("Hồ sơ chuyển sang bước “{}”", step.name.vi));
    }
    if !action.tell_applicant.vi.is_empty() {
        let text = action.tell_applicant.vi.replace("{code}", &view.dossier.code);
        lines.push(format!("Người nộp nhận tin: “{text}”"));
    }
    lines
}

fn effect_text(
    visit: &Visit,
    view: &DossierView,
    effect: &Effect,
    side: Option<&EntrySide>,
) -> Option<String> {
    let register = side.map_or("sổ", |side| side.register.name.vi.as_str());
    Some(match effect {
        Effect::StartClock => "Bắt đầu tính thời hạn giải quyết".to_owned(),
        Effect::StopClock => "Thời hạn giải quyết tạm dừng".to_owned(),
        Effect::ResumeClock => "Thời hạn giải quyết tính tiếp".to_owned(),
        Effect::ExtendClock => {
            "Thời hạn giải quyết được gia hạn một lần, kèm lời xin lỗi".to_owned()
        }
        Effect::FinishClock => "Kết thúc tính thời hạn giải quyết".to_owned(),
        Effect::Issue(slip) => {
            let slip = visit.app().content().slips.get(slip)?;
            format!("Lập {} ({})", slip.name.vi, slip.form_number)
        }
        Effect::Request(id) => {
            let request = view.procedure.requests.iter().find(|request| request.id == *id)?;
            format!("Gửi yêu cầu: {}", request.label.vi)
        }
        Effect::EditAnswers => return None,
        Effect::PrepareEntry => format!("Lập dự thảo nội dung ghi vào {register}"),
        Effect::EnterRegister => format!("Ghi vào {register} dưới số tiếp theo"),
        Effect::AmendRegister => {
            format!("Ghi nội dung mới vào {register}; nội dung cũ vẫn được giữ")
        }
        Effect::SignResults => format!("Ký số kết quả: {}", results(visit, view).join(", ")),
        Effect::Deliver => "Ghi nhận đã trả kết quả".to_owned(),
    })
}

/// The results that this dossier asks for, with the copies where there are several.
fn results(visit: &Visit, view: &DossierView) -> Vec<String> {
    let wanted = views::form_context(visit.app(), view, |ctx| {
        let facts = ctx.facts(&view.procedure.form, &view.dossier.answers);
        dossier::results_to_sign(&view.procedure, &facts)
    });
    let name = |id: &str| {
        let result = view.procedure.results.iter().find(|result| result.id == id);
        result.map_or_else(|| id.to_owned(), |result| result.name.vi.clone())
    };
    let text = |one: &dossier::ResultToSign| match one.copies {
        1 => name(&one.result),
        copies => format!("{} ({copies} bản)", name(&one.result)),
    };
    wanted.iter().map(text).collect()
}

/// Wordings for the note where a dossier ends without a result: the papers that may be missing.
fn phrases(view: &DossierView, action: &Action) -> Vec<String> {
    let to = view.procedure.workflow.step(&action.to).map(|step| step.kind);
    if !is_destructive(to) || action.note == NoteRule::None {
        return Vec::new();
    }
    let papers = view.procedure.papers.iter();
    papers.map(|paper| format!("Hồ sơ chưa có {}.", paper.name.vi)).collect()
}

fn point_rows(visit: &Visit, view: &DossierView, typed: &Typed) -> Vec<PointRow> {
    let choices = point_choices(visit, view);
    let rows = typed.points.iter().zip(0_u32..);
    rows.map(|(point, index)| {
        let path = |part: &str| format!("points.{index}.{part}");
        let is_here = |problem: &&Problem| {
            problem.path == path("text")
                || problem.path == path("field")
                || (index == 0 && problem.path == "points")
        };
        let error = typed.problems.iter().find(is_here);
        let fields = choices.iter().map(|(value, label)| OptionView {
            value: value.clone(),
            label: label.clone(),
            selected: *value == point.field,
        });
        PointRow {
            index,
            fields: fields.collect(),
            text: point.text.clone(),
            error: error.map(|problem| problem.message.clone()),
        }
    })
    .collect()
}

/// What a point may be about: the questions that this dossier was asked.
fn point_choices(visit: &Visit, view: &DossierView) -> Vec<(String, String)> {
    let mut choices = vec![(String::new(), "Hồ sơ nói chung".to_owned())];
    let form = &view.procedure.form;
    let shown = views::form_context(visit.app(), view, |ctx| {
        form::display(form, &view.dossier.answers, &view.dossier.sources, ctx)
    });
    for section in shown {
        for item in section.items {
            choices.push((item.field, format!("{}: {}", section.title, item.label)));
        }
    }
    choices
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Fields::from_pairs(pairs.collect())
    }

    #[test]
    fn blank_points_are_left_out_and_the_others_keep_their_order() {
        let sent = fields(&[
            ("points.0.field", "mother"),
            ("points.0.text", " Chụp lại mặt sau "),
            ("points.1.field", ""),
            ("points.1.text", "  "),
            ("points.2.field", ""),
            ("points.2.text", "Ký tên"),
        ]);
        let points = points(&sent);
        assert_eq!(points.len(), 2);
        assert_eq!(points[0].text, "Chụp lại mặt sau");
        assert_eq!(points[1].text, "Ký tên");
    }

    #[test]
    fn a_form_without_points_shows_one_to_fill_in() {
        assert_eq!(typed(&fields(&[("note", "x")])).points, vec![blank()]);
    }

    #[test]
    fn a_wrong_code_is_mended_on_the_page_but_a_lost_session_is_not() {
        let wrong = Error::unauthenticated("Mã chưa đúng").with_problems(vec![Problem::new(
            "sign-in.code",
            "code",
            "Mã chưa đúng",
        )]);
        assert!(shows_form(&wrong));
        assert!(!shows_form(&Error::new(ErrorCode::Unauthenticated)));
        assert!(!shows_form(&Error::forbidden("không")));
    }
}
