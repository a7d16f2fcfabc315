//! The requests that make up the work of an office, as bytes ready to be sent.

use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use jiff::civil::Date;
use serde_json::Value;

use crate::client::{Connection, Request};
use crate::{Result, birth};

/// How often it is asked whether a personal number has come, every 50 ms.
const PATIENCE: u32 = 2_400;

/// What all connections share.
pub(crate) struct Work {
    pub(crate) address: SocketAddr,
    /// Token that files.
    pub(crate) citizen: String,
    /// Token that reads, lists and advances.
    pub(crate) officer: String,
    /// Dossiers that are there: read at random, advanced once each.
    pub(crate) codes: Vec<String>,
    today: Date,
    number: AtomicU64,
    advanced: AtomicUsize,
    fault: Mutex<Option<String>>,
}

impl Work {
    pub(crate) fn new(address: SocketAddr, citizen: String, officer: String) -> Self {
        Self {
            address,
            citizen,
            officer,
            codes: Vec::new(),
            today: birth::today(),
            number: AtomicU64::new(0),
            advanced: AtomicUsize::new(0),
            fault: Mutex::new(None),
        }
    }

    /// Number of a child not filed for yet.
    pub(crate) fn next_number(&self) -> u64 {
        self.number.fetch_add(1, Ordering::Relaxed)
    }

    /// A dossier that still lies at its first step.
    pub(crate) fn next_to_advance(&self) -> Option<String> {
        self.codes.get(self.advanced.fetch_add(1, Ordering::Relaxed)).cloned()
    }

    /// The request that files for child `number`, and its idempotency key.
    pub(crate) fn filing(&self, number: u64) -> (Vec<u8>, String) {
        let key = format!("birth-{number}");
        let body = birth::filing(number, self.today);
        let request = Request {
            method: "POST",
            path: "/api/v1/dossiers",
            token: &self.citizen,
            key: &key,
            body: &body,
        };
        (request.bytes(), key)
    }

    /// The request that takes an action of the workflow.
    pub(crate) fn action(&self, token: &str, code: &str, action: &str) -> Vec<u8> {
        let path = format!("/api/v1/dossiers/{code}/actions/{action}");
        let key = format!("{code}-{action}");
        Request { method: "POST", path: &path, token, key: &key, body: "{}" }.bytes()
    }

    /// Files one dossier; its code.
    pub(crate) async fn file_one(&self) -> Result<String> {
        let (request, _) = self.filing(self.next_number());
        let mut connection = Connection::new(self.address);
        let (status, body) = connection.call(&request).await?;
        let code = code_of(body).filter(|_| status == 201);
        code.ok_or_else(|| format!("create answered {status}: {}", text(body)).into())
    }

    /// Files births and brings them up to the signature; job runners must be at work, since the
    /// personal number is asked for. Number of the child and code of each.
    pub(crate) async fn bring_to_signature(
        &self,
        clerk: &str,
        count: u32,
    ) -> Result<Vec<(u64, String)>> {
        let mut connection = Connection::new(self.address);
        let mut born = Vec::new();
        for _ in 0..count {
            let number = self.next_number();
            let body = expect(&mut connection, &self.filing(number).0).await?;
            let code = code_of(&body).ok_or("no code")?;
            for (token, action) in [(&*self.officer, birth::ACCEPT), (clerk, "request-number")] {
                expect(&mut connection, &self.action(token, &code, action)).await?;
            }
            born.push((number, code));
        }
        for (_, code) in &born {
            self.submit(&mut connection, clerk, code).await?;
        }
        Ok(born)
    }

    /// Submits for signature as soon as the personal number is there.
    async fn submit(&self, connection: &mut Connection, clerk: &str, code: &str) -> Result<()> {
        let request = self.action(clerk, code, "submit-for-signature");
        for _ in 0..PATIENCE {
            if let (200, _) = connection.call(&request).await? {
                return Ok(());
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        Err(format!("{code} got no personal number").into())
    }

    /// Was it answered well? The first answer that was not is kept.
    pub(crate) fn judge(&self, what: &str, outcome: &std::io::Result<(u16, &[u8])>) -> bool {
        let fault = match outcome {
            Ok((200..300, _)) => return true,
            Ok((status, body)) => format!("{what}: {status}: {}", text(body)),
            Err(error) => format!("{what}: {error}"),
        };
        if let Ok(mut first) = self.fault.lock() {
            first.get_or_insert(fault);
        }
        false
    }

    pub(crate) fn first_fault(&self) -> Option<String> {
        self.fault.lock().ok()?.clone()
    }
}

/// A request that must be answered well.
pub(crate) async fn expect(connection: &mut Connection, request: &[u8]) -> Result<Vec<u8>> {
    let (status, body) = connection.call(request).await?;
    if (200..300).contains(&status) {
        return Ok(body.to_vec());
    }
    Err(format!("answered {status}: {}", text(body)).into())
}

fn text(body: &[u8]) -> String {
    String::from_utf8_lossy(body).chars().take(400).collect()
}

/// The code that an answer names.
pub(crate) fn code_of(body: &[u8]) -> Option<String> {
    let value: Value = serde_json::from_slice(body).ok()?;
    value.get("code")?.as_str().map(str::to_owned)
}

/// The cursor of the next page. Not parsed: a page is 20 kB, and the client must cost little.
pub(crate) fn next_page(body: &[u8]) -> Option<String> {
    let end = body.get(body.len().saturating_sub(200)..)?;
    let end = String::from_utf8_lossy(end);
    let (_, after) = end.rsplit_once("\"next\":")?;
    let after = after.trim_start().strip_prefix('"')?;
    after.split_once('"').map(|(cursor, _)| cursor.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_is_found_at_the_end_of_a_page() {
        assert_eq!(next_page(br#"{"items":[],"next":"17.4"}"#), Some("17.4".to_owned()));
        assert_eq!(next_page(br#"{"items":[], "next": "17.4"}"#), Some("17.4".to_owned()));
        assert_eq!(next_page(br#"{"items":[],"next":null}"#), None);
    }
}
