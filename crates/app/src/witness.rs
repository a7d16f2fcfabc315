//! A witness of the hash chains outside the database: their ends, noted now and then in a file of the
//! data folder. Whoever cuts the end off the database, its head included, would have to change this
//! file too; copies of it kept elsewhere (a backup, the province, a third party) make even that show.

use std::io::Write;
use std::path::Path;

use kernel::error::{Error, Result};
use serde::{Deserialize, Serialize};
use store::chain::{Anchor, Head};

use crate::App;

const FILE: &str = "witness.jsonl";

#[derive(Serialize, Deserialize)]
struct Line {
    at: i64,
    chain: String,
    seq: i64,
    hash: String,
}

/// Notes the ends of the chains as they are now.
///
/// # Errors
/// When the database cannot be read or the file not written.
pub async fn note(app: &App, data: &Path) -> Result<()> {
    let ends = app.store().read(store::chain::heads).await?;
    let at = app.now().micros();
    let path = data.join(FILE);
    tokio::task::spawn_blocking(move || {
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(&path)?;
        for end in ends.iter().filter(|end| end.head.seq > 0) {
            let line = Line {
                at,
                chain: end.chain.clone(),
                seq: end.head.seq,
                hash: access::encoding::hex(&end.head.hash),
            };
            let text = serde_json::to_string(&line).map_err(std::io::Error::other)?;
            writeln!(file, "{text}")?;
        }
        file.sync_all()
    })
    .await
    .map_err(|error| Error::internal(error.to_string()))?
    .map_err(|error| Error::internal(format!("witness file: {error}")))
}

/// The ends noted earlier; none when there is no file. A last line that was cut short is left out.
///
/// # Errors
/// When the file cannot be read.
pub fn read(data: &Path) -> Result<Vec<Anchor>> {
    let text = match std::fs::read_to_string(data.join(FILE)) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::internal(format!("witness file: {error}"))),
    };
    Ok(text.lines().filter_map(|line| anchor(serde_json::from_str(line).ok()?)).collect())
}

fn anchor(line: Line) -> Option<Anchor> {
    let mut hash = [0; 32];
    for (index, byte) in hash.iter_mut().enumerate() {
        let digits = line.hash.get(index * 2..index * 2 + 2)?;
        *byte = u8::from_str_radix(digits, 16).ok()?;
    }
    Some(Anchor { chain: line.chain, head: Head { seq: line.seq, hash } })
}
