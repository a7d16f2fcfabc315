//! A small HTTP/1.1 client on a kept-alive connection.
//!
//! It sends bytes that were made before and looks at no more of the answer than status, length and
//! body, so that measuring costs little of the machine that is measured.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// One connection; opened at the first call and again after it was closed.
pub(crate) struct Connection {
    address: SocketAddr,
    stream: Option<TcpStream>,
    buffer: Vec<u8>,
    /// Where the body of the last answer lies in the buffer; a chunked one is put together there.
    body: std::ops::Range<usize>,
}

/// What the head of an answer says.
struct Head {
    status: u16,
    body_at: usize,
    length: Length,
    closes: bool,
}

enum Length {
    Known(usize),
    Chunked,
}

impl Connection {
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self { address, stream: None, buffer: Vec::with_capacity(64 * 1024), body: 0..0 }
    }

    /// Sends a request and waits for the whole answer: its status and body.
    pub(crate) async fn call(&mut self, request: &[u8]) -> io::Result<(u16, &[u8])> {
        let reused = self.stream.is_some();
        let status = match self.try_call(request).await {
            // The server may close a connection that lay idle: no byte came back, so it is asked anew.
            Err(_) if reused && self.buffer.is_empty() => self.try_call(request).await?,
            outcome => outcome?,
        };
        Ok((status, self.buffer.get(self.body.clone()).unwrap_or_default()))
    }

    async fn try_call(&mut self, request: &[u8]) -> io::Result<u16> {
        self.buffer.clear();
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => {
                let stream = TcpStream::connect(self.address).await?;
                stream.set_nodelay(true)?;
                stream
            }
        };
        stream.write_all(request).await?;
        let head = loop {
            read_more(&mut stream, &mut self.buffer).await?;
            if let Some(head) = parse_head(&self.buffer)? {
                break head;
            }
        };
        match head.length {
            Length::Known(length) => {
                while self.buffer.len() < head.body_at + length {
                    read_more(&mut stream, &mut self.buffer).await?;
                }
                self.body = head.body_at..head.body_at + length;
            }
            Length::Chunked => {
                let body = loop {
                    let sent = self.buffer.get(head.body_at..).unwrap_or_default();
                    if let Some(body) = join_chunks(sent)? {
                        break body;
                    }
                    read_more(&mut stream, &mut self.buffer).await?;
                };
                self.buffer.truncate(head.body_at);
                self.buffer.extend_from_slice(&body);
                self.body = head.body_at..self.buffer.len();
            }
        }
        if !head.closes {
            self.stream = Some(stream);
        }
        Ok(head.status)
    }
}

async fn read_more(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> io::Result<()> {
    if stream.read_buf(buffer).await? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(())
}

fn bad(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

/// The head, once all of it is there.
fn parse_head(bytes: &[u8]) -> io::Result<Option<Head>> {
    let Some(end) = find(bytes, b"\r\n\r\n") else {
        return Ok(None);
    };
    let text = bytes.get(..end).and_then(|head| std::str::from_utf8(head).ok());
    let text = text.ok_or_else(|| bad("head is not text"))?;
    let mut lines = text.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
    let mut head = Head {
        status: status.ok_or_else(|| bad("no status"))?,
        body_at: end + 4,
        length: Length::Known(0),
        closes: false,
    };
    for line in lines {
        let Some((name, value)) = line.split_once(':') else {
            continue;
        };
        let value = value.trim();
        if name.eq_ignore_ascii_case("content-length") {
            head.length = Length::Known(value.parse().map_err(|_| bad("no length"))?);
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            head.length = Length::Chunked;
        } else if name.eq_ignore_ascii_case("connection") {
            head.closes = value.eq_ignore_ascii_case("close");
        }
    }
    Ok(Some(head))
}

/// The body of a chunked answer, once its last chunk is there.
fn join_chunks(mut bytes: &[u8]) -> io::Result<Option<Vec<u8>>> {
    let mut body = Vec::new();
    loop {
        let Some(line) = find(bytes, b"\r\n") else {
            return Ok(None);
        };
        let (size, rest) = bytes.split_at(line);
        let size =
            std::str::from_utf8(size).ok().and_then(|hex| usize::from_str_radix(hex, 16).ok());
        let size = size.ok_or_else(|| bad("no chunk size"))?;
        let (Some(chunk), Some(after)) = (rest.get(2..2 + size), rest.get(4 + size..)) else {
            return Ok(None);
        };
        if size == 0 {
            return Ok(Some(body));
        }
        body.extend_from_slice(chunk);
        bytes = after;
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

/// The bytes of a request with an API token; with a body it is JSON.
pub(crate) struct Request<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) token: &'a str,
    pub(crate) key: &'a str,
    pub(crate) body: &'a str,
}

impl Request<'_> {
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let Self { method, path, token, key, body } = self;
        let mut text = format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n");
        if !token.is_empty() {
            text += &format!("Authorization: Bearer {token}\r\n");
        }
        if !key.is_empty() {
            text += &format!("Idempotency-Key: {key}\r\n");
        }
        if *method == "POST" {
            text +=
                &format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len());
        }
        text += "Accept: application/json\r\n\r\n";
        text += body;
        text.into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_only_once_all_of_it_is_there() {
        assert!(parse_head(b"HTTP/1.1 200 OK\r\nContent-Le").unwrap().is_none());
        let head =
            parse_head(b"HTTP/1.1 201 Created\r\ncontent-length: 5\r\n\r\nhe").unwrap().unwrap();
        assert_eq!(head.status, 201);
        assert!(matches!(head.length, Length::Known(5)));
        assert!(!head.closes);
        let head = parse_head(b"HTTP/1.0 200 OK\r\nConnection: close\r\n\r\n").unwrap().unwrap();
        assert!(head.closes);
    }

    #[test]
    fn chunks_are_joined_once_the_last_is_there() {
        assert!(join_chunks(b"4\r\nabcd\r\n").unwrap().is_none());
        assert!(join_chunks(b"4\r\nab").unwrap().is_none());
        assert_eq!(join_chunks(b"4\r\nabcd\r\n1\r\ne\r\n0\r\n\r\n").unwrap().unwrap(), b"abcde");
        assert!(join_chunks(b"xyz\r\nabcd").is_err());
    }

    #[test]
    fn a_request_without_a_body_announces_none() {
        let request = Request { method: "GET", path: "/x", token: "t", key: "", body: "" };
        assert_eq!(
            String::from_utf8(request.bytes()).unwrap(),
            "GET /x HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer t\r\n\
             Accept: application/json\r\n\r\n"
        );
    }
}
