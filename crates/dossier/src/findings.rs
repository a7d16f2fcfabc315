//! What has to be looked up for a dossier, and what the looking up says.
//!
//! This room does no I/O: it says which questions a procedure asks of registers and of the
//! population data; the app asks them and hands the replies back.

use std::collections::BTreeMap;

use kernel::problem::{Problem, Problems};
use pack::Facts;
use pack::expr;
use pack::model::{Check, CheckSource, CheckTime, Procedure};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::state::RequestState;

/// A question to a register: entries in which every field has the value given.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Query {
    /// Id of the lookup or of the check that asks.
    pub id: String,
    /// Register id.
    pub register: String,
    /// Register field (or `number`, `book`, `year`, `unit`, `subject`) to value.
    pub matches: BTreeMap<String, Json>,
    /// Only entries in force count.
    pub in_force: bool,
}

/// What a check asks.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Question {
    /// A register; the reply is seen by the check as `count` and `first`.
    Register(Query),
    /// The population data; the reply is seen as `known`, `alive`, `married`, `name_matches`,
    /// `birth_date_matches` and `person`.
    Population {
        /// Id of the check.
        id: String,
        /// The person as the form has them.
        person: Json,
    },
}

impl Question {
    /// Id of the check that asks.
    pub fn check(&self) -> &str {
        match self {
            Question::Register(query) => &query.id,
            Question::Population { id, .. } => id,
        }
    }
}

/// What a check says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckOutcome {
    /// Nothing speaks against it.
    Holds,
    /// It is contradicted.
    Fails,
    /// It could not be asked: the other system did not reply.
    Unknown,
}

/// A check that was made, for the officer and for the decision.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CheckResult {
    /// Id of the check.
    pub check: String,
    /// Heading for the officer.
    pub label: String,
    /// What it says.
    pub outcome: CheckOutcome,
    /// What to say when it fails; empty when it holds.
    pub message: String,
    /// Fields that it concerns.
    pub fields: Vec<String>,
    /// What failing means.
    pub at: CheckTime,
}

impl CheckResult {
    fn new(check: &Check, outcome: CheckOutcome) -> CheckResult {
        let message = match outcome {
            CheckOutcome::Holds => String::new(),
            CheckOutcome::Fails => check.message.vi.clone(),
            CheckOutcome::Unknown => not_checked(check),
        };
        CheckResult {
            check: check.id.clone(),
            label: check.label.vi.clone(),
            outcome,
            message,
            fields: check.fields.clone(),
            at: check.at,
        }
    }

    /// A check to which no reply came.
    pub fn unknown(check: &Check) -> CheckResult {
        CheckResult::new(check, CheckOutcome::Unknown)
    }
}

/// What expressions see besides the answers: `answer`, the replies of other systems that have come,
/// and `found`, the entries found. A check sees the reply to its own question beside them.
pub fn extra(
    requests: &BTreeMap<String, RequestState>,
    found: &Map<String, Json>,
) -> Map<String, Json> {
    let answered = requests.iter().filter_map(|(request, state)| match state {
        RequestState::Answered(text) => Some((request.clone(), Json::String(text.clone()))),
        RequestState::Pending | RequestState::Failed(_) => None,
    });
    let mut extra = Map::new();
    extra.insert("answer".to_owned(), Json::Object(answered.collect()));
    extra.insert("found".to_owned(), Json::Object(found.clone()));
    extra
}

/// The entries that the procedure looks for, as far as the answers say what to look for. Of the
/// values to match those count that are there, at least one: the form says which of several ways to
/// find an entry it demands in full.
pub fn lookups(procedure: &Procedure, facts: &Facts<'_>) -> Vec<Query> {
    let due = procedure.lookups.iter().filter(|lookup| counts(lookup.when.as_ref(), facts));
    due.filter_map(|lookup| {
        let register = expr::eval(&lookup.register, facts);
        let query = query(&lookup.id, register.as_text()?, &lookup.matches, lookup.in_force, facts);
        Some(query).filter(|query| !query.matches.is_empty())
    })
    .collect()
}

