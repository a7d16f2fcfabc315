//! Papers that came out: made when first needed, then kept.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use access::{Action, DocumentKind, OpContext, Purpose, Resource};
use dossier::{Dossier, Event};
use kernel::error::{Error, Result};
use kernel::id::{DocumentId, DossierId, UploadId};
use kernel::moment::Moment;
use kernel::person_number::PersonNumber;
use serde_json::Value;
use store::events::{self, NewRead};
use store::{documents, dossiers, drafts};

pub use store::documents::DocumentRow;

use crate::dossiers::{not_here, person_numbers};
use crate::drafts::Upload;
use crate::paper_data::{self, Paper};
use crate::{App, population};

/// A file ready to be sent.
#[derive(Clone, Debug)]
pub struct Download {
    /// File name, safe in a header.
    pub name: String,
    /// Media type.
    pub mime: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

fn no_paper() -> Error {
    Error::not_found(
        "Không tìm thấy giấy tờ này, hoặc ông/bà không được xem. Vui lòng xem lại hồ sơ.",
    )
}

/// A paper as PDF. Whoever is not the applicant is logged first.
///
/// # Errors
/// `NotFound` when there is none, or it is not the reader's business.
pub async fn download(app: &App, ctx: &OpContext, id: DocumentId) -> Result<Download> {
    let found = app
        .store()
        .read(move |tx| {
            let Some(row) = documents::by_id(tx, id.raw())? else {
                return Ok(None);
            };
            let dossier = match row.dossier {
                Some(dossier) => dossiers::by_id(tx, dossier)?,
                None => None,
            };
            Ok(dossier.map(|(_, body)| (row, body)))
        })
        .await?;
    let (row, body) = found.ok_or_else(no_paper)?;
    let dossier: Dossier = serde_json::from_str(&body).map_err(Error::internal)?;
    let kind = if row.signed { DocumentKind::Result } else { DocumentKind::Slip };
    may_download(app, ctx, id, &dossier, kind).await?;
    let row = ready(app, row).await?;
    let blob = row.blob.as_deref().ok_or_else(|| Error::internal("a ready paper has no file"))?;
    let bytes = app.blobs().get(blob).await?;
    Ok(Download {
        name: format!("{}-{}.pdf", row.kind, dossier.code),
        mime: "application/pdf".to_owned(),
        bytes,
    })
}

/// A file attached to a dossier.
///
/// # Errors
/// `NotFound` when there is none, or it is not the reader's business.
pub async fn attachment(app: &App, ctx: &OpContext, code: &str, id: UploadId) -> Result<Download> {
    let wanted = code.to_owned();
    let found = app
        .store()
        .read(move |tx| {
            let Some((row, body)) = dossiers::by_code(tx, &wanted)? else {
                return Ok(None);
            };
            let uploads = drafts::uploads_of_dossier(tx, row.id)?;
            let upload = uploads.into_iter().find(|upload| upload.id == id.raw());
            Ok(upload.map(|upload| (Upload::of(upload), body)))
        })
        .await?;
    let (upload, body) = found.ok_or_else(no_paper)?;
    let dossier: Dossier = serde_json::from_str(&body).map_err(Error::internal)?;
    let document = DocumentId::from_raw(id.raw());
    may_download(app, ctx, document, &dossier, DocumentKind::Upload).await?;
    let bytes = app.blobs().get(&upload.blob).await?;
    Ok(Download { name: upload.name, mime: upload.mime, bytes })
}

async fn may_download(
    app: &App,
    ctx: &OpContext,
    id: DocumentId,
    dossier: &Dossier,
    kind: DocumentKind,
) -> Result<()> {
    let procedure = app.version(&dossier.procedure_hash)?;
    let ctx = ctx.for_purpose(Purpose::Dossier(dossier.id));
    let subjects: Vec<PersonNumber> = person_numbers(&procedure, &dossier.answers)
        .iter()
        .filter_map(|number| number.parse().ok())
        .collect();
    let resource = Resource::Document {
        id,
        unit: &dossier.unit,
        kind,
        owner: Some(dossier.applicant),
        subjects: &subjects,
    };
    let decision = app.authorizer().allow(&ctx, Action::DocumentDownload, &resource);
    let signed_in = ctx.account().is_some();
    decision.require().map_err(|error| if signed_in { no_paper() } else { error })?;
    let Some(account) = ctx.account().filter(|account| account.id != dossier.applicant) else {
        return Ok(());
    };
    let (actor, at, record_id) = (account.id.raw(), ctx.now.micros(), dossier.id.raw());
    let purpose = dossier.code.clone();
    app.store()
        .write(move |tx| {
            let read = NewRead { at, actor, record: "dossier", record_id, purpose: &purpose };
            events::log_read(tx, &read);
            Ok(())
        })
        .await
}

/// Makes the PDF of a pending paper, if nobody has yet.
///
/// # Errors
/// `Internal` when the template fails; the paper stays pending.
pub(crate) async fn ready(app: &App, row: DocumentRow) -> Result<DocumentRow> {
    if row.state == "ready" {
        return Ok(row);
    }
    let pdf = render_slip(app, &row).await?;
    let bytes = i64::try_from(pdf.len()).unwrap_or(i64::MAX);
    let blob = app.blobs().put(pdf).await?;
    let (id, stored) = (row.id, blob.clone());
    app.store().write(move |tx| documents::set_ready(tx, id, &stored, bytes)).await?;
    Ok(DocumentRow { state: "ready".to_owned(), blob: Some(blob), bytes, ..row })
}

async fn render_slip(app: &App, row: &DocumentRow) -> Result<Vec<u8>> {
    let slip = app
        .content()
        .slips
        .get(&row.kind)
        .cloned()
        .ok_or_else(|| Error::internal(format!("slip {} is not in the content", row.kind)))?;
    let body: Value = serde_json::from_str(&row.body).map_err(Error::internal)?;
    let seq = body.get("as_of").and_then(Value::as_i64).unwrap_or(i64::MAX);
    let dossier_id = row.dossier.ok_or_else(|| Error::internal("a slip without a dossier"))?;
    let (recorded, uploads, number, names) = app
        .store()
        .read(move |tx| {
            let recorded = events::of_stream(tx, "dossier", dossier_id)?;
            let uploads = drafts::uploads_of_dossier(tx, dossier_id)?;
            let (row, _) = dossiers::by_id(tx, dossier_id)?.ok_or_else(not_here)?;
            let account = store::accounts::by_id(tx, row.applicant)?;
            let number = account.and_then(|account| account.person_number);
            let mut names = BTreeMap::new();
            for actor in recorded.iter().filter_map(|row| row.actor) {
                if let Entry::Vacant(place) = names.entry(actor) {
                    let account = store::accounts::by_id(tx, actor)?;
                    place.insert(account.map(|account| account.name).unwrap_or_default());
                }
            }
            Ok((recorded, uploads, number, names))
        })
        .await?;
    let recorded = recorded
        .into_iter()
        .map(|row| Ok((row.seq, serde_json::from_str(&row.body).map_err(Error::internal)?)))
        .collect::<Result<Vec<(i64, Vec<Event>)>>>()?;
    let dossier = paper_data::as_of(&recorded, seq).ok_or_else(|| Error::internal("no dossier"))?;
    let procedure = app.version(&dossier.procedure_hash)?;
    let applicant = applicant_record(app, number, &dossier).await;
    let uploads: Vec<Upload> = uploads.into_iter().map(Upload::of).collect();
    let paper = Paper {
        content: app.content(),
        procedure: &procedure,
        dossier: &dossier,
        uploads: &uploads,
        applicant: applicant.as_ref(),
        issued_at: Moment::from_micros(row.issued_at),
    };
    // A stranger's phone that reads this code finds where the dossier stands, and nothing more.
    let address = app.settings().public_address.trim_end_matches('/');
    let code = document::qr::svg(&format!("{address}/theo-doi?ma={}", dossier.code))?;
    let events_of_issue = recorded.iter().find(|(at, _)| *at == seq).map(|(_, events)| events);
    let by = events_of_issue.and_then(|events| paper_data::issued_by(events));
    let by = by.map(|by| paper_data::officer(app.content(), by, &names));
    let until = recorded.iter().filter(|(at, _)| *at <= seq).flat_map(|(_, events)| events);
    let hops = dossier::hops(app.content(), &procedure, until);
    let hops: Vec<Value> = hops.iter().map(|hop| paper_data::hop_data(hop, &names)).collect();
    let mut data = paper.slip(&slip, row.entry_version, by.as_ref(), &hops)?;
    if let Value::Object(fields) = &mut data {
        fields.insert("qr".to_owned(), Value::Bool(true));
    }
    let template = app
        .content()
        .template_path("", &slip.template)
        .ok_or_else(|| Error::internal(format!("template {} is missing", slip.template)))?;
    let issued = paper.issued_at;
    render(app, template, data, vec![("qr.svg", code.into_bytes())], issued).await
}

async fn applicant_record(app: &App, number: Option<String>, dossier: &Dossier) -> Option<Value> {
    let number: PersonNumber = number?.parse().ok()?;
    let purpose = exchange::ExchangePurpose::dossier(&dossier.code, "paper");
    let record = population::find(app, number, purpose).await.ok().flatten()?;
    Some(Value::Object(record.to_answer()))
}

/// Makes a PDF off the request's thread.
pub(crate) async fn render(
    app: &App,
    template: String,
    data: Value,
    files: Vec<(&'static str, Vec<u8>)>,
    at: Moment,
) -> Result<Vec<u8>> {
    let app = app.clone();
    tokio::task::spawn_blocking(move || {
        app.renderer()
            .render(&template, &data, &files, at.date())
            .map_err(|error| Error::internal(format!("{template}: {error}")))
    })
    .await
    .map_err(|error| Error::internal(error.to_string()))?
}

/// What somebody may know of a paper by its identifier.
#[derive(Clone, Debug)]
pub struct PaperState {
    /// Title.
    pub name: String,
    /// When it was issued.
    pub issued_at: Moment,
    /// Version of the entry that it shows.
    pub entry_version: u32,
    /// Version of the entry now.
    pub current_version: Option<u32>,
    /// Is the entry still current (not ended, as by a divorce or a cancellation)?
    pub entry_current: bool,
}

/// Where a paper stands today.
///
/// # Errors
/// When the database cannot be read.
pub async fn state_of(app: &App, id: DocumentId) -> Result<Option<PaperState>> {
    app.store()
        .read(move |tx| {
            let Some(row) = documents::by_id(tx, id.raw())? else {
                return Ok(None);
            };
            let entry = match row.entry {
                Some(entry) => store::registers::by_id(tx, entry)?,
                None => None,
            };
            Ok(Some(PaperState {
                name: row.name,
                issued_at: Moment::from_micros(row.issued_at),
                entry_version: u32::try_from(row.entry_version).unwrap_or(0),
                current_version: entry
                    .as_ref()
                    .map(|entry| u32::try_from(entry.version).unwrap_or(0)),
                entry_current: entry.is_none_or(|entry| entry.status == "current"),
            }))
        })
        .await
}

/// The paper that a register entry's page lists.
#[derive(Clone, Debug)]
pub struct EntryPaper {
    /// Identifier.
    pub id: DocumentId,
    /// Title.
    pub name: String,
    /// When it was issued.
    pub issued_at: Moment,
    /// Version of the entry that it shows.
    pub entry_version: i64,
    /// The dossier it came from.
    pub dossier: Option<DossierId>,
}

pub(crate) fn entry_paper(row: DocumentRow) -> EntryPaper {
    EntryPaper {
        id: DocumentId::from_raw(row.id),
        name: row.name,
        issued_at: Moment::from_micros(row.issued_at),
        entry_version: row.entry_version,
        dossier: row.dossier.map(DossierId::from_raw),
    }
}
