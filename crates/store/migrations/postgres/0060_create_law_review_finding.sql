CREATE TABLE law_review_finding (
    id BIGINT NOT NULL PRIMARY KEY,
    review BIGINT NOT NULL,
    ordinal BIGINT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    confidence BIGINT NOT NULL,
    decision TEXT NOT NULL,
    reason TEXT NOT NULL,
    decided_by BIGINT,
    decided_at BIGINT
);
