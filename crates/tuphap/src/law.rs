//! `tuphap law …`: what can be done with the law at the command line.

mod files;
mod import;
mod words;

use std::path::PathBuf;

use app::law::{Corpus, Filter, Guides, Question};
use clap::{Args, Subcommand};
use jiff::civil::Date;
use kernel::clock::Clock;
use kernel::error::{Error, Result};
use serde_json::{Value, json};
use store::Store;

use crate::clock::SystemClock;
use crate::command::{PlaceArguments, say};
use crate::configuration;
use crate::wiring;

#[derive(Subcommand)]
pub(crate) enum LawCommand {
    /// Bring law in: codified law and corpora (.jsonl, .json, .zst), documents (docx, PDF, HTML, text, Akoma
    /// Ntoso), folders of them. Importing twice changes nothing. Exit code 1 if a file could not be read.
    #[command(after_help = "Example: tuphap law import --data data phapdien.jsonl.zst van-ban/")]
    Import {
        /// Files and folders.
        #[arg(required = true)]
        paths: Vec<PathBuf>,
        #[command(flatten)]
        common: Common,
    },
    /// Find provisions by words, numbers or a question, with or without tones.
    #[command(
        after_help = "Example: tuphap law search --data data --at 2026-11-22 --limit 5 \"tuổi kết hôn\""
    )]
    Search {
        /// Words or a question.
        #[arg(required = true)]
        query: Vec<String>,
        /// Only provisions in force on this day, such as 2026-11-22 or 22/11/2026.
        #[arg(long, value_parser = day)]
        at: Option<Date>,
        /// How many at most.
        #[arg(long, default_value_t = 10)]
        limit: usize,
        #[command(flatten)]
        common: Common,
    },
    /// Answer a question in the law's own sentences, or say that the law does not answer it.
    #[command(after_help = "Example: tuphap law ask --data data \"Bao nhiêu tuổi được kết hôn?\"")]
    Ask {
        /// The question.
        #[arg(required = true)]
        question: Vec<String>,
        /// Only from provisions in force on this day.
        #[arg(long, value_parser = day)]
        at: Option<Date>,
        #[command(flatten)]
        common: Common,
    },
    /// Measure how well questions find their answers; lines of {"question","relevant":[ids]}.
    #[command(after_help = "Example: tuphap law evaluate --data data questions.jsonl --json")]
    Evaluate {
        /// File with the questions.
        file: PathBuf,
        #[command(flatten)]
        common: Common,
    },
    /// Learn the order of answers from questions whose answers are known, lines as for `evaluate`, and tell how
    /// well it does on questions kept from it.
    #[command(
        after_help = "Example: tuphap law learn --data data questions.jsonl --out ranker.json"
    )]
    Learn {
        /// File with the questions.
        file: PathBuf,
        /// Where to write what was learned; content/national/law/ranker.json is read by the others.
        #[arg(long)]
        out: Option<PathBuf>,
        /// Also tell what each ingredient is worth, by leaving it out.
        #[arg(long)]
        leave_out: bool,
        #[command(flatten)]
        common: Common,
    },
    /// Show what a document is made of: what is known about it, and its tree of provisions.
    #[command(after_help = "Example: tuphap law outline quyet-dinh.docx --json")]
    Outline {
        /// The document.
        file: PathBuf,
        #[command(flatten)]
        common: Common,
    },
    /// Compare two texts: do they overlap, may they contradict each other?
    #[command(after_help = "Example: tuphap law compare du-thao.txt luat.txt --json")]
    Compare {
        /// A file, or the text itself.
        a: String,
        /// A file, or the text itself.
        b: String,
        #[command(flatten)]
        common: Common,
    },
    /// Show what changed between two versions of a document, article by article.
    #[command(after_help = "Example: tuphap law diff ban-2020.txt ban-2025.txt --json")]
    Diff {
        /// The older version.
        a: PathBuf,
        /// The newer version.
        b: PathBuf,
        #[command(flatten)]
        common: Common,
    },
    /// Lay a draft against the law that was imported: candidates for a person to look at, no verdicts.
    #[command(after_help = "Example: tuphap law review --data data du-thao.docx --json")]
    Review {
        /// The draft.
        file: PathBuf,
        /// Day on which the law is looked at; today if absent.
        #[arg(long, value_parser = day)]
        at: Option<Date>,
        #[command(flatten)]
        common: Common,
    },
    /// Write the whole law as lines of JSON, one document each, which `import` reads again.
    #[command(after_help = "Example: tuphap law export --data data law.jsonl")]
    Export {
        /// File to write; it must not be there yet.
        file: PathBuf,
        #[command(flatten)]
        common: Common,
    },
}

/// What every command takes.
#[derive(Args)]
pub(crate) struct Common {
    #[command(flatten)]
    place: PlaceArguments,
    /// Machine-readable output.
    #[arg(long)]
    json: bool,
}

fn day(text: &str) -> std::result::Result<Date, String> {
    kernel::partial_date::parse_date_input(text).map_err(|problem| problem.message)
}

