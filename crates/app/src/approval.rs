//! The weighty moment: register entry, signed results, end of the dossier, in one transaction.
//!
//! Printing and signing take tens of milliseconds and must not happen on the writer thread, but the
//! paper shows the entry's number, which only the transaction gives out. So the number is foreseen:
//! the papers are made for it first, and the transaction checks that it still is the next one. If
//! another entry came in between, the papers are made again. A number is thus never given out without
//! its entry, and never twice; papers made in vain are mere files that nothing points to.

use dossier::{DocumentKind, DocumentRef, Dossier, EntryRef, Event, ResultToSign};
use exchange::{PopulationEvent, PopulationEventKind, Registration};
use jiff::civil::Date;
use kernel::error::{Error, ErrorCode, Result};
use kernel::id::{AccountId, DocumentId, EntryId};
use kernel::moment::Moment;
use kernel::unit::UnitCode;
use pack::model::{Register, ResultDocument};
use register::{Amendment, Annotation, Entry, NewEntry};
use serde_json::Value;
use signing::pades::{SignRequest, sign};
use signing::qr::{self, Payload};
use store::documents::DocumentRow;
use store::registers::EntryRow;
use store::{Tx, documents, drafts, jobs, registers};

use crate::dossiers::{Acting, Done};
use crate::drafts::{Upload, json};
use crate::facts::Gathered;
use crate::paper_data::{Paper, Signer};
use crate::{App, keys, population};

/// How often papers are made anew because another entry took the number.
const TRIES: u32 = 8;
/// How long a time-stamp authority may take.
const TIMESTAMP_PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);

/// Approves: decides, prints and signs ahead, then writes all at once.
pub(crate) async fn approve(
    acting: Acting,
    id: i64,
    account: AccountId,
    unit: &UnitCode,
) -> Result<Done> {
    let register = acting.procedure.entry.as_ref().map(|rule| rule.register.as_str());
    let turn = register.map(|register| acting.app.turn(register, unit.as_str()));
    let _mine = match &turn {
        Some(turn) => Some(turn.lock().await),
        None => None,
    };
    let acting = std::sync::Arc::new(acting);
    for _ in 0..TRIES {
        let foreseen = {
            let acting = std::sync::Arc::clone(&acting);
            acting.app.store().clone().read(move |tx| foresee(&acting, tx, id)).await?
        };
        let papers = make_papers(&acting, &foreseen, account).await?;
        let done = {
            let acting = std::sync::Arc::clone(&acting);
            acting
                .app
                .store()
                .clone()
                .write(move |tx| write(&acting, tx, id, account, &foreseen, &papers))
                .await?
        };
        if let Some(done) = done {
            return Ok(done);
        }
    }
    Err(Error::conflict(
        "Sổ đang được ghi liên tục nên chưa lấy được số. Ông/bà vui lòng bấm ký lại sau ít giây.",
    ))
}

/// What the transaction is going to write, unless something comes in between.
struct Foreseen {
    before: Dossier,
    events: Vec<Event>,
    /// The entry as it will be, with its register; none when the dossier writes none.
    entry: Option<Written>,
    /// Other entries as they will be after their annotations.
    annotated: Vec<Entry>,
    gathered: Gathered,
    uploads: Vec<Upload>,
    applicant_number: Option<String>,
}

struct Written {
    register: std::sync::Arc<Register>,
    entry: Entry,
    is_new: bool,
}

fn foresee(acting: &Acting, tx: &mut Tx<'_>, id: i64) -> Result<Foreseen> {
    let (before, events, gathered) = acting.decide(tx, id)?;
    let entry = entry_of(acting, tx, &before, &events, &gathered)?;
    let annotated = annotations_of(&events, &gathered, acting.ctx.now, &before);
    let uploads = drafts::uploads_of_dossier(tx, id)?.into_iter().map(Upload::of).collect();
    let applicant = store::accounts::by_id(tx, before.applicant.raw())?;
    Ok(Foreseen {
        before,
        events,
        entry,
        annotated,
        gathered,
        uploads,
        applicant_number: applicant.and_then(|account| account.person_number),
    })
}

