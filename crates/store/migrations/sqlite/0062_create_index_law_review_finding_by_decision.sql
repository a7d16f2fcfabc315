CREATE INDEX law_review_finding_by_decision ON law_review_finding (decision, kind);
