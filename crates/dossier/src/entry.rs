//! From answers to the register: the draft of an entry or of a change, and the order to write it.

use kernel::problem::{Problem, Problems};
use kernel::text::clean_line;
use pack::expr;
use pack::model::{AmendRule, AnnotateRule, EntryRule, Register};
use pack::{Content, Facts};
use serde_json::{Map, Value as Json};

use crate::command::DecideContext;
use crate::event::{AnnotationToWrite, By, Event};
use crate::findings;
use crate::state::Dossier;

/// Longest text that an officer may put into one register field.
const FIELD_LENGTH: usize = 2_000;

/// The fields of an entry, or the changes of one, as drafted.
pub(crate) struct Draft {
    pub(crate) fields: Map<String, Json>,
    /// Where the officer departed from what the answers give.
    pub(crate) changed: Vec<String>,
}

/// Drafts the entry (or, for a procedure that amends, the changes) from the answers and the
/// officer's own changes. A change to null takes a field out.
pub(crate) fn draft(
    ctx: &DecideContext<'_>,
    dossier: &Dossier,
    changes: Option<&Map<String, Json>>,
) -> Result<Draft, Problems> {
    with_facts(ctx, dossier, |facts| {
        let (register, mut fields) = match (&ctx.procedure.entry, &ctx.procedure.amend) {
            (Some(rule), _) => (register_of(ctx.content, &rule.register)?, computed(rule, facts)),
            (None, Some(rule)) => {
                let register = amended_register(ctx, rule, facts)?;
                (register, requested_changes(rule, register, facts)?)
            }
            (None, None) => return Err(no_rule()),
        };
        let changed = merge(register, &mut fields, changes, ctx.procedure.entry.is_none())?;
        Ok(Draft { fields, changed })
    })
}

/// The order to write a new entry.
pub(crate) fn to_record(
    ctx: &DecideContext<'_>,
    dossier: &Dossier,
    fields: Map<String, Json>,
    by: By,
) -> Result<Event, Problems> {
    let Some(rule) = &ctx.procedure.entry else {
        return Err(no_rule());
    };
    with_facts(ctx, dossier, |facts| {
        Ok(Event::EntryToRecord {
            register: rule.register.clone(),
            fields,
            subjects: subjects(rule, facts),
            annotations: annotations(ctx, rule, facts)?,
            by,
            at: ctx.now,
        })
    })
}

/// The order to give an entry a new version.
pub(crate) fn amendment_to_record(
    ctx: &DecideContext<'_>,
    dossier: &Dossier,
    changes: Map<String, Json>,
    by: By,
) -> Result<Event, Problems> {
    let Some(rule) = &ctx.procedure.amend else {
        return Err(no_rule());
    };
    if !is_found(ctx, &rule.lookup) {
        let message =
            "Không tìm thấy nội dung đã đăng ký cần sửa. Hãy kiểm tra lại số, quyển, năm.";
        return Err(vec![Problem::new("entry.not-found", "", message)]);
    }
    with_facts(ctx, dossier, |facts| {
        let text = |expression: &expr::Expression| {
            expr::eval(expression, facts).as_text().unwrap_or_default().to_owned()
        };
        Ok(Event::AmendmentToRecord {
            lookup: rule.lookup.clone(),
            changes,
            heading: rule.heading.as_ref().map(text).unwrap_or_default(),
            reason: text(&rule.reason),
            basis_paper: text(&rule.basis_paper),
            by,
            at: ctx.now,
        })
    })
}

