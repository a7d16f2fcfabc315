//! What a decision about a dossier may look at: entries found in registers, comparisons with them and
//! with the population data.

use std::collections::BTreeMap;

use dossier::findings::{self, CheckResult, Query};
use dossier::{Answers, RequestState};
use exchange::{ExchangePurpose, PersonRecord};
use kernel::error::{Error, Result};
use kernel::person_number::PersonNumber;
use pack::Content;
use pack::model::{CheckSource, IndexKind, Procedure, Register};
use register::Entry;
use serde_json::{Map, Value};
use store::{Tx, registers};

use crate::{App, population};

/// Entries looked at for one lookup at most; more than that is no lookup but a search.
const MOST_CANDIDATES: i64 = 200;

/// What the population database says of a person in the form.
#[derive(Clone, Debug)]
pub(crate) enum PersonFound {
    /// The record.
    Known(Box<PersonRecord>),
    /// No such person, or no number given.
    Unknown,
    /// The population database did not answer.
    Away,
}

/// Persons of the form by field.
pub(crate) type Persons = BTreeMap<String, PersonFound>;

/// Asks the population database about the persons whom the procedure's checks are about. Done before
/// the transaction: another system may take seconds.
pub(crate) async fn persons(
    app: &App,
    procedure: &Procedure,
    answers: &Answers,
    purpose: &ExchangePurpose,
) -> Persons {
    let mut persons = Persons::new();
    for check in &procedure.checks {
        let CheckSource::Population { field } = &check.source else {
            continue;
        };
        if persons.contains_key(field) {
            continue;
        }
        let found = match person_number(answers, field) {
            None => PersonFound::Unknown,
            Some(number) => match population::find(app, number, purpose.clone()).await {
                Ok(Some(record)) => PersonFound::Known(Box::new(record)),
                Ok(None) => PersonFound::Unknown,
                Err(error) => {
                    tracing::warn!(cause = %error, "population database is away");
                    PersonFound::Away
                }
            },
        };
        persons.insert(field.clone(), found);
    }
    persons
}

fn person_number(answers: &Answers, field: &str) -> Option<PersonNumber> {
    answers.get(field)?.get("number")?.as_str()?.parse().ok()
}

/// What was gathered for one decision.
#[derive(Default)]
pub(crate) struct Gathered {
    /// Lookup id to the entry as expressions see it.
    pub(crate) found: Map<String, Value>,
    /// Lookup id to the entry.
    pub(crate) entries: BTreeMap<String, Entry>,
    /// Outcome of the checks.
    pub(crate) checks: Vec<CheckResult>,
}

/// What [`gather`] starts from.
pub(crate) struct Inquiry<'a> {
    pub(crate) content: &'a Content,
    pub(crate) procedure: &'a Procedure,
    pub(crate) answers: &'a Answers,
    pub(crate) requests: &'a BTreeMap<String, RequestState>,
    pub(crate) applicant: Option<&'a Value>,
    pub(crate) filed_on: jiff::civil::Date,
    pub(crate) persons: &'a Persons,
}

impl<'a> Inquiry<'a> {
    fn facts(&'a self, extra: &'a Map<String, Value>) -> pack::Facts<'a> {
        pack::Facts {
            content: self.content,
            form: &self.procedure.form,
            answers: self.answers,
            row: None,
            filed_on: self.filed_on,
            applicant: self.applicant,
            extra,
        }
    }
}

/// Looks up the entries and makes the comparisons of a procedure.
///
/// # Errors
/// When the database cannot be read.
pub(crate) fn gather(tx: &mut Tx<'_>, inquiry: &Inquiry<'_>) -> Result<Gathered> {
    let mut gathered = Gathered::default();
    if inquiry.procedure.lookups.is_empty() && inquiry.procedure.checks.is_empty() {
        return Ok(gathered);
    }
    let extra = findings::extra(inquiry.requests, &gathered.found);
    for query in findings::lookups(inquiry.procedure, &inquiry.facts(&extra)) {
        if let Some(entry) = search(tx, inquiry.content, &query)?.into_iter().next() {
            gathered.found.insert(query.id.clone(), Value::Object(entry.to_facts()));
            gathered.entries.insert(query.id, entry);
        }
    }
    let extra = findings::extra(inquiry.requests, &gathered.found);
    for question in findings::questions(inquiry.procedure, &inquiry.facts(&extra)) {
        let check = inquiry.procedure.checks.iter().find(|check| check.id == question.check());
        let Some(check) = check else { continue };
        let mut seen = extra.clone();
        let answered = match &question {
            findings::Question::Register(query) => {
                let entries = search(tx, inquiry.content, query)?;
                seen.insert("count".to_owned(), entries.len().into());
                if let Some(first) = entries.first() {
                    seen.insert("first".to_owned(), Value::Object(first.to_facts()));
                }
                true
            }
            findings::Question::Population { person, .. } => {
                let found = match &check.source {
                    CheckSource::Population { field } => inquiry.persons.get(field),
                    CheckSource::Register { .. } => None,
                };
                compare_person(&mut seen, found, person);
                !matches!(found, Some(PersonFound::Away) | None)
            }
        };
        gathered.checks.push(if answered {
            findings::judge(check, &inquiry.facts(&seen))
        } else {
            CheckResult::unknown(check)
        });
    }
    Ok(gathered)
}

