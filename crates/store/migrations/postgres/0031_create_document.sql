CREATE TABLE document (
    id BIGINT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    dossier BIGINT,
    entry BIGINT,
    entry_version BIGINT NOT NULL,
    state TEXT NOT NULL,
    blob TEXT,
    bytes BIGINT NOT NULL,
    signed BIGINT NOT NULL,
    issued_at BIGINT NOT NULL,
    body TEXT NOT NULL
);
