//! Reading, following and rating a dossier.

use super::IdempotencyKey;
use super::actor_in;
use super::change::Change;
use super::not_here;
use super::require;
use crate::App;
use crate::accounts::signed_in;
use crate::drafts::Upload;
use crate::facts;
use crate::facts::Gathered;
use crate::facts::Inquiry;
use crate::facts::Persons;
use crate::idempotency;
use access::Action;
use access::Actor;
use access::OpContext;
use access::Purpose;
use dossier::Dossier;
use dossier::Event;
use dossier::findings::CheckResult;
use dossier::{Command, DecideContext, Evidence};
use exchange::ExchangePurpose;
use kernel::error::Error;
use kernel::error::ErrorCode;
use kernel::error::Result;
use kernel::id::AccountId;
use kernel::id::DossierId;
use kernel::moment::Moment;
use pack::model::Procedure;
use serde_json::Map;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;
use store::documents;
use store::documents::DocumentRow;
use store::dossiers;
use store::dossiers::DossierRow;
use store::drafts;
use store::events;
use store::events::NewRead;
use store::messages;

/// A dossier with all that its pages show.
#[derive(Clone, Debug)]
pub struct DossierView {
    /// What lists know of it.
    pub row: DossierRow,
    /// The whole state.
    pub dossier: Dossier,
    /// The version of the procedure that it keeps.
    pub procedure: Arc<Procedure>,
    /// What happened, oldest first: the moment, who, and what.
    pub events: Vec<Recorded>,
    /// Papers that came out.
    pub documents: Vec<DocumentRow>,
    /// Files attached.
    pub uploads: Vec<Upload>,
    /// Entries found, as expressions see them.
    pub found: Map<String, Value>,
    /// Comparisons with registers and population data; only for officers.
    pub checks: Vec<CheckResult>,
    /// Records of the population database by person field; only for officers.
    pub persons: Vec<(String, Option<Value>)>,
    /// Roles that the reader has in it: role ids, and `applicant`.
    pub roles: BTreeSet<String>,
    /// The applicant's record, as expressions see it.
    pub applicant: Option<Value>,
}

/// One recorded command: its events happened together.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Place in the chain.
    pub seq: i64,
    /// When.
    pub at: Moment,
    /// Who; none when the program itself did.
    pub actor: Option<AccountId>,
    /// Name of that account's holder.
    pub actor_name: String,
    /// What happened.
    pub events: Vec<Event>,
}

/// One's own dossier by its identifier, for the form that answers its request: code, note, clock.
///
/// # Errors
/// `NotFound` when there is none, or it is somebody else's.
pub async fn own(app: &App, ctx: &OpContext, id: DossierId) -> Result<Dossier> {
    let account = signed_in(ctx)?.id.raw();
    let found = app.store().read(move |tx| dossiers::by_id(tx, id.raw())).await?;
    let (_, body) = found.filter(|(row, _)| row.applicant == account).ok_or_else(not_here)?;
    serde_json::from_str(&body).map_err(Error::internal)
}

