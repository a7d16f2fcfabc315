CREATE UNIQUE INDEX dossier_by_code ON dossier (code);
