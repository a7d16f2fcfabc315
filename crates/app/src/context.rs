//! The program's parts in one place.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use access::Authorizer;
use access::password::PasswordHasher;
use access::session::SessionFingerprint;
use document::pdf::Renderer;
use exchange::PopulationDatabase;
use kernel::clock::Clock;
use kernel::error::{Error, Result};
use kernel::id::IdGenerator;
use kernel::moment::Moment;
use pack::Content;
use pack::model::Procedure;
use signing::MasterKey;
use store::Store;
use store::blobs::Blobs;
use store::definitions::{self, DefinitionRow};

use crate::accounts::Recognised;
use crate::law::Corpus;
use crate::remembered::{Sessions, UnknownLogins};
use crate::settings::Settings;

/// What an [`App`] is made of.
pub struct AppParts {
    /// The database.
    pub store: Store,
    /// The files.
    pub blobs: Blobs,
    /// The law; its search index is read when first needed.
    pub law: Corpus,
    /// Procedures, registers, calendar and the rest, loaded and checked.
    pub content: Arc<Content>,
    /// Who may do what.
    pub authorizer: Authorizer,
    /// Makes PDFs.
    pub renderer: Renderer,
    /// The population database, or its stand-in.
    pub population: Arc<dyn PopulationDatabase>,
    /// Keeps secrets at rest.
    pub master_key: MasterKey,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Makes and checks password hashes.
    pub hasher: PasswordHasher,
    /// Settings of the installation.
    pub settings: Settings,
    /// Number of this process, so that several make different identifiers.
    pub node: u16,
}

/// The program: cheap to clone, shared by all requests and jobs.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    blobs: Blobs,
    law: Corpus,
    content: Arc<Content>,
    authorizer: Authorizer,
    renderer: Renderer,
    population: Arc<dyn PopulationDatabase>,
    master_key: MasterKey,
    clock: Arc<dyn Clock>,
    hasher: Arc<PasswordHasher>,
    hashing: Arc<tokio::sync::Semaphore>,
    settings: Settings,
    ids: IdGenerator,
    /// Every version of a procedure that any dossier was received under, by hash.
    versions: RwLock<HashMap<String, Arc<Procedure>>>,
    /// The hash of each version in force, by code and first day.
    hashes: HashMap<(String, jiff::civil::Date), String>,
    sessions: Sessions,
    unknown_logins: UnknownLogins,
    /// Who is about to take the next number of a register, by register and unit.
    turns: Mutex<HashMap<(String, String), Turn>>,
}

/// Held while a number is foreseen, printed and taken.
pub(crate) type Turn = Arc<tokio::sync::Mutex<()>>;

