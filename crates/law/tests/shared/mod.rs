//! Where the data that is not part of the repository lies, if it is there.

use std::path::{Path, PathBuf};

/// A file or folder under `shared/` beside the repository.
pub fn folder(path: &str) -> Option<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors()
        .map(|above| above.join("shared").join(path))
        .find(|found| found.try_exists().unwrap_or(false))
}
