//! Register entries: searched and read by officers, each time for a reason that the person concerned
//! can see.

use std::sync::Arc;

use access::{Action, OpContext, Purpose, Resource};
use kernel::error::{Error, ErrorCode, Result};
use kernel::id::EntryId;
use kernel::person_number::PersonNumber;
use kernel::problem::Problem;
use pack::model::Register;
use register::query::{self, Query};
use register::{Entry, Shown};
use store::events::{self, NewEvent, NewRead};
use store::{Tx, documents, registers};

pub use store::registers::EntryRow;

use crate::App;
use crate::accounts::signed_in;
use crate::documents::{EntryPaper, entry_paper};

/// Entries shown for one search at most.
const MOST_FOUND: usize = 50;
const MOST_CANDIDATES: i64 = 1_000;

/// An entry with all that its page shows.
#[derive(Clone, Debug)]
pub struct EntryView {
    /// The register.
    pub register: Arc<Register>,
    /// The entry.
    pub entry: Entry,
    /// Its fields as they are now.
    pub fields: Vec<Shown>,
    /// Its versions, newest first, with their fields.
    pub versions: Vec<(register::Version, Vec<Shown>)>,
    /// Papers that show it.
    pub papers: Vec<EntryPaper>,
    /// Names of the accounts that wrote versions and annotations.
    pub writers: Vec<(kernel::id::AccountId, String)>,
}

/// The register of this id.
///
/// # Errors
/// `NotFound` when there is none.
pub fn find(app: &App, id: &str) -> Result<Arc<Register>> {
    let register = app.content().registers.get(id).cloned();
    register.ok_or_else(|| Error::not_found("Không có sổ này. Ông/bà chọn sổ trong danh sách."))
}

/// Searches a register: by number (`125/2026`), by personal number, or by name, with or without tones
/// and in any order of its words. The search itself is recorded with its reason.
///
/// # Errors
/// `Invalid` when no reason is given; `Forbidden` when the account keeps no such register.
pub async fn search(
    app: &App,
    ctx: &OpContext,
    register: &str,
    text: &str,
    reason: &str,
) -> Result<Vec<EntryRow>> {
    let account = signed_in(ctx)?.id.raw();
    let register = find(app, register)?;
    let purpose = need_reason(reason)?;
    let ctx = ctx.for_purpose(Purpose::Reason(purpose.clone()));
    let units: Vec<String> = app
        .authorizer()
        .units_where(&ctx, Action::EntrySearch)
        .into_iter()
        .map(|unit| unit.to_string())
        .collect();
    if units.is_empty() {
        return Err(Error::forbidden(
            "Tài khoản này chưa được giao tra cứu sổ hộ tịch. Ông/bà liên hệ người quản trị của cơ \
             quan.",
        ));
    }
    let query = query::parse(text);
    let now = ctx.now;
    app.store()
        .write(move |tx| {
            let rows = match query {
                Query::Nothing => recent(tx, &register, &units)?,
                Query::Number { number, year } => {
                    let year = year.unwrap_or_else(|| now.date().year());
                    by_number(tx, &register, &units, number, year)?
                }
                Query::Person(number) => by_person(tx, &register, number)?,
                Query::Name(tokens) => by_name(tx, &register, &tokens)?,
            };
            let rows: Vec<EntryRow> =
                rows.into_iter().filter(|row| units.contains(&row.unit)).take(MOST_FOUND).collect();
            // The words searched for are personal; the log keeps why, and how many were found.
            let body = serde_json::json!({
                "register": register.id, "reason": purpose, "found": rows.len(),
            });
            let event = NewEvent {
                at: now.micros(),
                stream: "register",
                stream_id: account,
                kind: "searched",
                actor: Some(account),
                body: &body.to_string(),
            };
            events::append(tx, &event);
            for row in &rows {
                let read = NewRead {
                    at: now.micros(),
                    actor: account,
                    record: "entry",
                    record_id: row.id,
                    purpose: &purpose,
                };
                events::log_read(tx, &read);
            }
            Ok(rows)
        })
        .await
}

fn need_reason(reason: &str) -> Result<String> {
    let reason = kernel::text::clean_line(reason);
    if reason.chars().count() >= 5 {
        return Ok(reason.chars().take(300).collect());
    }
    let message = "Hãy nêu lý do tra cứu (ví dụ: mã hồ sơ đang giải quyết). Người có dữ liệu sẽ xem \
                   được lý do này.";
    Err(Error::invalid(message).with_problems(vec![Problem::new(
        "purpose.missing",
        "reason",
        message,
    )]))
}

fn recent(tx: &mut Tx<'_>, register: &Register, units: &[String]) -> Result<Vec<EntryRow>> {
    let mut rows = Vec::new();
    for unit in units.iter().take(MOST_FOUND) {
        rows.extend(registers::recent(tx, &register.id, unit, i64::MAX, 20)?);
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.id));
    Ok(rows)
}

