CREATE UNIQUE INDEX law_document_by_key ON law_document (key, issuer, source);
