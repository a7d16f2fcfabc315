CREATE INDEX law_review_finding_by_review ON law_review_finding (review, ordinal);
