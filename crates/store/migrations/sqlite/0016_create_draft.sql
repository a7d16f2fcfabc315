CREATE TABLE draft (
    id INTEGER NOT NULL PRIMARY KEY,
    account INTEGER NOT NULL,
    procedure_code TEXT NOT NULL,
    definition TEXT NOT NULL,
    unit TEXT NOT NULL,
    dossier INTEGER,
    answers TEXT NOT NULL,
    sources TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
