//! Sending a dossier.

use super::Done;
use super::IdempotencyKey;
use super::change::Change;
use super::not_here;
use super::supplement::supplement;
use crate::App;
use crate::accounts::signed_in;
use crate::drafts::Upload;
use crate::facts;
use crate::facts::Gathered;
use crate::facts::Inquiry;
use crate::facts::Persons;
use crate::population;
use access::Action;
use access::OpContext;
use access::Resource;
use dossier::Answers;
use dossier::Channel;
use dossier::Command;
use dossier::DecideContext;
use dossier::Dossier;
use dossier::Event;
use dossier::Evidence;
use dossier::Submission;
use dossier::findings;
use dossier::form::Checked;
use dossier::form::FormContext;
use dossier::form::UploadInfo;
use exchange::ExchangePurpose;
use kernel::error::Error;
use kernel::error::ErrorCode;
use kernel::error::Result;
use kernel::id::AccountId;
use kernel::id::DossierId;
use kernel::id::DraftId;
use kernel::id::UploadId;
use kernel::moment::Moment;
use kernel::person_number::PersonNumber;
use kernel::unit::UnitCode;
use pack::model::Procedure;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;
use store::Tx;
use store::dossiers;
use store::drafts;
use store::events;
use store::idempotency;
use store::idempotency::KeptAnswer;

/// A new dossier through the API or from a desk.
#[derive(Clone, Debug)]
pub struct NewDossier {
    /// Code or slug of the procedure.
    pub procedure: String,
    /// The unit that is to decide.
    pub unit: UnitCode,
    /// Answers as typed.
    pub answers: Answers,
}

/// Sends a form: the dossier gets its code, its clock and its receipt. Sending twice is harmless: the
/// second time the same dossier is found.
///
/// # Errors
/// `Invalid` with every problem of the answers; `NotFound` when the form is gone.
pub async fn submit_draft(app: &App, ctx: &OpContext, id: DraftId) -> Result<Done> {
    let draft = match crate::drafts::load(app, ctx, id).await {
        Ok(draft) => draft,
        Err(error) if error.code == ErrorCode::NotFound => {
            return sent_before(app, ctx, id).await?.ok_or(error);
        }
        Err(error) => return Err(error),
    };
    match draft.dossier {
        Some(dossier) => supplement(app, ctx, draft, dossier).await,
        None => {
            let Some(unit) = draft.unit.clone() else {
                return Err(draft.check(app, ctx.now.date(), true).problems.into());
            };
            let filing = Filing {
                id: DossierId::from_raw(id.raw()),
                draft: Some(id),
                procedure: Arc::clone(&draft.procedure),
                unit,
                channel: Channel::Online,
                answers: draft.answers.clone(),
                sources: draft.sources.clone(),
                applicant: draft.applicant.clone(),
                uploads: draft.uploads,
            };
            file(app, ctx, filing, None).await
        }
    }
}

/// A dossier keeps the identifier of the form that it came from, so a form sent twice is recognised.
pub(super) async fn sent_before(app: &App, ctx: &OpContext, id: DraftId) -> Result<Option<Done>> {
    let account = signed_in(ctx)?.id.raw();
    let found = app.store().read(move |tx| dossiers::by_id(tx, id.raw())).await?;
    Ok(found.filter(|(row, _)| row.applicant == account).map(|(row, _)| Done {
        code: row.code,
        revision: u64::try_from(row.revision).unwrap_or(0),
        repeated: true,
    }))
}

/// Sends a dossier at once, without a form kept before.
///
/// # Errors
/// `Invalid` with every problem of the answers; `Conflict` when the key was used for another request.
pub async fn submit(
    app: &App,
    ctx: &OpContext,
    new: NewDossier,
    key: Option<IdempotencyKey>,
) -> Result<Done> {
    let filing = at_once(app, ctx, new).await?;
    file(app, ctx, filing, key).await
}

