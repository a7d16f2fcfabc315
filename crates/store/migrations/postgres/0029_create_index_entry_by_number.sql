CREATE UNIQUE INDEX entry_by_number ON entry (register, unit, year, book, number);
