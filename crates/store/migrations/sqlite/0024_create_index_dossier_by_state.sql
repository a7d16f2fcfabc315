CREATE INDEX dossier_by_state ON dossier (unit, state, due_at, id);
