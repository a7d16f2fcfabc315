//! In which order the fields of a form are worked out.
//!
//! Whether a field is asked and what is computed depend on other answers. Each field must come
//! after the fields that its `visible_when` and `compute` (and its section's `visible_when`) read.

use std::collections::HashMap;

use crate::expr::Expression;
use crate::model::{Field, FieldKind, Form};

impl Form {
    /// Every field, in the order of the form.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.sections.iter().flat_map(|section| &section.fields)
    }

    /// The field of this id.
    pub fn field(&self, id: &str) -> Option<&Field> {
        self.fields().find(|field| field.id == id)
    }

    /// The fields as `(section, field)` positions, each after those that it depends on; those that
    /// do not depend on each other in the order of the form. Total: a form with a cycle (which
    /// loading refuses) gives every field once too.
    pub fn evaluation_order(&self) -> Vec<(usize, usize)> {
        let mut positions = Vec::new();
        for (section_index, section) in self.sections.iter().enumerate() {
            positions.extend((0..section.fields.len()).map(|index| (section_index, index)));
        }
        let order = sort(&self.dependencies()).0;
        order.into_iter().filter_map(|index| positions.get(index).copied()).collect()
    }

    pub(crate) fn dependencies(&self) -> Vec<Dependent<'_>> {
        let mut dependents = Vec::new();
        for section in &self.sections {
            for field in &section.fields {
                let mut dependent = Dependent::of(field);
                dependent.expressions.extend(&section.visible_when);
                dependents.push(dependent);
            }
        }
        dependents
    }
}

/// The same for the fields of one row of a group: positions in `fields`.
pub fn row_evaluation_order(fields: &[Field]) -> Vec<usize> {
    let dependents: Vec<Dependent> = fields.iter().map(Dependent::of).collect();
    sort(&dependents).0
}

/// A field with the expressions that decide its answer.
pub(crate) struct Dependent<'a> {
    pub id: &'a str,
    expressions: Vec<&'a Expression>,
    /// What the rows of a group call their own is no dependency on the form.
    own_names: Vec<&'a str>,
}

impl<'a> Dependent<'a> {
    pub fn of(field: &'a Field) -> Self {
        let mut expressions: Vec<&Expression> = Vec::new();
        expressions.extend(&field.visible_when);
        expressions.extend(&field.compute);
        let mut own_names = Vec::new();
        if let FieldKind::Group { fields, .. } = &field.kind {
            for inner in fields {
                own_names.push(inner.id.as_str());
                expressions.extend(&inner.visible_when);
                expressions.extend(&inner.compute);
            }
        }
        Dependent { id: &field.id, expressions, own_names }
    }
}

/// Sorts by dependency. Also gives the first cycle found, as positions.
pub(crate) fn sort(dependents: &[Dependent]) -> (Vec<usize>, Option<Vec<usize>>) {
    let names = dependents.iter().enumerate().map(|(index, dependent)| (dependent.id, index));
    // Backwards, so that of two fields of one name (which is refused) the first counts.
    let positions: HashMap<&str, usize> = names.rev().collect();
    let targets = |dependent: &Dependent| {
        let mut targets = Vec::new();
        for expression in &dependent.expressions {
            expression.for_each_path(&mut |path| {
                if !dependent.own_names.contains(&path.root()) {
                    targets.extend(positions.get(path.root()));
                }
            });
        }
        targets
    };
    let edges = dependents.iter().map(targets).collect();
    let mut walk = Walk { edges, marks: vec![Mark::New; dependents.len()], ..Walk::default() };
    (0..dependents.len()).for_each(|index| walk.visit(index));
    (walk.order, walk.cycle)
}

#[derive(Clone, Copy, PartialEq)]
enum Mark {
    New,
    Open,
    Done,
}

#[derive(Default)]
struct Walk {
    edges: Vec<Vec<usize>>,
    marks: Vec<Mark>,
    order: Vec<usize>,
    cycle: Option<Vec<usize>>,
}

impl Walk {
    /// Depth first without recursion: a form may be long.
    fn visit(&mut self, start: usize) {
        let mut way: Vec<(usize, usize)> = Vec::new();
        self.enter(start, &mut way);
        while let Some((node, next)) = way.pop() {
            let target = self.edges.get(node).and_then(|targets| targets.get(next)).copied();
            match target {
                Some(target) => {
                    way.push((node, next + 1));
                    self.enter(target, &mut way);
                }
                None => {
                    self.mark(node, Mark::Done);
                    self.order.push(node);
                }
            }
        }
    }

    fn enter(&mut self, node: usize, way: &mut Vec<(usize, usize)>) {
        match self.marks.get(node) {
            Some(Mark::New) => {
                self.mark(node, Mark::Open);
                way.push((node, 0));
            }
            Some(Mark::Open) if self.cycle.is_none() => {
                let inside = way.iter().map(|(step, _)| *step).skip_while(|step| *step != node);
                self.cycle = Some(inside.collect());
            }
            _ => {}
        }
    }

    fn mark(&mut self, node: usize, mark: Mark) {
        if let Some(slot) = self.marks.get_mut(node) {
            *slot = mark;
        }
    }
}
