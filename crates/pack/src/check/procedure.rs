//! One procedure: references, fees, lookups, comparisons, requests.

use std::collections::{BTreeMap, BTreeSet};

use super::form::check_form;
use super::outcome::check_outcome;
use super::subject::Subject;
use super::workflow::check_workflow;
use crate::expr::{Expression, Scope, Type};
use crate::load::{Placed, Shelf};
use crate::model::{Check, CheckSource, ExchangeRequest, FieldKind, Lookup, Procedure, Register};
use crate::problem::Diagnostics;
use crate::scope::MATCH_NAMES;

/// Services that other systems offer; see `exchange`.
const SERVICES: [&str; 1] = ["population.personal-number"];

/// The names that the expressions of a procedure see.
pub(super) struct Scopes {
    /// The form, `filed_on` and `applicant`.
    pub form: Scope,
    /// The form and `found`: for what is asked before there are answers from other systems.
    pub found: Scope,
    /// Everything.
    pub full: Scope,
    /// The fields whose kind could not be read.
    pub faulty: BTreeSet<String>,
}

pub(super) fn check_procedure(
    shelf: &Shelf,
    diagnostics: &Diagnostics,
    placed: &Placed<Procedure>,
) {
    let procedure = &placed.value;
    let subject = Subject { shelf, diagnostics, place: &placed.place };
    let scopes = scopes(&subject, procedure);
    check_identity(&subject, procedure);
    check_bases(&subject, procedure);
    check_form(&subject, procedure, &scopes.full);
    for (index, case) in procedure.time.cases.iter().enumerate() {
        let at = format!("time.case.{index}.when");
        subject.expression(&at, &case.when, &scopes.full, &Type::Bool);
    }
    check_papers(&subject, procedure, &scopes.faulty);
    check_fees(&subject, procedure, &scopes.full);
    check_lookups(&subject, procedure, &scopes.form);
    check_checks(&subject, procedure, &scopes);
    check_requests(&subject, procedure, &scopes.found);
    check_outcome(&subject, procedure, &scopes.full);
    check_workflow(&subject, procedure, &scopes.full);
}

pub(super) fn scopes(subject: &Subject, procedure: &Procedure) -> Scopes {
    let vocabulary = subject.vocabulary();
    let faulty = super::form::faulty_fields(subject, &procedure.form);
    let form = vocabulary.form_scope(&procedure.form, &|field| faulty.contains(&field.id));
    let entries: Vec<(&str, Type)> = procedure
        .lookups
        .iter()
        .map(|lookup| {
            (lookup.id.as_str(), vocabulary.entry(&lookup_registers(subject, procedure, lookup)))
        })
        .collect();
    let requests = procedure.requests.iter().map(|request| (request.id.as_str(), Type::Text));
    let found = form.clone().with("found", Type::record(entries));
    let full = found.clone().with("answer", Type::record(requests));
    Scopes { form, found, full, faulty }
}

/// The registers that a lookup may search: the one named, those that a choice offers, or any.
pub(super) fn lookup_registers<'c>(
    subject: &Subject<'c>,
    procedure: &Procedure,
    lookup: &Lookup,
) -> Vec<&'c Register> {
    let registers = &subject.shelf.registers.values;
    if let Some(id) = lookup.register.as_text_literal() {
        return registers.get(id).map(AsRef::as_ref).into_iter().collect();
    }
    let mut field = None;
    lookup.register.for_each_path(&mut |path| field = procedure.form.field(path.root()));
    if let Some(FieldKind::Choice { options, list }) = field.map(|field| &field.kind) {
        let listed = list.as_ref().and_then(|list| subject.shelf.code_lists.values.get(list));
        let offered = listed.map_or(options, |list| &list.items);
        let known = offered.iter().filter_map(|option| registers.get(&option.code));
        return known.map(AsRef::as_ref).collect();
    }
    registers.values().map(AsRef::as_ref).collect()
}

fn check_identity(subject: &Subject, procedure: &Procedure) {
    let fields = subject.shelf.code_lists.values.get("procedure-field");
    let codes = fields.iter().flat_map(|list| &list.items).map(|item| item.code.as_str());
    subject.reference("field", "lĩnh vực trong danh mục procedure-field:", &procedure.field, codes);
    let bases = procedure.legal_bases.iter().enumerate();
    let ids = bases.map(|(index, basis)| (basis.id.as_str(), format!("legal_basis.{index}.id")));
    subject.unique("Căn cứ", ids);
}

