CREATE TABLE dossier (
    id INTEGER NOT NULL PRIMARY KEY,
    code TEXT NOT NULL,
    unit TEXT NOT NULL,
    procedure_code TEXT NOT NULL,
    definition TEXT NOT NULL,
    step TEXT NOT NULL,
    state TEXT NOT NULL,
    owner TEXT NOT NULL,
    applicant INTEGER NOT NULL,
    title TEXT NOT NULL,
    about TEXT NOT NULL,
    assignee INTEGER,
    submitted_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    stopped INTEGER NOT NULL,
    finished_at INTEGER,
    revision INTEGER NOT NULL
) STRICT;
