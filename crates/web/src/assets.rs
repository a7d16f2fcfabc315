//! Stylesheet, scripts and icon, inside the program.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

const FILES: &[(&str, &str, &str)] = &[
    ("app.css", "text/css; charset=utf-8", include_str!("../assets/app.css")),
    ("app.js", "text/javascript; charset=utf-8", include_str!("../assets/app.js")),
    ("verify.js", "text/javascript; charset=utf-8", include_str!("../assets/verify.js")),
    ("icon.svg", "image/svg+xml", include_str!("../assets/icon.svg")),
];

/// First digits of the hash of all assets: put into their addresses, so that browsers may keep them
/// for a year.
pub(crate) fn version() -> String {
    let mut hasher = Sha256::new();
    for (_, _, text) in FILES {
        hasher.update(text);
    }
    access::encoding::hex(&hasher.finalize()).chars().take(10).collect()
}

/// `GET /assets/{file}`.
pub(crate) async fn asset(Path(name): Path<String>) -> Response {
    let Some((_, kind, text)) = FILES.iter().find(|(file, _, _)| *file == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, *kind),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, *text).into_response()
}
