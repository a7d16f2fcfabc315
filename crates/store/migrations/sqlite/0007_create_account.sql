CREATE TABLE account (
    id INTEGER NOT NULL PRIMARY KEY,
    login TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    person_number TEXT,
    password TEXT NOT NULL,
    totp BLOB,
    totp_step INTEGER NOT NULL,
    state TEXT NOT NULL,
    failures INTEGER NOT NULL,
    locked_until INTEGER,
    password_at INTEGER NOT NULL,
    last_login_at INTEGER,
    created_at INTEGER NOT NULL
) STRICT;