/// Every `basis` names a provision of this file.
fn check_bases(subject: &Subject, procedure: &Procedure) {
    let Procedure { papers, fees, requests, form, workflow, time, .. } = procedure;
    let mut used: Vec<(String, &str)> = vec![("time.basis".to_owned(), &time.basis)];
    used.push(("abolished_by".to_owned(), &procedure.abolished_by));
    used.extend(bases("time.case", time.cases.iter().map(|case| &case.basis)));
    used.extend(bases("paper", papers.iter().map(|paper| &paper.basis)));
    used.extend(bases("fee", fees.iter().map(|fee| &fee.basis)));
    used.extend(bases("rule", form.rules.iter().map(|rule| &rule.basis)));
    used.extend(bases("request", requests.iter().map(|request| &request.basis)));
    used.extend(bases("step", workflow.steps.iter().map(|step| &step.basis)));
    for (number, section) in form.sections.iter().enumerate() {
        let list = format!("section.{number}.field");
        used.extend(bases(&list, section.fields.iter().map(|field| &field.basis)));
        for (index, field) in section.fields.iter().enumerate() {
            if let FieldKind::Group { fields, .. } = &field.kind {
                let list = format!("{list}.{index}.field");
                used.extend(bases(&list, fields.iter().map(|inner| &inner.basis)));
            }
        }
    }
    for (at, basis) in used {
        let known = procedure.legal_bases.iter().map(|known| known.id.as_str());
        subject.reference(&at, "căn cứ", basis, known);
    }
}

fn bases<'b>(list: &str, written: impl Iterator<Item = &'b String>) -> Vec<(String, &'b str)> {
    let numbered = written.enumerate();
    numbered.map(|(index, basis)| (format!("{list}.{index}.basis"), basis.as_str())).collect()
}

fn check_papers(subject: &Subject, procedure: &Procedure, faulty: &BTreeSet<String>) {
    let is_file = |id: &&str| {
        let field = procedure.form.field(id);
        let kind = field.is_some_and(|field| matches!(field.kind, FieldKind::File { .. }));
        kind || faulty.contains(*id)
    };
    for (index, paper) in procedure.papers.iter().enumerate() {
        let ids = procedure.form.fields().map(|field| field.id.as_str());
        let at = format!("paper.{index}.field");
        subject.reference(&at, "trường tệp", &paper.field, ids.filter(is_file));
    }
}

fn check_fees(subject: &Subject, procedure: &Procedure, scope: &Scope) {
    let ids = procedure.fees.iter().enumerate();
    subject.unique("Phí", ids.map(|(index, fee)| (fee.id.as_str(), format!("fee.{index}.id"))));
    for (index, fee) in procedure.fees.iter().enumerate() {
        subject.slug(&format!("fee.{index}.id"), &fee.id);
        subject.expression(&format!("fee.{index}.amount"), &fee.amount, scope, &Type::Int);
        subject.condition(&format!("fee.{index}.when"), fee.when.as_ref(), scope);
    }
}

fn check_lookups(subject: &Subject, procedure: &Procedure, scope: &Scope) {
    let ids = procedure.lookups.iter().enumerate();
    let ids = ids.map(|(index, lookup)| (lookup.id.as_str(), format!("lookup.{index}.id")));
    subject.unique("Phần tra cứu", ids);
    for (index, lookup) in procedure.lookups.iter().enumerate() {
        let at = |key: &str| format!("lookup.{index}.{key}");
        subject.name(&at("id"), &lookup.id);
        check_lookup_register(subject, &at("register"), lookup, scope);
        subject.condition(&at("when"), lookup.when.as_ref(), scope);
        let registers = lookup_registers(subject, procedure, lookup);
        if lookup.matches.is_empty() {
            let message = "Phần tra cứu phải có ít nhất một điều kiện trong “matches”.";
            subject.error(&at("matches"), "no-matches", message);
        }
        check_matches(subject, &at("matches"), &lookup.matches, &registers, scope);
    }
}

fn check_lookup_register(subject: &Subject, at: &str, lookup: &Lookup, scope: &Scope) {
    let registers = || subject.shelf.registers.values.keys().map(String::as_str);
    if let Some(id) = lookup.register.as_text_literal() {
        subject.reference(at, "sổ", id, registers());
        return;
    }
    // A single word that is no question of the form was meant as a register's name.
    let written = lookup.register.source();
    let is_word = written.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    if is_word && scope.get(written).is_none() {
        subject.reference(at, "sổ", written, registers());
        return;
    }
    let kind = subject.type_of(at, &lookup.register, scope);
    match &kind {
        Type::Choice(choices) => {
            for code in &choices.codes {
                subject.reference(at, "sổ", code, registers());
            }
        }
        Type::Text | Type::Unknown => {}
        other => {
            let message = format!("Ở đây cần tên một sổ, biểu thức cho {other}.");
            subject.error(at, "wrong-expression-type", message);
        }
    }
}

