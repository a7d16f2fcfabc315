CREATE TABLE event (
    seq BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    stream TEXT NOT NULL,
    stream_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    actor BIGINT,
    body TEXT NOT NULL,
    hash BYTEA NOT NULL
);
