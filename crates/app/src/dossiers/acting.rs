//! Actions of the workflow.

use super::Done;
use super::IdempotencyKey;
use super::actor_in;
use super::change::Change;
use super::change::moved_on;
use super::filing::keep_answer;
use super::filing::kept_answer;
use super::filing::upload_info;
use super::filing::uploads_named;
use super::not_here;
use super::require;
use crate::App;
use crate::accounts::signed_in;
use crate::approval;
use crate::drafts::Upload;
use crate::facts;
use crate::facts::Gathered;
use crate::facts::Inquiry;
use crate::facts::Persons;
use access::Action;
use access::OpContext;
use dossier::Answers;
use dossier::Command;
use dossier::DecideContext;
use dossier::Dossier;
use dossier::Event;
use dossier::Evidence;
use dossier::Point;
use exchange::ExchangePurpose;
use kernel::error::Error;
use kernel::error::ErrorCode;
use kernel::error::Result;
use kernel::id::AccountId;
use pack::model::Effect;
use pack::model::Procedure;
use serde_json::Map;
use serde_json::Value;
use std::sync::Arc;
use store::Tx;
use store::dossiers;
use store::drafts;

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
    let (wanted, given) = (code.to_owned(), key.clone());
    let find = move |tx: &mut Tx<'_>| {
        let Some(found) = dossiers::by_code(tx, &wanted)? else { return Ok(None) };
        Ok(Some((found, kept_answer(tx, account, given.as_ref()))))
    };
    let ((row, body), kept) = app.store().read(find).await?.ok_or_else(not_here)?;
    let procedure = app.version(&row.definition)?;
    let seen: Dossier = serde_json::from_str(&body).map_err(Error::internal)?;
    require(app, ctx, Action::DossierView, &seen, &procedure)?;
    // First, so that a request sent again is neither measured by what has changed since nor asked for
    // a new code.
    if let Some(kept) = kept? {
        return Ok(kept);
    }
    let action = procedure.workflow.actions.iter().find(|action| action.id == input.action);
    let weighty = action.is_some_and(|action| {
        action.effects.iter().any(|effect| {
            matches!(effect, Effect::EnterRegister | Effect::AmendRegister | Effect::SignResults)
        })
    });
    let purpose = ExchangePurpose::dossier(code, &ctx.request_id);
    let answers = input.answers.as_ref().unwrap_or(&seen.answers);
    let needs_facts = action.is_some_and(needs_facts);
    let persons = if needs_facts {
        facts::persons(app, &procedure, answers, &purpose).await
    } else {
        Persons::new()
    };
    let sent_along = match &input.answers {
        Some(answers) => uploads_named(app, ctx, &procedure, answers).await?,
        None => Vec::new(),
    };
    let acting = Acting {
        app: app.clone(),
        ctx: ctx.clone(),
        procedure,
        persons,
        needs_facts,
        sent_along,
        input,
        key,
    };
    if weighty {
        require(app, ctx, Action::DossierApprove, &seen, &acting.procedure)?;
        if app.settings().code_at_signing {
            let typed = acting.input.code.clone().unwrap_or_default();
            crate::accounts::confirm_code(app, ctx, &typed).await?;
        }
        return approval::approve(acting, row.id, account, &seen.unit).await;
    }
    require(app, ctx, Action::DossierAct, &seen, &acting.procedure)?;
    let acting = Arc::new(acting);
    // What was read to find out whether it is this person's business serves the first decision too,
    // unless the decision looks beyond the dossier.
    let is_enough = !needs_facts && acting.input.answers.is_none();
    let mut seen = is_enough.then_some(seen);
    for tried in 1.. {
        match carry_out(app, Arc::clone(&acting), row.id, account, seen.take()).await {
            Err(error) if error.code == ErrorCode::Conflict => {
                if let Some(kept) = kept_before(&acting, account).await? {
                    return Ok(kept);
                }
                if tried == MOST_TRIES || acting.input.revision.is_some() {
                    return Err(error);
                }
            }
            outcome => return outcome,
        }
    }
    Err(moved_on())
}

/// How often an action is decided, when the dossier moves on each time between deciding and writing.
const MOST_TRIES: usize = 3;

