CREATE TABLE dossier (
    id BIGINT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL,
    unit TEXT NOT NULL,
    procedure_code TEXT NOT NULL,
    definition TEXT NOT NULL,
    step TEXT NOT NULL,
    state TEXT NOT NULL,
    owner TEXT NOT NULL,
    applicant BIGINT NOT NULL,
    title TEXT NOT NULL,
    about TEXT NOT NULL,
    assignee BIGINT,
    submitted_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    stopped BIGINT NOT NULL,
    finished_at BIGINT,
    revision BIGINT NOT NULL
);
