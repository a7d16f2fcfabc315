//! The law: documents brought in, found, asked and compared.
//!
//! [`Corpus`] is where the law of an installation lives: rows of the database, and a search index made of
//! them in the data folder. Commands and pages work on it alike.

mod ask;
pub mod browsing;
mod dates;
mod evaluate;
mod export;
mod guides;
pub mod import;
mod index;
mod knowledge;
mod learn;
mod read;
pub mod reviewing;
mod searching;
mod snippet;
pub mod systematising;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use kernel::error::{Error, Result};
use kernel::id::IdGenerator;
use store::Store;

pub use ask::{Answer, Decision, Sentence, ask};
pub use evaluate::{Evaluation, Question, evaluate};
pub use export::export;
pub use guides::Guides;
pub use import::{ImportReport, Problem, Progress, Step, import};
pub use index::Finder;
pub use knowledge::review;
pub use learn::{Learned, learn};
pub use read::read_file;
pub use searching::{Filter, FoundProvision, search};

/// Where the law of an installation lives; cheap to clone.
#[derive(Clone)]
pub struct Corpus {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    folder: PathBuf,
    ids: IdGenerator,
    guides: Guides,
    finder: Mutex<Option<Arc<Finder>>>,
    /// Held while the index is read or made.
    loading: tokio::sync::Mutex<()>,
    names: Mutex<Option<Arc<browsing::Names>>>,
}

impl Corpus {
    /// The law in a database, with its search index in a data folder. `node` is the number of this process,
    /// so that several make different identifiers.
    #[must_use]
    pub fn new(store: Store, data: &Path, node: u16, guides: Guides) -> Self {
        let inner = Inner {
            store,
            folder: data.join("law"),
            ids: IdGenerator::new(node),
            guides,
            finder: Mutex::new(None),
            loading: tokio::sync::Mutex::new(()),
            names: Mutex::new(None),
        };
        Self { inner: Arc::new(inner) }
    }

    /// The database.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// Where the search index lies.
    fn folder(&self) -> &Path {
        &self.inner.folder
    }

    /// What the content says about words, ranks and form.
    #[must_use]
    pub fn guides(&self) -> &Guides {
        &self.inner.guides
    }

    fn ids(&self) -> &IdGenerator {
        &self.inner.ids
    }

    /// The search index: the one kept of the last import, or a new one where none is.
    ///
    /// # Errors
    /// When the database or the folder cannot be read.
    pub async fn finder(&self) -> Result<Arc<Finder>> {
        index::current(self).await
    }
}

/// Work that keeps a processor busy, away from the threads that serve.
async fn on_a_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)
}
