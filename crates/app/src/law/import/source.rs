//! Files: which there are, how they are laid out, their bytes and lines, unpacked on the way.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ruzstd::decoding::StreamingDecoder;

use super::draft::Desk;

/// How a file is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// The Ministry's codified law, an article a line.
    Codified,
    /// Our own export, a document a line.
    Exported,
    /// An array of documents with articles.
    Corpus,
    /// One document.
    Single,
}

/// Longest line, unpacked. A document of our export is one line.
const LONGEST_LINE: u64 = 256 << 20;
/// What is looked at to tell layouts apart.
const LOOK: u64 = 64 << 10;
/// Files of a folder that are documents or corpora.
const KINDS: [&str; 16] = [
    "jsonl", "json", "zst", "docx", "doc", "rtf", "odt", "pdf", "html", "htm", "txt", "xml", "akn",
    "png", "jpg", "jpeg",
];

/// Counts bytes read and to be read, for whoever watches.
#[derive(Clone, Default)]
pub(super) struct Meter {
    done: Arc<AtomicU64>,
    total: Arc<AtomicU64>,
}

impl Meter {
    pub(super) fn expect(&self, bytes: u64) {
        self.total.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(super) fn count(&self, bytes: u64) {
        self.done.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(super) fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    pub(super) fn total(&self) -> u64 {
        self.total.load(Ordering::Relaxed).max(self.done())
    }
}

/// The files named, and those of the folders named, in a steady order.
pub(super) fn all_files(paths: &[PathBuf], desk: &mut Desk<'_>) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            collect(path, &mut files, desk);
        } else {
            files.push(path.clone());
        }
    }
    files
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>, desk: &mut Desk<'_>) {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            let message = format!("Không đọc được thư mục: {error}.");
            return desk.complain(folder, 0, "unreadable", message);
        }
    };
    let mut entries: Vec<PathBuf> =
        entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    entries.sort();
    for entry in entries {
        // A link may lead back to where it stands.
        if entry.is_dir() && !entry.is_symlink() {
            collect(&entry, files, desk);
        } else if KINDS.iter().any(|kind| has_ending(&entry, kind)) {
            files.push(entry);
        }
    }
}

pub(super) fn length(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |file| file.len())
}

fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|own| own.eq_ignore_ascii_case(ending))
}

/// How a file is laid out, by its name and its first bytes; else a sentence that says why it cannot be read.
pub(super) fn layout(path: &Path) -> Result<Layout, String> {
    let bare = if has_ending(path, "zst") { path.with_extension("") } else { path.to_owned() };
    let (lines, array) = (has_ending(&bare, "jsonl"), has_ending(&bare, "json"));
    if !lines && !array {
        return match std::fs::metadata(path) {
            Err(error) => Err(unreadable(&error)),
            Ok(_) if bare != path => {
                Err("Tệp nén phải là .jsonl.zst hoặc .json.zst; ông/bà vui lòng giải nén trước."
                    .to_owned())
            }
            Ok(_) => Ok(Layout::Single),
        };
    }
    let mut look = Vec::new();
    let opened = open(path, &Meter::default());
    opened
        .and_then(|file| file.take(LOOK).read_to_end(&mut look))
        .map_err(|error| unreadable(&error))?;
    let look = String::from_utf8_lossy(&look);
    let look = look.trim_start_matches('\u{feff}').trim_start();
    if array && look.starts_with('[') {
        return Ok(Layout::Corpus);
    }
    let first = look.lines().next().unwrap_or_default();
    let has = |name: &str| first.contains(&format!("\"{name}\""));
    if has("document") && has("provisions") {
        return Ok(Layout::Exported);
    }
    if has("anchor") || lines {
        return Ok(Layout::Codified);
    }
    Err("Không nhận ra cách sắp xếp của tệp này; cần bản pháp điển, bản xuất của phần mềm, hoặc mảng \
         văn bản với law_id và articles."
        .to_owned())
}

pub(super) fn unreadable(error: &io::Error) -> String {
    format!("Không đọc được tệp: {error}.")
}

/// A file, unpacked where it is packed.
pub(super) fn open(path: &Path, meter: &Meter) -> io::Result<Box<dyn BufRead>> {
    let file = Counted { file: File::open(path)?, meter: meter.clone() };
    let reader = BufReader::with_capacity(1 << 18, file);
    if has_ending(path, "zst") {
        let frames = Frames { state: State::Between(reader) };
        return Ok(Box::new(BufReader::with_capacity(1 << 20, frames)));
    }
    Ok(Box::new(reader))
}

struct Counted {
    file: File,
    meter: Meter,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.meter.count(read as u64);
        Ok(read)
    }
}

type Packed = BufReader<Counted>;

/// All frames of a packed file one after the other.
struct Frames {
    state: State,
}

enum State {
    Between(Packed),
    Within(Box<StreamingDecoder<Packed, ruzstd::decoding::FrameDecoder>>),
    Done,
}

impl Read for Frames {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match std::mem::replace(&mut self.state, State::Done) {
                State::Done => return Ok(0),
                State::Between(mut packed) => {
                    if packed.fill_buf()?.is_empty() {
                        return Ok(0);
                    }
                    let decoder = StreamingDecoder::new(packed).map_err(io::Error::other)?;
                    self.state = State::Within(Box::new(decoder));
                }
                State::Within(mut decoder) => {
                    let read = decoder.read(buffer)?;
                    if read > 0 || buffer.is_empty() {
                        self.state = State::Within(decoder);
                        return Ok(read);
                    }
                    let frame = &decoder.decoder;
                    let said = frame.get_checksum_from_data();
                    if said.is_some() && said != frame.get_calculated_checksum() {
                        return Err(io::Error::other("checksum of the packed data is wrong"));
                    }
                    self.state = State::Between(decoder.into_inner());
                }
            }
        }
    }
}

/// Reads the next line into `line`, without its end. `None` at the end of the file, `Some(false)` for a line
/// that is too long, which is passed over.
pub(super) fn next_line(file: &mut dyn BufRead, line: &mut Vec<u8>) -> io::Result<Option<bool>> {
    line.clear();
    let read = Read::take(&mut *file, LONGEST_LINE).read_until(b'\n', line)?;
    if read == 0 {
        return Ok(None);
    }
    if line.last() != Some(&b'\n') && read as u64 == LONGEST_LINE {
        line.clear();
        file.skip_until(b'\n')?;
        return Ok(Some(false));
    }
    while matches!(line.last(), Some(b'\n' | b'\r')) {
        line.pop();
    }
    if line.starts_with("\u{feff}".as_bytes()) {
        line.drain(..3);
    }
    Ok(Some(true))
}
