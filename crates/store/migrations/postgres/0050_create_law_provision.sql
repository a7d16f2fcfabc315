CREATE TABLE law_provision (
    id BIGINT NOT NULL PRIMARY KEY,
    document BIGINT NOT NULL,
    position BIGINT NOT NULL,
    path TEXT NOT NULL,
    anchor TEXT NOT NULL,
    label TEXT NOT NULL,
    title TEXT NOT NULL,
    context TEXT NOT NULL,
    subject TEXT NOT NULL,
    valid_from TEXT,
    valid_to TEXT,
    note TEXT,
    text TEXT NOT NULL
);
