//! Files by the SHA-256 of their bytes. The same bytes are stored once; a file is never changed.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use kernel::error::{Error, Result};
use sha2::{Digest, Sha256};

/// A folder of files named by their hash.
#[derive(Clone, Debug)]
pub struct Blobs {
    folder: PathBuf,
}

impl Blobs {
    /// Uses a folder, making it if need be.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn open(folder: PathBuf) -> Result<Self> {
        std::fs::create_dir_all(&folder).map_err(disk)?;
        Ok(Self { folder })
    }

    /// Stores bytes durably and returns their hash in hexadecimal. Storing them again is harmless.
    ///
    /// # Errors
    /// When the disk is full or away.
    pub async fn put(&self, bytes: Vec<u8>) -> Result<String> {
        let folder = self.folder.clone();
        run(move || put(&folder, &bytes)).await
    }

    /// The bytes with this hash, checked against it.
    ///
    /// # Errors
    /// `NotFound` when there are none, `Internal` when they were altered.
    pub async fn get(&self, hash: &str) -> Result<Vec<u8>> {
        let path = self.path(hash)?;
        let hash = hash.to_owned();
        run(move || {
            let bytes = std::fs::read(&path).map_err(|error| match error.kind() {
                std::io::ErrorKind::NotFound => Error::internal(format!("blob {hash} is missing")),
                _ => disk(error),
            })?;
            if hex(&bytes) == hash {
                Ok(bytes)
            } else {
                Err(Error::internal(format!("blob {hash} was altered")))
            }
        })
        .await
    }

    /// Removes bytes that nothing needs any more, unless they were stored a moment ago: whoever stores
    /// them again now is about to need them. Removing them twice is harmless.
    ///
    /// # Errors
    /// When the disk is away.
    pub async fn remove(&self, hash: &str) -> Result<()> {
        let path = self.path(hash)?;
        run(move || match remove_old(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(disk(error)),
            _ => Ok(()),
        })
        .await
    }

    fn path(&self, hash: &str) -> Result<PathBuf> {
        let sound = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        match hash.get(..2) {
            Some(start) if sound => Ok(self.folder.join(start).join(hash)),
            _ => Err(Error::internal("blob name is no hash".to_owned())),
        }
    }
}

async fn run<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|error| Err(Error::internal(error.to_string())))
}

/// Bytes younger than this may belong to a file whose row is not written yet.
const FRESH: std::time::Duration = std::time::Duration::from_secs(600);

/// How long ago a file was written; nothing for one whose time lies ahead.
fn age_of(path: &Path) -> std::io::Result<std::time::Duration> {
    Ok(std::fs::metadata(path)?.modified()?.elapsed().unwrap_or_default())
}

fn remove_old(path: &Path) -> std::io::Result<()> {
    if age_of(path)? < FRESH { Ok(()) } else { std::fs::remove_file(path) }
}

static NEXT_WRITER: AtomicU64 = AtomicU64::new(0);

fn put(folder: &Path, bytes: &[u8]) -> Result<String> {
    let hash = hex(bytes);
    let shelf = folder.join(hash.get(..2).unwrap_or("00"));
    let path = shelf.join(&hash);
    // Old bytes are written anew: house-keeping leaves them alone until their row is written.
    if age_of(&path).is_ok_and(|age| age < FRESH / 2) {
        return Ok(hash);
    }
    std::fs::create_dir_all(&shelf).map_err(disk)?;
    // Two threads may store the same bytes at once: each writes a file of its own name.
    let writer = NEXT_WRITER.fetch_add(1, Ordering::Relaxed);
    let temporary = shelf.join(format!(".{hash}.{}.{writer}", std::process::id()));
    let mut file = std::fs::File::create(&temporary).map_err(disk)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(disk)?;
    std::fs::rename(&temporary, &path).map_err(disk)?;
    // The name itself must survive a power cut too.
    std::fs::File::open(&shelf).and_then(|shelf| shelf.sync_all()).map_err(disk)?;
    Ok(hash)
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn disk(error: std::io::Error) -> Error {
    Error::new(kernel::error::ErrorCode::Unavailable).because(format!("blob folder: {error}"))
}