/// Decides beside the writer thread, which only has to find that the dossier has not moved on since.
/// Whether the same request was carried out meanwhile shows in the same way: its key is taken.
async fn carry_out(
    app: &App,
    acting: Arc<Acting>,
    id: i64,
    account: AccountId,
    seen: Option<Dossier>,
) -> Result<Done> {
    let (before, events) = match seen {
        Some(seen) => {
            let events = acting.decide_on(&seen, &Gathered::default(), &[])?;
            (seen, events)
        }
        None => {
            let deciding = Arc::clone(&acting);
            let decided = app.store().read(move |tx| deciding.decide(tx, id)).await?;
            (decided.0, decided.1)
        }
    };
    check_drafted_entry(&acting, &events)?;
    app.store()
        .write(move |tx| {
            let after = acting.change(account).record(tx, Some(before), events)?;
            for upload in &acting.sent_along {
                drafts::claim_upload(tx, upload.id.raw(), id);
            }
            let done = Done { code: after.code, revision: after.revision, repeated: false };
            acting.keep(tx, account, &done);
            Ok(done)
        })
        .await
        .map_err(|error| if error.code == ErrorCode::Conflict { moved_on() } else { error })
}

/// The answer to a request that was carried out before under the same key.
async fn kept_before(acting: &Acting, account: AccountId) -> Result<Option<Done>> {
    let Some(key) = acting.key.clone() else {
        return Ok(None);
    };
    let store = acting.app.store();
    store.read(move |tx| kept_answer(tx, account, Some(&key))).await
}

/// What was decided against: not somebody's business is `Forbidden`, all else `Invalid`.
pub(super) fn refusal(problems: kernel::Problems) -> Error {
    const NOT_YOURS: [&str; 3] = ["action.not-yours", "action.four-eyes", "assign.not-yours"];
    match problems.iter().find(|problem| NOT_YOURS.contains(&problem.code.as_str())) {
        Some(problem) => Error::forbidden(problem.message.clone()).with_problems(problems),
        None => Error::from(problems),
    }
}

/// An entry drafted for a register must be one that the register would take: what is wrong with it
/// is told to the officer who drafts, not to the leader who signs.
pub(super) fn check_drafted_entry(acting: &Acting, events: &[Event]) -> Result<()> {
    let rule = acting.procedure.entry.as_ref();
    let register = rule.and_then(|rule| acting.app.content().registers.get(&rule.register));
    let Some(register) = register else {
        return Ok(());
    };
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

/// Does an action look at registers or population data? One that only passes the dossier on does not.
pub(super) fn needs_facts(action: &pack::model::Action) -> bool {
    action.when.is_some()
        || action.effects.iter().any(|effect| {
            matches!(
                effect,
                Effect::EditAnswers
                    | Effect::PrepareEntry
                    | Effect::Request(_)
                    | Effect::StartClock
                    | Effect::EnterRegister
                    | Effect::AmendRegister
                    | Effect::SignResults
            )
        })
}

/// An action about to be decided.
pub(crate) struct Acting {
    pub(crate) app: App,
    pub(crate) ctx: OpContext,
    pub(crate) procedure: Arc<Procedure>,
    pub(crate) persons: Persons,
    /// Does the decision look at registers or population data?
    pub(crate) needs_facts: bool,
    /// Files that new answers name and that belong to no form or dossier yet.
    pub(crate) sent_along: Vec<Upload>,
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
        let gathered = if self.needs_facts {
            let answers = self.input.answers.as_ref().unwrap_or(&before.answers);
            let inquiry = Inquiry {
                content: self.app.content(),
                procedure: &self.procedure,
                answers,
                requests: &before.requests,
                applicant: before.applicant_record.as_ref(),
                filed_on: before.submitted_at.date(),
                persons: &self.persons,
            };
            facts::gather(tx, &inquiry)?
        } else {
            Gathered::default()
        };
        let mut uploads: Vec<Upload> = self.sent_along.clone();
        if self.input.answers.is_some() {
            let rows = drafts::uploads_of_dossier(tx, id)?;
            uploads.extend(rows.into_iter().map(Upload::of));
            // Files attached while the request was being answered still hang on the open form.
            let account = signed_in(&self.ctx)?.id;
            for draft in drafts::of_account(tx, account.raw(), 100)? {
                if draft.dossier == Some(id) {
                    let rows = drafts::uploads_of_draft(tx, draft.id)?;
                    uploads.extend(rows.into_iter().map(Upload::of));
                }
            }
        }
        let events = self.decide_on(&before, &gathered, &uploads)?;
        Ok((before, events, gathered))
    }

    /// What follows from the action for a dossier as it was read.
    fn decide_on(
        &self,
        before: &Dossier,
        gathered: &Gathered,
        uploads: &[Upload],
    ) -> Result<Vec<Event>> {
        if self.input.revision.is_some_and(|revision| revision != before.revision) {
            return Err(moved_on());
        }
        let actor = actor_in(&self.ctx, before.unit.as_str(), before.applicant)
            .ok_or_else(|| Error::new(ErrorCode::Unauthenticated))?;
        let info = |id: &str| upload_info(uploads, id);
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
        dossier::decide(&decide, Some(before), command).map_err(refusal)
    }
}
