CREATE INDEX dossier_by_applicant ON dossier (applicant, id);
