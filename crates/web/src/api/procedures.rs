//! Procedures.

use axum::Json;
use axum::extract::{Path, Query};
use pack::model::{Label, Procedure};
use serde::Deserialize;
use serde_json::{Value, json};

use super::caller::Anyone;
use crate::failure::ApiFailure;

/// Query of the list.
#[derive(Deserialize)]
pub(crate) struct ListQuery {
    #[serde(default)]
    q: String,
    limit: Option<usize>,
}

/// Finds procedures by the words that people use.
pub(crate) async fn list(caller: Anyone, Query(query): Query<ListQuery>) -> Json<Value> {
    let limit = query.limit.unwrap_or(20).clamp(1, 100);
    let found = app::procedures::search(caller.state.app(), &caller.ctx, &query.q, limit);
    let items: Vec<Value> = found.iter().map(|procedure| summary(procedure)).collect();
    Json(json!({ "items": items }))
}

fn summary(procedure: &Procedure) -> Value {
    json!({
        "code": procedure.code,
        "slug": procedure.slug,
        "name": procedure.name.vi,
        "name_en": procedure.name.en,
        "field": procedure.field,
        "summary": procedure.summary.vi,
        "time_limit": procedure.time.limit.text(),
        "valid_from": procedure.valid_from.to_string(),
        "href": format!("/api/v1/procedures/{}", procedure.code),
    })
}

/// One procedure: what is needed, how long, how much, by which law, and the schema of its answers.
pub(crate) async fn detail(
    caller: Anyone,
    Path(code): Path<String>,
) -> Result<Json<Value>, ApiFailure> {
    let app = caller.state.app();
    let procedure = app::procedures::find(app, &caller.ctx, &code)?;
    let vi = |labels: &[Label]| labels.iter().map(|l| l.vi.clone()).collect::<Vec<_>>();
    let mut value = summary(&procedure);
    let more = json!({
        "audience": vi(&procedure.audience),
        "papers": procedure.papers.iter().map(|paper| json!({
            "field": paper.field, "name": paper.name.vi, "note": paper.note.vi,
            "when": paper.when_text.vi, "basis": paper.basis,
        })).collect::<Vec<_>>(),
        "not_needed": vi(&procedure.not_needed),
        "fees": procedure.fees.iter().map(|fee| json!({
            "name": fee.name.vi, "text": fee.text.vi, "basis": fee.basis,
        })).collect::<Vec<_>>(),
        "legal_bases": procedure.legal_bases,
        "results": procedure.results.iter().map(|result| json!({
            "id": result.id, "name": result.name.vi,
        })).collect::<Vec<_>>(),
        "steps": procedure.workflow.steps.iter().map(|step| json!({
            "id": step.id, "name": step.name.vi, "owner": step.owner,
            "portal_state": step.portal_state, "kind": step.kind,
        })).collect::<Vec<_>>(),
        "actions": procedure.workflow.actions.iter().map(|action| json!({
            "id": action.id, "label": action.label.vi, "from": action.from, "to": action.to,
            "by": action.by, "note": action.note, "points": action.points,
        })).collect::<Vec<_>>(),
        "answers_schema": dossier::form::json_schema(&procedure.form, app.content()),
    });
    if let (Value::Object(value), Value::Object(more)) = (&mut value, more) {
        value.extend(more);
    }
    Ok(Json(value))
}
