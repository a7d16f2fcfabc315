//! What was read, with the places it was read from, pack over pack.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kernel::unit::UnitDirectory;

use super::calendar::{CalendarPart, build_calendar};
use super::files::{Files, PackFile, TomlKind};
use super::units::build_units;
use super::{
    ProvinceFees, Reader, read_accounts, read_calendar, read_code_list, read_fees, read_offices,
    read_procedure, read_register, read_roles, read_settings, read_slips, read_synonyms,
    resident_numbers,
};
use crate::content::Content;
use crate::demo::DemoAccounts;
use crate::model::{CodeList, Office, Procedure, Register, Role, SlipDocument};
use crate::problem::{Diagnostics, Document};
use crate::search::Finder;
use crate::settings::Settings;

/// Where something was read.
#[derive(Clone)]
pub(crate) struct Place<'f> {
    pub document: &'f Document<'f>,
    /// The way from the top of the file, empty for a file that holds one thing.
    pub at: String,
    pub pack: usize,
}

impl Place<'_> {
    /// The way to a key of the thing.
    pub fn inner(&self, key: &str) -> String {
        if self.at.is_empty() { key.to_owned() } else { format!("{}.{key}", self.at) }
    }
}

/// Something with its place.
pub(crate) struct Placed<'f, T> {
    pub value: T,
    pub place: Place<'f>,
}

/// Things by id; the same id in a later pack replaces, in the same pack it is an error.
pub(crate) struct Layer<'f, T> {
    pub values: BTreeMap<String, T>,
    pub places: BTreeMap<String, Place<'f>>,
}

impl<T> Default for Layer<'_, T> {
    fn default() -> Self {
        Layer { values: BTreeMap::new(), places: BTreeMap::new() }
    }
}

impl<'f, T> Layer<'f, T> {
    fn put(&mut self, id: &str, key: &str, value: T, place: Place<'f>, diagnostics: &Diagnostics) {
        if id.is_empty() {
            return;
        }
        if let Some(earlier) = self.places.get(id)
            && earlier.pack == place.pack
        {
            let message = format!("“{id}” đã có trong {}.", earlier.document.path);
            diagnostics.error(place.document, &place.inner(key), "duplicate-id", message);
        }
        self.values.insert(id.to_owned(), value);
        self.places.insert(id.to_owned(), place);
    }
}

/// Everything read, not yet checked.
#[derive(Default)]
pub(crate) struct Shelf<'f> {
    pub roles: Layer<'f, Role>,
    pub code_lists: Layer<'f, CodeList>,
    pub registers: Layer<'f, Arc<Register>>,
    pub slips: Layer<'f, SlipDocument>,
    pub offices: Layer<'f, Office>,
    pub procedures: Vec<Placed<'f, Procedure>>,
    pub accounts: Option<Placed<'f, DemoAccounts>>,
    pub settings: Option<Placed<'f, Settings>>,
    pub fees: Option<Placed<'f, ProvinceFees>>,
    pub templates: BTreeMap<String, String>,
    pub units: UnitDirectory,
    /// Text of `residents.toml`, and the personal numbers that it names.
    pub residents: Option<(&'f str, BTreeSet<String>)>,
    /// Text of `entries.toml`.
    pub entries: &'f str,
    synonyms: Vec<Vec<String>>,
    calendar: Vec<(&'f Document<'f>, CalendarPart)>,
}

impl<'f> Shelf<'f> {
    pub fn read(files: &'f Files<'f>, diagnostics: &'f Diagnostics) -> Self {
        let own = |(path, text): (&String, &&str)| (path.clone(), (*text).to_owned());
        let templates = files.templates.iter().map(own).collect();
        let mut shelf = Shelf { templates, ..Shelf::default() };
        match &files.units {
            Some(units) => {
                shelf.units = build_units(units, files.former_units.as_ref(), diagnostics);
            }
            None if files.packs.is_empty() => {}
            None => {
                let message = "Chưa gói nào có units.csv.";
                diagnostics.error_in_file("units.csv", "missing-file", message);
            }
        }
        // Registers first: a procedure may name one where an expression may stand.
        let (procedures, others): (Vec<&PackFile>, Vec<&PackFile>) =
            files.toml.iter().partition(|file| file.kind == TomlKind::Procedure);
        for file in others {
            shelf.read_file(file, diagnostics);
        }
        for file in procedures {
            shelf.read_procedure(file, diagnostics);
        }
        shelf.procedures.sort_by(|one, other| {
            let key =
                |placed: &Placed<Procedure>| (placed.value.slug.clone(), placed.value.valid_from);
            key(one).cmp(&key(other))
        });
        shelf
    }

