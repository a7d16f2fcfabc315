//! `cargo xtask crash`: kills the server under load and looks for what may never happen.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use clap::Args;

use crate::client::Connection;
use crate::database::{self, Database};
use crate::server::Installation;
use crate::work::{self, Work, expect};
use crate::{Result, birth, say};

/// Kill the server under load again and again; exit code 1 if anything was lost or doubled.
#[derive(Args)]
#[command(after_help = "\
Examples:
  cargo xtask crash --times 20
  scripts/postgres sh -c 'cargo xtask crash --database $TUPHAP_TEST_POSTGRES'")]
pub(crate) struct CrashArguments {
    /// The program to kill.
    #[arg(long, default_value = "target/release/tuphap")]
    binary: PathBuf,
    /// Data folder of the run; emptied first.
    #[arg(long, default_value = "bench/out/crash")]
    data: PathBuf,
    /// `sqlite`, or the address of any database of a PostgreSQL server.
    #[arg(long, default_value = "sqlite")]
    database: String,
    /// How often it is killed.
    #[arg(long, default_value_t = 20)]
    times: u32,
    /// Open connections; a few of them sign births into the register, the others file.
    #[arg(long, default_value_t = 64)]
    connections: u32,
    /// Births signed in each round.
    #[arg(long, default_value_t = 6)]
    signed: u32,
}

/// Connections that sign.
const SIGNERS: u32 = 3;

pub(crate) async fn run(arguments: CrashArguments) -> Result<()> {
    if arguments.database == "sqlite" {
        return kill_often(&arguments, None).await;
    }
    let database = Database::make(&arguments.database, "crash").await?;
    let outcome = kill_often(&arguments, Some(database.url.clone())).await;
    database.remove().await?;
    outcome
}

async fn kill_often(arguments: &CrashArguments, url: Option<String>) -> Result<()> {
    let installation = Installation::fresh(&arguments.binary, &arguments.data, url, 1)?;
    let mut server = installation.start().await?;
    let mut trial = Trial::begin(&installation, server.address)?;
    trial.prepare(arguments.times * arguments.signed).await?;
    for round in 1..=arguments.times {
        let trial_now = Arc::new(trial);
        let tasks = load(&trial_now, arguments);
        // At a different moment of the work each time.
        let pause = 600 + u64::from(round) * 7_919 % 1_400;
        tokio::time::sleep(Duration::from_millis(pause)).await;
        server.kill()?;
        for task in tasks {
            task.await?;
        }
        trial = Arc::into_inner(trial_now).ok_or("a connection still runs")?;
        let faults = trial.look(&installation, "after the kill").await?;
        server = installation.start().await?;
        trial.work.address = server.address;
        trial.repeat_unanswered().await?;
        let more = trial.look(&installation, "after the restart").await?;
        say(&format!(
            "{} {round:2}: killed after {pause} ms, {} dossiers and {} entries acknowledged so far, \
             ready again after {:.2} s{}",
            installation.engine(),
            trial.filed.len(),
            trial.signed.len(),
            server.ready_after.as_secs_f64(),
            if faults.is_empty() && more.is_empty() { ": all there" } else { ": FAULTS" },
        ));
        if let Some(fault) = faults.iter().chain(&more).next() {
            return Err(fault.clone().into());
        }
    }
    server.stop().await
}

fn load(trial: &Arc<Trial>, arguments: &CrashArguments) -> Vec<tokio::task::JoinHandle<()>> {
    let share = Arc::new(AtomicU64::new(u64::from(arguments.signed)));
    (0..arguments.connections)
        .map(|number| {
            let (trial, share) = (Arc::clone(trial), Arc::clone(&share));
            tokio::spawn(async move {
                let mut connection = Connection::new(trial.work.address);
                if number < SIGNERS {
                    trial.sign(&mut connection, &share).await;
                }
                trial.file(&mut connection).await;
            })
        })
        .collect()
}

