//! The type checker: every fault of an expression, with its offset.

use super::ExprError;
use super::ast::{Function, Node, NodeKind, Operator, Path};
use super::types::{Scope, Type};
use super::value::Value;
use crate::nearest::did_you_mean;

pub(crate) fn type_of(root: &Node, scope: &Scope) -> Result<Type, Vec<ExprError>> {
    let mut checker = Checker { scope, rows: Vec::new(), errors: Vec::new() };
    let kind = checker.node(root);
    if checker.errors.is_empty() {
        return Ok(kind);
    }
    checker.errors.sort_by_key(|error| error.offset);
    Err(checker.errors)
}

struct Checker<'a> {
    scope: &'a Scope,
    /// Types of the rows of the macros around, outermost first.
    rows: Vec<Type>,
    errors: Vec<ExprError>,
}

impl Checker<'_> {
    fn node(&mut self, node: &Node) -> Type {
        match &node.kind {
            NodeKind::Invalid => Type::Unknown,
            NodeKind::Literal(value) => literal_type(value),
            NodeKind::Path(path) => self.path(node.offset, path),
            NodeKind::Local { up, rest } => {
                let row = self.rows.iter().rev().nth(*up).cloned().unwrap_or(Type::Unknown);
                let found = rest.iter().try_fold(row, |kind, name| kind.part(name));
                self.found(node.offset, found)
            }
            NodeKind::Member(inner, name) => {
                let found = self.node(inner).part(name);
                self.found(node.offset, found)
            }
            NodeKind::Not(inner) => self.wants(inner, &Type::Bool, "Dấu ! cần điều kiện đúng/sai"),
            NodeKind::Negate(inner) => self.wants(inner, &Type::Int, "Dấu trừ cần số nguyên"),
            NodeKind::Binary(operator, left, right) => {
                self.binary(node.offset, *operator, left, right)
            }
            NodeKind::Conditional(condition, yes, no) => self.conditional(condition, yes, no),
            NodeKind::List(items) => self.list(items),
            NodeKind::Call(function, arguments) => self.call(node.offset, *function, arguments),
            NodeKind::Label { value, .. } => {
                let kind = self.node(value);
                if !matches!(kind, Type::Choice(_) | Type::Unknown) {
                    self.report(value.offset, "label(…) cần một trường lựa chọn.");
                }
                Type::Text
            }
            NodeKind::Quantifier { list, body, .. } => self.quantifier(list, body),
        }
    }

    fn path(&mut self, offset: usize, path: &Path) -> Type {
        let found = self.scope.resolve(path);
        self.found(offset, found)
    }

    fn found(&mut self, offset: usize, found: Result<Type, String>) -> Type {
        found.unwrap_or_else(|message| {
            self.report(offset, message);
            Type::Unknown
        })
    }

    fn wants(&mut self, node: &Node, wanted: &Type, what: &str) -> Type {
        let kind = self.node(node);
        if !kind.fits(wanted) {
            self.report(node.offset, format!("{what}, ở đây là {kind}."));
        }
        wanted.clone()
    }

    fn binary(&mut self, offset: usize, operator: Operator, left: &Node, right: &Node) -> Type {
        let symbol = operator.symbol();
        match operator {
            Operator::Or | Operator::And => {
                let what = format!("Hai bên {symbol} phải là điều kiện đúng/sai");
                self.wants(left, &Type::Bool, &what);
                self.wants(right, &Type::Bool, &what)
            }
            Operator::Equal | Operator::NotEqual => self.equality(offset, left, right),
            Operator::Less
            | Operator::LessOrEqual
            | Operator::Greater
            | Operator::GreaterOrEqual => self.order(offset, symbol, left, right),
            Operator::In => self.membership(offset, left, right),
            Operator::Add => self.addition(offset, left, right),
            Operator::Subtract | Operator::Multiply | Operator::Divide | Operator::Remainder => {
                let what = format!("Hai bên {symbol} phải là số nguyên");
                self.wants(left, &Type::Int, &what);
                self.wants(right, &Type::Int, &what)
            }
        }
    }

    fn equality(&mut self, offset: usize, left: &Node, right: &Node) -> Type {
        let (one, other) = (self.node(left), self.node(right));
        if !comparable(&one, &other) {
            self.report(offset, format!("Không so sánh được {one} với {other}."));
        }
        for (kind, literal) in [(&one, right), (&other, left)] {
            self.literal_in_choices(kind, literal);
            if literal_text(literal) == Some("") {
                let message = "Không so với chuỗi trống; viết has(x) hoặc !has(x).";
                self.report(literal.offset, message);
            }
        }
        Type::Bool
    }

    fn order(&mut self, offset: usize, symbol: &str, left: &Node, right: &Node) -> Type {
        let (one, other) = (self.node(left), self.node(right));
        let numbers = one.fits(&Type::Int) && other.fits(&Type::Int);
        let dates = one.is_date() && other.is_date();
        if !(numbers || dates) {
            let message =
                format!("{symbol} chỉ so hai số hoặc hai ngày, ở đây là {one} và {other}.");
            self.report(offset, message);
        }
        Type::Bool
    }

    fn membership(&mut self, offset: usize, left: &Node, right: &Node) -> Type {
        let (item, list) = (self.node(left), self.node(right));
        match &list {
            Type::Unknown => {}
            Type::List(inner) if comparable(&item, inner) => {}
            _ => self
                .report(offset, format!("Sau “in” phải là danh sách ({item}), ở đây là {list}.")),
        }
        if let NodeKind::List(items) = &right.kind {
            items.iter().for_each(|literal| self.literal_in_choices(&item, literal));
        }
        Type::Bool
    }

    fn literal_in_choices(&mut self, kind: &Type, literal: &Node) {
        if let (Type::Choice(choices), Some(code)) = (kind, literal_text(literal))
            && !code.is_empty()
            && !choices.codes.iter().any(|known| known == code)
        {
            let hint = did_you_mean(code, choices.codes.iter().map(String::as_str));
            let message = format!("“{code}” không có trong các lựa chọn.{hint}");
            self.report(literal.offset, message);
        }
    }

    fn addition(&mut self, offset: usize, left: &Node, right: &Node) -> Type {
        let (one, other) = (self.node(left), self.node(right));
        if one.fits(&Type::Int) && other.fits(&Type::Int) {
            let both_unknown = one == Type::Unknown && other == Type::Unknown;
            return if both_unknown { Type::Unknown } else { Type::Int };
        }
        if one.is_text() && other.is_text() {
            return Type::Text;
        }
        let message = format!(
            "+ cộng hai số hoặc nối hai chữ, ở đây là {one} và {other}; dùng text(x) để đổi ra chữ."
        );
        self.report(offset, message);
        Type::Unknown
    }

    fn conditional(&mut self, condition: &Node, yes: &Node, no: &Node) -> Type {
        self.wants(condition, &Type::Bool, "Trước dấu ? phải là điều kiện đúng/sai");
        let (one, other) = (self.node(yes), self.node(no));
        one.common(&other).unwrap_or_else(|| {
            self.report(no.offset, format!("Hai nhánh khác kiểu: {one} và {other}."));
            Type::Unknown
        })
    }

    fn list(&mut self, items: &[Node]) -> Type {
        let mut kind = Type::Unknown;
        for item in items {
            let found = self.node(item);
            match kind.common(&found) {
                Some(common) => kind = common,
                None => self.report(
                    item.offset,
                    format!("Danh sách phải cùng một kiểu, ở đây có {kind} và {found}."),
                ),
            }
        }
        Type::list(kind)
    }

    fn quantifier(&mut self, list: &Node, body: &Node) -> Type {
        let row = match self.node(list) {
            Type::List(row) => (*row).clone(),
            Type::Unknown => Type::Unknown,
            other => {
                self.report(list.offset, format!("exists và all cần danh sách, ở đây là {other}."));
                Type::Unknown
            }
        };
        self.rows.push(row);
        self.wants(body, &Type::Bool, "Trong exists và all phải là điều kiện đúng/sai");
        self.rows.pop();
        Type::Bool
    }

    fn call(&mut self, offset: usize, function: Function, arguments: &[Node]) -> Type {
        let name = function.name();
        let kinds: Vec<Type> = arguments.iter().map(|argument| self.node(argument)).collect();
        let (fits, usage, result) = match (function, kinds.as_slice()) {
            (Function::Min | Function::Max, kinds) => return self.extreme(offset, name, kinds),
            (Function::Has, [_]) => (true, "", Type::Bool),
            (Function::Size, [kind]) => {
                (kind.is_text() || matches!(kind, Type::List(_)), "danh sách hoặc chữ", Type::Int)
            }
            (Function::YearsBetween | Function::DaysBetween, [from, to]) => {
                (from.is_date() && to.is_date(), "hai ngày", Type::Int)
            }
            (Function::Year, [kind]) => (kind.is_date(), "ngày", Type::Int),
            (Function::Lower | Function::Fold, [kind]) => (kind.is_text(), "chữ", Type::Text),
            (Function::Text, [kind]) => {
                let plain = !matches!(kind, Type::List(_) | Type::Record(_));
                (plain, "chữ, số, ngày hoặc đúng/sai", Type::Text)
            }
            (Function::Join, [list, separator]) => {
                let fits = list.fits(&Type::list(Type::Text)) && separator.is_text();
                (fits, "danh sách chữ và dấu ngăn cách", Type::Text)
            }
            (Function::AddressText, [kind]) => {
                (kind.fits(&Type::address()), "một địa chỉ", Type::Text)
            }
            (Function::YearsBetween | Function::DaysBetween, _) => (false, "hai ngày", Type::Int),
            (Function::Join, _) => (false, "danh sách chữ và dấu ngăn cách", Type::Text),
            (Function::Has, _) => (false, "đúng một giá trị", Type::Bool),
            (Function::Size | Function::Year, _) => (false, "đúng một giá trị", Type::Int),
            (_, _) => (false, "đúng một giá trị", Type::Text),
        };
        if !fits {
            self.report(offset, format!("{name}(…) cần {usage}."));
        }
        result
    }

    fn extreme(&mut self, offset: usize, name: &str, kinds: &[Type]) -> Type {
        let items: Vec<Type> = match kinds {
            [Type::List(item)] => vec![(**item).clone()],
            [Type::Unknown] => vec![Type::Unknown],
            [_] | [] => Vec::new(),
            many => many.to_vec(),
        };
        for wanted in [Type::Int, Type::Date] {
            if !items.is_empty() && items.iter().all(|item| item.fits(&wanted)) {
                return wanted;
            }
        }
        self.report(
            offset,
            format!("{name}(…) cần từ hai số trở lên, hoặc hai ngày, hoặc một danh sách."),
        );
        Type::Unknown
    }

    fn report(&mut self, offset: usize, message: impl Into<String>) {
        self.errors.push(ExprError::new(offset, message));
    }
}

fn comparable(one: &Type, other: &Type) -> bool {
    let plain = |kind: &Type| !matches!(kind, Type::List(_) | Type::Record(_));
    plain(one)
        && plain(other)
        && ((one.is_text() && other.is_text())
            || (one.is_date() && other.is_date())
            || one.fits(other))
}

fn literal_type(value: &Value) -> Type {
    match value {
        Value::Bool(_) => Type::Bool,
        Value::Int(_) => Type::Int,
        Value::Text(_) => Type::Text,
        Value::Date(_) => Type::Date,
        Value::PartialDate(_) => Type::PartialDate,
        Value::Absent | Value::List(_) | Value::Record(_) => Type::Unknown,
    }
}

fn literal_text(node: &Node) -> Option<&str> {
    match &node.kind {
        NodeKind::Literal(value) => value.as_text(),
        _ => None,
    }
}
