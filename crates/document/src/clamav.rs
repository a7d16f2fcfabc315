//! Asking a ClamAV daemon about an upload (`clamd`, command INSTREAM), where an office runs one.

use std::fmt::Display;
use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use kernel::{Error, Result};

/// Bytes of one piece of the stream.
const PIECE: usize = 64 * 1024;
/// An answer is one short line.
const LONGEST_ANSWER: u64 = 4_096;

/// For connecting and for each write.
const CONNECT: Duration = Duration::from_secs(5);
/// For the answer: the daemon scans before it answers.
const ANSWER: Duration = Duration::from_secs(60);

/// Asks the daemon at `address`: the path of a socket (`/run/clamav/clamd.ctl`) or `host:port`.
///
/// # Errors
/// `Invalid` when the file is infected; `Unavailable` when the daemon cannot be reached or cannot
/// say: that is never taken for clean.
pub fn scan(address: &str, bytes: &[u8]) -> Result<()> {
    let patience = Patience { connect: CONNECT, answer: ANSWER };
    let answer = ask(address, bytes, patience).map_err(unavailable)?;
    verdict(&answer)
}

/// How long to wait.
#[derive(Clone, Copy)]
struct Patience {
    connect: Duration,
    answer: Duration,
}

fn unavailable(cause: impl Display) -> Error {
    Error::unavailable(
        "Chưa kiểm tra được an toàn của tệp. Ông/bà vui lòng gửi lại tệp sau ít phút.",
    )
    .because(format!("clamav: {cause}"))
}

fn ask(address: &str, bytes: &[u8], patience: Patience) -> io::Result<String> {
    if address.starts_with('/') {
        let stream = UnixStream::connect(address)?;
        stream.set_read_timeout(Some(patience.answer))?;
        stream.set_write_timeout(Some(patience.connect))?;
        return converse(stream, bytes);
    }
    let stream = connect(address, patience.connect)?;
    stream.set_read_timeout(Some(patience.answer))?;
    stream.set_write_timeout(Some(patience.connect))?;
    converse(stream, bytes)
}

fn connect(address: &str, timeout: Duration) -> io::Result<TcpStream> {
    let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for address in address.to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, timeout) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(last)
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

fn verdict(answer: &str) -> Result<()> {
    match answer.strip_prefix("stream: ") {
        Some("OK") => Ok(()),
        Some(found) if found.ends_with(" FOUND") => Err(Error::invalid(
            "Phần mềm diệt vi-rút cảnh báo tệp này nên hệ thống không nhận. \
             Ông/bà vui lòng quét vi-rút máy đã tạo tệp, rồi gửi một tệp khác.",
        )
        .because(format!("clamav: {found}"))),
        _ => Err(unavailable(format!("answered {answer:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::os::unix::net::UnixListener;
    use std::thread;

    use kernel::ErrorCode;

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

    fn tcp_daemon(limit: usize) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        thread::spawn(move || serve_one(listener.accept().unwrap().0, limit));
        address
    }

    #[test]
    fn a_clean_file_of_many_pieces_is_clean() {
        scan(&tcp_daemon(usize::MAX), &vec![7; 3 * PIECE + 11]).unwrap();
    }

    #[test]
    fn an_infected_file_is_refused_and_its_danger_named_in_the_log_only() {
        let error = scan(&tcp_daemon(usize::MAX), b"..EICAR..").unwrap_err();
        assert_eq!(error.code, ErrorCode::Invalid);
        assert!(error.message.contains("diệt vi-rút") && !error.message.contains("EICAR"));
        assert!(error.to_string().contains("EICAR"));
    }

    #[test]
    fn a_socket_in_the_file_system_works_the_same() {
        let path = std::env::temp_dir().join(format!("clamd-test-{}", std::process::id()));
        let _ = std::fs::remove_file(&path);
        let listener = UnixListener::bind(&path).unwrap();
        thread::spawn(move || serve_one(listener.accept().unwrap().0, usize::MAX));
        scan(path.to_str().unwrap(), b"").unwrap();
        std::fs::remove_file(&path).unwrap();
    }

    #[test]
    fn a_daemon_that_cannot_say_is_never_taken_for_clean() {
        for address in
            [tcp_daemon(10).as_str(), "/nonexistent/clamd.ctl", "no port", "", "127.0.0.1:1"]
        {
            let error = scan(address, &[7; 100]).unwrap_err();
            assert_eq!(error.code, ErrorCode::Unavailable, "{address}");
        }
    }

    #[test]
    fn a_silent_daemon_is_not_waited_for_for_ever() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let short = Duration::from_millis(50);
        assert!(ask(&address, b"x", Patience { connect: short, answer: short }).is_err());
    }
}
