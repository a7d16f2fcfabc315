//! What was measured: kept as JSON, one row a line, and shown as a table.

use std::io::Write;
use std::path::Path;

use serde_json::{Value, json};

use crate::{Result, say};

/// One measurement of an operation.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// `tuphap`, `raw`, or the peer's name.
    pub(crate) target: String,
    /// `sqlite` or `postgres`.
    pub(crate) engine: String,
    /// `create`, `read`, `list`, `advance`, …
    pub(crate) operation: String,
    pub(crate) connections: usize,
    pub(crate) seconds: f64,
    /// Sorted times of the requests answered well, in microseconds.
    pub(crate) times: Vec<u32>,
    pub(crate) errors: u64,
    pub(crate) server_cpu_seconds: f64,
    pub(crate) database_cpu_seconds: f64,
    pub(crate) client_cpu_seconds: f64,
    /// Most resident memory seen meanwhile.
    pub(crate) memory_mib: f64,
}

impl Row {
    fn requests(&self) -> f64 {
        self.times.len() as f64
    }

    fn per_second(&self) -> f64 {
        self.requests() / self.seconds.max(1e-9)
    }

    /// The time within which this part of the requests was answered, in milliseconds.
    fn percentile(&self, part: f64) -> f64 {
        let last = self.times.len().saturating_sub(1);
        let place = (last as f64 * part).round() as usize;
        f64::from(self.times.get(place).copied().unwrap_or(0)) / 1_000.0
    }

    /// CPU time for one request, in milliseconds.
    fn each(&self, seconds: f64) -> f64 {
        seconds * 1_000.0 / self.requests().max(1.0)
    }

    pub(crate) fn json(&self) -> Value {
        json!({
            "target": self.target,
            "engine": self.engine,
            "operation": self.operation,
            "connections": self.connections,
            "seconds": rounded(self.seconds, 2),
            "requests": self.times.len(),
            "errors": self.errors,
            "per_second": rounded(self.per_second(), 1),
            "p50_ms": rounded(self.percentile(0.50), 3),
            "p95_ms": rounded(self.percentile(0.95), 3),
            "p99_ms": rounded(self.percentile(0.99), 3),
            "max_ms": rounded(self.percentile(1.0), 3),
            "server_cpu_ms": rounded(self.each(self.server_cpu_seconds), 4),
            "database_cpu_ms": rounded(self.each(self.database_cpu_seconds), 4),
            "client_cpu_ms": rounded(self.each(self.client_cpu_seconds), 4),
            "server_cpu_seconds": rounded(self.server_cpu_seconds, 2),
            "database_cpu_seconds": rounded(self.database_cpu_seconds, 2),
            "client_cpu_seconds": rounded(self.client_cpu_seconds, 2),
            "memory_mib": rounded(self.memory_mib, 1),
        })
    }
}

pub(crate) fn rounded(number: f64, places: i32) -> f64 {
    let scale = 10_f64.powi(places);
    (number * scale).round() / scale
}

/// Where measurements go: to the terminal, and to a file if one was named.
pub(crate) struct Results<'a> {
    /// JSON instead of a table on the terminal.
    pub(crate) json: bool,
    /// File that rows are appended to.
    pub(crate) file: Option<&'a Path>,
}

impl Results<'_> {
    pub(crate) fn begin(&self) {
        if !self.json {
            say(HEADING);
        }
    }

    pub(crate) fn add(&self, row: &Row) -> Result<()> {
        let value = row.json();
        if self.json {
            say(&value.to_string());
        } else {
            say(&line(&value));
        }
        self.keep(&value)
    }

    /// A single figure that is no measurement of an operation, such as memory at rest.
    pub(crate) fn fact(&self, target: &str, engine: &str, fact: &str, value: f64) -> Result<()> {
        let row = json!({
            "target": target, "engine": engine, "fact": fact, "value": rounded(value, 3),
        });
        if self.json {
            say(&row.to_string());
        } else {
            say(&format!("{target} {engine} {fact}: {}", rounded(value, 3)));
        }
        self.keep(&row)
    }

    fn keep(&self, value: &Value) -> Result<()> {
        let Some(path) = self.file else { return Ok(()) };
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path)?;
        Ok(writeln!(file, "{value}")?)
    }
}

const HEADING: &str = "target   engine   operation  conn  requests/s   p50 ms   p95 ms   p99 ms   \
    max ms errors  server  database  client CPU ms  MiB";

fn line(row: &Value) -> String {
    let text = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let number = |name: &str| row.get(name).and_then(Value::as_f64).unwrap_or_default();
    format!(
        "{:8} {:8} {:10} {:4} {:11.1} {:8.2} {:8.2} {:8.2} {:8.1} {:6} {:7.3} {:9.3} {:7.3}       {:6.1}",
        text("target"),
        text("engine"),
        text("operation"),
        number("connections"),
        number("per_second"),
        number("p50_ms"),
        number("p95_ms"),
        number("p99_ms"),
        number("max_ms"),
        number("errors"),
        number("server_cpu_ms"),
        number("database_cpu_ms"),
        number("client_cpu_ms"),
        number("memory_mib"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(times: Vec<u32>) -> Row {
        Row {
            target: "t".to_owned(),
            engine: "e".to_owned(),
            operation: "o".to_owned(),
            connections: 1,
            seconds: 2.0,
            times,
            errors: 0,
            server_cpu_seconds: 1.0,
            database_cpu_seconds: 0.0,
            client_cpu_seconds: 0.0,
            memory_mib: 1.0,
        }
    }

    #[test]
    fn percentiles_are_taken_from_the_sorted_times() {
        let json = row((1..=1_000).map(|n| n * 1_000).collect()).json();
        assert_eq!(json["p50_ms"], 501.0);
        assert_eq!(json["p99_ms"], 990.0);
        assert_eq!(json["max_ms"], 1_000.0);
        assert_eq!(json["per_second"], 500.0);
        assert_eq!(json["server_cpu_ms"], 1.0);
    }

    #[test]
    fn nothing_measured_is_zero_and_no_fault() {
        let json = row(Vec::new()).json();
        assert_eq!(json["p99_ms"], 0.0);
        assert_eq!(json["per_second"], 0.0);
    }
}
