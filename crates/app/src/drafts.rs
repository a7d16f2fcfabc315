//! Forms being filled: started, saved, given files, kept for a time, sent (see [`crate::dossiers`]).

mod files;
mod keeping;

use std::collections::BTreeMap;
use std::sync::Arc;

use access::{Action, OpContext, Resource};
use dossier::form::{self, Checked, DisplaySection, FormContext, UploadInfo};
use dossier::{Answers, Source};
use jiff::civil::Date;
use kernel::error::{Error, ErrorCode, Result};
use kernel::id::{AccountId, DossierId, DraftId, UploadId};
use kernel::moment::Moment;
use kernel::problem::Problem;
use kernel::unit::UnitCode;
use pack::model::{FieldKind, Level, Procedure};
use serde_json::{Map, Value};
use store::Tx;
use store::dossiers;
use store::drafts::{self, DraftRow, UploadRow};

pub use files::{attach, attach_loose, detach, file};
pub use keeping::remove;
pub(crate) use keeping::{remove_old, sweep};

use crate::accounts::signed_in;
use crate::{App, population, procedures};

/// A form being filled, as its owner sees it.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Identifier.
    pub id: DraftId,
    /// The version of the procedure that it is filled for.
    pub procedure: Arc<Procedure>,
    /// The unit that is to decide; none until one is chosen.
    pub unit: Option<UnitCode>,
    /// The dossier whose request it answers, if any.
    pub dossier: Option<DossierId>,
    /// The day on which that dossier was filed: rules about the day of filing go on to mean it.
    pub filed_on: Option<Date>,
    /// The answers so far.
    pub answers: Answers,
    /// Where filled answers came from.
    pub sources: BTreeMap<String, Source>,
    /// The files attached.
    pub uploads: Vec<Upload>,
    /// What the population database says of the person signed in.
    pub applicant: Option<Value>,
    /// When it was last saved.
    pub updated_at: Moment,
}

/// An attached file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Identifier: the value in the answers.
    pub id: UploadId,
    /// The form field.
    pub field: String,
    /// The person's name for it.
    pub name: String,
    /// Media type found by content.
    pub mime: String,
    /// Size in bytes.
    pub bytes: u64,
    /// Hash of its bytes.
    pub(crate) blob: String,
}

impl Upload {
    pub(crate) fn of(row: UploadRow) -> Self {
        Self {
            id: UploadId::from_raw(row.id),
            field: row.field,
            name: row.name,
            mime: row.mime,
            bytes: u64::try_from(row.bytes).unwrap_or(0),
            blob: row.blob,
        }
    }

    pub(crate) fn info(&self) -> UploadInfo {
        UploadInfo { name: self.name.clone(), mime: self.mime.clone(), bytes: self.bytes }
    }
}

impl Draft {
    /// Checks the answers: with `complete` as if they were sent now.
    #[must_use]
    pub fn check(&self, app: &App, today: Date, complete: bool) -> Checked {
        let mut checked = self.with_context(app, today, |ctx| {
            form::check(&self.procedure.form, &self.answers, &ctx, complete)
        });
        if complete && self.unit.is_none() {
            checked.problems.insert(0, no_office());
        }
        checked
    }

    /// The answers as people read them.
    #[must_use]
    pub fn display(&self, app: &App, today: Date) -> Vec<DisplaySection> {
        self.with_context(app, today, |ctx| {
            form::display(&self.procedure.form, &self.answers, &self.sources, &ctx)
        })
    }

