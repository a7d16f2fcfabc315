//! Reads the policies and finds everything that is wrong with them.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;
use std::sync::Arc;

use cedar_policy::ffi::DetailedError;
use cedar_policy::{
    ActionConstraint, Effect, Entities, EntityUid, Policy, PolicyId, PolicySet, Schema,
    ValidationMode, Validator,
};

use super::{PolicyNote, Slice};
use crate::action::Action;

/// A file of policies, or the schema.
#[derive(Clone, Copy, Debug)]
pub struct PolicyText<'a> {
    /// Its path in the content, for messages.
    pub path: &'a str,
    /// Its text.
    pub text: &'a str,
}

/// Something wrong with the policies, for whoever writes them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PolicyProblem {
    /// Path of the file.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Kind of problem, such as `policy-syntax`.
    pub code: &'static str,
    /// What is wrong and how to mend it.
    pub message: String,
}

/// Reads, checks and cuts the policies by action, in the order of `Action::ALL`.
pub(super) fn load(
    files: &[PolicyText<'_>],
    schema_file: PolicyText<'_>,
) -> Result<Vec<Slice>, Vec<PolicyProblem>> {
    let mut problems = Vec::new();
    let schema = read_schema(schema_file, &mut problems);
    let policies = read_policies(files, &mut problems);
    let Some(schema) = schema else {
        return Err(sorted(problems));
    };
    compare_actions(&schema, schema_file, &mut problems);
    let set = validate(&schema, &policies, &mut problems);
    if !problems.is_empty() {
        return Err(sorted(problems));
    }
    let actions = schema.action_entities().map_err(|error| {
        vec![schema_file.problem(None, "policy-schema", format!("Cedar: {error}"))]
    })?;
    Action::ALL.iter().map(|action| slice(*action, &actions, &set, schema_file)).collect()
}

/// The problem that the program's own type names are not Cedar names; a mistake in the program.
pub(super) fn problem_of_names(cause: &str) -> PolicyProblem {
    PolicyText { path: "schema.cedarschema", text: "" }.problem(
        None,
        "policy-schema",
        cause.to_owned(),
    )
}

/// A policy with the file that it came from.
struct Located<'a> {
    policy: Policy,
    file: PolicyText<'a>,
    /// Byte offset in the file, where it could be found.
    offset: Option<usize>,
}

fn read_schema(file: PolicyText<'_>, problems: &mut Vec<PolicyProblem>) -> Option<Schema> {
    match Schema::from_cedarschema_str(file.text) {
        Ok((schema, warnings)) => {
            problems.extend(warnings.flat_map(|warning| {
                file.problems(&DetailedError::from(&warning), "policy-schema")
            }));
            Some(schema)
        }
        Err(error) => {
            problems.extend(file.problems(&DetailedError::from(&error), "policy-schema"));
            None
        }
    }
}

fn read_policies<'a>(
    files: &[PolicyText<'a>],
    problems: &mut Vec<PolicyProblem>,
) -> Vec<Located<'a>> {
    let mut located: Vec<Located<'a>> = Vec::new();
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for file in files {
        let set = match PolicySet::from_str(file.text) {
            Ok(set) => set,
            Err(error) => {
                problems.extend(file.problems(&DetailedError::from(&error), "policy-syntax"));
                continue;
            }
        };
        for template in set.templates() {
            let offset = find_source(file.text, &template.to_cedar());
            problems.push(file.problem(
                offset,
                "policy-template",
                "Không dùng mẫu (?principal, ?resource); hãy viết chính sách cụ thể.".to_owned(),
            ));
        }
        for policy in set.policies() {
            let offset = policy.to_cedar().and_then(|source| find_source(file.text, &source));
            let Some(id) = policy.annotation("id").filter(|id| !id.is_empty()) else {
                problems.push(file.problem(
                    offset,
                    "policy-id",
                    "Chính sách chưa có tên: thêm @id(\"…\") ở dòng trên.".to_owned(),
                ));
                continue;
            };
            if let Some(other) = seen.insert(id.to_owned(), file.path) {
                let message = format!("Tên @id(\"{id}\") đã dùng trong {other}; hãy đặt tên khác.");
                problems.push(file.problem(offset, "policy-id", message));
                continue;
            }
            if policy.effect() == Effect::Forbid && policy.annotation("message").is_none() {
                let message = format!(
                    "Điều cấm \"{id}\" chưa có lời báo cho người dùng: thêm @message(\"…\")."
                );
                problems.push(file.problem(offset, "policy-message", message));
            }
            let policy = policy.new_id(PolicyId::new(id));
            located.push(Located { policy, file: *file, offset });
        }
    }
    located
}

