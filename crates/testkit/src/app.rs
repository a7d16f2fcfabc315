//! The whole program in memory: real content, real rules, a fresh database, a clock that stands.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use access::password::{Cost, PasswordHasher};
use access::policy::PolicyText;
use access::totp::TotpSecret;
use access::{Authorizer, OpContext};
use app::law::{Corpus, Guides};
use app::{App, AppParts, Settings};
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use document::pdf::Renderer;
use jiff::civil::DateTime;
use kernel::clock::{Clock, FixedClock};
use kernel::moment::Moment;
use kernel::unit::UnitCode;
use pack::Source;
use signing::MasterKey;
use simulator::{Faults, Population};
use store::Store;
use store::blobs::Blobs;
use store::chain::Verdict;
use store::testing::{self, Database};
use tower::ServiceExt;
use web::WebState;

use crate::api::{Answer, Api};
use crate::browser::Browser;
use crate::content;
use crate::people::Person;

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A file of its own.
    Sqlite,
    /// A schema of its own on the server that `TUPHAP_TEST_POSTGRES` names.
    Postgres,
    /// A whole PostgreSQL database of its own, which can go away.
    OwnPostgres,
}

/// The program with everything around it, called without a socket.
pub struct TestApp {
    app: App,
    router: Router,
    clock: FixedClock,
    population: Arc<Population>,
    database: Database,
    settings: Settings,
    content: Arc<pack::Content>,
    /// Where files lie.
    folder: PathBuf,
    tokens: Mutex<BTreeMap<String, String>>,
}

/// The key under which test secrets are sealed: no secret at all.
const MASTER_KEY: [u8; 32] = [7; 32];

/// Friday 28 August 2026, 15:40: after the cut-off of 15:00, before three days off for the national
/// holiday.
pub(crate) const BEGINNING: &str = "2026-08-28 15:40";

static NODE: AtomicU16 = AtomicU16::new(1);

fn moment(local: &str) -> Moment {
    let local: DateTime = local.parse().expect("a moment such as 2026-08-28 15:40");
    Moment::from_local(local)
}

impl TestApp {
    /// Starts on a fresh database with the accounts of the demo pack. `None`, with a line on the
    /// output, when PostgreSQL is asked for and there is no server.
    pub async fn start(engine: Engine) -> Option<Self> {
        Self::start_with(engine, Settings::default()).await
    }

    /// The same with settings.
    pub async fn start_with(engine: Engine, settings: Settings) -> Option<Self> {
        let database = match engine {
            Engine::Sqlite => testing::sqlite().expect("a folder can be made"),
            Engine::Postgres => testing::postgres().expect("the server answers")?,
            Engine::OwnPostgres => testing::own_postgres().expect("the server answers")?,
        };
        let clock = FixedClock::new(moment(BEGINNING));
        let population = Arc::new(content::population());
        let number = NODE.fetch_add(1, Ordering::Relaxed);
        let folder =
            std::env::temp_dir().join(format!("tuphap-files-{}-{number}", std::process::id()));
        let content = content::content();
        let app =
            program(&database, &clock, &population, &folder, settings.clone(), &content).await;
        app::setup::demonstration(&app).await.expect("the demonstration can be laid out");
        Some(Self {
            router: web::router(WebState::new(app.clone())),
            app,
            clock,
            population,
            database,
            settings,
            content,
            folder,
            tokens: Mutex::default(),
        })
    }

    /// Ends the program and starts it again on the same database and files.
    pub async fn restart(&mut self) {
        let Self { database, clock, population, folder, settings, content, .. } = self;
        self.app = program(database, clock, population, folder, settings.clone(), content).await;
        self.router = web::router(WebState::new(self.app.clone()));
    }

    /// The same with other settings.
    pub async fn restart_with(&mut self, change: impl FnOnce(&mut Settings)) {
        change(&mut self.settings);
        self.restart().await;
    }

    /// The same with other content, as after a new law.
    pub async fn restart_with_content(&mut self, change: impl FnOnce(Source) -> Source) {
        self.content = content::changed(change);
        self.restart().await;
    }

    /// The application, for what no page shows.
    #[must_use]
    pub fn app(&self) -> &App {
        &self.app
    }

    /// The database, to take it away and bring it back.
    #[must_use]
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// Sets the clock: Vietnamese local time, such as `2026-09-03 09:00`.
    pub fn set_time(&self, local: &str) {
        self.clock.set(moment(local));
    }

    /// Makes every stored file look as if it had been stored days ago: house-keeping leaves fresh ones
    /// alone.
    pub fn age_files(&self) {
        for path in self.stored_files() {
            let file = std::fs::File::options().append(true).open(path).expect("a stored file");
            let old = std::fs::FileTimes::new().set_modified(std::time::UNIX_EPOCH);
            file.set_times(old).expect("a time that can be set");
        }
    }

    /// The stored files.
    #[must_use]
    pub fn stored_files(&self) -> Vec<PathBuf> {
        let shelves = std::fs::read_dir(self.folder.join("blobs")).expect("the folder of blobs");
        let shelves = shelves.map(|shelf| shelf.expect("a shelf").path());
        let files = shelves.flat_map(|shelf| std::fs::read_dir(shelf).expect("a shelf"));
        files.map(|file| file.expect("a file").path()).collect()
    }

