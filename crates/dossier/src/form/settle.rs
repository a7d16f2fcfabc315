//! Which fields are asked, and what the computed ones hold: conditions and computations evaluated
//! in the order of the form, again and again until nothing changes.
//!
//! A pack refuses cycles, so this ends after as many passes as the longest chain of conditions that
//! runs against the order of the form; the bound only guards against content that was not checked.

use std::collections::BTreeSet;

use pack::expr;
use pack::model::{Field, FieldKind};
use pack::{Facts, Row};
use serde_json::{Map, Value as Json};

use super::reader::Origin;
use super::{FormContext, Layout};
use crate::state::Answers;

/// Computed rows may change what the form asks, which may change rows again.
const MAX_ROUNDS: usize = 4;

/// The answers that count, and what is hidden.
pub(crate) struct Settled {
    pub(crate) answers: Answers,
    visible: Vec<bool>,
    visible_sections: Vec<bool>,
    /// Hidden fields inside rows: place of the group, row, place in the row.
    hidden_inner: BTreeSet<(usize, usize, usize)>,
}

impl Settled {
    pub(crate) fn is_visible(&self, place: usize) -> bool {
        self.visible.get(place).copied().unwrap_or(false)
    }

    pub(crate) fn is_asked_in_row(&self, place: usize, row: usize, inner: usize) -> bool {
        !self.hidden_inner.contains(&(place, row, inner))
    }

    /// Does a problem of this origin concern something that is asked?
    pub(crate) fn is_asked(&self, origin: Origin) -> bool {
        let is_asked_inside = |(row, inner)| self.is_asked_in_row(origin.field, row, inner);
        self.is_visible(origin.field) && origin.inner.is_none_or(is_asked_inside)
    }

    /// Ids of visible sections and fields.
    pub(crate) fn visible_ids(&self, layout: &Layout<'_>) -> BTreeSet<String> {
        let sections = layout.form.sections.iter().map(|section| &section.id);
        let sections = sections.zip(&self.visible_sections);
        let fields = layout.fields.iter().map(|(field, _)| &field.id).zip(&self.visible);
        let visible = sections.chain(fields).filter(|(_, is_visible)| **is_visible);
        visible.map(|(id, _)| id.clone()).collect()
    }
}

/// Settles the form on the answers as read.
pub(crate) fn settle(layout: &Layout<'_>, ctx: &FormContext<'_>, read: Answers) -> Settled {
    let mut settling = Settling {
        layout,
        ctx,
        shown: read,
        held: Answers::new(),
        visible: vec![true; layout.fields.len()],
        visible_sections: vec![true; layout.form.sections.len()],
        hidden_inner: BTreeSet::new(),
    };
    for _ in 0..MAX_ROUNDS {
        settling.settle_fields();
        if !settling.settle_rows() {
            break;
        }
    }
    Settled {
        answers: settling.shown,
        visible: settling.visible,
        visible_sections: settling.visible_sections,
        hidden_inner: settling.hidden_inner,
    }
}

struct Settling<'a> {
    layout: &'a Layout<'a>,
    ctx: &'a FormContext<'a>,
    /// Answers of visible fields.
    shown: Answers,
    /// Answers of hidden fields, kept until it is sure that they stay hidden.
    held: Answers,
    visible: Vec<bool>,
    visible_sections: Vec<bool>,
    hidden_inner: BTreeSet<(usize, usize, usize)>,
}

