//! Asking a ClamAV daemon about an upload (`clamd`, command INSTREAM), where an office runs one.

use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::time::Duration;

use kernel::{Error, Result};
use serde::{Deserialize, Serialize};

/// Bytes of one piece of the stream.
const PIECE: usize = 64 * 1024;
/// An answer is one short line.
const LONGEST_ANSWER: u64 = 4_096;

/// Where the daemon listens, as in the settings: `{"unix":"/run/clamav/clamd.ctl"}` or
/// `{"tcp":"127.0.0.1:3310"}`.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Address {
    /// A socket in the file system.
    Unix(PathBuf),
    /// Host and port.
    Tcp(String),
}

/// A scanner, or none when the setting is absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scanner {
    address: Address,
    timeout: Duration,
}

/// What the daemon says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing was found.
    Clean,
    /// A known danger; its name is for the log.
    Infected(String),
}

impl Verdict {
    /// An infected upload as an error for the person who sent it.
    pub fn refuse_infected(self) -> Result<()> {
        match self {
            Verdict::Clean => Ok(()),
            Verdict::Infected(name) => Err(Error::invalid(
                "Tệp này bị phần mềm diệt vi-rút cảnh báo nên không nhận được. \
                 Ông/bà vui lòng kiểm tra máy đã tạo tệp, rồi gửi một tệp khác.",
            )
            .because(format!("clamav: {name}"))),
        }
    }
}

impl Scanner {
    /// `timeout` holds for connecting and for each read and write; scanning itself happens within
    /// the last read.
    pub fn new(address: Address, timeout: Duration) -> Scanner {
        Scanner { address, timeout }
    }

    /// Asks about these bytes. When the daemon cannot be reached the answer is an error, never
    /// "clean".
    pub fn scan(&self, bytes: &[u8]) -> Result<Verdict> {
        let unavailable = |cause: String| {
            Error::unavailable(
                "Chưa kiểm tra được an toàn của tệp. Ông/bà vui lòng gửi lại tệp sau ít phút.",
            )
            .because(format!("clamav: {cause}"))
        };
        let answer = self.ask(bytes).map_err(|cause| unavailable(cause.to_string()))?;
        verdict(&answer).ok_or_else(|| unavailable(format!("answered {answer:?}")))
    }

    fn ask(&self, bytes: &[u8]) -> io::Result<String> {
        match &self.address {
            Address::Unix(path) => {
                let stream = UnixStream::connect(path)?;
                stream.set_read_timeout(Some(self.timeout))?;
                stream.set_write_timeout(Some(self.timeout))?;
                converse(stream, bytes)
            }
            Address::Tcp(address) => {
                let stream = self.connect(address)?;
                stream.set_read_timeout(Some(self.timeout))?;
                stream.set_write_timeout(Some(self.timeout))?;
                converse(stream, bytes)
            }
        }
    }

    fn connect(&self, address: &str) -> io::Result<TcpStream> {
        let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
        for address in address.to_socket_addrs()? {
            match TcpStream::connect_timeout(&address, self.timeout) {
                Ok(stream) => return Ok(stream),
                Err(error) => last = error,
            }
        }
        Err(last)
    }
}

/// Pieces, each behind its length in four bytes; a length of zero ends the stream.
fn converse(mut stream: impl Read + Write, bytes: &[u8]) -> io::Result<String> {
    let sent = send(&mut stream, bytes);
    // A daemon whose size limit is passed answers and hangs up while we still write.
    let mut answer = Vec::new();
    let received = stream.take(LONGEST_ANSWER).read_to_end(&mut answer);
    if answer.is_empty() {
        sent?;
        received?;
    }
    let text = String::from_utf8_lossy(&answer);
    Ok(text.trim_end_matches(['\0', '\n']).to_owned())
}

fn send(stream: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    stream.write_all(b"zINSTREAM\0")?;
    for piece in bytes.chunks(PIECE) {
        let length = u32::try_from(piece.len()).map_err(io::Error::other)?;
        stream.write_all(&length.to_be_bytes())?;
        stream.write_all(piece)?;
    }
    stream.write_all(&[0; 4])?;
    stream.flush()
}

