//! Tokens to tree: precedence climbing, bounded in length, height and macro nesting.

use super::ast::{Function, Node, NodeKind, Operator, Path};
use super::lexer::{Token, tokens};
use super::value::Value;
use super::{ExprError, MAX_HEIGHT, MAX_LENGTH, MAX_MACROS};
use crate::nearest::did_you_mean;

type Parsed<T> = Result<T, ExprError>;

pub(crate) fn parse_tree(source: &str) -> Result<Node, Vec<ExprError>> {
    let length = source.chars().count();
    if length > MAX_LENGTH {
        return Err(vec![ExprError::new(
            0,
            format!("Biểu thức dài {length} ký tự, tối đa {MAX_LENGTH}."),
        )]);
    }
    let mut parser =
        Parser { tokens: tokens(source)?, position: 0, depth: 0, variables: Vec::new() };
    parser.whole().map_err(|error| vec![error])
}

/// The variable of a list macro being read. `definition` is the path of its list, if the list is
/// named by one, so that `label(row.kind)` knows which field it speaks of.
struct Variable {
    name: String,
    definition: Option<Path>,
}

struct Parser {
    tokens: Vec<(usize, Token)>,
    position: usize,
    depth: usize,
    variables: Vec<Variable>,
}

impl Parser {
    fn whole(&mut self) -> Parsed<Node> {
        if self.peek() == &Token::End {
            return Err(ExprError::new(0, "Biểu thức đang trống."));
        }
        let node = self.expression()?;
        match self.peek() {
            Token::End => Ok(node),
            Token::Symbol("=") => Err(self.error("Dùng == để so sánh.")),
            _ => Err(self.error("Thừa từ chỗ này: thiếu toán tử hoặc thừa dấu ngoặc.")),
        }
    }

    fn expression(&mut self) -> Parsed<Node> {
        self.depth += 1;
        if self.depth > MAX_HEIGHT {
            return Err(self.error(&too_deep()));
        }
        let condition = self.binary(0)?;
        let node = if self.accept("?") {
            let yes = self.expression()?;
            self.expect(":", "Thiếu “:” trong phép chọn “điều kiện ? khi đúng : khi sai”.")?;
            let no = self.expression()?;
            let offset = condition.offset;
            let kind = NodeKind::Conditional(Box::new(condition), Box::new(yes), Box::new(no));
            self.node(offset, kind)?
        } else {
            condition
        };
        self.depth -= 1;
        Ok(node)
    }

    fn binary(&mut self, lowest: u8) -> Parsed<Node> {
        let mut left = self.unary()?;
        while let Some(operator) = self.operator().filter(|found| found.precedence() > lowest) {
            let offset = self.offset();
            self.position += 1;
            let right = self.binary(operator.precedence())?;
            let kind = NodeKind::Binary(operator, Box::new(left), Box::new(right));
            left = self.node(offset, kind)?;
        }
        Ok(left)
    }

    fn operator(&self) -> Option<Operator> {
        let symbol = match self.peek() {
            Token::Symbol(symbol) => *symbol,
            Token::Name(name) if name == "in" => "in",
            _ => return None,
        };
        const ALL: [Operator; 14] = [
            Operator::Or,
            Operator::And,
            Operator::Equal,
            Operator::NotEqual,
            Operator::Less,
            Operator::LessOrEqual,
            Operator::Greater,
            Operator::GreaterOrEqual,
            Operator::In,
            Operator::Add,
            Operator::Subtract,
            Operator::Multiply,
            Operator::Divide,
            Operator::Remainder,
        ];
        ALL.into_iter().find(|operator| operator.symbol() == symbol)
    }

    fn unary(&mut self) -> Parsed<Node> {
        let offset = self.offset();
        let wrap = if self.accept("!") {
            NodeKind::Not
        } else if self.accept("-") {
            NodeKind::Negate
        } else {
            return self.postfix();
        };
        self.depth += 1;
        if self.depth > MAX_HEIGHT {
            return Err(self.error(&too_deep()));
        }
        let inner = self.unary()?;
        self.depth -= 1;
        self.node(offset, wrap(Box::new(inner)))
    }

