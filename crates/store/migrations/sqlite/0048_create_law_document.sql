CREATE TABLE law_document (
    id INTEGER NOT NULL PRIMARY KEY,
    key TEXT NOT NULL,
    number TEXT,
    kind TEXT,
    title TEXT,
    issuer TEXT NOT NULL,
    issued_on TEXT,
    effective_on TEXT,
    expires_on TEXT,
    field TEXT,
    source TEXT NOT NULL,
    hash TEXT NOT NULL,
    provisions INTEGER NOT NULL,
    imported_at INTEGER NOT NULL,
    body TEXT
) STRICT;
