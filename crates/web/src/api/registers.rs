//! Registers, and who looked at one's data.

use axum::Json;
use axum::extract::{Path, Query};
use kernel::error::{Error, ErrorCode};
use kernel::id::EntryId;
use serde::Deserialize;
use serde_json::{Value, json};

use super::caller::Caller;
use crate::failure::ApiFailure;

/// What is looked for, and why.
#[derive(Deserialize)]
pub(crate) struct SearchQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    reason: String,
}

/// Searches a register by number, personal number or name. A reason must be given.
pub(crate) async fn search(
    caller: Caller,
    Path(register): Path<String>,
    Query(query): Query<SearchQuery>,
) -> Result<Json<Value>, ApiFailure> {
    caller.need("registers:read")?;
    let rows =
        app::registers::search(caller.app(), &caller.ctx, &register, &query.q, &query.reason)
            .await?;
    let items: Vec<Value> = rows
        .iter()
        .map(|row| {
            json!({
                "id": row.id.to_string(),
                "number": row.number_text,
                "book": row.book,
                "year": row.year,
                "unit": row.unit,
                "title": row.title,
                "status": row.status,
                "registered_on": row.registered_on,
                "version": row.version,
            })
        })
        .collect();
    Ok(Json(json!({ "items": items })))
}

/// One entry with its versions and annotations. A reason must be given.
pub(crate) async fn entry(
    caller: Caller,
    Path((register, id)): Path<(String, String)>,
    Query(query): Query<SearchQuery>,
) -> Result<Json<Value>, ApiFailure> {
    caller.need("registers:read")?;
    let id: EntryId = id.parse().map_err(|_| Error::new(ErrorCode::NotFound))?;
    let view = app::registers::view(caller.app(), &caller.ctx, id, &query.reason).await?;
    if view.entry.register != register {
        return Err(Error::new(ErrorCode::NotFound).into());
    }
    Ok(Json(json!({ "entry": view.entry })))
}

/// Who looked at one's data, newest first.
pub(crate) async fn accesses(caller: Caller) -> Result<Json<Value>, ApiFailure> {
    caller.need("dossiers:read")?;
    let list = app::privacy::reads_about_me(caller.app(), &caller.ctx, 200).await?;
    let items: Vec<Value> = list
        .iter()
        .map(|access| {
            json!({
                "at": access.at.to_string(),
                "who": access.who,
                "offices": access.offices,
                "record": access.record,
                "dossier": access.dossier_code,
                "purpose": access.purpose,
            })
        })
        .collect();
    Ok(Json(json!({ "items": items })))
}
