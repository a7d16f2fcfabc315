//! Forms being filled: started, saved, given files, sent (see [`crate::dossiers`]).

use std::collections::BTreeMap;
use std::sync::Arc;

use access::{Action, OpContext, Resource};
use document::image;
use dossier::form::{self, Checked, DisplaySection, FormContext, UploadInfo};
use dossier::{Answers, Source};
use kernel::error::{Error, ErrorCode, Result};
use kernel::id::{AccountId, DossierId, DraftId, UploadId};
use kernel::moment::Moment;
use kernel::problem::Problem;
use kernel::unit::UnitCode;
use pack::model::{FieldKind, FileType, Procedure};
use serde_json::{Map, Value};
use store::Tx;
use store::drafts::{self, DraftRow, UploadRow};

use crate::accounts::signed_in;
use crate::{App, population, procedures};

/// A form being filled, as its owner sees it.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Identifier.
    pub id: DraftId,
    /// The version of the procedure that it is filled for.
    pub procedure: Arc<Procedure>,
    /// The unit that is to decide.
    pub unit: UnitCode,
    /// The dossier whose request it answers, if any.
    pub dossier: Option<DossierId>,
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
    pub fn check(&self, app: &App, today: jiff::civil::Date, complete: bool) -> Checked {
        let extra = Map::new();
        let uploads = |id: &str| self.upload(id).map(Upload::info);
        let ctx = FormContext {
            content: app.content(),
            filed_on: today,
            today,
            applicant: self.applicant.as_ref(),
            extra: &extra,
            uploads: &uploads,
        };
        form::check(&self.procedure.form, &self.answers, &ctx, complete)
    }

    /// The answers as people read them.
    #[must_use]
    pub fn display(&self, app: &App, today: jiff::civil::Date) -> Vec<DisplaySection> {
        let extra = Map::new();
        let uploads = |id: &str| self.upload(id).map(Upload::info);
        let ctx = FormContext {
            content: app.content(),
            filed_on: today,
            today,
            applicant: self.applicant.as_ref(),
            extra: &extra,
            uploads: &uploads,
        };
        form::display(&self.procedure.form, &self.answers, &self.sources, &ctx)
    }

    /// The attached file with this id.
    #[must_use]
    pub fn upload(&self, id: &str) -> Option<&Upload> {
        self.uploads.iter().find(|upload| upload.id.to_string() == id)
    }
}