    fn read_file(&mut self, file: &'f PackFile<'f>, diagnostics: &'f Diagnostics) {
        let (document, table) = (&file.file.document, &file.file.table);
        let place = |at: String| Place { document, at, pack: file.pack };
        let top = || place(String::new());
        match file.kind {
            TomlKind::Calendar => {
                let part = Reader::read(document, diagnostics, table, read_calendar);
                self.calendar.push((document, part));
            }
            TomlKind::Roles => {
                let roles = Reader::read(document, diagnostics, table, read_roles);
                for (index, role) in roles.into_iter().enumerate() {
                    let at = place(format!("role.{index}"));
                    self.roles.put(&role.id.clone(), "id", role, at, diagnostics);
                }
            }
            TomlKind::Slips => {
                let slips = Reader::read(document, diagnostics, table, read_slips);
                for (index, slip) in slips.into_iter().enumerate() {
                    let at = place(format!("slip.{index}"));
                    self.slips.put(&slip.id.clone(), "id", slip, at, diagnostics);
                }
            }
            TomlKind::Offices => {
                let offices = Reader::read(document, diagnostics, table, read_offices);
                for (index, office) in offices.into_iter().enumerate() {
                    let at = place(format!("office.{index}"));
                    self.offices.put(&office.unit.clone(), "unit", office, at, diagnostics);
                }
            }
            TomlKind::CodeList => {
                let list = Reader::read(document, diagnostics, table, read_code_list);
                check_stem(document, &list.id, diagnostics);
                self.code_lists.put(&list.id.clone(), "id", list, top(), diagnostics);
            }
            TomlKind::Register => {
                let register = Reader::read(document, diagnostics, table, read_register);
                check_stem(document, &register.id, diagnostics);
                let id = register.id.clone();
                self.registers.put(&id, "id", Arc::new(register), top(), diagnostics);
            }
            TomlKind::Synonyms => {
                self.synonyms.extend(Reader::read(document, diagnostics, table, read_synonyms));
            }
            TomlKind::Settings => {
                let value = Reader::read(document, diagnostics, table, read_settings);
                self.settings = Some(Placed { value, place: top() });
            }
            TomlKind::Fees => {
                let value = Reader::read(document, diagnostics, table, read_fees);
                self.fees = Some(Placed { value, place: top() });
            }
            TomlKind::Accounts => {
                let value = Reader::read(document, diagnostics, table, read_accounts);
                self.accounts = Some(Placed { value, place: top() });
            }
            TomlKind::Residents => {
                self.residents = Some((document.text, resident_numbers(table)));
            }
            TomlKind::Entries => self.entries = document.text,
            TomlKind::Procedure => {}
        }
    }

    fn read_procedure(&mut self, file: &'f PackFile<'f>, diagnostics: &'f Diagnostics) {
        let (document, table) = (&file.file.document, &file.file.table);
        let registers: Vec<&str> = self.registers.values.keys().map(String::as_str).collect();
        let value =
            Reader::read(document, diagnostics, table, |reader| read_procedure(reader, &registers));
        let place = Place { document, at: String::new(), pack: file.pack };
        self.replace_earlier(&value, file.pack);
        self.procedures.push(Placed { value, place });
    }

    /// The same version in a later pack replaces the earlier one.
    fn replace_earlier(&mut self, procedure: &Procedure, pack: usize) {
        self.procedures.retain(|earlier| {
            earlier.place.pack == pack
                || earlier.value.code != procedure.code
                || earlier.value.valid_from != procedure.valid_from
        });
    }

    pub fn into_content(self, files: &Files, diagnostics: &Diagnostics) -> Content {
        if self.calendar.is_empty() && !files.packs.is_empty() {
            let message = "Chưa gói nào có calendar.toml.";
            diagnostics.error_in_file("calendar.toml", "missing-file", message);
        }
        let calendar = build_calendar(&self.calendar, diagnostics);
        let fees = self.fees.map(|placed| placed.value).unwrap_or_default();
        let procedures =
            self.procedures.into_iter().flat_map(|placed| fees.laid_over(placed.value));
        let procedures: Vec<Arc<Procedure>> = procedures.map(Arc::new).collect();
        let finder = Finder::new(procedures.iter().map(AsRef::as_ref), &self.synonyms);
        let policies: Vec<&str> = files.policies.values().copied().collect();
        Content {
            packs: files.packs.clone(),
            procedures,
            registers: self.registers.values,
            slips: self.slips.values,
            roles: self.roles.values,
            code_lists: self.code_lists.values,
            offices: self.offices.values,
            calendar,
            units: self.units,
            synonyms: self.synonyms,
            templates: self.templates,
            policies: policies.join("\n"),
            policy_schema: files.policy_schema.to_owned(),
            settings: self.settings.map(|placed| placed.value).unwrap_or_default(),
            fonts: files.fonts.values().map(|bytes| bytes.to_vec()).collect(),
            demo_accounts: self.accounts.map(|placed| placed.value).unwrap_or_default(),
            demo_residents: self.residents.map(|(text, _)| text.to_owned()).unwrap_or_default(),
            demo_entries: self.entries.to_owned(),
            finder,
        }
    }
}

fn check_stem(document: &Document, id: &str, diagnostics: &Diagnostics) {
    let name = document.path.rsplit('/').next().unwrap_or_default();
    let stem = name.strip_suffix(".toml").unwrap_or(name);
    if !id.is_empty() && id != stem {
        let message = format!("“id” phải là tên tệp: “{stem}”.");
        diagnostics.error(document, "id", "wrong-id", message);
    }
}
