//! `settings.toml`.

use super::reader::Reader;
use crate::settings::Settings;

pub(crate) fn read_settings(reader: &mut Reader) -> Settings {
    Settings {
        province: reader.required_text("province"),
        department: reader.required_text("department"),
        dossier_prefix: reader.required_text("dossier_prefix"),
        unused_account_days: reader.integer_within("unused_account_days", 0..3_651, 45),
        unused_citizen_account_days: reader.integer_within(
            "unused_citizen_account_days",
            0..3_651,
            0,
        ),
        administrator_password_days: reader.integer_within(
            "administrator_password_days",
            0..3_651,
            60,
        ),
        draft_days: reader.integer_within("draft_days", 1..3_651, 90),
    }
}
