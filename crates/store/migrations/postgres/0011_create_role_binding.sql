CREATE TABLE role_binding (
    account BIGINT NOT NULL,
    role TEXT NOT NULL,
    unit TEXT NOT NULL,
    from_day TEXT NOT NULL,
    to_day TEXT,
    PRIMARY KEY (account, role, unit, from_day)
);
