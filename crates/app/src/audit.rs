//! The journal for auditors: who did what, and whether the chain of events is whole.
//!
//! Whoever audits for the province reads all of it; whoever audits for a commune reads what happened
//! to the dossiers of that commune.

use std::collections::{BTreeMap, BTreeSet};

use access::encoding::hex;
use access::{Action, OpContext, Resource};
use jiff::civil::Date;
use kernel::error::{Error, Result};
use kernel::moment::Moment;
use kernel::problem::Problem;
use store::events::{self, EventRow};
use store::{Tx, accounts, dossiers};

pub use store::chain::Verdict;

use crate::App;

/// Events looked at in one read.
const BATCH: i64 = 500;
/// Reads for one page at most; the next page goes on from there.
const MOST_BATCHES: usize = 20;
/// Digits of a hash that are shown.
const HASH_BYTES: usize = 6;

/// Which events are wanted; an empty filter wants all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Words of the name of whoever did it.
    pub who: String,
    /// Code of a dossier, or login of an account.
    pub object: String,
    /// What happened: `submit`, an action's id, `signed-in`, …
    pub kind: String,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
}

/// One event as auditors see it: nothing of what was written in a dossier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Journalled {
    /// Place in the chain.
    pub seq: i64,
    /// When.
    pub at: Moment,
    /// Who; empty when the program itself did.
    pub who: String,
    /// In which offices: role id and unit code.
    pub offices: Vec<(String, String)>,
    /// What kind of thing it happened to: `dossier`, `account`, `register`.
    pub stream: String,
    /// What happened.
    pub kind: String,
    /// Code of the dossier, login of the account, id of the register.
    pub object: String,
    /// Hash of the version of the procedure that a dossier keeps; empty for other things.
    pub definition: String,
    /// The reason that was written, if one was asked.
    pub reason: String,
    /// First digits of its hash.
    pub hash: String,
}

/// A page of the journal.
#[derive(Clone, Debug, Default)]
pub struct Journal {
    /// The events, newest first.
    pub rows: Vec<Journalled>,
    /// Older ones lie before this place; none when there are no more.
    pub next: Option<i64>,
}

/// How far an auditor sees.
#[derive(Clone)]
enum Scope {
    /// Everything.
    Province,
    /// What happened to the dossiers of these units.
    Units(BTreeSet<String>),
}

/// The journal, newest first, before a place in the chain.
///
/// # Errors
/// `Forbidden` when the account does not audit; `Invalid` when the object of the filter is not known.
pub async fn list(
    app: &App,
    ctx: &OpContext,
    filter: &Filter,
    before: Option<i64>,
    size: usize,
) -> Result<Journal> {
    let scope = scope(app, ctx)?;
    let filter = filter.clone();
    app.store()
        .read(move |tx| {
            let mut reading = Reading { scope, filter, known: Known::default() };
            if reading.filter.object.is_empty() {
                reading.page(tx, before, size)
            } else {
                reading.of_object(tx)
            }
        })
        .await
}

/// How many events there are: the last place in the chain.
///
/// # Errors
/// `Forbidden` when the account does not audit.
pub async fn length(app: &App, ctx: &OpContext) -> Result<i64> {
    scope(app, ctx)?;
    let ends = app.store().read(store::chain::heads).await?;
    Ok(ends.first().map_or(0, |end| end.head.seq))
}

/// Recomputes the chains from the first link to the last.
///
/// # Errors
/// `Forbidden` when the account may not verify.
pub async fn verify(app: &App, ctx: &OpContext) -> Result<Verdict> {
    app.authorizer().allow(ctx, Action::AuditVerify, &Resource::System).require()?;
    app.store().read_at_length(|tx| store::chain::verify(tx, &[])).await
}

