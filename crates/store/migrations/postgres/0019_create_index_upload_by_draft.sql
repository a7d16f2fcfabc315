CREATE INDEX upload_by_draft ON upload (draft);
