CREATE TABLE account (
    id BIGINT NOT NULL PRIMARY KEY,
    login TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    person_number TEXT,
    password TEXT NOT NULL,
    totp BYTEA,
    totp_step BIGINT NOT NULL,
    state TEXT NOT NULL,
    failures BIGINT NOT NULL,
    locked_until BIGINT,
    password_at BIGINT NOT NULL,
    last_login_at BIGINT,
    created_at BIGINT NOT NULL
);
