CREATE INDEX law_relation_by_document ON law_relation (document, provision);
