//! The configuration of an installation: `tuphap.toml` in the data folder.

use std::path::{Path, PathBuf};

use app::Settings;
use kernel::error::{Error, Result};

/// Name of the file in the data folder.
const FILE: &str = "tuphap.toml";

/// Settings from the data folder and secrets from the environment; the defaults when there is no file. A key that is not known is an
/// error that names file and key.
pub(crate) fn read(data: &Path) -> Result<Settings> {
    let mut settings = read_file(data)?;
    if let Ok(token) = std::env::var("TUPHAP_METRICS_TOKEN") {
        token.trim().clone_into(&mut settings.metrics_token);
    }
    Ok(settings)
}

fn read_file(data: &Path) -> Result<Settings> {
    let path = data.join(FILE);
    match std::fs::read_to_string(&path) {
        Ok(text) => toml::from_str(&text).map_err(|error| {
            Error::invalid(format!("Tệp cấu hình {} chưa đúng: {error}", path.display()))
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Settings::default()),
        Err(error) => Err(Error::internal(format!("{}: {error}", path.display()))),
    }
}

/// The content folder: the one given, else `content` here, beside the program or above it, else where
/// the program was built.
pub(crate) fn content_folder(given: Option<PathBuf>) -> Result<PathBuf> {
    if let Some(given) = given {
        return Ok(given);
    }
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content");
    let program = std::env::current_exe().unwrap_or_default();
    let beside = program.ancestors().skip(1).take(4).map(|folder| folder.join("content"));
    std::iter::once(PathBuf::from("content"))
        .chain(beside)
        .chain(std::iter::once(built))
        .find(|folder| folder.join("national/pack.toml").is_file())
        .ok_or_else(|| {
            Error::not_found("Không tìm thấy thư mục content. Hãy chỉ rõ bằng --content THƯ-MỤC.")
        })
}
