CREATE TABLE law_relation (
    document INTEGER NOT NULL,
    provision INTEGER,
    kind TEXT NOT NULL,
    to_anchor TEXT,
    to_document TEXT,
    day TEXT,
    note TEXT
) STRICT;
