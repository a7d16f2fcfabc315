CREATE TABLE message (
    id BIGINT NOT NULL PRIMARY KEY,
    account BIGINT NOT NULL,
    dossier BIGINT NOT NULL,
    at BIGINT NOT NULL,
    text TEXT NOT NULL,
    read_at BIGINT
);
