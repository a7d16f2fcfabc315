CREATE TABLE subject (
    person TEXT NOT NULL,
    record TEXT NOT NULL,
    record_id INTEGER NOT NULL,
    PRIMARY KEY (person, record, record_id)
) STRICT, WITHOUT ROWID;
