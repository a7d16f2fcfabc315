//! The commands.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use kernel::error::{Error, Result};
use store::Store;

use crate::account::AccountCommand;
use crate::law::LawCommand;
use crate::wiring::{self, Place};
use crate::{account, configuration, demo, pack_check, server};

/// Tư pháp số: phần mềm của Sở Tư pháp và các xã, phường, đặc khu.
#[derive(Parser)]
#[command(name = "tuphap", version, after_help = "Ví dụ: tuphap demo --listen 127.0.0.1:8080")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Lay out a demonstration with invented people and serve it.
    #[command(after_help = "Example: tuphap demo --data data --listen 127.0.0.1:8080")]
    Demo(ServeArguments),
    /// Serve an installation.
    #[command(after_help = "Example: tuphap serve --data /var/lib/tuphap --listen 127.0.0.1:8080")]
    Serve(ServeArguments),
    /// Bring the database schema up to date and end.
    #[command(after_help = "Example: tuphap migrate --data /var/lib/tuphap")]
    Migrate(PlaceArguments),
    /// Look at content packs.
    #[command(subcommand)]
    Pack(PackCommand),
    /// Look at the hash-chained events.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Make, disable, enable and list accounts.
    #[command(subcommand)]
    Account(AccountCommand),
    /// Import, search, ask, compare and review law.
    #[command(subcommand)]
    Law(LawCommand),
    /// Make an API token for an account; it is shown once.
    #[command(after_help = "Example: tuphap token --data data --login motcua.myhiep --days 30")]
    Token(TokenArguments),
}

#[derive(Args)]
pub(crate) struct PlaceArguments {
    /// Data folder.
    #[arg(long, default_value = "data")]
    data: PathBuf,
    /// Content folder; found by itself when it lies beside the program.
    #[arg(long)]
    content: Option<PathBuf>,
    /// PostgreSQL address such as postgres://user@host/database; SQLite in the data folder if absent.
    #[arg(long, env = "TUPHAP_DATABASE")]
    database: Option<String>,
}

#[derive(Args)]
struct ServeArguments {
    #[command(flatten)]
    place: PlaceArguments,
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: String,
    /// Job runners of this process; 0 leaves jobs to other processes. Overrides the configuration.
    #[arg(long)]
    job_workers: Option<u32>,
}

#[derive(Subcommand)]
enum PackCommand {
    /// Check packs: every problem with file and line; exit code 1 if any is an error.
    #[command(after_help = "Example: tuphap pack check content --json")]
    Check {
        /// Content folder.
        #[arg(default_value = "content")]
        folder: PathBuf,
        /// Machine-readable output.
        #[arg(long)]
        json: bool,
    },
    /// Write the JSON Schemas of the pack files, for editors.
    #[command(after_help = "Example: tuphap pack schema content/schema")]
    Schema {
        /// Folder to write into.
        #[arg(default_value = "content/schema")]
        folder: PathBuf,
    },
}