/// The entry that the events order: a new one under the next number, or a new version.
fn entry_of(
    acting: &Acting,
    tx: &mut Tx<'_>,
    before: &Dossier,
    events: &[Event],
    gathered: &Gathered,
) -> Result<Option<Written>> {
    let content = acting.app.content();
    let find = |id: &str| {
        content.registers.get(id).cloned().ok_or_else(|| Error::internal(format!("register {id}")))
    };
    for event in events {
        match event {
            Event::EntryToRecord { register, fields, subjects, by, at, .. } => {
                let register = find(register)?;
                let today = at.date();
                let last = registers::last_number(
                    tx,
                    &register.id,
                    before.unit.as_str(),
                    i64::from(today.year()),
                )?;
                let last = last.map(|(book, number)| (small(book), small(number)));
                let new = NewEntry {
                    id: EntryId::from_raw(before.id.raw()),
                    unit: before.unit.clone(),
                    numbered: register::numbering::next(&register, last, today.year()),
                    fields: fields.clone(),
                    subjects: subjects.clone(),
                    registered_on: today,
                    known_at: *at,
                    by: by.account,
                    dossier: Some(before.code.clone()),
                };
                let entry = register::create(&register, content, new)?;
                return Ok(Some(Written { register, entry, is_new: true }));
            }
            Event::AmendmentToRecord { lookup, changes, heading, reason, basis_paper, by, at } => {
                let found = gathered.entries.get(lookup).ok_or_else(entry_gone)?;
                let register = find(&found.register)?;
                let amendment = Amendment {
                    changes: changes.clone(),
                    heading: heading.clone(),
                    reason: reason.clone(),
                    basis_paper: basis_paper.clone(),
                    valid_from: at.date(),
                    known_at: *at,
                    by: by.account,
                    dossier: Some(before.code.clone()),
                };
                let entry = register::amend(&register, content, found, &amendment)?;
                return Ok(Some(Written { register, entry, is_new: false }));
            }
            _ => {}
        }
    }
    Ok(None)
}

fn entry_gone() -> Error {
    Error::conflict(
        "Không còn tìm thấy việc hộ tịch cần ghi trong sổ. Ông/bà vui lòng kiểm tra lại số, quyển, \
         năm đã khai.",
    )
}

fn small(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn annotations_of(
    events: &[Event],
    gathered: &Gathered,
    at: Moment,
    before: &Dossier,
) -> Vec<Entry> {
    let mut annotated = Vec::new();
    for event in events {
        let Event::EntryToRecord { annotations, by, .. } = event else {
            continue;
        };
        for note in annotations {
            let Some(entry) = gathered.entries.get(&note.lookup) else {
                continue;
            };
            let annotation = Annotation {
                at,
                text: note.text.clone(),
                basis: before.code.clone(),
                by: by.account,
                kind: note.annotation.clone(),
                version: None,
            };
            annotated.push(register::annotate(entry, annotation, note.ends));
        }
    }
    annotated
}

/// A paper made ahead.
struct MadePaper {
    row: DocumentRow,
    reference: DocumentRef,
}

async fn make_papers(
    acting: &Acting,
    foreseen: &Foreseen,
    account: AccountId,
) -> Result<Vec<MadePaper>> {
    let mut papers = Vec::new();
    for event in &foreseen.events {
        let Event::ResultsToSign { results, .. } = event else {
            continue;
        };
        for wanted in results {
            let result = acting.procedure.results.iter().find(|r| r.id == wanted.result);
            let Some(result) = result else { continue };
            papers.push(make_paper(acting, foreseen, account, result, wanted).await?);
        }
    }
    Ok(papers)
}

async fn make_paper(
    acting: &Acting,
    foreseen: &Foreseen,
    account: AccountId,
    result: &ResultDocument,
    wanted: &ResultToSign,
) -> Result<MadePaper> {
    let (app, now) = (&acting.app, acting.ctx.now);
    let shown = shown_entry(acting, foreseen, &result.shows)?;
    let id = app.next_id();
    let key = keys::of_officer(app, account).await?;
    let name = acting.ctx.account().map(|account| account.name.clone()).unwrap_or_default();
    let signer = Signer { title: signature_title(acting, &foreseen.before), name };
    let mut files = Vec::new();
    if let Some((register, entry)) = &shown {
        let payload = payload(app, register, entry, result, id, now.date());
        let code = qr::encode_signed(&keys::of_papers(app).await?, &payload)?;
        let address = app.settings().public_address.trim_end_matches('/');
        let link = format!("{address}/verify#{code}");
        files.push(("qr.svg", document::qr::svg(&link)?.into_bytes()));
    }
    let applicant = match &foreseen.applicant_number {
        Some(number) => applicant_record(acting, number).await,
        None => None,
    };
    let after = foreseen
        .events
        .iter()
        .fold(Some(foreseen.before.clone()), dossier::apply)
        .unwrap_or_else(|| foreseen.before.clone());
    let paper = Paper {
        content: app.content(),
        procedure: &acting.procedure,
        dossier: &after,
        uploads: &foreseen.uploads,
        applicant: applicant.as_ref(),
        issued_at: now,
    };
    let data = paper.result(
        &result.name.vi,
        wanted.copies,
        shown.as_ref().map(|(register, entry)| (register.as_ref(), *entry)),
        &signer,
        !files.is_empty(),
    )?;
    let template = app
        .content()
        .template_path(&acting.procedure.slug, &result.template)
        .ok_or_else(|| Error::internal(format!("template {} is missing", result.template)))?;
    let pdf = crate::documents::render(app, template, data, files, now).await?;
    let signed = sign_pdf(acting, key, pdf, &signer, &result.name.vi).await?;
    let bytes = i64::try_from(signed.len()).unwrap_or(i64::MAX);
    let blob = app.blobs().put(signed).await?;
    let row = DocumentRow {
        id,
        kind: result.id.clone(),
        name: result.name.vi.clone(),
        dossier: Some(foreseen.before.id.raw()),
        entry: shown.as_ref().map(|(_, entry)| entry.id.raw()),
        entry_version: shown.as_ref().map_or(0, |(_, entry)| i64::from(entry.current().n)),
        state: "ready".to_owned(),
        blob: Some(blob),
        bytes,
        signed: true,
        issued_at: now.micros(),
        body: json(&serde_json::json!({ "copies": wanted.copies }))?,
    };
    let reference = DocumentRef {
        document: DocumentId::from_raw(id),
        kind: DocumentKind::Result,
        of: result.id.clone(),
        name: result.name.vi.clone(),
        signed_by: Some(account),
        at: now,
    };
    Ok(MadePaper { row, reference })
}

type Shown<'a> = (std::sync::Arc<Register>, &'a Entry);

