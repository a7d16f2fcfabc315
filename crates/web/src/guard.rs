//! Around every request: an identifier, limits, headers, measurements; a panic becomes a page.

use std::net::{IpAddr, SocketAddr};
use std::panic::AssertUnwindSafe;
use std::task::Poll;
use std::time::Instant;

use access::ClientAddress;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kernel::error::{Error, ErrorCode};
use tracing::Instrument;

use crate::failure::{ApiFailure, Failure};
use crate::page::shell::{Lang, Shell};
use crate::state::WebState;

/// Identifier of a request in logs, in answers and on error pages.
#[derive(Clone, Debug)]
pub(crate) struct RequestId(pub(crate) String);

/// Whence a request came.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Client(pub(crate) ClientAddress);

// No script or style but our own files; no frames; forms only to ourselves. Pictures may be data
// of ours. (TCVN 14423:2026 asks for an application firewall besides; see docs/SECURITY.md.)
const CONTENT_SECURITY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; \
    base-uri 'none'; frame-ancestors 'none'";

/// The outermost layer.
pub(crate) async fn guard(
    State(state): State<WebState>,
    mut request: Request,
    next: Next,
) -> Response {
    let start = Instant::now();
    let id = RequestId(request_id());
    let method = request.method().as_str().to_owned();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let is_api = route.starts_with("/api/");
    let client = client(&state, &request);
    request.extensions_mut().insert(id.clone());
    request.extensions_mut().insert(Client(client));

    let now = state.app().now();
    let limited = client.rate_key().and_then(|key| state.requests().take(&key, now).err());
    let span = tracing::info_span!("request", id = %id.0, method = %method, route = %route);
    let mut response = match limited {
        Some(wait) => {
            let error = Error::new(ErrorCode::TooMany);
            let mut response = answer(&state, &id, is_api, error);
            if let Ok(value) = HeaderValue::from_str(&wait.seconds.to_string()) {
                response.headers_mut().insert(header::RETRY_AFTER, value);
            }
            response
        }
        None => {
            let is_read = request.method().is_safe();
            let work = next.run(request).instrument(span.clone());
            let done = if is_read { caught(work).await } else { to_the_end(work).await };
            done.unwrap_or_else(|cause| answer(&state, &id, is_api, Error::internal(cause)))
        }
    };
    put_headers(&mut response, &id);
    let status = response.status().as_u16();
    state.metrics().answered(&method, &route, status, start.elapsed());
    let duration_ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
    span.in_scope(|| tracing::info!(status, duration_ms, "answered"));
    response
}

/// A panic in a handler ends in a page and not in a cut line. Whoever goes away ends the work.
async fn caught(work: impl Future<Output = Response>) -> Result<Response, &'static str> {
    let mut work = Box::pin(work);
    std::future::poll_fn(move |context| {
        let step = AssertUnwindSafe(|| work.as_mut().poll(context));
        match std::panic::catch_unwind(step) {
            Ok(step) => step.map(Ok),
            Err(_) => Poll::Ready(Err("handler panicked")),
        }
    })
    .await
}

/// The same in a task of its own, which is done to its end even if the caller goes away meanwhile: what
/// follows a change, such as forgetting a token that was ended, must not be left out.
async fn to_the_end(
    work: impl Future<Output = Response> + Send + 'static,
) -> Result<Response, &'static str> {
    tokio::spawn(work)
        .await
        .map_err(|error| if error.is_panic() { "handler panicked" } else { "handler ended" })
}

fn answer(state: &WebState, id: &RequestId, is_api: bool, error: Error) -> Response {
    if is_api {
        ApiFailure::from(error).into_response()
    } else {
        let shell = Shell { request_id: id.0.clone(), ..state.shell(Lang::Vi) };
        Failure::from(error).within(&shell).into_response()
    }
}

fn request_id() -> String {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!("{:x}-{:x}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// The address of the client. What a proxy says is believed only of the proxy that was named.
fn client(state: &WebState, request: &Request) -> ClientAddress {
    let connect = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let Some(ConnectInfo(peer)) = connect else {
        return ClientAddress::default();
    };
    let trusted: Option<IpAddr> = state.app().settings().trusted_proxy.parse().ok();
    if trusted == Some(peer.ip()) {
        let forwarded = request.headers().get("x-forwarded-for");
        let last = forwarded
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.rsplit(',').next())
            .and_then(|value| value.trim().parse().ok());
        if let Some(address) = last {
            return ClientAddress::new(address);
        }
    }
    ClientAddress::new(peer.ip())
}

fn put_headers(response: &mut Response, id: &RequestId) {
    let headers = response.headers_mut();
    let fixed = [
        ("content-security-policy", CONTENT_SECURITY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("permissions-policy", "camera=(self), microphone=(), geolocation=()"),
        ("cross-origin-opener-policy", "same-origin"),
        ("strict-transport-security", "max-age=31536000"),
    ];
    for (name, value) in fixed {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    // Pages hold personal data: neither browsers nor proxies keep them, unless a handler says so.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        headers.insert(HeaderName::from_static("x-request-id"), value);
    }
}
