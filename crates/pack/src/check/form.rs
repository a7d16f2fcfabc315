//! The form: fields, conditions, computations, rules.

use std::collections::BTreeSet;

use super::subject::Subject;
use crate::expr::{Scope, Type};
use crate::model::{Field, FieldKind, Form, Prefill, Procedure, Rule, Section};
use crate::order::{Dependent, sort};

pub(super) fn check_form(subject: &Subject, procedure: &Procedure, scope: &Scope) {
    let form = &procedure.form;
    check_ids(subject, form);
    for (index, section) in form.sections.iter().enumerate() {
        check_section(subject, index, section, scope);
    }
    for (index, rule) in form.rules.iter().enumerate() {
        check_rule(subject, index, rule, scope);
    }
    check_cycles(subject, form);
}

/// The fields whose kind could not be read as written: their type is not known.
pub(super) fn faulty_fields(subject: &Subject, form: &Form) -> BTreeSet<String> {
    let mut faulty = BTreeSet::new();
    for (field, at) in numbered_fields(form) {
        let keys = ["type", "options", "list", "parts", "field"];
        if keys.iter().any(|key| subject.is_faulty(&format!("{at}.{key}"))) {
            faulty.insert(field.id.clone());
        }
    }
    faulty
}

fn numbered_fields(form: &Form) -> Vec<(&Field, String)> {
    let mut fields = Vec::new();
    for (number, section) in form.sections.iter().enumerate() {
        let at = |index| format!("section.{number}.field.{index}");
        fields.extend(section.fields.iter().enumerate().map(|(index, field)| (field, at(index))));
    }
    fields
}

fn check_ids(subject: &Subject, form: &Form) {
    let sections = form.sections.iter().enumerate();
    let sections =
        sections.map(|(index, section)| (section.id.as_str(), format!("section.{index}.id")));
    subject.unique("Phần", sections);
    let fields = numbered_fields(form);
    let ids = fields.iter().map(|(field, at)| (field.id.as_str(), format!("{at}.id")));
    subject.unique("Trường", ids);
    let rules = form.rules.iter().enumerate();
    subject.unique(
        "Quy tắc",
        rules.map(|(index, rule)| (rule.id.as_str(), format!("rule.{index}.id"))),
    );
}

fn check_section(subject: &Subject, index: usize, section: &Section, scope: &Scope) {
    let at = format!("section.{index}");
    subject.slug(&format!("{at}.id"), &section.id);
    subject.condition(&format!("{at}.visible_when"), section.visible_when.as_ref(), scope);
    for (number, field) in section.fields.iter().enumerate() {
        check_field(subject, &format!("{at}.field.{number}"), field, scope);
    }
}

fn check_field(subject: &Subject, at: &str, field: &Field, scope: &Scope) {
    let inner = |key: &str| format!("{at}.{key}");
    subject.name(&inner("id"), &field.id);
    subject.condition(&inner("visible_when"), field.visible_when.as_ref(), scope);
    subject.condition(&inner("required_when"), field.required_when.as_ref(), scope);
    check_kind(subject, at, field, scope);
    check_prefill(subject, at, field);
    if let Some(compute) = &field.compute {
        let unreadable = subject.is_faulty(&inner("type"));
        let own = subject.vocabulary().field(&field.kind);
        let wanted = if unreadable { Type::Unknown } else { own };
        subject.expression(&inner("compute"), compute, scope, &wanted);
        if field.prefill.is_some() {
            let message = "Trường được tính (“compute”) thì không điền sẵn (“prefill”).";
            subject.error(&inner("prefill"), "computed-and-filled", message);
        }
    }
}

