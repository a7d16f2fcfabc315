//! Measurements for Prometheus. Labels are routes and states, never persons.

use std::time::Duration;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

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

/// `GET /metrics`.
pub(crate) async fn metrics(State(state): State<WebState>) -> Response {
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
