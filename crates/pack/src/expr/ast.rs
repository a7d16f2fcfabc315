//! The tree of an expression: names already resolved, paths already split.

use std::fmt;

use super::value::Value;

/// A dotted name such as `mother.birth_date`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path {
    root: Box<str>,
    rest: Vec<Box<str>>,
}

impl Path {
    /// A path of one name.
    pub fn new(root: &str) -> Self {
        Path { root: root.into(), rest: Vec::new() }
    }

    /// The first name: a form field, `filed_on`, `applicant`, `answer`, `found`, ….
    pub fn root(&self) -> &str {
        &self.root
    }

    /// The names after the first.
    pub fn rest(&self) -> &[Box<str>] {
        &self.rest
    }

    /// The same path, one name longer.
    #[must_use]
    pub fn child(mut self, name: &str) -> Self {
        self.rest.push(name.into());
        self
    }
}

impl fmt::Display for Path {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.root)?;
        self.rest.iter().try_for_each(|name| write!(formatter, ".{name}"))
    }
}

/// A place in the tree with its offset in the source and its height, which is bounded so that
/// walking the tree can never exhaust the stack.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub offset: usize,
    pub height: usize,
    pub kind: NodeKind,
}

#[derive(Clone, Debug)]
pub(crate) enum NodeKind {
    /// Not readable: stands where a pack's expression had a syntax error, so that checking goes on.
    Invalid,
    Literal(Value),
    Path(Path),
    /// The variable of a list macro, `up` macros outwards, and parts of it.
    Local {
        up: usize,
        rest: Vec<Box<str>>,
    },
    Member(Box<Node>, Box<str>),
    Not(Box<Node>),
    Negate(Box<Node>),
    Binary(Operator, Box<Node>, Box<Node>),
    Conditional(Box<Node>, Box<Node>, Box<Node>),
    List(Vec<Node>),
    Call(Function, Vec<Node>),
    /// `label(x)`: `definition` says which choice field (or part) gives the labels.
    Label {
        definition: Path,
        value: Box<Node>,
    },
    Quantifier {
        every: bool,
        list: Box<Node>,
        body: Box<Node>,
    },
}

impl Node {
    pub fn new(offset: usize, kind: NodeKind) -> Self {
        let mut height = 0;
        kind.for_each_child(|child| height = height.max(child.height));
        Node { offset, height: height + 1, kind }
    }

    /// Calls `visit` for every path in the tree, those of `label` included.
    pub fn for_each_path<'a>(&'a self, visit: &mut dyn FnMut(&'a Path)) {
        if let NodeKind::Path(path) = &self.kind {
            visit(path);
        }
        self.kind.for_each_child(|child| child.for_each_path(visit));
    }
}

impl NodeKind {
    pub fn for_each_child<'a>(&'a self, mut visit: impl FnMut(&'a Node)) {
        match self {
            NodeKind::Invalid
            | NodeKind::Literal(_)
            | NodeKind::Path(_)
            | NodeKind::Local { .. } => {}
            NodeKind::Member(node, _)
            | NodeKind::Not(node)
            | NodeKind::Negate(node)
            | NodeKind::Label { value: node, .. } => visit(node),
            NodeKind::Binary(_, left, right) => {
                visit(left);
                visit(right);
            }
            NodeKind::Conditional(condition, yes, no) => {
                visit(condition);
                visit(yes);
                visit(no);
            }
            NodeKind::List(items) | NodeKind::Call(_, items) => items.iter().for_each(visit),
            NodeKind::Quantifier { list, body, .. } => {
                visit(list);
                visit(body);
            }
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

impl Operator {
    pub fn symbol(self) -> &'static str {
        match self {
            Operator::Or => "||",
            Operator::And => "&&",
            Operator::Equal => "==",
            Operator::NotEqual => "!=",
            Operator::Less => "<",
            Operator::LessOrEqual => "<=",
            Operator::Greater => ">",
            Operator::GreaterOrEqual => ">=",
            Operator::In => "in",
            Operator::Add => "+",
            Operator::Subtract => "-",
            Operator::Multiply => "*",
            Operator::Divide => "/",
            Operator::Remainder => "%",
        }
    }

    /// How tightly it binds; higher binds tighter.
    pub fn precedence(self) -> u8 {
        match self {
            Operator::Or => 1,
            Operator::And => 2,
            Operator::Equal
            | Operator::NotEqual
            | Operator::Less
            | Operator::LessOrEqual
            | Operator::Greater
            | Operator::GreaterOrEqual
            | Operator::In => 3,
            Operator::Add | Operator::Subtract => 4,
            Operator::Multiply | Operator::Divide | Operator::Remainder => 5,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    Has,
    Size,
    YearsBetween,
    DaysBetween,
    Year,
    Lower,
    Text,
    Join,
    Fold,
    AddressText,
    Min,
    Max,
}

impl Function {
    const ALL: [(&'static str, Function); 12] = [
        ("has", Function::Has),
        ("size", Function::Size),
        ("years_between", Function::YearsBetween),
        ("days_between", Function::DaysBetween),
        ("year", Function::Year),
        ("lower", Function::Lower),
        ("text", Function::Text),
        ("join", Function::Join),
        ("fold", Function::Fold),
        ("address_text", Function::AddressText),
        ("min", Function::Min),
        ("max", Function::Max),
    ];

    pub fn named(name: &str) -> Option<Function> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, function)| *function)
    }

    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, function)| *function == self).map_or("", |(name, _)| name)
    }

    /// Every name that may stand before `(`, for "did you mean".
    pub fn names() -> impl Iterator<Item = &'static str> {
        Self::ALL.iter().map(|(name, _)| *name).chain(["date", "label"])
    }
}
