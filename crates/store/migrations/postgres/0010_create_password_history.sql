CREATE TABLE password_history (
    account BIGINT NOT NULL,
    at BIGINT NOT NULL,
    password TEXT NOT NULL,
    PRIMARY KEY (account, at)
);