fn check_kind(subject: &Subject, at: &str, field: &Field, scope: &Scope) {
    let inner = |key: &str| format!("{at}.{key}");
    let lists = || subject.shelf.code_lists.values.keys().map(String::as_str);
    match &field.kind {
        FieldKind::Choice { options, list } => {
            if let Some(list) = list {
                subject.reference(&inner("list"), "danh mục", list, lists());
            }
            let codes = options.iter().enumerate();
            let codes = codes.map(|(index, option)| {
                (option.code.as_str(), format!("{at}.options.{index}.code"))
            });
            subject.unique("Mã", codes);
        }
        FieldKind::Person { parts, optional } => {
            let unread = subject.is_faulty(&inner("parts"));
            for part in optional.iter().filter(|part| !unread && !parts.contains(part)) {
                let message = format!("“{}” không có trong “parts”.", part.key());
                subject.error(&inner("optional"), "unknown-reference", message);
            }
            for list in parts.iter().filter_map(|part| part.code_list()) {
                subject.reference(&inner("parts"), "danh mục", list, lists());
            }
        }
        FieldKind::Group { fields, .. } => check_group(subject, at, fields, scope),
        _ => {}
    }
}

fn check_group(subject: &Subject, at: &str, fields: &[Field], scope: &Scope) {
    let vocabulary = subject.vocabulary();
    let mut row_scope = scope.clone();
    for field in fields {
        row_scope.insert(&field.id, vocabulary.field(&field.kind));
    }
    let ids = fields.iter().enumerate();
    let ids = ids.map(|(index, field)| (field.id.as_str(), format!("{at}.field.{index}.id")));
    subject.unique("Trường", ids);
    for (index, field) in fields.iter().enumerate() {
        check_field(subject, &format!("{at}.field.{index}"), field, &row_scope);
    }
    let dependents: Vec<Dependent> = fields.iter().map(Dependent::of).collect();
    report_cycle(subject, &dependents, |index| format!("{at}.field.{index}"));
}

fn check_prefill(subject: &Subject, at: &str, field: &Field) {
    let for_address = field.prefill == Some(Prefill::ApplicantResidence);
    let fits = match &field.kind {
        FieldKind::Address { .. } => for_address,
        FieldKind::Person { .. } => !for_address,
        _ => false,
    };
    if field.prefill.is_some() && !fits && !subject.is_faulty(&format!("{at}.type")) {
        let message = if for_address {
            "“applicant-residence” chỉ điền trường địa chỉ (address)."
        } else {
            "Chỉ điền sẵn được trường người (person); địa chỉ dùng “applicant-residence”."
        };
        subject.error(&format!("{at}.prefill"), "wrong-prefill", message);
    }
    if field.locked && field.prefill.is_none() {
        let message = "“locked” chỉ dùng cho trường điền sẵn (“prefill”).";
        subject.error(&format!("{at}.locked"), "locked-without-prefill", message);
    }
}

fn check_rule(subject: &Subject, index: usize, rule: &Rule, scope: &Scope) {
    let at = |key: &str| format!("rule.{index}.{key}");
    subject.slug(&at("id"), &rule.id);
    subject.expression(&at("holds"), &rule.holds, scope, &Type::Bool);
    subject.condition(&at("when"), rule.when.as_ref(), scope);
    for (number, field) in rule.fields.iter().enumerate() {
        subject.field_path(&at(&format!("fields.{number}")), field, scope);
    }
}

fn check_cycles(subject: &Subject, form: &Form) {
    let places: Vec<String> = numbered_fields(form).into_iter().map(|(_, at)| at).collect();
    report_cycle(subject, &form.dependencies(), |index| {
        places.get(index).cloned().unwrap_or_default()
    });
}

fn report_cycle(subject: &Subject, dependents: &[Dependent], place: impl Fn(usize) -> String) {
    let Some(cycle) = sort(dependents).1 else {
        return;
    };
    let Some(first) = cycle.first().copied() else {
        return;
    };
    let around = cycle.iter().chain([&first]).filter_map(|index| dependents.get(*index));
    let names: Vec<&str> = around.map(|dependent| dependent.id).collect();
    let message = format!("Điều kiện hoặc cách tính đi vòng: {}.", names.join(" → "));
    let at = place(first);
    let section = at.split_once(".field").map_or("", |(section, _)| section);
    let keys =
        [format!("{at}.compute"), format!("{at}.visible_when"), format!("{section}.visible_when")];
    let written = keys.iter().find(|key| subject.place.document.spans.contains_key(*key));
    subject.error(written.unwrap_or(&at), "cycle", message);
}