/// Checks answers as if they were sent, registers and population data included, and keeps nothing.
///
/// # Errors
/// `NotFound` when there is no such procedure, `Invalid` when the unit takes no dossiers.
pub async fn check(app: &App, ctx: &OpContext, new: NewDossier) -> Result<Checked> {
    let filing = at_once(app, ctx, new).await?;
    let purpose = ExchangePurpose::reason("filing", &ctx.request_id);
    let persons = facts::persons(app, &filing.procedure, &filing.answers, &purpose).await;
    let (for_thread, today) = (app.clone(), ctx.now.date());
    app.store()
        .read(move |tx| {
            let gathered = filing.gather(&for_thread, tx, today, &persons)?;
            let extra = findings::extra(&std::collections::BTreeMap::new(), &gathered.found);
            let form = FormContext {
                content: for_thread.content(),
                filed_on: today,
                today,
                applicant: filing.applicant.as_ref(),
                extra: &extra,
                uploads: &|id: &str| upload_info(&filing.uploads, id),
            };
            let form_of = &filing.procedure.form;
            let mut checked = dossier::form::check(form_of, &filing.answers, &form, true);
            checked.problems.extend(findings::refuse_filing(&gathered.checks));
            Ok(checked)
        })
        .await
}

async fn at_once(app: &App, ctx: &OpContext, new: NewDossier) -> Result<Filing> {
    let procedure = crate::procedures::find(app, ctx, &new.procedure)?;
    crate::drafts::require_office(app, &new.unit)?;
    let uploads = uploads_named(app, ctx, &procedure, &new.answers).await?;
    Ok(Filing {
        id: DossierId::from_raw(app.next_id()),
        draft: None,
        procedure,
        unit: new.unit,
        channel: Channel::Online,
        answers: new.answers,
        sources: std::collections::BTreeMap::new(),
        applicant: population::applicant(app, ctx, "filing").await,
        uploads,
    })
}

/// The files that the answers name, as far as they are the account's own and belong to no form or
/// dossier yet.
pub(super) async fn uploads_named(
    app: &App,
    ctx: &OpContext,
    procedure: &Procedure,
    answers: &Answers,
) -> Result<Vec<Upload>> {
    let account = signed_in(ctx)?.id.raw();
    let mut ids: Vec<UploadId> = Vec::new();
    for section in &procedure.form.sections {
        for field in &section.fields {
            if matches!(field.kind, pack::model::FieldKind::File { .. })
                && let Some(Value::Array(list)) = answers.get(&field.id)
            {
                let named = list.iter().filter_map(Value::as_str);
                ids.extend(named.filter_map(|id| id.parse::<UploadId>().ok()));
            }
        }
    }
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    app.store()
        .read(move |tx| {
            let mut uploads = Vec::new();
            for id in ids {
                let found = drafts::upload_by_id(tx, id.raw())?;
                let is_free = |row: &drafts::UploadRow| {
                    row.account == account && row.draft.is_none() && row.dossier.is_none()
                };
                uploads.extend(found.filter(is_free).map(Upload::of));
            }
            Ok(uploads)
        })
        .await
}

pub(super) struct Filing {
    id: DossierId,
    draft: Option<DraftId>,
    procedure: Arc<Procedure>,
    unit: UnitCode,
    channel: Channel,
    answers: Answers,
    sources: std::collections::BTreeMap<String, dossier::Source>,
    applicant: Option<Value>,
    uploads: Vec<Upload>,
}

