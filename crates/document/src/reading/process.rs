//! Other programs, held on a short rein: found by name in given folders, run without a shell in a
//! private temporary folder, with nothing to read from, and killed when they take too long or write
//! too much.

use std::collections::hash_map::RandomState;
use std::ffi::{OsStr, OsString};
use std::fs::{self, DirBuilder};
use std::hash::{BuildHasher, Hasher};
use std::io::Read;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use kernel::{Error, Result};

/// Memory that a child may address, in bytes.
const MOST_MEMORY: u64 = 4 << 30;
/// Bytes of a file that a child may write.
const LARGEST_FILE: u64 = 512 << 20;
/// Bytes of complaints that are kept.
const MOST_COMPLAINTS: u64 = 4_096;
/// How much later than `timeout` we lose patience ourselves.
const GRACE: Duration = Duration::from_secs(3);

/// Where programs are found, and until when they may run.
pub(super) struct Programs {
    path: OsString,
    deadline: Instant,
}

/// A program to run.
pub(super) struct Job<'a> {
    /// Absolute path, from `Programs::find`.
    pub(super) program: &'a Path,
    /// Arguments; files are named relative to the folder, never after what a user sent.
    pub(super) arguments: &'a [&'a str],
    /// Where it runs.
    pub(super) folder: &'a Folder,
    /// Bytes of output that are taken.
    pub(super) most_output: u64,
    /// Longest time, however much is left until the deadline.
    pub(super) longest: Duration,
    /// May its address space be limited? Office suites reserve more than they use.
    pub(super) is_memory_limited: bool,
}

/// What a program left behind.
#[derive(Debug)]
pub(super) struct Output {
    /// Did it say that all went well?
    pub(super) is_success: bool,
    /// What it wrote.
    pub(super) bytes: Vec<u8>,
    /// The start of what it complained about. May quote the file: never for the log.
    pub(super) complaints: String,
}

/// Why there is no output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// It took too long.
    TooSlow,
    /// It wrote more than allowed.
    TooMuch,
    /// It could not be started or watched.
    Broken,
}

impl Programs {
    /// Programs in the folders of `path` (the process's own `PATH` when `None`), which all together
    /// may run for `patience`.
    pub(super) fn new(path: Option<&OsStr>, patience: Duration) -> Programs {
        let path = path.map(OsStr::to_owned).or_else(|| std::env::var_os("PATH"));
        Programs { path: path.unwrap_or_default(), deadline: Instant::now() + patience }
    }

    /// The program of this name.
    pub(super) fn find(&self, name: &str) -> Option<PathBuf> {
        std::env::split_paths(&self.path)
            .filter(|folder| folder.is_absolute())
            .map(|folder| folder.join(name))
            .find(|path| {
                fs::metadata(path)
                    .is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
            })
    }

    /// Time left for all programs together.
    pub(super) fn time_left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// Runs a program to its end.
    pub(super) fn run(&self, job: &Job<'_>) -> Result<Output, Failure> {
        let patience = job.longest.min(self.time_left());
        if patience.is_zero() {
            return Err(Failure::TooSlow);
        }
        let mut child = self.command(job, patience).spawn().map_err(|_| Failure::Broken)?;
        let (Some(stdout), Some(stderr)) = (child.stdout.take(), child.stderr.take()) else {
            return Err(Failure::Broken);
        };
        let most = job.most_output;
        let output = in_background(move || read_at_most(stdout, most));
        let complaints = in_background(move || read_start(stderr, MOST_COMPLAINTS));
        let Some(ended) = wait(&mut child, Instant::now() + patience + GRACE) else {
            let _ = child.kill();
            let _ = child.wait();
            return Err(Failure::TooSlow);
        };
        let status = ended.map_err(|_| Failure::Broken)?;
        // The pipes close when the last writer is gone; a stray grandchild is not waited for.
        let bytes = output.recv_timeout(GRACE).map_err(|_| Failure::Broken)?;
        let complaints = complaints.recv_timeout(GRACE).map_err(|_| Failure::Broken)?;
        if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > most {
            return Err(Failure::TooMuch);
        }
        if status.signal() == Some(KILLED) || status.code() == Some(128 + KILLED) {
            return Err(Failure::TooSlow);
        }
        Ok(Output {
            is_success: status.success(),
            bytes,
            complaints: String::from_utf8_lossy(&complaints).into_owned(),
        })
    }

    /// The command line: `timeout` ends the whole family of processes, `prlimit` holds its memory
    /// and files; both belong to every Debian, and without them our own clock still runs.
    fn command(&self, job: &Job<'_>, patience: Duration) -> Command {
        let mut line: Vec<OsString> = Vec::new();
        if let Some(timeout) = self.find("timeout") {
            let seconds = patience.as_secs().max(1).to_string();
            line.extend([timeout.into(), "--signal=KILL".into(), seconds.into()]);
        }
        if let Some(prlimit) = self.find("prlimit") {
            line.extend([
                prlimit.into(),
                format!("--fsize={LARGEST_FILE}").into(),
                "--core=0".into(),
            ]);
            if job.is_memory_limited {
                line.push(format!("--as={MOST_MEMORY}").into());
            }
        }
        line.push(job.program.into());
        line.extend(job.arguments.iter().map(OsString::from));
        let mut words = line.into_iter();
        let mut command = Command::new(words.next().unwrap_or_default());
        command
            .args(words)
            .current_dir(&job.folder.path)
            .env_clear()
            .env("PATH", &self.path)
            .env("HOME", &job.folder.path)
            .env("TMPDIR", &job.folder.path)
            .env("LC_ALL", "C.UTF-8")
            .env("OMP_THREAD_LIMIT", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }
}

/// SIGKILL, which `timeout` sends and reports as 128 more.
const KILLED: i32 = 9;

fn in_background(work: impl FnOnce() -> Vec<u8> + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let _ = sender.send(work());
    });
    receiver
}

