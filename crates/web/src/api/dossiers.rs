//! Dossiers.

use app::dossiers::{Act, Done, NewDossier, WorkView};
use app::dossiers::{DossierRow, Place};
use axum::Json;
use axum::extract::{Path, Query};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use dossier::{Answers, Dossier, Point};
use kernel::error::{Error, Result};
use kernel::moment::Moment;
use kernel::problem::Problem;
use kernel::unit::UnitCode;
use pack::model::Procedure;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::caller::{Anyone, Body, Caller};
use crate::failure::ApiFailure;

/// A dossier to be sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewBody {
    procedure: String,
    #[serde(default)]
    unit: String,
    answers: Answers,
}

/// Sends a dossier. With an `Idempotency-Key`, sending it again answers the same.
pub(crate) async fn create(caller: Caller, body: Body<NewBody>) -> Result<Response, ApiFailure> {
    caller.need("dossiers:write")?;
    let key = body.idempotency();
    let new = new_dossier(body.value)?;
    let done = app::dossiers::submit(caller.app(), &caller.ctx, new, key).await?;
    let status = if done.repeated { StatusCode::OK } else { StatusCode::CREATED };
    let place = format!("/api/v1/dossiers/{}", done.code);
    Ok((status, [(header::LOCATION, place)], Json(done_json(&done))).into_response())
}

fn new_dossier(body: NewBody) -> Result<NewDossier> {
    Ok(NewDossier { procedure: body.procedure, unit: unit(&body.unit)?, answers: body.answers })
}

fn unit(text: &str) -> Result<UnitCode> {
    text.parse().map_err(|_| {
        let message = "Hãy chọn nơi giải quyết: mã đơn vị gồm 5 chữ số của xã, phường, đặc khu.";
        Error::invalid(message).with_problems(vec![Problem::new("unit", "unit", message)])
    })
}

fn done_json(done: &Done) -> Value {
    json!({
        "code": done.code,
        "revision": done.revision,
        "repeated": done.repeated,
        "href": format!("/api/v1/dossiers/{}", done.code),
    })
}

/// Checks answers as if they were sent, and keeps nothing.
pub(crate) async fn check(caller: Caller, body: Body<NewBody>) -> Result<Json<Value>, ApiFailure> {
    caller.need("dossiers:write")?;
    let new = new_dossier(body.value)?;
    let checked = app::dossiers::check(caller.app(), &caller.ctx, new).await?;
    Ok(Json(json!({
        "acceptable": checked.is_acceptable(),
        "answers": checked.answers,
        "visible": checked.visible,
        "problems": checked.problems,
    })))
}

/// One dossier. Whoever is not the applicant is logged with the dossier as purpose.
pub(crate) async fn detail(
    caller: Caller,
    Path(code): Path<String>,
) -> Result<Json<Value>, ApiFailure> {
    caller.need("dossiers:read")?;
    let (row, dossier) = app::dossiers::read(caller.app(), &caller.ctx, &code).await?;
    let procedure = caller.app().version(&row.definition)?;
    Ok(Json(whole(&row, &dossier, &procedure)))
}

fn whole(row: &DossierRow, dossier: &Dossier, procedure: &Procedure) -> Value {
    let mut value = summary(row, procedure);
    let documents: Vec<Value> = dossier
        .documents
        .iter()
        .map(|document| {
            json!({
                "id": document.document,
                "kind": document.kind,
                "of": document.of,
                "name": document.name,
                "at": document.at.to_string(),
                "href": format!("/api/v1/documents/{}", document.document),
            })
        })
        .collect();
    let derivation: Vec<&str> = dossier
        .clock
        .iter()
        .flat_map(|clock| clock.derivation.iter())
        .map(|step| step.text.as_str())
        .collect();
    if let Value::Object(fields) = &mut value {
        fields.insert("answers".to_owned(), Value::Object(dossier.answers.clone()));
        fields.insert("channel".to_owned(), json!(dossier.channel));
        fields.insert("derivation".to_owned(), json!(derivation));
        fields.insert("documents".to_owned(), Value::Array(documents));
        fields.insert("entry".to_owned(), json!(dossier.entry));
        fields.insert(
            "note".to_owned(),
            json!(dossier.last_note.as_ref().map(|note| {
                json!({ "text": note.text, "points": note.points, "at": note.at.to_string() })
            })),
        );
        fields.insert("outcome".to_owned(), json!(dossier.outcome));
        fields.insert("requests".to_owned(), json!(dossier.requests));
    }
    value
}

fn summary(row: &DossierRow, procedure: &Procedure) -> Value {
    let moment = |micros: i64| Moment::from_micros(micros).to_string();
    json!({
        "code": row.code,
        "procedure": { "code": row.procedure_code, "name": procedure.name.vi },
        "unit": row.unit,
        "step": row.step,
        "state": row.state,
        "owner": row.owner,
        "applicant_name": row.title,
        "about": row.about,
        "submitted_at": moment(row.submitted_at),
        "due_at": (row.due_at != i64::MAX).then(|| moment(row.due_at)),
        "stopped": row.stopped,
        "finished_at": row.finished_at.map(moment),
        "revision": row.revision,
        "href": format!("/api/v1/dossiers/{}", row.code),
    })
}

/// Which dossiers to list.
#[derive(Deserialize)]
pub(crate) struct ListQuery {
    state: Option<String>,
    unit: Option<String>,
    view: Option<String>,
    after: Option<String>,
    limit: Option<i64>,
}

