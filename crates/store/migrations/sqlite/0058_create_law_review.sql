CREATE TABLE law_review (
    id INTEGER NOT NULL PRIMARY KEY,
    title TEXT NOT NULL,
    file_name TEXT NOT NULL,
    blob TEXT NOT NULL,
    outline TEXT NOT NULL,
    unit TEXT NOT NULL,
    created_by INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    day TEXT NOT NULL,
    state TEXT NOT NULL
) STRICT;