/// The entry that a result shows: the one written now, the one amended, or one found.
fn shown_entry<'a>(
    acting: &Acting,
    foreseen: &'a Foreseen,
    shows: &str,
) -> Result<Option<Shown<'a>>> {
    match shows {
        "entry" | "amended" => {
            Ok(foreseen.entry.as_ref().map(|w| (std::sync::Arc::clone(&w.register), &w.entry)))
        }
        lookup => {
            let entry = foreseen.gathered.entries.get(lookup).ok_or_else(entry_gone)?;
            let register = acting.app.content().registers.get(&entry.register).cloned();
            let register = register.ok_or_else(|| Error::internal("register of an entry"))?;
            Ok(Some((register, entry)))
        }
    }
}

/// The words before the name: those of the signing role that the officer holds in the unit.
fn signature_title(acting: &Acting, dossier: &Dossier) -> String {
    let roles = &acting.app.content().roles;
    let held = acting.ctx.bindings_in_force().filter(|binding| binding.unit == dossier.unit);
    held.filter_map(|binding| roles.get(&binding.role))
        .map(|role| role.signature_title.clone())
        .find(|title| !title.is_empty())
        .unwrap_or_default()
}

fn payload(
    app: &App,
    register: &Register,
    entry: &Entry,
    result: &ResultDocument,
    document: i64,
    issued_on: Date,
) -> Payload {
    let shown = register::display(register, app.content(), &entry.current().fields);
    let fields = result
        .qr_fields
        .iter()
        .filter_map(|id| shown.iter().find(|shown| shown.field == *id))
        .map(|shown| (shown.field.clone(), shown.text.clone()))
        .collect();
    Payload {
        document,
        register: register.id.clone(),
        number: entry.number,
        book: entry.book,
        year: u16::try_from(entry.year).unwrap_or(0),
        unit: entry.unit.to_string(),
        entry_version: entry.current().n,
        issued_on,
        fields,
    }
}

async fn applicant_record(acting: &Acting, number: &str) -> Option<Value> {
    let purpose = exchange::ExchangePurpose::reason("paper", &acting.ctx.request_id);
    let record = population::find(&acting.app, number.parse().ok()?, purpose).await.ok()??;
    Some(Value::Object(record.to_answer()))
}

async fn sign_pdf(
    acting: &Acting,
    key: signing::SigningKey,
    pdf: Vec<u8>,
    signer: &Signer,
    reason: &str,
) -> Result<Vec<u8>> {
    let (name, reason, at) = (signer.name.clone(), reason.to_owned(), acting.ctx.now);
    let authority = acting.app.settings().timestamp_authority.clone();
    tokio::task::spawn_blocking(move || {
        let source = (!authority.is_empty())
            .then(|| signing::timestamp::HttpTimestamps::new(&authority, TIMESTAMP_PATIENCE))
            .transpose()?;
        let request = SignRequest {
            reason: &reason,
            location: "Việt Nam",
            name: &name,
            at,
            timestamp: source
                .as_ref()
                .map(|source| source as &dyn signing::timestamp::TimestampSource),
        };
        sign(&pdf, &key, &request)
    })
    .await
    .map_err(|error| Error::internal(error.to_string()))?
}