pub(super) async fn file(
    app: &App,
    ctx: &OpContext,
    filing: Filing,
    key: Option<IdempotencyKey>,
) -> Result<Done> {
    let account = signed_in(ctx)?;
    app.authorizer().allow(ctx, Action::DossierFile, &Resource::Unit(&filing.unit)).require()?;
    let purpose = ExchangePurpose::reason("filing", &ctx.request_id);
    let persons = facts::persons(app, &filing.procedure, &filing.answers, &purpose).await;
    let hash = app.hash_of(&filing.procedure)?;
    let identifier = app
        .content()
        .offices
        .get(filing.unit.as_str())
        .map(|office| office.identifier.clone())
        .unwrap_or_default();
    let account_id = account.id;
    let filing = Arc::new(filing);
    let gathered = {
        let (app, filing, key) = (app.clone(), Arc::clone(&filing), key.clone());
        let (store, today) = (app.store().clone(), ctx.now.date());
        let work = move |tx: &mut Tx<'_>| {
            // First, so that a request sent again is not measured by what has changed since.
            if let Some(kept) = kept_answer(tx, account_id, key.as_ref())? {
                return Ok(Err(kept));
            }
            filing.gather(&app, tx, today, &persons).map(Ok)
        };
        match store.read(work).await? {
            Ok(gathered) => gathered,
            Err(kept) => return Ok(kept),
        }
    };
    let events = filing.decide(app, ctx, account, hash, &gathered)?;
    let (app, ctx) = (app.clone(), ctx.clone());
    let store = app.store().clone();
    let given = key.clone();
    let outcome = store
        .write(move |tx| {
            if let Some(draft) = filing.draft
                && !drafts::delete(tx, draft.raw())?
            {
                // Sent a moment ago by another click.
                let (row, _) = dossiers::by_id(tx, draft.raw())?.ok_or_else(not_here)?;
                let revision = u64::try_from(row.revision).unwrap_or(0);
                return Ok(Done { code: row.code, revision, repeated: true });
            }
            let code = next_code(tx, &identifier, ctx.now)?;
            let change = Change {
                app: &app,
                procedure: &filing.procedure,
                at: ctx.now,
                actor: Some(account_id),
                kind: "submit",
            };
            let after = change.record(tx, None, numbered(events, &code))?;
            match filing.draft {
                Some(draft) => drafts::move_uploads(tx, draft.raw(), filing.id.raw()),
                None => {
                    for upload in &filing.uploads {
                        drafts::claim_upload(tx, upload.id.raw(), filing.id.raw());
                    }
                }
            }
            let own = ctx.account().and_then(|account| account.person_number.as_ref());
            concern_all(tx, &filing.procedure, &after, own);
            let done = Done { code, revision: after.revision, repeated: false };
            keep_answer(tx, account_id, key, &done, ctx.now);
            Ok(done)
        })
        .await;
    match outcome {
        // The same request, sent twice at once: its key was taken by the other.
        Err(error) if error.code == ErrorCode::Conflict && given.is_some() => {
            let kept = store.read(move |tx| kept_answer(tx, account_id, given.as_ref())).await?;
            kept.ok_or(error)
        }
        outcome => outcome,
    }
}

/// The same events with the code that the transaction gave out: everything about a filing is decided
/// before, so that the writer thread only numbers and writes.
pub(super) fn numbered(mut events: Vec<Event>, code: &str) -> Vec<Event> {
    for event in &mut events {
        if let Event::Submitted(submitted) = event {
            code.clone_into(&mut submitted.code);
        }
    }
    events
}

impl Filing {
    /// What registers and population data say about the answers. A child registered between this and
    /// the commit is found again before the approval.
    fn gather(
        &self,
        app: &App,
        tx: &mut Tx<'_>,
        today: jiff::civil::Date,
        persons: &Persons,
    ) -> Result<Gathered> {
        let inquiry = Inquiry {
            content: app.content(),
            procedure: &self.procedure,
            answers: &self.answers,
            requests: &std::collections::BTreeMap::new(),
            applicant: self.applicant.as_ref(),
            filed_on: today,
            persons,
        };
        facts::gather(tx, &inquiry)
    }

