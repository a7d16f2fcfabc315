CREATE TABLE event (
    seq INTEGER NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    stream TEXT NOT NULL,
    stream_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    actor INTEGER,
    body TEXT NOT NULL,
    hash BLOB NOT NULL
) STRICT;
