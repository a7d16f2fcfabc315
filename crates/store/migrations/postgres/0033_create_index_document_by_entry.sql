CREATE INDEX document_by_entry ON document (entry);
