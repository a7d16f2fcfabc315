//! Which file of which pack is what, and in which order packs are laid over each other.

use std::collections::{BTreeMap, BTreeSet};

use super::reader::Reader;
use super::shared::{Manifest, read_manifest};
use super::toml_file::TomlFile;
use crate::problem::{Diagnostics, Document};
use crate::source::Source;

/// The files of all packs, sorted by what they are.
#[derive(Default)]
pub(crate) struct Files<'s> {
    pub packs: Vec<Manifest>,
    pub toml: Vec<PackFile<'s>>,
    /// Today's units and those of before, of the last pack that has them.
    pub units: Option<Document<'s>>,
    pub former_units: Option<Document<'s>>,
    /// By path inside the pack; a later pack replaces.
    pub templates: BTreeMap<String, &'s str>,
    pub policies: BTreeMap<String, &'s str>,
    pub policy_schema: &'s str,
    pub fonts: BTreeMap<String, &'s [u8]>,
}

/// A TOML file that some reader will read.
pub(crate) struct PackFile<'s> {
    pub kind: TomlKind,
    /// Position of its pack.
    pub pack: usize,
    pub file: TomlFile<'s>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TomlKind {
    Calendar,
    Roles,
    Synonyms,
    Slips,
    Offices,
    Settings,
    Fees,
    Accounts,
    Residents,
    Entries,
    CodeList,
    Register,
    Procedure,
}

impl<'s> Files<'s> {
    pub fn sort(source: &'s Source, diagnostics: &Diagnostics) -> Self {
        let mut files = Files { packs: read_manifests(source, diagnostics), ..Files::default() };
        let folders: Vec<String> = files.packs.iter().map(|pack| pack.id.clone()).collect();
        for (pack, folder) in folders.iter().enumerate() {
            for (path, bytes) in source.files() {
                let inner = path.strip_prefix(folder.as_str()).and_then(|p| p.strip_prefix('/'));
                if let Some(inner) = inner {
                    files.add(pack, path, inner, bytes, diagnostics);
                }
            }
        }
        files
    }

    fn add(
        &mut self,
        pack: usize,
        path: &'s str,
        inner: &'s str,
        bytes: &'s [u8],
        diagnostics: &Diagnostics,
    ) {
        if inner.starts_with("fonts/") {
            self.fonts.insert(inner.to_owned(), bytes);
            return;
        }
        let Ok(text) = std::str::from_utf8(bytes) else {
            return diagnostics.error_in_file(path, "not-utf8", "Tệp không phải văn bản UTF-8.");
        };
        let document = Document { path, text, ..Document::default() };
        match (inner, inner.rsplit_once('.').map(|(_, extension)| extension)) {
            ("pack.toml", _) => {}
            ("units.csv", _) => self.units = Some(document),
            ("former_units.csv", _) => self.former_units = Some(document),
            (_, Some("typ")) => {
                self.templates.insert(inner.to_owned(), text);
            }
            (_, Some("cedar")) if inner.starts_with("policies/") => {
                self.policies.insert(inner.to_owned(), text);
            }
            (_, Some("cedarschema")) if inner.starts_with("policies/") => self.policy_schema = text,
            (_, Some("md" | "txt")) => {}
            // What the rooms of the law read for themselves: docs/CONTENT.md.
            (_, Some("toml" | "json")) if inner.starts_with("law/") => {}
            _ => match toml_kind(inner) {
                Some(kind) => {
                    let file = TomlFile::parse(path, text, diagnostics);
                    self.toml.push(PackFile { kind, pack, file });
                }
                None => {
                    let message = "Không biết tệp này dùng làm gì; xem docs/CONTENT.md.";
                    diagnostics.warning_in_file(path, "unused-file", message);
                }
            },
        }
    }
}

fn toml_kind(inner: &str) -> Option<TomlKind> {
    let ways: Vec<&str> = inner.split('/').collect();
    Some(match ways.as_slice() {
        ["calendar.toml"] => TomlKind::Calendar,
        ["roles.toml"] => TomlKind::Roles,
        ["synonyms.toml"] => TomlKind::Synonyms,
        ["slips.toml"] => TomlKind::Slips,
        ["offices.toml"] => TomlKind::Offices,
        ["settings.toml"] => TomlKind::Settings,
        ["fees.toml"] => TomlKind::Fees,
        ["accounts.toml"] => TomlKind::Accounts,
        ["residents.toml"] => TomlKind::Residents,
        ["entries.toml"] => TomlKind::Entries,
        ["codes", file] if file.ends_with(".toml") => TomlKind::CodeList,
        ["registers", file] if file.ends_with(".toml") => TomlKind::Register,
        ["procedures", _, file] if file.starts_with("procedure") && file.ends_with(".toml") => {
            TomlKind::Procedure
        }
        _ => return None,
    })
}

/// The manifests, each after those it requires.
fn read_manifests(source: &Source, diagnostics: &Diagnostics) -> Vec<Manifest> {
    let mut waiting: BTreeMap<&str, (TomlFile, Manifest)> = BTreeMap::new();
    for folder in source.pack_folders() {
        let found = source.text(folder, "pack.toml");
        let Some((path, text)) = found else {
            diagnostics.error_in_file(folder, "not-utf8", "pack.toml không phải văn bản UTF-8.");
            continue;
        };
        let file = TomlFile::parse(path, text, diagnostics);
        let manifest = Reader::read(&file.document, diagnostics, &file.table, read_manifest);
        if manifest.id != folder && !manifest.id.is_empty() {
            let message = format!("“id” phải là tên thư mục: “{folder}”.");
            diagnostics.error(&file.document, "id", "wrong-id", message);
        }
        let manifest = Manifest { id: folder.to_owned(), ..manifest };
        waiting.insert(folder, (file, manifest));
    }
    if waiting.is_empty() {
        let message = "Không có gói nội dung nào: mỗi gói là một thư mục có pack.toml.";
        diagnostics.error_in_file("", "no-packs", message);
    }
    order_manifests(waiting, diagnostics)
}

fn order_manifests(
    mut waiting: BTreeMap<&str, (TomlFile, Manifest)>,
    diagnostics: &Diagnostics,
) -> Vec<Manifest> {
    let known: BTreeSet<String> = waiting.keys().map(|id| (*id).to_owned()).collect();
    for (file, manifest) in waiting.values() {
        for (index, required) in manifest.requires.iter().enumerate() {
            if !known.contains(required) {
                let message = format!("Không có gói “{required}”.");
                let at = format!("requires.{index}");
                diagnostics.error(&file.document, &at, "unknown-pack", message);
            }
        }
    }
    let mut ordered: Vec<Manifest> = Vec::new();
    loop {
        let ready = |(_, manifest): &(TomlFile, Manifest)| {
            manifest.requires.iter().all(|required| {
                !known.contains(required) || ordered.iter().any(|pack| &pack.id == required)
            })
        };
        let next = waiting.iter().find(|(_, pack)| ready(pack)).map(|(id, _)| *id);
        match next.and_then(|id| waiting.remove(id)) {
            Some((_, manifest)) => ordered.push(manifest),
            None => break,
        }
    }
    for (_, (file, manifest)) in waiting {
        let message = "Các gói đòi lẫn nhau thành vòng trong “requires”.";
        diagnostics.error(&file.document, "requires", "cyclic-packs", message);
        ordered.push(manifest);
    }
    ordered
}