fn with_facts<T>(
    ctx: &DecideContext<'_>,
    dossier: &Dossier,
    use_facts: impl FnOnce(&Facts<'_>) -> Result<T, Problems>,
) -> Result<T, Problems> {
    let extra = findings::extra(&dossier.requests, ctx.evidence.found);
    let form = ctx.form_of(dossier, &extra);
    use_facts(&form.facts(&ctx.procedure.form, &dossier.answers))
}

fn computed(rule: &EntryRule, facts: &Facts<'_>) -> Map<String, Json> {
    let values = rule
        .fields
        .iter()
        .map(|(field, expression)| (field.clone(), expr::eval(expression, facts).to_json()));
    values.filter(|(_, value)| !value.is_null()).collect()
}

/// The changes that the rows of the form ask for, each register field at most once.
fn requested_changes(
    rule: &AmendRule,
    register: &Register,
    facts: &Facts<'_>,
) -> Result<Map<String, Json>, Problems> {
    let rows = facts.answers.get(&rule.changes).and_then(Json::as_array);
    let mut changes = Map::new();
    let mut problems = Problems::new();
    for (number, row) in rows.into_iter().flatten().enumerate() {
        let text = |key: &str| row.get(key).and_then(Json::as_str).unwrap_or_default();
        let path = |key: &str| format!("{}.{number}.{key}", rule.changes);
        let field = text(&rule.field);
        if let Err(problem) = amendable(register, field, &path(&rule.field)) {
            problems.push(problem);
        } else if changes.contains_key(field) {
            let message = "Mục này được đề nghị sửa hai lần. Hãy chỉ giữ một dòng.";
            problems.push(Problem::new("entry.change-twice", path(&rule.field), message));
        } else {
            let value = register.field(field).and_then(|column| rule.new_value(row, column));
            changes.insert(field.to_owned(), value.cloned().unwrap_or_default());
        }
    }
    if changes.is_empty() && problems.is_empty() {
        let message = "Tờ khai chưa nêu nội dung nào cần sửa.";
        problems.push(Problem::new("entry.no-change", rule.changes.as_str(), message));
    }
    if problems.is_empty() { Ok(changes) } else { Err(problems) }
}

fn amendable(register: &Register, field: &str, path: &str) -> Result<(), Problem> {
    match register.field(field) {
        None => Err(Problem::new(
            "entry.unknown-field",
            path,
            format!("{} không có mục này. Hãy chọn lại.", register.name.vi),
        )),
        Some(known) if !known.amendable => Err(Problem::new(
            "entry.not-amendable",
            path,
            format!("Mục “{}” không được sửa theo thủ tục này.", known.label.vi),
        )),
        Some(_) => Ok(()),
    }
}

/// Puts the officer's changes over the drafted fields; gives the fields in which they differ.
fn merge(
    register: &Register,
    fields: &mut Map<String, Json>,
    changes: Option<&Map<String, Json>>,
    amends: bool,
) -> Result<Vec<String>, Problems> {
    let mut changed = Vec::new();
    let mut problems = Problems::new();
    for (field, value) in changes.into_iter().flatten() {
        let path = format!("entry.{}", short(field));
        let allowed = match register.field(field) {
            Some(_) if !amends => Ok(()),
            _ => amendable(register, field, &path),
        };
        let cleaned = cleaned(value);
        if let Err(problem) = allowed {
            problems.push(problem);
        } else if is_too_long(&cleaned) {
            let message = format!("Nội dung dài quá {FIELD_LENGTH} ký tự. Hãy viết gọn lại.");
            problems.push(Problem::new("text.too-long", path, message));
        } else if fields.get(field).unwrap_or(&Json::Null) != &cleaned {
            changed.push(field.clone());
            match cleaned {
                Json::Null => fields.remove(field),
                value => fields.insert(field.clone(), value),
            };
        }
    }
    if problems.is_empty() { Ok(changed) } else { Err(problems) }
}

/// Texts in their normal form; a blank one is no value.
fn cleaned(value: &Json) -> Json {
    match value {
        Json::String(text) => match clean_line(text) {
            blank if blank.is_empty() => Json::Null,
            text => Json::String(text),
        },
        Json::Object(parts) => {
            let parts = parts.iter().map(|(key, part)| (key.clone(), cleaned(part)));
            let given: Map<String, Json> = parts.filter(|(_, part)| !part.is_null()).collect();
            if given.is_empty() { Json::Null } else { Json::Object(given) }
        }
        other => other.clone(),
    }
}

fn is_too_long(value: &Json) -> bool {
    match value {
        Json::String(text) => text.len() > FIELD_LENGTH && text.chars().count() > FIELD_LENGTH,
        Json::Object(parts) => parts.len() > 10 || parts.values().any(is_too_long),
        Json::Array(_) => true,
        Json::Null | Json::Bool(_) | Json::Number(_) => false,
    }
}

/// Personal numbers of those concerned, each once.
fn subjects(rule: &EntryRule, facts: &Facts<'_>) -> Vec<String> {
    let mut subjects: Vec<String> = Vec::new();
    for expression in &rule.subjects {
        let value = expr::eval(expression, facts);
        let number = value.as_text().map(str::to_owned);
        subjects.extend(number.filter(|number| !subjects.contains(number)));
    }
    subjects
}

/// The annotations on entries that were found; where none was found there is nothing to annotate.
fn annotations(
    ctx: &DecideContext<'_>,
    rule: &EntryRule,
    facts: &Facts<'_>,
) -> Result<Vec<AnnotationToWrite>, Problems> {
    let mut written = Vec::new();
    for wanted in rule.annotate.iter().filter(|wanted| is_found(ctx, &wanted.lookup)) {
        let Some(text) = expr::eval(&wanted.text, facts).as_text().map(str::to_owned) else {
            let message = "Chưa lập được nội dung ghi chú vào sổ liên quan. \
                           Hãy kiểm tra lại các mục của tờ khai.";
            return Err(vec![Problem::new("entry.annotation-empty", "", message)]);
        };
        written.push(AnnotationToWrite {
            lookup: wanted.lookup.clone(),
            annotation: wanted.kind.clone(),
            text,
            ends: wanted.ends || kind_ends(ctx, wanted),
        });
    }
    Ok(written)
}

/// Does the register of the entry found say that this kind of annotation ends an entry?
fn kind_ends(ctx: &DecideContext<'_>, wanted: &AnnotateRule) -> bool {
    let entry = ctx.evidence.found.get(&wanted.lookup);
    let register = entry.and_then(|entry| entry.get("register")).and_then(Json::as_str);
    let register = register.and_then(|id| ctx.content.registers.get(id));
    register.and_then(|register| register.annotation(&wanted.kind)).is_some_and(|kind| kind.ends)
}

fn is_found(ctx: &DecideContext<'_>, lookup: &str) -> bool {
    ctx.evidence.found.get(lookup).is_some_and(Json::is_object)
}

fn amended_register<'a>(
    ctx: &DecideContext<'a>,
    rule: &AmendRule,
    facts: &Facts<'_>,
) -> Result<&'a Register, Problems> {
    let lookup = ctx.procedure.lookups.iter().find(|lookup| lookup.id == rule.lookup);
    let register = lookup.map(|lookup| expr::eval(&lookup.register, facts));
    match register.as_ref().and_then(expr::Value::as_text) {
        Some(id) => register_of(ctx.content, id),
        None => Err(no_rule()),
    }
}

fn register_of<'a>(content: &'a Content, id: &str) -> Result<&'a Register, Problems> {
    content.registers.get(id).map(AsRef::as_ref).ok_or_else(no_rule)
}

/// Content that was checked never comes here.
fn no_rule() -> Problems {
    let message = "Thủ tục chưa khai báo sổ cần ghi. Hãy báo người quản trị.";
    vec![Problem::new("content.no-entry-rule", "", message)]
}

/// A key from outside, cut to a length that a path can bear.
fn short(key: &str) -> String {
    key.chars().filter(|letter| !letter.is_control()).take(40).collect()
}
