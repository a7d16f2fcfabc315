CREATE TABLE upload (
    id BIGINT NOT NULL PRIMARY KEY,
    account BIGINT NOT NULL,
    draft BIGINT,
    dossier BIGINT,
    field TEXT NOT NULL,
    name TEXT NOT NULL,
    mime TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    blob TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
