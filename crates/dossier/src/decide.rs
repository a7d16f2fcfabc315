//! What a command makes happen, or everything that stands against it.

use std::collections::BTreeMap;

use kernel::problem::{Problem, Problems, has_errors};
use pack::model::{Action, Effect, NoteRule};
use serde_json::{Map, Value as Json};

use crate::apply::apply;
use crate::command::{Command, DecideContext, Submission};
use crate::effects::Effects;
use crate::event::{Event, Submitted};
use crate::findings;
use crate::form;
use crate::obstacles;
use crate::state::{APPLICANT, Answers, DocumentRef, Dossier, EntryRef, Point, RequestState};
use crate::text;

const NOTE_LENGTH: usize = 4_000;
const POINT_LENGTH: usize = 1_000;
const COMMENT_LENGTH: usize = 1_000;
const MOST_POINTS: usize = 50;
const ANSWER_LENGTH: usize = 2_000;

/// Decides a command: the events that it makes, or all problems that stand against it.
///
/// Pure and total. The caller has looked the dossier up, knows that its revision is the one that
/// the person saw, and commits the events together with their consequences. No events means that
/// there is nothing to do (the same answer came twice).
///
/// # Errors
/// Every problem, in Vietnamese, at once.
pub fn decide(
    ctx: &DecideContext<'_>,
    state: Option<&Dossier>,
    command: Command,
) -> Result<Vec<Event>, Problems> {
    match (state, command) {
        (None, Command::Submit(submission)) => submit(ctx, *submission),
        (Some(_), Command::Submit(_)) => refuse("dossier.exists", "Hồ sơ này đã được nộp."),
        (None, _) => refuse("dossier.none", "Không có hồ sơ này. Hãy kiểm tra lại mã hồ sơ."),
        (Some(dossier), command) => on_dossier(ctx, dossier, command),
    }
}

fn on_dossier(
    ctx: &DecideContext<'_>,
    dossier: &Dossier,
    command: Command,
) -> Result<Vec<Event>, Problems> {
    match command {
        Command::RecordDocument(document) => Ok(record_document(dossier, document)),
        Command::RecordEntry(entry) => record_entry(ctx, dossier, entry),
        Command::Rate { score, comment } => rate(ctx, dossier, score, &comment),
        Command::Act { action, note, points, answers, entry } => {
            act(ctx, dossier, &action, Given { note, points, answers, entry })
        }
        _ if dossier.is_finished() => finished(),
        Command::RecordAnswer { request, result } => record_answer(ctx, dossier, request, result),
        Command::Assign { to } => {
            let by = ctx.actor.in_role(ctx.actor.main_role(dossier));
            let mine = obstacles::cannot_assign(ctx);
            match (mine, dossier.assigned_to == to) {
                (Some(problem), _) => Err(vec![problem]),
                (None, true) => Ok(Vec::new()),
                (None, false) => Ok(vec![Event::Assigned { to, by, at: ctx.now }]),
            }
        }
        // Handled by `decide`.
        Command::Submit(_) => Ok(Vec::new()),
    }
}

fn submit(ctx: &DecideContext<'_>, submission: Submission) -> Result<Vec<Event>, Problems> {
    let today = ctx.now.date();
    let extra = findings::extra(&BTreeMap::new(), ctx.evidence.found);
    let form = ctx.form(today, ctx.evidence.applicant, &extra);
    let checked = form::check(&ctx.procedure.form, &submission.answers, &form, true);
    let mut problems = checked.problems;
    if today < ctx.procedure.valid_from || ctx.procedure.valid_to.is_some_and(|last| today > last) {
        let message = "Thủ tục này không nhận hồ sơ vào ngày hôm nay. \
                       Hãy mở lại trang thủ tục để dùng phiên bản đang có hiệu lực.";
        problems.push(Problem::new("procedure.not-in-force", "", message));
    }
    problems.extend(findings::refuse_filing(ctx.evidence.checks));
    if has_errors(&problems) {
        return Err(problems);
    }
    let is_own = ctx.actor.account == submission.applicant;
    let desk_role = ctx.actor.roles.first().map_or("system", String::as_str);
    let role = if is_own { APPLICANT } else { desk_role };
    let begun = Event::Submitted(Box::new(Submitted {
        id: submission.id,
        code: submission.code,
        procedure_code: ctx.procedure.code.clone(),
        procedure_hash: submission.procedure_hash,
        unit: submission.unit,
        channel: submission.channel,
        applicant: submission.applicant,
        applicant_name: submission.applicant_name,
        step: ctx.procedure.workflow.start.clone(),
        answers: checked.answers,
        applicant_record: kept_of_applicant(ctx),
        sources: submission.sources,
        by: ctx.actor.in_role(role),
        at: ctx.now,
    }));
    let Some(dossier) = apply(None, &begun) else {
        return Ok(vec![begun]);
    };
    let mut effects = Effects::begin(ctx, dossier, role);
    effects.note(begun);
    for effect in &ctx.procedure.workflow.on_submit {
        effects.run(effect, "nộp hồ sơ", None, None);
    }
    effects.done()
}

