CREATE TABLE password_history (
    account INTEGER NOT NULL,
    at INTEGER NOT NULL,
    password TEXT NOT NULL,
    PRIMARY KEY (account, at)
) STRICT, WITHOUT ROWID;
