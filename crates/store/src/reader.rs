//! Reader connections: a few threads, each with its own.

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
}

/// SQLite reads from memory, so two suffice on a small machine; PostgreSQL waits for its server.
const SQLITE_READERS: usize = 2;
const POSTGRES_READERS: usize = 6;

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
        Ok(Self { sender })
    }

    pub(crate) async fn read<T, F>(&self, work: F) -> Result<T>
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