#[derive(Subcommand)]
enum AuditCommand {
    /// Recompute the hash chains; exit code 1 if an edit, a gap or a cut end is found.
    #[command(after_help = "Example: tuphap audit verify --data data --json")]
    Verify {
        #[command(flatten)]
        place: PlaceArguments,
        /// Machine-readable output.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Args)]
struct TokenArguments {
    #[command(flatten)]
    place: PlaceArguments,
    /// Login of the account.
    #[arg(long)]
    login: String,
    /// Days until it expires.
    #[arg(long, default_value_t = 30)]
    days: i64,
    /// Scopes, separated by spaces.
    #[arg(long, default_value = "dossiers:read dossiers:write registers:read tokens:manage")]
    scopes: String,
}

impl PlaceArguments {
    /// Data folder, content folder, database, as given.
    pub(crate) fn parts(self) -> (PathBuf, Option<PathBuf>, Option<String>) {
        (self.data, self.content, self.database)
    }

    pub(crate) fn place(self) -> Result<Place> {
        Ok(Place {
            content: configuration::content_folder(self.content)?,
            data: self.data,
            database: self.database,
        })
    }
}

/// Runs a command; the exit code is 0 when all is well, 1 when it is not.
pub(crate) fn run(arguments: Arguments) -> ExitCode {
    let outcome = match arguments.command {
        Command::Demo(arguments) => block_on(serve(arguments, true)),
        Command::Serve(arguments) => block_on(serve(arguments, false)),
        Command::Migrate(arguments) => migrate(arguments),
        Command::Pack(PackCommand::Check { folder, json }) => return check_packs(&folder, json),
        Command::Pack(PackCommand::Schema { folder }) => write_schemas(&folder),
        Command::Audit(AuditCommand::Verify { place, json }) => {
            return verify_audit(place, json);
        }
        Command::Account(command) => block_on(account::run(command)),
        Command::Law(command) => return look_at_law(command),
        Command::Token(arguments) => block_on(make_token(arguments)),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

/// 0 when all is well, 1 when something asked for could not be taken over, 2 when it could not be done.
fn look_at_law(command: LawCommand) -> ExitCode {
    match runtime().and_then(|runtime| runtime.block_on(crate::law::run(command))) {
        Ok(is_well) => ExitCode::from(u8::from(!is_well)),
        Err(error) => {
            complain(&error);
            ExitCode::from(2)
        }
    }
}

fn block_on(work: impl Future<Output = Result<()>>) -> Result<()> {
    runtime()?.block_on(work)
}

/// More threads than cores, since SQLite is read where the question is asked, and a thread that reads
/// serves nobody else meanwhile.
fn runtime() -> Result<tokio::runtime::Runtime> {
    let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(cores + 4)
        .enable_all()
        .build()
        .map_err(Error::internal)
}

/// The sentence for the person and, below it, the cause for whoever runs the program.
#[expect(clippy::print_stderr, reason = "a command talks to its caller")]
fn complain(error: &Error) {
    eprintln!("{}", error.message);
    for problem in &error.problems {
        eprintln!("  {}", problem.message);
    }
    if let Some(cause) = &error.cause {
        eprintln!("({cause})");
    }
}

#[expect(clippy::print_stdout, reason = "a command talks to its caller")]
pub(crate) fn say(text: &str) {
    println!("{text}");
}

async fn serve(arguments: ServeArguments, is_demo: bool) -> Result<()> {
    let listener = server::listen(&arguments.listen).await?;
    let address = listener.local_addr().map_err(Error::internal)?.to_string();
    let place = arguments.place.place()?;
    let mut settings = configuration::read(&place.data)?;
    if let Some(workers) = arguments.job_workers {
        settings.job_workers = workers;
    }
    if is_demo {
        settings.demo = true;
        settings.public_address = format!("http://{address}");
    }
    let app = wiring::start(&place, settings).await?;
    if is_demo {
        app::setup::demonstration(&app).await?;
        demo::lay_out_law(&app, &place.content.join("demo/law")).await?;
        say(&demo::greeting(&app, &address));
    } else {
        begin(&app).await?;
    }
    tracing::info!(%address, "serving");
    server::serve(app, listener, place.data).await
}

/// What an empty data folder needs; and a hint, while nobody can sign in yet.
async fn begin(app: &app::App) -> Result<()> {
    app::setup::prepare(app).await?;
    if app.store().read(store::accounts::count).await? == 0 {
        tracing::warn!(
            "nobody can sign in yet: make the first account with `tuphap account add`, as README says"
        );
    }
    Ok(())
}

fn migrate(arguments: PlaceArguments) -> Result<()> {
    let place = arguments.place()?;
    std::fs::create_dir_all(&place.data).map_err(Error::internal)?;
    Store::open(place.store_config()).map(|_| ())
}

fn check_packs(folder: &std::path::Path, json: bool) -> ExitCode {
    let problems = pack_check::problems(folder);
    let failed = problems.iter().any(pack::PackProblem::is_error);
    if json {
        let list: Vec<serde_json::Value> = problems
            .iter()
            .map(|problem| {
                serde_json::json!({
                    "file": problem.file,
                    "line": problem.line,
                    "column": problem.column,
                    "severity": problem.severity,
                    "code": problem.code,
                    "message": problem.message,
                })
            })
            .collect();
        say(&serde_json::json!({ "ok": !failed, "problems": list }).to_string());
    } else {
        for problem in &problems {
            say(&problem.to_string());
        }
        say(if failed { "Nội dung còn lỗi." } else { "Nội dung hợp lệ." });
    }
    ExitCode::from(u8::from(failed))
}

fn write_schemas(folder: &std::path::Path) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(Error::internal)?;
    for (name, schema) in pack::json_schema() {
        let text = serde_json::to_string_pretty(&schema).map_err(Error::internal)?;
        std::fs::write(folder.join(format!("{name}.json")), text + "\n")
            .map_err(Error::internal)?;
    }
    Ok(())
}

fn verify_audit(arguments: PlaceArguments, json: bool) -> ExitCode {
    let config = match &arguments.database {
        Some(url) => store::StoreConfig::Postgres { url: url.clone() },
        None => store::StoreConfig::in_folder(&arguments.data),
    };
    let outcome = runtime().and_then(|runtime| {
        runtime.block_on(async {
            if arguments.database.is_none() && !arguments.data.join("tuphap.sqlite").is_file() {
                return Err(Error::not_found(format!(
                    "Không có cơ sở dữ liệu trong {}.",
                    arguments.data.display()
                )));
            }
            let store = Store::open_migrated(config)?;
            let anchors = app::witness::read(&arguments.data)?;
            store.read(move |tx| store::chain::verify(tx, &anchors)).await
        })
    });
    match outcome {
        Ok(verdict) => {
            let text = serde_json::to_string(&verdict).unwrap_or_default();
            if json {
                say(&text);
            } else if verdict.ok {
                say(&format!("Chuỗi nguyên vẹn: {} sự kiện.", verdict.events));
            } else {
                let place = verdict.first_bad.clone().unwrap_or_default();
                let reason = verdict.reason.clone().unwrap_or_default();
                say(&format!("Chuỗi bị phá vỡ tại {place}: {reason}."));
            }
            ExitCode::from(u8::from(!verdict.ok))
        }
        Err(error) => {
            complain(&error);
            ExitCode::from(2)
        }
    }
}

async fn make_token(arguments: TokenArguments) -> Result<()> {
    let place = arguments.place.place()?;
    let settings = configuration::read(&place.data)?;
    let app = wiring::start(&place, settings).await?;
    let token =
        app::setup::token_for(&app, &arguments.login, &arguments.scopes, arguments.days).await?;
    say(&token);
    Ok(())
}
