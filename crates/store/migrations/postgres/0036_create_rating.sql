CREATE TABLE rating (
    dossier BIGINT NOT NULL PRIMARY KEY,
    score BIGINT NOT NULL,
    comment TEXT NOT NULL,
    at BIGINT NOT NULL
);