/// A dossier for its page. An officer's read is logged, with the dossier as its purpose, before
/// anything is shown.
///
/// # Errors
/// `NotFound` when there is none, or it is not the reader's business.
pub async fn view(app: &App, ctx: &OpContext, code: &str) -> Result<DossierView> {
    let wanted = code.to_owned();
    let (row, body, recorded, papers, uploads) = app
        .store()
        .read(move |tx| {
            let (row, body) = dossiers::by_code(tx, &wanted)?.ok_or_else(not_here)?;
            let mut recorded = Vec::new();
            for event in events::of_stream(tx, "dossier", row.id)? {
                let name = match event.actor {
                    Some(actor) => store::accounts::by_id(tx, actor)?.map(|row| row.name),
                    None => None,
                };
                recorded.push((event, name.unwrap_or_default()));
            }
            let papers = documents::of_dossier(tx, row.id)?;
            let uploads = drafts::uploads_of_dossier(tx, row.id)?;
            Ok((row, body, recorded, papers, uploads))
        })
        .await?;
    let procedure = app.version(&row.definition)?;
    let dossier: Dossier = serde_json::from_str(&body).map_err(Error::internal)?;
    let ctx = &ctx.for_purpose(Purpose::Dossier(dossier.id));
    require(app, ctx, Action::DossierView, &dossier, &procedure)?;
    let actor = actor_in(ctx, dossier.unit.as_str(), dossier.applicant)
        .ok_or_else(|| Error::new(ErrorCode::Unauthenticated))?;
    let own = actor.account == dossier.applicant;
    log_read(app, ctx, &dossier, own).await?;
    let persons = if own {
        Persons::new()
    } else {
        let purpose = ExchangePurpose::dossier(&dossier.code, &ctx.request_id);
        facts::persons(app, &procedure, &dossier.answers, &purpose).await
    };
    let gathered = gather_for_view(app, &procedure, &dossier, &persons, own).await?;
    let events = recorded
        .into_iter()
        .map(|(event, actor_name)| {
            Ok(Recorded {
                seq: event.seq,
                at: Moment::from_micros(event.at),
                actor: event.actor.map(AccountId::from_raw),
                actor_name,
                events: serde_json::from_str(&event.body).map_err(Error::internal)?,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    let applicant = dossier.applicant_record.clone();
    Ok(DossierView {
        row,
        dossier,
        procedure,
        events,
        documents: papers,
        uploads: uploads.into_iter().map(Upload::of).collect(),
        found: gathered.found,
        checks: gathered.checks,
        persons: person_answers(persons),
        roles: actor.roles,
        applicant,
    })
}

pub(super) fn person_answers(persons: Persons) -> Vec<(String, Option<Value>)> {
    persons
        .into_iter()
        .map(|(field, found)| {
            let record = match found {
                facts::PersonFound::Known(record) => Some(Value::Object(record.to_answer())),
                facts::PersonFound::Unknown | facts::PersonFound::Away => None,
            };
            (field, record)
        })
        .collect()
}

pub(super) async fn gather_for_view(
    app: &App,
    procedure: &Arc<Procedure>,
    dossier: &Dossier,
    persons: &Persons,
    own: bool,
) -> Result<Gathered> {
    if own && procedure.lookups.is_empty() {
        return Ok(Gathered::default());
    }
    let (app, procedure) = (app.clone(), Arc::clone(procedure));
    let (answers, persons) = (dossier.answers.clone(), persons.clone());
    let (requests, applicant) = (dossier.requests.clone(), dossier.applicant_record.clone());
    let filed_on = dossier.submitted_at.date();
    let store = app.store().clone();
    let mut gathered = store
        .read(move |tx| {
            let inquiry = Inquiry {
                content: app.content(),
                procedure: &procedure,
                answers: &answers,
                requests: &requests,
                applicant: applicant.as_ref(),
                filed_on,
                persons: &persons,
            };
            facts::gather(tx, &inquiry)
        })
        .await?;
    if own {
        // What registers and population data say of others is the officer's to see.
        gathered.checks.clear();
    }
    Ok(gathered)
}

pub(super) async fn log_read(
    app: &App,
    ctx: &OpContext,
    dossier: &Dossier,
    own: bool,
) -> Result<()> {
    if own {
        return Ok(());
    }
    let Actor::Account(account) = &ctx.actor else {
        return Ok(());
    };
    let (actor, at, id) = (account.id.raw(), ctx.now.micros(), dossier.id.raw());
    let purpose = dossier.code.clone();
    app.store()
        .write(move |tx| {
            let read = NewRead { at, actor, record: "dossier", record_id: id, purpose: &purpose };
            events::log_read(tx, &read);
            Ok(())
        })
        .await
}

/// State and answers of a dossier, for the API: one look, logged when it is not one's own.
///
/// # Errors
/// `NotFound` when there is none, or it is not the reader's business.
pub async fn read(app: &App, ctx: &OpContext, code: &str) -> Result<(DossierRow, Dossier)> {
    let wanted = code.to_owned();
    let (row, body) =
        app.store().read(move |tx| dossiers::by_code(tx, &wanted)).await?.ok_or_else(not_here)?;
    let procedure = app.version(&row.definition)?;
    let dossier: Dossier = serde_json::from_str(&body).map_err(Error::internal)?;
    let ctx = &ctx.for_purpose(Purpose::Dossier(dossier.id));
    require(app, ctx, Action::DossierView, &dossier, &procedure)?;
    let own = ctx.account().is_some_and(|account| account.id == dossier.applicant);
    log_read(app, ctx, &dossier, own).await?;
    Ok((row, dossier))
}

/// What anybody may know of a dossier by its code: where it stands, nothing about persons.
#[derive(Clone, Debug)]
pub struct Tracked {
    /// Code.
    pub code: String,
    /// The procedure.
    pub procedure: Arc<Procedure>,
    /// The unit.
    pub unit: String,
    /// Step id.
    pub step: String,
    /// Due moment, when a clock runs.
    pub due_at: Option<Moment>,
    /// When it ended.
    pub finished_at: Option<Moment>,
}

/// Follows a dossier by its code.
///
/// # Errors
/// `NotFound` when there is none with this code.
pub async fn track(app: &App, code: &str) -> Result<Tracked> {
    let wanted = code.trim().to_uppercase();
    let (row, _) =
        app.store().read(move |tx| dossiers::by_code(tx, &wanted)).await?.ok_or_else(|| {
            Error::not_found(
                "Không tìm thấy hồ sơ với mã này. Mã có dạng như trên giấy tiếp nhận, ví dụ \
                 H20.15-261122-0001.",
            )
        })?;
    Ok(Tracked {
        procedure: app.version(&row.definition)?,
        code: row.code,
        unit: row.unit,
        step: row.step,
        due_at: (row.due_at != i64::MAX).then(|| Moment::from_micros(row.due_at)),
        finished_at: row.finished_at.map(Moment::from_micros),
    })
}

/// Rates how one's own dossier was handled.
///
/// # Errors
/// `NotFound` when it is not one's own, `Invalid` when it is not over yet or the score is none of
/// 1 to 5.
pub async fn rate(
    app: &App,
    ctx: &OpContext,
    code: &str,
    score: u8,
    comment: &str,
    key: Option<IdempotencyKey>,
) -> Result<()> {
    let account = signed_in(ctx)?.id;
    let (code, comment) = (code.to_owned(), comment.to_owned());
    let (app, ctx) = (app.clone(), ctx.clone());
    let store = app.store().clone();
    store
        .write(move |tx| {
            if let Some(key) = &key
                && idempotency::kept(tx, account, key)?.is_some()
            {
                return Ok(());
            }
            let (row, body) = dossiers::by_code(tx, &code)?.ok_or_else(not_here)?;
            let procedure = app.version(&row.definition)?;
            let before: Dossier = serde_json::from_str(&body).map_err(Error::internal)?;
            if before.applicant != account {
                return Err(not_here());
            }
            require(&app, &ctx, Action::DossierRate, &before, &procedure)?;
            let actor = actor_in(&ctx, &row.unit, before.applicant)
                .ok_or_else(|| Error::new(ErrorCode::Unauthenticated))?;
            let none = Map::new();
            let decide = DecideContext {
                content: app.content(),
                procedure: &procedure,
                now: ctx.now,
                actor: &actor,
                evidence: Evidence {
                    applicant: None,
                    found: &none,
                    checks: &[],
                    uploads: &|_| None,
                },
            };
            let command = Command::Rate { score, comment: comment.clone() };
            let events = dossier::decide(&decide, Some(&before), command)?;
            let change = Change {
                app: &app,
                procedure: &procedure,
                at: ctx.now,
                actor: Some(account),
                kind: "rate",
            };
            let id = before.id.raw();
            change.record(tx, Some(before), events)?;
            dossiers::rate(tx, id, i64::from(score), &comment, ctx.now.micros());
            if let Some(key) = &key {
                let answer = serde_json::json!({ "code": row.code });
                idempotency::keep(tx, account, key, &answer, ctx.now);
            }
            Ok(())
        })
        .await
}

/// Messages about one's dossiers, newest first, with the code of each.
///
/// # Errors
/// `Unauthenticated` when nobody is signed in.
pub async fn messages(
    app: &App,
    ctx: &OpContext,
    limit: i64,
) -> Result<Vec<store::messages::NoticeRow>> {
    let account = signed_in(ctx)?.id.raw();
    app.store().read(move |tx| messages::of_account(tx, account, limit)).await
}