impl Settling<'_> {
    fn settle_fields(&mut self) {
        let most = self.layout.fields.len().saturating_add(2);
        for _ in 0..most {
            if !self.pass() {
                return;
            }
        }
    }

    /// One pass in the order of the form; says whether anything changed.
    fn pass(&mut self) -> bool {
        let mut changed = false;
        let mut section_of_last = None;
        for (place, (field, section)) in self.layout.fields.iter().enumerate() {
            if section_of_last != Some(*section) {
                section_of_last = Some(*section);
                self.look_at_section(*section);
            }
            let in_sight = self.visible_sections.get(*section).copied().unwrap_or(false);
            let is_visible = in_sight && self.condition(field.visible_when.as_ref());
            changed |= self.show_or_hide(place, field, is_visible);
            if let Some(compute) = field.compute.as_ref().filter(|_| is_visible) {
                let value = expr::eval(compute, &self.facts()).to_json();
                changed |= put(&mut self.shown, &field.id, value);
            }
        }
        changed
    }

    fn look_at_section(&mut self, place: usize) {
        let condition = self.layout.form.sections.get(place).and_then(|s| s.visible_when.as_ref());
        let is_visible = self.condition(condition);
        if let Some(visible) = self.visible_sections.get_mut(place) {
            *visible = is_visible;
        }
    }

    fn show_or_hide(&mut self, place: usize, field: &Field, is_visible: bool) -> bool {
        let Some(visible) = self.visible.get_mut(place) else {
            return false;
        };
        if *visible == is_visible {
            return false;
        }
        *visible = is_visible;
        let (from, to) = match is_visible {
            true => (&mut self.held, &mut self.shown),
            false => (&mut self.shown, &mut self.held),
        };
        if let Some((id, value)) = from.remove_entry(&field.id) {
            to.insert(id, value);
        }
        true
    }

    fn condition(&self, condition: Option<&expr::Expression>) -> bool {
        condition.is_none_or(|condition| expr::is_true(condition, &self.facts()))
    }

    fn facts(&self) -> Facts<'_> {
        self.ctx.facts(self.layout.form, &self.shown)
    }

    /// Conditions and computations inside the rows of groups; says whether an answer changed.
    fn settle_rows(&mut self) -> bool {
        let mut changed = false;
        self.hidden_inner.clear();
        for (place, (field, _)) in self.layout.fields.iter().enumerate() {
            let FieldKind::Group { fields, .. } = &field.kind else {
                continue;
            };
            if !fields.iter().any(|field| field.visible_when.is_some() || field.compute.is_some()) {
                continue;
            }
            // Taken out while its rows are looked at; a row does not see the group it is in.
            let Some(Json::Array(mut rows)) = self.shown.remove(&field.id) else {
                continue;
            };
            for (number, row) in rows.iter_mut().enumerate() {
                if let Json::Object(row) = row {
                    changed |= self.settle_row(place, number, fields, row);
                }
            }
            self.shown.insert(field.id.clone(), Json::Array(rows));
        }
        changed
    }

    fn settle_row(
        &mut self,
        place: usize,
        number: usize,
        fields: &[Field],
        row: &mut Map<String, Json>,
    ) -> bool {
        let before = row.clone();
        let mut held = Map::new();
        let mut visible = vec![true; fields.len()];
        for _ in 0..fields.len().saturating_add(2) {
            if !self.pass_row(fields, row, &mut held, &mut visible) {
                break;
            }
        }
        for (inner, is_visible) in visible.iter().enumerate() {
            if !is_visible {
                self.hidden_inner.insert((place, number, inner));
            }
        }
        *row != before
    }

    fn pass_row(
        &self,
        fields: &[Field],
        row: &mut Map<String, Json>,
        held: &mut Map<String, Json>,
        visible: &mut [bool],
    ) -> bool {
        let mut changed = false;
        for (field, visible) in fields.iter().zip(visible) {
            let facts = Facts { row: Some(Row { fields, answers: row }), ..self.facts() };
            let condition = field.visible_when.as_ref();
            let is_visible = condition.is_none_or(|condition| expr::is_true(condition, &facts));
            let computed = field.compute.as_ref().filter(|_| is_visible);
            let computed = computed.map(|compute| expr::eval(compute, &facts).to_json());
            if *visible != is_visible {
                *visible = is_visible;
                changed = true;
                let (from, to) =
                    if is_visible { (&mut *held, &mut *row) } else { (&mut *row, &mut *held) };
                if let Some((id, value)) = from.remove_entry(&field.id) {
                    to.insert(id, value);
                }
            }
            if let Some(value) = computed {
                changed |= put(row, &field.id, value);
            }
        }
        changed
    }
}

/// Sets or removes an answer; says whether that changed anything.
fn put(answers: &mut Map<String, Json>, id: &str, value: Json) -> bool {
    if answers.get(id) == Some(&value) || (value.is_null() && !answers.contains_key(id)) {
        return false;
    }
    match value {
        Json::Null => answers.remove(id),
        value => answers.insert(id.to_owned(), value),
    };
    true
}
