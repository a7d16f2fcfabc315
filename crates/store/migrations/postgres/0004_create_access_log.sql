CREATE TABLE access_log (
    seq BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    actor BIGINT NOT NULL,
    record TEXT NOT NULL,
    record_id BIGINT NOT NULL,
    purpose TEXT NOT NULL,
    hash BYTEA NOT NULL
);