/// Runs a command; true when all is well.
pub(crate) async fn run(command: LawCommand) -> Result<bool> {
    match command {
        LawCommand::Import { paths, common } => {
            let corpus = corpus(common.place)?;
            return import::run(&corpus, &paths, common.json).await;
        }
        LawCommand::Search { query, at, limit, common } => {
            let corpus = corpus(common.place)?;
            let found = app::law::search(&corpus, &query.join(" "), limit, Filter { at }).await?;
            let text = || words::hits(&found);
            show(common.json, &files::hits(&found), text);
        }
        LawCommand::Ask { question, at, common } => {
            let corpus = corpus(common.place)?;
            let answer = app::law::ask(&corpus, &question.join(" "), at).await?;
            show(common.json, &json!(answer), || words::answer(&answer));
        }
        LawCommand::Evaluate { file, common } => {
            let questions: Vec<Question> = questions(&file)?;
            let evaluation = app::law::evaluate(&corpus(common.place)?, questions).await?;
            show(common.json, &json!(evaluation), || words::evaluation(&evaluation));
        }
        LawCommand::Learn { file, out, leave_out, common } => {
            let learned =
                app::law::learn(&corpus(common.place)?, questions(&file)?, leave_out).await?;
            if let Some(out) = out {
                let text = serde_json::to_string(&learned.ranker).map_err(Error::internal)?;
                std::fs::write(&out, text).map_err(|error| {
                    Error::invalid(format!("Không ghi được {}: {error}.", out.display()))
                })?;
            }
            show(common.json, &json!(learned), || words::learned(&learned));
        }
        LawCommand::Outline { file, common } => {
            let document = files::document(&file)?;
            show(common.json, &files::outline(&document), || words::outline(&document));
        }
        LawCommand::Compare { a, b, common } => {
            let comparison = law::comparison::compare(&files::text(&a)?, &files::text(&b)?);
            show(common.json, &files::comparison(&comparison), || words::comparison(&comparison));
        }
        LawCommand::Diff { a, b, common } => {
            let (old, new) = (files::document(&a)?, files::document(&b)?);
            let difference = law::difference::compare(&old, &new);
            show(common.json, &files::difference(&difference), || words::difference(&difference));
        }
        LawCommand::Review { file, at, common } => {
            let draft = files::document(&file)?;
            let corpus = corpus(common.place)?;
            let today = at.unwrap_or_else(|| SystemClock.now().date());
            let doubts = draft.doubts.clone();
            let findings = app::law::review(&corpus, draft, today).await?;
            let value = json!({ "findings": findings, "doubts": doubts });
            show(common.json, &value, || words::review(&findings, &doubts));
        }
        LawCommand::Export { file, common } => {
            let corpus = corpus(common.place)?;
            let count = export(&corpus, &file).await?;
            let text = || format!("Đã ghi {count} văn bản vào {}.", file.display());
            show(common.json, &json!({ "documents": count }), text);
        }
    }
    Ok(true)
}

fn show(as_json: bool, value: &Value, text: impl FnOnce() -> String) {
    say(&if as_json { value.to_string() } else { text() });
}

/// The law at a place; an SQLite database is made where none is.
fn corpus(place: PlaceArguments) -> Result<Corpus> {
    let (data, given, database) = place.parts();
    std::fs::create_dir_all(&data)
        .map_err(|error| Error::internal(format!("{}: {error}", data.display())))?;
    let config = match database {
        Some(url) => store::StoreConfig::Postgres { url },
        None => store::StoreConfig::in_folder(&data),
    };
    // Law can be searched without content, less well.
    let is_given = given.is_some();
    let guides = match configuration::content_folder(given) {
        Ok(content) => Guides::read(&content.join("national/law"))?,
        Err(error) if is_given => return Err(error),
        Err(_) => Guides::default(),
    };
    Ok(Corpus::new(Store::open(config)?, &data, wiring::node()?, guides))
}

fn questions<T: serde::de::DeserializeOwned>(file: &std::path::Path) -> Result<Vec<T>> {
    let text = String::from_utf8(files::bytes(file)?).map_err(|error| {
        Error::invalid(format!("{} không phải là văn bản UTF-8.", file.display()))
            .because(error.to_string())
    })?;
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
    let read = lines.map(|(line, number)| {
        serde_json::from_str(line).map_err(|error| {
            Error::invalid(format!(
                "{}, dòng {number}: cần {{\"question\", \"relevant\"}} ({error}).",
                file.display()
            ))
        })
    });
    read.collect()
}

async fn export(corpus: &Corpus, file: &std::path::Path) -> Result<u64> {
    let fault = |error: std::io::Error| {
        Error::invalid(format!("Không ghi được {}: {error}.", file.display()))
    };
    let opened = std::fs::File::create_new(file).map_err(fault)?;
    let mut out = std::io::BufWriter::new(opened);
    let count = app::law::export(corpus, &mut out).await?;
    std::io::Write::flush(&mut out).map_err(fault)?;
    Ok(count)
}