fn by_number(
    tx: &mut Tx<'_>,
    register: &Register,
    units: &[String],
    number: u32,
    year: i16,
) -> Result<Vec<EntryRow>> {
    let mut rows = Vec::new();
    for unit in units {
        let found =
            registers::by_number(tx, &register.id, unit, i64::from(year), i64::from(number))?;
        rows.extend(found);
    }
    Ok(rows)
}

fn by_person(tx: &mut Tx<'_>, register: &Register, number: PersonNumber) -> Result<Vec<EntryRow>> {
    let ids = registers::by_key(
        tx,
        &register.id,
        register::SUBJECT_KEY,
        number.as_str(),
        MOST_CANDIDATES,
    )?;
    rows_of(tx, ids)
}

/// Entries of which one name field has all the words. The rarest word is looked up, the others are
/// checked.
fn by_name(tx: &mut Tx<'_>, register: &Register, words: &[String]) -> Result<Vec<EntryRow>> {
    let mut ids = Vec::new();
    for field in register::name_fields(register) {
        let mut rarest: Option<(i64, &String)> = None;
        for word in words {
            let count = registers::count_by_key(tx, &register.id, field, word, MOST_CANDIDATES)?;
            if rarest.is_none_or(|(fewest, _)| count < fewest) {
                rarest = Some((count, word));
            }
        }
        let Some((_, rarest)) = rarest else { continue };
        for id in registers::by_key(tx, &register.id, field, rarest, MOST_CANDIDATES)? {
            let mut has_all = !ids.contains(&id);
            for word in words.iter().filter(|word| *word != rarest) {
                has_all = has_all && registers::has_key(tx, &register.id, field, word, id)?;
            }
            if has_all {
                ids.push(id);
            }
        }
    }
    ids.sort_unstable_by_key(|id| std::cmp::Reverse(*id));
    rows_of(tx, ids)
}

fn rows_of(tx: &mut Tx<'_>, ids: Vec<i64>) -> Result<Vec<EntryRow>> {
    let mut rows = Vec::new();
    for id in ids {
        rows.extend(registers::by_id(tx, id)?);
    }
    Ok(rows)
}

fn no_entry() -> Error {
    Error::not_found("Không tìm thấy việc này trong sổ, hoặc sổ thuộc đơn vị khác.")
}

/// An entry for its page: logged with the reason before anything is shown. The person whom it is
/// about needs none.
///
/// # Errors
/// `NotFound` when there is none or it is not the reader's business; `Invalid` without a reason.
pub async fn view(app: &App, ctx: &OpContext, id: EntryId, reason: &str) -> Result<EntryView> {
    let account = signed_in(ctx)?;
    let found = app
        .store()
        .read(move |tx| {
            let Some(row) = registers::by_id(tx, id.raw())? else {
                return Ok(None);
            };
            Ok(Some((row, documents::of_entry(tx, id.raw())?)))
        })
        .await?;
    let (row, papers) = found.ok_or_else(no_entry)?;
    let register = find(app, &row.register)?;
    let entry: Entry = serde_json::from_str(&row.body).map_err(Error::internal)?;
    let own = account
        .person_number
        .as_ref()
        .is_some_and(|number| entry.subjects.iter().any(|s| s == number.as_str()));
    let purpose = if own { String::new() } else { need_reason(reason)? };
    let why = if own { Purpose::OwnData } else { Purpose::Reason(purpose.clone()) };
    let ctx = ctx.for_purpose(why);
    let subjects: Vec<PersonNumber> =
        entry.subjects.iter().filter_map(|number| number.parse().ok()).collect();
    let resource =
        Resource::Entry { id, unit: &entry.unit, register: &entry.register, subjects: &subjects };
    app.authorizer().allow(&ctx, Action::EntryView, &resource).require().map_err(|error| {
        if error.code == ErrorCode::Forbidden { no_entry().because(error) } else { error }
    })?;
    let (actor, at) = (account.id.raw(), ctx.now.micros());
    let mut wrote: Vec<i64> = entry.versions.iter().map(|version| version.by.raw()).collect();
    wrote.extend(entry.annotations.iter().map(|note| note.by.raw()));
    wrote.sort_unstable();
    wrote.dedup();
    let writers = app
        .store()
        .write(move |tx| {
            if !own {
                let read =
                    NewRead { at, actor, record: "entry", record_id: id.raw(), purpose: &purpose };
                events::log_read(tx, &read);
            }
            let mut names = Vec::new();
            for account in wrote {
                if let Some(row) = store::accounts::by_id(tx, account)? {
                    names.push((kernel::id::AccountId::from_raw(account), row.name));
                }
            }
            Ok(names)
        })
        .await?;
    let show = |fields| register::display(&register, app.content(), fields);
    let mut versions: Vec<_> =
        entry.versions.iter().map(|version| (version.clone(), show(&version.fields))).collect();
    versions.reverse();
    Ok(EntryView {
        fields: show(&entry.current().fields),
        versions,
        papers: papers.into_iter().map(entry_paper).collect(),
        writers,
        register: Arc::clone(&register),
        entry,
    })
}
