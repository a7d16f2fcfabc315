//! Registers, code lists, slips, roles, offices, settings, demonstration accounts.

use kernel::person_number::PersonNumber;

use super::subject::Subject;
use crate::content::template_candidates;
use crate::load::{Layer, Shelf};
use crate::model::{Register, RegisterField, ValueKind};
use crate::problem::Diagnostics;
use crate::scope::{ENTRY_NAMES, MATCH_NAMES};

pub(super) fn check_shared(shelf: &Shelf, diagnostics: &Diagnostics) {
    each(shelf, diagnostics, &shelf.registers, |subject, _, register| {
        check_register(subject, register);
    });
    each(shelf, diagnostics, &shelf.code_lists, |subject, id, list| {
        subject.slug("id", id);
        let items = list.items.iter().enumerate();
        let codes = items.map(|(index, item)| (item.code.as_str(), format!("item.{index}.code")));
        subject.unique("Mã", codes);
    });
    each(shelf, diagnostics, &shelf.slips, |subject, id, slip| {
        subject.slug("id", id);
        check_template(subject, "template", "", &slip.template);
    });
    each(shelf, diagnostics, &shelf.roles, |subject, id, _| {
        subject.slug("id", id);
        if matches!(id, "applicant" | "none") {
            subject.error("id", "bad-id", format!("“{id}” là tên dành riêng; chọn tên khác."));
        }
    });
    each(shelf, diagnostics, &shelf.offices, |subject, unit, _| check_unit(subject, "unit", unit));
    check_settings(shelf, diagnostics);
    check_accounts(shelf, diagnostics);
}

fn each<'f, T>(
    shelf: &Shelf<'f>,
    diagnostics: &Diagnostics,
    layer: &Layer<'f, T>,
    check: impl Fn(&Subject, &str, &T),
) {
    for (id, value) in &layer.values {
        if let Some(place) = layer.places.get(id) {
            check(&Subject { shelf, diagnostics, place }, id, value);
        }
    }
}

/// A template beside the procedure `slug` or among the shared ones.
pub(super) fn check_template(subject: &Subject, at: &str, slug: &str, file: &str) {
    let candidates = template_candidates(slug, file);
    let known = |path: &String| subject.shelf.templates.contains_key(path);
    if !file.is_empty() && !candidates.iter().any(known) {
        let [beside, shared] = candidates;
        let place = if slug.is_empty() { shared } else { format!("{beside} hoặc {shared}") };
        subject.error(at, "missing-template", format!("Không có tệp mẫu {place}."));
    }
}

fn check_unit(subject: &Subject, at: &str, code: &str) {
    let known = subject.shelf.units.name(code).is_some();
    if !known && !code.is_empty() {
        let message = format!("Không có đơn vị hành chính mã “{code}”.");
        subject.error(at, "unknown-reference", message);
    }
}

fn check_register(subject: &Subject, register: &Register) {
    let at = |index: usize, key: &str| format!("field.{index}.{key}");
    let numbered = || register.fields.iter().enumerate();
    subject.slug("id", &register.id);
    subject.unique("Cột", numbered().map(|(index, field)| (field.id.as_str(), at(index, "id"))));
    for (index, field) in numbered() {
        check_register_field(subject, field, &|key| at(index, key));
    }
    let kinds = register.annotations.iter().enumerate();
    let kind_ids =
        || kinds.clone().map(|(index, kind)| (kind.id.as_str(), format!("annotation.{index}.id")));
    subject.unique("Loại ghi chú", kind_ids());
    for (id, at) in kind_ids() {
        subject.slug(&at, id);
    }
    let ids = || register.fields.iter().map(|field| field.id.as_str());
    subject.reference("title_field", "cột", &register.title_field, ids());
    check_format(subject, "number_format", &register.number_format, &["number", "book", "year"]);
    check_format(subject, "book_format", &register.book_format, &["book", "year"]);
    if !register.number_format.contains("{number}") && !register.number_format.is_empty() {
        subject.error("number_format", "bad-format", "Thiếu {number} trong cách viết số.");
    }
}

fn check_register_field(subject: &Subject, field: &RegisterField, at: &dyn Fn(&str) -> String) {
    subject.name(&at("id"), &field.id);
    let taken = ENTRY_NAMES.iter().chain(&MATCH_NAMES).map(|(name, _)| *name);
    if taken.chain(["register"]).any(|name| name == field.id) {
        let message = format!("“{}” là tên dành riêng của mọi sổ; chọn tên khác.", field.id);
        subject.error(&at("id"), "bad-id", message);
    }
    if let ValueKind::Code(list) = &field.kind {
        let lists = subject.shelf.code_lists.values.keys().map(String::as_str);
        subject.reference(&at("type"), "danh mục", list, lists);
    }
}

/// Only the known placeholders may stand in braces.
fn check_format(subject: &Subject, at: &str, format: &str, known: &[&str]) {
    for after in format.split('{').skip(1) {
        let name = after.split('}').next().unwrap_or_default();
        if !after.contains('}') || !known.contains(&name) {
            let all = known.iter().map(|name| format!("{{{name}}}")).collect::<Vec<_>>().join(", ");
            subject.error(at, "bad-format", format!("Trong ngoặc nhọn chỉ dùng: {all}."));
        }
    }
}

fn check_settings(shelf: &Shelf, diagnostics: &Diagnostics) {
    if let Some(settings) = &shelf.settings {
        let subject = Subject { shelf, diagnostics, place: &settings.place };
        check_unit(&subject, "province", &settings.value.province);
    }
}

fn check_accounts(shelf: &Shelf, diagnostics: &Diagnostics) {
    let Some(placed) = &shelf.accounts else {
        return;
    };
    let subject = Subject { shelf, diagnostics, place: &placed.place };
    let accounts = || placed.value.accounts.iter().enumerate();
    let logins = accounts()
        .map(|(index, account)| (account.login.as_str(), format!("account.{index}.login")));
    subject.unique("Tên đăng nhập", logins);
    for (index, account) in accounts() {
        let at = format!("account.{index}");
        if let Some(number) = &account.person_number
            && let Err(problem) = number.parse::<PersonNumber>()
        {
            subject.error(&format!("{at}.person_number"), &problem.code, problem.message);
        }
        if let (Some(number), Some((_, residents))) = (&account.person_number, &shelf.residents)
            && !residents.contains(number)
        {
            let message = "Số định danh này không có trong residents.toml.";
            subject.error(&format!("{at}.person_number"), "unknown-reference", message);
        }
        for (role_index, held) in account.roles.iter().enumerate() {
            let inner = |key: &str| format!("{at}.roles.{role_index}.{key}");
            let roles = shelf.roles.values.keys().map(String::as_str);
            subject.reference(&inner("role"), "vai trò", &held.role, roles);
            check_unit(&subject, &inner("unit"), &held.unit);
        }
    }
}
