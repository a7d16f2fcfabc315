//! What follows a commit: papers made ahead of being asked for, messages to other systems.
//!
//! A job may run twice; each is harmless the second time.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use dossier::{Command, DecideContext, Dossier, Evidence, RequestState};
use exchange::{ChildIdentity, ExchangeError, PopulationEvent};
use kernel::error::{Error, ErrorCode, Result};
use serde_json::{Map, Value};
use store::jobs::JobRow;
use store::outbox::MessageRow;
use store::{documents, dossiers, jobs, outbox};

use crate::App;
use crate::dossiers::Change;

/// A claimed job belongs to its runner for this long, in seconds.
const CLAIM_SECONDS: i64 = 120;
/// Jobs taken at once.
const BATCH: i64 = 8;
/// A job that failed this often is laid aside for an operator.
const MOST_ATTEMPTS: i64 = 12;

/// Runs jobs until the program ends. Several runners, in one process or many, share the work.
pub async fn run(app: App) {
    loop {
        match run_due(&app).await {
            Ok(0) => {
                let added = app.store().job_added();
                // Jobs of other processes and jobs put off are found by looking now and then.
                let _ = tokio::time::timeout(Duration::from_secs(2), added).await;
            }
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(cause = %error, "job queue cannot be read");
                tokio::time::sleep(Duration::from_secs(2)).await;
            }
        }
    }
}

/// Runs the jobs that are due now; returns how many there were.
///
/// # Errors
/// When the database is away.
pub async fn run_due(app: &App) -> Result<usize> {
    let now = app.now();
    let until = now.plus_seconds(CLAIM_SECONDS);
    let nothing = app
        .store()
        .read(move |tx| jobs::next_due(tx).map(|due| due.is_none_or(|due| due > now.micros())))
        .await?;
    if nothing {
        return Ok(0);
    }
    let claimed =
        app.store().write(move |tx| jobs::claim(tx, now.micros(), until.micros(), BATCH)).await?;
    let count = claimed.len();
    for job in claimed {
        let outcome = run_one(app, &job).await;
        settle(app, &job, outcome).await?;
    }
    Ok(count)
}

async fn run_one(app: &App, job: &JobRow) -> Result<()> {
    let body: Value = serde_json::from_str(&job.body).map_err(Error::internal)?;
    let id = |name: &str| -> Result<i64> {
        let text = body.get(name).and_then(Value::as_str).unwrap_or_default();
        text.parse().map_err(|_| Error::internal(format!("job without {name}")))
    };
    match job.kind.as_str() {
        "render" => render(app, id("document")?).await,
        "exchange" => exchange(app, id("message")?).await,
        "sweep" => crate::drafts::sweep(app, &body).await,
        other => Err(Error::internal(format!("unknown job type {other}"))),
    }
}

async fn settle(app: &App, job: &JobRow, outcome: Result<()>) -> Result<()> {
    let (id, attempts) = (job.id, job.attempts + 1);
    match outcome {
        Ok(()) => app.store().write(move |tx| Ok(jobs::done(tx, id))).await,
        Err(error) => {
            tracing::warn!(job.kind = %job.kind, job.attempts = attempts, cause = %error, "job failed");
            // 2, 4, 8 … seconds, at most an hour.
            let wait = 2_i64.saturating_pow(u32::try_from(attempts).unwrap_or(12)).min(3_600);
            let retry = (attempts < MOST_ATTEMPTS).then(|| app.now().plus_seconds(wait).micros());
            let cause = error.to_string();
            app.store().write(move |tx| Ok(jobs::failed(tx, id, &cause, retry))).await
        }
    }
}

async fn render(app: &App, id: i64) -> Result<()> {
    let Some(row) = app.store().read(move |tx| documents::by_id(tx, id)).await? else {
        return Ok(());
    };
    crate::documents::ready(app, row).await.map(|_| ())
}

async fn exchange(app: &App, id: i64) -> Result<()> {
    let Some(message) = app.store().read(move |tx| outbox::by_id(tx, id)).await? else {
        return Ok(());
    };
    if message.state != "waiting" {
        return Ok(());
    }
    match message.kind.as_str() {
        "population.personal-number" => personal_number(app, message).await,
        "population.report" => report(app, message).await,
        other => Err(Error::internal(format!("no connector for {other}"))),
    }
}

/// Asks for a personal number and hands the answer to the dossier, once.
async fn personal_number(app: &App, message: MessageRow) -> Result<()> {
    let body: Value = serde_json::from_str(&message.body).map_err(Error::internal)?;
    let none = Map::new();
    let parameters = body.get("parameters").and_then(Value::as_object).unwrap_or(&none);
    let result = match ChildIdentity::from_parameters(parameters) {
        Err(problems) => {
            let texts: Vec<String> = problems.into_iter().map(|p| p.message).collect();
            RequestState::Failed(texts.join(" "))
        }
        Ok(child) => {
            let population = Arc::clone(app.population());
            let key = message.key.clone();
            let answer = tokio::task::spawn_blocking(move || {
                population.request_personal_number(&key, &child)
            })
            .await
            .map_err(|error| Error::internal(error.to_string()))?;
            match answer {
                Ok(number) => RequestState::Answered(number.as_str().to_owned()),
                Err(ExchangeError::Refused(cause)) => RequestState::Failed(cause),
                Err(error) => {
                    return Err(Error::new(ErrorCode::Unavailable).because(error.to_string()));
                }
            }
        }
    };
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (code, request) = (text("dossier"), text("request"));
    record_answer(app, message.id, code, request, result).await
}

