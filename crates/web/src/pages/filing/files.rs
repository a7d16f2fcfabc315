//! Files of a form: added, shown, taken off, by a plain form or by the script.

use app::documents::Download;
use app::drafts;
use askama::Template;
use axum::Json;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use kernel::error::{Error, ErrorCode, Result};
use kernel::id::UploadId;
use kernel::problem::Problem;
use pack::model::{Field, FieldKind, Section};

use super::answering::{Saved, reloaded, save, show_refused};
use super::frame::Filing;
use crate::failure::{ApiFailure, Failure, PageResult, go, status_of};
use crate::page::field::{FieldView, FilesView};
use crate::page::filing::UploadReply;
use crate::pages::fields::section_of;
use crate::pages::views::inline_file;
use crate::posted::{Posted, PostedFile, wants_json};
use crate::visit::Visit;

/// Before the field's name in the name of a file box.
const FILE_BOX: &str = "tep.";

/// Attaches files to their fields; answers what was refused and why.
pub(super) async fn attach_all(
    visit: &Visit,
    filing: &Filing,
    files: Vec<PostedFile>,
) -> Result<Vec<Problem>, Failure> {
    let mut refused = Vec::new();
    for file in files {
        let field = file.field.strip_prefix(FILE_BOX).unwrap_or(&file.field).to_owned();
        let (app, ctx, id) = (visit.app(), &visit.ctx, filing.draft.id);
        match drafts::attach(app, ctx, id, &field, &file.name, file.bytes).await {
            Ok(_) => {}
            Err(error) if is_refusal(&error) => {
                refused.push(Problem::new("file.refused", field, sentence(&file.name, &error)));
            }
            Err(error) => return Err(visit.fail(error)),
        }
    }
    Ok(refused)
}

fn is_refusal(error: &Error) -> bool {
    matches!(error.code, ErrorCode::Invalid | ErrorCode::TooLarge)
}

/// With the file's name before it: several may have been sent.
fn sentence(name: &str, error: &Error) -> String {
    format!("{name} – {}", error.message)
}

/// `POST /nhap/{draft}/tep`: by the script a file alone, by a plain form all of the page.
pub(crate) async fn upload(
    Path(id): Path<String>,
    headers: HeaderMap,
    posted: Posted,
) -> PageResult {
    let Posted { visit, fields, files } = posted;
    if wants_json(&headers) {
        let field = fields.text("field");
        return Ok(answer_script(upload_by_script(&visit, &id, field, files).await));
    }
    let filing = Filing::open(&visit, &id).await?;
    let field = fields.text("field");
    let (saved, section) = save_page(&visit, &filing, field, fields.pairs()).await?;
    let mut refused = Vec::new();
    if files.is_empty() {
        let message = "Ông/bà chưa chọn tệp nào. Hãy bấm vào ô chọn tệp, chọn tệp rồi bấm Tải lên.";
        refused.push(Problem::new("file.none", field, message));
    } else {
        refused.extend(attach_all(&visit, &filing, files).await?);
    }
    let saved = reloaded(&visit, saved).await?;
    if refused.is_empty() {
        let page = filing.page(&section.id);
        return Ok(go(&format!("{page}#{}", FieldView::id_of(field))));
    }
    Ok(show_refused(&visit, &saved, &section, refused))
}

/// Saves the answers that came along with a file button, so that nothing typed is lost.
async fn save_page(
    visit: &Visit,
    filing: &Filing,
    field: &str,
    pairs: &[(String, String)],
) -> Result<(Saved, Section), Failure> {
    let section = section_of(filing.form(), field)
        .cloned()
        .ok_or_else(|| visit.fail(Error::not_found("Mục đính kèm này không có trong tờ khai.")))?;
    let saved = visit.ok(save(visit, filing, &section, pairs).await)?;
    Ok((saved, section))
}

async fn upload_by_script(
    visit: &Visit,
    id: &str,
    field: &str,
    files: Vec<PostedFile>,
) -> Result<UploadReply, Error> {
    let filing = open_for_script(visit, id).await?;
    let mut problem = String::new();
    for file in files {
        let (app, ctx, id) = (visit.app(), &visit.ctx, filing.draft.id);
        match drafts::attach(app, ctx, id, field, &file.name, file.bytes).await {
            Ok(_) => {}
            Err(error) if is_refusal(&error) => problem = sentence(&file.name, &error),
            Err(error) => return Err(error),
        }
    }
    list_reply(visit, filing.draft.id, field, problem).await
}

