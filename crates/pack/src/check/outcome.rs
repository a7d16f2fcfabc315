//! What a procedure leaves behind: the entry, the amendment, the results.

use std::collections::BTreeSet;

use super::procedure::lookup_registers;
use super::shared::check_template;
use super::subject::Subject;
use crate::expr::{Scope, Type};
use crate::model::{
    AmendRule, AnnotateRule, EntryRule, Field, FieldKind, Procedure, Register, ResultDocument,
    ValueKind,
};

pub(super) fn check_outcome(subject: &Subject, procedure: &Procedure, scope: &Scope) {
    if let Some(entry) = &procedure.entry {
        check_entry(subject, procedure, entry, scope);
    }
    if let Some(amend) = &procedure.amend {
        check_amend(subject, procedure, amend, scope);
    }
    let ids = procedure.results.iter().enumerate();
    let ids = ids.map(|(index, result)| (result.id.as_str(), format!("result.{index}.id")));
    subject.unique("Kết quả", ids);
    for (index, result) in procedure.results.iter().enumerate() {
        check_result(subject, procedure, index, result, scope);
    }
}

fn check_entry(subject: &Subject, procedure: &Procedure, entry: &EntryRule, scope: &Scope) {
    let registers = &subject.shelf.registers.values;
    subject.reference(
        "entry.register",
        "sổ",
        &entry.register,
        registers.keys().map(String::as_str),
    );
    if let Some(register) = registers.get(&entry.register) {
        check_entry_fields(subject, entry, register, scope);
    }
    if entry.subjects.is_empty() && !subject.is_faulty("entry.subjects") {
        let message = "“subjects” trống: việc này sẽ không hiện với người dân có liên quan.";
        subject.warning("entry.register", "no-subjects", message);
    }
    for (index, person) in entry.subjects.iter().enumerate() {
        subject.expression(&format!("entry.subjects.{index}"), person, scope, &Type::Text);
    }
    for (index, annotation) in entry.annotate.iter().enumerate() {
        let at = |key: &str| format!("entry.annotate.{index}.{key}");
        if check_lookup_name(subject, procedure, &at("lookup"), &annotation.lookup) {
            check_annotation_kind(subject, procedure, &at("kind"), annotation);
        }
        subject.expression(&at("text"), &annotation.text, scope, &Type::Text);
    }
}

fn check_entry_fields(subject: &Subject, entry: &EntryRule, register: &Register, scope: &Scope) {
    let vocabulary = subject.vocabulary();
    for (name, expression) in &entry.fields {
        let at = format!("entry.fields.{name}");
        let ids = register.fields.iter().map(|field| field.id.as_str());
        subject.reference(&at, "cột của sổ", name, ids);
        let field = register.field(name);
        let wanted = field.map_or(Type::Unknown, |field| vocabulary.register_value(&field.kind));
        subject.expression(&at, expression, scope, &wanted);
    }
    let missing = register.fields.iter().filter(|field| field.required);
    let missing = missing.filter(|field| !entry.fields.contains_key(&field.id));
    let names: Vec<&str> = missing.map(|field| field.id.as_str()).collect();
    if !names.is_empty() {
        let message = format!("Sổ “{}” bắt buộc các cột: {}.", register.id, names.join(", "));
        subject.error("entry.register", "missing-entry-fields", message);
    }
}

fn check_lookup_name(subject: &Subject, procedure: &Procedure, at: &str, name: &str) -> bool {
    let lookups = procedure.lookups.iter().map(|lookup| lookup.id.as_str());
    subject.reference(at, "phần tra cứu", name, lookups)
}

/// The kind is one of every register that the lookup may search.
fn check_annotation_kind(
    subject: &Subject,
    procedure: &Procedure,
    at: &str,
    annotation: &AnnotateRule,
) {
    let lookup = procedure.lookups.iter().find(|lookup| lookup.id == annotation.lookup);
    let registers =
        lookup.map(|lookup| lookup_registers(subject, procedure, lookup)).unwrap_or_default();
    for register in registers {
        let known = register.annotations.iter().map(|kind| kind.id.as_str());
        let what = format!("loại ghi chú của sổ “{}”:", register.id);
        subject.reference(at, &what, &annotation.kind, known);
    }
}

