//! The commit group: many closures, one durable commit.
//!
//! A flush to disk costs about as long as ten small transactions. One thread owns the only writing
//! connection; while it commits, new closures queue up, and the next group takes them all: each in
//! its own savepoint (a refused one leaves no trace), all made durable by one commit, and answered
//! only after it. On PostgreSQL the same holds, and the group's first statement locks the ends of
//! the hash chains, so that several processes take turns.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use kernel::error::{Error, Result};

use crate::StoreConfig;
use crate::chain;
use crate::connection::{Connection, Mode};
use crate::tx::Tx;

/// After the commit: tells the caller, or hands it the failure of the commit itself.
type Answer = Box<dyn FnOnce(Option<&Error>) + Send>;
/// One closure, given its transaction or the reason why there is none: `Ok` keeps its writes, `Err`
/// means that they are rolled back.
type Work = Box<
    dyn FnOnce(std::result::Result<&mut Tx<'_>, &Error>) -> std::result::Result<Answer, Answer>
        + Send,
>;

/// More waiting closures than this and new ones are turned away with 503.
const QUEUE_LIMIT: usize = 8_192;
/// Closures in one group at most: bounds how long the first one waits.
const GROUP_LIMIT: usize = 256;

/// The sending end of the writer thread.
pub(crate) struct CommitGroup {
    sender: Sender<Work>,
    waiting: Arc<AtomicUsize>,
}

impl CommitGroup {
    /// Starts the writer thread. The first connection is made by it, so that a database that is
    /// away does not stop the program from starting.
    pub(crate) fn start(
        config: StoreConfig,
        jobs_added: Arc<tokio::sync::Notify>,
    ) -> std::io::Result<Self> {
        let (sender, receiver) = channel();
        let waiting = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&waiting);
        std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || run(&config, &receiver, &counter, &jobs_added))?;
        Ok(Self { sender, waiting })
    }

    /// Runs a closure in the next group and waits until it is durable.
    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        if self.waiting.load(Ordering::Relaxed) >= QUEUE_LIMIT {
            return Err(
                Error::new(kernel::error::ErrorCode::Unavailable).because("write queue is full")
            );
        }
        let (sender, receiver) = tokio::sync::oneshot::channel();
        let work: Work = Box::new(move |tx| match tx.map_err(Error::clone).and_then(work) {
            Ok(value) => Ok(Box::new(move |failure| {
                let outcome = failure.map_or(Ok(value), |error| Err(error.clone()));
                // The caller may have gone away; its write stands all the same.
                let _ = sender.send(outcome);
            })),
            Err(error) => Err(Box::new(move |_| {
                let _ = sender.send(Err(error));
            })),
        });
        self.waiting.fetch_add(1, Ordering::Relaxed);
        if self.sender.send(work).is_err() {
            return Err(
                Error::new(kernel::error::ErrorCode::Unavailable).because("writer thread ended")
            );
        }
        receiver
            .await
            .unwrap_or_else(|_| Err(Error::internal("a write closure panicked".to_owned())))
    }
}

fn run(
    config: &StoreConfig,
    receiver: &Receiver<Work>,
    waiting: &AtomicUsize,
    jobs_added: &tokio::sync::Notify,
) {
    let mut connection: Option<Connection> = None;
    let mut refusals = 0_u32;
    while let Ok(first) = receiver.recv() {
        match ready(config, &mut connection) {
            Ok((open, chains)) => {
                refusals = 0;
                if !commit_group(open, &chains, first, receiver, waiting, jobs_added) {
                    connection = None;
                }
            }
            Err(error) => {
                if refusals == 0 {
                    tracing::error!(cause = %error, "database is away");
                }
                connection = None;
                refusals = refusals.saturating_add(1);
                refuse(first, &error, waiting);
                while let Ok(work) = receiver.try_recv() {
                    refuse(work, &error, waiting);
                }
                // A short breath, so that a storm of requests does not become one of connects.
                std::thread::sleep(Duration::from_millis(u64::from(refusals.min(10)) * 20));
            }
        }
    }
}

/// Lets whoever waits for a core go first: a thread that is about to queue a write queues it now, and one
/// flush serves it too. Nobody waits when nobody is there.
fn follower(receiver: &Receiver<Work>) -> Option<Work> {
    std::thread::yield_now();
    receiver.try_recv().ok()
}

