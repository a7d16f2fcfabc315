CREATE TABLE entry (
    id INTEGER NOT NULL PRIMARY KEY,
    register TEXT NOT NULL,
    unit TEXT NOT NULL,
    year INTEGER NOT NULL,
    book INTEGER NOT NULL,
    number INTEGER NOT NULL,
    number_text TEXT NOT NULL,
    status TEXT NOT NULL,
    title TEXT NOT NULL,
    registered_on TEXT NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;
