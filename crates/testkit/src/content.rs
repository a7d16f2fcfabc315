//! The real content, loaded once per process.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use pack::{Content, Source};
use simulator::{DemoResidents, Place, Population};

/// Invented people made beside those whom the pack names: enough for every test, quick to make.
const RESIDENTS: u32 = 200;

struct Loaded {
    source: Source,
    content: Arc<Content>,
}

static LOADED: OnceLock<Loaded> = OnceLock::new();

/// The folder of the real content.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../content")
}

fn loaded() -> &'static Loaded {
    LOADED.get_or_init(|| {
        let source = Source::from_dir(&folder()).expect("the content folder can be read");
        let (content, problems) = pack::load(&source);
        let errors: Vec<String> =
            problems.iter().filter(|p| p.is_error()).map(ToString::to_string).collect();
        let content = content.unwrap_or_else(|| panic!("content is not sound: {errors:#?}"));
        Loaded { source, content: Arc::new(content) }
    })
}

/// Procedures, registers, calendar and the rest, as they are shipped.
pub(crate) fn content() -> Arc<Content> {
    Arc::clone(&loaded().content)
}

/// The shipped content with other texts in some of its files.
pub(crate) fn changed(change: impl FnOnce(Source) -> Source) -> Arc<Content> {
    let (content, problems) = pack::load(&change(loaded().source.clone()));
    let errors: Vec<String> =
        problems.iter().filter(|p| p.is_error()).map(ToString::to_string).collect();
    Arc::new(content.unwrap_or_else(|| panic!("content is not sound: {errors:#?}")))
}

/// The population database of the demonstration, in memory.
pub(crate) fn population() -> Population {
    let Loaded { source, content } = loaded();
    let bytes = source.bytes("demo/residents.toml").expect("the demo pack has residents");
    let text = std::str::from_utf8(bytes).expect("residents are text");
    let mut residents = DemoResidents::from_toml(text).expect("residents are sound");
    residents.count = RESIDENTS;
    let places = content.units.communes().iter().map(Place::new);
    Population::open(None, residents, places).expect("residents can be made")
}
