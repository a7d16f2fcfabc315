//! Our own export: one document a line, as `crate::law::export` writes it.

use std::path::Path;

use serde::{Deserialize, Serialize};
use store::law::{DocumentRow, ProvisionRow, RelationRow};

use super::draft::{Desk, Draft, FILE, LONGEST_ANCHOR};
use super::source::{Meter, next_line, open, unreadable};

/// A line of the export.
#[derive(Serialize, Deserialize)]
pub(in crate::law) struct Exported {
    pub(in crate::law) document: DocumentRow,
    pub(in crate::law) provisions: Vec<ExportedProvision>,
    #[serde(default)]
    pub(in crate::law) relations: Vec<RelationRow>,
    #[serde(default)]
    pub(in crate::law) body: Option<law::model::LegalDocument>,
}

/// A provision with its relations.
#[derive(Serialize, Deserialize)]
pub(in crate::law) struct ExportedProvision {
    #[serde(flatten)]
    pub(in crate::law) provision: ProvisionRow,
    #[serde(default)]
    pub(in crate::law) relations: Vec<RelationRow>,
}

/// Reads one file. `None` when nobody listens any more.
pub(super) fn read(path: &Path, meter: &Meter, desk: &mut Desk<'_>) -> Option<()> {
    let mut file = match open(path, meter) {
        Ok(file) => file,
        Err(error) => {
            desk.complain(path, 0, "unreadable", unreadable(&error));
            return Some(());
        }
    };
    let mut bytes = Vec::new();
    for line in 1.. {
        match next_line(&mut *file, &mut bytes) {
            Ok(None) => break,
            Ok(Some(_)) if bytes.trim_ascii().is_empty() => {}
            Ok(Some(_)) => match draft(&bytes, desk) {
                Ok(draft) => desk.take(draft)?,
                Err(message) => desk.complain(path, line, "bad-line", message),
            },
            Err(error) => {
                desk.complain(path, line, "unreadable", unreadable(&error));
                break;
            }
        }
    }
    desk.hand_over()
}

fn draft(bytes: &[u8], desk: &mut Desk<'_>) -> Result<Draft, String> {
    let read: Exported = serde_json::from_slice(bytes)
        .map_err(|error| format!("Dòng không đúng định dạng của bản xuất ({error})."))?;
    let mut row = read.document;
    if row.key.is_empty() {
        row.key = row.number.as_deref().map(law::symbol::key).unwrap_or_default();
    }
    if row.key.is_empty() {
        return Err("Văn bản không có số, ký hiệu và không có khóa (key).".to_owned());
    }
    if row.source.is_empty() {
        FILE.clone_into(&mut row.source);
    }
    let body = read.body.map(|body| serde_json::to_string(&body)).transpose();
    let mut draft = Draft {
        row,
        body: body.map_err(|error| error.to_string())?,
        provisions: Vec::with_capacity(read.provisions.len()),
        relations: read.relations,
    };
    for ExportedProvision { provision, relations } in read.provisions {
        let anchor = &provision.anchor;
        if anchor.is_empty() || anchor.len() > LONGEST_ANCHOR || !desk.is_first(anchor) {
            return Err(format!("Mã {anchor} bị trống, quá dài hoặc đã có ở trên."));
        }
        draft.provisions.push((provision, relations));
    }
    Ok(draft)
}
