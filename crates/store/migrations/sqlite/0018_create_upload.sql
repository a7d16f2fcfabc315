CREATE TABLE upload (
    id INTEGER NOT NULL PRIMARY KEY,
    account INTEGER NOT NULL,
    draft INTEGER,
    dossier INTEGER,
    field TEXT NOT NULL,
    name TEXT NOT NULL,
    mime TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    blob TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