fn scope(app: &App, ctx: &OpContext) -> Result<Scope> {
    crate::accounts::signed_in(ctx)?;
    let units = app.authorizer().units_where(ctx, Action::AuditView);
    if units.is_empty() {
        return Err(Error::forbidden(
            "Tài khoản này chưa được giao kiểm tra nhật ký. Ông/bà liên hệ người quản trị của cơ quan.",
        ));
    }
    let province = app.content().settings.province.as_str();
    if units.iter().any(|unit| unit.as_str() == province) {
        return Ok(Scope::Province);
    }
    Ok(Scope::Units(units.into_iter().map(|unit| unit.to_string()).collect()))
}

/// Names looked up once for a page.
#[derive(Default)]
struct Known {
    /// Account to name and offices.
    actors: BTreeMap<i64, (String, Vec<(String, String)>)>,
    /// Stream and its number to what that is.
    objects: BTreeMap<(String, i64), Object>,
}

/// What an event happened to.
#[derive(Clone, Default)]
struct Object {
    name: String,
    /// Unit code; empty where it belongs to none.
    unit: String,
    definition: String,
}

struct Reading {
    scope: Scope,
    filter: Filter,
    known: Known,
}

impl Reading {
    fn page(&mut self, tx: &mut Tx<'_>, before: Option<i64>, size: usize) -> Result<Journal> {
        let mut next = match (before, self.filter.to) {
            (Some(before), _) => before,
            (None, Some(day)) => first_after(tx, Moment::start_of(day).plus_days(1))?,
            (None, None) => i64::MAX,
        };
        let mut rows = Vec::new();
        for _ in 0..MOST_BATCHES {
            let found = events::before(tx, next, BATCH)?;
            let is_last = i64::try_from(found.len()).unwrap_or(i64::MAX) < BATCH;
            for row in found {
                if self.is_too_old(&row) {
                    return finish(tx, rows, None);
                }
                if rows.len() == size {
                    return finish(tx, rows, Some(next));
                }
                next = row.seq;
                rows.extend(self.shown(tx, row)?);
            }
            if is_last {
                return finish(tx, rows, None);
            }
        }
        finish(tx, rows, Some(next))
    }

    /// All that happened to one thing, newest first.
    fn of_object(&mut self, tx: &mut Tx<'_>) -> Result<Journal> {
        let (stream, id) = find_object(tx, &self.filter.object)?.ok_or_else(no_object)?;
        let mut rows = Vec::new();
        for row in events::of_stream(tx, stream, id)?.into_iter().rev() {
            if !self.is_too_old(&row) {
                rows.extend(self.shown(tx, row)?);
            }
        }
        finish(tx, rows, None)
    }

    fn is_too_old(&self, row: &EventRow) -> bool {
        let first = self.filter.from.map(|day| Moment::start_of(day).micros());
        first.is_some_and(|first| row.at < first)
    }

    /// The event, if it is wanted and within reach.
    fn shown(&mut self, tx: &mut Tx<'_>, row: EventRow) -> Result<Option<Journalled>> {
        let last = self.filter.to.map(|day| Moment::start_of(day).plus_days(1).micros());
        let is_late = last.is_some_and(|last| row.at >= last);
        if is_late || (!self.filter.kind.is_empty() && self.filter.kind != row.kind) {
            return Ok(None);
        }
        let object = self.object(tx, &row)?;
        let within = match &self.scope {
            Scope::Province => true,
            Scope::Units(units) => units.contains(&object.unit),
        };
        let (who, offices) = self.actor(tx, row.actor)?;
        let names = kernel::text::tokens(&who);
        let is_theirs = kernel::text::tokens(&self.filter.who)
            .iter()
            .all(|word| names.iter().any(|name| name.starts_with(word)));
        Ok((within && is_theirs).then(|| Journalled {
            seq: row.seq,
            at: Moment::from_micros(row.at),
            who,
            offices,
            reason: reason(&row),
            stream: row.stream,
            kind: row.kind,
            object: object.name,
            definition: object.definition,
            hash: String::new(),
        }))
    }

