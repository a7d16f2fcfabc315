CREATE TABLE dossier_body (
    id BIGINT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL
);
