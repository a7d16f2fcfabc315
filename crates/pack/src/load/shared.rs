//! The smaller files: manifest, roles, code lists, slips, offices, synonyms.

use super::form::read_option;
use super::reader::Reader;
use crate::model::{CodeList, Office, Role, SlipDocument};

/// `pack.toml`: who a pack is and which packs it stands on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// Name, equal to the folder's.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Version, such as `2026.11.1`.
    pub version: String,
    /// Packs that must be read before this one.
    pub requires: Vec<String>,
}

pub(crate) fn read_manifest(reader: &mut Reader) -> Manifest {
    Manifest {
        id: reader.required_text("id"),
        name: reader.required_text("name"),
        version: reader.required_text("version"),
        requires: reader.texts("requires"),
    }
}

pub(crate) fn read_roles(reader: &mut Reader) -> Vec<Role> {
    reader.required_tables("role", |inner| Role {
        id: inner.required_text("id"),
        name: inner.required_label("name"),
        signature_title: inner.text("signature_title"),
    })
}

pub(crate) fn read_code_list(reader: &mut Reader) -> CodeList {
    CodeList {
        id: reader.required_text("id"),
        source: reader.required_text("source"),
        items: reader.required_tables("item", read_option),
    }
}

pub(crate) fn read_slips(reader: &mut Reader) -> Vec<SlipDocument> {
    reader.required_tables("slip", |inner| SlipDocument {
        id: inner.required_text("id"),
        name: inner.required_label("name"),
        form_number: inner.text("form_number"),
        template: inner.required_text("template"),
        basis: inner.required_text("basis"),
    })
}

pub(crate) fn read_offices(reader: &mut Reader) -> Vec<Office> {
    reader.required_tables("office", |inner| Office {
        unit: inner.required_text("unit"),
        identifier: inner.required_text("identifier"),
        name: inner.required_text("name"),
        address: inner.text("address"),
        phone: inner.text("phone"),
    })
}

pub(crate) fn read_synonyms(reader: &mut Reader) -> Vec<Vec<String>> {
    reader.text_groups("groups")
}
