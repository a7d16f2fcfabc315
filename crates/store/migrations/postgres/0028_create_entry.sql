CREATE TABLE entry (
    id BIGINT NOT NULL PRIMARY KEY,
    register TEXT NOT NULL,
    unit TEXT NOT NULL,
    year BIGINT NOT NULL,
    book BIGINT NOT NULL,
    number BIGINT NOT NULL,
    number_text TEXT NOT NULL,
    status TEXT NOT NULL,
    title TEXT NOT NULL,
    registered_on TEXT NOT NULL,
    version BIGINT NOT NULL,
    body TEXT NOT NULL
);
