//! `cargo xtask report`: tables from the rows that were kept.

use std::path::PathBuf;

use clap::Args;
use serde_json::Value;

use crate::{Result, say};

/// Make tables from the rows that the other tasks wrote.
#[derive(Args)]
#[command(after_help = "Example: cargo xtask report bench/out/rows.jsonl")]
pub(crate) struct ReportArguments {
    /// File with one JSON row a line.
    #[arg(default_value = "bench/out/rows.jsonl")]
    rows: PathBuf,
}

pub(crate) fn run(arguments: &ReportArguments) -> Result<()> {
    let text = std::fs::read_to_string(&arguments.rows)?;
    let rows: Vec<Value> =
        text.lines().map(serde_json::from_str).collect::<std::result::Result<_, _>>()?;
    let rows = Rows(rows);
    say(&rows.operations());
    say(&rows.facts());
    say(&rows.goals());
    Ok(())
}

struct Rows(Vec<Value>);

fn text<'a>(row: &'a Value, name: &str) -> &'a str {
    row.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn number(row: &Value, name: &str) -> f64 {
    row.get(name).and_then(Value::as_f64).unwrap_or_default()
}

impl Rows {
    fn operations(&self) -> String {
        let mut table =
            "| target | engine | operation | connections | requests/s | p50 ms | p95 ms \
            | p99 ms | max ms | errors | server CPU ms | database CPU ms | client CPU ms | MiB |\n\
            | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n"
                .to_owned();
        for row in self.0.iter().filter(|row| row.get("operation").is_some()) {
            table += &format!(
                "| {} | {} | {} | {} | {:.0} | {:.2} | {:.2} | {:.2} | {:.0} | {} | {:.3} | {:.3} \
                 | {:.3} | {:.0} |\n",
                text(row, "target"),
                text(row, "engine"),
                text(row, "operation"),
                number(row, "connections"),
                number(row, "per_second"),
                number(row, "p50_ms"),
                number(row, "p95_ms"),
                number(row, "p99_ms"),
                number(row, "max_ms"),
                number(row, "errors"),
                number(row, "server_cpu_ms"),
                number(row, "database_cpu_ms"),
                number(row, "client_cpu_ms"),
                number(row, "memory_mib"),
            );
        }
        table
    }

    fn facts(&self) -> String {
        let mut table =
            "| target | engine | figure | value |\n| --- | --- | --- | --- |\n".to_owned();
        for row in self.0.iter().filter(|row| row.get("fact").is_some()) {
            table += &format!(
                "| {} | {} | {} | {} |\n",
                text(row, "target"),
                text(row, "engine"),
                text(row, "fact"),
                number(row, "value"),
            );
        }
        table
    }

    /// The last measurement of an operation.
    fn find(&self, wanted: (&str, &str, &str), connections: f64, name: &str) -> Option<f64> {
        let (target, engine, operation) = wanted;
        let fits = |row: &&Value| {
            text(row, "target") == target
                && text(row, "engine") == engine
                && text(row, "operation") == operation
                && (number(row, "connections") - connections).abs() < 0.5
        };
        self.0.iter().rev().find(fits).map(|row| number(row, name))
    }

    fn fact(&self, target: &str, engine: &str, fact: &str) -> Option<f64> {
        let fits = |row: &&Value| {
            text(row, "target") == target
                && text(row, "engine") == engine
                && text(row, "fact") == fact
        };
        self.0.iter().rev().find(fits).map(|row| number(row, "value"))
    }

    fn most_memory(&self, engine: &str) -> Option<f64> {
        let ours = |row: &&Value| text(row, "target") == "tuphap" && text(row, "engine") == engine;
        let memory = self.0.iter().filter(ours).map(|row| number(row, "memory_mib"));
        memory.filter(|memory| *memory > 0.0).reduce(f64::max)
    }