/// What expressions of a population check see.
fn compare_person(seen: &mut Map<String, Value>, found: Option<&PersonFound>, typed: &Value) {
    let known = match found {
        Some(PersonFound::Known(record)) => Some(record),
        _ => None,
    };
    seen.insert("known".to_owned(), known.is_some().into());
    let Some(record) = known else { return };
    let part = |name: &str| typed.get(name).and_then(Value::as_str).unwrap_or_default();
    let same_name = kernel::text::fold(part("name")) == kernel::text::fold(&record.name);
    let same_birth_date = part("birth_date") == record.birth_date.to_string();
    let married = record.marital_status == exchange::MaritalStatus::Married;
    seen.insert("alive".to_owned(), record.alive.into());
    seen.insert("married".to_owned(), married.into());
    seen.insert("name_matches".to_owned(), same_name.into());
    seen.insert("birth_date_matches".to_owned(), same_birth_date.into());
    seen.insert("person".to_owned(), Value::Object(record.to_answer()));
}

/// The entries of a register that have all that is asked for, current ones first, newest first.
fn search(tx: &mut Tx<'_>, content: &Content, query: &Query) -> Result<Vec<Entry>> {
    let Some(register) = content.registers.get(&query.register) else {
        return Ok(Vec::new());
    };
    let mut entries = Vec::new();
    for row in candidates(tx, register, query)? {
        let entry: Entry = serde_json::from_str(&row.body).map_err(Error::internal)?;
        if query.in_force && !entry.is_in_force() {
            continue;
        }
        let fits = query
            .matches
            .iter()
            .all(|(name, value)| register::matches(register, &entry, name, value));
        if fits {
            entries.push(entry);
        }
    }
    entries.sort_by_key(|entry| {
        (entry.status != register::Status::Current, std::cmp::Reverse(entry.id))
    });
    Ok(entries)
}

/// Rows that may fit, found by the most telling thing asked for.
fn candidates(
    tx: &mut Tx<'_>,
    register: &Register,
    query: &Query,
) -> Result<Vec<registers::EntryRow>> {
    let id = register.id.as_str();
    let get = |name: &str| query.matches.get(name);
    if let Some(subject) = get("subject").and_then(Value::as_str) {
        return by_key(tx, id, register::SUBJECT_KEY, subject);
    }
    for (name, value) in &query.matches {
        let is_exact = register.field(name).is_some_and(|f| f.index == IndexKind::Exact);
        if is_exact && let Some((field, key)) = register::lookup_keys(register, name, value).pop() {
            return by_key(tx, id, &field, &key);
        }
    }
    if let (Some(unit), Some(year), Some(number)) = (
        get("unit").and_then(Value::as_str),
        get("year").and_then(Value::as_i64),
        get("number").and_then(Value::as_i64),
    ) {
        return registers::by_number(tx, id, unit, year, number);
    }
    for (name, value) in &query.matches {
        let is_name = register.field(name).is_some_and(|f| f.index == IndexKind::Name);
        // The last token, the given name, is the rarest of a Vietnamese name.
        if is_name && let Some((field, key)) = register::lookup_keys(register, name, value).pop() {
            return by_key(tx, id, &field, &key);
        }
    }
    Ok(Vec::new())
}

fn by_key(
    tx: &mut Tx<'_>,
    register: &str,
    field: &str,
    key: &str,
) -> Result<Vec<registers::EntryRow>> {
    let mut rows = Vec::new();
    for id in registers::by_key(tx, register, field, key, MOST_CANDIDATES)? {
        rows.extend(registers::by_id(tx, id)?);
    }
    Ok(rows)
}
