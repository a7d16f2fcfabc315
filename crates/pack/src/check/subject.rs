//! What is being checked, with the tools that every check uses.

use std::collections::BTreeMap;

use crate::expr::{self, Expression, Path, Scope, Type};
use crate::load::{Place, Shelf};
use crate::nearest::did_you_mean;
use crate::problem::Diagnostics;
use crate::scope::{RESERVED_NAMES, Vocabulary};

/// A thing read from a file, with everything around it that it may refer to.
#[derive(Clone, Copy)]
pub(super) struct Subject<'c> {
    pub shelf: &'c Shelf<'c>,
    pub diagnostics: &'c Diagnostics,
    pub place: &'c Place<'c>,
}

impl<'c> Subject<'c> {
    pub fn vocabulary(&self) -> Vocabulary<'c> {
        Vocabulary { code_lists: &self.shelf.code_lists.values }
    }

    /// The folder that the file lies in.
    pub fn folder(&self) -> &'c str {
        self.place.document.path.rsplit('/').nth(1).unwrap_or_default()
    }

    pub fn error(&self, at: &str, code: &str, message: impl Into<String>) {
        let at = self.place.inner(at);
        self.diagnostics.error(self.place.document, &at, code, message);
    }

    pub fn warning(&self, at: &str, code: &str, message: impl Into<String>) {
        let at = self.place.inner(at);
        self.diagnostics.warning(self.place.document, &at, code, message);
    }

    pub fn is_faulty(&self, at: &str) -> bool {
        self.diagnostics.is_faulty(self.place.document, &self.place.inner(at))
    }

    /// Reports a name that is not among the known ones.
    pub fn reference<'k>(
        &self,
        at: &str,
        what: &str,
        name: &str,
        known: impl IntoIterator<Item = &'k str>,
    ) -> bool {
        let known: Vec<&str> = known.into_iter().collect();
        // An empty name has been reported where it was read.
        if known.contains(&name) || name.is_empty() {
            return !name.is_empty();
        }
        let hint = did_you_mean(name, known);
        self.error(at, "unknown-reference", format!("Không có {what} “{name}”.{hint}"));
        false
    }

    /// Reports ids that come twice.
    pub fn unique<'i>(&self, what: &str, ids: impl IntoIterator<Item = (&'i str, String)>) {
        let mut seen: BTreeMap<&str, String> = BTreeMap::new();
        for (id, at) in ids {
            if id.is_empty() {
                continue;
            }
            if seen.contains_key(id) {
                self.error(&at, "duplicate-id", format!("{what} “{id}” đã có ở trên."));
            }
            seen.insert(id, at);
        }
    }

    /// An id that expressions use: small letters, digits and `_`, and no word of the language.
    pub fn name(&self, at: &str, id: &str) {
        let mut letters = id.chars();
        let starts_well = letters.next().is_none_or(|first| first.is_ascii_lowercase());
        let rest = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if !starts_well || !letters.all(rest) {
            let message =
                format!("“{id}”: tên bắt đầu bằng chữ thường, chỉ gồm chữ không dấu, số và dấu _.");
            self.error(at, "bad-id", message);
        }
        if RESERVED_NAMES.contains(&id) {
            self.error(at, "bad-id", format!("“{id}” là tên dành riêng; chọn tên khác."));
        }
    }

    /// An id that addresses use: small letters, digits, `-` and `_`.
    pub fn slug(&self, at: &str, id: &str) {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
        if !id.chars().all(fits) {
            let message = format!("“{id}”: mã chỉ gồm chữ thường không dấu, số, dấu - và _.");
            self.error(at, "bad-id", message);
        }
    }

    /// Reports the faults of an expression and gives its type.
    pub fn type_of(&self, at: &str, expression: &Expression, scope: &Scope) -> Type {
        expr::check(expression, scope).unwrap_or_else(|errors| {
            let at = self.place.inner(at);
            for error in errors {
                let document = self.place.document;
                let (offset, message) = (error.offset, error.message);
                self.diagnostics.error_inside(document, &at, offset, "expression", message);
            }
            Type::Unknown
        })
    }

    /// Checks an expression whose value goes where `wanted` is asked for.
    pub fn expression(&self, at: &str, expression: &Expression, scope: &Scope, wanted: &Type) {
        let found = self.type_of(at, expression, scope);
        if let Type::Choice(choices) = wanted {
            for (offset, code) in expression.literal_results() {
                if !choices.codes.iter().any(|known| known == code) {
                    let hint = did_you_mean(code, choices.codes.iter().map(String::as_str));
                    let message = format!("“{code}” không có trong các lựa chọn.{hint}");
                    let (document, inner) = (self.place.document, self.place.inner(at));
                    self.diagnostics.error_inside(document, &inner, offset, "expression", message);
                }
            }
        }
        let text_for_code = found == Type::Text && matches!(wanted, Type::Choice(_));
        if text_for_code || found.fits(wanted) {
            return;
        }
        let message = match (&found, wanted) {
            (Type::Choice(_), Type::Choice(_)) => {
                "Biểu thức cho mã của danh sách khác với danh sách ở đây.".to_owned()
            }
            _ => format!("Ở đây cần {wanted}, biểu thức cho {found}."),
        };
        self.error(at, "wrong-expression-type", message);
    }

    pub fn condition(&self, at: &str, expression: Option<&Expression>, scope: &Scope) {
        if let Some(expression) = expression {
            self.expression(at, expression, scope, &Type::Bool);
        }
    }

    /// A field of the form, or a part of one, at which a message is shown.
    pub fn field_path(&self, at: &str, written: &str, form: &Scope) {
        let mut names = written.split('.');
        let path = Path::new(names.next().unwrap_or_default());
        let path = names.fold(path, Path::child);
        if let Err(message) = form.resolve(&path) {
            self.error(at, "unknown-reference", message);
        }
    }
}