impl App {
    /// Puts the parts together and keeps the versions of procedures that the content brings.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn start(parts: AppParts) -> Result<Self> {
        let now = parts.clock.now();
        let mut versions = HashMap::new();
        let mut hashes = HashMap::new();
        let mut rows = Vec::new();
        for procedure in &parts.content.procedures {
            let hash = pack::hash(procedure);
            rows.push(DefinitionRow {
                hash: hash.clone(),
                kind: "procedure".to_owned(),
                code: procedure.code.clone(),
                valid_from: procedure.valid_from.to_string(),
                body: serde_json::to_string(procedure.as_ref()).map_err(Error::internal)?,
                added_at: now.micros(),
            });
            hashes.insert((procedure.code.clone(), procedure.valid_from), hash.clone());
            versions.insert(hash, Arc::clone(procedure));
        }
        let kept = parts
            .store
            .write(move |tx| {
                for row in &rows {
                    definitions::keep(tx, row)?;
                }
                definitions::all(tx, "procedure")
            })
            .await?;
        for row in kept {
            if let Entry::Vacant(place) = versions.entry(row.hash) {
                let procedure: Procedure =
                    serde_json::from_str(&row.body).map_err(Error::internal)?;
                place.insert(Arc::new(procedure));
            }
        }
        Ok(Self {
            inner: Arc::new(Inner {
                store: parts.store,
                blobs: parts.blobs,
                law: parts.law,
                content: parts.content,
                authorizer: parts.authorizer,
                renderer: parts.renderer,
                population: parts.population,
                master_key: parts.master_key,
                clock: parts.clock,
                hasher: Arc::new(parts.hasher),
                hashing: Arc::new(tokio::sync::Semaphore::new(
                    std::thread::available_parallelism().map_or(2, usize::from),
                )),
                settings: parts.settings,
                ids: IdGenerator::new(parts.node),
                versions: RwLock::new(versions),
                hashes,
                sessions: Sessions::default(),
                unknown_logins: UnknownLogins::default(),
                turns: Mutex::default(),
            }),
        })
    }

    /// The database.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// The files.
    #[must_use]
    pub fn blobs(&self) -> &Blobs {
        &self.inner.blobs
    }

    /// The law.
    #[must_use]
    pub fn law(&self) -> &Corpus {
        &self.inner.law
    }

    /// Procedures, registers, calendar and the rest.
    #[must_use]
    pub fn content(&self) -> &Arc<Content> {
        &self.inner.content
    }

    /// Who may do what.
    #[must_use]
    pub fn authorizer(&self) -> &Authorizer {
        &self.inner.authorizer
    }

    /// Settings of the installation.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.inner.clock.now()
    }

    /// Makes PDFs.
    #[must_use]
    pub fn renderer(&self) -> &Renderer {
        &self.inner.renderer
    }

    pub(crate) fn population(&self) -> &Arc<dyn PopulationDatabase> {
        &self.inner.population
    }

    /// Hashes passwords on a blocking thread, a few at a time: each takes 19 MiB, and a storm of
    /// sign-ins must wait rather than take all memory.
    pub(crate) async fn with_hasher<T: Send + 'static>(
        &self,
        work: impl FnOnce(&PasswordHasher) -> T + Send + 'static,
    ) -> Result<T> {
        let turns = Arc::clone(&self.inner.hashing);
        let turn = turns.acquire_owned().await.map_err(Error::internal)?;
        let hasher = Arc::clone(&self.inner.hasher);
        let hashed = tokio::task::spawn_blocking(move || {
            let hashed = work(&hasher);
            drop(turn);
            hashed
        });
        hashed.await.map_err(Error::internal)
    }

    pub(crate) fn next_id(&self) -> i64 {
        self.inner.ids.next(self.now())
    }

    /// A key for a purpose, derived from the master key: the same in every process.
    #[must_use]
    pub fn derived_key(&self, purpose: &str) -> [u8; 32] {
        self.inner.master_key.derive(purpose)
    }

    pub(crate) fn master_key(&self) -> &MasterKey {
        &self.inner.master_key
    }

    pub(crate) fn seal_secret(&self, secret: &[u8], place: &str) -> Result<Vec<u8>> {
        self.inner.master_key.seal(place, secret)
    }

    pub(crate) fn open_secret(&self, sealed: &[u8], place: &str) -> Result<Vec<u8>> {
        self.inner.master_key.open(place, sealed)
    }

    /// The version of a procedure with this hash: the one in force, or one that older dossiers keep.
    ///
    /// # Errors
    /// `Internal` when no such version was ever loaded.
    pub fn version(&self, hash: &str) -> Result<Arc<Procedure>> {
        let versions = self.inner.versions.read().unwrap_or_else(PoisonError::into_inner);
        versions
            .get(hash)
            .cloned()
            .ok_or_else(|| Error::internal(format!("procedure version {hash} is not known")))
    }

    /// The hash of a version that the content brings.
    pub(crate) fn hash_of(&self, procedure: &Procedure) -> Result<String> {
        self.inner
            .hashes
            .get(&(procedure.code.clone(), procedure.valid_from))
            .cloned()
            .ok_or_else(|| Error::internal("procedure has no kept version"))
    }

    /// Where those wait who need the next number of a unit's register: without it they would print
    /// papers for one number, and all but one for nothing. Processes do not wait for each other.
    pub(crate) fn turn(&self, register: &str, unit: &str) -> Turn {
        let mut turns = self.inner.turns.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (register.to_owned(), unit.to_owned());
        Arc::clone(turns.entry(key).or_default())
    }

    pub(crate) fn unknown_logins(&self) -> &UnknownLogins {
        &self.inner.unknown_logins
    }

    pub(crate) fn remembered_session(
        &self,
        key: SessionFingerprint,
        now: Moment,
    ) -> Option<Recognised> {
        self.inner.sessions.get(key, now)
    }

    pub(crate) fn remember_session(
        &self,
        key: SessionFingerprint,
        recognised: &Recognised,
        now: Moment,
    ) {
        self.inner.sessions.put(key, recognised.clone(), now);
    }

    pub(crate) fn forget_session(&self, key: SessionFingerprint) {
        self.inner.sessions.forget(key);
    }

    pub(crate) fn forget_sessions(&self) {
        self.inner.sessions.clear();
    }
}
