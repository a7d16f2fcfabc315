//! What handlers share.

use std::sync::Arc;

use access::form_token::FormTokens;
use access::rate_limit::{RateLimit, RateLimiter};
use app::App;

use crate::assets;
use crate::metrics::Metrics;

/// What handlers share: cheap to clone.
#[derive(Clone)]
pub struct WebState {
    inner: Arc<Inner>,
}

struct Inner {
    app: App,
    forms: FormTokens,
    metrics: Metrics,
    requests: RateLimiter,
    sign_ins: RateLimiter,
    asset_version: String,
}

/// Clients remembered by a limiter at most.
const CLIENTS: usize = 20_000;

impl WebState {
    /// The state around an application.
    #[must_use]
    pub fn new(app: App) -> Self {
        let settings = app.settings();
        let per_minute =
            |count: u32| RateLimit { burst: count.max(1), millis_each: 60_000 / count.max(1) };
        let requests = RateLimiter::new(per_minute(settings.requests_per_minute), CLIENTS);
        let sign_ins = RateLimiter::new(per_minute(settings.sign_ins_per_minute), CLIENTS);
        let forms = FormTokens::new(app.derived_key("form-tokens"));
        Self {
            inner: Arc::new(Inner {
                app,
                forms,
                metrics: Metrics::new(),
                requests,
                sign_ins,
                asset_version: assets::version(),
            }),
        }
    }

    /// The application.
    #[must_use]
    pub fn app(&self) -> &App {
        &self.inner.app
    }

    pub(crate) fn forms(&self) -> &FormTokens {
        &self.inner.forms
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.inner.metrics
    }

    pub(crate) fn requests(&self) -> &RateLimiter {
        &self.inner.requests
    }

    pub(crate) fn sign_ins(&self) -> &RateLimiter {
        &self.inner.sign_ins
    }

    pub(crate) fn asset_version(&self) -> &str {
        &self.inner.asset_version
    }
}
