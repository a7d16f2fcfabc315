//! Files of a form: attached, cleaned, looked at again, taken off.

use access::OpContext;
use document::image;
use dossier::Answers;
use kernel::error::{Error, Result};
use kernel::id::{AccountId, DraftId, UploadId};
use kernel::problem::Problem;
use pack::model::{FieldKind, FileType, Procedure};
use serde_json::Value;
use store::Tx;
use store::drafts::{self, UploadRow};

use super::keeping::sweep_later;
use super::{Upload, change, load};
use crate::accounts::signed_in;
use crate::dossiers::IdempotencyKey;
use crate::{App, idempotency};

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
/// of a dossier sent at once. Under a key that was used before for the same file, the file of then is
/// answered.
///
/// # Errors
/// As [`attach`]; `Conflict` when the key was used for another request.
pub async fn attach_loose(
    app: &App,
    ctx: &OpContext,
    procedure: &Procedure,
    field_id: &str,
    name: &str,
    bytes: Vec<u8>,
    key: Option<IdempotencyKey>,
) -> Result<Upload> {
    let account = signed_in(ctx)?.id;
    let field = FileField::of(procedure, field_id)?;
    if let Some(key) = key.clone()
        && let Some(kept) = app.store().read(move |tx| kept_upload(tx, account, &key)).await?
    {
        return Ok(Upload::of(kept));
    }
    let row = store_file(app, ctx, &field, name, bytes, None).await?;
    let now = ctx.now;
    let row = app
        .store()
        .write(move |tx| {
            if let Some(key) = &key
                && let Some(kept) = kept_upload(tx, account, key)?
            {
                return Ok(kept);
            }
            drafts::insert_upload(tx, &row);
            if let Some(key) = &key {
                let answer = serde_json::json!({ "upload": row.id.to_string() });
                idempotency::keep(tx, account, key, &answer, now);
            }
            Ok(row)
        })
        .await?;
    Ok(Upload::of(row))
}

/// The file that was taken under a key; the answer keeps its id alone, since names may be personal.
fn kept_upload(
    tx: &mut Tx<'_>,
    account: AccountId,
    key: &IdempotencyKey,
) -> Result<Option<UploadRow>> {
    let Some(answer) = idempotency::kept(tx, account, key)? else {
        return Ok(None);
    };
    let id = answer.get("upload").and_then(Value::as_str).and_then(|id| id.parse().ok());
    let row = match id {
        Some(id) => drafts::upload_by_id(tx, id)?,
        None => None,
    };
    row.map(Some).ok_or_else(|| Error::not_found("Tệp này không còn. Ông/bà tải lại với khóa mới."))
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
        mime: clean.file_type.mime().to_owned(),
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
    let kinds: Vec<&str> = accept.iter().map(|kind| kind.name()).collect();
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

/// The person's name for a file without folders, control characters and a false ending.
fn clean_name(name: &str, kind: image::FileType) -> String {
    let ending = kind.extension();
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
    let (for_jobs, now) = (app.clone(), ctx.now);
    change(app, id, ctx.now, move |tx, stored| {
        for value in stored.answers.values_mut() {
            if let Value::Array(ids) = value {
                ids.retain(|id| id.as_str() != Some(wanted.as_str()));
            }
        }
        stored.answers.retain(|_, value| value.as_array().is_none_or(|ids| !ids.is_empty()));
        let row = drafts::upload_by_id(tx, upload.raw())?;
        let own = row.filter(|row| row.draft == Some(id.raw()) && row.dossier.is_none());
        if let Some(row) = own {
            drafts::delete_upload(tx, row.id);
            sweep_later(&for_jobs, tx, vec![row.blob], now)?;
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
