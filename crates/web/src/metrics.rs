//! Measurements for Prometheus. Labels are routes and states, never persons.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use axum::Extension;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use kernel::error::{Error, ErrorCode};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::failure::Failure;
use crate::state::WebState;

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RequestLabels {
    method: String,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RouteLabels {
    route: String,
}

pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    seconds: Family<RouteLabels, Histogram>,
    jobs_ready: Gauge,
    jobs_dead: Gauge,
    outbox_waiting: Gauge,
}

fn histogram() -> Histogram {
    Histogram::new([0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0])
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("tuphap");
        let requests = Family::default();
        let seconds = Family::new_with_constructor(histogram as fn() -> Histogram);
        let (jobs_ready, jobs_dead) = (Gauge::default(), Gauge::default());
        let outbox_waiting = Gauge::default();
        registry.register("http_requests", "Requests answered", requests.clone());
        registry.register("http_request_seconds", "Time to answer a request", seconds.clone());
        registry.register("jobs_ready", "Jobs that wait", jobs_ready.clone());
        registry.register("jobs_dead", "Jobs laid aside after failing", jobs_dead.clone());
        registry.register(
            "outbox_waiting",
            "Messages to other systems that wait for an answer",
            outbox_waiting.clone(),
        );
        Self { registry, requests, seconds, jobs_ready, jobs_dead, outbox_waiting }
    }

    pub(crate) fn answered(&self, method: &str, route: &str, status: u16, time: Duration) {
        let labels = RequestLabels { method: method.to_owned(), route: route.to_owned(), status };
        self.requests.get_or_create(&labels).inc();
        let labels = RouteLabels { route: route.to_owned() };
        self.seconds.get_or_create(&labels).observe(time.as_secs_f64());
    }
}

/// `GET /metrics`: for programs of this machine, and for whoever has the token of the settings. To all
/// others it is not there.
pub(crate) async fn metrics(
    State(state): State<WebState>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
) -> Response {
    let peer = peer.map(|Extension(ConnectInfo(peer))| peer.ip());
    if !may_read(peer, &headers, &state.app().settings().metrics_token) {
        return Failure::from(Error::new(ErrorCode::NotFound)).into_response();
    }
    let metrics = state.metrics();
    if let Ok(counts) = app::jobs::counts(state.app()).await {
        metrics.jobs_ready.set(counts.ready);
        metrics.jobs_dead.set(counts.dead);
        metrics.outbox_waiting.set(counts.outbox_waiting);
    }
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = encode(&mut text, &metrics.registry);
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

/// Headers by which a proxy says that it speaks for somebody else: such a request comes from outside,
/// though its line begins on this machine.
const FORWARDED: [&str; 3] = ["x-forwarded-for", "forwarded", "x-real-ip"];

fn may_read(peer: Option<IpAddr>, headers: &HeaderMap, token: &str) -> bool {
    let is_forwarded = FORWARDED.iter().any(|name| headers.contains_key(*name));
    if !is_forwarded && peer.is_some_and(|peer| peer.to_canonical().is_loopback()) {
        return true;
    }
    let given = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    given.is_some_and(|given| access::is_same_secret(given.trim(), token))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, value.parse().unwrap());
        }
        headers
    }

    fn address(text: &str) -> Option<IpAddr> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn measurements_are_for_this_machine_and_for_whoever_has_the_token() {
        let none = headers(&[]);
        assert!(may_read(address("127.0.0.1"), &none, ""));
        assert!(may_read(address("::1"), &none, ""));
        assert!(may_read(address("::ffff:127.0.0.1"), &none, ""));
        assert!(!may_read(address("203.0.113.7"), &none, ""));
        assert!(!may_read(None, &none, ""));
        let right = headers(&[("authorization", "Bearer bi-mat")]);
        assert!(may_read(address("203.0.113.7"), &right, "bi-mat"));
        assert!(!may_read(address("203.0.113.7"), &right, "khac"));
        let empty = headers(&[("authorization", "Bearer ")]);
        assert!(!may_read(address("203.0.113.7"), &empty, ""), "no token opens to nobody");
    }

    #[test]
    fn what_a_proxy_of_this_machine_hands_on_comes_from_outside() {
        for name in FORWARDED {
            let through = headers(&[(name, "203.0.113.7")]);
            assert!(!may_read(address("127.0.0.1"), &through, ""), "{name}");
        }
    }
}