/// `register field = expression`, for lookups and comparisons.
fn check_matches(
    subject: &Subject,
    at: &str,
    matches: &BTreeMap<String, Expression>,
    registers: &[&Register],
    scope: &Scope,
) {
    let vocabulary = subject.vocabulary();
    let columns = || registers.iter().flat_map(|register| &register.fields);
    let own = |name: &str| MATCH_NAMES.iter().find(|(own, _)| *own == name);
    for (name, expression) in matches {
        let at = format!("{at}.{name}");
        let column = columns().find(|column| &column.id == name);
        let wanted = match (own(name), column) {
            (Some((_, kind)), _) => kind.clone(),
            (None, Some(column)) => vocabulary.register_value(&column.kind),
            (None, None) => {
                // Without a register, its absence has been reported.
                if !registers.is_empty() {
                    let ids = columns().map(|column| column.id.as_str());
                    let known = ids.chain(MATCH_NAMES.iter().map(|(own, _)| *own));
                    subject.reference(&at, "cột của sổ", name, known);
                }
                Type::Unknown
            }
        };
        subject.expression(&at, expression, scope, &wanted);
    }
}

fn check_checks(subject: &Subject, procedure: &Procedure, scopes: &Scopes) {
    let scope = &scopes.full;
    let ids = procedure.checks.iter().enumerate();
    let ids = ids.map(|(index, check)| (check.id.as_str(), format!("check.{index}.id")));
    subject.unique("Phần đối chiếu", ids);
    for (index, check) in procedure.checks.iter().enumerate() {
        let at = |key: &str| format!("check.{index}.{key}");
        subject.slug(&at("id"), &check.id);
        let inner = check_source_scope(subject, procedure, check, scopes, &at);
        subject.expression(&at("holds"), &check.holds, &inner, &Type::Bool);
        subject.condition(&at("when"), check.when.as_ref(), scope);
        for (number, field) in check.fields.iter().enumerate() {
            subject.field_path(&at(&format!("fields.{number}")), field, scope);
        }
    }
}

/// Checks where a comparison looks, and gives the names that its condition sees.
fn check_source_scope(
    subject: &Subject,
    procedure: &Procedure,
    check: &Check,
    scopes: &Scopes,
    at: &dyn Fn(&str) -> String,
) -> Scope {
    let (vocabulary, scope) = (subject.vocabulary(), &scopes.full);
    match &check.source {
        CheckSource::Register { register, matches, .. } => {
            let registers = &subject.shelf.registers.values;
            let ids = registers.keys().map(String::as_str);
            subject.reference(&at("register"), "sổ", register, ids);
            let register = registers.get(register).map(AsRef::as_ref);
            let searched: Vec<&Register> = register.into_iter().collect();
            check_matches(subject, &at("matches"), matches, &searched, scope);
            if matches.is_empty() && !register.is_none_or(|_| subject.is_faulty(&at("matches"))) {
                let message = "Đối chiếu với sổ phải có ít nhất một điều kiện trong “matches”.";
                subject.error(&at("register"), "no-matches", message);
            }
            vocabulary.with_register(scope.clone(), register)
        }
        CheckSource::Population { field } => {
            let is_person = |id: &&str| {
                let field = procedure.form.field(id);
                let kind =
                    field.is_some_and(|field| matches!(field.kind, FieldKind::Person { .. }));
                kind || scopes.faulty.contains(*id)
            };
            let persons = procedure.form.fields().map(|field| field.id.as_str()).filter(is_person);
            subject.reference(&at("population"), "trường người", field, persons);
            vocabulary.with_population(scope.clone())
        }
    }
}

fn check_requests(subject: &Subject, procedure: &Procedure, scope: &Scope) {
    let ids = procedure.requests.iter().enumerate();
    let ids = ids.map(|(index, request)| (request.id.as_str(), format!("request.{index}.id")));
    subject.unique("Yêu cầu", ids);
    for (index, request) in procedure.requests.iter().enumerate() {
        check_request(subject, index, request, scope);
    }
}

fn check_request(subject: &Subject, index: usize, request: &ExchangeRequest, scope: &Scope) {
    let at = |key: &str| format!("request.{index}.{key}");
    subject.name(&at("id"), &request.id);
    subject.reference(&at("service"), "dịch vụ", &request.service, SERVICES);
    for (name, expression) in &request.parameters {
        subject.type_of(&at(&format!("parameters.{name}")), expression, scope);
    }
}
