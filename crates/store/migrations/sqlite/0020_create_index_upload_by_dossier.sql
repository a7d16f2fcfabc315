CREATE INDEX upload_by_dossier ON upload (dossier);
