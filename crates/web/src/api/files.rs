//! Files: attachments in, papers out.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use kernel::id::DocumentId;
use serde::Deserialize;
use serde_json::{Value, json};

use super::caller::{Caller, idempotency_key};
use crate::failure::ApiFailure;

/// Which field of which procedure a file is for.
#[derive(Deserialize)]
pub(crate) struct UploadQuery {
    procedure: String,
    field: String,
    #[serde(default)]
    name: String,
}

/// Takes a file (the body is its bytes) for a file field; the id goes into the answers. With an
/// `Idempotency-Key`, sending it again answers the same file.
pub(crate) async fn upload(
    caller: Caller,
    Query(query): Query<UploadQuery>,
    uri: Uri,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<(StatusCode, Json<Value>), ApiFailure> {
    caller.need("dossiers:write")?;
    let address = uri.path_and_query().map_or("", |address| address.as_str());
    let key = idempotency_key(&headers)?;
    let key = key.map(|key| app::dossiers::IdempotencyKey::new(&key, address, &bytes));
    let procedure = app::procedures::find(caller.app(), &caller.ctx, &query.procedure)?;
    let upload = app::drafts::attach_loose(
        caller.app(),
        &caller.ctx,
        &procedure,
        &query.field,
        &query.name,
        bytes.to_vec(),
        key,
    )
    .await?;
    let answer = json!({
        "id": upload.id, "name": upload.name, "mime": upload.mime, "bytes": upload.bytes,
    });
    Ok((StatusCode::CREATED, Json(answer)))
}

/// A paper as PDF.
pub(crate) async fn document(
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, ApiFailure> {
    caller.need("dossiers:read")?;
    let id: DocumentId = id.parse().map_err(|_| kernel::Error::new(kernel::ErrorCode::NotFound))?;
    let file = app::documents::download(caller.app(), &caller.ctx, id).await?;
    let name = format!("inline; filename=\"{}\"", file.name);
    let headers = [(header::CONTENT_TYPE, file.mime), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, file.bytes).into_response())
}
