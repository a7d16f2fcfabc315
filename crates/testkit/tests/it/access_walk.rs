//! Every route as everybody: what is the mother's stays hers and her commune's.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use testkit::people::{
    ADMINISTRATOR, AUDITOR, CHAIR, CLERK, DESK, MOTHER, OTHER_CHAIR, OTHER_CLERK, OTHER_DESK,
    STRANGER,
};
use testkit::{Answer, Browser, Engine, Page, Person, TestApp};
use web::routes::{Route, Who, routes};

use crate::expected;
use crate::world::{CHILD, World};

/// Those to whom the mother's dossier is nobody's business.
const OUTSIDERS: [(&str, Option<Person>); 7] = [
    ("nobody", None),
    ("stranger", Some(STRANGER)),
    ("other-desk", Some(OTHER_DESK)),
    ("other-clerk", Some(OTHER_CLERK)),
    ("other-chair", Some(OTHER_CHAIR)),
    ("auditor", Some(AUDITOR)),
    ("administrator", Some(ADMINISTRATOR)),
];
/// Those who may see it: read only, since what they do would change what the others meet.
const INSIDERS: [(&str, Person); 4] =
    [("mother", MOTHER), ("desk", DESK), ("clerk", CLERK), ("chair", CHAIR)];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_else_sees_or_changes_what_is_the_mothers() {
    let app = TestApp::start(Engine::Sqlite).await.unwrap();
    let world = World::new(&app).await;
    let before = world.state(&app).await;
    let mut lines: Vec<String> =
        all_routes().iter().map(|route| format!("{} {}", route.method, route.path)).collect();
    for (name, person) in OUTSIDERS {
        let mut walker = Walker::new(&app, person).await;
        for (line, route) in lines.iter_mut().zip(all_routes()) {
            // What is open to anybody asks nobody who they are: two stand for all.
            if route.who == Who::Anyone && !["nobody", "stranger"].contains(&name) {
                continue;
            }
            let answer = walker.go(&route, &world).await;
            leaks_nothing(name, &route, &world, &answer);
            is_the_gate(name, &route, person, &answer);
            line.push_str(&format!(" {name}={}", answer.status));
        }
    }
    assert_eq!(world.state(&app).await, before, "an outsider changed something");
    only_insiders_have_looked(&app).await;
    for (name, person) in INSIDERS {
        let mut walker = Walker::new(&app, Some(person)).await;
        for (line, route) in lines.iter_mut().zip(all_routes()) {
            if route.method == "GET" && route.who != Who::Anyone {
                let answer = walker.go(&route, &world).await;
                line.push_str(&format!(" {name}={}", answer.status));
            }
        }
    }
    assert!(app.audit().await.ok);
    expected::compare("access_walk.expected", &lines);
}

/// The way out comes last: after it the session is over.
fn all_routes() -> Vec<Route> {
    let mut all = routes();
    all.sort_by_key(|route| route.path == "/dang-xuat");
    all
}

struct Walker<'a> {
    app: &'a TestApp,
    person: Option<Person>,
    browser: Browser<'a>,
    csrf: String,
}

impl<'a> Walker<'a> {
    async fn new(app: &'a TestApp, person: Option<Person>) -> Self {
        let mut browser = match person {
            Some(person) => app.signed_in(person).await,
            None => app.browser(),
        };
        // A token that is right, so that what refuses is not the token.
        let page = browser.get("/verify").await.expect(200);
        let csrf = page.form("/verify").value("csrf").unwrap().to_owned();
        Self { app, person, browser, csrf }
    }

    async fn go(&mut self, route: &Route, world: &World) -> Answer {
        let path = world.path(route.path);
        if !route.path.starts_with("/api/v1/") {
            let page = match route.method {
                "GET" => self.browser.get_only(&path).await,
                _ => {
                    let fields =
                        [("csrf", self.csrf.as_str()), ("score", "5"), ("section", "child-part")];
                    self.browser.post(&path, &fields).await
                }
            };
            let Page { status, headers, body, .. } = page;
            return Answer { status, headers, body: body.into() };
        }
        let api = match self.person {
            Some(person) => self.app.api(person).await,
            None => self.app.open_api(),
        };
        match route.method {
            "GET" => api.get(&path).await,
            "DELETE" => api.delete(&path).await,
            _ => api.post(&path, &body(route.path)).await,
        }
    }
}

fn body(path: &str) -> Value {
    match path {
        "/api/v1/dossiers/{code}/rating" => json!({ "score": 5 }),
        "/api/v1/verifications" => json!({ "code": "x" }),
        _ => json!({}),
    }
}

#[track_caller]
fn leaks_nothing(who: &str, route: &Route, world: &World, answer: &Answer) {
    let text = answer.text();
    // The journal is for the auditor: who did what to which dossier, but not whom it is about.
    let is_journal = who == "auditor" && route.path == "/can-bo/nhat-ky";
    let named = text.contains(CHILD) || text.contains("Khuê");
    let named = named || (text.contains(&MOTHER.name()) && !is_journal);
    assert!(!named, "{who} reads names at {} {}: {text}", route.method, route.path);
    // Whoever has the code may follow it: that page names nobody.
    let is_tracking = route.path.contains("theo-doi") || route.path.contains("tracking");
    let shown = answer.status == 200 && text.contains(&world.code) && !is_tracking && !is_journal;
    assert!(!shown, "{who} reads the code at {} {}: {text}", route.method, route.path);
    assert!(answer.status < 500, "{who} at {} {}: {text}", route.method, route.path);
    if route.path.starts_with("/api/v1/") && answer.status >= 400 {
        let kind = answer.header("content-type");
        assert!(
            kind.starts_with("application/problem+json"),
            "{} {}: {kind}",
            route.method,
            route.path
        );
    }
}

/// The first gate is the one that the table of routes names.
#[track_caller]
fn is_the_gate(who: &str, route: &Route, person: Option<Person>, answer: &Answer) {
    let is_citizen = person.is_some_and(|person| !person.number.is_empty());
    let place = format!("{who} at {} {}: {}", route.method, route.path, answer.status);
    match (route.who, person) {
        (Who::SignedIn | Who::Officer, None) => {
            let to_sign_in =
                answer.status == 303 && answer.header("location").starts_with("/dang-nhap");
            // Whoever leaves without having come is sent to the first page.
            let leaves = route.path == "/dang-xuat";
            assert!(to_sign_in || answer.status == 401 || leaves, "{place}");
        }
        (Who::Token, None) => assert_eq!(answer.status, 401, "{place}"),
        (Who::Officer, Some(_)) if is_citizen => assert_eq!(answer.status, 403, "{place}"),
        (Who::Anyone, _) => assert!(![401, 403].contains(&answer.status), "{place}"),
        _ => {}
    }
}

/// What the mother reads of those who looked: her commune's officers, no outsider.
async fn only_insiders_have_looked(app: &TestApp) {
    let reads = app.api(MOTHER).await.get("/api/v1/me/accesses").await.expect(200).json();
    let reads = reads["items"].as_array().unwrap();
    let readers: BTreeSet<&str> = reads.iter().filter_map(|read| read["who"].as_str()).collect();
    let insiders = [DESK, CLERK, CHAIR].map(|person| person.name());
    assert!(readers.iter().all(|name| insiders.iter().any(|i| i == name)), "{readers:?}");
    assert!(readers.contains(CLERK.name().as_str()));
}
