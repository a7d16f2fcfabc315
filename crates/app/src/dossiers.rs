//! Dossiers: sent, listed, read, acted on, rated.

use std::collections::BTreeSet;
use std::sync::Arc;

use access::{Action, Actor, OpContext, Purpose, Resource};
use dossier::findings::CheckResult;
use dossier::{
    APPLICANT, Answers, Channel, Command, DecideContext, Dossier, Event, Evidence, Point, Submission,
};
use dossier::form::UploadInfo;
use exchange::ExchangePurpose;
use kernel::error::{Error, ErrorCode, Result};
use kernel::id::{AccountId, DossierId, DraftId, UploadId};
use kernel::moment::Moment;
use kernel::person_number::PersonNumber;
use kernel::unit::UnitCode;
use pack::model::{Effect, Procedure, StepKind};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use store::documents::DocumentRow;
use store::dossiers::{self, DossierRow, Place};
use store::events::{self, NewEvent, NewRead};
use store::idempotency::{self, KeptAnswer};
use store::outbox::MessageRow;
use store::{Tx, documents, drafts, jobs, messages};

use crate::accounts::signed_in;
use crate::drafts::{Draft, Upload, json};
use crate::facts::{self, Gathered, Inquiry, Persons};
use crate::{App, approval, population};

/// A key by which a request sent twice is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// The key that the client chose.
    pub key: String,
    /// SHA-256 of the request.
    pub request: [u8; 32],
}

impl IdempotencyKey {
    /// A key for a request with this body.
    #[must_use]
    pub fn new(key: &str, path: &str, body: &[u8]) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(path.as_bytes());
        hasher.update([0]);
        hasher.update(body);
        Self { key: key.chars().take(200).collect(), request: hasher.finalize().into() }
    }
}

/// What came of sending or acting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// Code of the dossier.
    pub code: String,
    /// Its revision now.
    pub revision: u64,
    /// The request was carried out before, under the same key.
    pub repeated: bool,
}

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

/// What an action brings along.
#[derive(Clone, Debug, Default)]
pub struct Act {
    /// Action id.
    pub action: String,
    /// Note.
    pub note: Option<String>,
    /// Single points.
    pub points: Vec<Point>,
    /// New answers.
    pub answers: Option<Answers>,
    /// Changes to the drafted entry.
    pub entry: Option<Map<String, Value>>,
    /// The revision that the person saw; not compared when absent.
    pub revision: Option<u64>,
    /// One-time code, where signing asks for one.
    pub code: Option<String>,
}

pub(crate) fn not_here() -> Error {
    Error::not_found(
        "Không tìm thấy hồ sơ này, hoặc ông/bà không phải là người nộp. Vui lòng kiểm tra lại mã hồ \
         sơ trên giấy tiếp nhận.",
    )
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
            let filing = Filing {
                id: DossierId::from_raw(id.raw()),
                draft: Some(id),
                procedure: Arc::clone(&draft.procedure),
                unit: draft.unit.clone(),
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
async fn sent_before(app: &App, ctx: &OpContext, id: DraftId) -> Result<Option<Done>> {
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
    let procedure = crate::procedures::find(app, ctx, &new.procedure)?;
    crate::drafts::require_office(app, &new.unit)?;
    let uploads = uploads_named(app, ctx, &procedure, &new.answers).await?;
    let filing = Filing {
        id: DossierId::from_raw(app.next_id()),
        draft: None,
        procedure,
        unit: new.unit,
        channel: Channel::Online,
        answers: new.answers,
        sources: std::collections::BTreeMap::new(),
        applicant: population::applicant(app, ctx, "filing").await,
        uploads,
    };
    file(app, ctx, filing, key).await
}

/// The files that the answers name, as far as they are the account's own.
async fn uploads_named(
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
                uploads.extend(found.filter(|row| row.account == account).map(Upload::of));
            }
            Ok(uploads)
        })
        .await
}

