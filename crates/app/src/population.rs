//! What the population database knows, fetched off the request's thread.

use std::sync::Arc;

use access::OpContext;
use dossier::form::Known;
use exchange::{ExchangeError, ExchangePurpose, PersonRecord};
use kernel::error::{Error, ErrorCode, Result};
use kernel::person_number::PersonNumber;
use serde_json::Value;

use crate::App;

/// The name under which answers taken from the population database are marked.
pub(crate) const SOURCE: &str = "population";

/// The record of a person, if there is one.
///
/// # Errors
/// `Unavailable` when the population database does not answer.
pub(crate) async fn find(
    app: &App,
    number: PersonNumber,
    purpose: ExchangePurpose,
) -> Result<Option<PersonRecord>> {
    let population = Arc::clone(app.population());
    let found = tokio::task::spawn_blocking(move || population.find(&number, &purpose))
        .await
        .map_err(|error| Error::internal(error.to_string()))?;
    match found {
        Ok(record) => Ok(record),
        // The reason of a refusal may name a person: it stays out of the log.
        Err(ExchangeError::Refused(_)) => {
            tracing::info!(kind = "refused", "population database refused a question");
            Ok(None)
        }
        Err(error) => Err(Error::new(ErrorCode::Unavailable).because(error.to_string())),
    }
}

/// The record of the person signed in, as forms see it. Absent when the account is no person's or
/// the population database is away: a form can be filled by hand.
pub(crate) async fn applicant(app: &App, ctx: &OpContext, reason: &str) -> Option<Value> {
    own_record(app, ctx, reason).await.map(|record| record.to_answer().into())
}

async fn own_record(app: &App, ctx: &OpContext, reason: &str) -> Option<PersonRecord> {
    let number = ctx.account()?.person_number?;
    let purpose = ExchangePurpose::reason(reason, &ctx.request_id);
    match find(app, number, purpose).await {
        Ok(record) => record,
        Err(error) => {
            tracing::warn!(cause = %error, "population database is away; nothing is filled in");
            None
        }
    }
}

/// The person signed in and the family, for filling a form in advance.
pub(crate) async fn known(app: &App, ctx: &OpContext) -> Known {
    let Some(record) = own_record(app, ctx, "prefill").await else {
        return Known::default();
    };
    let mut known = Known {
        applicant: Some(record.to_answer().into()),
        from: SOURCE.to_owned(),
        at: Some(ctx.now),
        ..Known::default()
    };
    for (relative, place) in [
        (record.spouse, &mut known.spouse),
        (record.mother, &mut known.mother),
        (record.father, &mut known.father),
    ] {
        let Some(number) = relative.and_then(|relative| relative.number) else {
            continue;
        };
        let purpose = ExchangePurpose::reason("prefill", &ctx.request_id);
        if let Ok(Some(found)) = find(app, number, purpose).await {
            *place = Some(found.to_answer().into());
        }
    }
    known
}
