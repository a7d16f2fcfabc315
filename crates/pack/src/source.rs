//! The files of the packs, in memory.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

/// All files of the packs: path with `/`, from the content folder, to bytes.
#[derive(Clone, Debug, Default)]
pub struct Source {
    files: BTreeMap<String, Vec<u8>>,
}

impl Source {
    /// No files.
    pub fn new() -> Self {
        Source::default()
    }

    /// Reads every file below a folder, hidden ones excepted. The only input of this crate.
    ///
    /// # Errors
    /// What the file system says, with the path concerned.
    pub fn from_dir(folder: &Path) -> io::Result<Self> {
        let mut source = Source::new();
        source.read_folder(folder, "")?;
        Ok(source)
    }

    fn read_folder(&mut self, folder: &Path, prefix: &str) -> io::Result<()> {
        let with_path = |error: io::Error, path: &Path| {
            io::Error::new(error.kind(), format!("{}: {error}", path.display()))
        };
        for entry in fs::read_dir(folder).map_err(|error| with_path(error, folder))? {
            let entry = entry.map_err(|error| with_path(error, folder))?;
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') {
                continue;
            }
            let inner = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
            if fs::metadata(&path).map_err(|error| with_path(error, &path))?.is_dir() {
                self.read_folder(&path, &inner)?;
            } else {
                let bytes = fs::read(&path).map_err(|error| with_path(error, &path))?;
                self.files.insert(inner, bytes);
            }
        }
        Ok(())
    }

    /// The same source with one more file, or with another content of a file.
    #[must_use]
    pub fn with(mut self, path: &str, content: impl Into<Vec<u8>>) -> Self {
        self.insert(path, content);
        self
    }

    /// Adds a file, or gives a file another content.
    pub fn insert(&mut self, path: &str, content: impl Into<Vec<u8>>) {
        self.files.insert(path.to_owned(), content.into());
    }

    /// Takes a file away.
    pub fn remove(&mut self, path: &str) {
        self.files.remove(path);
    }

    /// The bytes of a file.
    pub fn bytes(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(Vec::as_slice)
    }

    /// All files with their paths, in order.
    pub fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }

    /// The text of a file of a pack, with its path.
    pub(crate) fn text(&self, folder: &str, file: &str) -> Option<(&str, &str)> {
        let (path, bytes) = self.files.get_key_value(&format!("{folder}/{file}"))?;
        Some((path, std::str::from_utf8(bytes).ok()?))
    }

    /// The folders that hold a `pack.toml`, by name.
    pub(crate) fn pack_folders(&self) -> impl Iterator<Item = &str> {
        let paths = self.files.keys();
        paths.filter_map(|path| path.strip_suffix("/pack.toml")).filter(|path| !path.contains('/'))
    }
}