    /// The context of a use case that this person asks for.
    pub async fn context(&self, person: Person) -> OpContext {
        let scopes = app::accounts::SCOPES.join(" ");
        let token = app::setup::token_for(&self.app, person.login, &scopes, 1)
            .await
            .expect("a token can be made");
        let known = app::accounts::recognise_token(&self.app, &token, self.now())
            .await
            .expect("tokens can be read")
            .expect("the token was just made");
        OpContext { actor: known.actor, ..OpContext::system("test", self.now()) }
    }

    /// Moves the clock on.
    pub fn pass_minutes(&self, minutes: i64) {
        self.clock.advance_minutes(minutes);
    }

    /// What the clock shows.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    /// Makes something go wrong in the population database, or right again.
    pub fn set_faults(&self, faults: Faults) {
        self.population.set_faults(faults);
    }

    /// The simulated population database.
    #[must_use]
    pub fn population(&self) -> &Population {
        &self.population
    }

    /// Runs jobs until none is due.
    pub async fn run_pending_jobs(&self) {
        while app::jobs::run_due(&self.app).await.expect("jobs can be claimed") > 0 {}
    }

    /// Recomputes the hash chains.
    pub async fn audit(&self) -> Verdict {
        self.app
            .store()
            .read(|tx| store::chain::verify(tx, &[]))
            .await
            .expect("the chains can be read")
    }

    /// Sends a request through the whole router.
    pub async fn call(&self, request: Request<Body>) -> Answer {
        let answered = self.router.clone().oneshot(request).await;
        let response = answered.unwrap_or_else(|never| match never {});
        Answer::of(response).await
    }

    /// The API as nobody.
    #[must_use]
    pub fn open_api(&self) -> Api<'_> {
        Api::new(self, None)
    }

    /// The API with a token of this person.
    pub async fn api(&self, person: Person) -> Api<'_> {
        let known = self.kept_tokens().get(person.login).cloned();
        let token = match known {
            Some(token) => token,
            None => {
                let scopes = app::accounts::SCOPES.join(" ");
                let token = app::setup::token_for(&self.app, person.login, &scopes, 365)
                    .await
                    .expect("a token can be made");
                self.kept_tokens().insert(person.login.to_owned(), token.clone());
                token
            }
        };
        Api::new(self, Some(token))
    }

    fn kept_tokens(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, String>> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A browser in which nobody has signed in.
    #[must_use]
    pub fn browser(&self) -> Browser<'_> {
        Browser::new(self)
    }

    /// A browser in which this person has signed in, officers with their one-time code.
    pub async fn signed_in(&self, person: Person) -> Browser<'_> {
        let mut browser = self.browser();
        browser.sign_in(person).await;
        browser
    }

    async fn account(&self, person: Person) -> store::accounts::AccountRow {
        let login = person.login;
        let found = self.app.store().read(move |tx| store::accounts::by_login(tx, login)).await;
        found.expect("accounts can be read").expect("the account is there")
    }

    /// The one-time code that an officer's telephone shows now.
    pub async fn code(&self, person: Person) -> String {
        let row = self.account(person).await;
        let sealed = row.totp.expect("the account has a second factor");
        let place = format!("account.totp.{}", row.id);
        let secret = master_key().open(&place, &sealed).expect("the secret can be opened");
        TotpSecret::from_bytes(secret).expect("the secret is sound").code_at(self.now())
    }

    /// A code that was not used before: waits, by the clock, for the telephone to show the next.
    pub async fn fresh_code(&self, person: Person) -> String {
        let row = self.account(person).await;
        if row.totp_step >= self.now().micros() / 30_000_000 {
            self.clock.set(Moment::from_micros((row.totp_step + 1) * 30_000_000));
        }
        self.code(person).await
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        // A test that cannot clean up has told what it had to tell.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn master_key() -> MasterKey {
    MasterKey::from_bytes(&MASTER_KEY).expect("a key of 32 bytes")
}

async fn program(
    database: &Database,
    clock: &FixedClock,
    population: &Arc<Population>,
    folder: &std::path::Path,
    settings: Settings,
    content: &Arc<pack::Content>,
) -> App {
    let policies = [PolicyText { path: "policies", text: &content.policies }];
    let schema = PolicyText { path: "policies/schema", text: &content.policy_schema };
    let communes = content.units.communes().iter();
    let pairs: Vec<(UnitCode, UnitCode)> =
        communes.map(|commune| (commune.code.clone(), commune.province.clone())).collect();
    let authorizer = Authorizer::new(&policies, schema)
        .unwrap_or_else(|problems| panic!("policies are not sound: {problems:?}"))
        .with_provinces(pairs);
    let store = Store::open(database.config().clone()).expect("the database opens");
    let guides =
        Guides::read(&content::folder().join("national/law")).expect("sound words of the law");
    let node = NODE.fetch_add(1, Ordering::Relaxed);
    let parts = AppParts {
        law: Corpus::new(store.clone(), folder, node, guides),
        store,
        blobs: Blobs::open(folder.join("blobs")).expect("a folder can be made"),
        authorizer,
        renderer: Renderer::new(content.templates.clone(), content.fonts.clone())
            .expect("templates and fonts are sound"),
        population: Arc::clone(population) as Arc<dyn exchange::PopulationDatabase>,
        master_key: master_key(),
        clock: Arc::new(clock.clone()),
        hasher: PasswordHasher::new(Cost::FOR_TESTS).expect("a cost for tests"),
        settings,
        node,
        content: Arc::clone(content),
    };
    App::start(parts).await.expect("the program starts")
}