/// An officer's dossiers by state or view, the soonest due first; a citizen's own, newest first.
pub(crate) async fn list(
    caller: Caller,
    Query(query): Query<ListQuery>,
) -> Result<Json<Value>, ApiFailure> {
    caller.need("dossiers:read")?;
    let limit = query.limit.unwrap_or(50).clamp(1, 200);
    let is_officer = caller.ctx.account().is_some_and(access::AccountRef::is_officer);
    if !is_officer {
        let before = query.after.as_deref().and_then(|text| text.parse().ok());
        let rows = app::dossiers::mine(caller.app(), &caller.ctx, before, limit).await?;
        let next = next_cursor(&rows, limit, |row| row.id.to_string());
        return Ok(listed(&rows, next));
    }
    let view = match (query.state, query.view.as_deref()) {
        (Some(state), _) => WorkView::State(state),
        (None, Some("late")) => WorkView::Late,
        (None, Some("due-today")) => WorkView::DueToday,
        (None, Some("open")) => WorkView::Open,
        (None, _) => WorkView::Mine,
    };
    let only = query.unit.as_deref().map(unit).transpose()?;
    let after = query.after.as_deref().and_then(place);
    let rows = app::dossiers::worklist(caller.app(), &caller.ctx, view, only, after, limit).await?;
    let next = next_cursor(&rows, limit, |row| format!("{}.{}", row.due_at, row.id));
    Ok(listed(&rows, next))
}

type Rows = [(DossierRow, std::sync::Arc<Procedure>)];

fn next_cursor(rows: &Rows, limit: i64, cursor: impl Fn(&DossierRow) -> String) -> Option<String> {
    let full = i64::try_from(rows.len()).is_ok_and(|count| count >= limit);
    rows.last().filter(|_| full).map(|(row, _)| cursor(row))
}

fn listed(rows: &Rows, next: Option<String>) -> Json<Value> {
    let items: Vec<Value> = rows.iter().map(|(row, procedure)| summary(row, procedure)).collect();
    Json(json!({ "items": items, "next": next }))
}

fn place(text: &str) -> Option<Place> {
    let (due_at, id) = text.split_once('.')?;
    Some(Place { due_at: due_at.parse().ok()?, id: id.parse().ok()? })
}

/// What an action brings along.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ActBody {
    note: Option<String>,
    points: Vec<Point>,
    answers: Option<Answers>,
    entry: Option<Map<String, Value>>,
    revision: Option<u64>,
    code: Option<String>,
}

/// Takes an action of the workflow.
pub(crate) async fn act(
    caller: Caller,
    Path((code, action)): Path<(String, String)>,
    body: Body<ActBody>,
) -> Result<Json<Value>, ApiFailure> {
    caller.need("dossiers:write")?;
    let key = body.idempotency();
    let input = Act {
        action,
        note: body.value.note,
        points: body.value.points,
        answers: body.value.answers,
        entry: body.value.entry,
        revision: body.value.revision,
        code: body.value.code,
    };
    let done = app::dossiers::act(caller.app(), &caller.ctx, &code, input, key).await?;
    Ok(Json(done_json(&done)))
}

/// What has happened, oldest first.
pub(crate) async fn timeline(
    caller: Caller,
    Path(code): Path<String>,
) -> Result<Json<Value>, ApiFailure> {
    caller.need("dossiers:read")?;
    let view = app::dossiers::view(caller.app(), &caller.ctx, &code).await?;
    let own = view.roles.contains(dossier::APPLICANT);
    let items: Vec<Value> = view
        .events
        .iter()
        .map(|recorded| {
            // A citizen sees offices, not officers; the events themselves are the office's.
            let kinds: Vec<Value> = recorded
                .events
                .iter()
                .filter_map(|event| serde_json::to_value(event).ok())
                .map(|event| if own { json!({ "kind": event.get("kind") }) } else { event })
                .collect();
            json!({ "seq": recorded.seq, "at": recorded.at.to_string(), "events": kinds })
        })
        .collect();
    Ok(Json(json!({ "items": items })))
}

/// A rating.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RatingBody {
    score: u8,
    #[serde(default)]
    comment: String,
}

/// Rates how one's own dossier was handled. With an `Idempotency-Key`, sending it again answers the
/// same.
pub(crate) async fn rate(
    caller: Caller,
    Path(code): Path<String>,
    body: Body<RatingBody>,
) -> Result<StatusCode, ApiFailure> {
    caller.need("dossiers:write")?;
    let key = body.idempotency();
    let RatingBody { score, comment } = body.value;
    app::dossiers::rate(caller.app(), &caller.ctx, &code, score, &comment, key).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Where a dossier stands, for whoever has its code: nothing about persons.
pub(crate) async fn track(
    caller: Anyone,
    Path(code): Path<String>,
) -> Result<Json<Value>, ApiFailure> {
    let app = caller.state.app();
    let tracked = app::dossiers::track(app, &code).await?;
    let step = tracked.procedure.workflow.steps.iter().find(|step| step.id == tracked.step);
    Ok(Json(json!({
        "code": tracked.code,
        "procedure": { "code": tracked.procedure.code, "name": tracked.procedure.name.vi },
        "unit": tracked.unit,
        "step": tracked.step,
        "text": step.map(|step| step.citizen_text.vi.clone()),
        "portal_state": step.map(|step| step.portal_state),
        "due_at": tracked.due_at.map(|moment| moment.to_string()),
        "finished_at": tracked.finished_at.map(|moment| moment.to_string()),
    })))
}
