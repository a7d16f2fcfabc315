//! The evaluator: total, without side effects, bounded by the size of the tree and of the lists.

use std::borrow::Cow;
use std::cmp::Ordering;

use jiff::civil::Date;
use kernel::partial_date::PartialDate;

use super::Lookup;
use super::ast::{Function, Node, NodeKind, Operator, Path};
use super::value::Value;

/// What becomes of a comparison that cannot be decided because an answer is absent or partial.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Undecided {
    /// It is false: for conditions, computations, fees.
    IsFalse,
    /// It stays open (absent), through `!`, `&&` and `||` too: for rules, which only a certain
    /// breach breaks.
    StaysOpen,
}

pub(crate) fn value_of(root: &Node, lookup: &dyn Lookup, undecided: Undecided) -> Value {
    Evaluation { lookup, undecided }.node(root, None).into_owned()
}

/// The row that a list macro is looking at, and the macro around it.
#[derive(Clone, Copy)]
struct Frame<'v> {
    row: &'v Value,
    outer: Option<&'v Frame<'v>>,
}

struct Evaluation<'v> {
    lookup: &'v dyn Lookup,
    undecided: Undecided,
}

impl<'v> Evaluation<'v> {
    fn node<'n>(&self, node: &'n Node, frame: Option<&'n Frame<'n>>) -> Cow<'n, Value> {
        Cow::Owned(match &node.kind {
            NodeKind::Invalid => Value::Absent,
            NodeKind::Literal(value) => return Cow::Borrowed(value),
            NodeKind::Path(path) => self.lookup.value(path),
            NodeKind::Local { up, rest } => return local(*up, rest, frame),
            NodeKind::Member(inner, name) => self.node(inner, frame).part(name).clone(),
            NodeKind::Not(inner) => self.not(self.truth(inner, frame)),
            NodeKind::Negate(inner) => {
                let number = self.node(inner, frame).as_int().and_then(i64::checked_neg);
                number.map_or(Value::Absent, Value::Int)
            }
            NodeKind::Binary(operator, left, right) => self.binary(*operator, left, right, frame),
            NodeKind::Conditional(condition, yes, no) => {
                match (self.truth(condition, frame), self.undecided) {
                    (Some(true), _) => return self.node(yes, frame),
                    (None, Undecided::StaysOpen) => Value::Absent,
                    _ => return self.node(no, frame),
                }
            }
            NodeKind::List(items) => {
                let values = items.iter().map(|item| self.node(item, frame).into_owned());
                Value::List(values.collect())
            }
            NodeKind::Call(function, arguments) => self.call(*function, arguments, frame),
            NodeKind::Label { definition, value } => self.label(definition, value, frame),
            NodeKind::Quantifier { every, list, body } => {
                self.quantifier(*every, list, body, frame)
            }
        })
    }

    /// The truth of a condition; `None` when it is open.
    fn truth<'n>(&self, node: &'n Node, frame: Option<&'n Frame<'n>>) -> Option<bool> {
        self.node(node, frame).as_bool()
    }

    fn not(&self, truth: Option<bool>) -> Value {
        match (truth, self.undecided) {
            (Some(truth), _) => Value::Bool(!truth),
            (None, Undecided::IsFalse) => Value::Bool(true),
            (None, Undecided::StaysOpen) => Value::Absent,
        }
    }

    /// What was decided, or what this evaluation says of the undecided.
    fn decided(&self, truth: Option<bool>) -> Value {
        match (truth, self.undecided) {
            (Some(truth), _) => Value::Bool(truth),
            (None, Undecided::IsFalse) => Value::Bool(false),
            (None, Undecided::StaysOpen) => Value::Absent,
        }
    }

    fn binary<'n>(
        &self,
        operator: Operator,
        left: &'n Node,
        right: &'n Node,
        frame: Option<&'n Frame<'n>>,
    ) -> Value {
        match operator {
            Operator::And => {
                return self.decided(match self.truth(left, frame) {
                    Some(false) => Some(false),
                    Some(true) => self.truth(right, frame),
                    None => self.truth(right, frame).filter(|truth| !truth),
                });
            }
            Operator::Or => {
                return self.decided(match self.truth(left, frame) {
                    Some(true) => Some(true),
                    Some(false) => self.truth(right, frame),
                    None => self.truth(right, frame).filter(|truth| *truth),
                });
            }
            _ => {}
        }
        let (one, other) = (self.node(left, frame), self.node(right, frame));
        match operator {
            Operator::In => self.decided(contains(&other, &one)),
            Operator::Add => add(&one, &other),
            Operator::Subtract => arithmetic(&one, &other, i64::checked_sub),
            Operator::Multiply => arithmetic(&one, &other, i64::checked_mul),
            Operator::Divide => arithmetic(&one, &other, i64::checked_div),
            Operator::Remainder => arithmetic(&one, &other, i64::checked_rem),
            comparison => self.decided(compare(comparison, &one, &other)),
        }
    }

    fn quantifier<'n>(
        &self,
        every: bool,
        list: &'n Node,
        body: &'n Node,
        frame: Option<&'n Frame<'n>>,
    ) -> Value {
        let list = self.node(list, frame);
        let Value::List(rows) = list.as_ref() else {
            return if every { Value::Bool(true) } else { self.decided(None) };
        };
        let mut open = false;
        for row in rows {
            let inner = Frame { row, outer: frame };
            match self.truth(body, Some(&inner)) {
                Some(truth) if truth != every => return Value::Bool(!every),
                Some(_) => {}
                None => open = true,
            }
        }
        match (open, self.undecided) {
            (true, Undecided::StaysOpen) => Value::Absent,
            // An undecided row is a false row: it fails `all` and does not make `exists`.
            (true, Undecided::IsFalse) => Value::Bool(false),
            (false, _) => Value::Bool(every),
        }
    }

    fn label<'n>(&self, definition: &Path, value: &'n Node, frame: Option<&'n Frame<'n>>) -> Value {
        let code = self.node(value, frame);
        let label = code.as_text().and_then(|code| self.lookup.label(definition, code));
        label.map_or(Value::Absent, Value::Text)
    }

    fn call<'n>(
        &self,
        function: Function,
        arguments: &'n [Node],
        frame: Option<&'n Frame<'n>>,
    ) -> Value {
        let values: Vec<Cow<'n, Value>> =
            arguments.iter().map(|argument| self.node(argument, frame)).collect();
        let given: Vec<&Value> = values.iter().map(Cow::as_ref).collect();
        match (function, given.as_slice()) {
            (Function::Has, [value]) => Value::Bool(value.is_given()),
            (Function::Size, [value]) => size(value),
            (Function::YearsBetween, [from, to]) => between(from, to, full_years),
            (Function::DaysBetween, [from, to]) => between(from, to, days),
            (Function::Year, [value]) => {
                let year = value.to_partial_date().map(|date| i64::from(date.earliest().year()));
                year.map_or(Value::Absent, Value::Int)
            }
            (Function::Lower, [Value::Text(text)]) => Value::Text(text.to_lowercase()),
            (Function::Fold, [Value::Text(text)]) => Value::Text(kernel::text::fold(text)),
            (Function::Text, [value]) => text(value),
            (Function::Join, [Value::List(items), Value::Text(separator)]) => {
                let texts: Vec<&str> = items.iter().filter_map(Value::as_text).collect();
                Value::Text(texts.join(separator))
            }
            (Function::AddressText, [Value::Record(parts)]) => {
                self.lookup.address_text(parts).map_or(Value::Absent, Value::Text)
            }
            (Function::Min, values) => extreme(values, Ordering::Less),
            (Function::Max, values) => extreme(values, Ordering::Greater),
            _ => Value::Absent,
        }
    }
}

