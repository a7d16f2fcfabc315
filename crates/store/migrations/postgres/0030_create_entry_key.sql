CREATE TABLE entry_key (
    register TEXT NOT NULL,
    field TEXT NOT NULL,
    key TEXT NOT NULL,
    entry BIGINT NOT NULL,
    PRIMARY KEY (register, field, key, entry)
);
