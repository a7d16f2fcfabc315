//! `settings.toml`.

use super::reader::Reader;
use crate::settings::Settings;

pub(crate) fn read_settings(reader: &mut Reader) -> Settings {
    Settings {
        province: reader.required_text("province"),
        department: reader.required_text("department"),
        dossier_prefix: reader.required_text("dossier_prefix"),
    }
}
