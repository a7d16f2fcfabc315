CREATE TABLE law_review_finding (
    id INTEGER NOT NULL PRIMARY KEY,
    review INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    confidence INTEGER NOT NULL,
    decision TEXT NOT NULL,
    reason TEXT NOT NULL,
    decided_by INTEGER,
    decided_at INTEGER
) STRICT;