/// The parts of the applicant's record that the procedure's expressions name, so that they mean the
/// same whoever acts later.
fn kept_of_applicant(ctx: &DecideContext<'_>) -> Option<Json> {
    let record = ctx.evidence.applicant?.as_object()?;
    let named = ctx.procedure.applicant_parts();
    let kept = record.iter().filter(|(part, _)| named.contains(*part));
    let kept: Map<String, Json> = kept.map(|(part, value)| (part.clone(), value.clone())).collect();
    Some(Json::Object(kept)).filter(|_| !named.is_empty())
}

/// What comes with an action.
struct Given {
    note: Option<String>,
    points: Vec<Point>,
    answers: Option<Answers>,
    entry: Option<Map<String, Json>>,
}

fn act(
    ctx: &DecideContext<'_>,
    dossier: &Dossier,
    action_id: &str,
    given: Given,
) -> Result<Vec<Event>, Problems> {
    let Some(action) = ctx.procedure.workflow.action(action_id) else {
        return refuse("action.unknown", "Thủ tục này không có việc vừa chọn. Hãy tải lại trang.");
    };
    if dossier.is_finished() && !obstacles::is_after_work(ctx, dossier, action) {
        return finished();
    }
    let mut problems = Problems::new();
    problems.extend(obstacles::to_action(ctx, dossier, action));
    if !problems.is_empty() {
        return Err(problems);
    }
    let note = check_note(action, given.note, &mut problems);
    let points = check_points(ctx, action, given.points, &mut problems);
    check_fitting_inputs(action, given.answers.is_some(), given.entry.is_some(), &mut problems);

    let mut effects = Effects::begin(ctx, dossier.clone(), &action.by);
    for effect in &action.effects {
        effects.run(effect, &action.label.vi, given.answers.as_ref(), given.entry.as_ref());
    }
    effects.move_along(action, note, points);
    match effects.done() {
        Ok(events) if problems.is_empty() => Ok(events),
        Ok(_) => Err(problems),
        Err(more) => {
            problems.extend(more);
            Err(problems)
        }
    }
}

fn check_note(action: &Action, note: Option<String>, problems: &mut Problems) -> Option<String> {
    let note = note.map(|note| text::clean_lines(&note)).filter(|note| !note.is_empty());
    let name = match action.note_label.vi.trim() {
        "" => "nội dung ghi chú".to_owned(),
        label => text::lower_first(label),
    };
    match (&note, action.note) {
        (None, NoteRule::Required) => {
            problems.push(Problem::new("note.required", "note", format!("Hãy nhập {name}.")));
        }
        (Some(_), NoteRule::None) => {
            let message = "Việc này không nhận ghi chú. Hãy để trống ô ghi chú.";
            problems.push(Problem::new("note.not-asked", "note", message));
        }
        (Some(note), _) if note.chars().count() > NOTE_LENGTH => {
            let message = format!("Nội dung {name} dài quá {NOTE_LENGTH} ký tự. Hãy viết gọn lại.");
            problems.push(Problem::new("text.too-long", "note", message));
        }
        _ => {}
    }
    note
}

fn check_points(
    ctx: &DecideContext<'_>,
    action: &Action,
    points: Vec<Point>,
    problems: &mut Problems,
) -> Vec<Point> {
    let cleaned = points.into_iter().map(|point| Point {
        field: point.field.trim().to_owned(),
        text: text::clean_lines(&point.text),
    });
    let given: Vec<Point> =
        cleaned.filter(|point| !(point.field.is_empty() && point.text.is_empty())).collect();
    if !action.points && !given.is_empty() {
        let message = "Việc này không nhận danh sách điểm cần bổ sung.";
        problems.push(Problem::new("points.not-asked", "points", message));
    }
    if action.points && given.is_empty() {
        let message = "Hãy nêu ít nhất một điểm cần bổ sung, sửa đổi, kèm cách thực hiện.";
        problems.push(Problem::new("points.required", "points", message));
    }
    if given.len() > MOST_POINTS {
        let message = format!("Nhiều nhất {MOST_POINTS} điểm. Hãy gộp các điểm cùng loại.");
        problems.push(Problem::new("points.too-many", "points", message));
    }
    for (index, point) in given.iter().enumerate().take(MOST_POINTS) {
        check_point(ctx, index, point, problems);
    }
    given
}

fn check_point(ctx: &DecideContext<'_>, index: usize, point: &Point, problems: &mut Problems) {
    if point.text.is_empty() {
        let path = format!("points.{index}.text");
        let message = "Hãy ghi rõ cần bổ sung, sửa đổi gì và cách thực hiện.";
        problems.push(Problem::new("points.no-text", path, message));
    }
    if point.text.chars().count() > POINT_LENGTH {
        let path = format!("points.{index}.text");
        let message = format!("Nội dung dài quá {POINT_LENGTH} ký tự. Hãy viết gọn lại.");
        problems.push(Problem::new("text.too-long", path, message));
    }
    let form = &ctx.procedure.form;
    let is_section = || form.sections.iter().any(|section| section.id == point.field);
    // A point may name a part: `mother.birth_date`, `witnesses.0.name`.
    let root = point.field.split('.').next().unwrap_or_default();
    if !point.field.is_empty() && form.field(root).is_none() && !is_section() {
        let path = format!("points.{index}.field");
        let message = "Mục này không có trong tờ khai. Hãy chọn lại mục cần bổ sung.";
        problems.push(Problem::new("points.unknown-field", path, message));
    }
}

