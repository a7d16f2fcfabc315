//! RFC 3161 over HTTP: one POST, one answer. Tokens are signed, so plain HTTP is what authorities
//! offer and what this speaks.

use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use kernel::{Error, Result};

use super::{TimestampSource, request, token_in};
use crate::keystore::random;

/// Tokens have a few thousand bytes; an answer beyond this is not one.
const LONGEST_ANSWER: u64 = 256 * 1024;

/// A timestamp authority reached over HTTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpTimestamps {
    host: String,
    port: u16,
    path: String,
    timeout: Duration,
}

impl HttpTimestamps {
    /// From an address such as `http://tsa.example.vn:8080/tsa`. `timeout` holds for connecting and
    /// for each read and write.
    pub fn new(address: &str, timeout: Duration) -> Result<HttpTimestamps> {
        let wrong = || {
            Error::internal(
                "the address of the timestamp authority must read http://host[:port]/path",
            )
        };
        let rest = address.strip_prefix("http://").ok_or_else(wrong)?;
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) => (host, port.parse().map_err(|_| wrong())?),
            None => (authority, 80),
        };
        let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
        if host.is_empty() || host.contains('@') || !is_plain(host) || !is_plain(path) {
            return Err(wrong());
        }
        let path = if path.is_empty() { "/" } else { path };
        Ok(HttpTimestamps { host: host.to_owned(), port, path: path.to_owned(), timeout })
    }

    fn post(&self, body: &[u8]) -> std::io::Result<Vec<u8>> {
        let mut stream = self.connect()?;
        stream.set_read_timeout(Some(self.timeout))?;
        stream.set_write_timeout(Some(self.timeout))?;
        let head = format!(
            "POST {} HTTP/1.1\r\nHost: {}:{}\r\nContent-Type: application/timestamp-query\r\n\
             Accept: application/timestamp-reply\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            self.path,
            self.host,
            self.port,
            body.len()
        );
        stream.write_all(&[head.as_bytes(), body].concat())?;
        let mut answer = Vec::new();
        stream.take(LONGEST_ANSWER).read_to_end(&mut answer)?;
        Ok(answer)
    }

    fn connect(&self) -> std::io::Result<TcpStream> {
        let mut last = std::io::Error::from(std::io::ErrorKind::AddrNotAvailable);
        for address in (self.host.as_str(), self.port).to_socket_addrs()? {
            match TcpStream::connect_timeout(&address, self.timeout) {
                Ok(stream) => return Ok(stream),
                Err(error) => last = error,
            }
        }
        Err(last)
    }
}

impl TimestampSource for HttpTimestamps {
    fn timestamp(&self, sha256: &[u8; 32]) -> Result<Vec<u8>> {
        let unavailable = |cause: String| {
            Error::unavailable(
                "Chưa lấy được dấu thời gian cho chữ ký số. Ông/bà vui lòng thử ký lại sau ít phút.",
            )
            .because(cause)
        };
        let request = request(sha256, random()?)?;
        let answer = self.post(&request).map_err(|cause| unavailable(format!("tsa: {cause}")))?;
        let body = body_of(&answer).map_err(|cause| unavailable(format!("tsa: {cause}")))?;
        token_in(&body, &request)
            .ok_or_else(|| unavailable("tsa: refused, or answered something else".to_owned()))
    }
}

/// The body of a whole HTTP/1.1 answer with status 200, plain or chunked.
fn body_of(answer: &[u8]) -> Result<Vec<u8>, String> {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").ok_or("no http answer")?;
    let (head, body) = answer.split_at(end);
    let body = body.get(4..).unwrap_or_default();
    let head = String::from_utf8_lossy(head);
    let mut lines = head.lines();
    let status = lines.next().unwrap_or_default();
    if status.split(' ').nth(1) != Some("200") {
        return Err(format!("status {}", status.get(..60).unwrap_or(status)));
    }
    let mut length = None;
    let mut is_chunked = false;
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        let value = value.trim();
        if name.eq_ignore_ascii_case("content-length") {
            length = Some(value.parse::<usize>().map_err(|_| "bad content-length")?);
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            is_chunked = value.eq_ignore_ascii_case("chunked");
        }
    }
    if is_chunked {
        return unchunk(body).ok_or_else(|| "broken chunks".to_owned());
    }
    match length {
        None => Ok(body.to_vec()),
        Some(length) => Ok(body.get(..length).ok_or("answer cut short")?.to_vec()),
    }
}

