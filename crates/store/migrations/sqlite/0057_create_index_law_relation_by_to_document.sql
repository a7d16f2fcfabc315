CREATE INDEX law_relation_by_to_document ON law_relation (to_document) WHERE to_document IS NOT NULL;