fn local<'n>(up: usize, rest: &[Box<str>], frame: Option<&'n Frame<'n>>) -> Cow<'n, Value> {
    let mut found = frame;
    for _ in 0..up {
        found = found.and_then(|frame| frame.outer);
    }
    match found {
        Some(frame) => Cow::Borrowed(rest.iter().fold(frame.row, |value, name| value.part(name))),
        None => Cow::Owned(Value::Absent),
    }
}

fn arithmetic(left: &Value, right: &Value, apply: fn(i64, i64) -> Option<i64>) -> Value {
    let result = left.as_int().zip(right.as_int()).and_then(|(left, right)| apply(left, right));
    result.map_or(Value::Absent, Value::Int)
}

fn add(left: &Value, right: &Value) -> Value {
    match (left, right) {
        (Value::Text(left), Value::Text(right)) => Value::Text(format!("{left}{right}")),
        _ => arithmetic(left, right, i64::checked_add),
    }
}

/// `None` when either side is absent, of another type, or a partial date that leaves it open.
fn compare(operator: Operator, left: &Value, right: &Value) -> Option<bool> {
    let ordering = match (left, right) {
        (Value::Int(left), Value::Int(right)) => left.cmp(right),
        (Value::Bool(left), Value::Bool(right)) => left.cmp(right),
        (Value::Text(left), Value::Text(right)) => left.cmp(right),
        (Value::Date(left), Value::Date(right)) => left.cmp(right),
        _ => return compare_dates(operator, left.to_partial_date()?, right.to_partial_date()?),
    };
    Some(match operator {
        Operator::Equal => ordering.is_eq(),
        Operator::NotEqual => ordering.is_ne(),
        Operator::Less => ordering.is_lt(),
        Operator::LessOrEqual => ordering.is_le(),
        Operator::Greater => ordering.is_gt(),
        Operator::GreaterOrEqual => ordering.is_ge(),
        _ => return None,
    })
}

