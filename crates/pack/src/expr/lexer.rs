//! Source text to tokens, each with its byte offset.

use super::ExprError;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Token {
    Name(String),
    Int(i64),
    Text(String),
    /// An operator or a bracket, as written.
    Symbol(&'static str),
    End,
}

/// Longer symbols first, so that `<=` is not read as `<` and `=`.
const SYMBOLS: [&str; 24] = [
    "&&", "||", "==", "!=", "<=", ">=", "!", "-", "*", "/", "%", "+", "<", ">", "?", ":", "(", ")",
    "[", "]", ",", ".", "=", ";",
];

pub(crate) fn tokens(source: &str) -> Result<Vec<(usize, Token)>, Vec<ExprError>> {
    let mut lexer = Lexer { source, position: 0, tokens: Vec::new(), errors: Vec::new() };
    lexer.run();
    if lexer.errors.is_empty() { Ok(lexer.tokens) } else { Err(lexer.errors) }
}

struct Lexer<'a> {
    source: &'a str,
    position: usize,
    tokens: Vec<(usize, Token)>,
    errors: Vec<ExprError>,
}

impl Lexer<'_> {
    fn run(&mut self) {
        while let Some(next) = self.peek() {
            let start = self.position;
            if next.is_whitespace() {
                self.advance(next);
            } else if next.is_ascii_alphabetic() || next == '_' {
                let name = self.take_while(|c| c.is_ascii_alphanumeric() || c == '_');
                self.tokens.push((start, Token::Name(name)));
            } else if next.is_ascii_digit() {
                self.number(start);
            } else if next == '"' || next == '\'' {
                self.text(start, next);
            } else {
                self.symbol(start, next);
            }
        }
        self.tokens.push((self.source.len(), Token::End));
    }

    fn peek(&self) -> Option<char> {
        self.source.get(self.position..)?.chars().next()
    }

    fn advance(&mut self, passed: char) {
        self.position += passed.len_utf8();
    }

    fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> String {
        let mut taken = String::new();
        while let Some(next) = self.peek().filter(|c| belongs(*c)) {
            taken.push(next);
            self.advance(next);
        }
        taken
    }

    fn number(&mut self, start: usize) {
        let digits = self.take_while(|c| c.is_ascii_alphanumeric() || c == '_');
        let decimal = self
            .source
            .get(self.position..)
            .and_then(|rest| rest.strip_prefix('.'))
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        if decimal {
            self.errors.push(ExprError::new(start, "Chỉ dùng số nguyên, không dùng số thập phân."));
        }
        match digits.parse() {
            Ok(number) => self.tokens.push((start, Token::Int(number))),
            Err(_) => self
                .errors
                .push(ExprError::new(start, format!("“{digits}” không phải số nguyên hợp lệ."))),
        }
    }

    fn text(&mut self, start: usize, quote: char) {
        self.advance(quote);
        let mut text = String::new();
        while let Some(next) = self.peek() {
            self.advance(next);
            if next == quote {
                self.tokens.push((start, Token::Text(text)));
                return;
            }
            if next != '\\' {
                text.push(next);
                continue;
            }
            let escaped = self.peek();
            match escaped {
                Some('n') => text.push('\n'),
                Some('t') => text.push('\t'),
                Some(same @ ('\\' | '"' | '\'')) => text.push(same),
                _ => self.errors.push(ExprError::new(
                    self.position - 1,
                    "Sau dấu \\ trong chuỗi chỉ được viết n, t, \\, \" hoặc '.",
                )),
            }
            if let Some(escaped) = escaped {
                self.advance(escaped);
            }
        }
        self.errors.push(ExprError::new(start, "Chuỗi chưa có dấu đóng."));
    }

    fn symbol(&mut self, start: usize, next: char) {
        let rest = self.source.get(start..).unwrap_or_default();
        if let Some(symbol) = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
            self.position += symbol.len();
            self.tokens.push((start, Token::Symbol(symbol)));
            return;
        }
        self.advance(next);
        let hint = match next {
            '&' => " Viết && để nối hai điều kiện.",
            '|' => " Viết || cho “hoặc”.",
            '“' | '”' | '‘' | '’' => " Chuỗi dùng dấu nháy thẳng: \" hoặc '.",
            c if c.is_alphabetic() => " Tên chỉ gồm chữ không dấu, chữ số và dấu _.",
            _ => "",
        };
        self.errors.push(ExprError::new(start, format!("Không hiểu ký tự “{next}”.{hint}")));
    }
}
