//! Answering a request for more papers.

use super::Done;
use super::acting::Act;
use super::acting::act;
use super::not_here;
use crate::App;
use crate::accounts::signed_in;
use crate::drafts::Draft;
use crate::drafts::json;
use access::OpContext;
use dossier::APPLICANT;
use dossier::Dossier;
use kernel::error::Error;
use kernel::error::Result;
use kernel::id::DossierId;
use kernel::id::DraftId;
use pack::model::Effect;
use store::dossiers;
use store::drafts;

/// Answers a request for more papers: the form's answers replace the old ones and the clock goes on.
pub(super) async fn supplement(
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
