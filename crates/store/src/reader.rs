//! Reader connections.
//!
//! SQLite is read where the question is asked: a query takes some ten microseconds, and handing it to
//! another thread and the answer back as long again. PostgreSQL is waited for, and so is a long reading
//! of either: by a few threads, each with a connection of its own.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use kernel::error::{Error, Result};

use crate::StoreConfig;
use crate::chain::Chains;
use crate::connection::{Connection, Mode};
use crate::tx::Tx;

type Work = Box<dyn FnOnce(std::result::Result<&mut Tx<'_>, &Error>) -> Outcome + Send>;

/// Tells the thread whether its connection is still good; the answer is sent by `reply`.
struct Outcome {
    reply: Box<dyn FnOnce() + Send>,
}

pub(crate) struct Readers {
    sender: Sender<Work>,
    at_hand: Option<AtHand>,
}

/// Threads that read at length, or wait for a server.
const SQLITE_READERS: usize = 1;
const POSTGRES_READERS: usize = 6;

/// Connections to SQLite that nobody uses just now. There are never more than threads that read.
struct AtHand {
    config: StoreConfig,
    idle: Mutex<Vec<Connection>>,
}

impl AtHand {
    fn read<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = idle().pop().filter(Connection::is_alive);
        let mut connection = match kept {
            Some(connection) => connection,
            None => Connection::open(&self.config, Mode::Read)?,
        };
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let mut tx = Tx::new(&mut connection, Chains::default());
            let outcome = work(&mut tx);
            (outcome, tx.gone.is_none())
        }));
        let Ok((outcome, is_good)) = outcome else {
            tracing::error!("a read closure panicked");
            return Err(Error::internal("a read closure panicked"));
        };
        if is_good {
            idle().push(connection);
        }
        outcome
    }
}

impl Readers {
    pub(crate) fn start(config: &StoreConfig) -> std::io::Result<Self> {
        let (sender, receiver) = channel::<Work>();
        let receiver = Arc::new(Mutex::new(receiver));
        let count = match config {
            StoreConfig::Sqlite { .. } => SQLITE_READERS,
            StoreConfig::Postgres { .. } => POSTGRES_READERS,
        };
        for _ in 0..count {
            let config = config.clone();
            let receiver = Arc::clone(&receiver);
            std::thread::Builder::new()
                .name("store-reader".to_owned())
                .spawn(move || run(&config, &receiver))?;
        }
        let at_hand = match config {
            StoreConfig::Sqlite { .. } => {
                Some(AtHand { config: config.clone(), idle: Mutex::new(Vec::new()) })
            }
            StoreConfig::Postgres { .. } => None,
        };
        Ok(Self { sender, at_hand })
    }

    pub(crate) async fn read<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        match &self.at_hand {
            Some(at_hand) => at_hand.read(work),
            None => self.read_at_length(work).await,
        }
    }

    /// On a thread of its own, for as long as it takes.
    pub(crate) async fn read_at_length<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let (sender, receiver) = tokio::sync::oneshot::channel();
        let work: Work = Box::new(move |tx| {
            let outcome = tx.map_err(Error::clone).and_then(work);
            Outcome {
                reply: Box::new(move || {
                    let _ = sender.send(outcome);
                }),
            }
        });
        if self.sender.send(work).is_err() {
            return Err(
                Error::new(kernel::error::ErrorCode::Unavailable).because("reader threads ended")
            );
        }
        receiver
            .await
            .unwrap_or_else(|_| Err(Error::internal("a read closure panicked".to_owned())))
    }
}

/// After a rest this long, a connection to a server is asked whether it still answers: a reader that
/// slept through a restart of the database must not fail the first request that it is given.
const REST: Duration = Duration::from_millis(200);

/// Failures that any reader met: after one, every other reader asks before it serves.
static FAILURES: AtomicU64 = AtomicU64::new(0);

fn is_stale(open: &mut Connection, rested: bool) -> bool {
    !open.is_alive() || (rested && open.is_postgres() && open.batch("SELECT 1").is_err())
}

fn run(config: &StoreConfig, receiver: &Mutex<Receiver<Work>>) {
    let mut connection: Option<Connection> = None;
    let mut last_used = Instant::now();
    let mut failures = FAILURES.load(Ordering::Relaxed);
    loop {
        let work = {
            let receiver = receiver.lock().unwrap_or_else(PoisonError::into_inner);
            receiver.recv()
        };
        let Ok(work) = work else { return };
        let seen = FAILURES.load(Ordering::Relaxed);
        let rested = last_used.elapsed() > REST || seen != failures;
        failures = seen;
        if connection.as_mut().is_some_and(|open| is_stale(open, rested)) {
            connection = None;
        }
        last_used = Instant::now();
        if connection.is_none() {
            match Connection::open(config, Mode::Read) {
                Ok(open) => connection = Some(open),
                Err(failure) => {
                    FAILURES.fetch_add(1, Ordering::Relaxed);
                    let error = Error::from(failure);
                    (work(Err(&error)).reply)();
                    continue;
                }
            }
        }
        let Some(open) = connection.as_mut() else {
            continue;
        };
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let mut tx = Tx::new(open, Chains::default());
            let outcome = work(Ok(&mut tx));
            (outcome, tx.gone.is_some())
        }));
        match outcome {
            Ok((outcome, gone)) => {
                if gone {
                    FAILURES.fetch_add(1, Ordering::Relaxed);
                    connection = None;
                }
                (outcome.reply)();
            }
            Err(_) => {
                tracing::error!("a read closure panicked");
                connection = None;
            }
        }
    }
}