/// All that was asked for and answered over the kills.
struct Trial {
    work: Work,
    clerk: String,
    chair: String,
    /// Acknowledged dossiers: number of the child to code.
    filed: BTreeMap<u64, String>,
    /// Acknowledged signatures.
    signed: BTreeSet<String>,
    /// Births that wait for the signature.
    waiting: Mutex<Vec<String>>,
    news: Mutex<News>,
}

/// What the connections of one round report.
#[derive(Default)]
struct News {
    filed: Vec<(u64, String)>,
    signed: Vec<String>,
    /// Sent, and the answer did not come.
    unanswered: Vec<u64>,
    unanswered_signatures: Vec<String>,
}

impl Trial {
    fn begin(installation: &Installation, address: std::net::SocketAddr) -> Result<Self> {
        let (citizen, desk) =
            (installation.token(birth::CITIZEN)?, installation.token(birth::DESK)?);
        Ok(Self {
            work: Work::new(address, citizen, desk),
            clerk: installation.token(birth::CLERK)?,
            chair: installation.token(birth::CHAIR)?,
            filed: BTreeMap::new(),
            signed: BTreeSet::new(),
            waiting: Mutex::default(),
            news: Mutex::default(),
        })
    }

    fn news(&self) -> std::sync::MutexGuard<'_, News> {
        self.news.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Brings births up to the signature, before there is any load.
    async fn prepare(&mut self, count: u32) -> Result<()> {
        let born = self.work.bring_to_signature(&self.clerk, count).await?;
        let codes = born.iter().rev().map(|(_, code)| code.clone()).collect();
        *self.waiting.get_mut().unwrap_or_else(PoisonError::into_inner) = codes;
        self.filed.extend(born);
        Ok(())
    }

    /// Files until the connection breaks.
    async fn file(&self, connection: &mut Connection) {
        loop {
            let number = self.work.next_number();
            let outcome = connection.call(&self.work.filing(number).0).await;
            let code = match &outcome {
                Ok((200..300, body)) => work::code_of(body),
                _ => None,
            };
            match code {
                Some(code) => self.news().filed.push((number, code)),
                None => self.news().unanswered.push(number),
            }
            if outcome.is_err() {
                return;
            }
        }
    }

    /// Signs this round's share.
    async fn sign(&self, connection: &mut Connection, share: &AtomicU64) {
        let take = |left: u64| left.checked_sub(1);
        while share.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok() {
            let next = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let Some(code) = next else { return };
            let request = self.work.action(&self.chair, &code, "sign");
            match connection.call(&request).await {
                Ok((200, _)) => self.news().signed.push(code),
                Ok(_) => self.news().unanswered_signatures.push(code),
                Err(_) => {
                    self.news().unanswered_signatures.push(code);
                    return;
                }
            }
        }
    }

    /// Sends again what was not answered, under the same keys, as a client would.
    async fn repeat_unanswered(&mut self) -> Result<()> {
        let mut connection = Connection::new(self.work.address);
        let (numbers, codes) = {
            let mut news = self.news();
            (std::mem::take(&mut news.unanswered), std::mem::take(&mut news.unanswered_signatures))
        };
        for number in numbers {
            let body = expect(&mut connection, &self.work.filing(number).0).await?;
            self.filed.insert(number, work::code_of(&body).ok_or("no code")?);
        }
        for code in codes {
            expect(&mut connection, &self.work.action(&self.chair, &code, "sign")).await?;
            self.signed.insert(code);
        }
        Ok(())
    }