    /// What the rules of the form are judged by: what a dossier is decided by when it is sent.
    pub fn with_context<T>(
        &self,
        app: &App,
        today: Date,
        look: impl FnOnce(FormContext<'_>) -> T,
    ) -> T {
        let extra = Map::new();
        let uploads = |id: &str| self.upload(id).map(Upload::info);
        look(FormContext {
            content: app.content(),
            filed_on: self.filed_on.unwrap_or(today),
            today,
            applicant: self.applicant.as_ref(),
            extra: &extra,
            uploads: &uploads,
        })
    }

    /// Does the person choose who decides? Not where the province does, nor for a dossier that is
    /// with an office already.
    #[must_use]
    pub fn has_choice_of_office(&self) -> bool {
        self.dossier.is_none() && self.procedure.level == Level::Commune
    }

    /// The last day on which the form is kept unless it is saved again.
    #[must_use]
    pub fn kept_until(&self, app: &App) -> Date {
        let days = i64::from(app.content().settings.draft_days);
        self.updated_at.plus_days(days).date()
    }

    /// The attached file with this id.
    #[must_use]
    pub fn upload(&self, id: &str) -> Option<&Upload> {
        self.uploads.iter().find(|upload| upload.id.to_string() == id)
    }
}

/// The path under which a missing or wrong office is reported.
pub const OFFICE: &str = "unit";

fn no_office() -> Problem {
    let message = "Ông/bà chưa chọn nơi giải quyết. Hãy chọn xã, phường sẽ nhận hồ sơ.";
    Problem::new("unit.missing", OFFICE, message)
}

/// Begins a form, filled with what the population data know. Without a unit it begins with the commune
/// where the person lives; where that is not known or takes no part, the person is asked.
///
/// # Errors
/// `NotFound` when there is no such procedure; `Forbidden` when the account may not file.
pub async fn start(
    app: &App,
    ctx: &OpContext,
    code_or_slug: &str,
    unit: Option<UnitCode>,
) -> Result<DraftId> {
    let account = signed_in(ctx)?;
    let procedure = procedures::find(app, ctx, code_or_slug)?;
    let known = population::known(app, ctx).await;
    let unit = match (unit, procedure.level) {
        (Some(unit), _) => Some(unit),
        (None, Level::Province) => Some(province(app)?),
        (None, Level::Commune) => home_office(app, known.applicant.as_ref()),
    };
    if let Some(unit) = &unit {
        require_office(app, unit)?;
    }
    let judged = match &unit {
        Some(unit) => unit.clone(),
        None => province(app)?,
    };
    app.authorizer().allow(ctx, Action::DossierFile, &Resource::Unit(&judged)).require()?;
    let (answers, sources) = form::prefill(&procedure.form, &known);
    let id = app.next_id();
    let row = DraftRow {
        id,
        account: account.id.raw(),
        procedure_code: procedure.code.clone(),
        definition: app.hash_of(&procedure)?,
        unit: unit.map(|unit| unit.to_string()).unwrap_or_default(),
        dossier: None,
        answers: json(&answers)?,
        sources: json(&sources)?,
        revision: 1,
        created_at: ctx.now.micros(),
        updated_at: ctx.now.micros(),
    };
    app.store().write(move |tx| Ok(drafts::insert(tx, &row))).await?;
    Ok(DraftId::from_raw(id))
}

fn province(app: &App) -> Result<UnitCode> {
    let province = &app.content().settings.province;
    province.parse().map_err(|_| Error::internal("province with a bad unit code"))
}

/// The commune where the person lives, if it is known and takes part.
fn home_office(app: &App, applicant: Option<&Value>) -> Option<UnitCode> {
    let residence = applicant?.get("residence")?;
    let commune = residence.get("commune")?.as_str()?;
    if !app.content().offices.contains_key(commune) {
        return None;
    }
    commune.parse().ok()
}

pub(crate) fn require_office(app: &App, unit: &UnitCode) -> Result<()> {
    if app.content().offices.contains_key(unit.as_str()) {
        return Ok(());
    }
    let message = "Đơn vị này chưa tiếp nhận hồ sơ qua hệ thống. Ông/bà vui lòng chọn đơn vị khác.";
    Err(Error::invalid(message).with_problems(vec![Problem::new("unit.unknown", OFFICE, message)]))
}

/// A form of one's own.
///
/// # Errors
/// `NotFound` when there is none with this id, or it is somebody else's.
pub async fn load(app: &App, ctx: &OpContext, id: DraftId) -> Result<Draft> {
    let found = app
        .store()
        .read(move |tx| {
            let row = drafts::by_id(tx, id.raw())?.ok_or_else(gone)?;
            let mut uploads = drafts::uploads_of_draft(tx, id.raw())?;
            let mut filed_on = None;
            if let Some(dossier) = row.dossier {
                uploads.extend(drafts::uploads_of_dossier(tx, dossier)?);
                let (dossier, _) = dossiers::by_id(tx, dossier)?.ok_or_else(gone)?;
                filed_on = Some(Moment::from_micros(dossier.submitted_at).date());
            }
            Ok(Found { row, uploads, filed_on })
        })
        .await?;
    may_edit(app, ctx, &found.row)?;
    let applicant = population::applicant(app, ctx, "filing").await;
    view(app, found, applicant)
}

/// A form as the store has it.
struct Found {
    row: DraftRow,
    uploads: Vec<UploadRow>,
    filed_on: Option<Date>,
}

fn view(app: &App, found: Found, applicant: Option<Value>) -> Result<Draft> {
    let Found { row, uploads, filed_on } = found;
    let unit = match row.unit.as_str() {
        "" => None,
        unit => Some(unit.parse().map_err(|_| Error::internal("draft with a bad unit code"))?),
    };
    Ok(Draft {
        id: DraftId::from_raw(row.id),
        procedure: app.version(&row.definition)?,
        unit,
        dossier: row.dossier.map(DossierId::from_raw),
        filed_on,
        answers: serde_json::from_str(&row.answers).map_err(Error::internal)?,
        sources: serde_json::from_str(&row.sources).map_err(Error::internal)?,
        uploads: uploads.into_iter().map(Upload::of).collect(),
        applicant,
        updated_at: Moment::from_micros(row.updated_at),
    })
}

fn gone() -> Error {
    Error::not_found(
        "Không tìm thấy bản nháp này. Có thể hồ sơ đã được nộp hoặc bản nháp đã xóa; ông/bà xem tại \
         mục Hồ sơ của tôi.",
    )
}

/// Somebody else's form is not there: its existence is nobody's business.
fn may_edit(app: &App, ctx: &OpContext, row: &DraftRow) -> Result<()> {
    let resource =
        Resource::Draft { id: DraftId::from_raw(row.id), owner: AccountId::from_raw(row.account) };
    let decision = app.authorizer().allow(ctx, Action::DraftEdit, &resource);
    decision.require().map_err(|error| match error.code {
        ErrorCode::Forbidden => gone(),
        _ => error,
    })
}

/// Saves answers: what `patch` brings replaces what was there, field by field; a null removes.
/// Nothing is refused for being wrong or missing: a draft loses nothing.
///
/// # Errors
/// `NotFound` when the form is gone or somebody else's.
pub async fn save(
    app: &App,
    ctx: &OpContext,
    id: DraftId,
    patch: Answers,
    unit: Option<UnitCode>,
) -> Result<(Draft, Checked)> {
    let mut draft = load(app, ctx, id).await?;
    let before = draft.answers.clone();
    // Who decides is settled once a dossier is with an office, and where the province decides.
    let unit = unit.filter(|_| draft.has_choice_of_office());
    if let Some(unit) = &unit {
        require_office(app, unit)?;
        draft.unit = Some(unit.clone());
    }
    let mut typed_over = Vec::new();
    for (field, value) in patch {
        // Files come and go through `attach` and `detach` only.
        if is_file(&draft.procedure, &field) {
            continue;
        }
        if draft.answers.get(&field) != Some(&value) && draft.sources.remove(&field).is_some() {
            typed_over.push(field.clone());
        }
        if value.is_null() {
            draft.answers.remove(&field);
        } else {
            draft.answers.insert(field, value);
        }
    }
    let checked = draft.check(app, ctx.now.date(), false);
    // Normalised, so that "5/11/2026" is not taken for a change of "2026-11-05" later; answers to
    // questions that are hidden now are kept, since the person may change back.
    for (field, value) in &checked.answers {
        draft.answers.insert(field.clone(), value.clone());
    }
    draft.updated_at = ctx.now;
    let changes = changes(&before, &draft.answers);
    change(app, id, ctx.now, move |_, stored| {
        for (field, value) in changes {
            match value {
                Some(value) => stored.answers.insert(field, value),
                None => stored.answers.remove(&field),
            };
        }
        for field in typed_over {
            stored.sources.remove(&field);
        }
        if let Some(unit) = unit {
            stored.unit = unit.to_string();
        }
        Ok(())
    })
    .await?;
    Ok((draft, checked))
}

/// What became of each answer that is not as it was.
fn changes(before: &Answers, now: &Answers) -> Vec<(String, Option<Value>)> {
    let changed = now.iter().filter(|(field, value)| before.get(*field) != Some(value));
    let gone = before.keys().filter(|field| !now.contains_key(*field));
    changed
        .map(|(field, value)| (field.clone(), Some(value.clone())))
        .chain(gone.map(|field| (field.clone(), None)))
        .collect()
}

/// What the store keeps of a form.
struct Stored {
    answers: Answers,
    sources: BTreeMap<String, Source>,
    unit: String,
}

/// Changes a form as it is stored at the moment of writing, not as it was read before: a file may
/// take seconds to be cleaned while the script goes on saving what is typed, and neither may undo
/// the other.
async fn change(
    app: &App,
    id: DraftId,
    at: Moment,
    work: impl FnOnce(&mut Tx<'_>, &mut Stored) -> Result<()> + Send + 'static,
) -> Result<()> {
    app.store()
        .write(move |tx| {
            let row = drafts::by_id(tx, id.raw())?.ok_or_else(gone)?;
            let mut stored = Stored {
                answers: serde_json::from_str(&row.answers).map_err(Error::internal)?,
                sources: serde_json::from_str(&row.sources).map_err(Error::internal)?,
                unit: row.unit,
            };
            work(tx, &mut stored)?;
            let (answers, sources) = (json(&stored.answers)?, json(&stored.sources)?);
            drafts::save(tx, row.id, &stored.unit, &answers, &sources, at.micros());
            Ok(())
        })
        .await
}

fn is_file(procedure: &Procedure, field: &str) -> bool {
    procedure.form.field(field).is_some_and(|field| matches!(field.kind, FieldKind::File { .. }))
}

/// A form in the list of one's own.
#[derive(Clone, Debug)]
pub struct DraftSummary {
    /// Identifier.
    pub id: DraftId,
    /// The procedure.
    pub procedure: Arc<Procedure>,
    /// The dossier whose request it answers, if any.
    pub dossier: Option<DossierId>,
    /// When it was last saved.
    pub updated_at: Moment,
}

/// One's own forms, last used first.
///
/// # Errors
/// `Unauthenticated` when nobody is signed in.
pub async fn mine(app: &App, ctx: &OpContext) -> Result<Vec<DraftSummary>> {
    let account = signed_in(ctx)?.id.raw();
    let rows = app.store().read(move |tx| drafts::of_account(tx, account, 50)).await?;
    rows.into_iter()
        .map(|row| {
            Ok(DraftSummary {
                id: DraftId::from_raw(row.id),
                procedure: app.version(&row.definition)?,
                dossier: row.dossier.map(DossierId::from_raw),
                updated_at: Moment::from_micros(row.updated_at),
            })
        })
        .collect()
}

pub(crate) fn json<T: serde::Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(Error::internal)
}