    fn postfix(&mut self) -> Parsed<Node> {
        let mut node = self.primary()?;
        while self.accept(".") {
            let (offset, name) = self.name("Sau dấu chấm phải là tên.")?;
            if self.accept("(") {
                node = self.quantifier(offset, &name, node)?;
                continue;
            }
            let start = node.offset;
            let kind = match node.kind {
                NodeKind::Path(path) => NodeKind::Path(path.child(&name)),
                NodeKind::Local { up, mut rest } => {
                    rest.push(name.into());
                    NodeKind::Local { up, rest }
                }
                kind => NodeKind::Member(
                    Box::new(Node { offset: start, height: node.height, kind }),
                    name.into(),
                ),
            };
            node = self.node(start, kind)?;
        }
        Ok(node)
    }

    /// After `list.exists(` or `list.all(`.
    fn quantifier(&mut self, offset: usize, name: &str, list: Node) -> Parsed<Node> {
        let every = match name {
            "exists" => false,
            "all" => true,
            _ => {
                let hint = did_you_mean(name, ["exists", "all"]);
                let message = format!("Danh sách chỉ có exists và all, không có “{name}”.{hint}");
                return Err(ExprError::new(offset, message));
            }
        };
        if self.variables.len() >= MAX_MACROS {
            let message = format!("exists và all lồng nhau tối đa {MAX_MACROS} lần.");
            return Err(ExprError::new(offset, message));
        }
        let (at, variable) =
            self.name("Thiếu tên dòng, viết như: nhóm.exists(dòng, điều_kiện).")?;
        if self.variables.iter().any(|known| known.name == variable) || is_word(&variable) {
            return Err(ExprError::new(
                at,
                format!("Tên dòng “{variable}” đã dùng; chọn tên khác."),
            ));
        }
        self.expect(",", "Thiếu dấu phẩy sau tên dòng.")?;
        let definition = self.definition(&list);
        self.variables.push(Variable { name: variable, definition });
        let body = self.expression()?;
        self.variables.pop();
        self.expect(")", "Thiếu dấu “)”.")?;
        let kind = NodeKind::Quantifier { every, list: Box::new(list), body: Box::new(body) };
        self.node(offset, kind)
    }

    fn primary(&mut self) -> Parsed<Node> {
        let offset = self.offset();
        let token = self.peek().clone();
        if token == Token::End {
            return Err(self.error("Biểu thức dừng giữa chừng."));
        }
        self.position += 1;
        let kind = match token {
            Token::Int(number) => NodeKind::Literal(Value::Int(number)),
            Token::Text(text) => NodeKind::Literal(Value::Text(text)),
            Token::Symbol("(") => {
                let inner = self.expression()?;
                self.expect(")", "Thiếu dấu “)”.")?;
                return Ok(inner);
            }
            Token::Symbol("[") => NodeKind::List(self.arguments("]")?),
            Token::Name(name) if self.accept("(") => return self.call(offset, &name),
            Token::Name(name) => self.named(offset, &name)?,
            Token::Symbol(symbol) => {
                let message = format!("Chỗ này phải là một giá trị, không phải “{symbol}”.");
                return Err(ExprError::new(offset, message));
            }
            Token::End => NodeKind::Invalid,
        };
        self.node(offset, kind)
    }

    fn named(&self, offset: usize, name: &str) -> Parsed<NodeKind> {
        match name {
            "true" => return Ok(NodeKind::Literal(Value::Bool(true))),
            "false" => return Ok(NodeKind::Literal(Value::Bool(false))),
            "in" => return Err(ExprError::new(offset, "Thiếu giá trị trước “in”.")),
            _ => {}
        }
        let bound = self.variables.iter().rev().position(|variable| variable.name == name);
        Ok(match bound {
            Some(up) => NodeKind::Local { up, rest: Vec::new() },
            None => NodeKind::Path(Path::new(name)),
        })
    }

