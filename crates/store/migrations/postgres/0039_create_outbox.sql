CREATE TABLE outbox (
    id BIGINT NOT NULL PRIMARY KEY,
    destination TEXT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    answer TEXT
);
