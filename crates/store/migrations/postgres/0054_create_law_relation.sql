CREATE TABLE law_relation (
    document BIGINT NOT NULL,
    provision BIGINT,
    kind TEXT NOT NULL,
    to_anchor TEXT,
    to_document TEXT,
    day TEXT,
    note TEXT
);
