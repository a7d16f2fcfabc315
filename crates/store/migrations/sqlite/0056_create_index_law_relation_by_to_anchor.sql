CREATE INDEX law_relation_by_to_anchor ON law_relation (to_anchor) WHERE to_anchor IS NOT NULL;
