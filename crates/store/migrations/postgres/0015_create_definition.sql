CREATE TABLE definition (
    hash TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    body TEXT NOT NULL,
    added_at BIGINT NOT NULL
);