    fn actor(
        &mut self,
        tx: &mut Tx<'_>,
        account: Option<i64>,
    ) -> Result<(String, Vec<(String, String)>)> {
        let Some(account) = account else {
            return Ok(Default::default());
        };
        if let Some(known) = self.known.actors.get(&account) {
            return Ok(known.clone());
        }
        let name = accounts::by_id(tx, account)?.map(|row| row.name).unwrap_or_default();
        let roles = accounts::roles(tx, account)?;
        let found = (name, roles.into_iter().map(|role| (role.role, role.unit)).collect());
        self.known.actors.insert(account, found);
        Ok(self.known.actors.get(&account).cloned().unwrap_or_default())
    }

    fn object(&mut self, tx: &mut Tx<'_>, row: &EventRow) -> Result<Object> {
        let key = (row.stream.clone(), row.stream_id);
        if let Some(known) = self.known.objects.get(&key) {
            return Ok(known.clone());
        }
        let found = match row.stream.as_str() {
            "dossier" => dossiers::by_id(tx, row.stream_id)?.map(|(dossier, _)| Object {
                name: dossier.code,
                unit: dossier.unit,
                definition: dossier.definition,
            }),
            "account" => accounts::by_id(tx, row.stream_id)?
                .map(|account| Object { name: account.login, ..Object::default() }),
            // Each search names its own register.
            "register" => {
                return Ok(Object { name: text_of(row, "register"), ..Object::default() });
            }
            _ => None,
        };
        let found = found.unwrap_or_default();
        self.known.objects.insert(key, found.clone());
        Ok(found)
    }
}

/// The reason that an event carries. Only searches carry one; what dossiers carry is not read here.
fn reason(row: &EventRow) -> String {
    if row.stream == "register" { text_of(row, "reason") } else { String::new() }
}

fn text_of(row: &EventRow, key: &str) -> String {
    let body: serde_json::Value = serde_json::from_str(&row.body).unwrap_or_default();
    body.get(key).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
}

fn find_object(tx: &mut Tx<'_>, text: &str) -> Result<Option<(&'static str, i64)>> {
    if let Some((row, _)) = dossiers::by_code(tx, &text.to_uppercase())? {
        return Ok(Some(("dossier", row.id)));
    }
    let account = accounts::by_login(tx, &text.to_lowercase())?;
    Ok(account.map(|account| ("account", account.id)))
}

fn no_object() -> Error {
    let message = "Không có hồ sơ với mã này, cũng không có tài khoản với tên đăng nhập này. Hãy kiểm tra lại.";
    Error::invalid(message).with_problems(vec![Problem::new("audit.object", "doi-tuong", message)])
}

/// The place of the first event at or after a moment. Events stand in the order of their moments, as
/// far as the clocks of the processes agree.
fn first_after(tx: &mut Tx<'_>, moment: Moment) -> Result<i64> {
    let mut low = 1;
    let mut high = match events::before(tx, i64::MAX, 1)?.first() {
        Some(last) => last.seq + 1,
        None => return Ok(low),
    };
    while low < high {
        let middle = low + (high - low) / 2;
        let at = events::before(tx, middle + 1, 1)?.first().map(|row| row.at);
        if at.is_some_and(|at| at < moment.micros()) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}

fn finish(tx: &mut Tx<'_>, mut rows: Vec<Journalled>, next: Option<i64>) -> Result<Journal> {
    let (newest, oldest) = (rows.first().map(|row| row.seq), rows.last().map(|row| row.seq));
    // Of a filtered page the places lie far apart: then each hash is fetched by itself.
    let is_dense = newest.zip(oldest).is_some_and(|(newest, oldest)| newest - oldest <= 2 * BATCH);
    let mut hashes = BTreeMap::new();
    if let Some((newest, oldest)) = newest.zip(oldest).filter(|_| is_dense) {
        hashes.extend(events::hashes(tx, oldest, newest)?);
    }
    for row in &mut rows {
        let found = match hashes.remove(&row.seq) {
            Some(hash) => Some(hash),
            None => events::hashes(tx, row.seq, row.seq)?.pop().map(|(_, hash)| hash),
        };
        let hash = found.unwrap_or_default();
        row.hash = hex(hash.get(..HASH_BYTES).unwrap_or_default());
    }
    Ok(Journal { rows, next })
}
