//! Is this paper genuine?

use axum::Json;
use serde::Deserialize;
use serde_json::{Value, json};

use super::caller::{Anyone, Body};
use crate::failure::ApiFailure;

/// The text of the code on a paper.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CodeBody {
    code: String,
}

/// Checks the code on a paper and says whether the paper is still current.
pub(crate) async fn verify(
    caller: Anyone,
    body: Body<CodeBody>,
) -> Result<Json<Value>, ApiFailure> {
    let verdict = app::verification::code(caller.state.app(), &body.value.code).await?;
    let state = verdict.state.as_ref();
    Ok(Json(json!({
        "genuine": true,
        "payload": verdict.payload,
        "register_name": verdict.register_name,
        "office_name": verdict.office_name,
        "known_here": state.is_some(),
        "current": state.map(|state| {
            state.entry_current
                && state.current_version.is_none_or(|now| now == state.entry_version)
        }),
        "current_version": state.and_then(|state| state.current_version),
    })))
}