    fn decide(
        &self,
        app: &App,
        ctx: &OpContext,
        account: &access::AccountRef,
        procedure_hash: String,
        gathered: &Gathered,
    ) -> Result<Vec<Event>> {
        let actor =
            dossier::Actor { account: account.id, roles: BTreeSet::new(), acting_for: None };
        let submission = Submission {
            id: self.id,
            code: String::new(),
            procedure_hash,
            unit: self.unit.clone(),
            channel: self.channel,
            applicant: account.id,
            applicant_name: account.name.clone(),
            answers: self.answers.clone(),
            sources: self.sources.clone(),
        };
        let uploads = |id: &str| upload_info(&self.uploads, id);
        let decide = DecideContext {
            content: app.content(),
            procedure: &self.procedure,
            now: ctx.now,
            actor: &actor,
            evidence: Evidence {
                applicant: self.applicant.as_ref(),
                found: &gathered.found,
                checks: &gathered.checks,
                uploads: &uploads,
            },
        };
        Ok(dossier::decide(&decide, None, Command::Submit(Box::new(submission)))?)
    }
}

pub(super) fn upload_info(uploads: &[Upload], id: &str) -> Option<UploadInfo> {
    uploads.iter().find(|upload| upload.id.to_string() == id).map(|upload| UploadInfo {
        name: upload.name.clone(),
        mime: upload.mime.clone(),
        bytes: upload.bytes,
    })
}

/// Dossier code by TT 03/2025/TT-VPCP, article 13: agency identifier, day of reception, serial of the
/// day with at least four digits.
pub(super) fn next_code(tx: &mut Tx<'_>, identifier: &str, now: Moment) -> Result<String> {
    let day = now.date();
    let day = format!("{:02}{:02}{:02}", day.year() % 100, day.month(), day.day());
    let serial = dossiers::next_number(tx, &format!("code:{identifier}-{day}"))?;
    Ok(format!("{identifier}-{day}-{serial:04}"))
}

pub(super) fn kept_answer(
    tx: &mut Tx<'_>,
    account: AccountId,
    key: Option<&IdempotencyKey>,
) -> Result<Option<Done>> {
    let Some(key) = key else { return Ok(None) };
    let Some(kept) = idempotency::find(tx, account.raw(), &key.key)? else {
        return Ok(None);
    };
    if kept.request != key.request {
        return Err(Error::conflict(
            "Khóa Idempotency-Key này đã dùng cho một yêu cầu khác. Hãy dùng khóa mới.",
        ));
    }
    let body: Value = serde_json::from_str(&kept.body).map_err(Error::internal)?;
    Ok(Some(Done {
        code: body.get("code").and_then(Value::as_str).unwrap_or_default().to_owned(),
        revision: body.get("revision").and_then(Value::as_u64).unwrap_or(0),
        repeated: true,
    }))
}

pub(super) fn keep_answer(
    tx: &mut Tx<'_>,
    account: AccountId,
    key: Option<IdempotencyKey>,
    done: &Done,
    now: Moment,
) {
    let Some(key) = key else { return };
    let body = serde_json::json!({ "code": done.code, "revision": done.revision }).to_string();
    let answer = KeptAnswer { request: key.request.to_vec(), status: 200, body };
    idempotency::keep(tx, account.raw(), &key.key, &answer, now.micros());
}

/// Notes whom a dossier is about, so that its reads show in their lists.
pub(super) fn concern_all(
    tx: &mut Tx<'_>,
    procedure: &Procedure,
    dossier: &Dossier,
    applicant: Option<&PersonNumber>,
) {
    let mut persons: BTreeSet<String> = BTreeSet::new();
    persons.insert(applicant.map_or_else(
        || format!("account:{}", dossier.applicant),
        |number| number.as_str().to_owned(),
    ));
    persons.extend(person_numbers(procedure, &dossier.answers));
    for person in persons {
        events::concern(tx, &person, "dossier", dossier.id.raw());
    }
}

/// The personal numbers in the person fields of the answers.
pub(crate) fn person_numbers(procedure: &Procedure, answers: &Answers) -> Vec<String> {
    procedure
        .form
        .sections
        .iter()
        .flat_map(|section| &section.fields)
        .filter(|field| matches!(field.kind, pack::model::FieldKind::Person { .. }))
        .filter_map(|field| answers.get(&field.id)?.get("number")?.as_str())
        .map(str::to_owned)
        .collect()
}
