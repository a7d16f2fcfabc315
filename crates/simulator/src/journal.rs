//! What has happened, on disk: one JSON line for each change.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use exchange::{ChildIdentity, PopulationEvent};
use kernel::person_number::PersonNumber;
use serde::{Deserialize, Serialize};

/// A change. Refusals change nothing and are not written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub(crate) enum Change {
    /// A child was given a number.
    Numbered {
        /// Idempotency key.
        key: String,
        /// Whose number.
        child: ChildIdentity,
        /// The number.
        number: PersonNumber,
    },
    /// An event was reported.
    Reported {
        /// Idempotency key.
        key: String,
        /// The event.
        event: PopulationEvent,
    },
}

/// The file. Several processes may have it open; a change is made under its lock.
pub(crate) struct Journal {
    file: File,
    /// Bytes read so far, always the end of a whole line.
    position: u64,
}

impl Journal {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
        Ok(Self { file, position: 0 })
    }

    /// Has another process written since?
    pub(crate) fn has_news(&self) -> io::Result<bool> {
        Ok(self.file.metadata()?.len() != self.position)
    }

    /// Runs `work` while no other process can write.
    pub(crate) fn locked<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> io::Result<T>,
    ) -> io::Result<T> {
        self.file.lock()?;
        let outcome = work(self);
        let unlocked = self.file.unlock();
        let outcome = outcome?;
        unlocked?;
        Ok(outcome)
    }

    /// The changes written since the last call. Call it under the lock.
    ///
    /// A last line without its end is what a process left that died while writing: nobody was told
    /// of that change, so it is cut off. Anything else that cannot be read is an error.
    pub(crate) fn news(&mut self) -> io::Result<Vec<Change>> {
        self.file.seek(SeekFrom::Start(self.position))?;
        let mut bytes = Vec::new();
        self.file.read_to_end(&mut bytes)?;
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        if whole < bytes.len() {
            self.file.set_len(self.position + whole as u64)?;
        }
        let mut changes = Vec::new();
        for line in bytes.get(..whole).unwrap_or_default().split(|byte| *byte == b'\n') {
            if !line.is_empty() {
                // The message of the parser may quote the line, which holds personal data.
                let change = serde_json::from_slice(line)
                    .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "unreadable line"))?;
                changes.push(change);
            }
        }
        self.position += whole as u64;
        Ok(changes)
    }

    /// Adds a change at the end. Call it under the lock, after [`Self::news`].
    pub(crate) fn append(&mut self, change: &Change) -> io::Result<()> {
        let mut line = serde_json::to_vec(change)?;
        line.push(b'\n');
        // One write, so that a reader sees all of it or, after a crash, a part without its end.
        self.file.write_all(&line)?;
        self.position += line.len() as u64;
        Ok(())
    }
}
