CREATE TABLE outbox (
    id INTEGER NOT NULL PRIMARY KEY,
    destination TEXT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    answer TEXT
) STRICT;
