CREATE TABLE api_token (
    hash BYTEA NOT NULL PRIMARY KEY,
    account BIGINT NOT NULL,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
