CREATE INDEX dossier_by_owner ON dossier (unit, owner, due_at, id);