async fn record_answer(
    app: &App,
    message: i64,
    code: String,
    request: String,
    result: RequestState,
) -> Result<()> {
    let app = app.clone();
    let now = app.now();
    let store = app.store().clone();
    store
        .write(move |tx| {
            let state = match &result {
                RequestState::Answered(_) => "answered",
                RequestState::Pending | RequestState::Failed(_) => "refused",
            };
            let answer = crate::drafts::json(&result)?;
            if !outbox::answered(tx, message, state, &answer)? {
                return Ok(());
            }
            let Some((row, body)) = dossiers::by_code(tx, &code)? else {
                return Ok(());
            };
            let procedure = app.version(&row.definition)?;
            let before: Dossier = serde_json::from_str(&body).map_err(Error::internal)?;
            let actor = dossier::Actor {
                account: before.applicant,
                roles: BTreeSet::from(["system".to_owned()]),
                acting_for: None,
            };
            let none = Map::new();
            let decide = DecideContext {
                content: app.content(),
                procedure: &procedure,
                now,
                actor: &actor,
                evidence: Evidence {
                    applicant: None,
                    found: &none,
                    checks: &[],
                    uploads: &|_| None,
                },
            };
            let command =
                Command::RecordAnswer { request: request.clone(), result: result.clone() };
            match dossier::decide(&decide, Some(&before), command) {
                Ok(events) if events.is_empty() => Ok(()),
                Ok(events) => {
                    let change = Change {
                        app: &app,
                        procedure: &procedure,
                        at: now,
                        actor: None,
                        kind: "exchange-answer",
                    };
                    change.record(tx, Some(before), events).map(|_| ())
                }
                // The dossier ended meanwhile: the answer stays on record in the outbox.
                Err(_) => Ok(()),
            }
        })
        .await
}

/// Tells the population database of a register entry.
async fn report(app: &App, message: MessageRow) -> Result<()> {
    let event: PopulationEvent = serde_json::from_str(&message.body).map_err(Error::internal)?;
    let population = Arc::clone(app.population());
    let key = message.key.clone();
    let outcome = tokio::task::spawn_blocking(move || population.report_event(&key, &event))
        .await
        .map_err(|error| Error::internal(error.to_string()))?;
    let (state, answer) = match outcome {
        Ok(()) => ("answered", "accepted".to_owned()),
        Err(ExchangeError::Refused(cause)) => ("refused", cause),
        Err(error) => return Err(Error::new(ErrorCode::Unavailable).because(error.to_string())),
    };
    let id = message.id;
    app.store().write(move |tx| outbox::answered(tx, id, state, &answer).map(|_| ())).await
}

/// Notes the ends of the hash chains outside the database, signed, so that even a cut end shows.
///
/// # Errors
/// When the database cannot be read.
pub async fn chain_ends(app: &App) -> Result<Vec<store::chain::Anchor>> {
    app.store().read(store::chain::heads).await
}

/// How much waits, for measurements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Jobs that wait.
    pub ready: i64,
    /// Jobs laid aside after failing.
    pub dead: i64,
    /// Messages to other systems that wait for an answer.
    pub outbox_waiting: i64,
}

/// Counts what waits.
///
/// # Errors
/// When the database is away.
pub async fn counts(app: &App) -> Result<Counts> {
    app.store()
        .read(|tx| {
            let (ready, dead) = jobs::counts(tx)?;
            Ok(Counts { ready, dead, outbox_waiting: outbox::waiting(tx)? })
        })
        .await
}

/// Can the database be read?
///
/// # Errors
/// When it cannot.
pub async fn database_answers(app: &App) -> Result<()> {
    app.store().read(store::settings::ping).await
}

/// How long answers to idempotency keys are kept, in days.
const KEY_DAYS: i64 = 7;

/// The setting that says on which day the work of once a day was last done.
const LAST_DAY: &str = "house-keeping:day";

/// Forgets what need not be kept: sessions and tokens past their end, answers to old idempotency keys;
/// and once a day drafts past their time and accounts that nobody uses. Several processes may do so at
/// once: everything here may be done twice.
///
/// # Errors
/// When the database is away.
pub async fn tidy(app: &App) -> Result<()> {
    let now = app.now();
    let last = app
        .store()
        .write(move |tx| {
            store::sessions::delete_expired(tx, now.micros());
            store::accounts::delete_expired_tokens(tx, now.micros());
            store::idempotency::forget_before(tx, now.plus_days(-KEY_DAYS).micros());
            store::settings::get(tx, LAST_DAY)
        })
        .await?;
    let today = now.date().to_string();
    if last.as_deref() == Some(today.as_str()) {
        return Ok(());
    }
    crate::drafts::remove_old(app).await?;
    crate::accounts::disable_unused(app).await?;
    app.store().write(move |tx| Ok(store::settings::set(tx, LAST_DAY, &today))).await
}