/// The checks that are due, with what each asks. A comparison with a register is only due when every
/// value to match is there: with a gap it would compare with other people's entries.
pub fn questions(procedure: &Procedure, facts: &Facts<'_>) -> Vec<Question> {
    procedure.checks.iter().filter_map(|check| question(check, facts)).collect()
}

/// What a check says; `facts.extra` holds the reply beside `answer` and `found`.
pub fn judge(check: &Check, facts: &Facts<'_>) -> CheckResult {
    let holds = expr::holds(&check.holds, facts);
    CheckResult::new(check, if holds { CheckOutcome::Holds } else { CheckOutcome::Fails })
}

/// Checks that refuse the filing.
///
/// A check that could not be made refuses nothing here: the applicant is not turned away because
/// another system sleeps. It is made again before the approval.
pub fn refuse_filing(results: &[CheckResult]) -> Problems {
    let blocking = results.iter().filter(|result| result.at == CheckTime::Block);
    blocking.filter(|result| result.outcome == CheckOutcome::Fails).flat_map(problems).collect()
}

/// Checks that refuse the approval: those that fail, and those that are due but were not made.
pub(crate) fn refuse_approval(
    procedure: &Procedure,
    facts: &Facts<'_>,
    results: &[CheckResult],
) -> Problems {
    let blocking = procedure.checks.iter().filter(|check| check.at != CheckTime::Advise);
    let mut refused = Problems::new();
    for check in blocking.filter(|check| question(check, facts).is_some()) {
        match results.iter().find(|result| result.check == check.id) {
            Some(result) if result.outcome == CheckOutcome::Holds => {}
            Some(result) => refused.extend(problems(result)),
            None => refused.extend(problems(&CheckResult::unknown(check))),
        }
    }
    refused
}

/// Checks already known to refuse the approval, for showing which actions are open.
pub(crate) fn known_to_refuse(results: &[CheckResult]) -> Option<&CheckResult> {
    results
        .iter()
        .find(|result| result.at != CheckTime::Advise && result.outcome == CheckOutcome::Fails)
}

fn problems(result: &CheckResult) -> Vec<Problem> {
    let code = match result.outcome {
        CheckOutcome::Unknown => "check.not-made",
        _ => "check.failed",
    };
    let problem = |path: &str| Problem::new(code, path, result.message.as_str());
    match result.fields.as_slice() {
        [] => vec![problem("")],
        fields => fields.iter().map(|field| problem(field)).collect(),
    }
}

fn not_checked(check: &Check) -> String {
    format!("Chưa kiểm tra được: {}. Hãy thử lại sau ít phút.", check.label.vi)
}

fn question(check: &Check, facts: &Facts<'_>) -> Option<Question> {
    if !counts(check.when.as_ref(), facts) {
        return None;
    }
    match &check.source {
        CheckSource::Register { register, matches, in_force } => {
            let query = query(&check.id, register, matches, *in_force, facts);
            let is_whole = query.matches.len() == matches.len();
            is_whole.then_some(Question::Register(query))
        }
        CheckSource::Population { field } => {
            let person = facts.answers.get(field)?.clone();
            Some(Question::Population { id: check.id.clone(), person })
        }
    }
}

fn counts(when: Option<&expr::Expression>, facts: &Facts<'_>) -> bool {
    when.is_none_or(|when| expr::is_true(when, facts))
}

fn query(
    id: &str,
    register: &str,
    matches: &BTreeMap<String, expr::Expression>,
    in_force: bool,
    facts: &Facts<'_>,
) -> Query {
    let values = matches.iter().map(|(field, expression)| (field, expr::eval(expression, facts)));
    let given = values.filter(|(_, value)| value.is_given());
    Query {
        id: id.to_owned(),
        register: register.to_owned(),
        matches: given.map(|(field, value)| (field.clone(), value.to_json())).collect(),
        in_force,
    }
}