fn unchunk(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|two| two == b"\r\n")?;
        let (size, after) = rest.split_at_checked(end)?;
        let size = std::str::from_utf8(size).ok()?.split(';').next()?;
        let size = usize::from_str_radix(size.trim(), 16).ok()?;
        if size == 0 {
            return Some(body);
        }
        let (chunk, after) = after.get(2..)?.split_at_checked(size)?;
        body.extend(chunk);
        rest = after.strip_prefix(b"\r\n")?;
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;
    use crate::testing;
    use crate::timestamp::{Stamp, answer};

    const SECOND: Duration = Duration::from_secs(1);

    /// Serves one connection with what `reply` makes of the request body.
    fn serve(reply: impl FnOnce(&[u8]) -> Vec<u8> + Send + 'static) -> HttpTimestamps {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/tsa", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut asked = vec![0; 4096];
            let length = stream.read(&mut asked).unwrap();
            let asked = &asked[..length];
            assert!(asked.starts_with(b"POST /tsa HTTP/1.1\r\n"));
            let body = asked.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
            stream.write_all(&reply(&asked[body..])).unwrap();
        });
        HttpTimestamps::new(&address, SECOND).unwrap()
    }

    fn stamp(request: &[u8]) -> Vec<u8> {
        answer(request, &testing::timestamper(), testing::now(), 1).unwrap()
    }

    fn hash(data: &[u8]) -> [u8; 32] {
        use sha2::{Digest, Sha256};
        Sha256::digest(data).into()
    }

    #[test]
    fn a_token_comes_back_over_http() {
        let tsa = serve(|request| {
            let body = stamp(request);
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
            [head.into_bytes(), body].concat()
        });
        let token = tsa.timestamp(&hash(b"data")).unwrap();
        assert_eq!(Stamp::read(&token, b"data").unwrap().at, testing::now());
    }

    #[test]
    fn a_chunked_answer_is_read() {
        let tsa = serve(|request| {
            let body = stamp(request);
            let mut answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
            for chunk in body.chunks(1000) {
                answer.extend(format!("{:x}\r\n", chunk.len()).as_bytes());
                answer.extend([chunk, b"\r\n"].concat());
            }
            answer.extend(b"0\r\n\r\n");
            answer
        });
        assert!(tsa.timestamp(&hash(b"data")).is_ok());
    }

    #[test]
    fn an_authority_that_refuses_is_an_error_with_a_next_step() {
        for reply in [
            &b"HTTP/1.1 503 Busy\r\n\r\n"[..],
            b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n0",
            // A TimeStampResp with status 2, rejection.
            b"HTTP/1.1 200 OK\r\n\r\n\x30\x05\x30\x03\x02\x01\x02",
            b"",
        ] {
            let error = serve(move |_| reply.to_vec()).timestamp(&hash(b"data")).unwrap_err();
            assert!(error.message.contains("thử ký lại"), "{error}");
        }
    }

    #[test]
    fn an_authority_that_keeps_silent_is_given_up() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let tsa = HttpTimestamps::new(&address, Duration::from_millis(50)).unwrap();
        assert!(tsa.timestamp(&hash(b"data")).is_err());
    }

    #[test]
    fn an_address_is_http_host_port_path() {
        let tsa = HttpTimestamps::new("http://tsa.mau.vn:318/a?b", SECOND).unwrap();
        assert_eq!((tsa.host.as_str(), tsa.port, tsa.path.as_str()), ("tsa.mau.vn", 318, "/a?b"));
        assert_eq!(HttpTimestamps::new("http://tsa.mau.vn", SECOND).unwrap().path, "/");
        for wrong in
            ["https://a/", "a", "http://", "http://a b/", "http://a:x/", "http://a/\r\nX: y"]
        {
            assert!(HttpTimestamps::new(wrong, SECOND).is_err(), "{wrong}");
        }
    }
}
