CREATE TABLE access_log (
    seq INTEGER NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    actor INTEGER NOT NULL,
    record TEXT NOT NULL,
    record_id INTEGER NOT NULL,
    purpose TEXT NOT NULL,
    hash BLOB NOT NULL
) STRICT;