async fn open_for_script(visit: &Visit, id: &str) -> Result<Filing, Error> {
    if visit.ctx.account().is_none() {
        return Err(Error::new(ErrorCode::Unauthenticated));
    }
    Filing::open(visit, id).await.map_err(|failure| failure.error().clone())
}

/// The files of a field as they are now.
async fn list_reply(
    visit: &Visit,
    id: kernel::id::DraftId,
    field: &str,
    problem: String,
) -> Result<UploadReply, Error> {
    let filing = Filing::load(visit.app(), &visit.ctx, id).await?;
    let found = filing.form().field(field).and_then(|field| Some((field, most_files(field)?)));
    let Some((field, max_files)) = found else {
        return Err(Error::invalid("Mục này không nhận tệp đính kèm."));
    };
    let view = FilesView { files: filing.files_of(field), max_files, ..FilesView::default() };
    let html = view.list(&visit.lang()).render().map_err(Error::internal)?;
    Ok(UploadReply { html, has_room: view.has_room(), problem })
}

fn most_files(field: &Field) -> Option<u32> {
    match field.kind {
        FieldKind::File { max_files, .. } => Some(max_files),
        _ => None,
    }
}

/// What the script is told; a refused file is no failure of the request for it.
fn answer_script(answer: Result<UploadReply, Error>) -> Response {
    match answer {
        Ok(reply) => {
            let code = if reply.problem.is_empty() { None } else { Some(ErrorCode::Invalid) };
            let status = code.map_or(axum::http::StatusCode::OK, status_of);
            (status, Json(reply)).into_response()
        }
        Err(error) => ApiFailure(error).into_response(),
    }
}

/// `POST /nhap/{draft}/tep/{upload}/xoa`.
pub(crate) async fn remove_file(
    Path((id, upload)): Path<(String, String)>,
    headers: HeaderMap,
    posted: Posted,
) -> PageResult {
    let Posted { visit, fields, .. } = posted;
    if wants_json(&headers) {
        return Ok(answer_script(remove_by_script(&visit, &id, &upload).await));
    }
    let filing = Filing::open(&visit, &id).await?;
    let field = field_of(&filing, &upload).to_owned();
    if field.is_empty() {
        return Err(visit.fail(no_file()));
    }
    let (_, section) = save_page(&visit, &filing, &field, fields.pairs()).await?;
    visit.ok(detach(&visit, &filing, &upload).await)?;
    Ok(go(&format!("{}#{}", filing.page(&section.id), FieldView::id_of(&field))))
}

async fn remove_by_script(visit: &Visit, id: &str, upload: &str) -> Result<UploadReply, Error> {
    let filing = open_for_script(visit, id).await?;
    let field = field_of(&filing, upload).to_owned();
    detach(visit, &filing, upload).await?;
    list_reply(visit, filing.draft.id, &field, String::new()).await
}

async fn detach(visit: &Visit, filing: &Filing, upload: &str) -> Result<(), Error> {
    let upload = upload_id(upload)?;
    drafts::detach(visit.app(), &visit.ctx, filing.draft.id, upload).await
}

fn upload_id(text: &str) -> Result<UploadId, Error> {
    text.parse().map_err(|_| no_file())
}

fn no_file() -> Error {
    Error::not_found("Tệp này không còn trong hồ sơ.")
}

/// The field that a file hangs on; empty when there is no such file.
fn field_of<'a>(filing: &'a Filing, upload: &str) -> &'a str {
    filing.draft.upload(upload).map_or("", |upload| upload.field.as_str())
}

/// `GET /nhap/{draft}/tep/{upload}`: a file of one's own form, to look at it again.
pub(crate) async fn file(Path((id, upload)): Path<(String, String)>, visit: Visit) -> PageResult {
    let filing = Filing::open(&visit, &id).await?;
    let upload = visit.ok(upload_id(&upload))?;
    let found = drafts::file(visit.app(), &visit.ctx, filing.draft.id, upload).await;
    let (upload, bytes) = visit.ok(found)?;
    Ok(inline_file(Download { name: upload.name, mime: upload.mime, bytes }))
}
