//! The migrations, one statement each, embedded in order. A test proves that both folders match.

/// One migration: its name and its statement for each engine.
pub(crate) struct Migration {
    pub(crate) name: &'static str,
    pub(crate) sqlite: &'static str,
    pub(crate) postgres: &'static str,
}

macro_rules! migrations {
    ($($name:literal),* $(,)?) => {
        &[$(Migration {
            name: $name,
            sqlite: include_str!(concat!("../migrations/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!("../migrations/postgres/", $name, ".sql")),
        }),*]
    };
}

/// All migrations in the order in which they are applied.
pub(crate) const MIGRATIONS: &[Migration] = migrations![
    "0001_create_chain",
    "0002_create_event",
    "0003_create_index_event_by_stream",
    "0004_create_access_log",
    "0005_create_index_access_log_by_record",
    "0006_create_subject",
    "0007_create_account",
    "0008_create_index_account_by_login",
    "0009_create_index_account_by_person",
    "0010_create_password_history",
    "0011_create_role_binding",
    "0012_create_session",
    "0013_create_index_session_by_account",
    "0014_create_api_token",
    "0015_create_definition",
    "0016_create_draft",
    "0017_create_index_draft_by_account",
    "0018_create_upload",
    "0019_create_index_upload_by_draft",
    "0020_create_index_upload_by_dossier",
    "0021_create_dossier",
    "0022_create_index_dossier_by_code",
    "0023_create_index_dossier_by_owner",
    "0024_create_index_dossier_by_state",
    "0025_create_index_dossier_by_applicant",
    "0026_create_dossier_body",
    "0027_create_counter",
    "0028_create_entry",
    "0029_create_index_entry_by_number",
    "0030_create_entry_key",
    "0031_create_document",
    "0032_create_index_document_by_dossier",
    "0033_create_index_document_by_entry",
    "0034_create_message",
    "0035_create_index_message_by_account",
    "0036_create_rating",
    "0037_create_job",
    "0038_create_index_job_by_state",
    "0039_create_outbox",
    "0040_create_index_outbox_by_key",
    "0041_create_idempotency",
    "0042_create_setting",
    "0043_start_chain_event",
    "0044_start_chain_access_log",
    "0045_create_index_api_token_by_account",
    "0046_add_used_at_to_api_token",
    "0047_add_password_due_to_account",
    "0048_create_law_document",
    "0049_create_index_law_document_by_key",
    "0050_create_law_provision",
    "0051_create_index_law_provision_by_anchor",
    "0052_create_index_law_provision_by_position",
    "0053_create_index_law_provision_by_path",
    "0054_create_law_relation",
    "0055_create_index_law_relation_by_document",
    "0056_create_index_law_relation_by_to_anchor",
    "0057_create_index_law_relation_by_to_document",
    "0058_create_law_review",
    "0059_create_index_law_review_by_unit",
    "0060_create_law_review_finding",
    "0061_create_index_law_review_finding_by_review",
    "0062_create_index_law_review_finding_by_decision",
];
