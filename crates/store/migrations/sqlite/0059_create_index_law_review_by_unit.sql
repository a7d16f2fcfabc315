CREATE INDEX law_review_by_unit ON law_review (unit, id);
