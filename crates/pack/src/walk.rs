//! All expressions of a procedure, wherever they stand.

use std::collections::BTreeSet;

use crate::expr::Expression;
use crate::model::{CheckSource, Field, FieldKind, PersonPart, Procedure};

impl Procedure {
    /// The parts of the applicant's record that some expression of this procedure names: what a
    /// dossier has to keep of it, and no more.
    pub fn applicant_parts(&self) -> BTreeSet<String> {
        let mut parts = BTreeSet::new();
        self.for_each_expression(&mut |expression| {
            expression.for_each_path(&mut |path| {
                if path.root() != "applicant" {
                    return;
                }
                match path.rest().first() {
                    Some(part) => drop(parts.insert(part.to_string())),
                    None => parts.extend(PersonPart::ALL.map(|part| part.key().to_owned())),
                }
            });
        });
        parts
    }

    /// Calls `visit` for every expression.
    pub(crate) fn for_each_expression<'a>(&'a self, visit: &mut dyn FnMut(&'a Expression)) {
        self.time.cases.iter().for_each(|case| visit(&case.when));
        for fee in &self.fees {
            visit(&fee.amount);
            fee.when.iter().for_each(&mut *visit);
        }
        for section in &self.form.sections {
            section.visible_when.iter().for_each(&mut *visit);
            section.fields.iter().for_each(|field| in_field(field, visit));
        }
        for rule in &self.form.rules {
            visit(&rule.holds);
            rule.when.iter().for_each(&mut *visit);
        }
        for lookup in &self.lookups {
            visit(&lookup.register);
            lookup.matches.values().chain(&lookup.when).for_each(&mut *visit);
        }
        for check in &self.checks {
            visit(&check.holds);
            check.when.iter().for_each(&mut *visit);
            if let CheckSource::Register { matches, .. } = &check.source {
                matches.values().for_each(&mut *visit);
            }
        }
        for request in &self.requests {
            request.parameters.values().for_each(&mut *visit);
        }
        if let Some(entry) = &self.entry {
            entry.fields.values().chain(&entry.subjects).for_each(&mut *visit);
            entry.annotate.iter().for_each(|annotation| visit(&annotation.text));
        }
        if let Some(amend) = &self.amend {
            amend.heading.iter().for_each(&mut *visit);
            visit(&amend.reason);
            visit(&amend.basis_paper);
        }
        for result in &self.results {
            result.copies.iter().chain(&result.when).for_each(&mut *visit);
        }
        for action in &self.workflow.actions {
            action.when.iter().for_each(&mut *visit);
        }
    }
}

fn in_field<'a>(field: &'a Field, visit: &mut dyn FnMut(&'a Expression)) {
    let own = [&field.required_when, &field.visible_when, &field.compute];
    own.into_iter().flatten().for_each(&mut *visit);
    if let FieldKind::Group { fields, .. } = &field.kind {
        fields.iter().for_each(|field| in_field(field, visit));
    }
}