/// Answers and entry are only taken where the action has an effect for them.
fn check_fitting_inputs(action: &Action, answers: bool, entry: bool, problems: &mut Problems) {
    if answers && !action.effects.contains(&Effect::EditAnswers) {
        let message = "Việc này không sửa tờ khai. Hãy tải lại trang rồi thực hiện lại.";
        problems.push(Problem::new("answers.not-asked", "", message));
    }
    if entry && !action.effects.contains(&Effect::PrepareEntry) {
        let message = "Việc này không sửa nội dung ghi sổ. Hãy tải lại trang rồi thực hiện lại.";
        problems.push(Problem::new("entry.not-asked", "", message));
    }
}

fn record_answer(
    ctx: &DecideContext<'_>,
    dossier: &Dossier,
    request: String,
    result: RequestState,
) -> Result<Vec<Event>, Problems> {
    let Some(known) = dossier.requests.get(&request) else {
        return refuse("request.unknown", "Hồ sơ này chưa gửi yêu cầu đó.");
    };
    let result = match result {
        RequestState::Answered(text) => RequestState::Answered(text::clean_lines(&text)),
        other => other,
    };
    match (known, &result) {
        (known, result) if known == result => return Ok(Vec::new()),
        (_, RequestState::Pending) => {
            return refuse("request.no-answer", "Kết quả trả lời còn trống.");
        }
        (_, RequestState::Answered(text)) if text.is_empty() => {
            return refuse("request.no-answer", "Kết quả trả lời còn trống.");
        }
        (_, RequestState::Answered(text)) if text.chars().count() > ANSWER_LENGTH => {
            return refuse("text.too-long", "Kết quả trả lời quá dài.");
        }
        (RequestState::Answered(_), _) => {
            return refuse(
                "request.answered",
                "Yêu cầu này đã có trả lời khác. Hãy đối soát với hệ thống trả lời.",
            );
        }
        _ => {}
    }
    Ok(vec![Event::AnswerRecorded { request, result, at: ctx.now }])
}

fn record_document(dossier: &Dossier, document: DocumentRef) -> Vec<Event> {
    let is_known = dossier.documents.iter().any(|known| known.document == document.document);
    if is_known { Vec::new() } else { vec![Event::DocumentRecorded { document }] }
}

fn record_entry(
    ctx: &DecideContext<'_>,
    dossier: &Dossier,
    entry: EntryRef,
) -> Result<Vec<Event>, Problems> {
    if dossier.entry.as_ref() == Some(&entry) {
        return Ok(Vec::new());
    }
    if !dossier.entry_awaited {
        return refuse("entry.not-awaited", "Hồ sơ này chưa được duyệt ghi sổ hoặc đã ghi sổ rồi.");
    }
    Ok(vec![Event::EntryRecorded { entry, at: ctx.now }])
}

fn rate(
    ctx: &DecideContext<'_>,
    dossier: &Dossier,
    score: u8,
    comment: &str,
) -> Result<Vec<Event>, Problems> {
    let mut problems = Problems::new();
    let mut against = |code: &str, path: &str, message: &str| {
        problems.push(Problem::new(code, path, message));
    };
    if !ctx.actor.is_applicant_of(dossier) {
        against("rating.not-yours", "", "Chỉ người nộp hồ sơ được đánh giá.");
    }
    if !dossier.is_finished() {
        against("rating.too-early", "", "Ông/bà đánh giá được sau khi hồ sơ kết thúc.");
    }
    if dossier.rating.is_some() {
        against("rating.twice", "", "Ông/bà đã đánh giá hồ sơ này. Xin cảm ơn.");
    }
    if !(1..=5).contains(&score) {
        against("rating.score", "score", "Hãy chọn từ 1 đến 5 điểm.");
    }
    let comment = text::clean_lines(comment);
    if comment.chars().count() > COMMENT_LENGTH {
        against("text.too-long", "comment", "Ý kiến dài quá 1.000 ký tự. Hãy viết gọn lại.");
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(vec![Event::Rated { score, comment, at: ctx.now }])
}

fn finished<T>() -> Result<T, Problems> {
    refuse(
        "dossier.finished",
        "Hồ sơ đã kết thúc nên không thực hiện thêm được. Nếu cần, ông/bà hãy nộp hồ sơ mới.",
    )
}

fn refuse<T>(code: &str, message: &str) -> Result<T, Problems> {
    Err(vec![Problem::new(code, "", message)])
}
