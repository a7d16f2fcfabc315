//! The program under test: started on a free port with its own data folder.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::Result;
use crate::client::{Connection, Request};
use crate::process::Tree;

/// Longest that starting may take; a debug build that compiles policies needs a while.
const PATIENCE: Duration = Duration::from_secs(120);
/// No limit that a load test would reach.
const SETTINGS: &str = "requests_per_minute = 1000000000\n";

/// An installation of its own.
pub(crate) struct Installation {
    pub(crate) binary: PathBuf,
    pub(crate) data: PathBuf,
    /// PostgreSQL address; SQLite in the data folder if absent.
    pub(crate) database: Option<String>,
    pub(crate) job_workers: u32,
}

impl Installation {
    /// An empty data folder. What lay there from an earlier run is removed.
    pub(crate) fn fresh(
        binary: &Path,
        data: &Path,
        database: Option<String>,
        job_workers: u32,
    ) -> Result<Self> {
        if !binary.try_exists()? {
            return Err(format!("{} is not there: cargo build --release", binary.display()).into());
        }
        if data.try_exists()? {
            std::fs::remove_dir_all(data)?;
        }
        std::fs::create_dir_all(data)?;
        std::fs::write(data.join("tuphap.toml"), SETTINGS)?;
        Ok(Self { binary: binary.to_owned(), data: data.to_owned(), database, job_workers })
    }

    /// The database as the crate `store` names it.
    pub(crate) fn store_config(&self) -> store::StoreConfig {
        match &self.database {
            Some(url) => store::StoreConfig::Postgres { url: url.clone() },
            None => store::StoreConfig::in_folder(&self.data),
        }
    }

    pub(crate) fn engine(&self) -> &'static str {
        if self.database.is_some() { "postgres" } else { "sqlite" }
    }

    /// A token of an account of the demonstration.
    pub(crate) fn token(&self, login: &str) -> Result<String> {
        let output = self.command("token").args(["--login", login]).output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
        }
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    }

    /// The verdict of `tuphap audit verify`: is the chain whole, and what was said.
    pub(crate) fn audit(&self) -> Result<(bool, String)> {
        let output = self.command("audit").arg("--json").output()?;
        let said = String::from_utf8(output.stdout)?;
        let verdict: serde_json::Value = serde_json::from_str(&said)?;
        let whole = verdict.get("ok").and_then(serde_json::Value::as_bool) == Some(true);
        Ok((whole && output.status.success(), said.trim().to_owned()))
    }

    fn command(&self, name: &str) -> Command {
        let mut command = Command::new(&self.binary);
        command.arg(name);
        if name == "audit" {
            command.arg("verify");
        }
        command.arg("--data").arg(&self.data);
        if let Some(url) = &self.database {
            command.args(["--database", url]);
        }
        command.env("RUST_LOG", "warn").stdin(Stdio::null());
        command
    }

    /// Starts the server and waits until it is ready. The first start lays out the demonstration.
    pub(crate) async fn start(&self) -> Result<Server> {
        let laid_out = self.data.join("laid-out");
        let known = laid_out.try_exists()?;
        let server = self.start_as(if known { "serve" } else { "demo" }).await?;
        std::fs::write(laid_out, "")?;
        Ok(server)
    }

    async fn start_as(&self, name: &str) -> Result<Server> {
        let address = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let log = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.data.join("server.log"))?;
        let started = Instant::now();
        let child = self
            .command(name)
            .args(["--listen", &address.to_string()])
            .args(["--job-workers", &self.job_workers.to_string()])
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()?;
        let mut server = Server { child, address, ready_after: Duration::ZERO };
        wait_until_ready(&mut server, started).await?;
        Ok(server)
    }
}

async fn wait_until_ready(server: &mut Server, started: Instant) -> Result<()> {
    let request = Request { method: "GET", path: "/readyz", token: "", key: "", body: "" }.bytes();
    while started.elapsed() < PATIENCE {
        if let Ok((200, _)) = Connection::new(server.address).call(&request).await {
            server.ready_after = started.elapsed();
            return Ok(());
        }
        if let Some(status) = server.child.try_wait()? {
            return Err(format!("the server ended at once ({status}); see server.log").into());
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Err("the server did not become ready".into())
}

/// A running server; killed when dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    /// From the start of the process to the first `ready`.
    pub(crate) ready_after: Duration,
}

impl Server {
    pub(crate) fn tree(&self) -> Tree {
        Tree(self.child.id())
    }

    /// `kill -9`.
    pub(crate) fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Tells it to stop and waits until it has.
    pub(crate) async fn stop(mut self) -> Result<()> {
        Command::new("kill").arg(self.child.id().to_string()).status()?;
        for _ in 0..500 {
            if self.child.try_wait()?.is_some() {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        self.kill()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nothing more can be done about a failure here.
        let _ = self.kill();
    }
}
