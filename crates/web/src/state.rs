//! What handlers share.

use std::sync::Arc;

use access::form_token::FormTokens;
use access::rate_limit::{RateLimit, RateLimiter};
use app::App;

use crate::assets;
use crate::metrics::Metrics;
use crate::page::shell::{Lang, Shell};
use crate::pages::describe;

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
    /// In Vietnamese and in English.
    shells: [Shell; 2],
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
        let shells = [shell(&app, Lang::Vi), shell(&app, Lang::En)];
        let inner = Inner { app, forms, metrics: Metrics::new(), requests, sign_ins, shells };
        Self { inner: Arc::new(inner) }
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

    /// What stands around every page, whoever asks for it.
    pub(crate) fn shell(&self, lang: Lang) -> Shell {
        let [vi, en] = &self.inner.shells;
        if lang.is_en() { en.clone() } else { vi.clone() }
    }
}

fn shell(app: &App, lang: Lang) -> Shell {
    let content = app.content();
    let province = &content.settings.province;
    let office = content.offices.get(province);
    let phone = office.map(|office| office.phone.clone()).unwrap_or_default();
    let hours = match phone.as_str() {
        "" => String::new(),
        _ => describe::hours(&content.calendar, app.now().date(), lang),
    };
    Shell {
        lang,
        assets: "/assets".to_owned(),
        asset_version: assets::version(),
        place: content.units.full_name(province).unwrap_or_default(),
        department: department(&content.settings.department).to_owned(),
        demo: app.settings().demo,
        help_phone: phone,
        help_hours: hours,
        lang_href: "/ngon-ngu?chon=en&next=/".to_owned(),
        text_size_href: "/co-chu?chon=lon&next=/".to_owned(),
        ..Shell::default()
    }
}

/// The department without its province, which stands beside it.
fn department(full: &str) -> &str {
    let cut = [" tỉnh ", " thành phố "].iter().find_map(|kind| full.split_once(kind));
    cut.map_or(full, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_department_is_named_without_its_province() {
        assert_eq!(department("Sở Tư pháp tỉnh Đồng Tháp"), "Sở Tư pháp");
        assert_eq!(department("Sở Tư pháp thành phố Cần Thơ"), "Sở Tư pháp");
        assert_eq!(department("Sở Tư pháp"), "Sở Tư pháp");
    }
}
