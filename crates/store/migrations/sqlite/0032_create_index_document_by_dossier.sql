CREATE INDEX document_by_dossier ON document (dossier);