fn verdict(answer: &str) -> Option<Verdict> {
    let answer = answer.strip_prefix("stream: ")?;
    if answer == "OK" {
        return Some(Verdict::Clean);
    }
    answer.strip_suffix(" FOUND").map(|name| Verdict::Infected(name.to_owned()))
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::os::unix::net::UnixListener;
    use std::thread;

    use super::*;

    /// Reads a whole INSTREAM request; answers as the real daemon does.
    fn serve_one(mut stream: impl Read + Write, limit: usize) {
        let mut command = [0; 10];
        stream.read_exact(&mut command).unwrap();
        assert_eq!(&command, b"zINSTREAM\0");
        let mut received = Vec::new();
        loop {
            let mut length = [0; 4];
            stream.read_exact(&mut length).unwrap();
            let length = u32::from_be_bytes(length) as usize;
            if length == 0 {
                break;
            }
            if received.len() + length > limit {
                stream.write_all(b"INSTREAM size limit exceeded. ERROR\0").unwrap();
                return;
            }
            let start = received.len();
            received.resize(start + length, 0);
            stream.read_exact(&mut received[start..]).unwrap();
        }
        let is_bad = received.windows(5).any(|window| window == b"EICAR");
        let answer: &[u8] =
            if is_bad { b"stream: Win.Test.EICAR_HDB-1 FOUND\0" } else { b"stream: OK\0" };
        stream.write_all(answer).unwrap();
    }

    fn tcp_daemon(limit: usize) -> Scanner {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = Address::Tcp(listener.local_addr().unwrap().to_string());
        thread::spawn(move || serve_one(listener.accept().unwrap().0, limit));
        Scanner::new(address, Duration::from_secs(2))
    }

    #[test]
    fn a_clean_file_of_many_pieces_is_clean() {
        let bytes = vec![7; 3 * PIECE + 11];
        assert_eq!(tcp_daemon(usize::MAX).scan(&bytes).unwrap(), Verdict::Clean);
    }

    #[test]
    fn an_infected_file_is_named_and_refused() {
        let verdict = tcp_daemon(usize::MAX).scan(b"..EICAR..").unwrap();
        assert_eq!(verdict, Verdict::Infected("Win.Test.EICAR_HDB-1".into()));
        let error = verdict.refuse_infected().unwrap_err();
        assert!(error.message.contains("diệt vi-rút") && !error.message.contains("EICAR"));
    }

    #[test]
    fn a_socket_in_the_file_system_works_the_same() {
        let path = std::env::temp_dir().join(format!("clamd-test-{}", std::process::id()));
        let _ = std::fs::remove_file(&path);
        let listener = UnixListener::bind(&path).unwrap();
        thread::spawn(move || serve_one(listener.accept().unwrap().0, usize::MAX));
        let scanner = Scanner::new(Address::Unix(path.clone()), Duration::from_secs(2));
        assert_eq!(scanner.scan(b"").unwrap(), Verdict::Clean);
        std::fs::remove_file(&path).unwrap();
    }

    #[test]
    fn a_daemon_that_cannot_say_is_never_taken_for_clean() {
        let refused = tcp_daemon(10).scan(&[7; 100]).unwrap_err();
        assert_eq!(refused.code, kernel::ErrorCode::Unavailable);
        let address = Address::Unix("/nonexistent/clamd.ctl".into());
        assert!(Scanner::new(address, Duration::from_secs(1)).scan(b"x").is_err());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let silent = Address::Tcp(listener.local_addr().unwrap().to_string());
        assert!(Scanner::new(silent, Duration::from_millis(50)).scan(b"x").is_err());
    }

    #[test]
    fn the_setting_reads_as_unix_or_tcp() {
        let read = |json| serde_json::from_str::<Address>(json).unwrap();
        assert_eq!(read(r#"{"unix":"/run/a"}"#), Address::Unix("/run/a".into()));
        assert_eq!(read(r#"{"tcp":"a:1"}"#), Address::Tcp("a:1".into()));
    }
}
