//! The requests that make up the work of an office, as bytes ready to be sent.

use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use jiff::civil::Date;
use serde_json::Value;

use crate::client::{Connection, Request};
use crate::{Result, birth};

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