struct Filing {
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

async fn file(
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
    let (account_id, name) = (account.id, account.name.clone());
    let (app, ctx) = (app.clone(), ctx.clone());
    let store = app.store().clone();
    store
        .write(move |tx| {
            if let Some(kept) = kept_answer(tx, account_id, key.as_ref())? {
                return Ok(kept);
            }
            if let Some(draft) = filing.draft
                && !drafts::delete(tx, draft.raw())?
            {
                // Sent a moment ago by another click.
                let (row, _) = dossiers::by_id(tx, draft.raw())?.ok_or_else(not_here)?;
                let revision = u64::try_from(row.revision).unwrap_or(0);
                return Ok(Done { code: row.code, revision, repeated: true });
            }
            let inquiry = Inquiry {
                content: app.content(),
                procedure: &filing.procedure,
                answers: &filing.answers,
                requests: &std::collections::BTreeMap::new(),
                applicant: filing.applicant.as_ref(),
                filed_on: ctx.now.date(),
                persons: &persons,
            };
            let gathered = facts::gather(tx, &inquiry)?;
            let code = next_code(tx, &identifier, ctx.now)?;
            let actor = dossier::Actor {
                account: account_id,
                roles: BTreeSet::new(),
                acting_for: None,
            };
            let submission = Submission {
                id: filing.id,
                code: code.clone(),
                procedure_hash: hash,
                unit: filing.unit.clone(),
                channel: filing.channel,
                applicant: account_id,
                applicant_name: name,
                answers: filing.answers.clone(),
                sources: filing.sources.clone(),
            };
            let uploads = |id: &str| upload_info(&filing.uploads, id);
            let decide = DecideContext {
                content: app.content(),
                procedure: &filing.procedure,
                now: ctx.now,
                actor: &actor,
                evidence: Evidence {
                    applicant: filing.applicant.as_ref(),
                    found: &gathered.found,
                    checks: &gathered.checks,
                    uploads: &uploads,
                },
            };
            let events =
                dossier::decide(&decide, None, Command::Submit(Box::new(submission)))?;
            let change = Change {
                app: &app,
                procedure: &filing.procedure,
                at: ctx.now,
                actor: Some(account_id),
                kind: "submit",
            };
            let after = change.record(tx, None, events)?;
            match filing.draft {
                Some(draft) => drafts::move_uploads(tx, draft.raw(), filing.id.raw()),
                None => {
                    for upload in &filing.uploads {
                        drafts::claim_upload(tx, upload.id.raw(), filing.id.raw());
                    }
                }
            }
            concern_all(tx, &filing.procedure, &after, ctx.account().and_then(|a| a.person_number.as_ref()));
            let done = Done { code, revision: after.revision, repeated: false };
            keep_answer(tx, account_id, key, &done, ctx.now);
            Ok(done)
        })
        .await
}

fn upload_info(uploads: &[Upload], id: &str) -> Option<UploadInfo> {
    uploads.iter().find(|upload| upload.id.to_string() == id).map(|upload| UploadInfo {
        name: upload.name.clone(),
        mime: upload.mime.clone(),
        bytes: upload.bytes,
    })
}

/// Dossier code by TT 03/2025/TT-VPCP, article 13: agency identifier, day of reception, serial of the
/// day with at least four digits.
fn next_code(tx: &mut Tx<'_>, identifier: &str, now: Moment) -> Result<String> {
    let day = now.date();
    let day = format!("{:02}{:02}{:02}", day.year() % 100, day.month(), day.day());
    let serial = dossiers::next_number(tx, &format!("code:{identifier}-{day}"))?;
    Ok(format!("{identifier}-{day}-{serial:04}"))
}

fn kept_answer(
    tx: &mut Tx<'_>,
    account: AccountId,
    key: Option<&IdempotencyKey>,
) -> Result<Option<Done>> {
    let Some(key) = key else { return Ok(None) };
    let Some(kept) = idempotency::find(tx, account.raw(), &key.key)? else { return Ok(None) };
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

fn keep_answer(
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
fn concern_all(
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

/// One change of a dossier: state, events, papers, jobs and messages, together.
pub(crate) struct Change<'a> {
    pub(crate) app: &'a App,
    pub(crate) procedure: &'a Procedure,
    pub(crate) at: Moment,
    pub(crate) actor: Option<AccountId>,
    /// What was done: `submit`, or the action's id.
    pub(crate) kind: &'a str,
}

impl Change<'_> {
    /// Writes what was decided and everything that follows from it.
    ///
    /// # Errors
    /// `Conflict` when the dossier has moved on meanwhile.
    pub(crate) fn record(
        &self,
        tx: &mut Tx<'_>,
        before: Option<Dossier>,
        mut events: Vec<Event>,
    ) -> Result<Dossier> {
        let was = before.as_ref().map(|dossier| dossier.revision);
        let mut state = before;
        let mut slips = Vec::new();
        for event in &events {
            state = dossier::apply(state, event);
            if let Event::SlipIssued { slip, number, at } = event {
                slips.push((slip.clone(), *number, *at));
            }
        }
        let Some(mut after) = state else {
            return Err(Error::internal("a decision left no dossier"));
        };
        let mut papers = Vec::new();
        for (slip, number, at) in slips {
            let (row, recorded) = self.slip(&after, &slip, number, at);
            papers.push(row);
            if let Some(next) = dossier::apply(Some(after.clone()), &recorded) {
                after = next;
            }
            events.push(recorded);
        }
        let seq = events::append(
            tx,
            &NewEvent {
                at: self.at.micros(),
                stream: "dossier",
                stream_id: after.id.raw(),
                kind: self.kind,
                actor: self.actor.map(AccountId::raw),
                body: &json(&events)?,
            },
        );
        for mut paper in papers {
            // The slip shows the dossier as it is now, whatever happens later.
            paper.body = serde_json::json!({ "as_of": seq }).to_string();
            documents::insert(tx, &paper);
            let body = serde_json::json!({ "document": paper.id.to_string() }).to_string();
            jobs::add(tx, self.app.next_id(), "render", &body, self.at.micros());
        }
        self.send_out(tx, &after, &events)?;
        let row = self.row(&after)?;
        let body = json(&after)?;
        match was {
            None => dossiers::insert(tx, &row, &body),
            Some(was) => {
                let was = i64::try_from(was).unwrap_or(i64::MAX);
                if !dossiers::update(tx, &row, &body, was)? {
                    return Err(moved_on());
                }
            }
        }
        Ok(after)
    }

    fn slip(&self, after: &Dossier, slip: &str, number: u32, at: Moment) -> (DocumentRow, Event) {
        let id = self.app.next_id();
        let content = self.app.content().slips.get(slip);
        let name = content.map_or_else(|| slip.to_owned(), |slip| slip.name.vi.clone());
        let row = DocumentRow {
            id,
            kind: slip.to_owned(),
            name: name.clone(),
            dossier: Some(after.id.raw()),
            entry: None,
            entry_version: i64::from(number),
            state: "pending".to_owned(),
            blob: None,
            bytes: 0,
            signed: false,
            issued_at: at.micros(),
            body: String::new(),
        };
        let document = dossier::DocumentRef {
            document: kernel::id::DocumentId::from_raw(id),
            kind: dossier::DocumentKind::Slip,
            of: slip.to_owned(),
            name,
            signed_by: None,
            at,
        };
        (row, Event::DocumentRecorded { document })
    }

    /// Messages to the applicant and to other systems.
    fn send_out(&self, tx: &mut Tx<'_>, after: &Dossier, events: &[Event]) -> Result<()> {
        for event in events {
            match event {
                Event::RequestSent { request, service, parameters, at } => {
                    let id = self.app.next_id();
                    let message = MessageRow {
                        id,
                        destination: service.split('.').next().unwrap_or_default().to_owned(),
                        kind: service.clone(),
                        key: format!("{}:{request}:{}", after.code, at.micros()),
                        body: json(&serde_json::json!({
                            "dossier": after.code,
                            "request": request,
                            "parameters": parameters,
                        }))?,
                        state: "waiting".to_owned(),
                        attempts: 0,
                        created_at: at.micros(),
                        answer: None,
                    };
                    store::outbox::add(tx, &message);
                    let body = serde_json::json!({ "message": id.to_string() }).to_string();
                    jobs::add(tx, self.app.next_id(), "exchange", &body, at.micros());
                }
                Event::Moved { action, at, .. } => {
                    let action = self.procedure.workflow.actions.iter().find(|a| a.id == *action);
                    let text = action.map(|action| action.tell_applicant.vi.as_str());
                    if let Some(text) = text.filter(|text| !text.is_empty()) {
                        let text = text.replace("{code}", &after.code);
                        let id = self.app.next_id();
                        let to = after.applicant.raw();
                        messages::add(tx, id, to, after.id.raw(), at.micros(), &text);
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn row(&self, dossier: &Dossier) -> Result<DossierRow> {
        let step = self
            .procedure
            .workflow
            .steps
            .iter()
            .find(|step| step.id == dossier.step)
            .ok_or_else(|| Error::internal("dossier lies at a step that is not there"))?;
        let clock = dossier.clock.as_ref();
        let running = clock.filter(|clock| clock.is_running());
        Ok(DossierRow {
            id: dossier.id.raw(),
            code: dossier.code.clone(),
            unit: dossier.unit.to_string(),
            procedure_code: dossier.procedure_code.clone(),
            definition: dossier.procedure_hash.clone(),
            step: dossier.step.clone(),
            state: state_name(step.kind).to_owned(),
            owner: step.owner.clone(),
            applicant: dossier.applicant.raw(),
            title: dossier.applicant_name.clone(),
            about: about(self.procedure, &dossier.answers),
            assignee: dossier.assigned_to.map(AccountId::raw),
            submitted_at: dossier.submitted_at.micros(),
            due_at: running.map_or(i64::MAX, |clock| clock.due.micros()),
            stopped: clock.is_some_and(|clock| clock.stopped.is_some()),
            finished_at: dossier.finished_at.map(Moment::micros),
            revision: i64::try_from(dossier.revision).unwrap_or(i64::MAX),
        })
    }
}

fn moved_on() -> Error {
    Error::conflict(
        "Hồ sơ vừa được người khác xử lý. Ông/bà vui lòng tải lại trang để xem tình trạng mới nhất.",
    )
}

/// The names by which lists group steps.
#[must_use]
pub fn state_name(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Working => "working",
        StepKind::WaitingApplicant => "waiting-applicant",
        StepKind::WaitingSignature => "waiting-signature",
        StepKind::Done => "done",
        StepKind::Refused => "refused",
        StepKind::Stopped => "stopped",
    }
}

/// Whom or what a dossier is about: its searchable texts.
fn about(procedure: &Procedure, answers: &Answers) -> String {
    let fields = procedure.form.sections.iter().flat_map(|section| &section.fields);
    let texts: Vec<&str> = fields
        .filter(|field| field.searchable)
        .filter_map(|field| {
            let value = answers.get(&field.id)?;
            value.as_str().or_else(|| value.get("name")?.as_str())
        })
        .collect();
    texts.join(" · ").chars().take(200).collect()
}

/// Answers a request for more papers: the form's answers replace the old ones and the clock goes on.
async fn supplement(
    app: &App,
    ctx: &OpContext,
    draft: Draft,
    dossier: DossierId,
) -> Result<Done> {
    let (row, _) = app
        .store()
        .read(move |tx| dossiers::by_id(tx, dossier.raw()))
        .await?
        .ok_or_else(not_here)?;
    let procedure = app.version(&row.definition)?;
    let action = procedure
        .workflow
        .actions
        .iter()
        .find(|action| {
            action.by == APPLICANT
                && action.from.contains(&row.step)
                && action.effects.contains(&Effect::EditAnswers)
        })
        .map(|action| action.id.clone())
        .ok_or_else(|| {
            Error::conflict("Hồ sơ này hiện không chờ bổ sung. Ông/bà xem lại tình trạng hồ sơ.")
        })?;
    let act_input = Act { action, answers: Some(draft.answers), ..Act::default() };
    let done = act(app, ctx, &row.code, act_input, None).await?;
    let id = draft.id;
    app.store()
        .write(move |tx| {
            drafts::move_uploads(tx, id.raw(), dossier.raw());
            drafts::delete(tx, id.raw()).map(|_| ())
        })
        .await?;
    Ok(done)
}

/// Opens the form of one's own dossier again to answer a request: its answers as they are.
///
/// # Errors
/// `NotFound` when it is not one's own, `Conflict` when it does not wait for an answer.
pub async fn start_supplement(app: &App, ctx: &OpContext, code: &str) -> Result<DraftId> {
    let account = signed_in(ctx)?.id;
    let key = code.to_owned();
    let (row, body) =
        app.store().read(move |tx| dossiers::by_code(tx, &key)).await?.ok_or_else(not_here)?;
    if row.applicant != account.raw() {
        return Err(not_here());
    }
    if row.state != "waiting-applicant" {
        return Err(Error::conflict(
            "Hồ sơ này hiện không chờ bổ sung. Ông/bà xem lại tình trạng hồ sơ.",
        ));
    }
    let dossier: Dossier = serde_json::from_str(&body).map_err(Error::internal)?;
    let now = ctx.now.micros();
    let draft = drafts::DraftRow {
        id: app.next_id(),
        account: account.raw(),
        procedure_code: row.procedure_code,
        definition: row.definition,
        unit: row.unit,
        dossier: Some(row.id),
        answers: json(&dossier.answers)?,
        sources: json(&dossier.sources)?,
        revision: 1,
        created_at: now,
        updated_at: now,
    };
    let id = app
        .store()
        .write(move |tx| {
            let open = drafts::of_account(tx, draft.account, 100)?;
            if let Some(open) = open.into_iter().find(|open| open.dossier == draft.dossier) {
                return Ok(open.id);
            }
            drafts::insert(tx, &draft);
            Ok(draft.id)
        })
        .await?;
    Ok(DraftId::from_raw(id))
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

/// Who the reader is to a dossier: the roles held in its unit, and `applicant`.
pub(crate) fn actor_in(ctx: &OpContext, unit: &str, applicant: AccountId) -> Option<dossier::Actor> {
    let account = ctx.account()?;
    let mut roles: BTreeSet<String> = ctx
        .bindings_in_force()
        .filter(|binding| binding.unit.as_str() == unit)
        .map(|binding| binding.role.clone())
        .collect();
    if account.id == applicant {
        roles.insert(APPLICANT.to_owned());
    }
    Some(dossier::Actor { account: account.id, roles, acting_for: None })
}

/// Asks whether `action` may be done to a dossier. To a stranger it does not exist.
pub(crate) fn require(
    app: &App,
    ctx: &OpContext,
    action: Action,
    dossier: &Dossier,
    procedure: &Procedure,
) -> Result<()> {
    let subjects: Vec<PersonNumber> = person_numbers(procedure, &dossier.answers)
        .iter()
        .filter_map(|number| number.parse().ok())
        .collect();
    let step = procedure.workflow.steps.iter().find(|step| step.id == dossier.step);
    let resource = Resource::Dossier {
        id: dossier.id,
        unit: &dossier.unit,
        procedure: &dossier.procedure_code,
        applicant: dossier.applicant,
        subjects: &subjects,
        prepared_by: dossier.draft_entry.as_ref().map(|draft| draft.prepared_by),
        owner_role: step.map(|step| step.owner.as_str()),
    };
    let decision = app.authorizer().allow(ctx, action, &resource);
    let hidden = action == Action::DossierView && ctx.account().is_some();
    decision.require().map_err(|error| if hidden { not_here().because(error) } else { error })
}

/// Takes an action of the workflow.
///
/// # Errors
/// `Invalid` with every problem, `Forbidden` when the action is not the person's, `Conflict` when the
/// dossier has moved on since it was seen.
pub async fn act(
    app: &App,
    ctx: &OpContext,
    code: &str,
    input: Act,
    key: Option<IdempotencyKey>,
) -> Result<Done> {
    let account = signed_in(ctx)?.id;
    let wanted = code.to_owned();
    let (row, body) =
        app.store().read(move |tx| dossiers::by_code(tx, &wanted)).await?.ok_or_else(not_here)?;
    let procedure = app.version(&row.definition)?;
    let seen: Dossier = serde_json::from_str(&body).map_err(Error::internal)?;
    require(app, ctx, Action::DossierView, &seen, &procedure)?;
    let action = procedure.workflow.actions.iter().find(|action| action.id == input.action);
    let weighty = action.is_some_and(|action| {
        action.effects.iter().any(|effect| {
            matches!(
                effect,
                Effect::EnterRegister | Effect::AmendRegister | Effect::SignResults
            )
        })
    });
    let purpose = ExchangePurpose::dossier(code, &ctx.request_id);
    let answers = input.answers.as_ref().unwrap_or(&seen.answers);
    let needs_facts = weighty || action.is_some_and(needs_facts);
    let persons = if needs_facts {
        facts::persons(app, &procedure, answers, &purpose).await
    } else {
        Persons::new()
    };
    let acting = Acting { app: app.clone(), ctx: ctx.clone(), procedure, persons, input, key };
    if weighty {
        require(app, ctx, Action::DossierApprove, &seen, &acting.procedure)?;
        if app.settings().code_at_signing {
            let typed = acting.input.code.clone().unwrap_or_default();
            crate::accounts::confirm_code(app, ctx, &typed).await?;
        }
        return approval::approve(acting, row.id, account).await;
    }
    require(app, ctx, Action::DossierAct, &seen, &acting.procedure)?;
    let store = app.store().clone();
    let id = row.id;
    store
        .write(move |tx| {
            if let Some(kept) = kept_answer(tx, account, acting.key.as_ref())? {
                return Ok(kept);
            }
            let (before, events, _) = acting.decide(tx, id)?;
            check_drafted_entry(&acting, &events)?;
            let change = acting.change(account);
            let after = change.record(tx, Some(before), events)?;
            let done = Done { code: after.code, revision: after.revision, repeated: false };
            keep_answer(tx, account, acting.key.clone(), &done, acting.ctx.now);
            Ok(done)
        })
        .await
}

/// What was decided against: not somebody's business is `Forbidden`, all else `Invalid`.
fn refusal(problems: kernel::Problems) -> Error {
    const NOT_YOURS: [&str; 3] = ["action.not-yours", "action.four-eyes", "assign.not-yours"];
    match problems.iter().find(|problem| NOT_YOURS.contains(&problem.code.as_str())) {
        Some(problem) => Error::forbidden(problem.message.clone()).with_problems(problems),
        None => Error::from(problems),
    }
}

/// An entry drafted for a register must be one that the register would take: what is wrong with it
/// is told to the officer who drafts, not to the leader who signs.
fn check_drafted_entry(acting: &Acting, events: &[Event]) -> Result<()> {
    let rule = acting.procedure.entry.as_ref();
    let register = rule.and_then(|rule| acting.app.content().registers.get(&rule.register));
    let Some(register) = register else { return Ok(()) };
    for event in events {
        if let Event::EntryDrafted { draft, .. } = event {
            let mut problems =
                register::validate_fields(register, acting.app.content(), &draft.fields);
            for problem in &mut problems {
                problem.path = format!("entry.{}", problem.path);
            }
            if kernel::problem::has_errors(&problems) {
                return Err(Error::from(problems));
            }
        }
    }
    Ok(())
}

/// Does an action look at registers or population data?
fn needs_facts(action: &pack::model::Action) -> bool {
    action.when.is_some()
        || action.effects.iter().any(|effect| {
            matches!(effect, Effect::EditAnswers | Effect::PrepareEntry | Effect::Request(_))
        })
}

/// An action about to be decided.
pub(crate) struct Acting {
    pub(crate) app: App,
    pub(crate) ctx: OpContext,
    pub(crate) procedure: Arc<Procedure>,
    pub(crate) persons: Persons,
    pub(crate) input: Act,
    pub(crate) key: Option<IdempotencyKey>,
}

impl Acting {
    pub(crate) fn change(&self, account: AccountId) -> Change<'_> {
        Change {
            app: &self.app,
            procedure: &self.procedure,
            at: self.ctx.now,
            actor: Some(account),
            kind: &self.input.action,
        }
    }

    pub(crate) fn kept(&self, tx: &mut Tx<'_>, account: AccountId) -> Result<Option<Done>> {
        kept_answer(tx, account, self.key.as_ref())
    }

    pub(crate) fn keep(&self, tx: &mut Tx<'_>, account: AccountId, done: &Done) {
        keep_answer(tx, account, self.key.clone(), done, self.ctx.now);
    }

    /// The dossier as it is now, and what follows from the action.
    pub(crate) fn decide(
        &self,
        tx: &mut Tx<'_>,
        id: i64,
    ) -> Result<(Dossier, Vec<Event>, Gathered)> {
        let (_, body) = dossiers::by_id(tx, id)?.ok_or_else(not_here)?;
        let before: Dossier = serde_json::from_str(&body).map_err(Error::internal)?;
        if self.input.revision.is_some_and(|revision| revision != before.revision) {
            return Err(moved_on());
        }
        let actor = actor_in(&self.ctx, before.unit.as_str(), before.applicant)
            .ok_or_else(|| Error::new(ErrorCode::Unauthenticated))?;
        let answers = self.input.answers.as_ref().unwrap_or(&before.answers);
        let inquiry = Inquiry {
            content: self.app.content(),
            procedure: &self.procedure,
            answers,
            requests: &before.requests,
            applicant: None,
            filed_on: before.submitted_at.date(),
            persons: &self.persons,
        };
        let gathered = facts::gather(tx, &inquiry)?;
        let mut uploads: Vec<Upload> = Vec::new();
        if self.input.answers.is_some() {
            let rows = drafts::uploads_of_dossier(tx, id)?;
            uploads.extend(rows.into_iter().map(Upload::of));
            // Files attached while the request was being answered still hang on the open form.
            for draft in drafts::of_account(tx, actor.account.raw(), 100)? {
                if draft.dossier == Some(id) {
                    let rows = drafts::uploads_of_draft(tx, draft.id)?;
                    uploads.extend(rows.into_iter().map(Upload::of));
                }
            }
        }
        let info = |id: &str| upload_info(&uploads, id);
        let decide = DecideContext {
            content: self.app.content(),
            procedure: &self.procedure,
            now: self.ctx.now,
            actor: &actor,
            evidence: Evidence {
                applicant: None,
                found: &gathered.found,
                checks: &gathered.checks,
                uploads: &info,
            },
        };
        let command = Command::Act {
            action: self.input.action.clone(),
            note: self.input.note.clone(),
            points: self.input.points.clone(),
            answers: self.input.answers.clone(),
            entry: self.input.entry.clone(),
        };
        let events =
            dossier::decide(&decide, Some(&before), command).map_err(refusal)?;
        Ok((before, events, gathered))
    }
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
        applicant: None,
    })
}

fn person_answers(persons: Persons) -> Vec<(String, Option<Value>)> {
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

async fn gather_for_view(
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
    let requests = dossier.requests.clone();
    let filed_on = dossier.submitted_at.date();
    let store = app.store().clone();
    let mut gathered = store
        .read(move |tx| {
            let inquiry = Inquiry {
                content: app.content(),
                procedure: &procedure,
                answers: &answers,
                requests: &requests,
                applicant: None,
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

async fn log_read(app: &App, ctx: &OpContext, dossier: &Dossier, own: bool) -> Result<()> {
    if own {
        return Ok(());
    }
    let Actor::Account(account) = &ctx.actor else { return Ok(()) };
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

/// One's own dossiers, newest first; `before` is the identifier of the last one seen.
///
/// # Errors
/// `Unauthenticated` when nobody is signed in.
pub async fn mine(
    app: &App,
    ctx: &OpContext,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<(DossierRow, Arc<Procedure>)>> {
    let account = signed_in(ctx)?.id.raw();
    let before = before.unwrap_or(i64::MAX);
    let rows = app
        .store()
        .read(move |tx| dossiers::of_applicant(tx, account, before, limit))
        .await?;
    with_procedures(app, rows)
}

fn with_procedures(
    app: &App,
    rows: Vec<DossierRow>,
) -> Result<Vec<(DossierRow, Arc<Procedure>)>> {
    rows.into_iter()
        .map(|row| {
            let procedure = app.version(&row.definition)?;
            Ok((row, procedure))
        })
        .collect()
}

/// Which dossiers a worklist shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorkView {
    /// Those that wait for one of my roles.
    Mine,
    /// Those of them that are late.
    Late,
    /// Those of them that are due today.
    DueToday,
    /// All of my units in this state: `working`, `waiting-applicant`, `waiting-signature`, `done` …
    State(String),
    /// All of my units that are not over.
    Open,
}

/// A worklist page, the soonest due first.
///
/// # Errors
/// `Forbidden` when the account has no worklist.
pub async fn worklist(
    app: &App,
    ctx: &OpContext,
    view: WorkView,
    unit: Option<UnitCode>,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<(DossierRow, Arc<Procedure>)>> {
    let units = work_units(app, ctx, unit)?;
    let roles = work_roles(ctx);
    let after = after.unwrap_or(Place::START);
    let before = due_before(&view, ctx.now);
    let rows = app
        .store()
        .read(move |tx| {
            let mut rows = Vec::new();
            match &view {
                WorkView::Mine | WorkView::Late | WorkView::DueToday => {
                    for (role, unit) in &roles {
                        if units.contains(unit) {
                            rows.extend(dossiers::by_owner(tx, unit, role, after, limit)?);
                        }
                    }
                }
                WorkView::State(state) => {
                    for unit in &units {
                        rows.extend(dossiers::by_state(tx, unit, state, after, limit)?);
                    }
                }
                WorkView::Open => {
                    for unit in &units {
                        for state in ["working", "waiting-applicant", "waiting-signature"] {
                            rows.extend(dossiers::by_state(tx, unit, state, after, limit)?);
                        }
                    }
                }
            }
            rows.retain(|row| row.due_at < before);
            rows.sort_by_key(|row| (row.due_at, row.id));
            rows.truncate(usize::try_from(limit).unwrap_or(0));
            Ok(rows)
        })
        .await?;
    with_procedures(app, rows)
}

fn due_before(view: &WorkView, now: Moment) -> i64 {
    match view {
        WorkView::Late => now.micros(),
        WorkView::DueToday => Moment::start_of(now.date()).plus_days(1).micros(),
        // Rows without a running clock have no due moment and come last.
        WorkView::Mine | WorkView::State(_) | WorkView::Open => i64::MAX,
    }
}

/// How many dossiers each view holds, for the left side of the workbench.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WorkCounts {
    /// Wait for one of my roles.
    pub mine: i64,
    /// Late.
    pub late: i64,
    /// Due today, the late ones included.
    pub due_today: i64,
    /// Wait for the applicant.
    pub waiting_applicant: i64,
    /// Wait for a signature.
    pub waiting_signature: i64,
}

/// Counts for the views of the worklist.
///
/// # Errors
/// `Forbidden` when the account has no worklist.
pub async fn work_counts(app: &App, ctx: &OpContext) -> Result<WorkCounts> {
    let units = work_units(app, ctx, None)?;
    let roles = work_roles(ctx);
    let (now, tomorrow) = (ctx.now.micros(), due_before(&WorkView::DueToday, ctx.now));
    app.store()
        .read(move |tx| {
            let mut counts = WorkCounts::default();
            for (role, unit) in &roles {
                if units.contains(unit) {
                    counts.mine += dossiers::count_by_owner(tx, unit, role, i64::MAX)?;
                    counts.late += dossiers::count_by_owner(tx, unit, role, now)?;
                    counts.due_today += dossiers::count_by_owner(tx, unit, role, tomorrow)?;
                }
            }
            for unit in &units {
                counts.waiting_applicant +=
                    dossiers::count_by_state(tx, unit, "waiting-applicant")?;
                counts.waiting_signature +=
                    dossiers::count_by_state(tx, unit, "waiting-signature")?;
            }
            Ok(counts)
        })
        .await
}

fn work_units(app: &App, ctx: &OpContext, only: Option<UnitCode>) -> Result<Vec<String>> {
    signed_in(ctx)?;
    let mut units = app.authorizer().units_where(ctx, Action::DossierList);
    if let Some(only) = only {
        units.retain(|unit| *unit == only);
    }
    if units.is_empty() {
        return Err(Error::forbidden(
            "Tài khoản này chưa được giao xử lý hồ sơ ở đơn vị nào. Ông/bà liên hệ người quản trị \
             của cơ quan.",
        ));
    }
    Ok(units.into_iter().map(|unit| unit.to_string()).collect())
}

/// The offices held today: role and unit.
fn work_roles(ctx: &OpContext) -> Vec<(String, String)> {
    ctx.bindings_in_force()
        .map(|binding| (binding.role.clone(), binding.unit.to_string()))
        .collect()
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
) -> Result<()> {
    let account = signed_in(ctx)?.id;
    let (code, comment) = (code.to_owned(), comment.to_owned());
    let (app, ctx) = (app.clone(), ctx.clone());
    let store = app.store().clone();
    store
        .write(move |tx| {
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
                evidence: Evidence { applicant: None, found: &none, checks: &[], uploads: &|_| None },
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