    fn goals(&self) -> String {
        let rate = |target, engine, operation, connections| {
            self.find((target, engine, operation), connections, "per_second")
        };
        let ratio = |a: Option<f64>, b: Option<f64>| Some(a? / b.filter(|b| *b > 0.0)?);
        let ours = |operation, connections| rate("tuphap", "sqlite", operation, connections);
        let theirs = |operation| rate("django", "postgres", operation, 16.0);
        let late =
            |target, engine, operation| self.find((target, engine, operation), 16.0, "p99_ms");
        let raw = rate("raw", "sqlite", "all-rows", 1.0);
        let mut goals = Goals::default();
        for operation in ["create", "advance"] {
            goals.at_least(
                &format!("{operation}, SQLite / Django, 16"),
                ratio(ours(operation, 16.0), theirs(operation)),
                15.0,
            );
            goals.at_least(
                &format!("{operation}, PostgreSQL / Django, 16"),
                ratio(rate("tuphap", "postgres", operation, 16.0), theirs(operation)),
                8.0,
            );
            for (connections, goal) in [(16.0, 0.6), (64.0, 1.2)] {
                goals.at_least(
                    &format!("{operation}, SQLite / raw engine, {connections}"),
                    ratio(ours(operation, connections), raw),
                    goal,
                );
            }
        }
        goals.at_least("read/s, SQLite, 16", ours("read", 16.0), 8_000.0);
        goals.at_least("read/s, SQLite, 64", ours("read", 64.0), 8_000.0);
        goals.at_least("list/s, SQLite, 16", ours("list", 16.0), 2_000.0);
        for operation in ["create", "read", "list", "advance"] {
            goals.at_most(
                &format!("p99 of {operation}, SQLite / Django, 16"),
                ratio(late("tuphap", "sqlite", operation), late("django", "postgres", operation)),
                0.25,
            );
        }
        let fact = |name| self.fact("tuphap", "sqlite", name);
        goals.at_most("memory at rest, MiB", fact("memory_idle_mib"), 50.0);
        goals.at_most("memory under load, MiB", self.most_memory("sqlite"), 200.0);
        goals.at_most("ready after, s", fact("ready_after_seconds"), 1.0);
        goals.at_least(
            "signed certificates / WeasyPrint pages, one process",
            ratio(
                self.fact("tuphap", "typst", "signed_certificates_per_second"),
                self.fact("weasyprint", "weasyprint", "pages_per_second"),
            ),
            5.0,
        );
        goals.0
    }
}

/// A table of goals, what was measured, and whether it is enough.
struct Goals(String);

impl Default for Goals {
    fn default() -> Self {
        Self("| goal | wanted | measured | |\n| --- | --- | --- | --- |\n".to_owned())
    }
}

impl Goals {
    fn at_least(&mut self, name: &str, measured: Option<f64>, goal: f64) {
        self.line(name, &format!("≥ {goal}"), measured, |value| value >= goal);
    }

    fn at_most(&mut self, name: &str, measured: Option<f64>, goal: f64) {
        self.line(name, &format!("≤ {goal}"), measured, |value| value <= goal);
    }

    fn line(
        &mut self,
        name: &str,
        goal: &str,
        measured: Option<f64>,
        enough: impl Fn(f64) -> bool,
    ) {
        let (value, verdict) = match measured {
            Some(value) if value >= 100.0 => (format!("{value:.0}"), enough(value)),
            Some(value) => (format!("{value:.2}"), enough(value)),
            None => ("not measured".to_owned(), false),
        };
        let verdict = if verdict { "reached" } else { "short" };
        let verdict = if measured.is_none() { "" } else { verdict };
        self.0 += &format!("| {name} | {goal} | {value} | {verdict} |\n");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_last_measurement_counts_and_what_is_missing_is_said() {
        let row = |rate: f64| {
            json!({"target": "tuphap", "engine": "sqlite", "operation": "read",
                "connections": 16, "per_second": rate})
        };
        let goals = Rows(vec![row(1.0), row(9_000.0)]).goals();
        assert!(goals.contains("| read/s, SQLite, 16 | ≥ 8000 | 9000 | reached |"), "{goals}");
        assert!(goals.contains("| list/s, SQLite, 16 | ≥ 2000 | not measured |  |"), "{goals}");
    }
}