    /// After `name(`.
    fn call(&mut self, offset: usize, name: &str) -> Parsed<Node> {
        let arguments = self.arguments(")")?;
        let kind = match (name, Function::named(name)) {
            (_, Some(function)) => NodeKind::Call(function, arguments),
            ("date", None) => NodeKind::Literal(date_literal(offset, &arguments)?),
            ("label", None) => self.label(offset, arguments)?,
            (_, None) => {
                let hint = did_you_mean(name, Function::names());
                return Err(ExprError::new(offset, format!("Không có hàm “{name}”.{hint}")));
            }
        };
        self.node(offset, kind)
    }

    fn label(&self, offset: usize, arguments: Vec<Node>) -> Parsed<NodeKind> {
        let mut arguments = arguments.into_iter();
        if let (Some(value), None) = (arguments.next(), arguments.next())
            && let Some(definition) = self.definition(&value)
        {
            return Ok(NodeKind::Label { definition, value: Box::new(value) });
        }
        Err(ExprError::new(offset, "label(…) cần đúng một tên trường lựa chọn."))
    }

    /// The path in the form that a node speaks of, rows of lists left out.
    fn definition(&self, node: &Node) -> Option<Path> {
        match &node.kind {
            NodeKind::Path(path) => Some(path.clone()),
            NodeKind::Local { up, rest } => {
                let variable = self.variables.iter().rev().nth(*up)?;
                let list = variable.definition.clone()?;
                Some(rest.iter().fold(list, |path, name| path.child(name)))
            }
            _ => None,
        }
    }

    fn arguments(&mut self, close: &'static str) -> Parsed<Vec<Node>> {
        let mut arguments = Vec::new();
        if self.accept(close) {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.expression()?);
            if self.accept(close) {
                return Ok(arguments);
            }
            self.expect(",", &format!("Thiếu dấu phẩy hoặc dấu “{close}”."))?;
        }
    }

    fn node(&self, offset: usize, kind: NodeKind) -> Parsed<Node> {
        let node = Node::new(offset, kind);
        if node.height > MAX_HEIGHT { Err(ExprError::new(offset, too_deep())) } else { Ok(node) }
    }

    fn name(&mut self, otherwise: &str) -> Parsed<(usize, String)> {
        let offset = self.offset();
        match self.peek() {
            Token::Name(name) => {
                let name = name.clone();
                self.position += 1;
                Ok((offset, name))
            }
            _ => Err(self.error(otherwise)),
        }
    }

    fn peek(&self) -> &Token {
        self.tokens.get(self.position).map_or(&Token::End, |(_, token)| token)
    }

    fn offset(&self) -> usize {
        let found = self.tokens.get(self.position).or_else(|| self.tokens.last());
        found.map_or(0, |(offset, _)| *offset)
    }

    fn accept(&mut self, symbol: &str) -> bool {
        let found = matches!(self.peek(), Token::Symbol(next) if *next == symbol);
        if found {
            self.position += 1;
        }
        found
    }

    fn expect(&mut self, symbol: &str, otherwise: &str) -> Parsed<()> {
        if self.accept(symbol) { Ok(()) } else { Err(self.error(otherwise)) }
    }

    fn error(&self, message: &str) -> ExprError {
        ExprError::new(self.offset(), message)
    }
}

fn too_deep() -> String {
    format!("Biểu thức lồng quá {MAX_HEIGHT} tầng; hãy tách nhỏ.")
}

/// Words with a meaning of their own, which no row may take as its name.
fn is_word(name: &str) -> bool {
    matches!(name, "true" | "false" | "in")
}

/// `date("2026-01-01")` is read once, here.
fn date_literal(offset: usize, arguments: &[Node]) -> Parsed<Value> {
    let [Node { kind: NodeKind::Literal(Value::Text(text)), .. }] = arguments else {
        return Err(ExprError::new(offset, "Viết ngày như date(\"2026-01-31\")."));
    };
    match text.parse() {
        Ok(date) if text.len() == "2026-01-31".len() => Ok(Value::Date(date)),
        _ => Err(ExprError::new(offset, format!("“{text}” không phải ngày; viết như 2026-01-31."))),
    }
}
