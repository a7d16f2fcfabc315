//! How long forms and their files are kept, and what becomes of the bytes of a file that is gone.

use access::OpContext;
use kernel::error::Result;
use kernel::id::DraftId;
use kernel::moment::Moment;
use serde_json::{Value, json};
use store::drafts;
use store::{Tx, jobs};

use super::load;
use crate::App;

/// Forms removed in one transaction: house-keeping must not keep others waiting.
const BATCH: i64 = 100;

/// The bytes of a removed file are looked after this many minutes later: whoever stores the same bytes
/// meanwhile keeps them.
const SWEEP_MINUTES: i64 = 15;

/// Removes a form of one's own, with its files.
///
/// # Errors
/// `NotFound` when the form is gone or somebody else's.
pub async fn remove(app: &App, ctx: &OpContext, id: DraftId) -> Result<()> {
    load(app, ctx, id).await?;
    let (for_jobs, now) = (app.clone(), ctx.now);
    app.store()
        .write(move |tx| {
            let blobs = remove_one(tx, id.raw())?;
            sweep_later(&for_jobs, tx, blobs, now)
        })
        .await
}

/// Removes a form and the files that no dossier holds; answers the hashes of their bytes.
fn remove_one(tx: &mut Tx<'_>, id: i64) -> Result<Vec<String>> {
    drafts::delete(tx, id)?;
    drafts::delete_uploads_of_draft(tx, id)
}

/// Removes the forms that were not saved for as long as the content says, and files that were sent
/// and named by no dossier; answers how many forms there were.
///
/// # Errors
/// When the database is away.
pub(crate) async fn remove_old(app: &App) -> Result<usize> {
    let now = app.now();
    let days = i64::from(app.content().settings.draft_days);
    let before = now.plus_days(-days).micros();
    let mut removed = 0;
    loop {
        let for_jobs = app.clone();
        let batch = app
            .store()
            .write(move |tx| {
                let old = drafts::saved_before(tx, before, BATCH)?;
                let mut blobs = Vec::new();
                for id in &old {
                    blobs.extend(remove_one(tx, *id)?);
                }
                sweep_later(&for_jobs, tx, blobs, now)?;
                Ok(old.len())
            })
            .await?;
        removed += batch;
        if batch == 0 {
            break;
        }
    }
    let for_jobs = app.clone();
    app.store()
        .write(move |tx| {
            let blobs = drafts::delete_loose_uploads(tx, before)?;
            sweep_later(&for_jobs, tx, blobs, now)
        })
        .await?;
    if removed > 0 {
        tracing::info!(drafts = removed, "drafts past their time removed");
    }
    Ok(removed)
}

/// Adds the job that removes bytes which nothing needs any more.
pub(super) fn sweep_later(
    app: &App,
    tx: &mut Tx<'_>,
    blobs: Vec<String>,
    now: Moment,
) -> Result<()> {
    if blobs.is_empty() {
        return Ok(());
    }
    let body = json!({ "blobs": blobs }).to_string();
    jobs::add(tx, app.next_id(), "sweep", &body, now.plus_minutes(SWEEP_MINUTES).micros());
    Ok(())
}

/// Removes the bytes that a job names, as far as no file and no paper needs them.
pub(crate) async fn sweep(app: &App, job: &Value) -> Result<()> {
    let named = job.get("blobs").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let named: Vec<String> = named.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    let asked = named.clone();
    let used = app.store().read(move |tx| drafts::blobs_in_use(tx, &asked)).await?;
    for blob in named.iter().filter(|blob| !used.contains(blob)) {
        app.blobs().remove(blob).await?;
    }
    Ok(())
}
