CREATE TABLE document (
    id INTEGER NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    dossier INTEGER,
    entry INTEGER,
    entry_version INTEGER NOT NULL,
    state TEXT NOT NULL,
    blob TEXT,
    bytes INTEGER NOT NULL,
    signed INTEGER NOT NULL,
    issued_at INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;
