CREATE TABLE law_review (
    id BIGINT NOT NULL PRIMARY KEY,
    title TEXT NOT NULL,
    file_name TEXT NOT NULL,
    blob TEXT NOT NULL,
    outline TEXT NOT NULL,
    unit TEXT NOT NULL,
    created_by BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    day TEXT NOT NULL,
    state TEXT NOT NULL
);
