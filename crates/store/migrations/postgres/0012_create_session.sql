CREATE TABLE session (
    hash BYTEA NOT NULL PRIMARY KEY,
    account BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    mfa BIGINT NOT NULL,
    label TEXT NOT NULL
);