/// A connection with a transaction begun. One that went stale while idle is replaced once.
fn ready<'c>(
    config: &StoreConfig,
    connection: &'c mut Option<Connection>,
) -> Result<(&'c mut Connection, chain::Chains)> {
    let begun =
        connection.as_mut().filter(|open| open.is_alive()).and_then(|open| begin(open).ok());
    if begun.is_none() {
        *connection = Some(Connection::open(config, Mode::Write)?);
    }
    let open = connection.as_mut().ok_or_else(|| Error::internal("connection vanished"))?;
    let chains = match begun {
        Some(chains) => chains,
        None => begin(open)?,
    };
    Ok((open, chains))
}

/// Answers a closure that cannot be run.
fn refuse(work: Work, error: &Error, waiting: &AtomicUsize) {
    waiting.fetch_sub(1, Ordering::Relaxed);
    if let Err(answer) = work(Err(error)) {
        answer(Some(error));
    }
}

/// Runs one group in the transaction begun. False when the connection should be given up.
fn commit_group(
    connection: &mut Connection,
    before: &chain::Chains,
    first: Work,
    receiver: &Receiver<Work>,
    waiting: &AtomicUsize,
    jobs_added: &tokio::sync::Notify,
) -> bool {
    let mut tx = Tx::new(connection, before.clone());
    let mut answers: Vec<Answer> = Vec::new();
    match run_all(&mut tx, before, first, receiver, waiting, &mut answers) {
        Ok(()) => {
            let wake = tx.jobs_added;
            for answer in answers {
                answer(None);
            }
            if wake {
                jobs_added.notify_one();
            }
            true
        }
        Err(error) => {
            tracing::error!(cause = %error, "commit group failed");
            let error =
                Error::new(kernel::error::ErrorCode::Unavailable).because(error.to_string());
            for answer in answers {
                answer(Some(&error));
            }
            tx.discard_pending();
            tx.batch("ROLLBACK").is_ok() && tx.gone.is_none()
        }
    }
}

fn run_all(
    tx: &mut Tx<'_>,
    before: &chain::Chains,
    first: Work,
    receiver: &Receiver<Work>,
    waiting: &AtomicUsize,
    answers: &mut Vec<Answer>,
) -> Result<()> {
    let mut next = Some(first);
    let mut taken = 0;
    while let Some(work) = next.take() {
        waiting.fetch_sub(1, Ordering::Relaxed);
        taken += 1;
        run_one(tx, work, answers)?;
        if taken < GROUP_LIMIT {
            next = receiver.try_recv().ok().or_else(|| follower(receiver));
        }
    }
    chain::save_heads(tx, before);
    tx.execute("COMMIT", vec![]).map(|_| ())
}

fn begin(connection: &mut Connection) -> Result<chain::Chains> {
    let mut tx = Tx::new(connection, chain::Chains::default());
    tx.write(if tx.is_postgres() { "BEGIN" } else { "BEGIN IMMEDIATE" }, vec![]);
    let heads = chain::lock_heads(&mut tx);
    if heads.is_err() {
        // The error that counts is the first one.
        let _ = tx.batch("ROLLBACK");
    }
    heads
}

/// Runs one closure in its savepoint. `Err` only when the whole group must be given up.
fn run_one(tx: &mut Tx<'_>, work: Work, answers: &mut Vec<Answer>) -> Result<()> {
    let chains = tx.chains.clone();
    tx.open_savepoint();
    let outcome = std::panic::catch_unwind(AssertUnwindSafe(|| {
        let outcome = work(Ok(tx));
        match outcome {
            Ok(answer) => match tx.flush() {
                Ok(_) => Ok(answer),
                Err(error) => Err((answer, Some(error))),
            },
            Err(answer) => Err((answer, None)),
        }
    }));
    if let Some(cause) = &tx.gone {
        let error = Error::new(kernel::error::ErrorCode::Unavailable).because(cause.clone());
        match outcome {
            Ok(Ok(answer)) | Ok(Err((answer, _))) => answer(Some(&error)),
            Err(_) => {}
        }
        return Err(error);
    }
    match outcome {
        Ok(Ok(answer)) => {
            tx.release_savepoint();
            answers.push(answer);
        }
        Ok(Err((answer, error))) => {
            roll_back_one(tx, chains)?;
            // Told after the commit like the others: what was refused because of a write earlier in the
            // group is looked up by the caller, and must be there then.
            answers.push(Box::new(move |failure| answer(failure.or(error.as_ref()))));
        }
        Err(_) => {
            tracing::error!("a write closure panicked; its writes were rolled back");
            roll_back_one(tx, chains)?;
        }
    }
    Ok(())
}

fn roll_back_one(tx: &mut Tx<'_>, chains: chain::Chains) -> Result<()> {
    tx.chains = chains;
    tx.roll_back_savepoint()
}