/// Begins a form, filled with what the population data know.
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
    let unit = match unit {
        Some(unit) => unit,
        None => usual_unit(app, known.applicant.as_ref())?,
    };
    require_office(app, &unit)?;
    app.authorizer().allow(ctx, Action::DossierFile, &Resource::Unit(&unit)).require()?;
    let (answers, sources) = form::prefill(&procedure.form, &known);
    let id = app.next_id();
    let row = DraftRow {
        id,
        account: account.id.raw(),
        procedure_code: procedure.code.clone(),
        definition: app.hash_of(&procedure)?,
        unit: unit.to_string(),
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

/// The commune where the person lives, if it takes part; else the first one that does.
fn usual_unit(app: &App, applicant: Option<&Value>) -> Result<UnitCode> {
    let offices = &app.content().offices;
    let home = applicant
        .and_then(|person| person.get("residence"))
        .and_then(|residence| residence.get("commune"))
        .and_then(Value::as_str)
        .filter(|commune| offices.contains_key(*commune));
    let unit = match home {
        Some(commune) => commune,
        None => offices
            .keys()
            .map(String::as_str)
            .find(|unit| unit.len() == 5)
            .ok_or_else(|| Error::internal("no commune has an office"))?,
    };
    unit.parse().map_err(|_| Error::internal("office with a bad unit code"))
}

pub(crate) fn require_office(app: &App, unit: &UnitCode) -> Result<()> {
    if app.content().offices.contains_key(unit.as_str()) {
        return Ok(());
    }
    let message = "Đơn vị này chưa tiếp nhận hồ sơ qua hệ thống. Ông/bà vui lòng chọn đơn vị khác.";
    Err(Error::invalid(message).with_problems(vec![Problem::new("unit.unknown", "unit", message)]))
}

/// A form of one's own.
///
/// # Errors
/// `NotFound` when there is none with this id, or it is somebody else's.
pub async fn load(app: &App, ctx: &OpContext, id: DraftId) -> Result<Draft> {
    let (row, uploads) = app
        .store()
        .read(move |tx| {
            let row = drafts::by_id(tx, id.raw())?.ok_or_else(gone)?;
            let mut uploads = drafts::uploads_of_draft(tx, id.raw())?;
            if let Some(dossier) = row.dossier {
                uploads.extend(drafts::uploads_of_dossier(tx, dossier)?);
            }
            Ok((row, uploads))
        })
        .await?;
    may_edit(app, ctx, &row)?;
    let applicant = population::applicant(app, ctx, "filing").await;
    view(app, row, uploads, applicant)
}

fn view(
    app: &App,
    row: DraftRow,
    uploads: Vec<UploadRow>,
    applicant: Option<Value>,
) -> Result<Draft> {
    Ok(Draft {
        id: DraftId::from_raw(row.id),
        procedure: app.version(&row.definition)?,
        unit: row.unit.parse().map_err(|_| Error::internal("draft with a bad unit code"))?,
        dossier: row.dossier.map(DossierId::from_raw),
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
    if let Some(unit) = unit.clone() {
        require_office(app, &unit)?;
        draft.unit = unit;
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

/// Removes a form of one's own.
///
/// # Errors
/// `NotFound` when the form is gone or somebody else's.
pub async fn remove(app: &App, ctx: &OpContext, id: DraftId) -> Result<()> {
    load(app, ctx, id).await?;
    app.store().write(move |tx| drafts::delete(tx, id.raw()).map(|_| ())).await
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

/// Attaches a file to a file field: recognised by content, cleaned, scanned, stored by hash.
///
/// # Errors
/// `Invalid` when it is not of an accepted type, is broken, holds something that runs, or there are
/// too many; `TooLarge` when it is too large; `NotFound` when the form is gone.
pub async fn attach(
    app: &App,
    ctx: &OpContext,
    id: DraftId,
    field_id: &str,
    name: &str,
    bytes: Vec<u8>,
) -> Result<Upload> {
    let draft = load(app, ctx, id).await?;
    let field = FileField::of(&draft.procedure, field_id)?;
    field.require_room(&draft.answers)?;
    let upload = store_file(app, ctx, &field, name, bytes, Some(id)).await?;
    let row = upload.clone();
    change(app, id, ctx.now, move |tx, stored| {
        field.require_room(&stored.answers)?;
        let mut ids = attached_ids(&stored.answers, &field.id);
        ids.push(Value::String(UploadId::from_raw(row.id).to_string()));
        stored.answers.insert(field.id, Value::Array(ids));
        drafts::insert_upload(tx, &row);
        Ok(())
    })
    .await?;
    Ok(Upload::of(upload))
}

/// Takes a file for a file field of a procedure before there is a form: its id goes into the answers
/// of a dossier sent at once.
///
/// # Errors
/// As [`attach`].
pub async fn attach_loose(
    app: &App,
    ctx: &OpContext,
    procedure: &Procedure,
    field_id: &str,
    name: &str,
    bytes: Vec<u8>,
) -> Result<Upload> {
    signed_in(ctx)?;
    let field = FileField::of(procedure, field_id)?;
    let upload = store_file(app, ctx, &field, name, bytes, None).await?;
    let row = upload.clone();
    app.store().write(move |tx| Ok(drafts::insert_upload(tx, &row))).await?;
    Ok(Upload::of(upload))
}

/// What a file field takes.
struct FileField {
    id: String,
    label: String,
    max_files: u32,
    max_megabytes: u32,
    accept: Vec<FileType>,
}

impl FileField {
    fn of(procedure: &Procedure, id: &str) -> Result<Self> {
        let field = procedure.form.field(id);
        match field.map(|field| (&field.kind, &field.label.vi)) {
            Some((FieldKind::File { max_files, max_megabytes, accept }, label)) => Ok(Self {
                id: id.to_owned(),
                label: label.clone(),
                max_files: *max_files,
                max_megabytes: *max_megabytes,
                accept: accept.clone(),
            }),
            _ => {
                let message = "Mục này không nhận tệp đính kèm.";
                let problem = Problem::new("file.field", id, message);
                Err(Error::invalid(message).with_problems(vec![problem]))
            }
        }
    }

    /// Can another file be added?
    fn require_room(&self, answers: &Answers) -> Result<()> {
        let most = usize::try_from(self.max_files).unwrap_or(usize::MAX);
        if attached_ids(answers, &self.id).len() < most {
            return Ok(());
        }
        let message = format!(
            "{}: chỉ nhận tối đa {} tệp. Ông/bà xóa bớt tệp cũ trước khi thêm tệp mới.",
            self.label, self.max_files
        );
        Err(self.refuse("file.many", message))
    }

    fn refuse(&self, code: &str, message: String) -> Error {
        let problem = Problem::new(code, self.id.as_str(), message.clone());
        Error::invalid(message).with_problems(vec![problem])
    }
}

async fn store_file(
    app: &App,
    ctx: &OpContext,
    field: &FileField,
    name: &str,
    bytes: Vec<u8>,
    draft: Option<DraftId>,
) -> Result<UploadRow> {
    let limit = field.max_megabytes.min(app.settings().upload_megabytes);
    if bytes.len() > usize::try_from(limit).unwrap_or(0) * 1_000_000 {
        let message = format!(
            "{}: tệp lớn hơn {limit} MB. Ông/bà chụp hoặc quét lại ở độ phân giải thấp hơn, hoặc \
             tách thành nhiều tệp, rồi tải lên lại.",
            field.label
        );
        let problem = Problem::new("file.large", field.id.as_str(), message.clone());
        return Err(Error::too_large(message).with_problems(vec![problem]));
    }
    let clamav = app.settings().clamav.clone();
    let (path, accept) = (field.id.clone(), field.accept.clone());
    let clean = tokio::task::spawn_blocking(move || clean_file(bytes, &accept, &clamav, &path))
        .await
        .map_err(|error| Error::internal(error.to_string()))??;
    let size = clean.bytes.len();
    let blob = app.blobs().put(clean.bytes).await?;
    Ok(UploadRow {
        id: app.next_id(),
        account: signed_in(ctx)?.id.raw(),
        draft: draft.map(DraftId::raw),
        dossier: None,
        field: field.id.clone(),
        name: clean_name(name, clean.file_type),
        mime: mime(clean.file_type).to_owned(),
        bytes: i64::try_from(size).unwrap_or(i64::MAX),
        blob,
        created_at: ctx.now.micros(),
    })
}

fn attached_ids(answers: &Answers, field: &str) -> Vec<Value> {
    answers.get(field).and_then(Value::as_array).cloned().unwrap_or_default()
}

fn clean_file(
    bytes: Vec<u8>,
    accept: &[FileType],
    clamav: &str,
    path: &str,
) -> Result<image::Sanitised> {
    let at_field = |error: Error| {
        let message = error.message.clone();
        error.with_problems(vec![Problem::new("file.refused", path, message)])
    };
    if !clamav.is_empty() {
        document::clamav::scan(clamav, &bytes).map_err(at_field)?;
    }
    let clean = image::sanitise(bytes, &image::Limits::default()).map_err(at_field)?;
    if accept.iter().any(|kind| same_type(*kind, clean.file_type)) {
        return Ok(clean);
    }
    let kinds: Vec<&str> = accept.iter().map(|kind| type_name(*kind)).collect();
    Err(at_field(Error::invalid(format!(
        "Mục này chỉ nhận tệp {}. Ông/bà chọn tệp khác.",
        kinds.join(", ")
    ))))
}

fn same_type(wanted: FileType, found: image::FileType) -> bool {
    matches!(
        (wanted, found),
        (FileType::Pdf, image::FileType::Pdf)
            | (FileType::Jpeg, image::FileType::Jpeg)
            | (FileType::Png, image::FileType::Png)
            | (FileType::Webp, image::FileType::Webp)
    )
}

fn type_name(kind: FileType) -> &'static str {
    match kind {
        FileType::Pdf => "PDF",
        FileType::Jpeg => "JPEG",
        FileType::Png => "PNG",
        FileType::Webp => "WebP",
    }
}

fn mime(kind: image::FileType) -> &'static str {
    match kind {
        image::FileType::Pdf => "application/pdf",
        image::FileType::Jpeg => "image/jpeg",
        image::FileType::Png => "image/png",
        image::FileType::Webp => "image/webp",
    }
}

/// The person's name for a file without folders, control characters and a false ending.
fn clean_name(name: &str, kind: image::FileType) -> String {
    let ending = match kind {
        image::FileType::Pdf => "pdf",
        image::FileType::Jpeg => "jpg",
        image::FileType::Png => "png",
        image::FileType::Webp => "webp",
    };
    let base = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = base.rsplit_once('.').map_or(base, |(stem, _)| stem);
    let stem: String = stem
        .chars()
        .filter(|letter| !letter.is_control() && !"<>:\"|?*;".contains(*letter))
        .take(80)
        .collect();
    let stem = stem.trim();
    format!("{}.{ending}", if stem.is_empty() { "tep" } else { stem })
}

/// Takes a file off a form. A file that came with the dossier whose request the form answers stays
/// with the dossier: it is there until the answer is sent.
///
/// # Errors
/// `NotFound` when the form or the file is gone.
pub async fn detach(app: &App, ctx: &OpContext, id: DraftId, upload: UploadId) -> Result<()> {
    let draft = load(app, ctx, id).await?;
    let wanted = upload.to_string();
    if draft.upload(&wanted).is_none() {
        return Err(Error::not_found("Tệp này không còn trong hồ sơ."));
    }
    change(app, id, ctx.now, move |tx, stored| {
        for value in stored.answers.values_mut() {
            if let Value::Array(ids) = value {
                ids.retain(|id| id.as_str() != Some(wanted.as_str()));
            }
        }
        stored.answers.retain(|_, value| value.as_array().is_none_or(|ids| !ids.is_empty()));
        let row = drafts::upload_by_id(tx, upload.raw())?;
        if row.is_some_and(|row| row.draft == Some(id.raw())) {
            drafts::delete_upload(tx, upload.raw());
        }
        Ok(())
    })
    .await
}

/// A file of one's own form, to look at it again.
///
/// # Errors
/// `NotFound` when the form or the file is gone.
pub async fn file(
    app: &App,
    ctx: &OpContext,
    id: DraftId,
    upload: UploadId,
) -> Result<(Upload, Vec<u8>)> {
    let draft = load(app, ctx, id).await?;
    let found = draft
        .upload(&upload.to_string())
        .cloned()
        .ok_or_else(|| Error::not_found("Tệp này không còn trong hồ sơ."))?;
    let bytes = app.blobs().get(&found.blob).await?;
    Ok((found, bytes))
}

pub(crate) fn json<T: serde::Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(Error::internal)
}
