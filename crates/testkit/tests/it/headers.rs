//! What every answer carries, and what no page holds.

use testkit::people::{ADMINISTRATOR, AUDITOR, CLERK, MOTHER};
use testkit::{Engine, Page, Person, TestApp};
use web::routes::routes;

use crate::world::World;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                      font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";
/// Largest first page, in bytes: a slow line must bear it.
const MOST_BYTES: usize = 60_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_keeps_to_the_content_policy() {
    let app = TestApp::start(Engine::Sqlite).await.unwrap();
    let world = World::new(&app).await;
    let mut seen = 0;
    for person in [None, Some(MOTHER), Some(CLERK), Some(AUDITOR), Some(ADMINISTRATOR)] {
        let mut browser = match person {
            Some(person) => app.signed_in(person).await,
            None => app.browser(),
        };
        for route in routes().iter().filter(|route| route.method == "GET") {
            let page = browser.get_only(&world.path(route.path)).await;
            carries_headers(&page, route.path);
            seen += u32::from(is_html(&page));
        }
        for missing in ["/khong-co", "/ho-so/x", "/nhap/1/x", "/assets/khong-co.js"] {
            carries_headers(&browser.get_only(missing).await, missing);
        }
    }
    assert!(seen > 60, "{seen} pages");
}

fn is_html(page: &Page) -> bool {
    page.header("content-type").starts_with("text/html")
}

#[track_caller]
fn carries_headers(page: &Page, path: &str) {
    assert_eq!(page.header("content-security-policy"), POLICY, "{path}");
    assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
    assert_eq!(page.header("referrer-policy"), "same-origin", "{path}");
    assert!(!page.header("x-request-id").is_empty(), "{path}");
    assert!(!page.header("strict-transport-security").is_empty(), "{path}");
    let cache = page.header("cache-control");
    let is_ours_for_all = path.starts_with("/assets") && page.status == 200;
    assert!(is_ours_for_all || cache.contains("no-store") || is_open(path), "{path}: {cache}");
    if is_html(page) {
        assert_eq!(page.html.inline_code(), Vec::<String>::new(), "{path}");
        let length = page.body.len();
        assert!(length <= MOST_BYTES, "{path} has {length} bytes");
    }
}

/// Lists that are the same for everybody may be kept for a while.
fn is_open(path: &str) -> bool {
    path.starts_with("/don-vi/") || path == "/verify/keys.json" || path == "/verify/root.pem"
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cookies_are_out_of_reach_of_scripts_and_other_sites() {
    let mut app = TestApp::start(Engine::Sqlite).await.unwrap();
    for https in [false, true] {
        app.restart_with(|settings| settings.https = https).await;
        let mut browser = app.browser();
        let page = browser.get("/dang-nhap").await.expect(200);
        let form = page.form_with("password").with("username", MOTHER.login);
        let form = form.with("password", &password(MOTHER));
        let signed_in = browser.send_only(&page, &form, None).await;
        assert_eq!(signed_in.status, 303);
        let cookie = signed_in.header("set-cookie");
        for part in ["HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert_eq!(cookie.contains("Secure"), https, "{cookie}");
    }
}

fn password(person: Person) -> String {
    person.password()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_sent_to_another_site_after_signing_in() {
    let app = TestApp::start(Engine::Sqlite).await.unwrap();
    for next in ["https://example.com/", "//example.com", "/\\example.com", "javascript:alert(1)"] {
        let mut browser = app.browser();
        let page = browser.get(&format!("/dang-nhap?next={}", next.replace('/', "%2F"))).await;
        let form = page.form_with("password").with("username", MOTHER.login);
        let form = form.with("password", &password(MOTHER));
        let signed_in = browser.send_only(&page, &form, None).await;
        assert_eq!(signed_in.header("location"), "/ho-so", "{next}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_address_cannot_ask_without_end() {
    let app = TestApp::start(Engine::Sqlite).await.unwrap();
    let mut browser = app.browser().at("203.0.113.9".parse().unwrap());
    let mut last = None;
    for _ in 0..1_300 {
        let page = browser.get_only("/healthz").await;
        if page.status == 429 {
            last = Some(page);
            break;
        }
    }
    let refused = last.expect("the limit of 1,200 a minute holds");
    assert!(!refused.header("retry-after").is_empty());
    app.pass_minutes(1);
    assert_eq!(browser.get_only("/healthz").await.status, 200);
}
