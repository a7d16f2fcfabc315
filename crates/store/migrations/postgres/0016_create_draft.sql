CREATE TABLE draft (
    id BIGINT NOT NULL PRIMARY KEY,
    account BIGINT NOT NULL,
    procedure_code TEXT NOT NULL,
    definition TEXT NOT NULL,
    unit TEXT NOT NULL,
    dossier BIGINT,
    answers TEXT NOT NULL,
    sources TEXT NOT NULL,
    revision BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
