//! Answers that must be there and are not.

use pack::expr;
use pack::model::{Field, FieldKind};
use pack::{Facts, Row};
use serde_json::{Map, Value as Json};

use super::Layout;
use super::reader::{Origin, Reader};
use super::settle::Settled;
use super::spot::Spot;
use super::words::Deed;

/// Reports every visible field that must be answered and is not, and the same inside rows.
pub(crate) fn report_missing(layout: &Layout<'_>, settled: &Settled, reader: &mut Reader<'_>) {
    let ctx = reader.ctx;
    let facts = ctx.facts(layout.form, &settled.answers);
    for (place, (field, _)) in layout.fields.iter().enumerate() {
        if !settled.is_visible(place) || field.compute.is_some() {
            continue;
        }
        reader.origin = Origin { field: place, inner: None };
        let spot = Spot::field(&field.id, &field.label.vi);
        match settled.answers.get(&field.id) {
            None if must_be_answered(field, &facts) => reader.report_missing_answer(field, &spot),
            Some(Json::Array(rows)) => reader.inside_rows(field, rows, &spot, settled, &facts),
            _ => {}
        }
    }
}

fn must_be_answered(field: &Field, facts: &Facts<'_>) -> bool {
    let condition = field.required_when.as_ref();
    field.required || condition.is_some_and(|condition| expr::is_true(condition, facts))
}

impl Reader<'_> {
    fn report_missing_answer(&mut self, field: &Field, spot: &Spot<'_>) {
        // What was typed and could not be kept has its problem already.
        let has_problem = self.problems.iter().any(|(origin, _)| *origin == self.origin);
        if has_problem {
            return;
        }
        match &field.kind {
            FieldKind::Person { parts, optional } => {
                self.report_missing_person(spot, parts, optional);
            }
            FieldKind::Address { detail_required } => {
                self.report_missing_address(spot, *detail_required);
            }
            FieldKind::Group { min, row_name, .. } => {
                let fewest = (*min).max(1);
                self.too_few_rows(spot, fewest, &row_name.vi);
            }
            kind => self.report_missing(Deed::of(kind), spot),
        }
    }

    fn inside_rows(
        &mut self,
        field: &Field,
        rows: &[Json],
        spot: &Spot<'_>,
        settled: &Settled,
        outer: &Facts<'_>,
    ) {
        let FieldKind::Group { fields, min, row_name, .. } = &field.kind else {
            return;
        };
        let fewest = usize::try_from(*min).unwrap_or(usize::MAX);
        if rows.len() < fewest && must_be_answered(field, outer) {
            self.too_few_rows(spot, *min, &row_name.vi);
        }
        let group = self.origin;
        for (number, row) in rows.iter().enumerate() {
            let Json::Object(row) = row else { continue };
            let spot = spot.row(number, &row_name.vi);
            self.inside_row(fields, (number, row), &spot, settled, outer);
            self.origin = group;
        }
    }

    fn inside_row(
        &mut self,
        fields: &[Field],
        (number, row): (usize, &Map<String, Json>),
        spot: &Spot<'_>,
        settled: &Settled,
        outer: &Facts<'_>,
    ) {
        let facts = Facts { row: Some(Row { fields, answers: row }), ..*outer };
        for (inner, field) in fields.iter().enumerate() {
            let is_asked = settled.is_asked_in_row(self.origin.field, number, inner);
            let is_missing = field.compute.is_none() && !row.contains_key(&field.id);
            if is_asked && is_missing && must_be_answered(field, &facts) {
                self.origin.inner = Some((number, inner));
                self.report_missing_answer(field, &spot.part(&field.id, &field.label.vi));
            }
        }
    }

    fn too_few_rows(&mut self, spot: &Spot<'_>, fewest: u32, row_name: &str) {
        let name = spot.name.at_start();
        let message = format!("{name}: hãy nhập ít nhất {fewest} {}.", row_name.trim());
        self.report("group.too-few", spot, message);
    }
}
