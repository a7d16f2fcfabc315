//! Everything that the packs say, checked and ready to be asked.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use kernel::calendar::WorkCalendar;
use kernel::unit::{UnitDirectory, in_sentence};

use crate::demo::DemoAccounts;
use crate::model::{
    AnnotationKind, CodeList, Label, Office, Procedure, Register, RegisterField, Role, SlipDocument,
};
use crate::search::Finder;
use crate::settings::Settings;

pub use crate::load::Manifest;

/// The content of all packs together. Only [`crate::load`] makes one, so what it holds is sound.
#[derive(Debug)]
pub struct Content {
    /// The packs, in the order in which they were laid over each other.
    pub packs: Vec<Manifest>,
    /// Every version of every procedure, by slug and first day.
    pub procedures: Vec<Arc<Procedure>>,
    /// Registers by id.
    pub registers: BTreeMap<String, Arc<Register>>,
    /// Slips of the one-stop desk by id.
    pub slips: BTreeMap<String, SlipDocument>,
    /// Roles by id.
    pub roles: BTreeMap<String, Role>,
    /// Shared code lists by id.
    pub code_lists: BTreeMap<String, CodeList>,
    /// Authorities by unit code.
    pub offices: BTreeMap<String, Office>,
    /// Working time.
    pub calendar: WorkCalendar,
    /// Administrative units.
    pub units: UnitDirectory,
    /// Words that search takes as one another, as the packs write them.
    pub synonyms: Vec<Vec<String>>,
    /// Typst sources by path inside a pack, such as `templates/receipt.typ` or
    /// `procedures/birth-registration/birth-certificate.typ`. A later pack replaces a path.
    pub templates: BTreeMap<String, String>,
    /// Cedar policies, all files joined.
    pub policies: String,
    /// Cedar schema.
    pub policy_schema: String,
    /// Settings of the province.
    pub settings: Settings,
    /// Font files.
    pub fonts: Vec<Vec<u8>>,
    /// Invented accounts; none without a demonstration pack.
    pub demo_accounts: DemoAccounts,
    /// Text of `residents.toml`, for the simulator; empty without a demonstration pack.
    pub demo_residents: String,
    /// Register entries that the demonstration begins with, as TOML; empty without a demonstration.
    pub demo_entries: String,
    pub(crate) finder: Finder,
}

impl Content {
    /// The version of a procedure under which a dossier is received on a day.
    pub fn procedure_on(&self, code_or_slug: &str, date: Date) -> Option<&Arc<Procedure>> {
        self.procedures.iter().find(|procedure| {
            (procedure.slug == code_or_slug || procedure.code == code_or_slug)
                && procedure.valid_from <= date
                && procedure.valid_to.is_none_or(|last| date <= last)
        })
    }

    /// Procedures in force or to come that answer to what a person typed, best first, at most
    /// `limit`. Case, tones, spaces and the synonyms of the packs do not matter, the last word may
    /// be unfinished, and a word that nobody knows may be mistyped by a letter. Of each procedure
    /// the latest version is given.
    pub fn search_procedures(&self, query: &str, limit: usize) -> Vec<&Arc<Procedure>> {
        let found = self.finder.search(query, limit);
        found.into_iter().filter_map(|index| self.procedures.get(index)).collect()
    }

    /// The label of a code in a shared list.
    pub fn code_label(&self, list: &str, code: &str) -> Option<&Label> {
        let items = &self.code_lists.get(list)?.items;
        items.iter().find(|item| item.code == code).map(|item| &item.label)
    }

    /// An address in one line, from codes of units and the detail: `12 đường Trần Phú, phường Mỹ
    /// Tho, tỉnh Đồng Tháp`. What is not known is left out.
    pub fn address_text(&self, province: &str, commune: &str, detail: &str) -> String {
        let unit = self.units.full_name(commune).or_else(|| self.units.full_name(province));
        let unit = unit.as_deref().map(in_sentence).unwrap_or_default();
        let parts = [detail.trim(), unit.as_str()];
        let given: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        given.join(", ")
    }

    /// The path in [`Content::templates`] of a result's or a slip's template: beside the procedure
    /// first, then shared. `slug` is empty for slips.
    pub fn template_path(&self, slug: &str, file: &str) -> Option<String> {
        template_candidates(slug, file).into_iter().find(|path| self.templates.contains_key(path))
    }
}

/// Where a template may lie, nearest first.
pub(crate) fn template_candidates(slug: &str, file: &str) -> [String; 2] {
    [format!("procedures/{slug}/{file}"), format!("templates/{file}")]
}

impl Register {
    /// The column of this id.
    pub fn field(&self, id: &str) -> Option<&RegisterField> {
        self.fields.iter().find(|field| field.id == id)
    }

    /// The kind of annotation of this id.
    pub fn annotation(&self, id: &str) -> Option<&AnnotationKind> {
        self.annotations.iter().find(|kind| kind.id == id)
    }
}