/// A partial date is the span of its days: what holds for every day of both spans is true, what
/// holds for none is false, the rest is open. Two equal partial dates are equal as data.
fn compare_dates(operator: Operator, left: PartialDate, right: PartialDate) -> Option<bool> {
    let certainly_before = left.latest() < right.earliest();
    let certainly_not_after = left.latest() <= right.earliest();
    let certainly_after = left.earliest() > right.latest();
    let certainly_not_before = left.earliest() >= right.latest();
    let decide = |yes: bool, no: bool| if yes { Some(true) } else { no.then_some(false) };
    match operator {
        Operator::Equal => decide(left == right, certainly_before || certainly_after),
        Operator::NotEqual => decide(certainly_before || certainly_after, left == right),
        Operator::Less => decide(certainly_before, certainly_not_before),
        Operator::LessOrEqual => decide(certainly_not_after, certainly_after),
        Operator::Greater => decide(certainly_after, certainly_not_after),
        Operator::GreaterOrEqual => decide(certainly_not_before, certainly_before),
        _ => None,
    }
}

fn contains(list: &Value, item: &Value) -> Option<bool> {
    let Value::List(items) = list else {
        return None;
    };
    if item.is_absent() {
        return None;
    }
    let mut answer = Some(false);
    for known in items {
        match compare(Operator::Equal, known, item) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => answer = None,
        }
    }
    answer
}

fn size(value: &Value) -> Value {
    let size = match value {
        Value::Absent => 0,
        Value::Text(text) => text.chars().count(),
        Value::List(items) => items.len(),
        _ => return Value::Absent,
    };
    i64::try_from(size).map_or(Value::Absent, Value::Int)
}

/// Counts from the latest day that `from` may be to the earliest day that `to` may be: the fewest
/// years or days that are certain.
fn between(from: &Value, to: &Value, count: fn(Date, Date) -> i64) -> Value {
    match (from.to_partial_date(), to.to_partial_date()) {
        (Some(from), Some(to)) => Value::Int(count(from.latest(), to.earliest())),
        _ => Value::Absent,
    }
}

/// Full years. Someone born on 29 February completes a year on 1 March of an ordinary year.
fn full_years(from: Date, to: Date) -> i64 {
    let years = i64::from(to.year()) - i64::from(from.year());
    let before_anniversary = (to.month(), to.day()) < (from.month(), from.day());
    years - i64::from(before_anniversary)
}

fn days(from: Date, to: Date) -> i64 {
    from.duration_until(to).as_secs() / (24 * 60 * 60)
}

fn text(value: &Value) -> Value {
    Value::Text(match value {
        Value::Text(text) => text.clone(),
        Value::Int(number) => number.to_string(),
        Value::Bool(true) => "có".to_owned(),
        Value::Bool(false) => "không".to_owned(),
        Value::Date(date) => PartialDate::Day(*date).text(),
        Value::PartialDate(date) => date.text(),
        Value::Absent | Value::List(_) | Value::Record(_) => return Value::Absent,
    })
}

/// The smallest or largest of numbers or dates; absent if any of them is absent.
fn extreme(values: &[&Value], wanted: Ordering) -> Value {
    let items: Vec<&Value> = match values {
        [Value::List(items)] => items.iter().collect(),
        many => many.to_vec(),
    };
    let mut best: Option<&Value> = None;
    for item in items {
        let ordering = match (item, best) {
            (Value::Int(_) | Value::Date(_), None) => wanted,
            (Value::Int(item), Some(Value::Int(best))) => item.cmp(best),
            (Value::Date(item), Some(Value::Date(best))) => item.cmp(best),
            _ => return Value::Absent,
        };
        if ordering == wanted {
            best = Some(item);
        }
    }
    best.cloned().unwrap_or_default()
}