/// Reads until the end, keeps one byte more than allowed at most; then the pipe closes, and whoever
/// still writes is told so by the system.
fn read_at_most(stream: impl Read, most: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = stream.take(most.saturating_add(1)).read_to_end(&mut bytes);
    bytes
}

/// Reads until the end, and keeps the start.
fn read_start(mut stream: impl Read, most: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = stream.by_ref().take(most).read_to_end(&mut bytes);
    let _ = std::io::copy(&mut stream, &mut std::io::sink());
    bytes
}

fn wait(child: &mut Child, until: Instant) -> Option<std::io::Result<std::process::ExitStatus>> {
    let mut pause = Duration::from_millis(1);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(Ok(status)),
            Ok(None) if Instant::now() >= until => return None,
            Ok(None) => thread::sleep(pause),
            Err(error) => return Some(Err(error)),
        }
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

/// A folder that only we may enter, gone with the value.
pub(super) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// A new one in the system's place for temporary files.
    pub(super) fn new() -> Result<Folder> {
        const MOST_TRIES: usize = 16;
        let mut last = std::io::Error::from(std::io::ErrorKind::AlreadyExists);
        for _ in 0..MOST_TRIES {
            let random = RandomState::new().build_hasher().finish();
            let path = std::env::temp_dir().join(format!("tuphap-reading-{random:016x}"));
            match DirBuilder::new().mode(0o700).create(&path) {
                Ok(()) => return Ok(Folder { path }),
                Err(error) => last = error,
            }
        }
        Err(Error::internal(format!("temporary folder: {last}")))
    }

    /// Writes a file of this name.
    pub(super) fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        fs::write(self.path.join(name), bytes)
            .map_err(|error| Error::internal(format!("temporary file: {error}")))
    }

    /// Reads a file that a program wrote; `None` when there is none, or it is too large.
    pub(super) fn read(&self, name: &str, most: u64) -> Option<Vec<u8>> {
        let path = self.path.join(name);
        let data = fs::symlink_metadata(&path).ok()?;
        if !data.is_file() || data.len() > most {
            return None;
        }
        fs::read(path).ok()
    }

    /// Removes a file that is no longer needed.
    pub(super) fn remove(&self, name: &str) {
        let _ = fs::remove_file(self.path.join(name));
    }

    /// The address that LibreOffice wants for its profile.
    pub(super) fn profile_address(&self) -> String {
        format!("file://{}/profile", self.path.display())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// A program that was looked for is not installed on this machine.
pub(super) fn missing(what_for: &str, package: &str) -> Error {
    Error::unavailable(format!(
        "Máy chủ chưa cài phần mềm để {what_for}. Ông/bà vui lòng báo người quản trị cài gói \
         {package}, hoặc gửi văn bản ở định dạng .docx."
    ))
    .because(format!("program missing: {package}"))
}

/// The error for a program that did not finish within its limits.
pub(super) fn failed(what: &str, failure: Failure) -> Error {
    match failure {
        Failure::TooSlow | Failure::TooMuch => Error::too_large(
            "Tệp quá lớn hoặc quá phức tạp nên hệ thống chưa đọc xong trong thời gian cho phép. \
             Ông/bà vui lòng tách thành nhiều tệp nhỏ rồi gửi lại.",
        )
        .because(format!("{what}: {failure:?}")),
        Failure::Broken => Error::internal(format!("{what}: {failure:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(script: &str, most_output: u64, patience: Duration) -> Result<Output, Failure> {
        let programs = Programs::new(None, patience);
        let shell = programs.find("sh").unwrap();
        let folder = Folder::new().unwrap();
        let longest = Duration::from_secs(60);
        programs.run(&Job {
            program: &shell,
            arguments: &["-c", script],
            folder: &folder,
            most_output,
            longest,
            is_memory_limited: true,
        })
    }

    #[test]
    fn output_complaints_and_success_come_back() {
        let output = run("pwd; cat; echo no >&2; exit 3", 100, Duration::from_secs(20)).unwrap();
        assert!(!output.is_success);
        assert!(String::from_utf8(output.bytes).unwrap().contains("tuphap-reading-"));
        assert_eq!(output.complaints, "no\n");
    }

    #[test]
    fn a_program_that_hangs_is_killed_with_its_children() {
        let start = Instant::now();
        let failure = run("sleep 60 & sleep 60; echo", 100, Duration::from_secs(1)).unwrap_err();
        assert_eq!(failure, Failure::TooSlow);
        assert!(start.elapsed() < Duration::from_secs(15));
    }

    #[test]
    fn a_program_that_floods_is_cut_off() {
        let failure = run("yes", 1_000, Duration::from_secs(20)).unwrap_err();
        assert_eq!(failure, Failure::TooMuch);
    }

    #[test]
    fn a_program_is_found_only_in_the_folders_given() {
        assert!(Programs::new(Some(OsStr::new("")), Duration::ZERO).find("sh").is_none());
        assert!(Programs::new(Some(OsStr::new("bin:.")), Duration::ZERO).find("sh").is_none());
        assert!(Programs::new(None, Duration::ZERO).find("sh").is_some());
    }

    #[test]
    fn the_folder_is_private_and_does_not_outlive_its_use() {
        let folder = Folder::new().unwrap();
        folder.write("a", b"x").unwrap();
        let path = folder.path.clone();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
        assert_eq!(folder.read("a", 1).as_deref(), Some(b"x".as_slice()));
        assert_eq!(folder.read("a", 0), None);
        drop(folder);
        assert!(fs::metadata(&path).is_err());
    }
}