/// Schema and program must know the same actions.
fn compare_actions(schema: &Schema, file: PolicyText<'_>, problems: &mut Vec<PolicyProblem>) {
    let groups: BTreeSet<&EntityUid> = schema.action_groups().collect();
    let declared: BTreeSet<&str> = schema
        .actions()
        .filter(|uid| !groups.contains(uid))
        .map(|uid| uid.id().unescaped())
        .collect();
    let known: BTreeSet<&str> = Action::ALL.iter().map(|action| action.name()).collect();
    for name in known.difference(&declared) {
        let message = format!("Lược đồ thiếu hành động \"{name}\" mà chương trình dùng.");
        problems.push(file.problem(None, "policy-action", message));
    }
    for name in declared.difference(&known) {
        let message = format!("Chương trình không có hành động \"{name}\"; hãy bỏ khỏi lược đồ.");
        problems.push(file.problem(file.text.find(name), "policy-action", message));
    }
}

/// Checks names and types. A warning counts too: it means a policy that never applies, or text that
/// reads differently from what it says.
fn validate(
    schema: &Schema,
    policies: &[Located<'_>],
    problems: &mut Vec<PolicyProblem>,
) -> PolicySet {
    let mut set = PolicySet::new();
    for located in policies {
        if let Err(error) = set.add(located.policy.clone()) {
            let message = format!("Cedar: {error}");
            problems.push(located.file.problem(located.offset, "policy-id", message));
        }
    }
    let validator = Validator::new(schema.clone());
    let result = validator.validate(&set, ValidationMode::Strict);
    let mut report = |id: &PolicyId, detail: &DetailedError| {
        let found = policies.iter().find(|located| located.policy.id() == id);
        let Some(located) = found else { return };
        let mut reported = located.file.problems(detail, "policy-type");
        if detail.source_locations.is_empty() {
            for problem in &mut reported {
                (problem.line, problem.column) = located.file.position(located.offset);
            }
        }
        problems.extend(reported);
    };
    for error in result.validation_errors() {
        report(error.policy_id(), &DetailedError::from(error));
    }
    for warning in result.validation_warnings() {
        report(warning.policy_id(), &DetailedError::from(warning));
    }
    set
}

/// The policies that name this action, or a group that it is in, or every action.
fn slice(
    action: Action,
    actions: &Entities,
    set: &PolicySet,
    schema_file: PolicyText<'_>,
) -> Result<Slice, Vec<PolicyProblem>> {
    let failed = |text: String| vec![schema_file.problem(None, "policy-action", text)];
    let uid = EntityUid::from_str(&format!("Action::\"{}\"", action.name()))
        .map_err(|error| failed(format!("Cedar: {error}")))?;
    let entity = actions
        .get(&uid)
        .cloned()
        .ok_or_else(|| failed(format!("Lược đồ thiếu hành động \"{action}\".")))?;
    let groups: Vec<EntityUid> =
        actions.ancestors(&uid).into_iter().flatten().cloned().chain([uid.clone()]).collect();
    let applies = |policy: &&Policy| match policy.action_constraint() {
        ActionConstraint::Any => true,
        ActionConstraint::Eq(named) => named == uid,
        ActionConstraint::In(named) => named.iter().any(|name| groups.contains(name)),
    };
    let chosen: Vec<Policy> = set.policies().filter(applies).cloned().collect();
    let notes = chosen.iter().map(note).collect();
    let policies = PolicySet::from_policies(chosen).map_err(|e| failed(format!("Cedar: {e}")))?;
    let base =
        Entities::from_entities([entity], None).map_err(|e| failed(format!("Cedar: {e}")))?;
    Ok(Slice { action, uid, policies, base, notes })
}

fn note(policy: &Policy) -> (String, PolicyNote) {
    let id: &str = policy.id().as_ref();
    let message = policy.annotation("message").map(Arc::from);
    (id.to_owned(), PolicyNote { id: Arc::from(id), message })
}

impl PolicyText<'_> {
    fn problem(&self, offset: Option<usize>, code: &'static str, message: String) -> PolicyProblem {
        let (line, column) = self.position(offset);
        PolicyProblem { file: self.path.to_owned(), line, column, code, message }
    }

    /// What Cedar found, each with its place. Cedar speaks English; its words follow its name.
    fn problems(&self, detail: &DetailedError, code: &'static str) -> Vec<PolicyProblem> {
        let offset = detail.source_locations.first().map(|label| label.loc.start);
        let mut message = format!("Cedar: {}", detail.message);
        if let Some(help) = &detail.help {
            message.push_str(" (");
            message.push_str(help);
            message.push(')');
        }
        let mut problems = vec![self.problem(offset, code, message)];
        for related in &detail.related {
            problems.extend(self.problems(related, code));
        }
        problems
    }

    /// Line and column of a byte offset; the first line if unknown.
    fn position(&self, offset: Option<usize>) -> (u32, u32) {
        let before = offset.and_then(|offset| self.text.get(..offset)).unwrap_or_default();
        let line = before.matches('\n').count();
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count();
        let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX).saturating_add(1);
        (number(line), number(column))
    }
}

fn find_source(text: &str, source: &str) -> Option<usize> {
    text.find(source.trim())
}

fn sorted(mut problems: Vec<PolicyProblem>) -> Vec<PolicyProblem> {
    problems.sort();
    problems.dedup();
    problems
}