/// Writes everything, if what was foreseen still is what comes. `None` means: make the papers anew.
fn write(
    acting: &Acting,
    tx: &mut Tx<'_>,
    id: i64,
    account: AccountId,
    foreseen: &Foreseen,
    papers: &[MadePaper],
) -> Result<Option<Done>> {
    if let Some(kept) = acting.kept(tx, account)? {
        return Ok(Some(kept));
    }
    let (before, mut events, gathered) = acting.decide(tx, id)?;
    let entry = entry_of(acting, tx, &before, &events, &gathered)?;
    let same_entry = match (&entry, &foreseen.entry) {
        (None, None) => true,
        (Some(now), Some(then)) => now.entry == then.entry,
        _ => false,
    };
    let same_found = gathered.entries == foreseen.gathered.entries;
    if before != foreseen.before || !same_entry || !same_found {
        return Ok(None);
    }
    let now = acting.ctx.now;
    if let Some(written) = &entry {
        write_entry(tx, written)?;
        let reference = EntryRef {
            entry: written.entry.id,
            register: written.register.id.clone(),
            number: written.entry.number_text.clone(),
            version: written.entry.current().n,
        };
        events.push(Event::EntryRecorded { entry: reference, at: now });
    }
    for other in &foreseen.annotated {
        write_annotated(acting, tx, other)?;
    }
    for paper in papers {
        documents::insert(tx, &paper.row);
        events.push(Event::DocumentRecorded { document: paper.reference.clone() });
    }
    let after = acting.change(account).record(tx, Some(before), events)?;
    if let Some(written) = &entry {
        report(acting, tx, written, now)?;
    }
    let done = Done { code: after.code, revision: after.revision, repeated: false };
    acting.keep(tx, account, &done);
    Ok(Some(done))
}

/// The row of an entry.
pub(crate) fn entry_row(register: &Register, entry: &Entry) -> Result<EntryRow> {
    Ok(EntryRow {
        id: entry.id.raw(),
        register: entry.register.clone(),
        unit: entry.unit.to_string(),
        year: i64::from(entry.year),
        book: i64::from(entry.book),
        number: i64::from(entry.number),
        number_text: entry.number_text.clone(),
        status: entry.status.as_str().to_owned(),
        title: entry.title(register),
        registered_on: entry.registered_on.to_string(),
        version: row_version(entry),
        body: json(entry)?,
    })
}

/// Versions and annotations together: any change makes the row's version grow.
fn row_version(entry: &Entry) -> i64 {
    i64::from(entry.current().n)
}

fn write_entry(tx: &mut Tx<'_>, written: &Written) -> Result<()> {
    let row = entry_row(&written.register, &written.entry)?;
    if written.is_new {
        registers::insert(tx, &row);
    } else if !registers::update(tx, &row, row.version - 1)? {
        return Err(Error::new(ErrorCode::Conflict));
    }
    add_keys(tx, &written.register, &written.entry);
    Ok(())
}

/// Makes an entry findable, and its readers visible to whom it is about.
pub(crate) fn add_keys(tx: &mut Tx<'_>, register: &Register, entry: &Entry) {
    for (field, key) in register::index_keys(register, entry) {
        registers::add_key(tx, &register.id, &field, &key, entry.id.raw());
    }
    for person in &entry.subjects {
        store::events::concern(tx, person, "entry", entry.id.raw());
    }
}

fn write_annotated(acting: &Acting, tx: &mut Tx<'_>, entry: &Entry) -> Result<()> {
    let register = acting.app.content().registers.get(&entry.register);
    let register = register.ok_or_else(|| Error::internal("register of an annotated entry"))?;
    let row = entry_row(register, entry)?;
    if registers::update(tx, &row, row.version)? {
        return Ok(());
    }
    Err(Error::new(ErrorCode::Conflict))
}

/// Tells the population database of a new entry, through the outbox.
fn report(acting: &Acting, tx: &mut Tx<'_>, written: &Written, now: Moment) -> Result<()> {
    let entry = &written.entry;
    let id = acting.app.next_id();
    let event = PopulationEvent {
        kind: if written.is_new {
            PopulationEventKind::Entered
        } else {
            PopulationEventKind::Amended
        },
        entry: Registration {
            register: written.register.id.clone(),
            number: entry.number_text.clone(),
            unit: entry.unit.clone(),
            on: now.date(),
        },
        subjects: entry.subjects.iter().filter_map(|number| number.parse().ok()).collect(),
        fields: entry.current().fields.clone(),
    };
    let message = store::outbox::MessageRow {
        id,
        destination: "population".to_owned(),
        kind: "population.report".to_owned(),
        key: format!("entry:{}:{}", entry.id, entry.current().n),
        body: json(&event)?,
        state: "waiting".to_owned(),
        attempts: 0,
        created_at: now.micros(),
        answer: None,
    };
    store::outbox::add(tx, &message);
    let body = serde_json::json!({ "message": id.to_string() }).to_string();
    jobs::add(tx, acting.app.next_id(), "exchange", &body, now.micros());
    Ok(())
}