fn check_amend(subject: &Subject, procedure: &Procedure, amend: &AmendRule, scope: &Scope) {
    check_lookup_name(subject, procedure, "amend.lookup", &amend.lookup);
    if let Some(heading) = &amend.heading {
        subject.expression("amend.heading", heading, scope, &Type::Text);
    }
    subject.expression("amend.reason", &amend.reason, scope, &Type::Text);
    subject.expression("amend.basis_paper", &amend.basis_paper, scope, &Type::Text);
    let groups =
        procedure.form.fields().filter(|field| matches!(field.kind, FieldKind::Group { .. }));
    let groups: Vec<&str> = groups.map(|field| field.id.as_str()).collect();
    if !subject.reference("amend.changes", "nhóm", &amend.changes, groups) {
        return;
    }
    let changes = procedure.form.field(&amend.changes).map(|field| &field.kind);
    let Some(FieldKind::Group { fields, .. }) = changes else {
        return;
    };
    let texts = || {
        let kinds = fields.iter().filter(|field| subject.vocabulary().field(&field.kind).is_text());
        kinds.map(|field| field.id.as_str())
    };
    subject.reference("amend.value", "trường chữ trong nhóm", &amend.value, texts());
    subject.reference("amend.field", "trường chữ trong nhóm", &amend.field, texts());
    if let Some(address) = &amend.address {
        let kind = |field: &&Field| matches!(field.kind, FieldKind::Address { .. });
        let known = fields.iter().filter(kind).map(|field| field.id.as_str());
        subject.reference("amend.address", "trường địa chỉ trong nhóm", address, known);
    }
    let named = fields.iter().find(|field| field.id == amend.field).map(|field| &field.kind);
    if let Some(FieldKind::Choice { options, list }) = named {
        let listed = list.as_ref().and_then(|list| subject.shelf.code_lists.values.get(list));
        let offered = listed.map_or(options, |list| &list.items);
        let codes: Vec<&str> = offered.iter().map(|option| option.code.as_str()).collect();
        check_amendable(subject, procedure, amend, &codes);
    }
}

/// Each field that the form offers to change may be changed in some register that is searched.
fn check_amendable(subject: &Subject, procedure: &Procedure, amend: &AmendRule, codes: &[&str]) {
    let lookup = procedure.lookups.iter().find(|lookup| lookup.id == amend.lookup);
    let Some(lookup) = lookup else { return };
    let registers = lookup_registers(subject, procedure, lookup);
    let columns = || registers.iter().flat_map(|register| &register.fields);
    let amendable: BTreeSet<&str> =
        columns().filter(|column| column.amendable).map(|column| column.id.as_str()).collect();
    let addresses = columns().filter(|column| column.kind == ValueKind::Address);
    let mut asked = addresses.filter(|column| codes.contains(&column.id.as_str()));
    if let (None, Some(column)) = (&amend.address, asked.next()) {
        let message = format!(
            "Cột “{}” là địa chỉ: cần “address”, tên trường địa chỉ trong nhóm cho giá trị mới.",
            column.id
        );
        subject.error("amend.field", "no-address-field", message);
    }
    for code in codes.iter().filter(|code| !amendable.contains(*code)) {
        let message = format!("Lựa chọn “{code}” không phải cột được phép cải chính của sổ.");
        subject.error("amend.field", "not-amendable", message);
    }
}

fn check_result(
    subject: &Subject,
    procedure: &Procedure,
    index: usize,
    result: &ResultDocument,
    scope: &Scope,
) {
    let at = |key: &str| format!("result.{index}.{key}");
    subject.slug(&at("id"), &result.id);
    check_template(subject, &at("template"), subject.folder(), &result.template);
    if let Some(copies) = &result.copies {
        subject.expression(&at("copies"), copies, scope, &Type::Int);
    }
    subject.condition(&at("when"), result.when.as_ref(), scope);
    let Some(registers) = shown_registers(subject, procedure, &at("shows"), &result.shows) else {
        return;
    };
    let columns = || registers.iter().flat_map(|register| &register.fields);
    for (number, name) in result.qr_fields.iter().enumerate() {
        let ids = columns().map(|column| column.id.as_str());
        subject.reference(&at(&format!("qr_fields.{number}")), "cột của sổ", name, ids);
    }
}

/// The registers that a result may show an entry of; `None` when that has been reported.
fn shown_registers<'c>(
    subject: &Subject<'c>,
    procedure: &Procedure,
    at: &str,
    shows: &str,
) -> Option<Vec<&'c Register>> {
    let lookup = |id: &str| procedure.lookups.iter().find(|lookup| lookup.id == id);
    match (shows, &procedure.entry, &procedure.amend) {
        ("entry", Some(entry), _) => {
            let register = subject.shelf.registers.values.get(&entry.register)?;
            Some(vec![register.as_ref()])
        }
        ("amended", _, Some(amend)) => {
            Some(lookup_registers(subject, procedure, lookup(&amend.lookup)?))
        }
        _ => {
            let lookups = procedure.lookups.iter().map(|lookup| lookup.id.as_str());
            let entry = procedure.entry.is_some().then_some("entry");
            let amended = procedure.amend.is_some().then_some("amended");
            let known = lookups.chain(entry).chain(amended);
            let sound = subject.reference(at, "việc hộ tịch để in", shows, known);
            let found = lookup(shows).filter(|_| sound)?;
            Some(lookup_registers(subject, procedure, found))
        }
    }
}
