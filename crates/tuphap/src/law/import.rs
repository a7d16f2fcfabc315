//! `tuphap law import`: progress while it runs, a summary at the end.

use std::fmt::Write as _;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use app::law::{Corpus, ImportReport, Progress, Step};
use kernel::clock::Clock;
use kernel::error::Result;
use serde_json::json;

use crate::clock::SystemClock;
use crate::command::say;

/// Problems that are told one by one at a terminal; `--json` has a thousand.
const TOLD: usize = 20;

pub(super) async fn run(corpus: &Corpus, paths: &[PathBuf], as_json: bool) -> Result<bool> {
    let start = Instant::now();
    let mut bar = Bar::default();
    let report =
        app::law::import(corpus, paths, SystemClock.now(), |progress| bar.show(progress)).await;
    bar.end();
    let report = report?;
    let seconds = start.elapsed().as_secs_f64();
    if as_json {
        let mut value = json!(report);
        if let Some(fields) = value.as_object_mut() {
            fields.insert("seconds".to_owned(), json!((seconds * 10.0).round() / 10.0));
        }
        say(&value.to_string());
    } else {
        say(&summary(&report, seconds));
    }
    Ok(is_well(&report))
}

/// Single lines that were left out are told, and all is well; a file that could not be read is not.
fn is_well(report: &ImportReport) -> bool {
    !report.problems.iter().any(|problem| problem.line == 0 && problem.code != "anchor-taken")
}

fn summary(report: &ImportReport, seconds: f64) -> String {
    let mut text = String::new();
    for problem in report.problems.iter().take(TOLD) {
        let place = if problem.line == 0 { String::new() } else { format!(":{}", problem.line) };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}{place}: {}", problem.file, problem.message);
    }
    let told = report.problems.len().min(TOLD) as u64;
    if report.problem_count > told {
        let _ = writeln!(text, "… và {} vấn đề khác.", report.problem_count - told);
    }
    for doubt in &report.doubts {
        let _ = writeln!(text, "{}: cần kiểm tra – {}", doubt.file, doubt.message);
    }
    let _ = write!(
        text,
        "Văn bản mới {}, thay {}, giữ nguyên {}; {} điều, {} liên kết được ghi; {} vấn đề, {} điểm cần \
         kiểm tra. Chỉ mục có {} điều. Hết {seconds:.1} giây.",
        report.added,
        report.replaced,
        report.unchanged,
        report.provisions,
        report.relations,
        report.problem_count,
        report.doubts.len(),
        report.indexed,
    );
    text
}

/// One line that is written over and over, on a terminal only.
#[derive(Default)]
struct Bar {
    shown: Option<Instant>,
}

impl Bar {
    fn show(&mut self, progress: Progress) {
        let often = self.shown.is_some_and(|shown| shown.elapsed() < Duration::from_millis(100));
        if often || !std::io::stderr().is_terminal() {
            return;
        }
        self.shown = Some(Instant::now());
        let what = match progress.step {
            Step::Reading => "Đang nhập",
            Step::Indexing => "Đang lập chỉ mục",
        };
        let percent = progress.done.saturating_mul(100) / progress.total.max(1);
        let filled = usize::try_from(percent / 4).unwrap_or(0).min(25);
        let bar = format!("{}{}", "█".repeat(filled), "░".repeat(25 - filled));
        // A terminal that is gone needs no progress.
        let _ = write!(std::io::stderr(), "\r{what:<17} {bar} {percent:>3} %");
    }

    fn end(&self) {
        if self.shown.is_some() {
            let _ = writeln!(std::io::stderr());
        }
    }
}
