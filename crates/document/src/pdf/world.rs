//! What a template may see: the other templates, the files of its job, the fonts given, the day.
//! No disk, no system fonts, no packages, no network.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use typst::diag::{FileError, FileResult, PackageError};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

/// What all jobs share. It lives as long as the renderer, so that what Typst remembers of one job
/// serves the next.
pub(crate) struct Shared {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    sources: HashMap<FileId, Source>,
    /// Text files that are no Typst source, such as a drawing in SVG.
    texts: HashMap<FileId, Bytes>,
}

impl Shared {
    pub fn new(templates: BTreeMap<String, String>, fonts: Vec<Font>) -> Shared {
        let (mut sources, mut texts) = (HashMap::new(), HashMap::new());
        for (path, text) in templates {
            let Some(id) = file_id(&path) else { continue };
            if extension(id) == Some("typ") {
                sources.insert(id, Source::new(id, text));
            } else {
                texts.insert(id, Bytes::from_string(text));
            }
        }
        Shared {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            sources,
            texts,
        }
    }

    /// The template with this path. Never keeps a path that it does not know: Typst would keep it
    /// for ever.
    pub fn find(&self, path: &str) -> Option<FileId> {
        let path = VirtualPath::new(path).ok()?;
        self.sources.keys().find(|id| *id.vpath() == path).copied()
    }

    /// Does a template hold this text?
    pub fn is_said(&self, text: &str) -> bool {
        self.sources.values().any(|source| source.text().contains(text))
    }

    pub fn source(&self, id: FileId) -> Option<&Source> {
        self.sources.get(&id)
    }
}

/// The file of a path from the root of the pack; `None` if it is not a path.
pub(crate) fn file_id(path: &str) -> Option<FileId> {
    let path = VirtualPath::new(path).ok()?;
    Some(RootedPath::new(VirtualRoot::Project, path).intern())
}

pub(crate) fn path_of(id: FileId) -> String {
    id.vpath().get_without_slash().to_owned()
}

fn extension(id: FileId) -> Option<&'static str> {
    id.get().vpath().extension()
}

/// What one job sees.
pub(crate) struct Job<'a> {
    pub shared: &'a Shared,
    pub main: FileId,
    /// Files of this job by their bare name: they are found from every folder, since a template
    /// names `data.json` without knowing where it lies itself.
    pub files: HashMap<String, Bytes>,
    /// When checking a template: pictures that are not there are replaced by samples.
    pub sample_pictures: bool,
    pub today: Date,
}

impl Job<'_> {
    fn sample_picture(&self, id: FileId) -> Option<Bytes> {
        const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"/>";
        let is_svg = self.sample_pictures && extension(id) == Some("svg");
        is_svg.then(|| Bytes::from_string(SVG))
    }
}

impl World for Job<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.shared.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.shared.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        refuse_packages(id)?;
        self.shared.sources.get(&id).cloned().ok_or_else(|| not_found(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        refuse_packages(id)?;
        let name = id.vpath().file_name().unwrap_or_default();
        if let Some(bytes) = self.files.get(name).or_else(|| self.shared.texts.get(&id)) {
            return Ok(bytes.clone());
        }
        match self.shared.sources.get(&id) {
            Some(source) => Ok(Bytes::from_string(source.clone())),
            None => self.sample_picture(id).ok_or_else(|| not_found(id)),
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.shared.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        let unsigned = |number: i8| u8::try_from(number).ok();
        let (month, day) = (unsigned(self.today.month())?, unsigned(self.today.day())?);
        Datetime::from_ymd(self.today.year().into(), month, day)
    }
}

fn not_found(id: FileId) -> FileError {
    FileError::NotFound(path_of(id).into())
}

fn refuse_packages(id: FileId) -> FileResult<()> {
    match id.root() {
        VirtualRoot::Project => Ok(()),
        VirtualRoot::Package(package) => {
            Err(FileError::Package(PackageError::NotFound(package.clone())))
        }
    }
}
