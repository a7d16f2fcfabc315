//! Papers that came out and files that came in, as links and as answers to a request.

use app::App;
use app::documents::{DocumentRow, Download, PaperState};
use app::dossiers::DossierView;
use app::drafts::Upload;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use dossier::DocumentKind;
use kernel::error::Result;
use kernel::format::vi;
use kernel::id::DocumentId;
use kernel::moment::Moment;

use super::office_name;
use crate::failure::encode;
use crate::page::parts::{DocumentView, FileLink};
use crate::page::shell::Lang;
use crate::pages::describe::file_detail;

/// Where a paper of a dossier can be read.
pub(crate) fn paper_href(code: &str, id: i64) -> String {
    format!("/ho-so/{code}/tai-lieu/{id}")
}

/// The papers of a dossier, results first, each saying whether it still stands.
///
/// # Errors
/// When the database cannot be read.
pub(crate) async fn documents(
    app: &App,
    view: &DossierView,
    lang: Lang,
) -> Result<Vec<DocumentView>> {
    let mut papers = Vec::new();
    for row in &view.documents {
        let state = match is_result(view, row) {
            true => app::documents::state_of(app, DocumentId::from_raw(row.id)).await?,
            false => None,
        };
        papers.push(paper(app, view, row, state.as_ref(), lang));
    }
    papers.sort_by_key(|paper| !paper.is_result);
    Ok(papers)
}

fn is_result(view: &DossierView, row: &DocumentRow) -> bool {
    view.procedure.results.iter().any(|result| result.id == row.kind)
}

fn paper(
    app: &App,
    view: &DossierView,
    row: &DocumentRow,
    state: Option<&PaperState>,
    lang: Lang,
) -> DocumentView {
    let slip = app.content().slips.get(&row.kind);
    let form_number = slip.map(|slip| slip.form_number.clone()).unwrap_or_default();
    let kind = match u64::try_from(row.bytes) {
        Ok(bytes) if bytes > 0 => file_detail("application/pdf", bytes),
        _ => "PDF".to_owned(),
    };
    let detail = [form_number, kind];
    let detail: Vec<String> = detail.into_iter().filter(|part| !part.is_empty()).collect();
    let issued = vi::moment(Moment::from_micros(row.issued_at));
    DocumentView {
        href: paper_href(&view.dossier.code, row.id),
        name: row.name.clone(),
        detail: detail.join(" · "),
        issued: format!("{} {issued}", lang.t("Lập lúc", "Issued")),
        signed_by: signer(app, view, row.id, lang),
        is_result: is_result(view, row),
        outdated: state.and_then(|state| outdated(state, lang)),
        verify_href: row.signed.then(|| "/verify".to_owned()),
    }
}

/// Who signed: the name stands on the paper itself.
fn signer(app: &App, view: &DossierView, id: i64, lang: Lang) -> Option<String> {
    let known = view.dossier.documents.iter().find(|known| known.document.raw() == id)?;
    let account = known.signed_by.filter(|_| known.kind == DocumentKind::Result)?;
    let name = view
        .events
        .iter()
        .find(|recorded| recorded.actor == Some(account))
        .map(|recorded| recorded.actor_name.clone())?;
    let office = office_name(app.content(), view.dossier.unit.as_str());
    Some(format!("{} {name}, {office}", lang.t("Ký số:", "Signed by")))
}

/// Why a paper should no longer be used.
pub(crate) fn outdated(state: &PaperState, lang: Lang) -> Option<String> {
    if !state.entry_current {
        let text = lang
            .t("Việc hộ tịch ghi trên giấy này đã chấm dứt", "What this paper certifies has ended");
        return Some(text.to_owned());
    }
    let is_old = state.current_version.is_some_and(|now| now > state.entry_version);
    let text = lang.t(
        "Nội dung trong sổ đã được sửa sau khi cấp giấy này: xin bản mới",
        "The register was corrected after this paper was issued: ask for a new one",
    );
    is_old.then(|| text.to_owned())
}

/// A file that the applicant attached.
pub(crate) fn file_link(code: &str, upload: &Upload) -> FileLink {
    let href = format!("/ho-so/{code}/tep/{}", upload.id);
    FileLink {
        preview_href: upload.mime.starts_with("image/").then(|| href.clone()),
        href,
        name: upload.name.clone(),
        detail: file_detail(&upload.mime, upload.bytes),
    }
}

/// A file to be shown in the browser, with its name should it be kept.
pub(crate) fn inline_file(file: Download) -> Response {
    let plain: String = file
        .name
        .chars()
        .map(|letter| match letter {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '.' => letter,
            _ => '_',
        })
        .collect();
    // RFC 6266: the plain name for old readers, the true one in UTF-8 beside it.
    let encoded = encode(&file.name).replace('/', "%2F");
    let disposition = format!("inline; filename=\"{plain}\"; filename*=UTF-8''{encoded}");
    let mut response = file.bytes.into_response();
    let headers = response.headers_mut();
    let value = |text: &str| HeaderValue::from_str(text).ok();
    if let (Some(mime), Some(disposition)) = (value(&file.mime), value(&disposition)) {
        headers.insert(header::CONTENT_TYPE, mime);
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_of_any_letters_is_a_sound_header() {
        let file = Download {
            name: "giấy \"chứng\" sinh\r\n.pdf".to_owned(),
            mime: "application/pdf".to_owned(),
            bytes: b"%PDF-".to_vec(),
        };
        let response = inline_file(file);
        let headers = response.headers();
        assert_eq!(headers[header::CONTENT_TYPE], "application/pdf");
        let disposition = headers[header::CONTENT_DISPOSITION].to_str().unwrap();
        assert!(disposition.starts_with("inline; filename=\"gi_y__ch_ng__sinh__.pdf\""));
        assert!(disposition.contains("filename*=UTF-8''gi%E1%BA%A5y%20%22"), "{disposition}");
        assert!(!disposition.contains(['\r', '\n']));
    }

    fn state(entry_version: u32, current: Option<u32>, entry_current: bool) -> PaperState {
        PaperState {
            name: "Giấy khai sinh".to_owned(),
            issued_at: Moment::from_micros(0),
            entry_version,
            current_version: current,
            entry_current,
        }
    }

    #[test]
    fn a_paper_is_out_of_date_when_the_entry_has_a_newer_version_or_has_ended() {
        assert_eq!(outdated(&state(1, Some(1), true), Lang::Vi), None);
        assert_eq!(outdated(&state(0, None, true), Lang::Vi), None);
        assert!(outdated(&state(1, Some(2), true), Lang::Vi).is_some());
        assert!(outdated(&state(1, Some(1), false), Lang::Vi).is_some());
    }
}