    /// Everything that is wrong with what is in the store.
    async fn look(&mut self, installation: &Installation, when: &str) -> Result<Vec<String>> {
        let (filed, signed) = {
            let mut news = self.news();
            (std::mem::take(&mut news.filed), std::mem::take(&mut news.signed))
        };
        self.filed.extend(filed);
        self.signed.extend(signed);
        let mut faults = Vec::new();
        let (whole, said) = installation.audit()?;
        if !whole {
            faults.push(format!("audit verify: {said}"));
        }
        let url = installation.database.as_deref();
        let data = &installation.data;
        let codes = database::lines(data, url, "SELECT code, id FROM dossier").await?;
        let codes: BTreeSet<String> = codes.into_iter().map(|(code, _)| code).collect();
        let lost = self.filed.values().filter(|code| !codes.contains(*code));
        faults.extend(lost.map(|code| format!("{code} was acknowledged and is gone")));
        let distinct: BTreeSet<&String> = self.filed.values().collect();
        if distinct.len() != self.filed.len() {
            faults.push("two requests were given one code".to_owned());
        }
        let unanswered = self.news().unanswered.len();
        if codes.len() > self.filed.len() + unanswered {
            let (there, asked) = (codes.len(), self.filed.len() + unanswered);
            faults.push(format!("{there} dossiers from {asked} requests: some twice"));
        }
        faults.extend(gaps(codes.iter().filter_map(|code| serial(code)), "serial"));
        faults.extend(self.look_at_entries(installation).await?);
        Ok(faults.into_iter().map(|fault| format!("{when}: {fault}")).collect())
    }

    async fn look_at_entries(&self, installation: &Installation) -> Result<Vec<String>> {
        let url = installation.database.as_deref();
        let data = &installation.data;
        let books =
            "SELECT register || ' ' || unit || ' ' || year || ' ' || book, number FROM entry";
        let numbers = database::lines(data, url, books).await?;
        let mut faults = gaps(numbers.iter().cloned(), "entry");
        let entered = "SELECT d.code, e.id FROM entry e JOIN dossier d ON d.id = e.id";
        let entered = database::lines(data, url, entered).await?;
        let entered: BTreeSet<String> = entered.into_iter().map(|(code, _)| code).collect();
        let lost = self.signed.iter().filter(|code| !entered.contains(*code));
        faults.extend(lost.map(|code| format!("{code} was signed and has no entry")));
        let unanswered = self.news().unanswered_signatures.len();
        if entered.len() > self.signed.len() + unanswered {
            faults.push("more entries than signatures asked for".to_owned());
        }
        // The demonstration has entries of its own, which no dossier of this run made.
        let papers = "SELECT p.blob, p.bytes FROM document p JOIN dossier d ON d.id = p.dossier \
            WHERE p.entry IS NOT NULL AND p.state = 'ready'";
        let papers = database::lines(data, url, papers).await?;
        if papers.len() < entered.len() {
            faults.push("an entry has no signed paper".to_owned());
        }
        let blobs = store::blobs::Blobs::open(data.join("blobs"))?;
        for (hash, bytes) in papers {
            let length = blobs.get(&hash).await.map_or(0, |paper| paper.len());
            if i64::try_from(length) != Ok(bytes) {
                faults.push(format!("paper {hash} has {length} bytes instead of {bytes}"));
            }
        }
        Ok(faults)
    }
}

/// Agency and day, and the serial of the day.
fn serial(code: &str) -> Option<(String, i64)> {
    let (front, serial) = code.rsplit_once('-')?;
    Some((front.to_owned(), serial.parse().ok()?))
}

/// Series that do not run from 1 without gap or double.
fn gaps(numbers: impl Iterator<Item = (String, i64)>, what: &str) -> Vec<String> {
    let mut series: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for (name, number) in numbers {
        series.entry(name).or_default().push(number);
    }
    let mut faults = Vec::new();
    for (name, mut numbers) in series {
        numbers.sort_unstable();
        let wrong = numbers.iter().zip(1..).find(|(number, expected)| *number != expected);
        if let Some((number, expected)) = wrong {
            faults.push(format!(
                "{what} numbers of {name}: {number} stands where {expected} belongs"
            ));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(numbers: &[i64]) -> usize {
        gaps(numbers.iter().map(|number| ("a".to_owned(), *number)), "serial").len()
    }

    #[test]
    fn a_gap_and_a_double_are_found() {
        assert_eq!(faults(&[2, 1, 3]), 0);
        assert_eq!(faults(&[1, 3]), 1);
        assert_eq!(faults(&[1, 2, 2, 3]), 1);
        assert_eq!(faults(&[2, 3]), 1);
    }

    #[test]
    fn the_serial_is_the_last_part_of_a_code() {
        assert_eq!(serial("H20.15-261122-0012"), Some(("H20.15-261122".to_owned(), 12)));
    }
}
